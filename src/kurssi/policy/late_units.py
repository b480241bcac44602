"""The units in which lateness is counted: the one place that says how long each is."""

from __future__ import annotations

from typing import assert_never

from kurssi.course.model import LateUnit
from kurssi.values.hours import Length


def length_of_unit(per: LateUnit) -> Length:
    """One unit: an hour is elapsed time, a day and a week move the local date."""
    match per:
        case "hour":
            return Length(1, "h")
        case "day":
            return Length(1, "d")
        case "week":
            return Length(1, "w")
        case _ as unknown:
            assert_never(unknown)


def whole_units(per: LateUnit) -> str:
    """A budget of whole units, as a teacher would write it."""
    match per:
        case "hour":
            return "48 h"
        case "day":
            return "2 d"
        case "week":
            return "1 w"
        case _ as unknown:
            assert_never(unknown)


def hours_of_unit(per: LateUnit) -> int:
    """How many hours a unit takes of a free budget."""
    return length_of_unit(per).hours
