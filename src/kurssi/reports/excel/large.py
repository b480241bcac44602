"""The grades of a class too large for a sheet of parts: values, one row per student, written as they come.

A row comes as text: who it is, then an *end*, the cells from the first part on. Students who come to the same share
an end, so its cells are made once. In it a number is marked, everything else is text.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from kurssi.diagnostics.words import Words
from kurssi.gradebook.gradebook import Gradebook
from kurssi.grading import PartResult, Result
from kurssi.reports.rows import STATUS, remark, sign_of
from kurssi.values.numbers import whole_number
from kurssi.values.vocabulary import WITHHELD

from . import figures, grades
from .grades import Heads, heads_of, signed_format
from .sheet import Format, Writer, height, lines_of
from .summary import MOST_NOTES
from .tally import Note

CELL, LINE, NUMBER = "\x1f", "\x1e", "\x01"
"""Between two cells, after a line, and before a number."""


class Made(NamedTuple):
    """The cells of an end: (column, number or text, format), and how many lines the longest takes."""

    cells: tuple[tuple[int, float | str, Format], ...]
    lines: int
    incomplete: bool
    remark: str


def number(value: Fraction) -> str:
    """A number as it stands in an end."""
    return NUMBER + repr(figures.held(value))


def value(result: PartResult, words: Words) -> str:
    """A part in an end."""
    sign = sign_of(result, words)
    if sign is not None or result.value is None:
        return sign or ""
    waiting = WITHHELD[words.language] if result.withheld else "?"
    return number(result.value) + (f" {waiting}" if result.open else "")


def cells_of(book: Gradebook, result: Result, words: Words) -> list[str]:
    """The cells of an end."""
    scale = book.policy.scale
    out = [value(part, words) for part in result.parts]
    if book.policy.activity is not None:
        out.append(number(result.adjust) if result.adjust else "")
    out.append("" if result.exact is None else number(result.exact))
    out.append("–" if result.grade is None else scale.label(result.grade))
    return [*out, words.say(STATUS[result.status]), remark(book, result, words)]


class Grades:
    """The sheet of grades, row by row."""

    def __init__(self, writer: Writer, heads: Heads) -> None:
        self.writer = writer
        self.words = writer.words
        self.out = grades.begin(writer, heads)
        self.named = [0, *(i for i, there in enumerate(heads, 1) if there)]
        """Which of number, surname, first name and group have a column."""
        self.known: dict[str, Made] = {}
        self.notes: list[Note] = []
        self.incomplete = words_of(writer, "incomplete")
        self.signed = signed_format(writer)

    def add(self, naming: Sequence[str], end: str) -> None:
        """One student: number, surname, first name, group; and the end."""
        out = self.out
        out.make_room()
        out.row = row = out.row + 1
        sheet, widths, text_format = out.sheet, out.widths, self.writer.text
        write_string = sheet.write_string
        for column, index in enumerate(self.named):
            text = naming[index]
            if text.isalnum():
                write_string(row, column, text, text_format)
                width = len(text)
            else:
                width = self.writer.put(sheet, row, column, text, text_format)
            if width > widths[column]:
                widths[column] = width
        made = self.known.get(end) or self._make(end)
        write_number = sheet.write_number
        for column, what, format_ in made.cells:
            if what.__class__ is str:
                write_string(row, column, what, format_)
            else:
                write_number(row, column, what, format_)
        if made.lines > 1:
            sheet.set_row(row, height(made.lines))
        if made.incomplete and len(self.notes) <= MOST_NOTES:
            name = ", ".join(part for part in naming[1:3] if part)
            self.notes.append(Note(self.incomplete, naming[0], name, made.remark))

    def _make(self, end: str) -> Made:
        texts = end.split(CELL)
        out, writer = self.out, self.writer
        cells: list[tuple[int, float | str, Format]] = []
        lines = 1
        activity = len(texts) - 5 if writer.book.policy.activity is not None else None
        for index, text in enumerate(texts):
            column = index + len(self.named)
            format_ = out.formats[column]
            if text.startswith(NUMBER):
                figure, _, open_ = text[1:].partition(" ")
                if open_:
                    format_ = writer.format(num_format=f'General" {open_}"', align="center")
                cells.append((column, float(figure), self.signed if index == activity else format_))
                out.widths[column] = max(out.widths[column], min(len(figure), 12))
            elif text:
                cells.append((column, _grade(text) if index == len(texts) - 3 else text, format_))
                out.widths[column] = max(out.widths[column], len(text))
                if len(text) > out.most[column]:
                    lines = max(lines, lines_of(text, out.most[column]))
        if len(self.known) > 1 << 16:
            self.known.clear()
        made = self.known[end] = Made(tuple(cells), lines, texts[-2] == self.incomplete, texts[-1])
        return made


def _grade(label: str) -> float | str:
    """A grade by its label: a number where the label is one."""
    number = whole_number(label)
    return label if number is None else number


def words_of(writer: Writer, status: str) -> str:
    """A status in words."""
    return writer.words.say(STATUS[status])


def write(writer: Writer) -> None:
    """The grades of a class that was graded as a whole."""
    book = writer.book
    sheet = Grades(writer, heads_of(book))
    for result in book.results:
        student = result.student
        naming = (student.student, student.surname, student.first_name, student.group or "")
        sheet.add(naming, CELL.join(cells_of(book, result, writer.words)))
    sheet.out.end()
