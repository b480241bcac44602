"""Findings of which one student may be told: the student's own, and those of the files and the class as a whole."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from kurssi.diagnostics.finding import Finding
from kurssi.diagnostics.message import Msg, Terms
from kurssi.sheets.cells import identifier
from kurssi.sheets.table import Row, Table, text_of
from kurssi.sheets.table_files import read_tables
from kurssi.values.classlist import ClassList, Student
from kurssi.values.vocabulary import fold

OF_THE_SHEET = ("coloured-cells", "formula-cells", "hidden-cells")
"""Rules that name the first of many rows; they say nothing of who stands in it."""

NOBODY = ""
"""Whose row one is of whom nothing is known."""

SHORTEST_NAME = 4
"""A shorter number or name is looked for as a whole value of a message, not inside of one."""


def about_one(
    findings: Iterable[Finding], student: str, class_list: ClassList | None, sheets: Sequence[tuple[str, bytes]]
) -> tuple[list[Finding], int]:
    """The findings that are not about other students, and how many others there are.

    ``sheets`` are all tables that were read. Where there is no class list, because a sheet has errors, nobody knows who
    the others are: of a sheet only the student's own rows and its first one are told then.
    """
    students = class_list.students if class_list is not None else (Student(student),)
    owners = _Owners(students)
    rows: dict[tuple[str, str | None, int], str | None] = {}
    for table in (table for name, raw in sheets for table in read_tables(name, raw)[0]):
        for row, owner in _rows(table, owners, known=class_list is not None):
            rows[table.file, table.sheet, row.number] = owner
    others = _Named([one for one in students if one.student != student], student)
    kept, left_out = [], 0
    for finding in findings:
        place = finding.place
        worksheet = place.cell.rpartition("!")[0] or None if place.cell is not None else None
        owner = rows.get((place.file, worksheet, place.line), NOBODY) if place.cell is not None else None
        own = owner in (None, student) or finding.rule in OF_THE_SHEET
        if own and not others.stand_in((finding.message, finding.help, finding.found)):
            kept.append(finding)
        else:
            left_out += 1
    return kept, left_out


class _Owners:
    """Whose row it is in which some texts stand: by student number, else by login, e-mail or name."""

    def __init__(self, students: Sequence[Student]) -> None:
        self._by_number = {fold(student.student): student.student for student in students}
        self._by_name: dict[str, str] = {}
        for student in students:
            for name in {fold(text) for text in _names(student)}:
                self._by_name[name] = NOBODY if name in self._by_name else student.student

    def of(self, texts: Sequence[str]) -> str | None:
        """The student; :data:`NOBODY` where two have that name, None where no text names anybody."""
        for known in (self._by_number, self._by_name):
            found = next((known[text] for text in texts if text in known), None)
            if found is not None:
                return found
        return None


def _names(student: Student) -> Iterator[str]:
    whole = (student.name, f"{student.first_name} {student.surname}", f"{student.surname} {student.first_name}")
    yield from (text.strip() for text in (student.login, student.email, *whole) if text.strip())


def _rows(table: Table, owners: _Owners, *, known: bool) -> Iterator[tuple[Row, str | None]]:
    """Each row with whose it is: None above the rows of students, :data:`NOBODY` where it is not known."""
    head = True
    for index, row in enumerate(table.rows):
        owner = owners.of([fold(identifier(text_of(cell))) for cell in row.cells])
        head = index == 0 or (head and known and owner is None)
        yield row, None if head else owner or NOBODY


class _Named:
    """Whether texts name one of several students, who is not the one they are shown to."""

    def __init__(self, students: Sequence[Student], shown_to: str) -> None:
        texts = {text for student in students for text in (student.student, *_names(student))} - {shown_to}
        self._short = {text for text in texts if len(text) < SHORTEST_NAME}
        long = sorted((re.escape(text) for text in texts - self._short), key=len, reverse=True)
        self._long = re.compile(rf"(?<!\w)(?:{'|'.join(long)})(?!\w)") if long else None

    def stand_in(self, values: Iterable[object]) -> bool:
        """Whether any of the values names one of them."""
        return any(self._stands_in(value) for value in values)

    def _stands_in(self, value: object) -> bool:
        if isinstance(value, Msg):
            return self.stand_in(value.args.values())
        if isinstance(value, Terms):
            return self.stand_in(value.items)
        text = value if isinstance(value, str) else ""
        return text in self._short or (self._long is not None and self._long.search(text) is not None)
