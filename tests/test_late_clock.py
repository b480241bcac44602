"""How late something came: the table of marks against the words of the contract (5.1), reckoned anew each time.

:class:`Contract` is its sentence: the least n with submitted ≤ due + n × per, compared as instants; days and weeks
move the local date. It asks the time zone for every step, and knows no table.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, timezone
from fractions import Fraction
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kurssi.grading.lateness import ON_TIME, LateClock, Lateness, by_export
from kurssi.policy.model import Late
from kurssi.values.hours import Length
from kurssi.values.times import When, read_when
from strategies import examples

ZONES = (
    "Europe/Helsinki",
    "America/New_York",
    "Australia/Lord_Howe",  # half an hour
    "Asia/Kathmandu",  # no change, and not of whole hours
    "Africa/Casablanca",  # back for a month each year
    "UTC",
)
TICK = timedelta(microseconds=1)


# ---- the contract, word by word ----------------------------------------------------------------------------


def readings(wall: datetime, zone: ZoneInfo) -> list[datetime]:
    """The instants that a local time may be, ascending: two where the clock skips it or runs it twice."""
    return sorted(wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))


def came(submitted: When, zone: ZoneInfo) -> datetime:
    """The instant of a hand-in: in doubt the earlier."""
    return submitted.at.astimezone(UTC) if submitted.at.tzinfo else readings(submitted.at, zone)[0]


def moved(due: When, zone: ZoneInfo, number: int, unit: str) -> datetime:
    """The instant of a deadline, and so many units after it: in doubt the later."""
    wall = due.at if due.clock else datetime.combine(due.at.date(), time.max)
    if number and unit in ("d", "w"):
        local = wall.astimezone(zone) if wall.tzinfo else wall
        day = local.date() + timedelta(days=number * {"d": 1, "w": 7}[unit])
        return readings(datetime.combine(day, local.time()), zone)[1]
    instant = wall.astimezone(UTC) if wall.tzinfo else readings(wall, zone)[1]
    return instant + number * {"min": timedelta(minutes=1), "h": timedelta(hours=1)}.get(unit, timedelta(0))


def after(due: When, zone: ZoneInfo, length: Length) -> datetime:
    """A length of time after a deadline."""
    return moved(due, zone, length.number, length.unit)


class Contract:
    """What it says of a rule and a deadline: each end of a unit is reckoned from the deadline, and only once."""

    def __init__(self, rule: Late, due: When, zone: ZoneInfo) -> None:
        self.rule, self.due, self.zone = rule, due, zone
        self.ends: list[datetime] = []

    def end(self, number: int) -> datetime:
        unit = {"hour": "h", "day": "d", "week": "w"}[self.rule.per]
        while len(self.ends) <= number:
            self.ends.append(moved(self.due, self.zone, len(self.ends), unit))
        return self.ends[number]

    def late(self, submitted: When) -> Lateness:
        """The least n with submitted ≤ due + n × per; none within the grace; closed after ``closes``."""
        rule, due, zone, instant = self.rule, self.due, self.zone, came(submitted, self.zone)
        if instant <= self.end(0) or (rule.grace is not None and instant <= after(due, zone, rule.grace)):
            return ON_TIME
        number = 0
        while instant > self.end(number):
            number += 1
        return Lateness(number, rule.closes is not None and instant > after(due, zone, rule.closes))


# ---- rules, deadlines and hand-ins -------------------------------------------------------------------------


def rule_of(per: Any, grace: Length | None = None, closes: Length | None = None) -> Late:
    return Late((), (Fraction(1),), False, None, "per-unit", per, grace, None, False, Fraction(0), closes)


@cache
def changes(name: str) -> tuple[datetime, ...]:
    """The instants of 2024 at which the clock changes, to the minute."""
    zone, at, found = ZoneInfo(name), datetime(2024, 1, 1, tzinfo=UTC), []
    while at.year == 2024:
        later = at + timedelta(days=1)
        if at.astimezone(zone).utcoffset() != later.astimezone(zone).utcoffset():
            minutes = (at + timedelta(minutes=n) for n in range(24 * 60 + 1))
            before = at.astimezone(zone).utcoffset()
            found.append(next(m for m in minutes if m.astimezone(zone).utcoffset() != before))
        at = later
    return tuple(found)


def test_where_the_clock_changes() -> None:
    assert [len(changes(name)) for name in ZONES] == [2, 2, 2, 0, 2, 0]
    first, second = changes("Australia/Lord_Howe")
    at = [c.astimezone(ZoneInfo("Australia/Lord_Howe")) for c in (first - TICK, first, second - TICK, second)]
    assert [f"{c:%H:%M}" for c in at] == ["01:59", "01:30", "01:59", "02:30"]


LENGTHS = [
    Length(n, unit) for n, unit in ((1, "min"), (30, "min"), (1, "h"), (5, "h"), (24, "h"), (25, "h"), (36, "h"))
]
LENGTHS += [Length(n, unit) for n, unit in ((1, "d"), (2, "d"), (7, "d"), (1, "w"), (2, "w"), (0, "d"), (0, "h"))]
lengths = st.none() | st.sampled_from(LENGTHS)
rules = st.builds(rule_of, st.sampled_from(["hour", "day", "week"]), lengths, lengths)
DELTAS = [timedelta(0), TICK, timedelta(seconds=1), timedelta(minutes=15), timedelta(minutes=30), timedelta(hours=1)]
deltas = st.sampled_from([sign * delta for delta in DELTAS for sign in (1, -1)])


def written(instant: datetime, zone: ZoneInfo, how: str) -> When:
    """A time as somebody writes it: on the clock of the wall, or with an offset of its own."""
    if how == "wall":
        return When(instant.astimezone(zone).replace(tzinfo=None), True)
    own = {"UTC": UTC, "zone": timezone(instant.astimezone(zone).utcoffset() or timedelta(0))}
    return When(instant.astimezone(own.get(how, timezone(timedelta(hours=-3, minutes=-30)))), True)


@st.composite
def deadlines(draw: st.DrawFn, name: str) -> When:
    """A deadline on a day near a change of the clock, or any day."""
    zone = ZoneInfo(name)
    near = st.sampled_from([*changes(name), datetime(2024, 2, 28, 22, tzinfo=UTC)])
    instant = draw(near) + draw(deltas) - draw(st.sampled_from([0, 0, 1, 2, 3, 7, 14, 400])) * timedelta(days=1)
    if draw(st.integers(0, 4)) == 0:
        return When(datetime.combine(instant.astimezone(zone).date(), time()), False)
    return written(instant, zone, draw(st.sampled_from(["wall", "wall", "wall", "UTC", "zone", "else"])))


def marks_of(rule: Late, due: When, zone: ZoneInfo, name: str) -> Iterator[datetime]:
    """The instants at which something may begin to be later, and those at which the clock changes."""
    unit = {"hour": "h", "day": "d", "week": "w"}[rule.per]
    yield from (moved(due, zone, number, unit) for number in (0, 1, 2, 3, 4, 5, 23, 24, 25, 49, 60, 80, 97))
    yield from (after(due, zone, length) for length in (rule.grace, rule.closes) if length is not None)
    start = moved(due, zone, 0, "d")
    most = timedelta(days=40 if rule.per == "hour" else 500)
    yield from (change for change in changes(name) if abs(change - start) < most)
    # the ends of the table: 4, 8, 16 … 512 days after the deadline
    yield from (start + timedelta(days=days) for days in (4, 8, 16, 512) if days < 20 or rule.per != "hour")


@st.composite
def cases(draw: st.DrawFn) -> tuple[str, Late, When, list[When]]:
    """A zone, a rule, a deadline, and hand-ins near everything that could matter, and far from it."""
    name = draw(st.sampled_from(ZONES))
    zone, rule, due = ZoneInfo(name), draw(rules), draw(deadlines(name))
    marks = list(marks_of(rule, due, zone, name))
    beyond = (-400, -5, 17, 33) if rule.per == "hour" else (-400, -5, 513, 800)  # what is naive takes its time
    far = [moved(due, zone, 0, "d") + timedelta(days=days) for days in beyond]
    near = st.builds(lambda mark, delta: mark + delta, st.sampled_from(marks), deltas)
    spread = st.timedeltas(timedelta(days=-2), timedelta(days=20)).map(lambda delta: marks[0] + delta)
    instants = draw(st.lists(near | near | near | spread | st.sampled_from(far), min_size=1, max_size=12))
    hows = st.sampled_from(["wall", "wall", "wall", "UTC", "zone", "else"])
    return name, rule, due, [written(instant, zone, draw(hows)) for instant in instants]


@examples(150)
@given(cases())
def test_as_the_contract_says(case: tuple[str, Late, When, list[When]]) -> None:
    name, rule, due, submitted = case
    zone = ZoneInfo(name)
    clock = LateClock(rule, due, zone)
    contract = Contract(rule, due, zone)
    for one in [*submitted, *reversed(submitted)]:
        assert clock.of(one) == contract.late(one), (due, one)
        assert LateClock(rule, due, zone).of(one) == clock.of(one)


@pytest.mark.parametrize("per", ["hour", "day", "week"])
@pytest.mark.parametrize("name", ZONES)
def test_at_each_mark_and_just_beside_it(name: str, per: str) -> None:
    """Deadlines of the days before each change of the clock, at times that it skips or runs twice, and others."""
    zone = ZoneInfo(name)
    rule = rule_of(per, Length(90, "min"), Length(2, "d"))
    for change in changes(name) or (datetime(2024, 3, 31, 1, tzinfo=UTC),):
        for hours in (-49, -25, -24, -1, 0, 1):
            local = (change + timedelta(hours=hours, minutes=-15)).astimezone(zone).replace(tzinfo=None)
            due = When(local, True)
            clock = LateClock(rule, due, zone)
            contract = Contract(rule, due, zone)
            unit = {"hour": "h", "day": "d", "week": "w"}[per]
            marks = [moved(due, zone, n, unit) for n in range(60 if per == "hour" else 5)]
            for mark in [*marks, after(due, zone, Length(90, "min")), after(due, zone, Length(2, "d")), change]:
                for delta in (-TICK, timedelta(0), TICK):
                    for how in ("wall", "UTC"):
                        one = written(mark + delta, zone, how)
                        assert clock.of(one) == contract.late(one), (due, one)


@pytest.mark.parametrize("name", ZONES)
def test_local_times_that_are_skipped_or_run_twice(name: str) -> None:
    """Every quarter of an hour that a clock on the wall, or somebody who does not look at it, may write."""
    zone = ZoneInfo(name)
    for change in changes(name):
        wall = change.astimezone(zone).replace(tzinfo=None)
        written_times = [
            wall + quarter * timedelta(minutes=15) + tick * TICK for quarter in range(-12, 13) for tick in (-1, 0, 1)
        ]
        for minutes in (0, 30, 60, 90, 120, 130):  # before the end of what is skipped; some marks meet it exactly
            due = When(wall - timedelta(days=1, minutes=minutes), True)
            for rule in (rule_of("hour", Length(25, "h")), rule_of("day", None, Length(26, "h")), rule_of("day")):
                clock = LateClock(rule, due, zone)
                contract = Contract(rule, due, zone)
                for one in (When(at, True) for at in written_times):
                    assert clock.of(one) == contract.late(one), (due, one)


def test_the_second_in_which_the_clock_changes() -> None:
    """Found exactly, at whatever second something is due, so that what came just before it is not taken for later."""
    zone, rule = ZoneInfo("Europe/Helsinki"), rule_of("hour")
    for change in changes("Europe/Helsinki"):
        wall = change.astimezone(zone).replace(tzinfo=None)
        for second in range(16):
            due = When(wall - timedelta(days=1, minutes=30, seconds=second), True)
            clock = LateClock(rule, due, zone)
            contract = Contract(rule, due, zone)
            for shift in (timedelta(0), timedelta(hours=-1)):
                for delta in (timedelta(seconds=-1), -TICK, timedelta(0), timedelta(seconds=0.5), timedelta(seconds=1)):
                    one = When(wall + shift + delta, True)
                    assert clock.of(one) == contract.late(one), (due, one)


def test_a_deadline_without_a_clock_ends_that_day() -> None:
    zone = ZoneInfo("Europe/Helsinki")
    clock = LateClock(rule_of("day"), read_when("2024-03-30"), zone)
    for at, units in (
        ("2024-03-30 23:59:59.999999", 0),
        ("2024-03-31 00:00", 1),
        ("2024-03-31 23:59:59.999999", 1),
        ("2024-04-01 00:00", 2),
    ):
        assert clock.of(read_when(at)) == Lateness(units, False)


def test_the_night_on_which_the_clock_changes_costs_nobody_an_hour() -> None:
    """Of the contract: exactly a day late is one day, also where the day has 23 or 25 hours; hours are elapsed time."""
    zone = ZoneInfo("Europe/Helsinki")
    for day, hours in ((date(2024, 3, 30), 23), (date(2024, 10, 26), 25)):
        due = When(datetime.combine(day, time(12)), True)
        next_noon = When(due.at + timedelta(days=1), True)
        assert LateClock(rule_of("day"), due, zone).of(next_noon) == Lateness(1, False)
        assert LateClock(rule_of("day"), due, zone).of(When(next_noon.at + TICK, True)) == Lateness(2, False)
        assert LateClock(rule_of("hour"), due, zone).of(next_noon) == Lateness(hours, False)
        assert LateClock(rule_of("day", None, Length(1, "d")), due, zone).of(next_noon) == Lateness(1, False)


def test_due_in_the_hour_that_runs_twice() -> None:
    """Of the contract: there a deadline is the later instant and a hand-in the earlier, so that 3:59 is before 3:00."""
    clock = LateClock(rule_of("hour"), read_when("2024-10-27 03:00"), ZoneInfo("Europe/Helsinki"))
    for at, units in (("03:00", 0), ("03:00:01", 0), ("03:59:59", 0), ("04:00", 1), ("04:00:01", 2)):
        assert clock.of(read_when(f"2024-10-27 {at}")) == Lateness(units, False)


def test_the_table_grows_in_its_place_and_no_further_than_needed() -> None:
    """Who looks into it by its marks sees what is asked for the first time as well."""
    zone = ZoneInfo("Europe/Helsinki")
    due = read_when("2024-03-04 23:59")
    clock = LateClock(rule_of("day"), due, zone)
    marks, values = clock.marks, clock.values
    assert not marks
    assert clock.of(read_when("2024-03-05 10:00")) == Lateness(1, False)
    assert marks[-1] == due.at + timedelta(days=4)
    assert clock.of(read_when("2024-03-14 00:00")) == Lateness(10, False)
    assert marks[-1] == due.at + timedelta(days=16)
    assert values == [Lateness(units, False) for units in range(17)]
    assert marks == [due.at + timedelta(days=days) for days in range(17)]
    assert not clock.reaches(due.at + timedelta(days=600))
    assert clock.of(When(due.at + timedelta(days=600), True)) == Lateness(600, False)
    assert len(marks) == 17


def test_what_closes_beyond_the_table_is_no_mark_of_it() -> None:
    """Who comes on the first day makes a table of four days; who comes on the sixth is not as late as on the last."""
    due = read_when("2024-03-04 23:59")
    clock = LateClock(rule_of("day", None, Length(2, "w")), due, ZoneInfo("Europe/Helsinki"))
    for days in (1, 6, 14, 15):
        assert clock.of(When(due.at + timedelta(days=days), True)) == Lateness(days, days > 14)


def test_hours_beyond_the_table() -> None:
    """The clock has gone forward meanwhile, and once more back: hours are elapsed time."""
    zone = ZoneInfo("Europe/Helsinki")
    due = read_when("2024-03-04 23:59")
    clock = LateClock(rule_of("hour"), due, zone)
    for days, hours in ((500, 500 * 24 - 1), (600, 600 * 24 - 1), (700, 700 * 24)):
        assert clock.of(When(due.at + timedelta(days=days), True)) == Lateness(hours, False)
        assert clock.of(When(due.at + timedelta(days=days) + TICK, True)) == Lateness(hours + 1, False)


# ---- lateness that a system says ---------------------------------------------------------------------------

UNITS = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(weeks=1)}
ELAPSED = {"min": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


def said(rule: Late, lateness: timedelta) -> Lateness:
    """By the export: the least n with lateness ≤ n × per, of elapsed time."""
    grace, closes = (length and length.number * ELAPSED[length.unit] for length in (rule.grace, rule.closes))
    if lateness <= timedelta(0) or (grace is not None and lateness <= grace):
        return ON_TIME
    number = 0
    while lateness > number * UNITS[rule.per]:
        number += 1
    return Lateness(number, closes is not None and lateness > closes)


@st.composite
def said_cases(draw: st.DrawFn) -> tuple[Late, timedelta]:
    rule = draw(rules)
    marks = [n * UNITS[rule.per] for n in range(5)]
    marks += [length.number * ELAPSED[length.unit] for length in (rule.grace, rule.closes) if length is not None]
    near = st.builds(lambda mark, delta: mark + delta, st.sampled_from(marks), deltas)
    return rule, draw(near | st.timedeltas(timedelta(days=-2), timedelta(days=20)))


@examples(200)
@given(said_cases())
def test_by_export(case: tuple[Late, timedelta]) -> None:
    rule, lateness = case
    assert by_export(rule, lateness) == said(rule, lateness)


@pytest.mark.parametrize("per", ["hour", "day", "week"])
@pytest.mark.parametrize("grace", [None, Length(90, "min"), Length(1, "d"), Length(1, "w")])
def test_by_export_at_each_mark(per: str, grace: Length | None) -> None:
    for closes in (None, Length(2, "h"), Length(2, "d"), Length(2, "w")):
        rule = rule_of(per, grace, closes)
        marks = [n * UNITS[per] for n in range(4)]
        marks += [length.number * ELAPSED[length.unit] for length in (grace, closes) if length is not None]
        for mark in marks:
            for delta in (-TICK, timedelta(0), TICK):
                assert by_export(rule, mark + delta) == said(rule, mark + delta)
