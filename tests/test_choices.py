"""The search through choices of boxes, on a toy: what is within reach of one score or two is said by a function.

In a box that crosses a gate more seems to be within reach than is. Here the gate stands at 3.3, and a box that is wider
than 1 seems to bring what no score does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from fractions import Fraction
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import pytest

from kurssi.grading import Grader
from kurssi.grading.attempts import Tried
from kurssi.grading.leaf import grade_leaf, tried_for
from kurssi.grading.ranges import choices
from kurssi.grading.ranges.boxes import HALF, JUST_BELOW, Box, Crossing, boxes
from kurssi.grading.ranges.choices import Reach, Search, best_of, joined
from test_frozen import student_of
from test_frozen_memory import policy_of

GATE = Fraction(33, 10)
SEEMS = 9
"""A grade that no score brings."""


def box_of(name: str, low: int, high: int) -> Box:
    part: Any = SimpleNamespace(part=SimpleNamespace(id=name))
    return Box((Tried("scored", Fraction(low)),), (Tried("scored", Fraction(high)),), {(name, 0): (part, part)})


def ends(box: Box) -> tuple[Fraction, Fraction]:
    low, high = box.low[0].score, box.high[0].score
    assert low is not None
    assert high is not None
    return low, high


def reach(*grades: int, none: bool = False) -> Reach:
    return Reach(tuple(sorted(grades)), none, frozenset())


Told = Callable[[Sequence[Box]], tuple[Reach, bool]]


class Toy:
    """A search that counts what it asks for."""

    def __init__(self, shared: Sequence[Sequence[Box]], told: Told, at: Fraction = HALF) -> None:
        self.halved = 0
        self.asked: list[tuple[Box, ...]] = []

        def ask(chosen: Sequence[Box]) -> tuple[Reach, Crossing | None]:
            self.asked.append(tuple(chosen))
            reach, crossed = told(chosen)
            names = frozenset(name for box in chosen for name, _ in box.ends)
            return reach, Crossing(names, at) if crossed else None

        def regrade(reader: Any, tries: Sequence[Tried]) -> Any:
            self.halved += 1
            return SimpleNamespace(part=reader[0])

        self.found = Search(shared, ask, regrade, 1).reach()


@contextmanager
def at_most(*, halves: int = choices.MOST_HALVES, of: int = choices.MOST_CHOICES) -> Iterator[None]:
    halved = patch.multiple(choices, MOST_HALVES=halves, LEAST_HALVES=min(halves, choices.LEAST_HALVES))
    with halved, patch.multiple(choices, MOST_CHOICES=of, LEAST_CHOICES=min(of, choices.LEAST_CHOICES)):
        yield


def gate(chosen: Sequence[Box]) -> tuple[Reach, bool]:
    """1 below the gate of the first score, 2 above it, and 4 from 5 to 6; whatever the second score is."""
    if not chosen:
        return reach(1, 2, 4, SEEMS), True
    low, high = ends(chosen[0])
    if high < GATE:
        return reach(1), False
    if low >= GATE:
        return reach(2, *((4,) if low <= 5 and high >= 6 else ())), False
    return reach(1, 2, *((SEEMS,) if high - low > 1 else ()), *((4,) if high >= 6 else ())), True


def test_all_that_is_within_reach_in_one_of_several_cases() -> None:
    policy = policy_of("parts: [{id: a}, {id: b}]\nrequires: {3: {a: 3}, 4: {b: 4}}")
    demand, other = policy.requires
    one = Reach((0, 3), False, frozenset("a"), frozenset({demand}), 3)
    two = Reach((2, 3), True, frozenset("b"), frozenset({other}), 5)
    nothing = Reach((), False, frozenset())
    for cases in ([one, two, nothing], [nothing, two, one]):
        assert joined(cases) == Reach((0, 2, 3), True, frozenset("ab"), frozenset({demand, other}), 5)
    assert joined([one, nothing]) == one
    assert joined([]) == nothing


def test_what_may_be_passed_however_free_time_is_spent() -> None:
    """In every spending of a case, and in one of the cases."""

    def passing(names: str, *grades: int, none: bool = False) -> Reach:
        return Reach(grades, none, frozenset(names), always=frozenset(names))

    best = best_of([passing("ab", 0, 2), passing("bc", 1, 3)])
    assert best == Reach((1, 2, 3), False, frozenset("abc"), always=frozenset("b"))
    assert joined([best, passing("d", 0)]).always == frozenset("bd")


def test_that_there_may_be_no_grade_is_said_where_no_spending_of_free_time_brings_one() -> None:
    assert best_of([reach(0), reach(none=True)]) == reach(0)
    assert best_of([reach(0, none=True), reach(none=True)]) == reach(0, none=True)


def test_a_box_that_crosses_a_gate_is_halved_until_it_brings_nothing_new() -> None:
    toy = Toy([[box_of("a", 0, 8)]], gate)
    assert toy.found.grades == (1, 2, 4)
    assert toy.found.may_be_none is False


def test_a_box_is_cut_where_it_crosses_the_gate() -> None:
    """Every other time in the middle; a few cuts are enough where the middle alone takes some forty."""
    with at_most(halves=4):
        assert SEEMS in Toy([[box_of("a", 0, 8)]], near).found.grades
        assert Toy([[box_of("a", 0, 8)]], near, GATE / 8).found.grades == (1, 2)


def near(chosen: Sequence[Box]) -> tuple[Reach, bool]:
    """1 below the gate and 2 above it; a box on both sides, however narrow, seems to bring what no score does."""
    low, high = ends(chosen[0]) if chosen else (Fraction(0), Fraction(8))
    if high < GATE:
        return reach(1), False
    return (reach(2), False) if low >= GATE else (reach(1, 2, SEEMS), True)


def test_fewer_are_halved_where_it_costs_more() -> None:
    def many(cost: int) -> int:
        search = Search([[box_of("a", 0, 8)]], lambda _: (reach(), None), lambda *_: None, cost)  # type: ignore[arg-type]
        return search.halves

    assert [many(cost) for cost in (1, 3, 10**6)] == [
        choices.MOST_HALVES,
        choices.MOST_HALVES // 3,
        choices.LEAST_HALVES,
    ]


def test_the_widest_box_is_halved() -> None:
    """The other one changes nothing, however often it is halved."""

    def both(chosen: Sequence[Box]) -> tuple[Reach, bool]:
        assert len(chosen) in (0, 1, 2)
        assert [name for box in chosen for name, _ in box.ends] == ["a", "b"][: len(chosen)]
        assert len(chosen) in (0, 2) or chosen[0].width == 8
        return gate(chosen[:1])

    assert Toy([[box_of("a", 0, 8)], [box_of("b", 0, 1)]], both).found.grades == (1, 2, 4)
    assert Toy([[box_of("a", 0, 8)], [box_of("b", 1, 1)]], both).found.grades == (1, 2, 4)
    with at_most(halves=6):
        assert Toy([[box_of("a", 0, 8)], [box_of("b", 0, 1)]], both).found.grades == (1, 2, 4)


def test_what_is_left_in_the_end_is_taken_as_it_is() -> None:
    with at_most(halves=0):
        toy = Toy([[box_of("a", 0, 8)]], gate)
        assert (toy.found.grades, toy.halved) == ((1, 2, 4, SEEMS), 0)
    with at_most(halves=2):  # 0 to 8, 0 to 4; 2 to 4 is left
        toy = Toy([[box_of("a", 0, 8)]], gate)
        assert (toy.found.grades, toy.halved) == ((1, 2, 4, SEEMS), 2 * 4)
    with at_most(halves=3):
        assert Toy([[box_of("a", 0, 8)]], gate).found.grades == (1, 2, 4)


def test_every_box_that_is_left_is_taken() -> None:
    def two(chosen: Sequence[Box]) -> tuple[Reach, bool]:
        if not chosen or ends(chosen[0])[1] <= 8:
            return gate(chosen)
        low, high = ends(chosen[0])
        return (reach(5), False) if high == low else (reach(5, 7), True)

    boxes = [box_of("a", 0, 8), box_of("a", 10, 18)]
    for some in (boxes, boxes[::-1]):
        with at_most(halves=0):
            assert Toy([some], two).found.grades == (1, 2, 4, 5, 7, SEEMS)


def test_a_box_that_brings_nothing_new_does_not_end_the_search() -> None:
    def two(chosen: Sequence[Box]) -> tuple[Reach, bool]:
        if not chosen:
            return reach(1, 2, 4), True
        low, high = ends(chosen[0])
        if low >= 10:
            return reach(1), high > low
        return gate(chosen)

    boxes = [box_of("a", 0, 8), box_of("a", 10, 18)]
    for some in (boxes, boxes[::-1]):
        assert Toy([some], two).found.grades == (1, 2, 4)


def test_that_there_may_be_no_grade_is_searched_for_as_well() -> None:
    def inside(chosen: Sequence[Box]) -> tuple[Reach, bool]:
        """None from 5 to 6 only; seemingly below it as well."""
        if not chosen:
            return reach(1, none=True), True
        low, high = ends(chosen[0])
        return reach(1, none=low < 6 and high > 5 and high > low), high > low and low < 5

    assert Toy([[box_of("a", 0, 8)]], inside).found.may_be_none is True
    assert Toy([[box_of("a", 0, 5)]], inside).found.may_be_none is False
    assert Toy([[box_of("a", 5, 8), box_of("a", 0, 1)]], inside).found.may_be_none is True
    assert Toy([[box_of("a", 0, 1), box_of("a", 5, 8)]], inside).found.may_be_none is True

    def seems(chosen: Sequence[Box]) -> tuple[Reach, bool]:
        """In wide boxes only."""
        wide = not chosen or chosen[0].width > 2
        return reach(1, none=wide), wide

    assert Toy([[box_of("a", 0, 8)]], seems).found.may_be_none is False


def pairs(chosen: Sequence[Box]) -> tuple[Reach, bool]:
    """10 seems to be within reach at first, and 9 with the second box of the first score, until both are chosen."""
    first = ends(chosen[0])[0] if chosen else 0
    if len(chosen) == 2:
        return reach(1 if first < 5 else 2), False
    return reach(1, 2, *((10,) if not chosen else (SEEMS,) if first > 5 else ())), False


def test_what_only_seems_to_be_within_reach_is_still_looked_for() -> None:
    """In the last box of the first score 9 only seems to be within reach, in the first one it is."""

    def told(chosen: Sequence[Box]) -> tuple[Reach, bool]:
        if not chosen or ends(chosen[0])[1] <= 8:
            return gate(chosen)
        return reach(1, SEEMS), False

    shared = [[box_of("a", 10, 11), box_of("a", 0, 8)], [box_of("b", 0, 1)]]
    assert Toy(shared, told).found.grades == (1, 2, 4, SEEMS)


def test_what_may_be_passed_is_looked_for_where_no_grade_is_new() -> None:
    def told(chosen: Sequence[Box]) -> tuple[Reach, bool]:
        may = chosen and ends(chosen[0])[0] > 5
        return Reach((1,), False, frozenset("a" if may else "")), False

    shared = [[box_of("a", 6, 7), box_of("a", 0, 1)], [box_of("b", 0, 1)]]
    assert Toy(shared, told).found.passable == {"a"}


def test_choices_that_are_left_are_taken_as_they_seem() -> None:
    shared = [[box_of("a", 6, 7), box_of("a", 0, 1)], [box_of("b", 0, 1)]]
    assert Toy(shared, pairs).found.grades == (1, 2)
    with at_most(of=2):
        assert Toy(shared, pairs).found.grades == (1, 2)
    with at_most(of=1):
        assert Toy(shared, pairs).found.grades == (1, 2, SEEMS)
    with at_most(of=0):
        assert Toy(shared, pairs).found.grades == (1, 2, 10)


def test_what_brings_nothing_new_is_not_looked_at() -> None:
    def alike(chosen: Sequence[Box]) -> tuple[Reach, bool]:
        return reach(1, 2), False

    boxes = [box_of("b", n, n + 1) for n in range(3)]
    toy = Toy([[box_of("a", 0, 1), box_of("a", 1, 2)], boxes], alike)
    assert toy.found.grades == (1, 2)
    # nothing, the last box of a and with it all of b, and the first one of a
    assert [len(chosen) for chosen in toy.asked] == [0, 1, 2, 2, 2, 1]
    assert [ends(chosen[1])[0] for chosen in toy.asked if len(chosen) == 2] == [2, 0, 1]


@pytest.mark.parametrize(
    ("parts", "cells", "gates"),
    [
        ("{id: x, minimum: 2}, {id: t, takes: x, minimum: 3.5}", ["?"], ["2", "3.5"]),
        # what a retake counts stops at 3: the value runs in two straight pieces
        (
            "{id: x, minimum: 2.75, retakes: 1, retake_at_most: 3}, {id: t, takes: x, minimum: 2.5}",
            ["-", "?"],
            ["2.5", "2.75"],
        ),
    ],
)
def test_a_score_that_is_taken_is_looked_at_between_the_gates_that_it_opens(
    parts: str, cells: list[str], gates: list[str]
) -> None:
    policy = policy_of(f"parts: [{parts}]")
    grader = Grader(policy)
    attempts = student_of({}, policy, {"student": "1", "cells": {"x": cells}}).attempts["x"]

    def regrade(reader: Any, tries: Sequence[Tried]) -> Any:
        part, _ = reader
        return grade_leaf(part, tried_for(part, tries, policy, 0), policy)

    own, *_ = leaves = list(policy.all_leaves())
    found = boxes(grader.leaf(own, attempts), [(leaf, 0) for leaf in leaves], policy, regrade, frozenset())
    starts = [Fraction(0), *map(Fraction, gates)]
    wanted = [*zip(starts, [start - JUST_BELOW for start in starts[1:]], strict=False), (starts[-1], Fraction(5))]
    assert [(box.low[-1].score, box.high[-1].score) for box in found] == [(None, None), *wanted]
