"""The sentences on a bonus by steps."""

from __future__ import annotations

from collections.abc import Iterator

from kurssi.diagnostics.message import Msg, Terms, msg
from kurssi.grading.wording import PageSentences, Sentence, about, nothing
from kurssi.policy.model import Part, Policy, StepBonus


def about_part(policy: Policy, part: Part, parent: Part | None = None) -> Iterator[Sentence]:
    """From how much of the part on what is added, to what, and on which condition."""
    bonus = part.stepped
    if bonus is None:
        return
    names = {one.id: one.name for one in policy.all_parts()}
    said: list[object] = [bonus_in_words(policy, bonus), _whereto(bonus, names, parent)]
    if bonus.only_if:
        asked = Terms([names[name] for name in bonus.only_if])
        said.append(msg("It is added only to who has passed {parts}.", parts=asked))
    yield about(bonus.path, "weight", Terms(said, " "), part=part)


WORDS = PageSentences(nothing, about_part)


def bonus_in_words(policy: Policy, bonus: StepBonus) -> Msg:
    """From how much of a part on what is added."""
    steps = Terms([step_in_words(policy, start, add) for start, add in bonus.steps], "; ")
    return msg("A bonus by steps: {steps}.", steps=steps)


def step_in_words(policy: Policy, start: object, add: object) -> Msg:
    """From where how much is added."""
    if policy.percent:
        return msg("from {start} % on {add} percentage points", start=start, add=add)
    return msg("from {start} % on {add}", start=start, add=add)


def _whereto(bonus: StepBonus, names: dict[str, str], parent: Part | None) -> Msg:
    if bonus.to is None:
        if parent is None or parent.is_way:
            return msg("It comes on top of the mean.")
        return msg("It comes on top of the mean of {part}.", part=parent.name)
    if bonus.after_gate:
        return msg("It is added to the value of {part}, which must be passed without it.", part=names[bonus.to])
    return msg("It is added to the value of {part}, before it is decided whether that is passed.", part=names[bonus.to])


def bonus_in_short(policy: Policy, part: Part) -> Msg | None:
    """What a bonus by steps adds at most, for a table."""
    if part.stepped is None:
        return None
    most = max(add for _, add in part.stepped.steps)
    if policy.percent:
        return msg("bonus up to {n} percentage points", n=most)
    return msg("bonus up to {n}", n=most)
