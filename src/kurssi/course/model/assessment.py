"""The shape of a policy: scale, parts, and what lateness, peer marks and activity do."""

from fractions import Fraction
from typing import Annotated, Any, Literal, NamedTuple, assert_never

from pydantic import BeforeValidator, Discriminator, Field, Tag, model_validator

from kurssi.diagnostics.message import Wrong, msg
from kurssi.values.hours import Length, read_length
from kurssi.values.times import When

from .activity import Activity
from .bonus import Bonus, BonusOf
from .choices import AttemptRule, AttemptWord, LateUnit, SkippedDay
from .composite import Components, Criterion, Markers, components, most_points
from .demands import AskedOf
from .fields import (
    AmountOf,
    BoundaryOf,
    Day,
    Deductions,
    Label,
    Labels,
    LengthOf,
    Lines,
    Moment,
    Number,
    PartId,
    Percent,
    Reads,
    Shape,
    Weight,
    Whole,
    as_tuple,
    show,
)

MOST_RETAKES = 20
MOST_REPEATED = 60


Rounding = Literal["half-up", "down", "up", "half-even"]
"""How a total becomes a whole grade."""

Basis = Literal["grade", "percent", "requirements"]
"""What is averaged: grades, or per cents that boundaries turn into a grade; or nothing, and requirements decide."""

Graded = Literal["grade", "points", "pass-fail"]
"""What the cells of a part hold."""

ScoredBy = Literal["group", "individual"]
"""Who gets one score: the group, or every student."""

PercentOf = Literal["earned", "max"]
"""What a deduction in per cent is of: the earned value, or the top of the scale."""

SpendRule = Literal["in-order", "where-it-helps"]
"""How a free budget of late time is spent."""

LateFrom = Literal["export"]
"""Who says how late something came, where it is not counted from the deadline."""

Weighing = Literal["by-points"]
"""By what parts are weighed that have no weight of their own."""

SilentRule = Literal["neutral", "excluded"]
"""What becomes of somebody who gave no peer marks."""

# A value that is added to one of these is handled where `mypy` then asks for it: whoever tells the values apart ends in
# `assert_never`, or asks something below that does. No value is compared with `==` (tests/test_exhaustive.py).


class Cells(NamedTuple):
    """What follows from how a part is graded, for whoever need not know how."""

    valued: bool
    """Whether a cell gives a value; passed and failed have none, and so no weight and nothing to deduct from."""
    in_points: bool
    """Whether cells hold raw points up to ``max``, which become a value."""
    in_grades: bool
    """Whether cells hold grades of the scale, or its labels."""


_MARKS, _POINTS, _GRADES = Cells(False, False, False), Cells(True, True, False), Cells(True, False, True)


def cells_of(graded: Graded) -> Cells:
    """What the cells of a part graded so are like."""
    match graded:
        case "grade":
            return _GRADES
        case "points":
            return _POINTS
        case "pass-fail":
            return _MARKS
        case _ as unknown:
            assert_never(unknown)


def is_percent(basis: Basis) -> bool:
    """Whether per cents are averaged, which boundaries turn into a grade."""
    match basis:
        case "percent":
            return True
        case "grade" | "requirements":
            return False
        case _ as unknown:
            assert_never(unknown)


def by_requirements(basis: Basis) -> bool:
    """Whether nothing is weighed, and the grade is the highest one for which all that it requires is there."""
    match basis:
        case "requirements":
            return True
        case "grade" | "percent":
            return False
        case _ as unknown:
            assert_never(unknown)


def is_by_points(weigh: Weighing | None) -> bool:
    """Whether the points of parts are added up."""
    match weigh:
        case "by-points":
            return True
        case None:
            return False
        case _ as unknown:
            assert_never(unknown)


def is_shared(by: ScoredBy) -> bool:
    """Whether the members of a group share one score."""
    match by:
        case "group":
            return True
        case "individual":
            return False
        case _ as unknown:
            assert_never(unknown)


