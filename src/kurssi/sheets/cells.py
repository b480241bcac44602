"""What a cell says: numbers, student numbers, levels, counts, marks and plain text (contract section 4)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from difflib import get_close_matches
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from kurssi.diagnostics.message import Msg, Wrong, msg
from kurssi.values.classlist import AttemptState
from kurssi.values.numbers import MOST_DIGITS, exact, read_number
from kurssi.values.patterns import Regex
from kurssi.values.times import read_when
from kurssi.values.vocabulary import fold

from .report import Bad, shown
from .table import Cell, Native, text_of

if TYPE_CHECKING:  # the shape of the file is not needed to read a sheet
    from kurssi.policy.composite import Criterion
    from kurssi.policy.model import Part, Policy


class Score(NamedTuple):
    """What a score cell says."""

    state: AttemptState
    score: Fraction | None = None


BLANK = object()
"""The value of a cell that says nothing."""

Reader = Callable[[Cell], object]
"""The value of a cell that is not blank, or :data:`BLANK`; raises :class:`Bad`."""

_GROUPED = Regex(r"[-+]?\d{1,3}(?:[ \u00a0\u2009\u202f'’]\d{3})+(?:[.,]\d+)?")
_BOTH = Regex(r"[-+]?[\d.,]*(?:\d,\d+\.|\d\.\d+,)[\d.,]*\d")
_EXPONENT = Regex(r"[-+]?\d+(?:[.,]\d+)?[eE][-+]?\d+")


def no_error(cell: Cell, column: str) -> None:
    """Raises :class:`Bad` where a workbook's cell holds an error or a formula that was never computed."""
    if isinstance(cell, Native) and cell.kind == "error":
        if cell.text == "=":
            raise Bad(
                "error-cell",
                msg("the formula in “{column}” has no value", column=column),
                msg("open the workbook in the spreadsheet program and save it, or write the value"),
            )
        raise Bad(
            "error-cell",
            msg("the cell in “{column}” holds the error {value}", column=column, value=shown(cell.text)),
            msg("correct the formula, or write the value"),
            cell.text,
        )


def number_of(cell: Cell, column: str, rule: str = "bad-score", way: Msg | None = None) -> Fraction | None:
    """The number in a cell, or ``None`` where there is none. Raises :class:`Bad` for what only looks like one."""
    text = text_of(cell)
    if isinstance(cell, Native) and cell.kind == "number" and isinstance(cell.value, Fraction):
        return cell.value
    try:
        number = None if isinstance(cell, Native) else read_number(text)
    except Wrong:
        number = None
    else:
        if number is not None:
            return number
    if why := _why_no_number(cell, text):
        raise Bad(
            rule,
            msg("“{value}” in “{column}” cannot be read as a number: {why}", value=shown(text), column=column, why=why),
            way or msg("write a plain number such as 3 or 3,5"),
            text,
        )
    return None


def _why_no_number(cell: Cell, text: str) -> Msg | None:
    if isinstance(cell, Native):
        if cell.kind in ("date", "datetime", "time"):
            return msg("the workbook holds a date or a time here, as when 4.5 is taken for the fourth of May")
        if cell.kind == "bool":
            return msg("the workbook holds a truth value here")
        return msg("it has more than {most} digits", most=MOST_DIGITS)
    if text.startswith("="):
        return msg("it is a formula")
    if _GROUPED.fullmatch(text) or _BOTH.fullmatch(text):
        return msg("it has a thousands separator")
    if _EXPONENT.fullmatch(text):
        return msg("it has an exponent")
    if text.endswith("%") and any(c.isdigit() for c in text):
        return msg("it is a percentage")
    if re.fullmatch(r"[\d.,]+\s*/\s*[\d.,]+", text):
        return msg("it is a fraction; only the score itself stands in the cell")
    if re.fullmatch(r"-?\d+([.,]\d+)?", text):
        return msg("it has more than {most} digits", most=MOST_DIGITS)
    return None


