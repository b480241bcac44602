"""Dates, times and the decimal sign are written as Babel writes them, without loading it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from babel.dates import format_date, format_time
from babel.numbers import get_decimal_symbol

from kurssi.diagnostics.words import LANGUAGES, Words
from kurssi.values.times import When

STYLES = {"en": "medium", "fi": "short", "sv": "d.M.y"}
"""How a date is written; in Swedish as in Finland."""
DAYS = [date(1, 1, 1), date(45, 3, 4), date(9999, 12, 31)] + [date(2024, 1, 1) + timedelta(days=n) for n in range(366)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_as_babel(language: str) -> None:
    words = Words(language)
    assert words.decimal_sign == get_decimal_symbol(words.locale)
    assert [words.day(day) for day in DAYS] == [format_date(day, STYLES[language], words.locale) for day in DAYS]
    for clock in (time(minutes // 60, minutes % 60, second) for minutes in range(1440) for second in (0, 7, 59)):
        assert words.clock(clock) == format_time(clock, "short", locale=words.locale)
        style = "medium" if clock.second else "short"
        moment = words.moment(When(datetime.combine(DAYS[0], clock), True))
        assert moment == f"{words.day(DAYS[0])} {format_time(clock, style, locale=words.locale)}"
