"""All questions about one policy, asked one after the other, each with its own budget."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from kurssi.grading.conversion.hooks import HALVES, WHOLE
from kurssi.grading.mean.hooks import shares
from kurssi.policy.model import Policy

from .bounds import Bounds
from .budget import Budget, Spent, Undecided
from .claims import Claim
from .effects import STEPS, Grids, Influence, Move, influence
from .findings import (
    dead_gates,
    dead_late_steps,
    dead_levels,
    dead_parts,
    dead_retakes,
    decides_alone,
    not_monotone,
    unreachable_grades,
)
from .peers import PeerEffect, peer_claims, peer_effects
from .policy_figures import (
    ActivityEffect,
    LateEffect,
    Need,
    Ties,
    activity_effects,
    all_late,
    lateness,
    needs,
    ties,
)


class Analysis(NamedTuple):
    """What a policy can do."""

    policy: Policy
    claims: tuple[Claim, ...]
    undecided: tuple[str, ...]
    """Kinds of claims that the budget did not suffice for."""
    influences: tuple[Influence, ...]
    needs: tuple[Need, ...]
    late: tuple[LateEffect, ...]
    all_late: Move | None
    activity: tuple[ActivityEffect, ...]
    ties: tuple[Ties, ...]
    """Over whole grades, then over whole and half grades."""
    peers: tuple[PeerEffect, ...]


def analyse(policy: Policy, steps: int = STEPS) -> Analysis:
    """Everything there is to say about a policy."""
    grids = Grids(policy, steps)
    claims: list[Claim] = []
    undecided: list[str] = []

    def ask(kind: str, question: Callable[[], Iterator[Claim]]) -> None:
        try:
            for claim in question():
                if claim.witness is None:  # nothing is claimed that no student shows
                    raise Undecided
                claims.append(claim)
        except (Undecided, Spent):
            undecided.append(kind)

    bounds = Bounds(policy, Budget(steps))
    ask("unreachable-grade", lambda: unreachable_grades(grids))
    ask("dead-part", lambda: dead_parts(grids, bounds))
    ask("dead-gate", lambda: dead_gates(grids))
    dead = {claim.found or "" for claim in claims if claim.kind == "dead-part"}
    ask("decides-alone", lambda: decides_alone(grids, dead))
    ask("not-monotone", lambda: not_monotone(grids))
    ask("dead-level", lambda: dead_levels(grids))
    ask("dead-late-step", lambda: dead_late_steps(grids))
    ask("dead-retake", lambda: dead_retakes(grids))
    peers = [effect for part in policy.leaves() if part.peer for effect in peer_effects(grids, part) or ()]
    claims += peer_claims(peers)
    share = shares(policy)
    influences = tuple(influence(grids, part, share[part.id]) for part in policy.leaves())
    late = (lateness(grids, part, share[part.id]) for part in policy.leaves())
    return Analysis(
        policy,
        tuple(claims),
        tuple(undecided),
        influences,
        tuple(needs(grids)),
        tuple(effect for effect in late if effect is not None),
        all_late(grids),
        tuple(activity_effects(grids)),
        tuple(found for grid in (WHOLE, HALVES) if (found := ties(policy, grid, 4 * steps)) is not None),
        tuple(peers),
    )
