"""``kurssi verify`` where something is still open: what is within reach, and for which reasons nothing is enough."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from class_reports import files, graded, report
from kurssi.cli import run
from kurssi.verification.derive import leaf
from test_verify import sealed

Capture = pytest.CaptureFixture[str]

HEAD = """kurssi: 1
course: {code: KH1, name: Ohjelmointi, credits: 5}
implementation: {id: KH1-2026, language: en, timing: {start: 2026-01-07, end: 2026-05-31}}
assessment:
  evaluation_scale: 0-5
"""
DAY = ("--as-of", "2026-03-10")


def judged(folder: Path, capsys: Capture, plan: str, sheet: str, *options: str) -> list[Any]:
    """The students of the report, which ``verify`` agrees with."""
    students: list[Any] = graded([*files(folder, HEAD + plan, sheet), *options], folder, capsys)["students"]
    return students


def reasons(student: Any) -> list[tuple[str, str]]:
    return [(reason["part"], reason["code"]) for reason in student["reasons"]]


# ---- what grades ask in points ---------------------------------------------------------------------------------

IN_POINTS = """\
  parts:
    - {id: exam, graded: points, max: 40, boundaries: [8, 15, 22, 29, 36], ATTEMPTS, required: false}
    - {id: essay, graded: pass-fail}
  requires:
    3: {exam: ASKED, essay: pass}
"""
"""A retake may bring the points that are asked, whatever the gate says by now."""


@pytest.mark.parametrize("asked", ["20 p", "50 %"])
@pytest.mark.parametrize("attempts", ["retakes: 1", "retakes: 1, attempt: latest", "retakes: [{due: 2026-04-01}]"])
def test_a_retake_may_bring_the_points_that_a_grade_asks(
    attempts: str, asked: str, tmp_path: Path, capsys: Capture
) -> None:
    plan = IN_POINTS.replace("ATTEMPTS", attempts).replace("ASKED", asked) + "  basis: requirements\n"
    (student,) = judged(tmp_path, capsys, plan, "student,exam,essay\n1,12,HYV\n", *DAY)
    assert (student["status"], student["range"]) == ("incomplete", [0, 3])


def test_what_a_retake_may_bring_is_no_reason(tmp_path: Path, capsys: Capture) -> None:
    plan = IN_POINTS.replace("ATTEMPTS", "retakes: 1, weight: 100").replace("ASKED", "20 p").replace("  3:", "  1:")
    (student,) = judged(tmp_path, capsys, plan.replace("graded: pass-fail", "graded: pass-fail, required: false"),
                        "student,exam,essay\n1,12,fail\n", *DAY)  # fmt: skip
    assert (student["status"], reasons(student)) == ("failed", [("essay", "demand-not-met")])


def test_points_of_a_retake_that_is_cut_count_whole(tmp_path: Path, capsys: Capture) -> None:
    """The cut holds the value down, and not the points."""
    plan = IN_POINTS.replace("ATTEMPTS", "retakes: 1, retake_at_most: 2, weight: 100").replace("ASKED", "30 p")
    (student,) = judged(tmp_path, capsys, plan.replace("  3:", "  2:"), "student,exam,essay\n1,12,HYV\n", *DAY)
    assert student["range"] == [1, 2]


# ---- reasons where nothing that may come is enough -----------------------------------------------------------

WAYS = """\
  ways:
    - {id: work, parts: [{id: essay, minimum: 3}]}
    - {id: test, parts: [{id: exam, weight: 50, minimum: 3}, {id: lab, weight: 50}]}
"""


def test_the_reasons_are_those_of_the_way_that_counts_now(tmp_path: Path, capsys: Capture) -> None:
    """What is open may lift the other way above it, which fails all the same."""
    (student,) = judged(tmp_path, capsys, WAYS, "student,essay,exam,lab\n1,2,1,?\n")
    assert [(way["id"], way["counts"]) for way in student["ways"]] == [("work", True), ("test", False)]
    assert (student["status"], reasons(student)) == ("failed", [("essay", "below-minimum")])


def test_the_same_with_ways_inside_a_part(tmp_path: Path, capsys: Capture) -> None:
    plan = """\
  parts:
    - id: all
      ways:
        - {id: work, parts: [{id: essay, minimum: 3, required: true}]}
        - {id: test, parts: [{id: exam, weight: 50, minimum: 3, required: true}, {id: lab, weight: 50}]}
