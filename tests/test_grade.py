"""``kurssi grade`` as a teacher uses it: files in, grades out, through the command line."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from kurssi.cli import run
from kurssi.diagnostics.words import Words

ROOT = Path(__file__).parent.parent
PLAN_2024 = ROOT / "implementations" / "KH00BT03-2024.yaml"
PLAN_2023 = ROOT / "implementations" / "KH00BT03-2023.yaml"
EXAMPLE_2024 = ROOT / "examples" / "KH00BT03-2024"
EXAMPLE_2023 = ROOT / "examples" / "KH00BT03-2023"

COLUMNS = "student;group_work;group_work submitted;individual;exam;exam 2;peer_review;activity"
WORKED: list[tuple[str, str, str, str | None, int | None, list[tuple[str, str]], list[int] | None]] = [
    # case, cells, status, exact, grade, reasons, range (contract section 5.3)
    ("plain", "4;;3;5;;HYV;", "graded", "3.8", 4, [], None),
    ("exactly half", "3;;4;3,5;;HYV;", "graded", "3.5", 4, [], None),
    ("just under", "3;;4;3,4;;HYV;", "graded", "3.48", 3, [], None),
    ("active", "3;;3;3;;HYV;active", "graded", "3.5", 4, [], None),
    ("passive", "3;;3;3;;HYV;passive", "graded", "2.5", 3, [], None),
    ("peer review missing", "5;;5;5;;-;active", "failed", "5", 0, [("peer_review", "not-submitted")], None),
    (
        "two reasons",
        "5;;0;-;;HYV;",
        "failed",
        "2",
        0,
        [("individual", "below-minimum"), ("exam", "not-submitted")],
        None,
    ),
    ("late two days", "4;6.3.2024 0.30;4;4;;HYV;", "graded", "3.6", 4, [], None),
    ("late, floor", "1;5.3.2024 0.30;1;1;;HYV;passive", "graded", "1", 1, [], None),
    ("excused exam", "4;;3;EX;;HYV;", "graded", "3.5", 4, [], None),
    ("not graded yet", "4;;4;?;;HYV;", "incomplete", None, None, [], [0, 3, 4]),
    ("retake", "3;;3;0;4;HYV;", "graded", "3.2", 3, [], None),
]


def graded(capsys: pytest.CaptureFixture[str], plan: Path, *sheets: Path, code: int = 0) -> dict[str, Any]:
    assert run(["grade", str(plan), *map(str, sheets), "--format", "json"]) == code
    document = json.loads(capsys.readouterr().out)
    assert isinstance(document, dict)
    return document


@pytest.mark.parametrize(("case", "cells", "status", "exact", "grade", "reasons", "reach"), WORKED)
def test_worked_examples(
    case: str,
    cells: str,
    status: str,
    exact: str | None,
    grade: int | None,
    reasons: list[tuple[str, str]],
    reach: list[int] | None,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    sheet = tmp_path / "scores.csv"
    sheet.write_text(f"{COLUMNS}\n001;{cells}\n", "utf-8")
    student = graded(capsys, PLAN_2024, sheet)["students"][0]
    found = [(r["part"], r["code"]) for r in student["reasons"]]
    assert (student["status"], student["exact"], student["grade"], found, student["range"]) == (
        status,
        exact,
        grade,
        reasons,
        reach,
    )


def test_the_2023_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sheet = tmp_path / "scores.csv"
    sheet.write_text("student,group_work,individual,exam,peer_review\n1,4,HYV,3,HYV\n2,4,H,3,HYV\n", "utf-8")
    first, second = graded(capsys, PLAN_2023, sheet)["students"]
    assert (first["exact"], first["grade"], first["label"]) == ("3.5", 4, "4")
    assert (second["exact"], second["grade"], second["label"]) == ("3.5", 0, "H")
    assert second["reasons"] == [{"part": "individual", "code": "failed", "minimum": None, "value": None}]


@pytest.mark.parametrize(
    ("submitted", "units", "value"),
    [
        ("4.3.2024 23.59", 0, "4"),
        ("2024-03-05 23:59", 1, "3.5"),
        ("2024-03-05 23:59:01", 2, "3"),
        ("2024-03-06 00:30", 2, "3"),
        ("2024-03-04T22:59:00+01:00", 0, "4"),
        ("2024-03-11 23:59", 7, "1"),
    ],
)
def test_late_units(submitted: str, units: int, value: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sheet = tmp_path / "scores.csv"
    sheet.write_text(f"{COLUMNS}\n001;4;{submitted};4;4;;HYV;\n", "utf-8")
    part = graded(capsys, PLAN_2024, sheet)["students"][0]["parts"]["group_work"]
    assert (part["attempts"][0]["units"], part["value"]) == (units, value)


def test_closed_past_the_seventh_day(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sheet = tmp_path / "scores.csv"
    sheet.write_text(f"{COLUMNS}\n001;4;2024-03-11 23:59:01;4;4;;HYV;\n", "utf-8")
    student = graded(capsys, PLAN_2024, sheet)["students"][0]
    assert student["parts"]["group_work"]["state"] == "closed"
    assert (student["status"], student["reasons"][0]["code"], student["exact"]) == ("failed", "closed", "2.4")


def expected(path: Path, delimiter: str) -> list[dict[str, str]]:
    names = ["student", "status", "grade", "exact", "reasons", "note"]
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file, delimiter=delimiter))
    return [dict(zip(names, row, strict=True)) for row in rows[1:]]


@pytest.mark.parametrize(
    ("plan", "sheets", "result", "delimiter"),
    [
        (PLAN_2024, ["arvostelu.csv", "ryhmat.csv"], EXAMPLE_2024 / "odotettu.csv", ";"),
        (PLAN_2024, ["arvostelu.xlsx"], EXAMPLE_2024 / "odotettu.csv", ";"),
        (PLAN_2024, [], EXAMPLE_2024 / "odotettu.csv", ";"),
        (PLAN_2023, ["arvostelu.csv"], EXAMPLE_2023 / "expected.csv", ","),
    ],
)
def test_examples_give_what_stands_beside_them(
    plan: Path, sheets: list[str], result: Path, delimiter: str, capsys: pytest.CaptureFixture[str]
) -> None:
    document = graded(capsys, plan, *(result.parent / name for name in sheets))
    by_number = {s["student"]: s for s in document["students"]}
    rows = expected(result, delimiter)
    assert len(rows) == len(by_number) >= 15
    for row in rows:
        student = by_number[row["student"]]
        reach = student["range"]
        assert (
            student["status"],
            "" if student["grade"] is None else str(student["grade"]),
            student["exact"] or "",
            " ".join(f"{r['part']}:{r['code']}" for r in student["reasons"]),
        ) == (row["status"], row["grade"], row["exact"], row["reasons"]), row
        if reach is not None:
            assert row["note"].endswith(f"[{' '.join(map(str, reach))}]")


def test_csv_and_workbook_give_the_same_grades(capsys: pytest.CaptureFixture[str]) -> None:
    one = graded(capsys, PLAN_2024, EXAMPLE_2024 / "arvostelu.csv", EXAMPLE_2024 / "ryhmat.csv")["students"]
    other = graded(capsys, PLAN_2024, EXAMPLE_2024 / "arvostelu.xlsx")["students"]
    keys = ("student", "name", "group", "status", "grade", "exact", "reasons", "range")
    assert [[s[k] for k in keys] for s in one] == [[s[k] for k in keys] for s in other]


def test_json_says_enough_to_derive_every_grade(capsys: pytest.CaptureFixture[str]) -> None:
    document = graded(capsys, PLAN_2024)
    assert {"kurssi", "command", "implementation", "inputs", "policy", "students", "summary", "findings"} <= set(
        document
    )
    assert [len(i["sha256"]) for i in document["inputs"]] == [64, 64, 64]
    assert document["summary"]["distribution"] == {"0": 7, "1": 1, "2": 1, "3": 7, "4": 9, "5": 2}
    for student in document["students"]:
        steps = student["steps"]
        assert steps[-1]["step"] == "grade"
        assert steps[-1]["after"] == (None if student["grade"] is None else str(student["grade"]))
        for step in steps:
            name, _, line = step["rule"].partition(":")
            assert name == PLAN_2024.name
            assert 1 <= int(line) <= len(PLAN_2024.read_text("utf-8").splitlines())
        if student["exact"] is not None and not any(s["step"] == "activity" for s in steps):
            mean = next(s for s in steps if s["step"] == "mean" and s["part"] is None)
            total = sum(Fraction(o["weight"]) * Fraction(o["value"]) for o in mean["operands"]) / 100
            assert total == Fraction(student["exact"])


def test_students_who_are_alike_keep_their_own_rows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Of a large class much is worked out once for all who are alike; where it was read is each one's own."""
    sheet = tmp_path / "class.csv"
    rows = [f"{number:07};4;4;{'5' if number % 2 else ';5'};HYV" for number in range(120)]
    rows = [row if row.count(";") == 5 else row.replace(";HYV", ";;HYV") for row in rows]
    sheet.write_text("\n".join(["student;group_work;individual;exam;exam 2;peer_review", *rows]), "utf-8")
    students = graded(capsys, PLAN_2024, sheet)["students"]
    assert len(students) == 120
    for row, student in enumerate(students, 2):
        sources = {name: part["source"] for name, part in student["parts"].items()}
        assert {source["row"] for source in sources.values()} == {row}, student["student"]
        assert sources["exam"]["column"] == ("exam 2" if row % 2 == 0 else "exam")


