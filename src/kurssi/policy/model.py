"""The policy: an assessment with every default filled in, in the form the grading core computes with.

Built from a file whose shape and rules are in order (:mod:`kurssi.course.rules.assessment` says what that takes).
All numbers are fractions.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple, assert_never

from kurssi.course import model
from kurssi.diagnostics.finding import Path
from kurssi.values.numbers import Bound
from kurssi.values.public_holidays import FINLAND
from kurssi.values.times import When

from .activity import Activity as Activity
from .activity import Band as Band
from .activity import activity_of
from .as_written import Serial, bounds_of, line_of, points_of, serial_of
from .bonus import StepBonus as StepBonus
from .bonus import bonus_by_steps
from .choice import CHOICE_RULES as CHOICE_RULES
from .choice import Choice as Choice
from .choice import ChoiceRule as ChoiceRule
from .choice import choice_of as choice_of
from .composite import Markers, Rubric, markers_of, rubric_of
from .demands import Demand, demands_of, sessions_of
from .free_time import Free as Free
from .free_time import free_of
from .lateness import Late as Late
from .peer import Peer as Peer
from .peer import peer_of
from .scales import Scale, scale_of
from .skipped_days import Skip


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
    parts: tuple["Part", ...]
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
    takes: str | None = None
    """The part whose attempts it reads; None where it has cells of its own."""
    of_ways: bool = False
    """Whether its parts are ways to its value, of which one counts."""
    is_way: bool = False
    """Whether it is such a way."""
    markers: Markers | None = None
    rubric: Rubric | None = None
    stepped: StepBonus | None = None
    """Of a bonus part the steps by which it adds something, where it does so by steps."""

    @property
    def source(self) -> str:
        """The part in whose cells its attempts stand: itself, or the one that it takes them from."""
        return self.takes or self.id

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


@lru_cache(1 << 8)
def _whole(number: int) -> Fraction:
    """The number as a fraction, made once: the ends of a scale are asked for several times of every student."""
    return Fraction(number)


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
    of_ways: bool = False
    """Whether its parts are ways to the grade, of which one counts."""
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
        return _whole(0) if self.percent else _whole(self.scale.lowest)

    @property
    def top(self) -> Fraction:
        """The top value: the scale's, or 100 %."""
        return _whole(100) if self.percent else _whole(self.scale.top)

    @property
    def pass_value(self) -> Fraction:
        """The value of the pass grade: the scale's, or the boundary from which it is given."""
        return self.pass_bound.value

    @property
    def pass_bound(self) -> Bound:
        """The same, with whether a value must lie above it to pass."""
        if self.percent:
            return self.boundaries[self.scale.pass_grade - self.scale.lowest - 1]
        return Bound(_whole(self.scale.pass_grade))

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
        """Whether anything depends on whether a part is passed: it is required, or a grade or a bonus asks for it."""
        if part.required or any(demand.of_gate for demand in self.demands_on(part.id)):
            return True
        return any(part.id in other.stepped.only_if for other in self.bonuses_by_steps() if other.stepped is not None)

    def leaves(self) -> Iterator[Part]:
        """All parts that have cells of their own, in the order of the file."""
        return (part for part in self.all_leaves() if part.takes is None)

    def all_leaves(self) -> Iterator[Part]:
        """All parts that have no parts: those with cells of their own, and those that take the scores of one."""
        return (part for part in self.all_parts() if not part.parts)

    @property
    def has_ways(self) -> bool:
        """Whether there are several ways to the grade, or to the value of a part."""
        return self.of_ways or any(part.of_ways for part in self.all_parts())

    def bonuses_by_steps(self) -> tuple[Part, ...]:
        """The parts that add something by steps."""
        return tuple([part for part in self.all_parts() if part.stepped is not None])

    @property
    def takes_away(self) -> bool:
        """Whether a bonus by steps may add less than nothing, so that what is passed can cost something."""
        return any(part.stepped.amounts[0] < 0 for part in self.bonuses_by_steps() if part.stepped is not None)

    def takers(self) -> dict[str, tuple[Part, ...]]:
        """The parts that take the scores of another, by its id."""
        found: dict[str, tuple[Part, ...]] = {}
        for part in self.all_leaves():
            if part.takes is not None:
                found[part.takes] = (*found.get(part.takes, ()), part)
        return found

    def all_parts(self) -> Iterator[Part]:
        """All parts at every depth, parents before their children."""
        todo = list(reversed(self.parts))
        while todo:
            part = todo.pop()
            yield part
            todo.extend(reversed(part.parts))

    def by_id(self) -> dict[str, Part]:
        """The same by their ids."""
        return {part.id: part for part in self.all_parts()}


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
    parts = tuple(_parts(given.parts, ("assessment", model.parts_key(given)), policy, late, 0))
    parts = by_their_points(parts, None) if policy.by_points else parts
    policy = policy._replace(parts=parts, of_ways=bool(given.ways))
    taken = {part.id: part for part in policy.leaves()} if policy.takers() else {}
    return policy._replace(parts=tuple(_placed(part, taken) for part in parts)) if taken else policy


