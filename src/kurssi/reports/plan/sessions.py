"""The schedule with its dates, and the run sheet of a session: what happens when, how, and with what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import time
from fractions import Fraction
from typing import NamedTuple

from kurssi.course.model import AgendaItem, ImplementationFile, Session
from kurssi.diagnostics.message import Msg, Terms, Weekday, msg, nmsg
from kurssi.planning.timetable import Meeting, meetings_of, weeks_of
from kurssi.planning.week_load import hours_by_week
from kurssi.reports.hours import KIND_NAMES
from kurssi.values.agenda import AgendaSum, Begin, add_up, begins

from .blocks import Bar, Block, Bullets, Chart, Field, Own, Page, Paragraphs, Section, Table

MODES: dict[str, Msg] = {
    "all": msg("all together"),
    "individual": msg("individual work"),
    "pairs": msg("pair work"),
    "group": msg("group work"),
    "break": msg("break"),
}


# ---- the schedule ------------------------------------------------------------------------------------------


def scheduling(file: ImplementationFile) -> Iterator[Block]:
    """Weeks and breaks, the chart, the table of the sessions, and what is not known about them."""
    yield from _weeks_and_content(file)
    meetings = meetings_of(file)
    if not meetings:
        return
    chart = hours_chart(file) or contact_chart(file)
    if chart is not None:
        yield chart
    yield sessions_table(file, meetings)
    if any(meeting.day is not None and not meeting.known for meeting in meetings):
        unknown = msg(
            "Where only the week is known, the first teaching day of the week is shown; the timetable says the day and "
            "the time."
        )
        yield Paragraphs((unknown,))


def scheduling_lines(file: ImplementationFile) -> Iterator[Block]:
    """The same for the register, which has no tables: a line per session."""
    yield from _weeks_and_content(file)
    lines = []
    for meeting in meetings_of(file):
        topic = Own(meeting.session.topic) if meeting.session.topic else msg("Session {n}", n=meeting.place + 1)
        if not meeting.known and meeting.session.week is not None:
            lines.append(msg("week {n}: {topic}", n=meeting.session.week, topic=topic))
        elif meeting.day is not None or meeting.session.start is not None:
            lines.append(msg("{when}: {topic}", when=when(meeting), topic=topic))
        else:
            lines.append(msg("{topic}", topic=topic))
    if lines:
        yield Bullets(lines)


def _weeks_and_content(file: ImplementationFile) -> Iterator[Block]:
    """Weeks, breaks and public holidays in a sentence each, then the page's own lines."""
    schedule = file.schedule
    if schedule is None:
        return
    lines: list[object] = []
    if schedule.weeks is not None:
        lines.append(msg("Weeks {weeks}.", weeks=str(schedule.weeks).replace("-", "–")))
    if schedule.breaks:
        number, breaks = len(schedule.breaks), Terms([str(week) for week in schedule.breaks])
        lines.append(nmsg("No teaching in week {weeks}.", "No teaching in weeks {weeks}.", number, weeks=breaks))
    holidays = [msg("{day} {name}", day=Weekday(d), name=name) for week in weeks_of(file) for d, name in week.holidays]
    if holidays:
        lines.append(msg("Public holidays: {days}.", days=Terms(holidays)))
    if lines:
        yield Paragraphs((Terms(lines, " "),))
    if len(schedule.content) == 1:
        yield Paragraphs((Own(schedule.content[0]),))
    elif schedule.content:
        yield Bullets([Own(line) for line in schedule.content])


def sessions_table(file: ImplementationFile, meetings: Sequence[Meeting]) -> Table:
    """A row per session, and one per week without teaching; columns of which nothing is known are left out."""
    schedule = file.schedule
    columns: list[tuple[Msg, bool]] = [
        (msg("No."), True),
        (msg("Week"), any(m.week or m.session.week for m in meetings)),
        (msg("Day"), any(m.day for m in meetings)),
        (msg("Time"), any(m.session.start for m in meetings)),
        (msg("Hours"), any(m.session.hours for m in meetings)),
        (msg("Topic"), True),
        (msg("Room"), any(m.session.room for m in meetings)),
    ]
    rows: list[tuple[object, ...]] = []
    breaks = [week for week in weeks_of(file) if not week.teaching] if schedule else []
    for meeting in meetings:
        while breaks and meeting.week is not None and breaks[0].week < meeting.week:
            week = breaks.pop(0)
            rows.append(("", str(week.week[1]), msg("from {day}", day=week.monday), "", "", msg("no teaching"), ""))
        rows.append(_session_row(meeting))
    kept = [index for index, (_, wanted) in enumerate(columns) if wanted]
    head = [columns[index][0] for index in kept]
    right = frozenset(place for place, index in enumerate(kept) if index in (0, 1, 4))
    return Table(msg("Sessions"), head, [[row[index] for index in kept] for row in rows], right)


