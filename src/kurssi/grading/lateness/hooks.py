"""Lateness for the analysis of a policy: the times at which a hand-in is worth trying."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from kurssi.policy.late_units import hours_of_unit, length_of_unit
from kurssi.policy.model import Late, Part, Policy
from kurssi.values.hours import Length
from kurssi.values.times import When, deadline

from .clock import LateClock

MOST_UNITS = 60
"""Late units that are looked at one by one."""
MOST_DAYS = 400
"""So many days of the calendar are looked at for a late unit where days are skipped."""


def forgivable(policy: Policy, part: Part, units: int) -> int:
    """How many of so many late units the free budget forgives, if it is spent on this part alone."""
    free, late = policy.free, part.late
    return (
        0 if free is None or late is None or not late.deduct else free.units(units, hours_of_unit(late.per), free.hours)
    )


def late_times(part: Part, due: When, zone: ZoneInfo) -> Iterator[tuple[int, When]]:
    """(started units, a time that many units late): the last minute of each unit, while the part is not closed."""
    late = part.late
    if late is None:
        return
    clock = LateClock(late, due, zone)
    seen: set[int] = set()
    for unit in range(1, MOST_UNITS + 1):
        when = moved(due, late, unit, zone)
        units, closed = clock.of(when)
        if closed:
            return
        if units and units not in seen:
            seen.add(units)
            yield units, when


def closing_time(part: Part, due: When, zone: ZoneInfo) -> When | None:
    """A minute after the part closes; None where it never does."""
    if part.late is None or part.late.closes is None:
        return None
    closes = deadline(due, zone, part.late.closes)
    grace = deadline(due, zone, part.late.grace) if part.late.grace is not None else closes
    return _local(max(closes, grace) + timedelta(minutes=1), zone)


def moved(due: When, late: Late, units: int, zone: ZoneInfo) -> When:
    """A time in the last minute of the ``units``-th late unit after ``due``."""
    if late.skip is not None:
        clock, day = LateClock(late, due, zone), Length(1, "d")
        times = (_local(deadline(due, zone, day, n) - timedelta(minutes=1), zone) for n in range(units, MOST_DAYS))
        return next((when for when in times if clock.of(when).units == units), on_time(due, zone))
    return _local(deadline(due, zone, length_of_unit(late.per), units) - timedelta(minutes=1), zone)


def on_time(due: When, zone: ZoneInfo) -> When:
    """The minute of the deadline."""
    return _local(deadline(due, zone) - timedelta(minutes=1), zone)


def _local(instant: datetime, zone: ZoneInfo) -> When:
    return When(instant.astimezone(zone).replace(tzinfo=None, second=0, microsecond=0), True)


def first_due(part: Part) -> When | None:
    """The deadline of the first attempt."""
    return part.dues[0] if part.dues else None
