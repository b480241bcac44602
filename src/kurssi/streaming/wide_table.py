"""One wide table of very many students, a piece of the file at a time.

What a cell means is still said by :func:`~kurssi.sheets.read_sheets`: each different text is put into a small sheet
below the same header and read there, once. A table with anything out of the ordinary in it is :class:`NotStreamable`;
it is then read whole, and that way finds all there is to say.
"""

from __future__ import annotations

import codecs
import csv
import io
import os
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta
from itertools import islice
from typing import IO, NamedTuple
from zoneinfo import ZoneInfo

from kurssi.diagnostics.finding import Finding, Severity
from kurssi.diagnostics.message import Wrong
from kurssi.policy.model import Late, Part, Policy
from kurssi.sheets import layouts, read_sheets
from kurssi.sheets.columns import Headers, Role
from kurssi.sheets.headings import from_header
from kurssi.sheets.identity import is_word
from kurssi.sheets.lateness import counts
from kurssi.sheets.layouts.layout import MOST_PREAMBLE
from kurssi.sheets.reading import PLAIN_UNIT
from kurssi.sheets.report import Report
from kurssi.sheets.table import Row, Table
from kurssi.sheets.table_files import LONGEST_HEADER, delimiter_of
from kurssi.values.classlist import Student
from kurssi.values.hours import Length
from kurssi.values.times import When, read_when
from kurssi.values.vocabulary import CELLS, fold

from .line_cache import Batch, Cut, Stretch, cut_for

BATCH = 4096
"""So many rows are turned into columns at once."""

BLOCK = 1 << 16
"""So many characters of lines without quotation marks are turned into columns at once."""

PIECE = 1 << 19
"""Bytes of the file that are read at once."""

ASCII_BLANKS = "\t\n\v\f\r\x1c\x1d\x1e\x1f "
BLANKS = ASCII_BLANKS + (
    "\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
)
"""All characters that divide words."""

LINE = 1 << 12
"""Bytes in which most lines end."""

MOST_TEXTS = 1 << 16
"""So many different texts of a column are remembered."""

TOGETHER = {"student", "surname", "first name", "name", "email", "group", "activity", "attended", "unused"}
NAMING = ("student", "surname", "name", "first name")
OF_ATTEMPTS = ("score", "submitted", "due")


class NotStreamable(Exception):
    """The table has to be read whole."""


class Cells(NamedTuple):
    """The columns of one part: where they stand, and how the times of each are told apart (None: not a time)."""

    part: Part
    columns: tuple[int, ...]
    times: tuple[Times | None, ...]
    dues: tuple[int | None, ...]
    """For a column of times, the column of the student's own deadline for the same attempt."""
    numbers: tuple[int, ...]
    """Of which attempt each column is."""


