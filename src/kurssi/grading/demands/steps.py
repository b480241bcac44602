"""The step of what grades ask: the grade is held where something of it is not there (contract 11.5)."""

from __future__ import annotations

from fractions import Fraction

from kurssi.diagnostics.message import Terms, msg
from kurssi.grading.reasons import describe
from kurssi.grading.result import Result, Step, Steps
from kurssi.policy.model import Policy

STEPS: Steps = {"demand": msg("requirements")}


def demand_step(policy: Policy, result: Result, before: int) -> Step | None:
    """What is lacking for the grade ``before``, or that nothing is; None where no grade up to it asks for anything."""
    lacking = [reason for reason in result.reasons if reason.demand is not None]
    scale, path = policy.scale, (*policy.path, "requires")
    computed = result.computed
    if computed is None or (result.reasons and not lacking):
        return None
    if not lacking:
        if not any(demand.grade <= computed for demand in policy.requires):
            return None
        why = msg("all that the grades up to {grade} require is there", grade=scale.label(computed))
        return Step("demand", None, path, (), Fraction(before), Fraction(before), None, why)
    operands = tuple(
        {
            "grade": reason.demand.grade,
            "part": reason.about,
            "asked": reason.demand.text(reason.demand.asked),
            "had": reason.had,
        }
        for reason in lacking
        if reason.demand is not None
    )
    reasons = Terms([describe(reason, policy) for reason in lacking], "; ")
    why = msg("{reasons}: at most {grade}", reasons=reasons, grade=scale.label(computed))
    return Step("demand", None, path, operands, Fraction(before), Fraction(computed), Fraction(computed), why)
