"""Large workbooks: looked through in pieces and read by a shortcut, with the same outcome as small ones."""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Callable, Set
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import python_calamine
import xlsxwriter

from kurssi.sheets.table import NONE_ODD, Table
from kurssi.sheets.table_files import read_tables
from kurssi.sheets.workbooks import archive, reader_copy, workbook, xlsx
from test_sheets import message, ods, ods_row, ods_text, one, saved

SHEET = "xl/worksheets/sheet1.xml"
HEAD = ["student", "exam", "individual", "individual submitted"]
ROWS: list[list[Any]] = [[f"{n:04}", n % 6, n / 10, datetime(2024, 3, 1, n % 24, 30)] for n in range(1, 41)]  # noqa: DTZ001


def by_openpyxl() -> bytes:
    book = openpyxl.Workbook()
    for row in [HEAD, *ROWS]:
        book.active.append(row)
    return saved(book)


def by_openpyxl_row_by_row() -> bytes:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in [HEAD, *ROWS]:
        sheet.append(row)
    return saved(book)


def by_xlsxwriter() -> bytes:
    memory = io.BytesIO()
    book = xlsxwriter.Workbook(memory, {"default_date_format": "d.m.yyyy hh:mm"})
    sheet, notes = book.add_worksheet("A"), book.add_worksheet("B")
    for number, row in enumerate([HEAD, *ROWS]):
        sheet.write_row(number + 1, 1, row)
    notes.write(3, 3, "a note")
    book.close()
    return memory.getvalue()


WRITERS = pytest.mark.parametrize("write", [by_openpyxl, by_openpyxl_row_by_row, by_xlsxwriter])


def changed(raw: bytes, change: Callable[[bytes], bytes], member: str = SHEET) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, change(data) if name == member else data)
    return out.getvalue()


