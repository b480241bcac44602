"""Small worlds in which free time is spent where it helps, while something is open.

What helps most hangs on what is still to come wherever gates, demands of grades or steps of a bonus decide. The worlds
of :mod:`strategies` are seldom of that kind.
"""

from __future__ import annotations

from decimal import Decimal

from hypothesis import strategies as st

from strategies import Data, World, rarely, sampled

HALF = Decimal("0.5")


@st.composite
def free_time_worlds(draw: st.DrawFn) -> World:
    """Two or three late parts and one or two students."""
    weights = draw(sampled([(20, 80), (50, 50), (80, 20), (30, 70), (20, 40, 40), (50, 30, 20), (60, 20, 20)]))
    parts = [
        _part(draw, name, weight, day)
        for day, (name, weight) in enumerate(zip("abc", weights, strict=False), 1)
    ]  # fmt: skip
    leaves = list(parts)
    if len(parts) == 3 and draw(st.booleans()):
        parts = [{**parts[0], "weight": 40}, _grouped(draw, parts[1:])]
        leaves[0] = parts[0]
    assessment: Data = {"evaluation_scale": "0-5", "late": _late(draw), "parts": parts}
    if rarely(draw, 4):
        assessment["rounding"] = draw(sampled(["down", "up"]))
    asked = [part["id"] for part in leaves if "graded" not in part]
    if asked and rarely(draw, 3):
        assessment["requires"] = {draw(sampled([1, 2, 3])): {draw(sampled(asked)): draw(sampled([3, 4]))}}
    if rarely(draw, 5):
        steps = [{"from": "40 %", "add": HALF}, {"from": "80 %", "add": 1}]
        bonus = {"id": "x", "graded": "points", "max": 10, "bonus": {"steps": steps}, "due": "2024-03-05 12:00"}
        parts.append(bonus | draw(sampled([{}, {"retakes": 1}])))
        leaves.append(parts[-1])
    students = [
        {
            "student": f"00{number}",
            "group": None,
            "activity": None,
            "attended": None,
            "cells": {part["id"]: _cells(draw, part, day) for day, part in enumerate(leaves, 1)},
        }
        for number in range(1, draw(sampled([1, 2])) + 1)
    ]
    return World(assessment, students)


def _late(draw: st.DrawFn) -> Data:
    free = {"budget": draw(sampled(["1 d", "2 d", "3 d"])), "spend": "where-it-helps"}
    if rarely(draw, 3):
        free["whole"] = True
    elif rarely(draw, 4):
        free["at_most"] = "1 d"
    late: Data = {"deduct": draw(sampled([1, 2, 3, HALF, [1, 3]])), "not_below": draw(sampled([0, 0, 1])), "free": free}
    if rarely(draw, 5):
        late["closes"] = "4 d"
    return late


def _part(draw: st.DrawFn, name: str, weight: int, day: int) -> Data:
    part: Data = {"id": name, "weight": weight, "due": f"2024-03-0{day} 12:00"}
    points = rarely(draw, 5)
    if points:
        part |= {"graded": "points", "max": 20, "boundaries": [4, 8, 12, 16, 18]}
    if draw(sampled([True, True, False])):
        part["minimum"] = 2 if points else draw(sampled([1, 2, 3, 3, 4]))
    if not rarely(draw, 3):
        part["retakes"] = 1
        if rarely(draw, 5):
            part["attempt"] = "latest"
        if rarely(draw, 6):
            part["retake_at_most"] = draw(sampled([3, 4]))
    return part


def _grouped(draw: st.DrawFn, parts: list[Data]) -> Data:
    group: Data = {"id": "g", "weight": 60, "parts": parts}
    how = draw(sampled(["", "minimum", "best"]))
    for part in parts:
        part["weight"] = 50
        if how == "best":
            del part["weight"]
    if how == "minimum":
        group["minimum"] = draw(sampled([2, 3]))
    elif how == "best":
        group["best"] = 1
    return group


def _cells(draw: st.DrawFn, part: Data, day: int) -> list[Data]:
    def score() -> str:
        of = range(part["max"] + 1) if "max" in part else [0, 1, 2, "2.5", 3, 3, 4, 5]
        return str(draw(sampled(list(of))))

    first = {"score": "-", "submitted": None, "due": None}
    if not rarely(draw, 14):
        submitted = f"2024-03-{day + draw(sampled([0, 1, 1, 2, 2, 3])):02d} 11:00"
        first = {"score": "?" if rarely(draw, 7) else score(), "submitted": submitted, "due": None}
    if "retakes" not in part or rarely(draw, 4):
        return [first]
    return [first, {"score": "?" if not rarely(draw, 3) else score(), "submitted": None, "due": None}]
