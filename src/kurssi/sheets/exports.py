"""Second stage for tables that a system wrote: by its layout, what each column is, and which rows are students."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Literal, NamedTuple

from kurssi.findings import Severity
from kurssi.messages import Msg, Wrong, msg, nmsg
from kurssi.numbers import exact, read_number
from kurssi.vocabulary import fold

from .columns import MOST_GUESSES, UNUSED, Column, Headers, Role, Sheet, cell_at, name_of, unused
from .layouts import Layout, Meaning, without_most
from .reading import PLAIN_UNIT, Unit, base_of
from .report import Report, shown
from .table import Native, Row, Table, is_blank, letters, text_of

if TYPE_CHECKING:  # the shape of the file is not needed to read a sheet
    from kurssi.policy import Part

IDENTITY: tuple[Meaning, ...] = ("student", "email", "login", "own id")
NAMES: tuple[Meaning, ...] = ("surname", "first name", "name")
PEER_WORDS = ("peer", "vertaisarvioin", "vertaispalau", "kamratbedöm", "kollegial")
"""What a part that takes the completion of a peer review is called."""


class Field(NamedTuple):
    """A column of an export: its header, what its layout says it is, and what it belongs to."""

    at: int
    header: str
    meaning: Meaning
    item: str = ""
    """What is graded, folded; empty where the whole file is about one thing."""
    unit: Unit = PLAIN_UNIT


def understand_export(layout: Layout, table: Table, headers: Headers, report: Report) -> Sheet | None:
    """The sheet that a layout makes of a table; ``None``, with an error, where nothing says whose the rows are."""
    header = table.rows[0]
    fields, rows = read_fields(layout, table, report)
    identity = _identity(layout, fields, rows)
    if not any(field.meaning in IDENTITY for field in identity) and not (layout.by_name and identity):
        report.error(
            "sheet-header",
            table.place(header.number, 0),
            msg(
                "this is read as {layout}, but no column says whose the rows are",
                layout=layout.name,
            ),
            msg("export it with student numbers or e-mail addresses, or name another layout with --layout"),
            layout.name,
        )
        return None
    columns = _columns(layout, table, fields, identity, rows, headers, report)
    sheet = Sheet(table, "students", header.number, tuple(columns), rows, layout)
    _report_words(sheet, report)
    _report_most(sheet, fields, headers, report)
    _report_enrolment(sheet, fields, report)
    _report_reading(sheet, fields, headers, report)
    return sheet


def read_fields(layout: Layout, table: Table, report: Report | None = None) -> tuple[list[Field], list[Row]]:
    """The columns of an export and its rows of students; what is wrong with them goes into ``report``."""
    report = report or Report()
    fields = [_field(layout, at, text_of(cell)) for at, cell in enumerate(table.rows[0].cells)]
    rows, most = _students_only(layout, table, fields, report)
    return _with_most(fields, rows, most, table, report), rows


# ---- columns by header ---------------------------------------------------------------------------------------


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


def _identity(layout: Layout, fields: Sequence[Field], rows: Sequence[Row]) -> list[Field]:
    """The columns that say whose a row is, those without a cell left out.

    The system's own id says it only where all else is lacking. Where two columns mean the same, the one with more
    cells counts.
    """
    filled = {
        field.at: sum(not is_blank(cell_at(row, field.at)) and text_of(cell_at(row, field.at)) != "-" for row in rows)
        for field in fields
        if field.meaning in (*IDENTITY, *NAMES)
    }
    best: dict[Meaning, Field] = {}
    for field in fields:
        if field.at in filled and (filled[field.at] or not rows):
            other = best.get(field.meaning)
            if other is None or filled[field.at] > filled[other.at]:
                best[field.meaning] = field
    if any(meaning in best for meaning in ("student", "email", "login")) or (
        layout.by_name and any(meaning in best for meaning in NAMES)
    ):
        best.pop("own id", None)
    return list(best.values())


# ---- rows that are no students -------------------------------------------------------------------------------


def _students_only(
    layout: Layout, table: Table, fields: Sequence[Field], report: Report
) -> tuple[list[Row], dict[int, str]]:
    """The rows of students, and what the row of largest numbers of points says, by column."""
    who = [field.at for field in fields if field.meaning in IDENTITY]
    named = [field.at for field in fields if field.meaning in (*IDENTITY, *NAMES)]
    last_first = [f.at for meaning in ("surname", "first name") for f in fields if f.meaning == meaning]
    rows: list[Row] = []
    most: dict[int, str] = {}
    for row in table.rows[1:]:
        nameless = all(text_of(cell_at(row, at)) in ("", "-", ",") for at in who)
        special = next((s for s in layout.special if nameless or not s.nameless if _is_special(s.cell, row)), None)
        if special is not None:
            if special.use == "most":
                most = {at: text_of(cell) for at, cell in enumerate(row.cells)}
            continue
        names = [fold(text_of(cell_at(row, at))).strip("#") for at in named]
        whole = ", ".join(fold(text_of(cell_at(row, at))) for at in last_first)
        if layout.test is not None and any(layout.test.fullmatch(name) for name in (*names, whole)):
            report.add(
                "test-student",
                Severity.info,
                table.place(row.number, named[0]),
                msg("row {row} is the test student of {layout} and is left out", row=row.number, layout=layout.name),
                found=str(row.number),
            )
            continue
        rows.append(row)
    return rows, most


def _is_special(cell: re.Pattern[str], row: Row) -> bool:
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


# ---- whose score a column is ---------------------------------------------------------------------------------


def _columns(
    layout: Layout,
    table: Table,
    fields: Sequence[Field],
    identity: Sequence[Field],
    rows: Sequence[Row],
    headers: Headers,
    report: Report,
) -> list[Column]:
    """The columns with their roles. Of two that would be the same score the one whose numbers fit the part is taken."""
    roles: dict[int, tuple[Role, Unit]] = {}
    said: set[int] = set()
    for field in fields:
        mapping = headers.mapping(table.file, *names_of(field)) if field.header else None
        if mapping is not None:
            role, unit = mapping
            said.add(field.at)
            roles[field.at] = (role, unit if unit.said else field.unit) if role.meaning == "score" else (role, unit)
        elif field.meaning == "score" and (own := own_role(layout, field, table, headers)) is not None:
            roles[field.at] = own, field.unit
        elif (role := headers.role(field.header)).meaning in ("activity", "attended", "submitted", "due"):
            roles[field.at] = role, PLAIN_UNIT
        elif field.meaning == "group" or (field.meaning == "score" and headers.role(field.header).meaning == "group"):
            roles[field.at] = Role("group"), PLAIN_UNIT
    _drop_twins(roles, said, table, rows, headers, report)
    columns = []
    for field in fields:
        role, unit = roles.get(field.at, (UNUSED, PLAIN_UNIT))
        column = Column(field.at, field.header, role, _with_header(unit, role, field, headers))
        columns.append(column if fits(column, table, headers, report) else column._replace(role=UNUSED))
    taken = {column.at for column in columns if column.role is not UNUSED}
    for field in identity:
        if field.at not in taken:
            meaning = "student" if field.meaning == "own id" else field.meaning
            columns[field.at] = columns[field.at]._replace(role=Role(_SAME[meaning]))
    return [*columns, *_beside(fields, columns)]


_SAME: dict[str, Literal["student", "email", "login", "surname", "first name", "name"]] = {
    "student": "student",
    "email": "email",
    "login": "login",
    "surname": "surname",
    "first name": "first name",
    "name": "name",
}


def own_role(layout: Layout, field: Field, table: Table, headers: Headers) -> Role | None:
    """The part whose header, name or alias is exactly what the column grades; else what the file's name says."""
    if field.item == "":
        return _role_by_file(layout, table, headers)
    for name in (*names_of(field), without_most(field.item), *_without_type(without_most(field.item))):
        role = headers.role(name)
        if role.meaning == "score":
            return role
    return None


