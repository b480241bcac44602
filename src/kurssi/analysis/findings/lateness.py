"""Late rules that take nothing, and free late time that is spent for nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import pairwise, product
from typing import NamedTuple
from zoneinfo import ZoneInfo

from kurssi.analysis.claims import EXHAUSTIVE, STRUCTURE, WITNESS, Claim, Witness, holds
from kurssi.analysis.effects import Grids, missing
from kurssi.analysis.part_values import outcome
from kurssi.analysis.search_space import End, SearchSpace
from kurssi.course.model import is_table
from kurssi.diagnostics.finding import Severity
from kurssi.diagnostics.message import Msg, msg
from kurssi.grading import Grader
from kurssi.grading.conversion.hooks import HALVES, scores
from kurssi.grading.lateness import LateClock
from kurssi.grading.lateness.hooks import first_due, late_times, moved, on_time
from kurssi.policy.free_time import Free
from kurssi.policy.model import Part, Policy
from kurssi.values.classlist import Attempt, Student
from kurssi.values.times import When, describe

Version = tuple[Attempt, ...]


class Shows(NamedTuple):
    """Finds the students who show that lateness takes nothing."""

    top: Callable[[], Witness | None]
    """Somebody with the top grade."""
    same: Callable[[Part, Version, Version, bool], Witness | None]
    """A student in time and late, whose grades are equal; any, where the work was closed out."""


def shown_by(grids: Grids) -> Shows:
    """The same put together part by part."""
    return Shows(
        lambda: grids.ask(_top_student),
        lambda part, early, slow, closed: grids.ask(partial(_same, part=part, early=early, slow=slow, closed=closed)),
    )


def dead_late_steps(policy: Policy, shows: Shows) -> Iterator[Claim]:
    """Entries of a late table, limits and whole late rules that never take anything."""
    rules: dict[object, list[Part]] = {}
    for part in policy.leaves():
        if part.late is not None:
            rules.setdefault(part.late.path, []).append(part)
    for parts in rules.values():
        timed = [p for p in parts if first_due(p) is not None]
        late = parts[0].late
        if late is None:
            continue
        if not timed and any(part.late_from_export for part in parts):
            continue  # how late something is stands in the export
        if not timed:
            if len(late.path) > 2 or len(parts) == len(list(policy.leaves())):
                yield Claim(
                    "dead-late-step",
                    Severity.warning,
                    late.path,
                    msg("the late rule never takes anything: no part that it is for has a deadline"),
                    msg("write due: at the parts"),
                    STRUCTURE,
                    shows.top(),
                    None,
                )
            continue
        valued = [p for p in timed if late.deduct and p.valued]
        if valued:
            yield from _dead_deductions(policy, shows, valued)


def _top_student(space: SearchSpace) -> Witness | None:
    for total, cells in space.totals().items():
        grade = space.grade(End(total, True))
        if grade == space.policy.scale.top:
            witness = Witness((space.student(cells),), (grade,))
            return witness if holds(space.policy, witness) else None
    return None


def _dead_deductions(policy: Policy, shows: Shows, parts: Sequence[Part]) -> Iterator[Claim]:
    late = parts[0].late
    if late is None:
        return
    effective = _effective(policy, parts)
    if not any(effective.values()):
        part = parts[0]
        due = first_due(part)
        shown = _late_but_same(policy, shows, part, due) if due is not None else None
        yield Claim(
            "dead-late-step",
            Severity.warning,
            (*late.path, "deduct"),
            msg("the deduction for lateness never takes anything"),
            msg("look at grace, not_below and closes"),
            EXHAUSTIVE,
            shown,
            None,
        )
        return
    if not is_table(late.form):
        return
    for number, amount in enumerate(late.deduct, 1):
        grown = number == 1 or amount > late.deduct[number - 2]
        if not grown or effective.get(number):
            continue
        closes = describe(late.closes) if late.closes is not None else None
        part = parts[0]
        due = first_due(part)
        closed = number not in effective and closes is not None
        yield Claim(
            "dead-late-step",
            Severity.warning,
            (*late.path, "deduct", number - 1),
            msg(
                "step {number} of the late table is never used: the part closes after {time}",
                number=number,
                time=closes,
            )
            if closed
            else msg("step {number} of the late table takes no more than the one before", number=number),
            msg("let the part close later, or end the table with the step before")
            if closed
            else msg("look at not_below and at_most"),
            EXHAUSTIVE,
            _at_step(policy, shows, part, due, number),
            str(number),
        )


def _effective(policy: Policy, parts: Sequence[Part]) -> dict[int, bool]:
    """Whether each number of late units takes something more than the one before, wherever the scores are read."""
    zone = ZoneInfo(policy.timezone)
    grader = Grader(policy._replace(free=None))
    takers = policy.takers()
    effective: dict[int, bool] = {}
    for part in parts:
        due = first_due(part)
        if due is None:
            continue
        places = (part, *takers.get(part.id, ()))
        steps = [(0, on_time(due, zone)), *late_times(part, due, zone)]
        for (_, early), (units, when) in pairwise(steps):
            effective.setdefault(units, False)
            for cell, place in product(scores(part, policy, HALVES), places):
                one, two = (outcome(grader, place, (cell._replace(submitted=w),)) for w in (early, when))
                if (one.value, one.add, one.open) != (two.value, two.add, two.open):
                    effective[units] = True
                    break
    return effective


def _late_but_same(policy: Policy, shows: Shows, part: Part, due: When) -> Witness | None:
    """A student in time, and as late as can be."""
    zone = ZoneInfo(policy.timezone)
    late = list(late_times(part, due, zone))
    if not late:
        return None
    top = scores(part, policy, HALVES)[-1]
    early, slow = ((top._replace(submitted=when),) for when in (on_time(due, zone), late[-1][1]))
    return shows.same(part, early, slow, False)


def _at_step(policy: Policy, shows: Shows, part: Part, due: When | None, number: int) -> Witness | None:
    """A student so late that the step would apply, and the same one unit earlier or closed out."""
    if due is None or part.late is None:
        return None
    zone = ZoneInfo(policy.timezone)
    times = [moved(due, part.late, n, zone) for n in (max(1, number - 1), number)]
    top = scores(part, policy, HALVES)[-1]
    early, slow = ((top._replace(submitted=when),) for when in times)
    return shows.same(part, early, slow, LateClock(part.late, due, zone).of(times[1]).closed)


def _same(space: SearchSpace, part: Part, early: Version, slow: Version, closed: bool) -> Witness | None:
    one, two = space.leaf(part, early), space.leaf(part, slow)
    for a, b, cells, _ in space.pairs(part, [(one, two)]):
        first, second = space.grade(a), space.grade(b)
        students = (space.student(cells, part, one.cells, "1"), space.student(cells, part, two.cells, "2"))
        witness = Witness(students, (first, second), apart=True)
        if (closed or first == second) and holds(space.policy, witness):
            return witness
    return None


def spends_for_nothing(space: SearchSpace, part: Part) -> Claim | None:
    """Free late time in order of the deadlines: a late work without value takes what another one needed."""
    policy = space.policy
    free, due = policy.free, first_due(part)
    if free is None or due is None or part.late is None or not part.late.deduct or part.id in space.live:
        return None
    late = list(late_times(part, due, space.zone))
    low = scores(part, policy, "ends")[0]
    for other in policy.leaves():
        other_due = first_due(other)
        if other is part or other_due is None or other.late is None or not other.late.deduct or not late:
            continue
        when = next(iter(late_times(other, other_due, space.zone)), None)
        if when is None:
            continue
        pairs = []
        for one in space.outcomes(other):
            if one.cells[0].state == "scored":
                slow = (one.cells[0]._replace(submitted=when[1]),)
                pairs.append((one, space.leaf(other, slow)))
        for a, b, cells, number in space.pairs(other, pairs):
            if space.grade(b) >= space.grade(a) or dict(cells).get(part.id) != (low,):
                continue
            attempts = {**dict(cells), other.id: pairs[number][1].cells}
            without = Student("1", attempts={**attempts, part.id: missing()})
            handed = [
                Student("2", attempts={**attempts, part.id: (low._replace(submitted=time),)}) for _, time in late[:10]
            ]
            grader = Grader(policy)
            first, *seconds = (grader.grade(s).grade for s in (without, *handed))
            found = next((i for i, g in enumerate(seconds) if first is not None and g is not None and g < first), None)
            if found is not None and first is not None and (second := seconds[found]) is not None:
                message = msg(
                    "handing {part} in late can lower the grade: it takes free late time that {other} needs",
                    part=part.name,
                    other=other.name,
                )
                return _takes_what_is_needed(free, part, message, (without, handed[found]), (first, second))
    return None


def whole_or_nothing(space: SearchSpace, part: Part) -> Claim | None:
    """Free late time in order, whole or not at all: who hands in earlier may take what another work needed."""
    policy = space.policy
    free, due = policy.free, first_due(part)
    if free is None or not free.whole or due is None or part.late is None or not part.late.deduct:
        return None
    late = list(late_times(part, due, space.zone))[:10]
    own = next((one.cells[0] for one in space.outcomes(part) if one.open and one.cells[0].state == "scored"), None)
    grader = Grader(policy)
    for other in policy.leaves():
        other_due = first_due(other)
        if other is part or own is None or other_due is None or other.late is None or not other.late.deduct:
            continue
        for one, (_, when) in product(reversed(space.outcomes(other)), late_times(other, other_due, space.zone)):
            if one.cells[0].state != "scored":
                continue
            slow = (one.cells[0]._replace(submitted=when),)
            for _, _, cells, _ in space.pairs(other, [(one, space.leaf(other, slow))]):
                students = [
                    Student(str(n), attempts={**dict(cells), other.id: slow, part.id: (own._replace(submitted=time),)})
                    for n, (_, time) in enumerate(late, 1)
                ]
                grades = [grader.grade(student).grade for student in students]
                for a, b in pairwise(range(len(grades))):
                    early, later = grades[a], grades[b]
                    if early is not None and later is not None and early < later:
                        message = msg(
                            "handing {part} in earlier can lower the grade: "
                            "it then takes free late time that {other} needs",
                            part=part.name,
                            other=other.name,
                        )
                        return _takes_what_is_needed(free, part, message, (students[b], students[a]), (later, early))
                break
    return None


def _takes_what_is_needed(
    free: Free, part: Part, message: Msg, students: tuple[Student, Student], grades: tuple[int, int]
) -> Claim:
    way, witness = msg("write spend: where-it-helps"), Witness(students, grades, apart=True)
    return Claim("not-monotone", Severity.warning, free.path, message, way, WITNESS, witness, part.id)
