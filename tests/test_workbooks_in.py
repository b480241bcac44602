"""Workbooks as people hand them in: merged, filtered, locked, broken. Read right, or refused with a way out."""

from __future__ import annotations

import io
import struct
import zipfile
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from kurssi.cli import run
from kurssi.diagnostics.words import Words
from kurssi.sheets import read_sheets
from kurssi.sheets.table_files import read_tables
from test_sheets import PLAIN, first, good, look, message, one, saved

HERE = Path(__file__).parent / "workbooks"
HEAD = ["student", "group", "exam", "individual"]


def book_of(*rows: list[Any]) -> tuple[Any, Any]:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "A"
    for row in [HEAD, *rows]:
        sheet.append(row)
    return book, sheet


THREE: list[list[Any]] = [["0012", "R1", 3, 4], ["0013", "R1", 4, 5], ["0014", "R2", 5, 3]]


# ---- as a spreadsheet program saves them ---------------------------------------------------------------------


@pytest.mark.parametrize("name", ["odd.xlsx", "odd.ods", "odd.xls"])
def test_the_same_class_from_every_kind_of_workbook(name: str) -> None:
    students = good((name, (HERE / name).read_bytes()))
    assert [(s.student, s.surname) for s in students] == [
        ("0012", "Mäki"),
        ("0013", "Ääri"),
        ("0014", "Öhman"),
        ("0015", "Virta"),
    ]
    assert [first(s).score for s in students] == [3, 4, None, 2]
    assert [first(s, "individual").score for s in students] == [Fraction(7, 2), Fraction(9, 2), None, None]
    assert [str(first(s, "individual").submitted) for s in students[:2]] == ["2024-03-05 10:12", "2024-03-12 00:30"]
    assert [first(s, "individual").state for s in students[2:]] == ["ungraded", "recognised"]


@pytest.mark.parametrize("name", ["odd.xlsx", "odd.ods"])
def test_formulas_and_hidden_cells_are_said(name: str) -> None:
    found = one((HERE / name).read_bytes(), name=name)
    assert sorted(found, key=str) == sorted(
        [
            ("unread-worksheet", None),
            ("unknown-group", "Ryhmät!A2"),
            ("formula-cells", "Arvostelu!C2"),
            ("hidden-cells", "Arvostelu!A4"),
            ("hidden-cells", "Arvostelu!D1"),
        ],
        key=str,
    )


def test_what_may_be_a_percentage_in_an_old_workbook_is_refused() -> None:
    raw = (HERE / "percent.xls").read_bytes()
    assert ("bad-score", "Arvostelu!D2") in one(raw, name="percent.xls")
    assert "80 %" in message(raw, "bad-score", name="percent.xls")


@pytest.mark.parametrize("name", ["merged.ods", "merged.xls"])
def test_merged_cells_are_refused_in_every_kind(name: str) -> None:
    assert ("merged-cells", "Arvostelu!C3") in one((HERE / name).read_bytes(), name=name)


# ---- percentages ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["0%", "0.00 %", '0 "p"', '0 "%"', "0.0"])
def test_scores_that_are_shown_as_percentages_are_refused(form: str) -> None:
    book, sheet = book_of(*THREE)
    sheet["C3"] = 0.8
    for row in (3, 4, 9):
        sheet[f"C{row}"].number_format = form
    sheet["D2"] = "?"
    sheet["D2"].number_format = form
    sheet["F2"] = 0.5  # nothing uses it
    sheet["F2"].number_format = "0%"
    found = [cell for rule, cell in one(saved(book), name="a.xlsx") if rule == "bad-score"]
    assert found == (["A!C3"] if form in ("0%", "0.00 %") else [])


# ---- merged cells --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("area", "refused"),
    [
        ("C2:C3", True),  # one score for two students
        ("C2:D2", True),  # one score for two parts
        ("B2:B3", True),  # one group for two students
        ("A3:D3", True),
        ("C6:D9", False),  # nothing in it
        ("E2:F3", False),  # beside the table
        ("D2:E2", False),  # a score that only looks wider
        ("C1:D1", False),  # of headers: the second column is listed as unused
    ],
)
def test_merged_cells(area: str, refused: bool) -> None:
    book, sheet = book_of(*THREE)
    sheet["E2"] = "note"
    sheet.merge_cells(area)
    found = one(saved(book), name="a.xlsx")
    assert [rule for rule, _ in found if rule == "merged-cells"] == ["merged-cells"] * refused
    if refused:
        assert area in message(saved(book), "merged-cells", name="a.xlsx")


