"""Rules for scores that are made of several cells: markers, and the criteria of a rubric."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from kurssi.course.model import Criterion, ImplementationFile, Markers, Part, all_parts, takes_mean
from kurssi.course.rules.registry import Hit, rule
from kurssi.diagnostics.finding import Path, Severity
from kurssi.diagnostics.message import Msg, PerCent, Wrong, msg
from kurssi.policy.scales import Scale
from kurssi.values.numbers import read_number
from kurssi.values.vocabulary import AGREED_WORDS, attempt_headers, component_headers, fold

from .walk import by_requirements, is_percent, sound_scale

HUNDRED = Fraction(100)


@rule("markers", Severity.error)
def markers(file: ImplementationFile) -> Iterator[Hit]:
    """Markers have names of their own, a distance that is one, and weights only where the mean of their marks counts.

    Why: each marker has a column, such as “Essay A”, so no two may be called the same, nor as another column of the
    part is. Where the higher mark counts a weight would say nothing, and in a pass-fail part there is no mean: markers
    who do not say the same agree there on what holds.

    Fails::

        - {id: thesis, weight: 100, markers: {of: [A, a]}}

    Passes::

        - {id: thesis, weight: 100, markers: {of: [A, B], agree: mean, within: 1}}
    """
    for path, part in all_parts(file):
        if part.markers is not None and not part.parts:
            yield from _markers((*path, "markers"), part, part.markers)


def _markers(path: Path, part: Part, given: Markers) -> Iterator[Hit]:
    taken = _taken(part) | {header for header, _ in component_headers(part.id, 1, [("", AGREED_WORDS)])}
    seen: dict[str, str] = {}
    for index, name in enumerate(given.of):
        header = f"{fold(part.id)} {fold(name)}"
        if not fold(name) or header in taken:
            yield Hit(
                (*path, "of", index),
                msg(
                    "“{name}” names no marker: the column “{header}” means something else",
                    name=name,
                    header=header,
                ),
                msg("give the marker another name"),
                name,
            )
        elif (other := seen.setdefault(fold(name), name)) is not name or list(given.of).index(name) != index:
            yield Hit(
                (*path, "of", index),
                msg("two markers have one name, {name}", name=other),
                msg("give each marker a name of its own, such as A and B"),
                name,
            )
    if len(given.of) < 2:
        yield Hit((*path, "of"), msg("one marker alone is no reason for markers:"), msg("name two or more: of: [A, B]"))
    if given.within is not None and given.within < 0:
        yield Hit((*path, "within"), msg("marks cannot be less than 0 apart"), msg("write within: 1, or 0"))
    if not part.valued:
        for key in ("within", "weights"):
            if getattr(given, key) is not None:
                message = msg("{key} has no meaning where markers say passed or failed", key=key)
                yield Hit((*path, key), message, msg("leave it out: who differ agree on what holds"), key=True)
        if not takes_mean(given.agree):
            message = msg("{key} has no meaning where markers say passed or failed", key="agree")
            yield Hit((*path, "agree"), message, msg("leave it out: who differ agree on what holds"), key=True)
    elif given.weights is not None:
        yield from _weights_of_markers(path, given)


def _taken(part: Part) -> set[str]:
    """The headers of a part that mean something else than a marker or a criterion of its first attempt."""
    found: set[str] = set()
    for attempt in range(1, len(part.retakes) + 2):
        found |= {header for header, _ in attempt_headers(part.id, attempt)}
        if attempt > 1:
            found |= {header for header, _ in component_headers(part.id, attempt, part.components.all)}
    return found


def _weights_of_markers(path: Path, given: Markers) -> Iterator[Hit]:
    here = (*path, "weights")
    if not takes_mean(given.agree):
        message = msg("weights have no meaning with agree: {agree}", agree=given.agree)
        yield Hit(here, message, msg("write agree: mean, or leave the weights out"), key=True)
        return
    weights = given.weights_in_order
    if len(weights) != len(given.of) or len(given.weights or {}) != len(given.of):
        message = msg("the weights are not those of the markers {names}", names=", ".join(given.of))
        example = ", ".join(f"{name}: {n}" for name, n in zip(given.of, _shares(len(given.of)), strict=True))
        yield Hit(here, message, msg("write one weight for each: {{{example}}}", example=example), key=True)
    elif sum(weights) != HUNDRED or min(weights) < 0:
        message = msg("the weights of the markers sum to {sum}", sum=PerCent(sum(weights, Fraction(0))))
        yield Hit(here, message, msg("they sum to 100 %"), str(sum(weights, Fraction(0))), key=True)


def _shares(number: int) -> list[int]:
    """Whole numbers that sum to 100, as an example."""
    each = 100 // number
    return [100 - each * (number - 1), *[each] * (number - 1)]


@rule("rubric", Severity.error)
def rubric(file: ImplementationFile) -> Iterator[Hit]:
    """A rubric has criteria with ids of their own, each with two levels or more on the scale, and weights for grades.

    Why: each criterion has a column, such as “Essay structure”, and each of its levels is a grade or a number of points
    that a cell may hold. Grades are averaged by their weights; points are added up, so that max follows from them.

    Fails::

        - id: essay
          weight: 100
          rubric: [{id: structure, levels: {0: Missing., 7: Clear.}}]

    Passes::

        - id: essay
          weight: 100
          rubric:
            - {id: structure, weight: 50, levels: {0: Missing., 3: Clear., 5: Clear and original.}}
            - {id: language, weight: 50, levels: {0: Hard to read., 3: Fluent., 5: Precise.}}
    """
    scale = sound_scale(file.assessment) if file.assessment is not None else None
    for path, part in all_parts(file):
        if part.rubric and not part.parts:
            yield from _rubric((*path, "rubric"), part, scale, by_pass=_passes_only(file))


def _passes_only(file: ImplementationFile) -> bool:
    """Whether all parts have to be passed or failed: under pass-fail, where neither per cents nor demands decide."""
    is_scale = file.assessment is not None and file.assessment.evaluation_scale == "pass-fail"
    return is_scale and not is_percent(file) and not by_requirements(file)


def _way_out(by_pass: bool) -> Msg:
    if by_pass:
        return msg(
            "write graded: points here and basis: percent with one boundary, or, for a criterion each that must be "
            "passed, parts of this part that are graded: pass-fail, and need: with their number"
        )
    return msg("write graded: points, or leave graded out for grades")


def _rubric(path: Path, part: Part, scale: Scale | None, *, by_pass: bool) -> Iterator[Hit]:
    if not part.valued:
        message = msg("{part} is passed or failed, and a rubric gives grades or points", part=part.id)
        yield Hit(path, message, _way_out(by_pass), key=True)
        return
    if by_pass and not part.in_points:
        return  # that its grades have no meaning on this scale is told by another rule
    if part.markers is not None:
        message = msg("{part} has markers and a rubric: which cell would be whose?", part=part.id)
        yield Hit(path, message, msg("make a part with parts: one with markers, one with the rubric"), key=True)
    seen: set[str] = set()
    taken = _taken(part)
    for index, criterion in enumerate(part.rubric):
        here = (*path, index)
        for key, name in (("id", criterion.id), ("name", criterion.name)):
            if name is None or (key == "name" and fold(name) == fold(criterion.id)):
                continue
            header = f"{fold(part.id)} {fold(name)}"
            if header in taken:
                message = msg("“{name}” names no criterion: the column “{header}” means something else",
                              name=name, header=header)  # fmt: skip
                yield Hit((*here, key), message, msg("give the criterion another name"), name)
            elif fold(name) in seen:
                message = msg("two criteria are called {name}", name=name)
                yield Hit((*here, key), message, msg("give each criterion a name of its own"), name)
            seen.add(fold(name))
        if scale is not None:
            yield from _levels((*here, "levels"), part, criterion, scale)
    if part.in_points:
        yield from _sum(path, part)
    else:
        yield from _weights(path, part.rubric)


def _levels(path: Path, part: Part, criterion: Criterion, scale: Scale) -> Iterator[Hit]:
    if len(criterion.levels) < 2:
        message = msg("the criterion {name} has one level only", name=criterion.id)
        yield Hit(path, message, msg("write a level for each result: {{0: ..., 3: ..., 5: ...}}"), key=True)
    known: set[Fraction] = set()
    for key in criterion.levels:
        number = _level(key, part, scale)
        if number is None:
            takes = ", ".join(scale.labels) if scale.own else f"{scale.lowest}–{scale.top}"
            hint = (
                msg("a level is a number of points from 0")
                if part.in_points
                else msg("a level is a grade of the scale: {grades}", grades=takes)
            )
            yield Hit((*path, key), msg("“{key}” is no level of {part}", key=key, part=part.id), hint, key, key=True)
        elif number in known:
            message = msg("the level {key} stands there twice", key=key)
            yield Hit((*path, key), message, msg("write each level once"), key, key=True)
        else:
            known.add(number)


def _level(key: str, part: Part, scale: Scale) -> Fraction | None:
    """The grade or the points of a level; None where it is none."""
    if scale.own and not part.in_points:
        return Fraction(scale.labels.index(key)) if key in scale.labels else None
    try:
        number = read_number(key)
    except Wrong:
        return None
    if number is None or number < (0 if part.in_points else scale.lowest):
        return None
    return number if part.in_points or number <= scale.top else None


def _sum(path: Path, part: Part) -> Iterator[Hit]:
    for index, criterion in enumerate(part.rubric):
        if criterion.weight is not None:
            message = msg("points are added up, and weights have no meaning there")
            hint = msg("leave the weight out, and write more points for what counts more")
            yield Hit((*path, index, "weight"), message, hint, key=True)
    if part.max_ is not None:
        message = msg("max follows from the levels of the rubric")
        yield Hit((*path[:-1], "max"), message, msg("leave max out: the best levels give it together"), key=True)
    if part.over is not None:
        message = msg("over has no meaning with a rubric: no cell holds more than its best level")
        yield Hit((*path[:-1], "over"), message, msg("leave it out, or write a higher level"), key=True)


def _weights(path: Path, criteria: Sequence[Criterion]) -> Iterator[Hit]:
    weights = [criterion.weight for criterion in criteria if criterion.weight is not None]
    if weights and len(weights) < len(criteria):
        message = msg("some criteria have a weight, and some have none")
        yield Hit(path, message, msg("write a weight for each, or for none: then all weigh the same"), key=True)
    elif weights and (sum(weights) != HUNDRED or min(weights) < 0):
        total = sum(weights, Fraction(0))
        message = msg("the weights of the criteria sum to {sum}", sum=PerCent(total))
        yield Hit(path, message, msg("they sum to 100 %"), str(total), key=True)
