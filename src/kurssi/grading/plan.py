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

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import lcm
from typing import Any, NamedTuple

from kurssi.classlist import Attempt, Student
from kurssi.policy import Part, Policy

from .combine import Mean, bonus_of, handed_in, parent, reasons, weigh
from .core import Grader, Total, decided, total_by
from .explain import mean_steps, own_steps, part_steps, whole_steps
from .free import LateWork, in_order, late_works
from .parts import OUT, grade_part
from .result import AttemptResult, PartResult, Result, Step, Verdict
from .total import adjustment

CODE = 32
"""Bits of the number for how a part counts: more numbers than a memory could hold."""

MOST_KEPT = 1 << 16
"""So many verdicts, and outcomes of a part, are kept at once; then they are worked out anew."""

PLAIN, LATE, OWN = 0, 1, 2
"""What an outcome's verdict takes: the key; a share of the free budget; everything that the student handed in."""

ZERO, ONE = Fraction(0), Fraction(1)


class Told(NamedTuple):
    """What is told of a part with these very attempts: its result, and the steps that led there."""

    outcome: Outcome
    result: PartResult
    steps: tuple[Step, ...]


class Shape(NamedTuple):
    """What siblings that came to certain outcomes have in common beside their own attempts."""

    weights: tuple[tuple[Fraction | None, bool], ...]
    """Of each its effective weight, and whether it was chosen."""
    mean: Fraction | None
    steps: tuple[Step, ...]
    """From the siblings to their mean, or to the gate of the part that has them."""
    parent: PartResult | None
    """That part's result, with children who came to the same."""


class Outcome:
    """What a part came to. Parts of different students that count alike share one."""

    __slots__ = ("key", "kind", "result", "weight", "work")

    def __init__(self, result: PartResult, kind: int, weight: Fraction, work: LateWork | None) -> None:
        self.weight = weight
        """What it has in the mean; 0 where it does not count."""
        self.key = 0
        """What it adds to the key of its siblings; set, and set anew, by its member."""
        self.kind = kind
        self.result = result
        """A result that counts like this one: with its value, state, gate and reasons, not with its times."""
        self.work = work


class Member:
    """A part among its siblings: numbers its outcomes."""

    def __init__(self, part: Part, group: Group, position: int) -> None:
        self.part = part
        self.group = group
        self.shift = position * CODE
        self.counts = part.counts
        self.weight = ONE if part.weight is None or group.chooses else part.weight
        self.codes: dict[object, int] = {}
        self.outcomes: dict[tuple[int, Fraction | None], Outcome] = {}

    def outcome_of(self, result: PartResult, kind: int, own: object, work: LateWork | None = None) -> Outcome:
        """The outcome that counts like ``result``; ``own`` is what decides beside value, state and reasons."""
        value = result.value if self.counts and result.state not in OUT else None
        # what adds nothing to the mean, such as a bonus, has its value in the number
        beside = result.value if value is None else None
        why = tuple([(reason.part and reason.part.id, *reason[1:]) for reason in reasons((result,))])
        counted = (result.state, result.gate, result.open, handed_in(result), why)
        matter = (*counted, beside, own)
        code = self.codes.setdefault(matter, len(self.codes))
        outcome = self.outcomes.get((code, value))
        if outcome is None:
            outcome = self.outcomes[code, value] = Outcome(result, kind, ZERO if value is None else self.weight, work)
            if value is not None:
                self.group.measure(value * self.weight)
            self.set_key(outcome, code, value)
        return outcome

    def set_key(self, outcome: Outcome, code: int, value: Fraction | None) -> None:
        """The outcome's share of its siblings' key, on their common denominator."""
        amount = 0 if value is None else int(value * self.weight * self.group.denominator)
        outcome.key = (amount << self.group.bits) + (code << self.shift)

    def set_keys(self) -> None:
        """The same for all outcomes, once the denominator has changed."""
        for (code, value), outcome in self.outcomes.items():
            self.set_key(outcome, code, value)


