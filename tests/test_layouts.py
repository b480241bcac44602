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
        return re.findall(rf"\[{rule}\]: .*\n --> .*(?:row|rivi) \d+, (?:cell|solu) (\S+)", self.said)


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
        students = {s["student"]: s for s in json.loads(out)["students"]} if out.strip() else {}
        return Graded(code, students, said)

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
    assert graded.rules == {"export-read", "unused-columns"}


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
        "A,Alias,1,80.00 %,39.50,B,1\n"
    )
    graded = grade(POINTS, {"moodle.csv": text})
    assert graded.code == 0, graded.said
    assert graded.score("1", "essay") == "39.5"
    graded = grade(POINTS, {"moodle.csv": text}, "--map", "Essee (Percentage)=essay")
    assert graded.score("1", "essay") == "40"


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
    assert graded.rules <= {"export-read", "unused-columns", "part-without-column"}
    text = GRADESCOPE.replace("B,3.0,5.0", "B,3.0,6.0").replace("A,3.0,5.0", "A,3.0,6.0")
    assert grade(GRADES, {"gradescope.csv": text}).cells("export-max") == ["G3"]


def test_lateness_that_disagrees_with_the_deadline(grade: Any) -> None:
    graded = grade(GRADES, {"gradescope.csv": GRADESCOPE.replace("84:32:26,84", "00:00:00,84")})
    assert graded.code == 0, graded.said
    assert graded.cells("lateness-disagrees") == ["I3"]
    assert graded.students["0000102"]["parts"]["essay"]["attempts"][0]["units"] == 4
    assert "says on time, but by the deadline 2024-03-15 12:31:26+02:00 is 84:32:26 late" in graded.said


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
    assert graded.code == 0, graded.said
    assert graded.cells("lateness-unknown") == ["E3", "E4"]


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


def test_mapping_a_plain_table(grade: Any) -> None:
    text = 'opiskelijanumero;"Tehtävä 1 (Pisteet)";Koe\n0000101;40;90\n'
    graded = grade(POINTS, {"a.csv": text}, "--map", "Tehtävä 1 (Pisteet)=essay", "--map", "Koe=exam as percent")
    assert graded.code == 0, graded.said
    assert graded.score("0000101", "essay") == "40"
    assert graded.score("0000101", "exam") == "18"


def test_mapping_that_goes_nowhere(grade: Any, capsys: pytest.CaptureFixture[str]) -> None:
    graded = grade(POINTS, {"moodle.csv": MOODLE}, "--map", "Esee=essay")
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
    assert "bad-score" in graded.rules or "sheet-header" in graded.rules or "duplicate-header" in graded.rules
    text = "Student;Email address;Essee\nA;a@example.com;40\n"
    assert grade(POINTS, {"x.csv": text}, "--layout", "x.csv=canvas").code == 1
    assert grade(POINTS, {"x.csv": text}, "--layout", "y.csv=canvas").code == 0


def test_a_table_of_ones_own_stays_plain(grade: Any) -> None:
    """Headers that the policy knows make a plain table, even where they look like a system's."""
    policy = POINTS.replace("name: Essee,", 'name: Essee, column: "Assignment: Essee (Real)",')
    graded = grade(policy, {"a.csv": "opiskelijanumero;etunimi;sukunimi;Assignment: Essee (Real)\n1;A;B;40\n"})
    assert graded.code == 0, graded.said
    assert "export-read" not in graded.rules
