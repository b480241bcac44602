"""Rules for dates, weeks and sessions."""

from collections.abc import Iterator, Sequence
from datetime import date

from kurssi.findings import Path, Severity
from kurssi.messages import msg
from kurssi.model import Days, ImplementationFile, Session
from kurssi.times import monday, spread, week_of

from .registry import Hit, rule

A_YEAR_OF_53_WEEKS = 2026


def _weeks(file: ImplementationFile) -> list[tuple[int, int]] | None:
    """The (year, week) pairs of the schedule; weeks belong to the ISO week-year of ``timing.start``."""
    if file.schedule is None or file.schedule.weeks is None or file.implementation.timing is None:
        return None
    return spread(file.schedule.weeks, week_of(file.implementation.timing.start)[0])


def _sessions(file: ImplementationFile) -> Iterator[tuple[int, Session]]:
    yield from enumerate(file.schedule.sessions if file.schedule else ())


@rule("timing-order", Severity.error)
def timing_order(file: ImplementationFile) -> Iterator[Hit]:
    """A period ends on or after the day it starts.

    Why: swapped or mistyped dates turn every check of weeks and deadlines into nonsense. That enrollment closes after
    teaching has started is normal, and nothing is said about it.

    Fails::

        timing: {start: 2024-03-18, end: 2024-01-15}

    Passes::

        timing: {start: 2024-01-15, end: 2024-03-18}
    """
    periods: list[tuple[str, Days | None]] = [
        ("enrollment", file.implementation.enrollment),
        ("timing", file.implementation.timing),
    ]
    for name, days in periods:
        if days and days.end < days.start:
            yield Hit(
                ("implementation", name, "end"),
                msg("{name} ends on {end}, before it starts on {start}", name=name, start=days.start, end=days.end),
                msg("swap the two dates, or correct the year"),
            )


@rule("timing-outside-weeks", Severity.warning)
def timing_outside_weeks(file: ImplementationFile) -> Iterator[Hit]:
    """The run starts and ends in the weeks that the schedule names.

    Why: a page that says “weeks 3-11” and ends on the Monday of week 12 leaves open whether there is teaching, or a
    deadline, in week 12.

    Fails::

        implementation: {id: X-1, timing: {start: 2024-01-15, end: 2024-03-18}}
        schedule: {weeks: 3-11}

    Passes::

        implementation: {id: X-1, timing: {start: 2024-01-15, end: 2024-03-17}}
        schedule: {weeks: 3-11}
    """
    weeks, timing = _weeks(file), file.implementation.timing
    if not weeks or timing is None or file.schedule is None or timing.end < timing.start:
        return
    sides: list[tuple[str, date]] = [("start", timing.start), ("end", timing.end)]
    for name, day in sides:
        year_week = week_of(day)
        if weeks[0] <= year_week <= weeks[-1]:
            continue
        about: dict[str, object] = {"day": day, "week": _named(year_week, weeks), "weeks": str(file.schedule.weeks)}
        message = (
            msg("the run starts on {day}, in week {week}, but the schedule says weeks {weeks}", **about)
            if name == "start"
            else msg("the run ends on {day}, in week {week}, but the schedule says weeks {weeks}", **about)
        )
        hint = msg("change the date or schedule.weeks; if both are as published, say so under accepted: with a reason")
        yield Hit(("implementation", "timing", name), message, hint, day.isoformat())


def _named(year_week: tuple[int, int], weeks: Sequence[tuple[int, int]]) -> str:
    """A week by its number, with its year where the number alone would not tell it from the schedule's weeks."""
    year, week = year_week
    clear = year in {y for y, _ in weeks} and week not in {w for _, w in weeks}
    return str(week) if clear else f"{week}/{year}"


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
    weeks = _weeks(file)
    if file.schedule is None or file.schedule.weeks is None:
        return
    if weeks is None:  # without timing there is no year, but the numbers can still be compared
        numbers = {week for _, week in spread(file.schedule.weeks, A_YEAR_OF_53_WEEKS)}
        for index, session in _sessions(file):
            if session.week is not None and session.week not in numbers:
                yield _outside(file, ("schedule", "sessions", index, "week"), str(session.week))
        return
    for index, session in _sessions(file):
        here: Path = ("schedule", "sessions", index)
        if session.week is not None and session.week not in {week for _, week in weeks}:
            yield _outside(file, (*here, "week"), str(session.week))
        elif session.date is not None and week_of(session.date) not in weeks:
            yield _outside(file, (*here, "date"), _named(week_of(session.date), weeks))


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
    for index, session in _sessions(file):
        week = session.week if session.week is not None else week_of(session.date)[1] if session.date else None
        if week in breaks:
            path = ("schedule", "sessions", index, "week" if session.week is not None else "date")
            yield Hit(
                path,
                msg("the session is in week {week}, which has no teaching (schedule.breaks)", week=week),
                msg("move the session, or take the week out of breaks"),
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
    for index, session in _sessions(file):
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