def test_the_same_input_gives_the_same_bytes() -> None:
    def once() -> bytes:
        command = [sys.executable, "-m", "kurssi", "grade", str(PLAN_2024), "--format", "json"]
        return subprocess.run(
            command, capture_output=True, check=True, env=os.environ | {"PYTHONHASHSEED": "random"}
        ).stdout

    assert once() == once()


# ---- what else grade does ------------------------------------------------------------------------------------


def test_table_and_summary_apart(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["grade", str(PLAN_2024), "--lang", "en"]) == 0
    out, err = capsys.readouterr()
    assert "0000001" in out
    assert "30 students, 20 passed, 7 failed, 3 incomplete" in err
    assert "30 students" not in out


def test_nothing_is_graded_from_a_sheet_with_errors(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sheet = tmp_path / "scores.csv"
    sheet.write_text(f"{COLUMNS}\n001;6;;4;4;;HYV;\n002;4;;abc;4;;HYV;lazy\n", "utf-8")
    target = tmp_path / "out.json"
    assert run(["grade", str(PLAN_2024), str(sheet), "-o", str(target), "--lang", "en"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert not target.exists()
    for cell in ("B2", "D3", "H3"):
        assert f"cell {cell}" in err


def test_a_policy_with_errors_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan = tmp_path / "plan.yaml"
    plan.write_text(PLAN_2024.read_text("utf-8").replace("weight: 20", "weight: 30"), "utf-8")
    assert run(["grade", str(plan), str(EXAMPLE_2024 / "arvostelu.csv"), "--lang", "en"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert "weights-sum" in err


def test_errors_elsewhere_are_mentioned_and_do_not_stop_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan = tmp_path / "plan.yaml"
    plan.write_text(PLAN_2024.read_text("utf-8").replace("hours: 40 h", "hours: 39 h"), "utf-8")
    sheet = tmp_path / "s.csv"
    sheet.write_text(f"{COLUMNS}\n001;4;;3;5;;HYV;\n", "utf-8")
    assert run(["grade", str(plan), str(sheet), "--lang", "en"]) == 0
    out, err = capsys.readouterr()
    assert "001" in out
    assert "workload-total" in err


def test_overrides(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sheet = tmp_path / "scores.csv"
    sheet.write_text(f"{COLUMNS}\n001;4;;3;5;;HYV;\n002;4;;?;5;;HYV;\n", "utf-8")
    (tmp_path / "overrides.csv").write_text(
        "student,grade,reason,by,date\n001,5,Oral exam,T. Teacher,2024-04-02\n002,H,Plagiarism,T. Teacher,2024-04-02\n",
        "utf-8",
    )
    document = graded(capsys, PLAN_2024, sheet)
    first, second = document["students"]
    assert (first["grade"], first["computed"], first["status"]) == (5, 4, "graded")
    assert first["override"] == {"grade": 5, "reason": "Oral exam", "by": "T. Teacher", "date": "2024-04-02"}
    assert (second["grade"], second["computed"], second["status"], second["range"]) == (0, None, "failed", None)
    assert document["inputs"][-1]["path"].endswith("overrides.csv")


def test_no_reason_no_override(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sheet = tmp_path / "scores.csv"
    sheet.write_text(f"{COLUMNS}\n001;4;;3;5;;HYV;\n", "utf-8")
    (tmp_path / "overrides.csv").write_text(
        "student,grade,reason,by,date\n001,5,,T,2024-04-02\n099,5,x,T,2024-04-02\n", "utf-8"
    )
    assert run(["grade", str(PLAN_2024), str(sheet), "--lang", "en"]) == 1
    err = capsys.readouterr().err
    assert "bad-override" in err
    assert "099" in err


def test_as_of(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sheet = tmp_path / "scores.csv"
    sheet.write_text(f"{COLUMNS}\n001;4;;-;-;;HYV;\n", "utf-8")
    for day, status in (("2024-03-11", "incomplete"), ("2024-03-12", "failed"), ("2024-04-01", "failed")):
        assert run(["grade", str(PLAN_2024), str(sheet), "--format", "json", "--as-of", day]) == 0
        assert json.loads(capsys.readouterr().out)["students"][0]["status"] == status
    assert run(["grade", str(PLAN_2024), str(sheet), "--as-of", "tomorrow", "--lang", "en"]) == 2


def test_files_are_not_overwritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    target = tmp_path / "grades.csv"
    target.write_text("my own notes")
    command = ["grade", str(PLAN_2024), "-o", str(target), "--lang", "en"]
    assert run(command) == 2
    assert target.read_text() == "my own notes"
    assert "--force" in capsys.readouterr().err
    assert run([*command, "--force"]) == 0
    written = target.read_bytes()
    assert run(command) == 0  # kurssi wrote it, so it may be written again
    target.write_bytes(written + b"x")
    assert run(command) == 2  # somebody changed it since
    assert target.read_bytes() == written + b"x"
    assert {p.name for p in tmp_path.iterdir()} == {"grades.csv", "state"}
    state = (tmp_path / "state" / "kurssi" / "written").read_text()
    assert "grades" not in state


def test_csv_for_a_finnish_spreadsheet(tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    sheet = tmp_path / "scores.csv"
    sheet.write_text(
        'student;name;group_work;individual;exam;peer_review\n001;=cmd|x!A1;4;3;5;HYV\n002;"Ä; B";3;4;3,5;HYV\n',
        "utf-8",
    )
    assert run(["grade", str(PLAN_2024), str(sheet), "--format", "csv"]) == 0
    out = capsysbinary.readouterr().out
    assert out.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(out.decode("utf-8-sig").splitlines(), delimiter=";"))
    assert rows[1][0] == "001"
    assert not any(cell.startswith(("=", "+", "@")) for row in rows for cell in row if cell)
    assert "3,8" in rows[1]


def test_usage_errors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["grade"]) == 2
    assert run(["grade", "nothere.yaml"]) == 2
    assert run(["grade", str(PLAN_2024), "nothere.csv"]) == 2
    assert run(["grade", str(PLAN_2024), "-o", "grades.docx"]) == 2
    assert run(["grade", str(PLAN_2024), "-o", str(tmp_path / "no" / "such" / "x.csv")]) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_the_file_may_be_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "implementations").mkdir()
    (tmp_path / "implementations" / "one.yaml").write_text(PLAN_2024.read_text("utf-8"), "utf-8")
    (tmp_path / "s.csv").write_text(f"{COLUMNS}\n001;4;;3;5;;HYV;\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    assert run(["grade", "s.csv"]) == 0
    assert run(["explain", "001", "s.csv"]) == 0
    assert "001" in capsys.readouterr().out


@pytest.mark.parametrize("language", ["en", "fi", "sv"])
def test_explain_shows_every_step_with_its_rule(language: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", str(PLAN_2024), "0000012", "--lang", language]) == 0
    out = capsys.readouterr().out
    assert "KH00BT03-2024.yaml:" in out
    assert "Kuvitelma, Kukka" in out
    assert "Aikataulu" not in out  # nobody else's data
    lines = [line for line in out.splitlines() if line.strip()]
    assert len(lines) > 12


def test_explain_of_nobody(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", str(PLAN_2024), "999", "--lang", "en"]) == 1
    assert "999" in capsys.readouterr().err


def test_a_fault_of_kurssi_is_one_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("0000001 Aikataulu")

    monkeypatch.setattr("kurssi.gradebook.gradebook.read_sheets", broken)
    assert run(["grade", str(PLAN_2024), "--lang", "en"]) == 2
    err = capsys.readouterr().err
    assert len(err.splitlines()) == 1
    assert "--debug" in err
    assert "Aikataulu" not in err


def test_results_through_a_closed_pipe() -> None:
    command = f"{sys.executable} -m kurssi grade {PLAN_2024} --format json | head -c 10"
    done = subprocess.run(["bash", "-c", command], capture_output=True, check=False)
    assert done.stderr == b""


@pytest.mark.parametrize(("language", "shown"), [("fi", "4.3.2024"), ("sv", "4.3.2024"), ("en", "4 Mar 2024")])
def test_dates_are_written_as_in_finland(language: str, shown: str) -> None:
    assert Words(language).day(date(2024, 3, 4)) == shown


def test_an_explanation_numbers_later_attempts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sheet = tmp_path / "s.csv"
    sheet.write_text("student;group_work;individual;exam;exam 2;peer_review\n001;3;3;0;4;HYV\n")
    assert run(["explain", str(PLAN_2024), "001", str(sheet), "--lang", "en"]) == 0
    exam = capsys.readouterr().out.split("\nTentti\n")[1].split("\n\n")[0]
    assert re.findall(r"^  (score.*?)  +grade (\S+)", exam, re.MULTILINE) == [("score", "0"), ("score 2", "4")]
