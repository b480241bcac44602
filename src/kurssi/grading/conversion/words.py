"""The sentences on scale and scores: what the cells hold, and how that becomes a value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import assert_never

from kurssi.diagnostics.message import Msg, Terms, msg, nmsg
from kurssi.grading.wording import PageSentences, Sentence, about
from kurssi.policy.model import Part, Policy


def whole(policy: Policy) -> Iterator[Sentence]:
    """The scale."""
    scale = policy.scale
    words = {"grades": Terms(scale.labels), "grade": scale.label(scale.pass_grade)}
    text = (
        msg("Grades are {grades}; {grade} passes.", **words)
        if scale.pass_grade == scale.top
        else msg("Grades are {grades}; {grade} and above pass.", **words)
    )
    yield about(policy.path, "scale", text, "evaluation_scale")


def about_part(policy: Policy, part: Part, parent: Part | None = None) -> Iterator[Sentence]:  # noqa: ARG001
    """What the cells of a part hold, and who gets a score."""
    said: list[object] = [msg("Assessed as: {how}.", how=assessed_as(policy, part))]
    if not part.parts and part.takes is None:
        said.append(msg("The group gets one score.") if part.by_group else msg("Every student gets a score."))
    if part.over and part.takes is None:
        said.append(
            nmsg(
                "Up to {n} point beyond the largest number counts, too.",
                "Up to {n} points beyond the largest number count, too.",
                n=part.over,
            )
        )
    yield about(part.path, "graded", Terms(said, " "), "graded", part=part)


WORDS = PageSentences(whole, about_part)


def assessed_as(policy: Policy, part: Part) -> Msg:
    """What the cells of a part hold, and how that becomes a value."""
    if part.of_ways:
        return msg("the best of its ways")
    if part.parts:
        if part.by_points:
            return msg("sum of the points of its parts")
        weighed = any(child.counts for child in part.parts)
        return msg("mean of its parts") if weighed else msg("passed with its parts")
    match part.graded:
        case "pass-fail":
            return msg("passed or failed")
        case "grade":
            scale = policy.scale
            low, top = (scale.labels[0], scale.labels[-1]) if scale.own else (scale.lowest, scale.top)
            return msg("grade {low}–{top}", low=low, top=top)
        case "points":
            return _points(policy, part)
        case _ as unknown:
            assert_never(unknown)


def _points(policy: Policy, part: Part) -> Msg:
    words: Mapping[str, object] = {"max": part.max}
    if part.only_points:
        return msg("points of {max}", **words)
    if part.boundaries is not None:
        grades = [
            msg("{grade} over {points}", grade=policy.scale.label(grade), points=bound.value)
            if bound.strict
            else msg("{grade} from {points}", grade=policy.scale.label(grade), points=bound.value)
            for grade, bound in zip(policy.scale.grades[1:], part.boundaries, strict=False)
        ]
        return msg("points of {max}: {grades}", grades=Terms(grades), **words)
    if part.linear is not None:
        (low_points, bottom), (high_points, high) = part.linear
        return msg(
            "points of {max}: a straight line from {low_points} = {low} to {high_points} = {high}",
            low_points=low_points,
            low=bottom,
            high_points=high_points,
            high=high,
            **words,
        )
    return msg("points of {max}", **words)
