"""Activity that never changes a grade."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import partial
from math import ceil

from kurssi.analysis.bounds import Bounds
from kurssi.analysis.budget import Budget, Undecided
from kurssi.analysis.claims import EXHAUSTIVE, INTERVALS, Claim, Witness, holds
from kurssi.analysis.effects import Grids
from kurssi.analysis.search_space import NOTHING, End, SearchSpace
from kurssi.diagnostics.finding import Severity
from kurssi.diagnostics.message import msg
from kurssi.grading.activity import stepped
from kurssi.grading.activity.hooks import with_activity_of
from kurssi.policy.model import Activity, Policy
from kurssi.values.classlist import Student


def dead_levels(grids: Grids) -> Iterator[Claim]:
    """Levels and bands of activity that never change a grade."""
    policy = grids.policy
    activity = policy.activity
    if activity is None or not any(part.counts for part in policy.parts):
        return
    if activity.levels is None:
        yield from dead_bands(activity, lambda like, adjust: grids.ask(partial(_attending, like=like, adjust=adjust)))
        return
    undecided = False
    for name, adjust in activity.levels.items():
        if not adjust or grids.ask(partial(_activity_moves, adjust=adjust)):
            continue
        if not _activity_cannot(policy, adjust, grids.steps):
            undecided = True
            continue
        yield Claim(
            "dead-level",
            Severity.warning,
            (*activity.path, "levels", name),
            msg("the level {level} never changes a grade", level=name),
            msg("the adjustment is too small for the grades that are possible: make it larger"),
            INTERVALS,
            grids.ask(partial(_unmoved, like=Student("1", level=name), adjust=adjust)),
            name,
        )
    if undecided:
        raise Undecided


def dead_bands(activity: Activity, shown: Callable[[Student, Fraction], Witness | None]) -> Iterator[Claim]:
    """Bands of attendance that no number of sessions falls into; ``shown``: somebody who attended like this one."""
    hit = set()
    for attended in range(activity.sessions + 1):
        share = Fraction(attended, activity.sessions)
        hit.add(next((i for i, band in enumerate(activity.bands) if share >= band.share), None))
    for index, band in enumerate(activity.bands):
        if index in hit:
            continue
        near = Student("1", attended=min(ceil(band.share * activity.sessions), activity.sessions))
        adjust = activity.bands[max(0, index - 1)].adjust
        yield Claim(
            "dead-level",
            Severity.warning,
            (*activity.path, "attendance", "bands", index),
            msg(
                "nobody can be in the band from {share} %: no number of {n} sessions falls into it",
                share=band.share * 100,
                n=activity.sessions,
            ),
            msg("move its limit to a share that a number of sessions reaches"),
            EXHAUSTIVE,
            shown(near, adjust),
            str(index + 1),
        )


def _attending(space: SearchSpace, like: Student, adjust: Fraction) -> Witness | None:
    """A student of the band above: nobody is nearer to the band."""
    for total, cells in space.totals().items():
        witness = Witness((with_activity_of(space.student(cells), like),), (space.grade(End(total, True), adjust),))
        if holds(space.policy, witness):
            return witness
    return None


def _activity_moves(space: SearchSpace, adjust: Fraction) -> bool:
    return any(space.grade(End(t, True), adjust) != space.grade(End(t, True)) for t in space.totals())


def _activity_cannot(policy: Policy, adjust: Fraction, steps: int) -> bool:
    """Whether an adjustment moves no total within bounds to another grade."""
    if policy.activity is not None and policy.activity.in_steps:
        return all(stepped(policy, grade, adjust) == grade for grade in policy.scale.grades)
    bounds = Bounds(policy, Budget(steps))
    totals = bounds.siblings(bounds.ends.top, None)
    low, high = min(adjust, NOTHING), max(adjust, NOTHING)
    return not any(a <= t - low and t - high <= b for t in bounds.thresholds([NOTHING]) for a, b in totals)


def _unmoved(space: SearchSpace, like: Student, adjust: Fraction) -> Witness | None:
    """A student with an activity and the same without it, whose grades are equal."""
    for total, cells in space.totals().items():
        grade = space.grade(End(total, True), adjust)
        if grade == space.grade(End(total, True)):
            one = space.student(cells)
            witness = Witness((one, with_activity_of(one._replace(student="2"), like)), (grade, grade), apart=True)
            if holds(space.policy, witness):
                return witness
    return None
