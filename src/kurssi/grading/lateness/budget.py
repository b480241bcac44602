"""Free budgets: late time that is forgiven per student over all parts (contract section 5.1)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from fractions import Fraction
from typing import NamedTuple, assert_never

from kurssi.course.model import SpendRule
from kurssi.policy.free_time import Free

END_OF_TIME = datetime.max.replace(tzinfo=UTC)
"""After every deadline."""

Spending = dict[str, int]
"""Units forgiven, by part."""


class LateWork(NamedTuple):
    """A late first attempt: its deadline, part and started units, and what a unit takes from the budget (hours)."""

    due: datetime
    order: int
    part: str
    units: int
    unit_hours: int
    most: int
    """The most units that may be forgiven of it, if nothing else spends."""
    useful: tuple[int, ...]
    """Numbers of units that change the part's value, each the least for its value, 0 among them."""


def useful_units(values: Sequence[tuple[Fraction | None, ...]], whole: int | None = None) -> tuple[int, ...]:
    """The numbers of forgiven units that change a value.

    ``values`` are those with 0, 1, 2 … units forgiven, of the part and of those that take its scores; ``whole`` is the
    number of late units where all of them are forgiven or none.
    """
    if whole is not None:
        return (0, whole) if whole < len(values) and values[whole] != values[0] else (0,)
    useful: list[int] = []
    for forgiven, value in enumerate(values):
        if not forgiven or value != values[forgiven - 1]:
            useful.append(forgiven)
    return tuple(useful)


def depends_on_grade(spend: SpendRule) -> bool:
    """Whether what is spent where depends on the grade that comes of it, and so on what is still open."""
    match spend:
        case "in-order":
            return False
        case "where-it-helps":
            return True
        case _ as unknown:
            assert_never(unknown)


def spent_by(
    works: Sequence[LateWork], free: Free, value: Callable[[Mapping[str, int]], tuple[int, Fraction]], *, rises: bool
) -> Spending:
    """Units forgiven by part, as the policy spends; ``value`` is asked what a spending comes to.

    ``rises``: whether forgiving more never lowers it.
    """
    match free.spend:
        case "in-order":
            return in_order(works, free)
        case "where-it-helps":
            return where_it_helps(works, free, value, rises=rises)
        case _ as unknown:
            assert_never(unknown)


def in_order(works: Sequence[LateWork], free: Free) -> Spending:
    """Units forgiven by part: every late one spends, in order of deadlines, until the budget is used up."""
    left, spent = free.hours, {}
    for work in works:
        units = free.units(work.units, work.unit_hours, left)
        left -= units * work.unit_hours
        spent[work.part] = units
    return spent


def where_it_helps(
    works: Sequence[LateWork], free: Free, value: Callable[[Mapping[str, int]], tuple[int, Fraction]], *, rises: bool
) -> Spending:
    """The spending for which ``value`` (final grade, exact value) is largest.

    Of equal ones the one that spends least, then the one that spends on the earlier deadline. Where forgiving more
    never lowers ``value`` a branch is left as soon as even all of the rest of the budget for everybody cannot win.
    """
    parts = [work.part for work in works]
    best: tuple[tuple[int, Fraction], int, tuple[int, ...]] | None = None

    def may_win(chosen: tuple[int, ...], dream: tuple[int, ...]) -> bool:
        if best is None or not rises:
            return True
        bound = value(dict(zip(parts, (*chosen, *dream), strict=True)))
        return (bound, -sum(chosen)) >= best[:2]

    for spending in _branches(works, free.hours, may_win):
        candidate = (value(dict(zip(parts, spending, strict=True))), -sum(spending), spending)
        if best is None or candidate > best:
            best = candidate
    return dict(zip(parts, best[2], strict=True)) if best else {}


def spendings(works: Sequence[LateWork], free: Free) -> Iterator[Spending]:
    """Every way to spend the budget that could make a difference."""
    parts = [work.part for work in works]
    for units in _branches(works, free.hours, lambda *_: True):
        yield dict(zip(parts, units, strict=True))


def _branches(
    works: Sequence[LateWork], hours: int, worth: Callable[[tuple[int, ...], tuple[int, ...]], bool]
) -> Iterator[tuple[int, ...]]:
    """Spendings, the largest for the earliest deadline first.

    ``worth`` is asked whether a beginning may go on, with the units that the rest could get at the very most.
    """
    todo: list[tuple[tuple[int, ...], int]] = [((), hours)]
    while todo:
        chosen, left = todo.pop()
        rest = works[len(chosen) :]
        if not rest:
            yield chosen
            continue
        if chosen and not worth(chosen, tuple(min(w.most, left // w.unit_hours) for w in rest)):
            continue
        work = rest[0]
        for units in work.useful:  # the last one put in comes out first
            if units * work.unit_hours <= left:
                todo.append(((*chosen, units), left - units * work.unit_hours))
