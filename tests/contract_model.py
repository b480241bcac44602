"""A second, plain model of how a class is graded, written from the contract alone. Used by tests only.

One function per sentence of the contract, whose section its docstring names. It shares no code with the program and is
slow on purpose: wherever something is "largest", everything is tried. All numbers are ``Fraction``.

What the contract leaves open, and how it is read here:

* A score counts before an excuse: of several attempts EX counts where no other has a result.
* With ``attempt: mean`` and ``gain`` an attempt failed by word counts as the lowest value, and so does a first attempt
  that was not handed in; all failed by word, the part is failed. A first attempt that is excused is none.
* A bonus that is failed by word adds nothing, whatever the lowest value of the scale is.
* The scale's limits take from no member what the group has beyond the top (11.4).
* A part that is passed or failed loses nothing by lateness, and spends no free time; nor does one whose rule only
  closes, as there is nothing to forgive.
* A demand on an excused part is met: it has been excused.
* With ``basis: requirements`` a part is required only where the file says so: the demands stand in place of gates.
* A bonus part of which something was handed in and nothing is left to weigh reaches no step, nor one from 0 %.
* A part of whose parts nothing was handed in counts as the lowest value, whatever a bonus in it adds from 0 %.
* A deadline in the hour that the clock leaves out is moved on by days from the time that is written.
* Days to skip: units start at the deadline's clock on days that count, the deadline's own included.
* A rubric of which criteria are filled can only become what the others still allow; of several markers every score is
  possible until all have marked, as a cell ``agreed`` may decide at any time.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from math import ceil, floor, prod
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from holidays import country_holidays

Data = Mapping[str, Any]

ZERO, HUNDRED = Fraction(0), Fraction(100)
NEAR = Fraction(1, 1_000_000)
"""How near to a score at which something jumps the scores below and above it are tried."""

EXCUSED = ("excused", "recognised")
OPEN = ("ungraded", "withheld")
WORDS = {
    "-": "missing", "?": "ungraded", "withheld": "withheld", "pidätetty": "withheld", "ex": "excused",
    "ahot": "recognised", "rpl": "recognised", "h": "failed", "fail": "failed", "hylätty": "failed",
    "hyv": "passed", "s": "passed", "pass": "passed", "x": "passed", "hyväksytty": "passed",
}  # fmt: skip


# ---- numbers, lengths and times (sections 2, 4, 5.1) -------------------------------------------------------


def number(raw: object) -> Fraction:
    """A number with a point or a comma (section 4)."""
    return Fraction(str(raw).strip().replace(",", "."))


def amount(raw: object) -> tuple[Fraction, bool]:
    """A number, and whether it is a percentage (section 2)."""
    text = str(raw).strip()
    return number(text.removesuffix("%")), text.endswith("%")


def weight_of(raw: object) -> Fraction:
    """``40``, ``40 %`` and ``2/5`` are one weight (sections 2 and 11.3)."""
    text = str(raw)
    return HUNDRED * Fraction(text) if "/" in text else amount(raw)[0]


@dataclass(frozen=True)
class Length:
    """A length of time: hours are elapsed, days and weeks move the local date (5.1)."""

    days: int = 0
    elapsed: timedelta = timedelta()

    @property
    def hours(self) -> Fraction:
        """As hours, a day being 24."""
        return Fraction(24 * self.days) + Fraction(int(self.elapsed.total_seconds()), 3600)


def length(raw: object) -> Length:
    """``2 d``, ``1 w``, ``36 h``, ``30 min``."""
    match = re.fullmatch(r"([0-9]+) ?(min|h|d|w)", str(raw).strip())
    assert match, raw
    n = int(match[1])
    match match[2]:
        case "min":
            return Length(elapsed=timedelta(minutes=n))
        case "h":
            return Length(elapsed=timedelta(hours=n))
        case "d":
            return Length(n)
    return Length(7 * n)


PER = {"hour": Length(elapsed=timedelta(hours=1)), "day": Length(1), "week": Length(7)}


@dataclass(frozen=True)
class Clock:
    """Local time of the policy's zone (5.1)."""

    zone: ZoneInfo

    def instants(self, wall: datetime) -> list[datetime]:
        """The instant of a local time; two where the clock changes."""
        return sorted(wall.replace(tzinfo=self.zone, fold=fold).astimezone(UTC) for fold in (0, 1))

    def deadline(self, wall: datetime) -> datetime:
        """In the hour that runs twice a deadline is the later instant (11.1)."""
        return wall.astimezone(UTC) if wall.tzinfo else self.instants(wall)[-1]

    def handed_in(self, wall: datetime) -> datetime:
        """In the hour that runs twice a hand-in is the earlier instant (11.1)."""
        return wall.astimezone(UTC) if wall.tzinfo else self.instants(wall)[0]

    def local(self, instant: datetime) -> datetime:
        """The local time of an instant."""
        return instant.astimezone(self.zone).replace(tzinfo=None)

    def after(self, deadline: datetime, wall: datetime, step: Length, times: int = 1) -> datetime:
        """A deadline, with its local time, moved on: the local date by days, then elapsed hours (5.1)."""
        if step.days and times:
            deadline = self.deadline(wall + timedelta(days=step.days * times))
        return deadline + step.elapsed * times


_WHEN = re.compile(
    r"(?:(?P<y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)|(?P<d2>\d{1,2})\.(?P<m2>\d{1,2})\.(?P<y2>\d{4}))"
    r"(?:[ T](?P<h>\d{1,2})[:.](?P<min>\d\d)(?:[:.](?P<s>\d\d))?(?P<zone>Z|[+-]\d\d:?\d\d)?)?"
)


def when(raw: object, *, end: bool) -> datetime:
    """A time of section 4; without a clock the end of that day, or its beginning. ``24:00`` is the next midnight."""
    match = _WHEN.fullmatch(str(raw).strip())
    assert match, raw
    day = date(*(int(match[key] or match[key + "2"]) for key in ("y", "m", "d")))
    if match["h"] is None:
        return datetime.combine(day, time.max if end else time.min)
    clock = timedelta(hours=int(match["h"]), minutes=int(match["min"]), seconds=int(match["s"] or 0))
    wall = datetime.combine(day, time()) + clock
    if match["zone"]:
        zone = match["zone"].replace("Z", "+00:00")
        return wall.replace(tzinfo=datetime.fromisoformat(f"2000-01-01T00:00{zone}").tzinfo)
    return wall


def elapsed_of(raw: str) -> timedelta:
    """A lateness that an export says: ``hours:minutes:seconds``."""
    hours, minutes, seconds = map(int, raw.split(":"))
    return timedelta(hours=hours, minutes=minutes, seconds=seconds)


# ---- the policy (sections 3, 5 and 11) ---------------------------------------------------------------------


