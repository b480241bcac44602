"""Findings for people: the lines they are about, the span underlined, a way out; and the line that counts them."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any

from kurssi.diagnostics.finding import Finding, Severity
from kurssi.diagnostics.visible import in_line, visible
from kurssi.diagnostics.words import Words

from .common import LEVELS, Paint, Sources, level_of, where

WIDEST = 100
"""A source line is cut to this many columns around what is underlined, or to fewer on a narrow terminal."""


def as_text(findings: Sequence[Finding], sources: Sources, words: Words, paint: Paint) -> str:
    """Findings with the lines they are about, the span underlined, and a way out."""
    return "\n".join(_block(f, sources.get(f.place.file), words, paint) for f in findings)


def _block(finding: Finding, lines: Sequence[str] | None, words: Words, paint: Paint) -> str:
    level = level_of(finding)
    head = (
        paint(level, f"{words.say(LEVELS[level])}[{finding.rule}]")
        + ": "
        + paint("bold", in_line(words.say(finding.message)))
    )
    out = [head, f" {paint('dim', '-->')} {in_line(where(finding, words))}"]
    place = finding.place
    if finding.accepted is not None:
        reason = words("accepted: {reason}", reason=finding.accepted)
        return "\n".join([*out, f"  = {visible(reason)}", ""])
    if lines is not None and place.cell is None and 0 < place.line <= len(lines):
        number = str(place.line)
        widest = WIDEST if paint.columns is None else max(20, min(WIDEST, paint.columns - len(number) - 5))
        source, before, marked = _excerpt(lines[place.line - 1], place.column - 1, place.end_column - 1, place, widest)
        gutter = " " * len(number)
        bar = paint("dim", "|")
        out += [
            f"{gutter} {bar}",
            f"{paint('dim', number)} {bar} {source}",
            f"{gutter} {bar} {' ' * before}{paint(level, '^' * max(marked, 1))}",
        ]
    if finding.help is not None:
        hint = words("help: {text}", text=finding.help)
        out.append(f"  = {visible(hint)}")
    return "\n".join([*out, ""])


def width_of(text: str) -> int:
    """The columns that a text takes on a screen."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _excerpt(line: str, start: int, end: int, place: Any, widest: int) -> tuple[str, int, int]:
    """(the line or the part of it around the span, columns before the span, columns of the span)."""
    line = line.replace("\t", " ").rstrip()
    end = len(line) if place.end_line > place.line else end
    start, end, line = len(visible(line[:start])), len(visible(line[:end])), visible(line)
    cut = 0
    if len(line) > widest:
        cut = max(0, min(start - 20, len(line) - widest))
        shown = ("…" if cut else "") + line[cut : cut + widest] + ("…" if cut + widest < len(line) else "")
        shift = 1 if cut else 0
    else:
        shown, shift = line, 0
    start, end = max(start - cut, 0) + shift, min(end - cut, widest) + shift
    return shown, width_of(shown[:start]), width_of(shown[start:end])


def summary(findings: Sequence[Finding], files: int, words: Words) -> str:
    """One line that counts: files, errors, warnings, notes, accepted."""
    standing = [f.severity for f in findings if f.accepted is None]
    errors, warnings, infos = (standing.count(s) for s in (Severity.error, Severity.warning, Severity.info))
    accepted = len(findings) - len(standing)
    parts = [
        words.plural("{n} file checked", "{n} files checked", n=files),
        words.plural("{n} error", "{n} errors", n=errors),
        words.plural("{n} warning", "{n} warnings", n=warnings),
    ]
    if infos:
        parts.append(words.plural("{n} note", "{n} notes", n=infos))
    if accepted:
        parts.append(words("{n} accepted", n=accepted))
    return ", ".join(parts)
