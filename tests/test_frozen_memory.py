"""A grader that has seen others, over the frozen worlds: nothing is generated, so mutants are told apart in seconds.

Students are put together from the cells of each world, the same ones every time, in an order in which much is known
when it is needed again. What a grader says of each is compared with a grader that has seen nobody else, whose verdicts
``test_frozen`` holds against the corpus.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction
from unittest.mock import patch

import pytest

from effort import one_in
from kurssi.grading import Explainer, Grader, explanation
from kurssi.grading import grader as grader_module
from kurssi.grading.compiled import Cache, leaf, paths, siblings
from kurssi.grading.result import Override, Verdict
from kurssi.policy.model import Policy, resolve
from kurssi.values.classlist import Attempt, ClassList, PeerMark, Student
from kurssi.values.times import read_when
from test_frozen import WORLDS, checked, class_of, document, student_of

MIXED = 12
"""So many students are put together from the cells of each world."""

BATCHES = 20
"""Worlds are spread over so many tests."""


def mixed(own: tuple[Student, ...]) -> Iterator[Student]:
    """The students, others with for each part the cells of one of them, and all of them once more."""
    dice = random.Random(1)
    parts = sorted({part for student in own for part in student.attempts})
    made = list(own)
    for number in range(MIXED):
        attempts = {}
        for part in parts:
            attempts[part] = dice.choice(own).attempts.get(part, ())
        level, attended = dice.choice(own).level, dice.choice(own).attended
        made.append(Student(f"m{number}", attempts=attempts, level=level, attended=attended))
    yield from made
    yield from reversed(made)


@pytest.mark.parametrize("most", [1 << 16, 2])
@pytest.mark.parametrize("batch", one_in(4, range(BATCHES)))
def test_as_one_that_has_seen_nobody(batch: int, most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (siblings, leaf, paths, grader_module, explanation):
        monkeypatch.setattr(module, "MOST_KEPT", most)
    for name in list(WORLDS)[batch :: BATCHES if most > 2 else 2 * BATCHES]:
        world = WORLDS[name]
        policy = resolve(checked(document(world)))
        classes = class_of(world, policy)
        as_of = date.fromisoformat(world["as_of"]) if world.get("as_of") else None
        judging, grading = (Grader(policy, classes, as_of=as_of) for _ in range(2))
        explainer = Explainer(policy)
        for student in mixed(classes.students):
            fresh = Grader(policy, classes, as_of=as_of)
            wanted = fresh.grade(student)
            assert judging.judge(student) == wanted.verdict, (name, student)
            found = grading.grade(student)
            assert found == wanted, (name, student)
            assert explainer.steps(found) == Explainer(policy).steps(wanted), (name, student)


def judged(parts: str, rows: list[dict[str, list[list[str]]]], as_of: date | None = None) -> list[Verdict]:
    """What one grader says of students one after the other; one that has seen nobody must agree."""
    policy = policy_of(parts)
    grader = Grader(policy, as_of=as_of)
    found = []
    for number, cells in enumerate(rows):
        student = student_of({}, policy, {"student": str(number), "cells": cells})
        found.append(grader.judge(student))
        assert found[-1] == Grader(policy, as_of=as_of).judge(student)
    return found


def policy_of(parts: str) -> Policy:
    return resolve(checked(document({"policy": f"evaluation_scale: 0-5\n{parts}", "end": "2024-03-18"})))


FORGIVEN = """\
parts: [{id: a, due: 2024-02-05 12:00, weight: 50}, {id: b, weight: 50}]
late: {deduct: 1, per: day, not_below: 1, free: {budget: 2 d}}
"""


def test_parts_that_count_alike_until_late_time_is_forgiven() -> None:
    """3 and 2.5, three days late, are both 1 at first; with two days forgiven they are 2 and 1.5."""
    rows = [{"a": [[score, "2024-02-08 11:00"]], "b": [["4"]]} for score in ("3", "2.5", "3")]
    assert [verdict.exact for verdict in judged(FORGIVEN, rows)] == [Fraction(3), Fraction(11, 4), Fraction(3)]


def test_a_score_of_a_student_who_is_gone() -> None:
    """Cells are told apart by the identity of what is in them: it must not be given to another cell."""
    policy = policy_of("parts: [{id: a}]")
    grader, explainer = Grader(policy), Explainer(policy)
    for number in range(60):
        student = Student("s", attempts={"a": (Attempt("scored", Fraction(number % 3 + 1)),)})
        assert grader.judge(student).exact == number % 3 + 1
        result = grader.grade(student)
        assert result.exact == number % 3 + 1
        assert explainer.steps(result)[-1].after == result.grade
        del student, result


def test_a_score_that_is_gone_once_there_were_too_many() -> None:
    """What was known by the identity of scores is forgotten with them: a cell that gets their place is not theirs."""
    policy = policy_of("parts: [{id: a}]")
    with patch.object(leaf, "MOST_KEPT", 3):
        grader = Grader(policy)
        for number in range(60):
            score = 1 + number // 3 % 2
            student = Student("s", attempts={"a": (Attempt("scored", Fraction(score)),)})
            assert grader.judge(student).exact == score
            del student


def test_times_of_a_student_who_is_gone() -> None:
    policy = policy_of("parts: [{id: a, due: 2024-02-05 12:00}]\nlate: {deduct: 1, per: day, not_below: 1}")
    grader = Grader(policy)
    for number in range(60):
        when = read_when(f"2024-02-0{5 + number % 3} 11:00")
        student = Student("s", attempts={"a": (Attempt("scored", Fraction(5), when),)})
        assert grader.judge(student).exact == 5 - number % 3
        assert grader.grade(student).parts[0].attempts[0].given.submitted == when
        del student, when


def test_a_failed_part_with_nothing_to_weigh_is_not_one_that_counts_as_nothing() -> None:
    """Both add 0 to the sum of their siblings, and have the same state, gate and reasons."""
    inner = "{id: p2, weight: 100, parts: [{id: a, weight: 100}, {id: b, graded: pass-fail, required: true}]}"
    rows = [{"a": [[cell]], "b": [["H"]]} for cell in ("EX", "-", "EX")]
    verdicts = judged(f"parts: [{{id: p1, weight: 100, parts: [{inner}]}}]", rows)
    assert [verdict.status for verdict in verdicts] == ["incomplete", "failed", "incomplete"]
    verdicts = judged(f"parts: [{{id: p1, weight: 100, parts: [{inner}]}}]", rows[1:])
    assert [verdict.status for verdict in verdicts] == ["failed", "incomplete"]


def test_what_is_excused_has_no_amount() -> None:
    """The best of 0 and 0 and an excused part is 0, and of 1 and 0 it is 1."""
    parts = "parts: [{id: p, minimum: 0, best: 1, parts: [{id: a, minimum: 0}, {id: b, minimum: 0}, {id: c}]}]"
    rows = [{"a": [[score]], "b": [["0"]], "c": [["EX"]]} for score in ("0", "1")]
    assert [verdict.exact for verdict in judged(parts, rows)] == [0, 1]


def test_what_is_excused_is_not_what_is_dropped() -> None:
    """5 and 2, and 4 and 3, are as much in all; with a third part excused the lower of the two is dropped."""
    parts = "parts: [{id: p, drop_lowest: 1, parts: [{id: a, minimum: 0}, {id: b, minimum: 0}, {id: c}]}]"
    rows = [{"a": [[a]], "b": [[b]], "c": [["EX"]]} for a, b in ("52", "43", "34")]
    assert [verdict.exact for verdict in judged(parts, rows)] == [5, 4, 4]


def test_an_own_deadline_decides_what_may_still_come() -> None:
    """Without any rule for late work, too: the same empty cell is open for who has a later deadline."""
    parts = "parts: [{id: a, due: 2024-02-05 12:00}, {id: b}]"
    rows = [{"a": [cell], "b": [["4"]]} for cell in (["-"], ["-", "", "2024-03-01 12:00"], ["-"])]
    statuses = [verdict.status for verdict in judged(parts, rows, date(2024, 2, 20))]
    assert statuses == ["failed", "incomplete", "failed"]


@pytest.mark.parametrize(
    ("scores", "exact"),
    [
        # as much in all, but not without the lowest; the same highest; as much with the lowest counted twice
        (("521", "332", "152"), ("7/2", "3", "7/2")),
        (("521", "541"), ("7/2", "9/2")),
        (("521", "322"), ("7/2", "5/2")),
        (("51", "42", "15"), ("5", "4", "5")),
    ],
)
def test_what_is_dropped_does_not_make_sums_alike(scores: tuple[str, ...], exact: tuple[str, ...]) -> None:
    parts = ", ".join(f"{{id: {part}}}" for part in "abc"[: len(scores[0])])
    rows = [{part: [[score]] for part, score in zip("abc", row, strict=False)} for row in scores]
    verdicts = judged(f"parts: [{{id: p, drop_lowest: 1, parts: [{parts}]}}]", rows)
    assert [verdict.exact for verdict in verdicts] == [Fraction(number) for number in exact]


def test_times_tell_the_same_score_apart() -> None:
    """The time of handing in does, and a deadline of one's own where that time is the same, too."""
    policy = policy_of("parts: [{id: a, due: 2024-02-05 12:00, retakes: 1}]\nlate: {deduct: 1, per: day, not_below: 1}")
    grader = Grader(policy)
    score, submitted, missing = Fraction(4), read_when("2024-02-06 11:00"), Attempt("missing")
    exact = []
    for time, own in ((None, None), (submitted, None), (submitted, read_when("2024-02-07 12:00"))):
        attempt = Attempt("scored", score, time, own)
        for attempts in ((attempt,), (missing, attempt), (attempt, missing)):
            student = Student("s", attempts={"a": attempts})
            assert grader.judge(student) == Grader(policy).judge(student)
            assert grader.grade(student) == Grader(policy).grade(student)
            exact.append(grader.judge(student).exact)
    assert exact == [4, 4, 4, 3, 4, 3, 4, 4, 4]


