"""Scores of groups that stand in the rows of their members, and who takes no factor of peer marks (contract 11.1)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, cast
from zoneinfo import ZoneInfo

from kurssi.diagnostics.finding import Severity
from kurssi.diagnostics.message import Msg, msg, nmsg
from kurssi.policy.series import names_of
from kurssi.values.classlist import Student
from kurssi.values.times import When, deadline, handed_in
from kurssi.values.vocabulary import fold

from .cells import Score
from .columns import Meaning, Role, name_of
from .report import Report, shown

if TYPE_CHECKING:
    from kurssi.policy.model import Part, Policy

    from .held import Held, HeldCells, Store

MOST_NAMED = 5
"""So many members, and so many of their cells, are named in one finding."""

_OF_ONE_PERSON = ("missing", "withheld", "excused", "recognised")
"""What a cell says of one member, not of what the group has made."""


class Group(NamedTuple):
    """A group as the roster spells it, and the positions of its members."""

    name: str
    members: list[int]


def groups_of(own: Store) -> dict[str, Group]:
    """The groups that have students, by folded name."""
    groups: dict[str, Group] = {}
    for position, held in own[Role("group")].items():
        name = str(held.value)
        groups.setdefault(fold(name), Group(name, [])).members.append(cast(int, position))
    return groups


def find(own: Store, shared: Store, names: Sequence[str], policy: Policy, report: Report) -> None:
    """Marks the cells in rows of members that are their group's, and gives them to the members whose cells are empty.

    A column is the group's score when every member has the same cell there or an empty one. What says something of one
    person alone, such as EX, is that member's, unless all members have it. ``names`` are the students' numbers.
    """
    groups = groups_of(own)
    if not groups:
        _report_nobody_in_a_group(own, shared, names, policy, report)
    zone = ZoneInfo(policy.timezone)
    for part in policy.leaves():
        for role in _roles(part) if part.by_group else ():
            scores, given = own[role], shared[role]
            filled: list[Held] = []
            members: list[str] = []
            for folded, group in groups.items() if scores else ():
                said = _of_the_group(scores, group.members)
                if not said:
                    continue
                first = given.get(folded) or said[0]
                if folded not in given and any(held.value != first.value for held in said):
                    _report_differing(group, scores, names, said, report)
                    continue
                empty = [at for at in group.members if at not in scores] if folded not in given else []
                for at in group.members:
                    if at in scores and scores[at].value == first.value:
                        scores.give(at, scores[at]._replace(of_group=True))
                if empty:
                    for at in empty:
                        scores.give(at, first._replace(of_group=True))
                    _with_times(own, shared, role, folded, group.members, empty)
                    filled.append(first)
                    members += [names[at] for at in empty]
                elif folded not in given:
                    _check_times(own, part, role.attempt, group, names, zone, report)
            if filled:
                _report_filled(filled[0], members, report)


def _roles(part: Part) -> Iterator[Role]:
    """The columns of scores that a part has: of each attempt the whole one, and those that it is made of."""
    for number in range(1, len(part.dues) + 1):
        for name in ("", *(name for name, _ in part.components.all)):
            yield Role("score", part.id, number, name)


def _of_the_group(scores: HeldCells, members: Sequence[int]) -> list[Held]:
    """The cells of members that may be their group's score."""
    said = [scores[at] for at in members if at in scores]
    if len(said) == len(members) and all(held.value == said[0].value for held in said):
        return said
    return [held for held in said if cast(Score, held.value).state not in _OF_ONE_PERSON]


_TIMES: tuple[Meaning, ...] = ("submitted", "late")


def _with_times(
    own: Store, shared: Store, role: Role, folded: str, members: Sequence[int], empty: Sequence[int]
) -> None:
    """Gives the members that take the group's score its time, where the rows say one and no sheet of groups does."""
    for meaning in _TIMES:
        times = own[role._replace(meaning=meaning)]
        said = [times[at] for at in members if at in times]
        if folded in shared[role._replace(meaning=meaning)]:
            continue
        if said and all(held.value == said[0].value for held in said):
            for position in empty:
                if position not in times:
                    times.give(position, said[0])


def _check_times(
    own: Store, part: Part, number: int, group: Group, names: Sequence[str], zone: ZoneInfo, report: Report
) -> None:
    """One score of a group, with a time for some of its members only: the others count as on time."""
    due = part.dues[number - 1]
    if part.late is None or due is None:
        return
    times = own[Role("submitted", part.id, number)]
    said = [times[at] for at in group.members if at in times]
    without = [names[at] for at in group.members if at not in times]
    end = deadline(due, zone)
    if without and any(handed_in(cast(When, held.value), zone) > end for held in said):
        report.add(
            "group-cells-differ",
            Severity.warning,
            said[0].place,
            msg(
                "“{column}” has a time for only some members of {group}: the others, {names}, count as on time",
                column=shown(name_of(said[0].column)),
                group=shown(group.name),
                names=some(without),
            ),
            msg("write the time into every row of the group"),
            group.name,
        )


def _report_differing(
    group: Group, scores: HeldCells, names: Sequence[str], said: Sequence[Held], report: Report
) -> None:
    without = [names[at] for at in group.members if at not in scores]
    if not without:
        return  # every member has a score, and it is what the row says
    report.add(
        "group-cells-differ",
        Severity.warning,
        said[0].place,
        msg(
            "the members of {group} have different cells in “{column}” ({values}), so {names} with an empty one"
            " gets none of them",
            group=shown(group.name),
            column=shown(name_of(said[0].column)),
            values=_values(said),
            names=some(without),
        ),
        msg("write the score into every row, or the same one into all where it is the group's"),
        group.name,
    )


