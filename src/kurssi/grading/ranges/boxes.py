"""What the open attempts of a part may become: boxes of scores in which its value runs without a step.

A part and those that take its scores are looked at together, and each of them with free time spent in every way that
is compared: the same scores stand in all of them, so that their values move together. Inside a box no gate of theirs
opens or closes, and all values rise from one corner to the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import product
from math import ceil, floor
from typing import NamedTuple, assert_never

from kurssi.grading.attempts import Tried
from kurssi.grading.demands import stand_of
from kurssi.grading.lateness import Lateness
from kurssi.grading.result import OPEN, PartResult
from kurssi.policy.model import Part, Policy, to_value
from kurssi.values.classlist import Span
from kurssi.values.numbers import MOST_DIGITS

Interval = tuple[Fraction, Fraction]
Reader = tuple[Part, int]
"""A part, and the number of the spending of free time with which it is graded; 0 where there is one."""
Regrade = Callable[[Reader, Sequence[Tried]], PartResult]
"""Grades a leaf of this student again with other attempts, what is forgiven and peer marks included."""


class Box(NamedTuple):
    """Scores of the attempts at one part, and what those that read them come to at both ends."""

    low: tuple[Tried, ...]
    high: tuple[Tried, ...]
    ends: Mapping[tuple[str, int], tuple[PartResult, PartResult]]
    """By id of the part and number of the spending."""

    @property
    def width(self) -> Fraction:
        """The widest range of scores of an attempt."""
        return max(_width(a, b) for a, b in zip(self.low, self.high, strict=True))

    def corners(self) -> tuple[Box, Box]:
        """The two ends as boxes of their own."""
        first = {reader: (low, low) for reader, (low, _) in self.ends.items()}
        last = {reader: (high, high) for reader, (_, high) in self.ends.items()}
        return Box(self.low, self.low, first), Box(self.high, self.high, last)


def _width(low: Tried, high: Tried) -> Fraction:
    return (high.score or ZERO) - (low.score or ZERO)


def _box(readers: Iterable[Reader], low: Sequence[Tried], high: Sequence[Tried], regrade: Regrade) -> Box:
    ends = {(part.id, spending): _ends((part, spending), low, high, regrade) for part, spending in readers}
    return Box(tuple(low), tuple(high), ends)


def _ends(
    reader: Reader, low: Sequence[Tried], high: Sequence[Tried], regrade: Regrade
) -> tuple[PartResult, PartResult]:
    first = regrade(reader, low)
    return first, first if low == high else regrade(reader, high)


class Crossing(NamedTuple):
    """A gate, or something else that is asked, on which a box of scores lies on both sides."""

    readers: frozenset[str]
    """The ids of the parts whose scores move it."""
    at: Fraction
    """Where it lies between the lower end (0) and the upper one (1), if all of them rise together."""


HALF = Fraction(1, 2)


def halves(box: Box, regrade: Regrade, at: Fraction = HALF) -> Iterator[Box]:
    """Both sides of a box, cut across its widest range into scores that a cell can hold; one where only one is left.

    Else a gate that opens at the very score from which another grade is given would seem to bring the lower one as
    well, on however narrow a side.
    """
    readers = [(low.part, spending) for (_, spending), (low, _) in box.ends.items()]
    widths = [_width(a, b) for a, b in zip(box.low, box.high, strict=True)]
    widest = widths.index(max(widths))
    low = box.low[widest].score or ZERO
    first, last = ceil(low / JUST_BELOW), floor((low + widths[widest]) / JUST_BELOW)
    below = max(min(ceil((low + widths[widest] * at) / JUST_BELOW) - 1, last - 1), first)
    for ends in ((first, below), (below + 1, last)):
        if ends[0] <= ends[1]:
            scores = [Tried("scored", number * JUST_BELOW) for number in ends]
            lows, highs = (
                [*side[:widest], score, *side[widest + 1 :]] for side, score in zip(box[:2], scores, strict=True)
            )
            yield _box(readers, lows, highs, regrade)


ZERO = Fraction(0)

JUST_BELOW = Fraction(1, 10 ** (MOST_DIGITS - 2))
"""No cell can hold a score nearer to a bound of two digits than this, below it or above it."""

FAILED = Tried("failed", None)
MOST_STEPS = 200
"""So often is a range halved before the score is taken from which a gate is open."""


def boxes(
    own: PartResult, readers: Sequence[Reader], policy: Policy, regrade: Regrade, coming: frozenset[int]
) -> list[Box]:
    """The readers graded at both ends of every choice of scores for the open attempts at ``own``.

    ``readers``: the part itself, and those that take its scores, with every spending that is compared. ``coming``: the
    numbers of the attempts that are not handed in and may still come.
    """
    given = [
        Tried(a.given.state, a.given.score, Lateness(a.units, a.state == "closed"), a.given.among) for a in own.attempts
    ]
    given += [Tried("missing", None)] * (max(coming, default=0) - len(given))
    scores = _scores([part for part, spending in readers if spending == readers[0][1]], policy)
    choices: list[list[tuple[Tried, Tried]]] = []
    for number, attempt in enumerate(given, 1):
        state = own.attempts[number - 1].state if number <= len(own.attempts) else "missing"
        if state not in OPEN and number not in coming:
            choices.append([(attempt, attempt)])
            continue
        found = _among(attempt.among, scores) if attempt.among else scores
        if len(readers) > 1:
            found = list(_cut_at_steps(found, readers, policy, regrade, number))
        choices.append(found if state in OPEN else [(attempt, attempt), *found])
    known: dict[object, Box] = {}
    for choice in _together(readers, choices, regrade):
        low, high = ([end[side] for end in choice] for side in (0, 1))
        box = _box(readers, low, high, regrade)
        known.setdefault(tuple([_alike(ends) for ends in box.ends.values()]), box)
    return list(known.values())


Pairs = tuple[tuple[Tried, Tried], ...]
"""The first attempts, each at the lower and at the upper end of what it becomes."""


def _together(
    readers: Sequence[Reader], choices: Sequence[Sequence[tuple[Tried, Tried]]], regrade: Regrade
) -> Iterable[Pairs]:
    """What all attempts become together, in the order of :func:`product`.

    Where one attempt counts, those before the next one matter only by the one that counts so far: of several that come
    to the same only the first are gone on with. Five attempts with eight choices each would else be 30 000.
    """
    if any(part.joins for part, _ in readers):
        return product(*choices)
    found: list[Pairs] = [()]
    for choice in choices:
        found = [(*before, pair) for before in _told_apart(found, readers, regrade) for pair in choice]
    return found


def _told_apart(found: list[Pairs], readers: Sequence[Reader], regrade: Regrade) -> Iterable[Pairs]:
    """Of those that no later attempt tells apart the first."""
    if len(found) == 1:
        return found
    known: dict[object, Pairs] = {}
    for pairs in found:
        low, high = ([pair[side] for pair in pairs] for side in (0, 1))
        ends = [_ends(reader, low, high, regrade) for reader in readers]
        known.setdefault(tuple([_counting(end) for both in ends for end in both]), pairs)
    return known.values()


def _counting(end: PartResult) -> object:
    """How a part stands so far: by the attempt that counts, else by why there is none."""
    return end.state, None if end.used is None else end.attempts[end.used - 1]


def _alike(ends: tuple[PartResult, PartResult]) -> object:
    """What of a part decides about the whole."""
    return tuple([(end.state, end.used, stand_of(end)) for end in ends])


def _scores(parts: Sequence[Part], policy: Policy) -> list[tuple[Tried, Tried]]:
    """What an open attempt may become: ranges of scores on which the values run without a step, and a failing mark."""
    part = parts[0]
    match part.graded:
        case "pass-fail":
            return [(FAILED, FAILED), (Tried("passed", None), Tried("passed", None))]
        case "grade":
            ranges = _grade_ranges(part, policy)
        case "points":
            ranges = _point_ranges(parts, policy)
        case _ as unknown:
            assert_never(unknown)
    return [(FAILED, FAILED), *((Tried("scored", a), Tried("scored", b)) for a, b in ranges)]


def _among(spans: Sequence[Span], scores: Sequence[tuple[Tried, Tried]]) -> list[tuple[Tried, Tried]]:
    """The same of an attempt that can only get scores in these spans."""
    ranges = [(low.score, high.score) for low, high in scores]
    known = [(low, high) for low, high in ranges if low is not None and high is not None]
    found = [(max(low, first), min(high, last)) for first, last in spans for low, high in known if first != last]
    # a range on which the value is the same is there with its lowest score, which may lie below a span
    found = [*((first, first) for first, _ in spans), *((a, b) for a, b in found if a <= b)]
    return [(Tried("scored", a), Tried("scored", b)) for a, b in found]


def _grade_ranges(part: Part, policy: Policy) -> list[Interval]:
    """Every grade of an own scale; else the whole scale, at the pass grade in two where peer marks stop there."""
    if policy.scale.own:
        return [(Fraction(g), Fraction(g)) for g in policy.scale.grades]
    steps = {Fraction(policy.scale.pass_grade)} if part.peer is not None else set()
    return cut(Fraction(policy.scale.lowest), Fraction(policy.scale.top), steps)


def _point_ranges(parts: Sequence[Part], policy: Policy) -> list[Interval]:
    """Ranges of points between the steps of the table, the ends of the line, and what is asked in raw points."""
    steps: set[Fraction] = set()
    for part in parts:
        for bound in () if policy.percent else part.boundaries or ():
            steps.add(bound.value + JUST_BELOW if bound.strict else bound.value)
        steps.update(points for points, _ in part.linear or ())
        steps.update(demand.bound for demand in policy.demands_on(part.id) if demand.in_points)
        if part.minimum_raw:
            steps.add(part.minimum)
        if part.stepped is not None and part.stepped.whole is not None:
            steps.update(part.stepped.bounds)
    ranges = cut(ZERO, parts[0].most or ZERO, steps)
    flat = [(a, b) for a, b in ranges if all(to_value(a, p, policy) == to_value(b, p, policy) for p in parts)]
    return [(a, a) for a, _ in flat] + [r for r in ranges if r not in flat]


def cut(low: Fraction, high: Fraction, steps: set[Fraction]) -> list[Interval]:
    """The range from ``low`` to ``high``, cut before each step."""
    starts = [low, *sorted(s for s in steps if low < s <= high)]
    ends = [start - JUST_BELOW for start in starts[1:]]
    return [(a, max(a, b)) for a, b in zip(starts, [*ends, high], strict=True)]


def asked_values(part: Part, policy: Policy, late: Fraction = ZERO) -> set[Fraction]:
    """The values of a part from which on something of it is met: its gate, what grades ask, steps of a bonus.

    ``late``: what is added after the gate.
    """
    steps = {demand.bound - late for demand in policy.demands_on(part.id) if demand.of_value}
    if part.stepped is not None and part.stepped.whole is None:
        steps.update(part.stepped.bounds)
    if not part.minimum_raw:
        steps.add(part.minimum)
    return steps


def _cut_at_steps(
    ranges: Sequence[tuple[Tried, Tried]], readers: Sequence[Reader], policy: Policy, regrade: Regrade, number: int
) -> Iterator[tuple[Tried, Tried]]:
    """The same ranges of one attempt, cut where it alone meets something that is asked of a part."""
    for low, high in ranges:
        if low.score is None or high.score is None or low.score == high.score:
            yield low, high
            continue
        found = [
            _reaches(reader, value, low.score, high.score, regrade, number)
            for reader in readers
            for value in asked_values(reader[0], policy)
        ]
        steps = {step for step in found if step is not None}
        for first, last in cut(low.score, high.score, steps):
            yield Tried("scored", first), Tried("scored", last)


def _reaches(
    reader: Reader, wanted: Fraction, low: Fraction, high: Fraction, regrade: Regrade, number: int
) -> Fraction | None:
    """The least score from which an attempt brings a value; None where it does not do so inside the range.

    The value runs in straight pieces: where both ends lie on one of them the score follows, else the range is halved.
    """

    def value_of(score: Fraction) -> Fraction | None:
        return regrade(reader, [*[Tried("missing", None)] * (number - 1), Tried("scored", score)]).value

    at_low, at_high = value_of(low), value_of(high)
    if at_low is None or at_high is None or not at_low < wanted <= at_high:
        return None
    for step in range(MOST_STEPS):
        score = (low + high) / 2
        if step % 2 == 0:
            score = low + (wanted - at_low) * (high - low) / (at_high - at_low)
        value = value_of(score) or ZERO
        if value < wanted:
            low, at_low = score, value
        elif value == wanted and (value_of(score - JUST_BELOW) or ZERO) < wanted:
            return score
        else:
            high, at_high = score, value
        if high - low < JUST_BELOW:
            break
    return high