def names_of(field: Field) -> tuple[str, ...]:
    """What a column may be called: its header, and where it holds scores what is graded, with its kind and without."""
    if field.meaning not in ("score", "total"):
        return (field.header,)
    return (field.header, field.item, *_without_type(field.item))


def similar_part(field: Field, headers: Headers) -> Part | None:
    """The part that is called nearly as what a column grades."""
    for name in reversed(names_of(field)):
        if near := headers.similar_part(without_most(name)):
            return near
    return None


def _without_type(item: str) -> list[str]:
    """The item without the kind of activity in front: ``essee`` of ``tehtävä: essee``."""
    kind, colon, rest = item.partition(":")
    return [rest.strip()] if colon and len(kind) <= 25 and rest.strip() else []


def _role_by_file(layout: Layout, table: Table, headers: Headers) -> Role | None:
    """The part whose name stands in the name of the file, or of the worksheet, where it is only one part."""
    text = f" {fold(re.sub(r'[-_.,()]+', ' ', base_of(table.file)))} {fold(table.sheet or '')} "
    found = {
        part.id
        for part in headers.policy.leaves()
        if any(
            f" {fold(re.sub(r'[-_.,()]+', ' ', name))} " in text for name in (part.id, part.name, part.column) if name
        )
    }
    if not found and layout.peer:
        found = {
            part.id
            for part in headers.policy.leaves()
            if part.graded == "pass-fail" and any(word in fold(f"{part.id} {part.name}") for word in PEER_WORDS)
        }
    return Role("score", found.pop()) if len(found) == 1 else None


