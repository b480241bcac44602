"""A small piece of the hunt for wrong verdicts: no report is rejected, and none accepted with one digit changed."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.verdicts import CLASSES, hunt, matters, spots, with_digit


@pytest.mark.parametrize("start", [1, 2, 3])
def test_no_verdict_is_wrong(start: int) -> None:
    tally = hunt(5 * CLASSES, start)
    assert tally.worlds == 5 * CLASSES
    assert tally.changed > tally.worlds * 3 // 4
    assert not tally.rejected, tally.rejected[0]
    assert not tally.accepted, tally.accepted[0]


def test_every_digit_is_a_spot() -> None:
    found = list(spots({"a": ["10/3", 25], "b": {"c": True, "d": None}}))
    assert [(spot.place, with_digit(spot, "7")) for spot in found] == [
        (("a", 0), "70/3"),
        (("a", 0), "17/3"),
        (("a", 0), "10/7"),
        (("a", 1), 75),
        (("a", 1), 27),
    ]


def test_what_no_grade_follows_from() -> None:
    late = {"step": "late", "part": "essay", "operands": [{"attempt": 1}]}
    attempts = [{"n": 1, "state": "scored"}, {"n": 2, "state": "closed"}]
    student = {"steps": [late], "parts": {"essay": {"attempts": attempts, "value": "3"}}, "activity": {"attended": 3}}
    asked = {
        (0, "score"): True,
        (0, "submitted"): True,
        (1, "score"): False,
        (1, "submitted"): False,
        (1, "units"): True,
    }
    assert {key: matters(student, ("parts", "essay", "attempts", *key)) for key in asked} == asked
    assert not matters(student, ("activity", "attended"))
    assert not matters(student, ("student",))
    assert matters(student, ("grade",))
