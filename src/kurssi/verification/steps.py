"""The steps of a student, by rule: those of the report against those that follow."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from kurssi.diagnostics.message import msg

from .attempt_rule import key_of
from .attempts import Tried, can_be_late
from .demands import Answer
from .derive import Whole, adds, bonus, by_steps, capped, opening, within
from .entries import OUT, Entry, StudentEntries
from .problems import Node, Problem, compare, differs, written
from .rules import CheckedPolicy
from .verdict import Json, Verdict, ways_said, written_or_none
from .worth import LIVE, Worth, all_parts, at_gate, share, unmoved

RuleKey = tuple[str, str]
"""Which rule a step follows: the part and the key."""


class Step(NamedTuple):
    """A step as it must stand in the report."""

    name: tuple[str, str | None, int | None]
    """step, part and attempt: no two steps of a student share it."""
    data: Json
    rule: RuleKey


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
        "before": written_or_none(before),
        "after": written_or_none(after),
        "limit": written_or_none(limit),
    }
    return Step((step, part, attempt), data, (part or "", key))


def expected_steps(
    plan: CheckedPolicy, given: StudentEntries, total: Whole, verdict: Verdict, node: Node
) -> Iterator[Step]:
    """The steps that follow for a student, in the order of a report."""
    every = {worth.rule.id: worth for worth in all_parts(total.parts)}
    for worth in total.parts:
        yield from _part_steps(plan, given, worth, every)
    if plan.of_ways:
        yield _way(None, total.parts, total.with_bonus)
    if total.mean is not None and total.with_bonus is not None:
        if not plan.of_ways:
            yield _mean(None, total.parts, total.mean)
            yield from _bonus(plan, total.parts, total.mean)
        yield from _cap(None, total.with_bonus, plan.together.most)
        if plan.active and not plan.moves_grade:
            operand: Json = {"level": given.level, "attended": given.attended, "adjust": written(given.adjust)}
            limit = plan.top if given.adjust > 0 else plan.passing
            yield _step(
                "activity",
                None,
                "activity",
                [operand],
                capped(total.with_bonus, plan.together.most),
                total.exact,
                limit,
            )
    yield from _last_steps(plan, given, verdict, node)


def _part_steps(plan: CheckedPolicy, given: StudentEntries, worth: Worth, every: Mapping[str, Worth]) -> Iterator[Step]:
    rule = worth.rule
    for below in worth.below:
        yield from _part_steps(plan, given, below, every)
    if rule.of_ways:
        yield _way(rule.id, worth.below, worth.with_bonus)
        yield from _cap(rule.id, worth.with_bonus, rule.together.most)
    if rule.parts and worth.mean is not None and worth.state not in ("missing", "closed", *OUT):
        yield _mean(rule.id, worth.below, worth.mean)
        yield from _bonus(plan, worth.below, worth.mean)
        yield from _cap(rule.id, worth.with_bonus, rule.together.most)
    if rule.takes is not None:
        yield _step("take", rule.id, "takes", [{"part": rule.takes}], None, None)
    for attempt in worth.tried:
        yield from _attempt_steps(plan, worth, attempt)
    yield from _choice(plan, worth)
    if worth.moved is not None and rule.peer is not None:
        entry = given.entries.get(rule.id, Entry())
        operand: Json = {
            "factor": written_or_none(entry.factor),
            "weight": written(rule.peer.weight),
            "silent": entry.silent,
            "penalty": written(rule.peer.penalty if entry.silent else Fraction(0)),
        }
        yield _step("peer", rule.id, "peer", [operand], worth.moved.before, worth.moved.after, rule.peer.at_most)
    if rule.is_way:
        return
    gate: Json = {"state": worth.state, "required": rule.required, "gate": worth.gate or "open"}
    limit = None if not rule.valued else rule.minimum
    value = at_gate(worth)
    yield from _got(plan, every, worth.got, unmoved(worth))
    yield _step("gate", rule.id, "", [gate], value, value, limit)
    yield from _got(plan, every, worth.got_after, value)


def _attempt_steps(plan: CheckedPolicy, worth: Worth, attempt: Tried) -> Iterator[Step]:
    rule, given, number = worth.rule, attempt.given, attempt.given.number
    if given.cells and rule.takes is None:  # else told of the part that was attempted
        cells: list[Json] = [
            {"attempt": number, "cell": cell.name, "state": cell.state, "score": written_or_none(cell.score)}
            for cell in given.cells
        ]
        kind, limit = ("markers", rule.markers.within) if rule.markers is not None else ("rubric", None)
        yield _step(kind, rule.id, kind, cells, None, given.score, limit, number)
    if attempt.converted is not None:
        key = ""
        if rule.in_points and not plan.percent:
            key = "boundaries" if rule.boundaries is not None else "linear"
        operand: Json = {"attempt": number, "score": written_or_none(given.score)}
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


def _choice(plan: CheckedPolicy, worth: Worth) -> Iterator[Step]:
    """Which attempt counts, where there was more than the first to choose from."""
    live = [attempt for attempt in worth.tried if attempt.state in LIVE]
    if not live or (len(live) == 1 and live[0].given.number == 1):
        return
    operands: list[Json] = [
        {"attempt": attempt.given.number, "state": attempt.state, "value": written_or_none(attempt.value)}
        for attempt in live
    ]
    if worth.used is None:
        before = opening(plan, worth.tried) if worth.rule.gain else None
        yield _step("attempt", worth.rule.id, "attempt", operands, before, unmoved(worth), worth.rule.cap)
        return
    key = key_of(worth.rule.attempt)
    used = worth.used
    yield _step("attempt", worth.rule.id, key, operands, used.after_lateness, used.value, worth.rule.cap)


def _way(part: str | None, ways: Sequence[Worth], after: Fraction | None) -> Step:
    """Which way counts."""
    return _step("way", part, "ways", list(ways_said(ways)), None, after)


def _mean(part: str | None, below: Sequence[Worth], mean: Fraction) -> Step:
    operands: list[Json] = [
        {"id": worth.rule.id, "weight": written(worth.share), "value": written(worth.value or Fraction(0))}
        for worth in below
        if worth.share is not None
    ]
    return _step("mean", part, "parts", operands, None, mean)


def _bonus(plan: CheckedPolicy, below: Sequence[Worth], before: Fraction) -> Iterator[Step]:
    for worth in below:
        if worth.rule.bonus and not worth.rule.by_steps and worth.value is not None:
            after = before + bonus(worth)
            operand: Json = {"weight": written(adds(worth)), "value": written(worth.value)}
            yield _step("bonus", worth.rule.id, "bonus", [operand], before, after)
            before = after
    for worth in below:
        by_steps = worth.rule.by_steps
        if by_steps is not None and by_steps.to is None and worth.gives is not None:
            yield _by_steps(plan, worth, before, worth.gives)
            before += worth.gives


def _by_steps(plan: CheckedPolicy, worth: Worth, before: Fraction, add: Fraction) -> Step:
    """What a bonus by steps adds."""
    to = worth.rule.by_steps.to if worth.rule.by_steps is not None else None
    operand: Json = {"share": f"{written(share(plan, worth) or Fraction(0))} %", "add": written(add), "to": to}
    return _step("bonus-steps", worth.rule.id, "bonus", [operand], before, before + add)


def _got(
    plan: CheckedPolicy, every: Mapping[str, Worth], got: Sequence[tuple[str, Fraction]], before: Fraction | None
) -> Iterator[Step]:
    """What others add to the value of a part."""
    for name, add in got:
        if before is not None:
            yield _by_steps(plan, every[name], before, add)
            before += add


def _cap(part: str | None, before: Fraction | None, most: Fraction | None) -> Iterator[Step]:
    if before is not None and most is not None and before > most:
        yield _step("cap", part, "cap", [], before, most, most)


def _last_steps(plan: CheckedPolicy, given: StudentEntries, verdict: Verdict, node: Node) -> Iterator[Step]:
    override = given.override
    if verdict.undecided and override is None:
        operands: list[Json] = [{"range": node["range"].value}] if verdict.range else []
        yield _step("grade", None, "", operands, None, None)
        return
    before = None if verdict.rounded is None else Fraction(verdict.rounded)
    if verdict.exact is not None:
        yield _step("round", None, "boundaries" if plan.percent else "rounding", [], verdict.exact, before)
    lacks = [why.answer for why in verdict.reasons if why.answer is not None]
    held = lacks and not plan.may_fail and verdict.rounded is not None and verdict.rounded < plan.grades.passing
    if verdict.raised or held:
        after = Fraction(plan.grades.passing)
        yield _step("raise", None, "may_fail", [], before, after, plan.passing)
        before = after
    if plan.moves_grade and verdict.rounded is not None:
        start, end, bound = _moved_grade(plan, given, verdict, verdict.rounded)
        operand: Json = {"level": given.level, "attended": given.attended, "adjust": written(given.adjust)}
        before = Fraction(end)
        yield _step("activity", None, "activity", [operand], Fraction(start), before, Fraction(bound))
    if plan.demands and verdict.computed is not None and (lacks or not verdict.reasons):
        yield from _demand(plan, verdict, lacks, before)
        before = Fraction(verdict.computed) if lacks else before
    if override is not None:
        computed = None if verdict.computed is None else Fraction(verdict.computed)
        yield _step("override", None, "", [dict(override.texts)], computed, Fraction(override.grade))
    reasons: list[Json] = [{"part": why.part, "code": why.code} for why in verdict.reasons]
    yield _step("grade", None, "", reasons, before, None if verdict.grade is None else Fraction(verdict.grade))


def _demand(plan: CheckedPolicy, verdict: Verdict, lacks: Sequence[Answer], before: Fraction | None) -> Iterator[Step]:
    """What is lacking for a grade, or that nothing is, where something is asked."""
    grade = verdict.computed
    if grade is None or not (lacks or any(asked.grade <= grade for asked in plan.demands)):
        return
    top = Fraction(plan.best)
    start = top if before is None or (lacks and before > top) else before
    operands: list[Json] = [
        {"grade": one.asked.grade, "part": one.asked.part, "asked": one.asked.text, "had": one.word} for one in lacks
    ]
    held = Fraction(grade) if lacks else None
    yield _step("demand", None, "requires", operands, start, held if lacks else start, held)


def _moved_grade(plan: CheckedPolicy, given: StudentEntries, verdict: Verdict, rounded: int) -> tuple[int, int, int]:
    """The grade before and after activity moves it, and the bound on its way. A closed gate lets nothing move."""
    if any(why.part is not None and why.answer is None for why in verdict.reasons):
        return plan.grades.lowest, plan.grades.lowest, plan.grades.lowest
    start = within(plan, rounded)
    bound = plan.grades.top if given.adjust > 0 else plan.grades.passing
    return start, by_steps(plan, start, given.adjust), bound


def compare_steps(
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
    if step in ("markers", "rubric", "convert", "late") and operands:
        attempt = operands[0]["attempt"].whole()
    return step, part.text() if part.given else None, attempt


def _shown(name: tuple[str, str | None, int | None]) -> str:
    step, part, attempt = name
    return " ".join(str(word) for word in (step, part, attempt) if word is not None)
