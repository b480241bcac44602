"""The plan says of every student what the core says: on generated policies, and classes whose students are alike."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from hypothesis import given

from kurssi.grading import Grader
from kurssi.grading import plan as plan_module
from kurssi.grading.plan import Plan
from kurssi.grading.telling import Teller
from kurssi.values.classlist import Student
from strategies import World, examples, worlds

MIXED = 25
"""So many students are put together from the cells of each world."""


def students_of(world: World) -> Iterator[Student]:
    """The world's students, and others who have for each part the cells of one of them.

    They share cells and sums as the students of a large class do, so that what the plan knows of one is used for
    another.
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
    grader = Grader(world.policy(), as_of=world.as_of)
    plan = Plan(grader)
    teller = Teller(plan)
    for student in students_of(world):
        assert plan.judge(student) == grader.judge(student)[1], student.attempts
        assert teller.result(student) == grader.grade(student), student.attempts
        assert teller.result(student, steps=False) == grader.grade(student, steps=False)


@examples(250)
@given(worlds(peers=False, open_cells=False))
def test_nothing_open(world: World) -> None:
    compare(world)


@examples(100)
@given(worlds(peers=False))
def test_open_cells(world: World) -> None:
    compare(world)


@examples(60)
@given(worlds(peers=True))
def test_peer_marks_are_left_to_the_core(world: World) -> None:
    policy = world.policy()
    class_list = world.class_list(policy)
    grader = Grader(policy, class_list)
    plan = Plan(grader)
    for student in class_list.students:
        assert plan.judge(student) == grader.judge(student)[1]


@examples(40)
@given(worlds(peers=False))
def test_what_is_forgotten_is_worked_out_again(world: World) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plan_module, "MOST_KEPT", 2)
        compare(world)
