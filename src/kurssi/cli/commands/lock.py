"""``kurssi lock``: a small file that proves what was graded from what."""

from __future__ import annotations

import os

from kurssi.cli import session
from kurssi.cli.grading import graded as grade
from kurssi.cli.inputs import parse_day
from kurssi.cli.options import AsOf, Force, Layout, Map, Output, Sheets, reading
from kurssi.cli.outputs import write_text
from kurssi.cli.request import request_of
from kurssi.cli.session import Trouble
from kurssi.diagnostics.message import msg, nmsg
from kurssi.gradebook.gradebook import Gradebook, kinds_of
from kurssi.gradebook.lock import LockedFile, as_text, lock_of

HELP = msg(
    "Write a small text file that proves what was graded from what: hashes of the implementation, the sheets and the "
    "overrides, the version, the rules, and the grade of each student number. kurssi verify LOCK fails when a grade "
    "would now be different, and says whose and why. FILE and SHEET as in kurssi grade."
)


def command(
    arguments: Sheets = None,
    output: Output = None,
    force: Force = False,
    as_of: AsOf = None,
    map_: Map = None,
    layout: Layout = None,
) -> int:
    """Writes the lock to ``-o``, or prints it."""
    here = session.current
    until = parse_day(as_of)
    graded = grade(request_of(arguments or [])._replace(reading=reading(map_, layout), as_of=until))
    if graded.book is None:
        return graded.code
    book = graded.book
    if any(file.path == "<stdin>" for file in book.inputs):
        raise Trouble(msg("standard input cannot be locked: name a file"))
    options = [("as-of", until.isoformat())] if until else []
    options += [("map", text) for text in map_ or []] + [("layout", text) for text in layout or []]
    for text in (book.id, *(file.path for file in book.inputs), *(text for _, text in options)):
        if not text.isprintable():  # a lock is lines of text
            raise Trouble(
                msg("{text} cannot stand in a lock: give it a name of letters that can be printed", text=text)
            )
    code = 0
    for path in output or []:
        text = as_text(lock_of(book, files(book, os.path.dirname(path)), options))
        code = max(code, write_text(path, text, force))
    if not output:
        here.out_data(as_text(lock_of(book, files(book, ""), options)).encode())
    if code == 0:
        here.note(nmsg("{n} grade locked", "{n} grades locked", n=len(book.results)))
    return code


def files(book: Gradebook, folder: str) -> list[LockedFile]:
    """The files that the class was graded from, with their paths from ``folder``."""
    kinds = kinds_of([file.path for file in book.inputs])
    return [
        LockedFile(kind, _from(folder, file.path), file.sha256) for kind, file in zip(kinds, book.inputs, strict=True)
    ]


def _from(folder: str, path: str) -> str:
    try:
        return os.path.relpath(path, folder or ".").replace("\\", "/")
    except ValueError:  # another drive
        return os.path.abspath(path).replace("\\", "/")
