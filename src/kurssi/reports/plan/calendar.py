"""Everything that falls on a day as an iCalendar file (RFC 5545): sessions, exams, retakes, deadlines, enrollment.

The same file always gives the same bytes. Every event has an identifier made of the course's code, the
implementation's id and the event's place in it, so that importing the calendar again moves events instead of doubling
them. Where an older calendar of the same implementation is at hand, an event that changed gets the next SEQUENCE
number, by which a calendar program knows the newer one (RFC 5545, 3.8.7.4); DTSTAMP and LAST-MODIFIED follow the
number instead of the clock. An event of the older calendar that is gone stays in the new one as cancelled (3.8.1.11),
or it would stay in everybody's calendar as it was. There are no alarms.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from icalendar import Calendar, Timezone, vText
from icalendar import Event as Entry

from kurssi.course.model import ImplementationFile
from kurssi.diagnostics.message import Msg, Terms, msg
from kurssi.diagnostics.visible import in_line, visible
from kurssi.diagnostics.words import Words
from kurssi.planning.timetable import Event, Meeting, events_of, is_exam, meetings_of
from kurssi.values.times import When, deadline

FIRST = datetime(2020, 1, 1, tzinfo=UTC)
"""DTSTAMP of an event that never changed; each change adds a minute. It must be there, and must not be the clock's."""
STAMPS = ("SEQUENCE", "DTSTAMP", "LAST-MODIFIED")


class Item(NamedTuple):
    """An event of the calendar, in words."""

    key: str
    summary: str
    start: date | datetime
    end: date | datetime | None
    """The day after the last, the moment it ends, or ``None`` for a moment."""
    category: str
    busy: bool
    description: str
    location: str


def as_calendar(file: ImplementationFile, words: Words, before: bytes | None = None) -> bytes:
    """The calendar; ``before`` is an older one of the same implementation, whose event numbers are carried on."""
    old = {uid: entry for uid, entry in _entries(before).items() if _is_ours(file, uid)}
    name = f"{file.course.called(words.language)} ({file.implementation.id})"
    return _written([file], name, words, old, lambda _: True)


def as_group_calendar(
    files: Sequence[ImplementationFile], name: str, words: Words, before: bytes | None = None, *, complete: bool = True
) -> bytes:
    """The calendar of several implementations, with the events of their own calendars.

    ``complete``: whether these are all of them; else what an older calendar has of others stays as it is.
    """
    old = {uid: entry for uid, entry in _entries(before).items() if uid.endswith(_AT)}
    return _written(files, name, words, old, lambda uid: complete or any(_is_ours(file, uid) for file in files))


