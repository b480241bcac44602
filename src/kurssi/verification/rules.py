"""The policy as ``policy.resolved`` of a report holds it, read a second time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Literal, NamedTuple, assert_never
from zoneinfo import ZoneInfo

from kurssi.diagnostics.message import msg

from .attempt_rule import AttemptRule, joins
from .clock import Moment
from .composite import CriterionRule, MarkerRule, read_markers, read_rubric
from .deductions import LateRule, read_late
from .demands import SESSIONS, Asked, read_demands
from .problems import Node
from .stepped import StepsRule, read_bonus
from .times import read_day, read_length, read_time, read_zone

DEEPEST = 32


Graded = Literal["grade", "points", "pass-fail"]
Basis = Literal["grade", "percent", "requirements"]
Rounding = Literal["half-up", "down", "up", "half-even"]


class Grades(NamedTuple):
    """A scale: its labels from the lowest grade up, the number of the lowest, and the first that passes."""

    labels: tuple[str, ...]
    lowest: int
    passing: int
    own: bool

    @property
    def top(self) -> int:
        """The highest grade."""
        return self.lowest + len(self.labels) - 1

    def label(self, grade: int) -> str | None:
        """How a grade is shown; None for what is not on the scale."""
        return self.labels[grade - self.lowest] if self.lowest <= grade <= self.top else None


_KNOWN = {
    "0-5": Grades(("0", "1", "2", "3", "4", "5"), 0, 1, False),
    "H-5": Grades(("H", "1", "2", "3", "4", "5"), 0, 1, False),
    "pass-fail": Grades(("H", "HYV"), 0, 1, False),
    "4-10": Grades(("4", "5", "6", "7", "8", "9", "10"), 4, 5, False),
}


class Bound(NamedTuple):
    """From where a grade is given; ``over``: only to what lies above."""

    at: Fraction
    over: bool

    def holds(self, value: Fraction) -> bool:
        """Whether a value gets the grade."""
        return value > self.at or (value == self.at and not self.over)


class PeerRule(NamedTuple):
    """How peer marks move a group's value."""

    weight: Fraction
    penalty: Fraction
    at_most: Fraction | None
    may_fail: bool
    own: bool
    """Whether own marks count."""
    neutral: bool
    """Whether a silent member counts as equal marks for all others."""
    criteria: dict[str, Fraction] | None
    """What each criterion weighs; None where all weigh the same."""


class Together(NamedTuple):
    """How parts become one value."""

    points: bool = False
    """Whether their points are added up; their weights are what each max is of the sum."""
    most: Fraction | None = None
    """The value counts at most as this."""


class Rule(NamedTuple):
    """One part of the assessment."""

    id: str
    weight: Fraction | None
    bonus: bool
    graded: Graded
    full: Fraction
    """The points of 100 %."""
    most: Fraction
    """The most points that a cell may hold."""
    boundaries: tuple[Bound, ...] | None
    linear: tuple[tuple[Fraction, Fraction], tuple[Fraction, Fraction]] | None
    minimum: Fraction
    minimum_in_points: bool
    required: bool
    attempt: AttemptRule
    gain: Fraction
    """The share of what a later attempt is above the first."""
    dues: tuple[Moment | None, ...]
    due_texts: tuple[str | None, ...]
    cap: Fraction | None
    late: LateRule | None
    peer: PeerRule | None
    best: int | None
    drop: int | None
    parts: tuple[Rule, ...]
    late_from_export: bool = False
    markers: MarkerRule | None = None
    rubric: tuple[CriterionRule, ...] = ()
    by_group: bool = False
    together: Together = Together()
    takes: str | None = None
    """The part whose attempts count here as well; None for one with attempts of its own."""
    of_ways: bool = False
    """Whether the parts are ways, of which one counts."""
    is_way: bool = False
    need: int | None = None
    """So many of its parts must be passed."""
    weighed: bool = True
    by_steps: StepsRule | None = None
    """By which steps it gives a bonus."""

    @property
    def source(self) -> str:
        """The part that was attempted."""
        return self.takes or self.id

    @property
    def joins(self) -> bool:
        """Whether no single attempt counts, but several together."""
        return len(self.dues) > 1 and joins(self.attempt)

    @property
    def valued(self) -> bool:
        """Whether a cell gives a value; passed and failed give none."""
        match self.graded:
            case "grade" | "points":
                return True
            case "pass-fail":
                return False
            case _ as unknown:
                assert_never(unknown)

    @property
    def in_points(self) -> bool:
        """Whether cells hold raw points."""
        match self.graded:
            case "points":
                return True
            case "grade" | "pass-fail":
                return False
            case _ as unknown:
                assert_never(unknown)

    @property
    def weighs(self) -> bool:
        """Whether the part enters the mean of its siblings; one that holds nothing but gates does not."""
        if self.bonus or not self.weighed:
            return False
        return any(rule.weighs for rule in self.parts) if self.parts else self.valued


