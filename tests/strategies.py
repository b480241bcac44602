"""Hypothesis strategies: whole policies and whole classes, as a teacher could write them.

A policy is drawn as plain data, written as YAML text and read by the real loader, so a test sees what a user
would. The same plain data feeds :mod:`reference`.

How many examples a test draws is said by a profile, see :mod:`effort`: by default mostly the same ones each time, so
that a run says something about a change.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st

from effort import MORE
from kurssi.course.check import Checked, check
from kurssi.policy.composite import compose
from kurssi.policy.model import Part, Policy, resolve
from kurssi.values.classlist import Attempt, ClassList, Component, PeerMark, Student
from kurssi.values.hours import read_length
from kurssi.values.times import When, read_when


def examples(number: int) -> settings:
    """So many examples by default, and more of them under another profile."""
    return settings(max_examples=number * MORE)


Data = dict[str, Any]


# ---- plain data as YAML ------------------------------------------------------------------------------------


def yaml_text(value: Any) -> str:
    """Flow YAML. Texts are quoted; numbers and days are plain."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, date)):
        return str(value)
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list):
        return "[" + ", ".join(yaml_text(item) for item in value) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(str(key))}: {yaml_text(item)}" for key, item in value.items()) + "}"
    raise TypeError(f"not plain data: {value!r}")


def document(assessment: Data, timing_end: date | None) -> str:
    """An implementation file around an assessment."""
    timing = f", timing: {{start: 2024-01-08, end: {timing_end}}}" if timing_end else ""
    return (
        "kurssi: 1\n"
        "course: {code: KX00AA01, name: Course, credits: 5}\n"
        f"implementation: {{id: KX00AA01-1{timing}}}\n"
        f"assessment: {yaml_text(assessment)}\n"
    )


def load(assessment: Data, timing_end: date | None) -> Policy:
    """The policy as the program reads it. An error in a generated policy is a bug of the strategies."""
    text = document(assessment, timing_end)
    checked = checked_once(text)
    assert checked.gradable, (text, [(f.rule, f.path, str(f.message)) for f in checked.findings])
    assert checked.file is not None
    return resolve(checked.file)


@lru_cache(maxsize=8)
def checked_once(text: str) -> Checked:
    """What is said of a file, which most tests of a world ask for several times."""
    return check(text.encode(), "x.yaml")


# ---- a world: a policy and a class -------------------------------------------------------------------------


@dataclass
class World:
    """A policy and a class, as plain data."""

    assessment: Data
    students: list[Data]
    group_scores: dict[str, dict[str, list[Data]]] = field(default_factory=dict)
    peer_marks: list[Data] | None = None
    as_of: date | None = None
    timing_end: date | None = None

    @property
    def parts(self) -> list[Data]:
        """The parts of the top level, or the ways."""
        return list(self.assessment.get("parts") or self.assessment["ways"])

    def policy(self) -> Policy:
        return load(self.assessment, self.timing_end)

    def class_list(self, policy: Policy) -> ClassList:
        """The class as the program's values."""
        marks = None
        if self.peer_marks is not None:
            marks = tuple(
                PeerMark(m["from"], m["to"], {name: Fraction(mark) for name, mark in m["marks"].items()})
                for m in self.peer_marks
            )
        return ClassList(tuple(self._student(policy, student) for student in self.students), marks)

    def _student(self, policy: Policy, student: Data) -> Student:
        attempts = {}
        shared = self.group_scores.get(student["group"] or "", {})
        for part in policy.leaves():
            own, ours = student["cells"].get(part.id, []), shared.get(part.id, [])
            attempts[part.id] = tuple(
                _attempt(policy, part, _at(own, n), _at(ours, n)) for n in range(max(len(own), len(ours)))
            )
        return Student(
            student["student"],
            group=student["group"],
            attempts=attempts,
            level=student["activity"],
            attended=student["attended"],
        )

    def copy(self) -> World:
        return copy.deepcopy(self)

    def __repr__(self) -> str:
        lines = [document(self.assessment, self.timing_end)]
        lines += [f"  {student}" for student in self.students]
        lines += [f"  groups {self.group_scores}", f"  marks {self.peer_marks}", f"  as of {self.as_of}"]
        return "\n".join(lines)


def _at(cells: Sequence[Data], number: int) -> Data:
    return cells[number] if number < len(cells) else {}


def _attempt(policy: Policy, part: Part, own: Data, group: Data) -> Attempt:
    """What the cells of one attempt say; a student's own cell overrides its group's."""
    said = {**group.get("cells", {}), **{name: text for name, text in own.get("cells", {}).items() if text}}
    components = []
    for name, _ in part.components.all:
        if said.get(name):
            one = _single(policy, part.graded, {"score": said[name]}, {})
            components.append(Component(name, one.state, one.score))
    attempt = _single(policy, part.graded, own, group)
    if not components:
        return attempt
    made = compose(part.markers, part.rubric, components)
    mine = any(own.get("cells", {}).values())
    return attempt._replace(
        state=made.state, score=made.score, own=mine, components=tuple(components), among=made.among
    )


def _single(policy: Policy, graded: str, own: Data, group: Data) -> Attempt:
    score = own.get("score") or group.get("score")
    submitted, due = (_when(own.get(key) or group.get(key)) for key in ("submitted", "due"))
    late = _elapsed(own.get("late") or group.get("late"))
    if not score:
        return Attempt("ungraded" if submitted else "missing", None, submitted, due, own=False, lateness=late)
    mine = bool(own.get("score"))
    words: dict[str, Any] = {
        "-": "missing", "?": "ungraded", "PIDÄTETTY": "withheld", "EX": "excused", "AHOT": "recognised",
        "RPL": "recognised",
        "H": "failed", "fail": "failed", "hylätty": "failed",
        "HYV": "passed", "S": "passed", "x": "passed", "pass": "passed", "hyväksytty": "passed",
    }  # fmt: skip
    if graded == "pass-fail":
        words |= {"0": "failed", "1": "passed"}
    if policy.scale.own and graded == "grade" and score in policy.scale.labels:
        return Attempt("scored", Fraction(policy.scale.labels.index(score)), submitted, due, own=mine, lateness=late)
    if score in words:
        return Attempt(words[score], None, submitted, due, own=mine, lateness=late)
    return Attempt("scored", Fraction(score.replace(",", ".")), submitted, due, own=mine, lateness=late)


