"""One part without parts: its attempts, the one that counts, peer marks, and the gate (contract section 5, 1 to 5)."""

from __future__ import annotations

from collections.abc import Sequence

from kurssi.policy.model import Part, Policy

from .attempts import Tried, choose, grade_attempt
from .gates import with_gate
from .peers import Share, moved
from .result import OPEN, OUT, AttemptResult, PartResult, State


def tried_for(part: Part, tries: Sequence[Tried], policy: Policy, forgiven: int) -> tuple[AttemptResult, ...]:
    """The attempts with their values; ``forgiven`` late units are those of the first."""
    return tuple(grade_attempt(part, n, tried, policy, forgiven if n == 1 else 0) for n, tried in enumerate(tries, 1))


def grade_leaf(
    part: Part, results: tuple[AttemptResult, ...], policy: Policy, share: Share | None = None
) -> PartResult:
    """What the attempts of one student come to, first attempt first.

    A pure function of what the cells say and how late each came. The result has no times.
    """
    chosen = choose(part, results, policy)
    states = [a.state for a in results]
    waiting = [state for state in OPEN if state in states]
    lowest = policy.lowest if part.valued else None
    if chosen is not None:
        result = PartResult(part, chosen.state, chosen.value, results, chosen.used, None, bool(waiting))
    elif waiting:
        result = PartResult(part, waiting[-1], lowest, results, None, None, True)
    elif out := next((state for state in OUT if state in states), None):
        return PartResult(part, out, None, results)
    else:
        state: State = "closed" if "closed" in states else "missing"
        result = PartResult(part, state, lowest, results)
    if part.peer is not None and share is not None and result.state == "scored" and result.value is not None:
        peer = moved(result.value, share, part.peer, policy)
        result = result._replace(value=peer.value, peer=peer)
    return with_gate(result)
