"""The plan as JSON: the fields in words, and dates and agenda times as data. Numbers are texts, so nothing is lost."""

from __future__ import annotations

from typing import Any

from kurssi.course.model import ImplementationFile, Session
from kurssi.diagnostics.words import Words
from kurssi.planning.timetable import Meeting, events_of, meetings_of, weeks_of
from kurssi.values.agenda import add_up, begins
from kurssi.values.numbers import exact

from .blocks import Page
from .sessions import materials
from .text import register


def document(file: ImplementationFile, page: Page, words: Words, findings: list[dict[str, Any]]) -> dict[str, Any]:
    """The whole plan; ``findings`` are those of the file, as ``kurssi validate`` writes them."""
    return {
        "kurssi": 1,
        "command": "plan",
        "implementation": file.implementation.id,
        "language": words.language,
        "fields": [
            {"name": field.name, "label": words.say(field.label), "text": register(field, words).rstrip("\n")}
            for section in page.sections
            for field in section.fields
        ],
        "weeks": [
            {
                "week": f"{week.week[0]}-W{week.week[1]:02}",
                "monday": week.monday.isoformat(),
                "teaching": week.teaching,
                "holidays": [{"date": day.isoformat(), "name": words.say(name)} for day, name in week.holidays],
            }
            for week in weeks_of(file)
        ],
        "sessions": [_session(meeting) for meeting in meetings_of(file)],
        "events": [
            {
                "key": event.key,
                "kind": event.kind,
                "at": str(event.at),
                "last": event.last.isoformat() if event.last else None,
                "part": event.part.id if event.part else None,
                "attempt": event.attempt,
            }
            for event in events_of(file)
        ],
        "findings": findings,
    }


def _session(meeting: Meeting) -> dict[str, Any]:
    session = meeting.session
    return {
        "n": meeting.place + 1,
        "topic": session.topic,
        "week": f"{meeting.week[0]}-W{meeting.week[1]:02}" if meeting.week else None,
        "date": meeting.day.isoformat() if meeting.day else None,
        "date_known": meeting.known,
        "start": session.start.isoformat("minutes") if session.start else None,
        "hours": exact(session.hours.hours) if session.hours else None,
        "room": session.room,
        "materials": materials(session),
        "agenda": _agenda(session),
    }


def _agenda(session: Session) -> dict[str, Any] | None:
    """All times in minutes; an open rest stands in words, and what says no time is null."""
    if not session.agenda:
        return None
    times = [item.time for item in session.agenda]
    total = add_up(times)
    return {
        "least": exact(total.least),
        "most": exact(total.most),
        "rests": list(total.rests),
        "untimed": total.untimed,
        "items": [
            {
                "title": item.title,
                "mode": list(item.mode),
                "least": exact(item.time.least) if item.time else None,
                "most": exact(item.time.most) if item.time else None,
                "rest": item.time.rest or None if item.time else None,
                "begins": {"earliest": exact(at.earliest), "latest": exact(at.latest), "open": at.open},
                "questions": list(item.questions),
                "materials": list(item.materials),
            }
            for item, at in zip(session.agenda, begins(times), strict=False)
        ],
    }
