"""``kurssi grade``: final grades."""

from __future__ import annotations

import os
import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from kurssi.cli import outputs, session
from kurssi.cli.grading import graded as grade
from kurssi.cli.grading import has_log
from kurssi.cli.inputs import parse_day
from kurssi.cli.options import AsOf, Force, Layout, Map, Output, Sheets, reading, tr
from kurssi.cli.outputs import WRITERS, refuse_others, suffix, write_all
from kurssi.cli.request import request_of
from kurssi.cli.session import EXIT_TROUBLE, Trouble
from kurssi.diagnostics.message import msg

if TYPE_CHECKING:
    from kurssi.gradebook.gradebook import Gradebook

    from .beside_grades import Asked
    from .requests import Log

HELP = msg(
    "Compute final grades. FILE is an implementation (*.yaml), each SHEET a CSV file or workbook with scores; without "
    "SHEET the file's own scores: are used. FILE may be left out where the folder has one. A folder instead grades "
    "every implementation in it that names score sheets; -o then takes {{id}} in the name, or is one "
    "page of all (.html)."
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
    moodle = "moodle"
    moodle_worksheet = "moodle-worksheet"
    canvas = "canvas"
    brightspace = "brightspace"
    blackboard = "blackboard"
    itslearning_table = "itslearning-table"


OWN_LISTS = (ListName.peppi, ListName.sisu, ListName.public)
"""Lists that kurssi lays out by itself; the others are made from the system's export."""


BACK_ONLY = msg("--into, --part and --with-comments belong to a list made from an export, such as --list moodle")


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
            help=tr(
                "Make a list to hand on instead: to key into Peppi, for Sisu, to publish without names, or the file by "
                "which the system of an export takes the grades back."
            ),
            show_default=False,
        ),
    ] = None,
    into: Annotated[
        str | None,
        typer.Option(
            "--into",
            help=tr("The column of the export that the grade goes into, for a list made from an export."),
            metavar="HEADER",
            show_default=False,
        ),
    ] = None,
    part: Annotated[
        str | None,
        typer.Option(
            "--part",
            help=tr("Hand back what this part came to instead of the final grade."),
            metavar="PART",
            show_default=False,
        ),
    ] = None,
    with_comments: Annotated[
        bool,
        typer.Option(
            "--with-comments",
            help=tr("Hand back how the grade came about, too, where the export has a column for it that is empty."),
        ),
    ] = False,
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
    figures: Annotated[
        bool,
        typer.Option(
            "--figures",
            help=tr(
                "Also show the class in figures: mean, median, spread, share passed, by part and by group, and how "
                "well the items of a part measure. Reports (-o) get them, too."
            ),
        ),
    ] = False,
    since: Annotated[
        str | None,
        typer.Option(
            "--since",
            help=tr(
                "Say whose grade moved since this JSON report of kurssi grade, and by which input or rule. Of a report "
                "that -o replaces it is said in short without this option."
            ),
            metavar="REPORT",
            show_default=False,
        ),
    ] = None,
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
        if feedback is not None or since is not None or figures:
            raise Trouble(msg("a list has nothing beside it: leave out --feedback, --since and --figures"))
        how = reading(map_, layout)
        if list_ not in OWN_LISTS:
            from .hand_back import HandBack, hand_back

            if with_numbers or day is not None:
                raise Trouble(msg("--with-numbers belongs to --list public, --date to --list sisu and --feedback"))
            until, names = parse_day(as_of), arguments or []
            return hand_back(
                HandBack(list_, names, how, format_, output or [], force, until, into, part, with_comments)
            )
        if into is not None or part is not None or with_comments:
            raise Trouble(BACK_ONLY)
        from .lists import hand_on

        return hand_on(list_, arguments or [], how, format_, output or [], force, as_of, day, with_numbers)
    if into is not None or part is not None or with_comments:
        raise Trouble(BACK_ONLY)
    if with_numbers or (day is not None and feedback is None):
        raise Trouble(msg("--with-numbers belongs to --list public, --date to --list sisu and --feedback"))
    refuse_others("grade", output, WRITERS)
    if folders := [path for path in arguments or [] if os.path.isdir(path)]:
        from .batch_grading import grade_all

        if folders != arguments or format_ not in (Format.text, Format.json):
            raise Trouble(msg("for a folder name nothing but folders, and --format text or json"))
        if feedback is not None or since is not None or figures:
            raise Trouble(msg("--feedback, --figures and --since are for one implementation at a time; name its file"))
        if map_ or layout:
            raise Trouble(msg("for a folder write columns: into each file; --map and --layout are for one file"))
        return grade_all(folders, output or [], force, as_of, format_ is Format.json)
    how = reading(map_, layout)
    given, until = parse_day(day, "--date"), parse_day(as_of)
    more: Asked | None = None
    if since is not None or figures:
        from .beside_grades import asked

        more = asked(figures, since)
        if more is None:
            return EXIT_TROUBLE
    request = request_of(arguments or [])._replace(
        reading=how,
        as_of=until,
        printed=format_.value if feedback is None and more is None else None,
        output=tuple(output or ()),
        force=force,
    )
    done = grade(request)
    if done.book is None:
        return done.code
    log = _log(done.book)
    book, words = done.book if log is None else log.book, done.words
    beside = more.of(book, words) if more is not None else None
    if format_ is Format.text:
        from kurssi.reports.console import legend, table
        from kurssi.reports.rows import summary

        if len(book.results) >= outputs.MOST_SHOWN:
            here.note(outputs.not_shown(len(book.results), bool(output)))
        else:
            width = here.width(sys.stdout)
            shown = table(book, words, width, here.paint(sys.stdout).on, every=parts)
            here.out(shown.text)
            if shown.needs is not None:
                here.note(msg("the parts are shown from {n} columns on, and always in a report (-o)", n=shown.needs))
            elif not parts and (explained := legend(book)) is not None:
                here.note(explained)
        here.note(summary(book, here.words))
    else:
        kind = "." + format_.value
        here.out_data(beside.report(kind) if beside is not None else WRITERS[kind](book, words))
    if replaced := [path for path in output or [] if suffix(path) == ".json" and os.path.isfile(path)]:
        from .beside_grades import say_moved

        say_moved(book, replaced)
    if beside is not None:
        beside.show(format_.value)
        code = beside.write_all(output or [], force)
    else:
        code = write_all(book, words, output or [], force)
    code = max(code, _said_of(log))
    if feedback is not None:
        from .student_pages import write_pages

        code = max(code, write_pages(book, words, feedback, given, force))
    return code


def _log(book: Gradebook) -> Log | None:
    """The log of requests for rectification, where there is one: what is wrong with it belongs into the reports."""
    if not has_log(book):
        return None
    from .requests import log_of

    return log_of(book)


def _said_of(log: Log | None) -> int:
    """Says which requests are open; the exit code."""
    if log is None:
        return 0
    if not log.code:
        from .requests import say_due

        say_due(None, log.requests)
    return log.code
