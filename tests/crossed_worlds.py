"""Small worlds like those of :mod:`small_worlds`, of the constructs that these lack, crossed with each other.

Peer marks and group scores; own scales, requirements and parts that count how many are passed; points that are added
up, with bonuses and caps; markers and rubrics; retakes that may still come, own deadlines, and units of all lengths.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any, NamedTuple

from hypothesis import strategies as st

from small_worlds import HALF, Drawing
from strategies import Data, World


class _Scale(NamedTuple):
    said: Any
    lowest: int
    top: int
    passing: int


PLAIN = _Scale("0-5", 0, 5, 1)
PASS_FAIL = _Scale("pass-fail", 0, 1, 1)
OWN = [
    _Scale({"values": ["U", "G", "VG"], "passes_from": "G"}, 0, 2, 1),
    _Scale({"values": ["F", "E", "D", "C"], "passes_from": "D"}, 0, 3, 2),
]
SCALES = [PLAIN, PLAIN, PLAIN, PLAIN, _Scale("4-10", 4, 10, 5), *OWN, *OWN, PASS_FAIL]
DEADLINE = datetime.fromisoformat("2024-03-28 12:00")
"""The day before Good Friday, and three before the clock changes."""


@st.composite
def crossed_worlds(draw: st.DrawFn, *, theme: str) -> World:
    """Two to four leaves and two or three students; ``theme``: what is in every world of them.

    ``peers``, ``grades`` (scales, requirements, need), ``points`` (added up, with bonuses and caps), ``cells``
    (markers, rubrics, words), ``times``. The other constructs come now and then.
    """
    return _Crossed(draw(st.randoms(use_true_random=False)), theme).world()


class _Crossed(Drawing):
    """A world of all the constructs of a theme, with some of others."""

    def __init__(self, random: Random, theme: str) -> None:
        super().__init__(random, theme == "times")
        self.theme = theme
        self.scale = self.of(SCALES) if theme in ("grades", "cells") else PLAIN
        self.gates_only = self.scale is PASS_FAIL
        self.requirements = not self.gates_only and theme == "grades" and self.sometimes(0.35)
        self.percent = (
            not self.gates_only and not self.requirements and self.sometimes(0.8 if theme == "points" else 0.2)
        )
        self.plain = self.gates_only or self.requirements
        self.late = self.late or (not self.plain and self.sometimes(0.1))
        self.leaves: list[Data] = []
        self.open = 0

    def level(self, number: int) -> Any:
        """A grade as the scale shows it."""
        return self.scale.said["values"][number] if isinstance(self.scale.said, dict) else number

    def grade(self) -> int:
        return self.random.randint(self.scale.passing, self.scale.top)

    def _value(self) -> Any:
        return self.of([40, 50, 60]) if self.percent else self.grade()

    def world(self) -> World:
        assessment: Data = {"evaluation_scale": self.scale.said}
        if self.percent:
            bounds = sorted(self.random.sample(range(30, 95, 5), self.scale.top - self.scale.lowest))
            assessment |= {"basis": "percent", "boundaries": [f"> {b}" if self.sometimes(0.1) else b for b in bounds]}
        names = "abcd"[: self.of([2, 3, 3, 4])]
        assessment["parts"] = self._siblings([self._any_leaf(name) for name in names], assessment, 0)
        if self.theme in ("peers", "points", "times") and self.sometimes(0.4) and not self.percent:
            assessment["rounding"] = self.of(["down", "up", "half-even"])
        if self.theme != "peers" and not self.plain and self.sometimes(0.4):
            assessment["activity"] = self._activity(assessment)
        self._asks(assessment)
        if self.late:
            assessment["late"] = self._late()
            for day, part in enumerate(self.leaves):
                self._due(part, day)
        students = [self._student(number, assessment) for number in range(1, 4 if self.theme == "peers" else 3)]
        world = World(assessment, students, {"A": self._shared()}, self._marks(students))
        world.timing_end = self.of([None, date(2024, 4, 10)])
        if self.sometimes(0.5 if self.theme == "times" else 0.15):
            world.as_of = self.of([date(2024, 3, 20), date(2024, 3, 29), date(2024, 4, 2), date(2024, 4, 11)])
        return world

    # ---- parts ---------------------------------------------------------------------------------------------

    def _any_leaf(self, name: str) -> Data:
        part: Data = {"id": name}
        self.leaves.append(part)
        points = {"points": 0.8}.get(self.theme, 0.4 if self.scale.top - self.scale.passing else 0)
        if self.gates_only or (name != "a" and self.sometimes(0.15)):
            part["graded"] = "pass-fail"
        elif self.sometimes(points):
            part |= {"graded": "points", "max": self.of([10, 20, 20])}
            if not self.percent and not (self.requirements and self.sometimes(0.5)):
                self._table(part)
            if self.theme == "points" and self.sometimes(0.4):
                part["over"] = 5
        if self.theme == "cells" and self.sometimes(0.6):
            self._composite(part)
        if part.get("graded") != "pass-fail" and self.sometimes(0.4):
            share = "graded" in part and self.sometimes(0.5)
            bare = self.requirements and "graded" in part and not {"boundaries", "linear"} & set(part)
            part["minimum"] = self.of(["40 %", "50 %"]) if share or bare else self._value()
        if self.theme == "peers" and name in "ab" and (name == "a" or self.sometimes(0.4)):
            part["by"] = "group"
            if part.get("graded") != "pass-fail":
                part["peer"] = self._peer()
        if self.sometimes(0.4):
            self._again(part)
        if self.sometimes(0.3):
            part["required"] = self.of([True, False])
        return part

    def _table(self, part: Data) -> None:
        """How points become grades."""
        most, steps = part["max"], self.scale.top - self.scale.lowest
        if self.scale.top > self.scale.passing and self.sometimes(0.4):
            ends = self.of([("50 %", "90 %"), (most // 2, most - 2), ("30 %", "100 %")])
            part["linear"] = {str(self.scale.passing): ends[0], str(self.scale.top): ends[1]}
        else:
            bounds = sorted(self.random.sample(range(1, most), steps))
            part["boundaries"] = [f"> {b}" if self.sometimes(0.15) else b for b in bounds]

    def _again(self, part: Data) -> None:
        """Further attempts, and what several come to."""
        part["retakes"] = self.of([1, 1, 2, [{}]])
        if part.get("graded") == "pass-fail":
            return
        joined = "peer" not in part and not str(part.get("minimum")).endswith("%")
        rules = ["best", "best", "latest"] + ["mean", {"gain": "50 %"}] * joined
        part["attempt"] = self.of(rules)
        if not self.percent and self.sometimes(0.2) and ("graded" not in part or {"boundaries", "linear"} & set(part)):
            part["retake_at_most"] = self.grade()

    def _composite(self, part: Data) -> None:
        """Markers, or a rubric."""
        if self.sometimes(0.5) or part.get("graded") == "pass-fail":
            part["markers"] = {"of": ["A", "B"]}
            if part.get("graded") != "pass-fail":
                part["markers"] |= self.of(
                    [{}, {"agree": "higher"}, {"agree": "lower"}, {"weights": {"A": 30, "B": 70}}]
                )
                part["markers"] |= self.of([{}, {"within": 1}])
            return
        if part.get("graded") == "points":
            levels: list[list[Any]] = [[0, 2, 4], [0, 3, part.pop("max") - 4]]
        else:
            low, top = self.scale.lowest, self.scale.top
            levels = [[self.level(n) for n in sorted({low, self.random.randint(low, top), top})] for _ in range(2)]
        part["rubric"] = [
            {"id": name, "levels": {str(level): f"{name} {level}." for level in row}}
            for name, row in zip(("style", "content"), levels, strict=True)
        ]

    def _peer(self) -> Data:
        rule: Data = {"method": "webpa", "weight": self.of(["50 %", "100 %"])}
        for key, values in (
            ("silent", ["neutral", "excluded"]),
            ("penalty", ["10 %", "50 %"]),
            ("at_most", [10] if self.percent else [HALF, 1]),
            ("may_fail", [True]),
            ("self", [True]),
        ):
            if self.sometimes(0.35):
                rule[key] = self.of(values)
        return rule

    def _siblings(self, parts: list[Data], owner: Data, depth: int) -> list[Data]:
        """Some of the parts in a group, which may hold a group itself; weights, bonuses, choices and caps."""
        if len(parts) > 1 and depth < 2 and self.sometimes(0.5):
            cut = 0 if depth and self.sometimes(0.2) else 1
            alone, below = parts[:cut], parts[cut:]
            group: Data = {"id": f"g{depth}"}
            gates = not _valued(below)
            group["parts"] = below if gates else self._siblings(below, group, depth + 1)
            if gates:
                group["need"] = self.random.randint(1, len(below))
                for part in below:
                    part.pop("required", None)
            elif not self.requirements and "cap" not in group and self.sometimes(0.3):
                group["minimum"] = self._value()
            if self.sometimes(0.3):
                group["required"] = self.of([True, False])
            parts = [*alone, group]
        if self.plain or not _valued(parts):
            return parts
        self._weighed(parts, owner, depth)
        if self.sometimes(0.4 if self.theme == "points" else 0.15) and _valued(parts):
            owner["cap"] = self.of([70, 80, 100]) if self.percent else self.scale.top - self.of([0, 1])
        return parts

    def _weighed(self, parts: list[Data], owner: Data, depth: int) -> None:
        extra = parts[-1]
        several = sum(_valued([part]) for part in parts) > 1 and _valued(parts[:-1])
        if (
            several
            and "parts" not in extra
            and _valued([extra])
            and self.sometimes(0.5 if self.theme == "points" else 0.2)
        ):
            extra |= {"bonus": True, "weight": self.of([10, 20])}
            if self.sometimes(0.3) and extra.get("graded") == "points" and extra.get("attempt") not in _JOINED:
                self._by_steps(extra)
        counting = [part for part in parts if _valued([part]) and not part.get("bonus")]
        if not counting:
            return
        points = self.percent and all(part.get("graded") in ("points", "pass-fail") for part in parts)
        points = points and not any("rubric" in part or isinstance(part.get("bonus"), dict) for part in parts)
        if points and self.sometimes(0.6):
            owner["weigh"] = "by-points"
            for part in parts:
                part.pop("weight", None)
        elif self.sometimes(0.7):
            for part in counting:
                part["weight"] = f"1/{len(counting)}"
        if depth and len(counting) > 1 and self.sometimes(0.4):
            owner |= self.of([{"best": 1}, {"drop_lowest": 1}, {"best": len(counting)}])
            if "weigh" in owner:
                for part in counting:
                    part["max"] = 20

    def _by_steps(self, part: Data) -> None:
        del part["weight"]
        size = 10 if self.percent else 1
        part["bonus"] = {"steps": [{"from": "40 %", "add": HALF * size}, {"from": "80 %", "add": size}]}
        others = [one["id"] for one in self.leaves if one is not part and one.get("graded") != "pass-fail"]
        if others and self.sometimes(0.5):
            part["bonus"] |= self.of([{"only_if": [self.of(others)]}, {"to": self.of(others), "after_gate": True}])

    def _activity(self, assessment: Data) -> Data:
        unit: Any = 5 if self.percent else HALF
        moves: Data = {}
        if self.sometimes(0.4):
            moves, unit = {"adjust": "steps"}, 1
        elif self.percent:
            assessment["boundaries"] = [int(str(b).removeprefix("> ")) for b in assessment["boundaries"]]
        if self.sometimes(0.3):
            return moves | {"levels": {"active": unit, "passive": -unit}}
        bands = self.of([[(90, unit), (50, 0), (0, -unit)], [(75, 2 * unit), (0, 0)]])
        return moves | {"attendance": {"of": 8, "bands": [{"from": f"{a} %", "adjust": b} for a, b in bands]}}

    # ---- demands -------------------------------------------------------------------------------------------

    def _asks(self, assessment: Data) -> None:
        """What grades ask; where nothing is weighed, always something."""
        if not self.requirements and not self.sometimes(0.4):
            return
        grades = range(self.scale.lowest + 1, self.scale.top + 1)
        keys = sorted(self.random.sample(grades, min(len(grades), self.of([1, 2]))))
        needs: dict[int, Data] = {key: {} for key in keys}
        for part in self.random.sample(self.leaves, min(len(self.leaves), 2)):
            ways = self._demanded(part)
            for key, way in zip(keys[-self.of([1, 2]) :], ways, strict=False):
                needs[key][part["id"]] = way
        if "attendance" in assessment.get("activity", {}):
            needs[keys[-1]]["attended"] = "75 %"
        if self.requirements and not any(asked for key, asked in needs.items() if key >= self.scale.passing):
            needs[self.scale.passing] = {self.leaves[0]["id"]: "pass"}
        assessment["requires"] = {str(self.level(key)): asked for key, asked in needs.items() if asked}
        if self.requirements:
            assessment["basis"] = "requirements"

    def _demanded(self, part: Data) -> list[Any]:
        """What two rising grades ask of a part."""
        joined = part.get("attempt") in _JOINED
        if part.get("graded") == "pass-fail" or self.sometimes(0.25):
            return ["pass"]
        if part.get("graded") == "points" and not joined and self.sometimes(0.6) and "max" in part:
            return self.of([["5 p", "8 p"], ["40 %", "75 %"]])  # type: ignore[no-any-return]
        if self.percent:
            return ["40 %", "75 %"]
        if self.requirements and part.get("graded") == "points" and not {"boundaries", "linear"} & set(part):
            return ["pass"]
        grades = range(self.scale.lowest + 1, self.scale.top + 1)
        return [self.level(grade) for grade in sorted(self.random.choices(grades, k=2))]

    # ---- lateness ------------------------------------------------------------------------------------------

    def _late(self) -> Data:
        per = self.of(["hour", "day", "day", "week"])
        late: Data = {"deduct": self.of([HALF, 1, [1, 3]]), "per": per}
        if self.percent:
            late |= {"deduct": self.of(["10 %", ["10 %", "40 %"]]), "of": self.of(["earned", "max"])}
        for key, values in (
            ("grace", ["1 h", "1 d"]),
            ("closes", ["3 h", "2 d", "1 w"]),
            ("at_most", ["30 %"] if self.percent else [2]),
            ("not_below", [30] if self.percent else [self.scale.lowest]),
        ):
            if self.sometimes(0.35):
                late[key] = self.of(values)
        if per == "day" and self.sometimes(0.5):
            late["skip"] = self.of([["saturday", "sunday"], ["holidays"], ["sunday", "holidays"]])
        if self.sometimes(0.3):
            late["free"] = {"budget": {"hour": "2 h", "day": "2 d", "week": "1 w"}[per]}
            late["free"] |= self.of([{}, {"spend": "where-it-helps"}, {"whole": True}])
        return late

    def _due(self, part: Data, day: int) -> None:
        part["due"] = f"{DEADLINE + timedelta(days=day):%Y-%m-%d %H:%M}"
        if isinstance(part.get("retakes"), int) and self.sometimes(0.4):
            part["retakes"] = [{"due": "2024-04-05 12:00"}] + [{}] * (part["retakes"] - 1)
        if self.sometimes(0.2) and part.get("graded") != "pass-fail":
            part |= {"late_from": "export", "late": {"deduct": "20 %", "of": "max", "closes": "2 d"}}

    # ---- cells ---------------------------------------------------------------------------------------------

    def _student(self, number: int, assessment: Data) -> Data:
        activity, self.open = assessment.get("activity", {}), self.of([0, 1, 1, 2])
        apart = [part for part in self.leaves if part.get("by") != "group" or self.sometimes(0.15)]
        return {
            "student": f"00{number}",
            "group": "A" if self.sometimes(0.9) else None,
            "activity": self.of(["active", "passive", None]) if "levels" in activity else None,
            "attended": self.of([None, 2, 4, 6, 8]) if "attendance" in activity else None,
            "cells": {part["id"]: list(self._cells(part, 0)) for part in apart},
        }

    def _shared(self) -> dict[str, list[Data]]:
        self.open = self.of([0, 1])
        return {part["id"]: list(self._cells(part, 0)) for part in self.leaves if part.get("by") == "group"}

    def _marks(self, students: list[Data]) -> list[Data] | None:
        if self.theme != "peers":
            return None
        members = [one["student"] for one in students if one["group"] == "A"]
        talking = [one for one in members if self.sometimes(0.8)]
        return [
            {"from": one, "to": other, "marks": {"effort": str(self.of([0, 1, 2, 3, 5]))}}
            for one in talking
            for other in members
        ]

    def _cells(self, part: Data, day: int) -> Iterator[Data]:
        retakes = part.get("retakes", 0)
        many = len(retakes) if isinstance(retakes, list) else retakes
        dues = [part.get("due"), *([one.get("due") for one in retakes] if isinstance(retakes, list) else [None] * many)]
        for due in dues[: self.of([1, 1, 1 + many, 1 + many, 1 + many])]:
            cell: Data = {"score": self._score(part), "submitted": None, "due": None}
            if ("markers" in part or "rubric" in part) and self.sometimes(0.85):
                cell |= {"score": "", "cells": self._made_of(part)}
            elif due and cell["score"] not in ("-", "EX", "AHOT"):
                self._timed(part, cell, datetime.fromisoformat(due))
            yield cell

    def _timed(self, part: Data, cell: Data, due: datetime) -> None:
        """When a score came: with an own deadline now and then, or with what an export says."""
        if self.sometimes(0.2):
            due += timedelta(days=self.of([1, 3]))
            cell["due"] = f"{due:%Y-%m-%d %H:%M}"
        if self.sometimes(0.8):
            hours = self.of([-1, 0, 1, 2, 3, 23, 24, 25, 48, 49, 72, 96, 168])
            cell["submitted"] = f"{due + timedelta(hours=hours):%Y-%m-%d %H:%M}"
        if "late_from" in part and self.sometimes(0.7):
            cell["late"] = self.of(["0:00:00", "0:30:00", "24:00:00", "24:00:01", "49:00:00"])

    def _made_of(self, part: Data) -> Data:
        if "rubric" in part:
            return {one["id"]: self._or_open(list(one["levels"]), 0.2) for one in part["rubric"]}
        cells = {name: self._or_open([self._number(part)], 0.15) for name in part["markers"]["of"]}
        return cells | ({"agreed": self._number(part)} if self.sometimes(0.15) else {})

    def _or_open(self, values: list[str], share: float) -> str:
        return str(self.of(["?", "PIDÄTETTY", ""] if self.sometimes(share) else values))

    def _score(self, part: Data) -> str:
        if self.open and self.sometimes(0.35):
            self.open -= 1
            return str(self.of(["?", "?", "PIDÄTETTY"]))
        if self.sometimes(0.12):
            return str(self.of(["-", "fail", "EX", "EX", "AHOT"]))
        return self._number(part)

    def _number(self, part: Data) -> str:
        if part.get("graded") == "pass-fail":
            return str(self.of(["HYV", "HYV", "fail"]))
        if part.get("graded") == "points":
            most = part.get("max") or sum(max(map(int, one["levels"])) for one in part["rubric"])
            return str(self.random.randint(self.of([0, most // 4, most // 4]), most + part.get("over", 0)))
        if isinstance(self.scale.said, dict):
            return str(self.of(self.scale.said["values"]))
        halves = self.random.randint(2 * self.scale.lowest, 2 * self.scale.top)
        return str(Decimal(halves) / 2)


_JOINED = ("mean", {"gain": "50 %"})


def _valued(parts: Sequence[Data]) -> bool:
    """Whether a part has a value that counts."""
    return any(
        _valued(part["parts"]) if "parts" in part else part.get("graded") != "pass-fail"
        for part in parts
        if not part.get("bonus")
    )
