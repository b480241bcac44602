"""What the formulas of all constructs are put together from: the cells of one student, words, signs, comparisons.

Only functions that Excel 2016, LibreOffice and Google Sheets have. A formula is a template for one row: :data:`ROW`
stands for the row's number.

A spreadsheet counts in binary floating point. Before a value meets a bound or is rounded it is rounded to
:data:`PLACES` decimals, which takes away what counting in binary adds; :func:`too_near` says which exact values lie so
near to a bound that this would change them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from types import MappingProxyType
from typing import NamedTuple, assert_never

from kurssi.policy.model import Part, Policy
from kurssi.values.hours import Length
from kurssi.values.numbers import NUMBER
from kurssi.values.vocabulary import fold

from . import names

ROW = "\0"
PLACES = 9
HALF = "0." + "0" * PLACES + "5"
"""Half of the last of those decimals, for comparing with several bounds at once."""
LONGEST = 8000
"""Characters of a formula; Excel takes 8,192."""

MISSING, UNGRADED, EXCUSED, RECOGNISED, FAILED, PASSED = "–", "?", "EX", "AHOT", "H", "HYV"
"""What stands in the cell of a value where there is none."""
WITHHELD_WORDS = ("WITHHELD", "PIDÄTETTY", "INNEHÅLLEN", "INNEHÅLLET")
PASSES, FAILS = ("HYV", "S", "pass", "x", "hyväksytty"), ("H", "fail", "hylätty")
"""Words that may be typed into a score cell, by the contract."""
FAILED_EMPTY, UNGRADED_EMPTY = "(H)", "(?)"
"""The same for a part of parts in which nothing is left to weigh."""


OF_SCORES = frozenset({"score", "submitted", "due", "units", "spending", "turn", "forgiven", "factor", "silent"})
"""Columns that a part which takes the scores of another does not have of its own."""


class Key(NamedTuple):
    """A column of the sheet of parts: what it holds, of which part and of which attempt."""

    what: str
    part: str = ""
    attempt: int = 0


class Texts(NamedTuple):
    """Words that formulas write, in the report's language."""

    not_submitted: str
    closed: str
    failed: str
    below: str
    withheld: str
    graded: str
    fails: str
    incomplete: str


class Needs(NamedTuple):
    """What this class has, beyond what the policy says."""

    late: frozenset[tuple[str, int]]
    """Parts and attempts that can be late: those with a late rule and a deadline."""
    peers: frozenset[str]
    """Parts with peer marks."""
    overrides: bool
    held: bool
    """Whether the grade of a student is held for another reason than an open cell."""
    guards: int
    """Columns that compare what is entered for a student with what kurssi read; 0 where nobody has anything open."""
    clock: tuple[int, int] | None
    """The days from which and before which the changes of the clock are known, where anything can be late by one."""


def too_near(value: Fraction, bound: Fraction) -> bool:
    """Whether the value and a bound that it does not reach, or passes, could be one after rounding to PLACES.

    Two fractions with the denominators p and q that are not the same are at least 1 / (p × q) apart: values of weights
    and scores with few decimals are never too near.
    """
    if value.denominator * bound.denominator <= 10 ** (PLACES - 1):
        return False
    return value != bound and abs(value - bound) < Fraction(1, 10 ** (PLACES - 1))


INSTANT = "0.000005"
"""Less than half a second, in days: two times that are no further apart are one, but for the last binary digits."""


def fits(template: str, row: int) -> bool:
    """Whether a formula is short enough for a cell in this row, and in those above it."""
    return len(template) + template.count(ROW) * (len(str(row)) - 1) <= LONGEST


def quoted(text: str) -> str:
    """A text inside a formula."""
    return '"' + text.replace('"', '""')[:250] + '"'


def near(expression: str) -> str:
    """The expression without what binary floating point adds to it."""
    return f"ROUND({expression},{PLACES})"


def elapsed(length: Length | None) -> bool:
    """Whether a length of time is counted by the clock's running rather than by the calendar."""
    return length is not None and not length.days


