"""Values that a teacher may write in more than one way, as the fields of the shapes read them."""

import re
from collections.abc import Callable
from datetime import date, time
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, NamedTuple

from pydantic import BaseModel, ConfigDict
from pydantic_core import core_schema

from kurssi.diagnostics.message import Wrong, msg
from kurssi.values.agenda import AgendaTime, read_time
from kurssi.values.hours import Hours, Length, read_hours, read_length
from kurssi.values.numbers import MOST_DIGITS, Amount, Boundary, fraction, read_number
from kurssi.values.patterns import Regex
from kurssi.values.times import HOW as HOW_WHEN
from kurssi.values.times import Weeks, When, read_clock, read_weeks, read_when

from .choices import LateForm

PART_ID = re.compile("[a-z][a-z0-9_]*")
FILE_NAME = re.compile(r"[\w(][^/\\:*?\"<>|\x00-\x1f]*")
DATE = Regex(r"\d{4}-\d\d-\d\d")
MODES = ("all", "individual", "pairs", "group", "break")
"""How an activity of a session is worked on; the glossary's words are in the reports."""


class Shape(BaseModel):
    """Strict, frozen, and closed: an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, arbitrary_types_allowed=True, defer_build=True)


def _number(value: object) -> Fraction:
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        how = msg("write a number such as 40 or 0.5, without quotes")
        raise Wrong(msg("{value} is not a number", value=show(value)), how, fix=_as_number(value))
    return fraction(value)


def _as_number(value: object) -> str | None:
    """A number that was written as text, or with a decimal comma, as YAML wants it."""
    written = value.strip().replace(",", ".") if isinstance(value, str) and len(value) <= MOST_DIGITS else ""
    return written if re.fullmatch(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?", written) else None


def _whole(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        fix = value.strip() if isinstance(value, str) and re.fullmatch(r"[1-9][0-9]{0,5}|0", value.strip()) else None
        raise Wrong(msg("{value} is not a whole number", value=show(value)), fix=fix)
    return value


def _amount(value: object) -> Amount:
    if isinstance(value, str) and value.rstrip().endswith("%"):
        text = value.rstrip()[:-1].strip().replace(",", ".")
        sign, digits = (text[:1], text[1:]) if text[:1] in "+-" else ("", text)
        if digits.replace(".", "", 1).isdecimal() and len(digits) <= 15 and digits[-1:] != "." and digits[:1] != ".":
            return Amount(Fraction(sign + digits), True)
    if isinstance(value, str):
        how = msg("write 40 or 40 %")
        raise Wrong(msg("{value} is not a number or a percentage", value=show(value)), how, fix=_as_number(value))
    return Amount(_number(value))


def _boundary(value: object) -> Boundary:
    """85, 85 %, or with a > before it: only what is above counts."""
    if not isinstance(value, str) or not value.lstrip().startswith(">"):
        return Boundary(_amount(value))
    rest = value.lstrip()[1:].strip()
    if rest.startswith("="):
        how = msg("a boundary takes what is exactly on it anyway: write {bound}", bound=rest[1:].strip())
        raise Wrong(msg("{value} is not a boundary", value=show(value)), how, fix=rest[1:].strip() or None)
    number = read_number(rest)
    if number is None and not rest.endswith("%"):
        how = msg("write 85, 85 %, or “> 85” where 85 itself is not enough")
        raise Wrong(msg("{value} is not a boundary", value=show(value)), how)
    return Boundary(_amount(rest) if number is None else Amount(number), True)


_SHARE = Regex(r"([0-9]{1,6})\s*/\s*([0-9]{1,6})")


def _weight(value: object) -> Fraction:
    """In per cent: 40 and 40 % mean the same, and 1/3 is a third of the whole."""
    share = _SHARE.fullmatch(value.strip()) if isinstance(value, str) else None
    if share is None:
        return _amount(value).value
    if int(share[2]) == 0:
        raise Wrong(msg("{value} divides by nothing", value=show(value)), msg("write 1/3"))
    return Fraction(int(share[1]) * 100, int(share[2]))


class Deduction(NamedTuple):
    """What lateness costs, in one of its forms."""

    amounts: tuple[Amount, ...]
    form: LateForm


def _percent(value: object) -> Fraction:
    amount = _amount(value)
    if not amount.percent:
        raise Wrong(msg("{value} has no %", value=show(value)), msg("write it in per cent: 10 %"))
    return amount.value


def _deduct(value: object) -> Deduction:
    if isinstance(value, list):
        if not value:
            raise Wrong(msg("the table of deductions is empty"), msg("write at least one deduction"))
        return Deduction(tuple(_amount(item) for item in value), "table")
    return Deduction((_amount(value),), "per-unit")


def _lines(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    if isinstance(value, list):
        for index, item in enumerate(value):
            try:
                _line(item)
            except Wrong as wrong:
                raise Wrong(wrong.message, wrong.hint, index) from None
        return tuple(value)
    raise Wrong(msg("{value} is neither text nor a list of texts", value=show(value)))


def _line(value: object) -> str:
    if isinstance(value, dict):
        raise Wrong(msg("a colon in the line makes it a key with a value"), msg("put the whole line into quotes"))
    if not isinstance(value, str):
        raise Wrong(msg("{value} is not text", value=show(value)), msg("put it into quotes"))
    return value


def _labels(value: object) -> tuple[str, ...]:
    return tuple(_label(item) for item in _list(value))


def _label(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        raise Wrong(msg("{value} cannot be a label", value=show(value)), msg("put it into quotes"))
    return str(value)


def _list(value: object) -> list[Any]:
    if not isinstance(value, list):
        raise Wrong(
            msg("{value} is not a list", value=show(value)), msg("write a list: one item per line, each after “- ”")
        )
    return value


def as_tuple(value: object) -> object:
    """A list as a tuple, and anything else as it is: the shape says what is wrong with it."""
    return tuple(value) if isinstance(value, list) else value


def _hours(value: object) -> Hours:
    if isinstance(value, bool) or not isinstance(value, (int, Decimal, str)):
        raise Wrong(msg("{value} is not understood as hours", value=show(value)), msg("write hours as 24 h or 8x3 h"))
    return read_hours(str(value))


_PAGES = Regex(r"(\d{1,6})\s*(?:pages?|pp?\.?|sivua?|s\.?|sidor|sida)?", re.IGNORECASE)


def _pages(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 10**6:
        return value
    match = _PAGES.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None or int(match[1]) == 0:
        raise Wrong(msg("{value} is not a number of pages", value=show(value)), msg("write 120 pages"))
    return int(match[1])


def _count(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= 100:
        return value
    raise Wrong(msg("{value} is not a number of exams", value=show(value)), msg("write how many there are, such as 1"))


def show(value: object) -> object:
    """A value of the file as a message names it."""
    if value is None:
        return msg("nothing (an empty value)")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return msg("a block")
    if isinstance(value, list):
        return msg("a list")
    text = str(value)
    if not isinstance(value, str):
        return text
    return msg("“{text}”", text=text if len(text) <= 40 else text[:40] + "…")


def _moment(value: object) -> When:
    if isinstance(value, list):
        way = msg("write one, or for a series due: {{first: 2024-03-04 23:59, every: 7 d}}")
        raise Wrong(msg("{value} is not a date or a time", value=show(value)), way)
    if value is None or isinstance(value, bool | dict):
        raise Wrong(msg("{value} is not a date or a time", value=show(value)), HOW_WHEN)
    return read_when(value)


def _day(value: object) -> date:
    if isinstance(value, date):
        return value
    if isinstance(value, str) and DATE.fullmatch(value):
        raise Wrong(
            msg("{value} is text, not a date", value=show(value)), msg("take the quotation marks away"), fix=value
        )
    day = _as_day(value)
    how = msg("write the year first: {day}", day=day or "2024-03-04")
    raise Wrong(msg("{value} is not a date", value=show(value)), how, fix=day)


def _as_day(value: object) -> str | None:
    """A date as it is written in Finland, day first, with the year first."""
    match = re.fullmatch(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})", value.strip()) if isinstance(value, str) else None
    try:
        return date(int(match[3]), int(match[2]), int(match[1])).isoformat() if match else None
    except ValueError:
        return None


def _part_id(value: object) -> str:
    if isinstance(value, str) and PART_ID.fullmatch(value):
        return value
    raise Wrong(
        msg("{value} cannot be the id of a part", value=show(value)),
        msg("an id is a small letter a–z, then small letters, digits and _; the name may be anything"),
    )


def _outcome_id(value: object) -> str:
    if isinstance(value, str) and PART_ID.fullmatch(value):
        return value
    how = msg("an id is a small letter a–z, then small letters, digits and _")
    raise Wrong(msg("{value} cannot be the id of an outcome", value=show(value)), how)


def _id(value: object) -> str:
    if isinstance(value, str) and FILE_NAME.fullmatch(value) and len(value) <= 100:
        return value
    raise Wrong(
        msg("{value} cannot be an id", value=show(value)),
        msg("the id names files: letters, digits, - and _, such as KH00BT03-2024"),
    )


def _positive(value: object) -> Fraction:
    number = _number(value)
    if number <= 0:
        raise Wrong(msg("{value} is not more than 0", value=show(value)))
    return number


def _week(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 53:
        return value
    match = re.fullmatch(
        r"(?:vko|viikko|week|vecka|v\.)?\s*([1-9]|[1-4][0-9]|5[0-3])", str(value).strip(), re.IGNORECASE
    )
    fix = match[1] if match and isinstance(value, str) else None
    raise Wrong(msg("{value} is not a week", value=show(value)), msg("write an ISO week, 1 to 53"), fix=fix)


def _week_list(value: object) -> tuple[int, ...]:
    weeks = []
    for index, item in enumerate(_list(value)):
        try:
            weeks.append(_week(item))
        except Wrong as wrong:
            raise Wrong(wrong.message, wrong.hint, index, wrong.fix) from None
    return tuple(weeks)


def _filled(value: object) -> str:
    if isinstance(value, str) and value.strip():
        return value
    hint = msg("put it into quotes") if isinstance(value, (int, Decimal)) else None
    raise Wrong(msg("{value} is not text", value=show(value)), hint)


def _modes(value: object) -> tuple[str, ...]:
    given = value if isinstance(value, list) else [value]
    for index, item in enumerate(given):
        if not isinstance(item, str) or item not in MODES:
            hint = msg("one of: {values}; or several: [pairs, group]", values=", ".join(MODES))
            raise Wrong(
                msg("{value} is not a way of working", value=show(item)), hint, index if given is value else None
            )
    if not given or ("break" in given and len(given) > 1):
        raise Wrong(msg("{value} is not a way of working", value=show(value)), msg("a break stands alone"))
    return tuple(dict.fromkeys(given))


class Reads:
    """In ``Annotated``: the function alone reads the value, and the static type is what it returns.

    What ``PlainValidator`` and ``WithJsonSchema`` say together, but without looking into the type for a way to write
    it, which would take a third of the time that the shapes take to load.
    """

    def __init__(self, read: Callable[[Any], object], **schema: Any) -> None:
        self.read = read
        self.schema = schema

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> dict[str, Any]:
        return dict(self.schema)


_NUMBER_OR_PERCENT: dict[str, Any] = {
    "anyOf": [{"type": "number"}, {"type": "string", "pattern": r"^[+-]?[0-9]+([.,][0-9]+)?\s*%$"}]
}
_NUMBER_OR_TEXT: dict[str, Any] = {"anyOf": [{"type": "number"}, {"type": "string"}]}
_TEXT_OR_TEXTS: dict[str, Any] = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}

Number = Annotated[Fraction, Reads(_number, type="number")]
Whole = Annotated[int, Reads(_whole, type="integer")]
Positive = Annotated[Fraction, Reads(_positive, type="number", exclusiveMinimum=0)]
Percent = Annotated[Fraction, Reads(_percent, type="string", pattern=r"^[+-]?[0-9]+([.,][0-9]+)?\s*%$")]
Week = Annotated[int, Reads(_week, type="integer", minimum=1, maximum=53)]
WeekList = Annotated[
    tuple[int, ...],
    Reads(_week_list, type="array", items={"type": "integer", "minimum": 1, "maximum": 53}),
]
Filled = Annotated[str, Reads(_filled, type="string", minLength=1)]
Id = Annotated[str, Reads(_id, type="string", minLength=1)]
Weight = Annotated[
    Fraction,
    Reads(_weight, anyOf=[*_NUMBER_OR_PERCENT["anyOf"], {"type": "string", "pattern": "^[0-9]+ ?/ ?[1-9][0-9]*$"}]),
]
AmountOf = Annotated[Amount, Reads(_amount, **_NUMBER_OR_PERCENT)]
BoundaryOf = Annotated[
    Boundary,
    Reads(
        _boundary,
        anyOf=[
            *_NUMBER_OR_PERCENT["anyOf"],
            {"type": "string", "pattern": r"^> ?[0-9]+([.,][0-9]+)?\s*%?$", "examples": ["> 85"]},
        ],
    ),
]
Deductions = Annotated[
    Deduction,
    Reads(_deduct, anyOf=[*_NUMBER_OR_PERCENT["anyOf"], {"type": "array", "minItems": 1, "items": _NUMBER_OR_PERCENT}]),
]
Lines = Annotated[tuple[str, ...], Reads(_lines, **_TEXT_OR_TEXTS)]
Line = Annotated[str, Reads(_line, type="string")]
HoursOf = Annotated[Hours, Reads(_hours, **_NUMBER_OR_TEXT)]
PagesOf = Annotated[
    int,
    Reads(_pages, anyOf=[{"type": "integer", "minimum": 1}, {"type": "string"}], examples=["120 pages"]),
]
Count = Annotated[int, Reads(_count, type="integer", minimum=1, maximum=100)]
LengthOf = Annotated[Length, Reads(read_length, type="string", pattern="^[0-9]+ ?(min|h|d|w)")]
Moment = Annotated[When, Reads(_moment, type="string", examples=["2024-03-04 23:59"])]
Day = Annotated[date, Reads(_day, type="string", format="date")]
WeekRange = Annotated[Weeks, Reads(read_weeks, anyOf=[{"type": "integer"}, {"type": "string"}], examples=["3-11"])]
Found = Annotated[str, Reads(str, **_NUMBER_OR_TEXT)]
TimeOf = Annotated[
    AgendaTime,
    Reads(read_time, type="string", examples=["20 min", "20-30 min", "2 x 10 min", "45 min + presentation"]),
]
Clock = Annotated[time, Reads(read_clock, type="string", examples=["8:30"])]
Modes = Annotated[
    tuple[str, ...],
    Reads(_modes, anyOf=[{"enum": list(MODES)}, {"type": "array", "minItems": 1, "items": {"enum": list(MODES)}}]),
]
Labels = Annotated[tuple[str, ...], Reads(_labels, type="array", minItems=2, items={"type": ["string", "integer"]})]
Label = Annotated[str, Reads(_label, type=["string", "integer"])]
OutcomeId = Annotated[str, Reads(_outcome_id, type="string", pattern="^[a-z][a-z0-9_]*$")]
PartId = Annotated[str, Reads(_part_id, type="string", pattern="^[a-z][a-z0-9_]*$")]
