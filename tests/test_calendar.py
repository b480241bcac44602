"""``kurssi plan -o course.ics``: read back by another iCalendar reader (``ical``) than the one that wrote it."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from dateutil import tz
from hypothesis import given
from hypothesis import strategies as st
from ical.calendar_stream import IcsCalendarStream
from ical.event import Event, EventStatus

from kurssi.cli import run
from kurssi.course.check import check
from kurssi.diagnostics.words import Words
from kurssi.reports.plan.calendar import as_calendar
from kurssi.values.times import deadline, read_when
from strategies import examples, yaml_text

ROOT = Path(__file__).parent.parent
PLANS = [ROOT / "implementations" / f"KH00BT03-{year}.yaml" for year in (2023, 2024)]
WORKSHOPS = ROOT / "examples" / "workshops" / "TYOPAJAT-2025.yaml"
HELSINKI = ZoneInfo("Europe/Helsinki")
PLAN = """\
kurssi: 1
course: {code: X, name: "Course; with, signs", credits: 5}
implementation:
  id: X-1
  campus: Main campus
  enrollment: {start: 2024-02-01, end: 2024-03-31}
  timing: {start: 2024-03-18, end: 2024-05-31}
schedule:
  weeks: 12-22
  sessions:
    - {date: 2024-03-28, start: 8:30, hours: 45 min x 3, topic: Before summer time, room: A101}
    - {date: 2024-04-02, start: 8:30, hours: 3, topic: After it}
    - {week: 14, hours: 3, topic: Only a week}
    - {week: 15, start: 9.00, topic: A week and a clock}
    - {date: 2024-04-16, topic: Only a day}
    - {topic: Some day}
assessment:
  evaluation_scale: 0-5
  parts:
    - {id: essay, name: Essay, weight: 50, due: 2024-04-30 23:59}
    - {id: exam, name: Exam, weight: 50, due: 2024-05-14 12:00, retakes: [{due: 2024-05-28}, {due: "2024-06-11 12:00+02:00"}]}
