"""How a part chooses among its parts: how many of them enter its mean (contract section 5, step 6)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import assert_never

from kurssi.policy.model import Choice


def keeps(choice: Choice | None, counting: int) -> int:
    """How many of ``counting`` values enter the mean, the highest ones."""
    return counting if choice is None else choice.keeps(counting)


def depends_on_number(choice: Choice | None) -> bool:
    """Whether how many enter the mean depends on how many have a value."""
    if choice is None:
        return False
    match choice.rule:
        case "best":
            return False
        case "drop_lowest":
            return choice.number > 0
        case _ as unknown:
            assert_never(unknown)


def chosen_of(values: Sequence[Fraction | int | None], choice: Choice | None) -> tuple[int, ...]:
    """Positions of the values that enter the mean, ascending; None is no value. Of equal ones the first is kept."""
    counting = [i for i, value in enumerate(values) if value is not None]
    keep = keeps(choice, len(counting))
    if keep < len(counting):
        counting.sort(key=values.__getitem__, reverse=True)  # type: ignore[arg-type]
        counting = sorted(counting[:keep])
    return tuple(counting)
