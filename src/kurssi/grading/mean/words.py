"""The sentences on the mean: weights, bonus parts, and which of its parts a part counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import assert_never

from kurssi.diagnostics.message import Msg, PerCent, Terms, msg, nmsg
from kurssi.grading.wording import PageSentences, Sentence, about, value_of
from kurssi.policy.model import Choice, ChoiceRule, Part, Policy
from kurssi.policy.series import names_of, together


def whole(policy: Policy) -> Iterator[Sentence]:
    """How the total comes about, and what an excused part does to it."""
    scale, path = policy.scale, policy.path
    counting = any(part.counts for part in policy.parts)
    if policy.percent:
        steps = [
            msg("{grade} over {bound} %", grade=scale.label(grade), bound=bound.value)
            if bound.strict
            else msg("{grade} from {bound} %", grade=scale.label(grade), bound=bound.value)
            for grade, bound in zip(scale.grades[1:], policy.boundaries, strict=False)
        ]
        if policy.by_points:
            text = msg("The total is all points together, in per cent. Grades: {steps}.", steps=Terms(steps))
        else:
            text = msg("The total is the weighted mean of the parts in per cent. Grades: {steps}.", steps=Terms(steps))
        yield about(path, "total", Terms([text, *_weights(policy, policy)], " "), "boundaries")
    elif counting:
        mean = msg("The total is the weighted mean of the parts, with every decimal kept.")
        yield about(path, "total", Terms([mean, *_weights(policy, policy)], " "), "parts")
    elif not policy.by_requirements:
        yield about(path, "total", msg("Who passes every part passes."), "parts")
    if counting:
        text = msg(
            "A part that is excused or recognised as prior learning leaves the mean, and its weight is shared out over "
            "the others."
        )
        if policy.by_points:
            text = msg("A part that is excused or recognised as prior learning leaves both sums of points.")
        yield about(path, "excused", text, "parts")


def about_part(policy: Policy, part: Part, parent: Part | None = None) -> Iterator[Sentence]:
    """Which of its parts a part counts, and its own weight."""
    if part.parts:
        chosen: list[object] = list(_weights(policy, part))
        if part.choice is not None:
            chosen.append(_chosen(part.choice))
        if chosen:
            yield about(part.path, "choice", Terms(chosen, " "), "parts", part=part)
    weight = _weight(part, parent or policy)
    if weight is not None:
        yield about(part.path, "weight", weight, "weight", part=part)


WORDS = PageSentences(whole, about_part)


def _ways(owner: Part | Policy) -> Iterator[Msg]:
    """Of several ways which one counts."""
    ways = owner.parts
    yield nmsg("There is {n} way: {ways}.", "There are {n} ways: {ways}.", n=len(ways), ways=names_of(ways))
    yield msg(
        "All are computed and one counts: rather one in which every part that must be passed is passed, and among "
        "those the one that is worth more."
    )


def _weights(policy: Policy, owner: Part | Policy) -> Iterator[Msg]:
    """The weights of siblings in one sentence, where there are several, what their bonus parts add, and the cap."""
    parts = [part for part in owner.parts if part.counts]
    if owner.of_ways:
        yield from _ways(owner)
    elif owner.by_points:
        points = sum((part.max or Fraction(0) for part in parts), Fraction(0))
        yield msg(
            "Points are added up, of {points}: {parts}.", points=points, parts=Terms(list(_points_in_words(parts)))
        )
    elif len(parts) > 1 and all(part.weight is None for part in parts):
        yield msg("All count equally: {parts}.", parts=names_of(parts))
    elif len(parts) > 1:
        yield msg("Weights: {weights}.", weights=Terms(list(_weights_in_words(parts))))
    for part in owner.parts:
        if part.stepped is not None:
            pass  # said of the part
        elif part.bonus and owner.by_points:
            yield nmsg(
                "On top comes up to {n} bonus point of {part}.",
                "On top come up to {n} bonus points of {part}.",
                n=part.most or 0,
                part=part.name,
            )
        elif part.bonus:
            yield msg("On top comes a bonus: {weight} of {part}.", weight=_per_cent(part), part=part.name)
    if owner.cap is not None:
        yield msg("Together they count at most as {cap}.", cap=value_of(policy, owner.cap))


def _points_in_words(parts: Sequence[Part]) -> Iterator[Msg]:
    for name, several in together(parts, lambda part: part, lambda part: part.max):
        points = several[0].max or Fraction(0)
        if len(several) == 1:
            yield msg("{part} {points}", part=name, points=points)
        else:
            yield msg("{parts} {points} each", parts=name, points=points)


def _weights_in_words(parts: Sequence[Part]) -> Iterator[Msg]:
    for name, several in together(parts, lambda part: part, lambda part: part.weight):
        weight = _per_cent(several[0])
        if len(several) == 1:
            yield msg("{part} {weight}", part=name, weight=weight)
        else:
            yield msg("{parts} {weight} each", parts=name, weight=weight)


def _per_cent(part: Part) -> PerCent:
    return PerCent(part.weight or Fraction(0))


def _weight(part: Part, owner: Part | Policy) -> Msg | None:
    if part.is_way or part.stepped is not None:
        return None
    if part.bonus and owner.by_points:
        return msg("A bonus: its points are added to those of the others.")
    if part.bonus:
        return msg("A bonus: {weight} of the value comes on top of the mean.", weight=_per_cent(part))
    if not part.weighed:
        return None
    if not part.counts:
        return msg("No weight: it is passed or failed.")
    if owner.by_points:
        return msg("Its points are added to those of the others.")
    if part.weight is not None:
        return msg("Weight {weight}.", weight=PerCent(part.weight))
    others = sum(sibling.counts for sibling in owner.parts)
    return msg("Counts as much as each of the others.") if others > 1 else None


def _chosen(choice: Choice) -> Msg:
    match choice.rule:
        case "best":
            return nmsg("Only the best {n} counts.", "Only the best {n} count.", n=choice.number)
        case "drop_lowest":
            return nmsg("The lowest {n} is dropped.", "The lowest {n} are dropped.", n=choice.number)
        case _ as unknown:
            assert_never(unknown)


def choice_in_short(part: Part) -> object:
    """Which of its parts count, for a table; empty where all do."""
    if part.choice is None:
        return ""
    match part.choice.rule:
        case "best":
            return msg("the best {n} count", n=part.choice.number)
        case "drop_lowest":
            return msg("the lowest {n} are dropped", n=part.choice.number)
        case _ as unknown:
            assert_never(unknown)


def choice_rule(rule: ChoiceRule) -> Msg:
    """What the number of a choice is, for a table of the sizes."""
    match rule:
        case "best":
            return msg("so many of the best count")
        case "drop_lowest":
            return msg("so many of the lowest are dropped")
        case _ as unknown:
            assert_never(unknown)
