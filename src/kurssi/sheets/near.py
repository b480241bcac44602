"""Scores that are nearly written as a cell takes them: what was probably meant. Nothing is read so, only suggested."""

from __future__ import annotations

from fractions import Fraction

from kurssi.values.numbers import exact
from kurssi.values.patterns import Regex

_NUMBER = r"[0-9]{1,4}(?:[.,][0-9]{1,4})?"
_HALVES = {"½": ",5", "¼": ",25", "¾": ",75"}
_WITH_HALF = Regex(r"([0-9]{0,4})\s*([½¼¾])")
_STOPPED = Regex(rf"[.,]*\s*({_NUMBER})\s*[.,;:!*+]+")
_OF = Regex(rf"({_NUMBER})\s*/\s*({_NUMBER})")
_NOTED = Regex(rf"({_NUMBER})\s*(?:\(.*\)|\[.*\]|[,;:–-]\s*\D.*|\s\D.*|p|pt|pts|pist\.?|pistettä|poäng|points?)")
_CALLED = Regex(rf"(?:arvosana|pisteet|grade|score|betyg|vitsord|poäng)\s*:?\s*({_NUMBER})")


def number_meant(text: str, least: Fraction, most: Fraction | None) -> str | None:
    """The number in ``4½``, ``4,5.``, ``4/5`` (of ``most``), ``4 (uusinta)``; ``None`` for none on the scale."""
    meant = _number_in(text, most)
    return meant if meant and least <= _value(meant) and (most is None or _value(meant) <= most) else None


def _number_in(text: str, most: Fraction | None) -> str | None:
    if match := _WITH_HALF.fullmatch(text):
        return (match[1] or "0") + _HALVES[match[2]]
    if match := _OF.fullmatch(text):
        return match[1] if most is not None and _value(match[2]) == most else None
    for pattern in (_STOPPED, _NOTED, _CALLED):
        if match := pattern.fullmatch(text.casefold()):
            return match[1]
    return None


def has_note(text: str) -> bool:
    """Whether words stand beside the number, which have a place of their own."""
    return any(c.isalpha() for c in text)


def decimal_meant(number: Fraction, least: Fraction, most: Fraction) -> str | None:
    """8,5 for 85, where the scale ends far below: a separator that is lost."""
    if number.denominator != 1 or number < 2 * most:
        return None
    digits = exact(number)
    for at in range(len(digits) - 1, 0, -1):
        if least <= Fraction(f"{digits[:at]}.{digits[at:]}") <= most:
            return f"{digits[:at]},{digits[at:]}"
    return None


def _value(text: str) -> Fraction:
    return Fraction(text.replace(",", "."))
