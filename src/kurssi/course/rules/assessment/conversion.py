"""Rules for points and percents: how they become grades, and whether values lie on the scale."""

import itertools
from collections.abc import Iterator, Sequence
from fractions import Fraction

from kurssi.course.model import ImplementationFile, Part, all_parts
from kurssi.course.rules.registry import Hit, rule
from kurssi.diagnostics.finding import Path, Severity
from kurssi.diagnostics.message import Msg, msg
from kurssi.policy.scales import Scale
from kurssi.values.numbers import Amount, Boundary, exact

from .walk import ROOT, by_requirements, is_percent, late_rules, range_of_values, sound_scale


def _a_conversion(file: ImplementationFile) -> Msg:
    """The two ways of turning points into a grade, written for the file's scale."""
    scale = sound_scale(file.assessment) if file.assessment is not None else None
    if scale is None or scale.pass_grade == scale.top:
        return msg("write boundaries, the least points for each grade above the lowest")
    return msg(
        "write boundaries, the least points for each grade, or linear: {{{low}: 50 %, {high}: 90 %}}",
        low=scale.pass_grade,
        high=scale.top,
    )


@rule("points-conversion", Severity.error)
def points_conversion(file: ImplementationFile) -> Iterator[Hit]:
    """A part graded in points has max and one way to turn points into grades, and only such a part has them.

    Why: without max a score cannot be checked; without boundaries or linear it has no grade. Under basis percent
    points become per cent of max, and there is nothing else to say.

    Fails::

        - {id: exam, weight: 100, graded: points, max: 40}

    Passes::

        - {id: exam, weight: 100, graded: points, max: 40, boundaries: [20, 24, 28, 32, 36]}
    """
    for path, part in all_parts(file):
        if part.parts:
            continue
        if part.takes is not None:
            yield from _of_taker(file, path, part)
            continue
        given = [key for key in ("boundaries", "linear") if getattr(part, key) is not None]
        if not part.in_points:
            for key in [*given, *(key for key in ("max", "over") if getattr(part, key) is not None)]:
                yield Hit(
                    (*path, key),
                    msg("{key} has no meaning for graded: {graded}", key=key, graded=part.graded),
                    msg("write graded: points, which {key} belongs to", key=key),
                    key=True,
                )
        elif part.max is None or part.max <= 0:
            yield Hit(
                (*path, "max" if part.max is not None else "graded"),
                msg("{part} is graded in points and needs max, the largest number of points", part=part.id),
                msg("add max: 40, or what it is"),
            )
        elif part.over is not None and part.over <= 0:
            yield Hit(
                (*path, "over"),
                msg("{part} takes no points beyond max with over: {over}", part=part.id, over=part.over),
                msg("write how many points beyond max count, or leave over out"),
            )
        elif is_percent(file) and given:
            yield Hit(
                (*path, given[0]),
                msg("under basis: percent a part has no {key} of its own", key=given[0]),
                msg("only boundaries: of the assessment decide; what stands here belongs there, or nowhere"),
                key=True,
            )
        elif not is_percent(file) and len(given) != 1 and (given or not (by_requirements(file) or part.stepped)):
            yield Hit(
                (*path, given[1] if given else "graded"),
                msg("{part} needs boundaries: or linear:, one of the two", part=part.id),
                msg("say it with one of the two") if given else _a_conversion(file),
            )


def _of_taker(file: ImplementationFile, path: Path, part: Part) -> Iterator[Hit]:
    """How a part that takes scores turns them into grades; what it has from the other part is judged there."""
    said = [key for key in ("boundaries", "linear") if key in part.model_fields_set and getattr(part, key) is not None]
    if part.in_points and is_percent(file) and said:
        yield Hit(
            (*path, said[0]),
            msg("under basis: percent a part has no {key} of its own", key=said[0]),
            msg("only boundaries: of the assessment decide; what stands here belongs there, or nowhere"),
            key=True,
        )
    elif part.in_points and part.max and not is_percent(file) and (part.boundaries is None) == (part.linear is None):
        stays_points = by_requirements(file) or part.stepped
        if len(said) == 1 or (stays_points and not said and part.boundaries is None):
            return
        yield Hit(
            (*path, said[1] if said else "takes"),
            msg("{part} needs boundaries: or linear:, one of the two", part=part.id),
            msg("say it with one of the two") if said else _a_conversion(file),
        )
    elif said and not part.in_points and "graded" in part.model_fields_set:
        yield Hit(
            (*path, said[0]),
            msg("{key} has no meaning for graded: {graded}", key=said[0], graded=part.graded),
            msg("write graded: points, which {key} belongs to", key=said[0]),
            key=True,
        )


