"""Second stage for tables that a system wrote: by its layout, what each column is, and which rows are students."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, Literal, NamedTuple

from kurssi.diagnostics.finding import Severity
from kurssi.diagnostics.message import Msg, Terms, msg, nmsg
from kurssi.values.vocabulary import fold

from .columns import (
    MOST_GUESSES,
    UNUSED,
    Column,
    Headers,
    Role,
    Sheet,
    cell_at,
    likely_number,
    listed,
    name_of,
    unused,
    without_second_name,
)
from .fields import IDENTITY, NAMES, Field, names_of, read_fields, without_type
from .layouts import Layout, Meaning, without_most
from .reading import PLAIN_UNIT, Unit, base_of
from .report import Report, Said, shown
from .table import Row, Table, is_blank, letters, text_of
from .units import fits, preferred, report_most, with_header

if TYPE_CHECKING:  # the shape of the file is not needed to read a sheet
    from kurssi.policy.model import Part

PEER_WORDS = ("peer", "vertaisarvioin", "vertaispalau", "kamratbedöm", "kollegial")
"""What a part that takes the completion of a peer review is called."""


def understand_export(layout: Layout, table: Table, headers: Headers, report: Report) -> Sheet | None:
    """The sheet that a layout makes of a table; ``None``, with an error, where nothing says whose the rows are."""
    header = table.rows[0]
    fields, rows = read_fields(layout, table, report)
    mapped = [claim for field in fields for claim in _mapped(field, table, headers)]
    meanings = {claim.role.meaning for claim in mapped}
    identity = [
        field
        for field in _identity(layout, fields, rows, meanings)
        if _WHO[field.meaning] not in meanings
        and not ("name" in meanings and field.meaning in ("surname", "first name"))
        and field.at not in {claim.at for claim in mapped}
    ]
    named = {*meanings, *(field.meaning for field in identity)}
    if not named & {*IDENTITY} and not (layout.by_name and named & {*NAMES}):
        report.error(
            "sheet-header",
            table.place(header.number, 0),
            msg(
                "this is read as {layout}, but no column says whose the rows are",
                layout=layout.name,
            ),
            msg(
                'say which column does, --map "{header}=student", or export it with student numbers or e-mail '
                "addresses, or name another layout with --layout",
                header=shown(likely_number(table) or "HEADER"),
            ),
            layout.name,
        )
        return None
    columns = without_second_name(_columns(layout, table, fields, identity, mapped, rows, headers, report), rows)
    sheet = Sheet(table, "students", header.number, tuple(columns), rows, layout)
    _report_words(sheet, report)
    report_most(sheet, fields, headers, report)
    _report_enrolment(sheet, fields, report)
    _report_reading(sheet, fields, headers, report)
    _report_counts(sheet, report)
    return sheet


# ---- whose row it is ---------------------------------------------------------------------------------------


class _Claim(NamedTuple):
    """That a column is something: its place, and what."""

    at: int
    role: Role
    unit: Unit = PLAIN_UNIT


def _mapped(field: Field, table: Table, headers: Headers) -> list[_Claim]:
    """What somebody has said that a column is."""
    if not field.header:
        return []
    return [
        _Claim(field.at, role, unit if unit.said or role.meaning != "score" else field.unit)
        for role, unit in headers.mapping(table.file, *names_of(field))
    ]


def _identity(layout: Layout, fields: Sequence[Field], rows: Sequence[Row], mapped: AbstractSet[str]) -> list[Field]:
    """The columns that say whose a row is, those without a cell left out.

    The system's own id says it only where all else is lacking, what is ``mapped`` too. Where two columns mean the same,
    the one with more cells counts.
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
    if any(meaning in best or meaning in mapped for meaning in ("student", "email", "login")) or (
        layout.by_name and any(meaning in best for meaning in NAMES)
    ):
        best.pop("own id", None)
    return list(best.values())


# ---- whose score a column is ---------------------------------------------------------------------------------


