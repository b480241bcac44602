"""What must hold of every grade, whatever the policy and the class: nobody loses by doing better."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from fractions import Fraction
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from kurssi.course.check import check
from kurssi.grading import Explainer, Grader, Result, Step, needs
from kurssi.grading.result import flat
from kurssi.policy.model import Policy
from kurssi.values.times import read_when
from small_worlds import small_worlds
from strategies import Data, World, document, examples, leaves_of, worlds

WORDS = ("", "-", "?", "PIDÄTETTY", "EX", "AHOT", "RPL", "H", "fail", "HYV", "x")


def graded(world: World) -> tuple[Policy, dict[str, Result]]:
    policy = world.policy()
    classes = world.class_list(policy)
    grader = Grader(policy, classes, as_of=world.as_of)
    return policy, {student.student: grader.grade(student) for student in classes.students}


def bounds(result: Result) -> tuple[int, int] | None:
    """The lowest and the highest grade that is still reachable; None where nothing is weighed."""
    if result.grade is not None:
        return result.grade, result.grade
    return (result.range[0], result.range[-1]) if result.range else None


def not_lower(before: dict[str, Result], after: dict[str, Result]) -> None:
    for name, old in before.items():
        low, high = bounds(old), bounds(after[name])
        if low is not None and high is not None:
            assert low[0] <= high[0], f"{name}: the lowest grade fell"
            assert low[1] <= high[1], f"{name}: the highest grade fell"


def cells_of(world: World) -> Iterator[tuple[Data, int, list[Data]]]:
    """Every cell: its part, its number, and the attempts it stands among."""
    parts = {part["id"]: part for part in leaves_of(world.parts)}
    for owner in [*(s["cells"] for s in world.students), *world.group_scores.values()]:
        for name, attempts in owner.items():
            for number in range(len(attempts)):
                yield parts[name], number, attempts


def pick(data: st.DataObject, options: Sequence[Any]) -> Any:
    assume(options)
    return data.draw(st.sampled_from(list(options)))


# ---- better never lowers -----------------------------------------------------------------------------------


@examples(40)
@given(worlds(), st.data())
def test_a_better_score_never_lowers(world: World, data: st.DataObject) -> None:
    # A raw minimum (`40 %`) looks at the points of the attempt that counts, and the one with the highest *value*
    # counts. A retake that rises above an earlier attempt after lateness or the cap may have fewer points than the
    # minimum asks, so several attempts together with a raw minimum are left out, or with a bonus by steps.
    options = [
        (part, attempts[number])
        for part, number, attempts in cells_of(world)
        if attempts[number]["score"] not in WORDS
        and not ((raw_minimum(part) or picks_steps(part)) and len(attempts) > 1)
    ]
    raw = raw_when_taken(world)
    options = [(part, cell) for part, cell in options if part["id"] not in raw]
    assume(not may_pay(world))
    part, cell = pick(data, options)
    better = higher_scores(world, part, cell["score"])
    score = pick(data, better)
    _, before = graded(world)
    cell["score"] = score
    _, after = graded(world)
    not_lower(before, after)


def parts_of(parts: Sequence[Data]) -> Iterator[Data]:
    """All parts at every depth."""
    for part in parts:
        yield part
        yield from parts_of([*part.get("parts", ()), *part.get("ways", ())])


def raw_when_taken(world: World) -> set[str]:
    """Parts of which another one takes the scores and asks for raw points."""
    takers = [part for part in parts_of(world.parts) if "takes" in part]
    return {part["takes"] for part in takers if raw_minimum(part) or picks_steps(part)}


def may_pay(world: World) -> bool:
    """Whether a finding says that better work can lower the grade."""
    if not any("ways" in part or picks_steps(part) for part in parts_of(world.parts)):
        return False
    found = check(document(world.assessment, world.timing_end).encode(), "x.yaml").findings
    return any(finding.rule == "not-monotone" and {"ways", "bonus"} & set(finding.path) for finding in found)


def picks_steps(part: Data) -> bool:
    """Whether a part gives a bonus by steps."""
    return isinstance(part.get("bonus"), dict)


def raw_minimum(part: Data) -> bool:
    return str(part.get("minimum", "")).endswith("%")


def higher_scores(world: World, part: Data, score: str) -> list[str]:
    scale = world.assessment["evaluation_scale"]
    if part.get("graded") == "pass-fail":
        return ["1"] if score == "0" else []
    if part.get("graded") != "points" and isinstance(scale, dict):
        labels = scale["values"]
        return list(labels[labels.index(score) + 1 :]) if score in labels else []
    top = 5 if isinstance(scale, dict) else {"4-10": 10, "pass-fail": 1}.get(scale, 5)
    most = Fraction(part["max"]) if part.get("graded") == "points" else Fraction(top)
    now = Fraction(score.replace(",", "."))
    steps = [Fraction(1, 100), Fraction(1, 4), Fraction(1, 2), Fraction(1), Fraction(5), most]
    higher = {min(now + step, most) for step in steps} - {now}
    return [f"{float(value):.4f}" for value in sorted(higher) if value > now]


def timed(world: World) -> list[tuple[Data, list[Data], Data]]:
    """Cells with a time, of parts where the time can only lower the value.

    Left out: parts whose *latest* attempt counts (an attempt that comes too late does not count, and so may leave a
    better earlier one standing), parts with an excuse beside another attempt (an attempt that comes too late leaves
    the excuse standing), and raw minimums over several attempts (see the test above).
    """
    found = []
    raw = raw_when_taken(world)
    for part, number, attempts in cells_of(world):
        cell = attempts[number]
        if part["id"] in raw:
            continue
        alone = len(attempts) == 1
        excused = any(a["score"] in ("EX", "AHOT", "RPL") for a in attempts)
        others = part.get("attempt") in ("latest", "mean") or raw_minimum(part) or picks_steps(part) or excused
        # a time without a clock or without a score stays as it is
        if cell["submitted"] and cell["score"] not in ("", "-", "EX", "AHOT", "RPL") and (alone or not others):
            when = read_when(cell["submitted"])
            if when.clock:
                found.append((part, attempts, cell))
    return found


SECONDS = [1, 60, 1800, 3600, 5 * 3600, 86400, 86400 + 3600, 3 * 86400, 8 * 86400, 20 * 86400]


@examples(40)
@given(worlds(), st.data())
def test_an_earlier_hand_in_never_lowers_and_a_later_one_never_raises(world: World, data: st.DataObject) -> None:
    assume(not may_pay(world))
    late: Any = world.assessment.get("late")
    free = late.get("free", {}) if isinstance(late, dict) else {}
    # of what is spent in order, whole or not at all, an earlier hand-in may take what another work needs: not-monotone
    assume(not free.get("whole") or free.get("spend") == "where-it-helps")
    _, _, cell = pick(data, timed(world))
    earlier, later = world, world.copy()
    when = read_when(cell["submitted"])
    _, before = graded(later)
    cell["submitted"] = (when.at - timedelta(seconds=data.draw(st.sampled_from(SECONDS)))).isoformat(" ")
    _, after = graded(earlier)
    not_lower(before, after)


@examples(30)
@given(worlds(), st.data())
def test_more_activity_never_lowers(world: World, data: st.DataObject) -> None:
    activity: Any = world.assessment.get("activity")
    assume(activity is not None)
    student = pick(data, world.students)
    _, before = graded(world)
    if "levels" in activity:
        levels = {None: Fraction(0), **{name: Fraction(size) for name, size in activity["levels"].items()}}
        now = levels[student["activity"]]
        student["activity"] = pick(data, [name for name, size in levels.items() if size >= now])
    else:
        # nobody counted is not the same as nobody came: it adds nothing, while few sessions may take something away
        assume(student["attended"] is not None)
        student["attended"] = data.draw(st.integers(student["attended"], activity["attendance"]["of"]))
    _, after = graded(world)
    not_lower(before, after)


# ---- what changes nothing ----------------------------------------------------------------------------------


def gist(result: Result) -> object:
    values = {name: part.value for name, part in flat(result.parts).items()}
    reasons = {(reason.part.id if reason.part else None, reason.code) for reason in result.reasons}
    return result.status, result.grade, result.exact, result.rounded, result.raised, result.range, reasons, values


@examples(20)
@given(worlds())
def test_the_order_of_students_changes_nothing(world: World) -> None:
    _, before = graded(world)
    world.students.reverse()
    _, after = graded(world)
    for name, result in before.items():
        assert gist(after[name]) == gist(result)


@examples(25)
@given(st.one_of(small_worlds(), small_worlds(late=True)))
def test_the_others_of_a_small_world_change_nothing(world: World) -> None:
    """In either order, and alone, everybody has the same verdict and the same parts."""
    policy, before = graded(world)
    classes = world.class_list(policy)
    backwards = Grader(policy, classes, as_of=world.as_of)
    for student in reversed(classes.students):
        result = before[student.student]
        for grader in (backwards, Grader(policy, classes, as_of=world.as_of)):
            assert grader.judge(student) == result.verdict
            assert grader.grade(student) == result


def reverse_parts(parts: list[Data]) -> None:
    parts.reverse()
    for part in parts:
        reverse_parts(part.get("parts", []))
        for way in part.get("ways", []):
            reverse_parts(way["parts"])  # of equal ways the first one counts, so that their own order says something


@examples(30)
@given(worlds())
def test_the_order_of_parts_changes_nothing(world: World) -> None:
    policy, before = graded(world)
    if policy.free is not None:
        # Of two late parts with the same deadline the budget goes to the first in the file.
        grader = Grader(policy)
        for student in world.class_list(policy).students:
            works = [outcome.work.due for outcome in grader.outcomes(student) if outcome.work is not None]
            assume(len(set(works)) == len(works))
    reverse_parts(world.assessment.get("parts", []))
    for way in world.assessment.get("ways", []):
        reverse_parts(way["parts"])
    _, after = graded(world)
    for name, result in before.items():
        assert gist(after[name]) == gist(result)


# ---- every result ------------------------------------------------------------------------------------------


@examples(40)
@given(worlds())
def test_every_result(world: World) -> None:
    policy, first = graded(world)
    _, again = graded(world)
    for name, result in first.items():
        check_result(policy, result)
        assert again[name] == result


@examples(25)
@given(st.one_of(small_worlds(), small_worlds(late=True)))
def test_every_result_of_a_small_world(world: World) -> None:
    policy, results = graded(world)
    for result in results.values():
        check_result(policy, result)


@examples(10)
@given(small_worlds())
def test_what_is_needed_reaches_what_is_within_reach(world: World) -> None:
    """Each open part can still bring the highest grade of the range, with the others at their best, and none above."""
    policy = world.policy()
    # where a pass costs something, the best of the others is not the most that they can bring
    assume(not policy.takes_away and not policy.has_ways)
    classes = world.class_list(policy)
    grader = Grader(policy, classes, as_of=world.as_of)
    for student in classes.students:
        verdict = grader.judge(student)
        if verdict.grade is None and verdict.range is not None:
            for need in needs(grader, student):
                reached = [grade for grade, attempt in need.grades.items() if attempt is not None]
                assert max(reached, default=policy.scale.lowest) == verdict.range[-1]


def check_result(policy: Policy, result: Result) -> None:
    assert result.status in ("graded", "failed", "incomplete")
    assert (result.grade is None) == (result.status == "incomplete")
    if result.grade is not None:
        assert result.grade in policy.scale.grades
        assert (result.grade < policy.scale.pass_grade) == (result.status == "failed")
    # what a grade requires and is lacking is a reason also where another grade passes
    lacking = bool(result.reasons) and all(reason.code == "demand-not-met" for reason in result.reasons)
    without = (result.grade is None and result.range is None) or result.status == "failed"
    assert bool(result.reasons) == without or lacking
    if result.range is not None:
        assert list(result.range) == sorted(set(result.range))
        assert len(result.range) > 1
        assert set(result.range) <= set(policy.scale.grades)
    if result.exact is None and result.status != "incomplete":
        # a part of weight 0 has a value and is not weighed
        counting = [r for r in result.parts if r.part.counts and r.value is not None and r.part.weight != 0]
        assert not counting, "something was weighed"
    steps = Explainer(policy).steps(result)
    for value in numbers_of(result, steps):
        assert type(value) is Fraction
    grades = [step for step in steps if step.step == "grade"]
    assert len(grades) == 1
    assert steps[-1] is grades[0]
    assert grades[0].after == result.grade


def numbers_of(result: Result, steps: Sequence[Step]) -> Iterator[object]:
    yield from (n for n in (result.exact, result.adjust) if n is not None)
    for part in flat(result.parts).values():
        yield from (n for n in (part.value, part.effective_weight) if n is not None)
        for attempt in part.attempts:
            yield attempt.deducted
            yield from (n for n in (attempt.converted, attempt.after_lateness, attempt.value) if n is not None)
        if part.peer is not None:
            yield from (part.peer.factor, part.peer.group_value, part.peer.value)
    for step in steps:
        yield from (n for n in (step.before, step.after, step.limit) if n is not None)
