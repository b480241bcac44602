"""Figures of a policy, without any student: the least total for each grade, what lateness and activity can do at most.

Also ties: how many students of the grid stand exactly on a boundary, where the way of rounding decides the grade.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

from kurssi.grading.activity.hooks import adjusts_of, with_activity_of
from kurssi.grading.conversion.hooks import WHOLE, every_score
from kurssi.grading.lateness.hooks import first_due, late_times, on_time
from kurssi.policy.model import Part, Policy
from kurssi.policy.rounding import other_half
from kurssi.values.classlist import Student
from kurssi.values.times import When

from .bounds import Bounds
from .budget import Budget, Spent
from .claims import Witness, holds
from .effects import STEPS, Grids, Move, moves
from .part_values import PartValue
from .search_space import NOTHING, Cells, End, Level, SearchSpace, Sum, joined, level_of, level_value

# ---- what each grade takes ---------------------------------------------------------------------------------


class Need(NamedTuple):
    """What a grade takes."""

    grade: int
    total: Fraction | None
    """The least total before activity; None where passing every gate is enough, or nothing is weighed."""
    above: bool
    """Whether the total must lie above it, not only reach it."""
    witness: Witness | None
    """A student who just gets it."""


def needs(grids: Grids) -> list[Need]:
    """What each passing grade takes, from the pass grade on, for a student whose activity adds nothing."""
    policy = grids.policy
    bounds = Bounds(policy, Budget(grids.steps))
    tiny = Fraction(1, 10**12)
    weighed = any(part.counts for part in policy.parts)
    limits = bounds.thresholds([NOTHING]) if weighed else []

    def grade(total: Fraction) -> int:
        return bounds.ends.grade(End(total, True))

    def ask(space: SearchSpace) -> dict[int, Witness]:
        found: dict[int, tuple[Fraction, Cells]] = {}
        for total, cells in space.totals().items():
            got = space.grade(End(total, True))
            if got not in found or (total or NOTHING) < found[got][0]:
                found[got] = (total or NOTHING, cells)
        shown = {got: Witness((space.student(cells),), (got,)) for got, (_, cells) in found.items()}
        return {got: witness for got, witness in shown.items() if holds(policy, witness)}

    examples = grids.figure(ask) or {}
    out = []
    for wanted in range(policy.scale.pass_grade, policy.scale.top + 1):
        total: Fraction | None = None
        above = False
        if grade(policy.lowest) < wanted:
            total = next((t for t in limits if grade(t + tiny) >= wanted), None)
            above = total is not None and grade(total) < wanted
        if wanted in examples:
            out.append(Need(wanted, total, above, examples[wanted]))
    return out


# ---- lateness ----------------------------------------------------------------------------------------------


class LateEffect(NamedTuple):
    """What one part handed in late costs, while it is not closed."""

    part: Part
    unit: Fraction
    """The most that the first started unit takes from the part's value."""
    share: Fraction
    """The most that it takes from the total."""
    one: Move | None
    """The most grades that the first started unit costs; None where it costs none."""
    worst: Move | None
    """The most grades that any number of units costs."""
    units: int
    """How late ``worst`` is."""


def lateness(grids: Grids, part: Part, share: Fraction) -> LateEffect | None:
    """What lateness of one part costs; None where it has no deadline, or only closes, or it is not decided."""
    due, late = first_due(part), part.late
    if due is None or late is None or not late.deduct or not part.valued:
        return None

    def ask(space: SearchSpace) -> LateEffect | None:
        times = list(late_times(part, due, space.zone))
        if not times:
            return None
        activity = adjusts_of(space.policy)[:1]
        size = NOTHING
        found: list[tuple[int, Move | None]] = []
        for units, when in _few(times):
            pairs = [_late(space, part, one, due, units, when) for one in _graded(space, part)]
            if not found:
                size = max(((a.value or NOTHING) - (b.value or NOTHING) for a, b in pairs), default=NOTHING)
            down = min(moves(space, part, pairs, activity, lambda a, b: b < a), key=lambda m: m.by, default=None)
            found.append((units, down))
        most = min((m for _, m in found if m is not None), key=lambda m: m.by, default=None)
        units = next((u for u, m in found if m is not None and most is not None and m.by == most.by), 0)
        return LateEffect(part, size, size * share / 100, found[0][1], most, units)

    return grids.figure(ask)


