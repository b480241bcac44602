"""Whether what a grade asks is there, and up to which grade all of it is (contract 11.5)."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from fractions import Fraction
from typing import NamedTuple, assert_never

from kurssi.grading.result import OPEN, OUT, Met, PartResult, flat
from kurssi.policy.demands import Demand
from kurssi.policy.model import Policy

UNLIMITED = 1 << 30
"""Above every grade: nothing that is asked is lacking."""


class Stand(NamedTuple):
    """What of a part a demand looks at."""

    value: Fraction | None
    raw: Fraction | None
    """Points of the attempt that counts."""
    passed: bool
    out: bool
    """Whether the part is excused or recognised: nothing is asked of it then."""


def stand_of(result: PartResult) -> Stand:
    """How a part stands. What is not graded yet has passed nothing."""
    used = next((a for a in result.attempts if a.number == result.used), None)
    raw = None if used is None else used.given.score or Fraction(0)
    passed = result.gate is None and result.state not in OPEN
    return Stand(result.value, raw, passed, result.state in OUT)


def measured(demand: Demand, stand: Stand) -> Fraction | None:
    """What there is of what a demand asks, as it is measured; None where there is nothing."""
    match demand.measure:
        case "value":
            return stand.value
        case "points":
            return stand.raw
        case "pass":
            return Fraction(stand.passed)
        case "sessions":
            return None
        case _ as unknown:
            assert_never(unknown)


def met_by(demand: Demand, stand: Stand) -> bool:
    """Whether a part that stands so meets a demand."""
    had = measured(demand, stand)
    return stand.out or (had is not None and had >= demand.bound)


def limit_of(policy: Policy, unmet: Iterable[Demand]) -> int:
    """The highest grade that is left where these demands are not met: the one below the first of theirs.

    Where nothing else decides it is the last one before it that requires anything, or the lowest.
    """
    first = min([demand.grade for demand in unmet], default=None)
    if first is None:
        return UNLIMITED
    if not policy.by_requirements:
        return first - 1
    return max([demand.grade for demand in policy.requires if demand.grade < first], default=policy.scale.lowest)


def of_student(policy: Policy, parts: Sequence[PartResult], attended: int | None) -> tuple[Met, ...]:
    """Every demand of a policy, and whether a student with these parts of the top level meets it."""
    found = flat(parts)
    out = []
    for demand in policy.requires:
        if demand.of_attendance:
            had = None if attended is None else Fraction(attended)
            out.append(Met(demand, had is not None and had >= demand.bound, had, None, None))
            continue
        result = found[demand.part]
        stand = stand_of(result)
        out.append(Met(demand, met_by(demand, stand), measured(demand, stand), result.part, result))
    return tuple(out)


def word_of(met: Met) -> str | None:
    """What there was, as a report writes it: a number with its unit, or in what state the part is."""
    result = met.result
    if result is not None and result.state in OUT:
        return result.state
    match met.demand.unit:
        case "pass":
            return "pass" if met.met or result is None else result.gate or result.state
        case "value" | "percent" | "points":
            return None if met.had is None else met.demand.text(met.demand.shown(met.had))
        case _ as unknown:
            assert_never(unknown)


def looked_at(result: PartResult, names: Container[str]) -> tuple[object, ...]:
    """All that demands look at in a part and the parts below it, as a key."""
    below = flat((result,))
    return tuple([(one.state, one.gate, stand_of(one)) for name, one in below.items() if name in names])
