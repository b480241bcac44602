"""What a part came to: what students who handed in alike have in common."""

from __future__ import annotations

from collections.abc import Sequence

from kurssi.grading.lateness import LateWork
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

    __slots__ = ("forgiving", "outcome", "result", "weighed")

    def __init__(self, outcome: Outcome, result: PartResult) -> None:
        self.outcome = outcome
        self.result = result
        """Without the times of the attempts, and before it is weighed among its siblings."""
        self.weighed: dict[Weight, PartResult] = {}
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
            found = self.weighed.get(weight)
            if found is None:
                found = self.result._replace(effective_weight=weight.weight, chosen=weight.chosen)
                self.weighed[weight] = found
            return found
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
