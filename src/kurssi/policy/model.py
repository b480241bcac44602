"""The policy: an assessment with every default filled in, in the form the grading core computes with.

Built from a file whose shape and rules are in order (:mod:`kurssi.course.rules.assessment` says what that takes).
All numbers are fractions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any, Literal, NamedTuple, assert_never, get_args

from kurssi.course import model
from kurssi.diagnostics.finding import Path
from kurssi.values.hours import Length
from kurssi.values.numbers import Amount, Bound
from kurssi.values.times import When

from .activity import Activity as Activity
from .activity import Band as Band
from .activity import activity_of
from .composite import Markers, Rubric, markers_of, rubric_of
from .demands import Demand, demands_of, sessions_of
from .free_time import Free as Free
from .free_time import free_of
from .peer import Peer as Peer
from .peer import peer_of
from .scales import Scale, scale_of
from .skipped_days import FINLAND, Skip

LateForm = Literal["per-unit", "table"]
"""What the deductions of a late rule are: one amount that every unit takes, or a table for unit 1, 2, 3 …"""


ChoiceRule = Literal["best", "drop_lowest"]
"""How a part chooses among its parts, by the key of the file: only the best count, or the lowest are dropped."""

CHOICE_RULES: tuple[ChoiceRule, ...] = get_args(ChoiceRule)


class Late(NamedTuple):
    """What lateness costs (5.1), resolved for one part."""

    path: Path
    deduct: tuple[Fraction, ...]
    """One amount per unit, or the entries of a table; empty where only ``closes`` counts."""
    percent: bool
    """Whether ``deduct`` is per cent of ``of``; otherwise grade steps (points of 100 under basis percent)."""
    of: model.PercentOf | None
    form: LateForm
    """A table's last entry holds on."""
    per: model.LateUnit
    grace: Length | None
    at_most: Fraction | None
    at_most_percent: bool
    not_below: Fraction
    closes: Length | None
    skip: Skip | None = None
    """Days that start no late unit and end none."""

    @property
    def by_table(self) -> bool:
        """Whether each unit has an amount of its own."""
        match self.form:
            case "table":
                return True
            case "per-unit":
                return False
            case _ as unknown:
                assert_never(unknown)


class Choice(NamedTuple):
    """Which of its parts enter the mean of a part."""

    rule: ChoiceRule
    number: int

    def keeps(self, counting: int) -> int:
        """How many of ``counting`` values enter the mean, the highest ones."""
        match self.rule:
            case "best":
                return self.number
            case "drop_lowest":
                return max(1, counting - self.number)
            case _ as unknown:
                assert_never(unknown)


class Serial(NamedTuple):
    """Which one of a series a part is, as it is written once in the file."""

    name: str
    """The name without the number."""
    number: int
    """From 1."""


