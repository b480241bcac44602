"""The reader of workbooks that the tests use agrees with openpyxl, on what was written and on what was typed."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from kurssi.cli import run
from workbook_reading import Book, changed

PLAN = Path(__file__).parent.parent / "implementations" / "KH00BT03-2024.yaml"


@pytest.fixture
def report(tmp_path: Path) -> bytes:
    """A report with texts, numbers, times, formulas and named cells."""
    target = tmp_path / "x.xlsx"
    assert run(["grade", str(PLAN), "-o", str(target)]) == 0
    return target.read_bytes()


def by_openpyxl(data: bytes, *, values: bool) -> dict[tuple[str, str], Any]:
    file = openpyxl.load_workbook(BytesIO(data), data_only=values)
    return {(page.title, c.coordinate): c.value for page in file for row in page.iter_rows() for c in row}


def test_cells_formulas_and_names_are_those_that_openpyxl_reads(report: bytes) -> None:
    book = Book(report)
    wanted = by_openpyxl(report, values=True)
    assert {type(value) for value in wanted.values()} >= {str, int, float, datetime, type(None)}
    assert {place: book.values[place] for place in wanted} == wanted
    assert {place for place, value in book.values.items() if value is not None} <= set(wanted)
    written = by_openpyxl(report, values=False).items()
    assert book.formulas == {place: text for place, text in written if isinstance(text, str) and text[:1] == "="}
    names = openpyxl.load_workbook(BytesIO(report)).defined_names
    assert book.names == {name: value.attr_text for name, value in names.items()}


def test_what_is_typed_stands_there_and_nothing_is_computed(report: bytes) -> None:
    book = Book(report)
    own = {place: value for place, value in book.values.items() if place not in book.formulas}
    kinds = (int, str, datetime)
    at = {kind: next(place for place, value in own.items() if type(value) is kind) for kind in kinds}
    new: dict[type, Any] = {int: 2.5, str: "a < b & c", datetime: datetime(2024, 3, 31, 4, 30)}  # noqa: DTZ001
    after = by_openpyxl(changed(report, {at[kind]: new[kind] for kind in kinds}), values=True)
    assert {kind: after[at[kind]] for kind in kinds} == new
    assert not any(after[place] for place in book.formulas)
    others = set(own) - set(at.values())
    assert {place: after[place] for place in others} == {place: own[place] for place in others}
