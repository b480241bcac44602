"""The result of a student: the own times, and what everybody shares whose parts came to the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from kurssi.grading.bonus import Tree
from kurssi.grading.lateness import Spending
from kurssi.grading.mean import RESTS, shown_as_ways, way_that_counts, weigh
from kurssi.grading.result import PartResult, Result, Verdict
from kurssi.policy.model import Policy
from kurssi.values.classlist import Student

from .outcome import Graded, Outcome
from .siblings import Group, Parent


class Alike:
    """What everybody has in common whose parts came to the same: told apart by identity."""

    __slots__ = ("adjust", "found", "outcomes", "spent", "top", "verdict")

    def __init__(
        self,
        verdict: Verdict,
        adjust: Fraction | None,
        top: Group,
        outcomes: Sequence[Outcome],
        found: Sequence[Outcome],
        spent: Spending,
    ) -> None:
        self.verdict = verdict
        self.adjust = adjust
        self.top = top
        self.outcomes = outcomes
        """Of all leaves of the policy, after late time was forgiven."""
        self.found = found
        """Of the parts of the top level."""
        self.spent = spent


class ResultByParts(Result):
    """A result whose parts are put together when somebody asks for them."""

    __slots__ = ("alike", "leaves")

    def __init__(self, student: Student, alike: Alike, leaves: Sequence[Graded]) -> None:
        # what Result.__init__ does, without the call: nearly all results are made here
        self.student = student
        self.verdict = verdict = alike.verdict
        self.computed = verdict.grade
        self.override = None
        self.adjust = alike.adjust
        self.alike = alike
        self.leaves = leaves
        """What each leaf of the policy came to, after late time was forgiven."""

    @property
    def parts(self) -> tuple[PartResult, ...]:
        """The parts of the top level as they counted."""
        policy = self.alike.top.policy_by_steps
        if policy is not None:
            return _with_bonuses(policy, self)
        return tuple(_shown(self.alike.top, self.alike.found, self))

    @property
    def alike_by(self) -> object | None:
        """What everybody shares whose parts came to the same, and what exactly each of the parts came to."""
        if self.override is not None:
            return None
        return (id(self.alike), *map(id, self.leaves))


def _with_bonuses(policy: Policy, result: ResultByParts) -> tuple[PartResult, ...]:
    """The same where something is added by steps, from one part to another."""
    attempts = result.student.attempts
    leaves = [graded.shown(attempts.get(graded.result.part.source, ()), RESTS) for graded in result.leaves]
    results = Tree(policy, leaves).results()
    return shown_as_ways(results, way_that_counts(results)) if policy.of_ways else weigh(results, policy).results


def _shown(group: Group, found: Sequence[Outcome], result: ResultByParts) -> Iterator[PartResult]:
    """Siblings as this student has them, at every depth."""
    attempts = result.student.attempts
    for member, index, outcome, weight in zip(
        group.members, group.leaves, found, group.pattern(found).weights, strict=True
    ):
        if isinstance(member, Parent):
            below = member.below
            children = tuple(_shown(below, below.found(result.alike.outcomes), result))
            own = outcome.result
            yield own._replace(children=children, effective_weight=weight.weight, chosen=weight.chosen)
        else:
            yield result.leaves[index].shown(attempts.get(member.part.source, ()), weight)
