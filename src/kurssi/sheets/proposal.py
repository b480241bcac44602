"""What the columns of an export may be: by a mapping, by the same name, or by one that is nearly the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from kurssi.diagnostics.finding import Finding
from kurssi.values.numbers import exact

from .columns import UNUSED, Headers, Role, Sheet
from .exports import own_role, similar_part
from .fields import Field, names_of, read_fields
from .headings import from_header
from .reading import AS_IS, Reading, Unit
from .recognition import layout_of
from .report import Report
from .table import Table, text_of
from .table_files import read_tables
from .whole import are_shifted, is_whole

if TYPE_CHECKING:  # the shape of the file is not needed to read a sheet
    from kurssi.policy.model import Part, Policy

How = Literal["mapped", "same name", "similar name", "no part", "a sum"]


class Proposed(NamedTuple):
    """A column with scores: its header, what it could be read as, and why."""

    header: str
    target: str | None
    """As ``columns:`` and ``--map`` take it; ``None`` where nothing is near."""
    how: How


class Proposal(NamedTuple):
    """The columns of one table, and the parts that none of them may be."""

    file: str
    worksheet: str | None
    layout: str
    students: int
    columns: tuple[Proposed, ...]
    lacking: tuple[str, ...]
    """Names of parts without a column."""


def propose(name: str, raw: bytes, policy: Policy, reading: Reading = AS_IS) -> tuple[list[Proposal], list[Finding]]:
    """A proposal for each table of a file, and what is wrong with the file as such. Never raises for what is in it."""
    tables, findings = read_tables(name, raw)
    headers = Headers(policy, reading)
    report = Report()
    proposals = [_propose(table, headers, report) for table in tables if table.rows]
    return proposals, [*findings, *report.findings()]


def _propose(table: Table, headers: Headers, report: Report) -> Proposal:
    found = layout_of(table, headers)
    if found is not None:
        layout, table = found
        fields, rows = read_fields(layout, table)
        columns = [
            _of_field(field, own_role(layout, field, table, headers), table, headers)
            for field in fields
            if field.meaning in ("score", "total")
        ]
    else:
        table = from_header(table, headers, Report())
        rows = table.rows[1:]
        columns = [
            column
            for cell in table.rows[0].cells
            if text_of(cell) and (column := _of_header(text_of(cell), table, headers)) is not None
        ]
    if not are_shifted(table, rows, report):
        whole = Sheet(table, "students", table.rows[0].number, (), rows)
        for row in rows:
            is_whole(whole, row, report)
    taken: set[str] = set()
    out = []
    for column in sorted(columns, key=lambda c: _ORDER.index(c.how)):  # a sure one before one that is only like it
        part = (column.target or "").split(" ")[0]
        if column.how == "similar name" and part in taken:
            column = column._replace(target=None, how="no part")
        taken.add(part)
        out.append(column)
    order = [column.header for column in columns]
    out.sort(key=lambda c: order.index(c.header))
    lacking = tuple(part.name for part in headers.policy.leaves() if part.id not in taken)
    return Proposal(table.file, table.sheet, found[0].name if found else "plain", len(rows), tuple(out), lacking)


_ORDER: tuple[How, ...] = ("mapped", "same name", "similar name", "no part", "a sum")


def _of_field(field: Field, own: Role | None, table: Table, headers: Headers) -> Proposed:
    parts = {part.id: part for part in headers.policy.leaves()}
    if entries := headers.mapped.find(table.file, *names_of(field)):
        return Proposed(field.header, entries[0].target, "mapped")
    if field.meaning == "total":
        return Proposed(field.header, None, "a sum")
    if own is not None:
        return Proposed(field.header, _target(parts[own.part], own.attempt, field.unit, own.component), "same name")
    near = similar_part(field, headers)
    if near is None:
        return Proposed(field.header, None, "no part")
    return Proposed(field.header, _target(near, 1, field.unit), "similar name")


def _target(part: Part, attempt: int, unit: Unit, component: str = "") -> str:
    name = part.id if attempt == 1 else f"{part.id} {attempt}"
    if component:
        return f"{name} {component}"
    if unit.most is not None and not part.in_grades and unit.most != (part.max if part.in_points else 1):
        return f"{name} of {exact(unit.most)}"
    return name


def _of_header(header: str, table: Table, headers: Headers) -> Proposed | None:
    """A column of a plain table: one that nothing knows may be like a part."""
    if entries := headers.mapped.find(table.file, header):
        return Proposed(header, entries[0].target, "mapped")
    role = headers.role(header)
    if role.meaning == "score":
        name = role.part if role.attempt == 1 else f"{role.part} {role.attempt}"
        return Proposed(header, f"{name} {role.component}".rstrip(), "same name")
    if role is not UNUSED:
        return None
    part = headers.similar_part(header)
    return Proposed(header, part.id if part else None, "similar name" if part else "no part")
