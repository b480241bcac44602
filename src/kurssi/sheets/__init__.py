"""Score sheets: CSV files and workbooks, read into a class list.

Three stages, apart so that other layouts can stand beside the plain one: bytes to tables (:mod:`.table`), headers
to what columns mean (:mod:`.recognition`), tables to students (:mod:`.join`).
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from kurssi.diagnostics.finding import Finding, Place, Severity, in_order
from kurssi.diagnostics.message import Msg, msg
from kurssi.values.classlist import ClassList, Source, Student
from kurssi.values.vocabulary import AGREED

from .columns import Column, Headers, Sheet, name_of, unused
from .identity import in_order as roster_first
from .idle import ATTENDED, LEVEL, Act, acts_of, idle_after, idle_marks, idle_rules
from .join import join
from .mapping import check_mapped, check_mapped_roster
from .reading import AS_IS, Reading
from .recognition import recognise
from .report import Report, place_of
from .table_files import read_tables
from .whole import are_shifted
from .workbook_warnings import report_workbook_warnings

if TYPE_CHECKING:  # the shape of the file is not needed to read a sheet
    from kurssi.policy.model import Part, Policy
    from kurssi.policy.scales import Scale

    from .overrides import Override

__all__ = [
    "AS_IS",
    "ATTENDED",
    "LEVEL",
    "Act",
    "Reading",
    "acts_of",
    "idle_after",
    "idle_marks",
    "idle_rules",
    "place_of",
    "read_columns",
    "read_overrides",
    "read_roster",
    "read_sheets",
]


def read_sheets(
    sources: Sequence[tuple[str, bytes]], policy: Policy, reading: Reading = AS_IS
) -> tuple[ClassList | None, list[Finding]]:
    """The class list that the sheets make together, and all findings, in order.

    ``sources`` are the files: the name as findings and reports show it, and the bytes. ``reading`` is what somebody
    has said about their columns and layouts. The class list is ``None`` where any finding is an error. Never raises
    for what is in a file.
    """
    with _without_gc():
        return _read_sheets(sources, policy, reading)


@contextmanager
def _without_gc() -> Iterator[None]:
    """Millions of cells that all stay make the collector of cycles run for nothing."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


def _read_sheets(
    sources: Sequence[tuple[str, bytes]], policy: Policy, reading: Reading
) -> tuple[ClassList | None, list[Finding]]:
    report = Report()
    headers = Headers(policy, reading)
    tables = []
    for name, raw in sources:
        found, findings = (reading.tables or read_tables)(name, raw)
        report.extend(findings)
        if not any(f.severity is Severity.error for f in findings) and not any(table.rows for table in found):
            report.error(
                "no-rows", Place(name), msg("{file} is empty", file=name), msg("give the sheet with the scores")
            )
        tables += found
    sheets = recognise(tables, headers, report)
    for sheet in sheets:
        report_workbook_warnings(sheet, report)
    check_mapped(sheets, headers, report)
    unshifted = [sheet for sheet in sheets if not are_shifted(sheet.table, sheet.rows, report)]
    _check_whole(sheets, policy, report)
    class_list = join(unshifted, headers, report)
    if headers.has_peer and class_list.peer_marks is None and not report.failed:
        _say_without_marks(sheets[0], policy, report)
    findings = in_order(report.findings())
    if report.failed:
        return None, findings
    idle = tuple(Source(s.table.file, s.header_row, name_of(column)) for s in sheets for column in unused(s, policy))
    return class_list._replace(unused=idle), findings


def read_roster(
    name: str, raw: bytes, policy: Policy, reading: Reading = AS_IS
) -> tuple[tuple[Student, ...] | None, list[Finding]]:
    """The students that a list names, with names, e-mail and group, and all findings, in order.

    What else stands in the list is not looked at: a roster may be another system's, or last year's. ``None`` where
    any finding is an error. Never raises for what is in the file.
    """
    report = Report()
    tables, findings = read_tables(name, raw)
    report.extend(findings)
    headers = Headers(policy._replace(parts=(), activity=None), reading)
    sheets = recognise(tables, headers, report)
    rosters = [sheet for sheet in sheets if sheet.kind == "students"][:1]
    for sheet in rosters:
        report_workbook_warnings(sheet, report)
    if not rosters and not report.failed:
        report.error(
            "sheet-header",
            Place(name),
            msg("no sheet has a column for the student number"),
            msg("the first sheet with a column student or opiskelijanumero is the roster"),
        )
    check_mapped_roster(rosters, headers, Headers(policy), report)
    found = join([s for s in rosters if not are_shifted(s.table, s.rows, report)], headers, report)
    findings = [f for f in in_order(report.findings()) if f.rule not in ("unused-columns", "export-read")]
    return (None if report.failed else found.students), findings


def read_columns(
    name: str, raw: bytes, policy: Policy, reading: Reading = AS_IS
) -> tuple[tuple[Sheet, ...] | None, list[Finding]]:
    """The sheets of one file with what their columns mean, rows unread, and the errors; ``None`` where there are any.

    Never raises for what is in the file.
    """
    report = Report()
    tables, findings = read_tables(name, raw)
    report.extend(findings)
    sheets = recognise(tables, Headers(policy, reading), report)
    if not any(sheet.kind == "students" for sheet in sheets) and not report.failed:
        report.error(
            "sheet-header",
            Place(name),
            msg("no sheet has a column for the student number"),
            msg("the first sheet with a column student or opiskelijanumero is the roster"),
        )
    errors = [finding for finding in in_order(report.findings()) if finding.severity is Severity.error]
    return (None if errors else tuple(sheets)), errors


