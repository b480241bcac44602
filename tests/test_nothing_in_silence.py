"""What a sheet says and nothing uses is named, and who is lacking is named, through the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kurssi.cli import run
from kurssi.diagnostics.finding import Finding, Place, Severity, in_order
from kurssi.diagnostics.message import msg

PLAN = """kurssi: 1
course: {code: KH1, name: Palvelumuotoilu, credits: 5}
implementation: {id: KH1-2024}
assessment:
  evaluation_scale: 0-5
  parts:
    - {id: work, by: group, due: 2024-03-04 23:59%s}
    - {id: exam}"""
STUDENTS = "student;name;email;group;exam\n1;Alias, Akseli;a@example.com;A;4\n2;Beta, Berta;;A;3\n3;Gamma, Greta;;A;3\n"
GROUPS = "group;work\nA;4\n"
MARKS = "from;to;mark\n1;2;4\n1;3;2\n2;1;3\n2;3;3\n3;1;3\n3;2;1\n"


@pytest.fixture
def said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    """Grades these sheets; the findings by rule, and the students."""

    def grade(*sheets: str, peer: str = "", whole: str = "") -> tuple[dict[str, Any], list[Any]]:
        (tmp_path / "plan.yaml").write_text(PLAN % peer + whole, "utf-8")
        names = [tmp_path / f"{number}.csv" for number in range(len(sheets))]
        for name, sheet in zip(names, sheets, strict=True):
            name.write_text(sheet, "utf-8")
        run(["grade", str(tmp_path / "plan.yaml"), *map(str, names), "--format", "json", "--lang", "en"])
        out = json.loads(capsys.readouterr().out)
        return {finding["rule"]: finding for finding in out["findings"]}, out["students"]

    return grade


def test_findings_with_and_without_a_cell_are_sorted() -> None:
    places = [Place("a", 1, 1, 1, 2, "A1"), Place("a", 1, 1, 1, 2)]
    found = in_order(Finding("r", Severity.info, msg("{n} is {m}", n="1", m="2"), place) for place in places)
    assert [finding.place for finding in found] == places[::-1]


def test_the_address_is_in_the_json_where_there_is_one(said: Any) -> None:
    _, students = said(STUDENTS, GROUPS)
    assert [student.get("email") for student in students] == ["a@example.com", None, None]


def test_a_student_and_a_group_without_a_row(said: Any) -> None:
    roster = STUDENTS.replace(";exam", "").replace(";4", "").replace(";3\n", "\n")
    rules, _ = said(roster, "student;exam\n1;4\n2;3\n", GROUPS)
    assert "1 student of the roster has no row" in rules["not-in-sheet"]["message"]
    assert rules["not-in-sheet"]["severity"] == "warning"
    rules, _ = said(STUDENTS, "group;work\n")
    assert "1 group has no row" in rules["not-in-sheet"]["message"]
    rules, _ = said(roster, "student;exam\n1;4\n2;3\n", "student;exam\n3;2\n", GROUPS)
    assert "not-in-sheet" not in rules


def test_a_cell_of_a_group_that_every_member_overrides(said: Any) -> None:
    sheet = "student;group;work\n1;A;3\n2;A;2\n"
    rules, _ = said(sheet, GROUPS)
    assert rules["group-cell-unused"]["found"] == "B2"
    rules, _ = said(sheet.replace(";2\n", ";\n"), GROUPS)
    assert "group-cell-unused" not in rules


def test_an_empty_cell_of_a_part_made_in_groups_where_nobody_is_in_one(said: Any) -> None:
    sheet = "student;work;work 2;exam\n1;4;;3\n2;;5;4\n3;;4;5\n"
    rules, students = said(sheet, peer=", retakes: 1")
    assert [student["status"] for student in students] == ["graded"] * 3
    found = rules["nothing-to-act-on"]
    assert found["message"] == (
        "nobody is in a group, so 3 students with empty cells in work get no score of others: 1, 2, 3"
    )
    assert (found["severity"], found["found"], found["line"], found["column"]) == ("info", "work", 1, 2)
    rules, _ = said("student;work;exam\n1;4;3\n2;;4\n")
    assert "1 student with an empty cell in work gets no score of others: 2" in rules["nothing-to-act-on"]["message"]
    for quiet in ("student;work;exam\n1;4;3\n2;-;4\n", "student;exam\n1;3\n2;4\n", "student;work;exam\n1;;3\n2;;4\n"):
        assert "nothing-to-act-on" not in said(quiet)[0], quiet
    rules, _ = said("student;group;work;exam\n1;A;4;3\n2;A;;4\n")
    assert set(rules) & {"nothing-to-act-on", "group-score-in-rows"} == {"group-score-in-rows"}


def test_late_where_nothing_is_deducted(said: Any) -> None:
    rules, _ = said(STUDENTS, "group;work;work submitted\nA;4;2024-03-06 10:00\n")
    assert rules["late-costs-nothing"]["found"] == "work submitted"
    rules, _ = said(STUDENTS, "group;work;work submitted\nA;4;2024-03-04 10:00\n")
    assert "late-costs-nothing" not in rules


def test_another_name_beside_a_number(said: Any) -> None:
    export = "Start time,Completion time,Name,Total points,Student number\n,,{},4,1\n"
    rules, students = said(STUDENTS, GROUPS, export.format("Ulla Nurmi"))
    assert rules["names-differ"]["severity"] == "warning"
    assert students[0]["name"] == "Alias, Akseli"
    rules, _ = said(STUDENTS, GROUPS, export.format("Akseli Alias"))
    assert "names-differ" not in rules


def test_a_name_beside_surname_and_first_name_is_listed(said: Any) -> None:
    rules, _ = said("student;surname;first name;name;exam\n1;Alias;Akseli;Beta, Berta;4\n", GROUPS)
    assert rules["unused-columns"]["found"] == "name"


def test_peer_marks_that_do_not_count(said: Any) -> None:
    peer = ", peer: {penalty: 10 %}"
    rules, _ = said(STUDENTS, GROUPS, MARKS + "1;1;5\n", peer=peer)
    assert rules["own-marks-unused"]["found"] == "8"
    rules, _ = said(STUDENTS, "group;work\nA;?\n", MARKS, peer=peer)
    assert rules["marks-without-effect"]["found"] == "2, 3, 4, 5, 6, 7"
    rules, _ = said(STUDENTS, GROUPS, "".join(MARKS.splitlines(keepends=True)[:5]), peer=peer)
    assert rules["gave-no-marks"]["found"] == "3"
    assert "costs the penalty" in rules["gave-no-marks"]["message"]


@pytest.mark.parametrize("cell", ["EX", "?"])
def test_peer_marks_of_one_part_while_another_has_no_score_of_a_group(said: Any, cell: str) -> None:
    peers = ", peer: {}}\n    - {id: talk, by: group, peer: {}"
    rules, _ = said(STUDENTS, f"group;work;talk\nA;4;{cell}\n", MARKS, peer=peers)
    found = rules["nothing-to-act-on"]
    assert found["message"] == "the peer marks had nothing to act on: no group has a score in talk"
    assert "marks-without-effect" not in rules
    rules, _ = said(STUDENTS, f"group;work;talk\nA;{cell};{cell}\n", MARKS, peer=peers)
    assert "nothing-to-act-on" not in rules
    assert "work and talk" in rules["marks-without-effect"]["message"] or "work, talk" in str(rules)


def test_a_column_of_comments_beside_peer_marks(said: Any) -> None:
    lines = MARKS.splitlines()
    sheet = "\n".join([lines[0] + ";Kommentti", lines[1] + ";hyvä", *(line + ";" for line in lines[2:])]) + "\n"
    rules, students = said(STUDENTS, GROUPS, sheet, peer=", peer: {}")
    assert rules["unused-columns"]["found"] == "Kommentti"
    assert students[0]["parts"]["work"]["peer"] is not None


def test_a_part_with_times_and_no_scores(said: Any) -> None:
    rules, _ = said(STUDENTS, "group;work submitted\nA;2024-03-04 10:00\n")
    assert rules["part-without-column"]["message"].startswith("no sheet has a column of scores for work, only")


@pytest.mark.parametrize("where", ["assessment", "part"])
def test_who_said_that_lateness_costs_nothing_is_not_told_so(said: Any, where: str) -> None:
    groups = "group;work;work submitted\nA;4;2024-03-06 10:00\n"
    own = ", late: none" if where == "part" else ""
    whole = "\n  late: none" if where == "assessment" else ""
    rules, _ = said(STUDENTS, groups, peer=own, whole=whole)
    assert not {"late-costs-nothing", "unused-columns"} & set(rules)
    lateness = "group;work;work late\nA;4;26:00:00\n"
    rules, _ = said(STUDENTS, lateness, peer=own, whole=whole)
    assert "late-costs-nothing" not in rules
    assert rules["unused-columns"]["found"] == "work late"


@pytest.mark.parametrize(
    ("marks", "cells"),
    [
        ("from;name;to;mark\n1;Alias, Akseli;2;4\n2;Gamma, Greta;1;3\n", "B3"),
        ("antaja;antajan nimi;saaja;saajan nimi;mark\n1;Akseli Alias;2;Gamma, Greta;4\n2;;1;Alias;3\n", "D2"),
        ("nimi;antaja;saaja;mark\nAkseli Alias;1;2;4\nGreta Gamma;2;1;3\n", "A3"),
        ("from;surname;first name;to;mark\n1;Alias;Akseli;2;4\n2;Beta;Bo;1;3\n", "B3, C3"),
        ("from;name;to;mark\n1;Alias;2;4\n2;Berta;1;3\n", None),
    ],
)
def test_another_name_beside_a_number_of_a_sheet_of_peer_marks(said: Any, marks: str, cells: str | None) -> None:
    sheet = "student;name;group;exam;work\n1;Alias, Akseli;A;4;4\n2;Beta, Berta;A;3;4\n"
    rules, _ = said(sheet, marks, peer=", peer: {method: webpa}")
    assert (rules["names-differ"]["found"] if "names-differ" in rules else None) == cells


def test_two_names_beside_a_number_of_a_sheet_of_peer_marks_without_a_roster_of_names(said: Any) -> None:
    sheet = "student;group;exam;work\n1;A;4;4\n2;A;3;4\n3;A;3;4\n"
    marks = "from;name;to;mark\n1;Akseli;2;4\n1;Greta;3;4\n2;Berta;1;3\n2;Berta;3;3\n3;Greta;1;2\n3;Greta;2;2\n"
    rules, _ = said(sheet, marks, peer=", peer: {method: webpa}")
    assert rules["names-differ"]["found"] == "B3"
