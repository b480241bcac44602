"""Whether what somebody has said about columns could be done: each mapping that could not is named, with the reason."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from kurssi.diagnostics.finding import Finding, Place, Severity
from kurssi.diagnostics.message import Msg, msg
from kurssi.values.vocabulary import fold

from .columns import MOST_GUESSES, UNUSED, Headers, Role, Sheet, listed
from .reading import MappedColumn
from .report import Report, shown


def check_mapped(sheets: Sequence[Sheet], headers: Headers, report: Report) -> None:
    """Every column that somebody has mapped is there, and goes to a part that is there."""
    if not sheets:
        return
    failed = report.failed
    place = sheets[0].heading()
    roles = {column.role for sheet in sheets for column in sheet.columns}
    for entry in headers.mapped.entries:
        role = _role(entry, headers)
        if entry.option and role is None:
            report.error(
                "columns-target",
                place,
                msg("“{target}” is neither a part nor a column of score sheets", target=entry.target),
                msg("one of: {names}", names=", ".join(part.id for part in headers.policy.leaves())),
                entry.target,
            )
        elif not entry.option:
            _check_of_file(entry, place, report)
        elif (other := _against(entry, headers)) is not None:
            _without_effect(
                entry,
                place,
                msg("“{header}” cannot be unused and {target} at once", header=entry.header, target=other.target),
                msg("leave out one of the two --map"),
                report,
            )
        elif not entry.used:
            _report_unused(entry, sheets, place, report)
        elif not failed and role not in {*roles, UNUSED}:
            _without_effect(
                entry,
                place,
                msg("“{header}” cannot be {target}: the sheet has no use for it", **_pair(entry)),
                msg("map it in the sheet that it belongs to: FILE:{header}={target}", **_pair(entry)),
                report,
            )


def check_mapped_roster(sheets: Sequence[Sheet], headers: Headers, whole: Headers, report: Report) -> None:
    """The same of a list of which only the students are read; ``whole`` are the headers of the whole policy."""
    if not sheets:
        return
    place = sheets[0].heading()
    options = [entry for entry in headers.mapped.entries if entry.option]
    for entry in options:
        if _role(entry, headers) is None and _role(entry, whole) is not None:
            _without_effect(
                entry,
                place,
                msg("“{header}” cannot be {target}: of a list only the students are read", **_pair(entry)),
                msg("fill the workbook from the file with --from, or leave out this --map"),
                report,
            )
            options = [other for other in options if other is not entry]
    headers.mapped.entries = options
    check_mapped(sheets, headers, report)


def _pair(entry: MappedColumn) -> dict[str, str]:
    return {"header": shown(entry.header), "target": entry.target}


def _against(entry: MappedColumn, headers: Headers) -> MappedColumn | None:
    """The entry that makes something of a column which this one calls unused."""
    if headers.target(entry.target) is None or _role(entry, headers) is not UNUSED:
        return None
    same = (e for e in headers.mapped.entries if e.option and fold(e.header) == fold(entry.header))
    return next((other for other in same if _role(other, headers) not in (None, UNUSED)), None)


def _role(entry: MappedColumn, headers: Headers) -> Role | None:
    target = headers.target(entry.target)
    return None if target is None else target[0]


def _check_of_file(entry: MappedColumn, place: Place, report: Report) -> None:
    """An entry of the file is for the exports of a whole course: one of them may lack the column."""
    if entry.used or entry.instead is not None:
        return
    message = msg("no sheet has the column “{header}”", header=entry.header)
    hint = msg("write the header as the sheet has it, in quotation marks")
    path = ("columns", entry.header)
    report.extend([Finding("mapped-column", Severity.warning, message, place, hint, entry.header, path)])


def _report_unused(entry: MappedColumn, sheets: Sequence[Sheet], place: Place, report: Report) -> None:
    """An option that no column was read by."""
    if entry.instead is not None:
        other = entry.instead
        _without_effect(
            entry,
            place,
            msg(
                "“{header}” is said to be {target}, but “{other}” says of the same column that it is {instead}",
                other=shown(other.header),
                instead=other.target,
                **_pair(entry),
            ),
            msg("leave out one of the two --map"),
            report,
        )
        return
    columns = [column for sheet in sheets for column in sheet.columns if column.header]
    known = {fold(column.header): column.header for column in columns}
    near = get_close_matches(fold(entry.header.rpartition(":")[2][:80]), known, 1, 0.7)
    _without_effect(
        entry,
        place,
        msg("no sheet has the column “{header}”", header=entry.header),
        msg("does “{header}” mean “{near}”?", header=shown(entry.header), near=shown(known[near[0]]))
        if near
        else msg("write the header as the sheet has it, one of: {names}", names=listed(columns[:MOST_GUESSES])),
        report,
    )


def _without_effect(entry: MappedColumn, place: Place, message: Msg, hint: Msg, report: Report) -> None:
    report.error("map-without-effect", place, message, hint, entry.header)
