"""``kurssi policy FILE SHEET``: how near a class stands to other grades."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given

from kurssi.analysis.sensitivity import near, what_if
from kurssi.cli import run
from kurssi.grading import Grader
from strategies import World, examples, worlds
from test_policy_analysis import file_of

ROOT = Path(__file__).parent.parent
SHIPPED = str(ROOT / "implementations" / "KH00BT03-2024.yaml")
SHEETS = [str(ROOT / "examples" / "KH00BT03-2024" / name) for name in ("arvostelu.csv", "ryhmat.csv")]
Capture = pytest.CaptureFixture[str]

POLICY = (
    "{evaluation_scale: 0-5, parts: [{id: exam, weight: 50, due: 2024-03-04 23:59}, {id: essay, weight: 50}],"
    " late: {deduct: 1, per: day}}"
)
SHEET = (
    "student,exam,exam submitted,essay\n"
    "1,4,,2.8\n"  # 3.4: a fifth of a grade is missing in either
    "2,5,2024-03-05 12:00,5\n"  # 4.5 late, 5 all the same
    "3,3,2024-03-05 12:00,2.5\n"  # 2.25 late, 2.75 in time
    "4,5,,0\n"  # the gate of the essay is far away
    "5,3,,0.9\n"  # and here near
    "6,?,,3\n"
)


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    (tmp_path / "x.yaml").write_text(file_of(POLICY), "utf-8")
    (tmp_path / "s.csv").write_text(SHEET, "utf-8")
    return [str(tmp_path / "x.yaml"), str(tmp_path / "s.csv")]


def test_who_is_within_reach(files: list[str], capsys: Capture) -> None:
    assert run(["policy", "--lang", "en", *files]) == 0
    out = capsys.readouterr().out
    lines = out[out.index("Within reach") :].splitlines()
    assert lines[1:5] == [
        "  5: 0 → 2 if essay were 1 instead of 0.9",
        "  1: 3 → 4 if exam were 4.2 instead of 4",
        "  3: 2 → 3 if exam were 3.5 instead of 3",
        "  3 of 6 students within a tenth of what one cell may hold",
    ]
    assert "  a day more of grace: 3 2 → 3" in lines
    assert "0 findings" not in out


@pytest.mark.parametrize(
    ("weights", "part"),
    [((55, 45), "exam 50 % → 55 %"), ((45, 55), "exam 50 % → 45 %"), ((50, 50), "a day more of grace")],
)
def test_another_rule_does_what_the_file_with_it_does(
    weights: tuple[int, int], part: str, files: list[str], capsys: Capture
) -> None:
    assert run(["policy", "--lang", "en", *files]) == 0
    out = capsys.readouterr().out
    (line,) = [line for line in out.splitlines() if line.startswith(f"  {part}: ")]
    grades = []
    for text in (POLICY, changed(weights)):
        Path(files[0]).write_text(file_of(text), "utf-8")
        assert run(["grade", "--format", "json", *files]) == 0
        students = json.loads(capsys.readouterr().out)["students"]
        grades.append({s["student"]: s["grade"] for s in students if s["grade"] is not None})
    moved = [f"{s} {grades[0][s]} → {g}" for s, g in grades[1].items() if grades[0][s] != g]
    assert line == f"  {part}: " + (", ".join(moved) or "no grade moves")


def changed(weights: tuple[int, int]) -> str:
    if weights == (50, 50):
        return POLICY.replace("per: day", "per: day, grace: 1 d")
    exam, essay = weights
    return POLICY.replace("exam, weight: 50", f"exam, weight: {exam}").replace(
        "essay, weight: 50", f"essay, weight: {essay}"
    )


def test_the_shipped_class(capsys: Capture) -> None:
    assert run(["policy", "--format", "json", SHIPPED, *SHEETS]) == 0
    document = json.loads(capsys.readouterr().out)
    group = document["class"]
    assert group["students"] == 30
    assert [(n["student"], n["old"], n["new"], n["part"], n["score"], n["needed"]) for n in group["near"]] == [
        ("0000026", 3, 4, "group_work", "3", "3.05"), ("0000001", 3, 4, "group_work", "4", "4.25"),
    ]  # fmt: skip
    assert {one["rule"] for one in group["what_if"]} == {"weight", "grace"}
    assert "class" not in shown(capsys)


def shown(capsys: Capture) -> dict[str, object]:
    assert run(["policy", "--format", "json", SHIPPED]) == 0
    document: dict[str, object] = json.loads(capsys.readouterr().out)
    return document


def test_sheets_with_errors_are_refused(files: list[str], capsys: Capture) -> None:
    Path(files[1]).write_text(SHEET.replace("1,4", "1,9"), "utf-8")
    assert run(["policy", *files]) == 1
    assert capsys.readouterr().out == ""


@examples(10)
@given(worlds())
def test_the_change_is_enough_and_the_least(world: World) -> None:
    policy = world.policy()
    class_list = world.class_list(policy)
    results = list(Grader(policy, class_list, as_of=world.as_of).results(class_list.students))
    grader = Grader(policy, class_list, as_of=world.as_of)
    students = {student.student: student for student in class_list.students}
    step = Fraction(1, 100)

    def grade(name: str, part: str, number: int, score: Fraction) -> int:
        student = students[name]
        attempts = list(student.attempts[part])
        attempts[number - 1] = attempts[number - 1]._replace(score=score)
        again = student._replace(attempts={**student.attempts, part: tuple(attempts)})
        return grader.grade(again).grade or policy.scale.lowest

    for one in near(policy, class_list, results, world.as_of):
        own = policy.scale.own and one.part.graded == "grade"
        part = one.part.source  # which other parts may take scores from, too
        assert grade(one.student, part, one.attempt, one.needed) == one.new > one.old
        assert grade(one.student, part, one.attempt, one.needed - (1 if own else step)) <= one.old
        assert one.score < one.needed
    for rule in what_if(policy, class_list, results, world.as_of):
        assert rule.part is None or rule.old != rule.new
        assert all(moved.old != moved.new for moved in rule.moved)


POINTS = """\
kurssi: 1
course: {code: A1, name: Course, credits: 5}
implementation: {id: A1-2024, language: en, timing: {start: 2024-01-08, end: 2024-04-19}}
assessment:
  evaluation_scale: 0-5
  basis: percent
  boundaries: [50, 60, 70, 80, 90]
  parts:
    - {id: a1, name: Assignment 1, graded: points, max: 60, weight: 1/3}
    - {id: ex, name: Examen, graded: points, max: 30, weight: 2/3, retakes: 1}
