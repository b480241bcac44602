"""The policy in sentences: every key that changes a grade changes what is said, in every language."""

from __future__ import annotations

import pytest
from hypothesis import given

from kurssi.course.check import check
from kurssi.diagnostics.words import Words
from kurssi.policy.model import Policy, resolve
from kurssi.reports.policy_words import in_order, sentences, whole
from strategies import World, examples, worlds

HEAD = "kurssi: 1\ncourse: {code: X, name: Y, credits: 5}\nimplementation: {id: X-1}\nassessment:\n"

GRADES = """\
  evaluation_scale: H-5
  rounding: half-up
  may_fail: false
  timezone: Europe/Helsinki
  parts:
    - id: project
      name: Project
      weight: 50
      by: group
      due: 2024-03-04 23:59
      minimum: 2
      peer: {weight: 50 %, self: false, silent: neutral, penalty: 10 %, at_most: 1, may_fail: false,
             criteria: {work: 60, talk: 40}}
    - id: tasks
      name: Tasks
      weight: 30
      best: 2
      parts:
        - {id: t1, name: Task 1, graded: points, max: 40, boundaries: [20, 24, 28, 32, 36]}
        - {id: t2, name: Task 2, graded: points, max: 40, linear: {1: 50 %, 5: 90 %}, minimum: 40 %, late: none}
        - {id: t3, name: Task 3, required: false}
    - {id: exam, name: Exam, weight: 20, required: true, attempt: best, retake_at_most: 3,
       retakes: [{due: 2024-04-10 12:00}, {}]}
    - {id: peers, name: Peer review, graded: pass-fail}
    - {id: extra, name: Extra, bonus: true, weight: 10}
  late: {deduct: 0.5, per: day, grace: 1 h, at_most: 2, not_below: 1, closes: 7 d, free: {budget: 2 d, spend: in-order}}
  activity: {levels: {active: 0.5, passive: -0.5}}
"""

PERCENT = """\
  evaluation_scale: 0-5
  basis: percent
  boundaries: [50, 60, 70, 80, 90]
  may_fail: true
  parts:
    - {id: a, name: A, graded: points, max: 40}
    - {id: b, name: B, minimum: 40, due: 2024-03-04}
  late: {deduct: 10 %, of: earned, per: week}
  activity: {attendance: {of: 8, bands: [{from: 90 %, adjust: 5}, {from: 0 %, adjust: -5}]}}
"""


def read(text: str) -> Policy:
    checked = check((HEAD + text).encode(), "x.yaml")
    assert checked.gradable, [Words("en").say(f.message) for f in checked.findings]
    assert checked.file is not None
    return resolve(checked.file)


def said(policy: Policy, language: str = "en") -> list[str]:
    say = Words(language).say
    return [f"{s.part or '*'} {say(s.topic)}: {say(s.text)}" for s in sentences(policy)]


