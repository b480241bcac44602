"""Second stage of reading a score sheet: what each column of a table means, by its header."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, Literal, NamedTuple

from kurssi.findings import Severity
from kurssi.messages import Msg, msg
from kurssi.vocabulary import DUE, LATE, NOTES, RESERVED, SUBMITTED, UNUSED_WORDS, attempt_headers, fold, read_target

from . import layouts
from .layouts import Layout
from .reading import AS_IS, PLAIN_UNIT, Mapped, Reading, Unit
from .report import Report, shown
from .table import Cell, Row, Table, is_blank, letters, text_of

if TYPE_CHECKING:  # the shape of the file is not needed to read a sheet
    from kurssi.policy import Part, Policy

Meaning = Literal[
    "student", "surname", "first name", "name", "email", "login", "group", "activity", "attended", "from", "to",
    "score", "submitted", "due", "late", "handed in", "criterion", "unused",
]  # fmt: skip

MOST_GUESSES = 20
"""So many unused columns of a sheet are compared with the headers that are known."""


class Role(NamedTuple):
    """What a column means. ``part`` is a part's id, or the criterion of a peer sheet."""

    meaning: Meaning
    part: str = ""
    attempt: int = 1


UNUSED = Role("unused")


class Column(NamedTuple):
    """A column: where its cells stand in a row (from 0), its header as written, its role."""

    at: int
    header: str
    role: Role
    unit: Unit = PLAIN_UNIT


class Sheet(NamedTuple):
    """A table whose columns are understood. ``rows`` are those below the header."""

    table: Table
    kind: Literal["students", "groups", "peer"]
    header_row: int
    columns: tuple[Column, ...]
    rows: Sequence[Row]
    layout: Layout | None = None
    """The layout of the system that wrote it; ``None`` for a table that a teacher made."""

    @property
    def width(self) -> int:
        """How many cells the header has."""
        return len(self.table.rows[0].cells)

    def column(self, meaning: Meaning) -> Column | None:
        """The column of that meaning, where the sheet has one."""
        return next((c for c in self.columns if c.role.meaning == meaning), None)


class Headers:
    """The headers that a policy's parts and activity give, beside the reserved ones, and those that are mapped."""

    def __init__(self, policy: Policy, reading: Reading = AS_IS) -> None:
        self.policy = policy
        self.reading = reading
        self.mapped = Mapped(reading)
        self.roles: dict[str, Role] = {}
        self.own_names: set[str] = set()
        """Folded headers that are a part's id or name, of every attempt."""
        self.parts: dict[str, Part] = {}
        """Folded id, name or alias of each part that has cells."""
        for part in policy.leaves():
            for name in (part.id, part.name, part.column):
                if name is None:
                    continue
                self.parts.setdefault(fold(name), part)
                for attempt in range(1, len(part.dues) + 1):
                    for header, field in attempt_headers(name, attempt):
                        self.roles.setdefault(header, Role(_FIELDS[field], part.id, attempt))
                        if name is not part.column:
                            self.own_names.add(header)
        peers = [part.peer for part in policy.leaves() if part.peer is not None]
        self.has_peer = bool(peers)
        self.own_marks = any(peer.own for peer in peers)
        named = [peer.criteria for peer in peers if peer.criteria is not None]
        self.criteria = {fold(name): name for names in named for name in names} if named else None
        self.only_these = len(named) == len(peers)
        """Whether every peer rule names its criteria, so that a sheet may have no others."""

    def role(self, header: str) -> Role:
        """What a header means; activity only where the policy uses it."""
        folded = fold(header)
        reserved = RESERVED.get(folded)
        if reserved is None:
            return self.roles.get(folded, UNUSED)
        activity = self.policy.activity
        if reserved == "activity" and (activity is None or activity.levels is None):
            return UNUSED
        if reserved == "attended" and (activity is None or activity.levels is not None):
            return UNUSED
        return Role(_RESERVED[reserved])

    def mapping(self, file: str, *names: str) -> tuple[Role, Unit] | None:
        """What somebody has said that a column is; ``None`` where nobody has.

        ``names`` are its header, and what it grades.
        """
        entry = self.mapped.find(file, *names)
        return None if entry is None else self.target(entry.target)

    def target(self, text: str) -> tuple[Role, Unit] | None:
        """The role and the unit that a target names; ``None`` where there is no such part or column."""
        if fold(text) in UNUSED_WORDS:
            return UNUSED, PLAIN_UNIT
        if (role := self.role(text)) is not UNUSED:
            return role, PLAIN_UNIT
        target = read_target(text)
        role = self.role(target.header)
        if role is UNUSED or (target.kind is not None and role.meaning != "score"):
            return None
        kind: Literal["plain", "points", "percent"] = "plain"
        if target.kind in ("percent", "points"):
            kind = "percent" if target.kind == "percent" else "points"
        return role, Unit(kind, target.of, target.of is not None, said=target.kind is not None)

    def unit_of(self, role: Role, header: str) -> Unit:
        """What the numbers of a score column are, as far as its header says; the part's own name says nothing."""
        if role.meaning != "score" or fold(header) in self.own_names:
            return PLAIN_UNIT
        if layouts.says_percent(header):
            return Unit("percent")
        most = layouts.says_most(header)
        return PLAIN_UNIT if most is None else Unit("points", most)

    def similar_part(self, name: str) -> Part | None:
        """The part that is called nearly so, or whose name stands in the text or the other way round."""
        folded = fold(name[:80])
        near = get_close_matches(folded, self.parts, 1, 0.7)
        if near:
            return self.parts[near[0]]
        inside = {part.id: part for known, part in self.parts.items() if len(known) > 3 and known in folded}
        inside |= {part.id: part for known, part in self.parts.items() if len(folded) > 3 and folded in known}
        return next(iter(inside.values())) if len(inside) == 1 else None

    def similar(self, header: str) -> str | None:
        """A known header that differs by a slip."""
        near = get_close_matches(fold(header[:80]), [*self.parts, *RESERVED], 1, 0.8)
        return near[0] if near else None


