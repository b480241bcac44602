"""A table for the terminal: laid out here where it fits the screen, by rich where columns have to become narrower.

Loading rich takes as long as loading all of kurssi, and most tables fit. Both give the same text to the letter
(``tests/test_console.py``); :func:`laid_out` returns None for everything that it might do differently.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

from kurssi.diagnostics.visible import in_line


class Column(NamedTuple):
    """A column of a table: its heading, and how its cells stand."""

    name: str
    justify: Literal["left", "right", "center"] = "left"
    wraps: bool = True
    """Whether it may become narrower than its longest cell."""
    most: int | None = None
    bold: bool = False


def as_table(title: str, heads: Sequence[Column], body: Sequence[Sequence[str]], width: int, color: bool) -> str:
    """The table, its texts in one line each and without signs that would steer a terminal."""
    title, heads = in_line(title), [head._replace(name=in_line(head.name)) for head in heads]
    body = [[in_line(cell) for cell in row] for row in body]
    return laid_out(title, heads, body, width, color) or by_rich(title, heads, body, width, color)


def by_rich(title: str, heads: Sequence[Column], body: Sequence[Sequence[str]], width: int, color: bool) -> str:
    """Any table, in any width: rich finds which columns to make narrower."""
    from rich import box  # only this table needs rich, which takes as long to load as all of kurssi's own modules
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    out = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=0)
    for head in heads:
        out.add_column(
            Text(head.name + " "),  # the space stands between columns: cheaper than rich's padding
            justify=head.justify,
            no_wrap=not head.wraps,
            overflow="fold" if head.wraps else "ellipsis",
            max_width=head.most,
            style="bold" if head.bold else "",
        )
    for cells in body:
        out.add_row(*(Text(cell + " ") for cell in cells))
    text = io.StringIO()
    console = Console(
        file=text,
        width=width,
        color_system="standard" if color else None,
        force_terminal=color,
        legacy_windows=False,
    )
    console.print(Text(title, style="bold" if color else ""))
    console.print(out)
    return "\n".join(line.rstrip() for line in text.getvalue().splitlines()) + "\n"


SIGNS = str.maketrans("", "", "–—−…“”’×≥≤≈")
"""Signs of our own words that are one column wide, as everything below U+0300 is that can be printed."""


def laid_out(title: str, heads: Sequence[Column], body: Sequence[Sequence[str]], width: int, color: bool) -> str | None:
    """What :func:`by_rich` makes of it, without rich, where at most the last column has to become narrower.

    None where more has to, or where a character may be wider or narrower than one column.
    """
    texts = "".join([title, *(head.name for head in heads), *(cell for row in body for cell in row)]).translate(SIGNS)
    if not texts.isprintable() or max(texts, default="") >= "\u0300" or len(title) > width:
        return None
    widths = _widths(heads, body, width)
    if widths is None:
        return None
    bold = "\x1b[1m{}\x1b[0m".format if color else str
    out = [bold(title)]
    for line in _lines([head.name for head in heads], heads, widths, bottom=True):
        out.append(" ".join(map(bold, line)))
    out.append("─" * (sum(widths) + len(widths) - 1))
    for row in body:
        for line in _lines(row, heads, widths):
            out.append(" ".join(bold(text) if head.bold else text for text, head in zip(line, heads, strict=True)))
    return "\n".join(line.rstrip() for line in out) + "\n"


def _widths(heads: Sequence[Column], body: Sequence[Sequence[str]], width: int) -> list[int] | None:
    """How wide each column is; None where another than the last has to become narrower."""
    widths = []
    for index, head in enumerate(heads):
        longest = max((len(row[index]) for row in body), default=0) + 1
        if head.most is not None and longest > head.most:
            return None
        widths.append(max(longest, min(len(head.name) + 1, head.most or width)))
    too_wide = sum(widths) + len(widths) - 1 - width
    if too_wide > 0:
        widths[-1] -= too_wide
        if widths[-1] <= max((w for w, head in zip(widths[:-1], heads, strict=False) if head.wraps), default=0):
            return None  # rich takes from the widest columns
    return widths


def _lines(
    row: Sequence[str], heads: Sequence[Column], widths: Sequence[int], *, bottom: bool = False
) -> list[list[str]]:
    """The lines of a row, each as its cells; a lower cell stands above or at the ``bottom``."""
    cells = [_cell(*each) for each in zip(row, heads, widths, strict=True)]
    height = max(map(len, cells))
    for cell, width in zip(cells, widths, strict=True):
        blank = [" " * width] * (height - len(cell))
        cell[:] = blank + cell if bottom else cell + blank
    return [list(line) for line in zip(*cells, strict=True)]


def _cell(text: str, head: Column, width: int) -> list[str]:
    """The lines of a cell, each of this width."""
    text += " "
    lines = _wrapped(text, width) if head.wraps and len(text) > width else [text]
    if head.justify == "left":
        return [_cut(line, width).ljust(width) for line in lines]
    lines = [_cut(line.rstrip(), width) for line in lines]
    if head.justify == "right":
        return [line.rjust(width) for line in lines]
    return [(" " * ((width - len(line)) // 2) + line).ljust(width) for line in lines]


def _cut(line: str, width: int) -> str:
    return line if len(line) <= width else line[: width - 1] + "…"


def _wrapped(text: str, width: int) -> list[str]:
    """Lines of whole words; a word that is too long for a line goes on in the next one."""
    lines = [""]
    for word in re.findall(r"\s*\S+\s*", text):
        length = len(word.rstrip())
        if length <= width - len(lines[-1]):
            lines[-1] += word
        else:
            pieces = [word] if length <= width else [word[at : at + width] for at in range(0, len(word), width)]
            lines[-1:] = [lines[-1], *pieces] if lines[-1] else pieces
    return [line[:width] + line[width:].rstrip() for line in lines]
