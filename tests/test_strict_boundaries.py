"""Boundaries that must be passed, not only reached: ``"> 85"`` (contract 11.7)."""

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
PERCENT = """\
  basis: percent
  boundaries: ["> 50", 60, 70, ">80", "> 85"]
  parts:
    - {id: work, graded: points, max: 100, weight: 50}
    - {id: exam, graded: points, max: 100, weight: 50}
"""
POINTS = """\
  parts:
    - {id: exam, graded: points, max: 40, boundaries: ["> 20", 24, "> 70 %", 32, "> 35.5"]}
"""


@pytest.fixture
def plan(tmp_path: Path) -> Any:
    def write(assessment: str, sheet: str = "") -> list[str]:
        return files(tmp_path, HEAD + assessment, sheet)

    return write


def test_a_total_exactly_on_it_gets_the_grade_below(
    plan: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet = "student,work,exam\n1,50,50\n2,50,50.02\n3,60,60\n4,80,80\n5,80,80.5\n6,85,85\n7,85,85.01\n"
    report = graded(plan(PERCENT, sheet), tmp_path, capsys)
    assert [student["grade"] for student in report["students"]] == [0, 1, 2, 3, 4, 4, 5]
    assert report["policy"]["resolved"]["boundaries"] == ["> 50", "60", "70", "> 80", "> 85"]
    reason = report["students"][0]["reasons"][0]
    assert (reason["code"], reason["minimum"], reason["value"]) == ("below-boundary", "50", "50")


def test_points_exactly_on_it_get_the_grade_below(
    plan: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet = "student,exam\n1,20\n2,20.1\n3,24\n4,28\n5,28.01\n6,35.5\n7,36\n"
    report = graded(plan(POINTS, sheet), tmp_path, capsys)
    assert [student["exact"] for student in report["students"]] == ["0", "1", "2", "2", "3", "4", "5"]
    assert report["policy"]["resolved"]["parts"][0]["boundaries"] == ["> 20", "24", "> 28", "32", "> 35.5"]


def test_it_is_said_why(plan: Any, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = plan(PERCENT, "student,work,exam\n1,50,50\n")
    assert run(["explain", arguments[0], "1", arguments[1]]) == 0
    assert "total not over 50" in " ".join(capsys.readouterr().out.split())


def test_what_is_open_needs_more_than_the_boundary(
    plan: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = plan(PERCENT, "student,work,exam\n1,70,?\n2,0,?\n")
    report = graded(arguments, tmp_path, capsys)
    assert report["students"][0]["range"] == [0, 1, 2, 3, 4]  # 70 and 100 are 85, which is not over 85
    assert report["students"][1]["status"] == "failed"  # 0 and 100 are 50, which is not over 50
    assert run(["explain", arguments[0], "1", arguments[1], "--needed"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "30.01" in said, said
    assert "90.01" in said, said


def test_what_is_open_of_a_part(plan: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = """\
  parts:
    - {id: exam, graded: points, max: 10, over: 1, boundaries: ["> 2", "> 4", "> 6", "> 8", "> 10"], retakes: 1}
"""
    report = graded(plan(text, "student,exam\n1,?\n"), tmp_path, capsys)
    assert report["students"][0]["range"] == [0, 1, 2, 3, 4, 5]


def test_the_page_says_over(plan: Any, tmp_path: Path) -> None:
    page = tmp_path / "plan.md"
    assert run(["plan", plan(PERCENT)[0], "-o", str(page)]) == 0
    assert "1 over 50 %, 2 from 60 %, 3 from 70 %, 4 over 80 %, 5 over 85 %" in page.read_text("utf-8")
    assert run(["plan", plan(POINTS)[0], "-o", str(page), "--force"]) == 0
    assert "1 over 20, 2 from 24, 3 over 28, 4 from 32, 5 over 35.5" in page.read_text("utf-8")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (PERCENT.replace('"> 85"', '">= 85"'), "write 85"),
        (PERCENT.replace('"> 85"', '"> many"'), "“> 85” where 85 itself is not enough"),
        (PERCENT.replace('"> 85"', '"> 80"'), "boundaries must rise"),
        (POINTS.replace("> 35.5", "> 40"), "no score is over 40, the largest number of points"),
        (POINTS.replace("> 35.5", "> 100 %"), "no score is over 40, the largest number of points"),
        (
            PERCENT + "  activity: {levels: {active: 5, passive: -5}}\n",
            "no total is the least one over 50, at which activity could stop",
        ),
    ],
)
def test_what_is_wrong_with_it(plan: Any, text: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["validate", plan(text)[0]]) == 1
    assert said in " ".join(capsys.readouterr().out.split())


def test_activity_that_takes_nothing_is_no_matter(plan: Any, capsys: pytest.CaptureFixture[str]) -> None:
    for text in (PERCENT.replace("> 50", "50"), PERCENT + "  may_fail: false\n"):
        level = "-5" if "may_fail" in text or '"50"' in text else "0"
        text = text.replace('"50"', "50") + f"  activity: {{levels: {{active: 5, passive: {level}}}}}\n"
        run(["validate", plan(text)[0]])
        assert "activity could stop" not in capsys.readouterr().out


def test_compare_names_the_boundaries(plan: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old, new = tmp_path / "old.yaml", tmp_path / "new.yaml"
    old.write_text(HEAD + PERCENT.replace('"> 85"', "85"), "utf-8")
    new.write_text(HEAD + PERCENT, "utf-8")
    assert run(["compare", str(old), str(new)]) == 0
    assert "over 85" in " ".join(capsys.readouterr().out.split())
