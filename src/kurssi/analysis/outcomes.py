"""Who can pass without a learning outcome: students who show none of it, and everything else at its best."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from kurssi.grading import Grader
from kurssi.grading.conversion.hooks import HALVES, scores
from kurssi.policy.model import Part, Policy
from kurssi.values.classlist import Attempt, Student

from .claims import Witness
from .search_space import leaves_of


class OutcomeCover(NamedTuple):
    """A learning outcome, the parts that assess it, and somebody who passes without it."""

    id: str
    text: str
    parts: tuple[Part, ...]
    without: Witness | None
    """None where nobody was found who passes: with nothing handed in, or with the best work that is not passed."""


def outcome_covers(policy: Policy) -> Iterator[OutcomeCover]:
    """The outcomes that have an id and are assessed, in the order of the course."""
    for name, text in policy.outcomes:
        parts = tuple(part for part in policy.all_parts() if name in part.outcomes)
        if parts:
            yield OutcomeCover(name, text, parts, _without(policy, parts))


def _without(policy: Policy, parts: tuple[Part, ...]) -> Witness | None:
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
    nothing = {leaf.id: (Attempt("missing"),) for leaf in leaves if leaf.id in shown}
    failed = {leaf.id: (_best_that_fails(grader, leaf),) for leaf in leaves if leaf.id in shown}
    for given in (nothing, failed):
        student = best._replace(attempts={**best.attempts, **given})
        grade = grader.grade(student).grade
        if grade is not None and grade >= policy.scale.pass_grade:
            return Witness((student,), (grade,))
    return None


def _best_that_fails(grader: Grader, leaf: Part) -> Attempt:
    """The best work that is not passed, by its value; none at all where every score is."""
    policy = grader.policy
    for attempt in reversed(scores(leaf, policy, HALVES)):
        result = grader.leaf(leaf, (attempt,))
        if result.state == "failed" or (result.value is not None and result.value < policy.pass_value):
            return attempt
    return Attempt("missing")
