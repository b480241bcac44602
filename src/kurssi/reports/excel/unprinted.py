"""Sheets that are for the screen: nothing of them is printed with the rest of the workbook."""

from __future__ import annotations

from typing import Any


def keep_from_print(sheet: Any, columns: int) -> None:
    """Nothing of a sheet with so many columns is printed: what is for printing is an empty cell in a hidden column.

    A workbook has no word for it, but Excel and LibreOffice print no page of what is empty or hidden. Rows that are
    repeated on every page would make one of it, so there are none.
    """
    sheet.set_column(columns, columns, None, None, {"hidden": True})
    sheet.print_area(0, columns, 0, columns)
