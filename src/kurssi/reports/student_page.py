"""One page per student: the grade, the parts, how it came about, the criteria's own words, and how to object.

A self-contained HTML page without scripts: it opens on a phone, prints, and can be sent.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from kurssi import __version__
from kurssi.diagnostics.message import Msg, PerCent, Terms, msg
from kurssi.diagnostics.words import Words
from kurssi.gradebook.gradebook import Gradebook
from kurssi.grading import PartResult, Result
from kurssi.grading.bonus.words import bonus_in_short
from kurssi.grading.composite.steps import mark_text
from kurssi.grading.reasons import describe
from kurssi.grading.result import LIVE, OUT
from kurssi.planning.rectification import DAYS, last_day
from kurssi.policy.composite import weights_of
from kurssi.policy.scales import Scale
from kurssi.policy.series import together

from . import part_cells
from .excel.sheet import headed
from .explanation import sections
from .page_engine import page_engine
from .rows import state_in_words

_LEVELS: dict[str, tuple[str, ...]] = {
    "0-5": ("fail", "satisfactory", "satisfactory", "good", "good", "excellent"),
    "H-5": ("fail", "satisfactory", "satisfactory", "good", "good", "excellent"),
    "pass-fail": ("fail", "pass"),
}
"""The level of each grade. They belong to the scale: elsewhere the same words mean other grades."""

LEVEL_NAMES: dict[str, Msg] = {
    "fail": msg("fail"),
    "pass": msg("passed"),
    "satisfactory": msg("satisfactory"),
    "good": msg("good"),
    "excellent": msg("excellent"),
}

_SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)", re.I)


def file_names(students: Sequence[str]) -> dict[str, str]:
    """The name of each student's page: the student number, or where that is no good name, a number made from it.

    A student number is taken as it is where it has a digit and nothing but letters, digits, - and _, is no name that
    Windows keeps for itself, and differs from the others by more than case.
    """
    taken: dict[str, int] = {}
    for student in students:
        taken[student.lower()] = taken.get(student.lower(), 0) + 1
    names = {}
    for student in students:
        good = _SAFE.fullmatch(student) and any(c.isdigit() for c in student) and not _DEVICES.fullmatch(student)
        if not good or taken[student.lower()] > 1:
            names[student] = "student-" + hashlib.sha256(student.encode("utf-8", "surrogatepass")).hexdigest()[:16]
        else:
            names[student] = student
    return {student: name + ".html" for student, name in names.items()}


def student_pages(book: Gradebook, words: Words, given: date, assumed: bool) -> dict[str, bytes]:
    """The page of every student, by the name of its file.

    ``given`` is the day on which the student can know the result; ``assumed`` says that nobody named it. The results
    must have their steps.
    """
    template = page_engine(trim=False).get_template("student.html")
    names = file_names([result.student.student for result in book.results])
    return {
        names[result.student.student]: (template.render(_page(book, result, words, given, assumed)) + "\n").encode(
            "utf-8", "replace"
        )
        for result in book.results
    }


def _page(book: Gradebook, result: Result, words: Words, given: date, assumed: bool) -> Mapping[str, Any]:
    course, student, scale = book.file.course, result.student, book.policy.scale
    grade = words("not yet") if result.grade is None else scale.label(result.grade)
    level = level_of(scale, result.grade)
    return {
        "language": words.language,
        "version": __version__,
        "title": f"{course.name}: {student.student}",
        "course": course.name,
        "run": f"{course.code} · {book.id}",
        "who": " ".join(part for part in (student.student, student.first_name, student.surname) if part),
        "grade": grade,
        "level": words.say(LEVEL_NAMES[level]) if level else "",
        "about": [words.say(line) for line in _about(book, result)],
        "parts": list(_parts(book, result.parts, words, 0)),
        "criteria": _criteria(book, result, words),
        "sections": [
            {"heading": headed(section.heading), "lines": section.lines, "folded": section.of_series}
            for section in sections(book, result, words)
        ],
        "rectification": [words.say(line) for line in _rectification(book, result, given, assumed)],
        "footer": words("Made on {day} with kurssi {version}.", day=given, version=__version__)
        if assumed
        else words("Given on {day}; made with kurssi {version}.", day=given, version=__version__),
        "labels": {
            "grade": words("Grade"),
            "parts": words("The parts"),
            "part": words("Part"),
            "weight": words("Weight"),
            "result": words("Result"),
            "criteria": words("Assessment criteria"),
            "steps": words("How the grade came about"),
            "rectification": words("If you think the assessment is wrong"),
        },
    }


def level_of(scale: Scale, grade: int | None) -> str | None:
    """The level of a grade where the scale has levels."""
    levels = _LEVELS.get(scale.name)
    return None if levels is None or grade is None else levels[grade - scale.lowest]


def _about(book: Gradebook, result: Result) -> Iterator[Msg]:
    scale = book.policy.scale
    if result.range is not None:
        labels = Terms([scale.label(grade) for grade in result.range])
        yield msg("Something is still open. Grades that can still be reached: {grades}.", grades=labels)
    elif result.grade is None:
        yield msg("Every part is excused or recognised: there is nothing to weigh.")
    if result.override is None and result.reasons and result.grade is not None:
        reasons = Terms([describe(reason, book.policy) for reason in result.reasons], "; ")
        yield msg("The reason: {reasons}.", reasons=reasons)
    if result.override is not None:
        computed = "–" if result.computed is None else scale.label(result.computed)
        yield msg("Set by hand: {reason}. Computed: {computed}.", reason=result.override.reason, computed=computed)


def _parts(book: Gradebook, results: Sequence[PartResult], words: Words, depth: int) -> Iterator[dict[str, Any]]:
    """A row per part, one for all of a series that has no criteria of its own, which opens."""
    for name, several in together(results, lambda one: one.part, lambda one: one.part.rubric is None):
        if len(several) > 1 and several[0].part.rubric is None:
            weights = [weight for one in several if (weight := _weight_of(one)) is not None]
            yield {
                "depth": depth,
                "name": name,
                "weight": words.say(PerCent(sum(weights, Fraction(0)))) if weights else "",
                "result": part_cells.cell(several, words, book.policy.percent),
                "each": [_result_of(one, words, book.policy.percent) for one in several],
            }
            continue
        for result in several:
            yield _row(book, result, words, depth)
            yield from _reached(book, result, words, depth + 1)
            yield from _parts(book, result.children, words, depth + 1)


def _row(book: Gradebook, result: PartResult, words: Words, depth: int) -> dict[str, Any]:
    part, weight = result.part, _weight_of(result)
    bonus, by_steps = part.bonus and part.weight is not None, bonus_in_short(book.policy, part)
    shown = words("bonus {n}", n=part.weight) if bonus else "" if weight is None else words.say(PerCent(weight))
    if by_steps is not None:
        shown = words.say(by_steps)
    result_ = _result_of(result, words, book.policy.percent)
    return {"depth": depth, "name": part.name, "weight": shown, "result": result_}


def _weight_of(result: PartResult) -> Fraction | None:
    """The weight that counts; None where a part has none, or has left the mean."""
    if result.effective_weight is not None:
        return result.effective_weight
    return None if result.state in OUT else result.part.weight


def _result_of(result: PartResult, words: Words, percent: bool) -> str:
    """What a part came to, and that it does not count where others are better."""
    part, text = result.part, part_cells.of_part(result, words, percent)
    state = state_in_words(result.state)
    if state is not None and result.state == "withheld":
        text = words.say(state)
    elif state is not None and result.state not in LIVE:
        text = f"{text} {words.say(state)}"
    elif not part.valued and not part.parts and state is not None:
        text = words.say(state)
    return text if result.chosen else words("{result} (does not count: others are better)", result=text)


def _reached(book: Gradebook, result: PartResult, words: Words, depth: int) -> Iterator[dict[str, Any]]:
    """The criteria of a part, each with the text of the level that was reached, in the attempt that counts."""
    rubric = result.part.rubric
    attempts = [a for a in result.attempts if a.given.components and result.used in (None, a.number)]
    if rubric is None or not attempts:
        return
    said = {one.name: one for one in attempts[-1].given.components}
    for criterion, weight in zip(rubric.criteria, weights_of(rubric), strict=True):
        one = said.get(criterion.id)
        score = one.score if one is not None else None
        text = criterion.text(score) if score is not None else None
        mark = words.say(Terms([mark_text(book.policy, result.part, one)]))
        yield {
            "depth": depth,
            "name": criterion.name,
            "weight": "" if rubric.in_points else words.say(PerCent(weight * 100)),
            "result": f"{mark}: {text}" if text is not None else mark,
        }


def _criteria(book: Gradebook, result: Result, words: Words) -> dict[str, Any] | None:
    """The criteria's own words for the level reached: by the level's name, else by the grade's label."""
    given = book.file.assessment.criteria if book.file.assessment is not None else None
    if not given or result.grade is None:
        return None
    scale = book.policy.scale
    label = scale.label(result.grade)
    level = level_of(scale, result.grade)
    for key in (level, label, str(result.grade)):
        if key is not None and key in given:
            name = words.say(LEVEL_NAMES[key]) if key in LEVEL_NAMES else key
            return {"level": f"{name} ({label})" if name != label else label, "lines": given[key]}
    return None


