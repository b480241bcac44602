"""A new score-entry workbook: the sheets, their columns and rows, and what every cell takes."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from math import ceil
from textwrap import wrap
from typing import Any

from kurssi.course.model import ImplementationFile
from kurssi.diagnostics.words import Words
from kurssi.policy.model import Policy
from kurssi.reports.excel.sheet import DARK, LINE, LINE_HEIGHT, PALE, clean
from kurssi.sheets.entry_form import LONGEST_TEXT, Column, Takes, group_columns, peer_columns, student_columns
from kurssi.values.classlist import Student
from kurssi.values.numbers import exact
from kurssi.values.vocabulary import WORKSHEETS

from .archive import finish
from .cells import PAGE, define, font, printed, put
from .filled import said
from .guide import choices, list_of, write_guide, write_lists
from .texts import level_lines, note, refusal
from .unsupported_features import Computed

LAST_ROW = 1_048_576
MOST_ERROR = 225
"""Characters of a cell's error text; Excel takes no more."""
SPARE = 1000
"""Rows below the class in which a number is still compared with the others."""
MOST_WIDTH = 34
LETTER = 1.15
"""Width of a bold letter, in those that a column is measured by."""
DATES = {"fi": r"d\.m\.yyyy\ h\.mm", "en": r"d mmm yyyy\ hh:mm", "sv": r"d\.m\.yyyy\ hh:mm"}
"""How times are shown, by language."""
TABLES = {"scores": "kurssi_scores", "groups": "kurssi_groups", "peers": "kurssi_peers"}
STUDENTS, GROUPS = "kurssi_student_numbers", "kurssi_group_names"
"""Names of the ranges that other cells are checked against."""


def entry_workbook(
    file: ImplementationFile, policy: Policy, students: Sequence[Student], words: Words, empty: int
) -> bytes:
    """The workbook for a class, or with ``empty`` rows where there are no students yet.

    What is known of the students' scores is filled in. Raises :class:`Wrong` for a score that no cell can hold.
    """
    from openpyxl import Workbook  # only this command pays for it

    language = words.language
    names = WORKSHEETS[language]
    workbook = Workbook()
    workbook.remove(workbook.active)
    course = file.course.name
    workbook.properties.title = clean(f"{course}: {names['scores']}")
    workbook.properties.subject = file.implementation.id
    workbook.properties.creator = "kurssi"

    email, group = any(s.email for s in students), any(s.group for s in students)
    columns = student_columns(policy, language, email=email, group=group)
    teams = list(dict.fromkeys(s.group for s in students if s.group))
    sheet = Sheet(workbook, "scores", names["scores"], columns, policy, words)
    for student in students:
        sheet.add([said(student, column, policy, language) for column in columns])
    sheet.end(max(empty, 1) if not students else 0, f"{file.implementation.id}  {course}")
    has = {"scores"}
    if by_group := group_columns(policy, language):
        sheet = Sheet(workbook, "groups", names["groups"], by_group, policy, words)
        for team in sorted(teams, key=natural):
            sheet.add([team])
        sheet.end(10 if not teams else 0, f"{file.implementation.id}  {course}")
        has.add("groups")
    if peers := peer_columns(policy, language):
        sheet = Sheet(workbook, "peers", names["peers"], peers, policy, words)
        sheet.end(max(2 * len(students), 40), f"{file.implementation.id}  {course}")
        has.add("peers")
    lists = choices([*columns, *by_group])
    if lists:
        has.add("lists")
    write_guide(workbook, policy, words, frozenset(has))
    if lists:
        write_lists(workbook, lists, words)
    workbook.active = 0
    moment = file.implementation.timing.start.isoformat() if file.implementation.timing else "2000-01-01"
    return saved(workbook, f"{moment}T00:00:00Z")


def saved(workbook: Any, moment: str | None, values: Mapping[str, Computed] | None = None) -> bytes:
    """The bytes of the workbook; ``moment`` stands for the moment of writing, ``values`` are those of formulas."""
    memory = io.BytesIO()
    workbook.save(memory)
    texts = {
        sheet.title: f"A2:B{LAST_ROW}"
        for sheet in workbook.worksheets
        if any(table in TABLES.values() for table in sheet.tables)
    }
    return finish(memory.getvalue(), texts, moment, values)


def natural(name: str) -> tuple[object, ...]:
    """Order of group names in which R2 comes before R10."""
    digits = "".join(c for c in name if c.isdigit() and c.isascii())
    return name.rstrip("0123456789").casefold(), int(digits[-15:] or 0), name


