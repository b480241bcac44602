"""``kurssi validate``: findings on files or folders."""

from __future__ import annotations

import json
import os
import sys
from typing import Annotated

import typer

from kurssi import render
from kurssi.check import Checked, check
from kurssi.findings import Finding
from kurssi.messages import msg

from . import session
from .options import FindingFormat, Implementations, Strict, tr

HELP = msg("Find what is wrong with implementation files. Without PATH: the folder implementations/.")


def command(
    path: Implementations = None,
    format_: Annotated[
        FindingFormat, typer.Option("--format", help=tr("How findings are printed."))
    ] = FindingFormat.auto,
    strict: Strict = False,
    stdin_filename: Annotated[str, typer.Option(help=tr("The name of what comes from standard input."))] = "<stdin>",
) -> int:
    """Checks the files one by one; a bad one never stops the rest."""
    here = session.current
    names: list[str] = []
    findings: list[Finding] = []
    sources: dict[str, list[str]] = {}
    for name in here.implementation_paths(path or ["implementations"]):
        raw = here.read(name)
        if raw is None:
            continue
        shown = stdin_filename if name == "-" else name
        checked: Checked = check(raw, shown)
        names.append(shown)
        findings += checked.findings
        if checked.findings:
            sources[shown] = checked.document.lines
    print_findings(findings, sources, format_, names, "validate")
    if names:
        here.note(render.summary(findings, len(names), here.words))
    return here.exit_code(findings, strict)


def print_findings(
    findings: list[Finding], sources: render.Sources, format_: FindingFormat, names: list[str], of: str
) -> None:
    """Findings on standard output in the format that was asked for."""
    here = session.current
    kind = format_.value
    if kind == "auto":
        kind = "github" if os.environ.get("GITHUB_ACTIONS") == "true" else "text"
    if kind == "json":
        document = {
            "kurssi": 1,
            "command": of,
            "files": names,
            "findings": [render.as_json(f, here.words) for f in findings],
        }
        here.out(json.dumps(document, ensure_ascii=False, indent=2))
        return
    here.out(render.RENDERERS[kind](findings, sources, here.words, here.paint(sys.stdout)))
