"""The shape of a whole implementation file (format version 1)."""

from datetime import date, time
from fractions import Fraction
from functools import cached_property
from typing import Annotated, Literal

from pydantic import BeforeValidator

from kurssi.diagnostics.finding import Path
from kurssi.values.agenda import AgendaTime
from kurssi.values.hours import Hours, Length
from kurssi.values.numbers import Amount
from kurssi.values.times import Weeks, When

from .assessment import Assessment
from .fields import Deduction, Filled, Found, Lines, Shape, as_tuple
from .page import Course, Implementation
from .schedule import Schedule
from .workload import Workload

FORMAT_VERSION = 1


def _version(value: object) -> object:
    return value if type(value) is int else str(value)


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
    accepted: Annotated[tuple[Accepted, ...], BeforeValidator(as_tuple)] = ()
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


NO_TEXTS = frozenset({"evaluation_scale", "outcomes", "timezone"})
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
