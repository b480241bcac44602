"""A policy prepared for many students: the same verdicts as the core's, most of them without doing the work again.

The core (:mod:`.core`) stays the only definition of a grade. A plan keeps what the core has said: of a part by what
was handed in, and of the whole by a *key*, an integer that holds everything the verdict depends on. Equal keys, equal
verdicts; a key that is new is handed to the core.

The key of siblings is a sum of one integer per part. Its high digits are Σ weight × value on a common denominator (or
the sum of the best values where only the best count), which is all that the mean takes from values; its low digits
hold for each part a number for how else it counts: state, gate, reasons. Where more than that decides, because a cell
is open or late time may be forgiven, the number stands for what was handed in itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import lcm
from typing import Any

from kurssi.policy.model import Part, Policy
from kurssi.values.classlist import Attempt, Student

from .combine import Mean, Share, bonus_of, chosen_of, counts, handed_in, parent, reasons, shares_of
from .core import Grader, Total, decided, total_by
from .explain import Term, term
from .free import LateWork, Spending, in_order, late_works, where_it_helps
from .parts import OUT, grade_part
from .result import PartResult, Verdict
from .total import adjustment

CODE = 32
"""Bits of the number for how a part counts: more numbers than a memory could hold."""

MOST_KEPT = 1 << 16
"""So many verdicts, and outcomes of a part, are kept at once; then they are worked out anew."""

PLAIN, LATE, OWN = 0, 1, 2
"""What an outcome's verdict takes: the key; a share of the free budget; everything that the student handed in."""

ZERO, ONE = Fraction(0), Fraction(1)


class Outcome:
    """What a part came to. Parts of different students that count alike share one."""

    __slots__ = ("after", "amount", "counts", "key", "kind", "result", "terms", "work")

    amount: int
    """Weight × value on the common denominator of its siblings; set, and set anew, by its member."""
    key: int
    """What it adds to the key of its siblings: the amount, and its number. Set with it."""

    def __init__(self, result: PartResult, kind: int, work: LateWork | None, after: tuple[Outcome, ...]) -> None:
        self.counts = counts(result)
        """Whether it can enter the mean."""
        self.kind = kind
        self.result = result
        """A result that counts like this one: with its value, state, gate and reasons, not with its times."""
        self.work = work
        self.after = after
        """What it would be with 0, 1, 2 … of its late units forgiven, as far as the budget goes."""
        self.terms: dict[Share, Term] = {}

    def term(self, share: Share) -> Term:
        """It as a part of a mean, in a step."""
        found = self.terms.get(share)
        if found is None:
            found = self.terms[share] = term(self.result.part.id, share.weight, self.result.value)
        return found


class Member:
    """A part among its siblings: numbers its outcomes."""

    def __init__(self, part: Part, group: Group, position: int) -> None:
        self.part = part
        self.group = group
        self.shift = position * CODE
        self.weight = ONE if part.weight is None or group.chooses else part.weight
        self.codes: dict[object, int] = {}
        self.outcomes: dict[tuple[int, Fraction | None], Outcome] = {}

    def outcome_of(
        self,
        result: PartResult,
        kind: int,
        own: object,
        work: LateWork | None = None,
        after: tuple[Outcome, ...] = (),
    ) -> Outcome:
        """The outcome that counts like ``result``; ``own`` is what decides beside value, state and reasons."""
        value = result.value if counts(result) else None
        # what adds nothing to the mean, such as a bonus, has its value in the number
        beside = result.value if value is None else None
        why = tuple([(reason.part and reason.part.id, *reason[1:]) for reason in reasons((result,))])
        counted = (result.state, result.gate, result.open, handed_in(result), why)
        matter = (*counted, beside, own)
        code = self.codes.setdefault(matter, len(self.codes))
        outcome = self.outcomes.get((code, value))
        if outcome is None:
            outcome = self.outcomes[code, value] = Outcome(result, kind, work, after)
            if value is not None:
                self.group.measure(value * self.weight)
            self.group.plain = self.group.plain and not kind and not (self.group.drops and result.state in OUT)
            self.set_key(outcome, code, value)
        return outcome

    def set_key(self, outcome: Outcome, code: int, value: Fraction | None) -> None:
        """The outcome's share of its siblings' key, on their common denominator."""
        outcome.amount = 0 if value is None else int(value * self.weight * self.group.denominator)
        outcome.key = (outcome.amount << self.group.bits) + (code << self.shift)

    def set_keys(self) -> None:
        """The same for all outcomes, once the denominator has changed."""
        for (code, value), outcome in self.outcomes.items():
            self.set_key(outcome, code, value)