class WideTable:
    """A CSV file with one row per student whose columns are understood by their headers alone."""

    def __init__(self, name: str, begin: bytes, policy: Policy) -> None:
        """``begin`` is the file up to the end of its first line at least. Raises :class:`NotStreamable`."""
        self.name = name
        self.policy = policy
        line, mark, _ = begin.partition(b"\n")
        if not mark or len(line) > LONGEST_HEADER or line.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            raise NotStreamable
        self.start = len(line) + 1
        """Where in the file the rows begin."""
        text = _decoded(line.removeprefix(codecs.BOM_UTF8))
        if text.startswith("sep=") or "\r" in text.removesuffix("\r") or text.count('"') % 2:
            raise NotStreamable
        self.delimiter = delimiter_of(text)
        whole_lines = begin[: begin.rfind(b"\n") + 1].removeprefix(codecs.BOM_UTF8)
        try:
            begin_text = _decoded(whole_lines)
            first = list(islice(self._records(begin_text), MOST_PREAMBLE + 1))
        except csv.Error:
            raise NotStreamable from None
        if layouts.recognise(Table(name, None, [Row(number, row) for number, row in enumerate(first, 1)])):
            raise NotStreamable
        self.header = first[0]
        self._look_at_rows(first[1:])
        roles = self._roles()
        at = {role: index for index, role in enumerate(roles)}
        self.plain = {meaning: at[Role(meaning)] for meaning in TOGETHER if Role(meaning) in at}  # type: ignore[arg-type]
        self.student = self.plain["student"]
        self.times = {index for role, index in at.items() if role.meaning in ("submitted", "due")}
        self.parts = [self._cells(part, at) for part in policy.leaves()]
        self.level = next((self.plain[name] for name in ("activity", "attended") if name in self.plain), None)
        """The column that says what activity adds."""
        self.hours: dict[int, Times] = {}
        """How times are told apart that a cut cuts behind their hours, by column."""
        self.cut = self._cut(begin_text.partition("\n")[2].replace("\r\n", "\n"))
        self.findings: list[Finding] = []
        """What there is to say about the header."""
        _, self.findings = self._read([["1"]], [self.student])
        if any(f.place.line != 1 or f.severity is Severity.error for f in self.findings):
            raise NotStreamable

    def _roles(self) -> list[Role]:
        headers = Headers(self.policy)
        roles = [headers.role(name.strip()) for name in self.header]
        used = [role for role in roles if role.meaning != "unused"]
        if not {role.meaning for role in used} <= TOGETHER.union(OF_ATTEMPTS):
            raise NotStreamable
        if not all(name.strip() for name in self.header):
            raise NotStreamable
        if any(headers.unit_of(role, name) is not PLAIN_UNIT for role, name in zip(roles, self.header, strict=True)):
            raise NotStreamable
        if Role("student") not in used or len(set(used)) < len(used):
            raise NotStreamable
        return roles

    def _look_at_rows(self, rows: Sequence[Sequence[str]]) -> None:
        """Raises :class:`NotStreamable` where what several rows say together may matter, as far as the first rows tell.

        A header may stand further down; a score that is the same in the first rows may be the same in all.
        """
        headers = Headers(self.policy)
        table = Table(self.name, None, [Row(number, row) for number, row in enumerate((self.header, *rows), 1)])
        if from_header(table, headers, Report()) is not table:
            raise NotStreamable
        roles = [headers.role(name.strip()) for name in self.header]
        by_group = {part.id for part in self.policy.leaves() if part.by_group and Role("group") in roles}
        self.of_groups = {
            at for at, role in enumerate(roles) if role.part in by_group and role.meaning in ("score", "submitted")
        }
        for at, role in enumerate(roles):
            texts = {_plain_number(row[at]) for row in rows if at < len(row)} if role.meaning == "score" else set()
            if len(texts) == 1 and CELLS.get(fold(text := texts.pop())) in (None, "failed") and text:
                raise NotStreamable

    def _cells(self, part: Part, at: dict[Role, int]) -> Cells:
        zone = ZoneInfo(self.policy.timezone)
        columns, times, dues, numbers = [], [], [], []
        for number, due in enumerate(part.dues, 1):
            own = at.get(Role("due", part.id, number))
            for meaning in OF_ATTEMPTS:
                index = at.get(Role(meaning, part.id, number))  # type: ignore[arg-type]
                if index is None:
                    continue
                if meaning == "submitted" and own is not None and due is None:
                    raise NotStreamable  # whether everybody has a deadline of their own
                columns.append(index)
                numbers.append(number)
                times.append(Times(part.late, due, zone, self.policy.free is None) if meaning == "submitted" else None)
                dues.append(own if meaning == "submitted" else None)
        return Cells(part, tuple(columns), tuple(times), tuple(dues), tuple(numbers))

    def _cut(self, first: str) -> Cut | None:
        """How lines are cut, where each part's columns stand side by side and a time, if any, is the last of them."""
        deciding = [cells.columns for cells in self.parts if cells.columns]
        for part in self.parts:
            *before, last = part.times or (None,)
            if any(times is not None for times in before) or any(due is not None for due in part.dues):
                return None
            if last is not None:
                self.hours[part.columns[-1]] = last
        if self.level is not None:
            deciding.append((self.level,))
        naming = [self.plain[meaning] for meaning in NAMING if meaning in self.plain]
        # in the order in which a list has them, a name in the place of a surname
        one_name = not {"name", "surname"} <= set(self.plain) and not {"name", "first name"} <= set(self.plain)
        together = one_name and naming == list(range(self.student, self.student + len(naming)))
        head = naming if together else [self.student]
        alone = [at for at in (*naming, self.plain.get("group")) if at is not None and at not in head]
        return cut_for(len(self.header), self.delimiter, head, alone, deciding, set(self.hours), first)

    def _records(self, text: str) -> Iterator[list[str]]:
        return csv.reader(io.StringIO(text, newline=""), delimiter=self.delimiter, strict=True, skipinitialspace=True)

    def _read(self, rows: Sequence[Sequence[str]], columns: Sequence[int]) -> tuple[Sequence[Student], list[Finding]]:
        """The students that these cells make below the header, each row alone, and what is found."""
        text = io.StringIO()
        writer = csv.writer(text, delimiter=self.delimiter)
        writer.writerow(self.header)
        for number, row in enumerate(rows):
            cells = [""] * len(self.header)
            cells[self.student] = str(number)
            for index, cell in zip(columns, row, strict=True):
                cells[index] = cell
            writer.writerow(cells)
        class_list, findings = read_sheets([(self.name, text.getvalue().encode())], self.policy)
        if class_list is None:
            raise NotStreamable
        return class_list.students, findings

    def read(self, rows: Sequence[Sequence[str]], columns: Sequence[int]) -> Sequence[Student]:
        """One student for each row of cells in these columns. Raises :class:`NotStreamable` on any finding."""
        for at, column in enumerate(columns):
            # Only a whole column decides which number of a slashed date is the day.
            if column in self.times and any("/" in row[at] for row in rows):
                raise NotStreamable
            # An empty cell may take the score, or lack the time, that stands in the rows of others in the group.
            if column in self.of_groups and not all(row[at].strip() for row in rows):
                raise NotStreamable
        students, findings = self._read(rows, columns)
        # the same score in all rows of this small sheet says nothing of the table
        findings = [finding for finding in findings if finding.rule != "all-the-same"]
        if findings != self.findings or len(students) != len(rows):
            raise NotStreamable
        return students

    def lines(self, file: IO[bytes]) -> Iterator[tuple[int, int]]:
        """(start, end) in bytes of pieces of about :data:`PIECE` that end where a line ends.

        A line ends a row where there is no quotation mark before it.
        """
        start, size = self.start, file.seek(0, os.SEEK_END)
        while start < size:
            end = start + PIECE
            if end >= size:
                end = size
            else:
                file.seek(end)
                while rest := file.read(LINE):
                    end += rest.find(b"\n") + 1 or len(rest)
                    if b"\n" in rest:
                        break
            yield start, end
            start = end

    def cells(self, stretch: Stretch, text: str) -> list[str] | None:
        """The cells that a text of a cut stands for, with some minute of the hour behind which a time was cut.

        None where not all of its minutes count alike. Raises :class:`NotStreamable` for too many or too few cells.
        """
        cells = text.split(self.delimiter)
        if len(cells) != len(stretch.columns):
            raise NotStreamable
        if stretch.hours and cells[-1].endswith(":"):
            first, last = cells[-1] + "00", cells[-1] + "59"
            times = self.hours[stretch.columns[-1]]
            if times[first] != times[last]:
                return None
            cells[-1] = first
        return cells

    def pieces(self, file: IO[bytes], start: int) -> Iterator[tuple[int, int]]:
        """The same from a place where a row begins; they end where a row ends."""
        while True:
            file.seek(start)
            block = file.read(PIECE)
            if not block:
                return
            end = len(block)
            if end == PIECE:
                end = _row_end(block)
            yield start, start + end
            start += end

    def batches(self, piece: bytes) -> Iterator[Batch]:
        """The rows in a piece, some at a time, those without anything in them left out."""
        text = _decoded(piece)
        if "\r" in text:
            text = text.replace("\r\n", "\n")
        if '"' in text or "\r" in text:
            yield from map(Batch, self._batches(text))
            return
        for lines in _blocks(text if text.endswith("\n") else text + "\n"):
            batch = self.cut.of(lines) if self.cut is not None else None
            if batch is not None and self._numbered(batch.columns):
                yield batch
                continue
            columns = self.columns(lines)
            if columns is None:
                yield from map(Batch, self._batches(lines))
            else:
                yield Batch(columns)

    def _numbered(self, columns: list[Sequence[str]]) -> bool:
        """Whether all students have a number, from now on without blanks around it.

        Raises :class:`NotStreamable` where a spreadsheet made numbers such as 1.2E+07 of them.
        """
        students = columns[self.student]
        text = "".join(students)
        if "+" in text:
            raise NotStreamable
        if has_blanks(text):
            columns[self.student] = students = list(map(str.strip, students))
        if not all(students):
            return False
        if not text.isdecimal() and any(map(is_word, students)):  # a row that sums up others
            raise NotStreamable
        return True

    def columns(self, lines: str) -> list[Sequence[str]] | None:
        """The columns of lines without quotation marks, each with its end: what a reader of CSV makes.

        None where a line has too few or too many cells, or no student number.
        """
        width, number = len(self.header), lines.count("\n")
        # A line feed begins a cell. If there are as many cells as there should be, and all line feeds stand in the
        # first cells of rows of the right width, then the rows are lines.
        cells = ("\n" + lines[:-1]).replace("\n", self.delimiter + "\n").split(self.delimiter)
        if len(cells) != 1 + number * width:
            return None
        first = "".join(cells[1::width]).split("\n")
        if len(first) != 1 + number:
            return None
        columns: list[Sequence[str]] = [first[1:], *(cells[index::width] for index in range(2, width + 1))]
        return columns if self._numbered(columns) else None

    def _batches(self, text: str) -> Iterator[list[Sequence[str]]]:
        """The same, whatever stands in the rows, :data:`BATCH` rows at a time."""
        rows = self._records(text)
        width = len(self.header)
        try:
            while batch := list(islice(rows, BATCH)):
                if set(map(len, batch)) != {width}:
                    batch = [row for row in batch if row]
                columns: list[Sequence[str]] = list(zip(*batch, strict=True))
                if batch and not all(map(str.strip, columns[self.student])):
                    batch = [row for row in batch if any(cell.strip() for cell in row)]
                    columns = list(zip(*batch, strict=True))
                if batch:
                    if len(columns) != width or not self._numbered(columns):
                        raise NotStreamable
                    yield columns
        except (csv.Error, ValueError):  # a quotation mark; rows of different lengths
            raise NotStreamable from None


