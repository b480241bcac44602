"""Grades on their way back: the file made from an export, and what the course holds when its importer has taken it."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
import pytest

import importers
from importers import Item
from kurssi.cli import run

POLICY = """kurssi: 1
course: {code: KH1, name: Palvelumuotoilu, credits: 5}
implementation: {id: KH1-2024, language: en}
assessment:
  evaluation_scale: H-5
  parts:
    - {id: essay, name: Essee, weight: 50, graded: points, max: 10, linear: {1: 50 %, 5: 90 %}}
    - {id: exam, name: Tentti, weight: 50}
"""
SCORES = """opiskelijanumero;sukunimi;etunimi;sähköposti;Essee;Tentti
0000101;Alias;Åke;a@example.com;9;4
0000102;Brava;Berta;b@example.com;6;3
0000103;Corva;Celia;c@example.com;8;?
0000104;Dora;Delta;d@example.com;4;5
0000105;Ella;Erva;e@example.com;7;5
"""
GRADES = {"0000101": "5", "0000102": "3", "0000104": "0", "0000105": "4"}
"""What kurssi makes of the scores: the third student's exam is not graded."""


class Done(NamedTuple):
    """What one run said."""

    code: int
    out: str
    err: str


@pytest.fixture
def hand_back(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Any:
    """``hand_back("moodle", {"m.csv": "…"}, "-o", "back.csv")``: grades the class above with the export beside it."""
    monkeypatch.chdir(tmp_path)
    Path("x.yaml").write_text(POLICY, "utf-8")
    Path("s.csv").write_text(SCORES, "utf-8")

    def called(list_: str, files: dict[str, str | bytes], *more: str, code: int = 0) -> Done:
        for name, content in files.items():
            Path(name).write_bytes(content.encode() if isinstance(content, str) else content)
        got = run(["--lang", "en", "grade", "x.yaml", "s.csv", *files, "--list", list_, *more])
        out, err = capsys.readouterr()
        assert got == code, err
        return Done(got, out, err)

    return called


# ---- Moodle's gradebook ------------------------------------------------------------------------------------

MOODLE = """\
"First name",Surname,"ID number","Email address","Kurssiarvosana (Real)","Kurssiarvosana (Feedback)",\
"Assignment: Muu (Real)","Course total (Real)","Last downloaded from this course"
Åke,Alias,0000101,a@example.com,3.00,Hyvä!,7.00,9.00,1700000000
Berta,Brava,0000102,b@example.com,3.00,,7.00,9.00,1700000000
Celia,Corva,0000103,c@example.com,2.00,,7.00,9.00,1700000000
Delta,Dora,0000104,d@example.com,-,,-,-,1700000000
Erva,Ella,0000105,e@example.com,-,,-,-,1700000000
"""


def course() -> Item:
    """The grade item as the export above has it."""
    return Item(5, {"0000101": "3.00", "0000102": "3.00", "0000103": "2.00"}, {"0000101": "Hyvä!"})


def test_moodle(hand_back: Any) -> None:
    done = hand_back("moodle", {"m.csv": MOODLE}, "--into", "Kurssiarvosana", "-o", "back.csv")
    item = course()
    importers.moodle(Path("back.csv").read_bytes(), ",", "ID number", {"Kurssiarvosana (Real)": item})
    assert {who: float(text) for who, text in item.grades.items()} == {
        "0000101": 5, "0000102": 3, "0000103": 2, "0000104": 0, "0000105": 4,
    }  # fmt: skip
    assert item.feedback == {"0000101": "Hyvä!"}
    assert "Muu" not in Path("back.csv").read_text("utf-8")  # nothing else is overwritten by what it was
    lines = [line.split() for line in done.out.splitlines()]
    assert ["0000101", "Alias,", "Åke", "3.00", "5"] in lines
    assert not any(line[:1] == ["0000102"] for line in lines)
    assert [line for line in lines if line and line[0] in ("new", "overwritten", "unchanged")] == [
        ["new", "2"], ["overwritten", "1"], ["unchanged", "1"],
    ]  # fmt: skip
    assert "left out, because they have no grade yet: 0000103" in done.err
    assert "does not say what “Kurssiarvosana (Real)” is out of: see in Moodle that it is 5" in done.err


def test_moodle_keeps_what_was_graded_since(hand_back: Any) -> None:
    hand_back("moodle", {"m.csv": MOODLE}, "--into", "Kurssiarvosana", "-o", "back.csv")
    item = course()
    item.graded_at["0000102"] = 1700000001
    with pytest.raises(importers.Refused, match="gradealreadyupdated"):
        importers.moodle(Path("back.csv").read_bytes(), ",", "ID number", {"Kurssiarvosana (Real)": item})


def test_feedback_goes_with_a_grade_and_over_no_other(hand_back: Any) -> None:
    done = hand_back("moodle", {"m.csv": MOODLE}, "--into", "Kurssiarvosana", "--with-comments", "-o", "back.csv")
    item = course()
    columns = {"Kurssiarvosana (Feedback)": "Kurssiarvosana (Real)"}
    importers.moodle(Path("back.csv").read_bytes(), ",", "Email address", {"Kurssiarvosana (Real)": item}, columns)
    assert item.feedback["a@example.com"] == "Hyvä!"
    assert item.feedback["b@example.com"] == "Essee 2, Tentti 3; grade 3"
    assert item.feedback["d@example.com"].startswith("Essee ")
    assert "c@example.com" not in item.feedback
    assert "1 student has feedback there already" in done.err


def test_feedback_as_older_exports_name_it(hand_back: Any) -> None:
    """``Feedback: Essay`` beside ``Assignment: Essay``, as in the export that Moodle tests its own import with."""
    text = (
        '"First name",Surname,"ID number",Institution,Department,"Email address","Assignment: Kurssi", '
        '"Feedback: Kurssi","Course total","Last downloaded from this course"\n'
        'Åke,Alias,,"Moodle HQ","Rock on!",a@example.com,2.00,"We welcome feedback",56.00,1700000000\n'
        'Berta,Brava,,"Moodle HQ","Rock on!",b@example.com,3.00,,75.00,1700000000\n'
    )
    hand_back("moodle", {"m.csv": text}, "--into", "Kurssi", "--with-comments", "-o", "back.csv")
    item = Item(5)
    columns = {"Feedback: Kurssi": "Assignment: Kurssi"}
    importers.moodle(Path("back.csv").read_bytes(), ",", "Email address", {"Assignment: Kurssi": item}, columns)
    assert item.grades == {"a@example.com": "5.00", "b@example.com": "3.00"}
    assert item.feedback == {"a@example.com": "We welcome feedback", "b@example.com": "Essee 2, Tentti 3; grade 3"}


def test_moodle_takes_no_total(hand_back: Any) -> None:
    done = hand_back("moodle", {"m.csv": MOODLE}, "--into", "Course total (Real)", "-o", "back.csv", code=1)
    assert "Moodle takes no totals" in done.err
    assert not Path("back.csv").exists()


def test_which_column_is_asked_and_not_guessed(hand_back: Any) -> None:
    done = hand_back("moodle", {"m.csv": MOODLE}, code=1)
    assert "--into HEADER" in done.err
    assert "Kurssiarvosana (Real)" in done.err
    assert "Assignment: Muu (Real)" in done.err
    done = hand_back("moodle", {"m.csv": MOODLE}, "--into", "Arvosana", code=1)
    assert "no column of m.csv is called “Arvosana”" in done.err


def test_a_column_out_of_more_is_refused_by_what_stands_in_it(hand_back: Any) -> None:
    done = hand_back("moodle", {"m.csv": MOODLE}, "--into", "Assignment: Muu (Real)", code=1)
    assert "has 7.00 for 0000101, and the grade is out of 5" in done.err


def test_an_export_in_another_language_encoding_and_delimiter(hand_back: Any) -> None:
    text = (
        "Etunimi;Sukunimi;Tunnistenumero;Sähköpostiosoite;Kurssiarvosana (Todellinen)\r\n"
        "Åke;Alias;0000101;a@example.com;3,00\r\n"
        "Berta;Brava;0000102;b@example.com;-\r\n"
    )
    hand_back("moodle", {"m.csv": text.encode("cp1252")}, "-o", "back.csv")
    assert Path("back.csv").read_bytes().decode("cp1252") == (
        "Etunimi;Sukunimi;Tunnistenumero;Sähköpostiosoite;Kurssiarvosana (Todellinen)\r\n"
        "Åke;Alias;0000101;a@example.com;5\r\n"
        "Berta;Brava;0000102;b@example.com;3\r\n"
    )


def test_of_a_workbook_a_table_of_text_is_made(hand_back: Any) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    for line in MOODLE.replace('"', "").splitlines():
        book.active.append(line.split(","))
    book.save("m.xlsx")
    hand_back("moodle", {"m.xlsx": Path("m.xlsx").read_bytes()}, "--into", "Kurssiarvosana", "-o", "back.csv")
    item = course()
    importers.moodle(Path("back.csv").read_bytes(), ",", "ID number", {"Kurssiarvosana (Real)": item})
    assert item.grades["0000101"] == "5.00"


# ---- a part, and what is read -----------------------------------------------------------------------------------


def test_a_part(hand_back: Any) -> None:
    """What a part came to goes into a column of its own, out of what the part is out of."""
    text = MOODLE.replace("Kurssiarvosana", "Esseen arvosana")
    done = hand_back("moodle", {"m.csv": text}, "--into", "Esseen arvosana", "--part", "Essee", "-o", "back.csv")
    item = Item(5)
    importers.moodle(Path("back.csv").read_bytes(), ",", "ID number", {"Esseen arvosana (Real)": item})
    assert item.grades == {
        "0000101": "5.00", "0000102": "2.00", "0000103": "4.00", "0000104": "0.00", "0000105": "3.00",
    }  # fmt: skip
    assert "there is no part x" in hand_back("moodle", {"m.csv": text}, "--part", "x", code=2).err
    assert done.code == 0


def test_a_grade_is_not_written_where_a_score_is_read(hand_back: Any, capsys: pytest.CaptureFixture[str]) -> None:
    text = MOODLE.replace("Assignment: Muu", "Assignment: Essee").replace(",7.00,", ",9.00,")
    Path("s.csv").write_text("opiskelijanumero;Tentti\n" + "".join(f"000010{n};4\n" for n in range(1, 6)), "utf-8")
    done = hand_back("moodle", {"m.csv": text}, "--into", "Assignment: Essee (Real)", code=1)
    assert "is where the score of Essee is read from" in done.err
    done = hand_back("moodle", {"m.csv": text}, "--part", "essay", code=1)
    assert "is where the score of Essee is read from" in done.err
    assert capsys.readouterr().out == ""


# ---- Moodle's worksheet ------------------------------------------------------------------------------------------

WORKSHEET = """\
Identifier,Full name,ID number,Email address,Status,Grade,Maximum grade,Grade can be changed,\
Last modified (submission),Last modified (grade),Feedback comments
Participant 11,Åke Alias,0000101,a@example.com,Submitted,4.00,5.00,Yes,-,"Monday, 11 March 2024, 2:14 PM",Hyvä
Participant 12,Berta Brava,0000102,b@example.com,Submitted,,5.00,Yes,-,-,
Participant 13,Celia Corva,0000103,c@example.com,Submitted,2.00,5.00,Yes,-,-,Odota
Participant 14,Delta Dora,0000104,d@example.com,No submission,,5.00,Yes,-,-,
"""
PEOPLE = {f"Participant 1{n}": f"000010{n}" for n in range(1, 6)}


def test_moodle_worksheet(hand_back: Any) -> None:
    hand_back("moodle-worksheet", {"w.csv": "\ufeff" + WORKSHEET}, "--with-comments", "-o", "back.csv")
    item = Item(5, {"0000101": "4.00", "0000103": "2.00"}, {"0000101": "Hyvä", "0000103": "Odota"})
    taken = importers.moodle_worksheet(Path("back.csv").read_bytes(), item, PEOPLE)
    assert taken == ["0000101", "0000102", "0000104"]
    assert item.grades == {"0000101": "5", "0000102": "3", "0000103": "2.00", "0000104": "0"}
    assert item.feedback["0000101"] == "Hyvä"
    assert item.feedback["0000103"] == "Odota"
    assert item.feedback["0000102"].endswith("grade 3")
    since = importers.moodle_worksheet(Path("back.csv").read_bytes(), Item(5), PEOPLE, {"0000101": "later"})
    assert "0000101" not in since


def test_an_assignment_with_a_scale_takes_names_of_grades(hand_back: Any) -> None:
    done = hand_back("moodle-worksheet", {"w.csv": WORKSHEET.replace("5.00", "-3")}, "-o", "back.csv")
    item = Item(None, scale=("H", "1", "2", "3", "4", "5"))
    importers.moodle_worksheet(Path("back.csv").read_bytes(), item, PEOPLE)
    assert item.grades == {"0000101": "5", "0000102": "3", "0000104": "0"} | {"0000104": item.grades["0000104"]}
    assert "takes names of grades" in done.err


def test_an_assignment_out_of_twenty_is_refused(hand_back: Any) -> None:
    done = hand_back("moodle-worksheet", {"w.csv": WORKSHEET.replace("5.00", "20.00")}, "-o", "back.csv", code=1)
    assert "say with --into" in done.err
    done = hand_back("moodle-worksheet", {"w.csv": WORKSHEET.replace("5.00", "20.00")}, "--into", "Grade", code=1)
    assert "“Grade” is out of 20, and the grade is out of 5" in done.err


# ---- Canvas -------------------------------------------------------------------------------------------------------

CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,Kurssi (501),Muu (502),Final Score
,,,,,Manual Posting,,
    Points Possible,,,,,5.00,20.00,(read only)
"Alias, Åke",9001,0000101,aalias,PMM,3.00,10.00,50.00
"Brava, Berta",9002,0000102,bbrava,PMM,EX,18,90.00
"Corva, Celia",9003,0000103,ccorva,PMM,2.00,18,90.00
"Student, Test",9999,,abcdef123,PMM,1.00,1.00,5.00
"Dora, Delta",9004,0000104,ddora,PMM,,18,90.00
"""
CANVAS_PEOPLE = {f"900{n}": f"000010{n}" for n in range(1, 6)}


def test_canvas(hand_back: Any) -> None:
    done = hand_back("canvas", {"c.csv": CANVAS}, "-o", "back.csv")
    items = {"501": Item(5, {"0000101": "3.00", "0000103": "2.00"})}
    importers.canvas(Path("back.csv").read_bytes(), items, CANVAS_PEOPLE)
    assert items["501"].grades == {"0000101": "5", "0000102": "3", "0000103": "2.00", "0000104": "0"}
    assert "EX" in done.out  # what would be overwritten is seen
    assert "Into “Kurssi (501)” of c.csv" in done.out


def test_canvas_out_of_another_number(hand_back: Any) -> None:
    done = hand_back("canvas", {"c.csv": CANVAS}, "--into", "Muu", "-o", "back.csv", code=1)
    assert "“Muu (502)” is out of 20, and the grade is out of 5" in done.err
    assert not Path("back.csv").exists()
    done = hand_back("canvas", {"c.csv": CANVAS}, "--into", "Final Score", code=1)
    assert "Canvas computes it by itself" in done.err


def test_canvas_with_semicolons(hand_back: Any) -> None:
    rows = csv.reader(io.StringIO(CANVAS))
    stream = io.StringIO()
    csv.writer(stream, delimiter=";").writerows([cell.replace(".", ",") for cell in row] for row in rows)
    text = stream.getvalue()
    hand_back("canvas", {"c.csv": text}, "-o", "back.csv", "--part", "exam", "--into", "Kurssi")
    items = {"501": Item(5)}
    importers.canvas(Path("back.csv").read_bytes(), items, CANVAS_PEOPLE)
    assert items["501"].grades == {"0000101": "4", "0000102": "3", "0000104": "5"}


def test_a_sample_of_canvas(hand_back: Any) -> None:
    """A course of an assignment without a number: Canvas would make a new one, so nothing is written."""
    text = 'Student,ID,Section,Assignment 1,Final Score\n    Points Possible,,,5,\n"Blend, Bill",0000101,My Course,-,\n'
    done = hand_back("canvas", {"c.csv": text}, "--into", "Assignment 1", code=1)
    assert "Canvas would make a new one" in done.err


# ---- Brightspace, Blackboard, itslearning ---------------------------------------------------------------------------

BRIGHTSPACE = """\
OrgDefinedId,Username,Last Name,First Name,Email,\
Kurssi Points Grade <Numeric MaxPoints:5 Weight:100>,Taso Grade Symbol <Selectbox MaxPoints:100>,\
Adjusted Final Grade Numerator,Adjusted Final Grade Denominator,End-of-Line Indicator
#0000101,aalias,Alias,Åke,a@example.com,3,,,,#
#0000102,bbrava,Brava,Berta,b@example.com,,,,,#
#0000103,ccorva,Corva,Celia,c@example.com,2,,,,#
"""


def test_brightspace(hand_back: Any) -> None:
    hand_back("brightspace", {"b.csv": BRIGHTSPACE}, "--into", "Kurssi", "-o", "back.csv")
    items = {"Kurssi": Item(5, {"0000101": "3", "0000103": "2"})}
    importers.brightspace(Path("back.csv").read_bytes(), ",", items)
    assert items["Kurssi"].grades == {"0000101": "5", "0000102": "3", "0000103": "2"}


def test_brightspace_final_grade_with_what_it_is_out_of(hand_back: Any) -> None:
    hand_back("brightspace", {"b.csv": BRIGHTSPACE}, "--into", "Adjusted Final Grade Numerator", "-o", "back.csv")
    final = Item(None)
    importers.brightspace(Path("back.csv").read_bytes(), ",", {}, final)
    assert final.grades == {"0000101": "5/5", "0000102": "3/5"}


BLACKBOARD = (
    '"Last Name"\t"First Name"\t"Username"\t"Student ID"\t"Last Access"\t"Availability"\t'
    '"Kurssi [Total Pts: 5 Score] |101"\t"Muu [Total Pts: 100 Percentage] |102"\t"Grading Notes"\t"Notes Format"\t'
    '"Feedback to User"\t"Feedback Format"\n'
    '"Alias"\t"Åke"\t"aalias"\t"0000101"\t"x"\t"Yes"\t"3.00"\t"80"\t""\t""\t""\t""\n'
    '"Brava"\t"Berta"\t"bbrava"\t"0000102"\t"x"\t"Yes"\t""\t"80"\t""\t""\t"Hyvä"\t"HTML"\n'
    '"Corva"\t"Celia"\t"ccorva"\t"0000103"\t"x"\t"Yes"\t"2.00"\t"80"\t""\t""\t""\t""\n'
)


def test_blackboard(hand_back: Any) -> None:
    raw = BLACKBOARD.encode("utf-16")
    hand_back("blackboard", {"b.xls": raw}, "--with-comments", "-o", "back.xls")
    item = Item(5, {"aalias": "3.00", "ccorva": "2.00"}, {"bbrava": "Hyvä"})
    importers.blackboard(Path("back.xls").read_bytes(), {"101": item})
    assert item.grades == {"aalias": "5", "bbrava": "3", "ccorva": "2.00"}
    assert item.feedback["bbrava"] == "Hyvä"
    assert item.feedback["aalias"].endswith("grade 5")
    assert Path("back.xls").read_bytes()[:2] == b"\xff\xfe"
    assert Path("back.xls").read_bytes().decode("utf-16").startswith('"Last Name"\t"First Name"\t"Username"')
    done = hand_back("blackboard", {"b.xls": raw}, "--into", "Muu", code=1)
    assert "it shows percentages" in done.err


def test_itslearning(hand_back: Any) -> None:
    text = "Nimi;Synkronointiavain;Opiskelijanumero;Koe\nBrava;k2;0000102;x\nAlias;k1;0000101;y\n"
    done = hand_back("itslearning-table", {"i.csv": text}, "-o", "back.csv")
    assert Path("back.csv").read_bytes().decode("utf-8") == (
        "Nimi;Synkronointiavain;Opiskelijanumero;grade\nBrava;k2;0000102;3\nAlias;k1;0000101;5\n"
    )
    assert "documents no import" in done.err


# ---- what was handed on before ---------------------------------------------------------------------------------------


def test_an_export_older_than_what_was_locked_is_refused(hand_back: Any, capsys: pytest.CaptureFixture[str]) -> None:
    old = MOODLE.replace("a@example.com,3.00", "a@example.com,2.00")
    lock = ["--lang", "en", "lock", "x.yaml", "s.csv", "-o", "grades.lock"]
    assert run(lock) == 0
    capsys.readouterr()
    arguments = ("--into", "Kurssiarvosana", "-o", "back.csv")
    hand_back("moodle", {"m.csv": old}, *arguments)  # what was locked is handed on
    # A correction later, from the same old export: Moodle has 5 for Alias by now, if not something else.
    Path("s.csv").write_text(SCORES.replace("Alias;Åke;a@example.com;9;4", "Alias;Åke;a@example.com;6;4"), "utf-8")
    before = Path("back.csv").read_bytes()
    done = hand_back("moodle", {"m.csv": old}, *arguments, code=1)
    assert "m.csv is older than a grade that was handed on" in done.err
    assert "0000101: 5 handed on, 2.00 in the export, 3 now" in done.err
    assert Path("back.csv").read_bytes() == before
    newer = MOODLE.replace("a@example.com,3.00", "a@example.com,5.00")
    hand_back("moodle", {"m.csv": newer}, *arguments)
    Path("back.csv").unlink()
    hand_back("moodle", {"m.csv": old}, *arguments, code=1)
    hand_back("moodle", {"m.csv": old}, *arguments, "--force")


def test_an_export_older_than_the_file_before_is_refused(hand_back: Any) -> None:
    arguments = ("--into", "Kurssiarvosana", "-o", "back.csv")
    hand_back("moodle", {"m.csv": MOODLE}, *arguments)
    hand_back("moodle", {"m.csv": MOODLE}, *arguments)  # the same again is the same
    Path("s.csv").write_text(SCORES.replace("0000105;Ella;Erva;e@example.com;7;5", "0000105;E;E;e@example.com;9;5"))
    done = hand_back("moodle", {"m.csv": MOODLE}, *arguments, code=1)
    assert "back.csv" in done.err
    assert "0000105: 4 handed on, - in the export, 5 now" in done.err


def test_a_grade_that_was_changed_in_moodle_since_is_not_overwritten(hand_back: Any) -> None:
    hand_back("moodle-worksheet", {"w.csv": WORKSHEET}, "-o", "back.csv")
    now = '"Tuesday, 12 March 2024, 9:00 AM"'
    # What was handed on is there, and the times with it: nobody has changed anything.
    there = WORKSHEET.replace('4.00,5.00,Yes,-,"Monday, 11 March 2024, 2:14 PM"', f"5.00,5.00,Yes,-,{now}")
    there = there.replace("b@example.com,Submitted,,5.00,Yes,-,-", f"b@example.com,Submitted,3.00,5.00,Yes,-,{now}")
    hand_back("moodle-worksheet", {"w.csv": there}, "-o", "back.csv")
    before = Path("back.csv").read_bytes()
    by_hand = there.replace(f"3.00,5.00,Yes,-,{now}", '4.00,5.00,Yes,-,"Wednesday, 13 March 2024, 9:00 AM"')
    done = hand_back("moodle-worksheet", {"w.csv": by_hand}, "-o", "back.csv", code=1)
    assert "back.csv: a grade was changed in Moodle after it was handed on" in done.err
    assert "0000102: 3 handed on, 4.00 there since 2024-03-13 09:00, 3 now" in done.err
    assert "take the change over into the sheets or overrides.csv; --force where it is to be overwritten" in done.err
    assert Path("back.csv").read_bytes() == before
    # The grade that came from elsewhere, and stands in the sheets by now.
    Path("overrides.csv").write_text("student,grade,reason,by,date\n0000102,4,oikaisu,N. N.,2024-03-13\n", "utf-8")
    hand_back("moodle-worksheet", {"w.csv": by_hand}, "-o", "back.csv")
    Path("overrides.csv").unlink()
    hand_back("moodle-worksheet", {"w.csv": there}, "-o", "back.csv", "--force")
    hand_back("moodle-worksheet", {"w.csv": by_hand}, "-o", "back.csv", "--force")


def test_a_grade_that_was_changed_after_the_results_were_told(
    hand_back: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["--lang", "en", "lock", "x.yaml", "s.csv", "-o", "grades.lock", "--told", "2024-03-10"]) == 0
    capsys.readouterr()
    done = hand_back("moodle-worksheet", {"w.csv": WORKSHEET}, code=1)
    assert "grades.lock: a grade was changed in Moodle after it was handed on" in done.err
    assert "0000101: 5 handed on, 4.00 there since 2024-03-11 14:14, 5 now" in done.err
    assert run(["--lang", "en", "lock", "x.yaml", "s.csv", "-o", "grades.lock", "--told", "2024-03-11"]) == 0
    capsys.readouterr()
    hand_back("moodle-worksheet", {"w.csv": WORKSHEET})  # on the same day nobody knows which was first


def test_an_export_that_was_downloaded_before_the_last_one_is_refused(hand_back: Any) -> None:
    arguments = ("--into", "Kurssiarvosana", "-o", "back.csv")
    hand_back("moodle", {"m.csv": MOODLE}, *arguments)
    done = hand_back("moodle", {"m.csv": MOODLE.replace("1700000000", "1699990000")}, *arguments, code=1)
    assert "back.csv: m.csv was downloaded from Moodle at 2023-11-14 19:26:40+00:00, before the export that" in done.err
    hand_back("moodle", {"m.csv": MOODLE.replace("1700000000", "1700000001")}, *arguments)
    hand_back("moodle", {"m.csv": MOODLE}, *arguments, "--force")


# ---- the rest -------------------------------------------------------------------------------------------------------


def test_what_is_shown_as_json_and_what_is_printed_as_csv(hand_back: Any) -> None:
    done = hand_back("canvas", {"c.csv": CANVAS}, "--format", "json")
    found = json.loads(done.out)
    assert found["list"] == "canvas"
    assert found["rows"][0] == {"student": "0000101", "name": "Alias, Åke", "old": "3.00", "new": "5"}
    assert found["figures"] == {"new": "1", "changed": "2", "same": "0", "left_out": "1"}
    assert "nothing is written: -o FILE.csv" in done.err
    printed = hand_back("canvas", {"c.csv": CANVAS}, "--format", "csv").out
    hand_back("canvas", {"c.csv": CANVAS}, "-o", "back.csv")
    assert Path("back.csv").read_text("utf-8") == printed


def test_wrong_usage(hand_back: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert "no sheet here is an export of Canvas" in hand_back("canvas", {"m.csv": MOODLE}, code=1).err
    assert "only as .csv" in hand_back("moodle", {"m.csv": MOODLE}, "-o", "back.xlsx", code=2).err
    both = hand_back("canvas", {"c.csv": CANVAS, "d.csv": CANVAS}, code=1)
    assert "several sheets are exports of Canvas" in both.err
    assert run(["--lang", "en", "grade", "x.yaml", "s.csv", "--into", "x"]) == 2
    assert "belong to a list made from an export" in capsys.readouterr().err
    assert run(["--lang", "en", "grade", "x.yaml", "s.csv", "--list", "peppi", "--part", "exam"]) == 2


def test_a_name_never_becomes_a_formula(hand_back: Any) -> None:
    hand_back("canvas", {"c.csv": CANVAS.replace('"Brava, Berta"', '"=cmd|x"')}, "-o", "back.csv")
    assert "'=cmd|x" in Path("back.csv").read_text("utf-8")
