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

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import product
from typing import NamedTuple, assert_never

from kurssi.grading.activity import with_activity
from kurssi.grading.attempts import Tried
from kurssi.grading.lateness import Lateness
from kurssi.grading.mean import bonus_of, counts, handed_in, keeps, stretch
from kurssi.grading.result import OPEN, OUT, PartResult
from kurssi.grading.rounding import clamped, rounded
from kurssi.policy.model import Part, Policy, to_value
from kurssi.values.classlist import Span
from kurssi.values.numbers import MOST_DIGITS

Interval = tuple[Fraction, Fraction]
Regrade = Callable[[Part, Sequence[Tried]], PartResult]
"""Grades a leaf of this student again with other attempts, what is forgiven and peer marks included."""

ZERO, ONE = Fraction(0), Fraction(1)

JUST_BELOW = Fraction(1, 10 ** (MOST_DIGITS - 2))
"""No cell can hold a score nearer to a bound of two digits than this."""


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

    ``coming`` gives the numbers of the attempts of a leaf that are not handed in and may still come.
    """
    scale = policy.scale
    passable: set[str] = set()
    together = _together(results, _ways_of_all(results, policy, regrade, coming, passable), policy)
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
    return Reach(tuple(sorted(grades)), may_be_none, frozenset(passable))


def _ways_of_all(
    results: Sequence[PartResult],
    policy: Policy,
    regrade: Regrade,
    coming: Callable[[Part], frozenset[int]],
    passable: set[str],
) -> list[Ways]:
    """The ways of siblings; whoever of them, at any depth, may be passed is added to ``passable``."""
    out = []
    for result in results:
        if result.part.parts:
            below = _ways_of_all(result.children, policy, regrade, coming, passable)
            ways = _ways_of_node(result, below, policy)
        else:
            ways = _ways_of_leaf(result, policy, regrade, coming(result.part))
        if any(way.passes for way in ways):
            passable.add(result.part.id)
        out.append(ways)
    return out


def _ways_of_leaf(result: PartResult, policy: Policy, regrade: Regrade, coming: frozenset[int]) -> Ways:
    part = result.part
    ways: dict[Way, list[Interval]] = {}
    for low, high in _boxes(result, policy, regrade, coming):
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


def _ways_of_node(result: PartResult, below: Sequence[Ways], policy: Policy) -> Ways:
    part = result.part
    share = (part.weight or ZERO) / 100
    ways: dict[Way, list[Interval]] = {}

    def add(way: Way, low: Fraction = ZERO, high: Fraction = ZERO) -> None:
        ways.setdefault(way, []).append((low * share, high * share) if part.bonus else (low, high))

    for (fails, handed, out), sums in _together(result.children, below, part):
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
                    add(failing, low, max(low, part.minimum - JUST_BELOW))
                    add(passing, part.minimum, high)
    return {way: union(intervals) for way, intervals in ways.items()}


def _boxes(
    result: PartResult, policy: Policy, regrade: Regrade, coming: frozenset[int]
) -> Iterator[tuple[PartResult, PartResult]]:
    """The leaf graded at both ends of every choice of scores for its open attempts."""
    part = result.part
    given = [
        Tried(a.given.state, a.given.score, Lateness(a.units, a.state == "closed"), a.given.among)
        for a in result.attempts
    ]
    given += [Tried("missing", None)] * (max(coming, default=0) - len(given))
    choices: list[list[tuple[Tried, Tried]]] = []
    for number, attempt in enumerate(given, 1):
        state = result.attempts[number - 1].state if number <= len(result.attempts) else "missing"
        if state in OPEN:
            choices.append(_among(attempt.among, part, policy) if attempt.among else _scores(part, policy))
        elif number in coming:
            choices.append([(attempt, attempt), *_scores(part, policy)])
        else:
            choices.append([(attempt, attempt)])
    for choice in product(*choices):
        yield regrade(part, [low for low, _ in choice]), regrade(part, [high for _, high in choice])


def _scores(part: Part, policy: Policy) -> list[tuple[Tried, Tried]]:
    """What an open attempt may become: ranges of scores on which the value runs without a step, and a failing mark."""
    failed = Tried("failed", None)
    match part.graded:
        case "pass-fail":
            return [(failed, failed), (Tried("passed", None), Tried("passed", None))]
        case "grade":
            ranges = _grade_ranges(part, policy)
        case "points":
            ranges = _point_ranges(part, policy)
        case _ as unknown:
            assert_never(unknown)
    return [(failed, failed), *((Tried("scored", a), Tried("scored", b)) for a, b in ranges)]


def _among(spans: Sequence[Span], part: Part, policy: Policy) -> list[tuple[Tried, Tried]]:
    """The same of an attempt that can only get scores in these spans."""
    ranges = [(low.score, high.score) for low, high in _scores(part, policy)]
    known = [(low, high) for low, high in ranges if low is not None and high is not None]
    found = [(max(low, first), min(high, last)) for first, last in spans for low, high in known if first != last]
    found = [*((a, b) for a, b in spans if a == b), *((a, b) for a, b in found if a <= b)]
    return [(Tried("scored", a), Tried("scored", b)) for a, b in found]


def _grade_ranges(part: Part, policy: Policy) -> list[Interval]:
    """Every grade of an own scale; else the whole scale, at the pass grade in two where peer marks stop there."""
    if policy.scale.own:
        return [(Fraction(g), Fraction(g)) for g in policy.scale.grades]
    steps = {Fraction(policy.scale.pass_grade)} if part.peer is not None else set()
    return _cut(Fraction(policy.scale.lowest), Fraction(policy.scale.top), steps)


def _point_ranges(part: Part, policy: Policy) -> list[Interval]:
    """Ranges of points between the steps of the table, the ends of the line, and a minimum in raw points."""
    steps = set(() if policy.percent else part.boundaries or ())
    steps.update(points for points, _ in part.linear or ())
    if part.minimum_raw:
        steps.add(part.minimum)
    ranges = _cut(ZERO, part.most or ZERO, steps)
    flat = [(a, b) for a, b in ranges if to_value(a, part, policy) == to_value(b, part, policy)]
    return [(a, a) for a, _ in flat] + [r for r in ranges if r not in flat]


def _cut(low: Fraction, high: Fraction, steps: set[Fraction]) -> list[Interval]:
    """The range from ``low`` to ``high``, cut before each step."""
    starts = [low, *sorted(s for s in steps if low < s <= high)]
    ends = [start - JUST_BELOW for start in starts[1:]]
    return [(a, max(a, b)) for a, b in zip(starts, [*ends, high], strict=True)]


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


def _together(
    results: Sequence[PartResult], ways: Sequence[Ways], owner: Part | Policy
) -> Iterator[tuple[Siblings, tuple[Interval, ...] | None]]:
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
