"""Which gates of a policy can do anything: fail somebody, or decide which way counts, what a grade or a bonus gets."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Literal, NamedTuple, assert_never

from kurssi.diagnostics.message import Msg, msg

if TYPE_CHECKING:  # loaded only for a file that has something to look at
    from .model import Part, Policy


class DeadGate(NamedTuple):
    """A gate that is written, and without which every student would have the same grade."""

    part: Part
    key: Literal["required", "minimum"]
    """What the file says of it."""

    @property
    def message(self) -> Msg:
        """What is wrong with it."""
        name = self.part.name
        match self.key:
            case "required":
                return msg("{part} is required, but fails nobody: the part it belongs to need not be passed", part=name)
            case "minimum":
                return msg("the minimum of {part} fails nobody: the part is not required", part=name)
            case _ as unknown:
                assert_never(unknown)

    @property
    def help(self) -> Msg:
        """The way out."""
        match self.key:
            case "required":
                return msg("write required: true at the part it belongs to as well, or required: false here")
            case "minimum":
                return msg("write required: true if it must be reached; as it stands the minimum says nothing")
            case _ as unknown:
                assert_never(unknown)


def failing_gates(policy: Policy) -> set[str]:
    """The parts whose gate can fail somebody: required, as are all the parts they belong to."""
    return set(required_in(policy.parts))


def deciding_gates(policy: Policy) -> set[str]:
    """The parts on whose gate anything hangs: those that can fail somebody, or a way; those that a grade or a bonus
    asks to be passed; and what these need to pass.
    """
    asked = {demand.part for demand in policy.requires if demand.of_gate} | asked_by_bonus(policy)
    found = failing_gates(policy)
    for part in policy.all_parts():
        if part.id in asked:
            found.update(_chain_of(part))
        if part.of_ways:  # passed ways count before failed ones, also where failing all of them fails nobody
            found.update(required_in(part.parts))
    return found


def asked_by_bonus(policy: Policy) -> set[str]:
    """The parts that must be passed for a bonus."""
    return {name for part in policy.bonuses_by_steps() if part.stepped is not None for name in part.stepped.only_if}


def dead_gates(policy: Policy) -> Iterator[DeadGate]:
    """Gates that are written but decide nothing, the outermost ones: below a part that need not be passed itself."""
    deciding = deciding_gates(policy)
    default = Fraction(0) if policy.percent else policy.pass_value
    yield from _dead_gates(policy.parts, deciding, default)


def _dead_gates(parts: Sequence[Part], deciding: Collection[str], default: Fraction) -> Iterator[DeadGate]:
    for part in parts:
        written = part.valued and (part.minimum_raw or part.minimum != default) and not part.only_points
        if part.id not in deciding and part.required:
            yield DeadGate(part, "required")
        elif part.id not in deciding and written:
            yield DeadGate(part, "minimum")
        else:
            yield from _dead_gates(part.parts, deciding, default)


def ways_that_may_cost(policy: Policy) -> Iterator[Part]:
    """Ways all of which may fail, in a part that need not be passed.

    While all fail the largest value counts; who then passes one that is worth less gets less.
    """
    failing = failing_gates(policy)
    for part in policy.all_parts():
        if part.of_ways and part.id not in failing and all(any(required_in(way.parts)) for way in part.parts):
            yield part


def required_in(parts: Sequence[Part], *, counted: bool = False) -> Iterator[str]:
    """The ids of the required ones among some siblings, and of what these require.

    ``counted``: so many of them must be passed, so that each of them may be the one that is lacking.
    """
    for part in parts:
        if part.required or counted:
            yield from _chain_of(part)


def _chain_of(part: Part) -> Iterator[str]:
    yield part.id
    yield from required_in(part.parts, counted=part.need is not None)
