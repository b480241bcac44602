"""Findings as one line each, as editors and build logs read them."""

from __future__ import annotations

from collections.abc import Sequence

from kurssi.diagnostics.finding import Finding
from kurssi.diagnostics.visible import in_line
from kurssi.diagnostics.words import Words

from .common import LEVELS, Paint, Sources, level_of


def as_concise(findings: Sequence[Finding], sources: Sources, words: Words, paint: Paint) -> str:
    """One line each: file:line:column: severity[rule] message."""
    del sources
    rows = []
    for f in findings:
        level = level_of(f)
        place = f.place
        head = paint(level, f"{words.say(LEVELS[level])}[{f.rule}]")
        message = in_line(words.say(f.message))
        rows.append(f"{in_line(place.file)}:{place.line}:{place.column}: {head} {message}\n")
    return "".join(rows)
