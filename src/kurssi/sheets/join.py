"""Third stage of reading score sheets: the sheets joined by student into values for the grading core."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple, cast
from zoneinfo import ZoneInfo

from kurssi.diagnostics.finding import Place, Severity
from kurssi.diagnostics.message import msg, nmsg
from kurssi.values.classlist import Attempt, PeerMark, Source, Student
from kurssi.values.times import When, deadline
from kurssi.values.vocabulary import fold, without_signs

from . import cells, group_scores, identity
from .absences import check_absences
from .cells import BLANK, Handed, Late, Score
from .columns import Column, Headers, Joined, Meaning, Role, Sheet, cell_at, name_of
from .dates import Order, is_slashed, order_of
from .identity import Roster
from .lateness import Lateness, counts
from .names import check_names, words_of
from .reading import PLAIN_UNIT
from .report import Bad, Report, listed_rows, listed_some, place_of, shown
from .sameness import Filled, check_sameness
from .summaries import is_summary, report_summary, summary_in
from .table import Cell, Row, is_blank, text_of
from .whole import are_shifted, is_whole
from .without_effect import WithoutEffect

if TYPE_CHECKING:  # the shape of the file is not needed to read a sheet
    from kurssi.policy.model import Part, Policy

MOST_NAMED = 5
"""So many members without marks are named in one finding."""


class Held(NamedTuple):
    """A value and where it was read."""

    value: object
    sheet: Sheet
    column: Column
    row: int
    of_group: bool = False
    """Whether a cell in a student's row is its group's."""

    @property
    def place(self) -> Place:
        """The cell."""
        return self.sheet.table.place(self.row, self.column.at)

    @property
    def source(self) -> Source:
        """The cell, as reports name it."""
        return Source(self.sheet.table.file, self.row, name_of(self.column))

    @property
    def written(self) -> str:
        """The cell as it is written."""
        rows = self.sheet.rows
        return text_of(cell_at(rows[bisect_left(rows, self.row, key=lambda row: row.number)], self.column.at))


Key = int | str
"""A student's position in the roster, or a group's folded name."""

Store = dict[Role, dict[Key, Held]]
"""What the sheets say, by role of the column and then by student or group."""

PLAIN = frozenset({"surname", "first name", "name", "email", "login", "group"})


def join(sheets: Sequence[Sheet], headers: Headers, report: Report) -> tuple[list[Student], list[PeerMark] | None]:
    """The students in the order of the roster, and the peer marks. What is wrong goes into ``report``."""
    policy = headers.policy
    own: Store = {}
    shared: Store = {}
    roster = Roster()
    sheets = [sheet for sheet in sheets if not are_shifted(sheet.table, sheet.rows, report)]
    filled: list[Filled] = []
    joined: list[Joined] = []
    for sheet in identity.in_order([s for s in sheets if s.kind == "students"]):
        joined.append(Joined(sheet, list(identity.students(sheet, roster, report))))
        filled += _read_cells(joined[-1], own, policy, report)
    groups = _group_names(own)
    _check_alike(groups, own, report)
    for sheet in (s for s in sheets if s.kind == "groups"):
        joined.append(Joined(sheet, list(_groups(sheet, groups if roster.names else None, report))))
        filled += _read_cells(joined[-1], shared, policy, report)
    check_sameness(filled, own, shared, {part.id for part in policy.leaves() if part.by_group}, report)
    group_scores.find(own, shared, roster.names, policy, report)
    check_absences(joined, own, shared, roster.names, groups, policy, report)
    students = _assemble(roster, own, shared, policy, report)
    if not report.failed:  # two names of one student may be an error already
        check_names(joined, own, students, report)
    marks: list[PeerMark] | None = None
    if headers.has_peer:
        for sheet in (s for s in sheets if s.kind == "peer" and s.rows):  # nothing in it: marks are still to come
            marks = [] if marks is None else marks
            _read_marks(sheet, students, roster, headers, marks, report)
        if marks:
            _check_pairs(marks, students, policy, report)
            group_scores.check_peers(students, own, shared, policy, report)
            if not report.failed:
                _say_silent(marks, students, policy, report)
    return students, marks


# ---- whose row it is ---------------------------------------------------------------------------------------


def _duplicate(name: str, first: int, row: int, place: Place, report: Report) -> None:
    report.error(
        "duplicate-student",
        place,
        msg("{name} stands in row {first} and again in row {row}", name=shown(name), first=first, row=row),
        msg("write into one row what both say; a second attempt has columns of its own"),
        name,
    )


def _group_names(own: Store) -> dict[str, str]:
    """The groups that have students, as the roster spells them first, by folded name."""
    names: dict[str, str] = {}
    for held in own.get(Role("group"), {}).values():
        names.setdefault(fold(str(held.value)), str(held.value))
    return names


def _check_alike(groups: Mapping[str, str], own: Store, report: Report) -> None:
    """Warns of groups whose names differ only by blanks and signs: they may be one."""
    by_letters: dict[str, str] = {}
    for held in own.get(Role("group"), {}).values():
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


def _groups(sheet: Sheet, groups: Mapping[str, str] | None, report: Report) -> Iterator[tuple[Row, Key]]:
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


# ---- cells -------------------------------------------------------------------------------------------------


def _reader(sheet: Sheet, column: Column, policy: Policy, parts: Mapping[str, Part]) -> cells.Reader | None:
    meaning, name = column.role.meaning, name_of(column)
    if meaning == "score":
        part = parts[column.role.part]
        if sheet.layout is None and column.unit is PLAIN_UNIT:
            return cells.score_reader(part, policy, name)
        return cells.export_reader(part, policy, name, column.unit, sheet.layout)
    if meaning == "due" and _has_status(sheet, column):
        return cells.extension_reader(name)
    if meaning in ("submitted", "due"):
        blank = ("-", "–", "n/a", "null") if sheet.layout else ()
        return cells.time_reader(name, _order(sheet, column), blank, _year(parts[column.role.part], policy))
    if meaning == "late" and _has_status(sheet, column):
        return cells.status_late_reader(name, sheet.layout is not None and sheet.layout.late_in == "two units")
    if meaning == "late":
        return cells.late_reader(name)
    if meaning == "handed in":
        return cells.handed_in_reader(name)
    if meaning in PLAIN:
        return cells.text_reader(name)
    if policy.activity is not None and meaning == "activity":
        return cells.level_reader(tuple(policy.activity.levels or ()), name)
    if policy.activity is not None and meaning == "attended":
        return cells.attended_reader(policy.activity.sessions, name)
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


def _read_cells(joined: Joined, store: Store, policy: Policy, report: Report) -> list[Filled]:
    """Reads the cells of a sheet into ``store``, column by column: a class has few different scores.

    Gives back the columns of scores.
    """
    parts = {part.id: part for part in policy.leaves()}
    sheet, pairs = joined
    for column in sheet.columns:
        if sheet.kind == "groups" and column.role.meaning == "group":
            continue
        read = _reader(sheet, column, policy, parts)
        if read is not None:
            into = store.setdefault(column.role, {})
            _read_column(sheet, column, pairs, read, into, report)
    keys = [key for _, key in pairs]
    return [Filled(sheet, column, keys) for column in sheet.columns if column.role.meaning == "score"]


def _read_column(
    sheet: Sheet,
    column: Column,
    rows: Sequence[tuple[Row, Key]],
    read: cells.Reader,
    into: dict[Key, Held],
    report: Report,
) -> None:
    index = column.at
    known: dict[Cell, object] = {}
    for row, key in rows:
        cell = row.cells[index] if index < len(row.cells) else ""
        if not cell:
            continue
        value = known.get(cell)
        if value is None:
            value = known[cell] = _value(cell, read)
        if value is BLANK:
            continue
        if isinstance(value, Bad):
            report.bad(sheet.table.place(row.number, index), value)
            continue
        held = into.get(key)
        if held is None:
            into[key] = Held(value, sheet, column, row.number)
        elif not _same(held.value, value) and not _is_spelling(column, sheet, held):
            here = sheet.table.place(row.number, index)
            report.error(
                "conflicting-cells",
                here,
                msg(
                    "“{here}” here, but “{there}” in {file}, {cell}",
                    here=shown(text_of(cell)),
                    there=shown(held.written),
                    file=held.sheet.table.file,
                    cell=held.place.cell,
                ),
                msg("the same cell cannot have two values: correct the one that is wrong"),
            )


def _value(cell: Cell, read: cells.Reader) -> object:
    if is_blank(cell):
        return BLANK
    try:
        return read(cell)
    except Bad as bad:
        return bad


def _is_spelling(column: Column, sheet: Sheet, held: Held) -> bool:
    """Whether a name or an address only differs as systems spell it: then the roster's stays."""
    return column.role.meaning in PLAIN - {"group"} and (sheet.layout is not None or held.sheet.layout is not None)


