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
        self._groups = [top, *[parent.below for *_, closed in self._leaves for parent in closed]]
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
        point = self.starts.setdefault(activity, Point(((activity, ()),)))
        for index, outcome in enumerate(outcomes):
            onward = point.onward.get(outcome)
            if onward is None:
                state = self._after(point.state, index, outcomes)
                if state is None:
                    return
                onward = point.onward[outcome] = self._points.setdefault((index, state), Point(state))
                self._number += 1
            point = onward
        point.verdict = verdict

    def _after(self, state: tuple[Sums, ...], index: int, outcomes: Sequence[Outcome]) -> tuple[Sums, ...] | None:
        """The sums once the leaf at ``index`` is known, too; None where sums do not say all that decides."""
        group, opened, closed = self._leaves[index]
        members = [(group, outcomes[index]), *[(parent.group, parent.outcome(outcomes)) for parent in closed]]
        # where only the best count, what may still change can let one in that is not among them now
        if any(group.chooses and outcome.kind for group, outcome in members):
            return None
        group, outcome = members[-1]  # what has closed is in it
        every = (*state, *[NO_SUM] * opened)
        *above, sums = every[: len(every) - len(closed)]
        return (*above, _with(group, sums, outcome))


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


def _with(group: Group, sums: Sums, outcome: Outcome) -> Sums:
    """The sums of siblings with one more of them."""
    total, highest = sums
    if not group.chooses:
        return total + outcome.key, ()
    number = outcome.key - (outcome.amount << group.bits)
    kept = sorted((*highest, outcome.amount), reverse=True)[: len(group.parts) - group.others]
    return total + number, tuple(kept)
