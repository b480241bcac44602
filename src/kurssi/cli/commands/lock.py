"""``kurssi lock``: a small file that records what was graded from what, and may be signed."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Annotated, NamedTuple

import typer

from kurssi.cli import session
from kurssi.cli.grading import graded as grade
from kurssi.cli.inputs import parse_day
from kurssi.cli.options import AsOf, Force, Layout, Map, Output, Sheets, reading, tr
from kurssi.cli.outputs import write_text
from kurssi.cli.request import request_of
from kurssi.cli.session import Trouble
from kurssi.diagnostics.message import msg, nmsg
from kurssi.gradebook.gradebook import Gradebook, kinds_of
from kurssi.gradebook.lock import LockedFile, as_text, lock_of, with_signature
from kurssi.gradebook.rectification_log import Link, chain

from .requests import read_log, say_due

HELP = msg(
    "Write a small text file that records what was graded from what: hashes of the implementation, the sheets and the "
    "overrides, the version, the rules, the grade of each student number, and who set a grade by hand. kurssi verify "
    "LOCK grades again from the same files and says whose grade would now be different, and why. The lock's seal shows "
    "damage, not forgery: whoever can make a lock can make another. With --sign it also shows whose key made it. FILE "
    "and SHEET as in kurssi grade."
)

Sign = Annotated[
    str | None,
    typer.Option(
        "--sign",
        help=tr("Sign the lock with this SSH key, by ssh-keygen: made with ssh-keygen -t ed25519 -f KEY."),
        metavar="KEY",
        show_default=False,
    ),
]


Told = Annotated[
    str | None,
    typer.Option(
        "--told",
        help=tr("The day on which the results were told: from it the time to ask for rectification is counted."),
        metavar="DATE",
        show_default=False,
    ),
]


def command(
    arguments: Sheets = None,
    output: Output = None,
    force: Force = False,
    as_of: AsOf = None,
    map_: Map = None,
    layout: Layout = None,
    sign: Sign = None,
    told: Told = None,
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
    day = parse_day(told, "--told")
    log = read_log(book)
    if isinstance(log, int):
        return log
    extra = Extra(None if day is None else day.isoformat(), None if log is None else chain(log))
    code = 0
    for path in output or []:
        text = _text(book, os.path.dirname(path), options, sign, extra)
        code = max(code, write_text(path, text, force))
    if not output:
        here.out_data(_text(book, "", options, sign, extra).encode())
    if code == 0:
        here.note(nmsg("{n} grade locked", "{n} grades locked", n=len(book.results)))
        say_due(day, log)
    return code


class Extra(NamedTuple):
    """What a lock holds of rectification: the day on which results were told, and the chain of requests."""

    told: str | None
    requests: tuple[Link, ...] | None


def _text(book: Gradebook, folder: str, options: Sequence[tuple[str, str]], key: str | None, extra: Extra) -> str:
    """The lock as a file in ``folder`` holds it, signed where there is a key."""
    text = as_text(lock_of(book, files(book, folder), options, *extra))
    if key is None:
        return text
    from kurssi.cli.signatures import sign  # starts programs, which no other lock needs

    return with_signature(text, sign(text.encode(), key))


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
