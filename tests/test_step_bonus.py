"""A bonus by steps (contract 11.6): to the mean or to another part, before or after its gate, on a condition."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given

from class_reports import files, graded, said
from kurssi.cli import run
from kurssi.policy.resolved_policy import policy_of, resolved
from kurssi.reports.workbook import workbook
from kurssi.verification import read_report, verify
from strategies import World, examples, worlds
from test_live import WORDS, book_of, check_same, recalculated
from test_reference import compare
from test_verify import report_of

Capture = pytest.CaptureFixture[str]
HEAD = """kurssi: 1
course: {code: KH1, name: Ohjelmointi, credits: 5}
implementation: {id: KH1-2026, language: en}
assessment:
  evaluation_scale: 0-5
"""
PLAN = (
    HEAD
    + """\
  parts:
    - {id: exam, name: Exam, weight: 60}
    - {id: work, name: Work, weight: 40}
    - {id: tasks, name: Tasks, graded: points, max: 40,
       bonus: {steps: [{from: 40 %, add: 0.25}, {from: 60 %, add: 0.5}]MORE}}
"""
)
SHEET = "student,exam,work,tasks\n"


def exact(
    folder: Path, capsys: Capture, more: str, *rows: str, plan: str = PLAN
) -> list[tuple[str | None, int | None]]:
    """Exact value and grade of each row, after the report was verified."""
    sheet = SHEET + "".join(f"{n},{row}\n" for n, row in enumerate(rows, 1))
    found = graded(files(folder, plan.replace("MORE", more), sheet), folder, capsys)
    return [(student["exact"], student["grade"]) for student in found["students"]]


def test_the_worked_example(tmp_path: Path, capsys: Capture) -> None:
    """Mean 3.4, 60 % reached: +0.5, where the exam is passed."""
    failed = PLAN.replace("name: Exam, weight: 60", "name: Exam, weight: 60, minimum: 4")
    assert exact(tmp_path, capsys, ", only_if: [exam]", "3,4,24") == [("3.9", 4)]
    assert exact(tmp_path, capsys, ", only_if: [exam]", "3,4,24", plan=failed) == [("3.4", 0)]


def test_the_last_step_that_is_reached_counts(tmp_path: Path, capsys: Capture) -> None:
    rows = "3,4,15.9", "3,4,16", "3,4,23.9", "3,4,24", "3,4,40", "3,4,-", "3,4,EX", "3,4,H"
    assert [value for value, _ in exact(tmp_path, capsys, "", *rows)] == [
        "3.4", "3.65", "3.65", "3.9", "3.9", "3.4", "3.4", "3.4"
    ]  # fmt: skip


def test_it_opens_the_gate_of_the_part_that_it_is_added_to(tmp_path: Path, capsys: Capture) -> None:
    """Unless the gate comes first."""
    assert exact(tmp_path, capsys, ", to: exam", "0.5,4,24") == [("2.2", 2)]
    assert exact(tmp_path, capsys, ", to: exam, after_gate: true", "0.5,4,24") == [("2.2", 0)]
    own = ", to: exam, after_gate: true, only_if: [exam]"
    assert exact(tmp_path, capsys, own, "0.5,4,24", "3,4,24") == [("1.9", 0), ("3.7", 4)]


def test_what_has_no_score_gets_nothing(tmp_path: Path, capsys: Capture) -> None:
    plan = PLAN.replace("name: Exam,", "name: Exam, required: false,")
    assert exact(tmp_path, capsys, ", to: exam", "-,5,24", "H,5,24", "EX,5,24", "0,5,24", plan=plan) == [
        ("2", 2),
        ("2", 2),
        ("5", 5),
        ("2.3", 2),
    ]


def test_what_a_part_fails_by_takes_no_bonus_from_its_value(tmp_path: Path, capsys: Capture) -> None:
    """0.6 × 3 + 0.4 × 4.5 where a part of it is failed; 3 where nothing of it has a value."""
    below = "parts: [{id: essay}, {id: safety, graded: pass-fail, required: true}]"
    plan = PLAN.replace("weight: 40}", f"weight: 40, {below}}}").replace("MORE", ", to: work")
    sheet = "student,exam,essay,safety,tasks\n1,3,4,H,24\n2,3,EX,H,24\n3,3,EX,HYV,24\n4,3,4,HYV,24\n"
    found = graded(files(tmp_path, plan, sheet), tmp_path, capsys)["students"]
    assert [(one["exact"], one["grade"]) for one in found] == [("3.6", 0), ("3", 0), ("3", 3), ("3.6", 4)]


@pytest.mark.parametrize("gate", ["", ", required: true"])
def test_what_has_no_value_picks_no_step(gate: str, tmp_path: Path, capsys: Capture) -> None:
    """All that has points is excused, and the rest only passed, or failed, or to come: nothing is asked, nor taken."""
    plan = """\
  basis: percent
  boundaries: [50, 60, 70, 80, 90]
  parts:
    - {id: exam}
    - id: tasks
      bonus: {steps: [{from: 0 %, add: -5}, {from: 50 %, add: 5}]}
      parts: [{id: t1, graded: points, max: 10}, {id: t2, graded: pass-failGATE}]
