"""What moved since an earlier report: who, from which grade to which, and by which input or rule.

The earlier report is JSON that anybody may have written: nothing in it is taken for granted. What went in is compared
as reports have it; which rule of two policies moves a grade is found by grading today's class by both.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple, get_args

from kurssi.analysis.regrading import Regrading, in_words
from kurssi.diagnostics.message import Msg, Terms, Wrong, msg, nmsg
from kurssi.diagnostics.words import Words
from kurssi.gradebook.gradebook import Gradebook
from kurssi.grading.result import State
from kurssi.policy.model import Policy
from kurssi.policy.resolved_policy import policy_of
from kurssi.policy.scales import Scale
from kurssi.reports.json_report import document
from kurssi.reports.rows import state_in_words
from kurssi.verification.problems import Node, Unfit
from kurssi.verification.report import NotAReport, read_report
from kurssi.verification.rules import read_policy

from . import Column, Listing

NOTHING = "–"
"""What stands where there was nothing."""


class Fact(NamedTuple):
    """Something that went into a student's grade."""

    kind: str
    """score, mark, submitted, due, lateness, factor, level, attended or override."""
    part: str = ""
    attempt: int = 1
    component: str = ""


class Moved(NamedTuple):
    """A student whose grade, or what is within reach, is not what it was."""

    student: str
    name: str
    old: str | Msg | None
    """``None``: was not in the class, or is not any more."""
    new: str | Msg | None
    by: Sequence[Msg]


class Since(NamedTuple):
    """An earlier report beside the class as it is graded now."""

    report: str
    students: int
    moved: Sequence[Moved]
    values: int
    """So many more students have another exact value and the same grade."""


def since(report: str, raw: bytes, book: Gradebook) -> Since:
    """What moved. Raises :class:`NotAReport` where the bytes are no report of this implementation."""
    earlier = read_report(raw)
    if earlier["command"] == "explain":
        raise NotAReport(msg("it is about one student; name what kurssi grade -o report.json wrote"))
    before = Node(earlier, "")
    now = Node(json.loads(document(book)), "")
    try:
        return _since(report, before, now, book)
    except Unfit as unfit:
        raise NotAReport(msg("{path}: {problem}", path=unfit.where, problem=unfit.message)) from None
    except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError, Wrong):
        raise NotAReport(msg("the rules in the report are none that kurssi grades by")) from None


def _since(report: str, before: Node, now: Node, book: Gradebook) -> Since:
    if (name := before["implementation"].text()) != book.id:
        raise Unfit("implementation", msg("the report is about {id}, not {other}", id=name, other=book.id))
    rules = before["policy"]["resolved"]
    read_policy(rules)  # which takes nothing for granted
    old_policy = policy_of(rules.mapping())
    causes = _Causes(book, old_policy, rules.mapping(), before, now)
    was = {one["student"].text(): one for one in before["students"].entries()}
    moved, values = [], 0
    here = {one["student"].text(): one for one in now["students"].entries()}
    for student, one in here.items():
        earlier = was.get(student)
        new = _outcome(one, book.policy.scale)
        if earlier is None:
            moved.append(Moved(student, one["name"].text(), None, new, [msg("was not in the class")]))
        elif (old := _outcome(earlier, old_policy.scale)) != new:
            moved.append(Moved(student, one["name"].text(), old, new, causes.of(student, earlier, one)))
        else:
            values += earlier["exact"].value != one["exact"].value
    for student, one in was.items():
        if student not in here:
            old = _outcome(one, old_policy.scale)
            moved.append(Moved(student, one["name"].text(), old, None, [msg("is not in the class any more")]))
    return Since(report, len(here), moved, values)


def _outcome(student: Node, scale: Scale) -> str | Msg:
    """The grade by its label, or what is within reach."""
    if (grade := student["grade"].given) is not None:
        return scale.label(_in(scale, grade.whole()))
    within = student["range"].given
    if within is None or not within.entries():
        return msg("incomplete")
    labels = [scale.label(_in(scale, one.whole())) for one in within.entries()]
    return msg("incomplete ({grades})", grades=Terms(labels))


def _in(scale: Scale, grade: int) -> int:
    if grade not in scale.grades:
        raise ValueError(grade)
    return grade


class _Causes:
    """Why a grade moved: what went in, the day, the rules."""

    def __init__(
        self, book: Gradebook, old_policy: Policy, old_rules: Mapping[str, Any], before: Node, now: Node
    ) -> None:
        self.parts = {part.id: part.name for policy in (old_policy, book.policy) for part in policy.all_parts()}
        self.takers = {part.id for policy in (old_policy, book.policy) for part in policy.all_parts() if part.takes}
        days = [None if (day := one["as_of"].given) is None else day.text() for one in (before, now)]
        self.day = (
            [] if days[0] == days[1]
            else [msg("what is open at: {old} → {new}", old=days[0] or NOTHING, new=days[1] or NOTHING)]
        )  # fmt: skip
        same = json.dumps(old_rules, sort_keys=True) == json.dumps(book.resolved, sort_keys=True)
        self.rules = (
            None if same else Regrading(old_policy, book.policy, book.class_list, book.policy, as_of=book.as_of)
        )

    def of(self, student: str, before: Node, now: Node) -> list[Msg]:
        """Everything that is another than it was; of the rules only those that move this student's grade."""
        old, new = (dict(_facts(one, self.takers)) for one in (before, now))
        found = [self._said(fact, old, new) for fact in {**old, **new} if old.get(fact) != new.get(fact)]
        found += self.day
        if self.rules is not None:
            found += [in_words(change) for change in self.rules.rules(student)]
        return found or [msg("graded by another version of kurssi, or the report was changed")]

    def _said(self, fact: Fact, before: Mapping[Fact, str | Msg], now: Mapping[Fact, str | Msg]) -> Msg:
        part = self.parts.get(fact.part, fact.part)
        change = {"old": before.get(fact, NOTHING), "new": now.get(fact, NOTHING)}
        called = part if fact.attempt == 1 else f"{part} {fact.attempt}"
        match fact.kind:
            case "mark":
                return msg("{part}, {component}: {old} → {new}", part=called, component=fact.component, **change)
            case "submitted":
                return msg("{part}, handed in: {old} → {new}", part=called, **change)
            case "due":
                return msg("{part}, the student's own deadline: {old} → {new}", part=called, **change)
            case "lateness":
                return msg("{part}, how late: {old} → {new}", part=called, **change)
            case "factor":
                return msg("{part}, factor of the peer marks: {old} → {new}", part=called, **change)
            case "level":
                return msg("activity: {old} → {new}", **change)
            case "attended":
                return msg("sessions attended: {old} → {new}", **change)
            case "override":
                return msg("set by hand: {old} → {new}", **change)
            case _:
                return msg("{part}: {old} → {new}", part=called, **change)