def _columns(
    layout: Layout,
    table: Table,
    fields: Sequence[Field],
    identity: Sequence[Field],
    mapped: Sequence[_Claim],
    rows: Sequence[Row],
    headers: Headers,
    report: Report,
) -> list[Column]:
    """The columns with their roles. Of two that would be the same score the one whose numbers fit the part is taken.

    A column that somebody has said to be several things comes again after all others.
    """
    said = {claim.at for claim in mapped}
    claims = list(mapped)
    for field in fields:
        if field.at in said:
            continue
        if field.meaning == "score" and (own := own_role(layout, field, table, headers)) is not None:
            claims.append(_Claim(field.at, own, field.unit))
        elif (role := headers.role(field.header)).meaning in ("activity", "attended", "submitted", "due", "late"):
            claims.append(_Claim(field.at, role))
        elif field.meaning == "group" or (field.meaning == "score" and headers.role(field.header).meaning == "group"):
            claims.append(_Claim(field.at, Role("group")))
    claims = _without_twins(claims, said, table, rows, headers, report)
    roles: dict[int, list[_Claim]] = {}
    for claim in claims:
        roles.setdefault(claim.at, []).append(claim)
    columns: list[Column] = []
    more: list[Column] = []
    for field in fields:
        for number, (_, role, unit) in enumerate(roles.get(field.at, [_Claim(field.at, UNUSED)])):
            column = Column(field.at, field.header, role, with_header(unit, role, field, headers))
            column = column if fits(column, table, headers, report) else column._replace(role=UNUSED)
            (more if number else columns).append(column)
    for field in identity:
        if columns[field.at].role is UNUSED:
            columns[field.at] = columns[field.at]._replace(role=Role(_WHO[field.meaning]))
    columns += [column for column in more if column.role is not UNUSED]
    return [*columns, *_beside(fields, columns)]


_WHO: dict[str, Literal["student", "email", "login", "surname", "first name", "name"]] = {
    "student": "student",
    "own id": "student",
    "email": "email",
    "login": "login",
    "surname": "surname",
    "first name": "first name",
    "name": "name",
}
"""What a column that says whose a row is becomes."""


def own_role(layout: Layout, field: Field, table: Table, headers: Headers) -> Role | None:
    """The part whose header, name or alias is exactly what the column grades; else what the file's name says."""
    if field.item == "":
        return _role_by_file(layout, table, headers)
    for name in (*names_of(field), without_most(field.item), *without_type(without_most(field.item))):
        role = headers.role(name)
        if role.meaning == "score":
            return role
    return None


def similar_part(field: Field, headers: Headers) -> Part | None:
    """The part that is called nearly as what a column grades."""
    for name in reversed(names_of(field)):
        if near := headers.similar_part(without_most(name)):
            return near
    return None


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
            if not part.valued and any(word in fold(f"{part.id} {part.name}") for word in PEER_WORDS)
        }
    return Role("score", found.pop()) if len(found) == 1 else None


def _without_twins(
    claims: Sequence[_Claim],
    said: AbstractSet[int],
    table: Table,
    rows: Sequence[Row],
    headers: Headers,
    report: Report,
) -> list[_Claim]:
    """Of columns with one role keeps one: what somebody mapped, the unit that fits the part, the first of equals."""
    parts = {part.id: part for part in headers.policy.leaves()}
    same: dict[Role, list[_Claim]] = {}
    for claim in sorted(claims, key=lambda claim: claim.at):
        if claim.role is not UNUSED:
            same.setdefault(claim.role, []).append(claim)
    out = []
    for role, alike in same.items():
        kept = [claim for claim in alike if claim.at in said] or alike
        if role.meaning == "score" and len(kept) > 1 and kept[0].at not in said:
            order = preferred(parts[role.part])
            best = min(order.index(claim.unit.kind) for claim in kept)
            kept = [claim for claim in kept if order.index(claim.unit.kind) == best]
        out.append(kept[0])
        for claim in kept[1:]:
            _report_twin(kept[0].at, claim.at, table, rows, report)
    return out


def _report_twin(first: int, at: int, table: Table, rows: Sequence[Row], report: Report) -> None:
    """Two columns that mean the same are one where every cell of theirs is the same."""
    header = table.rows[0]
    if all(text_of(cell_at(row, at)) == text_of(cell_at(row, first)) for row in rows):
        return
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
                where = (sheet.table, row.number, column.at)
                report.at(*where, Severity.warning, "not-assigned", _not_assigned, column, text)


