"""Which rows of a workbook are coloured differently: somebody may mean something by it that no cell says."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping

from .worksheet_xml import section

MOST_BYTES = 2**20
"""In a larger workbook colours are not looked for: nobody has coloured its rows by hand."""
MOST_UNPACKED = 2**23

_FILL = re.compile(rb"<(?:\w+:)?fill/?>")
_FORMAT = re.compile(rb"<(?:\w+:)?xf\s([^<>]*)>")
_FILL_ID = re.compile(rb"fillId\s*=\s*[\"'](\d{1,6})[\"']")
_CELL = re.compile(rb"<(?:\w+:)?c\s([^<>]*)>")
_STYLE = re.compile(rb"(?<![\w:])s\s*=\s*[\"'](\d{1,9})[\"']")
_AT = re.compile(rb"(?<![\w:])r\s*=\s*[\"']([A-Za-z]{1,3})(\d{1,7})[\"']")

Colours = Mapping[int, tuple[tuple[bytes, bytes], ...]]
"""For each row with coloured cells their columns and fills."""


def coloured_rows(raw: bytes) -> dict[str, Colours]:
    """The coloured cells of each worksheet of an .xlsx that has already been looked through."""
    from .xlsx import worksheets

    if len(raw) > MOST_BYTES:
        return {}
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        sizes = {info.filename: info.file_size for info in archive.infolist()}

        def member(name: str) -> bytes:
            return archive.read(name) if sizes.get(name, MOST_UNPACKED) < MOST_UNPACKED else b""

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