def test_a_rich_policy_in_sentences() -> None:
    assert said(read(GRADES)) == [
        "* scale: Grades are H, 1, 2, 3, 4, 5; 1 and above pass.",
        "* total: The total is the weighted mean of the parts, with every decimal kept. "
        "Weights: Project 50 %, Tasks 30 %, Exam 20 %. On top comes a bonus: 10 % of Extra.",
        "* rounding: The total is rounded to a whole grade, halves up.",
        "* gates: Must be passed: Project, Tasks, Exam, Peer review. "
        "A part that must be passed and is not makes the final grade H.",
        "* not required: Need not be passed: Task 1, Task 2, Task 3. "
        "One that is not handed in counts as 0 in the mean.",
        "* excused: A part that is excused or recognised as prior learning leaves the mean, and its weight is shared "
        "out over the others.",
        "* lower limit: Who passes every gate gets at least 1.",
        "* lateness: Project, Task 1, Task 3, Exam, Extra: every started day of lateness costs 0.5 grade steps. "
        "The deduction is at most 2 grade steps. Lateness alone takes no value below 1. Up to 1 h late is on time. "
        "Later than that, lateness counts from the deadline. More than 7 d late counts as not submitted.",
        "* lateness: Peer review: Up to 1 h late is on time. More than 7 d late counts as not submitted.",
        "* lateness: Task 2: nothing is deducted for lateness.",
        "* free late time: 2 d of late time are forgiven per student, spent in order of the deadlines.",
        "* activity: Activity adds to the mean: active +0.5, passive −0.5. It neither lifts the mean above 5 nor, by "
        "itself, takes it below 1.",
        "* times: Times without an offset are in the zone Europe/Helsinki.",
        "project assessed as: Assessed as: grade 0–5. The group gets one score.",
        "project weight: Weight 50 %.",
        "project gate: Must be passed, with at least 2.",
        "project deadline: Due 4 Mar 2024 23:59.",
        "project attempts: One attempt.",
        "project peer marks: Peer marks move a member's value; 50 % of it are multiplied by the member's "
        "factor. The factor is the member's share of the marks; equal marks from everyone give everyone 1. Own marks "
        "do not count. No marks count as equal marks for all others. Weights of the criteria: work 60, talk 40. Who "
        "gives no marks loses 10 % of the value. The value stays within 1 of the group's. Peer marks take no passing "
        "value below the pass grade.",
        "tasks assessed as: Assessed as: mean of its parts.",
        "tasks choice: All count equally: Task 1, Task 2, Task 3. Only the best 2 count.",
        "tasks weight: Weight 30 %.",
        "tasks gate: Must be passed, with at least 1.",
        "t1 assessed as: Assessed as: points of 40: 1 from 20, 2 from 24, 3 from 28, 4 from 32, 5 from 36. "
        "Every student gets a score.",
        "t1 weight: Counts as much as each of the others.",
        "t1 gate: Need not be passed; not handed in counts as 0.",
        "t1 attempts: One attempt.",
        "t2 assessed as: Assessed as: points of 40: a straight line from 20 = 1 to 36 = 5. Every student gets a score.",
        "t2 weight: Counts as much as each of the others.",
        "t2 gate: Need not be passed; not handed in counts as 0.",
        "t2 attempts: One attempt.",
        "t3 assessed as: Assessed as: grade 0–5. Every student gets a score.",
        "t3 weight: Counts as much as each of the others.",
        "t3 gate: Need not be passed; not handed in counts as 0.",
        "t3 attempts: One attempt.",
        "exam assessed as: Assessed as: grade 0–5. Every student gets a score.",
        "exam weight: Weight 20 %.",
        "exam gate: Must be passed, with at least 1.",
        "exam attempts: 2 retakes. The best attempt counts. A retake counts at most 3. Retakes: 10 Apr 2024 12:00. "
        "A retake without a date is never late.",
        "peers assessed as: Assessed as: passed or failed. Every student gets a score.",
        "peers weight: No weight: it is passed or failed.",
        "peers gate: Must be passed.",
        "peers attempts: One attempt.",
        "extra assessed as: Assessed as: grade 0–5. Every student gets a score.",
        "extra weight: A bonus: 10 % of the value comes on top of the mean.",
        "extra gate: Need not be passed.",
        "extra attempts: One attempt.",
    ]


def test_a_policy_in_per_cent() -> None:
    text = said(read(PERCENT))
    assert text[1] == (
        "* total: The total is the weighted mean of the parts in per cent. Grades: 1 from 50 %, 2 from 60 %, "
        "3 from 70 %, 4 from 80 %, 5 from 90 %. All count equally: A, B."
    )
    assert text[5].startswith("* lateness: A, B: every started week of lateness costs 10 % of the value.")
    assert text[4] == "* lower limit: The total may fail a student who passed every gate."
    assert "a gate: Must be handed in." in text
    assert "b gate: Must be passed, with at least 40 %." in text
    assert any("from 90 % +5, from 0 % −5" in line for line in text)


CHANGES = [
    ("evaluation_scale: H-5", "evaluation_scale: 0-5"),
    ("rounding: half-up", "rounding: down"),
    ("rounding: half-up", "rounding: up"),
    ("rounding: half-up", "rounding: half-even"),
    ("may_fail: false\n  timezone", "may_fail: true\n  timezone"),
    ("Europe/Helsinki", "Europe/Stockholm"),
    ("weight: 50\n", "weight: 30\n"),  # with the next: they still sum to 100 where both change
    ("by: group\n      due: 2024-03-04 23:59", "by: group\n      due: 2024-03-05 23:59"),
    ("by: group\n      due: 2024-03-04 23:59", "by: group\n      late_from: export\n      due: 2024-03-04 23:59"),
    ("minimum: 2", "minimum: 3"),
    ("{weight: 50 %, self", "{weight: 40 %, self"),
    ("self: false", "self: true"),
    ("silent: neutral", "silent: excluded"),
    ("penalty: 10 %", "penalty: 20 %"),
    ("at_most: 1, may_fail", "at_most: 2, may_fail"),
    ("at_most: 1, may_fail: false", "at_most: 1, may_fail: true"),
    ("criteria: {work: 60, talk: 40}", "criteria: {work: 50, talk: 50}"),
    ("best: 2", "best: 1"),
    ("best: 2", "drop_lowest: 1"),
    ("best: 2", "best: 2\n      cap: 4"),
    ("rounding: half-up", "rounding: half-up\n  cap: 5"),
    ("max: 40, boundaries", "max: 50, boundaries"),
    ("[20, 24, 28, 32, 36]", "[20, 24, 28, 32, 38]"),
    ("[20, 24, 28, 32, 36]", "[20, 24, 28, 32, '> 36']"),
    ("5: 90 %", "5: 100 %"),
    ("minimum: 40 %, late: none", "minimum: 40 %, required: true, late: none"),
    ("minimum: 40 %, late: none", "minimum: 40 %, due: 2024-03-01, late: {closes: 1 d}"),
    ("name: Task 3, required: false", "name: Task 3, required: true"),
    ("name: Task 3, required: false", "name: Task 3, graded: pass-fail"),
    ("required: true, attempt: best", "required: false, attempt: best"),
    ("attempt: best", "attempt: latest"),
    ("attempt: best", "attempt: mean"),
    ("attempt: best", "attempt: {gain: 50 %}"),
    ("retake_at_most: 3", "retake_at_most: 4"),
    ("2024-04-10 12:00", "2024-04-11 12:00"),
    ("[{due: 2024-04-10 12:00}, {}]", "[{due: 2024-04-10 12:00}]"),
    ("bonus: true, weight: 10", "bonus: true, weight: 5"),
    ("deduct: 0.5", "deduct: 1"),
    ("deduct: 0.5", "deduct: [0.5, 1]"),
    ("deduct: 0.5", "deduct: 10 %, of: max"),
    ("deduct: 0.5", "deduct: 10 %, of: earned"),
    ("per: day", "per: hour"),
    ("per: day", "per: day, skip: [saturday, sunday]"),
    ("per: day", "per: day, skip: [holidays], holidays: SE"),
    ("grace: 1 h", "grace: 2 h"),
    ("at_most: 2, not", "at_most: 3, not"),
    ("not_below: 1", "not_below: 2"),
    ("closes: 7 d", "closes: 8 d"),
    ("budget: 2 d", "budget: 3 d"),
    ("budget: 2 d", "budget: 2 d, at_most: 1 d"),
    ("budget: 2 d", "budget: 2 d, whole: true"),
    ("spend: in-order", "spend: where-it-helps"),
    ("active: 0.5", "active: 1"),
    ("  rounding: half-up", "  requires: {3: {exam: 3, tasks: pass}}\n  rounding: half-up"),
    ("graded: pass-fail}\n", "need: 1, parts: [{id: r1, graded: pass-fail}, {id: r2, graded: pass-fail}]}\n"),
    ("activity: {levels: {active: 0.5, passive: -0.5}}", "activity: {adjust: steps, levels: {active: 1, passive: -1}}"),
]


