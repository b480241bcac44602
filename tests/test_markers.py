"""Several markers of one part, each with a cell of their own (contract 11.8, 11.9)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from class_reports import files, graded, said
from kurssi.cli import run

HEAD = """kurssi: 1
course: {code: KH1, name: Opinnäytetyö, credits: 15}
implementation: {id: KH1-2026, language: en}
assessment:
  evaluation_scale: %s
  parts:
    - {id: thesis, name: Thesis, weight: 100%s}
"""


@pytest.fixture(name="files")
def _files(tmp_path: Path) -> Any:
    def write(part: str, sheet: str, scale: str = "0-5") -> list[str]:
        return files(tmp_path, HEAD % (scale, part), sheet)

    return write


def rules(report: Any) -> list[str]:
    return [finding["rule"] for finding in report["findings"]]


WITHIN = ", markers: {of: [A, B], within: 1}"


def test_worked_examples(files: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = graded(files(WITHIN, "student,Thesis A,thesis B\n1,3,4\n2,2,4\n"), tmp_path, capsys)
    near, apart = report["students"]
    assert (near["exact"], near["grade"]) == ("3.5", 4)
    assert (apart["status"], apart["exact"], apart["range"]) == ("incomplete", None, [0, 1, 2, 3, 4, 5])
    assert near["parts"]["thesis"]["attempts"][0]["markers"] == [
        {"marker": "A", "state": "scored", "score": "3"},
        {"marker": "B", "state": "scored", "score": "4"},
    ]
    [warning] = [finding for finding in report["findings"] if finding["rule"] == "markers-apart"]
    assert (warning["file"].rpartition("/")[2], warning["line"], warning["found"]) == ("scores.csv", 3, "2, 4")


@pytest.mark.parametrize("word", ["agreed", "sovittu", "Överenskommet"])
def test_what_they_agree_on_decides(word: str, files: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = graded(files(WITHIN, f"student,Thesis A,Thesis B,Thesis {word}\n1,2,4,3\n2,2,4,\n"), tmp_path, capsys)
    assert [student["grade"] for student in report["students"]] == [3, None]
    assert rules(report).count("markers-apart") == 1


@pytest.mark.parametrize(
    ("rule", "cells", "state", "score"),
    [
        ("of: [A, B]", "1,5", "scored", "3"),
        ("of: [A, B], agree: higher", "1,5", "scored", "5"),
        ("of: [A, B], agree: lower, within: 4", "1,5", "scored", "1"),
        ("of: [A, B], weights: {A: 25, B: 75}", "1,5", "scored", "4"),
        ("of: [A, B], weights: [25, 75]", "1,5", "scored", "4"),
        ("of: [A, B]", "1,", "ungraded", None),
        ("of: [A, B]", "1,?", "ungraded", None),
        ("of: [A, B]", "withheld,5", "withheld", None),
        ("of: [A, B]", "EX,EX", "excused", None),
        ("of: [A, B]", "-,-", "missing", None),
        ("of: [A, B]", "EX,4", "ungraded", None),
        ("of: [A, B]", "fail,4", "ungraded", None),
    ],
)
def test_how_marks_come_together(
    rule: str,
    cells: str,
    state: str,
    score: str | None,
    files: Any,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    sheet = f"student,Thesis A,Thesis B\n1,{cells}\n"
    [student] = graded(files(f", markers: {{{rule}}}", sheet), tmp_path, capsys)["students"]
    attempt = student["parts"]["thesis"]["attempts"][0]
    assert (attempt["state"], attempt["score"]) == (state, score)


def test_self_peer_and_teacher(files: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rule = ", markers: {of: [self, peer, teacher], weights: {self: 10, peer: 30, teacher: 60}}"
    arguments = files(rule, "student,Thesis self,Thesis peer,Thesis teacher\n1,5,4,3\n")
    [student] = graded(arguments, tmp_path, capsys)["students"]
    assert (student["exact"], student["grade"]) == ("3.5", 4)
    assert run(["explain", arguments[0], "1", arguments[1]]) == 0
    assert "self 5 (10 %), peer 4 (30 %), teacher 3 (60 %): the weighted mean is 3.5" in said(capsys)


def test_pass_fail_markers_agree_or_it_is_open(files: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    part = ", graded: pass-fail, markers: {of: [A, B]}".replace(", graded", "}\n    - {id: talk, graded")
    arguments = files(part, "student,thesis,talk A,talk B\n1,4,HYV,HYV\n2,4,HYV,H\n3,4,H,H\n")
    report = graded(arguments, tmp_path, capsys)
    assert [s["parts"]["talk"]["state"] for s in report["students"]] == ["passed", "ungraded", "failed"]
    assert rules(report).count("markers-apart") == 1


def test_each_retake_has_its_markers(files: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = files(", retakes: 1" + WITHIN, "student,Thesis A,Thesis B,Thesis 2 A,Thesis 2 B\n1,2,2,4,5\n")
    [student] = graded(arguments, tmp_path, capsys)["students"]
    assert (student["exact"], student["parts"]["thesis"]["used"]) == ("4.5", 2)
    assert run(["explain", arguments[0], "1", arguments[1]]) == 0
    assert "markers 2" in said(capsys)


def test_how_far_they_are_apart(files: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    # marks (1,1), (2,3), (3,3), (4,5): differences 0, 1, 0, 1; by chance Σ|a−b| over all 16 pairs is 24
    arguments = files(", markers: {of: [A, B]}", "student,Thesis A,Thesis B\n1,1,1\n2,2,3\n3,3,3\n4,4,5\n5,4,\n")
    report = graded(arguments, tmp_path, capsys)
    assert report["markers"] == [
        {
            "part": "thesis",
            "pair": ["A", "B"],
            "both": 4,
            "mean_difference": "0.5",
            "exact_agreement": "0.5",
            "weighted_kappa": "2/3",
        }
    ]
    assert run(["grade", *arguments]) == 0
    assert "A and B have both marked 4; mean difference 0.5, the same mark 50 %" in said(capsys)
    report["markers"][0]["exact_agreement"] = "0.75"
    (tmp_path / "report.json").write_text(json.dumps(report), "utf-8")
    assert run(["verify", str(tmp_path / "report.json")]) == 1
    assert "how far the markers are apart" in said(capsys)


def test_a_changed_mark_is_found(files: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = graded(files(WITHIN, "student,Thesis A,Thesis B\n1,3,4\n"), tmp_path, capsys)
    report["students"][0]["parts"]["thesis"]["attempts"][0]["markers"][0]["score"] = "4"
    (tmp_path / "report.json").write_text(json.dumps(report), "utf-8")
    assert run(["verify", str(tmp_path / "report.json")]) == 1
    assert "does not follow from the cells" in said(capsys)


def test_a_whole_cell_beside_the_markers_is_an_error(files: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["grade", *files(WITHIN, "student,Thesis,Thesis A,Thesis B\n1,4,3,4\n")]) == 1
    text = said(capsys)
    assert "error[score-twice]" in text
    assert "Thesis agreed" in text


def test_without_any_marker_the_whole_cell_counts_and_is_said(
    files: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = graded(files(WITHIN, "student,Thesis\n1,4\n"), tmp_path, capsys)
    assert report["students"][0]["grade"] == 4
    assert "nothing-to-act-on" in rules(report)


def test_a_marker_without_a_column_is_named(files: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = graded(files(WITHIN, "student,Thesis A\n1,4\n"), tmp_path, capsys)
    assert "part-without-column" in rules(report)


def test_columns_are_mapped_and_exports_read(files: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = files(WITHIN, "student,First,Second\n1,3,4\n")
    report = graded([*arguments, "--map", "First=thesis A", "--map", "Second=Thesis B"], tmp_path, capsys)
    assert report["students"][0]["grade"] == 4
    moodle = "ID number,First name,Last name,Assignment: Thesis A (Real),Assignment: Thesis B (Real)\n1,X,Y,3,4\n"
    report = graded(files(WITHIN, moodle), tmp_path, capsys)
    assert report["students"][0]["exact"] == "3.5"


def test_a_group_is_marked_in_the_rows_of_its_members_or_in_its_own(
    files: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    part = ", by: group" + WITHIN
    report = graded(files(part, "student,group,Thesis A,Thesis B\n1,G,3,4\n2,G,,\n3,H,2,2\n"), tmp_path, capsys)
    assert [student["exact"] for student in report["students"]] == ["3.5", "3.5", "2"]
    assert report["markers"][0]["both"] == 2
    arguments = files(part, "student,group\n1,G\n2,G\n")
    (tmp_path / "groups.csv").write_text("group,Thesis A,Thesis B\nG,4,5\n", "utf-8")
    report = graded([*arguments, str(tmp_path / "groups.csv")], tmp_path, capsys)
    assert [student["exact"] for student in report["students"]] == ["4.5", "4.5"]


def test_a_label_between_two(files: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scale = "{values: [F, D, C, B, A], passes_from: D}"
    arguments = files(", markers: {of: [one, two]}", "student,Thesis one,Thesis two\n1,B,A\n2,C,C\n", scale)
    report = graded(arguments, tmp_path, capsys)
    assert [(s["exact"], s["label"]) for s in report["students"]] == [("3.5", "A"), ("2", "C")]
    assert run(["explain", arguments[0], "1", arguments[1]]) == 0
    assert "one B, two A: the mean is 3.5" in said(capsys)
    assert run(["grade", *arguments, "-o", str(tmp_path / "live.xlsx")]) == 0
    book = openpyxl.load_workbook(tmp_path / "live.xlsx", data_only=True)
    assert any("markers" in str(cell.value) for sheet in book.worksheets for row in sheet for cell in row)


@pytest.mark.parametrize("language", ["fi", "en", "sv"])
def test_the_entry_workbook_has_them_side_by_side(
    language: str, files: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = files(WITHIN, "student,Thesis A,Thesis B,Thesis agreed\n1,2,4,3\n2,3,,\n")
    entry = tmp_path / "entry.xlsx"
    assert run(["--lang", language, "sheet", arguments[0], "--from", arguments[1], "-o", str(entry)]) == 0
    heads = [cell.value for cell in openpyxl.load_workbook(entry).worksheets[0][1]]
    word = {"fi": "sovittu", "en": "agreed", "sv": "överenskommet"}[language]
    assert heads[-3:] == ["Thesis A", "Thesis B", f"Thesis {word}"]
    report = graded([arguments[0], str(entry)], tmp_path, capsys)
    assert [student["grade"] for student in report["students"]] == [3, None]
    assert run(["sheet", arguments[0], "--update", str(entry), "--roster", arguments[1]]) == 0, said(capsys)


def test_another_year_with_another_rule(files: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = files(WITHIN, "student,Thesis A,Thesis B\n1,3,4\n")
    new = tmp_path / "new.yaml"
    text = (tmp_path / "plan.yaml").read_text("utf-8").replace("within: 1", "agree: lower, within: 2")
    new.write_text(text.replace("KH1-2026", "KH1-2027"), "utf-8")
    assert run(["compare", arguments[0], str(new), arguments[1]]) == 0
    text = said(capsys)
    assert "A, B; their mean; at most 1 apart" in text
    assert "the lower mark" in text
    assert "thesis.markers" in text


@pytest.mark.parametrize(
    ("rule", "wrong"),
    [
        ("{of: [A, a]}", "two markers have one name"),
        ("{of: [A]}", "one marker alone"),
        ("{of: [A, submitted]}", "names no marker"),
        ("{of: [A, agreed]}", "names no marker"),
        ("{of: [A, B], within: -1}", "less than 0 apart"),
        ("{of: [A, B], agree: higher, weights: {A: 50, B: 50}}", "weights have no meaning"),
        ("{of: [A, B], weights: {A: 50}}", "not those of the markers"),
        ("{of: [A, B], weights: {A: 50, B: 40}}", "sum to 90 %"),
    ],
)
def test_what_is_wrong_with_them(rule: str, wrong: str, files: Any, capsys: pytest.CaptureFixture[str]) -> None:
    [path] = files(f", markers: {rule}", "")
    assert run(["validate", path]) == 1
    text = said(capsys)
    assert "error[markers]" in text
    assert wrong in text


def test_the_course_page_says_who_marks(files: Any, capsys: pytest.CaptureFixture[str]) -> None:
    [path] = files(WITHIN, "")
    assert run(["plan", path]) == 0
    text = said(capsys)
    assert "Marked by A, B. The mean of their marks counts." in text
    assert "Where they are further apart than 1, they agree on what holds." in text
