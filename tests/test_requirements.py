"""What grades require beside the total: demands on parts and on attendance (contract 11.5)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kurssi.cli import run

HEAD = """kurssi: 1
course: {code: KH1, name: Ohjelmointi, credits: 5}
implementation: {id: KH1-2026, language: en}
schedule: {sessions: [{topic: a}, {topic: b}, {topic: c}, {topic: d}, {topic: e}, {topic: f}, {topic: g}, {topic: h}]}
assessment:
  evaluation_scale: 0-5
"""
SEED = (
    HEAD
    + """\
  activity: {levels: {active: 0.5, passive: -0.5}}
  requires: {3: {attended: 80 %}}
  parts:
    - {id: group_work, weight: 40}
    - {id: individual, weight: 40}
    - {id: exam, weight: 20}
"""
)
RICH = (
    HEAD
    + """\
  requires:
    1: {essay: pass, work: 1.5}
    3: {attended: 50 %, exam: 60 %}
    5: {exam: 36 p, work: 4}
  parts:
    - {id: work, weight: 60, parts: [{id: first}, {id: second}]}
    - {id: exam, weight: 40, graded: points, max: 40, linear: {1: 50 %, 5: 90 %}}
    - {id: essay, graded: pass-fail, required: false}
"""
)
PERCENT = (
    HEAD
    + """\
  basis: percent
  boundaries: [50, 60, 70, 80, 90]
  requires: {4: {exam: 30 p, work: 75 %, talk: 4}}
  parts:
    - {id: work, weight: 50, parts: [{id: a, graded: points, max: 10}, {id: b, graded: points, max: 10}]}
    - {id: exam, weight: 30, graded: points, max: 40}
    - {id: talk, weight: 20}
"""
)


class Case:
    """A file and a sheet, and what the command line makes of them."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.capsys = capsys

    def files(self, text: str, sheet: str) -> list[str]:
        (self.folder / "plan.yaml").write_text(text, "utf-8")
        (self.folder / "scores.csv").write_text(sheet, "utf-8")
        return [str(self.folder / "plan.yaml"), str(self.folder / "scores.csv")]

    def graded(self, text: str, sheet: str) -> list[dict[str, Any]]:
        """The students, after the report was verified."""
        report = self.folder / "report.json"
        assert run(["grade", *self.files(text, sheet), "-o", str(report), "--force"]) == 0, self.said()
        assert run(["verify", str(report)]) == 0, self.said()
        self.capsys.readouterr()
        students: list[dict[str, Any]] = json.loads(report.read_text("utf-8"))["students"]
        return students

    def said(self) -> str:
        out, err = self.capsys.readouterr()
        return " ".join(f"{out} {err}".split())


