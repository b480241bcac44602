"""The hours of an implementation week by week: where contact teaching is, and where the rest of the work falls.

Contact teaching is where the schedule has it. Group and independent work, and work without a kind, is spread by a rule
(:func:`hours_by_week`). Every sum is kept: the weeks add up to the parts, exactly.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Literal, NamedTuple, assert_never

from kurssi.course.model import ImplementationFile, Part, WorkloadPart
from kurssi.values.times import monday, week_of

from .timetable import ISO_WEEK, is_exam, meetings_of, weeks_of

Spread = Literal["even", "deadlines"]
OTHER = "other"
"""The kind of hours whose part names none."""
KINDS = ("contact_teaching", "group_work", "independent_work", OTHER)
"""The kinds, in the order in which they are shown."""
FULL_WEEK = Fraction(40)
"""The hours of a full week: the 1600 hours of a year (Decree 1129/2014) over 40 weeks."""


class WeekLoad(NamedTuple):
    """One week of one implementation, or of several together."""

    week: ISO_WEEK
    monday: date
    teaching: bool
    """False in a week without teaching (``schedule.breaks``) or outside the schedule's weeks."""
    hours: Mapping[str, Fraction]
    """Hours by kind, in the order of :data:`KINDS`; kinds without hours are left out."""

    @property
    def total(self) -> Fraction:
        """The hours of all kinds."""
        return sum(self.hours.values(), Fraction(0))


class Weekly(NamedTuple):
    """The week curve."""

    weeks: tuple[WeekLoad, ...]
    """In order: every week from the first to the last that the schedule or an hour has; of a group, what its have."""
    contact_from_schedule: bool
    """Whether contact hours stand in the weeks of their sessions; else they are spread over the teaching weeks."""

    @property
    def total(self) -> Fraction:
        """The hours of all weeks: the sum of the workload's parts."""
        return sum((week.total for week in self.weeks), Fraction(0))

    @property
    def peaks(self) -> tuple[WeekLoad, ...]:
        """The weeks with the most hours; none where half of the weeks with hours, or more, have as many."""
        worked = [week for week in self.weeks if week.total]
        most = max((week.total for week in worked), default=Fraction(0))
        highest = tuple(week for week in worked if week.total == most)
        return highest if 2 * len(highest) < len(worked) else ()

    @property
    def empty(self) -> tuple[WeekLoad, ...]:
        """The weeks without any work."""
        return tuple(week for week in self.weeks if not week.total)

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds that have hours, in the order in which they are shown."""
        return tuple(kind for kind in KINDS if any(kind in week.hours for week in self.weeks))


def hours_by_week(file: ImplementationFile, spread: Spread | None = None) -> Weekly | None:
    """The hours of each week, by kind; ``None`` without hours or without weeks (``schedule.weeks``, or ``timing``).

    Contact teaching: the sessions' hours, each in its week, where every session has hours and a week and they sum to
    the contact hours of the workload. Otherwise the hours of the workload, spread evenly over the teaching weeks.

    All other hours, by ``spread`` (default: ``workload.spread`` of the file):

    ``even``
        Every teaching week gets the same.
    ``deadlines``
        The deadlines of a part of the work are those of the assessed parts that it is ``for``, else all of the
        assessment: the day on which the first attempt is ``due``; for an exam without one, the day of each session
        about an exam (the Friday of its week where the day is not known). The hours are shared equally among the
        deadlines, and each share falls on the teaching days (Monday to Friday of teaching weeks) up to its deadline in
        the proportion 1 : 2 : 3 …, so that work starts with the course and rises towards each deadline. A deadline
        before the first teaching day takes its share in the first teaching week. A part without any deadline is spread
        evenly.
    """
    work = file.workload
    frame = _frame(file)
    if work is None or not work.parts or not frame:
        return None
    teaching = [week for week, is_teaching in frame.items() if is_teaching] or list(frame)
    hours: dict[ISO_WEEK, dict[str, Fraction]] = {}

    def put(week: ISO_WEEK, kind: str, amount: Fraction) -> None:
        at = hours.setdefault(week, {})
        at[kind] = at.get(kind, Fraction(0)) + amount

    contact = sum((p.hours.hours for p in work.parts if p.kind == "contact_teaching"), Fraction(0))
    sessions = _sessions(file)
    scheduled = sessions is not None and sum(sessions.values(), Fraction(0)) == contact
    if scheduled and sessions is not None:
        for week, amount in sessions.items():
            put(week, "contact_teaching", amount)
    for part in work.parts:
        if part.kind == "contact_teaching" and scheduled:
            continue
        chosen = "even" if part.kind == "contact_teaching" else spread or work.spread
        for week, amount in _shares(file, part, teaching, chosen).items():
            put(week, part.kind or OTHER, amount)
    weeks = [
        WeekLoad(week, monday(week), frame.get(week, False), _ordered(hours.get(week, {})))
        for week in _from_to([*frame, *(week for week, at in hours.items() if any(at.values()))])
    ]
    return Weekly(tuple(weeks), scheduled or not contact)


def add_up(curves: Iterable[Weekly]) -> Weekly:
    """Several implementations (at least one) of the same students together: every week that one of them has.

    It is a teaching week where it is one of any of them.
    """
    listed = list(curves)
    found: dict[ISO_WEEK, list[WeekLoad]] = {}
    for curve in listed:
        for week in curve.weeks:
            found.setdefault(week.week, []).append(week)
    weeks = []
    for at, here in sorted(found.items()):
        kinds = {kind: sum((w.hours.get(kind, Fraction(0)) for w in here), Fraction(0)) for kind in KINDS}
        weeks.append(WeekLoad(at, monday(at), any(w.teaching for w in here), _ordered(kinds)))
    return Weekly(tuple(weeks), all(curve.contact_from_schedule for curve in listed))


class Weighed(NamedTuple):
    """An assessed part beside the work that is for it."""

    part: Part
    weight: Fraction | None
    """Its share of its level's weights, in per cent; ``None`` where the part has no weight of its own."""
    hours: Fraction
    """The hours that are for it; hours for several parts are shared equally among them."""