def _same(one: object, other: object) -> bool:
    if isinstance(one, str) and isinstance(other, str):
        return fold(one) == fold(other)
    return one == other


# ---- students ----------------------------------------------------------------------------------------------


class _Cells(NamedTuple):
    """What is said about one attempt at one part: by student, and by group."""

    part: Part
    number: int
    own: Sequence[dict[Key, Held]]
    """Score, time, deadline, lateness, and whether it was handed in."""
    shared: Sequence[dict[Key, Held]] | None


def _assemble(roster: Roster, own: Store, shared: Store, policy: Policy, report: Report) -> list[Student]:
    checks = _Checks(policy, report)
    parts = [(part.id, _cells_of(part, own, shared)) for part in policy.leaves()]
    parts = [(name, slots) for name, slots in parts if slots]
    plain = {name: own.get(Role(name), {}) for name in ("surname", "first name", "name", "email", "login", "group")}
    levels, attended = own.get(Role("activity"), {}), own.get(Role("attended"), {})
    spelled = _group_names(own)
    header = roster.header
    students = []
    for position, student in enumerate(roster.names):
        text = {name: str(held[position].value) if position in held else "" for name, held in plain.items()}
        folded = fold(text["group"]) if text["group"] else None
        attempts: dict[str, tuple[Attempt, ...]] = {}
        for part, slots in parts:
            made = _attempts(slots, position, folded, checks)
            if made:
                attempts[part] = made
        sheet, row = roster.rows[position]
        surname, first_name = text["surname"], text["first name"]
        whole = plain["name"].get(position)
        # What a later sheet says of the name does not come before the roster's, unless it only divides it.
        first = whole is not None and whole.sheet is sheet and words_of(surname, first_name) != words_of(text["name"])
        if first or (not surname and not first_name):
            # Only a comma says which of the names is the surname.
            surname, _, first_name = (piece.strip() for piece in text["name"].partition(","))
        level, came = levels.get(position), attended.get(position)
        students.append(
            Student(
                student,
                surname,
                first_name,
                text["email"],
                spelled[folded] if folded is not None else None,
                attempts,
                str(level.value) if level else None,
                cast(int, came.value) if came else None,
                Source(sheet.table.file, row, header),
                cells.identifier(text["login"]),
            )
        )
    checks.finish()
    checks.without_effect.finish([slot for _, slots in parts for slot in slots], spelled)
    return students


