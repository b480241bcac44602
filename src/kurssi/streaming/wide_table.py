"""A CSV table of very many students, one row each (a *wide* table), read a piece of the file at a time.

What a cell means is said by :func:`~kurssi.sheets.read_sheets` alone: each different text is put into a small sheet
below the same header and read there, once. That is safe only where no row says anything about another. Whatever might,
and whatever is wrong, raises :class:`NotStreamable`: the table is then read whole, which finds all there is to say.
"""

from __future__ import annotations

import codecs
import csv
import io
import os
from collections.abc import Iterator, Sequence, Set
from datetime import datetime, timedelta
from itertools import islice
from typing import IO, NamedTuple
from zoneinfo import ZoneInfo

from kurssi.diagnostics.finding import Finding, Severity, in_order
from kurssi.diagnostics.message import Wrong
from kurssi.grading.lateness import LateClock, Lateness
from kurssi.policy.model import Part, Policy
from kurssi.sheets import layouts, read_sheets
from kurssi.sheets.columns import Headers, Role
from kurssi.sheets.headings import from_header
from kurssi.sheets.identity import is_word
from kurssi.sheets.lateness import counts
from kurssi.sheets.layouts.layout import MOST_PREAMBLE
from kurssi.sheets.reading import PLAIN_UNIT
from kurssi.sheets.report import Report
from kurssi.sheets.sameness import LEAST, is_mark
from kurssi.sheets.table import Row, Table
from kurssi.sheets.table_files import LONGEST_HEADER, delimiter_of
from kurssi.sheets.without_effect import costs_nothing, late_for_nothing
from kurssi.values.classlist import Attempt, Student
from kurssi.values.times import When, deadline, handed_in, read_when

from .line_cache import Batch, LinePattern, Stretch, line_pattern

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
    """The table has to be read whole. Never shown: who catches it goes the usual way."""


_NONE = Attempt("missing")


class PartColumns(NamedTuple):
    """The columns of one part: where they stand, and how the times of each are told apart (None: not a time)."""

    part: Part
    columns: tuple[int, ...]
    times: tuple[Times | None, ...]
    dues: tuple[int | None, ...]
    """For a column of times, the column of the student's own deadline for the same attempt."""
    numbers: tuple[int, ...]
    """Of which attempt each column is."""

    def late(self, attempts: Sequence[Attempt], zone: ZoneInfo) -> Iterator[int]:
        """The columns of times by which something came late that costs nothing."""
        for column, times, number in zip(self.columns, self.times, self.numbers, strict=True):
            if times is not None and number <= len(attempts):
                given = attempts[number - 1]
                due = given.due or self.part.dues[number - 1]
                if late_for_nothing(self.part, given.state, given.submitted, due, zone):
                    yield column


class WideTable:
    """A CSV file with one row per student whose columns are understood by their headers alone."""

    def __init__(self, name: str, begin: bytes, policy: Policy) -> None:
        """``begin`` is the file up to the end of its first line at least. Raises :class:`NotStreamable`."""
        self.name = name
        self.policy = policy
        if policy.takers() or policy.has_ways or policy.requires or policy.bonuses_by_steps():
            raise NotStreamable  # what a column comes to is kept for one part, and verdicts by the sum of all
        self.zone = ZoneInfo(policy.timezone)
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
        """By column, the :class:`Times` of those columns whose times are cut off after the hour."""
        self.pattern = self._line_pattern(begin_text.partition("\n")[2].replace("\r\n", "\n"))
        self.findings: list[Finding] = []
        """What there is to say about the header."""
        _, self.findings = self._read([["1"]], [self.student])
        if any(f.place.line != 1 or f.severity is Severity.error for f in self.findings):
            raise NotStreamable
        self._look_at_scores([row for row in first[1:] if row])

    def _roles(self) -> list[Role]:
        headers = Headers(self.policy)
        roles = [headers.role(name.strip()) for name in self.header]
        used = [role for role in roles if role.meaning != "unused"]
        if not {role.meaning for role in used} <= TOGETHER.union(OF_ATTEMPTS):
            raise NotStreamable
        if any(role.component for role in used):
            raise NotStreamable  # markers can be apart, which is said of their cells
        if not all(name.strip() for name in self.header):
            raise NotStreamable
        if any(headers.unit_of(role, name) is not PLAIN_UNIT for role, name in zip(roles, self.header, strict=True)):
            raise NotStreamable
        if Role("student") not in used or len(set(used)) < len(used):
            raise NotStreamable
        if Role("name") in used and (Role("surname") in used or Role("first name") in used):
            raise NotStreamable  # which of the names counts is said by all rows together
        return roles

    def _look_at_rows(self, rows: Sequence[Sequence[str]]) -> None:
        """Raises :class:`NotStreamable` where a header stands further down, as far as the first rows tell."""
        headers = Headers(self.policy)
        table = Table(self.name, None, [Row(number, row) for number, row in enumerate((self.header, *rows), 1)])
        if from_header(table, headers, Report()) is not table:
            raise NotStreamable
        roles = [headers.role(name.strip()) for name in self.header]
        by_group = {part.id for part in self.policy.leaves() if part.by_group}
        taken = ("score", "submitted") if Role("group") in roles else ("score",)
        self.of_groups = {at for at, role in enumerate(roles) if role.part in by_group and role.meaning in taken}

    def _look_at_scores(self, rows: Sequence[Sequence[str]]) -> None:
        """Raises :class:`NotStreamable` where the first rows all have the same score: all rows may have it."""
        if len(rows) < LEAST:
            return
        scores = [
            (at, cells.part.id, number)
            for cells in self.parts
            for at, number, times in zip(cells.columns, cells.numbers, cells.times, strict=True)
            if times is None and at not in self.times
        ]
        columns = [at for at, _, _ in scores]
        students, _ = self._read([[row[at] if at < len(row) else "" for at in columns] for row in rows], columns)
        for _, part, number in scores:
            found = {
                attempt[:2] for s in students for attempt in s.attempts.get(part, ())[number - 1 : number] or (_NONE,)
            }
            if len(found) == 1 and is_mark(found.pop()[0]):
                raise NotStreamable

    def _cells(self, part: Part, at: dict[Role, int]) -> PartColumns:
        columns, times, dues, numbers = [], [], [], []
        for number, due in enumerate(part.dues, 1):
            own = at.get(Role("due", part.id, number))
            for meaning in OF_ATTEMPTS:
                index = at.get(Role(meaning, part.id, number))  # type: ignore[arg-type]
                if index is None:
                    continue
                columns.append(index)
                numbers.append(number)
                times.append(Times(part, due, self.zone, self.policy.free is None) if meaning == "submitted" else None)
                dues.append(own if meaning == "submitted" else None)
        return PartColumns(part, tuple(columns), tuple(times), tuple(dues), tuple(numbers))

    def _line_pattern(self, first: str) -> LinePattern | None:
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
        return line_pattern(len(self.header), self.delimiter, head, alone, deciding, set(self.hours), first)

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
        # the same score in all rows of this small sheet says nothing of the table; lateness is said of the whole one
        findings = [finding for finding in findings if finding.rule not in ("all-the-same", "late-costs-nothing")]
        if findings != self.findings or len(students) != len(rows):
            raise NotStreamable
        return students

    def findings_with(self, late: Set[int]) -> list[Finding]:
        """What there is to say of the table, where something came late for nothing by these columns."""
        table = Table(self.name, None, [])
        return in_order(
            [*self.findings, *([costs_nothing(table, 1, {at: self.header[at].strip() for at in late})] if late else [])]
        )

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
            whole = self.hours[stretch.columns[-1]].one_for_the_hour(cells[-1])
            if whole is None:
                return None
            cells[-1] = whole
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
            batch = self.pattern.of(lines) if self.pattern is not None else None
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

