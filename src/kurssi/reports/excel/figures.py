"""Exact numbers as a spreadsheet holds and shows them.

A cell holds at most 15 digits, so a fraction is cut there, downwards: what is below a boundary stays below it.
What a cell *shows* is rounded by the spreadsheet; a figure gets as many decimals as it takes that what is shown
suggests no other grade than the exact value has.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import floor

from kurssi.values.numbers import MOST_DIGITS, exact

FULL = 6
"""Decimals that end within so many are all shown; others are marked with ≈."""

Same = Callable[[Fraction], bool]
"""Whether a shown figure says the same as the exact value."""


def held(value: Fraction) -> float:
    """The number a cell holds: the value itself where it fits 15 digits, else cut there, downwards."""
    if value.denominator == 1 and abs(value.numerator) < 10**MOST_DIGITS:
        return float(value.numerator)
    whole = abs(value.numerator) // value.denominator
    scale = 10 ** max(MOST_DIGITS - (len(str(whole)) if whole else 0), 0)
    return float(Fraction(floor(value * scale), scale))


def ends(value: Fraction) -> int | None:
    """How many decimals the number has, or None where they do not end within :data:`FULL`."""
    if value.denominator == 1:
        return 0
    text = exact(value)
    places = len(text.partition(".")[2])
    return places if "/" not in text and places <= FULL else None


def decimals(value: Fraction, same: Same | None = None) -> tuple[int, bool]:
    """How many decimals to show, and whether those are all. Beyond them, a figure does not look like a half or whole
    that it does not reach, and says the ``same``.
    """
    places = ends(value)
    if places is not None:
        return places, True
    for places in range(3, MOST_DIGITS - 1):
        shown = as_shown(value, places)
        if floor(shown * 2) == floor(value * 2) and (same is None or same(shown)):
            return places, False
    return MOST_DIGITS - 1, False


def as_shown(value: Fraction, places: int) -> Fraction:
    """The value as a spreadsheet shows it with so many decimals: halves away from zero."""
    size = Fraction(floor(abs(value) * 10**places + Fraction(1, 2)), 10**places)
    return -size if value < 0 else size


def number_format(places: int, *, about: bool = False, signed: bool = False, after: str = "") -> str:
    """A number format with so many decimals: ``0.00``; with ≈ in front, with its sign, or with a word after it."""
    body = "0" + ("." + "0" * places if places else "")
    if after:
        body += f'" {after}"'
    mark = '"≈ "' if about else ""
    if signed:
        return f'{mark}+{body};{mark}"−"{body};{mark}{body}'
    return f'{mark}{body};{mark}"−"{body}'