def _placed(part: Part, taken: Mapping[str, Part]) -> Part:
    """A part that takes scores with the rules on them where they stand in the file: at the part that has the scores."""
    if part.parts:
        return part._replace(parts=tuple(_placed(child, taken) for child in part.parts))
    source = taken.get(part.takes or "")
    if source is None:
        return part
    late = part.late._replace(path=source.late.path) if part.late is not None and source.late is not None else None
    return part._replace(late=late, peer=source.peer)


def _parts(
    given: Sequence[model.Part], path: Path, policy: Policy, late: tuple[model.Late | str | None, Path], depth: int
) -> Iterator[Part]:
    for index, part in enumerate(given):
        yield _part(part, (*path, model.place_of(part, index)), policy, late, depth)


def _part(
    given: model.Part, path: Path, policy: Policy, late: tuple[model.Late | str | None, Path], depth: int
) -> Part:
    is_way = isinstance(given, model.WayPart)
    # what stands on a way stands where the way does
    below = depth if is_way else depth + 1
    linear, boundaries = line_of(given), bounds_of(given)
    default = Fraction(0) if policy.percent else policy.pass_value
    only_points = _needs_no_grade(given, policy)
    if only_points:
        # points that become no grade: a line over all of them, and whatever is handed in passes
        linear, default = ((Fraction(0), policy.lowest), (given.max or Fraction(1), policy.top)), policy.lowest
    # a way is passed with its gates
    minimum, raw = (policy.lowest, False) if is_way else _minimum(given, policy, default)
    if given.late is not None:
        late = (given.late, (*path, "late"))
    parts = tuple(_parts(given.parts, (*path, model.parts_key(given)), policy, late, below))
    choice = choice_of(vars(given))
    by_points = model.is_by_points(given.weigh)
    part = Part(
        id=given.id,
        name=given.name or given.id,
        path=path,
        column=given.column,
        weight=given.weight,
        bonus=bool(given.bonus),
        stepped=bonus_by_steps(given, path, policy.percent),
        by_group=given.is_shared,
        graded=given.graded,
        max=given.max,
        boundaries=boundaries,
        linear=linear,
        minimum=minimum,
        minimum_raw=raw,
        required=is_way or _is_required(given, policy, depth),
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
        series=serial_of(given),
        takes=given.takes,
        of_ways=bool(given.ways),
        is_way=is_way,
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


def _needs_no_grade(given: model.Part, policy: Policy) -> bool:
    """Whether points stay points: nothing is weighed, or they only pick a step, and the file turns them into none."""
    weighed = not policy.by_requirements and (given.stepped is None or policy.percent)
    return not weighed and given.in_points and given.boundaries is None and given.linear is None


def _minimum(given: model.Part, policy: Policy, default: Fraction) -> tuple[Fraction, bool]:
    """The least value of the gate, and whether it is in raw points."""
    if given.minimum is None:
        return default, False
    in_percent = policy.percent and bool(given.parts)  # the value of a part with parts has no other unit there
    if given.minimum.percent and not in_percent:
        return points_of(given.minimum, given.max), True
    return given.minimum.value, False


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
        if not whole or part.stepped or not (part.bonus or (part.counts and not chooses)):
            return None
        return 100 * (part.max or Fraction(0)) / whole

    return tuple(part._replace(weight=weight(part)) for part in parts)


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
        form=given_deduct.form if given_deduct else "per-unit",
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