@dataclass(frozen=True)
class Scale:
    """A scale with its lowest, top and pass grade (section 3)."""

    lowest: int
    top: int
    passing: int
    labels: tuple[str, ...] = ()

    def level(self, raw: object) -> Fraction:
        """A value of the scale, by its label or as a number."""
        return Fraction(self.labels.index(str(raw))) if str(raw) in self.labels else number(raw)


def scale_of(raw: Any) -> Scale:
    """The scales of section 3."""
    if isinstance(raw, dict):
        labels = tuple(map(str, raw["values"]))
        return Scale(0, len(labels) - 1, labels.index(str(raw["passes_from"])), labels)
    return {"4-10": Scale(4, 10, 5), "pass-fail": Scale(0, 1, 1)}.get(raw, Scale(0, 5, 1))


@dataclass(eq=False)
class Part:
    """A part, or a way, with what belongs to the scores it takes written into it."""

    said: Data
    source: str
    """Whose cells it reads."""
    children: list[Part]
    ways: bool
    """Its children are ways, of which one counts."""
    nested: bool
    """It stands in another part."""
    counted: bool = False
    """It stands in a part that counts how many of its parts are passed."""

    @property
    def id(self) -> str:
        return str(self.said["id"])

    @property
    def graded(self) -> str:
        return str(self.said.get("graded", "grade"))

    @property
    def valued(self) -> bool:
        """Whether it has a value: pass-fail has none (step 1), nor has what is made of such parts alone."""
        if "need" in self.said:
            return False
        if self.children:
            return any(child.valued and (child.children or not child.bonus) for child in self.children)
        return self.graded != "pass-fail"

    @property
    def a_way(self) -> bool:
        """Whether it is one of several ways."""
        return not self.source

    @property
    def bonus(self) -> bool:
        return bool(self.said.get("bonus"))

    @property
    def steps(self) -> Data | None:
        """The rule of a bonus by steps (11.6)."""
        return self.said["bonus"] if isinstance(self.said.get("bonus"), dict) else None

    @property
    def max(self) -> Fraction:
        """The largest number of points; of a rubric the best levels together (11.8)."""
        if self.said.get("max") is None and self.said.get("rubric"):
            return sum((max(map(number, one["levels"])) for one in self.said["rubric"]), ZERO)
        return number(self.said["max"])

    def all(self) -> Iterator[Part]:
        """Itself and all below."""
        yield self
        for child in self.children:
            yield from child.all()


class Policy:
    """An assessment as the functions below need it."""

    def __init__(self, said: Data) -> None:
        self.said = said
        self.scale = scale_of(said["evaluation_scale"])
        self.percent = said.get("basis") == "percent"
        self.by_requirements = said.get("basis") == "requirements"
        self.gates_only = said["evaluation_scale"] == "pass-fail" and not self.percent
        self.lowest, self.top = (
            (ZERO, HUNDRED) if self.percent else (Fraction(self.scale.lowest), Fraction(self.scale.top))
        )
        self.clock = Clock(ZoneInfo(said.get("timezone", "Europe/Helsinki")))
        written = said.get("parts") or said["ways"]
        cells = {part["id"]: part for part in _with_cells(written)}
        self.root = Part(
            {**said, "id": ""}, "", self._parts(said, cells, nested=False, counted=False), "ways" in said, False
        )
        self.parts = {part.id: part for part in self.root.all() if part is not self.root}
        self.requires = self._requires()

    def _parts(self, owner: Data, cells: Data, *, nested: bool, counted: bool) -> list[Part]:
        if "ways" in owner:
            return [
                Part(way, "", self._parts(way, cells, nested=nested, counted=False), False, nested)
                for way in owner["ways"]
            ]
        made = []
        for one in repeated(owner.get("parts", [])):
            below = self._parts(one, cells, nested=True, counted="need" in one)
            said = taking(one, cells[one["takes"]]) if "takes" in one else one
            made.append(Part(said, one.get("takes", one["id"]), below, "ways" in one, nested, counted))
        return made

    def _requires(self) -> list[tuple[int, str, Any]]:
        """What each grade asks, rising (11.5)."""
        found = [
            (int(self.scale.level(key)), name, asked)
            for key, needs in (self.said.get("requires") or {}).items()
            for name, asked in needs.items()
        ]
        return sorted(found, key=lambda demand: demand[0])

    @property
    def passing(self) -> Fraction:
        """The pass grade as a value: under percent the boundary of the scale's pass grade (11.1)."""
        if self.percent:
            return bound(self.said["boundaries"][self.scale.passing - self.scale.lowest - 1])[0]
        return Fraction(self.scale.passing)

    def leaves(self) -> list[Part]:
        """The parts that have cells."""
        return [part for part in self.parts.values() if not part.children and part.source == part.id]

    def takers(self, leaf: Part) -> list[Part]:
        """The parts that read the cells of a leaf, itself among them."""
        return [part for part in self.parts.values() if not part.children and part.source == leaf.id]

    def required(self, part: Part) -> bool:
        """True at the top level, false for nested and bonus parts (step 5); never for what ``need`` counts (11.5)."""
        if part.counted:
            return False
        default = not part.nested and not part.bonus and not self.by_requirements
        return bool(part.said.get("required", default))


def _with_cells(parts: Iterable[Data]) -> Iterator[Data]:
    for part in parts:
        below = part.get("parts") or part.get("ways")
        yield from _with_cells(below) if below else repeated([part])


def repeated(parts: Iterable[Data]) -> Iterator[Data]:
    """``repeat: 12`` is twelve parts that share the weight equally (11.8)."""
    for part in parts:
        if "repeat" not in part:
            yield part
            continue
        due = part.get("due")
        dues: list[str] = []
        if isinstance(due, dict):
            at, step = when(due["first"], end=True), timedelta(days=length(due["every"]).days)
            skipped = {str(day) for day in due.get("except", ())}
            while len(dues) < part["repeat"]:
                dues += [at.isoformat(" ", "seconds")] if str(at.date()) not in skipped else []
                at += step
        for n in range(part["repeat"]):
            one = {key: value for key, value in part.items() if key != "repeat"} | {"id": f"{part['id']}{n + 1}"}
            if "weight" in part:
                one["weight"] = f"{weight_of(part['weight']) / part['repeat'] / 100}"
                one["weight"] += "" if "/" in one["weight"] else "/1"
            yield one | ({"due": dues[n]} if dues else {})


def taking(part: Data, source: Data) -> Data:
    """A part that takes scores: conversion and gate are its own, the rest is the source's (11.2).

    Where it says nothing of how it is graded, it is graded as the source.
    """
    own = ("id", "name", "weight", "required", "minimum", "bonus")
    rest = {key: value for key, value in source.items() if key not in own}
    if "graded" in part or "boundaries" in part or "linear" in part:
        rest = {key: value for key, value in rest.items() if key not in ("boundaries", "linear")}
    return {**rest, **part}


