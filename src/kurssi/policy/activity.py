"""What activity adds to the mean, or to the grade (5.2, 11.7), resolved."""

from fractions import Fraction
from typing import NamedTuple

from kurssi.course import model
from kurssi.diagnostics.finding import Path


class Band(NamedTuple):
    """From this share of the sessions attended, ``adjust`` is added."""

    share: Fraction
    adjust: Fraction


class Activity(NamedTuple):
    """What activity adds (5.2): by level or by attendance."""

    path: Path
    levels: dict[str, Fraction] | None
    sessions: int
    bands: tuple[Band, ...]
    in_steps: bool = False
    """Whether the final grade moves by whole steps of the scale, and the mean stays."""

    @property
    def moves(self) -> bool:
        """Whether anything of it is more than 0; else it only says how many sessions there were."""
        return any(self.sizes)

    @property
    def sizes(self) -> list[Fraction]:
        """Everything that a level or a band adds."""
        return [*(self.levels or {}).values(), *(band.adjust for band in self.bands)]


def activity_of(given: model.Activity | None) -> Activity | None:
    """The rule of the file."""
    path = ("assessment", "activity")
    if given is None:
        return None
    if given.attendance is None:
        return Activity(path, given.levels or {}, 0, (), model.moves_grade(given.adjust))
    bands = tuple(
        Band(b.from_.value / 100 if b.from_.percent else b.from_.value / given.attendance.of, b.adjust)
        for b in given.attendance.bands
    ) or (Band(Fraction(0), Fraction(0)),)  # it only says how many sessions there were
    return Activity(path, None, given.attendance.of, bands, model.moves_grade(given.adjust))