class Part(NamedTuple):
    """A part of the assessment, resolved. Values are on the scale, or per cent under ``basis: percent``."""

    id: str
    name: str
    path: Path
    column: str | None
    weight: Fraction | None
    bonus: bool
    by_group: bool
    graded: model.Graded
    max: Fraction | None
    boundaries: tuple[Bound, ...] | None
    """Least points for each grade above the lowest."""
    linear: tuple[tuple[Fraction, Fraction], tuple[Fraction, Fraction]] | None
    """(points, value) of the pass grade and of the top."""
    minimum: Fraction
    minimum_raw: bool
    """Whether ``minimum`` is in raw points rather than a value."""
    required: bool
    attempt: model.AttemptRule
    dues: tuple[When | None, ...]
    """The deadline of each attempt that the policy allows; its length is retakes + 1."""
    retake_at_most: Fraction | None
    late: Late | None
    peer: Peer | None
    parts: tuple[Part, ...]
    choice: Choice | None
    late_from_export: bool = False
    """Whether lateness is taken as the export says it, and not counted from the deadline."""
    over: Fraction = Fraction(0)
    """So many raw points beyond ``max`` are taken, and count."""
    series: Serial | None = None
    """Of a part that is repeated; its path is that of all of them."""
    need: int | None = None
    """So many of its parts must be passed, of those that are neither excused nor recognised; at least one."""
    weighed: bool = True
    """False where nothing is weighed, because requirements decide."""
    only_points: bool = False
    """Whether points stay points: nothing is weighed, and the file says no way to turn them into grades."""
    gain: Fraction = Fraction(0)
    """The share of what a later attempt is above the first one that is added to it; 0 under another rule."""
    by_points: bool = False
    """Whether the points of its parts are added up; their weights follow from their ``max``."""
    cap: Fraction | None = None
    """The value of its parts, bonus included, is held at most there."""
    outcomes: tuple[str, ...] = ()
    """Ids of the learning outcomes that it assesses; nothing is computed from them."""
    never_late: bool = False
    """Whether the file says that lateness costs nothing, ``late: none``."""
    markers: Markers | None = None
    rubric: Rubric | None = None

    @property
    def components(self) -> model.Components:
        """The cells that a score is made of, where there are several."""
        criteria = self.rubric.criteria if self.rubric is not None else ()
        marks = self.markers.of if self.markers is not None else ()
        return model.components(marks, [(criterion.id, criterion.name) for criterion in criteria])

    @property
    def chooses(self) -> bool:
        """Whether only some of its parts may enter its mean."""
        return self.choice is not None and self.choice.number > 0

    @property
    def joins(self) -> bool:
        """Whether several attempts make its value together, and no single one counts."""
        return len(self.dues) > 1 and model.joins_attempts(self.attempt)

    @property
    def valued(self) -> bool:
        """Whether a cell gives a value; passed and failed have none."""
        return model.cells_of(self.graded).valued

    @property
    def in_points(self) -> bool:
        """Whether cells hold raw points up to ``max``."""
        return model.cells_of(self.graded).in_points

    @property
    def in_grades(self) -> bool:
        """Whether cells hold grades of the scale, or its labels."""
        return model.cells_of(self.graded).in_grades

    @property
    def most(self) -> Fraction | None:
        """The largest number of raw points that a cell may hold; None where the file names none."""
        return None if self.max is None else self.max + self.over

    def ends(self, scale: Scale) -> tuple[Fraction, Fraction | None]:
        """The lowest and the highest score that a cell can hold; None where the file names no most."""
        match self.graded:
            case "points":
                return Fraction(0), self.most
            case "grade" | "pass-fail":
                return Fraction(scale.lowest), Fraction(scale.top)
            case _ as unknown:
                assert_never(unknown)

    @property
    def counts(self) -> bool:
        """Whether the part has a value that enters its siblings' mean: gates and bonus parts have none."""
        if self.bonus or not self.weighed:
            return False
        return any(part.counts for part in self.parts) if self.parts else self.valued


class Policy(NamedTuple):
    """Everything that decides a grade."""

    scale: Scale
    percent: bool
    boundaries: tuple[Bound, ...]
    rounding: model.Rounding
    may_fail: bool
    parts: tuple[Part, ...]
    activity: Activity | None
    free: Free | None
    timezone: str
    timing_end: date | None
    path: Path = ("assessment",)
    requires: tuple[Demand, ...] = ()
    """What grades ask of parts and of attendance, by rising grade."""
    sessions: int = 0
    """How many sessions there were, where those attended decide anything."""
    by_requirements: bool = False
    """Whether nothing is weighed, and the grade is the highest one for which all that it requires is there."""
    by_points: bool = False
    """Whether the points of the parts are added up; their weights follow from their ``max``."""
    cap: Fraction | None = None
    """The total, bonus included, is held at most there, before activity."""
    outcomes: tuple[tuple[str, str], ...] = ()
    """The learning outcomes that have an id: id and text."""

    @property
    def lowest(self) -> Fraction:
        """The lowest value: the scale's, or 0 %."""
        return Fraction(0) if self.percent else Fraction(self.scale.lowest)

    @property
    def top(self) -> Fraction:
        """The top value: the scale's, or 100 %."""
        return Fraction(100) if self.percent else Fraction(self.scale.top)

    @property
    def pass_value(self) -> Fraction:
        """The value of the pass grade: the scale's, or the boundary from which it is given."""
        return self.pass_bound.value

    @property
    def pass_bound(self) -> Bound:
        """The same, with whether a value must lie above it to pass."""
        if self.percent:
            return self.boundaries[self.scale.pass_grade - self.scale.lowest - 1]
        return Bound(Fraction(self.scale.pass_grade))

    def by_boundaries(self, total: Fraction) -> int:
        """The grade of a total under ``basis: percent``."""
        return self.scale.lowest + sum(bound.reached_by(total) for bound in self.boundaries)

    @property
    def best_grade(self) -> int:
        """The highest grade that there is: the top, or the highest one that requires anything where that decides."""
        asked = [demand.grade for demand in self.requires] if self.by_requirements else []
        return max(asked, default=self.scale.top)

    @property
    def asks_attendance(self) -> bool:
        """Whether a grade asks for a share of the sessions."""
        return any(demand.part == model.ATTENDED for demand in self.requires)

    @property
    def counts_attendance(self) -> bool:
        """Whether the sessions that a student attended decide anything."""
        return self.asks_attendance or (self.activity is not None and self.activity.levels is None)

    def demands_on(self, name: str) -> tuple[Demand, ...]:
        """What grades ask of one part, or of attendance."""
        return tuple([demand for demand in self.requires if demand.part == name])

    def has_gate(self, part: Part) -> bool:
        """Whether anything depends on whether a part is passed: it is required, or a grade asks for it."""
        return part.required or any(demand.measure == "pass" for demand in self.demands_on(part.id))

    def leaves(self) -> Iterator[Part]:
        """All parts that have cells of their own, in the order of the file."""
        return (part for part in self.all_parts() if not part.parts)

    def all_parts(self) -> Iterator[Part]:
        """All parts at every depth, parents before their children."""
        todo = list(reversed(self.parts))
        while todo:
            part = todo.pop()
            yield part
            todo.extend(reversed(part.parts))