def _drop_twins(
    roles: dict[int, tuple[Role, Unit]],
    said: set[int],
    table: Table,
    rows: Sequence[Row],
    headers: Headers,
    report: Report,
) -> None:
    """Of columns with one role keeps one: what somebody mapped, the unit that fits the part, the first of equals."""
    parts = {part.id: part for part in headers.policy.leaves()}
    same: dict[Role, list[int]] = {}
    for at, (role, _) in roles.items():
        if role is not UNUSED:
            same.setdefault(role, []).append(at)
    for role, columns in same.items():
        kept = [at for at in columns if at in said] or columns
        if role.meaning == "score" and len(kept) > 1 and not said & set(kept):
            order = _PREFERRED[parts[role.part].graded]
            best = min(order.index(roles[at][1].kind) for at in kept)
            kept = [at for at in kept if order.index(roles[at][1].kind) == best]
        first = kept[0]
        for at in columns:
            if at == first:
                continue
            del roles[at]
            if at in kept and any(text_of(cell_at(row, at)) != text_of(cell_at(row, first)) for row in rows):
                header = table.rows[0]
                report.error(
                    "duplicate-header",
                    table.place(header.number, at),
                    msg(
                        "the columns {one} “{first}” and {two} “{second}” mean the same",
                        one=letters(first),
                        first=shown(text_of(header.cells[first])),
                        two=letters(at),
                        second=shown(text_of(header.cells[at])),
                    ),
                    msg('say which of them counts: --map "HEADER=part", or columns: in the implementation file'),
                    text_of(header.cells[at]),
                )


_PREFERRED: dict[str, tuple[str, ...]] = {
    "grade": ("plain", "points", "letter", "percent"),
    "points": ("points", "plain", "percent", "letter"),
    "pass-fail": ("points", "plain", "letter", "percent"),
}
"""By what a part takes: which of several columns about it is read."""


def _with_header(unit: Unit, role: Role, field: Field, headers: Headers) -> Unit:
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
    if part.graded == "points" and (unit.kind == "percent" or unit.convert) and part.max is not None:
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
    if part.graded == "points":
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
    top = 1 if part.graded == "pass-fail" else scale.top
    if unit.convert and part.graded == "grade":
        return (
            msg("points are not converted to grades"),
            msg("write graded: points with max: and boundaries: or linear: into the part"),
        )
    if unit.kind == "points" and most is not None and most != top and not unit.convert:
        if part.graded == "pass-fail":
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


def _beside(fields: Sequence[Field], columns: Sequence[Column]) -> list[Column]:
    """What stands beside a score: when it came, how late it was, what the system says about it in words."""
    parts = {
        field.item: columns[field.at].role
        for field in reversed(fields)
        if field.meaning in ("score", "total") and columns[field.at].role.meaning == "score"
    }
    out = []
    for field in fields:
        score = parts.get(field.item)
        if score is None or columns[field.at].role is not UNUSED:
            continue
        meanings = _BESIDE.get(field.meaning, ())
        out += [Column(field.at, field.header, Role(meaning, score.part, score.attempt)) for meaning in meanings]
    return out


_BESIDE: dict[str, tuple[Literal["submitted", "due", "late", "handed in"], ...]] = {
    "submitted": ("submitted",),
    "due": ("due",),
    "late": ("late",),
    "handed in": ("handed in",),
    "status": ("handed in", "late", "due"),
}


# ---- what is said about it -----------------------------------------------------------------------------------


def _report_words(sheet: Sheet, report: Report) -> None:
    """Cells that say something which no score can: work that a student was never given, an enrolment that ended."""
    layout = sheet.layout
    if layout is None:
        return
    unassigned = [pattern for pattern, state in layout.words if state == "unassigned"]
    for column in sheet.columns:
        if column.role.meaning != "score" or not unassigned:
            continue
        for row in sheet.rows:
            text = text_of(cell_at(row, column.at))
            if text and any(pattern.fullmatch(fold(text)) for pattern in unassigned):
                report.add(
                    "not-assigned",
                    Severity.warning,
                    sheet.table.place(row.number, column.at),
                    msg(
                        "“{column}” was never given to this student ({value}): it counts as not submitted",
                        column=name_of(column),
                        value=shown(text),
                    ),
                    msg("write EX for the student in a sheet of your own if the part is not to count"),
                )


