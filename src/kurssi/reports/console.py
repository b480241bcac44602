"""The graded class as a table in the terminal."""

from __future__ import annotations

import io
from typing import Any

from kurssi.gradebook import Gradebook
from kurssi.words import Words

from .rows import columns, row

PART_WIDTH = 13
"""A part's heading is broken or cut at this width, so that the grades stay in sight."""


def needed_width(book: Gradebook) -> int:
    """From how many columns on the table has the parts, too."""
    return 70 + 7 * len(columns(book))


def table(book: Gradebook, words: Words, width: int | None, color: bool) -> str:
    """A table of at most ``width`` columns, or as wide as it needs where ``width`` is None.

    A narrow terminal loses the parts before it loses the grade or its reason.
    """
    from rich import box  # only this report needs rich
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    parts = columns(book)
    rows = [row(book, result, words) for result in book.results]
    show_parts = width is None or width >= needed_width(book)
    show_group = show_parts and any(r.group for r in rows)
    show_activity = show_parts and book.policy.activity is not None
    out = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=0)

    def column(name: str, **how: Any) -> None:
        out.add_column(Text(name + " "), **how)  # the space stands between columns: cheaper than rich's padding

    column(words("student"), no_wrap=True)
    column(words("name"))
    if show_group:
        column(words("group"))
    if show_parts:
        for part in parts:
            column(part.name, justify="right", max_width=PART_WIDTH, overflow="ellipsis")
    if show_activity:
        column(words("activity"), justify="right")
    column(words("exact"), justify="right", no_wrap=True)
    column(words("grade"), justify="center", style="bold" if color else "")
    column(words("remark"))
    for entry in rows:
        cells = [entry.student, entry.name]
        cells += [entry.group] if show_group else []
        cells += entry.parts if show_parts else []
        cells += [entry.activity] if show_activity else []
        cells += [entry.exact, entry.grade or "–", entry.remark]
        out.add_row(*(Text(cell + " ") for cell in cells))
    text = io.StringIO()
    console = Console(
        file=text,
        width=width or 160,
        color_system="standard" if color else None,
        force_terminal=color,
        legacy_windows=False,
    )
    title = f"{book.id}  {book.file.course.name}"
    console.print(Text(title, style="bold" if color else ""))
    console.print(out)
    return "\n".join(line.rstrip() for line in text.getvalue().splitlines()) + "\n"
