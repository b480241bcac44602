"""The shape of a student's work in hours, and of the activities that it is estimated from."""

from fractions import Fraction
from typing import Annotated, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag

from kurssi.diagnostics.message import Wrong, msg

from .fields import Count, HoursOf, Lines, PagesOf, Positive, Shape, as_tuple, show


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
    activities: Annotated[tuple[StudyActivity, ...], BeforeValidator(as_tuple)] = ()
    """What the work is, for kurssi workload --estimate: reading, writing, watching, exam."""


class Workload(Shape):
    """Student workload (opiskelijan ajankäyttö ja kuormitus)."""

    total: HoursOf | None = None
    """The hours that the page promises."""
    hours_per_credit: Positive = Fraction(27)
    """Hours per credit; 27 where nothing else is said."""
    description: Lines = ()
    """The page's own lines on the work."""
    parts: Annotated[tuple[WorkloadPart, ...], BeforeValidator(as_tuple)] = ()
    """What the hours are made of."""
    spread: Literal["even", "deadlines"] = "even"
    """How group and independent work fall on the weeks: even over teaching weeks, or rising towards the deadlines."""
    rates: Literal["helsinki", "wfu", "opintokeskukset"] = "helsinki"
    """The published table of rates that activities are estimated by."""
