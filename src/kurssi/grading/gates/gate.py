"""Gates: whether a part is passed, and every reason for which it is not (contract section 5, step 5)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from kurssi.grading.result import PartResult, Reason

CODES = {"missing": "not-submitted", "closed": "closed", "failed": "failed"}
"""The code of the reason, by the state of the part."""


def with_gate(result: PartResult) -> PartResult:
    """The same result with its gate decided: the code of the reason, or None where it is open."""
    return result._replace(gate=gate_code(result))


def gate_code(result: PartResult) -> str | None:
    """The code of the reason for which the part's gate is closed, whether or not the part is required."""
    part = result.part
    if result.state in CODES:
        return CODES[result.state]
    if result.state != "scored" or result.value is None:
        return None
    if part.minimum_raw and not part.parts:
        used = next(a for a in result.attempts if a.number == result.used)
        raw = used.given.score if used.given.score is not None else Fraction(0)
        return "below-minimum" if raw < part.minimum else None
    return "below-minimum" if result.value < part.minimum else None


def reasons(results: Sequence[PartResult]) -> tuple[Reason, ...]:
    """Every reason for which the gates among ``results`` make the final grade the lowest, in the order of the file."""
    out: list[Reason] = []
    for result in results:
        if not result.part.required or result.gate is None:
            continue
        below = reasons(result.children)
        own = result.gate != "failed" or not below
        out += below
        if own:
            minimum = result.part.minimum if result.gate == "below-minimum" else None
            value = result.value if minimum is not None and not result.part.minimum_raw else None
            if minimum is not None and result.part.minimum_raw and result.used is not None:
                value = next(a.given.score for a in result.attempts if a.number == result.used)
            out.append(Reason(result.part, result.gate, minimum, value))
    return tuple(out)
