"""The grading core against an independent model of the contract, on generated policies and classes."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import reference
from kurssi.grading import Grader, Result
from kurssi.grading.result import flat
from strategies import World, examples, leaves_of, worlds

NARROW = Fraction(1, 10**6)
"""Bisection gives up on a step of this width."""


@pytest.fixture(autouse=True)
def _coarse(monkeypatch: pytest.MonkeyPatch) -> None:
    """A grid of few points: what it misses is searched for by bisection (:func:`witness`)."""
    monkeypatch.setattr(reference, "GRID_STEPS", 4)
    monkeypatch.setattr(reference, "DIAGONAL_STEPS", 8)
    monkeypatch.setattr(reference, "COMBINATIONS", 250)


def graded(world: World) -> list[Result]:
    policy = world.policy()
    classes = world.class_list(policy)
    grader = Grader(policy, classes, as_of=world.as_of)
    return [grader.grade(student) for student in classes.students]


def expected(world: World) -> dict[str, reference.Result]:
    return reference.grade_class(
        world.assessment,
        world.students,
        group_scores=world.group_scores,
        peer_marks=world.peer_marks,
        as_of=world.as_of,
        timing_end=world.timing_end,
    )


# ---- what is compared --------------------------------------------------------------------------------------


def parents(parts: Sequence[reference.Part]) -> Iterator[tuple[str, list[str]]]:
    for part in parts:
        below = list(parents(part.children))
        yield part.id, [child.id for child in part.children] + [name for _, names in below for name in names]
        yield from below


def plain_reasons(reasons: Sequence[tuple[str, str]], policy: reference.Policy) -> set[tuple[str, str]]:
    """Reasons without a parent's own ``failed`` that only repeats a child's."""
    under = dict(parents(policy.parts))
    named = {part for part, _ in reasons}
    return {(part, code) for part, code in reasons if code != "failed" or not named & set(under.get(part, ()))}


def reasons_of(result: Result) -> list[tuple[str, str]]:
    return [(reason.about or "", reason.code) for reason in result.reasons]


def wanted_value(part: reference.Part, state: str, value: Fraction | None, policy: reference.Policy) -> Fraction | None:
    """The reference has no value for what counts as the lowest; the program shows the lowest."""
    if value is None and part.has_value() and state not in ("excused", "recognised"):
        return policy.lowest
    return value


def check_parts(result: Result, want: reference.Result, policy: reference.Policy) -> None:
    found = flat(result.parts)
    for part in policy.all_parts():
        state = want.states[part.id]
        if not part.is_nested():
            assert found[part.id].state == state, (part.id, "state")
        wanted = wanted_value(part, state, want.values[part.id], policy)
        if part.is_nested() and found[part.id].value is None:
            # nothing in it is left to weigh: the model says the lowest where a gate in it is closed, the core none
            assert wanted in (None, policy.lowest), (part.id, "value")
            continue
        assert found[part.id].value == wanted, (part.id, "value")


# ---- what an incomplete student can still reach ------------------------------------------------------------


def simplest(low: Fraction, high: Fraction) -> Fraction:
    """The fraction with the least denominator between two that differ."""
    whole = Fraction(-(-low // 1))
    if whole <= high:
        return whole
    under = low // 1
    return under + 1 / simplest(1 / (high - under), 1 / (low - under))


class Reach:
    """Searches scores for the open cells of one student until a wanted grade comes out."""

    def __init__(self, world: World, student: str) -> None:
        policy = reference.read_policy(world.assessment, "Europe/Helsinki")
        effects = reference.all_peer_effects(policy, world.students, world.peer_marks)
        own = next(s for s in world.students if s["student"] == student)
        shared = world.group_scores.get(own["group"] or "", {})
        attempts = {
            part.id: reference.read_attempts(part, own["cells"].get(part.id, []), shared.get(part.id, []), policy)
            for part in policy.leaves()
        }
        mine = {part.id: effects[student, part.id] for part in policy.leaves() if (student, part.id) in effects}
        self.policy = policy
        self.case = reference.Case(
            policy, attempts, mine, reference.adjustment(own, policy), reference.sessions_of(own)
        )
        self.open = [
            (part, number, stays)
            for part in policy.leaves()
            for number, stays in reference.open_attempts(self.case, part, world.as_of, world.timing_end)
        ]

    def grade(self, cells: Sequence[reference.Cell]) -> int | None:
        assumed: dict[str, reference.Assignment] = {}
        for (part, number, _), cell in zip(self.open, cells, strict=True):
            assumed[part.id] = (*assumed.get(part.id, ()), (number, cell))
        return reference.judge_case(self.case, assumed).grade

    def among(self, part: reference.Part, number: int) -> tuple[Fraction, ...]:
        """What the cells that are filled of a composite score leave open; nothing where that is every score."""
        attempts = self.case.attempts[part.id]
        return attempts[number].among if number < len(attempts) else ()

    def choices(self, part: reference.Part, number: int, stays: bool) -> list[reference.Cell]:
        """The scores at which something may jump, and the words."""
        if among := self.among(part, number):
            return [reference.Cell("number", score) for score in among]
        words = [reference.FAIL, *([reference.MISSING] if stays else [])]
        if part.graded == "pass-fail":
            return [*words, reference.PASS]
        numbers, _ = reference.all_special_scores(part, self.policy)
        return [*words, *(reference.Cell("number", number) for number in numbers)]

    def continuous(self, part: reference.Part) -> bool:
        return part.graded == "points" or (part.graded == "grade" and self.policy.scale.labels is None)

    def all_grades(self) -> Mapping[int | None, Sequence[reference.Cell]]:
        """Every grade that can come out, each with a witness.

        Between two neighbouring scores at which something may jump a total runs on continuously, and on the way
        from one corner of such a box to the other only one score need move at a time. So it is enough to move one
        score between neighbours, the others resting at such scores, and to bisect where a grade is skipped.
        """
        options = [self.choices(part, number, stays) for part, number, stays in self.open]
        found: dict[int | None, Sequence[reference.Cell]] = {}
        known: dict[tuple[reference.Cell, ...], int | None] = {}

        def look(cells: tuple[reference.Cell, ...]) -> int | None:
            if cells not in known:
                known[cells] = self.grade(cells)
                found.setdefault(known[cells], cells)
            return known[cells]

        for cells in itertools.product(*options):
            look(cells)
        for moving, (part, number, _) in enumerate(self.open):
            if not self.continuous(part) or self.among(part, number):
                continue
            line = [cell for cell in options[moving] if cell.kind == "number"]
            for cells in itertools.product(*options[:moving], [reference.MISSING], *options[moving + 1 :]):
                for low, high in itertools.pairwise(line):
                    todo = [(low.number, high.number)]
                    while todo:
                        first, last = todo.pop()
                        assert first is not None
                        assert last is not None
                        scores = [reference.Cell("number", number) for number in (first, last)]
                        ends = [look((*cells[:moving], score, *cells[moving + 1 :])) or 0 for score in scores]
                        between = set(range(min(ends) + 1, max(ends)))
                        if last - first > NARROW and between - set(found):
                            middle = (first + last) / 2
                            todo += [(first, middle), (middle, last)]
                        elif between - set(found):  # it may be the grade of one score alone
                            alone = reference.Cell("number", simplest(first, last))
                            look((*cells[:moving], alone, *cells[moving + 1 :]))
        return found


MOST_OPEN = 2


def check_reach(world: World, result: Result, want: reference.Result) -> None:
    """``range`` holds every grade that the grid finds, and for each of its grades there is a witness."""
    span = set(result.range or ([] if result.grade is None else [result.grade]))
    assert set(want.range or ()) <= span, "a grade is reachable and not in the range"
    if result.status != "incomplete" or span == set(want.range or ()):
        return
    reach = Reach(world, result.student.student)
    if len(reach.open) > MOST_OPEN:
        return
    witnesses = reach.all_grades()
    assert span == set(witnesses) - {None}, "a grade in the range has no witness"


def check_student(world: World, result: Result, want: reference.Result) -> None:
    policy = reference.read_policy(world.assessment, "Europe/Helsinki")
    check_parts(result, want, policy)
    check_reach(world, result, want)
    if result.status == "incomplete" and result.range and want.status != "incomplete":
        return  # the grid was too coarse to see that something can still change
    assert result.status == want.status
    assert result.grade == want.grade
    assert result.exact == want.exact
    assert result.rounded == want.rounded
    assert result.raised == want.raised_to_pass
    assert (result.range is None) == (want.range is None)
    found = plain_reasons(reasons_of(result), policy)
    open_now = any(part.open for part in flat(result.parts).values())
    if found == {("", "below-boundary")} and (open_now or world.as_of is not None):
        return  # whatever comes fails, but by no reason that is common to all: the model then names those that occur
    wanted = plain_reasons(want.reasons, policy)
    something_open = any(part.open for part in flat(result.parts).values())
    if something_open and "'ways'" in repr(world.assessment):
        # which way counts, and so whose gates are named, can depend on what still comes
        assert bool(found) == bool(wanted)
    elif policy.requires and (something_open or world.as_of is not None):
        # what is lacking for good is a reason even where the total, or a gate that may yet open, would fail as well
        demanded = {demand.part for demand in policy.requires}
        assert {part for part, _ in found} <= {part for part, _ in wanted} | demanded
    elif something_open:
        # which of two codes a part of parts has for good can depend on what still comes
        assert {part for part, _ in found} == {part for part, _ in wanted}
    else:
        assert found == wanted


# ---- the tests ---------------------------------------------------------------------------------------------


def compare(world: World) -> None:
    wanted = expected(world)
    for result in graded(world):
        check_student(world, result, wanted[result.student.student])


@examples(50)
@given(worlds(peers=False, open_cells=False, exports=True, composites=True))
def test_nothing_open(world: World) -> None:
    compare(world)


@examples(30)
@given(worlds(peers=False, exports=True, composites=True))
def test_open_cells(world: World) -> None:
    compare(world)


@examples(20)
@given(worlds(peers=True, composites=True))
def test_peer_marks(world: World) -> None:
    compare(world)


@st.composite
def trees(draw: st.DrawFn) -> World:
    """Parts within parts, much of it excused, to come or only a gate; every cell takes few values."""
    numbers = itertools.count(1)

    def part(depth: int) -> dict[str, Any]:
        made: dict[str, Any] = {"id": f"p{next(numbers)}"}
        if depth and draw(st.booleans()):
            # something that can be weighed stands first
            made["parts"] = [leaf("grade"), *(part(depth - 1) for _ in range(draw(st.integers(0, 2))))]
            if draw(st.booleans()):
                made["minimum"] = draw(st.sampled_from([0, 1, Decimal("1.5"), 2]))
            choice = draw(st.sampled_from(["", "", "", "best", "drop_lowest"]))
            weighed = sum(one.get("graded") != "pass-fail" and not one.get("bonus") for one in made["parts"])
            if choice and weighed > 1:
                made[choice] = 1
        else:
            made |= {**leaf("grade"), "id": made["id"], "graded": draw(st.sampled_from(["grade", "pass-fail"]))}
        if made.get("graded") != "pass-fail" and draw(st.integers(0, 4)) == 0:
            made |= {"bonus": True, "weight": 50}
        if draw(st.booleans()):
            made["required"] = draw(st.booleans())
        return made

    def leaf(graded: str) -> dict[str, Any]:
        return {"id": f"p{next(numbers)}", "graded": graded}

    parts = [leaf("grade"), *(part(3) for _ in range(draw(st.integers(1, 2))))]
    cells = {}
    left = 4
    for one in leaves_of(parts):
        known = ["H", "HYV"] if one["graded"] == "pass-fail" else ["U", "G", "VG"]
        score = draw(st.sampled_from(["EX", "EX", "", "", "?", *known] if left else ["EX", *known]))
        left -= score in ("", "?")
        cells[one["id"]] = [{"score": score, "submitted": None, "due": None}]
    scale = {"values": ["U", "G", "VG"], "passes_from": "G"}
    student = {"student": "001", "group": None, "activity": None, "attended": None, "cells": cells}
    made = World({"evaluation_scale": scale, "parts": parts}, [student])
    made.as_of = date(2024, 3, 1)
    return made


@examples(50)
@given(trees())
def test_every_way_in_which_the_open_cells_may_turn_out(world: World) -> None:
    """All of them are tried: which parts are in a mean at all depends on them."""
    [result] = graded(world)
    reach = set(Reach(world, "001").all_grades())
    if len(reach) > 1 and reach != {None}:
        assert (result.status, set(result.range or ())) == ("incomplete", reach - {None})
    else:
        assert {result.grade} == reach


def test_a_part_of_excused_parts_that_was_handed_in_is_excused() -> None:
    """Of ``work`` only a gate two levels down was handed in, and nothing is left of it to weigh: it leaves the mean."""
    inner = {"id": "inner", "parts": [{"id": "b"}, {"id": "gate", "graded": "pass-fail"}]}
    work = {
        "id": "work",
        "required": False,
        "parts": [{"id": "a"}, inner, {"id": "extra", "bonus": True, "weight": 10}],
    }
    cells = {"exam": "2", "a": "EX", "b": "EX", "gate": "HYV", "extra": "-"}
    student = {
        "student": "001",
        "group": None,
        "activity": None,
        "attended": None,
        "cells": {part: [{"score": score, "submitted": None, "due": None}] for part, score in cells.items()},
    }
    world = World({"evaluation_scale": "0-5", "parts": [{"id": "exam"}, work]}, [student])
    compare(world)
    assert [result.exact for result in graded(world)] == [2]


def test_the_reference_keeps_its_own_examples() -> None:
    reference._self_test()
