"""The list to key grades into Peppi from: surname order, one grade each, control sums to compare with afterwards."""

from __future__ import annotations

from typing import NamedTuple

from kurssi.diagnostics.message import msg, nmsg
from kurssi.diagnostics.words import Words
from kurssi.gradebook.gradebook import Gradebook
from kurssi.reports.rows import remark
from kurssi.values.classlist import Student
from kurssi.values.collation import finnish_key

from . import Column, Listing


class Entry(NamedTuple):
    """What of a result is keyed in: of a very large class results are not all held at once."""

    student: Student
    grade: int | None
    remark: str


def peppi(book: Gradebook, words: Words) -> Listing:
    """One row per student in the order of surnames; who has no grade yet stands there with –."""
    scale = book.policy.scale
    entries = in_order(book, words)
    rows = [
        (
            str(number),
            entry.student.surname,
            entry.student.first_name,
            entry.student.student,
            "–" if entry.grade is None else scale.label(entry.grade),
            entry.remark,
        )
        for number, entry in enumerate(entries, 1)
    ]
    graded = [entry.grade for entry in entries if entry.grade is not None]
    figures = [
        ("students", words("students"), str(len(entries))),
        ("graded", words("with a grade"), str(len(graded))),
        ("failed", words("of them failed"), str(sum(grade < scale.pass_grade for grade in graded))),
        ("incomplete", words("without a grade"), str(len(entries) - len(graded))),
    ]
    figures += [
        (f"grade_{scale.key(grade)}", words("grade {grade}", grade=scale.label(grade)), str(graded.count(grade)))
        for grade in scale.grades
    ]
    if not scale.own and scale.name != "pass-fail":
        figures.append(("sum", words("sum of the grades"), str(sum(graded))))
    open_ = len(entries) - len(graded)
    remarks = []
    if open_:
        remarks.append(nmsg("{n} student has no grade yet", "{n} students have no grade yet", n=open_))
    if not any(entry.student.surname for entry in entries):
        remarks.append(msg("the sheets have no surnames, so the order is that of the student numbers"))
    return Listing(
        "peppi",
        words("Grades to enter: {course} ({id})", course=book.file.course.name, id=book.id),
        (),
        (
            Column("number", words("no."), True),
            Column("surname", words("surname")),
            Column("first_name", words("first name")),
            Column("student", words("student number")),
            Column("grade", words("grade"), True),
            Column("remark", words("remark")),
        ),
        rows,
        figures,
        remarks,
    )


def in_order(book: Gradebook, words: Words) -> list[Entry]:
    """The entries by surname, first name and student number."""
    entries = (
        Entry(r.student, r.grade, remark(book, r, words) if r.status != "graded" or r.override else "")
        for r in book.results
    )
    return sorted(
        entries,
        key=lambda e: (finnish_key(e.student.surname), finnish_key(e.student.first_name), e.student.student),
    )