def spends_in_order(spend: SpendRule) -> bool:
    """Whether a budget goes to what is due first, whatever it brings."""
    match spend:
        case "in-order":
            return True
        case "where-it-helps":
            return False
        case _ as unknown:
            assert_never(unknown)


def silence_gains(silent: SilentRule) -> bool:
    """Whether a member of a group can do better by giving no marks."""
    match silent:
        case "excluded":
            return True
        case "neutral":
            return False
        case _ as unknown:
            assert_never(unknown)


def is_from_export(late_from: LateFrom | None) -> bool:
    """Whether lateness is taken as the export says it, and not counted from the deadline."""
    match late_from:
        case "export":
            return True
        case None:
            return False
        case _ as unknown:
            assert_never(unknown)


def _ends(value: object) -> object:
    if isinstance(value, dict) and not any(isinstance(end, (dict, list)) for end in value.values()):
        return value
    how = msg("write what the pass grade and the top take: {{1: 50 %, 5: 90 %}}")
    raise Wrong(msg("this is not the two ends of a straight line"), how)


def _retakes(value: object) -> object:
    if isinstance(value, list):
        return tuple(value)
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST_RETAKES:
        return tuple({} for _ in range(value))
    raise Wrong(
        msg("{value} is not a number of retakes", value=show(value)),
        msg("write a number from 0 to {most}, or a list: [{{due: 2024-04-10 12:00}}]", most=MOST_RETAKES),
    )


class _OrNumber:
    """In the JSON Schema: a small number, or what the type says."""

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> dict[str, Any]:
        return {"anyOf": [{"type": "integer", "minimum": 0, "maximum": MOST_RETAKES}, handler(schema)]}


