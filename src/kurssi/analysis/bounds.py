"""Which values a part can have at all, as unions of intervals: on time or late, retaken, moved by peer marks.

The intervals may hold values that nobody can get. So they prove only what cannot happen: a grade that no value within
them gives is out of reach.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import product
from math import ceil, floor

from kurssi.grading.activity import stepped, with_activity
from kurssi.grading.conversion.hooks import ENDS, is_stepped
from kurssi.grading.mean import capped
from kurssi.grading.ranges.boxes import Interval
from kurssi.grading.ranges.standing import union
from kurssi.grading.rounding import clamped, rounded
from kurssi.policy.model import Part, Policy

from .budget import Budget
from .search_space import NOTHING, Level, SearchSpace, level_of

_MOST = 400
"""More intervals than this are taken together as one."""


def is_finite(part: Part, policy: Policy) -> bool:
    """Whether a leaf has finitely many values that are all seen on time in one attempt."""
    moved = (part.late is not None and part.late.deduct) or part.peer is not None or part.retake_at_most is not None
    moved = moved or part.joins
    return is_stepped(part, policy) and (not part.valued or not moved)


class Bounds:
    """The intervals of the parts of one policy, and of what they sum up to."""

    def __init__(self, policy: Policy, budget: Budget) -> None:
        self.policy = policy
        self.ends = SearchSpace(policy, budget, ENDS)
        self.live = self.ends.live

    def part(self, part: Part) -> Sequence[Interval]:
        """Values of a part while its gate is open, where it can fail somebody; else all its values.

        Of a bonus part: what it adds. Of a part without a value: nothing but 0.
        """
        if part.parts:
            return self._node(part)
        if is_finite(part, self.policy):
            options = self.ends.held(part)
            return union([(v, v) for one in options for v in (one.add if part.bonus else one.value or NOTHING,)])
        low = self.policy.lowest
        if part.id in self.live and not part.minimum_raw:
            low = max(low, part.minimum)
        if not part.bonus:
            return [(low, self._top(part))]
        share = (part.weight or NOTHING) / 100
        return union([(NOTHING, NOTHING), (share * low, share * self._top(part))])

    def _top(self, part: Part) -> Fraction:
        """The highest value of a leaf: under per cent more than the top, where points beyond max count."""
        top = self.policy.top
        return top + top * part.over / part.max if self.policy.percent and part.over and part.max else top

    def _node(self, part: Part) -> Sequence[Interval]:
        found = self.siblings(level_of(part), None)
        if part.id in self.live:
            found = [(max(a, part.minimum), b) for a, b in found if b >= part.minimum]
        if part.bonus:
            share = (part.weight or NOTHING) / 100
            found = [(share * a, share * b) for a, b in found] + [(NOTHING, NOTHING)]
        return union(found)

    def siblings(self, level: Level, without: int | None) -> Sequence[Interval]:
        """What siblings bring together, one of them left out: their share of the mean, and the bonus."""
        others = [(i, p) for i, p in enumerate(level.parts) if i != without]
        sums: Sequence[Interval] = [(NOTHING, NOTHING)]
        if level.keep is not None:
            values = [self.part(p) for i, p in others if p.counts]
            lows = sorted((v[0][0] for v in values if v), reverse=True)[: level.keep]
            highs = sorted((v[-1][1] for v in values if v), reverse=True)[: level.keep]
            sums = [(sum(lows, NOTHING) / level.keep, sum(highs, NOTHING) / level.keep)]
        for index, part in others:
            options = self.part(part)
            if part.bonus:
                sums = _add(sums, options)
            elif part.counts and level.keep is None and level.weight:
                share = level.weights[index] / level.weight
                sums = _add(sums, [(share * a, share * b) for a, b in options])
        if without is None and level.cap is not None:
            return union([(capped(a, level.cap), capped(b, level.cap)) for a, b in sums])
        return sums

    def cannot_move(self, part: Part, adjusts: Sequence[Fraction]) -> bool:
        """Whether the value of a part can move no grade and no gate of a part above it. False: not known."""
        values = self.part(part)
        if not values:
            return True
        spread = values[-1][1] - values[0][0]
        base: Sequence[Interval] = [(values[0][0], values[0][0])]
        child = part
        while spread:
            parent = self.ends.parents[child.id]
            level = self.ends.top if parent is None else level_of(parent)
            index = level.parts.index(child)
            share = Fraction(1)
            if not child.bonus:
                if level.keep is not None:
                    return False
                share = level.weights[index] / level.weight if level.weight else NOTHING
            base = _add(self.siblings(level, index), [(share * a, share * b) for a, b in base])
            spread *= share
            if parent is None:
                return not any(_crossed(t, base, spread) for t in self.thresholds(adjusts))
            if parent.id in self.live:
                if _crossed(parent.minimum, base, spread):
                    return False
                base = [(max(a, parent.minimum), b) for a, b in base if b >= parent.minimum]
            if parent.bonus:
                weight = (parent.weight or NOTHING) / 100
                base, spread = [(a * weight, b * weight) for a, b in base], spread * weight
            child = parent
        return True

    def thresholds(self, adjusts: Sequence[Fraction]) -> list[Fraction]:
        """Every total at which the grade can change, for each activity."""
        policy = self.policy
        bounds = [bound.value for bound in policy.boundaries] if policy.percent else _whole_and_halves(policy)
        near = {b - a for b, a in product(bounds, adjusts)} | {*bounds, policy.pass_value, policy.top}
        tiny = Fraction(1, 10**12)
        return sorted(
            t
            for t in near
            if any(self._grade(t - tiny, a) != self._grade(t + tiny, a) or self._odd(t, a) for a in adjusts)
        )

    def _odd(self, total: Fraction, adjust: Fraction) -> bool:
        tiny = Fraction(1, 10**12)
        return self._grade(total, adjust) not in (self._grade(total - tiny, adjust), self._grade(total + tiny, adjust))

    def _grade(self, total: Fraction, adjust: Fraction) -> int:
        policy = self.policy
        grade = clamped(policy, rounded(policy, with_activity(policy, total, adjust)))
        return stepped(policy, grade, adjust)


def _crossed(threshold: Fraction, base: Sequence[Interval], spread: Fraction) -> bool:
    """Whether a value of ``base`` lies below the threshold and with ``spread`` above it, ends included."""
    return any(a <= threshold <= b + spread for a, b in base)


def _whole_and_halves(policy: Policy) -> list[Fraction]:
    low, high = floor(policy.lowest) - 1, ceil(policy.top) + 1
    return [Fraction(n, 2) for n in range(2 * low, 2 * high + 1)]


def _add(sums: Sequence[Interval], more: Sequence[Interval]) -> Sequence[Interval]:
    found = union([(a + c, b + d) for a, b in sums for c, d in more])
    return [(found[0][0], found[-1][1])] if len(found) > _MOST else found
