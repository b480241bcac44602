"""The frozen worlds once more: every step of their reports follows again, and what an open part needs is the least.

``test_frozen`` holds the grades against what is written down; here the independent checker goes through the steps, and
a need is tried: the score itself reaches the grade, and one hundredth less does not.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from kurssi.course.yaml_reader import load
from kurssi.gradebook.gradebook import Gradebook
from kurssi.grading import Grader, Need, Override, needs
from kurssi.policy.model import Part, Policy, resolve
from kurssi.reports.json_report import document as report
from kurssi.values.classlist import OPEN, Attempt, Input, Student
from kurssi.verification import read_report, verify
from test_frozen import WORLDS, Data, checked, class_of, document

UNREAD = "what an export says of lateness counts only where the policy says so"
"""A world with something that score sheets are not asked for, so that a report cannot hold it."""

NAMES = [name for name, world in WORLDS.items() if not world.get("wrong") and world.get("about") != UNREAD]


def report_of(world: Data) -> bytes:
    """The report of a world, as ``kurssi grade -o report.json`` writes it."""
    text = document(world)
    file = checked(text)
    policy = resolve(file)
    classes = class_of(world, policy)
    as_of = date.fromisoformat(world["as_of"]) if world.get("as_of") else None
    overrides = {name: Override(*given) for name, given in world.get("overrides", {}).items()}
    results = tuple(Grader(policy, classes, as_of=as_of).results(classes.students, overrides))
    book = Gradebook(
        file, load(text.encode(), "x.yaml"), policy, classes, results, (Input("x.yaml", "0" * 64),), (), as_of
    )
    return report(book).encode()


@pytest.mark.parametrize("name", NAMES)
def test_every_step_follows(name: str) -> None:
    found = verify(read_report(report_of(WORLDS[name])))
    assert found.problems == []


# ---- what an open part needs -------------------------------------------------------------------------------


def with_score(student: Student, part: Part, number: int, attempt: Attempt) -> Student:
    """The student with another cell for one attempt."""
    given = list(student.attempts.get(part.id, ()))
    given += [Attempt("missing")] * (number - len(given))
    given[number - 1] = attempt
    return student._replace(attempts={**student.attempts, part.id: tuple(given)})


def top(policy: Policy, part: Part, given: Attempt | None) -> Attempt:
    """The best that a cell can hold."""
    if given is not None and given.among:
        return Attempt("scored", given.among[-1][1])
    if part.graded == "pass-fail":
        return Attempt("passed")
    return Attempt("scored", part.max if part.graded == "points" else Fraction(policy.scale.top))


def lower(policy: Policy, part: Part, attempt: Attempt, given: Attempt | None) -> Attempt | None:
    """The next lower score that a cell can hold; None below the lowest."""
    scale = policy.scale
    if part.components.all:
        return None
    if part.graded == "pass-fail":
        return Attempt("failed") if attempt.state == "passed" else None
    assert attempt.score is not None
    if given is not None and given.among:
        spans = [span for span in given.among if span[0] < attempt.score]
        less = [high if high < attempt.score else attempt.score - Fraction(1, 100) for _, high in spans]
        return Attempt("scored", less[-1]) if less else None
    step = Fraction(1) if part.graded == "grade" and scale.own else Fraction(1, 100)
    lowest = 0 if part.graded == "points" else scale.lowest
    return Attempt("scored", attempt.score - step) if attempt.score - step >= lowest else None


def some_below(policy: Policy, part: Part, attempt: Attempt, given: Attempt | None) -> list[Fraction]:
    """Some lower scores of all that a cell can hold; the score itself is one that it can hold."""
    if attempt.score is None:
        return []
    if given is not None and given.among:
        assert any(low <= attempt.score <= high for low, high in given.among)
        return [low for low, _ in given.among if low < attempt.score]
    step = Fraction(1) if part.graded == "grade" and policy.scale.own else Fraction(1, 100)
    lowest = Fraction(0 if part.graded == "points" else policy.scale.lowest)
    steps = (attempt.score - lowest) / step
    assert steps.denominator == 1
    return [lowest + step * number for number in range(0, int(steps), int(steps) // 6 + 1)]


def given_at(student: Student, need: Need) -> Attempt | None:
    """What the student has for the attempt that a need is of."""
    given = student.attempts.get(need.part.id, ())
    return given[need.attempt - 1] if need.attempt <= len(given) else None


def open_attempts(grader: Grader, student: Student, part: Part) -> list[int]:
    """The numbers of the attempts that are not graded yet or may still come."""
    given = enumerate(grader.leaf(part, student.attempts.get(part.id, ())).attempts, 1)
    return sorted({*(number for number, a in given if a.state in OPEN), *grader.coming(student, part)})


@pytest.mark.parametrize("name", [name for name in NAMES if any("range" in e for e in WORLDS[name]["expect"].values())])
def test_a_need_is_the_least_score(name: str) -> None:
    world = WORLDS[name]
    policy = resolve(checked(document(world)))
    classes = class_of(world, policy)
    as_of = date.fromisoformat(world["as_of"]) if world.get("as_of") else None
    grader = Grader(policy, classes, as_of=as_of)
    later = Grader(policy, classes)  # what is still missing then does not come
    for student in classes.students:
        found = needs(grader, student)
        waiting = {part.id for part in policy.leaves() for a in student.attempts.get(part.id, ()) if a.state in OPEN}
        assert waiting <= {need.part.id for need in found}
        for need in found:
            given = student.attempts.get(need.part.id, ())
            open_ones = [number for number, a in enumerate(given, 1) if a.state in OPEN]
            assert need.attempt in open_ones or need.attempt > len(given) or given[need.attempt - 1].state == "missing"
            if need.part.late is None or need.part.late.closes is None:  # what came too late is not open
                assert need.attempt <= min(open_ones, default=need.attempt)
            best = student
            for other in found:
                for number in open_attempts(grader, student, other.part):
                    best = with_score(best, other.part, number, top(policy, other.part, given_at(student, other)))
            alone = best
            for number in open_attempts(grader, student, need.part):
                alone = with_score(alone, need.part, number, Attempt("missing"))

            def grade(others: Student, attempt: Attempt, need: Need = need) -> int:
                return later.judge(with_score(others, need.part, need.attempt, attempt)).grade or policy.scale.lowest

            assert list(need.grades) == list(range(policy.scale.pass_grade, policy.scale.top + 1))
            there = given_at(student, need)
            for wanted, attempt in need.grades.items():
                others = alone if grade(alone, top(policy, need.part, there)) >= wanted else best
                if attempt is None:
                    assert grade(others, top(policy, need.part, there)) < wanted
                    continue
                assert grade(others, attempt) >= wanted
                less = lower(policy, need.part, attempt, there)
                assert less is None or grade(others, less) < wanted, (student.student, need.part.id, wanted)
                for score in some_below(policy, need.part, attempt, there):
                    assert grade(others, Attempt("scored", score)) < wanted, (student.student, need.part.id, wanted)