def bound(raw: object) -> tuple[Fraction, bool, bool]:
    """A boundary: its number, whether it is a percentage, whether it is strict (11.7)."""
    text = str(raw).strip()
    strict = text.startswith(">")
    return *amount(text.removeprefix(">")), strict


# ---- cells (sections 4 and 11.8) ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Attempt:
    """What the cells of one attempt say."""

    state: str = "missing"
    score: Fraction | None = None
    submitted: datetime | None = None
    due: datetime | None = None
    due_wall: datetime | None = None
    """The local time of the deadline as it is written, which need not exist."""
    late: timedelta | None = None
    own: bool = False
    among: tuple[Fraction, ...] | None = None
    """The scores that its filled cells leave open; None: every score, or the word for failed."""


def read_score(text: str, part: Part, policy: Policy) -> tuple[str, Fraction | None]:
    """A cell of section 4; a label of the scale wins over a word (section 3)."""
    if part.graded == "grade" and text in policy.scale.labels:
        return "scored", policy.scale.level(text)
    if text.lower() in WORDS:
        return WORDS[text.lower()], None
    if part.graded == "pass-fail":
        return ("passed" if number(text) else "failed"), None
    return "scored", number(text)


def limits(part: Part, policy: Policy) -> tuple[Fraction, Fraction]:
    """The least and the largest score that a cell takes (section 4, 11.4)."""
    if part.graded == "points":
        return ZERO, part.max + number(part.said.get("over", 0))
    return Fraction(policy.scale.lowest), Fraction(policy.scale.top)


def read_rubric(part: Part, cells: Data, policy: Policy) -> Attempt:
    """The weighted mean of the levels, or the sum of the points (11.8); open while a criterion is."""
    rubric = part.said["rubric"]
    texts = [cells.get(one["id"]) or "" for one in rubric]
    states = [read_score(text, part, policy)[0] if text else "ungraded" for text in texts]
    weights = [weight_of(one.get("weight", 1)) for one in rubric]

    def value(levels: Sequence[Fraction]) -> Fraction:
        if part.graded == "points":
            return sum(levels, ZERO)
        return sum((w * level for w, level in zip(weights, levels, strict=True)), ZERO) / sum(weights, ZERO)

    choices = [
        [policy.scale.level(text) if part.graded == "grade" else number(text)] if state == "scored"
        else [policy.scale.level(key) if part.graded == "grade" else number(key) for key in one["levels"]]
        for one, text, state in zip(rubric, texts, states, strict=True)
    ]  # fmt: skip
    among = tuple(sorted({value(levels) for levels in itertools.product(*choices)}))
    if set(states) == {"scored"}:
        return Attempt("scored", among[0])
    return Attempt("withheld" if "withheld" in states else "ungraded", among=among)


def read_markers(part: Part, cells: Data, policy: Policy) -> Attempt:
    """What several markers come to; further apart than ``within`` it is open until ``agreed`` decides (11.8)."""
    rule = part.said["markers"]
    names = [str(name) for name in rule["of"]]
    if cells.get("agreed"):
        state, score = read_score(cells["agreed"], part, policy)
        return Attempt(state, score)
    read = [read_score(cells[name], part, policy) if cells.get(name) else ("ungraded", None) for name in names]
    states = {state for state, _ in read}
    scores = [score for _, score in read if score is not None]
    open_state = "withheld" if "withheld" in states else "ungraded"
    if len(scores) < len(read) and len(states) == 1 and not states & set(OPEN):
        return Attempt(states.pop())  # passed or failed by all
    apart = "within" in rule and scores and max(scores) - min(scores) > number(rule["within"])
    if apart or len(scores) < len(read):
        return Attempt(open_state)
    if rule.get("agree", "mean") != "mean":
        return Attempt("scored", max(scores) if rule["agree"] == "higher" else min(scores))
    weights = [weight_of(rule.get("weights", {}).get(name, 1)) for name in names]
    weighed = sum((w * mark for w, mark in zip(weights, scores, strict=True)), ZERO)
    return Attempt("scored", weighed / sum(weights, ZERO))


def read_attempt(part: Part, n: int, own: Data, group: Data, policy: Policy) -> Attempt:
    """One attempt; a student's own cell overrides its group's (section 4)."""

    def cell(key: str) -> Any:
        return own.get(key) or group.get(key)

    later = part.said.get("retakes", 0)
    dues = [part.said.get("due"), *([None] * later if isinstance(later, int) else [one.get("due") for one in later])]
    due = cell("due") or dues[n]
    said = {**group.get("cells", {}), **{key: text for key, text in own.get("cells", {}).items() if text}}
    base = Attempt()
    if any(said.values()):
        base = (read_rubric if part.said.get("rubric") else read_markers)(part, said, policy)
        base = replace(base, own=any(own.get("cells", {}).values()))
    elif cell("score"):
        state, score = read_score(cell("score"), part, policy)
        base = Attempt(state, score, own=bool(own.get("score")))
    elif cell("submitted"):
        base = Attempt("ungraded")
    deadline = when(due, end=True) if due else None
    return replace(
        base,
        submitted=policy.clock.handed_in(when(cell("submitted"), end=False)) if cell("submitted") else None,
        due=policy.clock.deadline(deadline) if deadline else None,
        due_wall=policy.clock.local(deadline) if deadline and deadline.tzinfo else deadline,
        late=elapsed_of(cell("late")) if cell("late") else None,
    )


def read_attempts(part: Part, student: Data, groups: Data, policy: Policy) -> list[Attempt]:
    """All attempts that a part allows, those that nobody speaks of too."""
    retakes = part.said.get("retakes", 0)
    allowed = 1 + (retakes if isinstance(retakes, int) else len(retakes))
    own = student["cells"].get(part.id, [])
    group = groups.get(student["group"] or "", {}).get(part.id, [])
    found = [{**dict(enumerate(own)), -1: {}}, {**dict(enumerate(group)), -1: {}}]
    return [read_attempt(part, n, found[0].get(n, {}), found[1].get(n, {}), policy) for n in range(allowed)]


# ---- step 1 and 2: conversion and lateness -----------------------------------------------------------------


def convert(part: Part, score: Fraction, policy: Policy) -> Fraction:
    """A score on the scale, or as a percentage (step 1 and ``basis: percent``)."""
    scale = policy.scale
    if part.graded == "grade":
        return (score - scale.lowest) * 100 / (scale.top - scale.lowest) if policy.percent else score
    if policy.percent:
        return 100 * score / part.max
    if "boundaries" in part.said:
        return Fraction(scale.lowest + sum(reached(score, raw, part.max) for raw in part.said["boundaries"]))
    if "linear" not in part.said:
        # points stay points: only a share of them is asked, and what lateness takes is in steps of the scale
        return scale.lowest + score * (scale.top - scale.lowest) / part.max
    ends = sorted((scale.level(key), of_max(raw, part.max)) for key, raw in part.said["linear"].items())
    (low, first), (high, last) = ends
    if score < first:
        return Fraction(scale.lowest)
    return high if score >= last else low + (score - first) * (high - low) / (last - first)


