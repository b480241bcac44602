"""A finding as JSON. Every command puts its findings into a document of its own."""

from __future__ import annotations

from typing import Any

from kurssi.diagnostics.finding import Finding
from kurssi.diagnostics.words import Words


def as_json(finding: Finding, words: Words) -> dict[str, Any]:
    """A finding as the JSON of every command holds it."""
    place = finding.place
    return {
        "rule": finding.rule,
        "severity": finding.severity.name,
        "message": words.say(finding.message),
        "found": finding.found,
        "file": place.file,
        "line": place.line,
        "column": place.column,
        "end_line": place.end_line,
        "end_column": place.end_column,
        "cell": place.cell,
        "help": words.say(finding.help) if finding.help is not None else None,
        "accepted": finding.accepted is not None,
        "reason": finding.accepted,
        "fix": finding.fix,
    }
