"""The grammar of hours and of lengths of time, exact.

Hours (contract section 6): ``24``, ``24 h``, ``8x3 h``, ``8 × 3 h``, ``6*3h + 2*3h``, ``3 h/week x 8``, ``45 min x 8``.
Lengths of time in late rules (5.1): ``1 h``, ``30 min``, ``7 d``, ``1 w``.
"""

from __future__ import annotations

import re
from datetime import timedelta
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from kurssi.diagnostics.message import Wrong, msg

from .numbers import MOST_DIGITS, exact
from .patterns import Regex

_N = r"\d+(?:[.,]\d+)?"
_UNIT = r"(?P<unit>h(?:ours?)?|t(?:untia)?|min)?"
_PER = r"(?P<per>\s*/\s*(?:week|wk|vko|viikko|vecka|v))?"
_TERM = Regex(
    rf"\s*(?:(?P<times>{_N})\s*[x×*]\s*)?(?P<number>{_N})\s*{_UNIT}{_PER}(?:\s*[x×*]\s*(?P<after>{_N}))?\s*",
    re.IGNORECASE,
)


class Hours(NamedTuple):
    """An amount of work, in hours, and the text that said it."""

    hours: Fraction
    text: str


@lru_cache(maxsize=1024)  # the same few texts stand in every file of a folder
def read_hours(text: str) -> Hours:
    """Hours from a text of the grammar. Raises :class:`Wrong`."""
    how = msg("write hours as 24 h, 8x3 h, 6x3 h + 2x3 h, 3 h/week x 8 or 45 min x 8")
    total = Fraction(0)
    for term in text.split("+"):
        match = _TERM.fullmatch(term)
        if match is None or (match["times"] and match["after"]):
            raise Wrong(msg("“{text}” is not understood as hours", text=text), how)
        if match["per"] and not match["after"] and not match["times"]:
            raise Wrong(
                msg("“{text}” does not say how many weeks", text=text), msg("write 3 h/week x 8 for eight weeks")
            )
        numbers = [_exact(match[name]) for name in ("times", "number", "after") if match[name]]
        product = Fraction(1)
        for number in numbers:
            product *= number
        total += product / 60 if (match["unit"] or "").lower() == "min" else product
    return Hours(total, text.strip())


def spelled(text: str) -> str:
    """The same hours in the even spelling: ``8x3 h``, ``6x3 h + 2x3 h``, ``3 h/week x 8``. Raises :class:`Wrong`."""
    read_hours(text)
    terms = []
    for term in text.split("+"):
        match = _TERM.fullmatch(term)
        if match is None:  # read_hours has refused it
            return text
        unit = f" {match['unit']}" if match["unit"] else ""
        per = "/" + match["per"].strip(" /\t") if match["per"] else ""
        before = f"{match['times']}x" if match["times"] else ""
        after = f" x {match['after']}" if match["after"] else ""
        terms.append(f"{before}{match['number']}{unit}{per}{after}")
    return " + ".join(terms)


def _exact(text: str) -> Fraction:
    if len(text) > MOST_DIGITS:
        raise Wrong(msg("{number} has more than {most} digits", number=text, most=MOST_DIGITS))
    return Fraction(text.replace(",", "."))


def show_hours(hours: Fraction) -> str:
    """Hours as ``accepted:`` and JSON write them: ``134 h``, ``400/3 h``."""
    return f"{exact(hours)} h"


class Length(NamedTuple):
    """A length of time. Minutes and hours are elapsed time; days and weeks move the local date (5.1)."""

    number: int
    unit: str
    """``min``, ``h``, ``d`` or ``w``."""

    @property
    def days(self) -> int:
        """How many days it moves the date; 0 for minutes and hours."""
        return self.number * {"d": 1, "w": 7}.get(self.unit, 0)

    @property
    def elapsed(self) -> timedelta:
        """The elapsed part; zero for days and weeks."""
        return timedelta(minutes=self.number * {"min": 1, "h": 60}.get(self.unit, 0))

    @property
    def nominal(self) -> timedelta:
        """The length where no change of the clock lies in it: a day is 24 hours."""
        return timedelta(days=self.days) if self.days else self.elapsed

    @property
    def hours(self) -> int:
        """The same in whole hours."""
        return self.nominal // timedelta(hours=1)

    def __str__(self) -> str:
        return f"{self.number} {self.unit}"


A_CENTURY = 36525
"""The days of a hundred years: no length is longer, so that deadlines stay in the calendar."""

_LENGTH = re.compile(r"(\d{1,6})\s*(min|h|d|w)(?:ours?|ays?|eeks?)?", re.IGNORECASE)


def read_length(text: object) -> Length:
    """A length of time such as ``7 d``. Raises :class:`Wrong`."""
    match = _LENGTH.fullmatch(text.strip()) if isinstance(text, str) else None
    if match is None:
        raise Wrong(
            msg("“{text}” is not understood as a length of time", text=str(text)),
            msg("write a whole number and a unit: 30 min, 1 h, 7 d or 1 w"),
        )
    length = Length(int(match[1]), match[2].lower())
    if length.days > A_CENTURY or length.elapsed.days > A_CENTURY:
        raise Wrong(
            msg("“{text}” is longer than a hundred years", text=text),
            msg("write a length such as 30 min, 1 h, 7 d or 1 w"),
        )
    return length
