"""From what was given to a value for each attempt: steps 1 to 3 of the contract's section 5, a second time."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple, assert_never

from .clock import Lateness, arrival, by_length, lateness
from .entries import OUT, Try
from .rules import CheckedPolicy, Rule

ZERO = Fraction(0)


class Tried(NamedTuple):
    """One attempt with what follows for it."""

    given: Try
    state: str
    units: int
    forgiven: int
    converted: Fraction | None = None
    deducted: Fraction = ZERO
    after_lateness: Fraction | None = None
    value: Fraction | None = None


def convert(plan: CheckedPolicy, rule: Rule, score: Fraction) -> Fraction:
    """Step 1: a score as a value on the scale, or in per cent."""
    low, span = plan.grades.lowest, plan.grades.top - plan.grades.lowest
    match rule.graded:
        case "points":
            return _points(plan, rule, score)
        case "grade" | "pass-fail":
            return 100 * (score - low) / span if plan.percent else score
        case _ as unknown:
            assert_never(unknown)


def _points(plan: CheckedPolicy, rule: Rule, score: Fraction) -> Fraction:
    if plan.percent:
        return 100 * score / rule.full
    if rule.boundaries is not None:
        return Fraction(plan.grades.lowest + len([bound for bound in rule.boundaries if bound.holds(score)]))
    if rule.linear is not None:
        (first, at_first), (last, at_last) = rule.linear
        if score < first:
            return plan.lowest
        return min(plan.top, at_first + (at_last - at_first) * (score - first) / (last - first))
    return score


def can_be_late(given: Try) -> bool:
    """Whether there is a lateness to count from, or a time and a deadline."""
    return given.lateness is not None or (given.due is not None and given.submitted is not None)


def how_late(plan: CheckedPolicy, rule: Rule, given: Try) -> Lateness:
    """Step 2: started units, and whether it came too late altogether."""
    if rule.late is None or given.state in ("missing", *OUT):
        return Lateness()
    if given.lateness is not None:
        return by_length(given.lateness, rule.late.per, rule.late.grace, rule.late.closes)
    if given.due is None or given.submitted is None:
        return Lateness()
    came = arrival(given.submitted, plan.zone)
    return lateness(came, given.due, plan.zone, rule.late.per, rule.late.grace, rule.late.closes, rule.late.skips)


def after_deduction(plan: CheckedPolicy, rule: Rule, value: Fraction, units: int) -> tuple[Fraction, Fraction]:
    """What is taken for these units, and what is left of the value."""
    late = rule.late
    if late is None or units < 1 or not late.amounts:
        return ZERO, value
    base = value if late.earned else plan.top
    match late.form:
        case "table":
            taken = late.amounts[min(units, len(late.amounts)) - 1]
        case "per-unit":
            taken = units * late.amounts[0]
        case _ as unknown:
            assert_never(unknown)
    if late.percent:
        taken *= base / 100
    if late.at_most is not None:
        bound, percent = late.at_most
        taken = min(taken, bound * base / 100 if percent else bound)
    floor = min(value, late.floor)
    return taken, max(value - taken, floor, plan.lowest)


def tried(plan: CheckedPolicy, rule: Rule, given: Try, forgiven: int) -> Tried:
    """One attempt, with what lateness and the cap on retakes make of it."""
    units, closed = how_late(plan, rule, given)
    forgiven = min(forgiven, units)
    if closed:
        return Tried(given, "closed", units, forgiven)
    state = given.state
    if state == "closed":  # the report says so, the clock does not
        state = "scored" if given.score is not None else "ungraded"
    if state == "failed" and rule.valued:
        return Tried(given, state, units, forgiven, None, ZERO, plan.lowest, plan.lowest)
    if state != "scored" or given.score is None:
        return Tried(given, state, units, forgiven)
    value = convert(plan, rule, given.score)
    taken, left = after_deduction(plan, rule, value, units - forgiven)
    final = min(left, rule.cap) if given.number > 1 and rule.cap is not None else left
    return Tried(given, state, units, forgiven, value, taken, left, final)
