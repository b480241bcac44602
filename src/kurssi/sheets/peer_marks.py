"""The marks that members of a group give each other, and whether all of them are there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, cast

from kurssi.diagnostics.finding import Place, Severity
from kurssi.diagnostics.message import msg, nmsg
from kurssi.values.classlist import PeerMark, Source, Student
from kurssi.values.vocabulary import HEADERS, fold

from . import cells, group_scores, identity
from .column_values import value_of
from .columns import UNUSED, Column, Headers, Sheet, cell_at, name_of
from .identity import Roster
from .names import differ, say_differ, words_of
from .report import Bad, Report, Said, listed_rows, listed_some, place_of, shown
from .table import Row, text_of
from .whole import is_whole

if TYPE_CHECKING:  # the shape of the file is not needed to read a sheet
    from kurssi.policy.model import Part, Policy


MOST_NAMED = 5
"""So many members without marks are named in one finding."""


def read_marks(
    sheet: Sheet, students: Sequence[Student], roster: Roster, headers: Headers, marks: list[PeerMark], report: Report
) -> None:
    """Appends the marks of one sheet. Own marks are dropped where no part counts them."""
    giver, taker = cast(Column, sheet.column("from")), cast(Column, sheet.column("to"))
    readers = [(c, cells.mark_reader(c.header)) for c in sheet.columns if c.role.meaning == "criterion"]
    seen = {(mark.marker, mark.member): mark.source for mark in marks}
    own_rows: list[int] = []
    pairs: list[tuple[Row, Sequence[int]]] = []
    for row in sheet.rows:
        if not is_whole(sheet, row, report):
            continue
        pair = [_member(sheet, row, column, roster, report) for column in (giver, taker)]
        if pair[0] is None or pair[1] is None:
            continue
        pairs.append((row, (pair[0], pair[1])))
        marker, member = students[pair[0]], students[pair[1]]
        if marker is member and not headers.own_marks:
            own_rows.append(row.number)
            continue
        where = (sheet.table, row.number, taker.at)
        if marker.group is None or marker.group != member.group:
            report.error_at(*where, "peer-sheet", _two_groups, marker, member)
            continue
        source = Source(sheet.table.file, row.number, taker.header)
        if (earlier := seen.get((marker.student, member.student))) is not None:
            report.error_at(*where, "peer-sheet", _twice, marker, member, earlier)
            continue
        seen[marker.student, member.student] = source
        given = _given(sheet, row, readers, (marker, member), report)
        marks.append(
            PeerMark(marker.student, member.student, given, source, sheet.table.place(row.number, giver.at).cell)
        )
    if own_rows:
        _say_own(sheet, taker, own_rows, report)
    _check_names(sheet, pairs, students, report)


def _two_groups(marker: Student, member: Student) -> Said:
    return Said(
        msg("{marker} and {member} are not in one group", marker=marker.student, member=member.student),
        msg("correct the row, or the group on the roster"),
    )


def _twice(marker: Student, member: Student, earlier: Source) -> Said:
    return Said(
        msg(
            "{marker} marks {member} twice: also in {file}, row {row}",
            marker=marker.student,
            member=member.student,
            file=earlier.file,
            row=earlier.row,
        ),
        msg("correct who gives or who gets the marks in one of the rows"),
    )


_NAMES = frozenset(word for meaning in ("surname", "first name", "name") for word in HEADERS[meaning])


def _check_names(
    sheet: Sheet, pairs: Sequence[tuple[Row, Sequence[int]]], students: Sequence[Student], report: Report
) -> None:
    """Says in which rows another name stands than that of the giver or the taker, whose names the columns have."""
    columns: tuple[list[Column], list[Column]] = ([], [])
    for column in sheet.columns:
        header = fold(column.header)
        if column.role is UNUSED and (header in _NAMES or set(header.split()) & _NAMES):
            columns[_side(sheet, column, pairs, students)].append(column)
    places: list[Place] = []
    listed: dict[str, None] = {}
    strangers = False
    for side, named in enumerate(columns):
        first: dict[int, str] = {}
        for row, pair in pairs if named else ():
            student = students[pair[side]]
            cells_here = [(column, text) for column in named if (text := text_of(cell_at(row, column.at)))]
            given = " ".join(text for _, text in cells_here)
            name = student.name or (first.setdefault(pair[side], given) if given else "")
            if differ(given, name):
                places += [sheet.table.place(row.number, column.at) for column, _ in cells_here]
                listed[f"{student.student} (“{shown(given)}”)"] = None
                strangers = strangers or not words_of(given) & words_of(name)
    if places:
        say_differ(sheet, places, list(listed), strangers, report)


def _side(sheet: Sheet, column: Column, pairs: Sequence[tuple[Row, Sequence[int]]], students: Sequence[Student]) -> int:
    """Whether a column has the names of the givers (0) or the takers (1): whose it has more, else who is beside."""
    agreeing = [
        sum(
            bool(words_of(text_of(cell_at(row, column.at))) & words_of(students[pair[side]].name))
            for row, pair in pairs
        )
        for side in (0, 1)
    ]
    if agreeing[0] != agreeing[1]:
        return int(agreeing[1] > agreeing[0])
    before = [c.role.meaning for c in sheet.columns if c.role.meaning in ("from", "to") and c.at < column.at]
    return int(bool(before) and before[-1] == "to")


def _given(
    sheet: Sheet,
    row: Row,
    readers: Sequence[tuple[Column, cells.Reader]],
    pair: tuple[Student, Student],
    report: Report,
) -> dict[str, Fraction]:
    """The mark of one row for each criterion. A cell without one is reported."""
    given: dict[str, Fraction] = {}
    for column, read in readers:
        value = value_of(cell_at(row, column.at), read)
        if isinstance(value, Bad):
            report.bad(sheet.table, row.number, column.at, value)
        elif isinstance(value, Fraction):
            given[column.role.part] = value
        else:
            report.error_at(sheet.table, row.number, column.at, "peer-sheet", _no_mark, *pair, column)
    return given


def _no_mark(marker: Student, member: Student, column: Column) -> Said:
    return Said(
        msg(
            "{marker} gives {member} no mark in “{column}”",
            marker=marker.student,
            member=member.student,
            column=name_of(column),
        ),
        msg("write the mark; who gave no marks at all has no row"),
    )


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
    where = (sheet.table, row.number, column.at)
    try:
        student = cells.student_of(cell_at(row, column.at), column.header)
    except Bad as bad:
        bad.rule = "peer-sheet"
        report.bad(*where, bad)
        return None
    if not student:
        report.error_at(*where, "peer-sheet", _nobody, row.number, column)
        return None
    if student not in roster.position:
        if roster.rows:
            report.error_at(*where, "unknown-student", identity.unknown, student, roster)
        return None
    return roster.position[student]


def _nobody(row: int, column: Column) -> Said:
    return Said(
        msg("row {row} does not say who stands in “{column}”", row=row, column=column.header),
        msg("write the student number"),
    )


def check_complete(marks: Sequence[PeerMark], students: Sequence[Student], policy: Policy, report: Report) -> None:
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


def say_silent(marks: Sequence[PeerMark], students: Sequence[Student], policy: Policy, report: Report) -> None:
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