# ---- what went in ------------------------------------------------------------------------------------------


def _facts(student: Node, takers: set[str]) -> Iterator[tuple[Fact, str | Msg]]:
    """All that a report says went into a student's grade."""
    yield from _of_parts(student["parts"], takers)
    if (activity := student["activity"].given) is not None:
        if (level := activity["level"].given) is not None:
            yield Fact("level"), level.text()
        if (attended := activity["attended"].given) is not None:
            yield Fact("attended"), str(attended.whole())
    if (override := student["override"].given) is not None:
        yield Fact("override"), f"{override['grade'].whole()} ({override['reason'].text()})"


def _of_parts(parts: Node, takers: set[str]) -> Iterator[tuple[Fact, str | Msg]]:
    for part, node in parts.items():
        if part not in takers:
            for attempt in node["attempts"].entries():
                yield from _of_attempt(part, attempt)
        if (peer := node["peer"].given) is not None:
            yield Fact("factor", part), peer["factor"].text()
        yield from _of_parts(node["parts"], takers)


def _of_attempt(part: str, attempt: Node) -> Iterator[tuple[Fact, str | Msg]]:
    said = attempt.mapping()
    number = attempt["n"].whole()
    components = [
        (one[name].text(), one) for key, name in _COMPONENTS if key in said for one in attempt[key].entries()
    ]  # fmt: skip
    for name, one in components:
        yield Fact("mark", part, number, name), _score(one, "state")
    if not components and attempt["state"].value != "missing":
        yield Fact("score", part, number), _score(attempt, "given" if "given" in said else "state")
    if (submitted := attempt["submitted"].given) is not None:
        yield Fact("submitted", part, number), submitted.text()
    if attempt["own_due"].flag() and (due := attempt["due"].given) is not None:
        yield Fact("due", part, number), due.text()
    if "lateness" in said:
        yield Fact("lateness", part, number), attempt["lateness"].text()


_COMPONENTS = (("markers", "marker"), ("rubric", "criterion"))


def _score(node: Node, state: str) -> str | Msg:
    if (score := node["score"].given) is not None:
        return score.text()
    words = {one: state_in_words(one) for one in _STATES}
    return words[node[state].one_of(*_STATES)] or NOTHING


_STATES: tuple[State, ...] = get_args(State)


# ---- what is shown -----------------------------------------------------------------------------------------


MOST_NAMED = 10
"""So many who moved are named in a sentence."""


def in_short(found: Since) -> Msg:
    """Who moved, in one sentence."""
    if not found.moved:
        return msg("no grade moved since {report}", report=found.report)
    named = [
        msg("{student}: {old} → {new} ({causes})", student=one.student, old=one.old or NOTHING, new=one.new or NOTHING,
            causes=Terms(one.by, "; "))
        for one in found.moved[:MOST_NAMED]
    ]  # fmt: skip
    n = len(found.moved)
    what = nmsg("{n} grade moved since {report}", "{n} grades moved since {report}", n=n, report=found.report)
    return msg("{what}: {students}", what=what, students=Terms([*named, *(["…"] if n > MOST_NAMED else [])]))


def listing(found: Since, book: Gradebook, words: Words) -> Listing:
    """Who moved, from what to what, and by what; and how many there are."""
    rows = [
        (one.student, one.name, _cell(one.old, words), _cell(one.new, words), words.say(Terms(one.by, "; ")))
        for one in found.moved
    ]
    return Listing(
        "since",
        words("Since {report}: {course} ({id})", report=found.report, course=book.file.course.name, id=book.id),
        (),
        (
            Column("student", words("student number")),
            Column("name", words("name")),
            Column("old", words("was"), True),
            Column("new", words("now"), True),
            Column("by", words("because of")),
        ),
        rows,
        [
            ("moved", words("moved"), str(len(rows))),
            ("students", words("students"), str(found.students)),
            ("values", words("with another exact value and the same grade"), str(found.values)),
        ],
        (),
    )


def _cell(outcome: str | Msg | None, words: Words) -> str:
    return NOTHING if outcome is None else words.say(outcome)


def as_data(found: Since) -> dict[str, Any]:
    """The same as data, in English."""
    english = Words("en")
    return {
        "report": found.report,
        "moved": [
            {
                "student": one.student,
                "old": None if one.old is None else english.say(one.old),
                "new": None if one.new is None else english.say(one.new),
                "by": [english.say(cause) for cause in one.by],
            }
            for one in found.moved
        ],
        "values": found.values,
    }
