"""All students that there can be under a policy, over a finite grid of scores, put together part by part.

Six parts with eleven scores each make 1.8 million students, but far fewer different totals. Only totals decide a grade,
so parts are added one after the other and students with equal sums are kept as one, with the cells of one student who
has it (to show as a witness). Parts within a part are summed up in the same way first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from math import lcm
from typing import NamedTuple
from zoneinfo import ZoneInfo

from kurssi.grading import Grader
from kurssi.grading.activity import stepped, with_activity
from kurssi.grading.conversion.hooks import FINE, HALVES, scores
from kurssi.grading.lateness.hooks import forgivable
from kurssi.grading.mean import capped, keeps
from kurssi.grading.rounding import clamped, rounded
from kurssi.policy.gates import failing_gates
from kurssi.policy.model import Choice, Part, Policy
from kurssi.values.classlist import Attempt, Student

from .budget import Budget
from .part_values import PartValue, dedupe, outcome

Cells = tuple[tuple[str, tuple[Attempt, ...]], ...]
"""The attempts of some parts, by part id."""

NOTHING = Fraction(0)


class Sum(NamedTuple):
    """What some siblings bring together: Σ weight × value, or the values kept; the bonus."""

    total: Fraction
    kept: tuple[Fraction, ...]
    bonus: Fraction


class End(NamedTuple):
    """A whole student before activity and rounding: the total (None where nothing is weighed), and all gates."""

    total: Fraction | None
    open: bool


class Level(NamedTuple):
    """Siblings and how they are summed up, to at most ``cap``. ``weights`` hold 0 for what does not count."""

    parts: tuple[Part, ...]
    weights: tuple[Fraction, ...]
    weight: Fraction
    keep: int | None
    cap: Fraction | None


class SearchSpace:
    """All students of a policy over one grid, by their sums. ``live``: the parts whose gate can fail somebody."""

    def __init__(self, policy: Policy, budget: Budget, grid: str = HALVES, fine: str | None = None) -> None:
        self.policy = policy
        self.budget = budget
        self.grid = grid
        self.fine = fine
        """A leaf whose scores are looked at in hundredths."""
        self.grader = Grader(policy)
        self.zone = ZoneInfo(policy.timezone)
        self.live = failing_gates(policy)
        self.parents: dict[str, Part | None] = {}
        _parents(policy.parts, None, self.parents)
        self._held: dict[str, dict[PartValue, Cells]] = {}
        self._rest: dict[str, dict[Sum, Cells]] = {}
        self._leaves: dict[str, list[PartValue]] = {}

    # ---- one part --------------------------------------------------------------------------------------

    def leaf(self, part: Part, cells: Sequence[Attempt], forgiven: int = 0) -> PartValue:
        """What a leaf brings with these attempts, and so many late units forgiven."""
        self.budget.spend(20)
        return outcome(self.grader, part, cells, forgiven)

    def late_leaf(self, part: Part, cells: Sequence[Attempt], units: int) -> PartValue:
        """The same where it is the only late work of a student: the free budget is spent on it."""
        return self.leaf(part, cells, forgivable(self.policy, part, units))

    def outcomes(self, part: Part) -> list[PartValue]:
        """What a leaf can bring on time and with one attempt, by rising score; one that is not handed in last."""
        known = self._leaves.get(part.id)
        if known is None:
            grid = FINE if part.id == self.fine else self.grid
            rising = [self.leaf(part, (cell,)) for cell in scores(part, self.policy, grid)]
            mark = [] if not part.valued else [self.leaf(part, (Attempt("failed"),))]
            known = self._leaves[part.id] = dedupe([*rising, *mark, self.leaf(part, (Attempt("missing"),))])
        return known

    def held(self, part: Part) -> dict[PartValue, Cells]:
        """What a part can bring while the gates that can fail somebody are open, each with one student's cells."""
        known = self._held.get(part.id)
        if known is not None:
            return known
        found: dict[PartValue, Cells] = {}
        if not part.parts:
            for one in self.outcomes(part):
                if one.cells[0].state != "missing" and (one.open or part.id not in self.live):
                    found.setdefault(one._replace(cells=()), ((part.id, one.cells),))
        else:
            level = level_of(part)
            for total, cells in self.sums(level, None, part.id).items():
                one = self.node(part, level, total)
                if one.open or part.id not in self.live:
                    found.setdefault(one, cells)
        found = dict(sorted(found.items(), key=lambda item: self._plain(item[0])))
        self._held[part.id] = found
        return found

    def _plain(self, one: PartValue) -> tuple[int, Fraction]:
        """Whole values first, then those in the middle: witnesses that read easily."""
        value = one.value if one.value is not None else one.add
        return value.denominator, abs(value - (self.policy.top + self.policy.pass_value) / 2)

    def node(self, part: Part, level: Level, total: Sum, gates: bool = True) -> PartValue:
        """What a part that is made of parts brings; ``gates``: whether the required ones among them are open."""
        value = level_value(level, total)
        opens = gates and (value is None or value >= part.minimum)
        add = (part.weight or NOTHING) * value / 100 if part.bonus and value is not None else NOTHING
        return PartValue(value if part.counts else None, add, opens)

    def sums(self, level: Level, without: int | None, name: str) -> dict[Sum, Cells]:
        """What siblings can bring together, one of them left out."""
        key = f"{name}\0{without}"
        known = self._rest.get(key)
        if known is not None:
            return known
        children = [(i, part, self.held(part)) for i, part in enumerate(level.parts) if i != without]
        size = _common(level, children)
        sums: dict[tuple[int, tuple[int, ...], int], Cells] = {(0, (), 0): ()}
        for index, part, options in children:
            self.budget.spend(len(sums) * len(options))
            more: dict[tuple[int, tuple[int, ...], int], Cells] = {}
            counts = part.counts
            terms = [_scaled(level, index, one, size, counts) for one in options]
            for (total, kept, bonus), cells in sums.items():
                for (value, add), own in zip(terms, options.values(), strict=True):
                    if level.keep is None or not counts:
                        key_ = (total + value, kept, bonus + add)
                    else:
                        key_ = (0, tuple(sorted((*kept, value), reverse=True)[: level.keep]), bonus + add)
                    if key_ not in more:
                        more[key_] = cells + own
            sums = more
        self.budget.spend(3 * len(sums))
        found = {
            Sum(Fraction(total, size), tuple(Fraction(value, size) for value in kept), Fraction(bonus, size)): cells
            for (total, kept, bonus), cells in sums.items()
        }
        self._rest[key] = found
        return found

    # ---- whole students --------------------------------------------------------------------------------

    @property
    def top(self) -> Level:
        """The parts at the top."""
        policy = self.policy
        return _level(policy.parts, None, policy.cap)

    def totals(self) -> dict[Fraction | None, Cells]:
        """Every total with all gates open, each with one student's cells."""
        found: dict[Fraction | None, Cells] = {}
        level = self.top
        for total, cells in self.sums(level, None, "").items():
            found.setdefault(level_value(level, total), cells)
        return found

    def pairs(self, part: Part, pairs: Sequence[tuple[PartValue, PartValue]]) -> Iterator[tuple[End, End, Cells, int]]:
        """Two students who differ in one part: both ends, the cells of the others, the number of the pair.

        All other gates that can fail somebody are open.
        """
        states: dict[tuple[PartValue, PartValue], tuple[Cells, int]] = {}
        for number, (a, b) in enumerate(pairs):
            states.setdefault((a._replace(cells=()), b._replace(cells=())), ((), number))
        child = part
        while (parent := self.parents[child.id]) is not None:
            level = level_of(parent)
            index = level.parts.index(child)
            rest = self.sums(level, index, parent.id)
            self.budget.spend(8 * len(rest) * len(states))
            up: dict[tuple[PartValue, PartValue], tuple[Cells, int]] = {}
            for (a, b), (cells, number) in states.items():
                for others, own in rest.items():
                    one = self.node(parent, level, joined(level, others, index, a), a.open or not child.required)
                    two = self.node(parent, level, joined(level, others, index, b), b.open or not child.required)
                    up.setdefault((one, two), (cells + own, number))
            states, child = up, parent
        level = self.top
        index = level.parts.index(child)
        rest = self.sums(level, index, "")
        self.budget.spend(8 * len(rest) * len(states))
        for (a, b), (cells, number) in states.items():
            first, second = (one.open or not child.required for one in (a, b))
            for others, own in rest.items():
                yield (
                    End(level_value(level, joined(level, others, index, a)), first),
                    End(level_value(level, joined(level, others, index, b)), second),
                    cells + own,
                    number,
                )

    def grade(self, end: End, adjust: Fraction = NOTHING) -> int:
        """The grade of a whole student with this activity."""
        policy = self.policy
        if not end.open:
            return policy.scale.lowest
        if end.total is None:
            return policy.scale.top
        grade = clamped(policy, rounded(policy, with_activity(policy, end.total, adjust)))
        return stepped(policy, grade, adjust)

    def student(self, cells: Cells, part: Part | None = None, own: Sequence[Attempt] = (), name: str = "1") -> Student:
        """An invented student with these cells, and these attempts at ``part``."""
        attempts = dict(cells)
        if part is not None:
            attempts[part.id] = tuple(own)
        return Student(name, attempts=attempts)


