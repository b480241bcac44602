"""``kurssi workload``: hours, added up."""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from typing import Annotated

import typer

from kurssi import render
from kurssi.check import Checked, check
from kurssi.findings import Finding
from kurssi.messages import msg
from kurssi.reports.hours import as_json, as_text
from kurssi.workload import load_of

from . import session
from .options import Implementations, Strict, tr

HELP = msg("Add up the hours and hold them against the total, the credits and the schedule.")


class Format(StrEnum):
    """How the hours are printed."""

    text = "text"
    json = "json"


def command(
    path: Implementations = None,
    format_: Annotated[Format, typer.Option("--format", help=tr("How the hours are printed."))] = Format.text,
    strict: Strict = False,
) -> int:
    """Prints a table per file; fails where the hours do not add up and nobody accepted it."""
    here = session.current
    names, findings, documents, shown = [], [], [], []
    for name in here.implementation_paths(path or ["implementations"]):
        raw = here.read(name)
        if raw is None:
            continue
        name = "<stdin>" if name == "-" else name
        checked = check(raw, name)
        names.append(name)
        about = _about_hours(checked)
        findings += about
        load = load_of(checked.file) if checked.file else None
        if load is not None and checked.file is not None:
            documents.append({"file": name, "implementation": checked.file.implementation.id, **as_json(load)})
            shown.append(as_text(checked.file, load, here.words))
        elif checked.file is not None:
            here.note(msg("{file} has no workload", file=name))
        if format_ is Format.text:
            shown.append(render.text(about, {name: checked.document.lines}, here.words, here.paint(sys.stdout)))
    if format_ is Format.json:
        document = {
            "kurssi": 1,
            "command": "workload",
            "files": names,
            "workloads": documents,
            "findings": [render.as_json(f, here.words) for f in findings],
        }
        here.out(json.dumps(document, ensure_ascii=False, indent=2))
    else:
        here.out("\n".join(text for text in shown if text))
    return here.exit_code(findings, strict)


def _about_hours(checked: Checked) -> list[Finding]:
    """What stands against the hours; of a file that cannot be read, everything."""
    if checked.file is None:
        return list(checked.findings)
    return [f for f in checked.findings if f.path[:1] == ("workload",)]
