"""The score-entry workbook: what it holds, that cells take only what is right, and that what is entered comes back."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import formualizer
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kurssi.cli import run
from kurssi.course.check import check
from kurssi.diagnostics.finding import Severity
from kurssi.diagnostics.words import LANGUAGES, Words
from kurssi.policy.model import Policy, resolve
from kurssi.reports.entry.texts import refusal
from kurssi.reports.entry.workbook import GROUPS, MOST_ERROR, check_of, entry_workbook
from kurssi.sheets import read_sheets
from kurssi.sheets.columns import Headers
from kurssi.sheets.entry_form import group_columns, peer_columns, student_columns
from kurssi.values.classlist import ClassList, Student
from kurssi.values.vocabulary import WORKSHEETS, WRITTEN
from strategies import World, document, examples, worlds

ROOT = Path(__file__).parent.parent
PLAN = ROOT / "implementations" / "KH00BT03-2024.yaml"
CLASS = ROOT / "examples" / "KH00BT03-2024"

RICH = """\
kurssi: 1
course: {code: XX1, name: "Rich & odd: =1+1", credits: 5}
implementation: {id: RICH-2024, language: en, seats: {min: 0, max: 12}}
assessment:
  evaluation_scale: {values: [U, G, VG], passes_from: G}
  parts:
    - {id: work, name: "=1+1", weight: 50, by: group, due: 2024-03-04 23:59, peer: {criteria: {effort: 1, ideas: 1}}}
    - id: tests
      weight: 50
      parts:
        - {id: one, name: Quiz, graded: points, max: 12.5, boundaries: [5, 10], retakes: [{due: 2024-04-01 12:00}]}
        - {id: two, name: Essay, late: none, due: 2024-03-04 23:59}
    - {id: gate, name: Gate, graded: pass-fail, retakes: 1}
  late: {deduct: 0.5, per: day, closes: 7 d}
  activity: {levels: {active: 0.5, "=passive": -0.5}}
