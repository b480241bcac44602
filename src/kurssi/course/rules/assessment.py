"""Rules for the policy: scale, parts, weights, late rule, activity."""

import itertools
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from kurssi.course.model import Assessment, ImplementationFile, Late, OwnScale, Part
from kurssi.diagnostics.finding import Path, Severity
from kurssi.diagnostics.message import Msg, Terms, msg
from kurssi.policy.late_units import hours_of_unit
from kurssi.policy.scales import Scale, scale_of
from kurssi.values.numbers import Amount, exact
from kurssi.values.vocabulary import CELLS, RESERVED, UNUSED_WORDS, attempt_headers, fold, read_target

from .registry import Hit, rule

ROOT: Path = ("assessment",)


def _siblings(file: ImplementationFile) -> Iterator[tuple[Path, Sequence[Part], Part | None]]:
    """Every list of parts: its path, the parts, and the part they belong to."""
    if file.assessment is None:
        return
    todo: list[tuple[Path, Sequence[Part], Part | None]] = [((*ROOT, "parts"), file.assessment.parts, None)]
    while todo:
        path, parts, parent = todo.pop(0)
        yield path, parts, parent
        todo += [((*path, i, "parts"), part.parts, part) for i, part in enumerate(parts) if part.parts]


def _parts(file: ImplementationFile) -> Iterator[tuple[Path, Part]]:
    for path, parts, _ in _siblings(file):
        for index, part in enumerate(parts):
            yield (*path, index), part


def _late_rules(file: ImplementationFile) -> Iterator[tuple[Path, Late]]:
    if file.assessment and isinstance(file.assessment.late, Late):
        yield (*ROOT, "late"), file.assessment.late
    for path, part in _parts(file):
        if isinstance(part.late, Late):
            yield (*path, "late"), part.late


def _scale(assessment: Assessment) -> Scale | None:
    """The scale, or ``None`` where rule own-scale has something to say."""
    scale = assessment.evaluation_scale
    if isinstance(scale, OwnScale) and (scale.passes_from not in scale.values or len(set(scale.values)) < 2):
        return None
    return scale_of(scale)


def _percent(file: ImplementationFile) -> bool:
    return file.assessment is not None and file.assessment.basis == "percent"


def _range(file: ImplementationFile) -> tuple[Fraction, Fraction] | None:
    """The lowest and the top value: of the scale, or 0 and 100 under basis percent."""
    if file.assessment is None or (scale := _scale(file.assessment)) is None:
        return None
    return (Fraction(0), Fraction(100)) if _percent(file) else (Fraction(scale.lowest), Fraction(scale.top))


