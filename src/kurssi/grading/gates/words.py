"""The sentences on gates: what must be passed, and what becomes of a part that need not be."""

from __future__ import annotations

from collections.abc import Iterator

from kurssi.diagnostics.message import Terms, msg
from kurssi.grading.result import in_points
from kurssi.grading.wording import PageSentences, Sentence, about, value_of
from kurssi.policy.model import Part, Policy
from kurssi.policy.series import names_of


def whole(policy: Policy) -> Iterator[Sentence]:
    """What must be passed, and what need not be."""
    yield about(policy.path, "gates", _gates(policy), "parts")
    optional = [part for part in policy.all_leaves() if not part.required and part.counts]
    if optional:
        text = msg(
            "Need not be passed: {parts}. One that is not handed in counts as {lowest} in the mean.",
            parts=names_of(optional),
            lowest=value_of(policy, policy.lowest),
        )
        yield about(policy.path, "optional", text, "parts")


def about_part(policy: Policy, part: Part, parent: Part | None = None) -> Iterator[Sentence]:
    """Whether the part must be passed."""
    if part.is_way:
        return
    yield about(part.path, "gate", _gate(policy, part, parent), "required", part=part)
    if part.need is not None:
        text = msg(
            "At least {n} of its parts must be passed. Parts that are excused or recognised lower the number, to no "
            "less than 1.",
            n=part.need,
        )
        yield about(part.path, "choice", text, "need", part=part)


WORDS = PageSentences(whole, about_part)


def _gates(policy: Policy) -> Terms:
    """The gates of the whole: what must be passed, and what happens otherwise."""
    said: list[object] = []
    required = [part for part in policy.parts if part.required]
    if policy.of_ways:
        said.append(msg("In each way its own parts must be passed."))
    elif required:
        said.append(msg("Must be passed: {parts}.", parts=names_of(required)))
    lowest = policy.scale.label(policy.scale.lowest)
    text = msg("A part that must be passed and is not makes the final grade {grade}.", grade=lowest)
    if policy.of_ways:
        said.append(msg("Where no way is passed the final grade is {grade}.", grade=lowest))
        return Terms(said, " ")
    said.append(text if required else msg("No part must be passed by itself."))
    return Terms(said, " ")


def _gate(policy: Policy, part: Part, parent: Part | None) -> Terms:
    if not part.required and part.counts:
        lowest = value_of(policy, policy.lowest)
        return Terms([msg("Need not be passed; not handed in counts as {lowest}.", lowest=lowest)])
    if not part.required:
        return Terms([msg("Need not be passed.")])
    said: list[object] = []
    if not part.valued or (part.parts and not any(child.counts for child in part.parts)):
        said.append(msg("Must be passed."))
    elif part.minimum <= (0 if part.minimum_raw else policy.lowest):
        said.append(msg("Must be handed in."))
    else:
        said.append(msg("Must be passed, with at least {least}.", least=at_least(policy, part)))
    if parent is not None and not parent.is_way:
        said.append(msg("Otherwise {part} is failed.", part=parent.name))
    return Terms(said, " ")


def at_least(policy: Policy, part: Part) -> object:
    """The gate's least value."""
    if not part.valued:
        return msg("passed")
    if part.minimum_raw:
        return in_points(part.minimum)
    return value_of(policy, part.minimum)
