"""Two policies over all students: who could win, who could lose, and how much at most.

The same student is looked at under both: parts are matched by their id, a pass goes with every score that passes, and
lateness counts from each policy's own deadline. A part that only one of them has may be anything.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from fractions import Fraction
from typing import NamedTuple

from kurssi.grading.activity.hooks import adjusts_of, with_activity_of
from kurssi.grading.conversion.hooks import ENDS, HALVES, WHOLE, scores
from kurssi.grading.lateness.hooks import closing_time, first_due, late_times, on_time
from kurssi.policy.model import Part, Policy
from kurssi.values.classlist import Attempt, Student
from kurssi.values.times import When, deadline

from .budget import Budget, Spent
from .claims import Witness, holds
from .effects import STEPS, missing
from .part_values import PartValue
from .search_space import NOTHING, Cells, End, Level, SearchSpace, Sum, joined, level_of, level_value


class Incomparable(Exception):
    """The policies have no students in common: other grades, or a part that is assessed in another way."""

    def __init__(self, part: str | None) -> None:
        super().__init__(part)
        self.part = part
        """The part at fault; None where the scales differ."""


class Case(NamedTuple):
    """One student under both policies."""

    by: int
    """Grades, the new minus the old."""
    before: Witness
    after: Witness


class Span(NamedTuple):
    """What those who had one grade could get instead."""

    old: int
    least: int
    most: int


class PolicyComparison(NamedTuple):
    """What a change of policy could do."""

    spans: tuple[Span, ...]
    """For every grade of the old policy, rising."""
    gain: Case | None
    loss: Case | None
    grid: str


State = tuple[Sum, bool]
Joint = dict[tuple[State, State], tuple[Cells, Cells]]
Pair = tuple[PartValue, PartValue]
_EMPTY = Sum(NOTHING, (), NOTHING)


def compare_policies(old: Policy, new: Policy, steps: int = STEPS) -> PolicyComparison | None:
    """What the change could do over all students of a finite grid; None where the budget does not suffice.

    Of policies that weigh something; what grades require beside the total is left out.

    Raises :class:`Incomparable`.
    """
    if old.scale != new.scale:
        raise Incomparable(None)
    _check_lateness(old, new)
    old, new = old._replace(requires=()), new._replace(requires=())  # the sums know nothing of what grades ask
    for grid in (HALVES, WHOLE, ENDS):
        budget = Budget(steps)
        try:
            return _shift(SearchSpace(old, budget, grid), SearchSpace(new, budget, grid))
        except Spent:
            continue
    return None


def _check_lateness(old: Policy, new: Policy) -> None:
    """Nobody says how late an export would have called what came at a time. Raises :class:`Incomparable`."""
    before = {part.id: part for part in old.leaves()}
    for part in new.leaves():
        was = before.get(part.id)
        costs = part.late is not None or (was is not None and was.late is not None)
        if costs and was is not None and was.late_from_export != part.late_from_export:
            raise Incomparable(part.name)


def _shift(one: SearchSpace, two: SearchSpace) -> PolicyComparison:
    spans: dict[int, tuple[int, int]] = {}
    best: dict[int, Case] = {}
    top = one.top, two.top
    activity = list(_activities(one.policy, two.policy))
    for ((a, open_a), (b, open_b)), (cells_a, cells_b) in _joint(one, two, *top, live=True).items():
        ends = End(level_value(top[0], a), open_a), End(level_value(top[1], b), open_b)
        for (like_a, adjust_a), (like_b, adjust_b) in activity:
            one.budget.spend(4)
            was, now = one.grade(ends[0], adjust_a), two.grade(ends[1], adjust_b)
            low, high = spans.get(was, (now, now))
            spans[was] = min(low, now), max(high, now)
            way = (now > was) - (now < was)
            if way == 0 or (way in best and abs(best[way].by) >= abs(now - was)):
                continue
            before = Witness((with_activity_of(one.student(cells_a), like_a),), (was,))
            after = Witness((with_activity_of(two.student(cells_b), like_b),), (now,))
            if holds(one.policy, before) and holds(two.policy, after):
                best[way] = Case(now - was, before, after)
    found = tuple(Span(grade, *spans[grade]) for grade in sorted(spans))
    return PolicyComparison(found, best.get(1), best.get(-1), one.grid)


def _activities(old: Policy, new: Policy) -> Iterator[tuple[tuple[Student, Fraction], tuple[Student, Fraction]]]:
    """The same activity under both: by the level's name, or by the number of sessions."""
    nobody = Student("1")
    yield (nobody, NOTHING), (nobody, NOTHING)
    known = [{(like.level, like.attended): (like, adjust) for like, adjust in adjusts_of(p)} for p in (old, new)]
    for key in list(known[0]) + [key for key in known[1] if key not in known[0]]:
        if key != (None, None):
            yield known[0].get(key, (nobody, NOTHING)), known[1].get(key, (nobody, NOTHING))


def _joint(one: SearchSpace, two: SearchSpace, first: Level, second: Level, *, live: bool) -> Joint:
    """Sums of two lists of siblings that the same student has, with the cells under each policy."""
    states: Joint = {((_EMPTY, True), (_EMPTY, True)): ((), ())}
    there = {part.id: index for index, part in enumerate(second.parts)}
    steps: list[tuple[int | None, int | None]] = [(i, there.pop(p.id, None)) for i, p in enumerate(first.parts)]
    steps += [(None, index) for index in there.values()]
    for left, right in steps:
        parts = first.parts[left] if left is not None else None, second.parts[right] if right is not None else None
        options = _options(one, two, *parts)
        one.budget.spend(10 * len(states) * len(options))
        more: Joint = {}
        for (a, b), (cells_a, cells_b) in states.items():
            for (was, now), (own_a, own_b) in options.items():
                key = (_added(first, a, left, was, live), _added(second, b, right, now, live))
                more.setdefault(key, (cells_a + own_a, cells_b + own_b))
        states = more
    return states


