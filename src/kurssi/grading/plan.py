"""A policy compiled for classes of any size: the same grades as :mod:`.core`, several hundred thousand a second.

What a part is worth depends on its own cells only, and a class has few different ones. So every leaf is graded by the
core (:func:`.parts.grade_part`) once for each different content of its cells, and the :class:`Outcome` is kept. What a
leaf adds to a student's mean is a whole number over one common denominator; a student with nothing unusual costs a
look-up per leaf, a sum, and a look-up of the sum. The grade of a sum comes from cuts: the least sums from which the
total rounds to the next grade, found by asking the core (:mod:`.total`) in a binary search.

What is unusual takes longer ways, each remembered by its outcomes: closed gates and parts that left the mean are
weighed here with whole numbers, nested parts in such students by the core (:func:`.combine.build`), and open cells and
free late time by the whole core. Peer marks bind students together and are not for this module.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from fractions import Fraction
from itertools import islice
from math import ceil, floor, lcm
from operator import add, and_

from kurssi.classlist import Attempt, Student
from kurssi.messages import Terms, msg
from kurssi.policy import Part, Policy
from kurssi.times import When

from ._clock import Clock
from .combine import bonus_of, build, reasons
from .core import Grader
from .explain import _activity, _bonus, _mean, _part, _whole
from .free import late_works
from .parts import OUT, due_of
from .result import AttemptResult, Override, PartResult, Reason, Result, Step
from .total import adjustment, clamped, rounded, with_activity

SPECIAL = 1 << 200
"""What stands in place of a number where a student needs more than a sum; it outweighs everything added to it."""
LIMIT = SPECIAL >> 1

MOST = 1 << 17
"""So many things of one kind are remembered; then they are forgotten, so that memory stays bounded."""

CHUNK = 2048
"""Students that are graded together: enough to work in columns, few enough to stay in the processor's cache."""

ONE = Fraction(1)
NIL = Fraction(0)

Make = Callable[[Sequence[Attempt]], "Outcome"]
Reasons = tuple[Reason, ...]
Head = tuple[str, int | None, Fraction | None, int | None, bool, int | None, None, None, Reasons, Fraction | None]
Tail = tuple[Head, Fraction, tuple[Step, ...]]
"""Of :class:`.Result` what stands between the student and the parts; the mean before bonus; the last steps."""


class Outcome:
    """What one leaf, or one part of the top level, comes to: as the core graded it, and as whole numbers.

    Compared by identity: two students with the same outcomes and the same activity have the same grade.
    """

    __slots__ = ("attempts", "bonus", "hard", "idle", "number", "out", "piece", "placed", "reasons", "result", "steps",
                 "weight", "worth")  # fmt: skip

    def __init__(self, result: PartResult, attempts: Sequence[Attempt], *, hard: bool) -> None:
        self.result = result
        self.attempts = attempts
        """One student's, for all who have the same."""
        self.hard = hard
        """Whether only the whole core can say what it does to a student."""
        self.idle = result.state in ("missing", "closed")
        self.out = result.state in OUT
        self.number = SPECIAL
        """What it adds to the mean where all parts count, times the plan's denominator; else ``SPECIAL``."""
        self.worth = self.bonus = self.weight = 0
        """Weight × value and bonus, times the plan's denominator; the weight, times that of the weights."""
        self.reasons: Reasons = ()
        self.placed = result
        """With its share of the weights, where all parts count."""
        self.steps: tuple[Step, ...] | None = None
        self.piece: tuple[Mapping[str, object], object] | None = None
        """Its operand and its term in the step of the mean."""


