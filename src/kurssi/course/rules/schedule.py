"""Rules for weeks, and for dates beside the sessions: timing, enrolment, exams and deadlines."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from kurssi.course.model import Days, ImplementationFile, Part, Session, parts_without_takers
from kurssi.diagnostics.finding import Path, Severity
from kurssi.diagnostics.message import msg
from kurssi.planning.timetable import is_exam, public_holiday
from kurssi.values.times import When, deadline, is_skipped, spread, week_of, weeks_in_year

from .registry import Hit, once, rule

A_YEAR_OF_53_WEEKS = 2026


@once
def weeks_of(file: ImplementationFile) -> list[tuple[int, int]] | None:
    """The (year, week) pairs of the schedule; weeks belong to the ISO week-year of ``timing.start``."""
    if file.schedule is None or file.schedule.weeks is None or file.implementation.timing is None:
        return None
    return spread(file.schedule.weeks, week_of(file.implementation.timing.start)[0])


def sessions_of(file: ImplementationFile) -> Iterator[tuple[int, Session]]:
    """The sessions, each with its place in the list."""
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
    weeks, timing = weeks_of(file), file.implementation.timing
    if not weeks or timing is None or file.schedule is None or timing.end < timing.start:
        return
    if any(weeks_across_new_year(file)):
        return  # one slip, one finding
    sides: list[tuple[str, date]] = [("start", timing.start), ("end", timing.end)]
    for name, day in sides:
        year_week = week_of(day)
        if weeks[0] <= year_week <= weeks[-1]:
            continue
        about: dict[str, object] = {"day": day, "week": week_named(year_week, weeks), "weeks": str(file.schedule.weeks)}
        message = (
            msg("the run starts on {day}, in week {week}, but the schedule says weeks {weeks}", **about)
            if name == "start"
            else msg("the run ends on {day}, in week {week}, but the schedule says weeks {weeks}", **about)
        )
        hint = msg("change the date or schedule.weeks; if both are as published, say so under accepted: with a reason")
        yield Hit(("implementation", "timing", name), message, hint, day.isoformat())


def week_named(year_week: tuple[int, int], weeks: Sequence[tuple[int, int]]) -> str:
    """A week by its number, with its year where the number alone would not tell it from the schedule's weeks."""
    year, week = year_week
    clear = year in {y for y, _ in weeks} and week not in {w for _, w in weeks}
    return str(week) if clear else f"{week}/{year}"


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
    places += [("schedule", "sessions", i, "week") for i, s in sessions_of(file) if s.week == 53]
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
    weeks = weeks_of(file)
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
    for path, part in parts_without_takers(file):
        if part.due is not None and is_exam(part.id, part.name) and week_of(part.due.day) not in weeks:
            week = week_named(week_of(part.due.day), weeks)
            message = msg("the exam is in week {week}, but the schedule says weeks {weeks}", week=week, weeks=published)
            yield Hit((*path, "due"), message, hint, week)


def _line(path: Path, lines: Sequence[str], index: int) -> Path:
    """The place of one of several lines, or of the only one."""
    return (*path, index) if len(lines) > 1 else path


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
    for path, part in parts_without_takers(file):
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
    for path, part in parts_without_takers(file):
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
    for place, part, due in _dues(file):
        if (name := public_holiday(due.day)) is not None:
            message = msg("{part} is due on a public holiday: {name}", part=part.id, name=name)
            yield Hit(place, message, msg("choose another day if that is not meant"), str(due))


@rule("deadline-in-skipped-hour", Severity.warning)
def deadline_in_skipped_hour(file: ImplementationFile) -> Iterator[Hit]:
    """No deadline is in the hour that the clock skips when summer time begins.

    Why: no clock shows that time, so two people read it as two times. It is taken as the later one, so that nobody
    loses an hour; write the one that is meant.

    Fails::

        - {id: essay, weight: 100, due: 2024-03-31 03:30}

    Passes::

        - {id: essay, weight: 100, due: 2024-03-31 04:30}
    """
    if file.assessment is None:
        return
    try:
        zone = ZoneInfo(file.assessment.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # unknown-timezone says so
        return
    for place, part, due in _dues(file):
        if due.clock and due.at.tzinfo is None and is_skipped(due.at, zone):
            shown = deadline(due, zone).astimezone(zone).replace(tzinfo=None)
            about: dict[str, object] = {"part": part.id, "due": due, "shown": When(shown, clock=True)}
            message = msg("the deadline {due} of {part} is a time that the clock skips as it is put forward", **about)
            hint = msg("it is taken as {shown}: write that, or a time that there is", **about)
            yield Hit(place, message, hint, str(due))


def _dues(file: ImplementationFile) -> Iterator[tuple[Path, Part, When]]:
    """The deadlines of all parts and their retakes, each with its place."""
    for path, part in parts_without_takers(file):
        if part.due is not None:
            yield (*path, "due"), part, part.due
        for index, retake in enumerate(part.retakes):
            if retake.due is not None:
                yield (*path, "retakes", index, "due"), part, retake.due
