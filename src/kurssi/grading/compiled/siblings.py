"""Siblings compiled: parts number their outcomes, and siblings add the numbers up to a key."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import lcm
from typing import Any

from kurssi.grading.demands import looked_at
from kurssi.grading.gates import reasons
from kurssi.grading.mean import (
    COUNTS,
    RESTS,
    Weight,
    bonus_of,
    capped,
    chosen_of,
    counts,
    depends_on_number,
    handed_in,
    keeps,
    mean_of_way,
    parent,
    stretch,
    way_that_counts,
    weights_of,
)
from kurssi.grading.result import OUT, PartResult
from kurssi.policy.model import Part, Policy

from .outcome import MOST_KEPT, Outcome

CODE = 32
"""Bits of the number for how a part counts: more numbers than a memory could hold."""

ONE = Fraction(1)


class Member:
    """A part among its siblings: numbers its outcomes."""

    def __init__(self, part: Part, group: Group, position: int) -> None:
        self.part = part
        self.group = group
        self.position = position
        self.shift = position * CODE
        self.weight = ONE if part.weight is None else part.weight
        self.codes: dict[object, int] = {}
        self.outcomes: dict[tuple[int, tuple[int, int] | None], Outcome] = {}
        """By their number, and the value that enters the mean, as the two numbers of it."""

    def outcome_of(self, result: PartResult, kind: int, own: object) -> Outcome:
        """The outcome that counts like ``result``; ``own`` is what decides beside value, state and reasons."""
        value = result.value if counts(result) else None
        # what adds nothing to the mean, such as a bonus, has its value in the number
        beside = result.value if value is None else None
        why = tuple([(reason.about, *reason[1:]) for reason in reasons((result,))])
        # a value of 0 and none at all add the same to the sum, but only one of them is divided by
        counted = (result.state, result.gate, result.open, handed_in(result), value is None, why)
        asked = looked_at(result, self.group.demanded) if self.group.demanded else None
        matter = (*counted, beside, own, asked)
        code = self.codes.setdefault(matter, len(self.codes))
        ratio = None if value is None else value.as_integer_ratio()
        outcome = self.outcomes.get((code, ratio))
        if outcome is None:
            outcome = self.outcomes[code, ratio] = Outcome(result, kind)
            if ratio is not None:
                self.group.measure(ratio[1] * self.weight.denominator)
            self.group.plain = self.group.plain and not kind and not (self.group.drops and result.state in OUT)
            self.set_key(outcome, code, ratio)
        return outcome

    def set_key(self, outcome: Outcome, code: int, ratio: tuple[int, int] | None) -> None:
        """The outcome's share of its siblings' key, on their common denominator."""
        group = self.group
        outcome.amount = 0
        if ratio is not None:  # whole numbers: the denominator is a multiple of both that are divided by
            numerator, denominator = ratio
            unit = group.denominator // (denominator * self.weight.denominator)
            outcome.amount = numerator * self.weight.numerator * unit
        outcome.key = (outcome.amount << group.bits) + (code << self.shift)

    def set_keys(self) -> None:
        """The same for all outcomes, once the denominator has changed."""
        for (code, ratio), outcome in self.outcomes.items():
            self.set_key(outcome, code, ratio)


class Pattern:
    """Siblings of whom the same ones enter the mean."""

    __slots__ = ("chosen", "means", "weight", "weights")

    def __init__(self, chosen: tuple[int, ...], weights: tuple[Weight, ...], weight: Fraction) -> None:
        self.chosen = chosen
        self.weights = weights
        """Of each sibling."""
        self.weight = weight
        """The sum of the weights of the chosen."""
        self.means: dict[tuple[int, int], Fraction] = {}


class Group:
    """Siblings: the parts of the top level, or of one part."""

    def __init__(self, owner: Part | Policy, demanded: frozenset[str] = frozenset()) -> None:
        self.parts = parts = owner.parts
        self.owner = owner
        self.of_ways = owner.of_ways
        """Whether they are ways, of which one counts."""
        self.policy_by_steps = owner if isinstance(owner, Policy) and owner.bonuses_by_steps() else None
        """The policy, where these are its parts and something is added by steps from one part to another."""
        self.demanded = demanded
        """Parts of which a grade asks something: what they come to decides beside the mean."""
        part = owner if isinstance(owner, Part) else None
        self.choice = part.choice if part is not None else None
        self.bits = CODE * (len(parts) + 1)
        """Of all the numbers: one for each part, and at the top level one for activity."""
        self.denominator = 1
        counting = [part for part in parts if part.counts]
        self.chooses = part is not None and part.chooses
        """Whether only some enter the mean; all of them have the same weight then."""
        self.others = len(parts) - keeps(self.choice, len(counting))
        """So many do not enter, where all that count have a value."""
        self.drops = depends_on_number(self.choice)
        self.plain = True
        """Whether the best amounts and all numbers decide, whatever the members came to so far."""
        self.members: list[Member] = []
        self.leaves: list[int] = []
        """For each member its position among all leaves of the policy, or -1 where it has parts."""
        self.first = self.end = 0
        """Where its leaves begin and end, if all members are leaves."""
        self.parents: list[Parent] = []
        self.known: dict[object, Any] = {}
        """What is known of the whole by key: outcomes of the part that has these parts, or verdicts."""
        self.patterns: dict[tuple[object, ...], Pattern] = {}
        self.weights: dict[tuple[Fraction | None, bool], Weight] = {}
        """One of a kind, for all patterns: what an outcome is with a weight is kept by its identity."""

    def measure(self, denominator: int) -> None:
        """Makes the common denominator a multiple of this one."""
        if self.denominator % denominator:
            self.denominator = lcm(self.denominator, denominator)
            self.known.clear()
            for member in self.members:
                member.set_keys()

    def found(self, outcomes: Sequence[Outcome]) -> Sequence[Outcome]:
        """What each member came to; ``outcomes`` are those of all leaves of the policy."""
        if not self.parents:
            return outcomes[self.first : self.end]
        parents = iter(self.parents)
        return [outcomes[index] if index >= 0 else next(parents).outcome(outcomes) for index in self.leaves]

    def key(self, found: Sequence[Outcome]) -> object:
        """What decides about the siblings together."""
        keys = [outcome.key for outcome in found]
        if self.of_ways:
            return tuple(keys)
        if not self.chooses:
            return sum(keys)
        if not self.plain and any(o.kind or (self.drops and o.result.state in OUT) for o in found):
            return tuple(keys)
        # what is left out of the mean has the amount 0, so the largest sum is that of the best that count
        if self.others == 1:
            least = min(keys)
        else:
            keys.sort()
            least = sum(keys[: self.others])
        return sum(keys) - (least >> self.bits << self.bits)

    def pattern(self, found: Sequence[Outcome]) -> Pattern:
        """Who enters the mean with what weight."""
        if self.of_ways:
            counted = way_that_counts([outcome.result for outcome in found])
            weights = tuple([COUNTS if index == counted else RESTS for index in range(len(found))])
            return Pattern((counted,), weights, Fraction(100))
        chosen: tuple[int, ...] | None = None
        counting = [outcome.counts for outcome in found]
        name: tuple[object, ...] = tuple(counting)
        if self.chooses:
            # of equal weights, so that amounts stand in the order of values
            chosen = chosen_of([o.amount if o.counts else None for o in found], self.choice)
            name = (name, chosen)
        pattern = self.patterns.get(name)
        if pattern is None:
            if len(self.patterns) >= MOST_KEPT:
                self.patterns.clear()
            if chosen is None:
                chosen = tuple([i for i, counted in enumerate(counting) if counted])
            weights, weight = weights_of(self.parts, counting, chosen)
            shared = tuple([self.weights.setdefault((one.weight, one.chosen), one) for one in weights])
            pattern = self.patterns[name] = Pattern(chosen, shared, weight)
        return pattern

    def weighed(self, found: Sequence[Outcome]) -> tuple[PartResult, ...]:
        """Results that count like those of these members, each with its weight among them."""
        weights = self.pattern(found).weights
        # what `weighed` gives, mostly without a call
        return tuple([o.by_weight.get(weight) or o.weighed(weight) for o, weight in zip(found, weights, strict=True)])

    def mean(self, pattern: Pattern, found: Sequence[Outcome]) -> Fraction | None:
        """The mean without bonus; None where nothing is left to weigh."""
        if not pattern.weight:
            return None
        amount = sum([found[i].amount for i in pattern.chosen])
        mean = pattern.means.get((amount, self.denominator))
        if mean is None:
            if len(pattern.means) >= MOST_KEPT:
                pattern.means.clear()
            weight = pattern.weight  # the quotient of all three, made a fraction once
            mean = Fraction(amount * weight.denominator, weight.numerator * self.denominator)
            pattern.means[amount, self.denominator] = mean
        return mean

    def value(self, found: Sequence[Outcome]) -> Fraction | None:
        """The mean with what bonus parts add, at most the cap; None where nothing is left to weigh."""
        pattern = self.pattern(found)
        mean = self.mean(pattern, found)
        if mean is None:
            return None
        bonuses = [bonus_of(outcome.result) for outcome in found if outcome.result.part.bonus]
        if bonuses:
            more = stretch(self.owner, pattern.weight)
            mean = sum([more * bonus for bonus in bonuses], mean)
        return capped(mean, self.owner.cap)


class Parent(Member):
    """A part with parts."""

    def __init__(self, part: Part, group: Group, position: int, below: Group, policy: Policy) -> None:
        super().__init__(part, group, position)
        self.below = below
        self.policy = policy

    def outcome(self, outcomes: Sequence[Outcome]) -> Outcome:
        """What its parts make of it."""
        below = self.below
        # what `found` gives, mostly without a call
        found = below.found(outcomes) if below.parents else outcomes[below.first : below.end]
        key = below.key(found)
        outcome: Outcome | None = below.known.get(key)
        if outcome is not None:
            return outcome
        if len(below.known) >= MOST_KEPT:
            below.known.clear()
        result = parent(self.part, [outcome.result for outcome in found], self.policy)
        kind = max([outcome.kind for outcome in found])
        own: object = (below.denominator, key) if kind else None
        if self.part.is_way:  # what nothing is left of to weigh may be worth the lowest, and counts after all others
            own = (own, mean_of_way(result).value is None)
        outcome = self.outcome_of(result, kind, own)
        below.known[key] = outcome
        return outcome
