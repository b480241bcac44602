"""The groups of a class, and the rows of a sheet that has a row for each group."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, cast

from kurssi.diagnostics.finding import Place, Severity
from kurssi.diagnostics.message import msg
from kurssi.values.vocabulary import fold, without_signs

from . import cells
from .columns import Column, Key, Role, Sheet, cell_at
from .held import Store
from .report import Bad, Report, shown
from .summaries import is_summary, report_summary, summary_in
from .table import Row
from .whole import is_whole

if TYPE_CHECKING:  # the shape of the file is not needed to read a sheet
    pass


def _duplicate(name: str, first: int, row: int, place: Place, report: Report) -> None:
    report.error(
        "duplicate-student",
        place,
        msg("{name} stands in row {first} and again in row {row}", name=shown(name), first=first, row=row),
        msg("write into one row what both say; a second attempt has columns of its own"),
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
            report.add(
                "similar-groups",
                Severity.warning,
                held.place,
                msg("“{one}” and “{other}” are two groups", one=shown(groups[first]), other=shown(groups[folded])),
                msg("write the name in one way where it is one group"),
                groups[folded],
            )
            by_letters[without_signs(folded)] = folded


def rows_of_groups(sheet: Sheet, groups: Mapping[str, str] | None, report: Report) -> Iterator[tuple[Row, Key]]:
    """Each row of a sheet of groups that says which group it is. ``groups`` are those with students, where known."""
    column = cast(Column, sheet.column("group"))
    read = cells.text_reader(column.header)
    seen: dict[str, int] = {}
    for row in sheet.rows:
        whole = is_whole(sheet, row, report)
        place = sheet.table.place(row.number, column.at)
        try:
            name = str(read(cell_at(row, column.at)))
        except Bad as bad:
            report.bad(place, bad)
            continue
        group = fold(name)
        word = name if is_summary(name) else summary_in(row) if not name else None
        if word is not None:
            report_summary(sheet, row, word, report)
            continue
        if not name:
            if whole:
                report.error(
                    "missing-student",
                    place,
                    msg("row {row} has no group, but other cells", row=row.number),
                    msg("write the group; a row of averages or sums says so in its first cell"),
                )
            continue
        if group in seen:
            _duplicate(name, seen[group], row.number, place, report)
            continue
        seen[group] = row.number
        if groups is not None and group not in groups:
            report.add(
                "unknown-group",
                Severity.warning,
                place,
                msg("no student is in the group “{group}”", group=shown(name)),
                msg("correct the group here or on the roster"),
                name,
            )
        if whole:
            yield row, group
