"""Times as systems write them: slashed dates, unix time, and sentences of a date in many languages."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Literal

from kurssi.diagnostics.message import Wrong
from kurssi.values.hours import A_CENTURY
from kurssi.values.patterns import Regex
from kurssi.values.times import When, in_range, read_when, time_of

Order = Literal["day", "month", "either", "both"]
"""Which number of 3/4/2024 is the day's: ``either``, where nothing decides, or ``both``, where rows contradict."""

_SLASHED = Regex(r"(\d{1,2})/(\d{1,2})/(\d{4}|\d\d)(?:,?\s+(\d{1,2})[:.](\d\d)(?:[:.](\d\d))?\s*([ap]\.?m\.?)?)?", re.I)
_DOTTED = Regex(r"(\d{1,2})\.(\d{1,2})\.(\d\d)(?:,?\s+(?:klo\s+)?(\d\d?)[:.](\d\d)(?:[:.](\d\d))?)?", re.I)
_UNIX = Regex(r"[1-3]\d{9}")
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan tammikuuta tammikuu januari januar jänner janvier enero jaanuar",
            "february feb helmikuuta helmikuu februari februar février febrero veebruar",
            "march mar maaliskuuta maaliskuu mars märz marts maart marzo märts",
            "april apr huhtikuuta huhtikuu avril abril aprill",
            "may toukokuuta toukokuu maj mai mei mayo",
            "june jun kesäkuuta kesäkuu juni juin junio juuni",
            "july jul heinäkuuta heinäkuu juli juillet julio juuli",
            "august aug elokuuta elokuu augusti augustus août agosto",
            "september sep sept syyskuuta syyskuu septembre septiembre",
            "october oct lokakuuta lokakuu oktober okt octobre octubre oktoober",
            "november nov marraskuuta marraskuu novembre noviembre",
            "december dec joulukuuta joulukuu dezember dez desember décembre diciembre detsember",
        ),
        1,
    )
    for name in names.split()
}
_CLOCK = Regex(r"(?:\b(?:klo|kl\.?|at|um)\s+)?\b(\d{1,2})[:.](\d\d)(?:[:.](\d\d))?\s*([ap]\.?m\.?)?\s*(?:uhr)?$", re.I)


def order_of(texts: Iterable[str]) -> Order:
    """Which number comes first in the slashed dates of a column."""
    day = month = False
    for text in texts:
        if match := _SLASHED.fullmatch(" ".join(text.split())):
            day = day or int(match[1]) > 12
            month = month or int(match[2]) > 12
    if day and month:
        return "both"
    return "day" if day else "month" if month else "either"


def is_slashed(text: str) -> bool:
    """Whether it is a date with slashes."""
    return _SLASHED.fullmatch(" ".join(text.split())) is not None


_WEEKDAY = Regex(
    r"(?:(?P<d0>ma|maanantaina?|mån|måndag|mon|monday)|(?P<d1>ti|tiistaina?|tis|tisdag|tue|tues|tuesday)"
    r"|(?P<d2>ke|keskiviikkona?|ons|onsdag|wed|wednesday)|(?P<d3>to|torstaina?|tors|torsdag|thu|thur|thurs|thursday)"
    r"|(?P<d4>pe|perjantaina?|fre|fredag|fri|friday)|(?P<d5>la|lauantaina?|lör|lördag|sat|saturday)"
    r"|(?P<d6>su|sunnuntaina?|sön|söndag|sun|sunday))[.,]?\s+(?P<rest>\d.*)",
    re.I,
)
_WITHOUT_YEAR = Regex(r"(\d{1,2})\.\s?(\d{1,2})\.?,?(?:\s+(?:klo\s+|kl\.?\s+)?(\d\d?)[:.](\d\d))?", re.I)


def _without_weekday(text: str) -> tuple[str, int | None]:
    """A text without a day of the week in front, and which day that is (0 is Monday)."""
    if text[:1].isdecimal():  # nearly all
        return text, None
    match = _WEEKDAY.fullmatch(" ".join(text.split()))
    if match is None:
        return text, None
    return match["rest"], next(day for day in range(7) if match[f"d{day}"])


def agrees_with_weekday(text: str, when: When) -> bool:
    """Whether the day of the week in front of a date, if any, is that of the date."""
    weekday = _without_weekday(text)[1]
    return weekday is None or weekday == when.day.weekday()


def with_a_year(text: str, year: int | None) -> str | None:
    """A date that lacks nothing but its year, written with one; ``None`` for any other text."""
    match = _WITHOUT_YEAR.fullmatch(_without_weekday(" ".join(text.split()))[0])
    if match is None or not (1 <= int(match[1]) <= 31 and 1 <= int(match[2]) <= 12):
        return None
    clock = f" {match[3]}.{match[4]}" if match[3] else ""
    return f"{int(match[1])}.{int(match[2])}.{year or datetime.now(UTC).year}{clock}"


def read_time(text: str, order: Order = "either") -> When | None:
    """A time in any of the forms; ``None`` where the text is none, or where nothing says which number is the day."""
    text = _without_weekday(" ".join(text.split()))[0]
    try:
        return read_when(text)
    except Wrong:
        pass
    when = _read_other(text, order)
    return when if when is None or in_range(when.at) else None


