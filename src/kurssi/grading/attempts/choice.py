"""Attempts at one part: the value of each, and the one that counts (contract section 5, steps 1 to 3)."""

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple, assert_never

from kurssi.grading.lateness import ON_TIME, Lateness, after_lateness, deduction
from kurssi.grading.result import LIVE, OUT, AttemptResult, State
from kurssi.policy.model import Part, Policy, to_value
from kurssi.values.classlist import Attempt, AttemptState, Span


class Tried(NamedTuple):
    """All that decides about an attempt: what its cell says, and how late it came."""

    state: AttemptState
    score: Fraction | None
    lateness: Lateness = ON_TIME
    among: tuple[Span, ...] = ()
    """The scores that it can still get where it is open; empty: every one."""


def grade_attempt(part: Part, number: int, tried: Tried, policy: Policy, forgiven: int) -> AttemptResult:
    """An attempt with its value on the scale after lateness and the cap on retakes; it has no times."""
    state, score, (units, closed), among = tried
    given = Attempt(state, score, among=among)
    forgiven = min(forgiven, units)
    nothing = Fraction(0)
    if closed:
        return AttemptResult(number, "closed", given, None, units, forgiven, nothing, None, None)
    if state == "failed":
        value = policy.lowest if part.valued else None
        return AttemptResult(number, "failed", given, None, units, forgiven, nothing, value, value)
    if state != "scored" or score is None:
        return AttemptResult(number, state, given, None, units, forgiven, nothing, None, None)
    converted = late = to_value(score, part, policy)
    size = nothing
    if part.late is not None and units > forgiven:
        size = deduction(part.late, converted, units - forgiven, policy)
        late = after_lateness(part.late, converted, size, policy)
    value = late
    if number > 1 and part.retake_at_most is not None:
        value = min(late, part.retake_at_most)
    return AttemptResult(number, "scored", given, converted, units, forgiven, size, late, value)


class Chosen(NamedTuple):
    """What the attempts come to: the one that counts, or several together, of which none is ``used``."""

    state: State
    value: Fraction | None
    used: int | None


def choose(part: Part, attempts: Sequence[AttemptResult], policy: Policy) -> Chosen | None:
    """What counts of the attempts: the best, the latest, or all together; None where none is left."""
    live = [a for a in attempts if a.state in LIVE]
    if not live:
        return None
    if len(live) == 1 and not part.joins:  # nearly all, and every part that has one attempt
        return _alone(live[0])
    match part.attempt:
        case "best":
            return _alone(max(live, key=lambda attempt: _worth(part, attempt)))
        case "latest":
            return _alone(live[-1])
        case "mean":
            value = sum([a.value or Fraction(0) for a in live], Fraction(0)) / len(live)
            return Chosen(_state(live), value, None)
        case "gain":
            return Chosen(_state(live), with_gain(part, attempts, policy).value, None)
        case _ as unknown:
            assert_never(unknown)


def _alone(attempt: AttemptResult) -> Chosen:
    return Chosen(attempt.state, attempt.value, attempt.number)


def _state(live: Sequence[AttemptResult]) -> State:
    """Failed only where every attempt was failed by a word, which otherwise counts as the lowest value."""
    return "scored" if any(a.state == "scored" for a in live) else live[0].state


class Gained(NamedTuple):
    """The first attempt, and what a later one adds to it."""

    first: Fraction
    more: Fraction
    """What the best later one is above it."""
    value: Fraction


def with_gain(part: Part, attempts: Sequence[AttemptResult], policy: Policy) -> Gained:
    """The first attempt's value, and the part's share of what the best later one is above it.

    A first attempt that did not come counts as the lowest: else who stays away would gain more than who tries. One
    that is excused is none.
    """
    tries = [a for a in attempts if a.state not in OUT]
    first = tries[0].value if tries[0].state in LIVE else None
    base = policy.lowest if first is None else first
    later = [a.value for a in tries[1:] if a.value is not None]
    more = max([value - base for value in later if value > base], default=Fraction(0))
    return Gained(base, more, base + part.gain * more)


def _worth(part: Part, attempt: AttemptResult) -> tuple[bool, Fraction, bool, Fraction, int]:
    """For comparing attempts: one that passes the gate, then value; of equals a number before an H, then the earlier.

    The gate of a required part comes first because a minimum in raw points and the value can disagree where a retake
    is cut or a deduction taken: a better first score must never fail somebody.
    """
    score = attempt.given.score if attempt.given.score is not None else Fraction(0)
    value = attempt.value if attempt.value is not None else Fraction(0)
    gated = part.minimum_raw and part.required
    return gated and score >= part.minimum, value, attempt.state != "failed", score, -attempt.number
