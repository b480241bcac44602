"""Exports of real systems, read through the command line: what is read, what is said, what is refused and where."""

from __future__ import annotations

import io
import json
import re
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
import pytest

from kurssi.cli import run

HEAD = """kurssi: 1
course: {code: KH1, name: Palvelumuotoilu, credits: 5}
implementation: {id: KH1-2024}
"""
POINTS = """assessment:
  evaluation_scale: H-5
  basis: percent
  boundaries: [50, 60, 70, 80, 90]
  parts:
    - {id: essay, name: Essee, weight: 50, graded: points, max: 50, required: false}
    - {id: exam, name: Tentti, weight: 50, graded: points, max: 20, required: false}
"""
GRADES = """assessment:
  evaluation_scale: H-5
  parts:
    - {id: essay, name: Essee, weight: 50, due: 2024-03-11 23:59, required: false}
    - {id: exam, name: Tentti, weight: 50, retakes: 1, required: false}
    - {id: peer_review, name: Vertaisarviointi, graded: pass-fail, required: false}
  late: {deduct: 0.5, per: day}
"""


class Graded(NamedTuple):
    """What one run of ``kurssi grade`` said."""

    code: int
    students: dict[str, dict[str, Any]]
    said: str
    findings: list[dict[str, Any]] = []

    @property
    def rules(self) -> set[str]:
        """The rules of all findings."""
        return set(re.findall(r"^(?:error|warning|info)\[([a-z-]+)\]: ", self.said, re.MULTILINE))

    def score(self, student: str, part: str) -> str | None:
        """The state of a part, or its raw score."""
        found = self.students[student]["parts"][part]
        if found["state"] != "scored":
            return str(found["state"])
        return str(found["attempts"][-1]["score"])

    def cells(self, rule: str) -> list[str]:
        """Where the findings of a rule stand."""
        return re.findall(rf"\[{rule}\]: .*(?:\n --> .*|\(.*)(?:row|rivi) \d+, (?:cell|solu) ([^\s)]+)", self.said)