def of_max(raw: object, most: Fraction) -> Fraction:
    """A number of points, or a percentage of the largest."""
    value, percent = amount(raw)
    return value * most / 100 if percent else value


def reached(score: Fraction, raw: object, most: Fraction) -> bool:
    """Whether points reach a boundary, which may be strict (11.7)."""
    value, percent, strict = bound(raw)
    least = value * most / 100 if percent else value
    return score > least if strict else score >= least


def late_rule(part: Part, policy: Policy) -> Data | None:
    """The part's own rule, or that of the assessment (5.1)."""
    rule = part.said.get("late", policy.said.get("late"))
    return None if rule in (None, "none") else rule


def units_late(part: Part, attempt: Attempt, policy: Policy) -> tuple[int, bool]:
    """How many units an attempt is late, and whether it is closed by that (5.1, 11.1, 11.7)."""
    rule = late_rule(part, policy)
    if rule is None or attempt.state in ("missing", *EXCUSED):
        return 0, False
    if part.said.get("late_from") == "export" and attempt.late is not None:
        return units_said(rule, attempt.late)
    if attempt.due is None or attempt.due_wall is None or attempt.submitted is None or attempt.submitted <= attempt.due:
        return 0, False
    clock, due, came = policy.clock, (attempt.due, attempt.due_wall), attempt.submitted
    if "grace" in rule and came <= clock.after(*due, length(rule["grace"])):
        return 0, False
    closed = "closes" in rule and came > clock.after(*due, length(rule["closes"]))
    per, units, step = PER[rule.get("per", "day")], 0, 0
    while clock.after(*due, per, step) < came:
        units += not skipped(rule, clock.local(clock.after(*due, per, step)).date())
        step += 1
    return units, closed


def units_said(rule: Data, late: timedelta) -> tuple[int, bool]:
    """The same from a lateness that an export says: units are counted from it, ``closes`` too (11.1)."""
    if not late:
        return 0, False
    hours = Fraction(int(late.total_seconds()), 3600)
    if "grace" in rule and hours <= length(rule["grace"]).hours:
        return 0, False
    closed = "closes" in rule and hours > length(rule["closes"]).hours
    return ceil(hours / PER[rule.get("per", "day")].hours), closed


def skipped(rule: Data, day: date) -> bool:
    """Whether no unit starts on a day, and none ends (11.7)."""
    skip = rule.get("skip", ())
    skip = [skip] if isinstance(skip, str) else skip
    weekend = {"saturday": 5, "sunday": 6}
    return day.weekday() in [weekend[name] for name in skip if name in weekend] or (
        "holidays" in skip and day in country_holidays(rule.get("holidays", "FI"))
    )


def deduct(part: Part, value: Fraction, units: int, policy: Policy) -> Fraction:
    """What is left of a value that is so many units late (5.1)."""
    rule = late_rule(part, policy)
    if rule is None or not units or "deduct" not in rule:
        return value

    def grade_steps(raw: object) -> Fraction:
        size, percent = amount(raw)
        return size / 100 * (value if rule["of"] == "earned" else policy.top) if percent else size

    table = rule["deduct"]
    lost = grade_steps(table[min(units, len(table)) - 1]) if isinstance(table, list) else units * grade_steps(table)
    if "at_most" in rule:
        lost = min(lost, grade_steps(rule["at_most"]))
    return max(value - lost, min(value, not_below(part, rule, policy)))


def not_below(part: Part, rule: Data, policy: Policy) -> Fraction:
    """Where lateness stops: as said, else the part's minimum, else the pass grade, or 0 under percent (5.1)."""
    if "not_below" in rule:
        return policy.scale.level(rule["not_below"])
    if policy.percent:
        return ZERO
    least, percent = amount(part.said.get("minimum", policy.passing))
    return convert(part, least * part.max / 100, policy) if percent else least


# ---- step 3: attempts --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Tried:
    """What one attempt has come to."""

    state: str
    value: Fraction
    raw: Fraction | None = None


def tried(part: Part, n: int, attempt: Attempt, forgiven: int, policy: Policy) -> Tried:
    """One attempt converted, its lateness taken away, a retake cut (steps 1 to 3)."""
    units, closed = units_late(part, attempt, policy)
    if closed:
        return Tried("closed", policy.lowest)
    if attempt.score is None:
        return Tried(attempt.state, policy.lowest)
    value = deduct(part, convert(part, attempt.score, policy), units - forgiven, policy)
    if n and "retake_at_most" in part.said:
        value = min(value, policy.scale.level(part.said["retake_at_most"]))
    return Tried("scored", value, attempt.score)


def raw_minimum(part: Part) -> Fraction | None:
    """The least raw points of the gate, where it asks for a share of ``max`` (step 5)."""
    least, percent = amount(part.said.get("minimum", 0))
    return least * part.max / 100 if percent else None


def chosen(part: Part, tries: Sequence[Tried], policy: Policy) -> Tried:
    """What the attempts come to (step 3, 11.7)."""
    done = [one for one in tries if one.state in ("scored", "passed", "failed")]
    rule = part.said.get("attempt", "best") if len(tries) > 1 else "best"
    if not done:
        for state in (*OPEN, *EXCUSED, "closed"):
            found = [one for one in tries if one.state == state]
            if found:
                return found[0]
        return tries[0]
    if rule == "latest":
        return [one for one in tries if one.state in ("scored", "passed", "failed", *OPEN)][-1]
    if rule == "mean" and any(one.state == "scored" for one in done):
        return Tried("scored", sum((one.value for one in done), ZERO) / len(done))
    if isinstance(rule, dict) and any(one.state == "scored" for one in done):
        share = amount(rule["gain"])[0] / 100
        first = next(one for one in tries if one.state not in EXCUSED)
        later = done[done[0] is first :]
        value = first.value + share * max([ZERO, *(one.value - first.value for one in later)])
        return Tried("scored", value)

    least = raw_minimum(part) if policy.required(part) else None

    def rank(one: Tried) -> tuple[bool, bool, Fraction, Fraction]:
        passes = least is None or (one.raw is not None and one.raw >= least)
        return passes, one.state != "failed", one.value, one.raw or ZERO

    return max(done, key=rank)


# ---- step 4: peer marks (5.4) ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Peer:
    """What peer marks do to one member."""

    factor: Fraction
    silent: bool


