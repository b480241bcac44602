"""What openpyxl does not carry over by itself when it opens a workbook and saves it: found before it is lost."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from html import unescape

from kurssi.diagnostics.message import Msg, msg

_KNOWN = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|docProps/.*|docMetadata/.*|customXml/.*|xl/workbook\.xml"
    r"|xl/_rels/workbook\.xml\.rels|xl/(?:styles|sharedStrings|calcChain)\.xml|xl/theme/.*|xl/printerSettings/.*"
    r"|xl/worksheets/(?:_rels/)?[^/]+|xl/tables/(?:_rels/)?[^/]+|xl/comments\d*\.xml|xl/comments/[^/]+"
    r"|xl/drawings/[^/]+\.vml|xl/externalLinks/.*|xl/persons/.*"
)
"""Parts of a workbook that are carried over, or that nobody misses: settings of a printer, the order of computing, the
persons of comments with replies where there are no such comments."""

_LOST: tuple[tuple[re.Pattern[str], Msg], ...] = (
    (re.compile(r"xl/threadedComments/"), msg("comments with replies")),
    (re.compile(r"xl/(?:drawings|charts|media|diagrams|ink)/"), msg("pictures, charts or shapes")),
    (re.compile(r"xl/pivot"), msg("pivot tables")),
    (re.compile(r"xl/vbaProject"), msg("macros")),
    (re.compile(r"xl/metadata"), msg("formulas that spill over several cells")),
)
_EXTENSION = re.compile(rb"<(?:\w+:)?(?:ext\s|oleObjects\b|controls\b|picture\b|AlternateContent\b)")
_OWN_STYLE = re.compile(rb"<(?:\w+:)?tableStyle\s")


def would_be_lost(raw: bytes) -> Msg | None:
    """What an update would lose of the workbook, or ``None``. ``raw`` is a workbook that has been read already."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        for name in archive.namelist():
            if name.endswith("/") or _KNOWN.fullmatch(name):
                continue
            return next((what for pattern, what in _LOST if pattern.match(name)), msg("{name}", name=name))
        for name in archive.namelist():
            if name.startswith("xl/worksheets/") and name.endswith(".xml") and _EXTENSION.search(archive.read(name)):
                return msg("conditional formats, checks or controls of newer spreadsheet programs")
        if "xl/styles.xml" in archive.namelist() and _OWN_STYLE.search(archive.read("xl/styles.xml")):
            return msg("table styles of your own")
    return None


# ---- worksheets by name --------------------------------------------------------------------------------------

_TAG = re.compile(r"<(?:\w+:)?(sheet|Relationship)\s([^>]*)>")
_ATTRIBUTE = re.compile(r"([\w:]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")


def worksheets(archive: zipfile.ZipFile) -> dict[str, str]:
    """The file of each worksheet in the archive, by the worksheet's name."""
    targets = {at["Id"]: at["Target"] for at in _tags(archive, "xl/_rels/workbook.xml.rels") if "Target" in at}
    found = {}
    for at in _tags(archive, "xl/workbook.xml"):
        relation = next((value for key, value in at.items() if key.rpartition(":")[2] == "id"), "")
        target = targets.get(relation, "").lstrip("/")
        found[at.get("name", "")] = target if target.startswith("xl/") else f"xl/{target}"
    return found


def _tags(archive: zipfile.ZipFile, name: str) -> Iterator[dict[str, str]]:
    for match in _TAG.finditer(archive.read(name).decode("utf-8", "replace")):
        yield {key: unescape(one or two) for key, one, two in _ATTRIBUTE.findall(match[2])}


# ---- what formulas were computed to --------------------------------------------------------------------------

_CELL = re.compile(rb"<c\s([^>]*[^/>])>(.*?)</c>", re.S)
_AT = re.compile(rb'(?<!\w)r="([A-Z]+\d+)"')
_TYPE = re.compile(rb'\st="(\w+)"')
_VALUE = re.compile(rb"<v>([^<]*)</v>")
_FORMULA = re.compile(rb"<f[\s/>]")
_EMPTY = re.compile(rb"<v\s*/>|<v></v>")

Computed = Mapping[str, tuple[bytes, bytes]]
"""The type and the value that a formula was computed to, by its cell."""


def computed(raw: bytes) -> dict[str, Computed]:
    """The values of all formulas, by worksheet."""
    found: dict[str, Computed] = {}
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        for sheet, name in worksheets(archive).items():
            values = {}
            if name in archive.namelist():
                data = archive.read(name)
                for cell in _CELL.finditer(data) if b"<f" in data else ():
                    at, value = _AT.search(cell[1]), _VALUE.search(cell[2])
                    if at and value and _FORMULA.search(cell[2]):
                        kind = _TYPE.search(b" " + cell[1])
                        values[at[1].decode()] = (kind[1] if kind else b"n", value[1])
            if values:
                found[sheet] = values
    return found


def with_computed(data: bytes, values: Computed) -> bytes:
    """The XML of a worksheet with the values of its formulas put back."""

    def put(cell: re.Match[bytes]) -> bytes:
        at = _AT.search(cell[1])
        known = values.get(at[1].decode()) if at else None
        if known is None or not _FORMULA.search(cell[2]):
            return cell[0]
        attributes = _TYPE.sub(b"", b" " + cell[1]).strip()
        if known[0] != b"n":
            attributes += b' t="' + known[0] + b'"'
        body = _EMPTY.sub(b"", cell[2]) + b"<v>" + known[1] + b"</v>"
        return b"<c " + attributes + b">" + body + b"</c>"

    return _CELL.sub(put, data)


# ---- how large notes are -------------------------------------------------------------------------------------

_SHAPE = re.compile(r"<(?:\w+:)?shape\b(.*?)</(?:\w+:)?shape>", re.S)
_SIZE = re.compile(r"(?<![\w-])(width|height)\s*:\s*([\d.]+)(pt|px)")
_ROW, _COLUMN = (re.compile(rf"<(?:\w+:)?{which}>(\d+)<") for which in ("Row", "Column"))
_VML = re.compile(r"Target=\"([^\"]*\.vml)\"")


def note_sizes(raw: bytes) -> dict[tuple[str, int, int], tuple[float, float]]:
    """Width and height of each note in pixels, by worksheet, row and column (from 1)."""
    sizes = {}
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        names = set(archive.namelist())
        for sheet, name in worksheets(archive).items():
            folder, _, file = name.rpartition("/")
            relations = f"{folder}/_rels/{file}.rels"
            if relations not in names:
                continue
            for target in _VML.findall(archive.read(relations).decode("utf-8", "replace")):
                drawing = "xl/drawings/" + target.rpartition("/")[2]
                if drawing not in names:
                    continue
                for shape in _SHAPE.findall(archive.read(drawing).decode("utf-8", "replace")):
                    row, column = _ROW.search(shape), _COLUMN.search(shape)
                    size = {which: float(n) * (4 / 3 if unit == "pt" else 1) for which, n, unit in _SIZE.findall(shape)}
                    if row and column and len(size) == 2:
                        sizes[sheet, int(row[1]) + 1, int(column[1]) + 1] = (size["width"], size["height"])
    return sizes
