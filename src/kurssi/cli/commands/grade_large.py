"""``kurssi grade`` for one very large table: piece by piece, on all cores, straight into CSV.

The files are the same bytes that the usual way writes. Whatever is out of the ordinary is left to the usual way,
before anything is written or said: it reads the table whole and reports all that is wrong with it.
"""

from __future__ import annotations

import hashlib
import os
import sys
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import date, datetime
from io import BufferedReader
from itertools import pairwise
from typing import IO, NamedTuple, Protocol

from kurssi.cli import outputs, session
from kurssi.cli.files import Draft
from kurssi.cli.inputs import show
from kurssi.course.check import Checked
from kurssi.course.model import ImplementationFile
from kurssi.diagnostics.finding import Finding, Severity
from kurssi.gradebook.gradebook import Gradebook
from kurssi.policy.model import Policy, resolve
from kurssi.reports.rows import STATUS, summed_up
from kurssi.sheets import idle_rules
from kurssi.streaming import workers
from kurssi.streaming.csv_lines import Lines, Piece
from kurssi.streaming.wide_table import NotStreamable, WideTable
from kurssi.streaming.workers import Span
from kurssi.values.classlist import Attempt, ClassList, Input, Student
from kurssi.values.times import When
from kurssi.values.vocabulary import without_signs

BEGIN = 1 << 16
"""Bytes in which the header and the first rows are looked at."""

QUOTE = b'"'
"""Only between two of these can a line end without ending a row."""


class Sums(NamedTuple):
    """What is said about a class beside its list."""

    students: int
    counts: Counter[tuple[str, int | None]]
    """Students by status and grade."""


class Sink(Protocol):
    """What takes the lines of pieces."""

    def write(self, data: bytes, /) -> object:
        """Takes the lines of one piece."""


def grade_large(
    checked: Checked,
    file: ImplementationFile,
    path: str,
    *,
    as_of: date | None,
    to_stdout: bool,
    output: Sequence[str],
    force: bool,
) -> int | None:
    """Grades the table at ``path`` into CSV: to standard output, or into the files of ``output``.

    None, with nothing written and nothing said, where the table has to be read whole, and where a class is small
    enough to be shown on the screen.
    """
    here = session.current
    policy = resolve(file)
    book = Gradebook(file, checked.document, policy, ClassList(()), (), (), (), as_of)
    with Draft(output[0] if output else None) as out:
        try:
            with _unchanged(path) as table:
                wide = WideTable(path, table.read(BEGIN), policy)
                lines = Lines(wide, book, here.report_words(file.implementation.language))
                sums = _together(lines, table, out)
        except (NotStreamable, OSError):
            return None
        if not to_stdout and sums.students < outputs.MOST_SHOWN:
            return None
        _show(checked, wide, policy)
        if to_stdout:
            sys.stdout.flush()
            out.copy_to(sys.stdout.buffer)
        else:
            _sum_up(sums, policy)
        return max((outputs.write_one(path, out, force) for path in output), default=0)


def grade_large_workbook(
    checked: Checked,
    file: ImplementationFile,
    raw: bytes,
    path: str,
    *,
    as_of: date | None,
    output: Sequence[str],
    force: bool,
) -> int | None:
    """Grades the table at ``path`` into workbooks; None, with nothing written and nothing said, as above.

    ``raw`` are the bytes of the implementation.
    """
    from kurssi.reports.excel.sheet import MOST_DETAILED
    from kurssi.streaming.large_workbook import LargeWorkbook, Rows

    words = session.current.report_words(file.implementation.language)
    policy = resolve(file)
    try:
        with _unchanged(path) as table:
            wide = WideTable(path, table.read(BEGIN), policy)
            table.seek(0)
            digests = hashlib.sha256(raw).hexdigest(), hashlib.file_digest(table, "sha256").hexdigest()
            inputs = tuple(map(Input, (checked.document.name, path), digests))
            findings = (*checked.findings, *wide.findings, *_idle(checked, wide, policy))
            book = Gradebook(file, checked.document, policy, ClassList(()), (), inputs, findings, as_of)
            report = LargeWorkbook(book, words)
            rows = Rows(wide, book, words)
            sums = _together(rows, table, report)
    except (NotStreamable, OSError):
        return None
    if sums.students <= MOST_DETAILED:
        return None
    _show(checked, wide, policy)
    _sum_up(sums, policy)
    data = report.finish(sums.students, sums.counts, outputs.changed(book))
    return max((outputs.write_one(path, data, force) for path in output), default=0)


