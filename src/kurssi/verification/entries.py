"""What the report says went in for one student: scores, times, peer factors, activity; nothing computed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from fractions import Fraction
from typing import NamedTuple, assert_never

from kurssi.diagnostics.message import msg

from .clock import Moment, deadline, read_lateness
from .composite import Cell, made_of, read_cells
from .demands import sessions_had
from .problems import Node, Problem, Unfit, lacks, written
from .rules import CheckedPolicy, Rule
from .times import read_time

STATES = ("scored", "passed", "failed", "missing", "closed", "ungraded", "withheld", "excused", "recognised")
OUT = ("excused", "recognised")
"""States in which a part leaves the mean."""
OPEN = ("ungraded", "withheld")
"""States in which the score is still to be said."""


class Try(NamedTuple):
    """One attempt as it was given."""

    number: int
    state: str
    """As in the cell; ``closed`` where the report only says so."""
    score: Fraction | None = None
    submitted: Moment | None = None
    due: Moment | None = None
    forgiven: int = 0
    """Late units that the report says are forgiven."""
    submitted_text: str | None = None
    due_text: str | None = None
    lateness: timedelta | None = None
    """How late it was, where that is given itself."""
    lateness_text: str | None = None
    cells: tuple[Cell, ...] = ()
    """What its score is made of, where that has several cells."""


class Entry(NamedTuple):
    """What is given of one part that has attempts of its own."""

    tries: tuple[Try, ...] = ()
    factor: Fraction | None = None
    """The factor of peer marks; None where none took part."""
    silent: bool = False


Entries = dict[str, Entry]
"""By id of the part."""


class Override(NamedTuple):
    """A grade set by a person."""

    grade: int
    texts: dict[str, str]
    """by, date and reason."""


class StudentEntries(NamedTuple):
    """Everything that is given of one student."""

    entries: Entries
    level: str | None
    attended: int | None
    adjust: Fraction
    override: Override | None


def read_entries(node: Node, plan: CheckedPolicy) -> tuple[StudentEntries, list[Problem]]:
    """What went in, and what cannot have gone in. Raises :class:`Unfit` where nothing can be derived from it."""
    problems: list[Problem] = []
    student = node["student"].text()
    entries: Entries = {}
    for rule, part in _leaves(plan.parts, node["parts"], student, problems):
        entries[rule.id] = _entry(rule, part, plan, student, problems)
    activity = node["activity"].given
    level, attended, adjust = None, None, Fraction(0)
    if activity is not None:
        level = activity["level"].text() if activity["level"].given else None
        attended = activity["attended"].whole(0) if activity["attended"].given else None
        adjust = _adjust(activity, plan, level, attended)
    if attended is None and plan.demands:
        attended = sessions_had(node["demands"], plan.demands)
    override = node["override"].given
    return StudentEntries(entries, level, attended, adjust, _override(override, plan) if override else None), problems


def _leaves(rules: tuple[Rule, ...], parts: Node, student: str, problems: list[Problem]) -> Iterator[tuple[Rule, Node]]:
    known = {rule.id for rule in rules}
    for name in parts.mapping():
        if name not in known:
            problems.append(Problem(student, f"{parts.where}.{name}", msg("the policy has no such part here")))
    for rule in rules:
        if rule.parts:
            yield from _leaves(rule.parts, parts[rule.id]["parts"], student, problems)
            attempts = parts[rule.id]["attempts"]
            if attempts.entries():
                problems.append(
                    Problem(student, attempts.where, msg("a part that has parts has no attempts of its own"))
                )
        else:
            yield rule, parts[rule.id]


def _entry(rule: Rule, node: Node, plan: CheckedPolicy, student: str, problems: list[Problem]) -> Entry:
    attempts = node["attempts"].entries()
    if len(attempts) > len(rule.dues):
        problems.append(
            Problem(
                student,
                f"{node.where}.attempts",
                msg("{n} attempts, but the policy allows {most}", n=len(attempts), most=len(rule.dues)),
                str(len(attempts)),
                str(len(rule.dues)),
            )
        )
    tries = tuple(_try(rule, number, attempt, plan, problems, student) for number, attempt in enumerate(attempts, 1))
    if "withheld" in node.mapping() and not (node["withheld"].flag() and any(t.state == "withheld" for t in tries)):
        raise node["withheld"].wrong(msg("no score of this part is withheld"))
    peer = node["peer"].given
    if peer is None:
        return Entry(tries)
    if rule.peer is None:
        raise peer.wrong(msg("the policy has no peer marks here"))
    factor = peer["factor"].number()
    if factor < 0:
        raise peer["factor"].wrong(msg("a factor is never negative"))
    return Entry(tries, factor, peer["silent"].flag())


def _try(rule: Rule, number: int, node: Node, plan: CheckedPolicy, problems: list[Problem], student: str) -> Try:
    state = node["state"].one_of(*STATES)
    score = node["score"].number() if node["score"].given else None
    submitted, due = node["submitted"].given, node["due"].given
    if (state == "scored") > (score is not None) or (score is not None and state not in ("scored", "closed")):
        raise node["score"].wrong(msg("a score stands exactly where the state is scored"))
    if state == "passed" and rule.valued:
        raise node["state"].wrong(msg("only a pass-fail part can be passed without a value"))
    cells = read_cells(rule.markers, rule.rubric, node)
    if cells:
        _made(rule, state, score, cells, node, problems, student)
    elif score is not None:
        _on_scale(rule, score, node["score"], plan)
    _due(rule, number, node, plan, problems, student)
    return Try(
        number,
        state,
        score,
        read_time(submitted) if submitted else None,
        read_time(due) if due else None,
        node["forgiven"].whole(0),
        submitted.text() if submitted else None,
        due.text() if due else None,
        *_lateness(rule, node),
        cells,
    )


def _made(
    rule: Rule,
    state: str,
    score: Fraction | None,
    cells: tuple[Cell, ...],
    node: Node,
    problems: list[Problem],
    student: str,
) -> None:
    """State and score are what the cells come to."""
    made = made_of(rule.markers, rule.rubric, cells)
    given = node["given"].text() if state == "closed" else state
    if (given, score) != made:
        found, expected = (
            one_state if number is None else written(number) for one_state, number in ((given, score), made)
        )
        message = msg("the score does not follow from the cells that it is made of")
        problems.append(Problem(student, node["score"].where, message, found, expected))


def _lateness(rule: Rule, node: Node) -> tuple[timedelta | None, str | None]:
    """How late the attempt was; it stands only where the policy takes lateness from the export."""
    if "lateness" not in node.mapping():
        return None, None
    late = node["lateness"]
    if not rule.late_from_export:
        raise late.wrong(msg("the policy counts lateness from the deadline here"))
    length = read_lateness(late.text())
    if length is None:
        raise late.wrong(msg("{found} is no length of time as kurssi writes it", found=late.text()))
    return length, late.text()


def _on_scale(rule: Rule, score: Fraction, node: Node, plan: CheckedPolicy) -> None:
    match rule.graded:
        case "points":
            fits = 0 <= score <= rule.most
        case "grade":
            fits = plan.grades.lowest <= score <= plan.grades.top and not (plan.grades.own and score.denominator > 1)
        case "pass-fail":
            fits = False
        case _ as unknown:
            assert_never(unknown)
    if not fits:
        raise node.wrong(msg("{found} is not a score of this part", found=node.text()))


def _due(rule: Rule, number: int, node: Node, plan: CheckedPolicy, problems: list[Problem], student: str) -> None:
    """The deadline is the policy's, or an extension that is not before it."""
    regular = rule.due_texts[number - 1] if number <= len(rule.dues) else None
    due, own = node["due"], node["own_due"].flag()
    if not own:
        if due.value != regular:
            problems.append(
                Problem(
                    student,
                    due.where,
                    msg("the deadline is not the policy's, {due}, and is not said to be the student's own", due=regular)
                    if regular is not None
                    else msg("the policy has no deadline here, and it is not said to be the student's own"),
                    None if due.value is None else str(due.value),
                    regular,
                )
            )
        return
    if due.given is None:
        problems.append(lacks(student, due.where, regular))
        return
    least = rule.dues[number - 1] if number <= len(rule.dues) else None
    if least is not None and deadline(read_time(due), plan.zone) < deadline(least, plan.zone):
        problems.append(
            Problem(
                student,
                due.where,
                msg("the student's own deadline {found} is before the policy's, {due}", found=due.text(), due=regular),
                due.text(),
                regular,
            )
        )


def _adjust(node: Node, plan: CheckedPolicy, level: str | None, attended: int | None) -> Fraction:
    """What the policy adds for this level or this attendance, before the guard."""
    if plan.levels is not None:
        if level is None:
            return Fraction(0)
        if level not in plan.levels:
            raise node["level"].wrong(msg("the policy has no activity level {level}", level=level))
        return plan.levels[level]
    if attended is None or not plan.sessions:
        return Fraction(0)
    if attended > plan.sessions:
        raise node["attended"].wrong(msg("there were only {n} sessions", n=plan.sessions))
    share = Fraction(attended, plan.sessions)
    reached = [adjust for start, adjust in plan.bands if share >= start]
    return reached[0] if reached else Fraction(0)


def _override(node: Node, plan: CheckedPolicy) -> Override:
    grade = node["grade"].whole()
    if plan.grades.label(grade) is None:
        raise node["grade"].wrong(msg("{found} is not on the scale", found=grade))
    texts = {key: node[key].text() for key in ("by", "date", "reason")}
    if not texts["reason"].strip():
        raise Unfit(f"{node.where}.reason", msg("no reason, no override"))
    return Override(grade, texts)
