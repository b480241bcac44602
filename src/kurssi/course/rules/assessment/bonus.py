"""Rules for a bonus by steps."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from kurssi.course.model import Bonus, ImplementationFile, Part, WayPart, all_parts, joins_attempts
from kurssi.course.rules.registry import Hit, rule
from kurssi.diagnostics.finding import Path, Severity
from kurssi.diagnostics.message import Msg, Terms, msg
from kurssi.values.numbers import exact

from .walk import by_requirements, is_percent


def _stepped(file: ImplementationFile) -> Iterator[tuple[Path, Part, Bonus]]:
    """Every part with a bonus by steps, with the place of the bonus."""
    for path, part in all_parts(file):
        if part.stepped is not None:
            yield (*path, "bonus"), part, part.stepped


@rule("bonus-steps", Severity.error)
def bonus_steps(file: ImplementationFile) -> Iterator[Hit]:
    """The steps of a bonus rise, what they add does not fall, and the part has a percentage to be measured by.

    Why: of the steps the last one that is reached counts, so a higher one must not add less. A percentage is of the
    points of the part; under basis percent its value is one.

    Fails::

        - {id: tasks, graded: points, max: 40, bonus: {steps: [{from: 60 %, add: 0.5}, {from: 40 %, add: 0.25}]}}

    Passes::

        - {id: tasks, graded: points, max: 40, bonus: {steps: [{from: 40 %, add: 0.25}, {from: 60 %, add: 0.5}]}}
    """
    for path, part, bonus in _stepped(file):
        if not bonus.steps:
            yield Hit(
                (*path, "steps"),
                msg("there is no step"),
                msg("write from where how much is added: [{{from: 40 %, add: 0.25}}, {{from: 60 %, add: 0.5}}]"),
                key=True,
            )
        yield from _of_steps((*path, "steps"), part, bonus)
        if part.weight is not None:
            yield Hit(
                (*path[:-1], "weight"),
                msg("{part} adds by steps, so a weight has no meaning", part=part.id),
                msg("leave weight out, or write bonus: true"),
                key=True,
            )
        wrong = _without_share(file, part)
        if wrong is not None:
            yield Hit((*path, "steps"), *wrong, key=True)


def _of_steps(path: Path, part: Part, bonus: Bonus) -> Iterator[Hit]:
    most = 100 + ((part.over or Fraction(0)) * 100 / part.max if part.max else Fraction(0))
    for index, step in enumerate(bonus.steps):
        if not 0 <= step.from_ <= most:
            yield Hit(
                (*path, index, "from"),
                msg("nobody can have {n} % of {part}", n=step.from_, part=part.id),
                msg("write a share from 0 % to {most} %", most=most),
                f"{exact(step.from_)} %",
            )
    for index, (below, step) in enumerate(pairwise(bonus.steps), 1):
        if step.from_ <= below.from_:
            yield Hit(
                (*path, index, "from"),
                msg("{n} % does not lie above {before} %, where the step before it begins", n=step.from_,
                    before=below.from_),
                msg("write the steps in rising order, each share once"),
                f"{exact(step.from_)} %",
            )  # fmt: skip
        elif step.add < below.add:
            yield Hit(
                (*path, index, "add"),
                msg("from {n} % on {add} is added, less than the {before} of the step before it", n=step.from_,
                    add=step.add, before=below.add),
                msg("a step adds at least as much as the one before it"),
                exact(step.add),
            )  # fmt: skip


def _without_share(file: ImplementationFile, part: Part) -> tuple[Msg, Msg] | None:
    """Why a part has no percentage, and the way out; what is passed or failed is told by another rule."""
    if is_percent(file) or by_requirements(file) or not part.valued:
        return None
    if part.parts:
        return (
            msg("{part} has no points of its own of which a percentage could be taken", part=part.id),
            msg("let a part that is graded: points give the bonus, or write basis: percent"),
        )
    if not part.in_points:
        return (
            msg("{part} is graded: grade, and a grade is no percentage", part=part.id),
            msg("write graded: points and max, or basis: percent"),
        )
    if part.retakes and joins_attempts(part.attempt_rule):
        return (
            msg("of {part} no single attempt counts, so there are no points of which a percentage could be taken",
                part=part.id),
            msg("write attempt: best"),
        )  # fmt: skip
    return None


@rule("bonus-parts", Severity.error)
def bonus_parts(file: ImplementationFile) -> Iterator[Hit]:
    """The parts that a bonus by steps names are there, and none of them hangs on the bonus itself.

    Why: only_if asks for the gates of other parts, and to adds to the value of another part. Where such a gate would be
    open only with the bonus, and the bonus come only through the gate, nobody could say which it is.

    Fails::

        - {id: exam, weight: 100}
        - {id: tasks, graded: points, max: 40,
           bonus: {steps: [{from: 50 %, add: 1}], to: exam, only_if: [exam]}}

    Passes::

        - {id: exam, weight: 100}
        - {id: tasks, graded: points, max: 40,
           bonus: {steps: [{from: 50 %, add: 1}], to: exam, only_if: [exam], after_gate: true}}
    """
    parts = {part.id: part for _, part in all_parts(file)}
    sound = True
    for path, part, bonus in _stepped(file):
        for index, name in enumerate(bonus.only_if):
            if name not in parts:
                sound = False
                yield _no_such_part((*path, "only_if", index), name, parts)
            elif isinstance(parts[name], WayPart):
                sound = False
                yield Hit(
                    (*path, "only_if", index),
                    msg("{part} is a way, and has no gate beside those of its parts", part=name),
                    msg("name the parts of it that must be passed"),
                )
        if bonus.to is None:
            if bonus.after_gate:
                yield Hit(
                    (*path, "after_gate"),
                    msg("after_gate is about the gate of the part to which a bonus is added, and none is named"),
                    msg("write to: with the part, or leave after_gate out"),
                    key=True,
                )
        elif bonus.to not in parts:
            sound = False
            yield _no_such_part((*path, "to"), bonus.to, parts)
        elif (wrong := _no_target(part, parts[bonus.to], bonus)) is not None:
            sound = False
            yield Hit((*path, "to"), *wrong)
    if sound:
        yield from _circles(file, parts)


def _no_such_part(path: Path, name: str, parts: Mapping[str, Part]) -> Hit:
    return Hit(path, msg("there is no part {part}", part=name), msg("one of: {values}", values=Terms(list(parts))))


def _no_target(part: Part, target: Part, bonus: Bonus) -> tuple[Msg, Msg] | None:
    """Why a bonus cannot be added to a part, and the way out."""
    if part is target:
        return msg("{part} adds to its own value", part=part.id), msg("name another part, or leave to out")
    if _within(part, target) or _within(target, part):
        return (
            msg("{part} and {other} are parts of each other", part=part.id, other=target.id),
            msg("leave to out: the bonus is added to the mean of the parts beside it"),
        )
    if isinstance(target, WayPart) or target.bonus or not _worth_something(target):
        return (
            msg("{part} has no value of its own in the mean, to which a bonus could be added", part=target.id),
            msg("name a part with a weight, or leave to out"),
        )
    if target.minimum is not None and target.minimum.percent and not target.parts and not bonus.after_gate:
        return (
            msg("the minimum of {part} is asked of raw points, which a bonus does not move", part=target.id),
            msg("write that minimum without %, or after_gate: true here"),
        )
    return None


def _worth_something(part: Part) -> bool:
    if part.parts:
        return part.need is None and any(_worth_something(child) and not child.bonus for child in part.parts)
    return part.valued


def _within(part: Part, owner: Part) -> bool:
    return part.id == owner.id or any(_within(part, child) for child in owner.parts)


class _Dependencies(NamedTuple):
    """What the parts of a policy hang on: parts by id, and by id of a part those whose bonus is added to it."""

    parts: Mapping[str, Part]
    givers: Mapping[str, Sequence[Part]]

    def hangs_on(self, name: str, wanted: str, seen: frozenset[str] = frozenset(), *, by_gate: bool) -> bool:
        """Whether what the part ``name`` comes to, or its gate alone, hangs on the bonus of the part ``wanted``."""
        if name in seen:
            return False
        seen |= {name}
        for giver in self.givers.get(name, ()):
            stepped = giver.stepped
            if by_gate and stepped is not None and stepped.after_gate:
                continue
            asked = stepped.only_if if stepped is not None else ()
            if giver.id == wanted or any(self.hangs_on(one, wanted, seen, by_gate=True) for one in asked):
                return True
            if self.hangs_on(giver.id, wanted, seen, by_gate=False):
                return True
        return any(self.hangs_on(child.id, wanted, seen, by_gate=False) for child in self.parts[name].parts)


def _circles(file: ImplementationFile, parts: Mapping[str, Part]) -> Iterator[Hit]:
    """Where a gate that a bonus asks for hangs on the bonus itself."""
    bonuses = list(_stepped(file))
    if not any(bonus.only_if for _, _, bonus in bonuses):
        return
    owners = {child.id: part for part in parts.values() for child in part.parts}
    givers: dict[str, list[Part]] = {}
    for _, part, bonus in bonuses:
        to = bonus.to if bonus.to is not None else owners[part.id].id if part.id in owners else None
        if to is not None:
            givers.setdefault(to, []).append(part)
    dependencies = _Dependencies(parts, givers)
    for path, part, bonus in bonuses:
        for index, name in enumerate(bonus.only_if):
            if dependencies.hangs_on(name, part.id, by_gate=True):
                to_it = bonus.to == name
                yield Hit(
                    (*path, "only_if", index),
                    msg("whether {other} is passed hangs on the bonus of {part} itself", other=name, part=part.id),
                    msg("write after_gate: true, or leave {other} out here", other=name)
                    if to_it
                    else msg("leave {other} out here", other=name),
                )