@pytest.fixture
def case(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Case:
    return Case(tmp_path, capsys)


def lacking(student: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [(r["grade"], r["part"], r["asked"], r["had"]) for r in student["reasons"] if r["code"] == "demand-not-met"]


def test_the_worked_example(case: Case) -> None:
    sheet = "student,group_work,individual,exam,attended\n1,4,4,4,6\n2,4,4,4,7\n3,4,4,4,\n"
    first, second, third = case.graded(SEED, sheet)
    assert (first["exact"], first["grade"], first["status"]) == ("4", 2, "graded")
    assert first["reasons"] == [
        {
            "part": "attended",
            "code": "demand-not-met",
            "minimum": "80",
            "value": "75",
            "grade": 3,
            "asked": "80 %",
            "had": "75 %",
        }
    ]
    assert first["demands"] == [{"grade": 3, "part": "attended", "asked": "80 %", "had": "75 %", "met": False}]
    assert (second["grade"], second["reasons"]) == (4, [])
    assert second["demands"][0]["met"] is True
    assert (third["grade"], lacking(third)) == (2, [(3, "attended", "80 %", None)])


ROWS = [
    # first, second, exam, essay, attended → grade, what is lacking
    ("5", "4", "36", "HYV", 4, 5, []),
    ("5", "4", "35.5", "HYV", 4, 4, [(5, "exam", "36 p", "35.5 p")]),
    ("4", "3", "40", "HYV", 8, 4, []),
    ("5", "5", "40", "H", 8, 0, [(1, "essay", "pass", "failed")]),
    ("5", "5", "40", "-", 8, 0, [(1, "essay", "pass", "not-submitted")]),
    ("5", "5", "40", "EX", 8, 5, []),
    ("5", "5", "22", "HYV", 3, 2, [(3, "attended", "50 %", "37.5 %"), (3, "exam", "60 %", "55 %")]),
    ("5", "5", "EX", "HYV", 8, 5, []),
    ("1", "1", "30", "HYV", 8, 0, [(1, "work", "1.5", "1")]),
    ("5", "5", "-", "H", 8, 0, []),
]


@pytest.mark.parametrize("row", ROWS)
def test_every_way_of_asking(case: Case, row: tuple[Any, ...]) -> None:
    first, second, exam, essay, attended, grade, reasons = row
    sheet = f"student,first,second,exam,essay,attended\n1,{first},{second},{exam},{essay},{attended}\n"
    [student] = case.graded(RICH, sheet)
    assert (student["grade"], lacking(student)) == (grade, reasons)
    assert student["status"] == ("graded" if grade else "failed")


def test_what_is_open_is_neither_met_nor_lacking(case: Case) -> None:
    [student] = case.graded(RICH, "student,first,second,exam,essay,attended\n1,5,4,36,?,4\n")
    assert (student["status"], student["range"]) == ("incomplete", [0, 5])
    assert [one["met"] for one in student["demands"] if one["part"] == "essay"] == [None]


SITTINGS = (
    HEAD
    + """\
  requires: {3: {exam: 1 p}, 5: {exam: 24 p}}
  parts:
    - {id: essay, weight: 90}
    - {id: exam, weight: 10, graded: points, max: 30, linear: {1: 5, 5: 25}, required: false, retakes: 1}
"""
)


@pytest.mark.parametrize(
    ("first", "second", "grade", "had"),
    [("10", "30", 5, []), ("30", "10", 5, []), ("23", "-", 4, ["23 p"]), ("H", "-", 2, ["0 p", "0 p"])],
)
def test_points_of_the_attempt_that_counts(case: Case, first: str, second: str, grade: int, had: list[str]) -> None:
    """An attempt that was failed by a word has none."""
    [student] = case.graded(SITTINGS, f"student,essay,exam,exam 2\n1,5,{first},{second}\n")
    assert (student["grade"], [found for *_, found in lacking(student)]) == (grade, had)


def test_in_per_cent_a_share_is_of_the_value_and_a_grade_of_a_graded_part(case: Case) -> None:
    sheet = "student,a,b,exam,talk\n1,8,7,30,4\n2,8,6,40,5\n3,10,10,29,5\n4,10,10,40,3.5\n"
    students = case.graded(PERCENT, sheet)
    assert [s["grade"] for s in students] == [3, 3, 3, 3]
    assert [lacking(s) for s in students] == [
        [],
        [(4, "work", "75 %", "70 %")],
        [(4, "exam", "30 p", "29 p")],
        [(4, "talk", "80 %", "70 %")],
    ]


def test_what_is_open_may_still_meet_a_demand_or_not(case: Case) -> None:
    sheet = "student,first,second,exam,essay,attended\n1,5,5,?,HYV,8\n2,5,5,?,HYV,3\n3,5,?,40,HYV,8\n4,5,5,?,H,8\n"
    students = case.graded(RICH, sheet)
    assert [s["range"] for s in students] == [[0, 2, 4, 5], [0, 2], [4, 5], None]
    assert (students[3]["grade"], lacking(students[3])) == (0, [(1, "essay", "pass", "failed")])
    assert students[0]["demands"][3] == {"grade": 3, "part": "exam", "asked": "60 %", "had": None, "met": None}


def test_a_grade_set_by_hand_holds_and_what_is_lacking_stays_visible(case: Case) -> None:
    overrides = "student,grade,reason,by,date\n1,4,agreed,T,2026-03-01\n"
    (case.folder / "overrides.csv").write_text(overrides, "utf-8")
    [student] = case.graded(SEED, "student,group_work,individual,exam,attended\n1,4,4,4,6\n")
    assert (student["grade"], student["computed"]) == (4, 2)
    assert lacking(student) == [(3, "attended", "80 %", "75 %")]


def test_who_is_raised_to_the_pass_grade_may_be_held_below_it(case: Case) -> None:
    text = SEED.replace("3: {attended: 80 %}", "1: {attended: 80 %}").replace(
        "- {id: exam,", "- {id: exam, minimum: 0,"
    )
    text = text.replace("individual, weight: 40", "individual, minimum: 0, weight: 40")
    text = text.replace("group_work, weight: 40", "group_work, minimum: 0, weight: 40")
    [student] = case.graded(text, "student,group_work,individual,exam,attended\n1,0,0,1,6\n")
    assert (student["grade"], student["status"], student["raised_to_pass"]) == (0, "failed", False)
    assert [s["step"] for s in student["steps"][-5:]] == ["activity", "round", "raise", "demand", "grade"]


def test_explain_tells_what_is_lacking_and_that_all_is_there(case: Case) -> None:
    arguments = case.files(SEED, "student,group_work,individual,exam,attended\n1,4,4,4,6\n2,4,4,4,8\n")
    assert run(["explain", arguments[0], "1", arguments[1]]) == 0
    assert "requirements 3 requires attendance of 80 %, not 6/8 sessions: at most 2" in case.said()
    assert run(["explain", arguments[0], "2", arguments[1]]) == 0
    assert "requirements all that the grades up to 4 require is there" in case.said()


def test_no_sheet_says_who_attended(case: Case) -> None:
    assert run(["grade", *case.files(SEED, "student,group_work,individual,exam\n1,4,4,4\n")]) == 0
    assert "nobody gets the grade 3: it requires attendance, and no sheet says what anybody attended" in case.said()


def test_the_score_entry_workbook_asks_for_attendance(case: Case) -> None:
    import openpyxl

    out = case.folder / "entry.xlsx"
    assert run(["sheet", case.files(SEED, "")[0], "-o", str(out), "--lang", "en"]) == 0
    heads = [cell.value for cell in openpyxl.load_workbook(out).worksheets[0][1]]
    assert "attended" in heads
    assert "activity" in heads


def test_the_page_says_what_grades_require(case: Case) -> None:
    page = case.folder / "page.md"
    assert run(["plan", case.files(RICH, "")[0], "-o", str(page)]) == 0
    text = page.read_text("utf-8")
    assert (
        "The grade 3 requires: attendance of at least 50 % of 8 sessions, at least 60 % in exam. "
        "The grade 5 requires: at least 36 points in exam, at least 4 in work." in text
    )
    assert "Who passes every gate and has what 1 requires gets at least 1." in text


def test_the_policy_report_says_what_its_figures_leave_out(case: Case) -> None:
    assert run(["policy", case.files(RICH, "")[0]]) == 0
    said = case.said()
    assert "What grades require" in said
    assert "All other figures here are of the total, without this" in said
    assert "essay can never change a grade" not in said
    assert "unreachable-grade" not in said


def test_a_grade_that_nobody_reaches_because_of_what_is_required(case: Case) -> None:
    """Who has 4 in the exam has at least 3.5 in all, so between what 1 requires and 4 there is nothing."""
    text = HEAD + "  requires: {1: {exam: 4}}\n  parts: [{id: exam}]\n"
    assert run(["policy", case.files(text, "")[0]]) == 0
    assert "nobody can get the grades 1, 2, 3" in case.said()


def test_a_better_score_that_takes_points_away_is_found(case: Case) -> None:
    text = (
        HEAD
        + "  requires: {2: {exam: 30 p}}\n  parts: [{id: exam, graded: points, max: 40, linear: {1: 10 %, 5: 90 %}, "
        + "retakes: 1, retake_at_most: 2}]\n"
    )
    assert run(["policy", case.files(text, "")[0]]) == 0
    assert "in exam a better score can lower the grade" in case.said()


def test_compare_says_what_changed(case: Case) -> None:
    old, new = case.folder / "old.yaml", case.folder / "new.yaml"
    old.write_text(SEED, "utf-8")
    new.write_text(SEED.replace("attended: 80 %", "attended: 50 %, exam: 3"), "utf-8")
    sheet = case.folder / "scores.csv"
    sheet.write_text("student,group_work,individual,exam,attended\n1,4,4,4,6\n", "utf-8")
    assert run(["compare", str(old), str(new), str(sheet)]) == 0
    said = case.said()
    assert "requirements of grades, 3: attended 80 % → attended 50 %, exam 3" in said
    assert "1: 2 → 4 (requires" in said


@pytest.mark.parametrize(
    ("requires", "said"),
    [
        ("{3: {exam: [4]}}", "a list cannot be asked of a part"),
        ("{3: {exam: 4}, '3': {individual: 4}}", "stands twice"),
        ("{3: 4}", "3 should be a block"),
    ],
)
def test_what_is_not_in_shape(case: Case, requires: str, said: str) -> None:
    text = SEED.replace("{3: {attended: 80 %}}", requires)
    assert run(["validate", case.files(text, "")[0]]) == 1
    assert said in case.said()


def test_what_only_the_best_score_meets_is_no_reason_for_a_grade_below(case: Case) -> None:
    text = (
        PERCENT.partition("  boundaries:")[0]
        + """\
  boundaries: [10, 20, 30, 40, 100]
  requires: {3: {again: 100 %}}
  parts:
    - {id: exam, weight: 60, graded: points, max: 40}
    - {id: again, takes: exam, weight: 40}
"""
    )
    student, best, nearly = case.graded(text, "student,exam\n1,?\n2,40\n3,39.999999999999\n")
    assert (best["grade"], nearly["grade"]) == (5, 2)
    assert student["range"] == [0, 1, 2, 5]


# ---- nothing but requirements ------------------------------------------------------------------------------

LEVELS = (
    HEAD
    + """\
  basis: requirements
  requires: {1: {a: 1800 p}, 2: {a: 1900 p, b: 400 p}, 3: {a: 1900 p, b: 875 p}, 5: {project: 4}}
  parts:
    - {id: a, graded: points, max: 2000}
    - {id: b, graded: points, max: 1000}
    - {id: project}
"""
)


def test_the_worked_example_of_levels(case: Case) -> None:
    text = LEVELS.replace(", 5: {project: 4}", "")
    [student, best] = case.graded(text, "student,a,b,project\n1,1900,500,\n2,2000,1000,5\n")
    assert (student["exact"], student["grade"], student["status"]) == (None, 2, "graded")
    assert lacking(student) == [(3, "b", "875 p", "500 p")]
    assert (best["grade"], best["reasons"]) == (3, [])  # all met gives the highest grade that is required for


@pytest.mark.parametrize(
    ("row", "grade", "within"),
    [
        ("1900,875,4", 5, None),
        ("1900,875,3.5", 3, None),  # 4 is no grade here
        ("1799,1000,5", 0, None),
        ("1900,EX,5", 5, None),
        ("?,1000,5", None, [0, 1, 5]),
        ("1900,?,", None, [1, 2, 3]),
        ("-,-,-", 0, None),
    ],
)
def test_the_highest_grade_for_which_all_is_there(
    case: Case, row: str, grade: int | None, within: list[int] | None
) -> None:
    [student] = case.graded(LEVELS, f"student,a,b,project\n1,{row}\n")
    assert (student["grade"], student["range"]) == (grade, within)


def test_points_that_another_part_takes_stay_points_there_too(case: Case) -> None:
    text = LEVELS.replace("    - {id: project}", "    - {id: again, takes: a, minimum: 50 %}\n    - {id: project}")
    text = text.replace("{1: {a: 1800 p}, ", "{1: {a: 1800 p, again: 50 %}, ")
    met, short = case.graded(text, "student,a,b,project\n1,1900,875,4\n2,900,875,4\n")
    assert (met["grade"], met["reasons"]) == (5, [])
    assert (short["grade"], lacking(short)[:2]) == (0, [(1, "a", "1800 p", "900 p"), (1, "again", "50 %", "45 %")])


def test_points_stay_points_in_the_table(case: Case) -> None:
    assert run(["grade", *case.files(LEVELS, "student,a,b,project\n1,1900,500,4\n")]) == 0
    assert "1900/2000 500/1000 4" in case.said()


def test_the_page_says_that_nothing_is_weighed(case: Case) -> None:
    page = case.folder / "page.md"
    assert run(["plan", case.files(LEVELS, "")[0], "-o", str(page)]) == 0
    text = page.read_text("utf-8")
    assert "Nothing is weighed: the grade is the highest one for which all that is required is there." in text
    assert "points of 2000" in text
    assert "weighted mean" not in text


def test_the_policy_report_has_no_total(case: Case) -> None:
    assert run(["policy", case.files(LEVELS, "")[0]]) == 0
    said = case.said()
    assert "something is lacking that 1 requires" in said
    assert "What each grade takes" not in said
    assert "What each part moves, in grades" in said


def test_a_value_may_be_asked_of_a_bonus_part(case: Case) -> None:
    text = SEED.replace("3: {attended: 80 %}", "3: {extra: 2}") + "    - {id: extra, bonus: true, weight: 10}\n"
    first, second = case.graded(text, "student,group_work,individual,exam,extra\n1,4,4,4,2\n2,4,4,4,1\n")
    assert (first["grade"], second["grade"]) == (4, 2)


def test_a_minimum_of_what_has_no_value_is_refused(case: Case) -> None:
    """Parts of a part are not weighed here, so that there is no mean that could reach it."""
    plan = (
        HEAD
        + """\
  basis: requirements
  parts:
    - {id: work, name: Work, minimum: 3, parts: [{id: a, name: A, required: false}, {id: b, name: B, required: true}]}
  requires: {1: {work: pass}}
"""
    )
    assert run(["validate", case.files(plan, "")[0]]) == 1
    assert "basis-requirements" in case.said()
    assert run(["validate", case.files(plan.replace("minimum: 3, ", ""), "")[0]]) == 0
