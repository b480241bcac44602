"""Second stage, plain tables: what the columns of a table mean that a teacher made, by the contract's own headers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from kurssi.diagnostics.finding import Severity
from kurssi.diagnostics.message import msg
from kurssi.values.patterns import Regex
from kurssi.values.vocabulary import DUE, LATE, RESERVED, SUBMITTED, fold

from .columns import MOST_GUESSES, UNUSED, Column, Headers, Role, Sheet, cell_at, listed, unused, without_second_name
from .headings import is_of_students
from .reading import PLAIN_UNIT
from .report import Report, shown
from .table import Row, Table, is_blank, letters, text_of
from .table_files import is_number

if TYPE_CHECKING:  # the shape of the file is not needed to read a sheet
    from kurssi.policy.model import Part

_NOT_CRITERIA = {"student", "surname", "first name", "name", "email", "login", "group"}


def understand_teacher_table(table: Table, headers: Headers, report: Report) -> Sheet | None:
    """The sheet that a table is by the contract's own headers; ``None`` where no header says whose rows they are."""
    first, rows = table.rows[0], table.rows[1:]
    names = [text_of(cell) for cell in first.cells]
    width = _width(names, rows) if table.sheet is not None else len(names)
    names += [""] * (width - len(names))
    columns = _mapped_first([claim for at, name in enumerate(names) for claim in _columns(table, at, name, headers)])
    meanings = {column.role.meaning for column in columns}
    sheet = None
    if {"from", "to"} <= meanings:
        sheet = Sheet(table, "peer", first.number, tuple(_peer_columns(table, first, columns, headers, report)), rows)
    elif is_of_students(meanings):
        unused = {"from", "to"}
        columns = [c._replace(role=UNUSED) if c.role.meaning in unused else c for c in columns]
        sheet = Sheet(table, "students", first.number, tuple(without_second_name(columns, rows)), rows)
    elif "group" in meanings:
        used = {"group", "score", "submitted", "due", "late"}
        columns = [c if c.role.meaning in used else c._replace(role=UNUSED) for c in columns]
        sheet = Sheet(
            table, "groups", first.number, tuple(_group_columns(table, first, columns, headers, report)), rows
        )
    if sheet is None:
        return None
    kept = _without_duplicates(sheet, report)
    sheet = sheet._replace(columns=tuple(_without_odd_attempts(sheet, kept, headers, report)))
    if any(column.unit is not PLAIN_UNIT for column in sheet.columns):
        from .units import fits  # only who has such a header pays for it

        sheet = sheet._replace(
            columns=tuple(c if fits(c, table, headers, report) else c._replace(role=UNUSED) for c in sheet.columns)
        )
    _list_unused(sheet, headers, report)
    return sheet


class _Claim(NamedTuple):
    """What a column may be, and whether somebody has said so rather than its header."""

    column: Column
    said: bool = False


def _columns(table: Table, at: int, name: str, headers: Headers) -> list[_Claim]:
    """A column, once for each thing that it is."""
    if not name:
        return [_Claim(Column(at, name, UNUSED))]
    mapped = headers.mapping(table.file, name)
    return [
        _Claim(Column(at, name, role, unit if unit.said else headers.unit_of(role, name)), bool(mapped))
        for role, unit in mapped or [(headers.role(name), PLAIN_UNIT)]
    ]


def _mapped_first(claims: Sequence[_Claim]) -> list[Column]:
    """The columns; what a header means by itself gives way to the column that somebody has said it is."""
    said = {claim.column.role for claim in claims if claim.said and claim.column.role is not UNUSED}
    if Role("name") in said:  # the whole name says what these would
        said |= {Role("surname"), Role("first name")}
    return [
        column._replace(role=UNUSED, unit=PLAIN_UNIT) if not is_said and column.role in said else column
        for column, is_said in claims
    ]


def _width(names: Sequence[str], rows: Sequence[Row]) -> int:
    """How many columns of a worksheet have anything in them."""
    width = max((i + 1 for i, name in enumerate(names) if name), default=0)
    for row in rows:
        if len(row.cells) > width:
            width = max((i + 1 for i in range(width, len(row.cells)) if not is_blank(row.cells[i])), default=width)
    return width


def _without_duplicates(sheet: Sheet, report: Report) -> Iterator[Column]:
    """The columns, of those that are used for the same only the first."""
    seen: dict[Role, Column] = {}
    for column in sheet.columns:
        if column.role is UNUSED:
            yield column
            continue
        other = seen.setdefault(column.role, column)
        if other is column:
            yield column
            continue
        report.error(
            "duplicate-header",
            sheet.heading(column.at),
            msg(
                "the columns {one} “{first}” and {two} “{second}” mean the same",
                one=letters(other.at),
                first=shown(other.header),
                two=letters(column.at),
                second=shown(column.header),
            ),
            msg("give one of them another header"),
            column.header,
        )


def _without_odd_attempts(
    sheet: Sheet, columns: Iterable[Column], headers: Headers, report: Report
) -> Iterator[Column]:
    """The columns without those of attempts that the policy does not have, such as Tentti 4 with two retakes."""
    for column in columns:
        odd = _odd_attempt(column.header, headers) if column.role is UNUSED and sheet.kind != "peer" else None
        if odd is None:
            yield column
            continue
        part, attempt = odd
        place = sheet.heading(column.at)
        allowed = len(part.dues)
        if 1 <= attempt <= allowed:
            report.error(
                "sheet-header",
                place,
                msg("the column “{header}” is not written as attempt {n} is", header=shown(column.header), n=attempt),
                msg("write “{header}”", header=part.name if attempt == 1 else f"{part.name} {attempt}"),
                column.header,
            )
            continue
        report.error(
            "too-many-attempts",
            place,
            msg(
                "the column “{header}” is attempt {n} of {part}, which may be attempted {allowed} times",
                header=shown(column.header),
                n=attempt,
                part=part.name,
                allowed=allowed,
            ),
            msg(
                "write retakes: {retakes} in the policy, or give the column another header", retakes=max(attempt - 1, 0)
            )
            if attempt > allowed
            else msg("the first attempt has the name of the part alone: “{header}”", header=part.name),
            column.header,
        )