# ---- scale -------------------------------------------------------------------------------------------------


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
    if assessment is None or assessment.evaluation_scale != "pass-fail" or assessment.basis == "percent":
        return
    for path, part in _parts(file):
        if part.graded != "pass-fail" and not part.parts:
            yield Hit(
                (*path, "id"),
                msg("{part} is graded by {graded}, but the final scale is pass-fail", part=part.id, graded=part.graded),
                msg("write graded: pass-fail, or basis: percent with one boundary"),
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


# ---- parts and weights -------------------------------------------------------------------------------------


@lru_cache(maxsize=1024)
def _headers(name: str, attempt: int) -> tuple[str, ...]:
    return tuple(header for header, _ in attempt_headers(name, attempt))


@rule("duplicate-part", Severity.error)
def duplicate_part(file: ImplementationFile) -> Iterator[Hit]:
    """Ids are unique at any depth, and no id, name or alias is a header that means something else.

    Why: a column of a score sheet must belong to one part. The second attempt of Tentti stands under “Tentti 2”, so no
    other part may be called that; and student, group, activity and the like are columns of their own.

    Fails::

        parts: [{id: exam, weight: 50}, {id: exam, weight: 50}]

    Passes::

        parts: [{id: exam, weight: 50}, {id: essay, weight: 50}]
    """
    headers: dict[str, tuple[Part, str]] = {}
    ids: dict[str, Part] = {}
    clash = []
    for path, part in _parts(file):
        if part.id in ids:
            yield Hit(
                (*path, "id"),
                msg("the id {id} is used twice", id=part.id),
                msg("give each part an id of its own"),
                part.id,
            )
            continue
        ids[part.id] = part
        names = [("id", part.id), ("name", part.name), ("column", part.column)]
        for key, name in names:
            if name is None:
                continue
            if fold(name) in RESERVED:
                yield Hit(
                    (*path, key),
                    msg(
                        "“{name}” is a column that score sheets already have ({column})",
                        name=name,
                        column=RESERVED[fold(name)],
                    ),
                    msg("choose another word"),
                    name,
                )
                continue
            if part.parts:
                continue
            for attempt in range(1, len(part.retakes) + 2):
                for header in _headers(name, attempt):
                    owner = headers.setdefault(header, (part, key))
                    if owner[0] is not part:
                        clash.append((path, key, part, owner[0], header))
    reported = set()
    for path, key, part, other, header in clash:
        if (path, key) not in reported:
            reported.add((path, key))
            yield Hit(
                (*path, key),
                msg(
                    "the column “{header}” would belong to both {part} and {other}",
                    header=header,
                    part=part.id,
                    other=other.id,
                ),
                msg("give one of them another name"),
                header,
            )


def _weighed(parts: Sequence[Part]) -> list[tuple[int, Part]]:
    return [(i, p) for i, p in enumerate(parts) if p.graded != "pass-fail" and not p.bonus]


@rule("weights-sum", Severity.error)
def weights_sum(file: ImplementationFile) -> Iterator[Hit]:
    """The weights of the parts of one level sum to 100, pass-fail and bonus parts apart.

    Why: what is published must add up, and nothing is normalised silently.

    Fails::

        parts: [{id: essay, weight: 40}, {id: exam, weight: 50}]

    Passes::

        parts: [{id: essay, weight: 50}, {id: exam, weight: 50}]
    """
    for path, parts, _ in _siblings(file):
        weights = [(i, p.weight) for i, p in _weighed(parts) if p.weight is not None]
        total = sum((w for _, w in weights), Fraction(0))
        if weights and len(weights) == len(_weighed(parts)) and total != 100 and all(w >= 0 for _, w in weights):
            listed = " + ".join(exact(w) for _, w in weights)
            yield Hit(
                (*path, weights[-1][0], "weight"),
                msg("the weights sum to {total}, not 100: {listed}", total=total, listed=listed),
                msg("change a weight by {difference}, or add the part that is missing", difference=100 - total)
                if total != 1
                else msg("weights are in per cent: write 40, not 0.4"),
                exact(total),
            )


@rule("weights-mixed", Severity.error)
def weights_mixed(file: ImplementationFile) -> Iterator[Hit]:
    """Either all parts of one level have a weight, or none; weights are not negative.

    Why: where none has one, all count equally; where some have, nobody can say what the others count.

    Fails::

        parts: [{id: essay, weight: 100}, {id: exam}]

    Passes::

        parts: [{id: essay, weight: 60}, {id: exam, weight: 40}]
    """
    for path, parts, _ in _siblings(file):
        weighed = _weighed(parts)
        without = [i for i, p in weighed if p.weight is None]
        if without and len(without) < len(weighed):
            yield Hit(
                (*path, without[0], "id"),
                msg("{part} has no weight, but other parts beside it do", part=parts[without[0]].id),
                msg("give it a weight, or write graded: pass-fail if it is only a gate"),
            )
        for index, part in enumerate(parts):
            if part.weight is not None and part.weight < 0:
                yield Hit((*path, index, "weight"), msg("a weight cannot be negative"), None, exact(part.weight))


@rule("gate-with-weight", Severity.error)
def gate_with_weight(file: ImplementationFile) -> Iterator[Hit]:
    """A pass-fail part has no weight and no bonus.

    Why: passed and failed have no value that could be weighed.

    Fails::

        - {id: peer_review, graded: pass-fail, weight: 10}

    Passes::

        - {id: peer_review, graded: pass-fail}
    """
    for path, part in _parts(file):
        if part.graded == "pass-fail" and part.weight:
            yield Hit(
                (*path, "weight"),
                msg("{part} is pass-fail and cannot have a weight", part=part.id),
                msg("delete the weight, or grade the part"),
            )
        elif part.graded == "pass-fail" and part.bonus:
            yield Hit(
                (*path, "bonus"),
                msg("{part} is pass-fail and cannot give a bonus", part=part.id),
                msg("grade the part"),
            )
        elif part.bonus and part.weight is None:
            yield Hit(
                (*path, "bonus"),
                msg("the bonus part {part} has no weight", part=part.id),
                msg("a bonus adds weight × value / 100: write its weight"),
            )


@rule("no-part-with-weight", Severity.error)
def no_part_with_weight(file: ImplementationFile) -> Iterator[Hit]:
    """At least one part of every level has a value to be weighed.

    Why: from gates alone no grade between pass and top can follow. Under the final scale pass-fail gates are enough.

    Fails::

        evaluation_scale: H-5
        parts: [{id: exam, graded: pass-fail}]

    Passes::

        evaluation_scale: H-5
        parts: [{id: exam, weight: 100}]
    """
    gates_decide = (
        file.assessment is not None and file.assessment.evaluation_scale == "pass-fail" and not _percent(file)
    )
    for path, parts, parent in _siblings(file):
        if not parts:
            yield Hit(
                path, msg("there is no part to assess"), msg("write at least one part with id: and weight:"), key=True
            )
        elif not any(p.weight is None or p.weight > 0 for _, p in _weighed(parts)) and not gates_decide:
            if parent is not None and parent.graded == "pass-fail":
                continue
            yield Hit(
                path,
                msg("no part here has a value and a weight above 0"),
                msg("give at least one part a grade or points and a weight"),
                key=True,
            )


@rule("nested-part", Severity.error)
def nested_part(file: ImplementationFile) -> Iterator[Hit]:
    """A part that is made of parts has no score, deadline or retakes of its own.

    Why: its value comes from its parts; a cell beside it would be a second answer.

    Fails::

        - {id: work, weight: 100, due: 2024-03-04, parts: [{id: essay}, {id: talk}]}

    Passes::

        - {id: work, weight: 100, parts: [{id: essay, due: 2024-03-04}, {id: talk}]}
    """
    own = ("max", "boundaries", "linear", "due", "late", "late_from", "retakes", "retake_at_most", "column", "peer")
    for path, part in _parts(file):
        if not part.parts:
            continue
        for key in own:
            if getattr(part, key) not in (None, ()):
                yield Hit(
                    (*path, key),
                    msg("{part} is made of parts and cannot have {key} of its own", part=part.id, key=key),
                    msg("move it to the parts below"),
                    key=True,
                )
        for key, plain in (("graded", "grade"), ("by", "individual"), ("attempt", "best")):
            if getattr(part, key) != plain:
                yield Hit(
                    (*path, key),
                    msg("{part} is made of parts and cannot have {key} of its own", part=part.id, key=key),
                    msg("move it to the parts below"),
                    key=True,
                )


@rule("best-of", Severity.error)
def best_of(file: ImplementationFile) -> Iterator[Hit]:
    """Best and drop_lowest stand at a part with parts of equal weight, one of the two, and leave at least one.

    Why: with unequal weights dropping the lowest can lower a total when a score rises.

    Fails::

        - {id: work, weight: 100, best: 1, parts: [{id: a, weight: 70}, {id: b, weight: 30}]}

    Passes::

        - {id: work, weight: 100, best: 1, parts: [{id: a}, {id: b}]}
    """
    for path, part in _parts(file):
        key = "best" if part.best is not None else "drop_lowest" if part.drop_lowest is not None else None
        if key is None:
            continue
        here = (*path, key)
        weighed = [p for _, p in _weighed(part.parts)]
        number = part.best if part.best is not None else part.drop_lowest or 0
        if part.best is not None and part.drop_lowest is not None:
            yield Hit(here, msg("best and drop_lowest cannot both stand here"), msg("keep one of the two"))
        elif not part.parts:
            yield Hit(here, msg("{part} has no parts to choose among", part=part.id), msg("write its parts below it"))
        elif len({p.weight for p in weighed}) > 1:
            yield Hit(
                here,
                msg(
                    "the parts of {part} have different weights, so {key} could lower a total when a score rises",
                    part=part.id,
                    key=key,
                ),
                msg("give all of them the same weight, or none"),
            )
        elif part.best is not None and not 1 <= number <= len(weighed):
            yield Hit(
                here, msg("best: {n} of {count} parts cannot be", n=number, count=len(weighed)), None, str(number)
            )
        elif part.drop_lowest is not None and not 0 <= number < len(weighed):
            yield Hit(
                here, msg("dropping {n} of {count} parts leaves none", n=number, count=len(weighed)), None, str(number)
            )


@rule("required-among-best", Severity.warning)
def required_among_best(file: ImplementationFile) -> Iterator[Hit]:
    """No required part stands where only the best parts count.

    Why: a part that may be dropped but must be passed surprises students; say it if it is meant.

    Fails::

        - {id: work, weight: 100, drop_lowest: 1, parts: [{id: a, required: true}, {id: b}]}

    Passes::

        - {id: work, weight: 100, drop_lowest: 1, parts: [{id: a}, {id: b}]}
    """
    for path, parts, parent in _siblings(file):
        if parent is None or (parent.best is None and not parent.drop_lowest):
            continue
        for index, part in enumerate(parts):
            if part.required:
                yield Hit(
                    (*path, index, "required"),
                    msg("{part} must be passed even where its value is dropped", part=part.id),
                    msg("delete required: if that is not meant"),
                )


# ---- points and gates --------------------------------------------------------------------------------------


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
    for path, part in _parts(file):
        if part.parts:
            continue
        given = [key for key in ("boundaries", "linear") if getattr(part, key) is not None]
        if part.graded != "points":
            for key in [*given, *(["max"] if part.max is not None else [])]:
                yield Hit(
                    (*path, key),
                    msg("{key} has no meaning for graded: {graded}", key=key, graded=part.graded),
                    msg("add graded: points, or delete {key}", key=key),
                    key=True,
                )
        elif part.max is None or part.max <= 0:
            yield Hit(
                (*path, "max" if part.max is not None else "graded"),
                msg("{part} is graded in points and needs max, the largest number of points", part=part.id),
                msg("add max: 40, or what it is"),
            )
        elif _percent(file) and given:
            yield Hit(
                (*path, given[0]),
                msg("under basis: percent a part has no {key} of its own", key=given[0]),
                msg("delete it; the boundaries of the assessment decide"),
                key=True,
            )
        elif not _percent(file) and len(given) != 1:
            yield Hit(
                (*path, given[1] if given else "graded"),
                msg("{part} needs boundaries: or linear:, one of the two", part=part.id),
                msg("write boundaries: with the least points for each grade, or linear: {{1: 50 %, 5: 90 %}}"),
            )


def _rising(amounts: Sequence[Amount], most: Fraction) -> bool:
    values = [a.value * most / 100 if a.percent else a.value for a in amounts]
    return all(a < b for a, b in itertools.pairwise(values)) and values[0] >= 0 and values[-1] <= most


@rule("boundaries", Severity.error)
def boundaries(file: ImplementationFile) -> Iterator[Hit]:
    """Boundaries name the least points for each grade above the lowest, strictly rising, none above the maximum.

    Why: one too few shifts every grade; two that are equal make a grade that nobody can get. The same holds for the
    boundaries of basis percent, which turn the total into the grade, and for the two ends of linear.

    Fails::

        - {id: exam, weight: 100, graded: points, max: 40, boundaries: [20, 24, 24, 32, 36]}

    Passes::

        - {id: exam, weight: 100, graded: points, max: 40, boundaries: [20, 24, 28, 32, 36]}
    """
    assessment = file.assessment
    if assessment is None or (scale := _scale(assessment)) is None:
        return
    wanted = scale.top - scale.lowest
    tables: list[tuple[Path, Sequence[Amount], Fraction]] = []
    if assessment.boundaries is not None and assessment.basis == "percent":
        tables.append(((*ROOT, "boundaries"), assessment.boundaries, Fraction(100)))
    for path, part in _parts(file):
        if part.boundaries is not None and part.max and part.graded == "points":
            tables.append(((*path, "boundaries"), part.boundaries, part.max))
        if part.linear is not None and part.max and part.graded == "points":
            yield from _linear((*path, "linear"), part.linear, part.max, scale)
    for path, amounts, most in tables:
        if len(amounts) != wanted:
            yield Hit(
                path,
                msg(
                    "{n} boundaries, but the scale has {wanted} grades above the lowest", n=len(amounts), wanted=wanted
                ),
                msg("write one boundary for each of: {grades}", grades=", ".join(scale.labels[1:])),
                str(len(amounts)),
                key=True,
            )
        elif not _rising(amounts, most):
            yield Hit(
                path,
                msg("boundaries must rise from one to the next and lie between 0 and {most}", most=most),
                None,
                ", ".join(map(str, amounts)),
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
    limits = _range(file)
    if limits is None:
        return
    low, high = limits
    values: list[tuple[Path, Fraction, Msg | None]] = []
    share = msg("points are written in per cent of max here: 50 %")
    for path, part in _parts(file):
        if part.retake_at_most is not None:
            values.append(((*path, "retake_at_most"), part.retake_at_most, None))
        if part.minimum is None:
            continue
        if part.graded == "pass-fail" and not part.parts:
            yield Hit(
                (*path, "minimum"),
                msg("a pass-fail part has no minimum: it is passed or not"),
                msg("delete minimum"),
                key=True,
            )
        elif not part.minimum.percent:
            values.append(((*path, "minimum"), part.minimum.value, share if part.graded == "points" else None))
        elif part.parts and _percent(file):
            values.append(((*path, "minimum"), part.minimum.value, None))
        elif part.graded != "points" or not 0 <= part.minimum.value <= 100:
            in_points = msg("write minimum: {n}; under basis: percent it is in per cent", n=part.minimum.value)
            yield Hit(
                (*path, "minimum"),
                msg("a minimum in per cent is of the part's max, and {part} has none", part=part.id)
                if part.graded != "points"
                else msg("{amount} is not between 0 and 100 %", amount=str(part.minimum)),
                (in_points if _percent(file) else msg("write the minimum as a value of the scale"))
                if part.graded != "points"
                else msg("write how much of max is needed, such as 50 %"),
            )
    values += [
        ((*path, "not_below"), late.not_below, None) for path, late in _late_rules(file) if late.not_below is not None
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
    if assessment.basis == "percent" and assessment.boundaries is None:
        labels = scale.labels[1:] if (scale := _scale(assessment)) else tuple("12345")
        example = ", ".join(str(50 + 50 * n // len(labels)) for n in range(len(labels)))
        yield Hit(
            (*ROOT, "basis"),
            msg("basis: percent needs boundaries: that turn the total into a grade"),
            msg("add boundaries: [{example}], one for each of: {grades}", example=example, grades=", ".join(labels)),
        )
    elif assessment.basis != "percent" and assessment.boundaries is not None:
        yield Hit(
            (*ROOT, "boundaries"),
            msg("boundaries: at this level belong to basis: percent"),
            msg("add basis: percent, or move the boundaries to a part"),
            key=True,
        )


# ---- late rule ---------------------------------------------------------------------------------------------


@rule("late-without-size", Severity.error)
def late_without_size(file: ImplementationFile) -> Iterator[Hit]:
    """A late rule says what lateness costs: deduct, closes, or both.

    Why: a page that says lateness lowers the grade, without saying by how much, cannot be computed, and a student can
    rightly ask.

    Fails::

        late: {per: day}

    Passes::

        late: {deduct: 0.5, per: day}
    """
    for path, late in _late_rules(file):
        if late.deduct is None and late.closes is None:
            yield Hit(
                path,
                msg("the late rule does not say what lateness costs"),
                msg("add deduct: 0.5 (grade steps per started unit), closes: 7 d, or both"),
                key=True,
            )
        elif late.deduct is None:
            idle = [key for key in ("of", "grace", "at_most", "not_below", "free") if getattr(late, key) is not None]
            for key in idle:
                yield Hit(
                    (*path, key),
                    msg("{key} has no meaning without deduct", key=key),
                    msg("add deduct:, or delete {key}", key=key),
                    key=True,
                )


@rule("percent-without-of", Severity.error)
def percent_without_of(file: ImplementationFile) -> Iterator[Hit]:
    """A deduction in per cent says of what: of the earned value, or of the max.

    Why: 10 % of 3 and 10 % of 5 are different deductions, and courses use both; it is never guessed. Under basis
    percent a deduction always needs % and of.

    Fails::

        late: {deduct: 10 %, per: day}

    Passes::

        late: {deduct: 10 %, of: earned, per: day}
    """
    for path, late in _late_rules(file):
        if late.deduct is None:
            continue
        percents = {amount.percent for amount in late.deduct.amounts}
        if len(percents) > 1:
            yield Hit(
                (*path, "deduct"), msg("some deductions have a % and some have none"), msg("write all of them alike")
            )
        elif True in percents and late.of is None:
            yield Hit(
                (*path, "deduct"),
                msg("a deduction in per cent must say of what"),
                msg("add of: earned (the value that was earned) or of: max (the top of the scale)"),
            )
        elif False in percents and late.of is not None:
            yield Hit(
                (*path, "of"),
                msg("of: has no meaning, because the deduction is not in per cent"),
                msg('write deduct: "10 %", or delete of:'),
                key=True,
            )
        elif False in percents and _percent(file):
            yield Hit(
                (*path, "deduct"),
                msg("under basis: percent a deduction needs % and of:"),
                msg('write deduct: "10 %" and of: max for percentage points, or of: earned'),
            )
        elif late.at_most is not None and late.at_most.percent and True not in percents:
            yield Hit(
                (*path, "at_most"), msg("at_most is in per cent, but the deduction is not"), msg("write it without %")
            )


@rule("late-table", Severity.error)
def late_table(file: ImplementationFile) -> Iterator[Hit]:
    """Deductions are not negative, and a table of them does not fall.

    Why: a later hand-in must never get a higher value.

    Fails::

        late: {deduct: [1, 0.5], per: day}

    Passes::

        late: {deduct: [0.5, 1], per: day}
    """
    for path, late in _late_rules(file):
        values = [amount.value for amount in late.deduct.amounts] if late.deduct else []
        mixed = late.deduct is not None and len({amount.percent for amount in late.deduct.amounts}) > 1
        if late.at_most is not None and late.at_most.value < 0:
            yield Hit((*path, "at_most"), msg("a deduction cannot be negative"), msg("write it without the sign"))
        if any(value < 0 for value in values):
            yield Hit((*path, "deduct"), msg("a deduction cannot be negative"), msg("write it without the sign"))
        elif not mixed and any(a > b for a, b in itertools.pairwise(values)):
            yield Hit(
                (*path, "deduct"),
                msg("the table of deductions falls: a later hand-in would get a higher value"),
                msg("write the deductions in rising order"),
            )


@rule("late-free", Severity.error)
def late_free(file: ImplementationFile) -> Iterator[Hit]:
    """A free budget stands in the late rule of the whole assessment and is a whole number of its units.

    Why: the budget is per student over all parts, and it is spent in whole started units.

    Fails::

        late: {deduct: 0.5, per: day, free: {budget: 36 h}}

    Passes::

        late: {deduct: 0.5, per: day, free: {budget: 2 d}}
    """
    for path, late in _late_rules(file):
        if late.free is None:
            continue
        minutes = late.free.budget.days * 1440 + int(late.free.budget.elapsed.total_seconds()) // 60
        if path != (*ROOT, "late"):
            yield Hit(
                (*path, "free"),
                msg("a free budget counts over all parts and cannot stand in the late rule of one"),
                msg("move it to assessment.late"),
                key=True,
            )
        elif minutes % (60 * hours_of_unit(late.per)):
            yield Hit(
                (*path, "free", "budget"),
                msg("the budget is not a whole number of units (per: {unit})", unit=late.per),
                msg("write it in whole units, such as 2 d"),
                str(late.free.budget),
            )


# ---- activity and peer marks -------------------------------------------------------------------------------


@rule("activity-without-size", Severity.error)
def activity_without_size(file: ImplementationFile) -> Iterator[Hit]:
    """The activity rule says what activity adds: by levels, or by attendance.

    Why: “activity may raise or lower the grade” without a size cannot be computed, and a student can rightly ask.

    Fails::

        activity: {}

    Passes::

        activity: {levels: {active: 0.5, passive: -0.5}}
    """
    activity = file.assessment.activity if file.assessment else None
    if activity is None:
        return
    path = (*ROOT, "activity")
    if activity.levels is not None and activity.attendance is not None:
        yield Hit(path, msg("levels and attendance cannot both stand here"), msg("keep one of the two"), key=True)
    elif not activity.levels and activity.attendance is None:
        yield Hit(
            path,
            msg("the activity rule does not say what activity adds"),
            msg("add levels: {{active: 0.5, passive: -0.5}}, or attendance: with bands"),
            key=True,
        )
    elif activity.levels and (twice := _same_fold(list(activity.levels))):
        yield Hit((*path, "levels", twice), msg("the level {level} stands twice", level=twice), None, key=True)


def _same_fold(names: list[str]) -> str | None:
    seen: set[str] = set()
    for name in names:
        if fold(name) in seen:
            return name
        seen.add(fold(name))
    return None


@rule("attendance-bands", Severity.error)
def attendance_bands(file: ImplementationFile) -> Iterator[Hit]:
    """Bands of attendance fall from the highest share to the lowest, and what they add does not rise.

    Why: who attended more must never get less.

    Fails::

        attendance: {of: 8, bands: [{from: 50 %, adjust: 0}, {from: 90 %, adjust: 0.5}]}

    Passes::

        attendance: {of: 8, bands: [{from: 90 %, adjust: 0.5}, {from: 50 %, adjust: 0}]}
    """
    activity = file.assessment.activity if file.assessment else None
    if activity is None or activity.attendance is None:
        return
    path = (*ROOT, "activity", "attendance")
    if activity.attendance.of < 1:
        yield Hit((*path, "of"), msg("there must be at least one session"), None, str(activity.attendance.of))
        return
    shares = [
        b.from_.value if b.from_.percent else b.from_.value * 100 / activity.attendance.of
        for b in activity.attendance.bands
    ]
    adjusts = [b.adjust for b in activity.attendance.bands]
    if not shares:
        yield Hit((*path, "bands"), msg("there is no band"), msg("add {{from: 90 %, adjust: 0.5}}"), key=True)
    falls: Callable[[Sequence[Fraction]], Iterator[bool]] = lambda s: (a < b for a, b in itertools.pairwise(s))  # noqa: E731
    if any(not 0 <= share <= 100 for share in shares):
        yield Hit(
            (*path, "bands"), msg("a band starts above all sessions, or below none"), msg("write from: 90 %"), key=True
        )
    elif any(falls(shares)) or len(set(shares)) < len(shares):
        yield Hit((*path, "bands"), msg("the bands must fall, from the highest share to the lowest"), None, key=True)
    elif any(falls(adjusts)):
        yield Hit((*path, "bands"), msg("a lower band adds more than a higher one"), None, key=True)
    elif adjusts and adjusts[-1] < 0 and shares[-1] > 0:
        yield Hit(
            (*path, "bands"),
            msg("who attends less than the lowest band loses nothing, who reaches it does"),
            msg("let the lowest band start at 0 %"),
            key=True,
        )


@rule("peer-marks", Severity.error)
def peer_marks(file: ImplementationFile) -> Iterator[Hit]:
    """Peer marks belong to a graded part by group, and their sizes lie between 0 and 100 per cent.

    Why: they share out what a group earned among its members.

    Fails::

        - {id: exam, weight: 100, peer: {method: webpa}}

    Passes::

        - {id: project, weight: 100, by: group, peer: {method: webpa, weight: 50 %}}
    """
    for path, part in _parts(file):
        if part.peer is None:
            continue
        if part.by != "group" or part.graded == "pass-fail":
            yield Hit(
                (*path, "peer"),
                msg("{part} is not a graded part by group", part=part.id),
                msg("add by: group, or delete peer:") if part.by != "group" else msg("grade the part, or delete peer:"),
                key=True,
            )
        for key in ("weight", "penalty"):
            if not 0 <= getattr(part.peer, key) <= 100:
                yield Hit((*path, "peer", key), msg("{key} is not between 0 and 100 %", key=key), None)
        if part.peer.at_most is not None and part.peer.at_most < 0:
            yield Hit((*path, "peer", "at_most"), msg("at_most cannot be negative"), None)
        if part.peer.criteria is not None and (
            not part.peer.criteria
            or any(w < 0 for w in part.peer.criteria.values())
            or not any(part.peer.criteria.values())
        ):
            yield Hit(
                (*path, "peer", "criteria"), msg("criteria need weights that are not negative and not all 0"), key=True
            )


@rule("latest-attempt", Severity.info)
def latest_attempt(file: ImplementationFile) -> Iterator[Hit]:
    """Where the latest attempt counts, a worse retake costs the student.

    Why: a student who tries to raise a grade can lose it; many regulations promise that the best attempt stays. Say it
    in the course page if it is meant.

    Fails::

        - {id: exam, weight: 100, retakes: 2, attempt: latest}

    Passes::

        - {id: exam, weight: 100, retakes: 2, attempt: best}
    """
    for path, part in _parts(file):
        if part.attempt == "latest" and part.retakes:
            yield Hit(
                (*path, "attempt"),
                msg("in {part} a worse retake lowers the grade, because the latest attempt counts", part=part.id),
                msg("write attempt: best if a retake should never cost"),
            )


@rule("silence-pays", Severity.warning)
def silence_pays(file: ImplementationFile) -> Iterator[Hit]:
    """Members of a group who give no peer marks are not left out of the sum.

    Why: where silent members are excluded, as WebPA does, the marks of the others weigh more, and a member gains by
    keeping silent about good colleagues. neutral counts a silent member as equal marks for all others.

    Fails::

        - {id: project, weight: 100, by: group, peer: {silent: excluded}}

    Passes::

        - {id: project, weight: 100, by: group, peer: {silent: neutral}}
    """
    for path, part in _parts(file):
        if part.peer is not None and part.peer.silent == "excluded":
            yield Hit(
                (*path, "peer", "silent"),
                msg("in {part} a member can gain by giving no marks", part=part.id),
                msg("write silent: neutral"),
            )


# ---- criteria ----------------------------------------------------------------------------------------------

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


@rule("columns-target", Severity.error)
def columns_target(file: ImplementationFile) -> Iterator[Hit]:
    """Every column of an export goes to a part, an attempt of it, or a column that score sheets have.

    Why: a column that is sent to a part that does not exist would be dropped without a word.

    Fails::

        assessment:
          parts: [{id: essay, weight: 100}]
        columns:
          "Assignment: Essay (Real)": esay

    Passes::

        assessment:
          parts: [{id: essay, weight: 100}]
        columns:
          "Assignment: Essay (Real)": essay
          "Course total (Real)": unused
    """
    if not file.columns or file.assessment is None:
        return
    leaves = [part for _, part in _parts(file) if not part.parts]
    known = {
        header: field
        for part in leaves
        for name in (part.id, part.name, part.column)
        if name is not None
        for attempt in range(1, len(part.retakes) + 2)
        for header, field in attempt_headers(name, attempt)
    }
    for header, text in file.columns.items():
        target = read_target(text)
        name = fold(target.header)
        if fold(text) in known or fold(text) in RESERVED or fold(text) in UNUSED_WORDS:
            continue
        if name in known and known[name] == "score":
            continue
        yield Hit(
            ("columns", header),
            msg("“{target}” is neither a part nor a column of score sheets", target=text),
            msg("one of: {names}", names=", ".join(part.id for part in leaves)),
            text,
        )
