"""From the mean to the grade: activity, rounding, clamp (contract section 5, steps 7 to 9, and 5.2)."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor

from kurssi.policy.model import Policy
from kurssi.values.classlist import Student


def adjustment(policy: Policy, student: Student) -> Fraction | None:
    """What the student's activity adds before the guard; None where the policy has no activity rule."""
    activity = policy.activity
    if activity is None:
        return None
    if activity.levels is not None:
        return activity.levels.get(student.level, Fraction(0)) if student.level is not None else Fraction(0)
    if student.attended is None:
        return Fraction(0)
    share = Fraction(student.attended, activity.sessions)
    return next((band.adjust for band in activity.bands if share >= band.share), Fraction(0))


def with_activity(policy: Policy, mean: Fraction, adjust: Fraction) -> Fraction:
    """min(max(top, m), max(m + a, min(m, pass grade))): neither above the top nor, by itself, below the pass grade."""
    return min(max(policy.top, mean), max(mean + adjust, min(mean, policy.pass_value)))


def rounded(policy: Policy, total: Fraction) -> int:
    """A whole number: the total rounded, or its grade by the boundaries under ``basis: percent``."""
    if policy.percent:
        return policy.scale.lowest + sum(total >= bound for bound in policy.boundaries)
    return _round(policy.rounding, total)


def clamped(policy: Policy, whole: int) -> int:
    """Within the scale; at least the pass grade unless the total may fail. Every gate is passed."""
    low = policy.scale.lowest if policy.may_fail else policy.scale.pass_grade
    return min(max(whole, low), policy.scale.top)


def _round(mode: str, value: Fraction) -> int:
    if mode == "down":
        return floor(value)
    if mode == "up":
        return ceil(value)
    if mode == "half-even":
        return round(value)  # of a fraction: exact, halves to the even neighbour
    return floor(value + Fraction(1, 2))