_RETAKE = Regex(r"(.+) (?:uusinta|uusintatentti|uusintakoe|retake|resit|omtagning|omtentamen)(?: (\d{1,3}))?")
"""How teachers call the column of a retake."""


def _odd_attempt(header: str, headers: Headers) -> tuple[Part, int] | None:
    """The part and the number in a header such as ``Tentti 7``, ``Tentti 7 submitted`` or ``Tentti uusinta``."""
    folded = fold(header)
    for word in ("", *SUBMITTED, *DUE, *LATE):
        if word and not folded.endswith(" " + word):
            continue
        rest = folded.removesuffix(word).rstrip()
        if (retake := _RETAKE.fullmatch(rest)) and retake[1] in headers.parts:
            return headers.parts[retake[1]], int(retake[2] or 1) + 1
        base, _, number = rest.rpartition(" ")
        if base in headers.parts and number.isascii() and number.isdecimal() and len(number) <= 4:
            return headers.parts[base], int(number)
    return None


def _group_columns(
    table: Table, first: Row, columns: Iterable[Column], headers: Headers, report: Report
) -> Iterator[Column]:
    by_group = {part.id for part in headers.policy.leaves() if part.by_group}
    for column in columns:
        if column.role.part and column.role.part not in by_group:
            report.error(
                "group-sheet",
                table.place(first.number, column.at),
                msg(
                    "“{header}” is not a part for groups, but this sheet has scores of groups",
                    header=shown(column.header),
                ),
                msg("write by: group at the part in the policy, or give the scores by student"),
                column.header,
            )
            continue
        yield column


def _peer_columns(
    table: Table, first: Row, columns: Sequence[Column], headers: Headers, report: Report
) -> Iterator[Column]:
    criteria = headers.criteria
    seen = set()
    marks = 0
    for column in columns:
        reserved = RESERVED.get(fold(column.header))
        if not column.header or not headers.has_peer:
            yield column._replace(role=UNUSED)
        elif reserved in ("from", "to"):
            yield column
        elif criteria is not None and fold(column.header) in criteria:
            seen.add(fold(column.header))
            marks += 1
            yield column._replace(role=Role("criterion", criteria[fold(column.header)]))
        elif reserved in _NOT_CRITERIA or _is_comment(column, table.rows[1:]):
            yield column._replace(role=UNUSED)
        elif criteria is not None and headers.only_these:
            report.error(
                "peer-sheet",
                table.place(first.number, column.at),
                msg("“{header}” is not a criterion of the policy", header=shown(column.header)),
                msg("one of: {values}", values=", ".join(criteria.values())),
                column.header,
            )
        else:
            marks += 1
            yield column._replace(role=Role("criterion", column.header))
    for folded, name in (criteria or {}).items():
        if headers.has_peer and folded not in seen:
            report.error(
                "peer-sheet",
                table.place(first.number, 0),
                msg("the criterion “{name}” of the policy has no column here", name=name),
                msg("add the column, or correct the criteria of the policy"),
                name,
            )
    if headers.has_peer and not marks and not criteria:
        report.error(
            "peer-sheet",
            table.place(first.number, 0),
            msg("this sheet has from and to, but no column of marks"),
            msg("add a column for each criterion"),
        )


_COMMENTS = frozenset(
    word
    for words in (
        "kommentti,kommentit,huomautus,huomautukset,huomio,perustelu,perustelut,palaute,sanallinen,viesti",
        "comment,comments,note,notes,feedback,remark,remarks,reason,reasons,message",
        "kommentar,kommentarer,anmärkning,anmärkningar,motivering,återkoppling",
    )
    for word in words.split(",")
)
"""Words in the header of a column in which somebody writes."""


def _is_comment(column: Column, rows: Sequence[Row]) -> bool:
    """Whether a column of a sheet of peer marks has words instead of marks."""
    cells = [cell for row in rows if not is_blank(cell := cell_at(row, column.at))]
    numbers = sum(map(is_number, cells))
    if set(fold(column.header).split()) & _COMMENTS:
        return numbers < len(cells) or not cells
    return not numbers and bool(cells)


def _list_unused(sheet: Sheet, headers: Headers, report: Report) -> None:
    columns = unused(sheet, headers.policy)
    if not columns:
        return
    hint = None
    used = {column.role for column in sheet.columns}
    taking = {fold(name): part for part in headers.policy.all_leaves() if part.takes for name in (part.id, part.name)}
    for column in columns[:MOST_GUESSES]:
        taker = taking.get(fold(column.header))
        if taker is not None:
            hint = msg("{part} takes the scores of {source}, which stand in the column of {source}",
                       part=taker.name, source=taker.takes)  # fmt: skip
            break
        if not column.header or fold(column.header) in RESERVED:
            continue
        near = headers.similar(column.header)
        if near is not None and headers.role(near) not in used:
            hint = msg("does “{header}” mean “{near}”?", header=shown(column.header), near=near)
            break
    names = listed(columns)
    report.add(
        "unused-columns",
        Severity.info,
        sheet.heading(columns[0].at),
        msg("nothing uses these columns: {names}", names=names),
        hint,
        names,
    )
