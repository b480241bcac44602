"""The sheet with the class in figures: grades, parts, groups and items."""

from __future__ import annotations

from collections.abc import Sequence

from kurssi.reports.class_figures import Figures, blocks

from .sheet import BOLD, Writer, headed, height, lines_of

MOST_TEXT = 40
FIGURE = 15


def write(writer: Writer, found: Figures) -> None:
    """One table below the other, with what is said below each."""
    words = writer.words
    sheet = writer.sheet(words("Figures"))
    sheet.hide_gridlines(2)
    row = 0
    made = blocks(found, writer.book, words)
    names = [cells[0] for block in made for cells in block.rows]
    first = min(max(map(len, names), default=0) * 1.1 + 2, MOST_TEXT)
    last = max(len(block.heads) for block in made) - 1
    sheet.set_column(0, 0, first)
    widths = [
        _width([block.heads[column] for block in made if column < len(block.heads)]) for column in range(1, last + 1)
    ]
    for column, width in enumerate(widths, 1):
        sheet.set_column(column, column, width)
    sheet.set_portrait()
    room = int(first + sum(widths))
    for block in made:
        writer.begin(sheet, row, block.title)
        row += 1
        for column, head in enumerate(block.heads):
            writer.put(sheet, row, column, headed(head), writer.centred_heading if column else writer.heading)
        lines = [lines_of(head, int(width / BOLD)) for head, width in zip(block.heads[1:], widths, strict=False)]
        sheet.set_row(row, height(max(lines, default=1)) + 3)
        for cells in block.rows:
            row += 1
            for column, cell in enumerate(cells):
                writer.put(sheet, row, column, cell, writer.centred if column else writer.text)
        for line in block.lines:
            row += 1
            sheet.merge_range(row, 0, row, last, "", writer.wrapped)
            writer.put(sheet, row, 0, line, writer.wrapped)
            sheet.set_row(row, height(lines_of(line, room)))
        row += 2


def _width(heads: Sequence[str]) -> float:
    """The width of a column of figures: no word of its headings is broken."""
    return max(FIGURE, max(len(word) for head in heads for word in head.split()) * BOLD + 1)