def instead(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    def change(xml: bytes) -> bytes:
        assert old in xml
        return xml.replace(old, new)

    return change


def tables(raw: bytes, name: str = "a.xlsx") -> list[Table]:
    found, findings = read_tables(name, raw)
    assert findings == []
    return found


# ---- in pieces -----------------------------------------------------------------------------------------------

C30 = b'<c r="C30" t="n"><v>2.9</v></c>'
ODD = [
    (C30, b'<c r="C30"><f>2+0.9</f><v>2.9</v></c>', b"<c r", ("formula-cells", "Sheet!C30")),
    (C30, b'<c r="C30"><f>2+0.9</f></c>', b"<c r", ("error-cell", "Sheet!C30")),
    (C30, b'<c r="C30" t="e"><v>#N/A</v></c>', b"<c r", ("error-cell", "Sheet!C30")),
    (b'<row r="30"', b'<row r="30" hidden="1"', b'hidden="1"', ("hidden-cells", "Sheet!A30")),
    (b'<row r="30"', b"<row r=\"30\" hidden = 'true'", b"hidden = 'true'", ("hidden-cells", "Sheet!A30")),
    (
        b"</sheetData>",
        b'</sheetData><mergeCells count="1"><mergeCell ref="C30:C31"/></mergeCells>',
        b'mergeCell ref="C30:C31"',
        ("merged-cells", "Sheet!C30"),
    ),
    (C30, C30 + b'<c r="XFD1048576"><v>1</v></c>', b'<c r="XFD1048576"', ("sheet-unreadable", None)),
    (C30, C30 + b'<x:c r="XFD1048576"><v>1</v></x:c>', b"<x:c r", ("sheet-unreadable", None)),
    (C30, C30 + b'<c r="Z1048576"><v>1</v></c>', b'<c r="Z1048576"', ("sheet-unreadable", None)),
    (C30, C30 + b'<c r="B300001"><v>1</v></c>', b'<c r="B300001"', ("missing-student", "Sheet!A300001")),
]


@pytest.mark.parametrize(("plain", "odd", "word", "found"), ODD)
def test_what_is_odd_is_found_wherever_a_piece_ends(
    plain: bytes, odd: bytes, word: bytes, found: tuple[str, str | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = changed(by_openpyxl(), instead(plain, odd))
    with zipfile.ZipFile(io.BytesIO(raw)) as book:
        xml = book.read(SHEET)
    start = xml.index(word, xml.index(odd))
    for end in range(start - 1, start + len(word) + 1):
        monkeypatch.setattr(archive, "PIECE", end)
        assert one(raw, name="a.xlsx") == [found]


def test_a_plain_worksheet_stays_plain_wherever_a_piece_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "look_sheet", None)  # would be the full look
    raw = by_openpyxl_row_by_row()
    with zipfile.ZipFile(io.BytesIO(raw)) as book:
        start = book.read(SHEET).index(b"sheetData")
    for size in range(start + len("sheetData"), start + 400):
        monkeypatch.setattr(archive, "PIECE", size)
        assert archive.look_inside("a.xlsx", raw).sheets == {}


def test_nothing_far_away_reaches_the_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(python_calamine, "CalamineWorkbook", None)
    bombs = [
        changed(by_openpyxl(), instead(C30, C30 + cell))
        for cell in (
            b'<c r="XFD1048576"><v>1</v></c>',
            b"<c\tr='XFD1048576'><v>1</v></c>",
            b'<c t="n" r="XFD1048576"><v>1</v></c>',
            b'<x:c r="XFD1048576"><v>1</v></x:c>',
        )
    ]
    bombs.append(
        changed(
            by_openpyxl(),
            instead(
                b"</row></sheetData>", b'</row><row r="1048576"><c r="ZZ1048576" t="s"><v>1</v></c></row></sheetData>'
            ),
        )
    )
    for bomb in bombs:
        assert "too far for a score sheet" in message(bomb, "sheet-unreadable", name="a.xlsx")


def test_a_worksheet_with_the_name_of_an_element_is_looked_at() -> None:
    book = openpyxl.load_workbook(io.BytesIO(by_openpyxl()))
    book.active.title = "sheetData"
    raw = changed(saved(book), instead(C30, b'<c r="C30" t="e"><v>#N/A</v></c>'))
    assert one(raw, name="a.xlsx") == [("error-cell", "sheetData!C30")]


# ---- by a shortcut -------------------------------------------------------------------------------------------


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> list[Set[str]]:
    """Every workbook is large; the worksheets for which the shortcut is taken, by workbook."""
    taken: list[Set[str]] = []
    way = reader_copy.copy_for_reader

    def spy(raw: bytes, worksheets: Set[str], endings: tuple[str, ...] = ("",)) -> bytes:
        taken.extend(filter(None, [worksheets]))
        return way(raw, worksheets, endings)

    monkeypatch.setattr(archive, "LARGE", 0)
    monkeypatch.setattr(reader_copy, "copy_for_reader", spy)
    return taken


@WRITERS
def test_the_shortcut_leads_to_the_same_tables(write: Callable[[], bytes], taken: list[Set[str]]) -> None:
    raw = write()
    with pytest.MonkeyPatch.context() as small:
        small.setattr(archive, "LARGE", 2**22)
        expected = tables(raw)
    assert taken == []
    assert tables(raw) == expected
    assert [SHEET in worksheets for worksheets in taken] == [True]


@WRITERS
def test_the_shortcut_is_an_archive_without_faults(write: Callable[[], bytes]) -> None:
    raw = write()
    with (
        zipfile.ZipFile(io.BytesIO(raw)) as old,
        zipfile.ZipFile(io.BytesIO(reader_copy.copy_for_reader(raw, {SHEET}))) as new,
    ):
        assert new.testzip() is None
        assert new.namelist() == old.namelist()
        for name in old.namelist():
            front = reader_copy.NO_MERGED_CELLS if name == SHEET else b""
            assert new.read(name) == front + old.read(name)


def test_the_shortcut_is_for_plain_worksheets_alone(taken: list[Set[str]]) -> None:
    assert one(changed(by_openpyxl(), instead(*ODD[5][:2])), name="a.xlsx") == [("merged-cells", "Sheet!C30")]
    assert taken == []


def test_two_members_of_one_name_are_refused() -> None:
    """Nobody can say which of them a reader takes."""
    for name in (SHEET, SHEET.upper(), SHEET.replace("/", "\\"), f"/{SHEET}"):
        out = io.BytesIO(by_openpyxl())
        with zipfile.ZipFile(out, "a") as book, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what Python says of one name
            book.writestr(zipfile.ZipInfo(name), book.read(SHEET), zipfile.ZIP_DEFLATED)
        assert one(out.getvalue(), name="a.xlsx") == [("sheet-unreadable", None)]


@pytest.mark.parametrize("end", [b"<mergeCel", b"<pageMargins", b"<!--", b"</worksheet></worksheet>", b"</worksheet"])
def test_a_worksheet_that_breaks_off_behind_its_cells_is_refused(end: bytes, taken: list[Set[str]]) -> None:
    raw = changed(by_openpyxl(), lambda xml: xml[: xml.index(b"</sheetData>") + len(b"</sheetData>")] + end)
    assert one(raw, name="a.xlsx") == [("sheet-unreadable", None)]
    assert taken == []


def test_where_the_shortcut_leads_nowhere_the_workbook_itself_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = tables(by_openpyxl())
    monkeypatch.setattr(archive, "LARGE", 0)
    monkeypatch.setattr(reader_copy, "copy_for_reader", lambda raw, sheets, _: raw[:100] if sheets else raw)
    assert tables(by_openpyxl()) == expected


# ---- into rows -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_rows_are_the_same_in_blocks_of_any_size(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rows: list[list[Any]] = [
        [1, True, "a", None],
        [True, 1, "", None],
        [None, None, None, None],
        ["", 0, False, 2.5],
        [" ", None, "", None],
        ["x", "#N/A", ROWS[0][3], None],
        [None, None, None, None],
        [None, None, None, "#N/A"],
        [12345678901234567, 0.1 + 0.2, "0012", False],
    ]
    book = openpyxl.Workbook()
    for at, row in enumerate(rows, 4):
        for column, value in enumerate(row, 3):
            book.active.cell(at, column, value)
    expected = tables(saved(book))
    assert [row.number for row in expected[0].rows] == [4, 5, 7, 9, 11, 12]
    assert [str(cell) if isinstance(cell, str) else cell.text for cell in expected[0].rows[1].cells[2:4]] == [
        "TRUE",
        "1",
    ]
    monkeypatch.setattr(workbook, "BLOCK", size)
    assert tables(saved(book)) == expected


# ---- .ods ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("last", [b"</table:table-row>", b"</table:table-cell>", b"<text:p>", b'table:name="Taulu1">'])
def test_half_the_xml_of_an_ods_is_refused_at_once(last: bytes) -> None:
    """The reader would look for its end for ever."""
    raw = ods(ods_row(ods_text("student"), ods_text("exam")) + ods_row(ods_text("1"), ods_text("3")))
    half = changed(raw, lambda xml: xml[: xml.index(last) + len(last)], "content.xml")
    assert one(half, name="a.ods") == [("sheet-unreadable", None)]


def test_an_ods_of_several_tables_keeps_them_apart() -> None:
    raw = (Path(__file__).parent / "workbooks" / "odd.ods").read_bytes()
    looked = archive.look_inside("odd.ods", raw).sheets
    odd = {name: found for name, found in looked.items() if found.errors or found.odd != NONE_ODD}
    assert list(odd) == ["Arvostelu"]
