"""What people read of a course with many parts: points as points, a series as one, gates where there are any."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from class_reports import files
from kurssi.cli import run
from kurssi.diagnostics.message import PerCent
from kurssi.diagnostics.words import Words
from test_live import check_same, recalculated

PLAN = """kurssi: 1
course: {code: KH1, name: Programming, credits: 5}
implementation: {id: KH1-2026, language: en, timing: {start: 2026-01-12, end: 2026-05-15}}
assessment:
  evaluation_scale: 0-5
  basis: percent
  boundaries: [50, 60, 70, 80, 90]
  parts:
    - {id: vt, name: Exercise, graded: points, max: 6, repeat: 12, weight: 30, required: false}
    - id: labs
      name: Labs
      weight: 20
      weigh: by-points
      parts: [{id: lab, name: Lab, graded: points, max: 10, repeat: 3}]
    - {id: project, name: Project, weight: 10, graded: points, max: 60}
    - {id: exam, name: Exam, weight: 40, graded: points, max: 48}
"""
NAMES = [*(f"vt{n}" for n in range(1, 13)), "lab1", "lab2", "lab3", "project", "exam"]
SHEET = (
    f"student,surname,{','.join(NAMES)}\n"
    "20001,Aalto,6,5,4,3,2,1,6,5,4.5,-,,EX,10,9,-,40,32\n"
    "20002,Berg,6,6,6,6,6,6,6,6,6,6,6,?,10,9,8,20,-\n"
)


@pytest.fixture(name="arguments")
def _arguments(tmp_path: Path) -> list[str]:
    return files(tmp_path, PLAN, SHEET)


def rows(text: str) -> list[list[str]]:
    return [re.split(r" {2,}", line.strip()) for line in text.splitlines() if line.startswith("2000")]


def test_a_table_shows_points_and_a_series_as_one(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["grade", *arguments, "--lang", "en"]) == 0
    out, err = capsys.readouterr()
    first, second = rows(out)
    assert first[2:6] == ["36.5/66 (9/11)", "19/30 (2/3)", "40/60", "32/48"]
    assert second[2:6] == ["66/72 ? (12/12)", "27/30 (3/3)", "20/60", "–"]
    assert "Exercise 1–12" in re.sub(r"\s+", " ", out)
    assert "…" not in out
    assert "Exercise 1–12: what all of them come to (how many came in)" in err


def test_every_part_can_be_asked_for(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["grade", *arguments, "--lang", "en", "--parts"]) == 0
    out = capsys.readouterr().out
    assert "4.5/6" in out
    assert "9/10" in out


def test_so_does_markdown(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["grade", *arguments, "--lang", "en", "--format", "md"]) == 0
    out = capsys.readouterr().out
    assert "| Exercise 1–12 | Labs | Project | Exam |" in out
    assert "| 36.5/66 (9/11) | 19/30 (2/3) | 40/60 | 32/48 |" in out


def test_an_explanation_has_gates_where_there_are_any(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", arguments[0], "20001", arguments[1], "--lang", "en"]) == 0
    said = re.sub(r"\s+", " ", re.sub(r" +\[plan.yaml:\d+\]", "", capsys.readouterr().out))
    series, whole = said.split("Exercise 1–12 ")[1].split(" Labs ", 1)[0], said.split(" the whole ")[1]
    assert "gate" not in series
    assert "1 6 of 6 is 100 %" in series
    assert "10 not submitted: counts as the lowest" in series
    assert "12 excused: leaves the mean" in series
    assert "Labs sum of points (10 + 9 + 0) (Lab 1–3) = 19, of 30 points ≈63.333 %" in said
    assert "gate passed with ≈66.666 %" in said
    assert "11/39 × 55.303… (Exercise 1–11: 36.5/66) + 8/39 × 63.333… (Labs: 190/3)" in whole
    assert "+ 4/39 × 66.666… (Project: 40/60)" in whole
    assert "= 62.777… (565/9)" in whole


def test_a_page_for_a_student_opens_what_is_many(arguments: list[str], tmp_path: Path) -> None:
    assert run(["grade", *arguments, "--lang", "en", "--feedback", str(tmp_path / "pages")]) == 0
    page = (tmp_path / "pages" / "20001.html").read_text("utf-8")
    assert "<summary>36.5/66 (9/11)</summary><ol><li>6/6</li><li>5/6</li>" in page
    assert "<details><summary><h3>Exercise 1–12</h3></summary>" in page
    assert not re.search(r"…(?! \()", page)  # exact figures stand beside decimals that do not end
    assert page.count("<details>") == page.count("</details>") == 4


@pytest.mark.parametrize("columns", ["80", "100", "200"])
def test_a_narrow_screen_stays_readable(
    columns: str, arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    assert run(["grade", *arguments, "--lang", "en", "--color", "never"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= int(columns)
    assert ("36.5/66" in "\n".join(lines)) == (int(columns) >= 100)
    assert not any("…" in line for line in lines)


GRADES = """kurssi: 1
course: {code: KH1, name: Programming, credits: 5}
implementation: {id: KH1-2026, language: en}
assessment:
  evaluation_scale: 0-5
  parts:
    - {id: vt, name: Exercise, repeat: 3, weight: 50}
    - {id: exam, name: Exam, weight: 50, graded: points, max: 48, linear: {1: 50 %, 5: 90 %}}
