"""The step of peer marks (contract section 5.4)."""

from __future__ import annotations

from fractions import Fraction

from kurssi.diagnostics.message import msg
from kurssi.grading.result import PartResult, Step, Steps

STEPS: Steps = {"peer": msg("peer marks")}


def peer_step(result: PartResult) -> Step | None:
    """What peer marks made of the group's value; None where no factor was taken."""
    part, peer = result.part, result.peer
    if peer is None or part.peer is None:
        return None
    rule = part.peer
    operand = {
        "factor": peer.factor,
        "weight": rule.weight,
        "silent": peer.silent,
        "penalty": rule.penalty if peer.silent else Fraction(0),
    }
    why = msg(
        "peer marks: factor {factor}, of which {weight} % counts: {before} becomes {after}",
        factor=peer.factor,
        weight=rule.weight * 100,
        before=peer.group_value,
        after=peer.value,
    )
    return Step("peer", part.id, rule.path, (operand,), peer.group_value, peer.value, rule.at_most, why)
