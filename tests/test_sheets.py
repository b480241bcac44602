"""Score sheets as a user hands them in: real bytes in, students or exact findings (rule and cell) out."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kurssi.course.check import check
from kurssi.course.rules import registry
from kurssi.course.rules import sheets as sheet_rules
from kurssi.diagnostics.finding import Finding, Severity
from kurssi.diagnostics.message import Msg
from kurssi.diagnostics.words import Words
from kurssi.policy.model import Policy, resolve
from kurssi.policy.scales import SCALES, Scale
from kurssi.sheets import read_overrides, read_sheets
from kurssi.sheets.table import letters
from kurssi.sheets.table_files import read_tables
from kurssi.sheets.workbooks.workbook import number_cell
from kurssi.values.classlist import Attempt, ClassList, Student

ROOT = Path(__file__).parent.parent

HEAD = """kurssi: 1
course: {code: KH1, name: Palvelumuotoilu, credits: 5}
implementation: {id: KH1-2024}
assessment:
"""


def policy(assessment: str) -> Policy:
    text = HEAD + "\n".join("  " + line for line in assessment.strip().splitlines()) + "\n"
    checked = check(text.encode(), "x.yaml")
    assert checked.file is not None, checked.findings
    assert checked.gradable, checked.findings
    return resolve(checked.file)


PLAIN = policy("""
evaluation_scale: H-5
parts:
  - {id: group_work, name: Pienryhmätyöt, weight: 40, by: group, due: 2024-03-04 23:59}
  - {id: individual, name: Yksilötyöt, weight: 40, due: 2024-03-11 23:59, column: "Assignment: Essee (Real)"}
  - {id: exam, name: Tentti, weight: 20, retakes: 2}
  - {id: peer_review, name: Vertaisarviointi, graded: pass-fail}
late: {deduct: 0.5, per: day, closes: 7 d}
activity: {levels: {active: 0.5, passive: -0.5}}
""")
POINTS = policy("""
evaluation_scale: 4-10
parts:
  - {id: exam, name: Tentti, weight: 50, graded: points, max: 40, boundaries: [10, 15, 20, 25, 30, 35]}
  - {id: essay, name: Essee, weight: 50}
  - {id: gate, graded: pass-fail}
activity: {attendance: {of: 8, bands: [{from: 50 %, adjust: 0.5}, {from: 0 %, adjust: 0}]}}
""")
OWN = policy("""
evaluation_scale: {values: [H, G, VG], passes_from: G}
parts: [{id: essay, weight: 100}, {id: gate, graded: pass-fail}]
""")
PEER = """
evaluation_scale: 0-5
parts:
  - id: work
    weight: 100
    by: group
    peer: {weight: 50 %%%s}
