"""The shape of an implementation file (format version 1), checked by pydantic: strict, frozen, no unknown keys.

Only shapes live here: which keys there are and what each takes. What holds between keys (weights that sum to
100, weeks inside the timing) is said by :mod:`kurssi.course.rules`. Every field has a title-like description, because
an editor shows it while a teacher types.
"""

import re
from collections.abc import Callable
from datetime import date, time
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag
from pydantic_core import core_schema

from kurssi.diagnostics.finding import Path
from kurssi.diagnostics.message import Wrong, msg
from kurssi.values.agenda import AgendaTime, read_time
from kurssi.values.hours import Hours, Length, read_hours, read_length
from kurssi.values.numbers import MOST_DIGITS, Amount, fraction
from kurssi.values.patterns import Regex
from kurssi.values.times import Weeks, When, read_clock, read_weeks, read_when

FORMAT_VERSION = 1
PART_ID = re.compile("[a-z][a-z0-9_]*")
FILE_NAME = re.compile(r"[\w(][^/\\:*?\"<>|\x00-\x1f]*")
DATE = Regex(r"\d{4}-\d\d-\d\d")
MOST_RETAKES = 20
MODES = ("all", "individual", "pairs", "group", "break")
"""How an activity of a session is worked on; the glossary's words are in the reports."""


LateUnit = Literal["hour", "day", "week"]
"""In what lateness is counted: started ones count."""

Rounding = Literal["half-up", "down", "up", "half-even"]
"""How a total becomes a whole grade."""

Basis = Literal["grade", "percent"]
"""What is averaged: grades, or per cents that boundaries turn into a grade."""

Graded = Literal["grade", "points", "pass-fail"]
"""What the cells of a part hold."""

ScoredBy = Literal["group", "individual"]
"""Who gets one score: the group, or every student."""

AttemptRule = Literal["best", "latest"]
"""Which of several attempts counts."""

PercentOf = Literal["earned", "max"]
"""What a deduction in per cent is of: the earned value, or the top of the scale."""

SpendRule = Literal["in-order", "where-it-helps"]
"""How a free budget of late time is spent."""

LateFrom = Literal["export"]
"""Who says how late something came, where it is not counted from the deadline."""

SilentRule = Literal["neutral", "excluded"]
"""What becomes of somebody who gave no peer marks."""

# A value that is added to one of these is handled where `mypy` then asks for it: whoever tells the values apart ends in
# `assert_never`.


