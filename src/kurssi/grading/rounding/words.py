"""The sentences on the last steps: rounding, and the lower limit of who passed every gate."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from kurssi.course.model import Rounding
from kurssi.diagnostics.message import Msg, msg
from kurssi.grading.wording import PageSentences, Sentence, about, nothing
from kurssi.policy.model import Policy


def whole(policy: Policy) -> Iterator[Sentence]:
    """How the total becomes a grade."""
    if not any(part.counts for part in policy.parts):
        return
    if not policy.percent:
        yield about(policy.path, "rounding", _rounded(policy.rounding), "rounding")
    low = policy.scale.label(policy.scale.pass_grade)
    may_fail = msg("The total may fail a student who passed every gate.")
    text = may_fail if policy.may_fail else msg("Who passes every gate gets at least {grade}.", grade=low)
    if not policy.may_fail and any(demand.grade <= policy.scale.pass_grade for demand in policy.requires):
        text = msg("Who passes every gate and has what {grade} requires gets at least {grade}.", grade=low)
    yield about(policy.path, "lower-limit", text, "may_fail")


WORDS = PageSentences(whole, nothing)


def _rounded(rounding: Rounding) -> Msg:
    match rounding:
        case "half-up":
            return msg("The total is rounded to a whole grade, halves up.")
        case "down":
            return msg("The total is rounded down to a whole grade.")
        case "up":
            return msg("The total is rounded up to a whole grade.")
        case "half-even":
            return msg("The total is rounded to a whole grade, halves to the even grade.")
        case _ as unknown:
            assert_never(unknown)


def mode(rounding: Rounding) -> Msg:
    """The way of rounding, for the step."""
    match rounding:
        case "half-up":
            return msg("halves up")
        case "down":
            return msg("down")
        case "up":
            return msg("up")
        case "half-even":
            return msg("halves to even")
        case _ as unknown:
            assert_never(unknown)
