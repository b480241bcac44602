"""``kurssi grade --since report.json``: what moved since an earlier report."""

from __future__ import annotations

import shutil
import sys

from kurssi.cli import session
from kurssi.cli.session import EXIT_TROUBLE, Trouble
from kurssi.diagnostics.message import msg
from kurssi.diagnostics.words import Words
from kurssi.gradebook.gradebook import Gradebook
from kurssi.reports.json_report import document
from kurssi.reports.lists import written
from kurssi.reports.lists.since import Since, as_data, listing, since
from kurssi.verification.report import NotAReport


def read_since(path: str) -> bytes | int:
    """The report, or an exit code where it cannot be read: asked for before anything is graded."""
    raw = session.current.read(path)
    return EXIT_TROUBLE if raw is None else raw


def what_moved(path: str, raw: bytes, book: Gradebook) -> Since:
    """What moved since the report. Raises :class:`Trouble` where it is none of this implementation."""
    try:
        return since(path, raw, book)
    except NotAReport as no:
        raise Trouble(msg("{path}: {problem}", path=path, problem=no.message)) from None


def show_moved(found: Since, book: Gradebook, words: Words, format_: str) -> None:
    """Prints what moved below the class, in the same format; beside CSV, which holds one table, to standard error."""
    here = session.current
    shown = listing(found, book, words)
    if format_ == "json":
        here.out_json(document(book, more={"since": as_data(found)}))
    elif not found.moved:
        here.note(msg("no grade moved since {report}", report=found.report))
    elif format_ == "md":
        here.out_data(("\n" + written.as_markdown(shown).replace("# ", "## ", 1)).encode())
    elif format_ == "csv":
        here.err(written.as_text(shown))
    else:
        here.out("\n" + written.as_text(shown, shutil.get_terminal_size().columns if sys.stdout.isatty() else None))
