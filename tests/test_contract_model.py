"""The grading core against a reading of the whole contract by somebody who had not seen the core.

:mod:`reference` grew with the core: its parts for section 11 were each written by whoever wrote that construct there,
so a misreading that both share goes unseen. :mod:`contract_model` was written afterwards from the contract alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis.strategies import SearchStrategy

import contract_model
from contract_model import Class, Part
from crossed_worlds import crossed_worlds
from kurssi.grading import Grader, Result
from kurssi.grading.result import flat
from small_worlds import small_worlds
from strategies import World, examples, worlds


def bare(part: Part, model: Class) -> bool:
    """Whether it does not matter what a part is worth: nothing is weighed, and its points become no grade."""
    return model.policy.by_requirements and (bool(part.children) or not {"boundaries", "linear"} & set(part.said))


def asked_by(part: Part, model: Class) -> Iterator[Part]:
    """The parts below a part, itself among them, with what bonuses by steps there ask and what others add to them."""
    parts = model.policy.parts
    for one in part.all():
        yield one
        adding = [other for other in parts.values() if (other.steps or {}).get("to") == one.id]
        for other in [*adding, one]:
            yield from other.all()
            for name in (other.steps or {}).get("only_if", ()):
                yield from parts[name].all()


def parts_that_differ(result: Result, wanted: contract_model.Result, model: Class, still: set[str]) -> Iterator[str]:
    """The parts with another state or value, those apart of which something is still open.

    While anything is, nothing says where free time helps most: what it leaves of a value is no promise yet.
    """
    helps = bool(still) and "where-it-helps" in repr(model.policy.said.get("late"))
    for name, found in flat(result.parts).items():
        part = model.policy.parts.get(name)
        if part is None or part.a_way or any(one.source in still for one in asked_by(part, model)):
            continue
        if not part.children and found.state != wanted.states[name]:
            yield f"{name}: {found.state}, not {wanted.states[name]}"
        known = part.valued and not bare(part, model) and not helps
        if known and found.value != wanted.values[name]:
            yield f"{name}: {found.value}, not {wanted.values[name]}"


def plain(reasons: set[tuple[str, str]], model: Class) -> set[tuple[str, str]]:
    """Reasons without a parent's own ``failed`` that only repeats a child's."""
    named = {part for part, _ in reasons}
    parts = model.policy.parts
    return {
        (part, code)
        for part, code in reasons
        if code != "failed" or not named & {below.id for below in parts[part].all() if below.id != part}
    }


def compare(world: World) -> None:
    """Every student of a world, graded by both."""
    policy = world.policy()
    classes = world.class_list(policy)
    grader = Grader(policy, classes, as_of=world.as_of)
    model = Class(world.assessment, world.students, world.group_scores, world.peer_marks)
    for student in classes.students:
        result, name = grader.grade(student), student.student
        wanted = model.result(name, world.as_of, world.timing_end)
        gaps = contract_model.gaps(model.policy, model.students[name], world.as_of, world.timing_end)
        assert not list(parts_that_differ(result, wanted, model, {gap.part.id for gap in gaps}))
        if not wanted.tried:
            assert set(wanted.range or ()) <= set(result.range or [result.grade])
            continue
        assert (result.status, result.grade) == (wanted.status, wanted.grade)
        assert [grade for grade in result.range or () if grade not in wanted.endless] == (wanted.range or [])
        if not gaps:
            assert result.exact == wanted.exact
            found: set[tuple[str, str]] = {(one.about or "", one.code) for one in result.reasons}
            assert plain(found, model) == plain(set(wanted.reasons), model)


KINDS: dict[str, SearchStrategy[World]] = {
    "nothing open": worlds(peers=False, open_cells=False, exports=True, composites=True),
    "ways and taken scores": worlds(peers=False, open_cells=False, takes=True, ways=True, composites=True),
    "open cells": worlds(peers=False, exports=True, composites=True),
    "peer marks": worlds(peers=True, composites=True),
    "small": small_worlds(),
    "small and late": small_worlds(late=True),
    "crossed: peers": crossed_worlds(theme="peers"),
    "crossed: grades": crossed_worlds(theme="grades"),
    "crossed: points": crossed_worlds(theme="points"),
    "crossed: cells": crossed_worlds(theme="cells"),
    "crossed: times": crossed_worlds(theme="times"),
}
"""Worlds of each kind; ``python -m benchmarks.contract`` draws as many as one likes."""


@examples(60)
@given(KINDS["nothing open"])
def test_nothing_open(world: World) -> None:
    compare(world)


@examples(40)
@given(KINDS["ways and taken scores"])
def test_ways_and_taken_scores(world: World) -> None:
    compare(world)


@examples(15)
@given(KINDS["open cells"])
def test_open_cells(world: World) -> None:
    compare(world)


@examples(25)
@given(KINDS["peer marks"])
def test_peer_marks(world: World) -> None:
    compare(world)


@examples(100)
@given(KINDS["small"])
def test_small_worlds(world: World) -> None:
    compare(world)


@examples(100)
@given(KINDS["small and late"])
def test_small_worlds_with_free_time(world: World) -> None:
    compare(world)


@pytest.mark.parametrize("theme", ["peers", "grades", "points", "cells", "times"])
def test_crossed_worlds(theme: str) -> None:
    @examples(15)
    @given(KINDS[f"crossed: {theme}"])
    def each(world: World) -> None:
        compare(world)

    each()


# ---- the worked examples of section 11.9, by the model alone -----------------------------------------------

PERCENT: dict[str, Any] = {"evaluation_scale": "0-5", "basis": "percent", "boundaries": [50, 60, 70, 80, 90]}
GRADES: dict[str, Any] = {"evaluation_scale": "0-5"}


def points(name: str, most: int = 100, **more: Any) -> dict[str, Any]:
    return {"id": name, "graded": "points", "max": most, **more}


WAYS = [
    {"id": "a", "parts": [points("hw", weight=20), points("mid", weight=25), points("final", weight=55)]},
    {
        "id": "b",
        "parts": [
            {"id": "hw_b", "takes": "hw", "weight": 20},
            {"id": "mid_b", "takes": "mid", "weight": 10},
            {"id": "final_b", "takes": "final", "weight": 70},
        ],
    },
]
EXAMS = [points("e1"), points("e2"), points("e3"), {"id": "again", "takes": "final"}]
SEED = [{"id": "group_work", "weight": 40}, {"id": "individual", "weight": 40}, {"id": "exam", "weight": 20}]
SESSIONS = {"attendance": {"of": 8, "bands": [{"from": 0, "adjust": 0}]}}
LEVELS = {1: {"a": "1800 p"}, 2: {"a": "1900 p", "b": "400 p"}, 3: {"a": "1900 p", "b": "875 p"}}
BONUS = {"steps": [{"from": "40 %", "add": "0.25"}, {"from": "60 %", "add": "0.5"}], "only_if": ["exam"]}
STEPS = [{"id": "exam"}, points("more", 10, bonus=BONUS, boundaries=[1, 2, 3, 4, 5])]
FREE = {"deduct": "0.5", "free": {"budget": "3 d", "whole": True}}
DUE = "2024-03-04 23:59"
MARKS = [{"id": "essay", "markers": {"of": ["A", "B"], "within": 1}}]

EXAMPLES: dict[str, tuple[dict[str, Any], dict[str, Any], Fraction | None, int | None]] = {
    "better scheme": ({**PERCENT, "ways": WAYS}, {"hw": "90", "mid": "40", "final": "80"}, Fraction(78), 3),
    "replaced exam": (
        {**PERCENT, "parts": [{"id": "e", "weight": 75, "best": 3, "parts": EXAMS}, points("final", weight=25)]},
        {"e1": "60", "e2": "80", "e3": "70", "final": "90"},
        Fraction("82.5"),
        4,
    ),
    "by points": (
        {**PERCENT, "weigh": "by-points", "parts": [points("work", 20), points("exam", 40)]},
        {"work": "10", "exam": "20"},
        Fraction(50),
        1,
    ),
    "by points, nothing of one": (
        {**PERCENT, "weigh": "by-points", "parts": [points("work", 20), points("exam", 40)]},
        {"work": "0", "exam": "30"},
        Fraction(50),
        1,
    ),
    "capped sum": (
        {
            **PERCENT,
            "parts": [
                {
                    "id": "ex",
                    "weight": 50,
                    "weigh": "by-points",
                    "cap": "100 %",
                    "parts": [points("tasks", 40), points("project", 8, bonus=True)],
                },
                points("exam", weight=50),
            ],
        },
        {"tasks": "38", "project": "8", "exam": "60"},
        Fraction(80),
        4,
    ),
    "requirement": (
        {**GRADES, "parts": SEED, "activity": SESSIONS, "requires": {3: {"attended": "80 %"}}},
        {"group_work": "4", "individual": "4", "exam": "4", "attended": 6},
        Fraction(4),
        2,
    ),
    "A+ levels": (
        {**GRADES, "basis": "requirements", "parts": [points("a", 3000), points("b", 3000)], "requires": LEVELS},
        {"a": "1900", "b": "500"},
        None,
        2,
    ),
    "two of three": (
        {
            "evaluation_scale": "pass-fail",
            "parts": [{"id": "all", "need": 2, "parts": [{"id": i, "graded": "pass-fail"} for i in ("a", "b", "c")]}],
        },
        {"a": "HYV", "b": "H", "c": "HYV"},
        None,
        1,
    ),
    "steps": ({**GRADES, "parts": STEPS}, {"exam": "3.4", "more": "6"}, Fraction("3.9"), 4),
    "steps, exam failed": (
        {**GRADES, "parts": [{"id": "exam", "minimum": "3.5"}, STEPS[1]]},
        {"exam": "3.4", "more": "6"},
        Fraction("3.4"),
        0,
    ),
    "gain": (
        {**GRADES, "parts": [{"id": "exam", "retakes": 1, "attempt": {"gain": "50 %"}}]},
        {"exam": ["2", "4"]},
        Fraction(3),
        3,
    ),
    "whole free days": (
        {**GRADES, "late": FREE, "parts": [{"id": "a", "due": DUE}, {"id": "b", "due": DUE}]},
        {"a": ("4", "2024-03-06 12:00"), "b": ("4", "2024-03-06 12:00")},
        Fraction("3.5"),
        4,
    ),
    "markers": ({**GRADES, "parts": MARKS}, {"essay": {"A": "3", "B": "4"}}, Fraction("3.5"), 4),
    "markers apart": ({**GRADES, "parts": MARKS}, {"essay": {"A": "2", "B": "4"}}, None, None),
}


def cells(said: Any) -> list[dict[str, Any]]:
    """The attempts of one part, as a world has them."""
    if isinstance(said, list):
        return [{"score": score} for score in said]
    if isinstance(said, dict):
        return [{"cells": said}]
    score, submitted = said if isinstance(said, tuple) else (said, None)
    return [{"score": score, "submitted": submitted}]


@pytest.mark.parametrize("name", EXAMPLES)
def test_worked_examples(name: str) -> None:
    assessment, said, exact, grade = EXAMPLES[name]
    given = {part: cells(cell) for part, cell in said.items() if part != "attended"}
    student = {"student": "1", "group": None, "attended": said.get("attended"), "cells": given}
    result = Class(assessment, [student]).result("1")
    assert (result.exact, result.grade) == (exact, grade)
