"""The gradebook as one page (``grade -o luokka.html``), and many on one (``grade FOLDER -o yhteenveto.html``)."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest

from kurssi.cli import run

ROOT = Path(__file__).parent.parent
PLAN = str(ROOT / "implementations" / "KH00BT03-2024.yaml")
CHROMIUM = next((p for name in ("chromium", "chromium-browser", "google-chrome") if (p := shutil.which(name))), None)

POLICY = """kurssi: 1
course: {{code: KH1, name: "{name}", credits: 5}}
implementation: {{id: {id}, language: en}}
scores: {id}.csv
assessment:
  evaluation_scale: {scale}
  parts:
    - {{id: essay, name: Essee, weight: 50}}
    - {{id: exam, name: Tentti, weight: 50}}
"""


class Page(HTMLParser):
    """The tables of a page: each row's cells, with what they are sorted by; and every address in it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.rows: list[list[list[str]]] = []
        self.addresses: list[str] = []
        self.scripts = 0
        self.open = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.addresses += [str(given[key]) for key in ("src", "href", "action", "data", "poster") if key in given]
        self.scripts += tag == "script"
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th") and self.rows:
            self.rows[-1].append(["", given.get("data-key") or ""])
            self.open = True

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self.open = False

    def handle_data(self, data: str) -> None:
        if self.open:
            self.rows[-1][-1][0] += data

    def texts(self) -> list[list[str]]:
        """The rows as text."""
        return [[" ".join(text.split()) for text, _ in row] for row in self.rows]


@pytest.fixture
def page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """The page of the shipped example, in Finnish."""
    target = tmp_path / "luokka.html"
    assert run(["--lang", "fi", "grade", PLAN, "-o", str(target)]) == 0
    capsys.readouterr()
    return target


def test_every_grade_with_its_steps(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--lang", "fi", "grade", PLAN, "--format", "json"]) == 0
    report = json.loads(capsys.readouterr().out)
    rows = Page(page.read_text("utf-8")).texts()
    by_number = {row[0]: (row, rows[at + 1]) for at, row in enumerate(rows) if row and row[0].startswith("00000")}
    assert list(by_number) == [one["student"] for one in report["students"]]
    for one in report["students"]:
        row, steps = by_number[one["student"]]
        assert row[1] == one["name"]
        assert row[3] == (one["label"] if one["label"] is not None else "–")
        assert len(steps) == 1
    for student in ("0000001", "0000008", "0000030"):  # the steps are those of kurssi explain, each with its rule
        assert run(["--lang", "fi", "explain", PLAN, student]) == 0
        explained = "".join(re.findall(r"\[(KH00BT03-2024\.yaml:\d+)\]", capsys.readouterr().out))
        assert "".join(re.findall(r"KH00BT03-2024\.yaml:\d+", by_number[student][1][0])) == explained
    text = page.read_text("utf-8")
    assert all(one["sha256"] in text for one in report["inputs"])
    assert "Osat lukuina" in text


def test_nothing_comes_from_elsewhere(page: Path) -> None:
    text = page.read_text("utf-8")
    found = Page(text)
    assert found.addresses == []
    assert found.scripts == 1
    assert "default-src 'none'" in text
    assert not re.search(r"url\(|@import|https?:", text)


def test_what_is_sorted_by_a_number_has_one(page: Path) -> None:
    rows = [row for row in Page(page.read_text("utf-8")).rows if row and row[0][0].strip().startswith("00000")]
    keys = {row[0][0].strip(): [key for _, key in row] for row in rows}
    assert keys["0000001"][4] == "3.333"
    assert keys["0000030"][3] == ""  # who has no grade comes last
    names = [int(keys[number][1]) for number in sorted(keys)]
    assert names == sorted(names)  # the example is in the order of Finnish names, Ä and Å at the end


def test_text_of_sheets_is_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "x.yaml").write_text(POLICY.format(id="X-1", scale="0-5", name="<b>Kurssi</b>"), "utf-8")
    (tmp_path / "X-1.csv").write_text("student;name;Essee;Tentti\n1;</script><script>alert(1)</script>;4;3\n", "utf-8")
    assert run(["grade", str(tmp_path / "x.yaml"), "-o", str(tmp_path / "x.html")]) == 0
    text = (tmp_path / "x.html").read_text("utf-8")
    assert Page(text).scripts == 1
    assert "<b>Kurssi" not in text
    assert "alert(1)" in text
    capsys.readouterr()


