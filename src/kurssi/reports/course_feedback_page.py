"""Course feedback as one self-contained HTML page: plots of inline SVG, for screen, phone and paper, without a script.

A plot holds rectangles only and stretches with the page; what it says stands beside it in words, which do not shrink.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from kurssi import __version__
from kurssi.diagnostics.words import Words
from kurssi.surveys.figures import UNREAD, Nps, Question, Scale, Survey, figures
from kurssi.values.numbers import rounded

from .course_feedback import columns, methods, responses, sections, title
from .course_feedback_runs import axis, compared, figure, names_of
from .page_engine import page_engine

WIDTH = 1000
"""All plots are so many units wide."""


class Mark(NamedTuple):
    """A figure on its axis: where it stands, and from where to where its interval goes."""

    at: int
    low: int
    high: int


class Part(NamedTuple):
    """A piece of a bar that is 100 % long."""

    x: int
    width: int
    strength: int
    """How strong its colour is, in per cent."""


def as_html(surveys: Sequence[Survey], invited: int | None, words: Words) -> bytes:
    """The page. Everything that comes from a sheet is escaped by the template engine."""
    page = page_engine(trim=False)
    text = page.get_template("feedback.html").render(
        language=words.language,
        version=__version__,
        heading=words("Course feedback"),
        labels={
            "answer": words("answer"),
            "number": words("how many"),
            "mean": words("mean"),
            "run": words("sheet"),
            "figure": words("figure"),
            "compared": words("Side by side"),
            "statements": words("Statements at a glance"),
            "columns": words("How the columns were read:").rstrip(":"),
        },
        compared=_compared(surveys, words),
        surveys=[_survey(survey, invited, words) for survey in surveys],
    )
    return (text + "\n").encode("utf-8", "backslashreplace")


def _survey(survey: Survey, invited: int | None, words: Words) -> dict[str, Any]:
    read = [question for question in survey.questions if question.kind not in UNREAD]
    shown = [
        {
            **section._asdict(),
            "bars": [
                {**bar._asdict(), "shown": words.number(bar.share), "width": int(bar.share * WIDTH / 100)}
                for bar in section.bars
            ],
            "mark": _nps_mark(question, survey),
        }
        for question, section in zip(read, sections(survey, words), strict=True)
    ]
    return {
        "title": title(survey),
        "responses": responses(survey, invited, words),
        "sections": shown,
        "statements": _statements(survey, words),
        "methods": methods(survey, words),
        "columns": columns(survey, words),
    }


def _on_axis(value: Fraction, low: int, high: int) -> int:
    return int((value - low) * WIDTH / (high - low))


def _nps_mark(question: Question, survey: Survey) -> Mark | None:
    """The score on its axis from −100 to 100, with its interval."""
    found = figures(question, survey.least)
    if not isinstance(found, Nps):
        return None
    return Mark(*(_on_axis(value, -100, 100) for value in (found.score, found.interval.low, found.interval.high)))


def _statements(survey: Survey, words: Words) -> list[dict[str, Any]]:
    """Statements on one scale under each other, each a bar of its steps; one table per scale with at least two."""
    groups: dict[tuple[int, int], list[dict[str, Any]]] = {}
    for question in survey.questions:
        found = None if question.kind != "scale" else figures(question, survey.least)
        if isinstance(found, Scale) and question.scale is not None:
            row = {
                "title": question.header,
                "mean": words.number(rounded(found.mean, 2), places=2),
                "parts": _parts([count for _, count in found.counts]),
            }
            groups.setdefault(question.scale, []).append(row)
    return [
        {
            "scale": words("scale {low}–{high}", low=low, high=high),
            "steps": [(low + at, part.strength) for at, part in enumerate(_parts([1] * (high - low + 1)))],
            "rows": rows,
        }
        for (low, high), rows in groups.items()
        if len(rows) >= 2
    ]


def _parts(counts: Sequence[int]) -> list[Part]:
    """The pieces of a bar, the lowest step first and palest."""
    out, before, n = [], 0, sum(counts)
    for at, count in enumerate(counts):
        x = before * WIDTH // n
        before += count
        out.append(Part(x, before * WIDTH // n - x, 15 + 85 * at // max(len(counts) - 1, 1)))
    return out


def _compared(surveys: Sequence[Survey], words: Words) -> list[dict[str, Any]]:
    """Each question of several sheets: a line per sheet with its figure on the same axis."""
    names = names_of(surveys)
    out = []
    for row in compared(surveys):
        low, high = row.scale
        runs = []
        for run in row.runs:
            ends = run.interval or (run.value, run.value)
            mark = Mark(*(_on_axis(value, low, high) for value in (run.value, *ends)))
            runs.append({"name": names[run.sheet], "n": run.n, "figure": figure(run, words), "mark": mark})
        shown = [words.number(low), words.number(high)]
        out.append({"title": row.title, "axis": axis(row, words), "ends": shown, "runs": runs})
    return out