class Shape(BaseModel):
    """Strict, frozen, and closed: an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, arbitrary_types_allowed=True, defer_build=True)


# ---- values that a teacher may write in more than one way -------------------------------------------------


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


def _ends(value: object) -> object:
    if isinstance(value, dict) and not any(isinstance(end, (dict, list)) for end in value.values()):
        return value
    how = msg("write what the pass grade and the top take: {{1: 50 %, 5: 90 %}}")
    raise Wrong(msg("this is not the two ends of a straight line"), how)


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


def _weight(value: object) -> Fraction:
    return _amount(value).value  # in a weight, 40 and 40 % mean the same


class Deduction(NamedTuple):
    """What lateness costs: one amount for every unit, or a table whose last entry holds on."""

    amounts: tuple[Amount, ...]
    table: bool


def _percent(value: object) -> Fraction:
    amount = _amount(value)
    if not amount.percent:
        raise Wrong(msg("{value} has no %", value=show(value)), msg("write it in per cent: 10 %"))
    return amount.value


def _deduct(value: object) -> Deduction:
    if isinstance(value, list):
        if not value:
            raise Wrong(msg("the table of deductions is empty"), msg("write at least one deduction"))
        return Deduction(tuple(_amount(item) for item in value), True)
    return Deduction((_amount(value),), False)


def _lines(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    if isinstance(value, list):
        for index, item in enumerate(value):
            if isinstance(item, dict):
                colon = msg("a colon in the line makes it a key with a value")
                raise Wrong(colon, msg("put the whole line into quotes"), index)
            if not isinstance(item, str):
                raise Wrong(msg("{value} is not text", value=show(item)), msg("put it into quotes"), index)
        return tuple(value)
    raise Wrong(msg("{value} is neither text nor a list of texts", value=show(value)))


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


def _tuple(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


def _retakes(value: object) -> object:
    if isinstance(value, list):
        return tuple(value)
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST_RETAKES:
        return tuple({} for _ in range(value))
    raise Wrong(
        msg("{value} is not a number of retakes", value=show(value)),
        msg("write a number from 0 to {most}, or a list: [{{due: 2024-04-10 12:00}}]", most=MOST_RETAKES),
    )


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


def _activity_kind(value: object) -> str | None:
    return next((f"of-{key}" for key in STUDY_ACTIVITIES if isinstance(value, dict) and key in value), None)


def _one_activity(value: object) -> object:
    keys = [key for key in STUDY_ACTIVITIES if isinstance(value, dict) and key in value]
    if len(keys) == 1:
        return value
    hint = msg("write one of {keys}, such as {{reading: 120 pages}}", keys=", ".join(STUDY_ACTIVITIES))
    if keys:
        raise Wrong(msg("an activity is one thing, not {keys}", keys=", ".join(keys)), hint)
    raise Wrong(msg("{value} does not say what the activity is", value=show(value)), hint)


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


def _version(value: object) -> object:
    return value if type(value) is int else str(value)


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


class _OrNumber:
    """In the JSON Schema: a small number, or what the type says."""

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> dict[str, Any]:
        return {"anyOf": [{"type": "integer", "minimum": 0, "maximum": MOST_RETAKES}, handler(schema)]}


def _mapping_or_word(value: object) -> str | None:
    return "rule" if isinstance(value, (dict, Shape)) else "none"


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
Weight = Annotated[Fraction, Reads(_weight, **_NUMBER_OR_PERCENT)]
AmountOf = Annotated[Amount, Reads(_amount, **_NUMBER_OR_PERCENT)]
Deductions = Annotated[
    Deduction,
    Reads(_deduct, anyOf=[*_NUMBER_OR_PERCENT["anyOf"], {"type": "array", "minItems": 1, "items": _NUMBER_OR_PERCENT}]),
]
Lines = Annotated[tuple[str, ...], Reads(_lines, **_TEXT_OR_TEXTS)]
HoursOf = Annotated[Hours, Reads(_hours, **_NUMBER_OR_TEXT)]
PagesOf = Annotated[
    int,
    Reads(_pages, anyOf=[{"type": "integer", "minimum": 1}, {"type": "string"}], examples=["120 pages"]),
]
Count = Annotated[int, Reads(_count, type="integer", minimum=1, maximum=100)]
LengthOf = Annotated[Length, Reads(read_length, type="string", pattern="^[0-9]+ ?(min|h|d|w)")]
Moment = Annotated[When, Reads(read_when, type="string", examples=["2024-03-04 23:59"])]
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
PartId = Annotated[str, Reads(_part_id, type="string", pattern="^[a-z][a-z0-9_]*$")]


# ---- the page ----------------------------------------------------------------------------------------------


class Course(Shape):
    """The unit of study (opintojakso)."""

    code: Filled
    """The course's code in the curriculum, such as KH00BT03."""
    name: Filled
    """The course's name, in the language of the reports."""
    names: dict[Literal["fi", "en", "sv"], Filled] = {}
    """The course's name in other languages, such as {en: Service Design}."""
    credits: Positive
    """ECTS credits (opintopisteet)."""
    prerequisites: Lines = ()
    """What a student should have done before."""
    learning_outcomes: Lines = ()
    """What a student can do after the course, one per line."""
    content: Lines = ()
    """What the course is about, one topic per line."""

    def called(self, language: str) -> str:
        """The name in a language, where the course has one in it."""
        return {str(code): name for code, name in self.names.items()}.get(language, self.name)


class Days(Shape):
    """A first and a last day."""

    start: Day
    """The first day."""
    end: Day
    """The last day."""


class Seats(Shape):
    """How many students there is room for."""

    min: Whole
    """The least number of students; 0 is normal."""
    max: Whole
    """The largest number of students."""