def test_a_merged_header_loses_no_score() -> None:
    book, sheet = book_of(*THREE)
    sheet.merge_cells("C1:D1")
    assert ("unused-columns", "A!D1") in one(saved(book), name="a.xlsx")


# ---- hidden --------------------------------------------------------------------------------------------------


def test_filtered_rows_and_hidden_columns_are_read_and_said() -> None:
    memory = io.BytesIO()
    book = xlsxwriter.Workbook(memory)
    sheet = book.add_worksheet("A")
    for number, row in enumerate([HEAD, *THREE]):
        sheet.write_row(number, 0, row)
    sheet.autofilter("A1:D4")
    sheet.filter_column("B", "x == R1")
    sheet.set_row(3, options={"hidden": True})
    sheet.set_column("C:D", None, None, {"hidden": True})
    sheet.set_column("F:XFD", None, None, {"hidden": True})
    book.close()
    classlist, found = look(("a.xlsx", memory.getvalue()))
    assert classlist is not None
    assert [first(s).score for s in classlist.students] == [3, 4, 5]
    assert found == [("hidden-cells", "A!C1"), ("hidden-cells", "A!D1"), ("hidden-cells", "A!A4")]
    assert "1 row is hidden" in "".join(text_of_all(memory.getvalue()))


def text_of_all(raw: bytes) -> list[str]:
    return [Words("en").say(finding.message) for finding in read_sheets([("a.xlsx", raw)], PLAIN)[1]]


# ---- formulas ------------------------------------------------------------------------------------------------


def test_computed_values_of_formulas_count_with_a_note() -> None:
    memory = io.BytesIO()
    book = xlsxwriter.Workbook(memory)
    sheet = book.add_worksheet("A")
    sheet.write_row(0, 0, [*HEAD, "own sum"])
    for row in (1, 2):
        sheet.write_row(row, 0, [f"001{row}", "R1"])
        sheet.write_formula(row, 2, "=1+2", None, 3)
        sheet.write_formula(row, 3, '=IF(TRUE,"EX")', None, "EX")
        sheet.write_formula(row, 4, "=SUM(C2:D2)", None, 7)
    book.close()
    classlist, found = look(("a.xlsx", memory.getvalue()))
    assert classlist is not None
    assert [first(s).score for s in classlist.students] == [3, 3]
    assert [first(s, "individual").state for s in classlist.students] == ["excused", "excused"]
    assert found == [("unused-columns", "A!E1"), ("formula-cells", "A!C2"), ("formula-cells", "A!D2")]
    assert any("2 cells in “exam” hold formulas" in line for line in text_of_all(memory.getvalue()))


# ---- a table that does not begin in A1 -----------------------------------------------------------------------


def test_cells_are_named_as_the_spreadsheet_names_them_wherever_the_table_begins() -> None:
    memory = io.BytesIO()
    book = xlsxwriter.Workbook(memory)
    sheet = book.add_worksheet("A")
    sheet.write_row(4, 2, HEAD)
    sheet.write_row(5, 2, ["0012", "R1", 3, 9])
    sheet.write_row(6, 2, ["0013", "R1", 4])
    sheet.write_formula(6, 5, "=1/0", None, "#DIV/0!")
    sheet.write_row(7, 2, ["0014", "R1"])
    sheet.write_formula(7, 4, "=1/0", None, "#DIV/0!")
    book.close()
    assert one(memory.getvalue(), name="a.xlsx") == [
        ("score-off-scale", "A!F6"),
        ("error-cell", "A!F7"),
        ("error-cell", "A!E8"),
    ]


# ---- numbers and dates ---------------------------------------------------------------------------------------


def test_text_numbers_and_dates_in_either_calendar() -> None:
    when = datetime(2024, 3, 5, 10, 12)  # noqa: DTZ001
    for epoch in (openpyxl.utils.datetime.WINDOWS_EPOCH, openpyxl.utils.datetime.MAC_EPOCH):
        book, sheet = book_of(["0012", "R1", " 4,5 ", "3.5"])
        book.epoch = epoch
        sheet["E1"], sheet["E2"] = "individual submitted", when
        (student,) = good(("a.xlsx", saved(book)))
        assert first(student).score == Fraction(9, 2)
        assert str(first(student, "individual").submitted) == "2024-03-05 10:12"


