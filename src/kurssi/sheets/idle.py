"""Rules of the policy that nothing in this class could act on: each is named, once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING

from kurssi.diagnostics.finding import Finding, Path, Place, Severity
from kurssi.diagnostics.message import Msg, Terms, msg, nmsg
from kurssi.policy.series import names_of
from kurssi.values.classlist import ClassList, PeerMark, Student

from .lateness import counts
from .report import listed_rows, place_of

if TYPE_CHECKING:  # the shape of the file is not needed to read a sheet
    from kurssi.policy.model import Part, Policy


def idle_rules(policy: Policy, students: Iterable[Student]) -> list[Finding]:
    """A finding for each late rule, and for the activity rule, that had nothing to act on; its place is the rule's.

    Peer marks that are lacking have a warning of their own.
    """
    students = list(students)
    return [
        Finding("nothing-to-act-on", Severity.info, message, Place(""), hint, None, path)
        for path, message, hint in (*_late(policy, students), *_activity(policy, students))
    ]


def _late(policy: Policy, students: list[Student]) -> Iterator[tuple[Path, Msg, Msg]]:
    rules: dict[Path, list[Part]] = {}
    for part in policy.leaves():
        if part.late is not None and counts(part.late):
            rules.setdefault(part.late.path, []).append(part)
    for path, parts in rules.items():
        by_part = {part.id: {what for s in students for what in _acted_on(part, s)} for part in parts}
        found = {what for acts in by_part.values() for what in acts}
        names = names_of(parts)
        if "late" in found:
            undated = [part for part in parts if "time" in by_part[part.id]]
            if undated:
                yield (
                    undated[0].path,
                    msg(
                        "nothing is deducted where no deadline is given, and there are such times for {parts}",
                        parts=names_of(undated),
                    ),
                    _DUE,
                )
        elif "time" in found:
            yield path, msg("the late rule had nothing to act on: no deadline is given for {parts}", parts=names), _DUE
        else:
            yield (
                path,
                msg("the late rule had nothing to act on: no sheet says when anything came for {parts}", parts=names),
                msg("add a column “{header} submitted”, if something came late", header=parts[0].name),
            )


_DUE = msg("write due: into the part, or late: none")


def _acted_on(part: Part, student: Student) -> Iterator[str]:
    """``late`` where lateness can be counted, ``time`` where there is a time and no deadline."""
    for attempt, due in zip(student.attempts.get(part.id, ()), part.dues, strict=False):
        if attempt.lateness is not None:
            yield "late"
        elif attempt.submitted is not None:
            yield "time" if attempt.due is None and due is None else "late"


def _activity(policy: Policy, students: list[Student]) -> Iterator[tuple[Path, Msg, Msg]]:
    rule = policy.activity
    if rule is None:
        return
    if rule.levels is not None and all(student.level is None for student in students):
        yield (
            rule.path,
            msg("the activity rule had nothing to act on: no sheet gives anybody a level"),
            msg("add a column activity or aktiivisuus with the levels"),
        )
    if rule.levels is None and all(student.attended is None for student in students):
        yield (
            rule.path,
            msg("the activity rule had nothing to act on: no sheet says how many sessions anybody attended"),
            msg("add a column attended or läsnäolokerrat with the sessions attended"),
        )


# ---- peer marks --------------------------------------------------------------------------------------------


def idle_marks(policy: Policy, class_list: ClassList, moved: Mapping[str, AbstractSet[str]]) -> list[Finding]:
    """A finding for each sheet with peer marks that move nobody's value of any part.

    ``moved`` are the students whose value of a part is one that peer marks move, by part.
    """
    rules = [part for part in policy.leaves() if part.peer is not None]
    group_of = {student.student: student.group for student in class_list.students}
    shared = {part.id: _with_others(moved.get(part.id, ()), group_of) for part in rules}

    def counts_somewhere(mark: PeerMark) -> bool:
        return any(
            {mark.marker, mark.member} <= shared[part.id]
            and (mark.marker != mark.member or (part.peer is not None and part.peer.own))
            for part in rules
        )

    names = Terms([part.name for part in rules])
    marks = class_list.peer_marks or ()
    findings = []
    for places in _by_sheet(mark for mark in marks if not counts_somewhere(mark)):
        rows = listed_rows(place.line for place in places)
        message = nmsg(
            "the peer marks in row {rows} move nobody's score: there is no score of the group for {parts}",
            "the peer marks in the rows {rows} move nobody's score: there is no score of the group for {parts}",
            n=len(places),
            rows=rows,
            parts=names,
        )
        findings.append(_about(places, message, rows))
    return findings


def _by_sheet(marks: Iterable[PeerMark]) -> Iterable[list[Place]]:
    """Where marks were read, by sheet."""
    sheets: dict[tuple[str, str], list[Place]] = {}
    for mark in marks:
        if mark.source is not None:
            worksheet = (mark.cell or "").rpartition("!")[0]
            sheets.setdefault((mark.source.file, worksheet), []).append(place_of(mark.source, mark.cell))
    return sheets.values()


def _about(places: Sequence[Place], message: Msg, rows: str) -> Finding:
    return Finding("marks-without-effect", Severity.info, message, places[0], None, rows)


def _with_others(students: Iterable[str], group_of: Mapping[str, str | None]) -> set[str]:
    """Those of the students who share their group with another of them."""
    students = list(students)
    sizes = Counter(group_of[student] for student in students)
    return {student for student in students if sizes[group_of[student]] > 1}
