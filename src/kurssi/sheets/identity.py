"""Whose row it is: student number, then e-mail address, then login, and the name only where a list has nothing else."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property

from kurssi.diagnostics.finding import Severity
from kurssi.diagnostics.message import Msg, msg, nmsg
from kurssi.values.vocabulary import fold

from . import cells
from .cells import identifier
from .columns import Column, Meaning, Sheet, cell_at, name_of
from .report import Bad, P, Report, Said, shown
from .summaries import is_summary, report_summary, summary_in
from .table import Native, Row, is_blank, letters, text_of
from .table_files import is_number
from .whole import is_whole

KEYS: tuple[Meaning, ...] = ("student", "email", "login")
NAMES: tuple[Meaning, ...] = ("surname", "first name", "name")
MOST_NAMED = 5
"""So many students are named in one finding."""


class Roster:
    """The students, in order, where each was read, and by what a row of another sheet may name them."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.position: dict[str, int] = {}
        self.sheets: list[Sheet] = []
        self.rows: list[Row] = []
        """Where each was read."""

    def add(self, student: str, sheet: Sheet, row: Row) -> int:
        """One more student; its position."""
        position = len(self.names)
        self.position[student] = position
        self.names.append(student)
        self.sheets.append(sheet)
        self.rows.append(row)
        return position

    # All students are known before a row of another sheet asks for one of these.

    @cached_property
    def folded(self) -> dict[str, list[int]]:
        """By number without its case: systems write A1 and a1."""
        index: dict[str, list[int]] = {}
        for position, name in enumerate(self.names):
            index.setdefault(fold(name), []).append(position)
        return index

    @cached_property
    def emails(self) -> dict[str, list[int]]:
        """By folded e-mail address."""
        return self._by("email")

    @cached_property
    def logins(self) -> dict[str, list[int]]:
        """By folded login."""
        return self._by("login")

    def _by(self, meaning: Meaning) -> dict[str, list[int]]:
        index: dict[str, list[int]] = {}
        column = self.sheets[0].column(meaning) if self.sheets else None
        if column is not None:
            for position, row in enumerate(self.rows):
                if text := _text(row, column):
                    index.setdefault(fold(text), []).append(position)
        return index

    @cached_property
    def people(self) -> dict[str, list[tuple[int, list[str]]]]:
        """By folded surname: the positions, with the folded first names."""
        index: dict[str, list[tuple[int, list[str]]]] = {}
        for position, row in enumerate(self.rows):
            surname, first_names = name_in(self.sheets[0], row)
            if surname:
                index.setdefault(surname, []).append((position, first_names))
        return index


def _text(row: Row, column: Column) -> str:
    cell = cell_at(row, column.at)
    return identifier((cell if isinstance(cell, str) else cell.text).strip())


def name_in(sheet: Sheet, row: Row) -> tuple[str, list[str]]:
    """The folded surname and first names of a row; a name without a comma has its surname last."""
    surname, first, name = (sheet.column(meaning) for meaning in NAMES)
    last_text, first_text = (_text(row, c) if c else "" for c in (surname, first))
    if not last_text and name is not None:
        whole = _text(row, name)
        if "," in whole:
            last_text, _, first_text = whole.partition(",")
        else:
            first_text, _, last_text = whole.rpartition(" ")
    return fold(last_text), fold(first_text).split()


def in_order(sheets: Sequence[Sheet]) -> list[Sheet]:
    """Sheets of students, the roster first: the first with student numbers, else with e-mail addresses, else logins."""
    for key in KEYS:
        for sheet in sheets:
            column = sheet.column(key)
            if column is not None and (
                key == "student" or any(not is_blank(cell_at(r, column.at)) for r in sheet.rows)
            ):
                return [sheet, *(other for other in sheets if other is not sheet)]
    return list(sheets)


def students(sheet: Sheet, roster: Roster, report: Report) -> Iterator[tuple[Row, int]]:
    """Each row that belongs to a student of the roster and has the right length. The first sheet makes the roster."""
    reader = _Rows(sheet, roster, report)
    if reader.first and not reader.columns:
        report.error(
            "sheet-header",
            sheet.heading(),
            msg("a list of names cannot be the roster"),
            msg("give a sheet with student numbers or e-mail addresses, surnames and first names as well"),
        )
        return
    for row in sheet.rows:
        if not is_whole(sheet, row, report):
            reader.note(row)
            continue
        position = reader.position(row)
        if position is not None:
            yield row, position
    reader.finish()


