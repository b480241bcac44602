"""The formulas of the Excel report where constructs of a policy meet: each alone is in :mod:`test_live`."""

from __future__ import annotations

import re
from pathlib import Path

import openpyxl
import pytest

from class_reports import files
from kurssi.cli import run
from test_live import check_same, recalculated
from workbook_reading import Book

HEAD = """kurssi: 1
course: {code: KH1, name: Ohjelmointi, credits: 5}
implementation: {id: KH1-2026, language: en}
assessment:
"""


def check_report(folder: Path, *arguments: str) -> None:
    """Every formula of the workbook comes to the value that is stored with it."""
    target = folder / "report.xlsx"
    assert run(["grade", *arguments, "-o", str(target)]) == 0
    data = target.read_bytes()
    check_same(data, recalculated(data))


def check(folder: Path, assessment: str, sheet: str) -> None:
    """The same of an assessment and a score sheet."""
    check_report(folder, *files(folder, HEAD + assessment, sheet))


ONLY_GATES = """\
  evaluation_scale: pass-fail
  ACTIVITY
  parts: [{id: lab, graded: pass-fail}, {id: test, graded: pass-fail}]
  requires: {1: {lab: pass, attended: 50 %}}
"""


@pytest.mark.parametrize(
    "activity",
    [
        "activity: {attendance: {of: 10, bands: [{from: 50 %, adjust: 0.5}]}}",
        "activity: {attendance: {of: 10}}",
    ],
)
def test_attendance_is_asked_where_nothing_is_weighed(activity: str, tmp_path: Path) -> None:
    """What activity would add has nothing to be added to; the sessions that a grade asks for are a column all the
    same.
    """
    sheet = "student,lab,test,attended\n1,HYV,HYV,9\n2,HYV,H,6\n3,HYV,HYV,2\n4,HYV,HYV,\n"
    check(tmp_path, ONLY_GATES.replace("ACTIVITY", activity), sheet)


ADDED_UP = """\
  evaluation_scale: 0-5
  basis: percent
  boundaries: [50, 60, 70, 80, 90]
  WHERE
    - {id: exam, graded: points, max: 40}
    - {id: work, graded: points, max: 10}
    - {id: extra, graded: points, max: 20, bonus: {steps: [{from: 0 %, add: -1}, {from: 60 %, add: 5}]MORE}}
"""


@pytest.mark.parametrize("more", ["", ", to: exam", ", only_if: [work]"])
@pytest.mark.parametrize(
    "where", ["weigh: by-points\n  parts:", "parts:\n   - id: whole\n     weigh: by-points\n     parts:"]
)
def test_a_bonus_by_steps_beside_points_that_are_added_up(where: str, more: str, tmp_path: Path) -> None:
    plan = ADDED_UP.replace("WHERE", where).replace("MORE", more)
    if "whole" in where:
        plan = plan.replace("    - {", "       - {")
    check(tmp_path, plan, "student,exam,work,extra\n1,20,5,12\n2,30,10,3\n3,30,,20\n4,30,5,?\n5,30,0,EX\n")


NOTHING_IN_TIME = """\
  evaluation_scale: 0-5
  late: {closes: 2 d}
  parts:
    - {id: exam}
    - {id: extra, graded: points, max: 20, due: 2026-03-04 12:00, MORE
       bonus: {steps: [{from: 0 %, add: -1}, {from: 50 %, add: 1}]}}
"""
TRIES = """student,exam,extra,extra submitted,extra 2
1,3,15,2026-03-04 11:00,
2,3,15,2026-03-08 11:00,
3,3,15,2026-03-08 11:00,12
4,3,15,2026-03-04 11:00,4
5,3,,,
6,3,-,,
7,3,H,2026-03-04 11:00,
8,3,?,,
9,3,EX,,
"""


