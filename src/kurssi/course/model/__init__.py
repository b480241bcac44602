"""The shape of an implementation file (format version 1), checked by pydantic: strict, frozen, no unknown keys.

Only shapes live here: which keys there are and what each takes. What holds between keys (weights that sum to
100, weeks inside the timing) is said by :mod:`kurssi.course.rules`. Every field has a title-like description, because
an editor shows it while a teacher types.
"""

from .assessment import (
    Activity,
    Assessment,
    AttemptRule,
    Attendance,
    Basis,
    Free,
    Graded,
    Late,
    LateFrom,
    LateUnit,
    OwnScale,
    Part,
    Peer,
    PercentOf,
    Retake,
    Rounding,
    ScoredBy,
    Series,
    SilentRule,
    SpendRule,
)
from .fields import MODES, AmountOf, Deduction, Label, Lines, Reads, Shape, Week, show
from .file import FORMAT_VERSION, Accepted, ImplementationFile
from .page import Course, Days, Implementation, Seats
from .schedule import AgendaItem, Schedule, Session
from .series import Placed, expanded, has_series, place_of, written
from .workload import ExamPreparation, Reading, Watching, Workload, WorkloadPart, Writing

__all__ = [
    "FORMAT_VERSION",
    "MODES",
    "Accepted",
    "Activity",
    "AgendaItem",
    "AmountOf",
    "Assessment",
    "AttemptRule",
    "Attendance",
    "Basis",
    "Course",
    "Days",
    "Deduction",
    "ExamPreparation",
    "Free",
    "Graded",
    "Implementation",
    "ImplementationFile",
    "Label",
    "Late",
    "LateFrom",
    "LateUnit",
    "Lines",
    "OwnScale",
    "Part",
    "Peer",
    "PercentOf",
    "Placed",
    "Reading",
    "Reads",
    "Retake",
    "Rounding",
    "Schedule",
    "ScoredBy",
    "Seats",
    "Series",
    "Session",
    "Shape",
    "SilentRule",
    "SpendRule",
    "Watching",
    "Week",
    "Workload",
    "WorkloadPart",
    "Writing",
    "expanded",
    "has_series",
    "place_of",
    "show",
    "written",
]
