"""The steps of one grade: each with the rule's place in the file, what went in, and what came out.

Derived from the same values that the grade was computed from, in the order of the contract's section 5.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import NamedTuple

from kurssi.diagnostics.finding import Path
from kurssi.diagnostics.message import Fixed, Msg, Terms, msg, nmsg
from kurssi.policy.model import Late, Part, Policy
from kurssi.values.numbers import exact
from kurssi.values.times import clock_text

from .combine import Mean, bonus_of
from .parts import LIVE, OUT, due_of
from .result import AttemptResult, Override, PartResult, Reason, Result, Step
from .total import with_activity


def steps_of(policy: Policy, result: Result, mean: Mean) -> tuple[Step, ...]:
    """Every step that led to ``result``; the last one is the grade."""
    parts = [step for part in result.parts for step in part_steps(policy, part)]
    return (*parts, *mean_steps(policy, mean, result.status), *whole_steps(policy, result, mean.value))


def part_steps(policy: Policy, result: PartResult) -> Iterator[Step]:
    """The steps of a part, those of its parts first."""
    for child in result.children:
        yield from part_steps(policy, child)
    yield from own_steps(policy, result)


def mean_steps(policy: Policy, mean: Mean, status: str) -> Iterator[Step]:
    """The steps from the parts of the top level to their mean."""
    if mean.value is not None and mean.before_bonus is not None:
        terms = [term(r.part.id, r.effective_weight, r.value) for r in mean.results if r.effective_weight is not None]
        yield mean_step(None, (*policy.path, "parts"), terms, mean.before_bonus, status == "incomplete")
        yield from bonus_steps(mean.results, mean.before_bonus)


def whole_steps(policy: Policy, result: Result, mean: Fraction | None) -> Iterator[Step]:
    """The steps from the mean to the grade. Of the parts of ``result`` none is looked at."""
    if mean is not None and policy.activity is not None and result.adjust is not None:
        yield _activity(policy, result, mean)
    yield from _whole(policy, result)


# ---- parts -------------------------------------------------------------------------------------------------


def own_steps(policy: Policy, result: PartResult) -> Iterator[Step]:
    """The steps of a part without those of its parts."""
    part = result.part
    if part.parts:
        counted = [c for c in result.children if c.effective_weight is not None]
        if counted and shows_mean(result):
            terms = [term(c.part.id, c.effective_weight, c.value) for c in counted]
            total = sum((_value(c) * (c.effective_weight or 0) for c in counted), Fraction(0)) / 100
            yield mean_step(part, (*part.path, "parts"), terms, total, result.open)
            yield from bonus_steps(result.children, total)
    else:
        for attempt in result.attempts:
            yield from _attempt(policy, part, attempt)
        yield from _chosen(part, result)
        if result.peer is not None and part.peer is not None:
            yield Step(
                "peer",
                part.id,
                part.peer.path,
                (
                    {
                        "factor": result.peer.factor,
                        "weight": part.peer.weight,
                        "silent": result.peer.silent,
                        "penalty": part.peer.penalty if result.peer.silent else Fraction(0),
                    },
                ),
                result.peer.group_value,
                result.peer.value,
                part.peer.at_most,
                msg(
                    "peer marks: factor {factor}, of which {weight} % counts: {before} becomes {after}",
                    factor=result.peer.factor,
                    weight=part.peer.weight * 100,
                    before=result.peer.group_value,
                    after=result.peer.value,
                ),
            )
    yield gate_step(part, result)


def _attempt(policy: Policy, part: Part, attempt: AttemptResult) -> Iterator[Step]:
    given = attempt.given
    if attempt.converted is not None and given.score is not None:
        rule: Path = part.path
        if part.graded == "points" and not policy.percent:
            rule = (*part.path, "boundaries" if part.boundaries is not None else "linear")
            why = msg("{score} of {max} points is {value}", score=given.score, max=part.max, value=attempt.converted)
        elif policy.percent:
            top = part.max if part.graded == "points" else policy.scale.top
            why = msg("{score} of {max} is {value} %", score=given.score, max=top, value=attempt.converted)
        else:
            why = msg("grade {score}", score=given.score)
        yield Step(
            "convert",
            part.id,
            rule,
            ({"attempt": attempt.number, "score": given.score},),
            None,
            attempt.converted,
            None,
            why,
        )
    due = due_of(part, attempt.number, given)
    if part.late is None or attempt.state in ("missing", *OUT):
        return
    if part.late_from_export and given.lateness is not None:
        yield from _by_length(part, part.late, attempt, given.lateness)
        return
    if due is None or given.submitted is None:
        return
    times = {"submitted": str(given.submitted), "due": str(due)}
    operands = ({"attempt": attempt.number, **times, "units": attempt.units, "forgiven": attempt.forgiven},)
    words: dict[str, object] = {"submitted": given.submitted, "due": due}
    if attempt.state == "closed":
        why = msg("handed in {submitted}, due {due}: too late, counts as not submitted", **words)
        yield Step("late", part.id, (*part.late.path, "closes"), operands, attempt.converted, None, None, why)
    elif attempt.units and attempt.converted is not None and attempt.value is not None:
        after = attempt.after_lateness or Fraction(0)
        yield Step(
            "late",
            part.id,
            (*part.late.path, "deduct") if part.late.deduct else part.late.path,
            operands,
            attempt.converted,
            after,
            part.late.not_below,
            _lateness(part, attempt, words, after),
        )
    elif not attempt.units:
        yield Step(
            "late",
            part.id,
            part.late.path,
            operands,
            attempt.converted,
            attempt.converted,
            None,
            msg("handed in {submitted}, due {due}: on time", **words),
        )


def _by_length(part: Part, late: Late, attempt: AttemptResult, length: timedelta) -> Iterator[Step]:
    """The step of an attempt whose lateness is taken from the export."""
    before = attempt.converted
    operands = (
        {
            "attempt": attempt.number,
            "lateness": clock_text(length),
            "units": attempt.units,
            "forgiven": attempt.forgiven,
        },
    )
    words = {"late": clock_text(length), "before": before, "deducted": attempt.deducted}
    if attempt.state == "closed":
        why = msg("{late} late by the export: too late, counts as not submitted", **words)
        yield Step("late", part.id, (*late.path, "closes"), operands, before, None, None, why)
    elif not attempt.units:
        why = msg("{late} late by the export: on time", **words)
        yield Step("late", part.id, late.path, operands, before, before, None, why)
    elif before is not None and attempt.value is not None:
        after = attempt.after_lateness or Fraction(0)
        why = msg(
            "{late} late by the export: {units}: {before}, of it {after} is left",
            **words,
            after=after,
            units=_units(late.per, attempt.units),
        )
        rule = (*late.path, "deduct") if late.deduct else late.path
        yield Step("late", part.id, rule, operands, before, after, late.not_below, why)


def _units(per: str, units: int) -> Msg:
    return {
        "hour": nmsg("{n} started hour late", "{n} started hours late", n=units),
        "day": nmsg("{n} started day late", "{n} started days late", n=units),
        "week": nmsg("{n} started week late", "{n} started weeks late", n=units),
    }[per]


def _lateness(part: Part, attempt: AttemptResult, words: dict[str, object], after: Fraction) -> Msg:
    per = part.late.per if part.late else "day"
    words = {
        **words,
        "late": _units(per, attempt.units),
        "before": attempt.converted,
        "deducted": attempt.deducted,
        "after": after,
        "forgiven": attempt.forgiven,
    }
    if attempt.forgiven:
        return msg(
            "handed in {submitted}, due {due}: {late}, {forgiven} forgiven: {before} − {deducted} = {after}", **words
        )
    if attempt.converted is not None and attempt.converted - attempt.deducted < after:
        return msg("handed in {submitted}, due {due}: {late}: {before} − {deducted}, held at {after}", **words)
    return msg("handed in {submitted}, due {due}: {late}: {before} − {deducted} = {after}", **words)


def _chosen(part: Part, result: PartResult) -> Iterator[Step]:
    live = [a for a in result.attempts if a.state in LIVE]
    used = next((a for a in live if a.number == result.used), None)
    if used is None or (used.number == 1 and len(live) < 2):
        return
    before_cap = used.after_lateness
    words: dict[str, object] = {"n": used.number, "value": _shown(used), "count": len(live)}
    if before_cap is not None and used.value is not None and used.value < before_cap:
        why = msg("attempt {n} counts, and a retake gives {value} at most", **words)
    elif part.latest:
        why = msg("the latest attempt counts: attempt {n} with {value}", **words)
    else:
        why = msg("the best attempt counts: attempt {n} with {value}", **words)
    operands = tuple({"attempt": a.number, "state": a.state, "value": a.value} for a in live)
    rule: Path = (*part.path, "attempt" if part.latest else "retakes")
    yield Step("attempt", part.id, rule, operands, before_cap, used.value, part.retake_at_most, why)


def _shown(attempt: AttemptResult) -> object:
    if attempt.value is not None:
        return attempt.value
    return msg("passed") if attempt.state == "passed" else msg("failed")


def gate_step(part: Part, result: PartResult) -> Step:
    """Whether the part is passed, and what it counts with."""
    words: dict[str, object] = {"value": result.value, "minimum": part.minimum}
    needed = part.required
    if result.gate == "not-submitted":
        why = msg("not submitted, and must be passed") if needed else msg("not submitted: counts as the lowest")
    elif result.gate == "closed":
        why = (
            msg("handed in too late, and must be passed") if needed else msg("handed in too late: counts as the lowest")
        )
    elif result.gate == "failed":
        why = msg("failed, and must be passed") if needed else msg("failed")
    elif result.gate == "below-minimum" and part.minimum_raw:
        why = msg("below the {minimum} points that are needed", **words)
    elif result.gate == "below-minimum":
        why = (
            msg("{value} is below {minimum}, which is needed", **words)
            if needed
            else msg("{value} is below {minimum}, but need not be passed", **words)
        )
    elif result.state == "excused":
        why = msg("excused: leaves the mean, its weight is shared out")
    elif result.state == "recognised":
        why = msg("recognised prior learning: leaves the mean, its weight is shared out")
    elif result.state == "ungraded":
        why = msg("not graded yet")
    elif result.state == "passed":
        why = msg("passed")
    else:
        why = msg("passed with {value}", **words) if needed else msg("counts with {value}", **words)
    operands = ({"state": result.state, "required": needed, "gate": result.gate or "open"},)
    limit = None if part.graded == "pass-fail" else part.minimum
    return Step("gate", part.id, part.path, operands, result.value, result.value, limit, why)


# ---- the whole ---------------------------------------------------------------------------------------------


class Term(NamedTuple):
    """One part's share of a mean: as the operand of the step, and in words."""

    operand: Mapping[str, object]
    words: Msg


