"""What a file says reaches the grade, or is named: mapped columns, lateness, words of a status, repeated headers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl
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


# ---- lateness without a deadline ---------------------------------------------------------------------------

NO_DUE = GRADES.replace("due: 2024-03-11 23:59, ", "")
FROM_EXPORT = GRADES.replace("due: 2024-03-11 23:59", "late_from: export")
ASSIGNMENT = (
    "First Name,Last Name,SID,Email,Total Score,Max Points,Status,Submission ID,Submission Time,Lateness (H:M:S)\n"
    "Akseli,Alias,0000101,akseli@example.com,4.0,5.0,Graded,1,2024-03-11 20:00:00 +0200,00:00:00\n"
    "Berta,Brava,0000102,berta@example.com,4.0,5.0,Graded,2,2024-03-13 00:59:00 +0200,25:00:00\n"
)
COURSE = (
    "First Name,Last Name,SID,Email,Essee,Essee - Max Points,Essee - Submission Time,Essee - Lateness (H:M:S)\n"
    "Akseli,Alias,0000101,akseli@example.com,4.0,5.0,2024-03-11 20:00:00 +0200,00:00:00\n"
    "Berta,Brava,0000102,berta@example.com,4.0,5.0,2024-03-13 00:59:00 +0200,25:00:00\n"
)
MOODLES = (
    "Identifier,Full name,ID number,Status,Grade,Maximum grade,Grade can be changed,Last modified (submission)\n"
    "Participant 1,Akseli Alias,0000101,Submitted for grading - Graded,4.00,5.00,Yes,"
    '"Monday, 11 March 2024, 8:00 PM"\n'
    "Participant 2,Berta Brava,0000102,Submitted for grading - 1 day 1 hour late - Graded,4.00,5.00,Yes,"
    '"Wednesday, 13 March 2024, 12:59 AM"\n'
)
LATES = {
    "gradescope": ("gs.csv", COURSE, "H3", "25:00:00", "due: 2024-03-11 23:59"),
    "gradescope-assignment": ("Essee_scores.csv", ASSIGNMENT, "J3", "25:00:00", "due: 2024-03-11 23:59"),
    "moodle-assignment": ("Essee.csv", MOODLES, "D3", "25:00:00", "due: 2024"),
    "canvas": (
        "canvas.csv",
        "Student,ID,SIS User ID,SIS Login ID,Section,Essee (501),Essee (501) seconds_late\n"
        "    Points Possible,,,,,5.00,\n"
        "Alias Akseli,9001,0000101,aalias,A,4.00,0\nBrava Berta,9002,0000102,bbrava,A,4.00,90000\n",
        "G4",
        "25:00:00",
        "due: 2024",
    ),
    "canvas flag": (
        "canvas.csv",
        "Student,ID,SIS User ID,SIS Login ID,Section,Essee (501),Essee (501) Late\n    Points Possible,,,,,5.00,\n"
        "Alias Akseli,9001,0000101,aalias,A,4.00,false\nBrava Berta,9002,0000102,bbrava,A,4.00,true\n",
        "G4",
        "late",
        "due: 2024",
    ),
    **{
        header: (
            "oma.csv",
            f"opiskelijanumero;Essee;Essee {header}\n0000101;4;\n0000102;4;{cell}\n",
            "C3",
            seen,
            "due: 2024",
        )
        for header, cell, seen in [
            ("late", "25:00:00", "25:00:00"),
            ("late", "yes", "late"),
            ("myöhässä", "1 pv 1 t", "25:00:00"),
            ("myöhästyminen", "kyllä", "late"),
            ("tuntia myöhässä", "25", "25:00:00"),
            ("försenad", "1 dag 1 timme", "25:00:00"),
            ("försening", "ja", "late"),
            ("timmar försenad", "25", "25:00:00"),
        ]
    },
}


@pytest.mark.parametrize("which", LATES)
def test_lateness_without_a_deadline_stops_the_grading(grade: Any, which: str) -> None:
    name, text, cell, seen, line = LATES[which]
    made = grade(NO_DUE, {name: text})
    assert made.code == 1, made.said
    assert made.cells("late-without-due") == [cell]
    assert seen in made.said
    assert line in made.said
    assert grade(NO_DUE.replace("  late: {deduct: 0.5, per: day}\n", ""), {name: text}).code == 0
    made = grade(GRADES, {name: text})
    assert made.code == 0, made.said
    if seen != "late":
        assert [made.students[f"000010{n}"]["parts"]["essay"]["attempts"][0]["units"] for n in (1, 2)] == [0, 2]


@pytest.mark.parametrize("which", LATES)
def test_lateness_is_taken_from_the_export(grade: Any, which: str) -> None:
    name, text, cell, seen, _ = LATES[which]
    made = grade(FROM_EXPORT, {name: text})
    if seen == "late":
        assert made.code == 1
        assert made.cells("late-not-exact") == [cell]
        return
    assert made.code == 0, made.said
    attempts = [made.students[f"000010{n}"]["parts"]["essay"]["attempts"][0] for n in (1, 2)]
    assert [attempt["units"] for attempt in attempts] == [0, 2]
    assert attempts[1]["lateness"] == "25:00:00"
    assert attempts[1]["value"] == "3"
    closes = FROM_EXPORT.replace("per: day}", "per: day, closes: 24 h}")
    assert grade(closes, {name: text}).students["0000102"]["parts"]["essay"]["state"] == "closed"
    grace = FROM_EXPORT.replace("per: day}", "per: day, grace: 26 h}")
    assert grade(grace, {name: text}).students["0000102"]["parts"]["essay"]["attempts"][0]["units"] == 0


def test_a_lateness_whose_rest_is_cut_off_decides_nothing(grade: Any) -> None:
    text = MOODLES.replace("1 day 1 hour late", "1 day late")
    made = grade(FROM_EXPORT, {"Essee.csv": text})
    assert (made.code, made.cells("late-not-exact")) == (1, ["D3"])
    assert "says 24:00:00 late, which may be up to 1:00:00 more" in made.said
    without_time = "".join(line.rpartition(",")[0] + "\n" for line in text.replace(", ", " ").splitlines())
    without_time = without_time.replace(',"Monday', "").replace(',"Wednesday', "")
    made = grade(GRADES, {"Essee.csv": without_time})
    assert made.cells("late-not-exact") == ["D3"], made.said
    assert grade(GRADES, {"Essee.csv": text}).code == 0


def test_a_report_with_another_lateness_is_not_verified(grade: Any, capsys: pytest.CaptureFixture[str]) -> None:
    made = grade(FROM_EXPORT, {"gs.csv": COURSE})
    assert made.code == 0, made.said
    report = Path("report.json").read_text(encoding="utf-8")
    Path("report.json").write_text(report.replace('"25:00:00"', '"49:00:00"'), encoding="utf-8")
    assert run(["--lang", "en", "verify", "report.json"]) == 1
    capsys.readouterr()


def test_late_work_without_a_score_waits_for_its_grade(grade: Any) -> None:
    made = grade(GRADES, {"a.csv": "opiskelijanumero;Essee;Essee myöhässä\n1;;2 pv\n2;;\n3;4;\n"})
    assert made.code == 0, made.said
    assert [made.score(n, "essay") for n in "123"] == ["ungraded", "missing", "4"]


def test_lateness_goes_into_the_entry_workbook(grade: Any, capsys: pytest.CaptureFixture[str]) -> None:
    first = grade(FROM_EXPORT, {"gs.csv": COURSE})
    assert run(["--lang", "fi", "sheet", "x.yaml", "--from", "gs.csv", "-o", "e.xlsx"]) == 0, capsys.readouterr().err
    capsys.readouterr()
    again = grade(FROM_EXPORT, {"e.xlsx": Path("e.xlsx").read_bytes()})
    assert again.code == 0, again.said
    for student, was in first.students.items():
        assert was["parts"]["essay"]["value"] == again.students[student]["parts"]["essay"]["value"]


def test_the_policy_says_where_lateness_comes_from(grade: Any, capsys: pytest.CaptureFixture[str]) -> None:
    grade(FROM_EXPORT, {"gs.csv": COURSE})
    Path("y.yaml").write_text(Path("x.yaml").read_text(encoding="utf-8").replace("late_from: export, ", ""), "utf-8")
    assert run(["--lang", "en", "validate", "x.yaml"]) == 0, capsys.readouterr()
    assert run(["--lang", "en", "plan", "x.yaml"]) == 0
    assert "Lateness is taken from the export" in capsys.readouterr().out
    assert run(["--lang", "en", "compare", "y.yaml", "x.yaml"]) == 0
    assert "Essee, lateness is taken from: new: the export" in capsys.readouterr().out.replace("\n", " ")


# ---- what a system rounds ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "agrees"),
    [("25:00:00", True), ("25:00:40", True), ("25:02:00", False), ("1 pv", True), ("2 pv", True), ("3 pv", False)],
)
def test_a_difference_of_rounding_is_none(grade: Any, cell: str, agrees: bool) -> None:
    text = f"opiskelijanumero;Essee;Essee palautettu;Essee myöhässä\n1;4;13.3.2024 0.59;{cell}\n"
    made = grade(GRADES, {"a.csv": text})
    assert made.code == 0, made.said
    assert ("lateness-disagrees" in made.rules) is not agrees, made.said


def test_the_words_of_moodle_are_cut_off_and_agree(grade: Any) -> None:
    for time, agrees in (("12:59 AM", True), ("1:58 AM", True), ("2:30 AM", False), ("12:30 AM", False)):
        made = grade(GRADES, {"Essee.csv": MOODLES.replace("12:59 AM", time)})
        assert ("lateness-disagrees" not in made.rules) is agrees, (time, made.said)
    made = grade(GRADES, {"Essee.csv": MOODLES.replace("12:59 AM", "2:30 AM")})
    assert "says 25:00:00 late, but 2024-03-13 02:30 is 26:31:00 late by the deadline 2024-03-11 23:59" in made.said


# ---- words of a status -------------------------------------------------------------------------------------

WORDS = {
    "en": ("Submitted for grading", "No submission", "Draft (not submitted)", "{} late", "1 day 1 hour"),
    "fi": ("Lähetetty arvioitavaksi", "Ei palautusta", "Keskeneräinen (ei lähetetty arvioitavaksi)", "{} myöhässä",
           "1 päivä 1 tunti"),
    "sv": ("Inlämnad för betygsättning", "Ingen inlämning", "Utkast (ej inlämnad)", "{} sent", "1 dag 1 timme"),
    "de": ("Zur Bewertung abgegeben", "Keine Abgabe", "Entwurf (nicht abgegeben)", "{} zu spät", "1 Tag 1 Stunde"),
    "fr": ("Remis pour évaluation", "Non remis", "Brouillon (non remis)", "En retard de {}", "1 jour 1 heure"),
    "es": ("Enviado para calificar", "No entregado", "Borrador (no enviado)", "{} después", "1 día 1 hora"),
    "no": ("Levert til vurdering", "Ingen innlevering", "Utkast (ikke levert)", "{} for sent", "1 dag 1 time"),
    "da": ("Afleveret til bedømmelse", "Ingen aflevering", "Kladde (ikke afleveret)", "{} for sent", "1 dag 1 time"),
    "nl": ("Opdracht ingestuurd om te beoordelen", "Geen inzending", "Kladwerk (nog niet ingestuurd)", "{} te laat",
           "1 dag 1 uur"),
    "et": ("Esitatud hindamiseks", "Esitamata", "Mustand (esitamata)", "{} hiljem", "1 päev 1 tund"),
}  # fmt: skip
HEADERS = {
    "en": "Identifier;Full name;ID number;Status;Grade;Maximum grade;Grade can be changed",
    "fi": "Tunniste;Koko nimi;ID-numero;Tila;Arvosana;Enimmäisarvosana;Arvosanaa voidaan muuttaa",
    "sv": "Identifierare;Fullständigt namn;ID-nummer;Status;Betyg;Maxbetyg;Betyg kan ändras",
    "de": "ID;Vollständiger Name;ID-Nummer;Status;Bewertung;Bestwertung;Bewertung kann geändert werden",
    "fr": "Identifiant;Nom complet;Numéro d’identification;Statut;Note;Note maximale;La note peut être modifiée",
    "es": "Identificador;Nombre completo;Número de ID;Estado;Calificación;Calificación Máxima;"
    "La calificación puede cambiarse",
    "no": "Identifikator;Fullt navn;ID-nummer;Status;Karakter;Toppkarakter;Karakter kan endres",
    "da": "Identifikator;Fulde navn;ID-nummer;Status;Karakter;Højeste karakter;Karakter kan ændres",
    "nl": "Identificatie;Volledige naam;ID-nummer;Status;Cijfer;Maximumcijfer;Cijfer kan gewijzigd worden",
    "et": "Tunnus;Täisnimi;ID-number;Staatus;Hinne;Maksimaalne hinne;Hinnet saab muuta",
}
"""The words of Estonian, and the headers of some, are not from Moodle's own files."""


