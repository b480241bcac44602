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
)
from kurssi.reports.course_feedback_runs import runs_json, runs_markdown, runs_text
from kurssi.surveys.figures import LEAST, Survey
from kurssi.surveys.reading import Asked, Said, read_said, read_scale, read_surveys
from kurssi.values.classlist import Input

HELP = msg(
    "Sum up course feedback: NPS, CES, statements, choices and open answers. Each SHEET is a CSV file or workbook with "
    "one row per answer, as Microsoft Forms, Webropol and others export it. Columns that look like a person's identity "
    "are left out, and nothing is shown of fewer than three answers. Several sheets, earlier runs first, are also set "
    "side by side. --template writes the questionnaire."
)
_MOST_STEPS = 10
"""A scale of statements has hardly more."""
WRITES = (".html", ".md", ".json")
TEMPLATE_WRITES = (".txt", ".xlsx")


class Format(StrEnum):
    """What goes to standard output."""

    text = "text"
    json = "json"
    md = "md"


class Ces(StrEnum):
    """In which wording the questionnaire asks CES."""

    effort = "effort"
    ease = "ease"


Sheets = Annotated[
    list[str] | None,
    typer.Argument(help=tr("Sheets with answers; - reads standard input."), metavar="SHEET", show_default=False),
]
Column = Annotated[
    list[str] | None,
    typer.Option(
        "--column",
        help=tr(
            "What a column is: HEADER=nps, ces (effort), ces-ease, 1-5, open, choice, number or skip; a letter may "
            "stand for HEADER."
        ),
        metavar="HEADER=KIND",
        show_default=False,
    ),
]
ScaleOption = Annotated[
    str | None,
    typer.Option(
        "--scale",
        help=tr("The scale of statements whose header names none, such as 1-5."),
        metavar="SCALE",
        show_default=False,
    ),
]
Invited = Annotated[
    int | None,
    typer.Option(
        "--invited", help=tr("How many were asked, for the response rate."), metavar="N", min=1, show_default=False
    ),
]
Least = Annotated[
    int, typer.Option("--least", help=tr("Show nothing that fewer persons than this wrote."), metavar="N", min=LEAST)
]
WordsOnly = Annotated[
    bool, typer.Option("--words-only", help=tr("Of open answers show only the words that enough of them have."))
]
Hide = Annotated[
    list[str] | None,
    typer.Option(
        "--hide",
        help=tr("A name that no answer may show, such as a teacher's, with any ending."),
        metavar="NAME",
        show_default=False,
    ),
]
Template = Annotated[
    Ces | None,
    typer.Option(
        "--template",
        help=tr(
            "Write the questionnaire, with CES asked as effort or as ease, as text or to -o FILE.txt or FILE.xlsx."
        ),
        show_default=False,
    ),
]


def command(
    sheets: Sheets = None,
    format_: Annotated[Format, typer.Option("--format", help=tr("What is printed."))] = Format.text,
    column: Column = None,
    scale: ScaleOption = None,
    invited: Invited = None,
    least: Least = LEAST,
    words_only: WordsOnly = False,
    hide: Hide = None,
    template: Template = None,
    output: Output = None,
    force: Force = False,
) -> int:
    """Prints the figures, and writes a page for every ``-o``."""
    steps = _scale(scale)
    if template is not None:
        return _template(template, steps, sheets or [], output or [], force)
    if not sheets:
        raise Trouble(msg("kurssi feedback needs a sheet with answers, or --template for the questionnaire"))
    here = session.current
    refuse_others("feedback", output, WRITES)
    sources = []
    for path in sheets:
        raw = here.read(path)
        if raw is not None:
            sources.append(("<stdin>" if path == "-" else path, raw))
    asked = Asked(_said(column or []), steps, hide or [], least, words_only)
    surveys, findings, unknown = read_surveys(sources, asked)
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


def _template(
    ces: Ces, scale: tuple[int, int] | None, sheets: Sequence[str], output: Sequence[str], force: bool
) -> int:
    """Prints the questionnaire, or writes it where ``-o`` says."""
    from kurssi.reports.questionnaire import as_text as questions_as_text
    from kurssi.reports.questionnaire import as_workbook
    from kurssi.surveys.questionnaire import questionnaire

    here = session.current
    if sheets:
        raise Trouble(msg("--template takes no sheet: it writes the questionnaire before there are answers"))
    refuse_others("feedback --template", output, TEMPLATE_WRITES)
    questions = questionnaire(ces.value, scale)
    text = questions_as_text(questions, here.words)
    if not output:
        here.out(text)
    code = 0
    for path in output:
        data = as_workbook(questions, here.words) if suffix(path) == ".xlsx" else text.encode()
        code = max(code, write_one(path, data, force))
    return code


def _scale(text: str | None) -> tuple[int, int] | None:
    steps = read_scale(text) if text is not None else None
    if text is not None and (steps is None or steps[1] - steps[0] > _MOST_STEPS):
        raise Trouble(msg("--scale takes a lowest and a highest step, such as 1-5, not {text}", text=text))
    return steps


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
            "compared": runs_json(surveys),
            "findings": [finding_as_json(f, here.words) for f in findings],
        }
        return json_text(document)
    surveys = _short(surveys)
    if kind == "md":
        pages = [as_markdown(survey, invited, here.words) for survey in surveys]
        return visible("\n".join(filter(None, [*pages, runs_markdown(surveys, here.words)])))
    width = min(shutil.get_terminal_size().columns, 100) if sys.stdout.isatty() else 80
    blocks = [as_text(survey, invited, here.words, width) for survey in surveys]
    return visible("\n".join(filter(None, [*blocks, runs_text(surveys, here.words, width)])))


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