class Group(Shape):
    """A group of students the implementation is for."""

    code: str
    """The group's code, such as PMMWES22."""
    name: str | None = None
    """The group's name."""


class Implementation(Shape):
    """One run of the course (toteutus), as its page shows it."""

    id: Id
    """Unique in the folder; names the files that are written."""
    language: Literal["fi", "en", "sv"] = "en"
    """The language of the reports."""
    enrollment: Days | None = None
    """Enrollment period (ilmoittautumisaika). It may close after teaching has started."""
    timing: Days | None = None
    """Timing (ajoitus): the first and the last day of the run."""
    credits_allocated: Positive | None = None
    """Credits of this run, where they differ from the course's."""
    mode_of_delivery: str | None = None
    """Mode of delivery (toteutustapa): contact, blended, online, …"""
    unit: str | None = None
    """The unit (yksikkö) that gives the course."""
    campus: str | None = None
    """Campus (toimipiste)."""
    teaching_languages: Lines = ()
    """Languages of teaching, such as fi."""
    seats: Seats | None = None
    """Seats (paikat)."""
    degree_programmes: Lines = ()
    """Degree programmes (koulutus)."""
    teachers: Lines = ()
    """Teachers (opettaja)."""
    teacher_in_charge: str | None = None
    """The responsible teacher (vastuuopettaja)."""
    groups: Annotated[tuple[Group, ...], BeforeValidator(_tuple)] = ()
    """Groups (ryhmät)."""
    small_groups: Lines = ()
    """Small groups (pienryhmät)."""
    objective: Lines = ()
    """Objective (tavoitteet), where the page repeats the learning outcomes for this run."""
    content: Lines = ()
    """Content (sisältö), where it differs from the course's."""
    materials: Lines = ()
    """Materials (oppimateriaalit)."""
    teaching_methods: Lines = ()
    """Teaching methods (opetusmenetelmät)."""
    exam_schedules: Lines = ()
    """Exam schedules as published (tenttien ajankohdat); dates that count stand in the parts."""
    pedagogy: Lines = ()
    """Pedagogy and sustainability (pedagogiset toimintatavat ja kestävä kehitys)."""
    completion_alternatives: Lines = ()
    """Completion alternatives (toteutuksen valinnaiset suoritustavat)."""
    further_information: Lines = ()
    """Channel of communication and further information (viestintäkanava ja lisätietoja)."""


class AgendaItem(Shape):
    """One activity of a session."""

    title: str
    """What is done."""
    mode: Modes = ()
    """How: all, individual, pairs, group or break; several where there is a choice: [pairs, group]."""
    time: TimeOf | None = None
    """How long: 20 min, 20-30 min, 2 x 10 min, 45 min + presentation (what comes after + in words is open)."""
    questions: Lines = ()
    """Guiding questions, one per line."""
    materials: Lines = ()
    """What has to be at hand, one thing per line."""


class Session(Shape):
    """A meeting of the class."""

    topic: str | None = None
    """What the session is about."""
    hours: HoursOf | None = None
    """How long it takes, in hours."""
    week: Week | None = None
    """ISO week."""
    date: Day | None = None
    """The day."""
    start: Clock | None = None
    """The time of day it starts, such as 8:30."""
    room: str | None = None
    """The room."""
    materials: Lines = ()
    """What the whole session needs, one thing per line."""
    agenda: Annotated[tuple[AgendaItem, ...], BeforeValidator(_tuple)] = ()
    """What happens in it, in order."""


class Schedule(Shape):
    """Content scheduling (sisällön jaksotus)."""

    weeks: WeekRange | None = None
    """ISO weeks of teaching, such as 3-11; 45-5 runs across New Year."""
    breaks: WeekList = ()
    """Weeks without teaching, such as [8]."""
    content: Lines = ()
    """The page's own lines on the order of the content."""
    sessions: Annotated[tuple[Session, ...], BeforeValidator(_tuple)] = ()
    """The sessions, in order."""


