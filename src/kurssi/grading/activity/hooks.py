"""Activity for the analysis of a policy: every activity that a student can have."""

from __future__ import annotations

from fractions import Fraction

from kurssi.policy.model import Policy
from kurssi.values.classlist import Student

from .adjustment import adjustment

NOTHING = Fraction(0)


def adjusts_of(policy: Policy) -> list[tuple[Student, Fraction]]:
    """Every activity that a student can have, and what it adds; first the one that adds nothing."""
    none = Student("1")
    activity = policy.activity
    if activity is None:
        return [(none, NOTHING)]
    if activity.levels is not None:
        return [(none, NOTHING), *((none._replace(level=name), a) for name, a in activity.levels.items())]
    found = [(none, NOTHING)]
    for attended in range(activity.sessions, -1, -1):
        adjust = adjustment(policy, None, attended) or NOTHING
        if all(adjust != known for _, known in found):
            found.append((none._replace(attended=attended), adjust))
    return found


def with_activity_of(student: Student, like: Student) -> Student:
    """The student with the activity of another."""
    return student._replace(level=like.level, attended=like.attended)
