"""The tables of the sheets while somebody works on a class: each file is read once, and what they wrote lies over it.

A changed score is graded without writing the sheet: that is done once, when it is handed out or a command reads it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from kurssi.diagnostics.finding import Finding
from kurssi.reports.edited_sheet import Cells, as_workbook, cell_value, with_cells
from kurssi.sheets.table import Cell, Row, Table
from kurssi.sheets.table_files import read_tables
from kurssi.sheets.workbooks.workbook import number_cell


class Written(NamedTuple):
    """What was written into a sheet; it goes out under another name where its own format cannot be written."""

    name: str
    cells: Cells

    @classmethod
    def of(cls, given: Mapping[str, object]) -> Written:
        """From what the page says."""
        cells = given["cells"]
        assert isinstance(cells, list)  # noqa: S101 - the page's own
        return cls(str(given["as"]), {(one["worksheet"], one["row"], one["column"]): one["text"] for one in cells})


class KeptTables:
    """Reads the tables of a file, or remembers them; texts that somebody wrote stand in the place of what was there."""

    def __init__(self) -> None:
        self.written: dict[str, Written] = {}
        self._read: dict[str, tuple[bytes, list[Table], list[Finding]]] = {}
        self._edited: dict[str, tuple[bytes, Written, bytes]] = {}

    def __call__(self, name: str, raw: bytes) -> tuple[list[Table], list[Finding]]:
        """As :func:`kurssi.sheets.table_files.read_tables`."""
        kept = self._read.get(name)
        if kept is None or kept[0] != raw:
            kept = self._read[name] = (raw, *read_tables(name, raw))
        _, tables, findings = kept
        cells = self.written[name].cells if name in self.written else {}
        return [_overlaid(table, cells) for table in tables], list(findings)

    def forget(self, names: Sequence[str]) -> None:
        """Keeps these files alone."""
        self._read = {name: kept for name, kept in self._read.items() if name in names}

    def edited(self, name: str) -> bytes:
        """The bytes of a sheet with what was written into it."""
        raw, written = Path(name).read_bytes(), self.written[name]
        made = self._edited.get(name)
        if made is None or made[:2] != (raw, written):
            new = with_cells(raw, written.cells) if written.name == name else as_workbook(self(name, raw)[0])
            made = self._edited[name] = raw, written, new
        return made[2]

    @contextmanager
    def in_the_files(self) -> Iterator[None]:
        """While this lasts, the sheets stand in the folder as they were edited: a command line reads them there."""
        before = {name: (Path(name).read_bytes(), os.stat(name)) for name in self.written}
        made = {written.name: self.edited(name) for name, written in self.written.items()}
        for name, raw in made.items():
            Path(name).write_bytes(raw)
        try:
            yield
        finally:
            for name, raw in made.items():
                if Path(name).read_bytes() == raw:  # else the command has written it
                    self._put_back(name, before)

    def _put_back(self, name: str, before: Mapping[str, tuple[bytes, os.stat_result]]) -> None:
        if name not in before:
            Path(name).unlink()
            return
        raw, about = before[name]
        Path(name).write_bytes(raw)
        os.utime(name, ns=(about.st_atime_ns, about.st_mtime_ns))


def _overlaid(table: Table, cells: Cells) -> Table:
    """The table with what was written into it. What stood there beside a value, such as a formula, is gone with it."""
    here = {(row, column): text for (sheet, row, column), text in cells.items() if sheet == table.sheet}
    if not here:
        return table._replace(rows=list(table.rows))
    by_row: dict[int, dict[int, Cell]] = {}
    for (row, column), text in here.items():
        by_row.setdefault(row, {})[column] = text if table.sheet is None else _native(text)
    rows = [_with(row, by_row[row.number]) if row.number in by_row else row for row in table.rows]
    formulas = {
        at: tuple(row for row in where if (row, at - 1) not in here) for at, where in table.odd.formulas.items()
    }
    return table._replace(rows=rows, odd=table.odd._replace(formulas=formulas))


def _with(row: Row, new: Mapping[int, Cell]) -> Row:
    cells = [*row.cells, *[""] * (max(new) + 1 - len(row.cells))]
    for column, cell in new.items():
        cells[column] = cell
    return row._replace(cells=tuple(cells))


def _native(text: str) -> Cell:
    """What a spreadsheet makes of a text that is written into its cell."""
    value = cell_value(text)
    return number_cell(value) if isinstance(value, Decimal) else value or ""
