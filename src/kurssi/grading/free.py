"""Free budgets: late time that is forgiven per student over all parts (contract section 5.1)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from fractions import Fraction
from typing import NamedTuple
from zoneinfo import ZoneInfo

from kurssi.classlist import Student
from kurssi.policy import Free, Policy
from kurssi.scales import HOURS
from kurssi.times import deadline

from .parts import due_of, lateness_of


class LateWork(NamedTuple):
    """A late first attempt: its deadline, part and started units, and what a unit takes from the budget (hours)."""

    due: datetime
    order: int
    part: str
    units: int
    unit_hours: int


def late_works(policy: Policy, student: Student, zone: ZoneInfo) -> list[LateWork]:
    """Late first attempts in order of their deadlines, closed ones and zeros included.

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
        if units and due is not None and not waiting:
            works.append(LateWork(deadline(due, zone), order, part.id, units, HOURS[part.late.per]))
    return sorted(works)


def in_order(works: list[LateWork], free: Free) -> dict[str, int]:
    """Units forgiven by part: every late one spends, in order of deadlines, until the budget is used up."""
    left, spent = free.hours, {}
    for work in works:
        units = min(work.units, left // work.unit_hours)
        left -= units * work.unit_hours
        spent[work.part] = units
    return spent


def where_it_helps(
    works: list[LateWork], free: Free, value: Callable[[Mapping[str, int]], tuple[int, Fraction]]
) -> dict[str, int]:
    """The spending for which ``value`` (final grade, exact value) is largest.

    Of equal ones the one that spends least, then the one that spends on the earlier deadline.
    """
    best: tuple[tuple[int, Fraction], int, tuple[int, ...]] | None = None
    for spending in _spendings(works, free.hours):
        outcome = value({work.part: units for work, units in zip(works, spending, strict=True)})
        candidate = (outcome, -sum(spending), spending)
        if best is None or candidate > best:
            best = candidate
    return {work.part: units for work, units in zip(works, best[2], strict=True)} if best else {}


def _spendings(works: list[LateWork], left: int) -> Iterator[tuple[int, ...]]:
    if not works:
        yield ()
        return
    first, rest = works[0], works[1:]
    for units in range(min(first.units, left // first.unit_hours), -1, -1):
        for others in _spendings(rest, left - units * first.unit_hours):
            yield (units, *others)