"""
PEERS = policy(PEER % "")

CAME = datetime(2024, 3, 5, 10, 12)  # noqa: DTZ001

EVERY_PART = "group_work;individual;exam;peer_review"


def text(finding: Finding) -> str:
    """The finding in words; every place of its sentences must be filled."""
    return f"{words(finding.message)} [{'' if finding.help is None else words(finding.help)}]"


def words(message: Msg) -> str:
    return Words("en").say(message)


def look(*files: tuple[str, str | bytes], by: Policy = PLAIN) -> tuple[ClassList | None, list[tuple[str, str | None]]]:
    """The class list, and (rule, cell) of every finding but those about parts without a column."""
    raw = [(name, content.encode() if isinstance(content, str) else content) for name, content in files]
    classlist, findings = read_sheets(raw, by)
    for finding in findings:
        assert "{" not in text(finding)
        assert finding.rule in registry._RULES
        rule = registry._RULES[finding.rule]
        assert finding.severity in (rule.severity, rule.worst)
        if finding.place.cell is not None:
            cell = finding.place.cell.rpartition("!")[2]
            assert cell == f"{letters(finding.place.column - 1)}{finding.place.line}"
            assert (finding.place.end_line, finding.place.end_column) == (finding.place.line, finding.place.column + 1)
    assert (classlist is None) == any(f.severity is Severity.error for f in findings)
    return classlist, [(f.rule, f.place.cell) for f in findings if f.rule != "part-without-column"]


def one(sheet: str | bytes, by: Policy = PLAIN, name: str = "a.csv") -> list[tuple[str, str | None]]:
    return look((name, sheet), by=by)[1]


def good(*files: tuple[str, str | bytes], by: Policy = PLAIN) -> tuple[Student, ...]:
    classlist, found = look(*files, by=by)
    assert classlist is not None, found
    return classlist.students


def message(sheet: str | bytes, rule: str, by: Policy = PLAIN, name: str = "a.csv") -> str:
    raw = sheet.encode() if isinstance(sheet, str) else sheet
    return next(text(f) for f in read_sheets([(name, raw)], by)[1] if f.rule == rule)


def first(student: Student, part: str = "exam") -> Attempt:
    return student.attempts[part][0]


def workbook(**sheets: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


# ---- the examples ------------------------------------------------------------------------------------------


def example(name: str) -> Policy:
    file = check((ROOT / "implementations" / f"{name}.yaml").read_bytes(), "x.yaml").file
    assert file is not None
    return resolve(file)


def test_example_2023() -> None:
    raw = (ROOT / "examples/KH00BT03-2023/arvostelu.csv").read_bytes()
    classlist, findings = read_sheets([("arvostelu.csv", raw)], example("KH00BT03-2023"))
    assert findings == []
    assert classlist is not None
    assert len(classlist.students) == 18
    student = classlist.students[0]
    assert student.name == "Alias, Akseli"
    assert [student.attempts[part][0].state for part in ("group_work", "individual", "exam", "peer_review")] == [
        "scored",
        "missing",
        "scored",
        "passed",
    ]
    assert classlist.peer_marks is None
    assert classlist.unused == ()


def test_example_2024_is_the_same_from_csv_and_from_xlsx() -> None:
    folder = ROOT / "examples/KH00BT03-2024"
    by = example("KH00BT03-2024")
    names = ["arvostelu.csv", "ryhmat.csv"]
    from_csv, found = read_sheets([(name, (folder / name).read_bytes()) for name in names], by)
    assert found == []
    from_xlsx, found = read_sheets([("arvostelu.xlsx", (folder / "arvostelu.xlsx").read_bytes())], by)
    assert found == []
    assert from_csv is not None
    assert from_xlsx is not None
    assert len(from_csv.students) == 30

    assert from_csv.students == from_xlsx.students
    group = first(from_csv.students[5], "group_work")
    assert (group.score, group.own, str(group.submitted)) == (Fraction(4), False, "2024-03-06 00:30")
    number = from_csv.students[5].student
    assert from_csv.sources.of(number, "group_work", 1) == ("ryhmat.csv", 4, "group_work")
    assert from_csv.sources.of(number, "group_work", 2) is None
    assert from_csv.sources.of("nobody", "group_work", 1) is None


# ---- files -------------------------------------------------------------------------------------------------

SMALL = f"opiskelijanumero;sukunimi;{EVERY_PART}\n0012;Mäki;3,5;4;5;HYV\n"


@pytest.mark.parametrize(
    "raw",
    [
        SMALL.encode(),
        SMALL.encode("utf-8-sig"),
        SMALL.encode("utf-16"),
        b"\xfe\xff" + SMALL.encode("utf-16-be"),
        SMALL.replace("\n", "\r\n").encode(),
        SMALL.replace("\n", "\r").encode(),
        SMALL.replace(";", "\t").encode(),
        SMALL.replace(",", ".").replace(";", ",").encode(),
        SMALL.replace(";", ",").replace("3,5", '"3,5"').encode(),
        ("sep=;\n" + SMALL).encode(),
        ("\n;;;;;\n" + SMALL).encode(),
        (SMALL + "\n;;;;;\n\n").encode(),
        SMALL.replace("Mäki", '"Mäki"').encode(),
    ],
    ids=["utf8", "bom", "utf16le", "utf16be", "crlf", "cr", "tab", "comma", "quoted", "sep", "blank", "end", "quotes"],
)
def test_forms_of_csv(raw: bytes) -> None:
    (student,) = good(("a.csv", raw))
    assert (student.student, student.surname) == ("0012", "Mäki")
    assert first(student, "group_work").score == Fraction(7, 2)
    assert first(student, "peer_review") == Attempt("passed")


def test_windows_1252_is_read_with_a_warning() -> None:
    classlist, found = look(("a.csv", SMALL.encode("cp1252")))
    assert found == [("sheet-encoding", None)]
    assert classlist is not None
    assert classlist.students[0].surname == "Mäki"
    (finding,) = read_sheets([("a.csv", SMALL.encode("cp1252"))], PLAIN)[1]
    assert (finding.severity, finding.place.line) == (Severity.warning, 2)


def test_rows_count_as_a_spreadsheet_counts_them() -> None:
    sheet = '\n;\nstudent;exam\n"00\n12";3\n\n13;9\n'
    assert one(sheet) == [("score-off-scale", "B6")]


def test_a_decimal_comma_or_a_comma_in_a_header_does_not_confuse() -> None:
    by = policy('evaluation_scale: 0-5\nparts: [{id: exam, weight: 100, column: "Tentti (0,5, 1,5)"}]')
    (student,) = good(("a.csv", "opiskelijanumero;Tentti (0,5, 1,5)\n1;4,5\n"), by=by)
    assert first(student).score == Fraction(9, 2)


@pytest.mark.parametrize(
    "raw",
    [
        b"student;exam\n\xff\x00\x01\x81;3\n",
        SMALL.encode("utf-16-le"),
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        b'student;exam\n1;"3\n2;4\n',
        b'student;exam\n1;"3" 4\n',
        b"student;exam\n1;" + b"3" * 200_000,
        b"student;exam\n1" + b";" * 20_000,
    ],
    ids=["binary", "utf16 without a mark", "png", "open quote", "stray quote", "endless cell", "endless row"],
)
def test_what_is_no_csv_is_one_finding(raw: bytes) -> None:
    assert [rule for rule, _ in one(raw)] == ["sheet-unreadable"]


@pytest.mark.parametrize("name", ["a.xlsx", "a.ods", "A.XLSM", "a.xls"])
@pytest.mark.parametrize(
    "raw",
    [b"", b"student;exam\n1;3\n", b"PK\x03\x04 half", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(3000)],
)
def test_what_is_no_workbook_is_one_error(name: str, raw: bytes) -> None:
    assert [rule for rule, _ in one(raw, name=name) if rule != "old-workbook"] == ["sheet-unreadable"]


def test_half_written_workbooks() -> None:
    raw = workbook(A=[["student", "exam"], ["1", 3]])
    for end in range(4, len(raw) - 1, 97):
        assert one(raw[:end], name="a.xlsx") == [("sheet-unreadable", None)]


def test_too_large_and_bombs() -> None:
    assert one(b"PK\x03\x04" + bytes(50 * 2**20), name="a.xlsx") == [("sheet-unreadable", None)]
    assert one(b"a" * (256 * 2**20 + 1)) == [("sheet-unreadable", None)]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", bytes(60 * 2**20))
    assert "60 MiB" in message(out.getvalue(), "sheet-unreadable", name="a.xlsx")


def test_an_archive_that_lies_about_a_size() -> None:
    raw = workbook(A=[["student", "exam"], ["1", 3]])
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        size = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    lie = raw.replace(struct.pack("<L", size), struct.pack("<L", size - 100))
    assert lie != raw
    assert one(lie, name="a.xlsx") == [("sheet-unreadable", None)]


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("XFD1048576", ("sheet-unreadable", None)),
        ("B1048576", ("missing-student", "Sheet!A1048576")),
        ("XFD1", ("unused-columns", "Sheet!XFD1")),
    ],
)
def test_a_cell_far_away(cell: str, found: tuple[str, str | None]) -> None:
    book = openpyxl.Workbook()
    book.active["A1"], book.active["B1"], book.active["A2"], book.active["B2"] = "student", "exam", "1", 3
    book.active[cell] = "x"
    assert one(saved(book), name="a.xlsx") == [found]
    if found[0] == "sheet-unreadable":
        assert cell in message(saved(book), "sheet-unreadable", name="a.xlsx")


def test_other_archives_and_xlsb() -> None:
    for member, said in (("word/document.xml", "not a workbook"), ("xl/workbook.bin", ".xlsb")):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr(member, "x")
        assert said in message(out.getvalue(), "sheet-unreadable", name="a.xlsx")


def test_a_locked_archive() -> None:
    raw = bytearray(workbook(A=[["student", "exam"], ["1", 3]]))
    raw[6] |= 1  # the first member says that it is encrypted, here and in the directory
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    assert "password" in message(bytes(raw), "sheet-unreadable", name="a.xlsx")


def ods(rows: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
        archive.writestr(
            "content.xml",
            '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
            'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
            'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
            'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0">'
            f'<office:body><office:spreadsheet><table:table table:name="Taulu1">{rows}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return out.getvalue()


def ods_row(*cells: str, repeat: int = 1) -> str:
    return f'<table:table-row table:number-rows-repeated="{repeat}">{"".join(cells)}</table:table-row>'


def ods_text(value: str) -> str:
    return f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'


ODS_HEAD = ods_row(ods_text("student"), ods_text("exam"))
ODS_END = ods_row('<table:table-cell table:number-columns-repeated="16384"/>', repeat=1048570)
ODS_NUMBER = '<table:table-cell office:value-type="float" office:value="3.5"><text:p>3,5</text:p></table:table-cell>'
ODS_ERROR = (
    '<table:table-cell table:formula="of:=NA()" office:value-type="string" office:string-value="" '
    'calcext:value-type="error"><text:p>#N/A</text:p></table:table-cell>'
)


def test_ods() -> None:
    (student,) = good(("a.ods", ods(ODS_HEAD + ods_row(ods_text("0012"), ODS_NUMBER) + ODS_END)))
    assert (student.student, first(student).score) == ("0012", Fraction(7, 2))
    assert one(ods(ODS_HEAD + ods_row(ods_text("0012"), ODS_ERROR) + ODS_END), name="a.ods") == [
        ("error-cell", "Taulu1!B2")
    ]
    far = ods_row(ods_text("x"), repeat=1048570) + ods_row(
        '<table:table-cell table:number-columns-repeated="16000"/>', ods_text("x")
    )
    assert one(ods(ODS_HEAD + far), name="a.ods") == [("sheet-unreadable", None)]


# ---- workbooks ---------------------------------------------------------------------------------------------


def test_native_cells_of_a_workbook() -> None:
    raw = workbook(
        A=[
            ["student", "exam", "individual", "individual submitted", "individual due"],
            [1234567, 4, 3.5, CAME, date(2024, 3, 18)],
            [1234568, "4,5", 0.1 + 0.2, "5.3.2024 10.12", "18.3.2024"],
            [1234569.0, None, 10 / 3, date(2024, 3, 5), None],
        ]
    )
    one_, two, three = good(("a.xlsx", raw))
    assert [s.student for s in (one_, two, three)] == ["1234567", "1234568", "1234569"]
    assert (first(one_).score, first(two).score) == (Fraction(4), Fraction(9, 2))
    assert first(one_, "individual").score == Fraction(7, 2)
    assert first(two, "individual").score == Fraction(3, 10)
    assert first(three, "individual").score == Fraction("3.33333333333333")
    assert first(one_, "individual").submitted == first(two, "individual").submitted
    due = first(one_, "individual").due
    assert due is not None
    assert (str(due), due.clock) == ("2024-03-18", False)
    midnight = first(three, "individual").submitted
    assert midnight is not None
    assert not midnight.clock


def test_numbers_of_a_workbook() -> None:
    assert tuple(number_cell(3.0)) == ("number", "3", Fraction(3))
    assert tuple(number_cell(-0.0)) == ("number", "0", Fraction(0))
    assert tuple(number_cell(2.4999999999999996)) == ("number", "2.5", Fraction(5, 2))
    assert tuple(number_cell(float("nan"))) == ("error", "#NUM!", None)
    assert tuple(number_cell(1e300)) == ("number", "1e+300", None)
    assert tuple(number_cell(123456789012345.0)) == ("number", "123456789012345", Fraction(123456789012345))
    assert tuple(number_cell(1234567890123456.0)) == ("number", "1234567890123456.0", None)


def test_cells_that_hold_something_else() -> None:
    raw = workbook(
        A=[
            ["student", "exam", "individual submitted"],
            ["1", date(2024, 5, 4), 45356.4],
            ["2", True, CAME.time()],
            ["3", 1e16, True],
            [date(2024, 5, 4), 1, None],
        ]
    )
    assert one(raw, name="a.xlsx") == [
        ("bad-score", "A!B2"),
        ("bad-time", "A!C2"),
        ("bad-score", "A!B3"),
        ("bad-time", "A!C3"),
        ("bad-score", "A!B4"),
        ("bad-time", "A!C4"),
        ("missing-student", "A!A5"),
    ]
    assert "fourth of May" in message(raw, "bad-score", name="a.xlsx")


def test_errors_and_formulas_without_a_value_are_not_empty_cells() -> None:
    raw = workbook(A=[["student", "exam", "Total"], ["1", "#N/A", "=1+1"], ["2", "=1+1", "#DIV/0!"], ["3", 4, 1]])
    found = look(("a.xlsx", raw))[1]
    assert found == [("unused-columns", "A!C1"), ("error-cell", "A!B2"), ("error-cell", "A!B3")]
    assert "#N/A" in message(raw, "error-cell", name="a.xlsx")


def test_a_formula_with_a_value_counts_with_it() -> None:
    raw = workbook(A=[["student", "exam"], ["1", "=1+2"]])
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                assert b"<f>1+2</f><v/>" in data or b"<f>1+2</f><v></v>" in data or b"<f>1+2</f><v />" in data
                for empty in (b"<v/>", b"<v></v>", b"<v />"):
                    data = data.replace(b"<f>1+2</f>" + empty, b"<f>1+2</f><v>3</v>")
            new.writestr(name, data)
    (student,) = good(("a.xlsx", out.getvalue()))
    assert first(student).score == 3


def test_worksheets() -> None:
    book = openpyxl.load_workbook(
        io.BytesIO(
            workbook(
                Muistio=[["Täytä pisteet", "näin"], ["1", "2"]],
                Ohje=[["Näin täytät"], [], ["tyhjä", "ei sanottu mitään"]],
                Luokka=[[], ["student", "exam", "group"], ["1", 3, "A"]],
                Tyhjä=[],
                Ryhmät=[["group", "group_work"], ["A", 4]],
                Piilo=[["student", "exam"], ["1", 5]],
            )
        )
    )
    book["Piilo"].sheet_state = "hidden"
    classlist, found = look(("a.xlsx", saved(book)))
    assert found == [("unread-worksheet", None), ("unread-worksheet", "Muistio!A1")]
    assert classlist is not None
    (student,) = classlist.students
    assert (student.group, first(student).score, first(student, "group_work").score) == ("A", Fraction(3), Fraction(4))
    # A worksheet with scores, but nobody's, is no note.
    assert one(workbook(A=[["student", "exam"], ["1", 3]], B=[["numero", "Yksilötyöt"], ["1", 3]]), name="a.xlsx") == [
        ("sheet-header", "B!A1")
    ]


def test_a_note_beside_the_table_of_a_workbook_is_listed() -> None:
    classlist, found = look(("a.xlsx", workbook(A=[["student", "exam"], ["1", 3, None, "kysy!"], ["2"]])))
    assert found == [("unused-columns", "A!D1")]
    assert classlist is not None
    assert classlist.unused == (("a.xlsx", 1, "D"),)
    assert classlist.students[1].attempts == {}


def test_student_numbers_as_text_and_as_numbers() -> None:
    raw = workbook(A=[["student", "exam"], ["0012", 3], [13, 4]])
    classlist, found = look(("a.xlsx", raw))
    assert found == [("mixed-numbers", "A!A3")]
    assert classlist is not None
    later = workbook(A=[["student", "individual"], [12, 3]])
    assert look(("a.xlsx", raw), ("b.xlsx", later))[1][-1] == ("unknown-student", "A!A2")
    (finding,) = [f for f in read_sheets([("a.xlsx", raw), ("b.xlsx", later)], PLAIN)[1] if f.rule == "unknown-student"]
    assert "0012" in text(finding)


# ---- headers -----------------------------------------------------------------------------------------------


def test_headers_in_three_languages_and_all_names_of_a_part() -> None:
    for head in (
        "Student Number;LAST name;First Name;Email;Group;group_work;Assignment: essee (REAL) ;exam  2;peer_review",
        "Opiskelijanumero;Sukunimi;Etunimi;Sähköposti;Ryhmä;Pienryhmätyöt;yksilötyöt;TENTTI 2;Vertaisarviointi",
        "studentnummer;efternamn;förnamn;e-post;grupp;Pienryhmätyöt;individual;Tentti 2;peer_review",
    ):
        (student,) = good(("a.csv", f"{head}\n007;Bond;James;jb@example.invalid;B;1;2;3;x\n"))
        assert student[:5] == ("007", "Bond", "James", "jb@example.invalid", "B")
        assert [a.score for a in student.attempts["exam"]] == [None, 3]
        assert [a.state for a in student.attempts["exam"]] == ["missing", "scored"]


def test_a_single_name_column() -> None:
    students = good(("a.csv", 'student;name;exam\n1;"Bond, James";3\n2;James Bond;3\n'))
    assert [(s.surname, s.first_name) for s in students] == [("Bond", "James"), ("James Bond", "")]


def test_duplicate_headers() -> None:
    assert one("student;exam;Tentti\n1;2;3\n") == [("duplicate-header", "C1")]
    assert one("student;opiskelijanumero;exam\n1;2;3\n") == [("duplicate-header", "B1")]
    assert one("student;huom;exam; Huom \n1;2;3;4\n") == [("unused-columns", "B1")]
    said = message("student;exam;Tentti\n1;2;3\n", "duplicate-header")
    assert "B “exam”" in said
    assert "C “Tentti”" in said


def test_attempts_that_the_policy_does_not_have() -> None:
    assert one("student;Tentti;Tentti 4;exam 5 palautettu\n1;1;2;3\n") == [
        ("too-many-attempts", "C1"),
        ("too-many-attempts", "D1"),
    ]
    assert "attempted 3 times" in message("student;Tentti;Tentti 4\n1;1;2\n", "too-many-attempts")
    assert one("student;Yksilötyöt 2;exam\n1;1;2\n") == [("too-many-attempts", "B1")]
    assert one("student;Tentti 0\n1;1\n") == [("too-many-attempts", "B1")]
    assert one("student;Tentti 1\n1;1\n") == [("sheet-header", "B1")]
    assert "write “Tentti”" in message("student;Tentti 1\n1;1\n", "sheet-header")


def test_unused_columns_are_listed_once_per_sheet() -> None:
    classlist, found = look(("a.csv", "student;huom;exam;attended;Tenttti;;\n1;a;3;4;5;;x\n"))
    assert found == [("unused-columns", "B1")]
    assert classlist is not None
    assert [source.column for source in classlist.unused] == ["huom", "attended", "Tenttti", "G"]
    assert "does “Tenttti” mean" not in message("student;exam;Tenttti\n1;3;4\n", "unused-columns")
    assert "does “Yksilötöt” mean “yksilötyöt”?" in message("student;exam;Yksilötöt\n1;3;4\n", "unused-columns")


def test_parts_without_a_column() -> None:
    findings = read_sheets([("a.csv", b"student;exam\n1;3\n")], PLAIN)[1]
    assert {(f.rule, f.found) for f in findings} == {
        ("part-without-column", part) for part in ("group_work", "individual", "peer_review")
    }


def test_nothing_to_grade() -> None:
    assert one("") == [("no-rows", None)]
    assert one("\n\n;;\n") == [("no-rows", None)]
    assert one("student;exam\n") == [("no-rows", "A1")]
    assert one("student;sukunimi\n1;A\n") == [("no-part", "A1")]
    assert one("numero;exam\n1;3\n") == [("sheet-header", "A1")]
    assert one("ryhmä;group_work\nA;3\n") == [("sheet-header", "A1")]
    assert look()[1] == [("no-rows", None)]
    assert one(workbook(A=[], B=[]), name="a.xlsx") == [("no-rows", None)]
    assert "does “opiskelijanro” mean" in message("opiskelijanro;exam\n1;3\n", "sheet-header")


# ---- rows --------------------------------------------------------------------------------------------------


def test_rows_that_are_wrong_are_all_reported() -> None:
    sheet = "student;exam;individual\n1;3;4\n2;3\n3;3;4;5\n;3;4\n1;5;5\n4;7;4\n;;\n5;3;4\n"
    assert one(sheet) == [
        ("ragged-row", "C3"),
        ("ragged-row", "D4"),
        ("missing-student", "A5"),
        ("duplicate-student", "A6"),
        ("score-off-scale", "B7"),
    ]
    assert "1 stands in row 2 and again in row 6" in message(sheet, "duplicate-student")


def test_twenty_of_a_kind_and_the_rest_counted() -> None:
    sheet = "student;exam;individual\n" + "".join(f"{i};9;?!\n" for i in range(50))
    findings = read_sheets([("a.csv", sheet.encode())], PLAIN)[1]
    off = [f for f in findings if f.rule == "score-off-scale"]
    assert len(off) == 21
    assert text(off[-1]).startswith("and 30 more like this")
    assert len([f for f in findings if f.rule == "bad-score"]) == 21


def test_sheets_are_joined_by_student() -> None:
    classlist, found = look(
        ("roster.csv", "student;surname;group\n2;Bo;A\n1;Al;A\n"),
        ("exam.csv", "student;exam;surname\n1;4;AL\n2;;\n"),
        ("essay.csv", "student,Yksilötyöt,exam\n2,3,5\n1,,4.0\n"),
    )
    assert classlist is not None, found
    assert [(s.student, first(s).score) for s in classlist.students] == [("2", Fraction(5)), ("1", Fraction(4))]
    read = [[classlist.sources.of(s, part, 1) for part in ("individual", "exam")] for s in ("2", "1")]
    assert read == [[("essay.csv", 2, "Yksilötyöt"), ("essay.csv", 2, "exam")], [None, ("exam.csv", 2, "exam")]]


def test_students_with_the_same_cells_share_their_attempts() -> None:
    one, two, three = good(
        (
            "a.csv",
            f"student;{EVERY_PART};group_work submitted\n1;4;3;5;HYV;\n2;4;3;5;-;2024-03-04 10:12\n3;4;3;4;HYV;\n",
        )
    )
    assert [part for part in one.attempts if one.attempts[part] is two.attempts[part]] == ["individual", "exam"]
    assert [part for part in one.attempts if one.attempts[part] is three.attempts[part]] == [
        "group_work", "individual", "peer_review",
    ]  # fmt: skip


def test_two_values_for_a_cell() -> None:
    one_, two = "student;surname;exam\n1;A;4\n2;B;?\n", "student;exam;surname\n1;3;A\n2;4;C\n"
    assert look(("a.csv", one_), ("b.csv", two))[1] == [
        ("conflicting-cells", "B2"),
        ("conflicting-cells", "B3"),
        ("conflicting-cells", "C3"),
    ]
    findings = read_sheets([("a.csv", one_.encode()), ("b.csv", two.encode())], PLAIN)[1]
    said = next(text(f) for f in findings if f.rule == "conflicting-cells")
    assert "“3” here, but “4” in a.csv, C2" in said
    assert next(f.place.file for f in findings if f.rule == "conflicting-cells") == "b.csv"


def test_a_student_that_the_roster_lacks() -> None:
    found = look(("a.csv", "student;exam\n0012;4\n"), ("b.csv", "student;individual\n12;3\n0012;3\n"))[1]
    assert found == [("unknown-student", "A2")]


# ---- score cells -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "state", "score"),
    [
        ("0", "scored", "0"),
        ("3,5", "scored", "3.5"),
        (" 4.25 ", "scored", "4.25"),
        ("-", "missing", None),
        ("–", "missing", None),
        ("?", "ungraded", None),
        ("EX", "excused", None),
        ("ex", "excused", None),
        ("Ahot", "recognised", None),
        ("RPL", "recognised", None),
        ("H", "failed", None),
        ("fail", "failed", None),
        ("Hylätty", "failed", None),
    ],
)
def test_cells_of_a_graded_part(cell: str, state: str, score: str | None) -> None:
    (student,) = good(("a.csv", f"student;exam\n1;{cell}\n"))
    assert first(student)[:2] == (state, None if score is None else Fraction(score))


@pytest.mark.parametrize(
    ("cell", "state"),
    [
        *((cell, "passed") for cell in ("HYV", "s", "X", "pass", "1", "1,0")),
        *((cell, "failed") for cell in ("0", "H", "hylätty")),
        *(("?", "ungraded"), ("EX", "excused"), ("-", "missing")),
    ],
)
def test_cells_of_a_pass_fail_part(cell: str, state: str) -> None:
    for by, part in ((PLAIN, "peer_review"), (POINTS, "gate"), (OWN, "gate")):
        (student,) = good(("a.csv", f"student;{part}\n1;{cell}\n"), by=by)
        assert first(student, part)[:2] == (state, None)


def test_an_empty_cell_says_nothing() -> None:
    (student,) = good(("a.csv", "student;exam;Tentti 2\n1;;\n"))
    assert student.attempts == {}


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("1 234", "thousands"),
        ('"1,234.5"', "thousands"),
        ("1.234,5", "thousands"),
        ("3e0", "exponent"),
        ("=2+2", "formula"),
        ("80 %", "percentage"),
        ("4/5", "fraction"),
        ("3.0000000000000001", "15 digits"),
        ("4 p", "0–5"),
        ("+4", "0–5"),
        ("HYV", "not pass-fail"),
        ("excu", "0–5"),
        ("hylätyt", "hylätty"),
        ("٣½", "0–5"),
    ],
)
def test_cells_that_are_no_score(cell: str, why: str) -> None:
    sheet = f"student;exam\n1;{cell}\n"
    assert one(sheet) == [("bad-score", "B2")]
    assert why in message(sheet, "bad-score")


@pytest.mark.parametrize(
    ("by", "part", "cell", "rule"),
    [
        (PLAIN, "exam", "5.01", "score-off-scale"),
        (PLAIN, "exam", "-1", "score-off-scale"),
        (PLAIN, "peer_review", "2", "bad-score"),
        (PLAIN, "peer_review", "0.5", "bad-score"),
        (POINTS, "exam", "40.5", "score-off-scale"),
        (POINTS, "exam", "-0,5", "score-off-scale"),
        (POINTS, "essay", "3", "score-off-scale"),
        (POINTS, "essay", "H", "bad-score"),
        (POINTS, "exam", "H", "bad-score"),
        (OWN, "essay", "1", "bad-score"),
        (OWN, "essay", "E", "bad-score"),
    ],
)
def test_scores_off_their_scale(by: Policy, part: str, cell: str, rule: str) -> None:
    assert one(f"student;{part}\n1;{cell}\n", by=by) == [(rule, "B2")]


def test_words_and_limits_of_other_scales() -> None:
    students = good(("a.csv", "student;exam;essay\n1;40;10\n2;0;4\n3;hylätty;fail\n"), by=POINTS)
    assert [(first(s).score, first(s, "essay").score) for s in students] == [(40, 10), (0, 4), (None, None)]
    assert first(students[2], "essay").state == "failed"


def test_own_labels_are_what_cells_take_and_win_over_words() -> None:
    students = good(("a.csv", "student;essay\n1;H\n2;g\n3;VG\n4;EX\n5;fail\n"), by=OWN)
    assert [first(s, "essay")[:2] for s in students] == [
        ("scored", 0),
        ("scored", 1),
        ("scored", 2),
        ("excused", None),
        ("failed", None),
    ]


# ---- times -------------------------------------------------------------------------------------------------


def test_times() -> None:
    (student,) = good(
        (
            "a.csv",
            "student;individual;individual submitted;individual due;exam palautettu\n"
            "1;4;2024-03-12T00:30:00+03:00;18.3.2024;5.3.2024 10.12\n",
        )
    )
    attempt = first(student, "individual")
    assert str(attempt.submitted) == "2024-03-12 00:30+03:00"
    assert (str(attempt.due), attempt.due is not None and attempt.due.clock) == ("2024-03-18", False)
    assert first(student).state == "ungraded"


@pytest.mark.parametrize(
    ("submitted", "due", "rule"),
    [
        ("10.3.2024", "", None),
        ("11.3.2024", "", "bad-time"),
        ("13.3.2024", "", "bad-time"),
        ("13.3.2024", "18.3.2024", None),
        ("18.3.2024", "18.3.2024", None),  # a deadline without a clock ends that day
        ("18.3.2024", "18.3.2024 12.00", "bad-time"),
        ("19.3.2024", "18.3.2024", "bad-time"),
        ("18.3.2024", "2024-03-17T23:30:00Z", "bad-time"),  # the 18th in Helsinki
        ("tiistaina", "", "bad-time"),
        ("31.2.2024 10.00", "", "bad-time"),
        ("-", "", "bad-time"),
        ("45356.4", "", "bad-time"),
    ],
)
def test_a_time_without_a_clock_only_where_it_cannot_be_late(submitted: str, due: str, rule: str | None) -> None:
    sheet = f"student;individual;individual submitted;individual due\n1;4;{submitted};{due}\n"
    assert one(sheet) == ([] if rule is None else [(rule, "C2")])


def test_a_time_without_a_clock_where_nothing_can_be_late() -> None:
    by = policy("evaluation_scale: 0-5\nparts: [{id: exam, weight: 100, due: 2024-03-04}]")
    assert one("student;exam;exam submitted\n1;3;5.3.2024\n", by=by) == [("late-costs-nothing", "C1")]
    assert one("student;Tentti 2;Tentti 2 submitted\n1;3;5.3.2024\n") == []


def test_an_extension_is_not_earlier() -> None:
    head = "student;individual;individual due\n"
    assert one(f"{head}1;4;11.3.2024 23.58\n2;4;11.3.2024 23.59\n3;4;11.3.2024\n4;4;10.3.2024\n") == [
        ("early-extension", "C2"),
        ("early-extension", "C5"),
    ]


def test_not_submitted_and_yet_a_time() -> None:
    classlist, found = look(("a.csv", "student;individual;individual submitted\n1;-;5.3.2024 10.12\n"))
    assert found == [("not-submitted-with-time", "C2")]
    assert classlist is not None
    assert first(classlist.students[0], "individual")[:3] == ("missing", None, None)


# ---- groups ------------------------------------------------------------------------------------------------

ROSTER = "student;ryhmä;group_work;group_work submitted;group_work due\n"
GROUPS = "ryhmä;group_work;group_work submitted;group_work due\n"


def test_own_cells_override_the_groups_each_by_itself() -> None:
    students = good(
        (
            "a.csv",
            ROSTER
            + "1;A;;;\n2;a;5;;\n3;A;;4.3.2024 9.00;\n4;A;-;;\n5;A;EX;;\n"
            + "6;A;;;18.3.2024\n7;;;;\n8;B;;;\n9;B;2;5.3.2024 1.00;\n",
        ),
        ("b.csv", GROUPS + "A;4;6.3.2024 0.30;5.3.2024\nB;;3.3.2024 8.00;\n"),
    )
    seen = [
        (a.state, a.score, a.submitted and str(a.submitted), a.due and str(a.due), a.own) for a in map(work, students)
    ]
    late, due = "2024-03-06 00:30", "2024-03-05"
    assert seen == [
        ("scored", 4, late, due, False),
        ("scored", 5, late, due, True),
        ("scored", 4, "2024-03-04 09:00", due, False),
        ("missing", None, None, due, True),
        ("excused", None, None, due, True),
        ("scored", 4, late, "2024-03-18", False),
        ("missing", None, None, None, True),
        ("scored", 2, "2024-03-03 08:00", None, False),  # the one score in the rows of B is the group's
        ("scored", 2, "2024-03-05 01:00", None, False),
    ]
    assert students[1].group == "A"  # as the roster spells it first


def work(student: Student) -> Attempt:
    return student.attempts.get("group_work", (Attempt("missing"),))[0]


def test_group_sheets_that_are_wrong() -> None:
    roster = ("a.csv", "student;ryhmä;exam\n1;A;3\n")
    assert look(roster, ("b.csv", "ryhmä;group_work\nA;4\nC;3\n;2\nA;4\n"))[1] == [
        ("unknown-group", "A3"),
        ("missing-student", "A4"),
        ("duplicate-student", "A5"),
    ]
    assert look(roster, ("b.csv", "ryhmä;group_work;exam\nA;4;3\n"))[1] == [("group-sheet", "C1")]
    assert look(roster, ("b.csv", "ryhmä;group_work\nA;9\n"))[1] == [("score-off-scale", "B2")]
    assert look(roster, ("b.csv", "ryhmä;group_work;nimi\nA;3;x\n"))[1] == [("unused-columns", "C1")]


def test_a_groups_time_is_reported_once() -> None:
    roster = ("a.csv", "student;ryhmä;exam\n1;A;3\n2;A;3\n3;A;3\n")
    assert look(roster, ("b.csv", GROUPS + "A;4;5.3.2024;\n"))[1] == [("bad-time", "C2")]
    assert look(roster, ("b.csv", GROUPS + "A;4;;1.3.2024\n"))[1] == [("early-extension", "D2")]


# ---- activity ----------------------------------------------------------------------------------------------


def test_activity_levels() -> None:
    students = good(("a.csv", "student;exam;aktiivisuus\n1;3;ACTIVE\n2;3;\n"))
    assert [s.level for s in students] == ["active", None]
    sheet = "student;exam;activity\n1;3;aktive\n"
    assert one(sheet) == [("unknown-level", "C2")]
    assert "did you mean “active”? The levels are active, passive" in message(sheet, "unknown-level")
    assert one("student;exam;activity\n1;10;active\n", by=POINTS) == [("unused-columns", "C1")]


def test_attendance() -> None:
    students = good(("a.csv", "student;exam;läsnä\n1;3;8\n2;3;0\n3;3;\n4;3;2,0\n"), by=POINTS)
    assert [s.attended for s in students] == [8, 0, None, 2]
    assert one("student;exam;läsnä\n1;3;9\n2;4;-1\n3;3;2,5\n4;3;kyllä\n5;3;1e0\n", by=POINTS) == [
        ("bad-attendance", f"C{row}") for row in range(2, 7)
    ]


# ---- peer marks --------------------------------------------------------------------------------------------

TEAM = ("a.csv", "student;group;work\n1;A;\n2;A;\n3;A;\n4;B;\n5;;\n")


def peers(marks: str, by: Policy = PEERS, team: tuple[str, str] = TEAM) -> list[tuple[str, str | None]]:
    return look(team, ("p.csv", marks), by=by)[1]


def test_peer_marks() -> None:
    classlist, found = look(TEAM, ("p.csv", "antaja;saaja;osuus;laatu\n1;2;5;4,5\n1;3;0;1\n1;1;;?\n"), by=PEERS)
    assert found == [("gave-no-marks", "A2"), ("own-marks-unused", "B4")]
    assert classlist is not None
    assert classlist.peer_marks is not None
    assert [(m.marker, m.member, dict(m.marks)) for m in classlist.peer_marks] == [
        ("1", "2", {"osuus": 5, "laatu": Fraction(9, 2)}),
        ("1", "3", {"osuus": 0, "laatu": 1}),
    ]


def test_own_marks_count_where_a_rule_says_so() -> None:
    own = policy(PEER % ", self: true")
    assert peers("from;to;m\n1;1;3\n1;2;3\n1;3;3\n", own) == [("gave-no-marks", "A2")]
    assert peers("from;to;m\n1;2;3\n1;3;3\n", own) == [("peer-sheet", "A2")]


def test_peer_marks_that_are_wrong() -> None:
    head = "from;to;m\n1;2;5\n1;3;4\n"
    for row, cell in {
        "1;2;3": "B4",
        "2;1;": "C4",
        ";1;3": "A4",
        "2;;3": "B4",
        "2;4;3": "B4",
        "2;5;3": "B4",
        "2;1;-1": "C4",
        "2;1;hyvä": "C4",
        "2;1;1 000": "C4",
    }.items():
        found = peers(f"{head}{row}\n2;3;1\n" if row.startswith("2;1") else f"{head}{row}\n")
        assert ("peer-sheet", cell) in found, (row, found)
        assert len(found) == 1, (row, found)
    assert peers(f"{head}9;1;3\n") == [("unknown-student", "A4")]
    assert peers(f"{head}2;1\n") == [("ragged-row", "C4")]
    assert peers("from;to\n1;2\n")[0] == ("peer-sheet", "A1")


def test_who_gives_marks_gives_them_to_all_without_a_cell_of_their_own() -> None:
    assert peers("from;to;m\n1;2;5\n") == [("peer-sheet", "A2")]
    assert peers("from;to;m\n1;2;0\n") == []  # all-zero marks count as silent
    own_cell = ("a.csv", "student;group;work\n1;A;2\n2;A;2\n3;A;EX\n")
    assert peers("from;to;m\n1;2;5\n", team=own_cell) == [("peer-not-applied", "C4"), ("gave-no-marks", "A2")]


def test_criteria_of_the_policy() -> None:
    by = policy(PEER % ", criteria: {Osuus: 50, activity: 50}")
    classlist, found = look(TEAM, ("p.csv", "from;to;osuus;ACTIVITY;nimi\n1;2;1;2;x\n1;3;1;2;x\n"), by=by)
    assert found == [("unused-columns", "E1"), ("gave-no-marks", "A2")]
    assert classlist is not None
    assert classlist.peer_marks is not None
    assert dict(classlist.peer_marks[0].marks) == {"Osuus": 1, "activity": 2}
    assert peers("from;to;osuus;m\n1;2;1;2\n1;3;1;2\n", by) == [("peer-sheet", "A1"), ("peer-sheet", "D1")]


def test_peer_marks_that_no_part_uses() -> None:
    classlist, found = look(("a.csv", "student;exam\n1;3\n"), ("p.csv", "from;to;m\n1;2;x\n"))
    assert found == [("unused-columns", "A1")]
    assert classlist is not None
    assert classlist.peer_marks is None


# ---- overrides ---------------------------------------------------------------------------------------------


def overrides(sheet: str, scale: Scale = SCALES["H-5"]) -> list[tuple[str, str | None]]:
    read, findings = read_overrides("overrides.csv", sheet.encode(), scale)
    for finding in findings:
        assert "{" not in text(finding)
        assert finding.rule in registry._RULES
    return [(f.rule, f.place.cell) for f in findings] or [("", str(len(read)))]


def test_overrides() -> None:
    sheet = "student,grade,reason,by,date\n0012,4,oikaisu,M. Opettaja,5.3.2024\n0013,h,plagiaatti,,2024-03-06 10:00\n"
    read, findings = read_overrides("overrides.csv", sheet.encode(), SCALES["0-5"])
    assert findings == []
    assert [o[:5] for o in read] == [
        ("0012", 4, "oikaisu", "M. Opettaja", "2024-03-05"),
        ("0013", 0, "plagiaatti", "", "2024-03-06"),
    ]
    assert read[0].source == ("overrides.csv", 2, "grade")
    assert overrides("opiskelijanumero;arvosana;perustelu;kuka;päivä\n1;5;syy;minä;1.1.2024\n") == [("", "1")]
    own = Scale("own", 0, 2, 1, ("U", "G", "VG"), own=True)
    read, _ = read_overrides("o.csv", b"student,grade,reason,by,date\n1,vg,x,y,2024-01-01\n", own)
    assert read[0].grade == 2
    read, _ = read_overrides("o.csv", b"student,grade,reason,by,date\n1,pass,x,y,2024-01-01\n", SCALES["pass-fail"])
    assert read[0].grade == 1


def test_overrides_that_are_wrong() -> None:
    head = "student,grade,reason,by,date\n"
    assert overrides(f"{head}1,6,x,y,2024-01-01\n2,4,,y,2024-01-01\n3,4,x,y,eilen\n,4,x,y,2024-01-01\n") == [
        ("bad-override", "B2"),
        ("bad-override", "C3"),
        ("bad-override", "E4"),
        ("bad-override", "A5"),
    ]
    assert overrides(f"{head}1,4.5,x,y,2024-01-01\n") == [("bad-override", "B2")]
    assert overrides(f"{head}1,4,x,y,2024-01-01\n1,5,x,y,2024-01-01\n") == [("duplicate-student", "A3")]
    assert overrides(f"{head}1,4,x,y\n") == [("ragged-row", "E2")]
    assert overrides("student,grade,by\n1,4,x\n") == [("bad-override", "A1")]
    assert overrides("student,grade,arvosana,reason,date\n1,4,4,x,2024-01-01\n") == [("duplicate-header", "C1")]
    assert overrides("student,grade,reason,date,muuta\n1,4,x,2024-01-01,z\n") == [("unused-columns", "E1")]
    assert overrides("") == [("", "0")]
    raw = workbook(A=[["student", "grade", "reason", "by", "date"], ["1", 4, "x", "y", date(2024, 1, 1)]])
    assert read_overrides("o.xlsx", raw, SCALES["0-5"])[0][0][:5] == ("1", 4, "x", "y", "2024-01-01")


# ---- always ------------------------------------------------------------------------------------------------


def test_every_rule_says_what_why_and_shows_both() -> None:
    sources = [path.read_text(encoding="utf-8") for path in Path(sheet_rules.__file__).parent.glob("*.py")]
    names = [name for name in registry._RULES if any(f'"{name}"' in source for source in sources)]
    assert len(names) >= 25
    for name in names:
        doc = registry._RULES[name].doc
        assert "Why: " in doc
        assert "Fails::" in doc
        assert "Passes::" in doc


WORDS = (
    "student opiskelijanumero group exam Tentti|2 Tentti|9 from to group_work activity individual|due "
    "individual|submitted ; , | 1 0012 3,5 - ? EX H HYV A 5.3.2024 2024-03-05|10:12 é 99999999999999999999"
)
PIECES = st.lists(
    st.sampled_from([*(word.replace("|", " ") for word in WORDS.split()), *'\t\n\r\0"\ufeff', "sep=;\n", ";", "\n"]),
    max_size=60,
)


@given(st.one_of(st.binary(max_size=200), PIECES.map(lambda p: "".join(p).encode())))
@settings(max_examples=400, deadline=None)
def test_no_bytes_raise(raw: bytes) -> None:
    for name in ("a.csv", "a.xlsx"):
        for by in (PLAIN, PEERS, POINTS):
            look((name, raw), by=by)
        read_overrides(name, raw, SCALES["H-5"])


BOOK = workbook(
    A=[["student", "exam", "individual submitted"], ["1", 3.5, CAME], ["2", "EX", "#N/A"]],
    B=[["group", "group_work"], ["A", "=1+1"]],
)


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_no_damage_to_a_workbook_raises(data: st.DataObject) -> None:
    raw = bytearray(BOOK)
    for _ in range(data.draw(st.integers(1, 5))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    look(("a.xlsx", bytes(raw)))


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_no_damage_to_the_xml_of_a_workbook_raises(data: st.DataObject) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(BOOK)) as old, zipfile.ZipFile(out, "w") as new:
        victim = data.draw(st.sampled_from(old.namelist()))
        for name in old.namelist():
            content = bytearray(old.read(name))
            if name == victim:
                start = data.draw(st.integers(0, len(content) - 1))
                content[start : start + data.draw(st.integers(0, 5))] = data.draw(st.binary(max_size=5))
            new.writestr(name, bytes(content))
    look(("a.xlsx", out.getvalue()))


@given(
    st.lists(st.tuples(st.integers(0, 9999), st.sampled_from(["", "3", "-", "?", "EX", "4,5"])), min_size=1), st.data()
)
@settings(max_examples=100, deadline=None)
def test_the_order_of_rows_does_not_change_the_students(rows: list[tuple[int, str]], data: st.DataObject) -> None:
    lines = [f"{number:05};{cell}" for number, cell in dict(rows).items()]
    shuffled = data.draw(st.permutations(lines))

    def read(order: Sequence[str]) -> dict[str, object]:
        students = good(("a.csv", "\n".join(["student;exam", *order])))
        assert [s.student for s in students] == [line.partition(";")[0] for line in order]
        return {s.student: s.attempts.get("exam", ()) for s in students}

    assert read(lines) == read(shuffled)


def test_reading_is_not_quadratic() -> None:
    sheet = "student;group;exam\n" + "".join(f"{i:06};R{i % 5000};{i % 6}\n" for i in range(30_000))
    groups = "group;group_work\n" + "".join(f"R{i};{i % 6}\n" for i in range(5000))
    assert len(good(("a.csv", sheet), ("g.csv", groups))) == 30_000


def test_names_of_columns() -> None:
    assert [letters(n) for n in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


def test_what_the_bytes_are_decides_not_the_name() -> None:
    tables, findings = read_tables("a.csv", BOOK)
    assert [table.sheet for table in tables] == ["A", "B"]
    assert findings == []
