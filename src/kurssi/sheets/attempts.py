"""What a student's cells, the cells of its group and the policy together say of each attempt."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, timedelta
from typing import TYPE_CHECKING, cast
from zoneinfo import ZoneInfo

from kurssi.diagnostics.finding import Severity
from kurssi.diagnostics.message import msg
from kurssi.values.classlist import NEVER_LATE, OUT, Attempt, Sources
from kurssi.values.times import When, deadline

from .cells import Score
from .columns import Column, Meaning, Role, name_of
from .composites import Composites
from .held import AttemptCells, ComponentCells, Held, HeldCells, Spot, Store
from .lateness import LatenessCells, counts
from .report import Report, Said, shown
from .time_cells import Handed, SaidLateness
from .without_effect import WithoutEffect

if TYPE_CHECKING:  # the shape of the file is not needed to read a sheet
    from kurssi.policy.model import Part, Policy


MOST_NAMED = 5
"""So many different words of a status column are named in one finding."""

_FIELDS: tuple[Meaning, ...] = ("score", "submitted", "due", "late", "handed in")


def cells_of(part: Part, own: Store, shared: Store, sources: Sources) -> list[AttemptCells]:
    """The cells of every attempt at a part, up to the last that any sheet has a column for."""
    found: list[tuple[list[HeldCells], list[HeldCells]]] = []
    for number in range(1, len(part.dues) + 1):
        roles = [Role(meaning, part.id, number) for meaning in _FIELDS]
        found.append(([own[role] for role in roles], [shared[role] for role in roles]))
    components = [_components(part, number, own, shared) for number in range(1, len(found) + 1)]
    while found and not any(found[-1][0]) and not any(found[-1][1]) and not components[len(found) - 1]:
        found.pop()
    return [
        AttemptCells(
            part,
            number,
            mine,
            ours if any(ours) else None,
            sources.at(part.id, number),
            components[number - 1],
            not (part.by_group or any(mine[2:]) or any(ours) or components[number - 1])
            and (not mine[1] or counts(part.late) or part.late_from_export),
        )
        for number, (mine, ours) in enumerate(found, 1)
    ]


def _components(part: Part, number: int, own: Store, shared: Store) -> tuple[ComponentCells, ...]:
    """The cells that the score of an attempt is made of, of which any sheet has a column."""
    found = []
    for name, _ in part.components.all:
        role = Role("score", part.id, number, name)
        if own[role] or shared[role]:
            found.append(ComponentCells(name, own[role], shared[role] or None))
    return tuple(found)


def attempts_of(
    slots: Sequence[AttemptCells], position: int, group: str | None, checks: AttemptChecks
) -> tuple[Attempt, ...]:
    """A student's attempts at a part, up to the last of which some cell says something."""
    made: list[Attempt] = []
    last = 0
    for slot in slots:
        attempt = (_plain if slot.plain else _attempt)(slot, position, group, checks)
        made.append(attempt or Attempt("missing", own=not slot.part.by_group))
        if attempt is not None:
            last = len(made)
    return checks.one_for_all(tuple(made[:last]))


def _plain(slot: AttemptCells, position: int, group: str | None, checks: AttemptChecks) -> Attempt | None:
    """The same where nobody says more than a score and a time, as in most tables.

    Then there is nothing else to ask and to check, but where the time is odd; that is left to who knows all.
    """
    score, time = slot.own[0].get(position), slot.own[1].get(position)
    said = cast(Score, score.value) if score is not None else _NOT_GRADED
    submitted = cast(When, time.value) if time is not None else None
    if submitted is not None and (said.state == "missing" or not submitted.clock):
        return _attempt(slot, position, group, checks)
    first = score or time
    if first is None:
        return None
    slot.sources.set(position, first.row, first.cells.named)
    return Attempt(said.state, said.score, submitted)


_NOT_GRADED = Score("ungraded")


