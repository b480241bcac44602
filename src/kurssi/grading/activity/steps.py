"""The step of activity (contract section 5.2)."""

from __future__ import annotations

from fractions import Fraction

from kurssi.diagnostics.message import Msg, msg
from kurssi.grading.result import Result, Step, Steps
from kurssi.policy.model import Policy

from .adjustment import stepped, with_activity

STEPS: Steps = {"activity": msg("activity")}


def activity_step(policy: Policy, result: Result, before: Fraction) -> Step:
    """What activity adds to the mean ``before``."""
    adjust = result.adjust or Fraction(0)
    after = with_activity(policy, before, adjust)
    limit = policy.top if adjust > 0 else policy.pass_value
    return _step(policy, result, before, after, limit, _why(policy, result, before, after))


def grade_step(policy: Policy, result: Result, before: int) -> Step:
    """By how many steps activity moves the grade ``before``; by none where a gate is closed."""
    if any(reason.part is not None and reason.demand is None for reason in result.reasons):
        lowest = Fraction(policy.scale.lowest)
        why = msg("activity opens no failed gate: the grade does not move")
        return _step(policy, result, lowest, lowest, lowest, why)
    adjust = result.adjust or Fraction(0)
    after = stepped(policy, before, adjust)
    limit = Fraction(policy.scale.top if adjust > 0 else policy.scale.pass_grade)
    why = _why(policy, result, Fraction(before), Fraction(after))
    return _step(policy, result, Fraction(before), Fraction(after), limit, why)


def _step(policy: Policy, result: Result, before: Fraction, after: Fraction, limit: Fraction, why: Msg) -> Step:
    rule = policy.activity.path if policy.activity else policy.path
    student = result.student
    operand: dict[str, object] = {
        "level": student.level,
        "attended": student.attended,
        "adjust": result.adjust or Fraction(0),
    }
    return Step("activity", None, rule, (operand,), before, after, limit, why)


def _why(policy: Policy, result: Result, before: Fraction, after: Fraction) -> Msg:
    adjust, student = result.adjust or Fraction(0), result.student
    sign = "+" if adjust >= 0 else "−"
    words: dict[str, object] = {"before": before, "sign": sign, "adjust": abs(adjust), "after": after}
    if policy.activity is not None and policy.activity.levels is not None:
        if student.level is None:
            return msg("no activity level: nothing is added")
        words["level"] = student.level
        if before + adjust == after:
            return msg("{level}: {before} {sign} {adjust} = {after}", **words)
        return msg("{level}: {before} {sign} {adjust}, held at {after}", **words)
    if student.attended is None:
        return msg("no attendance: nothing is added")
    if policy.activity is not None and not policy.activity.moves:
        return msg("{n} of {all} sessions", n=student.attended, all=policy.activity.sessions)
    if before + adjust == after:
        return msg("attended {n}: {before} {sign} {adjust} = {after}", n=student.attended, **words)
    return msg("attended {n}: {before} {sign} {adjust}, held at {after}", n=student.attended, **words)
