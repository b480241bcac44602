"""What is known of a student already, as the cells of the entry workbook hold it."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import assert_never
from zoneinfo import ZoneInfo

from kurssi.diagnostics.message import Wrong, msg
from kurssi.policy.model import Part, Policy
from kurssi.sheets.entry_form import FAIL_WORD, Column
from kurssi.values.classlist import Attempt, Student
from kurssi.values.numbers import MOST_DIGITS, exact
from kurssi.values.times import When, clock_text
from kurssi.values.vocabulary import WITHHELD


def said(student: Student, column: Column, policy: Policy, language: str) -> str | Decimal | datetime | None:
    """What the sheets say of a student in one column. Raises :class:`Wrong` for a score that no cell can hold."""
    if column.meaning == "activity":
        return student.level
    if column.meaning == "attended":
        return None if student.attended is None else Decimal(student.attended)
    if column.part is None:
        return plain(student, column.meaning)
    attempts = student.attempts.get(column.part.id, ())
    if len(attempts) < column.attempt:
        return None
    attempt = attempts[column.attempt - 1]
    if column.meaning == "score" and (column.component or attempt.components):
        return _component(attempt, column, policy, language, student.student)
    if column.meaning in ("submitted", "due"):
        return _local(attempt.submitted if column.meaning == "submitted" else attempt.due, policy.timezone)
    if column.meaning == "late":
        return None if attempt.lateness is None else clock_text(attempt.lateness)
    return _score(attempt, column.part, policy, language, student.student)


def _component(attempt: Attempt, column: Column, policy: Policy, language: str, student: str) -> str | Decimal | None:
    """What one of several cells says of which the score is made."""
    said = next((one for one in attempt.components if one.name == column.component), None)
    if said is None or column.part is None:
        return None
    value = _score(Attempt(said.state, said.score), column.part, policy, language, student)
    listed = column.takes.kind == "choice" and isinstance(value, Decimal)
    return exact(Fraction(value)) if listed and isinstance(value, Decimal) else value


def _score(attempt: Attempt, part: Part, policy: Policy, language: str, student: str) -> str | Decimal | None:
    """A score, or the word for why there is none; what is missing has no word: nobody has said anything."""
    match attempt.state:
        case "missing":
            return None
        case "ungraded":
            return "?"
        case "withheld":
            return WITHHELD[language]
        case "excused":
            return "EX"
        case "recognised":
            return "AHOT"
        case "passed":
            return "HYV"
        case "failed":
            return FAIL_WORD[language] if part.valued else "H"
        case "scored":
            if attempt.score is None:
                return None
            if policy.scale.own and part.in_grades:
                return policy.scale.label(int(attempt.score))
            return _number(attempt.score, part.name, student)
        case _ as unknown:
            assert_never(unknown)


def plain(student: Student, meaning: str) -> str | None:
    """What a roster says of a student in the column of that meaning."""
    return {
        "student": student.student,
        "surname": student.surname,
        "first name": student.first_name,
        "email": student.email,
        "group": student.group,
    }.get(meaning)


def _number(score: Fraction, part: str, student: str) -> Decimal:
    text = exact(score)
    if "/" in text or sum(c.isdigit() for c in text) > MOST_DIGITS:
        raise Wrong(
            msg("{part} of {student} is {score}, which no cell can hold", part=part, student=student, score=text),
            msg("grade the export itself: kurssi grade FILE EXPORT"),
        )
    return Decimal(text)


def _local(when: When | None, timezone: str) -> datetime | None:
    if when is None:
        return None
    at = when.at.astimezone(ZoneInfo(timezone)) if when.at.tzinfo is not None else when.at
    return at.replace(tzinfo=None, microsecond=0)