"""


def test_cells_are_named_as_everywhere_else_and_points_have_their_most(files: list[str], capsys: Capture) -> None:
    Path(files[0]).write_text(POINTS, "utf-8")
    Path(files[1]).write_text("student,a1,ex,ex 2\n1,55,26,\n2,45,10,19\n3,30,30,\n", "utf-8")
    assert run(["policy", "--lang", "en", *files]) == 0
    out = capsys.readouterr().out
    assert "2: 2 → 3 if Examen 2 were 20.25/30 instead of 19/30" in out
    assert "1: 4 → 5 if Examen were 26.75/30 instead of 26/30" in out
    assert "Assignment 1 ≈33.333 % → ≈38.333 %: " in out


def test_no_heading_stands_over_nothing(files: list[str], capsys: Capture) -> None:
    plan = POINTS.replace("    - {id: ex, name: Examen, graded: points, max: 30, weight: 2/3, retakes: 1}\n", "")
    Path(files[0]).write_text(plan.replace("weight: 1/3", "weight: 100"), "utf-8")
    Path(files[1]).write_text("student,a1\n1,55\n", "utf-8")
    assert run(["policy", "--lang", "en", *files]) == 0
    assert "If a rule were a little different" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("per", "said"), [("hour", "den första påbörjade timmen"), ("day", "det första påbörjade dygnet")]
)
def test_a_late_unit_has_its_gender_in_swedish(per: str, said: str, files: list[str], capsys: Capture) -> None:
    late = f"  late: {{deduct: 1 %, of: earned, per: {per}}}\n  parts:"
    Path(files[0]).write_text(
        POINTS.replace("  parts:", late).replace("max: 60,", "max: 60, due: 2024-03-04,"), "utf-8"
    )
    assert run(["policy", "--lang", "sv", files[0]]) == 0
    assert f"Assignment 1: {said} tar högst 1 % av delen" in " ".join(capsys.readouterr().out.split())
