"""The list to key grades into Peppi from: surname order, one grade each, control sums to compare with afterwards."""

from __future__ import annotations

from kurssi.diagnostics.message import msg, nmsg
from kurssi.diagnostics.words import Words
from kurssi.gradebook.gradebook import Gradebook
from kurssi.grading import Result
from kurssi.reports.rows import remark
from kurssi.values.collation import finnish_key

from . import Column, Listing


def peppi(book: Gradebook, words: Words) -> Listing:
    """One row per student in the order of surnames; who has no grade yet stands there with –."""
    scale = book.policy.scale
    results = in_order(book)
    rows = [
        (
            str(number),
            result.student.surname,
            result.student.first_name,
            result.student.student,
            "–" if result.grade is None else scale.label(result.grade),
            remark(book, result, words) if result.status != "graded" or result.override else "",
        )
        for number, result in enumerate(results, 1)
    ]
    graded = [result.grade for result in results if result.grade is not None]
    figures = [
        ("students", words("students"), str(len(results))),
        ("graded", words("with a grade"), str(len(graded))),
        ("failed", words("of them failed"), str(sum(grade < scale.pass_grade for grade in graded))),
        ("incomplete", words("without a grade"), str(len(results) - len(graded))),
    ]
    figures += [
        (f"grade_{scale.key(grade)}", words("grade {grade}", grade=scale.label(grade)), str(graded.count(grade)))
        for grade in scale.grades
    ]
    if not scale.own and scale.name != "pass-fail":
        figures.append(("sum", words("sum of the grades"), str(sum(graded))))
    open_ = len(results) - len(graded)
    remarks = []
    if open_:
        remarks.append(nmsg("{n} student has no grade yet", "{n} students have no grade yet", n=open_))
    if not any(result.student.surname for result in results):
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


def in_order(book: Gradebook) -> list[Result]:
    """The results by surname, first name and student number."""
    return sorted(
        book.results,
        key=lambda r: (finnish_key(r.student.surname), finnish_key(r.student.first_name), r.student.student),
    )
