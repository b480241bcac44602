"""The sentences on markers and criteria."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from kurssi.course.model import AgreeRule
from kurssi.diagnostics.message import Msg, PerCent, Terms, msg
from kurssi.grading.wording import PageSentences, Sentence, about, nothing
from kurssi.policy.composite import Markers, Rubric, weights_of
from kurssi.policy.model import Part, Policy

from .steps import score_text


def about_part(policy: Policy, part: Part, parent: Part | None = None) -> Iterator[Sentence]:  # noqa: ARG001
    """Who marks, and by which criteria."""
    if part.markers is not None:
        yield about(part.path, "markers", Terms(list(_markers(part, part.markers)), " "), "markers", part=part)
    if part.rubric is not None:
        yield about(part.path, "rubric", Terms(list(_rubric(policy, part, part.rubric)), " "), "rubric", part=part)


WORDS = PageSentences(nothing, about_part)


def _markers(part: Part, rule: Markers) -> Iterator[Msg]:
    if rule.weights is not None:
        weighed = [
            msg("{marker} ({weight})", marker=name, weight=PerCent(weight))
            for name, weight in zip(rule.of, rule.weights, strict=True)
        ]
        yield msg("Marked by {markers}.", markers=Terms(weighed))
    else:
        yield msg("Marked by {markers}.", markers=Terms(rule.of))
    if not part.valued:
        yield msg("Where they do not say the same, they agree on what holds.")
        return
    yield _counts(rule.agree)
    if rule.within is not None:
        yield msg("Where they are further apart than {within}, they agree on what holds.", within=rule.within)


def _counts(agree: AgreeRule) -> Msg:
    match agree:
        case "mean":
            return msg("The mean of their marks counts.")
        case "higher":
            return msg("The higher of their marks counts.")
        case "lower":
            return msg("The lower of their marks counts.")
        case _ as unknown:
            assert_never(unknown)


def _rubric(policy: Policy, part: Part, rubric: Rubric) -> Iterator[Msg]:
    if rubric.in_points:
        yield msg("The points of the criteria are added up.")
    else:
        yield msg("The weighted mean of the criteria counts.")
    for criterion, weight in zip(rubric.criteria, weights_of(rubric), strict=True):
        levels = Terms(
            [
                msg("{level}: {text}", level=score_text(policy, part, score), text=text.rstrip("."))
                for score, text in criterion.levels
            ],
            "; ",
        )
        if rubric.in_points:
            yield msg("{criterion} – {levels}.", criterion=criterion.name, levels=levels)
        else:
            share = PerCent(weight * 100)
            yield msg("{criterion} ({weight}) – {levels}.", criterion=criterion.name, weight=share, levels=levels)
