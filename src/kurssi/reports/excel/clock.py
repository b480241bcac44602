"""Times as a spreadsheet has them: days since the end of 1899 by the local clock, without a zone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from kurssi.policy.model import Late
from kurssi.policy.scales import HOURS
from kurssi.values.hours import Length
from kurssi.values.times import When

FIRST = datetime.fromisoformat("1899-12-30")
EARLIEST, LATEST = 1901, 9998
"""Years whose dates all spreadsheets count alike."""


class Change(NamedTuple):
    """A change of a zone's clock: the local time from which it has changed, and the seconds it went forward."""

    at: datetime
    seconds: int


def local(when: When, zone: ZoneInfo, *, ends: bool = False) -> datetime | None:
    """A time as the zone's clock shows it; None where a spreadsheet knows no such time.

    With ``ends`` a day without a clock is its last second, as a deadline is.
    """
    at = when.at.astimezone(zone).replace(tzinfo=None) if when.at.tzinfo else when.at
    if not EARLIEST <= at.year <= LATEST or at.microsecond:
        return None
    return datetime.combine(at.date(), time(23, 59, 59)) if ends and not when.clock else at


def serial(at: datetime) -> float:
    """The number that a spreadsheet holds for a local time."""
    since = at - FIRST
    return since.days + since.seconds / 86400


def changes(zone: ZoneInfo, first: int, last: int) -> Iterator[Change]:
    """The changes of the clock from the beginning of one year to the end of another."""
    at, end = FIRST.replace(year=first, month=1, day=1), FIRST.replace(year=last + 1, month=1, day=1)
    day, hour = timedelta(days=1), timedelta(hours=1)
    while at < end:
        if _offset(at, zone) != _offset(at + day, zone):
            near = at
            while _offset(near, zone) == _offset(near + hour, zone):
                near += hour
            size = int((_offset(near + hour, zone) - _offset(near, zone)).total_seconds())
            yield Change(near + hour, size)
        at += day


def _offset(at: datetime, zone: ZoneInfo) -> timedelta:
    return at.replace(tzinfo=zone).utcoffset() or timedelta(0)


def by_the_clock(late: Late, came: datetime, due: datetime, moved: timedelta) -> tuple[int, bool]:
    """(started units, closed) as the formula finds them from local times; ``moved``: by how much the clock went forward
    in between. It may differ from :func:`kurssi.grading.lateness.late_units` in the hour that the clock skips or runs
    twice: there the workbook holds the units as a value.
    """
    passed = came - due
    if passed <= timedelta(0):
        return 0, False

    def beyond(length: Length) -> bool:
        if length.days:
            return passed > timedelta(days=length.days)
        return passed - moved > length.elapsed

    if late.grace is not None and not beyond(late.grace):
        return 0, False
    closed = late.closes is not None and beyond(late.closes)
    unit = timedelta(hours=HOURS[late.per])
    return -(-(passed - (moved if late.per == "hour" else timedelta(0))) // unit), closed
