"""One student of a report: everything that stands there against everything that follows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from kurssi.diagnostics.message import msg

from .attempts import Tried
from .composite import Cell
from .demands import Answer
from .derive import Whole, Why, whole
from .entries import StudentEntries, read_entries
from .free_time import allowed, better_spending, late_works, spent_in_order
from .problems import Node, Problem, compare, written
from .reach import AsOf
from .rules import CheckedPolicy
from .steps import RuleKey, compare_steps, expected_steps
from .verdict import Json, Verdict, range_problems, verdict_of, ways_said, written_or_none
from .worth import Worth


class CheckedStudent(NamedTuple):
    """What was found out about one student."""

    student: str
    group: str | None
    problems: list[Problem]
    rules: list[tuple[str, RuleKey, object]]
    """(place, rule, where the report says that it stands) of every step."""
    factors: dict[str, tuple[str, Fraction | None]]
    """By part with a peer rule: its state and the factor."""
    cells: dict[str, tuple[tuple[int, tuple[Cell, ...]], ...]]
    """By part with markers: of each attempt its number, and what they gave."""


def check_student(node: Node, plan: CheckedPolicy, as_of: AsOf) -> CheckedStudent:
    """Raises :class:`~kurssi.verification.problems.Unfit` where nothing can be derived."""
    name = node["student"].text()
    node["name"].text()
    given, problems = read_entries(node, plan)
    forgiven, more = _forgiven(plan, given, node, name)
    problems += more
    total = whole(plan, given.entries, given.adjust, forgiven, None, given.attended)
    verdict, reach = verdict_of(plan, given, forgiven, total, node, as_of)
    if verdict.range and given.override is None:
        problems += range_problems(node, name, plan, reach)
    expected = _document(plan, given, total, verdict)
    problems += compare(name, "", node.mapping(), expected)
    steps = list(expected_steps(plan, given, total, verdict, node))
    more, rules = compare_steps(node["steps"], name, steps)
    problems += more
    factors = {
        worth.rule.id: (worth.state, given.entries[worth.rule.id].factor)
        for worth in _leaves(total.parts)
        if worth.rule.peer is not None
    }
    group = node["group"].given
    cells = {
        worth.rule.id: tuple((a.given.number, a.given.cells) for a in worth.tried if a.given.cells)
        for worth in _leaves(total.parts)
        if worth.rule.markers is not None
    }
    return CheckedStudent(name, group.text() if group else None, problems, rules, factors, cells)


def _leaves(parts: Sequence[Worth]) -> Iterator[Worth]:
    for worth in parts:
        if worth.rule.parts:
            yield from _leaves(worth.below)
        else:
            yield worth


def _forgiven(
    plan: CheckedPolicy, given: StudentEntries, node: Node, name: str
) -> tuple[dict[str, int], list[Problem]]:
    """Units forgiven by part. In order they follow; where it helps they are the report's own, within the budget."""
    if plan.budget is None:
        return {}, []
    works = late_works(plan, given.entries)
    if not plan.helps:
        return spent_in_order(plan, works, plan.budget), []
    stated = {part: entry.tries[0].forgiven for part, entry in given.entries.items() if entry.tries}
    spent = {work.part: min(stated[work.part], work.units) for work in works}
    hours = sum(spent[work.part] * work.hours for work in works)
    where = "parts"
    if hours > plan.budget:
        message = msg(
            "{found} h of late time are forgiven, but the budget is {budget} h", found=hours, budget=plan.budget
        )
        return spent, [Problem(name, where, message, str(hours), str(plan.budget))]
    beyond = next((work for work in works if spent[work.part] not in allowed(plan, work, plan.budget)), None)
    if beyond is not None:
        message = msg(
            "the policy does not let {n} late units of {part} be forgiven", n=spent[beyond.part], part=beyond.part
        )
        return spent, [Problem(name, where, message, str(spent[beyond.part]))]
    better = better_spending(plan, given, works, spent)
    if better is None or node["override"].given is not None:
        return spent, []
    message = msg("the free budget is not spent where it helps most: {found}; better: {expected}",
                  found=_spending(spent), expected=_spending(better))  # fmt: skip
    return spent, [Problem(name, where, message, _spending(spent), _spending(better))]


def _spending(spent: Mapping[str, int]) -> str:
    return ", ".join(f"{part} {units}" for part, units in spent.items())


def _document(plan: CheckedPolicy, given: StudentEntries, total: Whole, verdict: Verdict) -> Json:
    """All that follows for a student, under the keys of the report."""
    expected: Json = {
        "status": verdict.status,
        "grade": verdict.grade,
        "label": None if verdict.grade is None else plan.grades.label(verdict.grade),
        "exact": written_or_none(verdict.exact),
        "rounded": verdict.rounded,
        "raised_to_pass": verdict.raised,
        "computed": verdict.computed,
        "reasons": [_reason(why) for why in verdict.reasons],
        "activity": {"adjust": written(given.adjust)} if plan.active else None,
        "parts": _parts(total.parts),
    }
    if plan.of_ways:
        expected["ways"] = list(ways_said(total.parts))
    if plan.demands:
        expected["demands"] = [_answer(answer, verdict) for answer in total.answers]
    if not verdict.range or given.override is not None:
        expected["range"] = None
    return expected


def _answer(answer: Answer, verdict: Verdict) -> Json:
    asked = answer.asked
    met = answer.met or (None if verdict.computed is None else False)
    return {"grade": asked.grade, "part": asked.part, "asked": asked.text, "had": answer.word, "met": met}


def _reason(why: Why) -> Json:
    expected: Json = {
        "part": why.part,
        "code": why.code,
        "minimum": written_or_none(why.minimum),
        "value": written_or_none(why.value),
    }
    if why.answer is not None:
        asked = why.answer.asked
        expected |= {"grade": asked.grade, "asked": asked.text, "had": why.answer.word}
    return expected


def _parts(parts: Sequence[Worth]) -> Json:
    return {worth.rule.id: _part(worth) for worth in parts}


def _part(worth: Worth) -> Json:
    rule = worth.rule
    expected: Json = {
        "state": worth.state,
        "value": written_or_none(worth.value),
        "weight": written_or_none(rule.weight),
        "effective_weight": written_or_none(worth.share),
        "required": rule.required,
        "minimum": None if not rule.valued else written(rule.minimum),
        "gate": worth.gate or "open",
        "open": worth.open,
        **({"withheld": True} if any(attempt.state == "withheld" for attempt in worth.tried) else {}),
        "attempts": [_attempt(attempt) for attempt in worth.tried],
        "used": worth.used.given.number if worth.used else None,
        "chosen": worth.chosen,
        "parts": _parts(worth.below),
        "peer": None,
    }
    if rule.of_ways:
        expected["ways"] = list(ways_said(worth.below))
    if worth.moved is not None:
        expected["peer"] = {"group_value": written(worth.moved.before), "value": written(worth.moved.after)}
    return expected


def _attempt(attempt: Tried) -> Json:
    return {
        "n": attempt.given.number,
        "state": attempt.state,
        "converted": written_or_none(attempt.converted),
        "units": attempt.units,
        "forgiven": attempt.forgiven,
        "deducted": written(attempt.deducted),
        "value": written_or_none(attempt.value),
    }
