"""The sentences on attempts: how many there are, and which one counts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from kurssi.diagnostics.message import Msg, Terms, msg, nmsg
from kurssi.grading.wording import PageSentences, Sentence, about, nothing, value_of
from kurssi.policy.model import Part, Policy


def about_part(policy: Policy, part: Part, parent: Part | None = None) -> Iterator[Sentence]:  # noqa: ARG001
    """The attempts at a part without parts, or whose scores it takes."""
    if part.takes is not None:
        text = msg("Its scores are those of {part}.", part=_name(policy, part.takes))
        yield about(part.path, "attempts", text, "takes", part=part)
    elif not part.parts:
        yield about(part.path, "attempts", _attempts(policy, part), "retakes", part=part)


WORDS = PageSentences(nothing, about_part)


def _attempts(policy: Policy, part: Part) -> Terms:
    retakes = len(part.dues) - 1
    if not retakes:
        return Terms([msg("One attempt.")])
    said: list[object] = [nmsg("{n} retake.", "{n} retakes.", n=retakes), _rule(part)]
    if part.retake_at_most is not None:
        said.append(msg("A retake counts at most {n}.", n=value_of(policy, part.retake_at_most)))
    dated = [due for due in part.dues[1:] if due is not None]
    if dated:
        said.append(msg("Retakes: {dates}.", dates=Terms(dated)))
    if len(dated) < retakes and part.late is not None:
        said.append(msg("A retake without a date is never late."))
    return Terms(said, " ")


def _rule(part: Part) -> Msg:
    match part.attempt:
        case "best":
            return msg("The best attempt counts.")
        case "latest":
            return msg("The latest attempt counts.")
        case "mean":
            return msg("The mean of the attempts that are handed in counts.")
        case "gain":
            return msg(
                "The first attempt counts, and {share} % of what the best later one is above it.", share=part.gain * 100
            )
        case _ as unknown:
            assert_never(unknown)


def _name(policy: Policy, part: str) -> str:
    return next((leaf.name for leaf in policy.leaves() if leaf.id == part), part)


def attempts_in_short(policy: Policy, part: Part) -> Terms:
    """How many attempts there are and which counts, for a table."""
    if part.takes is not None:
        return Terms([msg("the scores of {part}", part=_name(policy, part.takes))])
    number = len(part.dues)
    if number == 1:
        return Terms([msg("one")])
    said: list[object] = [nmsg("{n} attempt", "{n} attempts", n=number), _rule_in_short(part)]
    if part.retake_at_most is not None:
        said.append(msg("a retake counts at most {n}", n=part.retake_at_most))
    return Terms(said)


def _rule_in_short(part: Part) -> Msg:
    match part.attempt:
        case "best":
            return msg("the best counts")
        case "latest":
            return msg("the latest counts")
        case "mean":
            return msg("the mean counts")
        case "gain":
            return msg("{share} % of a gain on the first", share=part.gain * 100)
        case _ as unknown:
            assert_never(unknown)
