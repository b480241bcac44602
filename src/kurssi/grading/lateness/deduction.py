"""What lateness takes from a value (contract section 5.1)."""

from __future__ import annotations

from fractions import Fraction
from typing import assert_never

from kurssi.policy.model import Late, Policy


def deduction(late: Late, value: Fraction, units: int, policy: Policy) -> Fraction:
    """What ``units`` late units, one at least, take from ``value``, before the floor; never negative."""
    if not late.deduct:
        return Fraction(0)
    match late.form:
        case "per-unit":
            size = late.deduct[0] * units
        case "table":
            size = late.deduct[min(units, len(late.deduct)) - 1]
        case _ as unknown:
            assert_never(unknown)
    base = base_of(late, value, policy)
    if late.percent:
        size = size * base / 100
    if late.at_most is not None:
        size = min(size, late.at_most * base / 100 if late.at_most_percent else late.at_most)
    return size


def base_of(late: Late, value: Fraction, policy: Policy) -> Fraction:
    """What a deduction in per cent is of."""
    match late.of:
        case "earned":
            return value
        case "max" | None:
            return policy.top
        case _ as unknown:
            assert_never(unknown)


def after_lateness(late: Late, value: Fraction, size: Fraction, policy: Policy) -> Fraction:
    """The value with the deduction taken: max(value − size, min(value, not_below)), never below the lowest."""
    return max(value - size, min(value, late.not_below), policy.lowest)