_FIELDS: dict[str, Meaning] = {"score": "score", "submitted": "submitted", "due": "due", "late": "late"}
_RESERVED: dict[str, Meaning] = {
    "student": "student",
    "surname": "surname",
    "first name": "first name",
    "name": "name",
    "email": "email",
    "login": "login",
    "group": "group",
    "activity": "activity",
    "attended": "attended",
    "from": "from",
    "to": "to",
}
_SCORED: set[Meaning] = {"score", "submitted", "due", "late", "activity", "attended"}
"""A table with one of these columns and an e-mail address or a login is a table of students."""
_NOT_CRITERIA = {"student", "surname", "first name", "name", "email", "login", "group"}


def understand(tables: Iterable[Table], headers: Headers, report: Report) -> list[Sheet]:
    """The sheets among the tables; what is wrong with their headers goes into ``report``.

    A worksheet without a header that is known is left out where the file has another that is read, and listed.
    """
    sheets: list[Sheet] = []
    strangers: list[Table] = []
    for table in tables:
        if not table.rows:
            continue
        found = layout_of(table, headers)
        if found is not None:
            from .exports import understand_export  # only who has an export pays for it

            sheet = understand_export(*found, headers, report)
            if sheet is not None:
                sheets.append(sheet)
            continue
        sheet = _understand(table, headers, report)
        if sheet is not None:
            sheets.append(sheet)
        else:
            strangers.append(table)
    known = {sheet.table.file for sheet in sheets}
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
        hint: Msg = msg("name the column of student numbers student or opiskelijanumero, in the first row")
        for cell in header.cells[:MOST_GUESSES]:
            near = headers.similar(text_of(cell)) if text_of(cell) and fold(text_of(cell)) not in RESERVED else None
            if near in RESERVED and RESERVED[near] in ("student", "group", "from", "to"):
                hint = msg("does “{header}” mean “{near}”?", header=shown(text_of(cell)), near=near)
        report.error("sheet-header", place, msg("no header here says student, group, or from and to"), hint)
    return sheets


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


def _understand(table: Table, headers: Headers, report: Report) -> Sheet | None:
    first, rows = table.rows[0], table.rows[1:]
    names = [text_of(cell) for cell in first.cells]
    width = _width(names, rows) if table.sheet is not None else len(names)
    names += [""] * (width - len(names))
    columns = [_column(table, i, name, headers) for i, name in enumerate(names)]
    meanings = {column.role.meaning for column in columns}
    sheet = None
    if {"from", "to"} <= meanings:
        sheet = Sheet(table, "peer", first.number, tuple(_peer_columns(table, first, columns, headers, report)), rows)
    elif "student" in meanings or (meanings & {"email", "login"} and meanings & _SCORED):
        unused = {"from", "to"}
        columns = [c._replace(role=UNUSED) if c.role.meaning in unused else c for c in columns]
        sheet = Sheet(table, "students", first.number, tuple(columns), rows)
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


