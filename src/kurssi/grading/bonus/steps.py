"""The step of a bonus by steps: how much there is, what that adds, and to what (contract 11.6)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from kurssi.diagnostics.message import Msg, Percentage, Terms, msg
from kurssi.grading.demands import stand_of
from kurssi.grading.result import PartResult, Step, Steps
from kurssi.policy.model import StepBonus
from kurssi.values.numbers import exact

from .stepped import ZERO, share_of, with_bonus

STEPS: Steps = {"bonus-steps": msg("bonus")}


def beside_steps(results: Sequence[PartResult], parts: Mapping[str, PartResult], mean: Fraction) -> Iterator[Step]:
    """What those of siblings add to their mean that add by steps; ``parts``: all of the student, by id."""
    for result in results:
        stepped = result.part.stepped
        if stepped is None or stepped.to is not None:
            continue
        step = _step(result, stepped, parts, mean, result.adds or ZERO)
        if step is not None:
            yield step
            mean = step.after if step.after is not None else mean


def target_steps(
    target: PartResult, parts: Mapping[str, PartResult], *, after_gate: bool, before: Fraction
) -> Iterator[Step]:
    """What is added to the value of a part before its gate, or after it."""
    for giver in parts.values():
        stepped = giver.part.stepped
        if stepped is None or stepped.to != target.part.id or stepped.after_gate != after_gate:
            continue
        plain = target._replace(value=before)
        added = with_bonus(plain, giver.adds or ZERO, after_gate=True).added - plain.added
        step = _step(giver, stepped, parts, before, added)
        if step is not None:
            yield step
            before = before if step.after is None else step.after


def _step(
    result: PartResult, stepped: StepBonus, parts: Mapping[str, PartResult], before: Fraction, added: Fraction
) -> Step | None:
    share = share_of(stepped, result)
    if share is None:
        return None
    part = result.part
    why = _why(result, stepped, parts, share, before, added)
    operand = {"share": f"{exact(share)} %", "add": exact(added), "to": stepped.to}
    return Step("bonus-steps", part.id, stepped.path, (operand,), before, before + added, None, why)


def _why(
    result: PartResult,
    stepped: StepBonus,
    parts: Mapping[str, PartResult],
    share: Fraction,
    before: Fraction,
    added: Fraction,
) -> Msg:
    words = {"before": before, "share": Percentage(share), "part": result.part.name}
    shut = [parts[name].part.name for name in stepped.only_if if not stand_of(parts[name]).passed]
    reached = [start for start, _ in stepped.steps if share >= start]
    if not reached:
        return msg("{before}: nothing is added, as {share} of {part} reach no step", **words)
    if shut:
        return msg("{before}: nothing is added, as {parts} must be passed for it", parts=Terms(shut), before=before)
    if stepped.to is not None and not added and stepped.added(share):
        return msg("nothing is added, as there is no score to which it could be", **words)
    if added < 0:
        return msg("{before} − {added}: {share} of {part}, from {start} % on", added=-added, start=reached[-1], **words)
    return msg("{before} + {added}: {share} of {part}, from {start} % on", added=added, start=reached[-1], **words)
