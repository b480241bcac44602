"""New students and parts for a workbook in which somebody has entered scores. What is there stays as it is.

Nothing moves: new students go into empty rows of the table or below everything, new columns to the right of
everything. Afterwards the file is read again, and every cell must still say what it said.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from kurssi.course.model import ImplementationFile
from kurssi.diagnostics.message import Msg, msg
from kurssi.diagnostics.words import Words
from kurssi.policy.model import Policy
from kurssi.sheets.columns import Sheet as Read
from kurssi.sheets.columns import cell_at
from kurssi.sheets.entry_form import Column, group_columns, peer_columns, student_columns
from kurssi.sheets.table import Table as Rows
from kurssi.sheets.table import is_blank, text_of
from kurssi.sheets.table_files import read_tables
from kurssi.values.classlist import Student
from kurssi.values.vocabulary import WORKSHEETS, fold

from .cells import define, put
from .filled import plain
from .guide import Offer, choices, extend_lists, write_lists
from .unsupported_features import computed, note_sizes, would_be_lost
from .workbook import GROUPS, SPARE, STUDENTS, Sheet, error_title, form, head, natural, saved, shape, validate

Key = tuple[str, str, int, str]
"""What a column means: the meaning, the part's id, the attempt, and which of several cells it is."""

KEPT_AWAY = frozenset({"student", "surname", "first name", "email"})
"""Columns that are not added to a sheet without them: who took them out had a reason."""


class CannotUpdate(Exception):
    """A workbook that is left as it is, and why."""

    def __init__(self, message: Msg) -> None:
        super().__init__(message.text)
        self.message = message


class Changes(NamedTuple):
    """What an update has added, and what it has left alone though the roster says otherwise."""

    students: tuple[str, ...]
    columns: tuple[str, ...]
    groups: tuple[str, ...]
    sheets: tuple[str, ...]
    gone: tuple[str, ...]
    """Students that the roster no longer has; their rows stay."""
    moved: tuple[str, ...]
    """Students whose group is another on the roster; the sheet's stays."""

    @property
    def any(self) -> bool:
        """Whether there is anything new."""
        return bool(self.students or self.columns or self.groups or self.sheets)


def update(
    raw: bytes,
    sheets: Sequence[Read],
    file: ImplementationFile,
    policy: Policy,
    students: Sequence[Student] | None,
    words: Words,
) -> tuple[bytes, Changes]:
    """The workbook with what is new, and what that is. Raises :class:`CannotUpdate`.

    ``sheets`` are those of the workbook, as read; ``students`` are those of a new roster, ``None`` where there is none.
    """
    from openpyxl import load_workbook

    if (lost := would_be_lost(raw)) is not None:
        raise CannotUpdate(msg("an update would lose something of this workbook: {what}", what=lost))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what it warns about is looked for above
            workbook = load_workbook(io.BytesIO(raw), rich_text=True)
    except Exception:  # noqa: BLE001 - whatever it meets in a workbook that is not as it should be
        raise CannotUpdate(
            msg("an update would lose something of this workbook: {what}", what=msg("it is not as programs write it"))
        ) from None
    for (sheet, row, column), size in note_sizes(raw).items():
        if (note := workbook[sheet].cell(row, column).comment) is not None:
            note.width, note.height = size
    changes = _Update(workbook, sheets, file, policy, words).run(students)
    if not changes.any:
        return raw, changes
    data = saved(workbook, None, computed(raw))
    _check_nothing_lost(raw, data)
    return data, changes


