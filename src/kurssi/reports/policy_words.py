"""The assessment in sentences, made from the policy that the grades are computed with.

What a page publishes, what a workbook shows, and what is computed therefore cannot drift apart: every key of the
contract's section 5 that changes a grade has its sentence here, and a key that is left out has the sentence of its
default. :func:`whole` is about the grade as a whole, :func:`about_part` about one part, :func:`sentences` is both.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from kurssi.diagnostics.finding import Path
from kurssi.diagnostics.message import Msg, Terms, msg, nmsg
from kurssi.policy.model import Activity, Late, Part, Peer, Policy
from kurssi.policy.scales import Scale
from kurssi.values.times import describe


class Sentence(NamedTuple):
    """What one rule of the assessment says."""

    key: str
    """What it is about, the same in every language and version: ``rounding``, ``late``, ``weight``."""
    topic: Msg
    """What it is about, in words."""
    text: Msg | Terms
    """One or more whole sentences."""
    path: Path
    """The place of its rule in the implementation file."""
    part: str | None = None
    """The id of the part it is about; ``None`` where it is about the whole."""


LEVELS: dict[str, Msg] = {
    "fail": msg("fail"),
    "satisfactory": msg("satisfactory"),
    "good": msg("good"),
    "excellent": msg("excellent"),
}
ROUNDING: dict[str, Msg] = {
    "half-up": msg("The total is rounded to a whole grade, halves up."),
    "down": msg("The total is rounded down to a whole grade."),
    "up": msg("The total is rounded up to a whole grade."),
    "half-even": msg("The total is rounded to a whole grade, halves to the even grade."),
}
TOPICS: dict[str, Msg] = {
    "scale": msg("scale"),
    "total": msg("total"),
    "rounding": msg("rounding"),
    "gates": msg("gates"),
    "optional": msg("not required"),
    "excused": msg("excused"),
    "lower-limit": msg("lower limit"),
    "late": msg("lateness"),
    "free": msg("free late time"),
    "activity": msg("activity"),
    "times": msg("times"),
    "graded": msg("assessed as"),
    "weight": msg("weight"),
    "gate": msg("gate"),
    "due": msg("deadline"),
    "attempts": msg("attempts"),
    "choice": msg("choice"),
    "peer": msg("peer marks"),
}


def sentences(policy: Policy) -> Iterator[Sentence]:
    """All of it: the whole, then every part at every depth, parents before their children."""
    yield from whole(policy)
    for part, parent, _ in in_order(policy):
        yield from about_part(policy, part, parent)


def in_order(policy: Policy, parent: Part | None = None, depth: int = 0) -> Iterator[tuple[Part, Part | None, int]]:
    """Every part with the part it belongs to and its depth, parents before their children."""
    for part in parent.parts if parent else policy.parts:
        yield part, parent, depth
        yield from in_order(policy, part, depth + 1)


def _about(policy_or_part: Path, key: str, text: Msg | Terms, *more: str, part: Part | None = None) -> Sentence:
    return Sentence(key, TOPICS[key], text, (*policy_or_part, *more), part.id if part else None)


# ---- the whole ---------------------------------------------------------------------------------------------


def whole(policy: Policy) -> Iterator[Sentence]:
    """How the final grade comes about: scale, total, gates, lateness, activity."""
    scale, path = policy.scale, policy.path
    yield _about(path, "scale", _scale(scale), "evaluation_scale")
    counting = [part for part in policy.parts if part.counts]
    if policy.percent:
        steps = [
            msg("{grade} from {bound} %", grade=scale.label(grade), bound=bound)
            for grade, bound in zip(scale.grades[1:], policy.boundaries, strict=False)
        ]
        text = msg("The total is the weighted mean of the parts in per cent. Grades: {steps}.", steps=Terms(steps))
        yield _about(path, "total", Terms([text, *_weights(policy.parts)], " "), "boundaries")
    elif counting:
        mean = msg("The total is the weighted mean of the parts, with every decimal kept.")
        yield _about(path, "total", Terms([mean, *_weights(policy.parts)], " "), "parts")
        yield _about(path, "rounding", ROUNDING[policy.rounding], "rounding")
    else:
        yield _about(path, "total", msg("Who passes every part passes."), "parts")
    yield _about(path, "gates", _gates(policy), "parts")
    optional = [part.name for part in policy.leaves() if not part.required and part.counts]
    if optional:
        text = msg(
            "Need not be passed: {parts}. One that is not handed in counts as {lowest} in the mean.",
            parts=Terms(optional),
            lowest=value_of(policy, policy.lowest),
        )
        yield _about(path, "optional", text, "parts")
    if counting:
        text = msg(
            "A part that is excused or recognised as prior learning leaves the mean, and its weight is shared out over "
            "the others."
        )
        yield _about(path, "excused", text, "parts")
    low = scale.label(scale.pass_grade)
    may_fail = msg("The total may fail a student who passed every gate.")
    text = may_fail if policy.may_fail else msg("Who passes every gate gets at least {grade}.", grade=low)
    if counting:
        yield _about(path, "lower-limit", text, "may_fail")
    yield from lateness(policy)
    if policy.free is not None:
        budget = describe(policy.free.budget)
        yield _about(
            policy.free.path,
            "free",
            msg("{budget} of late time are forgiven per student, spent where it helps the student most.", budget=budget)
            if policy.free.helps
            else msg("{budget} of late time are forgiven per student, spent in order of the deadlines.", budget=budget),
        )
    if policy.activity is not None:
        yield _about(policy.activity.path, "activity", _activity(policy, policy.activity))
    zone = msg("Times without an offset are in the zone {zone}.", zone=policy.timezone)
    yield _about(path, "times", zone, "timezone")


def _scale(scale: Scale) -> Msg:
    return msg(
        "Grades are {grades}; {grade} and above pass.", grades=Terms(scale.labels), grade=scale.label(scale.pass_grade)
    )


def _weights(siblings: Sequence[Part]) -> Iterator[Msg]:
    """The weights of siblings in one sentence, where there are several, and what their bonus parts add."""
    parts = [part for part in siblings if part.counts]
    if len(parts) > 1 and all(part.weight is None for part in parts):
        yield msg("All count equally: {parts}.", parts=Terms([part.name for part in parts]))
    elif len(parts) > 1:
        weights = [msg("{part} {n} %", part=part.name, n=part.weight or Fraction(0)) for part in parts]
        yield msg("Weights: {weights}.", weights=Terms(weights))
    for part in siblings:
        if part.bonus:
            yield msg("On top comes a bonus: {n} % of {part}.", n=part.weight or Fraction(0), part=part.name)


def _gates(policy: Policy) -> Terms:
    """The gates of the whole: what must be passed, and what happens otherwise."""
    said: list[object] = []
    required = [part.name for part in policy.parts if part.required]
    if required:
        said.append(msg("Must be passed: {parts}.", parts=Terms(required)))
    text = msg(
        "A part that must be passed and is not makes the final grade {grade}.",
        grade=policy.scale.label(policy.scale.lowest),
    )
    said.append(text if required else msg("No part must be passed by itself."))
    return Terms(said, " ")


def _activity(policy: Policy, activity: Activity) -> Msg:
    if activity.levels is not None:
        adjusts = [msg("{level} {adjust}", level=k, adjust=signed(v)) for k, v in activity.levels.items()]
        how = msg("Activity adds to the mean: {levels}.", levels=Terms(adjusts))
    else:
        bands = [msg("from {share} % {adjust}", share=b.share * 100, adjust=signed(b.adjust)) for b in activity.bands]
        how = msg(
            "Attendance adds to the mean, by the share of {n} sessions: {bands}.",
            n=activity.sessions,
            bands=Terms(bands),
        )
    limits = msg(
        "It neither lifts the mean above {top} nor, by itself, takes it below {low}.",
        top=value_of(policy, policy.top),
        low=value_of(policy, policy.pass_value),
    )
    return msg("{first} {second}", first=how, second=limits)


# ---- lateness ----------------------------------------------------------------------------------------------


def lateness(policy: Policy) -> Iterator[Sentence]:
    """What lateness costs: a sentence per rule, with the parts it is for; and the parts that have none."""
    rules: dict[tuple[object, ...], tuple[Late, list[str]]] = {}
    spared = []
    for part in policy.leaves():
        late = part.late
        if late is not None and (late.deduct or late.closes is not None):
            key = (late.path, late.deduct, late.not_below if late.deduct else None)
            rules.setdefault(key, (late, []))[1].append(part.name)
        else:
            spared.append(part.name)
    if not rules:
        yield _about(policy.path, "late", msg("Nothing is deducted for lateness."), "late")
        return
    for late, names in rules.values():
        text = Terms([msg("{parts}:", parts=Terms(names)), *late_rule(policy, late)], " ")
        yield _about(late.path, "late", text)
    if spared:
        text = Terms([msg("{parts}:", parts=Terms(spared)), msg("nothing is deducted for lateness.")], " ")
        yield _about(policy.path, "late", text, "late")


def late_rule(policy: Policy, late: Late) -> Iterator[Msg]:
    """One late rule in sentences."""
    amounts = [_size(late, policy, amount, late.percent) for amount in late.deduct]
    costs = Terms(amounts)
    if late.deduct and late.table:
        text = {
            "hour": msg("1, 2, … started hours late cost {amounts}, and no more after that.", amounts=costs),
            "day": msg("1, 2, … started days late cost {amounts}, and no more after that.", amounts=costs),
            "week": msg("1, 2, … started weeks late cost {amounts}, and no more after that.", amounts=costs),
        }
        yield text[late.per]
    elif late.deduct:
        text = {
            "hour": msg("every started hour of lateness costs {amount}.", amount=amounts[0]),
            "day": msg("every started day of lateness costs {amount}.", amount=amounts[0]),
            "week": msg("every started week of lateness costs {amount}.", amount=amounts[0]),
        }
        yield text[late.per]
    if late.deduct and late.at_most is not None:
        yield msg("The deduction is at most {amount}.", amount=_size(late, policy, late.at_most, late.at_most_percent))
    if late.deduct:
        yield msg("Lateness alone takes no value below {value}.", value=value_of(policy, late.not_below))
    if late.grace is not None:
        yield msg("Up to {time} late is on time.", time=describe(late.grace))
        if late.deduct:
            yield msg("Later than that, lateness counts from the deadline.")
    if late.closes is not None:
        yield msg("More than {time} late counts as not submitted.", time=describe(late.closes))


def _size(late: Late, policy: Policy, amount: Fraction, percent: bool) -> Msg:
    if percent and late.of == "earned":
        return msg("{n} % of the value", n=amount)
    if percent:
        return msg("{n} % of {top}", n=amount, top=value_of(policy, policy.top))
    return msg("{n} points of 100", n=amount) if policy.percent else msg("{n} grade steps", n=amount)


# ---- the parts ---------------------------------------------------------------------------------------------


def about_part(policy: Policy, part: Part, parent: Part | None = None) -> Iterator[Sentence]:
    """One part: how it is assessed, what it weighs, whether it must be passed, its attempts and deadlines.

    ``parent`` is the part it belongs to; ``None`` at the top level.
    """
    path = part.path
    how = msg("Assessed as: {how}.", how=assessed_as(policy, part))
    said: list[object] = [how]
    if not part.parts:
        said.append(msg("The group gets one score.") if part.by_group else msg("Every student gets a score."))
    yield _about(path, "graded", Terms(said, " "), "graded", part=part)
    if part.parts:
        chosen: list[object] = list(_weights(part.parts))
        if part.best is not None:
            chosen.append(nmsg("Only the best {n} counts.", "Only the best {n} count.", n=part.best))
        elif part.drop_lowest is not None:
            chosen.append(nmsg("The lowest {n} is dropped.", "The lowest {n} are dropped.", n=part.drop_lowest))
        if chosen:
            yield _about(path, "choice", Terms(chosen, " "), "parts", part=part)
    weight = _weight(part, parent.parts if parent else policy.parts)
    if weight is not None:
        yield _about(path, "weight", weight, "weight", part=part)
    yield _about(path, "gate", _gate(policy, part, parent), "required", part=part)
    if part.parts:
        return
    if part.dues[0] is not None:
        yield _about(path, "due", msg("Due {due}.", due=part.dues[0]), "due", part=part)
    if part.late_from_export and part.late is not None:
        text = msg("Lateness is taken from the export, in elapsed time.")
        yield _about(path, "late", text, "late_from", part=part)
    yield _about(path, "attempts", _attempts(policy, part), "retakes", part=part)
    if part.peer is not None:
        yield _about(part.peer.path, "peer", peer_rule(policy, part, part.peer), part=part)


def _weight(part: Part, siblings: Sequence[Part]) -> Msg | None:
    if part.bonus:
        return msg("A bonus: {n} % of the value comes on top of the mean.", n=part.weight or Fraction(0))
    if not part.counts:
        return msg("No weight: it is passed or failed.")
    if part.weight is not None:
        return msg("Weight {n} %.", n=part.weight)
    others = sum(sibling.counts for sibling in siblings)
    return msg("Counts as much as each of the others.") if others > 1 else None


def _gate(policy: Policy, part: Part, parent: Part | None) -> Terms:
    if not part.required and part.counts:
        lowest = value_of(policy, policy.lowest)
        return Terms([msg("Need not be passed; not handed in counts as {lowest}.", lowest=lowest)])
    if not part.required:
        return Terms([msg("Need not be passed.")])
    said: list[object] = []
    if part.graded == "pass-fail" or (part.parts and not part.counts):
        said.append(msg("Must be passed."))
    elif part.minimum <= (0 if part.minimum_raw else policy.lowest):
        said.append(msg("Must be handed in."))
    else:
        said.append(msg("Must be passed, with at least {least}.", least=at_least(policy, part)))
    if parent is not None:
        said.append(msg("Otherwise {part} is failed.", part=parent.name))
    return Terms(said, " ")


def _attempts(policy: Policy, part: Part) -> Terms:
    retakes = len(part.dues) - 1
    if not retakes:
        return Terms([msg("One attempt.")])
    said: list[object] = [nmsg("{n} retake.", "{n} retakes.", n=retakes)]
    said.append(msg("The latest attempt counts.") if part.latest else msg("The best attempt counts."))
    if part.retake_at_most is not None:
        said.append(msg("A retake counts at most {n}.", n=value_of(policy, part.retake_at_most)))
    dated = [due for due in part.dues[1:] if due is not None]
    if dated:
        said.append(msg("Retakes: {dates}.", dates=Terms(dated)))
    if len(dated) < retakes and part.late is not None:
        said.append(msg("A retake without a date is never late."))
    return Terms(said, " ")


def peer_rule(policy: Policy, part: Part, peer: Peer) -> Terms:
    """The rule for peer marks, in sentences."""
    said: list[object] = [
        msg(
            "{part}: peer marks move a member's value; {weight} % of it are multiplied by the member's factor.",
            part=part.name,
            weight=peer.weight * 100,
        ),
        msg("The factor is the member's share of the marks; equal marks from everyone give everyone 1."),
        msg("Own marks count.") if peer.own else msg("Own marks do not count."),
        msg("Who gives no marks is left out.")
        if peer.excluded
        else msg("No marks count as equal marks for all others."),
    ]
    if peer.criteria:
        criteria = [msg("{name} {n}", name=name, n=weight) for name, weight in peer.criteria.items()]
        said.append(msg("Weights of the criteria: {criteria}.", criteria=Terms(criteria)))
    if peer.penalty:
        said.append(msg("Who gives no marks loses {n} % of the value.", n=peer.penalty * 100))
    if peer.at_most is not None:
        said.append(msg("The value stays within {n} of the group's.", n=value_of(policy, peer.at_most)))
    if not peer.may_fail and not policy.percent:
        said.append(msg("Peer marks take no passing value below the pass grade."))
    elif peer.may_fail:
        said.append(msg("Peer marks may take a passing value below the pass grade."))
    return Terms(said, " ")


# ---- short forms, for tables -------------------------------------------------------------------------------


def value_of(policy: Policy, value: Fraction) -> object:
    """A value as the policy counts it: on the scale (a grade of an own scale by its label), or in per cent."""
    if policy.percent:
        return msg("{n} %", n=value)
    if policy.scale.own and value.denominator == 1 and value in policy.scale.grades:
        return policy.scale.label(int(value))
    return value


def signed(value: Fraction) -> object:
    """A number with its sign, also where it is positive."""
    return msg("+{n}", n=value) if value > 0 else value


def assessed_as(policy: Policy, part: Part) -> Msg:
    """What the cells of a part hold, and how that becomes a value."""
    if part.parts:
        return msg("mean of its parts") if any(child.counts for child in part.parts) else msg("passed with its parts")
    if part.graded == "pass-fail":
        return msg("passed or failed")
    if part.graded == "grade":
        scale = policy.scale
        low, top = (scale.labels[0], scale.labels[-1]) if scale.own else (scale.lowest, scale.top)
        return msg("grade {low}–{top}", low=low, top=top)
    words: Mapping[str, object] = {"max": part.max}
    if part.boundaries is not None:
        grades = [
            msg("{grade} from {points}", grade=policy.scale.label(grade), points=points)
            for grade, points in zip(policy.scale.grades[1:], part.boundaries, strict=False)
        ]
        return msg("points of {max}: {grades}", grades=Terms(grades), **words)
    if part.linear is not None:
        (low_points, bottom), (high_points, high) = part.linear
        return msg(
            "points of {max}: a straight line from {low_points} = {low} to {high_points} = {high}",
            low_points=low_points,
            low=bottom,
            high_points=high_points,
            high=high,
            **words,
        )
    return msg("points of {max}", **words)


def at_least(policy: Policy, part: Part) -> object:
    """The gate's least value."""
    if part.graded == "pass-fail":
        return msg("passed")
    if part.minimum_raw:
        return msg("{n} points", n=part.minimum)
    return value_of(policy, part.minimum)


def attempts(part: Part) -> Terms:
    """How many attempts there are and which counts, in short."""
    number = len(part.dues)
    if number == 1:
        return Terms([msg("one")])
    said: list[object] = [nmsg("{n} attempt", "{n} attempts", n=number)]
    said.append(msg("the latest counts") if part.latest else msg("the best counts"))
    if part.retake_at_most is not None:
        said.append(msg("a retake counts at most {n}", n=part.retake_at_most))
    return Terms(said)


def choice(part: Part) -> object:
    """Which of its parts count, in short; empty where all do."""
    if part.best is not None:
        return msg("the best {n} count", n=part.best)
    if part.drop_lowest is not None:
        return msg("the lowest {n} are dropped", n=part.drop_lowest)
    return ""