def _plain_number(text: str) -> str:
    """A number in one way of writing it."""
    text = text.strip().replace(",", ".")
    return text.rstrip("0").rstrip(".") or "0" if "." in text else text


def has_blanks(text: str, but: str = "") -> bool:
    """Whether there is any sign in a text that divides words, ``but`` some."""
    blanks = ASCII_BLANKS if text.isascii() else BLANKS
    return any(blank in text for blank in blanks if blank not in but)


def _decoded(raw: bytes) -> str:
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        raise NotStreamable from None
    if "\0" in text:
        raise NotStreamable
    return text


def _blocks(text: str) -> Iterator[str]:
    """The lines of a text, each with its end, some of them at a time. Raises :class:`NotStreamable`."""
    start = 0
    while start < len(text):
        end = len(text)
        if end - start > BLOCK:
            end = text.rfind("\n", start, start + BLOCK) + 1
            if not end:  # a line so long that a reader of CSV might refuse a cell of it
                raise NotStreamable
        yield text[start:end]
        start = end


def _row_end(block: bytes) -> int:
    """The end of the last whole row of a block that begins where a row begins."""
    end, quotes = len(block), block.count(b'"')
    while end:
        cut = block.rfind(b"\n", 0, end) + 1
        quotes -= block.count(b'"', cut, end)
        end = cut
        if cut and quotes % 2 == 0:  # not inside quotation marks
            return cut
        end -= 1 if cut else 0
    raise NotStreamable