class Verdict:
    """A grade without its parts, shared by all students who have it. The fields are those of :class:`.Result`."""

    __slots__ = ("_exact", "_mean", "_reasons", "_step", "grade", "raised", "range", "status")

    def __init__(self, step: Adjust, status: str, grade: int | None, *, raised: bool = False) -> None:
        self._step = step
        self.status = status
        self.grade = grade
        self.raised = raised
        self.range: tuple[int, ...] | None = None
        self._mean: tuple[int, int] | None = None
        self._exact: Fraction | None = None
        self._reasons: Reasons | None = ()

    @property
    def exact(self) -> Fraction | None:
        """The value before rounding; worked out when it is asked for."""
        if self._exact is None and self._mean is not None:
            self._exact = with_activity(self._step.plan.policy, Fraction(*self._mean), self._step.size)
        return self._exact

    @property
    def rounded(self) -> int | None:
        """The whole number that the exact value is rounded to."""
        exact = self.exact
        return None if exact is None else rounded(self._step.plan.policy, exact)

    @property
    def reasons(self) -> Reasons:
        """Why a student failed or has no grade."""
        if self._reasons is None:
            self._reasons = (Reason(None, "below-boundary", self._step.plan.policy.pass_value, self.exact),)
        return self._reasons


class Adjust:
    """One level of activity, or one count of sessions: what it adds, and the verdicts of those who have it."""

    def __init__(self, plan: Plan, student: Student) -> None:
        self.plan = plan
        self.student = student
        """Somebody who has it, without cells."""
        self.given = adjustment(plan.policy, student)
        self.size = self.given or NIL
        self.sums = _Sums(self)
        self.special: dict[tuple[Outcome, ...], Verdict] = {}
        self.shared: dict[object, Verdict] = {}
        self.tails: dict[object, Tail] = {}
        self._cuts: list[int] = []
        self._grades: list[tuple[str, int, bool]] = []
        self._span = (0, -1)

    def refit(self) -> None:
        """Forgets what holds for the old denominator only."""
        self.sums.clear()
        self.shared.clear()
        self.tails.clear()
        self._span = (0, -1)

    def verdict(self, total: int) -> Verdict:
        """Of a student whose parts all count and whose gates are open; ``total`` is the mean times the denominator."""
        plan = self.plan
        if not plan.weighed:
            return self.unweighed(())
        if self._span[1] < self._span[0]:
            self._compile()
        low, high = self._span
        if low <= total <= high:
            status, grade, raised = self._grades[bisect_right(self._cuts, total)]
        else:
            status, grade, raised = self._grade(self._rounded(Fraction(total, plan.denominator)))
        return self._verdict(status, grade, raised, (total, plan.denominator))

    def weighed(self, top: int, bottom: int) -> Verdict:
        """The same for any mean."""
        return self._verdict(*self._grade(self._rounded(Fraction(top, bottom))), (top, bottom))

    def failed(self, why: Reasons, mean: tuple[int, int] | None) -> Verdict:
        """Of a student who has not passed every gate."""
        verdict = Verdict(self, "failed", self.plan.policy.scale.lowest)
        verdict._mean, verdict._reasons = mean, why
        return verdict

    def unweighed(self, why: Reasons) -> Verdict:
        """Of a student of whom nothing is left to weigh."""
        if why:
            return self.failed(why, None)
        if not self.plan.grader.weighs:
            return Verdict(self, "graded", self.plan.policy.scale.top)
        verdict = Verdict(self, "incomplete", None)
        verdict._reasons = (Reason(None, "nothing-to-weigh"),)
        return verdict

    def by_core(self, result: Result) -> Verdict:
        """As the core says."""
        verdict = Verdict(self, result.status, result.grade, raised=result.raised)
        verdict.range, verdict._exact, verdict._reasons = result.range, result.exact, result.reasons
        return verdict

    def _verdict(self, status: str, grade: int, raised: bool, mean: tuple[int, int]) -> Verdict:
        verdict = Verdict(self, status, grade, raised=raised)
        verdict._mean = mean
        if status == "failed":
            verdict._reasons = None  # made when asked for: it names the exact value
        return verdict

    def _rounded(self, mean: Fraction) -> int:
        return rounded(self.plan.policy, with_activity(self.plan.policy, mean, self.size))

    def _grade(self, whole: int) -> tuple[str, int, bool]:
        policy = self.plan.policy
        grade = clamped(policy, whole)
        raised = not policy.may_fail and whole < policy.scale.pass_grade
        return "failed" if grade < policy.scale.pass_grade else "graded", grade, raised

    def _compile(self) -> None:
        """The sums from which the total rounds to something else. It never falls, so equal ends say all between."""
        plan = self.plan
        low, high = floor(plan.policy.lowest * plan.denominator), ceil(plan.highest * plan.denominator)

        def whole(total: int) -> int:
            return self._rounded(Fraction(total, plan.denominator))

        cuts: list[tuple[int, int]] = []
        todo = [(low, whole(low), high, whole(high))]
        first = todo[0][1]
        while todo:
            a, at_a, b, at_b = todo.pop()
            if at_a == at_b:
                continue
            if b - a == 1:
                cuts.append((b, at_b))
                continue
            middle = (a + b) // 2
            at_middle = whole(middle)
            todo += [(a, at_a, middle, at_middle), (middle, at_middle, b, at_b)]
        cuts.sort()
        self._cuts = [total for total, _ in cuts]
        self._grades = [self._grade(w) for w in (first, *(w for _, w in cuts))]
        self._span = (low, high)


