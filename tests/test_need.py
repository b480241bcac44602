"""So many parts of a part must be passed, whichever they are (contract 11.5)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kurssi.cli import run
from kurssi.course.check import check
from kurssi.diagnostics.finding import Severity
from kurssi.diagnostics.words import Words

FILE = """kurssi: 1
course: {code: KH1, name: Ohjelmointi, credits: 5}
implementation: {id: KH1-2026, language: en}
assessment:
  evaluation_scale: 0-5
  parts:
    - {id: labs, name: Labs, need: 2, parts: [{id: a, graded: pass-fail}, {id: b, graded: pass-fail},
       {id: c, graded: pass-fail}]}
    - {id: exam, weight: 100}
"""


def graded(folder: Path, capsys: pytest.CaptureFixture[str], *rows: str, text: str = FILE) -> list[dict[str, Any]]:
    """The students, after the report was verified."""
    plan, sheet, report = (folder / name for name in ("plan.yaml", "scores.csv", "report.json"))
    plan.write_text(text, "utf-8")
    lines = [f"{n},{row}" for n, row in enumerate(rows, 1)]
    sheet.write_text("\n".join(["student,a,b,c,exam", *lines]) + "\n", "utf-8")
    assert run(["grade", str(plan), str(sheet), "-o", str(report), "--force"]) == 0, capsys.readouterr().err
    assert run(["verify", str(report)]) == 0, capsys.readouterr().out
    students: list[dict[str, Any]] = json.loads(report.read_text("utf-8"))["students"]
    return students


def test_the_worked_example(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Two of three."""
    [student] = graded(tmp_path, capsys, "HYV,H,HYV,4")
    assert student["parts"]["labs"]["gate"] == "open"
    assert (student["parts"]["labs"]["state"], student["grade"]) == ("passed", 4)


@pytest.mark.parametrize(
    ("row", "state", "grade"),
    [
        ("HYV,HYV,HYV,4", "passed", 4),
        ("HYV,H,-,4", "failed", 0),
        ("HYV,H,EX,4", "passed", 4),  # one is excused: one of the others is enough
        ("HYV,EX,AHOT,4", "passed", 4),
        ("H,EX,EX,4", "failed", 0),  # at least one
        ("EX,EX,AHOT,4", "excused", 4),
        ("-,-,-,4", "missing", 0),
        ("?,H,H,4", "failed", 0),
    ],
)
def test_what_comes_of_it(tmp_path: Path, capsys: pytest.CaptureFixture[str], row: str, state: str, grade: int) -> None:
    [student] = graded(tmp_path, capsys, row)
    assert (student["parts"]["labs"]["state"], student["grade"]) == (state, grade)
    if state == "failed":
        assert [(reason["part"], reason["code"]) for reason in student["reasons"]] == [("labs", "failed")]


def test_what_is_open_may_decide(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    students = graded(tmp_path, capsys, "HYV,?,H,4", "?,?,H,4", "HYV,HYV,?,4", "?,EX,H,4")
    assert [student["range"] for student in students] == [[0, 4], [0, 4], None, [0, 4]]
    assert students[2]["grade"] == 4


def test_explain_counts_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    graded(tmp_path, capsys, "HYV,H,EX,4", "HYV,H,-,4", "H,EX,H,4")
    for student, said in (
        ("2", "1 of 3 parts passed, and 2 are needed"),
        ("3", "0 of 2 parts passed, and 1 is needed"),
    ):
        capsys.readouterr()
        assert run(["explain", str(tmp_path / "plan.yaml"), student, str(tmp_path / "scores.csv")]) == 0
        assert said in " ".join(capsys.readouterr().out.split())


def test_page_and_policy_say_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    graded(tmp_path, capsys, "HYV,H,HYV,4")
    page = tmp_path / "page.md"
    assert run(["plan", str(tmp_path / "plan.yaml"), "-o", str(page)]) == 0
    assert "At least 2 of its parts must be passed." in page.read_text("utf-8")
    capsys.readouterr()
    assert run(["policy", str(tmp_path / "plan.yaml")]) == 0
    said = capsys.readouterr().out
    assert "Labs: fewer than 2 of its parts passed" in said
    assert "can never change a grade" not in said


def test_compare_says_what_changed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old, new = tmp_path / "old.yaml", tmp_path / "new.yaml"
    old.write_text(FILE, "utf-8")
    new.write_text(FILE.replace("need: 2", "need: 1"), "utf-8")
    sheet = tmp_path / "scores.csv"
    sheet.write_text("student,a,b,c,exam\n1,HYV,H,H,4\n", "utf-8")
    assert run(["compare", str(old), str(new), str(sheet)]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "Labs, how many parts must be passed: 2 → 1" in said
    assert "1: 0 → 4 (labs.need was 2 and is 1)" in said


def test_parts_that_are_only_passed_are_not_taken_for_a_lacking_weight(tmp_path: Path) -> None:
    text = (
        "kurssi: 1\ncourse: {code: A, name: A, credits: 5}\nimplementation: {id: A-1}\nassessment:\n"
        "  evaluation_scale: 0-5\n  parts:\n    - {id: exam, weight: 100}\n"
        "    - {id: work, parts: [{id: vt, repeat: 3, graded: pass-fail}]}\n"
    )
    [finding] = [f for f in check(text.encode(), "plan.yaml").findings if f.severity is Severity.error]
    assert finding.rule == "no-part-with-weight"
    assert Words("en").say(finding.help).startswith("write need: 3 at work, if so many of its parts must be passed")
