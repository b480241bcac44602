"""``kurssi grade``: final grades."""

from __future__ import annotations

import os
import shutil
import sys
from enum import StrEnum
from typing import Annotated

import typer

from kurssi.cli import outputs, session
from kurssi.cli.grading import graded as grade
from kurssi.cli.inputs import parse_day
from kurssi.cli.options import AsOf, Force, Layout, Map, Output, Sheets, reading, tr
from kurssi.cli.outputs import WRITERS, refuse_others, write_all
from kurssi.cli.request import request_of
from kurssi.cli.session import Trouble
from kurssi.diagnostics.message import msg

HELP = msg(
    "Compute final grades. FILE is an implementation (*.yaml), each SHEET a CSV file or workbook with scores; without "
    "SHEET the file's own scores: are used. FILE may be left out where the folder has one. A folder instead grades "
    "every implementation in it that names score sheets; -o then takes {{id}} in the name."
)


class Format(StrEnum):
    """What goes to standard output."""

    text = "text"
    json = "json"
    csv = "csv"
    md = "md"


class ListName(StrEnum):
    """What the list is for."""

    peppi = "peppi"
    sisu = "sisu"
    public = "public"


def command(
    arguments: Sheets = None,
    format_: Annotated[Format, typer.Option("--format", help=tr("What is printed."))] = Format.text,
    output: Output = None,
    force: Force = False,
    as_of: AsOf = None,
    map_: Map = None,
    layout: Layout = None,
    list_: Annotated[
        ListName | None,
        typer.Option(
            "--list",
            help=tr("Make a list to hand on instead: to key into Peppi, for Sisu, or to publish without names."),
            show_default=False,
        ),
    ] = None,
    day: Annotated[
        str | None,
        typer.Option(
            "--date",
            help=tr("The day on which the results are given, for Sisu and feedback pages; else today."),
            metavar="DATE",
            show_default=False,
        ),
    ] = None,
    with_numbers: Annotated[
        bool,
        typer.Option(
            "--with-numbers", help=tr("Publish grades by student number; only where your institution allows it.")
        ),
    ] = False,
    parts: Annotated[
        bool, typer.Option("--parts", help=tr("Show every part in the table, those of a series and of a part as well."))
    ] = False,
    feedback: Annotated[
        str | None,
        typer.Option(
            "--feedback",
            help=tr("Also write one page per student into this folder: the grade, how it came about, how to object."),
            metavar="DIR",
            show_default=False,
        ),
    ] = None,
) -> int:
    """Grades a class: a table on the screen, and a file for every ``-o``."""
    here = session.current
    if list_ is not None:
        if feedback is not None:
            raise Trouble(msg("--list and --feedback are two runs: name one of them"))
        from .lists import hand_on

        how = reading(map_, layout)
        return hand_on(list_, arguments or [], how, format_, output or [], force, as_of, day, with_numbers)
    if with_numbers or (day is not None and feedback is None):
        raise Trouble(msg("--with-numbers belongs to --list public, --date to --list sisu and --feedback"))
    refuse_others("grade", output, WRITERS)
    if folders := [path for path in arguments or [] if os.path.isdir(path)]:
        from .batch_grading import grade_all

        if folders != arguments or format_ not in (Format.text, Format.json):
            raise Trouble(msg("for a folder name nothing but folders, and --format text or json"))
        if feedback is not None:
            raise Trouble(msg("--feedback is for one implementation at a time; name its file"))
        if map_ or layout:
            raise Trouble(msg("for a folder write columns: into each file; --map and --layout are for one file"))
        return grade_all(folders, output or [], force, as_of, format_ is Format.json)
    how = reading(map_, layout)
    given, until = parse_day(day, "--date"), parse_day(as_of)
    request = request_of(arguments or [])._replace(
        reading=how,
        as_of=until,
        printed=format_.value if feedback is None else None,
        output=tuple(output or ()),
        force=force,
    )
    done = grade(request)
    if done.book is None:
        return done.code
    book, words = done.book, done.words
    if format_ is Format.text:
        from kurssi.reports.console import legend, table
        from kurssi.reports.rows import summary

        if len(book.results) >= outputs.MOST_SHOWN:
            here.note(outputs.not_shown(len(book.results), bool(output)))
        else:
            width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
            shown = table(book, words, width, here.paint(sys.stdout).on, every=parts)
            here.out(shown.text)
            if shown.needs is not None:
                here.note(msg("the parts are shown from {n} columns on, and always in a report (-o)", n=shown.needs))
            elif not parts and (explained := legend(book)) is not None:
                here.note(explained)
        here.note(summary(book, here.words))
    else:
        here.out_data(WRITERS["." + format_.value](book, words))
    code = write_all(book, words, output or [], force)
    if feedback is not None:
        from .student_pages import write_pages

        code = max(code, write_pages(book, words, feedback, given, force))
    return code