class CheckedPolicy(NamedTuple):
    """Everything that decides a grade."""

    grades: Grades
    percent: bool
    boundaries: tuple[Bound, ...]
    rounding: Rounding
    may_fail: bool
    zone: ZoneInfo
    timing_end: date | None
    budget: int | None
    """Hours of late time forgiven per student."""
    each: int | None
    """Hours of it that one attempt may take at most."""
    whole: bool
    """Whether an attempt takes all its late units or none."""
    helps: bool
    levels: dict[str, Fraction] | None
    sessions: int
    bands: tuple[tuple[Fraction, Fraction], ...]
    active: bool
    """Whether the policy has an activity rule."""
    moves_grade: bool
    """Whether activity moves the final grade by whole steps, and not the mean."""
    parts: tuple[Rule, ...]
    of_ways: bool = False
    """Whether the parts are ways, of which one counts."""
    together: Together = Together()
    demands: tuple[Asked, ...] = ()
    """What grades ask beside the total."""
    weighed: bool = True
    """Whether there is a total; else what grades ask decides alone."""

    @property
    def best(self) -> int:
        """The highest grade that there is."""
        return (
            self.grades.top if self.weighed else max([asked.grade for asked in self.demands], default=self.grades.top)
        )

    def left(self, first: int) -> int:
        """The highest grade that is left where something is lacking for the grade ``first``."""
        if self.weighed:
            return first - 1
        return max([asked.grade for asked in self.demands if asked.grade < first], default=self.grades.lowest)

    @property
    def lowest(self) -> Fraction:
        """The lowest value."""
        return Fraction(0 if self.percent else self.grades.lowest)

    @property
    def top(self) -> Fraction:
        """The top value."""
        return Fraction(100 if self.percent else self.grades.top)

    @property
    def passing(self) -> Fraction:
        """The value of the pass grade: under percent the boundary from which it is given, whatever grades lie below."""
        if self.percent:
            return self.boundaries[self.grades.passing - self.grades.lowest - 1].at
        return Fraction(self.grades.passing)

    def leaves(self) -> Iterator[Rule]:
        """The parts with attempts of their own, in the order of the file."""
        for rule in every(self.parts):
            if not rule.parts and rule.takes is None:
                yield rule

    def readers(self, rule: Rule) -> list[Rule]:
        """The part with these attempts, and those that take them."""
        return [rule, *(other for other in every(self.parts) if other.takes == rule.id)]


def every(rules: tuple[Rule, ...]) -> Iterator[Rule]:
    """All parts at every depth."""
    for rule in rules:
        yield rule
        yield from every(rule.parts)


def read_policy(node: Node) -> CheckedPolicy:
    """The policy. Raises :class:`~kurssi.verification.problems.Unfit` where it cannot be one."""
    grades = _grades(node["evaluation_scale"])
    basis: Basis = node["basis"].one_of("grade", "percent", "requirements")
    percent, weighed = _counted_by(basis)
    boundaries = _bounds(node["boundaries"]) if node["boundaries"].given else ()
    if percent and not _boundaries_fit(boundaries, grades):
        raise node["boundaries"].wrong(msg("the boundaries do not fit the scale"))
    end = node["timing_end"].given
    free = node["free"].given
    activity = node["activity"].given
    levels, sessions, bands = _activity(activity) if activity else (None, 0, ())
    plan = CheckedPolicy(
        grades=grades,
        percent=percent,
        boundaries=boundaries,
        rounding=node["rounding"].one_of("half-up", "down", "up", "half-even"),
        may_fail=node["may_fail"].flag(),
        zone=read_zone(node["timezone"]),
        timing_end=read_day(end) if end else None,
        budget=read_length(free["budget"]).hours if free else None,
        each=read_length(free["at_most"]).hours if free and "at_most" in free.mapping() else None,
        whole=free is not None and "whole" in free.mapping() and free["whole"].flag(),
        helps=free is not None and free["spend"].one_of("in-order", "where-it-helps") == "where-it-helps",
        levels=levels,
        sessions=sessions,
        bands=bands,
        active=activity is not None,
        moves_grade=activity is not None and _moves_grade(activity),
        parts=(),
        together=_together(node),
        demands=read_demands(node, grades.lowest, grades.top),
        weighed=weighed,
    )
    plan = plan._replace(parts=_below(node, plan, 0), of_ways=_has_ways(node))
    _points_fit(node, plan.parts, plan.together, len(_weighing(plan.parts)))
    seen: set[str] = set()
    for rule in every(plan.parts):
        if rule.id in seen:
            raise node["parts"].wrong(msg("the part {part} stands there twice", part=rule.id))
        seen.add(rule.id)
    own = {rule.id for rule in plan.leaves()}
    for rule in every(plan.parts):
        if rule.takes is not None and (rule.parts or rule.takes not in own):
            raise node["parts"].wrong(msg("{part} takes scores that no part has", part=rule.id))
    named = [name for rule in every(plan.parts) if (one := rule.by_steps) for name in (*one.only_if, one.to or rule.id)]
    if not seen.issuperset(named):
        raise node["parts"].wrong(msg("a bonus names a part that is not there"))
    for asked in plan.demands:
        if asked.part not in seen and asked.part != SESSIONS:
            raise node["requires"].wrong(msg("there is no part {part}", part=asked.part))
    return plan


