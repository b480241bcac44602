"""Students and groups of the roster that a sheet with scores has no row for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from kurssi.diagnostics.finding import Severity
from kurssi.diagnostics.message import Msg, msg, nmsg
from kurssi.values.vocabulary import AGREED, fold

from .columns import Column, Joined, Key, Role, Sheet, name_of
from .report import Report, listed_some, shown

if TYPE_CHECKING:
    from kurssi.policy.model import Policy

    from .held import Store

MOST_NAMED = 5
"""So many students, or groups, are named in one finding."""


def check_absences(
    joined: Sequence[Joined],
    own: Store,
    shared: Store,
    names: Sequence[str],
    groups: Mapping[str, str],
    policy: Policy,
    report: Report,
) -> None:
    """Names for each column who has neither a row in a sheet with that column nor a cell of its own.

    Whom the scores of a part lack is a warning; lists of times, and of second attempts, seldom have everybody. The
    first sheet is the roster; an export has a finding of its own.
    """
    if not names:
        return
    by_group = {part.id for part in policy.leaves() if part.by_group}
    group_of = {at: fold(str(held.value)) for at, held in own[Role("group")].items()}
    members: dict[str, list[Key]] = {}
    for at, group in group_of.items():
        members.setdefault(group, []).append(at)
    said: set[tuple[str, Role]] = set()
    for sheet in (other.sheet for other in joined[1:]):
        lacking: dict[bool, dict[Key, Column]] = {True: {}, False: {}}
        for column in _looked_at(sheet):
            if sheet.layout is not None or (sheet.kind, column.role) in said:
                continue
            said.add((sheet.kind, column.role))
            covered = {key for other in joined[1:] if _has(other.sheet, sheet, column.role) for key in other.keys}
            cells, of_groups = own[column.role], shared[column.role]
            first = column.role.meaning == "score" and column.role.attempt == 1
            if sheet.kind == "groups":
                missed: Iterator[Key] = (g for g in groups if not all(at in cells for at in members[g]))
            else:
                shares = column.role.part in by_group
                missed = (
                    at
                    for at in range(len(names))
                    if at not in cells and not (shares and at in group_of and group_of[at] in of_groups)
                )
            lacking[first].update((key, column) for key in missed if key not in covered)
        for important, found in lacking.items():
            others = {key: column for key, column in found.items() if important or key not in lacking[True]}
            if others:
                called = [groups[str(key)] if sheet.kind == "groups" else names[int(key)] for key in others]
                _report(sheet, next(iter(others.values())), called, important, report)


def _looked_at(sheet: Sheet) -> Iterator[Column]:
    for column in sheet.columns:
        if column.role.component == AGREED:
            continue  # only of those who were apart anybody says what was agreed
        if column.role.meaning in ("score", "submitted", "late", "due", "activity", "attended"):
            yield column


def _has(other: Sheet, sheet: Sheet, role: Role) -> bool:
    return other.kind == sheet.kind and any(column.role == role for column in other.columns)


def _report(sheet: Sheet, column: Column, names: Sequence[str], important: bool, report: Report) -> None:
    few = listed_some([shown(name) for name in names[:MOST_NAMED]]) + (", …" if len(names) > MOST_NAMED else "")
    words = {"file": sheet.table.file, "column": shown(name_of(column)), "names": few}
    message: Msg = (
        nmsg(
            "{n} group has no row in {file} and so nothing in “{column}”: {names}",
            "{n} groups have no row in {file} and so nothing in “{column}”: {names}",
            n=len(names),
            **words,
        )
        if sheet.kind == "groups"
        else nmsg(
            "{n} student of the roster has no row in {file} and so nothing in “{column}”: {names}",
            "{n} students of the roster have no row in {file} and so nothing in “{column}”: {names}",
            n=len(names),
            **words,
        )
    )
    report.add(
        "not-in-sheet",
        Severity.warning if important else Severity.info,
        sheet.heading(column.at),
        message,
        msg("add the rows that are missing; write - where nothing was handed in") if important else None,
        f"{len(names)}: {few}",
    )
