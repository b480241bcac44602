"""The shape of a schedule: weeks, sessions, and what happens in them."""

from typing import Annotated

from pydantic import BeforeValidator

from .fields import Clock, Day, HoursOf, Lines, Modes, Shape, TimeOf, Week, WeekList, WeekRange, as_tuple


class AgendaItem(Shape):
    """One activity of a session."""

    title: str
    """What is done."""
    mode: Modes = ()
    """How: all, individual, pairs, group or break; several where there is a choice: [pairs, group]."""
    time: TimeOf | None = None
    """How long: 20 min, 20-30 min, 2 x 10 min, 45 min + presentation (what comes after + in words is open)."""
    questions: Lines = ()
    """Guiding questions, one per line."""
    materials: Lines = ()
    """What has to be at hand, one thing per line."""


class Session(Shape):
    """A meeting of the class."""

    topic: str | None = None
    """What the session is about."""
    hours: HoursOf | None = None
    """How long it takes, in hours."""
    week: Week | None = None
    """ISO week."""
    date: Day | None = None
    """The day."""
    start: Clock | None = None
    """The time of day it starts, such as 8:30."""
    room: str | None = None
    """The room."""
    materials: Lines = ()
    """What the whole session needs, one thing per line."""
    outcomes: Lines = ()
    """Ids of the learning outcomes that the session works at."""
    agenda: Annotated[tuple[AgendaItem, ...], BeforeValidator(as_tuple)] = ()
    """What happens in it, in order."""


class Schedule(Shape):
    """Content scheduling (sisällön jaksotus)."""

    weeks: WeekRange | None = None
    """ISO weeks of teaching, such as 3-11; 45-5 runs across New Year."""
    breaks: WeekList = ()
    """Weeks without teaching, such as [8]."""
    content: Lines = ()
    """The page's own lines on the order of the content."""
    sessions: Annotated[tuple[Session, ...], BeforeValidator(as_tuple)] = ()
    """The sessions, in order."""