class _Rows:
    """Finds the students of one sheet's rows."""

    def __init__(self, sheet: Sheet, roster: Roster, report: Report) -> None:
        self.sheet = sheet
        self.roster = roster
        self.report = report
        self.first = not roster.names
        self.columns = {key: column for key in KEYS if (column := sheet.column(key)) is not None}
        self.named = {name: column for name in NAMES if (column := sheet.column(name)) is not None}
        self.seen: dict[int, int] = {}
        self.kinds: dict[bool, int] = {}
        self.seconds: list[tuple[str, int, Row]] = []
        self.only_numbers = set(self.columns) == {"student"}
        simple = sheet.layout is None and (self.only_numbers or (self.first and "student" in self.columns))
        self.simple = self.columns["student"].at if simple else None
        """Where the number stands, if it says all by itself: most rows need no more."""
        self.by_other: dict[Meaning, list[str]] = {}

    @cached_property
    def lead(self) -> Column:
        """The column that findings about a row's student point at."""
        return next(iter({**self.columns, **self.named}.values()))

    def note(self, row: Row) -> None:
        """A row in which cells are missing: whose it is cannot be relied on, but later sheets may name the student."""
        text = _text(row, self.lead)
        if self.first and text and text not in self.roster.position:
            self.roster.add(text, self.sheet, row)

    def position(self, row: Row) -> int | None:
        """Whose row it is; ``None``, mostly with an error, where it is nobody's."""
        if self.simple is not None:
            cell = row.cells[self.simple] if self.simple < len(row.cells) else ""
            text = cell.strip() if type(cell) is str else ""
            if text and "+" not in text and not is_word(text):
                self.kinds.setdefault(False, row.number)
                at = self.roster.position.get(text)
                if self.first and at is None:
                    at = self.roster.add(text, self.sheet, row)
                if at is not None and at not in self.seen:
                    self.seen[at] = row.number
                    return at
            keys = {} if type(cell) is str and not text and self.only_numbers else self._keys(row)
        else:
            keys = self._keys(row)
        if keys is None:
            return None
        if self.sheet.layout is None and (word := self._summary(row, keys)):
            report_summary(self.sheet, row, word, self.report)
            return None
        if not keys and not (self.sheet.layout and self.sheet.layout.by_name):
            self._nameless(row)
            return None
        if self.first:
            return self._enter(keys, row)
        found = self._find(keys, row)
        if found is None:
            return None
        return None if self._is_second(found, row) else found

    def _error(self, row: Row, rule: str, say: Callable[P, Said], *args: P.args, **kwargs: P.kwargs) -> None:
        """An error about whose row it is."""
        self.report.at(self.sheet.table, row.number, self.lead.at, Severity.error, rule, say, *args, **kwargs)

    def _keys(self, row: Row) -> dict[Meaning, str] | None:
        """What the row says of its student; ``None`` where a cell cannot say it."""
        keys: dict[Meaning, str] = {}
        for key, column in self.columns.items():
            cell = cell_at(row, column.at)
            if key == "student":
                try:
                    text = cells.student_of(cell, column.header)
                except Bad as bad:
                    self.report.bad(self.sheet.table, row.number, column.at, bad)
                    return None
                if self.sheet.layout is not None:
                    text = identifier(text)
                if text:
                    self.kinds.setdefault(isinstance(cell, Native), row.number)
            else:
                text = _text(row, column)
            if text:
                keys[key] = text
        return keys

    def _summary(self, row: Row, keys: dict[Meaning, str]) -> str | None:
        """The word by which a row of nobody sums up others."""
        if not keys:
            return summary_in(row)
        return next((text for text in keys.values() if is_summary(text)), None)

    def _nameless(self, row: Row) -> None:
        if self.sheet.rows[0] is row:
            scores = (c.at for c in self.sheet.columns if c.role.meaning == "score")
            if not any(is_number(cell_at(row, at)) for at in scores):
                self._error(row, "missing-student", _second_header, row.number)
                return
        self._error(row, "missing-student", _nobody, row.number)

    def _enter(self, keys: dict[Meaning, str], row: Row) -> int | None:
        """A row of the roster. Who has no number is known by the e-mail address, or by the login."""
        if not keys:
            self._nameless(row)
            return None
        key, student = next(iter(keys.items()))
        if student in self.roster.position:
            self._is_second(self.roster.position[student], row, student)
            return None
        if key != "student":
            if self.sheet.layout is None and "student" in self.columns:
                self._nameless(row)
                return None
            self.by_other.setdefault(key, []).append(student)
        position = self.roster.add(student, self.sheet, row)
        self.seen[position] = row.number
        return position

    def _is_second(self, position: int, row: Row, name: str | None = None) -> bool:
        first = self.seen.setdefault(position, row.number)
        if first == row.number:
            return False
        self.seconds.append((name or self.roster.names[position], first, row))
        return True

    def _report_second(self, name: str, first: int, row: Row) -> None:
        """Two rows of one student: two persons, the same row again, or something that belongs into one row."""
        if self.named and self._are_two(first, row):
            self._error(row, "duplicate-student", self._two_persons, name, first, row)
        else:
            self._error(row, "duplicate-student", self._twice, name, first, row)

    def _are_two(self, first: int, row: Row) -> bool:
        """Whether two rows of one number have different names."""
        one, other = (name_in(self.sheet, r) for r in (self._row(first), row))
        return bool(one[0] and other[0] and one != other)

    def _row(self, number: int) -> Row:
        rows = self.sheet.rows
        return rows[bisect_left(rows, number, key=lambda one: one.number)]

    def _two_persons(self, name: str, first: int, row: Row) -> Said:
        return Said(
            msg(
                "{name} is {one} in row {first}, but {other} in row {row}",
                one=shown(self._called(self._row(first))),
                other=shown(self._called(row)),
                name=shown(name),
                first=first,
                row=row.number,
            ),
            msg("two persons cannot have one number: correct the one that is wrong"),
            name,
        )

    def _twice(self, name: str, first: int, row: Row) -> Said:
        same = list(map(text_of, self._row(first).cells)) == list(map(text_of, row.cells))
        return Said(
            msg("{name} stands in row {first} and again in row {row}", name=shown(name), first=first, row=row.number),
            msg("the two rows are the same: one of them is enough")
            if same
            else msg("write into one row what both say; a second attempt has columns of its own"),
            name,
        )

    def _called(self, row: Row) -> str:
        return " ".join(text for column in self.named.values() if (text := _text(row, column)))

    def _find(self, keys: dict[Meaning, str], row: Row) -> int | None:
        roster = self.roster
        found: dict[Meaning, list[int]] = {}
        for key, text in keys.items():
            at = self._candidates(key, text)
            if at:
                found[key] = at
            elif key == "student" and self.sheet.layout is None and "email" not in keys and "login" not in keys:
                self._error(row, "unknown-student", unknown, text, roster)
                return None
        if not keys:
            return self._find_by_name(row)
        numbers = found.get("student")
        if numbers is not None and len(numbers) == 1:
            found = {key: [numbers[0]] if numbers[0] in at else at for key, at in found.items()}
        candidates = sorted({at for several in found.values() for at in several})
        if not candidates:
            self._error(row, "unknown-student", unknown, next(iter(keys.values())), roster)
            return None
        if len(candidates) > 1:
            self._error(row, "two-candidates", self._two_named, keys, found)
            return None
        position = candidates[0]
        if "student" in keys and "student" not in found:
            where = (self.sheet.table, row.number, self.lead.at)
            by = next(keys[key] for key in found)
            self.report.at(*where, Severity.warning, "other-number", self._other_number, keys["student"], by, position)
        return position

    def _other_number(self, number: str, by: str, position: int) -> Said:
        return Said(
            msg(
                "{number} is not on the roster; by {by} the row is {student}'s",
                number=shown(number),
                by=by,
                student=self._shown(position),
            ),
            msg("correct the number here or on the roster"),
            number,
        )

    def _candidates(self, key: Meaning, text: str) -> list[int]:
        """The students that a number, an address or a login names."""
        roster = self.roster
        if key == "email":
            return roster.emails.get(fold(text), []) or ([roster.position[text]] if text in roster.position else [])
        at = roster.position.get(text)
        if at is None and key == "student":
            at = roster.position.get(identifier(text))
        if at is not None:
            return [at]
        if key == "login" or self.sheet.layout is not None:
            # A system's student id is often the login, and a login an e-mail address.
            folded = roster.folded.get(fold(identifier(text)), [])
            return folded or roster.logins.get(fold(text), []) or roster.emails.get(fold(text), [])
        return []

    def _find_by_name(self, row: Row) -> int | None:
        surname, first = name_in(self.sheet, row)
        alike = [at for at, names in self.roster.people.get(surname, []) if _names_agree(first, names)]
        if len(alike) == 1:
            return alike[0]
        text = " ".join([*first, surname])
        if not alike:
            self._error(row, "unknown-student", _not_called, text, self.roster)
        else:
            self._error(row, "two-candidates", self._perhaps, text, alike)
        return None

    def _two_named(self, keys: Mapping[Meaning, str], found: Mapping[Meaning, Sequence[int]]) -> Said:
        names = [f"{keys[key]} → {self._shown(at)}" for key, several in found.items() for at in several[:MOST_NAMED]]
        return _ambiguous(msg("the row names two students"), names)

    def _perhaps(self, name: str, alike: Sequence[int]) -> Said:
        names = [self._shown(at) for at in alike[:MOST_NAMED]]
        return _ambiguous(msg("“{name}” may be several students", name=shown(name)), names)

    def _shown(self, position: int) -> str:
        sheet, row = self.roster.sheets[position], self.roster.rows[position].number
        return f"{self.roster.names[position]} ({sheet.table.file}, {letters(0)}{row})"

    def finish(self) -> None:
        """What can only be said of the whole sheet."""
        if len(self.seconds) <= len(self.seen):
            for second in self.seconds:
                self._report_second(*second)
        else:
            self.report.error(
                "duplicate-student",
                self.sheet.heading(self.lead.at),
                msg("the sheet has a row for each score, not for each student"),
                msg("turn it round, with a pivot table for instance: one row per student, one column per score"),
            )
        if len(self.kinds) > 1:
            column = self.columns["student"]
            self.report.add(
                "mixed-numbers",
                Severity.warning,
                self.sheet.table.place(self.kinds[True], column.at),
                msg(
                    "some student numbers in “{column}” are text, others are numbers without zeros in front",
                    column=column.header,
                ),
                msg("format the whole column as text, so that zeros in front are kept"),
            )
        for key, names in self.by_other.items():
            self.report.add(
                "no-student-number",
                Severity.warning,
                self.sheet.heading(self.columns[key].at),
                nmsg(
                    "{n} student has no student number here and is known by “{column}”: {names}",
                    "{n} students have no student number here and are known by “{column}”: {names}",
                    n=len(names),
                    column=name_of(self.columns[key]),
                    names=_some(names),
                ),
                msg("give a roster with student numbers as the first sheet, so that grades can be handed on"),
                str(len(names)),
            )
        if not self.first and self.sheet.layout is not None:
            lacking = [name for at, name in enumerate(self.roster.names) if at not in self.seen]
            if lacking and (self.seen or not self.sheet.rows):
                self.report.add(
                    "not-in-export",
                    Severity.info,
                    self.sheet.heading(self.lead.at),
                    nmsg(
                        "{n} student of the roster is not in {file}: {names}",
                        "{n} students of the roster are not in {file}: {names}",
                        n=len(lacking),
                        file=self.sheet.table.file,
                        names=_some(lacking),
                    ),
                    found=str(len(lacking)),
                )