_FIELDS: tuple[Meaning, ...] = ("score", "submitted", "due", "late", "handed in")


def _cells_of(part: Part, own: Store, shared: Store) -> list[_Cells]:
    """The cells of every attempt at a part, up to the last that any sheet has a column for."""
    slots = []
    for number in range(1, len(part.dues) + 1):
        roles = [Role(meaning, part.id, number) for meaning in _FIELDS]
        mine, ours = [own.get(role, {}) for role in roles], [shared.get(role, {}) for role in roles]
        slots.append(_Cells(part, number, mine, ours if any(ours) else None))
    while slots and not any(slots[-1].own) and slots[-1].shared is None:
        slots.pop()
    return slots


def _attempts(slots: Sequence[_Cells], position: int, group: str | None, checks: _Checks) -> tuple[Attempt, ...]:
    made: list[Attempt] = []
    last = 0
    for slot in slots:
        attempt = _attempt(slot, position, group, checks)
        made.append(attempt or Attempt("missing", own=not slot.part.by_group))
        if attempt is not None:
            last = len(made)
    return tuple(made[:last])


def _attempt(slot: _Cells, position: int, group: str | None, checks: _Checks) -> Attempt | None:
    """One attempt; ``None`` where no cell says anything. A student's own cell overrides its group's, each by itself."""
    scores, times, dues, lates, states = slot.own
    score, time, due = scores.get(position), times.get(position), dues.get(position)
    late = lates.get(position) if lates else None
    state = states.get(position) if states else None
    own = (score is not None and not score.of_group) or not slot.part.by_group
    if slot.shared is not None and group is not None:
        # Who is said to be excused, or to have handed in nothing, takes no time from the group.
        alone = score is not None and cast(Score, score.value).state in ("missing", "excused", "recognised")
        given = [held.get(group) for held in slot.shared]
        score, time = score or given[0], time or (None if alone else given[1])
        due, late = due or given[2], late or (None if alone else given[3])
        checks.without_effect.take(given, (score, time, due, late))
    handed = cast(Handed, state.value) if state is not None else None
    if handed is not None and handed.handed_in is False and score is None:
        time = late = None  # a draft has a time, and yet it is not submitted
    is_late = late is not None and cast(Late, late.value).length != timedelta(0)
    if score is None and time is None and due is None and state is None and not is_late:
        return None
    came = time is not None or is_late or (handed is not None and handed.handed_in is True)
    said = cast(Score, score.value) if score is not None else Score("ungraded" if came else "missing")
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
    if late is not None and said.state not in ("missing", *OUT):
        regular = cast(When, due.value) if due is not None else slot.part.dues[slot.number - 1]
        submitted, lateness = checks.lateness.of(slot.part, slot.number, submitted, regular, late)
    source = score or time or due or state or late
    return Attempt(
        said.state,
        said.score,
        submitted,
        cast(When, due.value) if due is not None else None,
        source.source if source is not None else None,
        own,
        lateness,
    )


