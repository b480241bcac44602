"""What a teacher reads of a class of thirty with many parts: on paper, on the course page, and with units."""

from __future__ import annotations

import re
import shutil
import subprocess
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from class_reports import files
from kurssi.cli import run
from kurssi.diagnostics.message import nmsg
from kurssi.diagnostics.words import LANGUAGES, Words
from kurssi.grading.result import in_points
from kurssi.reports.page_engine import unbroken
from test_class_page import CHROMIUM

REPORTS = Path(__file__).parent.parent / "src" / "kurssi" / "reports"
PLAN = """kurssi: 1
course:
  code: KH1
  name: Programming
  credits: 5
  learning_outcomes: [{id: loops, text: Can use loops}, {id: design, text: Can design}]
implementation: {id: KH1-2026, language: en, timing: {start: 2026-01-12, end: 2026-05-15}}
assessment:
  evaluation_scale: 0-5
  basis: percent
  boundaries: [50, 60, 70, 80, 90]
  parts:
    - id: exercises
      name: Exercises
      weight: 40
      required: false
      drop_lowest: 2
      parts:
        - id: ex
          name: Exercise
          graded: points
          max: 10
          repeat: 12
          due: {first: 2026-01-19 12:00, every: 7 d}
          outcomes: [loops]
    - {id: project, name: Project, weight: 30, graded: points, max: 60, minimum: 50 %, outcomes: [design]}
    - {id: exam, name: Exam, weight: 30, graded: points, max: 30, retakes: 2, due: 2026-05-04, outcomes: [loops]}
"""
NAMES = [*(f"ex{n}" for n in range(1, 13)), "project", "exam", "exam 2"]
CLASS = f"student,name,{','.join(NAMES)}\n" + "".join(
    f"26{n:03},Student {n},{','.join(str((n * k) % 11) for k in range(1, 13))},{20 + n},{n},{'' if n % 5 else 20}\n"
    for n in range(1, 31)
)


@pytest.fixture(name="report")
def _report(tmp_path: Path) -> Path:
    report = tmp_path / "report.xlsx"
    assert run(["grade", *files(tmp_path, PLAN, CLASS), "--lang", "en", "-o", str(report)]) == 0
    return report


def test_sheets_for_the_screen_print_nothing(report: Path) -> None:
    book = load_workbook(report)
    for name in ("Weights and limits", "Explanation"):
        sheet = book[name]
        filled = sheet.max_column
        area = str(sheet.print_area).rpartition("!")[2].replace("$", "")
        assert sheet[area].value is None
        assert sheet.column_dimensions[sheet[area].column_letter].hidden
        assert sheet.print_title_rows is None
        assert sheet[area].column == filled + 1
    facts = {row[0].value: row[1].value for row in book["Summary"].iter_rows() if row[0].value}
    assert facts["For the screen, not printed"] == "Weights and limits, Explanation"


def guide(tmp_path: Path, plan: str, language: str) -> dict[str, str]:
    """The guide of the entry workbook: what is said of what."""
    (tmp_path / "plan.yaml").write_text(plan, "utf-8")
    book = tmp_path / f"entry-{language}.xlsx"
    assert run(["sheet", str(tmp_path / "plan.yaml"), "--lang", language, "-o", str(book)]) == 0
    sheet = load_workbook(book).worksheets[-1]
    return {row[0].value: row[1].value for row in sheet.iter_rows() if row[1].value}


@pytest.mark.parametrize(
    ("language", "series", "said"),
    [
        ("en", "Exercise 1–12", "Deadlines every 7 days from 19 Jan 2026 12:00 to 6 Apr 2026 12:00."),
        ("fi", "Exercise 1–12", "Määräajat 7 päivän välein: 19.1.2026 12.00 – 6.4.2026 12.00."),
        ("sv", "Exercise 1–12", "Inlämningstider med 7 dagars mellanrum: 19.1.2026 12:00 – 6.4.2026 12:00."),
    ],
)
def test_the_guide_says_even_deadlines_in_a_line(language: str, series: str, said: str, tmp_path: Path) -> None:
    found = guide(tmp_path, PLAN, language)
    assert found[series].split("\n")[1:] == [said]