def term(part: str, weight: Fraction | None, value: Fraction | None) -> Term:
    """A part that enters with ``weight`` per cent."""
    value = value if value is not None else Fraction(0)
    shown = _weight_shown((weight or Fraction(0)) / 100)
    return Term({"id": part, "weight": weight, "value": value}, msg("{weight} × {value}", weight=shown, value=value))


def shows_mean(result: PartResult) -> bool:
    """Whether a part that has parts is told with their mean."""
    return result.value is not None and result.state not in ("missing", "closed")


def mean_step(part: Part | None, rule: Path, terms: Sequence[Term], after: Fraction, unfinished: bool) -> Step:
    """From siblings to their mean, without bonus."""
    total = Terms([words for _, words in terms], " + ")
    why = msg("so far, what is open counted lowest: {sum}", sum=total) if unfinished else msg("{sum}", sum=total)
    operands = tuple([operand for operand, _ in terms])
    return Step("mean", part.id if part else None, rule, operands, None, after, None, why)


def _value(result: PartResult) -> Fraction:
    return result.value if result.value is not None else Fraction(0)


def _weight_shown(share: Fraction) -> object:
    return share if "/" in exact(share) else Fixed(share)


def bonus_steps(results: Sequence[PartResult], before: Fraction) -> Iterator[Step]:
    """What each bonus part adds to the mean of its siblings."""
    for result in results:
        extra = bonus_of(result)
        if result.part.bonus and result.value is not None:
            yield Step(
                "bonus",
                result.part.id,
                (*result.part.path, "bonus"),
                ({"weight": result.part.weight, "value": result.value},),
                before,
                before + extra,
                None,
                msg("{before} + {weight} % × {value}", before=before, weight=result.part.weight, value=result.value),
            )
            before += extra


