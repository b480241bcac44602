"""The step from a raw score to a value (contract section 5, step 1)."""

from __future__ import annotations

from kurssi.diagnostics.finding import Path
from kurssi.diagnostics.message import Percentage, msg
from kurssi.grading.result import AttemptResult, Step, Steps, in_unit
from kurssi.policy.model import Part, Policy

STEPS: Steps = {"convert": msg("score")}


def convert_step(policy: Policy, part: Part, attempt: AttemptResult) -> Step | None:
    """From a raw score to a value; None where there is no score, or the attempt came too late to have one."""
    given = attempt.given
    if attempt.converted is None or given.score is None:
        return None
    rule: Path = part.path
    if part.in_points and not policy.percent:
        rule = (*part.path, "boundaries" if part.boundaries is not None else "linear")
        value = in_unit(attempt.converted, policy)
        why = msg("{score} of {max} points is {value}", score=given.score, max=part.max, value=value)
    elif policy.percent:
        top = part.max if part.in_points else policy.scale.top
        share = Percentage(attempt.converted)  # read, and not added up: the sums have the exact value
        why = msg("{score} of {max} is {value}", score=given.score, max=top, value=share)
    else:
        why = msg("grade {score}", score=in_unit(given.score, policy))
    if part.only_points:
        why = msg("{score} of {max} points", score=given.score, max=part.max)
    operands = ({"attempt": attempt.number, "score": given.score},)
    return Step("convert", part.id, rule, operands, None, attempt.converted, None, why)
