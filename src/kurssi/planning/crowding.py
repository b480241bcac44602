"""Where the courses of one student group come too close: deadlines in one week, exams on one day; and what to move.

Plain dates of each implementation (:func:`dates_of`) are enough, so that many files can be held against each other.
What is proposed keeps to the timing of its implementation, to weeks with teaching, to days that are no public holiday,
and to all groups that the implementation is for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Literal, NamedTuple

from kurssi.course.model import ImplementationFile, written
from kurssi.diagnostics.finding import Path
from kurssi.diagnostics.message import Msg, Terms, Weekday, msg
from kurssi.values.times import When, monday, week_of

from .timetable import ISO_WEEK, events_of, is_exam, public_holiday

MOST_DEADLINES = 2
"""Deadlines that a group can have in one week without anybody being told."""
WEEKS_AROUND = 4
DAYS_AROUND = 14
"""How far from where it stands something is moved to."""


Kind = Literal["deadlines", "exams"]


class Due(NamedTuple):
    """A deadline or an exam."""

    path: Path
    """Where the file says it."""
    name: str
    day: date
    moment: datetime
    """As the clock on the wall shows it."""


class Dates(NamedTuple):
    """What the dates of one implementation are held against those of others by."""

    id: str
    course: str
    groups: tuple[str, ...]
    deadlines: tuple[Due, ...]
    """Of first attempts; parts that are due at the same moment are handed in together."""
    exams: tuple[Due, ...]
    """At most one a day."""
    sessions: frozenset[date]
    first: date | None
    last: date | None
    breaks: frozenset[int]
    """Numbers of weeks without teaching."""

    def allows(self, day: date) -> bool:
        """Whether something of this implementation can be on the day."""
        inside = (self.first is None or self.first <= day) and (self.last is None or day <= self.last)
        return inside and day.isocalendar().week not in self.breaks and public_holiday(day) is None


class Move(NamedTuple):
    """A proposal: this deadline or exam to that day."""

    place: int
    """The place of its implementation among all."""
    due: Due
    to: date


class Crowd(NamedTuple):
    """What comes too close for one group, or for several at once."""

    kind: Kind
    groups: tuple[str, ...]
    start: date
    """The Monday of the week, or the day."""
    dues: tuple[tuple[int, Due], ...]
    """Each with the place of its implementation among all, in order of time."""
    moves: tuple[Move, ...]
    """What to move until there is room; fewer where there is none nearby."""

    @property
    def figure(self) -> str:
        """The week or the day and how many there are, as a file accepts it."""
        if self.kind == "exams":
            return f"{self.start}: {len(self.dues)}"
        year, week = week_of(self.start)
        return f"{year}-W{week:02}: {len(self.dues)}"


# ---- the dates of one file -----------------------------------------------------------------------------------


def dates_of(file: ImplementationFile) -> Dates:
    """The dates of an implementation."""
    deadlines: dict[datetime, Due] = {}
    exams: dict[date, Due] = {}
    for event in events_of(file):
        if event.part is None or event.kind not in ("deadline", "exam"):
            continue
        day, moment = when_due(event.at, file)
        due = Due(written(file, event.path), event.part.name or event.part.id, day, moment)
        if event.kind == "exam":
            exams.setdefault(due.day, due)
        elif (other := deadlines.get(moment)) is not None:
            deadlines[moment] = other._replace(name=f"{other.name} + {due.name}")
        else:
            deadlines[moment] = due
    sessions = file.schedule.sessions if file.schedule else ()
    for index, session in enumerate(sessions):
        if session.date is not None and is_exam(session.topic):
            moment = datetime.combine(session.date, session.start or time())
            path: Path = ("schedule", "sessions", index, "date")
            exams.setdefault(session.date, Due(path, session.topic or "", session.date, moment))
    timing = file.implementation.timing
    return Dates(
        file.implementation.id,
        file.course.name,
        tuple(dict.fromkeys(group.code for group in file.implementation.groups)),
        tuple(deadlines.values()),
        tuple(exams[day] for day in sorted(exams)),
        frozenset(session.date for session in sessions if session.date is not None),
        timing.start if timing else None,
        timing.end if timing else None,
        frozenset(file.schedule.breaks if file.schedule else ()),
    )


def when_due(when: When, file: ImplementationFile) -> tuple[date, datetime]:
    """The day that a deadline ends, and its time on the wall; midnight belongs to the day before."""
    local = _local(when, file)
    at_midnight = when.clock and local.time() == time()
    return local.date() - timedelta(days=1) if at_midnight else local.date(), local


def _local(when: When, file: ImplementationFile) -> datetime:
    """The time on the wall where the course is held."""
    if when.at.tzinfo is None or file.assessment is None:
        return when.at.replace(tzinfo=None)
    from zoneinfo import ZoneInfo  # who works with zones loads them

    try:
        return when.at.astimezone(ZoneInfo(file.assessment.timezone)).replace(tzinfo=None)
    except (KeyError, ValueError):  # a zone that does not exist has a finding of its own
        return when.at.replace(tzinfo=None)


# ---- together ------------------------------------------------------------------------------------------------


class _Board:
    """What every group has, with what is proposed so far."""

    def __init__(self, all_dates: Sequence[Dates]) -> None:
        self.all = all_dates
        self.deadlines: dict[tuple[str, ISO_WEEK], int] = defaultdict(int)
        self.exams: set[tuple[str, date]] = set()
        self.sessions: set[tuple[str, date]] = set()
        for dates in all_dates:
            for group in map(str.casefold, dates.groups):
                for due in dates.deadlines:
                    self.deadlines[group, week_of(due.day)] += 1
                self.exams.update((group, exam.day) for exam in dates.exams)
                self.sessions.update((group, day) for day in dates.sessions)

    def move(self, place: int, due: Due, to: date) -> Move:
        for group in map(str.casefold, self.all[place].groups):
            self.deadlines[group, week_of(to)] += 1
            self.exams.add((group, to))
        return Move(place, due, to)


def crowded_weeks(all_dates: Sequence[Dates]) -> list[Crowd]:
    """The weeks in which a group has more than :data:`MOST_DEADLINES` deadlines, of two implementations or more."""
    return _with_moves(all_dates, "deadlines", MOST_DEADLINES, _other_week)


def exam_days(all_dates: Sequence[Dates]) -> list[Crowd]:
    """The days on which a group has exams of two implementations or more."""
    return _with_moves(all_dates, "exams", 1, _other_day)


Dues = tuple[tuple[int, Due], ...]
Way = tuple[int, bool, date]
"""How far away something can go, whether that is earlier, and the day."""
Elsewhere = Callable[[_Board, int, Due], Way | None]


def _with_moves(all_dates: Sequence[Dates], kind: Kind, most: int, elsewhere: Elsewhere) -> list[Crowd]:
    """What stands together, with what to move until ``most`` are left: what has the shortest way first."""
    board = _Board(all_dates)
    out = []
    for groups, start, dues in _crowds(all_dates, kind, most + 1):
        left, moves = list(dues), list[Move]()
        ways = _ways(board, left, elsewhere)
        while len(left) > most:
            found = [(way, -number) for number, way in enumerate(ways) if way is not None]
            if not found:
                break
            (_, _, to), less = min(found)
            del ways[-less]
            moves.append(board.move(*left.pop(-less), to))
            # room only gets less, and by this move in one week: elsewhere what was nearest still is
            moved = [n for n, way in enumerate(ways) if way is not None and week_of(way[2]) == week_of(to)]
            for number, way in zip(moved, _ways(board, [left[n] for n in moved], elsewhere), strict=True):
                ways[number] = way
        out.append(Crowd(kind, groups, start, dues, tuple(moves)))
    return out


def _ways(board: _Board, dues: Sequence[tuple[int, Due]], elsewhere: Elsewhere) -> list[Way | None]:
    """Where each can go; those of one day and of like courses go to the same day, which is looked for once."""
    known: dict[object, Way | None] = {}
    found = []
    for place, due in dues:
        dates = board.all[place]
        alike = (due.day, dates.groups, dates.first, dates.last, dates.breaks)
        if alike not in known:
            known[alike] = elsewhere(board, place, due)
        found.append(known[alike])
    return found


def _crowds(all_dates: Sequence[Dates], kind: Kind, least: int) -> Iterator[tuple[tuple[str, ...], date, Dues]]:
    """What stands together for a group; groups that have the same are named together. In order of time.

    One implementation by itself is its teacher's own plan, and a second file with the id of an earlier one is the same
    implementation again.
    """
    names: dict[str, str] = {}
    together: dict[tuple[str, date], list[tuple[int, Due]]] = defaultdict(list)
    ids: set[str] = set()
    for place, dates in enumerate(all_dates):
        if dates.id.casefold() in ids:
            continue
        ids.add(dates.id.casefold())
        for group in dates.groups:
            names.setdefault(group.casefold(), group)
            for due in dates.deadlines if kind == "deadlines" else dates.exams:
                start = monday(week_of(due.day)) if kind == "deadlines" else due.day
                together[group.casefold(), start].append((place, due))
    alike: dict[tuple[date, Dues], list[str]] = defaultdict(list)
    for (group, start), found in together.items():
        if len(found) >= least and len({place for place, _ in found}) > 1:
            dues = tuple(sorted(found, key=lambda pair: (pair[1].moment, pair[0])))
            alike[start, dues].append(names[group])
    for (start, dues), groups in sorted(alike.items(), key=lambda item: (item[0][0], item[1])):
        yield tuple(groups), start, dues


def _other_week(board: _Board, place: int, due: Due) -> Way | None:
    """The nearest week with room, and a day in it as near to the same day of the week as can be."""
    dates = board.all[place]
    groups = [group.casefold() for group in dates.groups]
    for weeks, back in _around(WEEKS_AROUND):
        same = due.day + timedelta(days=-7 * weeks if back else 7 * weeks)
        week = week_of(same)
        if any(board.deadlines[group, week] >= MOST_DEADLINES for group in groups):
            continue
        days = [monday(week) + timedelta(days=n) for n in range(5)]
        for day in (same, *sorted(days, key=lambda day: (abs((day - same).days), day))):
            if dates.allows(day) and not any((group, day) in board.exams for group in groups):
                return weeks, back, day
    return None


def _other_day(board: _Board, place: int, exam: Due) -> Way | None:
    """The nearest day from Monday to Friday without an exam or a session of the groups."""
    dates = board.all[place]
    groups = [group.casefold() for group in dates.groups]
    for days, back in _around(DAYS_AROUND):
        day = exam.day + timedelta(days=-days if back else days)
        taken = any((group, day) in board.exams or (group, day) in board.sessions for group in groups)
        if day.weekday() < 5 and not taken and dates.allows(day):
            return days, back, day
    return None


def _around(most: int) -> Iterable[tuple[int, bool]]:
    """Steps from near to far, each later (False) before earlier (True)."""
    return ((distance, back) for distance in range(1, most + 1) for back in (False, True))


# ---- in words ------------------------------------------------------------------------------------------------


def told(crowd: Crowd, courses: Sequence[str]) -> Msg:
    """What comes too close; ``courses`` are the names of all implementations."""
    groups, number = Terms(crowd.groups), len(crowd.dues)
    if crowd.kind == "exams":
        exams = [msg("{part} ({course})", part=due.name, course=courses[place]) for place, due in crowd.dues]
        return msg(
            "{n} exams on {day} for {groups}: {exams}",
            n=number,
            day=Weekday(crowd.start),
            groups=groups,
            exams=Terms(exams),
        )
    dues = [
        msg("{part} ({course}, {day})", part=due.name, course=courses[place], day=Weekday(due.day))
        for place, due in crowd.dues
    ]
    week = str(week_of(crowd.start)[1])
    return msg(
        "{n} deadlines in week {week} for {groups}: {dues}", n=number, week=week, groups=groups, dues=Terms(dues)
    )


def way_out(crowd: Crowd, courses: Sequence[str]) -> Msg:
    """What to move, and where to."""
    moves = Terms(
        [
            msg("“{part}” of {course} to {day}", part=move.due.name, course=courses[move.place], day=Weekday(move.to))
            for move in crowd.moves
        ]
    )
    if crowd.kind == "exams":
        if not crowd.moves:
            return msg("no day nearby is free: agree with the teachers of these courses which exam can wait")
        return msg("move {moves}: that day is free", moves=moves)
    if not crowd.moves:
        return msg("no week nearby has room: agree with the teachers of these courses which deadline can wait")
    if len(crowd.dues) - len(crowd.moves) > MOST_DEADLINES:
        return msg("move {moves}; for the others no week nearby has room", moves=moves)
    return msg("move {moves}: then no week has more than {most} of them", moves=moves, most=MOST_DEADLINES)
