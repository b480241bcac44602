"""Which grades an incomplete student can still reach, exactly (contract section 5, "States").

An open attempt can still become any score that its cell may hold; it counts as on time. What a part can still be
worth is a union of closed intervals (a single point where a score table has steps), so what the whole can be worth is
one too: means, best-of, peer marks, activity and the guard against failing are continuous and rise with every part,
and a continuous total passes every grade between two that it reaches.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import product
from typing import NamedTuple

from kurssi.grading.activity import with_activity
from kurssi.grading.attempts import Tried
from kurssi.grading.lateness import Lateness
from kurssi.grading.mean import bonus_of, handed_in, keeps
from kurssi.grading.result import OUT, PartResult
from kurssi.grading.rounding import clamped, rounded
from kurssi.policy.model import Choice, Part, Policy, to_value
from kurssi.values.numbers import MOST_DIGITS

Interval = tuple[Fraction, Fraction]
Regrade = Callable[[Part, Sequence[Tried]], PartResult]
"""Grades a leaf of this student again with other attempts, what is forgiven and peer marks included."""

JUST_BELOW = Fraction(1, 10 ** (MOST_DIGITS - 2))
"""No cell can hold a score nearer to a bound of two digits than this."""


class Possible(NamedTuple):
    """What a part can still become: the values with which its gate is open, and those with which it is closed.

    Of a bonus part the intervals are what it adds on top.
    """

    passing: tuple[Interval, ...]
    failing: tuple[Interval, ...]
    out: bool = False
    """Whether it leaves the mean: excused, or without a value."""


class Reach(NamedTuple):
    """The grades within reach, ascending; whether there may be none (nothing to weigh); what each part can become."""

    grades: tuple[int, ...]
    may_be_none: bool
    parts: Mapping[str, Possible]


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
    known: dict[str, Possible] = {}
    siblings = [_possible(result, policy, regrade, coming, known) for result in results]
    pairs = list(zip(siblings, results, strict=True))
    grades: set[int] = set()
    if any(p.failing and r.part.required for p, r in pairs):
        grades.add(scale.lowest)
    if any(r.part.required and not p.passing for p, r in pairs):
        return Reach((scale.lowest,), False, known)
    totals = _together(results, [_gates_held(p, r.part) for p, r in pairs], None)
    if totals is None:
        weighs = any(part.counts for part in policy.parts)
        return Reach(tuple(sorted(grades if weighs else grades | {scale.top})), weighs, known)
    for low, high in totals:
        first, last = (clamped(policy, rounded(policy, with_activity(policy, value, adjust))) for value in (low, high))
        grades.update(range(first, last + 1))
    return Reach(tuple(sorted(grades)), False, known)


def _gates_held(possible: Possible, part: Part) -> Possible:
    """A part as it can stand in a mean whose gates hold: a required one with passing values only."""
    if part.required:
        return possible._replace(failing=())
    return Possible(union([*possible.passing, *possible.failing]), (), possible.out)


def _possible(
    result: PartResult,
    policy: Policy,
    regrade: Regrade,
    coming: Callable[[Part], frozenset[int]],
    known: dict[str, Possible],
) -> Possible:
    part = result.part
    if part.parts:
        found = _possible_node(result, policy, regrade, coming, known)
    else:
        found = _possible_leaf(result, policy, regrade, coming(part))
    known[part.id] = found
    return found


def _possible_leaf(result: PartResult, policy: Policy, regrade: Regrade, coming: frozenset[int]) -> Possible:
    part = result.part
    passing: list[Interval] = []
    failing: list[Interval] = []
    for low, high in _boxes(result, policy, regrade, coming):
        least, most = _worth(low, policy), _worth(high, policy)
        if low.gate == high.gate:
            (failing if low.gate else passing).append((least, most))
        else:  # the minimum lies inside: below it the gate is closed, from it on open
            share = (part.weight or Fraction(0)) / 100 if part.bonus else Fraction(1)
            failing.append((least, max(least, share * (part.minimum - JUST_BELOW))))
            passing.append((share * part.minimum, most))
    return Possible(union(passing), union(failing), result.state in OUT or part.graded == "pass-fail")


def _worth(result: PartResult, policy: Policy) -> Fraction:
    """What a part brings: its value, the lowest where it has none, or what it adds where it is a bonus."""
    if result.part.bonus:
        return bonus_of(result)
    return policy.lowest if result.value is None else result.value


def _possible_node(
    result: PartResult,
    policy: Policy,
    regrade: Regrade,
    coming: Callable[[Part], frozenset[int]],
    known: dict[str, Possible],
) -> Possible:
    part, children = result.part, result.children
    possible = [_possible(child, policy, regrade, coming, known) for child in children]
    pairs = list(zip(possible, children, strict=True))
    if result.state in OUT:
        return Possible(((policy.lowest, policy.lowest),), (), True)
    lowest: Interval = (policy.lowest, policy.lowest)
    free = [Possible((*p.passing, *p.failing), (), p.out) for p in possible]
    held = [_gates_held(p, c.part) for p, c in pairs]
    of_all = _together(children, free, part.choice)
    out = of_all is None and not _all_missing(children)
    passing: list[Interval] = []
    failing: list[Interval] = []
    if any(c.part.required and p.failing for p, c in pairs):
        failing += of_all or (lowest,)
    can_hand_in = not _all_missing(children) or any(coming(leaf) for leaf in _leaves(part))
    if can_hand_in and not any(c.part.required and not p.passing for p, c in pairs):
        sums = _together(children, held, part.choice)
        for low, high in sums or (lowest,):
            if sums is None or low >= part.minimum:
                passing.append((low, high))
            elif high < part.minimum:
                failing.append((low, high))
            else:
                failing.append((low, max(low, part.minimum - JUST_BELOW)))
                passing.append((part.minimum, high))
    if part.bonus:
        share = (part.weight or Fraction(0)) / 100
        passing = [(low * share, high * share) for low, high in passing]
        failing = [(low * share, high * share) for low, high in failing]
    if _all_missing(children):
        failing.append((Fraction(0), Fraction(0)) if part.bonus else lowest)
    return Possible(union(passing), union(failing), out)


def _leaves(part: Part) -> Iterator[Part]:
    if not part.parts:
        yield part
    for child in part.parts:
        yield from _leaves(child)


def _all_missing(children: Sequence[PartResult]) -> bool:
    return not any(map(handed_in, children))


def _boxes(
    result: PartResult, policy: Policy, regrade: Regrade, coming: frozenset[int]
) -> Iterator[tuple[PartResult, PartResult]]:
    """The leaf graded at both ends of every choice of scores for its open attempts."""
    part = result.part
    given = [Tried(a.given.state, a.given.score, Lateness(a.units, a.state == "closed")) for a in result.attempts]
    given += [Tried("missing", None)] * (max(coming, default=0) - len(given))
    choices: list[list[tuple[Tried, Tried]]] = []
    for number, attempt in enumerate(given, 1):
        state = result.attempts[number - 1].state if number <= len(result.attempts) else "missing"
        if state == "ungraded":
            choices.append(_scores(part, policy))
        elif number in coming:
            choices.append([(attempt, attempt), *_scores(part, policy)])
        else:
            choices.append([(attempt, attempt)])
    for choice in product(*choices):
        yield regrade(part, [low for low, _ in choice]), regrade(part, [high for _, high in choice])


def _scores(part: Part, policy: Policy) -> list[tuple[Tried, Tried]]:
    """What an open attempt may become: ranges of scores on which the value runs without a step, and a failing mark."""
    failed = Tried("failed", None)
    if part.graded == "pass-fail":
        return [(failed, failed), (Tried("passed", None), Tried("passed", None))]
    if part.graded == "grade" and policy.scale.own:
        ranges = [(Fraction(g), Fraction(g)) for g in policy.scale.grades]
    elif part.graded == "grade":
        low, high = Fraction(policy.scale.lowest), Fraction(policy.scale.top)
        steps = {Fraction(policy.scale.pass_grade)} if part.peer is not None else set()
        ranges = _cut(low, high, steps)
    else:
        ranges = _point_ranges(part, policy)
    return [(failed, failed), *((Tried("scored", a), Tried("scored", b)) for a, b in ranges)]


def _point_ranges(part: Part, policy: Policy) -> list[Interval]:
    """Ranges of points between the steps of the table, the ends of the line, and a minimum in raw points."""
    steps = set(() if policy.percent else part.boundaries or ())
    steps.update(points for points, _ in part.linear or ())
    if part.minimum_raw:
        steps.add(part.minimum)
    ranges = _cut(Fraction(0), part.max or Fraction(0), steps)
    flat = [(a, b) for a, b in ranges if to_value(a, part, policy) == to_value(b, part, policy)]
    return [(a, a) for a, _ in flat] + [r for r in ranges if r not in flat]


def _cut(low: Fraction, high: Fraction, steps: set[Fraction]) -> list[Interval]:
    """The range from ``low`` to ``high``, cut before each step."""
    starts = [low, *sorted(s for s in steps if low < s <= high)]
    ends = [start - JUST_BELOW for start in starts[1:]]
    return [(a, max(a, b)) for a, b in zip(starts, [*ends, high], strict=True)]


def _together(
    results: Sequence[PartResult], possible: Sequence[Possible], choice: Choice | None
) -> tuple[Interval, ...] | None:
    """What the mean of siblings can be, bonus included; None where nothing is left to weigh."""
    counting = [(p, r.part) for p, r in zip(possible, results, strict=True) if r.part.counts and not p.out]
    weights = [part.weight if part.weight is not None else Fraction(1) for _, part in counting]
    keep = keeps(choice, len(counting))
    total = sum(weights, Fraction(0))
    if not total:
        return None
    if keep < len(counting):
        sums = _best_sums([p.passing for p, _ in counting], keep)
        sums = tuple((low / keep, high / keep) for low, high in sums)
    else:
        sums = ((Fraction(0), Fraction(0)),)
        for (option, _), weight in zip(counting, weights, strict=True):
            sums = _add(sums, [(low * weight / total, high * weight / total) for low, high in option.passing])
    for option, result in zip(possible, results, strict=True):
        if result.part.bonus and not option.out:
            sums = _add(sums, option.passing)
    return sums


def _best_sums(options: Sequence[Sequence[Interval]], keep: int) -> tuple[Interval, ...]:
    """The sums of the ``keep`` largest values, over every choice of one interval for each part."""
    tops: set[tuple[tuple[Fraction, ...], tuple[Fraction, ...]]] = {((), ())}
    for option in options:
        tops = {
            (tuple(sorted((*lows, low), reverse=True)[:keep]), tuple(sorted((*highs, high), reverse=True)[:keep]))
            for lows, highs in tops
            for low, high in option
        }
    return union([(sum(lows, Fraction(0)), sum(highs, Fraction(0))) for lows, highs in tops])


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
    parts = {
        name: Possible(tuple(i for reach in found for i in reach.parts[name].passing), ()) for name in found[0].parts
    }
    return Reach(tuple(sorted(grades)), all(reach.may_be_none for reach in found), parts)