OUT = ("excused", "recognised")
"""States in which nothing can be late."""


class _Checks:
    """What can only be said once a cell, its group's and the policy are together. Each cell is reported once."""

    def __init__(self, policy: Policy, report: Report) -> None:
        self.zone = ZoneInfo(policy.timezone)
        self.report = report
        self.done: set[tuple[str, Place]] = set()
        self.lateness = Lateness(self.zone, report)
        self.without_effect = WithoutEffect(self.zone, report)
        self.unread: dict[tuple[str, int], list[Held]] = {}

    def _new(self, what: str, place: Place) -> bool:
        known = (what, place) in self.done
        self.done.add((what, place))
        return not known

    def extension(self, slot: _Cells, held: Held) -> None:
        """A student's own deadline is not before the part's."""
        regular = slot.part.dues[slot.number - 1]
        due = cast(When, held.value)
        if regular is None or deadline(due, self.zone) >= deadline(regular, self.zone):
            return
        if self._new("due", held.place):
            self.report.error(
                "early-extension",
                held.place,
                msg(
                    "the deadline {due} in “{column}” is before that of the part, {regular}",
                    due=str(due),
                    column=name_of(held.column),
                    regular=str(regular),
                ),
                msg("an extension cannot be earlier: correct it, or empty the cell"),
                str(due),
            )

    def clock(self, slot: _Cells, held: Held, extension: Held | None) -> None:
        """A time without a clock is only good where it cannot be late."""
        due = cast(When, extension.value) if extension is not None else slot.part.dues[slot.number - 1]
        if slot.part.late is None or due is None:
            return
        last = self._day(due)
        day = cast(When, held.value).day
        if day < last or (day == last and not due.clock):  # a deadline without a clock ends that day
            return
        if self._new("clock", held.place):
            self.report.error(
                "bad-time",
                held.place,
                msg(
                    "{day} in “{column}” has no time of day and could be late: the deadline is {due}",
                    day=str(held.value),
                    column=name_of(held.column),
                    due=str(due),
                ),
                msg("write the time of day too, such as 5.3.2024 10.12"),
                str(held.value),
            )

    def words(self, slot: _Cells, held: Held, has_score: bool, state: str) -> None:
        """Words of a system that decide something, and are not understood."""
        handed = cast(Handed, held.value)
        undecided = handed.handed_in is None and not has_score
        perhaps_late = handed.counted and state not in ("missing", *OUT) and counts(slot.part.late)
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
        if self._new("missing", held.place):
            self.report.add(
                "not-submitted-with-time",
                Severity.warning,
                held.place,
                msg("“{column}” has a time, but the score says not submitted", column=name_of(held.column)),
                msg("empty the time, or write ? where the work still waits for its grade"),
            )

    def _day(self, due: When) -> date:
        return due.at.astimezone(UTC).astimezone(self.zone).date() if due.at.tzinfo is not None else due.day


