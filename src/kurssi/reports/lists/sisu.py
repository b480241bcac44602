"""Grades as Sisu reads them. Columns, date and words as the Ossi of Aalto University writes them for it."""

from __future__ import annotations

from datetime import date

from kurssi.diagnostics.message import msg
from kurssi.diagnostics.words import Words
from kurssi.gradebook.gradebook import Gradebook
from kurssi.values.numbers import exact

from . import Column, Listing, NotListed

COLUMNS = ("studentNumber", "grade", "credits", "assessmentDate", "completionLanguage", "comment")
LONGEST_NAMED = 10
"""So many students without a grade are named."""


def sisu(book: Gradebook, words: Words, assessed: date) -> Listing:
    """One row per student with a grade; who failed has ``0`` or ``fail``. Raises :class:`NotListed`.

    Sisu knows the scales 0–5 and pass/fail.
    """
    scale = book.policy.scale
    if scale.name not in ("0-5", "H-5", "pass-fail"):
        raise NotListed(msg("Sisu takes the scales 0-5 and pass-fail, not this one; use --list peppi"))
    run = book.file.implementation
    day = f"{assessed.day}.{assessed.month}.{assessed.year}"
    credits_ = exact(run.credits_allocated or book.file.course.credits)
    language = next((name for name in run.teaching_languages if len(name) == 2 and name.isalpha()), run.language)
    rows, lacking = [], []
    for result in book.results:
        if result.grade is None:
            lacking.append(result.student.student)
            continue
        grade = ("fail", "pass")[result.grade] if scale.name == "pass-fail" else str(result.grade)
        rows.append((result.student.student, grade, credits_, day, language.lower(), ""))
    remarks = []
    if lacking:
        named = ", ".join(lacking[:LONGEST_NAMED]) + (", …" if len(lacking) > LONGEST_NAMED else "")
        remarks.append(msg("left out, because they have no grade yet: {students}", students=named))
    return Listing(
        "sisu",
        words("Grades for Sisu: {course} ({id})", course=book.file.course.name, id=book.id),
        (),
        [Column(name, name) for name in COLUMNS],
        rows,
        [("students", words("students"), str(len(rows)))],
        remarks,
    )
