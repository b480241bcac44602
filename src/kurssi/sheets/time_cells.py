"""What a cell says of when something came, how late it was, and whether it was handed in (contract section 4)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from kurssi.diagnostics.message import Wrong, msg
from kurssi.values.patterns import Regex
from kurssi.values.times import When, read_when
from kurssi.values.vocabulary import fold

from .cells import BLANK, Reader, no_error
from .dates import Order, agrees_with_weekday, is_slashed, read_length, read_time, smallest_unit, with_a_year
from .report import Bad, shown
from .status import read_status
from .table import Cell, Native, text_of

if TYPE_CHECKING:  # the shape of the file is not needed to read a sheet
    pass


def time_reader(column: str, order: Order = "either", blank: Sequence[str] = (), year: int | None = None) -> Reader:
    """The reader of a ``submitted`` or ``due`` column; a native date of a workbook has no clock.

    ``order`` says which number of a slashed date is the day, as the column decides it; ``blank`` are words of a system
    for no time; ``year`` is that of an example of what to write.
    """

    def read(cell: Cell) -> object:
        no_error(cell, column)
        if isinstance(cell, Native) and isinstance(cell.value, (date, datetime)):
            try:
                return read_when(cell.value)
            except Wrong as wrong:  # a year that no deadline has: the cell is formatted as a date, and is none
                raise Bad("bad-time", wrong.message, wrong.hint, text_of(cell)) from None
        text = text_of(cell)
        if blank and fold(text) in blank:
            return BLANK
        if isinstance(cell, str):
            when = read_time(text, order)
            if when is not None and agrees_with_weekday(text, when):
                return when
            if (bad := _why_no_time(text, when, column, order, year)) is not None:
                raise bad
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


def _why_no_time(text: str, when: When | None, column: str, order: Order, year: int | None) -> Bad | None:
    """What keeps a text that looks like a time from being one: its weekday, a year that lacks, an unclear order."""
    if when is not None:
        return Bad(
            "bad-time",
            msg("“{value}” in “{column}”: that date is another day of the week", value=shown(text), column=column),
            msg("correct the date or the day of the week"),
            text,
        )
    if (with_year := with_a_year(text, year)) is not None:
        return Bad(
            "bad-time",
            msg("“{value}” in “{column}” has no year", value=shown(text), column=column),
            msg("write the year too, such as {example}", example=with_year),
            text,
        )
    if is_slashed(text):
        return Bad(
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
    return None


class SaidLateness(NamedTuple):
    """How late something was, as a system says it; ``None`` where it only says that it was."""

    length: timedelta | None
    step: timedelta = timedelta(seconds=1)
    """The smallest unit in which it is said: the system may have rounded by less than that."""
    cut: bool = False
    """Whether the system cuts off what is less than ``step``."""


ON_TIME = SaidLateness(timedelta(0))
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
            return SaidLateness(None)
        if text in _ON_TIME_WORDS:
            return ON_TIME
        if text.isdecimal() and not text.strip("0"):  # int() refuses very many digits
            return SaidLateness(timedelta(0), smallest_unit(f"0 {unit[1]}")) if unit else ON_TIME
        length_text = f"{text} {unit[1]}" if unit and text.isdecimal() else text
        length = read_length(length_text)
        if length is not None and not (isinstance(cell, Native) and cell.kind != "time" and unit is None):
            return SaidLateness(length, smallest_unit(length_text))
        status = read_status(text)
        if status.late is not None:
            return SaidLateness(status.late, smallest_unit(text))
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
            return SaidLateness(status.late, step, cut=two_units and step > timedelta(seconds=1))
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