def level_of(part: Part) -> Level:
    """The parts of a part as a level."""
    return _level(part.parts, part.choice, part.cap)


def _level(parts: tuple[Part, ...], choice: Choice | None, cap: Fraction | None) -> Level:
    weights = tuple((Fraction(1) if part.weight is None else part.weight) if part.counts else NOTHING for part in parts)
    counting = sum(part.counts for part in parts)
    keep = keeps(choice, counting)
    return Level(parts, weights, sum(weights, NOTHING), keep if keep < counting else None, cap)


def _scaled(level: Level, index: int, one: PartValue, size: int, counts: bool) -> tuple[int, int]:
    """What a sibling brings as whole numbers of 1/``size``: adding them up is what takes the time."""
    value = one.value if counts and one.value is not None else NOTHING
    if level.keep is None:
        value = value * level.weights[index]
    return int(value * size), int(one.add * size)


def _common(level: Level, children: Sequence[tuple[int, Part, Mapping[PartValue, Cells]]]) -> int:
    """A common denominator of everything that these siblings bring."""
    found = 1
    for index, _, options in children:
        for one in options:
            value = one.value if one.value is not None else NOTHING
            found = lcm(found, (value * level.weights[index]).denominator, value.denominator, one.add.denominator)
    return found


def joined(level: Level, total: Sum, index: int, one: PartValue) -> Sum:
    """The sum with one more sibling."""
    bonus = total.bonus + one.add
    if one.value is None or not level.parts[index].counts:
        return total if bonus == total.bonus else total._replace(bonus=bonus)
    if level.keep is not None:
        kept = tuple(sorted((*total.kept, one.value), reverse=True)[: level.keep])
        return Sum(total.total, kept, bonus)
    return Sum(total.total + level.weights[index] * one.value, (), bonus)


def level_value(level: Level, total: Sum) -> Fraction | None:
    """The mean with the bonus, at most the cap; None where nothing is weighed."""
    if not level.weight:
        return None
    if level.keep is not None:
        return capped(sum(total.kept, NOTHING) / level.keep + total.bonus, level.cap)
    return capped(total.total / level.weight + total.bonus, level.cap)


def _parents(parts: Sequence[Part], parent: Part | None, found: dict[str, Part | None]) -> None:
    for part in parts:
        found[part.id] = parent
        _parents(part.parts, part, found)


def leaves_of(part: Part) -> Iterator[Part]:
    """The parts below a part that have cells, or the part itself."""
    if not part.parts:
        yield part
    for child in part.parts:
        yield from leaves_of(child)
