"""What the XML of a worksheet says beside values: formulas, merged cells, hidden rows and columns."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .table import MOST_COLUMNS, NONE_ODD, Area, Oddities

MOST_LISTED = 100_000
"""Hidden rows or cells with a formula that are kept track of; an archive can repeat one row a million times."""

_MARKS = re.compile(rb"mergeCell|hidden\s*=\s*[\"'](?:1|true)")
_HIDDEN = re.compile(rb"(?<![\w:])hidden\s*=\s*[\"'](?:1|true)[\"']")
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref\s*=\s*[\"']([A-Za-z0-9:]{1,40})[\"']")
_CELL = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_COL = re.compile(rb"<(?:\w+:)?col\s([^>]*)>")
_ROW = re.compile(rb"<(?:\w+:)?row(?=[\s/>])([^>]*)>")
_NUMBER = re.compile(rb"(?<![\w:])(r|min|max)\s*=\s*[\"'](\d{1,9})[\"']")


def oddities(data: bytes) -> Oddities:
    """What is merged or hidden in a worksheet of an .xlsx workbook; formulas are found with the cells."""
    if not _MARKS.search(data):
        return NONE_ODD
    return Oddities(
        merged=_merged(data), hidden_rows=frozenset(_hidden_rows(data)), hidden_columns=_hidden_columns(data)
    )


def _merged(data: bytes) -> tuple[Area, ...]:
    areas = []
    for match in _MERGED.finditer(data):
        ends = [_CELL.fullmatch(end) for end in match[1].decode("ascii", "replace").upper().split(":")]
        if len(ends) == 2 and ends[0] and ends[1]:
            areas.append(Area(int(ends[0][2]), _column(ends[0][1]), int(ends[1][2]), _column(ends[1][1])))
    return tuple(areas)


def _hidden_rows(data: bytes) -> Iterator[int]:
    number = 0
    for match in _ROW.finditer(data):
        numbers = dict(_NUMBER.findall(match[1]))
        number = int(numbers.get(b"r", number + 1))
        if _HIDDEN.search(match[1]):
            yield number


def _hidden_columns(data: bytes) -> frozenset[int]:
    hidden: set[int] = set()
    for match in _COL.finditer(data):
        if _HIDDEN.search(match[1]):
            span = dict(_NUMBER.findall(match[1]))
            hidden.update(range(int(span.get(b"min", 1)), min(int(span.get(b"max", 0)), MOST_COLUMNS) + 1))
    return frozenset(hidden)


def _column(name: str) -> int:
    number = 0
    for letter in name:
        number = number * 26 + ord(letter) - 64
    return number


_ODS_HIDDEN = re.compile(rb"table:visibility\s*=\s*[\"'](?:collapse|filter)[\"']")
_ODS_SPANNED = re.compile(rb"table:number-(rows|columns)-spanned\s*=\s*[\"'](\d{1,7})[\"']")


class OdsMarkup:
    """Collects the same from the tags of one table of an .ods workbook, as they come."""

    def __init__(self) -> None:
        self.formulas: dict[int, list[int]] = {}
        self.areas: list[Area] = []
        self.rows: set[int] = set()
        self.columns: set[int] = set()
        self.at = 0

    def column(self, attributes: bytes, times: int) -> None:
        """One ``table-column``, which may stand for many."""
        if _ODS_HIDDEN.search(attributes):
            self.columns.update(range(self.at + 1, min(self.at + times, MOST_COLUMNS) + 1))
        self.at += times

    def row(self, attributes: bytes, number: int, times: int) -> None:
        """One ``table-row``, which may stand for many."""
        if _ODS_HIDDEN.search(attributes):
            self.rows.update(range(number, number + min(times, MOST_LISTED - len(self.rows))))

    def cell(self, attributes: bytes, row: int, column: int, formula: bool) -> None:
        """One ``table-cell`` with something in it; ``formula`` says whether one with a value is looked for."""
        if formula and b"table:formula" in attributes:
            self.formulas.setdefault(column, []).append(row)
        if b"-spanned" in attributes:
            span = {which: int(count) for which, count in _ODS_SPANNED.findall(attributes)}
            bottom, right = row + span.get(b"rows", 1) - 1, column + span.get(b"columns", 1) - 1
            if (bottom, right) != (row, column):
                self.areas.append(Area(row, column, bottom, right))

    def found(self) -> Oddities:
        """All of it."""
        formulas = {at: tuple(rows) for at, rows in self.formulas.items()}
        return Oddities(formulas, tuple(self.areas), frozenset(self.rows), frozenset(self.columns))
