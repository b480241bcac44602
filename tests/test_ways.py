"""Ways to a grade (contract 11.2)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from class_reports import files, follows, report
from kurssi.cli import run
from strategies import World, examples, worlds
from test_properties import (
    WORDS,
    cells_of,
    graded,
    higher_scores,
    may_pay,
    not_lower,
    pick,
    raw_minimum,
    raw_when_taken,
)
from test_reference import compare

HEAD = """kurssi: 1
course: {code: KH1, name: Ohjelmointi, credits: 5}
implementation: {id: KH1-2026}
assessment:
  evaluation_scale: 0-5
"""
BETTER = """\
  basis: percent
  boundaries: [50, 60, 70, 80, 90]
  ways:
    - id: even
      name: Even
      parts:
        - {id: hw, graded: points, max: 100, weight: 20}
        - {id: mid, graded: points, max: 100, weight: 25}
        - {id: final, graded: points, max: 100, weight: 55}
    - id: by_final
      name: By the final
      parts:
        - {id: hw_b, takes: hw, weight: 20}
        - {id: mid_b, takes: mid, weight: 10}
        - {id: final_b, takes: final, weight: 70}
"""
INSIDE = """\
  parts:
    - {id: essay, weight: 40}
    - id: exams
      weight: 60
      ways:
        - {id: mids, parts: [{id: m1, weight: 50, required: true}, {id: m2, weight: 50}]}
        - {id: one, parts: [{id: exam, weight: 100, required: true}]}
"""


@examples(35)
@given(worlds(peers=False, exports=True, ways=True))
def test_ways(world: World) -> None:
    compare(world)


@examples(35)
@given(worlds(peers=False, open_cells=False, ways=True))
def test_ways_with_nothing_open(world: World) -> None:
    compare(world)


@examples(35)
@given(worlds(peers=False, ways=True), st.data())
def test_a_better_score_never_lowers_where_no_finding_says_so(world: World, data: st.DataObject) -> None:
    assume(not may_pay(world))
    raw = raw_when_taken(world)
    options = [
        (part, attempts[number])
        for part, number, attempts in cells_of(world)
        if attempts[number]["score"] not in WORDS and not raw_minimum(part) and part["id"] not in raw
    ]
    part, cell = pick(data, options)
    score = pick(data, higher_scores(world, part, cell["score"]))
    _, before = graded(world)
    cell["score"] = score
    _, after = graded(world)
    not_lower(before, after)


@pytest.fixture
def plan(tmp_path: Path) -> Any:
    def write(parts: str, sheet: str = "", name: str = "plan") -> list[str]:
        return files(tmp_path, HEAD + parts, sheet, name)

    return write


def test_the_better_of_two_schemes(plan: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The worked example of the contract."""
    found = report(plan(BETTER, "student,hw,mid,final\n1,90,40,80\n2,50,90,40\n3,90,40,?\n"), capsys)
    one, two, three = found["students"]
    assert (one["exact"], one["grade"]) == ("78", 3)
    assert one["ways"] == [
        {"id": "even", "passed": True, "value": "72", "counts": False},
        {"id": "by_final", "passed": True, "value": "78", "counts": True},
    ]
    assert (two["exact"], [way["counts"] for way in two["ways"]]) == ("54.5", [True, False])
    assert three["range"] == [0, 1, 2, 3, 4, 5]
    assert [way["id"] for way in found["policy"]["resolved"]["ways"]] == ["even", "by_final"]
    follows(found, tmp_path, capsys)


