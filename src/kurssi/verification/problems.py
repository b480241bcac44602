"""What is wrong with a report, as values; and the reader that takes nothing in a report for granted."""

from __future__ import annotations

import json
from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple, TypeVar

from kurssi.diagnostics.finding import Severity
from kurssi.diagnostics.message import Msg, msg

from . import exact

LONGEST = 80
"""A value is shown up to this length."""


Word = TypeVar("Word", bound=str)


class Problem(NamedTuple):
    """One place of a report that does not follow from the rest."""

    student: str | None
    """The student number; None where it is about the report as a whole."""
    where: str
    """The place: keys from the top of the student or of the report, joined by points."""
    message: Msg
    found: str | None = None
    """What stands there, as JSON."""
    expected: str | None = None
    """What follows instead, as JSON."""
    severity: Severity = Severity.error


class Unfit(Exception):
    """A value that cannot be read, so that nothing can be derived from it."""

    def __init__(self, where: str, message: Msg, found: object = None) -> None:
        super().__init__(message.text)
        self.where = where
        self.message = message
        self.found = found

    def problem(self, student: str | None) -> Problem:
        """The same as a problem of a student, or of the report."""
        return Problem(student, self.where, self.message, shown(self.found))


def shown(value: object) -> str:
    """A value as JSON writes it, cut to a length that a line can hold."""
    text = json.dumps(value, ensure_ascii=False, separators=(", ", ": "), default=str)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def differs(student: str | None, where: str, found: object, expected: object) -> Problem:
    """Something stands there, and something else follows."""
    has, wants = shown(found), shown(expected)
    return Problem(
        student, where, msg("{found} stands there, but {expected} follows", found=has, expected=wants), has, wants
    )


def lacks(student: str | None, where: str, expected: object) -> Problem:
    """Something that follows does not stand in the report."""
    wants = shown(expected)
    return Problem(student, where, msg("missing; {expected} follows", expected=wants), None, wants)


def compare(student: str | None, where: str, found: object, expected: object) -> Iterator[Problem]:
    """Every place where ``found`` is not ``expected``. Keys that nothing is expected of may come on top."""
    if isinstance(expected, dict) and isinstance(found, dict):
        for key, wanted in expected.items():
            place = f"{where}.{key}" if where else str(key)
            if key in found:
                yield from compare(student, place, found[key], wanted)
            else:
                yield lacks(student, place, wanted)
    elif isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        for number, (one, other) in enumerate(zip(found, expected, strict=True), 1):
            yield from compare(student, f"{where}.{number}", one, other)
    elif type(found) is not type(expected) or found != expected:
        yield differs(student, where, found, expected)


class Node:
    """A value of the report with its place. Every reader raises :class:`Unfit` for what should not stand there."""

    __slots__ = ("value", "where")

    def __init__(self, value: object, where: str) -> None:
        self.value = value
        self.where = where

    def wrong(self, message: Msg) -> Unfit:
        """To be raised: this value cannot be."""
        return Unfit(self.where, message, self.value)

    def __getitem__(self, key: str) -> Node:
        """The value under a key, which must be there."""
        value = self.mapping()
        if key not in value:
            raise Unfit(f"{self.where}.{key}" if self.where else key, msg("missing"))
        return Node(value[key], f"{self.where}.{key}" if self.where else key)

    def mapping(self) -> dict[str, object]:
        """The value itself, an object."""
        if not isinstance(self.value, dict):
            raise self.wrong(msg("{found} is not an object", found=shown(self.value)))
        return self.value

    def items(self) -> list[tuple[str, Node]]:
        """The keys and values of an object."""
        return [(key, self[key]) for key in self.mapping()]

    def entries(self) -> list[Node]:
        """The entries of a list."""
        if not isinstance(self.value, list):
            raise self.wrong(msg("{found} is not a list", found=shown(self.value)))
        return [Node(value, f"{self.where}.{number}") for number, value in enumerate(self.value, 1)]

    @property
    def given(self) -> Node | None:
        """The node, or None where the value is null."""
        return None if self.value is None else self

    def text(self) -> str:
        """A text."""
        if not isinstance(self.value, str):
            raise self.wrong(msg("{found} is not text", found=shown(self.value)))
        return self.value

    def one_of(self, *words: Word) -> Word:
        """One of these words."""
        said = self.text()
        for word in words:
            if word == said:
                return word
        raise self.wrong(msg("{found} is none of: {words}", found=shown(self.value), words=", ".join(words)))

    def flag(self) -> bool:
        """True or false."""
        if not isinstance(self.value, bool):
            raise self.wrong(msg("{found} is neither true nor false", found=shown(self.value)))
        return self.value

    def whole(self, least: int | None = None) -> int:
        """A whole number, written as a number."""
        if isinstance(self.value, bool) or not isinstance(self.value, int):
            raise self.wrong(msg("{found} is not a whole number", found=shown(self.value)))
        if least is not None and self.value < least:
            raise self.wrong(msg("{found} is less than {least}", found=self.value, least=least))
        return self.value

    def number(self) -> Fraction:
        """An exact number, written as text, in the one spelling it has."""
        number = exact.read(self.value) if isinstance(self.value, str) else None
        if number is None:
            raise self.wrong(msg("{found} is not an exact number as kurssi writes it", found=shown(self.value)))
        return number

    def amount(self) -> tuple[Fraction, bool]:
        """An exact number, and whether it is a percentage (``10 %``)."""
        text = self.text()
        if text.endswith(" %"):
            return Node(text[:-2], self.where).number(), True
        return self.number(), False

    def percentage(self) -> Fraction:
        """The number of a percentage, as a share of 1."""
        number, percent = self.amount()
        if not percent:
            raise self.wrong(msg("{found} is not a percentage", found=shown(self.value)))
        return number / 100


def written(number: Fraction) -> str:
    """An exact number as text. Raises :class:`Unfit` for numbers that no class brings about."""
    text = exact.write(number)
    if text is None:
        raise Unfit("", msg("the numbers grow beyond all measure"))
    return text
