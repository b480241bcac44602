"""Times as systems write them: slashed dates, unix time, and whole sentences of a date in four languages."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Literal

from kurssi.diagnostics.message import Wrong
from kurssi.values.hours import A_CENTURY
from kurssi.values.patterns import Regex
from kurssi.values.times import When, in_range, read_when

Order = Literal["day", "month", "either", "both"]
"""Which number of 3/4/2024 is the day's: ``either``, where nothing decides, or ``both``, where rows contradict."""

_SLASHED = Regex(r"(\d{1,2})/(\d{1,2})/(\d{4}|\d\d)(?:,?\s+(\d{1,2})[:.](\d\d)(?:[:.](\d\d))?\s*([ap]\.?m\.?)?)?", re.I)
_DOTTED = Regex(r"(\d{1,2})\.(\d{1,2})\.(\d\d)(?:,?\s+(?:klo\s+)?(\d\d?)[:.](\d\d)(?:[:.](\d\d))?)?", re.I)
_UNIX = Regex(r"[1-3]\d{9}")
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan tammikuuta tammikuu januari januar jänner",
            "february feb helmikuuta helmikuu februari februar",
            "march mar maaliskuuta maaliskuu mars märz",
            "april apr huhtikuuta huhtikuu",
            "may toukokuuta toukokuu maj mai",
            "june jun kesäkuuta kesäkuu juni",
            "july jul heinäkuuta heinäkuu juli",
            "august aug elokuuta elokuu augusti",
            "september sep sept syyskuuta syyskuu",
            "october oct lokakuuta lokakuu oktober okt",
            "november nov marraskuuta marraskuu",
            "december dec joulukuuta joulukuu dezember dez",
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


def read_time(text: str, order: Order = "either") -> When | None:
    """A time in any of the forms; ``None`` where the text is none, or where nothing says which number is the day."""
    text = " ".join(text.split())
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
    except ValueError:  # the 31st of June, 25:00
        return None


def _when(
    year: int, month: int, day: int, hour: str | None, minute: str | None, second: str | None, half: str | None
) -> When:
    year += 2000 if year < 100 else 0
    if hour is None:
        return When(datetime(year, month, day), False)  # noqa: DTZ001 - local time, by contract
    clock = int(hour)
    if half:
        if not 1 <= clock <= 12:
            raise ValueError
        clock = clock % 12 + (12 if half[0] in "pP" else 0)
    return When(datetime(year, month, day, clock, int(minute or 0), int(second or 0)), True)  # noqa: DTZ001


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
_AMOUNT = Regex(r"(\d+(?:[.,]\d+)?)\s*([^\W\d_]+)\.?")
_UNITS = {
    unit: seconds
    for units, seconds in (
        ("sec secs second seconds s sek sekunti sekuntia sekunder sekund sekunden sekunde", 1),
        ("m min mins minute minutes minuutti minuuttia minut minuter minuten minuuttia", 60),
        ("h hour hours hrs hr tunti tuntia tim timme timmar stunde stunden std t", 3600),
        ("day days d päivä päivää pv vrk vuorokausi vuorokautta dag dagar tag tage tagen", 86400),
        ("week weeks viikko viikkoa vko vecka veckor woche wochen", 604800),
        ("year years vuosi vuotta år jahr jahre", 31536000),
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
