"""Markers of one part: how well each two agree, how strict each is, and whose work should be marked again.

A work is marked again where its marks are further apart than they may be, or where the final grade would be another if
one of the marks alone had counted. Where the policy does not say how far apart marks may be, it is one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import combinations
from typing import NamedTuple

from kurssi.grading import Grader
from kurssi.policy.composite import Agreement, agreements
from kurssi.policy.model import Part
from kurssi.values.classlist import Component, Student
from kurssi.values.numbers import exact_sum
from kurssi.values.vocabulary import AGREED

from .agreement import works_of
from .gradebook import Gradebook

ONE = Fraction(1)


class Pair(NamedTuple):
    """Two markers of the same works."""

    agreement: Agreement
    near: Fraction
    """The share of works in which they are at most :attr:`PartMarkers.within` apart."""


class Strictness(NamedTuple):
    """How a marker marks beside the others."""

    marker: str
    n: int
    """Works that another has marked, too."""
    mean: Fraction
    """Of these works."""
    above: Fraction
    """By how much the marks are above those of the others on the same works, on average; below: stricter."""


class Again(NamedTuple):
    """A student whose work should be marked again, with the marks."""

    student: str
    marks: Sequence[tuple[str, Fraction]]
    grades: Sequence[int]
    """The final grades by each mark alone, where they differ; empty where the marks are too far apart."""


class PartMarkers(NamedTuple):
    """The markers of a part."""

    part: Part
    within: Fraction
    pairs: Sequence[Pair]
    strictness: Sequence[Strictness]
    again: Sequence[Again]


def part_markers(book: Gradebook) -> list[PartMarkers]:
    """Each part that two have marked the same work of."""
    found = []
    for part in book.policy.leaves():
        if part.markers is None:
            continue
        within = part.markers.within if part.markers.within is not None else ONE
        marked = works_of(part, book.class_list)
        works = [_numbers(work) for work in marked]
        pairs = [Pair(one, _near(one.pair, works, within)) for one in agreements(part.markers, marked)]
        if pairs:
            strict = [one for name in part.markers.of if (one := _strictness(name, works)) is not None]
            found.append(PartMarkers(part, within, pairs, strict, list(_again(book, part, within))))
    return found


def _numbers(work: Sequence[Component]) -> dict[str, Fraction]:
    """The marks of a work as numbers, without what the markers have agreed on."""
    return {one.name: one.score for one in work if one.score is not None and one.name != AGREED}


def _near(pair: tuple[str, str], works: Sequence[Mapping[str, Fraction]], within: Fraction) -> Fraction:
    both = [(work[pair[0]], work[pair[1]]) for work in works if pair[0] in work and pair[1] in work]
    return Fraction(sum(abs(one - other) <= within for one, other in both), len(both)) if both else Fraction(0)


def _strictness(marker: str, works: Sequence[Mapping[str, Fraction]]) -> Strictness | None:
    own, above = [], []
    for work in works:
        others = [mark for name, mark in work.items() if name != marker]
        if marker in work and others:
            own.append(work[marker])
            above.append(work[marker] - exact_sum(others) / len(others))
    if not own:
        return None
    return Strictness(marker, len(own), exact_sum(own) / len(own), exact_sum(above) / len(above))


def _again(book: Gradebook, part: Part, within: Fraction) -> Iterator[Again]:
    grader = Grader(book.policy, book.class_list, as_of=book.as_of)
    for student in book.class_list.students:
        for at, attempt in enumerate(student.attempts.get(part.id, ())):
            marks = _numbers(attempt.components)
            if len(marks) < 2 or any(one.name == AGREED for one in attempt.components):
                continue
            if max(abs(one - other) for one, other in combinations(marks.values(), 2)) > within:
                yield Again(student.student, tuple(marks.items()), ())
            elif part.markers is not None and part.markers.weights is None:
                grades = _by_each(grader, student, part.id, at, marks)
                if len(grades) > 1:
                    yield Again(student.student, tuple(marks.items()), grades)


def _by_each(grader: Grader, student: Student, part: str, at: int, marks: Mapping[str, Fraction]) -> list[int]:
    """The final grades that the student would have if one mark alone counted."""
    attempts = student.attempts[part]
    grades = set()
    for mark in marks.values():
        alone = attempts[at]._replace(state="scored", score=mark, components=(), among=())
        changed = (*attempts[:at], alone, *attempts[at + 1 :])
        result = grader.grade(student._replace(attempts={**student.attempts, part: changed}))
        if result.grade is not None:
            grades.add(result.grade)
    return sorted(grades)
