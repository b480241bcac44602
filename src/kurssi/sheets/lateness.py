"""How late something was, where a system or a column says it: held against the deadline, or taken as it stands."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple, cast
from zoneinfo import ZoneInfo

from kurssi.diagnostics.finding import Severity
from kurssi.diagnostics.message import Msg, msg, nmsg
from kurssi.policy.late_units import length_of_unit
from kurssi.values.hours import Length
from kurssi.values.times import When, clock_text, deadline, handed_in

from .columns import Column, name_of
from .report import Report, Said
from .time_cells import SaidLateness

if TYPE_CHECKING:
    from kurssi.policy.model import Late as LateRule
    from kurssi.policy.model import Part

    from .held import Held

SLACK = timedelta(minutes=1)
"""Systems show times without seconds; only a larger difference is one."""


class Uncounted(NamedTuple):
    """A lateness that counts from nothing."""

    held: Held
    submitted: When | None


class LatenessCells:
    """Decides when something came, or how late it was, and says what cannot be decided. Each cell is reported once."""

    def __init__(self, zone: ZoneInfo, report: Report) -> None:
        self.zone = zone
        self.report = report
        self.done: set[tuple[str, object]] = set()
        self.without_due: dict[tuple[str, int, str], tuple[Part, list[Uncounted]]] = {}

    def of(
        self, part: Part, number: int, submitted: When | None, due: When | None, held: Held
    ) -> tuple[When | None, timedelta | None]:
        """When an attempt came, and how late it was where that is taken as it stands.

        Where there is a time and a deadline they hold, and a difference is a finding.
        """
        said = cast(SaidLateness, held.value)
        timed = submitted is not None and submitted.clock and due is not None
        if part.late_from_export:
            return submitted, self._as_it_stands(part, submitted if timed else None, due, held)
        if timed:
            self._compare(part, cast(When, submitted), cast(When, due), held)
        elif said.length == timedelta(0) or not counts(part.late):
            pass
        elif due is None:
            column = f"{held.sheet.table.file} {held.sheet.table.sheet} {held.column.at}"
            self.without_due.setdefault((part.id, number, column), (part, []))[1].append(Uncounted(held, submitted))
        elif submitted is None:
            return self._from_the_deadline(part, due, held), None
        return submitted, None

    def _new(self, what: str, where: object) -> bool:
        known = len(self.done)
        self.done.add((what, where))
        return len(self.done) > known

    def _as_it_stands(self, part: Part, submitted: When | None, due: When | None, held: Held) -> timedelta | None:
        said = cast(SaidLateness, held.value)
        if submitted is not None and due is not None:
            self._compare(part, submitted, due, held)
        if said.length is None or not self._is_exact(part.late, said, None):
            self._not_exact(part, said, held)
            return None
        return said.length

    def _from_the_deadline(self, part: Part, due: When, held: Held) -> When | None:
        """The deadline, and so much more."""
        said = cast(SaidLateness, held.value)
        column = name_of(held.column)
        if said.length is None:
            if self._new("late", held.cell):
                self.report.at(*held.where, Severity.warning, "lateness-unknown", _by_how_much, held.column, part)
            return None
        if not self._is_exact(part.late, said, due):
            self._not_exact(part, said, held)
            return None
        if self._new(f"from lateness {part.id} {name_of(held.column)}", held.sheet.table.file):
            self.report.add(
                "time-from-lateness",
                Severity.info,
                held.sheet.heading(held.column.at),
                msg(
                    "“{column}” has no time beside it: each is taken to have come so long after the deadline",
                    column=column,
                ),
            )
        return When((deadline(due, self.zone) + said.length).astimezone(self.zone), True)

    # ---- what a system rounds -------------------------------------------------------------------------------

    def _compare(self, part: Part, submitted: When, due: When, held: Held) -> None:
        """A difference that the system's rounding makes is none."""
        said = cast(SaidLateness, held.value)
        mine = max(handed_in(submitted, self.zone) - _last_second(deadline(due, self.zone)), timedelta(0))
        if said.length is None:
            agree = mine > timedelta(0)
        else:
            slack = max(SLACK, said.step)
            both = (mine > timedelta(0)) == (said.length > timedelta(0))
            less = SLACK if said.cut else slack
            agree = -less < mine - said.length < slack and (both or max(mine, said.length) < slack)
        if agree or part.late is None or not self._new("disagree", held.cell):
            return
        self.report.at(*held.where, Severity.warning, "lateness-disagrees", _disagree, part, submitted, due, held, mine)

    def _is_exact(self, rule: LateRule | None, said: SaidLateness, due: When | None) -> bool:
        """Whether what the system cuts off makes no difference: neither to the started units nor to closing."""
        if not said.cut or rule is None or said.length is None or not said.length:
            return True
        unit = length_of_unit(rule.per)
        number = int(said.length / self._length(unit, 1, None))
        bounds = [self._length(unit, n, due) for n in range(max(number - 1, 0), number + 3)] if rule.deduct else []
        bounds += [self._length(length, 1, due) for length in (rule.grace, rule.closes) if length is not None]
        return not any(said.length <= bound < said.length + said.step for bound in bounds)

    def _length(self, length: Length, times: int, due: When | None) -> timedelta:
        """How long a length is, after a deadline where there is one: a change of the clock may lie in it."""
        if due is not None:
            return deadline(due, self.zone, length, times) - deadline(due, self.zone)
        return timedelta(days=length.days * times) + length.elapsed * times

    def _not_exact(self, part: Part, said: SaidLateness, held: Held) -> None:
        if self._new("not exact", held.cell):
            if said.length is None:
                self.report.error_at(*held.where, "late-not-exact", _late_at_all, part, held.column)
            else:
                self.report.error_at(*held.where, "late-not-exact", _up_to, part, said.length, said.step, held.column)

    # ---- no deadline -----------------------------------------------------------------------------------------

    def finish(self) -> None:
        """One error for each column that says late of a part which nothing says the deadline of."""
        for (_, number, _), (part, cells) in self.without_due.items():
            first = cells[0].held
            said = cast(SaidLateness, first.value)
            self.report.error(
                "late-without-due",
                first.place,
                nmsg(
                    "“{column}” says {late}, but {part} has no deadline from which to count: so in {n} row",
                    "“{column}” says {late}, but {part} has no deadline from which to count: so in {n} rows",
                    n=len({cell.held.cell for cell in cells}),
                    column=name_of(first.column),
                    late=_in_words(said.length),
                    part=part.name,
                ),
                self._way_out(part, number, cells[0]),
                None if said.length is None else clock_text(said.length),
            )

    def _way_out(self, part: Part, number: int, cell: Uncounted) -> Msg:
        """The line to write: the deadline that follows from the time and the lateness, where both are exact."""
        said = cast(SaidLateness, cell.held.value)
        line: object = msg("such as due: {due}", due="2024-03-11 23:59")
        if cell.submitted is not None and cell.submitted.clock and said.length is not None and said.step <= SLACK:
            due = handed_in(cell.submitted, self.zone) - said.length
            line = f"due: {When(due.astimezone(self.zone).replace(tzinfo=None), True)}"
        if number > 1:
            return msg("give attempt {n} its deadline in the list retakes, {line}", n=number, line=line)
        if said.length is None or said.cut:
            return msg("write the deadline into {part}, {line}", part=part.id, line=line)
        return msg(
            "write the deadline into {part}, {line}; or late_from: export, which takes the lateness as it stands",
            part=part.id,
            line=line,
        )