class _Sums(dict[int, "Verdict | None"]):
    """Verdicts by the sum of the parts; None where a student needs more than a sum."""

    def __init__(self, step: Adjust) -> None:
        super().__init__()
        self.step = step

    def __missing__(self, total: int) -> Verdict | None:
        if total >= LIMIT:
            return None
        if len(self) >= MOST:
            self.clear()
        verdict = self[total] = self.step.verdict(total)
        return verdict


class Leaf:
    """A part with cells: its place in the tree, and its outcomes by what its cells say."""

    def __init__(self, plan: Plan, part: Part, index: int, share: Fraction, *, top: bool) -> None:
        self.plan, self.part, self.index, self.share, self.top = plan, part, index, share, top
        self.clocks: dict[tuple[int, When | None], Clock | None] = {}
        self.outcomes: dict[Hashable, Outcome] = {}
        self.brief: dict[Hashable, Outcome] = {}
        self.full: dict[Hashable, Outcome] = {}
        self.pinned: list[Sequence[Attempt]] = []
        """Keeps alive what the keys name by identity."""

    def clock(self, number: int, due: When | None = None) -> Clock | None:
        """What says how late an attempt is, given the student's own deadline; None where it never is."""
        key = (number, due)
        if key not in self.clocks:
            if len(self.clocks) >= MOST:
                self.clocks.clear()
            until = due_of(self.part, number, Attempt("missing", due=due))
            late = self.part.late
            self.clocks[key] = Clock(late, until, self.plan.grader.zone) if late and until else None
        return self.clocks[key]

    def outcome(self, attempts: Sequence[Attempt]) -> Outcome:
        """What these attempts come to; those with the same consequences share one."""
        key = tuple(
            (a.state, a.score and a.score.as_integer_ratio(), self._lateness(n, a), a.due if self.plan.dated else None)
            for n, a in enumerate(attempts, 1)
        )
        known = self.outcomes.get(key)
        if known is None:
            known = self.outcomes[key] = self.plan.made(self, attempts)
        return known

    def _lateness(self, number: int, attempt: Attempt) -> int:
        if attempt.submitted is None:
            return 0
        clock = self.clock(number, attempt.due)
        if clock is None:
            return 0
        at = attempt.submitted.at
        return clock.of(at) if at.tzinfo is None else clock.exactly(attempt.submitted)

    def column(self, students: Sequence[Student]) -> list[Outcome]:
        """The outcomes of students, by the identity of their scores: a reader makes one object of equal cells."""
        name = self.part.id
        cells = [s.attempts.get(name, ()) for s in students]
        keys: list[Hashable]
        if set(map(len, cells)) != {1} or self.plan.dated:
            keys = [tuple([(a.state, id(a.score), self._lateness(n, a), id(a.due)) for n, a in enumerate(t, 1)])
                    for t in cells]  # fmt: skip
        elif self.part.late is None:
            keys = [(state, id(score)) for t in cells for state, score, _, _, _, _ in t]
        else:
            first, late = self.clock(1), self._lateness
            limit = first.on_time if first is not None else datetime.max  # noqa: DTZ901 - naive, as cells are
            try:
                keys = [
                    (t[0][0], id(t[0][1]), 0 if (came := t[0][2]) is None or (t[0][3] is None
                     and came[0] <= limit) else late(1, t[0]))
                    for t in cells
                ]  # fmt: skip
            except TypeError:  # times with an offset do not compare with those without
                keys = [(t[0].state, id(t[0].score), late(1, t[0])) for t in cells]
        return self._look_up(self.brief, keys, cells, self.outcome)

    def full_column(self, students: Sequence[Student]) -> list[Outcome]:
        """The same, apart by every time that the steps name."""
        name = self.part.id
        cells = [s.attempts.get(name, ()) for s in students]
        keys: list[Hashable]
        if set(map(len, cells)) == {1}:
            keys = [(state, id(score), id(came), id(due)) for t in cells for state, score, came, due, _, _ in t]
        else:
            keys = [tuple([(a[0], id(a[1]), id(a[2]), id(a[3])) for a in t]) for t in cells]
        return self._look_up(self.full, keys, cells, lambda attempts: self.plan.made(self, attempts))

    def _look_up(
        self,
        known: dict[Hashable, Outcome],
        keys: Sequence[Hashable],
        cells: Sequence[Sequence[Attempt]],
        make: Make,
    ) -> list[Outcome]:
        try:
            return list(map(known.__getitem__, keys))
        except KeyError:
            pass
        if len(self.pinned) >= MOST:
            self.forget()
        for key, attempts in zip(keys, cells, strict=True):
            if key not in known:
                known[key] = make(attempts)
                self.pinned.append(attempts)
        return list(map(known.__getitem__, keys))

    def forget(self) -> None:
        """Forgets what is known by identity. Outcomes that are in use stay as they are."""
        self.brief.clear()
        self.full.clear()
        self.pinned.clear()