def _written(
    files: Sequence[ImplementationFile],
    name: str,
    words: Words,
    old: dict[str, Any],
    gone: Callable[[str], bool],
) -> bytes:
    """The calendar of the files; an ``old`` event that none of them has is cancelled where it is ``gone``."""
    zones = list(dict.fromkeys(_zone(file) for file in files))
    calendar = Calendar()
    calendar.add("prodid", "-//kurssi//course plan//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("x-wr-calname", vText(in_line(name)))  # of a name that it does not know the library escapes nothing
    calendar.add("x-wr-timezone", zones[0].key)
    items = [(_uid(file, item.key), item) for file in files for item in _items(file, words, _zone(file))]
    items.sort(key=lambda pair: (_sortable(pair[1].start), pair[0]))
    for uid, item in items:
        entry = _entry(uid, item)
        _number(entry, old.pop(uid, None))
        calendar.add_component(entry)
    for uid in sorted(old):
        calendar.add_component(_cancelled(old[uid]) if gone(uid) else old[uid])
    for zone in zones:
        if any(isinstance(item.start, datetime) and item.start.tzinfo is zone for _, item in items):
            _add_zone(calendar, zone)
    return bytes(calendar.to_ical())


def _entry(uid: str, item: Item) -> Any:
    """The event without its number."""
    entry = Entry()
    entry.add("uid", uid)
    entry.add("summary", visible(item.summary))
    entry.add("dtstart", item.start)
    if item.end is not None:
        entry.add("dtend", item.end)
    if item.description:
        entry.add("description", visible(item.description))
    if item.location:
        entry.add("location", visible(item.location))
    entry.add("categories", [item.category])
    entry.add("status", "CONFIRMED")
    entry.add("transp", "OPAQUE" if item.busy else "TRANSPARENT")
    return entry


_HELSINKI = """\
BEGIN:VTIMEZONE
TZID:Europe/Helsinki
BEGIN:DAYLIGHT
TZNAME:EEST
DTSTART:19970330T030000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZOFFSETFROM:+0200
TZOFFSETTO:+0300
END:DAYLIGHT
BEGIN:STANDARD
TZNAME:EET
DTSTART:19961027T040000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZOFFSETFROM:+0300
TZOFFSETTO:+0200
END:STANDARD
END:VTIMEZONE
"""
"""Summer time since 1996 (Directive 2000/84/EC): from 1:00 UTC of the last Sunday of March to that of October.

As a rule, not as a list of dates: every reader understands it, and it does not end.
"""


def _add_zone(calendar: Calendar, zone: ZoneInfo) -> None:
    """What the zone's name means, before the events that use it."""
    if zone.key == "Europe/Helsinki":
        calendar.subcomponents.insert(0, Timezone.from_ical(_HELSINKI.replace("\n", "\r\n")))
        return
    starts: list[Any] = [entry["DTSTART"] for entry in calendar.walk("VEVENT")]
    years = [start.dt.year for start in starts]
    first = max(min(years), max(years) - _MOST_YEARS)
    calendar.add_missing_timezones(first_date=date(first, 1, 1), last_date=date(min(max(years) + 1, 9999), 1, 1))


_MOST_YEARS = 20
"""So far back go the changes of the clock in a calendar; each of them is looked for."""


def _zone(file: ImplementationFile) -> ZoneInfo:
    return ZoneInfo(file.assessment.timezone if file.assessment else "Europe/Helsinki")


_KEY = re.compile(r"session-\d+|enrollment-(start|end)|(deadline|exam)-[a-z0-9_]+|retake-[a-z0-9_]+-\d+")
_AT = "@kurssi"


def _uid(file: ImplementationFile, key: str) -> str:
    return _run(file) + key + _AT


def _run(file: ImplementationFile) -> str:
    """What every identifier of an implementation begins with."""
    run, code = file.implementation.id, file.course.code
    return re.sub(r"[^\w.-]+", "-", run if run.startswith(code) else f"{code}-{run}") + "-"


def _is_ours(file: ImplementationFile, uid: str) -> bool:
    """Whether an identifier is one that this implementation has given."""
    return uid.startswith(_run(file)) and bool(_KEY.fullmatch(uid.removeprefix(_run(file)).removesuffix(_AT)))


def _sortable(start: date | datetime) -> str:
    return start.isoformat() if isinstance(start, datetime) else start.isoformat() + "T00:00:00"


# ---- numbers -----------------------------------------------------------------------------------------------


def _entries(before: bytes | None) -> dict[str, Any]:
    """The events of an older calendar by their identifier; none where it cannot be read."""
    found: dict[str, Any] = {}
    for event in _events(before or b""):
        try:
            entry: Any = Entry.from_ical(event)
            if "UID" in entry and isinstance(entry["DTSTART"].dt, date):
                entry.to_ical()  # what is carried on is written again
                found[str(entry["UID"])] = entry
        except (ValueError, KeyError, IndexError, TypeError, AttributeError, ArithmeticError):
            continue
    return found


_FOLDED = re.compile(r"\r?\n[ \t]")
_OWN = frozenset(
    ("UID", "SUMMARY", "DTSTART", "DTEND", "DESCRIPTION", "LOCATION", "CATEGORIES", "STATUS", "TRANSP", *STAMPS)
)
"""What an event of kurssi's says; nothing else of an older calendar is carried on."""
MOST_EVENTS = 5_000
"""A calendar with more is none of kurssi's."""


def _events(before: bytes) -> list[str]:
    """The events of an older calendar as text, with what kurssi writes into them alone, and that once.

    So what others have put in (alarms, attachments, a hundred thousand lines) is neither carried on nor waited for.
    """
    events: list[str] = []
    lines: dict[str, str] | None = None
    inside = 0
    for line in _FOLDED.sub("", before.decode("utf-8", "replace")).replace("\r\n", "\n").split("\n"):
        name = re.split("[:;]", line, maxsplit=1)[0].upper()
        if lines is None:
            lines = {} if line.upper() == "BEGIN:VEVENT" else None
        elif name == "BEGIN":
            inside += 1
        elif name == "END" and inside:
            inside -= 1
        elif name == "END":
            events.append("\r\n".join(["BEGIN:VEVENT", *lines.values(), "END:VEVENT", ""]))
            lines = None
        elif name in _OWN and not inside:
            lines.setdefault(name, line)
    return events if len(events) <= MOST_EVENTS else []


def _number(entry: Any, old: Any) -> None:
    """Puts SEQUENCE and its stamps on an event: the old one's number, or the next where it says something else."""
    sequence = 0
    if old is not None:
        sequence = _old_number(old) + (_content(entry) != _content(old))
    for name in STAMPS:
        entry.pop(name, None)
    entry.add("sequence", sequence)
    entry.add("dtstamp", FIRST + timedelta(minutes=sequence))
    entry.add("last-modified", FIRST + timedelta(minutes=sequence))


_MOST_CHANGES = 2**31 - 2
"""The largest number that can still be counted up (RFC 5545, 3.3.8)."""


def _old_number(old: Any) -> int:
    try:
        number = int(old.get("SEQUENCE", 0))
    except (ValueError, TypeError):
        return 0
    return number if 0 <= number <= _MOST_CHANGES else 0


def _content(entry: Any) -> bytes:
    """What the event says, without the numbers that say how often it changed."""
    bare = entry.copy()
    for name in STAMPS:
        bare.pop(name, None)
    return bytes(bare.to_ical())


def _cancelled(old: Any) -> Any:
    """The event that is gone, as cancelled."""
    entry = old.copy()
    for name in ("STATUS", "TRANSP"):
        entry.pop(name, None)
    entry.add("status", "CANCELLED")
    entry.add("transp", "TRANSPARENT")
    _number(entry, old)
    return entry


# ---- events ------------------------------------------------------------------------------------------------


def _items(file: ImplementationFile, words: Words, zone: ZoneInfo) -> Iterator[Item]:
    for meeting in meetings_of(file):
        if meeting.day is not None:
            yield _session(file, meeting, words, zone)
    for event in events_of(file):
        yield from _event(file, event, words, zone)


def _session(file: ImplementationFile, meeting: Meeting, words: Words, zone: ZoneInfo) -> Item:
    session, day = meeting.session, meeting.day
    assert day is not None  # noqa: S101 - the caller asks only for those
    topic = session.topic or words("Session {n}", n=meeting.place + 1)
    said: list[Msg] = [msg("{code} {name}", code=file.course.code, name=file.course.called(words.language))]
    said.append(msg("Session {n}", n=meeting.place + 1))
    if session.hours is not None:
        said.append(msg("Length: {n} h", n=session.hours.hours))
    start: date | datetime = day
    end: date | datetime | None = day + timedelta(days=1)
    if meeting.start is not None:
        start = meeting.start.replace(tzinfo=zone)
        end = meeting.end.replace(tzinfo=zone) if meeting.end is not None else None
    elif session.start is not None:
        said.append(msg("Starts at {clock}.", clock=session.start))
    if meeting.known and session.start is None:
        said.append(msg("The time of day is not known; look at the timetable."))
    if not meeting.known:
        said.append(msg("Only the week is known: this is its first teaching day. Look at the timetable."))
    exam = is_exam(session.topic)
    place = ", ".join(part for part in (session.room, file.implementation.campus) if part)
    return Item(
        f"session-{meeting.place + 1}",
        f"{file.course.called(words.language)}: {topic}",
        start,
        end,
        words("Exam") if exam else words("Session"),
        meeting.start is not None,
        words.say(Terms(said, "\n")),
        place,
    )


def _event(file: ImplementationFile, event: Event, words: Words, zone: ZoneInfo) -> Iterator[Item]:
    course = words("{code} {name}", code=file.course.code, name=file.course.called(words.language))
    if event.kind == "enrollment":
        ends = event.last or event.at.day
        sides: list[tuple[str, date, str]] = [
            ("start", event.at.day, words("Enrollment opens: {course}", course=file.course.called(words.language))),
            ("end", ends, words("Enrollment closes: {course}", course=file.course.called(words.language))),
        ]
        for side, day, summary in sides:
            key = f"{event.key}-{side}"
            yield Item(key, summary, day, day + timedelta(days=1), words("Enrollment"), False, course, "")
        return
    name = event.part.name or event.part.id if event.part is not None else ""
    titles = {
        "deadline": (words("Deadline: {part}", part=name), words("Deadline")),
        "exam": (words("Exam: {part}", part=name), words("Exam")),
        "retake": (words("Retake {n}: {part}", n=event.attempt - 1, part=name), words("Retake")),
    }
    summary, category = titles[event.kind]
    start: date | datetime = event.at.day
    end: date | datetime | None = event.at.day + timedelta(days=1)
    if event.at.clock:
        start, end = _moment(event.at, zone), None
    named = f"{summary} ({file.course.called(words.language)})"  # a calendar has those of many courses
    yield Item(event.key, named, start, end, category, False, course, "")


def _moment(when: When, zone: ZoneInfo) -> datetime:
    """A time of the zone; in UTC where the file names an offset, or where the clock skips the time or runs it twice.

    Such a time is the later instant, as it is for grading (:func:`kurssi.values.times.deadline`), whatever a calendar
    program would make of it.
    """
    local = when.at if when.at.tzinfo else when.at.replace(tzinfo=zone)
    clear = local.astimezone(UTC) == local.replace(fold=1).astimezone(UTC)
    return local if clear and not when.at.tzinfo else deadline(when, zone)
