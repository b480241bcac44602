"""Scores for the analysis of a policy: which ones a cell may hold, and at which something changes."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import ceil, floor
from typing import assert_never

from kurssi.policy.model import Part, Policy
from kurssi.values.classlist import Attempt

FINE, HALVES, WHOLE, ENDS = "fine", "halves", "whole", "ends"
"""How fine a grid is: hundredths, whole and half grades, whole grades, or only where something changes."""
_STEPS = {FINE: Fraction(1, 100), HALVES: Fraction(1, 2), WHOLE: Fraction(1)}

MOST_POINTS = 40
"""More points than this are taken in larger steps, with every point at which something changes."""


def is_stepped(part: Part, policy: Policy) -> bool:
    """Whether only finitely many values are possible on time: gates, labels, points with boundaries."""
    match part.graded:
        case "pass-fail":
            return True
        case "grade":
            return policy.scale.own
        case "points":
            return part.boundaries is not None and not policy.percent
        case _ as unknown:
            assert_never(unknown)


def scores(part: Part, policy: Policy, grid: str) -> list[Attempt]:
    """Scores that a cell of the part may hold, rising; a pass-fail part: failed and passed."""
    if not part.valued:
        return [Attempt("failed"), Attempt("passed")]
    return [Attempt("scored", score) for score in sorted(set(_numbers(part, policy, grid)))]


def _numbers(part: Part, policy: Policy, grid: str) -> Iterator[Fraction]:
    scale = policy.scale
    if part.in_grades and scale.own:
        yield from (Fraction(grade) for grade in scale.grades)
        return
    low, most = part.ends(scale)
    high = most or Fraction(0)
    if grid != ENDS and (part.in_grades or not is_stepped(part, policy)):
        step = _step(part, high, grid)
        yield from (low + step * n for n in range(floor((high - low) / step) + 1))
    yield from (score for score in critical(part, policy) if low <= score <= high)
    yield low
    yield high


def _step(part: Part, high: Fraction, grid: str) -> Fraction:
    """How far apart the scores of a grid are."""
    match part.graded:
        case "grade" | "pass-fail":
            return _STEPS[grid]
        case "points":
            if grid == FINE:
                return Fraction(1, 100) if high <= 10 else Fraction(1, 10)
            return Fraction(max(1, ceil(high / (10 if grid == WHOLE else MOST_POINTS))))
        case _ as unknown:
            assert_never(unknown)


def critical(part: Part, policy: Policy) -> set[Fraction]:
    """Scores at which something changes, in hundredths, and just below each step."""
    scale = policy.scale
    found: set[Fraction] = set()
    if part.in_grades:
        span = scale.top - scale.lowest
        least = scale.lowest + part.minimum * span / 100 if policy.percent else part.minimum
        found = {Fraction(scale.pass_grade), least}
    else:
        bounds = () if policy.percent else part.boundaries or ()
        found.update(bound.value + Fraction(bound.strict, 100) for bound in bounds)
        found.update(points for points, _ in part.linear or ())
        if part.minimum_raw:
            found.add(part.minimum)
        elif policy.percent:
            found.add(part.minimum * (part.max or 0) / 100)
        elif part.linear is not None:
            (low_points, low), (high_points, high) = part.linear
            found.add(low_points + (part.minimum - low) * (high_points - low_points) / (high - low))
    hundredths = {Fraction(ceil(score * 100), 100) for score in found}
    return hundredths | {score - Fraction(1, 100) for score in hundredths} if is_stepped(part, policy) else hundredths


def every_score(part: Part, policy: Policy, grid: str) -> list[Attempt]:
    """Every score of the finite grid that a teacher writes: whole or half grades, whole points, labels."""
    match part.graded:
        case "points":
            return [Attempt("scored", Fraction(n)) for n in range(floor(part.most or Fraction(0)) + 1)]
        case "pass-fail":
            return scores(part, policy, grid)
        case "grade":
            return scores(part, policy, grid) if policy.scale.own else _every_grade(policy, grid)
        case _ as unknown:
            assert_never(unknown)


def _every_grade(policy: Policy, grid: str) -> list[Attempt]:
    step = Fraction(1, 2) if grid == HALVES else Fraction(1)
    low, high = policy.scale.lowest, policy.scale.top
    return [Attempt("scored", low + step * n) for n in range(int((high - low) / step) + 1)]