@pytest.mark.parametrize("more", ["", "attempt: latest, retakes: 1,", "attempt: best, retakes: 1,"])
def test_points_that_do_not_count_reach_no_step(more: str, tmp_path: Path) -> None:
    """Those of an attempt that came too late; and where there is no attempt there are no points."""
    sheet = TRIES if more else "\n".join(line.rpartition(",")[0] for line in TRIES.splitlines())
    check(tmp_path, NOTHING_IN_TIME.replace("MORE", more), sheet)


WITHOUT_MARKS = """\
  evaluation_scale: 0-5
  parts:
    - {id: exam, weight: 50}
    - {id: work, weight: 50, by: group, peer: {method: webpa}}
    - {id: extra, graded: points, max: 20, bonus: {steps: [{from: 50 %, add: 1}], to: workMORE}}
"""


@pytest.mark.parametrize("more", ["", ", after_gate: true"])
def test_the_value_of_a_group_is_without_what_a_bonus_adds(more: str, tmp_path: Path) -> None:
    """Also of a student whom peer marks do not move."""
    plan, sheet = files(tmp_path, HEAD + WITHOUT_MARKS.replace("MORE", more),
                        "student,group,exam,work,extra\n1,A,3,3,15\n2,A,3,3,5\n3,,3,2,12\n")  # fmt: skip
    marks = tmp_path / "marks.csv"
    marks.write_text("from,to,effort\n1,1,5\n1,2,3\n2,1,4\n2,2,4\n", "utf-8")
    check_report(tmp_path, plan, sheet, str(marks))


TAKEN_AWAY = """\
  evaluation_scale: 0-5
  activity: ACTIVITY
  parts:
    - {id: exam}
    - {id: extra, graded: points, max: 20, bonus: {steps: [{from: 0 %, add: -1}, {from: 50 %, add: 1}]}}
"""


@pytest.mark.parametrize(
    "activity",
    [
        "{levels: {active: 0.5, passive: -0.5}}",
        "{attendance: {of: 4, bands: [{from: 50 %, adjust: 0}, {from: 0 %, adjust: -1}]}}",
    ],
)
def test_what_the_file_may_take_away_may_be_typed_in_the_workbook_too(activity: str, tmp_path: Path) -> None:
    """No cell for entering holds a number that it would refuse."""
    target = tmp_path / "report.xlsx"
    arguments = files(tmp_path, HEAD + TAKEN_AWAY.replace("ACTIVITY", activity), "student,exam,extra\n1,3,15\n")
    assert run(["grade", *arguments, "-o", str(target)]) == 0
    sheet = openpyxl.load_workbook(target)["Weights and limits"]
    least = [
        str(cells) for rule in sheet.data_validations.dataValidation if ">=0" in rule.formula1 for cells in rule.cells
    ]
    assert least
    assert [cell for cell in least if sheet[cell].value < 0] == []


HIDDEN = """\
  evaluation_scale: 0-5
  basis: percent
  boundaries: [0, 60, 70, 80, 90]
  parts:
    - {id: exam}
    - id: course
      minimum: 0
      parts:
        - {id: quiz}
        - DEEPER
"""


@pytest.mark.parametrize(
    "deeper",
    [
        "{id: tasks, parts: [{id: essay}, {id: lab, graded: pass-fail, required: false}]}",
        "{id: tasks, parts: [{id: essay}, {id: lab, bonus: true, weight: 5}]}",
        "{id: tasks, parts: [{id: all, parts: [{id: essay}, {id: lab, graded: pass-fail, required: false}]}]}",
        "{id: tasks, ways: [{id: one, parts: [{id: essay}, {id: lab, bonus: true, weight: 5}]},"
        " {id: two, parts: [{id: oral}]}]}",
    ],
)
def test_what_is_handed_in_beside_what_is_excused_is_handed_in(deeper: str, tmp_path: Path) -> None:
    """A part of which all that weighs is excused is excused, and yet what else was handed in of it is no less there."""
    labs = "1" if "pass-fail" in deeper else "4"
    oral, empty = (",oral", ",") if "oral" in deeper else ("", "")
    rows = [f"1,3,,EX,{labs}", "2,3,,EX,", "3,3,,EX,EX", "4,3,2,EX,", f"5,3,,,{labs}", f"6,3,?,EX,{labs}", "7,3,,,"]
    sheet = "\n".join([f"student,exam,quiz,essay,lab{oral}", *(row + empty for row in rows)])
    check(tmp_path, HIDDEN.replace("DEEPER", deeper), sheet + "\n")


