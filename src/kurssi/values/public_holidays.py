"""Public holidays without what it costs to ask the library for them.

Importing it costs more than a whole ``kurssi validate``, and with the modules of all countries as much as grading two
classes: a cheap question that is never wrong with “no” stands before it, and only the country asked for is loaded.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

FINLAND = "FI"
"""Whose public holidays are meant where the file names no country."""

_FIXED = frozenset({(1, 1), (1, 6), (5, 1), (12, 6), (12, 24), (12, 25), (12, 26)})
_WINDOWS = (  # (weekday, Monday is 0; first and last day of the year on which that weekday can be a holiday)
    (4, (3, 20), (4, 23)),  # Good Friday; Easter is between 22 March and 25 April
    (6, (3, 22), (4, 25)),  # Easter
    (0, (3, 23), (4, 26)),  # Easter Monday
    (3, (4, 30), (6, 3)),  # Ascension, 39 days after Easter
    (6, (5, 10), (6, 13)),  # Pentecost, 49 days after Easter
    (4, (6, 19), (6, 25)),  # Midsummer Eve
    (5, (6, 20), (6, 26)),  # Midsummer
    (5, (10, 31), (11, 6)),  # All Saints
)
_SINCE = 1992
"""The first year in which all holidays stood on the days of these windows (Epiphany and Ascension had been moved)."""


def may_be_public_holiday(day: date) -> bool:
    """Whether the day can be a public holiday at all: “no” is certain, “yes” is for the library to decide."""
    if day.year < _SINCE or (day.month, day.day) in _FIXED:
        return True
    here = (day.month, day.day)
    return any(day.weekday() == weekday and first <= here <= last for weekday, first, last in _WINDOWS)


COUNTRIES = "holidays.countries"


@contextmanager
def one_country() -> Iterator[None]:
    """Inside it the library of holidays loads the module of the country that is asked for, and no other.

    The module of a country stands in a package that imports all 250, which takes as long as grading two classes. Here
    the package stands in its place as it is before that, and is gone afterwards: whoever imports it gets all of it.
    """
    from importlib.util import find_spec, module_from_spec

    spec = None if COUNTRIES in sys.modules else find_spec(COUNTRIES)
    if spec is None:
        yield
        return
    alone = sys.modules[COUNTRIES] = module_from_spec(spec)
    try:
        yield
    finally:
        if sys.modules.get(COUNTRIES) is alone:
            del sys.modules[COUNTRIES]
