"""What moves a value besides scores, resolved: activity and peer marks."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from kurssi.course import model
from kurssi.diagnostics.finding import Path


class Peer(NamedTuple):
    """The rule for peer marks (5.4). ``weight`` and ``penalty`` are shares from 0 to 1."""

    path: Path
    weight: Fraction
    own: bool
    silent: model.SilentRule
    penalty: Fraction
    at_most: Fraction | None
    may_fail: bool
    criteria: dict[str, Fraction] | None


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


def peer_of(given: model.Peer | None, path: Path) -> Peer | None:
    """The rule for peer marks of a part."""
    if given is None:
        return None
    return Peer(
        path,
        given.weight / 100,
        given.self,
        given.silent,
        given.penalty / 100,
        given.at_most,
        given.may_fail,
        given.criteria,
    )


def activity_of(given: model.Activity | None) -> Activity | None:
    """What activity adds."""
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
