"""A policy compiled for many students: parts number their outcomes, and siblings add the numbers up.

What somebody handed in for a part comes to an :class:`Outcome`. Students who handed in alike share one, and whatever
is made of outcomes is made once. The *key* of siblings is the sum of one integer per part. Its high digits are
Σ weight × value on a common denominator (or the sum of the best values where only the best count), which is all that
the mean takes from values; its low digits hold for each part a number for how else it counts: state, gate, reasons.
Where more than that decides, because a cell is open or late time may be forgiven, the number stands for what was
handed in itself. Equal keys, equal verdicts.

Who adds to what a verdict depends on adds it to the outcome's matter (:meth:`Member.outcome_of`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from fractions import Fraction
from math import lcm
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from kurssi.policy.late_units import hours_of_unit
from kurssi.policy.model import Part, Policy
from kurssi.values.classlist import Attempt
from kurssi.values.times import When, deadline, local_day

from .attempts import Tried
from .gates import reasons
from .lateness import END_OF_TIME, ON_TIME, LateClock, Lateness, LateWork, by_export, due_of, useful_units
from .leaf import grade_leaf
from .mean import Weight, chosen_of, counts, depends_on_number, handed_in, keeps, parent, weights_of
from .peers import Share
from .result import OUT, AttemptResult, PartResult

CODE = 32
"""Bits of the number for how a part counts: more numbers than a memory could hold."""

MOST_KEPT = 1 << 16
"""So many verdicts, and outcomes of a part, are kept at once; then they are worked out anew."""

MOST_CLOCKS = 1 << 12
"""So many deadlines of a part are kept at once."""

PLAIN, LATE, OPEN = 0, 1, 2
"""What an outcome's verdict takes: the key; a share of the free budget; what may still come."""

ONE = Fraction(1)


class Terms(NamedTuple):
    """By what a grader grades, beside the parts."""

    policy: Policy
    zone: ZoneInfo
    as_of: date | None


class Outcome:
    """What a part came to. Parts of different students that count alike share one."""

    __slots__ = ("after", "amount", "coming", "counts", "forgiven", "key", "kind", "result", "share", "work")

    amount: int
    """Weight × value on the common denominator of its siblings; set, and set anew, by its member."""
    key: int
    """What it adds to the key of its siblings: the amount, and its number. Set with it."""

    def __init__(self, result: PartResult, kind: int) -> None:
        self.result = result
        """A result that counts like this one: with its value, state, gate and reasons."""
        self.kind = kind
        self.counts = counts(result)
        """Whether it can enter the mean."""
        self.work: LateWork | None = None
        """What of the free budget it may take."""
        self.after: tuple[Outcome, ...] = ()
        """What it would be with 0, 1, 2 … of its late units forgiven, as far as the budget goes."""
        self.coming: frozenset[int] = frozenset()
        """Numbers of the attempts that may still come."""
        self.forgiven = 0
        """Late units that are forgiven in ``result``."""
        self.share: Share | None = None
        """By which peer marks moved ``result``."""


class Graded:
    """What exactly these attempts come to: their outcome, and a result that is shown."""

    __slots__ = ("outcome", "result", "weighed")

    def __init__(self, outcome: Outcome, result: PartResult) -> None:
        self.outcome = outcome
        self.result = result
        """Without the times of the attempts, and before it is weighed among its siblings."""
        self.weighed: dict[Weight, PartResult] = {}

    def shown(self, attempts: Sequence[Attempt], weight: Weight) -> PartResult:
        """The result of a student with these attempts, with its weight in the mean."""
        for attempt in attempts:
            if attempt.submitted is not None or attempt.due is not None or attempt.lateness is not None:
                break
        else:
            found = self.weighed.get(weight)
            if found is None:
                found = self.result._replace(effective_weight=weight.weight, chosen=weight.chosen, like=self.result)
                self.weighed[weight] = found
            return found
        timed = []
        for given, of in zip(attempts, self.result.attempts, strict=True):
            own = Attempt(given.state, given.score, given.submitted, given.due, lateness=given.lateness)
            timed.append(
                AttemptResult(
                    of.number,
                    of.state,
                    own,
                    of.converted,
                    of.units,
                    of.forgiven,
                    of.deducted,
                    of.after_lateness,
                    of.value,
                )
            )
        result = self.result
        return PartResult(
            result.part,
            result.state,
            result.value,
            tuple(timed),
            result.used,
            result.gate,
            result.open,
            result.peer,
            (),
            weight.weight,
            weight.chosen,
            result,
        )