class _Update:
    """One update of one workbook."""

    def __init__(
        self, workbook: Any, sheets: Sequence[Read], file: ImplementationFile, policy: Policy, words: Words
    ) -> None:
        self.workbook = workbook
        self.sheets = sheets
        self.file = file
        self.policy = policy
        self.words = words
        self.title = f"{file.implementation.id}  {file.course.name}"
        self.roster = next(sheet for sheet in sheets if sheet.kind == "students")
        self.columns: list[str] = []
        self.new_sheets: list[str] = []

    def run(self, students: Sequence[Student] | None) -> Changes:
        """Adds what is new."""
        new, gone, moved = self._compare(students)
        language, by_group = self.words.language, group_columns(self.policy, self.words.language)
        wanted = student_columns(self.policy, language)
        have = {_key(c) for sheet in self.sheets if sheet.kind == "students" for c in sheet.columns}
        missing = [c for c in wanted if c.meaning not in KEPT_AWAY and _of(c) not in have]
        lists = choices([*wanted, *by_group])
        if lists:
            self._lists(lists, wanted, missing)
        grown = _Grown(self.workbook, self.roster, wanted, self.words)
        for column in missing:
            grown.add_column(column, self.policy)
            self.columns.append(column.header)
        grown.add_rows([_cells(student, grown.roles) for student in new])
        grown.refresh()
        grown.reach(STUDENTS)
        groups = self._groups(by_group, students or ())
        peers = peer_columns(self.policy, language)
        if peers and not any(sheet.kind == "peer" for sheet in self.sheets):
            self._new_sheet("peers", peers, (), max(2 * len(self.roster.rows), 40))
        return Changes(
            tuple(student.student for student in new), tuple(self.columns), groups, tuple(self.new_sheets), gone, moved
        )

    def _compare(self, students: Sequence[Student] | None) -> tuple[list[Student], tuple[str, ...], tuple[str, ...]]:
        """The students that are new, those that are gone, and those whose group is another."""
        if students is None:
            return [], (), ()
        known = {text: row for row in self.roster.rows if (text := self._said("student", row))}
        bare = {name.lstrip("0"): name for name in known}
        new = []
        moved = []
        for student in students:
            row = known.get(student.student)
            if row is not None:
                group = self._said("group", row)
                if group and student.group and fold(group) != fold(student.group):
                    moved.append(student.student)
                continue
            if (other := bare.get(student.student.lstrip("0"))) is not None:
                raise CannotUpdate(
                    msg(
                        "the workbook has the student {other}, the roster {student}: write the number the same in "
                        "both, as text",
                        other=other,
                        student=student.student,
                    )
                )
            new.append(student)
        names = {student.student for student in students}
        return new, tuple(name for name in known if name not in names), tuple(moved)

    def _said(self, meaning: str, row: Any) -> str:
        column = next((c for c in self.roster.columns if c.role.meaning == meaning), None)
        return text_of(cell_at(row, column.at)) if column is not None else ""

    def _groups(self, by_group: Sequence[Column], students: Iterable[Student]) -> tuple[str, ...]:
        """The sheet of groups: its new columns and groups, or the sheet itself where there is none."""
        if not by_group:
            return ()
        names = sorted(dict.fromkeys(s.group for s in students if s.group), key=natural)
        sheet = next((sheet for sheet in self.sheets if sheet.kind == "groups"), None)
        if sheet is None:
            known = [self._said("group", row) for row in self.roster.rows]
            teams = sorted({fold(n): n for n in [*names, *known] if n}.values(), key=natural)
            self._new_sheet("groups", by_group, [[team] for team in teams], 10 if not teams else 0)
            return ()
        grown = _Grown(self.workbook, sheet, by_group, self.words)
        have = {_key(c) for c in sheet.columns}
        for column in by_group:
            if _of(column) not in have:
                grown.add_column(column, self.policy)
                self.columns.append(column.header)
        at = next(c.at for c in sheet.columns if c.role.meaning == "group")
        known_here = {fold(text_of(cell_at(row, at))) for row in sheet.rows}
        new = [name for name in names if fold(name) not in known_here]
        grown.add_rows([{at + 1: name} for name in new])
        grown.refresh()
        grown.reach(GROUPS)
        return tuple(new)

    def _new_sheet(self, kind: str, columns: Sequence[Column], rows: Sequence[Sequence[str]], more: int) -> None:
        name = WORKSHEETS[self.words.language][kind]
        sheet = Sheet(self.workbook, kind, name, columns, self.policy, self.words)
        for row in rows:
            sheet.add(row)
        sheet.end(more, self.title)
        self.new_sheets.append(sheet.sheet.title)

    def _lists(self, lists: dict[str, Offer], wanted: Sequence[Column], missing: Sequence[Column]) -> None:
        """The words that cells offer: added to the lists that are there, or lists of their own."""
        lacking = extend_lists(self.workbook, lists)
        if lacking and any(column.takes.kind == "choice" for column in (*wanted, *missing)):
            write_lists(self.workbook, lacking, self.words)


