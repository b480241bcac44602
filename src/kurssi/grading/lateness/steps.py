"""The step of lateness: when it came, how late that is, what it takes (contract section 5.1)."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

from kurssi.diagnostics.finding import Path
from kurssi.diagnostics.message import Msg, msg
from kurssi.grading.result import AttemptResult, Step, Steps
from kurssi.policy.model import Late, Part
from kurssi.values.classlist import NEVER_LATE
from kurssi.values.times import When, clock_text

from .words import units_late

_new = tuple.__new__
STEPS: Steps = {"late": msg("hand-in")}


class LateStep:
    """The step of lateness but for the times: all that students who were equally late have in common."""

    __slots__ = ("after", "before", "forgiven", "limit", "number", "part", "rule", "text", "units", "words")

    def __init__(
        self,
        part: str,
        attempt: AttemptResult,
        rule: Path,
        after: Fraction | None,
        why: Msg,
        limit: Fraction | None = None,
    ) -> None:
        self.part = part
        self.number = attempt.number
        self.units = attempt.units
        self.forgiven = attempt.forgiven
        self.rule = rule
        self.before = attempt.converted
        self.after = after
        self.limit = limit
        self.text = why.text
        self.words = why.args

    def step(self, submitted: When, due: When) -> Step:
        """The step of an attempt with these times."""
        # told of every attempt that has a time: the tuples are made without the detour through their names
        operand = {
            "attempt": self.number,
            "submitted": submitted,
            "due": due,
            "units": self.units,
            "forgiven": self.forgiven,
        }
        why = _new(Msg, (self.text, {"submitted": submitted, "due": due, **self.words}, None))
        return _new(Step, ("late", self.part, self.rule, (operand,), self.before, self.after, self.limit, why))


def can_be_late(part: Part, attempt: AttemptResult) -> bool:
    """Whether there is a late rule that could say something of the attempt, had it a deadline and a time."""
    return part.late is not None and attempt.state not in NEVER_LATE


def late_step(part: Part, attempt: AttemptResult) -> LateStep | None:
    """How late an attempt with a deadline and a time came, and what that takes; None where it cannot be late."""
    late = part.late
    if late is None or not can_be_late(part, attempt):
        return None
    if attempt.state == "closed":
        why = msg("handed in {submitted}, due {due}: too late, counts as not submitted")
        return LateStep(part.id, attempt, (*late.path, "closes"), None, why)
    if not attempt.units:
        why = msg("handed in {submitted}, due {due}: on time")
        return LateStep(part.id, attempt, late.path, attempt.converted, why)
    if attempt.converted is None or attempt.value is None:
        return None
    after = attempt.after_lateness or Fraction(0)
    rule = (*late.path, "deduct") if late.deduct else late.path
    return LateStep(part.id, attempt, rule, after, _taken(late, attempt, after), late.not_below)


def export_step(part: Part, attempt: AttemptResult, length: timedelta) -> Step | None:
    """The step of an attempt whose lateness is taken from the export; None where it cannot be late."""
    late, before = part.late, attempt.converted
    if late is None or not can_be_late(part, attempt):
        return None
    said = {"attempt": attempt.number, "lateness": clock_text(length)}
    operands = ({**said, "units": attempt.units, "forgiven": attempt.forgiven},)
    words: dict[str, object] = {"late": clock_text(length), "before": before, "deducted": attempt.deducted}
    if attempt.state == "closed":
        why = msg("{late} late by the export: too late, counts as not submitted", **words)
        return Step("late", part.id, (*late.path, "closes"), operands, before, None, None, why)
    if not attempt.units:
        why = msg("{late} late by the export: on time", **words)
        return Step("late", part.id, late.path, operands, before, before, None, why)
    if before is None or attempt.value is None:
        return None
    after = attempt.after_lateness or Fraction(0)
    why = msg(
        "{late} late by the export: {units}: {before}, of it {after} is left",
        **words,
        after=after,
        units=units_late(late.per, attempt.units),
    )
    rule = (*late.path, "deduct") if late.deduct else late.path
    return Step("late", part.id, rule, operands, before, after, late.not_below, why)


def _taken(late: Late, attempt: AttemptResult, after: Fraction) -> Msg:
    words: dict[str, object] = {
        "late": units_late(late.per, attempt.units),
        "before": attempt.converted,
        "deducted": attempt.deducted,
        "after": after,
        "forgiven": attempt.forgiven,
    }
    if attempt.forgiven:
        return msg(
            "handed in {submitted}, due {due}: {late}, {forgiven} forgiven: {before} − {deducted} = {after}", **words
        )
    if attempt.converted is not None and attempt.converted - attempt.deducted < after:
        return msg("handed in {submitted}, due {due}: {late}: {before} − {deducted}, held at {after}", **words)
    return msg("handed in {submitted}, due {due}: {late}: {before} − {deducted} = {after}", **words)