class StudentRow:
    """The cells of one student. ``at`` gives the letters of a column, ``heading`` the cell with a part's name."""

    def __init__(
        self,
        policy: Policy,
        needs: Needs,
        texts: Texts,
        at: Callable[[Key], str],
        heading: Callable[[Part], str] = lambda part: part.id,
    ) -> None:
        self.policy = policy
        self.needs = needs
        self.texts = texts
        self._at = at
        self.heading = heading
        bonuses = [part.stepped for part in policy.bonuses_by_steps() if part.stepped is not None]
        self.targets = {bonus.to for bonus in bonuses}
        """The parts to whose value something is added by steps."""
        self.raised_late = {bonus.to for bonus in bonuses if bonus.after_gate}
        """Those of them that have a gate without it."""
        self.lowest, self.top, self.passing = names.lowest(policy), names.top(policy), names.pass_value(policy)

    def at(self, what: str, part: Part | None = None, attempt: int = 0) -> str:
        """The cell of a column in the student's own row; what belongs to scores stands where they are entered."""
        of = "" if part is None else part.source if what in OF_SCORES else part.id
        return f"${self._at(Key(what, of, attempt))}{ROW}"

    @property
    def waiting(self) -> list[str]:
        """The signs of a value that is not known yet, as a formula has them."""
        return [quoted(sign) for sign in (UNGRADED, UNGRADED_EMPTY, self.texts.withheld)]

    def labels(self, part: Part) -> bool:
        """Whether the part's cells take labels of an own scale."""
        return self.policy.scale.own and part.in_grades

    def words(self, part: Part, *words: str) -> list[str]:
        """Words of a score cell, without those that are labels of the scale."""
        labels = {fold(label) for label in self.policy.scale.labels} if self.labels(part) else set()
        return [word for word in words if fold(word) not in labels]

    def says(self, part: Part, cell: str, *words: str) -> str:
        """Whether a score cell says one of these words."""
        return ",".join(f"{cell}={quoted(word)}" for word in self.words(part, *words)) or "FALSE"

    def is_score(self, part: Part, cell: str) -> str:
        """Whether a score cell holds a score of the part."""
        if self.labels(part):
            label = f'AND({cell}<>"",SUMPRODUCT(--({names.SCALE_LABELS}={cell}))>0)'
            return f"OR({label},{is_between(cell)})" if between_labels(self.policy, part) else label
        match part.graded:
            case "points":
                more = f"+{names.of('over', part)}" if part.over else ""
                return f"AND(ISNUMBER({cell}),{cell}>=0,{cell}<={names.of('max', part)}{more})"
            case "grade" | "pass-fail":
                return f"AND(ISNUMBER({cell}),{cell}>={names.SCALE_LOWEST},{cell}<={names.SCALE_TOP})"
            case _ as unknown:
                assert_never(unknown)


def between_labels(policy: Policy, part: Part) -> bool:
    """Whether a cell takes a number between two labels of an own scale, as the mean of markers or criteria can be.

    Not where a label is a number itself: it could be taken for that.
    """
    made = part.in_grades and any(one.id == part.source and one.components.all for one in policy.leaves())
    return made and policy.scale.own and not any(NUMBER.fullmatch(label) for label in policy.scale.labels)


def is_between(cell: str) -> str:
    """Whether a cell holds a number between two grades."""
    number = f"N({cell})"
    return f"AND({number}<>INT({number}),{number}>{names.SCALE_LOWEST},{number}<{names.SCALE_TOP})"


PASSED_WAY, WEIGHED_WAY = 100_000, 10_000
"""What a way has in its rank for open gates, and for having a value at all, on top of its value."""


def by_way(row: StudentRow, ways: Sequence[Part], what: Callable[[Part], str]) -> str:
    """What belongs to the way that counts: the first of those with the highest rank."""
    first, *rest = ways
    if not rest:
        return what(first)
    others = ",".join(row.at("rank", way) for way in rest)
    return f"IF({row.at('rank', first)}>=MAX({others}),{what(first)},{by_way(row, rest, what)})"


class Columns(NamedTuple):
    """The columns of a construct that hold formulas, by what they hold (:class:`Key`)."""

    attempt: Mapping[str, Callable[[StudentRow, Part, int], str]] = MappingProxyType({})
    part: Mapping[str, Callable[[StudentRow, Part], str]] = MappingProxyType({})
    whole: Mapping[str, Callable[[StudentRow], str]] = MappingProxyType({})
    numbered: Mapping[str, Callable[[StudentRow, int], str]] = MappingProxyType({})
    """Columns of the whole of which there are several."""


def holds(cell: str, value: float | str | None) -> str:
    """Whether a cell holds this: 1 or 0."""
    if value is None:
        return f'({cell}="")'
    if isinstance(value, str):
        return f"({cell}={quoted(value)})"
    return f"ISNUMBER({cell})*({cell}={value!r})"  # an empty cell equals 0


def holds_time(cell: str, serial: float) -> str:
    """Whether a cell holds this time, to the second: 1 or 0."""
    return f"(ROUND(N({cell})*86400,0)={round(serial * 86400)})"


def any_of(cells: Sequence[str], sign: str) -> str:
    """Whether one of the cells shows this sign."""
    return f"OR({','.join(f'{cell}={quoted(sign)}' for cell in cells)})"
