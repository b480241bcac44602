"""The mean for the analysis of a policy: what each part weighs of the whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from kurssi.policy.model import Part, Policy

NOTHING = Fraction(0)


def shares(policy: Policy) -> dict[str, Fraction]:
    """Per cent of the whole that each part weighs, through the parts it belongs to; a bonus what it adds at the top."""
    return dict(_shares(policy.parts, Fraction(100)))


def _shares(parts: Sequence[Part], whole: Fraction) -> Iterator[tuple[str, Fraction]]:
    """What siblings, and the parts that they are made of, weigh, by id; ``whole``: what they weigh together."""
    counting = [p for p in parts if p.counts]
    total = sum((p.weight if p.weight is not None else Fraction(1) for p in counting), NOTHING)
    for part in parts:
        weight = NOTHING
        if part.is_way:
            pass  # what it weighs hangs on which way counts
        elif part.bonus:
            weight = whole * (part.weight or NOTHING) / 100
        elif part.counts and total:
            weight = whole * (part.weight if part.weight is not None else Fraction(1)) / total
        yield part.id, weight
        yield from _shares(part.parts, weight)
