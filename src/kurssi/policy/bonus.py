"""A bonus by steps, resolved (contract 11.6)."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from kurssi.course import model
from kurssi.diagnostics.finding import Path
from kurssi.values.numbers import exact


class StepBonus(NamedTuple):
    """How much of a part adds how much, and where."""

    path: Path
    steps: tuple[tuple[Fraction, Fraction], ...]
    """(per cent from which it is added, what is added), rising."""
    only_if: tuple[str, ...]
    """The parts that must be passed, else nothing is added."""
    to: str | None
    """The part to whose value it is added; None: to the mean of its siblings."""
    after_gate: bool
    """Whether the gate of that part is judged without it."""
    whole: Fraction | None
    """Raw points that are 100 %; None where the value itself is in per cent."""

    def added(self, share: Fraction) -> Fraction:
        """What so many per cent of the part add: that of the last step reached, nothing below the first."""
        reached = [add for start, add in self.steps if share >= start]
        return reached[-1] if reached else Fraction(0)

    @property
    def bounds(self) -> tuple[Fraction, ...]:
        """Where steps begin: as values in per cent, or in raw points."""
        return tuple(start if self.whole is None else start * self.whole / 100 for start, _ in self.steps)

    @property
    def amounts(self) -> tuple[Fraction, ...]:
        """All that it may add, nothing included, rising."""
        return tuple(sorted({Fraction(0), *(add for _, add in self.steps)}))


def bonus_by_steps(given: model.Part, path: Path, percent: bool) -> StepBonus | None:
    """The bonus of a part of the file, where it is one by steps."""
    bonus = given.stepped
    if bonus is None:
        return None
    steps = tuple((step.from_, step.add) for step in bonus.steps)
    whole = None if percent else given.max
    return StepBonus((*path, "bonus"), steps, bonus.only_if, bonus.to, bonus.after_gate, whole)


def written(bonus: StepBonus) -> dict[str, Any]:
    """A bonus by steps as a report holds it."""
    out: dict[str, Any] = {
        "steps": [{"from": f"{exact(start)} %", "add": exact(add)} for start, add in bonus.steps],
        "only_if": list(bonus.only_if),
    }
    return out if bonus.to is None else {**out, "to": bonus.to, "after_gate": bonus.after_gate}


def read_back(data: Any, path: Path, whole: Fraction | None) -> StepBonus | None:
    """The bonus of a resolved part, where it is one by steps; ``whole``: its max, where values are no per cents."""
    if isinstance(data, bool):
        return None
    steps: Sequence[Any] = data["steps"]
    shares = tuple((Fraction(step["from"].removesuffix("%").strip()), Fraction(step["add"])) for step in steps)
    only_if, to = tuple(map(str, data["only_if"])), data.get("to")
    return StepBonus((*path, "bonus"), shares, only_if, to, data.get("after_gate", False), whole)
