"""Runs over the years as one self-contained HTML page: time goes down, and what changed in the rules stands in between.

A plot holds rectangles only and stretches with the page; what it says stands beside it in words, which do not shrink.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from kurssi import __version__
from kurssi.diagnostics.words import Words
from kurssi.values.numbers import rounded

from .course_feedback_runs import Compared, axis, figure
from .not_shown import NOT_SHOWN
from .page_engine import page_engine
from .years import Year, Years, not_shown
from .years_text import changes, distribution, heading, hours, number, share

WIDTH = 1000
"""All plots are so many units wide."""
HEIGHT, GAP = 24, 8
"""Of the picture of a distribution."""
POINT = 8


def as_html(years: Years, words: Words) -> bytes:
    """The page. Everything that comes from a file is escaped by the template engine."""
    page = page_engine()
    between = [
        {"changes": changes(one, words), "short": _short(len(one.rules), words) if one.rules else ""}
        for one in years.between
    ]
    note = not_shown(years)
    text = page.get_template("years.html").render(
        language=words.language,
        version=__version__,
        heading=heading(years, words),
        subtitle=words("{first} – {last}, side by side", first=years.runs[0].id, last=years.runs[-1].id),
        between=between,
        grades=_grades(years, words),
        hours=_hours(years, words),
        feedback=[_question(row, years, words) for row in years.feedback],
        labels={
            "feedback": words("Course feedback"),
            "changed": words("What changed in the rules"),
            "run": words("run"),
            "few": "" if note is None else words.say(note),
            "made": words("Made with kurssi {version}.", version=__version__),
        },
    )
    return (text + "\n").encode("utf-8", "backslashreplace")


def _short(n: int, words: Words) -> str:
    return words.plural("{n} change of the rules", "{n} changes of the rules", n=n)


def _name(run: Year, words: Words) -> dict[str, str]:
    timing = run.file.implementation.timing
    when = "" if timing is None else words("{start} – {end}", start=timing.start, end=timing.end)
    return {"name": run.id, "when": when}


def _table(title: str, heads: Sequence[tuple[str, Sequence[str]]], rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """``heads``: each with what stands at the ends of its axis, where it has one."""
    return {"title": title, "heads": [{"text": text, "ends": ends} for text, ends in heads], "rows": rows}


def _bar(value: Fraction | None, whole: Fraction) -> int | None:
    return None if value is None or not whole else int(value * WIDTH / whole)


def _point(value: Fraction | None, low: Fraction, high: Fraction) -> int | None:
    """Where a figure begins on its axis, so that all of it is on it."""
    return None if value is None or high <= low else int((value - low) * (WIDTH - POINT) / (high - low))


# ---- grades and hours ----------------------------------------------------------------------------------------


def _grades(years: Years, words: Words) -> dict[str, Any]:
    ends = years.ends
    on_axis = () if ends is None else tuple(words.number(Fraction(end)) for end in ends)
    highest = max(
        (Fraction(max(g.counts.values()), g.n) for run in years.runs if (g := run.grades) and g.counts), default=None
    )
    heads: list[tuple[str, Sequence[str]]] = [
        (words("students"), ()),
        (words("with a grade"), ()),
        (words("passed"), (words("{n} %", n=0), words("{n} %", n=100))),
        (words("mean"), on_axis),
        (words("median"), ()),
        (words("grades"), ()),
    ]
    rows = [{**_name(run, words), "cells": list(_grade_cells(run, ends, highest, words))} for run in years.runs]
    return _table(words("Grades"), heads, rows)


def _grade_cells(
    run: Year, ends: tuple[int, int] | None, highest: Fraction | None, words: Words
) -> Iterator[dict[str, Any]]:
    found = run.grades
    if found is None:
        yield from ({"text": NOT_SHOWN} for _ in range(6))
        return
    yield from ({"text": str(found.students), "number": True}, {"text": str(found.n), "number": True})
    passed = None if found.passed is None else Fraction(found.passed, found.n)
    yield {"text": share(run, words), "bar": _bar(passed, Fraction(1))}
    spread = found.spread
    mean: dict[str, Any] = {"text": number(spread.mean if spread else None, words)}
    if spread is not None and ends is not None:
        low, high = map(Fraction, ends)
        lowest, most = max(spread.mean - spread.deviation, low), min(spread.mean + spread.deviation, high)
        start = _bar(lowest - low, high - low) or 0
        mean |= {
            "point": _point(spread.mean, low, high),
            "low": start,
            "width": (_bar(most - low, high - low) or 0) - start,
        }
        mean["said"] = words("std. deviation {n}", n=rounded(spread.deviation, 2))
    yield mean
    yield {"text": number(spread.median if spread else None, words), "number": True}
    if found.counts is None or highest is None:
        yield {"text": NOT_SHOWN}
    else:
        yield {
            "text": distribution(run, ", ").replace(": ", ":\u00a0"),
            "columns": list(_columns(found.counts, found.n, highest)),
        }


def _columns(counts: Any, n: int, highest: Fraction) -> Iterator[dict[str, int]]:
    """A distribution as columns; the same share is as high in every run."""
    wide = WIDTH // max(len(counts), 1)
    for at, count in enumerate(counts.values()):
        tall = -(-Fraction(count, n) * HEIGHT // highest)
        yield {"x": at * wide, "y": HEIGHT - int(tall), "width": max(wide - GAP, 1), "height": int(tall)}


def _hours(years: Years, words: Words) -> dict[str, Any]:
    every = [(run.hours.promised, run.hours.listed, run.hours.students) for run in years.runs]
    said = any(students is not None for *_, students in every)
    most = max(
        [value for promised, listed, students in every
         for value in (promised, listed, students.mean if students else None) if value is not None],
        default=Fraction(0),
    )  # fmt: skip
    ends = (words("{n} h", n=0), words("{n} h", n=rounded(most))) if most else ()
    heads: list[tuple[str, Sequence[str]]] = [
        (words("credits"), ()),
        (words("promised"), ends),
        (words("sum of the parts"), ends),
    ]
    heads += [(words("said by students, mean"), ends), (words("median"), ())] if said else []
    rows = []
    for run, (promised, listed, students) in zip(years.runs, every, strict=True):
        cells: list[dict[str, Any]] = [{"text": words.number(run.hours.credits), "number": True}]
        cells += [{"text": hours(value, words), "bar": _bar(value, most)} for value in (promised, listed)]
        if said:
            mean, median = (None, None) if students is None else (students.mean, students.median)
            answers = "" if students is None else words.plural("{n} answer", "{n} answers", n=students.n)
            cells.append({"text": hours(mean, words), "bar": _bar(mean, most), "said": answers})
            cells.append({"text": hours(median, words), "number": True})
        rows.append({**_name(run, words), "cells": cells})
    return _table(words("Hours"), heads, rows)


# ---- feedback ------------------------------------------------------------------------------------------------


def _question(row: Compared, years: Years, words: Words) -> dict[str, Any]:
    """A question: a line per run with its figure on the same axis."""
    low, high = map(Fraction, row.scale)
    found = {one.sheet: one for one in row.runs}
    rows = []
    for place, run in enumerate(years.runs):
        one = found.get(place)
        if one is None:
            cells: list[dict[str, Any]] = [{"text": NOT_SHOWN}, {"text": NOT_SHOWN}]
        else:
            answers = words.plural("{n} answer", "{n} answers", n=one.n)
            mark: dict[str, Any] = {"text": figure(one, words), "point": _point(one.value, low, high)}
            if one.interval is not None:
                start = _bar(one.interval.low - low, high - low) or 0
                mark |= {"low": start, "width": (_bar(one.interval.high - low, high - low) or 0) - start}
            cells = [{"text": answers}, mark]
        rows.append({**_name(run, words), "cells": cells})
    heads: list[tuple[str, Sequence[str]]] = [
        (words("how many"), ()),
        (words("figure"), [words.number(end) for end in row.scale]),
    ]
    return {**_table(row.title, heads, rows), "about": axis(row, words)}