# ---- times -------------------------------------------------------------------------------------------------

MOST_MARKS = 200
"""Lateness is told apart by so many marks at most."""

_DAY = timedelta(days=1)
_UNITS = {"hour": timedelta(hours=1), "day": _DAY, "week": timedelta(weeks=1)}


class Times(dict[str, str]):
    """For the text of a time another that means the same for the grade: one for all on time, one for each late unit.

    Only ISO texts are told apart so, and only where the clock does not change near the deadline or the time after it
    in which units count. Every other text stands for itself.
    """

    def __init__(self, late: Late | None, due: When | None, zone: ZoneInfo, units_end: bool) -> None:
        """``units_end``: after ``closes`` it does not matter any more how late something is."""
        super().__init__()
        self.days: dict[str, datetime | None] = {}
        self.clocks: dict[str, timedelta | None] = {}
        self.marks: list[datetime] | None = []
        self.closed: str | None = None
        if due is not None and (late is None or not counts(late)):
            self.marks = _marks(None, due, zone)  # whether anything came late is said all the same
        elif late is not None and due is not None:
            self.marks = _marks(late, due, zone)
            if self.marks and late.closes is not None and units_end:
                self.closed = _written(self.marks[-1] + _DAY)
        self.written = [_written(mark) for mark in self.marks or ()]

    def __missing__(self, text: str) -> str:
        if len(self) >= MOST_TEXTS:
            self.clear()
        found = self[text] = self._stand_in(text)
        return found

    def _stand_in(self, text: str) -> str:
        if self.marks is None or text[4:5] != "-":
            return text
        day, clock = text[:10], text[10:]
        if day not in self.days:
            self.days[day] = _moment(day, clock=False)
        if clock not in self.clocks:
            if len(self.clocks) >= MOST_TEXTS:
                self.clocks.clear()
            moment = _moment("2024-01-01" + clock, clock=True)
            self.clocks[clock] = None if moment is None else moment - _FIRST
        at, after = self.days[day], self.clocks[clock]
        if at is None or after is None:
            return text
        if not self.marks:
            return "2024-01-01 12:00"  # nothing is ever late: any time is as good as another
        index = bisect_left(self.marks, at + after)
        return self.written[index] if index < len(self.written) else self.closed or text


