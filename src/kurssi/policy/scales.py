"""Scales of grades (contract section 3). Names of levels belong to a scale and its institution, never to all."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from kurssi.course.model import OwnScale


class Scale(NamedTuple):
    """Grades from ``lowest`` to ``top``; ``pass_grade`` is the first that passes. ``labels`` are in this order."""

    name: str
    lowest: int
    top: int
    pass_grade: int
    labels: tuple[str, ...]
    own: bool = False

    def label(self, grade: int) -> str:
        """How the grade is shown."""
        return self.labels[grade - self.lowest]

    def own_label(self, value: Fraction) -> str | None:
        """How a value of an own scale is called; None on other scales, and for a value between its grades."""
        if self.own and value.denominator == 1 and int(value) in self.grades:
            return self.label(int(value))
        return None

    def key(self, grade: int) -> str:
        """How the grade is named in a distribution: by number, or by label for own scales."""
        return self.label(grade) if self.own else str(grade)

    @property
    def grades(self) -> range:
        """All grades, ascending."""
        return range(self.lowest, self.top + 1)


SCALES = {
    "0-5": Scale("0-5", 0, 5, 1, tuple("012345")),
    "H-5": Scale("H-5", 0, 5, 1, tuple("H12345")),
    "pass-fail": Scale("pass-fail", 0, 1, 1, ("H", "HYV")),
    "4-10": Scale("4-10", 4, 10, 5, tuple(str(n) for n in range(4, 11))),
}


def scale_of(scale: str | OwnScale) -> Scale:
    """The scale that ``evaluation_scale`` names. The labels of an own scale are in order (rule own-scale)."""
    if isinstance(scale, str):
        return SCALES[scale]
    return Scale("own", 0, len(scale.values) - 1, scale.values.index(scale.passes_from), scale.values, own=True)
