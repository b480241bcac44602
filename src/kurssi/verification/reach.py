"""What is still open of a student, and which grades that can lead to: what a range must hold, and what it cannot."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property, partial
from itertools import pairwise, product
from typing import NamedTuple, TypeVar

from .attempt_rule import by_worth
from .attempts import ZERO
from .clock import local_day
from .composite import still_possible
from .demands import Asked
from .derive import Whole, bonus, leaf, whole
from .entries import OPEN, OUT, Entries, Entry, StudentEntries, Try
from .free_time import helped, late_works, spendings
from .rules import CheckedPolicy, Rule, every
from .worth import Worth, all_parts

Choice = TypeVar("Choice")

STEPS = 20
"""Scores that are tried between the lowest and the top."""
MOST_TRIALS = 400
MOST_SPENT = 200
"""Scores that are tried times ways to spend a free budget."""


class Open(NamedTuple):
    """An attempt that may still become a score."""

    rule: Rule
    number: int
    may_stay: bool
    """Whether it need not come at all."""


class Effect(NamedTuple):
    """What a part comes to with some scores, where so much of its late time is forgiven."""

    worths: Mapping[str, Worth]
    """Its own, and those of the parts that take its attempts."""
    decisive: tuple[object, ...]
    """What of it decides about the whole."""


Option = Mapping[int, Effect]
"""What a part comes to with some scores, by the late units that are forgiven."""


class AsOf(NamedTuple):
    """The day for which the class was graded: ``--as-of``. Not every report says it."""

    known: bool
    day: date | None


def open_attempts(plan: CheckedPolicy, entries: Entries, as_of: AsOf) -> tuple[list[Open], list[Open]]:
    """What surely is open, and what may be, because the report does not say for which day it was made."""
    surely: list[Open] = []
    perhaps: list[Open] = []
    for rule in plan.leaves():
        tries = entries.get(rule.id, Entry()).tries
        surely += [Open(rule, given.number, False) for given in tries if given.state in OPEN]
        if any(given.state in OUT for given in tries):
            continue
        for number in range(1, len(rule.dues) + 1):
            given = tries[number - 1] if number <= len(tries) else None
            if given is not None and given.state != "missing":
                continue
            if not as_of.known:
                perhaps.append(Open(rule, number, True))
            elif as_of.day is not None:
                due = given.due if given is not None and given.due is not None else rule.dues[number - 1]
                last = local_day(due, plan.zone) if due is not None else plan.timing_end
                if last is None or last >= as_of.day:
                    surely.append(Open(rule, number, True))
    return surely, perhaps


class Attainable(NamedTuple):
    """What some scores bring, each of it by itself."""

    gates: frozenset[str]
    """The parts whose gates open."""
    met: frozenset[Asked]
    """What grades ask."""
    total: int
    """The highest grade before that."""


@dataclass(frozen=True)
class Outcomes:
    """Grades that some scores lead to, and bounds that no scores pass. None: nothing would be left to weigh."""

    some: frozenset[int | None]
    least: int | None
    most: int | None
    exactly: bool
    """Whether it is known what is open, and how a free budget is spent does not depend on it."""
    hidden: bool
    """Whether peer marks may move what is open, and the report does not say how."""
    best: Whole
    """The whole with the best of everything that is open: a bound."""
    tried: Sequence[Whole]
    """What the scores that were tried lead to."""
    lowest: int
    """The lowest grade."""

    @cached_property
    def attainable(self) -> Attainable:
        """Of the bound, too. Only asked of who fails whatever comes, as all that was tried is gone through."""
        return _brought_by([self.best, *self.tried], self.lowest)

    @cached_property
    def attained(self) -> Attainable:
        """Of what was tried alone."""
        return _brought_by(self.tried, self.lowest)


def outcomes(
    plan: CheckedPolicy,
    given: StudentEntries,
    forgiven: Mapping[str, int],
    surely: Sequence[Open],
    perhaps: Sequence[Open],
) -> Outcomes:
    """Tries scores for what is open; what is open counts as on time."""
    works = late_works(plan, given.entries) if plan.helps else []
    ways: Sequence[Mapping[str, int]] = spendings(plan, works) if works else [forgiven]
    if len(ways) == 1:
        least = most = ways[0]
    else:
        # where the budget helps most depends on what is still to come: between nothing and everything is forgiven
        least, most = {}, {work.part: work.units for work in works}
    holes = [*surely, *perhaps]
    entries, adjust = given.entries, given.adjust
    worst = whole(plan, entries, adjust, least, _extreme(plan, entries, least, holes, False), given.attended)
    best = whole(plan, entries, adjust, most, _extreme(plan, entries, most, holes, True), given.attended)
    hidden = any(_hides_peers(hole.rule, given.entries) for hole in holes)
    least_grade, most_grade = worst.grade, best.grade
    # better work may open the gates of a way that is worth less, or bring a bonus that is negative
    if any(rule.of_ways or rule.by_steps for rule in every(plan.parts)):
        least_grade, most_grade = plan.grades.lowest, plan.grades.top
    tried = _tried(plan, given, ways, surely, _between(least_grade, most_grade))
    some = frozenset(total.grade for total in tried)
    exactly = len(ways) == 1 and not perhaps and not hidden
    return Outcomes(some, least_grade, most_grade, exactly, hidden, best, tried, plan.grades.lowest)


def _brought_by(brought: Sequence[Whole], lowest: int) -> Attainable:
    """What is in one of these at least."""
    return Attainable(
        frozenset(worth.rule.id for total in brought for worth in all_parts(total.parts) if worth.gate is None),
        frozenset(answer.asked for total in brought for answer in total.answers if answer.met),
        max([total.total for total in brought if total.total is not None], default=lowest),
    )


def _between(least: int | None, most: int | None) -> frozenset[int]:
    """All grades that bounds leave; none where it is not known that there are several."""
    if least is None or most is None or least >= most:
        return frozenset()
    return frozenset(range(least, most + 1))


def _tried(
    plan: CheckedPolicy,
    given: StudentEntries,
    ways: Sequence[Mapping[str, int]],
    surely: Sequence[Open],
    possible: frozenset[int],
) -> list[Whole]:
    """What some scores lead to, each of them with what helps most of the ``ways`` to spend the free budget.

    When all grades that are possible are found no more are tried.
    """
    if not ways:
        return []
    by_part = _by_part(surely)
    units = {part: sorted({way.get(part, 0) for way in ways}) for part in {**by_part, **ways[0]}}
    units = {part: several for part, several in units.items() if part in by_part or len(several) > 1}
    settled = _settled(plan, given, ways[0], units)
    rules = {rule.id: rule for rule in plan.leaves()}
    options = [_options(plan, rules[part], by_part.get(part, ()), given.entries, units[part]) for part in units]
    some: set[int | None] = set()
    tried: list[Whole] = []
    for row in _spread(_rows(options), len(ways)):
        brought = [
            whole(plan, given.entries, given.adjust, {}, settled | worths, given.attended)
            for worths in _differently(ways, dict(zip(units, row, strict=True)))
        ]
        tried.append(max(brought, key=partial(helped, plan)))
        some.add(tried[-1].grade)
        if possible and possible <= some:
            break
    return tried


def _spread(rows: Sequence[Choice], ways: int) -> Sequence[Choice]:
    """Fewer rows from beginning to end, where each of them is tried in several ways."""
    most = max(2, MOST_SPENT // ways)
    if ways == 1 or len(rows) <= most:
        return rows
    return [rows[n * (len(rows) - 1) // (most - 1)] for n in range(most)]


def _differently(ways: Sequence[Mapping[str, int]], by_units: Mapping[str, Option]) -> Iterator[dict[str, Worth]]:
    """What the parts come to with some scores in each way to spend the free budget; ways that do the same once."""
    found = set()
    for way in ways:
        effects = [option[way.get(part, 0)] for part, option in by_units.items()]
        if (same := tuple(effect.decisive for effect in effects)) not in found:
            found.add(same)
            yield {part: worth for effect in effects for part, worth in effect.worths.items()}


def _hides_peers(rule: Rule, entries: Entries) -> bool:
    """Whether peer marks may move what is open, and the report does not say how."""
    return rule.peer is not None and entries.get(rule.id, Entry()).factor is None


def _by_part(holes: Sequence[Open]) -> dict[str, list[Open]]:
    out: dict[str, list[Open]] = {}
    for hole in holes:
        out.setdefault(hole.rule.id, []).append(hole)
    return out


def _settled(
    plan: CheckedPolicy, given: StudentEntries, forgiven: Mapping[str, int], touched: Container[str]
) -> dict[str, Worth]:
    """The parts that nothing open touches, so that they are worked out once, and not for each score that is tried."""
    out = {
        rule.id: leaf(plan, rule, given.entries.get(rule.source, Entry()), forgiven.get(rule.source, 0))
        for rule in every(plan.parts)
        if not rule.parts and rule.source not in touched
    }
    if any(rule.by_steps for rule in every(plan.parts)):  # what is open anywhere may add to what holds others
        return out
    now = whole(plan, given.entries, given.adjust, forgiven, dict(out), given.attended)
    for worth in all_parts(now.parts):
        if all(rule.parts or rule.id in out for rule in every((worth.rule,))):
            out[worth.rule.id] = worth
    return out


def _options(
    plan: CheckedPolicy, rule: Rule, holes: Sequence[Open], entries: Entries, units: Sequence[int]
) -> list[Option]:
    """What a part with these open attempts, and those that take them, may come to: alike ones once, the worst first."""
    found: dict[object, Option] = {}
    for row in _rows([_choices(plan, hole, entries) for hole in holes]):
        entry = _filled(entries, holes, row).get(rule.id, Entry())
        option = {forgiven: _effect(plan, rule, entry, forgiven) for forgiven in units}
        found.setdefault(tuple(effect.decisive for effect in option.values()), option)
    return sorted(found.values(), key=lambda option: _rank(option[units[0]].worths[rule.id]))


def _effect(plan: CheckedPolicy, rule: Rule, entry: Entry, forgiven: int) -> Effect:
    worths = {one.id: leaf(plan, one, entry, forgiven) for one in plan.readers(rule)}
    return Effect(worths, tuple(_decisive(plan, worth) for worth in worths.values()))


def _decisive(plan: CheckedPolicy, worth: Worth) -> object:
    """What of a part decides about the whole."""
    points = _by_points(worth) if _points_decide(plan, worth.rule) else None
    return worth.state, worth.value, worth.gate, points


def _points_decide(plan: CheckedPolicy, rule: Rule) -> bool:
    """Whether something follows from the points of a part, beside its value."""
    return bool(rule.minimum_in_points or rule.by_steps or _asked_in_points(plan, rule))


def _asked_in_points(plan: CheckedPolicy, rule: Rule) -> set[Fraction]:
    """The points that grades ask of a part."""
    asked = [one for one in plan.demands if one.part == rule.id and one.in_points]
    return {one.number if one.of is None else one.number * one.of / 100 for one in asked}


def _rank(worth: Worth) -> tuple[object, ...]:
    return _by_gate(worth), _by_value(worth), _by_points(worth)


def _rows(choices: Sequence[Sequence[Choice]]) -> list[tuple[Choice, ...]]:
    """All rising together, from which most grades are found, and then all combinations where there are few.

    Else each alone beside the rest at an end, and where there are few, all combinations of ends.
    """
    size, longest = 1, 1
    for choice in choices:
        size, longest = size * len(choice), max(longest, len(choice))
    rows = [tuple(choice[step * len(choice) // longest] for choice in choices) for step in range(longest)]
    if size <= MOST_TRIALS:
        return [*rows, *product(*choices)] if len(choices) > 1 else rows
    for end in (0, -1):
        rest = [choice[end] for choice in choices]
        for place, choice in enumerate(choices):
            rows += [(*rest[:place], one, *rest[place + 1 :]) for one in choice]
    if 2 ** len(choices) <= MOST_TRIALS:
        rows += product(*[(choice[0], choice[-1]) for choice in choices])
    return rows


def _choices(plan: CheckedPolicy, hole: Open, entries: Entries) -> list[Try | None]:
    """What an open attempt may become, the worst first; None: it does not come."""
    rule, number = hole.rule, hole.number
    if among := _among(hole, entries):
        return [Try(number, "scored", score) for score in among]
    out: list[Try | None] = [None] if hole.may_stay else []
    out.append(Try(number, "failed"))
    if not rule.valued:
        return [*out, Try(number, "passed")]
    if _hides_peers(rule, entries):
        return out
    low, top = (ZERO, rule.most) if rule.in_points else map(Fraction, (plan.grades.lowest, plan.grades.top))
    if not rule.in_points and plan.grades.own:
        scores = {low + n for n in range(int(top - low) + 1)}
    else:
        scores = {low + (top - low) * n / STEPS for n in range(STEPS + 1)}
        for one in plan.readers(rule):
            scores |= {bound.at + Fraction(bound.over, 100) for bound in one.boundaries or ()}
            scores |= {points for points, _ in one.linear or ()}
            least = one.minimum
            if plan.percent and not one.minimum_in_points:
                least = low + ((one.full if one.in_points else top) - low) * least / 100
            scores |= {least, *_asked_in_points(plan, one)}
            for start, _ in one.by_steps.steps if one.by_steps else ():
                scores.add(low + ((one.full if one.in_points else top) - low) * start / 100)
    return [*out, *(Try(number, "scored", score) for score in sorted(scores) if low <= score <= top)]


def _filled(entries: Entries, holes: Sequence[Open], tries: Sequence[Try | None]) -> Entries:
    out = dict(entries)
    for hole, one in zip(holes, tries, strict=True):
        if one is None:
            continue
        entry = out.get(hole.rule.id, Entry())
        row = list(entry.tries)
        row += [Try(n, "missing") for n in range(len(row) + 1, hole.number + 1)]
        row[hole.number - 1] = one
        out[hole.rule.id] = entry._replace(tries=tuple(row))
    return out


def _extreme(
    plan: CheckedPolicy, entries: Entries, forgiven: Mapping[str, int], holes: Sequence[Open], high: bool
) -> dict[str, Worth]:
    """A bound for every part with something open: the best or the worst value, gate, and points.

    One attempt need not bring them all. A retake that need not come is tried alone, with all others, and not at all.
    """
    out: dict[str, Worth] = {}
    for part, group in _by_part(holes).items():
        must = [hole for hole in group if not hole.may_stay]
        may = [hole for hole in group if hole.may_stay]
        for rule in plan.readers(group[0].rule):
            options = []
            for extra in [[], may, *([hole] for hole in may)]:
                chosen = [*must, *extra]
                filled = _filled(entries, chosen, [_end(plan, hole, high, entries) for hole in chosen])
                options.append(leaf(plan, rule, filled.get(part, Entry()), forgiven.get(part, 0)))
            options += _each_alone(plan, rule, entries, forgiven.get(part, 0), group)
            pick = max if high else min
            # a score and a word can share a gate and a value, and differ in the bonus that they bring
            by_gate = pick(options, key=lambda worth: (_by_gate(worth), _by_value(worth)))
            by_value = pick(options, key=_by_value)
            by_points = pick(options, key=_by_points)
            out[rule.id] = by_gate._replace(value=by_value.value, used=by_points.used)
    return out


def _each_alone(
    plan: CheckedPolicy, rule: Rule, entries: Entries, forgiven: int, holes: Sequence[Open]
) -> Iterator[Worth]:
    """The part with each score of one open attempt beside the worst of the others, where more points may bring less."""
    if not (_is_uneven(rule) and _points_decide(plan, rule)):
        return
    for hole in holes:
        rest = [other for other in holes if other is not hole and not other.may_stay]
        lows = [_end(plan, other, False, entries) for other in rest]
        for one in _close(plan, rule, entries, forgiven, hole):
            filled = _filled(entries, [hole, *rest], [one, *lows])
            yield leaf(plan, rule, filled.get(rule.source, Entry()), forgiven)


def _is_uneven(rule: Rule) -> bool:
    """Whether the attempt that counts may have fewer points than another, or be worth less: where some are cut or late.

    It is the one that is worth most, or clears the gate.
    """
    is_cut = rule.cap is not None or rule.late is not None
    return by_worth(rule.attempt) and rule.in_points and len(rule.dues) > 1 and is_cut


def _close(plan: CheckedPolicy, rule: Rule, entries: Entries, forgiven: int, hole: Open) -> Iterator[Try | None]:
    """What an open attempt may become, with scores on both sides of each from which it counts or something follows."""
    choices = _choices(plan, hole, entries)
    yield from choices
    if _among(hole, entries):
        return
    scores = {one.score for one in choices if one is not None and one.score is not None}
    others = leaf(plan, rule, entries.get(rule.source, Entry()), forgiven).tried
    for value in (rule.cap, *(other.value for other in others)):
        score = None if value is None else _score_for(plan, rule, value)
        if score is not None and ZERO <= score <= rule.most:
            scores.add(score)
    scores |= {(low + high) / 2 for low, high in pairwise(sorted(scores))}
    yield from (Try(hole.number, "scored", score) for score in sorted(scores))


def _score_for(plan: CheckedPolicy, rule: Rule, value: Fraction) -> Fraction | None:
    """The points that are worth so much; None where a table turns them into values."""
    if plan.percent:
        return value * rule.full / 100
    if rule.linear is None:
        return None
    (first, at_first), (last, at_last) = rule.linear
    return first + (value - at_first) * (last - first) / (at_last - at_first)


def _by_gate(worth: Worth) -> tuple[bool, bool]:
    return worth.gate is None, worth.state not in ("missing", "closed")


def _by_value(worth: Worth) -> tuple[Fraction, Fraction]:
    return bonus(worth), worth.value or ZERO


def _by_points(worth: Worth) -> Fraction:
    return ZERO if worth.used is None else worth.used.given.score or ZERO


def _among(hole: Open, entries: Entries) -> list[Fraction]:
    """The scores that an open attempt can still get, where some of its cells are graded."""
    tries = entries.get(hole.rule.id, Entry()).tries
    cells = tries[hole.number - 1].cells if hole.number <= len(tries) else ()
    return still_possible(hole.rule.rubric, cells)


def _end(plan: CheckedPolicy, hole: Open, high: bool, entries: Entries) -> Try:
    if among := _among(hole, entries):
        return Try(hole.number, "scored", among[-1] if high else among[0])
    if not high:
        return Try(hole.number, "failed")
    if not hole.rule.valued:
        return Try(hole.number, "passed")
    top = hole.rule.most if hole.rule.in_points else Fraction(plan.grades.top)
    return Try(hole.number, "scored", top)
