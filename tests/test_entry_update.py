"""``kurssi sheet --update``: what is new comes in, and what a teacher entered stays to the last cell."""

from __future__ import annotations

import io
import shutil
import subprocess
import warnings
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Font, PatternFill

from kurssi.cli import run
from strategies import examples

HEAD = """\
kurssi: 1
course: {code: XX1, name: Course, credits: 5}
implementation: {id: XX1-1, language: en}
assessment:
  evaluation_scale: 0-5
  parts:
"""
OLD = (
    HEAD
    + """\
    - {id: essay, name: Essay, weight: 50, due: 2024-03-04 23:59}
    - {id: exam, name: Exam, weight: 50}
    - {id: gate, name: Gate, graded: pass-fail}
  late: {deduct: 0.5}
  activity: {levels: {active: 0.5}}
"""
)
NEW = (
    HEAD
    + """\
    - {id: essay, name: Essay, weight: 40, due: 2024-03-04 23:59}
    - {id: exam, name: Exam, weight: 40, retakes: 1}
    - {id: work, name: Group work, weight: 20, by: group, peer: {criteria: {effort: 1}}}
    - {id: gate, name: Gate, graded: pass-fail}
  late: {deduct: 0.5}
  activity: {levels: {active: 0.5, passive: -0.5}}
"""
)
ROSTER = "student;surname;first name;group\n001;Able;Ann;A\n002;Bold;Bo;A\n003;Cool;Cy;B\n"
LATER = "student;surname;first name;group\n001;Able;Ann;B\n003;Cool;Cy;B\n0004;Dodd;Di;C\n5;Early;=Ed;\n"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, text in (("old.yaml", OLD), ("new.yaml", NEW), ("roster.csv", ROSTER), ("later.csv", LATER)):
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


def fill(path: str) -> None:
    """What a teacher does to a workbook: scores, times, a column, notes and colours, a filter, a rule of their own."""
    book = openpyxl.load_workbook(path)
    sheet = book["Scores"]
    at = {cell.value: cell.column for cell in sheet[1]}
    for row in range(2, 5):
        sheet.cell(row, at["Essay"]).value = 3.5
        sheet.cell(row, at["Essay submitted"]).value = datetime(2024, 3, 5, 10, 12)  # noqa: DTZ001
        sheet.cell(row, at["Exam"]).value = "EX"
        sheet.cell(row, at["Gate"]).value = "HYV"
    right = sheet.max_column + 2
    sheet.cell(1, right).value = "mine"
    sheet.cell(3, right).value = "ask!"
    sheet.cell(3, right).fill = PatternFill("solid", start_color="FFFF00", end_color="FFFF00")
    sheet.cell(3, right).font = Font(bold=True, name="Arial")
    sheet.cell(2, 1).comment = Comment("look at this", "teacher", width=222, height=111)
    sheet.conditional_formatting.add("E2:E4", CellIsRule(operator="lessThan", formula=["1"], font=Font(bold=True)))
    sheet.row_dimensions[4].hidden = True
    sheet.column_dimensions["B"].width = 44
    book.create_sheet("Own")["B2"] = "mine too"
    book.save(path)


def state(path: str) -> dict[tuple[str, str], tuple[Any, ...]]:
    """Every cell with anything: value, format, fill, font, note."""
    found = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a number that is no date in a cell for dates
        book = openpyxl.load_workbook(io.BytesIO(Path(path).read_bytes()))
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is not None or cell.comment is not None:
                    note = cell.comment
                    found[sheet.title, cell.coordinate] = (
                        cell.value,
                        cell.data_type,
                        cell.number_format,
                        cell.fill.start_color.rgb,
                        cell.font.b,
                        cell.font.name,
                        note and note.text,
                    )
    return found


def made(*arguments: str, plan: str = "old.yaml") -> None:
    assert run(["sheet", plan, "-o", "a.xlsx", "--roster", "roster.csv", *arguments]) == 0


# ---- what comes in, and what stays ---------------------------------------------------------------------------