"""


def make(tmp_path: Path, *arguments: str, plan: str | Path = PLAN) -> Any:
    target = tmp_path / "scores.xlsx"
    assert run(["sheet", str(plan), "-o", str(target), *arguments]) == 0
    return openpyxl.load_workbook(target)


@pytest.fixture
def rich(tmp_path: Path) -> Path:
    path = tmp_path / "rich.yaml"
    path.write_text(RICH, "utf-8")
    return path


def policy_of(text: str) -> Policy:
    file = check(text.encode(), "x.yaml").file
    assert file is not None
    return resolve(file)


# ---- what it holds -------------------------------------------------------------------------------------------


def test_a_class_from_a_roster(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    roster = tmp_path / "roster.csv"
    roster.write_text("Sukunimi;Etunimi;Opiskelijanumero;Ohjelma\nÄijälä;Åke;0012;T\n=1+1;Bo;0003;T\n", "utf-8-sig")
    book = make(tmp_path, "--roster", str(roster))
    assert capsys.readouterr().err.endswith("with 2 students\n")
    assert book.sheetnames == ["Arvostelu", "Ryhmät", "Ohje", "Luettelot"]
    sheet = book["Arvostelu"]
    assert [cell.value for cell in sheet[1]] == [
        "opiskelijanumero",
        "sukunimi",
        "etunimi",
        "ryhmä",
        "Pienryhmätöiden tuotokset",
        "Pienryhmätöiden tuotokset palautettu",
        "Pienryhmätöiden tuotokset määräaika",
        "Yksilötyöt",
        "Yksilötyöt palautettu",
        "Yksilötyöt määräaika",
        "Tentti",
        "Tentti 2",
        "Tentti 3",
        "Vertaisarviointi",
        "aktiivisuus",
    ]
    assert [[cell.value for cell in row[:4]] for row in sheet.iter_rows(min_row=2)] == [
        ["0012", "Äijälä", "Åke", None],
        ["0003", "=1+1", "Bo", None],
    ]
    assert (sheet["B3"].data_type, sheet["B3"].quotePrefix, sheet["A2"].number_format) == ("s", True, "@")
    assert sheet.freeze_panes == "D2"
    (table,) = sheet.tables.values()
    assert table.ref == "A1:O3"
    assert [c.name for c in table.tableColumns] == [cell.value for cell in sheet[1]]
    note = sheet["E1"].comment.text
    assert "40 %" in note
    assert "4.3.2024 23.59" in note


def test_a_workbook_as_roster_and_groups(tmp_path: Path) -> None:
    book = make(tmp_path, "--roster", str(CLASS / "arvostelu.xlsx"), "--lang", "en")
    assert book["Scores"].max_row == 31
    assert book["Scores"]["A2"].value == "0000001"
    assert book["Scores"]["D1"].value == "email"
    groups = [row[0].value for row in book["Groups"].iter_rows(min_row=2)]
    assert groups == ["R1", "R2", "R3", "R4", "R5", "R6", "R7"]
    assert book["Scores"]["F2"].value is None  # a roster says who, not what they got


def test_empty_rows_for_every_seat(tmp_path: Path, rich: Path) -> None:
    assert make(tmp_path)["Arvostelu"].tables["kurssi_scores"].ref == "A1:O41"
    book = make(tmp_path, "--force", plan=rich)
    assert book.sheetnames == ["Scores", "Groups", "Peer marks", "Instructions", "Lists"]
    assert book["Scores"].tables["kurssi_scores"].ref.endswith("13")
    headers = [cell.value for cell in book["Scores"][1]]
    assert headers[4:] == [
        "=1+1", "=1+1 submitted", "=1+1 due", "Quiz", "Quiz 2", "Quiz 2 submitted", "Quiz 2 due", "Essay", "Gate",
        "Gate 2", "activity",
    ]  # fmt: skip
    assert [cell.value for cell in book["Peer marks"][1]] == ["from", "to", "effort", "ideas"]


def test_nothing_is_hidden_and_nothing_runs(tmp_path: Path, rich: Path) -> None:
    for plan in (PLAN, rich):
        book = make(tmp_path, "--force", plan=plan)
        for sheet in book:
            assert sheet.sheet_state == "visible"
            assert not any(column.hidden and not column.outlineLevel for column in sheet.column_dimensions.values())
            assert not any(row.hidden for row in sheet.row_dimensions.values())
            assert all(cell.data_type in ("s", "n") for row in sheet.iter_rows() for cell in row)
    with zipfile.ZipFile(tmp_path / "scores.xlsx") as archive:
        assert not [name for name in archive.namelist() if "vba" in name.lower()]
        assert b"<f>" not in b"".join(archive.read(name) for name in archive.namelist())


def test_the_same_bytes_for_the_same_class(tmp_path: Path) -> None:
    make(tmp_path)
    first = (tmp_path / "scores.xlsx").read_bytes()
    make(tmp_path, "--force")
    assert (tmp_path / "scores.xlsx").read_bytes() == first


@pytest.mark.parametrize("language", LANGUAGES)
def test_headers_are_understood_in_every_language(language: str) -> None:
    for text in (RICH, PLAN.read_text("utf-8")):
        policy = policy_of(text)
        headers = Headers(policy)
        for column in [*student_columns(policy, language, email=True), *group_columns(policy, language)]:
            role = headers.role(column.header)
            assert (role.meaning, role.part, role.attempt) == (
                column.meaning,
                column.part.id if column.part else "",
                column.attempt,
            )
        for column in peer_columns(policy, language)[:2]:
            assert headers.role(column.header).meaning == column.meaning
    assert WRITTEN[language].keys() == WRITTEN["en"].keys()
    assert WORKSHEETS[language].keys() == WORKSHEETS["en"].keys()


def test_a_part_with_an_endless_name_stands_under_its_id() -> None:
    text = document({"evaluation_scale": "0-5", "parts": [{"id": "exam", "name": "x" * 300, "weight": 100}]}, None)
    assert [c.header for c in student_columns(policy_of(text), "en")][-1] == "exam"


# ---- what a cell takes ---------------------------------------------------------------------------------------


def allowed(formula: str, values: list[Any], letter: str = "F") -> list[Any]:
    """The values that pass a check, by a calculation engine."""
    book = formualizer.Workbook()
    book.add_sheet("S")
    passed = []
    for value in values:
        book.set_value("S", 2, ord(letter) - 64, value)
        book.set_formula("S", 2, 1, "=" + formula)
        if book.evaluate_cell("S", 2, 1) is True:
            passed.append(value)
    return passed


@pytest.mark.parametrize(
    ("scale", "part", "good"),
    [
        ("0-5", {}, [0, 3.5, 5, "-", "?", "ex", "EX", "AHOT", "RPL", "H", "hylätty"]),
        ("4-10", {}, [5, 10, "-", "?", "ex", "EX", "AHOT", "RPL", "hylätty"]),
        (
            "0-5",
            {"graded": "points", "max": 40, "boundaries": [1, 2, 3, 4, 5]},
            [0, 3.5, 5, 10, 39.99, "-", "?", "ex", "EX", "AHOT", "RPL", "H", "hylätty"],
        ),
    ],
)
def test_excel_takes_what_kurssi_reads(scale: str, part: dict[str, Any], good: list[Any]) -> None:
    policy = policy_of(document({"evaluation_scale": scale, "parts": [{"id": "exam", "weight": 100, **part}]}, None))
    column = student_columns(policy, "fi")[-1]
    values = [0, 3.5, 5, 10, 39.99, 45416, -1, "-", "?", "ex", "EX", "AHOT", "RPL", "H", "hylätty", "HYV", "3,5", "abc"]
    check_ = check_of(column, "F", 2, 50)
    assert len(check_.formula1) <= 255
    passed = allowed(check_.formula1, values)
    if scale == "4-10":
        good = [value for value in good if value != 39.99]
    assert passed == good
    for value in values:
        cell = str(value)
        classlist, _ = read_sheets([("a.csv", f"student;exam\n1;{cell}\n".encode())], policy)
        if value in passed:
            assert classlist is not None, value
        elif not isinstance(value, str):
            assert classlist is None, value  # no number is refused that would be read


def test_a_student_number_stands_once() -> None:
    column = student_columns(policy_of(RICH), "en")[0]
    formula = check_of(column, "B", 2, 4).formula1
    book = formualizer.Workbook()
    book.add_sheet("S")
    for row, value in enumerate(["0012", "12", "0012"], 2):
        book.set_value("S", row, 2, value)
    book.set_formula("S", 9, 9, "=" + formula)
    assert book.evaluate_cell("S", 9, 9) is False
    book.set_value("S", 4, 2, "012")
    assert book.evaluate_cell("S", 9, 9) is True


def test_an_address_is_one() -> None:
    column = student_columns(policy_of(RICH), "en", email=True)[3]
    values = ["a@b.example", "a b@c.example", "Ann Able"]
    assert allowed(check_of(column, "F", 2, 9).formula1, values) == ["a@b.example"]


@pytest.mark.parametrize(
    ("known", "group", "good"),
    [((), "R1", True), (("R1", "R2"), "r1", True), (("R1", "R2"), "R3", False)],
)
def test_a_group_is_compared_with_those_that_are_known(known: tuple[str, ...], group: str, good: bool) -> None:
    column = next(c for c in student_columns(policy_of(RICH), "en") if c.meaning == "group")
    formula = check_of(column, "B", 2, 4).formula1.replace(GROUPS, "$D$2:$D$9")
    book = formualizer.Workbook()
    book.add_sheet("S")
    for row, name in enumerate(known, 2):
        book.set_value("S", row, 4, name)
    book.set_value("S", 2, 2, group)
    book.set_formula("S", 20, 1, "=" + formula)
    assert book.evaluate_cell("S", 20, 1) is good


def test_who_has_filled_in_the_workbook_is_led_to_an_update(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make(tmp_path).save(tmp_path / "scores.xlsx")
    capsys.readouterr()
    assert run(["sheet", str(PLAN), "-o", str(tmp_path / "scores.xlsx"), "--lang", "en"]) == 2
    assert "use --update" in capsys.readouterr().err


def test_every_cell_is_checked_and_says_what_it_takes(tmp_path: Path, rich: Path) -> None:
    for language in LANGUAGES:
        book = make(tmp_path, "--force", "--lang", language, plan=rich)
        names = WORKSHEETS[language]
        sheet = book[names["scores"]]
        checked = {re.match("[A-Z]+", str(v.sqref))[0]: v for v in sheet.data_validations.dataValidation}  # type: ignore[index]
        for at, cell in enumerate(sheet[1]):
            if at in (1, 2):  # names are any text
                continue
            rule = checked[cell.column_letter]
            assert str(rule.sqref) == f"{cell.column_letter}2:{cell.column_letter}1048576"
            assert rule.showErrorMessage
            assert 0 < len(rule.error) <= MOST_ERROR
            assert len(rule.errorTitle) <= 32
            if rule.type == "list":
                area = book.defined_names[rule.formula1].attr_text
                title, cells = area.split("!")
                assert title.strip("'") == names["lists"]
                values = [c[0].value for c in book[title.strip("'")][cells.replace("$", "")]]
                assert values
                assert None not in values
    assert [c[0].value for c in book["Listor"]["C4:C5"]] == ["active", "=passive"]


def test_errors_are_in_the_teachers_language() -> None:
    column = student_columns(policy_of(PLAN.read_text("utf-8")), "fi")[4]
    words = "-  ?  EX  AHOT  RPL  PIDÄTETTY  H  hylätty"
    assert Words("fi").say(refusal(column.takes)) == "Luku välillä 0–5 tai jokin näistä:  " + words
    assert Words("sv").say(refusal(column.takes)).startswith("Ett tal från 0 till 5")


# ---- and back again ------------------------------------------------------------------------------------------


def test_an_untouched_workbook_is_read_and_says_nothing_about_itself(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make(tmp_path, "--roster", str(CLASS / "arvostelu.csv"))
    capsys.readouterr()
    assert run(["grade", str(PLAN), str(tmp_path / "scores.xlsx"), "--lang", "en"]) == 0
    said = capsys.readouterr().err.splitlines()
    assert said[-1] == "30 students, 0 passed, 30 failed, 0 incomplete | grades H: 30, 1: 0, 2: 0, 3: 0, 4: 0, 5: 0"
    found = [line.partition("]")[0] for line in said if line.startswith(("error", "warning", "info"))]
    assert set(found) == {"info[nothing-to-act-on"}  # of the policy's rules, not of the workbook
    make(tmp_path, "--force")
    assert run(["grade", str(PLAN), str(tmp_path / "scores.xlsx"), "--lang", "en"]) == 1
    assert "has a header, but no student" in capsys.readouterr().err


def test_peer_marks_that_are_still_to_come_make_nobody_silent(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = tmp_path / "p.yaml"
    plan.write_text(
        "kurssi: 1\ncourse: {code: X, name: C, credits: 5}\nimplementation: {id: X-1}\nassessment:\n"
        "  evaluation_scale: 0-5\n"
        "  parts: [{id: work, name: Work, weight: 100, by: group, peer: {penalty: 50 %}}]\n",
        "utf-8",
    )
    (tmp_path / "r.csv").write_text("student;group\n1;A\n2;A\n", "utf-8")
    book = make(tmp_path, "--roster", str(tmp_path / "r.csv"), plan=plan)
    book["Groups"]["B2"].value = 4
    book.save(tmp_path / "scores.xlsx")
    capsys.readouterr()
    assert run(["grade", str(plan), str(tmp_path / "scores.xlsx"), "--lang", "en"]) == 0
    said = capsys.readouterr()
    assert "no sheet has peer marks for Work" in said.err
    assert "4: 2, 5: 0" in said.err
    for row, pair in enumerate([("1", "2", 3), ("2", "1", 4)], 2):
        for column, value in enumerate(pair, 1):
            book["Peer marks"].cell(row, column).value = value
    book.save(tmp_path / "scores.xlsx")
    assert run(["grade", str(plan), str(tmp_path / "scores.xlsx"), "--lang", "en"]) == 0
    assert "no-peer-marks" not in capsys.readouterr().err


def test_the_example_class_comes_back_from_the_workbook(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = make(tmp_path, "--roster", str(CLASS / "arvostelu.csv"))
    with (CLASS / "arvostelu.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    sheet = book["Arvostelu"]
    at = {cell.value: cell.column for cell in sheet[1]}
    for number, row in enumerate(rows, 2):
        for header, text in row.items():
            if header in at and text:
                _fill(sheet.cell(number, at[header]), text)
    with (CLASS / "ryhmat.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file, delimiter=";"):
            group = next(r for r in book["Ryhmät"].iter_rows(min_row=2) if r[0].value == row["ryhmä"])
            _fill(group[1], row["group_work"])
            _fill(group[2], row["group_work palautettu"])
    book.save(tmp_path / "scores.xlsx")
    capsys.readouterr()

    def graded(*sheets: Path) -> list[str]:
        assert run(["grade", str(PLAN), *map(str, sheets), "--format", "csv"]) == 0
        return capsys.readouterr().out.splitlines()

    assert graded(tmp_path / "scores.xlsx") == graded(CLASS / "arvostelu.csv", CLASS / "ryhmat.csv")


def _fill(cell: Any, text: str) -> None:
    """Enters a text as a spreadsheet does: numbers and times become such."""
    if cell.number_format == "@":
        cell.value, cell.data_type = text, "s"
        return
    if re.fullmatch(r"-?\d+([.,]\d+)?", text):
        cell.value = float(text.replace(",", "."))
        return
    for code in ("%d.%m.%Y %H.%M", "%Y-%m-%d %H:%M", "%d.%m.%Y", "%Y-%m-%d"):
        try:
            cell.value = datetime.strptime(text, code)  # noqa: DTZ007
        except ValueError:
            continue
        cell.number_format = r"d\.m\.yyyy\ h\.mm"
        return
    cell.value, cell.data_type = text, "s"


def _values(world: World, columns: list[Any], who: dict[str, Any], cells: dict[str, list[dict[str, Any]]]) -> list[str]:
    out = []
    for column in columns:
        if column.part is None:
            out.append(str(who.get(column.meaning) or ""))
            continue
        attempts = cells.get(column.part.id, [])
        cell = attempts[column.attempt - 1] if column.attempt <= len(attempts) else {}
        out.append(cell.get(column.meaning) or "")
    return out


@examples(20)
@given(world=worlds(), language=st.sampled_from(LANGUAGES))
def test_what_is_filled_in_is_read_back_without_loss(world: World, language: str) -> None:
    text = document(world.assessment, world.timing_end)
    file = check(text.encode(), "x.yaml").file
    assert file is not None
    policy = resolve(file)
    students = tuple(Student(s["student"], group=s["group"]) for s in world.students)
    book = openpyxl.load_workbook(io.BytesIO(entry_workbook(file, policy, students, Words(language), 5)))
    names = WORKSHEETS[language]
    files = []
    columns = student_columns(policy, language, group=any(s.group for s in students))
    tables = [(names["scores"], columns, [_values(world, columns, s, s["cells"]) for s in world.students])]
    if by_group := group_columns(policy, language):
        rows = [_values(world, by_group, {"group": g}, cells) for g, cells in world.group_scores.items()]
        tables.append((names["groups"], by_group, rows))
    if peers := peer_columns(policy, language):
        criteria = [c.header for c in peers[2:]]
        rows = [
            [m["from"], m["to"], *(m["marks"].get(c, m["marks"]["effort"]) for c in criteria)]
            for m in world.peer_marks or []
        ]
        tables.append((names["peers"], peers, rows))
    for name, heads, rows in tables:
        sheet = book[name]
        assert [cell.value for cell in sheet[1]] == [column.header for column in heads]
        for number, row in enumerate(rows, 2):
            for at, value in enumerate(row, 1):
                if value:
                    _fill(sheet.cell(number, at), value)
        if rows:
            out = io.StringIO()
            csv.writer(out, delimiter=";").writerows([[column.header for column in heads], *rows])
            files.append((name, out.getvalue().encode()))
    saved = io.BytesIO()
    book.save(saved)
    one, wrong = read_sheets([("a.xlsx", saved.getvalue())], policy)
    other, _ = read_sheets(files, policy)
    errors = [finding for finding in wrong if finding.severity is Severity.error]
    assert one is not None, errors
    assert other is not None
    assert _bare(one) == _bare(other)


def _bare(classlist: ClassList) -> object:
    return classlist.students, None if classlist.peer_marks is None else [
        mark._replace(source=None, cell=None) for mark in classlist.peer_marks
    ]


# ---- what is refused -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ([str(PLAN)], 2, "-o"),
        ([str(PLAN), "-o", "{tmp}/a.csv"], 2, ".xlsx"),
        ([str(PLAN), "-o", "{tmp}/a.xlsx", "--roster", "{tmp}/none.csv"], 2, "no such file"),
        ([str(PLAN), "-o", "{tmp}/a.xlsx", "--roster", "{tmp}/twice.csv"], 1, "duplicate-student"),
        ([str(PLAN), "-o", "{tmp}/a.xlsx", "--roster", "{tmp}/names.csv"], 1, "sheet-header"),
        ([str(PLAN), "-o", "{tmp}/theirs.xlsx"], 2, "--force"),
        ([str(ROOT / "examples" / "broken.yaml"), "-o", "{tmp}/a.xlsx"], 1, "nothing is written"),
    ],
)
def test_what_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, said: str
) -> None:
    (tmp_path / "twice.csv").write_text("student\n1\n1\n", "utf-8")
    (tmp_path / "names.csv").write_text("nimi\nA\n", "utf-8")
    (tmp_path / "theirs.xlsx").write_bytes(b"mine")
    before = sorted(tmp_path.iterdir())
    assert run(["sheet", *(a.replace("{tmp}", str(tmp_path)) for a in arguments), "--lang", "en"]) == code
    assert said in capsys.readouterr().err
    assert sorted(tmp_path.iterdir()) == before