def _session_row(meeting: Meeting) -> tuple[object, ...]:
    session = meeting.session
    number = meeting.week[1] if meeting.week else session.week
    day: object = ""
    if meeting.day is not None:
        day = Weekday(meeting.day) if meeting.known else msg("from {day}", day=meeting.day)
    return (
        str(meeting.place + 1),
        str(number) if number is not None else "",
        day,
        time_of(meeting),
        msg("{n} h", n=session.hours.hours) if session.hours else "",
        Own(session.topic) if session.topic else "",
        Own(session.room) if session.room else "",
    )


def time_of(meeting: Meeting) -> object:
    """From when to when a session lasts, as far as it is known."""
    session = meeting.session
    if session.start is None:
        return ""
    if session.hours is None or session.hours.hours > 24:
        return session.start
    return msg("{start}–{end}", start=session.start, end=_after(session.start, session.hours.hours * 60))


def _after(start: time, minutes: Fraction) -> time:
    """The time of day so many minutes later, past midnight if need be."""
    seconds = start.hour * 3600 + start.minute * 60 + int(minutes * 60)
    return time(seconds // 3600 % 24, seconds // 60 % 60)


HOURS_PER_WEEK: dict[str, Msg] = {
    "even": msg("The student's hours per week; group and independent work even over the teaching weeks"),
    "deadlines": msg("The student's hours per week; group and independent work rising towards the deadlines"),
}


def hours_chart(file: ImplementationFile) -> Chart | None:
    """All hours of the workload by week and kind; ``None`` where hours or weeks are not known."""
    curve = hours_by_week(file)
    if curve is None or file.workload is None or len(curve.weeks) < 2 or not curve.total:
        return None
    bars = [
        Bar(week.week[1], dict(week.hours), None if week.teaching or week.total else msg("no teaching"))
        for week in curve.weeks
    ]
    kinds = {kind: KIND_NAMES.get(kind, msg("other work")) for kind in curve.kinds}
    return Chart(HOURS_PER_WEEK[file.workload.spread], kinds, bars)


def contact_chart(file: ImplementationFile) -> Chart | None:
    """Contact hours per week of the schedule; ``None`` where weeks or hours are not known."""
    weeks, meetings = weeks_of(file), meetings_of(file)
    hours: dict[tuple[int, int], Fraction] = {}
    for meeting in meetings:
        if meeting.week is not None and meeting.session.hours is not None:
            hours[meeting.week] = hours.get(meeting.week, Fraction(0)) + meeting.session.hours.hours
    if len(weeks) < 2 or not any(hours.get(week.week) for week in weeks):
        return None
    bars = []
    for week in weeks:
        own = hours.get(week.week, Fraction(0))
        note = None if week.teaching else msg("no teaching")
        bars.append(Bar(week.week[1], {"contact_teaching": own}, note))
    return Chart(msg("Contact hours per week"), {"contact_teaching": msg("contact teaching")}, bars)


# ---- run sheets --------------------------------------------------------------------------------------------


def run_sheets(file: ImplementationFile, chosen: Sequence[Meeting], source: object) -> Page:
    """A section per session: when and where, the materials, the agenda by the clock, and its sums."""
    said = "language" in file.implementation.model_fields_set
    return Page(
        title=file.course.name,
        subtitle=Terms([file.course.code, file.implementation.id, msg("Run sheet")], " · "),
        sections=tuple(_run_sheet(meeting) for meeting in chosen),
        language=file.implementation.language if said else None,
        source=source,
        sheets=True,
    )


def _run_sheet(meeting: Meeting) -> Section:
    session = meeting.session
    title = msg("{n}. {topic}", n=meeting.place + 1, topic=Own(session.topic or "")) if session.topic else None
    fields: list[Field] = [
        Field("when", msg("When"), (Paragraphs((when(meeting),)),), short=True),
    ]
    if session.hours:
        length = msg("{n} h", n=session.hours.hours)
        fields.append(Field("length", msg("Length"), (Paragraphs((length,)),), short=True))
    if session.room:
        fields.append(Field("room", msg("Room"), (Paragraphs((Own(session.room),)),), short=True))
    needed = materials(session)
    if needed:
        fields.append(Field("materials", msg("Materials to bring"), (Bullets([Own(thing) for thing in needed]),)))
    if session.agenda:
        fields.append(Field("agenda", msg("Agenda"), tuple(_agenda(session))))
    return Section(f"session-{meeting.place + 1}", title or msg("Session {n}", n=meeting.place + 1), tuple(fields))


def when(meeting: Meeting) -> object:
    """The day of a session, or its week, and from when to when it lasts, as far as they are known."""
    said: list[object] = []
    if meeting.day is not None:
        said.append(Weekday(meeting.day) if meeting.known else msg("week of {day}", day=meeting.day))
    elif meeting.session.week is not None:
        said.append(msg("week {n}", n=meeting.session.week))
    if meeting.session.start is not None:
        said.append(time_of(meeting))
    return Terms(said) if said else msg("the day is not known")


def materials(session: Session) -> list[str]:
    """Everything that a session and its activities need, each thing once, in order."""
    things = [*session.materials, *(thing for item in session.agenda for thing in item.materials)]
    return list(dict.fromkeys(things))


def _agenda(session: Session) -> Iterator[Block]:
    times = [item.time for item in session.agenda]
    questions = any(item.questions for item in session.agenda)
    head = [msg("Clock") if session.start else msg("From the start"), msg("Activity"), msg("How"), msg("Time")]
    if questions:
        head.append(msg("Guiding questions"))
    rows = []
    for item, begin in zip(session.agenda, begins(times), strict=False):
        row: list[object] = [
            clock(session, begin),
            Own(item.title),
            mode_of(item),
            Own(item.time) if item.time else "–",
        ]
        if questions:
            row.append(Terms([Own(question) for question in item.questions], " "))
        rows.append(row)
    yield Table(msg("Activities in order"), head, rows)
    yield Bullets(list(sums(session)))
    divided = list(shares(session))
    if len(divided) > 1:
        cells = [(named(share.modes), span(share.sum), msg("{n} %", n=share.percent)) for share in divided]
        yield Table(msg("Shares of the working time"), (msg("How"), msg("Time"), msg("Share")), cells, frozenset({2}))


def clock(session: Session, begin: Begin) -> object:
    """When an activity begins: by the clock where the session's start is known, else in minutes from the start."""
    same = begin.earliest == begin.latest
    first: object
    if session.start is None:
        first = msg("{n} min", n=begin.earliest)
        if not same:
            first = msg("{least}–{most} min", least=begin.earliest, most=begin.latest)
    else:
        first = _after(session.start, begin.earliest)
        if not same:
            first = msg("{first}–{last}", first=first, last=_after(session.start, begin.latest))
    return msg("{time} or later", time=first) if begin.open else first


def mode_of(item: AgendaItem) -> object:
    """How an activity is worked on, in words."""
    return named(item.mode)


def named(modes: Sequence[str]) -> object:
    """Ways of working in words; several are a choice."""
    words = [MODES[mode] for mode in modes]
    if len(words) == 2:
        return msg("{first} or {second}", first=words[0], second=words[1])
    return Terms(words, " / ") if words else "–"


def span(total: AgendaSum) -> object:
    """A sum of times: from – to, with its open rests."""
    text = msg("{n} min", n=total.least)
    if total.most != total.least:
        text = msg("{least}–{most} min", least=total.least, most=total.most)
    if not total.rests:
        return text
    return msg("{time} + {rests}", time=text, rests=Terms([Own(rest) for rest in total.rests], " + "))


def sums(session: Session) -> Iterator[Msg]:
    """What the agenda takes, what is open in it, and how it fits the session."""
    total = add_up(item.time for item in session.agenda)
    pauses = add_up(item.time for item in session.agenda if item.mode == ("break",))
    yield msg("Takes {time} in all.", time=span(total))
    if pauses.most:
        yield msg("Breaks in it: {time}.", time=span(pauses))
    if total.rests:
        yield nmsg("{n} open rest is not counted.", "{n} open rests are not counted.", len(total.rests))
    if total.untimed:
        yield nmsg("{n} activity says no time.", "{n} activities say no time.", total.untimed)
    if session.start is not None and total.most:
        end = begins([item.time for item in session.agenda])[-1]
        yield msg("Ends by the clock: {time}.", time=clock(session, end))
    if session.hours is not None:
        room = session.hours.hours * 60
        if total.least > room:
            yield msg("The session has {n} min: {over} min too few.", n=room, over=total.least - room)
        elif total.most > room:
            yield msg("The session has {n} min: it fits only if the shorter times hold.", n=room)
        elif total.open:
            left = room - total.most
            yield msg("The session has {n} min: {left} min are left for what is open.", n=room, left=left)
        else:
            yield msg("The session has {n} min: {left} min are left.", n=room, left=room - total.most)


class Share(NamedTuple):
    """How much of the working time goes one way."""

    modes: tuple[str, ...]
    sum: AgendaSum
    percent: Fraction
    """Of the least times, without breaks; to the nearest tenth."""


def shares(session: Session) -> Iterator[Share]:
    """The working time by mode, in the order in which the modes first come; breaks are no work."""
    work = [item for item in session.agenda if item.mode != ("break",)]
    whole = add_up(item.time for item in work).least
    if not whole:
        return
    for modes in dict.fromkeys(item.mode for item in work):
        total = add_up(item.time for item in work if item.mode == modes)
        yield Share(modes, total, Fraction(round(total.least * 1000 / whole), 10))
