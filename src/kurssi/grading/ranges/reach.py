"""Which grades an incomplete student can still reach, exactly (contract section 5, "States").

An open attempt can still become any score that its cell may hold; it counts as on time. What a part can still be
worth is a union of closed intervals (a single point where a score table has steps), so what the whole can be worth is
one too: means, best-of, peer marks, activity and the guard against failing are continuous and rise with every part,
and a continuous total passes every grade between two that it reaches.

Which parts are in a mean at all can change with what comes: a part whose only weighed part is excused counts as not
submitted until its gate is handed in, and is excused then. So a part has several ways to stand (:class:`Way`)
and the values that it may have in each; siblings are put together way by way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from itertools import product
from typing import NamedTuple

from kurssi.grading.activity import stepped, with_activity
from kurssi.grading.bonus import share_of, with_bonus
from kurssi.grading.demands import Stand, limit_of, met_by, stand_of
from kurssi.grading.gates import still_needed
from kurssi.grading.mean import bonus_of, counts, handed_in, keeps, stretch
from kurssi.grading.result import OUT, PartResult, flat
from kurssi.grading.rounding import clamped, rounded
from kurssi.policy.demands import Demand
from kurssi.policy.model import Part, Policy

from .boxes import ZERO, Box, Crossing, Interval, Regrade, asked_values, boxes, cut
from .choices import Reach, Search, best_of, joined
from .standing import Memory, Seen, Siblings, Way, Ways, leaves_of, union
from .supposed import NOTHING, Marks, suppositions

ONE = Fraction(1)


class Given(NamedTuple):
    """What of a student is certain beside the parts: what activity adds, and the sessions attended."""

    adjust: Fraction
    attended: int | None = None


class OpenScores:
    """The scores that open attempts of a student may get, some of them shared by several readers.

    ``spendings``: what the parts came to with each way to spend free time of which the best one counts in the end; one
    where nothing depends on the grade. ``coming`` gives the numbers of the attempts of a leaf that are not handed in
    and may still come.

    What takes the scores of another part moves with it, and where spendings are compared every part moves with itself:
    each box of their common scores is looked at by itself, and nothing ``kept``.
    """

    def __init__(
        self,
        spendings: Sequence[Sequence[PartResult]],
        policy: Policy,
        given: Given,
        regrade: Regrade,
        coming: Callable[[Part], frozenset[int]],
        kept: Callable[[PartResult, int], Memory | None],
    ) -> None:
        self.spendings, self.policy, self.given = spendings, policy, given
        self.regrade, self.coming, self.kept = regrade, coming, kept
        self.memory: list[Memory] = [{} for _ in spendings]
        self.supposed = list(suppositions(policy))
        self.shared: list[Sequence[Box]] = []
        """The boxes of each part that are looked at one by one."""
        self.anywhere: dict[str, Sequence[Box]] = {}
        """The same by id of each part that reads them."""

    def reach(self) -> Reach:
        """Every final grade that is still reachable."""
        for source, parts in self.policy.takers().items():
            self.share(source, parts)
        if len(self.spendings) > 1:
            bound, _ = self.ask(())
            if len(bound.grades) < 2:
                return bound
            for number, results in enumerate(self.spendings):
                for name in list(_jumping(results, self.policy, self.policy, self.seen(number, {}))):
                    self.share(name)
        return Search(self.shared, self.ask, self.regrade, len(self.spendings) * len(self.supposed)).reach()

    @cached_property
    def found(self) -> Mapping[str, PartResult]:
        """The parts by id; attempts are the same with every spending."""
        return flat(self.spendings[0])

    def share(self, source: str, takers: Sequence[Part] = ()) -> None:
        """The scores of a part are looked at box by box if any is open, for it and for what takes them."""
        own = self.found[source]
        coming = self.coming(own.part)
        if source not in self.anywhere and (own.open or coming):
            readers = [(part, number) for number in range(len(self.spendings)) for part in (own.part, *takers)]
            self.shared.append(boxes(own, readers, self.policy, self.regrade, coming))
            self.anywhere.update((part.id, self.shared[-1]) for part in (own.part, *takers))

    def ask(self, chosen: Sequence[Box]) -> tuple[Reach, Crossing | None]:
        """What is within reach with these boxes of some scores, and a gate that opens inside of one."""
        fixed = {name: box for box in chosen for name, _ in box.ends}
        found = [
            _reachable(results, self.policy, self.given, self.seen(number, fixed))
            for number, results in enumerate(self.spendings)
        ]
        reaches = [reach for reach, _ in found]
        crossing = next((one for _, one in found if one is not None), None)
        return best_of(reaches), crossing

    def seen(self, number: int, fixed: Mapping[str, Box]) -> list[Seen]:
        """What looks at all with this spending, once for all that bonuses by steps may add."""

        def boxes_of(result: PartResult) -> Iterable[Box]:
            part = result.part
            if part.id in fixed:
                return [fixed[part.id]]
            if part.id in self.anywhere:
                return self.anywhere[part.id]
            coming = self.coming(part)
            if not result.open and not coming:  # it may be of somebody whose siblings only together come to the same
                return [Box((), (), {(part.id, number): (result, result)})]
            return boxes(result, [(part, number)], self.policy, self.regrade, coming)

        def alone(result: PartResult) -> Memory | None:
            return None if result.part.id in self.anywhere else self.kept(result, number)

        return [Seen(fixed, one, self.memory[number], alone, number, boxes_of) for one in self.supposed]


def _jumping(
    results: Sequence[PartResult], owner: Part | Policy, policy: Policy, cases: Sequence[Seen]
) -> Iterator[str]:
    """The leaves whose scores move how they, or a part above them, stand, or what it is worth in steps.

    All others may move by themselves while spendings are compared: between their lowest and their best the total of
    each spending rises without a step, and so does the largest.
    """
    if owner.of_ways:
        for way in results:
            yield from _jumping(way.children, way.part, policy, cases)
        return
    for result in results:
        found = [_ways_of(result, policy, seen) for seen in cases]
        if any(len(ways) > 1 or len(intervals) > 1 for ways in found for intervals in ways.values()):
            yield from leaves_of(result.part)
        else:
            yield from _jumping(result.children, result.part, policy, cases)


def _reachable(
    results: Sequence[PartResult],
    policy: Policy,
    given: Given,
    cases: Sequence[Seen],
) -> tuple[Reach, Crossing | None]:
    """The same with these boxes of each leaf, each of which moves by itself; and a gate that opens inside of one that
    is fixed. ``cases``: one for all that bonuses by steps may add.
    """
    found = [_supposing(results, policy, given, seen) for seen in cases]
    reaches = [reach for reach, _ in found if reach is not None]
    return joined(reaches), next((crossing for _, crossing in found if crossing is not None), None)


def _supposing(
    results: Sequence[PartResult], policy: Policy, given: Given, seen: Seen
) -> tuple[Reach | None, Crossing | None]:
    """The same where bonuses by steps add what is supposed; no reach where that cannot be."""
    scale = policy.scale
    sessions = [demand for demand in policy.requires if demand.of_attendance]
    short = [demand for demand in sessions if given.attended is None or given.attended < demand.bound]
    together = [
        (stand, sums)
        for stand, sums in _all_together(results, policy, policy, seen)
        if seen.supposed.holds(stand.marks)
    ]
    weighs = any(part.counts for part in policy.parts)
    grades: set[int] = set()
    totals: set[int] = set()
    may_be_none = False
    most = limit_of(policy, short)
    for stand, sums in together:
        if stand.fails:
            grades.add(scale.lowest)
            continue
        if sums is None and weighs:
            may_be_none = True
            continue
        runs = [[policy.best_grade]] if sums is None else [_grades_of(policy, ends, given.adjust) for ends in sums]
        for run in runs:
            totals.update(run)
            grades.update(min(grade, stand.limit, most) for grade in run)
    passable, meetable = frozenset(seen.passable), frozenset(seen.meetable)
    found = Reach(tuple(sorted(grades)), may_be_none, passable, meetable, max(totals, default=None), passable)
    return found if together else None, seen.crossing


def _grades_of(policy: Policy, ends: Interval, adjust: Fraction) -> list[int]:
    """The grades that totals between these ends give, moved by activity where it moves grades."""
    first, last = (clamped(policy, rounded(policy, with_activity(policy, value, adjust))) for value in ends)
    return [stepped(policy, grade, adjust) for grade in range(first, last + 1)]


def _ways_of_all(results: Sequence[PartResult], policy: Policy, seen: Seen) -> list[Ways]:
    """The ways of siblings; what may happen to any of them, at any depth, is noticed in ``seen``."""
    return [_ways_of(result, policy, seen) for result in results]


def _ways_of(result: PartResult, policy: Policy, seen: Seen) -> Ways:
    def ways_of(noticed: Seen) -> Ways:
        if result.part.parts:
            together = _all_together(result.children, result.part, policy, noticed)
            ways = _ways_of_node(result.part, together, policy, noticed)
        else:
            ways = _ways_of_leaf(result.part, noticed.boxes_of(result), policy, noticed)
        if any(way.passes for way in ways):
            noticed.passable.add(result.part.id)
        return ways

    return seen.once(result, ways_of)


def _ways_of_leaf(part: Part, found: Iterable[Box], policy: Policy, seen: Seen) -> Ways:
    demands, bonus = policy.demands_on(part.id), part.stepped
    early, late = (seen.supposed.added_to(part, after_gate=after) for after in (False, True))
    ways: dict[Way, list[Interval]] = {}
    for box in found:
        low, high = (with_bonus(end, early, after_gate=False) for end in box.ends[part.id, seen.spending])
        share = _share(high)
        stands: dict[object, Fraction] = {}  # with the value from which it stands so
        for one, (least, most) in _pieces(low, high, policy, late):
            passes = one.gate is None
            if one.state == "scored" and not part.minimum_raw:  # the minimum may lie inside
                passes = least >= part.minimum
            more = late if one.state == "scored" else ZERO
            value = None if one.value is None else least + more
            piece = one._replace(value=value)
            stand = stand_of(one)._replace(value=value, passed=passes)
            limit = _limit(policy, demands, stand, seen.meetable)
            marks = seen.supposed.marks(part, share_of(bonus, piece) if bonus is not None else None, passes=passes)
            way = Way(counts(one), passes, handed_in(one), one.state in OUT, limit, marks)
            stands.setdefault((passes, limit, marks), least)
            ways.setdefault(way, []).append((share * (least + more), share * (most + more)))
        if len(stands) > 1:
            seen.crosses(part, (low.value or ZERO, most), [*stands.values()][1])
    return {way: union(intervals) for way, intervals in ways.items()}


def _pieces(low: PartResult, high: PartResult, policy: Policy, late: Fraction) -> Iterator[tuple[PartResult, Interval]]:
    """The values from ``low`` to ``high``, cut where a gate opens, or something that is asked or a step is reached.

    Where another attempt counts at the upper end it has a score of its own; the value begins as the lower one is.
    ``late``: what is added after the gate.
    """
    part = high.part
    demands, bonus = policy.demands_on(part.id), part.stepped
    if low.value is None or high.value is None:
        yield high, (ZERO, ZERO)
        return
    by_points = any(demand.in_points for demand in demands) or (bonus is not None and bonus.whole is not None)
    if low.used != high.used and (part.minimum_raw or by_points):
        yield low, (low.value, low.value)
    for ends in cut(low.value, high.value, asked_values(part, policy, late)):
        yield high, ends


def _limit(policy: Policy, demands: Sequence[Demand], stand: Stand, meetable: set[Demand]) -> int:
    """The highest grade that is left where a part stands so; what it meets is added to ``meetable``."""
    met = [demand for demand in demands if met_by(demand, stand)]
    meetable.update(met)
    return limit_of(policy, [demand for demand in demands if demand not in met])


def _share(result: PartResult) -> Fraction:
    """How much of its value a part brings: all where it enters the mean, else what a bonus adds of it on top."""
    if counts(result):
        return ONE
    return bonus_of(result) / result.value if result.value else ZERO


def _ways_of_node(part: Part, together: Iterable[Together], policy: Policy, seen: Seen) -> Ways:
    share = ONE if not part.bonus else (part.weight or ZERO) / 100
    demands = policy.demands_on(part.id)
    early, late = (seen.supposed.added_to(part, after_gate=after) for after in (False, True))
    steps = asked_values(part, policy, late)
    ways: dict[Way, list[Interval]] = {}

    def add(way: Way, ends: Interval | None = None) -> None:
        stand = Stand(None if ends is None else ends[0], None, way.passes, way.out)
        limit = min(way.limit, _limit(policy, demands, stand, seen.meetable))
        # nothing of it is asked where nothing is left to weigh; what is not handed in is 0 %
        part_of_it = ends[0] if ends is not None else None if way.out or way.handed_in else ZERO
        marks = way.marks | seen.supposed.marks(part, part_of_it, passes=way.passes)
        low, high = ends or (ZERO, ZERO)
        ways.setdefault(way._replace(limit=limit, marks=marks), []).append((low * share, high * share))

    for (fails, handed, out, limit, passed, left_out, marks), sums in together:
        fails = passed < still_needed(part.need, left_out) if part.need is not None else fails
        if out:
            add(Way(False, True, handed, True, limit, marks))
        elif not handed:
            lowest = (policy.lowest, policy.lowest)
            add(Way(part.counts, False, False, False, limit, marks), lowest if part.counts else None)
        elif sums is None:
            add(Way(False, not fails, True, (part.counts or part.bonus) and not fails, limit, marks))
        else:
            for low, high in ((low + early, high + early) for low, high in sums):
                inside = [step for step in (steps - {part.minimum} if fails else steps) if low < step <= high]
                if inside:
                    seen.crosses(part, (low, high), min(inside))
                for ends in cut(low, high, steps):
                    passes = not fails and ends[0] >= part.minimum
                    add(Way(part.counts, passes, True, False, limit, marks), (ends[0] + late, ends[1] + late))
    return {way: union(intervals) for way, intervals in ways.items()}


Ends = tuple[tuple[Fraction, ...], tuple[Fraction, ...]]
"""A sum, or the best values with the largest first, at the lower and at the upper end of what is possible."""

Together = tuple[Siblings, tuple[Interval, ...] | None]
"""How siblings stand, and what their mean can be then; None where nothing is left to weigh."""


def _all_together(
    results: Sequence[PartResult], owner: Part | Policy, policy: Policy, seen: Seen
) -> Iterable[Together]:
    """What the parts of a part, or of the whole, come to; of ways what the one that counts does."""
    if not owner.of_ways:
        return _together(results, _ways_of_all(results, policy, seen), owner, seen)
    each = []
    for way in results:
        below = _ways_of_all(way.children, policy, seen)
        each.append(list(_together(way.children, below, way.part, seen)))
    return [(stand, sums and _capped(sums, owner.cap)) for stand, sums in _best_way(each)]


def _best_way(each: Sequence[Sequence[Together]]) -> Iterator[Together]:
    """Passed gates before failed ones, then the larger value: in all ways in which the ways may stand.

    The scores that several ways read are fixed to a box, so that all values are at their lower ends together, and at
    their upper ends: the larger one runs from the largest lower end to the largest upper end.
    """
    for stands in product(*each):
        limit = min(stand.limit for stand, _ in stands)
        marks = NOTHING.union(*(stand.marks for stand, _ in stands))

        def all_of(stand: Siblings, limit: int = limit, marks: Marks = marks) -> Siblings:
            """What grades ask, and what bonuses hang on, is looked at in the others, too."""
            return stand._replace(limit=limit, marks=marks)

        passing = [one for one in stands if not one[0].fails] or list(stands)
        valued = [(stand, sums) for stand, sums in passing if sums]
        if not valued:
            yield all_of(passing[0][0]), passing[0][1]
            continue
        for chosen in product(*[[(stand, ends) for ends in sums] for stand, sums in valued]):
            least = max(low for _, (low, _) in chosen)
            for stand, (_, high) in chosen:
                if high >= least:
                    yield all_of(stand), ((least, high),)


def _together(
    results: Sequence[PartResult], ways: Sequence[Ways], owner: Part | Policy, seen: Seen
) -> Iterator[Together]:
    """What siblings can come to, with bonus and cap, by how they stand; None where nothing is left to weigh.

    ``owner`` is the part that they are parts of, or the policy.
    """
    choice = owner.choice if isinstance(owner, Part) and owner.chooses else None
    counted = isinstance(owner, Part) and owner.need is not None
    counting = sum(result.part.counts for result in results)
    most = None if choice is None else keeps(choice, counting)
    plain = [(r.part, of_one) for r, of_one in zip(results, ways, strict=True) if not r.part.bonus]
    bonus = [(r.part, of_one) for r, of_one in zip(results, ways, strict=True) if r.part.bonus]
    for (stand, number, weight), sums in _weighed(plain, most, counted).items():
        keep = min(number, keeps(choice, number))
        whole = weight if most is None else Fraction(keep)
        means = [(sum(lows[:keep], ZERO) / whole, sum(highs[:keep], ZERO) / whole) for lows, highs in sums if whole]
        more = stretch(owner, whole) if whole else ONE
        found = _with_bonus({stand: union(means) if whole else None}, bonus, more, seen)
        yield from ((how, sums and _capped(sums, owner.cap)) for how, sums in found.items())


def _capped(sums: Sequence[Interval], cap: Fraction | None) -> tuple[Interval, ...]:
    return tuple(sums) if cap is None else union([(min(low, cap), min(high, cap)) for low, high in sums])


def _weighed(
    siblings: Sequence[tuple[Part, Ways]], most: int | None, counted: bool
) -> Mapping[tuple[Siblings, int, Fraction], Sequence[Ends]]:
    """The sums of weight × value, or where only the best count the ``most`` largest values.

    By how the siblings stand, how many of them weigh, and what they weigh together: one after the other joins in each
    of its ways.
    """
    nothing: Ends = ((ZERO,), (ZERO,)) if most is None else ((), ())
    sums: dict[tuple[Siblings, int, Fraction], list[Ends]] = {(Siblings(), 0, ZERO): [nothing]}
    for part, ways in siblings:
        weight = ONE if part.weight is None else part.weight
        joined: dict[tuple[Siblings, int, Fraction], list[Ends]] = {}
        for (stand, number, total), before in sums.items():
            for way, intervals in ways.items():
                if way.weighs:
                    name = (stand.joined_by(part, way, counted), number + 1, total + weight)
                    more = _best(before, intervals, most) if most is not None else _sums(before, intervals, weight)
                    joined.setdefault(name, []).extend(more)
                else:
                    joined.setdefault((stand.joined_by(part, way, counted), number, total), []).extend(before)
        sums = joined
    return sums


def _sums(before: Sequence[Ends], intervals: Sequence[Interval], weight: Fraction) -> list[Ends]:
    both = [(a + low * weight, b + high * weight) for (a,), (b,) in before for low, high in intervals]
    return [((low,), (high,)) for low, high in union(both)]


def _best(before: Sequence[Ends], intervals: Sequence[Interval], most: int) -> list[Ends]:
    def largest(values: tuple[Fraction, ...]) -> tuple[Fraction, ...]:
        return tuple(sorted(values, reverse=True)[:most])

    both = {(largest((*lows, low)), largest((*highs, high))) for lows, highs in before for low, high in intervals}
    return list(both)


def _with_bonus(
    means: dict[Siblings, tuple[Interval, ...] | None],
    bonus: Sequence[tuple[Part, Ways]],
    times: Fraction,
    seen: Seen,
) -> dict[Siblings, tuple[Interval, ...] | None]:
    """The same with what bonus parts add on top, so many times what their weight says."""
    for part, ways in bonus:
        beside = seen.supposed.beside(part)
        joined: dict[Siblings, tuple[Interval, ...] | None] = {}
        for stand, before in means.items():
            for way, intervals in ways.items():
                now = stand.joined_by(part, way, False)
                added = [(low * times + beside, high * times + beside) for low, high in intervals]
                more = None if before is None else _add(before, added)
                joined[now] = more if more is None else union([*(joined.get(now) or ()), *more])
        means = joined
    return means


def _add(sums: Sequence[Interval], more: Sequence[Interval]) -> tuple[Interval, ...]:
    return union([(a + c, b + d) for a, b in sums for c, d in more])