def _rectification(book: Gradebook, result: Result, given: date, assumed: bool) -> Iterator[Msg]:
    if result.grade is None:
        yield msg("This is not the final result. The time to ask for rectification begins with that.")
        return
    run = book.file.implementation
    teachers = [run.teacher_in_charge] if run.teacher_in_charge else list(run.teachers)
    yield (
        msg(
            "Ask the teacher who gave the grade ({teachers}) to correct it, orally or in writing, within {days} days "
            "of the day on which you could know the result and how the criteria were applied to you.",
            teachers=Terms(teachers),
            days=DAYS,
        )
        if teachers
        else msg(
            "Ask the teacher who gave the grade to correct it, orally or in writing, within {days} days of the day on "
            "which you could know the result and how the criteria were applied to you.",
            days=DAYS,
        )
    )
    yield (
        msg(
            "Counted from {day}, when this page was made, the last day is {last}; if you got the page later, the days "
            "are counted from then.",
            day=given,
            last=last_day(given),
        )
        if assumed
        else msg(
            "Counted from {day}, when this page was given, the last day is {last}.", day=given, last=last_day(given)
        )
    )
    yield msg(
        "If you disagree with the teacher's decision, you may ask the examination board within {days} days of being "
        "told of it (University of Applied Sciences Act 932/2014, section 57).",
        days=DAYS,
    )
