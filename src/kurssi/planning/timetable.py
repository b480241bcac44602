"""From an implementation to dates: its weeks, its sessions, and everything that falls on a day.

Weeks belong to the ISO week-year of ``timing.start`` (contract section 7). A session without a date stands on the first
teaching day of its week, and says that its day is not known. Public holidays of Finland come from the `holidays`
library, behind a cheap question that is never wrong with “no”.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple

from kurssi.course.model import Days, ImplementationFile, Part, Session, parts_key
from kurssi.diagnostics.finding import Path
from kurssi.diagnostics.message import InLanguages
from kurssi.values.public_holidays import may_be_public_holiday, one_country
from kurssi.values.times import When, monday, spread, week_of

ISO_WEEK = tuple[int, int]
"""(ISO week-year, week)."""

# ---- public holidays ---------------------------------------------------------------------------------------


def public_holiday(day: date) -> InLanguages | None:
    """The name of the public holiday of Finland that falls on the day, or ``None``."""
    return _holidays(day.year).get(day) if may_be_public_holiday(day) else None


@lru_cache(maxsize=8)
def _holidays(year: int) -> dict[date, InLanguages]:
    from holidays import country_holidays

    named: dict[date, dict[str, str]] = {}
    with one_country():
        for language, asked in (("fi", "fi"), ("sv", "sv_FI"), ("en", "en_US")):
            for day, name in country_holidays("FI", years=year, language=asked, expand=False).items():
                named.setdefault(day, {})[language] = name
    return {day: InLanguages(names) for day, names in named.items()}


# ---- weeks -------------------------------------------------------------------------------------------------


class Week(NamedTuple):
    """A week of the schedule."""

    week: ISO_WEEK
    monday: date
    teaching: bool
    """False in a week of ``breaks``."""
    holidays: tuple[tuple[date, InLanguages], ...]
    """Public holidays from Monday to Friday."""


def weeks_of(file: ImplementationFile) -> tuple[Week, ...]:
    """The weeks of the schedule in order; empty where the file names no weeks, or no timing to find the year by."""
    schedule, timing = file.schedule, file.implementation.timing
    if schedule is None or schedule.weeks is None or timing is None:
        return ()
    out = []
    for week in spread(schedule.weeks, week_of(timing.start)[0]):
        first = monday(week)
        days = [first + timedelta(days=n) for n in range(5)]
        named = tuple((day, name) for day in days if (name := public_holiday(day)) is not None)
        out.append(Week(week, first, week[1] not in schedule.breaks, named))
    return tuple(out)


def week_in_year(file: ImplementationFile, number: int) -> ISO_WEEK | None:
    """The week that a number means in this implementation; ``None`` where there is no timing to find the year by."""
    timing, schedule = file.implementation.timing, file.schedule
    if timing is None:
        return None
    year, first = week_of(timing.start)
    if schedule is not None and schedule.weeks is not None:
        for week in spread(schedule.weeks, year):
            if week[1] == number:
                return week
    later = (year + 1, number)
    across = number < first and later <= week_of(timing.end)
    try:
        monday((year, number))
    except ValueError:  # week 53 of a year that has 52
        return None
    return later if across else (year, number)


def first_teaching_day(week: ISO_WEEK, timing: Days | None = None) -> date:
    """The first day from Monday to Friday that is no public holiday and, where that leaves any, inside ``timing``."""
    days = [monday(week) + timedelta(days=n) for n in range(5)]
    free = [day for day in days if public_holiday(day) is None] or days
    inside = [day for day in free if timing is None or timing.start <= day <= timing.end]
    return (inside or free)[0]


# ---- sessions ----------------------------------------------------------------------------------------------


class Meeting(NamedTuple):
    """A session with its day."""

    place: int
    """Its place in ``schedule.sessions``, from 0."""
    session: Session
    week: ISO_WEEK | None
    day: date | None
    """The day given; else the first teaching day of its week; ``None`` where neither week nor year is known."""
    known: bool
    """Whether the file gives the day."""

    @property
    def path(self) -> Path:
        """Its place in the file."""
        return ("schedule", "sessions", self.place)

    @property
    def start(self) -> datetime | None:
        """When it starts, in local time; ``None`` unless both the day and the time of day are known."""
        if not self.known or self.day is None or self.session.start is None:
            return None
        return datetime.combine(self.day, self.session.start)

    @property
    def end(self) -> datetime | None:
        """When it ends, in local time; ``None`` unless its start and its length (at most a day) are known."""
        hours = self.session.hours
        if self.start is None or hours is None or hours.hours > 24:
            return None
        return self.start + timedelta(seconds=int(hours.hours * 3600))


def meetings_of(file: ImplementationFile) -> tuple[Meeting, ...]:
    """The sessions in the order of the file, each with its day where one can be said."""
    timing = file.implementation.timing
    out = []
    for index, session in enumerate(file.schedule.sessions if file.schedule else ()):
        if session.date is not None:
            out.append(Meeting(index, session, week_of(session.date), session.date, True))
            continue
        week = week_in_year(file, session.week) if session.week is not None else None
        day = first_teaching_day(week, timing) if week is not None else None
        out.append(Meeting(index, session, week, day, False))
    return tuple(out)


# ---- everything else that falls on a day ------------------------------------------------------------------


class Event(NamedTuple):
    """Something of the implementation that falls on a day or a moment, or takes from one day to another."""

    kind: str
    """``enrollment``, ``deadline``, ``exam`` or ``retake``."""
    key: str
    """The same from one version of the file to the next: ``deadline-group_work``, ``retake-exam-2``."""
    at: When
    """The moment, or the first day."""
    last: date | None
    """The last day of a period."""
    part: Part | None
    attempt: int
    """1 for a deadline or an exam; 2 and up for retakes; 0 for periods."""
    path: Path


def events_of(file: ImplementationFile) -> tuple[Event, ...]:
    """Enrollment, deadlines, exams and retakes, in order of time."""
    found: list[Event] = []
    enrollment = file.implementation.enrollment
    if enrollment is not None:
        start = When(datetime.combine(enrollment.start, time()), False)
        found.append(
            Event("enrollment", "enrollment", start, enrollment.end, None, 0, ("implementation", "enrollment"))
        )
    if file.assessment is not None:
        for path, part in _parts(file.assessment.parts, ("assessment", parts_key(file.assessment))):
            if part.takes is not None:
                continue
            if part.due is not None:
                kind = "exam" if is_exam(part.id, part.name) else "deadline"
                found.append(Event(kind, f"{kind}-{part.id}", part.due, None, part, 1, (*path, "due")))
            for n, retake in enumerate(part.retakes):
                if retake.due is not None:
                    here = (*path, "retakes", n, "due")
                    found.append(Event("retake", f"retake-{part.id}-{n + 2}", retake.due, None, part, n + 2, here))
    return tuple(sorted(found, key=lambda event: (event.at.at.replace(tzinfo=None), event.key)))


def _parts(parts: tuple[Part, ...], path: Path) -> Iterator[tuple[Path, Part]]:
    for index, part in enumerate(parts):
        yield (*path, index), part
        yield from _parts(part.parts, (*path, index, parts_key(part)))


@lru_cache(maxsize=1024)
def is_exam(*texts: str | None) -> bool:
    """Whether a name or topic speaks of an exam (tentti, koe, tentamen, prov): its time is then not a hand-in's."""
    return any(re.search(r"tentti|tentin|\bkoe\b|tentamen|\bprov\b|exam\b", text or "", re.I) for text in texts)
