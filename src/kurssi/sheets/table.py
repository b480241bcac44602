"""Tables as they come from any file: rows of cells, and what a worksheet has beside values."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from fractions import Fraction
from typing import Literal, NamedTuple

from kurssi.diagnostics.finding import Place

MOST_COLUMNS = 16_384
"""As many as a workbook can have; a longer row is refused."""

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How workbooks begin: .xlsx and .ods are zip archives, .xls and encrypted workbooks are OLE files."""


class Native(NamedTuple):
    """A cell of a workbook that is not text. ``text`` is how it is quoted.

    ``value`` is a fraction for a number (``None`` where it has more digits than a spreadsheet keeps), a ``datetime``,
    or a ``date`` for a time without a clock; ``None`` for a time without a date, a truth value and an error.
    """

    kind: Literal["number", "datetime", "date", "time", "bool", "error"]
    text: str
    value: Fraction | datetime | date | None = None


Cell = str | Native
"""Text as it stands (``""`` is empty), or a cell of a workbook that is not text."""


class Row(NamedTuple):
    """A row with something in it, and its number as a spreadsheet shows it (the first row is 1)."""

    number: int
    cells: Sequence[Cell]


class Area(NamedTuple):
    """A rectangle of cells, all counted from 1, the ends included."""

    top: int
    left: int
    bottom: int
    right: int

    def __str__(self) -> str:
        return f"{letters(self.left - 1)}{self.top}:{letters(self.right - 1)}{self.bottom}"


class Oddities(NamedTuple):
    """What a worksheet has beside values. Rows and columns are counted from 1."""

    formulas: Mapping[int, tuple[int, ...]] = {}
    """The rows with a formula, by column."""
    merged: tuple[Area, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    percents: Mapping[int, tuple[int, ...]] = {}
    """The rows whose number is shown as a percentage, by column."""
    colours: Mapping[int, object] = {}
    """For each row with coloured cells which they are, and how."""
    blind: bool = False
    """Whether nothing can be known of how numbers are shown (.xls)."""


NONE_ODD = Oddities()


class Table(NamedTuple):
    """The rows of a CSV file or of one worksheet, blank ones left out."""

    file: str
    sheet: str | None
    """The worksheet; ``None`` for CSV."""
    rows: list[Row]
    odd: Oddities = NONE_ODD

    def place(self, row: int, column: int) -> Place:
        """The cell in row ``row`` (from 1) and column ``column`` (from 0)."""
        cell = f"{letters(column)}{row}"
        if self.sheet is not None:
            cell = f"{self.sheet}!{cell}"
        return Place(self.file, row, column + 1, row, column + 2, cell)


def letters(column: int) -> str:
    """The name of a column as a spreadsheet shows it: 0 is A, 26 is AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def text_of(cell: Cell) -> str:
    """The text of a cell, without blanks around it."""
    return (cell if isinstance(cell, str) else cell.text).strip()


def is_blank(cell: Cell) -> bool:
    """Whether there is nothing in the cell."""
    return isinstance(cell, str) and (not cell or cell.isspace())
