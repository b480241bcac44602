"""Exact numbers in the one spelling that reports use: ``3``, ``-0.5``, ``10/3``."""

from __future__ import annotations

import re
from fractions import Fraction

_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]*[1-9])?")
_RATIO = re.compile(r"-?[1-9][0-9]*/[1-9][0-9]*")
_LONGEST = 1000
_MOST_BITS = 8000


def read(text: str) -> Fraction | None:
    """The number, or None where it is not spelled as :func:`write` would: one value has one spelling."""
    if len(text) > _LONGEST or not (_DECIMAL.fullmatch(text) or _RATIO.fullmatch(text)):
        return None
    number = Fraction(text)
    return number if write(number) == text else None


def write(number: Fraction) -> str | None:
    """A decimal where it ends, else a reduced fraction; None where it would fill pages."""
    over, under = number.numerator, number.denominator
    if over.bit_length() > _MOST_BITS or under.bit_length() > _MOST_BITS:
        return None
    if under == 1:
        return str(over)
    places = under.bit_length()  # a denominator of twos and fives divides this power of ten, any other divides none
    scaled, rest = divmod(abs(over) * 10**places, under)
    if rest:
        return f"{over}/{under}"
    digits = f"{scaled:0{places + 1}d}"
    text = f"{digits[:-places]}.{digits[-places:].rstrip('0')}"
    return f"-{text}" if over < 0 else text
