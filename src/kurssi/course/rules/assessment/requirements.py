"""Rules for what grades ask of parts and of attendance beside the total."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import assert_never

from kurssi.course.model import (
    ATTENDED,
    Asked,
    ImplementationFile,
    Late,
    Part,
    WayPart,
    all_parts,
    is_percent,
    joins_attempts,
)
from kurssi.course.rules.registry import Hit, rule
from kurssi.diagnostics.finding import Path, Severity
from kurssi.diagnostics.message import Msg, Terms, msg
from kurssi.policy.choice import CHOICE_RULES
from kurssi.policy.demands import grade_of, sessions_of, value_of
from kurssi.policy.scales import Scale

from .walk import ROOT, by_requirements, late_rules, sound_scale


def _needs(file: ImplementationFile) -> Iterator[tuple[Path, str, Mapping[str, Asked], Scale]]:
    """What each grade asks: its place, its key, the demands by part, and the scale."""
    given = file.assessment
    if given is None or given.requires is None or (scale := sound_scale(given)) is None:
        return
    for key, needs in given.requires.items():
        yield (*ROOT, "requires", key), key, needs, scale


@rule("requires-grade", Severity.error)
def requires_grade(file: ImplementationFile) -> Iterator[Hit]:
    """What is required is required for a grade of the scale above the lowest, and there is something required.

    Why: requires says what a student must show for a grade; the lowest grade is for those who show nothing.

    Fails::

        requires: {6: {exam: 24 p}}
        parts: [{id: exam, weight: 100, graded: points, max: 40, linear: {1: 50 %, 5: 90 %}}]

    Passes::

        requires: {5: {exam: 24 p}}
        parts: [{id: exam, weight: 100, graded: points, max: 40, linear: {1: 50 %, 5: 90 %}}]
    """
    seen: dict[int, str] = {}
    for path, key, needs, scale in _needs(file):
        grade = grade_of(key, scale)
        above = Terms(scale.labels[1:])
        if grade is None:
            yield Hit(
                path, msg("{key} is not a grade of the scale", key=key), msg("one of: {values}", values=above), key=True
            )
        elif grade == scale.lowest:
            yield Hit(
                path,
                msg("{grade} is the lowest grade, for which nothing can be required", grade=scale.label(grade)),
                msg("one of: {values}", values=above),
                key=True,
            )
        elif grade in seen:
            yield Hit(
                path,
                msg("{key} and {other} are the same grade", key=key, other=seen[grade]),
                msg("write all that the grade requires under one of them"),
                key=True,
            )
        elif not needs:
            yield Hit(
                path,
                msg("nothing is required for {grade}", grade=scale.label(grade)),
                msg("write what is, such as {{exam: pass}}, or leave the grade out"),
                key=True,
            )
        if grade is not None:
            seen.setdefault(grade, key)


@rule("requires-part", Severity.error)
def requires_part(file: ImplementationFile) -> Iterator[Hit]:
    """What a grade requires is of a part of the assessment, or of attendance.

    Why: who misspells a part would ask for nothing.

    Fails::

        requires: {5: {exma: 4}}
        parts: [{id: exam, weight: 100}]

    Passes::

        requires: {5: {exam: 4, attended: 80 %}}
        schedule: {sessions: [{week: 3}, {week: 4}]}
        parts: [{id: exam, weight: 100}]
    """
    every = [part for _, part in all_parts(file)]
    names = [ATTENDED, *(part.id for part in every if not isinstance(part, WayPart))]
    for path, _, needs, _ in _needs(file):
        for name in needs:
            if name == ATTENDED and not sessions_of(file):
                yield Hit(
                    (*path, name),
                    msg("attended is a share of the sessions, and nothing says how many there are"),
                    msg("list them under schedule: sessions, or write activity: {{attendance: {{of: 12}}}}"),
                    key=True,
                )
            elif name in {part.id for part in every} - set(names):
                yield Hit(
                    (*path, name),
                    msg("{part} is a way, and a grade requires something of parts", part=name),
                    msg("name the parts of it"),
                    key=True,
                )
            elif name not in names:
                yield Hit(
                    (*path, name),
                    msg("there is no part {part}", part=name),
                    msg("one of: {values}", values=Terms(names)),
                    name,
                    key=True,
                )


@rule("requires-demand", Severity.error)
def requires_demand(file: ImplementationFile) -> Iterator[Hit]:
    """What a grade requires of a part is something that the part can have.

    Why: points can only be asked of a part that is graded in points, and passed and failed have no value to reach.
    Where the mean of the attempts counts, or a gain on the first, no single attempt has the points that count.

    Fails::

        requires: {5: {exam: 24 p}}
        parts: [{id: exam, weight: 100}]

    Passes::

        requires: {5: {exam: 4}}
        parts: [{id: exam, weight: 100}]
    """
    parts = {part.id: part for _, part in all_parts(file)}
    for path, _, needs, scale in _needs(file):
        for name, asked in needs.items():
            wrong = None
            if name == ATTENDED:
                wrong = _of_sessions(asked)
            elif name in parts:
                wrong = _of_part(file, parts[name], asked, scale)
            if wrong is not None:
                yield Hit((*path, name), *wrong)


def _of_sessions(asked: Asked) -> tuple[Msg, Msg] | None:
    match asked.unit:
        case "percent":
            if 0 < asked.number <= 100:
                return None
            return msg("{asked} of the sessions cannot be asked", asked=str(asked)), msg("write 80 %")
        case "value" | "points" | "pass":
            return msg("attended is a share of the sessions, and {asked} is not", asked=str(asked)), msg("write 80 %")
        case _ as unknown:
            assert_never(unknown)


def _of_part(file: ImplementationFile, part: Part, asked: Asked, scale: Scale) -> tuple[Msg, Msg] | None:
    """What is wrong with what is asked of a part, and the way out."""
    percent = file.assessment is not None and is_percent(file.assessment.basis)
    in_points = part.in_points and not part.parts
    valued = _has_value(part) and not (part.parts and by_requirements(file))
    over = part.over or Fraction(0)
    most = 100 + (over * 100 / part.max if part.max else Fraction(0))
    match asked.unit:
        case "pass":
            return None
        case "points":
            if not in_points:
                return msg("{part} has no points of its own", part=part.id), _way(part, percent, valued)
            if _joined(part):
                return _no_points(part, asked, percent)
            return _size(part, asked, (part.max or Fraction(0)) + over, asked.number)
        case "percent":
            if percent and valued:
                return _size(part, asked, None if part.parts else most, asked.number)
            if not in_points:
                return msg("{part} has no points of which to take {asked}", part=part.id, asked=str(asked)), _way(
                    part, percent, valued
                )
            if _joined(part):
                return _no_points(part, asked, percent)
            return _size(part, asked, most, asked.number)
        case "value":
            if not valued:
                return msg("{part} is passed or failed and has no value", part=part.id), msg("write pass")
            if (percent and (in_points or part.parts)) or (by_requirements(file) and _only_points(part)):
                way = msg("write it as 40 %, or in points as 24 p") if in_points else msg("write it as 40 %")
                return msg("{part} has no grade of the scale", part=part.id), way
            if (value := value_of(asked, scale)) is None:
                return (
                    msg("{asked} is not on the scale", asked=str(asked)),
                    msg("write a grade, 50 %, 24 p, or the word pass"),
                )
            return _size(part, asked, None, value - scale.lowest)
        case _ as unknown:
            assert_never(unknown)


def _joined(part: Part) -> bool:
    """Whether several attempts together have a value, and none of them has the points that count."""
    return joins_attempts(part.attempt_rule) and bool(part.retakes)


def _no_points(part: Part, asked: Asked, percent: bool) -> tuple[Msg, Msg]:
    only_points = _only_points(part) and not percent
    return (
        msg("no single attempt counts, so there are no points of which {amount} could be asked", amount=str(asked)),
        msg("let the best points of {part} count, with attempt: best there", part=part.id)
        if only_points
        else _way(part, percent, True),
    )


def _size(part: Part, asked: Asked, most: Fraction | None, above: Fraction) -> tuple[Msg, Msg] | None:
    """Where everybody has what is asked, or nobody can have it."""
    if above <= 0:
        return msg("{asked} in {part} asks for nothing", asked=str(asked), part=part.id), msg("write pass, or more")
    if most is not None and asked.number > most:
        return msg("nobody can have {asked} in {part}", asked=str(asked), part=part.id), msg("write less")
    return None


def _way(part: Part, percent: bool, valued: bool) -> Msg:
    if not valued:
        return msg("write pass")
    if percent:
        return msg("write it as 40 %")
    return msg("name one of its parts") if part.parts else msg("write a grade of the scale")


def _has_value(part: Part) -> bool:
    """Whether a part is worth something: by itself, or as the mean of its parts, bonus parts apart."""
    if part.parts:
        return part.need is None and any(_has_value(child) and not child.bonus for child in part.parts)
    return part.valued


@rule("requires-falls", Severity.error)
def requires_falls(file: ImplementationFile) -> Iterator[Hit]:
    """A higher grade does not ask for less of the same thing than a lower one.

    Why: a grade requires what all lower grades require, so what is less is never looked at, and surely not meant.

    Fails::

        requires: {3: {exam: 30 p}, 5: {exam: 24 p}}
        parts: [{id: exam, weight: 100, graded: points, max: 40, linear: {1: 50 %, 5: 90 %}}]

    Passes::

        requires: {3: {exam: 24 p}, 5: {exam: 30 p}}
        parts: [{id: exam, weight: 100, graded: points, max: 40, linear: {1: 50 %, 5: 90 %}}]
    """
    parts = {part.id: part for _, part in all_parts(file)}
    rising = sorted((grade_of(key, scale) or 0, key, path, needs, scale) for path, key, needs, scale in _needs(file))
    before: dict[str, list[tuple[str, Asked]]] = {}
    for _, key, path, needs, scale in rising:
        for name, asked in needs.items():
            for lower, more in before.get(name, ()):
                if _is_less(asked, more, parts.get(name), scale):
                    yield Hit(
                        (*path, name),
                        msg(
                            "{key} asks for {asked} in {part}, less than {lower}, which asks for {more}",
                            key=key,
                            asked=str(asked),
                            part=name,
                            lower=lower,
                            more=str(more),
                        ),
                        msg("ask for more, or leave it out: a grade requires what all lower grades require"),
                    )
                    break
            before.setdefault(name, []).append((key, asked))


def _is_less(asked: Asked, more: Asked, part: Part | None, scale: Scale) -> bool:
    """Whether less is asked of the same thing. Points and their share are compared, other ways of asking are not."""
    first, second = (_comparable(one, part, scale) for one in (asked, more))
    return first[0] == second[0] and first[1] < second[1]


def _comparable(asked: Asked, part: Part | None, scale: Scale) -> tuple[str, Fraction]:
    match asked.unit:
        case "value":
            return "value", value_of(asked, scale) or Fraction(0)
        case "percent" | "pass":
            return asked.unit, asked.number
        case "points":
            most = part.max if part is not None else None
            return ("percent", asked.number * 100 / most) if most else ("points", asked.number)
        case _ as unknown:
            assert_never(unknown)


@rule("basis-requirements", Severity.error)
def basis_requirements(file: ImplementationFile) -> Iterator[Hit]:
    """Under basis requirements grades require something, and nothing is said of a total.

    Why: nothing is weighed there. A weight, a bonus, activity or a way of rounding would never be used.

    Fails::

        basis: requirements
        requires: {1: {essay: pass}, 3: {essay: 4}}
        parts: [{id: essay, weight: 100}]

    Passes::

        basis: requirements
        requires: {1: {essay: pass}, 3: {essay: 4}}
        parts: [{id: essay}]
    """
    given = file.assessment
    if given is None or not by_requirements(file):
        return
    if not given.requires:
        yield Hit(
            (*ROOT, "basis"),
            msg("basis: requirements needs requires: that says what each grade takes"),
            msg("add requires: {{1: {{{part}: pass}}}}", part=given.parts[0].id if given.parts else "exam"),
        )
    scale = sound_scale(given)
    grades = [grade_of(key, scale) for key in given.requires or ()] if scale is not None else []
    if scale is not None and grades and all(grade is not None and grade < scale.pass_grade for grade in grades):
        yield Hit(
            (*ROOT, "requires"),
            msg("nobody could pass: the highest grade here fails"),
            msg("write what {grade} requires, too", grade=scale.label(scale.pass_grade)),
            key=True,
        )
    for key in ("boundaries", "rounding", "may_fail", "activity", "weigh", "cap"):
        if getattr(given, key) != type(given).model_fields[key].default:
            yield Hit((*ROOT, key), _UNUSED, msg("leave {key} out", key=key), key=True)
    for path, part in all_parts(file):
        for key in ("weight", "bonus", *CHOICE_RULES, "weigh", "cap"):
            if getattr(part, key) not in (None, False):
                yield Hit((*path, key), _UNUSED, msg("leave {key} out", key=key), key=True)
        if part.minimum is not None and part.parts:
            yield Hit((*path, "minimum"), _UNUSED, msg("leave {key} out", key="minimum"), key=True)
        elif part.minimum is not None and not part.minimum.percent and _only_points(part):
            yield Hit(
                (*path, "minimum"),
                msg("{part} has points and no grade", part=part.id),
                msg("write the minimum as a share of the points, such as 50 %"),
            )
    if any(late.deduct is not None for _, late in late_rules(file)):
        for path, part in all_parts(file):
            if _only_points(part) and (part.late is None or isinstance(part.late, Late)):
                yield Hit(
                    (*path, "id"),
                    msg("lateness takes nothing from the points of {part}", part=part.id),
                    msg("write late: none in the part, or boundaries that turn its points into a grade"),
                )


_UNUSED = msg("nothing is weighed under basis: requirements, so this would never be used")


def _only_points(part: Part) -> bool:
    return part.in_points and not part.parts and part.boundaries is None and part.linear is None
