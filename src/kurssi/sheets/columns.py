"""What a column of a score sheet can mean, and the headers that say so."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, Literal, NamedTuple

from kurssi.diagnostics.finding import Place
from kurssi.values.patterns import Regex
from kurssi.values.vocabulary import RESERVED, UNUSED_WORDS, attempt_headers, component_headers, fold, read_target

from . import layouts
from .layouts import Layout
from .reading import AS_IS, PLAIN_UNIT, Mapped, MappedColumn, Reading, Unit
from .report import shown
from .table import Cell, Row, Table, is_blank, letters, text_of

if TYPE_CHECKING:  # the shape of the file is not needed to read a sheet
    from kurssi.policy.model import Part, Policy

Meaning = Literal[
    "student", "surname", "first name", "name", "email", "login", "group", "activity", "attended", "from", "to",
    "score", "submitted", "due", "late", "handed in", "criterion", "unused",
]  # fmt: skip

MOST_GUESSES = 20
"""So many unused columns of a sheet are compared with the headers that are known."""


MOST_LOOKED_AT = 100
"""So many rows are looked at for what a column may hold."""


class Role(NamedTuple):
    """What a column means. ``part`` is a part's id, or the criterion of a peer sheet."""

    meaning: Meaning
    part: str = ""
    attempt: int = 1
    component: str = ""
    """Of a score that is made of several cells, which of them it is."""


UNUSED = Role("unused")


class Column(NamedTuple):
    """A column: where its cells stand in a row (from 0), its header as written, its role."""

    at: int
    header: str
    role: Role
    unit: Unit = PLAIN_UNIT


class Sheet(NamedTuple):
    """A table whose columns are understood. ``rows`` are those below the header."""

    table: Table
    kind: Literal["students", "groups", "peer"]
    header_row: int
    columns: tuple[Column, ...]
    rows: Sequence[Row]
    layout: Layout | None = None
    """The layout of the system that wrote it; ``None`` for a table that a teacher made."""

    @property
    def width(self) -> int:
        """How many cells the header has."""
        return len(self.table.rows[0].cells)

    def heading(self, column: int = 0) -> Place:
        """Where a column's heading stands, or the header begins."""
        return self.table.place(self.header_row, column)

    def column(self, meaning: Meaning) -> Column | None:
        """The column of that meaning, where the sheet has one."""
        return next((c for c in self.columns if c.role.meaning == meaning), None)


Key = int | str
"""A student's position in the roster, or a group's folded name."""


class Joined:
    """A sheet, and each of its rows that belongs to somebody. Nobody has two."""

    __slots__ = ("index", "keys", "rows", "sheet")

    def __init__(self, sheet: Sheet, pairs: Iterable[tuple[Row, Key]]) -> None:
        self.sheet = sheet
        self.rows: list[Row] = []
        self.keys: list[Key] = []
        """Whose the rows are."""
        for row, key in pairs:
            self.rows.append(row)
            self.keys.append(key)
        self.index: dict[Key, int] = {key: at for at, key in enumerate(self.keys)}
        """Which of the rows is somebody's."""