def points_of(amount: Amount, most: Fraction | None) -> Fraction:
    """An amount in raw points; a percentage is of the raw max."""
    return amount.value * (most or 0) / 100 if amount.percent else amount.value


def resolve(file: model.ImplementationFile) -> Policy:
    """The policy of a file that has an assessment without errors."""
    given = file.assessment
    if given is None:
        raise ValueError("the file has no assessment")
    scale = scale_of(given.evaluation_scale)
    percent = model.is_percent(given.basis)
    policy = Policy(
        scale=scale,
        percent=percent,
        boundaries=tuple(Bound(b.amount.value, b.strict) for b in given.boundaries or ()),
        rounding=given.rounding,
        may_fail=percent if given.may_fail is None else given.may_fail,
        parts=(),
        activity=activity_of(given.activity),
        free=free_of(given.late),
        timezone=given.timezone,
        timing_end=file.implementation.timing.end if file.implementation.timing else None,
        requires=demands_of(file, scale, percent),
        by_requirements=model.by_requirements(given.basis),
        by_points=model.is_by_points(given.weigh),
        cap=given.cap.value if given.cap is not None else None,
        outcomes=tuple((one.id, one.text) for one in file.course.named_outcomes),
    )
    if policy.counts_attendance:
        policy = policy._replace(sessions=sessions_of(file))
    late = (given.late, ("assessment", "late"))
    parts = tuple(_parts(given.parts, ("assessment", "parts"), policy, late, 0))
    return policy._replace(parts=by_their_points(parts, None) if policy.by_points else parts)


def _parts(
    given: Sequence[model.Part], path: Path, policy: Policy, late: tuple[model.Late | str | None, Path], depth: int
) -> Iterator[Part]:
    for index, part in enumerate(given):
        yield _part(part, (*path, model.place_of(part, index)), policy, late, depth)


def _part(
    given: model.Part, path: Path, policy: Policy, late: tuple[model.Late | str | None, Path], depth: int
) -> Part:
    linear, boundaries = _line(given), _bounds(given)
    default = Fraction(0) if policy.percent else policy.pass_value
    only_points = policy.by_requirements and given.in_points and boundaries is None and linear is None
    if only_points:
        # points that become no grade: a line over all of them, and whatever is handed in passes
        linear, default = ((Fraction(0), policy.lowest), (given.max or Fraction(1), policy.top)), policy.lowest
    minimum = default if given.minimum is None else given.minimum.value
    in_percent = policy.percent and bool(given.parts)  # the value of a part with parts has no other unit there
    raw = given.minimum is not None and given.minimum.percent and not in_percent
    if raw and given.minimum is not None:
        minimum = points_of(given.minimum, given.max)
    if given.late is not None:
        late = (given.late, (*path, "late"))
    parts = tuple(_parts(given.parts, (*path, "parts"), policy, late, depth + 1))
    choice = choice_of(vars(given))
    by_points = model.is_by_points(given.weigh)
    part = Part(
        id=given.id,
        name=given.name or given.id,
        path=path,
        column=given.column,
        weight=given.weight,
        bonus=given.bonus,
        by_group=given.is_shared,
        graded=given.graded,
        max=given.max,
        boundaries=boundaries,
        linear=linear,
        minimum=minimum,
        minimum_raw=raw,
        required=_is_required(given, policy, depth),
        attempt=given.attempt_rule,
        gain=given.attempt.gain / 100 if isinstance(given.attempt, model.Gain) else Fraction(0),
        dues=(given.due, *(r.due for r in given.retakes)),
        retake_at_most=given.retake_at_most,
        late=None,
        peer=peer_of(given.peer, (*path, "peer")),
        parts=by_their_points(parts, choice) if by_points else parts,
        choice=choice,
        late_from_export=model.is_from_export(given.late_from),
        over=given.over or Fraction(0),
        series=_serial(given),
        markers=markers_of(given.markers, (*path, "markers")),
        rubric=rubric_of(given, (*path, "rubric"), policy.scale),
        need=given.need,
        weighed=not policy.by_requirements,
        only_points=only_points,
        by_points=by_points,
        outcomes=given.outcomes,
        cap=given.cap.value if given.cap is not None else None,
    )
    return part._replace(late=_late(late, part, policy), never_late=late[0] == "none")


