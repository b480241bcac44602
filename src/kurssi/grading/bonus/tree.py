"""The parts of a policy in which something is added by steps: each once that is known which it hangs on."""

from __future__ import annotations

from collections.abc import Iterable

from kurssi.grading.mean import parent
from kurssi.grading.result import PartResult
from kurssi.policy.model import Part, Policy

from .stepped import ZERO, adding, with_bonus


class Tree:
    """The parts of one student, worked out as they are asked for. A rule says that none hangs on itself."""

    def __init__(self, policy: Policy, leaves: Iterable[PartResult]) -> None:
        """``leaves``: what the parts without parts come to by themselves."""
        self.policy = policy
        self.leaves = {result.part.id: result for result in leaves}
        self.parts = policy.by_id()
        self.givers = _givers(policy)
        self._gates: dict[str, PartResult] = {}
        self._results: dict[str, PartResult] = {}

    def results(self) -> tuple[PartResult, ...]:
        """The parts of the top level, each with its own parts."""
        return tuple([self.result(part) for part in self.policy.parts])

    def result(self, part: Part) -> PartResult:
        """What a part comes to, with all that is added to it, and what it adds itself."""
        found = self._results.get(part.id)
        if found is None:
            found = self._raised(part, self.at_gate(part.id), after_gate=True)
            if part.stepped is not None:
                found = found._replace(adds=adding(part.stepped, found, self.at_gate))
            self._results[part.id] = found
        return found

    def at_gate(self, name: str) -> PartResult:
        """What a part comes to where its gate is judged."""
        found = self._gates.get(name)
        if found is None:
            part = self.parts[name]
            if part.parts:
                plain = parent(part, [self.result(child) for child in part.parts], self.policy)
            else:
                plain = self.leaves[name]
            found = self._gates[name] = self._raised(part, plain, after_gate=False)
        return found

    def _raised(self, part: Part, result: PartResult, *, after_gate: bool) -> PartResult:
        for giver in self.givers.get(part.id, ()):
            stepped = giver.stepped
            if stepped is not None and stepped.after_gate == after_gate:
                result = with_bonus(result, self.result(giver).adds or ZERO, after_gate=after_gate)
        return result


def _givers(policy: Policy) -> dict[str, list[Part]]:
    """By part, those whose bonus is added to it."""
    givers: dict[str, list[Part]] = {}
    for part in policy.bonuses_by_steps():
        if part.stepped is not None and part.stepped.to is not None:
            givers.setdefault(part.stepped.to, []).append(part)
    return givers


def goes_in_a_circle(policy: Policy) -> bool:
    """Whether a bonus hangs on itself: no file says so that a rule has seen, but two policies mixed may."""
    from graphlib import CycleError, TopologicalSorter  # only who mixes policies asks

    givers = _givers(policy)
    order: TopologicalSorter[tuple[str, str]] = TopologicalSorter()
    for part in policy.all_parts():
        gate, result = ("gate", part.id), ("result", part.id)
        order.add(gate, *(("result", child.id) for child in part.parts))
        order.add(
            result, gate, *(("gate", name) for name in (part.stepped.only_if if part.stepped is not None else ()))
        )
        for giver in givers.get(part.id, ()):
            late = giver.stepped is not None and giver.stepped.after_gate
            order.add(result if late else gate, ("result", giver.id))
    try:
        order.prepare()
    except CycleError:
        return True
    return False
