"""What the file writes of a part, in the numbers that the policy has: points, boundaries, its place in a series."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from kurssi.course import model
from kurssi.values.numbers import Amount, Bound


class Serial(NamedTuple):
    """Which one of a series a part is, as it is written once in the file."""

    name: str
    """The name without the number."""
    number: int
    """From 1."""


def points_of(amount: Amount, most: Fraction | None) -> Fraction:
    """An amount in raw points; a percentage is of the raw max."""
    return amount.value * (most or 0) / 100 if amount.percent else amount.value


def line_of(given: model.Part) -> tuple[tuple[Fraction, Fraction], tuple[Fraction, Fraction]] | None:
    """The straight line from points to grades: (points, value) at both ends."""
    if given.linear is None:
        return None
    ends = sorted((Fraction(grade), points_of(amount, given.max)) for grade, amount in given.linear.items())
    return (ends[0][1], ends[0][0]), (ends[1][1], ends[1][0])


def bounds_of(given: model.Part) -> tuple[Bound, ...] | None:
    """The least points for each grade above the lowest."""
    if given.boundaries is None:
        return None
    return tuple(Bound(points_of(b.amount, given.max), b.strict) for b in given.boundaries)


def serial_of(given: model.Part) -> Serial | None:
    """Which one of a series it is; None where it stands alone."""
    if not isinstance(given, model.Placed) or given.number is None:
        return None
    return Serial((given.name or given.id).removesuffix(str(given.number)).rstrip(), given.number)
