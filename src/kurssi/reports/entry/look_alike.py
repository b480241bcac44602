"""A look-alike of a file with students: the same shape, and nobody in it, to be shown to who mends kurssi.

What kurssi understands without knowing anybody stays: headers, numbers up to four digits, times, words of cells and of
systems. Every other word and number becomes an invented one of the same length and case, the same one wherever it
stands, so that rows of several files still belong together. In columns that name somebody nothing stays.
"""

from __future__ import annotations

import io
import random
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from kurssi.diagnostics.message import Wrong, msg
from kurssi.sheets.dates import read_time
from kurssi.sheets.status import read_status
from kurssi.sheets.table_files import delimiter_of
from kurssi.values.vocabulary import CELLS, fold

_PIECE = re.compile(r"[^\W\d_]+|\d+")
_MAIL = re.compile(r"[\w.+-]+@[\w.-]+")
_NUMBER = re.compile(r"[-+−]?\d{1,4}(?:[.,]\d{1,4})?\s*%?")
_PERSON = re.compile(
    r"name|nimi|namn|student|opiskelija|studerande|mail|posti?\b|login|user|käyttäjä|användar|\bid\b|number|numero|nummer"
    r"|phone|puhelin|telefon|comment|kommentt|kommentar|feedback|palaute\b|respons|grader|arvioija|bedömare|\bfrom\b|\bto\b"
    r"|antaja|saaja|member|jäsen|team|hetu|tunnus|arvioitava|sis\b|opnro",
    re.IGNORECASE,
)
"""Headers of columns that may name somebody; a column too many only loses values that were of no use."""
_TEST = frozenset({"test", "student"})
"""Words by which a system names its test student."""
SHORTEST = 3
"""A number with fewer digits is that of a group or an attempt, and nobody's."""
_VOWELS, _CONSONANTS, _SPECIAL = "aeiou", "bdghjklmnprstv", "äöå"
MOST_BYTES = 20 * 1024 * 1024


class Cell(NamedTuple):
    """A piece of a text file that is one cell."""

    start: int
    end: int
    row: int
    column: int


class Invented:
    """Words and numbers that are none of the ``originals``, one for each."""

    def __init__(self, originals: Iterable[str], keep: Iterable[str] = (), seed: int | None = None) -> None:
        self._dice = random.Random(seed)  # noqa: S311 - nothing is kept secret by it: what it makes says nothing
        self._avoid = {fold(word) for word in originals}
        self._keep = _TEST | {fold(word) for text in keep for word in _PIECE.findall(text)}
        self._made: dict[str, str] = {}

    def text(self, text: str) -> str:
        """A text with every word and number invented; signs and spaces stay."""
        mails = _MAIL.sub(lambda match: self._pieces(match[0].partition("@")[0]) + "@example.org", text)
        return "".join(
            piece if _MAIL.fullmatch(piece) else self._pieces(piece) for piece in re.split(f"({_MAIL.pattern})", mails)
        )

    def known(self, text: str) -> str:
        """A text in which only what has been invented so far is replaced, as a name in a header."""
        return _PIECE.sub(lambda match: self._in_case(match[0], self._made.get(fold(match[0]), match[0])), text)

    def _pieces(self, text: str) -> str:
        return _PIECE.sub(lambda match: self._piece(match[0]), text)

    def _piece(self, piece: str) -> str:
        key = fold(piece)
        if key in self._keep or len(key) < (SHORTEST if key.isdecimal() else 2):
            return piece
        if key not in self._made:
            self._made[key] = self._new(key)
        return self._in_case(piece, self._made[key])

    def _new(self, key: str) -> str:
        taken = self._avoid | set(self._made.values())
        for _ in range(1000):
            zeros = min(len(key) - len(key.lstrip("0")), max(len(key) - 4, 0))
            made = "".join("0" if n < zeros else self._sign(sign, n) for n, sign in enumerate(key))
            if made not in taken:
                return made
        return made  # one or two letters, and all are somebody's

    def _sign(self, sign: str, place: int) -> str:
        if sign.isdecimal():
            return self._dice.choice("123456789")
        if not sign.isascii():
            return self._dice.choice(_SPECIAL)
        return self._dice.choice(_VOWELS if place % 2 else _CONSONANTS)

    @staticmethod
    def _in_case(piece: str, made: str) -> str:
        if piece.isupper():
            return made.upper()
        return made.title() if piece.istitle() else made


def is_harmless(text: str) -> bool:
    """Whether a cell says something that kurssi understands and that names nobody."""
    if not text.strip() or _NUMBER.fullmatch(text.strip()) or fold(text) in CELLS:
        return True
    if re.fullmatch(r"\d{5,}", text.strip()):  # a time in seconds, or a number of somebody
        return False
    return read_time(text) is not None or not read_status(text).unread


