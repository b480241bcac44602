"""How many lines running text takes in a cell: not every program makes a row as high as its text."""

from __future__ import annotations

from textwrap import wrap

NARROW = 1.15
"""Letters of running text in the room of a digit, by which a column is measured."""


def lines_wrapped(text: str, width: float) -> int:
    """About how many lines a text takes in so wide a cell, where lines end between words."""
    room = max(int(width * NARROW), 1)
    return sum(max(1, len(wrap(line, room))) for line in text.split("\n"))
