"""The steps of a grade: each with the rule's place in the file, what went in, and what came out.

Made from a result when somebody is shown them, in the order of the contract's section 5. Nothing else tells them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import count
from typing import Any, NamedTuple, TypeVar

from kurssi.diagnostics.message import Msg
from kurssi.policy.model import Part, Policy
from kurssi.values.classlist import Attempt
from kurssi.values.numbers import sum_of_products
from kurssi.values.times import When

from .activity.steps import activity_step
from .attempts.steps import attempt_step, take_step
from .bonus.steps import beside_steps, target_steps
from .compiled import Alike, Cache, Graded, Group, Outcome, ResultByParts
from .composite.steps import composite_step
from .conversion.steps import convert_step
from .gates.steps import gate_step
from .lateness.steps import LateStep, export_step, late_step
from .mean import mean_of_way, stretch
from .mean.steps import (
    Term,
    bonus_steps,
    cap_step,
    in_short,
    left_out,
    mean_step,
    points_added,
    shows_mean,
    term,
    way_step,
)
from .peers.steps import peer_step
from .result import AttemptResult, PartResult, Result, Step, Verdict, flat
from .rounding.steps import last_steps

MOST_KEPT = 1 << 14
"""So many steps of a kind are kept at once; then they are made anew."""

Entry = TypeVar("Entry")


class Place(NamedTuple):
    """Where the steps of a part without parts stand, which depend on the student's own times."""

    leaf: int
    """Among all leaves of the policy."""
    source: str
    """The part in whose cells its attempts are."""
    part: Part


Beside = tuple[tuple[Step, ...], ...]
"""What is told beside the parts without parts, in the order of the file: of siblings, and of the whole."""

ToldAttempt = tuple[Step | None, LateStep | None, When | None, AttemptResult]
"""The step of conversion; of lateness what is told of it whatever the times; the deadline of the policy."""


class Sibling(NamedTuple):
    """What is said of a part in the mean of its siblings, by the identity of the result or of what is in it."""

    result: PartResult
    term: Term | None
    """None for what does not enter the mean."""
    other: Msg | None
    """That others are better, where it does not enter because of that."""


class Told(NamedTuple):
    """What is told of a part without parts by everybody who handed in alike."""

    begin: tuple[Step, ...]
    """Whose scores they are, where they are another part's."""
    attempts: tuple[ToldAttempt, ...]
    end: tuple[Step, ...]
    """Which attempt counts, peer marks, the gate."""
    without_times: tuple[Step, ...]
    """All of them, where no time was handed in."""
    timed: bool
    """Whether there is a rule that could say something of times, or a score may be made of several cells."""
    by_export: bool
    """Whether the export says how late an attempt came."""
    composite: bool
    """Whether a score may be made of several cells."""


