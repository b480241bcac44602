"""The compiled plan grades as the core does, student by student, in every field."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kurssi.classlist import Student
from kurssi.grading import Grader, Override, Result, grade_class
from kurssi.grading import plan as compiled
from kurssi.grading.plan import Plan, Verdict
from kurssi.policy import Policy
from strategies import World, examples, worlds

FIELDS = ("status", "grade", "exact", "rounded", "raised", "range", "reasons")


def same(verdict: Verdict, result: Result) -> None:
    for field in FIELDS:
        assert getattr(verdict, field) == getattr(result, field), field


def shuffled(students: tuple[Student, ...], world: World) -> list[Student]:
    """More students from the cells of a few: each part from another one."""
    parts = list(students[0].attempts) if students else []
    mixed = list(students)
    for turn in range(1, 2 * len(parts) + 1):
        for number, student in enumerate(students):
            attempts = {
                part: students[(number + (turn >> place)) % len(students)].attempts.get(part, ())
                for place, part in enumerate(parts)
            }
            other = students[(number + turn) % len(students)]
            mixed.append(student._replace(attempts=attempts, level=other.level, attended=other.attended))
    return mixed


def compare(policy: Policy, world: World) -> None:
    students = shuffled(world.class_list(policy).students, world)
    grader = Grader(policy, as_of=world.as_of)
    wanted = [grader.grade(student) for student in students]
    plan = Plan(policy, as_of=world.as_of)
    for _ in range(2):  # what is remembered must not change anything
        for verdict, result in zip(plan.verdicts(students), wanted, strict=True):
            same(verdict, result)
        assert list(plan.results(students)) == wanted
    assert list(plan.results(students, steps=False)) == [result._replace(steps=()) for result in wanted]


@examples(300)
@given(worlds(peers=False))
def test_any_policy_and_class(world: World) -> None:
    compare(world.policy(), world)


@examples(100)
@given(worlds(peers=False, open_cells=False))
def test_nothing_open(world: World) -> None:
    compare(world.policy(), world)


@examples(60)
@given(worlds(peers=False))
def test_a_mark_by_hand_is_the_cores_affair(world: World) -> None:
    policy = world.policy()
    classes = world.class_list(policy)
    marks = {classes.students[0].student: Override(policy.scale.top, "reason", "who", "2024-03-05")}
    wanted = list(grade_class(policy, classes, marks, as_of=world.as_of))
    assert list(Plan(policy, as_of=world.as_of).results(classes.students, marks)) == wanted


@examples(60)
@given(worlds(peers=False), st.integers(0, 3))
def test_forgetting_changes_nothing(world: World, most: int) -> None:
    kept = compiled.MOST, compiled.CHUNK
    compiled.MOST, compiled.CHUNK = most, 3
    try:
        compare(world.policy(), world)
    finally:
        compiled.MOST, compiled.CHUNK = kept
