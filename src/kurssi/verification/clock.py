"""Deadlines, hand-ins and started units (contract section 5.1), a second time.

Everything is compared as instants. Days and weeks move the date on the wall calendar of the zone; hours and minutes
are elapsed time. Where a local time is doubtful because the clock changes, a deadline is the later instant and a
hand-in the earlier one, so nobody loses an hour.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal, NamedTuple, assert_never
from zoneinfo import ZoneInfo

_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?: [0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{6})?)?(?:[+-][0-9]{2}:[0-9]{2})?)?"
)
_SPAN = re.compile(r"(0|[1-9][0-9]{0,5}) (min|h|d|w)")
END_OF_TIME = datetime.max.replace(tzinfo=UTC)


class Moment(NamedTuple):
    """A time as the report writes it: with a clock or without, with an offset or local."""

    at: datetime
    clock: bool

    @property
    def day(self) -> date:
        """The date as written."""
        return self.at.date()


def read_moment(text: str) -> Moment | None:
    """``2024-03-04``, ``2024-03-04 23:59``, seconds only where they are not 0; None for anything else."""
    if not _MOMENT.fullmatch(text):
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    clock = len(text) > len("2024-03-04")
    if clock and text != at.isoformat(" ", "auto" if at.second or at.microsecond else "minutes"):
        return None  # one time has one spelling: no seconds that are 0, no 24:00, which some versions of Python read
    return Moment(at, clock)


class Span(NamedTuple):
    """A length of time: so many days of the calendar, or so much elapsed time."""

    days: int
    elapsed: timedelta

    @property
    def hours(self) -> int:
        """Whole hours, a day having 24."""
        return self.days * 24 + self.elapsed // timedelta(hours=1)


def read_span(text: str) -> Span | None:
    """``30 min``, ``1 h``, ``7 d`` or ``1 w``; None for anything else."""
    match = _SPAN.fullmatch(text)
    if match is None:
        return None
    number, unit = int(match[1]), match[2]
    if unit in "dw":
        return Span(number * (7 if unit == "w" else 1), timedelta(0))
    return Span(0, timedelta(minutes=number * (60 if unit == "h" else 1)))


NO_TIME = Span(0, timedelta(0))


def arrival(moment: Moment, zone: ZoneInfo) -> datetime:
    """The instant of a hand-in."""
    return _instant(moment.at, zone, min)


def deadline(moment: Moment, zone: ZoneInfo, later: Span = NO_TIME) -> datetime:
    """The instant at which a deadline, moved by a length of time, is over."""
    wall = moment.at
    if not moment.clock:  # it ends that day
        wall = datetime.combine(wall.date(), time(23, 59, 59, 999999))
    try:
        if later.days:
            if wall.tzinfo is not None:
                wall = wall.astimezone(zone).replace(tzinfo=None)
            wall += timedelta(days=later.days)
        return _instant(wall, zone, max) + later.elapsed
    except OverflowError:
        return END_OF_TIME


def local_day(moment: Moment, zone: ZoneInfo) -> date:
    """The date of a deadline in the zone."""
    try:
        return moment.at.astimezone(zone).date() if moment.at.tzinfo is not None else moment.day
    except OverflowError:
        return moment.day


def _instant(wall: datetime, zone: ZoneInfo, pick: Callable[..., datetime]) -> datetime:
    try:
        if wall.tzinfo is not None:
            return wall.astimezone(UTC)
        return pick(wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    except OverflowError:  # the first or the last day that there is
        return wall.replace(tzinfo=UTC)


class Lateness(NamedTuple):
    """Started units, and whether the part was closed."""

    units: int = 0
    closed: bool = False


_LATE = re.compile(r"(0|[1-9][0-9]{0,7}):([0-5][0-9]):([0-5][0-9])")


def read_lateness(text: str) -> timedelta | None:
    """``84:32:26``: hours, minutes and seconds; None for anything else."""
    match = _LATE.fullmatch(text)
    if match is None:
        return None
    hours, minutes, seconds = (int(group) for group in match.groups())
    return timedelta(hours=hours, minutes=minutes, seconds=seconds)


Per = Literal["hour", "day", "week"]
"""What lateness is counted in."""


def hours_of(per: Per) -> int:
    """How many hours a unit has, as a budget counts them."""
    match per:
        case "hour":
            return 1
        case "day":
            return 24
        case "week":
            return 168
        case _ as unknown:
            assert_never(unknown)


def _days(per: Per) -> int | None:
    """By how many days a unit moves the date; None where it is elapsed time."""
    match per:
        case "hour":
            return None
        case "day":
            return 1
        case "week":
            return 7
        case _ as unknown:
            assert_never(unknown)


def by_length(late: timedelta, per: Per, grace: Span | None, closes: Span | None) -> Lateness:
    """The same where the lateness itself is given: all of it is elapsed time, a day having 24 hours."""
    if late <= timedelta(0) or (grace is not None and late <= _elapsed(grace)):
        return Lateness()
    unit = timedelta(hours=hours_of(per))
    units, rest = divmod(late, unit)
    return Lateness(units + (1 if rest else 0), closes is not None and late > _elapsed(closes))


def _elapsed(span: Span) -> timedelta:
    return timedelta(days=span.days) + span.elapsed


Skipped = Literal["saturday", "sunday", "holidays"]
"""A kind of day that does not count."""


class Skips(NamedTuple):
    """Days that start no late unit and end none."""

    kinds: tuple[Skipped, ...]
    country: str

    def hold(self, day: date) -> bool:
        """Whether a day does not count."""
        return any(self._is(kind, day) for kind in self.kinds)

    @property
    def need_country(self) -> bool:
        """Whether a country says which days they are."""
        return any(map(_by_country, self.kinds))

    def _is(self, kind: Skipped, day: date) -> bool:
        match kind:
            case "saturday":
                return day.isoweekday() == 6
            case "sunday":
                return day.isoweekday() == 7
            case "holidays":
                return day in _holidays(self.country, day.year)
            case _ as unknown:
                assert_never(unknown)


def _by_country(kind: Skipped) -> bool:
    match kind:
        case "holidays":
            return True
        case "saturday" | "sunday":
            return False
        case _ as unknown:
            assert_never(unknown)


def has_holidays(country: str) -> bool:
    """Whether the public holidays of a country are known."""
    try:
        _holidays(country, 2024)
    except NotImplementedError:
        return False
    return True


@lru_cache(maxsize=64)
def _holidays(country: str, year: int) -> frozenset[date]:
    from holidays import country_holidays

    return frozenset(country_holidays(country, years=year))


def lateness(
    came: datetime,
    due: Moment,
    zone: ZoneInfo,
    per: Per,
    grace: Span | None,
    closes: Span | None,
    skips: Skips | None = None,
) -> Lateness:
    """The least n with came ≤ due + n × per; 0 within the grace; closed past ``closes``.

    Where days are skipped: how many units began, each at the deadline's time of a day that counts.
    """
    if came <= deadline(due, zone, grace or NO_TIME):
        return Lateness()
    if came <= deadline(due, zone):  # a grace that moves the date may end before the deadline's own instant
        return Lateness()
    closed = closes is not None and came > deadline(due, zone, closes)
    step = _days(per)
    if step is None:
        passed, hour = came - deadline(due, zone), timedelta(hours=1)
        return Lateness(passed // hour + (1 if passed % hour else 0), closed)
    low, high = 0, (came - deadline(due, zone)).days // step + 2
    while high - low > 1:  # late after `low` units, in time after `high`
        middle = (low + high) // 2
        if came <= deadline(due, zone, Span(middle * step, timedelta(0))):
            high = middle
        else:
            low = middle
    if skips is not None:
        first = local_day(due, zone)
        high = sum(not skips.hold(first + timedelta(days=n)) for n in range(high))
    return Lateness(high, closed)
