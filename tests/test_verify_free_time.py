"""``kurssi verify`` where free late time is spent where it helps, and what helps depends on what is still open.

What a report says of the grade is put into it here, whatever the core says.
"""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from class_reports import files, graded, report
from kurssi.verification import Problem, read_report, verify
from kurssi.verification.derive import whole
from test_verify import sealed

Capture = pytest.CaptureFixture[str]

HEAD = """kurssi: 1
course: {code: K, name: K, credits: 5}
implementation: {id: K-1}
assessment:
  evaluation_scale: 0-5
  late: {deduct: 3, not_below: 0, free: {budget: 1 d, spend: where-it-helps}}
"""
SHEET = """\
student,a,a submitted,a 2,b,b submitted
1,3,2024-03-02 11:00,?,5,2024-03-03 11:00
"""
"""Each a day late. The free day makes 3 of a, and 5 of b; with a retake that is enough, b can have it."""

MINIMUM = """\
  parts:
    - {id: a, weight: 20, minimum: 3, due: 2024-03-01 12:00, retakes: [{due: 2024-04-01 12:00}]}
    - {id: b, weight: 80, due: 2024-03-02 12:00}
"""
ASKED = """\
  parts:
    - {id: a, weight: 20, required: false, due: 2024-03-01 12:00, retakes: [{due: 2024-04-01 12:00}]}
    - {id: b, weight: 80, due: 2024-03-02 12:00}
  requires:
    2: {a: 3}
"""
"""The same, but for the grade that is left without it."""
STEPS = """\
  parts:
    - {id: a, weight: 20, required: false, minimum: 3, due: 2024-03-01 12:00, retakes: [{due: 2024-04-01 12:00}]}
    - {id: b, weight: 80, due: 2024-03-02 12:00}
    - {id: fee, graded: points, max: 10, bonus: {steps: [{from: 0 %, add: ADD}], only_if: [a]}}
"""
"""Who passes a is given something, or loses it: 4 with the day for b, and 4.6 and more with a retake that passes."""


PLANS = {
    "minimum": (MINIMUM, [2, 5]),
    "asked": (ASKED, [2, 5]),
    "more for a pass": (STEPS.replace("ADD", "1"), [4, 5]),
    "less for a pass": (STEPS.replace("ADD", "-3"), [2, 4, 5]),
}
"""With the grades that can be reached."""


def course(folder: Path, plan: str, sheet: str = SHEET) -> list[str]:
    """A class of one student, who has the points for the bonus where there is one."""
    if "fee" in plan:
        head, *rows = sheet.splitlines()
        sheet = "\n".join([f"{head},fee", *(f"{row},10" for row in rows), ""])
    return files(folder, HEAD + plan, sheet)


def claimed(found: Any, grade: int | None, span: list[int]) -> list[str]:
    """What ``verify`` says where the only student of a report has that grade, or else that range."""
    (student,) = found["students"]
    steps = [step for step in student["steps"] if step["step"] not in ("round", "demand", "grade")]
    exact = next(step["after"] for step in reversed(steps) if step["part"] is None)
    rounded = int(Fraction(exact) + Fraction(1, 2))
    last: dict[str, object] = {"part": None, "rule": "plan.yaml:5", "limit": None, "why": "", "operands": []}
    if grade is None:
        student |= {"status": "incomplete", "label": None, "exact": None, "rounded": None, "range": span}
        steps.append(last | {"step": "grade", "operands": [{"range": span}], "before": None, "after": None})
    else:
        student |= {"status": "graded", "label": str(grade), "exact": exact, "rounded": rounded, "range": None}
        steps.append(last | {"step": "round", "before": exact, "after": str(rounded)})
        steps.append(last | {"step": "grade", "before": str(rounded), "after": str(grade)})
    student |= {"grade": grade, "computed": grade, "reasons": [], "raised_to_pass": False, "steps": steps}
    for answer in student.get("demands", []):
        answer["met"] = True
    for status in ("graded", "failed", "incomplete"):
        found["summary"][status] = int(status == student["status"])
    found["summary"]["distribution"] = {str(n): int(n == grade) for n in range(6)}
    return told(verify(read_report(sealed(found))).problems)


def told(problems: list[Problem]) -> list[str]:
    """The problems with what stands there and what follows."""
    return [f"{p.where}: {p.message.text.format(**p.message.args)} {p.found} {p.expected}" for p in problems]


@pytest.mark.parametrize("name", PLANS)
@pytest.mark.parametrize("grade", range(1, 6))
def test_no_grade_is_settled_where_free_time_may_go_elsewhere(
    grade: int, name: str, tmp_path: Path, capsys: Capture
) -> None:
    plan, reachable = PLANS[name]
    problems = claimed(report(course(tmp_path, plan), capsys), grade, [])
    assert f"range: missing; {reachable} follows None {reachable}" in problems