def test_the_same_class_gives_the_same_page(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = page.read_bytes()
    assert run(["--lang", "fi", "grade", PLAN, "-o", str(page)]) == 0
    assert page.read_bytes() == before
    assert run(["--lang", "sv", "grade", PLAN, "-o", str(page)]) == 0
    assert '<html lang="sv">' in page.read_text("utf-8")
    capsys.readouterr()


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium")
def test_a_browser_sorts_it(page: Path) -> None:
    assert CHROMIUM is not None
    clicks = (
        "<script>const heads = document.querySelectorAll('thead button');"
        "const rows = () => [...document.querySelectorAll('tbody.one')].map(body => body.rows[0]);"
        "const column = at => rows().map(row => row.cells[at].textContent.trim());"
        "const seen = [];"
        "for (const at of [4, 4, 1, 1]) { heads[at].click(); seen.push(column(at).join('|')); }"
        "document.title = seen.join('#');</script></body>"
    )
    other = page.with_name("sorted.html")
    other.write_text(page.read_text("utf-8").replace("</body>", clicks), "utf-8")
    command = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom", other.as_uri()]
    out = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout
    title = re.search(r"<title>(.*?)</title>", out)
    assert title is not None
    rising, falling, names, back = (one.split("|") for one in title[1].split("#"))
    numbers = [float(text.lstrip("≈").replace(",", ".")) for text in rising if text]
    assert numbers == sorted(numbers)
    assert rising[-3:] == falling[-3:] == ["", "", ""]  # who has no value stands last, both ways
    assert names[-1] == back[0] == "Ääkkönen, Åke"


# ---- many implementations ------------------------------------------------------------------------------------


def test_a_folder_on_one_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    grades = {"A-1": [(5, 5), (4, 4), (3, 3), (0, 0), (2, 3)], "B-1": [(5, 5), (0, 0)]}
    for name, found in grades.items():
        (tmp_path / f"{name}.yaml").write_text(POLICY.format(id=name, scale="0-5", name=f"Course {name}"), "utf-8")
        lines = "".join(f"{n};{essay};{exam}\n" for n, (essay, exam) in enumerate(found, 1))
        (tmp_path / f"{name}.csv").write_text("student;Essee;Tentti\n" + lines, "utf-8")
    (tmp_path / "C-1.yaml").write_text(
        POLICY.format(id="C-1", scale="0-5", name="C").replace("scores: C-1.csv\n", ""), "utf-8"
    )
    target, each = tmp_path / "all.html", tmp_path / "{id}.html"
    assert run(["--lang", "en", "grade", str(tmp_path), "-o", str(target), "-o", str(each)]) == 0
    text = target.read_text("utf-8")
    rows = {row[0]: row for row in Page(text).texts() if row}
    assert rows["A-1"][:8] == ["A-1", "Course A-1", "5", "5", "80 %", "3", "3", "1.87"]
    assert rows["B-1"] == ["B-1", "Course B-1", "2", "2", "–", "–", "–", "–", "–"]
    assert "no scores" in text
    assert "0: 1, 1: 0, 2: 0, 3: 2, 4: 1, 5: 1" in text.replace("\xa0", " ")
    assert Page(text).addresses == []
    assert "<h1>Course A-1</h1>" in (tmp_path / "A-1.html").read_text("utf-8")
    capsys.readouterr()
    assert run(["--lang", "en", "grade", str(tmp_path), "-o", str(tmp_path / "all.csv")]) == 2
    assert "put {id} into it" in capsys.readouterr().err
