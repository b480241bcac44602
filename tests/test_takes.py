"""Parts that take the scores of another part (contract 11.2)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from class_reports import files, follows, report
from kurssi.cli import run
from strategies import World, examples, worlds
from test_reference import compare

HEAD = """kurssi: 1
course: {code: KH1, name: Ohjelmointi, credits: 5}
implementation: {id: KH1-2026}
assessment:
  evaluation_scale: 0-5
"""
REPLACED = """\
  basis: percent
  boundaries: [50, 60, 70, 80, 90]
  parts:
    - id: exams
      weight: 75
      best: 3
      parts:
        - {id: e1, graded: points, max: 100}
        - {id: e2, graded: points, max: 100}
        - {id: e3, graded: points, max: 100}
        - {id: replacement, takes: final}
    - {id: final, graded: points, max: 100, weight: 25}
"""
LATE = """\
  late: {deduct: 1, per: day, not_below: 0, free: {budget: 1 d, spend: %s}}
  parts:
    - {id: gate, weight: 0, takes: final, minimum: 3}
    - {id: final, weight: 60, due: 2026-03-02 12:00}
    - {id: essay, weight: 40, due: 2026-03-09 12:00}
"""


@examples(50)
@given(worlds(peers=False, exports=True, takes=True))
def test_takes(world: World) -> None:
    compare(world)


@examples(15)
@given(worlds(peers=True, takes=True))
def test_takes_with_peer_marks(world: World) -> None:
    compare(world)


@pytest.fixture
def plan(tmp_path: Path) -> Any:
    def write(parts: str, sheet: str = "", name: str = "plan") -> list[str]:
        return files(tmp_path, HEAD + parts, sheet, name)

    return write


def test_the_final_replaces_the_lowest_of_three_exams(
    plan: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The worked example of the contract."""
    found = report(plan(REPLACED, "student,e1,e2,e3,final\n1,60,80,70,90\n2,60,80,70,?\n"), capsys)
    one, two = found["students"]
    assert (one["exact"], one["grade"]) == ("82.5", 4)
    below = one["parts"]["exams"]["parts"]
    assert [(name, part["chosen"]) for name, part in below.items()] == [
        ("e1", False),
        ("e2", True),
        ("e3", True),
        ("replacement", True),
    ]
    assert below["replacement"]["source"] == one["parts"]["final"]["source"]
    assert [step["step"] for step in one["steps"] if step["part"] == "replacement"] == ["take", "convert", "gate"]
    assert two["range"] == [0, 1, 2, 3, 4]  # 750/9 + 25 is the most
    follows(found, tmp_path, capsys)


