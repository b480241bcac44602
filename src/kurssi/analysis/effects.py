"""What each part, lateness and activity can do to a grade: the largest effects, and what has none."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple, TypeVar

from kurssi.grading.activity.hooks import adjusts_of, with_activity_of
from kurssi.grading.conversion.hooks import ENDS, HALVES, WHOLE, is_stepped
from kurssi.policy.model import Part, Policy
from kurssi.values.classlist import Attempt, Student

from .budget import Budget, Spent
from .claims import Witness, holds
from .part_values import PartValue
from .search_space import NOTHING, Cells, End, SearchSpace

T = TypeVar("T")

STEPS = 250_000
"""Steps that one question may take on one grid."""


class Influence(NamedTuple):
    """What one part can do to the final grade."""

    part: Part
    share: Fraction
    """Per cent of the whole, through the parts it belongs to; 0 for a part without a value."""
    best: int | None
    """The most grades that its value moves, from its worst that passes to its top; None where not decided."""
    least: int | None
    """The fewest grades it moves, whatever the others are."""
    gate: int | None
    """The most grades that its gate takes; 0 where it can fail nobody."""
    how: str
    witness: Witness | None
    """Two versions of one student that differ in this part, the lower grade first."""


def leaves(policy: Policy) -> list[Part]:
    """The parts that have cells."""
    return list(policy.leaves())


class Grids:
    """The search spaces of a policy from the finest grid to the coarsest; a question takes the finest it can afford."""

    def __init__(self, policy: Policy, steps: int = STEPS) -> None:
        self.policy = policy
        self.steps = steps
        self.spaces = [SearchSpace(policy, Budget(steps), grid) for grid in (HALVES, WHOLE, ENDS)]

    def ask(self, question: Callable[[SearchSpace], T]) -> T:
        """The answer on the finest grid that stays within the budget. Raises :class:`Spent` where none does.

        A grid that was too fine for one question is not tried for the next: it would cost as much again.
        """
        while True:
            space = self.spaces[0]
            space.budget.left = self.steps
            try:
                return question(space)
            except Spent:
                if len(self.spaces) == 1:
                    raise
                self.spaces.pop(0)

    def figure(self, question: Callable[[SearchSpace], T | None]) -> T | None:
        """The same for a figure; None where it is not decided."""
        try:
            return self.ask(question)
        except Spent:
            return None


class Move(NamedTuple):
    """Two versions of one student, and how many grades lie between them (the second minus the first)."""

    by: int
    witness: Witness


def moves(
    space: SearchSpace,
    part: Part,
    pairs: Sequence[tuple[PartValue, PartValue]],
    activity: Sequence[tuple[Student, Fraction]],
    keep: Callable[[int, int], bool] = lambda a, b: a != b,
) -> Iterator[Move]:
    """Moves of the grade between the two sides of ``pairs``, each size once; ``keep`` chooses by both grades."""
    seen: set[int] = set()
    for a, b, cells, number in space.pairs(part, pairs):
        for like, adjust in activity:
            first, second = space.grade(a, adjust), space.grade(b, adjust)
            if second - first in seen or not keep(first, second):
                continue
            one, two = pairs[number]
            students = tuple(
                with_activity_of(space.student(cells, part, side.cells, name), like)
                for side, name in ((one, "1"), (two, "2"))
            )
            witness = Witness(students, (first, second), apart=True)
            if holds(space.policy, witness):
                seen.add(second - first)
                yield Move(second - first, witness)


def span(space: SearchSpace, part: Part) -> tuple[PartValue, PartValue] | None:
    """The least and the most that a leaf brings while its gate is open where it can fail somebody."""
    options = [
        o for o in space.outcomes(part) if o.cells[0].state != "missing" and (o.open or part.id not in space.live)
    ]
    if not options:
        return None
    low, high = min(options, key=size_of), max(options, key=size_of)
    return (low, high) if size_of(low) != size_of(high) else None


def size_of(one: PartValue) -> tuple[Fraction, Fraction]:
    """What a part brings, for comparing."""
    return one.add, one.value if one.value is not None else NOTHING


def influence(grids: Grids, part: Part, share: Fraction) -> Influence:
    """The real influence of one leaf."""
    policy = grids.policy

    def ask(space: SearchSpace) -> Influence:
        ends = span(space, part)
        best, least, witness = 0, 0, None
        if ends is not None:
            found = sorted(moves(space, part, [ends], adjusts_of(policy)[:1], lambda a, b: b > a), key=lambda m: -m.by)
            if found:
                best, witness = found[0].by, found[0].witness
            plain = [space.grade(b) - space.grade(a) for a, b, _, _ in space.pairs(part, [ends])]
            least = max(0, min(plain, default=0))
        gate = 0
        if part.id in space.live:
            opens = [o for o in space.outcomes(part) if o.open]
            if opens:
                pair = (space.leaf(part, missing()), opens[-1])
                found = sorted(moves(space, part, [pair], adjusts_of(policy)[:1]), key=lambda m: -m.by)
                gate = found[0].by if found else 0
                witness = witness or (found[0].witness if found else None)
        how = "exhaustive" if all(is_stepped(p, policy) for p in policy.leaves()) else space.grid
        return Influence(part, share, best, least, gate, how, witness)

    found = grids.figure(ask)
    return found if found is not None else Influence(part, share, None, None, None, "undecided", None)


def missing() -> tuple[Attempt, ...]:
    """Not handed in."""
    return (Attempt("missing"),)


__all__ = ["Cells", "End", "Grids", "Influence", "Move", "influence", "leaves", "moves", "span"]
