"""Cuts lines of a CSV table into few texts, each of several cells, so that texts that come again are looked up whole.

Splitting a line into all its cells would make one Python string per cell, of which a million rows have many millions.
Instead one regular expression takes each line apart into

- the *head*: who it is (number, names, group);
- one text for each *stretch*: columns side by side that decide together, such as a score and the time it was handed in,
  or the last columns with their few marks.

A time is cut off after its hour (``2024-03-04 23:``): times differ in their minutes, and nearly every deadline ends
with an hour, so that all minutes of an hour mostly count alike. Whoever looks such a text up must make sure that they
do (:meth:`.wide_table.WideTable.cells`).

This is safe because the pattern either takes every line as it would be read, or none: :meth:`LinePattern._flat` holds
the number of matches against the number of lines, and lines with quotation marks never come here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

OF_EIGHT = 7
"""Texts are said to come again where of eight in the first lines at most so many are different."""

MINUTES = "[0-5][0-9]"


class Stretch(NamedTuple):
    """Columns side by side whose cells are taken as one text, the delimiters between them included."""

    columns: tuple[int, ...]
    hours: bool
    """Whether the last of them is a time whose minutes are cut off, so that its text ends with the colon of the hour.

    A time with seconds, or any other cell, is left whole; its text does not end with a colon.
    """


GAP = 2_000
"""A line without a delimiter in so many letters is left to a reader of CSV."""


class Batch(NamedTuple):
    """Some rows of a table, column by column; the last three are of rows that :class:`LinePattern` took apart."""

    columns: list[Sequence[str]]
    """The cells of each column. Of rows that were cut: only the head's first column and the pattern's ``cells``."""
    heads: Sequence[str] = ()
    """The text of each row's head, delimiters included."""
    texts: Sequence[Sequence[str]] = ()
    """For each stretch the texts of the rows. One in the last stretch may hold more cells than it has columns."""
    lines: str = ""
    """The lines as they stand in the table."""


class LinePattern:
    """The way in which the lines of one table are cut, as a regular expression made from its columns.

    ``head``: the columns side by side that say who it is; they are one text, and the first of them also a cell of its
    own. ``cells``: other columns that are wanted as single cells. A column in neither of them nor in a stretch is
    skipped.
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
        """The number of the pattern's group for a single column, or for the head or stretch that begins with a column.

        The group after the head's is the head's first cell.
        """
        self.patterns = [self._pattern(only_hours=True), self._pattern(only_hours=False)]
        """Tried in order. The first is faster, and is dropped once a time cannot be cut after its hour."""

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
        """The groups of all lines in one list, as ``split`` gives them; None where not every line fits the pattern.

        Between the groups of two lines, before the first and after the last there is an empty text.
        """
        if self.width > 1 and self._has_gap(lines):
            return None
        pattern = self.patterns[0]
        flat: list[str] = pattern.split(lines)
        step = pattern.groups + 1
        # As many rows as lines, and nothing between them: then every row is a line.
        return None if len(flat) != 1 + step * lines.count("\n") or any(flat[::step]) else flat

    def _has_gap(self, lines: str) -> bool:
        """Whether there is a long stretch without a delimiter, through which a pattern would go from each sign anew."""
        return any(lines.find(self.delimiter, at, at + GAP) < 0 for at in range(0, len(lines) - GAP, GAP // 2))

    def parted(self, batch: Batch) -> Sequence[Sequence[str]]:
        """The columns of rows that were cut, with those of the head taken apart into cells."""
        columns = list(batch.columns)
        cells = [head.split(self.delimiter) for head in batch.heads]
        for place, column in enumerate(self.head[1:], 1):
            columns[column] = [those[place] for those in cells]
        return columns


def line_pattern(
    width: int,
    delimiter: str,
    head: Sequence[int],
    cells: Sequence[int],
    deciding: Sequence[Sequence[int]],
    hours: set[int],
    first: str,
) -> LinePattern | None:
    """A pattern for a table with such ``first`` lines; None where it would not help.

    ``deciding`` are columns that decide together, ``hours`` those times among them of which hours are to be cut.
    """
    runs = sorted(tuple(sorted(columns)) for columns in deciding)
    if not runs or any(run[-1] - run[0] >= len(run) for run in runs):
        return None
    batch = LinePattern(width, delimiter, head, cells, [Stretch(run, run[-1] in hours) for run in runs]).of(first)
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
    return LinePattern(width, delimiter, head, cells, stretches)


def _come_again(texts: Sequence[str]) -> bool:
    return 8 * len(set(texts)) <= OF_EIGHT * len(texts)
