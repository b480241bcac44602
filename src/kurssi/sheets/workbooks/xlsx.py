"""The full look at an .xlsx worksheet in which the quick look (:mod:`.archive`) met something that is not plain.

It finds how far the cells reach, and which of them hold an error or a formula that was never computed, are shown as
percentages, are merged or hidden. The XML is read by patterns, not by a parser.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from kurssi.diagnostics.message import msg
from kurssi.sheets.table import MOST_COLUMNS, NONE_ODD, Area, Oddities

from .limits import MOST_LISTED, MOST_MERGED, Limits, too_many
from .worksheet_xml import HIDDEN, Found, attributes_of, section

_TAGS = re.compile(rb"<(?:\w+:)?(/c(?=\s*>)|row(?=[\s/>])|c(?=[\s/>]))([^<>]*)>")
_COUNTED = (b"<c ", b"<c>", b"<c/", b":c", b"<row", b":row", b"<c\n", b"<c\t", b"<c\r")
"""How cells and rows begin."""
_PLACE = re.compile(rb"(?:\s+(?!r\s*=)[\w:.-]+\s*=\s*(?:\"[^\"]*\"|'[^']*'))*+\s+r\s*=\s*[\"']([A-Za-z]*)(\d*)[\"']")
"""Where a cell or row stands, looked for past other attributes, whose values may look like it."""
_TYPE = re.compile(rb"(?<![\w:])t\s*=\s*[\"'](\w+)[\"']")
_VALUE = re.compile(rb"<(?:\w+:)?v(?:\s[^<>]*)?>([^<]+)<|<(?:\w+:)?t(?:\s[^<>]*)?>([^<]+)<")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")


def look_sheet(sheet: str, data: bytes, styles: bytes, limits: Limits) -> Found:
    """What stands in a worksheet; ``styles`` is the XML of the workbook's formats.

    Merged and hidden cells and percentages are found by patterns of their own, the rest cell by cell. Raises
    :class:`kurssi.diagnostics.message.Wrong` where there is more of something than anybody can have entered.
    """
    if (count := sum(map(data.count, _COUNTED))) > limits.tags:
        raise too_many(msg("the worksheet {sheet} has {n} cells", sheet=sheet, n=count))
    odd = NONE_ODD._replace(merged=_merged(sheet, data), percents=_percents(data, _percent_styles(styles)))
    if HIDDEN.search(data):
        odd = odd._replace(hidden_rows=frozenset(_hidden_rows(data)), hidden_columns=_hidden_columns(data))
    found = _by_cell(data, odd)
    if len(found.errors) > MOST_LISTED:
        raise too_many(msg("the worksheet {sheet} has {n} cells with errors", sheet=sheet, n=len(found.errors)))
    return found


def _by_cell(data: bytes, odd: Oddities) -> Found:
    """How far the cells reach, and which of them hold an error or a formula."""
    row = column = rows = columns = 0
    errors: dict[tuple[int, int], str] = {}
    formulas: dict[int, list[int]] = {}
    open_: re.Match[bytes] | None = None
    for tag in _TAGS.finditer(data):
        if open_ is not None:
            _look_at_cell(open_[2], data[open_.end() : tag.start()], (row, column), errors, formulas)
            open_ = None
        if tag[1] == b"/c":
            continue
        at = _PLACE.match(tag[2])
        if tag[1] == b"row":
            row, column = (int(at[2]) if at and at[2] else row + 1), 0
            continue
        if at and at[1]:
            column = _column(at[1])
            row = int(at[2] or 0) or row
        else:
            column += 1
        if not tag[2].endswith(b"/"):  # else it is empty: only a format
            rows, columns = max(rows, row), max(columns, column)
            open_ = tag
    if formulas:
        odd = odd._replace(formulas={at: tuple(where) for at, where in formulas.items()})
    return Found(rows, columns, errors, odd)


def _look_at_cell(
    attributes: bytes,
    body: bytes,
    place: tuple[int, int],
    errors: dict[tuple[int, int], str],
    formulas: dict[int, list[int]],
) -> None:
    kind = _TYPE.search(attributes)
    kind_name = kind[1] if kind else b"n"
    if kind_name != b"e" and not _FORMULA.search(body):
        return
    value = _VALUE.search(body)
    if kind_name == b"e":
        errors[place] = (value[1] or b"").decode("utf-8", "replace") if value else "#N/A"
    elif value is None and kind_name != b"str":
        errors[place] = "="
    else:
        formulas.setdefault(place[1], []).append(place[0])


def worksheets(workbook: bytes, relationships: bytes) -> list[tuple[str, str]]:
    """Each worksheet's name, and the member of the archive that holds it; from the XML of the workbook."""
    targets = {at.get("Id", ""): at.get("Target", "").lstrip("/") for at in _elements(relationships, "Relationship")}
    files = []
    for at in _elements(workbook, "sheet"):
        relation = next((value for key, value in at.items() if key.rpartition(":")[2] == "id"), "")
        files.append((at.get("name", ""), targets.get(relation, "")))
    return files


