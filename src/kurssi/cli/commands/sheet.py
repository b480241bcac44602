"""``kurssi sheet``: the workbook in which scores are entered."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Annotated, NamedTuple

import typer

from kurssi.cli import session
from kurssi.cli.files import NotWritten, write
from kurssi.cli.inputs import assessed, find_implementation, show
from kurssi.cli.options import Force, Layout, Map, reading, tr
from kurssi.cli.outputs import suffix
from kurssi.cli.session import EXIT_FINDINGS, EXIT_TROUBLE, Trouble
from kurssi.course.model import ImplementationFile
from kurssi.diagnostics.message import Wrong, msg, nmsg
from kurssi.policy.model import Policy
from kurssi.sheets import Reading, read_roster
from kurssi.values.classlist import Student

HELP = msg(
    "Write a workbook to enter scores in: a row per student, a column per part and attempt, every cell checked. FILE "
    "is an implementation (*.yaml); it may be left out where the folder has one. With --update new students and parts "
    "are added to a workbook that is filled in already."
)
EMPTY_ROWS = 35
"""Rows for a class of which neither the students nor the number of seats is known."""


def command(
    file: Annotated[
        str | None, typer.Argument(help=tr("The implementation file."), metavar="FILE", show_default=False)
    ] = None,
    output: Annotated[
        str | None,
        typer.Option("--output", "-o", help=tr("Write to this file (.xlsx)."), metavar="FILE", show_default=False),
    ] = None,
    roster: Annotated[
        str | None,
        typer.Option(
            "--roster",
            help=tr("Take the students from this list (CSV or workbook)."),
            metavar="LIST",
            show_default=False,
        ),
    ] = None,
    export: Annotated[
        str | None,
        typer.Option(
            "--from",
            help=tr("Propose what the columns of this export are; with -o fill the workbook from it."),
            metavar="EXPORT",
            show_default=False,
        ),
    ] = None,
    layouts: Annotated[bool, typer.Option("--layouts", help=tr("List the layouts of exports that are known."))] = False,
    map_: Map = None,
    layout: Layout = None,
    update: Annotated[
        str | None,
        typer.Option(
            "--update",
            help=tr("Add new students and parts to this workbook; what stands in it is left alone."),
            metavar="WORKBOOK",
            show_default=False,
        ),
    ] = None,
    anonymise: Annotated[
        list[str] | None,
        typer.Option(
            "--anonymise",
            help=tr("Write a look-alike of this sheet with invented people, to report what goes wrong with it."),
            metavar="SHEET",
            show_default=False,
        ),
    ] = None,
    force: Force = False,
) -> int:
    """Writes the workbook for an implementation, or updates it."""
    if anonymise:
        from .sheet_anonymise import anonymise as look_alike

        return look_alike(anonymise, file, output, force)
    if layouts:
        from .sheet_from import list_layouts

        return list_layouts()
    how = reading(map_, layout)
    if export is None and roster is None and (map_ or layout):
        raise Trouble(msg("--map and --layout say how --from or --roster is read"))
    target = _target(output, update, export)
    path = file or find_implementation()
    loaded = assessed(path, stopped=msg("nothing is written: {file} has errors in its assessment", file=path))
    if isinstance(loaded, int):
        return loaded
    implementation = loaded[1]
    how = how._replace(columns=implementation.columns or {})
    if export is not None and output is None:
        from .sheet_from import propose_columns

        return propose_columns(export, path, loaded[0].policy, how)
    return _write_workbook(implementation, loaded[0].policy, _Asked(target, roster, export, update, force), how)


def _target(output: str | None, update: str | None, export: str | None) -> str:
    """The workbook to write, or nothing where columns are only proposed. Raises :class:`Trouble`."""
    if export is not None and update is not None:
        raise Trouble(msg("--from fills a new workbook; --update takes new students from --roster"))
    target = output or update or ""
    if not target and export is None:
        raise Trouble(msg("name the workbook to write: -o scores.xlsx"))
    for name in filter(None, (output, update)):
        if suffix(name) != ".xlsx":
            raise Trouble(msg("kurssi sheet writes .xlsx, not {path}", path=name))
    return target


MOST_STUDENTS = 5_000
"""In a workbook in which a teacher enters scores."""


class _Asked(NamedTuple):
    """What is to be written, and from what."""

    target: str
    roster: str | None
    export: str | None
    update: str | None
    force: bool


def _write_workbook(implementation: ImplementationFile, policy: Policy, asked: _Asked, how: Reading) -> int:
    """Writes a new workbook with the students that there are, or updates one; the exit code."""
    here = session.current
    target, roster, export, update, force = asked
    students: Sequence[Student] | int
    if export is not None:
        from .sheet_from import students_of

        students = students_of(export, roster, policy, how)
    else:
        students = _students(roster, policy, how)
    if isinstance(students, int):
        return students
    if len(students) > MOST_STUDENTS:
        here.complain(
            msg(
                "{n} students are more than one workbook to enter scores in holds ({most})",
                n=len(students),
                most=MOST_STUDENTS,
            )
        )
        here.note(msg("give a roster of one class or group at a time"))
        return EXIT_FINDINGS
    if update is not None:
        from .sheet_update import update_workbook

        return update_workbook(implementation, policy, update, students if roster else None, target, force)
    from kurssi.reports.entry.workbook import entry_workbook  # openpyxl is for this command only

    words = here.report_words(implementation.implementation.language)
    seats = implementation.implementation.seats
    empty = seats.max if seats is not None and seats.max else EMPTY_ROWS
    try:
        data = entry_workbook(implementation, policy, students, words, empty)
    except Wrong as wrong:
        here.complain(wrong.message)
        if wrong.hint is not None:
            here.note(wrong.hint)
        return EXIT_FINDINGS
    try:
        write(target, data, force=force)
    except NotWritten as problem:
        here.complain(problem.message)
        if os.path.isfile(target):
            here.note(msg("to add new students and parts to it, use --update {path}", path=target))
        return EXIT_TROUBLE
    here.note(
        nmsg("written: {path}, with {n} student", "written: {path}, with {n} students", n=len(students), path=target)
        if students
        else nmsg("written: {path}, with {n} empty row", "written: {path}, with {n} empty rows", n=empty, path=target)
    )
    return 0


def _students(roster: str | None, policy: Policy, how: Reading) -> tuple[Student, ...] | int:
    """The students of the list, or an exit code."""
    if roster is None:
        return ()
    here = session.current
    raw = here.read(roster)
    if raw is None:
        return EXIT_TROUBLE
    students, findings = read_roster("<stdin>" if roster == "-" else roster, raw, policy, how)
    show(findings)
    if students is None:
        here.note(msg("nothing is written: correct the errors first"))
        return EXIT_FINDINGS
    return students
