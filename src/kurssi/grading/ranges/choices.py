"""What is within reach in all choices of scores that several parts read.

Bound and cut: what a few choices bring at most is known before the others are made.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product
from typing import NamedTuple

from kurssi.policy.demands import Demand

from .boxes import HALF, Box, Crossing, Regrade, halves


class Reach(NamedTuple):
    """The grades within reach, ascending; whether there may be none (nothing to weigh); parts that may be passed."""

    grades: tuple[int, ...]
    may_be_none: bool
    passable: frozenset[str]
    meetable: frozenset[Demand] = frozenset()
    """What grades ask that may be met."""
    before_demands: int | None = None
    """The highest grade that the total may give; None where the gates are never all open."""
    always: frozenset[str] = frozenset()
    """Of the parts that may be passed those that may be however free time is spent."""


def joined(reaches: Sequence[Reach]) -> Reach:
    """All that is within reach in one of several cases."""
    totals = [reach.before_demands for reach in reaches if reach.before_demands is not None]
    return Reach(
        tuple(sorted({grade for reach in reaches for grade in reach.grades})),
        any(reach.may_be_none for reach in reaches),
        frozenset[str]().union(*(reach.passable for reach in reaches)),
        frozenset[Demand]().union(*(reach.meetable for reach in reaches)),
        max(totals, default=None),
        frozenset[str]().union(*(reach.always for reach in reaches)),
    )


def best_of(spendings: Sequence[Reach]) -> Reach:
    """What is within reach at most where the student gets the best of several spendings of free time.

    Whatever comes, the best one gives no less than the least that each gives. It is exact where the same scores, in
    boxes inside of which no gate opens, bring all of this: all totals rise together, and so does the largest.
    """
    floor = max((reach.grades[0] for reach in spendings if reach.grades), default=0)
    found = joined(spendings)
    return found._replace(
        grades=tuple([grade for grade in found.grades if grade >= floor]),
        may_be_none=all(reach.may_be_none for reach in spendings),
        always=frozenset.intersection(*(reach.always for reach in spendings)),
    )


MOST_HALVES, LEAST_HALVES = 300, 40
"""So many boxes are halved for one student, fewer where it costs more; what is left then is taken as it is."""
MOST_CHOICES, LEAST_CHOICES = 2000, 200
"""So many choices of boxes are looked at for one student; of those that are left then, what their parts may bring each
by itself is taken as it is."""

Ask = Callable[[Sequence[Box]], tuple[Reach, Crossing | None]]
"""What is within reach where some scores are in these boxes and the others anywhere; a gate that opens in one."""


class Search:
    """What is within reach in any choice of boxes of scores that several parts read, one for each such score.

    As long as only some of them are chosen, what reads the others moves by itself: no choice of the rest brings more.
    Where that is nothing new, none of them is looked at.

    Where the gate of a part opens inside a box, more seems to be within reach than is: what the part brings on each
    side of it is put together with all that the others bring. Such a box is cut until it brings nothing new: where the
    gate opens, and every other time in the middle, as other scores may move it too.
    """

    def __init__(self, shared: Sequence[Sequence[Box]], ask: Ask, regrade: Regrade, cost: int) -> None:
        """``cost``: how many times everything is looked at when something is asked."""
        self.shared = shared
        self.ask = ask
        self.regrade = regrade
        self.grades: set[int] = set()
        self.may_be_none = False
        self.looked_at = joined([])
        """All that was within reach where it was looked; some of its grades may not be."""
        self.doubtful: list[tuple[tuple[Box, ...], Reach, Crossing]] = []
        self.choices = max(MOST_CHOICES // cost, LEAST_CHOICES)
        self.halves = max(MOST_HALVES // cost, LEAST_HALVES)

    def reach(self) -> Reach:
        """Everything that is within reach."""
        self._choose(())
        left = self.halves
        while self.doubtful:
            chosen, reach, crossing = self.doubtful.pop()
            if self._is_known(reach):
                continue
            if not left:
                self._add(reach)
                continue
            left -= 1
            moving = [n for n, box in enumerate(chosen) if crossing.readers & {name for name, _ in box.ends}]
            widest = max(moving, key=lambda index: chosen[index].width)
            for half in halves(chosen[widest], self.regrade, crossing.at if left % 2 else HALF):
                self._look((*chosen[:widest], half, *chosen[widest + 1 :]))
        return self.looked_at._replace(grades=tuple(sorted(self.grades)), may_be_none=self.may_be_none)

    def _add(self, reach: Reach) -> None:
        self.grades.update(reach.grades)
        self.may_be_none = self.may_be_none or reach.may_be_none

    def _is_known(self, reach: Reach) -> bool:
        return set(reach.grades) <= self.grades and (self.may_be_none or not reach.may_be_none)

    def _choose(self, chosen: tuple[Box, ...]) -> None:
        if len(chosen) == len(self.shared):
            self.choices -= 1
            self._look(chosen)
            return
        bound, _ = self.ask(chosen)
        together = joined([self.looked_at, bound])
        if self._is_known(bound) and together == self.looked_at:
            return
        if self.choices <= 0:
            self.looked_at = together
            self._add(bound)
            return
        first, *others = self.shared[len(chosen)]
        for box in [*others[-1:], first, *others[:-1]]:  # what is rare is mostly at the ends
            self._choose((*chosen, box))

    def _look(self, chosen: tuple[Box, ...]) -> None:
        reach, crossing = self.ask(chosen)
        self.looked_at = joined([self.looked_at, reach])
        if crossing is None:
            self._add(reach)
            return
        self.doubtful.append((chosen, reach, crossing))
        for corner in product(*[box.corners() if box.width else (box,) for box in chosen]):
            self._add(self.ask(corner)[0])
