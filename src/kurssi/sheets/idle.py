"""Rules of the policy that nothing in this class could act on: each is named, once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from kurssi.diagnostics.finding import Finding, Path, Place, Severity
from kurssi.diagnostics.message import Msg, Terms, msg
from kurssi.values.classlist import Student

from .lateness import counts

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
        found = {what for part in parts for student in students for what in _acted_on(part, student)}
        names = Terms([part.name for part in parts])
        if "late" in found:
            continue
        if "time" in found:
            yield (
                path,
                msg("the late rule had nothing to act on: no deadline is given for {parts}", parts=names),
                msg("write due: into the part, or late: none"),
            )
        else:
            yield (
                path,
                msg("the late rule had nothing to act on: no sheet says when anything came for {parts}", parts=names),
                msg("add a column “{header} submitted”, if something came late", header=parts[0].name),
            )


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
