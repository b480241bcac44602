"""The cells of a sheet read into values, column by column: a class has few different scores."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from kurssi.diagnostics.message import msg
from kurssi.values.vocabulary import fold

from . import cells, score_cells, time_cells
from .cells import BLANK
from .columns import Column, Joined, Meaning, Sheet, cell_at, name_of
from .criterion_cells import criterion_reader
from .dates import Order, is_slashed, order_of
from .held import ColumnCells, Held, HeldCells, Store
from .reading import PLAIN_UNIT
from .report import Bad, Report, Said, shown
from .table import Cell, is_blank, text_of

if TYPE_CHECKING:  # the shape of the file is not needed to read a sheet
    from kurssi.policy.model import Part, Policy


TEXTS: frozenset[Meaning] = frozenset({"surname", "first name", "name", "email", "login", "group"})
"""Columns whose cells are taken as text."""

MOST_KNOWN = 1 << 14
"""So many different cells of a column are read once; those beyond are read each time, and what is wrong is not kept."""


def _reader(sheet: Sheet, column: Column, policy: Policy, parts: Mapping[str, Part]) -> cells.Reader | None:
    meaning, name = column.role.meaning, name_of(column)
    if meaning == "score":
        part = parts[column.role.part]
        if part.rubric is not None and column.role.component:
            return criterion_reader(part, column.role.component, policy, name, sheet.layout)
        if sheet.layout is None and column.unit is PLAIN_UNIT:
            return score_cells.score_reader(part, policy, name)
        return score_cells.export_reader(part, policy, name, column.unit, sheet.layout)
    if meaning == "due" and _has_status(sheet, column):
        return time_cells.extension_reader(name)
    if meaning in ("submitted", "due"):
        blank = ("-", "–", "n/a", "null") if sheet.layout else ()
        return time_cells.time_reader(name, _order(sheet, column), blank, _year(parts[column.role.part], policy))
    if meaning == "late" and _has_status(sheet, column):
        return time_cells.status_late_reader(name, sheet.layout is not None and sheet.layout.late_in == "two units")
    if meaning == "late":
        return time_cells.late_reader(name)
    if meaning == "handed in":
        return time_cells.handed_in_reader(name)
    if meaning in TEXTS:
        return cells.text_reader(name)
    if policy.activity is not None and meaning == "activity":
        return cells.level_reader(tuple(policy.activity.levels or ()), name)
    if policy.counts_attendance and meaning == "attended":
        return cells.attended_reader(policy.sessions, name)
    return None


def _year(part: Part, policy: Policy) -> int | None:
    """The year in which a time of this part most likely lies."""
    days = [due.day for due in part.dues if due is not None]
    day = days[0] if days else policy.timing_end
    return day.year if day is not None else None


def _has_status(sheet: Sheet, column: Column) -> bool:
    """Whether the column also says in words whether something was handed in."""
    return any(c.at == column.at and c.role.meaning == "handed in" for c in sheet.columns)


def _order(sheet: Sheet, column: Column) -> Order:
    """Which number of a slashed date is the day: a column of times decides it, and where it does not, the others do."""
    found: set[Order] = set()
    for other in sorted(sheet.columns, key=lambda c: c.at != column.at):
        if other.role.meaning not in ("submitted", "due") or (other.at != column.at and "either" not in found):
            continue
        texts = (cell for row in sheet.rows if isinstance(cell := cell_at(row, other.at), str))
        order = order_of(text for text in texts if "/" in text and is_slashed(text))
        if other.at == column.at and order != "either":
            return order
        found.add(order)
    found.discard("either")
    return found.pop() if len(found) == 1 else "both" if found else "either"


def read_cells(joined: Joined, store: Store, policy: Policy, report: Report) -> list[ColumnCells]:
    """Reads the cells of a sheet into ``store``, column by column: a class has few different scores.

    Gives back the columns of scores.
    """
    parts = {part.id: part for part in policy.leaves()}
    sheet = joined.sheet
    scores = []
    for column in sheet.columns:
        if sheet.kind == "groups" and column.role.meaning == "group":
            continue
        read = _reader(sheet, column, policy, parts)
        if read is not None:
            found = _read_column(joined, column, read, store[column.role], report)
            store[column.role].add(found)
            scores += [found] if column.role.meaning == "score" else []
    return scores


def _read_column(joined: Joined, column: Column, read: cells.Reader, earlier: HeldCells, report: Report) -> ColumnCells:
    sheet, index = joined.sheet, column.at
    values: list[object] = [None] * len(joined.rows)
    known: dict[Cell, object] = {}
    for at, row in enumerate(joined.rows):
        cell = row.cells[index] if index < len(row.cells) else ""
        if not cell:
            continue
        value = known.get(cell)
        if value is None:
            value = value_of(cell, read)
            if len(known) < MOST_KNOWN:
                known[cell] = value
        if value is BLANK:
            continue
        if isinstance(value, Bad):
            report.bad(sheet.table, row.number, index, value)
            continue
        held = earlier.get(joined.keys[at]) if earlier else None
        if held is None:
            values[at] = value
        elif not _same(held.value, value) and not _is_spelling(column, sheet, held):
            report.error_at(sheet.table, row.number, index, "conflicting-cells", _conflict, cell, held)
    return ColumnCells(joined, column, values)


def _conflict(cell: Cell, held: Held) -> Said:
    return Said(
        msg(
            "“{here}” here, but “{there}” in {file}, {cell}",
            here=shown(text_of(cell)),
            there=shown(held.written),
            file=held.sheet.table.file,
            cell=held.place.cell,
        ),
        msg("the same cell cannot have two values: correct the one that is wrong"),
    )


def value_of(cell: Cell, read: cells.Reader) -> object:
    """The value of a cell: :data:`BLANK` where it says nothing, and what is wrong where it cannot be read."""
    if is_blank(cell):
        return BLANK
    try:
        return read(cell)
    except Bad as bad:
        bad.__traceback__ = bad.__context__ = None  # which would keep all that was at hand where it was raised
        return bad


def _is_spelling(column: Column, sheet: Sheet, held: Held) -> bool:
    """Whether a name or an address only differs as systems spell it: then the roster's stays."""
    return column.role.meaning in TEXTS - {"group"} and (sheet.layout is not None or held.sheet.layout is not None)


def _same(one: object, other: object) -> bool:
    if isinstance(one, str) and isinstance(other, str):
        return fold(one) == fold(other)
    return one == other
