"""The sheet with every step of every grade, one readable line each."""

from __future__ import annotations

from kurssi.grading import Step
from kurssi.reports.explanation import Teller, noted
from kurssi.reports.late_notes import late_notes

from .sheet import Cell, Column, List, Writer, by_student, headed

OF_GRADES = ("round", "raise", "override", "grade")
"""Steps whose result is a grade of the scale, shown by its label."""


def write(writer: Writer) -> None:
    """Student, part, step, what happened, the place of its rule, and what came out."""
    book, words = writer.book, writer.words
    whole = words("the whole")
    names = {part.id: part.name for part in book.policy.all_parts()}
    spec = [
        Column(headed(words("student number")), 20),
        Column(headed(words("name")), 30),
        Column(headed(words("part")), 30),
        Column(headed(words("step")), 18),
        Column(headed(words("what happened")), 90, wrap=True),
        Column(headed(words("result")), centre=True),
        Column(headed(words("rule")), 40),
    ]
    out = List(writer, words("Explanation"), spec, 2, finish=by_student, printed=False)
    teller = Teller(book.policy, words)
    for result in book.results:
        number, who = result.student.student, result.student.name
        notes = late_notes(book.policy, result)
        for step in teller.told(book.steps(result)):
            part = whole if step.told_under is None else names[step.told_under]
            kind, text = teller.name(step), noted(teller, step, notes)
            out.add([number, who, part, kind, text, _result(writer, step), writer.rule(step.rule)])
    out.end()


def _result(writer: Writer, step: Step) -> Cell:
    scale = writer.book.policy.scale
    if step.step in OF_GRADES and step.after is not None and step.after.denominator == 1:
        grade = int(step.after)
        if grade in scale.grades:
            return writer.grade(grade)
    return writer.result(step.after)