"""
    (student,) = judged(tmp_path, capsys, plan, "student,essay,exam,lab\n1,2,1,?\n")
    assert (student["status"], reasons(student)[0]) == ("failed", ("essay", "below-minimum"))


def test_the_reasons_of_another_way_are_found_out(tmp_path: Path, capsys: Capture) -> None:
    found = report(files(tmp_path, HEAD + WAYS, "student,essay,exam,lab\n1,2,1,?\n"), capsys)
    found["students"][0]["reasons"][0] |= {"part": "exam", "value": "1"}
    changed = tmp_path / "changed.json"
    changed.write_bytes(sealed(found))
    assert run(["verify", str(changed)]) == 1
    assert "reasons.1.part" in capsys.readouterr().out


def test_a_part_that_fails_by_what_may_be_repaired_in_vain(tmp_path: Path, capsys: Capture) -> None:
    """Also where peer marks keep from the reader what exactly may come."""
    plan = """\
  parts:
    - id: all
      parts:
        - id: team
          weight: 5
          required: true
          parts:
            - {id: note, graded: pass-fail}
            - {id: work, by: group, minimum: 3, required: true, peer: {method: webpa}}
        - {id: exam, weight: 95}
"""
    found = tmp_path / "marks.csv"
    found.write_text("from,to,effort\n1,2,3\n2,1,3\n", "utf-8")
    rows = "student,group,note,work,exam\n1,A,,?,0\n2,A,,?,0\n"
    students = judged(tmp_path, capsys, plan, rows, str(found))
    assert [(s["status"], reasons(s)) for s in students] == [("failed", [("all", "failed")])] * 2


# ---- better work that is worth less ------------------------------------------------------------------------------

CUT = """\
  parts:
    - {id: exam, graded: points, max: 10, linear: {1: 1, 5: 9}, retakes: 1, retake_at_most: AT_MOST, MORE}
  may_fail: true
  requires:
    3: {exam: ASKED}
"""
"""A better first attempt counts, though its points are fewer than those of the retake that is cut."""


@pytest.mark.parametrize("asked", ["70 %", "7 p", "pass"])
@pytest.mark.parametrize("at_most", ["3", "3.9"])
def test_a_better_attempt_may_have_fewer_points(at_most: str, asked: str, tmp_path: Path, capsys: Capture) -> None:
    plan = CUT.replace("AT_MOST", at_most).replace("ASKED", asked)
    (student,) = judged(tmp_path, capsys, plan.replace("MORE", "required: false, minimum: 70 %"),
                        "student,exam,exam 2\n1,?,10\n", *DAY)  # fmt: skip
    assert student["range"] == [2, 3, 4, 5] if at_most == "3" else [2, 4, 5]


def test_an_attempt_on_time_may_be_better_with_fewer_points(tmp_path: Path, capsys: Capture) -> None:
    plan = CUT.replace("retake_at_most: AT_MOST, MORE", "due: 2026-02-02 12:00").replace("ASKED", "70 %")
    (student,) = judged(tmp_path, capsys, plan + "  late: {deduct: 2, per: day}\n",
                        "student,exam,exam submitted,exam 2\n1,10,2026-02-03 10:00,?\n", *DAY)  # fmt: skip
    assert student["range"] == [2, 3, 4, 5]


@pytest.mark.parametrize("retake", ["?", ""])
def test_a_retake_that_clears_the_gate_may_be_worth_less(retake: str, tmp_path: Path, capsys: Capture) -> None:
    plan = """\
  parts:
    - id: all
      required: false
      parts:
        - {id: exam, graded: points, max: 10, linear: {1: 3, 5: 7}, required: true, MINIMUM}