def _report_most(sheet: Sheet, fields: Sequence[Field], headers: Headers, report: Report) -> None:
    """Points of which the export does not say what they are out of: held against percentages beside, and shown."""
    parts = {part.id: part for part in headers.policy.leaves() if part.graded == "points" and part.max}
    shares = {field.item: field for field in fields if field.unit.kind == "percent" and field.item}
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
            sheet.table.place(sheet.header_row, 0),
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


def _half_a_step(row: Row, at: int) -> Fraction:
    """Half of the last decimal that a cell shows: so much may be lost to rounding."""
    text = text_of(cell_at(row, at)).removesuffix("%").rstrip()
    return Fraction(1, 2 * 10 ** len(re.split(r"[.,]", text)[-1])) if re.search(r"[.,]", text) else Fraction(1, 2)


def _report_enrolment(sheet: Sheet, fields: Sequence[Field], report: Report) -> None:
    """Students whom the system calls suspended or the like: they stay in the class, and are seen."""
    fine = sheet.layout.enrolled if sheet.layout is not None else ()
    who = next((column for column in sheet.columns if column.role.meaning in IDENTITY), None)
    for field in (field for field in fields if field.meaning == "enrolment"):
        for row in sheet.rows:
            text = text_of(cell_at(row, field.at))
            if fold(text) not in fine:
                report.add(
                    "enrolment-status",
                    Severity.info,
                    sheet.table.place(row.number, field.at),
                    msg(
                        "“{header}” says “{value}” of {student}, who stays in the class",
                        header=shown(field.header),
                        value=shown(text),
                        student=shown(text_of(cell_at(row, who.at)) if who is not None else str(row.number)),
                    ),
                    None,
                    text,
                )


_USES: dict[str, int] = {"score": 0, "total": 1}
"""In this order unused columns are listed."""


def _report_reading(sheet: Sheet, fields: Sequence[Field], headers: Headers, report: Report) -> None:
    """One line on how the export is read, and one on the columns that nothing uses, those with scores first."""
    layout = sheet.layout
    names = {part.id: part.name for part in headers.policy.leaves()}
    scores = [column for column in sheet.columns if column.role.meaning == "score"]
    read = ", ".join(
        f"{names[c.role.part]}{'' if c.role.attempt == 1 else f' {c.role.attempt}'} ← “{shown(name_of(c))}”"
        for c in scores[:MOST_GUESSES]
    )
    place = sheet.table.place(sheet.header_row, 0)
    report.add(
        "export-read",
        Severity.info,
        place,
        nmsg(
            "read as {layout}, {n} student: {columns}",
            "read as {layout}, {n} students: {columns}",
            layout=layout.name,
            n=len(sheet.rows),
            columns=read,
        )
        if layout is not None and read
        else nmsg(
            "read as {layout}, {n} student, without a score",
            "read as {layout}, {n} students, without a score",
            layout=layout.name if layout is not None else "",
            n=len(sheet.rows),
        ),
        None
        if read or layout is None or layout.roster
        else msg('say what a column is: --map "HEADER=part", or columns: in the implementation file'),
        layout.name if layout is not None else None,
    )
    used = {column.at for column in sheet.columns if column.role is not UNUSED}
    items = {fields[column.at].item for column in scores}
    used |= {field.at for field in fields if field.meaning == "most" and field.item in items}
    used |= {field.at for field in fields if field.meaning == "enrolment"}
    rest = [column for column in unused(sheet) if column.at not in used]
    rest.sort(key=lambda column: _USES.get(fields[column.at].meaning, 2))
    if rest:
        listed = ", ".join(shown(name_of(column)) for column in rest[:MOST_GUESSES])
        listed += ", …" if len(rest) > MOST_GUESSES else ""
        report.add(
            "unused-columns",
            Severity.info,
            sheet.table.place(sheet.header_row, rest[0].at),
            msg("nothing uses these columns: {names}", names=listed),
            _similar(rest, fields, headers, {column.role.part for column in scores}),
            listed,
        )


def _similar(columns: Iterable[Column], fields: Sequence[Field], headers: Headers, read: set[str]) -> Msg | None:
    """Whether a column with scores is called nearly as a part is that none of the columns read here is."""
    for column in list(columns)[:MOST_GUESSES]:
        field = fields[column.at]
        near = similar_part(field, headers) if field.meaning == "score" else None
        if near is not None and near.id not in read:
            return msg(
                'if “{header}” is {part}, say so: --map "{header}={id}", or columns: in the implementation file',
                header=shown(column.header),
                part=near.name,
                id=near.id,
            )
    return None
