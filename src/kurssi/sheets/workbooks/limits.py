"""What a workbook may hold for its size. A small file that unfolds into very much was made for that, not entered.

Archives pack repeated text a thousand to one, and one tag can stand for a million cells; scores that somebody entered
come to about a tenth of their size and to three bytes a cell.
"""

from __future__ import annotations

from typing import NamedTuple

from kurssi.diagnostics.message import Msg, Wrong, msg
from kurssi.sheets.table import MOST_COLUMNS, letters

MIB = 2**20
HOW_TO_MEND = msg("open it in the spreadsheet program and save it again as .xlsx")
COPY = msg("a score sheet of a class is far smaller: copy the cells that count to a new workbook")

MOST_MERGED = 10_000
"""Merged areas of one worksheet."""
MOST_ROWS = 2**20
"""As many as a worksheet has."""
MOST_SHEETS = 255
"""Worksheets of one workbook."""
MOST_LISTED = 100_000
"""Cells or rows of one worksheet with an error, hidden, or shown as percentages, that are kept track of."""
DEEPEST = 500
"""So many levels of XML stand in each other at most."""


class Limits(NamedTuple):
    """The most that a file of some size may hold."""

    unpacked: int
    """Bytes of all its members."""
    tags: int
    """Cells and rows as they are written."""
    reach: int
    """Cells from A1 to the last one with something in it; the reader needs memory for all of them, empty or not."""
    text: int
    """Bytes of all texts in cells, each as often as it is shown."""


def limits_of(size: int) -> Limits:
    """The limits of a file of so many bytes."""
    return Limits(
        min(500 * MIB, 8 * MIB + 25 * size),
        300_000 + size // 2,
        min(10_000_000, 2_200_000 + size // 2),
        32 * MIB + 25 * size,
    )


def is_far(rows: int, columns: int, limits: Limits) -> bool:
    """Whether a worksheet reaches further than a spreadsheet program does, or than the reader's memory."""
    return rows * columns > limits.reach or columns > MOST_COLUMNS or rows > MOST_ROWS


def damaged(name: str) -> Wrong:
    """What there is to say of a workbook that is not what it says."""
    return Wrong(msg("{file} is damaged or only a part of a workbook", file=name), HOW_TO_MEND)


def too_far(name: str, sheet: str, rows: int, columns: int) -> Wrong:
    """What there is to say of a worksheet that reaches to a cell for which the reader would need too much memory."""
    return Wrong(
        msg(
            "the worksheet {sheet} of {file} reaches to {cell}: too far for a score sheet",
            sheet=sheet,
            file=name,
            cell=f"{letters(min(columns, MOST_COLUMNS) - 1)}{min(rows, MOST_ROWS)}",
        ),
        msg("a cell stands far below or far to the right of the table: copy the table into a new workbook"),
    )


def too_many(message: Msg) -> Wrong:
    """What there is to say of a worksheet in which there is too much of something."""
    return Wrong(message, COPY)
