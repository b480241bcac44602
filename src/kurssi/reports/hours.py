"""The workload as text and as JSON."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from kurssi.course.model import ImplementationFile
from kurssi.diagnostics.message import Msg, msg
from kurssi.diagnostics.words import Words
from kurssi.planning.workload import Load
from kurssi.values.numbers import exact

from .csv_and_markdown import escaped

KIND_NAMES: dict[str, Msg] = {
    "contact_teaching": msg("contact teaching"),
    "group_work": msg("small group work"),
    "independent_work": msg("independent work"),
}


def as_json(load: Load) -> dict[str, Any]:
    """Hours as strings, so that nothing is lost."""

    def text(hours: Fraction | None) -> str | None:
        return None if hours is None else exact(hours)

    return {
        "parts": [{"name": r.name, "written": r.text, "hours": exact(r.hours), "kind": r.kind} for r in load.rows],
        "sum": exact(load.total),
        "declared": text(load.declared),
        "difference": text(load.difference),
        "credits": exact(load.credits),
        "hours_per_credit": exact(load.hours_per_credit),
        "by_credits": exact(load.by_credits),
        "by_decree": exact(load.by_decree),
        "band": [exact(load.band[0]), exact(load.band[1])],
        "contact": text(load.contact),
        "sessions": text(load.sessions),
        "split": {kind: exact(hours) for kind, hours in load.split.items()},
    }


def _rows(load: Load, words: Words) -> list[tuple[str, str, str] | None]:
    """What, how many hours, a note; ``None`` parts the parts from the sums and the split."""

    def hours(value: Fraction) -> str:
        return words.number(value) + " h"

    rows: list[tuple[str, str, str] | None] = []
    for row in load.rows:
        kind = words.say(KIND_NAMES[row.kind]) if row.kind else ""
        written = row.text if any(sign in row.text for sign in "x×*+/") else ""
        note = ", ".join(part for part in (kind if kind.casefold() != row.name.casefold() else "", written) if part)
        rows.append((row.name, hours(row.hours), note))
    rows.append(None)
    if load.rows:
        rows.append((words("sum of the parts"), hours(load.total), ""))
    if load.declared is not None:
        rows.append((words("promised total"), hours(load.declared), _difference(load, words)))
    rows.append(
        (
            words("by credits"),
            hours(load.by_credits),
            f"{words.number(load.credits)} × {words.number(load.hours_per_credit)} h",
        )
    )
    rows.append((words("by decree"), hours(load.by_decree), words("1600 h / 60 credits")))
    low, high = load.band
    total = load.total if load.declared is None else load.declared
    inside = words("inside") if low <= total <= high else words("outside")
    rows.append((words("ECTS band"), f"{words.number(low)}–{words.number(high)} h", inside))
    if load.contact is not None and load.sessions is not None:
        same = words("as in the schedule") if load.contact == load.sessions else words("differs from the schedule")
        rows.append((words("contact hours"), hours(load.contact), f"{same} ({hours(load.sessions)})"))
    if load.split and load.total:
        rows.append(None)
        for kind, value in load.split.items():
            share = words("{percent} % of the sum", percent=Fraction(round(value * 1000 / load.total), 10))
            rows.append((words.say(KIND_NAMES[kind]), hours(value), share))
    return rows


def as_text(file: ImplementationFile, load: Load, words: Words) -> str:
    """A table of rows, sums and comparisons, in plain text of at most 80 columns where names allow."""
    rows = _rows(load, words)
    first = max(len(r[0]) for r in rows if r)
    second = max(len(r[1]) for r in rows if r)
    title = f"{file.implementation.id}: {file.course.name}"
    lines = [title, "=" * len(title)]
    for row_ in rows:
        lines.append("" if row_ is None else f"{row_[0]:<{first}}  {row_[1]:>{second}}  {row_[2]}".rstrip())
    return "\n".join(lines) + "\n"


def as_markdown(file: ImplementationFile, load: Load, words: Words) -> str:
    """The same as a table."""
    lines = [f"# {escaped(file.course.name)} ({escaped(file.implementation.id)})", ""]
    lines += [f"| | {words('hours')} | |", "|---|--:|---|"]
    lines += [f"| {' | '.join(map(escaped, row))} |" for row in _rows(load, words) if row]
    return "\n".join(lines) + "\n"


def _difference(load: Load, words: Words) -> str:
    if not load.difference:
        return words("matches the sum") if load.rows else ""
    if load.difference > 0:
        return words("{n} h missing", n=load.difference)
    return words("{n} h too many", n=-load.difference)
