"""What is said to one student names nobody else: not in findings, not in JSON, not on the page."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from class_reports import files
from kurssi.cli import run

PLAN = """kurssi: 1
course: {code: KH1, name: Thesis work, credits: 15}
implementation: {id: KH1-2026, language: en}
assessment:
  evaluation_scale: 0-5
  late: {deduct: 1}
  parts:
    - {id: thesis, name: Thesis, weight: 50, markers: {of: [A, B], within: 1}}
    - {id: talk, name: Talk, weight: 50, due: 2026-03-01 23:59}
"""
SHEET = """student,surname,first name,Thesis A,Thesis B,Talk,Comment
10001,Aalto,Aino,2,4,3,
10002,Berg,Bo,1,5,4,
10003,Carlson,Cai,0,5,4,
10004,Dahl,Dan,3,3,4,
"""
OTHERS = ("10002", "10003", "10004", "Berg", "Carlson", "Dahl")


def explained(arguments: list[str], student: str, *options: str, code: int = 0) -> None:
    assert run(["explain", arguments[0], student, *arguments[1:], "--lang", "en", *options]) == code


def names_nobody_else(text: str, *others: str) -> None:
    for other in others:
        assert other not in text, (other, text)


def test_findings_are_the_students_own_and_those_of_the_class(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    explained(files(tmp_path, PLAN, SHEET), "10001")
    err = capsys.readouterr().err
    assert "markers-apart" in err
    assert "(D2)" in err
    for row in (3, 4):
        assert f"(D{row})" not in err
    names_nobody_else(err, *OTHERS, "1, 5", "0, 5")
    assert "Comment" in err
    assert "2 findings are not about this student: kurssi grade shows them" in err


def test_a_student_of_whom_nothing_was_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    explained(files(tmp_path, PLAN, SHEET), "10004")
    err = capsys.readouterr().err
    assert "markers-apart" not in err
    assert "3 findings are not about this student" in err


def test_so_are_those_in_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    explained(files(tmp_path, PLAN, SHEET), "10001", "--format", "json")
    out = capsys.readouterr().out
    names_nobody_else(out, *OTHERS)
    apart = [f for f in json.loads(out)["findings"] if f["rule"] == "markers-apart"]
    assert [f["line"] for f in apart] == [2]


@pytest.mark.parametrize(("student", "shown", "hidden"), [("10004", "9", "8"), ("10001", "8", "9")])
def test_errors_in_other_rows_are_counted(
    student: str, shown: str, hidden: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet = SHEET.replace("Aino,2,4,3", "Aino,2,4,8").replace("Dan,3,3,4", "Dan,3,3,9")
    explained(files(tmp_path, PLAN, sheet), student, code=1)
    err = capsys.readouterr().err
    assert f"error[score-off-scale]: {shown} in" in err
    assert f"{hidden} in" not in err
    assert "findings are not about this student" in err
    names_nobody_else(err, *({*OTHERS, "10001", "Aalto"} - {student, "Dahl"}))


PEERS = """kurssi: 1
course: {code: KH1, name: Projects, credits: 5}
implementation: {id: KH1-2026, language: en}
assessment:
  evaluation_scale: 0-5
  parts:
    - {id: project, name: Project, weight: 100, by: group, peer: {method: webpa, weight: 100 %}}
"""
ROSTER = "student,surname,group,Project\n10001,Aalto,A,3\n10002,Berg,A,3\n10003,Carlson,A,3\n10004,Dahl,B,4\n"
MARKS = "from,to,effort\n10001,10002,5\n10001,10003,1\n10002,10001,4\n10002,10003,4\n10003,10001,1\n10003,10002,5\n"


def test_who_moved_whom_with_peer_marks_is_not_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = files(tmp_path, PEERS, ROSTER)
    marks = tmp_path / "marks.csv"
    marks.write_text(MARKS)
    assert run(["grade", *arguments, str(marks), "--lang", "en"]) == 0
    assert re.search("marks of 1000. alone change the grade of 1000.", capsys.readouterr().err)
    for student in ("10001", "10002", "10003", "10004"):
        explained([*arguments, str(marks)], student)
        err = capsys.readouterr().err
        names_nobody_else(err, *({"10001", "10002", "10003", "10004"} - {student}))


def test_a_wrong_number_shows_nobody(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    explained(files(tmp_path, PLAN, SHEET), "99999", code=1)
    err = capsys.readouterr().err
    names_nobody_else(err, "10001", *OTHERS, "(D2)")


def test_overrides_of_others_are_not_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "overrides.csv").write_text("student,grade,reason\n10002,5,Agreed\n77777,5,Appeal\n")
    explained(files(tmp_path, PLAN, SHEET), "10001", code=1)
    names_nobody_else(capsys.readouterr().err, "77777", "10002")


POLICIES = Path(__file__).parent.parent / "examples" / "policies"


@pytest.mark.parametrize("name", ["oxford-dissertation", "nea-group-project", "waterloo-cs745-presentation"])
def test_pages_of_students_name_nobody_else(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan = str(POLICIES / name / f"{name}.yaml")
    assert run(["grade", plan, "--format", "json", "--feedback", str(tmp_path / "pages")]) == 0
    students: list[Any] = json.loads(capsys.readouterr().out)["students"]
    for student in students:
        page = (tmp_path / "pages" / f"{student['student']}.html").read_text("utf-8")
        others = [s for s in students if s is not student]
        for other in others:
            assert not re.search(rf"\b{other['student']}\b", page.split("</style>")[1])