class Reading(Shape):
    """Something to read, for the estimate of hours."""

    reading: PagesOf
    """How much: 120 pages."""
    purpose: Literal["survey", "understand", "engage"] | None = None
    """survey: skim for what it is about; understand: read for the meaning; engage: work with it, problems included."""
    concepts: Literal["none", "some", "many"] | None = None
    """How many concepts are new to the reader: none, some or many."""
    words_per_page: Positive | None = None
    """Words on a page: about 450 in a paperback, 600 in a monograph, 750 in a textbook."""


class Writing(Shape):
    """Something to write, for the estimate of hours."""

    writing: PagesOf
    """How much: 10 pages."""
    kind: Literal["reflection", "argument", "research"] | None = None
    """reflection or narrative, argument, or research."""
    drafting: Literal["none", "minimal", "extensive"] | None = None
    """How much it is drafted and revised: none, minimal or extensive."""
    words_per_page: Positive | None = None
    """Words on a page: 250 with double, 500 with single line spacing."""


class Watching(Shape):
    """Something to watch or listen to, for the estimate of hours."""

    watching: HoursOf
    """How long it is: 90 min, 6x15 min."""


class ExamPreparation(Shape):
    """Exams to prepare for, for the estimate of hours."""

    exam: Count
    """How many: 1."""
    contact_hours: HoursOf | None = None
    """The contact teaching that the exams are about; default: the plan's contact teaching."""


STUDY_ACTIVITIES = ("reading", "writing", "watching", "exam")
"""The keys that say what an activity is."""

StudyActivity = Annotated[
    Annotated[Reading, Tag("of-reading")]
    | Annotated[Writing, Tag("of-writing")]
    | Annotated[Watching, Tag("of-watching")]
    | Annotated[ExamPreparation, Tag("of-exam")],
    Discriminator(_activity_kind),
    BeforeValidator(_one_activity),
]


class WorkloadPart(Shape):
    """A part of the student's work."""

    name: str
    """What the hours are for."""
    hours: HoursOf
    """Hours, such as 24 h, 8x3 h, 6x3 h + 2x3 h, 3 h/week x 8 or 45 min x 8."""
    kind: Literal["contact_teaching", "group_work", "independent_work"] | None = None
    """contact_teaching, group_work or independent_work."""
    for_: Annotated[Lines, Field(alias="for")] = ()
    """Ids of the assessed parts that the work is for: hours stand beside weights and go towards deadlines."""
    activities: Annotated[tuple[StudyActivity, ...], BeforeValidator(_tuple)] = ()
    """What the work is, for kurssi workload --estimate: reading, writing, watching, exam."""


class Workload(Shape):
    """Student workload (opiskelijan ajankäyttö ja kuormitus)."""

    total: HoursOf | None = None
    """The hours that the page promises."""
    hours_per_credit: Positive = Fraction(27)
    """Hours per credit; 27 where nothing else is said."""
    description: Lines = ()
    """The page's own lines on the work."""
    parts: Annotated[tuple[WorkloadPart, ...], BeforeValidator(_tuple)] = ()
    """What the hours are made of."""
    spread: Literal["even", "deadlines"] = "even"
    """How group and independent work fall on the weeks: even over teaching weeks, or rising towards the deadlines."""
    rates: Literal["helsinki", "wfu", "opintokeskukset"] = "helsinki"
    """The published table of rates that activities are estimated by."""


# ---- the policy --------------------------------------------------------------------------------------------


class OwnScale(Shape):
    """A scale of one's own: its values get 0, 1, 2 … in this order."""

    values: Labels
    """The labels, from the lowest to the top, such as [U, G, VG]."""
    passes_from: Label
    """The label of the pass grade."""


class Free(Shape):
    """Late time that is forgiven per student over all parts."""

    budget: LengthOf
    """How much in all, such as 2 d."""
    spend: SpendRule = "in-order"
    """in-order of the deadlines, or where-it-helps the student most."""


class Late(Shape):
    """What lateness costs. Either deduct or closes must be there."""

    deduct: Deductions | None = None
    """Per started unit: grade steps (0.5), a percentage ("10 %", then of), or a table [0.5, 1, 2]."""
    of: PercentOf | None = None
    """What a percentage is of: the earned value, or the top of the scale."""
    per: LateUnit = "day"
    """The unit; started ones count."""
    grace: LengthOf | None = None
    """A threshold: within it on time; past it units count from the deadline."""
    at_most: AmountOf | None = None
    """The largest deduction."""
    not_below: Number | None = None
    """Lateness takes no value below this; default: the part's minimum, else the pass grade."""
    closes: LengthOf | None = None
    """Later than this after the deadline counts as not submitted."""
    free: Free | None = None
    """Late time forgiven per student."""


