"""Workbooks read and changed member by member: as openpyxl does it, in a tenth of the time.

What a spreadsheet shows matters in ten thousand cells of a test run, so they are read here without the styles and
objects around them. ``test_workbook_reading.py`` holds this reader against openpyxl.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils.datetime import from_excel, to_excel

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"

Place = tuple[str, str]
"""The name of a sheet, and a cell such as ``B2``."""


class Cells(dict[Place, Any]):
    """What stands in each cell; nothing in those that a workbook does not have."""

    def __missing__(self, place: Place) -> None:
        return None

    def get(self, place: Place, default: Any = None) -> Any:
        """As with brackets."""
        return super().get(place, default)


class Book:
    """The cells of a workbook."""

    def __init__(self, data: bytes) -> None:
        self.values = Cells()
        """The value of each cell; of a formula the one that is stored with it."""
        self.formulas: dict[Place, str] = {}
        """The formulas, each with its sign of equality."""
        self.names: dict[str, str] = {}
        """The named cells of the workbook: where each stands."""
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            self.archive = archive
            self.strings = [_text(entry) for entry in self._tree("xl/sharedStrings.xml")]
            self.dates = self._dates()
            self.sheets = self._sheets()
            for name, member in self.sheets.items():
                self._read(name, self._tree(member))
            del self.archive

    def _tree(self, member: str) -> ElementTree.Element:
        if member not in self.archive.namelist():
            return ElementTree.Element("nothing")
        return ElementTree.fromstring(self.archive.read(member))

    def _sheets(self) -> dict[str, str]:
        """The member of each sheet, by its name."""
        book = self._tree("xl/workbook.xml")
        targets = {entry.get("Id"): entry.get("Target", "") for entry in self._tree("xl/_rels/workbook.xml.rels")}
        for entry in book.iter(f"{MAIN}definedName"):
            if entry.get("localSheetId") is None:
                self.names[entry.get("name", "")] = entry.text or ""
        return {
            sheet.get("name", ""): "xl/" + targets[sheet.get(RELATED)].removeprefix("/xl/")
            for sheet in book.iter(f"{MAIN}sheet")
        }

    def _dates(self) -> list[bool]:
        """Which of the formats of cells show a date."""
        tree = self._tree("xl/styles.xml")
        formats = dict(BUILTIN_FORMATS)
        formats |= {int(one.get("numFmtId", "")): one.get("formatCode", "") for one in tree.iter(f"{MAIN}numFmt")}
        cells = tree.find(f"{MAIN}cellXfs")
        numbers = [int(one.get("numFmtId", "0")) for one in cells] if cells is not None else []
        return [bool(is_date_format(formats.get(number, "General"))) for number in numbers]

    def _read(self, sheet: str, tree: ElementTree.Element) -> None:
        for cell in tree.iter(f"{MAIN}c"):
            place = sheet, cell.get("r", "")
            formula = cell.find(f"{MAIN}f")
            if formula is not None and formula.get("t") is None:
                self.formulas[place] = f"={formula.text}"
            self.values[place] = self._value(cell)

    def _value(self, cell: ElementTree.Element) -> Any:
        kind, text = cell.get("t", "n"), cell.findtext(f"{MAIN}v")
        if kind == "inlineStr":
            return _text(next(iter(cell)))
        if not text:
            return None
        if kind == "s":
            return self.strings[int(text)]
        if kind == "b":
            return text == "1"
        if kind != "n":
            return text
        number = float(text) if re.search("[.eE]", text) else int(text)
        return from_excel(number) if self.dates[int(cell.get("s", "0"))] else number


def _text(entry: ElementTree.Element) -> str:
    """The text of an entry, without the phonetic one."""
    direct = [piece for run in entry for piece in ([run] if run.tag == f"{MAIN}t" else run.findall(f"{MAIN}t"))
              if run.tag != f"{MAIN}rPh"]  # fmt: skip
    return "".join(piece.text or "" for piece in direct)


def changed(data: bytes, changes: Mapping[Place, Any]) -> bytes:
    """The workbook after somebody typed into some cells; nothing in it is computed yet."""
    members = Book(data).sheets
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(out, "w") as target:
        for member in archive.namelist():
            raw = archive.read(member)
            typed = {cell: value for (sheet, cell), value in changes.items() if members[sheet] == member}
            if member in members.values():
                text = raw.decode()
                for cell, value in typed.items():
                    text = _with_cell(text, cell, value)
                raw = re.sub(r"(</f>)<v>[^<]*</v>", r"\1", text).encode()
            target.writestr(member, raw)
    return out.getvalue()


def _with_cell(sheet: str, cell: str, value: Any) -> str:
    """The sheet with another value in a cell that it has, which keeps its format."""
    found = re.search(rf'<c r="{cell}"( s="\d+")?[^>]*?(/>|>.*?</c>)', sheet)
    assert found, cell
    style = found[1] or ""
    if isinstance(value, str):
        new = f'<c r="{cell}"{style} t="inlineStr"><is><t>{escape(value)}</t></is></c>'
    else:
        number = to_excel(value) if isinstance(value, datetime) else value
        new = f'<c r="{cell}"{style}><v>{number!r}</v></c>'
    return sheet[: found.start()] + new + sheet[found.end() :]