class Sheet:
    """A sheet with a table to fill in."""

    def __init__(
        self, workbook: Any, kind: str, name: str, columns: Sequence[Column], policy: Policy, words: Words
    ) -> None:
        self.workbook = workbook
        self.kind = kind
        self.columns = columns
        self.policy = policy
        self.words = words
        self.sheet = workbook.create_sheet(name)
        self.row = 1
        for at, column in enumerate(columns, 1):
            head(self.sheet, 1, at, column, policy, words)

    def add(self, cells: Sequence[str | Decimal | datetime | None]) -> None:
        """One more row, of what is known already."""
        self.row += 1
        for at, value in enumerate(cells, 1):
            if isinstance(value, (Decimal, datetime)):
                self.sheet.cell(self.row, at).value = value
            else:
                put(self.sheet, self.row, at, value)

    def end(self, more: int, title: str) -> None:
        """The formats of all cells, the table, what the cells take, and how the sheet is printed."""
        from openpyxl.utils import get_column_letter
        from openpyxl.worksheet.table import Table, TableStyleInfo

        sheet, last = self.sheet, self.row + more
        lines = max(form(sheet, 1, at, column, last, self.words) for at, column in enumerate(self.columns, 1))
        sheet.row_dimensions[1].height = LINE_HEIGHT * lines + 8
        right = get_column_letter(len(self.columns))
        table = Table(displayName=TABLES[self.kind], ref=f"A1:{right}{last}")
        table.tableStyleInfo = TableStyleInfo(name="TableStyleLight15", showRowStripes=True)
        sheet.add_table(table)
        if self.kind == "scores":
            define(self.workbook, STUDENTS, sheet.title, "A", 2, last + SPARE)
        if self.kind == "groups":
            define(self.workbook, GROUPS, sheet.title, "A", 2, last + SPARE)
        for at, column in enumerate(self.columns, 1):
            validate(sheet, 1, at, column, last + SPARE, self.words)
        fixed = sum(column.meaning in ("student", "surname", "first name", "from", "to") for column in self.columns)
        sheet.freeze_panes = sheet.cell(2, (fixed or 1) + 1)
        printed(sheet, title, self._fold(fixed or 1))
        sheet.print_title_rows = "1:1"
        sheet.print_title_cols = f"A:{get_column_letter(fixed or 1)}"

    def _fold(self, fixed: int) -> int:
        """Folds times of a series away where not all columns fit a page; how many pages wide the rest is."""
        from openpyxl.utils import get_column_letter

        dimensions = [self.sheet.column_dimensions[get_column_letter(at)] for at, _ in enumerate(self.columns, 1)]
        repeated: float = sum(dimension.width for dimension in dimensions[:fixed])
        across: float = sum(dimension.width for dimension in dimensions)
        if across > PAGE:
            for dimension, column in zip(dimensions, self.columns, strict=True):
                if column.meaning in ("submitted", "due") and column.part is not None and column.part.series:
                    dimension.outlineLevel, dimension.hidden = 1, True
                    across -= dimension.width
            for before, after in pairwise(dimensions):
                after.collapsed = before.hidden and not after.hidden
        return max(1, ceil((across - repeated) / (PAGE - repeated)))


