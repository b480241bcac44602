"""Columns of scores that are one and the same for everybody, as systems write 0 for what nobody has graded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple, assert_never

from kurssi.diagnostics.finding import Severity
from kurssi.diagnostics.message import msg
from kurssi.values.classlist import AttemptState

from .cells import Score
from .columns import Column, Role, Sheet, name_of
from .report import Report, shown

if TYPE_CHECKING:
    from .held import Held, Key, Store

LEAST = 5
"""Among fewer students, or groups, the same score is no wonder."""


class Filled(NamedTuple):
    """A column of scores, and the students or groups of its rows."""

    sheet: Sheet
    column: Column
    keys: Sequence[Key]


def check_sameness(columns: Sequence[Filled], own: Store, shared: Store, by_group: set[str], report: Report) -> None:
    """Warns of each column in which everybody has the same score. ``by_group`` are the parts made in groups."""
    groups = own.get(Role("group"), {})
    for sheet, column, keys in columns:
        cells = (shared if sheet.kind == "groups" else own).get(column.role, {})
        held = [cells[key] for key in keys if key in cells and cells[key].column is column]
        if len(held) < LEAST or len(held) < len(keys) or not _is_one(held):
            continue
        if column.role.part in by_group and sheet.kind == "students":
            units = {str(groups[key].value) if key in groups else key for key in keys}
            if len(units) < LEAST:
                continue
        report.add(
            "all-the-same",
            Severity.warning,
            sheet.table.place(sheet.header_row, column.at),
            msg(
                "all {n} rows have the same score, {value}, in “{column}”",
                n=len(held),
                value=shown(held[0].written),
                column=shown(name_of(column)),
            ),
            msg("a system may have written it for what is not graded yet: look at it, and write ? where that is so"),
            held[0].written,
        )


def _is_one(held: Sequence[Held]) -> bool:
    first = held[0].value
    graded = isinstance(first, Score) and _is_mark(first.state)
    return graded and all(other.value == first for other in held)


def _is_mark(state: AttemptState) -> bool:
    """Whether somebody gave a mark: a score, or a fail in a word."""
    match state:
        case "scored" | "failed":
            return True
        case "missing" | "ungraded" | "excused" | "recognised" | "passed":
            return False
        case _ as unknown:
            assert_never(unknown)
