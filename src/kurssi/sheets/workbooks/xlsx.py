"""The full look at an .xlsx worksheet in which the quick look (:mod:`.archive`) met something that is not plain.

It finds how far the cells reach, and which of them hold an error or a formula that was never computed, are shown as
percentages, are merged or hidden. The XML is read by patterns, not by a parser.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kurssi.sheets.table import MOST_COLUMNS, NONE_ODD, Area, Oddities

from .worksheet_xml import HIDDEN, Found, attributes_of, has_plain_cells

MOST_LISTED = 100_000
"""Cells of one column that are shown as percentages and kept track of."""

_OPENS = re.compile(rb"<(?:\w+:)?(row|c)(?=[\s/>])([^>]*)>")
_CLOSES = re.compile(rb"</(?:\w+:)?c\s*>")
_PLACE = re.compile(rb"(?<![\w:])r\s*=\s*[\"']([A-Za-z]*)(\d*)[\"']")
_TYPE = re.compile(rb"(?<![\w:])t\s*=\s*[\"'](\w+)[\"']")
_VALUE = re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?>([^<]+)<|<(?:\w+:)?t(?:\s[^>]*)?>([^<]+)<")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")


def look_sheet(data: bytes, styles: bytes) -> Found:
    """What stands in a worksheet; ``styles`` is the XML of the workbook's formats.

    Merged and hidden cells and percentages are found by patterns of their own, the rest cell by cell.
    """
    odd = NONE_ODD._replace(merged=_merged(data), percents=_percents(data, _percent_styles(styles)))
    if HIDDEN.search(data):
        odd = odd._replace(hidden_rows=frozenset(_hidden_rows(data)), hidden_columns=_hidden_columns(data))
    return Found(0, 0, {}, odd) if has_plain_cells(data) else _by_cell(data, odd)


def _by_cell(data: bytes, odd: Oddities) -> Found:
    """How far the cells reach, and which of them hold an error or a formula."""
    row = column = rows = columns = 0
    errors = {}
    formulas: dict[int, list[int]] = {}
    for tag in _OPENS.finditer(data):
        at = _PLACE.search(tag[2])
        if tag[1] == b"row":
            row, column = (int(at[2]) if at and at[2] else row + 1), 0
            continue
        if at and at[1]:
            column = _column(at[1])
            row = int(at[2] or 0) or row
        else:
            column += 1
        if tag[2].endswith(b"/"):
            continue  # empty: only a format
        rows, columns = max(rows, row), max(columns, column)
        kind = _TYPE.search(tag[2])
        kind_name = kind[1] if kind else b"n"
        end = _CLOSES.search(data, tag.end())
        body = data[tag.end() : end.start() if end else tag.end()]
        if kind_name != b"e" and not _FORMULA.search(body):
            continue
        value = _VALUE.search(body)
        if kind_name == b"e":
            errors[row, column] = (value[1] or b"").decode("utf-8", "replace") if value else "#N/A"
        elif value is None and kind_name != b"str":
            errors[row, column] = "="
        else:
            formulas.setdefault(column, []).append(row)
    if formulas:
        odd = odd._replace(formulas={at: tuple(where) for at, where in formulas.items()})
    return Found(rows, columns, errors, odd)


def worksheets(workbook: bytes, relationships: bytes) -> dict[str, str]:
    """The member of the archive that holds each worksheet, by the worksheet's name; from the XML of the workbook."""
    targets = {at.get("Id", ""): at.get("Target", "").lstrip("/") for at in _elements(relationships, "Relationship")}
    files = {}
    for at in _elements(workbook, "sheet"):
        relation = next((value for key, value in at.items() if key.rpartition(":")[2] == "id"), "")
        files[at.get("name", "")] = targets.get(relation, "")
    return files


def _elements(xml: bytes, tag: str) -> Iterator[dict[str, str]]:
    """The attributes of every element of that name."""
    for match in re.finditer(rf"<(?:\w+:)?{tag}\s([^>]*)>", xml.decode("utf-8", "replace")):
        yield attributes_of(match[1])


_HIDDEN = re.compile(rb"(?<![\w:])hidden\s*=\s*[\"'](?:1|true)[\"']")
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref\s*=\s*[\"']([A-Za-z0-9:]{1,40})[\"']")
_CELL = re.compile(rb"([A-Za-z]{1,3})(\d{1,7})")
_COL = re.compile(rb"<(?:\w+:)?col\s([^>]*)>")
_ROW = re.compile(rb"<(?:\w+:)?row(?=[\s/>])([^>]*)>")
_NUMBER = re.compile(rb"(?<![\w:])(r|min|max)\s*=\s*[\"'](\d{1,9})[\"']")


def _merged(data: bytes) -> tuple[Area, ...]:
    areas = []
    for match in _MERGED.finditer(data):
        ends = [_CELL.fullmatch(end) for end in match[1].split(b":")]
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


def _percent_styles(styles: bytes) -> frozenset[bytes]:
    """The numbers of those formats of cells that show a number as a percentage."""
    ids = set(_PERCENT_IDS)
    for own in _OWN_FORMAT.finditer(styles):
        number, code = _ID.search(own[1]), _CODE.search(own[1])
        if number and code and b"%" in _LITERAL.sub(b"", code[1] or code[2] or b""):
            ids.add(number[1])
    cells = _CELL_FORMATS.search(styles)
    formats = _FORMAT.findall(cells[1]) if cells else []
    return frozenset(str(at).encode() for at, number in enumerate(formats) if number in ids)


def _percents(data: bytes, styles: frozenset[bytes]) -> dict[int, tuple[int, ...]]:
    """The rows whose number is shown as a percentage, by column."""
    if not styles:
        return {}
    found: dict[int, list[int]] = {}
    for match in re.finditer(rb"<(?:\w+:)?c\s([^>]*)>\s*<(?:\w+:)?[fv][\s>]", data):
        style, at = _STYLE.search(match[1]), _AT.search(match[1])
        if style and at and style[1] in styles and not _NO_NUMBER.search(match[1]):
            rows = found.setdefault(_column(at[1]), [])
            if len(rows) < MOST_LISTED:
                rows.append(int(at[2]))
    return {column: tuple(rows) for column, rows in found.items()}


_STYLE = re.compile(rb"(?<![\w:])s\s*=\s*[\"'](\d{1,9})[\"']")
_AT = re.compile(rb"(?<![\w:])r\s*=\s*[\"']([A-Za-z]{1,3})(\d{1,7})[\"']")
_NO_NUMBER = re.compile(rb"(?<![\w:])t\s*=\s*[\"'](?!n[\"'])")


def _column(name: bytes) -> int:
    number = 0
    for letter in name.upper():
        number = number * 26 + letter - 64
    return number
