"""The step that says which attempt counts (contract section 5, step 3)."""

from __future__ import annotations

from kurssi.diagnostics.finding import Path
from kurssi.diagnostics.message import msg
from kurssi.grading.result import LIVE, AttemptResult, PartResult, Step
from kurssi.policy.model import Part


def attempt_step(part: Part, result: PartResult) -> Step | None:
    """Which attempt counts; None where there was only one."""
    live = [a for a in result.attempts if a.state in LIVE]
    used = next((a for a in live if a.number == result.used), None)
    if used is None or (used.number == 1 and len(live) < 2):
        return None
    before_cap = used.after_lateness
    words: dict[str, object] = {"n": used.number, "value": _shown(used), "count": len(live)}
    if before_cap is not None and used.value is not None and used.value < before_cap:
        why = msg("attempt {n} counts, and a retake gives {value} at most", **words)
    elif part.latest:
        why = msg("the latest attempt counts: attempt {n} with {value}", **words)
    else:
        why = msg("the best attempt counts: attempt {n} with {value}", **words)
    operands = tuple({"attempt": a.number, "state": a.state, "value": a.value} for a in live)
    rule: Path = (*part.path, "attempt" if part.latest else "retakes")
    return Step("attempt", part.id, rule, operands, before_cap, used.value, part.retake_at_most, why)


def _shown(attempt: AttemptResult) -> object:
    if attempt.value is not None:
        return attempt.value
    return msg("passed") if attempt.state == "passed" else msg("failed")
