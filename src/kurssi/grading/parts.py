"""One part of one student: attempts become one value and a gate (contract section 5, steps 1 to 3 and 5)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from zoneinfo import ZoneInfo

from kurssi.policy.model import Part, Policy, to_value
from kurssi.values.classlist import Attempt
from kurssi.values.times import When

from .lateness import after_lateness, deduction, elapsed_units, late_units
from .result import AttemptResult, PartResult

LIVE = ("scored", "failed", "passed")
"""States of an attempt that can count."""
OUT = ("excused", "recognised")
"""States in which a part leaves the mean and its gate is open."""

CODES = {"missing": "not-submitted", "closed": "closed", "failed": "failed"}


def due_of(part: Part, number: int, attempt: Attempt) -> When | None:
    """The deadline of an attempt: the student's own, else the policy's; None where it is never late."""
    if attempt.due is not None:
        return attempt.due
    return part.dues[number - 1] if number <= len(part.dues) else None


def lateness_of(part: Part, number: int, attempt: Attempt, zone: ZoneInfo) -> tuple[int, bool]:
    """(started late units, closed) of an attempt; (0, False) where it cannot be late."""
    if part.late is not None and part.late_from_export and attempt.lateness is not None:
        return (0, False) if attempt.state in ("missing", *OUT) else elapsed_units(part.late, attempt.lateness)
    due = due_of(part, number, attempt)
    if part.late is None or due is None or attempt.submitted is None or attempt.state in ("missing", *OUT):
        return 0, False
    return late_units(part.late, attempt.submitted, due, zone)


def grade_attempt(
    part: Part, number: int, attempt: Attempt, policy: Policy, zone: ZoneInfo, forgiven: int = 0
) -> AttemptResult:
    """An attempt with its value on the scale after lateness and the cap on retakes."""
    attempt = Attempt(attempt.state, attempt.score, attempt.submitted, attempt.due, lateness=attempt.lateness)
    units, closed = lateness_of(part, number, attempt, zone)
    forgiven = min(forgiven, units)
    nothing = Fraction(0)
    if closed:
        return AttemptResult(number, "closed", attempt, None, units, forgiven, nothing, None, None)
    if attempt.state == "failed":
        value = None if part.graded == "pass-fail" else policy.lowest
        return AttemptResult(number, "failed", attempt, None, units, forgiven, nothing, value, value)
    if attempt.state != "scored" or attempt.score is None:
        return AttemptResult(number, attempt.state, attempt, None, units, forgiven, nothing, None, None)
    converted = late = to_value(attempt.score, part, policy)
    size = nothing
    if part.late is not None and units > forgiven:
        size = deduction(part.late, converted, units - forgiven, policy)
        late = after_lateness(part.late, converted, size, policy)
    capped = number > 1 and part.retake_at_most is not None
    value = min(late, part.retake_at_most) if capped and part.retake_at_most is not None else late
    return AttemptResult(number, "scored", attempt, converted, units, forgiven, size, late, value)


def choose(part: Part, attempts: Sequence[AttemptResult]) -> AttemptResult | None:
    """The attempt that counts: the best, or the latest; None where none is left."""
    live = [a for a in attempts if a.state in LIVE]
    if not live:
        return None
    if part.latest:
        return live[-1]
    return max(live, key=lambda attempt: _worth(part, attempt))


def _worth(part: Part, attempt: AttemptResult) -> tuple[bool, Fraction, bool, Fraction, int]:
    """For comparing attempts: one that passes the gate, then value; of equals a number before an H, then the earlier.

    The gate of a required part comes first because a minimum in raw points and the value can disagree where a retake
    is cut or a deduction taken: a better first score must never fail somebody.
    """
    score = attempt.given.score if attempt.given.score is not None else Fraction(0)
    value = attempt.value if attempt.value is not None else Fraction(0)
    gated = part.minimum_raw and part.required
    clears = attempt.state == "passed" or (gated and attempt.state == "scored" and score >= part.minimum)
    return clears, value, attempt.state != "failed", score, -attempt.number


def grade_part(
    part: Part, attempts: Sequence[Attempt], policy: Policy, zone: ZoneInfo, forgiven: int = 0
) -> PartResult:
    """A part without parts: its attempts, the one that counts, its value before peer marks, and its gate."""
    results = tuple(
        grade_attempt(part, n, attempt, policy, zone, forgiven if n == 1 else 0)
        for n, attempt in enumerate(attempts, 1)
    )
    used = choose(part, results)
    states = {a.state for a in results}
    is_open = "ungraded" in states
    lowest = None if part.graded == "pass-fail" else policy.lowest
    if used is not None:
        result = PartResult(part, used.state, used.value, results, used.number, None, is_open)
    elif is_open:
        result = PartResult(part, "ungraded", lowest, results, None, None, True)
    elif out := next((state for state in OUT if state in states), None):
        return PartResult(part, out, None, results)
    else:
        state = "closed" if "closed" in states else "missing"
        result = PartResult(part, state, lowest, results)
    return with_gate(result)


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
