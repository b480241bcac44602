"""Where parts have parts: a verdict found by what the leaves came to, one after the other.

After each leaf a student stands at a :class:`Point`. Who stands at the same point can differ in nothing but the leaves
that are still to come: what the ones so far came to has the same share in every key (:meth:`.siblings.Group.key`). So a
student like others costs one look-up a leaf, without any sum and without sorting the parts of which the best count.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kurssi.grading.result import Verdict

from .outcome import MOST_KEPT, Outcome
from .siblings import Group, Parent

Sums = tuple[int, tuple[int, ...]]
"""Of siblings so far: the sum of their keys; where only some count, of their numbers, and the highest amounts."""

NO_SUM: Sums = (0, ())


class Point:
    """All whose leaves so far came to the same."""

    __slots__ = ("onward", "state", "verdict")

    def __init__(self, state: tuple[Sums, ...]) -> None:
        self.state = state
        """The sums of the siblings that are not all known yet, those of the top level first."""
        self.onward: dict[Outcome, Point] = {}
        """By what the next leaf comes to."""
        self.verdict: Verdict | None = None
        """After the last leaf."""


class Paths:
    """The ways to the verdicts that are known, from the first leaf of a policy to the last."""

    def __init__(self, top: Group) -> None:
        self.starts: dict[int, Point] = {}
        """By what activity adds to the key."""
        self._leaves = list(_leaves(top, ()))
        self._groups = list(_groups(top))
        self._scale: list[int] = []
        self._points: dict[tuple[int, tuple[Sums, ...]], Point] = {}
        self._number = 0
        """Of all ways from one point to the next."""

    def learn(self, activity: int, outcomes: Sequence[Outcome], verdict: Verdict) -> None:
        """Remembers the verdict on these outcomes of all leaves, as long as there is room."""
        if self._number >= MOST_KEPT:
            return
        scale = [group.denominator for group in self._groups]
        if scale != self._scale:  # amounts say something else than in the points so far
            self._scale, self._number = scale, 0
            self.starts.clear()
            self._points.clear()
        point = self.starts.get(activity) or self.starts.setdefault(activity, Point(((activity, ()),)))
        for index, (outcome, (group, opened, closed)) in enumerate(zip(outcomes, self._leaves, strict=True)):
            onward = point.onward.get(outcome)
            if onward is None:
                if not _adds_up(group, outcome):
                    return
                *above, sums = (*point.state, *[NO_SUM] * opened)
                sums = _with(group, sums, outcome)
                for parent in closed:
                    whole = parent.outcome(outcomes)
                    if not _adds_up(parent.group, whole):
                        return
                    sums = _with(parent.group, above.pop(), whole)
                state = (*above, sums)
                onward = point.onward[outcome] = self._points.setdefault((index, state), Point(state))
                self._number += 1
            point = onward
        point.verdict = verdict


def _groups(group: Group) -> Iterator[Group]:
    """These siblings, and those below them."""
    yield group
    for parent in group.parents:
        yield from _groups(parent.below)


def _leaves(group: Group, around: tuple[Parent, ...]) -> Iterator[tuple[Group, int, tuple[Parent, ...]]]:
    """For each leaf its siblings, how many groups begin with it, and the parents whose last leaf it is, inmost first.

    ``around``: the parents of this group, of which it is the last one's last in line.
    """
    parents = iter(group.parents)
    for place, index in enumerate(group.leaves):
        last = around if place == len(group.leaves) - 1 else ()
        if index >= 0:
            yield group, 0, last
            continue
        parent = next(parents)
        first, *others = _leaves(parent.below, (parent, *last))
        yield first[0], first[1] + 1, first[2]
        yield from others


def _adds_up(group: Group, outcome: Outcome) -> bool:
    """Whether an outcome counts among its siblings by its amount and its number.

    Where only the best count, what may still change can let one in that is not among them now.
    """
    return not (group.chooses and outcome.kind)


def _with(group: Group, sums: Sums, outcome: Outcome) -> Sums:
    total, highest = sums
    if not group.chooses:
        return total + outcome.key, ()
    number = outcome.key - (outcome.amount << group.bits)
    kept = sorted((*highest, outcome.amount), reverse=True)[: len(group.parts) - group.others]
    return total + number, tuple(kept)
