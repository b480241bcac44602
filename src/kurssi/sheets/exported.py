"""A system's export seen as the file that its importer takes back: columns, whose each row is, and how it is written.

:mod:`kurssi.sheets` reads an export for what its cells say of students; here the same tables are read for the sake of
the system: nothing of them is converted, and every cell stays as it was written.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from .columns import Column, Headers
from .fields import Field, read_fields
from .identity import Roster, in_order, students
from .layouts import Layout
from .reading import AS_IS, Reading
from .recognition import recognise
from .report import Report
from .table import OLE, ZIP, Row, Table, text_of
from .table_files import LONGEST_HEADER, delimiter_of, read_tables

if TYPE_CHECKING:  # the shape of the file is not needed to read a sheet
    from kurssi.policy.model import Policy


class TextForm(NamedTuple):
    """How a table of text is written."""

    encoding: str = "utf-8"
    """A name of Python's; the one with a mark in front is ``utf-8-sig`` or ``utf-16``."""
    delimiter: str = ","
    line_end: str = "\r\n"
    all_quoted: bool = False

    def write(self, rows: Sequence[Sequence[str]]) -> bytes:
        """The rows as such a file."""
        text = io.StringIO()
        csv.writer(
            text,
            delimiter=self.delimiter,
            lineterminator=self.line_end,
            quoting=csv.QUOTE_ALL if self.all_quoted else csv.QUOTE_MINIMAL,
        ).writerows(rows)
        try:
            return text.getvalue().encode(self.encoding)
        except UnicodeEncodeError:  # a text of kurssi's own that the encoding of the export lacks
            return text.getvalue().encode("utf-8-sig")


class Export(NamedTuple):
    """An export with students in it."""

    table: Table
    layout: Layout
    fields: Sequence[Field]
    """Its columns, by its layout."""
    columns: Sequence[Column]
    """What is read of them."""
    rows: Sequence[tuple[Row, str]]
    """Each row of a student, and the student's number, in the order of the export."""
    most: Row | None
    """The row of largest numbers of points."""
    form: TextForm

    @property
    def header(self) -> Row:
        """The row of headers."""
        return self.table.rows[0]


def exports(sources: Sequence[tuple[str, bytes]], policy: Policy, reading: Reading = AS_IS) -> list[Export]:
    """The exports among the sheets of a class. The students are those of the roster, as in :func:`.join.join`.

    What is wrong with a sheet has been said when the class was read; here it is passed over.
    """
    report = Report()
    tables: list[Table] = []
    forms: dict[str, TextForm] = {}
    for name, raw in sources:
        tables += read_tables(name, raw)[0]
        forms[name] = form_of(raw)
    found = []
    roster = Roster()
    sheets = recognise(tables, Headers(policy, reading), report)
    for sheet in in_order([one for one in sheets if one.kind == "students"]):
        rows = [(row, roster.names[position]) for row, position in students(sheet, roster, report)]
        if sheet.layout is None:
            continue
        fields, _ = read_fields(sheet.layout, sheet.table)
        most = _row_of_most(sheet.layout, sheet.table, {row.number for row in sheet.rows})
        found.append(Export(sheet.table, sheet.layout, fields, sheet.columns, rows, most, forms[sheet.table.file]))
    return found


def _row_of_most(layout: Layout, table: Table, taken: set[int]) -> Row | None:
    patterns = [special.cell for special in layout.special if special.use == "most"]
    for row in table.rows[1:]:
        texts = [text_of(cell).casefold() for cell in row.cells]
        if row.number not in taken and any(one.fullmatch(text) for one in patterns for text in texts if text):
            return row
    return None


def form_of(raw: bytes) -> TextForm:
    """How the bytes of a table are written; of a workbook, how a system takes a table as text."""
    if raw.startswith((ZIP, OLE)):
        return TextForm()
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    elif raw.startswith(codecs.BOM_UTF8):
        encoding = "utf-8-sig"
    else:
        try:
            raw.decode()
            encoding = "utf-8"
        except UnicodeDecodeError:
            encoding = "cp1252"
    text = raw.decode(encoding, "replace")
    hint = re.match(r"sep=(.)\r?\n", text)
    text = text[hint.end() :] if hint else text
    delimiter = hint[1] if hint else delimiter_of(text)
    first = text[:LONGEST_HEADER].lstrip("\r\n").partition("\n")[0].rstrip("\r")
    quoted = len(re.findall(rf'(?:^|{re.escape(delimiter)})\s*"', first)) == first.count('"') / 2
    cells = next(csv.reader([first], delimiter=delimiter, skipinitialspace=True), [])
    return TextForm(
        encoding, delimiter, "\r\n" if "\r\n" in text else "\n", quoted and first.count('"') == 2 * len(cells)
    )