class Member:
    """A part among its siblings: numbers its outcomes."""

    def __init__(self, part: Part, group: Group, position: int) -> None:
        self.part = part
        self.group = group
        self.shift = position * CODE
        self.weight = ONE if part.weight is None or group.chooses else part.weight
        self.codes: dict[object, int] = {}
        self.outcomes: dict[tuple[int, Fraction | None], Outcome] = {}

    def outcome_of(self, result: PartResult, kind: int, own: object) -> Outcome:
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
            outcome = self.outcomes[code, value] = Outcome(result, kind)
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

    def __init__(self, part: Part, group: Group, position: int, terms: Terms, order: int) -> None:
        super().__init__(part, group, position)
        self.terms = terms
        self.order = order
        """Its place among all leaves of the policy."""
        self.timed = part.late is not None or terms.as_of is not None
        """Whether times decide anything about it."""
        self.simple = terms.as_of is None and not part.late_from_export
        """Whether of times nothing decides but how late an attempt came (and whose turn it is in a free budget)."""
        self.seen: dict[object, Graded] = {}
        self.at_hand: dict[object, Graded] = {}
        """By the identity of what decides, which :attr:`kept` keeps alive."""
        self.kept: list[Sequence[Attempt]] = []
        self.clocks: dict[When, LateClock] = {}
        self.own_clocks = [None if due is None else self.clock(due) for due in part.dues]
        """Those of the policy's deadlines, by attempt."""
        self.marks = self.own_clocks[0].marks if self.own_clocks[0] is not None and self.simple else []
        """The times of the first attempt up to which everything is equally late; empty where more decides."""
        self.by_mark: list[dict[object, Graded]] = []
        """For each of these marks what one attempt comes to, by the identity of its score."""
        self.by_lateness: dict[Lateness, dict[object, Graded]] = {ON_TIME: {}}
        self.nothing = self.graded(())

    # ---- how late ------------------------------------------------------------------------------------------

    def clock(self, due: When) -> LateClock | None:
        """How late what is due then comes; None for a part without a late rule."""
        late = self.part.late
        if late is None:
            return None
        clock = self.clocks.get(due)
        if clock is None:
            if len(self.clocks) >= MOST_CLOCKS:
                self.clocks.clear()
            clock = self.clocks[due] = LateClock(late, due, self.terms.zone)
        return clock

    def lateness(self, number: int, attempt: Attempt) -> Lateness:
        """How late an attempt came; on time where it cannot be late."""
        late = self.part.late
        if late is None or attempt.state in ("missing", *OUT):
            return ON_TIME
        if self.part.late_from_export and attempt.lateness is not None:
            return by_export(late, attempt.lateness)
        if attempt.submitted is None:
            return ON_TIME
        if attempt.due is not None:
            clock = self.clock(attempt.due)
        else:
            clock = self.own_clocks[number - 1] if number <= len(self.own_clocks) else None
        return clock.of(attempt.submitted) if clock is not None else ON_TIME

    def coming(self, attempts: Sequence[Attempt]) -> frozenset[int]:
        """Numbers of attempts that are not handed in and, at the day ``as_of``, may still come.

        A first attempt without a deadline and a retake without a date may come until the end of the timing, and
        always where the file has none.
        """
        as_of = self.terms.as_of
        if as_of is None or any(a.state in OUT for a in attempts):
            return frozenset()
        coming = set()
        for number in range(1, len(self.part.dues) + 1):
            attempt = attempts[number - 1] if number <= len(attempts) else Attempt("missing")
            due = due_of(self.part, number, attempt)
            last = local_day(due, self.terms.zone) if due is not None else self.terms.policy.timing_end
            if attempt.state == "missing" and (last is None or last >= as_of):
                coming.add(number)
        return frozenset(coming)

    # ---- what it comes to ----------------------------------------------------------------------------------

    def find(self, attempts: Sequence[Attempt], share: Share | None = None) -> Graded:
        """What the attempts come to as long as nothing is forgiven, found by identity where that is enough."""
        if not attempts and share is None:
            return self.nothing
        name = self.identity(attempts) if share is None else None
        if name is None:
            return self.graded(attempts, share)
        return self.at_hand.get(name) or self.keep(name, attempts)

    def keep(self, name: object, attempts: Sequence[Attempt]) -> Graded:
        """What the attempts come to, found by this identity from now on."""
        if len(self.kept) >= MOST_KEPT:
            self.at_hand.clear()
            self.kept.clear()
            for known in self.by_lateness.values():
                known.clear()
        graded = self.at_hand[name] = self.graded(attempts)
        self.kept.append(attempts)
        if len(attempts) == 1:
            attempt = attempts[0]
            score = attempt.state if attempt.score is None else id(attempt.score)
            self.by_lateness.setdefault(self.lateness(1, attempt), {})[score] = graded
            clock = self.own_clocks[0]
            if clock is not None and len(clock.values) != len(self.by_mark):
                self.by_mark[:] = [self.by_lateness.setdefault(value, {}) for value in clock.values]
        return graded

    def identity(self, attempts: Sequence[Attempt]) -> object | None:
        """The identity of the scores, and how late each came; None where more than that decides."""
        if not self.timed:
            return tuple([a.state if a.score is None else id(a.score) for a in attempts])
        if not self.simple or (self.terms.policy.free is not None and attempts[0].due is not None):
            return None
        return tuple(
            [
                x
                for n, a in enumerate(attempts, 1)
                for x in (a.state if a.score is None else id(a.score), self.lateness(n, a))
            ]
        )

    @property
    def on_time(self) -> dict[object, Graded]:
        """What one attempt comes to that is not late, by the identity of its score."""
        return self.by_lateness[ON_TIME]

    def graded(self, attempts: Sequence[Attempt], share: Share | None = None, forgiven: int | None = None) -> Graded:
        """What the attempts come to: as long as nothing is forgiven, or with so many late units ``forgiven``."""
        tries = tuple([Tried(a.state, a.score, self.lateness(n, a)) for n, a in enumerate(attempts, 1)])
        coming = self.coming(attempts)
        due = self._due(attempts, tries)
        name = (tries, share, forgiven, coming, due)
        graded = self.seen.get(name)
        if graded is None:
            if len(self.seen) >= MOST_KEPT:
                self.seen.clear()
            result = grade_leaf(self.part, tries, self.terms.policy, forgiven or 0, share)
            graded = self.seen[name] = Graded(self._outcome(attempts, result, share, forgiven, coming, due), result)
        return graded

    def _due(self, attempts: Sequence[Attempt], tries: Sequence[Tried]) -> datetime | None:
        """The instant of the first deadline, where late time may be forgiven: budgets are spent in its order.

        What is late by the export and has no deadline comes after all others.

        A pass-fail part is not among them: it knows no units, only ``closes``. What is open counts as on time.
        """
        part = self.part
        if self.terms.policy.free is None or not tries or part.late is None or not part.late.deduct:
            return None
        first = tries[0]
        due = due_of(part, 1, attempts[0])
        waiting = first.state == "ungraded" and not first.lateness.closed
        if not first.lateness.units or waiting:
            return None
        return END_OF_TIME if due is None else deadline(due, self.terms.zone)

    def _outcome(
        self,
        attempts: Sequence[Attempt],
        result: PartResult,
        share: Share | None,
        forgiven: int | None,
        coming: frozenset[int],
        due: datetime | None,
    ) -> Outcome:
        work: LateWork | None = None
        after: tuple[Outcome, ...] = ()
        if due is not None and forgiven is None:
            work, after = self._forgiving(attempts, result, share, due)
        kind = PLAIN
        own: object = None
        if result.open or coming:
            # what is within reach is found by grading the attempts again, with other scores in the open ones
            kind, own = OPEN, (work, after, forgiven, share, coming, result.attempts)
        elif work is not None:
            kind, own = LATE, (work, after)
        outcome = self.outcome_of(result, kind, own)
        if outcome.result is result:
            outcome.work, outcome.after, outcome.coming = work, after, coming
            outcome.forgiven, outcome.share = forgiven or 0, share
        return outcome

    def _forgiving(
        self, attempts: Sequence[Attempt], result: PartResult, share: Share | None, due: datetime
    ) -> tuple[LateWork, tuple[Outcome, ...]]:
        """What the first attempt may take of the free budget, and what it comes to with 0, 1, 2 … units forgiven."""
        policy, late = self.terms.policy, self.part.late
        assert late is not None and policy.free is not None  # noqa: S101, PT018 - else nothing is forgiven
        units, unit_hours = result.attempts[0].units, hours_of_unit(late.per)
        most = min(units, policy.free.hours // unit_hours)
        with_less = [self.graded(attempts, share, forgiven) for forgiven in range(most + 1)]
        useful = useful_units([graded.result.attempts[0].value for graded in with_less])
        work = LateWork(due, self.order, self.part.id, units, unit_hours, useful)
        return work, tuple([graded.outcome for graded in with_less])


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

    def __init__(self, parts: Sequence[Part], owner: Part | None) -> None:
        self.parts = parts
        self.choice = owner.choice if owner is not None else None
        self.bits = CODE * (len(parts) + 1)
        """Of all the numbers: one for each part, and at the top level one for activity."""
        self.denominator = 1
        counting = [part for part in parts if part.counts]
        self.chooses = owner is not None and owner.chooses
        """Whether only some enter the mean; all of them have the same weight then."""
        self.others = len(parts) - keeps(self.choice, len(counting))
        """So many do not enter, where all that count have a value."""
        self.drops = depends_on_number(self.choice)
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
            chosen = chosen_of([o.amount if o.counts else None for o in found], self.choice)
            name = (name, chosen)
        pattern = self.patterns.get(name)
        if pattern is None:
            if len(self.patterns) >= MOST_KEPT:
                self.patterns.clear()
            if chosen is None:
                chosen = tuple([i for i, outcome in enumerate(found) if outcome.counts])
            weights, weight = weights_of(self.parts, [outcome.counts for outcome in found], chosen)
            if self.chooses:
                weight = Fraction(len(chosen))
            pattern = self.patterns[name] = Pattern(chosen, weights, weight)
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
