"""The graded class as a table in the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from kurssi.diagnostics.message import Msg, Terms, msg
from kurssi.diagnostics.words import Words
from kurssi.gradebook.gradebook import Gradebook
from kurssi.grading.result import flat

from .part_cells import by_column, cell, columns, in_unit
from .rows import row
from .table_layout import Column, as_table

WIDTH = 160
"""So many columns a table has at most where it is not written to a terminal."""

PART_WIDTH = 13
"""A part's heading is broken at this width, or at that of its longest cell or word, so that grades stay in sight."""

WORD_WIDTH = 18
"""A word of a heading is broken from here on."""

REMARK_WIDTH = 20
"""So much room for remarks is left beside the parts."""


class Table(NamedTuple):
    """A class as a table."""

    text: str
    needs: int | None
    """From how many columns on the parts are shown; None where they are."""


def table(book: Gradebook, words: Words, width: int | None, color: bool, *, every: bool = False) -> Table:
    """A table of at most ``width`` columns, or of :data:`WIDTH` where ``width`` is None.

    A series is one column, unless ``every`` part is asked for. A narrow terminal loses the parts before it loses the
    grade or its reason.
    """
    percent, shown = book.policy.percent, columns(book.policy, every=every)
    rows = [row(book, result, words) for result in book.results]
    cells = [[cell(r, words, percent) for r in by_column(flat(one.parts), shown)] for one in book.results]
    grouped, active = any(entry.group for entry in rows), book.policy.activity is not None
    ends = [Column(words("student"), wraps=False), Column(words("name"))]
    between = [Column(words("group"))] if grouped else []
    for at, part in enumerate(shown):
        longest = max((len(each[at]) for each in cells), default=0) + 1
        word = min(max(map(len, part.name.split()), default=0), WORD_WIDTH) + 1
        between.append(Column(part.name, "right", most=max(PART_WIDTH, longest, word)))
    between += [Column(words("activity"), "right")] if active else []
    last = [Column(words("exact"), "right", wraps=False), Column(words("grade"), "center", bold=color)]
    last += [Column(words("remark"))]
    body, inner = [], []
    for entry, each, result in zip(rows, cells, book.results, strict=True):
        inner.append([*([entry.group] if grouped else []), *each, *([entry.came_to.activity] if active else [])])
        exact = "" if result.exact is None else in_unit(result.exact, words, percent)
        body.append(([entry.student, entry.name], [exact, entry.came_to.grade or "–", entry.came_to.remark]))
    title = f"{book.id}  {book.file.course.name}"
    heads = [*ends, *between, *last]
    whole = [[*before, *each, *after] for (before, after), each in zip(body, inner, strict=True)]
    needs = _needed(heads, whole)
    if width is not None and width < needs:
        narrow = [[*before, *after] for before, after in body]
        return Table(as_table(title, [*ends, *last], narrow, width, color), needs)
    return Table(as_table(title, heads, whole, width or WIDTH, color), None)


def _needed(heads: Sequence[Column], body: Sequence[Sequence[str]]) -> int:
    """How wide a table is in which only remarks are broken, and only headings of parts."""
    needed = REMARK_WIDTH
    for at, head in enumerate(heads[:-1]):
        longest = max((len(cells[at]) for cells in body), default=0)
        needed += max(longest, min(len(head.name), head.most or len(head.name))) + 2
    return needed


def legend(book: Gradebook) -> Msg | None:
    """What the columns of series say; None where there is none."""
    series = [shown for shown in columns(book.policy) if shown.of_series]
    if not series:
        return None
    names = Terms([shown.name for shown in series])
    return msg("{series}: what all of them come to (how many came in); --parts shows each", series=names)