def test_what_came_in_time_is_not_what_came_late_with_the_same_score() -> None:
    policy = policy_of("parts: [{id: a, due: 2024-02-05 12:00}]\nlate: {deduct: 1, per: day, not_below: 1}")
    grader, score = Grader(policy), Fraction(4)
    exact = []
    for day in (6, 7, 5, 8, 6, 5):
        attempt = Attempt("scored", score, read_when(f"2024-02-0{day} 11:00"))
        exact.append(grader.judge(Student("s", attempts={"a": (attempt,)})).exact)
    assert exact == [3, 2, 4, 1, 3, 4]


def test_who_hands_in_again_by_a_deadline_of_the_own_is_not_who_did_so_once() -> None:
    policy = policy_of("parts: [{id: a, due: 2024-02-05 12:00, retakes: 1}]\nlate: {deduct: 1, per: day, not_below: 1}")
    grader = Grader(policy)
    first = Attempt("scored", Fraction(2), read_when("2024-02-05 11:00"))
    again = Attempt("scored", Fraction(5), read_when("2024-02-20 11:00"), read_when("2024-02-21 12:00"))
    once, twice = (Student("s", attempts={"a": attempts}) for attempts in ((first,), (first, again)))
    assert [grader.judge(student).exact for student in (once, twice, once)] == [2, 5, 2]


