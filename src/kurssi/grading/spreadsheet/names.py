"""The names of the cells that hold the policy's sizes: ``weight_exam``, ``late_deduct``, ``boundaries_exam``.

They are the keys of the implementation file, in every language, so that a formula reads as the file does. A part's own
size has the part's id at the end; ids are unique, so the names are.
"""

from __future__ import annotations

from kurssi.policy.demands import Demand
from kurssi.policy.model import Late, Part, Policy

SCALE_LABELS, SCALE_GRADES = "scale_labels", "scale_grades"
SCALE_LOWEST, SCALE_TOP, SCALE_PASS = "scale_lowest", "scale_top", "scale_pass"
AT_LEAST = "at_least"
"""The grade that who passed every gate gets at least."""
BOUNDARIES = "boundaries"
STRICT_BOUNDARIES = "strict_boundaries"
"""For each boundary 1 where a total must lie above it, else 0."""
WEIGHTS_CHECK = "weights_check"
SIZES_CHANGED = "sizes_changed"
"""How many sizes are not as kurssi read them."""
ACTIVITY_LEVELS, ACTIVITY_ADJUST = "activity_levels", "activity_adjust"
ATTENDANCE_FROM, ATTENDANCE_ADJUST = "attendance_from", "attendance_adjust"
LATE_BUDGET, LATE_EACH = "late_budget", "late_free_at_most"
"""The hours of lateness that are forgiven: in all, and at most for each attempt."""
CLOCK_CHANGES, CLOCK_SECONDS = "clock_changes", "clock_seconds"


OF_SCORES = frozenset({"max", "over", "retake_at_most", "gain", "peer_weight", "peer_at_most", "peer_penalty"})
"""Sizes that a part which takes the scores of another does not have of its own."""


def lowest(policy: Policy) -> str:
    """The lowest value: the scale's, or 0 %."""
    return "lowest_value" if policy.percent else SCALE_LOWEST


def top(policy: Policy) -> str:
    """The top value: the scale's, or 100 %."""
    return "top_value" if policy.percent else SCALE_TOP


def pass_value(policy: Policy) -> str:
    """The value of the pass grade: the scale's, or the boundary from which it is given."""
    return "pass_value" if policy.percent else SCALE_PASS


def of(what: str, part: Part) -> str:
    """A size of one part: ``weight``, ``minimum``, ``max``, ``boundaries``, ``best``, ``not_below`` …"""
    return f"{what}_{part.source if what in OF_SCORES else part.id}"


def cap(owner: Part | Policy) -> str:
    """The most that the value of a part, or the total, counts as."""
    return of("cap", owner) if isinstance(owner, Part) else "total_cap"


def due(part: Part, attempt: int) -> str:
    """The deadline of an attempt."""
    return f"due_{part.source}" if attempt == 1 else f"due{attempt}_{part.source}"


def late(what: str, rule: Late, policy: Policy) -> str:
    """A size of a late rule: the whole assessment's, or that of the part in which the rule stands."""
    owner = next((part.id for part in policy.all_parts() if (*part.path, "late") == rule.path), None)
    return f"late_{what}" if owner is None else f"late_{what}_{owner}"


def sum_of(part: Part | None) -> str:
    """What the weights of the parts of a part, or of the top level, sum to."""
    return "weights_sum" if part is None else f"weights_sum_{part.id}"


def asked(demand: Demand) -> str:
    """What a grade asks of a part, or of attendance."""
    return f"asked{demand.grade}_{demand.part}"
