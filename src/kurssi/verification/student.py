"""One student of a report: everything that stands there against everything that follows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from kurssi.diagnostics.message import msg

from .derive import (
    LIVE,
    Tried,
    Whole,
    Why,
    Worth,
    better_spending,
    bonus,
    can_be_late,
    late_works,
    spent_in_order,
    whole,
)
from .entries import OUT, Entry, StudentEntries, read_entries
from .problems import Node, Problem, compare, differs, lacks, written
from .reach import AsOf, Outcomes, open_attempts, outcomes
from .rules import CheckedPolicy, every

Json = dict[str, object]

RuleKey = tuple[str, str]
"""Which rule a step follows: the part and the key."""


class Step(NamedTuple):
    """A step as it must stand in the report."""

    name: tuple[str, str | None, int | None]
    """step, part and attempt: no two steps of a student share it."""
    data: Json
    rule: RuleKey


class Checked(NamedTuple):
    """What was found out about one student."""

    student: str
    group: str | None
    problems: list[Problem]
    rules: list[tuple[str, RuleKey, object]]
    """(place, rule, where the report says that it stands) of every step."""
    factors: dict[str, tuple[str, Fraction | None]]
    """By part with a peer rule: its state and the factor."""


class Verdict(NamedTuple):
    """How the whole becomes the result."""

    status: str
    grade: int | None
    computed: int | None
    exact: Fraction | None
    rounded: int | None
    raised: bool
    reasons: tuple[Why, ...]
    range: bool
    """Whether a range stands there instead of a grade."""
    undecided: bool
    """Whether no grade was computed."""


def check_student(node: Node, plan: CheckedPolicy, as_of: AsOf) -> Checked:
    """Raises :class:`~kurssi.verification.problems.Unfit` where nothing can be derived."""
    name = node["student"].text()
    node["name"].text()
    given, problems = read_entries(node, plan)
    forgiven, more = _forgiven(plan, given, node, name)
    problems += more
    total = whole(plan, given.entries, given.adjust, forgiven)
    verdict, reach = _verdict(plan, given, forgiven, total, node, as_of)
    if verdict.range and given.override is None:
        problems += _range(node, name, plan, reach)
    expected = _document(plan, given, total, verdict)
    problems += compare(name, "", node.mapping(), expected)
    steps = list(_steps(plan, given, total, verdict, node))
    more, rules = _compare_steps(node["steps"], name, steps)
    problems += more
    factors = {
        worth.rule.id: (worth.state, given.entries[worth.rule.id].factor)
        for worth in _leaves(total.parts)
        if worth.rule.peer is not None
    }
    group = node["group"].given
    return Checked(name, group.text() if group else None, problems, rules, factors)


def _all(parts: Sequence[Worth]) -> Iterator[Worth]:
    for worth in parts:
        yield worth
        yield from _all(worth.below)


def _leaves(parts: Sequence[Worth]) -> Iterator[Worth]:
    for worth in parts:
        if worth.rule.parts:
            yield from _leaves(worth.below)
        else:
            yield worth


# ---- free budgets ------------------------------------------------------------------------------------------


def _forgiven(
    plan: CheckedPolicy, given: StudentEntries, node: Node, name: str
) -> tuple[dict[str, int], list[Problem]]:
    """Units forgiven by part. In order they follow; where it helps they are the report's own, within the budget."""
    if plan.budget is None:
        return {}, []
    works = late_works(plan, given.entries)
    if not plan.helps:
        return spent_in_order(works, plan.budget), []
    stated = {part: entry.tries[0].forgiven for part, entry in given.entries.items() if entry.tries}
    spent = {work.part: min(stated[work.part], work.units) for work in works}
    hours = sum(spent[work.part] * work.hours for work in works)
    where = "parts"
    if hours > plan.budget:
        message = msg(
            "{found} h of late time are forgiven, but the budget is {budget} h", found=hours, budget=plan.budget
        )
        return spent, [Problem(name, where, message, str(hours), str(plan.budget))]
    better = better_spending(plan, given, works, spent)
    if better is None or node["override"].given is not None:
        return spent, []
    message = msg("the free budget is not spent where it helps most: {found}; better: {expected}",
                  found=_spending(spent), expected=_spending(better))  # fmt: skip
    return spent, [Problem(name, where, message, _spending(spent), _spending(better))]


