"""Findings of a run whose report holds them all: causes first, what is alike counted, and one screen of remarks."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from kurssi.diagnostics.finding import Finding, Severity
from kurssi.diagnostics.message import Terms, msg, nmsg
from kurssi.diagnostics.visible import visible
from kurssi.diagnostics.words import Words

from .common import LEVELS, Paint, Sources, level_of, where
from .text import as_text, width_of

MOST_ALIKE = 20
"""So many errors or warnings of one kind are shown in full."""
MOST_NAMED = 3
"""So many of the other findings of a kind are named in its line."""
LONGEST_NAME = 30
"""A name is cut to this many characters."""
ROWS = 20
"""Remarks take no more rows than this: a screen of 24 with the summary below."""
COLUMNS = 80
"""A line breaks here where nobody knows how wide the screen is."""


def as_screen(findings: Sequence[Finding], sources: Sources, words: Words, paint: Paint) -> str:
    """Errors, then warnings, each in full up to :data:`MOST_ALIKE` of a kind; remarks on one screen."""
    by_severity = sorted(findings, key=lambda f: -f.severity)  # stable: within a severity the order stays
    serious = [f for f in by_severity if f.severity > Severity.info]
    remarks = [f for f in by_severity if f.severity is Severity.info]
    graded = not any(f.severity is Severity.error for f in serious)
    shown = [_serious(serious, sources, words, paint), _remarks(remarks, graded, sources, words, paint)]
    return "\n".join(text for text in shown if text)


def _kind(finding: Finding) -> tuple[str, str]:
    return finding.rule, finding.message.text


def _serious(findings: Sequence[Finding], sources: Sources, words: Words, paint: Paint) -> str:
    out: list[str] = []
    for severity, same in groupby(findings, key=lambda f: f.severity):
        counts: dict[tuple[str, str], int] = {}
        for finding in same:
            kind = _kind(finding)
            counts[kind] = counts.get(kind, 0) + 1
            if counts[kind] <= MOST_ALIKE:
                out.append(as_text([finding], sources, words, paint))
        for (rule, _), count in counts.items():
            if count > MOST_ALIKE:
                more = nmsg("and {n} more like this", "and {n} more like these", n=count - MOST_ALIKE)
                out.append(_line(severity.name, rule, more, words, paint) + "\n")
    return "\n".join(out)


def _line(level: str, rule: str, message: object, words: Words, paint: Paint) -> str:
    return f"{paint(level, f'{words.say(LEVELS[level])}[{rule}]')}: {visible(words.say(message))}"


def _remarks(findings: Sequence[Finding], graded: bool, sources: Sources, words: Words, paint: Paint) -> str:
    """Whole blocks where they fit; else a line for each kind. ``graded``: there is a report that has them all."""
    columns = paint.columns or COLUMNS
    full = as_text(findings, sources, words, paint) if len(findings) <= ROWS else ""
    if full and _rows(as_text(findings, sources, words, Paint(False, paint.columns)), columns) <= ROWS:
        return full
    kinds: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        kinds.setdefault(_kind(finding), []).append(finding)
    out: list[str] = []
    left = ROWS - 3  # for what closes the list
    rest = 0
    for alike in kinds.values():
        first = alike[0]
        message = _with_others(first, alike[1:], where(first, words))
        rows = _rows(_line(level_of(first), first.rule, message, words, Paint(False)), columns)
        if rows > left or rest:
            rest += len(alike)
        else:
            left -= rows
            out.append(_line(level_of(first), first.rule, message, words, paint))
    if rest:
        out.append(words.plural("… and {n} more remark", "… and {n} more remarks", n=rest))
    if graded:
        out.append(words("every one of them stands in what kurssi grade --format json writes"))
    return "\n".join([*out, ""])


def _with_others(first: Finding, others: Sequence[Finding], place: str) -> object:
    """The first finding's sentence and its place, or how many others are like it, and where a few of these are."""
    if not others:
        return Terms([first.message, f"({place})"], " ")
    names = Terms([*(_name(f) for f in others[:MOST_NAMED]), *(["…"] if len(others) > MOST_NAMED else [])])
    return nmsg(
        "{first} – and {n} more like it: {names}",
        "{first} – and {n} more like it: {names}",
        n=len(others),
        first=first.message,
        names=names,
    )


def _name(finding: Finding) -> object:
    place = finding.place
    name = finding.found or place.cell or (msg("row {row}", row=place.line) if place.line > 1 else place.file)
    return name if not isinstance(name, str) or len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + "…"


def _rows(text: str, columns: int) -> int:
    """How many rows of a screen a text takes."""
    return sum(max(1, -(-width_of(line) // columns)) for line in text.split("\n"))
