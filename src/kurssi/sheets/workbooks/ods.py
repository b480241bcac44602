"""The full look at an .ods workbook, which every one gets: reach of its tables, errors, formulas, what is hidden.

One tag in it can stand for a million rows or columns (``number-rows-repeated``), so it goes by tags, not by cells.
"""

from __future__ import annotations

import re

from kurssi.sheets.table import MOST_COLUMNS, Area, Oddities

from .worksheet_xml import Found, attributes_of

MOST_LISTED = 100_000
"""Hidden rows that are kept track of; an archive can repeat one row a million times."""

TAG = re.compile(rb"<table:(table-cell|table-row|covered-table-cell|table-column|table)(?=[\s/>])([^>]*)>")
REPEATED = re.compile(rb"number-(?:rows|columns)-repeated\s*=\s*[\"'](\d{1,9})[\"']")
_HIDDEN = re.compile(rb"table:visibility\s*=\s*[\"'](?:collapse|filter)[\"']")
_SPANNED = re.compile(rb"table:number-(rows|columns)-spanned\s*=\s*[\"'](\d{1,7})[\"']")


def look_tables(data: bytes) -> dict[str, Found]:
    """What stands in each table, by its name; ``data`` is the XML of the content."""
    tables: dict[str, Found] = {}
    name, row, repeat, column, rows, columns = "", 0, 1, 0, 0, 0
    errors: dict[tuple[int, int], str] = {}
    odd = _Markup()
    for tag in TAG.finditer(data):
        kind, attributes = tag.groups()
        many = REPEATED.search(attributes) if b"repeated" in attributes else None
        times = int(many[1]) if many else 1
        if kind == b"table":
            tables[name] = Found(rows, columns, errors, odd.found())
            said = attributes_of(attributes.decode("utf-8", "replace"))
            name, row, repeat, column, rows, columns = said.get("table:name", ""), 0, 1, 0, 0, 0
            errors, odd = {}, _Markup()
        elif kind == b"table-column":
            odd.column(attributes, times)
        elif kind == b"table-row":
            row, repeat, column = row + repeat if row else 1, times, 0
            odd.row(attributes, row, times)
        else:
            column += times
            if b"value-type" in attributes or not attributes.endswith(b"/"):
                rows, columns = max(rows, row + max(repeat, 1) - 1), max(columns, column)
                error = b'calcext:value-type="error"' in attributes
                odd.cell(attributes, row, column - times + 1, formula=not error)
                if error:
                    errors[row, column - times + 1] = "#N/A"
    tables[name] = Found(rows, columns, errors, odd.found())
    return tables


class _Markup:
    """Collects what is odd from the tags of one table, as they come."""

    def __init__(self) -> None:
        self.formulas: dict[int, list[int]] = {}
        self.percents: dict[int, list[int]] = {}
        self.areas: list[Area] = []
        self.rows: set[int] = set()
        self.columns: set[int] = set()
        self.at = 0

    def column(self, attributes: bytes, times: int) -> None:
        """One ``table-column``, which may stand for many."""
        if _HIDDEN.search(attributes):
            self.columns.update(range(self.at + 1, min(self.at + times, MOST_COLUMNS) + 1))
        self.at += times

    def row(self, attributes: bytes, number: int, times: int) -> None:
        """One ``table-row``, which may stand for many."""
        if _HIDDEN.search(attributes):
            self.rows.update(range(number, number + min(times, MOST_LISTED - len(self.rows))))

    def cell(self, attributes: bytes, row: int, column: int, formula: bool) -> None:
        """One ``table-cell`` with something in it; ``formula`` says whether one with a value is looked for."""
        if formula and b"table:formula" in attributes:
            self.formulas.setdefault(column, []).append(row)
        if b'value-type="percentage"' in attributes:
            self.percents.setdefault(column, []).append(row)
        if b"-spanned" in attributes:
            span = {which: int(count) for which, count in _SPANNED.findall(attributes)}
            bottom, right = row + span.get(b"rows", 1) - 1, column + span.get(b"columns", 1) - 1
            if (bottom, right) != (row, column):
                self.areas.append(Area(row, column, bottom, right))

    def found(self) -> Oddities:
        """All of it."""
        formulas = {at: tuple(rows) for at, rows in self.formulas.items()}
        percents = {at: tuple(rows) for at, rows in self.percents.items()}
        return Oddities(formulas, tuple(self.areas), frozenset(self.rows), frozenset(self.columns), percents)