LateOrNone = Annotated[
    Annotated[Late, Tag("rule")] | Annotated[Literal["none"], Tag("none")], Discriminator(_mapping_or_word)
]


class Retake(Shape):
    """A further attempt."""

    due: Moment | None = None
    """The attempt's own deadline; without one it is never late."""


class Peer(Shape):
    """Peer marks that move the members of a group (WebPA)."""

    method: Literal["webpa"] = "webpa"
    """webpa."""
    weight: Weight = Fraction(100)
    """How much of the group's value the factor moves, in per cent."""
    self: bool = False
    """Whether a member's own marks count."""
    silent: SilentRule = "neutral"
    """Who gave no marks: counted as equal marks for all others, or left out."""
    penalty: Percent = Fraction(0)
    """Per cent of a silent member's value."""
    at_most: Number | None = None
    """A member's value stays within this of the group's."""
    may_fail: bool = False
    """Whether peer marks may take a passing value below the pass grade."""
    criteria: dict[str, Weight] | None = None
    """Weights of the criteria, where they are not equal."""


class Part(Shape):
    """Something that is assessed (osasuoritus)."""

    id: PartId
    """Short name for headers: a small letter, then small letters, digits and _."""
    name: str | None = None
    """The part's name as students see it."""
    column: str | None = None
    """Another header under which the part stands in score sheets."""
    weight: Weight | None = None
    """Weight among its siblings, in per cent; they sum to 100."""
    bonus: bool = False
    """Adds weight × value / 100 on top."""
    by: ScoredBy = "individual"
    """group: the group gets one score."""
    graded: Graded = "grade"
    """What the cells hold: grades of the scale, points, or passed and failed."""
    max: Number | None = None
    """The largest number of points."""
    boundaries: Annotated[tuple[AmountOf, ...], BeforeValidator(_tuple)] | None = None
    """Least points for each grade above the lowest, rising."""
    linear: Annotated[dict[str, AmountOf], BeforeValidator(_ends)] | None = None
    """A straight line from the pass grade to the top: {1: 50 %, 5: 90 %} of max."""
    minimum: AmountOf | None = None
    """The gate's least value; 40 % means of the raw max."""
    required: bool | None = None
    """Whether the part must be passed; default: yes at the top level, no for nested and bonus parts."""
    attempt: AttemptRule = "best"
    """Which attempt counts."""
    retakes: Annotated[tuple[Retake, ...], BeforeValidator(_retakes), _OrNumber()] = ()
    """How many more attempts there are: a number, or a list with their deadlines."""
    retake_at_most: Number | None = None
    """A retake's value is cut to this."""
    due: Moment | None = None
    """The deadline of the first attempt."""
    late: LateOrNone | None = None
    """The part's own late rule, or none."""
    late_from: LateFrom | None = None
    """export: how late something came is taken as the export says it, and not counted from due."""
    peer: Peer | None = None
    """Peer marks, for a part by group."""
    parts: Annotated[tuple["Part", ...], BeforeValidator(_tuple)] = ()
    """Parts of the part; it then has no score of its own."""
    best: Whole | None = None
    """How many of the parts count, the best ones."""
    drop_lowest: Whole | None = None
    """How many of the parts are dropped, the lowest ones."""


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
    bands: Annotated[tuple[Band, ...], BeforeValidator(_tuple)]
    """The bands, from the highest share to the lowest."""


class Activity(Shape):
    """What activity adds to the mean: by level, or by attendance."""

    levels: dict[str, Number] | None = None
    """Levels and what each adds, such as {active: 0.5, passive: -0.5}."""
    attendance: Attendance | None = None
    """Bands of attendance."""


