"""The questionnaire of course feedback that kurssi reads back: NPS, CES in one wording, statements, open questions.

Every header says by itself what it is: with its scale and, for CES, in the words of its wording.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from kurssi.diagnostics.message import Msg, msg

from .figures import Kind
from .recognition import PUBLISHED, STATEMENT

CesWording = Literal["effort", "ease"]

STATEMENTS = (
    msg("I put effort into my studies ({low}–{high})"),
    msg("Teaching and guidance supported my learning ({low}–{high})"),
    msg("I reached the learning outcomes ({low}–{high})"),
    msg("I learnt something new ({low}–{high})"),
    msg("I got enough feedback ({low}–{high})"),
)
"""What Finnish universities of applied sciences ask after a course."""
OPEN = (
    msg("What was good in the course?"),
    msg("What should be developed, workload included?"),
)
AGREEMENT = (msg("strongly disagree"), msg("strongly agree"))
LIKELY = (msg("not at all likely"), msg("extremely likely"))
EXPECTED = (
    msg("Much less than I expected"),
    msg("A little less than I expected"),
    msg("What I expected"),
    msg("A little more than I expected"),
    msg("Much more than I expected"),
)
"""The steps of effort as an answer says them."""


class Asked(NamedTuple):
    """A question, what its answers are, and what the ends of its scale are called."""

    text: Msg
    kind: Kind
    steps: tuple[int, ...] = ()
    words: tuple[Msg, ...] = ()
    """The answers in words where they have no numbers."""
    ends: tuple[Msg, Msg] | None = None


def questionnaire(ces: CesWording, scale: tuple[int, int] | None = None) -> tuple[Asked, ...]:
    """The questions in their order; ``scale``: that of the statements."""
    low, high = scale or STATEMENT
    ease = PUBLISHED["ces-ease"]
    effort = Asked(msg("How much effort did the course take, against what you expected?"), "ces", words=EXPECTED)
    second = Asked(
        msg("The course made it easy for me to do what it asked (1–7)"), "ces-ease", _steps(*ease), ends=AGREEMENT
    )
    return (
        Asked(
            msg("How likely are you to recommend the course to a fellow student? (0–10)"),
            "nps",
            _steps(*PUBLISHED["nps"]),
            ends=LIKELY,
        ),
        effort if ces == "effort" else second,
        *(
            Asked(text._replace(args={"low": low, "high": high}), "scale", _steps(low, high), ends=AGREEMENT)
            for text in STATEMENTS
        ),
        *(Asked(text, "open") for text in OPEN),
    )


def _steps(low: int, high: int) -> tuple[int, ...]:
    return tuple(range(low, high + 1))