class Leaf(Member):
    """A part without parts."""

    def __init__(self, part: Part, group: Group, position: int, grader: Grader) -> None:
        super().__init__(part, group, position)
        self.grader = grader
        self.seen: dict[object, Outcome] = {}
        self.at_hand: dict[tuple[object, ...], Outcome] = {}
        """Outcomes by the identity of scores and times, which :attr:`kept` keeps alive."""
        self.told: dict[tuple[object, ...], Told] = {}
        """What is told of them, by the same names."""
        self.kept: list[Sequence[Attempt]] = []
        self.nothing = self.outcome(())

    def outcome(self, attempts: Sequence[Attempt], forgiven: int | None = None) -> Outcome:
        """What the attempts come to: as long as nothing is forgiven, or with so many late units ``forgiven``."""
        given = (forgiven, *((a.state, a.score, a.submitted, a.due) for a in attempts))
        outcome = self.seen.get(given)
        if outcome is None:
            if len(self.seen) >= MOST_KEPT:
                self.seen.clear()
            outcome = self.seen[given] = self._outcome(attempts, forgiven)
        return outcome

    def _outcome(self, attempts: Sequence[Attempt], forgiven: int | None) -> Outcome:
        grader, part = self.grader, self.part
        policy = grader.policy
        result = grade_part(part, attempts, policy, grader.zone, forgiven or 0)
        alone = Student("", attempts={part.id: tuple(attempts)})
        coming = grader.coming(alone, part)
        work = None
        if policy.free is not None and forgiven is None:
            work = next(iter(late_works(policy, alone, grader.zone)), None)
        if result.open or coming or (work is not None and policy.free is not None and policy.free.helps):
            # what is within reach is found by grading the attempts again, with other scores in the open ones
            own = (work, forgiven, frozenset(coming), *(a._replace(given=_scored(a.given)) for a in result.attempts))
            return self.outcome_of(result, OWN, own, work)
        if work is not None:
            forgiven_so = tuple(self.outcome(attempts, units) for units in range(work.units + 1))
            return self.outcome_of(result, LATE, (work, forgiven_so), work)
        return self.outcome_of(result, PLAIN, None)

    def of(self, attempts: Sequence[Attempt]) -> Outcome:
        """The same as :meth:`outcome`, found by identity where the attempts share their scores and times."""
        if not attempts:
            return self.nothing
        name = self._name(attempts)
        outcome = self.at_hand.get(name)
        if outcome is None:
            outcome = self.at_hand[name] = self.outcome(attempts)
            self.kept.append(attempts)
        return outcome

    def tell(self, attempts: Sequence[Attempt]) -> Told:
        """What is told of a part with these attempts; those in the result may stand in the row of somebody else."""
        name = self._name(attempts)
        told = self.told.get(name)
        if told is None:
            grader = self.grader
            result = grade_part(self.part, attempts, grader.policy, grader.zone)
            steps = tuple(part_steps(grader.policy, result))
            told = self.told[name] = Told(self.of(attempts), result, steps)
            self.kept.append(attempts)
        return told

    def _name(self, attempts: Sequence[Attempt]) -> tuple[object, ...]:
        """The identity of scores and times."""
        if len(self.kept) >= MOST_KEPT:
            self.at_hand.clear()
            self.told.clear()
            self.kept.clear()
        if len(attempts) == 1:
            state, score, submitted, due, _, _ = attempts[0]
            return (state, id(score), id(submitted), id(due))
        return tuple([x for a in attempts for x in (a.state, id(a.score), id(a.submitted), id(a.due))])


def _scored(attempt: Attempt) -> Attempt:
    """The attempt without its times: what they make of it stands in its result."""
    return Attempt(attempt.state, attempt.score)


class Group:
    """Siblings: the parts of the top level, or of one part."""

    def __init__(self, parts: Sequence[Part], owner: Part | None) -> None:
        self.owner = owner
        """The part that has them; None at the top level."""
        best, drop = (owner.best, owner.drop_lowest) if owner is not None else (None, None)
        self.bits = CODE * (len(parts) + 1)
        """Of all the numbers: one for each part, and at the top level one for activity."""
        self.numbers = (1 << self.bits) - 1
        """A mask for them."""
        self.denominator = 1
        counting = [part for part in parts if part.counts]
        self.chooses = best is not None or bool(drop)
        self.keep = best if best is not None else max(1, len(counting) - (drop or 0))
        self.drops = best is None and bool(drop)
        self.uneven = self.chooses and len({part.weight for part in counting}) > 1
        self.members: list[Leaf | Parent] = []
        self.leaves: list[int] = []
        """For each member its position among all leaves of the policy, or -1 where it has parts."""
        self.parents: list[Parent] = []
        self.shapes: dict[tuple[Outcome, ...], Shape] = {}
        self.known: dict[object, Any] = {}
        """What is known of the whole by key: outcomes of the part that has these parts, or verdicts."""

    def measure(self, amount: Fraction) -> None:
        """Makes the common denominator one that ``amount`` has too."""
        if self.denominator % amount.denominator:
            self.denominator = lcm(self.denominator, amount.denominator)
            self.known.clear()
            for member in self.members:
                member.set_keys()

    def found(self, outcomes: Sequence[Outcome]) -> list[Outcome]:
        """What each member came to; ``outcomes`` are those of all leaves of the policy."""
        if not self.parents:
            return [outcomes[index] for index in self.leaves]
        # The parents go first: what is new of them may change the denominator, and with it every key.
        parents = iter([member.outcome(outcomes) for member in self.parents])
        return [outcomes[index] if index >= 0 else next(parents) for index in self.leaves]

    def key(self, found: Sequence[Outcome]) -> object:
        """What decides about the siblings together."""
        total = 0
        if not self.chooses:
            for outcome in found:
                total += outcome.key
            return total
        keys = []
        for outcome in found:
            if outcome.kind or self.uneven or (self.drops and outcome.result.state in OUT):
                return tuple([outcome.key for outcome in found])
            keys.append(outcome.key)
        # what is left out of the mean has the amount 0, so the largest sum is that of the best that count
        keys.sort(reverse=True)
        for key in keys[: self.keep]:
            total += key
        for key in keys[self.keep :]:
            total += key & self.numbers
        return total