@pytest.mark.parametrize("order", [1, -1])
def test_differences_do_not_make_sums_alike(order: int) -> None:
    """3 and 2 are as far apart as 4 and 3; one of them comes from parts."""
    parts = ", ".join(["{id: p, weight: 50, parts: [{id: a}, {id: b}]}", "{id: exam, weight: 50}"][::order])
    rows = [{"a": [[x]], "b": [[x]], "exam": [[y]]} for x, y in ("32", "43", "23", "34")]
    assert [verdict.exact for verdict in judged(f"parts: [{parts}]", rows)] == [Fraction(n, 2) for n in (5, 7, 5, 7)]


def test_sums_do_not_make_ways_alike() -> None:
    """Of 5 and 2 the better way is worth more than of 4 and 3."""
    rows = [{"a": [[x]], "b": [[y]]} for x, y in ("52", "43", "34", "25")]
    ways = "ways: [{id: one, parts: [{id: a}]}, {id: other, parts: [{id: b}]}]"
    assert [verdict.exact for verdict in judged(ways, rows)] == [5, 4, 4, 5]


def test_what_is_learnt_on_the_way_does_not_mix_up_keys() -> None:
    """The first is judged in whole numbers until forgiven time makes a half of them: 6 wholes are not 6 halves."""
    parts = "parts: [{id: p, parts: [{id: a, due: 2024-02-05 12:00}, {id: b}]}, {id: exam}]"
    late = "late: {deduct: 1, per: day, not_below: 1, free: {budget: 1 d}}"
    rows = [{"a": [["4", "2024-02-08 11:00"]], "b": [["1"]], "exam": [[exam]]} for exam in ("5", "2", "5")]
    exact = [verdict.exact for verdict in judged(f"{parts}\n{late}", rows)]
    assert exact == [Fraction(13, 4), Fraction(7, 4), Fraction(13, 4)]


