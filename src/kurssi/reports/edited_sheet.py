"""A score sheet with some of its cells written anew; everything else stays as it was.

A CSV file keeps its separator, its encoding and its line ends; a workbook (.xlsx) is opened and saved again. Of what
can be read and not written (.xls, .ods) a new workbook is made, with the values of its worksheets.
"""

from __future__ import annotations

import csv
import io
import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from kurssi.sheets.table import OLE, ZIP, Cell, Table
from kurssi.sheets.table_files import delimiter_of

MOST_TITLE = 31
"""Characters of the name of a worksheet."""
FORBIDDEN = r"[\\*?:/\[\]]"
"""What no such name may hold."""
FIRST_YEAR = 1900
"""Earlier days are text in a workbook."""

Cells = Mapping[tuple[str | None, int, int], str]
"""Texts by worksheet (None in CSV), row from 1 and column from 0."""


def with_cells(raw: bytes, cells: Cells) -> bytes:
    """The bytes of the sheet with these texts. Raises :class:`ValueError` for a workbook that is not an .xlsx."""
    if raw.startswith(ZIP):
        return _workbook(raw, cells)
    if raw.startswith(OLE):
        raise ValueError("an old workbook is read, but not written: a new one can be made of its tables")
    return _table(raw, cells)


def _table(raw: bytes, cells: Cells) -> bytes:
    encoding = _encoding(raw)
    text = raw.decode(encoding)
    end = "\r\n" if "\r\n" in text else "\n"
    first = text.startswith("sep=")
    head, body = (text.partition("\n")[0] + "\n", text.partition("\n")[2]) if first else ("", text)
    delimiter = head[4] if first else delimiter_of(body)
    rows = list(csv.reader(io.StringIO(body, newline=""), delimiter=delimiter, skipinitialspace=delimiter != " "))
    for (_, row, column), new in cells.items():
        line = rows[row - 1 - first]
        line += [""] * (column + 1 - len(line))
        line[column] = new
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=end).writerows(rows)
    return (head + out.getvalue()).encode(encoding)


def _encoding(raw: bytes) -> str:
    if raw.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return "utf-16"
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig" if raw.startswith(BOM_UTF8) else "utf-8"


def _workbook(raw: bytes, cells: Cells) -> bytes:
    from openpyxl import load_workbook  # only who edits a workbook pays for it

    book = load_workbook(io.BytesIO(raw))
    for (worksheet, row, column), text in cells.items():
        cell = book[worksheet].cell(row, column + 1)
        cell.value = cell_value(text)
        if isinstance(cell.value, str):
            cell.data_type = "s"  # text that begins with = is no formula
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def cell_value(text: str) -> Decimal | str | None:
    """A number as a number, all else as text."""
    plain = text.replace(",", ".", 1)
    if plain.removeprefix("-").replace(".", "", 1).isdecimal():
        return Decimal(plain)
    return text or None


def as_workbook(tables: Sequence[Table]) -> bytes:
    """A new workbook (.xlsx) with the values of these tables, each where it stood."""
    from openpyxl import Workbook  # only who edits such a sheet pays for it
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    book = Workbook()
    book.remove(book.worksheets[0])
    for table in tables:
        sheet = book.create_sheet(re.sub(FORBIDDEN, "-", table.sheet or "")[:MOST_TITLE] or None)
        for row in table.rows:
            for at, value in enumerate(map(_written, row.cells), 1):
                if value is None:
                    continue
                cell = sheet.cell(row.number, at)
                cell.value = ILLEGAL_CHARACTERS_RE.sub("", value) if isinstance(value, str) else value
                if isinstance(value, str):
                    cell.data_type = "s"  # text that begins with = is no formula
        for column, rows in table.odd.percents.items():
            for number in rows:
                sheet.cell(number, column).number_format = "0%"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _written(cell: Cell) -> Decimal | date | bool | str | None:
    """What a cell of a new workbook holds."""
    if isinstance(cell, str):
        return cell or None
    if cell.kind == "number":
        return Decimal(cell.text)
    if cell.kind == "bool":
        return cell.text == "TRUE"
    return cell.value if isinstance(cell.value, date) and cell.value.year >= FIRST_YEAR else cell.text
