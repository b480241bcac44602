"""First stage of reading a score sheet: from the bytes of a file to tables. What a column means is not asked here."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from itertools import islice

from kurssi.diagnostics.finding import Finding, Place, Severity
from kurssi.diagnostics.message import Msg, Wrong, msg
from kurssi.values.vocabulary import RESERVED, fold

from .table import MOST_COLUMNS, OLE, ZIP, Cell, Row, Table, text_of

MOST_BYTES = 50 * 2**20
"""A larger workbook is refused."""

MOST_TEXT = 256 * 2**20
"""A larger CSV file is refused: some three million students."""


MOST_ABOVE = 15
"""The header of a CSV file is one of so many rows."""


LONGEST_HEADER = 200_000
"""The header row is looked for in so many characters."""

MOST_SHARED = 10_000
"""So many different texts of a table are looked for among its cells: those that come again come early."""

WORKBOOK_NAMES = (".xlsx", ".xlsm", ".xltx", ".xltm", ".xlsb", ".xls", ".ods")


def is_number(cell: Cell) -> bool:
    """Whether the cell holds nothing but a number, without a sign."""
    return text_of(cell).replace(",", ".", 1).replace(".", "", 1).isdecimal()


def read_tables(name: str, raw: bytes, delimiter: str | None = None) -> tuple[list[Table], list[Finding]]:
    """The tables of one file, and what is wrong with the file as such. Never raises for what is in it.

    What the bytes are decides, not the name: a workbook under a wrong name is still read. ``delimiter`` separates the
    cells of a CSV file; without it the header row tells.
    """
    try:
        most = MOST_BYTES if raw.startswith((ZIP, OLE)) else MOST_TEXT
        if len(raw) > most:
            raise Wrong(
                msg("{file} has more than {most} MiB", file=name, most=most // 2**20),
                msg("a score sheet of a class is far smaller: give the right file, or split it"),
            )
        if raw.startswith((ZIP, OLE)):
            from .workbooks.workbook import read_workbook  # only who has a workbook pays for it

            return read_workbook(name, raw)
        if name.casefold().endswith(WORKBOOK_NAMES) and not _is_text_table(name, raw):
            raise Wrong(
                msg("{file} is not a workbook, or only a part of one", file=name),
                msg("open it in the spreadsheet program and save it again as .xlsx or as CSV"),
            )
        return _read_csv(name, raw, delimiter)
    except Wrong as wrong:
        return [], [_unreadable(name, wrong.message, wrong.hint)]


def _is_text_table(name: str, raw: bytes) -> bool:
    """Whether a file called .xls is text with tabs, as some systems write it for a spreadsheet to open."""
    if not name.casefold().endswith(".xls"):
        return False
    utf16 = raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    head = raw[:2000] if not utf16 else raw[:2000].replace(b"\0", b"")
    return b"\t" in head and b"<" not in head[:50] and (utf16 or b"\0" not in head)


def _unreadable(name: str, message: Msg, hint: Msg | None, place: Place | None = None) -> Finding:
    return Finding("sheet-unreadable", Severity.error, message, place or Place(name), hint)


def _read_csv(name: str, raw: bytes, given: str | None) -> tuple[list[Table], list[Finding]]:
    text, findings = _decode(name, raw)
    start = 0
    if hint := re.match(r"sep=(.)\r?\n", text):  # a first line that only tells Excel the separator
        delimiter, start = hint[1], 1
        text = text[hint.end() :]
    else:
        delimiter = given or delimiter_of(text)
    table = Table(name, None, [])
    shared = _SharedTexts()
    number = start
    try:
        for number, cells in enumerate(_records(text, delimiter, strict=True), start + 1):
            if len(cells) > MOST_COLUMNS:
                raise Wrong(
                    msg("row {row} of {file} has more than {most} cells", row=number, file=name, most=MOST_COLUMNS),
                    msg("give a sheet with one row per student"),
                )
            if "".join(cells).strip():
                table.rows.append(Row(number, tuple(map(shared.__getitem__, cells))))
    except csv.Error:
        findings.append(
            _unreadable(
                name,
                msg("a quotation mark in row {row} or later is not closed, or stands inside a cell", row=number + 1),
                msg('a cell with a quotation mark is written "so ""it"" reads"; save the sheet as CSV again'),
                table.place(number + 1, 0),
            )
        )
        return [], findings
    return [table], findings


class _SharedTexts(dict[str, str]):
    """Gives one string for equal texts of a table: most cells say what others say."""

    def __missing__(self, text: str) -> str:
        if len(self) < MOST_SHARED:
            self[text] = text
        return text


def _records(text: str, delimiter: str, *, strict: bool) -> Iterator[list[str]]:
    try:
        return csv.reader(
            io.StringIO(text, newline=""), delimiter=delimiter, strict=strict, skipinitialspace=delimiter != " "
        )
    except (TypeError, ValueError):  # sep= with something that cannot separate
        raise Wrong(
            msg("the separator {separator} cannot be used", separator=repr(delimiter)),
            msg("separate the cells with comma, semicolon or tab"),
        ) from None


def _decode(name: str, raw: bytes) -> tuple[str, list[Finding]]:
    """The text of a CSV file; Windows-1252 with a warning. Raises :class:`Wrong` where it is no text."""
    findings = []
    try:
        if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            text = raw.decode("utf-16")
        else:
            try:
                text = raw.decode("utf-8-sig")
            except UnicodeDecodeError as error:
                text = raw.decode("cp1252")
                line = raw.count(b"\n", 0, error.start) + 1
                findings.append(
                    Finding(
                        "sheet-encoding",
                        Severity.warning,
                        msg("{file} is not UTF-8: it is read as Windows-1252", file=name),
                        Place(name, line, 1, line, 1),
                        msg("check that the names look right, or save the sheet as “CSV UTF-8”"),
                    )
                )
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise Wrong(
            msg("{file} is not text: neither UTF-8, nor UTF-16 with a mark, nor Windows-1252", file=name),
            msg("save the sheet as “CSV UTF-8” or as .xlsx"),
        )
    return text, findings


def delimiter_of(text: str) -> str:
    """Comma, semicolon or tab: the one by which the header row has most known headers, then most cells.

    Where the first row has no known header at all, it may be a title, and the header stands further down.
    """
    best: tuple[bool, int, int] = (False, 0, 0)
    delimiter = ","
    for candidate in ",;\t":
        try:
            records = _records(text[:LONGEST_HEADER], candidate, strict=False)
            rows = list(islice((cells for cells in records if any(cell.strip() for cell in cells)), MOST_ABOVE))
        except csv.Error:
            continue
        if not rows:  # by this one there is nothing in any row
            return candidate
        known = [sum(fold(cell) in RESERVED for cell in cells) for cells in rows]
        first = (known[0] > 0, known[0], len(rows[0]))
        score = first if known[0] else max(first, (False, max(known), len(rows[known.index(max(known))])))
        if score > best:
            best, delimiter = score, candidate
    return delimiter