def _read_other(text: str, order: Order) -> When | None:
    try:
        if _UNIX.fullmatch(text):
            return When(datetime.fromtimestamp(int(text), UTC), True)
        if match := _SLASHED.fullmatch(text):
            one, two, year, hour, minute, second, half = match.groups()
            if order == "both" or (order == "either" and one != two):
                return None
            day, month = (two, one) if order == "month" else (one, two)
            return _when(int(year), int(month), int(day), hour, minute, second, half)
        if match := _DOTTED.fullmatch(text):
            one, two, year, hour, minute, second = match.groups()
            return _when(int(year), int(two), int(one), hour, minute, second, None)
        return _sentence(text)
    except (ValueError, OverflowError):  # the 31st of June, 25:00
        return None


def _when(
    year: int, month: int, day: int, hour: str | None, minute: str | None, second: str | None, half: str | None
) -> When:
    year += 2000 if year < 100 else 0
    if hour is None:
        return When(time_of(year, month, day), False)
    if half:
        if not 1 <= int(hour) <= 12:
            raise ValueError
        hour = str(int(hour) % 12 + (12 if half[0] in "pP" else 0))
    return When(time_of(year, month, day, hour, minute, second), True)


def _sentence(text: str) -> When | None:
    """``Wednesday, 10 June 2026, 2:14 PM``, ``keskiviikko, 10. kesäkuuta 2026, 14.14`` and the like."""
    clock = _CLOCK.search(text)
    rest = text[: clock.start()] if clock else text
    day = month = year = None
    for word in re.findall(r"\w+", rest.casefold()):
        if word.isdecimal():
            if len(word) == 4 and year is None:
                year = int(word)
            elif len(word) <= 2 and day is None:
                day = int(word)
            else:
                return None
        elif word in _MONTHS:
            if month is not None:
                return None
            month = _MONTHS[word]
    if day is None or month is None or year is None:
        return None
    hour, minute, second, half = clock.groups() if clock else (None, None, None, None)
    return _when(year, month, day, hour, minute, second, half)


# ---- how late ------------------------------------------------------------------------------------------------

_HMS = Regex(r"-?(\d{1,6}):([0-5]?\d):([0-5]?\d)")
_DAYS_HMS = Regex(r"(\d{1,5}) days?, (\d{1,2}):(\d\d):(\d\d)")
_AMOUNT = Regex(r"(?<!\d)(\d+(?:[.,]\d+)?)\s*([^\W\d_]+)\.?")  # begun within a number it would be read to its end again
_UNITS = {
    unit: seconds
    for units, seconds in (
        (
            "sec secs second seconds s sek sekunti sekuntia sekunder sekund sekunden sekunde seconde secondes segundo "
            "segundos seconden sekundit",
            1,
        ),
        (
            "m min mins minute minutes minuutti minuuttia minut minuter minuten minutter minutt minuto minutos "
            "minuut minutit",
            60,
        ),
        (
            "h hour hours hrs hr tunti tuntia tim timme timmar stunde stunden std t heure heures hora horas time timer "
            "uur uren tund tundi",
            3600,
        ),
        (
            "day days d päivä päivää pv vrk vuorokausi vuorokautta dag dagar tag tage tagen jour jours día días dager "
            "dage dagen päev päeva",
            86400,
        ),
        (
            "week weeks viikko viikkoa vko vecka veckor woche wochen semaine semaines semana semanas uke uker uge uger "
            "weken nädal nädalat",
            604800,
        ),
        ("year years vuosi vuotta år jahr jahre an ans año años jaar aasta aastat", 31536000),
    )
    for unit in units.split()
}


def read_length(text: str) -> timedelta | None:
    """A length of time: ``84:32:26`` (hours may pass 24), ``3 mins 31 secs``, ``2 päivää 3 tuntia``.

    What is longer than a hundred years is none.
    """
    try:
        length = _read_length(text)
    except (OverflowError, ValueError):  # more digits than anybody counts to
        return None
    return length if length is None or length <= timedelta(days=A_CENTURY) else None


def _read_length(text: str) -> timedelta | None:
    text = " ".join(text.split())
    if match := _HMS.fullmatch(text):
        hours, minutes, seconds = (int(group) for group in match.groups())
        total = timedelta(hours=hours, minutes=minutes, seconds=seconds)
        return timedelta(0) if text.startswith("-") else total
    if match := _DAYS_HMS.fullmatch(text):  # how a workbook's duration is quoted
        hours, minutes, seconds = (int(group) for group in match.groups()[1:])
        return timedelta(days=int(match[1]), hours=hours, minutes=minutes, seconds=seconds)
    amounts = _AMOUNT.compiled.findall(text)
    if not amounts or _AMOUNT.compiled.sub("", text).strip(" ,"):
        return None
    total = timedelta(0)
    for number, unit in amounts:
        seconds_of = _UNITS.get(unit.casefold())
        if seconds_of is None or not number.isdecimal():
            return None
        total += timedelta(seconds=int(number) * seconds_of)
    return total


def smallest_unit(text: str) -> timedelta:
    """The smallest unit that a length of time is written in: an hour of ``2 d 3 h``; a second where it is a clock."""
    amounts = _AMOUNT.compiled.findall(text)
    seconds = [_UNITS[unit.casefold()] for _, unit in amounts if unit.casefold() in _UNITS]
    return timedelta(seconds=min(seconds, default=1))
