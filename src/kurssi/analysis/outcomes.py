"""Who can pass without a learning outcome: students who show none of it, and everything else at its best."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import floor
from typing import NamedTuple

from kurssi.grading import Grader
from kurssi.grading.conversion.hooks import HALVES, scores
from kurssi.grading.ranges.boxes import JUST_BELOW
from kurssi.policy.composite import Criterion, compose
from kurssi.policy.model import Part, Policy
from kurssi.values.classlist import Attempt, Component, Student

from .claims import Witness
from .search_space import leaves_of

MISSING = (Attempt("missing"),)


class OutcomeCover(NamedTuple):
    """A learning outcome, the parts that assess it, and somebody who passes without it."""

    id: str
    text: str
    parts: tuple[Part, ...]
    criteria: tuple[tuple[Part, Criterion], ...]
    """The criteria that assess it, each with its part; what parts assess as a whole apart."""
    without: Witness | None
    """None where nobody was found who passes: with nothing handed in, or with the best work that is not passed."""
    surely: bool
    """Whether there is nobody where nobody was found: better work lowers no grade, so that the best one decides."""


def outcome_covers(policy: Policy, *, monotone: bool) -> Iterator[OutcomeCover]:
    """The outcomes that have an id and are assessed, in the order of the course.

    ``monotone``: whether it is known that better work lowers no grade.
    """
    for name, text in policy.outcomes:
        parts = tuple(part for part in policy.all_parts() if name in part.outcomes)
        criteria = tuple(
            (part, criterion)
            for part in policy.leaves()
            for criterion in (part.rubric.criteria if part.rubric is not None else ())
            if name in criterion.outcomes and part not in parts
        )
        if parts or criteria:
            yield OutcomeCover(name, text, parts, criteria, _without(policy, parts, criteria), monotone)


def _without(policy: Policy, parts: tuple[Part, ...], criteria: tuple[tuple[Part, Criterion], ...]) -> Witness | None:
    grader = Grader(policy)
    shown = {leaf.id for part in parts for leaf in leaves_of(part)}
    leaves = list(policy.leaves())
    activity = policy.activity
    levels = activity.levels if activity is not None else None
    best = Student(
        "1",
        level=max(levels, key=levels.__getitem__) if levels else None,
        attended=policy.sessions if policy.counts_attendance else None,
        attempts={leaf.id: (scores(leaf, policy, HALVES)[-1],) for leaf in leaves if leaf.id not in shown},
    )
    nothing: dict[str, tuple[Attempt, ...]] = {leaf.id: MISSING for leaf in leaves if leaf.id in shown}
    lacking = _lacking(criteria, shown)
    tries = [nothing]
    for step in (None, Fraction(1, 100), JUST_BELOW):
        tries.append({leaf.id: (_best_that_fails(grader, leaf, step),) for leaf in leaves if leaf.id in shown})
    without: dict[str, tuple[Attempt, ...]] = dict.fromkeys(lacking, MISSING)
    for given in tries:
        for less in (lacking, without):
            student = best._replace(attempts={**best.attempts, **less, **given})
            grade = grader.grade(student).grade
            if grade is not None and grade >= policy.scale.pass_grade:
                return Witness((student,), (grade,))
    return None


def _lacking(criteria: tuple[tuple[Part, Criterion], ...], shown: set[str]) -> dict[str, tuple[Attempt, ...]]:
    """By part with such criteria the best work that shows nothing of them: they are at their lowest levels."""
    found: dict[str, tuple[Attempt, ...]] = {}
    for part in dict.fromkeys(part for part, _ in criteria):
        if part.rubric is None or part.id in shown:
            continue
        low = {criterion.id for owner, criterion in criteria if owner is part}
        cells = [Component(one.id, "scored", one.levels[0 if one.id in low else -1][0]) for one in part.rubric.criteria]
        composed = compose(None, part.rubric, cells)
        found[part.id] = (Attempt(composed.state, composed.score),)
    return found


def _best_that_fails(grader: Grader, leaf: Part, step: Fraction | None) -> Attempt:
    """The best work that is not passed, by its value; none at all where every score is.

    ``step``: it is so near to one that is passed; else it is one that a teacher would write.
    """
    policy = grader.policy
    passed: Attempt | None = None
    for attempt in reversed(scores(leaf, policy, HALVES)):
        if not _fails(grader, leaf, attempt):
            passed = attempt
            continue
        low, high = attempt.score, passed.score if passed is not None else None
        if step is None or low is None or high is None or (leaf.in_grades and policy.scale.own):
            return attempt
        while high - low > step:
            middle = low + step * max(1, floor((high - low) / step / 2))
            low, high = (middle, high) if _fails(grader, leaf, Attempt("scored", middle)) else (low, middle)
        return Attempt("scored", low)
    return Attempt("missing")


def _fails(grader: Grader, leaf: Part, attempt: Attempt) -> bool:
    result = grader.leaf(leaf, (attempt,))
    return result.state == "failed" or (result.value is not None and result.value < grader.policy.pass_value)