""".replace("MINIMUM", "minimum: 90 %, retakes: 1, retake_at_most: 2")
    (student,) = judged(tmp_path, capsys, plan, f"student,exam,exam 2\n1,7.5,{retake}\n", *DAY)
    assert student["range"] == [2, 5]


@pytest.mark.parametrize("untrue", [1, 3])
def test_what_no_attempt_brings_is_out_of_reach(untrue: int, tmp_path: Path, capsys: Capture) -> None:
    """The retake counts with 10 points, and no first attempt that is worth more has fewer than 7."""
    plan = CUT.replace("AT_MOST", "4").replace("ASKED", "70 %").replace("MORE", "minimum: 0")
    found = report([*files(tmp_path, HEAD + plan, "student,exam,exam 2\n1,?,10\n"), *DAY], capsys)
    assert found["students"][0]["range"] == [4, 5]
    found["students"][0]["range"] = [untrue, 4, 5]
    changed = tmp_path / "changed.json"
    changed.write_bytes(sealed(found))
    assert run(["verify", str(changed)]) == 1
    assert f"{untrue} cannot be reached" in capsys.readouterr().out


MALUS = """\
  parts:
    - {id: lab, graded: pass-fail}
    - {id: essay, minimum: 3, weight: 100}
    - {id: talk, graded: points, max: 10, linear: {1: 1, 5: 9}, required: false, BONUS}
    - {id: quiz, graded: pass-fail, required: false}
""".replace("BONUS", "bonus: {steps: [{from: 50 %, add: -2}], to: essay, only_if: [quiz]}")
"""Who passes the quiz may lose the essay by it."""


def test_a_gate_may_stay_open_where_less_comes(tmp_path: Path, capsys: Capture) -> None:
    (student,) = judged(tmp_path, capsys, MALUS, "student,lab,essay,talk,quiz\n1,fail,4,8,?\n")
    assert (student["status"], reasons(student)) == ("failed", [("lab", "failed")])


def test_what_a_grade_asks_is_lacking_where_less_comes(tmp_path: Path, capsys: Capture) -> None:
    """With the quiz the essay fails, and without it the total would be enough."""
    plan = MALUS.replace("{id: lab, graded: pass-fail}", "{id: lab, graded: pass-fail, required: false}")
    (student,) = judged(tmp_path, capsys, plan + "  requires:\n    1: {lab: pass}\n",
                        "student,lab,essay,talk,quiz\n1,fail,4,8,?\n")  # fmt: skip
    assert (student["status"], reasons(student)) == ("failed", [("lab", "demand-not-met")])


def test_a_gate_may_open_where_some_comes_and_some_does_not(tmp_path: Path, capsys: Capture) -> None:
    """More is open than can be tried in all combinations."""
    more = """\
    - {id: trip, graded: points, max: 10, linear: {1: 1, 5: 9}, required: false, BONUS}
    - {id: test, graded: pass-fail, required: false}
    - {id: note, graded: points, max: 10, linear: {1: 1, 5: 9}, required: false, GIVES}
    - {id: work, graded: points, max: 10, linear: {1: 1, 5: 9}, required: false, weight: 0}
"""
    more = more.replace("BONUS", "bonus: {steps: [{from: 50 %, add: -2}], to: essay, only_if: [test]}")
    more = more.replace("GIVES", "bonus: {steps: [{from: 50 %, add: 1}], to: essay}")
    (student,) = judged(tmp_path, capsys, MALUS + more,
                        "student,lab,essay,talk,quiz,trip,test,note,work\n1,fail,2,8,?,8,?,?,?\n")  # fmt: skip
    assert (student["status"], reasons(student)) == ("failed", [("lab", "failed")])


def test_a_retake_that_fails_by_a_word_brings_no_bonus(tmp_path: Path, capsys: Capture) -> None:
    """The lowest score of a scale from four brings some, though its value and its gate are those of the word."""
    plan = """\
  parts:
    - {id: exam, weight: 100}
    - {id: quiz, bonus: true, weight: 20, retakes: 1, attempt: latest}
