"""The full look at an .ods workbook, which every one gets: reach of its tables, errors, formulas, what is hidden.

One tag in it can stand for a million rows or columns (``number-rows-repeated``), so it goes by tags, not by cells.
"""

from __future__ import annotations

import re

from kurssi.diagnostics.message import Wrong, msg
from kurssi.sheets.table import MOST_COLUMNS, Area, Oddities

from .limits import COPY, MOST_LISTED, MOST_MERGED, MOST_SHEETS, Limits, damaged, too_many
from .worksheet_xml import Found, attributes_of

TAG = re.compile(rb"<table:(table-cell|table-row|covered-table-cell|table-column|table)(?=[\s/>])([^<>]*)>")
REPEATED = re.compile(rb"number-(?:rows|columns)-repeated\s*=\s*[\"'](\d{1,9})[\"']")
_COUNTED = b"<table:"
_SPACES = re.compile(rb"<text:s\s[^<>]*>")
_NUMBER = re.compile(r"\d{1,9}")
_HIDDEN = re.compile(rb"table:visibility\s*=\s*[\"'](?:collapse|filter)[\"']")
_SPANNED = re.compile(rb"table:number-(rows|columns)-spanned\s*=\s*[\"'](\d{1,7})[\"']")


def look_tables(file: str, data: bytes, limits: Limits) -> dict[str, Found]:
    """What stands in each table, by its name; ``data`` is the XML of the content.

    Raises :class:`Wrong` where a tag stands for more than anybody can have entered.
    """
    if (count := data.count(_COUNTED)) > 2 * limits.tags:
        raise too_many(msg("the worksheet {sheet} has {n} cells", sheet=_CONTENT, n=count))
    if data.count(b"<table:table ") > MOST_SHEETS:
        raise Wrong(msg("{file} has more than {most} worksheets", file=file, most=MOST_SHEETS), COPY)
    unfolded, cells = _spaces(file, data), 0
    tables: dict[str, Found] = {}
    name, row, repeat, column, rows, columns, filled = "", 0, 1, 0, 0, 0, -1
    errors: dict[tuple[int, int], str] = {}
    odd = _Markup(name)
    times = 1
    for tag in TAG.finditer(data):
        kind, attributes = tag.groups()
        if filled >= 0:  # what stands in the cell before, in all for which it stands
            unfolded += (tag.start() - filled) * times * repeat
            filled = -1
        times = _times(file, kind, attributes)
        if kind == b"table":
            tables[name] = Found(rows, columns, errors, odd.found())
            said = attributes_of(attributes.decode("utf-8", "replace"))
            name, row, repeat, column, rows, columns = said.get("table:name", ""), 0, 1, 0, 0, 0
            errors, odd = {}, _Markup(name)
        elif kind == b"table-column":
            odd.column(attributes, times)
        elif kind == b"table-row":
            row, repeat, column = row + repeat if row else 1, times, 0
            odd.row(attributes, row, times)
        else:
            column += times
            if b"value-type" in attributes or not attributes.endswith(b"/"):
                filled = tag.start() if times * repeat > 1 else -1
                cells += times * repeat
                rows, columns = max(rows, row + max(repeat, 1) - 1), max(columns, column)
                error = b'calcext:value-type="error"' in attributes
                odd.cell(attributes, row, column - times + 1, formula=not error)
                if error:
                    errors[row, column - times + 1] = "#N/A"
                    if len(errors) > MOST_LISTED:
                        raise too_many(
                            msg("the worksheet {sheet} has {n} cells with errors", sheet=name, n=len(errors))
                        )
    if filled >= 0:
        unfolded += (data.find(b"</table:table-row", filled) - filled) * times * repeat
    tables[name] = Found(rows, columns, errors, odd.found())
    if cells > limits.tags:
        raise too_many(msg("the worksheet {sheet} has {n} cells", sheet=_CONTENT, n=cells))
    if unfolded > limits.text:
        raise Wrong(msg("the texts in the cells of {file} come to {size} MiB", file=file, size=unfolded >> 20), COPY)
    return tables


_CONTENT = "content.xml"


def _times(file: str, kind: bytes, attributes: bytes) -> int:
    """For how many cells, columns or rows a tag stands."""
    if b"repeated" not in attributes:
        return 1
    said = attributes_of(attributes.decode("utf-8", "replace"))
    which = "rows" if kind == b"table-row" else "columns"
    times = said.get(f"table:number-{which}-repeated", "1")
    if not _NUMBER.fullmatch(times):
        raise damaged(file)
    return int(times)


def _spaces(file: str, data: bytes) -> int:
    """How many spaces there are in texts that are written as a count."""
    spaces = 0
    for tag in _SPACES.finditer(data):
        times = attributes_of(tag[0].decode("utf-8", "replace")).get("text:c", "1")
        if not _NUMBER.fullmatch(times) or int(times) > MOST_SPACES:
            raise damaged(file)
        spaces += int(times)
    return spaces


MOST_SPACES = 1000
"""In a row in a text."""


class _Markup:
    """Collects what is odd from the tags of one table, as they come."""

    def __init__(self, name: str) -> None:
        self.name = name
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
                if len(self.areas) > MOST_MERGED:
                    raise too_many(
                        msg("the worksheet {sheet} has {n} merged areas", sheet=self.name, n=len(self.areas))
                    )

    def found(self) -> Oddities:
        """All of it."""
        formulas = {at: tuple(rows) for at, rows in self.formulas.items()}
        percents = {at: tuple(rows) for at, rows in self.percents.items()}
        return Oddities(formulas, tuple(self.areas), frozenset(self.rows), frozenset(self.columns), percents)
