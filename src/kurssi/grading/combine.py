"""From the parts of a student to one value: gates, weights, best-of, bonus (contract section 5, steps 5 and 6)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from kurssi.policy import Part, Policy

from .parts import OUT, with_gate
from .result import PartResult, Reason


class Mean(NamedTuple):
    """The weighted mean of siblings (None where nothing is left to weigh), and the siblings as they counted."""

    value: Fraction | None
    before_bonus: Fraction | None
    results: tuple[PartResult, ...]


def weigh(results: Sequence[PartResult], best: int | None, drop: int | None) -> Mean:
    """Σ weight × value / Σ weight over the siblings that count, plus the bonus parts.

    Where no sibling has a weight all count equally. Excused and recognised siblings leave the mean; of the rest,
    ``best`` keeps the highest values and ``drop`` leaves out the lowest, at least one stays.
    """
    counting = [i for i, r in enumerate(results) if r.part.counts and r.value is not None and r.state not in OUT]
    chosen = set(counting)
    keep = best if best is not None else max(1, len(counting) - drop) if drop else None
    if keep is not None:
        order = sorted(counting, key=lambda i: (-_value(results[i]), i))
        chosen = set(order[:keep])
    weights = {i: Fraction(1) if results[i].part.weight is None else _weight(results[i].part) for i in chosen}
    total = sum(weights.values(), Fraction(0))
    out = []
    for index, result in enumerate(results):
        if index in weights and total:
            result = result._replace(effective_weight=weights[index] * 100 / total)
        elif result.part.counts and index not in chosen:
            result = result._replace(chosen=index not in counting)
        out.append(result)
    if not total:
        return Mean(None, None, tuple(out))
    mean = sum((weights[i] * _value(results[i]) for i in weights), Fraction(0)) / total
    bonuses = [bonus_of(r) for r in results if r.part.bonus]
    return Mean(sum(bonuses, mean), mean, tuple(out))


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