"""
    head = HEAD.replace("0-5", "4-10")
    course = files(tmp_path, head + plan, "student,exam,quiz\n1,7,4\n")
    (student,) = graded([*course, *DAY], tmp_path, capsys)["students"]
    assert student["range"] == [7, 8, 9]


# ---- peer marks that the report does not show yet --------------------------------------------------------------

SILENT = """\
  parts:
    - {id: exam, weight: 60}
    - {id: work, weight: 40, by: group, due: 2026-04-01, REQUIRED, PEER}
    - {id: lab, graded: pass-fail, required: false}
  requires:
    GRADE: {work: 2}
    3: {lab: pass}
""".replace("PEER", "peer: {method: webpa, penalty: 100 %}")
"""Whoever gave no marks gets no more than the pass grade for the work, whatever the group gets for it."""


def silent(folder: Path, work: str, grade: int) -> list[str]:
    """A class whose first student gave no marks; the work must be passed where already the lowest grade asks it."""
    plan = SILENT.replace("GRADE", str(grade)).replace("REQUIRED", f"required: {str(grade == 1).lower()}")
    marks = folder / "marks.csv"
    marks.write_text("from,to,effort\n2,1,3\n", "utf-8")
    sheet = f"student,group,exam,work,lab\n1,A,3,{work},fail\n2,A,3,{work},HYV\n"
    return [*files(folder, HEAD + plan, sheet), str(marks), *DAY]


@pytest.mark.parametrize(("grade", "status"), [(1, "failed"), (2, "graded")])
@pytest.mark.parametrize("work", ["?", ""])
def test_hidden_peer_marks_may_keep_what_a_grade_asks_out_of_reach(
    work: str, grade: int, status: str, tmp_path: Path, capsys: Capture
) -> None:
    """And so the total, so that what a higher grade asks is no reason."""
    student = graded(silent(tmp_path, work, grade), tmp_path, capsys)["students"][0]
    assert (student["status"], student["grade"]) == (status, grade - 1)
    assert reasons(student) == [("work", "demand-not-met")]


@pytest.mark.parametrize(
    ("key", "untrue"), [("minimum", "3"), ("value", "1"), ("grade", 3), ("asked", "3"), ("had", "1"), ("part", "lab")]
)
def test_what_hidden_peer_marks_keep_out_of_reach_is_held_against_the_policy(
    key: str, untrue: object, tmp_path: Path, capsys: Capture
) -> None:
    found = report(silent(tmp_path, "?", 2), capsys)
    found["students"][0]["reasons"][0][key] = untrue
    changed = tmp_path / "changed.json"
    changed.write_bytes(sealed(found))
    assert run(["verify", str(changed)]) == 1
    assert "reasons" in capsys.readouterr().out


# ---- how much is tried ---------------------------------------------------------------------------------------


def test_what_nothing_open_touches_is_worked_out_once(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Four open cells, whose scores bring few different values, beside much that is settled."""
    cell = "graded: points, max: 40, boundaries: [8, 15, 22, 29, 36]"
    shut = ", ".join(f"{{id: s{n}, {cell}}}" for n in range(8))
    plan = f"""\
  parts:
    - {{id: rest, parts: [{shut}]}}
    - id: work
      ways:
        - {{id: one, parts: [{{id: a, {cell}}}, {{id: b, {cell}}}]}}
        - {{id: two, parts: [{{id: c, {cell}}}, {{id: d, {cell}}}]}}
"""
    counted: Counter[str] = Counter()

    def counting(*arguments: Any) -> Any:
        counted[arguments[1].id] += 1
        return leaf(*arguments)

    monkeypatch.setattr("kurssi.verification.derive.leaf", counting)
    monkeypatch.setattr("kurssi.verification.reach.leaf", counting)
    heads = [f"s{n}" for n in range(8)]
    rows = f"student,{','.join(heads)},a,b,c,d\n1{',20' * 8},?,?,?,?\n"
    (student,) = judged(tmp_path, capsys, plan, rows)
    assert student["status"] == "incomplete"
    assert max(counted[head] for head in heads) < 10
