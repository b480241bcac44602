"""``kurssi policy``: the card, the findings and the files it writes."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from kurssi.cli import run
from test_policy_analysis import WRONG, file_of

ROOT = Path(__file__).parent.parent
SHIPPED = str(ROOT / "implementations" / "KH00BT03-2024.yaml")


def written(folder: Path, name: str) -> str:
    path = folder / "x.yaml"
    path.write_text(file_of(WRONG[name][0]), "utf-8")
    return str(path)


def test_the_card_says_what_the_shipped_policy_does(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["policy", "--lang", "en", SHIPPED]) == 0
    out, err = capsys.readouterr()
    assert "5: a total of at least 4.5 (" in out
    assert "Tentti: not handed in, below 1" in out
    assert "Yksilötyöt: not handed in, more than 7 d late, below 1" in out
    assert "active: lifts at most 1 grade" in out
    assert "all parts late: at most 3 grades in all" in out
    assert "64 of 729 students who pass every gate; half-even would give" in " ".join(out.split())
    assert err.strip() == "0 findings"
    assert len(out.splitlines()) <= 45
    assert max(map(len, out.splitlines())) <= 100


TWO_GRADES_FAIL = """
kurssi: 1
course: {code: KX00AA01, name: Course, credits: 5}
implementation: {id: KX00AA01-1}
assessment:
  evaluation_scale: {values: [U, Fx, G, VG], passes_from: G}
  basis: percent
  boundaries: [40, 60, 80]
  parts: [{id: exam, weight: 50, graded: points, max: 100}, {id: essay, weight: 50, graded: points, max: 100}]
  activity: {levels: {active: 5, passive: -5}}
"""


def test_what_fails_is_below_the_boundary_of_the_pass_grade(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, sheet = tmp_path / "x.yaml", tmp_path / "scores.csv"
    file.write_text(TWO_GRADES_FAIL, "utf-8")
    sheet.write_text("student,exam,essay,activity\n1,55,55,\n2,62,62,passive\n", "utf-8")
    assert run(["policy", "--lang", "en", str(file)]) == 0
    out = capsys.readouterr().out
    assert "a total below 60 %" in out
    assert "a total below 40 %" not in out
    assert run(["plan", "--lang", "en", str(file)]) == 0
    assert "takes it below 60 %" in " ".join(capsys.readouterr().out.split())
    assert run(["grade", "--lang", "en", str(file), str(sheet)]) == 0
    assert "total below 60" in capsys.readouterr().out
    assert run(["explain", "--lang", "en", str(file), "2", str(sheet)]) == 0
    assert "60" in capsys.readouterr().out


def test_a_finding_has_its_place_its_students_and_the_way_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path, "one part decides alone")
    assert run(["policy", "--lang", "en", path]) == 0
    out = capsys.readouterr().out
    assert "info[decides-alone]: exam alone decides who passes: no other part can fail or save anybody" in out
    assert "  x.yaml:4" in out
    assert "  * exam 0.5; essay 5 → grade 0" in out
    assert "  * exam 1; essay 0 → grade 1" in out
    assert "  = write required: true at what must be passed as well" in out


@pytest.mark.parametrize("lang", ["fi", "sv"])
@pytest.mark.parametrize("name", WRONG)
def test_every_finding_is_said_in_every_language(
    name: str, lang: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["policy", "--lang", lang, written(tmp_path, name)]) == 0
    out = capsys.readouterr().out
    assert f"[{WRONG[name][1]}]" in out
    assert not re.search(r"\{[a-z]+\}", out)
    if lang == "fi":
        assert "→ arvosana" in out


def test_strict_makes_a_warning_fail(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["policy", "--strict", written(tmp_path, "nobody can fail")]) == 1
    assert run(["policy", "--strict", written(tmp_path, "one part decides alone")]) == 0  # for information
    assert run(["policy", "--strict", SHIPPED]) == 0
    capsys.readouterr()


def test_marks_of_peers_are_shown_with_and_without(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["policy", "--lang", "en", written(tmp_path, "silence that pays")]) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "in project a member can gain 1 grade by giving no marks" in out
    assert "with equal marks (1 → 2: 3, 3: 3, 4: 3): project 1; exam 2 → grade 1" in out
    assert "without (1 → –): project 1; exam 2 → grade 2" in out


def test_json_holds_the_witness_as_cells(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["policy", "--format", "json", written(tmp_path, "a retake that costs")]) == 0
    document = json.loads(capsys.readouterr().out)
    (finding,) = document["findings"]
    assert (finding["rule"], finding["severity"], finding["found"], finding["line"]) == (
        "not-monotone", "warning", "exam", 4,
    )  # fmt: skip
    assert finding["witness"]["students"] == [
        {"student": "1", "exam": "5", "essay": "4"},
        {"student": "2", "exam": "5", "exam 2": "0", "essay": "4"},
    ]
    assert finding["witness"]["grades"] == [5, 0]
    assert {one["part"]: one["at_best"] for one in document["influence"]} == {"exam": 3, "essay": 2}
    assert document["undecided"] == []


def test_pages_are_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path, "a gate that leaves the weight nothing")
    wanted = [str(tmp_path / f"card{suffix}") for suffix in (".md", ".html", ".json", ".txt")]
    assert run(["policy", "--lang", "en", path, *(x for name in wanted for x in ("-o", name))]) == 0
    markdown, page, machine, text = (Path(name).read_text("utf-8") for name in wanted)
    assert markdown.startswith("# KX00AA01-1")
    assert "| part | weight | always | at best | by its gate |" in markdown
    assert "<li>exam 3; essay 5 → grade 3</li>" in page
    assert "http:" not in page
    assert "https:" not in page
    assert json.loads(machine)["command"] == "policy"
    assert "warning[pointless-weight]" in text
    capsys.readouterr()
    assert run(["policy", path, "-o", str(tmp_path / "card.xlsx")]) == 2
    assert ".html" in capsys.readouterr().err


def test_names_in_the_file_are_text_in_the_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(file_of("{evaluation_scale: 0-5, parts: [{id: exam, name: '<b>|x', weight: 100}]}"), "utf-8")
    assert run(["policy", str(path), "-o", str(tmp_path / "p.html"), "-o", str(tmp_path / "p.md")]) == 0
    assert "&lt;b&gt;|x" in (tmp_path / "p.html").read_text("utf-8")
    assert "\\<b\\>\\|x" in (tmp_path / "p.md").read_text("utf-8")
    capsys.readouterr()


def test_a_file_with_errors_is_not_analysed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(file_of("{evaluation_scale: 0-5, parts: [{id: exam, weight: 90}]}"), "utf-8")
    assert run(["policy", "--lang", "en", str(path)]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert "error[weights-sum]" in err
    assert "nothing is analysed" in err
    assert run(["policy", str(tmp_path / "absent.yaml")]) == 2
    capsys.readouterr()
