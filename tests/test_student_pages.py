"""One page per student: what it says, to whom it belongs, and that it lands where it should and nowhere else."""

from __future__ import annotations

import re
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kurssi.cli import run
from kurssi.diagnostics.words import LANGUAGES
from kurssi.planning.rectification import last_day
from kurssi.reports.student_page import file_names

ROOT = Path(__file__).parent.parent
PLAN = str(ROOT / "implementations" / "KH00BT03-2024.yaml")

FILE = """\
kurssi: 1
course: {code: XX1, name: "Course <b>& more</b>", credits: 5}
implementation: {id: XX1-1, language: en, teachers: [T. Teacher]}
assessment:
  evaluation_scale: 0-5
  parts:
    - {id: essay, name: Essay, weight: 60, due: 2024-03-04 23:59}
    - id: tests
      name: Tests
      weight: 40
      best: 1
      parts: [{id: one, name: One}, {id: two, name: Two}]
    - {id: extra, name: Extra, bonus: true, weight: 10}
  late: {deduct: 0.5}
  criteria: {fail: Too little., satisfactory: [It holds., It is there.], good: It is good., excellent: It shines.}
"""
SHEET = """\
student;surname;first name;essay;essay submitted;one;two;extra
001;Able;Ann;5;5.3.2024 10.00;3;5;
002;<script>alert(1)</script>;Bo;0;;4;4;5
003;Cool;Cy;?;;4;4;
004;Dodd;Di;EX;;EX;EX;
005;Early;Ed;2;;2;2;
../x;Path;Pat;4;;4;4;
"""


@pytest.fixture
def small(tmp_path: Path) -> list[str]:
    (tmp_path / "x.yaml").write_text(FILE, "utf-8")
    (tmp_path / "s.csv").write_text(SHEET, "utf-8")
    return [str(tmp_path / "x.yaml"), str(tmp_path / "s.csv")]


def pages(tmp_path: Path, *arguments: str, code: int = 0) -> dict[str, str]:
    folder = tmp_path / "pages"
    assert run(["grade", *arguments, "--feedback", str(folder)]) == code
    return {path.name: path.read_text("utf-8") for path in sorted(folder.iterdir())} if folder.exists() else {}


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.tags: list[str] = []
        self.quiet = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)
        self.quiet += tag == "style"

    def handle_endtag(self, tag: str) -> None:
        self.quiet -= tag == "style"

    def handle_data(self, data: str) -> None:
        if not self.quiet:
            self.text.append(data)


def text_of(page: str) -> str:
    parser = _Text()
    parser.feed(page)
    return " ".join(" ".join(parser.text).split())


# ---- what it says --------------------------------------------------------------------------------------------


def test_a_page_says_the_grade_how_it_came_about_and_how_to_object(tmp_path: Path, small: list[str]) -> None:
    found = pages(tmp_path, *small, "--date", "2024-04-02")
    said = text_of(found["001.html"])
    for piece in (
        "001 Ann Able",
        "Grade 5 (excellent)",
        "It shines.",
        "Essay 60 % 4.5",
        "Tests 40 % 5",
        "One 3 (does not count: others are better)",
        "1 started day late: 5 − 0.5 = 4.5",
        "final grade 5",
        "T. Teacher",
        "within 14 days",
        "Counted from 2 Apr 2024, when this page was given, the last day is 16 Apr 2024.",
        "examination board",
    ):
        assert piece in said, (piece, said)
    assert "Able" not in "".join(page for name, page in found.items() if name != "001.html")
    assert "It is good." not in said


def test_failed_incomplete_and_nothing_to_weigh(tmp_path: Path, small: list[str]) -> None:
    found = pages(tmp_path, *small)
    failed, open_, nothing, two = (text_of(found[f"00{n}.html"]) for n in (2, 3, 4, 5))
    assert "Grade 0 (fail) The reason: Essay below 1." in failed
    assert "Too little." in failed
    assert "Extra bonus 10 5" in failed
    assert "Grade not yet Something is still open. Grades that can still be reached:" in open_
    assert "This is not the final result." in open_
    assert "14 days" not in open_
    assert "there is nothing to weigh" in nothing
    assert "satisfactory (2) It holds. It is there." in two
    assert "if you got the page later" in two


def test_a_grade_set_by_hand(tmp_path: Path, small: list[str]) -> None:
    (tmp_path / "overrides.csv").write_text("student,grade,reason,by,date\n005,3,Oral exam,TT,2024-04-01\n", "utf-8")
    said = text_of(pages(tmp_path, *small)["005.html"])
    assert "Grade 3 (good) Set by hand: Oral exam. Computed: 2." in said
    assert "It is good." in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language(tmp_path: Path, language: str) -> None:
    found = pages(tmp_path, PLAN, "--date", "2024-04-02", "--lang", language)
    assert len(found) == 30
    page = found["0000012.html"]
    assert f'<html lang="{language}">' in page
    said = text_of(page)
    assert {"en": "16 Apr 2024", "fi": "16.4.2024", "sv": "16.4.2024"}[language] in said
    assert {"en": "examination board", "fi": "tutkintolautakun", "sv": "examensnämnd"}[language] in said
    assert ("If you think" in said) is (language == "en")
    assert ("KH00BT03-2024.yaml:" in said) is False  # lines of the file mean nothing to a student