def _report_filled(first: Held, names: Sequence[str], report: Report) -> None:
    report.add(
        "group-score-in-rows",
        Severity.info,
        first.place,
        nmsg(
            "“{column}” is a score of groups: {n} member with an empty cell gets that of the group: {names}",
            "“{column}” is a score of groups: {n} members with empty cells get that of their group: {names}",
            n=len(names),
            column=shown(name_of(first.column)),
            names=some(names),
        ),
        msg("write - or EX for a member that it does not count for"),
        str(len(names)),
    )


def _report_nobody_in_a_group(own: Store, shared: Store, names: Sequence[str], policy: Policy, report: Report) -> None:
    """The parts made in groups in whose columns some have a score and others an empty cell, which stays empty."""
    found: dict[str, tuple[Part, Held]] = {}
    empty: set[int] = set()
    for part in policy.leaves():
        for role in _roles(part) if part.by_group else ():
            scores = own[role]
            lacking = [at for at in range(len(names)) if at not in scores] if scores and not shared[role] else []
            if 0 < len(lacking) < len(names):
                found.setdefault(part.id, (part, next(iter(scores.values()))))
                empty.update(lacking)
    if not found:
        return
    first = next(held for _, held in found.values())
    report.add(
        "nothing-to-act-on",
        Severity.info,
        first.sheet.heading(first.column.at),
        nmsg(
            "nobody is in a group, so {n} student with an empty cell in {parts} gets no score of others: {names}",
            "nobody is in a group, so {n} students with empty cells in {parts} get no score of others: {names}",
            n=len(empty),
            parts=names_of(part for part, _ in found.values()),
            names=some([names[at] for at in sorted(empty)]),
        ),
        msg("add a column group or ryhmä, if members of a group share a score"),
        ", ".join(found),
    )


def _values(cells: Iterable[Held]) -> str:
    return some(list(dict.fromkeys(held.written for held in cells)))


def some(names: Sequence[str]) -> str:
    """The first few of some names."""
    return ", ".join(shown(name) for name in names[:MOST_NAMED]) + (", …" if len(names) > MOST_NAMED else "")


# ---- who takes no factor -----------------------------------------------------------------------------------


def takes_factor(student: Student, part: Part) -> bool:
    """Whether peer marks can move the student's value: a member of a group without a score of its own."""
    return student.group is not None and not any(a.own for a in student.attempts.get(part.id, ()))


def check_peers(students: Sequence[Student], own: Store, shared: Store, policy: Policy, report: Report) -> None:
    """Names every member whom the peer marks that were given do not move, and why."""
    groups = groups_of(own)
    for part in policy.leaves():
        if part.peer is None:
            continue
        lacking = [
            (position, student)
            for position, student in enumerate(students)
            if part.id in student.attempts and not takes_factor(student, part)
        ]
        if lacking and not any(takes_factor(student, part) for student in students):
            held = _cell_of(own, part, lacking[0][0])
            report.error(
                "peer-not-applied",
                held.place,
                msg("the peer marks move nobody's score of {part}: no score is a group's", part=part.name),
                _HOW,
                part.id,
            )
            continue
        for position, student in lacking:
            held = _cell_of(own, part, position)
            report.add(
                "peer-not-applied",
                Severity.warning,
                held.place,
                _why(student, held, groups, own, shared),
                _HOW if student.group is not None else msg("write the group on the roster"),
                student.student,
            )


_HOW = msg("write the same score for all members of a group, or give it in a sheet of groups")


def _cell_of(own: Store, part: Part, position: int) -> Held:
    """The score that is the student's own, of the first attempt that has one; times are no reason by themselves."""
    roles = (*_roles(part), *(Role(meaning, part.id, number) for number, meaning in _cells(part)))
    cells = (own[role].get(position) for role in roles)
    found = [held for held in cells if held is not None]
    return next((held for held in found if not held.of_group), found[0])


def _cells(part: Part) -> Iterable[tuple[int, Meaning]]:
    meanings: tuple[Meaning, ...] = ("submitted", "due", "handed in")
    return ((number, meaning) for meaning in meanings for number in range(1, len(part.dues) + 1))


def _why(student: Student, held: Held, groups: Mapping[str, Group], own: Store, shared: Store) -> Msg:
    name, column = shown(student.student), shown(name_of(held.column))
    if student.group is None:
        return msg("{student} is in no group: peer marks do not move “{column}”", student=name, column=column)
    folded = fold(student.group)
    given = shared[held.column.role].get(folded)
    if given is not None:
        return msg(
            "{student} has {value} of its own in “{column}”, its group {other}: peer marks do not move it",
            student=name,
            value=shown(held.written),
            column=column,
            other=shown(given.written),
        )
    scores = own[held.column.role]
    said = _of_the_group(scores, groups[folded].members)
    if held in said:
        return msg(
            "{student} has {value} of its own in “{column}”, as the members of {group} have different cells ({values}):"
            " peer marks do not move it",
            student=name,
            value=shown(held.written),
            column=column,
            group=shown(student.group),
            values=_values(said),
        )
    return msg(
        "{student} has {value} of its own in “{column}”: peer marks do not move it",
        student=name,
        value=shown(held.written),
        column=column,
    )
