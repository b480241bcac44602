"""Which rows of a workbook are coloured differently: somebody may mean something by it that no cell says."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping

from .ods import REPEATED, TAG
from .worksheet_xml import attributes_of, section

MOST_BYTES = 2**20
"""In a larger workbook colours are not looked for: nobody has coloured its rows by hand."""
MOST_UNPACKED = 2**23
MOST_ALIKE = 1000
"""So many rows of an .ods that are written as one are looked at."""
MOST_COLOURED = 10_000
"""So many coloured rows of a table are looked for."""

_FILL = re.compile(rb"<(?:\w+:)?fill/?>")
_FORMAT = re.compile(rb"<(?:\w+:)?xf\s([^<>]*)>")
_FILL_ID = re.compile(rb"fillId\s*=\s*[\"'](\d{1,6})[\"']")
_CELL = re.compile(rb"<(?:\w+:)?c\s([^<>]*)>")
_STYLE = re.compile(rb"(?<![\w:])s\s*=\s*[\"'](\d{1,9})[\"']")
_AT = re.compile(rb"(?<![\w:])r\s*=\s*[\"']([A-Za-z]{1,3})(\d{1,7})[\"']")

Colours = Mapping[int, tuple[tuple[bytes, bytes], ...]]
"""For each row with coloured cells their columns and fills."""


def coloured_rows(raw: bytes) -> dict[str, Colours]:
    """The coloured cells of each worksheet of an .xlsx or .ods that has already been looked through."""
    from .xlsx import worksheets

    if len(raw) > MOST_BYTES:
        return {}
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        sizes = {info.filename: info.file_size for info in archive.infolist()}

        def member(name: str) -> bytes:
            return archive.read(name) if sizes.get(name, MOST_UNPACKED) < MOST_UNPACKED else b""

        if "content.xml" in sizes:
            content = member("content.xml")
            return _of_tables(content, _coloured_styles(member("styles.xml") + content))
        fills = _filled_styles(member("xl/styles.xml"))
        if not fills:
            return {}
        files = worksheets(member("xl/workbook.xml"), member("xl/_rels/workbook.xml.rels"))
        return {sheet: _of_sheet(member(file if file in sizes else f"xl/{file}"), fills) for sheet, file in files}


def _filled_styles(styles: bytes) -> dict[bytes, bytes]:
    """The numbers of those formats of cells that have a solid fill, and which."""
    _, *fills = _FILL.split(section(styles, "fills"))
    solid = {str(at).encode() for at, fill in enumerate(fills) if b"solid" in fill}
    found = {}
    for at, text in enumerate(_FORMAT.findall(section(styles, "cellXfs"))):
        fill = _FILL_ID.search(text)
        if fill and fill[1] in solid:
            found[str(at).encode()] = fill[1]
    return found


def _of_sheet(data: bytes, fills: Mapping[bytes, bytes]) -> Colours:
    rows: dict[int, list[tuple[bytes, bytes]]] = {}
    for match in _CELL.finditer(data):
        style, at = _STYLE.search(match[1]), _AT.search(match[1])
        if style and at and style[1] in fills:
            rows.setdefault(int(at[2]), []).append((at[1], fills[style[1]]))
    return {row: tuple(cells) for row, cells in rows.items()}


# ---- .ods --------------------------------------------------------------------------------------------------

_STYLES = re.compile(rb"<style:style\s")
_BACKGROUND = re.compile(rb"<style:table-cell-properties\s[^<>]*fo:background-color\s*=\s*[\"']([^\"']+)[\"']")
_NAME = re.compile(rb"style:name\s*=\s*[\"']([^\"']*)[\"']")
_PARENT = re.compile(rb"style:parent-style-name\s*=\s*[\"']([^\"']*)[\"']")
_OF_CELL = re.compile(rb"table:style-name\s*=\s*[\"']([^\"']*)[\"']")


def _coloured_styles(xml: bytes) -> dict[bytes, bytes]:
    """The names of those formats of cells that have a background, or take one from another, and which."""
    own: dict[bytes, bytes] = {}
    parents: dict[bytes, bytes] = {}
    for text in _STYLES.split(xml)[1:]:  # up to the next one: no look behind the end of what is broken off
        attributes, _, inner = text.partition(b">")
        name, parent = _NAME.search(attributes), _PARENT.search(attributes)
        colour = None if attributes.endswith(b"/") else _BACKGROUND.search(inner.partition(b"</style:style>")[0])
        if name and colour:
            own[name[1]] = colour[1]
        elif name and parent:
            parents[name[1]] = parent[1]
    found = own | {name: own[parent] for name, parent in parents.items() if parent in own}
    return {name: colour for name, colour in found.items() if colour != b"transparent"}


def _of_tables(content: bytes, styles: Mapping[bytes, bytes]) -> dict[str, Colours]:
    """The coloured cells of each table. One tag can stand for many rows, or many cells."""
    tables: dict[str, Colours] = {}
    rows: dict[int, tuple[tuple[bytes, bytes], ...]] = {}
    last, column = range(1), 0
    cells: list[tuple[bytes, bytes]] = []

    def end_of_row() -> None:
        if cells and len(rows) < MOST_COLOURED:
            rows.update(dict.fromkeys(last[:MOST_ALIKE], tuple(cells)))
        cells.clear()

    for kind, attributes in TAG.findall(content) if styles else ():
        times = int(many[1]) if (many := REPEATED.search(attributes)) else 1
        if kind == b"table":
            end_of_row()
            last, rows = range(1), {}
            tables[attributes_of(attributes.decode("utf-8", "replace")).get("table:name", "")] = rows
        elif kind == b"table-row":
            end_of_row()
            last, column = range(last.stop, last.stop + times), 0
        elif kind != b"table-column":
            column += times
            style = _OF_CELL.search(attributes)
            if style and style[1] in styles:
                cells.append((str(column).encode(), styles[style[1]]))
    end_of_row()
    return tables
