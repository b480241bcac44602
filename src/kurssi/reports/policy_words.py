"""The assessment in sentences, made from the policy that the grades are computed with.

What a page publishes, what a workbook shows, and what is computed therefore cannot drift apart: every key of the
contract's section 5 that changes a grade has its sentence in the ``words.py`` of its construct
(:mod:`kurssi.grading.constructs`), and a key that is left out has the sentence of its default. Here is their order:
:func:`whole` is about the grade as a whole, :func:`about_part` about one part, :func:`sentences` is both.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kurssi.diagnostics.message import Msg, Terms, msg
from kurssi.grading.constructs import CONSTRUCTS, words_of
from kurssi.grading.wording import ORDER, Sentence
from kurssi.policy.model import Part, Policy

LEVELS: dict[str, Msg] = {
    "fail": msg("fail"),
    "satisfactory": msg("satisfactory"),
    "good": msg("good"),
    "excellent": msg("excellent"),
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


def whole(policy: Policy) -> list[Sentence]:
    """How the final grade comes about: scale, total, gates, lateness, activity."""
    return _by_topic(said for name in CONSTRUCTS for said in words_of(name).whole(policy))


def about_part(policy: Policy, part: Part, parent: Part | None = None) -> list[Sentence]:
    """One part: how it is assessed, what it weighs, whether it must be passed, its attempts and deadlines.

    ``parent`` is the part it belongs to; ``None`` at the top level.
    """
    return _by_topic(said for name in CONSTRUCTS for said in words_of(name).part(policy, part, parent))


def _by_topic(said: Iterable[Sentence]) -> list[Sentence]:
    return sorted(said, key=lambda sentence: ORDER.index(sentence.key))


def beside_the_total(policy: Policy) -> list[Msg | Terms]:
    """What grades ask beside the total, and that figures of the total are without it."""
    if policy.by_requirements:
        return [sentence.text for sentence in words_of("demands").whole(policy)]
    before = msg("All other figures here are of the total, without this: it can only keep somebody from a grade.")
    return [*(sentence.text for sentence in words_of("demands").whole(policy)), before]
