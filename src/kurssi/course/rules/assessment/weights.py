"""Rules for weights, and for which parts count."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import groupby
from typing import assert_never

from kurssi.course.model import ImplementationFile, Part, all_parts, is_by_points, place_of
from kurssi.course.rules.registry import Hit, rule
from kurssi.diagnostics.finding import Severity
from kurssi.diagnostics.message import Msg, msg
from kurssi.policy.choice import CHOICE_RULES, Choice, choice_of
from kurssi.values.numbers import exact

from .walk import adds_points, by_requirements, is_percent, lists_of_parts


def _weighed(parts: Sequence[Part]) -> list[tuple[int, Part]]:
    return [(i, p) for i, p in enumerate(parts) if p.valued and not p.bonus]


def _only_gates(part: Part) -> bool:
    """Whether a part has parts, all of which are only passed or failed, and does not say how many must be passed."""
    return part.need is None and bool(part.parts) and not any(child.valued for child in part.parts)


def _listed(weights: Sequence[tuple[Part, Fraction]], shares: bool) -> Iterator[str]:
    """Each weight, in per cent or as the share that the file writes; those of a series together: 12 × 1/36."""

    def key(pair: tuple[int, tuple[Part, Fraction]]) -> object:
        index, (part, _) = pair
        return (place_of(part, index), True) if part.repeat is not None else (index, False)

    for _, several in groupby(enumerate(weights), key):
        found = [weight for _, (_, weight) in several]
        shown = _share(found[0]) if shares else exact(found[0])
        yield shown if len(found) == 1 else f"{len(found)} × {shown}"


def _share(weight: Fraction) -> str:
    """A weight with its unit where others are written as shares: 30 %, and 1/3 where per cents do not end."""
    share = exact(weight / 100)
    return share if "/" in share else f"{exact(weight)} %"


@rule("weights-sum", Severity.error)
def weights_sum(file: ImplementationFile) -> Iterator[Hit]:
    """The weights of the parts of one level sum to 100, pass-fail and bonus parts apart.

    Why: what is published must add up, and nothing is normalised silently.

    Fails::

        parts: [{id: essay, weight: 40}, {id: exam, weight: 50}]

    Passes::

        parts: [{id: essay, weight: 50}, {id: exam, weight: 50}]
    """
    if by_requirements(file):
        return
    for path, parts, parent in lists_of_parts(file):
        if adds_points(file, parent):
            continue  # rule by-points says that none has a weight
        weights = [(i, p.weight) for i, p in _weighed(parts) if p.weight is not None]
        total = sum((w for _, w in weights), Fraction(0))
        if weights and len(weights) == len(_weighed(parts)) and total != 100 and all(w >= 0 for _, w in weights):
            shares = any("/" in exact(w) for _, w in weights)  # where one has no end in per cent
            listed = " + ".join(_listed([(parts[i], w) for i, w in weights], shares))
            said: tuple[object, object, object] = (total, 100, 100 - total)
            if shares:
                said = (_share(total), "100 %", _share(100 - total).replace("-", "−"))
            yield Hit(
                (*path, weights[-1][0], "weight"),
                msg("the weights sum to {total}, not {whole}: {listed}", total=said[0], whole=said[1], listed=listed),
                msg("change a weight by {difference}, or add the part that is missing", difference=said[2])
                if total != 1
                else msg("weights are in per cent: write 40, not 0.4"),
                exact(total / 100) if shares else exact(total),
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
    if by_requirements(file):
        return
    for path, parts, parent in lists_of_parts(file):
        if adds_points(file, parent):
            continue
        weighed = _weighed(parts)
        without = [i for i, p in weighed if p.weight is None]
        named = [i for i in without if not _only_gates(parts[i])]
        if named and len(without) < len(weighed):
            yield Hit(
                (*path, named[0], "id"),
                msg("{part} has no weight, but other parts beside it do", part=parts[named[0]].id),
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
    added = {part.id for _, parts, parent in lists_of_parts(file) if adds_points(file, parent) for part in parts}
    for path, part in all_parts(file):
        if not part.valued and part.weight:
            yield Hit(
                (*path, "weight"),
                msg("{part} is pass-fail and cannot have a weight", part=part.id),
                msg("leave the weight out: it only counts how many of its parts are passed")
                if part.need is not None
                else msg("write graded: grade or graded: points if its weight is to count; as a gate it needs none"),
            )
        elif not part.valued and part.bonus:
            yield Hit(
                (*path, "bonus"),
                msg("{part} is pass-fail and cannot give a bonus", part=part.id),
                msg("leave bonus out: it only counts how many of its parts are passed")
                if part.need is not None
                else msg("grade the part"),
            )
        elif part.bonus and not part.stepped and part.weight is None and part.id not in added:
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
        file.assessment is not None and file.assessment.evaluation_scale == "pass-fail" and not is_percent(file)
    )
    for path, parts, parent in lists_of_parts(file):
        if not parts and path[-1] == "parts" and file.assessment and "ways" in file.assessment.model_fields_set:
            continue  # the rule of ways says so
        if not parts:
            yield Hit(
                path, msg("there is no part to assess"), msg("write at least one part with id: and weight:"), key=True
            )
        elif not any(p.weight is None or p.weight > 0 for _, p in _weighed(parts)) and not gates_decide:
            if by_requirements(file):
                continue
            if parent is not None and not parent.valued:
                continue  # what is wrong with it is said elsewhere, and where so many must be passed nothing is
            way = msg("give at least one part a grade or points and a weight")
            if parent is not None and _only_gates(parent):
                way = msg(
                    "write need: {n} at {part}, if so many of its parts must be passed; else give one of them a grade "
                    "or points",
                    n=len(parts),
                    part=parent.id,
                )
            yield Hit(path, msg("no part here has a value and a weight above 0"), way, key=True)


@rule("best-of", Severity.error)
def best_of(file: ImplementationFile) -> Iterator[Hit]:
    """Best and drop_lowest stand at a part with parts of equal weight, one of the two, and leave at least one.

    Why: with unequal weights dropping the lowest can lower a total when a score rises.

    Fails::

        - {id: work, weight: 100, best: 1, parts: [{id: a, weight: 70}, {id: b, weight: 30}]}

    Passes::

        - {id: work, weight: 100, best: 1, parts: [{id: a}, {id: b}]}
    """
    for path, part in all_parts(file):
        choice = choice_of(vars(part))
        if choice is None or part.ways:
            continue  # the rule of ways says so
        key = choice.rule
        here = (*path, key)
        weighed = [p for _, p in _weighed(part.parts)]
        both = [rule for rule in CHOICE_RULES if getattr(part, rule) is not None]
        if len(both) > 1:
            message = msg("{one} and {other} cannot both stand here", one=both[0], other=both[1])
            yield Hit(here, message, msg("say it with one of the two"))
        elif not part.parts:
            yield Hit(here, msg("{part} has no parts to choose among", part=part.id), msg("write its parts below it"))
        elif is_by_points(part.weigh) and len({p.max for p in weighed}) > 1:
            yield Hit(
                here,
                msg(
                    "the parts of {part} have a different max, so {key} could lower a total when a score rises",
                    part=part.id,
                    key=key,
                ),
                msg("give all of them the same max"),
            )
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
        elif (wrong := _leaves_none(choice, len(weighed))) is not None:
            yield Hit(here, wrong, None, str(choice.number))


def _leaves_none(choice: Choice, count: int) -> Msg | None:
    """What is wrong with a choice among so many parts; None where it leaves one at least."""
    n = choice.number
    match choice.rule:
        case "best":
            return None if 1 <= n <= count else msg("best: {n} of {count} parts cannot be", n=n, count=count)
        case "drop_lowest":
            return None if 0 <= n < count else msg("dropping {n} of {count} parts leaves none", n=n, count=count)
        case _ as unknown:
            assert_never(unknown)


@rule("required-among-best", Severity.warning)
def required_among_best(file: ImplementationFile) -> Iterator[Hit]:
    """No required part stands where only the best parts count.

    Why: a part that may be dropped but must be passed surprises students; say it if it is meant.

    Fails::

        - {id: work, weight: 100, drop_lowest: 1, parts: [{id: a, required: true}, {id: b}]}

    Passes::

        - {id: work, weight: 100, drop_lowest: 1, parts: [{id: a}, {id: b}]}
    """
    for path, parts, parent in lists_of_parts(file):
        if parent is None or (parent.best is None and not parent.drop_lowest):
            continue
        for index, part in enumerate(parts):
            if part.required:
                yield Hit(
                    (*path, index, "required"),
                    msg("{part} must be passed even where its value is dropped", part=part.id),
                    msg("write required: false if that is not meant"),
                )


@rule("need", Severity.error)
def need(file: ImplementationFile) -> Iterator[Hit]:
    """A part that needs so many of its parts has that many, all of them pass-fail, and none is required by itself.

    Why: need counts what is passed. What has a value is weighed, and what is required must be passed whatever else is.

    Fails::

        - {id: labs, need: 3, parts: [{id: a, graded: pass-fail}, {id: b, graded: pass-fail}]}
        - {id: exam, weight: 100}

    Passes::

        - {id: labs, need: 1, parts: [{id: a, graded: pass-fail}, {id: b, graded: pass-fail}]}
        - {id: exam, weight: 100}
    """
    for path, part in all_parts(file):
        if part.need is None or part.ways:
            continue
        here = (*path, "need")
        if not part.parts:
            way = msg("write its parts under it, or leave need out")
            yield Hit(here, msg("{part} has no parts of which so many could be passed", part=part.id), way)
            continue
        if not 1 <= part.need <= len(part.parts):
            message = msg(
                "{part} has {n} parts, and {need} cannot be needed", part=part.id, n=len(part.parts), need=part.need
            )
            yield Hit(here, message, msg("write a number from 1 to {most}", most=len(part.parts)))
        for key in (*CHOICE_RULES, "minimum"):
            if getattr(part, key) is not None:
                message = msg(
                    "{part} counts how many of its parts are passed, and {key} is of a value", part=part.id, key=key
                )
                yield Hit((*path, key), message, msg("leave {key} out", key=key), key=True)
        for index, child in enumerate(part.parts):
            if _has_value(child):
                yield Hit(
                    (*path, "parts", index),
                    msg("{part} has a value, and {parent} only counts what is passed", part=child.id, parent=part.id),
                    msg("write graded: pass-fail, or put it outside"),
                )
            elif child.required:
                yield Hit(
                    (*path, "parts", index, "required"),
                    msg(
                        "{part} must be passed by itself, and {parent} takes any {n}",
                        part=child.id,
                        parent=part.id,
                        n=part.need,
                    ),
                    msg("leave required out, or put the part outside"),
                    key=True,
                )


def _has_value(part: Part) -> bool:
    """Whether a part, or a part of it, is worth something."""
    if part.parts and part.need is None:
        return any(map(_has_value, part.parts))
    return part.valued or bool(part.bonus)
