"""Why lateness costs what it does: days that do not count, and free late time that is not spent on an attempt."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from zoneinfo import ZoneInfo

from kurssi.diagnostics.message import Msg, msg, nmsg
from kurssi.grading import AttemptResult, Result
from kurssi.grading.lateness import LateClock, due_of
from kurssi.grading.result import PartResult, flat
from kurssi.policy.free_time import Free
from kurssi.policy.late_units import hours_of_unit
from kurssi.policy.model import Policy
from kurssi.policy.series import names_of
from kurssi.values.times import describe


def late_notes(policy: Policy, result: Result) -> Mapping[tuple[str, int], list[Msg]]:
    """What is to be said of lateness beside its step, by part and attempt."""
    found = list(flat(result.parts).values())
    notes: dict[tuple[str, int], list[Msg]] = {}
    for one in found:
        for attempt in one.attempts:
            said = [*_skipped(policy, one, attempt), *_unspent(policy.free, one, attempt, found)]
            if said:
                notes[one.part.id, attempt.number] = said
    return notes


def _skipped(policy: Policy, result: PartResult, attempt: AttemptResult) -> Iterator[Msg]:
    """How many days between deadline and hand-in do not count."""
    late, submitted = result.part.late, attempt.given.submitted
    due = due_of(result.part, attempt.number, attempt.given)
    if late is None or late.skip is None or submitted is None or due is None or result.part.late_from_export:
        return
    days = LateClock(late._replace(skip=None), due, ZoneInfo(policy.timezone)).of(submitted).units
    if days > attempt.units:
        yield nmsg(
            "{n} day of those in between does not count",
            "{n} days of those in between do not count",
            n=days - attempt.units,
        )


def _unspent(
    free: Free | None, result: PartResult, attempt: AttemptResult, results: Sequence[PartResult]
) -> Iterator[Msg]:
    """Why no more of the free late time went to a late first attempt."""
    part, late = result.part, result.part.late
    rest = attempt.units - attempt.forgiven
    if free is None or late is None or part.takes is not None or attempt.number > 1 or rest <= 0:
        return
    if attempt.state == "closed":
        return
    each = hours_of_unit(late.per)
    spenders = [one for one in results if one.part.takes is None and any(a.forgiven for a in one.attempts)]
    left = free.hours - sum(_spent(one) for one in spenders)
    asked = attempt.units * each if free.whole else (attempt.forgiven + 1) * each
    budget = describe(free.budget)
    if free.at_most is not None and asked > free.at_most.hours:
        most = describe(free.at_most)
        yield (
            msg("free late time is for all of it or none, and one attempt takes {most} at most", most=most)
            if free.whole
            else msg("one attempt takes {most} of the free late time at most", most=most)
        )
    elif asked - attempt.forgiven * each > left:
        others = names_of(one.part for one in spenders)
        if spenders:
            yield msg("of the free late time, {budget}, too little is left beside {parts}", budget=budget, parts=others)
        else:
            yield msg("the free late time, {budget}, is shorter than that", budget=budget)
    else:
        yield msg("free late time spent on it would change nothing")


def _spent(result: PartResult) -> int:
    late = result.part.late
    return 0 if late is None else sum(a.forgiven for a in result.attempts) * hours_of_unit(late.per)
