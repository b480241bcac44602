"""The columns of an export by its layout, and its rows without those that are no students."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from kurssi.diagnostics.finding import Severity
from kurssi.diagnostics.message import msg, nmsg
from kurssi.values.numbers import exact, read_number
from kurssi.values.patterns import Regex
from kurssi.values.vocabulary import fold

from .columns import cell_at
from .layouts import Layout, Meaning
from .reading import PLAIN_UNIT, Unit
from .report import Report, Said, listed_rows, shown
from .table import Native, Row, Table, text_of

IDENTITY: tuple[Meaning, ...] = ("student", "email", "login", "own id")


NAMES: tuple[Meaning, ...] = ("surname", "first name", "name")


class Field(NamedTuple):
    """A column of an export: its header, what its layout says it is, and what it belongs to."""

    at: int
    header: str
    meaning: Meaning
    item: str = ""
    """What is graded, folded; empty where the whole file is about one thing."""
    unit: Unit = PLAIN_UNIT


def read_fields(layout: Layout, table: Table, report: Report | None = None) -> tuple[list[Field], list[Row]]:
    """The columns of an export and its rows of students; what is wrong with them goes into ``report``."""
    report = report or Report()
    fields = [_field(layout, at, text_of(cell)) for at, cell in enumerate(table.rows[0].cells)]
    rows, most = _students_only(layout, table, fields, report)
    return _with_most(fields, rows, most, table, report), rows


def _field(layout: Layout, at: int, header: str) -> Field:
    folded = fold(header)
    for pattern in layout.columns:
        if match := pattern.header.fullmatch(folded):
            groups = match.groupdict()
            return Field(
                at,
                header,
                pattern.meaning if folded else "known",
                (groups.get("item") or "").strip(),
                Unit(pattern.kind, _number(groups.get("most"))),
            )
    return Field(at, header, "score" if folded else "known", folded)


def _number(text: str | None) -> Fraction | None:
    """A largest number of points as a header has it: 10, 10.00, 10,0, 1,499."""
    if text is None:
        return None
    text = text.strip()
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", text):
        text = text.replace(",", "")
    return read_number(text) if re.fullmatch(r"[\d.,]{1,12}", text) else None


def _students_only(
    layout: Layout, table: Table, fields: Sequence[Field], report: Report
) -> tuple[list[Row], dict[int, str]]:
    """The rows of students, and what the row of largest numbers of points says, by column."""
    who = [field.at for field in fields if field.meaning in IDENTITY]
    named = [field.at for field in fields if field.meaning in (*IDENTITY, *NAMES)]
    last_first = [f.at for meaning in ("surname", "first name") for f in fields if f.meaning == meaning]
    rows: list[Row] = []
    most: dict[int, str] = {}
    skipped: list[int] = []
    for row in table.rows[1:]:
        nameless = all(text_of(cell_at(row, at)) in ("", "-", ",") for at in who)
        special = next((s for s in layout.special if nameless or not s.nameless if _is_special(s.cell, row)), None)
        if special is not None:
            if special.use == "most":
                most = {at: text_of(cell) for at, cell in enumerate(row.cells)}
            else:
                skipped.append(row.number)
            continue
        names = [fold(text_of(cell_at(row, at))).strip("#") for at in named]
        whole = ", ".join(fold(text_of(cell_at(row, at))) for at in last_first)
        if layout.test is not None and any(layout.test.fullmatch(name) for name in (*names, whole)):
            where = (table, row.number, named[0])
            report.at(*where, Severity.info, "test-student", _test_student, row.number, layout)
            continue
        rows.append(row)
    if skipped:
        numbers = listed_rows(skipped)
        report.add(
            "rows-skipped",
            Severity.info,
            table.place(skipped[0], 0),
            nmsg(
                "row {rows} is no student, and nothing in it is used: {layout} writes it",
                "the rows {rows} are no students, and nothing in them is used: {layout} writes them",
                n=len(skipped),
                rows=numbers,
                layout=layout.name,
            ),
            None,
            numbers,
        )
    return rows, most


def _is_special(cell: Regex, row: Row) -> bool:
    return any(cell.fullmatch(fold(text_of(c))) for c in row.cells if not isinstance(c, Native) and c)


def _with_most(
    fields: Sequence[Field], rows: Sequence[Row], most: dict[int, str], table: Table, report: Report
) -> list[Field]:
    """The columns with their largest numbers of points: from a row of them, or from a column beside.

    A column whose number is a word in parentheses, such as (read only), is a sum that the system made.
    """
    beside = {field.item: field for field in fields if field.meaning == "most"}
    out = []
    for field in fields:
        said = most.get(field.at, "")
        if said.startswith("(") and field.meaning in ("score", "known"):
            field = field._replace(meaning="total")
        elif field.meaning in ("score", "total") and (number := _number(said)) is not None:
            field = field._replace(unit=field.unit._replace(most=number))
        elif field.meaning == "score" and field.item in beside and field.unit.kind in ("plain", "points"):
            number = _the_most(beside[field.item], rows, table, report)
            field = field._replace(unit=Unit("points", number) if number is not None else field.unit)
        out.append(field)
    return out


def _test_student(row: int, layout: Layout) -> Said:
    message = msg("row {row} is the test student of {layout} and is left out", row=row, layout=layout.name)
    return Said(message, None, str(row))


def _the_most(field: Field, rows: Sequence[Row], table: Table, report: Report) -> Fraction | None:
    """The one number of a column of largest numbers of points."""
    first: tuple[Fraction, int] | None = None
    for row in rows:
        cell = cell_at(row, field.at)
        number = cell.value if isinstance(cell, Native) and isinstance(cell.value, Fraction) else _number(text_of(cell))
        if number is None:
            continue
        if first is None:
            first = number, row.number
        elif number != first[0]:
            report.error(
                "export-max",
                table.place(row.number, field.at),
                msg(
                    "“{header}” is {one} in row {row}, but {two} here",
                    header=shown(field.header),
                    one=exact(first[0]),
                    row=first[1],
                    two=exact(number),
                ),
                msg("a score is read only where the largest number of points is the same for everybody"),
            )
            return first[0]
    return first[0] if first is not None else None


def names_of(field: Field) -> tuple[str, ...]:
    """What a column may be called: its header, and where it holds scores what is graded, with its kind and without."""
    if field.meaning not in ("score", "total"):
        return (field.header,)
    return (field.header, field.item, *without_type(field.item))


def without_type(item: str) -> list[str]:
    """The item without the kind of activity in front: ``essee`` of ``tehtävä: essee``."""
    kind, colon, rest = item.partition(":")
    return [rest.strip()] if colon and len(kind) <= 25 and rest.strip() else []
