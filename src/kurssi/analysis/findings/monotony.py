"""Whether a better score can lower the grade, where parts do not stand by themselves: shown by structure, or by two
whole students.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from kurssi.analysis.budget import Undecided
from kurssi.analysis.claims import WITNESS, Claim, Witness, holds
from kurssi.analysis.effects import Move
from kurssi.analysis.trials import Trials, Version
from kurssi.diagnostics.finding import Severity
from kurssi.diagnostics.message import Msg, msg
from kurssi.grading.lateness import depends_on_grade
from kurssi.policy.gates import ways_that_may_cost
from kurssi.policy.model import Part

from .better_work import BETTER, better_versions, lowered

MOST_PAIRS = 12
"""So many pairs of versions of a part are looked at in whole students."""


class Standing(NamedTuple):
    """What a version of a part comes to in one place where it counts."""

    open: bool
    value: Fraction
    points: Fraction


class Monotony:
    """What follows from the rules of a policy: that better work lowers no grade, or why that is not known."""

    def __init__(self, trials: Trials) -> None:
        self.trials = trials
        self.policy = trials.policy
        self.worse: dict[str, list[tuple[str, Version, Version]]] = {}
        """By part pairs of versions of which the better one is worth less somewhere, looked at by itself."""
        for part in self.policy.leaves():
            found = [step for step in better_versions(self.policy, trials.zone, part) if self._is_worse(part, step)]
            if found:
                self.worse[part.id] = found

    @property
    def doubt(self) -> Msg | None:
        """Why it does not follow from the rules that better work lowers no grade; None where it does."""
        policy = self.policy
        for part in policy.leaves():
            if part.id in self.worse:
                return msg("in {part} better work may be worth less", part=part.name)
        for part in ways_that_may_cost(policy):
            return msg("in {part} a way that is passed counts before one that is worth more", part=part.name)
        if (taking := self._takes_away()) is not None:
            return msg("the bonus of {part} takes something away", part=taking.name)
        if policy.free is not None and not depends_on_grade(policy.free.spend):
            late = [part for part in policy.leaves() if part.late is not None and part.late.deduct]
            if len(late) > 1:
                return msg("several parts spend the same free late time in order")
        return None

    def _takes_away(self) -> Part | None:
        return next(
            (part for part in self.policy.bonuses_by_steps() if part.stepped and min(part.stepped.amounts) < 0), None
        )

    def _is_worse(self, part: Part, step: tuple[str, Version, Version]) -> bool:
        _, a, b = step
        for place in (part, *self.policy.takers().get(part.id, ())):
            was, now = self._standing(place, a), self._standing(place, b)
            gated = self.policy.has_gate(place)
            if (gated and was.open and not now.open) or ((was.open or not gated) and now.value < was.value):
                return True
            if now.points < was.points and any(demand.in_points for demand in self.policy.demands_on(place.id)):
                return True
        return False

    def _standing(self, part: Part, version: Version) -> Standing:
        result = self.trials.grader.leaf(part, version)
        used = result.attempts[result.used - 1].given.score if result.used else None
        return Standing(result.gate is None, result.value or Fraction(0), used or Fraction(0))


def not_monotone_of(monotony: Monotony) -> Iterator[Claim]:
    """Better work that lowers the grade of two whole students, one pair for each part at most."""
    doubt = monotony.doubt
    if doubt is None:
        return
    found = False
    for part in monotony.policy.leaves():
        claim = next(_lowered(monotony, part), None)
        if claim is not None:
            found = True
            yield claim
        elif part.id in monotony.worse:
            raise Undecided(doubt)
    if not found:
        raise Undecided(doubt)


def _lowered(monotony: Monotony, part: Part) -> Iterator[Claim]:
    trials = monotony.trials
    steps = monotony.worse.get(part.id)
    if steps is None:  # by itself it only gets better: what it does to the whole is looked at
        steps = [("score", one, two) for one, two in trials.neighbours(part)]
    for wanted in BETTER:
        for kind, a, b in [step for step in steps if step[0] == wanted][:MOST_PAIRS]:
            down = min(trials.pairs(part, a, b), key=lambda each: each[0], default=None)
            if down is not None and down[0] < 0 and holds(trials.policy, down[1]):
                yield lowered(part, kind, Move(*down)) if part.id in monotony.worse else _together(part, down[1])


def _together(part: Part, witness: Witness) -> Claim:
    message = msg("in {part} a better score can lower the grade", part=part.name)
    way = msg("look at the parts in which these scores count, and at their gates")
    return Claim("not-monotone", Severity.warning, part.path, message, way, WITNESS, witness, part.id)
