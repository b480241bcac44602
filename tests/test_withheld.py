"""A score that is not released: open, shown as withheld everywhere, never 0 (contract 11.8)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from class_reports import files, said
from class_reports import report as graded
from kurssi.cli import run

PLAN = """kurssi: 1
course: {code: KH1, name: Ohjelmointi, credits: 5}
implementation: {id: KH1-2026, language: en}
assessment:
  evaluation_scale: 0-5
  parts:
    - {id: essay, name: Essay, weight: 50}
    - {id: exam, name: Exam, weight: 50, retakes: 1}
"""


@pytest.fixture(name="files")
def _files(tmp_path: Path) -> Any:
    def write(sheet: str, plan: str = PLAN) -> list[str]:
        return files(tmp_path, plan, sheet)

    return write


@pytest.mark.parametrize("word", ["withheld", "PIDÄTETTY", "innehållen", "Innehållet"])
def test_the_word_is_open_in_three_languages(
    word: str, files: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = graded(files(f"student,essay,exam\n1,4,{word}\n2,4,?\n3,4,4\n"), capsys)
    one, other, fine = report["students"]
    assert one["range"] == other["range"] == [0, 3, 4, 5]
    assert (one["status"], one["grade"], one["exact"]) == ("incomplete", None, None)
    assert (one["parts"]["exam"]["state"], one["parts"]["exam"]["withheld"]) == ("withheld", True)
    assert all("withheld" not in part for part in (*other["parts"].values(), *fine["parts"].values()))
    (tmp_path / "report.json").write_text(json.dumps(report), "utf-8")
    assert run(["verify", str(tmp_path / "report.json")]) == 0, said(capsys)


def test_a_first_attempt_counts_while_the_second_is_withheld(files: Any, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = files("student,essay,exam,exam 2\n1,4,2,withheld\n")
    [student] = graded(arguments, capsys)["students"]
    assert (student["parts"]["exam"]["state"], student["parts"]["exam"]["withheld"]) == ("scored", True)
    assert student["range"] == [3, 4, 5]
    assert run(["grade", *arguments]) == 0
    assert "2 WITHHELD" in said(capsys)


def test_lists_explain_and_needs_say_it(files: Any, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = files("student,essay,exam\n1,4,withheld\n")
    assert run(["grade", *arguments, "--lang", "fi"]) == 0
    assert "PIDÄTETTY" in (text := said(capsys))
    assert "Exam pidätetty" in text
    assert run(["grade", *arguments, "--list", "peppi"]) == 0
    assert "Exam withheld" in said(capsys)
    assert run(["explain", arguments[0], "1", arguments[1]]) == 0
    assert "withheld" in said(capsys)
    assert run(["explain", arguments[0], "1", arguments[1], "--needed"]) == 0
    assert "Exam" in said(capsys)


def test_a_report_that_says_so_of_another_part_is_refused(
    files: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = graded(files("student,essay,exam\n1,4,withheld\n"), capsys)
    report["students"][0]["parts"]["essay"]["withheld"] = True
    (tmp_path / "report.json").write_text(json.dumps(report), "utf-8")
    assert run(["verify", str(tmp_path / "report.json")]) == 1
    assert "no score of this part is withheld" in said(capsys)


def test_an_override_takes_no_such_word(files: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = files("student,essay,exam\n1,4,4\n")
    (tmp_path / "overrides.csv").write_text("student,grade,reason,date\n1,withheld,x,2026-01-01\n", "utf-8")
    assert run(["grade", *arguments]) == 1
    assert "write it at a part in a score sheet" in said(capsys)


def test_a_member_of_a_group_is_withheld_alone(files: Any, capsys: pytest.CaptureFixture[str]) -> None:
    plan = PLAN.replace("name: Essay,", "name: Essay, by: group,")
    report = graded(files("student,group,essay,exam\n1,A,withheld,4\n2,A,3,4\n3,A,,4\n", plan), capsys)
    assert [s["parts"]["essay"]["state"] for s in report["students"]] == ["withheld", "scored", "scored"]


def test_the_entry_workbook_and_the_live_workbook_take_it(files: Any, tmp_path: Path) -> None:
    arguments = files("student,essay,exam\n1,4,withheld\n")
    book, live = str(tmp_path / "entry.xlsx"), str(tmp_path / "live.xlsx")
    assert run(["sheet", arguments[0], "--from", arguments[1], "-o", book]) == 0
    assert run(["grade", arguments[0], book, "-o", live]) == 0
    import openpyxl

    cells = [cell.value for sheet in openpyxl.load_workbook(live).worksheets for row in sheet for cell in row]
    assert "WITHHELD" in cells
