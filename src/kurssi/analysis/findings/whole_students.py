"""What is asked of a policy whose parts do not stand by themselves.

A question is answered by whole students whom the grader grades, where two of them are enough; else by what follows from
the rules, above all that better work lowers no grade: then nobody is above the best student or below the worst one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from kurssi.analysis.budget import Undecided
from kurssi.analysis.claims import INTERVALS, STRUCTURE, Claim, Witness, holds
from kurssi.analysis.trials import MISSING, Trials, Version, activities
from kurssi.diagnostics.finding import Severity
from kurssi.diagnostics.message import Terms, msg
from kurssi.grading.activity import stepped
from kurssi.grading.activity.hooks import adjusts_of, with_activity_of
from kurssi.grading.ranges.boxes import JUST_BELOW
from kurssi.policy.gates import deciding_gates
from kurssi.policy.model import Part, Policy
from kurssi.values.classlist import Attempt, Student

from .activity import dead_bands
from .better_work import dead_retakes
from .grades import nobody_gets
from .lateness import Shows, dead_late_steps
from .monotony import Monotony
from .parts import alone_decides, moves_nothing

MOST_HALVINGS = 60


def unreachable_of(monotony: Monotony, examples: Mapping[int, Witness]) -> Iterator[Claim]:
    """Grades above the best student and below the worst one; between them every grade must have been seen."""
    trials, policy = monotony.trials, monotony.policy
    seen = {**examples}
    for student in _extremes(trials):
        grade = trials.grade(student)
        if grade is not None:
            seen.setdefault(grade, Witness((student,), (grade,)))
    gone = [grade for grade in policy.scale.grades if grade not in seen]
    if not gone:
        return
    if monotony.doubt is not None or not seen:
        raise Undecided(monotony.doubt)
    low, high = min(seen), max(seen)
    between = [grade for grade in gone if low < grade < high]
    for run in ([grade for grade in gone if grade < low], [grade for grade in gone if grade > high]):
        if run:
            yield nobody_gets(policy, run, STRUCTURE, seen[low if run[0] < low else high])
    if between:
        labels = Terms([policy.scale.label(grade) for grade in between])
        raise Undecided(msg("no student with {grades} was found, and that there is none is not shown", grades=labels))


def _extremes(trials: Trials) -> Iterator[Student]:
    """The worst and the best student, with every activity."""
    for like in trials.likes:
        for cells in (trials.worst(), trials.best()):
            yield with_activity_of(trials.student(cells), like)


def dead_parts_of(trials: Trials) -> Iterator[Claim]:
    """Parts that change no grade, as the rules show; of any other part two students must be told apart by it."""
    policy = trials.policy
    unseen = []
    for part in policy.leaves():
        if _has_no_effect(policy, part):
            best = trials.best()
            students = tuple(trials.student({**best, part.id: own}, name=name) for own, name in
                             ((MISSING, "1"), ((trials.options[part.id][-1],), "2")))  # fmt: skip
            grades = tuple(trials.grade(student) or policy.scale.lowest for student in students)
            yield moves_nothing(part, STRUCTURE, Witness(students, grades, apart=True))
        elif not _moves(trials, part):
            unseen.append(part.name)
    if unseen:
        raise Undecided(
            msg("no two students were found whom {parts} alone tell apart, and that there are none is not shown",
                parts=Terms(unseen))
        )  # fmt: skip


def _has_no_effect(policy: Policy, part: Part) -> bool:
    """Whether it follows from the rules that a part changes nothing, wherever its scores are read."""
    places = [part, *policy.takers().get(part.id, ())]
    deciding = deciding_gates(policy)
    above = dict(_chains(policy.parts, []))
    for place in places:
        chain = above[place.id]
        if place.counts or place.bonus or place.id in deciding or any(policy.demands_on(one.id) for one in chain):
            return False
        if any(one.id in deciding and one.minimum <= policy.lowest and not one.is_way for one in chain):
            return False  # handing it in may be enough for the part above it
    return True


def _chains(parts: tuple[Part, ...], path: list[Part]) -> Iterator[tuple[str, list[Part]]]:
    """By the id of a part the parts from the top down to it; ``path``: those above these siblings."""
    for one in parts:
        yield one.id, [*path, one]
        yield from _chains(one.parts, [*path, one])


def _moves(trials: Trials, part: Part) -> bool:
    """Whether two students were found whom this part alone tells apart; its value, where it has one with its gate."""
    policy = trials.policy
    gated = policy.has_gate(part)
    own: list[Version] = [(cell,) for cell in trials.options[part.id]]
    if gated and part.valued and (part.counts or part.bonus):
        own = [version for version in own if trials.grader.leaf(part, version).gate is None]
    else:
        own.insert(0, MISSING)
    if len(own) < 2:
        return not (part.counts and part.valued)
    for cells in trials.spread(part):
        for like, _ in adjusts_of(policy)[:2]:
            grades = {trials.grade(with_activity_of(trials.student(cells, part, own[at]), like)) for at in (0, -1)}
            if len(grades - {None}) > 1:
                return True
    return False


def decides_alone_of(monotony: Monotony) -> Iterator[Claim]:
    """A part at which whoever passes with the worst of all others is exactly who passes with the best of them."""
    trials, policy = monotony.trials, monotony.policy
    leaves = list(policy.leaves())
    if len(leaves) < 2:
        return
    for part in leaves:
        found = _alone(monotony, part)
        if found is None:
            continue
        if monotony.doubt is not None:
            raise Undecided(monotony.doubt)
        fails, passes = found
        grades = (trials.grade(fails), trials.grade(passes))
        witness = Witness((fails, passes), (grades[0] or policy.scale.lowest, grades[1] or policy.scale.lowest))
        if holds(policy, witness):
            yield alone_decides(part, STRUCTURE, witness)


def _alone(monotony: Monotony, part: Part) -> tuple[Student, Student] | None:
    """Who fails and who passes by this part; None where another part can fail or save somebody as well."""
    trials = monotony.trials
    own: list[Version] = [MISSING, *((cell,) for cell in trials.options[part.id])]
    passing = []
    for version in own:
        surely, perhaps = _passing(trials, part, version)
        if surely != perhaps:
            return None
        passing.append(surely)
    if passing.count(False) in (0, len(passing)) or passing != sorted(passing):
        return None
    at = passing.index(True)
    if not _same_limit(trials, part, own[at - 1], own[at]):
        return None
    fails = with_activity_of(trials.student(trials.best(), part, own[at - 1], "1"), trials.likes[-1])
    return fails, trials.student(trials.worst(), part, own[at], "2")


def _passing(trials: Trials, part: Part, version: Version) -> tuple[bool, bool]:
    """Whether who has this passes with the worst of everything else, and whether with the best."""
    least = trials.policy.scale.pass_grade

    def passes(cells: Mapping[str, Version]) -> Iterator[bool]:
        for like in trials.likes:
            grade = trials.grade(with_activity_of(trials.student(cells, part, version), like))
            yield grade is not None and grade >= least

    return all(passes(trials.worst())), any(passes(trials.best()))


def _same_limit(trials: Trials, part: Part, fails: Version, passes: Version) -> bool:
    """Whether the score from which a student passes is the same whatever the others are, to the last digit."""
    low, high = fails[0].score, passes[0].score
    if low is None or high is None or (part.in_grades and trials.policy.scale.own):
        return True
    for _ in range(MOST_HALVINGS):
        if high - low <= JUST_BELOW:
            return True
        middle = (low + high) / 2
        surely, perhaps = _passing(trials, part, (Attempt("scored", middle),))
        if surely != perhaps:
            return False
        low, high = (low, middle) if surely else (middle, high)
    return False


def dead_levels_of(trials: Trials) -> Iterator[Claim]:
    """Activity that changes no grade; bands that nobody can be in."""
    policy = trials.policy
    activity = policy.activity
    if activity is None:
        return
    if activity.levels is None:

        def shown(like: Student, _: Fraction) -> Witness | None:
            student = with_activity_of(trials.student(trials.best()), like)
            grade = trials.grade(student)
            return None if grade is None else Witness((student,), (grade,))

        yield from dead_bands(activity, shown)
        return
    unseen = []
    for like, adjust in activities(policy):
        if _activity_moves(trials, like):
            continue
        if not (activity.in_steps and all(stepped(policy, grade, adjust) == grade for grade in policy.scale.grades)):
            unseen.append(like.level or "")
            continue
        one = trials.student(trials.best())
        grade = trials.grade(one) or policy.scale.lowest
        yield Claim(
            "dead-level",
            Severity.warning,
            (*activity.path, "levels", like.level or ""),
            msg("the level {level} never changes a grade", level=like.level or ""),
            msg("the adjustment is too small for the grades that are possible: make it larger"),
            INTERVALS,
            Witness((one, with_activity_of(one._replace(student="2"), like)), (grade, grade), apart=True),
            like.level,
        )
    if unseen:
        raise Undecided(
            msg("nobody was found whom {levels} moves, and that there is none is not shown", levels=Terms(unseen))
        )


def _activity_moves(trials: Trials, like: Student) -> bool:
    for cells in trials.spread():
        student = trials.student(cells)
        if trials.grade(student) != trials.grade(with_activity_of(student, like)):
            return True
    return False


def late_steps_of(trials: Trials) -> Iterator[Claim]:
    """Late steps that take nothing."""

    def top() -> Witness | None:
        student = trials.student(trials.best())
        grade = trials.grade(student)
        return None if grade is None else Witness((student,), (grade,))

    def same(part: Part, early: Version, slow: Version, closed: bool) -> Witness | None:
        return next((found for by, found in trials.pairs(part, early, slow) if closed or not by), None)

    yield from dead_late_steps(trials.policy, Shows(top, same))


def retakes_of(trials: Trials) -> Iterator[Claim]:
    """Retakes that cannot pass."""

    def shown(part: Part, own: Version) -> Witness | None:
        student = trials.student(trials.best(), part, own)
        grade = trials.grade(student)
        return None if grade is None or trials.grader.leaf(part, own).gate is None else Witness((student,), (grade,))

    yield from dead_retakes(trials.policy, shown)
