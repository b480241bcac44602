"""Grades that nobody gets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction
from math import ceil

from kurssi.analysis.bounds import is_finite
from kurssi.analysis.budget import Undecided
from kurssi.analysis.claims import INTERVALS, Claim, Witness, holds
from kurssi.analysis.effects import Grids, missing
from kurssi.analysis.search_space import NOTHING, End, SearchSpace
from kurssi.diagnostics.finding import Severity
from kurssi.diagnostics.message import Msg, Terms, msg
from kurssi.grading import Grader
from kurssi.grading.activity.hooks import adjusts_of, with_activity_of
from kurssi.policy.model import Part, Policy
from kurssi.values.classlist import Attempt, Student

LONG_AGO = date(1, 1, 1)


def reachable(policy: Policy) -> set[int]:
    """Every grade that scores on time can give, with any activity: exact, by intervals."""
    grader = Grader(policy, as_of=LONG_AGO)
    found: set[int] = set()
    for student in _students(policy):
        result = grader.grade(student)
        found.update(result.range or (() if result.grade is None else (result.grade,)))
    return found


def _students(policy: Policy) -> Iterator[Student]:
    """Every activity that a student can have, with every attendance that a grade asks for."""
    asked = {ceil(demand.bound) for demand in policy.requires if demand.of_attendance}
    for student, _ in adjusts_of(policy):
        yield student
        yield from (student._replace(attended=attended) for attended in {policy.sessions, *asked} if asked)


def loosened(policy: Policy) -> Policy:
    """The policy with every part that lateness, retakes or peer marks can move free to be worth anything.

    What nobody reaches here nobody reaches at all.
    """
    return policy._replace(parts=tuple(_loosened(part, policy) for part in policy.parts))


def _loosened(part: Part, policy: Policy) -> Part:
    if part.parts:
        return part._replace(parts=tuple(_loosened(child, policy) for child in part.parts))
    if is_finite(part, policy) or (part.in_grades and not policy.scale.own and part.peer is None):
        return part
    width = policy.top - policy.lowest
    return part._replace(
        graded="points",
        max=Fraction(100) if policy.percent else width,
        boundaries=None,
        linear=None if policy.percent else ((NOTHING, policy.lowest), (width, policy.top)),
        minimum=policy.lowest if part.minimum_raw else part.minimum,
        minimum_raw=False,
        peer=None,
        late=None,
        retake_at_most=None,
    )


def unreachable_grades(grids: Grids) -> Iterator[Claim]:
    """Grades that no scores give, shown by the students on both sides of the gap."""
    policy = grids.policy
    gone = [g for g in policy.scale.grades if g not in reachable(policy)]
    if not gone:
        return
    free = reachable(loosened(policy))
    doubtful = [g for g in gone if g in free]
    gone = [g for g in gone if g not in free]
    if gone:
        for run in _runs(gone):
            yield nobody_gets(policy, run, INTERVALS, _gap(grids, run[0], run[-1]))
    if doubtful:
        raise Undecided


def _runs(grades: Sequence[int]) -> Iterator[list[int]]:
    run: list[int] = []
    for grade in grades:
        if run and grade != run[-1] + 1:
            yield run
            run = []
        run.append(grade)
    if run:
        yield run


def nobody_gets(policy: Policy, run: Sequence[int], shown: str, witness: Witness | None) -> Claim:
    """That nobody can get these grades, which follow each other."""
    labels = [policy.scale.label(grade) for grade in run]
    return Claim(
        "unreachable-grade",
        Severity.warning,
        (*policy.path, "evaluation_scale"),
        msg("nobody can get the grade {grade}", grade=Terms(labels))
        if len(run) == 1
        else msg("nobody can get the grades {grades}", grades=Terms(labels)),
        _way_out(policy, run),
        shown,
        witness,
        " ".join(labels),
    )


def _way_out(policy: Policy, run: Sequence[int]) -> Msg:
    """The way out where nobody can get these grades."""
    if run[0] == policy.scale.lowest:
        return msg("nothing in this policy can fail anybody: make a part required, or write may_fail: true")
    strict = [p for p in policy.all_parts() if not p.minimum_raw and p.minimum > policy.pass_value]
    if strict and not policy.percent:
        return msg(
            "a minimum lies above the pass grade ({parts}): lower it, or tell students which grades are left",
            parts=Terms([p.name for p in strict]),
        )
    if policy.by_requirements:
        return msg("write under requires what it takes, or tell students which grades there are")
    if policy.requires:
        return msg("look at what grades require, the minimums, the boundaries and the rounding")
    return msg("look at the minimums, the boundaries and the rounding")


def _gap(grids: Grids, first: int, last: int) -> Witness | None:
    """The students nearest to a grade that nobody gets: below it and above it, where there are such."""
    policy = grids.policy
    grader = Grader(policy)

    def ask(space: SearchSpace) -> Witness | None:
        below: tuple[int, Fraction, Student] | None = None
        above: tuple[int, Fraction, Student] | None = None
        for like, adjust in adjusts_of(policy):
            for total, cells in space.totals().items():
                size = (total or NOTHING) + adjust
                student = with_activity_of(space.student(cells), like)
                grade = space.grade(End(total, True), adjust)
                if policy.requires:  # the total alone does not say
                    space.budget.spend(50)
                    student = (
                        student if like.attended is not None else student._replace(attended=policy.sessions or None)
                    )
                    grade = grader.judge(student).grade or policy.scale.lowest
                if grade < first and (below is None or (grade, size) > below[:2]):
                    below = grade, size, student
                if grade > last and (above is None or (grade, size) < above[:2]):
                    above = grade, size, student
        if below is None and above is not None and first > policy.scale.lowest:
            below = _failing(space, above[2])
        found = [side for side in (below, above) if side is not None]
        names = [side[2]._replace(student=str(n)) for n, side in enumerate(found, 1)]
        witness = Witness(tuple(names), tuple(side[0] for side in found))
        return witness if found and holds(policy, witness) else None

    return grids.ask(ask)


def _failing(space: SearchSpace, student: Student) -> tuple[int, Fraction, Student] | None:
    """The same student with the best score at one part that does not pass its gate, or without the part."""
    policy = space.policy
    for part in policy.leaves():
        if part.id not in space.live:
            continue
        closed = [o for o in space.outcomes(part) if not o.open] or [space.leaf(part, missing())]
        low = max(closed, key=lambda o: o.value if o.value is not None else NOTHING)
        if part.in_grades and not part.minimum_raw and not policy.scale.own:
            near = space.leaf(part, (Attempt("scored", _just_below(policy, part)),))
            low = low if near.open else near
        return policy.scale.lowest, NOTHING, student._replace(attempts={**student.attempts, part.id: low.cells})
    return None


def _just_below(policy: Policy, part: Part) -> Fraction:
    value = part.minimum
    if policy.percent:
        value = policy.scale.lowest + value * (policy.scale.top - policy.scale.lowest) / 100
    return max(Fraction(policy.scale.lowest), Fraction(int(value * 10 - 1), 10))
