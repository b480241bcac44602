"""Reports as files: the writer for each suffix, imported when it is used."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from kurssi.diagnostics.message import Msg, msg
from kurssi.diagnostics.visible import visible
from kurssi.diagnostics.words import Words

from . import files, session
from .files import Content, NotWritten
from .session import Trouble

if TYPE_CHECKING:
    from kurssi.gradebook.gradebook import Gradebook


MOST_SHOWN = 5000
"""A class of so many students is not shown as a table: nobody reads it, and writing it takes longer than grading."""


MOST_OF_A_CALENDAR = 1 << 22
"""A calendar that is larger is none of kurssi's, and nothing of it is carried on into the one that replaces it."""
SHOWN = (".md", ".txt")
"""Files that are text to be read: no sign in them is hidden."""


def not_shown(students: int, written: bool) -> Msg:
    """What stands instead of the table of a class that is too large for a screen."""
    if written:
        return msg("a table of {n} students is not shown: it is in the file", n=students)
    return msg("a table of {n} students is not shown: write it to a file, with -o class.csv", n=students)


def write_all(book: Gradebook, words: Words, paths: Sequence[str], force: bool) -> int:
    """Writes every report that was asked for; one that cannot be written does not stop the others."""
    return max((write_one(path, WRITERS[suffix(path)](book, words), force) for path in paths), default=0)


def write_text(path: str, text: str, force: bool) -> int:
    """Writes a text file and says so; the result is an exit code."""
    return write_one(path, (text if text.endswith("\n") else text + "\n").encode("utf-8", "backslashreplace"), force)


def write_one(path: str, data: Content, force: bool) -> int:
    """Writes one file and says so; the result is an exit code."""
    return write_together({path: data}, force)


def write_together(made: Mapping[str, Content], force: bool) -> int:
    """Writes all of these files or none, and says so; the result is an exit code."""
    here = session.current
    try:
        files.write_all({path: _shown(path, data) for path, data in made.items()}, force=force)
    except NotWritten as problem:
        here.complain(problem.message)
        return session.EXIT_TROUBLE
    for path in made:
        here.note(msg("written: {path}", path=path))
    return 0


def _shown(path: str, data: Content) -> Content:
    return visible(data.decode()).encode() if isinstance(data, bytes) and suffix(path) in SHOWN else data


def suffix(path: str) -> str:
    """The suffix of a file's name with its dot, in small letters."""
    return "." + path.rpartition(".")[2].lower() if "." in path else ""


def refuse_others(command: str, paths: Iterable[str] | None, known: Iterable[str]) -> None:
    """Raises :class:`Trouble` for the first file of ``-o`` whose suffix the command has no writer for."""
    suffixes = list(known)
    for path in paths or ():
        if suffix(path) not in suffixes:
            raise Trouble(
                msg(
                    "kurssi {command} cannot write {path}; it writes {suffixes}",
                    command=command,
                    path=path,
                    suffixes=", ".join(suffixes),
                )
            )


def _json(book: Gradebook, words: Words) -> bytes:  # noqa: ARG001 - JSON has one language
    from kurssi.reports.json_report import document

    return document(book).encode()


def _csv(book: Gradebook, words: Words) -> bytes:
    from kurssi.reports.csv_and_markdown import as_csv

    return as_csv(book, words)


def _markdown(book: Gradebook, words: Words) -> bytes:
    from kurssi.reports.csv_and_markdown import as_markdown

    return as_markdown(book, words).encode()


def _workbook(book: Gradebook, words: Words) -> bytes:
    from kurssi.reports.workbook import workbook

    return workbook(book, words, changed(book))


def _page(book: Gradebook, words: Words) -> bytes:
    from kurssi.reports.class_page import as_html

    return as_html(book, words)


def changed(book: Gradebook) -> dict[str, datetime]:
    """When each file that was read was last changed, by its path. What is not a file has no such time."""
    times = {}
    for read in book.inputs:
        with suppress(OSError, OverflowError, ValueError):
            times[read.path] = datetime.fromtimestamp(int(os.stat(read.path).st_mtime), UTC)
    return times


WRITERS = {".json": _json, ".csv": _csv, ".md": _markdown, ".xlsx": _workbook, ".html": _page}
