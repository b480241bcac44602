"""What people read of a course with many parts: points as points, a series as one, gates where there are any."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from class_reports import files
from kurssi.cli import run

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
    assert "Labs sum of points 10 (Lab 1) + 9 (Lab 2) + 0 (Lab 3) = 19, of 30 points ≈63.333 %" in said
    assert "gate passed with ≈66.666 %" in said
    assert "(Project)" in whole


def test_a_page_for_a_student_opens_what_is_many(arguments: list[str], tmp_path: Path) -> None:
    assert run(["grade", *arguments, "--lang", "en", "--feedback", str(tmp_path / "pages")]) == 0
    page = (tmp_path / "pages" / "20001.html").read_text("utf-8")
    assert "<summary>36.5/66 (9/11)</summary><ol><li>6/6</li><li>5/6</li>" in page
    assert "<details><summary><h3>Exercise 1–12</h3></summary>" in page
    assert "…" not in page
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
