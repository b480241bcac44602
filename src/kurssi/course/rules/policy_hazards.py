"""What a policy can do that its author may not have meant: the part of it that can be seen at once.

``kurssi policy`` looks at all of it, with students who show it; here stands what follows from the rules alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import timedelta
from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from kurssi.course.model import is_table, spends_in_order
from kurssi.diagnostics.finding import Severity
from kurssi.diagnostics.message import Terms, msg
from kurssi.policy.gates import asked_by_bonus, dead_gates, failing_gates, ways_that_may_cost
from kurssi.policy.late_units import hours_of_unit, length_of_unit
from kurssi.policy.rounding import whole_of
from kurssi.values.times import deadline, describe

from .registry import Hit, policy_hazard

if TYPE_CHECKING:  # loaded only for a file that has something to look at
    from kurssi.policy.model import Late, Part, Policy


@policy_hazard("unreachable-grade", Severity.warning)
def unreachable_grade(policy: Policy) -> Iterator[Hit]:
    """Every grade of the scale can be reached.

    Why: where every part must reach 3 nobody can get 1 or 2: between a fail and a 3 there is nothing, which surprises
    students and teachers alike. And where no part is required and the total cannot fail, nobody fails at all.

    Fails::

        parts: [{id: exam, weight: 100, minimum: 3}]

    Passes::

        parts: [{id: exam, weight: 100, minimum: 1}]
    """
    scale, path = policy.scale, (*policy.path, "evaluation_scale")
    if policy.has_ways or policy.bonuses_by_steps() or not any(part.counts for part in policy.parts):
        return
    live = failing_gates(policy)
    left = {demand.grade - 1 for demand in policy.requires}  # who lacks what the next grade takes has these
    if not live and not policy.may_fail and scale.lowest not in left:
        yield Hit(
            path,
            msg("nobody can get the grade {grade}", grade=scale.label(scale.lowest)),
            msg("nothing in this policy can fail anybody: make a part required, or write may_fail: true"),
            scale.label(scale.lowest),
        )
    low = _least(policy, policy.parts, live)
    first = _grade(policy, low) if low is not None else scale.lowest
    gone = [scale.label(grade) for grade in range(scale.pass_grade, first) if grade not in left]
    if gone and live:
        yield Hit(
            path,
            msg("nobody can get the grade {grade}", grade=gone[0])
            if len(gone) == 1
            else msg("nobody can get the grades {grades}", grades=Terms(gone)),
            msg("look at the minimums, the boundaries and the rounding"),
            " ".join(gone),
        )


def _least(policy: Policy, parts: Sequence[Part], live: set[str]) -> Fraction | None:
    """A value that no mean of these parts is below while the gates are open; None where nothing is weighed."""
    counting = [part for part in parts if part.counts]
    weights = [Fraction(1) if part.weight is None else part.weight for part in counting]
    whole = sum(weights, Fraction(0))
    if not whole:
        return None
    lows = (_least_of(policy, part, live) for part in counting)
    return sum((weight * low for weight, low in zip(weights, lows, strict=True)), Fraction(0)) / whole


def _least_of(policy: Policy, part: Part, live: set[str]) -> Fraction:
    low = policy.lowest
    if part.parts and not part.chooses:
        low = _least(policy, part.parts, live) or low
    if part.id in live and not part.minimum_raw:
        low = max(low, part.minimum)
    return low


def _grade(policy: Policy, total: Fraction) -> int:
    """The grade of a total for who is the least active, all gates open."""
    activity = policy.activity
    least = min([Fraction(0), *(activity.sizes if activity is not None else ())])
    in_steps = activity is not None and activity.in_steps
    if not in_steps:
        total = min(total, max(total + least, policy.pass_value))
    grade = policy.by_boundaries(total) if policy.percent else whole_of(policy.rounding, total)
    return min(grade, max(grade + int(least), policy.scale.pass_grade)) if in_steps else grade


@policy_hazard("dead-part", Severity.warning)
def dead_part(policy: Policy) -> Iterator[Hit]:
    """Every part can change a grade.

    Why: a part that is passed or failed has no value; where it need not be passed either, it changes nothing. Parts of
    a part are not required unless the file says so, so this is easily written by mistake.

    Fails::

        parts: [{id: exam, weight: 100}, {id: quiz, graded: pass-fail, required: false}]

    Passes::

        parts: [{id: exam, weight: 100}, {id: quiz, graded: pass-fail}]
    """
    if policy.has_ways:
        return  # which way counts may hang on any part
    live = failing_gates(policy) | asked_by_bonus(policy)
    for part in _dead_parts(policy.parts, policy, live, False):
        yield Hit(
            (*part.path, "id"),
            msg("{part} can never change a grade", part=part.name),
            msg("write required: true if it must be passed, or give it weight")
            if part.weighed
            else msg("write required: true if it must be passed, or under requires for which grade it counts"),
            part.id,
        )


def _dead_parts(parts: Sequence[Part], policy: Policy, live: Collection[str], opens: bool) -> Iterator[Part]:
    """``live``: the parts whose gate decides something; ``opens``: handing in one of these may open a gate above."""
    for part in parts:
        # handing in one part can be enough for a part above it that asks for no more
        here = opens or (part.id in live and part.minimum <= policy.lowest) or bool(policy.demands_on(part.id))
        if part.parts:
            yield from _dead_parts(part.parts, policy, live, here)
        elif part.id not in live and not here and not part.bonus and not part.counts:
            yield part


@policy_hazard("dead-gate", Severity.warning)
def dead_gate(policy: Policy) -> Iterator[Hit]:
    """What is written as a gate can fail somebody.

    Why: a minimum says nothing where the part is not required, and a required part fails nobody where the part that it
    belongs to is not required itself. Parts of a part are not required unless the file says so.

    Fails::

        - {id: work, weight: 100, parts: [{id: essay, minimum: 3}, {id: talk}]}

    Passes::

        - {id: work, weight: 100, parts: [{id: essay, minimum: 3, required: true}, {id: talk}]}
    """
    for gate in dead_gates(policy):
        yield Hit((*gate.part.path, gate.key), gate.message, gate.help, gate.part.id)


@policy_hazard("dead-late-step", Severity.warning)
def dead_late_step(policy: Policy) -> Iterator[Hit]:
    """Every step of a late table is used before the part closes.

    Why: a step that nobody reaches looks like a promise; either it or the time after which nothing is taken is a slip.

    Fails::

        late: {deduct: [0.5, 1, 2], per: day, closes: 2 d}
        parts: [{id: exam, weight: 100, due: 2024-03-04 23:59}]

    Passes::

        late: {deduct: [0.5, 1, 2], per: day, closes: 7 d}
        parts: [{id: exam, weight: 100, due: 2024-03-04 23:59}]
    """
    seen: set[object] = set()
    for part in policy.leaves():
        late = part.late
        if late is None or late.path in seen or late.closes is None or late.grace is not None:
            continue
        if part.dues[0] is None or not part.valued or not is_table(late.form):
            continue
        seen.add(late.path)
        last = _units(late)
        if last is not None and last < len(late.deduct):
            yield Hit(
                (*late.path, "deduct", last),
                msg(
                    "step {number} of the late table is never used: the part closes after {time}",
                    number=last + 1,
                    time=describe(late.closes),
                ),
                msg("let the part close later, or end the table with the step before"),
                str(last + 1),
            )


def _units(late: Late) -> int | None:
    """How many units may have started before the part closes."""
    if late.closes is None:
        return None
    unit, length = length_of_unit(late.per), late.closes.nominal
    if unit.days and not late.closes.days:
        length += timedelta(hours=1)  # the clock may have changed in between
    return max(1, ceil(length / unit.nominal))


@policy_hazard("dead-retake", Severity.warning)
def dead_retake(policy: Policy) -> Iterator[Hit]:
    """A retake can reach the minimum of its part.

    Why: where a retake counts less than the gate asks for, whoever needs one has failed already.

    Fails::

        - {id: exam, weight: 100, minimum: 2, retakes: 1, retake_at_most: 1}

    Passes::

        - {id: exam, weight: 100, minimum: 2, retakes: 1, retake_at_most: 2}
    """
    live = failing_gates(policy)
    for part in policy.leaves():
        cap = part.retake_at_most
        if (
            policy.has_ways
            or policy.bonuses_by_steps()
            or cap is None
            or part.joins
            or len(part.dues) < 2
            or part.id not in live
            or part.minimum_raw
            or cap >= part.minimum
        ):
            continue
        yield Hit(
            (*part.path, "retake_at_most"),
            msg(
                "no retake of {part} can pass: it counts at most {cap}, and the minimum is {minimum}",
                part=part.name,
                cap=cap,
                minimum=part.minimum,
            ),
            msg("write a retake_at_most that reaches the minimum"),
            part.id,
        )


@policy_hazard("not-monotone", Severity.warning)
def not_monotone(policy: Policy) -> Iterator[Hit]:
    """Handing something in never lowers the grade.

    Why: where free late time is spent in order of the deadlines, a late work that is worth nothing takes what another
    one needs: who leaves it out fares better. (A retake that costs is the rule latest-attempt.)

    Fails::

        late: {deduct: 1, per: day, free: {budget: 2 d}}
        parts:
          - {id: quiz, weight: 20, due: 2024-03-04 23:59, required: false}
          - {id: essay, weight: 40, due: 2024-03-11 23:59}
          - {id: exam, weight: 40}

    Passes::

        late: {deduct: 1, per: day, free: {budget: 2 d, spend: where-it-helps}}
        parts:
          - {id: quiz, weight: 20, due: 2024-03-04 23:59, required: false}
          - {id: essay, weight: 40, due: 2024-03-11 23:59}
          - {id: exam, weight: 40}
    """
    yield from _of_ways(policy)
    yield from _of_steps(policy)
    free = policy.free
    if (
        free is None
        or not spends_in_order(free.spend)
        or policy.percent
        or policy.scale.own
        or any(p.parts for p in policy.parts)
    ):
        return
    late = [part for part in policy.parts if part.late is not None and part.late.deduct and part.dues[0] is not None]
    for part in late:
        for other in late:
            if part is not other and not part.required and _needs_more(policy, part, other):
                yield Hit(
                    free.path,
                    msg(
                        "handing {part} in late can lower the grade: it takes free late time that {other} needs",
                        part=part.name,
                        other=other.name,
                    ),
                    msg("write spend: where-it-helps"),
                    part.id,
                )
                return


def _of_steps(policy: Policy) -> Iterator[Hit]:
    """Steps of a bonus that take something away from who comes as far as to them, or passes what they ask for."""
    for part in policy.bonuses_by_steps():
        bonus = part.stepped
        if bonus is None or bonus.steps[0][1] >= 0:
            continue
        start, taken = bonus.steps[0][0], -bonus.steps[0][1]
        if start > 0:
            yield Hit(
                (*bonus.path, "steps", 0),
                msg("in {part} a better score can lower the grade: from {start} % on {n} is taken away", part=part.name,
                    start=start, n=taken),
                msg("begin the steps with from: 0 %, or take nothing away"),
                part.id,
            )  # fmt: skip
        elif bonus.only_if:
            asked = policy.by_id()[bonus.only_if[0]]
            yield Hit(
                (*bonus.path, "only_if", 0),
                msg("passing {other} can lower the grade: what {part} takes away is taken only then", other=asked.name,
                    part=part.name),
                msg("leave only_if out, or steps that take something away"),
                part.id,
            )  # fmt: skip


def _of_ways(policy: Policy) -> Iterator[Hit]:
    """Ways one of which counts because it is passed, and not because it is worth more."""
    for part in ways_that_may_cost(policy):
        yield Hit(
            (*part.path, "ways"),
            msg(
                "in {part} a better score can lower the grade: a way that is passed counts before one that is "
                "worth more",
                part=part.name,
            ),
            msg("write required: true at {part}, or at no part of one of its ways", part=part.name),
            part.id,
            key=True,
        )


def _needs_more(policy: Policy, part: Part, other: Part) -> bool:
    """Whether a late ``part`` that is worth nothing surely takes a whole grade from somebody late with ``other``.

    With ``part`` at the lowest and ``other`` at the top, a third part that takes every value moves the total over a
    whole grade above the pass grade, so some total of this student lies just on a boundary.
    """
    late, first = other.late, part.late
    if late is None or first is None or policy.free is None or late.per != first.per:
        return False
    if late.grace is not None or first.grace is not None or not late.deduct[0] or late.not_below >= policy.top:
        return False
    if policy.free.at_most is not None:
        return False  # one part may leave enough for the other
    if policy.free.hours < hours_of_unit(late.per) or not other.in_grades or not _share(policy, other):
        return False
    zone = ZoneInfo(policy.timezone)
    if part.dues[0] is None or other.dues[0] is None:
        return False
    if deadline(part.dues[0], zone) > deadline(other.dues[0], zone):
        return False
    most = policy.top - _share(policy, part) * (policy.top - policy.lowest)
    return most - 1 >= policy.pass_value and any(
        third.in_grades
        and _share(policy, third) * (policy.top - (third.minimum if third.required else policy.lowest)) >= 1
        for third in policy.parts
        if third is not part and third is not other
    )


def _share(policy: Policy, part: Part) -> Fraction:
    """What a part at the top weighs, from 0 to 1."""
    if not part.counts:
        return Fraction(0)
    counting = [sibling for sibling in policy.parts if sibling.counts]
    if part.weight is None:
        return Fraction(1, len(counting))
    return part.weight / 100
