"""The sentences on what grades ask beside the total."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import assert_never

from kurssi.diagnostics.message import Msg, Terms, msg
from kurssi.grading.reasons import amount
from kurssi.grading.wording import PageSentences, Sentence, about, nothing, value_of
from kurssi.policy.demands import Demand
from kurssi.policy.model import Policy


def whole(policy: Policy) -> Iterator[Sentence]:
    """What each grade asks, and what follows where it is not there."""
    if not policy.requires:
        return
    if policy.by_requirements:
        total = msg("Nothing is weighed: the grade is the highest one for which all that is required is there.")
        yield about(policy.path, "total", total, "basis")
    said: list[object] = []
    for label, demands in groupby(policy.requires, lambda demand: demand.label):
        asked = Terms([demand_in_words(policy, demand) for demand in demands])
        said.append(msg("The grade {grade} requires: {demands}.", grade=label, demands=asked))
    said.append(
        msg(
            "A grade requires what all lower grades require, too. "
            "Where something is lacking the final grade stays below it."
        )
    )
    yield about(policy.path, "demands", Terms(said, " "), "requires")


WORDS = PageSentences(whole, nothing)


def demand_in_words(policy: Policy, demand: Demand) -> Msg:
    """What is asked of a part, or of attendance."""
    part = policy.by_id().get(demand.part)
    name = demand.part if part is None else part.name
    match demand.measure:
        case "pass":
            return msg("{part} passed", part=name)
        case "sessions":
            asked = amount(demand, demand.asked)
            return msg("attendance of at least {asked} of {n} sessions", asked=asked, n=demand.whole)
        case "value":
            return msg("at least {asked} in {part}", asked=value_of(policy, demand.asked), part=name)
        case "points":
            return msg("at least {asked} in {part}", asked=amount(demand, demand.asked), part=name)
        case _ as unknown:
            assert_never(unknown)
