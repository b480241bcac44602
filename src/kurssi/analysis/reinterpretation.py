"""A class list that was read by one policy, rewritten so that another policy can grade it: parts matched by their id.

Needed to grade last year's class by this year's rules.
"""

from __future__ import annotations

from collections.abc import Sequence

from kurssi.policy.composite import compose
from kurssi.policy.model import Part, Policy, to_value
from kurssi.values.classlist import Attempt, ClassList, Student


def translated(class_list: ClassList, source: Policy, target: Policy) -> ClassList:
    """The class under ``target``: a score that passes is a pass where the part is passed or failed.

    What cannot be told from the cells (:func:`untold`) counts as not submitted.
    """
    theirs = {part.id: part for part in source.leaves()}
    unknown = {part.id for part in untold(class_list, source, target)}
    students = []
    for student in class_list.students:
        attempts = {
            part.id: ()
            if part.id in unknown
            else _attempts(student.attempts.get(part.id, ()), theirs[part.id], part, source)
            for part in target.leaves()
        }
        students.append(student._replace(attempts=attempts))
    return class_list._replace(students=tuple(students))


def untold(class_list: ClassList, source: Policy, target: Policy) -> list[Part]:
    """The parts of ``target`` whose cells do not say what it needs: new parts, other points, marks without a value."""
    theirs = {part.id: part for part in source.leaves()}
    return [part for part in target.leaves() if not _told(theirs.get(part.id), part, class_list.students)]


def _told(was: Part | None, part: Part, students: Sequence[Student]) -> bool:
    if was is None:
        return False
    if part.graded == was.graded:
        return not part.in_points or part.most == was.most
    used = {attempt.state for student in students for attempt in student.attempts.get(part.id, ())}
    return not part.valued or not used & {"scored", "passed"}


def _remade(attempt: Attempt, part: Part) -> Attempt:
    """The attempt with what its cells come to by this part's markers or criteria, where they are cells of it."""
    if not attempt.components:
        return attempt
    if not {one.name for one in attempt.components} <= {name for name, _ in part.components.all}:
        return attempt._replace(components=(), among=())
    made = compose(part.markers, part.rubric, attempt.components)
    return attempt._replace(state=made.state, score=made.score, among=made.among)


def _attempts(given: Sequence[Attempt], was: Part, part: Part, source: Policy) -> tuple[Attempt, ...]:
    out = []
    for attempt in (_remade(one, part) for one in given[: len(part.dues)]):
        if not part.valued and attempt.state == "scored" and attempt.score is not None:
            passed = source.pass_bound.reached_by(to_value(attempt.score, was, source))
            attempt = attempt._replace(state="passed" if passed else "failed", score=None)
        out.append(attempt)
    return tuple(out)
