"""Third stage of reading score sheets: the sheets joined by student into values for the grading core."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from kurssi.values.classlist import Attempt, ClassList, PeerMark, Sources, Student
from kurssi.values.vocabulary import fold

from . import cells, group_scores, identity
from .absences import check_absences
from .attempts import AttemptChecks, attempts_of, cells_of
from .column_values import TEXTS, read_cells
from .columns import Headers, Joined, Role, Sheet
from .group_rows import check_similar_names, group_names, rows_of_groups
from .held import ColumnCells, HeldCells, Store
from .identity import Roster
from .names import check_names, words_of
from .peer_marks import check_complete, read_marks, say_silent
from .report import Report
from .sameness import check_sameness

if TYPE_CHECKING:  # the shape of the file is not needed to read a sheet
    from kurssi.policy.model import Policy


def join(sheets: Sequence[Sheet], headers: Headers, report: Report) -> ClassList:
    """The students in the order of the roster, and the peer marks. What is wrong goes into ``report``."""
    policy = headers.policy
    own: Store = defaultdict(HeldCells)
    shared: Store = defaultdict(HeldCells)
    roster = Roster()
    scores: list[ColumnCells] = []
    joined: list[Joined] = []
    for sheet in identity.in_order([s for s in sheets if s.kind == "students"]):
        joined.append(Joined(sheet, identity.students(sheet, roster, report)))
        scores += read_cells(joined[-1], own, policy, report)
    groups = group_names(own)
    check_similar_names(groups, own, report)
    for sheet in (s for s in sheets if s.kind == "groups"):
        joined.append(Joined(sheet, rows_of_groups(sheet, groups if roster.names else None, report)))
        scores += read_cells(joined[-1], shared, policy, report)
    check_sameness(scores, own, {part.id for part in policy.leaves() if part.by_group}, report)
    group_scores.find(own, shared, roster.names, policy, report)
    check_absences(joined, own, shared, roster.names, groups, policy, report)
    students, sources = _assemble(roster, own, shared, policy, report)
    if not report.failed:  # two names of one student may be an error already
        check_names(joined, own, students, report)
    marks: list[PeerMark] | None = None
    if headers.has_peer:
        for sheet in (s for s in sheets if s.kind == "peer" and s.rows):  # nothing in it: marks are still to come
            marks = [] if marks is None else marks
            read_marks(sheet, students, roster, headers, marks, report)
        if marks:
            check_complete(marks, students, policy, report)
            group_scores.check_peers(students, own, shared, policy, report)
            if not report.failed:
                say_silent(marks, students, policy, report)
    return ClassList(tuple(students), tuple(marks) if marks is not None else None, sources=sources)


def _assemble(
    roster: Roster, own: Store, shared: Store, policy: Policy, report: Report
) -> tuple[list[Student], Sources]:
    checks = AttemptChecks(policy, roster.names, report)
    parts = [(part.id, cells_of(part, own, shared, checks.sources)) for part in policy.leaves()]
    parts = [(name, slots) for name, slots in parts if slots]
    texts = {name: own[Role(name)] for name in TEXTS}
    nothing, given = dict.fromkeys(TEXTS, ""), [(name, said) for name, said in texts.items() if said]
    levels, attended = own[Role("activity")], own[Role("attended")]
    spelled = group_names(own)
    students = []
    for position, student in enumerate(roster.names):
        text = nothing | {name: str(said.value(position) or "") for name, said in given}
        folded = fold(text["group"]) if text["group"] else None
        attempts: dict[str, tuple[Attempt, ...]] = {}
        for part, slots in parts:
            made = attempts_of(slots, position, folded, checks)
            if made:
                attempts[part] = made
        sheet = roster.sheets[position]
        surname, first_name = text["surname"], text["first name"]
        whole = texts["name"].get(position) if surname or first_name else None
        # What a later sheet says of the name does not come before the roster's, unless it only divides it.
        first = whole is not None and whole.sheet is sheet and words_of(surname, first_name) != words_of(text["name"])
        if first or (not surname and not first_name):
            # Only a comma says which of the names is the surname.
            surname, _, first_name = (piece.strip() for piece in text["name"].partition(","))
        level, came = levels.value(position), attended.value(position)
        students.append(
            Student(
                student,
                surname,
                first_name,
                text["email"],
                spelled[folded] if folded is not None else None,
                attempts,
                str(level) if level is not None else None,
                cast(int, came) if came is not None else None,
                cells.identifier(text["login"]) if text["login"] else "",
            )
        )
    checks.finish()
    checks.without_effect.finish([slot for _, slots in parts for slot in slots], spelled)
    return students, checks.sources