"""
    sheet = "student,exam,t1,t2\n1,4,EX,HYV\n2,4,5,HYV\n3,4,,\n4,4,EX,H\n5,4,EX,?\n"
    arguments = files(tmp_path, HEAD + plan.replace("GATE", gate), sheet)
    found = graded(arguments, tmp_path, capsys)["students"]
    grades = [(one["exact"], one["grade"]) for one in found]
    assert grades == [("80", 4), ("85", 4), ("75", 3), ("80", 4), ("80", 4)]
    target = tmp_path / "report.xlsx"
    assert run(["grade", *arguments, "-o", str(target)]) == 0, capsys.readouterr().err
    check_same(target.read_bytes(), recalculated(target.read_bytes()))


def test_what_is_taken_may_leave_nothing(tmp_path: Path, capsys: Capture) -> None:
    """The step says so, and not that there is no score."""
    sheet = SHEET + "1,0.5,4,24\n"
    plan = PLAN.replace("add: 0.25", "add: -1").replace("add: 0.5", "add: -0.5")
    (student,) = graded(files(tmp_path, plan.replace("MORE", ", to: exam"), sheet), tmp_path, capsys)["students"]
    (step,) = [step for step in student["steps"] if step["step"] == "bonus-steps"]
    assert (step["operands"][0]["add"], step["before"], step["after"]) == ("-0.5", "0.5", "0")
    assert step["why"] == "0.5 − 0.5: 60 % of Tasks, from 60 % on"


def test_under_percent_the_value_of_a_series_picks_the_step(tmp_path: Path, capsys: Capture) -> None:
    plan = (
        HEAD
        + """\
  basis: percent
  boundaries: [50, 60, 70, 80, 90]
  cap: 100 %
  parts:
    - {id: exam, weight: 60}
    - {id: work, weight: 40}
    - id: tasks
      bonus: {steps: [{from: 0 %, add: -5}, {from: 50 %, add: 0}, {from: 75 %, add: 10}], only_if: [exam]}
      parts: [{id: t1, graded: points, max: 10}, {id: t2, graded: points, max: 20}]
"""
    )
    sheet = "student,exam,work,t1,t2\n1,3,4,10,10\n2,3,4,5,10\n3,3,4,2,4\n4,5,5,10,20\n5,3,4,,\n"
    found = graded(files(tmp_path, plan, sheet), tmp_path, capsys)
    assert [(student["exact"], student["grade"]) for student in found["students"]] == [
        ("78", 3), ("68", 2), ("63", 2), ("100", 5), ("63", 2)
    ]  # fmt: skip


def test_open_cells_and_what_they_need(tmp_path: Path, capsys: Capture) -> None:
    arguments = files(tmp_path, PLAN.replace("MORE", ", to: exam, only_if: [work]"), SHEET + "1,0.5,4,?\n2,?,4,24\n")
    found = graded(arguments, tmp_path, capsys)
    assert [student["range"] for student in found["students"]] == [[0, 2], [0, 2, 3, 4, 5]]
    assert run(["explain", arguments[0], "1", arguments[1], "--needed"]) == 0
    assert "2 24 points" in said(capsys)


MALUS = """\
  basis: percent
  boundaries: [50, 60, 67, 80, 90]
  late: {deduct: 10 %, of: max, per: day, free: {budget: 1 d, spend: where-it-helps}}
  parts:
    - {id: a, graded: points, max: 100, weight: 20, due: 2026-02-02 12:00}
    - {id: b, graded: points, max: 100, weight: 40, due: 2026-02-09 12:00}
    - {id: lab, graded: points, max: 100, weight: 40, required: false, minimum: 60, due: 2026-02-16 12:00}
    - {id: fee, graded: points, max: 10, bonus: {steps: [{from: 0 %, add: -30}], only_if: [lab]}}
