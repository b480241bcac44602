"""How a free budget of late time is spent (contract sections 5.1 and 11.7), a second time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import product
from math import prod
from typing import NamedTuple

from .attempts import ZERO, how_late
from .clock import END_OF_TIME, deadline, hours_of
from .derive import Whole, whole
from .entries import OPEN, Entries, Entry, StudentEntries
from .rules import CheckedPolicy

MOST_SPENDINGS = 3000
"""With more ways to spend a free budget it is not looked for the one that helps most."""


class LateWork(NamedTuple):
    """A late first attempt that can spend from the budget."""

    part: str
    units: int
    hours: int
    """What a unit takes."""


def late_works(plan: CheckedPolicy, entries: Entries) -> list[LateWork]:
    """They are in order of their deadlines, those without one last.

    What waits for a grade counts as on time and spends nothing.
    """
    found = []
    for place, rule in enumerate(plan.leaves()):
        tries = entries.get(rule.id, Entry()).tries
        if not tries or rule.late is None or not rule.late.amounts:
            continue
        units, closed = how_late(plan, rule, tries[0])
        if units and (closed or tries[0].state not in OPEN):
            late = LateWork(rule.id, units, hours_of(rule.late.per))
            due = tries[0].due
            found.append((END_OF_TIME if due is None else deadline(due, plan.zone), place, late))
    return [late for _, _, late in sorted(found)]


def allowed(plan: CheckedPolicy, work: LateWork, budget: int) -> Sequence[int]:
    """So many units of a late work may be forgiven where so much of the budget is left."""
    hours = budget if plan.each is None else min(plan.each, budget)
    most = min(work.units, hours // work.hours)
    if plan.whole:
        return (0, work.units) if most == work.units else (0,)
    return range(most + 1)


def spent_in_order(plan: CheckedPolicy, works: Sequence[LateWork], budget: int) -> dict[str, int]:
    """Every late work spends, first deadline first, whole units only."""
    spent = {}
    for work in works:
        spent[work.part] = allowed(plan, work, budget)[-1]
        budget -= spent[work.part] * work.hours
    return spent


def spendings(plan: CheckedPolicy, works: Sequence[LateWork]) -> list[dict[str, int]]:
    """All ways to spend the budget, the least first, and of as much the earliest deadlines; none where too many."""
    budget = plan.budget or 0
    choices = [allowed(plan, work, budget) for work in works]
    if prod(map(len, choices)) > MOST_SPENDINGS:
        return []
    fitting = [
        taken
        for taken in product(*choices)
        if sum(units * work.hours for units, work in zip(taken, works, strict=True)) <= budget
    ]
    fitting.sort(key=lambda taken: (sum(taken), [-units for units in taken]))
    return [{work.part: units for work, units in zip(works, taken, strict=True)} for taken in fitting]


def helped(plan: CheckedPolicy, total: Whole) -> tuple[int, Fraction]:
    """How much a spending helps, which leads to this: the final grade, then the exact value."""
    return plan.grades.lowest if total.grade is None else total.grade, total.exact or ZERO


def better_spending(
    plan: CheckedPolicy, given: StudentEntries, works: Sequence[LateWork], spent: Mapping[str, int]
) -> dict[str, int] | None:
    """A spending that helps more than ``spent``, or as much and earlier; None where there is none or too many."""

    def outcome(units: Mapping[str, int]) -> tuple[int, Fraction]:
        return helped(plan, whole(plan, given.entries, given.adjust, units, None, given.attended))

    mine = outcome(spent)
    taken = [spent.get(work.part, 0) for work in works]
    for named in spendings(plan, works):
        other = list(named.values())
        result = outcome(named)
        if result > mine or (result == mine and sum(other) == sum(taken) and other > taken):
            return named
    return None
