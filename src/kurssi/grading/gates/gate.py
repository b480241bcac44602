"""Gates: whether a part is passed, and every reason for which it is not (contract section 5, step 5)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import assert_never

from kurssi.grading.result import OUT, GateCode, PartResult, Reason
from kurssi.policy.model import Part


def with_gate(result: PartResult) -> PartResult:
    """The same result with its gate decided: the code of the reason, or None where it is open."""
    code = gate_code(result)
    return result if code == result.gate else result._replace(gate=code)


def gate_code(result: PartResult) -> GateCode | None:
    """The code of the reason for which the part's gate is closed, whether or not the part is required."""
    match result.state:
        case "scored":  # first: nearly all
            had = _measured(result)
            return "below-minimum" if had is not None and had < result.part.minimum else None
        case "missing":
            return "not-submitted"
        case "closed":
            return "closed"
        case "failed":
            return "failed"
        case "passed" | "ungraded" | "withheld" | "excused" | "recognised":
            return None
        case _ as unknown:
            assert_never(unknown)


def _measured(result: PartResult) -> Fraction | None:
    """What the minimum of a part with a score looks at: raw points of the attempt that counts, or the value."""
    if result.part.minimum_raw:
        return next(a.given.score for a in result.attempts if a.number == result.used)
    return result.at_gate


def counting_below(result: PartResult) -> Sequence[PartResult]:
    """The parts of a part whose gates count for it: those of the way that counts, where it has ways."""
    if not result.part.of_ways:
        return result.children
    return next((way.children for way in result.children if way.chosen), ())


def still_needed(need: int, out: int) -> int:
    """How many parts must be passed, where ``out`` of them are excused or recognised: at least one."""
    return max(1, need - out)


def fails_by_parts(part: Part, below: Sequence[PartResult]) -> bool:
    """Whether a part fails because of its parts: a required one is not passed, or too few are.

    What is not graded yet keeps nobody from passing.
    """
    if part.need is None:
        return any(child.part.required and child.gate for child in below)
    passed = sum(child.gate is None and child.state not in OUT for child in below)
    return passed < still_needed(part.need, sum(child.state in OUT for child in below))


def reasons(results: Sequence[PartResult]) -> tuple[Reason, ...]:
    """Every reason for which the gates among ``results`` make the final grade the lowest, in the order of the file."""
    out: list[Reason] = []
    for result in results:
        if not result.part.required or result.gate is None:
            continue
        below = reasons(counting_below(result))
        own = result.gate != "failed" or not below
        out += below
        if own:
            minimum = result.part.minimum if result.gate == "below-minimum" else None
            value = None if minimum is None else _measured(result)
            out.append(Reason(result.part, result.gate, minimum, value))
    return tuple(out)
