"""``kurssi explain``: every step of one student's grade."""

from __future__ import annotations

import os
import sys
from enum import StrEnum
from typing import Annotated

import typer

from kurssi.cli import session
from kurssi.cli.grading import graded as grade
from kurssi.cli.inputs import is_implementation, parse_day
from kurssi.cli.options import AsOf, Layout, Map, reading, tr
from kurssi.cli.request import request_of
from kurssi.cli.session import EXIT_FINDINGS, Trouble
from kurssi.diagnostics.message import Msg, msg
from kurssi.grading import Grader, needs
from kurssi.reports.explanation import as_markdown, as_text, needs_json, needs_lines
from kurssi.values.classlist import ClassList

HELP = msg(
    "Show every step of one student's grade, each with the place of its rule. FILE and SHEET as in kurssi grade; "
    "STUDENT is the student number."
)


class Format(StrEnum):
    """How the steps are printed."""

    text = "text"
    md = "md"
    json = "json"


def _unknown(number: str, class_list: ClassList) -> Msg:
    """The sheets have no such student; a number that lost its leading zeros is found."""
    bare = number.lstrip("0")
    close = [student.student for student in class_list.students if student.student.lstrip("0") == bare]
    if len(close) == 1:
        return msg("there is no student {student} in the sheets; did you mean {close}?", student=number, close=close[0])
    return msg("there is no student {student} in the sheets", student=number)


def command(
    arguments: Annotated[
        list[str],
        typer.Argument(
            help=tr("The implementation file, the student number, then score sheets."), metavar="FILE STUDENT SHEET"
        ),
    ],
    format_: Annotated[Format, typer.Option("--format", help=tr("How the steps are printed."))] = Format.text,
    as_of: AsOf = None,
    needed: Annotated[
        bool, typer.Option("--needed", help=tr("Add what each open part must bring for each grade."))
    ] = False,
    map_: Map = None,
    layout: Layout = None,
) -> int:
    """Explains one grade, in the language of the reports."""
    here = session.current
    names = list(arguments)
    at = 1 if is_implementation(names[0]) else 0
    if len(names) <= at:
        raise Trouble(msg("name the student: kurssi explain FILE STUDENT"))
    if os.path.isfile(names[at]):  # a sheet, where the number should stand
        raise Trouble(msg("name the student before the sheets: kurssi explain FILE STUDENT SHEET"))
    student = names.pop(at)
    graded = grade(request_of(names)._replace(reading=reading(map_, layout), as_of=parse_day(as_of), only=student))
    if graded.book is None:
        return graded.code
    if not graded.book.results:
        here.complain(_unknown(student, graded.book.class_list))
        return EXIT_FINDINGS
    book, result = graded.book, graded.book.results[0]
    wanted = needs(Grader(book.policy, book.class_list, as_of=parse_day(as_of)), result.student) if needed else []
    if format_ is Format.json:
        from kurssi.reports.json_report import document

        here.out_json(document(book, "explain", {"needed": needs_json(book, wanted)} if needed else None))
        return 0
    if format_ is Format.md:
        text = as_markdown(book, result, graded.words)
    else:
        width = here.width(sys.stdout) or 100
        text = as_text(book, result, graded.words, width)
    here.out(text)
    if needed:
        here.out("\n" + "\n".join(needs_lines(book, wanted, graded.words)))
    return 0
