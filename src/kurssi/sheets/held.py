"""What the sheets say of a student or a group, and where each value was read."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from kurssi.diagnostics.finding import Place
from kurssi.values.classlist import Source

from .columns import Column, Role, Sheet, cell_at, name_of
from .table import text_of

if TYPE_CHECKING:  # the shape of the file is not needed to read a sheet
    from kurssi.policy.model import Part


class Held(NamedTuple):
    """A value and where it was read."""

    value: object
    sheet: Sheet
    column: Column
    row: int
    of_group: bool = False
    """Whether a cell in a student's row is its group's."""

    @property
    def place(self) -> Place:
        """The cell."""
        return self.sheet.table.place(self.row, self.column.at)

    @property
    def source(self) -> Source:
        """The cell, as reports name it."""
        return Source(self.sheet.table.file, self.row, name_of(self.column))

    @property
    def written(self) -> str:
        """The cell as it is written."""
        rows = self.sheet.rows
        return text_of(cell_at(rows[bisect_left(rows, self.row, key=lambda row: row.number)], self.column.at))


Key = int | str
"""A student's position in the roster, or a group's folded name."""

Store = dict[Role, dict[Key, Held]]
"""What the sheets say, by role of the column and then by student or group."""


class AttemptCells(NamedTuple):
    """What is said about one attempt at one part: by student, and by group."""

    part: Part
    number: int
    own: Sequence[dict[Key, Held]]
    """Score, time, deadline, lateness, and whether it was handed in."""
    shared: Sequence[dict[Key, Held]] | None
