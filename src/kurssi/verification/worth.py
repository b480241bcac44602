"""What a part of a student is worth, and how its gate stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

from .attempts import ZERO, Tried
from .rules import CheckedPolicy, Rule

LIVE = ("scored", "passed", "failed")
GATES = {"missing": "not-submitted", "closed": "closed", "failed": "failed"}


class Moved(NamedTuple):
    """A group's value before and after peer marks."""

    before: Fraction
    after: Fraction


class Worth(NamedTuple):
    """One part with what follows for it."""

    rule: Rule
    state: str
    value: Fraction | None
    gate: str | None = None
    open: bool = False
    tried: tuple[Tried, ...] = ()
    used: Tried | None = None
    moved: Moved | None = None
    below: tuple[Worth, ...] = ()
    share: Fraction | None = None
    """Per cent among the siblings that count."""
    adds: Fraction | None = None
    """Of a bonus part beside parts whose points are added up: per cent of its value that it adds."""
    chosen: bool = True
    mean: Fraction | None = None
    """Of the parts below, before their bonus."""
    with_bonus: Fraction | None = None
    """Of the parts below, before any cap."""
    gives: Fraction | None = None
    """What it adds by steps; None where it adds nothing that way, or is excused."""
    got: tuple[tuple[str, Fraction], ...] = ()
    """What others add to its value by steps, before its gate, with who does."""
    got_after: tuple[tuple[str, Fraction], ...] = ()
    """The same after its gate."""


def gate(worth: Worth) -> str | None:
    """Step 5: why the gate is closed, or None."""
    rule = worth.rule
    if worth.state in GATES:
        return GATES[worth.state]
    if worth.state != "scored" or worth.value is None:
        return None
    measured = worth.value
    if rule.minimum_in_points and worth.used is not None:
        measured = worth.used.given.score or ZERO
    return "below-minimum" if measured < rule.minimum else None


def at_gate(worth: Worth) -> Fraction | None:
    """The value without what is added after the gate."""
    return None if worth.value is None else worth.value - sum((add for _, add in worth.got_after), ZERO)


def unmoved(worth: Worth) -> Fraction | None:
    """The value without anything that is added by steps."""
    value = at_gate(worth)
    return None if value is None else value - sum((add for _, add in worth.got), ZERO)


def has_score(worth: Worth) -> bool:
    """Whether there is a score to which something can be added."""
    return worth.state == "scored" or (worth.state == "failed" and bool(worth.rule.parts))


def share(plan: CheckedPolicy, worth: Worth) -> Fraction | None:
    """How much of a part there is, in per cent: its value under percent, else its points; None without a value."""
    if plan.percent:
        return worth.value
    points = ZERO if worth.used is None else worth.used.given.score or ZERO
    return points * 100 / worth.rule.full


def all_parts(parts: Sequence[Worth]) -> Iterator[Worth]:
    """The parts at any depth."""
    for worth in parts:
        yield worth
        yield from all_parts(worth.below)
