"""Points beyond the maximum: taken and counted where the file says so, else refused with a way out (contract 11.4)."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from kurssi.cli import run

HEAD = """kurssi: 1
course: {code: KH1, name: Ohjelmointi, credits: 5}
implementation: {id: KH1-2026}
assessment:
  evaluation_scale: 0-5
"""
PERCENT = """\
  basis: percent
  boundaries: [50, 60, 70, 80, 90]
  parts:
    - {id: exercises, graded: points, max: 40, weight: 50%s}
    - {id: exam, graded: points, max: 20, weight: 50}
"""
POINTS = """\
  parts:
    - {id: exercises, graded: points, max: 40, weight: 50, linear: {1: 50 %%, 5: 90 %%}%s}
    - {id: exam, weight: 50}
"""


@pytest.fixture
def plan(tmp_path: Path) -> Any:
    def write(assessment: str, over: str, sheet: str) -> list[str]:
        (tmp_path / "plan.yaml").write_text(HEAD + assessment % over, "utf-8")
        (tmp_path / "scores.csv").write_text(sheet, "utf-8")
        return [str(tmp_path / "plan.yaml"), str(tmp_path / "scores.csv")]

    return write


def graded(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> Any:
    assert run(["grade", *arguments, "--format", "json"]) == 0, capsys.readouterr().err
    return json.loads(capsys.readouterr().out)


def test_under_percent_the_value_is_above_a_hundred(
    plan: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = graded(plan(PERCENT, ", over: 5", "student,exercises,exam\n1,45,10\n2,40,10\n3,42.5,20\n"), capsys)
    assert [student["exact"] for student in report["students"]] == ["81.25", "75", "103.125"]
    assert [student["grade"] for student in report["students"]] == [4, 3, 5]
    assert report["policy"]["resolved"]["parts"][0]["over"] == "5"
    (tmp_path / "report.json").write_text(json.dumps(report), "utf-8")
    assert run(["verify", str(tmp_path / "report.json")]) == 0, capsys.readouterr().out


def test_on_a_line_they_stop_at_the_top(plan: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = graded(plan(POINTS, ", over: 5", "student,exercises,exam\n1,45,4\n2,40,4\n"), capsys)
    assert [student["exact"] for student in report["students"]] == ["4.5", "4.5"]
    (tmp_path / "report.json").write_text(json.dumps(report), "utf-8")
    assert run(["verify", str(tmp_path / "report.json")]) == 0, capsys.readouterr().out


def test_without_it_the_help_names_it(plan: Any, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = plan(PERCENT, "", "student,exercises,exam\n1,45,10\n")
    assert run(["grade", *arguments]) == 1
    said = " ".join(capsys.readouterr().err.split())
    assert "45 in “exercises” is off the scale: 0 to 40" in said
    assert "or write over: 5 in the part if points beyond max count" in said


def test_more_than_that_is_refused(plan: Any, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = plan(PERCENT, ", over: 5", "student,exercises,exam\n1,45.5,10\n")
    assert run(["grade", *arguments]) == 1
    said = " ".join(capsys.readouterr().err.split())
    assert "is off the scale: 0 to 45" in said
    assert "over: 5.5" in said


def test_what_is_open_may_still_bring_them(plan: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """18 of 20 give 45; with 40 of 40 that is 95, with 45 of 40 it is 101.25; only beyond the maximum helps 5 of 20."""
    report = graded(plan(PERCENT, ", over: 5", "student,exercises,exam\n1,?,13.5\n"), capsys)
    assert report["students"][0]["range"] == [0, 1, 2, 3, 4, 5]
    report = graded(plan(PERCENT, "", "student,exercises,exam\n1,?,13.5\n"), capsys)
    assert report["students"][0]["range"] == [0, 1, 2, 3, 4]  # 33.75 + 50
    assert Fraction("33.75") + 50 * Fraction(45, 40) == 90


def test_the_page_says_so(plan: Any, tmp_path: Path) -> None:
    page = tmp_path / "plan.md"
    assert run(["plan", plan(PERCENT, ", over: 5", "")[0], "-o", str(page)]) == 0
    assert "Up to 5 points beyond the largest number count, too." in page.read_text("utf-8")


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ("{id: exam, over: 5}", "over has no meaning for graded: grade"),
        ("{id: exam, graded: points, max: 40, over: 0}", "exam takes no points beyond max with over: 0"),
        ("{id: exam, graded: points, max: 40, over: -1}", "exam takes no points beyond max with over: −1"),
    ],
)
def test_what_is_wrong_with_it(tmp_path: Path, part: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "plan.yaml"
    percent = "  basis: percent\n  boundaries: [50, 60, 70, 80, 90]\n"
    file.write_text(f"{HEAD}{percent}  parts:\n    - {part}\n", "utf-8")
    assert run(["validate", str(file)]) == 1
    assert said in " ".join(capsys.readouterr().out.split())
