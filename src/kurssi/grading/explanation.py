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
    whole: tuple[Step, ...] | None
    """All of them, where there is no late rule that could say something of times."""


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
        self._last: dict[tuple[object, ...], tuple[object, tuple[Step, ...]]] = {}

    def steps(self, result: Result) -> tuple[Step, ...]:
        """Every step that led to the result; the last one is the grade."""
        steps: list[Step] = []
        self._parts(result.parts, steps)
        total = result.exact if self.policy.activity is None else None
        mean = self._mean(None, result.parts, total, result.status == "incomplete", steps)
        steps += self._whole(result, mean)
        return tuple(steps)

    # ---- parts ---------------------------------------------------------------------------------------------

    def _parts(self, results: Sequence[PartResult], steps: list[Step]) -> None:
        """The steps of siblings, those of their parts first."""
        leaves = self._leaves
        for result in results:
            like = result.like
            if like is not None:
                known = leaves.get(id(like))
                told = known[1] if known is not None else self._leaf(like)
                if told.whole is not None and result.peer is None:
                    steps += told.whole
                else:
                    self._own(result, told, steps)
            elif result.part.parts:
                self._parts(result.children, steps)
                if shows_mean(result):
                    self._mean(result.part, result.children, result.value, result.open, steps)
                steps.append(self._gate(result))
            else:
                self._own(result, self._leaf(result), steps)

    def _own(self, result: PartResult, told: Leaf, steps: list[Step]) -> None:
        """The steps of a part whose attempts have times, or whose value peer marks moved."""
        for (conversion, late), attempt in zip(told.attempts, result.attempts, strict=True):
            if conversion is not None:
                steps.append(conversion)
            if result.part.late_from_export and attempt.given.lateness is not None:
                if (by_export := export_step(result.part, attempt)) is not None:
                    steps.append(by_export)
            elif late is not None and attempt.given.submitted is not None:
                due = due_of(result.part, attempt.number, attempt.given)
                if due is not None:
                    steps.append(late.step(attempt.given.submitted, due))
        if told.choice is not None:
            steps.append(told.choice)
        if result.peer is not None and (peer := peer_step(result)) is not None:
            steps.append(peer)
        steps.append(told.gate)

    def _leaf(self, like: PartResult) -> Leaf:
        """What is told of a part without parts, but for times and peer marks."""
        part = like.part
        attempts = tuple([(convert_step(self.policy, part, a), telling(part, a)) for a in like.attempts])
        choice, gate = attempt_step(part, like), gate_step(part, like)
        whole: tuple[Step, ...] | None = None
        if part.late is None:
            whole = tuple([step for step in (*[conversion for conversion, _ in attempts], choice, gate) if step])
        told = Leaf(attempts, choice, gate, whole)
        _keep(self._leaves, id(like), (like, told))
        return told

    def _gate(self, result: PartResult) -> Step:
        name = (result.part.id, result.state, result.gate, id(result.value))
        known = self._gates.get(name)
        if known is None:
            known = _keep(self._gates, name, (result.value, gate_step(result.part, result)))
        return known[1]

    # ---- means ---------------------------------------------------------------------------------------------

    def _mean(
        self,
        owner: Part | None,
        siblings: Sequence[PartResult],
        total: Fraction | None,
        unfinished: bool,
        steps: list[Step],
    ) -> Fraction | None:
        """The mean of siblings with what bonus parts add, and its steps; None where nothing is weighed.

        ``total`` is what it comes to, where that is known.
        """
        terms = []
        counted: list[PartResult] = []
        known = self._terms
        bonus = False
        for one in siblings:
            weight, value = one.effective_weight, one.value
            if weight is None:
                bonus = bonus or one.part.bonus
                continue
            counted.append(one)
            found = known.get((one.part.id, id(weight), id(value)))
            terms.append(found[1] if found is not None else self._term(one))
        if not counted:
            return None
        mean = total
        if mean is None or bonus:
            zero = Fraction(0)
            mean = sum_of_products([(one.value or zero, one.effective_weight or zero) for one in counted]) / 100
        rule = (*(self.policy.path if owner is None else owner.path), "parts")
        steps.append(mean_step(owner, rule, terms, mean, unfinished))
        if bonus:
            for step in bonus_steps(siblings, mean):
                steps.append(step)
                mean = step.after
        return mean

    def _term(self, result: PartResult) -> Term:
        weight, value = result.effective_weight, result.value
        entry = ((weight, value), term(result.part.id, weight, value))
        return _keep(self._terms, (result.part.id, id(weight), id(value)), entry)[1]

    # ---- the whole -----------------------------------------------------------------------------------------

    def _whole(self, result: Result, mean: Fraction | None) -> tuple[Step, ...]:
        """The steps from the mean to the grade. Of the parts of the result none is looked at."""
        student = result.student
        moved = mean if self.policy.activity is not None else None
        name = (
            moved and (moved.numerator, moved.denominator),
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
            _keep(self._last, name, ((result.exact, result.reasons), told))
        return told


def _keep(known: dict[Any, Entry], name: object, entry: Entry) -> Entry:
    if len(known) >= MOST_KEPT:
        known.clear()
    known[name] = entry
    return entry
