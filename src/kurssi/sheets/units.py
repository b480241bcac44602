"""What the numbers of a column are, and whether they can be scores of a part: points, percentages, letters."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, assert_never

from kurssi.diagnostics.finding import Severity
from kurssi.diagnostics.message import Msg, Wrong, msg
from kurssi.values.numbers import exact, read_number

from .columns import Column, Headers, Role, Sheet, cell_at, name_of
from .fields import Field
from .reading import Unit
from .report import Report, shown
from .table import Native, Row, Table, text_of

if TYPE_CHECKING:  # the shape of the file is not needed to read a sheet
    from kurssi.policy.model import Part


def preferred(part: Part) -> tuple[str, ...]:
    """Which of several columns about a part is read, by what their numbers are."""
    match part.graded:
        case "grade":
            return "plain", "points", "letter", "percent"
        case "points":
            return "points", "plain", "percent", "letter"
        case "pass-fail":
            return "points", "plain", "letter", "percent"
        case _ as unknown:
            assert_never(unknown)


def with_header(unit: Unit, role: Role, field: Field, headers: Headers) -> Unit:
    """The unit, with what the name of the column adds where the layout says nothing: ``Essay (40 p) (Real)``."""
    if unit.said or unit.most is not None or unit.kind not in ("plain", "points") or role.meaning != "score":
        return unit
    said = headers.unit_of(role, field.item or field.header)
    if said.kind == "percent":
        return said if unit.kind == "plain" else unit
    return unit._replace(kind="points", most=said.most) if said.most is not None else unit


def fits(column: Column, table: Table, headers: Headers, report: Report) -> bool:
    """Whether the numbers of a column can be scores of its part; what is converted, and what cannot be, is said."""
    role, unit = column.role, column.unit
    if role.meaning != "score":
        return True
    part = next(part for part in headers.policy.leaves() if part.id == role.part)
    if role.component and part.rubric is not None:
        return True  # a criterion has its levels, whatever the largest number in its header
    place = table.place(table.rows[0].number, column.at)
    why, hint = _misfit(part, unit, headers)
    if why is not None:
        report.error(
            "unit-mismatch" if unit.most is None else "export-max",
            place,
            msg("“{header}” cannot be read as {part}: {why}", header=shown(column.header), part=part.name, why=why),
            hint,
            column.header,
        )
        return False
    if part.in_points and (unit.kind == "percent" or unit.convert) and part.max is not None:
        report.add(
            "converted-column",
            Severity.info,
            place,
            msg(
                "“{header}” is in per cent: {part} gets that share of its {max} points",
                header=shown(column.header),
                part=part.name,
                max=exact(part.max),
            )
            if unit.kind == "percent"
            else msg(
                "“{header}” is out of {most}: {part} gets that share of its {max} points",
                header=shown(column.header),
                most=exact(unit.most or 0),
                part=part.name,
                max=exact(part.max),
            ),
            found=column.header,
        )
    return True


def _misfit(part: Part, unit: Unit, headers: Headers) -> tuple[Msg | None, Msg | None]:
    """Why a column with such numbers is not the part's, and the way out."""
    scale = headers.policy.scale
    most = unit.most
    if part.in_points:
        if unit.kind == "letter":
            return msg("it holds letters, the part takes points"), msg("export the points, or write graded: grade")
        if unit.kind != "percent" and not unit.convert and most is not None and part.max not in (None, most):
            return (
                msg("it is out of {most}, the part has max: {max}", most=exact(most), max=exact(part.max or 0)),
                msg(
                    "correct max: in the part, or have the points converted: {header} of {most}",
                    header=part.id,
                    most=exact(most),
                ),
            )
        return None, None
    if unit.kind == "percent":
        return (
            msg("it holds percentages"),
            msg("export the grades, or write graded: points with max: and boundaries: into the part"),
        )
    top = 1 if not part.valued else scale.top
    if unit.convert and part.in_grades:
        return (
            msg("points are not converted to grades"),
            msg("write graded: points with max: and boundaries: or linear: into the part"),
        )
    if unit.kind == "points" and most is not None and most != top and not unit.convert:
        if not part.valued:
            return (
                msg("it holds points out of {most}, the part is pass-fail", most=exact(most)),
                msg(
                    "if all or nothing is given, say so: {header} of {most}; else write graded: points and minimum:",
                    header=part.id,
                    most=exact(most),
                ),
            )
        return (
            msg("it holds points out of {most}, the part takes grades up to {top}", most=exact(most), top=top),
            msg(
                "write graded: points and max: {most} into the part; if the numbers are grades, say so: "
                "{header} as grade",
                header=part.id,
                most=exact(most),
            ),
        )
    return None, None