# ---- peer marks --------------------------------------------------------------------------------------------


def _read_marks(
    sheet: Sheet, students: Sequence[Student], roster: Roster, headers: Headers, marks: list[PeerMark], report: Report
) -> None:
    """Appends the marks of one sheet. Own marks are dropped where no part counts them."""
    giver, taker = cast(Column, sheet.column("from")), cast(Column, sheet.column("to"))
    readers = [(c, cells.mark_reader(c.header)) for c in sheet.columns if c.role.meaning == "criterion"]
    seen = {(mark.marker, mark.member): mark.source for mark in marks}
    own_rows: list[int] = []
    for row in sheet.rows:
        if not is_whole(sheet, row, report):
            continue
        pair = [_member(sheet, row, column, roster, report) for column in (giver, taker)]
        if pair[0] is None or pair[1] is None:
            continue
        marker, member = students[pair[0]], students[pair[1]]
        if marker is member and not headers.own_marks:
            own_rows.append(row.number)
            continue
        place = sheet.table.place(row.number, taker.at)
        if not _in_one_group(marker, member, place, report):
            continue
        source = Source(sheet.table.file, row.number, taker.header)
        if (earlier := seen.get((marker.student, member.student))) is not None:
            report.error(
                "peer-sheet",
                place,
                msg(
                    "{marker} marks {member} twice: also in {file}, row {row}",
                    marker=marker.student,
                    member=member.student,
                    file=earlier.file,
                    row=earlier.row,
                ),
                msg("correct who gives or who gets the marks in one of the rows"),
            )
            continue
        seen[marker.student, member.student] = source
        given: dict[str, Fraction] = {}
        for column, read in readers:
            cell = cell_at(row, column.at)
            here = sheet.table.place(row.number, column.at)
            value = _value(cell, read)
            if isinstance(value, Bad):
                report.bad(here, value)
            elif isinstance(value, Fraction):
                given[column.role.part] = value
            else:
                report.error(
                    "peer-sheet",
                    here,
                    msg(
                        "{marker} gives {member} no mark in “{column}”",
                        marker=marker.student,
                        member=member.student,
                        column=name_of(column),
                    ),
                    msg("write the mark; who gave no marks at all has no row"),
                )
        marks.append(
            PeerMark(marker.student, member.student, given, source, sheet.table.place(row.number, giver.at).cell)
        )
    if own_rows:
        _say_own(sheet, taker, own_rows, report)


def _say_own(sheet: Sheet, taker: Column, rows: Sequence[int], report: Report) -> None:
    report.add(
        "own-marks-unused",
        Severity.info,
        sheet.table.place(rows[0], taker.at),
        nmsg(
            "row {rows} is a mark that a member gave itself, and the policy does not count it",
            "the rows {rows} are marks that members gave themselves, and the policy does not count them",
            n=len(rows),
            rows=listed_rows(rows),
        ),
        msg("write self: true under peer: where they are to count"),
        listed_rows(rows),
    )


