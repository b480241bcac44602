"""How far the markers of a part are apart in a class (contract 11.8)."""

from __future__ import annotations

from collections.abc import Iterator

from kurssi.diagnostics.finding import Finding, Place, Severity
from kurssi.diagnostics.message import PerCent, msg
from kurssi.policy.composite import Agreement, agreements
from kurssi.policy.model import Part, Policy
from kurssi.values.classlist import ClassList, Component
from kurssi.values.numbers import rounded


def agreement(policy: Policy, class_list: ClassList) -> Iterator[tuple[Part, Agreement]]:
    """Each part with markers, and each two of them who have marked the same work; all attempts together."""
    for part in policy.leaves():
        if part.markers is not None:
            for one in agreements(part.markers, works_of(part, class_list)):
                yield part, one


def works_of(part: Part, class_list: ClassList) -> list[tuple[Component, ...]]:
    """The marks of each work of a part; those of a work that a group has handed in are counted once."""
    works: dict[object, tuple[Component, ...]] = {}
    for student in class_list.students:
        for number, attempt in enumerate(student.attempts.get(part.id, ()), 1):
            marks = attempt.components
            shared = part.by_group and student.group is not None
            if marks:
                work = (student.group, number, marks) if shared else (student.student, number, None)
                works.setdefault(work, marks)
    return list(works.values())


def agreement_findings(policy: Policy, class_list: ClassList) -> list[Finding]:
    """The same as findings; the place of each is the rule's."""
    found = []
    for part, one in agreement(policy, class_list):
        figures = {
            "part": part.name,
            "first": one.pair[0],
            "second": one.pair[1],
            "n": one.both,
            "difference": rounded(one.mean_difference, 2),
            "same": PerCent(one.exact * 100),
        }
        message = (
            msg(
                "{part}: {first} and {second} have both marked {n}; mean difference {difference}, the same mark {same}"
                ", weighted kappa {kappa}",
                kappa=rounded(one.kappa, 2),
                **figures,
            )
            if one.kappa is not None
            else msg(
                "{part}: {first} and {second} have both marked {n}; mean difference {difference}, the same mark {same}",
                **figures,
            )
        )
        path = part.markers.path if part.markers is not None else part.path
        found.append(Finding("marker-agreement", Severity.info, message, Place(""), None, part.id, path))
    return found
