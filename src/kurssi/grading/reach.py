"""Which grades an incomplete student can still reach, exactly (contract section 5, "States").

An open attempt can still become any score that its cell may hold; it counts as on time. What a part can still be
worth is a union of closed intervals (a single point where a score table has steps), so what the whole can be worth is
one too: means, best-of, peer marks, activity and the guard against failing are continuous and rise with every part,
and a continuous total passes every grade between two that it reaches.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import pairwise, product
from typing import NamedTuple

from kurssi.classlist import Attempt
from kurssi.policy import Part, Policy, to_value

from .combine import bonus_of
from .result import PartResult
from .total import clamped, rounded, with_activity

Interval = tuple[Fraction, Fraction]
Regrade = Callable[[Part, Sequence[Attempt]], PartResult]
"""Grades a leaf of this student again with other attempts, lateness and peer marks included."""


class Possible(NamedTuple):
    """What a part can still become: the values it may pass with, whether it may fail its gate, and by which values."""

    passing: tuple[Interval, ...]
    failing: tuple[Interval, ...]
    out: bool = False
    """Whether it leaves the mean (excused, or a gate without a value)."""


def reachable(
    results: Sequence[PartResult],
    policy: Policy,
    adjust: Fraction,
    regrade: Regrade,
    still_open: Callable[[Part], set[int]],
) -> tuple[int, ...]:
    """Every final grade that is still reachable, ascending.

    ``still_open`` gives the numbers of the attempts of a leaf that are not handed in and may still come.
    """
    siblings = [_possible(result, policy, regrade, still_open) for result in results]
    scale = policy.scale
    grades: set[int] = set()
    if any(p.failing and r.part.required for p, r in zip(siblings, results, strict=True)):
        grades.add(scale.lowest)
    totals = _together(results, [_any(p, r.part) for p, r in zip(siblings, results, strict=True)], None, None)
    if any(r.part.required and not p.passing for p, r in zip(siblings, results, strict=True)):
        return tuple(sorted(grades))
    if totals is None:  # gates alone decide
        return tuple(sorted(grades | {scale.top}))
    for low, high in totals:
        first, last = (clamped(policy, rounded(policy, with_activity(policy, value, adjust))) for value in (low, high))
        grades.update(range(first, last + 1))
    return tuple(sorted(grades))


def _any(possible: Possible, part: Part) -> Possible:
    """A part as it can stand in a mean whose gates hold: a required one with passing values only."""
    if part.required:
        return possible._replace(failing=())
    return Possible(_union([*possible.passing, *possible.failing]), (), possible.out)


def _possible(result: PartResult, policy: Policy, regrade: Regrade, still_open: Callable[[Part], set[int]]) -> Possible:
    part = result.part
    if part.parts:
        return _possible_node(result, policy, regrade, still_open)
    passing: list[Interval] = []
    failing: list[Interval] = []
    out = result.state in ("excused", "recognised") or part.graded == "pass-fail"
    for low, high in _boxes(result, policy, regrade, still_open(part)):
        least = low.value if low.value is not None else policy.lowest
        most = high.value if high.value is not None else policy.lowest
        if part.minimum_raw or low.gate == high.gate:
            (failing if low.gate else passing).append((least, most))
        else:  # the minimum lies inside: below it the gate is closed, from it on open
            failing.append((least, part.minimum))
            passing.append((part.minimum, most))
    return Possible(_union(passing), _union(failing), out)


def _possible_node(
    result: PartResult, policy: Policy, regrade: Regrade, still_open: Callable[[Part], set[int]]
) -> Possible:
    part, children = result.part, result.children
    if result.state in ("excused", "recognised"):
        return Possible(((policy.lowest, policy.lowest),), (), True)
    possible = [_possible(child, policy, regrade, still_open) for child in children]
    must = [child.part.required for child in children]
    all_values = _together(
        children, [Possible((*p.passing, *p.failing), (), p.out) for p in possible], part.best, part.drop_lowest
    )
    if all_values is None:
        all_values = ((policy.lowest, policy.lowest),)
    failing: list[Interval] = []
    passing: list[Interval] = []
    if any(m and p.failing for m, p in zip(must, possible, strict=True)) or _nothing_handed_in(children):
        failing += all_values
    if not any(m and not p.passing for m, p in zip(must, possible, strict=True)):
        kept = [_any(p, c.part) for p, c in zip(possible, children, strict=True)]
        for low, high in _together(children, kept, part.best, part.drop_lowest) or ((policy.lowest, policy.lowest),):
            if high < part.minimum:
                failing.append((low, high))
            elif low >= part.minimum:
                passing.append((low, high))
            else:
                failing.append((low, part.minimum))
                passing.append((part.minimum, high))
    return Possible(_union(passing), _union(failing))


def _nothing_handed_in(children: Sequence[PartResult]) -> bool:
    return all(c.state in ("missing", "closed", "excused", "recognised") for c in children)


def _boxes(
    result: PartResult, policy: Policy, regrade: Regrade, coming: set[int]
) -> Iterator[tuple[PartResult, PartResult]]:
    """The leaf graded at both ends of every choice of scores for its open attempts."""
    part = result.part
    given = [a.given for a in result.attempts]
    given += [Attempt("missing")] * (max(coming, default=0) - len(given))
    choices: list[list[tuple[Attempt, Attempt]]] = []
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


def _scores(part: Part, policy: Policy) -> list[tuple[Attempt, Attempt]]:
    """What an open attempt may become: ranges of scores on which the value runs without a step, and a failing mark."""
    failed = Attempt("failed")
    if part.graded == "pass-fail":
        return [(failed, failed), (Attempt("passed"), Attempt("passed"))]
    if part.graded == "grade":
        low, high = Fraction(policy.scale.lowest), Fraction(policy.scale.top)
        ranges = [(Fraction(g), Fraction(g)) for g in policy.scale.grades] if policy.scale.own else [(low, high)]
    else:
        most = part.max or Fraction(0)
        cuts = {Fraction(0), most}
        cuts.update(part.boundaries or ())
        cuts.update(points for points, _ in part.linear or ())
        if part.minimum_raw and part.required:  # a gate that nobody looks at makes no step
            cuts.add(part.minimum)
        points = sorted(c for c in cuts if 0 <= c <= most)
        ranges = [(p, p) for p in points]
        if part.boundaries is None or policy.percent:  # between two steps the value runs on
            ranges += [(a, b) for a, b in pairwise(points) if _runs(part, policy, a, b)]
    return [(failed, failed), *((Attempt("scored", a), Attempt("scored", b)) for a, b in ranges)]


def _runs(part: Part, policy: Policy, low: Fraction, high: Fraction) -> bool:
    """Whether the value rises without a step from ``low`` to ``high``, and no raw minimum lies at the end."""
    if part.minimum_raw and part.required and high == part.minimum:
        return False
    if part.linear is not None and high == part.linear[0][0]:
        return False
    return to_value(low, part, policy) < to_value(high, part, policy)


def _together(
    results: Sequence[PartResult], possible: Sequence[Possible], best: int | None, drop: int | None
) -> tuple[Interval, ...] | None:
    """What the mean of siblings can be; None where nothing is left to weigh."""
    counting = [
        (p, r.part)
        for p, r in zip(possible, results, strict=True)
        if r.part.counts and not p.out and (p.passing or p.failing)
    ]
    weights = [part.weight if part.weight is not None else Fraction(1) for _, part in counting]
    keep = best if best is not None else max(1, len(counting) - drop) if drop else None
    if keep is not None and keep < len(counting):
        sums = _best_sums([p.passing for p, _ in counting], keep)
        sums = tuple((low / keep, high / keep) for low, high in sums)
    else:
        total = sum(weights, Fraction(0))
        if not total:
            return None
        sums = ((Fraction(0), Fraction(0)),)
        for (option, _), weight in zip(counting, weights, strict=True):
            sums = _add(sums, [(low * weight / total, high * weight / total) for low, high in option.passing])
    for option, result in zip(possible, results, strict=True):
        if result.part.bonus and not option.out:
            share = (result.part.weight or Fraction(0)) / 100
            sums = _add(sums, [(low * share, high * share) for low, high in option.passing])
        elif result.part.bonus:
            extra = bonus_of(result)
            sums = _add(sums, [(extra, extra)])
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
    return _union([(sum(lows, Fraction(0)), sum(highs, Fraction(0))) for lows, highs in tops])


def _add(sums: Sequence[Interval], more: Sequence[Interval]) -> tuple[Interval, ...]:
    return _union([(a + c, b + d) for a, b in sums for c, d in more])


def _union(intervals: Sequence[Interval]) -> tuple[Interval, ...]:
    out: list[Interval] = []
    for low, high in sorted(intervals):
        if out and low <= out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], high))
        else:
            out.append((low, high))
    return tuple(out)
