"""What the sentences of all constructs share: their form and order, and how a value is written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Literal, NamedTuple, assert_never, get_args

from kurssi.diagnostics.finding import Path
from kurssi.diagnostics.message import Msg, Percentage, Terms, msg
from kurssi.policy.model import Part, Policy

Topic = Literal[
    "scale",
    "total",
    "rounding",
    "gates",
    "optional",
    "excused",
    "lower-limit",
    "demands",
    "graded",
    "markers",
    "rubric",
    "choice",
    "weight",
    "gate",
    "due",
    "late",
    "free",
    "attempts",
    "peer",
    "activity",
    "times",
]
"""What a sentence is about, the same in every language and version; in the order in which a page says it."""

ORDER: tuple[Topic, ...] = get_args(Topic)


class Sentence(NamedTuple):
    """What one rule of the assessment says."""

    key: Topic
    topic: Msg
    """What it is about, in words."""
    text: Msg | Terms
    """One or more whole sentences."""
    path: Path
    """The place of its rule in the implementation file."""
    part: str | None = None
    """The id of the part it is about; ``None`` where it is about the whole."""


class PageSentences(NamedTuple):
    """The sentences that a construct has on a course page."""

    whole: Callable[[Policy], Iterator[Sentence]]
    """About the grade as a whole."""
    part: Callable[[Policy, Part, Part | None], Iterator[Sentence]]
    """About one part, and the part it belongs to."""


def nothing(policy: Policy, part: Part | None = None, parent: Part | None = None) -> Iterator[Sentence]:  # noqa: ARG001
    """Of a construct that has nothing to say there."""
    yield from ()


def about(policy_or_part: Path, key: Topic, text: Msg | Terms, *more: str, part: Part | None = None) -> Sentence:
    """A sentence on the rule at this place of the file and the keys below it."""
    return Sentence(key, topic(key), text, (*policy_or_part, *more), part.id if part else None)


def topic(key: Topic) -> Msg:
    """What a sentence is about, in words."""
    match key:
        case "scale":
            return msg("scale")
        case "total":
            return msg("total")
        case "rounding":
            return msg("rounding")
        case "gates":
            return msg("gates")
        case "optional":
            return msg("not required")
        case "excused":
            return msg("excused")
        case "lower-limit":
            return msg("lower limit")
        case "demands":
            return msg("requirements of grades")
        case "graded":
            return msg("assessed as")
        case "markers":
            return msg("markers")
        case "rubric":
            return msg("criteria")
        case "choice":
            return msg("choice")
        case "weight":
            return msg("weight")
        case "gate":
            return msg("gate")
        case "due":
            return msg("deadline")
        case "late":
            return msg("lateness")
        case "free":
            return msg("free late time")
        case "attempts":
            return msg("attempts")
        case "peer":
            return msg("peer marks")
        case "activity":
            return msg("activity")
        case "times":
            return msg("times")
        case _ as unknown:
            assert_never(unknown)


def value_of(policy: Policy, value: Fraction) -> object:
    """A value as the policy counts it: on the scale (a grade of an own scale by its label), or in per cent."""
    if policy.percent:
        return Percentage(value)
    return policy.scale.own_label(value) or value
