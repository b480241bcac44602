"""The parts of a student where one may add to another by steps (contract 11.6)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

from .attempts import ZERO
from .entries import OPEN, OUT
from .rules import CheckedPolicy, Rule, every
from .worth import Worth, gate, has_score, share


class Worths:
    """What each part comes to, where one may add to another by steps: each is worked out when it is asked for.

    What is ``known`` of a part stands instead of what is plain of it and of its own parts.
    """

    def __init__(
        self, plan: CheckedPolicy, plain: Callable[[Rule, tuple[Worth, ...]], Worth], known: Mapping[str, Worth]
    ) -> None:
        self.plan, self.plain, self.known = plan, plain, known
        self.rules = {rule.id: rule for rule in every(plan.parts)}
        self.gated: dict[str, Worth] = {}

    def of(self, rule: Rule) -> Worth:
        """With all that is added, and what it gives itself."""
        worth = self.at_gate(rule)
        after = self._from_others(worth, after_gate=True)
        if after and worth.value is not None:
            worth = worth._replace(value=worth.value + sum((add for _, add in after), ZERO), got_after=after)
        if rule.by_steps is None or worth.state in OUT:
            return worth
        there = share(self.plan, worth)
        if there is None:
            return worth
        gives = rule.by_steps.gives(there)
        if not all(map(self._passed, rule.by_steps.only_if)):
            gives = ZERO
        return worth._replace(gives=gives)

    def at_gate(self, rule: Rule) -> Worth:
        """As its gate sees it."""
        if rule.id not in self.gated:
            worth = self.known.get(rule.id) or self.plain(rule, tuple(self.of(child) for child in rule.parts))
            got = self._from_others(worth, after_gate=False)
            if got and worth.value is not None:
                worth = worth._replace(value=worth.value + sum((add for _, add in got), ZERO), got=got)
                worth = worth._replace(gate=gate(worth))
            self.gated[rule.id] = worth
        return self.gated[rule.id]

    def _passed(self, part: str) -> bool:
        worth = self.at_gate(self.rules[part])
        return worth.gate is None and worth.state not in OPEN

    def _from_others(self, worth: Worth, *, after_gate: bool) -> tuple[tuple[str, Fraction], ...]:
        """What is added to a part; without a score of its own it gets nothing."""
        found = []
        for rule in self.rules.values():
            by_steps = rule.by_steps
            if by_steps is None or by_steps.to != worth.rule.id or by_steps.after_gate != after_gate:
                continue
            gives = self.of(rule).gives
            if gives is not None:
                found.append((rule.id, gives if has_score(worth) else ZERO))
        return tuple(found)
