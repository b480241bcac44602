"""The graded class as CSV, as a spreadsheet of the reader's language opens it, and as a Markdown table."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

from kurssi.diagnostics.visible import in_line
from kurssi.diagnostics.words import Words
from kurssi.gradebook.gradebook import Gradebook
from kurssi.grading import Result
from kurssi.grading.result import flat

from . import part_cells
from .rows import came_to, columns, row, summary


def headings(book: Gradebook, words: Words) -> list[str]:
    """The headings of a list of grades."""
    return [
        words("student number"),
        words("surname"),
        words("first name"),
        words("group"),
        *(part.name for part in columns(book)),
        words("activity"),
        words("exact"),
        words("grade"),
        words("status"),
        words("remark"),
    ]


def as_csv(book: Gradebook, words: Words) -> bytes:
    """UTF-8 with BOM; semicolons and a decimal comma in Finnish and Swedish, commas and a point in English.

    The first line names the columns. Text that a spreadsheet would take for a formula gets an apostrophe in front.
    """
    text = io.StringIO()
    lines = writer(text, words)
    lines.writerow(first_line(book, words))
    known: dict[object, list[str]] = {}
    lines.writerows(_line(book, result, words, known) for result in book.results)
    return (BOM + text.getvalue()).encode()


BOM = "\ufeff"
NAMING = 4
"""So many cells of a line say who the student is."""
MOST_KNOWN = 1 << 16
"""So many ends of lines, behind who the student is, are kept at once."""


def delimiter(words: Words) -> str:
    """What separates cells."""
    return "," if words.language == "en" else ";"


def writer(text: io.StringIO, words: Words) -> Any:
    """Writes rows of cells as lines."""
    return csv.writer(text, delimiter=delimiter(words), lineterminator="\r\n")


def first_line(book: Gradebook, words: Words) -> list[str]:
    """The cells of the first line."""
    return [harmless(cell) for cell in headings(book, words)]


def line(book: Gradebook, result: Result, words: Words) -> list[str]:
    """The cells of a student's line."""
    return [*_naming(result), *_came_to(book, result, words)]


def _line(book: Gradebook, result: Result, words: Words, known: dict[object, list[str]]) -> list[str]:
    """The same; what it says beside who it is of is put together once for all who are alike in one class."""
    alike = result.alike_by
    if alike is None:
        return line(book, result, words)
    end = known.get(alike)
    if end is None:
        if len(known) >= MOST_KNOWN:
            known.clear()
        end = known[alike] = _came_to(book, result, words)
    return _naming(result) + end


def _naming(result: Result) -> list[str]:
    student = result.student
    return [
        harmless(student.student),
        harmless(student.surname),
        harmless(student.first_name),
        harmless(in_line(student.group)) if student.group else "",
    ]


def _came_to(book: Gradebook, result: Result, words: Words) -> list[str]:
    came = came_to(book, result, words)
    return [
        *came.parts,
        came.activity.replace("−", "-"),
        came.exact,
        harmless(came.grade),
        came.status,
        harmless(came.remark),
    ]


FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""A spreadsheet takes a text that begins with one of these for a formula."""


def harmless(text: str) -> str:
    """Text in one line that no spreadsheet runs as a formula, and no log as a command."""
    shown = in_line(text)
    return "'" + shown if text[:1] in FORMULA_SIGNS or shown.startswith((*FORMULA_SIGNS, "::")) else shown


def as_markdown(book: Gradebook, words: Words) -> str:
    """A heading, the table with a series as one column, and a line of sums."""
    shown, percent = part_cells.columns(book.policy), book.policy.percent
    head = [
        words("student number"),
        words("name"),
        *(column.name for column in shown),
        words("exact"),
        words("grade"),
        words("remark"),
    ]
    lines = [
        f"# {escaped(book.file.course.name)} ({escaped(book.id)})",
        "",
        markdown_line(head),
        "|" + "---|" * len(head),
    ]
    for result in book.results:
        entry = row(book, result, words)
        came = entry.came_to
        found = part_cells.by_column(flat(result.parts), shown)
        parts = [part_cells.cell(results, words, percent) for results in found]
        exact = "" if result.exact is None else part_cells.in_unit(result.exact, words, percent)
        lines.append(markdown_line([entry.student, entry.name, *parts, exact, came.grade or "–", came.remark]))
    return "\n".join([*lines, "", summary(book, words).replace("|", "·"), ""])


def markdown_line(cells: list[str]) -> str:
    """A row of a table."""
    return "| " + " | ".join(escaped(cell) for cell in cells) + " |"


def escaped(text: str) -> str:
    """Text without signs that Markdown would read, in one line."""
    out = " ".join(in_line(text).split())
    for sign in "\\|*_`<>[]#":
        out = out.replace(sign, "\\" + sign)
    return _ENTITY.sub(r"\\&", out)


_ENTITY = re.compile(r"&(?=#?\w+;)|&(?=\\#)")
"""What would become another sign: ``&#x202e;``."""