def test_new_students_and_parts(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made()
    fill("a.xlsx")
    before = state("a.xlsx")
    capsys.readouterr()
    assert run(["sheet", "new.yaml", "--update", "a.xlsx", "--roster", "later.csv", "--lang", "en"]) == 0
    assert capsys.readouterr().err.splitlines() == [
        "updated: a.xlsx",
        "2 new students: 0004, 5",
        "new columns: Exam 2, Group work",
        "new worksheets: Groups, Peer marks",
        "not on the roster any more, and kept: 002",
        "in another group on the roster, and left where they are: 001",
    ]
    after = state("a.xlsx")
    assert {key: after.get(key) for key in before} == before
    book = openpyxl.load_workbook("a.xlsx")
    sheet = book["Scores"]
    header = [cell.value for cell in sheet[1]]
    assert header[-3:] == ["mine", "Exam 2", "Group work"]  # beyond the teacher's column
    assert [[c.value for c in row[:4]] for row in sheet.iter_rows(min_row=5)] == [
        ["0004", "Dodd", "Di", "C"],
        ["5", "Early", "=Ed", None],
    ]
    assert sheet["C6"].data_type == "s"
    assert sheet["A5"].number_format == "@"
    assert sheet.row_dimensions[4].hidden
    assert sheet.column_dimensions["B"].width == 44
    assert [str(area.sqref) for area in sheet.conditional_formatting] == ["E2:E4"]
    assert [row[0].value for row in book["Groups"].iter_rows(min_row=2)] == ["A", "B", "C"]
    (levels,) = [rule for rule in sheet.data_validations.dataValidation if rule.formula1 == "kurssi_levels"]
    assert levels.type == "list"
    title, cells = book.defined_names["kurssi_levels"].attr_text.split("!")
    assert [c[0].value for c in book[title.strip("'")][cells.replace("$", "")]] == ["active", "passive"]
    # and again: there is nothing more
    raw = Path("a.xlsx").read_bytes()
    assert run(["sheet", "new.yaml", "--update", "a.xlsx", "--roster", "later.csv", "--lang", "en"]) == 0
    assert "has everything already" in capsys.readouterr().err
    assert Path("a.xlsx").read_bytes() == raw


def test_the_updated_workbook_is_graded(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made()
    fill("a.xlsx")
    assert run(["sheet", "new.yaml", "--update", "a.xlsx", "--roster", "later.csv"]) == 0
    capsys.readouterr()
    assert run(["grade", "new.yaml", "a.xlsx", "--format", "csv", "--lang", "en"]) == 0
    rows = capsys.readouterr().out.splitlines()
    assert [row.split(",")[0].strip("\ufeff") for row in rows[1:]] == ["001", "002", "003", "0004", "5"]
    assert rows[1].split(",")[4:6] == ["3", "EX"]  # a day late: 3.5 − 0.5


def test_into_another_file(here: Path) -> None:
    made()
    fill("a.xlsx")
    raw = Path("a.xlsx").read_bytes()
    assert run(["sheet", "new.yaml", "--update", "a.xlsx", "-o", "b.xlsx"]) == 0
    assert Path("a.xlsx").read_bytes() == raw
    assert ("Scores", "R1") in state("b.xlsx") or "Group work" in [c[0] for c in state("b.xlsx").values()]
    Path("c.xlsx").write_bytes(b"theirs")
    assert run(["sheet", "new.yaml", "--update", "a.xlsx", "-o", "c.xlsx"]) == 2
    assert Path("c.xlsx").read_bytes() == b"theirs"


def test_empty_rows_are_used_first(here: Path) -> None:
    assert run(["sheet", "old.yaml", "-o", "a.xlsx"]) == 0
    book = openpyxl.load_workbook("a.xlsx")
    book["Scores"]["A2"].value, book["Scores"]["A4"].value, book["Scores"]["B4"].value = "77", "78", "Self"
    book.save("a.xlsx")
    assert run(["sheet", "old.yaml", "--update", "a.xlsx", "--roster", "roster.csv"]) == 0
    sheet = openpyxl.load_workbook("a.xlsx")["Scores"]
    assert [cell.value for cell in sheet["A"][1:7]] == ["77", "001", "78", "002", "003", None]
    assert sheet.tables["kurssi_scores"].ref.endswith("36")


def test_formulas_keep_what_they_were_computed_to(here: Path) -> None:
    """A workbook of another program, without a table, with its header further down."""
    book = xlsxwriter.Workbook("a.xlsx")
    sheet = book.add_worksheet("Scores")
    sheet.write_row(2, 1, ["student", "name", "Essay", "Exam", "Gate", "sum & more", "word", "flag"])
    for row, student in enumerate(("001", "002"), 3):
        sheet.write_row(row, 1, [student, "Able, Ann", 3])
        sheet.write_formula(row, 4, f"=D{row + 1}+1", None, 4)
        sheet.write(row, 5, "HYV")
        sheet.write_formula(row, 6, f"=SUM(D{row + 1}:E{row + 1})", None, 7.5)
        sheet.write_formula(row, 7, '="a"&"b"', None, "a&b")
        sheet.write_formula(row, 8, "=1=1", None, True)
    sheet.write_rich_string(9, 1, "plain ", book.add_format({"bold": True}), "bold")
    sheet.autofilter(2, 1, 4, 8)
    book.close()
    assert run(["sheet", "new.yaml", "--update", "a.xlsx", "--roster", "roster.csv"]) == 0
    values = openpyxl.load_workbook("a.xlsx", data_only=True)["Scores"]
    assert [[c.value for c in row[4:9]] for row in values.iter_rows(min_row=4, max_row=5)] == [
        [4, "HYV", 7.5, "a&b", True]
    ] * 2
    formulas = openpyxl.load_workbook("a.xlsx", rich_text=True)["Scores"]
    assert formulas["G4"].value == "=SUM(D4:E4)"
    assert str(formulas["B10"].value) == "plain bold"
    assert [formulas["B11"].value, formulas["C11"].value] == ["003", "Cool, Cy"]
    assert formulas.auto_filter.ref == "B3:I5"


def test_notes_keep_their_size(here: Path) -> None:
    made()
    fill("a.xlsx")

    def vml(name: str) -> str:
        with zipfile.ZipFile(name) as archive:
            return "".join(archive.read(n).decode() for n in archive.namelist() if n.endswith(".vml"))

    assert "width:222px;height:111px" in vml("a.xlsx").replace(" ", "")
    assert run(["sheet", "old.yaml", "--update", "a.xlsx", "--roster", "later.csv"]) == 0
    assert "width:222.0px;height:111.0px" in vml("a.xlsx").replace(" ", "")


@examples(10)
@given(
    edits=st.dictionaries(
        st.tuples(st.integers(1, 9), st.integers(2, 20)),
        st.one_of(
            st.text("abc <>&=\"'\n_x00Aé", min_size=1, max_size=8),
            st.floats(allow_nan=False, allow_infinity=False),
            st.integers(-(10**14), 10**14),
            st.booleans(),
            st.datetimes(datetime(1950, 1, 1), datetime(2100, 1, 1)),  # noqa: DTZ001
        ),
        max_size=12,
    )
)
def test_whatever_was_entered_stays(
    tmp_path_factory: pytest.TempPathFactory, edits: dict[tuple[int, int], Any]
) -> None:
    folder = tmp_path_factory.mktemp("update")
    for name, text in (("old.yaml", OLD), ("new.yaml", NEW), ("roster.csv", ROSTER), ("later.csv", LATER)):
        (folder / name).write_text(text, "utf-8")
    path = str(folder / "a.xlsx")
    assert run(["sheet", str(folder / "old.yaml"), "-o", path, "--roster", str(folder / "roster.csv")]) == 0
    book = openpyxl.load_workbook(path)
    sheet = book["Scores"]
    for (row, column), value in edits.items():
        if row > 1 or (isinstance(value, str) and column > 12 and value.strip()):
            cell = sheet.cell(row, column)
            cell.value = value
            if isinstance(value, str):
                cell.data_type = "s"
    book.save(path)
    before, raw = state(path), Path(path).read_bytes()
    code = run(["sheet", str(folder / "new.yaml"), "--update", path, "--roster", str(folder / "later.csv")])
    after = state(path)
    assert {key: after.get(key) for key in before} == before
    assert code == 0 or Path(path).read_bytes() == raw


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_a_workbook_that_libreoffice_has_saved(here: Path) -> None:
    made()
    fill("a.xlsx")
    command = ["soffice", f"-env:UserInstallation=file://{here}/profile", "--headless", "--convert-to", "xlsx"]
    subprocess.run([*command, "--outdir", "saved", "a.xlsx"], check=True, capture_output=True, timeout=120)
    before = state("saved/a.xlsx")
    assert run(["sheet", "new.yaml", "--update", "saved/a.xlsx", "--roster", "later.csv"]) == 0
    after = state("saved/a.xlsx")
    assert {key: after.get(key) for key in before} == before
    assert ("Scores", "A6") in after


# ---- what is left as it is -----------------------------------------------------------------------------------


def _with_part(raw: bytes, name: str, data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(out, "w") as new:
        for info in old.infolist():
            new.writestr(info, old.read(info) if info.filename != name else data)
        if name not in old.namelist():
            new.writestr(name, data)
    return out.getvalue()


def _chart(path: str) -> None:
    book = openpyxl.load_workbook(path)
    chart = BarChart()
    chart.add_data(Reference(book["Scores"], range_string="Scores!$E$2:$E$4"))
    book["Scores"].add_chart(chart, "Z9")
    book.save(path)


def _extension(path: str) -> None:
    raw = Path(path).read_bytes()
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    more = b'<extLst><ext uri="{78C0D931-6437-407d-A8EE-F0AAD7539E65}"/></extLst></worksheet>'
    Path(path).write_bytes(_with_part(raw, "xl/worksheets/sheet1.xml", sheet.replace(b"</worksheet>", more)))


def _threads(path: str) -> None:
    raw = Path(path).read_bytes()
    Path(path).write_bytes(_with_part(raw, "xl/threadedComments/threadedComment1.xml", b"<ThreadedComments/>"))


def test_what_nobody_misses_does_not_stop_an_update(here: Path) -> None:
    made()
    raw = Path("a.xlsx").read_bytes()
    for name in ("xl/persons/person.xml", "xl/printerSettings/printerSettings1.bin", "docMetadata/LabelInfo.xml"):
        raw = _with_part(raw, name, b"<x/>")
    Path("a.xlsx").write_bytes(raw)
    assert run(["sheet", "old.yaml", "--update", "a.xlsx", "--roster", "later.csv"]) == 0
    assert ("Scores", "A6") in state("a.xlsx")


def _zeros(path: str) -> None:
    book = openpyxl.load_workbook(path)
    book["Scores"]["A2"].value = 1
    book.save(path)


def _header(path: str) -> None:
    book = openpyxl.load_workbook(path)
    book["Scores"].cell(1, 30).value = "Exam"
    book.save(path)


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (_chart, "pictures, charts or shapes"),
        (_extension, "newer spreadsheet programs"),
        (_threads, "comments with replies"),
        (_zeros, "the workbook has the student 1, the roster 001"),
        (_header, "duplicate-header"),
    ],
)
def test_a_workbook_that_would_lose_something_is_left_as_it_is(
    here: Path, capsys: pytest.CaptureFixture[str], edit: Any, said: str
) -> None:
    made()
    edit("a.xlsx")
    raw = Path("a.xlsx").read_bytes()
    assert run(["sheet", "new.yaml", "--update", "a.xlsx", "--roster", "later.csv", "--lang", "en"]) == 1
    assert said in capsys.readouterr().err
    assert Path("a.xlsx").read_bytes() == raw


@pytest.mark.parametrize("lock", ["~$a.xlsx", ".~lock.a.xlsx#"])
def test_a_workbook_that_is_open_elsewhere(here: Path, capsys: pytest.CaptureFixture[str], lock: str) -> None:
    made()
    Path(lock).write_bytes(b"")
    raw = Path("a.xlsx").read_bytes()
    assert run(["sheet", "new.yaml", "--update", "a.xlsx", "--lang", "en"]) == 2
    assert "close it first" in capsys.readouterr().err
    assert Path("a.xlsx").read_bytes() == raw


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--update", "none.xlsx"], 2),
        (["--update", "a.ods"], 2),
        (["--update", "a.xlsx", "--from", "roster.csv"], 2),
        (["--update", "half.xlsx"], 1),
        (["--update", "a.xlsx", "-o", "b.csv"], 2),
    ],
)
def test_what_cannot_be_updated(here: Path, arguments: list[str], code: int) -> None:
    made()
    Path("half.xlsx").write_bytes(Path("a.xlsx").read_bytes()[:3000])
    before = {path.name: path.read_bytes() for path in here.iterdir()}
    assert run(["sheet", "new.yaml", *arguments]) == code
    assert {path.name: path.read_bytes() for path in here.iterdir()} == before