def test_the_scores_move_together_in_a_range(plan: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """Who passes has at least 3 in both: the mean of 3 in one and 0 in the other is out of reach."""
    parts = """\
  parts:
    - {id: exam, weight: 50, minimum: 3}
    - {id: again, takes: exam, weight: 50, required: false}
"""
    found = report(plan(parts, "student,exam\n1,?\n"), capsys)
    assert found["students"][0]["range"] == [0, 3, 4, 5]


def test_the_scores_move_together_through_the_gate_of_a_part_of_parts(
    plan: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    parts = """\
  parts:
    - {id: node, weight: 50, minimum: 3, parts: [{id: exam, weight: 100}]}
    - {id: again, takes: exam, weight: 50, required: false}
"""
    found = report(plan(parts, "student,exam\n1,?\n"), capsys)
    assert found["students"][0]["range"] == [0, 3, 4, 5]


def test_points_that_are_taken_are_added_up(plan: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    parts = """\
  basis: percent
  boundaries: [50, 60, 70, 80, 90]
  weigh: by-points
  parts:
    - {id: exam, graded: points, max: 40}
    - {id: work, graded: points, max: 20}
    - {id: again, takes: exam}
"""
    found = report(plan(parts, "student,exam,work\n1,30,20\n"), capsys)
    assert found["students"][0]["exact"] == "80"  # 30 + 20 + 30 of 100
    follows(found, tmp_path, capsys)


@pytest.mark.parametrize("spend", ["in-order", "where-it-helps"])
def test_free_time_is_spent_once_and_forgiven_in_both(
    plan: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str], spend: str
) -> None:
    sheet = "student,final,final submitted,essay,essay submitted\n1,3,2026-03-03 10:00,4,2026-03-10 10:00\n"
    found = report(plan(LATE % spend, sheet), capsys)
    parts = found["students"][0]["parts"]
    assert [parts[name]["attempts"][0]["forgiven"] for name in ("gate", "final", "essay")] == [1, 1, 0]
    assert [parts[name]["value"] for name in ("gate", "final", "essay")] == ["3", "3", "3"]
    follows(found, tmp_path, capsys)


def test_a_changed_report_does_not_follow(plan: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = report(plan(REPLACED, "student,e1,e2,e3,final\n1,60,80,70,90\n"), capsys)
    taken = found["students"][0]["parts"]["exams"]["parts"]["replacement"]
    taken["attempts"][0]["score"] = "91"
    (tmp_path / "report.json").write_text(json.dumps(found), "utf-8")
    assert run(["verify", str(tmp_path / "report.json")]) == 1
    assert "the attempts are not those of final" in capsys.readouterr().out


def test_a_column_for_it_is_named_as_unused(plan: Any, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = plan(REPLACED, "student,e1,e2,e3,final,replacement\n1,60,80,70,90,5\n")
    assert run(["grade", *arguments]) == 0
    said = capsys.readouterr().err
    assert "nothing uses these columns: replacement" in said
    assert "replacement takes the scores of final" in said


def test_the_page_and_the_steps_say_whose_scores_they_are(plan: Any, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = plan(REPLACED, "student,e1,e2,e3,final\n1,60,80,70,90\n")
    assert run(["plan", arguments[0]]) == 0
    assert "Its scores are those of final." in capsys.readouterr().out.replace("\n    ", " ")
    assert run(["explain", arguments[0], "1", arguments[1]]) == 0
    assert "the scores are those of final" in capsys.readouterr().out


def test_what_changed_in_the_scores_is_said_once(plan: Any, capsys: pytest.CaptureFixture[str]) -> None:
    old = plan(REPLACED, name="old")[0]
    new = plan(REPLACED.replace("max: 100, weight: 25", "max: 100, weight: 25, due: 2026-03-02"), name="new")[0]
    assert run(["compare", old, new]) == 0
    out = capsys.readouterr().out
    assert "final, deadline" in out
    assert "replacement, deadline" not in out


def test_the_policy_is_looked_at_with_whole_students(plan: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["policy", plan(REPLACED)[0], "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert "not-monotone" not in json.dumps(found["findings"] if "findings" in found else found["claims"])


MARKED = """\
  late: {deduct: 0.5, per: day}
  parts:
    - {id: essay, weight: 50, due: 2026-03-02 12:00, %s}
    - {id: again, weight: 50, takes: essay}
"""
MARKERS = "markers: {of: [A, B], within: 1}", "student,essay A,essay B,essay submitted\n1,3,4,2026-03-03 11:00\n"
RUBRIC = (
    "rubric: [{id: style, levels: {0: a, 3: b}}, {id: facts, levels: {0: c, 4: d}}]",
    "student,essay style,essay facts,essay submitted\n1,3,4,2026-03-03 11:00\n",
)


@pytest.mark.parametrize(("rule", "sheet"), [MARKERS, RUBRIC], ids=["markers", "rubric"])
def test_scores_of_several_cells_that_came_late(plan: Any, capsys: Any, rule: str, sheet: str) -> None:
    """How they come about is told once, where the cells are."""
    file, scores = plan(MARKED % rule, sheet)
    assert run(["explain", file, "1", scores, "--format", "json"]) == 0
    [student] = json.loads(capsys.readouterr().out)["students"]
    told = [(step["step"], step["part"]) for step in student["steps"]]
    made = "markers" if "markers" in rule else "rubric"
    assert (made, "essay") in told
    assert (made, "again") not in told
    assert (student["exact"], student["parts"]["again"]["value"]) == ("3", "3")