@pytest.fixture
def grade(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Any:
    """Grades files by a policy, as a user does: ``grade(POINTS, {"canvas.csv": "…"}, "--map", "…")``."""
    monkeypatch.chdir(tmp_path)

    def graded(policy: str, files: dict[str, str | bytes], *more: str) -> Graded:
        Path("x.yaml").write_text(HEAD + policy, encoding="utf-8")
        for name, content in files.items():
            Path(name).write_bytes(content.encode() if isinstance(content, str) else content)
        code = run(["--lang", "en", "grade", "x.yaml", *files, "--format", "json", *more])
        out, said = capsys.readouterr()
        assert "Traceback" not in said
        document = json.loads(out) if out.strip() else {"students": [], "findings": []}
        students = {s["student"]: s for s in document["students"]}
        if students:
            Path("report.json").write_text(out, encoding="utf-8")
            assert run(["--lang", "en", "verify", "report.json"]) == 0, capsys.readouterr()
            capsys.readouterr()
        return Graded(code, students, said, document["findings"])

    return graded


def xlsx(rows: list[list[object]]) -> bytes:
    """A workbook with one worksheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def table(text: str) -> list[list[object]]:
    """Comma-separated lines as rows of text."""
    return [list[object](line.split(",")) for line in text.strip().splitlines()]


# ---- Canvas ------------------------------------------------------------------------------------------------

CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,Essee (501),Tentti (502),Harjoitus (503),Assignments Current Score,\
Final Score
,,,,,Manual Posting,,,,
    Points Possible,,,,,50.00,20.00,5.00,(read only),(read only)
"Alias, Akseli",9001,0000101,aalias,PMMWES22,40.00,12.50,1.00,80.00,75.00
"Brava, Berta",9002,0000102,bbrava,PMMWES22,EX,18,,90.00,90.00
"Corva, Celia",9003,0000103,ccorva,PMMWES22,,N/A,-,,
"Student, Test",9999,,abcdef123,PMMWES22,1.00,1.00,,5.00,5.00
"""


def test_canvas(grade: Any) -> None:
    graded = grade(POINTS, {"canvas.csv": CANVAS})
    assert graded.code == 0, graded.said
    assert list(graded.students) == ["0000101", "0000102", "0000103"]
    assert graded.students["0000101"]["name"] == "Alias, Akseli"
    assert graded.score("0000101", "essay") == "40"
    assert graded.score("0000101", "exam") == "12.5"
    assert graded.score("0000102", "essay") == "excused"
    assert graded.score("0000103", "essay") == "missing"
    assert graded.cells("not-assigned") == ["G6"]
    assert graded.cells("test-student") == ["A7"]
    assert "read as canvas, 3 students: Essee ← “Essee (501)”, Tentti ← “Tentti (502)”" in graded.said
    assert "nothing uses these columns: Harjoitus (503)," in graded.said


def test_canvas_in_the_european_manner(grade: Any) -> None:
    text = CANVAS.replace('"Alias, Akseli"', "Alias\\ Akseli").replace('"', "")
    text = "\ufeff" + re.sub(r"(\d)\.(\d)", r"\1,\2", re.sub(",(?! )", ";", text)).replace("\n", "\r\n")
    graded = grade(POINTS, {"canvas.csv": text})
    assert graded.code == 0, graded.said
    assert graded.score("0000101", "exam") == "12.5"


def test_canvas_without_numbers_of_the_institution(grade: Any) -> None:
    text = "Student,ID,SIS Login ID,Section,Essee (1)\n    Points Possible,,,,50.00\nAlias Akseli,9,aalias,A,40.00\n"
    graded = grade(POINTS, {"canvas.csv": text})
    assert list(graded.students) == ["aalias"]
    assert graded.cells("no-student-number") == ["C1"]
    graded = grade(POINTS, {"canvas.csv": "Student,ID,Section,Essee\nAlias,9,A,40\n"})
    assert list(graded.students) == ["9"]


def test_points_possible_differ_from_the_max_of_the_part(grade: Any) -> None:
    text = CANVAS.replace(",50.00,20.00,", ",100.00,20.00,")
    graded = grade(POINTS, {"canvas.csv": text})
    assert graded.code == 1
    assert graded.cells("export-max") == ["F1"]
    assert "it is out of 100, the part has max: 50" in graded.said
    graded = grade(POINTS, {"canvas.csv": text}, "--map", "Essee (501)=essay of 100")
    assert graded.code == 0, graded.said
    assert graded.score("0000101", "essay") == "20"
    assert "“Essee (501)” is out of 100: Essee gets that share of its 50 points" in graded.said


def test_points_are_no_grades(grade: Any) -> None:
    graded = grade(GRADES, {"canvas.csv": CANVAS})
    assert graded.code == 1
    assert graded.cells("export-max") == ["F1", "G1"]
    text = CANVAS.replace(",50.00,20.00,", ",5.00,5.00,").replace("40.00,12.50", "4.00,3.00").replace(",18,", ",5,")
    graded = grade(GRADES, {"canvas.csv": text})
    assert graded.code == 0, graded.said
    assert graded.score("0000101", "essay") == "4"
    text = text.replace(",5.00,5.00,", ",10.00,5.00,")
    assert grade(GRADES, {"canvas.csv": text}).code == 1
    graded = grade(GRADES, {"canvas.csv": text}, "--map", "Essee=essay as grade")
    assert graded.code == 0, graded.said
    assert graded.score("0000101", "essay") == "4"


# ---- Moodle ------------------------------------------------------------------------------------------------

MOODLE = """\
First name,Last name,ID number,Institution,Department,Email address,Assignment: Essee (Real),\
Assignment: Essee (Feedback),Quiz: Tentti (Real),Harjoitukset total (Real),Harjoitukset total (Real),\
Course total (Real),Last downloaded from this course
Akseli,Alias,0000101,,,akseli@example.com,40.00,"Hyvä, mutta",12.50,3.00,3.00,55.50,1700000000
Berta,Brava,0000102,,,berta@example.com,-,,18.00,-,-,18.00,1700000000
"""


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_moodle_grades(grade: Any, separator: str) -> None:
    text = MOODLE if separator == "," else re.sub(r",(?! )", separator, MOODLE)
    graded = grade(POINTS, {"moodle.csv": text})
    assert graded.code == 0, graded.said
    assert graded.score("0000101", "essay") == "40"
    assert graded.score("0000101", "exam") == "12.5"
    assert graded.score("0000102", "essay") == "missing"
    assert graded.students["0000101"]["name"] == "Alias, Akseli"
    assert graded.rules == {"export-read", "unused-columns", "max-not-said"}
    assert "Essee 40 / 50, Tentti 18 / 20" in graded.said


def test_moodle_as_workbook(grade: Any) -> None:
    rows = table(MOODLE.replace('"Hyvä, mutta"', "Hyvä"))
    rows[1][6] = 40
    graded = grade(POINTS, {"moodle.xlsx": xlsx(rows)})
    assert graded.code == 0, graded.said
    assert graded.score("0000101", "essay") == "40"


@pytest.mark.parametrize(
    "header",
    [
        "Etunimi;Sukunimi;Tunnistenumero;Laitos;Osasto;Sähköpostiosoite;Tehtävä:Essee (Todellinen);"
        "Tentti:Tentti (Todellinen);Kurssiyhteenveto (Todellinen);Viimeksi ladattu tältä kurssilta",
        "Etunimi;Sukunimi;ID-numero;Oppilaitos;Osasto;Sähköpostiosoite;Tehtävä: Essee (Pisteet);"
        "Tentti: Tentti (Pisteet);Kurssi yhteensä (Pisteet);Ladattu viimeksi tältä kurssilta",
        "Förnamn;Efternamn;ID-nummer;Institution;Avdelning;E-postadress;Inlämningsuppgift: Essee (Reell);"
        "Test: Tentti (Reell);Kursen totalt (Reell);Senast hämtad från denna kurs",
        "Vorname;Nachname;ID-Nummer;Institution;Abteilung;E-Mail-Adresse;Aufgabe: Essee (Punkte);Test: Tentti (Punkte)"
        ";Kurs gesamt (Punkte);Letztmalig aus diesem Kurs heruntergeladen",
    ],
)
def test_moodle_in_other_languages(grade: Any, header: str) -> None:
    graded = grade(
        POINTS, {"moodle.csv": f"{header}\nAkseli;Alias;0000101;;;a@example.com;40,00;12,50;52,50;1700000000\n"}
    )
    assert graded.code == 0, graded.said
    assert graded.score("0000101", "essay") == "40"
    assert graded.score("0000101", "exam") == "12.5"


def test_moodle_percentages_become_points_exactly(grade: Any) -> None:
    text = "First name,Surname,ID number,Essee (Percentage),Tentti (Percentage)\nAkseli,Alias,0000101,80.00 %,33.33 %\n"
    graded = grade(POINTS, {"moodle.csv": text})
    assert graded.code == 0, graded.said
    assert graded.score("0000101", "essay") == "40"
    assert graded.score("0000101", "exam") == "6.666"
    assert graded.cells("converted-column") == ["D1", "E1"]
    assert grade(GRADES, {"moodle.csv": text}).cells("unit-mismatch") == ["D1", "E1"]
    graded = grade(POINTS, {"moodle.csv": text.replace("80.00 %", "180.00 %")})
    assert graded.cells("score-off-scale") == ["D2"]


def test_a_percentage_under_a_header_that_says_points_is_an_error(grade: Any) -> None:
    graded = grade(POINTS, {"moodle.csv": MOODLE.replace("40.00", "80.00 %")})
    assert graded.code == 1
    assert graded.cells("bad-score") == ["G2"]


def test_of_real_and_percentage_of_one_item_the_fitting_one_is_read(grade: Any) -> None:
    text = (
        "First name,Surname,ID number,Essee (Percentage),Essee (Real),Essee (Letter),Tentti (Real)\n"
        "A,Alias,1,80.02 %,40.01,B,1\n"
    )
    graded = grade(POINTS, {"moodle.csv": text})
    assert graded.code == 0, graded.said
    assert graded.score("1", "essay") == "40.01"
    graded = grade(POINTS, {"moodle.csv": text.replace("80.02", "80.00")}, "--map", "Essee (Percentage)=essay")
    assert graded.score("1", "essay") == "40"


def test_points_and_percentages_side_by_side_say_what_the_points_are_out_of(grade: Any) -> None:
    text = "First name,Surname,ID number,Essee (Percentage),Essee (Real)\nA,Alias,1,80.00 %,{}\nB,Beta,2,33.33 %,{}\n"
    assert grade(POINTS, {"moodle.csv": text.format("40.00", "16.67")}).code == 0
    graded = grade(POINTS, {"moodle.csv": text.format("16.00", "6.67")})
    assert graded.code == 1
    assert graded.cells("export-max") == ["E2"]
    assert "is 16 here, which is 80 % by “Essee (Percentage)”, but not of max: 50" in graded.said


def test_grades_that_the_percentages_beside_belie(grade: Any) -> None:
    header = "Etunimi,Sukunimi,Tunnistenumero,Tehtävä: Essee (Todellinen),Tehtävä: Essee (Prosentti)\n"
    of_ten = header + 'Eva,Ek,001,"4,00","40,00 %"\nBo,Ek,002,"0,00","0,00 %"\n'
    made = grade(GRADES, {"moodle.csv": of_ten})
    assert made.code == 1
    assert made.cells("export-max") == ["D2"]
    made = grade(GRADES, {"moodle.csv": of_ten}, "--map", "Tehtävä: Essee (Todellinen)=essay as grade")
    assert made.score("001", "essay") == "4"
    assert grade(GRADES, {"moodle.csv": of_ten.replace("40,00 %", "80,00 %")}).score("001", "essay") == "4"
    # by a list of the grades from 1 to 5
    from_one = header + 'Eva,Ek,001,"4,00","75,00 %"\nBo,Ek,002,"1,00","0,00 %"\n'
    assert grade(GRADES, {"moodle.csv": from_one}).score("001", "essay") == "4"


def test_thousands_are_no_decimals(grade: Any) -> None:
    policy = POINTS.replace("max: 50", "max: 1499").replace("max: 20", "max: 1000")
    canvas = (
        "Student,ID,SIS User ID,SIS Login ID,Section,Essee (11)\n"
        '    Points Possible,,,,,"1,499.00"\n"Ek, Eva",1,001,ek,A,"1,200"\n"Ek, Bo",2,002,bo,A,900.5\n'
    )
    made = grade(policy, {"canvas.csv": canvas})
    assert (made.code, made.cells("bad-score")) == (1, ["F3"])
    made = grade(policy, {"canvas.csv": canvas.replace('"1,200"', "1200")})
    assert [made.score(student, "essay") for student in ("001", "002")] == ["1200", "900.5"]
    blackboard = '"Username","Student ID","Tentti [Total Pts: 1,000 Score] |5"\n"ek","001","1,000"\n'
    assert grade(policy, {"bb.csv": blackboard}).cells("bad-score") == ["C2"]


def test_mapping_to_attempts_times_and_whose_row_it_is(grade: Any) -> None:
    text = "Perm #;Uusinta;Palautus;Essee\n0000101;4;12.3.2024 10.00;5\n"
    maps = ["Perm #=student", "Uusinta=exam 2", "Palautus=essay submitted"]
    graded = grade(GRADES, {"a.csv": text}, *(arg for text in maps for arg in ("--map", text)))
    assert graded.code == 0, graded.said
    assert graded.score("0000101", "exam") == "4"
    assert graded.students["0000101"]["parts"]["essay"]["attempts"][0]["units"] == 1


def test_moodle_letters_only_where_the_scale_has_them(grade: Any) -> None:
    text = "First name,Surname,ID number,Essee (Letter),Tentti (Letter)\nA,Alias,1,4,5\nB,Beta,2,B+,5\n"
    graded = grade(GRADES, {"moodle.csv": text})
    assert graded.code == 1
    assert graded.cells("bad-score") == ["D3"]
    graded = grade(GRADES, {"moodle.csv": text.replace("B+", "3")})
    assert graded.score("1", "essay") == "4"
    graded = grade(GRADES, {"moodle.csv": text.replace("B+", "3.5")})
    assert graded.cells("bad-score") == ["D3"]
    assert grade(POINTS, {"moodle.csv": text}).cells("unit-mismatch") == ["D1", "E1"]


def test_moodle_words_of_a_scale(grade: Any) -> None:
    text = (
        "Etunimi,Sukunimi,ID-numero,Vertaisarviointi (Todellinen),Essee (Todellinen)\n"
        "A,Alias,1,Hyväksytty,4\nB,Beta,2,Hylätty,3\n"
    )
    graded = grade(GRADES, {"moodle.csv": text})
    assert graded.score("1", "peer_review") == "passed"
    assert graded.score("2", "peer_review") == "failed"


def test_moodle_without_id_numbers(grade: Any) -> None:
    text = MOODLE.replace("0000101", "").replace("0000102", "")
    graded = grade(POINTS, {"moodle.csv": text})
    assert graded.code == 0, graded.said
    assert list(graded.students) == ["akseli@example.com", "berta@example.com"]
    assert graded.cells("no-student-number") == ["F1"]
    roster = (
        "opiskelijanumero;sukunimi;etunimi;sähköposti\n"
        "0000102;Brava;B;Berta@example.com\n0000101;Alias;A;akseli@example.com\n"
    )
    graded = grade(POINTS, {"roster.csv": roster, "moodle.csv": text})
    assert graded.code == 0, graded.said
    assert list(graded.students) == ["0000102", "0000101"]
    assert graded.score("0000101", "essay") == "40"
    assert "no-student-number" not in graded.rules


def test_repeated_totals_may_be_mapped_where_they_agree(grade: Any) -> None:
    graded = grade(POINTS, {"moodle.csv": MOODLE}, "--map", "Harjoitukset total (Real)=essay")
    assert graded.code == 0, graded.said
    assert graded.score("0000101", "essay") == "3"
    text = MOODLE.replace("3.00,3.00", "3.00,4.00")
    graded = grade(POINTS, {"moodle.csv": text}, "--map", "Harjoitukset total (Real)=essay")
    assert graded.cells("duplicate-header") == ["K1"]


def test_ragged_export_is_refused(grade: Any) -> None:
    graded = grade(POINTS, {"moodle.csv": MOODLE.replace("55.50,", "55.50,78.00,")})
    assert graded.code == 1
    assert graded.cells("ragged-row") == ["N2"]
    assert not graded.students


def test_suspended_students_stay_and_are_seen(grade: Any) -> None:
    text = "First name,Surname,ID number,Suspended,Essee (Real)\nA,Alias,1,,40\nB,Beta,2,Yes,30\n"
    graded = grade(POINTS, {"moodle.csv": text})
    assert graded.code == 0, graded.said
    assert list(graded.students) == ["1", "2"]
    assert graded.cells("enrolment-status") == ["D3"]


# ---- Gradescope --------------------------------------------------------------------------------------------

GRADESCOPE = """\
First Name,Last Name,SID,Email,section_name,Essee,Essee - Max Points,Essee - Submission Time,\
Essee - Lateness (H:M:S),Total Lateness (H:M:S)
Akseli,Alias,0000101,akseli@example.com,A,4.0,5.0,2024-03-11 20:00:00 +0200,00:00:00,00:00:00
Berta,Brava,0000102,berta@example.com,A,3.0,5.0,2024-03-15 12:31:26 +0200,84:32:26,84:32:26
Celia,Corva,0000103,celia@example.com,A,,5.0,2024-03-11 12:00:00 +0200,00:00:00,00:00:00
Dora,Delta,0000104,dora@example.com,A,,5.0,,00:00:00,00:00:00
"""


def test_gradescope(grade: Any) -> None:
    graded = grade(GRADES, {"gradescope.csv": GRADESCOPE})
    assert graded.code == 0, graded.said
    attempt = graded.students["0000102"]["parts"]["essay"]["attempts"][0]
    assert attempt["units"] == 4
    assert Fraction(attempt["deducted"]) == 2
    assert graded.score("0000101", "essay") == "4"
    assert graded.score("0000103", "essay") == "ungraded"
    assert graded.score("0000104", "essay") == "missing"
    of_the_policy = {"dead-part", "unreachable-grade"}  # nothing in it is required
    assert graded.rules - of_the_policy <= {"export-read", "unused-columns", "part-without-column"}
    other = GRADESCOPE.replace("Essee", "Kirjoitelma")
    again = grade(GRADES, {"gradescope.csv": other}, "--map", "Kirjoitelma=essay")
    assert again.students["0000102"]["parts"]["essay"]["attempts"][0]["units"] == 4
    text = GRADESCOPE.replace("B,3.0,5.0", "B,3.0,6.0").replace("A,3.0,5.0", "A,3.0,6.0")
    assert grade(GRADES, {"gradescope.csv": text}).cells("export-max") == ["G3"]


def test_lateness_that_disagrees_with_the_deadline(grade: Any) -> None:
    graded = grade(GRADES, {"gradescope.csv": GRADESCOPE.replace("84:32:26,84", "00:00:00,84")})
    assert graded.code == 0, graded.said
    assert graded.cells("lateness-disagrees") == ["I3"]
    assert graded.students["0000102"]["parts"]["essay"]["attempts"][0]["units"] == 4
    assert (
        "says on time, but 2024-03-15 12:31:26+02:00 is 84:32:26 late by the deadline 2024-03-11 23:59" in graded.said
    )


def test_lateness_alone_counts_from_the_deadline(grade: Any) -> None:
    text = (
        "SID,Email,Essee,Essee - Max Points,Essee - Lateness (H:M:S)\n"
        "1,a@b.fi,4,5,00:00:00\n2,b@b.fi,4,5,24:00:00\n3,c@b.fi,4,5,24:00:01\n"
    )
    graded = grade(GRADES, {"gradescope.csv": text})
    assert graded.code == 0, graded.said
    units = [graded.students[s]["parts"]["essay"]["attempts"][0]["units"] for s in "123"]
    assert units == [0, 1, 2]
    assert graded.cells("time-from-lateness") == ["E1"]
    graded = grade(GRADES.replace("due: 2024-03-11 23:59, ", ""), {"gradescope.csv": text})
    assert graded.code == 1
    assert graded.cells("late-without-due") == ["E3"]


@pytest.mark.parametrize(
    ("times", "units"), [(("3/11/24 20:00", "3/13/24 1:00"), [0, 2]), (("11/3/24 20:00", "13/3/24 1:00"), [0, 2])]
)
def test_slashed_times_are_decided_by_other_rows(grade: Any, times: tuple[str, str], units: list[int]) -> None:
    text = "SID,Email,Essee,Essee - Max Points,Essee - Submission Time\n1,a@b.fi,4,5,{}\n2,b@b.fi,4,5,{}\n".format(
        *times
    )
    graded = grade(GRADES, {"gradescope.csv": text})
    assert graded.code == 0, graded.said
    assert [graded.students[s]["parts"]["essay"]["attempts"][0]["units"] for s in "12"] == units


@pytest.mark.parametrize("times", [("3/11/24 20:00", "4/3/24 1:00"), ("3/13/24 20:00", "13/3/24 1:00")])
def test_slashed_times_that_nothing_decides_are_an_error(grade: Any, times: tuple[str, str]) -> None:
    text = "SID,Email,Essee,Essee - Max Points,Essee - Submission Time\n1,a@b.fi,4,5,{}\n2,b@b.fi,4,5,{}\n".format(
        *times
    )
    graded = grade(GRADES, {"gradescope.csv": text})
    assert graded.code == 1
    assert graded.cells("bad-time") == ["E2", "E3"]


# ---- mapping and layouts -----------------------------------------------------------------------------------


def test_columns_of_the_file_and_of_the_command_line(grade: Any) -> None:
    text = MOODLE.replace("Assignment: Essee", "Assignment: Kirjoitelma")
    graded = grade(POINTS, {"moodle.csv": text})
    assert "part-without-column" in graded.rules
    section = 'columns:\n  "Assignment: Kirjoitelma (Real)": essay\n  "Quiz: Tentti (Real)": unused\n'
    graded = grade(POINTS + section, {"moodle.csv": text})
    assert graded.score("0000101", "essay") == "40"
    assert graded.students["0000101"]["parts"]["exam"]["state"] == "missing"
    graded = grade(POINTS + section, {"moodle.csv": text}, "--map", "Quiz: Tentti (Real)=exam")
    assert graded.score("0000101", "exam") == "12.5"


def test_a_column_is_mapped_by_what_it_grades(grade: Any) -> None:
    text = MOODLE.replace("Assignment: Essee", "Assignment: Yksilötyö")
    for name in ("Assignment: Yksilötyö (Real)", "assignment: yksilötyö", "Yksilötyö"):
        graded = grade(POINTS, {"moodle.csv": text}, "--map", f"{name}=essay")
        assert graded.score("0000101", "essay") == "40", name
        assert "mapped-column" not in graded.rules


def test_mapping_a_plain_table(grade: Any) -> None:
    text = 'opiskelijanumero;"Tehtävä 1 (Pisteet)";Koe\n0000101;40;90\n'
    graded = grade(POINTS, {"a.csv": text}, "--map", "Tehtävä 1 (Pisteet)=essay", "--map", "Koe=exam as percent")
    assert graded.code == 0, graded.said
    assert graded.score("0000101", "essay") == "40"
    assert graded.score("0000101", "exam") == "18"


@pytest.mark.parametrize("header", ["Koe %", "Koe (%)", "Koe (Percentage)", "Koe prosentti"])
def test_a_header_of_ones_own_says_percent(grade: Any, header: str) -> None:
    text = f"opiskelijanumero;{header}\n1;80\n2;33,3 %\n3;EX\n"
    graded = grade(POINTS, {"a.csv": text}, "--map", f"{header}=essay")
    assert graded.code == 0, graded.said
    assert [graded.score(n, "essay") for n in "123"] == ["40", "16.65", "excused"]
    assert graded.cells("converted-column") == ["B1"]
    graded = grade(GRADES, {"a.csv": text}, "--map", f"{header}=exam")
    assert graded.cells("unit-mismatch") == ["B1"]


def test_a_weight_in_the_name_of_a_part_is_no_percentage(grade: Any) -> None:
    policy = POINTS.replace("name: Essee,", 'name: "Essee (50 %)", column: Kirjoitelma 50 %,')
    for header in ("Essee (50 %)", "Kirjoitelma 50 %"):
        graded = grade(policy, {"a.csv": f"opiskelijanumero;{header}\n1;40\n"})
        assert graded.score("1", "essay") == "40", graded.said


@pytest.mark.parametrize("header", ["Essee (40 p)", "Essee (max 40)", "Essee (maks. 40 p)", "Essee out of 40"])
def test_a_header_says_what_points_are_out_of(grade: Any, header: str) -> None:
    text = f"Etunimi;Sukunimi;ID-numero;Tehtävä: {header} (Todellinen)\nA;Alias;1;20\n"
    graded = grade(POINTS, {"moodle.csv": text})
    assert graded.code == 1
    assert graded.cells("export-max") == ["D1"]
    assert grade(POINTS.replace("max: 50", "max: 40"), {"moodle.csv": text}).score("1", "essay") == "20"
    graded = grade(POINTS, {"a.csv": f"opiskelijanumero;{header}\n1;20\n"}, "--map", f"{header}=essay")
    assert graded.cells("export-max") == ["B1"]
    graded = grade(POINTS, {"a.csv": f"opiskelijanumero;{header}\n1;20\n"}, "--map", f"{header}=essay of 40")
    assert graded.score("1", "essay") == "25"


def test_the_part_s_own_name_says_nothing_about_points(grade: Any) -> None:
    policy = POINTS.replace("name: Essee,", 'name: "Essee (40 p)",')
    assert grade(policy, {"a.csv": "opiskelijanumero;Essee (40 p)\n1;45\n"}).score("1", "essay") == "45"


def test_percent_of_a_grade_is_refused_whoever_says_so(grade: Any) -> None:
    graded = grade(GRADES, {"a.csv": "opiskelijanumero;Koe\n1;4\n"}, "--map", "Koe=exam as percent")
    assert graded.cells("unit-mismatch") == ["B1"]
    graded = grade(GRADES, {"a.csv": "opiskelijanumero;Koe\n1;4\n"}, "--map", "Koe=exam of 20")
    assert graded.cells("export-max") == ["B1"]
    graded = grade(GRADES, {"a.csv": "opiskelijanumero;V\n1;10\n2;0\n3;5\n"}, "--map", "V=peer_review of 10")
    assert graded.cells("bad-score") == ["B4"]


def test_a_percentage_that_a_workbook_holds_as_a_number_is_asked_for(grade: Any) -> None:
    raw = xlsx([["opiskelijanumero", "Koe %"], ["1", 0.8]])
    graded = grade(POINTS, {"a.xlsx": raw}, "--map", "Koe %=essay")
    assert graded.cells("bad-score") == ["Sheet!B2"]
    assert "may be 0.8 % or 0.8 of 1" in graded.said


@pytest.mark.parametrize(
    ("written", "units"),
    [
        ("1710324000", 2),  # 13 March 2024, 12:00 in Helsinki
        ("13.3.24 12.00", 2),
        ("13/3/2024 12:00", 2),
        ("2024-03-13T10:00:00Z", 2),
        ("2024-03-13 12:00:00.123456", 2),
        ("keskiviikko, 13. maaliskuuta 2024, 12.00", 2),
        ("11.3.24 23.59", 0),
    ],
)
def test_times_in_a_table_of_ones_own(grade: Any, written: str, units: int) -> None:
    graded = grade(GRADES, {"a.csv": f'opiskelijanumero;Essee;Essee palautettu\n1;4;"{written}"\n'})
    assert graded.code == 0, graded.said
    assert graded.students["1"]["parts"]["essay"]["attempts"][0]["units"] == units


@pytest.mark.parametrize(("written", "units"), [("1 d 2 h", 2), ("26:00:01", 2), ("0", 0), ("ei", 0), ("5m", 1)])
def test_lateness_in_a_table_of_ones_own(grade: Any, written: str, units: int) -> None:
    graded = grade(GRADES, {"a.csv": f"opiskelijanumero;Essee;Essee myöhässä\n1;4;{written}\n"})
    assert graded.code == 0, graded.said
    assert graded.students["1"]["parts"]["essay"]["attempts"][0]["units"] == units


def test_lateness_without_a_length_or_in_days(grade: Any) -> None:
    graded = grade(GRADES, {"a.csv": "opiskelijanumero;Essee;Essee late\n1;4;yes\n2;4;soon 5\n"})
    assert graded.code == 1
    assert graded.cells("bad-time") == ["C3"]
    graded = grade(GRADES, {"a.csv": "opiskelijanumero;Essee;Essee late\n1;4;yes\n"})
    assert graded.cells("lateness-unknown") == ["C2"]
    graded = grade(GRADES, {"a.csv": "opiskelijanumero;Essee;Essee days late\n1;4;3\n"})
    assert graded.students["1"]["parts"]["essay"]["attempts"][0]["units"] == 3


def test_a_number_that_a_spreadsheet_has_shortened(grade: Any) -> None:
    graded = grade(POINTS, {"a.csv": "opiskelijanumero;Essee\n1,23457E+06;40\n"})
    assert graded.cells("missing-student") == ["A2"]


def test_canvas_with_names_in_two_columns(grade: Any) -> None:
    text = (
        "LastName,FirstName,ID,SIS User ID,SIS Login ID,Section,Essee (1)\n    Points Possible,,,,,,50.00\n"
        "Alias,Akseli,9,0000101,aa,A,40.00\nStudent,Test,10,,xyz,A,\n"
    )
    graded = grade(POINTS, {"canvas.csv": text})
    assert list(graded.students) == ["0000101"]
    assert graded.cells("test-student") == ["A4"]


def test_mapping_that_goes_nowhere(grade: Any, capsys: pytest.CaptureFixture[str]) -> None:
    graded = grade(POINTS, {"moodle.csv": MOODLE}, "--map", "Esee=essay")
    assert graded.code == 1
    assert "map-without-effect" in graded.rules
    graded = grade(POINTS + 'columns: {"Esee": essay}\n', {"moodle.csv": MOODLE})
    assert graded.code == 0
    assert "mapped-column" in graded.rules
    graded = grade(POINTS, {"moodle.csv": MOODLE}, "--map", "Quiz: Tentti (Real)=exm")
    assert graded.code == 1
    assert "columns-target" in graded.rules
    assert run(["grade", "x.yaml", "moodle.csv", "--map", "Tentti"]) == 2
    assert run(["grade", "x.yaml", "moodle.csv", "--layout", "Optima"]) == 2
    assert "moodle" in capsys.readouterr().err


def test_layout_by_name(grade: Any) -> None:
    graded = grade(POINTS, {"moodle.csv": MOODLE}, "--layout", "plain")
    assert graded.code == 1
    assert "no-part" in graded.rules
    text = "Student;Email address;Essee\nA;a@example.com;40\n"
    assert grade(POINTS, {"x.csv": text}, "--layout", "x.csv=canvas").code == 1
    assert grade(POINTS, {"x.csv": text}, "--layout", "y.csv=canvas").code == 0


def test_a_table_of_ones_own_stays_plain(grade: Any) -> None:
    """Headers that the policy knows make a plain table, even where they look like a system's."""
    policy = POINTS.replace("name: Essee,", 'name: Essee, column: "Assignment: Essee (Real)",')
    graded = grade(policy, {"a.csv": "opiskelijanumero;etunimi;sukunimi;Assignment: Essee (Real)\n1;A;B;40\n"})
    assert graded.code == 0, graded.said
    assert "export-read" not in graded.rules


# ---- Moodle's worksheet ------------------------------------------------------------------------------------

WORKSHEET = """\
Identifier,Full name,ID number,Email address,Status,Group,Marker,Grade,Maximum grade,Grade can be changed,\
Last modified (submission),Last modified (grade),Feedback comments
Participant 1,Akseli Alias,0000101,a@example.com,Submitted for grading - Graded,,,4.00,5.00,Yes,\
"Monday, 11 March 2024, 11:59 PM","Monday, 11 March 2024, 2:14 PM",Hyvä
Participant 2,Berta Brava,0000102,b@example.com,Submitted for grading - 1 day 2 hours late - Graded,,,4.00,5.00,Yes,\
"Wednesday, March 13, 2024, 1:59 AM",-,
Participant 3,Celia Corva,0000103,c@example.com,No submission,,,,5.00,Yes,-,-,
Participant 4,Dora Delta,0000104,d@example.com,Submitted for grading,,,,5.00,Yes,"Monday, 11 March 2024, 9:00 AM",-,
Participant 5,Ella Erva,0000105,e@example.com,"Submitted for grading - Graded - Extension granted until: \
Friday, 15 March 2024, 11:59 PM",,,4.00,5.00,Yes,"Thursday, 14 March 2024, 9:00 AM",-,
Participant 6,Finn Fors,0000106,f@example.com,Draft (not submitted),,,,5.00,Yes,"Monday, 11 March 2024, 9:00 AM",-,
"""


def test_moodle_worksheet(grade: Any) -> None:
    graded = grade(GRADES, {"Grades-KH1-Essee-12345.csv": "\ufeff" + WORKSHEET.replace("\n", "\r\n")})
    assert graded.code == 0, graded.said
    assert graded.score("0000101", "essay") == "4"
    assert [graded.students[f"000010{n}"]["parts"]["essay"]["attempts"][0]["units"] for n in (1, 2, 5)] == [0, 2, 0]
    assert graded.score("0000103", "essay") == "missing"
    assert graded.score("0000104", "essay") == "ungraded"
    assert graded.students["0000105"]["parts"]["essay"]["attempts"][0]["due"].startswith("2024-03-15")
    assert graded.score("0000106", "essay") == "missing"
    assert "lateness-disagrees" not in graded.rules
    graded = grade(GRADES, {"arviointi.csv": WORKSHEET})
    assert "no-part" in graded.rules
    graded = grade(GRADES, {"arviointi.csv": WORKSHEET}, "--map", "Grade=essay")
    assert graded.score("0000101", "essay") == "4"


def test_moodle_worksheet_without_times_counts_the_words(grade: Any) -> None:
    text = (
        "Tunniste;Koko nimi;ID-numero;Sähköpostiosoite;Tila;Arvosana;Enimmäisarvosana;Arvosanaa voidaan muuttaa\n"
        "Osallistuja 1;A;1;a@example.com;Palautettu arvioitavaksi - 1 päivä 1 tunti myöhässä;4,00;5,00;Kyllä\n"
        "Osallistuja 2;B;2;b@example.com;Ei palautusta;;5,00;Kyllä\n"
        "Osallistuja 3;C;3;c@example.com;Palautettu arvioitavaksi;;5,00;Kyllä\n"
    )
    graded = grade(GRADES, {"Essee.csv": text})
    assert graded.code == 0, graded.said
    assert graded.students["1"]["parts"]["essay"]["attempts"][0]["units"] == 2
    assert graded.score("2", "essay") == "missing"
    assert graded.score("3", "essay") == "ungraded"
    assert graded.cells("time-from-lateness") == ["E1"]


def test_two_worksheets_are_told_apart_by_their_files(grade: Any) -> None:
    one = WORKSHEET
    two = WORKSHEET.replace("4.00,5.00", "3.00,5.00")
    roster = "opiskelijanumero\n" + "".join(f"000010{n}\n" for n in range(1, 7))
    files = {"roster.csv": roster, "a.csv": one, "b.csv": two}
    policy = GRADES.replace("retakes: 1", "retakes: 1, late: none")
    graded = grade(policy, files, "--map", "a.csv:Grade=essay", "--map", "b.csv:Grade=exam")
    assert graded.code == 0, graded.said
    assert graded.score("0000101", "essay") == "4"
    assert graded.score("0000101", "exam") == "3"


# ---- the other systems -------------------------------------------------------------------------------------


def test_blackboard(grade: Any) -> None:
    text = (
        '"Last Name"\t"First Name"\t"Username"\t"Student ID"\t"Last Access"\t"Availability"\t'
        '"Essee [Total Pts: 50 Score] |101"\t"Tentti [Total Pts: 20] |102"\t'
        '"Total [Total Pts: up to 1,070 Score] |103"\n'
        '"Alias"\t"Akseli"\t"aalias"\t"0000101"\t"12/16/2025 12:56"\t"Yes"\t"40.00"\t"12,5"\t"52.50"\n'
        '"Brava"\t"Berta"\t"bbrava"\t"0000102"\t""\t"No"\t"In Progress(5.00)"\t"Needs Grading"\t"5"\n'
        '"Preview"\t"User"\t"mteacher_previewuser"\t""\t""\t"Yes"\t"1"\t"1"\t"2"\n'
    )
    for name, raw in {"gc.csv": text.encode(), "gc_X.xls": text.encode("utf-16")}.items():
        graded = grade(POINTS, {name: raw})
        assert graded.code == 0, graded.said
        assert graded.score("0000101", "exam") == "12.5"
        assert graded.score("0000102", "essay") == "ungraded"
        assert graded.score("0000102", "exam") == "ungraded"
        assert graded.rules == {"export-read", "enrolment-status", "test-student", "unused-columns"}
    assert grade(POINTS, {"gc.csv": text.replace("Pts: 50 Score", "Pts: 60 Score")}).cells("export-max") == ["G1"]
    graded = grade(POINTS, {"gc.csv": text.replace("Pts: 50 Score", "Pts: 100 Percentage")})
    assert graded.score("0000101", "essay") == "20"


def test_a_weighted_grade_of_brightspace_is_no_percentage(grade: Any) -> None:
    for header, out_of in (
        ("Essee Weighted Grade", None),
        ("Essee Weighted Grade <Numeric MaxPoints:50 Weight:20>", 20),
    ):
        text = f"OrgDefinedId,Username,{header},End-of-Line Indicator\n#001,#ek,16,#\n"
        assert "no-part" in grade(POINTS, {"d2l.csv": text}).rules
        if out_of:
            made = grade(POINTS, {"d2l.csv": text}, "--map", f"{header}=essay")
            assert made.cells("export-max") == ["C1"]
        made = grade(POINTS, {"d2l.csv": text}, "--map", f"{header}=essay of 20")
        assert made.score("001", "essay") == "40"


def test_brightspace(grade: Any) -> None:
    text = (
        "OrgDefinedId,Username,Last Name,First Name,Essee Points Grade <Numeric MaxPoints:50 Weight:16.66666667 "
        "Category:A CategoryWeight:10>,Tentti Points Grade <Numeric MaxPoints:20>,A Subtotal Numerator,"
        "Calculated Final Grade Numerator,End-of-Line Indicator\n"
        "#0000101,#aalias,Alias,Akseli,40,12.5,,52,#\n#0000102,#bbrava,Brava,Berta,,,,,#\n"
    )
    graded = grade(POINTS, {"brightspace.csv": text})
    assert graded.code == 0, graded.said
    assert list(graded.students) == ["0000101", "0000102"]
    assert graded.score("0000101", "exam") == "12.5"
    assert graded.score("0000102", "exam") == "missing"
    assert "enrolment-status" not in graded.rules


def test_sakai(grade: Any) -> None:
    text = (
        '"Student ID";"Student Name";"Essee [50,0]";"* Essee";"Tentti [20,0]";"* Tentti"\n'
        '"aalias";"Alias, Akseli";"40,5";"hyvä";"null";"null"\n'
    )
    graded = grade(POINTS, {"sakai.csv": text})
    assert graded.code == 0, graded.said
    assert graded.score("aalias", "essay") == "40.5"
    assert graded.score("aalias", "exam") == "missing"
    roster = "opiskelijanumero;sähköposti;käyttäjätunnus\n0000101;a@example.com;aalias\n"
    graded = grade(POINTS, {"roster.csv": roster, "sakai.csv": text})
    assert graded.score("0000101", "essay") == "40.5"


def test_forms(grade: Any) -> None:
    rows: list[list[object]] = [
        [
            "Tunniste",
            "Aloitusaika",
            "Valmistumisaika",
            "Sähköposti",
            "Nimi",
            "Pisteet yhteensä",
            "Palaute",
            "Opiskelijanumero?",
        ],
        [1, "27.3.2024 9:00", "27.3.2024 9:40", "anonymous", "", 18, "", "0000101"],
        [2, "27.3.2024 9:00", "27.3.2024 9:45", "anonymous", "", 7.5, "", "0000102"],
    ]
    graded = grade(POINTS, {"Tentti(1-2).xlsx": xlsx(rows)})
    assert graded.code == 0, graded.said
    assert graded.score("0000101", "exam") == "18"
    assert graded.score("0000102", "exam") == "7.5"
    rows.append([3, "27.3.2024 9:00", "27.3.2024 9:50", "anonymous", "", 9, "", "0000102"])
    graded = grade(POINTS, {"Tentti(1-3).xlsx": xlsx(rows)})
    assert graded.code == 1
    assert graded.cells("duplicate-student") == ["Sheet!H4"]


def test_teams(grade: Any) -> None:
    text = (
        "First Name,Last Name,Email Address,Essee,Points,Feedback,Tentti,Points,Feedback\n"
        "Akseli,Alias,a@example.com,40,50,hyvä,12.5,20,\nBerta,Brava,b@example.com,,50,,18,20,\n"
    )
    graded = grade(POINTS, {"teams.csv": text})
    assert graded.code == 0, graded.said
    assert graded.score("a@example.com", "essay") == "40"
    assert graded.score("b@example.com", "exam") == "18"
    assert grade(POINTS, {"teams.csv": text.replace(",50,", ",60,")}).cells("export-max") == ["D1"]


def test_ossi_itslearning_markus_and_classroom(grade: Any) -> None:
    graded = grade(POINTS, {"ossi.csv": "studentNo,Essee,Muu\n0000101,40,1\n"})
    assert graded.score("0000101", "essay") == "40"
    text = "Nimi;Synkronointiavain;Essee 1;Keskiarvo\nAlias, Akseli;0000101;40;3\n".replace("Alias, ", "Alias ")
    graded = grade(POINTS, {"its.csv": text}, "--map", "Essee 1=essay")
    assert graded.code == 0, graded.said
    assert graded.score("0000101", "essay") == "40"
    graded = grade(POINTS, {"markus.csv": ",Essee,Tentti\nOut Of,50,20\nc5anthei,40,5\nc5granad,4,\n"})
    assert graded.code == 0, graded.said
    assert graded.score("c5anthei", "essay") == "40"
    assert grade(POINTS, {"markus.csv": ",Essee\nOut Of,40\nc5anthei,40\n"}).cells("export-max") == ["B1"]
    text = "Last Name,First Name,Email Address,Essee\nDate,,,2024-03-01\nPoints,,,50\nAlias,Akseli,a@example.com,40\n"
    graded = grade(POINTS, {"classroom.csv": text})
    assert graded.score("a@example.com", "essay") == "40"


# ---- who it is ---------------------------------------------------------------------------------------------

ROSTER = (
    "OPISKELIJANUMERO\tSUKUNIMI\tETUNIMET\tKUTSUMANIMI\tENSISIJAINEN SÄHKÖPOSTI\tILMOITTAUTUMISEN TILA\n"
    "0000101\tAlias\tAkseli Juhani\tAkseli\takseli@example.com\tVahvistettu\n"
    "0000102\tBrava\tBerta\tBerta\tberta@example.com\tPeruttu\n"
    "0000103\tCorva\tCelia\tCelia\tcelia@example.com\tVahvistettu\n"
)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8", "utf-8-sig"])
def test_roster_of_sisu(grade: Any, encoding: str) -> None:
    export = (
        "Email address,First name,Surname,Essee (Real)\nBerta@example.com,B.,Brava,30\nakseli@example.com,A,Alias,40\n"
    )
    graded = grade(POINTS, {"sisu.csv": ROSTER.encode(encoding), "moodle.csv": export})
    assert graded.code == 0, graded.said
    assert list(graded.students) == ["0000101", "0000102", "0000103"]
    assert graded.students["0000102"]["name"] == "Brava, Berta"
    assert graded.score("0000102", "essay") == "30"
    assert graded.score("0000103", "essay") == "missing"
    assert graded.cells("enrolment-status") == ["F3"]
    assert graded.cells("not-in-export") == ["A1"]
    assert "say what a column is" not in graded.said


def test_roster_of_peppi_with_lines_above_the_header(grade: Any) -> None:
    rows: list[list[object]] = [
        ["KH1-2024 Palvelumuotoilu"],
        ["Tulostettu 1.3.2024"],
        [],
        ["Opiskelijanumero", "Sukunimi", "Etunimi", "Sähköposti", "Saapumisryhmä", "Ilmoittautumisen tila"],
        ["0000101", "Alias", "Akseli", "akseli@example.com", "PMMWES22", "Hyväksytty"],
    ]
    sheet = "käyttäjätunnus;sähköposti;Essee\naalias;akseli@example.com;40\n"
    graded = grade(POINTS, {"peppi.xlsx": xlsx(rows), "b.csv": sheet})
    assert graded.code == 0, graded.said
    assert list(graded.students) == ["0000101"]
    assert graded.score("0000101", "essay") == "40"


def test_a_row_that_names_two_students(grade: Any) -> None:
    export = "Email address,First name,Surname,ID number,Essee (Real)\nberta@example.com,A,Alias,0000101,40\n"
    graded = grade(POINTS, {"sisu.csv": ROSTER, "moodle.csv": export})
    assert graded.code == 1
    assert graded.cells("two-candidates") == ["D2"]
    assert "0000101 → 0000101 (sisu.csv, A2); berta@example.com → 0000102 (sisu.csv, A3)" in graded.said


def test_a_number_that_the_roster_lacks_but_an_address_that_it_has(grade: Any) -> None:
    export = "Email address,First name,Surname,ID number,Essee (Real)\nberta@example.com,B,Brava,9999,40\n"
    graded = grade(POINTS, {"sisu.csv": ROSTER, "moodle.csv": export})
    assert graded.code == 0, graded.said
    assert graded.cells("other-number") == ["D2"]
    assert graded.score("0000102", "essay") == "40"


def test_late_added_students_and_lost_zeros_are_errors_that_say_so(grade: Any) -> None:
    export = "First name,Surname,ID number,Essee (Real)\nX,Y,0000999,40\nA,Alias,101,40\n"
    graded = grade(POINTS, {"sisu.csv": ROSTER, "moodle.csv": export})
    assert graded.cells("unknown-student") == ["C2", "C3"]
    assert "the roster has 0000101" in graded.said


def test_the_roster_is_the_sheet_with_numbers_whatever_its_place(grade: Any) -> None:
    export = "Email address,First name,Surname,Essee (Real)\nberta@example.com,B,Brava,30\n"
    graded = grade(POINTS, {"moodle.csv": export, "sisu.csv": ROSTER})
    assert list(graded.students) == ["0000101", "0000102", "0000103"]
    assert graded.score("0000102", "essay") == "30"


# ---- who has taken part in a peer review -------------------------------------------------------------------


def test_catme(grade: Any) -> None:
    text = (
        "ALIAS,   AKSELI     2     2024-06-02 19:07:08.064856\n"
        "BRAVA, BERTA\t14\t2024-06-04 23:10:58\nCORVA, CELIA     0     2024-06-02 18:27:28\n"
    )
    graded = grade(GRADES, {"sisu.csv": ROSTER, "catme.txt": text})
    assert graded.code == 0, graded.said
    assert [graded.score(f"000010{n}", "peer_review") for n in (1, 2, 3)] == ["passed", "passed", "missing"]
    assert grade(GRADES, {"catme.txt": text}).cells("sheet-header") == ["A1"]
    graded = grade(GRADES, {"sisu.csv": ROSTER, "catme.txt": text.replace("BRAVA", "BRAVO")})
    assert graded.cells("unknown-student") == ["A2"]
    twins = ROSTER + "0000104\tBrava\tBerta Maria\tBerta\tb2@example.com\tVahvistettu\n"
    graded = grade(GRADES, {"sisu.csv": twins, "catme.txt": text})
    assert graded.cells("two-candidates") == ["A2"]
    assert "0000102 (sisu.csv, A3); 0000104 (sisu.csv, A5)" in graded.said


TEAMMATES = (
    'Course,KH1\nSession Name,"Vertaisarviointi"\n\n\nQuestion 1,"Miten meni?"\n\n'
    "Team,Giver's Full Name,Giver's Last Name,Giver's Email,Recipient's Team,Recipient's Full Name,"
    "Recipient's Last Name,Recipient's Email,Feedback\n"
    '"R1","Akseli Alias","Alias","akseli@example.com","R1","Berta Brava","Brava","berta@example.com","Hyvin"\n'
    '"R1","Akseli Alias","Alias","akseli@example.com","R1","Celia Corva","Corva","celia@example.com","Hyvin"\n'
    '"Instructors","O","O","opettaja@example.com","R1","Celia Corva","Corva","celia@example.com","Hyvin"\n\n'
    "Question 2,Entä sitten?\nGiver's Name,Recipient's Name,Recipient's Email,Feedback\n"
    "Berta Brava,Akseli Alias,akseli@example.com,No jaa\n\n"
    "Participants who have not responded to any question\nName,Email\nCelia Corva,celia@example.com\n"
)


def test_teammates(grade: Any) -> None:
    graded = grade(GRADES, {"sisu.csv": ROSTER, "teammates.csv": TEAMMATES})
    assert graded.code == 0, graded.said
    assert [graded.score(f"000010{n}", "peer_review") for n in (1, 2, 3)] == ["passed", "passed", "missing"]
    found = {f["rule"]: f for f in graded.findings if f["file"] == "teammates.csv"}
    assert set(found) == {"rows-above-header", "rows-skipped", "unused-columns", "export-read"}
    assert found["rows-above-header"]["found"] == "7"
    assert found["rows-skipped"]["found"] == "10, 12"
    assert found["unused-columns"]["found"].split(", ") == [
        "Team", "Giver's Last Name", "Recipient's Team", "Recipient's Full Name", "Recipient's Last Name",
        "Recipient's Email", "Feedback", "Recipient's Name",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("option", "rule"),
    [
        ("Feedback=essay", "bad-score"),
        ("Nimi=name", "map-without-effect"),
        ("Recipient's Email=student", "two-candidates"),
    ],
)
def test_what_is_mapped_in_a_list_of_who_took_part_is_read_or_refused(grade: Any, option: str, rule: str) -> None:
    graded = grade(GRADES, {"sisu.csv": ROSTER, "teammates.csv": TEAMMATES}, "--map", option)
    assert graded.code == 1
    assert rule in graded.rules


def test_groups_of_a_list_of_who_took_part(grade: Any) -> None:
    graded = grade(GRADES, {"sisu.csv": ROSTER, "teammates.csv": TEAMMATES}, "--map", "Team=group")
    assert graded.students["0000101"]["group"] == "R1"


def test_catme_says_that_how_many_does_not_count(grade: Any) -> None:
    text = "ALIAS, AKSELI  14  2026-06-04 23:10:58\nBRAVA, BERTA  0  2026-06-04 23:10:58\n"
    graded = grade(GRADES, {"sisu.csv": ROSTER, "catme.txt": text})
    found = {f["rule"]: f for f in graded.findings if f["file"] == "catme.txt"}
    assert found["partly-read"]["found"] == "Responses"
    assert found["unused-columns"]["found"] == "Last change"


def test_lists_of_teams_give_groups(grade: Any) -> None:
    text = (
        'Course ID,"KH1"\nCourse Name,"X"\n\n\nTeam,Full Name,Last Name,Status,Email\n'
        "R1,Akseli Alias,Alias,Joined,akseli@example.com\n"
    )
    graded = grade(POINTS, {"sisu.csv": ROSTER, "students.csv": text, "b.csv": "opiskelijanumero;Essee\n0000101;40\n"})
    assert graded.code == 0, graded.said
    assert graded.students["0000101"]["group"] == "R1"
    text = (
        'Activity,Class\nX,Y\n\n"Name","Student ID","Email","Section","Team Name"\nAlias,0000101,a@example.com,S,R2\n'
    )
    graded = grade(POINTS, {"catme.csv": text, "b.csv": "opiskelijanumero;Essee\n0000101;40\n"})
    assert graded.students["0000101"]["group"] == "R2"


# ---- kurssi sheet --from -----------------------------------------------------------------------------------


def test_columns_are_proposed_and_can_be_pasted(grade: Any, capsys: pytest.CaptureFixture[str]) -> None:
    text = MOODLE.replace("Assignment: Essee", "Assignment: Essee 1").replace("Quiz: Tentti", "Quiz: Tentti")
    assert grade(POINTS, {"moodle.csv": text}).code == 0
    assert run(["--lang", "en", "sheet", "x.yaml", "--from", "moodle.csv"]) == 0
    out, said = capsys.readouterr()
    assert '  "Assignment: Essee 1 (Real)": essay' in out
    assert "nearly the same name: look at it" in out
    assert '  "Quiz: Tentti (Real)": exam' in out
    assert '# "Course total (Real)"' in out
    assert "1 column is only called nearly as a part is" in said
    section = "".join(f"{line}\n" for line in out.splitlines() if not line.startswith("# "))
    graded = grade(POINTS + section, {"moodle.csv": text})
    assert graded.score("0000101", "essay") == "40"
    assert graded.score("0000101", "exam") == "12.5"


def test_a_proposal_says_what_the_points_are_out_of(grade: Any, capsys: pytest.CaptureFixture[str]) -> None:
    grade(POINTS, {"canvas.csv": CANVAS.replace(",50.00,20.00,", ",100.00,20.00,")})
    assert run(["--lang", "en", "sheet", "x.yaml", "--from", "canvas.csv"]) == 0
    assert '"Essee (501)": essay of 100' in capsys.readouterr().out


def test_a_proposal_for_a_plain_table_and_a_sheet_without_parts(grade: Any, capsys: pytest.CaptureFixture[str]) -> None:
    grade(POINTS, {"a.csv": "opiskelijanumero;Esee;Kommentti\n1;40;hyvä\n"})
    assert run(["--lang", "en", "sheet", "x.yaml", "--from", "a.csv"]) == 0
    out = capsys.readouterr().out
    assert '"Esee": essay' in out
    assert '# "Kommentti"' in out
    assert "# no column for: Tentti" in out
    Path("b.csv").write_bytes(b"\0\0\0")
    assert run(["sheet", "x.yaml", "--from", "b.csv"]) == 1
    assert run(["sheet", "x.yaml", "--from", "none.csv"]) == 2


def test_an_entry_workbook_filled_from_an_export(grade: Any, capsys: pytest.CaptureFixture[str]) -> None:
    grade(GRADES, {"gradescope.csv": GRADESCOPE, "sisu.csv": ROSTER + "0000104\tDelta\tDora\tDora\td@example.com\t\n"})
    args = ["--lang", "en", "sheet", "x.yaml", "--from", "gradescope.csv", "--roster", "sisu.csv", "-o", "entry.xlsx"]
    assert run(args) == 0, capsys.readouterr().err
    assert "with 4 students" in capsys.readouterr().err
    one = grade(GRADES, {"gradescope.csv": GRADESCOPE})
    graded = grade(GRADES, {"entry.xlsx": Path("entry.xlsx").read_bytes()})
    assert graded.code == 0, graded.said
    for number in ("0000101", "0000102", "0000103", "0000104"):
        before, after = one.students[number]["parts"]["essay"], graded.students[number]["parts"]["essay"]
        assert [before["state"], before["value"]] == [after["state"], after["value"]]
    assert graded.students["0000101"]["name"] == "Alias, Akseli Juhani"


def test_a_score_that_no_cell_can_hold_is_not_written(grade: Any, capsys: pytest.CaptureFixture[str]) -> None:
    text = CANVAS.replace(",50.00,20.00,", ",30.00,20.00,").replace("40.00,12.50", "7.00,12.50")
    grade(POINTS, {"canvas.csv": text})
    args = ["--lang", "en", "sheet", "x.yaml", "--from", "canvas.csv", "--map", "Essee=essay of 30", "-o", "e.xlsx"]
    assert run(args) == 1
    assert "Essee of 0000101 is 35/3, which no cell can hold" in capsys.readouterr().err
    assert not Path("e.xlsx").exists()


def test_layouts_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    from kurssi.sheets.layouts import LAYOUTS

    assert run(["--lang", "fi", "sheet", "--layouts"]) == 0
    out = capsys.readouterr().out
    assert {line.split()[0] for line in out.splitlines() if not line.startswith(" ")} == {
        "plain",
        *(layout.name for layout in LAYOUTS),
    }
    assert run(["sheet", "--map", "A=b"]) == 2
