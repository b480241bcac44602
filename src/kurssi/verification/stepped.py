"""A bonus by steps (contract 11.6), a second time: read from a policy, and what it adds."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from kurssi.diagnostics.message import msg

from .problems import Node

ZERO = Fraction(0)


class StepsRule(NamedTuple):
    """What so much of a part adds, and to what."""

    steps: tuple[tuple[Fraction, Fraction], ...]
    """(from which percentage, how much)."""
    only_if: tuple[str, ...]
    to: str | None
    after_gate: bool

    def gives(self, share: Fraction) -> Fraction:
        """How much so many per cent add."""
        given = ZERO
        for start, add in self.steps:
            if share >= start:
                given = add
        return given


def read_bonus(node: Node) -> tuple[bool, StepsRule | None]:
    """Whether a part gives a bonus, and by which steps, where it does so by steps."""
    if not isinstance(node.value, dict):
        return node.flag(), None
    steps = tuple((step["from"].percentage() * 100, step["add"].number()) for step in node["steps"].entries())
    if not steps or any(a[0] >= b[0] or a[1] > b[1] for a, b in pairwise(steps)):
        raise node["steps"].wrong(msg("the steps do not rise"))
    to = node["to"].text() if "to" in node.mapping() else None
    only_if = tuple(entry.text() for entry in node["only_if"].entries())
    return True, StepsRule(steps, only_if, to, to is not None and node["after_gate"].flag())
