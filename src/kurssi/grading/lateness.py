"""Lateness: started units, closing, and what is deducted (contract section 5.1)."""

from __future__ import annotations

from datetime import datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from kurssi.policy.model import Late, Policy
from kurssi.policy.scales import HOURS
from kurssi.values.hours import Length
from kurssi.values.times import When, deadline, handed_in

_UNIT = {"day": Length(1, "d"), "week": Length(1, "w")}


def late_units(late: Late, submitted: When, due: When, zone: ZoneInfo) -> tuple[int, bool]:
    """(started units, closed): the least n with submitted ≤ due + n × per, and whether it came after ``closes``.

    Compared as instants. Days and weeks move the local date, so a change of the clock costs nobody an hour.
    """
    came, limit = handed_in(submitted, zone), deadline(due, zone)
    if came <= limit:
        return 0, False
    if late.grace is not None and came <= deadline(due, zone, late.grace):
        return 0, False
    closed = late.closes is not None and came > deadline(due, zone, late.closes)
    if late.per == "hour":
        return -((limit - came) // timedelta(hours=1)), closed
    return _dates(came, due, zone, _UNIT[late.per]), closed


def elapsed_units(late: Late, length: timedelta) -> tuple[int, bool]:
    """The same where how late it was is given itself: all of it is elapsed time, a day having 24 hours."""
    if length <= timedelta(0) or (late.grace is not None and length <= _elapsed(late.grace)):
        return 0, False
    unit = timedelta(hours=HOURS[late.per])
    return -(-length // unit), late.closes is not None and length > _elapsed(late.closes)


def _elapsed(length: Length) -> timedelta:
    return timedelta(days=length.days) + length.elapsed


def _dates(came: datetime, due: When, zone: ZoneInfo, unit: Length) -> int:
    """The least n ≥ 1 with came ≤ due moved by n units of whole days."""
    units = max(1, (came - deadline(due, zone)) // timedelta(days=unit.days) - 1)  # near, and never above
    while came > deadline(due, zone, unit, units):
        units += 1
    return units


def deduction(late: Late, value: Fraction, units: int, policy: Policy) -> Fraction:
    """What ``units`` late units take from ``value``, before the floor; never negative."""
    if units <= 0 or not late.deduct:
        return Fraction(0)
    size = late.deduct[min(units, len(late.deduct)) - 1] if late.table else late.deduct[0] * units
    base = value if late.of == "earned" else policy.top
    if late.percent:
        size = size * base / 100
    if late.at_most is not None:
        size = min(size, late.at_most * base / 100 if late.at_most_percent else late.at_most)
    return size


def after_lateness(late: Late, value: Fraction, size: Fraction, policy: Policy) -> Fraction:
    """The value with the deduction taken: max(value − size, min(value, not_below)), never below the lowest."""
    return max(value - size, min(value, late.not_below), policy.lowest)