def peer_effects(part: Part, students: Sequence[Data], marks: Sequence[Data] | None, attempts: Data) -> dict[str, Peer]:
    """The factor of each member who takes one (5.4); nothing where no marks were given at all."""
    rule = part.said.get("peer")
    if rule is None or marks is None:
        return {}
    found = {}
    for group in {student["group"] for student in students} - {None}:
        members = [
            student["student"] for student in students
            if student["group"] == group and not any(one.own for one in attempts[student["student"]][part.id])
        ]  # fmt: skip
        found.update(group_effects(rule, members, marks))
    return found


def group_effects(rule: Data, members: Sequence[str], marks: Sequence[Data]) -> dict[str, Peer]:
    """Factor = sum of the shares a member got × members / markers counted (5.4)."""
    total = dict.fromkeys(members, ZERO)
    silent, markers = set(), 0
    for marker in members:
        others = [member for member in members if member != marker]
        marked = members if rule.get("self") else others
        given = {
            one["to"]: sum(map(number, one["marks"].values()), ZERO)
            for one in marks
            if one["from"] == marker and one["to"] in marked
        }
        if not sum(given.values(), ZERO):
            silent.add(marker)
            if rule.get("silent", "neutral") == "excluded":
                continue
            given = dict.fromkeys(others, Fraction(1))
        markers += 1
        for member, mark in given.items():
            total[member] += mark / sum(given.values(), ZERO)
    if len(members) == 1:
        return {member: Peer(Fraction(1), False) for member in members}
    return {
        member: Peer(total[member] * len(members) / markers if markers else Fraction(1), member in silent)
        for member in members
    }


def moved(rule: Data, peer: Peer, value: Fraction, policy: Policy) -> Fraction:
    """A member's value: factor, ``at_most``, the scale's limits, penalty; a pass stays one (5.4)."""
    share = weight_of(rule.get("weight", 100)) / 100
    floor_ = policy.lowest
    if not rule.get("may_fail") and not policy.percent and value >= policy.passing:
        floor_ = policy.passing
    mine = value * ((1 - share) + share * peer.factor)
    if "at_most" in rule:
        most = number(rule["at_most"])
        mine = max(value - most, min(value + most, mine))
    mine = max(floor_, min(max(policy.top, value), mine))
    if peer.silent:
        mine = max(floor_, mine * (1 - amount(rule.get("penalty", 0))[0] / 100))
    return mine


# ---- step 5 and 6: gates and the mean ----------------------------------------------------------------------


@dataclass
class Node:
    """What a part has come to."""

    part: Part
    state: str
    value: Fraction | None
    """None where it has none, or leaves the mean."""
    raw: Fraction | None = None
    code: str | None = None
    """Why its gate is closed; None where it is open."""
    children: list[Node] = field(default_factory=list)

    @property
    def handed_in(self) -> bool:
        return self.state not in ("missing", "closed", *EXCUSED)

    @property
    def has_score(self) -> bool:
        return self.handed_in and (bool(self.part.children) or self.state != "failed")


@dataclass
class Student:
    """One student with all cells."""

    attempts: dict[str, list[Attempt]]
    peers: dict[str, Peer]
    level: str | None
    attended: Fraction | None


