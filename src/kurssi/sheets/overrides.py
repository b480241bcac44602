"""Final grades set by hand: ``overrides.csv`` with student, grade, reason, by and date."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kurssi.diagnostics.finding import Finding, Severity, in_order
from kurssi.diagnostics.message import Terms, Wrong, msg
from kurssi.values.classlist import Source
from kurssi.values.numbers import read_number
from kurssi.values.vocabulary import CELLS, HEADERS, fold

from . import cells
from .columns import cell_at
from .report import Bad, Report, Said, shown
from .table import Cell, Row, Table, letters, text_of
from .table_files import read_tables
from .whole import report_ragged

if TYPE_CHECKING:  # the shape of the file is not needed to read a sheet
    from kurssi.policy.scales import Scale

COLUMNS = {
    "student": HEADERS["student"],
    "grade": ("grade", "final grade", "arvosana", "loppuarvosana", "vitsord", "betyg", "slutvitsord"),
    "reason": ("reason", "perustelu", "perustelut", "syy", "motivering", "orsak"),
    "by": ("by", "tekijä", "kuka", "av", "vem"),
    "date": ("date", "päivä", "päivämäärä", "pvm", "datum"),
}
"""The columns of ``overrides.csv`` and the words for them, folded."""

_CALLED = {
    "student": msg("student"),
    "grade": msg("grade"),
    "reason": msg("reason"),
    "by": msg("by"),
    "date": msg("date"),
}
"""What a column is called where it is asked for; in each language one of the words for it."""

_WORDS = {word: column for column, words in COLUMNS.items() for word in words}


class Override(NamedTuple):
    """A final grade set by hand. ``date`` is ISO; ``by`` may be empty."""

    student: str
    grade: int
    reason: str
    by: str
    date: str
    source: Source


def read(name: str, raw: bytes, scale: Scale) -> tuple[tuple[Override, ...], list[Finding]]:
    """See :func:`kurssi.sheets.read_overrides`."""
    report = Report()
    tables, findings = read_tables(name, raw)
    report.extend(findings)
    overrides: list[Override] = []
    seen: dict[str, int] = {}
    for table in tables:
        if table.rows and (columns := _columns(table, report)):
            for row in table.rows[1:]:
                override = _override(table, row, columns, scale, seen, report)
                if override is not None:
                    overrides.append(override)
    return tuple(overrides), in_order(report.findings())


def _columns(table: Table, report: Report) -> dict[str, int]:
    """The index of each column; empty where the header is wrong."""
    header = table.rows[0]
    columns: dict[str, int] = {}
    good = True
    unused = []
    for index, cell in enumerate(header.cells):
        column = _WORDS.get(fold(text_of(cell)))
        if column is None:
            if text_of(cell):
                unused.append((index, text_of(cell)))
        elif column in columns:
            good = False
            report.error(
                "duplicate-header",
                table.place(header.number, index),
                msg(
                    "the columns {one} “{first}” and {two} “{second}” mean the same",
                    one=letters(columns[column]),
                    first=text_of(header.cells[columns[column]]),
                    two=letters(index),
                    second=text_of(cell),
                ),
                msg("give one of them another header"),
            )
        else:
            columns[column] = index
    lacking = [column for column in ("student", "grade", "reason", "date") if column not in columns]
    if lacking:
        report.error(
            "bad-override",
            table.place(header.number, 0),
            msg("these columns are missing: {names}", names=Terms(tuple(_CALLED[name] for name in lacking))),
            msg("the columns are {names}", names=Terms(tuple(_CALLED.values()))),
        )
    elif unused:
        names = ", ".join(shown(text) for _, text in unused)
        report.add(
            "unused-columns",
            Severity.info,
            table.place(header.number, unused[0][0]),
            msg("nothing uses these columns: {names}", names=names),
            None,
            names,
        )
    return columns if good and not lacking else {}


def _override(
    table: Table, row: Row, columns: dict[str, int], scale: Scale, seen: dict[str, int], report: Report
) -> Override | None:
    if _is_ragged(table, row, report):
        return None

    def cell(column: str) -> Cell:
        return cell_at(row, columns[column]) if column in columns else ""

    values: dict[str, object] = {}
    readers: dict[str, cells.Reader] = {
        "student": _student,
        "grade": lambda c: _grade(c, scale),
        "reason": _reason,
        "date": _date,
    }
    for column, reader in readers.items():
        try:
            cells.no_error(cell(column), column)
            values[column] = reader(cell(column))
        except Bad as bad:
            report.bad(table, row.number, columns[column], bad)
    student = values.get("student")
    if isinstance(student, str):
        if student in seen:
            where = (table, row.number, columns["student"])
            report.error_at(*where, "duplicate-student", _twice, student, seen[student], row.number)
            return None
        seen[student] = row.number
    if len(values) < len(readers):
        return None
    return Override(
        str(student),
        int(str(values["grade"])),
        str(values["reason"]),
        " ".join(text_of(cell("by")).split()),
        str(values["date"]),
        Source(table.file, row.number, text_of(table.rows[0].cells[columns["grade"]])),
    )


def _is_ragged(table: Table, row: Row, report: Report) -> bool:
    """Whether a row of a CSV file has more or fewer cells than the header."""
    width = len(table.rows[0].cells)
    if table.sheet is not None or len(row.cells) == width:
        return False
    report_ragged(table, row, width, report)
    return True


def _twice(student: str, first: int, row: int) -> Said:
    return Said(
        msg("{name} stands in row {first} and again in row {row}", name=shown(student), first=first, row=row),
        msg("a student has one grade: write the one that holds, with its reason, into one row"),
        student,
    )


def _student(cell: Cell) -> str:
    student = cells.student_of(cell, "student")
    if not student:
        raise Bad("bad-override", msg("the student number is missing"), msg("write whose grade this is"))
    return student


def _reason(cell: Cell) -> str:
    text = " ".join(text_of(cell).split())
    if not text:
        raise Bad(
            "bad-override",
            msg("the reason is missing"),
            msg("without a reason a grade cannot be set by hand: write it"),
        )
    return text


def _date(cell: Cell) -> str:
    way_out = msg("write the day of the decision as 2024-03-05 or 5.3.2024")
    return cells.day_in(cell, "bad-override", way_out).isoformat()


def _grade(cell: Cell, scale: Scale) -> int:
    """A label or a number of the scale; ``H`` under 0-5, and the words of pass-fail under pass-fail."""
    text = text_of(cell)
    folded = fold(text)
    for index, label in enumerate(scale.labels):
        if fold(label) == folded:
            return scale.lowest + index
    word = CELLS.get(folded)
    if word == "withheld":
        raise Bad(
            "bad-override",
            msg("“{value}” is no grade of the scale", value=shown(text)),
            msg("a score that is not released is said at its part: write it at a part in a score sheet"),
            text,
        )
    if scale.name == "pass-fail" and word in ("failed", "passed"):
        return int(word == "passed")
    if scale.name in ("0-5", "H-5") and folded == "h":
        return scale.lowest
    try:
        number = read_number(text) if not scale.own else None
    except Wrong:
        number = None
    if number is not None and number.denominator == 1 and scale.lowest <= number <= scale.top:
        return int(number)
    raise Bad(
        "bad-override",
        msg("“{value}” is no grade of the scale", value=shown(text)),
        msg("one of: {values}", values=", ".join(scale.labels)),
        text,
    )
