"""Second stage of reading a score sheet: what each table is, and what its columns mean.

A table that bears the signs of a system's layout is read by that layout (:mod:`.exports`); any other is a teacher's own
table and read by its headers (:mod:`.plain`). A worksheet that is neither is left out where another of its file is
read.
"""

from __future__ import annotations

from collections.abc import Iterable

from kurssi.diagnostics.finding import Severity
from kurssi.diagnostics.message import Msg, msg
from kurssi.values.vocabulary import NOTES, RESERVED, fold

from . import layouts
from .columns import MOST_GUESSES, UNUSED, Headers, Sheet, likely_number
from .headings import from_header, is_refused, report_above, students_elsewhere, way_to_number
from .layouts import Layout
from .report import Report, shown
from .table import Table, text_of
from .table_files import is_number
from .teacher_tables import understand_teacher_table


def recognise(tables: Iterable[Table], headers: Headers, report: Report) -> list[Sheet]:
    """The sheets among the tables; what is wrong with their headers goes into ``report``.

    A worksheet without a header that is known is left out where the file has another that is read, and listed.
    """
    tables = list(tables)
    sheets: list[Sheet] = []
    strangers: list[Table] = []
    refused: set[str] = set()
    for table in tables:
        if not table.rows:
            continue
        found = layout_of(table, headers)
        if found is not None:
            from .exports import understand_export  # only who has an export pays for it

            _, below = found
            above = [row for row in table.rows if row.number < below.rows[0].number]
            if above:
                report_above(table, above, below.rows[0].number, report)
            sheet = understand_export(*found, headers, report)
            if sheet is not None:
                sheets.append(sheet)
            continue
        table = from_header(table, headers, report)
        if is_refused(table, students_elsewhere(table, tables, headers), headers, report):
            refused.add(table.file)
            continue
        sheet = understand_teacher_table(table, headers, report)
        if sheet is not None:
            sheets.append(sheet)
        else:
            strangers.append(table)
    known = {sheet.table.file for sheet in sheets} | refused
    for table in strangers:
        header = table.rows[0]
        place = table.place(header.number, 0)
        has_parts = any(headers.role(text_of(cell)) is not UNUSED for cell in header.cells)
        if table.file in known and not has_parts:
            if fold(table.sheet or "") in NOTES:
                continue  # kurssi sheet writes such a worksheet into every workbook
            report.add(
                "unread-worksheet",
                Severity.info,
                place,
                msg(
                    "the worksheet “{sheet}” has no column for student or group and is not read",
                    sheet=table.sheet or "",
                ),
                found=table.sheet,
            )
            continue
        hint = _way_to_header(table, students_elsewhere(table, tables, headers), headers)
        report.error("sheet-header", place, msg("no header here says student, group, or from and to"), hint)
    return sheets


def _way_to_header(table: Table, students: Table | None, headers: Headers) -> Msg:
    """What to do about a table of which no header says whose the rows are."""
    cells = table.rows[0].cells
    for cell in cells[:MOST_GUESSES]:
        near = headers.similar(text_of(cell)) if text_of(cell) and fold(text_of(cell)) not in RESERVED else None
        if near in RESERVED and RESERVED[near] in ("student", "group", "from", "to"):
            return msg("does “{header}” mean “{near}”?", header=shown(text_of(cell)), near=near)
    number = likely_number(table)
    if any(map(is_number, cells)) and not (number and not is_number(number)):  # a student's row, which is no header
        return msg("write a row of headers above the students, with student or opiskelijanumero above their numbers")
    if number is None and students is not None and students.sheet is not None and students.file == table.file:
        return msg(
            "the students stand in the worksheet “{sheet}”: write their numbers here as well, in a column "
            "opiskelijanumero",
            sheet=students.sheet,
        )
    return way_to_number(number)


def layout_of(table: Table, headers: Headers) -> tuple[Layout, Table] | None:
    """The layout of a system's table, and the table from its header on; ``None`` for a plain one.

    A table whose every header is one of the contract's, or a part's, is plain whatever it looks like.
    """
    asked = headers.reading.layout_of(table.file)
    if asked is not None:
        return layouts.apply(asked, table)
    roles = [headers.role(name) for cell in table.rows[0].cells if (name := text_of(cell))]
    if UNUSED not in roles and any(role.meaning == "student" for role in roles):
        return None
    return layouts.recognise(table)