def worksheet(language: str, *rows: str) -> str:
    """A grading worksheet with these statuses; a status with ``=4`` behind it has that grade."""
    out = HEADERS[language] + "\n"
    for number, row in enumerate(rows, 1):
        status, _, score = row.partition("=")
        out += f"{number};N N;{number};{status};{score};5,00;x\n"
    return out


@pytest.mark.parametrize("language", WORDS)
def test_a_worksheet_of_moodle_is_read_in_ten_languages(grade: Any, language: str) -> None:
    submitted, nothing, draft, late, length = WORDS[language]
    text = worksheet(
        language, submitted, nothing, draft, f"{submitted} - {late.format(length)}=4", f"{submitted}=4", ""
    )
    made = grade(GRADES, {"Essee.csv": text}, "--layout", "moodle-assignment", "--map", "Número de ID=student")
    if language != "es":
        made = grade(GRADES, {"Essee.csv": text})
    assert made.code == 0, made.said
    assert [made.score(str(n), "essay") for n in range(1, 7)] == ["ungraded", "missing", "missing", "4", "4", "missing"]
    assert made.students["4"]["parts"]["essay"]["attempts"][0]["units"] == 2


def test_words_that_nobody_understands_decide_nothing(grade: Any) -> None:
    text = worksheet("en", "Consegnato per la valutazione", "Nessuna consegna", "Consegnato per la valutazione=4")
    made = grade(GRADES, {"Essee.csv": text})
    assert made.code == 1
    assert made.cells("status-unread") == ["D2"]
    assert "what “Status” says is not understood" in made.said
    assert "“Consegnato per la valutazione”, “Nessuna consegna”" in made.said
    assert '--map "Status=unused"' in made.said
    own = "opiskelijanumero;Essee\n1;?\n2;-\n"
    made = grade(GRADES, {"Essee.csv": text, "oma.csv": own}, "--map", "Status=unused")
    assert made.code == 0, made.said
    assert [made.score(n, "essay") for n in "123"] == ["ungraded", "missing", "4"]
    # with a grade it matters only where the words may say how late it was, or until when there was time
    made = grade(GRADES, {"Essee.csv": worksheet("en", "Consegnato per la valutazione=4")})
    assert made.code == 0, made.said
    for more in ("in ritardo di 2 giorni", "Proroga concessa fino al: 15 marzo 2024"):
        made = grade(GRADES, {"Essee.csv": worksheet("en", f"Submitted for grading - {more}=4")})
        assert made.cells("status-unread") == ["D2"], made.said
        assert more.split()[0] in made.said
    made = grade(GRADES, {"Essee.csv": worksheet("en", "Consegnato per la valutazione - 2 giorni in ritardo=4")})
    assert made.cells("status-unread") == ["D2"], made.said


