"""The steps of a grade: each with the rule's place in the file, what went in, and what came out.

Made from a result when somebody is shown them, in the order of the contract's section 5. Nothing else tells them.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, TypeVar

from kurssi.numbers import sum_of_products
from kurssi.policy import Part, Policy

from .activity.steps import activity_step
from .attempts.steps import attempt_step
from .conversion.steps import convert_step
from .gates.steps import gate_step
from .lateness import due_of
from .lateness.steps import Telling, telling
from .mean.steps import Term, bonus_steps, mean_step, shows_mean, term
from .peers.steps import peer_step
from .result import AttemptResult, PartResult, Result, Step
from .rounding.steps import last_steps

MOST_KEPT = 1 << 14
"""So many steps of a kind are kept at once; then they are made anew."""

Entry = TypeVar("Entry")


class Explainer:
    """Tells the steps of results under one policy.

    Many results are made of the same pieces. What was told of a piece is told again by its identity; each entry keeps
    alive what its name is the identity of.
    """

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self._leaves: dict[tuple[str, int], tuple[object, tuple[Step, ...]]] = {}
        self._conversions: dict[tuple[str, int, int, int], tuple[object, Step | None]] = {}
        self._tellings: dict[tuple[object, ...], tuple[object, Telling | None]] = {}
        self._gates: dict[tuple[object, ...], tuple[object, Step]] = {}
        self._terms: dict[tuple[str, int, int], tuple[object, Term]] = {}
        self._means: dict[tuple[int, ...], tuple[object, Fraction]] = {}
        self._last: dict[tuple[object, ...], tuple[object, tuple[Step, ...]]] = {}

    def steps(self, result: Result) -> tuple[Step, ...]:
        """Every step that led to the result; the last one is the grade."""
        steps: list[Step] = []
        for part in result.parts:
            self._part(part, steps)
        mean = self._mean(None, result.parts, result.status == "incomplete", steps)
        steps += self._whole(result, mean)
        return tuple(steps)

    # ---- parts ---------------------------------------------------------------------------------------------

    def _part(self, result: PartResult, steps: list[Step]) -> None:
        """The steps of a part, those of its parts first."""
        if result.part.parts:
            for child in result.children:
                self._part(child, steps)
            if shows_mean(result):
                self._mean(result.part, result.children, result.open, steps)
            steps.append(self._gate(result))
            return
        attempts = result.attempts
        name = (result.part.id, id(attempts))
        known = self._leaves.get(name)
        if known is not None and result.peer is None:
            steps += known[1]
            return
        told = self._leaf(result)
        steps += told
        # attempts with times are this student's alone, and nobody comes back to them
        if result.peer is None and not any(a.given.submitted is not None for a in attempts):
            _keep(self._leaves, name, (attempts, tuple(told)))

    def _leaf(self, result: PartResult) -> list[Step]:
        part = result.part
        steps: list[Step | None] = []
        for attempt in result.attempts:
            steps.append(self._conversion(part, attempt))
            steps.append(self._late(part, attempt))
        steps.append(attempt_step(part, result))
        steps.append(peer_step(result))
        steps.append(self._gate(result))
        return [step for step in steps if step is not None]

    def _conversion(self, part: Part, attempt: AttemptResult) -> Step | None:
        score = attempt.given.score
        if score is None:
            return None
        name = (part.id, attempt.number, id(score), id(attempt.converted))
        known = self._conversions.get(name)
        if known is None:
            kept = (score, attempt.converted)
            known = _keep(self._conversions, name, (kept, convert_step(self.policy, part, attempt)))
        return known[1]

    def _late(self, part: Part, attempt: AttemptResult) -> Step | None:
        submitted = attempt.given.submitted
        if submitted is None or part.late is None:
            return None
        due = due_of(part, attempt.number, attempt.given)
        if due is None:
            return None
        name = (
            part.id,
            attempt.number,
            attempt.state,
            attempt.units,
            attempt.forgiven,
            id(attempt.converted),
            id(attempt.deducted),
            id(attempt.after_lateness),
        )
        known = self._tellings.get(name)
        if known is None:
            kept = (attempt.converted, attempt.deducted, attempt.after_lateness)
            known = _keep(self._tellings, name, (kept, telling(part, attempt)))
        return known[1].step(submitted, due) if known[1] is not None else None

    def _gate(self, result: PartResult) -> Step:
        name = (result.part.id, result.state, result.gate, id(result.value))
        known = self._gates.get(name)
        if known is None:
            known = _keep(self._gates, name, (result.value, gate_step(result.part, result)))
        return known[1]

    # ---- means ---------------------------------------------------------------------------------------------

    def _mean(
        self, owner: Part | None, siblings: Sequence[PartResult], unfinished: bool, steps: list[Step]
    ) -> Fraction | None:
        """The mean of siblings with what bonus parts add, and its steps; None where nothing is weighed."""
        counted = [one for one in siblings if one.effective_weight is not None]
        if not counted:
            return None
        mean = self._weighed(counted)
        terms = [self._term(one) for one in counted]
        rule = (*(self.policy.path if owner is None else owner.path), "parts")
        steps.append(mean_step(owner, rule, terms, mean, unfinished))
        if len(counted) == len(siblings):
            return mean  # a bonus part has no weight in the mean
        bonus = tuple(bonus_steps(siblings, mean))
        steps += bonus
        return bonus[-1].after if bonus else mean

    def _weighed(self, counted: Sequence[PartResult]) -> Fraction:
        name = tuple([x for one in counted for x in (id(one.effective_weight), id(one.value))])
        known = self._means.get(name)
        if known is None:
            pairs = [(one.value or Fraction(0), one.effective_weight or Fraction(0)) for one in counted]
            kept = [(one.value, one.effective_weight) for one in counted]
            known = _keep(self._means, name, (kept, sum_of_products(pairs) / 100))
        return known[1]

    def _term(self, result: PartResult) -> Term:
        weight, value = result.effective_weight, result.value
        name = (result.part.id, id(weight), id(value))
        known = self._terms.get(name)
        if known is None:
            known = _keep(self._terms, name, ((weight, value), term(result.part.id, weight, value)))
        return known[1]

    # ---- the whole -----------------------------------------------------------------------------------------

    def _whole(self, result: Result, mean: Fraction | None) -> tuple[Step, ...]:
        """The steps from the mean to the grade. Of the parts of the result none is looked at."""
        student = result.student
        name = (
            id(mean),
            id(result.exact),
            id(result.reasons),
            result.status,
            result.grade,
            result.range,
            student.level,
            student.attended,
        )
        known = self._last.get(name) if result.override is None else None
        if known is not None:
            return known[1]
        steps = []
        if mean is not None and self.policy.activity is not None and result.adjust is not None:
            steps.append(activity_step(self.policy, result, mean))
        told = (*steps, *last_steps(self.policy, result))
        if result.override is None:
            _keep(self._last, name, ((mean, result.exact, result.reasons), told))
        return told


def _keep(known: dict[Any, Entry], name: object, entry: Entry) -> Entry:
    if len(known) >= MOST_KEPT:
        known.clear()
    known[name] = entry
    return entry