def _check_whole(sheets: Sequence[Sheet], policy: Policy, report: Report) -> None:
    """There is a roster with rows, and a column for some part; parts without any are listed."""
    if not sheets:
        if not report.failed:
            report.error("no-rows", Place(""), msg("there is no score sheet"), msg("name a CSV file or a workbook"))
        return
    # Where a file or a header is wrong already, what seems to be lacking may stand there.
    failed = report.failed
    place = sheets[0].heading()
    roster = next(iter(roster_first([sheet for sheet in sheets if sheet.kind == "students"])), None)
    if roster is None and not failed:
        report.error(
            "sheet-header",
            place,
            msg("no sheet has a column for the student number"),
            msg("the first sheet with a column student or opiskelijanumero is the roster"),
        )
    elif roster is not None and not roster.rows:
        report.error(
            "no-rows",
            roster.heading(),
            msg("{file} has a header, but no student", file=roster.table.file),
            msg("write one row per student below the header"),
        )
    if not failed:
        _check_parts(sheets, place, policy, report)


def _check_parts(sheets: Sequence[Sheet], place: Place, policy: Policy, report: Report) -> None:
    """Every part has a column of scores, not only one of times or of a second attempt; so has a later attempt."""
    columns: dict[str, list[Column]] = {}
    for sheet in sheets:
        for column in sheet.columns if sheet.kind != "peer" else ():
            columns.setdefault(column.role.part, []).extend([column] if sheet.rows else [])
    lacking = [part for part in policy.leaves() if part.id not in columns]
    if len(lacking) == len(list(policy.leaves())):
        report.error(
            "no-part",
            place,
            msg("no sheet has a column for any part"),
            msg(
                "give the columns the names of the parts: {names}",
                names=", ".join(header for part in lacking for header in _headers(part)),
            ),
        )
        return
    for part in policy.leaves():
        found = columns.get(part.id, [])
        _check_components(part, found, place, report)
        scored = {column.role.attempt for column in found if column.role.meaning == "score"}
        for number in range(1, len(part.dues) + 1):
            timed = [c for c in found if c.role.attempt == number and c.role.meaning in ("submitted", "late")]
            other = timed or (found if number == 1 else [])
            if number in scored or (number > 1 and not timed):
                continue
            called = part.name if number == 1 else f"{part.name} {number}"
            report.add(
                "part-without-column",
                Severity.warning,
                place,
                msg("no sheet has a column of scores for {part}, only “{other}”", part=called, other=name_of(other[0]))
                if other
                else msg("no sheet has a column for {part}: nobody has submitted it", part=part.name),
                _way_to_a_column(part) if number == 1 else msg("call the column “{header}”", header=called),
                name_of(other[0]) if other else part.id,
            )


def _headers(part: Part) -> list[str]:
    """What the column of a part is called, or each of those that its score is made of."""
    made_of = [words[-1] for key, words in part.components.all if key != AGREED]
    return [f"{part.name} {word}" for word in made_of] or [part.name]


def _way_to_a_column(part: Part) -> Msg:
    headers = _headers(part)
    if len(headers) > 1:
        return msg("name its columns {headers}", headers=", ".join(headers))
    return msg("name its column {id}, {part}, or as column: in the policy says", id=part.id, part=part.name)


def _check_components(part: Part, columns: Sequence[Column], place: Place, report: Report) -> None:
    """Who has a column for one of several cells that a score is made of has one for each."""
    keys = [key for key, _ in part.components.all if key != AGREED]
    found = {column.role.component for column in columns if column.role.meaning == "score"}
    for key in keys if found & set(keys) else ():
        if key not in found:
            report.add(
                "part-without-column",
                Severity.warning,
                place,
                msg("no sheet has a column for “{key}” of {part}: its score stays open", key=key, part=part.name),
                msg("call the column “{header}”", header=f"{part.name} {key}"),
                f"{part.id} {key}",
            )


def _say_without_marks(sheet: Sheet, policy: Policy, report: Report) -> None:
    """Peer marks that the policy speaks of and nobody has given: the group's score counts alone."""
    for part in policy.leaves():
        if part.peer is not None:
            report.add(
                "no-peer-marks",
                Severity.warning,
                sheet.heading(),
                msg("no sheet has peer marks for {part}: every member gets the group's value", part=part.name),
                msg("give the sheet with the columns from and to as well"),
                part.id,
            )


def read_overrides(name: str, raw: bytes, scale: Scale) -> tuple[tuple[Override, ...], list[Finding]]:
    """The final grades that a teacher has set by hand, from ``overrides.csv``, and all findings, in order.

    Rows with an error are left out. Whether a student is on the roster is for the caller to ask. Never raises for
    what is in the file.
    """
    from . import overrides  # most classes have none

    return overrides.read(name, raw, scale)