def _member(sheet: Sheet, row: Row, column: Column, roster: Roster, report: Report) -> int | None:
    """The position on the roster of who stands in the ``from`` or ``to`` cell."""
    place = sheet.table.place(row.number, column.at)
    try:
        student = cells.student_of(cell_at(row, column.at), column.header)
    except Bad as bad:
        report.error("peer-sheet", place, bad.message, bad.hint, bad.found)
        return None
    if not student:
        report.error(
            "peer-sheet",
            place,
            msg("row {row} does not say who stands in “{column}”", row=row.number, column=column.header),
            msg("write the student number"),
        )
        return None
    if student not in roster.position:
        if roster.rows:
            identity.unknown(student, place, roster, report)
        return None
    return roster.position[student]


def _in_one_group(marker: Student, member: Student, place: Place, report: Report) -> bool:
    if marker.group is not None and marker.group == member.group:
        return True
    report.error(
        "peer-sheet",
        place,
        msg("{marker} and {member} are not in one group", marker=marker.student, member=member.student),
        msg("correct the row, or the group on the roster"),
    )
    return False


def _check_pairs(marks: Sequence[PeerMark], students: Sequence[Student], policy: Policy, report: Report) -> None:
    """Who gives marks gives them to all: for every part, the members without a score of their own.

    All-zero marks count as none.
    """
    given: dict[str, dict[str, tuple[Fraction, PeerMark]]] = {}
    for mark in marks:
        total = sum(mark.marks.values(), Fraction(0))
        given.setdefault(mark.marker, {})[mark.member] = (total, mark)
    reported = set()
    for part in policy.leaves():
        if part.peer is None:
            continue
        members: dict[str, dict[str, None]] = {}
        for student in students:
            if student.group is not None and group_scores.takes_factor(student, part):
                members.setdefault(student.group, {})[student.student] = None
        for group in members.values():
            for marker in group:
                counted = {
                    member: pair
                    for member, pair in given.get(marker, {}).items()
                    if member in group and (part.peer.own or member != marker)
                }
                expected = len(group) - (0 if part.peer.own else 1)
                if len(counted) == expected or not any(total for total, _ in counted.values()):
                    continue
                if marker not in reported:
                    reported.add(marker)
                    _report_gap(marker, counted, group, part, expected, report)


def _report_gap(
    marker: str,
    counted: Mapping[str, tuple[Fraction, PeerMark]],
    group: Iterable[str],
    part: Part,
    expected: int,
    report: Report,
) -> None:
    own = part.peer is not None and part.peer.own
    without = []
    for member in group:
        if member not in counted and (own or member != marker):
            without.append(member)
            if len(without) == MOST_NAMED:
                break
    names = ", ".join(without) + (", …" if expected - len(counted) > len(without) else "")
    first = next(iter(counted.values()))[1]
    report.error(
        "peer-sheet",
        place_of(first.source, first.cell) if first.source else Place(""),
        msg("{marker} marks others of its group, but not {names}", marker=marker, names=names),
        msg("add the rows that are missing; who gave no marks at all has no row"),
    )


def _say_silent(marks: Sequence[PeerMark], students: Sequence[Student], policy: Policy, report: Report) -> None:
    """Names the members who gave nobody any mark, where others of their group did."""
    gave = {mark.marker for mark in marks if any(mark.marks.values())}
    groups = {student.group for student in students if student.student in gave}
    silent = [
        student.student
        for student in students
        if student.group in groups
        and student.student not in gave
        and any(part.peer is not None and group_scores.takes_factor(student, part) for part in policy.leaves())
    ]
    source = marks[0].source
    if not silent or source is None:
        return
    costs = any(part.peer is not None and part.peer.penalty for part in policy.leaves())
    report.add(
        "gave-no-marks",
        Severity.info,
        place_of(source, marks[0].cell),
        nmsg(
            "{n} member gave no peer marks, which costs the penalty of the policy: {names}",
            "{n} members gave no peer marks, which costs the penalty of the policy: {names}",
            n=len(silent),
            names=listed_some(silent),
        )
        if costs
        else nmsg(
            "{n} member gave no peer marks: {names}",
            "{n} members gave no peer marks: {names}",
            n=len(silent),
            names=listed_some(silent),
        ),
        None,
        listed_some(silent),
    )
