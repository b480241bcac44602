"""What a grade may ask of a part: ``pass``, ``50 %``, ``24 p``, a value of the scale (contract 11.5)."""

from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Literal, NamedTuple, assert_never

from kurssi.diagnostics.message import Wrong, msg
from kurssi.values.numbers import exact
from kurssi.values.patterns import Regex

from .fields import Reads, show

AskedIn = Literal["value", "percent", "points", "pass"]
"""How a demand is written."""

ATTENDED = "attended"
"""What stands in place of a part where sessions are asked for."""

_NUMBER = Regex(r"[0-9]{1,9}(?:[.,][0-9]{1,6})?")


class Asked(NamedTuple):
    """A demand as it is written."""

    unit: AskedIn
    number: Fraction
    """1 where it only has to be passed, and where it is a label."""
    label: str | None = None
    """A label of an own scale."""

    def __str__(self) -> str:
        match self.unit:
            case "value":
                return exact(self.number) if self.label is None else self.label
            case "percent":
                return f"{exact(self.number)} %"
            case "points":
                return f"{exact(self.number)} p"
            case "pass":
                return "pass"
            case _ as unknown:
                assert_never(unknown)


def _asked(value: object) -> Asked:
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        return Asked("value", Fraction(value))
    text = value.strip() if isinstance(value, str) else ""
    if text == "pass":
        return Asked("pass", Fraction(1))
    for sign, unit in _UNITS:
        number = text.removesuffix(sign).rstrip()
        if text.endswith(sign) and _NUMBER.fullmatch(number):
            return Asked(unit, Fraction(number.replace(",", ".")))
    if text and len(text) <= 40:
        return Asked("value", Fraction(1), text)
    raise Wrong(
        msg("{value} cannot be asked of a part", value=show(value)), msg("write a grade, 50 %, 24 p, or the word pass")
    )


_UNITS: tuple[tuple[str, AskedIn], ...] = (("%", "percent"), ("p", "points"))

AskedOf = Annotated[
    Asked,
    Reads(
        _asked,
        anyOf=[{"type": "number"}, {"type": "string", "minLength": 1, "maxLength": 40}],
        examples=["pass", "50 %", "24 p", 4],
    ),
]
