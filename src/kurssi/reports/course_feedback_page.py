"""Course feedback as one self-contained HTML page: tables with bars of inline SVG, for screen, phone and paper."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kurssi import __version__
from kurssi.diagnostics.words import Words
from kurssi.surveys.figures import Survey

from .course_feedback import columns, methods, responses, sections, side_by_side, title


def as_html(surveys: Sequence[Survey], invited: int | None, words: Words) -> bytes:
    """The page. Everything that comes from a sheet is escaped by the template engine."""
    from jinja2 import Environment, PackageLoader  # only this report needs it

    page = Environment(loader=PackageLoader("kurssi.reports"), autoescape=True, trim_blocks=False)
    text = page.get_template("feedback.html").render(
        language=words.language,
        version=__version__,
        heading=words("Course feedback"),
        labels={
            "answer": words("answer"),
            "number": words("how many"),
            "compared": words("Side by side"),
            "columns": words("How the columns were read:").rstrip(":"),
        },
        compared=side_by_side(surveys, words),
        surveys=[_survey(survey, invited, words) for survey in surveys],
    )
    return (text + "\n").encode("utf-8", "backslashreplace")


def _survey(survey: Survey, invited: int | None, words: Words) -> dict[str, Any]:
    shown = [
        {
            **section._asdict(),
            "bars": [
                {**bar._asdict(), "shown": words.number(bar.share), "width": int(bar.share * 10)}
                for bar in section.bars
            ],
        }
        for section in sections(survey, words)
    ]
    return {
        "title": title(survey),
        "responses": responses(survey, invited, words),
        "sections": shown,
        "methods": methods(survey, words),
        "columns": columns(survey, words),
    }
