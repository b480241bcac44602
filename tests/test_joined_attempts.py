"""Several attempts together: their mean, or a gain on the first one (contract 11.7, worked example of 11.9)."""

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
GAIN = "  parts: [{id: exam, retakes: 2, attempt: {gain: 50 %}}]\n"
MEAN = "  parts: [{id: exam, retakes: 2, attempt: mean}]\n"
ROW = "student,exam,exam 2,exam 3\n"


@pytest.fixture
def plan(tmp_path: Path) -> Any:
    def write(assessment: str, rows: str = "") -> list[str]:
        return files(tmp_path, HEAD + assessment, rows and ROW + rows)

    return write


def values(report: Any) -> list[str | None]:
    return [student["parts"]["exam"]["value"] for student in report["students"]]


def test_the_worked_example(plan: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = graded(plan(GAIN, "1,2,4,\n"), tmp_path, capsys)
    student = report["students"][0]
    assert (student["exact"], student["grade"], student["parts"]["exam"]["used"]) == ("3", 3, None)
    step = next(s for s in student["steps"] if s["step"] == "attempt")
    assert (step["before"], step["after"]) == ("2", "3")
    assert report["policy"]["resolved"]["parts"][0]["attempt"] == {"gain": "50 %"}


@pytest.mark.parametrize(
    ("row", "value"),
    [
        ("2,4,3", "3"),  # the best later one
        ("4,2,3", "4"),  # no later one is above it
        ("-,4,", "2"),  # who stays away gains as from the lowest
        ("H,4,", "2"),
        ("EX,2,4", "3"),  # who is excused begins with the next
        ("2,H,", "2"),
        ("3,,", "3"),
    ],
)
def test_a_gain_on_the_first(
    plan: Any, row: str, value: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert values(graded(plan(GAIN, f"1,{row}\n"), tmp_path, capsys)) == [value]


@pytest.mark.parametrize(
    ("row", "value"),
    [("2,4,3", "3"), ("2,4,", "3"), ("4,,", "4"), ("4,H,", "2"), ("-,4,", "4"), ("EX,4,1", "2.5"), ("1,2,2", "5/3")],
)
def test_the_mean_of_those_handed_in(
    plan: Any, row: str, value: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert values(graded(plan(MEAN, f"1,{row}\n"), tmp_path, capsys)) == [value]


def test_a_retake_is_capped_before_it_is_joined(plan: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cap = "retake_at_most: 3, attempt"
    assert values(graded(plan(GAIN.replace("attempt", cap), "1,2,5,\n"), tmp_path, capsys)) == ["2.5"]
    assert values(graded(plan(MEAN.replace("attempt", cap), "1,2,5,\n"), tmp_path, capsys)) == ["2.5"]


def test_failed_by_a_word_only_where_nothing_else_came(
    plan: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = graded(plan(MEAN, "1,H,H,\n2,H,2,\n3,-,,\n"), tmp_path, capsys)
    assert [s["parts"]["exam"]["state"] for s in report["students"]] == ["failed", "scored", "missing"]
    assert [s["grade"] for s in report["students"]] == [0, 1, 0]


def test_what_is_open(plan: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = graded(plan(GAIN, "1,2,?,\n2,?,4,\n"), tmp_path, capsys)
    assert [s["range"] for s in report["students"]] == [[2, 3, 4], [2, 3, 4, 5]]
    report = graded(plan(MEAN, "1,2,?,\n"), tmp_path, capsys)
    assert report["students"][0]["range"] == [1, 2, 3, 4]


def test_it_is_explained(plan: Any, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = plan(GAIN, "1,2,4,\n")
    assert run(["explain", arguments[0], "1", arguments[1]]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "first attempt 2, and 50 % of the 2 that the best later one is above it: 3" in said
    arguments = plan(MEAN, "1,2,4,\n")
    assert run(["explain", arguments[0], "1", arguments[1]]) == 0
    assert "the mean of the attempts: (2 + 4) / 2 = 3" in " ".join(capsys.readouterr().out.split())


def test_the_page_and_the_comparison_say_so(plan: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page, new = tmp_path / "plan.md", plan(GAIN)[0]
    assert run(["plan", new, "-o", str(page)]) == 0
    said = "The first attempt counts, and 50 % of what the best later one is above it."
    assert said in " ".join(page.read_text("utf-8").split())
    old = tmp_path / "old.yaml"
    old.write_text(HEAD + MEAN, "utf-8")
    assert run(["compare", str(old), new]) == 0
    assert "their mean → the first, and 50 % of a gain on it" in " ".join(capsys.readouterr().out.split())


def test_policy_shows_that_a_retake_can_cost_under_the_mean_only(plan: Any, capsys: pytest.CaptureFixture[str]) -> None:
    run(["policy", plan(MEAN)[0]])
    assert "in exam a retake can lower the grade" in " ".join(capsys.readouterr().out.split())
    run(["policy", plan(GAIN)[0]])
    assert "can lower the grade" not in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ("attempt: {gain: 0 %}", "a gain of 0 % is not more than 0 and at most 100 %"),
        ("attempt: {gain: 150 %}", "a gain of 150 % is not more than 0 and at most 100 %"),
        ("attempt: {gain: 50}", "50 has no %"),
        ("graded: pass-fail, attempt: mean", "exam is passed or failed: its attempts have no values to join"),
        (
            "graded: points, max: 40, linear: {1: 50 %, 5: 90 %}, minimum: 40 %, attempt: mean",
            "no single attempt counts, so there are no points of which 40 % could be asked",
        ),
        ("by: group, peer: {}, attempt: mean", "peer marks move the attempt that counts, and here no single one does"),
    ],
)
def test_what_is_wrong_with_it(plan: Any, part: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["validate", plan(f"  parts: [{{id: exam, retakes: 1, {part}}}]\n")[0]]) == 1
    assert said in " ".join(capsys.readouterr().out.split())


def test_the_mean_is_said_to_cost(plan: Any, capsys: pytest.CaptureFixture[str]) -> None:
    run(["validate", plan(MEAN)[0]])
    said = " ".join(capsys.readouterr().out.split())
    assert "in exam a worse retake lowers the grade, because the mean of the attempts counts" in said
