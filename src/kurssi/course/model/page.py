"""The shape of what the page of a course says: the course, and this run of it."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Discriminator, Tag

from .fields import Day, Filled, Id, Line, Lines, OutcomeId, Positive, Shape, Whole, as_tuple


class LearningOutcome(Shape):
    """What a student can do after the course, with a name by which parts and sessions speak of it."""

    id: OutcomeId
    """Short name: a small letter, then small letters, digits and _."""
    text: Filled
    """What the student can do."""


def _named_or_not(value: object) -> str:
    """Which of the two an entry is meant to be: a line with a colon in it is still a line."""
    return (
        "named"
        if isinstance(value, LearningOutcome) or (isinstance(value, dict) and {"id", "text"} & set(value))
        else "line"
    )


def _outcomes(value: object) -> object:
    return (value,) if isinstance(value, str) else as_tuple(value)


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
    learning_outcomes: Annotated[
        tuple[
            Annotated[
                Annotated[LearningOutcome, Tag("named")] | Annotated[Line, Tag("line")], Discriminator(_named_or_not)
            ],
            ...,
        ],
        BeforeValidator(_outcomes),
    ] = ()
    """What a student can do after the course: texts, or {id: ..., text: ...} that parts and sessions can name."""
    content: Lines = ()
    """What the course is about, one topic per line."""

    @property
    def named_outcomes(self) -> tuple[LearningOutcome, ...]:
        """The learning outcomes that have an id."""
        return tuple(one for one in self.learning_outcomes if isinstance(one, LearningOutcome))

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
    groups: Annotated[tuple[Group, ...], BeforeValidator(as_tuple)] = ()
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