@pytest.mark.parametrize("word", ["Graded", "Reopened", "In marking"])
def test_words_that_do_not_say_whether_it_was_handed_in(grade: Any, word: str) -> None:
    made = grade(GRADES, {"Essee.csv": worksheet("en", word)})
    assert made.cells("status-unread") == ["D2"], made.said
    assert grade(GRADES, {"Essee.csv": worksheet("en", f"{word}=4")}).score("1", "essay") == "4"


def test_what_is_overdue_is_not_handed_in(grade: Any) -> None:
    for language, words in (
        ("en", "No submission - Assignment is overdue by: 3 days 2 hours"),
        ("fi", "Ei palautusta - Tehtävän viimeinen palautusaika oli 3 päivää 2 tuntia sitten"),
        ("fr", "Pas de travail remis - Le devoir est en retard de 3 jours"),
        ("no", "Ingen innlevering - Innleveringen er forsinket med: 3 dager"),
        ("nl", "Geen inzending - Opdracht 3 dagen te laat ingestuurd"),
    ):
        made = grade(GRADES, {"Essee.csv": worksheet(language, words, f"{WORDS[language][0]}=4")})
        assert made.code == 0, made.said
        assert made.score("1", "essay") == "missing", language


# ---- rules that had nothing to act on ----------------------------------------------------------------------


