"""From a file to dates: weeks, sessions, deadlines, and the public holidays of Finland."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from holidays import country_holidays
from hypothesis import given, settings
from hypothesis import strategies as st

from kurssi.course.check import check
from kurssi.course.model import ImplementationFile
from kurssi.diagnostics.words import Words
from kurssi.planning.timetable import (
    events_of,
    first_teaching_day,
    is_exam,
    meetings_of,
    public_holiday,
    week_in_year,
    weeks_of,
)
from kurssi.values.public_holidays import may_be_public_holiday
from kurssi.values.times import week_of

ROOT = Path(__file__).parent.parent
HEAD = "kurssi: 1\ncourse: {code: X, name: Y, credits: 5}\n"


def read(text: str) -> ImplementationFile:
    checked = check((HEAD + text).encode(), "x.yaml")
    assert checked.file is not None, [Words("en").say(f.message) for f in checked.findings]
    return checked.file


def timing(start: str, end: str, schedule: str = "{}") -> ImplementationFile:
    text = f"implementation: {{id: X-1, timing: {{start: {start}, end: {end}}}}}\n"
    return read(text + ("" if schedule == "{}" else f"schedule: {schedule}\n"))


# ---- public holidays ---------------------------------------------------------------------------------------


def test_no_holiday_that_the_library_knows_escapes_the_cheap_question() -> None:
    """Every day of every year that the library covers: the cheap “no” is always right."""
    for year in range(1853, 2101):
        for day in country_holidays("FI", years=year, expand=False):
            assert may_be_public_holiday(day), day


def test_the_cheap_question_spares_most_days() -> None:
    days = [date(2020, 1, 1) + timedelta(days=n) for n in range(3653)]
    assert sum(may_be_public_holiday(day) for day in days) < len(days) // 10


@settings(deadline=None)  # the first day loads the library
@given(st.dates(date(1992, 1, 1), date(2100, 12, 31)))
def test_a_day_is_a_holiday_exactly_where_the_library_says_so(day: date) -> None:
    assert (public_holiday(day) is not None) == (day in country_holidays("FI", years=day.year))


def test_holidays_have_their_names_in_three_languages() -> None:
    name = public_holiday(date(2024, 5, 9))
    assert [Words(language).say(name) for language in ("fi", "sv", "en")] == [
        "Helatorstai",
        "Kristi himmelsfärdsdag",
        "Ascension Day",
    ]


# ---- weeks and sessions ------------------------------------------------------------------------------------


def test_the_weeks_of_the_shipped_implementation() -> None:
    path = ROOT / "implementations" / "KH00BT03-2024.yaml"
    file = check(path.read_bytes(), path.name).file
    assert file is not None
    weeks = weeks_of(file)
    assert [week.week for week in weeks] == [(2024, n) for n in range(3, 12)]
    assert [week.week[1] for week in weeks if not week.teaching] == [8]
    assert weeks[0].monday == date(2024, 1, 15)
    assert not any(week.holidays for week in weeks)
    meetings = meetings_of(file)
    assert [m.day for m in meetings][:2] == [date(2024, 1, 15), date(2024, 1, 22)]
    assert not any(m.known for m in meetings)
    assert all(m.start is None and m.end is None for m in meetings)
    assert [(e.key, str(e.at)) for e in events_of(file)] == [
        ("enrollment", "2023-12-01"),
        ("deadline-group_work", "2024-03-04 23:59"),
        ("deadline-individual", "2024-03-11 23:59"),
    ]


def test_weeks_run_across_new_year() -> None:
    file = timing("2024-11-04", "2025-01-31", "{weeks: 45-5, sessions: [{week: 52}, {week: 1}, {week: 5}]}")
    assert [m.week for m in meetings_of(file)] == [(2024, 52), (2025, 1), (2025, 5)]
    # Christmas Eve of 2024 is a Tuesday, New Year's Day a Wednesday: Mondays are free of holidays
    assert [m.day for m in meetings_of(file)] == [date(2024, 12, 23), date(2024, 12, 30), date(2025, 1, 27)]
    assert [day for week in weeks_of(file) for day, _ in week.holidays] == [
        date(2024, 12, 6),
        date(2024, 12, 24),
        date(2024, 12, 25),
        date(2024, 12, 26),
        date(2025, 1, 1),
        date(2025, 1, 6),
    ]


def test_the_first_teaching_day_is_no_holiday_and_inside_the_run() -> None:
    assert first_teaching_day((2024, 14)) == date(2024, 4, 2)  # Easter Monday
    assert first_teaching_day((2024, 52)) == date(2024, 12, 23)
    assert first_teaching_day((2025, 2)) == date(2025, 1, 7)  # Epiphany is a Monday
    days = timing("2024-01-17", "2024-03-12").implementation.timing
    assert first_teaching_day((2024, 3), days) == date(2024, 1, 17)
    assert first_teaching_day((2024, 11), days) == date(2024, 3, 11)
    assert first_teaching_day((2024, 12), days) == date(2024, 3, 18)  # outside the run: said by a rule, not hidden here


def test_the_year_of_30_december_is_that_of_its_iso_week() -> None:
    file = timing("2024-12-30", "2025-03-01", "{weeks: 1-9, sessions: [{week: 1}, {week: 9}]}")
    assert [m.week for m in meetings_of(file)] == [(2025, 1), (2025, 9)]


def test_without_weeks_a_small_number_after_new_year_is_next_year() -> None:
    file = timing("2024-11-04", "2025-01-31", "{sessions: [{week: 46}, {week: 3}, {week: 20}]}")
    assert [m.week for m in meetings_of(file)] == [(2024, 46), (2025, 3), (2024, 20)]
    assert week_in_year(file, 53) is None


def test_without_timing_there_is_no_year_and_no_day() -> None:
    file = read("implementation: {id: X-1}\nschedule: {weeks: 3-11, sessions: [{week: 3}, {date: 2024-01-16}, {}]}\n")
    assert weeks_of(file) == ()
    assert [m.day for m in meetings_of(file)] == [None, date(2024, 1, 16), None]


def test_times_of_day_are_known_only_with_the_day() -> None:
    sessions = [
        "{date: 2024-01-16, start: 8:30, hours: 45 min x 3}",
        "{week: 4, start: 8:30, hours: 3}",
        "{date: 2024-01-30, start: 22.00, hours: 3}",
    ]
    file = timing("2024-01-15", "2024-03-18", f"{{sessions: [{', '.join(sessions)}]}}")
    first, second, third = meetings_of(file)
    assert [str(first.start), str(first.end)] == ["2024-01-16 08:30:00", "2024-01-16 10:45:00"]
    assert (second.start, second.end, second.known) == (None, None, False)
    assert str(third.end) == "2024-01-31 01:00:00"


def test_a_length_that_no_calendar_holds_is_no_end() -> None:
    file = timing("2024-01-15", "2024-03-18", "{sessions: [{date: 2024-01-16, start: 8:30, hours: 99999999999999}]}")
    assert meetings_of(file)[0].end is None


def test_exams_and_retakes_at_every_depth() -> None:
    file = read(
        "implementation: {id: X-1, enrollment: {start: 2024-01-01, end: 2024-01-22}}\n"
        "assessment:\n  evaluation_scale: 0-5\n  parts:\n"
        "    - {id: exam, name: Tentti, weight: 50, due: 2024-03-12 9:00, retakes: [{due: 2024-04-10 12:00}, {}]}\n"
        "    - id: work\n      weight: 50\n      parts: [{id: essay, due: 2024-02-01}]\n"
    )
    assert [(e.kind, e.key, str(e.at), e.attempt) for e in events_of(file)] == [
        ("enrollment", "enrollment", "2024-01-01", 0),
        ("deadline", "deadline-essay", "2024-02-01", 1),
        ("exam", "exam-exam", "2024-03-12 09:00", 1),
        ("retake", "retake-exam-2", "2024-04-10 12:00", 2),
    ]


@pytest.mark.parametrize(
    ("text", "exam"),
    [
        ("Tentti", True),
        ("Kurssitentti", True),
        ("Final exam", True),
        ("Tentamen", True),
        ("Essee", False),
        ("example", False),
    ],
)
def test_what_counts_as_an_exam(text: str, exam: bool) -> None:
    assert is_exam(text) is exam


@given(st.dates(date(2000, 1, 1), date(2099, 12, 1)), st.integers(0, 250))
def test_every_week_inside_a_run_finds_its_year(start: date, length: int) -> None:
    """A week number that falls into the run is the week of the run, for runs shorter than a year."""
    end = start + timedelta(days=length)
    file = timing(start.isoformat(), end.isoformat())
    for n in range(0, length + 1, 7):
        day = start + timedelta(days=n)
        assert week_in_year(file, week_of(day)[1]) == week_of(day)
        found = first_teaching_day(week_of(day))
        assert found.weekday() < 5
        assert public_holiday(found) is None