def head(sheet: Any, row: int, at: int, column: Column, policy: Policy, words: Words) -> None:
    """A column's header with its note."""
    from openpyxl.comments import Comment
    from openpyxl.styles import Alignment, Border, PatternFill, Side

    cell = put(sheet, row, at, column.header)
    soft = column.meaning in ("submitted", "due")
    color = PALE[1:] if soft else DARK[1:]
    cell.fill = PatternFill("solid", start_color=color, end_color=color)
    cell.font = font(bold=not soft, color=DARK[1:] if soft else "FFFFFF")
    cell.alignment = Alignment(wrap_text=True, vertical="center", horizontal="left")
    side = Side("thin", color=LINE[1:])
    cell.border = Border(left=side, right=side, top=side, bottom=side)
    if text := note(column, policy, words):
        lines = sum(1 + len(line) // 42 for line in text.split("\n"))
        cell.comment = Comment(clean(text), "kurssi", height=22 + 18 * lines, width=320)


def form(sheet: Any, header: int, at: int, column: Column, last: int, words: Words) -> int:
    """The format of a column: of the cells below the header to row ``last``, and of those that come later.

    The result is how many lines its header takes.
    """
    from openpyxl.styles import Alignment
    from openpyxl.utils import get_column_letter

    whole = sheet.column_dimensions[get_column_letter(at)]
    longest = max((len(str(sheet.cell(row, at).value or "")) for row in range(header + 1, last + 1)), default=0)
    word = max(map(len, column.header.split()))
    whole.width = max(min(longest + 2, MOST_WIDTH), word * LETTER + 3, _WIDTHS.get(column.meaning, 9))
    whole.number_format = number_format(column.takes, words)
    whole.alignment = Alignment(horizontal=alignment(column.takes))
    for row in range(header + 1, last + 1):
        shape(sheet.cell(row, at), column, words)
    return len(wrap(column.header, int((whole.width - 3) / LETTER)))


def shape(cell: Any, column: Column, words: Words) -> None:
    """The format of one cell of a column. Lines around it, so that an empty form can be printed."""
    from openpyxl.styles import Alignment, Border, Side

    side = Side("thin", color=LINE[1:])
    cell.border = Border(left=side, right=side, top=side, bottom=side)
    cell.number_format = number_format(column.takes, words)
    cell.alignment = Alignment(horizontal=alignment(column.takes))


_WIDTHS = {"student": 13, "surname": 16, "first name": 14, "submitted": 16, "due": 16, "from": 13, "to": 13}


def number_format(takes: Takes, words: Words) -> str:
    """The format of a cell: text where zeros in front or an = must survive, else a time or a plain number."""
    if takes.kind == "time":
        return DATES[words.language]
    return "General" if takes.kind in ("score", "count", "mark") else "@"


def alignment(takes: Takes) -> str:
    """Scores stand in the middle, names on the left."""
    return "center" if takes.kind in ("score", "choice", "count", "mark", "time") else "left"


def validate(sheet: Any, header: int, at: int, column: Column, last: int, words: Words) -> None:
    """Says what the cells of a column take, for all rows that there can be below the header.

    ``last`` is the row to which a student number is compared with the others.
    """
    from openpyxl.utils import get_column_letter

    letter = get_column_letter(at)
    rule = check_of(column, letter, header + 1, last)
    rule.error = clean(words.say(refusal(column.takes)))[:MOST_ERROR]
    rule.errorTitle = error_title(column.header)
    rule.showErrorMessage = True
    if lines := level_lines(column):
        rule.prompt = clean("\n".join(lines))[:MOST_ERROR]
        rule.promptTitle = error_title(column.header)
        rule.showInputMessage = True
    rule.errorStyle = "warning" if column.takes.kind == "group" else "stop"
    rule.add(f"{letter}{header + 1}:{letter}{LAST_ROW}")
    sheet.add_data_validation(rule)


def error_title(header: str) -> str:
    """The title of a cell's error, by which an update knows the checks that kurssi made."""
    return clean(header)[:31]


def check_of(column: Column, letter: str, first: int, last: int) -> Any:
    """What Excel checks in a column from row ``first``."""
    from openpyxl.worksheet.datavalidation import DataValidation

    takes, cell = column.takes, f"{letter}{first}"
    if takes.kind == "text":
        return DataValidation("textLength", operator="lessThanOrEqual", formula1=str(LONGEST_TEXT), allow_blank=True)
    if takes.kind == "time":  # from 2000 to 2100
        return DataValidation("date", operator="between", formula1="36526", formula2="73051", allow_blank=True)
    if takes.kind == "count":
        most = exact(takes.most or 0)
        return DataValidation("whole", operator="between", formula1="0", formula2=most, allow_blank=True)
    if takes.kind == "mark":
        return DataValidation("decimal", operator="greaterThanOrEqual", formula1="0", allow_blank=True)
    if takes.kind == "choice":
        return DataValidation("list", formula1=list_of(column), allow_blank=True)
    if takes.kind == "score":
        bounds = [f"ISNUMBER({cell})", f"{cell}>={exact(takes.least or 0)}"]
        bounds += [f"{cell}<={exact(takes.most)}"] if takes.most is not None else []
        words = [f'{cell}="{word}"' for word in takes.words]
        formula = f"OR(AND({','.join(bounds)}),{','.join(words)})"
    elif takes.kind == "id":
        formula = f"SUMPRODUCT(--(${letter}${first}:${letter}${last}={cell}))=1"
    elif takes.kind == "member":
        formula = f"SUMPRODUCT(--({STUDENTS}={cell}))>0"
    elif takes.kind == "email":
        formula = f'AND(ISNUMBER(FIND("@",{cell})),ISERROR(FIND(" ",{cell})))'
    else:
        formula = f"OR(COUNTA({GROUPS})=0,SUMPRODUCT(--({GROUPS}={cell}))>0)"  # none known yet: nothing to compare
    return DataValidation("custom", formula1=formula, allow_blank=True)