def _spending(spent: Mapping[str, int]) -> str:
    return ", ".join(f"{part} {units}" for part, units in spent.items())


# ---- states ------------------------------------------------------------------------------------------------


def _verdict(
    plan: CheckedPolicy, given: StudentEntries, forgiven: Mapping[str, int], total: Whole, node: Node, as_of: AsOf
) -> tuple[Verdict, Outcomes | None]:
    """What the result must be. Where only a search could tell whether it is open, the report's word is taken."""
    surely, perhaps = open_attempts(plan, given.entries, as_of)
    if given.override is None:
        says_open = node["status"].value == "incomplete" and node["range"].value is not None
    else:
        says_open = node["computed"].value is None and total.grade is not None
    repaired = node["status"].value == "failed" and len(node["reasons"].entries()) < len(total.reasons)
    reach = None
    if surely or (perhaps and (says_open or repaired)):
        reach = outcomes(plan, given, forgiven, surely, perhaps)
    if reach is not None and (len(reach.some) > 1 or (says_open and reach.least != reach.most)):
        verdict = Verdict("incomplete", None, None, None, None, False, (), True, True)
    elif total.grade is None or (reach is not None and reach.some == {None}):
        nothing = (Why(None, "nothing-to-weigh"),)
        verdict = Verdict("incomplete", None, None, total.exact, total.rounded, False, nothing, False, True)
    else:
        grade = _settled(plan, total.grade, reach, node)
        status = "graded" if grade >= plan.grades.passing else "failed"
        why = total.reasons if reach is None else _for_good(plan, total, reach, node)
        if status == "graded":
            why = ()
        elif not why:
            why = (Why(None, "below-boundary", plan.passing, total.exact),)
        raised = total.raised and status == "graded"  # not where what is open can only fail
        verdict = Verdict(status, grade, grade, total.exact, total.rounded, raised, why, False, False)
    if given.override is not None:
        grade = given.override.grade
        verdict = verdict._replace(grade=grade, status="graded" if grade >= plan.grades.passing else "failed")
    return verdict, reach


def _settled(plan: CheckedPolicy, grade: int, reach: Outcomes | None, node: Node) -> int:
    """The one grade that everything open leads to. What hidden peer marks make certain is taken from the report."""
    if reach is None:
        return grade
    if reach.exactly:
        return next((only for only in reach.some if only is not None), grade)
    stated = node["computed"].value
    within = isinstance(stated, int) and (reach.least or plan.grades.lowest) <= stated <= (reach.most or 0)
    return int(stated) if within and isinstance(stated, int) and not isinstance(stated, bool) else grade


def _for_good(plan: CheckedPolicy, total: Whole, reach: Outcomes, node: Node) -> tuple[Why, ...]:
    """The reasons that nothing open can repair. Where it is not known what is open, the report's choice of them."""
    known = {why.part: why for why in total.reasons}
    if not reach.exactly:
        rules = {rule.id: rule for rule in every(plan.parts)}
        chosen = []
        for entry in node["reasons"].entries():
            part = entry["part"].value
            if isinstance(part, str) and part in known:
                chosen.append(known[part])
            elif isinstance(part, str) and part in rules and entry["value"].value is None:
                chosen.append(Why(part, "below-minimum", rules[part].minimum))
        return tuple(chosen)

    now = {worth.rule.id: worth.gate for worth in _all(total.parts)}

    def walk(parts: Sequence[Worth]) -> Iterator[Why]:
        for worth in parts:
            if worth.gate is None or not worth.rule.required:
                continue
            below = list(walk(worth.below))
            yield from below
            if worth.rule.id in known:
                yield known[worth.rule.id]
            elif not below:  # still open, but nothing that may come is enough
                if now.get(worth.rule.id) == "failed":  # by a part of it that may yet be repaired, in vain
                    yield Why(worth.rule.id, "failed")
                else:
                    yield Why(worth.rule.id, "below-minimum", worth.rule.minimum)

    return tuple(walk(reach.best.parts))


