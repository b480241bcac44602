"""``kurssi policy``: what these rules can do, with witnesses, before anyone is graded."""

from __future__ import annotations

import json
import shutil
import sys
from enum import StrEnum
from typing import Annotated

import typer

from kurssi.analysis import analyse
from kurssi.check import Checked
from kurssi.findings import Severity
from kurssi.messages import msg, nmsg
from kurssi.policy import resolve
from kurssi.reports import policy_report as report
from kurssi.words import Words

from . import session
from .grading import assessed, find_implementation
from .options import Force, Output, Strict, tr
from .outputs import suffix, write_text
from .session import EXIT_FINDINGS, Trouble

HELP = msg(
    "Say what the rules of an assessment can do, before anyone is graded: what each grade takes, what fails a student, "
    "what lateness and activity can do, what each part really moves, and what the rules do that may not be meant. "
    "Every finding has an invented student for whom it happens."
)
WRITES = (".md", ".html", ".json", ".txt")
WIDE = 100


class Format(StrEnum):
    """What goes to standard output."""

    text = "text"
    json = "json"
    md = "md"


def command(
    file: Annotated[
        str | None, typer.Argument(help=tr("The implementation file."), metavar="FILE", show_default=False)
    ] = None,
    format_: Annotated[Format, typer.Option("--format", help=tr("What is printed."))] = Format.text,
    output: Output = None,
    force: Force = False,
    strict: Strict = False,
) -> int:
    """Prints the policy card and the findings; fails with ``--strict`` where a finding is a warning."""
    here = session.current
    for path in output or []:
        if suffix(path) not in WRITES:
            known = ", ".join(WRITES)
            raise Trouble(msg("kurssi policy cannot write {path}; it writes {suffixes}", path=path, suffixes=known))
    name = file or find_implementation()
    loaded = assessed(name, stopped=msg("nothing is analysed: {file} has errors in its assessment", file=name))
    if isinstance(loaded, int):
        return loaded
    checked, implementation, _ = loaded
    page = Page(checked, here.report_words(implementation.implementation.language))
    here.out(page.written(format_.value))
    code = 0
    for path in output or []:
        kind = {".txt": "text"}.get(suffix(path), suffix(path)[1:])
        code = max(code, write_text(path, page.written(kind, WIDE), force))
    findings = page.analysis.claims
    warnings = sum(claim.severity >= Severity.warning for claim in findings)
    here.note(nmsg("{n} finding", "{n} findings", n=len(findings)))
    return code or (EXIT_FINDINGS if strict and warnings else 0)


class Page:
    """The report of one policy, in every form it is written in."""

    def __init__(self, checked: Checked, words: Words) -> None:
        if checked.file is None:
            raise ValueError("the file has no shape")
        self.checked = checked
        self.words = words
        self.id = checked.file.implementation.id
        self.title = f"{self.id}  {checked.file.course.name}"
        self.analysis = analyse(resolve(checked.file))

    def line(self, path: tuple[str | int, ...]) -> int:
        """Where a rule stands."""
        return self.checked.document.place(path, key=True).line

    def written(self, kind: str, width: int | None = None) -> str:
        """The report as text, ``md``, ``html`` or ``json``."""
        words, analysis = self.words, self.analysis
        if kind == "json":
            from kurssi.reports.policy_machine import document

            out = document(analysis, self.id, self.checked.document.name, self.line, session.current.words)
            return json.dumps(out, ensure_ascii=False, indent=2)
        name = self.checked.document.name.replace("\\", "/").rpartition("/")[2]
        findings = [report.shown(analysis, c, f"{name}:{self.line(c.path)}", words) for c in analysis.claims]
        found, undecided = report.sections(analysis, words), report.undecided(analysis, words)
        if kind == "md":
            return report.as_markdown(self.title, found, findings, undecided, words)
        if kind == "html":
            from kurssi.reports.policy_page import as_html

            return as_html(self.title, found, findings, undecided, words).decode()
        terminal = shutil.get_terminal_size().columns if sys.stdout.isatty() else WIDE
        return report.as_text(self.title, found, findings, undecided, words, width or min(WIDE, terminal))
