"""Columns of scores that are one and the same for everybody, as systems write 0 for what nobody has graded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, assert_never

from kurssi.diagnostics.finding import Severity
from kurssi.diagnostics.message import msg
from kurssi.values.classlist import AttemptState

from .cells import Score
from .columns import Role, name_of
from .report import Report, shown

if TYPE_CHECKING:
    from .held import ColumnCells, Store

LEAST = 5
"""Among fewer students, or groups, the same score is no wonder."""


def check_sameness(columns: Sequence[ColumnCells], own: Store, by_group: set[str], report: Report) -> None:
    """Warns of each column of scores in which everybody has the same. ``by_group`` are the parts made in groups."""
    groups = own[Role("group")]
    for cells in columns:
        sheet, column = cells.joined.sheet, cells.column
        if len(cells.values) < LEAST or not _is_one(cells.values):
            continue
        if column.role.part in by_group and sheet.kind == "students":
            units = {groups.value(key) or key for key in cells.joined.keys}
            if len(units) < LEAST:
                continue
        written = cells.held(0).written
        report.add(
            "all-the-same",
            Severity.warning,
            sheet.heading(column.at),
            msg(
                "all {n} rows have the same score, {value}, in “{column}”",
                n=len(cells.values),
                value=shown(written),
                column=shown(name_of(column)),
            ),
            msg("a system may have written it for what is not graded yet: look at it, and write ? where that is so"),
            written,
        )


def _is_one(values: Sequence[object]) -> bool:
    first = values[0]
    graded = isinstance(first, Score) and is_mark(first.state)
    return graded and all(other == first for other in values)


def is_mark(state: AttemptState) -> bool:
    """Whether somebody gave a mark: a score, or a fail in a word."""
    match state:
        case "scored" | "failed":
            return True
        case "missing" | "ungraded" | "withheld" | "excused" | "recognised" | "passed":
            return False
        case _ as unknown:
            assert_never(unknown)
