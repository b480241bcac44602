"""The order of the steps (contract section 5), for one student and for a class."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import NamedTuple
from zoneinfo import ZoneInfo

from kurssi.policy.model import Part, Policy
from kurssi.values.classlist import Attempt, ClassList, PeerMark, Student
from kurssi.values.times import local_day

from .combine import Mean, build, flat, reasons, weigh
from .explain import steps_of
from .free import in_order, late_works, spendings, where_it_helps
from .parts import OUT, due_of, grade_part, with_gate
from .peers import Share, moved, shares
from .reach import Possible, Reach, reachable
from .result import Override, PartResult, Reason, Result, Verdict, result_by
from .total import adjustment, clamped, rounded, with_activity


class Total(NamedTuple):
    """One evaluation of a student's attempts: the parts, their mean, and the whole before states are decided."""

    parts: tuple[PartResult, ...]
    mean: Mean
    reasons: tuple[Reason, ...]
    adjust: Fraction | None
    exact: Fraction | None
    rounded: int | None
    grade: int | None
    """The grade if nothing were open; None where nothing is left to weigh."""
    raised: bool


def total_of(policy: Policy, parts: Sequence[PartResult], adjust: Fraction | None) -> Total:
    """The whole from the results of the top level's parts and what activity adds (steps 5 to 9)."""
    return total_by(policy, weigh(parts, None, None), adjust)


def total_by(policy: Policy, mean: Mean, adjust: Fraction | None) -> Total:
    """The same from their mean (steps 7 to 9)."""
    why = reasons(mean.results)
    if mean.value is None:
        weighs = any(part.counts for part in policy.parts)
        grade = None if weighs else policy.scale.lowest if why else policy.scale.top
        return Total(mean.results, mean, why, adjust, None, None, policy.scale.lowest if why else grade, False)
    exact = with_activity(policy, mean.value, adjust or Fraction(0))
    whole = rounded(policy, exact)
    raised = not why and not policy.may_fail and whole < policy.scale.pass_grade
    grade = policy.scale.lowest if why else clamped(policy, whole)
    return Total(mean.results, mean, why, adjust, exact, whole, grade, raised)


def decided(policy: Policy, total: Total, reach: Reach | None = None) -> Verdict:
    """The state of a student; ``reach`` says what is within reach where something is open."""
    grade, raised, why = total.grade, total.raised, total.reasons
    span = None
    if reach is not None:
        span, why = reach.grades, _for_good(total, reach.parts)
        if len(span) > 1 or (span and reach.may_be_none):
            return Verdict("incomplete", None, None, None, False, span, ())
    if grade is None or span == ():
        reason = Reason(None, "nothing-to-weigh")
        return Verdict("incomplete", None, total.exact, total.rounded, raised, None, (reason,))
    # every open attempt leads to this one grade; what is open counts as the lowest in the exact value
    grade = span[0] if span else grade
    if grade >= policy.scale.pass_grade:
        return Verdict("graded", grade, total.exact, total.rounded, raised, None, ())
    why = why or (Reason(None, "below-boundary", policy.pass_value, total.exact),)
    return Verdict("failed", grade, total.exact, total.rounded, False, None, why)


def result_of(
    policy: Policy, student: Student, total: Total, verdict: Verdict, override: Override | None = None
) -> Result:
    """The student's result, without steps."""
    result = result_by(student, verdict, total.adjust, total.parts)
    if override is None:
        return result
    status = "failed" if override.grade < policy.scale.pass_grade else "graded"
    return result._replace(status=status, grade=override.grade, override=override, range=None)