def _attempt(slot: AttemptCells, position: int, group: str | None, checks: AttemptChecks) -> Attempt | None:
    """One attempt; ``None`` where no cell says anything. A student's own cell overrides its group's, each by itself."""
    scores, times, dues, lates, states = slot.own
    score, time, due = scores.get(position), times.get(position), dues.get(position)
    late = lates.get(position) if lates else None
    state = states.get(position) if states else None
    whole = score if score is not None or slot.shared is None or group is None else slot.shared[0].get(group)
    made = checks.composites.of(slot, position, group, whole) if slot.components else None
    score = made.cells[0] if made is not None else score
    said = made.score if made is not None else cast(Score, score.value) if score is not None else None
    cells = made.cells if made is not None else [score] if score is not None else []
    own = any(map(_is_own, cells)) or not slot.part.by_group
    if slot.shared is not None and group is not None:
        # Who is said to be excused, or to have handed in nothing, takes no time from the group.
        alone = said is not None and said.state in NEVER_LATE
        given = [held.get(group) for held in slot.shared]
        score, time = score or given[0], time or (None if alone else given[1])
        said = said or (cast(Score, score.value) if score is not None else None)
        due, late = due or given[2], late or (None if alone else given[3])
        checks.without_effect.take(given, (score, time, due, late))
    handed = cast(Handed, state.value) if state is not None else None
    if handed is not None and handed.handed_in is False and score is None:
        time = late = None  # a draft has a time, and yet it is not submitted
    is_late = late is not None and cast(SaidLateness, late.value).length != timedelta(0)
    if score is None and time is None and due is None and state is None and not is_late:
        return None
    came = time is not None or is_late or (handed is not None and handed.handed_in is True)
    said = said or Score("ungraded" if came else "missing")
    if state is not None:
        checks.words(slot, state, score is not None, said.state)
    if due is not None:
        checks.extension(slot, due)
    if said.state == "missing":
        for held in (time, late if is_late else None):
            if held is not None:
                checks.not_submitted(held)
        time = None
    elif time is not None and not cast(When, time.value).clock and said.state not in OUT:
        checks.clock(slot, time, due)
    submitted = cast(When, time.value) if time is not None else None
    if not counts(slot.part.late) and not slot.part.late_from_export:
        checks.without_effect.late(slot, said.state, time, due, late if is_late else None)
    elif is_late and said.state in OUT:
        checks.without_effect.never_late(late)
    lateness = None
    if late is not None and said.state not in NEVER_LATE:
        regular = cast(When, due.value) if due is not None else slot.part.dues[slot.number - 1]
        submitted, lateness = checks.lateness.of(slot.part, slot.number, submitted, regular, late)
    if (first := score or time or due or state or late) is not None:
        slot.sources.set(position, first.row, first.cells.named)
    return Attempt(
        said.state,
        said.score,
        submitted,
        cast(When, due.value) if due is not None else None,
        own,
        lateness,
        *((made.components, made.composed.among) if made is not None else ()),
    )


def _is_own(score: Held) -> bool:
    """Whether a score stands in the student's own row, and is not its group's."""
    return not score.of_group and score.sheet.kind == "students"


