"""What grading a student yields: the result, the results of the parts, and the steps that prove it.

Steps are no part of a result: they are made from it when somebody is shown them.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Literal, NamedTuple, assert_never, get_args

from kurssi.diagnostics.finding import Path
from kurssi.diagnostics.message import Msg, Percentage, nmsg
from kurssi.policy.demands import Demand
from kurssi.policy.model import Part, Policy
from kurssi.values.classlist import OPEN as OPEN
from kurssi.values.classlist import OUT as OUT
from kurssi.values.classlist import Attempt, AttemptState, Student

State = Literal[AttemptState, "closed"]
"""What an attempt, or a part, came to."""

GateCode = Literal["not-submitted", "closed", "failed", "below-minimum"]
"""Why a part is not passed, by the codes of the contract."""

ReasonCode = Literal[GateCode, "below-boundary", "demand-not-met", "nothing-to-weigh"]
"""Why a student failed, has no grade, or has not the grade of the total."""


def _weighs(state: State) -> bool:
    """Whether an attempt in this state can be the one that counts."""
    match state:
        case "scored" | "failed" | "passed":
            return True
        case "missing" | "closed" | "ungraded" | "withheld" | "excused" | "recognised":
            return False
        case _ as unknown:
            assert_never(unknown)


def _came(state: State) -> bool:
    """Whether something is there in time; what is excused need not be."""
    match state:
        case "scored" | "failed" | "passed" | "ungraded" | "withheld" | "excused" | "recognised":
            return True
        case "missing" | "closed":
            return False
        case _ as unknown:
            assert_never(unknown)


StepName = Literal[
    "take",
    "markers",
    "rubric",
    "convert",
    "late",
    "attempt",
    "peer",
    "gate",
    "mean",
    "bonus",
    "bonus-steps",
    "cap",
    "way",
    "activity",
    "round",
    "raise",
    "demand",
    "override",
    "grade",
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
    """State, score and times."""
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
    """scored, passed, failed, missing, closed, ungraded, withheld, excused or recognised."""
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
    children: tuple["PartResult", ...] = ()
    effective_weight: Fraction | None = None
    """Per cent among the siblings that count."""
    chosen: bool = True
    """Whether the part was chosen where only the best count."""
    added: Fraction = Fraction(0)
    """What of its value bonuses by steps have added."""
    added_after: Fraction = Fraction(0)
    """What of that was added after its gate was judged."""
    adds: Fraction | None = None
    """What it adds itself, where it gives a bonus by steps."""

    @property
    def at_gate(self) -> Fraction | None:
        """The value that its gate looks at."""
        return self.value - self.added_after if self.added_after and self.value is not None else self.value

    @property
    def withheld(self) -> bool:
        """Whether the score of an attempt is not released."""
        return any(attempt.state == "withheld" for attempt in self.attempts)


class Met(NamedTuple):
    """What a grade asks, and what of it a student has."""

    demand: Demand
    met: bool
    had: Fraction | None
    """As it is measured; None where there is nothing."""
    part: Part | None
    """None where sessions are asked for."""
    result: PartResult | None


def flat(results: Sequence[PartResult]) -> dict[str, PartResult]:
    """Results by part id, at every depth."""
    out: dict[str, PartResult] = {}
    for result in results:
        out[result.part.id] = result
        out.update(flat(result.children))
    return out


class Reason(NamedTuple):
    """Why a student failed or has no grade: the part, a code of the contract, the bound, the value that missed it."""

    part: Part | None
    code: ReasonCode
    minimum: Fraction | None = None
    value: Fraction | None = None
    demand: Demand | None = None
    """What was asked, where a demand is not met; then bound and value are in its unit."""
    had: str | None = None
    """What there was of it, as a report writes it."""

    @property
    def about(self) -> str | None:
        """The id of the part, or ``attended``; None where it is about the total."""
        if self.demand is not None:
            return self.demand.part
        return self.part.id if self.part is not None else None


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

    @property
    def told_under(self) -> str | None:
        """The part under whose name it is told; None: what is added to a mean is told with the whole."""
        match self.step:
            case "bonus":
                return None
            case "bonus-steps":
                to = self.operands[0]["to"]
                return None if to is None else str(to)
            case _:
                return self.part


def in_unit(value: Fraction | None, policy: Policy) -> object:
    """A value as a step tells it: per cent with its sign, a grade as it is, one of an own scale by label and number."""
    if value is None:
        return None
    if policy.percent:
        return Percentage(value)
    label = policy.scale.own_label(value)
    return value if label is None else f"{label} ({value})"


def in_points(number: Fraction | None) -> Msg:
    """A number of points with its unit."""
    return nmsg("{n} point", "{n} points", n=number or Fraction(0))


Steps = Mapping[StepName, Msg]
"""The steps of a construct, by what they do, with what each is called."""


class Override(NamedTuple):
    """A grade set by a person, with the reason."""

    grade: int
    reason: str
    by: str
    date: str


class Verdict(NamedTuple):
    """What the grading says of one student; the fields are those of :class:`Result`."""

    status: str
    grade: int | None
    exact: Fraction | None
    rounded: int | None
    raised: bool
    range: tuple[int, ...] | None
    reasons: tuple[Reason, ...]


class Result(ABC):
    """The grade of one student and how it came about."""

    __slots__ = ("adjust", "computed", "override", "student", "verdict")

    def __init__(self, student: Student, verdict: Verdict, adjust: Fraction | None) -> None:
        self.student = student
        self.verdict = verdict
        """After an override, if there is one."""
        self.computed = verdict.grade
        """The grade before an override."""
        self.override: Override | None = None
        self.adjust = adjust
        """What activity adds before its guard; None where the policy has no activity."""

    @property
    @abstractmethod
    def parts(self) -> tuple[PartResult, ...]:
        """The parts of the top level as they counted; put together anew each time, from what many share."""

    @property
    def alike_by(self) -> object | None:
        """Equal for results of one grader that differ in nothing but whose they are and when something came.

        It names objects that the result holds, and says nothing of a result that is gone. None where it is not known.
        """
        return None

    @property
    def status(self) -> str:
        """graded, failed or incomplete."""
        return self.verdict.status

    @property
    def grade(self) -> int | None:
        """The grade, after an override."""
        return self.verdict.grade

    @property
    def exact(self) -> Fraction | None:
        """The value before rounding."""
        return self.verdict.exact

    @property
    def rounded(self) -> int | None:
        """The value after rounding, or by the boundaries."""
        return self.verdict.rounded

    @property
    def raised(self) -> bool:
        """Whether a total below the pass grade was raised to it because every gate is passed."""
        return self.verdict.raised

    @property
    def range(self) -> tuple[int, ...] | None:
        """Every grade still reachable, ascending, where the student is incomplete."""
        return self.verdict.range

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Why the student failed, has no grade, or has not the grade of the total."""
        return self.verdict.reasons

    def set_by(self, override: Override, pass_grade: int) -> None:
        """Puts a grade set by a person in place of the computed one."""
        status = "failed" if override.grade < pass_grade else "graded"
        self.override = override
        self.verdict = self.verdict._replace(status=status, grade=override.grade, range=None)

    def __eq__(self, other: object) -> bool:
        """Whether both say the same of the same student."""
        return isinstance(other, Result) and self._told() == other._told()

    def __hash__(self) -> int:
        return hash((self.student.student, self.verdict))

    def _told(self) -> tuple[object, ...]:
        return (self.student, self.verdict, self.computed, self.override, self.adjust, self.parts)