class Leaf(Member):
    """A part without parts."""

    def __init__(self, part: Part, group: Group, position: int, grader: Grader) -> None:
        super().__init__(part, group, position)
        self.grader = grader
        self.timed = part.late is not None or grader.as_of is not None
        """Whether times decide anything about it."""
        self.seen: dict[object, Outcome] = {}
        self.at_hand: dict[object, Outcome] = {}
        """Outcomes by the identity of scores and times, which :attr:`kept` keeps alive."""
        self.kept: list[Sequence[Attempt]] = []
        self.nothing = self.outcome(())

    def outcome(self, attempts: Sequence[Attempt], forgiven: int | None = None) -> Outcome:
        """What the attempts come to: as long as nothing is forgiven, or with so many late units ``forgiven``."""
        given = (forgiven, *((a.state, a.score, a.submitted, a.due, a.lateness) for a in attempts))
        outcome = self.seen.get(given)
        if outcome is None:
            if len(self.seen) >= MOST_KEPT:
                self.seen.clear()
            outcome = self.seen[given] = self._outcome(attempts, forgiven)
        return outcome

    def _outcome(self, attempts: Sequence[Attempt], forgiven: int | None) -> Outcome:
        grader, part = self.grader, self.part
        policy, free = grader.policy, grader.policy.free
        result = grade_part(part, attempts, policy, grader.zone, forgiven or 0)
        alone = Student("", attempts={part.id: tuple(attempts)})
        coming = grader.coming(alone, part)
        work = None
        if free is not None and forgiven is None:
            work = next(iter(late_works(policy, alone, grader.zone)), None)
        if result.open or coming:
            # what is within reach is found by grading the attempts again, with other scores in the open ones
            own = (work, forgiven, frozenset(coming), *(a._replace(given=_scored(a.given)) for a in result.attempts))
            return self.outcome_of(result, OWN, own)
        if work is not None and free is not None:
            most = min(work.units, free.hours // work.unit_hours)
            after = tuple([self.outcome(attempts, units) for units in range(most + 1)])
            return self.outcome_of(result, LATE, (work, after), work, after)
        return self.outcome_of(result, PLAIN, None)

    def of(self, attempts: Sequence[Attempt]) -> Outcome:
        """The same as :meth:`outcome`, found by identity where the attempts share their scores and times."""
        if not attempts:
            return self.nothing
        name = identity(attempts, self.timed)
        outcome = self.at_hand.get(name)
        if outcome is None:
            if len(self.kept) >= MOST_KEPT:
                self.at_hand.clear()
                self.kept.clear()
            outcome = self.at_hand[name] = self.outcome(attempts)
            self.kept.append(attempts)
        return outcome


def identity(attempts: Sequence[Attempt], timed: bool) -> object:
    """The identity of the scores, and of the times where they decide; it lasts as long as the attempts."""
    if not timed and len(attempts) == 1:
        state, score, *_ = attempts[0]
        return state if score is None else id(score)
    return tuple([x for a in attempts for x in (a.state, id(a.score), id(a.submitted), id(a.due), a.lateness)])


def _scored(attempt: Attempt) -> Attempt:
    """The attempt without its times: what they make of it stands in its result."""
    return Attempt(attempt.state, attempt.score)


class Pattern:
    """Siblings of whom the same ones enter the mean."""

    __slots__ = ("chosen", "means", "shares", "weight")

    def __init__(self, chosen: tuple[int, ...], shares: tuple[Share, ...], weight: Fraction) -> None:
        self.chosen = chosen
        self.shares = shares
        """Of each sibling."""
        self.weight = weight
        """The sum of the weights of the chosen."""
        self.means: dict[tuple[int, int], Fraction] = {}


class Group:
    """Siblings: the parts of the top level, or of one part."""

    def __init__(self, parts: Sequence[Part], owner: Part | None) -> None:
        self.parts = parts
        self.best, self.drop = (owner.best, owner.drop_lowest) if owner is not None else (None, None)
        self.bits = CODE * (len(parts) + 1)
        """Of all the numbers: one for each part, and at the top level one for activity."""
        self.denominator = 1
        counting = [part for part in parts if part.counts]
        self.chooses = self.best is not None or bool(self.drop)
        """Whether only some enter the mean; all of them have the same weight then."""
        self.others = len(parts) - (self.best if self.best is not None else max(1, len(counting) - (self.drop or 0)))
        """So many do not enter, where all that count have a value."""
        self.drops = self.best is None and bool(self.drop)
        self.plain = True
        """Whether the best amounts and all numbers decide, whatever the members came to so far."""
        self.members: list[Leaf | Parent] = []
        self.leaves: list[int] = []
        """For each member its position among all leaves of the policy, or -1 where it has parts."""
        self.first = self.end = 0
        """Where its leaves begin and end, if all members are leaves."""
        self.parents: list[Parent] = []
        self.known: dict[object, Any] = {}
        """What is known of the whole by key: outcomes of the part that has these parts, or verdicts."""
        self.patterns: dict[tuple[object, ...], Pattern] = {}

    def measure(self, amount: Fraction) -> None:
        """Makes the common denominator one that ``amount`` has too."""
        if self.denominator % amount.denominator:
            self.denominator = lcm(self.denominator, amount.denominator)
            self.known.clear()
            for member in self.members:
                member.set_keys()

    def found(self, outcomes: Sequence[Outcome]) -> Sequence[Outcome]:
        """What each member came to; ``outcomes`` are those of all leaves of the policy."""
        if not self.parents:
            return outcomes[self.first : self.end]
        parents = iter([member.outcome(outcomes) for member in self.parents])
        return [outcomes[index] if index >= 0 else next(parents) for index in self.leaves]

    def key(self, found: Sequence[Outcome]) -> object:
        """What decides about the siblings together."""
        keys = [outcome.key for outcome in found]
        if not self.chooses:
            return sum(keys)
        if not self.plain and any(o.kind or (self.drops and o.result.state in OUT) for o in found):
            return tuple(keys)
        # what is left out of the mean has the amount 0, so the largest sum is that of the best that count
        keys.sort()
        return sum(keys) - (sum(keys[: self.others]) >> self.bits << self.bits)

    def pattern(self, found: Sequence[Outcome]) -> Pattern:
        """Who enters the mean with what weight."""
        chosen: tuple[int, ...] | None = None
        name: tuple[object, ...] = tuple([outcome.counts for outcome in found])
        if self.chooses:
            # of equal weights, so that amounts stand in the order of values
            chosen = chosen_of([o.amount if o.counts else None for o in found], self.best, self.drop)
            name = (name, chosen)
        pattern = self.patterns.get(name)
        if pattern is None:
            if len(self.patterns) >= MOST_KEPT:
                self.patterns.clear()
            if chosen is None:
                chosen = tuple([i for i, outcome in enumerate(found) if outcome.counts])
            shares, weight = shares_of(self.parts, [outcome.counts for outcome in found], chosen)
            if self.chooses:
                weight = Fraction(len(chosen))
            pattern = self.patterns[name] = Pattern(chosen, shares, weight)
        return pattern

    def mean(self, pattern: Pattern, found: Sequence[Outcome]) -> Fraction | None:
        """The mean without bonus; None where nothing is left to weigh."""
        if not pattern.weight:
            return None
        amount = sum([found[i].amount for i in pattern.chosen])
        mean = pattern.means.get((amount, self.denominator))
        if mean is None:
            if len(pattern.means) >= MOST_KEPT:
                pattern.means.clear()
            mean = amount / (pattern.weight * self.denominator)
            pattern.means[amount, self.denominator] = mean
        return mean


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
        outcome = self.outcome_of(result, kind, (below.denominator, key) if kind else None)
        below.known[key] = outcome
        return outcome


Adjust = tuple[int, Fraction | None]
"""What activity adds: its number in the key, and the amount."""


class Plan:
    """Gives every student the verdict that :meth:`Grader.judge` gives, fast where many students are alike.

    Students whom it does not cover (peer marks) are judged by the grader itself.
    """

    def __init__(self, grader: Grader) -> None:
        self.grader = grader
        self.policy = grader.policy
        self.covers = not grader.shares
        self.leaves: list[Leaf] = []
        self.top = Group(self.policy.parts, None)
        self._add(self.policy.parts, self.top)
        self.hands = [(leaf.part.id, leaf.timed, leaf.at_hand.get, leaf) for leaf in self.leaves]
        self.direct = [index for index in self.top.leaves if index >= 0]
        self.at = {leaf.part.id: index for index, leaf in enumerate(self.leaves)}
        self.adjusts: dict[Fraction | None, int] = {}
        self.levels: dict[tuple[str | None, int | None], Adjust] = {}

    def _add(self, parts: Sequence[Part], group: Group) -> None:
        group.first = len(self.leaves)
        for position, part in enumerate(parts):
            if part.parts:
                below = Group(part.parts, part)
                self._add(part.parts, below)
                member = Parent(part, group, position, below, self.policy)
                group.members.append(member)
                group.parents.append(member)
                group.leaves.append(-1)
            else:
                group.leaves.append(len(self.leaves))
                leaf = Leaf(part, group, position, self.grader)
                group.members.append(leaf)
                self.leaves.append(leaf)
        group.end = len(self.leaves)

    def adjust(self, level: str | None, attended: int | None) -> Adjust:
        """What activity adds for a level or sessions attended."""
        found = self.levels.get((level, attended))
        if found is None:
            adjust = adjustment(self.policy, Student("", level=level, attended=attended))
            code = self.adjusts.setdefault(adjust, len(self.adjusts))
            found = self.levels[level, attended] = (code << (CODE * len(self.policy.parts)), adjust)
        return found

    def judge(self, student: Student) -> Verdict:
        """The verdict on a student."""
        if not self.covers:
            return self.grader.judge(student)[1]
        _, _, _, _, _, given, level, attended, _ = student
        outcomes = []
        for name, timed, at_hand, leaf in self.hands:
            try:
                (attempt,) = given[name]
            except (KeyError, ValueError):
                outcomes.append(leaf.of(given.get(name, ())))
                continue
            # nearly everybody has one attempt: without a call, by its `identity`
            if timed:
                known = at_hand((attempt[0], id(attempt[1]), id(attempt[2]), id(attempt[3])))
            else:
                score = attempt[1]
                known = at_hand(attempt[0] if score is None else id(score))
            outcomes.append(known or leaf.of((attempt,)))
        return self.verdict(outcomes, self.levels.get((level, attended)) or self.adjust(level, attended), student)

    def verdict(self, outcomes: Sequence[Outcome], adjust: Adjust, student: Student | None) -> Verdict:
        """The verdict on these outcomes of all leaves; ``student`` is needed only where they do not decide."""
        key = adjust[0]
        if self.top.parents:
            # All parents go first: what is new of them may change the keys of the others.
            for outcome in [member.outcome(outcomes) for member in self.top.parents]:
                key += outcome.key
            for index in self.direct:
                key += outcomes[index].key
        else:
            for outcome in outcomes:
                key += outcome.key
        return self.top.known.get(key) or self.learn(key, self.found(outcomes), outcomes, adjust, student)

    def learn(
        self,
        key: int,
        found: Sequence[Outcome],
        outcomes: Sequence[Outcome],
        adjust: Adjust,
        student: Student | None,
    ) -> Verdict:
        """The verdict on a key that is new, which is known from now on."""
        denominator = self.top.denominator
        verdict = self._decide(found, outcomes, adjust, student)
        if len(self.top.known) >= MOST_KEPT:
            self.top.known.clear()
        if self.top.denominator == denominator:  # else the key says something else by now
            self.top.known[key] = verdict
        return verdict

    def found(self, outcomes: Sequence[Outcome]) -> Sequence[Outcome]:
        """What each part of the top level came to, by the outcomes of all leaves."""
        return self.top.found(outcomes) if self.top.parents else outcomes

    def total(self, found: Sequence[Outcome], adjust: Fraction | None) -> Total | None:
        """The total by these outcomes of the top level's parts; None where they do not decide it by themselves.

        The attempts and their sources in it are those of some student whose parts count alike; effective weights are
        not filled in.
        """
        if any(outcome.kind for outcome in found):
            return None
        results = tuple([outcome.result for outcome in found])
        mean = self.top.mean(self.top.pattern(found), found)
        if mean is None:
            return total_by(self.policy, Mean(None, None, results), adjust)
        bonus = sum([bonus_of(result) for result in results if result.part.bonus], ZERO)
        return total_by(self.policy, Mean(mean + bonus, mean, results), adjust)

    def _decide(
        self, found: Sequence[Outcome], outcomes: Sequence[Outcome], adjust: Adjust, student: Student | None
    ) -> Verdict:
        kind = max([outcome.kind for outcome in found])
        if kind == LATE:
            return self.verdict(self.after(outcomes, self.spending(outcomes, adjust)), adjust, student)
        total = self.total(found, adjust[1])
        if total is not None:
            return decided(self.policy, total)
        if student is None:
            raise LookupError
        return self.grader.judge(student)[1]

    def spending(self, outcomes: Sequence[Outcome], adjust: Adjust) -> Spending:
        """Units forgiven by part, where nothing is open."""
        free = self.policy.free
        works = sorted([outcome.work for outcome in outcomes if outcome.work is not None])
        if free is None or not free.helps:
            return in_order(works, free) if free is not None else {}

        def value(spent: Mapping[str, int]) -> tuple[int, Fraction]:
            verdict = self.verdict(self.after(outcomes, spent), adjust, None)
            return self.policy.scale.lowest if verdict.grade is None else verdict.grade, verdict.exact or ZERO

        return where_it_helps(works, free, value)

    def after(self, outcomes: Sequence[Outcome], spent: Mapping[str, int]) -> Sequence[Outcome]:
        """What each leaf came to once late units are forgiven."""
        found = list(outcomes)
        for part, units in spent.items():
            index = self.at[part]
            found[index] = found[index].after[units]
        return found