class Node:
    """A part with parts. ``share`` is what its value counts in the mean where all parts count."""

    def __init__(self, part: Part, children: tuple[Leaf | Node, ...], share: Fraction, keep: int | None) -> None:
        self.part, self.children, self.share, self.keep = part, children, share, keep
        self.counted = [c for c in children if c.part.counts and _valued(c.part)]
        self.others = [c for c in children if c not in self.counted]
        self.gated = part.required and _valued(part)
        self.opaque = (self.gated and not share) or (part.counts and not _valued(part))
        """Without a share a sum does not show whether the minimum is reached; without weights there is no value."""
        self.need = 0
        self.leaves: list[Leaf] = []
        for child in children:
            self.leaves += [child] if isinstance(child, Leaf) else child.leaves
        self.known: dict[tuple[Outcome, ...], Outcome] = {}

    def numbers(self, columns: Sequence[Sequence[Outcome]]) -> list[int]:
        """What each student's node adds to the mean."""
        if self.opaque:
            return [SPECIAL] * len(columns[0])
        counted = [_numbers(c, columns) for c in self.counted]
        if self.keep is not None and self.keep < len(counted):
            kept = -self.keep
            counted = [[sum(sorted(row)[kept:]) for row in zip(*counted, strict=True)]]
        totals = _added([*counted, *(_numbers(c, columns) for c in self.others)], len(columns[0]))
        if all(isinstance(c, Leaf) for c in self.children):
            idle = [o.idle for o in columns[self.leaves[0].index]]
            for leaf in self.leaves[1:]:
                idle = list(map(and_, idle, [o.idle for o in columns[leaf.index]]))
            if True in idle:  # nobody has handed in any of it
                totals = [SPECIAL if none else total for none, total in zip(idle, totals, strict=True)]
        if self.gated:
            need = self.need
            return [total if total >= need else SPECIAL for total in totals]
        return totals