def test_no_formula_is_longer_than_a_cell_holds_in_any_row(tmp_path: Path) -> None:
    """Excel takes 8,192 characters; the number of the row stands in a formula hundreds of times."""
    parts = "\n".join(f"        - {{id: p{n}}}" for n in range(53))
    plan = f"  evaluation_scale: 0-5\n  parts:\n    - id: all\n      drop_lowest: 19\n      parts:\n{parts}\n"
    rows = "\n".join(f"{student}" + ",3" * 53 for student in range(1, 13))
    sheet = "student," + ",".join(f"p{n}" for n in range(53)) + f"\n{rows}\n"
    target = tmp_path / "report.xlsx"
    assert run(["grade", *files(tmp_path, HEAD + plan, sheet), "-o", str(target)]) == 0
    assert max(map(len, Book(target.read_bytes()).formulas.values())) <= 8192


def test_weights_that_no_formula_starts_from_are_not_summed(tmp_path: Path) -> None:
    """Where their own formula is longer than a cell holds, nothing is left that they would have to be right for."""
    parts = "\n".join(f"        - {{id: p{n}, weight: 1/260}}" for n in range(260))
    plan = f"  evaluation_scale: 0-5\n  parts:\n    - id: all\n      parts:\n{parts}\n"
    sheet = "student," + ",".join(f"p{n}" for n in range(260)) + "\n1" + ",3" * 260 + "\n"
    target = tmp_path / "report.xlsx"
    assert run(["grade", *files(tmp_path, HEAD + plan, sheet), "-o", str(target)]) == 0
    book = Book(target.read_bytes())
    asked = set(re.findall(r"weights?_\w+", " ".join(book.formulas.values())))
    assert asked <= set(book.names)


def test_a_part_may_have_the_name_of_a_size(tmp_path: Path) -> None:
    """No two sizes of a policy share the name of their cells, whatever its parts are called."""
    plan = """\
  evaluation_scale: 0-5
  basis: percent
  boundaries: ["> 50", 60, 70, 80, 90]
  late: {deduct: 10 %, of: max, at_most: 30 %}
  parts:
    - {id: boundaries, graded: points, max: 10, over: 2, due: 2026-03-04 12:00}
    - {id: at_most, graded: points, max: 20, over: 3, due: 2026-03-04 12:00}
"""
    sheet = "student,boundaries,boundaries submitted,at_most\n1,12,2026-03-06 11:00,10\n2,5,2026-03-04 11:00,10\n"
    check(tmp_path, plan, sheet)


NUMBERED = """\
  evaluation_scale: {values: ["0", "2", "4", "7", "10"], passes_from: "2"}
  late: {deduct: 0.5, per: dayFREE}
  parts:
    - {id: exam, markers: {of: [A, B]}, due: 2026-03-04 12:00, weight: 50MORE}
    - {id: work, weight: 50}
"""


@pytest.mark.parametrize("more", ["", ", retakes: 1", ", retakes: 1, attempt: mean"])
@pytest.mark.parametrize("free", ["", ", free: {budget: 1 d}"])
def test_a_mean_of_markers_between_two_numbers_of_a_scale_is_nothing_changed(
    more: str, free: str, tmp_path: Path
) -> None:
    """No formula may take a number that is no label, which could be taken for one; so it stands as kurssi read it."""
    sheet = "student,exam A,exam B,exam submitted,work\n1,4,7,2026-03-04 11:00,7\n2,0,2,2026-03-06 11:00,10\n3,4,4,,2\n"
    check(tmp_path, NUMBERED.replace("MORE", more).replace("FREE", free), sheet)
