"""The sheet with the class in figures: grades, parts, groups and items."""

from __future__ import annotations

from kurssi.reports.class_figures import Figures, blocks

from .sheet import Writer, headed

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
    sheet.set_column(0, 0, min(max(map(len, names), default=0) * 1.1 + 2, MOST_TEXT))
    sheet.set_column(1, max(len(block.heads) for block in made), FIGURE)
    for block in made:
        writer.begin(sheet, row, block.title)
        row += 1
        for column, head in enumerate(block.heads):
            writer.put(sheet, row, column, headed(head), writer.centred_heading if column else writer.heading)
        for cells in block.rows:
            row += 1
            for column, cell in enumerate(cells):
                writer.put(sheet, row, column, cell, writer.centred if column else writer.text)
        for line in block.lines:
            row += 1
            writer.put(sheet, row, 0, line)
        row += 2
