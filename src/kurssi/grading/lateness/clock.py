"""When a hand-in is how late: started units and closing, worked out once per rule and deadline (contract section 5.1).

Units and closing change at a few instants only. A :class:`LateClock` keeps them, ascending, on the wall clock of the
course's time zone, and looks a hand-in up by bisection: no time zone is asked again for each attempt.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from kurssi.policy.late_units import length_of_unit
from kurssi.policy.model import Late, Part
from kurssi.values.classlist import Attempt
from kurssi.values.times import When, deadline, handed_in, local_day


def due_of(part: Part, number: int, attempt: Attempt) -> When | None:
    """The deadline of an attempt: the student's own, else the policy's; None where it is never late."""
    if attempt.due is not None:
        return attempt.due
    return part.dues[number - 1] if number <= len(part.dues) else None


class Lateness(NamedTuple):
    """How late something came: started units (before any are forgiven), and whether after ``closes``."""

    units: int
    closed: bool


ON_TIME = Lateness(0, False)

FIRST_HORIZON = timedelta(days=4)
LAST_HORIZON = timedelta(days=512)
"""So far after the deadline the table reaches at first, and at most; what comes later is reckoned by itself."""

_SECOND = timedelta(seconds=1)
_TICK = timedelta(microseconds=1)
_SCAN = timedelta(hours=6)


class LateClock:
    """Started units and closing of everything that is due at one time."""

    __slots__ = ("_closes", "_grace", "_limit", "_unit", "due", "late", "marks", "values", "zone")

    def __init__(self, late: Late, due: When, zone: ZoneInfo) -> None:
        self.late = late
        self._unit = length_of_unit(late.per)
        self.due = due
        self.zone = zone
        self._limit = deadline(due, zone)
        self._grace = self._limit if late.grace is None else max(self._limit, deadline(due, zone, late.grace))
        self._closes = None if late.closes is None else deadline(due, zone, late.closes)
        self.marks: list[datetime] = []
        """Local times, ascending, up to which (and from the one before on) everything is equally late.

        Empty before anybody was late or on time; it grows in its place as far as anybody needs it.
        """
        self.values: list[Lateness] = []
        """How late, up to the mark at the same place."""

    def of(self, submitted: When) -> Lateness:
        """How late a hand-in came: the least n with submitted ≤ due + n × per, and whether it came after ``closes``.

        Compared as instants. Days and weeks move the local date, so a change of the clock costs nobody an hour.
        """
        at = submitted.at
        if at.tzinfo is None and self.reaches(at):
            return self.values[bisect_left(self.marks, at)]
        return self._reckoned(handed_in(submitted, self.zone))

    def _reckoned(self, came: datetime) -> Lateness:
        if came <= self._grace:
            return ON_TIME
        return Lateness(self._units(came), self._closes is not None and came > self._closes)

    def _units(self, came: datetime) -> int:
        """The least n ≥ 1 with came ≤ due moved by n units.

        A unit begins at the deadline, and every day at its time; where that day is skipped nothing begins or ends.
        """
        unit = self._unit
        if not unit.days:
            return -((self._limit - came) // unit.elapsed)
        units = max(1, (came - self._limit) // timedelta(days=unit.days) - 1)  # near, and never above
        while came > deadline(self.due, self.zone, unit, units):
            units += 1
        skip = self.late.skip
        return units - skip.among(local_day(self.due, self.zone), units) if skip is not None else units

    def reaches(self, at: datetime) -> bool:
        """Whether the table reaches a local time; it grows if it can."""
        if self.marks and at <= self.marks[-1]:
            return True
        reach = FIRST_HORIZON
        while reach <= LAST_HORIZON:
            until = (self._limit + reach).astimezone(self.zone).replace(tzinfo=None)
            if at <= until:
                self._make(self._limit + reach, until)
                return True
            reach *= 2
        return False

    def _make(self, end: datetime, until: datetime) -> None:
        """The table up to an instant, which is the local time ``until``."""
        marks: set[datetime] = {until}
        thresholds = list(self._thresholds(end))
        start: datetime | None = None
        for offset, change in _offsets(self.zone, self._limit - timedelta(days=2), end + timedelta(days=2)):
            stop = None if change is None else (change + offset).replace(tzinfo=None)
            for threshold in thresholds:
                mark = (threshold + offset).replace(tzinfo=None)
                if (start is None or mark >= start) and (stop is None or mark < stop):
                    marks.add(mark)
            if stop is not None:
                marks.add(stop - _TICK)
            start = stop
        self.marks.clear()
        self.values.clear()
        for mark in sorted(mark for mark in marks if mark <= until):
            value = self._reckoned(handed_in(When(mark, True), self.zone))
            if self.values and self.values[-1] == value:
                self.marks[-1] = mark
            else:
                self.marks.append(mark)
                self.values.append(value)

    def _thresholds(self, end: datetime) -> Iterator[datetime]:
        """The instants up to ``end`` after which something is later than before."""
        yield from (t for t in (self._limit, self._grace, self._closes) if t is not None)
        number, at = 1, self._limit
        while at <= end:
            at = deadline(self.due, self.zone, self._unit, number)
            yield at
            number += 1


def _offsets(zone: ZoneInfo, first: datetime, last: datetime) -> Iterator[tuple[timedelta, datetime | None]]:
    """(offset of the local clock, the instant at which it ends) in order from ``first`` on; the last one has no end.

    By :func:`~kurssi.values.times.handed_in` a local time that the clock skips or runs twice is the earlier instant, so
    an offset holds for local times below its end plus the offset itself, whether the clock goes forward or back then.
    """
    at = first.replace(microsecond=0)  # clocks change at whole seconds
    offset = _offset(zone, at)
    while at < last:
        after = at + _SCAN
        if (later := _offset(zone, after)) != offset:
            low, high = at, after
            while high - low > _SECOND:
                middle = (low + (high - low) // 2).replace(microsecond=0)
                low, high = (middle, high) if _offset(zone, middle) == offset else (low, middle)
            yield offset, high
            offset = later
        at = after
    yield offset, None


def _offset(zone: ZoneInfo, instant: datetime) -> timedelta:
    return instant.astimezone(zone).utcoffset() or timedelta(0)


def by_export(late: Late, lateness: timedelta) -> Lateness:
    """How late a system says that something came, taken as it stands (``late_from: export``): elapsed time."""
    if lateness <= timedelta(0) or (late.grace is not None and lateness <= late.grace.nominal):
        return ON_TIME
    units = -(-lateness // length_of_unit(late.per).nominal)
    return Lateness(units, late.closes is not None and lateness > late.closes.nominal)