def test_a_rule_that_had_nothing_to_act_on_is_named_once(grade: Any) -> None:
    levels = "  activity: {levels: {active: 0.5, passive: -0.5}}\n"
    text = "opiskelijanumero;Essee;Tentti\n1;4;4\n2;3;4\n3;3;4\n"
    made = grade(GRADES + levels, {"a.csv": text})
    assert made.code == 0, made.said
    assert made.said.count("info[nothing-to-act-on]") == 2, made.said
    assert "the late rule had nothing to act on: no sheet says when anything came for Essee, Tentti" in made.said
    assert "the activity rule had nothing to act on: no sheet gives anybody a level" in made.said
    report = json.loads(Path("report.json").read_text(encoding="utf-8"))
    found = [f for f in report["findings"] if f["rule"] == "nothing-to-act-on"]
    assert [(f["file"], f["severity"]) for f in found] == [("x.yaml", "info")] * 2
    blank = "opiskelijanumero;Essee;Essee palautettu;Tentti;aktiivisuus\n1;4;{};4;{}\n"
    made = grade(GRADES + levels, {"a.csv": blank.format("", "")})
    assert made.said.count("info[nothing-to-act-on]") == 2, made.said
    made = grade(GRADES + levels, {"a.csv": blank.format("11.3.2024 9.00", "active")})
    assert "nothing-to-act-on" not in made.rules
    made = grade(NO_DUE, {"a.csv": blank.format("11.3.2024 9.00", "")})
    assert "the late rule had nothing to act on: no deadline is given for Essee, Tentti" in made.said
    attendance = "  activity: {attendance: {of: 8, bands: [{from: 50 %, adjust: 0.5}, {from: 0 %, adjust: 0}]}}\n"
    made = grade(GRADES + attendance, {"a.csv": text})
    assert "no sheet says how many sessions anybody attended" in made.said
    made = grade(FROM_EXPORT, {"gs.csv": COURSE})
    assert "nothing-to-act-on" not in made.rules


def test_the_live_workbook_holds_the_units_of_the_export(grade: Any, capsys: pytest.CaptureFixture[str]) -> None:
    grade(FROM_EXPORT, {"gs.csv": COURSE})
    assert run(["--lang", "en", "grade", "x.yaml", "gs.csv", "-o", "live.xlsx"]) == 0, capsys.readouterr().err
    capsys.readouterr()
    sheet = openpyxl.load_workbook("live.xlsx")["Parts"]
    at = [str(cell.value) for cell in sheet[2]].index("Late units")
    assert [row[at].value for row in sheet.iter_rows(min_row=4, max_row=5)] == [0, 2]
