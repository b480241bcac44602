"""The step of a gate: whether the part is passed, and what it counts with (contract section 5, step 5)."""

from __future__ import annotations

from typing import assert_never

from kurssi.diagnostics.message import Msg, msg, nmsg
from kurssi.grading.result import OUT, GateCode, PartResult, Step, Steps, in_points, in_unit
from kurssi.policy.model import Part, Policy

from .gate import still_needed

STEPS: Steps = {"gate": msg("gate")}


def gate_step(part: Part, result: PartResult, policy: Policy) -> Step:
    """Whether the part is passed, and what it counts with."""
    why = _open(part, result, policy) if result.gate is None else _closed(part, result, result.gate, policy)
    operands = ({"state": result.state, "required": part.required, "gate": result.gate or "open"},)
    limit = None if not part.valued else part.minimum
    return Step("gate", part.id, part.path, operands, result.at_gate, result.at_gate, limit, why)


def _closed(part: Part, result: PartResult, code: GateCode, policy: Policy) -> Msg:
    needed = part.required
    least = part.minimum if part.minimum_raw else in_unit(part.minimum, policy)
    words: dict[str, object] = {"value": in_unit(result.at_gate, policy), "minimum": least}
    match code:
        case "not-submitted":
            if not needed and not part.weighed:
                return msg("not submitted")
            return msg("not submitted, and must be passed") if needed else msg("not submitted: counts as the lowest")
        case "closed":
            if needed:
                return msg("handed in too late, and must be passed")
            if not part.weighed:
                return msg("handed in too late")
            return msg("handed in too late: counts as the lowest")
        case "failed":
            if part.need is not None:
                return _so_many(part, result)
            return msg("failed, and must be passed") if needed else msg("failed")
        case "below-minimum":
            if part.minimum_raw:
                return nmsg(
                    "below the {n} point that is needed", "below the {n} points that are needed", n=part.minimum
                )
            if needed:
                return msg("{value} is below {minimum}, which is needed", **words)
            return msg("{value} is below {minimum}, but need not be passed", **words)
        case _ as unknown:
            assert_never(unknown)


def _so_many(part: Part, result: PartResult) -> Msg:
    """How many parts are passed, of how many that must be."""
    out = sum(child.state in OUT for child in result.children)
    passed = sum(child.gate is None and child.state not in OUT for child in result.children)
    return nmsg(
        "{passed} of {all} parts passed, and {n} is needed",
        "{passed} of {all} parts passed, and {n} are needed",
        n=still_needed(part.need or 1, out),
        passed=passed,
        all=len(result.children) - out,
    )


def _open(part: Part, result: PartResult, policy: Policy) -> Msg:
    match result.state:
        case "excused":
            return msg("excused: leaves the mean, its weight is shared out")
        case "recognised":
            return msg("recognised prior learning: leaves the mean, its weight is shared out")
        case "ungraded":
            return msg("not graded yet")
        case "withheld":
            return msg("the score is withheld: it is not released yet")
        case "passed":
            return msg("passed") if part.need is None else _so_many(part, result)
        case "scored" | "failed" | "missing" | "closed":
            used = next((a.given.score for a in result.attempts if a.number == result.used), None)
            if part.only_points and used is not None:
                return in_points(used)
            if part.minimum_raw and part.minimum and used is not None:
                return nmsg("passed: at least {n} point", "passed: at least {n} points", n=part.minimum)
            if part.required:
                return msg("passed with {value}", value=in_unit(result.at_gate, policy))
            return msg("counts with {value}", value=in_unit(result.at_gate, policy))
        case _ as unknown:
            assert_never(unknown)