def _by_how_much(column: Column, part: Part) -> Said:
    return Said(
        msg("“{column}” says late, but not by how much: it is graded as on time", column=name_of(column)),
        msg("write when it came into a column “{header} submitted”", header=part.id),
    )


def _disagree(part: Part, submitted: When, due: When, held: Held, mine: timedelta) -> Said:
    said = cast(SaidLateness, held.value)
    words = {
        "column": name_of(held.column),
        "system": _in_words(said.length),
        "submitted": str(submitted),
        "mine": _in_words(mine),
        "due": str(due),
    }
    return Said(
        msg("“{column}” says {system}, but {submitted} is {mine} by the deadline {due}: the lateness holds", **words)
        if part.late_from_export
        else msg(
            "“{column}” says {system}, but {submitted} is {mine} by the deadline {due}: the deadline holds", **words
        ),
        msg("write an extension into a column “{header} due”, or correct due: in the part", header=part.id),
        None if said.length is None else clock_text(said.length),
    )


def _late_at_all(part: Part, column: Column) -> Said:
    return Said(
        msg(
            "“{column}” says late, but not by how much, and {part} counts from it",
            column=name_of(column),
            part=part.name,
        ),
        _way_to_exact(part),
    )


def _up_to(part: Part, length: timedelta, step: timedelta, column: Column) -> Said:
    late = clock_text(length)
    return Said(
        msg(
            "“{column}” says {late} late, which may be up to {more} more: that decides how many units count",
            column=name_of(column),
            late=late,
            more=clock_text(step),
        ),
        _way_to_exact(part),
        late,
    )


def _way_to_exact(part: Part) -> Msg:
    return msg(
        "write how late it was into a column “{header} late”, such as 26:05:00, or when it came into "
        "“{header} submitted” and due: into the part",
        header=part.id,
    )


def counts(rule: LateRule | None) -> bool:
    """Whether lateness costs anything in a part."""
    return rule is not None and bool(rule.deduct or rule.closes is not None)


def _last_second(due: datetime) -> datetime:
    """A deadline without the fraction of a second that makes the end of a day."""
    return due.replace(microsecond=0)


def _in_words(length: timedelta | None) -> Msg:
    if length is None:
        return msg("late")
    return msg("{late} late", late=clock_text(length)) if length else msg("on time")
