"""What lateness takes from a value (contract section 5.1)."""

from __future__ import annotations

from fractions import Fraction

from kurssi.policy.model import Late, Policy


def deduction(late: Late, value: Fraction, units: int, policy: Policy) -> Fraction:
    """What ``units`` late units take from ``value``, before the floor; never negative."""
    if units <= 0 or not late.deduct:
        return Fraction(0)
    size = late.deduct[min(units, len(late.deduct)) - 1] if late.table else late.deduct[0] * units
    base = value if late.of == "earned" else policy.top
    if late.percent:
        size = size * base / 100
    if late.at_most is not None:
        size = min(size, late.at_most * base / 100 if late.at_most_percent else late.at_most)
    return size


def after_lateness(late: Late, value: Fraction, size: Fraction, policy: Policy) -> Fraction:
    """The value with the deduction taken: max(value − size, min(value, not_below)), never below the lowest."""
    return max(value - size, min(value, late.not_below), policy.lowest)
