"""A score sheet with some of its cells written anew; everything else stays as it was.

A CSV file keeps its separator, its encoding and its line ends; a workbook (.xlsx) is opened and saved again.
"""

from __future__ import annotations

import csv
import io
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Mapping
from decimal import Decimal

from kurssi.sheets.table import OLE, ZIP
from kurssi.sheets.table_files import delimiter_of

Cells = Mapping[tuple[str | None, int, int], str]
"""Texts by worksheet (None in CSV), row from 1 and column from 0."""


def with_cells(raw: bytes, cells: Cells) -> bytes:
    """The bytes of the sheet with these texts. Raises :class:`ValueError` for a workbook that is not an .xlsx."""
    if raw.startswith(ZIP):
        return _workbook(raw, cells)
    if raw.startswith(OLE):
        raise ValueError("an old workbook is read, but not written")
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
        cell.value = _value(text)
        if isinstance(cell.value, str):
            cell.data_type = "s"  # text that begins with = is no formula
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _value(text: str) -> Decimal | str | None:
    """A number as a number, all else as text."""
    plain = text.replace(",", ".", 1)
    if plain.removeprefix("-").replace(".", "", 1).isdecimal():
        return Decimal(plain)
    return text or None
