"""Free late time: at most so much for an attempt, and whole or not at all (contract 11.7, worked example of 11.9)."""

from __future__ import annotations

import json
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
  parts:
    - {id: first, weight: 50, due: 2026-02-02 12:00}
    - {id: second, weight: 50, due: 2026-02-16 12:00}
"""
ROW = "student,first,first submitted,second,second submitted\n"


@pytest.fixture
def plan(tmp_path: Path) -> Any:
    def write(late: str, rows: str = "", head: str = HEAD) -> list[str]:
        return files(tmp_path, f"{head}  late: {late}\n", rows and ROW + rows)

    return write


def forgiven(report: Any) -> list[list[int]]:
    return [
        [student["parts"][part]["attempts"][0]["forgiven"] for part in ("first", "second")]
        for student in report["students"]
    ]


TWO_AND_TWO = "1,4,2026-02-04 11:00,4,2026-02-18 11:00\n"


def test_the_worked_example(plan: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = graded(plan("{deduct: 0.5, free: {budget: 3 d, whole: true}}", TWO_AND_TWO), tmp_path, capsys)
    assert forgiven(report) == [[2, 0]]
    assert (report["students"][0]["exact"], report["students"][0]["grade"]) == ("3.5", 4)
    assert report["policy"]["resolved"]["free"] == {"budget": "3 d", "spend": "in-order", "whole": True}


def test_without_whole_the_rest_goes_to_the_next(plan: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = graded(plan("{deduct: 0.5, free: {budget: 3 d}}", TWO_AND_TWO), tmp_path, capsys)
    assert forgiven(report) == [[2, 1]]


@pytest.mark.parametrize(
    ("free", "spent"),
    [
        ("budget: 3 d, at_most: 1 d", [1, 1]),
        ("budget: 3 d, at_most: 1 d, whole: true", [0, 0]),
        ("budget: 2 d, at_most: 2 d, whole: true", [2, 0]),
        ("budget: 3 d, at_most: 1 d, spend: where-it-helps", [1, 1]),
        ("budget: 3 d, whole: true, spend: where-it-helps", [2, 0]),
        ("budget: 4 d, whole: true, spend: where-it-helps", [2, 2]),
    ],
)
def test_what_one_attempt_may_take(
    plan: Any, free: str, spent: list[int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = graded(plan(f"{{deduct: 1, free: {{{free}}}}}", TWO_AND_TWO), tmp_path, capsys)
    assert forgiven(report) == [spent]


def test_what_does_not_fit_is_skipped_and_the_next_may_spend(
    plan: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = "1,4,2026-02-06 11:00,4,2026-02-18 11:00\n"  # four days, then two
    report = graded(plan("{deduct: 0.5, free: {budget: 3 d, whole: true}}", rows), tmp_path, capsys)
    assert forgiven(report) == [[0, 2]]


def test_verify_sees_what_may_not_be_forgiven(plan: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    late = "{deduct: 1, free: {budget: 3 d, at_most: 1 d, spend: where-it-helps}}"
    report = graded(plan(late, TWO_AND_TWO), tmp_path, capsys)
    report["students"][0]["parts"]["first"]["attempts"][0]["forgiven"] = 2
    (tmp_path / "report.json").write_text(json.dumps(report), "utf-8")
    assert run(["verify", str(tmp_path / "report.json")]) == 1
    assert "the policy does not let 2 late units of first be forgiven" in " ".join(capsys.readouterr().out.split())


def test_the_page_says_so(plan: Any, tmp_path: Path) -> None:
    page = tmp_path / "plan.md"
    assert run(["plan", plan("{deduct: 1, free: {budget: 6 d, at_most: 2 d, whole: true}}")[0], "-o", str(page)]) == 0
    text = " ".join(page.read_text("utf-8").split())
    assert "Of one part at most 2 d are forgiven. All the late time of a part is forgiven, or none of it." in text


def test_policy_shows_that_an_earlier_hand_in_can_cost(plan: Any, capsys: pytest.CaptureFixture[str]) -> None:
    head = HEAD.replace("weight: 50, due: 2026-02-02", "weight: 10, due: 2026-02-02").replace(
        "weight: 50", "weight: 90"
    )
    assert run(["policy", plan("{deduct: 1, free: {budget: 3 d, whole: true}}", head=head)[0]]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "handing first in earlier can lower the grade: it then takes free late time that second needs" in said


@pytest.mark.parametrize(
    ("free", "said"),
    [
        ("budget: 3 d, at_most: 36 h", "what one attempt may take is not a whole number of units (per: day)"),
        ("budget: 3 d, at_most: 0 d", "what one attempt may take is not a whole number of units (per: day)"),
        ("budget: 3 d, at_most: 4 d", "one attempt may take more than the whole budget, 3 d"),
    ],
)
def test_what_is_wrong_with_it(plan: Any, free: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["validate", plan(f"{{deduct: 1, free: {{{free}}}}}")[0]]) == 1
    assert said in " ".join(capsys.readouterr().out.split())


def test_compare_names_them(plan: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    new = plan("{deduct: 1, free: {budget: 6 d, at_most: 2 d, whole: true}}")[0]
    old = tmp_path / "old.yaml"
    old.write_text(f"{HEAD}  late: {{deduct: 1, free: {{budget: 6 d}}}}\n", "utf-8")
    assert run(["compare", str(old), new]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "at most 2 d of one part, all of a part or nothing" in said


@pytest.mark.parametrize(
    ("free", "said"),
    [
        ("budget: 3 d, whole: true", "of the free late time, 3 d, too little is left beside first"),
        ("budget: 3 d, at_most: 1 d", "one attempt takes 1 d of the free late time at most"),
        ("budget: 3 d, at_most: 1 d, whole: true", "is for all of it or none, and one attempt takes 1 d at most"),
        ("budget: 1 d, whole: true", "the free late time, 1 d, is shorter than that"),
    ],
)
def test_an_explanation_says_why_none_is_spent(
    free: str, said: str, plan: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = plan(f"{{deduct: 0.5, free: {{{free}}}}}", TWO_AND_TWO)
    assert run(["explain", arguments[0], "1", arguments[1], "--lang", "en"]) == 0
    assert said in " ".join(capsys.readouterr().out.split())