def test_the_guide_says_other_deadlines_one_a_line(tmp_path: Path) -> None:
    plan = PLAN.replace("repeat: 12", "repeat: 3").replace("every: 7 d}", "every: 7 d, except: [2026-01-26]}")
    found = guide(tmp_path, plan, "en")
    assert found["Exercise 1–3"].split("\n")[1:] == [
        "Exercise 1: 19 Jan 2026 12:00",
        "Exercise 2: 2 Feb 2026 12:00",
        "Exercise 3: 9 Feb 2026 12:00",
    ]
    assert found["Exam"].endswith("Must be handed in.")  # every score passes: at least 0 % says nothing


def test_the_guide_says_all_that_scores_weigh(tmp_path: Path) -> None:
    plan = PLAN.replace("weight: 30, graded: points, max: 30", "weight: 20, graded: points, max: 30")
    plan += "    - {id: again, name: Final, weight: 10, takes: exam, graded: points}\n"
    found = guide(tmp_path, plan, "en")
    assert "Weight: 20 %. Also counts as Final, weight: 10 %." in found["Exam"]


def width_of(sheet: Any, column: int) -> float:
    """The width of a column; neighbours of one width are kept as one."""
    return float(next(one.width for one in sheet.column_dimensions.values() if one.min <= column <= one.max))


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_heading_of_the_report_is_cut_off(language: str, tmp_path: Path) -> None:
    report, words = tmp_path / "report.xlsx", Words(language)
    plan = PLAN.replace("name: Exercises", "name: Weekly exercises at home")
    arguments = [*files(tmp_path, plan, CLASS), "--lang", language, "--figures"]
    assert run(["grade", *arguments, "-o", str(report)]) == 0
    book = load_workbook(report)
    parts = book[words("Parts")]
    shown: dict[str, float] = {}
    owner = ""
    for cell in parts[1]:
        owner = str(cell.value or owner)
        size = parts.column_dimensions[cell.column_letter]
        shown[owner] = shown.get(owner, 0) + (0 if size.hidden else size.width)
    assert shown["Weekly exercises at home"] >= len("Weekly exercises at home") * 1.15
    figures = book[words("Figures")]
    heading = next(
        cell for row in figures.iter_rows() for cell in row if cell.value == words("with a grade").capitalize()
    )
    text = str(heading.value)
    for cell in figures[heading.row][1:]:
        word = max(map(len, str(cell.value or "").split()), default=0)
        assert width_of(figures, cell.column) >= word * 1.15
    room = width_of(figures, heading.column)
    assert figures.row_dimensions[heading.row].height > 15 * -(-len(text) * 1.15 // room)
    assert figures.page_setup.orientation == "portrait"
    assert words("Parts in figures, in per cent") in {row[0].value for row in figures.iter_rows()}
    inputs = book[words("Inputs")]
    longest = max(len(str(row[0].value)) for row in inputs.iter_rows())
    assert inputs.column_dimensions["A"].width >= longest


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_the_report_on_a_class_of_thirty_is_few_sheets_of_paper(report: Path, tmp_path: Path) -> None:
    profile = (tmp_path / "profile").as_uri()
    command = ["soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to", "pdf", report.name]
    subprocess.run(command, cwd=report.parent, check=True, capture_output=True, timeout=300)
    pages = re.findall(rb"/Type ?/Page\b", report.with_suffix(".pdf").read_bytes())
    assert 5 <= len(pages) <= 8


def test_a_column_of_whole_names_is_no_surname(report: Path) -> None:
    assert load_workbook(report)["Grades"]["C1"].value == "Name"


def test_the_policy_sheet_cuts_nothing_off(report: Path) -> None:
    sheet = load_workbook(report)["Policy"]
    rows = {row[0].value: row for row in sheet.iter_rows() if row[0].value}
    weight = rows["    Exercise 1–12"][1]
    assert weight.value == "equal"
    assert weight.alignment.wrap_text
    assert rows["Exam"][7].value == "4 May 2026"  # retakes without a deadline are no lines of their own


@pytest.mark.parametrize("language", LANGUAGES)
def test_topics_of_the_policy_sheet_stand_whole_beside_short_names(language: str, tmp_path: Path) -> None:
    plan = PLAN.partition("  parts:")[0] + "  parts: [{id: a, name: A, weight: 100}]\n"
    report = tmp_path / "short.xlsx"
    assert run(["grade", *files(tmp_path, plan, "student,A\n1,3\n"), "--lang", language, "-o", str(report)]) == 0
    sheet = load_workbook(report)[Words(language)("Policy")]
    topics = [row[0].value for row in sheet.iter_rows(min_row=3, max_row=8) if row[0].value]
    assert sheet.column_dimensions["A"].width >= min(max(map(len, topics)) + 2, 24)


@pytest.mark.parametrize(
    ("language", "number", "said"),
    [
        ("fi", Fraction(1), "1 piste"),
        ("fi", Fraction(3, 2), "1,5 pistettä"),
        ("fi", Fraction(2), "2 pistettä"),
        ("fi", Fraction(0), "0 pistettä"),
        ("en", Fraction(1), "1 point"),
        ("en", Fraction(1, 2), "0.5 points"),
        ("sv", Fraction(1), "1 poäng"),
        ("sv", Fraction(2), "2 poäng"),
    ],
)
def test_one_point_is_one_point(language: str, number: Fraction, said: str) -> None:
    assert Words(language).say(in_points(number)) == said


@pytest.mark.parametrize(
    ("language", "said"),
    [("fi", ("1 pisteen", "1,5 pistettä")), ("en", ("1 point", "1.5 points")), ("sv", ("1 poäng", "1,5 poäng"))],
)
def test_so_it_is_below_one(language: str, said: tuple[str, str]) -> None:
    for number, text in zip((Fraction(1), Fraction(3, 2)), said, strict=True):
        assert Words(language).say(nmsg("below {n} point", "below {n} points", n=number)).endswith(text)


def test_what_is_too_low_has_its_unit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sheet = f"student,{','.join(NAMES)}\n1,{'9,' * 12}29,25,\n2,{'1,' * 12}30,2,\n"
    arguments = files(tmp_path, PLAN, sheet)
    assert run(["grade", *arguments, "--lang", "en", "--format", "csv"]) == 0
    out = capsys.readouterr().out
    assert "Project below 30 points" in out
    assert "total below 50 %" in out
    assert run(["explain", arguments[0], "2", arguments[1], "--lang", "en"]) == 0
    out = capsys.readouterr().out
    assert "passed: at least 30 points" in out
    letters = (
        "kurssi: 1\ncourse: {code: X, name: Course, credits: 5}\nimplementation: {id: x}\nassessment:\n"
        "  evaluation_scale: {values: [F, E, D, C], passes_from: E}\n"
        "  parts: [{id: exam, name: Exam, weight: 100, minimum: 2}]\n"
    )
    assert run(["grade", *files(tmp_path, letters, "student,exam\n1,E\n"), "--lang", "en", "--format", "csv"]) == 0
    assert "Exam below D" in capsys.readouterr().out


def test_many_deadlines_are_a_list_that_opens(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    [plan] = files(tmp_path, PLAN)
    page = tmp_path / "page.html"
    assert run(["plan", plan, "--lang", "en", "-o", str(page)]) == 0
    text = page.read_text("utf-8")
    assert "<details><summary>12 deadlines, 19 Jan 2026 12:00 – 6 Apr 2026 12:00</summary>" in text
    assert "<li>Exercise 2: 26 Jan 2026 12:00</li>" in text
    assert "Due 19 Jan" not in text
    capsys.readouterr()
    assert run(["plan", plan, "--lang", "en", "--field", "assessment"]) == 0  # the register has no list that opens
    assert "Due 19 Jan 2026 12:00, 26 Jan 2026 12:00," in capsys.readouterr().out


def test_a_series_shows_an_outcome_as_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    [plan] = files(tmp_path, PLAN)
    assert run(["plan", plan, "--lang", "en"]) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "Can use loops – assessed in Exercise 1–12, Exam" in out
    assert "Can design – assessed in Project" in out


@pytest.mark.parametrize("due", ["[2026-01-19, 2026-01-26]", "true"])
def test_a_deadline_that_is_none_is_said_in_words(due: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan = PLAN.replace("due: 2026-05-04", f"due: {due}")
    run(["validate", *files(tmp_path, plan), "--lang", "en"])
    out, err = capsys.readouterr()
    assert "datetime" not in out + err
    assert "is not a date or a time" in out + err


def test_the_words_that_cells_offer_are_printed_side_by_side(tmp_path: Path) -> None:
    rubric = (
        "kurssi: 1\ncourse: {code: X, name: Course, credits: 5}\nimplementation: {id: x}\nassessment:\n"
        "  evaluation_scale: 0-5\n  parts:\n    - id: essay\n      weight: 100\n      rubric:\n"
        "        - {id: sources, levels: {1: few, 3: enough, 5: many and good}}\n"
        "        - {id: style, levels: {1: hard to read, 3: plain, 5: a pleasure to read}}\n"
    )
    entry = tmp_path / "entry.xlsx"
    assert run(["sheet", *files(tmp_path, rubric), "--lang", "en", "-o", str(entry)]) == 0
    sheet = load_workbook(entry)["Lists"]
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (
        "landscape",
        1,
        0,
    )
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sum(sheet.column_dimensions[letter].width for letter in "ABCD") < 100


def test_a_class_without_groups_has_no_column_for_them(tmp_path: Path) -> None:
    page = tmp_path / "class.html"
    for sheet, shown in ((CLASS, False), (CLASS.replace("student,", "group,student,").replace("\n26", "\nA,26"), True)):
        assert run(["grade", *files(tmp_path, PLAN, sheet), "--lang", "en", "-o", str(page)]) == 0
        assert ('<th scope="col">group</th>' in page.read_text("utf-8")) is shown


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Exercise 1–12", "Exercise 1–12"),
        ("33.33–96.67", "33.33–96.67"),
        ("a total of 50 %", "a total of 50\xa0%"),
        ("0.40 × 86.666… × 2 (A × B)", "0.40\xa0×\xa086.666…\xa0×\xa02 (A × B)"),
        ("12 × 1/30", "12\xa0×\xa01/30"),
        ("week 3 (40.5 h), 5 hours, 2 h", "week 3 (40.5\xa0h), 5 hours, 2\xa0h"),
        ("26003 4 → 3, F → E, 40 % → 45 %", "26003 4\xa0→\xa03, F\xa0→\xa0E, 40\xa0%\xa0→\xa045\xa0%"),
        ("a grade → passed or failed", "a grade → passed or failed"),
        ("12 Jan – 15 May, –, 5 – 6", "12 Jan – 15 May, –, 5 – 6"),
    ],
)
def test_what_is_read_as_one_stays_on_a_line_of_a_page(text: str, kept: str) -> None:
    assert unbroken(text) == kept


@pytest.mark.parametrize("page", sorted(REPORTS.rglob("*.html")), ids=lambda page: page.name)
def test_every_page_is_laid_out_for_a4(page: Path) -> None:
    text = page.read_text("utf-8")
    for name in re.findall(r'include "(.*\.css)"', text):
        text += (page.parent / name).read_text("utf-8")
    assert page.name == "head.html" or "@page { size: A4" in text
    assert "<summary>" not in text or re.search(r"@media print.*summary \{ list-style: none; \}", text, re.S)


def test_the_key_of_a_picture_is_printed_in_colour() -> None:
    """Browsers leave the ground of a box out on paper, and so all that a key says."""
    text = (REPORTS / "plan" / "templates" / "page.css").read_text("utf-8")
    assert re.search(r"@media print.*\.key \{ print-color-adjust: exact;", text, re.S)


@pytest.mark.skipif(CHROMIUM is None or shutil.which("pdftotext") is None, reason="no Chromium, or no poppler")
def test_the_class_page_has_its_headings_on_every_sheet_of_paper(tmp_path: Path) -> None:
    page, paper = tmp_path / "class.html", tmp_path / "class.pdf"
    assert run(["grade", *files(tmp_path, PLAN, CLASS), "--lang", "en", "-o", str(page)]) == 0
    profile = f"--user-data-dir={tmp_path / 'profile'}"
    command = [str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", profile, f"--print-to-pdf={paper}"]
    subprocess.run([*command, page.as_uri()], check=True, capture_output=True, timeout=120)
    text = subprocess.run(["pdftotext", "-layout", str(paper), "-"], check=True, capture_output=True, timeout=60).stdout
    sheets = [sheet for sheet in text.decode().split("\f") if "Student " in sheet]
    assert len(sheets) > 1
    assert all("student number" in sheet for sheet in sheets)


@pytest.mark.parametrize("name", ["policy.html", "student.html"])
def test_a_table_wider_than_a_phone_is_scrolled(name: str) -> None:
    text = (REPORTS / "templates" / name).read_text("utf-8")
    assert text.count('<div class="wide">\n<table') == text.count("<table")
    assert ".wide { overflow-x: auto; }" in text


@pytest.mark.parametrize("name", ["class.html", "department.html"])
def test_whose_row_it_is_stays_in_sight_while_figures_are_scrolled(name: str) -> None:
    templates = REPORTS / "templates"
    assert re.search(r'<t[hd] scope="row"', (templates / name).read_text("utf-8"))
    style = (templates / "wide_page.css").read_text("utf-8")
    assert re.search(r"@media screen and \(max-width: 48rem\).*:first-child \{ position: sticky; left: 0;", style, re.S)


def test_rows_of_the_policy_sheet_are_as_high_as_their_text(report: Path) -> None:
    sheet = load_workbook(report)["Policy"]
    rows = {row[0].value: row[0].row for row in sheet.iter_rows() if row[0].value}
    lines = {name: round((sheet.row_dimensions[row].height or 15) / 16) for name, row in rows.items()}
    assert lines["Total"] == 2
    assert {lines[name] for name in ("Scale", "Gates", "Excused", "Project", "Exam")} == {1}


@pytest.mark.parametrize(("language", "shown"), [("en", "d mmm yyyy"), ("fi", r"d\.m\.yyyy"), ("sv", r"d\.m\.yyyy")])
def test_dates_of_workbooks_are_written_as_in_sentences(language: str, shown: str, tmp_path: Path) -> None:
    report, entry, words = tmp_path / "report.xlsx", tmp_path / "entry.xlsx", Words(language)
    plan = PLAN.replace("basis: percent", "basis: percent\n  late: {deduct: 1 %, of: earned, per: day}")
    arguments = files(tmp_path, plan, CLASS)
    assert run(["grade", *arguments, "--lang", language, "-o", str(report)]) == 0
    assert run(["sheet", arguments[0], "--lang", language, "-o", str(entry)]) == 0
    assert load_workbook(report)[words("Inputs")]["C2"].number_format.startswith(shown)
    sheet = load_workbook(entry).worksheets[0]
    times = {cell.number_format for row in sheet.iter_rows() for cell in row if "mm" in cell.number_format}
    assert times
    assert all(one.startswith(shown) for one in times)


@pytest.mark.parametrize("name", ["Self-assessment", "Weekly at-home exercises", "Viikkoharjoitukset"])
def test_a_heading_of_the_table_keeps_its_words_whole(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["grade", *files(tmp_path, PLAN.replace("name: Exercises", f"name: {name}"), CLASS)]) == 0
    heading = capsys.readouterr().out.partition("─")[0].split()
    assert set(name.split()) <= set(heading)
