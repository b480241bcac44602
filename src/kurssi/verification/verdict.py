"""What a student's result must be: the grade, why it is one, and what range is left where something is open."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from kurssi.diagnostics.message import msg

from .demands import Answer
from .derive import Whole, Why, counting, passes, worth_of_way
from .entries import StudentEntries
from .problems import Node, Problem, lacks, written
from .reach import AsOf, Outcomes, open_attempts, outcomes
from .rules import CheckedPolicy
from .worth import Worth, all_parts

Json = dict[str, object]


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


def verdict_of(
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
        lacks = (
            _lacking(total.answers, total.total)
            if reach is None
            else _lacking_for_good(plan, total, reach, node, grade)
        )
        status = "graded" if grade >= plan.grades.passing else "failed"
        why = total.reasons if reach is None else _for_good(plan, total, reach, node)
        if status == "graded" or not why:
            why = lacks
        if status != "graded" and not why:
            why = (Why(None, "below-boundary", plan.passing, total.exact),)
        raised = total.raised and status == "graded"  # not where what is open can only fail
        verdict = Verdict(status, grade, grade, total.exact, total.rounded, raised, why, False, False)
    if given.override is not None:
        grade = given.override.grade
        verdict = verdict._replace(grade=grade, status="graded" if grade >= plan.grades.passing else "failed")
    return verdict, reach


def _lacking(answers: Sequence[Answer], total: int | None) -> tuple[Why, ...]:
    """The demands that are not met, up to a grade, as reasons."""
    return tuple(
        Why(answer.asked.part, "demand-not-met", answer.asked.number, answer.had, answer)
        for answer in answers
        if not answer.met and total is not None and answer.asked.grade <= total
    )


def _lacking_for_good(plan: CheckedPolicy, total: Whole, reach: Outcomes, node: Node, grade: int) -> tuple[Why, ...]:
    """The demands that nothing open can meet, as they stand now.

    Where it is not known what may come, the report may add some that nothing is sure to meet and that allow its grade,
    and leave out those above the total that is sure.
    """
    said = [(entry["part"].value, entry["grade"].value) for entry in node["reasons"].entries() if _is_of_demand(entry)]
    total_at_least = max(reach.attained.total, total.total or 0)

    def stands(answer: Answer) -> bool:
        asked = answer.asked
        hopeless = asked not in reach.attainable.met
        if reach.exactly or (hopeless and asked.grade <= total_at_least):
            return hopeless
        return asked not in reach.attained.met and (asked.part, asked.grade) in said and grade <= plan.left(asked.grade)

    return _lacking([answer for answer in total.answers if stands(answer)], reach.attainable.total)


def _is_of_demand(reason: Node) -> bool:
    """Whether a report's reason is something that a grade asks, and no gate."""
    return reason["code"].value == "demand-not-met"


def _settled(plan: CheckedPolicy, grade: int, reach: Outcomes | None, node: Node) -> int:
    """The one grade that everything open leads to.

    What hidden peer marks make certain is taken from the report, and so is what could not be tried.
    """
    if reach is None:
        return grade
    if reach.some and not reach.hidden:
        return next((only for only in reach.some if only is not None), grade)
    stated = node["computed"].value
    within = isinstance(stated, int) and (reach.least or plan.grades.lowest) <= stated <= (reach.most or 0)
    return int(stated) if within and isinstance(stated, int) and not isinstance(stated, bool) else grade


def _for_good(plan: CheckedPolicy, total: Whole, reach: Outcomes, node: Node) -> tuple[Why, ...]:
    """The reasons that nothing open can repair. Where it is not known what is open, the report's choice of them."""
    known = {why.part: why for why in total.reasons}
    if not reach.exactly:
        found = {worth.rule.id: worth for worth in all_parts(total.parts)}
        chosen = []
        for entry in node["reasons"].entries():
            if _is_of_demand(entry):
                continue
            part = entry["part"].value
            if isinstance(part, str) and part in known:
                chosen.append(known[part])
            elif isinstance(part, str) and part in found and entry["value"].value is None:
                chosen.append(_in_vain(found[part]))
        return tuple(chosen)

    # of ways the one that counts now: what comes later may be worth more in another that fails as well
    now = next(way.below for way in total.parts if way.chosen) if plan.of_ways else total.parts
    return tuple(_closed(now, reach.attainable.gates, known))


def _closed(parts: Sequence[Worth], passable: Container[str], known: Mapping[str | None, Why]) -> Iterator[Why]:
    """The gates that nothing open can repair, the innermost first."""
    for worth in parts:
        if not worth.rule.required or worth.rule.id in passable:
            continue
        below = list(_closed(counting(worth), passable, known))
        yield from below
        if worth.rule.id in known:
            yield known[worth.rule.id]
        elif not below:
            yield _in_vain(worth)


def _in_vain(worth: Worth) -> Why:
    """The reason where something is still open, but nothing that may come is enough."""
    if worth.gate == "failed":  # by a part of it that may yet be repaired
        return Why(worth.rule.id, "failed")
    return Why(worth.rule.id, "below-minimum", worth.rule.minimum)


def range_problems(node: Node, name: str, plan: CheckedPolicy, reach: Outcomes | None) -> Iterator[Problem]:
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


def ways_said(ways: Sequence[Worth]) -> Iterator[Json]:
    """What a report says of each way."""
    for way in ways:
        value = written_or_none(worth_of_way(way))
        yield {"id": way.rule.id, "passed": passes(way), "value": value, "counts": way.chosen}


def written_or_none(number: Fraction | None) -> str | None:
    """A number as a report writes it, where there is one."""
    return None if number is None else written(number)
