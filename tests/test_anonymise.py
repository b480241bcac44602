"""``kurssi sheet --anonymise``: nobody survives, and what goes wrong with a file goes wrong with its look-alike."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from pathlib import Path

import openpyxl
import pytest
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
    cells = [[cell.value for cell in row] for row in again["Arvostelu"].iter_rows(max_row=3)]
    assert cells[0] == ["Opiskelijanumero", "Nimi", "Tentti"]
    assert isinstance(cells[1][0], int)
    assert cells[1][0] != 1234567
    assert re.fullmatch(r"0\d{6}", str(cells[2][0]))
    assert (cells[1][2], cells[2][2]) == (4, "=C2")
    assert again["Arvostelu"].row_dimensions[3].hidden
    assert [str(one) for one in again["Arvostelu"].merged_cells.ranges] == ["A5:B5"]
    parts = zipfile.ZipFile(io.BytesIO(made))
    everything = b"".join(parts.read(name) for name in parts.namelist())
    for name in (b"Aada", b"Arpa", b"Eero", b"Esimerkki", b"Oiva", b"1234567", b"0234567", b"sairas"):
        assert name not in everything


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