def _few(times: Sequence[tuple[int, When]]) -> list[tuple[int, When]]:
    """The first ones and the last: what lateness takes only grows."""
    return [*times[:7], *times[-1:]] if len(times) > 8 else list(times)


def _graded(space: SearchSpace, part: Part) -> list[PartValue]:
    return [o for o in space.outcomes(part) if o.cells[0].state == "scored"]


def _late(
    space: SearchSpace, part: Part, one: PartValue, due: When, units: int, when: When
) -> tuple[PartValue, PartValue]:
    (cell,) = one.cells
    early = one._replace(cells=(cell._replace(submitted=on_time(due, space.zone)),))
    return early, space.late_leaf(part, (cell._replace(submitted=when),), units)


Pair = tuple[PartValue, PartValue]


def all_late(grids: Grids) -> Move | None:
    """The most grades that lateness of all parts together costs one student; None where no two parts can be late."""
    policy = grids.policy
    late = [p for p in policy.leaves() if first_due(p) is not None and p.late is not None and p.late.deduct]
    late = [p for p in late if p.valued]
    if len(late) < 2 or policy.free is not None:
        return None

    def ask(space: SearchSpace) -> Move | None:
        level = space.top
        worst: Move | None = None
        for (a, b), (one, two) in _together(space, level, {p.id for p in late}).items():
            ends = End(level_value(level, a[0]), a[1]), End(level_value(level, b[0]), b[1])
            first, second = (space.grade(end) for end in ends)
            if second - first >= (worst.by if worst else 0):
                continue
            students = (space.student(one, name="1"), space.student(two, name="2"))
            witness = Witness(students, (first, second), apart=True)
            if holds(policy, witness):
                worst = Move(second - first, witness)
        return worst

    return grids.figure(ask)


State = tuple[Sum, bool]
"""A sum of siblings, and whether their gates are open."""
States = dict[tuple[State, State], tuple[Cells, Cells]]


def _together(space: SearchSpace, level: Level, late: set[str]) -> States:
    """Sums of siblings on time and all late, each with the cells of both versions of one student."""
    empty = Sum(NOTHING, (), NOTHING)
    states: States = {((empty, True), (empty, True)): ((), ())}
    for index, part in enumerate(level.parts):
        options = _both(space, part, late)
        space.budget.spend(10 * len(states) * len(options))
        more: States = {}
        for ((a, open_a), (b, open_b)), (cells_a, cells_b) in states.items():
            for (one, two), (own_a, own_b) in options.items():
                key = (
                    (joined(level, a, index, one), open_a and (one.open or not part.required)),
                    (joined(level, b, index, two), open_b and (two.open or not part.required)),
                )
                more.setdefault(key, (cells_a + own_a, cells_b + own_b))
        states = more
    return states


def _both(space: SearchSpace, part: Part, late: set[str]) -> dict[Pair, tuple[Cells, Cells]]:
    if part.parts:
        level = level_of(part)
        found: dict[Pair, tuple[Cells, Cells]] = {}
        for (a, b), cells in _together(space, level, late).items():
            found.setdefault((space.node(part, level, a[0], a[1]), space.node(part, level, b[0], b[1])), cells)
        return {pair: cells for pair, cells in found.items() if pair[0].open or part.id not in space.live}
    due = first_due(part)
    if part.id not in late or due is None:
        return {(one, one): (cells, cells) for one, cells in space.held(part).items()}
    times = list(late_times(part, due, space.zone))
    out: dict[Pair, tuple[Cells, Cells]] = {}
    for one in _graded(space, part):
        if not times or (not one.open and part.id in space.live):
            continue
        early, slow = _late(space, part, one, due, *times[-1])
        both = (((part.id, early.cells),), ((part.id, slow.cells),))
        out.setdefault((early._replace(cells=()), slow._replace(cells=())), both)
    return out


# ---- activity ----------------------------------------------------------------------------------------------


class ActivityEffect(NamedTuple):
    """What one activity can do to a grade."""

    student: Student
    """Holds the level, or the sessions attended."""
    adjust: Fraction
    most: Move | None
    """The most grades it moves; None where it moves none."""


