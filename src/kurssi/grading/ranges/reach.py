"""Which grades an incomplete student can still reach, exactly (contract section 5, "States").

An open attempt can still become any score that its cell may hold; it counts as on time. What a part can still be
worth is a union of closed intervals (a single point where a score table has steps), so what the whole can be worth is
one too: means, best-of, peer marks, activity and the guard against failing are continuous and rise with every part,
and a continuous total passes every grade between two that it reaches.

Which parts are in a mean at all can change with what comes: a part whose only weighed part is excused counts as not
submitted until its gate is handed in, and is excused then. So a part has several ways to stand (:class:`Way`)
and the values that it may have in each; siblings are put together way by way.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import product
from typing import NamedTuple

from kurssi.grading.activity import with_activity
from kurssi.grading.mean import bonus_of, counts, flat, handed_in, keeps, stretch
from kurssi.grading.result import OUT, PartResult
from kurssi.grading.rounding import clamped, rounded
from kurssi.policy.model import Part, Policy

from .boxes import JUST_BELOW, ZERO, Box, Interval, Regrade, boxes, halves

ONE = Fraction(1)


class Way(NamedTuple):
    """How a part may come to stand among its siblings."""

    weighs: bool
    """Whether it enters their mean."""
    passes: bool
    """Whether its gate is open."""
    handed_in: bool
    out: bool
    """Whether it is excused or recognised."""


Ways = Mapping[Way, tuple[Interval, ...]]
"""What a part can be worth, by how it stands; where it does not weigh, what it adds on top: nothing but for a bonus."""


class Reach(NamedTuple):
    """The grades within reach, ascending; whether there may be none (nothing to weigh); parts that may be passed."""

    grades: tuple[int, ...]
    may_be_none: bool
    passable: frozenset[str]


def reachable(
    results: Sequence[PartResult],
    policy: Policy,
    adjust: Fraction,
    regrade: Regrade,
    coming: Callable[[Part], frozenset[int]],
) -> Reach:
    """Every final grade that is still reachable.

    ``coming`` gives the numbers of the attempts of a leaf that are not handed in and may still come. What takes the
    scores of another part moves with it: each box of their common scores is looked at by itself.
    """

    def boxes_of(result: PartResult) -> Iterable[Box]:
        return boxes([result], policy, regrade, coming(result.part))

    shared = []
    takers = policy.takers()
    if takers:
        found = flat(results)
        for source, parts in takers.items():
            own = found[source]
            if own.open or coming(own.part):
                together = [own, *(found[part.id] for part in parts)]
                shared.append(boxes(together, policy, regrade, coming(own.part)))

    def ask(chosen: Sequence[Box]) -> tuple[Reach, bool]:
        fixed = {name: [box] for box in chosen for name in box.ends}
        return _reachable(results, policy, adjust, lambda result: fixed.get(result.part.id) or boxes_of(result), fixed)

    if not shared:
        return ask(())[0]
    return _of_boxes(list(product(*shared)), ask, regrade)


MOST_HALVES = 300
"""So many boxes are halved for one student; what is left then is taken as it is."""


def _of_boxes(
    todo: list[tuple[Box, ...]], ask: Callable[[Sequence[Box]], tuple[Reach, bool]], regrade: Regrade
) -> Reach:
    """What is within reach in any of these boxes of scores that several parts read.

    Where the gate of a part of parts opens inside a box, more seems to be within reach than is: what the part brings on
    each side of its gate is put together with all that the others bring. Such a box is halved, until it seems to bring
    nothing that is not surely reached elsewhere.
    """
    grades: set[int] = set()
    may_be_none = False
    passable: set[str] = set()
    doubtful: list[tuple[tuple[Box, ...], Reach]] = []

    def sure(reach: Reach) -> None:
        nonlocal may_be_none
        grades.update(reach.grades)
        may_be_none = may_be_none or reach.may_be_none

    def look(chosen: tuple[Box, ...]) -> None:
        reach, crossed = ask(chosen)
        passable.update(reach.passable)
        if not crossed or not any(box.width for box in chosen):
            sure(reach)
            return
        doubtful.append((chosen, reach))
        for corner in product(*[box.corners() for box in chosen]):
            sure(ask(corner)[0])

    for chosen in todo:
        look(chosen)
    left = MOST_HALVES
    while doubtful:
        chosen, reach = doubtful.pop()
        if set(reach.grades) <= grades and (may_be_none or not reach.may_be_none):
            continue
        if not left:
            sure(reach)
            continue
        left -= 1
        widest = max(range(len(chosen)), key=lambda index: chosen[index].width)
        for half in halves(chosen[widest], regrade):
            look((*chosen[:widest], half, *chosen[widest + 1 :]))
    return Reach(tuple(sorted(grades)), may_be_none, frozenset(passable))


class Seen:
    """What is noticed on the way: parts that may be passed, and whether a gate opens inside a box that is fixed."""

    def __init__(self, fixed: Collection[str]) -> None:
        self.fixed = fixed
        """Parts whose scores are fixed to a box."""
        self.passable: set[str] = set()
        self.crossed = False

    def crosses(self, part: Part) -> None:
        """The gate of a part of parts opens between two values that it may have."""
        self.crossed = self.crossed or any(name in self.fixed for name in _leaves(part))


def _leaves(part: Part) -> Iterator[str]:
    for child in part.parts:
        yield from _leaves(child)
    if not part.parts:
        yield part.id


BoxesOf = Callable[[PartResult], Iterable[Box]]


def _reachable(
    results: Sequence[PartResult], policy: Policy, adjust: Fraction, boxes_of: BoxesOf, fixed: Collection[str]
) -> tuple[Reach, bool]:
    """The same with these boxes of each leaf, each of which moves by itself; and whether a gate opens inside of one
    that is ``fixed``.
    """
    scale = policy.scale
    seen = Seen(fixed)
    together = _all_together(results, policy, policy, boxes_of, seen)
    weighs = any(part.counts for part in policy.parts)
    grades: set[int] = set()
    may_be_none = False
    for (fails, _, _), sums in together:
        if fails:
            grades.add(scale.lowest)
        elif sums is None and weighs:
            may_be_none = True
        elif sums is None:
            grades.add(scale.top)
        else:
            for ends in sums:
                first, last = (clamped(policy, rounded(policy, with_activity(policy, v, adjust))) for v in ends)
                grades.update(range(first, last + 1))
    return Reach(tuple(sorted(grades)), may_be_none, frozenset(seen.passable)), seen.crossed


def _ways_of_all(results: Sequence[PartResult], policy: Policy, boxes_of: BoxesOf, seen: Seen) -> list[Ways]:
    """The ways of siblings; whoever of them, at any depth, may be passed is noticed in ``seen``."""
    out = []
    for result in results:
        if result.part.parts:
            together = _all_together(result.children, result.part, policy, boxes_of, seen)
            ways = _ways_of_node(result.part, together, policy, seen)
        else:
            ways = _ways_of_leaf(result.part, boxes_of(result))
        if any(way.passes for way in ways):
            seen.passable.add(result.part.id)
        out.append(ways)
    return out


def _ways_of_leaf(part: Part, found: Iterable[Box]) -> Ways:
    ways: dict[Way, list[Interval]] = {}
    for low, high in (box.ends[part.id] for box in found):
        least, most = _worth(low), _worth(high)
        failing = Way(counts(low), False, handed_in(low), low.state in OUT)
        passing = failing._replace(passes=True)
        if low.gate == high.gate:
            ways.setdefault(failing if low.gate else passing, []).append((least, most))
        else:  # the minimum lies inside: below it the gate is closed, from it on open
            share = (part.weight or ZERO) / 100 if part.bonus else ONE
            ways.setdefault(failing, []).append((least, max(least, share * (part.minimum - JUST_BELOW))))
            ways.setdefault(passing, []).append((share * part.minimum, most))
    return {way: union(intervals) for way, intervals in ways.items()}


def _worth(result: PartResult) -> Fraction:
    """What a part brings: its value where it enters the mean, else what it adds on top."""
    return result.value if counts(result) and result.value is not None else bonus_of(result)


def _ways_of_node(part: Part, together: Iterable[Together], policy: Policy, seen: Seen) -> Ways:
    share = (part.weight or ZERO) / 100
    ways: dict[Way, list[Interval]] = {}

    def add(way: Way, low: Fraction = ZERO, high: Fraction = ZERO) -> None:
        ways.setdefault(way, []).append((low * share, high * share) if part.bonus else (low, high))

    for (fails, handed, out), sums in together:
        if out:
            add(Way(False, True, handed, True))
        elif not handed and part.counts:
            add(Way(True, False, False, False), policy.lowest, policy.lowest)
        elif not handed:
            add(Way(False, False, False, False))
        elif sums is None:
            add(Way(False, not fails, True, part.counts and not fails))
        else:
            passing = Way(part.counts, True, True, False)
            failing = passing._replace(passes=False)
            for low, high in sums:
                if fails or high < part.minimum:
                    add(failing, low, high)
                elif low >= part.minimum:
                    add(passing, low, high)
                else:
                    seen.crosses(part)
                    add(failing, low, max(low, part.minimum - JUST_BELOW))
                    add(passing, part.minimum, high)
    return {way: union(intervals) for way, intervals in ways.items()}


class Siblings(NamedTuple):
    """How siblings stand together."""

    fails: bool = False
    """Whether the gate of a required one is closed."""
    handed_in: bool = False
    """Whether any of them is."""
    out: bool = True
    """Whether all of them are excused or recognised."""

    def joined_by(self, part: Part, way: Way) -> Siblings:
        """How they stand with one sibling more."""
        fails = self.fails or (part.required and not way.passes)
        return Siblings(fails, self.handed_in or way.handed_in, self.out and way.out)


Ends = tuple[tuple[Fraction, ...], tuple[Fraction, ...]]
"""A sum, or the best values with the largest first, at the lower and at the upper end of what is possible."""


Together = tuple[Siblings, tuple[Interval, ...] | None]
"""How siblings stand, and what their mean can be then; None where nothing is left to weigh."""


def _all_together(
    results: Sequence[PartResult], owner: Part | Policy, policy: Policy, boxes_of: BoxesOf, seen: Seen
) -> Iterable[Together]:
    """What the parts of a part, or of the whole, come to; of ways what the one that counts does."""
    if not owner.of_ways:
        return _together(results, _ways_of_all(results, policy, boxes_of, seen), owner)
    each = []
    for way in results:
        below = _ways_of_all(way.children, policy, boxes_of, seen)
        each.append(list(_together(way.children, below, way.part)))
        if any(not stand.fails for stand, _ in each[-1]):
            seen.passable.add(way.part.id)
    return [(stand, sums and _capped(sums, owner.cap)) for stand, sums in _best_way(each)]


def _best_way(each: Sequence[Sequence[Together]]) -> Iterator[Together]:
    """Passed gates before failed ones, then the larger value: in all ways in which the ways may stand.

    The scores that several ways read are fixed to a box, so that all values are at their lower ends together, and at
    their upper ends: the larger one runs from the largest lower end to the largest upper end.
    """
    for stands in product(*each):
        passing = [one for one in stands if not one[0].fails] or list(stands)
        valued = [(stand, sums) for stand, sums in passing if sums]
        if not valued:
            yield passing[0]
            continue
        for chosen in product(*[[(stand, ends) for ends in sums] for stand, sums in valued]):
            least = max(low for _, (low, _) in chosen)
            for stand, (_, high) in chosen:
                if high >= least:
                    yield stand, ((least, high),)


def _together(results: Sequence[PartResult], ways: Sequence[Ways], owner: Part | Policy) -> Iterator[Together]:
    """What siblings can come to, with bonus and cap, by how they stand; None where nothing is left to weigh.

    ``owner`` is the part that they are parts of, or the policy.
    """
    choice = owner.choice if isinstance(owner, Part) else None
    counting = sum(result.part.counts for result in results)
    most = None if choice is None else keeps(choice, counting)
    plain = [(r.part, of_one) for r, of_one in zip(results, ways, strict=True) if not r.part.bonus]
    bonus = [(r.part, of_one) for r, of_one in zip(results, ways, strict=True) if r.part.bonus]
    for (stand, number, weight), sums in _weighed(plain, most).items():
        keep = min(number, keeps(choice, number))
        whole = weight if most is None else Fraction(keep)
        means = [(sum(lows[:keep], ZERO) / whole, sum(highs[:keep], ZERO) / whole) for lows, highs in sums if whole]
        base = Fraction(keep) if isinstance(owner, Part) and owner.chooses else weight
        more = stretch(owner, base) if bonus and whole else ONE
        found = _with_bonus({stand: union(means) if whole else None}, bonus, more)
        yield from ((how, sums and _capped(sums, owner.cap)) for how, sums in found.items())


def _capped(sums: Sequence[Interval], cap: Fraction | None) -> tuple[Interval, ...]:
    return tuple(sums) if cap is None else union([(min(low, cap), min(high, cap)) for low, high in sums])


def _weighed(
    siblings: Sequence[tuple[Part, Ways]], most: int | None
) -> Mapping[tuple[Siblings, int, Fraction], Sequence[Ends]]:
    """The sums of weight × value, or where only the best count the ``most`` largest values.

    By how the siblings stand, how many of them weigh, and what they weigh together: one after the other joins in each
    of its ways.
    """
    nothing: Ends = ((ZERO,), (ZERO,)) if most is None else ((), ())
    sums: dict[tuple[Siblings, int, Fraction], list[Ends]] = {(Siblings(), 0, ZERO): [nothing]}
    for part, ways in siblings:
        weight = ONE if part.weight is None else part.weight
        joined: dict[tuple[Siblings, int, Fraction], list[Ends]] = {}
        for (stand, number, total), before in sums.items():
            for way, intervals in ways.items():
                if way.weighs:
                    name = (stand.joined_by(part, way), number + 1, total + weight)
                    more = _best(before, intervals, most) if most is not None else _sums(before, intervals, weight)
                    joined.setdefault(name, []).extend(more)
                else:
                    joined.setdefault((stand.joined_by(part, way), number, total), []).extend(before)
        sums = joined
    return sums


def _sums(before: Sequence[Ends], intervals: Sequence[Interval], weight: Fraction) -> list[Ends]:
    both = [(a + low * weight, b + high * weight) for (a,), (b,) in before for low, high in intervals]
    return [((low,), (high,)) for low, high in union(both)]


def _best(before: Sequence[Ends], intervals: Sequence[Interval], most: int) -> list[Ends]:
    def largest(values: tuple[Fraction, ...]) -> tuple[Fraction, ...]:
        return tuple(sorted(values, reverse=True)[:most])

    both = {(largest((*lows, low)), largest((*highs, high))) for lows, highs in before for low, high in intervals}
    return list(both)


def _with_bonus(
    means: dict[Siblings, tuple[Interval, ...] | None], bonus: Sequence[tuple[Part, Ways]], times: Fraction
) -> dict[Siblings, tuple[Interval, ...] | None]:
    """The same with what bonus parts add on top, so many times what their weight says."""
    for part, ways in bonus:
        joined: dict[Siblings, tuple[Interval, ...] | None] = {}
        for stand, before in means.items():
            for way, intervals in ways.items():
                now = stand.joined_by(part, way)
                added = [(low * times, high * times) for low, high in intervals]
                more = None if before is None else _add(before, added)
                joined[now] = more if more is None else union([*(joined.get(now) or ()), *more])
        means = joined
    return means


def _add(sums: Sequence[Interval], more: Sequence[Interval]) -> tuple[Interval, ...]:
    return union([(a + c, b + d) for a, b in sums for c, d in more])


def union(intervals: Sequence[Interval]) -> tuple[Interval, ...]:
    """The same points as intervals that do not touch, rising."""
    out: list[Interval] = []
    for low, high in sorted(intervals):
        if out and low <= out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], high))
        else:
            out.append((low, high))
    return tuple(out)


def best_of(found: Sequence[Reach], lowest: int) -> Reach:
    """What is within reach where the student gets the best of several spendings.

    Failing is, only where every spending may fail; a passing grade, only from the least that the best one gives.
    """
    passing = [[g for g in reach.grades if g > lowest] for reach in found]
    floor = max((grades[0] for grades in passing if grades), default=lowest)
    grades = {g for several in passing for g in several if g >= floor}
    if all(lowest in reach.grades for reach in found):
        grades.add(lowest)
    passable = frozenset[str]().union(*(reach.passable for reach in found))
    return Reach(tuple(sorted(grades)), all(reach.may_be_none for reach in found), passable)
