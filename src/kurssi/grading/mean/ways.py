"""Which of several ways to a value counts (contract 11.2)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from kurssi.grading.gates import reasons
from kurssi.grading.result import PartResult

from .weights import Mean, Weight, weigh

COUNTS, RESTS = Weight(Fraction(100), True), Weight(None, False)
"""How the way that counts stands among the others, and how those do."""


def passes(way: PartResult) -> bool:
    """Whether no gate of a way that must be open is closed."""
    return not reasons(way.children)


def mean_of_way(way: PartResult) -> Mean:
    """The mean of the parts of a way."""
    return weigh(way.children, way.part)


def way_that_counts(ways: Sequence[PartResult]) -> int:
    """Which way counts: passed gates before failed ones, then the larger value, then the earlier in the list."""

    def rank(index: int) -> tuple[bool, bool, Fraction, int]:
        value = mean_of_way(ways[index]).value
        return passes(ways[index]), value is not None, value if value is not None else Fraction(0), -index

    return max(range(len(ways)), key=rank)


def shown_as_ways(ways: Sequence[PartResult], counted: int) -> tuple[PartResult, ...]:
    """The ways as they counted: one for the whole, the others for nothing."""
    return tuple(
        way._replace(effective_weight=share.weight, chosen=share.chosen)
        for index, way in enumerate(ways)
        for share in (COUNTS if index == counted else RESTS,)
    )
