"""The sizes of a policy, each under the name by which the formulas of the workbook know it.

A new size of the policy gets a :class:`Size` here, its name in :mod:`kurssi.grading.spreadsheet.names`, and its
place in the ``formula.py`` of its construct.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple, assert_never

from kurssi.diagnostics.finding import Path
from kurssi.diagnostics.message import msg
from kurssi.grading.lateness import formula as lateness
from kurssi.grading.lateness.words import deducted_in, deduction_in_short
from kurssi.grading.mean import formula as mean
from kurssi.grading.mean.words import choice_rule
from kurssi.grading.spreadsheet import names
from kurssi.policy.late_units import hours_of_unit
from kurssi.policy.model import Late, Part, Policy, StepBonus
from kurssi.policy.scales import Scale
from kurssi.values.numbers import Bound, whole_number
from kurssi.values.times import When

from .clock import hours_of
from .live import Live


class Size(NamedTuple):
    """A size: what it is about, its name, the place of its rule, and its rows: what each is, and its value."""

    about: object
    name: str
    path: Path
    rows: Sequence[tuple[object, object]]
    enter: bool = True
    """Whether changing it means something; the numbers of grades do not change."""
    signed: bool = False
    """Whether it may take something away."""


class Formula(NamedTuple):
    """A value that is worked out from other sizes."""

    text: str
    value: Fraction


def sizes_of(live: Live) -> Iterator[Size]:
    """Every size, in the order of the contract."""
    policy = live.policy
    yield from _scale(policy)
    if policy.activity is not None:
        yield from _activity(policy)
    yield from _demands(policy)
    rules: dict[Path, Late] = {}
    for part in policy.leaves():
        late = part.late
        if late is None or not any((part.id, n) in live.needs.late for n in range(1, 100)):
            continue
        if late.path not in rules or (late.deduct and not rules[late.path].deduct):
            rules[late.path] = late  # a pass-fail part knows only half of it
    if policy.free is not None:
        said = msg("free late time, in hours")
        yield Size(msg("lateness"), names.LATE_BUDGET, policy.free.path, [(said, Fraction(policy.free.hours))])
        if policy.free.at_most is not None:
            each = [(msg("free late time of one attempt at most, in hours"), Fraction(policy.free.at_most.hours))]
            yield Size(msg("lateness"), names.LATE_EACH, policy.free.path, each)
    for late in rules.values():
        yield from _late(policy, late)
    if policy.cap is not None:
        yield Size(msg("total"), names.cap(policy), (*policy.path, "cap"), [(msg("counts at most as"), policy.cap)])
    for part in policy.all_parts():
        yield from _part(live, part)
        yield from _need(part)
    if live.needs.clock:
        yield from _clock(live)


def _scale(policy: Policy) -> Iterator[Size]:
    scale, path = policy.scale, (*policy.path, "evaluation_scale")
    about = msg("scale")
    grades = [(msg("grade {grade}", grade=scale.label(g)), Fraction(g)) for g in scale.grades]
    labels = [
        (msg("grade {grade}, as it is shown", grade=scale.label(g)), _label(scale.label(g))) for g in scale.grades
    ]
    yield Size(about, names.SCALE_GRADES, path, grades, enter=False)
    yield Size(about, names.SCALE_LABELS, path, labels, enter=False)
    yield Size(about, names.SCALE_LOWEST, path, [(msg("the lowest grade"), Fraction(scale.lowest))], enter=False)
    yield Size(about, names.SCALE_TOP, path, [(msg("the top grade"), Fraction(scale.top))], enter=False)
    yield Size(about, names.SCALE_PASS, path, [(msg("the pass grade"), Fraction(scale.pass_grade))], enter=False)
    least = Fraction(scale.lowest if policy.may_fail else scale.pass_grade)
    rows = [(msg("who passed every gate gets at least"), least)]
    yield Size(msg("lower limit"), names.AT_LEAST, (*policy.path, "may_fail"), rows)
    if policy.percent:
        path = (*policy.path, "boundaries")
        yield Size(
            msg("total"), "lowest_value", path, [(msg("the lowest value, in per cent"), Fraction(0))], enter=False
        )
        yield Size(msg("total"), "top_value", path, [(msg("the top value, in per cent"), Fraction(100))], enter=False)
        bounds = list(zip(scale.grades[1:], policy.boundaries, strict=False))
        steps = [
            (
                msg("{grade} over, in per cent", grade=scale.label(grade))
                if bound.strict
                else msg("{grade} from, in per cent", grade=scale.label(grade)),
                bound.value,
            )
            for grade, bound in bounds
        ]
        yield Size(msg("total"), names.BOUNDARIES, path, steps)
        yield from _strict(msg("total"), names.STRICT_BOUNDARIES, path, scale, policy.boundaries)
        passes = msg("the pass grade, in per cent: the boundary of {grade}", grade=scale.label(scale.pass_grade))
        place = f"INDEX({names.BOUNDARIES},{scale.pass_grade - scale.lowest})"
        yield Size(msg("total"), "pass_value", path, [(passes, Formula(place, policy.pass_value))])


def _strict(about: object, name: str, path: Path, scale: Scale, bounds: Sequence[Bound]) -> Iterator[Size]:
    """For each boundary whether what is exactly on it is not enough; nothing where it is enough everywhere."""
    if any(bound.strict for bound in bounds):
        rows = [
            (
                msg("{grade}: 1 where the boundary itself is not enough", grade=scale.label(grade)),
                Fraction(bound.strict),
            )
            for grade, bound in zip(scale.grades[1:], bounds, strict=False)
        ]
        yield Size(about, name, path, rows)


def _label(label: str) -> object:
    number = whole_number(label)
    return label if number is None else Fraction(number)


def _activity(policy: Policy) -> Iterator[Size]:
    activity = policy.activity
    if activity is None:
        return
    about, path = msg("activity"), activity.path
    if activity.levels is not None:
        levels = activity.levels.items()
        rows = [(msg("level"), name) for name, _ in levels]
        yield Size(about, names.ACTIVITY_LEVELS, path, rows, enter=False)
        added = [(msg("{level} adds", level=name), adjust) for name, adjust in levels]
        yield Size(about, names.ACTIVITY_ADJUST, path, added, signed=True)
        return
    bands = activity.bands
    shares = [
        (msg("{share} % of the sessions, in sessions", share=b.share * 100), b.share * activity.sessions) for b in bands
    ]
    yield Size(about, names.ATTENDANCE_FROM, path, shares)
    added = [(msg("from {share} % on adds", share=b.share * 100), b.adjust) for b in bands]
    yield Size(about, names.ATTENDANCE_ADJUST, path, added, signed=True)


def _demands(policy: Policy) -> Iterator[Size]:
    """What grades ask, as it is measured."""
    parts = {part.id: part.name for part in policy.all_parts()}
    for demand in policy.requires:
        about = msg("the grade {grade} requires", grade=demand.label)
        part = parts.get(demand.part, demand.part)
        match demand.measure:
            case "sessions":
                said = msg("attendance of at least so many sessions")
            case "points":
                said = msg("at least so many points in {part}", part=part)
            case "value":
                said = msg("at least this value in {part}", part=part)
            case "pass":
                continue
            case _ as unknown:
                assert_never(unknown)
        yield Size(about, names.asked(demand), demand.path, [(said, demand.bound)])


def _late(policy: Policy, late: Late) -> Iterator[Size]:
    path = late.path
    owner = next((part.name for part in policy.all_parts() if (*part.path, "late") == path), None)
    about: object = msg("lateness") if owner is None else msg("lateness: {part}", part=owner)

    def size(what: str, said: object, value: Fraction) -> Size:
        return Size(about, names.late(what, late, policy), path, [(said, value)])

    if late.deduct:
        unit = deducted_in(policy, late, late.percent)
        said = [deduction_in_short(late, n, unit) for n in range(1, len(late.deduct) + 1)]
        yield Size(about, names.late("deduct", late, policy), path, list(zip(said, late.deduct, strict=True)))
        if late.at_most is not None:
            unit = deducted_in(policy, late, late.at_most_percent)
            yield size("at_most", msg("the largest deduction, in {unit}", unit=unit), late.at_most)
    yield size("unit", msg("length of a late unit, in hours"), Fraction(hours_of_unit(late.per)))
    if late.grace is not None:
        yield size("grace", msg("late by so many hours is on time"), hours_of(late.grace))
    if late.closes is not None:
        yield size("closes", msg("late by more hours counts as not submitted"), hours_of(late.closes))


def _clock(live: Live) -> Iterator[Size]:
    found = live.clock_changes
    about, path = msg("times"), (*live.policy.path, "timezone")
    at = [(msg("the clock is changed"), When(change.at, True)) for change in found]
    yield Size(about, names.CLOCK_CHANGES, path, at, enter=False)
    seconds = [(msg("seconds that it goes forward"), Fraction(change.seconds)) for change in found]
    yield Size(about, names.CLOCK_SECONDS, path, seconds, enter=False)


def _steps(part: Part, bonus: StepBonus) -> Iterator[Size]:
    """From where a bonus adds how much."""
    starts = [
        (
            msg("step {n}: from, in per cent", n=n) if bonus.whole is None else msg("step {n}: from, in points", n=n),
            bound,
        )
        for n, bound in enumerate(bonus.bounds, 1)
    ]
    yield Size(part.name, names.of("bonus_from", part), bonus.path, starts)
    adds = [(msg("step {n}: adds", n=n), add) for n, (_, add) in enumerate(bonus.steps, 1)]
    yield Size(part.name, names.of("bonus_add", part), bonus.path, adds, signed=True)


def _part(live: Live, part: Part) -> Iterator[Size]:
    policy, formulas = live.policy, live.formulas
    path = part.path

    def size(what: str, said: object, value: Fraction) -> Size:
        return Size(part.name, names.of(what, part), path, [(said, value)])

    if part.cap is not None:
        yield size("cap", msg("counts at most as"), part.cap)
    chosen = {child.id for p in policy.all_parts() if p.chooses for child in mean.counting(formulas, p)}
    if part.stepped is not None:
        yield from _steps(part, part.stepped)
    elif part.id in _added_up(policy):
        pass  # its max is what it weighs
    elif part.bonus:
        yield size("weight", msg("bonus, in per cent of the value"), part.weight or Fraction(0))
    elif part.counts and part.id not in chosen and not part.is_way:
        said = msg("weight, in per cent") if part.weight is not None else msg("weight, the same for all")
        yield size("weight", said, part.weight if part.weight is not None else Fraction(1))
    if part.choice is not None and part.chooses:
        yield size(part.choice.rule, choice_rule(part.choice.rule), Fraction(part.choice.number))
    if part.in_points and not part.parts:
        yield from _points(policy, part)
    if not part.is_way and policy.has_gate(part) and (part.parts or part.valued or part.minimum_raw):
        said = msg("at least, in points") if part.minimum_raw else msg("at least")
        yield size("minimum", said, part.minimum)
    if part.parts:
        return
    if part.late is not None and any(lateness.deducts(formulas, part, n) for n in range(1, len(part.dues) + 1)):
        yield size("not_below", msg("lateness alone takes no value below"), part.late.not_below)
    if part.takes is not None:
        return
    if part.retake_at_most is not None and len(part.dues) > 1:
        yield size("retake_at_most", msg("a retake counts at most"), part.retake_at_most)
    if part.gain and part.joins:
        yield size("gain", msg("of what a later attempt is above the first one, in per cent"), part.gain * 100)
    for attempt, due in enumerate(part.dues, 1):
        if due is not None and (part.id, attempt) in live.needs.late:
            said = msg("due") if attempt == 1 else msg("attempt {n} due", n=attempt)
            yield Size(part.name, names.due(part, attempt), path, [(said, due)])
    peer = part.peer
    if peer is not None and part.id in live.needs.peers:
        yield size("peer_weight", msg("the factor moves so many per cent of the value"), peer.weight * 100)
        if peer.penalty:
            yield size("peer_penalty", msg("who gives no marks loses, in per cent"), peer.penalty * 100)
        if peer.at_most is not None:
            yield size("peer_at_most", msg("peer marks move the value at most by"), peer.at_most)


def _need(part: Part) -> Iterator[Size]:
    if part.need is not None:
        said = msg("so many of its parts must be passed")
        yield Size(part.name, names.of("need", part), part.path, [(said, Fraction(part.need))])


def _added_up(policy: Policy) -> set[str]:
    """The parts whose points are added up with those beside them."""
    owners: list[Part | Policy] = [policy, *policy.all_parts()]
    return {part.id for owner in owners if owner.by_points for part in owner.parts}


def _points(policy: Policy, part: Part) -> Iterator[Size]:
    path = part.path
    if part.takes is None:
        yield Size(part.name, names.of("max", part), path, [(msg("most points"), part.max or Fraction(0))])
    if part.over and part.takes is None:
        yield Size(part.name, names.of("over", part), path, [(msg("points beyond that count, at most"), part.over)])
    if policy.percent:
        return
    if part.boundaries is not None:
        steps = [
            (
                msg("{grade} over, in points", grade=policy.scale.label(grade))
                if bound.strict
                else msg("{grade} from, in points", grade=policy.scale.label(grade)),
                bound.value,
            )
            for grade, bound in zip(policy.scale.grades[1:], part.boundaries, strict=False)
        ]
        yield Size(part.name, names.of("boundaries", part), path, steps)
        yield from _strict(part.name, names.of("strict_boundaries", part), path, policy.scale, part.boundaries)
    elif part.linear is not None:
        (low_points, low), (high_points, high) = part.linear
        line: list[tuple[str, object, Fraction]] = [
            ("points_low", msg("points from which the straight line runs"), low_points),
            ("value_low", msg("value where it begins"), low),
            ("points_high", msg("points to which the straight line runs"), high_points),
            ("value_high", msg("value where it ends"), high),
        ]
        for what, said, value in line:
            yield Size(part.name, names.of(what, part), path, [(said, value)])