class Grader:
    """Grades students by one policy. Peer marks are worked out once for the class; the rest is per student."""

    def __init__(self, policy: Policy, class_list: ClassList | None = None, *, as_of: date | None = None) -> None:
        self.policy = policy
        self.zone = ZoneInfo(policy.timezone)
        self.as_of = as_of
        self.shares: dict[str, dict[str, Share]] = {}
        if class_list is not None and class_list.peer_marks is not None:
            self.share_out(class_list.students, class_list.peer_marks)

    def share_out(self, students: Sequence[Student], marks: Sequence[PeerMark]) -> None:
        """From here on these students, whole groups, have the factors that follow from these marks."""
        for part in self.policy.leaves():
            if part.peer is None:
                continue
            groups: dict[str, list[str]] = {}
            for student in students:
                own = any(a.own for a in student.attempts.get(part.id, ()))
                if student.group is not None and not own:
                    groups.setdefault(student.group, []).append(student.student)
            by_marker: dict[str, list[PeerMark]] = {}
            for mark in marks:
                by_marker.setdefault(mark.marker, []).append(mark)
            found: dict[str, Share] = {}
            for members in groups.values():
                given = [mark for member in members for mark in by_marker.get(member, ())]
                found.update(shares(members, given, part.peer))
            self.shares[part.id] = found

    # ---- one evaluation --------------------------------------------------------------------------------

    def leaf(self, student: Student, part: Part, attempts: Sequence[Attempt], forgiven: int) -> PartResult:
        """A part without parts: attempts, lateness, peer marks, gate."""
        result = self.before_peers(student, part, attempts, forgiven)
        share = self.shares.get(part.id, {}).get(student.student)
        if part.peer is None or share is None or result.state != "scored" or result.value is None:
            return result
        peer = moved(result.value, share, part.peer, self.policy)
        return with_gate(result._replace(value=peer.value, peer=peer))

    def before_peers(
        self,
        student: Student,  # noqa: ARG002 - for those who remember
        part: Part,
        attempts: Sequence[Attempt],
        forgiven: int,
    ) -> PartResult:
        """The part before peer marks."""
        return grade_part(part, attempts, self.policy, self.zone, forgiven)

    def total(self, student: Student, forgiven: Mapping[str, int]) -> Total:
        """All steps, with these late units forgiven."""
        parts = build(
            self.policy.parts,
            lambda part: self.leaf(student, part, student.attempts.get(part.id, ()), forgiven.get(part.id, 0)),
            self.policy,
        )
        return total_of(self.policy, parts, adjustment(self.policy, student))

    def forgiven(self, student: Student) -> dict[str, int]:
        """Late units that the free budget forgives, by part."""
        free = self.policy.free
        if free is None:
            return {}
        works = late_works(self.policy, student, self.zone)
        if not works:
            return {}
        if not free.helps:
            return in_order(works, free)

        def value(spent: Mapping[str, int]) -> tuple[int, Fraction]:
            total = self.total(student, spent)
            lowest = self.policy.scale.lowest
            return total.grade if total.grade is not None else lowest, total.exact or Fraction(0)

        return where_it_helps(works, free, value)

    # ---- the result ------------------------------------------------------------------------------------

    def grade(self, student: Student, override: Override | None = None, *, steps: bool = True) -> Result:
        """The student's result: state, grade, and with ``steps`` every step that led there."""
        total, verdict = self.judge(student)
        result = result_of(self.policy, student, total, verdict, override)
        return result._replace(steps=steps_of(self.policy, result, total.mean)) if steps else result

    def judge(self, student: Student) -> tuple[Total, Verdict]:
        """The student's total and what is decided by it, before any override."""
        total = self.total(student, self.forgiven(student))
        reach = self._reach(student, total) if self._has_open(student, total.parts) else None
        return total, decided(self.policy, total, reach)

    def _has_open(self, student: Student, parts: Sequence[PartResult]) -> bool:
        leaves = flat(parts)
        return any(r.open for r in leaves.values()) or (
            self.as_of is not None and any(self.coming(student, part) for part in self.policy.leaves())
        )

    def coming(self, student: Student, part: Part) -> set[int]:
        """Numbers of attempts that are not handed in and, at ``as_of``, may still come.

        A first attempt without a deadline and a retake without a date may come until the end of the timing, and
        always where the file has none.
        """
        if self.as_of is None:
            return set()
        attempts = student.attempts.get(part.id, ())
        if any(a.state in OUT for a in attempts):
            return set()
        coming = set()
        for number in range(1, len(part.dues) + 1):
            attempt = attempts[number - 1] if number <= len(attempts) else Attempt("missing")
            due = due_of(part, number, attempt)
            last = local_day(due, self.zone) if due is not None else self.policy.timing_end
            if attempt.state == "missing" and (last is None or last >= self.as_of):
                coming.add(number)
        return coming

    def _reach(self, student: Student, total: Total) -> Reach:
        """What is within reach, whatever of the free budget is spent where."""
        free = self.policy.free
        if free is None or not free.helps:
            return self._reach_with(student, total, self.forgiven(student))
        works = late_works(self.policy, student, self.zone)
        found = [self._reach_with(student, self.total(student, s), s) for s in spendings(works, free)]
        return _best_of(found, self.policy.scale.lowest)

    def _reach_with(self, student: Student, total: Total, spent: Mapping[str, int]) -> Reach:
        def regrade(part: Part, attempts: Sequence[Attempt]) -> PartResult:
            return self.leaf(student, part, attempts, spent.get(part.id, 0))

        adjust = total.adjust or Fraction(0)
        return reachable(total.parts, self.policy, adjust, regrade, lambda part: self.coming(student, part))


