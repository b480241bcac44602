"""The steps that put a score together of the cells of markers, or of criteria."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import assert_never

from kurssi.course.model import AgreeRule
from kurssi.diagnostics.message import Msg, PerCent, Terms, msg, nmsg
from kurssi.grading.result import Step, Steps
from kurssi.policy.composite import Composed, Markers, Rubric, compose, weights_of
from kurssi.policy.model import Part, Policy
from kurssi.values.classlist import Attempt, AttemptState, Component
from kurssi.values.vocabulary import AGREED

STEPS: Steps = {"markers": msg("markers"), "rubric": msg("criteria")}


def composite_step(policy: Policy, part: Part, number: int, attempt: Attempt) -> Step | None:
    """How the score of an attempt came about; None where it has one cell, or is that of another part."""
    if not attempt.components or (part.markers is None and part.rubric is None):
        return None
    made = compose(part.markers, part.rubric, attempt.components)
    given = tuple(
        {"attempt": number, "cell": one.name, "state": one.state, "score": one.score} for one in attempt.components
    )
    said = {one.name: one for one in attempt.components}
    if part.markers is not None:
        why = _by_markers(policy, part, part.markers, said, made)
        return Step("markers", part.id, part.markers.path, given, None, made.score, part.markers.within, why)
    if part.rubric is not None:
        why = _by_criteria(policy, part, part.rubric, said, made)
        return Step("rubric", part.id, part.rubric.path, given, None, made.score, None, why)
    return None


def score_text(policy: Policy, part: Part, score: Fraction) -> object:
    """A score as cells hold it: a whole grade of an own scale by its label."""
    return (policy.scale.own_label(score) if part.in_grades else None) or score


def mark_text(policy: Policy, part: Part, component: Component | None) -> object:
    """What a cell says: its score, or the word or sign for why it has none."""
    if component is None:
        return "–"
    if component.score is not None:
        return score_text(policy, part, component.score)
    return state_text(component.state)


def state_text(state: AttemptState) -> object:
    """What a cell without a score says."""
    match state:
        case "missing" | "scored":
            return "–"
        case "ungraded":
            return "?"
        case "withheld":
            return msg("withheld")
        case "excused":
            return "EX"
        case "recognised":
            return "AHOT"
        case "failed":
            return msg("failed")
        case "passed":
            return msg("passed")
        case _ as unknown:
            assert_never(unknown)


def _by_markers(policy: Policy, part: Part, rule: Markers, said: Mapping[str, Component], made: Composed) -> Msg:
    terms = []
    for place, name in enumerate(rule.of):
        mark = mark_text(policy, part, said.get(name))
        if rule.weights is not None:
            weight = PerCent(rule.weights[place])
            terms.append(msg("{marker} {mark} ({weight})", marker=name, mark=mark, weight=weight))
        else:
            terms.append(msg("{marker} {mark}", marker=name, mark=mark))
    marks = Terms(terms)
    if AGREED in said:
        return msg("{marks}; agreed on: {mark}", marks=marks, mark=mark_text(policy, part, said[AGREED]))
    if made.score is not None:
        score = score_text(policy, part, made.score)
        return _counts(rule.agree, {"marks": marks, "score": score}, weighted=rule.weights is not None)
    if made.apart is not None and rule.within is not None and made.apart > rule.within:
        return msg("{marks}: further apart than {within}, open until agreed on", marks=marks, within=rule.within)
    if made.apart is not None:
        return msg("{marks}: not the same, open until agreed on", marks=marks)
    if made.state == "withheld":
        return msg("{marks}: not released yet", marks=marks)
    if made.state == "ungraded":
        return msg("{marks}: not all have marked yet", marks=marks)
    return msg("{marks}: they say the same", marks=marks)


def _counts(agree: AgreeRule, words: Mapping[str, object], *, weighted: bool) -> Msg:
    match agree:
        case "mean":
            if weighted:
                return msg("{marks}: the weighted mean is {score}", **words)
            return msg("{marks}: the mean is {score}", **words)
        case "higher":
            return msg("{marks}: the higher mark counts, {score}", **words)
        case "lower":
            return msg("{marks}: the lower mark counts, {score}", **words)
        case _ as unknown:
            assert_never(unknown)


def _by_criteria(policy: Policy, part: Part, rubric: Rubric, said: Mapping[str, Component], made: Composed) -> Msg:
    terms = []
    for criterion, weight in zip(rubric.criteria, weights_of(rubric), strict=True):
        mark = mark_text(policy, part, said.get(criterion.id))
        if rubric.in_points:
            terms.append(msg("{marker} {mark}", marker=criterion.name, mark=mark))
        else:
            share = PerCent(weight * 100)
            terms.append(msg("{marker} {mark} ({weight})", marker=criterion.name, mark=mark, weight=share))
    marks = Terms(terms)
    if made.score is None:
        if made.state == "withheld":
            return msg("{marks}: not released yet", marks=marks)
        return msg("{marks}: not all criteria are graded yet", marks=marks)
    score = score_text(policy, part, made.score)
    if rubric.in_points:
        return nmsg("{marks}: together {n} point", "{marks}: together {n} points", n=made.score, marks=marks)
    return msg("{marks}: the weighted mean is {score}", marks=marks, score=score)
