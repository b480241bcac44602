"""``kurssi grade --list``: what a teacher hands on."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from datetime import date

from kurssi.cli import session
from kurssi.cli.grading import graded as grade
from kurssi.cli.grading import has_log
from kurssi.cli.inputs import parse_day
from kurssi.cli.outputs import suffix, write_one
from kurssi.cli.request import request_of
from kurssi.cli.session import EXIT_FINDINGS, Trouble
from kurssi.diagnostics.message import msg
from kurssi.diagnostics.words import Words
from kurssi.gradebook.gradebook import Gradebook
from kurssi.reports.lists import Listing, NotListed, written
from kurssi.reports.lists.peppi import peppi
from kurssi.reports.lists.public import public
from kurssi.reports.lists.sisu import sisu
from kurssi.reports.rows import summary
from kurssi.sheets import Reading

from .requests import say_requests

WRITERS: dict[str, Callable[[Listing, Gradebook, Words], bytes]] = {
    ".csv": lambda listing, _, words: written.as_csv(listing, words),
    ".md": lambda listing, _, __: written.as_markdown(listing).encode(),
    ".json": lambda listing, book, _: written.as_json(listing, book).encode(),
    ".xlsx": lambda listing, _, words: written.as_workbook(listing, words),
}


def hand_on(
    name: str,
    arguments: Sequence[str],
    reading: Reading,
    format_: str,
    output: Sequence[str],
    force: bool,
    as_of: str | None,
    day: str | None,
    with_numbers: bool,
) -> int:
    """Grades the class and writes the list: to the screen, and to a file for every ``-o``."""
    here = session.current
    suffixes = [".csv"] if name == "sisu" else list(WRITERS)
    for path in output:
        if suffix(path) not in suffixes:
            known = ", ".join(suffixes)
            raise Trouble(msg("this list cannot be written as {path}, only as {suffixes}", path=path, suffixes=known))
    if any(os.path.isdir(path) for path in arguments):
        raise Trouble(msg("a list is made of one implementation at a time; name its file"))
    if with_numbers and name != "public":
        raise Trouble(msg("--with-numbers belongs to --list public"))
    if day is not None and name != "sisu":
        raise Trouble(msg("--date belongs to --list sisu"))
    assessed = parse_day(day, "--date") or date.today()  # noqa: DTZ011 - the day of the teacher's calendar
    graded = grade(request_of(arguments)._replace(reading=reading, as_of=parse_day(as_of)))
    if graded.book is None:
        return graded.code
    book, words = graded.book, graded.words
    try:
        if name == "sisu":
            listing = sisu(book, words, assessed)
        else:
            listing = peppi(book, words) if name == "peppi" else public(book, words, numbers=with_numbers)
    except NotListed as problem:
        here.complain(problem.message)
        return EXIT_FINDINGS
    if format_ == "text" and name == "sisu":
        format_ = "csv"  # what Sisu reads is the list
    if format_ == "text":
        width = here.width(sys.stdout)
        here.out(written.as_text(listing, width))
    else:
        here.out_data(WRITERS["." + format_](listing, book, words))
    if name != "public":  # which leaves out counts that would stand here
        here.note(summary(book, here.words))
    if name == "sisu" and day is None:
        here.note(msg("the day of assessment is today, {day}; --date gives another", day=assessed))
    for remark in listing.remarks:
        here.note(remark)
    code = 0
    for path in output:
        code = max(code, write_one(path, WRITERS[suffix(path)](listing, book, words), force))
    if name != "public" and has_log(book):
        code = max(code, say_requests(book))
    return code
