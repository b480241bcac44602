"""The steps of a grade: each with the rule's place in the file, what went in, and what came out.

Made from a result when somebody is shown them, in the order of the contract's section 5. Nothing else tells them.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, NamedTuple, TypeVar

from kurssi.policy.model import Part, Policy
from kurssi.values.numbers import sum_of_products

from .activity.steps import activity_step
from .attempts.steps import attempt_step
from .conversion.steps import convert_step
from .gates.steps import gate_step
from .lateness import due_of
from .lateness.steps import Telling, export_step, telling
from .mean.steps import Term, bonus_steps, mean_step, shows_mean, term
from .peers.steps import peer_step
from .result import PartResult, Result, Step
from .rounding.steps import last_steps

MOST_KEPT = 1 << 14
"""So many steps of a kind are kept at once; then they are made anew."""

Entry = TypeVar("Entry")


class Leaf(NamedTuple):
    """What is told of a part without parts, but for times and peer marks."""

    attempts: tuple[tuple[Step | None, Telling | None], ...]
    """Of each attempt the step of conversion, and of lateness what is told of it."""
    choice: Step | None
    gate: Step


class Mean(NamedTuple):
    """A mean with what bonus parts add, and its steps."""

    value: Fraction | None
    steps: tuple[Step, ...]


class Explainer:
    """Tells the steps of results under one policy.

    Many results are made of the same pieces. What was told of a piece is told again by its identity; each entry keeps
    alive what its name is the identity of.
    """

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self._leaves: dict[int, tuple[object, Leaf]] = {}
        self._gates: dict[tuple[object, ...], tuple[object, Step]] = {}
        self._terms: dict[tuple[str, int, int], tuple[object, Term]] = {}
        self._means: dict[tuple[object, ...], tuple[object, Mean]] = {}
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
        known = self._leaf(result)
        for (conversion, late), attempt in zip(known.attempts, result.attempts, strict=True):
            if conversion is not None:
                steps.append(conversion)
            if result.part.late_from_export and attempt.given.lateness is not None:
                if (by_export := export_step(result.part, attempt)) is not None:
                    steps.append(by_export)
            elif late is not None and attempt.given.submitted is not None:
                due = due_of(result.part, attempt.number, attempt.given)
                if due is not None:
                    steps.append(late.step(attempt.given.submitted, due))
        if known.choice is not None:
            steps.append(known.choice)
        if result.peer is not None and (peer := peer_step(result)) is not None:
            steps.append(peer)
        steps.append(known.gate)

    def _leaf(self, result: PartResult) -> Leaf:
        """What is told of a part without parts, but for times and peer marks."""
        like = result.like or result
        known = self._leaves.get(id(like))
        if known is None:
            part = result.part
            attempts = [(convert_step(self.policy, part, a), telling(part, a)) for a in result.attempts]
            told = Leaf(tuple(attempts), attempt_step(part, result), gate_step(part, result))
            known = _keep(self._leaves, id(like), (like, told))
        return known[1]

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
        name: tuple[object, ...] = (
            owner and owner.id,
            unfinished,
            *[x for one in siblings for x in (id(one.effective_weight), id(one.value), one.state)],
        )
        known = self._means.get(name)
        if known is None:
            kept = [(one.effective_weight, one.value) for one in siblings]
            known = _keep(self._means, name, (kept, self._weighed(owner, siblings, unfinished)))
        steps += known[1].steps
        return known[1].value

    def _weighed(self, owner: Part | None, siblings: Sequence[PartResult], unfinished: bool) -> Mean:
        counted = [one for one in siblings if one.effective_weight is not None]
        if not counted:
            return Mean(None, ())
        mean = (
            sum_of_products([(one.value or Fraction(0), one.effective_weight or Fraction(0)) for one in counted]) / 100
        )
        rule = (*(self.policy.path if owner is None else owner.path), "parts")
        first = mean_step(owner, rule, [self._term(one) for one in counted], mean, unfinished)
        bonus = tuple(bonus_steps(siblings, mean))
        return Mean(bonus[-1].after if bonus else mean, (first, *bonus))

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
