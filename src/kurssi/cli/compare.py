"""``kurssi compare``: two runs of a course side by side."""

from __future__ import annotations

import shutil
import sys
from enum import StrEnum
from typing import Annotated

import typer

from kurssi import render
from kurssi.check import check
from kurssi.comparing import compare
from kurssi.findings import Severity
from kurssi.messages import msg
from kurssi.model import ImplementationFile
from kurssi.reports import comparison
from kurssi.words import Words

from . import session
from .options import Force, Output, tr
from .outputs import suffix, write_text
from .session import EXIT_FINDINGS, EXIT_TROUBLE, Trouble

HELP = msg("Say what changed from one run of a course to another: dates, hours, sessions, weights, rules, texts.")


class Format(StrEnum):
    """How the changes are printed."""

    text = "text"
    json = "json"
    md = "md"


WIDE = 100
"""Text is wrapped to this many columns, or to fewer on a narrow terminal."""


def command(
    old: Annotated[str, typer.Argument(help=tr("The earlier run."), metavar="OLD")],
    new: Annotated[str, typer.Argument(help=tr("The later run."), metavar="NEW")],
    format_: Annotated[Format, typer.Option("--format", help=tr("How the changes are printed."))] = Format.text,
    output: Output = None,
    force: Force = False,
) -> int:
    """Prints what changed; fails where one of the files cannot be read."""
    here = session.current
    for path in output or []:
        if suffix(path) not in (".md", ".json", ".txt"):
            known = ".md, .json, .txt"
            raise Trouble(msg("kurssi compare cannot write {path}; it writes {suffixes}", path=path, suffixes=known))
    files = [_read(path) for path in (old, new)]
    before, after = files
    if before is None or after is None:
        return EXIT_TROUBLE if here.failed_to_open else EXIT_FINDINGS
    words = here.report_words(after.implementation.language)
    changes = compare(before, after)
    width = min(WIDE, shutil.get_terminal_size().columns) if sys.stdout.isatty() else WIDE

    def written(kind: str, words: Words) -> str:
        if kind == "json":
            return comparison.as_json(changes, before, after, words)
        if kind == "md":
            return comparison.as_markdown(changes, before, after, words)
        return comparison.as_text(changes, before, after, words, width)

    here.out(written(format_.value, words))
    code = 0
    for path in output or []:
        code = max(code, write_text(path, written(suffix(path)[1:], words), force))
    here.note(comparison.summary(changes))
    return code


def _read(path: str) -> ImplementationFile | None:
    """The typed file; where it cannot be read, its findings on standard error."""
    here = session.current
    raw = here.read(path)
    if raw is None:
        return None
    checked = check(raw, "<stdin>" if path == "-" else path)
    if checked.file is None:
        errors = [f for f in checked.findings if f.severity is Severity.error]
        sources = {checked.document.name: checked.document.lines}
        sys.stderr.write(render.text(errors, sources, here.words, here.paint(sys.stderr)) + "\n")
    return checked.file