def test_a_cap_holds_the_way_that_counts(plan: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = report(plan(BETTER + "  cap: 75 %\n", "student,hw,mid,final\n1,90,40,80\n2,90,40,?\n"), capsys)
    one, two = found["students"]
    assert (one["exact"], one["grade"]) == ("75", 3)
    assert [step["step"] for step in one["steps"] if step["part"] is None] == ["way", "cap", "round", "grade"]
    assert two["range"] == [0, 1, 2, 3]
    follows(found, tmp_path, capsys)


def test_all_ways_are_told(plan: Any, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = plan(BETTER, "student,hw,mid,final\n1,90,40,80\n")
    assert run(["explain", arguments[0], "1", arguments[1]]) == 0
    out = capsys.readouterr().out
    assert "0.20 × 90 (hw) + 0.25 × 40 (mid) + 0.55 × 80 (final) = 72" in out
    assert "By the final counts: Even (72 %), By the final (78 %)" in out
    assert run(["plan", arguments[0]]) == 0
    assert "There are 2 ways: Even, By the final." in " ".join(capsys.readouterr().out.split())


def test_passed_gates_come_first(plan: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sheet = "student,essay,m1,m2,exam\n1,3,-,5,2\n2,3,-,5,-\n3,3,3,3,3\n4,3,,,\n"
    found = report(plan(INSIDE, sheet), capsys)
    exams = [student["parts"]["exams"] for student in found["students"]]
    assert [[way["counts"] for way in part["ways"]].index(True) for part in exams] == [1, 0, 0, 0]
    assert [part["value"] for part in exams] == ["2", "2.5", "3", "0"]
    assert [student["grade"] for student in found["students"]] == [2, 0, 3, 0]
    assert [reason["part"] for reason in found["students"][1]["reasons"]] == ["m1"]
    follows(found, tmp_path, capsys)


def test_a_way_of_which_all_is_excused_comes_last(
    plan: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It has no value, and so none that is larger; nor has the student a grade where no way has one."""
    ways = "  ways: [{id: by_exam, parts: [{id: exam}]}, {id: by_essay, parts: [{id: essay}]}]\n"
    found = report(plan(ways, "student,exam,essay\n1,EX,3\n2,2,EX\n3,EX,AHOT\n"), capsys)
    assert [(student["status"], student["grade"]) for student in found["students"]] == [
        ("graded", 3),
        ("graded", 2),
        ("incomplete", None),
    ]
    follows(found, tmp_path, capsys)


def test_better_work_that_lowers_a_grade_is_found(plan: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """While both ways fail the larger value counts, and who passes the other one has less."""
    optional = INSIDE.replace("      weight: 60\n", "      weight: 60\n      required: false\n")
    sheet = "student,essay,m1,m2,exam\n1,3,0,5,0\n2,3,0,5,1\n"
    arguments = plan(optional, sheet)
    found = report(arguments, capsys)
    assert [student["exact"] for student in found["students"]] == ["2.7", "1.8"]
    assert run(["validate", arguments[0]]) == 0
    assert "warning[not-monotone]" in capsys.readouterr().out
    assert run(["policy", arguments[0], "--format", "json"]) == 0
    assert "not-monotone" in capsys.readouterr().out
    assert run(["validate", plan(INSIDE, name="required")[0]]) == 0
    assert "not-monotone" not in capsys.readouterr().out


def test_the_least_that_is_needed_where_a_worse_way_comes_first(plan: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """Without the exam 0.4 × 3 + 0.6 × 2.5 = 2.7; with a pass 1.2 + 0.6 × exam, which is less at first."""
    optional = INSIDE.replace("      weight: 60\n", "      weight: 60\n      required: false\n")
    arguments = plan(optional, "student,essay,m1,m2,exam\n1,3,0,5,?\n")
    assert run(["explain", arguments[0], "1", arguments[1], "--needed", "--format", "json"]) == 0
    needed = json.loads(capsys.readouterr().out)["needed"]
    assert needed[0]["grades"] == {"1": "0", "2": "0", "3": "0", "4": "3.84", "5": None}


def test_free_time_does_not_open_a_way_that_is_worth_less(
    plan: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each a day late, one day free: 70; 72 if spent on a, 78 on b; on the lab 15, which passes. None passes in all."""
    policy = """\
  basis: percent
  boundaries: [80, 85, 90, 94, 97]
  late: {deduct: 10 %, of: max, per: day, free: {budget: 1 d, spend: where-it-helps}}
  ways:
    - id: course
      parts:
        - {id: a, graded: points, max: 100, weight: 20, due: 2026-02-02 12:00}
        - {id: b, graded: points, max: 100, weight: 80, due: 2026-02-09 12:00}
        - {id: talk, graded: pass-fail}
    - id: alone
      parts: [{id: lab, graded: points, max: 100, minimum: 10, due: 2026-02-16 12:00}]
"""
    heads = "student,a,a submitted,b,b submitted,talk,lab,lab submitted"
    sheet = f"{heads}\n1,80,2026-02-03 11:00,80,2026-02-10 11:00,-,15,2026-02-17 11:00\n"
    found = report(plan(policy, sheet), capsys)
    assert (found["students"][0]["exact"], found["students"][0]["grade"]) == ("78", 0)
    follows(found, tmp_path, capsys)


def test_a_leaf_stands_in_one_way(plan: Any, capsys: pytest.CaptureFixture[str]) -> None:
    twice = BETTER.replace("{id: hw_b, takes: hw,", "{id: hw, graded: points, max: 100,")
    assert run(["validate", plan(twice)[0]]) == 1
    out = " ".join(capsys.readouterr().out.split())
    assert "let one part have the scores, and the others ids of their own and takes: hw" in out


def test_a_lock_holds_the_ways(plan: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = plan(BETTER, "student,hw,mid,final\n1,90,40,80\n")
    assert run(["lock", *arguments, "-o", str(tmp_path / "plan.lock")]) == 0
    assert run(["verify", str(tmp_path / "plan.lock")]) == 0, capsys.readouterr().err


def test_ways_are_compared(plan: Any, capsys: pytest.CaptureFixture[str]) -> None:
    old = plan(BETTER, "student,hw,mid,final\n1,90,40,100\n", name="old")
    new = plan(BETTER.replace("takes: mid, weight: 10", "takes: mid, weight: 30").replace(
        "takes: final, weight: 70", "takes: final, weight: 50"), name="new")  # fmt: skip
    assert run(["compare", old[0], new[0], old[1]]) == 0
    out = capsys.readouterr().out
    assert "mid_b, weight: 10 % → 30 %" in out
    assert "1: 5 → 4" in out


@pytest.mark.parametrize("given", ["  ways: []\n", "  ways: {a: 3}\n"])
def test_one_fault_is_said_once(plan: Any, capsys: pytest.CaptureFixture[str], given: str) -> None:
    assert run(["validate", plan(given)[0]]) == 1
    assert capsys.readouterr().out.count("error[") == 1
