"""The figures of a policy whose parts do not stand by themselves, by trying whole students."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from kurssi.policy.model import Part

from .claims import Witness
from .effects import Influence, Move
from .policy_figures import ActivityEffect, LateEffect
from .trials import MISSING, SAMPLED, Trials, activities, largest


def influence_together(trials: Trials, part: Part, share: Fraction) -> Influence:
    """What one part can do to the grade, through every part that reads its scores."""
    low, high = trials.span(part)
    moved = [
        (by, witness)
        for by, witness in trials.pairs(part, low, high)
        if all(trials.passes(student) for student in witness.students)
    ]
    best = max(moved, key=lambda each: each[0], default=None)
    least = max(0, min((by for by, _ in moved), default=0))
    gate = largest(trials.pairs(part, MISSING, high), lambda by: by) if part.required else None
    witness = best[1] if best is not None and best[0] > 0 else gate[1] if gate is not None else None
    return Influence(
        part,
        share,
        max(0, best[0]) if best is not None else None,
        least if moved and (not least or trials.grid != SAMPLED) else None,  # less than nothing is not moved
        gate[0] if gate is not None else 0,
        trials.grid,
        witness,
    )


def lateness_together(trials: Trials, part: Part, share: Fraction) -> LateEffect | None:
    """What lateness of one part costs."""
    if not part.valued or part.late is None or not part.late.deduct:
        return None
    first: Move | None = None
    worst: Move | None = None
    size, units = Fraction(0), 0
    for late, early, slow in trials.late(part):
        found = largest(trials.pairs(part, early, slow), lambda by: -by)
        move = None if found is None else Move(*found)
        values = [trials.grader.leaf(part, version).value or Fraction(0) for version in (early, slow)]
        if late == 1:
            size = max(size, values[0] - values[1])
            first = move if first is None or (move is not None and move.by < first.by) else first
        if move is not None and (worst is None or move.by < worst.by):
            worst, units = move, late
    return LateEffect(part, size, size * share / 100, first, worst, units) if size or worst is not None else None


def activity_together(trials: Trials) -> Iterator[ActivityEffect]:
    """What every activity can do."""
    part = trials.parts[0]
    for like, adjust in activities(trials.policy):
        most: tuple[int, Witness] | None = None
        for cell in trials.options[part.id]:
            found = largest(trials.pairs(part, (cell,), (cell,), like), abs)
            if found is not None and (most is None or abs(found[0]) > abs(most[0])):
                most = found
        yield ActivityEffect(like, adjust, None if most is None else Move(*most))
