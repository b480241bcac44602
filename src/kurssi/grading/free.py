"""Free budgets: late time that is forgiven per student over all parts (contract section 5.1)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from fractions import Fraction
from typing import NamedTuple
from zoneinfo import ZoneInfo

from kurssi.policy.model import Free, Policy
from kurssi.policy.scales import HOURS
from kurssi.values.classlist import Student
from kurssi.values.times import deadline

from .parts import due_of, grade_attempt, lateness_of

Spending = dict[str, int]
"""Units forgiven, by part."""


END_OF_TIME = datetime.max.replace(tzinfo=UTC)
"""After every deadline."""


class LateWork(NamedTuple):
    """A late first attempt: its deadline, part and started units, and what a unit takes from the budget (hours)."""

    due: datetime
    order: int
    part: str
    units: int
    unit_hours: int
    useful: tuple[int, ...]
    """Numbers of units that change the part's value, each the least for its value, 0 among them."""


def late_works(policy: Policy, student: Student, zone: ZoneInfo) -> list[LateWork]:
    """Late first attempts in order of their deadlines, those without one last, closed ones and zeros included.

    A pass-fail part is not among them: it knows no units, only ``closes``.
    """
    works = []
    for order, part in enumerate(policy.leaves()):
        attempts = student.attempts.get(part.id, ())
        if not attempts or part.late is None or not part.late.deduct:
            continue
        units, closed = lateness_of(part, 1, attempts[0], zone)
        due = due_of(part, 1, attempts[0])
        waiting = attempts[0].state == "ungraded" and not closed  # counts as on time while it is open
        if not units or waiting:
            continue
        useful: list[int] = []
        last: Fraction | None = None
        for forgiven in range(units + 1):
            value = grade_attempt(part, 1, attempts[0], policy, zone, forgiven).value
            if not useful or value != last:
                useful.append(forgiven)
            last = value
        end = END_OF_TIME if due is None else deadline(due, zone)
        works.append(LateWork(end, order, part.id, units, HOURS[part.late.per], tuple(useful)))
    return sorted(works)


def in_order(works: Sequence[LateWork], free: Free) -> Spending:
    """Units forgiven by part: every late one spends, in order of deadlines, until the budget is used up."""
    left, spent = free.hours, {}
    for work in works:
        units = min(work.units, left // work.unit_hours)
        left -= units * work.unit_hours
        spent[work.part] = units
    return spent


def where_it_helps(
    works: Sequence[LateWork], free: Free, value: Callable[[Mapping[str, int]], tuple[int, Fraction]]
) -> Spending:
    """The spending for which ``value`` (final grade, exact value) is largest.

    Of equal ones the one that spends least, then the one that spends on the earlier deadline. Forgiving more never
    lowers ``value``, so a branch is left as soon as even all of the rest of the budget for everybody cannot win.
    """
    parts = [work.part for work in works]
    best: tuple[tuple[int, Fraction], int, tuple[int, ...]] | None = None

    def may_win(chosen: tuple[int, ...], dream: tuple[int, ...]) -> bool:
        if best is None:
            return True
        bound = value(dict(zip(parts, (*chosen, *dream), strict=True)))
        return (bound, -sum(chosen)) >= best[:2]

    for spending in _branches(works, free.hours, may_win):
        candidate = (value(dict(zip(parts, spending, strict=True))), -sum(spending), spending)
        if best is None or candidate > best:
            best = candidate
    return dict(zip(parts, best[2], strict=True)) if best else {}


def spendings(works: Sequence[LateWork], free: Free) -> Iterator[Spending]:
    """Every way to spend the budget that could make a difference."""
    parts = [work.part for work in works]
    for units in _branches(works, free.hours, lambda *_: True):
        yield dict(zip(parts, units, strict=True))


def _branches(
    works: Sequence[LateWork], hours: int, worth: Callable[[tuple[int, ...], tuple[int, ...]], bool]
) -> Iterator[tuple[int, ...]]:
    """Spendings, the largest for the earliest deadline first.

    ``worth`` is asked whether a beginning may go on, with the units that the rest could get at the very most.
    """
    todo: list[tuple[tuple[int, ...], int]] = [((), hours)]
    while todo:
        chosen, left = todo.pop()
        rest = works[len(chosen) :]
        if not rest:
            yield chosen
            continue
        if chosen and not worth(chosen, tuple(min(w.units, left // w.unit_hours) for w in rest)):
            continue
        work = rest[0]
        for units in work.useful:  # the last one put in comes out first
            if units * work.unit_hours <= left:
                todo.append(((*chosen, units), left - units * work.unit_hours))
