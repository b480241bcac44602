"""Findings as text, one line each, JSON, or annotations for GitHub. Every renderer returns text and decides nothing."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from kurssi.diagnostics.finding import Finding, Severity
from kurssi.diagnostics.message import msg
from kurssi.diagnostics.words import Words
from kurssi.visible import in_line, visible

WIDEST = 100
"""A source line is cut to this many columns around what is underlined, or to fewer on a narrow terminal."""


class Paint(NamedTuple):
    """ANSI colours, or nothing at all."""

    on: bool
    columns: int | None = None
    """The width of the terminal that is painted on."""

    def __call__(self, style: str, text: str) -> str:
        """``text`` in ``style``: error, warning, info, dim or bold."""
        if not self.on:
            return text
        text = visible(text)
        code = {"error": "1;31", "warning": "1;33", "info": "1;34", "accepted": "2", "dim": "2", "bold": "1"}[style]
        return f"\x1b[{code}m{text}\x1b[0m"


Sources = Mapping[str, Sequence[str]]
"""The lines of the files that findings may quote."""


def text(findings: Sequence[Finding], sources: Sources, words: Words, paint: Paint) -> str:
    """Findings with the lines they are about, the span underlined, and a way out."""
    return "\n".join(_block(f, sources.get(f.place.file), words, paint) for f in findings)


def _block(finding: Finding, lines: Sequence[str] | None, words: Words, paint: Paint) -> str:
    level = "accepted" if finding.accepted is not None else finding.severity.name
    head = (
        paint(level, f"{words.say(_LEVELS[level])}[{finding.rule}]")
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


_LEVELS = {
    "error": msg("error"),
    "warning": msg("warning"),
    "info": msg("info"),
    "accepted": msg("accepted"),
}


def where(finding: Finding, words: Words) -> str:
    """The place as text: file:line:column, or file, row and cell of a score sheet."""
    place = finding.place
    if place.cell is None:
        return f"{place.file}:{place.line}:{place.column}"
    return words("{file}, row {row}, cell {cell}", file=place.file, row=place.line, cell=place.cell)


def _width(text: str) -> int:
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
    return shown, _width(shown[:start]), _width(shown[start:end])


def concise(findings: Sequence[Finding], sources: Sources, words: Words, paint: Paint) -> str:
    """One line each: file:line:column: severity[rule] message."""
    del sources
    rows = []
    for f in findings:
        level = "accepted" if f.accepted is not None else f.severity.name
        place = f.place
        head = paint(level, f"{words.say(_LEVELS[level])}[{f.rule}]")
        message = in_line(words.say(f.message))
        rows.append(f"{in_line(place.file)}:{place.line}:{place.column}: {head} {message}\n")
    return "".join(rows)


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


def github(findings: Sequence[Finding], sources: Sources, words: Words, paint: Paint) -> str:
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


Renderer = Callable[[Sequence[Finding], Sources, Words, Paint], str]
RENDERERS: dict[str, Renderer] = {"text": text, "concise": concise, "github": github}
"""The renderers by name; JSON stands apart, because each command wraps it in its own document."""


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