class Parent(Member):
    """A part with parts."""

    def __init__(self, part: Part, group: Group, position: int, below: Group, policy: Policy) -> None:
        super().__init__(part, group, position)
        self.below = below
        self.policy = policy

    def outcome(self, outcomes: Sequence[Outcome]) -> Outcome:
        """What its parts make of it."""
        below = self.below
        found = below.found(outcomes)
        key = below.key(found)
        outcome: Outcome | None = below.known.get(key)
        if outcome is not None:
            return outcome
        if len(below.known) >= MOST_KEPT:
            below.known.clear()
        result = parent(self.part, [outcome.result for outcome in found], self.policy)
        kind = max(outcome.kind for outcome in found)
        outcome = self.outcome_of(result, kind, (below.denominator, key) if kind else None)
        below.known[key] = outcome
        return outcome


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
        self.hands = [(leaf.part.id, leaf.at_hand, leaf) for leaf in self.leaves]
        self.tellers = [(leaf.part.id, leaf.told, leaf) for leaf in self.leaves]
        self.last: dict[tuple[object, ...], tuple[Step, ...]] = {}
        """The steps from the mean to the grade, by all that they depend on."""
        self.adjusts: dict[Fraction | None, int] = {}
        self.levels: dict[tuple[str | None, int | None], tuple[int, Fraction | None]] = {}

    def _add(self, parts: Sequence[Part], group: Group) -> None:
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

    def adjust(self, level: str | None, attended: int | None) -> tuple[int, Fraction | None]:
        """(its number in the key, what activity adds) for a level or sessions attended."""
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
        get = student.attempts.get
        outcomes = []
        for name, at_hand, leaf in self.hands:
            attempts = get(name)
            if attempts and len(attempts) == 1:  # nearly everybody: without a call
                state, score, submitted, due, _, _ = attempts[0]
                outcomes.append(at_hand.get((state, id(score), id(submitted), id(due))) or leaf.of(attempts))
            else:
                outcomes.append(leaf.of(attempts or ()))
        adjust = self.levels.get((student.level, student.attended)) or self.adjust(student.level, student.attended)
        return self.verdict(outcomes, adjust, lambda: student)

    def verdict(
        self, outcomes: Sequence[Outcome], adjust: tuple[int, Fraction | None], student: Callable[[], Student]
    ) -> Verdict:
        """The verdict on these outcomes of all leaves; ``student`` is asked for only where they do not decide."""
        found = self.found(outcomes)
        key = adjust[0]
        for outcome in found:
            key += outcome.key
        known: Verdict | None = self.top.known.get(key)
        return self._learn(key, found, outcomes, adjust, student) if known is None else known

    def _learn(
        self,
        key: int,
        found: Sequence[Outcome],
        outcomes: Sequence[Outcome],
        adjust: tuple[int, Fraction | None],
        student: Callable[[], Student],
    ) -> Verdict:
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
        if any(outcome.kind != PLAIN for outcome in found):
            return None
        results = tuple([outcome.result for outcome in found])
        weight = sum([outcome.weight for outcome in found], ZERO)
        if not weight:
            return total_by(self.policy, Mean(None, None, results), adjust)
        amount = sum([outcome.key >> self.top.bits for outcome in found])
        mean = amount / (weight * self.top.denominator)
        bonus = sum([bonus_of(result) for result in results if result.part.bonus], ZERO)
        return total_by(self.policy, Mean(mean + bonus, mean, results), adjust)

    def _decide(
        self,
        found: Sequence[Outcome],
        outcomes: Sequence[Outcome],
        adjust: tuple[int, Fraction | None],
        student: Callable[[], Student],
    ) -> Verdict:
        total = self.total(found, adjust[1])
        if total is not None:
            return decided(self.policy, total)
        free = self.policy.free
        if free is None or any(outcome.kind == OWN for outcome in found):
            return self.grader.judge(student())[1]
        attempts = student().attempts
        spent = in_order(sorted(o.work for o in outcomes if o.work is not None), free)
        after = []
        for leaf in self.leaves:
            name = leaf.part.id
            after.append(leaf.outcome(attempts.get(name, ()), spent.get(name, 0)))
        return self.verdict(after, adjust, student)

    # ---- results with steps --------------------------------------------------------------------------------

    def result(self, student: Student, *, steps: bool = True) -> Result:
        """The result that :meth:`Grader.grade` gives the student."""
        if not self.covers:
            return self.grader.grade(student, steps=steps)
        get = student.attempts.get
        tellings = []
        for name, told, leaf in self.tellers:
            attempts = get(name, ())
            if len(attempts) == 1:
                state, score, submitted, due, _, _ = attempts[0]
                tellings.append(told.get((state, id(score), id(submitted), id(due))) or leaf.tell(attempts))
            else:
                tellings.append(leaf.tell(attempts))
        outcomes = [told.outcome for told in tellings]
        found = self.found(outcomes)
        adjust = self.levels.get((student.level, student.attended)) or self.adjust(student.level, student.attended)
        key = adjust[0]
        for outcome in found:
            if outcome.kind != PLAIN:
                return self.grader.grade(student, steps=steps)
            key += outcome.key
        verdict = self.top.known.get(key) or self._learn(key, found, outcomes, adjust, lambda: student)
        of_parts: list[Step] = []
        parts, shape = self._parts(self.top, student, outcomes, tellings, of_parts)
        result = Result(
            student,
            verdict.status,
            verdict.grade,
            verdict.exact,
            verdict.rounded,
            verdict.raised,
            verdict.grade,
            None,
            verdict.range,
            verdict.reasons,
            adjust[1],
            parts,
            (),
        )
        if not steps:
            return result
        whole = (self.top.denominator, key, student.level, student.attended)
        last = self.last.get(whole)
        if last is None:
            if len(self.last) >= MOST_KEPT:
                self.last.clear()
            last = self.last[whole] = tuple(whole_steps(self.policy, result, shape.mean))
        return result._replace(steps=(*of_parts, *shape.steps, *last))

    def _parts(
        self,
        group: Group,
        student: Student,
        outcomes: Sequence[Outcome],
        tellings: Sequence[Told],
        steps: list[Step],
    ) -> tuple[tuple[PartResult, ...], Shape]:
        """The results of siblings with the student's own attempts; their steps go into ``steps``."""
        found = tuple(group.found(outcomes))
        shape = group.shapes.get(found)
        if shape is None:
            if len(group.shapes) >= MOST_KEPT:
                group.shapes.clear()
            shape = group.shapes[found] = self._shape(group, [outcome.result for outcome in found])
        parts = []
        for member, index, (weight, chosen) in zip(group.members, group.leaves, shape.weights, strict=True):
            if isinstance(member, Parent):
                children, below = self._parts(member.below, student, outcomes, tellings, steps)
                steps += below.steps
                if below.parent is not None:
                    parts.append(below.parent._replace(children=children, effective_weight=weight, chosen=chosen))
                continue
            _, result, own = tellings[index]
            steps += own
            part, state, value, attempts, used, gate, is_open, *_ = result
            given = student.attempts.get(part.id, ())
            attempts = tuple([AttemptResult(a[0], a[1], mine, *a[3:]) for a, mine in zip(attempts, given, strict=True)])
            parts.append(PartResult(part, state, value, attempts, used, gate, is_open, None, (), weight, chosen))
        return tuple(parts), shape

    def _shape(self, group: Group, results: Sequence[PartResult]) -> Shape:
        owner = group.owner
        if owner is None:
            mean = weigh(results, None, None)
            status = "incomplete" if mean.value is None else ""
            steps = tuple(mean_steps(self.policy, mean, status))
            return Shape(_weights(mean.results), mean.value, steps, None)
        above = parent(owner, results, self.policy)
        return Shape(_weights(above.children), above.value, tuple(own_steps(self.policy, above)), above)


def _weights(results: Sequence[PartResult]) -> tuple[tuple[Fraction | None, bool], ...]:
    return tuple((result.effective_weight, result.chosen) for result in results)
