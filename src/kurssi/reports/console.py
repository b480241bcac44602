"""The graded class as a table in the terminal."""

from __future__ import annotations

from kurssi.diagnostics.words import Words
from kurssi.gradebook.gradebook import Gradebook

from .rows import columns, row
from .table_layout import Column, as_table

WIDTH = 160
"""So many columns a table has at most where it is not written to a terminal."""

PART_WIDTH = 13
"""A part's heading is broken or cut at this width, so that the grades stay in sight."""


def needed_width(book: Gradebook) -> int:
    """From how many columns on the table has the parts, too."""
    return 70 + 7 * len(columns(book))


def table(book: Gradebook, words: Words, width: int | None, color: bool) -> str:
    """A table of at most ``width`` columns, or of :data:`WIDTH` where ``width`` is None.

    A narrow terminal loses the parts before it loses the grade or its reason.
    """
    parts = columns(book)
    rows = [row(book, result, words) for result in book.results]
    show_parts = width is None or width >= needed_width(book)
    show_group = show_parts and any(r.group for r in rows)
    show_activity = show_parts and book.policy.activity is not None
    heads = [Column(words("student"), wraps=False), Column(words("name"))]
    heads += [Column(words("group"))] if show_group else []
    heads += [Column(part.name, "right", most=PART_WIDTH) for part in parts] if show_parts else []
    heads += [Column(words("activity"), "right")] if show_activity else []
    heads += [Column(words("exact"), "right", wraps=False), Column(words("grade"), "center", bold=color)]
    heads += [Column(words("remark"))]
    body = []
    for entry in rows:
        cells = [entry.student, entry.name]
        cells += [entry.group] if show_group else []
        cells += entry.parts if show_parts else []
        cells += [entry.activity] if show_activity else []
        body.append([*cells, entry.exact, entry.grade or "–", entry.remark])
    title = f"{book.id}  {book.file.course.name}"
    return as_table(title, heads, body, width or WIDTH, color)
