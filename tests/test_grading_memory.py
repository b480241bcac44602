"""What a grader remembers of others changes nothing: on generated policies, and classes whose students are alike."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from hypothesis import given

from effort import MORE
from kurssi.grading import Explainer, Grader, explanation
from kurssi.grading import grader as grader_module
from kurssi.grading.compiled import leaf, paths, siblings
from kurssi.values.classlist import Student
from strategies import World, examples, worlds

MIXED = 9 if MORE == 1 else 25
"""So many students are put together from the cells of each world."""


def students_of(world: World) -> Iterator[Student]:
    """The world's students, and others who have for each part the cells of one of them.

    They share cells and sums as the students of a large class do, so that what is known of one is used for another.
    """
    own = world.class_list(world.policy()).students
    yield from own
    dice = random.Random(len(repr(own)))
    parts = sorted({part for student in own for part in student.attempts})
    for number in range(MIXED):
        attempts = {part: dice.choice(own).attempts.get(part, ()) for part in parts}
        donor = dice.choice(own)
        yield Student(f"m{number}", attempts=attempts, level=donor.level, attended=donor.attended)
    yield from own  # once more, when much is known


def compare(world: World) -> None:
    policy = world.policy()
    class_list = world.class_list(policy)
    judging, grading = (Grader(policy, class_list, as_of=world.as_of) for _ in range(2))
    explainer = Explainer(policy)
    for student in students_of(world):
        fresh = Grader(policy, class_list, as_of=world.as_of)
        wanted = fresh.grade(student)
        verdict = judging.judge(student)
        assert verdict == Grader(policy, class_list, as_of=world.as_of).judge(student), student.attempts
        assert (verdict.status, verdict.grade, verdict.exact) == (wanted.status, wanted.grade, wanted.exact)
        found = grading.grade(student)
        assert found == wanted, student.attempts
        assert explainer.steps(found) == Explainer(policy).steps(wanted), student.attempts


@examples(40)
@given(worlds(peers=False, open_cells=False))
def test_nothing_open(world: World) -> None:
    compare(world)


@examples(8)  # several ways with open cells take a second to work out
@given(worlds(peers=False))
def test_open_cells(world: World) -> None:
    compare(world)


@examples(20)
@given(worlds(peers=True))
def test_peer_marks(world: World) -> None:
    compare(world)


@examples(10)
@given(worlds(peers=False, open_cells=False))
def test_what_is_forgotten_is_worked_out_again(world: World) -> None:
    forgetting(world)


@examples(5)
@given(worlds(peers=False, ways=False))
def test_what_is_forgotten_of_open_cells_is_worked_out_again(world: World) -> None:
    """Without ways: what can still be reached by several of them takes a second to work out, over and over."""
    forgetting(world)


def forgetting(world: World) -> None:
    with pytest.MonkeyPatch.context() as patch:
        for module in (siblings, leaf, paths, grader_module, explanation):
            patch.setattr(module, "MOST_KEPT", 2)
        compare(world)
