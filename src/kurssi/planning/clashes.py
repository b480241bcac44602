"""Sessions of several implementations that are at the same time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from kurssi.course.model import ImplementationFile

from .timetable import Meeting, meetings_of

if TYPE_CHECKING:  # who works with zones loads them
    from zoneinfo import ZoneInfo

HERE = "Europe/Helsinki"
"""The zone of a file that names none."""


class Clash(NamedTuple):
    """Two sessions, the one that starts first before the other, each with the place of its implementation."""

    first: tuple[int, Meeting]
    second: tuple[int, Meeting]


class _Taken(NamedTuple):
    start: datetime
    end: datetime
    place: int
    meeting: Meeting


def timezone_of(file: ImplementationFile) -> str:
    """The time zone that the clock of an implementation goes by."""
    return file.assessment.timezone if file.assessment else HERE


@lru_cache(maxsize=64)
def zone_of(name: str) -> ZoneInfo:
    """The zone of that name; one that does not exist has a finding of its own, and is taken for the usual one."""
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return ZoneInfo(HERE)


def clashes(files: Sequence[ImplementationFile]) -> tuple[Clash, ...]:
    """Every two sessions that overlap, in order of time; compared as instants, whatever the clock does that night.

    Only sessions with a date, a start and hours can be held against each other (:func:`uncertain` are the others).
    """
    taken = []
    for place, file in enumerate(files):
        zone = zone_of(timezone_of(file))
        for meeting in meetings_of(file):
            if meeting.start is not None and meeting.end is not None:
                start = meeting.start.replace(tzinfo=zone).astimezone(UTC)
                taken.append(_Taken(start, start + (meeting.end - meeting.start), place, meeting))
    taken.sort(key=lambda one: (one.start, one.end, one.place, one.meeting.place))
    found = []
    for number, one in enumerate(taken):
        for other in taken[number + 1 :]:
            if other.start >= one.end:
                break
            found.append(Clash((one.place, one.meeting), (other.place, other.meeting)))
    return tuple(found)


def uncertain(files: Sequence[ImplementationFile]) -> int:
    """How many sessions lack the date, the start or the hours by which a clash could be seen."""
    return sum(meeting.end is None for file in files for meeting in meetings_of(file))
