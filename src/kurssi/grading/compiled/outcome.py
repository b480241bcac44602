"""What a part came to: what students who handed in alike have in common."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from kurssi.grading.lateness import ON_TIME, LateClock, Lateness, LateWork
from kurssi.grading.mean import Weight, counts
from kurssi.grading.peers import Share
from kurssi.grading.result import AttemptResult, PartResult
from kurssi.values.classlist import Attempt

MOST_KEPT = 1 << 16
"""So many verdicts, and outcomes of a part, are kept at once; then they are worked out anew."""

PLAIN, LATE, OPEN = 0, 1, 2
"""What an outcome's verdict takes: the key; a share of the free budget; what may still come."""


class Outcome:
    """What a part came to. Parts of different students that count alike share one."""

    __slots__ = (
        "after",
        "amount",
        "by_weight",
        "coming",
        "counts",
        "forgiven",
        "key",
        "kind",
        "result",
        "share",
        "work",
    )

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
        self.by_weight: dict[Weight, PartResult] = {}

    def weighed(self, weight: Weight) -> PartResult:
        """The result with its weight in the mean."""
        return _weighed(self.result, weight, self.by_weight)


class Graded:
    """What exactly these attempts come to: their outcome, and a result that is shown."""

    __slots__ = ("by_weight", "forgiving", "outcome", "result")

    def __init__(self, outcome: Outcome, result: PartResult) -> None:
        self.outcome = outcome
        self.result = result
        """Without the times of the attempts, and before it is weighed among its siblings."""
        self.by_weight: dict[Weight, PartResult] = {}
        self.forgiving: dict[int, Graded] = {}
        """What they come to with so many late units forgiven, where that was asked."""

    def shown(self, attempts: Sequence[Attempt], weight: Weight) -> PartResult:
        """The result of a student with these attempts, with its weight in the mean."""
        for attempt in attempts:
            if attempt.submitted is not None or attempt.due is not None or attempt.lateness is not None:
                break
            if attempt.components:
                break
        else:
            return _weighed(self.result, weight, self.by_weight)
        timed = []
        for given, of in zip(attempts, self.result.attempts, strict=True):
            own = Attempt(given.state, given.score, given.submitted, given.due, True, given.lateness, given.components)
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
        )


def _weighed(result: PartResult, weight: Weight, known: dict[Weight, PartResult]) -> PartResult:
    found = known.get(weight)
    if found is None:
        found = known[weight] = result._replace(effective_weight=weight.weight, chosen=weight.chosen)
    return found


class HandedIn:
    """All who handed in alike so far: what that comes to, and by the next attempt who goes on alike.

    A tree, in which everybody goes down by the attempts: by how late each came, then by the identity of its score, or
    its state where it has none.
    """

    __slots__ = ("_by_lateness", "by_mark", "graded", "marks", "on_time", "tried")

    def __init__(self) -> None:
        self.graded: Graded | None = None
        """None where nobody's attempts have ended here."""
        self.tried: AttemptResult | None = None
        """What the last of these attempts comes to by itself; None before the first."""
        self.on_time: dict[object, HandedIn] = {}
        """By a next attempt that is not late."""
        self._by_lateness: dict[Lateness, dict[object, HandedIn]] = {ON_TIME: self.on_time}
        self.marks: list[datetime] = []
        """The times of a next attempt up to which everything is equally late: those of its clock, or the last of all.

        A clock that has grown meanwhile says the same up to the last of the old marks.
        """
        self.by_mark: list[dict[object, HandedIn]] = []
        """For each of these marks by a next attempt that came until then."""

    def next(self, score: object, lateness: Lateness, clock: LateClock | None) -> HandedIn:
        """Those whose next attempt came so late, with this score or state; ``clock`` is that of its deadline."""
        if clock is None:
            self.marks, self.by_mark = _NEVER, [self.on_time]
        elif len(clock.values) != len(self.by_mark):
            self.marks = clock.marks
            self.by_mark = [self._by_lateness.setdefault(value, {}) for value in clock.values]
        found = self._by_lateness.setdefault(lateness, {})
        return found.get(score) or found.setdefault(score, HandedIn())

    def forget(self) -> None:
        """All who go on are no longer known."""
        for known in self._by_lateness.values():
            known.clear()


_NEVER = [datetime.max]  # noqa: DTZ901 - a time of the wall clock
