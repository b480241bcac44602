"""A second, deliberately naive model of how a class is graded. Used by tests only.

It follows the written contract (scales, cells, the nine steps of the grade, lateness, activity,
peer marks) sentence by sentence and shares no code with the program. Plainness beats speed
everywhere: wherever the contract says "so that the result is largest" every possibility is tried.
All arithmetic is done with ``fractions.Fraction``.

``range_is_grid_search``: the ``range`` of an incomplete student is found by putting many candidate
scores into the open cells and grading each time. The candidates are every value of the scale, every
boundary and minimum, a point a millionth of the scale below each of those, a regular grid along every
single open cell (``GRID_STEPS`` steps), and diagonals on which all open cells rise together
(``DIAGONAL_STEPS`` steps). A grade that can only be reached inside a sliver between grid points may
be missed; a grade that is listed can always be reached.

What is returned where the contract leaves it open:

* ``reasons`` uses the part id ``""`` for the two codes that belong to no part
  (``below-boundary``, ``nothing-to-weigh``). Children come before their parent. A part gives one reason.
* ``values`` is None for parts without a number (missing, closed, excused, recognised, pass-fail,
  failed by word, not graded yet). A nested part has its mean.
* ``deducted`` has one entry per attempt of every part that has cells: the deduction after forgiveness
  and ``at_most``, before the floor ``not_below``.
* Input that the contract calls an error raises ``ValueError``.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cached_property, partial
from math import ceil, floor
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from holidays import country_holidays

range_is_grid_search = True

#: Steps of the regular grid along one open cell.
GRID_STEPS = 100
#: Steps of the diagonals along which all open cells rise together.
DIAGONAL_STEPS = 200
#: Largest number of combinations that is enumerated at once.
COMBINATIONS = 3000
#: An open cell of a graded part may also turn out to be the word "fail".
OPEN_CELL_MAY_FAIL_BY_WORD = True

ZERO = Fraction(0)
ONE = Fraction(1)
HUNDRED = Fraction(100)
MILLIONTH = Fraction(1, 1_000_000)

PASS_WORDS = {"hyv", "s", "pass", "x", "hyväksytty"}
FAIL_WORDS = {"fail", "hylätty"}  # and a bare H, where the scale knows it
EXCUSED_WORDS = {"ex"}
RECOGNISED_WORDS = {"ahot", "rpl"}
WITHHELD_WORDS = {"withheld", "pidätetty", "innehållen"}
#: What is handed in, and whose score is not known yet.
OPEN = ("ungraded", "withheld")


@dataclass
class Result:
    """What one student gets."""

    status: str
    grade: int | None
    exact: Fraction | None
    rounded: int | None
    raised_to_pass: bool
    reasons: list[tuple[str, str]]
    range: list[int] | None  # None, too, where nothing is left to weigh
    values: dict[str, Fraction | None]
    states: dict[str, str]
    deducted: dict[str, list[Fraction]]


# ------------------------------------------------------------------------------------------------
# Small readers: numbers, percentages, durations, times
# ------------------------------------------------------------------------------------------------


def read_number(raw: Any) -> Fraction:
    """An exact number from parsed data; decimals come from their text."""
    if isinstance(raw, (bool, float)) or raw is None:
        raise ValueError(f"not an exact number: {raw!r}")
    if isinstance(raw, (int, Decimal, Fraction)):
        return Fraction(raw)
    # A number is digits with an optional minus, and an optional point or comma with digits.
    text = str(raw).strip()
    if not re.fullmatch(r"-?[0-9]+(?:[.,][0-9]+)?", text):
        raise ValueError(f"not a number: {raw!r}")
    return Fraction(text.replace(",", "."))


def read_amount(raw: Any) -> tuple[Fraction, bool]:
    """A number and whether a percent sign stands behind it (10 for "10 %", not 0.1)."""
    if isinstance(raw, str) and raw.strip().endswith("%"):
        return read_number(raw.strip()[:-1].strip()), True
    return read_number(raw), False


Bound = tuple[Fraction, bool]  # a boundary, and whether it is strict


def read_bound(raw: Any) -> tuple[Any, bool]:
    """`"> 85"` is strict (11.7): what is exactly on it is not enough."""
    if isinstance(raw, str) and raw.strip().startswith(">"):
        return raw.strip()[1:].strip(), True
    return raw, False


def reaches(value: Fraction, bound: Bound) -> bool:
    return value > bound[0] if bound[1] else value >= bound[0]


def read_weight(raw: Any) -> Fraction:
    """Per cent; 1/3 is that share of 100 (11.3)."""
    if isinstance(raw, str) and "/" in raw:
        above, below = raw.split("/")
        return 100 * Fraction(int(above), int(below))
    return read_amount(raw)[0]


@dataclass(frozen=True)
class Duration:
    """A length of time such as 2 d; its unit decides how it is added to a deadline."""

    amount: Fraction
    unit: str  # min, h, d, w


def read_duration(raw: Any) -> Duration:
    """Texts like 30 min, 1 h, 2 d, 1 w."""
    found = re.fullmatch(r"([0-9]+(?:[.,][0-9]+)?)\s*(min|h|d|w)", str(raw).strip())
    if not found:
        raise ValueError(f"not a duration: {raw!r}")
    return Duration(read_number(found[1]), found[2])


SECONDS = {"min": 60, "h": 3600, "d": 86400, "w": 7 * 86400}
UNIT_OF_PER = {"hour": "h", "day": "d", "week": "w"}
#: What a late unit takes from a free budget, in hours.
HOURS_OF_PER = {"hour": 1, "day": 24, "week": 168}


@dataclass(frozen=True)
class Clock:
    """The timezone of the implementation, and how texts become instants (kept in UTC)."""

    zone: ZoneInfo

    def both_readings(self, wall: datetime) -> list[datetime]:
        """The instants a local wall-clock time may mean (two of them when the clock changes)."""
        return [wall.replace(tzinfo=self.zone, fold=fold).astimezone(UTC) for fold in (0, 1)]

    def as_deadline(self, wall: datetime) -> datetime:
        # A change of the clock costs nobody an hour: a doubtful deadline is the later instant …
        return max(self.both_readings(wall))

    def as_submission(self, wall: datetime) -> datetime:
        # … and a doubtful submission the earlier one.
        return min(self.both_readings(wall))

    def wall(self, instant: datetime) -> datetime:
        return instant.astimezone(self.zone).replace(tzinfo=None)

    def add(self, deadline: datetime, amount: Fraction, unit: str) -> datetime:
        """A deadline moved by a length of time."""
        if unit in ("d", "w"):
            # Days and weeks move the local date and keep the local time of day.
            days = amount * (7 if unit == "w" else 1)
            if days.denominator != 1:
                raise ValueError("days and weeks come in whole numbers")
            return self.as_deadline(self.wall(deadline) + timedelta(days=int(days)))
        # Hours (and minutes) are elapsed time.
        return deadline + timedelta(microseconds=int(amount * SECONDS[unit] * 1_000_000))


def read_wall_time(raw: Any) -> tuple[date | None, datetime | None]:
    """A date without a clock, or a date with one (naive = local, aware = with an offset)."""
    if isinstance(raw, datetime):
        return None, raw
    if isinstance(raw, date):
        return raw, None
    text = str(raw).strip()
    iso = re.fullmatch(
        r"(\d{4})-(\d{1,2})-(\d{1,2})"
        r"(?:[T ]\s*(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:[.,](\d{1,6})\d*)?)?\s*(Z|z|[+-]\d{2}:?\d{2})?)?",
        text,
    )
    if iso:
        year, month, day = int(iso[1]), int(iso[2]), int(iso[3])
        hour, minute, second, fraction, offset = iso[4], iso[5], iso[6], iso[7], iso[8]
    else:
        finnish = re.fullmatch(
            r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?:\s+(?:klo\s+)?(\d{1,2})[.:](\d{2})(?:[.:](\d{2}))?)?",
            text,
        )
        if not finnish:
            raise ValueError(f"not a time: {raw!r}")
        year, month, day = int(finnish[3]), int(finnish[2]), int(finnish[1])
        hour, minute, second, fraction, offset = finnish[4], finnish[5], finnish[6], None, None
    if hour is None:
        return date(year, month, day), None
    clock = time(int(hour) % 24, int(minute), int(second or 0), int((fraction or "0").ljust(6, "0")))
    moment = datetime.combine(date(year, month, day), clock)
    if int(hour) == 24:
        # `24:00` is midnight at the end of that day.
        if clock != time():
            raise ValueError(f"not a time: {raw!r}")
        moment += timedelta(days=1)
    if offset is not None:
        sign = "+00:00" if offset in "Zz" else offset
        if ":" not in sign:
            sign = sign[:3] + ":" + sign[3:]
        moment = datetime.fromisoformat(moment.isoformat() + sign)
    return None, moment


def end_of_day(day: date) -> datetime:
    return datetime.combine(day, time.max)


def read_deadline(raw: Any, clock: Clock) -> datetime | None:
    """The instant of a deadline."""
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        return None
    day, moment = read_wall_time(raw)
    if day is not None:
        # A due without a clock ends that day.
        return clock.as_deadline(end_of_day(day))
    assert moment is not None
    return clock.as_deadline(moment) if moment.tzinfo is None else moment.astimezone(UTC)


@dataclass(frozen=True)
class Submission:
    """When something came: an instant, or only a day."""

    instant: datetime | None
    last_of_day: datetime | None


def read_submission(raw: Any, clock: Clock) -> Submission | None:
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        return None
    day, moment = read_wall_time(raw)
    if day is not None:
        return Submission(None, clock.as_deadline(end_of_day(day)))
    assert moment is not None
    return Submission(clock.as_submission(moment) if moment.tzinfo is None else moment.astimezone(UTC), None)


# ------------------------------------------------------------------------------------------------
# The policy with every default filled in
# ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Scale:
    name: str
    lowest: int
    top: int
    passing: int
    labels: tuple[str, ...] | None  # own scales only
    knows_bare_h: bool

    def level(self, raw: Any) -> Fraction:
        """A level of the scale, written as its label or as a number."""
        if self.labels is not None and str(raw).strip() in self.labels:
            return Fraction(self.labels.index(str(raw).strip()))
        return read_number(raw)


def read_scale(raw: Any) -> Scale:
    # 0-5 and H-5: 0 to 5, passes from 1.
    if raw in ("0-5", "H-5"):
        return Scale(str(raw), 0, 5, 1, None, True)
    # pass-fail: 0 and 1, passes from 1.
    if raw == "pass-fail":
        return Scale("pass-fail", 0, 1, 1, None, False)
    # 4-10: 4 to 10, passes from 5.
    if raw == "4-10":
        return Scale("4-10", 4, 10, 5, None, False)
    # An own scale counts its labels 0, 1, 2, … in their order and says which one passes.
    if isinstance(raw, Mapping):
        labels = tuple(str(label).strip() for label in raw["values"])
        return Scale("own", 0, len(labels) - 1, labels.index(str(raw["passes_from"]).strip()), labels, False)
    raise ValueError(f"unknown scale: {raw!r}")


@dataclass(eq=False)
class LateRule:
    deduct: list[tuple[Fraction, bool]] | None
    is_table: bool
    of: str | None
    per: str
    grace: Duration | None
    at_most: tuple[Fraction, bool] | None
    not_below: Fraction | None
    closes: Duration | None
    skip: list[str]  # 11.7: saturday, sunday, holidays
    holidays: str
    budget: int | None  # in hours; only in the rule of the whole assessment
    budget_each: int | None  # 11.7: at most so many hours of it per attempt
    budget_whole: bool  # 11.7: all of an attempt's late time is forgiven or none
    spend: str


@dataclass
class PeerRule:
    weight: Fraction  # 0 to 1
    own_marks_count: bool
    silent: str
    penalty: tuple[Fraction, bool]
    at_most: Fraction | None
    may_fail: bool


@dataclass(frozen=True)
class Steps:
    """11.6: from which percentage of the part how much is added, to what, and what must be passed."""

    steps: tuple[tuple[Fraction, Fraction], ...]
    only_if: tuple[str, ...]
    to: str | None
    after_gate: bool


@dataclass
class Part:
    id: str
    graded: str  # grade, points, pass-fail; for parts with children: nested or pass-fail
    children: list[Part]
    weight: Fraction | None
    bonus: bool
    required: bool
    minimum: Fraction | None  # as written, on the scale of values
    minimum_raw: Fraction | None  # as written with %, as a raw score
    due: datetime | None
    retakes: list[datetime | None]
    attempt: str
    gain: Fraction  # 11.7: the share of what the best later attempt is above the first
    retake_at_most: Fraction | None
    max: Fraction | None
    over: Fraction
    boundaries: list[Bound] | None
    linear: tuple[Fraction, Fraction] | None  # points of the pass grade and of the top
    late: LateRule | None
    by_group: bool
    peer: PeerRule | None
    best: int | None
    drop_lowest: int | None
    late_from_export: bool
    markers: Mapping[str, Any] | None
    rubric: Sequence[Mapping[str, Any]]
    by_points: bool
    cap: Fraction | None
    need: int | None  # so many of its pass-fail children
    weighed: bool = True  # nothing is where requirements decide
    plain_points: bool = False  # points that become no grade
    takes: str | None = None  # 11.2: whose attempts it reads
    of_ways: bool = False  # 11.2: its children are ways, of which one counts
    steps: Steps | None = None  # 11.6: a bonus by steps

    def is_nested(self) -> bool:
        return bool(self.children)

    def has_value(self) -> bool:
        """Pass-fail parts have no value and stand apart from the weights."""
        if self.graded == "pass-fail":
            return False
        if self.children and not self.weighed:
            return False
        if self.children:
            return any(child.has_value() and not child.bonus for child in self.children)
        return True


@dataclass(frozen=True)
class Demand:
    """What a grade asks (11.5): a value of the part, raw points, its gate, or sessions."""

    grade: int
    part: str
    kind: str  # value, raw, pass, sessions
    least: Fraction


@dataclass
class Policy:
    scale: Scale
    percent: bool
    lowest: Fraction  # of values
    top: Fraction  # of values
    pass_value: Fraction  # of values
    boundaries: list[Bound]
    rounding: str
    may_fail: bool
    activity: Mapping[str, Any]
    parts: list[Part]
    best: int | None
    drop_lowest: int | None
    # Hours per student over all parts, how they are spent, at most how many per attempt, and whether whole or not.
    free: tuple[int, str, int | None, bool] | None
    clock: Clock
    by_points: bool
    cap: Fraction | None
    requires: list[Demand]
    by_requirements: bool = False
    of_ways: bool = False

    def all_parts(self) -> list[Part]:
        """Every part, each followed by its children."""
        return self._every

    @cached_property
    def _every(self) -> list[Part]:
        return list(every_part(self.parts))

    @cached_property
    def _judged(self) -> list[Part]:
        return [part for part in self._every if not part.is_nested()]

    @cached_property
    def by_id(self) -> dict[str, Part]:
        return {part.id: part for part in self._every}

    @cached_property
    def givers(self) -> dict[str, list[Part]]:
        """11.6: who adds steps to a part, by the part's id."""
        return {
            name: [giver for giver in self._every if giver.steps is not None and giver.steps.to == name]
            for name in self.by_id
        }

    def leaves(self) -> list[Part]:
        """The parts that have cells of their own."""
        return [part for part in self._judged if part.takes is None]

    def judged(self) -> list[Part]:
        """The parts that attempts are judged for: their own, or those that they take."""
        return self._judged

    def takers(self, source: Part) -> list[Part]:
        return [part for part in self.all_parts() if part.takes == source.id]

    def weightless(self) -> bool:
        """A pass-fail final scale without percentages: passed when every gate is."""
        return self.by_requirements or (self.scale.name == "pass-fail" and not self.percent)


