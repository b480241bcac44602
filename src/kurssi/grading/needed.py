"""What an open part must bring for each grade."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import partial
from typing import NamedTuple

from kurssi.policy.model import Part, Policy
from kurssi.values.classlist import OPEN, Attempt, Span, Student

from .grader import Grader

FINENESS = 100
"""Scores are looked for in steps of 1/100, as score sheets write them; a need is rounded up to one."""


class Need(NamedTuple):
    """An open attempt, and the least score with which each grade is reached.

    ``None`` where no score reaches the grade. All other open parts count with their best.
    """

    part: Part
    attempt: int
    grades: Mapping[int, Attempt | None]


def needs(grader: Grader, student: Student) -> list[Need]:
    """What every open attempt must bring for each grade from the pass grade on; empty where nothing is open."""
    calm = Grader(grader.policy, shares=grader.shares)
    open_cells = [(part, number) for part in grader.policy.leaves() if (number := _open(grader, student, part))]
    out = []
    for part, number in open_cells:
        others = student
        for other, count in open_cells:
            if other is not part:
                others = _with(others, other, count, _scores(grader, student, other, count)[-1])
        out.append(Need(part, number, _least(calm, others, part, number)))
    return out


def _open(grader: Grader, student: Student, part: Part) -> int | None:
    """The number of the first attempt that is not graded yet, or may still come."""
    result = grader.leaf(part, student.attempts.get(part.id, ()))
    waiting = [a.number for a in result.attempts if a.state in OPEN]
    return min([*waiting, *grader.coming(student, part)], default=None)


def _scores(grader: Grader, student: Student, part: Part, number: int) -> Sequence[Attempt]:
    """Every score that the attempt may get, from the lowest to the top, in steps of :data:`FINENESS`."""
    scale = grader.policy.scale
    known = student.attempts.get(part.id, ())[number - 1 : number]
    if known and known[0].among:
        return [Attempt("scored", score) for span in known[0].among for score in _within(span)]
    if not part.valued:
        return [Attempt("failed"), Attempt("passed")]
    if part.in_grades and scale.own:
        return [Attempt("scored", Fraction(grade)) for grade in scale.grades]
    low, high = part.ends(scale)
    steps = int(((high or low) - low) * FINENESS)
    return [Attempt("scored", low + Fraction(n, FINENESS)) for n in range(steps + 1)]


def _within(span: Span) -> Iterator[Fraction]:
    low, high = span
    yield from (low + Fraction(n, FINENESS) for n in range(int((high - low) * FINENESS) + 1))


def _least(grader: Grader, student: Student, part: Part, number: int) -> dict[int, Attempt | None]:
    scale, scores = grader.policy.scale, _scores(grader, student, part, number)

    def reaches(index: int, grade: int) -> bool:
        got = grader.judge(_with(student, part, number, scores[index])).grade
        return got is not None and got >= grade

    find = _first if _may_fall(grader.policy) else _first_of_rising
    grades: dict[int, Attempt | None] = {}
    start = 0
    for grade in range(scale.pass_grade, scale.top + 1):
        start = find(start, len(scores), partial(reaches, grade=grade))
        grades[grade] = scores[start] if start < len(scores) else None
    return grades


def _may_fall(policy: Policy) -> bool:
    """Whether a better score can lower the grade: it costs something, or a way counts that is passed but worth less."""
    return policy.takes_away or any(part.of_ways for part in policy.all_parts())


def _first(start: int, end: int, reaches: Callable[[int], bool]) -> int:
    """The first number that reaches something; the end where none does."""
    return next((index for index in range(start, end) if reaches(index)), end)


def _first_of_rising(start: int, end: int, reaches: Callable[[int], bool]) -> int:
    """The same by halving, where all after it reach it too."""
    while start < end:
        middle = (start + end) // 2
        if reaches(middle):
            end = middle
        else:
            start = middle + 1
    return start


def _with(student: Student, part: Part, number: int, attempt: Attempt) -> Student:
    attempts = list(student.attempts.get(part.id, ()))
    attempts += [Attempt("missing")] * (number - len(attempts))
    attempts[number - 1] = attempt
    return student._replace(attempts={**student.attempts, part.id: tuple(attempts)})
