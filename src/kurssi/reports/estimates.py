"""The estimate of hours beside the declared ones, as text, Markdown and JSON, with the source of every table."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from textwrap import wrap
from typing import Any

from kurssi.course.model import ImplementationFile
from kurssi.diagnostics.words import Words
from kurssi.planning.estimates import TABLES, Activity, Estimate, PartEstimate, Range, told
from kurssi.values.hours import Hours
from kurssi.values.numbers import exact, rounded

from .csv_and_markdown import escaped


def span(hours: Range | None, words: Words) -> str:
    """From so many hours to so many, to one decimal."""
    if hours is None:
        return words("not in the table")
    low, high = words.number(rounded(hours.low)), words.number(rounded(hours.high))
    return f"{low} h" if low == high else f"{low}–{high} h"


def verdict(part: PartEstimate, words: Words) -> str:
    """How the promise stands to the estimate."""
    if part.too_few:
        return words("far too few hours promised")
    if part.too_many:
        return words("far more hours promised than this takes")
    if part.declared < part.hours.low:
        return words("fewer hours promised than this takes")
    if not part.complete:
        return words("not all of it is in the table")
    if part.declared > part.hours.high:
        return words("more hours promised than this takes")
    return words("the promise is inside the estimate")


def _rows(estimate: Estimate, words: Words) -> list[tuple[str, str, str]]:
    """(what, promised, estimated), activities indented."""
    rows = []
    for part in estimate.parts:
        promised = words.number(part.declared) + " h"
        rows.append((part.part.name, promised, _least(part.hours, part.complete, words)))
        rows += [("  " + words.say(told(item.activity)), "", span(item.hours, words)) for item in part.items]
    if len(estimate.parts) > 1:
        hours = _least(estimate.hours, estimate.complete, words)
        rows.append((words("together"), words.number(estimate.declared) + " h", hours))
    return rows


def _least(hours: Range, complete: bool, words: Words) -> str:
    """A sum, which is only the least where the table does not know everything."""
    if complete:
        return span(hours, words)
    return words("at least {hours}", hours=span(hours, words)) if hours.high else span(None, words)


def as_text(file: ImplementationFile, estimates: Sequence[Estimate], words: Words, width: int) -> str:
    """A table per table of rates: promised and estimated hours of each part, and of each activity in it."""
    title = f"{file.implementation.id}: {file.course.name}"
    out = [*wrap(title, width), "=" * min(len(title), width)]
    for estimate in estimates:
        table = TABLES[estimate.rates]
        out += [*wrap(words("Rates: {name} ({source})", name=table.name, source=table.source), width), ""]
        rows = [("", words("promised"), words("estimated")), *_rows(estimate, words)]
        second, third = (max(len(row[at]) for row in rows) for at in (1, 2))
        first = min(max(len(row[0]) for row in rows), max(width - second - third - 4, 20))
        for name, promised, hours in rows:
            head, *more = wrap(name, first, initial_indent=name[: len(name) - len(name.lstrip())],
                               subsequent_indent="    ", drop_whitespace=True) or [""]  # fmt: skip
            out.append(f"{head:<{first}}  {promised:>{second}}  {hours:>{third}}".rstrip())
            out += more
        out.append("")
        for part in estimate.parts:
            out += wrap(f"{part.part.name}: {verdict(part, words)}.", width)
        for sentence in notes(estimate, words):
            out += wrap(sentence, width)
        out.append("")
    return "\n".join(out).rstrip() + "\n"


def notes(estimate: Estimate, words: Words) -> list[str]:
    """What the table distinguishes, and which parts stay out."""
    out = [words("The table: {scope}.", scope=TABLES[estimate.rates].scope)]
    if estimate.without:
        names = ", ".join(part.name for part in estimate.without)
        out.append(words("Without activities, so not estimated: {names}.", names=names))
    return out


def as_markdown(file: ImplementationFile, estimates: Sequence[Estimate], words: Words) -> str:
    """The same as tables."""
    out = [f"# {escaped(file.course.name)} ({escaped(file.implementation.id)})", ""]
    for estimate in estimates:
        table = TABLES[estimate.rates]
        out += [f"## {escaped(words.say(table.name))}", "", escaped(table.source), ""]
        out += [f"| | {words('promised')} | {words('estimated')} |", "|---|--:|--:|"]
        for name, promised, hours in _rows(estimate, words):
            indent = "&nbsp;&nbsp;" if name.startswith(" ") else ""
            out.append(f"| {indent}{escaped(name.strip())} | {promised} | {hours} |")
        out += ["", *(f"- {escaped(part.part.name)}: {verdict(part, words)}" for part in estimate.parts), ""]
        out += [*map(escaped, notes(estimate, words)), ""]
    return "\n".join(out)


def as_json(estimate: Estimate) -> dict[str, Any]:
    """Hours as strings; ``null`` where the table does not know."""
    table = TABLES[estimate.rates]

    def both(hours: Range | None) -> list[str] | None:
        return None if hours is None else [exact(hours.low), exact(hours.high)]

    return {
        "rates": estimate.rates,
        "source": f"{table.name.text}: {table.source}",
        "parts": [
            {
                "name": part.part.name,
                "declared": exact(part.declared),
                "estimate": both(part.hours),
                "complete": part.complete,
                "activities": [
                    {"activity": _activity_json(item.activity), "estimate": both(item.hours)} for item in part.items
                ],
            }
            for part in estimate.parts
        ],
        "declared": exact(estimate.declared),
        "estimate": both(estimate.hours),
        "complete": estimate.complete,
        "not_estimated": [part.name for part in estimate.without],
    }


def _activity_json(activity: Activity) -> dict[str, str]:
    """What the file says of the activity, keys as in the file."""
    out: dict[str, str] = {}
    for key, value in activity:
        if isinstance(value, Hours):
            out[key] = exact(value.hours)
        elif isinstance(value, (int, Fraction)):
            out[key] = exact(value)
        elif value is not None:
            out[key] = str(value)
    return out
