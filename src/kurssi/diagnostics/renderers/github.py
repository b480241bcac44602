"""Findings as annotations that GitHub shows at the lines of a pull request."""

from __future__ import annotations

from collections.abc import Sequence

from kurssi.diagnostics.finding import Finding, Severity
from kurssi.diagnostics.visible import visible
from kurssi.diagnostics.words import Words

from .common import Paint, Sources


def as_github(findings: Sequence[Finding], sources: Sources, words: Words, paint: Paint) -> str:
    """Workflow commands that GitHub shows at the lines of a pull request; accepted findings are left out."""
    del sources, paint
    kinds = {Severity.error: "error", Severity.warning: "warning", Severity.info: "notice"}
    rows = []
    for f in findings:
        if f.accepted is not None:
            continue
        place = f.place
        properties = {"title": f"kurssi ({f.rule})", "file": place.file, "line": place.line}
        if place.end_line == place.line:
            properties |= {"col": place.column, "endLine": place.end_line, "endColumn": place.end_column}
        else:
            properties |= {"endLine": place.end_line}
        message = words.say(f.message)
        if f.help is not None:
            message += "\n" + words("help: {text}", text=f.help)
        joined = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
        rows.append(visible(f"::{kinds[f.severity]} {joined}::{_data(message)}") + "\n")
    return "".join(rows)


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