def _range(node: Node, name: str, plan: CheckedPolicy, reach: Outcomes | None) -> Iterator[Problem]:
    """Ascending, on the scale, at least two, with every grade that was reached and none beyond the bounds."""
    if node["range"].given is None:
        yield lacks(name, "range", sorted(grade for grade in (reach.some if reach else ()) if grade is not None))
        return
    span = [entry.whole() for entry in node["range"].entries()]
    place = node["range"].where
    least = 1 if reach is not None and None in (reach.least, reach.most, *reach.some) else 2
    if len(span) < least or any(b <= a for a, b in pairwise(span)):
        yield Problem(name, place, msg("a range has at least two grades, ascending"), str(span))
    for grade in span:
        if plan.grades.label(grade) is None:
            yield Problem(name, place, msg("{found} is not on the scale", found=grade), str(span))
    if reach is None:
        return
    for grade in sorted(grade for grade in reach.some if grade is not None and grade not in span):
        yield Problem(name, place, msg("{grade} can still be reached, too", grade=grade), str(span))
    lowest = plan.grades.lowest
    bottom = lowest if reach.least is None else reach.least
    most = lowest if reach.most is None else reach.most
    for grade in span:
        if not bottom <= grade <= most:
            yield Problem(name, place, msg("{grade} cannot be reached", grade=grade), str(span))


# ---- the document ------------------------------------------------------------------------------------------


def _text(number: Fraction | None) -> str | None:
    return None if number is None else written(number)


def _document(plan: CheckedPolicy, given: StudentEntries, total: Whole, verdict: Verdict) -> Json:
    """All that follows for a student, under the keys of the report."""
    expected: Json = {
        "status": verdict.status,
        "grade": verdict.grade,
        "label": None if verdict.grade is None else plan.grades.label(verdict.grade),
        "exact": _text(verdict.exact),
        "rounded": verdict.rounded,
        "raised_to_pass": verdict.raised,
        "computed": verdict.computed,
        "reasons": [_reason(why) for why in verdict.reasons],
        "activity": {"adjust": written(given.adjust)} if plan.active else None,
        "parts": _parts(total.parts),
    }
    if not verdict.range or given.override is not None:
        expected["range"] = None
    return expected


def _reason(why: Why) -> Json:
    return {"part": why.part, "code": why.code, "minimum": _text(why.minimum), "value": _text(why.value)}


def _parts(parts: Sequence[Worth]) -> Json:
    return {worth.rule.id: _part(worth) for worth in parts}


def _part(worth: Worth) -> Json:
    rule = worth.rule
    expected: Json = {
        "state": worth.state,
        "value": _text(worth.value),
        "weight": _text(rule.weight),
        "effective_weight": _text(worth.share),
        "required": rule.required,
        "minimum": None if rule.graded == "pass-fail" else written(rule.minimum),
        "gate": worth.gate or "open",
        "open": worth.open,
        "attempts": [_attempt(attempt) for attempt in worth.tried],
        "used": worth.used.given.number if worth.used else None,
        "chosen": worth.chosen,
        "parts": _parts(worth.below),
        "peer": None,
    }
    if worth.moved is not None:
        expected["peer"] = {"group_value": written(worth.moved.before), "value": written(worth.moved.after)}
    return expected


def _attempt(attempt: Tried) -> Json:
    return {
        "n": attempt.given.number,
        "state": attempt.state,
        "converted": _text(attempt.converted),
        "units": attempt.units,
        "forgiven": attempt.forgiven,
        "deducted": written(attempt.deducted),
        "value": _text(attempt.value),
    }


# ---- the steps ---------------------------------------------------------------------------------------------


