"""Results with every step for many students, put together from what a :class:`~.plan.Plan` knows.

The steps are made by :mod:`.explain`, of a part once for all who handed in the same, and from the mean to the grade
once for all with the same key.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from kurssi.diagnostics.finding import Path
from kurssi.values.classlist import Attempt, Student

from . import plan as plans
from .combine import Share
from .explain import bonus_steps, gate_step, mean_step, part_steps, shows_mean, whole_steps
from .parts import grade_part
from .plan import OWN, Group, Leaf, Outcome, Parent, Plan, identity
from .result import PartResult, Result, Step, Verdict, result_by


class Told:
    """What is told of a part with certain attempts."""

    __slots__ = ("outcome", "result", "steps", "weighed")

    def __init__(self, outcome: Outcome, result: PartResult, steps: tuple[Step, ...]) -> None:
        self.outcome = outcome
        self.result = result
        """As it is before it is weighed among its siblings."""
        self.steps = steps
        self.weighed: dict[Share, PartResult] = {}

    def weigh(self, share: Share) -> PartResult:
        """Its result with this share in the mean."""
        found = self.weighed[share] = self.result._replace(effective_weight=share.weight, chosen=share.chosen)
        return found


class Voice:
    """Tells of one leaf."""

    def __init__(self, plan: Plan, leaf: Leaf) -> None:
        self.plan = plan
        self.leaf = leaf
        self.told: dict[object, Told] = {}
        """By the identity of scores and times, which stand in the result that is told, and so stay alive."""

    def tell(self, attempts: Sequence[Attempt], forgiven: int | None = None) -> Told:
        """What is told of these attempts; ``forgiven`` as :meth:`Leaf.outcome` takes it."""
        name = identity(attempts, timed=True)
        if forgiven is not None:
            name = (forgiven, name)
        told = self.told.get(name)
        if told is None:
            if len(self.told) >= plans.MOST_KEPT:
                self.told.clear()
            grader = self.plan.grader
            result = grade_part(self.leaf.part, attempts, grader.policy, grader.zone, forgiven or 0)
            steps = tuple(part_steps(grader.policy, result))
            told = self.told[name] = Told(self.leaf.outcome(attempts, forgiven), result, steps)
        return told


class Last(NamedTuple):
    """What is told from the mean of the top level on."""

    mean: Fraction | None
    """Without bonus."""
    steps: tuple[Step, ...]


class Teller:
    """Gives every student the result that :meth:`Grader.grade` gives, with all steps."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.voices = [Voice(plan, leaf) for leaf in plan.leaves]
        self.hands = [(voice.leaf.part.id, voice.told, voice) for voice in self.voices]
        self.last: dict[tuple[object, ...], Last] = {}
        self.spent: dict[object, dict[str, int]] = {}
        """Of students with a share of the free budget, by key."""
        self.gates: dict[Outcome, Step] = {}
        self.rule: Path = (*plan.policy.path, "parts")

    def result(self, student: Student, *, steps: bool = True) -> Result:
        """The result of a student."""
        plan = self.plan
        if not plan.covers:
            return plan.grader.grade(student, steps=steps)
        _, _, _, _, _, given, level, attended, _ = student
        tellings = []
        for name, told, voice in self.hands:
            attempts = given.get(name, ())
            if len(attempts) == 1:
                attempt = attempts[0]
                by = (attempt[0], id(attempt[1]), id(attempt[2]), id(attempt[3]))  # as `identity` has it
                tellings.append(told.get(by) or voice.tell(attempts))
            else:
                tellings.append(voice.tell(attempts))
        outcomes: Sequence[Outcome] = [told.outcome for told in tellings]
        adjust = plan.levels.get((level, attended)) or plan.adjust(level, attended)
        found = plan.found(outcomes)
        key, kind = adjust[0], 0
        for outcome in found:
            key += outcome.key
            kind |= outcome.kind
        top = plan.top
        whole = (top.denominator, key)  # what is learnt next may change the denominator
        verdict = top.known.get(key) or plan.learn(key, found, outcomes, adjust, student)
        if kind and plan.policy.free is not None:
            spent = self.spent.get(whole)
            if spent is None:
                if len(self.spent) >= plans.MOST_KEPT:
                    self.spent.clear()
                open_too = any(outcome.kind == OWN for outcome in outcomes)
                spent = plan.grader.forgiven(student) if open_too else dict(plan.spending(outcomes, adjust))
                self.spent[whole] = spent
            tellings = [
                voice.tell(given.get(voice.leaf.part.id, ()), spent[voice.leaf.part.id])
                if voice.leaf.part.id in spent
                else told
                for voice, told in zip(self.voices, tellings, strict=True)
            ]
            outcomes = [told.outcome for told in tellings]
            found = plan.found(outcomes)
        of_parts: list[Step] = []
        shares = top.pattern(found).shares
        parts = self._siblings(top, found, shares, outcomes, tellings, of_parts)
        if steps:
            by_all = (*whole, level, attended)
            last = self.last.get(by_all)
            if last is None:
                if len(self.last) >= plans.MOST_KEPT:
                    self.last.clear()
                last = self.last[by_all] = self._last(student, verdict, adjust[1], found)
            if last.mean is not None:
                of_parts.append(self._mean(None, found, shares, last.mean, verdict.status == "incomplete"))
            of_parts += last.steps
        return result_by(student, verdict, adjust[1], parts, tuple(of_parts) if steps else ())

    def _last(self, student: Student, verdict: Verdict, adjust: Fraction | None, found: Sequence[Outcome]) -> Last:
        policy, top = self.plan.policy, self.plan.top
        result = result_by(student, verdict, adjust, ())
        mean = top.mean(top.pattern(found), found)
        if mean is None:
            return Last(None, tuple(whole_steps(policy, result, None)))
        bonus = tuple(bonus_steps([outcome.result for outcome in found], mean))
        with_bonus = bonus[-1].after if bonus else mean
        return Last(mean, (*bonus, *whole_steps(policy, result, with_bonus)))

    def _mean(
        self, owner: Parent | None, found: Sequence[Outcome], shares: Sequence[Share], mean: Fraction, unfinished: bool
    ) -> Step:
        terms = [
            outcome.terms.get(share) or outcome.term(share)
            for outcome, share in zip(found, shares, strict=True)
            if share.weight is not None
        ]
        if owner is None:
            return mean_step(None, self.rule, terms, mean, unfinished)
        return mean_step(owner.part, (*owner.part.path, "parts"), terms, mean, unfinished)

    def _siblings(
        self,
        group: Group,
        found: Sequence[Outcome],
        shares: Sequence[Share],
        outcomes: Sequence[Outcome],
        tellings: Sequence[Told],
        steps: list[Step],
    ) -> tuple[PartResult, ...]:
        """The results of siblings; their steps go into ``steps``."""
        parts = []
        for member, index, outcome, share in zip(group.members, group.leaves, found, shares, strict=True):
            if isinstance(member, Parent):
                children = self._children(member, outcome, outcomes, tellings, steps)
                part, state, value, _, _, gate, is_open, *_ = outcome.result
                weight, chosen = share.weight, share.chosen
                parts.append(PartResult(part, state, value, (), None, gate, is_open, None, children, weight, chosen))
            else:
                told = tellings[index]
                steps += told.steps
                parts.append(told.weighed.get(share) or told.weigh(share))
        return tuple(parts)

    def _children(
        self,
        member: Parent,
        outcome: Outcome,
        outcomes: Sequence[Outcome],
        tellings: Sequence[Told],
        steps: list[Step],
    ) -> tuple[PartResult, ...]:
        below = member.below
        found = below.found(outcomes)
        pattern = below.pattern(found)
        children = self._siblings(below, found, pattern.shares, outcomes, tellings, steps)
        mean = below.mean(pattern, found)
        if mean is not None and shows_mean(outcome.result):
            steps.append(self._mean(member, found, pattern.shares, mean, outcome.result.open))
            steps += bonus_steps([o.result for o in found if o.result.part.bonus], mean)
        gate = self.gates.get(outcome)
        if gate is None:
            if len(self.gates) >= plans.MOST_KEPT:
                self.gates.clear()
            gate = self.gates[outcome] = gate_step(member.part, outcome.result)
        steps.append(gate)
        return children
