"""What open attempts may become: of those that no later attempt tells apart only the first are gone on with."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given

from kurssi.grading import Grader
from kurssi.grading.ranges import boxes, reach
from kurssi.values.classlist import Attempt, Student
from strategies import World, examples, load, worlds

LONG_AGO = date(1, 1, 1)
LETTERS = {"values": ["F", "E", "D", "C", "B", "A"], "passes_from": "E"}


def policy_of(attempt: object, retakes: int, **more: object) -> Any:
    part = {"id": "exam", "weight": 100, "retakes": retakes, **more}
    if attempt is not None:
        part["attempt"] = attempt
    return load({"evaluation_scale": LETTERS, "parts": [part]}, None)


def held_against_all(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """From here on all boxes are held against those of every choice for every attempt; the sizes of both."""
    made, sizes = boxes.boxes, []

    def both(*given: Any) -> list[boxes.Box]:
        found = made(*given)
        with monkeypatch.context() as patch:
            patch.setattr(boxes, "_told_apart", lambda begun, *_: begun)
            every = made(*given)
        assert found == every
        sizes.append(len(found))
        return found

    monkeypatch.setattr(reach, "boxes", both)
    return sizes


@pytest.mark.parametrize("attempt", [None, "best", "latest", "mean", {"gain": "50 %"}])
@pytest.mark.parametrize("more", [{}, {"retake_at_most": 2}, {"minimum": 2}], ids=str)
def test_nothing_is_lost(monkeypatch: pytest.MonkeyPatch, attempt: object, more: dict[str, object]) -> None:
    if more.get("retake_at_most") and attempt in ("mean", {"gain": "50 %"}):
        more = {}
    grader = Grader(policy_of(attempt, 2, **more), as_of=LONG_AGO)
    sizes = held_against_all(monkeypatch)
    marks = [Attempt("missing"), Attempt("failed"), Attempt("excused"), Attempt("ungraded")]
    for first in marks:
        for second in marks:
            grader.grade(Student("1", attempts={"exam": (first, second)}))
    assert sizes


@examples(25)
@given(worlds())
def test_nothing_is_lost_in_any_class(world: World) -> None:
    policy = world.policy()
    classes = world.class_list(policy)
    with pytest.MonkeyPatch.context() as patch:
        held_against_all(patch)
        for as_of in (world.as_of, LONG_AGO):
            grader = Grader(policy, classes, as_of=as_of)
            for student in classes.students:
                grader.grade(student)


def test_five_open_attempts_are_few_ways(monkeypatch: pytest.MonkeyPatch) -> None:
    graded = 0
    made = boxes._ends

    def counted(*given: Any) -> Any:
        nonlocal graded
        graded += 1
        return made(*given)

    monkeypatch.setattr(boxes, "_ends", counted)
    result = Grader(policy_of(None, 4), as_of=LONG_AGO).grade(Student("1"))
    assert result.range == (0, 1, 2, 3, 4, 5)
    assert graded < 2000  # all together they are 8 × 8 × 8 × 8 × 8