def look_alikes(files: Sequence[tuple[str, bytes]], keep: Iterable[str] = (), seed: int | None = None) -> list[bytes]:
    """The look-alikes of files that belong together. Raises :class:`Wrong` where one cannot be read.

    ``keep``: what the policy gives a meaning to, such as its levels of activity.
    """
    found = [_Workbook(name, raw) if raw.startswith(b"PK") else _Text(name, raw) for name, raw in files]
    tables = [table for file in found for table in file.tables()]
    texts = (text for table in tables for row in table for text in row)
    invented = Invented((word for text in texts for word in _PIECE.findall(text)), keep, seed)
    for file in found:  # names first, so that they are known in headers and remarks
        file.change(invented, persons=True)
    for file in found:
        file.change(invented, persons=False)
    return [file.written() for file in found]


def _header(table: Sequence[Sequence[str]]) -> int:
    """The row of the headers: the first with at least two cells, one of which may be somebody's column."""
    for number, row in enumerate(table[:30]):
        if sum(bool(text.strip()) for text in row) > 1 and any(_PERSON.search(text) for text in row):
            return number
    return 0


def _persons(table: Sequence[Sequence[str]]) -> set[int]:
    """The columns that may name somebody."""
    header = table[_header(table)] if table else ()
    return {column for column, text in enumerate(header) if _PERSON.search(text)}


def _changed(table: Sequence[Sequence[str]], invented: Invented, persons: bool) -> Iterator[tuple[int, int, str]]:
    """The cells that change: row, column, new text. First those of persons, then all others."""
    header, named = _header(table), _persons(table)
    for number, row in enumerate(table):
        for column, text in enumerate(row):
            if not text.strip() or (number > header and (column in named) != persons):
                continue
            if number <= header:
                new = text if persons else invented.known(text)
            elif column in named:
                new = invented.text(text)
            else:
                new = text if is_harmless(text) else invented.text(text)
            if new != text:
                yield number, column, new


