"""Scores that are made of several cells, a second time: markers, and the criteria of a rubric (contract 11.8)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations
from typing import Literal, NamedTuple, assert_never

from kurssi.diagnostics.message import msg

from .problems import Node, written

Agree = Literal["mean", "higher", "lower"]

AGREED = "agreed"
MOST_SUMS = 100
"""With more sums of levels only the lowest and the highest are tried."""
STATES = ("scored", "passed", "failed", "missing", "ungraded", "withheld", "excused", "recognised")


class MarkerRule(NamedTuple):
    """Several markers of one part."""

    names: tuple[str, ...]
    agree: Agree
    within: Fraction | None
    weights: tuple[Fraction, ...]


class CriterionRule(NamedTuple):
    """One criterion: by what its level is multiplied, and the text of each level."""

    id: str
    factor: Fraction
    levels: dict[Fraction, str]


class Cell(NamedTuple):
    """One cell of several."""

    name: str
    state: str
    score: Fraction | None


class Made(NamedTuple):
    """What the cells come to."""

    state: str
    score: Fraction | None = None


def read_markers(node: Node) -> MarkerRule:
    """Who marks. Raises :class:`~kurssi.verification.problems.Unfit` where they cannot."""
    names = tuple(entry.text() for entry in node["of"].entries())
    within, weights = node["within"].given, node["weights"].given
    shares = tuple(entry.number() for entry in weights.entries()) if weights else (Fraction(1),) * len(names)
    if len(set(names)) < 2 or len(shares) != len(names) or sum(shares) <= 0 or min(shares) < 0:
        raise node.wrong(msg("these are no markers"))
    agree: Agree = node["agree"].one_of("mean", "higher", "lower")
    return MarkerRule(names, agree, within.number() if within else None, shares)


def read_rubric(node: Node, in_points: bool) -> tuple[CriterionRule, ...]:
    """The criteria."""
    given = [(entry, entry["weight"].given) for entry in node.entries()]
    weights = [weight.number() if weight else Fraction(1) for _, weight in given]
    if not given or sum(weights) <= 0:
        raise node.wrong(msg("these are no criteria"))
    return tuple(
        CriterionRule(
            entry["id"].text(),
            Fraction(1) if in_points else weight / sum(weights),
            {level["score"].number(): level["text"].text() for level in entry["levels"].entries()},
        )
        for (entry, _), weight in zip(given, weights, strict=True)
    )


def read_cells(markers: MarkerRule | None, rubric: tuple[CriterionRule, ...], node: Node) -> tuple[Cell, ...]:
    """The cells that an attempt's score is made of; none where it has one cell."""
    keys = node.mapping()
    if "markers" in keys:
        known = (*markers.names, AGREED) if markers is not None else ()
        return tuple(_cell(entry, "marker", known) for entry in node["markers"].entries())
    if "rubric" not in keys:
        return ()
    levels = {criterion.id: criterion.levels for criterion in rubric}
    cells = []
    for entry in node["rubric"].entries():
        cell = _cell(entry, "criterion", tuple(levels))
        text = entry["text"].text() if entry["text"].given else None
        if cell.score is not None and levels[cell.name].get(cell.score) != text:
            raise entry["score"].wrong(msg("this is not the level with the text that stands beside it"))
        cells.append(cell)
    return tuple(cells)


def _cell(entry: Node, key: str, names: Sequence[str]) -> Cell:
    state = entry["state"].one_of(*STATES)
    score = entry["score"].number() if entry["score"].given else None
    if entry[key].text() not in names:
        raise entry[key].wrong(msg("the policy has no such cell here"))
    if (state == "scored") != (score is not None):
        raise entry["score"].wrong(msg("a score stands exactly where the state is scored"))
    return Cell(entry[key].text(), state, score)


def made_of(markers: MarkerRule | None, rubric: tuple[CriterionRule, ...], cells: Sequence[Cell]) -> Made:
    """The state and the score that follow from the cells."""
    by_name = {cell.name: cell for cell in cells}
    if markers is None:
        return _of_criteria(rubric, by_name)
    if AGREED in by_name:
        return Made(by_name[AGREED].state, by_name[AGREED].score)
    states = [by_name[name].state if name in by_name else "ungraded" for name in markers.names]
    for waiting in ("withheld", "ungraded"):
        if waiting in states:
            return Made(waiting)
    if set(states) != {"scored"}:
        return Made(states[0] if len(set(states)) == 1 else "ungraded")
    scores = [by_name[name].score or Fraction(0) for name in markers.names]
    if markers.within is not None and max(scores) > min(scores) + markers.within:
        return Made("ungraded")
    match markers.agree:
        case "mean":
            total = sum((weight * score for weight, score in zip(markers.weights, scores, strict=True)), Fraction(0))
            return Made("scored", total / sum(markers.weights))
        case "higher":
            return Made("scored", max(scores))
        case "lower":
            return Made("scored", min(scores))
        case _ as unknown:
            assert_never(unknown)


def _of_criteria(rubric: tuple[CriterionRule, ...], by_name: dict[str, Cell]) -> Made:
    total = Fraction(0)
    waiting = False
    for criterion in rubric:
        score = by_name[criterion.id].score if criterion.id in by_name else None
        waiting = waiting or score is None
        total += criterion.factor * (score or 0)
    if not waiting:
        return Made("scored", total)
    return Made("withheld" if any(cell.state == "withheld" for cell in by_name.values()) else "ungraded")


def still_possible(rubric: tuple[CriterionRule, ...], cells: Sequence[Cell]) -> list[Fraction]:
    """The scores that an open attempt can still get; nothing where that is every score."""
    if not rubric or not cells:
        return []
    known = {cell.name: cell.score for cell in cells if cell.score is not None}
    sums = [Fraction(0)]
    for criterion in rubric:
        levels = [known[criterion.id]] if criterion.id in known else sorted(criterion.levels)
        reached = {before + criterion.factor * level for before in sums for level in levels}
        sums = sorted(reached) if len(reached) <= MOST_SUMS else [min(reached), max(reached)]
    return sums


def agreements(markers: MarkerRule, works: Sequence[Sequence[Cell]]) -> Iterator[dict[str, object]]:
    """How far each two markers are apart, under the keys of the report."""
    for one, other in combinations(markers.names, 2):
        pairs = []
        for cells in works:
            numbers = {cell.name: number for cell in cells if (number := _as_number(cell)) is not None}
            if one in numbers and other in numbers:
                pairs.append((numbers[one], numbers[other]))
        if not pairs:
            continue
        size = len(pairs)
        apart = sum((abs(a - b) for a, b in pairs), Fraction(0)) / size
        first, second = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
        chance = sum((abs(a - b) * first[a] * second[b] for a in first for b in second), Fraction(0)) / size**2
        yield {
            "pair": [one, other],
            "both": size,
            "mean_difference": written(apart),
            "exact_agreement": written(Fraction(sum(a == b for a, b in pairs), size)),
            "weighted_kappa": written(1 - apart / chance) if chance else None,
        }


def _as_number(cell: Cell) -> Fraction | None:
    return Fraction(cell.state == "passed") if cell.state in ("passed", "failed") else cell.score