def _elements(xml: bytes, tag: str) -> Iterator[dict[str, str]]:
    """The attributes of every element of that name."""
    for match in re.finditer(rf"<(?:\w+:)?{tag}\s([^<>]*)>", xml.decode("utf-8", "replace")):
        yield attributes_of(match[1])


_HIDDEN = re.compile(rb"(?<![\w:])hidden\s*=\s*[\"'](?:1|true)[\"']")
_GROUPED = re.compile(rb"(?<![\w:])outlineLevel\s*=\s*[\"'][1-7][\"']")
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^<>]*?ref\s*=\s*[\"']([A-Za-z0-9:]{1,40})[\"']")
_CELL = re.compile(rb"([A-Za-z]{1,3})(\d{1,7})")
_COL = re.compile(rb"<(?:\w+:)?col\s([^<>]*)>")
_ROW = re.compile(rb"<(?:\w+:)?row(?=[\s/>])([^<>]*)>")
_NUMBER = re.compile(rb"(?<![\w:])(r|min|max)\s*=\s*[\"'](\d{1,9})[\"']")


def _merged(sheet: str, data: bytes) -> tuple[Area, ...]:
    areas: list[Area] = []
    if (count := data.count(b"mergeCell ")) > MOST_MERGED:
        raise too_many(msg("the worksheet {sheet} has {n} merged areas", sheet=sheet, n=count))
    for match in _MERGED.finditer(data):
        ends = [_CELL.fullmatch(end) for end in match[1].split(b":")]
        if len(ends) == 2 and ends[0] and ends[1]:
            areas.append(Area(int(ends[0][2]), _column(ends[0][1]), int(ends[1][2]), _column(ends[1][1])))
    return tuple(areas)


def _hidden_rows(data: bytes) -> Iterator[int]:
    number = listed = 0
    for match in _ROW.finditer(data):
        numbers = dict(_NUMBER.findall(match[1]))
        number = int(numbers.get(b"r", number + 1))
        if _HIDDEN.search(match[1]) and listed < MOST_LISTED:
            listed += 1
            yield number


def _hidden_columns(data: bytes) -> frozenset[int]:
    """The columns that are hidden without a sign; those of a folded group open by a click."""
    hidden = bytearray(MOST_COLUMNS + 1)
    for match in islice(_COL.finditer(data), MOST_COLUMNS):  # any further one says something again
        if _HIDDEN.search(match[1]) and not _GROUPED.search(match[1]):
            span = dict(_NUMBER.findall(match[1]))
            first, last = int(span.get(b"min", 1)), min(int(span.get(b"max", 0)), MOST_COLUMNS)
            hidden[first : last + 1] = b"\1" * max(last + 1 - first, 0)
    return frozenset(at for at, mark in enumerate(hidden) if mark)


_FORMAT = re.compile(rb"<(?:\w+:)?xf\s[^<>]*?numFmtId\s*=\s*[\"'](\d{1,9})[\"']")
_OWN_FORMAT = re.compile(rb"<(?:\w+:)?numFmt\s([^<>]*)>")
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
    formats = _FORMAT.findall(section(styles, "cellXfs"))
    return frozenset(str(at).encode() for at, number in enumerate(formats) if number in ids)


def _percents(data: bytes, styles: frozenset[bytes]) -> dict[int, tuple[int, ...]]:
    """The rows whose number is shown as a percentage, by column."""
    if not styles:
        return {}
    found: dict[int, list[int]] = {}
    for match in re.finditer(rb"<(?:\w+:)?c\s([^<>]*)>\s*<(?:\w+:)?[fv][\s>]", data):
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