def _step(
    step: str,
    part: str | None,
    key: str,
    operands: list[Json],
    before: Fraction | None,
    after: Fraction | None,
    limit: Fraction | None = None,
    attempt: int | None = None,
) -> Step:
    data: Json = {
        "step": step,
        "part": part,
        "operands": operands,
        "before": _text(before),
        "after": _text(after),
        "limit": _text(limit),
    }
    return Step((step, part, attempt), data, (part or "", key))


def _steps(plan: CheckedPolicy, given: StudentEntries, total: Whole, verdict: Verdict, node: Node) -> Iterator[Step]:
    for worth in total.parts:
        yield from _part_steps(plan, given, worth)
    if total.mean is not None and total.with_bonus is not None:
        yield _mean(None, total.parts, total.mean)
        yield from _bonus(total.parts, total.mean)
        if plan.active:
            operand: Json = {"level": given.level, "attended": given.attended, "adjust": written(given.adjust)}
            limit = plan.top if given.adjust > 0 else plan.passing
            yield _step("activity", None, "activity", [operand], total.with_bonus, total.exact, limit)
    yield from _last_steps(plan, given, verdict, node)


def _part_steps(plan: CheckedPolicy, given: StudentEntries, worth: Worth) -> Iterator[Step]:
    rule = worth.rule
    for below in worth.below:
        yield from _part_steps(plan, given, below)
    if rule.parts and worth.mean is not None and worth.state not in ("missing", "closed", *OUT):
        yield _mean(rule.id, worth.below, worth.mean)
        yield from _bonus(worth.below, worth.mean)
    for attempt in worth.tried:
        yield from _attempt_steps(plan, worth, attempt)
    yield from _choice(worth)
    if worth.moved is not None and rule.peer is not None:
        entry = given.entries.get(rule.id, Entry())
        operand: Json = {
            "factor": _text(entry.factor),
            "weight": written(rule.peer.weight),
            "silent": entry.silent,
            "penalty": written(rule.peer.penalty if entry.silent else Fraction(0)),
        }
        yield _step("peer", rule.id, "peer", [operand], worth.moved.before, worth.moved.after, rule.peer.at_most)
    gate: Json = {"state": worth.state, "required": rule.required, "gate": worth.gate or "open"}
    limit = None if rule.graded == "pass-fail" else rule.minimum
    yield _step("gate", rule.id, "", [gate], worth.value, worth.value, limit)


def _attempt_steps(plan: CheckedPolicy, worth: Worth, attempt: Tried) -> Iterator[Step]:
    rule, given, number = worth.rule, attempt.given, attempt.given.number
    if attempt.converted is not None:
        key = ""
        if rule.graded == "points" and not plan.percent:
            key = "boundaries" if rule.boundaries is not None else "linear"
        operand: Json = {"attempt": number, "score": _text(given.score)}
        yield _step("convert", rule.id, key, [operand], None, attempt.converted, None, number)
    if rule.late is None or not can_be_late(given) or attempt.state in ("missing", *OUT):
        return
    when: Json = {"submitted": given.submitted_text, "due": given.due_text}
    if given.lateness is not None:
        when = {"lateness": given.lateness_text}
    operand = {"attempt": number, **when, "units": attempt.units, "forgiven": attempt.forgiven}
    converted = attempt.converted
    if attempt.state == "closed":
        yield _step("late", rule.id, "late.closes", [operand], None, None, None, number)
    elif not attempt.units:
        yield _step("late", rule.id, "late", [operand], converted, converted, None, number)
    elif converted is not None:
        key = "late.deduct" if rule.late.amounts else "late"
        yield _step("late", rule.id, key, [operand], converted, attempt.after_lateness, rule.late.floor, number)


def _choice(worth: Worth) -> Iterator[Step]:
    """Which attempt counts, where there was more than the first to choose from."""
    live = [attempt for attempt in worth.tried if attempt.state in LIVE]
    if worth.used is None or (len(live) == 1 and worth.used.given.number == 1):
        return
    operands: list[Json] = [
        {"attempt": attempt.given.number, "state": attempt.state, "value": _text(attempt.value)} for attempt in live
    ]
    key = "attempt" if worth.rule.latest else "retakes"
    used = worth.used
    yield _step("attempt", worth.rule.id, key, operands, used.after_lateness, used.value, worth.rule.cap)


