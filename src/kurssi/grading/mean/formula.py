"""Step 6 as formulas: weights, which parts enter a mean, bonus, and parts that have parts."""

from __future__ import annotations

from typing import assert_never

from kurssi.grading.gates import formula as gates
from kurssi.grading.spreadsheet import names
from kurssi.grading.spreadsheet.cells import (
    EXCUSED,
    FAILED_EMPTY,
    MISSING,
    PASSED,
    PASSED_WAY,
    RECOGNISED,
    UNGRADED,
    UNGRADED_EMPTY,
    WEIGHED_WAY,
    Columns,
    StudentRow,
    any_of,
    by_way,
    near,
    quoted,
)
from kurssi.policy.model import ChoiceRule, Part, Policy


def counts(row: StudentRow, part: Part) -> str:
    """Whether a part stands in the mean of its siblings: 1 or 0."""
    cell = row.at("value", part)
    if part.parts:
        return f'(ISNUMBER({cell})+({cell}="{MISSING}")+({cell}="{UNGRADED}"))'
    return f'({cell}<>"{EXCUSED}")*({cell}<>"{RECOGNISED}")'


def worth(row: StudentRow, part: Part) -> str:
    """A part's value in the mean: the lowest where it has none."""
    value = row.at("value", part)
    if row.policy.bonuses_by_steps():  # what they add may be negative
        return f"IF(ISNUMBER({value}),{value},{row.lowest})"
    return f"MAX(N({value}),{row.lowest})"


def weight(part: Part, owner: Part | Policy) -> str:
    """A part's weight among its siblings: where points are added up, its max."""
    return names.of("max" if owner.by_points else "weight", part)


def weights(row: StudentRow, part: Part | None) -> str:
    """Step 6: the weights of the parts that count, summed."""
    if part is None and row.policy.of_ways:
        return by_way(row, row.policy.parts, lambda way: row.at("weights", way))
    terms = [f"{counts(row, child)}*{weight(child, part or row.policy)}" for child in counting(row, part)]
    return "+".join(terms) or "0"


def counting(row: StudentRow, part: Part | None) -> list[Part]:
    """The children that have a weight: gates and bonus parts have none."""
    return [child for child in (part.parts if part else row.policy.parts) if child.counts]


def counted(row: StudentRow, part: Part) -> str:
    """The value of a child among which the best are chosen; nothing where it is excused."""
    return f'IF({counts(row, part)}>0,{worth(row, part)},"")'


def mean(row: StudentRow, part: Part | None) -> str:
    """Step 6: the mean of the children, with bonus and cap; nothing where nothing is left to weigh."""
    if part is None and row.policy.of_ways:
        best = by_way(row, row.policy.parts, lambda way: row.at("mean", way))
        return best if row.policy.cap is None else f'IF(({best})="","",{_capped(row.policy, best)})'
    owner = part or row.policy
    children = counting(row, part)
    if part is not None and part.choice is not None and part.chooses:
        first, last = (row.at("counted", child) for child in (children[0], children[-1]))
        among = f"{first}:{last}"
        number = f"COUNT({among})"
        kept = _kept(part.choice.rule, names.of(part.choice.rule, part), number)
        terms = "+".join(f"IF({n}<={kept},LARGE({among},{n}),0)" for n in range(1, len(children) + 1))
        points = f"({weight(children[0], owner)}*{kept})"
        return f'IF({number}=0,"",{_capped(owner, f"({terms})/{kept}{_bonus(row, owner, points)}")})'
    weights = row.at("weights", part)
    terms = "+".join(f"{counts(row, child)}*{weight(child, owner)}*{worth(row, child)}" for child in children)
    return f'IF({weights}=0,"",{_capped(owner, f"({terms or 0})/{weights}{_bonus(row, owner, weights)}")})'