"""


def test_free_time_helps_most_also_where_a_pass_takes_something_away(tmp_path: Path, capsys: Capture) -> None:
    """Each a day late, one day free: 64; 66 if spent on a, 68 on b, and 38 on the lab, which is passed then."""
    late = "80,2026-02-03 11:00,80,2026-02-10 11:00,65,2026-02-17 11:00,0"
    sheet = f"student,a,a submitted,b,b submitted,lab,lab submitted,fee\n1,{late}\n"
    found = graded(files(tmp_path, HEAD + MALUS, sheet), tmp_path, capsys)["students"][0]
    assert (found["exact"], found["grade"]) == ("68", 3)


def test_the_least_that_is_needed_where_a_pass_takes_something_away(tmp_path: Path, capsys: Capture) -> None:
    """0.2 × 80 + 0.4 × 80 + 0.4 × lab, and 30 less from 60 points on: 50 with 5 points, 60 with 30, 67 with 47.5."""
    arguments = files(tmp_path, HEAD + MALUS, "student,a,b,lab,fee\n1,80,80,?,0\n")
    assert run(["explain", arguments[0], "1", arguments[1], "--needed", "--format", "json"]) == 0
    needed = json.loads(capsys.readouterr().out)["needed"]
    assert needed[0]["grades"] == {"1": "5", "2": "30", "3": "47.5", "4": None, "5": None}


def test_explain_names_what_is_added_and_why_not(tmp_path: Path, capsys: Capture) -> None:
    arguments = files(tmp_path, PLAN.replace("MORE", ", only_if: [work]"), SHEET + "1,3,4,24\n2,3,0,24\n3,3,4,2\n")
    texts = []
    for student in "123":
        assert run(["explain", arguments[0], student, arguments[1]]) == 0
        texts.append(said(capsys))
    assert "3.4 + 0.5: 60 % of Tasks, from 60 % on = 3.9" in texts[0]
    assert "nothing is added, as Work must be passed for it" in texts[1]
    assert "nothing is added, as 5 % of Tasks reach no step" in texts[2]


def test_the_page_says_it(tmp_path: Path, capsys: Capture) -> None:
    arguments = files(tmp_path, PLAN.replace("MORE", ", to: exam, only_if: [work], after_gate: true"))
    assert run(["plan", *arguments]) == 0
    text = said(capsys)
    assert "A bonus by steps: from 40 % on 0.25; from 60 % on 0.5." in text
    assert "It is added to the value of Exam, which must be passed without it." in text
    assert "It is added only to who has passed Work." in text
    assert "bonus up to 0.5" in text


def test_policy_shows_what_it_moves_and_who_loses_by_it(tmp_path: Path, capsys: Capture) -> None:
    arguments = files(tmp_path, PLAN.replace("MORE", ""))
    assert run(["policy", *arguments]) == 0
    assert "Tasks – 0 1 –" in said(capsys)
    arguments = files(tmp_path, PLAN.replace("MORE", "").replace("add: 0.25", "add: -0.5"))
    assert run(["policy", *arguments, "--format", "json"]) == 0
    assert '"not-monotone"' in said(capsys)


def test_compare_says_what_changed(tmp_path: Path, capsys: Capture) -> None:
    old = files(tmp_path, PLAN.replace("MORE", ""), name="old")
    new = files(tmp_path, PLAN.replace("MORE", ", to: exam, only_if: [work]"), name="new")
    assert run(["compare", *old, *new]) == 0
    assert "from 40 % on 0.25; from 60 % on 0.5; to exam; only with work passed" in said(capsys)


@examples(40)
@given(worlds(peers=False, open_cells=False, steps=True))
def test_generated_classes(world: World) -> None:
    compare(world)
    assert verify(read_report(report_of(world))).problems == []
    assert resolved(policy_of(resolved(world.policy()))) == resolved(world.policy())


@examples(40)
@given(worlds(peers=False, steps=True, takes=False, ways=False))
def test_open_cells(world: World) -> None:
    compare(world)


@examples(15)
@given(worlds(peers=False, steps=True))
def test_the_workbook_computes_the_same(world: World) -> None:
    data = workbook(book_of(world), WORDS)
    check_same(data, recalculated(data))


def test_a_changed_step_changes_the_grade_in_the_workbook(tmp_path: Path, capsys: Capture) -> None:
    target = tmp_path / "report.xlsx"
    arguments = files(tmp_path, PLAN.replace("MORE", ""), SHEET + "1,3,4,24\n")
    assert run(["grade", *arguments, "-o", str(target)]) == 0, capsys.readouterr().err
    book = openpyxl.load_workbook(target)
    place = book.defined_names["bonus_add_tasks"].attr_text
    page, cells = place.replace("$", "").replace("'", "").split("!")
    book[page][cells.split(":")[-1]] = 1.5
    changed = BytesIO()
    book.save(changed)
    again = openpyxl.load_workbook(BytesIO(recalculated(changed.getvalue())), data_only=True)
    sheet = again["Parts"]
    heads = [cell.value for cell in sheet[2]]
    assert sheet.cell(4, heads.index("Exact") + 1).value == pytest.approx(4.9)


ROUND = (
    HEAD
    + """\
  parts:
    - {id: exam, name: Exam, weight: 40}
    - {id: essay, name: Essay, weight: 30}
    - {id: lab, name: Lab, weight: 30}
    - {id: extra, graded: points, max: 10, bonus: {steps: [{from: 50 %, add: 1}], EXTRA}}
    - {id: more, graded: points, max: 10, bonus: {steps: [{from: 50 %, add: 1}], MORE}}
