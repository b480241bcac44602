"""Worksheets of XlsxWriter that are written in less time, because it is known what stands in their cells.

To be imported where a workbook is written: it loads XlsxWriter.
"""

from __future__ import annotations

from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell_fast
from xlsxwriter.worksheet import CellFormulaTuple, CellStringTuple, Worksheet

_made = tuple.__new__  # a named tuple without the function that names what is in it


class QuickWorksheet(Worksheet):  # type: ignore[misc]
    """What it writes is the same.

    Our formulas have no function that needs a prefix or fills several cells, so none is searched for one: that takes
    XlsxWriter longer than everything else. Cells are named by row and column only, so none of the thousands of calls is
    looked at for a name such as A1. Nor is what a cell is called, or the number of its format, searched for signs to
    escape: texts, numbers and formulas, which nearly all cells are, are written in one piece. Texts are short enough
    for a cell (``sheet.clean``), and of a row the cells that it has are asked, not all that it could have.
    """

    write_number, write_blank = Worksheet._write_number, Worksheet._write_blank
    write_datetime = Worksheet._write_datetime

    def write_string(self, row: int, col: int, string: str, cell_format: object = None) -> None:
        """Writes a text."""
        if not self._check_dimensions(row, col):
            index = self.str_table._get_shared_string_index(string)
            self.table[row][col] = _made(CellStringTuple, (index, cell_format))

    def write_formula(self, row: int, col: int, formula: str, cell_format: object = None, value: Any = 0) -> None:
        """Writes a formula with what it comes to."""
        if not self._check_dimensions(row, col):
            self.table[row][col] = _made(CellFormulaTuple, (formula.removeprefix("="), cell_format, value))

    def _check_dimensions(self, row: int, col: int, ignore_row: bool = False, ignore_col: bool = False) -> int:
        top, left = self.dim_rowmin, self.dim_colmin
        inside = top is not None and left is not None and top <= row <= self.dim_rowmax
        if inside and left <= col <= self.dim_colmax:
            return 0
        error: int = super()._check_dimensions(row, col, ignore_row, ignore_col)
        return error

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:  # noqa: ARG002
        return formula.removeprefix("=")

    def _write_rows(self) -> None:
        if self.comments:
            super()._write_rows()
            return
        table, info, spans = self.table, self.row_info, self._spans()
        for row in range(self.dim_rowmin, self.dim_rowmax + 1):
            if cells := table.get(row):
                self._write_row(row, spans.get(row // 16), info.get(row))
                for col in sorted(cells):
                    self._write_cell(row, col, cells[col])
                self.fh.write("</row>")
            elif row in info:
                self._write_empty_row(row, spans.get(row // 16), info[row])

    def _spans(self) -> dict[int, str]:
        """The first and the last column of each sixteen rows."""
        columns: dict[int, list[int]] = {}
        for row, cells in self.table.items():
            if cells:
                columns.setdefault(row // 16, []).extend((min(cells), max(cells)))
        return {block: f"{min(found) + 1}:{max(found) + 1}" for block, found in columns.items()}

    def _write_cell(self, row: int, col: int, cell: Any) -> None:
        kind = type(cell).__name__
        known = kind in ("String", "Number", "Datetime") or (kind == "Formula" and not _is_apart(cell.value))
        if not (cell.format and known):
            super()._write_cell(row, col, cell)
            return
        start = f'<c r="{xl_rowcol_to_cell_fast(row, col)}" s="{cell.format._get_xf_index()}"'
        if kind == "String":
            rest = f' t="s"><v>{cell.string}'
        elif kind == "Formula":
            text = ' t="str"' if isinstance(cell.value, str) and cell.value else ""
            rest = f"{text}><f>{self._escape_data(cell.formula)}</f><v>{self._escape_data(cell.value)}"
        else:
            rest = f"><v>{cell.number:.16G}"
        self.fh.write(f"{start}{rest}</v></c>")

    def _escape_attributes(self, value: Any) -> Any:
        return value if str(value).isalnum() else super()._escape_attributes(value)


def _is_apart(value: object) -> bool:
    """Whether a formula comes to something that is written in a way of its own: true or false, or an error."""
    return isinstance(value, bool) or (isinstance(value, str) and value.startswith("#"))