def text_reader(column: str) -> Reader:
    """The reader of a column of plain text: names, e-mail, group."""

    def read(cell: Cell) -> str:
        no_error(cell, column)
        text = text_of(cell)
        in_line = " ".join(text.split())
        return text if in_line == text else in_line  # the cell itself: no name is twice in memory

    return read


def student_of(cell: Cell, column: str) -> str:
    """A student number as text. Raises :class:`Bad` where a workbook holds something that cannot be one."""
    no_error(cell, column)
    if isinstance(cell, Native) and not (cell.kind == "number" and cell.value is not None):
        raise Bad(
            "missing-student",
            msg("“{value}” in “{column}” is no student number", value=shown(cell.text), column=column),
            msg("format the column as text and write the number again"),
            cell.text,
        )
    text = text_of(cell)
    if _EXPONENT.fullmatch(text):
        raise Bad(
            "missing-student",
            msg("“{value}” in “{column}” is a number that a spreadsheet has shortened", value=text, column=column),
            msg("format the column as text and write the number again"),
            text,
        )
    return text


_QUOTED = Regex(r'="(.*)"')
"""How some systems keep a spreadsheet from taking a number apart."""


def identifier(text: str) -> str:
    """A student number, e-mail address or login as people write it: without ``#`` in front and the like."""
    if match := _QUOTED.fullmatch(text):
        text = match[1]
    text = text.removeprefix("#").removeprefix("'").strip()
    return "" if text in ("-", "–") or text.casefold() in _NOBODY else text


_NOBODY = ("anonymous", "anonyymi", "anonym")
"""What a system writes where it does not say who somebody is."""


def level_reader(levels: tuple[str, ...], column: str) -> Reader:
    """The reader of activity levels: as the policy spells them."""
    known = {fold(level): level for level in levels}

    def read(cell: Cell) -> str:
        no_error(cell, column)
        text = text_of(cell)
        if fold(text) in known:
            return known[fold(text)]
        message = msg("the policy has no activity level “{value}”", value=shown(text))
        raise Bad("unknown-level", message, lambda: way(text), text)

    def way(text: str) -> Msg:
        near = get_close_matches(fold(text)[:80], known, 1)
        names = ", ".join(levels)
        if near:
            return msg("did you mean “{near}”? The levels are {names}", near=known[near[0]], names=names)
        return msg("the levels are {names}; leave the cell empty where nothing is said", names=names)

    return read


def attended_reader(sessions: int, column: str) -> Reader:
    """The reader of sessions attended: a whole number up to those that there were."""
    way = msg("write a whole number from 0 to {most}", most=sessions)

    def read(cell: Cell) -> int:
        no_error(cell, column)
        number = number_of(cell, column, "bad-attendance", way)
        if number is None or number.denominator != 1 or not 0 <= number <= sessions:
            text = text_of(cell)
            raise Bad(
                "bad-attendance",
                msg("“{value}” in “{column}” is no number of sessions", value=shown(text), column=column),
                way,
                text,
            )
        return int(number)

    return read


def mark_reader(column: str) -> Reader:
    """The reader of peer marks: numbers from 0."""

    def read(cell: Cell) -> Fraction:
        no_error(cell, column)
        number = number_of(cell, column, "peer-sheet")
        if number is None or number < 0:
            text = text_of(cell)
            raise Bad(
                "peer-sheet",
                msg("“{value}” in “{column}” is no mark", value=shown(text), column=column),
                msg("write a number from 0"),
                text,
            )
        return number

    return read


def level_words(criterion: Criterion, part: Part, policy: Policy) -> tuple[str, ...]:
    """The levels of a criterion as cells hold them: labels of an own scale, else numbers."""
    own = policy.scale.own and part.in_grades
    return tuple(policy.scale.label(int(score)) if own else exact(score) for score, _ in criterion.levels)


def day_in(cell: Cell, rule: str, way_out: Msg) -> date:
    """The day that a cell says, as a date or as text; raises :class:`Bad` by that rule."""
    text = text_of(cell)
    try:
        return read_when(cell.value if isinstance(cell, Native) and cell.kind in ("date", "datetime") else text).day
    except Wrong:
        raise Bad(rule, msg("“{value}” is no date", value=shown(text)), way_out, text) from None