# ---- files that are no plain workbook ------------------------------------------------------------------------


def repacked(raw: bytes, **change: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
        for name, data in change.items():
            new.writestr(name.replace("__", "/").replace("_bin", ".bin"), data)
    return out.getvalue()


def test_macros_are_not_run_and_do_not_matter() -> None:
    raw = saved(book_of(*THREE)[0])
    macro = repacked(raw, xl__vbaProject_bin=b"\xd0\xcf\x11\xe0" + bytes(500))
    assert len(good(("a.xlsm", macro))) == 3


def ole(*names: str) -> bytes:
    """A compound file with the streams that a workbook with a password has, each of 4096 bytes."""
    sector = 512
    streams = 8 * len(names)
    fat = [0xFFFFFFFD, 0xFFFFFFFE]  # the table itself, then the directory
    for stream in range(len(names)):
        start = 2 + 8 * stream
        fat += [*range(start + 1, start + 8), 0xFFFFFFFE]
    fat += [0xFFFFFFFF] * (sector // 4 - len(fat))
    header = struct.pack(
        "<8s16sHHHHH6sIIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", bytes(16), 0x3E, 3, 0xFFFE, 9, 6, bytes(6), 0, 1, 1, 0, 4096,
        0xFFFFFFFE, 0, 0xFFFFFFFE, 0, 0,
    )  # fmt: skip
    header += b"\xff" * (512 - len(header))

    def entry(name: str, kind: int, child: int, right: int, start: int, size: int) -> bytes:
        text = name.encode("utf-16-le") + b"\0\0"
        return struct.pack(
            "<64sHBBIII16sIQQIQ", text, len(text), kind, 1, 0xFFFFFFFF, right, child, bytes(16), 0, 0, 0, start, size
        )

    directory = entry("Root Entry", 5, 1, 0xFFFFFFFF, 0xFFFFFFFE, 0)
    for number, name in enumerate(names):
        right = number + 2 if number + 1 < len(names) else 0xFFFFFFFF
        directory += entry(name, 2, 0xFFFFFFFF, right, 2 + 8 * number, 4096)
    directory = directory.ljust(sector, b"\0")
    return header + struct.pack(f"<{sector // 4}I", *fat) + directory + bytes(sector * streams)


def test_a_workbook_with_a_password() -> None:
    said = message(ole("EncryptionInfo", "EncryptedPackage"), "sheet-unreadable", name="a.xlsx")
    assert "password" in said
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml" manifest:size="9">'
        '<manifest:encryption-data manifest:checksum="x"/></manifest:file-entry></manifest:manifest>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", manifest)
        archive.writestr("content.xml", bytes(range(256)) * 4)
    assert "password" in message(out.getvalue(), "sheet-unreadable", name="a.ods")


def test_a_half_written_workbook_of_every_kind() -> None:
    for name in ("odd.xlsx", "odd.ods", "odd.xls"):
        raw = (HERE / name).read_bytes()
        for part in (0.1, 0.5, 0.7):
            found = read_tables(name, raw[: int(len(raw) * part)])[1]
            assert "sheet-unreadable" in [f.rule for f in found], (name, part)


def test_it_is_said_on_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan = Path(__file__).parent.parent / "implementations" / "KH00BT03-2024.yaml"
    book, sheet = book_of(*THREE)
    sheet.merge_cells("C2:C3")
    book.save(tmp_path / "a.xlsx")
    assert run(["grade", str(plan), str(tmp_path / "a.xlsx"), "--lang", "fi"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert "C2:C3" in err
    assert "merged-cells" in err


@pytest.mark.parametrize("more", [[], ["--list", "peppi"]])
def test_a_report_is_no_score_sheet(more: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = tmp_path / "arvosanat.xlsx"
    plan = str(HERE.parent.parent / "implementations" / "KH00BT03-2024.yaml")
    assert run(["grade", plan, *more, "-o", str(report)]) == 0
    capsys.readouterr()
    assert run(["grade", plan, str(report), "--lang", "en"]) == 1
    said = capsys.readouterr().err
    assert said.count("error[") == 1
    assert "is a report that kurssi wrote" in said