def _activity(policy: Policy, result: Result, before: Fraction) -> Step:
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


def _whole(policy: Policy, result: Result) -> Iterator[Step]:
    scale = policy.scale
    key = "boundaries" if policy.percent else "rounding"
    if result.status == "incomplete" and result.override is None:
        yield _open(policy, result)
        return
    if result.exact is not None and result.rounded is not None:
        why = (
            msg("{exact} % is {grade} by the boundaries", exact=result.exact, grade=scale.label(result.rounded))
            if policy.percent
            else msg(
                "{exact} is rounded ({mode}) to {grade}",
                exact=result.exact,
                mode=_mode(policy.rounding),
                grade=result.rounded,
            )
        )
        yield Step("round", None, (*policy.path, key), (), result.exact, Fraction(result.rounded), None, why)
    if result.raised:
        yield Step(
            "raise",
            None,
            (*policy.path, "may_fail"),
            (),
            Fraction(result.rounded or 0),
            Fraction(scale.pass_grade),
            policy.pass_value,
            msg("every gate is passed, so the grade is at least {grade}", grade=scale.label(scale.pass_grade)),
        )
    if result.override is not None:
        override = result.override
        yield Step(
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
    if result.grade is None:
        return
    operands = tuple({"part": r.part.id if r.part else None, "code": r.code} for r in result.reasons)
    before = None if result.rounded is None else Fraction(scale.pass_grade if result.raised else result.rounded)
    label = scale.label(result.grade)
    if result.override is not None:
        why = msg("final grade {grade}", grade=label)
    elif result.reasons:
        why = msg(
            "final grade {grade}: {reasons}", grade=label, reasons=Terms([describe(r) for r in result.reasons], "; ")
        )
    else:
        why = msg("final grade {grade}", grade=label)
    yield Step("grade", None, policy.path, operands, before, Fraction(result.grade), None, why)


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


def _mode(rounding: str) -> Msg:
    return {
        "half-up": msg("halves up"),
        "down": msg("down"),
        "up": msg("up"),
        "half-even": msg("halves to even"),
    }[rounding]


def describe(reason: Reason) -> Msg:
    """A reason in words: ``individual below 1``."""
    name = reason.part.name if reason.part else ""
    if reason.code == "not-submitted":
        return msg("{part} not submitted", part=name)
    if reason.code == "closed":
        return msg("{part} handed in too late", part=name)
    if reason.code == "failed":
        return msg("{part} failed", part=name)
    if reason.code == "below-minimum":
        return msg("{part} below {minimum}", part=name, minimum=reason.minimum)
    if reason.code == "below-boundary":
        return msg("total below {minimum}", minimum=reason.minimum)
    return msg("nothing to weigh")
