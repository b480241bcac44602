"""Who can pass without a learning outcome: students who show none of it, and everything else at its best."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from kurssi.grading import Grader
from kurssi.grading.conversion.hooks import HALVES, scores
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


def outcome_covers(policy: Policy) -> Iterator[OutcomeCover]:
    """The outcomes that have an id and are assessed, in the order of the course."""
    for name, text in policy.outcomes:
        parts = tuple(part for part in policy.all_parts() if name in part.outcomes)
        criteria = tuple(
            (part, criterion)
            for part in policy.leaves()
            for criterion in (part.rubric.criteria if part.rubric is not None else ())
            if name in criterion.outcomes and part not in parts
        )
        if parts or criteria:
            yield OutcomeCover(name, text, parts, criteria, _without(policy, parts, criteria))


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
    failed = {leaf.id: (_best_that_fails(grader, leaf),) for leaf in leaves if leaf.id in shown}
    lacking = _lacking(criteria, shown)
    for given in ({**lacking, **nothing}, {**lacking, **failed}, {**dict.fromkeys(lacking, MISSING), **nothing}):
        student = best._replace(attempts={**best.attempts, **given})
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


def _best_that_fails(grader: Grader, leaf: Part) -> Attempt:
    """The best work that is not passed, by its value; none at all where every score is."""
    policy = grader.policy
    for attempt in reversed(scores(leaf, policy, HALVES)):
        result = grader.leaf(leaf, (attempt,))
        if result.state == "failed" or (result.value is not None and result.value < policy.pass_value):
            return attempt
    return Attempt("missing")
