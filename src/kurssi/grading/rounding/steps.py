"""The last steps: from the total to the grade, a grade set by hand, and what is still open."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from kurssi.diagnostics.message import Percentage, Terms, msg
from kurssi.grading.activity.steps import grade_step
from kurssi.grading.demands.steps import demand_step
from kurssi.grading.reasons import describe
from kurssi.grading.result import Override, Result, Step, Steps, in_unit
from kurssi.policy.model import Policy

from .grade import clamped
from .words import mode

STEPS: Steps = {
    "round": msg("rounding"),
    "raise": msg("lower limit"),
    "override": msg("set by hand"),
    "grade": msg("grade"),
}


def last_steps(policy: Policy, result: Result) -> Iterator[Step]:
    """Rounding or boundaries, a total raised to the pass grade, an override, and the grade with its reasons."""
    scale = policy.scale
    if result.status == "incomplete" and result.override is None:
        yield _open(policy, result)
        return
    if result.exact is not None and result.rounded is not None:
        yield _rounding(policy, result.exact, result.rounded)
    lacking = any(reason.demand is not None for reason in result.reasons)
    before = _before_demands(policy, result, lacking)
    if result.rounded is not None and result.rounded < before:
        yield Step(
            "raise",
            None,
            (*policy.path, "may_fail"),
            (),
            Fraction(result.rounded),
            Fraction(scale.pass_grade),
            policy.pass_value,
            msg("every gate is passed, so the grade is at least {grade}", grade=scale.label(scale.pass_grade)),
        )
    moved = _moved(policy, result)
    if moved is not None and moved.after is not None:
        yield moved
        before = int(moved.after)
    if (step := demand_step(policy, result, before)) is not None:
        yield step
    if result.override is not None:
        yield _set_by(policy, result, result.override)
    if result.grade is None:
        return
    operands = tuple({"part": r.about, "code": r.code} for r in result.reasons)
    start = result.computed if lacking else None if result.rounded is None else before
    label = scale.label(result.grade)
    if result.override is not None:
        why = msg("final grade {grade}", grade=label)
    elif result.reasons:
        reasons = Terms([describe(reason, policy) for reason in result.reasons], "; ")
        why = msg("final grade {grade}: {reasons}", grade=label, reasons=reasons)
    else:
        why = msg("final grade {grade}", grade=label)
    yield Step(
        "grade",
        None,
        policy.path,
        operands,
        None if start is None else Fraction(start),
        Fraction(result.grade),
        None,
        why,
    )


def _rounding(policy: Policy, exact: Fraction, whole: int) -> Step:
    """From the total to a whole grade, by rounding or by the boundaries."""
    if policy.percent:
        key, why = (
            "boundaries",
            msg("{exact} is {grade} by the boundaries", exact=Percentage(exact), grade=policy.scale.label(whole)),
        )
    else:
        key = "rounding"
        grade = in_unit(Fraction(whole), policy)
        why = msg("{exact} is rounded ({mode}) to {grade}", exact=exact, mode=mode(policy.rounding), grade=grade)
    return Step("round", None, (*policy.path, key), (), exact, Fraction(whole), None, why)


def _before_demands(policy: Policy, result: Result, lacking: bool) -> int:
    """The grade as it is before what grades ask; every gate is passed where only that is lacking."""
    if result.rounded is None:
        return policy.best_grade
    return clamped(policy, result.rounded) if lacking or result.raised else result.rounded


def _set_by(policy: Policy, result: Result, override: Override) -> Step:
    return Step(
        "override",
        None,
        policy.path,
        ({"by": override.by, "date": override.date, "reason": override.reason},),
        None if result.computed is None else Fraction(result.computed),
        Fraction(override.grade),
        None,
        msg("set by {by} on {date}: {reason}", **_signed(override))
        if override.by
        else msg("set on {date}: {reason}", **_signed(override)),
    )


def _moved(policy: Policy, result: Result) -> Step | None:
    """By how many steps activity moves the grade, where it does that."""
    if policy.activity is None or not policy.activity.in_steps or result.rounded is None or result.adjust is None:
        return None
    return grade_step(policy, result, clamped(policy, result.rounded))


def _signed(override: Override) -> dict[str, object]:
    return {"by": override.by, "date": date.fromisoformat(override.date), "reason": override.reason}


def _open(policy: Policy, result: Result) -> Step:
    if result.range is None:
        why = msg("nothing is left to weigh: every part is excused or recognised")
        return Step("grade", None, policy.path, (), None, None, None, why)
    labels = Terms([policy.scale.label(g) for g in result.range])
    operands = ({"range": list(result.range)},)
    why = msg("incomplete: something is still open; reachable: {grades}", grades=labels)
    return Step("grade", None, policy.path, operands, None, None, None, why)