def test_labels_of_other_scales_find_their_criteria(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text(
        "kurssi: 1\ncourse: {code: X, name: C, credits: 5}\nimplementation: {id: X-1}\nassessment:\n"
        "  evaluation_scale: {values: [U, G, VG], passes_from: G}\n  parts: [{id: exam, weight: 100}]\n"
        "  criteria: {U: Nothing., G: Something., VG: Everything.}\n",
        "utf-8",
    )
    (tmp_path / "s.csv").write_text("student;exam\n1;VG\n", "utf-8")
    said = text_of(pages(tmp_path, str(tmp_path / "x.yaml"), str(tmp_path / "s.csv"))["1.html"])
    assert "Grade VG The parts" in said
    assert "VG Everything." in said
    assert "Something." not in said


def test_points_are_shown_with_the_most_there_can_be(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text(
        "kurssi: 1\ncourse: {code: X, name: C, credits: 5}\nimplementation: {id: X-1}\nassessment:\n"
        "  evaluation_scale: 0-5\n  basis: percent\n  boundaries: [50, 60, 70, 80, 90]\n"
        "  parts: [{id: exam, weight: 100, graded: points, max: 40}]\n",
        "utf-8",
    )
    (tmp_path / "s.csv").write_text("student;exam\n1;30\n", "utf-8")
    said = text_of(pages(tmp_path, str(tmp_path / "x.yaml"), str(tmp_path / "s.csv"))["1.html"])
    assert "exam 100 % 30/40" in said
    assert "Grade 3 (good)" in said


def test_text_from_sheets_stays_text_and_nothing_is_loaded(tmp_path: Path, small: list[str]) -> None:
    page = pages(tmp_path, *small)["002.html"]
    parser = _Text()
    parser.feed(page)
    assert not {"script", "link", "img", "iframe", "b"} & set(parser.tags)
    assert "<script>alert(1)</script>" in " ".join(parser.text)
    assert "http:" not in page
    assert "https:" not in page
    assert "noindex" in page


# ---- where it lands ------------------------------------------------------------------------------------------


def test_odd_student_numbers_stay_in_the_folder(tmp_path: Path, small: list[str]) -> None:
    before = {path.name for path in tmp_path.iterdir()}
    found = pages(tmp_path, *small)
    assert {path.name for path in tmp_path.iterdir()} - before == {"pages"}
    odd = [name for name in found if name.startswith("student-")]
    assert len(odd) == 1
    assert re.fullmatch(r"student-[0-9a-f]{16}\.html", odd[0])
    assert "../x Pat Path" in text_of(found[odd[0]])


@given(students=st.lists(st.text(min_size=1, max_size=8), unique=True, max_size=6))
def test_names_of_files_are_safe_and_all_different(students: list[str]) -> None:
    names = file_names(students)
    assert len({name.lower() for name in names.values()}) == len(students)
    assert all(re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*\.html", name) for name in names.values())


def test_names_of_people_and_devices_are_no_names_of_files() -> None:
    plain = ["0012345", "a1234567", "AB-12_3"]
    assert file_names(plain) == {student: f"{student}.html" for student in plain}
    for student in ("Maija", "com1", "LPT1", "1.html", "-1", "", "0" * 65, "１２"):
        assert file_names([student])[student].startswith("student-")
    assert all(name.startswith("student-") for name in file_names(["a1", "A1"]).values())


def test_nothing_of_anybody_else_is_replaced(
    tmp_path: Path, small: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert len(pages(tmp_path, *small)) == 6
    assert len(pages(tmp_path, *small)) == 6  # our own pages may be replaced
    page = tmp_path / "pages" / "003.html"
    page.write_text("my notes", "utf-8")
    (tmp_path / "s.csv").write_text(SHEET.replace("001;Able;Ann;5", "001;Able;Ann;1"), "utf-8")
    capsys.readouterr()
    found = pages(tmp_path, *small, code=2)
    assert "003.html" in capsys.readouterr().err
    assert found["003.html"] == "my notes"
    assert "Grade 5" in text_of(found["001.html"])  # none of the others is replaced then
    found = pages(tmp_path, *small, "--force")
    assert "Grade 5" not in text_of(found["001.html"])
    assert "my notes" not in found["003.html"]


@pytest.mark.parametrize(
    "arguments",
    [
        [PLAN, "--feedback", "{tmp}/p", "--list", "peppi"],
        [PLAN, "--feedback", "{tmp}/p", "--date", "soon"],
        [str(ROOT / "implementations"), "--feedback", "{tmp}/p"],
        [PLAN, "--feedback", "{tmp}/file"],
    ],
)
def test_what_does_not_go(tmp_path: Path, arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_bytes(b"")
    assert run(["grade", *(a.replace("{tmp}", str(tmp_path)) for a in arguments)]) == 2
    assert not (tmp_path / "p").exists()
    assert "Traceback" not in capsys.readouterr().err


# ---- until when ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("known", "last"),
    [
        (date(2024, 4, 2), date(2024, 4, 16)),
        (date(2024, 3, 9), date(2024, 3, 25)),  # a Saturday moves to Monday
        (date(2024, 3, 15), date(2024, 4, 2)),  # Good Friday to the Tuesday after Easter
        (date(2024, 12, 11), date(2024, 12, 27)),  # Christmas Day
        (date(2024, 11, 22), date(2024, 12, 9)),  # Independence Day, then a weekend
        (date(2024, 6, 7), date(2024, 6, 24)),  # Midsummer Eve
    ],
)
def test_the_last_day_is_a_weekday(known: date, last: date) -> None:
    assert last_day(known) == last