def _counted_by(basis: Basis) -> tuple[bool, bool]:
    """Whether values are per cents, and whether there is a total at all."""
    match basis:
        case "grade":
            return False, True
        case "percent":
            return True, True
        case "requirements":
            return False, False
        case _ as unknown:
            assert_never(unknown)


def _grades(node: Node) -> Grades:
    if isinstance(node.value, str):
        return _KNOWN[node.one_of(*_KNOWN)]
    labels = tuple(entry.text() for entry in node["values"].entries())
    passes = node["passes_from"].text()
    if len(set(labels)) < max(2, len(labels)) or passes not in labels[1:]:
        raise node.wrong(msg("this is not a scale"))
    return Grades(labels, 0, labels.index(passes), True)


def _bounds(node: Node) -> tuple[Bound, ...]:
    found = []
    for entry in node.entries():
        text = entry.text()
        over = text.startswith("> ")
        found.append(Bound(Node(text[2:] if over else text, entry.where).number(), over))
    return tuple(found)


def _boundaries_fit(boundaries: tuple[Bound, ...], grades: Grades) -> bool:
    return len(boundaries) == grades.top - grades.lowest and all(a.at < b.at for a, b in pairwise(boundaries))


def _moves_grade(activity: Node) -> bool:
    return "adjust" in activity.mapping() and activity["adjust"].one_of("mean", "steps") == "steps"


Bands = tuple[tuple[Fraction, Fraction], ...]


def _activity(node: Node) -> tuple[dict[str, Fraction] | None, int, Bands]:
    if "levels" in node.mapping():
        return {name: value.number() for name, value in node["levels"].items()}, 0, ()
    attendance = node["attendance"]
    bands = tuple((band["from"].percentage(), band["adjust"].number()) for band in attendance["bands"].entries())
    return None, attendance["of"].whole(1), bands


def _has_ways(node: Node) -> bool:
    return "ways" in node.mapping()


def _below(node: Node, plan: CheckedPolicy, depth: int) -> tuple[Rule, ...]:
    """The parts of a part or of the whole, or its ways."""
    if not _has_ways(node):
        return _siblings(node["parts"], plan, depth)
    ways = tuple(rule._replace(is_way=True) for rule in _siblings(node["ways"], plan, depth))
    if not ways or node["parts"].entries() or not all(way.parts and not way.of_ways for way in ways):
        raise node["ways"].wrong(msg("these are not ways to a value"))
    return ways


def _together(node: Node) -> Together:
    points = "weigh" in node.mapping() and node["weigh"].one_of("by-points") == "by-points"
    return Together(points, node["cap"].number() if "cap" in node.mapping() else None)


def _weighing(rules: tuple[Rule, ...]) -> list[Rule]:
    return [rule for rule in rules if rule.weighs]


def _points_fit(node: Node, rules: tuple[Rule, ...], together: Together, kept: int) -> None:
    """Where points are added up, each weight is what the max is of the sum of those that count."""
    if not together.points:
        return
    weighing = _weighing(rules)
    whole = sum(sorted((rule.full for rule in weighing), reverse=True)[:kept], Fraction(0))
    for rule in rules:
        if rule.weight is not None and rule.weight * whole != 100 * rule.full:
            raise node.wrong(msg("the weights are not those of the points"))


def _siblings(node: Node, plan: CheckedPolicy, depth: int) -> tuple[Rule, ...]:
    if depth > DEEPEST:
        raise node.wrong(msg("parts are nested too deeply"))
    rules = tuple(_rule(entry, plan, depth) for entry in node.entries())
    weights = [rule.weight for rule in rules if rule.weighs]
    if any(weight is not None for weight in weights):
        known = [weight for weight in weights if weight is not None]
        if len(known) < len(weights) or sum(known) != 100 or min(known) < 0:
            raise node.wrong(msg("the weights do not sum to 100"))
    return rules


