"""Times as a spreadsheet has them: days since the end of 1899 by the local clock, without a zone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from fractions import Fraction
from typing import NamedTuple
from zoneinfo import ZoneInfo

from kurssi.values.hours import Length
from kurssi.values.times import When

FIRST = datetime.fromisoformat("1899-12-30")
EARLIEST, LATEST = 1901, 9998
"""Years whose dates all spreadsheets count alike."""


def hours_of(length: Length) -> Fraction:
    """A length of time as the sheet has it."""
    return Fraction(length.days * 24) + Fraction(int(length.elapsed.total_seconds()), 3600)


class Change(NamedTuple):
    """A change of a zone's clock: what it shows at that instant, still unchanged, and the seconds it goes forward."""

    at: datetime
    seconds: int


def local(when: When, zone: ZoneInfo, *, ends: bool = False) -> datetime | None:
    """A time as the zone's clock shows it, to the second; None where a spreadsheet knows no such time.

    With ``ends`` a day without a clock is its last second, as a deadline is. A deadline is reached by whatever comes in
    the second in which it lies; a hand-in has come with the next second, so that whole seconds say who was late.
    """
    at = when.at.astimezone(zone).replace(tzinfo=None) if when.at.tzinfo else when.at
    if not EARLIEST <= at.year <= LATEST:
        return None
    if at.microsecond:
        at = at.replace(microsecond=0) + timedelta(seconds=0 if ends else 1)
    return datetime.combine(at.date(), time(23, 59, 59)) if ends and not when.clock else at


def serial(at: datetime) -> float:
    """The number that a spreadsheet holds for a local time."""
    since = at - FIRST
    return since.days + since.seconds / 86400


def day(year: int) -> int:
    """The number that a spreadsheet holds for the first day of a year."""
    return (datetime(year, 1, 1) - FIRST).days  # noqa: DTZ001 - local time


def changes(zone: ZoneInfo, first: int, last: int) -> Iterator[Change]:
    """The changes of the clock from the beginning of one year to the end of another, to the second."""
    at, end = (datetime(year, 1, 1, tzinfo=UTC) for year in (first, last + 1))
    while at < end:
        later = at + timedelta(weeks=1)
        if _offset(at, zone) != _offset(later, zone):
            before, after = at, later
            while after - before > timedelta(seconds=1):
                middle = (before + (after - before) / 2).replace(microsecond=0)
                before, after = (middle, after) if _offset(middle, zone) == _offset(at, zone) else (before, middle)
            ahead = _offset(at, zone)
            shown = (after + ahead).replace(tzinfo=None)
            yield Change(shown, int((_offset(after, zone) - ahead).total_seconds()))
        at = later


def _offset(at: datetime, zone: ZoneInfo) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta(0)