def _when(text: str | None) -> When | None:
    return read_when(text) if text else None


def _elapsed(text: str | None) -> timedelta | None:
    if not text:
        return None
    hours, minutes, seconds = map(int, text.split(":"))
    return timedelta(hours=hours, minutes=minutes, seconds=seconds)


# ---- strategies that are made once -------------------------------------------------------------------------
# To make one and to have it checked takes longer than to draw from it, and most are asked for again in every world.

COIN = st.booleans()


@lru_cache(maxsize=4096)
def integers(low: int, high: int) -> Any:
    return st.integers(low, high)


@lru_cache(maxsize=4096)
def one_of(*strategies: Any) -> Any:
    return st.one_of(*strategies)


def sampled(values: Sequence[Any]) -> Any:
    """One of the values; a strategy of its own where they can be changed."""
    try:
        return _sampled(*values)
    except TypeError:
        return st.sampled_from(values)


@lru_cache(maxsize=4096, typed=True)
def _sampled(*values: Any) -> Any:
    return st.sampled_from(values)


# ---- numbers -----------------------------------------------------------------------------------------------


_STEPS = ("1", "0.5", "0.25", "0.1", "0.01")


@lru_cache(maxsize=4096)
def numbers(low: int | Fraction, high: int | Fraction, steps: tuple[str, ...] = _STEPS) -> Any:
    """Decimals from ``low`` to ``high``, often whole or at a half."""
    return sampled(steps).flatmap(lambda step: _multiples(low, high, step))