def _bonus(row: StudentRow, owner: Part | Policy, points: str) -> str:
    """What bonus parts add: per cent of their value, or their points in per cent of the ``points`` that count."""
    whole = points if owner.by_points else "100"
    parts = [child for child in owner.parts if child.bonus and child.stepped is None]
    steps = [child for child in owner.parts if child.stepped is not None and child.stepped.to is None]
    by_weight = "".join(f"+{weight(child, owner)}*N({row.at('value', child)})/{whole}" for child in parts)
    return by_weight + "".join(f"+{row.at('adds', child)}" for child in steps)


def _capped(owner: Part | Policy, value: str) -> str:
    return value if owner.cap is None else f"MIN({value},{names.cap(owner)})"


def _kept(rule: ChoiceRule, size: str, number: str) -> str:
    """How many of so many values enter the mean."""
    match rule:
        case "best":
            return f"MIN({size},{number})"
        case "drop_lowest":
            return f"MAX(1,{number}-{size})"
        case _ as unknown:
            assert_never(unknown)


def rank(row: StudentRow, way: Part) -> str:
    """By what a way comes before others: open gates, then a value, then the larger one."""
    mean, failed = row.at("mean", way), gates.gates_below(row, way)
    passed = f"IF({failed},0,{PASSED_WAY})" if failed else str(PASSED_WAY)
    return f'{passed}+IF({mean}="",0,{WEIGHED_WAY}+{near(mean)})'


def node(row: StudentRow, part: Part) -> str:
    """A part of parts: its mean, or the sign for why it has none."""
    if part.of_ways:
        best = by_way(row, part.parts, lambda way: row.at("value", way))
        return best if part.cap is None else f"IF(ISNUMBER({best}),{_capped(part, best)},{best})"
    cells = [row.at("value", child) for child in part.parts]
    out = "+".join(f'({cell}="{sign}")' for cell in cells for sign in (EXCUSED, RECOGNISED))
    absent = "+".join(_absent(row, child) for child in part.parts)
    open_ = "+".join(
        f'({cell}="{sign}")'
        for cell, child in zip(cells, part.parts, strict=True)
        for sign in ((UNGRADED, UNGRADED_EMPTY) if child.parts else (UNGRADED, row.texts.withheld))
    )
    mean, number = row.at("mean", part), len(cells)
    value = f'IF({mean}="",{quoted(EXCUSED if part.counts or part.bonus else PASSED)},{mean})'
    ungraded = f'IF({mean}="","{UNGRADED_EMPTY}","{UNGRADED}")'
    value = f"IF({out}+{open_}={number},{ungraded},{value})"
    if failed := gates.gates_below(row, part):
        value = f'IF({failed},IF({mean}="","{FAILED_EMPTY}",{mean}),{value})'
    value = f'IF({absent}={number},"{MISSING}",{value})'
    return f'IF({out}={number},IF({any_of(cells, EXCUSED)},"{EXCUSED}","{RECOGNISED}"),{value})'


def _absent(row: StudentRow, part: Part) -> str:
    """Whether nothing of a part was handed in, at any depth: 1 or 0."""
    cell = row.at("value", part)
    signs = (MISSING, RECOGNISED) if part.parts else (MISSING, RECOGNISED, row.texts.closed)
    excused = f'({cell}="{EXCUSED}")'
    if _may_hide(part):
        below = by_way(row, part.parts, lambda way: _all_absent(row, way)) if part.of_ways else _all_absent(row, part)
        excused += f"*{below}"
    return "(" + "+".join([*(f"({cell}={quoted(sign)})" for sign in signs), excused]) + ")"


def _all_absent(row: StudentRow, part: Part) -> str:
    return "*".join(_absent(row, child) for child in part.parts)


def _may_hide(part: Part) -> bool:
    """Whether a part of parts may be excused and yet something of it be handed in: what has no weight."""
    return any((not child.counts and not child.is_way) or _may_hide(child) for child in part.parts)


COLUMNS = Columns(
    part={"weights": weights, "mean": mean, "counted": counted, "rank": rank},
    whole={"weights": lambda row: weights(row, None), "mean": lambda row: mean(row, None)},
)