def _some(names: Sequence[str]) -> str:
    return ", ".join(shown(name) for name in names[:MOST_NAMED]) + (", …" if len(names) > MOST_NAMED else "")


def is_word(text: str) -> bool:
    """Whether a text in the column of student numbers needs a closer look: a number of a student has digits."""
    return not text[-1].isdecimal() and is_summary(text)


def _names_agree(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether one list of first names begins with the other: Emily, and Emily Elizabeth."""
    shorter = min(len(one), len(other))
    return shorter > 0 and list(one[:shorter]) == list(other[:shorter])


def _second_header(row: int) -> Said:
    return Said(
        msg("row {row} has no student number and looks like a second row of headers", row=row),
        msg("write the headers into one row, such as “Essee palautettu”"),
    )


def _nobody(row: int) -> Said:
    return Said(
        msg("row {row} has no student number, but other cells", row=row),
        msg("write whose row it is; a row of averages or sums says so in its first cell"),
    )


def _not_called(name: str, roster: Roster) -> Said:
    return Said(
        msg("nobody on the roster, {file}, is called “{name}”", file=roster.sheets[0].table.file, name=shown(name)),
        msg("the roster needs surname and first name as this list has them"),
        name,
    )


def _ambiguous(what: Msg, candidates: Sequence[str]) -> Said:
    return Said(
        msg("{what}: {candidates}", what=what, candidates="; ".join(candidates[:MOST_NAMED])),
        msg("correct the row, or the roster, so that all of it names one student"),
    )


def unknown(student: str, roster: Roster) -> Said:
    """Of a student whom the roster lacks; where only zeros in front are missing, that is said."""
    sheet = roster.sheets[0]
    hint = msg("add the student to {file}, or correct the number", file=sheet.table.file)
    for zeros in range(1, 8):
        if (padded := "0" * zeros + student) in roster.position:
            hint = msg("the roster has {padded}: format the column as text so that its zeros are kept", padded=padded)
            break
    return Said(
        msg("the student {student} is not on the roster, {file}", student=shown(student), file=sheet.table.file),
        hint,
        student,
    )
