"""The step that says which attempt counts (contract section 5, step 3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import assert_never

from kurssi.course.model import AttemptRule
from kurssi.diagnostics.finding import Path
from kurssi.diagnostics.message import Msg, Terms, msg
from kurssi.grading.result import LIVE, AttemptResult, PartResult, Step, Steps, in_unit
from kurssi.policy.model import Part, Policy

from .choice import with_gain

STEPS: Steps = {"take": msg("taken"), "attempt": msg("attempt")}


def take_step(part: Part, source: Part | None) -> Step | None:
    """Whose scores a part reads; None where they are its own."""
    if source is None:
        return None
    operands = ({"part": source.id},)
    why = msg("the scores are those of {part}", part=source.name)
    return Step("take", part.id, (*part.path, "takes"), operands, None, None, None, why)


def attempt_step(part: Part, result: PartResult, policy: Policy) -> Step | None:
    """Which attempt counts; None where there was only one."""
    live = [a for a in result.attempts if a.state in LIVE]
    if part.joins:
        return _joined(part, result, live, policy)
    used = next((a for a in live if a.number == result.used), None)
    if used is None or (used.number == 1 and len(live) < 2):
        return None
    before_cap = used.after_lateness
    words: dict[str, object] = {"n": used.number, "value": _shown(used, policy), "count": len(live)}
    if before_cap is not None and used.value is not None and used.value < before_cap:
        why = msg("attempt {n} counts, and a retake gives {value} at most", **words)
    else:
        why = _counts(part.attempt, words)
    operands = tuple({"attempt": a.number, "state": a.state, "value": a.value} for a in live)
    rule: Path = (*part.path, _key(part.attempt))
    return Step("attempt", part.id, rule, operands, before_cap, used.value, part.retake_at_most, why)


def _joined(part: Part, result: PartResult, live: Sequence[AttemptResult], policy: Policy) -> Step | None:
    """What several attempts come to together; None where there was only the first."""
    if not live or (len(live) == 1 and live[0].number == 1):
        return None
    match part.attempt:
        case "gain":
            gained = with_gain(part, result.attempts, policy)
            words: dict[str, object] = {"first": gained.first, "share": part.gain * 100, "more": gained.more}
            why = msg(
                "first attempt {first}, and {share} % of the {more} that the best later one is above it: {value}",
                value=gained.value,
                **words,
            )
            before: Fraction | None = gained.first
        case "best" | "latest" | "mean":
            terms = Terms([a.value for a in live], " + ")
            words = {"terms": terms, "n": len(live), "value": result.value}
            why, before = msg("the mean of the attempts: ({terms}) / {n} = {value}", **words), None
        case _ as unknown:
            assert_never(unknown)
    operands = tuple({"attempt": a.number, "state": a.state, "value": a.value} for a in live)
    return Step("attempt", part.id, (*part.path, "attempt"), operands, before, result.value, part.retake_at_most, why)


def _counts(rule: AttemptRule, words: Mapping[str, object]) -> Msg:
    match rule:
        case "best":
            return msg("the best attempt counts: attempt {n} with {value}", **words)
        case "latest":
            return msg("the latest attempt counts: attempt {n} with {value}", **words)
        case "mean" | "gain":
            return msg("attempt {n} counts with {value}", **words)
        case _ as unknown:
            assert_never(unknown)


def _key(rule: AttemptRule) -> str:
    """The key of the file that makes it so: what is the default need not be written."""
    match rule:
        case "best":
            return "retakes"
        case "latest" | "mean" | "gain":
            return "attempt"
        case _ as unknown:
            assert_never(unknown)


def _shown(attempt: AttemptResult, policy: Policy) -> object:
    if attempt.value is not None:
        return in_unit(attempt.value, policy)
    return msg("passed") if attempt.state == "passed" else msg("failed")
