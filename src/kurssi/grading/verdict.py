"""From the parts of a student to a verdict: the total, and the state (contract section 5, steps 6 to 9, "States")."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from kurssi.policy.model import Policy

from .activity import stepped, with_activity
from .demands import limit_of, of_student, word_of
from .gates import counting_below, reasons
from .result import Met, PartResult, Reason, Verdict
from .rounding import clamped, rounded

if TYPE_CHECKING:
    from .ranges.choices import Reach


NOTHING = Fraction(0)


class Total(NamedTuple):
    """One evaluation of a student's attempts: the parts, their mean, and the whole before states are decided."""

    parts: tuple[PartResult, ...]
    reasons: tuple[Reason, ...]
    exact: Fraction | None
    rounded: int | None
    grade: int | None
    """The grade if nothing were open; None where nothing is left to weigh."""
    raised: bool
    unmet: tuple[Met, ...] = ()
    """Demands that are not met, of every grade."""
    before_demands: int | None = None
    """The grade without them."""


def total_of(
    policy: Policy,
    parts: tuple[PartResult, ...],
    mean: Fraction | None,
    adjust: Fraction | None,
    attended: int | None = None,
    ways: tuple[PartResult, ...] = (),
) -> Total:
    """The whole from the parts of the top level, their mean with bonus, and what activity adds (steps 7 to 9).

    Where there are ``ways`` to the grade the parts are those of the one that counts; what grades ask is looked at in
    all of them.
    """
    total = _without_demands(policy, parts, mean, adjust)
    if not policy.requires:
        return total
    unmet = tuple([one for one in of_student(policy, ways or parts, attended) if not one.met])
    limit = limit_of(policy, [one.demand for one in unmet])
    grade = None if total.grade is None else min(total.grade, limit)
    return total._replace(grade=grade, unmet=unmet, before_demands=total.grade)


def _without_demands(
    policy: Policy, parts: tuple[PartResult, ...], mean: Fraction | None, adjust: Fraction | None
) -> Total:
    why = reasons(parts)
    if mean is None:
        weighs = any(part.counts for part in policy.parts)
        grade = None if weighs else policy.scale.lowest if why else policy.best_grade
        return Total(parts, why, None, None, policy.scale.lowest if why else grade, False)
    adjust = adjust or NOTHING
    exact = with_activity(policy, mean, adjust)
    whole = rounded(policy, exact)
    raised = not why and not policy.may_fail and whole < policy.scale.pass_grade
    grade = policy.scale.lowest if why else stepped(policy, clamped(policy, whole), adjust)
    return Total(parts, why, exact, whole, grade, raised)


def decided(policy: Policy, total: Total, reach: Reach | None = None) -> Verdict:
    """The state of a student; ``reach`` says what is within reach where something is open."""
    grade, raised, why = total.grade, total.raised, total.reasons
    lacking = _lacking(total.unmet, total.before_demands)
    span = None
    if reach is not None:
        span, why = reach.grades, _for_good(total, reach.passable)
        if not why and reach.before_demands is None:
            # each gate opens with some spending of free time, but never do all: named are those closed with this one
            why = tuple([one for one in total.reasons if one.part is not None and one.part.id not in reach.always])
        lacking = _lacking([one for one in total.unmet if one.demand not in reach.meetable], reach.before_demands)
        if len(span) > 1 or (span and reach.may_be_none):
            return Verdict("incomplete", None, None, None, False, span, ())
    if grade is None or span == ():
        reason = Reason(None, "nothing-to-weigh")
        return Verdict("incomplete", None, total.exact, total.rounded, raised, None, (reason,))
    # every open attempt leads to this one grade; what is open counts as the lowest in the exact value
    grade = span[0] if span else grade
    if grade >= policy.scale.pass_grade:
        return Verdict("graded", grade, total.exact, total.rounded, raised, None, lacking)
    why = why or lacking or (Reason(None, "below-boundary", policy.pass_value, total.exact),)
    return Verdict("failed", grade, total.exact, total.rounded, False, None, why)


def _lacking(unmet: Sequence[Met], grade: int | None) -> tuple[Reason, ...]:
    """The demands that keep a student from a grade that the total gives, as reasons."""
    out = []
    for one in unmet:
        demand = one.demand
        if grade is not None and demand.grade <= grade:
            had = None if one.had is None else demand.shown(one.had)
            out.append(Reason(one.part, "demand-not-met", demand.asked, had, demand, word_of(one)))
    return tuple(out)


def _for_good(total: Total, passable: Collection[str]) -> tuple[Reason, ...]:
    """The reasons that nothing open can repair: gates that stay closed whatever comes."""
    known = {reason.part.id: reason for reason in total.reasons if reason.part is not None}
    return tuple(_closed(total.parts, passable, known))


def _closed(results: Sequence[PartResult], passable: Collection[str], known: Mapping[str, Reason]) -> Iterator[Reason]:
    """The gates of some siblings and of what they are made of that stay closed, the innermost first."""
    for result in results:
        if not result.part.required or result.part.id in passable:
            continue
        below = tuple(_closed(counting_below(result), passable, known))
        yield from below
        if result.part.id in known:
            yield known[result.part.id]
        elif not below:  # still open, but nothing that may come is enough
            code = result.gate or "below-minimum"
            yield Reason(result.part, code, result.part.minimum if code == "below-minimum" else None, None)
