"""Dates and times of day: reading them, deadlines as instants, and ISO weeks."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from kurssi.diagnostics.message import Msg, Wrong, msg

from .hours import Length
from .patterns import Regex

if TYPE_CHECKING:  # who works with zones loads them
    from zoneinfo import ZoneInfo

_ISO = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:[T ]\s*(\d\d?)[:.](\d\d)(?:[:.](\d\d)(?:[.,](\d{1,6}))?)?\s*(Z|[+-]\d\d:?\d\d)?)?", re.I
)
_FINNISH = Regex(
    r"(\d{1,2})\.(\d{1,2})\.(\d{4})"
    r"(?:,?\s+(?:klo\s+|kl\.?\s+)?(\d\d?)[:.](\d\d)(?:[:.](\d\d))?|,?\s+(?:klo|kl\.?)\s+(\d\d?))?",
    re.I,
)
"""After klo or kl. an hour alone is said often: 5.3.2024 klo 10."""

FIRST_YEAR, LAST_YEAR = 1900, 2199
"""Years outside are a slip of the pen, and too near the ends of the calendar to count days from."""

HOW = msg("write 2024-03-05 10:12 or 5.3.2024 10.12")


class When(NamedTuple):
    """A date, with a time of day where one was given. ``at`` is naive (local time) or carries an offset."""

    at: datetime
    clock: bool
    """Whether a time of day was given; without one ``at`` is midnight."""

    @property
    def day(self) -> date:
        """The calendar day as written."""
        return self.at.date()

    def __str__(self) -> str:
        if not self.clock:
            return self.at.date().isoformat()
        return self.at.isoformat(" ", "auto" if self.at.second or self.at.microsecond else "minutes")


def read_when(value: object) -> When:
    """A date or a time: ISO, ISO with an offset, or Finnish ``5.3.2024 10.12``. Raises :class:`Wrong`.

    ``24:00`` is midnight at the end of that day.
    """
    if isinstance(value, datetime):
        return _in_range(When(value, True), str(value))
    if isinstance(value, date):
        return _in_range(When(datetime.combine(value, time()), False), str(value))
    if (at := _written_in_full(value)) is not None:
        return _in_range(When(at, True), str(value))
    text = " ".join(value.split()) if isinstance(value, str) else str(value)
    offset = None
    if match := _ISO.fullmatch(text):
        year, month, day, hour, minute, second, micro, offset = match.groups()
    elif match := _FINNISH.fullmatch(text):
        day, month, year, hour, minute, second, alone = match.groups()
        hour, micro = hour or alone, None
    else:
        raise Wrong(msg("“{text}” is not understood as a date or time", text=text), HOW)
    try:
        at = time_of(int(year), int(month), int(day), hour, minute, second, (micro or "").ljust(6, "0"))
        when = When(at if offset is None else at.replace(tzinfo=_zone(offset)), hour is not None)
    except (ValueError, OverflowError):
        raise Wrong(msg("“{text}” is not a time that the calendar and the clock know", text=text), HOW) from None
    return _in_range(when, text)


def _written_in_full(value: object) -> datetime | None:
    """A local time as systems export it, 2024-03-05 10:12 or 2024-03-05 10:12:30; None for whatever may be another.

    A large class has a time of its own in each row, and the parser of Python takes a tenth of what the expressions
    take. It knows more forms of ISO than we do; where these signs stand, it can only read this one.
    """
    if type(value) is not str or len(value) not in (16, 19):
        return None
    if not value[4] == "-" == value[7] or value[10] not in " T" or value[13] != ":" or value[16:17] not in ("", ":"):
        return None
    try:
        return datetime.fromisoformat(value)
    except ValueError:  # 24:00, the 31st of June, digits of another script
        return None


def _in_range(when: When, text: str) -> When:
    if not in_range(when.at):
        raise Wrong(
            msg(
                "“{text}” is not between the years {first} and {last}",
                text=text,
                first=str(FIRST_YEAR),
                last=str(LAST_YEAR),
            ),
            msg("correct the year"),
        )
    return when


def in_range(day: date) -> bool:
    """Whether its year is one that a course can be in."""
    return FIRST_YEAR <= day.year <= LAST_YEAR


def time_of(
    year: int,
    month: int,
    day: int,
    hour: str | None = None,
    minute: str | None = None,
    second: str | None = None,
    micro: str | None = None,
) -> datetime:
    """A local time from what was written; ``24:00`` is midnight at the end of that day, on every Python.

    Raises :class:`ValueError` or :class:`OverflowError` for what the calendar and the clock do not know.
    """
    hours, minutes, seconds, micros = (int(number or 0) for number in (hour, minute, second, micro))
    ends = (hours, minutes, seconds, micros) == (24, 0, 0, 0)
    at = datetime.combine(date(year, month, day), time(0 if ends else hours, minutes, seconds, micros))
    return at + timedelta(days=1) if ends else at


def _zone(offset: str) -> timezone:
    """``Z``, ``+02:00`` or ``-0500``."""
    if offset in "Zz":
        return UTC
    hours, minutes = int(offset[1:3]), int(offset[-2:])
    if minutes > 59:
        raise ValueError(offset)
    length = timedelta(hours=hours, minutes=minutes)
    return timezone(-length if offset[0] == "-" else length)


def _instants(local: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Both readings of a local time around a change of the clock, earlier first; usually equal."""
    if local.tzinfo is not None:
        instant = local.astimezone(UTC)
        return instant, instant
    first, second = (local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    return min(first, second), max(first, second)


def is_skipped(local: datetime, zone: ZoneInfo) -> bool:
    """Whether the clock never shows this local time, as it is put forward: its offset grows then (PEP 495)."""
    before, after = (local.replace(tzinfo=zone, fold=fold).utcoffset() or timedelta() for fold in (0, 1))
    return before < after


def local_day(when: When, zone: ZoneInfo) -> date:
    """The calendar day of a time in a zone."""
    return (when.at.astimezone(zone) if when.at.tzinfo else when.at).date()


def handed_in(when: When, zone: ZoneInfo) -> datetime:
    """The instant (UTC) of a hand-in. In the hour that the clock runs twice, the earlier: nobody loses by it."""
    return _instants(when.at, zone)[0]


def deadline(when: When, zone: ZoneInfo, later: Length | None = None, times: int = 1) -> datetime:
    """The instant (UTC) of a deadline, moved ``later`` by ``times`` lengths.

    A deadline without a clock ends that day. Days and weeks move the local date, so a change of the clock
    costs nobody an hour; minutes and hours are elapsed time. A local time that the clock skips or runs twice
    is read as the later instant.
    """
    local = when.at if when.clock else datetime.combine(when.at.date(), time.max)
    elapsed = timedelta(0)
    if later is not None:
        if later.days:
            local = (local.astimezone(zone) if local.tzinfo else local) + timedelta(days=later.days * times)
            local = local.replace(tzinfo=None)
        else:
            elapsed = later.elapsed * times
    return _instants(local, zone)[1] + elapsed


def read_clock(value: object) -> time:
    """A time of day: ``8:30``, ``8.30``, ``klo 8.30``. Raises :class:`Wrong`."""
    match = re.fullmatch(r"(?:klo|kl\.?)?\s*(\d\d?)[:.](\d\d)", str(value).strip(), re.IGNORECASE)
    if match and int(match[1]) < 24 and int(match[2]) < 60:
        return time(int(match[1]), int(match[2]))
    raise Wrong(msg("“{text}” is not a time of day", text=str(value)), msg("write it as 8:30"))


class Weeks(NamedTuple):
    """A range of ISO weeks as written: ``3-11``; ``45-5`` runs across New Year."""

    first: int
    last: int

    def __str__(self) -> str:
        return f"{self.first}-{self.last}" if self.first != self.last else str(self.first)


_WEEKS = Regex(r"(?:(?:vko|viikot|weeks?|v\.)\s*)?(\d{1,2})(?:\s*[-–—]\s*(\d{1,2}))?", re.I)


def read_weeks(value: object) -> Weeks:
    """A range of weeks from ``3-11``, ``vko 3–11`` or a single number. Raises :class:`Wrong`."""
    match = _WEEKS.fullmatch(str(value).strip()) if isinstance(value, (int, str)) else None
    weeks = Weeks(int(match[1]), int(match[2] or match[1])) if match else Weeks(0, 0)
    if not (1 <= weeks.first <= 53 and 1 <= weeks.last <= 53):
        raise Wrong(
            msg("“{text}” is not understood as weeks", text=str(value)),
            msg("write ISO weeks as 3-11, or 45-5 across New Year"),
        )
    return weeks


@lru_cache(maxsize=64)
def weeks_in_year(year: int) -> int:
    """52 or 53, the number of ISO weeks of an ISO week-year."""
    return date(year, 12, 28).isocalendar().week


def spread(weeks: Weeks, year: int) -> list[tuple[int, int]]:
    """The (ISO week-year, week) pairs of a range that starts in ISO week-year ``year``, in order."""
    if weeks.last >= weeks.first:
        return [(year, week) for week in range(weeks.first, weeks.last + 1) if week <= weeks_in_year(year)]
    end = [(year + 1, week) for week in range(1, weeks.last + 1)]
    return [(year, week) for week in range(weeks.first, weeks_in_year(year) + 1)] + end


def week_of(day: date) -> tuple[int, int]:
    """The (ISO week-year, week) of a day: 30 December 2024 is (2025, 1)."""
    calendar = day.isocalendar()
    return calendar.year, calendar.week


def monday(week: tuple[int, int]) -> date:
    """The first day of an ISO week."""
    return date.fromisocalendar(week[0], week[1], 1)


def clock_text(length: timedelta) -> str:
    """A length of time as systems write a lateness: hours, which may pass 24, minutes and seconds."""
    minutes, seconds = divmod(length // timedelta(seconds=1), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"


def describe(length: Length) -> Msg:
    """A length of time in words."""
    return {
        "min": msg("{n} min", n=length.number),
        "h": msg("{n} h", n=length.number),
        "d": msg("{n} d", n=length.number),
        "w": msg("{n} wk", n=length.number),
    }[length.unit]
