"""What a file says reaches the grade, or is named: mapped columns, lateness, words of a status, repeated headers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kurssi.cli import run
from test_layouts import GRADES, GRADESCOPE, MOODLE, POINTS, ROSTER, grade

__all__ = ["grade"]

# ---- --map means the same in every layout ------------------------------------------------------------------

EXPORTS = {
    "gradescope": ("gradescope.csv", "".join(line + "\n" for line in GRADESCOPE.splitlines()[:3])),
    "gradescope-assignment": (
        "Essee_scores.csv",
        "First Name,Last Name,SID,Email,Total Score,Max Points,Status,Submission ID,Submission Time\n"
        "Akseli,Alias,0000101,akseli@example.com,4.0,5.0,Graded,1,2024-03-11 20:00:00 +0200\n"
        "Berta,Brava,0000102,berta@example.com,3.0,5.0,Graded,2,2024-03-11 20:00:00 +0200\n",
    ),
    "brightspace": (
        "d2l.csv",
        "OrgDefinedId,Username,Last Name,First Name,Email,Essee Points Grade <Numeric MaxPoints:5>\n"
        "#101,#aalias,Alias,Akseli,a@example.com,4\n#102,#bbrava,Brava,Berta,b@example.com,3\n",
    ),
    "moodle": (
        "moodle.csv",
        "First name,Last name,Email address,Assignment: Essee (Real),Last downloaded from this course\n"
        "Akseli,Alias,a@example.com,4.00,1700000000\nBerta,Brava,b@example.com,3.00,1700000000\n",
    ),
    "moodle-assignment": (
        "Essee.csv",
        "Identifier,Full name,Email address,Status,Grade,Maximum grade,Grade can be changed\n"
        "Participant 1,Akseli Alias,,Submitted for grading - Graded,4.00,5.00,Yes\n"
        "Participant 2,Berta Brava,,Submitted for grading - Graded,3.00,5.00,Yes\n",
    ),
    "canvas": (
        "canvas.csv",
        "Student,ID,SIS User ID,SIS Login ID,Section,Essee (501)\n    Points Possible,,,,,5.00\n"
        "Alias Akseli,9001,U101,aalias,A,4.00\nBrava Berta,9002,U102,bbrava,A,3.00\n",
    ),
    "blackboard": (
        "bb.csv",
        '"Last Name","First Name","Username","Student ID","Essee [Total Pts: 5 Score] |101"\n'
        '"Alias","Akseli","aalias","x1","4"\n"Brava","Berta","bbrava","x2","3"\n',
    ),
    "sakai": (
        "sakai.csv",
        '"Student ID","Student Name","Essee [5.0]","* Essee"\n'
        '"aalias","Alias, A","4","x"\n"bbrava","Brava, B","3",""\n',
    ),
    "markus": ("markus.csv", ",Essee\nOut Of,5\nc5anthei,4\nc5granad,3\n"),
    "teams": (
        "teams.csv",
        "First Name,Last Name,Email Address,Essee,Points,Feedback\nA,Alias,a@b.fi,4,5,x\nB,Brava,b@b.fi,3,5,\n",
    ),
    "ossi": ("ossi.csv", "studentNo,Essee,Muu\nx1,4,1\nx2,3,1\n"),
    "plain": ("oma.csv", "opiskelijanumero,nimi,Essee\n1,Alias,4\n2,Brava,3\n"),
}
"""A file of each layout, with two students."""


def with_column(text: str, header: str, cells: list[str]) -> str:
    """The table with one more column at its end; the last rows get the cells."""
    lines = text.strip().splitlines()
    above = ["", *[""] * (len(lines) - 1 - len(cells))][: len(lines) - len(cells)]
    column = [header, *above[1:], *cells]
    return "".join(f"{line},{cell}\n" for line, cell in zip(lines, column, strict=True))


@pytest.mark.parametrize("layout", EXPORTS)
def test_the_number_of_the_campus_may_be_mapped_in_every_layout(grade: Any, layout: str) -> None:
    name, text = EXPORTS[layout]
    text = with_column(text, "Campus no", ["0000101", "0000102"])
    made = grade(GRADES, {name: text}, "--map", "Campus no=student")
    assert made.code == 0, made.said
    assert list(made.students) == ["0000101", "0000102"], made.said
    assert made.score("0000101", "essay") == "4"
    assert made.score("0000102", "essay") == "3"
    made = grade(GRADES, {name: text})
    assert "Campus no" in made.said
    section = 'columns: {"Campus no": student}\n'
    assert list(grade(GRADES + section, {name: text}).students) == ["0000101", "0000102"]


@pytest.mark.parametrize("layout", EXPORTS)
@pytest.mark.parametrize(
    ("target", "cells", "key"),
    [("group", ["R1", "R2"], "group"), ("name", ["Xu, Xi", "Yo, Yi"], "name")],
)
def test_group_and_name_may_be_mapped_in_every_layout(
    grade: Any, layout: str, target: str, cells: list[str], key: str
) -> None:
    name, text = EXPORTS[layout]
    if target == "name":
        cells = [cell.replace(", ", " ") for cell in cells]
    made = grade(GRADES, {name: with_column(text, "Tiimi", cells)}, "--map", f"Tiimi={target}")
    assert made.code == 0, made.said
    told = {student[key] for student in made.students.values()}
    assert told == set(cells) or (target == "name" and "Alias" in str(told)), made.said


@pytest.mark.parametrize("layout", EXPORTS)
def test_a_mapped_address_finds_the_student_of_the_roster(grade: Any, layout: str) -> None:
    name, text = EXPORTS[layout]
    text = with_column(text, "Posti", ["akseli@example.com", "berta@example.com"])
    if layout in ("plain", "ossi"):
        return  # their own numbers hold
    made = grade(GRADES, {"sisu.csv": ROSTER, name: text}, "--map", f"{name}:Posti=email")
    assert made.code == 0, made.said
    assert [made.score(f"000010{n}", "essay") for n in (1, 2)] == ["4", "3"], made.said


@pytest.mark.parametrize("layout", EXPORTS)
def test_one_column_may_feed_several_parts(grade: Any, layout: str) -> None:
    name, text = EXPORTS[layout]
    text = with_column(text, "Raw", ["5", "2"])
    made = grade(GRADES, {name: text}, "--map", "Raw=essay", "--map", "Raw=exam")
    assert made.code == 0, made.said
    students = list(made.students)
    for part in ("essay", "exam"):
        assert [made.score(student, part) for student in students] == ["5", "2"], made.said


def test_a_map_that_cannot_apply_says_why(grade: Any) -> None:
    made = grade(POINTS, {"moodle.csv": MOODLE}, "--map", "Esee (Real)=essay")
    assert (made.code, made.rules & {"map-without-effect"}) == (1, {"map-without-effect"})
    assert "no sheet has the column “Esee (Real)”" in made.said
    made = grade(POINTS, {"moodle.csv": MOODLE}, "--map", "ID number=unused", "--map", "ID number=student")
    assert made.code == 1
    assert "“ID number” cannot be unused and student at once" in made.said
    two = {"moodle.csv": MOODLE}
    made = grade(POINTS, two, "--map", "moodle.csv:Quiz: Tentti (Real)=exam", "--map", "Quiz: Tentti (Real)=essay")
    assert made.code == 1
    assert "“Quiz: Tentti (Real)” is said to be essay, but “moodle.csv:Quiz: Tentti (Real)” says" in made.said
    made = grade(POINTS, {"a.csv": "opiskelijanumero;Essee;X\n1;4;2\n"}, "--map", "X=from")
    assert made.code == 1
    assert "“X” cannot be from: the sheet has no use for it" in made.said


def test_an_option_comes_before_the_file_without_a_word(grade: Any) -> None:
    section = 'columns: {"Quiz: Tentti (Real)": essay, "Assignment: Essee (Real)": unused}\n'
    made = grade(POINTS + section, {"moodle.csv": MOODLE}, "--map", "Quiz: Tentti (Real)=exam")
    assert made.code == 0, made.said
    assert made.score("0000101", "exam") == "12.5"
    assert not made.rules & {"mapped-column", "map-without-effect"}


def test_a_mapped_column_comes_before_one_of_the_same_name_and_that_is_listed(grade: Any) -> None:
    text = "opiskelijanumero;Campus no;Essee;Raaka\n1;0000101;4;5\n"
    made = grade(GRADES, {"a.csv": text}, "--map", "Campus no=student", "--map", "Raaka=essay")
    assert made.code == 0, made.said
    assert made.score("0000101", "essay") == "5"
    assert "nothing uses these columns: opiskelijanumero, Essee" in made.said


# ---- whose rows they are -----------------------------------------------------------------------------------


def test_the_help_of_a_header_that_nobody_knows_names_the_map(grade: Any) -> None:
    made = grade(GRADES, {"a.csv": "Perm #,Essee\n1234567,4\n7654321,3\n"})
    assert made.code == 1
    assert '--map "Perm #=student"' in made.said
    made = grade(GRADES, {"a.csv": "Kuka,Essee\nAlias,4\n"})
    assert '--map "HEADER=student"' in made.said


def test_a_roster_is_mapped_too(grade: Any, capsys: pytest.CaptureFixture[str]) -> None:
    grade(GRADES, {"a.csv": "opiskelijanumero;Essee\n1;4\n"})
    Path("lista.csv").write_text("Perm #,Nimi ja sukunimi,Koe\n0000101,Alias Akseli,1\n", encoding="utf-8")
    args = ["--lang", "en", "sheet", "x.yaml", "--roster", "lista.csv", "-o", "e.xlsx"]
    assert run(args) == 1
    assert '--map "Perm #=student"' in capsys.readouterr().err
    assert run([*args, "--map", "Perm #=student", "--map", "Nimi ja sukunimi=name"]) == 0, capsys.readouterr().err
    capsys.readouterr()
    args = [*args, "--force", "--map", "Perm #=student"]
    assert run([*args, "--map", "Koe=exam"]) == 1
    assert "“Koe” cannot be exam: of a list only the students are read" in capsys.readouterr().err
    assert run([*args, "--map", "Kok=name"]) == 1
    assert "no sheet has the column “Kok”" in capsys.readouterr().err
    assert run(["sheet", "x.yaml", "-o", "f.xlsx", "--map", "Perm #=student"]) == 2


# ---- headers that come again -------------------------------------------------------------------------------


def test_a_repeated_header_that_nothing_uses_is_listed(grade: Any) -> None:
    text = (
        "opiskelijanumero,Criterion 1,Definition,Feedback,Criterion 2,Definition,Feedback,Essee\n"
        "0000101,3,Good,ok,4,Fine,,4\n"
    )
    made = grade(GRADES, {"rubric.csv": text})
    assert made.code == 0, made.said
    assert made.score("0000101", "essay") == "4"
    assert "nothing uses these columns: Criterion 1, Definition, Feedback, Criterion 2\n" in made.said
    made = grade(GRADES, {"rubric.csv": text.replace("Criterion 2", "Essee")})
    assert made.cells("duplicate-header") == ["H1"]
    made = grade(GRADES, {"rubric.csv": text}, "--map", "Definition=exam")
    assert made.cells("duplicate-header") == ["F1"]
