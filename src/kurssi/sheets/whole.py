"""Rows that have as many cells as the header of their sheet, and those that have not."""

from __future__ import annotations

from collections.abc import Sequence

from kurssi.diagnostics.message import msg

from .columns import Sheet
from .report import Report, Said
from .table import Row, Table


def is_whole(sheet: Sheet, row: Row, report: Report) -> bool:
    """Whether a row of a CSV file has as many cells as the header; in a workbook what is missing is empty."""
    width = sheet.width
    if sheet.table.sheet is not None or len(row.cells) == width:
        return True
    report_ragged(sheet.table, row, width, report)
    return False


def report_ragged(table: Table, row: Row, width: int, report: Report) -> None:
    """Says that a row has more or fewer cells than the header."""
    report.error_at(table, row.number, min(len(row.cells), width), "ragged-row", _ragged, row, width)


def _ragged(row: Row, width: int) -> Said:
    return Said(
        msg(
            "row {row} has {cells} cells, but the header has {width}", row=row.number, cells=len(row.cells), width=width
        ),
        msg("a cell with a separator in it stands in quotation marks; a cell may be empty, but not left out"),
    )


def are_shifted(table: Table, rows: Sequence[Row], report: Report) -> bool:
    """Whether all rows of a CSV file have one and the same wrong number of cells: said once, with nothing else."""
    width = len(table.rows[0].cells)
    widths = {len(row.cells) for row in rows}
    if table.sheet is not None or len(rows) < 2 or len(widths) != 1 or width in widths:
        return False
    cells = widths.pop()
    report.error(
        "ragged-row",
        table.place(rows[0].number, min(cells, width)),
        msg("all rows have {cells} cells, but the header has {width}", cells=cells, width=width),
        msg("cells stand under wrong headers: export the sheet again, or put the missing cell or header in its place"),
    )
    return True
