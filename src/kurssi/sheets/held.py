"""What the sheets say of a student or a group, and where each value was read.

A class has many cells, and most are never named in a finding. So values stand in lists, one for each column that was
read; sheet, column and rows are said once for all of them, and a :class:`Held` is made when somebody asks for a cell.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from kurssi.diagnostics.finding import Place
from kurssi.values.classlist import AttemptSources

from .columns import Column, Joined, Key, Role, Sheet, cell_at, name_of
from .table import Table, text_of

if TYPE_CHECKING:  # the shape of the file is not needed to read a sheet
    from kurssi.policy.model import Part


Spot = tuple[str, str | None, int, int]
"""A cell: the file, the worksheet, the row and the column."""


class ColumnCells:
    """The values of one column of one sheet, row by row; ``None`` where there is none, or an earlier column has it."""

    __slots__ = ("column", "joined", "named", "values")

    def __init__(self, joined: Joined, column: Column, values: Sequence[object]) -> None:
        self.joined = joined
        self.column = column
        self.values = values
        self.named = (joined.sheet.table.file, name_of(column))
        """The file and the header, as reports name them."""

    def held(self, at: int) -> Held:
        """The value in one of the rows, with where it was read."""
        return Held(self.values[at], self, self.joined.rows[at].number)


class Held(NamedTuple):
    """A value and where it was read."""

    value: object
    cells: ColumnCells
    row: int
    of_group: bool = False
    """Whether a cell in a student's row is its group's."""

    @property
    def sheet(self) -> Sheet:
        """The sheet in which it stands."""
        return self.cells.joined.sheet

    @property
    def column(self) -> Column:
        """The column in which it stands."""
        return self.cells.column

    @property
    def where(self) -> tuple[Table, int, int]:
        """The table, the row and the column, as findings are given them."""
        return self.sheet.table, self.row, self.column.at

    @property
    def cell(self) -> Spot:
        """The cell, as one asks whether two are the same."""
        return self.sheet.table.file, self.sheet.table.sheet, self.row, self.column.at

    @property
    def place(self) -> Place:
        """The cell, as findings show it."""
        return self.sheet.table.place(self.row, self.column.at)

    @property
    def written(self) -> str:
        """The cell as it is written."""
        rows = self.sheet.rows
        return text_of(cell_at(rows[bisect_left(rows, self.row, key=lambda row: row.number)], self.column.at))


class HeldCells:
    """What the sheets say in one role, by student or group, in the order in which it was read."""

    __slots__ = ("_columns", "_instead")

    def __init__(self) -> None:
        self._columns: list[ColumnCells] = []
        self._instead: dict[Key, Held] = {}
        """What was not read for a student or a group, but given to it."""

    def add(self, cells: ColumnCells) -> None:
        """One more column, which has no value where an earlier one has."""
        if any(value is not None for value in cells.values):
            self._columns.append(cells)

    def give(self, key: Key, held: Held) -> None:
        """Says this of a student or a group from now on."""
        self._instead[key] = held

    def value(self, key: Key) -> object | None:
        """What is said of a student or a group; ``None`` where nothing is."""
        if self._instead and key in self._instead:
            return self._instead[key].value
        for cells in self._columns:
            at = cells.joined.index.get(key)
            if at is not None and (value := cells.values[at]) is not None:
                return value
        return None

    def get(self, key: Key) -> Held | None:
        """The same, with where it was read."""
        if self._instead and key in self._instead:
            return self._instead[key]
        for cells in self._columns:
            at = cells.joined.index.get(key)
            if at is not None and cells.values[at] is not None:
                return cells.held(at)
        return None

    def __getitem__(self, key: Key) -> Held:
        held = self.get(key)
        if held is None:
            raise KeyError(key)
        return held

    def __contains__(self, key: Key) -> bool:
        return self.value(key) is not None

    def __bool__(self) -> bool:
        return bool(self._columns or self._instead)

    def __iter__(self) -> Iterator[Key]:
        read: set[Key] = set()
        for cells in self._columns:
            for key, value in zip(cells.joined.keys, cells.values, strict=True):
                if value is not None:
                    read.add(key)
                    yield key
        yield from (key for key in self._instead if key not in read)

    def items(self) -> Iterator[tuple[Key, Held]]:
        """Each student or group of which something is said, and what."""
        return ((key, self[key]) for key in self)

    def values(self) -> Iterator[Held]:
        """All that is said."""
        return (self[key] for key in self)


Store = defaultdict[Role, HeldCells]
"""What the sheets say, by role of the column and then by student or group."""


class ComponentCells(NamedTuple):
    """What is said in one of several cells that a score is made of: by student, and by group."""

    name: str
    own: HeldCells
    shared: HeldCells | None


class AttemptCells(NamedTuple):
    """What is said about one attempt at one part: by student, and by group."""

    part: Part
    number: int
    own: Sequence[HeldCells]
    """Score, time, deadline, lateness, and whether it was handed in."""
    shared: Sequence[HeldCells] | None
    sources: AttemptSources
    """Where the attempt of each student was read."""
    components: tuple[ComponentCells, ...] = ()
    plain: bool = False
    """Whether only scores and times are said, each of a student alone, and no time is late for nothing."""