class Explainer:
    """Tells the steps of results under one policy.

    Many results are made of the same pieces. What was told of a piece is told again by its identity; each entry keeps
    alive what its name is the identity of.
    """

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self._leaves: dict[Graded, Told] = {}
        self._attempts: dict[int, tuple[AttemptResult, ToldAttempt]] = {}
        self._beside_leaves: Cache[object, tuple[Alike, Beside]] = Cache(MOST_KEPT)
        self._siblings: Cache[tuple[object, ...], tuple[Step, ...]] = Cache(MOST_KEPT)
        self._gates: dict[Outcome, Step] = {}
        """Of parts that have parts."""
        self._wholes: dict[tuple[object, ...], tuple[Verdict, tuple[Step, ...]]] = {}
        self._said: dict[object, Sibling] = {}
        self._sources = {part.id: part for part in policy.leaves()}
        self._by_steps = bool(policy.bonuses_by_steps())
        self._apart = not (self._by_steps or policy.has_ways)
        """Whether what is told of siblings hangs on nothing but what each of them came to."""
        self._targets = {part.stepped.to for part in policy.bonuses_by_steps() if part.stepped is not None}
        """The parts to whose value something is added by steps."""
        self._last: Cache[tuple[object, ...], tuple[Verdict, tuple[Step, ...]]] = Cache(MOST_KEPT)
        self._order = tuple(self._places(policy.parts, count()))

    def steps(self, result: Result) -> tuple[Step, ...]:
        """Every step that led to the result of a grader; the last one is the grade."""
        if not isinstance(result, ResultByParts):
            raise TypeError("only what a grader graded has steps")
        steps: list[Step] = []
        leaves, told_of, attempts_at = result.leaves, self._leaves, result.student.attempts
        beside = iter(self._beside_everybody(result))
        for place in self._order:
            if place is None:
                steps += next(beside)
                continue
            graded = leaves[place.leaf]
            told = told_of.get(graded) or self._told(graded)
            attempts = attempts_at.get(place.source) if told.timed else None
            if attempts:
                self._with_times(place.part, told, attempts, steps)
            else:
                steps += told.without_times
        steps += next(beside)
        return tuple(steps)

    def _places(self, parts: Sequence[Part], places: Iterator[int]) -> Iterator[Place | None]:
        """The order of a policy: its parts without parts, and None where something is told beside them."""
        for part in parts:
            if part.parts:
                yield from self._places(part.parts, places)
                yield None
            else:
                yield Place(next(places), part.source, part)
                if part.id in self._targets:
                    yield None

    # ---- parts ---------------------------------------------------------------------------------------------

    def _told(self, graded: Graded) -> Told:
        """What is told of a part without parts."""
        result = graded.result
        part = result.part
        attempts = tuple([self._told_attempt(part, attempt) for attempt in result.attempts])
        gate = gate_step(part, result, self.policy)
        # the gate of what something is added to is told with that
        found = (attempt_step(part, result, self.policy), peer_step(result), None if part.id in self._targets else gate)
        end = tuple([step for step in found if step is not None])
        taken = take_step(part, self._sources.get(part.takes or ""))
        begin = () if taken is None else (taken,)
        without_times = (*begin, *[step for step, *_ in attempts if step is not None], *end)
        composite = bool(part.components.all)
        timed = part.late is not None or composite
        told = Told(begin, attempts, end, without_times, timed, part.late_from_export, composite)
        return _keep(self._leaves, graded, told)

    def _told_attempt(self, part: Part, attempt: AttemptResult) -> ToldAttempt:
        known = self._attempts.get(id(attempt))
        if known is not None:
            return known[1]
        due = part.dues[attempt.number - 1] if attempt.number <= len(part.dues) else None
        told = convert_step(self.policy, part, attempt), late_step(part, attempt), due, attempt
        return _keep(self._attempts, id(attempt), (attempt, told))[1]

    def _with_times(self, part: Part, told: Told, attempts: Sequence[Attempt], steps: list[Step]) -> None:
        """The steps of a part of which a time may be handed in, or whose score may be made of several cells."""
        begin, end, by_export, composite = told.begin, told.end, told.by_export, told.composite
        if begin:
            steps += begin
        for (conversion, late, due, result), attempt in zip(told.attempts, attempts, strict=True):
            if composite and (made := composite_step(self.policy, part, result.number, attempt)) is not None:
                steps.append(made)
            if conversion is not None:
                steps.append(conversion)
            if by_export and attempt.lateness is not None:
                if (made := export_step(part, result, attempt.lateness)) is not None:
                    steps.append(made)
            elif late is not None and (submitted := attempt.submitted) is not None:
                due = attempt.due or due
                if due is not None:
                    steps.append(late.step(submitted, due))
        if end:
            steps += end

    # ---- beside them ---------------------------------------------------------------------------------------

    def _beside_everybody(self, result: ResultByParts) -> Sequence[tuple[Step, ...]]:
        """What is told beside the parts without parts, the whole last."""
        student, alike = result.student, result.alike
        if self._apart and alike.top.parents and result.override is None:
            found: list[tuple[Step, ...]] = []
            self._below(alike.top, alike.outcomes, alike.found, found)
            found.append(self._whole_of(result))
            return found
        name = (id(alike), student.level, student.attended)
        known = self._beside_leaves.find(name) if result.override is None else None
        if known is not None:
            return known[1]
        if self._apart and not alike.top.parents:  # nothing is told beside the parts but the whole
            beside: Beside = (self._of_whole(result, alike.top.weighed(alike.found), {}),)
        else:
            parts = result.parts
            every = flat(parts) if self._by_steps else {}
            beside = (*self._of_parts(parts, every), self._of_whole(result, parts, every))
        if result.override is None:
            self._beside_leaves.keep(name, (alike, beside))
        return beside

    def _below(
        self, group: Group, outcomes: Sequence[Outcome], found: Sequence[Outcome], beside: list[tuple[Step, ...]]
    ) -> None:
        """Of those of siblings that have parts: known by what these parts came to, which may be much less than all."""
        for parent in group.parents:
            below = parent.below
            children = below.found(outcomes)
            if below.parents:
                self._below(below, outcomes, children, beside)
            name = tuple(children)
            told = self._siblings.find(name)
            if told is None:
                told = self._siblings.keep(name, self._of_parent_apart(found[parent.position], below, children))
            beside.append(told)

    def _of_parent_apart(self, own: Outcome, below: Group, children: Sequence[Outcome]) -> tuple[Step, ...]:
        result, weighed = own.result, below.weighed(children)
        if result.part.need is not None:  # how many are passed is told at the gate
            return self._of_parent(result._replace(children=weighed), {})
        gate = self._gates.get(own)
        if gate is None:
            gate = _keep(self._gates, own, gate_step(result.part, result, self.policy))
        steps: list[Step] = []
        self._inside(result, weighed, {}, steps)
        steps.append(gate)
        return tuple(steps)

    def _whole_of(self, result: ResultByParts) -> tuple[Step, ...]:
        """Of the whole: known by what the parts of the top level came to."""
        student, alike, verdict = result.student, result.alike, result.verdict
        # what is within reach of an open part may hang on more than that
        name = (id(verdict), student.level, student.attended, *alike.found)
        known = self._wholes.get(name)
        if known is not None:
            return known[1]
        told = self._of_whole(result, alike.top.weighed(alike.found), {})
        return _keep(self._wholes, name, (verdict, told))[1]

    def _of_parts(self, results: Sequence[PartResult], every: Mapping[str, PartResult]) -> Iterator[tuple[Step, ...]]:
        """Siblings, each after its own parts; ``every``: all of the student, where something is added by steps."""
        for result in results:
            if result.part.parts:
                yield from self._of_parts(result.children, every)
                yield self._of_parent(result, every)
            elif result.part.id in self._targets:
                yield tuple(_raised(result, every, self.policy))

    def _of_parent(self, result: PartResult, every: Mapping[str, PartResult]) -> tuple[Step, ...]:
        """Of a part that has parts: what these come to, and its gate."""
        steps: list[Step] = []
        if result.part.of_ways:
            best = next(way for way in result.children if way.chosen).value
            self._way(result.part, result.children, best, steps)
        else:
            self._inside(result, result.children, every, steps)
        if result.part.id in self._targets:
            steps += _raised(result, every, self.policy)
        elif not result.part.is_way:  # which has no gate beside those of its parts
            steps.append(gate_step(result.part, result, self.policy))
        return tuple(steps)

    def _inside(
        self, result: PartResult, children: Sequence[PartResult], every: Mapping[str, PartResult], steps: list[Step]
    ) -> None:
        """The steps from the parts of a part to what they come to, of which one counts like these ``children``."""
        if not shows_mean(result):
            return
        total = result.value if result.value is None or not result.added else result.value - result.added
        mean = self._mean(result.part, children, total, result.open, steps)
        self._beside(result.part, children, mean, every, steps)

    def _of_whole(
        self, result: Result, parts: Sequence[PartResult], every: Mapping[str, PartResult]
    ) -> tuple[Step, ...]:
        """Of the parts of the top level, and the grade."""
        steps: list[Step] = []
        total = result.exact if self.policy.activity is None else None
        if self.policy.of_ways:
            best = mean_of_way(next(way for way in parts if way.chosen)).value
            mean = self._way(self.policy, parts, best, steps)
        else:
            mean = self._mean(None, parts, total, result.status == "incomplete", steps)
            mean = self._beside(None, parts, mean, every, steps)
        return (*steps, *self._whole(result, mean))

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
        known = self._said
        bonus = False
        others: list[Msg] = []
        for one in siblings:
            sibling = known.get(id(one)) or self._sibling(one)
            if sibling.term is not None:
                counted.append(one)
                terms.append(sibling.term)
                continue
            bonus = bonus or one.part.bonus
            if sibling.other is not None:
                others.append(sibling.other)
        if not counted:
            return None
        mean = total
        at = self.policy if owner is None else owner
        if mean is None or bonus or at.cap is not None:
            zero = Fraction(0)
            mean = sum_of_products([(one.value or zero, one.effective_weight or zero) for one in counted]) / 100
        rule = (*at.path, "parts")
        said = points_added(counted, mean) if at.by_points else in_short(counted, terms, self.policy.percent)
        steps.append(mean_step(owner, rule, terms, others, mean, unfinished, said))
        if bonus:
            whole = sum([one.part.weight or Fraction(1) for one in counted], Fraction(0))
            for step in bonus_steps(siblings, mean, stretch(at, whole)):
                steps.append(step)
                mean = step.after
        return mean

    def _beside(
        self,
        owner: Part | None,
        siblings: Sequence[PartResult],
        mean: Fraction | None,
        every: Mapping[str, PartResult],
        steps: list[Step],
    ) -> Fraction | None:
        """The same with what is added to it by steps, and the cap."""
        at = self.policy if owner is None else owner
        if mean is None:
            return None
        if self._by_steps:
            for step in beside_steps(siblings, every, mean):
                steps.append(step)
                mean = mean if step.after is None else step.after
        if at.cap is not None and mean > at.cap:
            steps.append(cap_step(at, mean, at.cap))
            mean = at.cap
        return mean

    def _way(
        self, owner: Part | Policy, ways: Sequence[PartResult], best: Fraction | None, steps: list[Step]
    ) -> Fraction | None:
        """Which way counts, and what it comes to at most."""
        part = owner if isinstance(owner, Part) else None
        steps.append(way_step(part, (*owner.path, "ways"), ways, best, self.policy.percent))
        if best is not None and owner.cap is not None and best > owner.cap:
            steps.append(cap_step(owner, best, owner.cap))
            return owner.cap
        return best

    def _sibling(self, result: PartResult) -> Sibling:
        """The same of everybody with this result, or with this value and weight where results are made anew."""
        weight, value = result.effective_weight, result.value
        name = id(result) if self._apart else (result.part.id, id(weight), id(value), result.chosen)
        sibling = self._said.get(name)
        if sibling is None:
            words = None if weight is None else term(result.part, weight, value, self.policy.percent)
            other = left_out(result) if weight is None and not result.chosen else None
            sibling = _keep(self._said, name, Sibling(result, words, other))
        return sibling

    # ---- the whole -----------------------------------------------------------------------------------------

    def _whole(self, result: Result, mean: Fraction | None) -> tuple[Step, ...]:
        """The steps from the mean to the grade. Of the parts of the result none is looked at."""
        student, verdict = result.student, result.verdict
        moved = None if mean is None or self.policy.activity is None else mean.as_integer_ratio()
        name = (id(verdict), moved, student.level, student.attended)
        known = self._last.find(name) if result.override is None else None
        if known is not None:
            return known[1]
        steps = []
        activity = self.policy.activity
        if mean is not None and activity is not None and not activity.in_steps and result.adjust is not None:
            steps.append(activity_step(self.policy, result, mean))
        told = (*steps, *last_steps(self.policy, result))
        if result.override is None:
            self._last.keep(name, (verdict, told))
        return told


def _raised(result: PartResult, every: Mapping[str, PartResult], policy: Policy) -> Iterator[Step]:
    """The gate of a part to whose value something is added by steps, between what is added before and after it."""
    if result.value is not None:
        yield from target_steps(result, every, after_gate=False, before=result.value - result.added)
    yield gate_step(result.part, result, policy)
    if result.at_gate is not None:
        yield from target_steps(result, every, after_gate=True, before=result.at_gate)


def _keep(known: dict[Any, Entry], name: object, entry: Entry) -> Entry:
    if len(known) >= MOST_KEPT:
        known.clear()
    known[name] = entry
    return entry
