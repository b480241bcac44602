"""What stands above a block while it is written: hours against the promise, and the grade in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from kurssi.diagnostics.finding import Path
from kurssi.diagnostics.message import Msg, Terms, msg
from kurssi.diagnostics.words import Words
from kurssi.planning.workload import Load, load_of

from .opened import Opened
from .sentences import SHORT, said

MOST_SIGNS = 180
"""A longer line is cut: who rests the pointer on the part reads all of it."""


class Lens(NamedTuple):
    """A line of text above a line of the file."""

    line: int
    text: str


def lenses(opened: Opened, words: Words) -> Iterator[Lens]:
    """All of them, in the order in which they are found; none for what has errors."""
    checked, document = opened.checked, opened.document
    if checked.file is None:
        return

    def line(path: Path) -> int:
        return document.place(path, key=True).line - 1

    load = load_of(checked.file)
    if load is not None:
        yield Lens(line(("workload",)), words.say(_hours(load)))
    if load is not None and load.sessions is not None:
        yield Lens(line(("schedule",)), words.say(_sessions(load)))
    for about in said(checked):
        text = about.text(words, SHORT)
        if len(text) > MOST_SIGNS:
            text = text[: text.rfind(" ", 0, MOST_SIGNS)] + " …"
        if text:
            yield Lens(line(about.path), text)


def _hours(load: Load) -> Terms:
    """The sum of the parts, the promise and the credits."""
    by_credits = msg(
        "by credits {n} h ({credits} × {each} h)", n=load.by_credits, credits=load.credits, each=load.hours_per_credit
    )
    said: list[Msg] = [msg("parts {n} h", n=load.total)] if load.rows else []
    if load.declared is not None:
        said.append(msg("promised {n} h", n=load.declared))
    if load.rows and load.difference is not None:
        said.append(_difference(load))
    return Terms([*said, by_credits], " · ")


def _difference(load: Load) -> Msg:
    assert load.difference is not None  # noqa: S101 - who asks has looked
    if not load.difference:
        return msg("matches the sum")
    if load.difference > 0:
        return msg("{n} h missing", n=load.difference)
    return msg("{n} h too many", n=-load.difference)


def _sessions(load: Load) -> Terms:
    said = [msg("sessions {n} h", n=load.sessions)]
    if load.contact is not None:
        said.append(msg("contact teaching {n} h", n=load.contact))
        said.append(msg("as in the workload") if load.contact == load.sessions else msg("differs from the workload"))
    return Terms(said, " · ")
