"""Whole invented students, graded one by one: for policies whose parts do not stand by themselves.

Where one score stands in several parts, what a part brings cannot be put together with what the others bring, as
:mod:`.search_space` does. Every student of the finest grid that the budget allows is graded instead; where even the
coarsest has too many, some of them, the same ones each time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from itertools import chain, islice, pairwise, product
from math import floor, prod
from random import Random
from zoneinfo import ZoneInfo

from kurssi.grading import Grader
from kurssi.grading.activity.hooks import adjusts_of, with_activity_of
from kurssi.grading.conversion.hooks import ENDS, HALVES, WHOLE, scores
from kurssi.grading.lateness.hooks import first_due, late_times, on_time
from kurssi.policy.model import Part, Policy
from kurssi.values.classlist import Attempt, Student

from .claims import Witness

MOST = 1500
"""So many students are looked at for one question."""
RISING = 60
"""So many steps from the worst to the best, where all scores rise together."""
SAMPLED = "sampled"

Cells = Mapping[str, tuple[Attempt, ...]]
Version = tuple[Attempt, ...]
MISSING: Version = (Attempt("missing"),)


def stand_apart(policy: Policy) -> bool:
    """Whether every part brings what it brings whatever the others do."""
    return not policy.takers() and not policy.has_ways and not policy.bonuses_by_steps()


class Trials:
    """Students of one policy, by the cells of their parts."""

    def __init__(self, policy: Policy, parts: Sequence[Part] | None = None) -> None:
        """``parts``: those with cells, where students are graded by several policies."""
        self.policy = policy
        self.grader = Grader(policy)
        self.parts = list(parts if parts is not None else policy.leaves())
        self.zone = ZoneInfo(policy.timezone)
        self.grid = ENDS
        for grid in (HALVES, WHOLE, ENDS):
            self.grid = grid
            self.options = {part.id: self._scores(part, grid) for part in self.parts}
            if prod(len(several) for several in self.options.values()) <= MOST:
                break
        else:
            self.grid = SAMPLED

    def _scores(self, part: Part, grid: str) -> list[Attempt]:
        """Scores of a part and of those that take them, and what grades ask of any of them in points."""
        found: dict[object, Attempt] = {}
        for place in (part, *self.policy.takers().get(part.id, ())):
            for attempt in scores(place._replace(graded=part.graded, max=part.max, over=part.over), self.policy, grid):
                found.setdefault((attempt.state, attempt.score), attempt)
            for demand in self.policy.demands_on(place.id):
                if demand.in_points and part.in_points and demand.bound <= (part.most or 0):
                    found.setdefault(("scored", demand.bound), Attempt("scored", demand.bound))
        return sorted(found.values(), key=lambda one: (one.score or Fraction(0), one.state != "failed"))

    @property
    def likes(self) -> list[Student]:
        """Every activity that a student can have; where a grade asks for attendance, with none and with all of it."""
        policy = self.policy
        found = [like for like, _ in adjusts_of(policy)]
        if policy.asks_attendance:
            found += [like._replace(attended=attended) for like in found for attended in (0, policy.sessions)]
        return found

    def worst(self) -> Cells:
        """Nothing handed in."""
        return {part.id: MISSING for part in self.parts}

    def best(self) -> Cells:
        """The best score in every part."""
        return {part.id: (self.options[part.id][-1],) for part in self.parts}

    def neighbours(self, part: Part) -> Iterator[tuple[Version, Version]]:
        """Each score of a part with the next better one, first of all none at all."""
        return pairwise([MISSING, *((cell,) for cell in self.options[part.id])])

    def spread(self, part: Part | None = None) -> Iterator[Cells]:
        """The cells of all parts but one: all rising together, from the lowest and from where gates open; then others.

        Their totals lie near to each other, so that little is enough to pass from one grade to the next.
        """
        rest = [one for one in self.parts if part is None or one.id != part.id]
        firsts = {one.id: (self.options[one.id][0], self._least_passing(one)) for one in rest}
        for number in range(RISING + 1):
            for line in (0, 1):
                yield {one.id: (self._between(one, firsts[one.id][line], number),) for one in rest}
        yield from islice(self.others(part), MOST // 6)

    def _least_passing(self, part: Part) -> Attempt:
        several = self.options[part.id]
        return next((one for one in several if self.grader.leaf(part, (one,)).gate is None), several[-1])

    def _between(self, part: Part, low: Attempt, number: int) -> Attempt:
        """The score so many steps of :data:`RISING` from the first one to the top, in hundredths."""
        several = self.options[part.id]
        top = several[-1]
        if low.score is None or top.score is None or (part.in_grades and self.policy.scale.own):
            left = several[several.index(low) :]
            return left[min(len(left) - 1, number * len(left) // RISING)]
        score = low.score + (top.score - low.score) * number / RISING
        return Attempt("scored", Fraction(floor(score * 100), 100))

    def others(self, part: Part | None = None) -> Iterator[Cells]:
        """The cells of all parts but one; everything handed in once and in time."""
        rest = [one for one in self.parts if part is None or one.id != part.id]
        options = [self.options[one.id] for one in rest]
        rows: Iterator[Sequence[Attempt]] = product(*options)
        if prod(map(len, options)) > MOST:
            chance = Random(1)  # noqa: S311 - the same students every time
            ends = islice(product(*[(several[0], several[-1]) for several in options]), MOST // 2)
            some = ([chance.choice(several) for several in options] for _ in range(MOST // 2))
            rows = iter([*ends, *some])
        for row in rows:
            yield {one.id: (cell,) for one, cell in zip(rest, row, strict=True)}

    def student(self, cells: Cells, part: Part | None = None, own: Version = (), name: str = "1") -> Student:
        """An invented student."""
        return Student(name, attempts={**cells, part.id: own} if part is not None else cells)

    def grade(self, student: Student) -> int | None:
        """The grade by the grading core."""
        return self.grader.judge(student).grade

    def passes(self, student: Student) -> bool:
        """Whether no gate is closed."""
        reasons = self.grader.judge(student).reasons
        return all(reason.part is None or reason.demand is not None for reason in reasons)

    def pairs(
        self, part: Part, one: Version, two: Version, like: Student | None = None
    ) -> Iterator[tuple[int, Witness]]:
        """By how many grades two versions of every student differ, where both have one."""
        for cells in self.others(part):
            both = [self.student(cells, part, own, name) for own, name in ((one, "1"), (two, "2"))]
            if like is not None:
                both[1] = with_activity_of(both[1], like)
            grades = [self.grade(student) for student in both]
            if grades[0] is not None and grades[1] is not None:
                yield grades[1] - grades[0], Witness(tuple(both), (grades[0], grades[1]), apart=True)

    def span(self, part: Part) -> tuple[Version, Version]:
        """The worst and the best score of a part with which somebody passes every gate."""
        rising = [(cell,) for cell in self.options[part.id]]
        for version in rising:
            if any(self.passes(self.student(cells, part, version)) for cells in islice(self.others(part), MOST // 10)):
                return version, rising[-1]
        return rising[0], rising[-1]

    @cached_property
    def examples(self) -> dict[int, Witness]:
        """For each grade a student who gets it with the least total."""
        found: dict[int, tuple[Fraction, Witness]] = {}
        chance = Random(1)  # noqa: S311 - the same students every time
        fine = {part.id: scores(part, self.policy, HALVES) for part in self.parts}
        some = ({name: (chance.choice(several),) for name, several in fine.items()} for _ in range(MOST))
        for cells in chain(self.spread(), self.others(), some):
            student = self.student(cells)
            verdict = self.grader.judge(student)
            total = verdict.exact or Fraction(0)
            if verdict.grade is not None and (verdict.grade not in found or total < found[verdict.grade][0]):
                found[verdict.grade] = total, Witness((student,), (verdict.grade,))
        return {grade: witness for grade, (_, witness) in found.items()}

    def late(self, part: Part) -> Iterator[tuple[int, Version, Version]]:
        """(started units, in time, so late) for the scores of a part, from the top down."""
        due = first_due(part)
        if due is None or part.late is None:
            return
        times = list(late_times(part, due, self.zone))
        few = [*times[:3], *times[-1:]] if len(times) > 4 else times
        for units, when in few:
            for cell in (self.options[part.id][-1], self.options[part.id][len(self.options[part.id]) // 2]):
                yield units, (cell._replace(submitted=on_time(due, self.zone)),), (cell._replace(submitted=when),)


def largest(found: Iterator[tuple[int, Witness]], size: Callable[[int], int]) -> tuple[int, Witness] | None:
    """The pair that differs most, by ``size``; None where none differs that way."""
    best = max(found, key=lambda each: size(each[0]), default=None)
    return best if best is not None and size(best[0]) > 0 else None


def activities(policy: Policy) -> list[tuple[Student, Fraction]]:
    """Every activity that adds or takes something."""
    return [(like, adjust) for like, adjust in adjusts_of(policy)[1:] if adjust]
