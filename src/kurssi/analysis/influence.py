"""Whose peer marks alone move somebody of the group by a whole grade."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from kurssi.diagnostics.finding import Finding, Place, Severity
from kurssi.diagnostics.message import msg
from kurssi.grading import Grader, Result
from kurssi.values.classlist import ClassList, PeerMark, Student


def influential_markers(grader: Grader, class_list: ClassList, results: Sequence[Result]) -> list[Finding]:
    """Members whose peer marks alone move somebody by a whole grade, against giving everyone the same.

    ``grader`` is the one that graded the class.
    """
    if not class_list.peer_marks or not any(part.peer for part in grader.policy.leaves()):
        return []
    if grader.terms.as_of is not None:  # by no day: what may still come is not what marks are about
        grader = Grader(grader.policy, class_list)
    grades = {r.student.student: r.computed for r in results if r.computed is not None}
    by_id = {s.student: s for s in class_list.students}
    groups: dict[str | None, list[Student]] = {}
    for student in class_list.students:
        groups.setdefault(student.group, []).append(student)
    by_marker: dict[str, list[PeerMark]] = {}
    for mark in class_list.peer_marks:
        by_marker.setdefault(mark.marker, []).append(mark)
    findings = []
    for marker, own in sorted(by_marker.items()):
        if marker not in by_id:
            continue
        members = groups[by_id[marker].group]
        others = [mark for m in members if m.student != marker for mark in by_marker.get(m.student, ())]
        even = [mark._replace(marks=dict.fromkeys(mark.marks, Fraction(1))) for mark in own]
        evenly = grader.with_marks(members, (*others, *even))
        moved = [
            m.student
            for m in members
            if m.student != marker and m.student in grades and (evenly.judge(m).grade or 0) != grades[m.student]
        ]
        source = own[0].source
        if moved and source is not None:
            findings.append(
                Finding(
                    "peer-influence",
                    Severity.warning,
                    msg(
                        "the marks of {marker} alone change the grade of {members}",
                        marker=marker,
                        members=", ".join(moved),
                    ),
                    Place(source.file, source.row, 1, source.row, 2, own[0].cell or f"A{source.row}"),
                    msg("look at these marks; at_most: in the policy bounds what marks can do"),
                    marker,
                )
            )
    return findings
