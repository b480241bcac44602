"""How near the students of a class stand to another grade.

The smallest change of one score that would do it, and how the class would move if a weight or a deadline were another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from kurssi.grading import Grader, PartResult, Result
from kurssi.policy.model import Late, Part, Policy
from kurssi.values.classlist import Attempt, ClassList, Student
from kurssi.values.hours import Length

from .search_space import NOTHING

NEAR = Fraction(1, 10)
"""A change is small when it is at most this share of what a cell may hold: half a grade of 0–5, 4 points of 40."""
FINENESS = 100
"""Scores are looked for in steps of 1/100, as score sheets write them."""
STEP = Fraction(5)
"""How much a weight is changed, in per cent of the whole."""


class Near(NamedTuple):
    """A student for whom one score a little higher would have given a better grade."""

    student: str
    old: int
    new: int
    part: Part
    attempt: int
    score: Fraction
    """The score in the sheet."""
    needed: Fraction
    """The least one that gives the better grade."""
    share: Fraction
    """The change as a share of what the cell may hold."""


class Moved(NamedTuple):
    """A student whose grade another rule would change."""

    student: str
    old: int
    new: int


class WhatIf(NamedTuple):
    """The class under a rule that is a little different."""

    part: Part | None
    """The part whose weight is another; None where the grace is."""
    old: Fraction | None
    new: Fraction | None
    """The weights; None where the grace is another."""
    moved: tuple[Moved, ...]


def near(policy: Policy, class_list: ClassList, results: Sequence[Result], as_of: date | None = None) -> list[Near]:
    """Who stands within reach of a better grade, the nearest first: of each student the smallest change that is enough.

    Only complete students: what open parts must bring is another question (``kurssi explain --needed``).
    """
    grader = Grader(policy, class_list, as_of=as_of)
    found = []
    for result in results:
        if result.computed is None or result.computed == policy.scale.top:
            continue
        ways = [way for part in _leaves(result.parts) if (way := _way(grader, result, part)) is not None]
        if ways:
            found.append(min(ways, key=lambda way: way.share))
    return sorted(found, key=lambda way: (way.share, way.student))


def _leaves(results: Sequence[PartResult]) -> Iterator[PartResult]:
    for result in results:
        if result.part.parts:
            yield from _leaves(result.children)
        else:
            yield result


def _way(grader: Grader, result: Result, part: PartResult) -> Near | None:
    """The least rise of the score that counts in a part with which the grade is better; None where none is near."""
    policy, old = grader.policy, result.computed
    if part.used is None or not part.part.valued or old is None:
        return None
    given = part.attempts[part.used - 1].given
    if given.score is None:
        return None
    own = policy.scale.own and part.part.in_grades
    low, most_of_all = part.part.ends(policy.scale)
    high = most_of_all or NOTHING
    step = Fraction(1) if own else Fraction(1, FINENESS)
    most = min(high, given.score + (1 if own else NEAR * (high - low)))
    steps = int((most - given.score) / step)

    def grade(number: int) -> int:
        student = _with(result.student, part.part, part.used or 1, given, (given.score or NOTHING) + number * step)
        return grader.grade(student).grade or policy.scale.lowest

    if steps < 1 or grade(steps) <= old:
        return None
    first, last = 1, steps  # the grade rises with the score: the first step that is enough, by halving
    while first < last:
        middle = (first + last) // 2
        if grade(middle) > old:
            last = middle
        else:
            first = middle + 1
    needed = given.score + first * step
    share = (needed - given.score) / (high - low) if high > low else NOTHING
    return Near(result.student.student, old, grade(first), part.part, part.used, given.score, needed, share)


def _with(student: Student, part: Part, number: int, given: Attempt, score: Fraction) -> Student:
    attempts = list(student.attempts[part.source])
    attempts[number - 1] = given._replace(score=score)
    return student._replace(attempts={**student.attempts, part.source: tuple(attempts)})


def what_if(
    policy: Policy, class_list: ClassList, results: Sequence[Result], as_of: date | None = None
) -> list[WhatIf]:
    """The class with every weight 5 higher and 5 lower, the others in proportion, and with a day more of grace."""

    def moved(other: Policy) -> tuple[Moved, ...]:
        return moved_by(other, class_list, results, as_of)

    out = [WhatIf(part, was, now, moved(other)) for part, was, now, other in _weights(policy)]
    kinder = with_grace(policy)
    if kinder is not None:
        out.append(WhatIf(None, None, None, moved(kinder)))
    return out


def moved_by(
    other: Policy, class_list: ClassList, results: Sequence[Result], as_of: date | None = None
) -> tuple[Moved, ...]:
    """Who of a class would have another grade under another policy."""
    found = changed_by(other, class_list, results, as_of)
    return tuple(Moved(name, was, now) for name, was, now in found if was is not None and now is not None)


def changed_by(
    other: Policy, class_list: ClassList, results: Sequence[Result], as_of: date | None = None
) -> Iterator[tuple[str, int | None, int | None]]:
    """Whose grade would be another, or there would be one, or none any more; with what it is and would be."""
    old = {result.student.student: result.computed for result in results}
    grader = Grader(other, class_list, as_of=as_of)
    for student in class_list.students:
        was, now = old.get(student.student), grader.grade(student).grade
        if was != now:
            yield student.student, was, now


def with_weight(policy: Policy, name: str, change: Fraction) -> tuple[Policy, Fraction, Fraction] | None:
    """The policy in which a part weighs so much more among its siblings, which keep their proportions; both weights.

    None where the part has no weight of its own, or would have none or all of it.
    """
    parts, was, now = _reweighed(policy.parts, name, change)
    return None if was is None or now is None else (policy._replace(parts=parts), was, now)


def _weights(policy: Policy) -> Iterator[tuple[Part, Fraction, Fraction, Policy]]:
    """Every part with another weight among its siblings, and the policy with it."""
    for part in policy.all_parts():
        if part.is_way:
            continue
        for change in (STEP, -STEP):
            if (found := with_weight(policy, part.id, change)) is not None:
                other, was, now = found
                yield part, was, now, other


def _reweighed(
    parts: tuple[Part, ...], name: str, change: Fraction
) -> tuple[tuple[Part, ...], Fraction | None, Fraction | None]:
    counting = [part for part in parts if part.counts]
    whole = sum((_weight(part) for part in counting), NOTHING)
    for part in parts:
        if part.id != name:
            continue
        if not part.counts or len(counting) < 2 or not whole:
            return parts, None, None
        was = _weight(part) * 100 / whole
        now = was + change
        if not 0 <= now <= 100 or was == 100:
            return parts, None, None
        scale = (100 - now) / (100 - was)
        weights = {p.id: now if p.id == name else _weight(p) * 100 / whole * scale for p in counting}
        return tuple(p._replace(weight=weights.get(p.id, p.weight)) for p in parts), was, now
    out = []
    found: tuple[Fraction | None, Fraction | None] = (None, None)
    for part in parts:
        # where the best count, siblings weigh the same, and one of them cannot weigh more
        if part.parts and not part.chooses:
            children, *weights_ = _reweighed(part.parts, name, change)
            found = (weights_[0], weights_[1]) if weights_[0] is not None else found
            part = part._replace(parts=children)
        out.append(part)
    return tuple(out), *found


def _weight(part: Part) -> Fraction:
    return Fraction(1) if part.weight is None else part.weight


def with_grace(policy: Policy, days: int = 1) -> Policy | None:
    """The policy with so many days more of grace in every late rule; None where nothing can be late."""

    def kinder(late: Late) -> Late:
        grace = late.grace
        longer = Length(days + (grace.days if grace is not None else 0), "d")
        if grace is not None and not grace.days:
            longer = Length(int(grace.elapsed.total_seconds()) // 60 + days * 24 * 60, "min")
        return late._replace(grace=longer)

    return _with_late(policy, kinder)


def with_deduction(policy: Policy, percent: int) -> Policy | None:
    """The policy in which lateness takes so many per cent of what it takes; None where it takes nothing.

    The most that it may take stays as it is written: more than all of a value is never taken.
    """

    def other(late: Late) -> Late:
        return late._replace(deduct=tuple(amount * percent / 100 for amount in late.deduct))

    return _with_late(policy, other) if late_deducts(policy) else None


def late_deducts(policy: Policy) -> bool:
    """Whether anything of the class may lose something by lateness."""
    return any(_can_be_late(part) and part.late is not None and part.late.deduct for part in policy.leaves())


def _can_be_late(part: Part) -> bool:
    return part.late is not None and part.dues[0] is not None


def _with_late(policy: Policy, other: Callable[[Late], Late]) -> Policy | None:
    """The policy with other late rules, each in place of one that may count; None where there is none."""
    if not any(_can_be_late(part) for part in policy.all_parts()):
        return None
    return policy._replace(parts=tuple(_part_with_late(part, other) for part in policy.parts))


def _part_with_late(part: Part, other: Callable[[Late], Late]) -> Part:
    part = part._replace(parts=tuple(_part_with_late(child, other) for child in part.parts))
    return part._replace(late=other(part.late)) if part.late is not None and _can_be_late(part) else part