def test_verdicts_by_what_the_parts_came_to_one_after_the_other() -> None:
    """Who is at the same point of the way, whatever led there, and who is not."""
    parts = "parts: [{id: p, best: 2, parts: [{id: a}, {id: b}, {id: c}]}, {id: d}]"
    # the same best two in another order and with another third; as much in all; nothing handed in, or excused
    rows = ["5213", "2513", "5223", "5213", "4313", "-213", "1213", "E213", "2513", "-E-3", "E--3", "5212", "5222"]
    words = {"-": "-", "E": "EX"}
    cells = [{part: [[words.get(cell, cell)]] for part, cell in zip("abcd", row, strict=True)} for row in rows]
    verdicts = judged(parts, cells)
    halves = [13, 13, 13, 13, 13, 9, 9, 9, 13]
    assert [verdict.exact for verdict in verdicts[:9]] == [Fraction(half, 4) for half in halves]
    assert [verdict.exact for verdict in verdicts[-2:]] == [Fraction(11, 4), Fraction(11, 4)]


def test_ways_to_a_verdict_are_forgotten_when_amounts_say_something_else() -> None:
    """With thirds a mean of 1 has the amount that 3 had before; siblings of the top level all have parts."""
    parts = "parts: [{id: p, parts: [{id: a}, {id: b}]}, {id: q, parts: [{id: c}, {id: d}, {id: e}]}]"
    rows = ["33333", "11112", "11333", "33112", "33333"]
    verdicts = judged(parts, [{part: [[cell]] for part, cell in zip("abcde", row, strict=True)} for row in rows])
    assert [verdict.exact for verdict in verdicts] == [3, Fraction(7, 6), 2, Fraction(13, 6), 3]


def test_no_way_goes_on_from_where_amounts_said_something_else() -> None:
    """With thirds 3 and then 1 would be as much as 1 and 1."""
    groups = "{id: p, parts: [{id: a}, {id: b}]}, {id: r, parts: [{id: c}, {id: d}]}"
    parts = f"parts: [{groups}, {{id: q, parts: [{{id: e}}, {{id: f}}, {{id: g}}]}}]"
    rows = ["3333333", "1111112", "1111333", "3311333", "1111333"]
    verdicts = judged(parts, [{part: [[cell]] for part, cell in zip("abcdefg", row, strict=True)} for row in rows])
    assert [verdict.exact for verdict in verdicts] == [
        3,
        Fraction(10, 9),
        Fraction(5, 3),
        Fraction(7, 3),
        Fraction(5, 3),
    ]


