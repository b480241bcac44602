"""A part without parts, compiled: looked up by the identity of the scores, and how late each came."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from kurssi.grading.attempts import Tried, grade_attempt
from kurssi.grading.lateness import (
    END_OF_TIME,
    ON_TIME,
    LateClock,
    Lateness,
    LateWork,
    by_export,
    due_of,
    useful_units,
)
from kurssi.grading.leaf import grade_leaf
from kurssi.grading.peers import Share
from kurssi.grading.result import OUT, AttemptResult, PartResult
from kurssi.policy.late_units import hours_of_unit
from kurssi.policy.model import Part, Policy
from kurssi.values.classlist import NEVER_LATE, Attempt, Span
from kurssi.values.classlist import OPEN as WAITING
from kurssi.values.times import When, deadline, local_day

from .outcome import LATE, MOST_KEPT, OPEN, PLAIN, Graded, HandedIn, Outcome
from .siblings import Group, Member

MOST_CLOCKS = 1 << 12
"""So many deadlines of a part are kept at once."""


Name = tuple[int, str, tuple[int, int] | None, Lateness, tuple[Span, ...], int]
"""An attempt by which it is looked up: its number, state, score, lateness, the scores that it can still get, and the
late units that are forgiven. A fraction takes many times as long to hash as the two numbers of it."""


class Terms(NamedTuple):
    """By what a grader grades, beside the parts."""

    policy: Policy
    zone: ZoneInfo
    as_of: date | None


class Leaf(Member):
    """A part without parts."""

    def __init__(self, part: Part, group: Group, position: int, terms: Terms, order: int) -> None:
        super().__init__(part, group, position)
        self.terms = terms
        self.order = order
        """Its place among all leaves of the policy."""
        self.whole = part.rubric is None
        """Whether an open attempt can always get every score."""
        self.timed = part.late is not None or terms.as_of is not None
        """Whether times decide anything about it."""
        self.simple = terms.as_of is None and not part.late_from_export
        """Whether of times nothing decides but how late an attempt came (and whose turn it is in a free budget)."""
        self.seen: dict[object, Graded] = {}
        self.tried: dict[Name, AttemptResult] = {}
        self.start = HandedIn()
        """Before the first attempt."""
        self.kept: list[Sequence[Attempt]] = []
        """Attempts whose scores are looked up by identity: kept alive as long as that is."""
        self.clocks: dict[When, LateClock] = {}
        self.own_clocks = [None if due is None else self.clock(due) for due in part.dues]
        """Those of the policy's deadlines, by attempt."""
        self.takers: list[Leaf] = []
        """The parts that take its scores."""
        self.start.graded = self.nothing = self.graded(())

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
        if late is None or attempt.state in NEVER_LATE:
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
        if share is not None:
            return self.graded(attempts, share)
        if not attempts:
            return self.nothing
        return self._known(attempts) if self._is_plain(attempts) else self.graded(attempts)

    def _is_plain(self, attempts: Sequence[Attempt]) -> bool:
        """Whether nothing decides but the scores, and how late each came."""
        if not self.whole and any(a.among for a in attempts):
            return False
        if not self.timed:
            return True
        return self.simple and not (self.terms.policy.free is not None and attempts[0].due is not None)

    def _known(self, attempts: Sequence[Attempt]) -> Graded:
        """The same, known from now on of everybody who hands in alike."""
        alike = self.start
        tried = []
        for number, attempt in enumerate(attempts, 1):
            lateness = self.lateness(number, attempt)
            clock = self.own_clocks[number - 1] if number <= len(self.own_clocks) else None
            score = attempt.state if attempt.score is None else id(attempt.score)
            alike = alike.next(score, lateness, clock)
            if alike.tried is None:
                alike.tried = self._tried(number, attempt, lateness, 0)
            tried.append(alike.tried)
        if alike.graded is None:
            if len(self.kept) >= MOST_KEPT:
                self.start.forget()
                self.kept.clear()
                return self._known(attempts)
            alike.graded = self._of_tried(attempts, tuple(tried), None, None)
            self.kept.append(attempts)
        return alike.graded

    def graded(self, attempts: Sequence[Attempt], share: Share | None = None, forgiven: int | None = None) -> Graded:
        """What the attempts come to: as long as nothing is forgiven, or with so many late units ``forgiven``."""
        tried = [
            self._tried(number, attempt, self.lateness(number, attempt), forgiven or 0 if number == 1 else 0)
            for number, attempt in enumerate(attempts, 1)
        ]
        return self._of_tried(attempts, tuple(tried), share, forgiven)

    def _of_tried(
        self, attempts: Sequence[Attempt], tried: tuple[AttemptResult, ...], share: Share | None, forgiven: int | None
    ) -> Graded:
        """What the attempts come to, by what each of them comes to; known of everybody with equal ones."""
        coming = self.coming(attempts)
        due = self._due(attempts, tried)
        # equal ones are the same ones, which the result keeps alive
        by_marks = None if share is None else (share.silent, *share.factor.as_integer_ratio())
        name = (tuple(map(id, tried)), by_marks, forgiven, coming, due)
        graded = self.seen.get(name)
        if graded is None:
            if len(self.seen) >= MOST_KEPT:
                self.seen.clear()
            result = grade_leaf(self.part, tried, self.terms.policy, share)
            graded = self.seen[name] = Graded(self._outcome(attempts, result, share, forgiven, coming, due), result)
        return graded

    def forgiving(self, graded: Graded, attempts: Sequence[Attempt], share: Share | None, units: int) -> Graded:
        """What ``graded``, which these attempts come to, comes to with so many late units forgiven."""
        found = graded.forgiving.get(units)
        if found is None:
            found = graded.forgiving[units] = self.graded(attempts, share, units)
        return found

    def _tried(self, number: int, attempt: Attempt, lateness: Lateness, forgiven: int) -> AttemptResult:
        """What an attempt, so late, comes to by itself; the same of everybody with an equal one."""
        score = attempt.score
        name = (
            number,
            attempt.state,
            None if score is None else score.as_integer_ratio(),
            lateness,
            attempt.among,
            forgiven,
        )
        found = self.tried.get(name)
        if found is None:
            if len(self.tried) >= MOST_KEPT:
                self.tried.clear()
            tried = Tried(attempt.state, score, lateness, attempt.among)
            found = self.tried[name] = grade_attempt(self.part, number, tried, self.terms.policy, forgiven)
        return found

    def _due(self, attempts: Sequence[Attempt], tried: Sequence[AttemptResult]) -> datetime | None:
        """The instant of the first deadline, where late time may be forgiven: budgets are spent in its order.

        What is late by the export and has no deadline comes after all others.

        A pass-fail part is not among them: it knows no units, only ``closes``. What is open counts as on time.
        """
        part = self.part
        if self.terms.policy.free is None or not tried or part.late is None or not part.late.deduct:
            return None
        first = tried[0]
        due = due_of(part, 1, attempts[0])
        if not first.units or first.state in WAITING:
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
            if self.part.takes is not None:
                work = None  # the part whose scores it takes spends once for both
        kind = PLAIN
        own: object = None
        if result.open or coming:
            # what is within reach is found by grading the attempts again, with other scores in the open ones
            kind, own = OPEN, (work, after, forgiven, share, coming, result.attempts)
        elif after:
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
        free, late = self.terms.policy.free, self.part.late
        assert late is not None and free is not None  # noqa: S101, PT018 - else nothing is forgiven
        units, unit_hours = result.attempts[0].units, hours_of_unit(late.per)
        most = free.units(units, unit_hours, free.hours)
        with_less = [self.graded(attempts, share, forgiven) for forgiven in range(most + 1)]
        taken = [[leaf.graded(attempts, share, forgiven) for leaf in self.takers] for forgiven in range(most + 1)]
        values = [
            tuple([graded.result.attempts[0].value for graded in (own, *others)])
            for own, others in zip(with_less, taken, strict=True)
        ]
        useful = useful_units(values, units if free.whole else None)
        work = LateWork(due, self.order, self.part.id, units, unit_hours, most, useful)
        return work, tuple([graded.outcome for graded in with_less])
