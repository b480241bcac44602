"""The whole gradebook as one page for the teacher: sortable, each grade opens its steps; figures, findings, inputs.

One static file: what sorts the table stands in it, nothing is fetched from elsewhere, and without scripts all of it can
still be read. It prints on A4 across.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from kurssi import __version__
from kurssi.diagnostics.finding import in_order
from kurssi.diagnostics.renderers.common import where
from kurssi.diagnostics.words import Words
from kurssi.gradebook.gradebook import Gradebook
from kurssi.grading import PartResult, Result
from kurssi.grading.result import OUT, flat
from kurssi.values.collation import finnish_key
from kurssi.values.numbers import exact, rounded

from . import part_cells
from .class_figures import Figures, bars, blocks
from .explanation import sections
from .page_engine import page_engine
from .rows import row, summary

MOST_DETAILED = 2000
"""Students up to whom every step is on the page: beyond, no browser opens it."""


def as_html(book: Gradebook, words: Words) -> bytes:
    """The page. Everything that comes from a file is escaped by the template engine."""
    found = Figures.of(book)
    page = page_engine()
    text = page.get_template("class.html").render(
        language=words.language,
        version=__version__,
        title=f"{book.file.course.name} ({book.id})",
        course=book.file.course.name,
        run=f"{book.file.course.code} · {book.id}",
        summary=summary(book, words).replace("|", "·"),
        private=words(
            "For the teacher: this page has personal data. Results without names: kurssi grade --list public."
        ),
        bars=_bars(found, book),
        heads=_heads(book, words),
        rows=_rows(book, words),
        blocks=blocks(found, book, words),
        findings=_findings(book, words),
        inputs=book.inputs,
        labels={
            "grades": words("Grades"),
            "findings": words("Findings"),
            "read": words("Read from:"),
            "made": words("Made with kurssi {version}.", version=__version__),
        },
    )
    return (text + "\n").encode("utf-8", "backslashreplace")


def _bars(found: Figures, book: Gradebook) -> list[dict[str, Any]]:
    made = bars(found, book)
    most = max((bar.students for bar in made), default=0) or 1
    return [{"label": bar.label, "students": bar.students, "width": bar.students * 1000 // most} for bar in made]


def _heads(book: Gradebook, words: Words) -> list[dict[str, Any]]:
    heads = [(words("student number"), False), (words("name"), False)]
    heads += [(words("group"), False)] if _grouped(book) else []
    heads += [(words("grade"), False), (words("exact"), True)]  # what is looked for first
    heads += [(column.name, True) for column in part_cells.columns(book.policy)]
    heads += [(words("activity"), True)] if book.policy.activity is not None else []
    heads.append((words("remark"), False))
    return [{"text": text, "number": number} for text, number in heads]


def _grouped(book: Gradebook) -> bool:
    """Whether anybody has a group; where nobody has, a column for it would only take room."""
    return any(result.student.group for result in book.results)


def _rows(book: Gradebook, words: Words) -> Iterator[dict[str, Any]]:
    detailed = len(book.results) <= MOST_DETAILED
    names = sorted({result.student.name for result in book.results}, key=finnish_key)
    rank = {name: at for at, name in enumerate(names)}
    grouped = _grouped(book)
    for result in book.results:
        yield {
            "status": result.status,
            "cells": list(_cells(book, result, rank[result.student.name], words, grouped=grouped)),
            "sections": sections(book, result, words) if detailed else (),
        }


def _cells(book: Gradebook, result: Result, rank: int, words: Words, *, grouped: bool) -> Iterator[dict[str, Any]]:
    """The cells of a student's row; what a column is sorted by stands beside its text where that would not do.

    ``rank``: the place of the name among all names, as Finnish sorts them; ``grouped``: whether groups are shown.
    """
    one = row(book, result, words)

    def cell(text: str, key: str | None = None, *, number: bool = False, opens: bool = False) -> dict[str, Any]:
        return {"text": text, "key": key, "number": number, "opens": opens}

    yield cell(one.student)
    yield cell(one.name, str(rank))
    if grouped:
        yield cell(one.group)
    yield cell(one.came_to.grade or "–", "" if result.grade is None else str(result.grade), opens=True)
    percent = book.policy.percent
    shown = "" if result.exact is None else part_cells.in_unit(result.exact, words, percent)
    yield cell(shown, "" if result.exact is None else exact(rounded(result.exact, 3)), number=True)
    for results in part_cells.by_column(flat(result.parts), part_cells.columns(book.policy)):
        yield cell(part_cells.cell(results, words, percent), _value(results), number=True)
    if book.policy.activity is not None:
        yield cell(one.came_to.activity, exact(rounded(result.adjust, 3)) if result.adjust else "0", number=True)
    yield cell(one.came_to.remark)


def _value(results: Sequence[PartResult]) -> str:
    """What a column is sorted by: the value of a part, or the mean of those of a series."""
    values = [one.value for one in results if one.value is not None and one.state not in OUT]
    return exact(rounded(sum(values, Fraction(0)) / len(values), 3)) if values else ""


def _findings(book: Gradebook, words: Words) -> list[dict[str, str]]:
    return [
        {"severity": one.severity.name, "text": words.say(one.message), "where": where(one, words)}
        for one in in_order([finding for finding in book.findings if finding.counts])
    ]