def read_late(raw: Any, scale: Scale) -> LateRule | None:
    # `late: none` switches lateness off.
    if raw is None or raw == "none":
        return None
    deduct = raw.get("deduct")
    is_table = isinstance(deduct, list)
    amounts = None if deduct is None else [read_amount(d) for d in (deduct if is_table else [deduct])]
    # Either a deduction or a closing must be there.
    if amounts is None and raw.get("closes") is None:
        raise ValueError("late needs deduct or closes")
    # With a percentage it must be said of what.
    if amounts and any(percent for _, percent in amounts) and raw.get("of") not in ("earned", "max"):
        raise ValueError("late: a percentage needs of")
    # A table must not fall.
    if amounts and any(a > b for (a, _), (b, _) in itertools.pairwise(amounts)):
        raise ValueError("late: the table falls")
    per = str(raw.get("per", "day"))
    free = raw.get("free")
    budget = None
    if free is not None:
        # 2 d are two days, or 48 hours.
        length = read_duration(free["budget"])
        budget = floor(length.amount * SECONDS[length.unit] / SECONDS["h"])
    each = None if free is None or free.get("at_most") is None else read_duration(free["at_most"])
    return LateRule(
        deduct=amounts,
        is_table=is_table,
        of=raw.get("of"),
        per=per,
        grace=None if raw.get("grace") is None else read_duration(raw["grace"]),
        at_most=None if raw.get("at_most") is None else read_amount(raw["at_most"]),
        not_below=None if raw.get("not_below") is None else read_value(raw["not_below"], scale),
        closes=None if raw.get("closes") is None else read_duration(raw["closes"]),
        skip=list(raw.get("skip") or []),
        holidays=str(raw.get("holidays", "FI")),
        budget=budget,
        budget_each=None if each is None else floor(each.amount * SECONDS[each.unit] / SECONDS["h"]),
        budget_whole=bool(free is not None and free.get("whole")),
        spend="in-order" if free is None else str(free.get("spend", "in-order")),
    )


def read_value(raw: Any, scale: Scale) -> Fraction:
    """A place on the scale of values: a level, or under percent percentage points."""
    if isinstance(raw, str) and raw.strip().endswith("%"):
        return read_amount(raw)[0]
    return scale.level(raw)


def read_peer(raw: Any) -> PeerRule | None:
    if raw is None:
        return None
    if raw.get("method", "webpa") != "webpa":
        raise ValueError("unknown peer method")
    return PeerRule(
        weight=read_amount(raw.get("weight", 100))[0] / 100,
        own_marks_count=bool(raw.get("self", False)),
        silent=str(raw.get("silent", "neutral")),
        penalty=read_amount(raw.get("penalty", "0 %")),
        at_most=None if raw.get("at_most") is None else read_amount(raw["at_most"])[0],
        may_fail=bool(raw.get("may_fail", False)),
    )


def read_part(
    raw: Mapping[str, Any],
    *,
    top_level: bool,
    scale: Scale,
    percent: bool,
    late: LateRule | None,
    due: datetime | None,
    clock: Clock,
    weighed: bool = True,
) -> Part:
    """One part and its children, defaults filled in."""
    # A part may carry its own late rule, or none; children follow their parent.
    if "late" in raw:
        late = read_late(raw["late"], scale)
    if raw.get("due") is not None:
        due = read_deadline(raw["due"], clock)
    # What stands on a way stands where the way does: at the top its parts are required like others there.
    is_way = "way" in raw
    children = [
        read_part(
            child,
            top_level=top_level and is_way,
            scale=scale,
            percent=percent,
            late=late,
            due=due,
            clock=clock,
            weighed=weighed,
        )
        for child in parts_or_ways(raw)
    ]
    bonus = bool(raw.get("bonus", False))
    # `graded: grade` is the default; under a pass-fail final scale parts are pass-fail.
    weightless = scale.name == "pass-fail" and not percent and weighed
    graded = str(raw.get("graded", "pass-fail" if weightless else "grade"))
    if children and graded != "pass-fail":
        graded = "nested"
    if weightless and graded not in ("pass-fail", "nested"):
        raise ValueError("under a pass-fail final scale parts are pass-fail")
    maximum = None if raw.get("max") is None else read_number(raw["max"])
    if raw.get("rubric") and graded == "points":
        # 11.8: the points of a rubric are added up, so max follows from the best levels.
        maximum = sum((max(read_number(level) for level in one["levels"]) for one in raw["rubric"]), ZERO)

    def points(value: Any) -> Fraction:
        amount, is_percent = read_amount(value)
        return amount * maximum / 100 if is_percent and maximum is not None else amount

    boundaries = None
    if raw.get("boundaries") is not None:
        boundaries = [(points(b), strict) for b, strict in map(read_bound, raw["boundaries"])]
    linear = None
    if raw.get("linear") is not None:
        line = {scale.level(key): points(value) for key, value in raw["linear"].items()}
        # The straight line runs from the pass grade to the top.
        if set(line) != {Fraction(scale.passing), Fraction(scale.top)}:
            raise ValueError("linear names the pass grade and the top")
        linear = (line[Fraction(scale.passing)], line[Fraction(scale.top)])
    if graded == "points":
        if maximum is None or maximum <= 0:
            raise ValueError("points need max")
        if percent and (boundaries is not None or linear is not None):
            raise ValueError("under percent a points part has no boundaries or linear")
        picks = isinstance(raw.get("bonus"), Mapping)  # a step by a share of the points, which need be no grade
        if (
            not percent
            and (boundaries is None) == (linear is None)
            and (boundaries is not None or weighed)
            and not picks
        ):
            raise ValueError("points need either boundaries or linear")
        if boundaries is not None and len(boundaries) != scale.top - scale.lowest:
            raise ValueError("one boundary for each grade above the lowest")
        if boundaries is not None and any(a >= b for (a, _), (b, _) in itertools.pairwise(boundaries)):
            raise ValueError("boundaries rise strictly")

    # `minimum` as a bare number is a value; with % it is a share of the raw max.
    minimum = None
    minimum_raw = None
    if raw.get("minimum") is not None:
        text = raw["minimum"]
        if isinstance(text, str) and text.strip().endswith("%"):
            share = read_amount(text)[0]
            if graded == "points":
                minimum_raw = points(text)
            elif percent:
                minimum = share
            elif graded == "nested":
                minimum = share * scale.top / 100
            else:
                minimum_raw = share * scale.top / 100
        else:
            minimum = scale.level(text)

    retakes = raw.get("retakes", 0)
    if isinstance(retakes, list):
        retake_dues = [read_deadline((entry or {}).get("due"), clock) for entry in retakes]
    else:
        retake_dues = [None] * int(retakes or 0)

    peer = read_peer(raw.get("peer"))
    by_group = raw.get("by") == "group"
    if peer is not None and (children or not by_group or graded == "pass-fail"):
        raise ValueError("a peer rule stands on a graded `by: group` part with a cell of its own")

    return Part(
        id=str(raw["id"]),
        graded=graded,
        children=children,
        weight=None if raw.get("weight") is None else read_weight(raw["weight"]),
        bonus=bonus,
        # Required: true at the top level, false for nested and bonus parts.
        required=bool(raw.get("required", top_level and not bonus)),
        minimum=minimum,
        minimum_raw=minimum_raw,
        due=due,
        retakes=retake_dues,
        attempt="gain" if isinstance(raw.get("attempt"), Mapping) else str(raw.get("attempt", "best")),
        gain=read_amount(raw["attempt"]["gain"])[0] / 100 if isinstance(raw.get("attempt"), Mapping) else ZERO,
        retake_at_most=None if raw.get("retake_at_most") is None else read_value(raw["retake_at_most"], scale),
        max=maximum,
        over=ZERO if raw.get("over") is None else read_number(raw["over"]),
        boundaries=boundaries,
        linear=linear,
        late=late,
        by_group=by_group,
        peer=peer,
        best=raw.get("best"),
        drop_lowest=raw.get("drop_lowest"),
        late_from_export=raw.get("late_from") == "export",
        markers=raw.get("markers"),
        rubric=raw.get("rubric") or [],
        need=raw.get("need"),
        by_points=raw.get("weigh") == "by-points",
        cap=None if raw.get("cap") is None else read_value(raw["cap"], scale),
        takes=raw.get("takes"),
        of_ways="ways" in raw,
        steps=read_steps(raw.get("bonus")),
    )


def read_steps(raw: Any) -> Steps | None:
    if not isinstance(raw, Mapping):
        return None
    steps = tuple((read_amount(step["from"])[0], read_number(step["add"])) for step in raw["steps"])
    return Steps(steps, tuple(raw.get("only_if", ())), raw.get("to"), bool(raw.get("after_gate", False)))


