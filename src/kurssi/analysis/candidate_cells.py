"""What somebody could hand in for one part: invented attempts, and what the grader makes of each.

These are the values from which :mod:`.search_space` puts students together: every score of a grid (whole, half grades,
or those at which something changes), not handed in, and late by each number of units that makes a difference.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from fractions import Fraction
from math import ceil, floor
from typing import NamedTuple
from zoneinfo import ZoneInfo

from kurssi.grading import Grader, PartResult
from kurssi.policy.model import Late, Part, Policy
from kurssi.values.classlist import Attempt
from kurssi.values.hours import Length
from kurssi.values.times import When, deadline

FINE, HALVES, WHOLE, ENDS = "fine", "halves", "whole", "ends"
"""How fine a grid is: hundredths, whole and half grades, whole grades, or only where something changes."""
_STEPS = {FINE: Fraction(1, 100), HALVES: Fraction(1, 2), WHOLE: Fraction(1)}

MOST_POINTS = 40
"""More points than this are taken in larger steps, with every point at which something changes."""
MOST_UNITS = 60
"""Late units that are looked at one by one; hours beyond this are taken where something changes."""

_LENGTHS = {"day": timedelta(days=1), "week": timedelta(weeks=1), "hour": timedelta(hours=1)}


class PartValue(NamedTuple):
    """What a part brings: its value among siblings that count, what it adds as a bonus, and whether its gate is open.

    ``cells`` are the attempts of a leaf that bring it.
    """

    value: Fraction | None
    add: Fraction
    open: bool
    cells: tuple[Attempt, ...] = ()


def outcome(grader: Grader, part: Part, cells: Sequence[Attempt], forgiven: int = 0) -> PartValue:
    """What the grading core makes of the attempts of one leaf."""
    return of_result(grader.leaf(part, cells, forgiven), cells)


def of_result(result: PartResult, cells: Sequence[Attempt]) -> PartValue:
    """A graded leaf as it enters the mean of its siblings."""
    part = result.part
    add = Fraction(0)
    if part.bonus and result.state == "scored" and result.value is not None:
        add = (part.weight or Fraction(0)) * result.value / 100
    return PartValue(result.value if part.counts else None, add, result.gate is None, tuple(cells))


# ---- scores ------------------------------------------------------------------------------------------------


def is_stepped(part: Part, policy: Policy) -> bool:
    """Whether only finitely many values are possible on time: gates, labels, points with boundaries."""
    if part.graded == "pass-fail":
        return True
    if part.graded == "grade":
        return policy.scale.own
    return part.boundaries is not None and not policy.percent


def scores(part: Part, policy: Policy, grid: str) -> list[Attempt]:
    """Scores that a cell of the part may hold, rising; a pass-fail part: failed and passed."""
    if part.graded == "pass-fail":
        return [Attempt("failed"), Attempt("passed")]
    return [Attempt("scored", score) for score in sorted(set(_numbers(part, policy, grid)))]


def _numbers(part: Part, policy: Policy, grid: str) -> Iterator[Fraction]:
    scale = policy.scale
    if part.graded == "grade" and scale.own:
        yield from (Fraction(grade) for grade in scale.grades)
        return
    if part.graded == "grade":
        low, high = Fraction(scale.lowest), Fraction(scale.top)
        if grid != ENDS:
            step = _STEPS[grid]
            yield from (low + step * n for n in range(int((high - low) / step) + 1))
    else:
        low, high = Fraction(0), part.max or Fraction(0)
        if grid != ENDS and not is_stepped(part, policy):
            step = Fraction(max(1, ceil(high / (10 if grid == WHOLE else MOST_POINTS))))
            if grid == FINE:
                step = Fraction(1, 100) if high <= 10 else Fraction(1, 10)
            yield from (step * n for n in range(floor(high / step) + 1))
    yield from (score for score in critical(part, policy) if low <= score <= high)
    yield low
    yield high


def critical(part: Part, policy: Policy) -> set[Fraction]:
    """Scores at which something changes, in hundredths, and just below each step."""
    scale = policy.scale
    found: set[Fraction] = set()
    if part.graded == "grade":
        span = scale.top - scale.lowest
        least = scale.lowest + part.minimum * span / 100 if policy.percent else part.minimum
        found = {Fraction(scale.pass_grade), least}
    else:
        found.update(() if policy.percent else part.boundaries or ())
        found.update(points for points, _ in part.linear or ())
        if part.minimum_raw:
            found.add(part.minimum)
        elif policy.percent:
            found.add(part.minimum * (part.max or 0) / 100)
        elif part.linear is not None:
            (low_points, low), (high_points, high) = part.linear
            found.add(low_points + (part.minimum - low) * (high_points - low_points) / (high - low))
    hundredths = {Fraction(ceil(score * 100), 100) for score in found}
    return hundredths | {score - Fraction(1, 100) for score in hundredths} if is_stepped(part, policy) else hundredths


def every_score(part: Part, policy: Policy, grid: str) -> list[Attempt]:
    """Every score of the finite grid that a teacher writes: whole or half grades, whole points, labels."""
    if part.graded == "points":
        return [Attempt("scored", Fraction(n)) for n in range(floor(part.max or Fraction(0)) + 1)]
    if part.graded == "pass-fail" or policy.scale.own:
        return scores(part, policy, grid)
    step = Fraction(1, 2) if grid == HALVES else Fraction(1)
    low, high = policy.scale.lowest, policy.scale.top
    return [Attempt("scored", low + step * n) for n in range(int((high - low) / step) + 1)]


# ---- times -------------------------------------------------------------------------------------------------


def units_until_stable(late: Late, policy: Policy) -> int:
    """After how many late units nothing more changes, or the part closes; at most ``MOST_UNITS``."""
    last = MOST_UNITS
    if late.closes is not None:
        unit = _LENGTHS[late.per]
        length = timedelta(days=late.closes.days) if late.closes.days else late.closes.elapsed
        last = min(last, max(1, ceil(length / unit)))
    if late.table:
        last = min(last, len(late.deduct))
    elif late.deduct and late.deduct[0]:
        most = Fraction(100) if late.percent else policy.top
        if late.at_most is not None and late.at_most_percent == late.percent:
            most = min(most, late.at_most)
        last = min(last, ceil(most / late.deduct[0]))
    else:
        last = 1 if late.closes is None else min(last, 1)
    return max(1, last)


def late_times(part: Part, due: When, zone: ZoneInfo) -> Iterator[tuple[int, When]]:
    """(started units, a time that many units late): the last minute of each unit, while the part is not closed."""
    from kurssi.grading.lateness import LateClock

    late = part.late
    if late is None:
        return
    clock = LateClock(late, due, zone)
    seen: set[int] = set()
    for unit in range(1, MOST_UNITS + 1):
        when = moved(due, late, unit, zone)
        units, closed = clock.of(when)
        if closed:
            return
        if units and units not in seen:
            seen.add(units)
            yield units, when


def closing_time(part: Part, due: When, zone: ZoneInfo) -> When | None:
    """A minute after the part closes; None where it never does."""
    if part.late is None or part.late.closes is None:
        return None
    closes = deadline(due, zone, part.late.closes)
    grace = deadline(due, zone, part.late.grace) if part.late.grace is not None else closes
    return _local(max(closes, grace) + timedelta(minutes=1), zone)


def moved(due: When, late: Late, units: int, zone: ZoneInfo) -> When:
    """A time in the last minute of the ``units``-th late unit after ``due``."""
    if late.per == "hour":
        instant = deadline(due, zone) + timedelta(hours=units)
    else:
        instant = deadline(due, zone, Length(units, "d" if late.per == "day" else "w"))
    return _local(instant - timedelta(minutes=1), zone)


def on_time(due: When, zone: ZoneInfo) -> When:
    """The minute of the deadline."""
    return _local(deadline(due, zone) - timedelta(minutes=1), zone)


def _local(instant: object, zone: ZoneInfo) -> When:
    from datetime import datetime

    assert isinstance(instant, datetime)  # noqa: S101 - narrows the type
    return When(instant.astimezone(zone).replace(tzinfo=None, second=0, microsecond=0), True)


def first_due(part: Part) -> When | None:
    """The deadline of the first attempt."""
    return part.dues[0] if part.dues else None


def dedupe(outcomes: Iterable[PartValue]) -> list[PartValue]:
    """One outcome of each kind, the first that came."""
    found: dict[tuple[Fraction | None, Fraction, bool], PartValue] = {}
    for one in outcomes:
        found.setdefault((one.value, one.add, one.open), one)
    return list(found.values())
