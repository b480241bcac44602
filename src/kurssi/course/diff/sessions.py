"""What changed in the sessions: those of both runs are paired by week and topic."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from fractions import Fraction

from kurssi.course.model import (
    AgendaItem,
    Session,
)
from kurssi.diagnostics.finding import Path
from kurssi.diagnostics.message import Terms, msg, nmsg
from kurssi.values.vocabulary import fold

from .changes import Change, changed, line_changes, named_changes, quoted_text
from .words import LABELS, MODES, day_text, hours_text


def session_changes(old: Sequence[Session], new: Sequence[Session]) -> Iterator[Change]:
    """The sessions, and in each what happens in it."""
    path: Path = ("schedule", "sessions")
    pairs = _paired(old, new)
    for index, session in enumerate(new):
        before = pairs.get(index)
        name = _topic(session, index)
        if before is None:
            yield changed("schedule", (*path, index), msg("session {name}", name=name), None, _session(session, index))
            continue
        was = old[before]
        a, b = _session(was, before), _session(session, index)
        if (was.topic or "") != (session.topic or ""):
            yield changed(
                "schedule",
                (*path, index, "topic"),
                msg("topic of a session"),
                _topic(was, before),
                _topic(session, index),
            )
        moved = _when(was) != _when(session) or was.hours != session.hours
        if moved or (_when(session) is None and before != index and len(old) == len(new)):
            yield changed("schedule", (*path, index), msg("session {name}", name=name), a, b)
        what = Terms([name, LABELS["materials"]])
        yield from line_changes("schedule", (*path, index, "materials"), what, was.materials, session.materials)
        yield from _agenda((*path, index, "agenda"), name, was.agenda, session.agenda)
    taken = set(pairs.values())
    for index, session in enumerate(old):
        if index not in taken:
            name = _topic(session, index)
            yield changed("schedule", (*path, index), msg("session {name}", name=name), _session(session, index), None)


def _paired(old: Sequence[Session], new: Sequence[Session]) -> dict[int, int]:
    """For sessions of the new run, the one of the old run: the same topic, else the closest one that is left."""
    left: dict[int, str] = {i: fold(s.topic or "") for i, s in enumerate(old)}
    pairs: dict[int, int] = {}
    for index, session in enumerate(new):
        same = [i for i, topic in left.items() if topic and topic == fold(session.topic or "")]
        if same:
            pairs[index] = same[0]
            del left[same[0]]
    for index, session in enumerate(new):
        if index in pairs:
            continue
        if not session.topic:
            found = index if left.get(index) == "" else None
        else:
            close = get_close_matches(fold(session.topic), [t for t in left.values() if t], 1, 0.7)
            found = next((i for i, topic in left.items() if topic == close[0]), None) if close else None
        if found is not None:
            pairs[index] = found
            del left[found]
    return pairs


def _topic(session: Session, index: int) -> object:
    return quoted_text(session.topic) if session.topic else msg("no. {n}", n=index + 1)


def _when(session: Session) -> tuple[object, ...] | None:
    found = (session.date or session.week, session.start, session.room)
    return found if any(found) else None


def _session(session: Session, index: int) -> Terms:
    """Where a session stands: ``week 5, 3 h``, or its number where nothing else is known."""
    said: list[object] = []
    if session.date is not None:
        said.append(day_text(session.date))
    elif session.week is not None:
        said.append(msg("week {week}", week=session.week))
    else:
        said.append(msg("no. {n}", n=index + 1))
    if session.start is not None:
        said.append(f"{session.start.hour}:{session.start.minute:02}")
    if session.hours is not None:
        said.append(hours_text(session.hours.hours))
    if session.room is not None:
        said.append(session.room)
    return Terms(said)


def _agenda(path: Path, topic: object, old: Sequence[AgendaItem], new: Sequence[AgendaItem]) -> Iterator[Change]:
    def item(entry: AgendaItem) -> Terms:
        modes = [Terms([MODES[mode] for mode in entry.mode], "/")] if entry.mode else []
        said = [*modes, *([entry.time.text] if entry.time else []), *entry.questions, *entry.materials]
        return Terms(said or [msg("given")])

    before = [(fold(e.title), item(e)) for e in old]
    after = [(fold(e.title), item(e)) for e in new]
    yield from named_changes(
        "schedule",
        path,
        before,
        after,
        None,
        [Terms([topic, e.title]) for e in old],
        [Terms([topic, e.title]) for e in new],
    )


def sum_of(sessions: Sequence[Session]) -> object:
    """How many sessions there are, and their hours."""
    if not sessions:
        return None
    count = nmsg("{n} session", "{n} sessions", n=len(sessions))
    hours = [s.hours.hours for s in sessions if s.hours is not None]
    return Terms([count, hours_text(sum(hours, Fraction(0)))]) if len(hours) == len(sessions) else count
