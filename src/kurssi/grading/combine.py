"""From the parts of a student to one value: gates, weights, best-of, bonus (contract section 5, steps 5 and 6)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from kurssi.policy.model import Part, Policy
from kurssi.values.numbers import exact_sum, sum_of_products

from .parts import OUT, with_gate
from .result import PartResult, Reason


class Mean(NamedTuple):
    """The weighted mean of siblings (None where nothing is left to weigh), and the siblings as they counted."""

    value: Fraction | None
    before_bonus: Fraction | None
    results: tuple[PartResult, ...]


class Share:
    """How a sibling enters the mean. Told apart by identity: what is kept of a share is kept of no other."""

    __slots__ = ("chosen", "weight")

    def __init__(self, weight: Fraction | None, chosen: bool) -> None:
        self.weight = weight
        """Per cent among the siblings that count; None where it does not enter."""
        self.chosen = chosen
        """False where it would enter, and only the best do."""


def counts(result: PartResult) -> bool:
    """Whether a result has a value that can enter the mean of its siblings: excused and recognised parts leave it."""
    return result.part.counts and result.value is not None and result.state not in OUT


def chosen_of(values: Sequence[Fraction | int | None], best: int | None, drop: int | None) -> tuple[int, ...]:
    """Positions of the values that enter the mean, ascending; None is no value.

    ``best`` keeps the highest and ``drop`` leaves out the lowest, at least one stays; of equal ones the first is kept.
    """
    counting = [i for i, value in enumerate(values) if value is not None]
    keep = best if best is not None else max(1, len(counting) - drop) if drop else len(counting)
    if keep < len(counting):
        counting.sort(key=values.__getitem__, reverse=True)  # type: ignore[arg-type]
        counting = sorted(counting[:keep])
    return tuple(counting)


def shares_of(
    parts: Sequence[Part], counting: Sequence[bool], chosen: Sequence[int]
) -> tuple[tuple[Share, ...], Fraction]:
    """(the share of each sibling, the sum of the weights of the chosen); where none has a weight all weigh 1."""
    weights = {i: Fraction(1) if parts[i].weight is None else _weight(parts[i]) for i in chosen}
    total = exact_sum(weights.values())
    scale = 100 / total if total else None
    shares = []
    for i in range(len(parts)):
        weight = weights[i] * scale if i in weights and scale else None
        shares.append(Share(weight, i in weights or not counting[i]))
    return tuple(shares), total


def weigh(results: Sequence[PartResult], best: int | None, drop: int | None) -> Mean:
    """Σ weight × value / Σ weight over the siblings that count, plus the bonus parts."""
    counting = [counts(result) for result in results]
    chosen = chosen_of([r.value if c else None for r, c in zip(results, counting, strict=True)], best, drop)
    shares, total = shares_of([result.part for result in results], counting, chosen)
    weighed = tuple(
        result._replace(effective_weight=share.weight, chosen=share.chosen)
        for result, share in zip(results, shares, strict=True)
    )
    if not total:
        return Mean(None, None, weighed)
    mean = sum_of_products((_value(results[i]), shares[i].weight or 0) for i in chosen) / 100
    bonuses = [bonus_of(r) for r in results if r.part.bonus]
    return Mean(sum(bonuses, mean), mean, weighed)


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


def build(parts: Sequence[Part], leaf: Callable[[Part], PartResult], policy: Policy) -> tuple[PartResult, ...]:
    """The results of ``parts`` at every depth; ``leaf`` grades a part without parts."""
    return tuple(parent(part, build(part.parts, leaf, policy), policy) if part.parts else leaf(part) for part in parts)


def parent(part: Part, below: Sequence[PartResult], policy: Policy) -> PartResult:
    """The result of a part that has parts, from theirs."""
    mean = weigh(below, part.best, part.drop_lowest)
    children = mean.results
    states = {child.state for child in children}
    is_open = any(child.open for child in children)
    if states <= set(OUT):
        state = "excused" if "excused" in states else "recognised"
        return PartResult(part, state, None, children=children)
    value = mean.value
    if not any(map(handed_in, children)):
        state, value = "missing", policy.lowest if part.counts or part.bonus else None
    elif any(child.part.required and child.gate for child in children):
        state = "failed"
    elif states <= {"ungraded", *OUT}:
        state = "ungraded"
    elif value is None:
        state = "passed" if not part.counts else "excused"
    else:
        state = "scored"
    return with_gate(PartResult(part, state, value, children=children, open=is_open))


def handed_in(result: PartResult) -> bool:
    """Whether anything of a part was handed in, at any depth; what came too late counts as not handed in."""
    if result.children:
        return any(map(handed_in, result.children))
    return result.state not in ("missing", "closed", *OUT)


def reasons(results: Sequence[PartResult]) -> tuple[Reason, ...]:
    """Every reason for which the gates among ``results`` make the final grade the lowest, in the order of the file."""
    out: list[Reason] = []
    for result in results:
        if not result.part.required or result.gate is None:
            continue
        below = reasons(result.children)
        own = result.gate != "failed" or not below
        out += below
        if own:
            minimum = result.part.minimum if result.gate == "below-minimum" else None
            value = result.value if minimum is not None and not result.part.minimum_raw else None
            if minimum is not None and result.part.minimum_raw and result.used is not None:
                value = next(a.given.score for a in result.attempts if a.number == result.used)
            out.append(Reason(result.part, result.gate, minimum, value))
    return tuple(out)


def flat(results: Sequence[PartResult]) -> dict[str, PartResult]:
    """Results by part id, at every depth."""
    out: dict[str, PartResult] = {}
    for result in results:
        out[result.part.id] = result
        out.update(flat(result.children))
    return out


Leaves = Mapping[str, PartResult]