@contextmanager
def _unchanged(path: str) -> Iterator[BufferedReader]:
    """The file, for reading. Raises :class:`NotStreamable` at the end where somebody has written into it meanwhile."""
    with open(path, "rb") as file:
        before = os.fstat(file.fileno())
        yield file
        after = os.fstat(file.fileno())
        if (before.st_mtime_ns, before.st_size) != (after.st_mtime_ns, after.st_size):
            raise NotStreamable


def _show(checked: Checked, wide: WideTable, policy: Policy) -> None:
    about = [f for f in checked.findings if f.counts and f.severity >= Severity.warning]
    show([*about, *wide.findings, *_idle(checked, wide, policy)], checked)


def _idle(checked: Checked, wide: WideTable, policy: Policy) -> list[Finding]:
    """The rules that the table has no column for; whether all cells of a column are empty is not looked for."""
    when = When(datetime.min, True)  # noqa: DTZ901 - any time will do
    attempts = {}
    for cells in wide.parts:
        timed = {n for n, times in zip(cells.numbers, cells.times, strict=True) if times is not None}
        if timed:
            tries = range(1, len(cells.part.dues) + 1)
            attempts[cells.part.id] = tuple(Attempt("scored", submitted=when if n in timed else None) for n in tries)
    level = None if wide.level is None else 0
    full = Student("", attempts=attempts, level=None if level is None else "", attended=level)
    findings = idle_rules(policy, [full])
    return [f._replace(place=checked.document.place(f.path, key=True)) if f.path else f for f in findings]


def _sum_up(sums: Sums, policy: Policy) -> None:
    """What is said instead of a table on the screen."""
    here = session.current
    counts = {status: sum(n for (s, _), n in sums.counts.items() if s == status) for status in STATUS}
    spread = [sum(n for (_, g), n in sums.counts.items() if g == grade) for grade in policy.scale.grades]
    here.note(outputs.not_shown(sums.students))
    here.note(summed_up(sums.students, counts, spread, policy, here.words))


# ---- pieces ------------------------------------------------------------------------------------------------


def _pieces(lines: Lines, table: IO[bytes]) -> Iterator[tuple[Span, Piece, bytes]]:
    """The pieces of the table in order: where they are, what they came to, and their lines.

    They are made by as many processes as there are cores.
    """

    def plain(span: Span) -> tuple[Piece | None, Sequence[bytes]]:
        """A piece that ends where a line ends; None where a line might not be a row."""
        raw = _read(table, span)
        return (None, ()) if QUOTE in raw else lines.of(raw)

    def any_(span: Span) -> tuple[Piece, Sequence[bytes]]:
        return lines.of(_read(table, span))

    start = lines.wide.start
    spans = list(lines.wide.lines(table))
    with closing(workers.in_order(plain, spans, workers.cores())) as made:
        for span, (piece, text) in zip(spans, made, strict=True):
            if piece is None:
                break
            start = span[1]
            yield span, piece, text
        else:
            return
    spans = list(lines.wide.pieces(table, start))
    with closing(workers.in_order(any_, spans, workers.cores())) as all_made:
        for span, (any_piece, text) in zip(spans, all_made, strict=True):
            yield span, any_piece, text


def _read(table: IO[bytes], span: Span) -> bytes:
    """A piece of the very file that was opened, whatever has its name by now."""
    start, end = span
    if sys.platform == "win32":  # there is one process
        table.seek(start)
        return table.read(end - start)
    return os.pread(table.fileno(), end - start, start)


def _together(lines: Lines, table: IO[bytes], out: Sink) -> Sums:
    """Writes the lines of all pieces. Raises :class:`NotStreamable` where they contradict each other."""
    out.write(lines.head())
    students, counts = 0, Counter[tuple[str, int | None]]()
    numbers = array("q")
    groups: dict[str, str] = {}
    last, ascending, sorted_pieces = "", True, []
    for span, piece, text in _pieces(lines, table):
        if not piece.students:
            continue
        out.write(text)
        students += piece.students
        counts += piece.counts
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
    return Sums(students, counts)


def _all_different(numbers: array[int]) -> bool:
    """Whether no student number, by its hash, comes twice."""
    return all(one != other for one, other in pairwise(sorted(numbers)))