def test_what_is_not_among_the_best_may_still_be() -> None:
    """A retake that may come counts in place of the 4: then b decides, which does not count yet."""
    inner = "parts: [{id: a, retakes: [{due: 2024-03-01 12:00}], attempt: latest}, {id: b}, {id: c}]"
    rows = [{"a": [["4"]], "b": [[b]], "c": [["1"]], "d": [["4"]]} for b in ("3", "1", "3")]
    verdicts = judged(f"parts: [{{id: p, best: 1, {inner}}}, {{id: d}}]", rows, date(2024, 2, 20))
    assert [verdict.range for verdict in verdicts] == [(4, 5), (3, 4, 5), (4, 5)]


def test_no_way_is_learnt_beyond_what_there_is_room_for() -> None:
    parts = "parts: [{id: p, best: 1, parts: [{id: a}, {id: b}]}, {id: c}]"
    cells = [dict(zip("abc", ([[str(1 + n % 5)]], [[str(1 + n // 5)]], [["3"]]), strict=True)) for n in range(25)]
    with patch.object(paths, "MOST_KEPT", 7):
        verdicts = judged(parts, cells * 2)
    assert [verdict.exact for verdict in verdicts[:25]] == [
        Fraction(max(1 + n % 5, 1 + n // 5) + 3, 2) for n in range(25)
    ]
    assert verdicts[25:] == verdicts[:25]


@pytest.mark.parametrize(("asked", "kept"), [(range(8), False), ([0, 1, 2, 3] * 3, True)])
def test_a_cache_is_given_up_where_nothing_is_asked_for_twice(asked: Sequence[int], kept: bool) -> None:
    cache: Cache[int, int] = Cache(4)
    for name in asked:
        if cache.find(name) is None:
            assert cache.keep(name, -name - 1) == -name - 1
    assert cache.find(asked[0]) == (-1 if kept else None)
    assert cache.keep(9, 9) == 9
    assert cache.find(9) == (9 if kept else None)


def test_who_is_alike_and_who_is_not() -> None:
    """What a report writes once for all who are alike: who is late, has another level or a set grade is not."""
    rules = "late: {deduct: 1, per: day, not_below: 1}\nactivity: {levels: {active: 0.5, passive: -0.5}}"
    grader = Grader(policy_of(f"parts: [{{id: a, due: 2024-02-05 12:00}}]\n{rules}"))
    late = Attempt("scored", Fraction(4), read_when("2024-02-06 11:00"))

    def alike_by(attempt: Attempt, level: str | None, override: Override | None = None) -> object:
        return grader.grade(Student("s", attempts={"a": (attempt,)}, level=level), override).alike_by

    seen = [alike_by(Attempt("scored", Fraction(3)), level) for level in (None, "active", "passive")]
    seen.append(alike_by(late, None))
    assert None not in seen
    assert len(set(seen)) == len(seen)
    assert alike_by(Attempt("scored", Fraction(3)), "active") == seen[1]
    assert alike_by(Attempt("scored", Fraction(3)), None, Override(5, "", "", "")) is None


def test_times_are_shown_where_a_bonus_adds_by_steps() -> None:
    steps = "{id: tasks, graded: points, max: 40, bonus: {steps: [{from: 40 %, add: 0.5}]}}"
    late = "late: {deduct: 1, per: day, not_below: 1}"
    policy = policy_of(f"parts: [{{id: a, due: 2024-02-05 12:00}}, {steps}]\n{late}")
    came = read_when("2024-02-06 11:00")
    attempts = {"a": (Attempt("scored", Fraction(4), came),), "tasks": (Attempt("scored", Fraction(20)),)}
    result = Grader(policy).grade(Student("s", attempts=attempts))
    assert result.exact == Fraction(7, 2)
    assert result.parts[0].attempts[0].given.submitted == came


def test_what_can_be_reached_is_not_mixed_up_where_sums_are_alike() -> None:
    """3 and 5 make the same mean as 5 and 3: the parts of one stand for those of the other, but not for their own."""
    policy = policy_of("parts: [{id: p, parts: [{id: a}, {id: b}]}, {id: exam}]\nactivity: {levels: {active: 0.5}}")
    grader = Grader(policy)
    for (a, b), level in (((3, 5), None), ((5, 3), "active"), ((5, 4), None), ((3, 4), "active")):
        cells = {"a": Attempt("scored", Fraction(a)), "b": Attempt("scored", Fraction(b)), "exam": Attempt("ungraded")}
        student = Student("s", attempts={part: (cell,) for part, cell in cells.items()}, level=level)
        assert grader.judge(student) == Grader(policy).judge(student)


def test_a_factor_is_for_who_takes_the_score_of_the_group() -> None:
    """A member with a cell of its own, in which the very same score stands, is not moved by peer marks."""
    policy = policy_of("parts: [{id: work, by: group, peer: {method: webpa, criteria: {effort: 100}}}]")
    score = Fraction(3)
    given = (("1", "2", 3), ("1", "3", 1), ("2", "1", 2), ("2", "3", 1), ("3", "1", 2), ("3", "2", 3))
    marks = tuple(PeerMark(marker, member, {"effort": Fraction(mark)}) for marker, member, mark in given)
    students = [
        Student(number, group="A", attempts={"work": (Attempt("scored", score, own=number == "4"),)})
        for number in "41234"
    ]
    classes = ClassList(tuple(students[:4]), marks)
    grader = Grader(policy, classes)
    exact = []
    for student in students:
        assert grader.judge(student) == Grader(policy, classes).judge(student)
        assert grader.grade(student) == Grader(policy, classes).grade(student)
        exact.append(grader.judge(student).exact)
    assert exact[0] == exact[-1] == 3
    assert len(set(exact)) == 4


def test_what_a_grade_asks_of_a_part_below_tells_the_same_value_apart() -> None:
    """16 points a day late are worth as much as 12 on time, but only one of them is 15."""
    part = "{id: a, graded: points, max: 20, linear: {1: 4, 5: 20}, due: 2024-02-05 12:00}"
    rules = "late: {deduct: 1, per: day, not_below: 0}\nrequires: {3: {a: 15 p}}"
    early, late = "2024-02-05 11:00", "2024-02-06 11:00"
    rows = [{"a": [[*a]], "c": [["4"]]} for a in (("16", late), ("12", early), ("16", late))]
    verdicts = judged(f"parts: [{{id: n, parts: [{part}, {{id: c}}]}}]\n{rules}", rows)
    assert [(verdict.exact, verdict.grade) for verdict in verdicts] == [(Fraction(7, 2), grade) for grade in (4, 2, 4)]


def test_what_can_get_some_scores_is_not_what_can_get_all() -> None:
    """Half of a rubric is marked for one student, and nothing for the others."""
    levels = "levels: {0: None, 3: Clear, 5: All}"
    policy = policy_of(f"parts: [{{id: a, rubric: [{{id: s, {levels}}}, {{id: l, {levels}}}]}}]")
    grader = Grader(policy)
    whole, partly = Attempt("ungraded"), Attempt("ungraded", among=((Fraction(3, 2), Fraction(4)),))
    ranges = []
    for attempt in (whole, partly, whole):
        student = Student("s", attempts={"a": (attempt,)})
        assert grader.judge(student) == Grader(policy).judge(student)
        assert grader.grade(student) == Grader(policy).grade(student)
        ranges.append(grader.judge(student).range)
    assert ranges == [(0, 1, 2, 3, 4, 5), (2, 3, 4), (0, 1, 2, 3, 4, 5)]
