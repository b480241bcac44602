"""Reasons in words."""

from __future__ import annotations

from fractions import Fraction
from typing import assert_never

from kurssi.diagnostics.message import Msg, Percentage, msg, nmsg
from kurssi.policy.demands import Demand
from kurssi.policy.model import Policy

from .result import Reason, in_points
from .wording import value_of


def describe(reason: Reason, policy: Policy) -> Msg:
    """A reason in words: ``individual below 1``, in the unit of what is too low."""
    name = reason.part.name if reason.part else ""
    minimum = None if reason.minimum is None else value_of(policy, reason.minimum)
    match reason.code:
        case "not-submitted":
            return msg("{part} not submitted", part=name)
        case "closed":
            return msg("{part} handed in too late", part=name)
        case "failed":
            return msg("{part} failed", part=name)
        case "below-minimum":
            if reason.part is not None and reason.part.minimum_raw:
                bound = reason.minimum or Fraction(0)
                return nmsg("{part} below {n} point", "{part} below {n} points", n=bound, part=name)
            return msg("{part} below {minimum}", part=name, minimum=minimum)
        case "below-boundary":
            if reason.value == reason.minimum:  # a boundary that must be passed
                return msg("total not over {minimum}", minimum=minimum)
            return msg("total below {minimum}", minimum=minimum)
        case "demand-not-met":
            return _lacking(reason)
        case "nothing-to-weigh":
            return msg("nothing to weigh")
        case _ as unknown:
            assert_never(unknown)


def _lacking(reason: Reason) -> Msg:
    """What a grade asks, and what there is of it."""
    demand = reason.demand
    if demand is None:
        raise ValueError("a demand that is not met says which")
    words: dict[str, object] = {"grade": demand.label, "asked": amount(demand, reason.minimum)}
    if reason.part is None:
        if reason.value is None or demand.whole is None:
            return msg("{grade} requires attendance of {asked}, and none is known", **words)
        had = reason.value * demand.whole / 100
        return msg("{grade} requires attendance of {asked}, not {n}/{all} sessions", n=had, all=demand.whole, **words)
    words["had"] = amount(demand, reason.value)
    words["part"] = reason.part.name
    if demand.of_gate:
        return msg("{grade} requires {part} passed", **words)
    if reason.value is None:
        return msg("{grade} requires {asked} in {part}, and there is nothing", **words)
    return msg("{grade} requires {asked} in {part}, not {had}", **words)


def amount(demand: Demand, number: Fraction | None) -> object:
    """A number in the unit of a demand."""
    match demand.unit:
        case "value" | "pass":
            return number
        case "percent":
            return None if number is None else Percentage(number)
        case "points":
            return in_points(number)
        case _ as unknown:
            assert_never(unknown)
