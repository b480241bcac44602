"""Rules for sessions: when they are, whether there is time for them, and what happens in them."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from fractions import Fraction

from kurssi.course.model import Days, ImplementationFile, Session
from kurssi.diagnostics.finding import Path, Severity
from kurssi.diagnostics.message import msg
from kurssi.planning.timetable import public_holiday
from kurssi.values.agenda import add_up
from kurssi.values.times import monday, spread, week_of

from .registry import Booking, Hit, rule
from .schedule import A_YEAR_OF_53_WEEKS, sessions_of, week_named, week_not_in_year, weeks_across_new_year, weeks_of

A_DAY = Fraction(24)
"""Hours; a longer session is a slip that other rules see."""


def bookings(file: ImplementationFile) -> list[Booking]:
    """The sessions with a date, a start and hours (at most a day)."""
    out = []
    for index, session in sessions_of(file):
        if session.date is not None and session.start is not None and session.hours is not None:
            start = datetime.combine(session.date, session.start)
            length = timedelta(seconds=int(min(session.hours.hours, A_DAY) * 3600))
            out.append(Booking(index, session.topic or "", start, start + length))
    return out


@rule("session-outside-weeks", Severity.error)
def session_outside_weeks(file: ImplementationFile) -> Iterator[Hit]:
    """Every session's week, or the week of its date, is one of the schedule's weeks.

    Why: a session outside them is a slip of the pen, or the weeks are; students see both.

    Fails::

        weeks: 3-11
        sessions: [{week: 12, hours: 3}]

    Passes::

        weeks: 3-11
        sessions: [{week: 11, hours: 3}]
    """
    weeks = weeks_of(file)
    if file.schedule is None or file.schedule.weeks is None:
        return
    if weeks is None:  # without timing there is no year, but the numbers can still be compared
        numbers = {week for _, week in spread(file.schedule.weeks, A_YEAR_OF_53_WEEKS)}
        for index, session in sessions_of(file):
            if session.week is not None and session.week not in numbers:
                yield _outside(file, ("schedule", "sessions", index, "week"), str(session.week))
        return
    if any(weeks_across_new_year(file)):
        return  # one slip, one finding
    for index, session in sessions_of(file):
        here: Path = ("schedule", "sessions", index)
        if session.week == 53 and any(week_not_in_year(file)):
            continue  # one slip, one finding
        if session.week is not None and session.week not in {week for _, week in weeks}:
            yield _outside(file, (*here, "week"), str(session.week))
        elif session.date is not None and week_of(session.date) not in weeks:
            yield _outside(file, (*here, "date"), week_named(week_of(session.date), weeks))


def _outside(file: ImplementationFile, path: Path, week: str) -> Hit:
    weeks = str(file.schedule.weeks) if file.schedule else ""
    return Hit(
        path,
        msg("the session is in week {week}, but the schedule says weeks {weeks}", week=week, weeks=weeks),
        msg("correct the session, or schedule.weeks"),
        week,
    )


@rule("session-in-break", Severity.error)
def session_in_break(file: ImplementationFile) -> Iterator[Hit]:
    """No session is in a week without teaching.

    Why: the week is free for students and the rooms may be closed.

    Fails::

        weeks: 3-11
        breaks: [8]
        sessions: [{week: 8, hours: 3}]

    Passes::

        weeks: 3-11
        breaks: [8]
        sessions: [{week: 9, hours: 3}]
    """
    breaks = set(file.schedule.breaks) if file.schedule else set()
    for index, session in sessions_of(file):
        week = session.week if session.week is not None else week_of(session.date)[1] if session.date else None
        if week in breaks:
            path = ("schedule", "sessions", index, "week" if session.week is not None else "date")
            yield Hit(
                path,
                msg("the session is in week {week}, which has no teaching (schedule.breaks)", week=week),
                msg("move the session, or correct breaks: if there is teaching in that week"),
                str(week),
            )


@rule("session-date-week", Severity.error)
def session_date_week(file: ImplementationFile) -> Iterator[Hit]:
    """A session that has both a week and a date has the date in that week.

    Why: one of the two is wrong, and half of the class will follow it.

    Fails::

        sessions: [{week: 3, date: 2024-01-23, hours: 3}]

    Passes::

        sessions: [{week: 4, date: 2024-01-23, hours: 3}]
    """
    for index, session in sessions_of(file):
        if session.week is not None and session.date is not None and week_of(session.date)[1] != session.week:
            year_week = week_of(session.date)
            yield Hit(
                ("schedule", "sessions", index, "date"),
                msg(
                    "{day} is in week {found}, not in week {week}",
                    day=session.date,
                    found=year_week[1],
                    week=session.week,
                ),
                msg("week {week} starts on {monday}", week=year_week[1], monday=monday(year_week)),
                session.date.isoformat(),
            )


@rule("session-outside-timing", Severity.warning)
def session_outside_timing(file: ImplementationFile) -> Iterator[Hit]:
    """Every session is between the first and the last day of the run: its date, or a day of its week.

    Why: students enrol for these days, and what comes after them is not seen in their calendars.

    Fails::

        implementation: {id: X-1, timing: {start: 2024-01-15, end: 2024-03-18}}
        schedule: {sessions: [{date: 2024-03-19, hours: 3}]}

    Passes::

        implementation: {id: X-1, timing: {start: 2024-01-15, end: 2024-03-18}}
        schedule: {sessions: [{date: 2024-03-18, hours: 3}]}
    """
    timing, weeks = file.implementation.timing, weeks_of(file)
    if timing is None or timing.end < timing.start or any(weeks_across_new_year(file)):
        return
    for index, session in sessions_of(file):
        day = session.date
        if day is None:
            yield from _week_outside_timing(file, index, session, timing)
            continue
        if timing.start <= day <= timing.end or (weeks and week_of(day) not in weeks):
            continue
        message = (
            msg("the session is on {day}, but the run ends on {end}", day=day, end=timing.end)
            if day > timing.end
            else msg("the session is on {day}, but the run starts on {start}", day=day, start=timing.start)
        )
        hint = msg("correct the date, or implementation.timing")
        yield Hit(("schedule", "sessions", index, "date"), message, hint, day.isoformat())


def _week_outside_timing(file: ImplementationFile, index: int, session: Session, timing: Days) -> Iterator[Hit]:
    """A session of which only the week is known, where no day of that week belongs to the run."""
    weeks = weeks_of(file)
    if session.week is None or not weeks or session.week not in {week for _, week in weeks}:
        return
    first = next(monday(week) for week in weeks if week[1] == session.week)
    if first <= timing.end and first + timedelta(days=6) >= timing.start:
        return
    message = (
        msg("the session is in week {week}, but the run ends on {end}", week=str(session.week), end=timing.end)
        if first > timing.end
        else msg(
            "the session is in week {week}, but the run starts on {start}", week=str(session.week), start=timing.start
        )
    )
    hint = msg("correct the week, or implementation.timing")
    yield Hit(("schedule", "sessions", index, "week"), message, hint, str(session.week))


@rule("session-on-holiday", Severity.warning)
def session_on_holiday(file: ImplementationFile) -> Iterator[Hit]:
    """No session is on a public holiday of Finland.

    Why: the campus is closed, and nobody comes. Midsummer Eve and Christmas Eve count, too.

    Fails::

        sessions: [{date: 2024-05-01, hours: 3}]

    Passes::

        sessions: [{date: 2024-05-02, hours: 3}]
    """
    for index, session in sessions_of(file):
        if session.date is not None and (name := public_holiday(session.date)) is not None:
            yield Hit(
                ("schedule", "sessions", index, "date"),
                msg("{day} is a public holiday: {name}", day=session.date, name=name),
                msg("move the session to another day"),
                session.date.isoformat(),
            )


@rule("session-count", Severity.warning)
def session_count(file: ImplementationFile) -> Iterator[Hit]:
    """Contact teaching written as 8x3 h has as many sessions as it says.

    Why: eight times three hours and six times four hours are the same sum and two different timetables. Where the sums
    differ, contact-hours says so.

    Fails::

        schedule:
          sessions: [{week: 3, hours: 4}, {week: 4, hours: 2}]
        workload:
          parts: [{name: Lähiopetus, hours: 3x2 h, kind: contact_teaching}]

    Passes::

        schedule:
          sessions: [{week: 3, hours: 3}, {week: 4, hours: 3}]
        workload:
          parts: [{name: Lähiopetus, hours: 2x3 h, kind: contact_teaching}]
    """
    sessions = file.schedule.sessions if file.schedule else ()
    contact = [(i, p) for i, p in enumerate(file.workload.parts if file.workload else ()) if _is_contact(p.kind)]
    if not sessions or len(contact) != 1:
        return
    index, part = contact[0]
    counted = [re.fullmatch(r"\s*(\d{1,3})\s*[x×*]\s*[\d.,]+\s*\w*\s*", term) for term in part.hours.text.split("+")]
    known = [session.hours.hours for session in sessions if session.hours is not None]
    if not all(counted) or (len(known) == len(sessions) and sum(known) != part.hours.hours):
        return
    promised = sum(int(match[1]) for match in counted if match)
    if promised != len(sessions):
        yield Hit(
            ("workload", "parts", index, "hours"),
            msg(
                "{hours} promises {promised} sessions, but the schedule has {n}",
                hours=part.hours.text,
                promised=promised,
                n=len(sessions),
            ),
            msg("correct the hours here, or the sessions under schedule:"),
            str(len(sessions)),
        )


def _is_contact(kind: str | None) -> bool:
    return kind == "contact_teaching"


@rule("sessions-overlap", Severity.error)
def sessions_overlap(file: ImplementationFile) -> Iterator[Hit]:
    """No two sessions of the run are at the same time.

    Why: one class cannot be taught twice at once; one of the dates or times is a slip. Only sessions with a date, a
    start and hours can be held against each other.

    Fails::

        sessions:
          - {date: 2024-01-16, start: "9:00", hours: 3}
          - {date: 2024-01-16, start: "11:00", hours: 3}

    Passes::

        sessions:
          - {date: 2024-01-16, start: "9:00", hours: 3}
          - {date: 2024-01-16, start: "12:00", hours: 3}
    """
    placed = sorted(bookings(file), key=lambda booking: (booking.start, booking.end, booking.session))
    for number, one in enumerate(placed):
        for other in placed[number + 1 :]:
            if other.start >= one.end:
                break
            first, second = sorted((one.session, other.session))
            yield Hit(
                ("schedule", "sessions", second, "start"),
                msg(
                    "sessions {first} and {second} are at the same time, {day} from {start}",
                    first=first + 1,
                    second=second + 1,
                    day=other.start.date(),
                    start=f"{other.start:%H:%M}",
                ),
                msg("correct a date, a start or the hours"),
                f"{other.start:%Y-%m-%d %H:%M}",
            )


@rule("agenda-too-long", Severity.error)
def agenda_too_long(file: ImplementationFile) -> Iterator[Hit]:
    """The activities of a session fit into it, each counted by its shortest time.

    Why: an agenda that cannot be kept even at its quickest is cut where the bell rings. Open rests, such as
    “45 min + presentations”, are not counted.

    Fails::

        sessions:
          - {hours: 1, agenda: [{title: Map, time: 30-45 min}, {title: Prototype, time: 40 min}]}

    Passes::

        sessions:
          - {hours: 1, agenda: [{title: Map, time: 20-45 min}, {title: Prototype, time: 40 min}]}
    """
    for index, session in sessions_of(file):
        if not session.agenda or session.hours is None:
            continue
        least = add_up(item.time for item in session.agenda).least
        if least > session.hours.hours * 60:
            yield Hit(
                ("schedule", "sessions", index, "agenda"),
                msg(
                    "the agenda takes at least {least} min, but the session has {minutes} min",
                    least=least,
                    minutes=session.hours.hours * 60,
                ),
                msg("shorten an activity by {over} min, or move it", over=least - session.hours.hours * 60),
                f"{least} min",
            )