def parts_or_ways(raw: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """11.2: ways stand in place of parts. A way has no gate of its own beside those of its parts."""
    if "ways" in raw:
        return [{**way, "way": True, "minimum": None} for way in raw["ways"]]
    return list(raw.get("parts") or [])


def check_weights(owner: Part | Policy) -> None:
    """What the contract demands of the weights of siblings."""
    parts = owner.children if isinstance(owner, Part) else owner.parts
    best, drop_lowest = owner.best, owner.drop_lowest
    counting = [part for part in parts if part.has_value() and not part.bonus]
    # by-points (under percent): children carry no weight; best and drop_lowest there need equal max.
    if owner.by_points:
        if any(part.weight is not None for part in parts):
            raise ValueError("where points are added up no part has a weight")
        if any(part.graded != "points" for part in parts if part.has_value()):
            raise ValueError("where points are added up parts have points")
        if (best is not None or drop_lowest is not None) and len({part.max for part in counting}) > 1:
            raise ValueError("best and drop_lowest need equal max")
        return
    weights = [part.weight for part in counting]
    given = [weight for weight in weights if weight is not None]
    # Some with and some without a weight is an error.
    if given and len(given) != len(weights):
        raise ValueError("some siblings have a weight and some have none")
    # Weights of siblings sum to 100.
    if given and sum(given, ZERO) != 100:
        raise ValueError("weights of siblings do not sum to 100")
    # `best` and `drop_lowest` need equal weights.
    if (best is not None or drop_lowest is not None) and len(set(weights)) > 1:
        raise ValueError("best and drop_lowest need equal weights")
    for part in parts:
        if part.bonus and part.weight is None and part.steps is None:
            raise ValueError("a bonus part needs a weight")
        check_weights(part)


BELONGS_TO_THE_SCORES = (
    "max", "over", "due", "late", "late_from", "retakes", "retake_at_most", "attempt", "by", "peer",
    "markers", "rubric",
)  # fmt: skip


def with_taken(assessment: Mapping[str, Any]) -> Mapping[str, Any]:
    """11.2: what belongs to the scores is the source's, and what says nothing of how it is graded is graded as it."""
    known: dict[str, Mapping[str, Any]] = {}

    def learn(parts: Sequence[Mapping[str, Any]]) -> None:
        for part in parts:
            known[part["id"]] = part
            learn([*(part.get("parts") or []), *(part.get("ways") or [])])

    def written(part: Mapping[str, Any]) -> Mapping[str, Any]:
        for key in ("parts", "ways"):
            if part.get(key):
                return {**part, key: [written(child) for child in part[key]]}
        if "takes" not in part:
            return part
        source = known[part["takes"]]
        if source.get("parts") or "takes" in source or any(key in part for key in BELONGS_TO_THE_SCORES):
            raise ValueError("takes: what cannot be taken, or what is the source's said again")
        inherited = {key: source[key] for key in BELONGS_TO_THE_SCORES if key in source}
        if not {"graded", "boundaries", "linear"} & set(part):
            inherited |= {key: source[key] for key in ("graded", "boundaries", "linear") if key in source}
        elif "graded" not in part and "graded" in source:
            inherited["graded"] = source["graded"]
        return {**inherited, **part}

    key = "ways" if "ways" in assessment else "parts"
    learn(assessment[key])
    return {**assessment, key: [written(part) for part in assessment[key]]}


def every_part(parts: list[Part]) -> Iterator[Part]:
    for part in parts:
        yield part
        yield from every_part(part.children)


def read_policy(assessment: Mapping[str, Any], timezone: str) -> Policy:
    assessment = with_taken(assessment)
    scale = read_scale(assessment["evaluation_scale"])
    percent = assessment.get("basis") == "percent"
    clock = Clock(ZoneInfo(timezone))
    late = read_late(assessment.get("late"), scale)
    by_requirements = assessment.get("basis") == "requirements"
    parts = [
        # Where requirements decide a part is a gate only if it says so: the grade is the highest one whose needs are
        # met.
        read_part(
            raw,
            top_level=not by_requirements,
            scale=scale,
            percent=percent,
            late=late,
            due=None,
            clock=clock,
            weighed=not by_requirements,
        )
        for raw in parts_or_ways(assessment)
    ]
    for part in every_part(parts) if not by_requirements and not percent else ():
        if part.steps is not None and part.graded == "points" and part.boundaries is None and part.linear is None:
            part.plain_points = True
            if part.minimum is None and part.minimum_raw is None:
                part.minimum = Fraction(scale.lowest)
    for part in every_part(parts) if by_requirements else ():
        part.weighed = False
        if part.graded == "points" and part.boundaries is None and part.linear is None:
            # Points that become no grade: whatever is handed in passes, unless a minimum says more.
            assert part.max is not None
            part.plain_points = True
            if part.minimum is None and part.minimum_raw is None:
                part.minimum = Fraction(scale.lowest)
    boundaries: list[Bound] = []
    if percent:
        boundaries = [(read_amount(b)[0], strict) for b, strict in map(read_bound, assessment["boundaries"])]
        if len(boundaries) != scale.top - scale.lowest:
            raise ValueError("one boundary for each grade above the lowest")
    policy = Policy(
        scale=scale,
        percent=percent,
        # Under percent the lowest is 0, the top 100, and the pass grade means the boundary of the scale's pass grade
        # (the first one only where that is the second label).
        lowest=ZERO if percent else Fraction(scale.lowest),
        top=HUNDRED if percent else Fraction(scale.top),
        pass_value=dict(zip(range(scale.lowest + 1, scale.top + 1), boundaries, strict=True))[scale.passing][0]
        if percent
        else Fraction(scale.passing),
        boundaries=boundaries,
        rounding=str(assessment.get("rounding", "half-up")),
        # `may_fail` is false by default, true under percent.
        may_fail=bool(assessment.get("may_fail", percent)),
        activity=assessment.get("activity") or {},
        parts=parts,
        best=assessment.get("best"),
        drop_lowest=assessment.get("drop_lowest"),
        free=None
        if late is None or late.budget is None
        else (late.budget, late.spend, late.budget_each, late.budget_whole),
        clock=clock,
        of_ways="ways" in assessment,
        by_points=assessment.get("weigh") == "by-points",
        cap=None if assessment.get("cap") is None else read_value(assessment["cap"], scale),
        requires=[],
        by_requirements=assessment.get("basis") == "requirements",
    )
    policy.requires = read_requires(assessment, policy)
    check_weights(policy)
    ids = [part.id for part in policy.all_parts()]
    if len(ids) != len(set(ids)):
        raise ValueError("part ids are unique at any depth")
    return policy


def read_requires(assessment: Mapping[str, Any], policy: Policy) -> list[Demand]:
    """Keys are grades of the scale or labels; a demand is a value of the scale, NN %, NN p or pass."""
    scale = policy.scale
    parts = {part.id: part for part in policy.all_parts()}
    found: list[Demand] = []
    for key, needs in (assessment.get("requires") or {}).items():
        grade = int(scale.level(key))
        for name, asked in needs.items():
            text = str(asked).strip()
            if name == "attended":
                # `attended` is a share of sessions.
                held = read_number(policy.activity["attendance"]["of"])
                found.append(Demand(grade, name, "sessions", read_amount(text)[0] * held / 100))
            elif text == "pass":
                found.append(Demand(grade, name, "pass", Fraction(1)))
            elif text.endswith("p"):
                found.append(Demand(grade, name, "raw", read_number(text.removesuffix("p").strip())))
            elif text.endswith("%") and not policy.percent:
                # Of the raw max.
                maximum = parts[name].max
                assert maximum is not None
                found.append(Demand(grade, name, "raw", read_amount(text)[0] * maximum / 100))
            elif text.endswith("%"):
                # Under percent its value.
                found.append(Demand(grade, name, "value", read_amount(text)[0]))
            else:
                level = scale.level(asked)
                if policy.percent:
                    level = (level - scale.lowest) / (scale.top - scale.lowest) * 100
                found.append(Demand(grade, name, "value", level))
    return sorted(found, key=lambda demand: demand.grade)


# ------------------------------------------------------------------------------------------------
# Cells
# ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cell:
    """What a score cell says: number, pass, fail, excused, recognised, ungraded, withheld or missing."""

    kind: str
    number: Fraction | None = None


MISSING = Cell("missing")
UNGRADED = Cell("ungraded")
WITHHELD = Cell("withheld")
FAIL = Cell("fail")
PASS = Cell("pass")


@dataclass(frozen=True)
class Attempt:
    cell: Cell
    submitted: Submission | None
    due: datetime | None
    late: timedelta | None = None  # as the export says it
    among: tuple[Fraction, ...] = ()  # what an open one can still get; empty: every score


def is_blank(text: Any) -> bool:
    return text is None or (isinstance(text, str) and not text.strip())


def read_cell(text: Any, part: Part, policy: Policy) -> Cell:
    """A cell of section 4."""
    if is_blank(text):
        return MISSING
    word = str(text).strip()
    scale = policy.scale
    # Own labels are what cells take; a label equal to a cell word wins.
    if scale.labels is not None and part.graded == "grade" and word in scale.labels:
        return Cell("number", Fraction(scale.labels.index(word)))
    low = word.casefold()
    if word == "-":
        return MISSING  # not submitted, as a statement
    if word == "?":
        return UNGRADED
    if low in WITHHELD_WORDS:
        return WITHHELD  # 11.8: not released, open like ?
    if low in EXCUSED_WORDS:
        return Cell("excused")
    if low in RECOGNISED_WORDS:
        return Cell("recognised")
    if low == "h":
        # A bare H means fail under 0-5, H-5 and in pass-fail parts; elsewhere it is an error.
        if scale.knows_bare_h or part.graded == "pass-fail":
            return FAIL
        raise ValueError(f"{part.id}: a bare H is an error under this scale")
    if low in FAIL_WORDS:
        return FAIL
    if part.graded == "pass-fail":
        if low in PASS_WORDS:
            return PASS
        if low in ("0", "1"):
            # Many exports write a gate as 0 or 1.
            return PASS if low == "1" else FAIL
        raise ValueError(f"{part.id}: not a cell of a pass-fail part: {word!r}")
    if scale.labels is not None and part.graded == "grade":
        raise ValueError(f"{part.id}: not a label of the scale: {word!r}")
    number = read_number(word)
    least, most = raw_limits(part, policy)
    if not least <= number <= most:
        raise ValueError(f"{part.id}: score off the scale: {word!r}")
    return Cell("number", number)


def compose(part: Part, said: Mapping[str, str], policy: Policy) -> tuple[Cell, tuple[Fraction, ...]]:
    """One score of several cells (11.8), and what it can still become where some of them are empty."""
    if part.markers is not None:
        # A cell `agreed` decides.
        if "agreed" in said:
            return read_cell(said["agreed"], part, policy), ()
        cells = [read_cell(said[name], part, policy) for name in part.markers["of"] if name in said]
        kinds = {cell.kind for cell in cells}
        if "withheld" in kinds:
            return WITHHELD, ()
        # One marker's cell missing: open.
        if len(cells) < len(part.markers["of"]) or "ungraded" in kinds:
            return UNGRADED, ()
        numbers = [cell.number for cell in cells if cell.number is not None]
        if len(numbers) < len(cells):
            return (cells[0] if len(kinds) == 1 else UNGRADED), ()
        # Further apart than `within`: open.
        if "within" in part.markers and max(numbers) - min(numbers) > read_number(part.markers["within"]):
            return UNGRADED, ()
        agree = part.markers.get("agree", "mean")
        if agree != "mean":
            return Cell("number", max(numbers) if agree == "higher" else min(numbers)), ()
        weights = [read_weight(part.markers.get("weights", {}).get(name, 1)) for name in part.markers["of"]]
        return Cell("number", sum((w * n for w, n in zip(weights, numbers, strict=True)), ZERO) / sum(weights)), ()
    # The value is the weighted mean (grades) or the sum (points).
    weights = [ONE if part.graded == "points" else read_weight(one.get("weight", 1)) for one in part.rubric]
    whole = ONE if part.graded == "points" else sum(weights, ZERO)
    levels = [
        [policy.scale.level(said[one["id"]])]
        if said.get(one["id"], "?") not in ("?", "PIDÄTETTY")
        else [policy.scale.level(level) for level in one["levels"]]
        for one in part.rubric
    ]
    totals = {
        sum((w * n for w, n in zip(weights, row, strict=True)), ZERO) / whole for row in itertools.product(*levels)
    }
    if all(said.get(one["id"], "?") not in ("?", "PIDÄTETTY") for one in part.rubric):
        return Cell("number", totals.pop()), ()
    return (WITHHELD if "PIDÄTETTY" in said.values() else UNGRADED), tuple(sorted(totals))


def raw_limits(part: Part, policy: Policy) -> tuple[Fraction, Fraction]:
    """Smallest and largest score a cell of the part takes."""
    if part.graded == "points":
        assert part.max is not None
        return ZERO, part.max + part.over  # 11.4
    return Fraction(policy.scale.lowest), Fraction(policy.scale.top)


def read_attempts(
    part: Part, own: Sequence[Mapping[str, Any]], group: Sequence[Mapping[str, Any]], policy: Policy
) -> list[Attempt]:
    """The attempts of one student at one part."""
    attempts: list[Attempt] = []
    for n in range(max(len(own), len(group))):
        mine = own[n] if n < len(own) else {}
        ours = group[n] if n < len(group) else {}

        # A student's own cell overrides its group's, cell by cell.
        def cell(key: str, mine: Mapping[str, Any] = mine, ours: Mapping[str, Any] = ours) -> Any:
            return ours.get(key) if is_blank(mine.get(key)) else mine.get(key)

        score, submitted, due, late = cell("score"), cell("submitted"), cell("due"), cell("late")
        of_both = {**(ours.get("cells") or {}), **{k: v for k, v in (mine.get("cells") or {}).items() if v}}
        said_by = {name: text for name, text in of_both.items() if not is_blank(text)}
        if said_by and not is_blank(score):
            raise ValueError(f"{part.id}: a whole-part cell and cells that make it")
        if n > len(part.retakes):
            if is_blank(score) and not said_by and is_blank(submitted) and is_blank(due) and is_blank(late):
                continue
            raise ValueError(f"{part.id}: more attempts than retakes allow")
        # The part's due is for the first attempt; a later one has its own, else it is never late.
        written = part.due if n == 0 else part.retakes[n - 1]
        extension = read_deadline(due, policy.clock)
        # A student's own deadline is an extension: not before the part's.
        if extension is not None and written is not None and extension < written:
            raise ValueError(f"{part.id}: a student's deadline before the part's")
        came = read_submission(submitted, policy.clock)
        # A submitted time without a score is the same as `?`.
        what = UNGRADED if is_blank(score) and came is not None else read_cell(score, part, policy)
        among: tuple[Fraction, ...] = ()
        if said_by:
            what, among = compose(part, said_by, policy)
        said = None if is_blank(late) else read_elapsed(late)
        attempts.append(Attempt(what, came, extension if extension is not None else written, said, among))
    return attempts


# ------------------------------------------------------------------------------------------------
# Step 1: convert
# ------------------------------------------------------------------------------------------------


def convert(part: Part, raw: Fraction, policy: Policy) -> Fraction:
    """A raw score as a value."""
    scale = policy.scale
    if part.graded == "points":
        assert part.max is not None
        if policy.percent:
            # Percent of max for a points part.
            return raw * 100 / part.max
        if part.boundaries is not None:
            # Least points for each grade above the lowest.
            return Fraction(scale.lowest + sum(1 for least in part.boundaries if reaches(raw, least)))
        if part.plain_points:
            share = min(Fraction(1), raw / part.max)
            return scale.lowest + share * (scale.top - scale.lowest)
        assert part.linear is not None
        at_pass, at_top = part.linear
        # Below the line the lowest, above it the top, on it not rounded.
        if raw < at_pass:
            return Fraction(scale.lowest)
        if raw >= at_top:
            return Fraction(scale.top)
        return scale.passing + (raw - at_pass) / (at_top - at_pass) * (scale.top - scale.passing)
    if policy.percent:
        # (g − lowest) / (top − lowest) for a grade part.
        return (raw - scale.lowest) * 100 / (scale.top - scale.lowest)
    # A grade part takes the scale's values as they are.
    return raw


# ------------------------------------------------------------------------------------------------
# Step 2: late
# ------------------------------------------------------------------------------------------------


def read_elapsed(raw: Any) -> timedelta:
    """A lateness as an export writes it: hours, minutes, seconds."""
    hours, minutes, seconds = (int(number) for number in str(raw).split(":"))
    return timedelta(hours=hours, minutes=minutes, seconds=seconds)


def elapsed(length: Duration) -> timedelta:
    return timedelta(microseconds=int(length.amount * SECONDS[length.unit] * 1_000_000))


def said_lateness(rule: LateRule, late: timedelta) -> tuple[int, bool]:
    """`late_from: export` takes the lateness as it stands: units are counted from it, `closes` too."""
    # Nobody is late by nothing; grace is a threshold.
    if late <= timedelta(0) or (rule.grace is not None and late <= elapsed(rule.grace)):
        return 0, False
    # The least n with lateness ≤ n × per: a lateness knows no calendar, so a day of it has 24 hours.
    units = 0
    while late > units * timedelta(seconds=SECONDS[UNIT_OF_PER[rule.per]]):
        units += 1
    return units, rule.closes is not None and late > elapsed(rule.closes)


def is_skipped(rule: LateRule, day: date) -> bool:
    """Whether a local day is one that does not count."""
    if rule.per != "day":
        return False
    if day.weekday() >= 5 and ("saturday", "sunday")[day.weekday() - 5] in rule.skip:
        return True
    return "holidays" in rule.skip and day in country_holidays(rule.holidays, years=day.year)


def lateness(part: Part, attempt: Attempt, clock: Clock) -> tuple[int, bool]:
    """Started units of lateness, and whether the attempt is closed."""
    rule, due, came = part.late, attempt.due, attempt.submitted
    if rule is not None and part.late_from_export and attempt.late is not None:
        return said_lateness(rule, attempt.late)
    # No rule or no deadline: never late. A score without a time is on time.
    if rule is None or due is None or came is None:
        return 0, False
    if came.instant is None:
        # A time without a clock is an error where it could be late.
        assert came.last_of_day is not None
        if came.last_of_day <= due:
            return 0, False
        raise ValueError(f"{part.id}: a time without a clock that could be late")
    if came.instant <= due:
        return 0, False
    # Grace is a threshold: within it on time.
    if rule.grace is not None and came.instant <= clock.add(due, rule.grace.amount, rule.grace.unit):
        return 0, False
    # Units: the least n with submitted ≤ due + n × per; past the grace they count from the deadline.
    units = 0
    passed = 0
    while came.instant > clock.add(due, Fraction(passed), UNIT_OF_PER[rule.per]):
        # A unit starts at the deadline and then every day at its time, but skipped local days start none and end none.
        if not is_skipped(rule, clock.wall(due).date() + timedelta(days=passed)):
            units += 1
        passed += 1
    # Later than `closes`: not submitted. It counts from the deadline.
    closed = rule.closes is not None and came.instant > clock.add(due, rule.closes.amount, rule.closes.unit)
    return units, closed


def deduction(rule: LateRule, value: Fraction, units: int, policy: Policy) -> Fraction:
    """How much so many units cost (before the floor)."""
    if units <= 0 or rule.deduct is None:
        return ZERO
    if rule.is_table:
        # A table for unit 1, 2, 3; the last holds on.
        amount, is_percent = rule.deduct[min(units, len(rule.deduct)) - 1]
    else:
        one, is_percent = rule.deduct[0]
        amount = one * units

    # A percentage is of what was earned, or of max, the top of the scale (100 under percent).
    def of_what(percentage: Fraction) -> Fraction:
        return percentage / 100 * (value if rule.of == "earned" else policy.top)

    result = of_what(amount) if is_percent else amount
    if rule.at_most is not None:
        # The largest deduction.
        bound, bound_is_percent = rule.at_most
        # A percentage is of the same base as the deduction's, under percent as well.
        result = min(result, of_what(bound) if bound_is_percent else bound)
    return result


def late_floor(part: Part, rule: LateRule, policy: Policy) -> Fraction:
    """`not_below`; default the part's minimum, else the pass grade (0 under percent)."""
    if rule.not_below is not None:
        return rule.not_below
    # "default: the part's minimum, else the pass grade; 0 under percent": under percent it is 0 whatever the minimum.
    if policy.percent:
        return ZERO
    if part.minimum is not None:
        return part.minimum
    if part.minimum_raw is not None:
        return convert(part, part.minimum_raw, policy)
    return policy.pass_value


# ------------------------------------------------------------------------------------------------
# Step 4: peer marks
# ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PeerEffect:
    factor: Fraction
    silent: bool


def peer_effects(
    rule: PeerRule, members: list[str], marks: Mapping[tuple[str, str], Fraction]
) -> dict[str, PeerEffect]:
    """The factor of every member of one group (members with a cell of their own left out before)."""
    # One member: factor 1.
    if len(members) == 1:
        return {members[0]: PeerEffect(Fraction(1), False)}
    shares: dict[str, dict[str, Fraction]] = {}  # marker → member → share
    silent: set[str] = set()
    for marker in members:
        others = [member for member in members if member != marker]
        # Own marks are dropped first where they don't count.
        marked = members if rule.own_marks_count else others
        given = {member: marks[marker, member] for member in marked if (marker, member) in marks}
        total = sum(given.values(), ZERO)
        # Who gave no marks is silent, and all-zero marks count as silent.
        if total == 0:
            silent.add(marker)
            if rule.silent == "neutral":
                # Neutral: counts as equal marks for all others.
                shares[marker] = {member: Fraction(1, len(others)) for member in others}
            # Excluded: left out.
            continue
        # A blank pair is an error.
        if len(given) != len(marked):
            raise ValueError("a blank pair of peer marks")
        # A marker's marks are normalised to sum to 1.
        shares[marker] = {member: mark / total for member, mark in given.items()}
    effects: dict[str, PeerEffect] = {}
    for member in members:
        if shares:
            # Factor = the sum of the shares a member got × members / markers counted.
            got = sum((share.get(member, ZERO) for share in shares.values()), ZERO)
            factor = got * len(members) / len(shares)
        else:
            factor = Fraction(1)
        effects[member] = PeerEffect(factor, member in silent)
    return effects


def apply_peer(rule: PeerRule, effect: PeerEffect, group_value: Fraction, policy: Policy) -> Fraction:
    """A member's value from the group's."""
    floor_value = policy.lowest
    if not rule.may_fail and not policy.percent and group_value >= policy.pass_value:
        # Neither the factor nor the penalty takes a passing group value below the pass grade (0 under
        # percent) unless `may_fail: true` stands at the peer rule.
        floor_value = policy.pass_value
    # Value = group value × ((1 − weight) + weight × factor) …
    value = group_value * ((1 - rule.weight) + rule.weight * effect.factor)
    # … then at_most: the value stays within ± this of the group's …
    if rule.at_most is not None:
        value = max(group_value - rule.at_most, min(group_value + rule.at_most, value))
    # … then the scale's limits …
    # 11.4: points beyond the maximum count, so a group may stand above the top; its members are not cut to it.
    value = max(policy.lowest, min(max(policy.top, group_value), value))
    value = max(value, floor_value)
    # … then the penalty of a silent member, a share of its value.
    if effect.silent:
        amount, is_percent = rule.penalty
        value = value - value * amount / 100 if is_percent else value - amount
        value = max(value, floor_value)
    return value


def read_marks(peer_marks: list[dict[str, Any]], students: list[dict[str, Any]]) -> dict[tuple[str, str], Fraction]:
    """The criteria of each pair added up."""
    group_of = {str(student["student"]): student.get("group") for student in students}
    sums: dict[tuple[str, str], Fraction] = {}
    for row in peer_marks:
        marker, member = str(row["from"]), str(row["to"])
        # Marks outside the group are errors.
        if marker not in group_of or member not in group_of:
            raise ValueError("peer marks of somebody unknown")
        if group_of[marker] is None or group_of[marker] != group_of[member]:
            raise ValueError("peer marks outside the group")
        # A pair twice is an error.
        if (marker, member) in sums:
            raise ValueError("a pair of peer marks twice")
        if not row["marks"] or any(is_blank(mark) for mark in row["marks"].values()):
            raise ValueError("a blank peer mark")
        numbers = [read_number(mark) for mark in row["marks"].values()]
        if any(number < 0 for number in numbers):
            raise ValueError("a negative peer mark")
        # A marker's criteria are added up per member.
        sums[marker, member] = sum(numbers, ZERO)
    return sums


def has_own_cell(student: Mapping[str, Any], part: Part) -> bool:
    own = (student.get("cells") or {}).get(part.id) or []
    return any(
        not is_blank(text) for attempt in own for text in (attempt.get("score"), *(attempt.get("cells") or {}).values())
    )


def all_peer_effects(
    policy: Policy, students: list[dict[str, Any]], peer_marks: list[dict[str, Any]] | None
) -> dict[tuple[str, str], PeerEffect]:
    """Student and part → factor, for every group part with a peer rule."""
    effects: dict[tuple[str, str], PeerEffect] = {}
    if peer_marks is None:
        return effects
    marks = read_marks(peer_marks, students)
    for part in policy.leaves():
        if part.peer is None:
            continue
        groups: dict[str, list[str]] = {}
        for student in students:
            # Members with a cell of their own take no factor and are neither markers nor marked.
            if student.get("group") is not None and not has_own_cell(student, part):
                groups.setdefault(str(student["group"]), []).append(str(student["student"]))
        for members in groups.values():
            for member, effect in peer_effects(part.peer, members, marks).items():
                effects[member, part.id] = effect
    return effects


# ------------------------------------------------------------------------------------------------
# Steps 1 to 4 of one part that has cells
# ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class LeafOutcome:
    state: str
    value: Fraction | None
    raw: Fraction | None  # of the attempt that is used
    deducted: tuple[Fraction, ...]


def judge_leaf(
    part: Part, attempts: list[Attempt], forgiven: int, effect: PeerEffect | None, policy: Policy
) -> LeafOutcome:
    """Convert, late, attempts, peer: the state and the value of one part."""
    deducted: list[Fraction] = []
    # (kind, value, raw) of every attempt that was submitted and is not closed, in order
    left: list[tuple[str, Fraction | None, Fraction | None]] = []
    values_by_place: dict[int, Fraction] = {}
    ungraded: list[str] = []
    closed_one = False
    let_off: str | None = None
    for n, attempt in enumerate(attempts):
        taken = ZERO
        kind = attempt.cell.kind
        if kind in ("excused", "recognised"):
            # Excused from one sitting and recognised at another: shown as excused.
            let_off = kind if let_off in (None, "recognised") else let_off
        elif kind != "missing":
            units, closed = lateness(part, attempt, policy.clock)
            if closed:
                # An attempt closed by lateness counts as not submitted.
                closed_one = True
            elif kind in OPEN:
                ungraded.append(kind)
            elif kind == "number":
                assert attempt.cell.number is not None
                score = convert(part, attempt.cell.number, policy)
                after = score
                if part.late is not None and units > 0:
                    # Only first attempts are forgiven.
                    units_to_pay = units - (forgiven if n == 0 else 0)
                    taken = deduction(part.late, score, units_to_pay, policy)
                    # value = max(score − deduction, min(score, not_below)).
                    after = max(score - taken, min(score, late_floor(part, part.late, policy)))
                # retake_at_most cuts every attempt but the first.
                if n > 0 and part.retake_at_most is not None:
                    after = min(after, part.retake_at_most)
                left.append(("number", after, attempt.cell.number))
                values_by_place[n] = after
            else:
                # A late pass-fail part knows only `closes`; a failed attempt has no value to lower.
                left.append((kind, None, None))
        deducted.append(taken)
    taken_off = tuple(deducted)

    # Excused and recognised: the gate is open and the part leaves the mean. A student who is excused from one
    # sitting and was there at another gets that one's score.
    if let_off is not None and not left and not ungraded:
        return LeafOutcome(let_off, None, None, taken_off)

    used: tuple[str, Fraction | None, Fraction | None] | None = None
    if left and part.retakes and part.attempt in ("mean", "gain"):
        # 11.7. What was failed by a word counts as the lowest, and fails the part where nothing else was handed in.
        numbers = [policy.lowest if after is None else after for _, after, _ in left]
        scored = any(kind == "number" for kind, _, _ in left)
        if part.attempt == "mean":
            joined = sum(numbers, ZERO) / len(numbers)
        else:
            # The first attempt that is not excused; one that did not come, or failed by a word, counts as the lowest.
            places = [n for n, a in enumerate(attempts) if a.cell.kind not in ("excused", "recognised")]
            joined = values_by_place.get(places[0], policy.lowest)
            joined += part.gain * max(ZERO, max(numbers) - joined)
        used = ("number", joined, None) if scored else ("fail", None, None)
    elif left and part.attempt == "latest":
        # latest: the last one submitted and not closed.
        used = left[-1]
    elif left:
        # best: the highest value left; a pass is better than a fail, any number better than a fail.
        used = left[0]
        for candidate in left[1:]:
            if rank(candidate, part) > rank(used, part):
                used = candidate

    value = used[1] if used is not None else None
    raw = used[2] if used is not None else None
    # Group parts with a peer rule get each member's factor.
    if value is not None and part.peer is not None and effect is not None:
        value = apply_peer(part.peer, effect, value, policy)

    # A part is "ungraded" only where nothing else of it counts.
    if ungraded and used is None:
        return LeafOutcome("withheld" if "withheld" in ungraded else "ungraded", value, raw, taken_off)
    if used is not None:
        state = {"number": "scored", "pass": "passed", "fail": "failed"}[used[0]]
        return LeafOutcome(state, value, raw, taken_off)
    return LeafOutcome("closed" if closed_one else "missing", None, None, taken_off)


def rank(candidate: tuple[str, Fraction | None, Fraction | None], part: Part) -> tuple[int, int, Fraction, Fraction]:
    # Of equal values the higher raw score counts, and of those the earlier attempt. Where a required part asks for a
    # raw minimum, an attempt that reaches it goes before one that does not: a better first score must never fail
    # somebody who passes with a retake that is cut.
    kind, value, raw = candidate
    clears = int(part.required and part.minimum_raw is not None and raw is not None and raw >= part.minimum_raw)
    number = 0 if kind == "fail" else 1
    return (clears, number, value if value is not None else ZERO, raw if raw is not None else ZERO)


# ------------------------------------------------------------------------------------------------
# Steps 5 to 9: the tree of parts, and the grade
# ------------------------------------------------------------------------------------------------


@dataclass
class Node:
    """What a part amounts to, seen from its parent."""

    part: Part
    state: str
    value: Fraction | None
    leaves_mean: bool  # excused, or nothing in it is left to weigh
    submitted: bool
    code: str | None  # why its gate is shut, were it required
    reasons: list[tuple[str, str]]  # of this part and of those below that shut it
    raw: Fraction | None = None  # points of the attempt that is used
    adds: Fraction = ZERO  # 11.6: what its bonus by steps adds


Found = TypeVar("Found")


@dataclass
class Known:
    """What was worked out for the very same objects. They are kept, so that no other ever has their identity.

    Fractions are slow to hash and to compare, so objects are told apart by what they are, not by what they say.
    """

    found: dict[tuple[object, ...], tuple[Sequence[object], Any]] = field(default_factory=dict)

    def of(self, name: tuple[object, ...], objects: Sequence[object], work: Callable[[], Found]) -> Found:
        key = (*name, *map(id, objects))
        if key not in self.found:
            self.found[key] = (objects, work())
        answer: Found = self.found[key][1]
        return answer


@dataclass
class Outcome:
    status: str
    grade: int | None
    exact: Fraction | None
    rounded: int | None
    raised_to_pass: bool
    reasons: list[tuple[str, str]]
    values: dict[str, Fraction | None]
    states: dict[str, str]
    deducted: dict[str, list[Fraction]]


def below_minimum(part: Part, value: Fraction, raw: Fraction | None, policy: Policy) -> bool:
    # `40 %` means of the raw max.
    if part.minimum_raw is not None and raw is not None:
        return raw < part.minimum_raw
    if part.minimum is not None:
        return value < part.minimum
    # Default minimum: the pass grade; 0 under percent.
    return value < (ZERO if policy.percent else policy.pass_value)


def weigh(nodes: list[Node], owner: Part | Policy, policy: Policy) -> Fraction | None:
    """What siblings come to; None if nothing is left to weigh."""
    value = uncapped(nodes, owner, policy)
    # `cap` holds the value, bonus included, at most there.
    return value if value is None or owner.cap is None else min(value, owner.cap)


def uncapped(nodes: list[Node], owner: Part | Policy, policy: Policy) -> Fraction | None:
    best, drop_lowest = owner.best, owner.drop_lowest
    # Pass-fail and bonus parts stand apart; who is excused leaves the mean, its weight being shared
    # out over its siblings in proportion (which is what dividing by the remaining weights does).
    counting = [n for n in nodes if n.part.has_value() and not n.part.bonus and not n.leaves_mean]

    def value_of(node: Node) -> Fraction:
        # What is not submitted (or failed by word, or not graded yet) counts as the lowest.
        return policy.lowest if node.value is None else node.value

    if best is not None or drop_lowest is not None:
        # best: 3 keeps the three highest, drop_lowest: 1 drops the lowest; at least one stays.
        keep = best if best is not None else len(counting) - (drop_lowest or 0)
        counting = sorted(counting, key=value_of, reverse=True)[: max(1, keep)]
    if owner.by_points:
        # 100 × Σ points / Σ max over those that count; excused ones leave both sums, a bonus adds to the upper only.
        def most(node: Node) -> Fraction:
            assert node.part.max is not None
            return node.part.max

        points = [value_of(n) * most(n) / 100 for n in counting]
        extra = [n for n in nodes if n.part.bonus and not n.part.steps and not n.leaves_mean and n.value is not None]
        points += [value_of(n) * most(n) / 100 for n in extra]
        added = sum((n.adds for n in nodes if n.part.steps and not n.part.steps.to), ZERO)
        return 100 * sum(points, ZERO) / sum(map(most, counting), ZERO) + added if counting else None
    # Where no sibling has a weight all count equally.
    weights = [Fraction(1) if n.part.weight is None else n.part.weight for n in counting]
    if sum(weights, ZERO) == 0:
        return None
    # Σ weight × value / Σ weight.
    mean = sum((w * value_of(n) for w, n in zip(weights, counting, strict=True)), ZERO) / sum(weights, ZERO)
    # A bonus adds weight × value / 100 on top, without counting in Σ weight.
    for node in nodes:
        if node.part.steps is not None:
            # 11.6: it goes on top of the mean.
            mean += node.adds if node.part.steps.to is None else ZERO
        elif node.part.bonus and not node.leaves_mean and node.value is not None:
            assert node.part.weight is not None
            mean += node.part.weight * node.value / 100
    return mean


def leaf_node(part: Part, outcome: LeafOutcome, policy: Policy) -> Node:
    code: str | None = None
    # A required part that is not submitted, failed, or below its minimum.
    if outcome.state == "missing":
        code = "not-submitted"
    elif outcome.state == "closed":
        code = "closed"
    elif outcome.state == "failed":
        code = "failed"
    elif outcome.state == "scored":
        assert outcome.value is not None
        if below_minimum(part, outcome.value, outcome.raw, policy):
            code = "below-minimum"
    return Node(
        part=part,
        state=outcome.state,
        value=outcome.value,
        leaves_mean=outcome.state in ("excused", "recognised"),
        submitted=outcome.state in ("scored", "passed", "failed", *OPEN),
        code=code,
        reasons=[] if code is None else [(part.id, code)],
        raw=ZERO if outcome.state == "failed" else outcome.raw,
    )


def nested_node(part: Part, nodes: list[Node], policy: Policy) -> Node:
    value = weigh(nodes, part, policy) if part.has_value() else None
    let_off = [node.state for node in nodes if node.state in ("excused", "recognised")]
    # It is not submitted when no child is. Excused it may be nevertheless, where all that weighs in a child is.
    submitted = any(node.submitted for node in nodes)
    # If every child is excused so is the parent.
    if len(let_off) == len(nodes):
        state = "recognised" if set(let_off) == {"recognised"} else "excused"
        return Node(part, state, None, True, submitted, None, [])
    leaves_mean = part.has_value() and value is None
    shut = [node for node in nodes if node.part.required and node.code is not None]
    if part.need is not None:
        # It passes when so many children pass; excused ones lower the number, at least to 1. What is open shuts
        # nothing.
        there = [node for node in nodes if node.state not in ("excused", "recognised")]
        least = max(1, part.need - (len(nodes) - len(there)))
        enough = sum(node.code is None for node in there) >= least
        shut = [] if enough else [replace(node, reasons=[]) for node in there if node.code is not None]
    ungraded = all(node.state in (*OPEN, "excused", "recognised") for node in nodes)
    code: str | None = None
    if not submitted:
        # It counts as the lowest, also where what is not excused of it is only a gate or a bonus.
        state, code = "missing", "not-submitted"
        value, leaves_mean = None, False
    elif shut:
        # A failed required child fails its parent, and so on up.
        state, code = "failed", "failed"
    elif leaves_mean:
        state = "excused"
    elif ungraded:
        state = "ungraded"
    elif value is None:
        state = "passed"
    else:
        state = "scored"
        if below_minimum(part, value, None, policy):
            code = "below-minimum"
    reasons = [reason for node in shut for reason in node.reasons]
    if code is not None:
        reasons.append((part.id, code))
    return Node(part, state, value, leaves_mean, submitted, code, reasons)


def rank_of_way(way: Part, nodes: list[Node], policy: Policy) -> tuple[bool, bool, Fraction]:
    value = weigh(nodes, way, policy) if way.weighed else None
    passed = not any(node.part.required and node.code is not None for node in nodes)
    return passed, value is not None, ZERO if value is None else value


def round_value(value: Fraction, how: str) -> int:
    # Round half up by default; down, up and half-even exist.
    if how == "half-up":
        return floor(value + Fraction(1, 2))
    if how == "down":
        return floor(value)
    if how == "up":
        return ceil(value)
    if how == "half-even":
        return round(value)
    raise ValueError(f"unknown rounding: {how!r}")


def sessions_of(student: Mapping[str, Any]) -> Fraction | None:
    attended = student.get("attended")
    return None if is_blank(attended) else read_number(attended)


def adjustment(student: Mapping[str, Any], policy: Policy) -> Fraction:
    """What activity adds to the mean."""
    levels = policy.activity.get("levels")
    attendance = policy.activity.get("attendance")
    level = student.get("activity")
    if levels is not None and not is_blank(level):
        # The student's level; an unknown one is an error.
        if level not in levels:
            raise ValueError(f"unknown activity level: {level!r}")
        return read_number(levels[level])
    attended = student.get("attended")
    if attendance is not None and not is_blank(attended):
        # From attendance: the first band whose `from` is reached.
        held = read_number(attendance["of"])
        for band in attendance["bands"]:
            least, is_percent = read_amount(band["from"])
            reached = read_number(attended)
            if reached >= (least * held / 100 if is_percent else least):
                return read_number(band["adjust"])
    # No level: 0.
    return ZERO


def meets(demand: Demand, nodes: Mapping[str, Node], attended: Fraction | None, policy: Policy) -> bool:
    """A demand is met when the part's counted value reaches it."""
    if demand.kind == "sessions":
        return attended is not None and attended >= demand.least
    node = nodes[demand.part]
    if node.state in ("excused", "recognised"):
        # The gate of who is excused is open, and there is nothing that could be reached.
        return True
    if demand.kind == "pass":
        return node.code is None and node.state not in OPEN
    if demand.kind == "raw":
        return node.raw is not None and node.raw >= demand.least
    value = policy.lowest if node.value is None else node.value
    return value >= demand.least


def judge(
    policy: Policy, leaves: Mapping[str, LeafOutcome], adjust: Fraction, attended: Fraction | None, known: Known
) -> Outcome:
    """Gates, mean, activity, rounding and clamping, once every part with cells is judged."""
    values: dict[str, Fraction | None] = {}
    states: dict[str, str] = {}
    by_id: dict[str, Node] = {}
    gated: dict[str, Node] = {}
    every = policy.by_id

    def node_of(part: Part) -> Node:
        """A part with all that is added to it."""
        if part.id not in by_id:
            node = boosted(part, at_gate(part.id), after_gate=True)
            if part.steps is not None:
                node = replace(node, adds=added_by(part, part.steps, node))
            by_id[part.id] = node
            values[part.id], states[part.id] = node.value, node.state
        return by_id[part.id]

    def at_gate(name: str) -> Node:
        """A part as its gate sees it."""
        if name not in gated:
            node = boosted(every[name], plain_node(every[name]), after_gate=False)
            gated[name] = node
        return gated[name]

    def boosted(part: Part, node: Node, *, after_gate: bool) -> Node:
        """11.6: with `to` it is added to that part's value, before its gate unless `after_gate`. Without a score there
        is nothing that it could be added to.
        """
        givers = policy.givers[part.id]
        if not givers:
            return node
        added = sum((node_of(g).adds for g in givers if g.steps and g.steps.after_gate == after_gate), ZERO)
        scored = node.state == "scored" or (node.state == "failed" and part.is_nested())
        if not added or not scored or node.value is None:
            return node
        node = replace(node, value=node.value + added)
        if node.state == "scored" and not after_gate:
            assert node.value is not None
            code = "below-minimum" if below_minimum(part, node.value, node.raw, policy) else None
            reasons = [reason for reason in node.reasons if reason[0] != part.id]
            node = replace(node, code=code, reasons=[*reasons, *([] if code is None else [(part.id, code)])])
        return node

    def added_by(part: Part, steps: Steps, node: Node) -> Fraction:
        """11.6: its value as a percentage picks the last step reached, where the gates of `only_if` are passed."""
        if node.state in ("excused", "recognised") or node.leaves_mean:
            return ZERO
        share = node.value or ZERO if policy.percent else (node.raw or ZERO) * 100 / (part.max or ZERO)
        reached = [add for start, add in steps.steps if share >= start]
        asked = [at_gate(name) for name in steps.only_if]
        passed = all(one.code is None and one.state not in OPEN for one in asked)
        return reached[-1] if reached and passed else ZERO

    def plain_node(part: Part) -> Node:
        if part.of_ways:
            return nested(part, way_that_counts(part.children))
        if part.is_nested():
            return nested(part, [node_of(child) for child in part.children])
        outcome = leaves[part.id]
        return known.of(("leaf", part.id), [outcome], lambda: leaf_node(part, outcome, policy))

    def nested(part: Part, nodes: list[Node]) -> Node:
        return known.of(("nested", part.id), nodes, lambda: nested_node(part, nodes, policy))

    def nodes_of_way(way: Part) -> list[Node]:
        nodes = [node_of(child) for child in way.children]
        node = nested(way, nodes)
        values[way.id], states[way.id] = node.value, node.state
        by_id[way.id] = node
        return nodes

    def way_that_counts(ways: list[Part]) -> list[Node]:
        """11.2: passed gates before failed ones, then the larger value, then the earlier in the list."""
        nodes_of = {way.id: nodes_of_way(way) for way in ways}
        ranks = [
            known.of(("rank", way.id), nodes_of[way.id], partial(rank_of_way, way, nodes_of[way.id], policy))
            for way in ways
        ]
        return nodes_of[ways[ranks.index(max(ranks))].id]

    nodes = way_that_counts(policy.parts) if policy.of_ways else [node_of(part) for part in policy.parts]
    for part in policy.all_parts():
        if part.id not in values:
            node_of(part)
    scale = policy.scale
    # Every reason is listed, not only the first.
    reasons = [r for node in nodes if node.part.required and node.code is not None for r in node.reasons]
    mean = None if policy.weightless() else weigh(nodes, policy, policy)
    exact: Fraction | None = None
    rounded: int | None = None
    if mean is not None:
        # With mean m and adjustment a: min(max(top, m), max(m + a, min(m, pass grade))).
        exact = min(max(policy.top, mean), max(mean + adjust, min(mean, policy.pass_value)))
        # 11.7: `adjust: steps` moves the final grade instead, after the boundaries.
        if policy.activity.get("adjust") == "steps":
            exact = mean
        if policy.percent:
            # Instead of rounding, boundaries turn the total into the grade.
            rounded = scale.lowest + sum(1 for least in policy.boundaries if reaches(exact, least))
        else:
            rounded = round_value(exact, policy.rounding)

    raised = False
    grade: int | None
    if reasons:
        # A shut gate makes the final grade the lowest.
        status, grade = "failed", scale.lowest
    elif policy.weightless():
        # A final scale pass-fail: passed when every gate is; the gate of who is excused is open.
        status, grade = "graded", scale.passing
    elif rounded is None:
        # Nothing is left at the top.
        status, grade, reasons = "incomplete", None, [("", "nothing-to-weigh")]
    else:
        # Clamp to the scale.
        status, grade = "graded", max(scale.lowest, min(scale.top, rounded))
        if grade < scale.passing and not policy.may_fail:
            # Who passed every gate gets at least the pass grade unless `may_fail`.
            grade, raised = scale.passing, True
        if policy.activity.get("adjust") == "steps":
            # Never below the pass grade (who stands below it stays there), nor above the top.
            grade = min(scale.top, max(grade + int(adjust), min(grade, scale.passing)))
        if grade < scale.passing:
            # Failed by the total.
            status, reasons = "failed", [("", "below-boundary")]
    if policy.by_requirements:
        # Nothing is weighed: the grade is the highest one whose needs are met, all met gives the highest key.
        keys = sorted({d.grade for d in policy.requires})
        unmet = [d for d in policy.requires if not meets(d, by_id, attended, policy)]
        if not reasons:
            met = [key for key in keys if not unmet or key < unmet[0].grade]
            grade, reasons = max(met, default=scale.lowest), [(d.part, "demand-not-met") for d in unmet]
            status = "graded" if grade >= scale.passing else "failed"
        deducted = {part_id: list(leaf.deducted) for part_id, leaf in leaves.items()}
        return Outcome(status, grade, None, None, False, reasons, values, states, deducted)
    # 11.5: grade g needs the demands of g and of all lower grades; the final grade is at most the highest one whose
    # needs are met. A failed gate stays the lowest, and what it hides is no reason.
    unmet = [d for d in policy.requires if not meets(d, by_id, attended, policy)]
    if grade is not None and unmet and grade >= unmet[0].grade:
        reasons = [(d.part, "demand-not-met") for d in unmet if d.grade <= grade]
        grade = unmet[0].grade - 1
        if grade < scale.passing:
            status, raised = "failed", False
    deducted = {part_id: list(leaf.deducted) for part_id, leaf in leaves.items()}
    return Outcome(status, grade, exact, rounded, raised, reasons, values, states, deducted)


# ------------------------------------------------------------------------------------------------
# One student: free budgets, open cells
# ------------------------------------------------------------------------------------------------

Assignment = tuple[tuple[int, Cell], ...]  # attempt → what it turns out to be


@dataclass
class Case:
    """Everything about one student."""

    policy: Policy
    attempts: dict[str, list[Attempt]]
    effects: dict[str, PeerEffect]
    adjust: Fraction
    attended: Fraction | None = None
    cache: dict[tuple[str, int, int], tuple[Assignment, LeafOutcome]] = field(default_factory=dict)
    known: Known = field(default_factory=Known)
    outcomes: dict[LeafOutcome, LeafOutcome] = field(default_factory=dict)  # of equal ones the first

    def attempts_with(self, part: Part, assignment: Assignment) -> list[Attempt]:
        attempts = list(self.attempts[part.id])
        for n, cell in assignment:
            while len(attempts) <= n:
                attempts.append(Attempt(MISSING, None, None))
            # Open cells are counted as on time.
            attempts[n] = Attempt(cell, None, attempts[n].due)
        return attempts

    def leaf(self, part: Part, assignment: Assignment, forgiven: int) -> LeafOutcome:
        key = (part.id, id(assignment), forgiven)
        if key not in self.cache:
            source = part if part.takes is None else self.policy.by_id[part.takes]
            attempts = self.attempts_with(source, assignment)
            outcome = judge_leaf(part, attempts, forgiven, self.effects.get(source.id), self.policy)
            self.cache[key] = (assignment, self.outcomes.setdefault(outcome, outcome))
        return self.cache[key][1]


def late_firsts(case: Case, assumed: Mapping[str, Assignment]) -> list[tuple[Part, int, bool, str]]:
    """Late first attempts of all parts that have a late deduction, in order of deadlines."""
    clock = case.policy.clock
    found: list[tuple[datetime, int, Part, int, bool, str]] = []
    for order, part in enumerate(case.policy.leaves()):
        # A pass-fail part knows only `closes`. A part's own late rule does not take it out of the budget.
        if part.late is None or part.late.deduct is None or part.graded == "pass-fail":
            continue
        attempts = case.attempts_with(part, assumed.get(part.id, ()))
        # Budgets are spent by first attempts.
        if not attempts or attempts[0].cell.kind in ("missing", "excused", "recognised"):
            continue
        units, closed = lateness(part, attempts[0], clock)
        due = attempts[0].due
        if attempts[0].cell.kind in OPEN and not closed:
            continue  # open cells are counted as on time
        if units > 0:
            # What is late by the export and has no deadline comes after all that have one.
            due = due if due is not None else datetime.max.replace(tzinfo=UTC)
            found.append((due, order, part, units, closed, attempts[0].cell.kind))
    return [(part, units, closed, kind) for _, _, part, units, closed, kind in sorted(found, key=lambda e: e[:2])]


def allocations(case: Case, assumed: Mapping[str, Assignment]) -> Iterator[dict[str, int]]:
    """Every way in which free units may be spent; parts in order of deadlines."""
    if case.policy.free is None:
        yield {}
        return
    # One budget per student over all parts; a unit costs its own length.
    hours, spend, each, whole = case.policy.free
    firsts = late_firsts(case, assumed)
    cost = {part.id: HOURS_OF_PER[part.late.per] for part, _, _, _ in firsts if part.late is not None}
    if spend == "in-order":
        # In order of deadlines every late one spends, closed ones and zeros included.
        remaining = hours
        spent: dict[str, int] = {}
        for part, units, _, _ in firsts:
            spent[part.id] = min(units, remaining // cost[part.id])
            # 11.7: at most so much per attempt; whole: all of an attempt's late time is forgiven or none.
            if each is not None:
                spent[part.id] = min(spent[part.id], each // cost[part.id])
            if whole and spent[part.id] < units:
                spent[part.id] = 0
            remaining -= spent[part.id] * cost[part.id]
        yield spent
    elif spend == "where-it-helps":
        # Any split of the budget over the late attempts that can use it.
        useful = [(part.id, units) for part, units, closed, kind in firsts if kind == "number" and not closed]
        for split in itertools.product(*(range(min(units, hours // cost[name]) + 1) for name, units in useful)):
            ways = dict(zip((name for name, _ in useful), split, strict=True))
            if each is not None and any(n * cost[name] > each for name, n in ways.items()):
                continue
            if whole and any(ways[name] not in (0, units) for name, units in useful):
                continue
            if sum(n * cost[name] for name, n in ways.items()) <= hours:
                yield ways
    else:
        raise ValueError(f"unknown spend: {spend!r}")


def judge_whole(case: Case, leaves: Mapping[str, LeafOutcome]) -> Outcome:
    return judge(case.policy, leaves, case.adjust, case.attended, case.known)


def judge_case(case: Case, assumed: Mapping[str, Assignment]) -> Outcome:
    """The outcome for given open cells, free units spent as the rule says."""
    best: Outcome | None = None
    best_key: tuple[int, Fraction, int, tuple[int, ...]] | None = None
    for spent in allocations(case, assumed):
        leaves = {
            part.id: case.leaf(part, assumed.get(part.takes or part.id, ()), spent.get(part.takes or part.id, 0))
            for part in case.policy.judged()
        }
        # The same leaves amount to the same outcome: judged once.
        outcome = case.known.of(("whole",), list(leaves.values()), partial(judge_whole, case, leaves))
        # So that the final grade, then the exact value, is largest; nothing is spent where it does not
        # help; ties go to the earlier deadline.
        key = (
            -1 if outcome.grade is None else outcome.grade,
            Fraction(-1) if outcome.exact is None else outcome.exact,
            -sum(spent.values()),
            tuple(spent.values()),
        )
        if best_key is None or key > best_key:
            best, best_key = outcome, key
    assert best is not None
    return best


def open_attempts(case: Case, part: Part, as_of: date | None, timing_end: date | None) -> list[tuple[int, bool]]:
    """Attempts whose score is not known yet, and whether they may also stay unsubmitted."""
    clock = case.policy.clock
    attempts = list(case.attempts[part.id])
    let_off = any(attempt.cell.kind in ("excused", "recognised") for attempt in attempts)
    while len(attempts) < 1 + len(part.retakes):
        n = len(attempts)
        attempts.append(Attempt(MISSING, None, part.due if n == 0 else part.retakes[n - 1]))
    found: list[tuple[int, bool]] = []
    for n, attempt in enumerate(attempts):
        if attempt.cell.kind in OPEN:
            # An open `?`, unless lateness closed it.
            if not lateness(part, attempt, clock)[1]:
                found.append((n, False))
        elif attempt.cell.kind == "missing" and as_of is not None and not let_off:
            if attempt.due is not None:
                # With --as-of: an unsubmitted part whose deadline, or an unused retake whose date, is
                # still to come.
                if clock.wall(attempt.due).date() >= as_of:
                    found.append((n, True))
            elif timing_end is None or as_of <= timing_end:
                # An undated retake is open until the end of the implementation, and so is a first attempt without a
                # deadline; always, where the file names no end.
                found.append((n, True))
    return found


def score_of(part: Part, value: Fraction, policy: Policy) -> Fraction:
    """A score that is worth a value, where scores and values run together; steps of a table are looked at anyway."""
    scale = policy.scale
    if part.graded == "points" and policy.percent:
        assert part.max is not None
        return value * part.max / 100
    if part.graded == "points" and part.linear is not None:
        at_pass, at_top = part.linear
        if value <= scale.passing or scale.top == scale.passing:
            return at_pass
        return at_pass + (value - scale.passing) / (scale.top - scale.passing) * (at_top - at_pass)
    if part.graded == "points":
        return ZERO
    return scale.lowest + value * (scale.top - scale.lowest) / 100 if policy.percent else value


def special_scores(part: Part, policy: Policy) -> tuple[list[Fraction], Fraction]:
    """Scores at and just below everything that decides something; and the score of the minimum."""
    scale = policy.scale
    least, most = raw_limits(part, policy)
    if part.graded == "grade" and scale.labels is not None:
        # Own labels are what cells take: nothing lies between them.
        levels = [Fraction(n) for n in range(scale.lowest, scale.top + 1)]
        reached = [n for n in levels if not below_minimum(part, convert(part, n, policy), n, policy)]
        return levels, (reached[0] if reached else most)
    points: set[Fraction] = {least, most}
    minimum = part.minimum
    if minimum is None:
        minimum = ZERO if policy.percent else policy.pass_value
    at_minimum = least
    if part.minimum_raw is not None:
        at_minimum = part.minimum_raw
    elif part.graded == "points":
        assert part.max is not None
        if policy.percent:
            at_minimum = minimum * part.max / 100
        elif part.boundaries is not None:
            firsts = [b + (most - least) * MILLIONTH * strict for b, strict in part.boundaries]
            enough = [b for n, b in enumerate(firsts) if scale.lowest + n + 1 >= minimum]
            at_minimum = least if minimum <= scale.lowest else (enough[0] if enough else most)
        elif part.linear is not None:
            at_pass, at_top = part.linear
            if minimum <= scale.lowest:
                at_minimum = least
            elif minimum <= scale.passing or scale.top == scale.passing:
                at_minimum = at_pass
            else:
                at_minimum = at_pass + (minimum - scale.passing) / (scale.top - scale.passing) * (at_top - at_pass)
    elif policy.percent:
        at_minimum = scale.lowest + minimum * (scale.top - scale.lowest) / 100
    else:
        at_minimum = minimum
    points.add(at_minimum)
    if part.graded == "grade":
        points.update(Fraction(n) for n in range(scale.lowest, scale.top + 1))
    points.update(b for b, _ in part.boundaries or [])
    points.update(b + (most - least) * MILLIONTH for b, strict in part.boundaries or [] if strict)
    points.update(part.linear or ())
    for start, _ in part.steps.steps if part.steps is not None else ():
        points.add(score_of(part, start, policy) if policy.percent else start * (part.max or ZERO) / 100)
    # What is added to the value moves where the gate opens, and where what a grade asks is reached.
    asked = [demand.least for demand in policy.requires if demand.part == part.id and demand.kind == "value"]
    for giver in policy.all_parts():
        if giver.steps is not None and giver.steps.to == part.id:
            adds = [add for _, add in giver.steps.steps]
            points.update(score_of(part, value - add, policy) for value in (minimum, *asked) for add in adds)
    for demand in policy.requires:
        if demand.part == part.id and demand.kind == "raw":
            points.add(demand.least)
        elif demand.part == part.id and demand.kind == "value":
            points.add(score_of(part, demand.least, policy))
    points.update({point - (most - least) * MILLIONTH for point in points})
    return sorted(point for point in points if least <= point <= most), max(least, min(most, at_minimum))


def all_special_scores(part: Part, policy: Policy) -> tuple[list[Fraction], Fraction]:
    """The same for a part and those that take its scores: the minimum is the part's own."""
    scores, at_minimum = special_scores(part, policy)
    more = {score for taker in policy.takers(part) for score in special_scores(taker, policy)[0]}
    return sorted(more | set(scores)), at_minimum


@dataclass
class OpenPart:
    """The ways in which the open attempts of one part may turn out."""

    part: Part
    few: list[Assignment]
    special: list[Assignment]
    dense: list[Assignment]
    diagonal: list[list[Assignment]]


def open_part(case: Case, part: Part, attempts: list[tuple[int, bool]]) -> OpenPart:
    policy = case.policy
    few: list[Cell]
    special: list[Cell]
    dense: list[Cell] = []
    lines: list[list[Cell]] = []
    if part.graded == "pass-fail":
        few = special = [FAIL, PASS]
        lines = [[PASS] * (DIAGONAL_STEPS + 1)] * 2
    else:
        scores, at_minimum = all_special_scores(part, policy)
        least, most = raw_limits(part, policy)
        by_word = [FAIL] if OPEN_CELL_MAY_FAIL_BY_WORD else []
        few = by_word + [Cell("number", s) for s in sorted({least, at_minimum, most})]
        special = by_word + [Cell("number", score) for score in scores]
        labels_only = part.graded == "grade" and policy.scale.labels is not None
        for low in (least, at_minimum):
            line = [low + (most - low) * step / DIAGONAL_STEPS for step in range(DIAGONAL_STEPS + 1)]
            lines.append([Cell("number", Fraction(round(s)) if labels_only else s) for s in line])
        if not labels_only:
            dense = [Cell("number", least + (most - least) * step / GRID_STEPS) for step in range(GRID_STEPS + 1)]

    # Where some cells of an attempt are filled, only what they leave open can come.
    left = {n: case.attempts[part.id][n].among for n, _ in attempts if n < len(case.attempts[part.id])}

    def of(n: int, cells: list[Cell]) -> list[Cell]:
        return [Cell("number", score) for score in left[n]] if left.get(n) else cells

    # Of equal assignments the first stands for all: what comes of it is worked out once.
    same: dict[Assignment, Assignment] = {}

    # One attempt runs through many scores while the other open ones of the part take a few.
    def spread(cells: list[Cell]) -> list[Assignment]:
        result: list[Assignment] = []
        for n, may_stay in attempts:
            others = [[(m, c) for c in of(m, few) + ([MISSING] if stays else [])] for m, stays in attempts if m != n]
            for cell in of(n, cells) + ([MISSING] if may_stay else []):
                for rest in itertools.product(*others):
                    result.append(tuple(sorted([(n, cell), *rest], key=lambda pair: pair[0])))
        return list(dict.fromkeys(same.setdefault(one, one) for one in result))

    # On a diagonal only the attempt that counts moves: the last for `latest`, the first for `best`.
    moving = attempts[-1][0] if part.attempt == "latest" else attempts[0][0]
    resting = [(n, MISSING if may_stay else of(n, special)[0]) for n, may_stay in attempts if n != moving]
    if left.get(moving):
        known = of(moving, special)
        lines = [[known[step * len(known) // (DIAGONAL_STEPS + 1)] for step in range(DIAGONAL_STEPS + 1)]] * 2
    rows = [[tuple(sorted([(moving, cell), *resting], key=lambda p: p[0])) for cell in line] for line in lines]
    diagonal = [[same.setdefault(one, one) for one in row] for row in rows]
    return OpenPart(part, spread(few), spread(special), spread(dense), diagonal)


def possibilities(parts: list[OpenPart]) -> Iterator[dict[str, Assignment]]:
    """Many ways in which all open cells may turn out together (see `range_is_grid_search`)."""
    ids = [one.part.id for one in parts]

    def size(lists: list[list[Assignment]]) -> int:
        total = 1
        for one in lists:
            total *= max(1, len(one))
        return total

    def together(lists: list[list[Assignment]]) -> Iterator[dict[str, Assignment]]:
        for combination in itertools.product(*lists):
            yield dict(zip(ids, combination, strict=True))

    few = [one.few for one in parts]
    special = [one.special for one in parts]
    if size(special) <= COMBINATIONS:
        yield from together(special)
    elif size(few) <= COMBINATIONS:
        yield from together(few)
    # Too many open cells for every combination: two patterns of few values, alternating.
    if size(few) > COMBINATIONS:
        most = max(len(one) for one in few)
        for a, b in itertools.product(range(most), repeat=2):
            row = [one[(a if n % 2 else b) % len(one)] for n, one in enumerate(few)]
            yield dict(zip(ids, row, strict=True))
    for n, one in enumerate(parts):
        # Along one open cell, the others at a few values.
        runs = one.special + one.dense
        others = [*few[:n], [], *few[n + 1 :]]
        if size(others) * len(runs) <= 5 * COMBINATIONS:
            yield from together([*few[:n], runs, *few[n + 1 :]])
        else:
            for pick in (0, -1, len(few[0]) // 2):
                fixed = [[other[pick % len(other)]] for other in few]
                yield from together([*fixed[:n], runs, *fixed[n + 1 :]])
    for line in range(2):
        for step in range(DIAGONAL_STEPS + 1):
            yield {one.part.id: one.diagonal[line][step] for one in parts}


def grade_case(case: Case, as_of: date | None, timing_end: date | None) -> Result:
    # As it stands: what is open counts as the lowest and shuts no gate.
    now = judge_case(case, {})
    opened = [(part, open_attempts(case, part, as_of, timing_end)) for part in case.policy.leaves()]
    parts = [open_part(case, part, attempts) for part, attempts in opened if attempts]
    if not parts:
        return finish(now, now.status, now.grade, now.reasons, None)

    seen: set[tuple[str, int | None]] = set()
    always: set[str] | None = None  # the parts whose gate stays shut whatever comes
    last: list[tuple[str, str]] = []
    for assumed in possibilities(parts):
        # Many of them come more than once.
        outcome = case.known.of(("case",), list(assumed.values()), partial(judge_case, case, assumed))
        seen.add((outcome.status, outcome.grade))
        shut = {part for part, _ in outcome.reasons}
        always = shut if always is None else always & shut
        last = outcome.reasons
    grades = sorted({grade for _, grade in seen if grade is not None})
    if len(seen) > 1 or not grades:
        # Something open could change the result: no grade, but a range of every grade still reachable.
        return finish(now, "incomplete", None, [] if grades else now.reasons, grades or None)
    (status, grade) = next(iter(seen))
    # A failed gate that nothing open can repair is `failed`. Its reasons are the gates that stay shut whatever
    # comes, each with its code as things stand; the same with demands that stay unmet, also where the student passes.
    reasons = [reason for reason in now.reasons if reason[0] in (always or set())]
    reasons += [r for r in last if r[0] in (always or set()) - {part for part, _ in reasons}]
    if status == "failed":
        reasons = reasons or now.reasons or last
    return finish(now, status, grade, reasons, None)


def finish(
    now: Outcome, status: str, grade: int | None, reasons: list[tuple[str, str]], reach: list[int] | None
) -> Result:
    incomplete = status == "incomplete"
    return Result(
        status=status,
        grade=grade,
        # The exact value is computed even where a gate failed; null when incomplete or nothing is weighed.
        exact=None if incomplete else now.exact,
        rounded=None if incomplete else now.rounded,
        raised_to_pass=now.raised_to_pass and status == "graded",
        reasons=list(reasons),
        range=reach,
        values=now.values,
        states=now.states,
        deducted=now.deducted,
    )


def grade_class(
    assessment: dict[str, Any],
    students: list[dict[str, Any]],
    *,
    group_scores: dict[str, dict[str, list[dict[str, Any]]]] | None = None,
    peer_marks: list[dict[str, Any]] | None = None,
    timezone: str = "Europe/Helsinki",
    as_of: date | None = None,
    timing_end: date | None = None,
) -> dict[str, Result]:
    """Grade every student of a class."""
    policy = read_policy(assessment, timezone)
    effects = all_peer_effects(policy, students, peer_marks)
    known = {part.id for part in policy.leaves()}
    results: dict[str, Result] = {}
    for student in students:
        name = str(student["student"])
        if name in results:
            raise ValueError(f"duplicate student: {name}")
        own = student.get("cells") or {}
        shared = (group_scores or {}).get(str(student.get("group")), {}) if student.get("group") is not None else {}
        for part_id in [*own, *shared]:
            if part_id not in known:
                raise ValueError(f"no such part with a cell: {part_id}")
        attempts = {
            part.id: read_attempts(part, own.get(part.id) or [], shared.get(part.id) or [], policy)
            for part in policy.leaves()
        }
        mine = {part.id: effects[name, part.id] for part in policy.leaves() if (name, part.id) in effects}
        case = Case(policy, attempts, mine, adjustment(student, policy), sessions_of(student))
        results[name] = grade_case(case, as_of, timing_end)
    return results


# ------------------------------------------------------------------------------------------------
# Self-test
# ------------------------------------------------------------------------------------------------


def _try(score: Any = None, submitted: Any = None, due: Any = None) -> dict[str, Any]:
    return {"score": score, "submitted": submitted, "due": due}


def _student(
    name: str = "001", group: str | None = None, activity: str | None = None, attended: int | None = None, **cells: Any
) -> dict[str, Any]:
    """A cell is a score, a triple (score, submitted, due), or a list of those for several attempts."""

    def one(cell: Any) -> dict[str, Any]:
        return _try(*cell) if isinstance(cell, tuple) else _try(cell)

    return {
        "student": name,
        "group": group,
        "activity": activity,
        "attended": attended,
        "cells": {
            part: [one(cell) for cell in (said if isinstance(said, list) else [said])] for part, said in cells.items()
        },
    }


def _one(assessment: dict[str, Any], student: dict[str, Any], **more: Any) -> Result:
    return grade_class(assessment, [student], **more)[student["student"]]


def _equal(found: object, wanted: object, what: str) -> None:
    if found != wanted:
        raise AssertionError(f"{what}: found {found!r}, wanted {wanted!r}")


def _raises(what: str, assessment: dict[str, Any], student: dict[str, Any], **more: Any) -> None:
    try:
        _one(assessment, student, **more)
    except ValueError:
        return
    raise AssertionError(f"{what}: no error")


def _run_2024() -> dict[str, Any]:
    return {
        "evaluation_scale": "H-5",
        "parts": [
            {"id": "group_work", "weight": 40, "by": "group", "due": "2024-03-04 23:59"},
            {"id": "individual", "weight": 40, "due": "2024-03-11 23:59"},
            {"id": "exam", "weight": 20, "retakes": 2},
            {"id": "peer_review", "graded": "pass-fail"},
        ],
        "late": {"deduct": Decimal("0.5"), "per": "day", "not_below": 1, "closes": "7 d"},
        "activity": {"levels": {"active": Decimal("0.5"), "passive": Decimal("-0.5")}},
    }


def _test_worked_examples() -> None:
    two_late = "2024-03-06 00:30"
    one_late = "2024-03-05 10:12"
    below = ("individual", "below-minimum")
    missing_exam = ("exam", "not-submitted")
    missing_review = ("peer_review", "not-submitted")
    table: list[tuple[str, Any, Any, Any, str, str | None, str | None, int | None, list[tuple[str, str]]]] = [
        ("plain", "4", "3", "5", "HYV", None, "3.8", 4, []),
        ("exactly half", "3", "4", "3.5", "HYV", None, "3.5", 4, []),
        ("just under", "3", "4", "3,4", "HYV", None, "3.48", 3, []),
        ("active", "3", "3", "3", "HYV", "active", "3.5", 4, []),
        ("passive", "3", "3", "3", "HYV", "passive", "2.5", 3, []),
        ("peer review missing", "5", "5", "5", "-", "active", "5", 0, [missing_review]),
        ("two reasons", "5", "0", "-", "HYV", None, "2", 0, [below, missing_exam]),
        ("late two days", ("4", two_late), "4", "4", "HYV", None, "3.6", 4, []),
        ("late, floor", ("1", one_late), "1", "1", "HYV", "passive", "1", 1, []),
        ("excused exam", "4", "3", "EX", "HYV", None, "3.5", 4, []),
        ("not graded yet", "4", "4", "?", "HYV", None, None, None, []),
        ("retake", "3", "3", ["0", "4"], "HYV", None, "3.2", 3, []),
    ]
    for what, work, own, exam, review, activity, exact, grade, reasons in table:
        student = _student(activity=activity, group_work=work, individual=own, exam=exam, peer_review=review)
        result = _one(_run_2024(), student)
        _equal(result.exact, None if exact is None else Fraction(exact), what)
        _equal(result.grade, grade, what)
        _equal(result.reasons, reasons, what)
        status = "incomplete" if grade is None else "failed" if reasons else "graded"
        _equal(result.status, status, what)
        _equal(result.range, [0, 3, 4] if grade is None else None, what)
    floor_case = _one(
        _run_2024(), _student(group_work=("1", one_late), individual="1", exam="1", peer_review="x", activity="passive")
    )
    _equal(floor_case.values["group_work"], Fraction(1), "late, floor")
    _equal(floor_case.deducted["group_work"], [Fraction(1, 2)], "late, floor")

    run_2023: dict[str, Any] = {
        "evaluation_scale": "H-5",
        "parts": [
            {"id": "group_work", "weight": 50},
            {"id": "exam", "weight": "50 %"},
            {"id": "individual", "graded": "pass-fail"},
        ],
    }
    passed = _one(run_2023, _student(group_work="4", exam="3", individual="HYV"))
    _equal((passed.exact, passed.grade, passed.status), (Fraction(7, 2), 4, "graded"), "2023, passed")
    failed = _one(run_2023, _student(group_work="4", exam="3", individual="hylätty"))
    _equal((failed.exact, failed.grade, failed.status), (Fraction(7, 2), 0, "failed"), "2023, failed")
    _equal(failed.reasons, [("individual", "failed")], "2023, failed")


def _single(scale: Any = "0-5", **keys: Any) -> dict[str, Any]:
    """A policy of one part `a`; keys of the assessment are written with a leading `top_`."""
    part = {"id": "a", **{key: value for key, value in keys.items() if not key.startswith("top_")}}
    rest = {key.removeprefix("top_"): value for key, value in keys.items() if key.startswith("top_")}
    return {"evaluation_scale": scale, "parts": [part], **rest}


def _value(assessment: dict[str, Any], *cell: Any) -> Fraction | None:
    return _one(assessment, _student(a=tuple(cell))).values["a"]


def _test_late() -> None:
    late: dict[str, Any] = {"deduct": Decimal("0.5"), "per": "day", "not_below": 0, "closes": "7 d"}
    due = "2024-03-04 23:59"
    policy = _single(due=due, late=late)
    for came, value in [
        ("2024-03-04 23:59", "4"),
        ("2024-03-04 23:59:01", "3.5"),
        ("5.3.2024 23.59", "3.5"),  # exactly 24 h late is one day
        ("2024-03-05 23:59:01", "3"),  # one second more is two
        ("2024-03-06 00:30", "3"),  # value 4, 2 started days, 4 − 1 = 3
        ("2024-03-05T21:59:00Z", "3.5"),
        ("2024-03-05T23:59:00+02:00", "3.5"),
        ("2024-03-11 23:59", "0.5"),
        ("2024-03-01", "4"),
    ]:
        _equal(_value(policy, "4", came), Fraction(value), f"late {came}")
    closed = _one(policy, _student(a=("4", "2024-03-11 23:59:01")))
    _equal((closed.states["a"], closed.reasons, closed.grade), ("closed", [("a", "closed")], 0), "closed")
    _raises("no clock", policy, _student(a=("4", "2024-03-04")))
    # An extension is a new deadline, and a due without a clock ends that day.
    _equal(_value(policy, "4", "2024-03-06 00:30", "2024-03-05"), Fraction("3.5"), "extension")
    _equal(_value(policy, "4", "2024-03-05 23:59:30", "5.3.2024"), Fraction(4), "extension")
    _raises("earlier than the part's", policy, _student(a=("4", "2024-03-01 10:00", "2024-03-02")))

    # Clock changes: in Finland 31 March 2024 has 23 hours and 27 October 25.
    for due, came, days, hours in [
        ("2024-03-30 23:59", "2024-03-31 23:59", 1, 23),
        ("2024-03-30 23:59", "2024-03-31 23:59:01", 2, 24),
        ("2024-10-26 23:59", "2024-10-27 23:59", 1, 25),
        ("2024-10-26 23:59", "2024-10-28 00:00", 2, 26),
        ("2024-10-27 02:30", "2024-10-27T03:30:00+02:00", 1, 2),
        ("2024-03-31 02:30", "2024-03-31 04:30", 1, 1),
    ]:
        for per, units in (("day", days), ("hour", hours)):
            rule: dict[str, Any] = {"deduct": Decimal("0.1"), "per": per, "not_below": 0}
            _equal(_value(_single(due=due, late=rule), "5", came), 5 - Fraction(units, 10), f"{per} {came}")
    weekly = _single(due="2024-03-25 12:00", late={"deduct": 1, "per": "week", "not_below": 0})
    _equal(_value(weekly, "5", "2024-04-01 12:00"), Fraction(4), "a week over the clock change")
    _equal(_value(weekly, "5", "2024-04-01 12:00:01"), Fraction(3), "a week and a second")

    # Grace is a threshold; past it units count from the deadline.
    due = "2024-03-04 23:59"
    graceful = _single(due=due, late={"deduct": 1, "per": "hour", "grace": "90 min", "not_below": 0})
    _equal(_value(graceful, "5", "2024-03-05 01:29"), Fraction(5), "within grace")
    _equal(_value(graceful, "5", "2024-03-05 01:30"), Fraction(3), "past grace")
    # Tables, the largest deduction, the default floor.
    table = _single(due=due, late={"deduct": [Decimal("0.5"), 1, 2], "per": "day"})
    for came, value in [("05 10:00", "4.5"), ("06 10:00", "4"), ("07 10:00", "3"), ("20 10:00", "3")]:
        _equal(_value(table, "5", f"2024-03-{came}"), Fraction(value), "table")
    _equal(_value(table, "2,5", "2024-03-07 10:00"), Fraction(1), "the floor is the pass grade")
    _equal(_value(table, "0.5", "2024-03-07 10:00"), Fraction(1, 2), "the floor does not lift")
    strict = _single(minimum=2, due=due, late={"deduct": 1, "per": "day"})
    _equal(_value(strict, "4", "2024-03-15 10:00"), Fraction(2), "the floor is the minimum")
    capped = _single(due=due, late={"deduct": 1, "per": "day", "at_most": 2, "not_below": 0})
    _equal(_value(capped, "5", "2024-03-15 10:00"), Fraction(3), "at most 2")
    earned = _single(due=due, late={"deduct": "10 %", "of": "earned", "per": "day", "not_below": 0})
    _equal(_value(earned, "4", "2024-03-06 10:00"), Fraction("3.2"), "percent of earned")
    of_max = _single(due=due, late={"deduct": "10 %", "of": "max", "per": "day", "not_below": 0})
    _equal(_value(of_max, "4", "2024-03-06 10:00"), Fraction(3), "percent of max")
    _raises("percent of what", _single(due=due, late={"deduct": "10 %", "per": "day"}), _student(a="4"))
    _raises("table falls", _single(due=due, late={"deduct": [2, 1]}), _student(a="4"))
    _raises("neither deduct nor closes", _single(due=due, late={"per": "day"}), _student(a="4"))
    # A part's own rule, and none.
    mixed = {
        "evaluation_scale": "0-5",
        "late": {"deduct": 1, "per": "day"},
        "parts": [{"id": "a", "due": due, "late": "none"}, {"id": "b", "due": due}],
    }
    both = _one(mixed, _student(a=("5", "2024-03-05 10:00"), b=("5", "2024-03-05 10:00")))
    _equal((both.values["a"], both.values["b"]), (Fraction(5), Fraction(4)), "late: none")
    # A late pass-fail part knows only `closes`.
    review = _single(graded="pass-fail", due=due, late={"deduct": 1, "per": "day", "closes": "2 d"}, required=False)
    _equal(_one(review, _student(a=("x", "2024-03-06 10:00"))).states["a"], "passed", "late pass-fail")
    _equal(_one(review, _student(a=("x", "2024-03-07 10:00"))).states["a"], "closed", "closed pass-fail")


def _test_free_budgets() -> None:
    def policy(spend: str, weights: tuple[int, int, int] = (20, 40, 40)) -> dict[str, Any]:
        return {
            "evaluation_scale": "0-5",
            "rounding": "down",
            "late": {"deduct": 1, "per": "day", "not_below": 0, "free": {"budget": "2 d", "spend": spend}},
            "parts": [
                {"id": "a", "weight": weights[0], "due": "2024-03-01 12:00"},
                {"id": "b", "weight": weights[1], "due": "2024-03-08 12:00"},
                {"id": "c", "weight": weights[2], "due": "2024-03-15 12:00", "retakes": [{"due": "2024-04-01 12:00"}]},
            ],
        }

    late = _student(
        a=("5", "2024-03-02 12:00"),  # one day
        b=("5", "2024-03-10 12:00"),  # two days
        c=("5", "2024-03-16 12:00"),  # one day
    )
    in_order = _one(policy("in-order"), late)
    _equal([in_order.values[p] for p in "abc"], [Fraction(5), Fraction(4), Fraction(4)], "in order")
    helped = _one(policy("where-it-helps"), late)
    _equal([helped.values[p] for p in "abc"], [Fraction(4), Fraction(5), Fraction(4)], "ties: earlier deadline")
    _equal(helped.exact, Fraction("4.4"), "where it helps")
    # Closed ones and zeros spend in order, and never where it helps.
    zero = _student(a=("0", "2024-03-03 12:00"), b=("5", "2024-03-10 12:00"), c="5")
    _equal(_one(policy("in-order"), zero).values["b"], Fraction(3), "zeros spend")
    _equal(_one(policy("where-it-helps"), zero).values["b"], Fraction(5), "zeros need nothing")
    closing = policy("in-order")
    closing["late"]["closes"] = "3 d"
    shut = _student(a=("5", "2024-03-05 12:00"), b=("5", "2024-03-10 12:00"), c="5")
    _equal(_one(closing, shut).values["b"], Fraction(3), "closed ones spend")
    _equal(_one(closing, shut).states["a"], "closed", "closes counts from the deadline regardless")
    # Later attempts pay for their lateness.
    retaken = _student(a="5", b="5", c=[("1", None), ("5", "2024-04-02 12:00")])
    _equal(_one(policy("in-order"), retaken).values["c"], Fraction(4), "only first attempts")


def _test_attempts() -> None:
    _equal(_value_of(_single(retakes=2), ["2", "4", "3"]), Fraction(4), "best")
    _equal(_value_of(_single(retakes=2, attempt="latest"), ["2", "4", "3"]), Fraction(3), "latest")
    _equal(_value_of(_single(retakes=2, attempt="latest"), ["2", "4", "-"]), Fraction(4), "latest submitted")
    _equal(_value_of(_single(retakes=2, retake_at_most=3), ["2", "5"]), Fraction(3), "retakes are cut")
    _equal(_value_of(_single(retakes=2, retake_at_most=3), ["4", "5"]), Fraction(4), "the first is not cut")
    _equal(_value_of(_single(retakes=1), ["H", "2"]), Fraction(2), "failed, then passed")
    # A retake without a deadline is never late; with one it is.
    late = {"deduct": 1, "per": "day", "not_below": 0, "closes": "3 d"}
    loose = _single(retakes=1, due="2024-03-01", late=late)
    _equal(_value_of(loose, [("0", None), ("4", "2024-06-01 10:00")]), Fraction(4), "never late")
    dated = _single(retakes=[{"due": "2024-04-01 12:00"}], due="2024-03-01", late=late)
    _equal(_value_of(dated, [("0", None), ("4", "2024-04-01 12:01")]), Fraction(3), "late retake")
    own = _value_of(dated, [("0", None), ("4", "2024-04-03 12:00", "2024-04-02 12:00")])
    _equal(own, Fraction(3), "own deadline of a retake")
    _equal(_value_of(dated, [("1", None), ("4", "2024-04-05 12:01")]), Fraction(1), "closed retake")


def _value_of(assessment: dict[str, Any], cells: list[Any]) -> Fraction | None:
    return _one(assessment, _student(a=cells)).values["a"]


def _test_conversion() -> None:
    steps = _single(graded="points", max=40, boundaries=[20, 24, 28, 32, 36])
    for score, value in [("0", 0), ("19.9", 0), ("20", 1), ("27,99", 2), ("36", 5), ("40", 5)]:
        _equal(_value(steps, score), Fraction(value), f"boundaries {score}")
    line = _single(graded="points", max=50, linear={1: "50 %", 5: "90 %"})
    for score, exact in [("24.9", "0"), ("25", "1"), ("30", "2"), ("32.5", "2.5"), ("45", "5"), ("50", "5")]:
        _equal(_value(line, score), Fraction(exact), f"linear {score}")
    _raises("off the scale", steps, _student(a="41"))
    _raises("off the scale", _single(), _student(a="5.1"))
    _raises("exponent", _single(), _student(a="1e0"))
    # `40 %` means of the raw max.
    gate = _single(graded="points", max=50, linear={1: "20 %", 5: "90 %"}, minimum="40 %")
    _equal(_one(gate, _student(a="19.9")).reasons, [("a", "below-minimum")], "raw minimum")
    _equal(_one(gate, _student(a="20")).reasons, [], "raw minimum")
    # Scales.
    own: dict[str, Any] = {"values": ["U", "G", "VG"], "passes_from": "G"}
    _equal(_one(_single(own), _student(a="VG")).grade, 2, "own labels")
    _equal(_one(_single(own), _student(a="U")).reasons, [("a", "below-minimum")], "own labels")
    letters: dict[str, Any] = {"values": ["H", "S", "X"], "passes_from": "S"}
    _equal(_one(_single(letters), _student(a="S")).grade, 1, "a label wins over a word")
    _equal(_one(_single("4-10"), _student(a="7.5")).grade, 8, "4-10")
    _equal(_one(_single("4-10"), _student(a="4,9")).grade, 4, "4-10 below the pass grade")
    _raises("bare H", _single("4-10"), _student(a="H"))
    _equal(_one(_single("4-10"), _student(a="fail")).grade, 4, "fail under 4-10")
    _equal(_one(_single("4-10", graded="pass-fail"), _student(a="H")).reasons, [("a", "failed")], "H in pass-fail")
    gates = {"evaluation_scale": "pass-fail", "parts": [{"id": "a"}, {"id": "b", "required": False}]}
    _equal(_one(gates, _student(a="S")).grade, 1, "pass-fail scale")
    _equal(_one(gates, _student(a="-", b="x")).grade, 0, "pass-fail scale")
    _equal(_one(gates, _student(a="?", b="x")).range, [0, 1], "pass-fail scale, open")
    for how, grade in [("half-up", 3), ("down", 2), ("up", 3), ("half-even", 2)]:
        _equal(_one(_single(top_rounding=how), _student(a="2.5")).grade, grade, how)
    raised = _one(_single(minimum=0), _student(a="0.2"))
    _equal((raised.grade, raised.rounded, raised.raised_to_pass), (1, 0, True), "raised to pass")
    total = _one(_single(minimum=0, top_may_fail=True), _student(a="0.2"))
    _equal((total.grade, total.status, total.reasons), (0, "failed", [("", "below-boundary")]), "may fail")


def _test_nesting() -> None:
    tree: dict[str, Any] = {
        "evaluation_scale": "0-5",
        "parts": [
            {
                "id": "work",
                "weight": 60,
                "parts": [{"id": "a", "weight": 50, "required": True}, {"id": "b", "weight": 50}],
            },
            {"id": "exam", "weight": 40},
            {"id": "extra", "weight": 10, "bonus": True},
        ],
    }
    full = _one(tree, _student(a="3", b="4", exam="5", extra="5"))
    _equal((full.exact, full.values["work"], full.grade), (Fraction("4.6"), Fraction("3.5"), 5), "nested")
    lacking = _one(tree, _student(a="3", exam="5"))
    _equal((lacking.exact, lacking.reasons), (Fraction("2.9"), []), "a missing child counts as the lowest")
    broken = _one(tree, _student(b="5", exam="5"))
    _equal(broken.reasons, [("a", "not-submitted"), ("work", "failed")], "a required child fails its parent")
    _equal((broken.exact, broken.grade), (Fraction("3.5"), 0), "a required child fails its parent")
    neither = _one(tree, _student(exam="5"))
    _equal(neither.reasons, [("a", "not-submitted"), ("work", "not-submitted")], "no child submitted")
    let_off = _one(tree, _student(a="EX", b="AHOT", exam="4"))
    _equal((let_off.exact, let_off.states["work"], let_off.grade), (Fraction(4), "excused", 4), "every child excused")
    half = _one(tree, _student(a="EX", b="2", exam="4"))
    _equal(half.values["work"], Fraction(2), "one child excused")
    nothing = _one(tree, _student(a="RPL", b="AHOT", exam="EX"))
    found = (nothing.status, nothing.reasons, nothing.range)
    _equal(found, ("incomplete", [("", "nothing-to-weigh")], None), "nothing")
    _equal(nothing.states["work"], "recognised", "recognised")

    weekly: dict[str, Any] = {
        "evaluation_scale": "0-5",
        "parts": [{"id": "tasks", "drop_lowest": 1, "parts": [{"id": f"t{n}"} for n in range(4)]}],
    }
    _equal(_one(weekly, _student(t0="1", t1="5", t2="4", t3="3")).exact, Fraction(4), "drop the lowest")
    _equal(_one(weekly, _student(t0="EX", t1="5", t2="4", t3="1")).exact, Fraction(9, 2), "excused are not dropped")
    _equal(_one(weekly, _student(t0="EX", t1="EX", t2="EX", t3="2")).exact, Fraction(2), "one stays")
    weekly["parts"][0].pop("drop_lowest")
    weekly["parts"][0]["best"] = 2
    _equal(_one(weekly, _student(t0="1", t1="5", t3="4")).exact, Fraction(9, 2), "best two")
    _raises("sum of weights", {"evaluation_scale": "0-5", "parts": [{"id": "a", "weight": 90}]}, _student(a="1"))
    some = {"evaluation_scale": "0-5", "parts": [{"id": "a", "weight": 100}, {"id": "b"}]}
    _raises("some with and some without", some, _student(a="1"))


def _test_activity() -> None:
    levels = {"levels": {"active": Decimal("0.5"), "passive": -2}}
    policy = _single(top_activity=levels)
    _equal(_one(policy, _student(a="4.8", activity="active")).exact, Fraction(5), "the top holds")
    _equal(_one(policy, _student(a="2.4", activity="passive")).exact, Fraction(1), "the pass grade holds")
    _equal(_one(policy, _student(a="0.6", activity="passive")).exact, Fraction("0.6"), "nothing below the mean")
    _equal(_one(policy, _student(a="3")).exact, Fraction(3), "no level")
    bands = [
        {"from": "90 %", "adjust": Decimal("0.5")},
        {"from": "50 %", "adjust": 0},
        {"from": "0 %", "adjust": Decimal("-0.5")},
    ]
    attendance = _single(top_activity={"attendance": {"of": 8, "bands": bands}})
    for attended, exact in [(8, "3.5"), (7, "3"), (4, "3"), (3, "2.5"), (None, "3")]:
        _equal(_one(attendance, _student(a="3", attended=attended)).exact, Fraction(exact), f"attended {attended}")


def _test_percent() -> None:
    policy: dict[str, Any] = {
        "evaluation_scale": "0-5",
        "basis": "percent",
        "boundaries": [50, 60, 70, 80, 90],
        "late": {"deduct": "10 %", "of": "max", "per": "day"},
        "parts": [
            {"id": "exam", "weight": 50, "graded": "points", "max": 40, "due": "2024-03-01"},
            {"id": "essay", "weight": 50},
            {"id": "extra", "graded": "points", "max": 10, "weight": 5, "bonus": True},
        ],
    }
    plain = _one(policy, _student(exam="30", essay="4"))
    _equal((plain.values["exam"], plain.values["essay"]), (Fraction(75), Fraction(80)), "percent values")
    _equal((plain.exact, plain.grade), (Fraction("77.5"), 3), "percent")
    _equal(_one(policy, _student(exam="30", essay="4", extra="5")).grade, 4, "bonus lifts over a boundary")
    low = _one(policy, _student(exam="10", essay="2"))
    _equal((low.grade, low.status, low.reasons), (0, "failed", [("", "below-boundary")]), "below the first boundary")
    zero = _one(policy, _student(exam="40", essay="0"))
    _equal((zero.grade, zero.status), (1, "graded"), "the default minimum is 0")
    late = _one(policy, _student(exam=("2", "2024-03-02 10:00"), essay="5"))
    _equal(late.values["exam"], Fraction(0), "the default floor is 0")
    over = _one(policy, _student(exam="40", essay="5", extra="10"))
    _equal((over.exact, over.grade), (Fraction(105), 5), "past 100")
    pass_fail = {
        "evaluation_scale": "pass-fail",
        "basis": "percent",
        "boundaries": [60],
        "parts": [{"id": "a", "graded": "points", "max": 30}],
    }
    _equal(_one(pass_fail, _student(a="18")).grade, 1, "one boundary")
    _equal(_one(pass_fail, _student(a="17.99")).grade, 0, "one boundary")


def _test_peers() -> None:
    def policy(**peer: Any) -> dict[str, Any]:
        return {
            "evaluation_scale": "0-5",
            "parts": [{"id": "work", "by": "group", "peer": {"method": "webpa", "weight": "50 %", **peer}}],
        }

    names = ["001", "002", "003", "004"]
    students = [_student(name, "A") for name in names]
    scores = {"A": {"work": [_try("3")]}}

    def marks(rows: dict[tuple[str, str], tuple[str, str]]) -> list[dict[str, Any]]:
        return [{"from": a, "to": b, "marks": {"effort": x, "ideas": y}} for (a, b), (x, y) in rows.items()]

    def values(rows: dict[tuple[str, str], tuple[str, str]], **peer: Any) -> list[Fraction | None]:
        found = grade_class(policy(**peer), students, group_scores=scores, peer_marks=marks(rows))
        return [found[name].values["work"] for name in names]

    pairs = [(a, b) for a in names for b in names if a != b]
    even = dict.fromkeys(pairs, ("2", "1,0"))
    _equal(values(even), [Fraction(3)] * 4, "equal marks")
    # 001 gets twice the marks of the others from everybody: a half from each of three markers, while
    # each other gets a quarter from two and a third from 001.
    skewed = {(a, b): (("2", "2") if b == "001" else ("1", "1")) for a, b in pairs}
    first = Fraction(3, 2)
    other = Fraction(1, 4) * 2 + Fraction(1, 3)
    wanted = [3 * (Fraction(1, 2) + factor / 2) for factor in (first, other, other, other)]
    _equal(values(skewed), wanted, "webpa")
    bounded = values(skewed, at_most=Decimal("0.3"))
    _equal(bounded, [Fraction("3.3")] + [Fraction(11, 4)] * 3, "at most")
    # A silent member: neutral counts as equal marks, excluded leaves it out.
    quiet = {pair: mark for pair, mark in even.items() if pair[0] != "004"}
    _equal(values(quiet), [Fraction(3)] * 4, "silent, neutral")
    left_out = values(quiet, silent="excluded")
    _equal(left_out[3], 3 * (Fraction(1, 2) + Fraction(4, 3) / 2), "silence pays")
    _equal(left_out[0], 3 * (Fraction(1, 2) + Fraction(8, 9) / 2), "silence pays")
    _equal(values(quiet, penalty="10 %"), [Fraction(3)] * 3 + [Fraction("2.7")], "penalty")
    zeros = {pair: (("0", "0") if pair[0] == "004" else mark) for pair, mark in even.items()}
    _equal(values(zeros, penalty="10 %")[3], Fraction("2.7"), "all-zero marks count as silent")
    # Own marks.
    selves = {**even, **{(a, a): ("9", "9") for a in names}}
    _equal(values(selves), [Fraction(3)] * 4, "own marks dropped")
    _equal(values(selves, self=True), [Fraction(3)] * 4, "own marks count")
    # A passing group value is not taken below the pass grade.
    harsh = {(a, b): (("0", "0") if b == "004" else ("1", "1")) for a, b in pairs}
    low_scores = {"A": {"work": [_try("1.5")]}}
    for allowed, value in ((False, Fraction(1)), (True, Fraction("0.75"))):
        found = grade_class(policy(may_fail=allowed), students, group_scores=low_scores, peer_marks=marks(harsh))
        _equal(found["004"].values["work"], value, "may_fail of the peer rule")
    # A member with a cell of its own takes no factor and is neither marker nor marked.
    mixed = [*students[:3], _student("004", "A", work="5")]
    found = grade_class(policy(), mixed, group_scores=scores, peer_marks=marks(skewed))
    _equal(found["004"].values["work"], Fraction(5), "own cell")
    _equal(found["001"].values["work"], 3 * (Fraction(1, 2) + Fraction(4, 3) / 2), "own cell")
    # One member: factor 1.
    lonely = grade_class(policy(penalty="10 %"), students[:1], group_scores=scores, peer_marks=[])
    _equal(lonely["001"].values["work"], Fraction(3), "one member")
    for bad in ({pair: even[pair] for pair in pairs if pair != ("001", "002")}, {("001", "009"): ("1", "1")}):
        try:
            values(bad)
        except ValueError:
            continue
        raise AssertionError("bad peer marks pass")


def _test_groups() -> None:
    policy = _single(by="group", retakes=1, due="2024-03-01 12:00", late={"deduct": 1, "per": "day", "not_below": 0})
    scores = {"A": {"a": [_try("4", "2024-03-02 10:00"), _try("2")]}}
    shared = _one(policy, _student(group="A"), group_scores=scores)
    _equal(shared.values["a"], Fraction(3), "the group's score")
    longer = _one(policy, _student(group="A", a=(None, None, "2024-03-03")), group_scores=scores)
    _equal(longer.values["a"], Fraction(4), "own deadline, the group's score and time")
    own = _one(policy, _student(group="A", a="5"), group_scores=scores)
    _equal(own.values["a"], Fraction(4), "own score, the group's time")
    absent = _one(policy, _student(group="A", a=["-", "-"]), group_scores=scores)
    _equal(absent.states["a"], "missing", "an own statement overrides")
    _equal(_one(policy, _student(group="B"), group_scores=scores).states["a"], "missing", "another group")


def _test_open() -> None:
    run = _run_2024()
    base: dict[str, Any] = {"group_work": "4", "individual": "4", "peer_review": "HYV"}
    came = _one(run, _student(**base, exam=(None, "2024-03-15 10:00")))
    _equal((came.status, came.range, came.states["exam"]), ("incomplete", [0, 3, 4], "ungraded"), "a time, no score")
    hopeless = _one(run, _student(**{**base, "peer_review": "-"}, exam="?"))
    _equal((hopeless.status, hopeless.reasons), ("failed", [("peer_review", "not-submitted")]), "cannot be repaired")
    _equal(hopeless.exact, Fraction("3.2"), "exact of a failed student with an open part")
    two = _one(run, _student(**{**base, "individual": "?"}, exam="?"))
    _equal(two.range, [0, 2, 3, 4, 5], "two open parts")
    retake = _one(run, _student(**base, exam=["0", "?"]))
    _equal(retake.range, [0, 3, 4], "an open retake")
    topped = _one(run, _student(**base, exam=["5", "?"]))
    _equal((topped.status, topped.grade), ("graded", 4), "an open retake that changes nothing")
    # --as-of: deadlines to come, dated retakes to come, undated retakes until the end.
    end = date(2024, 3, 18)
    early = _one(run, _student(**base), as_of=date(2024, 3, 10), timing_end=end)
    _equal((early.status, early.range), ("incomplete", [0, 3, 4]), "undated retakes are open")
    after = _one(run, _student(**base), as_of=date(2024, 3, 19), timing_end=end)
    _equal((after.status, after.grade), ("failed", 0), "after the end")
    due = _one(run, _student(group_work="4", peer_review="x", exam="3"), as_of=date(2024, 3, 11), timing_end=end)
    _equal((due.status, due.range), ("incomplete", [0, 3, 4, 5]), "the deadline is still to come")
    over = _one(run, _student(group_work="4", peer_review="x", exam="3"), as_of=date(2024, 3, 12), timing_end=end)
    _equal((over.status, over.reasons), ("failed", [("individual", "not-submitted")]), "the deadline has passed")
    dated = _single(retakes=[{"due": "2024-04-01"}])
    _equal(_one(dated, _student(a="2"), as_of=date(2024, 4, 1)).range, [2, 3, 4, 5], "a dated retake")
    _equal(_one(dated, _student(a="2"), as_of=date(2024, 4, 2)).grade, 2, "a dated retake gone by")


def _self_test() -> None:
    _test_worked_examples()
    _test_late()
    _test_free_budgets()
    _test_attempts()
    _test_conversion()
    _test_nesting()
    _test_activity()
    _test_percent()
    _test_peers()
    _test_groups()
    _test_open()


if __name__ == "__main__":
    _self_test()
    print("reference: every example of the contract and every own check holds")