def _not_assigned(column: Column, text: str) -> Said:
    return Said(
        msg(
            "“{column}” was never given to this student ({value}): it counts as not submitted",
            column=name_of(column),
            value=shown(text),
        ),
        msg("write EX for the student in a sheet of your own if the part is not to count"),
    )


def _report_counts(sheet: Sheet, report: Report) -> None:
    """A list of who took part may say how much; only whether anybody did is read."""
    if sheet.layout is None or not sheet.layout.peer:
        return
    for column in (column for column in sheet.columns if column.role.meaning == "score"):
        if any(text_of(cell_at(row, column.at)).isdecimal() for row in sheet.rows):
            report.add(
                "partly-read",
                Severity.info,
                sheet.heading(column.at),
                msg("of “{column}” only whether there is an answer counts, and not how many", column=name_of(column)),
                None,
                name_of(column),
            )


def _report_enrolment(sheet: Sheet, fields: Sequence[Field], report: Report) -> None:
    """Students whom the system calls suspended or the like: they stay in the class, and are seen."""
    fine = sheet.layout.enrolled if sheet.layout is not None else ()
    who = next((column for column in sheet.columns if column.role.meaning in IDENTITY), None)
    for field in (field for field in fields if field.meaning == "enrolment"):
        for row in sheet.rows:
            text = text_of(cell_at(row, field.at))
            if fold(text) not in fine:
                where = (sheet.table, row.number, field.at)
                report.at(*where, Severity.info, "enrolment-status", _enrolment, field, text, row, who)


def _enrolment(field: Field, text: str, row: Row, who: Column | None) -> Said:
    return Said(
        msg(
            "“{header}” says “{value}” of {student}, who stays in the class",
            header=shown(field.header),
            value=shown(text),
            student=shown(text_of(cell_at(row, who.at)) if who is not None else str(row.number)),
        ),
        None,
        text,
    )


def _which(role: Role) -> Iterator[str]:
    """Which attempt of a part a column is of, and which of several cells of it."""
    if role.attempt > 1:
        yield str(role.attempt)
    if role.component:
        yield role.component


_USES: dict[str, int] = {"score": 0, "total": 1}
"""In this order unused columns are listed."""


def _report_reading(sheet: Sheet, fields: Sequence[Field], headers: Headers, report: Report) -> None:
    """One line on how the export is read, and one on the columns that nothing uses, those with scores first."""
    layout = sheet.layout
    names = {part.id: part.name for part in headers.policy.leaves()}
    scores = [column for column in sheet.columns if column.role.meaning == "score"]
    read = Terms(
        [
            msg(
                "{part} ← “{header}”",
                part=" ".join([names[c.role.part], *_which(c.role)]),
                header=shown(name_of(c)),
            )
            for c in scores[:MOST_GUESSES]
        ]
    )
    place = sheet.heading()
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
        if layout is not None and scores
        else nmsg(
            "read as {layout}, {n} student, without a score",
            "read as {layout}, {n} students, without a score",
            layout=layout.name if layout is not None else "",
            n=len(sheet.rows),
        ),
        None
        if scores or layout is None or layout.roster
        else msg('say what a column is: --map "HEADER=part", or columns: in the implementation file'),
        layout.name if layout is not None else None,
    )
    items = {fields[column.at].item for column in scores}
    used = {field.at for field in fields if field.meaning == "most" and field.item in items}
    used |= {field.at for field in fields if field.meaning == "enrolment"}
    idle = unused(sheet, headers.policy)
    used |= {column.at for column in sheet.columns if column not in idle}
    rest = [column for column in idle if column.at not in used]
    rest.sort(key=lambda column: _USES.get(fields[column.at].meaning, 2))
    if rest:
        unread = listed(rest)
        report.add(
            "unused-columns",
            Severity.info,
            sheet.heading(rest[0].at),
            msg("nothing uses these columns: {names}", names=unread),
            _similar(rest, fields, headers, {column.role.part for column in scores}),
            unread,
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