@pytest.mark.parametrize("name", PLANS)
def test_a_range_of_all_that_free_time_can_bring_follows(name: str, tmp_path: Path, capsys: Capture) -> None:
    plan, reachable = PLANS[name]
    assert claimed(report(course(tmp_path, plan), capsys), None, reachable) == []


@pytest.mark.parametrize("name", PLANS)
def test_a_range_leaves_out_nothing_that_free_time_can_bring(name: str, tmp_path: Path, capsys: Capture) -> None:
    plan, reachable = PLANS[name]
    arguments = course(tmp_path, plan)
    for grade in reachable:
        for beside in ([], [1 if grade > 1 else 3]):  # alone, and with another grade that is within the bounds or not
            span = sorted({*reachable, *beside} - {grade})
            problems = claimed(report(arguments, capsys), None, span)
            assert f"range: {grade} can still be reached, too {span} None" in problems


def test_a_retake_that_need_not_come_is_tried_as_well(tmp_path: Path, capsys: Capture) -> None:
    arguments = [*course(tmp_path, MINIMUM, SHEET.replace("?", "")), "--as-of", "2024-03-10"]
    assert claimed(report(arguments, capsys), None, [2, 5]) == []
    for grade in (2, 5):
        assert "range: missing; [2, 5] follows None [2, 5]" in claimed(report(arguments, capsys), grade, [])


def test_what_is_settled_whatever_free_time_brings_follows(tmp_path: Path, capsys: Capture) -> None:
    """The retake counts for 10 %, which takes the exact value from 4.5 to 5 at most."""
    plan = MINIMUM.replace("minimum: 3, ", "required: false, ").replace("weight: 20", "weight: 10")
    plan = plan.replace("weight: 80", "weight: 90")
    arguments = course(tmp_path, plan)
    (student,) = graded(arguments, tmp_path, capsys)["students"]
    assert (student["status"], student["grade"]) == ("graded", 5)
    for grade in (3, 4):
        problems = claimed(report(arguments, capsys), grade, [])
        assert f"grade: {grade} stands there, but 5 follows {grade} 5" in problems


ON_TIME = SHEET.replace("2024-03-02 11:00", "2024-03-01 11:00").replace("2024-03-03 11:00", "2024-03-02 11:00")


@pytest.mark.parametrize("name", PLANS)
def test_nothing_changes_where_nothing_is_late(name: str, tmp_path: Path, capsys: Capture) -> None:
    plan = PLANS[name][0]
    found = []
    for spend in ("where-it-helps", "in-order"):
        arguments = files(tmp_path, (HEAD + plan).replace("where-it-helps", spend), "")
        sheet = course(tmp_path, plan, ON_TIME.replace(",3,", ",2,"))[1]
        data = graded([arguments[0], sheet], tmp_path, capsys)
        (student,) = data["students"]
        found.append((student["status"], student["range"], claimed(data, 1, []), claimed(data, None, [0, 1])))
    assert found[0] == found[1]


# ---- how much is tried -------------------------------------------------------------------------------------


def crowded(folder: Path, late: int, waiting: int, days: int, students: int = 1) -> list[str]:
    """A class where everybody has so many works that are two days late, so many that are open, and so many days."""
    parts = [f"{{id: l{n}, due: 2024-03-01 12:00}}" for n in range(late)] + [f"{{id: o{n}}}" for n in range(waiting)]
    heads = [f"l{n},l{n} submitted" for n in range(late)] + [f"o{n}" for n in range(waiting)]
    cells = [f"{n % 3 + 2},2024-03-03 11:00" for n in range(late)] + ["?"] * waiting
    plan = HEAD.replace("budget: 1 d", f"budget: {days} d").replace("deduct: 3", "deduct: 0.5")
    plan += "  parts:\n" + "".join(f"    - {part}\n" for part in parts)
    rows = "".join(f"{student},{','.join(cells)}\n" for student in range(students))
    return files(folder, plan, f"student,{','.join(heads)}\n{rows}")


@pytest.mark.parametrize(("late", "waiting", "days"), [(2, 1, 2), (4, 3, 4), (6, 2, 5), (5, 1, 10), (3, 9, 3)])
def test_little_is_tried_for_a_student(
    late: int, waiting: int, days: int, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: Counter[str] = Counter()

    def counting(*arguments: Any) -> Any:
        counted["whole"] += 1
        return whole(*arguments)

    monkeypatch.setattr("kurssi.verification.reach.whole", counting)
    (student,) = graded(crowded(tmp_path, late, waiting, days), tmp_path, capsys)["students"]
    assert student["status"] == "incomplete"
    assert counted["whole"] < 700


def test_where_a_budget_can_be_spent_in_too_many_ways_the_bounds_stand(tmp_path: Path, capsys: Capture) -> None:
    """Eight works with three ways each."""
    arguments = crowded(tmp_path, 8, 1, 16)
    assert claimed(report(arguments, capsys), None, [0, 3]) == []
    assert claimed(report(arguments, capsys), None, [0, 5]) == ["range: 5 cannot be reached [0, 5] None"]
