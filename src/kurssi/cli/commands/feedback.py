"""``kurssi feedback``: what students said of the course, in figures."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from enum import StrEnum
from hashlib import sha256
from typing import Annotated

import typer

from kurssi.cli import session
from kurssi.cli.options import Force, Output, tr
from kurssi.cli.outputs import refuse_others, suffix, write_one
from kurssi.cli.session import Trouble
from kurssi.diagnostics.finding import Finding, limited
from kurssi.diagnostics.message import Wrong, msg
from kurssi.diagnostics.renderers.json_finding import as_json as finding_as_json
from kurssi.diagnostics.renderers.text import as_text as findings_as_text
from kurssi.diagnostics.visible import json_text, visible
from kurssi.reports.course_feedback import (
    as_json,
    as_markdown,
    as_text,
    inputs_json,
    side_by_side_markdown,
    side_by_side_text,
)
from kurssi.surveys.figures import Survey
from kurssi.surveys.reading import Said, read_said, read_surveys
from kurssi.values.classlist import Input

HELP = msg(
    "Sum up course feedback: NPS, CES, statements, choices and open answers. Each SHEET is a CSV file or workbook with "
    "one row per answer, as Microsoft Forms, Webropol and others export it. Columns that look like a person's identity "
    "are left out, and nothing is shown of fewer than three answers."
)
WRITES = (".html", ".md", ".json")


class Format(StrEnum):
    """What goes to standard output."""

    text = "text"
    json = "json"
    md = "md"


def command(
    sheets: Annotated[
        list[str], typer.Argument(help=tr("Sheets with answers; - reads standard input."), metavar="SHEET")
    ],
    format_: Annotated[Format, typer.Option("--format", help=tr("What is printed."))] = Format.text,
    column: Annotated[
        list[str] | None,
        typer.Option(
            "--column",
            help=tr(
                "What a column is: HEADER=nps, ces, 1-5, open, choice, number or skip; a letter may stand for HEADER."
            ),
            metavar="HEADER=KIND",
            show_default=False,
        ),
    ] = None,
    invited: Annotated[
        int | None,
        typer.Option(
            "--invited", help=tr("How many were asked, for the response rate."), metavar="N", min=1, show_default=False
        ),
    ] = None,
    output: Output = None,
    force: Force = False,
) -> int:
    """Prints the figures, and writes a page for every ``-o``."""
    here = session.current
    refuse_others("feedback", output, WRITES)
    sources = []
    for path in sheets:
        raw = here.read(path)
        if raw is not None:
            sources.append(("<stdin>" if path == "-" else path, raw))
    surveys, findings, unknown = read_surveys(sources, _said(column or []))
    for header in sorted(unknown):
        raise Trouble(msg("no sheet has a column “{header}”, which --column names", header=header))
    if findings:
        here.err(findings_as_text(limited(findings), {}, here.words, here.paint(sys.stderr)) + "\n")
    inputs = [Input(name, sha256(raw).hexdigest()) for name, raw in sources]
    text = _shown(surveys, findings, inputs, invited, format_.value)
    here.out_as(format_.value, text)
    code = here.exit_code(findings)
    for path in output or []:
        code = max(code, write_one(path, _file(suffix(path), surveys, findings, inputs, invited), force))
    return code


def _said(texts: Sequence[str]) -> dict[str, Said]:
    try:
        return dict(read_said(text) for text in texts)
    except Wrong as wrong:
        raise Trouble(msg("{problem}; {hint}", problem=wrong.message, hint=wrong.hint)) from None


def _shown(
    surveys: Sequence[Survey], findings: Sequence[Finding], inputs: Sequence[Input], invited: int | None, kind: str
) -> str:
    here = session.current
    if kind == "json":
        document = {
            "kurssi": 1,
            "command": "feedback",
            "inputs": inputs_json(inputs),
            "surveys": [as_json(survey, invited) for survey in surveys],
            "findings": [finding_as_json(f, here.words) for f in findings],
        }
        return json_text(document)
    surveys = _short(surveys)
    if kind == "md":
        pages = [as_markdown(survey, invited, here.words) for survey in surveys]
        return visible("\n".join(filter(None, [*pages, side_by_side_markdown(surveys, here.words)])))
    width = min(shutil.get_terminal_size().columns, 100) if sys.stdout.isatty() else 80
    blocks = [as_text(survey, invited, here.words, width) for survey in surveys]
    return visible("\n".join(filter(None, [*blocks, side_by_side_text(surveys, here.words, width)])))


def _short(surveys: Sequence[Survey]) -> list[Survey]:
    """The surveys under their files' names alone, where these tell them apart: a page is passed on, a path is not."""
    paths = {survey.file: os.path.basename(survey.file) for survey in surveys}
    clear = len(set(paths.values())) == len(paths)
    return [survey._replace(file=paths[survey.file]) if clear else survey for survey in surveys]


def _file(
    kind: str, surveys: Sequence[Survey], findings: Sequence[Finding], inputs: Sequence[Input], invited: int | None
) -> bytes:
    if kind == ".html":
        from kurssi.reports.course_feedback_page import as_html

        return as_html(_short(surveys), invited, session.current.words)
    return _shown(surveys, findings, inputs, invited, kind.lstrip(".")).encode("utf-8", "backslashreplace")
