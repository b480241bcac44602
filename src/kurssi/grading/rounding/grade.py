"""From the total to a grade: rounding or boundaries, and the clamp (contract section 5, steps 8 and 9)."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor
from typing import assert_never

from kurssi.course.model import Rounding
from kurssi.policy.model import Policy


def rounded(policy: Policy, total: Fraction) -> int:
    """A whole number: the total rounded, or its grade by the boundaries under ``basis: percent``."""
    if policy.percent:
        return policy.scale.lowest + sum(total >= bound for bound in policy.boundaries)
    return _round(policy.rounding, total)


def clamped(policy: Policy, whole: int) -> int:
    """Within the scale; at least the pass grade unless the total may fail. Every gate is passed."""
    low = policy.scale.lowest if policy.may_fail else policy.scale.pass_grade
    return min(max(whole, low), policy.scale.top)


def _round(mode: Rounding, value: Fraction) -> int:
    match mode:
        case "half-up":
            return floor(value + Fraction(1, 2))
        case "down":
            return floor(value)
        case "up":
            return ceil(value)
        case "half-even":
            return round(value)  # of a fraction: exact, halves to the even neighbour
        case _ as unknown:
            assert_never(unknown)
