"""What the XML of a worksheet says beside values: formulas, merged cells, hidden rows and columns."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .table import MOST_COLUMNS, NONE_ODD, Area, Oddities

MOST_LISTED = 100_000
"""Hidden rows or cells with a formula that are kept track of; an archive can repeat one row a million times."""

_MARKS = (b"mergeCell", b"hidden")
"""Of a sheet without one of these, as most are, no pattern has to be tried at every character."""
_MARKED = re.compile(rb"mergeCell|hidden\s*=\s*[\"'](?:1|true)")
_HIDDEN = re.compile(rb"(?<![\w:])hidden\s*=\s*[\"'](?:1|true)[\"']")
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref\s*=\s*[\"']([A-Za-z0-9:]{1,40})[\"']")
_CELL = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_COL = re.compile(rb"<(?:\w+:)?col\s([^>]*)>")
_ROW = re.compile(rb"<(?:\w+:)?row(?=[\s/>])([^>]*)>")
_NUMBER = re.compile(rb"(?<![\w:])(r|min|max)\s*=\s*[\"'](\d{1,9})[\"']")


def oddities(data: bytes) -> Oddities:
    """What is merged or hidden in a worksheet of an .xlsx workbook; formulas are found with the cells."""
    if not any(mark in data for mark in _MARKS) or not _MARKED.search(data):
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


_CELL_FORMATS = re.compile(rb"<(?:\w+:)?cellXfs[\s>](.*?)</(?:\w+:)?cellXfs>", re.S)
_FORMAT = re.compile(rb"<(?:\w+:)?xf\s[^>]*?numFmtId\s*=\s*[\"'](\d{1,9})[\"']")
_OWN_FORMAT = re.compile(rb"<(?:\w+:)?numFmt\s([^>]*)>")
_ID = re.compile(rb"numFmtId\s*=\s*[\"'](\d{1,9})[\"']")
_CODE = re.compile(rb"formatCode\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_PERCENT_IDS = frozenset((b"9", b"10"))
_LITERAL = re.compile(rb"&quot;.*?&quot;|\\\\.|\"[^\"]*\"")


def percent_styles(styles: bytes) -> frozenset[bytes]:
    """The numbers of those formats of cells that show a number as a percentage, from the styles of an .xlsx."""
    ids = set(_PERCENT_IDS)
    for own in _OWN_FORMAT.finditer(styles):
        number, code = _ID.search(own[1]), _CODE.search(own[1])
        if number and code and b"%" in _LITERAL.sub(b"", code[1] or code[2] or b""):
            ids.add(number[1])
    cells = _CELL_FORMATS.search(styles)
    formats = _FORMAT.findall(cells[1]) if cells else []
    return frozenset(str(at).encode() for at, number in enumerate(formats) if number in ids)


def percents(data: bytes, styles: frozenset[bytes]) -> dict[int, tuple[int, ...]]:
    """The rows whose number is shown as a percentage, by column; of a worksheet of an .xlsx workbook."""
    found: dict[int, list[int]] = {}
    for match in re.finditer(rb"<(?:\w+:)?c\s([^>]*)>\s*<(?:\w+:)?[fv][\s>]", data):
        style, at = _STYLE.search(match[1]), _AT.search(match[1])
        if style and at and style[1] in styles and not _NO_NUMBER.search(match[1]):
            rows = found.setdefault(_column(at[1].decode().upper()), [])
            if len(rows) < MOST_LISTED:
                rows.append(int(at[2]))
    return {column: tuple(rows) for column, rows in found.items()}


_STYLE = re.compile(rb"(?<![\w:])s\s*=\s*[\"'](\d{1,9})[\"']")
_AT = re.compile(rb"(?<![\w:])r\s*=\s*[\"']([A-Za-z]{1,3})(\d{1,7})[\"']")
_NO_NUMBER = re.compile(rb"(?<![\w:])t\s*=\s*[\"'](?!n[\"'])")


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
        self.percents: dict[int, list[int]] = {}
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
        if b'value-type="percentage"' in attributes:
            self.percents.setdefault(column, []).append(row)
        if b"-spanned" in attributes:
            span = {which: int(count) for which, count in _ODS_SPANNED.findall(attributes)}
            bottom, right = row + span.get(b"rows", 1) - 1, column + span.get(b"columns", 1) - 1
            if (bottom, right) != (row, column):
                self.areas.append(Area(row, column, bottom, right))

    def found(self) -> Oddities:
        """All of it."""
        formulas = {at: tuple(rows) for at, rows in self.formulas.items()}
        percents = {at: tuple(rows) for at, rows in self.percents.items()}
        return Oddities(formulas, tuple(self.areas), frozenset(self.rows), frozenset(self.columns), percents)
