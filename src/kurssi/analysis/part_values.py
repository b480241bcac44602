"""What one part brings to its siblings: of invented attempts, or of a graded result."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import NamedTuple

from kurssi.grading import Grader, PartResult
from kurssi.policy.model import Part
from kurssi.values.classlist import Attempt


class PartValue(NamedTuple):
    """What a part brings: its value among siblings that count, what it adds as a bonus, and whether its gate is open.

    ``cells`` are the attempts of a leaf that bring it.
    """

    value: Fraction | None
    add: Fraction
    open: bool
    cells: tuple[Attempt, ...] = ()


def outcome(grader: Grader, part: Part, cells: Sequence[Attempt], forgiven: int = 0) -> PartValue:
    """What the grading core makes of the attempts of one leaf."""
    return of_result(grader.leaf(part, cells, forgiven), cells)


def of_result(result: PartResult, cells: Sequence[Attempt]) -> PartValue:
    """A graded leaf as it enters the mean of its siblings."""
    part = result.part
    add = Fraction(0)
    if part.bonus and result.state == "scored" and result.value is not None:
        add = (part.weight or Fraction(0)) * result.value / 100
    return PartValue(result.value if part.counts else None, add, result.gate is None, tuple(cells))


def dedupe(outcomes: Iterable[PartValue]) -> list[PartValue]:
    """One outcome of each kind, the first that came."""
    found: dict[tuple[Fraction | None, Fraction, bool], PartValue] = {}
    for one in outcomes:
        found.setdefault((one.value, one.add, one.open), one)
    return list(found.values())
