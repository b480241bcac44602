"""The shape of a bonus by steps: how much of a part adds how much (contract 11.6)."""

from typing import Annotated

from pydantic import BeforeValidator, Discriminator, Field, Tag

from .fields import Number, PartId, Percent, Shape, as_tuple


class BonusStep(Shape):
    """From where a bonus adds how much."""

    from_: Annotated[Percent, Field(alias="from")]
    """From this share of the part, such as 40 %."""
    add: Number
    """What it adds: steps of the grade, or percentage points under basis percent."""


class Bonus(Shape):
    """A bonus by steps: how much of the part there is says what it adds."""

    steps: Annotated[tuple[BonusStep, ...], BeforeValidator(as_tuple)]
    """The steps, rising; the last one that is reached counts."""
    only_if: Annotated[tuple[PartId, ...], BeforeValidator(as_tuple)] = ()
    """Ids of parts that must be passed, else nothing is added."""
    to: PartId | None = None
    """The part to whose value it is added; default: to the mean of the parts beside it."""
    after_gate: bool = False
    """Whether the gate of that part is judged without the bonus."""


def _kind(value: object) -> str:
    return "rule" if isinstance(value, (dict, Shape)) else "none"


BonusOf = Annotated[Annotated[Bonus, Tag("rule")] | Annotated[bool, Tag("none")], Discriminator(_kind)]
"""Whether something is added on top, or by which steps."""
