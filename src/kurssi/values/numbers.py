"""Exact numbers: read from text, written without loss. No binary floating point anywhere."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from kurssi.diagnostics.message import Wrong, msg

NUMBER = re.compile(r"-?\d+(?:[.,]\d+)?")
"""A number in a score sheet: digits with an optional point or comma; no exponent, no thousands separator."""

MOST_DIGITS = 15
"""More digits than this do not survive a spreadsheet, so they are refused everywhere."""


MOST_BELOW = 4
"""A fraction is written as one while its denominator has no more digits."""


class Amount(NamedTuple):
    """A number that may stand with ``%``; what the percentage is of is said by the key."""

    value: Fraction
    percent: bool = False

    def __str__(self) -> str:
        return exact(self.value) + (" %" if self.percent else "")


class Boundary(NamedTuple):
    """A boundary as a file writes it: an amount that must be reached, or where it is strict passed."""

    amount: Amount
    strict: bool = False

    def __str__(self) -> str:
        return f"> {self.amount}" if self.strict else str(self.amount)


class Bound(NamedTuple):
    """A boundary in the unit of what is compared with it."""

    value: Fraction
    strict: bool = False

    def reached_by(self, value: Fraction) -> bool:
        """Whether a value reaches the boundary, or where it is strict passes it."""
        return value > self.value if self.strict else value >= self.value

    def __str__(self) -> str:
        return f"> {exact(self.value)}" if self.strict else exact(self.value)


def read_bound(text: str) -> Bound:
    """The boundary that :meth:`Bound.__str__` wrote. Raises :class:`ValueError` for anything else."""
    return Bound(Fraction(text.removeprefix("> ")), text.startswith("> "))


def fraction(value: int | Decimal | Fraction) -> Fraction:
    """The same number as a fraction. Raises :class:`TypeError` for anything inexact."""
    if isinstance(value, bool) or not isinstance(value, (int, Decimal, Fraction)):
        raise TypeError(f"not an exact number: {value!r}")
    return Fraction(value)


def read_number(text: str) -> Fraction | None:
    """The number that ``text`` writes, or ``None`` where it writes none. Raises :class:`Wrong` for too many digits."""
    if not NUMBER.fullmatch(text):
        return None
    if sum(c.isdigit() for c in text) > MOST_DIGITS:
        raise Wrong(msg("{number} has more than {most} digits", number=text, most=MOST_DIGITS))
    return Fraction(text.replace(",", "."))


def whole_number(text: str) -> int | None:
    """The whole number that ``text`` writes as a program would; None for anything else, and for very many digits."""
    if len(text) > MOST_DIGITS or not (text.isascii() and text.isdigit()):
        return None
    return int(text) if text == str(int(text)) else None


def rounded(value: Fraction, places: int = 1) -> Fraction:
    """The nearest number with at most ``places`` decimals; halves away from zero. For figures that are only shown."""
    scaled = abs(value) * 10**places
    nearest = Fraction((2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator), 10**places)
    return -nearest if value < 0 else nearest


def exact(value: Fraction | int) -> str:
    """The number in full: ``3.48``, or ``10/3`` where the decimals do not end."""
    value = value if isinstance(value, Fraction) else Fraction(value)
    twos = fives = 0
    rest = value.denominator
    while rest % 2 == 0:
        rest //= 2
        twos += 1
    while rest % 5 == 0:
        rest //= 5
        fives += 1
    if rest != 1:
        return f"{value.numerator}/{value.denominator}"
    places = max(twos, fives)
    if not places:
        return str(value.numerator)
    digits = str(abs(value.numerator) * 10**places // value.denominator).rjust(places + 1, "0")
    return f"{'-' if value < 0 else ''}{digits[:-places]}.{digits[-places:]}"


def endless(value: Fraction | int) -> str | None:
    """The fraction of a number whose decimals do not end, 190/3, where it is one that can be read; else ``None``."""
    text = exact(value)
    return text if "/" in text and len(text.partition("/")[2]) <= MOST_BELOW else None


def exact_sum(values: Iterable[Fraction]) -> Fraction:
    """Their sum, reduced once: a ``Fraction`` reduces after every addition, which takes most of the time."""
    return _sum_of_ratios((value.numerator, value.denominator) for value in values)


def sum_of_products(pairs: Iterable[tuple[Fraction, Fraction | int]]) -> Fraction:
    """Σ a × b, reduced once."""
    return _sum_of_ratios((a.numerator * b.numerator, a.denominator * b.denominator) for a, b in pairs)


def sum_of_quotients(pairs: Iterable[tuple[Fraction, Fraction | int]]) -> Fraction:
    """Σ a ÷ b, reduced once. Raises :class:`ZeroDivisionError` where a b is 0."""
    return _sum_of_ratios((a.numerator * b.denominator, a.denominator * b.numerator) for a, b in pairs)


def _sum_of_ratios(ratios: Iterable[tuple[int, int]]) -> Fraction:
    numerator, denominator = 0, 1
    for above, below in ratios:
        if below == denominator:
            numerator += above
        else:
            numerator, denominator = numerator * below + above * denominator, denominator * below
    return Fraction(numerator, denominator)
