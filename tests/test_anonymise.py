"""``kurssi sheet --anonymise``: nobody survives, and what goes wrong with a file goes wrong with its look-alike."""

from __future__ import annotations

import csv
import html
import io
import re
import zipfile
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from kurssi.cli import run
from kurssi.diagnostics.message import Wrong
from kurssi.reports.entry.look_alike import look_alikes

Capture = pytest.CaptureFixture[str]
ROOT = Path(__file__).parent.parent
PLAN = ROOT / "implementations" / "KH00BT03-2024.yaml"
SAMPLES = [ROOT / "examples" / "KH00BT03-2024" / name for name in ("arvostelu.csv", "ryhmat.csv")]

MOODLE = (
    "\ufeffTunniste,Koko nimi,Sähköpostiosoite,Tila,Arvosana,Palautekommentit\r\n"
    'Osallistuja 412345,"Meikäläinen, Maija",maija.meikalainen@school.invalid,Palautettu arvioitavaksi,"4,50",\r\n'
    'Osallistuja 498765,Matti Virtanen,0654321@school.invalid,Ei palautusta,-,"Hei Matti, soita Maijalle"\r\n'
).encode()


def text(raw: bytes) -> str:
    return look_alikes([("a.csv", raw)], seed=1)[0].decode("utf-8-sig")


def test_nobody_is_left_and_the_rest_stays() -> None:
    made = look_alikes([("a.csv", MOODLE)], seed=1)[0]
    assert made.startswith(b"\xef\xbb\xbf")
    header, first, second, end = made.decode("utf-8-sig").split("\r\n")
    assert header == MOODLE.decode("utf-8-sig").split("\r\n")[0]
    assert end == ""
    for name in ("Meikäläinen", "Maija", "maija", "Matti", "Virtanen", "school", "412345", "498765", "0654321"):
        assert name not in made.decode("utf-8-sig")
    assert re.fullmatch(
        r'\w+ \d{6},"(\w{11}), (\w{5})",\w+\.\w+@example\.org,Palautettu arvioitavaksi,"4,50",', first
    ), first
    assert re.search(r",0\d{6}@example\.org,Ei palautusta,-,\"\w+ \w+, \w+ \w+\"$", second), second
    surname = re.search(r'"(\w+), (\w+)"', first)
    assert surname is not None
    assert surname[2].lower() in first.split(",")[3]  # who stands in two cells is the same in both


def test_files_that_belong_together_still_do() -> None:
    roster = b"student,name\n0123456,Aada Arpa\n0234567,Eero Esimerkki\n"
    scores = b"student;Essay (Arpa)\n0234567;3\n0123456;4\n"
    one, other = (raw.decode() for raw in look_alikes([("a.csv", roster), ("b.csv", scores)], seed=2))
    numbers = [line.split(",")[0] for line in one.splitlines()[1:]]
    assert [line.split(";")[0] for line in other.splitlines()[1:]] == numbers[::-1]
    assert [line.split(";")[1] for line in other.splitlines()[1:]] == ["3", "4"]
    assert all(len(number) == 7 and number.startswith("0") for number in numbers)
    assert other.startswith("student;Essay (")
    assert "Arpa" not in other


def test_a_class_is_graded_as_before(tmp_path: Path, capsys: Capture) -> None:
    sheets = [word for path in SAMPLES for word in ("--anonymise", str(path))]
    assert run(["sheet", str(PLAN), *sheets, "-o", str(tmp_path / "shown")]) == 0
    made = sorted((tmp_path / "shown").iterdir())
    for path, other in zip(SAMPLES, made, strict=True):
        data = other.read_bytes()
        numbers = set(re.findall(rb"\b\d{5,}\b", path.read_bytes()))
        assert not numbers & set(re.findall(rb"\b\d{5,}\b", data))
    grades = []
    for paths in (SAMPLES, made):
        assert run(["grade", str(PLAN), *map(str, paths), "--format", "csv", "--lang", "en"]) == 0
        rows = list(csv.reader(capsys.readouterr().out.lstrip("\ufeff").splitlines()))
        grades.append([row[-3:-1] for row in rows])
    assert grades[0] == grades[1]


WORDS = st.text(st.sampled_from("abcdefghijklmnopqrstuvwxyzåäöéßñ"), min_size=4, max_size=12)
LINES = st.lists(
    st.tuples(WORDS.map(str.title), WORDS.map(str.title), st.integers(10_000, 9_999_999), WORDS, st.integers(0, 5)),
    min_size=1, max_size=8,
)  # fmt: skip
SCHEMES = st.tuples(st.sampled_from(",;\t"), st.sampled_from(["\n", "\r\n"]), st.sampled_from(["utf-8", "utf-16"]),
                    st.booleans())  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(LINES, SCHEMES)
