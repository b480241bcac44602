"""``kurssi grade --figures`` and ``--since``: what is shown and reported beside the grades."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, NamedTuple

from kurssi.cli import incoming, session
from kurssi.cli.outputs import WRITERS, changed, suffix, write_one
from kurssi.cli.session import Trouble
from kurssi.diagnostics.message import msg
from kurssi.diagnostics.words import Words
from kurssi.gradebook.gradebook import Gradebook
from kurssi.reports import class_figures
from kurssi.reports.class_figures import Figures
from kurssi.reports.lists import since as since_report
from kurssi.reports.lists import written
from kurssi.reports.lists.since import Since
from kurssi.verification.report import NotAReport


class Asked(NamedTuple):
    """What somebody wants beside the grades."""

    figures: bool
    report: str | None
    """The earlier report, and its bytes."""
    raw: bytes = b""

    def of(self, book: Gradebook, words: Words) -> Beside:
        """It for a class. Raises :class:`Trouble` where the earlier report is none of this implementation."""
        moved = None
        if self.report is not None:
            try:
                moved = since_report.since(self.report, self.raw, book)
            except NotAReport as no:
                raise Trouble(msg("{path}: {problem}", path=self.report, problem=no.message)) from None
        return Beside(book, words, Figures.of(book) if self.figures else None, moved)


def asked(figures: bool, report: str | None) -> Asked | None:
    """The wish, with the earlier report read; ``None`` where that cannot be opened, which has been said."""
    raw = b"" if report is None else session.current.read(report)
    return None if raw is None else Asked(figures, report, raw)


def say_moved(book: Gradebook, paths: Sequence[str]) -> None:
    """Whose grade moved since each of these files, where it is a report of this implementation; said in short."""
    for path in paths:
        if (raw := incoming.whole_file(path)) is not None:
            with suppress(NotAReport):
                session.current.note(since_report.in_short(since_report.since(path, raw, book)))


class Beside(NamedTuple):
    """A class, and what stands beside its grades."""

    book: Gradebook
    words: Words
    figures: Figures | None
    moved: Since | None

    def show(self, format_: str) -> None:
        """What is printed below the table; beside CSV, which holds one table, on standard error."""
        here = session.current
        if format_ in ("json", "md"):  # which have it in themselves
            return
        say = here.out if format_ == "text" else here.err
        width = here.width(sys.stdout)
        if self.figures is not None:
            color = here.paint(sys.stdout).on and format_ == "text"
            say("\n" + class_figures.as_text(self.figures, self.book, self.words, width, color))
        if self.moved is None:
            return
        if not self.moved.moved:
            here.note(since_report.in_short(self.moved))
        else:
            say("\n" + written.as_text(since_report.listing(self.moved, self.book, self.words), width))

    def report(self, kind: str) -> bytes:
        """A report by its suffix, with all this in it; CSV holds one table and stays as it is."""
        match kind:
            case ".json":
                from kurssi.reports.json_report import document

                return document(self.book, more=self._data()).encode()
            case ".md":
                pieces = [WRITERS[kind](self.book, self.words)]
                if self.figures is not None:
                    pieces.append(class_figures.as_markdown(self.figures, self.book, self.words).encode())
                if self.moved is not None:
                    shown = since_report.listing(self.moved, self.book, self.words)
                    pieces.append(("\n#" + written.as_markdown(shown)).encode())
                return b"".join(pieces)
            case ".xlsx":
                from kurssi.reports.workbook import workbook

                return workbook(self.book, self.words, changed(self.book), self.figures)
            case _:
                return WRITERS[kind](self.book, self.words)

    def _data(self) -> dict[str, Any]:
        figures = {} if self.figures is None else {"figures": class_figures.as_data(self.figures)}
        return {**figures, **({} if self.moved is None else {"since": since_report.as_data(self.moved)})}

    def write_all(self, paths: Sequence[str], force: bool) -> int:
        """Writes every report that was asked for; one that cannot be written does not stop the others."""
        return max((write_one(path, self.report(suffix(path)), force) for path in paths), default=0)
