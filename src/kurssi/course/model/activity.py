"""The shape of what activity adds: by level, or by attendance."""

from typing import Annotated

from pydantic import BeforeValidator, Field

from .choices import ActivityMoves
from .fields import AmountOf, Number, Shape, Whole, as_tuple


class Band(Shape):
    """A band of attendance."""

    from_: Annotated[AmountOf, Field(alias="from")]
    """From this share of the sessions, such as 90 %."""
    adjust: Number
    """What the band adds to the mean."""


class Attendance(Shape):
    """Activity from attendance."""

    of: Whole
    """How many sessions there were."""
    bands: Annotated[tuple[Band, ...], BeforeValidator(as_tuple)] = ()
    """The bands, from the highest share to the lowest; none where a grade only requires attendance."""


class Activity(Shape):
    """What activity adds to the mean: by level, or by attendance."""

    levels: dict[str, Number] | None = None
    """Levels and what each adds, such as {active: 0.5, passive: -0.5}."""
    attendance: Attendance | None = None
    """Bands of attendance."""
    adjust: ActivityMoves = "mean"
    """mean: added to the mean; steps: the final grade moves by whole steps of the scale."""