def _rule(node: Node, plan: CheckedPolicy, depth: int) -> Rule:
    graded: Graded = node["graded"].one_of("grade", "points", "pass-fail")
    weight, most, cap = (node[key].given for key in ("weight", "max", "retake_at_most"))
    boundaries, linear, late, peer = (node[key].given for key in ("boundaries", "linear", "late", "peer"))
    best, drop = node["best"].given, node["drop_lowest"].given
    dues = node["dues"].entries()
    gains = isinstance(node["attempt"].value, dict)
    over = node["over"].number() if "over" in node.mapping() else Fraction(0)
    bonus, by_steps = read_bonus(node["bonus"])
    rule = Rule(
        id=node["id"].text(),
        weight=weight.number() if weight else None,
        bonus=bonus,
        by_steps=by_steps,
        graded=graded,
        full=most.number() if most else Fraction(0),
        most=(most.number() if most else Fraction(0)) + over,
        boundaries=_bounds(boundaries) if boundaries else None,
        linear=_linear(linear, plan, by_steps) if linear else None,
        minimum=node["minimum"].number(),
        minimum_in_points=node["minimum_of"].one_of("value", "points") == "points",
        required=node["required"].flag(),
        attempt="gain" if gains else node["attempt"].one_of("best", "latest", "mean"),
        gain=node["attempt"]["gain"].percentage() if gains else Fraction(0),
        dues=tuple(read_time(due) if due.given else None for due in dues),
        due_texts=tuple(due.text() if due.given else None for due in dues),
        cap=cap.number() if cap else None,
        late=read_late(late) if late else None,
        peer=_peer(peer) if peer else None,
        best=best.whole(1) if best else None,
        drop=drop.whole(0) if drop else None,
        parts=_below(node, plan, depth + 1),
        of_ways=_has_ways(node),
        weighed=plan.weighed,
        need=node["need"].whole(1) if "need" in node.mapping() else None,
        late_from_export="late_from" in node.mapping() and node["late_from"].one_of("export") == "export",
        takes=node["takes"].text() if "takes" in node.mapping() else None,
        together=_together(node),
        markers=read_markers(node["markers"]) if "markers" in node.mapping() else None,
        by_group=node["by"].one_of("group", "individual") == "group",
    )
    if "rubric" in node.mapping():
        rule = rule._replace(rubric=read_rubric(node["rubric"], rule.in_points))
    _points_fit(node, rule.parts, rule.together, kept(rule, len(_weighing(rule.parts))))
    if not rule.parts and not dues:
        raise node["dues"].wrong(msg("a part has a deadline or none for each of its attempts"))
    if rule.in_points and not rule.parts:
        if rule.full <= 0 or over < 0:
            raise node["max"].wrong(msg("points need a max"))
        if not plan.percent and (rule.boundaries is None) == (rule.linear is None):
            raise node.wrong(msg("points need either boundaries or linear"))
        if rule.boundaries is not None and not _boundaries_fit(rule.boundaries, plan.grades):
            raise node["boundaries"].wrong(msg("the boundaries do not fit the scale"))
    return rule


def _linear(
    node: Node, plan: CheckedPolicy, by_steps: StepsRule | None
) -> tuple[tuple[Fraction, Fraction], tuple[Fraction, Fraction]]:
    ends = [(end["points"].number(), end["value"].number()) for end in node.entries()]
    starts = (plan.passing,) if plan.weighed and not by_steps else (plan.passing, plan.lowest)
    if len(ends) != 2 or ends[0][0] >= ends[1][0] or ends[0][1] not in starts or ends[1][1] != plan.top:
        raise node.wrong(msg("this is not a line from the pass grade to the top"))
    return ends[0], ends[1]


def _peer(node: Node) -> PeerRule:
    bound, criteria = node["at_most"].given, node["criteria"].given
    return PeerRule(
        weight=node["weight"].percentage(),
        penalty=node["penalty"].percentage(),
        at_most=bound.number() if bound else None,
        may_fail=node["may_fail"].flag(),
        own=node["self"].flag(),
        neutral=node["silent"].one_of("neutral", "excluded") == "neutral",
        criteria={name: weight.number() for name, weight in criteria.items()} if criteria else None,
    )


def kept(rule: Rule, counting: int) -> int:
    """How many of so many values count, the highest ones."""
    if rule.best is not None:
        return min(rule.best, counting)
    return max(1, counting - rule.drop) if rule.drop is not None else counting
