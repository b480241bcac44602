"""Lines of a wide table cut into few texts each, most of which come again.

Cells that stand side by side and decide together, a score and the time it was handed in, or the last columns with
their few marks, are one text: one to make, and one to look up. A time is cut behind its hour, because a deadline nearly
always ends with an hour; who looks the text up asks whether all its minutes count alike.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

OF_EIGHT = 7
"""Texts come again where at most so many of eight in the first lines are different."""

MINUTES = "[0-5][0-9]"


class Stretch(NamedTuple):
    """Columns side by side whose cells are one text, with delimiters between them."""

    columns: tuple[int, ...]
    hours: bool
    """Whether the last of them is a time, which is cut behind the colon of its hour if nothing but minutes follows.

    A text that is not cut so does not end with a colon.
    """


class Batch(NamedTuple):
    """Some rows of a table."""

    columns: list[Sequence[str]]
    """The cells of each column; of rows that are cut only what their cut asks for."""
    heads: Sequence[str] = ()
    """What rows that are cut have in the columns of the head, as it stands."""
    texts: Sequence[Sequence[str]] = ()
    """For each stretch the texts of the rows. One in the last stretch may hold more cells than it has columns."""
    lines: str = ""
    """The lines that were cut."""


class Cut:
    """How lines are cut.

    ``head``: columns side by side that are one text, the first of them by itself, too. ``cells``: columns that stand
    for themselves. What is in no stretch either is left out.
    """

    def __init__(
        self, width: int, delimiter: str, head: Sequence[int], cells: Sequence[int], stretches: Sequence[Stretch]
    ) -> None:
        self.width = width
        self.delimiter = delimiter
        self.head = head
        self.stretches = sorted(stretches)
        self.cells = cells
        self.places: dict[int, int] = {}
        """Which group of the pattern a column is, or what begins with it; behind the head comes its first cell."""
        self.patterns = [self._pattern(only_hours=True), self._pattern(only_hours=False)]
        """The first is faster, and serves as long as all times are such as are cut."""

    def _pattern(self, *, only_hours: bool) -> re.Pattern[str]:
        between = re.escape(self.delimiter)
        begins = {stretch.columns[0]: stretch for stretch in self.stretches}
        patterns = []
        column, group = 0, 1
        while column < self.width:
            at, stretch, head = column, begins.get(column), column == self.head[0]
            columns = self.head if head else (at,) if stretch is None else stretch.columns
            column += len(columns)
            # The last cell of a line ends with it. That others have no line feed in them is seen by counting.
            sign, end = (f"[^{between}]", between) if column < self.width else (f"[^{between}\n]", "\n")
            others = [f"[^{between}]*{between}"] * (len(columns) - 1)
            last, after = f"{sign}*", ""
            if head:
                first, *others = *others, last
                others.insert(0, f"({first.removesuffix(between)})" + between * (len(columns) > 1))
                last = ""
            elif stretch is not None and stretch.hours and only_hours:
                # any signs: with a delimiter among them there are too many cells, which is seen when they are read
                last, after = "(?s:.{13}):", MINUTES
            elif stretch is not None and stretch.hours:
                last, after = f"(?:{sign}{{13}}:(?={MINUTES}{end})|{sign}*(?<!:))", f"(?:{MINUTES})?"
            elif stretch is not None and end == "\n":
                others, last = [], ".*"
            text = "".join(others) + last
            if head or stretch is not None or at in self.cells:
                self.places[at] = group
                group += 2 if head else 1
                text = f"({text})"
            patterns.append(text + after)
        return re.compile(between.join(patterns) + "\n")

    def of(self, lines: str) -> Batch | None:
        """The lines, each with its end, cut; None where that takes a reader of CSV."""
        flat = self._flat(lines)
        if flat is None and len(self.patterns) > 1:
            self.patterns.pop(0)
            flat = self._flat(lines)
        if flat is None:
            return None
        step = self.patterns[0].groups + 1
        columns: list[Sequence[str]] = [()] * self.width
        head = self.places[self.head[0]]
        columns[self.head[0]] = flat[head + 1 :: step]
        for column in self.cells:
            columns[column] = flat[self.places[column] :: step]
        texts = [flat[self.places[stretch.columns[0]] :: step] for stretch in self.stretches]
        return Batch(columns, flat[head::step], texts, lines)

    def _flat(self, lines: str) -> list[str] | None:
        """The groups of all lines; before each line, and behind the last, there is nothing."""
        pattern = self.patterns[0]
        flat: list[str] = pattern.split(lines)
        step = pattern.groups + 1
        # As many rows as lines, and nothing between them: then every row is a line.
        return None if len(flat) != 1 + step * lines.count("\n") or any(flat[::step]) else flat

    def parted(self, batch: Batch) -> Sequence[Sequence[str]]:
        """The columns of rows that were cut, now with all columns of the head."""
        columns = list(batch.columns)
        cells = [head.split(self.delimiter) for head in batch.heads]
        for place, column in enumerate(self.head[1:], 1):
            columns[column] = [those[place] for those in cells]
        return columns


def cut_for(
    width: int,
    delimiter: str,
    head: Sequence[int],
    cells: Sequence[int],
    deciding: Sequence[Sequence[int]],
    hours: set[int],
    first: str,
) -> Cut | None:
    """A cut for a table with such ``first`` lines; None where it would not help.

    ``deciding`` are columns that decide together, ``hours`` those times among them of which hours are to be cut.
    """
    runs = sorted(tuple(sorted(columns)) for columns in deciding)
    if not runs or any(run[-1] - run[0] >= len(run) for run in runs):
        return None
    batch = Cut(width, delimiter, head, cells, [Stretch(run, run[-1] in hours) for run in runs]).of(first)
    if batch is None:
        return None
    stretches: list[Stretch] = []
    before: Sequence[str] = ()
    for run, texts in zip(runs, batch.texts, strict=True):
        last = stretches[-1] if stretches else None
        if last is not None and not last.hours and run[-1] not in hours and last.columns[-1] + 1 == run[0]:
            both = list(map(delimiter.join, zip(before, texts, strict=True)))
            if _come_again(both):
                stretches[-1], before = Stretch(last.columns + run, False), both
                continue
        if not _come_again(texts):
            return None
        stretches.append(Stretch(run, run[-1] in hours))
        before = texts
    return Cut(width, delimiter, head, cells, stretches)


def _come_again(texts: Sequence[str]) -> bool:
    return 8 * len(set(texts)) <= OF_EIGHT * len(texts)