class Assessment(Shape):
    """The policy: assessment methods and criteria (arviointimenetelmät ja arvioinnin perusteet)."""

    evaluation_scale: Annotated[
        Annotated[OwnScale, Tag("rule")] | Annotated[Literal["0-5", "H-5", "pass-fail", "4-10"], Tag("none")],
        Discriminator(_mapping_or_word),
    ]
    """0-5, H-5, pass-fail, 4-10, or {values: [...], passes_from: ...}."""
    methods: Lines = ()
    """The page's own lines on the methods."""
    parts: Annotated[tuple[Part, ...], BeforeValidator(_tuple)]
    """What is assessed."""
    basis: Basis = "grade"
    """Whether grades are averaged, or percents summed and turned into a grade by boundaries."""
    boundaries: Annotated[tuple[AmountOf, ...], BeforeValidator(_tuple)] | None = None
    """basis percent: least total for each grade above the lowest."""
    rounding: Rounding = "half-up"
    """How the total becomes a whole grade."""
    may_fail: bool | None = None
    """Whether the total may fail a student who passed every gate."""
    late: LateOrNone | None = None
    """What lateness costs, for every part that has no rule of its own."""
    activity: Activity | None = None
    """What activity adds to the mean."""
    criteria: dict[str, Lines] | None = None
    """Assessment criteria by level: fail, satisfactory, good, excellent."""
    timezone: str = "Europe/Helsinki"
    """The zone of all times without an offset."""


class Accepted(Shape):
    """A finding that somebody has looked at, and why it stays."""

    rule: str
    """The rule's name."""
    found: Found | None = None
    """What was found, where the finding names it; once it changes, the finding is back."""
    reason: str
    """Why it stays."""


class ImplementationFile(Shape):
    """An implementation of a course: what it promises and how it is graded."""

    kurssi: Annotated[Literal[1], BeforeValidator(_version)]
    """Format version: 1."""
    course: Course
    """The course (opintojakso)."""
    implementation: Implementation
    """This run of it (toteutus)."""
    schedule: Schedule | None = None
    """When it happens."""
    workload: Workload | None = None
    """The student's work in hours."""
    assessment: Assessment | None = None
    """How it is graded."""
    accepted: Annotated[tuple[Accepted, ...], BeforeValidator(_tuple)] = ()
    """Findings that stay, each with its reason."""
    scores: Lines = ()
    """Default score sheets, relative to this file."""
    columns: dict[str, Filled] | None = None
    """What columns of exports are, by header: a part's id (exam), exam 2, exam submitted, exam as percent, exam of 20,
    student, email, or unused."""

    @cached_property
    def texts(self) -> list[tuple[Path, str]]:
        """Every text of the page with its place in the file."""
        blocks = (self.course, self.implementation, self.schedule, self.workload, self.assessment)
        names = ("course", "implementation", "schedule", "workload", "assessment")
        found: list[tuple[Path, str]] = []
        for name, block in zip(names, blocks, strict=True):
            _texts((name,), block, found)
        return found

    @cached_property
    def all_text(self) -> str:
        """All texts, one after the other, in small letters: what they have none of need not be looked for in each."""
        return "\n".join([text for _, text in self.texts]).lower()


NO_TEXTS = frozenset({"evaluation_scale", "timezone"})
"""Keys that hold no text of the page."""


def _texts(path: Path, value: object, found: list[tuple[Path, str]]) -> None:
    kind = type(value)
    if kind is str:
        found.append((path, str(value)))
    elif kind is tuple and isinstance(value, tuple):
        if len(value) == 1 and type(value[0]) is str:
            found.append((path, value[0]))  # a single line may stand without a list; the place above it always exists
        else:
            for index, inner in enumerate(value):
                _texts((*path, index), inner, found)
    elif isinstance(value, (dict, Shape)):
        for name, inner in (value if isinstance(value, dict) else value.__dict__).items():
            if inner and type(inner) not in _PLAIN and name not in NO_TEXTS:
                _texts((*path, name), inner, found)


_PLAIN = frozenset({int, bool, Fraction, date, time, When, Weeks, Hours, Amount, Deduction, Length, AgendaTime})


ImplementationFile.model_rebuild(force=True)