def _added(level: Level, state: State, index: int | None, outcome: PartValue, live: bool) -> State:
    if index is None:
        return state
    opens = state[1] and (outcome.open or not level.parts[index].required)
    if live and not opens:
        return _EMPTY, False  # the lowest grade, whatever the sum
    return joined(level, state[0], index, outcome), opens


_NONE = PartValue(None, NOTHING, True)


def _options(
    one: SearchSpace, two: SearchSpace, old: Part | None, new: Part | None
) -> Mapping[Pair, tuple[Cells, Cells]]:
    """What one student can bring to a part under both policies."""
    if old is None or new is None or bool(old.parts) != bool(new.parts):
        if old is not None and new is not None:
            raise Incomparable(new.name)
        found: dict[Pair, tuple[Cells, Cells]] = {}
        for space, part, side in ((one, old, 0), (two, new, 1)):
            if part is None:
                continue
            for outcome, cells in _alone(space, part).items():
                pair = (outcome, _NONE) if side == 0 else (_NONE, outcome)
                found.setdefault(pair, (cells, ()) if side == 0 else ((), cells))
        return found
    if old.parts:
        levels = level_of(old), level_of(new)
        found = {}
        joint = _joint(one, two, *levels, live=False)
        for ((a, open_a), (b, open_b)), cells_ in joint.items():
            pair = one.node(old, levels[0], a, open_a), two.node(new, levels[1], b, open_b)
            found.setdefault(pair, cells_)
        return found
    return _leaf_pairs(one, two, old, new)


def _alone(space: SearchSpace, part: Part) -> dict[PartValue, Cells]:
    if part.parts:
        return dict(space.held(part))
    return {one._replace(cells=()): ((part.id, one.cells),) for one in space.outcomes(part)}


def _leaf_pairs(one: SearchSpace, two: SearchSpace, old: Part, new: Part) -> dict[Pair, tuple[Cells, Cells]]:
    found: dict[Pair, tuple[Cells, Cells]] = {}

    def put(a: Sequence[Attempt], b: Sequence[Attempt]) -> None:
        was, now = one.leaf(old, a), two.leaf(new, b)
        pair = was._replace(cells=()), now._replace(cells=())
        found.setdefault(pair, (((old.id, tuple(a)),), ((new.id, tuple(b)),)))

    for a, b in _cells(one, two, old, new):
        for early, late in _times(one, two, old, new):
            put((a._replace(submitted=early),), (b._replace(submitted=late),))
    put(missing(), missing())
    return found


def _cells(one: SearchSpace, two: SearchSpace, old: Part, new: Part) -> Iterator[tuple[Attempt, Attempt]]:
    """The same work as a cell of both policies."""
    if old.graded == new.graded and (not new.in_points or old.max == new.max):
        marks = {(c.state, c.score): c for s, p in ((one, old), (two, new)) for c in scores(p, s.policy, s.grid)}
        yield from ((cell, cell) for _, cell in sorted(marks.items(), key=lambda item: (item[0][0], item[0][1] or 0)))
    elif old.in_points and new.in_points:
        for cell in scores(new, two.policy, two.grid):
            share = (cell.score or NOTHING) / (new.max or 1)
            yield cell._replace(score=Fraction(int(share * (old.max or 0) * 100), 100)), cell
    elif not (old.valued and new.valued):
        space, valued = (one, old) if old.valued else (two, new)
        for cell in scores(valued, space.policy, space.grid):
            value = space.leaf(valued, (cell,)).value
            passed = Attempt("passed" if value is not None and value >= _least(space.policy, valued) else "failed")
            yield (passed, cell) if space is two else (cell, passed)
    else:
        raise Incomparable(new.name)


def _least(policy: Policy, part: Part) -> Fraction:
    return policy.pass_value if part.minimum_raw or not part.minimum else part.minimum


def _times(one: SearchSpace, two: SearchSpace, old: Part, new: Part) -> Iterator[tuple[When | None, When | None]]:
    """The same lateness under both deadlines: none, the first and the last unit of each rule, and after it closes."""
    yield None, None
    dues = first_due(old), first_due(new)
    deltas: set[timedelta] = set()
    for space, part, due in ((one, old, dues[0]), (two, new, dues[1])):
        if due is None or part.late is None:
            continue
        times = [when for _, when in late_times(part, due, space.zone)]
        closed = closing_time(part, due, space.zone)
        start = deadline(on_time(due, space.zone), space.zone)
        for when in [*times[:1], *times[-1:], *([closed] if closed is not None else [])]:
            deltas.add(deadline(when, space.zone) - start)
    for delta in sorted(deltas):
        yield _later(one, dues[0], delta), _later(two, dues[1], delta)


def _later(space: SearchSpace, due: When | None, delta: timedelta) -> When | None:
    if due is None:
        return None
    instant = deadline(on_time(due, space.zone), space.zone) + delta
    return When(instant.astimezone(space.zone).replace(tzinfo=None, second=0, microsecond=0), True)
