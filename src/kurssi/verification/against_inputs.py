"""What a report says went in, against what stands in the files that it was made from.

The files are read by whoever calls this, and handed on as plain values (see docs/adr/0008): which cell says what is for
the reader of sheets to know, and nothing of it is computed. All that is computed from them is worked out here again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from kurssi.diagnostics.message import msg

from .demands import SESSIONS, sessions_of
from .peer_factors import Factor, Mark, factors
from .problems import Node, Problem, Unfit, compare, shown, written
from .rules import every, read_policy


class ReadAttempt(NamedTuple):
    """One attempt as the sheets have it; times as reports write them."""

    state: str
    score: Fraction | None
    submitted: str | None
    due: str | None
    """The student's own deadline."""
    lateness: str | None
    own: bool
    """Whether it stands in the student's own row; False where it is the group's."""
    source: Mapping[str, str | int] | None
    """File, row and column."""


class ReadStudent(NamedTuple):
    """One student as the sheets and overrides have it."""

    student: str
    texts: Mapping[str, str | None]
    """Name, group, and where there are any, e-mail and login."""
    attempts: Mapping[str, tuple[ReadAttempt, ...]]
    level: str | None
    attended: int | None
    override: Mapping[str, str | int] | None


class ReadClass(NamedTuple):
    """All that the inputs say."""

    implementation: str
    policy: Mapping[str, object]
    """The policy that the implementation file resolves to."""
    students: tuple[ReadStudent, ...]
    marks: tuple[Mark, ...] | None
    """Peer marks; None where no sheet has any."""


def against_inputs(report: dict[str, object], read: ReadClass) -> list[Problem]:
    """Everywhere the report does not say what the inputs say. Never raises for what stands in the report.

    ``report`` comes from :func:`~kurssi.verification.report.read_report`.
    """
    top = Node(report, "")
    found = _taken(None, _rules(top, read))
    known = {one.student: one for one in read.students}
    shares = _shares(read)
    sessions = sessions_of(read_policy(Node(dict(read.policy), "")).demands)
    seen: set[str] = set()
    try:
        entries = top["students"].entries()
    except Unfit as unfit:
        return [*found, unfit.problem(None)]
    for node in entries:
        name = node.value.get("student") if isinstance(node.value, dict) else None
        if not isinstance(name, str):
            continue  # which is a problem of the report itself
        seen.add(name)
        if name in known:
            found += _taken(name, _student(Node(node.value, ""), known[name], shares, sessions))
        else:
            found.append(Problem(name, "student", msg("the inputs have no such student"), shown(name)))
    if top["command"].value == "grade":
        for name in known:
            if name not in seen:
                found.append(Problem(name, "student", msg("missing; the inputs have this student"), None, shown(name)))
    return found


def _taken(student: str | None, problems: Iterator[Problem]) -> list[Problem]:
    """The problems, up to what cannot be read, which is one, too."""
    found: list[Problem] = []
    try:
        found.extend(problems)
    except Unfit as unfit:
        found.append(unfit.problem(student))
    return found


def _rules(top: Node, read: ReadClass) -> Iterator[Problem]:
    yield from _said(None, "implementation", top["implementation"].value, read.implementation)
    yield from _said(None, "policy.resolved", top["policy"]["resolved"].value, dict(read.policy))


def _said(student: str | None, where: str, found: object, expected: object) -> Iterator[Problem]:
    """Every place where the report has something else than the inputs."""
    for problem in compare(student, where, found, expected):
        message = (
            msg("missing; the inputs say {expected}", expected=problem.expected)
            if problem.found is None
            else msg("{found} stands there, but the inputs say {expected}", found=problem.found,
                     expected=problem.expected)
        )  # fmt: skip
        yield problem._replace(message=message)


def _student(
    node: Node, read: ReadStudent, shares: Mapping[str, Mapping[str, Factor]], sessions: int | None
) -> Iterator[Problem]:
    name = read.student
    yield from _said(name, "", node.mapping(), {**read.texts, "override": read.override and dict(read.override)})
    activity = node["activity"].given
    if activity is not None:
        said = {"level": read.level, "attended": read.attended}
        yield from _said(name, "activity", activity.mapping(), said)
    for entry in node["demands"].entries() if "demands" in node.mapping() else ():
        if entry["part"].value == SESSIONS:
            share = None if read.attended is None or not sessions else Fraction(read.attended * 100, sessions)
            said_share = None if share is None else f"{written(share)} %"
            yield from _said(name, entry["had"].where, entry["had"].value, said_share)
    yield from _parts(node["parts"], read, shares)


def _parts(node: Node, read: ReadStudent, shares: Mapping[str, Mapping[str, Factor]]) -> Iterator[Problem]:
    for name, part in node.items():
        below = part["parts"]
        if below.mapping():
            yield from _parts(below, read, shares)
            continue
        given = read.attempts.get(name, ())
        yield from _attempts(part, given, read.student)
        share = shares.get(name, {}).get(read.student) if part["state"].value == "scored" else None
        expected = None if share is None else {"factor": written(share[0]), "silent": share[1]}
        if part["state"].value == "scored" or part["peer"].given is not None:
            yield from _said(read.student, part["peer"].where, part["peer"].value, expected)


def _attempts(part: Node, given: Sequence[ReadAttempt], student: str) -> Iterator[Problem]:
    attempts = part["attempts"]
    entries = attempts.entries()
    if len(entries) != len(given):
        has, wants = str(len(entries)), str(len(given))
        message = msg("{found} stands there, but the inputs have {expected}", found=has, expected=wants)
        yield Problem(student, attempts.where, message, has, wants)
        return
    for node, attempt in zip(entries, given, strict=True):
        closed = node["state"].value == "closed"
        expected: dict[str, object] = {
            "given" if closed else "state": attempt.state,
            "score": None if attempt.score is None else written(attempt.score),
            "submitted": attempt.submitted,
            "own_due": attempt.due is not None,
        }
        if attempt.due is not None:
            expected["due"] = attempt.due
        if attempt.lateness is not None or "lateness" in node.mapping():
            expected["lateness"] = attempt.lateness
        yield from _said(student, node.where, node.mapping(), expected)
    used = part["used"].given
    number = used.whole(1) if used is not None else None
    if number is not None and number > len(given):
        return  # that there is no such attempt follows from the report itself
    sources = [attempt.source for attempt in given]
    source = sources[number - 1] if number is not None else next((one for one in sources if one), None)
    yield from _said(student, part["source"].where, part["source"].value, source and dict(source))


def _shares(read: ReadClass) -> dict[str, dict[str, Factor]]:
    """The factor of every student in every part with peer marks."""
    out: dict[str, dict[str, Factor]] = {}
    if read.marks is None:
        return out
    by_marker: dict[str, list[Mark]] = {}
    for mark in read.marks:
        by_marker.setdefault(mark.marker, []).append(mark)
    for rule in every(read_policy(Node(dict(read.policy), "policy.resolved")).parts):
        if rule.peer is None or rule.parts:
            continue
        groups: dict[str, list[str]] = {}
        for one in read.students:
            group = one.texts["group"]
            if group is not None and not any(attempt.own for attempt in one.attempts.get(rule.id, ())):
                groups.setdefault(group, []).append(one.student)
        out[rule.id] = {}
        for members in groups.values():
            given = [mark for member in members for mark in by_marker.get(member, ())]
            out[rule.id] |= factors(members, given, rule.peer)
    return out
