"""What a cell says: readers for scores, times, levels, counts, marks and plain text (contract section 4)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from difflib import get_close_matches
from fractions import Fraction
from typing import TYPE_CHECKING, Literal, NamedTuple

from kurssi.messages import Msg, Wrong, msg
from kurssi.numbers import MOST_DIGITS, exact, read_number
from kurssi.times import When, read_when
from kurssi.vocabulary import CELLS, fold

from .report import Bad, shown
from .table import Cell, Native, text_of

if TYPE_CHECKING:  # the shape of the file is not needed to read a sheet
    from kurssi.policy import Part, Policy
    from kurssi.scales import Scale

State = Literal["missing", "scored", "ungraded", "excused", "recognised", "failed", "passed"]


class Score(NamedTuple):
    """What a score cell says."""

    state: State
    score: Fraction | None = None


Reader = Callable[[Cell], object]
"""The value of a cell that is not blank; raises :class:`Bad`."""

_GROUPED = re.compile(r"[-+]?\d{1,3}(?:[ \u00a0\u2009\u202f'’]\d{3})+(?:[.,]\d+)?")
_BOTH = re.compile(r"[-+]?[\d.,]*(?:\d,\d+\.|\d\.\d+,)[\d.,]*")
_EXPONENT = re.compile(r"[-+]?\d+(?:[.,]\d+)?[eE][-+]?\d+")


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


def number_of(cell: Cell, column: str, rule: str = "bad-score") -> Fraction | None:
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
            msg("write a plain number such as 3 or 3,5"),
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


def score_reader(part: Part, policy: Policy, column: str) -> Reader:
    """The reader of a part's scores."""
    scale = policy.scale
    own = scale.own and part.graded == "grade"
    labels = {fold(label): Score("scored", Fraction(i)) for i, label in reversed(list(enumerate(scale.labels)))}
    labels = labels if own else {}
    if part.graded == "points":
        least, most = Fraction(0), part.max
    else:
        least, most = Fraction(scale.lowest), Fraction(scale.top)

    def read(cell: Cell) -> Score:
        no_error(cell, column)
        text = text_of(cell)
        folded = fold(text)
        if folded in labels:
            return labels[folded]
        word = CELLS.get(folded)
        if word == "failed" and folded == "h" and not _knows_bare_h(part, scale):
            raise Bad(
                "bad-score",
                msg("“{value}” in “{column}” does not say fail under this scale", value=text, column=column),
                msg("write fail or hylätty, or a grade: {takes}", takes=takes(part, policy)),
                text,
            )
        if word == "passed" and part.graded != "pass-fail":
            raise Bad(
                "bad-score",
                msg(
                    "“{value}” in “{column}” says passed, but the part is not pass-fail",
                    value=shown(text),
                    column=column,
                ),
                msg("write a score: {takes}", takes=takes(part, policy)),
                text,
            )
        if word is not None:
            return Score(word)
        number = number_of(cell, column)
        if number is None or own or (part.graded == "pass-fail" and number not in (0, 1)):
            raise Bad(
                "bad-score",
                msg("“{value}” in “{column}” is no score of this part", value=shown(text), column=column),
                _hint(part, policy, text),
                text,
            )
        if part.graded == "pass-fail":
            return Score("passed" if number else "failed")
        if number < least or (most is not None and number > most):
            raise Bad(
                "score-off-scale",
                msg(
                    "{value} in “{column}” is off the scale: {least} to {most}",
                    value=shown(text),
                    column=column,
                    least=exact(least),
                    most="…" if most is None else exact(most),
                ),
                None
                if part.graded == "points"
                else msg("points are converted only where the part says graded: points and max"),
                text,
            )
        return Score("scored", number)

    return read


def _knows_bare_h(part: Part, scale: Scale) -> bool:
    return part.graded == "pass-fail" or scale.name in ("0-5", "H-5")


def takes(part: Part, policy: Policy) -> str:
    """The scores that a part takes, as a hint lists them."""
    scale = policy.scale
    if part.graded == "pass-fail":
        return "HYV, H"
    if part.graded == "points":
        return "0–…" if part.max is None else f"0–{exact(part.max)}"
    if scale.own:
        return ", ".join(scale.labels)
    return f"{scale.lowest}–{scale.top}"


def _hint(part: Part, policy: Policy, text: str) -> Msg:
    words = [*(policy.scale.labels if policy.scale.own and part.graded == "grade" else ()), *CELLS]
    near = get_close_matches(fold(text)[:80], [fold(word) for word in words], 1, 0.75)
    if near and len(text) > 2:
        return msg(
            "did you mean “{near}”? The part takes {takes}, and the words -, ?, EX, AHOT",
            near=near[0],
            takes=takes(part, policy),
        )
    return msg("the part takes {takes}, and the words -, ?, EX, AHOT", takes=takes(part, policy))


def time_reader(column: str) -> Reader:
    """The reader of a ``submitted`` or ``due`` column; a native date of a workbook has no clock."""

    def read(cell: Cell) -> When:
        no_error(cell, column)
        if isinstance(cell, Native) and isinstance(cell.value, (date, datetime)):
            return read_when(cell.value)
        text = text_of(cell)
        if isinstance(cell, str):
            try:
                return read_when(text)
            except Wrong:
                pass
        raise Bad(
            "bad-time",
            msg("“{value}” in “{column}” is no date or time", value=shown(text), column=column),
            msg("format the cell as a date with a time")
            if isinstance(cell, Native)
            else msg("write 2024-03-05 10:12 or 5.3.2024 10.12, and leave the cell empty where nothing came"),
            text,
        )

    return read


def text_reader(column: str) -> Reader:
    """The reader of a column of plain text: names, e-mail, group."""

    def read(cell: Cell) -> str:
        no_error(cell, column)
        return " ".join(text_of(cell).split())

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
    return text_of(cell)


def level_reader(levels: tuple[str, ...], column: str) -> Reader:
    """The reader of activity levels: as the policy spells them."""
    known = {fold(level): level for level in levels}

    def read(cell: Cell) -> str:
        no_error(cell, column)
        text = text_of(cell)
        if fold(text) in known:
            return known[fold(text)]
        near = get_close_matches(fold(text)[:80], known, 1)
        names = ", ".join(levels)
        raise Bad(
            "unknown-level",
            msg("the policy has no activity level “{value}”", value=shown(text)),
            msg("did you mean “{near}”? The levels are {names}", near=known[near[0]], names=names)
            if near
            else msg("the levels are {names}; leave the cell empty where nothing is said", names=names),
            text,
        )

    return read


def attended_reader(sessions: int, column: str) -> Reader:
    """The reader of sessions attended: a whole number up to those that there were."""

    def read(cell: Cell) -> int:
        no_error(cell, column)
        number = number_of(cell, column, "bad-attendance")
        if number is None or number.denominator != 1 or not 0 <= number <= sessions:
            text = text_of(cell)
            raise Bad(
                "bad-attendance",
                msg("“{value}” in “{column}” is no number of sessions", value=shown(text), column=column),
                msg("write a whole number from 0 to {most}", most=sessions),
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