def _numbers(part: Leaf | Node, columns: Sequence[Sequence[Outcome]]) -> list[int]:
    return part.numbers(columns) if isinstance(part, Node) else [o.number for o in columns[part.index]]


def _added(columns: Sequence[list[int]], length: int) -> list[int]:
    if not columns:
        return [0] * length
    totals: Iterable[int] = columns[0]
    for column in columns[1:]:
        totals = map(add, totals, column)
    return list(totals)


def _weight(part: Part) -> Fraction:
    return part.weight if part.weight is not None else ONE


def _valued(part: Part) -> bool:
    """Whether the part has a value once something of it is handed in."""
    if not part.parts:
        return part.graded != "pass-fail"
    return any(_weight(c) > 0 for c in part.parts if c.counts and _valued(c))


class Plan:
    """Grades students by one policy, without peer marks. What it has worked out is kept for the next students."""

    def __init__(self, policy: Policy, *, as_of: date | None = None) -> None:
        self.policy = policy
        self.grader = Grader(policy, as_of=as_of)
        self.dated = as_of is not None or policy.free is not None
        """Whether a student's own deadline means more than how late the work is."""
        counted = [part for part in policy.parts if part.counts and _valued(part)]
        total = sum(map(_weight, counted), NIL)
        self.weighed = total > 0
        """Whether the parts that can count weigh anything."""
        self.scale = lcm(*(_weight(part).denominator for part in policy.parts))
        """The denominator of the weights."""
        self.full = int(total * self.scale)
        self.denominator = 1
        self.highest = policy.top
        self.leaves: list[Leaf] = []
        self.nodes: list[Node] = []
        self.outcomes: list[Outcome] = []
        self.tree = tuple(
            self._planted(part, _share(part, ONE, total, part in counted), top=True) for part in policy.parts
        )
        self._tops = [(p.index, None) if isinstance(p, Leaf) else (p.leaves[0].index, p) for p in self.tree]
        self._flat = not self.nodes
        self._bonuses = any(part.bonus for part in policy.parts)
        self._adjusts: dict[object, Adjust] = {}
        self._fit(Fraction(1, 100))

    def _planted(self, part: Part, share: Fraction, *, top: bool = False) -> Leaf | Node:
        if part.bonus:
            self.highest += share * self.policy.top
        if not part.parts:
            leaf = Leaf(self, part, len(self.leaves), share, top=top)
            self.leaves.append(leaf)
            return leaf
        counted = [c for c in part.parts if c.counts and _valued(c)]
        weights = [_weight(c) for c in counted]
        keep = part.best if part.best is not None else None
        if keep is None and part.drop_lowest:
            keep = max(1, len(counted) - part.drop_lowest)
        total = sum(weights if keep is None else weights[:keep], NIL)
        children = tuple(self._planted(c, _share(c, share, total, c in counted)) for c in part.parts)
        node = Node(part, children, share, keep)
        node.opaque = node.opaque or (keep is not None and len(set(weights)) > 1)
        self.nodes.append(node)
        return node

    # ---- whole numbers ---------------------------------------------------------------------------------

    def _fit(self, *numbers: Fraction) -> None:
        """Makes the common denominator large enough for more numbers."""
        denominator = lcm(self.denominator, *(n.denominator for n in numbers))
        factor = denominator // self.denominator
        if factor == 1:
            return
        self.denominator = denominator
        for outcome in self.outcomes:
            if outcome.number < LIMIT:
                outcome.number *= factor
            outcome.worth *= factor
            outcome.bonus *= factor
        for node in self.nodes:
            node.need = ceil(node.part.minimum * node.share * denominator)
        for step in self._adjusts.values():
            step.refit()

    def _whole(self, number: Fraction) -> int:
        return number.numerator * (self.denominator // number.denominator)

    def made(self, leaf: Leaf, attempts: Sequence[Attempt]) -> Outcome:
        """What the core makes of these attempts at a leaf."""
        grader, part = self.grader, leaf.part
        alone = Student("", attempts={part.id: tuple(attempts)})
        result = grader.leaf(alone, part, attempts, 0)
        hard = result.open or bool(grader.coming(alone, part))
        hard = hard or (self.policy.free is not None and bool(late_works(self.policy, alone, grader.zone)))
        outcome = Outcome(result, attempts, hard=hard)
        if not (hard or outcome.out or (part.required and result.gate)):
            number = NIL
            if result.value is not None and not (part.bonus and result.state != "scored"):
                number = result.value * leaf.share
            self._fit(number)
            outcome.number = self._whole(number)
        if leaf.top:
            self._place(outcome)
        self.outcomes.append(outcome)
        return outcome

    def _place(self, outcome: Outcome) -> None:
        """What a part of the top level does to the whole."""
        result = outcome.result
        part = result.part
        outcome.reasons = reasons((result,))
        worth, bonus = NIL, bonus_of(result)
        if part.counts and result.value is not None and not outcome.out:
            worth = _weight(part) * result.value
            outcome.weight = int(_weight(part) * self.scale)
            if self.full:
                outcome.placed = result._replace(effective_weight=Fraction(outcome.weight * 100, self.full))
        self._fit(worth, bonus)
        outcome.worth, outcome.bonus = self._whole(worth), self._whole(bonus)

    def _nested(self, node: Node, outcomes: tuple[Outcome, ...]) -> Outcome:
        """A nested part of the top level, as the core makes it of its leaves."""
        known = node.known.get(outcomes)
        if known is None:
            results = {leaf.part.id: o.result for leaf, o in zip(node.leaves, outcomes, strict=True)}
            (result,) = build((node.part,), lambda part: results[part.id], self.policy)
            known = Outcome(result, (), hard=False)
            self._place(known)
            self.outcomes.append(known)
            node.known[outcomes] = known
        return known

    def tops(self, row: tuple[Outcome, ...]) -> tuple[Outcome, ...]:
        """The outcomes of the parts of the top level, from those of the leaves."""
        if self._flat:
            return row
        return tuple(
            row[at] if node is None else self._nested(node, row[at : at + len(node.leaves)]) for at, node in self._tops
        )

    def top_columns(self, columns: Sequence[Sequence[Outcome]]) -> list[Sequence[Outcome]]:
        """The same for many students, by column."""
        out: list[Sequence[Outcome]] = []
        for at, node in self._tops:
            if node is None:
                out.append(columns[at])
            else:
                rows = zip(*columns[at : at + len(node.leaves)], strict=True)
                out.append([self._nested(node, row) for row in rows])
        return out

    # ---- students --------------------------------------------------------------------------------------

    def adjust(self, level: str | None, attended: int | None) -> Adjust:
        """What this activity adds; the same object for the same activity."""
        activity = self.policy.activity
        key = None if activity is None else level if activity.levels is not None else attended
        known = self._adjusts.get(key)
        if known is None:
            known = self._adjusts[key] = Adjust(self, Student("", level=level, attended=attended))
        return known

    def tidy(self) -> bool:
        """Between chunks: forgets all outcomes where there are too many. Who keeps any must then forget them too."""
        if len(self.outcomes) < MOST:
            return False
        self.outcomes.clear()
        for step in self._adjusts.values():
            step.special.clear()
            step.shared.clear()
            step.tails.clear()
        for leaf in self.leaves:
            leaf.outcomes.clear()
            leaf.forget()
        for node in self.nodes:
            node.known.clear()
        return True

    def verdicts(self, students: Sequence[Student]) -> list[Verdict]:
        """The grades of students, in their order, without the parts."""
        out: list[Verdict] = []
        for start in range(0, len(students), CHUNK):
            some = students[start : start + CHUNK]
            self.tidy()
            out += self.judged([leaf.column(some) for leaf in self.leaves], self._adjusts_of(some))
        return out

    def _adjusts_of(self, students: Sequence[Student]) -> list[Adjust] | None:
        if self.policy.activity is None:
            return None
        if self.policy.activity.levels is not None:
            known = {level: self.adjust(level, None) for level in {s.level for s in students}}
            return [known[s.level] for s in students]
        counts = {n: self.adjust(None, n) for n in {s.attended for s in students}}
        return [counts[s.attended] for s in students]

    def judged(self, columns: Sequence[Sequence[Outcome]], adjusts: Sequence[Adjust] | None) -> list[Verdict]:
        """The grades of students given by columns, one per leaf; no ``adjusts`` where the policy has no activity."""
        length = len(columns[0])
        totals = _added([_numbers(part, columns) for part in self.tree], length)
        if adjusts is None:
            adjusts = [self.adjust(None, None)] * length
            verdicts = list(map(adjusts[0].sums.__getitem__, totals)) if length else []
        else:
            verdicts = [step.sums[total] for step, total in zip(adjusts, totals, strict=True)]
        if None not in verdicts:
            return verdicts  # type: ignore[return-value]
        rows = list(zip(*columns, strict=True))
        return [self.special(rows[i], adjusts[i]) if verdict is None else verdict for i, verdict in enumerate(verdicts)]

    def special(self, row: tuple[Outcome, ...], step: Adjust) -> Verdict:
        """The grade of a student with anything unusual."""
        known = step.special.get(row)
        if known is None:
            if len(step.special) >= MOST:
                step.special.clear()
                step.shared.clear()
            known = step.special[row] = self._special(row, step)
        return known

    def _special(self, row: tuple[Outcome, ...], step: Adjust) -> Verdict:
        for outcome in row:
            if outcome.hard:
                return step.by_core(self.grader.grade(self.student(row, step), steps=False))
        worth = bonus = weight = 0
        why: Reasons = ()
        odd: list[Outcome] = []
        for outcome in self.tops(row):
            worth += outcome.worth
            bonus += outcome.bonus
            weight += outcome.weight
            if outcome.reasons or outcome.out:
                why += outcome.reasons
                odd.append(outcome)
        key = (worth, bonus, weight, *odd)
        known = step.shared.get(key)
        if known is None:
            if not weight:
                known = step.unweighed(why)
            else:
                mean = worth * self.scale + weight * bonus, weight * self.denominator
                known = step.failed(why, mean) if why else step.weighed(*mean)
            step.shared[key] = known
        return known

    def student(self, row: Sequence[Outcome], step: Adjust) -> Student:
        """Somebody with these outcomes and this activity."""
        attempts = {leaf.part.id: tuple(o.attempts) for leaf, o in zip(self.leaves, row, strict=True)}
        return step.student._replace(attempts=attempts)

    # ---- whole results ---------------------------------------------------------------------------------

    def results(
        self, students: Iterable[Student], overrides: Mapping[str, Override] | None = None, *, steps: bool = True
    ) -> Iterator[Result]:
        """What :func:`.core.grade_class` yields, one by one; equal to it in everything."""
        todo = iter(students)
        overrides = overrides or {}
        while some := list(islice(todo, CHUNK)):
            self.tidy()
            columns = [leaf.full_column(some) for leaf in self.leaves]
            adjusts = self._adjusts_of(some) or [self.adjust(None, None)] * len(some)
            for student, row, step in zip(some, zip(*columns, strict=True), adjusts, strict=True):
                override = overrides.get(student.student)
                result = None if override is not None else self._result(student, row, step, steps)
                yield result or self.grader.grade(student, override, steps=steps)

    def _result(self, student: Student, row: tuple[Outcome, ...], step: Adjust, steps: bool) -> Result | None:
        """The result put together from what is known of its parts; None where something is unusual."""
        for outcome in row:
            if outcome.hard:
                return None
        tops = self.tops(row)
        worth = bonus = weight = 0
        why: Reasons = ()
        for outcome in tops:
            worth += outcome.worth
            bonus += outcome.bonus
            weight += outcome.weight
            if outcome.reasons:
                why += outcome.reasons
        if not weight or weight != self.full:
            return None
        key = tops if why else (worth, bonus)
        tail = step.tails.get(key)
        if tail is None:
            if len(step.tails) >= MOST:
                step.tails.clear()
            tail = step.tails[key] = self._tail(step, worth, bonus, why)
        head, before, last = tail
        parts = tuple([_bound(o.placed, student) for o in tops])
        if not steps:
            return Result(student, *head, parts, ())
        made: list[Step] = []
        operands, terms = [], []
        for outcome in tops:
            if outcome.steps is None:
                self._explain(outcome)
            made += outcome.steps or ()
            if outcome.piece is not None:
                operands.append(outcome.piece[0])
                terms.append(outcome.piece[1])
        path = (*self.policy.path, "parts")
        made.append(
            Step("mean", None, path, tuple(operands), None, before, None, msg("{sum}", sum=Terms(terms, " + ")))
        )
        if self._bonuses:
            made += _bonus([o.placed for o in tops], before)
        made += last
        return Result(student, *head, parts, tuple(made))

    def _explain(self, outcome: Outcome) -> None:
        outcome.steps = tuple(_part(self.policy, outcome.placed))
        if outcome.placed.effective_weight is not None:
            alone = _mean(None, (), (outcome.placed,), NIL)
            total = alone.why.args["sum"]
            outcome.piece = alone.operands[0], total.items[0] if isinstance(total, Terms) else total

    def _tail(self, step: Adjust, worth: int, bonus: int, why: Reasons) -> Tail:
        """What follows from the mean, and its steps: the same for all who have this mean and this activity."""
        mean = worth * self.scale + self.full * bonus, self.full * self.denominator
        verdict = step.failed(why, mean) if why else step.weighed(*mean)
        head: Head = (
            verdict.status, verdict.grade, verdict.exact, verdict.rounded, verdict.raised, verdict.grade, None, None,
            verdict.reasons, step.given,
        )  # fmt: skip
        result = Result(step.student, *head, (), ())
        last: list[Step] = []
        if self.policy.activity is not None and step.given is not None:
            last.append(_activity(self.policy, result, Fraction(*mean)))
        last += _whole(self.policy, result)
        return head, Fraction(worth * self.scale, self.full * self.denominator), tuple(last)


def _share(part: Part, above: Fraction, total: Fraction, counted: bool) -> Fraction:
    """What the value of a part counts in the mean where all count."""
    if part.bonus:
        return above * (part.weight or NIL) / 100
    return above * _weight(part) / total if counted and total else NIL


def _bound(result: PartResult, student: Student) -> PartResult:
    """The same with the student's own attempts: cells that say the same stand in different places."""
    fields = list(result)
    if result.children:
        fields[8] = tuple([_bound(child, student) for child in result.children])
    elif result.attempts:
        given = student.attempts[result.part.id]
        if len(given) == 1:
            only = result.attempts[0]
            fields[3] = (AttemptResult._make((*only[:2], given[0], *only[3:])),)
        else:
            pairs = zip(result.attempts, given, strict=True)
            fields[3] = tuple([AttemptResult._make((*a[:2], own, *a[3:])) for a, own in pairs])
    return PartResult._make(fields)