def _repeat(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and 2 <= value <= MOST_REPEATED:
        return value
    hint = msg("write how many there are, from 2 to {most}", most=MOST_REPEATED)
    raise Wrong(msg("{value} is not how often something is repeated", value=show(value)), hint)


def _every(value: object) -> Length:
    length = read_length(value)
    if not length.days:
        raise Wrong(msg("{value} is less than a day", value=show(value)), msg("write 7 d or 1 w"))
    return length


def _mapping_or_word(value: object) -> str | None:
    return "rule" if isinstance(value, (dict, Shape)) else "none"


class OwnScale(Shape):
    """A scale of one's own: its values get 0, 1, 2 … in this order."""

    values: Labels
    """The labels, from the lowest to the top, such as [U, G, VG]."""
    passes_from: Label
    """The label of the pass grade."""


class Free(Shape):
    """Late time that is forgiven per student over all parts. A part whose rule deducts nothing spends none of it."""

    budget: LengthOf
    """How much in all, such as 2 d."""
    spend: SpendRule = "in-order"
    """in-order of the deadlines, or where-it-helps the student most."""
    at_most: LengthOf | None = None
    """So much at most for each attempt, such as 2 d."""
    whole: bool = False
    """Whether all of an attempt's late time is forgiven or none of it."""


class Late(Shape):
    """What lateness costs. Either deduct or closes must be there."""

    deduct: Deductions | None = None
    """Per started unit: grade steps (0.5), a percentage ("10 %", then of), or a table [0.5, 1, 2]."""
    of: PercentOf | None = None
    """What a percentage is of: the earned value, or the top of the scale."""
    per: LateUnit = "day"
    """The unit; started ones count."""
    skip: Annotated[tuple[SkippedDay, ...], BeforeValidator(as_tuple)] = ()
    """per day: these days start no late unit and end none: [saturday, sunday, holidays]."""
    holidays: str | None = None
    """Whose public holidays are skipped, by the code of the country; default: FI."""
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


class Gain(Shape):
    """The first attempt counts, with a share of what a later one is above it."""

    gain: Percent
    """How much of what the best later attempt is above the first one is added, such as 50 %."""


AttemptOf = Annotated[
    Annotated[Gain, Tag("rule")] | Annotated[AttemptWord, Tag("none")], Discriminator(_mapping_or_word)
]


class Series(Shape):
    """The deadlines of a part that is repeated: the first, and one more at every interval."""

    first: Moment
    """The deadline of the first one, such as 2026-01-19 23:59."""
    every: Annotated[Length, Reads(_every, type="string", pattern="^[0-9]+ ?(d|w)")]
    """How long after it the next one follows: 7 d or 1 w."""
    except_: Annotated[tuple[Day, ...], BeforeValidator(as_tuple), Field(alias="except")] = ()
    """Days on which nothing is due; all that follow come one interval later."""


DueOrSeries = Annotated[
    Annotated[Series, Tag("rule")] | Annotated[Moment, Tag("none")], Discriminator(_mapping_or_word)
]


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
    """Weight among its siblings, in per cent or as a share such as 1/3; they sum to 100."""
    bonus: BonusOf = False
    """Adds weight × value / 100 on top; or by steps: {steps: [{from: 40 %, add: 0.5}], only_if: [exam]}."""
    by: ScoredBy = "individual"
    """group: the group gets one score."""
    graded: Graded = "grade"
    """What the cells hold: grades of the scale, points, or passed and failed."""
    max_: Annotated[Number | None, Field(alias="max")] = None
    """The largest number of points; with a rubric it follows from the levels."""
    over: Number | None = None
    """So many points beyond max are taken, and count."""
    boundaries: Annotated[tuple[BoundaryOf, ...], BeforeValidator(as_tuple)] | None = None
    """Least points for each grade above the lowest, rising; "> 24": more than 24."""
    linear: Annotated[dict[str, AmountOf], BeforeValidator(_ends)] | None = None
    """A straight line from the pass grade to the top: {1: 50 %, 5: 90 %} of max."""
    minimum: AmountOf | None = None
    """The gate's least value; 40 % means of the raw max."""
    required: bool | None = None
    """Whether the part must be passed; default: yes at the top level, no for nested and bonus parts."""
    attempt: AttemptOf = "best"
    """Which attempt counts: best, latest, the mean of those handed in, or {gain: 50 %} of what a later one is above
    the first."""
    retakes: Annotated[tuple[Retake, ...], BeforeValidator(_retakes), _OrNumber()] = ()
    """How many more attempts there are: a number, or a list with their deadlines."""
    retake_at_most: Number | None = None
    """A retake's value is cut to this."""
    due_: Annotated[DueOrSeries | None, Field(alias="due")] = None
    """The deadline of the first attempt; of a part that is repeated {first: ..., every: 7 d}."""
    late: LateOrNone | None = None
    """The part's own late rule, or none."""
    late_from: LateFrom | None = None
    """export: how late something came is taken as the export says it, and not counted from due."""
    peer: Peer | None = None
    """Peer marks, for a part by group."""
    markers: Markers | None = None
    """Several markers, each with a cell of their own."""
    rubric: Annotated[tuple[Criterion, ...], BeforeValidator(as_tuple)] = ()
    """Criteria with levels, each with a cell of its own."""
    parts: Annotated[tuple["Part", ...], BeforeValidator(as_tuple)] = ()
    """Parts of the part; it then has no score of its own."""
    ways: Annotated[tuple["Way", ...], BeforeValidator(as_tuple)] = ()
    """Ways to the value of the part, in place of parts: all are computed, and the best one counts."""
    best: Whole | None = None
    """How many of the parts count, the best ones."""
    drop_lowest: Whole | None = None
    """How many of the parts are dropped, the lowest ones."""
    need: Whole | None = None
    """So many of the parts, all of them pass-fail, must be passed; none of them must be by itself."""
    weigh: Weighing | None = None
    """by-points: the points of its parts are added up, and none has a weight (basis percent)."""
    cap: AmountOf | None = None
    """The value of its parts, bonus included, counts at most as this."""
    outcomes: Lines = ()
    """Ids of the learning outcomes that the part assesses."""
    repeat: Annotated[int, Reads(_repeat, type="integer", minimum=2, maximum=MOST_REPEATED)] | None = None
    """How many of these there are: vt becomes vt1, vt2 …; they share its weight equally."""
    takes: PartId | None = None
    """The id of another part whose scores, times and states this part reads, instead of a cell of its own."""

    @property
    def attempt_rule(self) -> AttemptRule:
        """Which attempt counts, or what they come to together."""
        return "gain" if isinstance(self.attempt, Gain) else self.attempt

    @property
    def stepped(self) -> Bonus | None:
        """By which steps it adds something, where it does so by steps."""
        return self.bonus if isinstance(self.bonus, Bonus) else None

    @property
    def due(self) -> When | None:
        """The deadline of the first attempt."""
        return self.due_ if isinstance(self.due_, When) else None

    @property
    def max(self) -> Fraction | None:
        """The largest number of points."""
        return most_points(self.rubric) if self.rubric and self.max_ is None and self.in_points else self.max_

    @property
    def components(self) -> Components:
        """The cells that its score is made of, where there are several."""
        markers = self.markers.of if self.markers is not None else ()
        return components(markers, [(criterion.id, criterion.name) for criterion in self.rubric])

    @property
    def valued(self) -> bool:
        """Whether there is a value: a part that only counts how many of its parts are passed has none."""
        return self.need is None and cells_of(self.graded).valued

    @property
    def in_points(self) -> bool:
        """Whether cells hold raw points."""
        return cells_of(self.graded).in_points

    @property
    def is_shared(self) -> bool:
        """Whether the members of a group share one score."""
        return is_shared(self.by)


class Way(Shape):
    """One of several ways to a value: parts of its own, of which a leaf stands in one way only."""

    id: PartId
    """Short name: a small letter, then small letters, digits and _."""
    name: str | None = None
    """The way's name as students see it."""
    parts: Annotated[tuple[Part, ...], BeforeValidator(as_tuple)]
    """What is assessed on this way; the weights sum to 100."""


class Assessment(Shape):
    """The policy: assessment methods and criteria (arviointimenetelmät ja arvioinnin perusteet)."""

    evaluation_scale: Annotated[
        Annotated[OwnScale, Tag("rule")] | Annotated[Literal["0-5", "H-5", "pass-fail", "4-10"], Tag("none")],
        Discriminator(_mapping_or_word),
    ]
    """0-5, H-5, pass-fail, 4-10, or {values: [...], passes_from: ...}."""
    methods: Lines = ()
    """The page's own lines on the methods."""
    parts: Annotated[tuple[Part, ...], BeforeValidator(as_tuple)]
    """What is assessed."""
    ways: Annotated[tuple[Way, ...], BeforeValidator(as_tuple)] = ()
    """Ways to the grade, in place of parts: all are computed, and the best one counts."""
    weigh: Weighing | None = None
    """by-points: the points of the parts are added up, and none has a weight (basis percent)."""
    cap: AmountOf | None = None
    """The total of the parts, bonus included, counts at most as this, before activity."""
    basis: Basis = "grade"
    """Whether grades are averaged, percents summed and turned into a grade by boundaries, or requirements decide."""
    boundaries: Annotated[tuple[BoundaryOf, ...], BeforeValidator(as_tuple)] | None = None
    """basis percent: least total for each grade above the lowest; "> 85": more than 85."""
    rounding: Rounding = "half-up"
    """How the total becomes a whole grade."""
    may_fail: bool | None = None
    """Whether the total may fail a student who passed every gate."""
    late: LateOrNone | None = None
    """What lateness costs, for every part that has no rule of its own."""
    activity: Activity | None = None
    """What activity adds to the mean."""
    requires: dict[str, dict[str, AskedOf]] | None = None
    """What a grade takes beside the total, by grade and part: {3: {attended: 80 %}, 5: {exam: 24 p}}."""
    criteria: dict[str, Lines] | None = None
    """Assessment criteria by level: fail, satisfactory, good, excellent."""
    timezone: str = "Europe/Helsinki"
    """The zone of all times without an offset."""

    @model_validator(mode="before")
    @classmethod
    def _ways_or_parts(cls, data: Any) -> Any:
        """Where ways stand, parts need not."""
        if isinstance(data, dict) and "ways" in data and "parts" not in data:
            return {**data, "parts": []}
        return data