class AttemptChecks:
    """What can only be said once a cell, its group's and the policy are together. Each cell is reported once."""

    def __init__(self, policy: Policy, students: Sequence[str], report: Report) -> None:
        self.sources = Sources(students)
        self._known: dict[object, tuple[Attempt, ...]] = {}
        self.zone = ZoneInfo(policy.timezone)
        self.report = report
        self.done: set[tuple[str, Spot]] = set()
        self.lateness = LatenessCells(self.zone, report)
        self.without_effect = WithoutEffect(self.zone, report)
        self.composites = Composites(report, self.without_effect)
        self.unread: dict[tuple[str, int], list[Held]] = {}

    def one_for_all(self, attempts: tuple[Attempt, ...]) -> tuple[Attempt, ...]:
        """The same attempts; all who handed in alike, and of whom nothing says when, share one value."""
        for attempt in attempts:
            timed = attempt.submitted is not None or attempt.due is not None or attempt.lateness is not None
            if timed or attempt.components:
                return attempts
        # scores by identity, as to hash a fraction takes long: those of a column are one for equal cells, and are kept
        name = tuple([(a.state, id(a.score), a.own) for a in attempts])
        return self._known.setdefault(name, attempts)

    def _new(self, what: str, held: Held) -> bool:
        known = len(self.done)
        self.done.add((what, held.cell))
        return len(self.done) > known

    def extension(self, slot: AttemptCells, held: Held) -> None:
        """A student's own deadline is not before the part's."""
        regular = slot.part.dues[slot.number - 1]
        due = cast(When, held.value)
        if regular is None or deadline(due, self.zone) >= deadline(regular, self.zone):
            return
        if self._new("due", held):
            self.report.error_at(*held.where, "early-extension", _early, held.column, due, regular)

    def clock(self, slot: AttemptCells, held: Held, extension: Held | None) -> None:
        """A time without a clock is only good where it cannot be late."""
        due = cast(When, extension.value) if extension is not None else slot.part.dues[slot.number - 1]
        if slot.part.late is None or due is None:
            return
        last = self._day(due)
        day = cast(When, held.value).day
        if day < last or (day == last and not due.clock):  # a deadline without a clock ends that day
            return
        if self._new("clock", held):
            self.report.error_at(*held.where, "bad-time", _no_clock, held, due)

    def words(self, slot: AttemptCells, held: Held, has_score: bool, state: str) -> None:
        """Words of a system that decide something, and are not understood."""
        handed = cast(Handed, held.value)
        undecided = handed.handed_in is None and not has_score
        perhaps_late = handed.counted and state not in NEVER_LATE and counts(slot.part.late)
        if undecided or perhaps_late:
            self.unread.setdefault((held.sheet.table.file, held.column.at), []).append(held)

    def finish(self) -> None:
        """What is said once of a column."""
        self.lateness.finish()
        for several in self.unread.values():
            first = several[0]
            words = dict.fromkeys(shown(cast(Handed, held.value).words) for held in several)
            self.report.error(
                "status-unread",
                first.place,
                msg(
                    "what “{column}” says is not understood, and it decides what was handed in and when: {words}",
                    column=name_of(first.column),
                    words=", ".join(f"“{word}”" for word in list(words)[:MOST_NAMED])
                    + (", …" if len(words) > MOST_NAMED else ""),
                ),
                msg(
                    "export it again with the system in English, or leave the column out with "
                    '--map "{header}=unused" and write ? (handed in) or - (not) into a sheet of your own',
                    header=first.column.header,
                ),
                next(iter(words)),
            )

    def not_submitted(self, held: Held) -> None:
        """Not submitted, and yet a time: the statement holds."""
        if self._new("missing", held):
            self.report.at(*held.where, Severity.warning, "not-submitted-with-time", _yet_a_time, held.column)

    def _day(self, due: When) -> date:
        return due.at.astimezone(UTC).astimezone(self.zone).date() if due.at.tzinfo is not None else due.day


def _early(column: Column, due: When, regular: When) -> Said:
    return Said(
        msg(
            "the deadline {due} in “{column}” is before that of the part, {regular}",
            due=str(due),
            column=name_of(column),
            regular=str(regular),
        ),
        msg("an extension cannot be earlier: correct the date; without one the part's deadline holds"),
        str(due),
    )


def _no_clock(held: Held, due: When) -> Said:
    return Said(
        msg(
            "{day} in “{column}” has no time of day and could be late: the deadline is {due}",
            day=held.value,
            column=name_of(held.column),
            due=due,
        ),
        msg("write the time of day too, such as 5.3.2024 10.12"),
        str(held.value),
    )


def _yet_a_time(column: Column) -> Said:
    return Said(
        msg("“{column}” has a time, but the score says not submitted", column=name_of(column)),
        msg("correct the one that is wrong: write ? where the work still waits for its grade"),
    )
