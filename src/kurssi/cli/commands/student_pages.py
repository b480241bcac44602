"""``kurssi grade --feedback DIR``: one page per student, in a folder."""

from __future__ import annotations

from datetime import date

from kurssi.cli import session
from kurssi.cli.files import NotWritten, write_folder
from kurssi.cli.session import EXIT_TROUBLE
from kurssi.diagnostics.message import msg, nmsg
from kurssi.diagnostics.words import Words
from kurssi.gradebook.gradebook import Gradebook
from kurssi.reports.student_page import student_pages


def write_pages(book: Gradebook, words: Words, folder: str, given: date | None, force: bool) -> int:
    """Writes the pages, all or none of them; the result is the exit code."""
    here = session.current
    day = given or date.today()  # noqa: DTZ011 - the day of the teacher's calendar
    pages = student_pages(book, words, day, given is None)
    try:
        write_folder(folder, pages, force=force)
    except NotWritten as problem:
        here.complain(problem.message)
        return EXIT_TROUBLE
    here.note(nmsg("written: {path}, {n} page", "written: {path}, {n} pages", n=len(pages), path=folder))
    if given is None:
        here.note(msg("the pages count the days from today, {day}; --date gives another day", day=day))
    return 0
