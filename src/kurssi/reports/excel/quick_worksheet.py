"""Worksheets of XlsxWriter that are written in less time, because it is known what stands in their cells."""

from __future__ import annotations

from typing import Any


def quick_worksheet() -> Any:
    """The class of worksheets; what it writes is the same.

    Our formulas have no function that needs a prefix or fills several cells, so none is searched for one: that takes
    XlsxWriter longer than everything else. Cells are named by row and column only, so none of the thousands of calls is
    looked at for a name such as A1. Nor is what a cell is called, or the number of its format, searched for signs to
    escape: texts and numbers, which nearly all cells are, are written in one piece.
    """
    from xlsxwriter.utility import xl_rowcol_to_cell_fast
    from xlsxwriter.worksheet import CellFormulaTuple, Worksheet

    class Quick(Worksheet):  # type: ignore[misc]
        write_string, write_number = Worksheet._write_string, Worksheet._write_number
        write_blank, write_datetime = Worksheet._write_blank, Worksheet._write_datetime

        def write_formula(self, row: int, col: int, formula: str, cell_format: object = None, value: Any = 0) -> None:
            if not self._check_dimensions(row, col):
                self.table[row][col] = CellFormulaTuple(formula.removeprefix("="), cell_format, value)

        def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:  # noqa: ARG002
            return formula.removeprefix("=")

        def _write_cell(self, row: int, col: int, cell: Any) -> None:
            kind = type(cell).__name__
            if cell.format and kind in ("String", "Number", "Datetime"):
                start = f'<c r="{xl_rowcol_to_cell_fast(row, col)}" s="{cell.format._get_xf_index()}"'
                rest = f' t="s"><v>{cell.string}' if kind == "String" else f"><v>{cell.number:.16G}"
                self.fh.write(f"{start}{rest}</v></c>")
            else:
                super()._write_cell(row, col, cell)

        def _escape_attributes(self, value: Any) -> Any:
            return value if str(value).isalnum() else super()._escape_attributes(value)

    return Quick
