"""How parts may come to stand among their siblings, and siblings together, while something is open."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from kurssi.grading.demands import UNLIMITED
from kurssi.grading.result import PartResult
from kurssi.policy.demands import Demand
from kurssi.policy.model import Part

from .boxes import HALF, Box, Crossing, Interval
from .supposed import NOTHING, Marks, Supposed


class Way(NamedTuple):
    """How a part may come to stand among its siblings."""

    weighs: bool
    """Whether it enters their mean."""
    passes: bool
    """Whether its gate is open."""
    handed_in: bool
    out: bool
    """Whether it is excused or recognised."""
    limit: int = UNLIMITED
    """The highest grade that is left by what grades ask of it and of its parts."""
    marks: Marks = NOTHING
    """What it means for bonuses by steps that it and its parts stand so."""


Ways = Mapping[Way, tuple[Interval, ...]]
"""What a part can be worth, by how it stands; where it does not weigh, what it adds on top: nothing but for a bonus."""


class Siblings(NamedTuple):
    """How siblings stand together."""

    fails: bool = False
    """Whether the gate of a required one is closed."""
    handed_in: bool = False
    """Whether any of them is."""
    out: bool = True
    """Whether all of them are excused or recognised."""
    limit: int = UNLIMITED
    """The highest grade that is left by what grades ask of them."""
    passed: int = 0
    """How many are passed, where so many must be."""
    left_out: int = 0
    """How many are excused or recognised, where so many of the others must be passed."""
    marks: Marks = NOTHING
    """What it means for bonuses by steps that they stand so."""

    def joined_by(self, part: Part, way: Way, counted: bool) -> Siblings:
        """How they stand with one sibling more; ``counted``: whether it matters how many are passed."""
        fails = self.fails or (part.required and not way.passes)
        limit = min(self.limit, way.limit)
        passed, left_out = self.passed, self.left_out
        if counted:
            passed, left_out = passed + (way.passes and not way.out), left_out + way.out
        handed_in, out = self.handed_in or way.handed_in, self.out and way.out
        return Siblings(fails, handed_in, out, limit, passed, left_out, self.marks | way.marks)


class Seen:
    """What is noticed on the way: parts that may be passed, what grades ask that may be met, and a gate that opens
    inside a box that is fixed.
    """

    def __init__(
        self,
        fixed: Mapping[str, Box],
        supposed: Supposed,
        memory: Memory,
        kept: Kept,
        spending: int,
        boxes_of: BoxesOf,
    ) -> None:
        self.fixed = fixed
        """By id of a part whose scores are fixed to a box."""
        self.spending = spending
        """The number of the spending of free time with which all is graded."""
        self.boxes_of = boxes_of
        self.supposed = supposed
        """What bonuses by steps add."""
        self.memory = memory
        """What parts came to before, for this student and with this spending."""
        self.kept = kept
        self.passable: set[str] = set()
        self.meetable: set[Demand] = set()
        self.crossing: Crossing | None = None

    def once(self, result: PartResult, ways_of: Callable[[Seen], Ways]) -> Ways:
        """The ways of a part, and what is noticed there: worked out once where the same of it is fixed to a box."""
        part = result.part
        boxes = [self.fixed[name] for name in leaves_of(part) if name in self.fixed]
        key = (part.id, tuple(self.supposed.adds.values()), *map(id, boxes))
        kept = None if part.parts else self.kept(result)
        memory = self.memory if kept is None else kept
        found = memory.get(key)
        if found is None:
            noticed = Seen(self.fixed, self.supposed, self.memory, self.kept, self.spending, self.boxes_of)
            ways = ways_of(noticed)
            found = memory[key] = Noticed(ways, noticed.passable, noticed.meetable, noticed.crossing, boxes)
        self.passable |= found.passable
        self.meetable |= found.meetable
        self.crossing = self.crossing or found.crossing
        return found.ways

    def crosses(self, part: Part, ends: Interval, step: Fraction) -> None:
        """The gate of a part opens at ``step``, between two values that it may have: noted where a box moves it."""
        readers = frozenset(leaves_of(part))
        if self.crossing is None and any(self.fixed[name].width for name in readers & self.fixed.keys()):
            low, high = ends
            self.crossing = Crossing(readers, (step - low) / (high - low) if high > low else HALF)


class Noticed(NamedTuple):
    """The ways of a part, and what was noticed when they were worked out."""

    ways: Ways
    passable: set[str]
    meetable: set[Demand]
    crossing: Crossing | None
    boxes: Sequence[Box]
    """They are told apart by identity, and kept, so that no other one gets theirs."""


BoxesOf = Callable[[PartResult], Iterable[Box]]
"""The boxes of scores that a part without parts may get; one where they are fixed."""
Memory = dict[tuple[object, ...], Noticed]
Kept = Callable[[PartResult], Memory | None]
"""What a part without parts came to before, for everybody to whom it came to the same; None where nobody knows."""


def leaves_of(part: Part) -> Iterator[str]:
    """The ids of the parts without parts in a part, or its own."""
    for child in part.parts:
        yield from leaves_of(child)
    if not part.parts:
        yield part.id


def union(intervals: Sequence[Interval]) -> tuple[Interval, ...]:
    """The same points as intervals that do not touch, rising."""
    out: list[Interval] = []
    for low, high in sorted(intervals):
        if out and low <= out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], high))
        else:
            out.append((low, high))
    return tuple(out)
