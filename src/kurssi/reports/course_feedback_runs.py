"""Course feedback of several runs beside each other: the figures of what was asked in the same way in each.

Only the same kind on the same scale is compared: CES asked as effort and as ease, or a statement on 1–5 and on 1–6,
have no common axis. NPS and CES are one row where each sheet asks them once, whatever the words of the question.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from textwrap import wrap
from typing import Any, NamedTuple

from kurssi.diagnostics.words import Words
from kurssi.surveys.figures import UNREAD, Ease, Effort, Interval, Kind, Nps, Question, Scale, Survey, figures
from kurssi.values.numbers import exact, rounded
from kurssi.values.vocabulary import fold

from .course_feedback import title
from .csv_and_markdown import escaped

SCORES: tuple[Kind, ...] = ("nps", "ces", "ces-ease")
"""Questions that are the same whatever their words."""


class Run(NamedTuple):
    """The figure of one question in one sheet."""

    sheet: int
    """Which of the sheets, from 0."""
    n: int
    value: Fraction
    interval: Interval | None


class Compared(NamedTuple):
    """A question that at least two sheets have a figure of."""

    title: str
    kind: Kind
    scale: tuple[int, int]
    """The lowest and the highest value of the axis."""
    runs: tuple[Run, ...]


def compared(surveys: Sequence[Survey], *, alone: bool = False) -> list[Compared]:
    """Questions with a figure in at least two of the sheets, in the order of the first sheet that has each.

    ``alone``: NPS and CES also where one sheet only has them.
    """
    rows: dict[tuple[object, ...], Compared] = {}
    for at, survey in enumerate(surveys):
        kinds = Counter(question.kind for question in survey.questions)
        for question in survey.questions:
            found = _run(question, at, survey.least)
            if found is None:
                continue
            run, scale = found
            once = question.kind in SCORES and kinds[question.kind] == 1
            # Effort against expectation and effort as such share a scale but not a question.
            key = (question.kind, scale, question.expected, "" if once else fold(question.header))
            row = rows.setdefault(key, Compared(question.header, question.kind, scale, ()))
            if all(other.sheet != at for other in row.runs):
                rows[key] = row._replace(runs=(*row.runs, run))
    return [row for row in rows.values() if len(row.runs) >= 2 or (alone and row.kind in SCORES)]


def _run(question: Question, at: int, least: int) -> tuple[Run, tuple[int, int]] | None:
    """A question's figure and the ends of its axis; None where it has none that can be compared."""
    if question.kind in UNREAD:
        return None
    found = figures(question, least)
    if isinstance(found, Nps):
        return Run(at, found.n, rounded(found.score), found.interval), (-100, 100)
    if isinstance(found, Effort | Ease | Scale) and question.scale is not None:
        return Run(at, found.n, rounded(found.mean, 2), None), question.scale
    return None


def names_of(surveys: Sequence[Survey]) -> list[str]:
    """The sheets by their names."""
    return [title(survey) for survey in surveys]


def figure(run: Run, words: Words) -> str:
    """A figure as it is said, with its interval where it has one."""
    value = words.number(run.value)
    if run.interval is None:
        return value
    return f"{value} ({words.number(run.interval.low)} – {words.number(run.interval.high)})"


def axis(row: Compared, words: Words) -> str:
    """What the figures of a row are, and which end is better where the question says so."""
    low, high = (words.number(end) for end in row.scale)
    if row.kind == "nps":
        return words("NPS with its 95 % confidence interval")
    if row.kind == "ces":
        return words("CES asked as effort, mean {low}–{high}, lower is better", low=low, high=high)
    if row.kind == "ces-ease":
        return words("CES asked as ease, mean {low}–{high}, higher is better", low=low, high=high)
    return words("mean {low}–{high}", low=low, high=high)


def runs_text(surveys: Sequence[Survey], words: Words, width: int) -> str:
    """A question per block and a line per sheet."""
    return rows_text(compared(surveys), names_of(surveys), words("Side by side"), words, width)


def rows_text(rows: Sequence[Compared], names: Sequence[str], heading: str, words: Words, width: int) -> str:
    """Questions with their figures under a heading; nothing where there are none."""
    if not rows:
        return ""
    longest = min(max(map(len, names)), max(width - 40, 12))
    names = [name if len(name) <= longest else "…" + name[1 - longest :] for name in names]
    lines = [heading, ""]
    for row in rows:
        lines += wrap(row.title, width)
        lines += [f"  {line}" for line in wrap(axis(row, words), width - 2)]
        for run in row.runs:
            answers = words.plural("{n} answer", "{n} answers", n=run.n)
            lines.append(f"  {names[run.sheet]:<{longest}}  {figure(run, words)}; {answers}")
        lines.append("")
    return "\n".join(lines)


def runs_markdown(surveys: Sequence[Survey], words: Words) -> str:
    """The same as a table."""
    return rows_markdown(compared(surveys), names_of(surveys), f"# {words('Side by side')}", words)


def rows_markdown(rows: Sequence[Compared], names: Sequence[str], heading: str, words: Words) -> str:
    """The same under a heading, with a column per run."""
    if not rows:
        return ""
    lines = [heading, "", f"| | {' | '.join(map(escaped, names))} |", "|---" * (len(names) + 1) + "|"]
    for row in rows:
        cells = ["–"] * len(names)
        for run in row.runs:
            cells[run.sheet] = f"{figure(run, words)}; n = {run.n}"
        lines.append(f"| {escaped(row.title)}: {escaped(axis(row, words))} | {' | '.join(map(escaped, cells))} |")
    return "\n".join(lines) + "\n"


def runs_json(surveys: Sequence[Survey]) -> list[dict[str, Any]]:
    """The same for programs; ``survey`` is the place in ``surveys``, from 0."""
    return rows_json(compared(surveys), "survey")


def rows_json(rows: Sequence[Compared], place: str) -> list[dict[str, Any]]:
    """The same with the key under which the place of a run stands."""
    return [
        {
            "question": row.title,
            "kind": row.kind,
            "scale": list(row.scale),
            "runs": [
                {
                    place: run.sheet,
                    "n": run.n,
                    "value": exact(run.value),
                    "interval": None
                    if run.interval is None
                    else {"low": exact(run.interval.low), "high": exact(run.interval.high)},
                }
                for run in row.runs
            ],
        }
        for row in rows
    ]
