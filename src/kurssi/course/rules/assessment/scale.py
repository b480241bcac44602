"""Rules for the scale, the zone of its times, and the criteria of its levels."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from kurssi.course.model import ImplementationFile, OwnScale, all_parts
from kurssi.course.rules.registry import Hit, rule
from kurssi.diagnostics.finding import Severity
from kurssi.diagnostics.message import Terms, msg
from kurssi.values.vocabulary import CELLS, fold

from .walk import ROOT, by_requirements, is_percent


@rule("own-scale", Severity.error)
def own_scale(file: ImplementationFile) -> Iterator[Hit]:
    """An own scale has at least two different labels, and passes_from is one of them, but not the lowest.

    Why: without a lowest grade that fails and one that passes there is nothing to decide.

    Fails::

        evaluation_scale: {values: [U, G, VG], passes_from: U}

    Passes::

        evaluation_scale: {values: [U, G, VG], passes_from: G}
    """
    scale = file.assessment.evaluation_scale if file.assessment else None
    if not isinstance(scale, OwnScale):
        return
    path = (*ROOT, "evaluation_scale")
    labels = [fold(label) for label in scale.values]
    if len(labels) < 2 or len(set(labels)) < len(labels):
        yield Hit((*path, "values"), msg("a scale needs at least two labels, all different"))
    elif scale.passes_from not in scale.values:
        labels_text = ", ".join(scale.values)
        yield Hit(
            (*path, "passes_from"),
            msg("{label} is not one of the scale's labels", label=scale.passes_from),
            msg("one of: {values}", values=labels_text),
        )
    elif scale.passes_from == scale.values[0]:
        yield Hit(
            (*path, "passes_from"),
            msg("{label} is the lowest label: nobody could fail", label=scale.passes_from),
            msg("name the first label that passes"),
        )


@rule("label-is-cell-word", Severity.warning)
def label_is_cell_word(file: ImplementationFile) -> Iterator[Hit]:
    """No label of an own scale is a word that score sheets already use, such as H, S or EX.

    Why: a cell with that word takes the label of the scale, and its usual meaning is lost.

    Fails::

        evaluation_scale: {values: [H, T, K], passes_from: T}

    Passes::

        evaluation_scale: {values: [Ei, T, K], passes_from: T}
    """
    scale = file.assessment.evaluation_scale if file.assessment else None
    for index, label in enumerate(scale.values if isinstance(scale, OwnScale) else ()):
        if fold(label) in CELLS:
            yield Hit(
                (*ROOT, "evaluation_scale", "values", index),
                msg("in score sheets {label} will mean this grade, not what it usually says", label=label),
                msg("choose another label if the usual meaning is needed"),
                label,
            )


@rule("pass-fail-scale", Severity.error)
def pass_fail_scale(file: ImplementationFile) -> Iterator[Hit]:
    """Under the final scale pass-fail all parts are pass-fail, or basis percent has one boundary.

    Why: a pass can follow from gates or from a percentage; a mean of grades has no meaning on this scale.

    Fails::

        evaluation_scale: pass-fail
        parts: [{id: exam, weight: 100}]

    Passes::

        evaluation_scale: pass-fail
        parts: [{id: exam, graded: pass-fail}]
    """
    assessment = file.assessment
    if assessment is None or assessment.evaluation_scale != "pass-fail" or is_percent(file):
        return
    if by_requirements(file):
        return
    for path, part in all_parts(file):
        if part.valued and not part.parts and part.takes is None:
            yield Hit(
                (*path, "id"),
                msg("{part} is graded by {graded}, but the final scale is pass-fail", part=part.id, graded=part.graded),
                msg("write graded: points here, and basis: percent with one boundary for the whole")
                if part.rubric
                else msg("write graded: pass-fail, or basis: percent with one boundary"),
            )


@rule("unknown-timezone", Severity.error)
def unknown_timezone(file: ImplementationFile) -> Iterator[Hit]:
    """The time zone is one that the time zone database knows.

    Why: deadlines are instants; without the zone nobody knows when 23:59 is.

    Fails::

        timezone: Helsinki

    Passes::

        timezone: Europe/Helsinki
    """
    if file.assessment is None:
        return
    try:
        ZoneInfo(file.assessment.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        yield Hit(
            (*ROOT, "timezone"),
            msg("the time zone “{zone}” is not known", zone=file.assessment.timezone),
            msg("write it as Europe/Helsinki"),
        )


LEVELS = {
    "0-5": ("fail", "satisfactory", "good", "excellent"),
    "H-5": ("fail", "satisfactory", "good", "excellent"),
    "pass-fail": ("fail", "pass"),
}
"""The levels that assessment criteria describe: of a scale, and of its institution (1–2, 3–4, 5)."""


@rule("criteria-missing", Severity.warning)
def criteria_missing(file: ImplementationFile) -> Iterator[Hit]:
    """Where assessment criteria are given, every level of the scale has its own.

    Why: a student asks what the next grade would have needed. On the scales 0-5 and H-5 the levels are fail,
    satisfactory (1–2), good (3–4) and excellent (5); on pass-fail they are fail and pass.

    Fails::

        evaluation_scale: H-5
        criteria: {fail: Jokin osa puuttuu., satisfactory: Perusasiat., excellent: Kiitettävä työ.}

    Passes::

        evaluation_scale: H-5
        criteria: {fail: Jokin osa puuttuu., satisfactory: Perusasiat., good: Hyvä työ., excellent: Kiitettävä työ.}
    """
    assessment = file.assessment
    if assessment is None or not assessment.criteria or not isinstance(assessment.evaluation_scale, str):
        return
    levels = LEVELS.get(assessment.evaluation_scale, ())
    given = {level for level, text in assessment.criteria.items() if any(line.strip() for line in text)}
    if missing := [level for level in levels if level not in given]:
        yield Hit(
            (*ROOT, "criteria"),
            msg("there are no criteria for: {levels}", levels=Terms(missing)),
            msg("add {level}: with the criteria", level=missing[0]),
            ", ".join(missing),
            key=True,
        )
