"""A rubric: criteria with levels, each with a cell of its own (contract 11.8)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from class_reports import files, graded, said
from kurssi.cli import run

HEAD = """kurssi: 1
course: {code: KH1, name: Esseekurssi, credits: 5}
implementation: {id: KH1-2026, language: en}
assessment:
  evaluation_scale: 0-5
  parts:
    - id: essay
      name: Essay
      weight: 100
"""
GRADES = """\
      rubric:
        - {id: structure, name: Structure, weight: 40, levels: {0: Missing., 3: Clear., 5: Clear and original.}}
        - {id: language, name: Language, weight: 60, levels: {0: Hard to read., 3: Fluent., 5: Precise.}}
"""
POINTS = """\
      graded: points
      linear: {1: 50 %, 5: 90 %}
      rubric:
        - {id: a, levels: {0: Nothing., 5: Half., 10: All.}}
        - {id: b, levels: {0: Nothing., 10: All.}}
"""


@pytest.fixture(name="files")
def _files(tmp_path: Path) -> Any:
    def write(part: str, sheet: str) -> list[str]:
        return files(tmp_path, HEAD + part, sheet)

    return write


def test_grades_are_averaged_by_weight(files: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = graded(files(GRADES, "student,Essay structure,essay Language\n1,3,5\n2,5,\n3,,\n"), tmp_path, capsys)
    whole, part, nothing = report["students"]
    assert (whole["exact"], whole["grade"]) == ("4.2", 4)
    assert whole["parts"]["essay"]["attempts"][0]["rubric"] == [
        {"criterion": "structure", "state": "scored", "score": "3", "text": "Clear."},
        {"criterion": "language", "state": "scored", "score": "5", "text": "Precise."},
    ]
    assert (part["status"], part["range"]) == ("incomplete", [2, 4, 5])  # 2, 3.8 or 5
    assert nothing["parts"]["essay"]["state"] == "missing"


def test_points_are_added_up_and_max_follows(files: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = graded(files(POINTS, "student,essay a,essay b\n1,5,10\n2,5,?\n3,10,withheld\n"), tmp_path, capsys)
    assert report["policy"]["resolved"]["parts"][0]["max"] == "20"
    assert report["students"][0]["exact"] == "3.5"
    assert report["students"][1]["range"] == [0, 4]  # 5 points or 15
    assert report["students"][2]["parts"]["essay"]["withheld"] is True


def test_a_sheet_without_its_columns_is_told_their_names(files: Any, capsys: pytest.CaptureFixture[str]) -> None:
    columns = "Essay Structure, Essay Language"
    assert run(["grade", *files(GRADES, "student,Essay: Structure\n1,3\n")]) == 1
    assert f"the names of the parts: {columns}" in said(capsys)
    assert run(["grade", *files(f"{GRADES}    - {{id: talk, weight: 10, bonus: true}}\n", "student,talk\n1,3\n")]) == 0
    assert f"name its columns {columns}" in said(capsys)


def test_needs_are_among_what_is_open(files: Any, capsys: pytest.CaptureFixture[str]) -> None:
    path, sheet = files(POINTS, "student,essay a,essay b\n1,5,?\n")
    assert run(["explain", path, "1", sheet, "--needed"]) == 0
    text = said(capsys)
    assert "4 15 points" in text
    assert "5 cannot be reached any more" in text


def test_a_word_stands_at_the_whole_part(files: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = graded(files(GRADES, "student,Essay,Essay structure,Essay language\n1,EX,,\n2,,3,3\n"), tmp_path, capsys)
    assert [s["parts"]["essay"]["state"] for s in report["students"]] == ["excused", "scored"]


def test_an_export_writes_a_dash_for_what_is_empty(
    files: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    heads = "ID number,First name,Last name,Assignment: Essay structure (Real),Assignment: Essay language (Real)"
    report = graded(files(GRADES, f"{heads}\n1,X,Y,3,5\n2,X,Z,-,-\n"), tmp_path, capsys)
    assert [s["parts"]["essay"]["state"] for s in report["students"]] == ["scored", "missing"]


@pytest.mark.parametrize(
    ("sheet", "rule"),
    [
        ("student,Essay,Essay structure,Essay language\n1,4,3,3\n", "score-twice"),
        ("student,Essay structure,Essay language\n1,4,3\n", "score-off-scale"),
        ("student,Essay structure,Essay language\n1,EX,3\n", "bad-score"),
        ("student,Essay structure,Essay language\n1,well,3\n", "bad-score"),
    ],
)
def test_what_no_cell_may_say(sheet: str, rule: str, files: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["grade", *files(GRADES, sheet)]) == 1
    assert f"error[{rule}]" in said(capsys)


def test_a_changed_level_or_text_is_found(files: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = graded(files(GRADES, "student,Essay structure,Essay language\n1,3,5\n"), tmp_path, capsys)
    cells = report["students"][0]["parts"]["essay"]["attempts"][0]["rubric"]
    for change in ({"score": "5", "text": "Clear and original."}, {"text": "Precise."}):
        cells[0] |= change
        (tmp_path / "report.json").write_text(json.dumps(report), "utf-8")
        assert run(["verify", str(tmp_path / "report.json")]) == 1


def test_explain_and_the_students_page_say_what_was_reached(
    files: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, sheet = files(GRADES, "student,Essay structure,Essay language\n1,3,5\n")
    assert run(["explain", path, "1", sheet]) == 0
    assert "Structure 3 (40 %), Language 5 (60 %): the weighted mean is 4.2" in said(capsys)
    assert run(["grade", path, sheet, "--feedback", str(tmp_path / "pages")]) == 0
    page = (tmp_path / "pages" / "1.html").read_text("utf-8")
    assert "3: Clear." in page
    assert "5: Precise." in page


def test_the_entry_workbook_offers_the_levels_with_their_texts(
    files: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, sheet = files(GRADES, "student,Essay structure,Essay language\n1,3,5\n2,5,\n")
    entry = tmp_path / "entry.xlsx"
    assert run(["sheet", path, "--from", sheet, "-o", str(entry)]) == 0
    book = openpyxl.load_workbook(entry)
    assert [cell.value for cell in book.worksheets[0][1]][-3:] == ["Essay Structure", "Essay Language", "Essay"]
    lists = {v.promptTitle: v for v in book.worksheets[0].data_validations.dataValidation if v.type == "list"}
    assert "3: Clear." in lists["Essay Structure"].prompt
    assert lists["Essay Structure"].formula1 == "kurssi_essay_structure"
    texts = [cell.value for row in book["Lists"] for cell in row if cell.value]
    assert {"Clear.", "Hard to read.", "0", "3", "5"} <= set(texts)
    report = graded([path, str(entry)], tmp_path, capsys)
    assert [student["grade"] for student in report["students"]] == [4, None]
    assert run(["sheet", path, "--update", str(entry), "--roster", sheet]) == 0, said(capsys)


def test_the_course_page_has_the_criteria(files: Any, capsys: pytest.CaptureFixture[str]) -> None:
    [path] = files(GRADES, "")
    assert run(["plan", path]) == 0
    text = said(capsys)
    assert "The weighted mean of the criteria counts." in text
    assert "Structure (40 %) – 0: Missing; 3: Clear; 5: Clear and original." in text


def test_compare_shows_what_changed(files: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, sheet = files(GRADES, "student,Essay structure,Essay language\n1,3,5\n")
    new = tmp_path / "new.yaml"
    text = (
        (tmp_path / "plan.yaml")
        .read_text("utf-8")
        .replace("weight: 40", "weight: 80")
        .replace("weight: 60", "weight: 20")
    )
    new.write_text(text.replace("KH1-2026", "KH1-2027"), "utf-8")
    assert run(["compare", path, str(new), sheet]) == 0
    assert "essay.rubric" in said(capsys)


@pytest.mark.parametrize(
    ("part", "wrong"),
    [
        (GRADES.replace("id: language", "id: structure"), "two criteria are called structure"),
        (GRADES.replace("id: language", "id: submitted"), "names no criterion"),
        ("      retakes: 1\n" + GRADES.replace("name: Language", "name: 2 Structure"), "names no criterion"),
        (GRADES.replace("weight: 60", "weight: 50"), "sum to 90 %"),
        (GRADES.replace("weight: 60, ", ""), "some have none"),
        (GRADES.replace("3: Fluent.", "7: Fluent."), "“7” is no level"),
        (GRADES.replace("0: Missing., 3: Clear., ", ""), "one level only"),
        (GRADES.replace("3: Fluent.", "5.0: Fluent."), "stands there twice"),
        ("      graded: pass-fail\n" + GRADES, "passed or failed"),
        ("      markers: {of: [A, B]}\n" + GRADES, "markers and a rubric"),
        ("      max: 20\n" + POINTS, "max follows"),
        ("      over: 2\n" + POINTS, "over has no meaning"),
        (POINTS.replace("id: a,", "id: a, weight: 50,"), "weights have no meaning"),
    ],
)
def test_what_is_wrong_with_it(part: str, wrong: str, files: Any, capsys: pytest.CaptureFixture[str]) -> None:
    [path] = files(part, "")
    assert run(["validate", path]) == 1
    text = said(capsys)
    assert "error[rubric]" in text
    assert wrong in text
