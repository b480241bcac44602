"""What activity adds to the mean, or to the grade (contract sections 5.2 and 11.7)."""

from __future__ import annotations

from fractions import Fraction

from kurssi.policy.model import Policy


def adjustment(policy: Policy, level: str | None, attended: int | None) -> Fraction | None:
    """What a level, or sessions attended, add before the guard; None where the policy has no activity rule."""
    activity = policy.activity
    if activity is None:
        return None
    if activity.levels is not None:
        return activity.levels.get(level, Fraction(0)) if level is not None else Fraction(0)
    if attended is None:
        return Fraction(0)
    share = Fraction(attended, activity.sessions)
    return next((band.adjust for band in activity.bands if share >= band.share), Fraction(0))


def with_activity(policy: Policy, mean: Fraction, adjust: Fraction) -> Fraction:
    """min(max(top, m), max(m + a, min(m, pass grade))): neither above the top nor, by itself, below the pass grade."""
    if not adjust or (policy.activity is not None and policy.activity.in_steps):
        return mean
    return min(max(policy.top, mean), max(mean + adjust, min(mean, policy.pass_value)))


def stepped(policy: Policy, grade: int, adjust: Fraction) -> int:
    """The final grade moved by whole steps, where activity does that: within the same limits. Every gate is passed."""
    if policy.activity is None or not policy.activity.in_steps:
        return grade
    return min(policy.scale.top, max(grade + int(adjust), min(grade, policy.scale.pass_grade)))