"""  # noqa: E501


def written(path: Path, target: Path, *arguments: str) -> str:
    assert run(["plan", str(path), "-o", str(target), "--lang", "en", *arguments]) == 0
    return target.read_bytes().decode()


def events(text: str) -> dict[str, Event]:
    """The events of a calendar as the other reader sees them, by the last part of their identifier."""
    calendar = IcsCalendarStream.calendar_from_ics(text)
    found = {str(event.uid).removesuffix("@kurssi").removeprefix("X-1-"): event for event in calendar.events}
    assert len(found) == len(calendar.events)
    return found


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "X-1.yaml"
    path.write_text(PLAN)
    return path


def test_the_other_reader_sees_every_event_where_it_belongs(plan: Path, tmp_path: Path) -> None:
    found = events(written(plan, tmp_path / "x.ics"))
    assert {key: event.start for key, event in found.items()} == {
        "enrollment-start": date(2024, 2, 1),
        "session-1": datetime(2024, 3, 28, 8, 30, tzinfo=HELSINKI),
        "enrollment-end": date(2024, 3, 31),
        "session-2": datetime(2024, 4, 2, 8, 30, tzinfo=HELSINKI),
        "session-3": date(2024, 4, 2),  # 1 April is Easter Monday
        "session-4": date(2024, 4, 8),
        "session-5": date(2024, 4, 16),
        "deadline-essay": datetime(2024, 4, 30, 23, 59, tzinfo=HELSINKI),
        "exam-exam": datetime(2024, 5, 14, 12, 0, tzinfo=HELSINKI),
        "retake-exam-2": date(2024, 5, 28),
        "retake-exam-3": datetime(2024, 6, 11, 10, 0, tzinfo=UTC),
    }


def test_times_are_right_on_both_sides_of_a_change_of_the_clock(plan: Path, tmp_path: Path) -> None:
    found = events(written(plan, tmp_path / "x.ics"))
    before, after = found["session-1"], found["session-2"]
    assert before.start_datetime == datetime(2024, 3, 28, 6, 30, tzinfo=UTC)
    assert after.start_datetime == datetime(2024, 4, 2, 5, 30, tzinfo=UTC)
    assert before.computed_duration == timedelta(hours=2, minutes=15)


@pytest.mark.parametrize(
    ("due", "instant"),
    [
        ("2024-03-31 03:30", "2024-03-31T01:30:00+00:00"),  # skipped: as late as the clock can mean it
        ("2024-10-27 03:30", "2024-10-27T01:30:00+00:00"),  # runs twice: the second time
        ("2024-10-27 04:30", "2024-10-27T02:30:00+00:00"),
        ("2024-06-30 12:00Z", "2024-06-30T12:00:00+00:00"),
    ],
)
def test_a_deadline_is_the_instant_that_grading_goes_by(due: str, instant: str, plan: Path, tmp_path: Path) -> None:
    plan.write_text(PLAN.replace("2024-04-30 23:59", f'"{due}"'))
    start = events(written(plan, tmp_path / "x.ics"))["deadline-essay"].start
    assert isinstance(start, datetime)
    assert start.astimezone(UTC).isoformat() == instant
    assert deadline(read_when(due), HELSINKI).isoformat() == instant


def test_what_is_not_known_says_so(plan: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = events(written(plan, tmp_path / "x.ics"))
    told = capsys.readouterr().err
    assert "2 sessions have no date; they stand as whole days on the first teaching day of their week" in told
    assert "1 session has no time of day; it stands as a whole day" in told
    assert "1 session has neither week nor date, or there is no timing: it is not in the calendar" in told
    assert "Only the week is known: this is its first teaching day." in str(found["session-3"].description)
    assert "Starts at 09:00." in str(found["session-4"].description)
    assert "The time of day is not known; look at the timetable." in str(found["session-5"].description)
    assert "known" not in str(found["session-1"].description)
    assert "session-6" not in found


def test_words_places_and_what_blocks_the_day(plan: Path, tmp_path: Path) -> None:
    found = events(written(plan, tmp_path / "x.ics"))
    assert found["session-1"].summary == "Course; with, signs: Before summer time"
    assert found["session-1"].location == "A101, Main campus"
    assert found["retake-exam-2"].summary == "Retake 1: Exam (Course; with, signs)"
    assert found["deadline-essay"].summary == "Deadline: Essay (Course; with, signs)"
    busy = {key for key, event in found.items() if str(event.transparency) == "OPAQUE"}
    assert busy == {"session-1", "session-2"}


def test_there_are_no_alarms_and_lines_are_folded(plan: Path, tmp_path: Path) -> None:
    text = written(plan, tmp_path / "x.ics")
    assert "VALARM" not in text
    assert text.count("BEGIN:VTIMEZONE") == 1
    assert "TZID:Europe/Helsinki" in text
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert "\n" not in text.replace("\r\n", "")


def test_the_time_zone_is_the_one_that_the_clocks_of_helsinki_keep(plan: Path, tmp_path: Path) -> None:
    """Read by dateutil, which goes by what the calendar says and not by the zone's name: six years, hour by hour
    around the changes of the clock."""
    text = written(plan, tmp_path / "x.ics")
    rules = tz.tzical(StringIO(text[text.index("BEGIN:VTIMEZONE") : text.index("BEGIN:VEVENT")])).get()
    hour = datetime(2024, 1, 1, tzinfo=UTC)
    while hour.year < 2030:
        assert hour.astimezone(rules).replace(tzinfo=None) == hour.astimezone(HELSINKI).replace(tzinfo=None), hour
        hour += timedelta(hours=1 if hour.month in (3, 10) and hour.day > 23 else 24)


def test_another_time_zone(plan: Path, tmp_path: Path) -> None:
    plan.write_text(PLAN.replace("evaluation_scale: 0-5", "evaluation_scale: 0-5\n  timezone: Europe/Stockholm"))
    text = written(plan, tmp_path / "x.ics")
    assert re.findall("TZID:(.*)\r\n", text)[0] == "Europe/Stockholm"
    assert events(text)["exam-exam"].start == datetime(2024, 5, 14, 12, 0, tzinfo=ZoneInfo("Europe/Stockholm"))


def test_identifiers_are_the_same_in_every_language(plan: Path, tmp_path: Path) -> None:
    one = events(written(plan, tmp_path / "en.ics"))
    assert run(["plan", str(plan), "-o", str(tmp_path / "fi.ics"), "--lang", "fi"]) == 0
    two = events((tmp_path / "fi.ics").read_bytes().decode())
    assert set(one) == set(two)
    assert two["deadline-essay"].summary == "Määräaika: Essay (Course; with, signs)"


def test_importing_again_updates_what_changed(plan: Path, tmp_path: Path) -> None:
    """The same identifiers; a higher number and a later stamp where something changed, the same bytes elsewhere."""
    target = tmp_path / "x.ics"
    first = written(plan, target)
    assert {event.sequence for event in events(first).values()} == {0}
    assert written(plan, target) == first
    plan.write_text(PLAN.replace("2024-04-30 23:59", "2024-05-02 23:59").replace("A101", "B202"))
    second = events(written(plan, target))
    assert set(second) == set(events(first))
    changed = {key for key, event in second.items() if event.sequence == 1}
    assert changed == {"deadline-essay", "session-1"}
    for key, event in second.items():
        later = event.dtstamp > events(first)[key].dtstamp
        assert later == (key in changed)
        assert event.last_modified == event.dtstamp
    again = target.read_bytes()
    assert written(plan, target).encode() == again
    plan.write_text(PLAN)
    third = events(written(plan, target))
    assert {key for key, event in third.items() if event.sequence == 2} == changed


def test_what_is_gone_is_cancelled(plan: Path, tmp_path: Path) -> None:
    """Once; and an event that comes back is confirmed again, with a number above both."""
    target = tmp_path / "x.ics"
    first = events(written(plan, target))
    plan.write_text(PLAN.replace("due: 2024-04-30 23:59", "").replace("weight: 50, }", "weight: 50}"))
    second = events(written(plan, target))
    assert set(second) == set(first)
    gone = second["deadline-essay"]
    assert (gone.status, gone.sequence, str(gone.transparency)) == (EventStatus.CANCELLED, 1, "TRANSPARENT")
    assert gone.start == first["deadline-essay"].start
    assert {e.status for key, e in second.items() if key != "deadline-essay"} == {EventStatus.CONFIRMED}
    again = target.read_bytes()
    assert written(plan, target).encode() == again
    plan.write_text(PLAN)
    back = events(written(plan, target))["deadline-essay"]
    assert (back.status, back.sequence) == (EventStatus.CONFIRMED, 2)


def test_events_of_another_implementation_are_let_alone(plan: Path, tmp_path: Path) -> None:
    target = tmp_path / "x.ics"
    fresh = written(plan, tmp_path / "fresh.ics")
    for name in ("X-2", "X-1-b", "X-11"):
        other = tmp_path / f"{name}.yaml"
        other.write_text(PLAN.replace("id: X-1", f"id: {name}"))
        written(other, target)
        assert written(plan, target) == fresh


words = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=90)
days = st.dates(date(2024, 1, 1), date(2024, 12, 29))
clocks = st.times().map(lambda clock: f"{clock.hour}:{clock.minute:02}")


@given(
    st.lists(st.tuples(words, days, st.none() | clocks, st.none() | st.integers(1, 8)), max_size=5),
    st.lists(st.tuples(words, days, st.none() | clocks), max_size=4),
)
@examples(40)
def test_any_plan_comes_through_another_reader_unchanged(
    sessions: list[tuple[str, date, str | None, int | None]], dues: list[tuple[str, date, str | None]]
) -> None:
    """Every text, day and time: nothing is lost, added, doubled or moved."""
    data: dict[str, Any] = {
        "kurssi": 1,
        "course": {"code": "X", "name": "Y", "credits": 5},
        "implementation": {"id": "X-1"},
        "schedule": {"sessions": []},
        "assessment": {"evaluation_scale": "0-5", "parts": [{"id": "z"}]},
    }
    for topic, day, clock, hours in sessions:
        data["schedule"]["sessions"].append({"topic": f"T{topic}", "date": day})
        data["schedule"]["sessions"][-1] |= ({"start": clock} if clock else {}) | ({"hours": hours} if hours else {})
    for n, (name, day, clock) in enumerate(dues):
        due = f"{day} {clock.zfill(5)}" if clock else day
        data["assessment"]["parts"].append({"id": f"p{n}", "name": f"N{n}{name}", "due": due})
    checked = check(yaml_text(data).encode(), "x.yaml")
    assert checked.file is not None, [str(f.message) for f in checked.findings]
    text = as_calendar(checked.file, Words("en"))
    assert as_calendar(checked.file, Words("en")) == text
    assert as_calendar(checked.file, Words("en"), text) == text
    found = events(text.decode())
    assert len(found) == len(sessions) + len(dues)
    for n, (topic, day, clock, hours) in enumerate(sessions, 1):
        event = found[f"session-{n}"]
        assert event.summary == f"Y: T{topic}"
        assert event.start == (datetime.combine(day, time.fromisoformat(clock.zfill(5)), HELSINKI) if clock else day)
        if hours and isinstance(event.start, datetime) and isinstance(event.end, datetime):
            assert event.end.replace(tzinfo=None) - event.start.replace(tzinfo=None) == timedelta(hours=hours)
    for n, (name, day, _) in enumerate(dues):
        event = next(e for key, e in found.items() if key.endswith(f"-p{n}"))
        assert str(event.summary).endswith(f": N{n}{name} (Y)")
        local = event.start.astimezone(HELSINKI).date() if isinstance(event.start, datetime) else event.start
        assert local == day


def test_what_stands_in_the_target_may_be_anything(plan: Path, tmp_path: Path) -> None:
    fresh = written(plan, tmp_path / "fresh.ics")
    for number, junk in enumerate([b"", b"junk", b"\xff\xfe\x00", b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:x\r\n"]):
        target = tmp_path / f"{number}.ics"
        target.write_bytes(junk)
        assert written(plan, target, "--force") == fresh


def test_a_calendar_without_a_clock_needs_no_time_zone(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text("kurssi: 1\ncourse: {code: X, name: Y, credits: 5}\nimplementation: {id: X-1}\n")
    text = written(path, tmp_path / "x.ics")
    assert "VTIMEZONE" not in text
    assert events(text) == {}


@pytest.mark.parametrize("path", [*PLANS, WORKSHOPS], ids=lambda path: path.stem)
def test_the_shipped_implementations_in_the_other_reader(path: Path, tmp_path: Path) -> None:
    text = written(path, tmp_path / "x.ics")
    calendar = IcsCalendarStream.calendar_from_ics(text)
    sessions = [event for event in calendar.events if "-session-" in str(event.uid)]
    assert len(sessions) == (3 if path == WORKSHOPS else 8)
    assert all(event.start.isoweekday() <= 5 for event in sessions)
    if path == WORKSHOPS:
        assert [event.start.isoformat() for event in calendar.timeline] == [
            "2025-04-08T12:15:00+03:00",
            "2025-04-22T12:15:00+03:00",
            "2025-04-29T12:15:00+03:00",
        ]
    else:
        assert all(type(event.start) is date for event in sessions)
    kinds = {re.sub(r".*?-(session|enrollment|deadline|exam|retake).*", r"\1", str(e.uid)) for e in calendar.events}
    assert kinds <= {"session", "enrollment", "deadline", "exam", "retake"}