"""
)


def test_bonuses_that_would_give_to_each_other_are_not_tried_alone(tmp_path: Path, capsys: Capture) -> None:
    """Each policy gives one way only; with the second change alone each bonus would hang on the other."""
    old = ROUND.replace("EXTRA", "to: lab, only_if: [essay]").replace("MORE", "to: exam")
    new = ROUND.replace("EXTRA", "to: exam").replace("MORE", "to: essay, only_if: [lab]")
    sheet = "student,exam,essay,lab,extra,more\n1,4,3,2,9,9\n2,4,3,2,0,9\n3,4,3,2,9,0\n4,2,2,2,0,0\n"
    before, after = (files(tmp_path, plan, name=name)[0] for plan, name in ((old, "old"), (new, "new")))
    scores = files(tmp_path, "", sheet)[0]
    for runs in ([before, after], [after, before]):
        assert run(["compare", *runs, scores, "--lang", "en", "--format", "json"]) == 0
        out, err = capsys.readouterr()
        assert "fault" not in err
        found = json.loads(out)["class"]
        assert found["students"] == 4
        for moved in found["moved"]:
            assert {one["rule"] for one in moved["rules"]} <= {"extra.bonus", "more.bonus"}
    assert run(["grade", before, scores, "-o", str(tmp_path / "r.json")]) == 0
    assert run(["lock", before, scores, "-o", str(tmp_path / "x.lock")]) == 0
    (tmp_path / "old.yaml").write_text(new, "utf-8")
    assert run(["grade", before, scores, "--since", str(tmp_path / "r.json")]) == 0
    assert run(["verify", str(tmp_path / "x.lock")]) == 1
    assert "fault" not in said(capsys)
