"""What the analysis says about a policy: claims, each with the invented students that show it.

A witness holds cells as a score sheet would have them, and the grades that follow. :func:`holds` grades it with the
core; a claim whose witness does not hold is never made.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple, assert_never

from kurssi.diagnostics.finding import Path, Severity
from kurssi.diagnostics.message import Msg
from kurssi.grading import Grader
from kurssi.policy.model import Part, Policy
from kurssi.values.classlist import Attempt, ClassList, PeerMark, Student
from kurssi.values.numbers import exact

EXHAUSTIVE = "exhaustive"
"""Every student of a finite grid was looked at."""
INTERVALS = "intervals"
"""Shown for all numbers that a cell may hold, by reasoning on intervals."""
STRUCTURE = "structure"
"""Follows from how the rules hang together, whatever the numbers are."""
WITNESS = "witness"
"""It happens: the witness shows it."""


class Witness(NamedTuple):
    """Invented students, the grade of each that the claim is about, and marks they gave each other."""

    students: tuple[Student, ...]
    grades: tuple[int, ...]
    """The grades of the first students; more students may stand in ``students`` as members of a group."""
    marks: tuple[PeerMark, ...] | None = None
    apart: bool = False
    """Whether the students are graded one by one, as two versions of one person would be."""


class Claim(NamedTuple):
    """One thing that the policy does."""

    kind: str
    severity: Severity
    path: Path
    """The place of the rule in the implementation file."""
    message: Msg
    help: Msg | None
    how: str
    witness: Witness | None = None
    found: str | None = None
    before: Witness | None = None
    """What it was without the marks that the claim is about."""


def holds(policy: Policy, witness: Witness) -> bool:
    """Whether the grading core gives the witness's students the grades that are claimed."""
    return grades_of(policy, witness) == witness.grades


def grades_of(policy: Policy, witness: Witness) -> tuple[int | None, ...]:
    """The grades that the core gives to the students that the claim is about."""
    wanted = witness.students[: len(witness.grades)]
    if witness.marks is None:
        grader = Grader(policy)
        return tuple(grader.grade(student).grade for student in wanted)
    grader = Grader(policy, ClassList(witness.students, witness.marks))
    return tuple(grader.grade(student).grade for student in wanted)


# ---- students as a score sheet has them --------------------------------------------------------------------


def cells(policy: Policy, student: Student, *, own: bool | None = None) -> dict[str, str]:
    """The student's row of a score sheet: cells by header, in the order of the file.

    ``own``: only cells that stand in the student's own row (True), or only the group's (False).
    """
    row: dict[str, str] = {}
    for part in policy.leaves():
        for number, attempt in enumerate(student.attempts.get(part.id, ()), 1):
            if own is not None and attempt.own is not own:
                continue
            header = part.id if number == 1 else f"{part.id} {number}"
            row[header] = _cell(policy, part, attempt)
            if attempt.submitted is not None:
                row[f"{header} submitted"] = str(attempt.submitted)
            if attempt.due is not None:
                row[f"{header} due"] = str(attempt.due)
    if own is False:
        return row
    if student.level is not None:
        row["activity"] = student.level
    if student.attended is not None:
        row["attended"] = str(student.attended)
    return row


def _cell(policy: Policy, part: Part, attempt: Attempt) -> str:
    match attempt.state:
        case "scored":
            score = attempt.score if attempt.score is not None else Fraction(0)
            return (policy.scale.own_label(score) if part.in_grades else None) or exact(score)
        case "missing":
            return "-"
        case "ungraded":
            return "?"
        case "withheld":
            return "withheld"
        case "excused":
            return "EX"
        case "recognised":
            return "AHOT"
        case "failed":
            return "fail"
        case "passed":
            return "pass"
        case _ as unknown:
            assert_never(unknown)


def sheet(policy: Policy, witness: Witness) -> list[Mapping[str, str]]:
    """The witness as rows of a score sheet, one per student, with the column ``group`` where marks were given."""
    rows: list[Mapping[str, str]] = []
    for student in witness.students:
        row = {"student": student.student}
        if student.group is not None:
            row["group"] = student.group
        rows.append({**row, **cells(policy, student, own=True)})
    return rows


def group_sheet(policy: Policy, witness: Witness) -> list[Mapping[str, str]]:
    """The scores that the groups of the witness got together, as rows of a sheet of groups."""
    found: dict[str, Mapping[str, str]] = {}
    for student in witness.students:
        shared = cells(policy, student, own=False)
        if student.group is not None and shared:
            found.setdefault(student.group, {"group": student.group, **shared})
    return list(found.values())


def marks_sheet(marks: Sequence[PeerMark]) -> list[Mapping[str, str]]:
    """Peer marks as rows of a sheet of peer marks."""
    return [
        {"from": m.marker, "to": m.member, **{name: exact(value) for name, value in m.marks.items()}} for m in marks
    ]
