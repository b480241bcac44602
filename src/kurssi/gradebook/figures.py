"""A graded class in figures: mean, median, spread and share passed; of the grades, of each part, of each small group.

All counts and means are exact; only a root is rounded, to two decimals. Of fewer than :data:`FEWEST` students nothing
is said: who has which grade could be told from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from math import isqrt
from typing import NamedTuple

from kurssi.grading import PartResult, Result
from kurssi.grading.result import ABSENT, OUT, flat
from kurssi.policy.model import Part
from kurssi.values.numbers import exact_sum

from .gradebook import Gradebook

FEWEST = 5
"""Figures of fewer students say too much about those who are counted."""


class Spread(NamedTuple):
    """Numbers, summed up."""

    n: int
    mean: Fraction
    median: Fraction
    deviation: Fraction
    """The standard deviation of the sample, to two decimals."""
    lowest: Fraction
    highest: Fraction


class PartFigures(NamedTuple):
    """What a part came to in the class."""

    part: Part
    depth: int
    spread: Spread | None
    """Of its values, on the scale or in per cent; ``None`` where it has none, or too few."""
    n: int
    """How many have a result of it."""
    passed: int | None
    """Of these, how many have passed its gate; ``None`` for too few."""
    absent: int
    """How many have handed in nothing in time."""


class GroupFigures(NamedTuple):
    """A small group."""

    group: str
    n: int
    """How many of it have a grade."""
    spread: Spread | None
    """``None`` where the figures of so few would say too much, or those of another group could be told from them."""
    passed: int | None


class ClassFigures(NamedTuple):
    """The whole class."""

    students: int
    n: int
    """How many have a grade."""
    spread: Spread | None
    """Of the grades; ``None`` for too few, and where grades are no numbers."""
    passed: int | None
    counts: Mapping[int, int]
    """How many have which grade."""
    parts: Sequence[PartFigures]
    groups: Sequence[GroupFigures]
    percent: bool
    """Whether the values of parts are per cents."""


def spread_of(numbers: Iterable[Fraction]) -> Spread | None:
    """The numbers summed up; ``None`` where there are fewer than :data:`FEWEST`."""
    ordered = sorted(numbers)
    n = len(ordered)
    if n < FEWEST:
        return None
    mean = exact_sum(ordered) / n
    median = (ordered[(n - 1) // 2] + ordered[n // 2]) / 2
    return Spread(n, mean, median, root(variance(ordered)), ordered[0], ordered[-1])


def variance(numbers: Sequence[Fraction]) -> Fraction:
    """The variance of the sample."""
    mean = exact_sum(numbers) / len(numbers)
    return exact_sum((number - mean) ** 2 for number in numbers) / (len(numbers) - 1)


def root(square: Fraction) -> Fraction:
    """The square root to two decimals, halves up."""
    scaled = square * 10**6
    return Fraction((isqrt(scaled.numerator // scaled.denominator) + 5) // 10, 100)


def class_figures(book: Gradebook) -> ClassFigures:
    """The figures of a class."""
    scale = book.policy.scale
    grades = [result.grade for result in book.results if result.grade is not None]
    n = len(grades)
    return ClassFigures(
        len(book.results),
        n,
        None if scale.own or scale.name == "pass-fail" else spread_of(map(Fraction, grades)),
        None if n < FEWEST else sum(grade >= scale.pass_grade for grade in grades),
        {grade: grades.count(grade) for grade in scale.grades},
        tuple(_parts(book)),
        tuple(_groups(book)),
        book.policy.percent,
    )


# ---- parts -------------------------------------------------------------------------------------------------


def _parts(book: Gradebook) -> Iterator[PartFigures]:
    results: dict[str, list[PartResult]] = {}
    for result in book.results:
        for name, one in flat(result.parts).items():
            results.setdefault(name, []).append(one)
    for part, depth in _walk(book.policy.parts, 0):
        found = [one for one in results.get(part.id, []) if one.state not in OUT]
        there = [one for one in found if one.state not in ABSENT and not one.open]
        values = [one.value for one in there if one.value is not None]
        n = len(there)
        yield PartFigures(
            part,
            depth,
            spread_of(values),
            n,
            None if n < FEWEST else sum(one.gate is None for one in there),
            sum(one.state in ABSENT for one in found),
        )


def _walk(parts: Sequence[Part], depth: int) -> Iterator[tuple[Part, int]]:
    for part in parts:
        yield part, depth
        yield from _walk(part.parts, depth + 1)


# ---- groups ------------------------------------------------------------------------------------------------


def _groups(book: Gradebook) -> Iterator[GroupFigures]:
    members: dict[str, list[Result]] = {}
    for result in book.results:
        if result.student.group is not None and result.grade is not None:
            members.setdefault(result.student.group, []).append(result)
    graded = sum(result.grade is not None for result in book.results)
    shown = _shown({group: len(found) for group, found in members.items()}, graded)
    scale = book.policy.scale
    for group, found in sorted(members.items()):
        grades = [result.grade for result in found if result.grade is not None]
        if group not in shown:
            yield GroupFigures(group, len(found), None, None)
            continue
        numbers = None if scale.own or scale.name == "pass-fail" else spread_of(map(Fraction, grades))
        yield GroupFigures(group, len(found), numbers, sum(grade >= scale.pass_grade for grade in grades))


def _shown(sizes: Mapping[str, int], graded: int) -> set[str]:
    """The groups that are shown: large enough, and such that what is left of the class is nobody or large enough."""
    shown = {group for group, n in sizes.items() if n >= FEWEST}
    while shown and 0 < graded - sum(sizes[group] for group in shown) < FEWEST:
        shown.remove(min(shown, key=lambda group: (sizes[group], group)))
    return shown