def _line(given: model.Part) -> tuple[tuple[Fraction, Fraction], tuple[Fraction, Fraction]] | None:
    if given.linear is None:
        return None
    ends = sorted((Fraction(grade), points_of(amount, given.max)) for grade, amount in given.linear.items())
    return (ends[0][1], ends[0][0]), (ends[1][1], ends[1][0])


def _bounds(given: model.Part) -> tuple[Bound, ...] | None:
    if given.boundaries is None:
        return None
    return tuple(Bound(points_of(b.amount, given.max), b.strict) for b in given.boundaries)


def _is_required(given: model.Part, policy: Policy, depth: int) -> bool:
    """As the file says; else at the top level, bonus parts apart, where not the requirements of grades decide alone."""
    if given.required is not None:
        return given.required
    return depth == 0 and not given.bonus and not policy.by_requirements


def by_their_points(parts: tuple[Part, ...], choice: Choice | None) -> tuple[Part, ...]:
    """Parts whose points are added up (11.3), with the weights that come to the same.

    100 × Σ points / Σ max is the mean of their per cents, each weighed by its ``max``. A bonus part adds its points to
    the upper sum only: its weight is its ``max`` in per cent of the lower one, as long as nothing is excused.
    """
    counting = [part.max or Fraction(0) for part in parts if part.counts]
    chooses = choice is not None and choice.number > 0
    whole = sum(counting[: choice.keeps(len(counting))] if choice is not None else counting, Fraction(0))

    def weight(part: Part) -> Fraction | None:
        if not whole or not (part.bonus or (part.counts and not chooses)):
            return None
        return 100 * (part.max or Fraction(0)) / whole

    return tuple(part._replace(weight=weight(part)) for part in parts)


def _serial(given: model.Part) -> Serial | None:
    if not isinstance(given, model.Placed) or given.number is None:
        return None
    return Serial((given.name or given.id).removesuffix(str(given.number)).rstrip(), given.number)


def choice_of(keys: Mapping[str, Any]) -> Choice | None:
    """The choice that the keys of a part make."""
    return next((Choice(rule, keys[rule]) for rule in CHOICE_RULES if keys.get(rule) is not None), None)


def _late(given: tuple[model.Late | str | None, Path], part: Part, policy: Policy) -> Late | None:
    rule, path = given
    if not isinstance(rule, model.Late) or part.parts:
        return None
    not_below = rule.not_below
    if not_below is None:
        if policy.percent:
            not_below = Fraction(0)
        else:
            not_below = to_value(part.minimum, part, policy) if part.minimum_raw else part.minimum
    given_deduct = rule.deduct if part.valued else None
    amounts = given_deduct.amounts if given_deduct else ()
    return Late(
        path=path,
        deduct=tuple(a.value for a in amounts),
        percent=any(a.percent for a in amounts),
        of=rule.of,
        form="table" if given_deduct and given_deduct.table else "per-unit",
        per=rule.per,
        grace=rule.grace,
        at_most=rule.at_most.value if rule.at_most else None,
        at_most_percent=rule.at_most.percent if rule.at_most else False,
        not_below=not_below,
        closes=rule.closes,
        skip=Skip(rule.skip, rule.holidays or FINLAND) if rule.skip else None,
    )


def to_value(score: Fraction, part: Part, policy: Policy) -> Fraction:
    """Step 1 of the contract's section 5: a raw score on the scale, or in per cent under ``basis: percent``."""
    match part.graded:
        case "points":
            return _of_points(score, part, policy)
        case "grade" | "pass-fail":
            if policy.percent:
                return (score - policy.scale.lowest) * 100 / (policy.scale.top - policy.scale.lowest)
            return score
        case _ as unknown:
            assert_never(unknown)


def _of_points(score: Fraction, part: Part, policy: Policy) -> Fraction:
    if policy.percent:
        return score * 100 / (part.max or 1)
    if part.boundaries is not None:
        return Fraction(policy.scale.lowest + sum(bound.reached_by(score) for bound in part.boundaries))
    if part.linear is not None:
        (low_points, low), (high_points, high) = part.linear
        if score < low_points:
            return policy.lowest
        if score >= high_points:
            return policy.top
        return low + (score - low_points) * (high - low) / (high_points - low_points)
    raise ValueError(f"points without boundaries: {part.id}")