class Judgement:
    """One student's parts and grade, with nothing open; ``forgiven`` has the free units of first attempts."""

    def __init__(self, policy: Policy, student: Student, forgiven: Mapping[str, int]) -> None:
        self.policy, self.student, self.forgiven = policy, student, forgiven
        self.nodes: dict[str, Node] = {}
        self.tops, self.mean = self.sum_up(policy.root)
        self.finish()

    def node(self, part: Part) -> Node:
        """A part's node, made once."""
        if part.id not in self.nodes:
            made = self.nested(part) if part.children else self.leaf(part)
            self.nodes[part.id] = made
        return self.nodes[part.id]

    def leaf(self, part: Part) -> Node:
        """A part with cells: attempts, then peer marks, then what is added to it, then its gate."""
        tries = [
            tried(part, n, attempt, 0 if n else self.forgiven.get(part.source, 0), self.policy)
            for n, attempt in enumerate(self.student.attempts[part.source])
        ]
        best = chosen(part, tries, self.policy)
        if best.state != "scored":
            codes = {"missing": "not-submitted", "closed": "closed", "failed": "failed"}
            codes |= dict.fromkeys(OPEN, "open")
            value = None if best.state in EXCUSED or not part.valued else self.policy.lowest
            return Node(part, best.state, value, code=codes.get(best.state))
        value = best.value
        if part.source in self.student.peers:
            value = moved(part.said["peer"], self.student.peers[part.source], value, self.policy)
        return self.gated(Node(part, "scored", value, best.raw))

    def gated(self, node: Node) -> Node:
        """The gate of a value, and what a bonus adds to it before or after (step 5, 11.6)."""
        node.value = None if node.value is None else node.value + self.added_to(node.part, after_gate=False)
        least = raw_minimum(node.part) if not node.part.children else None
        if least is not None:
            below = (node.raw or ZERO) < least
        else:
            default = ZERO if self.policy.percent else self.policy.passing
            minimum = node.part.said.get("minimum", default)
            below = node.value is not None and node.value < self.policy.scale.level(minimum)
        if below and node.code is None and not self.bare(node.part):
            node.code = "below-minimum"
        self.nodes[node.part.id] = node  # what is added after its gate may ask for it
        node.value = None if node.value is None else node.value + self.added_to(node.part, after_gate=True)
        return node

    def bare(self, part: Part) -> bool:
        """Whether its points become no value, as they may where nothing is weighed (11.5)."""
        if not self.policy.by_requirements or "minimum" in part.said:
            return False
        return bool(part.children) or (part.graded == "points" and not {"boundaries", "linear"} & set(part.said))

    def nested(self, part: Part) -> Node:
        """A part with parts of its own (steps 5 and 6); with ``need`` it counts those that are passed (11.5)."""
        if "need" in part.said:
            return self.so_many(part)
        children, value = self.sum_up(part)
        live = [child for child in children if child.state not in EXCUSED]
        if not live:
            state = "recognised" if all(child.state == "recognised" for child in children) else "excused"
            return Node(part, state, None, children=children)
        if not any(child.handed_in for child in children):
            lowest = self.policy.lowest if part.valued else None
            return Node(part, "missing", lowest, code="not-submitted", children=children)
        node = Node(part, "scored", value if part.valued else None, children=children)
        if any(self.policy.required(child.part) and child.code for child in children):
            node.code = "failed"
        return self.gated(node)

    def so_many(self, part: Part) -> Node:
        """So many children must be passed; excused ones lower the number, at least to 1 (11.5)."""
        children = [self.node(child) for child in part.children]
        excused = sum(child.state in EXCUSED for child in children)
        if excused == len(children):
            return Node(part, "excused", None, children=children)
        if not any(child.handed_in for child in children):
            return Node(part, "missing", None, code="not-submitted", children=children)
        wanted = max(1, part.said["need"] - excused)
        passed = sum(child.code is None and child.state not in EXCUSED for child in children)
        return Node(part, "scored", None, code=None if passed >= wanted else "failed", children=children)

    def sum_up(self, owner: Part) -> tuple[list[Node], Fraction | None]:
        """The nodes that count and their mean; of several ways those of the one that counts (11.2)."""
        if not owner.ways:
            nodes = [self.node(child) for child in owner.children]
            return nodes, self.capped(owner, self.weigh(owner, nodes))
        found = []
        for way in owner.children:
            nodes = [self.node(child) for child in way.children]
            passed = not any(self.policy.required(one.part) and one.code for one in nodes)
            value = self.weigh(way, nodes)
            self.nodes[way.id] = Node(way, "scored", value, children=nodes)
            found.append((passed, -1 if value is None else value, nodes, value))
        best = max(found, key=lambda way: way[:2])
        return best[2], self.capped(owner, best[3])

    def weigh(self, owner: Part, nodes: Sequence[Node]) -> Fraction | None:
        """Σ weight × value / Σ weight over the parts that count (step 6)."""
        counting = [n for n in nodes if n.part.valued and not n.part.bonus and n.value is not None]
        if not counting:
            return None
        counting.sort(key=lambda n: n.value or ZERO, reverse=True)
        if "best" in owner.said:
            counting = counting[: max(1, owner.said["best"])]
        if "drop_lowest" in owner.said:
            counting = counting[: max(1, len(counting) - owner.said["drop_lowest"])]
        bonus = [n for n in nodes if n.part.bonus and not n.part.steps and n.value is not None and n.has_score]
        if owner.said.get("weigh") == "by-points":
            points = sum(((n.value or ZERO) * n.part.max / 100 for n in [*counting, *bonus]), ZERO)
            total = 100 * points / sum((n.part.max for n in counting), ZERO)
        else:
            weights = [weight_of(n.part.said.get("weight", 1)) for n in counting]
            if not any(weights):
                return None
            weighed = sum((w * (n.value or ZERO) for w, n in zip(weights, counting, strict=True)), ZERO)
            total = weighed / sum(weights, ZERO)
            total += sum((weight_of(n.part.said["weight"]) * (n.value or ZERO) / 100 for n in bonus), ZERO)
        return total + sum((self.step(n) for n in nodes if n.part.steps and "to" not in n.part.steps), ZERO)

    def capped(self, owner: Part, value: Fraction | None) -> Fraction | None:
        """``cap`` holds a value, bonus included (11.4)."""
        if value is None or "cap" not in owner.said:
            return value
        most, percent = amount(owner.said["cap"]) if owner.said["cap"] not in self.policy.scale.labels else (
            self.policy.scale.level(owner.said["cap"]), False)  # fmt: skip
        return min(value, most * self.policy.top / 100 if percent else most)

    # -- bonus by steps (11.6)

    def percentage(self, node: Node) -> Fraction | None:
        """A value as a percentage: under percent the value, else of the raw max (11.5)."""
        if node.state in EXCUSED:
            return None
        if self.policy.percent:
            return node.value
        if not node.part.children and node.part.graded == "points":
            return 100 * (node.raw or ZERO) / node.part.max
        return None

    def step(self, node: Node) -> Fraction:
        """What the last step that is reached adds, where the gates of ``only_if`` are passed (11.6)."""
        rule, share = node.part.steps, self.percentage(node)
        assert rule is not None
        names = rule.get("only_if", [])
        gates = [self.node(self.policy.parts[name]) for name in ([names] if isinstance(names, str) else names)]
        if share is None or any(gate.code for gate in gates):
            return ZERO
        adds = [number(one["add"]) for one in rule["steps"] if share >= amount(one["from"])[0]]
        return adds[-1] if adds else ZERO

    def added_to(self, part: Part, *, after_gate: bool) -> Fraction:
        """What bonuses add to a part's value, before its gate or after it (11.6)."""
        rules = [(other, other.steps) for other in self.policy.parts.values() if other.steps]
        found = [
            self.step(self.node(other))
            for other, rule in rules
            if rule.get("to") == part.id and bool(rule.get("after_gate")) == after_gate
        ]
        return sum(found, ZERO)

    # -- steps 7 to 9

    def finish(self) -> None:
        """Gates and demands beside the total (steps 5 and 9, 11.5)."""
        policy, scale = self.policy, self.policy.scale
        failed = [node for node in self.tops if policy.required(node.part) and node.code]
        self.reasons = [reason for node in failed for reason in self.why(node)]
        self.exact, grade = self.total()
        unmet = [demand for demand in policy.requires if not self.meets(demand[1], demand[2])]
        if policy.by_requirements:
            met = [key for key, _, _ in policy.requires if not unmet or key < unmet[0][0]]
            grade = max(met, default=scale.lowest)
        else:  # what a higher grade asks stands in nobody's way
            unmet = [demand for demand in unmet if grade is not None and demand[0] <= grade]
            grade = unmet[0][0] - 1 if unmet else grade
        self.grade = scale.lowest if failed else grade
        if self.grade is None:
            self.reasons.append(("", "nothing-to-weigh"))
        elif not failed and unmet:
            self.reasons += [(name, "demand-not-met") for _, name, _ in unmet]
        elif not failed and self.grade < scale.passing:
            self.reasons.append(("", "below-boundary"))

    def total(self) -> tuple[Fraction | None, int | None]:
        """The exact value and the grade that it gives; a pass where only gates count (section 3, steps 7 to 9)."""
        policy = self.policy
        if policy.gates_only or policy.by_requirements:
            return None, policy.scale.passing
        if self.mean is None:
            return None, None
        adjust, m = self.adjustment(), self.mean
        if (policy.said.get("activity") or {}).get("adjust") == "steps":
            return m, self.rounded(m, adjust)
        if policy.said.get("activity"):
            m = min(max(policy.top, m), max(m + adjust, min(m, policy.passing)))
        return m, self.rounded(m, ZERO)

    def why(self, node: Node) -> list[tuple[str, str]]:
        """Every reason of a closed gate, those of its children before its own (step 5)."""
        below = [
            r for child in node.children if self.policy.required(child.part) and child.code for r in self.why(child)
        ]
        return [*below, (node.part.id, node.code or "")]

    def rounded(self, exact: Fraction, steps: Fraction) -> int:
        """Boundaries or rounding, the limits of the scale, the pass grade for passed gates, steps of activity."""
        said, scale = self.policy.said, self.policy.scale
        if self.policy.percent:
            grade: int = scale.lowest + sum(reached(exact, raw, HUNDRED) for raw in said["boundaries"])
        else:
            grade = round_(exact, said.get("rounding", "half-up"))
        grade = max(scale.lowest, min(scale.top, grade))
        if not said.get("may_fail", self.policy.percent):
            grade = max(grade, scale.passing)
        return max(min(grade + int(steps), scale.top), min(grade, scale.passing))

    def adjustment(self) -> Fraction:
        """What activity adds: of a level, or of the band that attendance reaches (5.2)."""
        rule = self.policy.said.get("activity") or {}
        if self.student.level is not None and "levels" in rule:
            return number(rule["levels"][self.student.level])
        if "attendance" in rule and self.student.attended is not None:
            of = number(rule["attendance"]["of"])
            for band in rule["attendance"]["bands"]:
                least, percent = amount(band["from"])
                if self.student.attended >= (least * of / 100 if percent else least):
                    return number(band["adjust"])
        return ZERO

    def meets(self, name: str, asked: object) -> bool:
        """Whether a demand is met (11.5)."""
        policy, text = self.policy, str(asked).strip()
        if name == "attended":
            of = number(policy.said["activity"]["attendance"]["of"])
            return self.student.attended is not None and self.student.attended * 100 >= amount(text)[0] * of
        node = self.node(policy.parts[name])
        if node.state in EXCUSED:
            return True
        if text == "pass":
            return node.code is None
        if not node.handed_in:
            return False
        if text.endswith("p") and text not in policy.scale.labels:
            return node.raw is not None and node.raw >= number(text.removesuffix("p"))
        if text.endswith("%"):
            if policy.percent:
                return node.value is not None and node.value >= amount(text)[0]
            return node.raw is not None and node.raw * 100 >= amount(text)[0] * node.part.max
        level = policy.scale.level(asked)
        if policy.percent:
            level = (level - policy.scale.lowest) * 100 / (policy.scale.top - policy.scale.lowest)
        return node.value is not None and node.value >= level


