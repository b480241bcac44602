"""What grading a student yields: the result, the results of the parts, and the steps that prove it.

Steps are no part of a result: they are made from it when somebody is shown them.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Literal, NamedTuple, assert_never, get_args

from kurssi.diagnostics.finding import Path
from kurssi.diagnostics.message import Msg
from kurssi.policy.model import Part
from kurssi.values.classlist import OUT as OUT
from kurssi.values.classlist import Attempt, AttemptState, Student

State = Literal[AttemptState, "closed"]
"""What an attempt, or a part, came to."""

GateCode = Literal["not-submitted", "closed", "failed", "below-minimum"]
"""Why a part is not passed, by the codes of the contract."""

ReasonCode = Literal[GateCode, "below-boundary", "nothing-to-weigh"]
"""Why a student failed, or has no grade."""


def _weighs(state: State) -> bool:
    """Whether an attempt in this state can be the one that counts."""
    match state:
        case "scored" | "failed" | "passed":
            return True
        case "missing" | "closed" | "ungraded" | "excused" | "recognised":
            return False
        case _ as unknown:
            assert_never(unknown)


def _came(state: State) -> bool:
    """Whether something is there in time; what is excused need not be."""
    match state:
        case "scored" | "failed" | "passed" | "ungraded" | "excused" | "recognised":
            return True
        case "missing" | "closed":
            return False
        case _ as unknown:
            assert_never(unknown)


StepName = Literal[
    "convert", "late", "attempt", "peer", "gate", "mean", "bonus", "activity", "round", "raise", "override", "grade"
]
"""What a step does."""

LIVE: tuple[State, ...] = tuple(state for state in (*get_args(AttemptState), "closed") if _weighs(state))
"""States of an attempt that can count."""
ABSENT: tuple[State, ...] = tuple(state for state in (*get_args(AttemptState), "closed") if not _came(state))
"""States in which nothing is there in time."""


class AttemptResult(NamedTuple):
    """One attempt after conversion, lateness and the cap on retakes. Values as in :class:`PartResult`."""

    number: int
    state: State
    """As in :class:`~kurssi.values.classlist.Attempt`, or ``closed``."""
    given: Attempt
    """State, score and times; where they were read is said by the student's own attempts alone."""
    converted: Fraction | None
    units: int
    """Started late units, before any are forgiven."""
    forgiven: int
    deducted: Fraction
    """What lateness takes, before the floor holds it back."""
    after_lateness: Fraction | None
    value: Fraction | None
    """After lateness and the cap on retakes."""


class PeerResult(NamedTuple):
    """What peer marks made of a group's value for one member."""

    factor: Fraction
    silent: bool
    group_value: Fraction
    value: Fraction


class PartResult(NamedTuple):
    """A part of one student. Values are on the scale, or per cent under ``basis: percent``; exact."""

    part: Part
    state: State
    """scored, passed, failed, missing, closed, ungraded, excused or recognised."""
    value: Fraction | None
    """After lateness, attempts and peer marks; None where the part leaves the mean."""
    attempts: tuple[AttemptResult, ...] = ()
    used: int | None = None
    """The number of the attempt that counts."""
    gate: GateCode | None = None
    """None where the gate is open, else the reason's code."""
    open: bool = False
    """Whether an attempt is handed in and not graded, or still to come."""
    peer: PeerResult | None = None
    children: tuple[PartResult, ...] = ()
    effective_weight: Fraction | None = None
    """Per cent among the siblings that count."""
    chosen: bool = True
    """Whether the part was chosen where only the best count."""
    like: PartResult | None = None
    """Of a part without parts: the same without times and weight, one value for all who handed in alike."""


class Reason(NamedTuple):
    """Why a student failed or has no grade: the part, a code of the contract, the bound, the value that missed it."""

    part: Part | None
    code: ReasonCode
    minimum: Fraction | None = None
    value: Fraction | None = None


class Step(NamedTuple):
    """One step of the computation: what went in, the rule it follows, and what came out."""

    step: StepName
    part: str | None
    rule: Path
    """The rule's place in the implementation file."""
    operands: tuple[Mapping[str, object], ...]
    before: Fraction | None
    after: Fraction | None
    limit: Fraction | None
    why: Msg


Steps = Mapping[StepName, Msg]
"""The steps of a construct, by what they do, with what each is called."""


class Override(NamedTuple):
    """A grade set by a person, with the reason."""

    grade: int
    reason: str
    by: str
    date: str


class Verdict(NamedTuple):
    """What the grading says of one student, before an override; the fields are those of :class:`Result`."""

    status: str
    grade: int | None
    exact: Fraction | None
    rounded: int | None
    raised: bool
    range: tuple[int, ...] | None
    reasons: tuple[Reason, ...]


class Result(NamedTuple):
    """The grade of one student and how it came about."""

    student: Student
    status: str
    """graded, failed or incomplete."""
    grade: int | None
    exact: Fraction | None
    """The value before rounding."""
    rounded: int | None
    raised: bool
    """Whether a total below the pass grade was raised to it because every gate is passed."""
    computed: int | None
    """The grade before an override."""
    override: Override | None
    range: tuple[int, ...] | None
    """Every grade still reachable, ascending, where the student is incomplete."""
    reasons: tuple[Reason, ...]
    adjust: Fraction | None
    """What activity adds before its guard; None where the policy has no activity."""
    parts: tuple[PartResult, ...]


def result_by(student: Student, verdict: Verdict, adjust: Fraction | None, parts: tuple[PartResult, ...]) -> Result:
    """The student's result as the verdict has it, before any override."""
    status, grade, exact, rounded, raised, span, reasons = verdict
    return Result(student, status, grade, exact, rounded, raised, grade, None, span, reasons, adjust, parts)
