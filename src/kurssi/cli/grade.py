"""``kurssi grade``: final grades."""

from __future__ import annotations

import os
import shutil
import sys
from enum import StrEnum
from typing import Annotated

import typer

from kurssi.gradebook import Gradebook
from kurssi.messages import msg
from kurssi.words import Words

from . import session
from .grading import load_and_grade, parse_day
from .options import AsOf, Force, Output, Sheets, tr
from .session import Trouble

HELP = msg(
    "Compute final grades. FILE is an implementation (*.yaml), each SHEET a CSV file or workbook with scores; without "
    "SHEET the file's own scores: are used. FILE may be left out where the folder has one. A folder instead grades every "
    "implementation in it that names score sheets; -o then takes {{id}} in the name."
)


class Format(StrEnum):
    """What goes to standard output."""

    text = "text"
    json = "json"
    csv = "csv"
    md = "md"


def command(
    arguments: Sheets = None,
    format_: Annotated[Format, typer.Option("--format", help=tr("What is printed."))] = Format.text,
    output: Output = None,
    force: Force = False,
    as_of: AsOf = None,
) -> int:
    """Grades a class: a table on the screen, and a file for every ``-o``."""
    here = session.current
    for path in output or []:
        if _suffix(path) not in _WRITERS:
            known = ", ".join(_WRITERS)
            raise Trouble(msg("kurssi grade cannot write {path}; it writes {suffixes}", path=path, suffixes=known))
    if folders := [path for path in arguments or [] if os.path.isdir(path)]:
        from .many import grade_all

        if folders != arguments or format_ not in (Format.text, Format.json):
            raise Trouble(msg("for a folder name nothing but folders, and --format text or json"))
        steps = any(_suffix(path) in _WITH_STEPS for path in output or [])
        return grade_all(folders, output or [], force, as_of, format_ is Format.json, steps)
    wanted = {_suffix(path) for path in output or []} | {"." + format_.value}
    graded = load_and_grade(arguments or [], as_of=parse_day(as_of), steps=bool(wanted & _WITH_STEPS))
    if graded.book is None:
        return graded.code
    book, words = graded.book, graded.words
    if format_ is Format.text:
        from kurssi.reports.console import table
        from kurssi.reports.rows import summary

        width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
        here.out(table(book, here.words, width, here.paint(sys.stdout).on))
        here.note(summary(book, here.words))
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(_WRITERS["." + format_.value](book, words))
    return write_all(book, words, output or [], force)


def write_all(book: Gradebook, words: Words, paths: list[str], force: bool) -> int:
    """Writes every report that was asked for; one that cannot be written does not stop the others."""
    from kurssi.writing import NotWritten, write

    here, code = session.current, 0
    for path in paths:
        try:
            write(path, _WRITERS[_suffix(path)](book, words), force=force)
            here.note(msg("written: {path}", path=path))
        except NotWritten as problem:
            here.complain(problem.message)
            code = session.EXIT_TROUBLE
    return code


def _suffix(path: str) -> str:
    return "." + path.rpartition(".")[2].lower() if "." in path else ""


def _json(book: Gradebook, words: Words) -> bytes:  # noqa: ARG001 - JSON has one language
    from kurssi.reports.machine import document

    return document(book).encode()


def _csv(book: Gradebook, words: Words) -> bytes:
    from kurssi.reports.delimited import as_csv

    return as_csv(book, words)


def _markdown(book: Gradebook, words: Words) -> bytes:
    from kurssi.reports.delimited import as_markdown

    return as_markdown(book, words).encode()


def _workbook(book: Gradebook, words: Words) -> bytes:
    from kurssi.reports.workbook import workbook

    return workbook(book, words)


_WRITERS = {".json": _json, ".csv": _csv, ".md": _markdown, ".xlsx": _workbook}
_WITH_STEPS = {".json", ".xlsx"}
"""The reports that hold every step; for the others none is made."""
