"""What bonuses by steps are supposed to add while something is open: each possibility is looked at by itself.

What a bonus adds hangs on its own part and on the gates of others, and moves a third one. So all is worked out for
each amount that it may add, every part says on the way what it would mean for the bonus that it stands so, and in the
end only what fits together is kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import product

from kurssi.policy.model import Part, Policy, StepBonus

ZERO = Fraction(0)

Mark = tuple[str, Fraction | bool]
"""By id of a part: what its steps would add, or whether its gate is open."""
Marks = frozenset[Mark]
NOTHING: Marks = frozenset()


class Supposed:
    """What each bonus by steps of a policy is supposed to add."""

    def __init__(self, policy: Policy, adds: Mapping[str, Fraction]) -> None:
        self.adds = adds
        """By id of the part that gives it."""
        self.bonuses: dict[str, StepBonus] = {
            part.id: part.stepped for part in policy.bonuses_by_steps() if part.stepped is not None
        }
        self.asked = {name for bonus in self.bonuses.values() for name in bonus.only_if}

    def added_to(self, part: Part, *, after_gate: bool) -> Fraction:
        """What is added to the value of a part before or after its gate."""
        return sum(
            (
                self.adds[name]
                for name, one in self.bonuses.items()
                if one.to == part.id and one.after_gate == after_gate
            ),
            ZERO,
        )

    def beside(self, part: Part) -> Fraction:
        """What a part adds to the mean of its siblings."""
        bonus = self.bonuses.get(part.id)
        return self.adds[part.id] if bonus is not None and bonus.to is None else ZERO

    def marks(self, part: Part, share: Fraction | None, *, passes: bool) -> Marks:
        """What it means for bonuses that a part stands so; ``share``: how much there is of it, in per cent."""
        found: list[Mark] = []
        bonus = self.bonuses.get(part.id)
        if bonus is not None:
            found.append((f"{part.id} adds", ZERO if share is None else bonus.added(share)))
        if part.id in self.asked:
            found.append((part.id, passes))
        return frozenset(found)

    def holds(self, marks: Marks) -> bool:
        """Whether the bonuses add what is supposed where the parts stand so."""
        known = dict(marks)
        return all(
            self.adds[name] == (known[f"{name} adds"] if all(known[one] for one in bonus.only_if) else ZERO)
            for name, bonus in self.bonuses.items()
        )


def suppositions(policy: Policy) -> Iterator[Supposed]:
    """All that the bonuses of a policy may add together; one that holds nothing, where there are none."""
    bonuses = policy.bonuses_by_steps()
    for adds in product(*[part.stepped.amounts for part in bonuses if part.stepped is not None]):
        yield Supposed(policy, {part.id: add for part, add in zip(bonuses, adds, strict=True)})