class Headers:
    """The headers that a policy's parts and activity give, beside the reserved ones, and those that are mapped."""

    def __init__(self, policy: Policy, reading: Reading = AS_IS) -> None:
        self.policy = policy
        self.reading = reading
        self.mapped = Mapped(reading)
        self.roles: dict[str, Role] = {}
        self.own_names: set[str] = set()
        """Folded headers that are a part's id or name, of every attempt."""
        self.parts: dict[str, Part] = {}
        """Folded id, name or alias of each part that has cells."""
        for part in policy.leaves():
            for name in (part.id, part.name, part.column):
                if name is None:
                    continue
                self.parts.setdefault(fold(name), part)
                for attempt in range(1, len(part.dues) + 1):
                    for header, field in attempt_headers(name, attempt):
                        self.roles.setdefault(header, Role(_FIELDS[field], part.id, attempt))
                        if name is not part.column:
                            self.own_names.add(header)
                    for header, component in component_headers(name, attempt, part.components.all):
                        self.roles.setdefault(header, Role("score", part.id, attempt, component))
                        self.own_names.add(header)
        peers = [part.peer for part in policy.leaves() if part.peer is not None]
        self.has_peer = bool(peers)
        self.own_marks = any(peer.own for peer in peers)
        named = [peer.criteria for peer in peers if peer.criteria is not None]
        self.criteria = {fold(name): name for names in named for name in names} if named else None
        self.only_these = len(named) == len(peers)
        """Whether every peer rule names its criteria, so that a sheet may have no others."""

    def role(self, header: str) -> Role:
        """What a header means; activity only where the policy uses it."""
        folded = fold(header)
        reserved = RESERVED.get(folded)
        if reserved is None:
            return self.roles.get(folded, UNUSED)
        activity = self.policy.activity
        if reserved == "activity" and (activity is None or activity.levels is None):
            return UNUSED
        if reserved == "attended" and not self.policy.counts_attendance:
            return UNUSED
        return Role(_RESERVED[reserved])

    def mapping(self, file: str, *names: str) -> list[tuple[Role, Unit]]:
        """What somebody has said that a column is, once for each thing; nothing where nobody has said any.

        ``names`` are its header, and what it grades. The column is then read by it.
        """
        return self._meant(self.mapped.use(file, *names))

    def perhaps(self, file: str, name: str) -> list[Role]:
        """What a cell would mean if it were a header."""
        return [role for role, _ in self._meant(self.mapped.find(file, name))] or [self.role(name)]

    def _meant(self, entries: Sequence[MappedColumn]) -> list[tuple[Role, Unit]]:
        said = [self.target(entry.target) for entry in entries]
        return list(dict.fromkeys(one for one in said if one is not None))

    def target(self, text: str) -> tuple[Role, Unit] | None:
        """The role and the unit that a target names; ``None`` where there is no such part or column."""
        if fold(text) in UNUSED_WORDS:
            return UNUSED, PLAIN_UNIT
        if (role := self.role(text)) is not UNUSED:
            return role, PLAIN_UNIT
        target = read_target(text)
        role = self.role(target.header)
        if role is UNUSED or (target.kind is not None and role.meaning != "score"):
            return None
        kind: Literal["plain", "points", "percent"] = "plain"
        if target.kind in ("percent", "points"):
            kind = "percent" if target.kind == "percent" else "points"
        return role, Unit(kind, target.of, target.of is not None, said=target.kind is not None)

    def unit_of(self, role: Role, header: str) -> Unit:
        """What the numbers of a score column are, as far as its header says; the part's own name says nothing."""
        if role.meaning != "score" or fold(header) in self.own_names:
            return PLAIN_UNIT
        if layouts.says_percent(header):
            return Unit("percent")
        most = layouts.says_most(header)
        return PLAIN_UNIT if most is None else Unit("points", most)

    def similar_part(self, name: str) -> Part | None:
        """The part that is called nearly so, or whose name stands in the text or the other way round."""
        folded = fold(name[:80])
        near = get_close_matches(folded, self.parts, 1, 0.7)
        if near:
            return self.parts[near[0]]
        inside = {part.id: part for known, part in self.parts.items() if len(known) > 3 and known in folded}
        inside |= {part.id: part for known, part in self.parts.items() if len(folded) > 3 and folded in known}
        return next(iter(inside.values())) if len(inside) == 1 else None

    def similar(self, header: str) -> str | None:
        """A known header that differs by a slip."""
        near = get_close_matches(fold(header[:80]), [*self.parts, *RESERVED], 1, 0.8)
        return near[0] if near else None


_FIELDS: dict[str, Meaning] = {"score": "score", "submitted": "submitted", "due": "due", "late": "late"}
_RESERVED: dict[str, Meaning] = {
    "student": "student",
    "surname": "surname",
    "first name": "first name",
    "name": "name",
    "email": "email",
    "login": "login",
    "group": "group",
    "activity": "activity",
    "attended": "attended",
    "from": "from",
    "to": "to",
}


def unused(sheet: Sheet, policy: Policy) -> list[Column]:
    """The columns that nothing uses: those with a header, and those with something in them.

    Lateness is not used where the policy says that it costs nothing.
    """
    blank = [c for c in sheet.columns if c.role is UNUSED and not c.header]
    filled = {c.at for c in blank if any(not is_blank(cell_at(row, c.at)) for row in sheet.rows)}
    never_late = {part.id for part in policy.leaves() if part.never_late and not part.late_from_export}
    return [
        c
        for c in sheet.columns
        if (c.role is UNUSED and (c.header or c.at in filled))
        or (c.role.meaning == "late" and c.role.part in never_late)
    ]


def without_second_name(columns: Sequence[Column], rows: Sequence[Row]) -> list[Column]:
    """The columns; beside a surname or a first name the whole name is not used."""
    apart = [column.at for column in columns if column.role.meaning in ("surname", "first name")]
    if not any(not is_blank(cell_at(row, at)) for row in rows for at in apart):
        return list(columns)
    return [column._replace(role=UNUSED) if column.role.meaning == "name" else column for column in columns]


def cell_at(row: Row, index: int) -> Cell:
    """A cell of a row; what a shorter row lacks is empty."""
    return row.cells[index] if index < len(row.cells) else ""


def name_of(column: Column) -> str:
    """The header, or the letters of a column without one."""
    return column.header or letters(column.at)


def listed(columns: Sequence[Column]) -> str:
    """The headers of some columns in one line; one that comes again is named once."""
    names = list(dict.fromkeys(shown(name_of(column)) for column in columns))
    return ", ".join(names[:MOST_GUESSES]) + (", …" if len(names) > MOST_GUESSES else "")


_NUMBERED = Regex(r"#?[a-z]{0,3}\d{4,12}[a-z]?", re.I)
"""How student numbers look."""


def likely_number(table: Table) -> str | None:
    """The header of the first column whose cells all look like student numbers, no two alike."""
    for at, cell in enumerate(table.rows[0].cells):
        texts = [text for row in table.rows[1:MOST_LOOKED_AT] if (text := text_of(cell_at(row, at)))]
        if text_of(cell) and texts and len(set(texts)) == len(texts) and all(map(_NUMBERED.fullmatch, texts)):
            return text_of(cell)
    return None
