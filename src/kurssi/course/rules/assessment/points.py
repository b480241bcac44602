"""Rules for points that are added up, and for the most that parts count as."""

from collections.abc import Iterator

from kurssi.course.model import ImplementationFile, Part, all_parts, is_by_points
from kurssi.course.rules.registry import Hit, rule
from kurssi.diagnostics.finding import Path, Severity
from kurssi.diagnostics.message import msg
from kurssi.values.numbers import Amount, exact

from .walk import ROOT, adds_points, is_percent, lists_of_parts, range_of_values


@rule("by-points", Severity.error)
def by_points(file: ImplementationFile) -> Iterator[Hit]:
    """Where points are added up, the basis is percent, and every part beside a gate has points and no weight.

    Why: 100 × the sum of the points / the sum of each max is the value, so that max says what a part weighs; a weight
    beside it would say it twice, and a grade has no points to add.

    Fails::

        assessment: {basis: percent, weigh: by-points, parts: [{id: work, graded: points, max: 20, weight: 40}, ...]}

    Passes::

        assessment: {basis: percent, weigh: by-points, parts: [{id: work, graded: points, max: 20}, ...]}
    """
    for path, part in all_parts(file):
        if is_by_points(part.weigh) and not part.parts:
            yield Hit(
                (*path, "weigh"),
                msg("{part} has no parts whose points could be added up", part=part.id),
                msg("write it at the part that has parts, or at the assessment"),
            )
    for path, parts, owner in lists_of_parts(file):
        if not adds_points(file, owner):
            continue
        if not is_percent(file):
            yield Hit(
                (*path[:-1], "weigh"),
                msg("points are added up under basis: percent only"),
                msg("write basis: percent with its boundaries:, or weights"),
            )
            continue
        for index, part in enumerate(parts):
            if part.stepped is None:  # whose points pick a step, and are not added up
                yield from _of_part((*path, index), part)


def _of_part(path: Path, part: Part) -> Iterator[Hit]:
    if part.weight is not None:
        yield Hit(
            (*path, "weight"),
            msg("{part} has a weight, but its points are added up", part=part.id),
            msg("leave weight: out, as max: says what it weighs; or leave weigh: by-points out"),
            exact(part.weight),
        )
    elif part.parts and part.valued:
        yield Hit(
            (*path, "parts"),
            msg("{part} has parts of its own, and no points to add up", part=part.id),
            msg("move its parts up beside it, or give weights in place of weigh: by-points"),
            key=True,
        )
    elif part.valued and not part.in_points:
        yield Hit(
            (*path, "id"),
            msg("{part} has no points to add up", part=part.id),
            msg("write graded: points with its max:, or graded: pass-fail if it is only a gate"),
        )


@rule("cap", Severity.error)
def cap(file: ImplementationFile) -> Iterator[Hit]:
    """A cap stands where parts come together, in per cent under basis percent, else as a value of the scale.

    Why: it holds what parts bring together, bonus included. A part without parts has max and over for that.

    Fails::

        - {id: exam, graded: points, max: 40, cap: 100 %}

    Passes::

        - {id: work, cap: 5, parts: [{id: exercises}, {id: extra, bonus: true, weight: 10}]}
    """
    if file.assessment is None:
        return
    if file.assessment.cap is not None:
        yield from _of_cap(file, ROOT, file.assessment.cap)
    for path, part in all_parts(file):
        if part.cap is None:
            continue
        if not part.parts:
            yield Hit(
                (*path, "cap"),
                msg("{part} has no parts that come together", part=part.id),
                msg("write it at a part that has parts, or at the assessment"),
                str(part.cap),
            )
            continue
        yield from _of_cap(file, path, part.cap)
        if part.minimum is not None and part.cap.value < part.minimum.value:
            yield Hit(
                (*path, "cap"),
                msg("{part} counts at most as {cap}, which is below its minimum", part=part.id, cap=str(part.cap)),
                msg("raise cap: or lower minimum:"),
                str(part.cap),
            )


def _of_cap(file: ImplementationFile, path: Path, given: Amount) -> Iterator[Hit]:
    here = (*path, "cap")
    if given.percent and not is_percent(file):
        yield Hit(
            here,
            msg("grades are averaged here, and {cap} is no grade", cap=str(given)),
            msg("write a value of the scale, such as cap: 5"),
            str(given),
        )
    elif (ends := range_of_values(file)) is not None and given.value <= ends[0]:
        yield Hit(
            here,
            msg("a cap is more than the lowest value, {lowest}", lowest=ends[0]),
            msg("write how much the parts can count at most"),
            str(given),
        )