def round_(value: Fraction, how: str) -> int:
    """One rounding, at the end (step 8)."""
    match how:
        case "down":
            return floor(value)
        case "up":
            return ceil(value)
        case "half-even":
            return round(value)
    return floor(value + Fraction(1, 2))


# ---- free budgets (5.1, 11.7) ------------------------------------------------------------------------------


def allocations(policy: Policy, student: Student) -> Iterator[dict[str, int]]:
    """How a free budget may be spent, what favours earlier deadlines first; in order there is one way."""
    rule = policy.said.get("late")
    free = rule.get("free") if isinstance(rule, dict) else None
    late = []
    for leaf in policy.leaves() if free else ():
        if leaf.graded == "pass-fail":
            continue
        first = student.attempts[leaf.id][0]
        units, _ = units_late(leaf, first, policy)
        own = late_rule(leaf, policy)
        if units and own and "deduct" in own:
            late.append(
                (first.due or datetime.max.replace(tzinfo=UTC), leaf.id, units, PER[own.get("per", "day")].hours)
            )
    late.sort(key=lambda one: one[0])
    if not free or not late:
        yield {}
        return
    most = length(free["at_most"]).hours if "at_most" in free else None

    def options(units: int, per: Fraction, left: Fraction) -> list[int]:
        can = min(units, floor(left / per), units if most is None else floor(most / per))
        if free.get("whole"):
            return [units, 0] if can == units else [0]
        return list(range(can, -1, -1))

    def spend(rest: list[Any], left: Fraction) -> Iterator[dict[str, int]]:
        if not rest:
            yield {}
            return
        _, name, units, per = rest[0]
        choices = options(units, per, left)
        for spent in choices if free.get("spend") == "where-it-helps" else choices[:1]:
            for more in spend(rest[1:], left - spent * per):
                yield {name: spent, **more}

    yield from spend(late, length(free["budget"]).hours)


def judge(policy: Policy, student: Student) -> Judgement:
    """The judgement; free time is spent so that the grade, then the exact value, is largest (5.1).

    Nothing is spent where it does not help; of equal ways to spend, that which favours the earlier deadline.
    """
    every = (Judgement(policy, student, forgiven) for forgiven in allocations(policy, student))

    def rank(one: Judgement) -> tuple[int, Fraction, int]:
        grade, exact = -1 if one.grade is None else one.grade, Fraction(-1) if one.exact is None else one.exact
        return grade, exact, -sum(one.forgiven.values())

    return max(every, key=rank)


# ---- what is open (section 5, states) ----------------------------------------------------------------------


@dataclass(frozen=True)
class Gap:
    """An attempt that is open."""

    part: Part
    n: int
    stays: bool
    """It may also never be handed in."""
    attempt: Attempt


def gaps(policy: Policy, student: Student, as_of: date | None, end: date | None) -> list[Gap]:
    """The open cells: not graded yet, withheld, and with a date what may still be handed in (section 5)."""
    found = []
    for leaf in policy.leaves():
        let_off = any(attempt.state in EXCUSED for attempt in student.attempts[leaf.id])
        for n, attempt in enumerate(student.attempts[leaf.id]):
            if attempt.state in OPEN:
                if not units_late(leaf, attempt, policy)[1]:
                    found.append(Gap(leaf, n, False, attempt))
            elif attempt.state == "missing" and as_of is not None and not let_off:
                last = policy.clock.local(attempt.due).date() if attempt.due else end
                if last is None or last >= as_of:
                    found.append(Gap(leaf, n, True, attempt))
    return found


FAILED, NEVER = ("failed", None), ("missing", None)
Outcome = tuple[str, Fraction | None]


def outcomes(gap: Gap, policy: Policy) -> list[Outcome]:
    """What an open cell may turn out as: words, and the scores at which something may jump."""
    if gap.attempt.among is not None:
        return [("scored", score) for score in gap.attempt.among]
    found = [FAILED, NEVER] if gap.stays else [FAILED]
    if gap.part.graded == "pass-fail":
        return [*found, ("passed", None)]
    low, high = limits(gap.part, policy)
    if gap.part.graded == "grade" and policy.scale.labels:
        return [*found, *(("scored", Fraction(n)) for n in range(policy.scale.lowest, policy.scale.top + 1))]
    jumps = {low, high, *(score for taker in policy.takers(gap.part) for score in special(taker, policy))}
    near = {score + way for score in jumps for way in (-NEAR, ZERO, NEAR)}
    return [*found, *(("scored", score) for score in sorted(near) if low <= score <= high)]


def special(part: Part, policy: Policy) -> Iterator[Fraction]:
    """The raw scores at which a part's own rules may jump: boundaries, ends of a line, minimum, demands, steps."""
    most = part.max if part.graded == "points" else HUNDRED
    values = [policy.passing, policy.lowest, policy.top]
    for key in ("minimum", "retake_at_most"):
        size, percent = amount(part.said.get(key, 0))
        if percent:
            yield size * most / 100
        else:
            values.append(size)
    for raw in [*part.said.get("boundaries", ()), *part.said.get("linear", {}).values()]:
        size, percent, _ = bound(raw)
        yield size * most / 100 if percent else size
    asked = [str(asked) for _, name, asked in policy.requires if name == part.id and asked != "pass"]
    asked += [str(step["from"]) for step in (part.steps or {}).get("steps", ())]
    for text in asked:
        if text.endswith(("%", "p")) and text not in policy.scale.labels:
            size = number(text.rstrip("%p"))
            yield size * most / 100 if text.endswith("%") and part.graded == "points" else size
        else:
            values.append(policy.scale.level(text))
    for value in values:
        yield from raws(part, value, policy)