def activity_effects(grids: Grids) -> list[ActivityEffect]:
    """What every activity that adds or takes something can do."""
    policy = grids.policy
    out = []
    for like, adjust in adjusts_of(policy)[1:]:
        if not adjust:
            continue

        def ask(space: SearchSpace, like: Student = like, adjust: Fraction = adjust) -> Move | None:
            most: Move | None = None
            for total, cells in space.totals().items():
                first, second = space.grade(End(total, True)), space.grade(End(total, True), adjust)
                if abs(second - first) <= (abs(most.by) if most else 0):
                    continue
                one = space.student(cells)
                witness = Witness((one, with_activity_of(one._replace(student="2"), like)), (first, second), apart=True)
                if holds(policy, witness):
                    most = Move(second - first, witness)
            return most

        out.append(ActivityEffect(like, adjust, grids.figure(ask)))
    return out


# ---- ties --------------------------------------------------------------------------------------------------


class Ties(NamedTuple):
    """How often a total lies exactly on a boundary, over a finite grid of students who pass every gate."""

    grid: str
    students: int
    ties: int
    even: int
    """How many of the ties half-even would have given another grade."""
    witness: Witness | None
    """A student whose grade an exact half decides."""


def ties(policy: Policy, grid: str = WHOLE, steps: int = 4 * STEPS) -> Ties | None:
    """Ties over all students with whole (or half) grades and whole points. None where nothing is weighed, or where
    the budget does not suffice.
    """
    if not any(part.counts for part in policy.parts) or (not policy.percent and other_half(policy.rounding) is None):
        return None
    try:
        return _ties(policy, SearchSpace(policy, Budget(steps), grid))
    except Spent:
        return None


def _ties(policy: Policy, space: SearchSpace) -> Ties:
    counts = _count(space, space.top)
    total = sum(counts.values())
    bounds = (
        {bound.value for bound in policy.boundaries}
        if policy.percent
        else {Fraction(2 * n + 1, 2) for n in range(policy.scale.lowest, policy.scale.top)}
    )
    tied = {value: n for value, n in counts.items() if value in bounds}
    even = 0
    other = None if policy.percent else other_half(policy.rounding)
    if other is not None:
        there = SearchSpace(policy._replace(rounding=other), space.budget, space.grid)
        even = sum(n for value, n in tied.items() if there.grade(End(value, True)) != space.grade(End(value, True)))
    shown = None
    if tied:
        for value, cells in space.totals().items():
            if value in tied:
                witness = Witness((space.student(cells),), (space.grade(End(value, True)),))
                if holds(policy, witness):
                    shown = witness
                    break
    return Ties(space.grid, total, sum(tied.values()), even, shown)


def _count(space: SearchSpace, level: Level) -> dict[Fraction, int]:
    """How many students have each value of these siblings, all gates open that can fail somebody."""
    sums: dict[Sum, int] = {Sum(NOTHING, (), NOTHING): 1}
    for index, part in enumerate(level.parts):
        options = list(_counted(space, part))
        space.budget.spend(6 * len(sums) * len(options))
        more: dict[Sum, int] = {}
        for sum_, number in sums.items():
            for one, times in options:
                key = joined(level, sum_, index, one)
                more[key] = more.get(key, 0) + number * times
        sums = more
    out: dict[Fraction, int] = {}
    for sum_, number in sums.items():
        value = level_value(level, sum_)
        out[value or NOTHING] = out.get(value or NOTHING, 0) + number
    return out


def _counted(space: SearchSpace, part: Part) -> Iterator[tuple[PartValue, int]]:
    live = part.id in space.live
    found: dict[PartValue, int] = {}
    if part.parts:
        level = level_of(part)
        for value, number in _count(space, level).items():
            add = (part.weight or NOTHING) * value / 100 if part.bonus else NOTHING
            if not live or not level.weight or value >= part.minimum:
                one = PartValue(value if part.counts else None, add, True)
                found[one] = found.get(one, 0) + number
    else:
        for cell in every_score(part, space.policy, space.grid):
            one = space.leaf(part, (cell,))
            if one.open or not live:
                plain = one._replace(cells=(), open=True)
                found[plain] = found.get(plain, 0) + 1
    yield from found.items()
