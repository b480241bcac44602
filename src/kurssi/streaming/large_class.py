"""One very large class, graded piece by piece on all cores: straight into CSV, or into a workbook of values.

What comes out is the same bytes that the usual way writes. Whatever is out of the ordinary is left to the usual way,
before anything is written or said: it reads the table whole and reports all that is wrong with it.
"""

from __future__ import annotations

import hashlib
import os
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import closing, contextmanager
from datetime import date, datetime
from io import BufferedReader
from itertools import pairwise
from typing import IO, TYPE_CHECKING, NamedTuple, Protocol

from kurssi import operating_system
from kurssi.course.check import Checked
from kurssi.diagnostics.finding import Finding
from kurssi.diagnostics.visible import visible
from kurssi.diagnostics.words import Words
from kurssi.gradebook.gradebook import Gradebook
from kurssi.sheets import ATTENDED, LEVEL, Act, acts_of, idle_after
from kurssi.values.classlist import Attempt, ClassList, Input
from kurssi.values.times import When
from kurssi.values.vocabulary import without_signs

from . import workers
from .csv_lines import Lines, Piece
from .wide_table import NotStreamable, WideTable
from .workers import Span

if TYPE_CHECKING:  # a list needs no workbook
    from .large_workbook import LargeWorkbook

BEGIN = 1 << 16
"""Bytes in which the header and the first rows are looked at."""

QUOTE = b'"'
"""Only between two of these can a line end without ending a row."""


class Sums(NamedTuple):
    """What is said about a class beside its list."""

    students: int
    counts: Counter[tuple[str, int | None]]
    """Students by status and grade."""
    acted: frozenset[Act]
    """What rules of the policy could act on."""
    late: frozenset[int]
    """The columns of times by which something came late that costs nothing."""


class StreamedClass(NamedTuple):
    """A class of which only sums are in memory: what was written of it, and what there is to say of the table."""

    sums: Sums
    findings: tuple[Finding, ...]


class Sink(Protocol):
    """What takes the lines of pieces."""

    def write(self, data: bytes, /) -> object:
        """Takes the lines of one piece."""


def stream_csv(checked: Checked, path: str, as_of: date | None, words: Words, out: Sink) -> StreamedClass | None:
    """Grades the table at ``path`` into CSV; None where it has to be read whole."""
    if checked.file is None:
        return None
    book = Gradebook(checked.file, checked.document, checked.policy, ClassList(()), (), (), (), as_of)
    try:
        with _unchanged(path) as table:
            wide = WideTable(path, table.read(BEGIN), checked.policy)
            sums = _together(Lines(wide, book, words), table, out)
    except (NotStreamable, OSError):
        return None
    return StreamedClass(sums, _findings(checked, wide, sums.acted, sums.late))


def stream_workbook(
    checked: Checked, raw: bytes, path: str, as_of: date | None, words: Words
) -> tuple[StreamedClass, Gradebook, LargeWorkbook] | None:
    """Grades the table at ``path`` into a workbook of values that is yet to be finished; None as above.

    ``raw`` are the bytes of the implementation. The gradebook has no students.
    """
    from .large_workbook import LargeWorkbook, Rows

    if checked.file is None:
        return None
    try:
        with _unchanged(path) as table:
            wide = WideTable(path, table.read(BEGIN), checked.policy)
            table.seek(0)
            digests = hashlib.sha256(raw).hexdigest(), hashlib.file_digest(table, "sha256").hexdigest()
            inputs = tuple(map(Input, (checked.document.name, path), digests))
            found = _findings(checked, wide, *_expected(wide))
            findings = (*checked.findings, *found)
            book = Gradebook(checked.file, checked.document, checked.policy, ClassList(()), (), inputs, findings, as_of)
            report = LargeWorkbook(book, words)
            sums = _together(Rows(wide, book, words), table, report)
            if _findings(checked, wide, sums.acted, sums.late) != found:
                raise NotStreamable  # a column has nothing in it, or nobody was late; the workbook says so by now
    except (NotStreamable, OSError):
        return None
    return StreamedClass(sums, found), book, report


@contextmanager
def _unchanged(path: str) -> Iterator[BufferedReader]:
    """The file, for reading. Raises :class:`NotStreamable` at the end where somebody has written into it meanwhile."""
    with open(path, "rb") as file:
        before = os.fstat(file.fileno())
        yield file
        after = os.fstat(file.fileno())
        if (before.st_mtime_ns, before.st_size) != (after.st_mtime_ns, after.st_size):
            raise NotStreamable


_EARLY, _AFTER = (When(datetime(year, 1, 1), True) for year in (1900, 9999))  # noqa: DTZ001 - any time will do