def _mean(part: str | None, below: Sequence[Worth], mean: Fraction) -> Step:
    operands: list[Json] = [
        {"id": worth.rule.id, "weight": written(worth.share), "value": written(worth.value or Fraction(0))}
        for worth in below
        if worth.share is not None
    ]
    return _step("mean", part, "parts", operands, None, mean)


def _bonus(below: Sequence[Worth], before: Fraction) -> Iterator[Step]:
    for worth in below:
        if worth.rule.bonus and worth.value is not None:
            after = before + bonus(worth)
            operand: Json = {"weight": _text(worth.rule.weight), "value": written(worth.value)}
            yield _step("bonus", worth.rule.id, "bonus", [operand], before, after)
            before = after


def _last_steps(plan: CheckedPolicy, given: StudentEntries, verdict: Verdict, node: Node) -> Iterator[Step]:
    override = given.override
    if verdict.undecided and override is None:
        operands: list[Json] = [{"range": node["range"].value}] if verdict.range else []
        yield _step("grade", None, "", operands, None, None)
        return
    before = None if verdict.rounded is None else Fraction(verdict.rounded)
    if verdict.exact is not None:
        yield _step("round", None, "boundaries" if plan.percent else "rounding", [], verdict.exact, before)
    if verdict.raised:
        after = Fraction(plan.grades.passing)
        yield _step("raise", None, "may_fail", [], before, after, plan.passing)
        before = after
    if override is not None:
        computed = None if verdict.computed is None else Fraction(verdict.computed)
        yield _step("override", None, "", [dict(override.texts)], computed, Fraction(override.grade))
    reasons: list[Json] = [{"part": why.part, "code": why.code} for why in verdict.reasons]
    yield _step("grade", None, "", reasons, before, None if verdict.grade is None else Fraction(verdict.grade))


def _compare_steps(
    node: Node, student: str, expected: Sequence[Step]
) -> tuple[list[Problem], list[tuple[str, RuleKey, object]]]:
    """Steps that are missing, superfluous, twice or out of order, and every figure of the others."""
    problems: list[Problem] = []
    rules: list[tuple[str, RuleKey, object]] = []
    found = [(_named(entry), entry) for entry in node.entries()]
    by_name = dict(reversed(found))
    wanted = {step.name: step for step in expected}
    surplus = Counter(name for name, _ in found)
    for name, number in surplus.items():
        if name not in wanted:
            problems.append(Problem(student, "steps", msg("{step} does not follow", step=_shown(name)), _shown(name)))
        elif number > 1:
            problems.append(
                Problem(student, "steps", msg("{step} stands there twice", step=_shown(name)), _shown(name))
            )
    for step in expected:
        if step.name not in by_name:
            problems.append(
                Problem(student, "steps", msg("{step} is missing", step=_shown(step.name)), None, _shown(step.name))
            )
    order = [name for name in dict.fromkeys(name for name, _ in found) if name in wanted]
    right = [step.name for step in expected if step.name in by_name]
    for stands, follows in zip(order, right, strict=True):
        if stands != follows:
            problems.append(differs(student, "steps", _shown(stands), _shown(follows)))
            break
    for step in expected:
        if step.name not in by_name:
            continue
        entry = by_name[step.name]
        place = f"steps: {_shown(step.name)}"
        problems += compare(student, place, entry.mapping(), step.data)
        rules.append((place, step.rule, entry["rule"].value))
    return problems, rules


def _named(entry: Node) -> tuple[str, str | None, int | None]:
    step, part = entry["step"].text(), entry["part"]
    attempt = None
    operands = entry["operands"].entries()
    if step in ("convert", "late") and operands:
        attempt = operands[0]["attempt"].whole()
    return step, part.text() if part.given else None, attempt


def _shown(name: tuple[str, str | None, int | None]) -> str:
    step, part, attempt = name
    return " ".join(str(word) for word in (step, part, attempt) if word is not None)
