"""The workbook of a very large class, written while its table is graded piece by piece.

It goes the way of :mod:`.csv_lines`; only the rows are those of a worksheet, and the sheet is put into the workbook at
the end.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import chain

from kurssi.diagnostics.words import Words
from kurssi.gradebook.gradebook import Gradebook
from kurssi.grading import PartResult, Result
from kurssi.reports.csv_and_markdown import NAMING
from kurssi.reports.excel.grades import Heads
from kurssi.reports.excel.large import CELL, LINE, Grades, cells_of, value
from kurssi.reports.excel.sheet import Writer
from kurssi.reports.excel.tally import Note
from kurssi.reports.rows import STATUS
from kurssi.reports.workbook import NOT_KNOWN, begin

from .csv_lines import Lines, Naming
from .line_cache import Batch
from .wide_table import NotStreamable, WideTable


class Pieces:
    """Writes the sheet from pieces of :class:`Rows`, the first of which says which columns there are."""

    def __init__(self, writer: Writer) -> None:
        self.writer = writer
        self.grades: Grades | None = None
        self.absent: list[int] = []

    def add(self, text: str) -> None:
        """The rows of a piece. Raises :class:`NotStreamable` where a later piece has what the first one has not."""
        rows = [line.split(CELL, NAMING) for line in text.split(LINE)[:-1]]
        if not rows:
            return
        if self.grades is None:
            there = [any(row[index] for row in rows) for index in range(1, NAMING)]
            self.grades = Grades(self.writer, Heads(*there))
            self.absent = [index for index, has in enumerate(there, 1) if not has]
        elif any(row[index] for index in self.absent for row in rows):
            raise NotStreamable
        add = self.grades.add
        for row in rows:
            add(row, row[NAMING])

    def end(self) -> list[Note]:
        """Nothing is added afterwards; the notes on students."""
        if self.grades is None:
            return []
        self.grades.out.end()
        return self.grades.notes


class Rows(Lines):
    """Turns pieces of a wide table into rows of this sheet."""

    line_end = LINE

    def __init__(self, wide: WideTable, book: Gradebook, words: Words) -> None:
        super().__init__(wide, book, words)
        self.delimiter = CELL

    def head(self) -> bytes:
        """Nothing: the sheet has its headings."""
        return b""

    def heads(self, batch: Batch) -> Naming:
        """Number, surname, first name, group of each row. Raises :class:`NotStreamable` for signs that separate."""
        pattern = self.wide.pattern
        heads = self.naming(batch.columns if pattern is None or not batch.heads else pattern.parted(batch))
        text = "".join(chain.from_iterable(head for head in heads if head is not None))
        if CELL in text or LINE in text:
            raise NotStreamable
        return heads

    def cells(self, result: Result) -> list[str]:
        """The cells of a student's row; those before the end are empty here."""
        return [*[""] * NAMING, *cells_of(self.book, result, self.words)]

    def value(self, result: PartResult) -> str:
        """The cell of a part."""
        return value(result, self.words)

    def line_of(self, cells: Sequence[str]) -> str:
        """The cells of a row in one text."""
        return CELL.join(cells)


class LargeWorkbook:
    """The workbook of a class that is graded piece by piece: takes rows as a file takes bytes."""

    def __init__(self, book: Gradebook, words: Words) -> None:
        self.memory = io.BytesIO()
        self.file = begin(self.memory, book, words)
        self.writer = Writer(self.file, book, words, detailed=False)
        self.pieces = Pieces(self.writer)

    def write(self, rows: bytes) -> None:
        """Writes the rows of a piece, as :class:`Rows` makes them."""
        self.pieces.add(rows.decode())

    def finish(
        self, students: int, counts: Mapping[tuple[str, int | None], int], changed: Mapping[str, datetime] = NOT_KNOWN
    ) -> bytes:
        """The whole workbook; ``counts``: students by status and grade; ``changed``: as above."""
        from kurssi.reports.excel import findings, policy, summary
        from kurssi.reports.excel.tally import Tally

        notes = self.pieces.end()
        scale = self.writer.book.policy.scale
        by_status = {status: sum(n for (s, _), n in counts.items() if s == status) for status in STATUS}
        spread = [sum(n for (_, g), n in counts.items() if g == grade) for grade in scale.grades]
        summary.write(self.writer, None, Tally(students, by_status, spread, notes))
        policy.write(self.writer)
        findings.write(self.writer)
        findings.write_inputs(self.writer, changed)
        self.file.close()
        return self.memory.getvalue()