class _Grown:
    """A worksheet to which columns and rows are added, outside of everything that is there."""

    def __init__(self, workbook: Any, read: Read, wanted: Sequence[Column], words: Words) -> None:
        self.workbook = workbook
        self.read = read
        self.words = words
        self.sheet = workbook[read.table.sheet]
        self.header = read.header_row
        self.roles: dict[Key, int] = {_key(c): c.at + 1 for c in read.columns if c.role.meaning != "unused"}
        """The column of each meaning, from 1."""
        self.ours = {self.roles[_of(c)]: c for c in wanted if _of(c) in self.roles}
        """The columns of which kurssi says what they take."""
        self.added: set[int] = set()
        taken = [
            (cell.row, cell.column)
            for row in self.sheet.iter_rows()
            for cell in row
            if cell.value is not None or cell.comment is not None
        ]
        taken += [(area.max_row, area.max_col) for area in self.sheet.merged_cells.ranges]
        self.last = max((row for row, _ in taken), default=self.header)
        self.right = max((column for _, column in taken), default=1)
        self.full = {row for row, _ in taken}
        for area in self.sheet.merged_cells.ranges:
            self.full.update(range(area.min_row, area.max_row + 1))
        self.table = self._table()

    def _table(self) -> Any:
        """The table that starts with the header, where there is one without a row of totals."""
        from openpyxl.utils import range_boundaries

        for table in self.sheet.tables.values():
            _, top, right, bottom = range_boundaries(table.ref)
            if top == self.header and not table.totalsRowCount:
                self.bottom, self.edge = bottom, right
                return table
        self.bottom = self.edge = 0
        return None

    def add_column(self, column: Column, policy: Policy) -> None:
        """One more column, to the right of everything."""
        self.right = at = max(self.right, self.edge) + 1
        head(self.sheet, self.header, at, column, policy, self.words)
        form(self.sheet, self.header, at, column, max(self.bottom, self.last), self.words)
        self.roles[_of(column)] = at
        self.ours[at] = column
        self.added.add(at)
        if self.table is not None and at == self.edge + 1:
            from openpyxl.worksheet.table import TableColumn

            self.edge = at
            number = max(c.id for c in self.table.tableColumns) + 1
            self.table.tableColumns.append(TableColumn(id=number, name=column.header))
            self._resize()

    def add_rows(self, rows: Sequence[dict[int, str]]) -> None:
        """New rows: in empty rows of the table, then below everything."""
        free = [row for row in range(self.header + 1, self.bottom + 1) if row not in self.full]
        for cells in rows:
            if free:
                at = free.pop(0)
            else:
                at = self.last = max(self.last, self.bottom if self.table is not None else 0, self.header) + 1
                if self.table is not None and at == self.bottom + 1:
                    self.bottom = at
                    self._resize()
                for number, column in self.ours.items():
                    shape(self.sheet.cell(at, number), column, self.words)
            self.full.add(at)
            for number, text in cells.items():
                put(self.sheet, at, number, text).number_format = "@"

    def _resize(self) -> None:
        from openpyxl.utils import get_column_letter, range_boundaries

        left, top, _, _ = range_boundaries(self.table.ref)
        ref = f"{get_column_letter(left)}{top}:{get_column_letter(self.edge)}{self.bottom}"
        self.table.ref = ref
        if self.table.autoFilter is not None:
            self.table.autoFilter.ref = ref

    def refresh(self) -> None:
        """Checks for the new columns, and for the old ones that still have the check that kurssi made."""
        last = max(self.last, self.bottom) + SPARE
        for at, column in self.ours.items():
            header = str(self.sheet.cell(self.header, at).value or "")
            if at in self.added or self._forget(at, header):
                validate(self.sheet, self.header, at, column._replace(header=header), last, self.words)

    def _forget(self, at: int, header: str) -> bool:
        """Takes away the check that kurssi made for the column; whether there was one."""
        checks = self.sheet.data_validations.dataValidation
        ours = [
            rule
            for rule in checks
            if rule.errorTitle == error_title(header)
            and all(area.min_col == area.max_col == at for area in rule.sqref.ranges)
        ]
        for rule in ours:
            checks.remove(rule)
        return bool(ours)

    def reach(self, name: str) -> None:
        """Lets a named range reach over the new rows."""
        known = self.workbook.defined_names.get(name)
        match = _RANGE.fullmatch(known.attr_text or "") if known is not None else None
        needed = max(self.last, self.bottom)
        if match and match[1].strip("'").replace("''", "'") == self.sheet.title and int(match[4]) < needed:
            define(self.workbook, name, self.sheet.title, match[2], int(match[3]), needed + SPARE)


_RANGE = re.compile(r"(.+)!\$([A-Z]+)\$(\d+):\$[A-Z]+\$(\d+)")


def _key(column: Any) -> Key:
    """What a column that was read means."""
    return column.role.meaning, column.role.part, column.role.attempt, column.role.component


def _of(column: Column) -> Key:
    """What a column that is to be written means."""
    return column.meaning, column.part.id if column.part is not None else "", column.attempt, column.component


def _cells(student: Student, roles: dict[Key, int]) -> dict[int, str]:
    """What the row of a new student holds, by column."""
    cells = {}
    for (meaning, *_), at in roles.items():
        if text := student.name if meaning == "name" else plain(student, meaning):
            cells[at] = text
    return cells


def _check_nothing_lost(old: bytes, new: bytes) -> None:
    """Reads both and holds every cell that was there against what is there now."""
    now = {table.sheet: table for table in read_tables("", new)[0]}
    for before in read_tables("", old)[0]:
        after = now.get(before.sheet, Rows("", None, []))
        rows = {row.number: row for row in after.rows}
        for row in before.rows:
            for at, cell in enumerate(row.cells):
                if not is_blank(cell) and (row.number not in rows or cell_at(rows[row.number], at) != cell):
                    raise CannotUpdate(
                        msg(
                            "the update would have changed {cell}, so nothing is written",
                            cell=before.place(row.number, at).cell,
                        )
                    )
