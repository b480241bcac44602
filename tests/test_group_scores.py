"""Scores of groups that stand in the rows of their members (contract section 11.1), through the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kurssi.cli import run

PLAN = """kurssi: 1
course: {code: KH1, name: Palvelumuotoilu, credits: 5}
implementation: {id: KH1-2024}
assessment:
  evaluation_scale: 0-5
  parts:
    - {id: work, name: Ryhmätyö, weight: 60, by: group, due: 2024-03-04 23:59, retakes: 1%s}
    - {id: exam, name: Tentti, weight: 40}
  late: {deduct: 0.5, per: day}
"""
PEER = ", peer: {weight: 50 %}"

PEOPLE = (("1", "R1"), ("2", "R1"), ("3", "R1"), ("4", "R2"), ("5", "R2"))
EXAM = "student;group;exam\n" + "".join(f"{who};{group};{int(who) % 3 + 1}\n" for who, group in PEOPLE)
MARKS = "from;to;mark\n1;2;5\n1;3;2\n2;1;4\n2;3;1\n3;1;3\n3;2;3\n4;5;4\n5;4;4\n"
GROUPS = "group;work;work submitted\nR1;4;2024-03-05 10:00\nR2;3;2024-03-04 10:00\n"


def rows(*cells: str) -> str:
    """The sheet of students with these cells of ``work`` and ``work submitted``."""
    lines = [f"{who};{group};{cell};{int(who) % 3 + 1}" for (who, group), cell in zip(PEOPLE, cells, strict=True)]
    return "\n".join(("student;group;work;work submitted;exam", *lines)) + "\n"


BESIDE = ("peer-influence", "marks-without-effect", "group-cell-unused", "nothing-to-act-on")
"""Rules that speak of other things."""


class Outcome:
    """What one run of ``kurssi grade`` came to."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code = code
        self.err = err
        self.document: dict[str, Any] = json.loads(out) if out else {}
        found = self.document.get("findings", [])
        self.rules = [f["rule"] for f in found if f["rule"] not in BESIDE]
        self.said = {f["rule"]: f for f in found}

    def work(self, key: str) -> list[Any]:
        """Something of every student's group work."""
        return [student["parts"]["work"][key] for student in self.document["students"]]

    @property
    def values(self) -> list[str]:
        """The value of every student's group work."""
        return self.work("value")

    @property
    def moved(self) -> list[bool]:
        """Whose group work is moved by peer marks."""
        return [peer is not None for peer in self.work("peer")]


