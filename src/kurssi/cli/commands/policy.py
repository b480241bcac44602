"""``kurssi policy``: what these rules can do, with witnesses, before anyone is graded."""

from __future__ import annotations

import shutil
import sys
from enum import StrEnum
from typing import Annotated

import typer

from kurssi.analysis.questions import analyse
from kurssi.analysis.sensitivity import near, what_if
from kurssi.cli import session
from kurssi.cli.grading import graded as grade
from kurssi.cli.inputs import assessed, find_implementation, is_implementation, parse_day
from kurssi.cli.options import AsOf, Force, Layout, Map, Output, Sheets, Strict, reading, tr
from kurssi.cli.outputs import refuse_others, suffix, write_text
from kurssi.cli.request import request_of
from kurssi.cli.session import EXIT_FINDINGS
from kurssi.course.model import ImplementationFile
from kurssi.course.yaml_reader import Document
from kurssi.diagnostics.finding import Severity
from kurssi.diagnostics.message import msg, nmsg
from kurssi.diagnostics.visible import json_text
from kurssi.diagnostics.words import Words
from kurssi.gradebook.gradebook import Gradebook
from kurssi.policy.model import Policy
from kurssi.reports import policy_report as report
from kurssi.reports.policy_outcomes import outcome_sections

HELP = msg(
    "Say what the rules of an assessment can do, before anyone is graded: what each grade takes, what fails a student, "
    "what lateness and activity can do, what each part really moves, and what the rules do that may not be meant. "
    "Every finding has an invented student for whom it happens. With a SHEET also of a class: who stands within reach "
    "of a better grade, and how grades move if a weight changes by 5 or a day of grace is added."
)
WRITES = (".md", ".html", ".json", ".txt")
WIDE = 100


class Format(StrEnum):
    """What goes to standard output."""

    text = "text"
    json = "json"
    md = "md"


def command(
    arguments: Sheets = None,
    format_: Annotated[Format, typer.Option("--format", help=tr("What is printed."))] = Format.text,
    output: Output = None,
    force: Force = False,
    strict: Strict = False,
    as_of: AsOf = None,
    map_: Map = None,
    layout: Layout = None,
) -> int:
    """Prints the policy card and the findings; fails with ``--strict`` where a finding is a warning."""
    here = session.current
    refuse_others("policy", output, WRITES)
    names = list(arguments or [])
    book: Gradebook | None = None
    if names and not (len(names) == 1 and is_implementation(names[0])):
        graded = grade(request_of(names)._replace(reading=reading(map_, layout), as_of=parse_day(as_of)))
        if graded.book is None:
            return graded.code
        book = graded.book
        page = Page(book.document, book.file, book.policy, here.report_words(book.file.implementation.language), book)
    else:
        name = names[0] if names else find_implementation()
        loaded = assessed(name, stopped=msg("nothing is analysed: {file} has errors in its assessment", file=name))
        if isinstance(loaded, int):
            return loaded
        checked, file, _ = loaded
        page = Page(checked.document, file, checked.policy, here.report_words(file.implementation.language))
    here.out_as(format_.value, page.written(format_.value))
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

    def __init__(
        self,
        document: Document,
        file: ImplementationFile,
        policy: Policy,
        words: Words,
        book: Gradebook | None = None,
    ) -> None:
        self.document = document
        self.words = words
        self.id = file.implementation.id
        self.title = f"{self.id}  {file.course.name}"
        self.analysis = analyse(policy)
        self.group: report.ClassView | None = None
        if book is not None:
            given = policy, book.class_list, book.results, book.as_of
            self.group = report.ClassView(len(book.results), tuple(near(*given)), tuple(what_if(*given)))

    def line(self, path: tuple[str | int, ...]) -> int:
        """Where a rule stands."""
        return self.document.place(path, key=True).line

    def written(self, kind: str, width: int | None = None) -> str:
        """The report as text, ``md``, ``html`` or ``json``."""
        words, analysis = self.words, self.analysis
        if kind == "json":
            from kurssi.reports.policy_json import class_data, document

            out = document(analysis, self.id, self.document.name, self.line, session.current.words)
            if self.group is not None:
                out["class"] = class_data(self.group)
            return json_text(out)
        name = self.document.name.replace("\\", "/").rpartition("/")[2]
        findings = [report.shown(analysis, c, f"{name}:{self.line(c.path)}", words) for c in analysis.claims]
        found, undecided = report.sections(analysis, words), report.undecided(analysis, words)
        found += outcome_sections(analysis, words)
        if self.group is not None:
            found += report.class_sections(analysis.policy, self.group, words)
        if kind == "md":
            return report.as_markdown(self.title, found, findings, undecided, words)
        if kind == "html":
            from kurssi.reports.policy_page import as_html

            return as_html(self.title, found, findings, undecided, words).decode()
        terminal = shutil.get_terminal_size().columns if sys.stdout.isatty() else WIDE
        return report.as_text(self.title, found, findings, undecided, words, width or min(WIDE, terminal))