def test_no_name_number_or_address_survives(
    people: list[tuple[str, str, int, str, int]], scheme: tuple[str, str, str, bool]
) -> None:
    delimiter, ending, encoding, quoted = scheme
    quote = '"' if quoted else ""

    def line(*cells: object) -> str:
        return delimiter.join(f"{quote}{cell}{quote}" for cell in cells)

    rows = [line("student", "surname", "first name", "email", "exam", "remark")]
    for surname, first, number, mail, grade in people:
        rows.append(line(number, surname, first, f"{mail}.{number}@mail.invalid", grade, f"{first} {surname} was ill"))
    raw = ending.join(rows).encode(encoding)
    made = look_alikes([("a.csv", raw)])[0]
    said = made.decode(encoding)
    own = {word.casefold() for person in people for word in (*person[:2], str(person[2]), person[3])}
    assert not own & {word.casefold() for word in re.findall(r"[^\W\d_]+|\d+", said)}
    assert [len(one.split(delimiter)) for one in said.split(ending)] == [6] * len(rows)


def test_a_workbook_keeps_its_shape_and_loses_its_people() -> None:
    book = openpyxl.Workbook()
    book.properties.creator = "Opettaja Oiva"
    sheet = book.active
    assert sheet is not None
    sheet.title = "Arvostelu"
    for row in (
        ["Opiskelijanumero", "Nimi", "Tentti"],
        [1234567, "Aada Arpa", 4],
        ["0234567", "Eero Esimerkki", "=C2"],
    ):
        sheet.append(row)
    sheet.merge_cells("A5:B5")
    sheet.row_dimensions[3].hidden = True
    sheet["C2"].comment = openpyxl.comments.Comment("Aada oli sairas", "Oiva")
    out = io.BytesIO()
    book.save(out)
    made = look_alikes([("a.xlsx", out.getvalue())], seed=4)[0]
    again = openpyxl.load_workbook(io.BytesIO(made))
    cells = [[cell.value for cell in row] for row in again["Sheet1"].iter_rows(max_row=3)]
    assert cells[0] == ["Opiskelijanumero", "Nimi", "Tentti"]
    assert isinstance(cells[1][0], int)
    assert cells[1][0] != 1234567
    assert re.fullmatch(r"0\d{6}", str(cells[2][0]))
    assert (cells[1][2], cells[2][2]) == (4, "=0")  # a formula that was never computed stays one
    assert again["Sheet1"].row_dimensions[3].hidden
    assert [str(one) for one in again["Sheet1"].merged_cells.ranges] == ["A5:B5"]
    parts = zipfile.ZipFile(io.BytesIO(made))
    everything = b"".join(parts.read(name) for name in parts.namelist())
    for name in (b"Aada", b"Arpa", b"Eero", b"Esimerkki", b"Oiva", b"1234567", b"0234567", b"sairas"):
        assert name not in everything


LETTERS = st.text(st.sampled_from("bdfgjklvqåäö"), min_size=5, max_size=10)
PEOPLE = st.lists(
    st.tuples(LETTERS.map(str.title), LETTERS.map(str.title), st.integers(2_000_003, 9_999_999), LETTERS),
    min_size=1, max_size=4, unique_by=lambda one: one[2],
)  # fmt: skip


def workbook_of(people: list[tuple[str, str, int, str]]) -> bytes:
    """A workbook in which everybody stands wherever a workbook can say something."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    surname, first, number, mail = people[0]
    name = f"{first} {surname}"
    book.set_properties({"title": name, "author": name, "keywords": mail, "comments": str(number), "company": name})
    book.set_custom_property(first, f"{mail}@mail.invalid")
    sheet, other = book.add_worksheet(surname), book.add_worksheet(str(number))
    book.define_name(f"_{first}", f"='{surname}'!$A$1")
    shown = book.add_format({"num_format": f'0.0" {surname}"'})
    sheet.write_row(0, 0, ["student", "surname", "first name", "email", "exam", "sum", "text", "to come"])
    for at, (surname, first, number, mail) in enumerate(people, 1):
        name, address = f"{first} {surname}", f"{mail}.{number}@mail.invalid"
        sheet.write_row(at, 0, [number, surname, first, address])
        sheet.write_number(at, 4, 3.5, shown)
        sheet.write_formula(at, 5, f'=IF(B{at + 1}="{surname}",{number},4)', None, 4)
        sheet.write_formula(at, 6, f'="{name} "&A{at + 1}', None, f"{name} {number}")
        sheet.write_formula(at, 7, f"='{people[0][0]}'!A1&\"{mail}\"", None, "")
        sheet.write_comment(at, 4, f"{name} {address}", {"author": name})
        sheet.write_url(at, 8, f"https://mail.invalid/{mail}", string=name, tip=name)
        sheet.data_validation(at, 4, at, 4, {"validate": "list", "source": [surname], "input_title": mail})
        sheet.conditional_format(
            at, 0, at, 0, {"type": "text", "criteria": "containing", "value": name, "format": shown}
        )
        other.write(at, 0, number)
        other.write_string(at, 1, f"={surname}")
    other.write_row(0, 0, ["student", "name"])
    sheet.set_header(f"&C{name}")
    sheet.autofilter(0, 0, len(people), 3)
    sheet.filter_column(1, f"x == {surname}")
    other.add_table(0, 3, 2, 4, {"name": f"_{first}x", "columns": [{"header": surname}, {"header": str(number)}]})
    chart = book.add_chart({"type": "line"})
    chart.add_series({"values": f"='{people[0][0]}'!$E$2:$E$3", "name": name})
    sheet.insert_chart(20, 1, chart)
    sheet.insert_textbox(30, 1, name)
    chart = book.add_chart({"type": "line"})
    chart.add_series({"values": f"='{people[0][0]}'!$E$2:$E$3", "name": people[0][1]})
    book.add_chartsheet(f"{people[0][3]} 2").set_chart(chart)
    book.close()
    return out.getvalue()


def all_text(raw: bytes) -> str:
    """Everything that stands in an archive, names of its members as well."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        return "\n".join(
            f"{name}\n{html.unescape(archive.read(name).decode('utf-8', 'replace'))}" for name in archive.namelist()
        ).casefold()