def _expected(wide: WideTable) -> tuple[frozenset[Act], frozenset[int]]:
    """What rules can act on, and by which columns something came late for nothing, as it is in most large classes.

    Every column has something in it; somebody has a deadline of his own, and somebody came late.
    """
    acts: set[Act] = set() if wide.level is None else {LEVEL if "activity" in wide.plain else ATTENDED}
    late: set[int] = set()
    for cells in wide.parts:
        for number, times, own in zip(cells.numbers, cells.times, cells.dues, strict=True):
            before = [Attempt("missing")] * (number - 1)
            for due in {None, _EARLY if own is not None else None}:
                one = Attempt("scored", submitted=_AFTER if times is not None else None, due=due)
                acts.update(acts_of(cells.part, [*before, one]))
                late.update(cells.late([*before, one], wide.zone))
    return frozenset(acts), frozenset(late)


def _findings(
    checked: Checked, wide: WideTable, acted: AbstractSet[Act], late: AbstractSet[int]
) -> tuple[Finding, ...]:
    """What there is to say of the table, and which rules of the policy had nothing to act on."""
    idle = idle_after(checked.policy, acted)
    placed = [f._replace(place=checked.document.place(f.path, key=True)) if f.path else f for f in idle]
    return (*wide.findings_with(late), *placed)


# ---- pieces ------------------------------------------------------------------------------------------------


def _pieces(lines: Lines, table: IO[bytes]) -> Iterator[tuple[Span, Piece, bytes]]:
    """The pieces of the table in order: where they are, what they came to, and their lines.

    They are made by as many processes as there are cores.
    """

    def plain(span: Span) -> tuple[Piece | None, Sequence[bytes]]:
        """A piece that ends where a line ends; None where a line might not be a row."""
        raw = _ordinary(_read(table, span))
        return (None, ()) if QUOTE in raw else lines.of(raw)

    def any_(span: Span) -> tuple[Piece, Sequence[bytes]]:
        return lines.of(_ordinary(_read(table, span)))

    start = lines.wide.start
    spans = list(lines.wide.lines(table))
    with closing(workers.in_order(plain, spans, operating_system.cores())) as made:
        for span, (piece, text) in zip(spans, made, strict=True):
            if piece is None:
                break
            start = span[1]
            yield span, piece, text
        else:
            return
    spans = list(lines.wide.pieces(table, start))
    with closing(workers.in_order(any_, spans, operating_system.cores())) as all_made:
        for span, (any_piece, text) in zip(spans, all_made, strict=True):
            yield span, any_piece, text


_SUSPECT = frozenset({*range(9), 11, 12, *range(14, 32), 0x7F, 0xC2, 0xCD, 0xD8, 0xE1, 0xE2, 0xE3, *range(0xED, 256)})
PLAIN = bytes(set(range(256)) - _SUSPECT)
"""The bytes of UTF-8 with which no hidden sign begins."""


def _ordinary(raw: bytes) -> bytes:
    """The same. Raises :class:`NotStreamable` where a text in it would be shown in another way."""
    if b"::" in raw or b"##[" in raw:
        raise NotStreamable
    if raw.translate(None, PLAIN):
        text = raw.decode("utf-8", "replace").replace("\r\n", "\n")
        if visible(text) != text:
            raise NotStreamable
    return raw


def _read(table: IO[bytes], span: Span) -> bytes:
    """A piece of the very file that was opened, whatever has its name by now."""
    return operating_system.read_at(table, span[0], span[1] - span[0])


def _together(lines: Lines, table: IO[bytes], out: Sink) -> Sums:
    """Writes the lines of all pieces. Raises :class:`NotStreamable` where they contradict each other."""
    out.write(lines.head())
    students, counts = 0, Counter[tuple[str, int | None]]()
    acted: set[Act] = set()
    late: set[int] = set()
    numbers = array("q")
    groups: dict[str, str] = {}
    last, ascending, sorted_pieces = "", True, []
    for span, piece, text in _pieces(lines, table):
        if not piece.students:
            continue
        out.write(text)
        students += piece.students
        counts += piece.counts
        acted |= piece.acted
        late |= piece.late
        if piece.ascending:
            sorted_pieces.append(span)
        ascending = ascending and piece.ascending and last < piece.first
        last = piece.last
        numbers += piece.numbers
        for folded, spelled in piece.groups.items():
            if groups.setdefault(folded, spelled) != spelled:
                raise NotStreamable
    if len(set(map(without_signs, groups))) < len(groups):
        raise NotStreamable  # two groups may be one
    if not ascending:
        for span in sorted_pieces:
            numbers += lines.numbers(_read(table, span))
    if not students or not (ascending or _all_different(numbers)):
        raise NotStreamable
    return Sums(students, counts, frozenset(acted), frozenset(late))


def _all_different(numbers: array[int]) -> bool:
    """Whether no student number, by its hash, comes twice."""
    return all(one != other for one, other in pairwise(sorted(numbers)))
