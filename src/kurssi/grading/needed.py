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

    ``None`` where no score reaches the grade. All other open parts count with their best. Other open attempts at the
    same part count as not handed in, or with their best where a grade is not reached without them.
    """

    part: Part
    attempt: int
    grades: Mapping[int, Attempt | None]


def needs(grader: Grader, student: Student) -> list[Need]:
    """What every open attempt must bring for each grade from the pass grade on; empty where nothing is open."""
    calm = Grader(grader.policy, shares=grader.shares)
    open_parts = {part: numbers for part in grader.policy.leaves() if (numbers := _open(grader, student, part))}
    best = student._replace(
        attempts={**student.attempts, **{part.id: _at_best(grader, student, part) for part in open_parts}}
    )
    out = []
    for part, numbers in open_parts.items():
        first, *later = numbers
        alone = best
        for number in later:
            alone = _with(alone, part, number, Attempt("missing"))
        out.append(
            Need(part, first, _least(calm, [alone, best], part, first, _scores(grader.policy, student, part, first)))
        )
    return out


def _open(grader: Grader, student: Student, part: Part) -> list[int]:
    """The numbers of the attempts that are not graded yet, or may still come, ascending."""
    return sorted({*_waiting(grader, student, part), *grader.coming(student, part)})


def _waiting(grader: Grader, student: Student, part: Part) -> list[int]:
    result = grader.leaf(part, student.attempts.get(part.id, ()))
    return [a.number for a in result.attempts if a.state in OPEN]


def _at_best(grader: Grader, student: Student, part: Part) -> tuple[Attempt, ...]:
    """The attempts at a part with the best that the open ones can bring.

    What need not come is handed in only where that is better: it may count for less than what is there.
    """
    waiting = _waiting(grader, student, part)
    tries = []
    for number in [*waiting, *sorted(grader.coming(student, part))]:
        student = _with(student, part, number, _scores(grader.policy, student, part, number)[-1])
        tries.append(student.attempts[part.id])

    def worth(attempts: tuple[Attempt, ...]) -> tuple[bool, Fraction]:
        result = grader.leaf(part, attempts)
        return result.gate is None, result.value or Fraction(0)

    return max(tries[max(len(waiting) - 1, 0) :], key=worth)


def _scores(policy: Policy, student: Student, part: Part, number: int) -> Sequence[Attempt]:
    """Every score that the attempt may get, from the lowest to the top, in steps of :data:`FINENESS`."""
    scale = policy.scale
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


def _least(
    grader: Grader, students: Sequence[Student], part: Part, number: int, scores: Sequence[Attempt]
) -> dict[int, Attempt | None]:
    """The least score for each grade, by the first of the students, who differ in other attempts, that reaches it."""
    scale = grader.policy.scale

    def reaches(index: int, student: Student, grade: int) -> bool:
        got = grader.judge(_with(student, part, number, scores[index])).grade
        return got is not None and got >= grade

    find = _first if _may_fall(grader.policy) else _first_of_rising
    grades: dict[int, Attempt | None] = {}
    starts = [0] * len(students)
    for grade in range(scale.pass_grade, scale.top + 1):
        grades[grade] = None
        for at, student in enumerate(students):
            starts[at] = find(starts[at], len(scores), partial(reaches, student=student, grade=grade))
            if starts[at] < len(scores):
                grades[grade] = scores[starts[at]]
                break
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
