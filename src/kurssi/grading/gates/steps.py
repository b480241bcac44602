"""The step of a gate: whether the part is passed, and what it counts with (contract section 5, step 5)."""

from __future__ import annotations

from kurssi.diagnostics.message import msg
from kurssi.grading.result import PartResult, Step
from kurssi.policy.model import Part


def gate_step(part: Part, result: PartResult) -> Step:
    """Whether the part is passed, and what it counts with."""
    words: dict[str, object] = {"value": result.value, "minimum": part.minimum}
    needed = part.required
    if result.gate == "not-submitted":
        why = msg("not submitted, and must be passed") if needed else msg("not submitted: counts as the lowest")
    elif result.gate == "closed":
        why = (
            msg("handed in too late, and must be passed") if needed else msg("handed in too late: counts as the lowest")
        )
    elif result.gate == "failed":
        why = msg("failed, and must be passed") if needed else msg("failed")
    elif result.gate == "below-minimum" and part.minimum_raw:
        why = msg("below the {minimum} points that are needed", **words)
    elif result.gate == "below-minimum":
        why = (
            msg("{value} is below {minimum}, which is needed", **words)
            if needed
            else msg("{value} is below {minimum}, but need not be passed", **words)
        )
    elif result.state == "excused":
        why = msg("excused: leaves the mean, its weight is shared out")
    elif result.state == "recognised":
        why = msg("recognised prior learning: leaves the mean, its weight is shared out")
    elif result.state == "ungraded":
        why = msg("not graded yet")
    elif result.state == "passed":
        why = msg("passed")
    else:
        why = msg("passed with {value}", **words) if needed else msg("counts with {value}", **words)
    operands = ({"state": result.state, "required": needed, "gate": result.gate or "open"},)
    limit = None if part.graded == "pass-fail" else part.minimum
    return Step("gate", part.id, part.path, operands, result.value, result.value, limit, why)