class _Text:
    """A text with separated cells; every byte that is no cell stays."""

    def __init__(self, name: str, raw: bytes) -> None:
        self._bom = next((bom for bom in (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff") if raw.startswith(bom)), b"")
        utf16 = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}.get(self._bom)
        self._encoding = utf16 or "utf-8"
        body = raw.removeprefix(self._bom)
        try:
            self._text = body.decode(self._encoding)
        except UnicodeDecodeError:
            self._encoding = "cp1252"
            self._text = body.decode("cp1252", "replace")
        if "\x00" in self._text:
            raise Wrong(
                msg("{file} is neither text nor a workbook of the kind .xlsx", file=name),
                msg("save a copy of it as .xlsx or .csv, and take that"),
            )
        self._cells = list(_cells(self._text, delimiter_of(self._text)))

    def tables(self) -> list[list[list[str]]]:
        """The cells, by row."""
        rows: list[list[str]] = [[] for _ in range(self._cells[-1].row + 1)] if self._cells else []
        for cell in self._cells:
            rows[cell.row].append(self._text[cell.start : cell.end])
        return [rows]

    def change(self, invented: Invented, *, persons: bool) -> None:
        """Writes invented texts into the cells."""
        new = {(row, column): text for row, column, text in _changed(self.tables()[0], invented, persons)}
        pieces, at = [], 0
        moved, by = [], 0
        for cell in self._cells:
            text = new.get((cell.row, cell.column), self._text[cell.start : cell.end])
            pieces += [self._text[at : cell.start], text]
            at = cell.end
            start = cell.start + by
            by += len(text) - (cell.end - cell.start)
            moved.append(cell._replace(start=start, end=start + len(text)))
        self._text, self._cells = "".join([*pieces, self._text[at:]]), moved

    def written(self) -> bytes:
        """The file."""
        return self._bom + self._text.encode(self._encoding, "replace")


def _cells(text: str, delimiter: str) -> Iterator[Cell]:
    """The cells of a text, without the quotes around them."""
    quoted = re.compile(r'[ ]*"((?:[^"]|"")*)"?[^\r\n' + re.escape(delimiter) + "]*")
    plain = re.compile(f"[^\r\n{re.escape(delimiter)}]*")
    at = row = column = 0
    while at <= len(text):
        match = quoted.match(text, at)
        if match is not None:
            yield Cell(match.start(1), match.end(1), row, column)
        else:
            match = plain.match(text, at)
            assert match is not None  # noqa: S101 - it matches nothing at least
            yield Cell(match.start(), match.end(), row, column)
        at = match.end()
        if text.startswith("\r\n", at):
            at += 1
        if at < len(text) and text[at] in "\r\n":
            row, column = row + 1, 0
        else:
            column += 1
        at += 1


class _Workbook:
    """A workbook. What is read of it goes into a new one: values of cells, what they are shown as, what is hidden,
    merged or coloured; so nothing that hangs on them (titles, formulas, remarks, names, lists, properties) comes along.
    """

    def __init__(self, name: str, raw: bytes) -> None:
        from openpyxl import load_workbook  # only workbooks need it

        try:
            self._book = load_workbook(io.BytesIO(raw), data_only=True)
            formulas = load_workbook(io.BytesIO(raw))
        except Exception:  # noqa: BLE001 - openpyxl raises whatever it meets in a damaged file
            raise Wrong(msg("{file} cannot be opened as a workbook", file=name)) from None
        self._sheets = list(self._book.worksheets)
        for sheet, other in zip(self._sheets, formulas.worksheets, strict=True):
            for cell in (cell for row in other.iter_rows() for cell in row if cell.data_type == "f"):
                own = sheet.cell(cell.row, cell.column)
                if own.value is None and own.data_type != "str":  # which is a text without letters
                    own.value = NEVER_COMPUTED

    def tables(self) -> list[list[list[str]]]:
        """The texts of the cells of every worksheet, by row."""
        return [
            [["" if cell.value is None else str(cell.value) for cell in row] for row in sheet.iter_rows()]
            for sheet in self._sheets
        ]

    def change(self, invented: Invented, *, persons: bool) -> None:
        """Writes invented texts and numbers into the cells."""
        for sheet, table in zip(self._sheets, self.tables(), strict=True):
            rows = list(sheet.iter_rows())
            for row, column, text in _changed(table, invented, persons):
                cell = rows[row][column]
                if cell.data_type not in ("e", "f"):
                    kind: Callable[[str], object] = int if isinstance(cell.value, int) and text.isdecimal() else str
                    cell.value = kind(text)
                    cell.data_type = "n" if kind is int else "s"

    def written(self) -> bytes:
        """The file, without what a program writes of its user."""
        from openpyxl import Workbook
        from openpyxl.packaging.core import DocumentProperties

        made = Workbook()
        made.properties = DocumentProperties(creator="")
        made.epoch = self._book.epoch
        made.remove(made.worksheets[0])
        for number, sheet in enumerate(self._sheets, 1):
            copy = made.create_sheet(f"Sheet{number}")
            copy.sheet_state = sheet.sheet_state
            _copy_cells(sheet, copy)
            _copy_shape(sheet, copy)
        out = io.BytesIO()
        made.save(out)
        return out.getvalue()


NEVER_COMPUTED = "=0"
"""What stands for a formula whose value the file does not hold."""


def _copy_cells(sheet: Any, copy: Any) -> None:
    """The cells of an openpyxl worksheet, each in one of a few formats."""
    from openpyxl.styles import PatternFill

    fills: dict[str, PatternFill] = {}
    for cell in (cell for row in sheet.iter_rows() for cell in row):
        fill = repr(cell.fill.fgColor) if cell.has_style and cell.fill.fill_type == "solid" else None
        if cell.value is None and fill is None:
            continue
        new = copy.cell(cell.row, cell.column, cell.value)
        if cell.data_type in ("s", "e", "f"):
            new.data_type = cell.data_type  # a text that looks like a formula is none
        new.number_format = _format_of(cell)
        if fill is not None:
            new.fill = fills.setdefault(fill, PatternFill("solid", fgColor=f"{0xFFC000 + 16 * len(fills):06X}"))


def _format_of(cell: Any) -> str:
    """How a cell is shown, as far as it says what its number is: a percentage, a time, or plain."""
    value = cell.value
    if isinstance(value, timedelta):
        return "[h]:mm:ss"
    if isinstance(value, time):
        return "hh:mm:ss"
    if isinstance(value, date):
        return "yyyy-mm-dd" if not isinstance(value, datetime) or value.time() == time() else "yyyy-mm-dd hh:mm:ss"
    if "%" in _LITERAL.sub("", cell.number_format or ""):
        return "0.00%"
    return "General"


_LITERAL = re.compile(r'"[^"]*"|\\.')
"""What a format writes as it stands."""


def _copy_shape(sheet: Any, copy: Any) -> None:
    """What is merged and what is hidden."""
    for area in sheet.merged_cells.ranges:
        copy.merge_cells(area.coord)
    for number, row in sheet.row_dimensions.items():
        if row.hidden:
            copy.row_dimensions[number].hidden = True
    for letter, column in sheet.column_dimensions.items():
        if column.hidden:
            new = copy.column_dimensions[letter]
            new.hidden, new.min, new.max, new.outlineLevel = True, column.min, column.max, column.outlineLevel