def _rising(amounts: Sequence[Amount], most: Fraction) -> bool:
    values = [a.value * most / 100 if a.percent else a.value for a in amounts]
    return all(a < b for a, b in itertools.pairwise(values)) and values[0] >= 0 and values[-1] <= most


@rule("boundaries", Severity.error)
def boundaries(file: ImplementationFile) -> Iterator[Hit]:
    """Boundaries name the least points for each grade above the lowest, strictly rising, none above the maximum.

    Why: one too few shifts every grade; two that are equal make a grade that nobody can get. The same holds for the
    boundaries of basis percent, which turn the total into the grade, and for the two ends of linear. Where what is
    exactly on a boundary is not enough, it is written "> 24".

    Fails::

        - {id: exam, weight: 100, graded: points, max: 40, boundaries: [20, 24, 24, 32, 36]}

    Passes::

        - {id: exam, weight: 100, graded: points, max: 40, boundaries: [20, 24, 28, 32, 36]}
    """
    assessment = file.assessment
    if assessment is None or (scale := sound_scale(assessment)) is None:
        return
    wanted = scale.top - scale.lowest
    tables: list[tuple[Path, Sequence[Boundary], Fraction]] = []
    if assessment.boundaries is not None and is_percent(file):
        tables.append(((*ROOT, "boundaries"), assessment.boundaries, Fraction(100)))
    for path, part in all_parts(file):
        if part.takes is not None and not {"boundaries", "linear"} & part.model_fields_set:
            continue  # judged at the part that has the scores
        if part.boundaries is not None and part.max and part.in_points:
            tables.append(((*path, "boundaries"), part.boundaries, part.max))
            yield from _over_all((*path, "boundaries"), part)
        if part.linear is not None and part.max and part.in_points:
            yield from _linear((*path, "linear"), part.linear, part.max, scale)
    for path, bounds, most in tables:
        if len(bounds) != wanted:
            yield Hit(
                path,
                msg("{n} boundaries, but the scale has {wanted} grades above the lowest", n=len(bounds), wanted=wanted),
                msg("write one boundary for each of: {grades}", grades=", ".join(scale.labels[1:])),
                str(len(bounds)),
                key=True,
            )
        elif not _rising([bound.amount for bound in bounds], most):
            yield Hit(
                path,
                msg("boundaries must rise from one to the next and lie between 0 and {most}", most=most),
                None,
                ", ".join(map(str, bounds)),
                key=True,
            )


def _over_all(path: Path, part: Part) -> Iterator[Hit]:
    """A last boundary that no score can pass."""
    last = part.boundaries[-1] if part.boundaries else None
    if last is None or not last.strict or part.over:
        return
    if last.amount.value != (100 if last.amount.percent else part.max):
        return
    yield Hit(
        path,
        msg("no score is over {most}, the largest number of points", most=part.max),
        msg("write the boundary without >; where points beyond max count, the part says so with over"),
        str(last),
        key=True,
    )


def _linear(path: Path, ends: dict[str, Amount], most: Fraction, scale: Scale) -> Iterator[Hit]:
    wanted = {str(scale.pass_grade), str(scale.top)}
    if set(ends) != wanted:
        yield Hit(
            path,
            msg(
                "linear must name exactly the pass grade {low} and the top {high}", low=scale.pass_grade, high=scale.top
            ),
            msg("write linear: {{{low}: 50 %, {high}: 90 %}}", low=scale.pass_grade, high=scale.top),
            ", ".join(ends),
            key=True,
        )
    elif not _rising([ends[str(scale.pass_grade)], ends[str(scale.top)]], most):
        yield Hit(
            path,
            msg("the top must need more points than the pass grade, and at most {most}", most=most),
            None,
            key=True,
        )


