"""Small worlds in which much is decided: a few parts with gates, retakes, ways, bonuses by steps and demands of grades.

The worlds of :mod:`strategies` have everything, and mostly one thing that decides. Here what is open, what is forgiven
and what is asked meet in parts of the same size.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

from hypothesis import strategies as st

from strategies import Data, World

WEIGHTS: dict[int, list[tuple[int, ...]]] = {
    2: [(20, 80), (50, 50), (30, 70)],
    3: [(20, 40, 40), (50, 30, 20)],
    4: [(25, 25, 25, 25), (10, 20, 30, 40)],
}
HALF = Decimal("0.5")
OPEN = "?"


@st.composite
def small_worlds(draw: st.DrawFn, *, late: bool = False) -> World:
    """Two to four parts and two students; ``late``: with free time, and times of hand-in."""
    return Drawing(draw(st.randoms(use_true_random=False)), late).world()


class Drawing:
    """A world, drawn step by step."""

    def __init__(self, random: Random, late: bool) -> None:
        self.random, self.late = random, late
        self.percent = self.sometimes(0.25)

    def of(self, values: Sequence[Any]) -> Any:
        return self.random.choice(values)

    def sometimes(self, share: float) -> bool:
        return self.random.random() < share

    def world(self) -> World:
        number = self.of([2, 3, 3, 4])
        leaves = [self._leaf(name, weight) for name, weight in zip("abcd", self.of(WEIGHTS[number]), strict=False)]
        parts = self._shaped(list(leaves))
        assessment: Data = {"evaluation_scale": "0-5", "parts": parts}
        if self.percent:
            assessment |= {"basis": "percent", "boundaries": [50, 60, 70, 80, 90]}
        if self.sometimes(0.3):
            leaves.append(self._bonus([part["id"] for part in parts if "ways" not in part]))
            parts.append(leaves[-1])
        named = [part["id"] for part in leaves if part.get("graded") != "points"]
        if named and self.sometimes(0.3):
            assessment["requires"] = self._demands(named)
        if self.sometimes(0.2):
            assessment["rounding"] = self.of(["down", "up"])
        if self.sometimes(0.25):
            assessment["activity"] = {"levels": {"active": 5, "passive": -5} if self.percent else {"active": HALF}}
        if self.late:
            assessment["late"] = self._late()
            for day, part in enumerate(leaves, 1):
                self._due(part, day)
        students = [
            {
                "student": f"00{number}",
                "group": None,
                "activity": self.of(["active", None]) if "activity" in assessment else None,
                "attended": None,
                "cells": {part["id"]: list(self._cells(part, day)) for day, part in enumerate(leaves, 1)},
            }
            for number in (1, 2)
        ]
        as_of = date(2024, self.of([3, 4]), self.of([2, 4, 11, 20])) if self.late and self.sometimes(0.25) else None
        return World(assessment, students, as_of=as_of)

    # ---- parts ---------------------------------------------------------------------------------------------

    def _leaf(self, name: str, weight: int) -> Data:
        part: Data = {"id": name, "weight": weight}
        if self.percent or self.sometimes(0.3):
            part |= {"graded": "points", "max": 20}
            if not self.percent:
                part["boundaries"] = self.of([[4, 8, 12, 16, 18], [10, 12, 14, 16, 18], ["> 8", 11, 13, 15, 19]])
            if self.sometimes(0.4):
                part["minimum"] = self.of([8, 10] if self.percent else [2, 3])
        elif self.sometimes(0.5):
            part["minimum"] = self.of([1, 2, 3, 4])
        if self.sometimes(0.5):
            part["retakes"] = self.of([1, 1, 2])
            rule = self.of(["best", "best", "best", "best", "latest", "mean", {"gain": "50 %"}, {"gain": "25 %"}])
            if rule != "best":
                part["attempt"] = rule
            if not self.percent and self.sometimes(0.25):
                part["retake_at_most"] = self.of([3, 4])
        if self.sometimes(0.2):
            part["required"] = self.of([True, False])
        return part

    def _value(self) -> int:
        return int(self.of([50, 60] if self.percent else [2, 3]))

    def _shaped(self, parts: list[Data]) -> list[Data]:
        """All side by side, some in a group, or two ways to count two of them."""
        if len(parts) == 2 or self.sometimes(0.5):
            return parts
        if self.sometimes(0.6):
            return self._grouped(parts)
        return self._two_ways(parts)

    def _grouped(self, parts: list[Data]) -> list[Data]:
        alone, *below = parts
        alone["weight"] = 40
        group: Data = {"id": "g", "weight": 60, "parts": below}
        how = self.of(["", "minimum", "best", "drop_lowest", "cap"])
        for part in below:
            part["weight"] = {2: 50, 3: "1/3"}[len(below)]
            if how in ("best", "drop_lowest"):
                del part["weight"]
        if how in ("best", "drop_lowest"):
            group[how] = 1
        if how == "cap":
            group["cap"] = 80 if self.percent else 4
        if how == "minimum" or self.sometimes(0.3):
            group["minimum"] = self._value()
        return [alone, group]

    def _two_ways(self, parts: list[Data]) -> list[Data]:
        first, second, *rest = parts
        first["weight"] = second["weight"] = 50
        share = self.of([20, 30])
        taking: list[Data] = [
            {"id": "t", "takes": first["id"], "weight": share},
            {"id": "u", "takes": second["id"], "weight": 100 - share},
        ]
        for part in taking:
            if self.sometimes(0.3):
                part["minimum"] = self._value()
        ways = [{"id": "w1", "parts": [first, second]}, {"id": "w2", "parts": taking}]
        group: Data = {"id": "g", "weight": 50, "ways": ways}
        if self.sometimes(0.3):
            group["minimum"] = self._value()
        for part in rest:
            part["weight"] = 50 if len(rest) == 1 else 25
        return [group, *rest]

    def _bonus(self, others: list[str]) -> Data:
        steps = self.of([[(40, HALF), (80, 1)], [(0, -HALF), (50, 0), (90, HALF)], [(50, 1)]])
        times = 10 if self.percent else 1
        bonus: Data = {"steps": [{"from": f"{share} %", "add": add * times} for share, add in steps]}
        how = self.of(["", "", "only_if", "to"])
        if how == "only_if":
            bonus["only_if"] = [self.of(others)]
        elif how == "to":
            bonus |= {"to": self.of(others), "after_gate": self.of([True, False])}
        part: Data = {"id": "x", "graded": "points", "max": 10, "bonus": bonus}
        return part | {"retakes": 1} if self.sometimes(0.5) else part

    def _demands(self, named: list[str]) -> Data:
        first = self.of([1, 2])
        asked: Data = {first: {self.of(named): self.of(["pass", 50, 80] if self.percent else ["pass", 2, 3, 4])}}
        if self.sometimes(0.5):
            asked[first + 2] = {self.of(named): 90 if self.percent else 5}
        return asked

    # ---- lateness ------------------------------------------------------------------------------------------

    def _late(self) -> Data:
        free: Data = {"budget": self.of(["1 d", "2 d", "3 d"]), "spend": self.of(["in-order", *["where-it-helps"] * 2])}
        free |= self.of([{}, {"whole": True}, {"at_most": "1 d"}])
        late: Data = {"deduct": self.of([1, 2, 3, HALF, [1, 3]]), "not_below": self.of([0, 0, 1]), "free": free}
        if self.percent:
            late |= {"deduct": self.of(["10 %", "20 %", ["10 %", "30 %"]]), "of": self.of(["earned", "max"])}
        if self.sometimes(0.25):
            late["closes"] = self.of(["2 d", "4 d"])
        return late

    def _due(self, part: Data, day: int) -> None:
        part["due"] = f"2024-03-{day:02d} 12:00"
        if "retakes" in part and self.sometimes(0.5):
            part["retakes"] = [{"due": f"2024-04-{day + 10 * n:02d} 12:00"} for n in range(part["retakes"])]
        if self.sometimes(0.1):
            part["late"] = self.of(["none", {"closes": "2 d"}])

    # ---- cells ---------------------------------------------------------------------------------------------

    def _cells(self, part: Data, day: int) -> Iterator[Data]:
        retakes = part.get("retakes", 0)
        dated = isinstance(retakes, list)
        number = 1 + (len(retakes) if dated else retakes if self.sometimes(0.8) else 0)
        for n in range(number):
            score = self._score(part)
            submitted = None
            if self.late and score not in ("-", "EX"):
                if n == 0:
                    submitted = f"2024-03-{day + self.of([0, 1, 1, 2, 2, 3, 5]):02d} 11:00"
                elif dated and self.sometimes(0.4):
                    submitted = f"2024-04-{day + 10 * (n - 1) + self.of([0, 0, 1, 2]):02d} 11:00"
            yield {"score": score, "submitted": submitted, "due": None}

    def _score(self, part: Data) -> str:
        if self.sometimes(0.3):
            return OPEN
        if self.sometimes(0.15):
            return str(self.of(["-", "-", "EX"]))
        if "max" in part:
            return str(self.random.randint(0, part["max"]))
        return str(self.of(["0", "1", "2", "2.5", "3", "3", "3.5", "4", "5"]))
