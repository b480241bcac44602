"""The assessment in sentences, made from the policy that the grades are computed with.

What a page publishes, what a workbook shows, and what is computed therefore cannot drift apart: every key of the
contract's section 5 that changes a grade has its sentence in the ``words.py`` of its construct
(:mod:`kurssi.grading.constructs`), and a key that is left out has the sentence of its default. Here is their order:
:func:`whole` is about the grade as a whole, :func:`about_part` about one part, :func:`sentences` is both.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from kurssi.diagnostics.message import Msg, Terms, msg, nmsg
from kurssi.grading.constructs import CONSTRUCTS, words_of
from kurssi.grading.demands import limit_of
from kurssi.grading.gates.words import at_least
from kurssi.grading.wording import ORDER, Sentence, value_of
from kurssi.policy.model import Part, Policy
from kurssi.policy.rounding import lifts_by
from kurssi.policy.series import together
from kurssi.values.times import describe

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
    said = [line for sentence in words_of("demands").whole(policy) for line in _lines(sentence.text)]
    if policy.by_requirements:
        return said
    before = msg("All other figures here are of the total, without this: it can only keep somebody from a grade.")
    return [*said, before]


def _lines(text: Msg | Terms) -> Iterator[Msg | Terms]:
    """Sentences in a row one by one."""
    for one in text.items if isinstance(text, Terms) else (text,):
        if isinstance(one, Msg | Terms):
            yield one


def fails(policy: Policy) -> Iterator[Msg]:
    """What makes the final grade the lowest."""
    closing = [(part, above, ways) for part, above in _gates(policy.parts, None) if (ways := _fail_ways(policy, part))]
    found = any(part.required for part in policy.parts)
    for name, alike in together(closing, lambda gate: gate[0], lambda gate: repr(gate[2])):
        _, above, ways = alike[0]
        if above is None:
            yield msg("{part}: {ways}", part=name, ways=Terms(ways))
        else:
            yield msg("{part} (in {parent}): {ways}", part=name, parent=above.name, ways=Terms(ways))
    if policy.has_ways:
        yield msg("what fails one way fails nobody who passes another")
    if policy.may_fail and any(part.counts for part in policy.parts):
        found = True
        least = value_of(policy, policy.pass_value - (0 if policy.percent else lifts_by(policy.rounding)))
        strict = policy.pass_bound.strict
        yield msg("a total not over {least}", least=least) if strict else msg("a total below {least}", least=least)
    for demand in policy.requires[:1]:
        if limit_of(policy, [demand]) < policy.scale.pass_grade:
            found = True
            yield msg("something is lacking that {grade} requires", grade=demand.label)
    if not found:
        yield msg("nothing: no part must be passed")


def _fail_ways(policy: Policy, part: Part) -> list[Msg]:
    """How the gate of a part closes, the gates of its own parts apart."""
    ways: list[Msg] = []
    if not part.parts:
        ways.append(msg("not handed in"))
        if part.late is not None and part.late.closes is not None and part.dues[0] is not None:
            ways.append(msg("more than {time} late", time=describe(part.late.closes)))
    if part.need is not None:
        ways.append(msg("fewer than {n} of its parts passed", n=part.need))
    elif not part.valued or (part.parts and not part.counts):
        ways.append(msg("not passed"))
    elif part.minimum_raw and part.minimum:
        ways.append(nmsg("below {n} point", "below {n} points", n=part.minimum))
    elif not part.minimum_raw and part.minimum > policy.lowest:
        ways.append(msg("below {least}", least=at_least(policy, part)))
    return ways


def _gates(parts: Sequence[Part], above: Part | None) -> Iterator[tuple[Part, Part | None]]:
    for part in parts:
        if part.required:
            yield part, above
            yield from _gates(part.parts, part)
