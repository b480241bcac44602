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
from typing import Any

from kurssi.classlist import Attempt, Student
from kurssi.policy import Part, Policy

from .combine import handed_in, parent, reasons
from .core import Grader, Total, decided, total_of
from .free import LateWork, in_order, late_works
from .parts import OUT, grade_part
from .result import PartResult, Verdict
from .total import adjustment

CODE = 32
"""Bits of the number for how a part counts: more numbers than a memory could hold."""

MOST_KEPT = 1 << 16
"""So many verdicts, and outcomes of a part, are kept at once; then they are worked out anew."""

PLAIN, LATE, OWN = 0, 1, 2
"""What an outcome's verdict takes: the key; a share of the free budget; everything that the student handed in."""

ONE = Fraction(1)


class Outcome:
    """What a part came to. Parts of different students that count alike share one."""

    __slots__ = ("key", "kind", "result", "work")

    def __init__(self, result: PartResult, kind: int, work: LateWork | None) -> None:
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
        counted = (result.state, result.gate, result.open, handed_in(result), reasons((result,)))
        matter = (*counted, beside, own)
        code = self.codes.setdefault(matter, len(self.codes))
        outcome = self.outcomes.get((code, value))
        if outcome is None:
            outcome = self.outcomes[code, value] = Outcome(result, kind, work)
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
        name: tuple[object, ...]
        if len(attempts) == 1:
            state, score, submitted, due, _, _ = attempts[0]
            name = (state, id(score), id(submitted), id(due))
        else:
            name = tuple([x for a in attempts for x in (a.state, id(a.score), id(a.submitted), id(a.due))])
        outcome = self.at_hand.get(name)
        if outcome is None:
            if len(self.kept) >= MOST_KEPT:
                self.at_hand.clear()
                self.kept.clear()
            outcome = self.at_hand[name] = self.outcome(attempts)
            self.kept.append(attempts)
        return outcome


def _scored(attempt: Attempt) -> Attempt:
    """The attempt without its times: what they make of it stands in its result."""
    return Attempt(attempt.state, attempt.score)


class Group:
    """Siblings: the parts of the top level, or of one part."""

    def __init__(self, parts: Sequence[Part], best: int | None, drop: int | None) -> None:
        self.bits = CODE * (len(parts) + 1)
        """Of all the numbers: one for each part, and at the top level one for activity."""
        self.denominator = 1
        counting = [part for part in parts if part.counts]
        self.chooses = best is not None or bool(drop)
        self.keep = best if best is not None else max(1, len(counting) - (drop or 0))
        self.drops = best is None and bool(drop)
        self.uneven = self.chooses and len({part.weight for part in counting}) > 1
        self.members: list[Leaf | Parent] = []
        self.leaves: list[int] = []
        """Positions of the members without parts among all leaves of the policy."""
        self.parents: list[Parent] = []
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
        """What each member came to, leaves first; ``outcomes`` are those of all leaves of the policy."""
        # The parents go first: what is new of them may change the denominator, and with it every key.
        parents = [member.outcome(outcomes) for member in self.parents]
        return [outcomes[i] for i in self.leaves] + parents

    def key(self, found: Sequence[Outcome]) -> object:
        """What decides about the siblings together."""
        if not self.chooses:
            total = 0
            for outcome in found:
                total += outcome.key
            return total
        keys = [outcome.key for outcome in found]
        if self.uneven or any(o.kind or (self.drops and o.result.state in OUT) for o in found):
            return tuple(keys)
        # what is left out of the mean has the amount 0, so the largest sum is that of the best that count
        keys.sort(reverse=True)
        low = (1 << self.bits) - 1
        return sum(keys[: self.keep]) + sum([key & low for key in keys[self.keep :]])


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
        at = {outcome.result.part.id: outcome.result for outcome in found}
        result = parent(self.part, [at[child.id] for child in self.part.parts], self.policy)
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
        self.top = Group(self.policy.parts, None, None)
        self._add(self.policy.parts, self.top)
        self.hands = [(leaf.part.id, leaf.at_hand, leaf) for leaf in self.leaves]
        self.adjusts: dict[Fraction | None, int] = {}
        self.levels: dict[tuple[str | None, int | None], tuple[int, Fraction | None]] = {}

    def _add(self, parts: Sequence[Part], group: Group) -> None:
        for position, part in enumerate(parts):
            if part.parts:
                below = Group(part.parts, part.best, part.drop_lowest)
                self._add(part.parts, below)
                member = Parent(part, group, position, below, self.policy)
                group.members.append(member)
                group.parents.append(member)
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
        verdict: Verdict | None = self.top.known.get(key)
        if verdict is None:
            denominator = self.top.denominator
            verdict = self._decide(found, outcomes, adjust, student)
            if len(self.top.known) >= MOST_KEPT:
                self.top.known.clear()
            if self.top.denominator == denominator:  # else the key says something else by now
                self.top.known[key] = verdict
        return verdict

    def found(self, outcomes: Sequence[Outcome]) -> Sequence[Outcome]:
        """What each part of the top level came to, by the outcomes of all leaves; parts without parts go first."""
        return self.top.found(outcomes) if self.top.parents else outcomes

    def total(self, found: Sequence[Outcome], adjust: Fraction | None) -> Total | None:
        """The total by these outcomes of the top level's parts; None where they do not decide it by themselves.

        The attempts and their sources in it are those of some student whose parts count alike.
        """
        if any(outcome.kind != PLAIN for outcome in found):
            return None
        at = {outcome.result.part.id: outcome.result for outcome in found}
        return total_of(self.policy, [at[part.id] for part in self.policy.parts], adjust)

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
