"""What a cell says: readers for scores, times, levels, counts, marks and plain text (contract section 4)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from difflib import get_close_matches
from fractions import Fraction
from typing import TYPE_CHECKING, Literal, NamedTuple, cast

from kurssi.diagnostics.message import Msg, Wrong, msg
from kurssi.values.numbers import MOST_DIGITS, exact, read_number
from kurssi.values.patterns import Regex
from kurssi.values.times import read_when
from kurssi.values.vocabulary import CELLS, fold

from .dates import Order, agrees_with_weekday, is_slashed, read_length, read_time, smallest_unit, with_a_year
from .layouts import Layout
from .near import decimal_meant, has_note, number_meant
from .reading import Unit
from .report import Bad, shown
from .status import read_status
from .table import Cell, Native, text_of

if TYPE_CHECKING:  # the shape of the file is not needed to read a sheet
    from kurssi.policy.model import Part, Policy
    from kurssi.policy.scales import Scale

State = Literal["missing", "scored", "ungraded", "excused", "recognised", "failed", "passed"]


class Score(NamedTuple):
    """What a score cell says."""

    state: State
    score: Fraction | None = None


BLANK = object()
"""The value of a cell that says nothing."""

Reader = Callable[[Cell], object]
"""The value of a cell that is not blank, or :data:`BLANK`; raises :class:`Bad`."""

_GROUPED = Regex(r"[-+]?\d{1,3}(?:[ \u00a0\u2009\u202f'’]\d{3})+(?:[.,]\d+)?")
_BOTH = Regex(r"[-+]?[\d.,]*(?:\d,\d+\.|\d\.\d+,)[\d.,]*\d")
_THOUSANDS = Regex(r"[1-9]\d{0,2}[.,]\d{3}")
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
        try:
            number = number_of(cell, column)
        except Bad as bad:
            if bad.found is not None and bad.found.endswith("%"):
                raise Bad(bad.rule, bad.message, _instead_of_percentage(part, policy, bad.found), bad.found) from None
            raise _suggesting(bad, cell, least, most, takes(part, policy)) from None
        if number is None or own or (part.graded == "pass-fail" and number not in (0, 1)):
            no_score = Bad(
                "bad-score",
                msg("“{value}” in “{column}” is no score of this part", value=shown(text), column=column),
                _hint(part, policy, text),
                text,
            )
            if own or part.graded == "pass-fail":
                raise no_score
            raise _suggesting(no_score, cell, least, most, takes(part, policy))
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
                off_scale_hint(part, number, least, most),
                text,
            )
        return Score("scored", number)

    return read


def _instead_of_percentage(part: Part, policy: Policy, text: str) -> Msg:
    """What to write for ``80 %``: the points that it is, or a score of the scale."""
    try:
        share = read_number(text[:-1].rstrip())
    except Wrong:
        share = None
    if part.graded != "points" or part.max is None or share is None or not 0 <= share <= 100:
        return msg("write a score: {takes}", takes=takes(part, policy))
    points = exact(share * part.max / 100)
    return msg("write the points: {share} of {most} is {points}", share=text, most=exact(part.max), points=points)


def _suggesting(bad: Bad, cell: Cell, least: Fraction, most: Fraction | None, taken: str) -> Bad:
    """The same, with the score that was probably meant, where that can be said."""
    text = text_of(cell)
    meant = number_meant(text, least, most) if isinstance(cell, str) else None
    if meant is None:
        return bad
    hint = (
        msg(
            "did you mean {near}? The part takes {takes}; a note stands in a column of its own", near=meant, takes=taken
        )
        if has_note(text)
        else msg("did you mean {near}? The part takes {takes}", near=meant, takes=taken)
    )
    return Bad(bad.rule, bad.message, hint, bad.found)


def off_scale_hint(part: Part, number: Fraction, least: Fraction, most: Fraction | None) -> Msg:
    """What to look at where a score is off its scale: the scale, a lost decimal separator, a percentage."""
    near = decimal_meant(number, least, most) if most is not None else None
    if part.graded != "points":
        if near is not None:
            return msg(
                "did you mean {near}? Points are converted only where the part says graded: points and max", near=near
            )
        return msg("points are converted only where the part says graded: points and max")
    if number < least:
        return msg("points begin at 0; write - where nothing was handed in")
    if near is not None:
        return msg("did you mean {near}? Else correct max: in the part, or the score if it is a percentage", near=near)
    return msg("correct the score, or max: in the part; a percentage has to be written as points")


def export_reader(part: Part, policy: Policy, column: str, unit: Unit, layout: Layout | None) -> Reader:
    """The reader of a column of scores that a system wrote, or whose numbers somebody has named the unit of.

    Words of the system come before all others. A percentage, and points that are to be converted, become points of the
    part exactly; in a pass-fail part all of the points is passed and none is failed.
    """
    read = score_reader(part, policy, column)
    share = unit.kind == "percent" or unit.convert
    whole = Fraction(100) if unit.kind == "percent" else unit.most or Fraction(1)
    of = part.max if part.graded == "points" else Fraction(1)
    most = whole if share else unit.most or of or Fraction(1)

    def read_export(cell: Cell) -> object:
        no_error(cell, column)
        text = text_of(cell)
        folded = fold(text)
        if layout is not None:
            state = next((state for word, state in layout.words if word.fullmatch(folded)), None)
            if state is not None:
                return BLANK if state in ("", "unassigned") else Score(cast(State, state))
        if unit.kind == "letter" and number_of(cell, column) is not None and not _is_label(part, policy, folded):
            raise Bad(
                "bad-score",
                msg("“{value}” in “{column}” is no label of the scale", value=shown(text), column=column),
                msg("the header says letters: export the grades or the points"),
                text,
            )
        if most >= 1000 and isinstance(cell, str) and _THOUSANDS.fullmatch(text):
            raise Bad(
                "bad-score",
                msg(
                    "“{value}” in “{column}” may be {large} or a number with decimals",
                    value=shown(text),
                    column=column,
                    large=re.sub("[.,]", "", text),
                ),
                msg("write it without a thousands separator"),
                text,
            )
        if not share or folded in CELLS:
            return read(cell)
        if unit.kind == "percent" and isinstance(cell, Native) and cell.kind == "number":
            raise Bad(
                "bad-score",
                msg(
                    "“{value}” in “{column}” may be {value} % or {value} of 1: the workbook does not say",
                    value=shown(text),
                    column=column,
                ),
                msg("export as CSV, or write the points"),
                text,
            )
        bare = text.removesuffix("%").rstrip() if unit.kind == "percent" else text
        number = number_of(bare if isinstance(cell, str) else cell, column)
        if number is None or number < 0 or of is None:
            return read(cell)
        if number > whole:
            raise Bad(
                "score-off-scale",
                msg(
                    "{value} in “{column}” is off the scale: {least} to {most}",
                    value=shown(text),
                    column=column,
                    least="0",
                    most=exact(whole) + (" %" if unit.kind == "percent" else ""),
                ),
                msg("correct the score, or what the numbers of this column are out of"),
                text,
            )
        if part.graded == "pass-fail":
            if number not in (0, whole):
                raise Bad(
                    "bad-score",
                    msg(
                        "{value} of {most} in “{column}” is neither all nor nothing",
                        value=shown(text),
                        most=exact(whole),
                        column=column,
                    ),
                    msg("write graded: points and minimum: into the part, or HYV or H into a sheet of your own"),
                    text,
                )
            return Score("passed" if number else "failed")
        return Score("scored", number * of / whole)

    return read_export


def _is_label(part: Part, policy: Policy, folded: str) -> bool:
    return part.graded == "grade" and folded in {fold(label) for label in policy.scale.labels}


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
    if part.graded != "pass-fail":
        words = [word for word in words if CELLS.get(word) != "passed"]
    written = {fold(word): word.upper() if word in CELLS and len(word) <= 4 else word for word in words}
    near = get_close_matches(fold(text)[:80], written, 1, 0.75)
    if near and len(text) > 2:
        return msg(
            "did you mean “{near}”? The part takes {takes}, and the words -, ?, EX, AHOT",
            near=written[near[0]],
            takes=takes(part, policy),
        )
    return msg("the part takes {takes}, and the words -, ?, EX, AHOT", takes=takes(part, policy))


def time_reader(column: str, order: Order = "either", blank: Sequence[str] = (), year: int | None = None) -> Reader:
    """The reader of a ``submitted`` or ``due`` column; a native date of a workbook has no clock.

    ``order`` says which number of a slashed date is the day, as the column decides it; ``blank`` are words of a system
    for no time; ``year`` is that of an example of what to write.
    """

    def read(cell: Cell) -> object:
        no_error(cell, column)
        if isinstance(cell, Native) and isinstance(cell.value, (date, datetime)):
            return read_when(cell.value)
        text = text_of(cell)
        if fold(text) in blank:
            return BLANK
        if isinstance(cell, str):
            when = read_time(text, order)
            if when is not None:
                if not agrees_with_weekday(text, when):
                    raise Bad(
                        "bad-time",
                        msg(
                            "“{value}” in “{column}”: that date is another day of the week",
                            value=shown(text),
                            column=column,
                        ),
                        msg("correct the date or the day of the week"),
                        text,
                    )
                return when
            if (with_year := with_a_year(text, year)) is not None:
                raise Bad(
                    "bad-time",
                    msg("“{value}” in “{column}” has no year", value=shown(text), column=column),
                    msg("write the year too, such as {example}", example=with_year),
                    text,
                )
            if is_slashed(text):
                raise Bad(
                    "bad-time",
                    msg("“{value}” in “{column}” may be either day and month", value=shown(text), column=column)
                    if order == "either"
                    else msg(
                        "the dates in “{column}” are of two kinds, day first and month first: “{value}”",
                        value=shown(text),
                        column=column,
                    ),
                    msg("write 2024-03-05 10:12 or 5.3.2024 10.12"),
                    text,
                )
        elif cell.kind == "number" and isinstance(cell.value, Fraction) and cell.value.denominator == 1:
            when = read_time(cell.text)
            if when is not None:
                return when
        raise Bad(
            "bad-time",
            msg("“{value}” in “{column}” is no date or time", value=shown(text), column=column),
            msg("format the cell as a date with a time")
            if isinstance(cell, Native)
            else msg("write 2024-03-05 10:12 or 5.3.2024 10.12, and leave the cell empty where nothing came"),
            text,
        )

    return read


class Late(NamedTuple):
    """How late something was, as a system says it; ``None`` where it only says that it was."""

    length: timedelta | None
    step: timedelta = timedelta(seconds=1)
    """The smallest unit in which it is said: the system may have rounded by less than that."""
    cut: bool = False
    """Whether the system cuts off what is less than ``step``."""


ON_TIME = Late(timedelta(0))
_LATE_WORDS = frozenset({"late", "yes", "true", "myöhässä", "kyllä", "försenad", "ja", "verspätet"})
_ON_TIME_WORDS = frozenset({"-", "no", "false", "on time", "on_time", "ei", "ajoissa", "nej", "i tid", "nein", "none"})
_HEADER_UNIT = Regex(r"(?:\b|_)(seconds?|minutes?|hours?|days?|sekuntia|minuuttia|tuntia|päivää|timmar|dagar)(?:\b|_)")


def late_reader(column: str) -> Reader:
    """The reader of how late something was: ``84:32:26``, ``2 days 3 hours``, the words of a status, late or not.

    A bare number has its unit in the header (Days late).
    """
    unit = _HEADER_UNIT.search(fold(column))

    def read(cell: Cell) -> object:
        no_error(cell, column)
        text = fold(text_of(cell))
        if text in _LATE_WORDS:
            return Late(None)
        if text in _ON_TIME_WORDS:
            return ON_TIME
        if text.isdecimal() and not int(text):
            return Late(timedelta(0), smallest_unit(f"0 {unit[1]}")) if unit else ON_TIME
        length_text = f"{text} {unit[1]}" if unit and text.isdecimal() else text
        length = read_length(length_text)
        if length is not None and not (isinstance(cell, Native) and cell.kind != "time" and unit is None):
            return Late(length, smallest_unit(length_text))
        status = read_status(text)
        if status.late is not None:
            return Late(status.late, smallest_unit(text))
        if status.handed_in:
            return ON_TIME
        if status.handed_in is not None or status.due is not None or not any(c.isdigit() for c in text):
            return BLANK
        raise Bad(
            "bad-time",
            msg("“{value}” in “{column}” does not say how late it was", value=shown(text), column=column),
            msg("write hours, minutes and seconds, such as 26:05:00, or nothing where nothing was late"),
            text,
        )

    return read


def status_late_reader(column: str, two_units: bool) -> Reader:
    """The reader of how late something was, by the words of a status; what it says in ``two_units`` is cut off."""

    def read(cell: Cell) -> object:
        no_error(cell, column)
        status = read_status(text_of(cell))
        if status.late is not None:
            step = _step_of_two_units(status.late) if two_units else smallest_unit(text_of(cell))
            return Late(status.late, step, cut=two_units and step > timedelta(seconds=1))
        return ON_TIME if status.handed_in else BLANK

    return read


def _step_of_two_units(length: timedelta) -> timedelta:
    """What a system that names the two largest units leaves out is less than the second of them."""
    day, hour, minute = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
    for least, step in ((365 * day, day), (day, hour), (hour, minute)):
        if length >= least:
            return step
    return timedelta(seconds=1)


class Handed(NamedTuple):
    """Whether something was handed in, by the words of a system."""

    handed_in: bool | None
    """``None`` where the words do not say it."""
    words: str
    counted: bool
    """Whether there is a number in words that nobody understands: it may be how late it was, or until when there was
    time."""


def handed_in_reader(column: str) -> Reader:
    """The reader of words about a submission: whether there is one."""

    def read(cell: Cell) -> object:
        no_error(cell, column)
        text = text_of(cell)
        status = read_status(text)
        if status.handed_in is None and not text.strip("- –"):
            return BLANK
        return Handed(status.handed_in, text, any(c.isdigit() for piece in status.unread for c in piece))

    return read


def extension_reader(column: str) -> Reader:
    """The reader of words about a submission: until when this student has time."""

    def read(cell: Cell) -> object:
        no_error(cell, column)
        due = read_status(text_of(cell)).due
        return BLANK if due is None else due

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
