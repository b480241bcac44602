"""Workbooks: .xlsx, .xlsm, .ods and .xls by way of calamine; what it would lose or choke on is looked at first."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from itertools import islice
from typing import cast

from kurssi.diagnostics.finding import Finding, Place, Severity
from kurssi.diagnostics.message import Wrong, msg
from kurssi.sheets.table import OLE, Area, Cell, Native, Oddities, Row, Table, is_blank
from kurssi.values.numbers import MOST_DIGITS

from .archive import READ, Inside, locked, look_inside
from .limits import HOW_TO_MEND
from .worksheet_xml import Found

ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
"""The stream of an OLE file that holds an .xlsx workbook with a password."""
LOCKED_XLS = rb"(?s)\x09\x08\x10\x00\x00\x06\x05\x00.{12}(?:\x86\x00\x00\x00)?\x2f\x00"
"""An .xls workbook with a password: its beginning, perhaps a write protection, and the record FILEPASS."""

PLAIN = Found(0, 0, {})
BLOCK = 1024
"""So many rows are made into cells at a time, column by column."""


def read_workbook(name: str, raw: bytes) -> tuple[list[Table], list[Finding]]:
    """The visible worksheets of a workbook that have anything in them.

    Raises :class:`Wrong` where nothing can be read: damaged, encrypted, too large.
    """
    findings = []
    inside = Inside()
    if raw.startswith(OLE):
        from .xls import look_old

        if ENCRYPTED in raw or re.search(LOCKED_XLS, raw):
            raise locked(name)
        look_old(name, raw)
        findings.append(
            Finding(
                "old-workbook",
                Severity.warning,
                msg("in an old .xls workbook a cell with an error such as #N/A cannot be told from an empty one"),
                Place(name),
                msg("save it as .xlsx"),
            )
        )
    else:
        inside = look_inside(name, raw)
    tables, hidden = _read(name, raw, inside)
    if not raw.startswith(OLE):
        from .colours import coloured_rows

        colours = coloured_rows(raw)
        tables = [t._replace(odd=t.odd._replace(colours=colours.get(t.sheet or "", {}))) for t in tables]
    findings += [
        Finding(
            "unread-worksheet",
            Severity.info,
            msg("the worksheet “{sheet}” is hidden and is not read", sheet=sheet),
            Place(name),
            msg("make it visible if it holds scores"),
            sheet,
        )
        for sheet in hidden
    ]
    return tables, findings


def _read(name: str, raw: bytes, inside: Inside) -> tuple[list[Table], list[str]]:
    """The visible worksheets' tables, and the names of the hidden ones."""
    if raw.startswith(OLE):
        return _by_calamine(name, raw, inside.sheets)
    from .reader_copy import copy_for_reader

    if inside.large:
        try:
            return _by_calamine(name, copy_for_reader(raw, inside.large, READ), inside.sheets)
        except Wrong:
            pass  # of a damaged workbook, what there is to say is said of itself, not of the shortened one
    return _by_calamine(name, copy_for_reader(raw, frozenset(), READ), inside.sheets)


@contextmanager
def _without_panics() -> Iterator[None]:
    """A fault inside the reader's Rust code prints itself to the stream of errors; nobody can do anything with it."""
    try:
        kept = os.dup(2)
    except OSError:  # there is no such stream
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def _by_calamine(name: str, raw: bytes, found: dict[str, Found]) -> tuple[list[Table], list[str]]:
    """The visible worksheets' tables, and the names of the hidden ones."""
    import python_calamine as calamine  # only who has a workbook pays for it

    tables, hidden = [], []
    old = raw.startswith(OLE)  # nothing has looked inside such a file
    try:
        with _without_panics():
            workbook = calamine.CalamineWorkbook.from_filelike(io.BytesIO(raw))
            for meta in workbook.sheets_metadata:
                if meta.typ != calamine.SheetTypeEnum.WorkSheet:
                    continue
                if meta.visible != calamine.SheetVisibleEnum.Visible:
                    hidden.append(meta.name)
                    continue
                sheet = workbook.get_sheet_by_name(meta.name)
                looked = found.get(meta.name, PLAIN)
                odd = looked.odd
                if old:
                    ranges = sheet.merged_cell_ranges or ()
                    areas = (Area(a[0] + 1, a[1] + 1, b[0] + 1, b[1] + 1) for a, b in ranges)
                    odd = Oddities(merged=tuple(areas), blind=True)
                left = sheet.start[1] if sheet.start else 0  # the reader leaves empty columns in front out
                tables.append(Table(name, meta.name, _rows(sheet.iter_rows(), left, looked.errors), odd))
    except calamine.PasswordError:
        raise locked(name) from None
    except (calamine.CalamineError, ValueError, OSError, OverflowError):
        raise Wrong(msg("{file} is damaged or not a workbook", file=name), HOW_TO_MEND) from None
    except BaseException as error:
        # A fault inside the reader's Rust code arrives as an exception that is no Exception.
        if type(error).__name__ != "PanicException":
            raise
        raise Wrong(msg("{file} is damaged or not a workbook", file=name), HOW_TO_MEND) from None
    return tables, hidden


