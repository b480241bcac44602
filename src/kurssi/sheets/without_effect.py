"""Cells that decide nothing, although they are read: each kind is said once of a sheet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, cast
from zoneinfo import ZoneInfo

from kurssi.diagnostics.finding import Finding, Severity
from kurssi.diagnostics.message import Msg, msg, nmsg
from kurssi.values.classlist import NEVER_LATE, AttemptState
from kurssi.values.times import When, deadline, handed_in

from .columns import name_of
from .lateness import counts
from .report import Report, listed_some, shown

if TYPE_CHECKING:
    from kurssi.policy.model import Part

    from .held import AttemptCells, Held
    from .table import Table


def late_for_nothing(part: Part, state: AttemptState, submitted: When | None, due: When | None, zone: ZoneInfo) -> bool:
    """Whether an attempt came late, in a part in which that costs nothing although nobody has said so."""
    if counts(part.late) or part.late_from_export or part.never_late or state in NEVER_LATE:
        return False
    return submitted is not None and due is not None and handed_in(submitted, zone) > deadline(due, zone)


def costs_nothing(table: Table, header: int, columns: Mapping[int, str]) -> Finding:
    """That some came late by these columns, the names by where they stand, and that it costs nothing."""
    names = [shown(columns[at]) for at in sorted(columns)]
    return Finding(
        "late-costs-nothing",
        Severity.info,
        msg(
            "some came late by {columns}, and nothing is deducted: the policy has no late rule for it",
            columns=", ".join(f"“{name}”" for name in dict.fromkeys(names)),
        ),
        table.place(header, min(columns)),
        msg("write late: into the policy if lateness is to cost something, else late: none"),
        ", ".join(dict.fromkeys(names)),
    )


class WithoutEffect:
    """Collects them while the students are put together."""

    def __init__(self, zone: ZoneInfo, report: Report) -> None:
        self.zone = zone
        self.report = report
        self.taken: set[tuple[str, str | None, int, int]] = set()
        self.costs_nothing: dict[tuple[str, str | None], list[Held]] = {}
        self.excused: dict[tuple[str, str | None], list[Held]] = {}

    def take(self, given: Sequence[Held | None], used: Sequence[Held | None]) -> None:
        """What a group's cells say is used by a member, but for what the member's own say."""
        for cell in given:
            if cell is not None and any(cell is other for other in used):
                self.taken.add(cell.cell)

    def late(
        self, slot: AttemptCells, state: AttemptState, time: Held | None, due: Held | None, late: Held | None
    ) -> None:
        """Something may have come late, in a part in which that costs nothing; nobody need hear who said so."""
        if slot.part.never_late:
            return
        if late is not None:
            self.costs_nothing.setdefault(_sheet(late), []).append(late)
        submitted = cast(When, time.value) if time is not None else None
        end = cast(When, due.value) if due is not None else slot.part.dues[slot.number - 1]
        if time is not None and late_for_nothing(slot.part, state, submitted, end, self.zone):
            self.costs_nothing.setdefault(_sheet(time), []).append(time)

    def never_late(self, late: Held | None) -> None:
        """Something came late that is excused."""
        if late is not None:
            self.excused.setdefault(_sheet(late), []).append(late)

    def finish(self, slots: Iterable[AttemptCells], groups: Mapping[str, str]) -> None:
        """One finding of each kind for each sheet."""
        overruled: dict[tuple[str, str | None], list[Held]] = {}
        for slot in slots:
            for store in (*(slot.shared or ()), *(one.shared for one in slot.components if one.shared is not None)):
                for group, held in store.items():
                    if group in groups and held.cell not in self.taken:
                        overruled.setdefault(_sheet(held), []).append(held)
        for cells in overruled.values():
            self._say(
                "group-cell-unused",
                cells,
                nmsg(
                    "{n} cell of a group has no effect, as every member has one of its own: {cells}",
                    "{n} cells of groups have no effect, as every member has one of its own: {cells}",
                    n=len({held.cell for held in cells}),
                    cells=_listed(cells),
                ),
            )
        for cells in self.excused.values():
            self._say(
                "late-costs-nothing",
                cells,
                msg(
                    "what is excused or recognised is never late: nothing is deducted for {cells}", cells=_listed(cells)
                ),
            )
        for cells in self.costs_nothing.values():
            sheet = cells[0].sheet
            columns = {held.column.at: name_of(held.column) for held in cells}
            self.report.extend([costs_nothing(sheet.table, sheet.header_row, columns)])

    def _say(self, rule: str, cells: Sequence[Held], message: Msg) -> None:
        self.report.add(rule, Severity.info, cells[0].place, message, None, _listed(cells))


def _sheet(held: Held) -> tuple[str, str | None]:
    return held.sheet.table.file, held.sheet.table.sheet


def _listed(cells: Iterable[Held]) -> str:
    return listed_some([held.place.cell or "" for held in cells])