@pytest.mark.parametrize(("old", "new"), CHANGES)
@pytest.mark.parametrize("language", ["en", "fi", "sv"])
def test_every_key_that_changes_a_grade_changes_what_is_said(old: str, new: str, language: str) -> None:
    """What is published cannot stay as it was when what is computed changes."""
    assert old in GRADES
    changed = GRADES.replace(old, new)
    if old == "weight: 50\n":
        changed = changed.replace("weight: 30\n      best", "weight: 50\n      best")
    assert said(read(changed), language) != said(read(GRADES), language)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("[50, 60, 70, 80, 90]", "[40, 60, 70, 80, 90]"),
        ("[50, 60, 70, 80, 90]", "[50, 60, 70, 80, '> 90']"),
        ("may_fail: true", "may_fail: false"),
        ("minimum: 40,", "minimum: 50,"),
        ("of: earned", "of: max"),
        ("of: 8", "of: 9"),
        ("from: 90 %", "from: 80 %"),
        ("adjust: 5}", "adjust: 4}"),
    ],
)
def test_the_same_in_per_cent(old: str, new: str) -> None:
    assert old in PERCENT
    assert said(read(PERCENT.replace(old, new))) != said(read(PERCENT))


def test_a_required_part_of_a_part_says_what_fails_with_it() -> None:
    text = said(read(GRADES.replace("name: Task 3, required: false", "name: Task 3, required: true")))
    assert "t3 gate: Must be passed, with at least 1. Otherwise Tasks is failed." in text


def test_a_scale_of_ones_own_is_named_by_its_labels() -> None:
    text = said(
        read("  evaluation_scale: {values: [U, G, VG], passes_from: G}\n  parts: [{id: a}, {id: b, minimum: 2}]\n")
    )
    assert text[0] == "* scale: Grades are U, G, VG; G and above pass."
    assert "a assessed as: Assessed as: grade U–VG. Every student gets a score." in text
    assert "b gate: Must be passed, with at least VG." in text


def test_a_course_that_is_only_passed_or_failed() -> None:
    text = said(read("  evaluation_scale: pass-fail\n  parts: [{id: a, name: A, graded: pass-fail}]\n"))
    assert text[1:4] == [
        "* total: Who passes every part passes.",
        "* gates: Must be passed: A. A part that must be passed and is not makes the final grade H.",
        "* lateness: Nothing is deducted for lateness.",
    ]


@given(worlds())
@examples(15)
def test_any_policy_can_be_said(world: World) -> None:
    """In every language, with every place of a sentence filled, a place in the file, and every part named."""
    policy = world.policy()
    for language in ("en", "fi", "sv"):
        text = "\n".join(said(policy, language))
        assert "{" not in text
        for part, _, _ in in_order(policy):
            assert f"{part.id} " in text
    assert {s.key for s in whole(policy)} >= {"scale", "total", "gates", "late", "times"}
    assert all(s.path for s in sentences(policy))