class OtherMarks(Grader):
    """Grades the members of a group again and again, each time by other peer marks.

    What marks cannot change is worked out once: :meth:`Grader.share_out` is all that a new set of marks takes.
    """

    def __init__(self, policy: Policy, class_list: ClassList | None = None, *, as_of: date | None = None) -> None:
        super().__init__(policy, class_list, as_of=as_of)
        self._known: dict[tuple[str, str, int], PartResult] = {}

    def before_peers(self, student: Student, part: Part, attempts: Sequence[Attempt], forgiven: int) -> PartResult:
        """The part before peer marks, remembered where these are the student's own attempts."""
        if attempts is not student.attempts.get(part.id, ()):
            return super().before_peers(student, part, attempts, forgiven)
        name = (student.student, part.id, forgiven)
        if name not in self._known:
            self._known[name] = super().before_peers(student, part, attempts, forgiven)
        return self._known[name]


def _best_of(found: Sequence[Reach], lowest: int) -> Reach:
    """What is within reach where the student gets the best of several spendings.

    Failing is, only where every spending may fail; a passing grade, only from the least that the best one gives.
    """
    passing = [[g for g in reach.grades if g > lowest] for reach in found]
    floor = max((grades[0] for grades in passing if grades), default=lowest)
    grades = {g for several in passing for g in several if g >= floor}
    if all(lowest in reach.grades for reach in found):
        grades.add(lowest)
    parts = {
        name: Possible(tuple(i for reach in found for i in reach.parts[name].passing), ()) for name in found[0].parts
    }
    return Reach(tuple(sorted(grades)), all(reach.may_be_none for reach in found), parts)


def _for_good(total: Total, possible: Mapping[str, Possible]) -> tuple[Reason, ...]:
    """The reasons that nothing open can repair: gates that stay closed whatever comes."""
    known = {reason.part.id: reason for reason in total.reasons if reason.part is not None}
    out: list[Reason] = []

    def walk(results: Sequence[PartResult]) -> None:
        for result in results:
            if not result.part.required or possible[result.part.id].passing:
                continue
            before = len(out)
            walk(result.children)
            if result.part.id in known:
                out.append(known[result.part.id])
            elif len(out) == before:  # still open, but nothing that may come is enough
                code = result.gate or "below-minimum"
                out.append(Reason(result.part, code, result.part.minimum if code == "below-minimum" else None, None))

    walk(total.parts)
    return tuple(out)
