"""Rules of the policy that nothing in this class could act on: each is named, once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, Literal

from kurssi.diagnostics.finding import Finding, Path, Place, Severity
from kurssi.diagnostics.message import Msg, Terms, msg, nmsg
from kurssi.policy.series import names_of
from kurssi.values.classlist import NEVER_LATE, Attempt, ClassList, PeerMark, Student
from kurssi.values.vocabulary import AGREED

from .lateness import counts
from .report import listed_rows, place_of

if TYPE_CHECKING:  # the shape of the file is not needed to read a sheet
    from kurssi.policy.model import Part, Policy


Act = tuple[str, Literal["late", "time", "came", "level", "attended", "marked"]]
"""What a rule can act on. By part: lateness that can be counted, a time without a deadline, work without a time,
several cells that a score is made of.

A level, and sessions attended, are of no part: ``""``.
"""


def acts_of(part: Part, attempts: Sequence[Attempt]) -> Iterator[Act]:
    """What the late rule of a part can act on in the attempts of one student."""
    for attempt, due in zip(attempts, part.dues, strict=False):
        if attempt.components:
            yield part.id, "marked"
        if attempt.lateness is not None:
            yield part.id, "late"
        elif attempt.submitted is not None:
            yield part.id, "time" if attempt.due is None and due is None else "late"
        elif attempt.state not in NEVER_LATE:
            yield part.id, "came"


LEVEL: Act = ("", "level")
ATTENDED: Act = ("", "attended")


def idle_rules(policy: Policy, students: Iterable[Student]) -> list[Finding]:
    """A finding for each late rule, and for the activity rule, that had nothing to act on; its place is the rule's.

    Peer marks that are lacking have a warning of their own.
    """
    acts: set[Act] = set()
    parts = [(part.id, part) for part in policy.leaves()]
    for student in students:
        attempts = student.attempts
        for name, part in parts:
            if name in attempts:
                acts.update(acts_of(part, attempts[name]))
        if student.level is not None:
            acts.add(LEVEL)
        if student.attended is not None:
            acts.add(ATTENDED)
    return idle_after(policy, acts)


def idle_after(policy: Policy, acts: AbstractSet[Act]) -> list[Finding]:
    """The same, where rules can act on this."""
    return [
        Finding("nothing-to-act-on", Severity.info, message, Place(""), hint, found, path)
        for path, message, hint, found in (
            *_late(policy, acts),
            *_composites(policy, acts),
            *_activity(policy, acts),
            *_demands(policy, acts),
        )
    ]


_Idle = tuple[Path, Msg, Msg, str]
"""The rule, what is said of it, the way out, and what it is about: the ids of parts, or a column."""


def _late(policy: Policy, acts: AbstractSet[Act]) -> Iterator[_Idle]:
    rules: dict[Path, list[Part]] = {}
    for part in policy.leaves():
        if part.late is not None and counts(part.late):
            rules.setdefault(part.late.path, []).append(part)
    for path, parts in rules.items():
        by_part = {part.id: {what for name, what in acts if name == part.id and what != "marked"} for part in parts}
        found = {what for several in by_part.values() for what in several}
        names = names_of(parts)
        if "late" in found:
            yield from _late_in_some(parts, by_part)
        elif "time" in found:
            message = msg("the late rule had nothing to act on: no deadline is given for {parts}", parts=names)
            yield path, message, _DUE, _ids(parts)
        else:
            yield (
                path,
                msg("the late rule had nothing to act on: no sheet says when anything came for {parts}", parts=names),
                msg("add a column “{header} submitted”, if something came late", header=parts[0].name),
                _ids(parts),
            )


def _late_in_some(parts: Sequence[Part], by_part: Mapping[str, AbstractSet[str]]) -> Iterator[_Idle]:
    """The parts in which a rule that acts elsewhere had nothing to act on, although it was meant to."""
    undated = [part for part in parts if "time" in by_part[part.id]]
    if undated:
        message = msg(
            "nothing is deducted where no deadline is given, and there are such times for {parts}",
            parts=names_of(undated),
        )
        yield undated[0].path, message, _DUE, _ids(undated)
    untimed = [part for part in parts if by_part[part.id] == {"came"} and any(part.dues)]
    if untimed:
        message = msg(
            "nothing is deducted where no sheet says when anything came, and there is a deadline for {parts}",
            parts=names_of(untimed),
        )
        hint = msg("add a column “{header} submitted”, if something came late", header=untimed[0].name)
        yield untimed[0].path, message, hint, _ids(untimed)


def _ids(parts: Iterable[Part]) -> str:
    return ", ".join(part.id for part in parts)


_DUE = msg("write due: into the part, or late: none")


def _composites(policy: Policy, acts: AbstractSet[Act]) -> Iterator[_Idle]:
    """Markers and criteria of parts that have scores, none of which was made of them."""
    came = {name for name, what in acts if what not in ("marked", "level")}
    for part in policy.leaves():
        if part.id not in came or (part.id, "marked") in acts:
            continue
        keys = Terms([key for key, _ in part.components.all if key != AGREED])
        hint = msg("name the columns “{header}” and so on", header=f"{part.name} {keys.items[0]}" if keys.items else "")
        if part.markers is not None:
            message = msg("{part} has no cell of any of its markers: {names}", part=part.name, names=keys)
            yield part.markers.path, message, hint, part.id
        if part.rubric is not None:
            message = msg("{part} has no cell of any of its criteria: {names}", part=part.name, names=keys)
            yield part.rubric.path, message, hint, part.id


def _activity(policy: Policy, acts: AbstractSet[Act]) -> Iterator[_Idle]:
    rule = policy.activity
    if rule is None or (LEVEL if rule.levels is not None else ATTENDED) in acts:
        return
    if rule.levels is not None:
        yield (
            rule.path,
            msg("the activity rule had nothing to act on: no sheet gives anybody a level"),
            msg("add a column activity or aktiivisuus with the levels"),
            "activity",
        )
    else:
        yield (
            rule.path,
            msg("the activity rule had nothing to act on: no sheet says how many sessions anybody attended"),
            msg("add a column attended or läsnäolokerrat with the sessions attended"),
            "attended",
        )


def _demands(policy: Policy, acts: AbstractSet[Act]) -> Iterator[_Idle]:
    """A grade that asks for attendance of which no sheet says anything: then nobody has that grade."""
    first = next((demand for demand in policy.requires if demand.of_attendance), None)
    if first is not None and ATTENDED not in acts:
        yield (
            first.path,
            msg(
                "nobody gets the grade {grade}: it requires attendance, and no sheet says what anybody attended",
                grade=first.label,
            ),
            msg("add a column attended or läsnäolokerrat with the sessions attended"),
            "attended",
        )


# ---- peer marks --------------------------------------------------------------------------------------------


def idle_marks(policy: Policy, class_list: ClassList, moved: Mapping[str, AbstractSet[str]]) -> list[Finding]:
    """A finding for each sheet with peer marks that move nobody's value of any part, and for each rule without marks.

    ``moved`` are the students whose value of a part is one that peer marks move, by part.
    """
    rules = [part for part in policy.leaves() if part.peer is not None]
    group_of = {student.student: student.group for student in class_list.students}
    shared = {part.id: _with_others(moved.get(part.id, ()), group_of) for part in rules}

    def counts_in(part: Part, mark: PeerMark) -> bool:
        own = part.peer is not None and part.peer.own
        return {mark.marker, mark.member} <= shared[part.id] and (mark.marker != mark.member or own)

    names = names_of(rules)
    marks = class_list.peer_marks or ()
    findings = []
    idle = [part for part in rules if not any(counts_in(part, mark) for mark in marks)]
    if len(idle) < len(rules):  # of marks that move nothing at all the sheet is named
        paths = dict.fromkeys(part.path for part in idle)
        findings += [_without_score([part for part in idle if part.path == path]) for path in paths]
    for places in _by_sheet(mark for mark in marks if not any(counts_in(part, mark) for part in rules)):
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


def _without_score(parts: Sequence[Part]) -> Finding:
    message = msg("the peer marks had nothing to act on: no group has a score in {parts}", parts=names_of(parts))
    hint = msg("write the scores of the groups, where they are graded")
    path = (*parts[0].path, "peer")
    return Finding("nothing-to-act-on", Severity.info, message, Place(""), hint, _ids(parts), path)


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