@pytest.fixture
def graded(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    def grade(*sheets: str, peer: str = PEER) -> Outcome:
        plan = tmp_path / "plan.yaml"
        plan.write_text(PLAN % peer, "utf-8")
        names = []
        for number, sheet in enumerate(sheets):
            names.append(tmp_path / f"{number}.csv")
            names[-1].write_text(sheet, "utf-8")
        code = run(["grade", str(plan), *map(str, names), "--format", "json", "--lang", "en"])
        captured = capsys.readouterr()
        return Outcome(code, captured.out, captured.err)

    return grade


def without_sources(value: Any) -> Any:
    """A JSON document without where its values were read."""
    if isinstance(value, dict):
        return {
            k: without_sources(v)
            for k, v in value.items()
            if k not in ("source", "sources", "inputs", "findings", "seal")
        }
    return [without_sources(v) for v in value] if isinstance(value, list) else value


LATE, ON_TIME = "4;2024-03-05 10:00", "3;2024-03-04 10:00"


def test_scores_in_rows_are_the_same_as_a_sheet_of_groups(graded: Any) -> None:
    by_sheet = graded(EXAM, GROUPS, MARKS)
    in_rows = graded(rows(LATE, LATE, LATE, ON_TIME, ON_TIME), MARKS)
    assert by_sheet.code == in_rows.code == 0
    assert without_sources(in_rows.document) == without_sources(by_sheet.document)
    assert in_rows.moved == [True] * 5
    assert in_rows.rules == by_sheet.rules == []


def test_the_score_in_one_row_is_the_groups_and_that_is_said(graded: Any) -> None:
    by_sheet = graded(EXAM, GROUPS, MARKS)
    in_rows = graded(rows(";", LATE, ";", ON_TIME, "3;"), MARKS)
    values = without_sources(in_rows.document)["students"]
    assert values[:3] == without_sources(by_sheet.document)["students"][:3]
    assert in_rows.rules == ["group-score-in-rows"]
    assert in_rows.said["group-score-in-rows"]["severity"] == "info"
    assert "1, 3" in in_rows.said["group-score-in-rows"]["message"]
    assert [a[0]["submitted"] for a in in_rows.work("attempts")][:3] == ["2024-03-05 10:00"] * 3


def test_without_peer_marks_the_score_in_one_row_counts_for_all(graded: Any) -> None:
    found = graded(rows("4;", ";", ";", "3;", ";"), peer="")
    assert found.values == ["4", "4", "4", "3", "3"]
    assert found.rules == ["group-score-in-rows"]


def test_members_whose_cells_differ_have_scores_of_their_own(graded: Any) -> None:
    found = graded(rows("4;", "4;", "2;", "3;", "3;"), MARKS)
    assert found.code == 0
    assert found.values[:3] == ["4", "4", "2"]
    assert found.moved == [False, False, False, True, True]
    told = [f for f in found.document["findings"] if f["rule"] == "peer-not-applied"]
    assert [f["severity"] for f in told] == ["warning"] * 3
    assert [f["line"] for f in told] == [2, 3, 4]
    assert "4, 2" in told[0]["message"]


def test_differing_cells_beside_an_empty_one(graded: Any) -> None:
    """Nobody knows which of two scores is the group's: the empty cell stays empty, and that is said."""
    found = graded(rows("4;", ";", "2;", "3;", "3;"), peer="")
    assert found.values[:3] == ["4", "0", "2"]
    assert found.rules == ["group-cells-differ"]
    assert "R1" in found.said["group-cells-differ"]["message"]


def test_a_cell_that_differs_from_the_sheet_of_groups_is_the_members_own(graded: Any) -> None:
    found = graded(rows(";", ";", "2;", "3;", "3;"), GROUPS, MARKS)
    assert found.moved == [True, True, False, True, True]
    assert found.rules == ["peer-not-applied"]
    assert "3" in found.said["peer-not-applied"]["message"]


@pytest.mark.parametrize("word", ["EX", "AHOT", "-"])
def test_what_is_said_of_one_member_is_not_the_groups(graded: Any, word: str) -> None:
    found = graded(rows("4;", "4;", f"{word};", "3;", "3;"), MARKS)
    assert found.moved == [True, True, False, True, True]
    assert found.rules == ["peer-not-applied"]


def test_where_nobody_takes_a_factor_it_is_an_error(graded: Any) -> None:
    found = graded(rows("4;", "4;", "2;", "3;", "2;"), MARKS)
    assert found.code == 1
    assert found.err.count("peer-not-applied") == 1
    assert "error[peer-not-applied]" in found.err


def test_a_student_without_a_group_takes_no_factor(graded: Any) -> None:
    sheet = rows("4;", "4;", "4;", "3;", "3;") + "6;;5;;3\n"
    found = graded(sheet, MARKS)
    assert found.rules == ["peer-not-applied"]
    assert "6" in found.said["peer-not-applied"]["message"]


def test_the_group_of_a_retake_is_found_in_rows_too(graded: Any) -> None:
    sheet = "student;group;work;work 2;exam\n1;R1;2;4;3\n2;R1;2;4;3\n3;R1;2;;3\n4;R2;3;;4\n5;R2;3;;4\n"
    found = graded(sheet, MARKS)
    assert [len(a) for a in found.work("attempts")] == [2, 2, 2, 1, 1]
    assert found.moved == [True] * 5
    assert found.rules == ["group-score-in-rows"]


def test_a_late_time_for_some_members_only_is_said(graded: Any) -> None:
    found = graded(rows(LATE, LATE, "4;", ON_TIME, "3;"), peer="")
    assert found.values == ["3.5", "3.5", "4", "3", "3"]
    assert found.rules == ["group-cells-differ"]


def test_a_second_attempt_of_ones_own_is_the_reason_and_no_time(graded: Any) -> None:
    """The group's score stands in all rows; a member's time and a retake are its own."""
    sheet = "student;group;work;work submitted;work 2;exam\n" + "".join(
        f"{who};{group};4;{day};{retake};2\n"
        for (who, group), day, retake in zip(
            PEOPLE, ["2024-03-01 10:00", "2024-03-02 10:00", "", "", ""], ["3", "2", "", "", ""], strict=True
        )
    )
    found = graded(sheet, MARKS)
    assert found.code == 0, found.err
    said = [f for f in found.document["findings"] if f["rule"] == "peer-not-applied"]
    assert [(f["found"], f["cell"]) for f in said] == [("1", "E2"), ("2", "E3")]
