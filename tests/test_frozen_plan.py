"""The plan over the frozen worlds: nothing is generated, so that mutants of the plan are told apart in seconds.

Students are put together from the cells of each world, the same ones every time, in an order in which much is known
when it is needed again. What the plan says of each is compared with the core, whose verdicts ``test_frozen`` holds
against the corpus.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date

import pytest

from kurssi.classlist import Student
from kurssi.grading import Grader
from kurssi.grading import plan as plan_module
from kurssi.grading.plan import Plan
from kurssi.policy import resolve
from test_frozen import WORLDS, checked, class_of, document

MIXED = 12
"""So many students are put together from the cells of each world."""

BATCHES = 20
"""Worlds are spread over so many tests."""


def mixed(own: tuple[Student, ...]) -> Iterator[Student]:
    """The students, others with for each part the cells of one of them, and all of them once more."""
    dice = random.Random(1)
    parts = sorted({part for student in own for part in student.attempts})
    made = list(own)
    for number in range(MIXED):
        attempts = {}
        for part in parts:
            attempts[part] = dice.choice(own).attempts.get(part, ())
        made.append(
            Student(f"m{number}", attempts=attempts, level=dice.choice(own).level, attended=dice.choice(own).attended)
        )
    yield from made
    yield from reversed(made)


@pytest.mark.parametrize("most", [1 << 16, 2])
@pytest.mark.parametrize("batch", range(BATCHES))
def test_as_the_core(batch: int, most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan_module, "MOST_KEPT", most)
    for name in list(WORLDS)[batch :: BATCHES if most > 2 else 2 * BATCHES]:
        world = WORLDS[name]
        policy = resolve(checked(document(world)))
        classes = class_of(world, policy)
        grader = Grader(policy, classes, as_of=date.fromisoformat(world["as_of"]) if world.get("as_of") else None)
        plan = Plan(grader)
        for student in mixed(classes.students):
            wanted = grader.grade(student)
            assert plan.judge(student) == grader.judge(student)[1], (name, student)
            assert plan.result(student) == wanted, (name, student)
            assert plan.result(student, steps=False) == wanted._replace(steps=()), (name, student)