_ANY_TIME = "2024-01-01 12:00"


class Times(dict[str, str]):
    """For the text of a time another that means the same for the grade: one for all that came equally late.

    Only ISO texts of local times are told apart so; every other text stands for itself.
    """

    def __init__(self, part: Part, due: When | None, zone: ZoneInfo, units_end: bool) -> None:
        """``units_end``: after ``closes`` it does not matter any more how late something is."""
        super().__init__()
        self.days: dict[str, datetime | None] = {}
        self.clocks: dict[str, timedelta | None] = {}
        late = part.late if counts(part.late) else None
        self.late_clock = LateClock(late, due, zone) if late is not None and due is not None else None
        self.due = None if due is None or part.never_late else deadline(due, zone)
        """Whether anything came late is said even where no late rule counts."""
        self.zone = zone
        self.units_end = units_end
        self.alike: dict[Lateness, str] = {}

    def __missing__(self, text: str) -> str:
        if len(self) >= MOST_TEXTS:
            self.clear()
        found = self[text] = self._stand_in(text)
        return found

    def one_for_the_hour(self, begin: str) -> str | None:
        """A time that stands for every minute of an hour, whose text is ``begin`` and the minute; None if none does."""
        found = {self._stand_in(f"{begin}{minute:02}") for minute in range(60)}
        return found.pop() if len(found) == 1 else None

    def _stand_in(self, text: str) -> str:
        if text[4:5] != "-":
            return text
        day, clock = text[:10], text[10:]
        if day not in self.days:
            if len(self.days) >= MOST_TEXTS:
                self.days.clear()
            self.days[day] = _moment(day, clock=False)
        if clock not in self.clocks:
            if len(self.clocks) >= MOST_TEXTS:
                self.clocks.clear()
            moment = _moment("2024-01-01" + clock, clock=True)
            self.clocks[clock] = None if moment is None else moment - _FIRST
        at, after = self.days[day], self.clocks[clock]
        if at is None or after is None:
            return text
        came = When(at + after, True)
        if self.late_clock is not None:
            lateness = self.late_clock.of(came)
        elif self.due is not None:
            lateness = Lateness(int(handed_in(came, self.zone) > self.due), False)
        else:
            return _ANY_TIME  # nothing is ever late: any time is as good as another
        if lateness.closed and self.units_end:
            lateness = Lateness(0, True)
        return self.alike.setdefault(lateness, text)


_FIRST = datetime(2024, 1, 1)  # noqa: DTZ001 - local time, by contract


def _moment(text: str, *, clock: bool) -> datetime | None:
    """A local time; None where the text is none, or says more or less than that."""
    try:
        when = read_when(text)
    except Wrong:
        return None
    return when.at if when.clock == clock and when.at.tzinfo is None and text[:4].isdecimal() else None