def _rows(rows: Iterator[Sequence[object]], left: int, errors: dict[tuple[int, int], str]) -> list[Row]:
    """The rows that have anything in them, each with ``left`` empty cells in front.

    ``errors`` are put back where calamine has seen nothing.
    """
    front = ("",) * left
    known = _Known()
    by_row: dict[int, dict[int, str]] = {}
    for (row, column), text in errors.items():
        by_row.setdefault(row, {})[column] = text
    out = []
    number = 0
    while block := list(islice(rows, BLOCK)):  # all of them have as many cells
        cells: Sequence[Cell]
        for cells in zip(*(_cells(column, known) for column in zip(*block, strict=True)), strict=True):
            number += 1
            if left:
                cells = front + cells
            if number in by_row:
                cells = _put(cells, by_row.pop(number))
            if not is_blank(cells[0]) or not all(map(is_blank, cells)):
                out.append(Row(number, cells))
    for number, at in sorted(by_row.items()):  # below everything that calamine has seen
        out.append(Row(number, _put((), at)))
    return out


def _cells(column: Sequence[object], known: _Known) -> Iterable[Cell]:
    """Some cells of one column, which mostly hold the same type."""
    kinds = set(map(type, column))
    if kinds == {str}:
        return cast("Sequence[str]", column)
    if len(kinds) == 1:
        return map(known[kinds.pop()].__getitem__, column)
    return [value if type(value) is str else known[type(value)][value] for value in column]


class _Cells(dict[object, Cell]):
    """Cells by the value that calamine gives: a class has few different scores, and fewer times than students."""

    def __missing__(self, value: object) -> Cell:
        cell = self[value] = _native(value)
        return cell


class _Known(dict[type, _Cells]):
    """The cells of one worksheet by type, because ``True`` and 1 are one key."""

    def __missing__(self, kind: type) -> _Cells:
        cells = self[kind] = _Cells()
        return cells


def _put(cells: Sequence[Cell], errors: dict[int, str]) -> Sequence[Cell]:
    out = [*cells, *[""] * (max(errors) - len(cells))]
    for column, text in errors.items():
        out[column - 1] = Native("error", text)
    return out


def _native(value: object) -> Cell:
    """A cell that is not text."""
    if isinstance(value, bool):
        return Native("bool", "TRUE" if value else "FALSE")
    if isinstance(value, (float, int)):
        return number_cell(value)
    if isinstance(value, datetime):
        value = _whole_second(value)
        return Native("datetime", value.isoformat(" "), value)
    if isinstance(value, date):
        return Native("date", value.isoformat(), value)
    if isinstance(value, (time, timedelta)):
        return Native("time", str(value))
    return "" if value is None else str(value)


def number_cell(value: float | Decimal) -> Cell:
    """A number as the workbook shows it in full, to 15 digits: further ones are noise of binary arithmetic."""
    number = value if isinstance(value, Decimal) else Decimal(repr(value))
    if not number.is_finite():
        return Native("error", "#NUM!")
    number = Context(prec=MOST_DIGITS, rounding=ROUND_HALF_EVEN).plus(number)
    if number.adjusted() >= MOST_DIGITS or number.adjusted() < -MOST_DIGITS:
        return Native("number", str(value))
    number = Decimal(0) if number.is_zero() else number
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return Native("number", text, Fraction(text))


def _whole_second(when: datetime) -> datetime:
    """Without the millisecond that a time gains or loses as a fraction of a day."""
    nearest = (when + timedelta(milliseconds=500)).replace(microsecond=0)
    return nearest if abs(nearest - when) <= timedelta(milliseconds=1) else when