def raws(part: Part, value: Fraction, policy: Policy) -> Iterator[Fraction]:
    """The scores that give a value."""
    scale = policy.scale
    if part.graded == "grade":
        yield scale.lowest + value * (scale.top - scale.lowest) / 100 if policy.percent else value
    elif policy.percent:
        yield value * part.max / 100
    elif "linear" in part.said:
        ends = sorted((scale.level(key), of_max(raw, part.max)) for key, raw in part.said["linear"].items())
        (low, first), (high, last) = ends
        yield first + (value - low) * (last - first) / (high - low)


def assume(student: Student, found: Sequence[Gap], cells: Sequence[Outcome]) -> Student:
    """The student with the open cells filled, which count as on time (section 5, states)."""
    attempts = {name: list(tries) for name, tries in student.attempts.items()}
    for gap, (state, score) in zip(found, cells, strict=True):
        attempts[gap.part.id][gap.n] = replace(gap.attempt, state=state, score=score, submitted=None, late=None)
    return replace(student, attempts=attempts)


def simplest(low: Fraction, high: Fraction) -> Fraction:
    """The fraction with the least denominator between two that differ."""
    whole = Fraction(ceil(low))
    return whole if whole <= high else floor(low) + 1 / simplest(1 / (high - floor(low)), 1 / (low - floor(low)))


def is_decimal(value: Fraction) -> bool:
    """Whether it can be written as a decimal number."""
    return 10**20 % value.denominator == 0


def reach(policy: Policy, student: Student, found: Sequence[Gap]) -> tuple[set[int | None], set[int]]:
    """Every grade that the open cells can lead to, and those that only scores without an end in decimals give.

    All combinations of scores at which something may jump are tried; then one score at a time moves on between two
    neighbours, which are halved as long as grades between theirs are not known.
    """
    options = [outcomes(gap, policy) for gap in found]
    known: dict[tuple[Outcome, ...], int | None] = {}
    endless: set[int] = set()

    def look(cells: tuple[Outcome, ...]) -> int | None:
        if cells not in known:
            known[cells] = judge(policy, assume(student, found, cells)).grade
        return known[cells]

    for cells in itertools.product(*options):
        look(cells)
    for moving, gap in enumerate(found):
        if gap.part.graded == "pass-fail" or gap.attempt.among or (gap.part.graded == "grade" and policy.scale.labels):
            continue
        line = [score for state, score in options[moving] if state == "scored" and score is not None]
        for cells in itertools.product(*options[:moving], [NEVER], *options[moving + 1 :]):
            todo = list(itertools.pairwise(line))
            while todo:
                first, last = todo.pop()
                ends = [look((*cells[:moving], ("scored", at), *cells[moving + 1 :])) or 0 for at in (first, last)]
                if not set(range(min(ends) + 1, max(ends))) - set(known.values()):
                    continue
                if last - first > NEAR:
                    middle = (first + last) / 2
                    todo += [(first, middle), (middle, last)]
                    continue
                filled = (*cells[:moving], ("scored", only := simplest(first, last)), *cells[moving + 1 :])
                if is_decimal(only):
                    look(filled)
                else:  # no cell can hold it
                    endless.add(judge(policy, assume(student, found, filled)).grade or 0)
    return set(known.values()), endless - set(known.values())


def some(policy: Policy, student: Student, found: Sequence[Gap]) -> set[int | None]:
    """Grades that open cells can lead to: some of them, always the same."""
    random, options = Random(len(found)), [outcomes(gap, policy) for gap in found]
    drawn = ([random.choice(cells) for cells in options] for _ in range(SOME))
    return {judge(policy, assume(student, found, cells)).grade for cells in drawn}


# ---- a class -----------------------------------------------------------------------------------------------


@dataclass
class Result:
    """What one student gets."""

    status: str
    grade: int | None
    exact: Fraction | None
    reasons: list[tuple[str, str]]
    range: list[int] | None
    states: dict[str, str]
    values: dict[str, Fraction | None]
    tried: bool
    """Whether all was tried that open cells may become; if not, the range has some of the grades."""
    endless: set[int]
    """Grades that only a score without an end in decimals would give, as 21/29; the core counts it as possible."""


MOST = 40
"""So many ways to fill the open cells, and to spend free time, are tried at most."""
SOME = 12
"""So many are where there are more."""


class Class:
    """A policy with its class."""

    def __init__(
        self,
        assessment: Data,
        students: Sequence[Data],
        group_scores: Data | None = None,
        peer_marks: Sequence[Data] | None = None,
    ) -> None:
        self.policy = Policy(assessment)
        attempts = {
            one["student"]: {
                leaf.id: read_attempts(leaf, one, group_scores or {}, self.policy) for leaf in self.policy.leaves()
            }
            for one in students
        }
        peers = {leaf.id: peer_effects(leaf, students, peer_marks, attempts) for leaf in self.policy.leaves()}
        self.students = {
            one["student"]: Student(
                attempts[one["student"]],
                {name: effects[one["student"]] for name, effects in peers.items() if one["student"] in effects},
                one.get("activity"),
                None if one.get("attended") is None else Fraction(one["attended"]),
            )
            for one in students
        }

    def result(self, name: str, as_of: date | None = None, end: date | None = None) -> Result:
        """One student's result (section 5, states)."""
        policy, student = self.policy, self.students[name]
        open_cells = gaps(policy, student, as_of, end)
        now = judge(policy, assume(student, open_cells, [(gap.attempt.state, gap.attempt.score) for gap in open_cells]))
        grades: set[int | None] = {now.grade}
        endless: set[int] = set()
        tried = prod(len(outcomes(gap, policy)) for gap in open_cells) * len(list(allocations(policy, student))) <= MOST
        if open_cells:
            grades, endless = (
                reach(policy, student, open_cells) if tried else (some(policy, student, open_cells), set())
            )
        states = {id_: node.state for id_, node in now.nodes.items()}
        values = {id_: node.value for id_, node in now.nodes.items()}
        known = sorted(grade for grade in grades if grade is not None)
        if len(grades) != 1 or not tried:
            return Result("incomplete", None, None, now.reasons, known or None, states, values, tried, endless)
        [grade] = grades
        status = "incomplete" if grade is None else "failed" if grade < policy.scale.passing else "graded"
        exact = now.exact if grade is not None else None
        return Result(status, grade, exact, now.reasons, None, states, values, tried, endless)
