"""Late time that is forgiven: how much, to whom, and how it is spent."""

from typing import NamedTuple

from kurssi.course import model
from kurssi.diagnostics.finding import Path
from kurssi.values.hours import Length


class Free(NamedTuple):
    """Forgiven late time: a budget in hours for the whole course, and how it is spent."""

    path: Path
    budget: Length
    hours: int
    spend: model.SpendRule
    at_most: Length | None = None
    """The most that one attempt takes."""
    whole: bool = False
    """Whether an attempt takes all its late units or none."""

    def units(self, units: int, unit_hours: int, left: int) -> int:
        """How many of so many late units are forgiven where so many hours of the budget are left."""
        each = left if self.at_most is None else min(left, self.at_most.hours)
        most = min(units, each // unit_hours)
        return 0 if self.whole and most < units else most


def free_of(late: model.Late | str | None) -> Free | None:
    """The free budget of the late rule of an assessment."""
    if not isinstance(late, model.Late) or late.free is None:
        return None
    free = late.free
    path = ("assessment", "late", "free")
    return Free(path, free.budget, free.budget.hours, free.spend, free.at_most, free.whole)
