"""From the total to a grade: rounding or boundaries, and the clamp (contract section 5, steps 8 and 9)."""

from __future__ import annotations

from fractions import Fraction

from kurssi.policy.model import Policy
from kurssi.policy.rounding import whole_of


def rounded(policy: Policy, total: Fraction) -> int:
    """A whole number: the total rounded, or its grade by the boundaries under ``basis: percent``."""
    if policy.percent:
        return policy.by_boundaries(total)
    return whole_of(policy.rounding, total)


def clamped(policy: Policy, whole: int) -> int:
    """Within the scale; at least the pass grade unless the total may fail. Every gate is passed."""
    low = policy.scale.lowest if policy.may_fail else policy.scale.pass_grade
    return min(max(whole, low), policy.scale.top)
