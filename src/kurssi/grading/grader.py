"""Grades students by one policy: the order of the steps (contract section 5).

There is one way for everybody. Each part comes to an outcome (:mod:`.compiled`), the free budget is spent, siblings
become a mean and the mean a verdict. Verdicts are remembered by the key of their outcomes, so that whoever is like
somebody before costs a few look-ups. Steps are told afterwards, from the result (:mod:`.explanation`).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from kurssi.policy.model import Part, Policy
from kurssi.values.classlist import Attempt, ClassList, PeerMark, Student

from .activity import adjustment
from .attempts import Tried
from .bonus import Tree
from .compiled import (
    CODE,
    LATE,
    MOST_KEPT,
    OPEN,
    Alike,
    Cache,
    Graded,
    Group,
    Leaf,
    Member,
    Outcome,
    Parent,
    Paths,
    ResultByParts,
    Terms,
)
from .lateness import Spending, depends_on_grade, spendings, spent_by
from .leaf import grade_leaf, tried_for
from .mean import capped, mean_of_way, way_that_counts, weigh
from .peers import Share, Shares, shares_of_class
from .result import Override, PartResult, Result, Verdict
from .verdict import Total, decided, total_of

if TYPE_CHECKING:  # a class in which nothing is open has no ranges
    from .ranges.boxes import Reader
    from .ranges.choices import Reach
    from .ranges.standing import Memory

ZERO = Fraction(0)


class Adjust(NamedTuple):
    """What activity adds: its number in the key, and the amount."""

    key: int
    amount: Fraction | None
    attended: int | None = None
    """Sessions attended, where a grade asks for them; then they are in the key, too."""


class Grader:
    """Gives every student of a class a verdict, or a result with everything that led to it.

    Peer marks are shared out once for the class. What it remembers changes no grade; it is otherwise never changed.
    """

    def __init__(
        self,
        policy: Policy,
        class_list: ClassList | None = None,
        *,
        as_of: date | None = None,
        shares: Shares | None = None,
    ) -> None:
        """``shares`` are those of another grader, in place of the peer marks of ``class_list``."""
        self.policy = policy
        self.terms = Terms(policy, ZoneInfo(policy.timezone), as_of)
        self.shares: Shares = shares or {}
        if class_list is not None and class_list.peer_marks is not None:
            self.shares = shares_of_class(policy, class_list.students, class_list.peer_marks)
        self.leaves: list[Leaf] = []
        steps = [part.stepped for part in policy.bonuses_by_steps() if part.stepped is not None]
        self.by_steps = bool(steps)
        """Whether what one part comes to may be added to another one."""
        names = [part.id for part in policy.bonuses_by_steps()] + [name for one in steps for name in one.only_if]
        self._demanded = frozenset([*(demand.part for demand in policy.requires), *names])
        self.top = Group(policy, self._demanded)
        self._compile(policy.parts, self.top)
        self.at = {leaf.part.id: index for index, leaf in enumerate(self.leaves)}
        self.of_source: dict[str, list[int]] = {}
        """By part with cells its own place, and those of the parts that take its scores."""
        for index, leaf in enumerate(self.leaves):
            self.of_source.setdefault(leaf.part.source, []).append(index)
            if leaf.part.takes is not None:
                self.leaves[self.at[leaf.part.takes]].takers.append(leaf)
        self._by_hand = [
            (leaf.part.source, self._is_simple(leaf), leaf.timed, leaf.start, leaf) for leaf in self.leaves
        ]
        self._adjusts: dict[tuple[Fraction | None, int | None], int] = {}
        self._levels: dict[tuple[str | None, int | None], Adjust] = {}
        self._always = None if policy.activity is not None or policy.asks_attendance else self.adjust(None, None)
        """What activity adds to everybody, where there is none."""
        self._alike: Cache[tuple[int, tuple[Outcome, ...]], Alike] = Cache(MOST_KEPT)
        self._paths = Paths(self.top) if self.top.parents and not (self.by_steps or policy.has_ways) else None
        """To the verdicts, where parts have parts and keys are sums."""
        self._spent: dict[tuple[int, object], Spending] = {}
        """Of students with a share of the free budget, by the denominator and key of the whole."""
        self._ways: dict[Outcome, Memory] = {}
        """What outcomes of leaves can still become."""

    def _compile(self, parts: Sequence[Part], group: Group) -> None:
        group.first = len(self.leaves)
        for position, part in enumerate(parts):
            if part.parts:
                below = Group(part, self._demanded)
                self._compile(part.parts, below)
                parent = Parent(part, group, position, below, self.policy)
                group.parents.append(parent)
                group.leaves.append(-1)
                member: Member = parent
            else:
                group.leaves.append(len(self.leaves))
                member = leaf = Leaf(part, group, position, self.terms, len(self.leaves))
                self.leaves.append(leaf)
            group.members.append(member)
        group.end = len(self.leaves)

    def _is_simple(self, leaf: Leaf) -> bool:
        """Whether nothing decides about a leaf but scores and times; by peer marks it may count where nothing came."""
        return leaf.simple and leaf.whole and leaf.part.source not in self.shares

    def with_marks(self, students: Sequence[Student], marks: Sequence[PeerMark]) -> Grader:
        """A grader by whom these students, whole groups, have the factors that follow from these marks."""
        other = copy(self)  # what is remembered serves both: a factor is part of what is looked up
        found = shares_of_class(self.policy, students, marks)
        other.shares = {part: {**self.shares.get(part, {}), **new} for part, new in found.items()}
        return other

    # ---- one student ---------------------------------------------------------------------------------------

    def judge(self, student: Student) -> Verdict:
        """The verdict on a student, before any override."""
        adjust = self._always or self.adjust(student.level, student.attended)
        leaves = self._graded(student)
        if not self.top.parents:
            key = adjust.key
            for graded in leaves:
                key += graded.outcome.key
            found: Verdict | None = self.top.known.get(key)  # most policies: without a list of outcomes
            return found or self.verdict([graded.outcome for graded in leaves], adjust)
        paths = self._paths
        if paths is None:
            return self.verdict([graded.outcome for graded in leaves], adjust)
        try:
            point = paths.starts[adjust.key]
            for graded in leaves:
                point = point.onward[graded.outcome]
            if point.verdict is not None:
                return point.verdict
        except KeyError:
            pass
        outcomes = [graded.outcome for graded in leaves]
        verdict = self.verdict(outcomes, adjust)  # before the path: what is new may change the keys of the others
        paths.learn(adjust.key, outcomes, verdict)
        return verdict

    def grade(self, student: Student, override: Override | None = None) -> Result:
        """The student's result: state, grade, and every part as it counted."""
        leaves = self._graded(student)
        adjust = self._always or self.adjust(student.level, student.attended)
        outcomes = tuple([graded.outcome for graded in leaves])
        came_to = (adjust.key, outcomes)
        alike = self._alike.find(came_to) or self._alike.keep(came_to, self._like(outcomes, adjust))
        for name, units in alike.spent.items():
            share = self._share(name, student)
            for index in self.of_source[name]:
                given = student.attempts.get(name, ())
                leaves[index] = self.leaves[index].forgiving(leaves[index], given, share, units)
        result = ResultByParts(student, alike, leaves)
        if override is not None:
            result.set_by(override, self.policy.scale.pass_grade)
        return result

    def results(
        self, students: Iterable[Student], overrides: Mapping[str, Override] | None = None, *, only: str | None = None
    ) -> Iterator[Result]:
        """The results of these students in their order; ``only`` one student's."""
        for student in students:
            if only is None or student.student == only:
                yield self.grade(student, (overrides or {}).get(student.student))

    def leaf(
        self, part: Part, attempts: Sequence[Attempt], forgiven: int | None = None, share: Share | None = None
    ) -> PartResult:
        """What these attempts at a part without parts come to, moved by peer marks only where a share is named."""
        return self.leaves[self.at[part.id]].graded(attempts, share, forgiven).result

    def coming(self, student: Student, part: Part) -> frozenset[int]:
        """Numbers of the attempts at a part that are not handed in and may still come."""
        return self.leaves[self.at[part.id]].coming(student.attempts.get(part.source, ()))

    # ---- what each part comes to ---------------------------------------------------------------------------

    def outcomes(self, student: Student) -> list[Outcome]:
        """What every leaf of the policy comes to, as long as nothing is forgiven."""
        return [graded.outcome for graded in self._graded(student)]

    def _graded(self, student: Student) -> list[Graded]:
        """What each leaf of the policy comes to."""
        attempts = student.attempts
        found = []
        for name, simple, timed, alike, leaf in self._by_hand:
            given = attempts.get(name, ())
            if simple:  # nearly everybody: without a call, by how late each came and the identity of its score
                try:
                    for attempt in given:
                        if timed and (submitted := attempt.submitted) is not None:
                            if attempt.due is not None:
                                raise KeyError
                            at, marks = submitted.at, alike.marks
                            known = alike.by_mark[0 if at <= marks[0] else bisect_left(marks, at)]
                        else:
                            known = alike.on_time
                        score = attempt.score
                        alike = known[attempt.state if score is None else id(score)]
                    graded = alike.graded
                    if graded is not None:
                        found.append(graded)
                        continue
                except (KeyError, IndexError, TypeError):  # new, beyond the marks, or with an offset from UTC
                    pass
            found.append(leaf.find(given, self._share(name, student)))
        return found

    def _share(self, part: str, student: Student) -> Share | None:
        shares = self.shares.get(part)
        return shares.get(student.student) if shares else None

    def adjust(self, level: str | None, attended: int | None) -> Adjust:
        """What activity adds for a level or sessions attended."""
        found = self._levels.get((level, attended))
        if found is None:
            adjust = adjustment(self.policy, level, attended)
            asked = attended if self.policy.asks_attendance else None
            code = self._adjusts.setdefault((adjust, asked), len(self._adjusts))
            found = self._levels[level, attended] = Adjust(code << (CODE * len(self.policy.parts)), adjust, asked)
        return found

    # ---- the whole -----------------------------------------------------------------------------------------

    def found(self, outcomes: Sequence[Outcome]) -> Sequence[Outcome]:
        """What each part of the top level came to, by the outcomes of all leaves."""
        return self.top.found(outcomes) if self.top.parents else outcomes

    def verdict(self, outcomes: Sequence[Outcome], adjust: Adjust, found: Sequence[Outcome] | None = None) -> Verdict:
        """The verdict on these outcomes of all leaves; ``found`` are those of the top level, where they are known."""
        if found is None:
            found = self.found(outcomes)
        # all of them are there by now: one that is new may change the keys of the others
        key = self._key(found, outcomes, adjust)
        return self.top.known.get(key) or self._learn(key, found, outcomes, adjust)

    def _like(self, outcomes: tuple[Outcome, ...], adjust: Adjust) -> Alike:
        """What everybody has in common whose parts came to this."""
        found = self.found(outcomes)
        verdict = self.verdict(outcomes, adjust, found)
        spent: Spending = {}
        after: Sequence[Outcome] = outcomes
        if self.policy.free is not None and any(outcome.work is not None for outcome in outcomes):
            spent = self._spending_of(found, outcomes, adjust)
            after = self.after(outcomes, spent)
            found = self.found(after)
        return Alike(verdict, adjust.amount, self.top, after, found, spent)

    def _key(self, found: Sequence[Outcome], outcomes: Sequence[Outcome], adjust: Adjust) -> object:
        if self.by_steps:
            return (adjust.key, *outcomes)
        if self.top.of_ways:
            return (adjust.key, *[outcome.key for outcome in found])
        key = adjust.key
        for outcome in found:
            key += outcome.key
        return key

    def _learn(self, key: object, found: Sequence[Outcome], outcomes: Sequence[Outcome], adjust: Adjust) -> Verdict:
        """The verdict on a key that is new, which is known from now on."""
        denominator = self.top.denominator
        verdict = self._decide(found, outcomes, adjust)
        if len(self.top.known) >= MOST_KEPT:
            self.top.known.clear()
        if self.top.denominator == denominator:  # else the key says something else by now
            self.top.known[key] = verdict
        return verdict

    def _decide(self, found: Sequence[Outcome], outcomes: Sequence[Outcome], adjust: Adjust) -> Verdict:
        kind = max([outcome.kind for outcome in found])
        if kind == LATE:
            return self.verdict(self.after(outcomes, self.spending(outcomes, adjust)), adjust)
        if kind != OPEN:
            return decided(self.policy, self.total(found, outcomes, adjust))
        spent = self.spending(outcomes, adjust)
        total = self._total_after(outcomes, spent, adjust)
        return decided(self.policy, total, self._reach(outcomes, spent, adjust))

    def total(self, found: Sequence[Outcome], outcomes: Sequence[Outcome], adjust: Adjust) -> Total:
        """The total by what the parts of the top level, and all leaves of the policy, came to.

        The results in it are those of some student whose parts count alike, without weights.
        """
        if self.by_steps:
            results = Tree(self.policy, [outcome.result for outcome in outcomes]).results()
        else:
            results = tuple([outcome.result for outcome in found])
        if self.top.of_ways:
            way = results[way_that_counts(results)]
            mean = mean_of_way(way).value
            mean = None if mean is None else capped(mean, self.policy.cap)
            return total_of(self.policy, way.children, mean, adjust.amount, adjust.attended, results)
        mean = weigh(results, self.policy).value if self.by_steps else self.top.value(found)
        return total_of(self.policy, results, mean, adjust.amount, adjust.attended)

    def _total_after(self, outcomes: Sequence[Outcome], spent: Mapping[str, int], adjust: Adjust) -> Total:
        after = self.after(outcomes, spent)
        return self.total(self.found(after), after, adjust)

    # ---- the free budget -----------------------------------------------------------------------------------

    def spending(self, outcomes: Sequence[Outcome], adjust: Adjust) -> Spending:
        """Units forgiven by part. What is open counts as the lowest meanwhile."""
        free = self.policy.free
        works = sorted([outcome.work for outcome in outcomes if outcome.work is not None])
        if free is None or not works:
            return {}

        def value(spent: Mapping[str, int]) -> tuple[int, Fraction]:
            total = self._total_after(outcomes, spent, adjust)
            return self.policy.scale.lowest if total.grade is None else total.grade, total.exact or ZERO

        # a way that is passed counts before one that is worth more
        rises = not (self.policy.takes_away or self.policy.has_ways)
        return spent_by(works, free, value, rises=rises)

    def _spending_of(self, found: Sequence[Outcome], outcomes: Sequence[Outcome], adjust: Adjust) -> Spending:
        """The same, remembered for everybody who is alike."""
        # with the denominator, which what is learnt next may change
        whole = (self.top.denominator, self._key(found, outcomes, adjust))
        spent = self._spent.get(whole)
        if spent is None:
            if len(self._spent) >= MOST_KEPT:
                self._spent.clear()
            spent = self._spent[whole] = self.spending(outcomes, adjust)
        return spent

    def after(self, outcomes: Sequence[Outcome], spent: Mapping[str, int]) -> Sequence[Outcome]:
        """What each leaf came to once late units are forgiven."""
        after = list(outcomes)
        for part, units in spent.items():
            for index in self.of_source[part]:
                after[index] = after[index].after[units]
        return after

    # ---- what is open --------------------------------------------------------------------------------------

    def _reach(self, outcomes: Sequence[Outcome], spent: Spending, adjust: Adjust) -> Reach:
        """What is within reach, whatever of the free budget is spent where."""
        from .ranges.reach import Given, OpenScores

        free = self.policy.free
        spendings_of = [spent]
        if free is not None and depends_on_grade(free.spend):
            works = sorted([outcome.work for outcome in outcomes if outcome.work is not None])
            spendings_of = list(spendings(works, free))
        after = [self.after(outcomes, one) for one in spendings_of]

        def regrade(reader: Reader, tries: Sequence[Tried]) -> PartResult:
            part, number = reader
            outcome = after[number][self.at[part.id]]
            attempts = tried_for(part, tries, self.policy, outcome.forgiven)
            return grade_leaf(part, attempts, self.policy, outcome.share)

        def kept(result: PartResult, number: int) -> Memory | None:
            outcome = after[number][self.at[result.part.id]]
            if result.attempts is not outcome.result.attempts:
                return None  # of somebody whose parts together count alike
            if len(self._ways) >= MOST_KEPT:
                self._ways.clear()
            return self._ways.setdefault(outcome, {})

        def coming(part: Part) -> frozenset[int]:
            return outcomes[self.at[part.id]].coming

        results = [[outcome.result for outcome in self.found(one)] for one in after]
        given = Given(adjust.amount or ZERO, adjust.attended)
        return OpenScores(results, self.policy, given, regrade, coming, kept).reach()