def report_most(sheet: Sheet, fields: Sequence[Field], headers: Headers, report: Report) -> None:
    """Points of which the export does not say what they are out of: held against percentages beside, and shown."""
    parts = {part.id: part for part in headers.policy.leaves() if part.in_points and part.max}
    shares = {field.item: field for field in fields if field.unit.kind == "percent" and field.item}
    _compare_grades(sheet, fields, shares, headers, report)
    shown_parts = []
    for column in sheet.columns:
        part = parts.get(column.role.part) if column.role.meaning == "score" else None
        if part is None or part.max is None or column.unit.kind == "percent" or column.unit.most is not None:
            continue
        beside = shares.get(fields[column.at].item)
        numbers = [(row, _cell_number(row, column.at)) for row in sheet.rows]
        highest = max((number for _, number in numbers if number is not None), default=None)
        if beside is not None:
            _compare_shares(sheet, column, beside, numbers, part.max, report)
        elif highest is not None:
            shown_parts.append(f"{part.name} {exact(highest)} / {exact(part.max)}")
    if shown_parts:
        report.add(
            "max-not-said",
            Severity.info,
            sheet.heading(),
            msg(
                "the export does not say what points are out of; highest here, and max of the part: {parts}",
                parts=", ".join(shown_parts),
            ),
            msg("if one is out of something else, say so: PART of 100"),
        )


def _cell_number(row: Row, at: int) -> Fraction | None:
    cell = cell_at(row, at)
    if isinstance(cell, Native):
        return cell.value if isinstance(cell.value, Fraction) else None
    try:
        return read_number(cell.strip().removesuffix("%").rstrip())
    except Wrong:
        return None


def _half_a_step(row: Row, at: int) -> Fraction:
    """Half of the last decimal that a cell shows: so much may be lost to rounding."""
    text = text_of(cell_at(row, at)).removesuffix("%").rstrip()
    return Fraction(1, 2 * 10 ** len(re.split(r"[.,]", text)[-1])) if re.search(r"[.,]", text) else Fraction(1, 2)


def _compare_shares(
    sheet: Sheet,
    column: Column,
    beside: Field,
    numbers: Sequence[tuple[Row, Fraction | None]],
    most: Fraction,
    report: Report,
) -> None:
    """Where points and percentages of one thing stand side by side, they say what the points are out of."""
    for row, number in numbers:
        share = _cell_number(row, beside.at)
        if number is None or share is None:
            continue
        if abs(number * 100 / most - share) > _half_a_step(row, beside.at) + _half_a_step(row, column.at) * 100 / most:
            report.error(
                "export-max",
                sheet.table.place(row.number, column.at),
                msg(
                    "“{column}” is {points} here, which is {share} % by “{beside}”, but not of max: {max}",
                    column=shown(name_of(column)),
                    points=exact(number),
                    share=exact(share),
                    beside=shown(beside.header),
                    max=exact(most),
                ),
                msg("correct max: in the part, or map the column of percentages"),
            )
            return


def _compare_grades(
    sheet: Sheet, fields: Sequence[Field], shares: dict[str, Field], headers: Headers, report: Report
) -> None:
    """Where percentages stand beside what is read as grades, they say whether it is: 4 of 5 is 80 %, 4 of 10 is not.

    A system that grades by a list of grades counts from the first of them, which may be the pass grade.
    """
    scale = headers.policy.scale
    graded = {} if scale.own else {part.id: part for part in headers.policy.leaves() if part.in_grades}
    for column in sheet.columns:
        part = graded.get(column.role.part) if column.role.meaning == "score" else None
        beside = shares.get(fields[column.at].item)
        if part is None or beside is None or column.unit.said or column.unit.kind == "percent":
            continue
        pairs = [(row, _cell_number(row, column.at), _cell_number(row, beside.at)) for row in sheet.rows]
        starts = sorted({0, scale.lowest, scale.pass_grade})
        first_off: tuple[Row, Fraction, Fraction] | None = None
        for start in starts:
            part_of = Fraction(100, scale.top - start) if scale.top > start else Fraction(0)
            off = next(
                (
                    (row, number, share)
                    for row, number, share in pairs
                    if number is not None
                    and share is not None
                    and abs((number - start) * part_of - share)
                    > _half_a_step(row, beside.at) + _half_a_step(row, column.at) * part_of
                ),
                None,
            )
            if off is None:
                break
            first_off = first_off or off
        else:
            if first_off is None:
                continue
            row, number, share = first_off
            report.error(
                "export-max",
                sheet.table.place(row.number, column.at),
                msg(
                    "“{column}” is {points} here, which is {share} % by “{beside}”, but not of the top grade {top}",
                    column=shown(name_of(column)),
                    points=exact(number),
                    share=exact(share),
                    beside=shown(beside.header),
                    top=scale.top,
                ),
                msg(
                    "write graded: points and max: into the part; if the numbers are grades, say so: {header} as grade",
                    header=part.id,
                ),
            )
