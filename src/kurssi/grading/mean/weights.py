"""Siblings become one value: weights, the best of several, bonus (contract section 5, step 6)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from kurssi.grading.result import PartResult
from kurssi.policy.model import Part, Policy
from kurssi.values.numbers import exact_sum, sum_of_products

from .choice import chosen_of, keeps

ZERO, ONE = Fraction(0), Fraction(1)


class Mean(NamedTuple):
    """What siblings come to (None where nothing is left to weigh), and the siblings as they counted."""

    value: Fraction | None
    results: tuple[PartResult, ...]


class Weight:
    """How a sibling enters the mean. Told apart by identity: what is kept of one is kept of no other."""

    __slots__ = ("chosen", "weight")

    def __init__(self, weight: Fraction | None, chosen: bool) -> None:
        self.weight = weight
        """Per cent among the siblings that count; None where it does not enter."""
        self.chosen = chosen
        """False where it would enter, and only the best do."""


def counts(result: PartResult) -> bool:
    """Whether a result has a value that can enter the mean of its siblings: what is excused or recognised has none."""
    return result.part.counts and result.value is not None


def weights_of(
    parts: Sequence[Part], counting: Sequence[bool], chosen: Sequence[int]
) -> tuple[tuple[Weight, ...], Fraction]:
    """(the share of each sibling, the sum of the weights of the chosen); where none has a weight all weigh 1."""
    weights = {i: Fraction(1) if parts[i].weight is None else _weight(parts[i]) for i in chosen}
    total = exact_sum(weights.values())
    scale = 100 / total if total else None
    shares = []
    for i in range(len(parts)):
        weight = weights[i] * scale if i in weights and scale else None
        shares.append(Weight(weight, i in weights or not counting[i]))
    return tuple(shares), total


def stretch(owner: Part | Policy, weight: Fraction) -> Fraction:
    """How many times its weight a bonus adds, where ``weight`` is the sum of the weights that count.

    Where points are added up, what is excused leaves the sum that bonus points are divided by, too (11.3).
    """
    if not owner.by_points:
        return ONE
    if isinstance(owner, Part) and owner.chooses:  # all weigh 1
        return keeps(owner.choice, sum(part.counts for part in owner.parts)) / weight
    return 100 / weight


def capped(value: Fraction, cap: Fraction | None) -> Fraction:
    """The value, at most the cap (11.4)."""
    return value if cap is None else min(value, cap)


def weigh(results: Sequence[PartResult], owner: Part | Policy) -> Mean:
    """Σ weight × value / Σ weight over the siblings that count, plus the bonus parts, at most the cap.

    ``owner`` is the part that they are parts of, or the policy.
    """
    choice = owner.choice if isinstance(owner, Part) else None
    counting = [counts(result) for result in results]
    chosen = chosen_of([r.value if c else None for r, c in zip(results, counting, strict=True)], choice)
    shares, total = weights_of([result.part for result in results], counting, chosen)
    weighed = tuple(
        result._replace(effective_weight=share.weight, chosen=share.chosen)
        for result, share in zip(results, shares, strict=True)
    )
    if not total:
        return Mean(None, weighed)
    mean = sum_of_products((_value(results[i]), shares[i].weight or 0) for i in chosen) / 100
    return Mean(capped(mean + on_top(results, stretch(owner, total)), owner.cap), weighed)


def on_top(results: Sequence[PartResult], more: Fraction) -> Fraction:
    """What bonus parts add to the mean of their siblings: by their weight so many times, by steps as it stands."""
    return sum([more * bonus_of(r) if r.part.stepped is None else by_steps(r) for r in results if r.part.bonus], ZERO)


def by_steps(result: PartResult) -> Fraction:
    """What a bonus by steps adds to the mean of its siblings; nothing, where it goes to another part."""
    stepped = result.part.stepped
    return result.adds or ZERO if stepped is not None and stepped.to is None else ZERO


def bonus_of(result: PartResult) -> Fraction:
    """What a bonus part adds on top: weight × value / 100; nothing where it has no score, or failed without one."""
    failed_parts = result.state == "failed" and bool(result.part.parts)
    if not result.part.bonus or result.value is None or (result.state != "scored" and not failed_parts):
        return Fraction(0)
    return _weight(result.part) * result.value / 100


def _weight(part: Part) -> Fraction:
    return part.weight if part.weight is not None else Fraction(0)


def _value(result: PartResult) -> Fraction:
    return result.value if result.value is not None else Fraction(0)