@settings(max_examples=40, deadline=None)
@given(PEOPLE)
def test_nobody_survives_anywhere_in_a_workbook(people: list[tuple[str, str, int, str]]) -> None:
    raw = workbook_of(people)
    said = all_text(look_alikes([("a.xlsx", raw)])[0])
    for word in {word.casefold() for one in people for word in (*one[:2], str(one[2]), one[3])}:
        assert word in all_text(raw)
        assert word not in said
    assert "mail.invalid" not in said


def with_member(raw: bytes, member: str, old: bytes, new: bytes) -> bytes:
    """An archive with one thing changed in one member."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as archive, zipfile.ZipFile(out, "w") as made:
        for name in archive.namelist():
            data = archive.read(name)
            made.writestr(name, data.replace(old, new) if name == member else data)
    return out.getvalue()


WHEN = datetime(2024, 3, 5, 14, 30)  # noqa: DTZ001 - as a workbook has it


def test_what_is_read_of_a_workbook_stays() -> None:
    """Values of formulas, percentages, times, colours, what is hidden or merged, texts that look like formulas."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet, hidden = book.add_worksheet("Arvostelu"), book.add_worksheet("Aada")
    hidden.hide()
    hidden.write(0, 0, "x")
    sheet.write_row(0, 0, ["student", "Tentti", "Essee", "Palautettu", "Muu"])
    red = book.add_format({"bg_color": "#FF0000"})
    day, percent = book.add_format({"num_format": 'd.m.yyyy "klo" hh:mm'}), book.add_format({"num_format": '0.0%" p"'})
    for row in range(1, 4):
        sheet.write_number(row, 0, 1234560 + row, red if row == 2 else None)
        sheet.write_formula(row, 1, '=IF(1=1,"","x")', None, "" if row == 1 else row)
        sheet.write_number(row, 2, 0.5, percent)
        sheet.write_datetime(row, 3, WHEN, day)
        sheet.write_string(row, 4, "=1+1")
    sheet.write_formula(4, 1, "=1", None, "#N/A")
    sheet.set_column(2, 3, 9, None, {"hidden": True})
    sheet.merge_range("A6:B6", "")
    book.close()
    raw = with_member(out.getvalue(), "xl/worksheets/sheet1.xml", b'<c r="B2"', b'<c r="B2" t="str"')  # as Excel does
    again = openpyxl.load_workbook(io.BytesIO(look_alikes([("a.xlsx", raw)])[0]))
    assert [(one.title, one.sheet_state) for one in again.worksheets] == [("Sheet1", "visible"), ("Sheet2", "hidden")]
    first = again.worksheets[0]
    assert [first.cell(row, 2).value for row in range(2, 6)] == [None, 2, 3, "#N/A"]
    assert first["C2"].number_format == "0.00%"
    assert first["D3"].value == WHEN
    assert first["A3"].fill.fill_type == "solid"
    assert first["A2"].fill.fill_type is None
    assert (first["E2"].data_type, first["B5"].data_type) == ("s", "e")
    assert first.column_dimensions["C"].hidden
    assert first.column_dimensions["C"].max == 4
    assert [str(one) for one in first.merged_cells.ranges] == ["A6:B6"]


@pytest.mark.parametrize("raw", [b"PK\x03\x04 broken", b"\xd0\xcf\x11\xe0\x00\x00"])
def test_what_cannot_be_read_is_said(raw: bytes) -> None:
    with pytest.raises(Wrong):
        look_alikes([("a.xls", raw)])


def test_the_command_writes_one_file_or_a_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("Maija Meikäläinen.csv").write_bytes(MOODLE)
    assert run(["sheet", "--anonymise", "Maija Meikäläinen.csv", "--lang", "en"]) == 2
    assert "name what to write" in capsys.readouterr().err
    assert run(["sheet", "--anonymise", "Maija Meikäläinen.csv", "-o", "shown.csv", "--lang", "en"]) == 0
    err = capsys.readouterr().err
    assert "written: shown.csv" in err
    assert "look through it before you hand it on" in err
    assert b"Maija" not in Path("shown.csv").read_bytes()
    twice = ["--anonymise", "Maija Meikäläinen.csv"] * 2
    assert run(["sheet", *twice, "-o", "shown", "--lang", "en"]) == 0
    assert sorted(path.name for path in Path("shown").iterdir()) == ["look-alike-1.csv", "look-alike-2.csv"]