def _column(table: Table, at: int, name: str, headers: Headers) -> Column:
    if not name:
        return Column(at, name, UNUSED)
    role, unit = headers.mapping(table.file, name) or (headers.role(name), PLAIN_UNIT)
    return Column(at, name, role, unit if unit.said else headers.unit_of(role, name))


def _width(names: Sequence[str], rows: Sequence[Row]) -> int:
    """How many columns of a worksheet have anything in them."""
    width = max((i + 1 for i, name in enumerate(names) if name), default=0)
    for row in rows:
        if len(row.cells) > width:
            width = max((i + 1 for i in range(width, len(row.cells)) if not is_blank(row.cells[i])), default=width)
    return width


def _without_duplicates(sheet: Sheet, report: Report) -> Iterator[Column]:
    """The columns, of those that say the same only the first."""
    seen: dict[object, Column] = {}
    for column in sheet.columns:
        if not column.header:
            yield column
            continue
        key: object = column.role if column.role is not UNUSED else fold(column.header)
        other = seen.setdefault(key, column)
        if other is column:
            yield column
            continue
        report.error(
            "duplicate-header",
            sheet.table.place(sheet.header_row, column.at),
            msg(
                "the columns {one} “{first}” and {two} “{second}” mean the same",
                one=letters(other.at),
                first=shown(other.header),
                two=letters(column.at),
                second=shown(column.header),
            ),
            msg("keep one of them, or give the other another header"),
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
        place = sheet.table.place(sheet.header_row, column.at)
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
            msg("write retakes: {retakes} in the policy, or delete the column", retakes=max(attempt - 1, 0))
            if attempt > allowed
            else msg("the first attempt has the name of the part alone: “{header}”", header=part.name),
            column.header,
        )


def _odd_attempt(header: str, headers: Headers) -> tuple[Part, int] | None:
    """The part and the number in a header such as ``Tentti 7`` or ``Tentti 7 submitted``."""
    folded = fold(header)
    for word in ("", *SUBMITTED, *DUE, *LATE):
        if word and not folded.endswith(" " + word):
            continue
        base, _, number = folded.removesuffix(word).rstrip().rpartition(" ")
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
        elif reserved in _NOT_CRITERIA:
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
                msg("add the column, or take the criterion out of the policy"),
                name,
            )
    if headers.has_peer and not marks and not criteria:
        report.error(
            "peer-sheet",
            table.place(first.number, 0),
            msg("this sheet has from and to, but no column of marks"),
            msg("add a column for each criterion"),
        )


def unused(sheet: Sheet) -> list[Column]:
    """The columns that nothing uses: those with a header, and those with something in them."""
    blank = [c for c in sheet.columns if c.role is UNUSED and not c.header]
    filled = {c.at for c in blank if any(not is_blank(cell_at(row, c.at)) for row in sheet.rows)}
    return [c for c in sheet.columns if c.role is UNUSED and (c.header or c.at in filled)]


def cell_at(row: Row, index: int) -> Cell:
    """A cell of a row; what a shorter row lacks is empty."""
    return row.cells[index] if index < len(row.cells) else ""


def name_of(column: Column) -> str:
    """The header, or the letters of a column without one."""
    return column.header or letters(column.at)


def _list_unused(sheet: Sheet, headers: Headers, report: Report) -> None:
    columns = unused(sheet)
    if not columns:
        return
    hint = None
    used = {column.role for column in sheet.columns}
    for column in columns[:MOST_GUESSES]:
        if not column.header or fold(column.header) in RESERVED:
            continue
        near = headers.similar(column.header)
        if near is not None and headers.role(near) not in used:
            hint = msg("does “{header}” mean “{near}”?", header=shown(column.header), near=near)
            break
    names = ", ".join(shown(name_of(column)) for column in columns[:MOST_GUESSES])
    if len(columns) > MOST_GUESSES:
        names += ", …"
    report.add(
        "unused-columns",
        Severity.info,
        sheet.table.place(sheet.header_row, columns[0].at),
        msg("nothing uses these columns: {names}", names=names),
        hint,
        names,
    )