@lru_cache(maxsize=4096)
def _multiples(low: int | Fraction, high: int | Fraction, step: str) -> Any:
    size = Decimal(step)
    first, last = -(-Fraction(low) // Fraction(size)), Fraction(high) // Fraction(size)
    return integers(int(first), max(int(first), int(last))).map(lambda n: _plain(n * size))


def _plain(number: Decimal) -> int | Decimal:
    return int(number) if number == number.to_integral_value() else number


@lru_cache(maxsize=4096)
def maybe(strategy: Any, times: int = 1) -> Any:
    """None, or a value."""
    return st.one_of(*[st.none()] * times, strategy)


def rarely(draw: st.DrawFn, times: int) -> bool:
    """True once in ``times`` + 1; shrinks to False."""
    return bool(draw(integers(0, times)) == times)


@lru_cache(maxsize=4096)
def percents(strategy: Any) -> Any:
    return strategy.map(lambda number: f"{number} %")


# ---- times -------------------------------------------------------------------------------------------------

_DAYS = [
    date(2024, 3, 4),
    date(2024, 3, 29),
    date(2024, 3, 30),
    date(2024, 3, 31),
    date(2024, 10, 26),
    date(2024, 10, 27),
]
_CLOCKS = ["", "", " 23:59", " 23:59", " 12:00", " 03:30", " 02:59:59", " 04:00", " 00:00"]
_OFFSETS = ["", "", "", "", "", "Z", "+03:00", "-05:00"]
_DELTAS = [
    -72 * 3600, -3600, -1, 0, 1, 60, 1800, 1801, 3600, 3601, 2 * 3600, 5 * 3600 - 1, 23 * 3600, 23 * 3600 + 1,
    86400 - 1, 86400, 86400 + 1, 25 * 3600, 25 * 3600 + 1, 36 * 3600, 2 * 86400, 2 * 86400 + 1, 3 * 86400 - 3600,
    7 * 86400, 7 * 86400 + 1, 8 * 86400, 15 * 86400,
]  # fmt: skip


@lru_cache(maxsize=1)
@st.composite
def dues(draw: st.DrawFn) -> str:
    """A deadline: with or without a clock, sometimes with an offset, often near a change of the clock."""
    day, clock = draw(sampled(_DAYS)), draw(sampled(_CLOCKS))
    return f"{day}{clock}{draw(sampled(_OFFSETS)) if clock else ''}"


def _split(due: str) -> tuple[date, str]:
    return date.fromisoformat(due[:10]), due[10:]


def _extended(due: str, days: int) -> str:
    day, rest = _split(due)
    return f"{day + timedelta(days=days)}{rest}"


@st.composite
def said_latenesses(draw: st.DrawFn) -> str:
    """How late an export says that something came."""
    near = sampled([delta for delta in _DELTAS if delta >= 0])
    seconds = draw(one_of(near, near, integers(0, 10 * 86400)))
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


@st.composite
def submissions(draw: st.DrawFn, due: str | None, *, days: bool = True) -> str:
    """When something came, near ``due``; without a clock only where it cannot be late."""
    if due is None:
        base = datetime.fromisoformat("2024-03-30 12:00")
        if days and rarely(draw, 3):
            return "30.3.2024"
    else:
        when = read_when(due)
        base = when.at if when.clock else when.at.replace(hour=23, minute=59, second=59)
        if days and rarely(draw, 9):
            return str(base.date() - timedelta(days=2))
    seconds = draw(one_of(sampled(_DELTAS), integers(-86400, 10 * 86400)))
    came = base + timedelta(seconds=seconds)
    if came.tzinfo is None and rarely(draw, 4):
        return f"{came.day}.{came.month}.{came.year} {came.hour}.{came:%M.%S}"
    text = came.isoformat(" ")
    if came.tzinfo is None and rarely(draw, 5):
        text += draw(sampled(["+02:00", "+03:00", "Z"]))
    return text


# ---- policies ----------------------------------------------------------------------------------------------

_OWN: list[Data] = [
    {"values": ["U", "G", "VG"], "passes_from": "G"},
    {"values": ["F", "E", "D", "C", "B", "A"], "passes_from": "D"},
]


@dataclass
class _Plan:
    """What the parts of one policy have in common."""

    scale: Any
    percent: bool
    lowest: int
    top: int
    passing: int
    plain: bool
    """No lateness, peer marks or groups: more examples reach deep trees."""
    peers: bool
    exports: bool = False
    """Lateness may be taken from the export."""
    takes: bool = False
    """Parts may take the scores of others."""
    ways: bool = False
    """There may be ways in place of parts."""
    composites: bool = False
    """Scores may be made of several cells."""
    steps: bool = False
    """Bonus parts may add by steps."""
    count: int = 0
    leaves: int = 0
    made: list[Data] = field(default_factory=list)
    """The parts with cells so far."""
    by_points: bool = False
    """Whether the points of the parts of the top level are added up."""

    @property
    def gates_only(self) -> bool:
        return self.scale == "pass-fail" and not self.percent

    @property
    def values(self) -> tuple[int, int]:
        return (0, 100) if self.percent else (self.lowest, self.top)

    def new_id(self) -> str:
        self.count += 1
        return f"p{self.count}"


def _weighs(part: Data) -> bool:
    """Whether a part has a value that enters the mean."""
    return part.get("graded") != "pass-fail" and "need" not in part and not part.get("bonus")


def _weights(draw: st.DrawFn, parts: list[Data], equal: bool) -> None:
    """Weights of siblings that sum to 100, or none at all."""
    counting = [p for p in parts if _weighs(p)]
    if not counting or rarely(draw, 2):
        return
    if rarely(draw, 4):
        for part in counting:
            part["weight"] = f"1/{len(counting)}"
        return
    if equal:
        if 100 % len(counting) == 0:
            for part in counting:
                part["weight"] = 100 // len(counting)
        return
    left = Decimal(100)
    for part in counting[:-1]:
        weight = min(left, Decimal(draw(numbers(0, 60, ("1", "5", "0.1")))))
        part["weight"], left = _plain(weight), left - weight
    counting[-1]["weight"] = _plain(left)
    for part in counting:
        if rarely(draw, 3):
            part["weight"] = f"{part['weight']} %"


def _some_strict(draw: st.DrawFn, bounds: list[Any], most: Fraction | None, wrap: Any) -> list[Any]:
    """Now and then some of the boundaries must be passed; never one that nothing can pass."""
    if not rarely(draw, 4):
        return [wrap(b) for b in bounds]
    return [f"> {wrap(b)}" if Fraction(b) != most and draw(COIN) else wrap(b) for b in bounds]


def _put(data: Data, key: str, value: Any) -> None:
    if value is not None:
        data[key] = value


@st.composite
def late_rules(draw: st.DrawFn, plan: _Plan, whole: bool) -> Data:
    """A late rule of any kind; ``whole``: of the assessment, where a free budget may stand."""
    low, high = plan.values
    rule: Data = {}
    per = draw(sampled(["hour", "day", "day", "week"]))
    closes = maybe(sampled(["30 min", "5 h", "1 d", "2 d", "36 h", "7 d", "1 w", "2 w"]))
    if rarely(draw, 7):
        rule["closes"] = draw(closes.filter(lambda c: c is not None))
        rule["per"] = per
        return rule
    percent = plan.percent or draw(COIN)
    one = percents(numbers(0, 60, ("5", "10", "2.5"))) if percent else numbers(0, 2, ("0.5", "0.25", "0.1"))
    if draw(COIN):
        rule["deduct"] = draw(one)
    else:
        table = draw(st.lists(one, min_size=1, max_size=4))
        rule["deduct"] = sorted(table, key=lambda d: Decimal(str(d).removesuffix(" %")))
    if percent:
        rule["of"] = draw(sampled(["earned", "max"]))
    if per != "day" or draw(COIN):
        rule["per"] = per
    if per == "day" and rarely(draw, 3):
        days = st.lists(sampled(["saturday", "sunday", "holidays"]), min_size=1, max_size=3, unique=True)
        rule["skip"] = draw(days)
        if "holidays" in rule["skip"]:
            _put(rule, "holidays", draw(sampled([None, "FI", "SE"])))
    _put(rule, "grace", draw(maybe(sampled(["30 min", "1 h", "5 h", "1 d", "25 h"]), 2)))
    bare = numbers(0, 30 if plan.percent else 3, ("0.5", "1"))
    _put(rule, "at_most", draw(maybe(one_of(bare, percents(numbers(0, 80, ("10",)))) if percent else bare, 2)))
    _put(rule, "not_below", draw(maybe(numbers(low, high, ("1", "0.5")), 2)))
    _put(rule, "closes", draw(closes))
    if whole and draw(COIN):
        budgets = {
            "hour": ["0 h", "2 h", "180 min", "6 h"],
            "day": ["1 d", "2 d", "48 h", "3 d", "1 w"],
            "week": ["1 w", "14 d"],
        }
        rule["free"] = {"budget": draw(sampled(budgets[per]))}
        _put(rule["free"], "spend", draw(sampled([None, "in-order", "where-it-helps", "where-it-helps"])))
        each = {"hour": ["1 h", "2 h", "6 h"], "day": ["1 d", "24 h", "2 d"], "week": ["1 w", "14 d"]}
        if rarely(draw, 2):
            most = draw(sampled(each[per]))
            if read_length(most).hours <= read_length(rule["free"]["budget"]).hours:
                rule["free"]["at_most"] = most
        if rarely(draw, 2):
            rule["free"]["whole"] = True
    return rule


def _conversion(draw: st.DrawFn, plan: _Plan, part: Data, most_points: Any) -> None:
    """How points become grades."""
    as_percent = draw(COIN)
    most = Fraction(100) if as_percent else Fraction(most_points)
    wrap = (lambda n: f"{n} %") if as_percent else (lambda n: n)
    if draw(COIN):
        wanted = plan.top - plan.lowest
        bound = numbers(0, most, ("0.5",))
        points = draw(st.lists(bound, min_size=wanted, max_size=wanted, unique_by=Fraction))
        part["boundaries"] = _some_strict(draw, sorted(points), most, wrap)
    elif plan.top > plan.passing:
        points = draw(st.lists(numbers(0, most, ("0.5", "1", "5")), min_size=2, max_size=2, unique_by=Fraction))
        first, last = sorted(points)
        part["linear"] = {str(plan.passing): wrap(first), str(plan.top): wrap(last)}
    else:
        part["boundaries"] = [wrap(1)] * (plan.top - plan.lowest)


@st.composite
def _leaf(draw: st.DrawFn, plan: _Plan, valued: bool) -> Data:
    plan.leaves += 1
    low, high = plan.values
    part: Data = {"id": plan.new_id()}
    graded = draw(sampled(["grade", "grade", "points", "points", "pass-fail"]))
    if plan.gates_only:
        graded = "pass-fail"
    elif valued and graded == "pass-fail":
        graded = "grade"
    if graded != "grade" or draw(COIN):
        part["graded"] = graded
    if graded == "points":
        part["max"] = draw(sampled([10, 40, 40, 50, Decimal("12.5")]))
        if rarely(draw, 4):
            part["over"] = draw(sampled([1, 5, Decimal("2.5"), 60]))
        if not plan.percent:
            _conversion(draw, plan, part, part["max"])
    if graded != "pass-fail":
        least = numbers(low, high, ("1", "0.5", "0.25"))
        if graded == "points":
            least = one_of(least, percents(numbers(0, 100, ("5", "10", "2.5"))))
        _put(part, "minimum", draw(maybe(least, 2)))
        _put(part, "retake_at_most", draw(maybe(numbers(low, high, ("1", "0.5")), 2)))
    if plan.composites and rarely(draw, 2):
        draw(_composite(plan, part, graded))
    _put(part, "required", draw(maybe(COIN, 2)))
    _put(part, "attempt", draw(sampled([None, None, "best", "latest"])))
    due = maybe(dues())
    if draw(COIN):
        part["retakes"] = draw(integers(0, 2))
    elif draw(COIN):
        part["retakes"] = [{} if d is None else {"due": d} for d in draw(st.lists(due, min_size=1, max_size=2))]
    if not plan.plain:
        _put(part, "due", draw(due))
        if rarely(draw, 5):
            part["late"] = draw(st.one_of(st.just("none"), late_rules(plan, False)))
        if plan.exports and rarely(draw, 3):
            part["late_from"] = "export"
            if isinstance(part.get("late"), dict):
                part["late"].pop("skip", None)
                part["late"].pop("holidays", None)
        made_up = "markers" in part or "rubric" in part  # a whole cell of a member's own would stand beside these
        if draw(integers(0, 1 if plan.peers else 5)) == 0 and not made_up:
            part["by"] = "group"
            if plan.peers and graded != "pass-fail":
                part["peer"] = draw(_peers(plan))
    # several attempts together need values: no raw minimum, and no peer marks that move a single one
    joinable = graded != "pass-fail" and "peer" not in part and not str(part.get("minimum", "")).endswith("%")
    if joinable and rarely(draw, 5):
        part["attempt"] = draw(sampled(["mean", {"gain": "50 %"}, {"gain": "100 %"}, {"gain": "12.5 %"}]))
    plan.made.append(part)
    return part


@st.composite
def _taker(draw: st.DrawFn, plan: _Plan, valued: bool) -> Data:
    """A part that takes the scores of one that is there already."""
    known = [part for part in plan.made if not valued or part.get("graded") != "pass-fail"]
    source = draw(sampled(known))
    part: Data = {"id": plan.new_id(), "takes": source["id"]}
    graded = source.get("graded", "grade")
    if graded == "pass-fail" or draw(COIN):
        part["graded"] = graded
    if graded == "points" and not plan.percent and ("graded" in part or draw(COIN)):
        _conversion(draw, plan, part, max_of(source))
    if graded != "pass-fail":
        low, high = plan.values
        least = numbers(low, high, ("1", "0.5", "0.25"))
        if graded == "points" and source.get("attempt") in (None, "best", "latest"):
            least = one_of(least, percents(numbers(0, 100, ("5", "10", "2.5"))))
        _put(part, "minimum", draw(maybe(least, 2)))
    _put(part, "required", draw(maybe(COIN, 2)))
    return part


@st.composite
def _composite(draw: st.DrawFn, plan: _Plan, part: Data, graded: str) -> None:
    """Markers, or a rubric, for a part."""
    if graded == "pass-fail":
        part["markers"] = {"of": ["A", "B"]}
        return
    if draw(COIN):
        of = draw(sampled([["A", "B"], ["A", "B"], ["self", "peer", "teacher"]]))
        rule: Data = {"of": of}
        _put(rule, "agree", draw(sampled([None, "mean", "higher", "lower"])))
        _put(rule, "within", draw(maybe(numbers(0, 3, ("1", "0.5")))))
        if rule.get("agree", "mean") == "mean" and draw(COIN):
            rule["weights"] = dict(zip(of, [10, 30, 60] if len(of) > 2 else [40, 60], strict=True))
        part["markers"] = rule
        return
    low, top = (0, int(part["max"]) - 4) if graded == "points" else (plan.lowest, plan.top)
    if graded == "points":
        best = Fraction(part.pop("max")) - 4
        part.pop("over", None)
        levels: list[list[Any]] = [[0, 2, 4], [0, 1, best if best.denominator > 1 else int(best)]]
    else:
        levels = [sorted({low, draw(integers(low, top)), top}) for _ in range(2)]
        if isinstance(plan.scale, dict):
            levels = [[plan.scale["values"][level] for level in row] for row in levels]
    rubric: list[Data] = []
    for name, row in zip(("style", "content"), levels, strict=True):
        texts = {_level(level): f"{name} {_level(level)}." for level in row}
        rubric.append({"id": name, "levels": texts})
    if graded != "points" and draw(COIN):
        share: Any = draw(sampled([50, 30, Decimal("12.5")]))
        rubric[0]["weight"], rubric[1]["weight"] = share, 100 - share
    part["rubric"] = rubric


def _level(level: object) -> str:
    """A level as a key of the file."""
    return f"{float(level):g}" if isinstance(level, Fraction) else str(level)


def max_of(part: Data) -> Fraction:
    """The largest number of points of a part; with a rubric that of the best levels together."""
    if part.get("rubric"):
        return sum((max(Fraction(level) for level in one["levels"]) for one in part["rubric"]), Fraction(0))
    return Fraction(part["max"])


def _decided(part: Data, cells: Data) -> Data:
    """The cells of a composite score with nothing left open."""
    if part.get("rubric"):
        levels = {one["id"]: list(one["levels"]) for one in part["rubric"]}
        return {name: text if text in levels[name] else levels[name][0] for name, text in cells.items()}
    known = [text for text in cells.values() if text not in ("", "?", "PIDÄTETTY")]
    return {**cells, "agreed": cells.get("agreed") or known[0]} if known else {}


@st.composite
def _cells_of(draw: st.DrawFn, part: Data, plan: _Plan) -> Data:
    """The cells that one attempt's score is made of."""
    word = sampled(["", "?", "PIDÄTETTY"])
    out: Data = {}
    if part.get("markers"):
        same = draw(scores(part, plan))
        for name in part["markers"]["of"]:
            out[name] = draw(st.one_of(st.just(same), scores(part, plan), word) if rarely(draw, 2) else st.just(same))
        if rarely(draw, 6):
            out["agreed"] = draw(scores(part, plan))
        return out
    for one in part["rubric"]:
        level = sampled(list(one["levels"]))
        out[one["id"]] = draw(one_of(level, level, level, word))
    return out


@st.composite
def _peers(draw: st.DrawFn, plan: _Plan) -> Data:
    rule: Data = {"method": "webpa"}
    _put(rule, "weight", draw(maybe(sampled(["50 %", 25, 100, "0 %"]))))
    _put(rule, "self", draw(maybe(COIN)))
    _put(rule, "silent", draw(maybe(sampled(["neutral", "excluded"]))))
    _put(rule, "penalty", draw(maybe(sampled(["10 %", "50 %", "100 %"]))))
    _put(rule, "at_most", draw(maybe(numbers(0, 20 if plan.percent else 2, ("0.5",)))))
    _put(rule, "may_fail", draw(maybe(COIN)))
    return rule


@st.composite
def _so_many(draw: st.DrawFn, plan: _Plan) -> Data:
    """A part of which so many parts must be passed."""
    part: Data = {"id": plan.new_id()}
    gates = _Plan(**{**vars(plan), "scale": "pass-fail", "percent": False, "made": []})  # all its parts are pass-fail
    part["parts"] = [{**draw(_leaf(gates, False)), "graded": "pass-fail"} for _ in range(draw(integers(1, 3)))]
    plan.count, plan.leaves = gates.count, gates.leaves
    for child in part["parts"]:
        for key in ("required", "late"):  # what lateness costs is written in the units of the whole
            child.pop(key, None)
    plan.made += part["parts"]
    part["need"] = draw(integers(1, len(part["parts"])))
    _put(part, "required", draw(maybe(COIN, 1)))
    return part


@st.composite
def _siblings(draw: st.DrawFn, plan: _Plan, depth: int, parent: Data | None) -> list[Data]:
    number = draw(integers(1, 4))
    parts: list[Data] = []
    for index in range(number):
        nested = depth < 2 and plan.leaves < 7 and rarely(draw, 3)
        if nested and plan.ways and draw(COIN):
            part: Data = {"id": plan.new_id(), "ways": draw(_ways(plan, depth + 1))}
            if not plan.gates_only:
                _put(part, "minimum", draw(maybe(numbers(*plan.values, ("1", "0.5")), 2)))
                _cap(draw, part, plan)
            _put(part, "required", draw(maybe(COIN, 1)))
        elif nested and (index or plan.gates_only) and rarely(draw, 2):
            part = draw(_so_many(plan))
        elif nested:
            part = {"id": plan.new_id()}
            part["parts"] = draw(_siblings(plan, depth + 1, part))
            if not plan.gates_only:
                _put(part, "minimum", draw(maybe(numbers(*plan.values, ("1", "0.5")), 2)))
                _cap(draw, part, plan)
            _put(part, "required", draw(maybe(COIN, 1)))
        elif index and plan.takes and plan.made and draw(COIN):
            part = draw(_taker(plan, False))
        else:
            # a level needs something that can be weighed: its first part
            part = draw(_leaf(plan, index == 0))
        if index and not plan.gates_only and _weighs(part) and rarely(draw, 2 if plan.steps else 5):
            if plan.steps and not plan.percent and not {"parts", "ways", "takes", "rubric"} & set(part):
                name = part["id"]  # of points there is a percentage
                part.clear()
                part |= {"id": name, "graded": "points", "max": 40, "retakes": draw(integers(0, 1))}
                line = {str(plan.passing): "50 %", str(plan.top): "90 %"}
                part |= {"linear": line} if plan.passing < plan.top else {"boundaries": [20]}
            part |= {"bonus": True, "weight": draw(numbers(0, 20, ("1", "5", "0.5")))}
        parts.append(part)
    counting = sum(map(_weighs, parts))
    choosing = parent is not None and not plan.gates_only and rarely(draw, 2)
    if choosing and parent is not None:
        if draw(COIN):
            parent["best"] = draw(integers(1, counting))
        else:
            parent["drop_lowest"] = draw(integers(0, counting - 1))
    apart = not plan.takes and not plan.ways and not any({"parts", "rubric"} & set(part) for part in parts)
    if plan.percent and apart and rarely(draw, 2):
        _add_up(draw, parts, choosing)
        if parent is None:
            plan.by_points = True
        else:
            parent["weigh"] = "by-points"
    elif not plan.gates_only:
        _weights(draw, parts, choosing)
    return draw(st.permutations(parts)) if rarely(draw, 3) else parts


def _add_up(draw: st.DrawFn, parts: list[Data], equal: bool) -> None:
    """Makes siblings ones whose points are added up: none has a weight, and all that are no gates have points."""
    largest = sampled([10, 20, 40, Decimal("12.5")])
    every = draw(largest)
    for part in parts:
        part.pop("weight", None)
        if part.get("graded") != "pass-fail":
            part |= {"graded": "points", "max": every if equal and not part.get("bonus") else draw(largest)}


def _cap(draw: st.DrawFn, owner: Data, plan: _Plan) -> None:
    """Now and then a most that parts can count as, not below the minimum."""
    if not plan.gates_only and rarely(draw, 5):
        least = max(Fraction(plan.values[0] + 1), Fraction(str(owner.get("minimum", 0)).removesuffix("%")))
        owner["cap"] = draw(numbers(least, plan.values[1], ("1", "0.5")))


@st.composite
def _ways(draw: st.DrawFn, plan: _Plan, depth: int) -> list[Data]:
    """Two or three ways; those after the first take scores of what is there already, besides parts of their own."""
    found: list[Data] = []
    for _ in range(draw(integers(2, 3))):
        way: Data = {"id": plan.new_id()}
        known = [part for part in plan.made if plan.gates_only or part.get("graded") != "pass-fail"]
        if found and known and draw(integers(0, 2)) > 0:
            parts = [draw(_taker(plan, not plan.gates_only)) for _ in range(draw(integers(1, 3)))]
            if not plan.gates_only:
                _weights(draw, parts, False)
        else:
            parts = draw(_siblings(plan, depth, None))
        found.append({**way, "parts": parts})
    return found


@st.composite
def activities(draw: st.DrawFn, plan: _Plan) -> Data:
    """Levels, or bands of attendance."""
    size = numbers(-20, 20, ("5", "1")) if plan.percent else numbers(-2, 2, ("0.5", "0.25"))
    moves: Data = {}
    if rarely(draw, 4):
        moves, size = {"adjust": "steps"}, numbers(-2, 2, ("1",))
    if draw(COIN):
        return {**moves, "levels": {"active": draw(size), "normal": 0, "passive": draw(size)}}
    of = draw(integers(1, 12))
    number = draw(integers(1, 3))
    share = percents(integers(0, 20).map(lambda n: 5 * n)) if draw(COIN) else integers(0, of)
    shares = draw(st.lists(share, min_size=1, max_size=number, unique=True))
    shares.sort(key=lambda s: int(str(s).removesuffix(" %")), reverse=True)
    adjusts = sorted(draw(st.lists(size, min_size=len(shares), max_size=len(shares))), key=Fraction, reverse=True)
    if Fraction(adjusts[-1]) < 0:
        # below the lowest band nothing is added: if it takes something away it must reach down to nobody, or else
        # who came more often would get less
        shares[-1] = "0 %" if isinstance(shares[-1], str) else 0
    bands = [{"from": s, "adjust": a} for s, a in zip(shares, adjusts, strict=True)]
    return {**moves, "attendance": {"of": of, "bands": bands}}


_SCALES: list[tuple[Any, int, int, int]] = [
    ("0-5", 0, 5, 1),
    ("H-5", 0, 5, 1),
    ("4-10", 4, 10, 5),
    ("pass-fail", 0, 1, 1),
    (_OWN[0], 0, 2, 1),
    (_OWN[1], 0, 5, 2),
]
_SCALE = st.sampled_from([*_SCALES[:3], *_SCALES])


@st.composite
def assessments(
    draw: st.DrawFn,
    *,
    peers: bool | None = None,
    exports: bool = False,
    takes: bool | None = None,
    ways: bool | None = None,
    steps: bool | None = None,
    requires: bool | None = None,
    composites: bool = False,
) -> tuple[Data, _Plan]:
    """An assessment as plain data."""
    scale, lowest, top, passing = draw(_SCALE)
    percent = rarely(draw, 3)
    with_peers = rarely(draw, 5) if peers is None else peers
    plan = _Plan(scale, percent, lowest, top, passing, not with_peers and rarely(draw, 2), with_peers, exports)
    plan.composites = composites
    plan.takes = rarely(draw, 4) if takes is None else takes
    plan.ways = rarely(draw, 6) if ways is None else ways
    plan.steps = rarely(draw, 6) if steps is None else steps
    assessment: Data = {"evaluation_scale": scale}
    if percent:
        assessment["basis"] = "percent"
        count = top - lowest
        bounds = draw(st.lists(numbers(0, 100, ("5", "1", "0.5")), min_size=count, max_size=count, unique_by=Fraction))
        assessment["boundaries"] = _some_strict(draw, sorted(bounds), None, lambda n: n)
    elif rarely(draw, 4):
        assessment["basis"] = "grade"
    if plan.ways and draw(COIN):
        assessment["ways"] = draw(_ways(plan, 0))
    else:
        assessment["parts"] = draw(_siblings(plan, 0, None))
        if plan.by_points:
            assessment["weigh"] = "by-points"
    _cap(draw, assessment, plan)
    _put(assessment, "rounding", draw(sampled([None, None, "half-up", "down", "up", "half-even"])))
    _put(assessment, "may_fail", draw(maybe(COIN, 2)))
    if not plan.plain and draw(integers(0, 3)):
        assessment["late"] = draw(late_rules(plan, True))
        if exports:  # a length of time has no days to skip
            assessment["late"].pop("skip", None)
            assessment["late"].pop("holidays", None)
    if draw(COIN):
        assessment["activity"] = draw(activities(plan))
        in_steps = "adjust" in assessment["activity"]
        if percent and assessment.get("may_fail") is not False and not in_steps:
            # what activity takes away stops at the pass boundary, which it cannot where that must be passed
            bounds, place = assessment["boundaries"], passing - lowest - 1
            if isinstance(bounds[place], str):
                bounds[place] = _plain(Decimal(bounds[place].removeprefix("> ")))
    if rarely(draw, 5) if requires is None else requires:
        assessment["requires"] = draw(requirements(plan, assessment))
        if not percent and rarely(draw, 2) and "ways" not in repr(assessment):
            _decided_by_requirements(assessment, plan, draw(COIN))
    if plan.steps and assessment.get("basis") != "requirements":
        _by_steps(draw, assessment, plan)
    return assessment, plan


def _by_steps(draw: st.DrawFn, assessment: Data, plan: _Plan) -> None:
    """Some bonus parts add by steps: to the mean of those beside them, or to the value of another part."""
    family: dict[str, list[Data]] = {}
    """By id the part and all above it."""

    def learn(parts: Sequence[Data], above: list[Data]) -> None:
        for part in parts:
            family[part["id"]] = [*above, part]
            learn(part.get("parts") or part.get("ways") or [], family[part["id"]])

    learn(assessment.get("parts") or assessment["ways"], [])
    every = [line[-1] for line in family.values()]
    ways = {way["id"] for owner in [assessment, *every] for way in owner.get("ways", ())}
    sources = {part["id"]: part for part in every}
    nested = [part for part in every if part.get("parts") or part.get("ways")]
    bonuses = [part for part in every if part.get("bonus") and _has_share(part, plan, sources)][:2]
    targets: list[str] = []
    for part in bonuses:
        shares = sorted(draw(st.lists(sampled([0, 20, 40, 50, 60, 80, 100]), min_size=1, max_size=3, unique=True)))
        size = numbers(-20, 20, ("5", "1")) if plan.percent else numbers(-1, 1, ("0.25", "0.5"))
        adds = sorted(draw(st.lists(size, min_size=len(shares), max_size=len(shares))), key=Fraction)
        bonus: Data = {"steps": [{"from": f"{a} %", "add": b} for a, b in zip(shares, adds, strict=True)]}
        lines = [line[-1] for line in family.values() if part in line or line[-1] in family[part["id"]]]
        after = draw(COIN)
        own = [one for one in every if one not in lines and one["id"] not in ways and _weighs(one)]
        own = [one for one in own if _all_weigh([one]) and (after or one in nested or _gate_by_value(one))]
        if len(own) > 0 and draw(COIN):
            bonus["to"] = draw(sampled(own))["id"]
            targets.append(bonus["to"])
            _put(bonus, "after_gate", True if after else draw(maybe(st.just(False), 1)))
        part["bonus"] = bonus
        part.pop("weight", None)
    for part in bonuses:
        moved = {one["id"] for name in targets for one in family[name]} | {one["id"] for one in family[part["id"]]}
        asked = [one for one in every if one["id"] not in ways | moved and (len(bonuses) == 1 or one not in nested)]
        if len(asked) > 0 and draw(COIN):
            several = st.lists(sampled(asked), min_size=1, max_size=2, unique_by=lambda one: one["id"])
            part["bonus"]["only_if"] = [one["id"] for one in draw(several)]


def _has_share(part: Data, plan: _Plan, sources: Mapping[str, Data]) -> bool:
    """Whether a part has a percentage: any under percent, else points of a single attempt."""
    source = sources.get(part.get("takes", ""), part)
    joined = source.get("retakes") and (source.get("attempt") == "mean" or isinstance(source.get("attempt"), dict))
    points = part.get("graded", source.get("graded")) == "points" and not part.get("parts") and not part.get("ways")
    return plan.percent or (points and not joined)


def _all_weigh(parts: Sequence[Data]) -> bool:
    """Whether every part has a value: one of its parts weighs, or one of each of its ways."""
    return all(
        all(_weighing(way["parts"]) for way in part["ways"])
        if "ways" in part
        else _weighing(part["parts"])
        if "parts" in part
        else _weighs(part)
        for part in parts
    )


def _weighing(parts: Sequence[Data]) -> bool:
    return any(_weighs(part) and _all_weigh([part]) for part in parts)


def _gate_by_value(part: Data) -> bool:
    return not str(part.get("minimum", "")).endswith("%")


def _decided_by_requirements(assessment: Data, plan: _Plan, plain: bool) -> None:
    """Nothing is weighed: what is of a total goes, and what is asked of the value of a part that has parts.

    ``plain``: points stay points, but where a value is asked of them.
    """
    nested = {part["id"] for part in _all_of(assessment["parts"]) if part.get("parts")}
    requires: Data = {}
    for key, needs in assessment["requires"].items():
        left = {name: "pass" if name in nested else way for name, way in needs.items() if name != "attended"}
        if left:
            requires[key] = left
    labels = plan.scale["values"] if isinstance(plan.scale, dict) else [str(n) for n in range(11)]
    if not any(labels.index(key) >= plan.passing for key in requires):
        return
    for key in ("rounding", "may_fail", "activity", "late", "weigh", "cap"):
        assessment.pop(key, None)
    assessment |= {"basis": "requirements", "requires": requires}
    valued = {name for needs in requires.values() for name, way in needs.items() if str(way)[-1:] not in "%ps"}
    every = {part["id"]: part for part in _all_of(assessment["parts"])}
    converted = {every[name].get("takes", name) for name in valued}  # by its own table, or by that of what it takes
    for part in every.values():
        for key in ("weight", "bonus", "best", "drop_lowest", "late", "weigh", "cap"):
            part.pop(key, None)
        if part.get("parts"):
            part.pop("minimum", None)
        source = part.get("takes", part["id"])
        if plain and every[source].get("graded") == "points" and source not in converted:
            for key in ("boundaries", "linear", "minimum", "retake_at_most"):
                part.pop(key, None)


@st.composite
def requirements(draw: st.DrawFn, plan: _Plan, assessment: Data) -> Data:
    """What grades ask of parts and of attendance: of each part in one way, and more for a higher grade."""
    count = draw(integers(1, 3))
    grades = integers(plan.lowest + 1, plan.top)
    keys = sorted(draw(st.lists(grades, min_size=1, max_size=count, unique=True)))
    labels = plan.scale["values"] if isinstance(plan.scale, dict) else None
    needs: dict[int, Data] = {key: {} for key in keys}
    everything = list(_all_of(assessment.get("parts") or assessment["ways"]))
    apart = {way["id"] for owner in [assessment, *everything] for way in owner.get("ways", ())}
    offered: dict[str, Data] = {
        part["id"]: {key: part[key] for key in ("graded", "max", "attempt", "retakes") if key in part}
        for part in everything
    }
    everything = [{**offered.get(part.get("takes", ""), {}), **part} for part in everything if part["id"] not in apart]
    for part in draw(st.lists(sampled(everything), min_size=1, max_size=3, unique_by=lambda p: p["id"])):
        ways = draw(_asked(plan, part, len(keys)))
        for key, way in zip(keys, ways, strict=True):
            if way is not None:
                needs[key][part["id"]] = way
    attendance = (assessment.get("activity") or {}).get("attendance")
    if attendance is not None and draw(COIN):
        shares = sorted(draw(st.lists(sampled([10, 50, 66, 80, 100]), min_size=len(keys), max_size=len(keys))))
        for key, share in zip(keys, shares, strict=True):
            needs[key]["attended"] = f"{share} %"
    return {labels[key] if labels else str(key): asked for key, asked in needs.items() if asked}


def _all_of(parts: Sequence[Data]) -> Iterator[Data]:
    for part in parts:
        yield part
        yield from _all_of(part.get("parts") or part.get("ways") or ())


@st.composite
def _asked(draw: st.DrawFn, plan: _Plan, part: Data, number: int) -> list[Any]:
    """What rising grades ask of one part; None where a grade asks nothing."""
    valued = any(leaf.get("graded") != "pass-fail" and not leaf.get("bonus") for leaf in leaves_of([part]))
    if part.get("bonus"):
        valued = True
    joined = part.get("attempt") not in (None, "best", "latest") and part.get("retakes", 0) not in (0, [])
    points = part.get("graded") == "points"
    ways = ["pass"]
    if valued and (not plan.percent or not (points or part.get("parts") or part.get("ways"))):
        ways.append("value")
    if (points and not joined) or (valued and plan.percent):
        ways.append("%")
    if points and not joined and "max" in part:  # of a rubric it follows from the levels
        ways.append("p")
    way = draw(sampled(ways[-2:]))
    if way == "pass":
        return draw(sampled([["pass"] + [None] * (number - 1), [None] * (number - 1) + ["pass"]]))
    if way == "value":
        low, high = plan.lowest, plan.top
        steps = ("1",) if isinstance(plan.scale, dict) else ("1", "0.5", "0.25")
        asked = draw(st.lists(numbers(low + 1, high, steps), min_size=number, max_size=number))
        if isinstance(plan.scale, dict):
            return [plan.scale["values"][int(n)] for n in sorted(asked, key=Fraction)]
        return sorted(asked, key=Fraction)
    most = Fraction(100) if way == "%" else Fraction(part["max"])
    asked = draw(st.lists(numbers(1, most, ("1", "0.5")), min_size=number, max_size=number))
    return [f"{n} {way}" for n in sorted(asked, key=lambda n: Fraction(str(n)))]


# ---- classes -----------------------------------------------------------------------------------------------


def leaves_of(parts: Sequence[Data]) -> Iterator[Data]:
    """The parts that have cells."""
    for part in parts:
        if part.get("parts") or part.get("ways"):
            yield from leaves_of(part.get("parts") or part["ways"])
        elif "takes" not in part:
            yield part


def dues_of(part: Data) -> list[str | None]:
    """The deadline of each attempt that a part allows."""
    retakes = part.get("retakes", 0)
    later = [None] * retakes if isinstance(retakes, int) else [r.get("due") for r in retakes]
    return [part.get("due"), *later]


def scores(part: Data, plan: _Plan) -> Any:
    """Numbers that a cell of the part takes, as text."""
    graded = part.get("graded", "grade")
    if graded == "pass-fail":
        return sampled(["HYV", "HYV", "x", "1", "0", "H", "fail"])
    if graded == "points":
        most = max_of(part) + Fraction(part.get("over", 0))
        return numbers(most / 3, most).map(str) if graded else st.nothing()
    if isinstance(plan.scale, dict):
        return sampled(plan.scale["values"][-1:] + plan.scale["values"])
    return one_of(numbers(plan.lowest, plan.top), numbers(plan.passing, plan.top, ("1", "0.5"))).map(str)


@st.composite
def _cell(draw: st.DrawFn, part: Data, plan: _Plan, due: str | None, number: int) -> Data:
    number_cells = scores(part, plan)
    if part.get("graded") == "points" and rarely(draw, 3):
        number_cells = numbers(0, max_of(part) + Fraction(part.get("over", 0))).map(str)
    plain_h = plan.scale in ("0-5", "H-5") or part.get("graded") == "pass-fail"
    word = sampled(["-", "", "?", "?", "PIDÄTETTY", "EX", "AHOT", "RPL", "H" if plain_h else "fail"])
    score = draw(one_of(number_cells, number_cells, number_cells, word))
    if rarely(draw, 9):
        score = score.replace(".", ",")
    if rarely(draw, 40):
        score = "0" if part.get("graded") == "points" else score
    cell: Data = {"score": score, "submitted": None, "due": None}
    if (part.get("markers") or part.get("rubric")) and not rarely(draw, 5):
        cell |= {"score": "", "cells": draw(_cells_of(part, plan))}
    if plan.plain:
        return cell
    if rarely(draw, 6):
        cell["due"] = _extended(due, draw(integers(0, 4))) if due else draw(dues())
    if draw(integers(0, 5)):
        # a group's time meets the deadlines of its members, so it has a clock
        cell["submitted"] = draw(submissions(cell["due"] or due, days=part.get("by") != "group"))
    if part.get("late_from") and draw(integers(0, 3)):
        cell["late"] = draw(said_latenesses())
    return cell


@st.composite
def part_cells(draw: st.DrawFn, part: Data, plan: _Plan) -> list[Data]:
    """One student's attempts at a part."""
    known = dues_of(part)
    used = draw(sampled([1, 1, len(known), len(known), 0]))
    return [draw(_cell(part, plan, due, n)) for n, due in enumerate(known[:used])]


@st.composite
def worlds(
    draw: st.DrawFn,
    *,
    peers: bool | None = None,
    open_cells: bool = True,
    exports: bool = False,
    takes: bool | None = None,
    ways: bool | None = None,
    steps: bool | None = None,
    requires: bool | None = None,
    composites: bool = False,
) -> World:
    """A policy and a class; ``exports``: of some parts an export may say how late they came.

    ``composites``: in about one world of four scores may be made of several cells.
    """
    composites = composites and rarely(draw, 4)
    assessment, plan = draw(
        assessments(
            peers=peers, exports=exports, takes=takes, ways=ways, steps=steps, requires=requires, composites=composites
        )
    )
    leaves = list(leaves_of(assessment.get("parts") or assessment["ways"]))
    number = draw(integers(2, 4)) if plan.peers else draw(integers(1, 2))
    activity = assessment.get("activity", {})
    students: list[Data] = []
    level = maybe(sampled(["active", "normal", "passive"])) if "levels" in activity else st.none()
    for n in range(number):
        cells: Data = {}
        for part in leaves:
            if part.get("by") != "group" or rarely(draw, 5):
                cells[part["id"]] = draw(part_cells(part, plan))
        attendance = activity.get("attendance")
        students.append(
            {
                "student": f"00{n + 1}",
                "group": draw(sampled(["A", "A", "A", "B", None])),
                "activity": draw(level),
                "attended": draw(maybe(integers(0, attendance["of"]))) if attendance else None,
                "cells": cells,
            }
        )
    groups = {
        name: {p["id"]: draw(part_cells(p, plan)) for p in leaves if p.get("by") == "group"} for name in ("A", "B")
    }
    marks: list[Data] | None = None
    if plan.peers and draw(integers(0, 9)):
        marks = []
        for marker in students:
            speaks = draw(sampled([True, True, True, False]))
            for member in students:
                if not speaks or marker["group"] is None or marker["group"] != member["group"]:
                    continue
                # own marks stand in the sheet; the policy says whether they count
                given = {"effort": str(draw(integers(0, 5))), "ideas": str(draw(numbers(0, 3, ("0.5",))))}
                marks.append({"from": marker["student"], "to": member["student"], "marks": given})
    world = World(assessment, students, groups, marks)
    world.timing_end = draw(maybe(sampled([date(2024, 3, 30), date(2024, 11, 30)])))
    if open_cells and rarely(draw, 3):
        days = [date(2024, 3, 4), *_DAYS, date(2024, 4, 1), date(2024, 10, 28), date(2024, 12, 1)]
        world.as_of = draw(sampled(days))
    if not open_cells:
        by_id = {part["id"]: part for part in leaves}
        for student in [*students, *({"cells": g} for g in groups.values())]:
            for name, attempts in student["cells"].items():
                for cell in attempts:
                    if cell.get("cells"):
                        cell["cells"] = _decided(by_id[name], cell["cells"])
                    if cell.get("cells"):
                        continue
                    if cell["score"] in ("?", "PIDÄTETTY", ""):
                        cell["score"] = "-"
    return world
