"""Grades that require something beside several ways, and beside scores that several parts read (11.2, 11.5)."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given

from class_reports import files, graded, said
from kurssi.cli import run
from kurssi.verification import read_report, verify
from strategies import World, examples, worlds
from test_reference import compare
from test_verify import report_of

Capture = pytest.CaptureFixture[str]
PLAN = """kurssi: 1
course: {code: KH1, name: Ohjelmointi, credits: 5}
implementation: {id: KH1-2026, language: en}
assessment:
  evaluation_scale: 0-5
  requires: {1: {hw: pass}, 4: {final: 4}}
  ways:
    - id: both
      name: Both
      parts: [{id: hw, name: Homework, weight: 40, required: false}, {id: final, name: Final, weight: 60}]
    - id: exam
      name: Exam alone
      parts: [{id: alone, takes: final, weight: 100}]
"""
SHEET = "student,hw,final\n1,5,3.4\n2,2,5\n3,0,5\n4,?,5\n5,5,?\n"


def test_what_is_required_is_looked_at_in_every_way(tmp_path: Path, capsys: Capture) -> None:
    """4.04 by both, but the exam lacks 4; then 5 by the exam alone, with homework passed in the other way, or not."""
    found = graded(files(tmp_path, PLAN, SHEET), tmp_path, capsys)["students"]
    assert [(one["exact"], one["grade"]) for one in found[:3]] == [("4.04", 3), ("5", 5), ("5", 0)]
    assert [one["range"] for one in found[3:]] == [[0, 5], [0, 3, 4, 5]]
    assert [(one["part"], one["grade"]) for one in found[2]["reasons"]] == [("hw", 1)]


def test_an_open_part_must_bring_what_is_required(tmp_path: Path, capsys: Capture) -> None:
    arguments = files(tmp_path, PLAN, SHEET)
    assert run(["explain", arguments[0], "5", arguments[1], "--needed"]) == 0
    assert "3 1 4 4 5 4.17" in said(capsys)


def test_requirements_decide_alone(tmp_path: Path, capsys: Capture) -> None:
    plan = PLAN.replace("weight: 40, ", "").replace(", weight: 60", "").replace(", weight: 100", "")
    plan = plan.replace("  requires", "  basis: requirements\n  requires")
    found = graded(files(tmp_path, plan, SHEET), tmp_path, capsys)["students"]
    assert [one["grade"] for one in found] == [1, 4, 0, None, None]


def test_a_way_itself_is_no_part(tmp_path: Path, capsys: Capture) -> None:
    assert run(["validate", *files(tmp_path, PLAN.replace("final: 4", "exam: 4"))]) == 1
    assert "exam is a way, and a grade requires something of parts" in said(capsys)


def test_policy_says_what_is_required(tmp_path: Path, capsys: Capture) -> None:
    assert run(["policy", *files(tmp_path, PLAN)]) == 0
    text = said(capsys)
    assert "The grade 4 requires: at least 4 in Final." in text
    assert "Homework – 0 2 –" in text


@examples(15)
@given(worlds(peers=False, open_cells=False, takes=True, ways=True, requires=True))
def test_generated_classes(world: World) -> None:
    compare(world)
    assert verify(read_report(report_of(world))).problems == []


@examples(4)  # what can still be reached by several ways takes a second to work out
@given(worlds(peers=False, takes=True, ways=True, requires=True))
def test_open_cells(world: World) -> None:
    compare(world)
