"""The ways to round a total: the one place that says what each does to a number."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor
from typing import assert_never

from kurssi.course.model import Rounding

HALF = Fraction(1, 2)


def whole_of(rounding: Rounding, value: Fraction) -> int:
    """The whole number that a total becomes."""
    match rounding:
        case "half-up":
            # floor(value + 1/2) without a fraction for the sum: it is asked for each total that is new
            return (2 * value.numerator + value.denominator) // (2 * value.denominator)
        case "down":
            return floor(value)
        case "up":
            return ceil(value)
        case "half-even":
            return round(value)  # of a fraction: exact, halves to the even neighbour
        case _ as unknown:
            assert_never(unknown)


def lifts_by(rounding: Rounding) -> Fraction:
    """How far below a whole number a total may lie that becomes it, or nearly so far."""
    match rounding:
        case "half-up" | "half-even":
            return HALF
        case "down":
            return Fraction(0)
        case "up":
            return Fraction(1)
        case _ as unknown:
            assert_never(unknown)


def other_half(rounding: Rounding) -> Rounding | None:
    """The way that differs from this one in exact halves alone; None where halves are nothing special."""
    match rounding:
        case "half-up":
            return "half-even"
        case "half-even":
            return "half-up"
        case "down" | "up":
            return None
        case _ as unknown:
            assert_never(unknown)
