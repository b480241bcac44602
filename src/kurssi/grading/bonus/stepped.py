"""What a bonus by steps adds, and what a part is with it (contract 11.6)."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from kurssi.grading.demands import stand_of
from kurssi.grading.gates import with_gate
from kurssi.grading.result import OUT, PartResult
from kurssi.policy.model import StepBonus

ZERO = Fraction(0)


def share_of(bonus: StepBonus, result: PartResult) -> Fraction | None:
    """How much of the part there is, in per cent; nothing handed in is 0 %. None where it is not asked for any, and
    where nothing is left of it to weigh.
    """
    if result.state in OUT:
        return None
    if bonus.whole is None:
        return result.value
    return (stand_of(result).raw or ZERO) * 100 / bonus.whole


def adding(bonus: StepBonus, result: PartResult, gate_of: Callable[[str], PartResult]) -> Fraction:
    """What a bonus adds: that of the last step reached, where every part that it asks for is passed."""
    share = share_of(bonus, result)
    if share is None or not all(stand_of(gate_of(name)).passed for name in bonus.only_if):
        return ZERO
    return bonus.added(share)


def with_bonus(result: PartResult, added: Fraction, *, after_gate: bool) -> PartResult:
    """A part with what is added to its value; what has no score of its own stays what it is.

    A part of parts has one also where one of them fails it.
    """
    scored = result.state == "scored" or (result.state == "failed" and bool(result.children))
    if not added or not scored or result.value is None:
        return result
    raised = result._replace(value=result.value + added, added=result.added + added)
    return raised._replace(added_after=result.added_after + added) if after_gate else with_gate(raised)
