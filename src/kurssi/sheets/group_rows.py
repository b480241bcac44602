"""The groups of a class, and the rows of a sheet that has a row for each group."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, cast

from kurssi.diagnostics.finding import Severity
from kurssi.diagnostics.message import msg
from kurssi.values.vocabulary import fold, without_signs

from . import cells
from .columns import Column, Key, Role, Sheet, cell_at
from .held import Store
from .report import Bad, Report, Said, shown
from .summaries import is_summary, report_summary, summary_in
from .table import Row
from .whole import is_whole

if TYPE_CHECKING:  # the shape of the file is not needed to read a sheet
    pass


def _duplicate(name: str, first: int, row: int) -> Said:
    return Said(
        msg("{name} stands in row {first} and again in row {row}", name=shown(name), first=first, row=row),
        msg("write into one row what both say; a second attempt has columns of its own"),
        name,
    )


def _nameless(row: int) -> Said:
    return Said(
        msg("row {row} has no group, but other cells", row=row),
        msg("write the group; a row of averages or sums says so in its first cell"),
    )


def _unknown(name: str) -> Said:
    return Said(
        msg("no student is in the group “{group}”", group=shown(name)),
        msg("correct the group here or on the roster"),
        name,
    )


def group_names(own: Store) -> dict[str, str]:
    """The groups that have students, as the roster spells them first, by folded name."""
    names: dict[str, str] = {}
    for held in own[Role("group")].values():
        names.setdefault(fold(str(held.value)), str(held.value))
    return names


def check_similar_names(groups: Mapping[str, str], own: Store, report: Report) -> None:
    """Warns of groups whose names differ only by blanks and signs: they may be one."""
    by_letters: dict[str, str] = {}
    for held in own[Role("group")].values():
        folded = fold(str(held.value))
        first = by_letters.setdefault(without_signs(folded), folded)
        if first != folded and groups[folded] == str(held.value):
            report.at(*held.where, Severity.warning, "similar-groups", _similar, groups[first], groups[folded])
            by_letters[without_signs(folded)] = folded


def _similar(one: str, other: str) -> Said:
    return Said(
        msg("“{one}” and “{other}” are two groups", one=shown(one), other=shown(other)),
        msg("write the name in one way where it is one group"),
        other,
    )


def rows_of_groups(sheet: Sheet, groups: Mapping[str, str] | None, report: Report) -> Iterator[tuple[Row, Key]]:
    """Each row of a sheet of groups that says which group it is. ``groups`` are those with students, where known."""
    column = cast(Column, sheet.column("group"))
    table, at = sheet.table, column.at
    read = cells.text_reader(column.header)
    seen: dict[str, int] = {}
    for row in sheet.rows:
        whole = is_whole(sheet, row, report)
        try:
            name = str(read(cell_at(row, at)))
        except Bad as bad:
            report.bad(table, row.number, at, bad)
            continue
        group = fold(name)
        word = name if is_summary(name) else summary_in(row) if not name else None
        if word is not None:
            report_summary(sheet, row, word, report)
            continue
        if not name:
            if whole:
                report.error_at(table, row.number, at, "missing-student", _nameless, row.number)
            continue
        if group in seen:
            report.error_at(table, row.number, at, "duplicate-student", _duplicate, name, seen[group], row.number)
            continue
        seen[group] = row.number
        if groups is not None and group not in groups:
            report.at(table, row.number, at, Severity.warning, "unknown-group", _unknown, name)
        if whole:
            yield row, group
