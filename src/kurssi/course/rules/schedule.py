"""Rules for dates, weeks and sessions."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction

from kurssi.course.model import Days, ImplementationFile, Part, Session
from kurssi.diagnostics.finding import Path, Severity
from kurssi.diagnostics.message import msg
from kurssi.planning.timetable import is_exam, public_holiday
from kurssi.values.agenda import add_up
from kurssi.values.times import When, monday, spread, week_of, weeks_in_year

from .registry import Booking, Hit, once, rule

A_YEAR_OF_53_WEEKS = 2026
A_DAY = Fraction(24)
"""Hours; a longer session is a slip that other rules see."""


@once
def _weeks(file: ImplementationFile) -> list[tuple[int, int]] | None:
    """The (year, week) pairs of the schedule; weeks belong to the ISO week-year of ``timing.start``."""
    if file.schedule is None or file.schedule.weeks is None or file.implementation.timing is None:
        return None
    return spread(file.schedule.weeks, week_of(file.implementation.timing.start)[0])


def bookings(file: ImplementationFile) -> list[Booking]:
    """The sessions with a date, a start and hours (at most a day)."""
    out = []
    for index, session in _sessions(file):
        if session.date is not None and session.start is not None and session.hours is not None:
            start = datetime.combine(session.date, session.start)
            length = timedelta(seconds=int(min(session.hours.hours, A_DAY) * 3600))
            out.append(Booking(index, session.topic or "", start, start + length))
    return out


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
    if any(weeks_across_new_year(file)):
        return  # one slip, one finding
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
    if any(weeks_across_new_year(file)):
        return  # one slip, one finding
    for index, session in _sessions(file):
        here: Path = ("schedule", "sessions", index)
        if session.week == 53 and any(week_not_in_year(file)):
            continue  # one slip, one finding
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
    timing, weeks = file.implementation.timing, _weeks(file)
    if timing is None or timing.end < timing.start or any(weeks_across_new_year(file)):
        return
    for index, session in _sessions(file):
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
    weeks = _weeks(file)
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
    for index, session in _sessions(file):
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
    for index, session in _sessions(file):
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


@rule("week-not-in-year", Severity.error)
def week_not_in_year(file: ImplementationFile) -> Iterator[Hit]:
    """Week 53 stands only where the year has one.

    Why: 2020, 2026 and 2032 have 53 weeks, the years between them 52; week 53 of another year is no week at all.

    Fails::

        implementation: {id: X-1, timing: {start: 2024-10-28, end: 2024-12-20}}
        schedule: {weeks: 44-53}

    Passes::

        implementation: {id: X-1, timing: {start: 2026-10-26, end: 2026-12-31}}
        schedule: {weeks: 44-53}
    """
    timing, schedule = file.implementation.timing, file.schedule
    if timing is None or schedule is None:
        return
    year = week_of(timing.start)[0]
    if weeks_in_year(year) == 53:
        return
    places: list[Path] = []
    if schedule.weeks is not None and 53 in schedule.weeks:
        places.append(("schedule", "weeks"))
    places += [("schedule", "breaks", index) for index, week in enumerate(schedule.breaks) if week == 53]
    places += [("schedule", "sessions", i, "week") for i, s in _sessions(file) if s.week == 53]
    for path in places:
        message = msg("{year} has no week 53: its last week is 52", year=str(year))
        yield Hit(path, message, msg("write 52, or 1 for the first week of {year}", year=str(year + 1)), "53")


@rule("weeks-across-new-year", Severity.warning)
def weeks_across_new_year(file: ImplementationFile) -> Iterator[Hit]:
    """A range of weeks such as 45-5 runs across New Year, and so does the run.

    Why: a range whose last week is smaller than its first goes on into January; in a run that ends in the same year the
    two numbers were swapped.

    Fails::

        implementation: {id: X-1, timing: {start: 2024-01-15, end: 2024-03-17}}
        schedule: {weeks: 11-3}

    Passes::

        implementation: {id: X-1, timing: {start: 2024-11-04, end: 2025-01-31}}
        schedule: {weeks: 45-5}
    """
    timing, weeks = file.implementation.timing, file.schedule.weeks if file.schedule else None
    if timing is None or weeks is None or weeks.first <= weeks.last or timing.end < timing.start:
        return
    if week_of(timing.end)[0] == week_of(timing.start)[0]:
        yield Hit(
            ("schedule", "weeks"),
            msg("weeks {weeks} run across New Year, but the run ends on {end}", weeks=str(weeks), end=timing.end),
            msg("write {weeks}, or correct implementation.timing", weeks=f"{weeks.last}-{weeks.first}"),
            str(weeks),
        )


@rule("exam-outside-weeks", Severity.warning)
def exam_outside_weeks(file: ImplementationFile) -> Iterator[Hit]:
    """The exam is in one of the schedule's weeks: its date, and the week that exam_schedules names.

    Why: students plan by the weeks, and rooms are booked for them. Retakes are usually later, and nothing is said
    about them.

    Fails::

        implementation: {id: X-1, timing: {start: 2024-01-15, end: 2024-03-17}, exam_schedules: Tentti viikolla 12.}
        schedule: {weeks: 3-11}

    Passes::

        implementation:
          {id: X-1, timing: {start: 2024-01-15, end: 2024-03-17}, exam_schedules: Tentti vko 11. Uusinta vko 15.}
        schedule: {weeks: 3-11}
    """
    weeks = _weeks(file)
    if not weeks or file.schedule is None or any(weeks_across_new_year(file)):
        return
    published, hint = str(file.schedule.weeks), msg("correct the exam, or schedule.weeks")
    for index, line in enumerate(file.implementation.exam_schedules):
        first = re.split(r"uus[ia]|retake|resit|re-exam|omtag|omtent", line, maxsplit=1, flags=re.IGNORECASE)[0]
        for number in re.findall(r"\b(?:viikolla|viikko|vko|week|vecka|v\.)\s*(\d{1,2})\b", first, re.IGNORECASE):
            if int(number) not in {week for _, week in weeks}:
                yield Hit(
                    _line(("implementation", "exam_schedules"), file.implementation.exam_schedules, index),
                    msg(
                        "the exam is in week {week}, but the schedule says weeks {weeks}", week=number, weeks=published
                    ),
                    hint,
                    number,
                )
    for path, part in _parts(file):
        if part.due is not None and is_exam(part.id, part.name) and week_of(part.due.day) not in weeks:
            week = _named(week_of(part.due.day), weeks)
            message = msg("the exam is in week {week}, but the schedule says weeks {weeks}", week=week, weeks=published)
            yield Hit((*path, "due"), message, hint, week)


def _line(path: Path, lines: Sequence[str], index: int) -> Path:
    """The place of one of several lines, or of the only one."""
    return (*path, index) if len(lines) > 1 else path


def _parts(file: ImplementationFile) -> Iterator[tuple[Path, Part]]:
    """Every part of the assessment, at any depth."""
    todo: list[tuple[Path, Part]] = [
        (("assessment", "parts", index), part)
        for index, part in enumerate(file.assessment.parts if file.assessment else ())
    ]
    while todo:
        path, part = todo.pop(0)
        yield path, part
        todo += [((*path, "parts", index), child) for index, child in enumerate(part.parts)]


# ---- dates of enrollment and deadlines ---------------------------------------------------------------------


@rule("enrollment-after-end", Severity.warning)
def enrollment_after_end(file: ImplementationFile) -> Iterator[Hit]:
    """Enrollment closes before the run ends.

    Why: that it closes after teaching has started is normal; that it is open when everything is over is a mistyped
    date, often the year.

    Fails::

        enrollment: {start: 2023-12-01, end: 2025-01-22}
        timing: {start: 2024-01-15, end: 2024-03-18}

    Passes::

        enrollment: {start: 2023-12-01, end: 2024-01-22}
        timing: {start: 2024-01-15, end: 2024-03-18}
    """
    enrollment, timing = file.implementation.enrollment, file.implementation.timing
    if enrollment and timing and timing.start <= timing.end < enrollment.end:
        yield Hit(
            ("implementation", "enrollment", "end"),
            msg("enrollment closes on {day}, after the run has ended on {end}", day=enrollment.end, end=timing.end),
            msg("correct the date; look at the year"),
            enrollment.end.isoformat(),
        )


@rule("deadline-after-end", Severity.warning)
def deadline_after_end(file: ImplementationFile) -> Iterator[Hit]:
    """The deadline of a part is not after the last day of the run.

    Why: the run is graded when it ends, and work that is due later would be missing. A deadline before the first day is
    a mistyped date as well.

    Fails::

        implementation: {id: X-1, timing: {start: 2024-01-15, end: 2024-03-18}}
        assessment:
          parts: [{id: essay, weight: 100, due: 2024-03-25 23:59}]

    Passes::

        implementation: {id: X-1, timing: {start: 2024-01-15, end: 2024-03-18}}
        assessment:
          parts: [{id: essay, weight: 100, due: 2024-03-18 23:59}]
    """
    timing = file.implementation.timing
    if timing is None or timing.end < timing.start:
        return
    for path, part in _parts(file):
        if part.due is None or timing.start <= part.due.day <= timing.end:
            continue
        message = (
            msg("{part} is due on {day}, after the run has ended on {end}", part=part.id, day=part.due, end=timing.end)
            if part.due.day > timing.end
            else msg(
                "{part} is due on {day}, before the run starts on {start}",
                part=part.id,
                day=part.due,
                start=timing.start,
            )
        )
        yield Hit((*path, "due"), message, msg("correct the date, or implementation.timing"), str(part.due))


@rule("retake-after-end", Severity.info)
def retake_after_end(file: ImplementationFile) -> Iterator[Hit]:
    """A retake is not after the last day of the run.

    Why: grades are registered when the run ends; who retakes later is graded twice. Many schools do it so, and then it
    is enough to know it.

    Fails::

        implementation: {id: X-1, timing: {start: 2024-01-15, end: 2024-03-18}}
        assessment:
          parts: [{id: exam, weight: 100, retakes: [{due: 2024-04-10 12:00}]}]

    Passes::

        implementation: {id: X-1, timing: {start: 2024-01-15, end: 2024-04-12}}
        assessment:
          parts: [{id: exam, weight: 100, retakes: [{due: 2024-04-10 12:00}]}]
    """
    timing = file.implementation.timing
    if timing is None or timing.end < timing.start:
        return
    for path, part in _parts(file):
        for index, retake in enumerate(part.retakes):
            if retake.due is not None and retake.due.day > timing.end:
                about: dict[str, object] = {"part": part.id, "n": index + 1, "day": retake.due, "end": timing.end}
                message = msg("retake {n} of {part} is on {day}, after the run has ended on {end}", **about)
                hint = msg("tell students that grades may change after the end, or correct the date")
                yield Hit((*path, "retakes", index, "due"), message, hint, str(retake.due))


@rule("deadline-on-holiday", Severity.info)
def deadline_on_holiday(file: ImplementationFile) -> Iterator[Hit]:
    """No part is due on a public holiday of Finland.

    Why: on that day nobody answers questions, and students are away. It is allowed; look whether it is meant.

    Fails::

        - {id: essay, weight: 100, due: 2024-05-01 23:59}

    Passes::

        - {id: essay, weight: 100, due: 2024-05-02 23:59}
    """
    for path, part in _parts(file):
        dues: list[tuple[Path, When | None]] = [((*path, "due"), part.due)]
        dues += [((*path, "retakes", index, "due"), retake.due) for index, retake in enumerate(part.retakes)]
        for place, due in dues:
            if due is not None and (name := public_holiday(due.day)) is not None:
                message = msg("{part} is due on a public holiday: {name}", part=part.id, name=name)
                yield Hit(place, message, msg("choose another day if that is not meant"), str(due))
