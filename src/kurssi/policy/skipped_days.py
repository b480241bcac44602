"""Days that do not count where lateness is counted in days: Saturdays, Sundays, public holidays."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple, assert_never

from kurssi.course.model import SkippedDay
from kurssi.values.public_holidays import FINLAND, may_be_public_holiday, one_country

FEW = 60
"""So many days are looked at one by one; of more the sums of whole years are made."""


def is_country(code: str) -> bool:
    """Whether the public holidays of a country are known."""
    try:
        return code == FINLAND or bool(holidays_of(code, 2024))
    except NotImplementedError:
        return False


class Skip(NamedTuple):
    """Which days start no late unit and end none."""

    days: tuple[SkippedDay, ...]
    country: str
    """Whose public holidays, where they are among the days."""

    def has(self, day: date) -> bool:
        """Whether a day is one of them."""
        return any(_is(kind, day, self.country) for kind in self.days)

    def among(self, first: date, number: int) -> int:
        """How many of so many days from ``first`` on are."""
        if number <= FEW:
            return sum(self.has(first + timedelta(days=n)) for n in range(number))
        end = first + timedelta(days=number)
        whole = sum(_until(self, year)[-1] for year in range(first.year, end.year))
        return whole + _until(self, end.year)[_place(end)] - _until(self, first.year)[_place(first)]


@lru_cache(maxsize=256)
def _until(skip: Skip, year: int) -> tuple[int, ...]:
    """How many of the first n days of a year are skipped, for each n."""
    days = range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1)
    return tuple(accumulate((skip.has(date.fromordinal(day)) for day in days), initial=0))


def _place(day: date) -> int:
    """How many days of its year were before a day."""
    return day.toordinal() - date(day.year, 1, 1).toordinal()


def _is(kind: SkippedDay, day: date, country: str) -> bool:
    match kind:
        case "saturday":
            return day.weekday() == 5
        case "sunday":
            return day.weekday() == 6
        case "holidays":
            return (country != FINLAND or may_be_public_holiday(day)) and day in holidays_of(country, day.year)
        case _ as unknown:
            assert_never(unknown)


@lru_cache(maxsize=64)
def holidays_of(country: str, year: int) -> frozenset[date]:
    """The public holidays of a country. Raises :class:`NotImplementedError` for one that nobody knows."""
    from holidays import country_holidays  # takes long: only where a policy asks

    with one_country():
        return frozenset(country_holidays(country, years=year, expand=False))
