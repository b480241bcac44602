"""Rules across the files of a folder."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from kurssi.course.model import ImplementationFile
from kurssi.diagnostics.finding import Severity
from kurssi.diagnostics.message import msg
from kurssi.planning.clashes import timezone_of, zone_of
from kurssi.planning.crowding import Crowd, crowded_weeks, dates_of, exam_days, told, way_out

from .registry import Booking, Hit, Run, cross_file
from .sessions import bookings


def run_of(file: ImplementationFile, name: str) -> Run:
    """The facts of one file that rules across files may see."""
    return Run(
        name,
        file.implementation.id,
        file.course.code,
        file.course.name,
        file.course.credits,
        tuple(group.code for group in file.implementation.groups),
        tuple(bookings(file)),
        timezone_of(file),
        dates_of(file),
    )


@cross_file("duplicate-id", Severity.error)
def duplicate_id(runs: Sequence[Run]) -> Iterator[tuple[int, Hit]]:
    """An id belongs to one implementation.

    Why: the id names the reports; with the same id one run would overwrite the grades of the other. It happens when
    last year's file is copied.

    Fails::

        # 2023.yaml
        implementation: {id: KH00BT03-2023}
        # 2024.yaml
        implementation: {id: KH00BT03-2023}

    Passes::

        # 2023.yaml
        implementation: {id: KH00BT03-2023}
        # 2024.yaml
        implementation: {id: KH00BT03-2024}
    """
    first: dict[str, Run] = {}
    for number, run in enumerate(runs):
        other = first.setdefault(run.id.casefold(), run)
        if other is not run:
            yield (
                number,
                Hit(
                    ("implementation", "id"),
                    msg("the id {id} is also the id of {file}", id=run.id, file=other.file),
                    msg("give each run an id of its own, such as the course's code and the year"),
                    run.id,
                ),
            )


@cross_file("course-drift", Severity.warning)
def course_drift(runs: Sequence[Run]) -> Iterator[tuple[int, Hit]]:
    """All implementations of a course give it the same name and the same credits.

    Why: name and credits belong to the course and are locked in the curriculum; two spellings are two courses to a
    reader, and other credits are other hours.

    Fails::

        # 2023.yaml
        course: {code: KH00BT03, name: Palvelumuotoilu, credits: 5}
        # 2024.yaml
        course: {code: KH00BT03, name: Palvelumuotoilu, credits: 4}

    Passes::

        # 2023.yaml
        course: {code: KH00BT03, name: Palvelumuotoilu, credits: 5}
        # 2024.yaml
        course: {code: KH00BT03, name: Palvelumuotoilu, credits: 5}
    """
    first: dict[str, Run] = {}
    for number, run in enumerate(runs):
        other = first.setdefault(run.code.casefold(), run)
        about: dict[str, object] = {"code": run.code, "file": other.file}
        hint = msg("write in both what the curriculum says; if it has changed, accept this with the reason")
        if run.credits != other.credits:
            message = msg(
                "{code} has {credits} credits here, but {other} in {file}",
                credits=run.credits,
                other=other.credits,
                **about,
            )
            yield number, Hit(("course", "credits"), message, hint, f"{run.credits}")
        if run.name.split() != other.name.split():
            message = msg("{code} is called “{name}” in {file}", name=other.name, **about)
            yield number, Hit(("course", "name"), message, hint, run.name)


@cross_file("group-double-booked", Severity.warning)
def group_double_booked(runs: Sequence[Run]) -> Iterator[tuple[int, Hit]]:
    """A group of students is in one session at a time.

    Why: students cannot be in two rooms. Only sessions with a date, a start and hours can be held against each other;
    courses in different time zones meet at the same time where it is the same moment.

    Fails::

        # a.yaml
        implementation: {id: A-2024, groups: [{code: PMMWES22}]}
        schedule: {sessions: [{date: 2024-01-16, start: "9:00", hours: 3}]}
        # b.yaml
        implementation: {id: B-2024, groups: [{code: PMMWES22}]}
        schedule: {sessions: [{date: 2024-01-16, start: "11:00", hours: 2}]}

    Passes::

        # a.yaml
        implementation: {id: A-2024, groups: [{code: PMMWES22}]}
        schedule: {sessions: [{date: 2024-01-16, start: "9:00", hours: 3}]}
        # b.yaml
        implementation: {id: B-2024, groups: [{code: PMMWES22}]}
        schedule: {sessions: [{date: 2024-01-16, start: "12:00", hours: 2}]}
    """
    found: dict[tuple[int, int, int, int], str] = {}
    for group, taken in _taken(runs).items():
        taken.sort()
        for place, one in enumerate(taken):
            for other in taken[place + 1 :]:
                if other.start >= one.end:
                    break
                first, second = sorted((one[2:], other[2:]))
                if first[0] != second[0]:
                    found.setdefault((*second, *first), group)
    for (number, booking, other_number, other_booking), group in sorted(found.items()):
        spelled = next(name for name in runs[number].groups if name.casefold() == group)
        yield number, _double(runs[number], booking, spelled, runs[other_number], other_booking)


class _Taken(NamedTuple):
    """A booking as instants."""

    start: datetime
    end: datetime
    run: int
    booking: int
    """Its place among the bookings of its run."""


def _taken(runs: Sequence[Run]) -> dict[str, list[_Taken]]:
    """By group, what it is in: of groups that are in several runs."""
    places: dict[str, list[int]] = defaultdict(list)
    for number, run in enumerate(runs):
        for group in dict.fromkeys(map(str.casefold, run.groups)):
            places[group].append(number)
    return {
        group: [_Taken(*_instants(run, booking), number, at) for number in numbers if (run := runs[number])
                for at, booking in enumerate(run.bookings)]
        for group, numbers in places.items() if len(numbers) > 1
    }  # fmt: skip


def _instants(run: Run, booking: Booking) -> tuple[datetime, datetime]:
    start = booking.start.replace(tzinfo=zone_of(run.timezone)).astimezone(UTC)
    return start, start + (booking.end - booking.start)


def _double(run: Run, number: int, group: str, other: Run, taken: int) -> Hit:
    """``taken`` is said by the clock of ``run``, where the finding stands."""
    booking, topic = run.bookings[number], other.bookings[taken].topic
    start, end = (moment.astimezone(zone_of(run.timezone)) for moment in _instants(other, other.bookings[taken]))
    about: dict[str, object] = {"group": group, "file": other.file, "start": f"{start:%H:%M}", "end": f"{end:%H:%M}"}
    message = (
        msg("{group} is at the same time in “{topic}” of {file}, {start}–{end}", topic=topic, **about)
        if topic
        else msg("{group} is at the same time in a session of {file}, {start}–{end}", **about)
    )
    hint = msg("move one of the two sessions; if the group is split between them, accept this with the reason")
    return Hit(("schedule", "sessions", booking.session, "start"), message, hint, f"{booking.start:%Y-%m-%d %H:%M}")


@cross_file("deadlines-in-one-week", Severity.warning)
def deadlines_in_one_week(runs: Sequence[Run]) -> Iterator[tuple[int, Hit]]:
    """A group of students has at most two deadlines of its courses in one week.

    Why: each course is planned by itself, and only beside the others is it seen that three works are due at once;
    then one of them is done in a night. First attempts are counted; parts of one file that are due at the same moment
    are one deadline; exams have a rule of their own. What is proposed lies inside the timing of its course, in a week
    with teaching, and on no public holiday.

    Fails::

        # a.yaml
        implementation: {id: A-2024, groups: [{code: PMMWES22}]}
        assessment: {parts: [{id: concept, due: 2024-03-04}, {id: report, due: 2024-03-06}]}
        # b.yaml
        implementation: {id: B-2024, groups: [{code: PMMWES22}]}
        assessment: {parts: [{id: essay, due: 2024-03-08}]}

    Passes::

        # a.yaml
        implementation: {id: A-2024, groups: [{code: PMMWES22}]}
        assessment: {parts: [{id: concept, due: 2024-03-04}, {id: report, due: 2024-03-06}]}
        # b.yaml
        implementation: {id: B-2024, groups: [{code: PMMWES22}]}
        assessment: {parts: [{id: essay, due: 2024-03-15}]}
    """
    return _crowded(crowded_weeks([run.dates for run in runs]), runs)


@cross_file("exams-on-one-day", Severity.warning)
def exams_on_one_day(runs: Sequence[Run]) -> Iterator[tuple[int, Hit]]:
    """A group of students has the exams of two courses on different days.

    Why: who sits two exams on one day has prepared for one. Counted are parts with a deadline and sessions with a
    date whose name speaks of an exam; retakes are not. The day that is proposed is one from Monday to Friday without
    an exam or a session of the group, inside the timing of the course, in a week with teaching.

    Fails::

        # a.yaml
        implementation: {id: A-2024, groups: [{code: PMMWES22}]}
        assessment: {parts: [{id: exam, due: 2024-03-12 12:00}]}
        # b.yaml
        implementation: {id: B-2024, groups: [{code: PMMWES22}]}
        schedule: {sessions: [{date: 2024-03-12, topic: Tentti}]}

    Passes::

        # a.yaml
        implementation: {id: A-2024, groups: [{code: PMMWES22}]}
        assessment: {parts: [{id: exam, due: 2024-03-12 12:00}]}
        # b.yaml
        implementation: {id: B-2024, groups: [{code: PMMWES22}]}
        schedule: {sessions: [{date: 2024-03-14, topic: Tentti}]}
    """
    return _crowded(exam_days([run.dates for run in runs]), runs)


def _crowded(crowds: Iterable[Crowd], runs: Sequence[Run]) -> Iterator[tuple[int, Hit]]:
    """Each finding stands where something can be moved, else at what comes last."""
    courses = [run.name for run in runs]
    for crowd in crowds:
        place, due = (crowd.moves[0].place, crowd.moves[0].due) if crowd.moves else crowd.dues[-1]
        yield place, Hit(due.path, told(crowd, courses), way_out(crowd, courses), crowd.figure)