@rule("off-scale", Severity.error)
def off_scale(file: ImplementationFile) -> Iterator[Hit]:
    """minimum, not_below and retake_at_most lie on the scale, and a minimum in per cent has a max to be of.

    Why: a gate above the top can never be passed, and one below the lowest never closes. Under basis percent a part
    with parts has a value in per cent, so that there 40 and 40 % mean the same.

    Fails::

        - {id: exam, weight: 100, minimum: 6}

    Passes::

        - {id: exam, weight: 100, minimum: 2}
    """
    limits = range_of_values(file)
    if limits is None:
        return
    low, high = limits
    values: list[tuple[Path, Fraction, Msg | None]] = []
    share = msg("points are written in per cent of max here: 50 %")
    for path, part in all_parts(file):
        if part.retake_at_most is not None and part.takes is None:
            values.append(((*path, "retake_at_most"), part.retake_at_most, None))
        if part.minimum is None:
            continue
        if not part.valued and not part.parts:
            yield Hit(
                (*path, "minimum"),
                msg("a pass-fail part has no minimum: it is passed or not"),
                msg("write graded: grade if a minimum is meant; else passed is enough"),
                key=True,
            )
        elif not part.minimum.percent:
            values.append(((*path, "minimum"), part.minimum.value, share if part.in_points else None))
        elif part.parts and is_percent(file):
            values.append(((*path, "minimum"), part.minimum.value, None))
        elif not part.in_points or not 0 <= part.minimum.value <= 100:
            in_points = msg("write minimum: {n}; under basis: percent it is in per cent", n=part.minimum.value)
            yield Hit(
                (*path, "minimum"),
                msg("a minimum in per cent is of the part's max, and {part} has none", part=part.id)
                if not part.in_points
                else msg("{amount} is not between 0 and 100 %", amount=str(part.minimum)),
                (in_points if is_percent(file) else msg("write the minimum as a value of the scale"))
                if not part.in_points
                else msg("write how much of max is needed, such as 50 %"),
            )
    values += [
        ((*path, "not_below"), late.not_below, None) for path, late in late_rules(file) if late.not_below is not None
    ]
    for path, value, hint in values:
        if not low <= value <= high:
            yield Hit(
                path,
                msg("{value} is outside the scale, {low} to {high}", value=value, low=low, high=high),
                hint,
                exact(value),
            )


@rule("basis-percent", Severity.error)
def basis_percent(file: ImplementationFile) -> Iterator[Hit]:
    """Basis percent has boundaries for the total, and only basis percent has them.

    Why: without them a total in per cent is no grade; and with grades they would never be used.

    Fails::

        evaluation_scale: 0-5
        basis: percent
        parts: [{id: exam, weight: 100, graded: points, max: 40}]

    Passes::

        evaluation_scale: 0-5
        basis: percent
        boundaries: [50, 60, 70, 80, 90]
        parts: [{id: exam, weight: 100, graded: points, max: 40}]
    """
    assessment = file.assessment
    if assessment is None:
        return
    if is_percent(file) and assessment.boundaries is None:
        labels = scale.labels[1:] if (scale := sound_scale(assessment)) else tuple("12345")
        example = ", ".join(str(50 + 50 * n // len(labels)) for n in range(len(labels)))
        yield Hit(
            (*ROOT, "basis"),
            msg("basis: percent needs boundaries: that turn the total into a grade"),
            msg("add boundaries: [{example}], one for each of: {grades}", example=example, grades=", ".join(labels)),
        )
    elif not is_percent(file) and not by_requirements(file) and assessment.boundaries is not None:
        yield Hit(
            (*ROOT, "boundaries"),
            msg("boundaries: at this level belong to basis: percent"),
            msg("add basis: percent, or move the boundaries to a part"),
            key=True,
        )