def beside_weights(file: ImplementationFile) -> tuple[Weighed, ...]:
    """The assessed parts in order, each with the hours that are for it; empty where no hours say what they are for."""
    if file.assessment is None or file.workload is None or not any(part.for_ for part in file.workload.parts):
        return ()
    hours: dict[str, Fraction] = {}
    for work in file.workload.parts:
        for name in work.for_:
            hours[name] = hours.get(name, Fraction(0)) + work.hours.hours / len(work.for_)
    parts = list(_all_parts(file.assessment.parts))
    top = {part.id for part in file.assessment.parts}
    return tuple(
        Weighed(part, part.weight, hours.get(part.id, Fraction(0)))
        for part in parts
        if part.id in top or part.id in hours
    )


# ---- weeks ---------------------------------------------------------------------------------------------------


def _frame(file: ImplementationFile) -> dict[ISO_WEEK, bool]:
    """The weeks of the schedule, or else of the timing, and whether each is a teaching week."""
    weeks = weeks_of(file)
    if weeks:
        return {week.week: week.teaching for week in weeks}
    timing = file.implementation.timing
    if timing is None or timing.end < timing.start:
        return {}
    breaks = file.schedule.breaks if file.schedule else ()
    return {week: week[1] not in breaks for week in _from_to([week_of(timing.start), week_of(timing.end)])}


def _from_to(weeks: Sequence[ISO_WEEK]) -> Iterator[ISO_WEEK]:
    """Every week from the first to the last, in order."""
    day, last = monday(min(weeks)), monday(max(weeks))
    while day <= last:
        yield week_of(day)
        day += timedelta(days=7)


def _sessions(file: ImplementationFile) -> dict[ISO_WEEK, Fraction] | None:
    """The sessions' hours by week; ``None`` where there are none, or one has no week or no hours."""
    found: dict[ISO_WEEK, Fraction] = {}
    for meeting in meetings_of(file):
        if meeting.week is None or meeting.session.hours is None:
            return None
        found[meeting.week] = found.get(meeting.week, Fraction(0)) + meeting.session.hours.hours
    return found or None


def _ordered(hours: Mapping[str, Fraction]) -> dict[str, Fraction]:
    return {kind: hours[kind] for kind in KINDS if hours.get(kind)}


# ---- spreading -----------------------------------------------------------------------------------------------


def _shares(
    file: ImplementationFile, part: WorkloadPart, teaching: Sequence[ISO_WEEK], spread: Spread
) -> dict[ISO_WEEK, Fraction]:
    """A part's hours by week; they sum to the part."""
    ends: list[date] = []
    match spread:
        case "deadlines":
            ends = sorted(_deadlines(file, part))
        case "even":
            pass
        case _ as unknown:
            assert_never(unknown)
    if not ends:
        return dict.fromkeys(teaching, part.hours.hours / len(teaching))
    days = [monday(week) + timedelta(days=n) for week in teaching for n in range(5)]
    found: dict[ISO_WEEK, Fraction] = {}
    for end in ends:
        before = [day for day in days if day <= end] or days[:1]
        unit = part.hours.hours / (len(ends) * len(before) * (len(before) + 1) // 2)
        for rank, day in enumerate(before, 1):
            found[week_of(day)] = found.get(week_of(day), Fraction(0)) + unit * rank
    return found


def _deadlines(file: ImplementationFile, work: WorkloadPart) -> Iterator[date]:
    """The days of the deadlines that a part of the work leads to."""
    if file.assessment is None:
        return
    every = list(_all_parts(file.assessment.parts))
    chosen = [part for part in every if part.id in work.for_] if work.for_ else list(file.assessment.parts)
    for leaf in {leaf.id: leaf for part in chosen for leaf in _all_parts([part])}.values():
        if leaf.due is not None:
            yield leaf.due.at.date()
        elif not leaf.parts and is_exam(leaf.id, leaf.name):
            for meeting in meetings_of(file):
                if meeting.week is not None and is_exam(meeting.session.topic):
                    known = meeting.day if meeting.known else None
                    yield known or monday(meeting.week) + timedelta(days=4)


def _all_parts(parts: Iterable[Part]) -> Iterator[Part]:
    for part in parts:
        yield part
        yield from _all_parts(part.parts)
