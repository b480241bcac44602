"""Composite scores (contract 11.8): one score of the marks of several markers, or of the criteria of a rubric."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import combinations
from typing import NamedTuple, assert_never

from kurssi.course import model
from kurssi.diagnostics.finding import Path
from kurssi.values.classlist import AttemptState, Component, Span
from kurssi.values.vocabulary import AGREED

from .scales import Scale

MOST_AMONG = 100
"""So many scores that are still possible are told one by one; more are all from the lowest to the highest."""


class Markers(NamedTuple):
    """Several markers, resolved."""

    path: Path
    of: tuple[str, ...]
    agree: model.AgreeRule
    within: Fraction | None
    weights: tuple[Fraction, ...] | None
    """Of the markers in their order, in per cent; None where all weigh the same."""


class Criterion(NamedTuple):
    """One criterion of a rubric, resolved."""

    id: str
    name: str
    weight: Fraction | None
    levels: tuple[tuple[Fraction, str], ...]
    """The grade or the points of each level, rising, and its text."""
    outcomes: tuple[str, ...] = ()
    """Ids of the learning outcomes that it assesses; nothing is computed from them."""

    def text(self, score: Fraction) -> str | None:
        """The text of the level with this score."""
        return dict(self.levels).get(score)


class Rubric(NamedTuple):
    """Criteria, resolved."""

    path: Path
    criteria: tuple[Criterion, ...]
    in_points: bool
    """Whether levels are points, which are summed; else grades, of which the mean is taken."""


class Composed(NamedTuple):
    """What several cells come to."""

    state: AttemptState
    score: Fraction | None = None
    apart: Fraction | None = None
    """How far apart the markers are, where that is more than they may be; 0 where one of them gives no number."""
    among: tuple[Span, ...] = ()
    """The scores that are still possible where something is said already; empty where every score is."""


def markers_of(given: model.Markers | None, path: Path) -> Markers | None:
    """The markers of a part of the file."""
    if given is None:
        return None
    weights = None if given.weights is None else given.weights_in_order
    return Markers(path, given.of, given.agree, given.within, weights)


def rubric_of(given: model.Part, path: Path, scale: Scale) -> Rubric | None:
    """The rubric of a part of the file, each level as the grade or the points that it gives."""
    if not given.rubric:
        return None
    own = scale.own and not given.in_points

    def level(key: str) -> Fraction:
        return Fraction(scale.labels.index(key)) if own else Fraction(key.replace(",", "."))

    criteria = tuple(
        Criterion(
            one.id,
            one.name or one.id,
            one.weight,
            tuple(sorted((level(key), " ".join(text.split())) for key, text in one.levels.items())),
            one.outcomes,
        )
        for one in given.rubric
    )
    return Rubric(path, criteria, given.in_points)


def compose(markers: Markers | None, rubric: Rubric | None, given: Sequence[Component]) -> Composed:
    """The score that these cells make; at least one of them says something."""
    said = {component.name: component for component in given}
    if markers is not None:
        return by_markers(markers, said)
    if rubric is not None:
        return by_criteria(rubric, said)
    raise ValueError("a score of one cell has no components")


# ---- markers -----------------------------------------------------------------------------------------------


def by_markers(markers: Markers, said: Mapping[str, Component]) -> Composed:
    """What markers agree on; open where one has not marked, or where they are too far apart."""
    if (agreed := said.get(AGREED)) is not None:
        return Composed(agreed.state, agreed.score)
    marks = [said[name] for name in markers.of if name in said]
    states = {mark.state for mark in marks}
    if "withheld" in states:
        return Composed("withheld")
    if len(marks) < len(markers.of) or "ungraded" in states:
        return Composed("ungraded")
    scores = [mark.score for mark in marks if mark.score is not None]
    if len(scores) < len(marks):
        return Composed(states.pop()) if len(states) == 1 else Composed("ungraded", apart=Fraction(0))
    spread = max(scores) - min(scores)
    if markers.within is not None and spread > markers.within:
        return Composed("ungraded", apart=spread)
    return Composed("scored", _agreed(markers, scores))


def _agreed(markers: Markers, scores: Sequence[Fraction]) -> Fraction:
    match markers.agree:
        case "mean":
            weights = markers.weights or [Fraction(1)] * len(scores)
            return sum((w * s for w, s in zip(weights, scores, strict=True)), Fraction(0)) / sum(weights)
        case "higher":
            return max(scores)
        case "lower":
            return min(scores)
        case _ as unknown:
            assert_never(unknown)


class Agreement(NamedTuple):
    """How far two markers are apart in one class."""

    pair: tuple[str, str]
    both: int
    """How many works both have marked with a number, or with passed and failed."""
    mean_difference: Fraction
    """Of the second marker's marks and the first one's, each difference without its sign."""
    exact: Fraction
    """The share of works in which both marks are the same."""
    kappa: Fraction | None
    """Weighted kappa, every difference by its size; None where both always give one and the same mark."""


def agreements(markers: Markers, works: Sequence[Sequence[Component]]) -> Iterator[Agreement]:
    """How far each two markers are apart over these works; nothing for two who have marked no work together."""
    for pair in combinations(markers.of, 2):
        marks = [both for work in works if (both := _both(pair, work)) is not None]
        if not marks:
            continue
        n = len(marks)
        differences = [abs(a - b) for a, b in marks]
        observed = sum(differences, Fraction(0)) / n
        of_one, of_other = (Counter(side) for side in zip(*marks, strict=True))
        each = ((abs(a - b), of_one[a] * of_other[b]) for a in of_one for b in of_other)
        expected = sum((difference * times for difference, times in each), Fraction(0)) / n**2
        yield Agreement(
            pair,
            n,
            observed,
            Fraction(sum(not difference for difference in differences), n),
            1 - observed / expected if expected else None,
        )


def _both(pair: tuple[str, str], work: Sequence[Component]) -> tuple[Fraction, Fraction] | None:
    said = {component.name: component for component in work}
    found = [_number(said[name]) for name in pair if name in said]
    return (found[0], found[1]) if len(found) == 2 and found[0] is not None and found[1] is not None else None


def _number(mark: Component) -> Fraction | None:
    """A mark as a number: passed and failed are 1 and 0."""
    if mark.score is not None:
        return mark.score
    return Fraction(1) if mark.state == "passed" else Fraction(0) if mark.state == "failed" else None


# ---- a rubric ----------------------------------------------------------------------------------------------


def by_criteria(rubric: Rubric, said: Mapping[str, Component]) -> Composed:
    """What the criteria come to; open where one of them is not graded."""
    scores = {name: component.score for name, component in said.items() if component.score is not None}
    if len(scores) == len(rubric.criteria):
        return Composed("scored", _total(rubric, [scores[criterion.id] for criterion in rubric.criteria]))
    withheld = any(component.state == "withheld" for component in said.values())
    return Composed("withheld" if withheld else "ungraded", among=possible(rubric, scores))


def _total(rubric: Rubric, scores: Sequence[Fraction]) -> Fraction:
    weights = weights_of(rubric)
    return sum((w * s for w, s in zip(weights, scores, strict=True)), Fraction(0))


def weights_of(rubric: Rubric) -> list[Fraction]:
    """By what the level of each criterion is multiplied, so that their sum is the score."""
    if rubric.in_points:
        return [Fraction(1)] * len(rubric.criteria)
    given = [criterion.weight if criterion.weight is not None else Fraction(1) for criterion in rubric.criteria]
    return [weight / sum(given) for weight in given]


def possible(rubric: Rubric, scores: Mapping[str, Fraction]) -> tuple[Span, ...]:
    """Every score within reach, rising, where these criteria are graded: single ones, or of very many their span."""
    totals, single = {Fraction(0)}, True
    for criterion, weight in zip(rubric.criteria, weights_of(rubric), strict=True):
        known = scores.get(criterion.id)
        values = [score for score, _ in criterion.levels] if known is None else [known]
        if len(totals) > MOST_AMONG:
            totals, single = {min(totals), max(totals)}, False
            values = [min(values), max(values)]
        totals = {total + weight * value for total in totals for value in values}
    found = sorted(totals)
    if single and len(found) <= MOST_AMONG:
        return tuple((score, score) for score in found)
    return ((found[0], found[-1]),)