"""


def test_points_that_become_a_grade_stand_beside_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sheet = "student,surname,vt1,vt2,vt3,exam\n20001,Aalto,3,4,3,37\n"
    assert run(["grade", *files(tmp_path, GRADES, sheet), "--lang", "en"]) == 0
    [row] = rows(capsys.readouterr().out)
    assert row[2:5] == ["≈3.333 (3/3)", "≈3.708 (37/48)", "≈3.520"]


def test_the_course_page_says_the_same_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    exams = PLAN.replace(
        "    - {id: project,",
        "    - id: tests\n      name: Tests\n      weight: 0\n"
        "      parts: [{id: e1, name: First}, {id: e2, name: Second}]\n"
        "    - {id: project,",
    )
    [plan] = files(tmp_path, exams)
    assert run(["plan", plan, "--lang", "en"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "– Lab 1–3 3 × 1/3" in said
    assert "Exercise 1–12 12 × 2.5 %" in said
    assert "First, Second: Assessed as: grade" in said
    assert "Labs: Assessed as: sum of the points of its parts." in said


def test_a_series_is_a_group_that_opens_in_the_workbook(arguments: list[str], tmp_path: Path) -> None:
    report = tmp_path / "report.xlsx"
    assert run(["grade", *arguments, "--lang", "en", "-o", str(report)]) == 0
    book = load_workbook(report, data_only=True)
    grades = book["Grades"]
    heads = [cell.value for cell in grades[1]]
    at = heads.index("Exercise 1–12 / 72")
    assert heads[at + 1 : at + 13] == [f"Exercise {n} / 6" for n in range(1, 13)]
    assert [grades.cell(row, at + 1).value for row in (2, 3)] == [36.5, 66]
    folded = grades.column_dimensions[get_column_letter(at + 2)]
    assert (folded.hidden, folded.outlineLevel, folded.min, folded.max) == (True, 1, at + 2, at + 13)
    rows = {row[0].value: row for row in book["Policy"].iter_rows() if row[0].value}
    assert rows["Exercise 1–12"][1].value == "12 × 2.5 %"
    assert not book["Policy"].row_dimensions[rows["Exercise 1–12"][0].row].hidden
    assert all(book["Policy"].row_dimensions[rows[f"    Exercise {n}"][0].row].hidden for n in range(1, 13))
    data = report.read_bytes()
    check_same(data, recalculated(data))


@pytest.mark.parametrize(
    ("part", "cells", "shown"),
    [
        ("{id: vt, name: Exercise, repeat: 3, weight: 50}", "3,4,-", 7 / 3),
        ("{id: vt, name: Exercise, repeat: 3, weight: 50, required: false}", "EX,4,3", 3.5),
        ("{id: vt, name: Exercise, repeat: 3, graded: pass-fail}", "HYV,H,EX", "1/2"),
    ],
)
def test_a_series_that_has_no_points_is_summed_up(part: str, cells: str, shown: object, tmp_path: Path) -> None:
    plan = re.sub(r"    - \{id: vt.*\n", f"    - {part}\n", GRADES)
    sheet = f"student,vt1,vt2,vt3,exam\n20001,{cells},37\n"
    if "pass-fail" in part:
        plan = plan.replace("Exam, weight: 50", "Exam, weight: 100")
    report = tmp_path / "report.xlsx"
    assert run(["grade", *files(tmp_path, plan, sheet), "--lang", "en", "-o", str(report)]) == 0
    grades = load_workbook(report, data_only=True)["Grades"]
    found = {head.value: cell.value for head, cell in zip(grades[1], grades[2], strict=True)}
    assert found["Exercise 1–3"] == (shown if isinstance(shown, str) else pytest.approx(shown))
    data = report.read_bytes()
    check_same(data, recalculated(data))


def test_a_class_page_has_one_column_for_a_series(arguments: list[str], tmp_path: Path) -> None:
    page = tmp_path / "class.html"
    assert run(["grade", *arguments, "--lang", "en", "-o", str(page)]) == 0
    text = page.read_text("utf-8")
    assert text.count("Exercise 1–12</th>") == 1
    assert '<th scope="col" class="number">Exercise 2</th>' not in text
    assert ">36.5/66 (9/11)</td>" in text
    assert "<details><summary><h3>Exercise 1–12</h3></summary>" in text


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (Fraction(190, 3), "63.333… (190/3)"),
        (Fraction(-190, 3), "−63.333… (−190/3)"),
        (Fraction(127, 2), "63.5"),
        (Fraction(1, 3), "0.333… (1/3)"),
        (Fraction(1234567, 77777), "≈15.87316301"),
        (PerCent(Fraction(100, 3)), "1/3"),
        (PerCent(Fraction(5, 24)), "0.208… % (1/480)"),
    ],
)
def test_a_fraction_stands_beside_its_decimals(value: object, said: str) -> None:
    assert Words("en").say(value) == said


def test_the_policy_names_the_gates_of_a_series_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan = PLAN.replace("weight: 30, required: false", "weight: 30")
    assert run(["policy", files(tmp_path, plan, SHEET)[0], "--lang", "en"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "Exercise 1–12: not handed in" in said
    assert "Exercise 3: not handed in" not in said
    assert "Exercise 1–12 12 × 2.5 %" in said