_FIRST = datetime(2024, 1, 1)  # noqa: DTZ001 - local time, by contract


def _moment(text: str, *, clock: bool) -> datetime | None:
    """A local time; None where the text is none, or says more or less than that."""
    try:
        when = read_when(text)
    except Wrong:
        return None
    return when.at if when.clock == clock and when.at.tzinfo is None and text[:4].isdecimal() else None


def _written(mark: datetime) -> str:
    return mark.isoformat(" ")


def _marks(late: Late | None, due: When, zone: ZoneInfo) -> list[datetime] | None:
    """The local times up to which the units of lateness are the same, ascending; None where the clock changes."""
    end = due.at if due.clock else datetime.combine(due.at.date(), time.max)
    if end.tzinfo is not None:
        end = end.astimezone(zone).replace(tzinfo=None)
    if late is None:
        return [end] if _steady(zone, end - 2 * _DAY, end + 2 * _DAY) else None
    unit = _UNITS[late.per]
    units = 30
    if late.closes is not None:
        units = -(-_length(late.closes) // unit) + 1
    if units > MOST_MARKS:
        return None
    marks = {end + unit * number for number in range(units + 1)}
    marks.update(end + _length(length) for length in (late.grace, late.closes) if length is not None)
    return sorted(marks) if _steady(zone, end - 2 * _DAY, max(marks) + 2 * _DAY) else None


def _length(length: Length) -> timedelta:
    return timedelta(days=length.days) if length.days else length.elapsed


def _steady(zone: ZoneInfo, first: datetime, last: datetime) -> bool:
    """Whether the clock of a zone does not change between two local times."""
    hours = int((last - first) / timedelta(hours=6)) + 1
    return len({zone.utcoffset(first + timedelta(hours=6 * n)) for n in range(hours + 1)}) == 1
