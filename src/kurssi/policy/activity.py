"""What activity adds to the mean (5.2), resolved."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from kurssi.course import model
from kurssi.diagnostics.finding import Path


class Band(NamedTuple):
    """From this share of the sessions attended, ``adjust`` is added."""

    share: Fraction
    adjust: Fraction


class Activity(NamedTuple):
    """What activity adds to the mean (5.2): by level or by attendance."""

    path: Path
    levels: dict[str, Fraction] | None
    sessions: int
    bands: tuple[Band, ...]


def activity_of(given: model.Activity | None) -> Activity | None:
    """The rule of the file."""
    path = ("assessment", "activity")
    if given is None:
        return None
    if given.attendance is None:
        return Activity(path, given.levels or {}, 0, ())
    bands = tuple(
        Band(b.from_.value / 100 if b.from_.percent else b.from_.value / given.attendance.of, b.adjust)
        for b in given.attendance.bands
    )
    return Activity(path, None, given.attendance.of, bands)
