"""The step of activity (contract section 5.2)."""

from __future__ import annotations

from fractions import Fraction

from kurssi.diagnostics.message import msg
from kurssi.grading.result import Result, Step, Steps
from kurssi.policy.model import Policy

from .adjustment import with_activity

STEPS: Steps = {"activity": msg("activity")}


def activity_step(policy: Policy, result: Result, before: Fraction) -> Step:
    """What activity adds to the mean ``before``."""
    adjust = result.adjust or Fraction(0)
    after = with_activity(policy, before, adjust)
    rule = policy.activity.path if policy.activity else policy.path
    sign = "+" if adjust >= 0 else "−"
    words: dict[str, object] = {"before": before, "sign": sign, "adjust": abs(adjust), "after": after}
    student = result.student
    operand: dict[str, object] = {"level": student.level, "attended": student.attended, "adjust": adjust}
    if policy.activity is not None and policy.activity.levels is not None:
        level = student.level
        if level is None:
            why = msg("no activity level: nothing is added")
        elif before + adjust == after:
            why = msg("{level}: {before} {sign} {adjust} = {after}", level=level, **words)
        else:
            why = msg("{level}: {before} {sign} {adjust}, held at {after}", level=level, **words)
    elif student.attended is None:
        why = msg("no attendance: nothing is added")
    elif before + adjust == after:
        why = msg("attended {n}: {before} {sign} {adjust} = {after}", n=student.attended, **words)
    else:
        why = msg("attended {n}: {before} {sign} {adjust}, held at {after}", n=student.attended, **words)
    limit = policy.top if adjust > 0 else policy.pass_value
    return Step("activity", None, rule, (operand,), before, after, limit, why)
