"""A part that has parts: its state, value and gate from theirs (contract section 5, steps 5 and 6)."""

from __future__ import annotations

from collections.abc import Sequence

from kurssi.grading.gates import fails_by_parts, with_gate
from kurssi.grading.result import ABSENT, OPEN, OUT, PartResult, State
from kurssi.policy.model import Part, Policy

from .ways import shown_as_ways, way_that_counts
from .weights import capped, weigh


def parent(part: Part, below: Sequence[PartResult], policy: Policy) -> PartResult:
    """The result of a part that has parts, from theirs."""
    if part.of_ways:
        counted = way_that_counts(below)
        ways = shown_as_ways(below, counted)
        is_open = any(way.open for way in below)
        best = below[counted].value
        own = PartResult(part, below[counted].state, None if best is None else capped(best, part.cap), children=ways)
        return with_gate(own._replace(open=is_open))
    mean = weigh(below, part)
    children = mean.results
    states = {child.state for child in children}
    is_open = any(child.open for child in children)
    if states <= set(OUT):
        out: State = "excused" if "excused" in states else "recognised"
        return PartResult(part, out, None, children=children)
    value = mean.value
    valued = part.counts or part.bonus
    state: State
    if not any(map(handed_in, children)):
        state, value = "missing", policy.lowest if valued else None
    elif fails_by_parts(part, children):
        state = "failed"
    elif states <= {*OPEN, *OUT}:
        state = "ungraded"
    elif value is None:
        state = "excused" if valued else "passed"
    else:
        state = "scored"
    return with_gate(PartResult(part, state, value, children=children, open=is_open))


def handed_in(result: PartResult) -> bool:
    """Whether anything of a part was handed in, at any depth; what came too late counts as not handed in."""
    if result.children:
        counted = [child for child in result.children if child.chosen] if result.part.of_ways else result.children
        return any(map(handed_in, counted))
    return result.state not in (*ABSENT, *OUT)
