"""Activity that moves the final grade by whole steps, after the boundaries (contract 11.7)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from class_reports import files, graded
from kurssi.cli import run

HEAD = """kurssi: 1
course: {code: KH1, name: Ohjelmointi, credits: 5}
implementation: {id: KH1-2026}
assessment:
  evaluation_scale: 0-5
"""
LEVELS = "  activity: {adjust: steps, levels: {active: 1, keen: 2, passive: -1}}\n"
GRADES = "  parts: [{id: work, weight: 50}, {id: exam, weight: 50}]\n"
PERCENT = """\
  basis: percent
  boundaries: ["> 50", 60, 70, 80, 90]
  parts: [{id: exam, graded: points, max: 100}]
"""


@pytest.fixture
def plan(tmp_path: Path) -> Any:
    def write(assessment: str, sheet: str = "") -> list[str]:
        return files(tmp_path, HEAD + assessment, sheet)

    return write


def test_the_grade_moves_and_the_mean_stays(plan: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sheet = (
        "student,work,exam,activity\n1,3,3.5,active\n2,3,3.5,passive\n3,3,3.5,\n4,5,4,keen\n5,1,1,passive\n6,0,5,keen\n"
    )
    report = graded(plan(GRADES + LEVELS, sheet), tmp_path, capsys)
    assert [s["exact"] for s in report["students"]] == ["3.25", "3.25", "3.25", "4.5", "1", "2.5"]
    assert [s["rounded"] for s in report["students"]] == [3, 3, 3, 5, 1, 3]
    assert [s["grade"] for s in report["students"]] == [4, 2, 3, 5, 1, 0]  # the last one's gate is closed
    assert report["policy"]["resolved"]["activity"]["adjust"] == "steps"
    steps = [s for s in report["students"][0]["steps"] if s["part"] is None]
    assert [s["step"] for s in steps] == ["mean", "round", "activity", "grade"]
    assert (steps[2]["before"], steps[2]["after"], steps[2]["limit"]) == ("3", "4", "5")
    assert steps[3]["before"] == "4"


def test_a_total_that_failed_may_be_lifted_but_a_passing_one_never_fails(
    plan: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet = "student,exam,activity\n1,50,active\n2,50,\n3,50,passive\n4,51,passive\n5,100,active\n6,65,keen\n"
    report = graded(plan(PERCENT + LEVELS, sheet), tmp_path, capsys)
    assert [s["grade"] for s in report["students"]] == [1, 0, 0, 1, 5, 4]


def test_what_is_open_moves_with_it(plan: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sheet = "student,work,exam,activity\n1,3,?,active\n2,3,?,passive\n"
    report = graded(plan(GRADES + LEVELS, sheet), tmp_path, capsys)
    assert [s["range"] for s in report["students"]] == [[0, 3, 4, 5], [0, 1, 2, 3]]


def test_the_explanation(plan: Any, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = plan(GRADES + LEVELS, "student,work,exam,activity\n1,3,3.5,active\n2,0,5,keen\n")
    assert run(["explain", arguments[0], "1", arguments[1]]) == 0
    assert "active: 3 + 1 = 4" in capsys.readouterr().out
    assert run(["explain", arguments[0], "2", arguments[1]]) == 0
    assert "activity opens no failed gate: the grade does not move" in " ".join(capsys.readouterr().out.split())


def test_attendance_too(plan: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bands = "bands: [{from: 75 %, adjust: 1}, {from: 50 %, adjust: 0}, {from: 0 %, adjust: -2}]"
    text = f"{GRADES}  activity: {{adjust: steps, attendance: {{of: 8, {bands}}}}}\n"
    report = graded(plan(text, "student,work,exam,attended\n1,4,4,6\n2,4,4,5\n3,4,4,3\n"), tmp_path, capsys)
    assert [s["grade"] for s in report["students"]] == [5, 4, 2]


def test_the_page_and_the_comparison_say_so(plan: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "plan.md"
    assert run(["plan", plan(GRADES + LEVELS)[0], "-o", str(page)]) == 0
    text = " ".join(page.read_text("utf-8").split())
    assert "Activity moves the final grade by steps: active +1, keen +2, passive −1." in text
    assert "It lifts no grade above 5, takes no passing grade below 1, and opens no failed gate." in text
    old = tmp_path / "old.yaml"
    old.write_text(HEAD + GRADES + LEVELS.replace("adjust: steps, ", ""), "utf-8")
    assert run(["compare", str(old), str(tmp_path / "plan.yaml")]) == 0
    assert "in steps of the final grade" in " ".join(capsys.readouterr().out.split())


def test_a_step_is_a_whole_grade(plan: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["validate", plan(GRADES + LEVELS.replace("active: 1", "active: 0.5"))[0]]) == 1
    assert "0.5 is not a whole number of grades" in capsys.readouterr().out
