"""The sheets beside the tables: how to fill them in, and the words that cells offer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kurssi.entry import Column
from kurssi.policy import Policy
from kurssi.reports.excel.sheet import DARK, headed
from kurssi.vocabulary import WORKSHEETS
from kurssi.words import Words

from .cells import define, font, printed, put
from .texts import guide


def write_guide(book: Any, policy: Policy, words: Words, has: frozenset[str]) -> None:
    """The instruction sheet."""
    from openpyxl.styles import Alignment

    names = WORKSHEETS[words.language]
    sheet = book.create_sheet(names["guide"])
    sheet.sheet_view.showGridLines = False
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 26, 90
    put(sheet, 1, 1, words("How to fill in this workbook")).font = font(bold=True, size=16, color=DARK[1:])
    sheet.row_dimensions[1].height = 26
    row = 1
    for what, text in guide(policy, names, has, words):
        row += 1 if text else 2
        cell = put(sheet, row, 1, headed(what) if not text else what)
        cell.font = font(bold=True, size=13, color=DARK[1:]) if not text else font(bold=True)
        cell.alignment = Alignment(vertical="top", wrap_text=True)
        put(sheet, row, 2, text).alignment = Alignment(vertical="top", wrap_text=True)
        lines = max(-(-len(text) // 92), -(-len(what) // 24))
        sheet.row_dimensions[row].height = (15 * lines + 3) if text else 22
    printed(sheet, book.properties.title)
    sheet.print_options.gridLines = False


def list_of(column: Column) -> str:
    """The name of the range that holds what a column with a choice takes."""
    if column.part is None:
        return "kurssi_levels"
    return "kurssi_pass_fail" if column.part.graded == "pass-fail" else "kurssi_grades"


def choices(columns: Sequence[Column]) -> dict[str, tuple[str, ...]]:
    """Every list that the columns choose from, by the name of its range."""
    return {list_of(column): column.takes.words for column in columns if column.takes.kind == "choice"}


def write_lists(book: Any, lists: dict[str, tuple[str, ...]], words: Words) -> None:
    """The sheet with the words that cells offer, and a name for each list."""
    sheet = book.create_sheet(WORKSHEETS[words.language]["lists"])
    put(sheet, 1, 1, words("The words that cells offer")).font = font(bold=True, size=13, color=DARK[1:])
    headings = {
        "kurssi_pass_fail": words("passed or failed"),
        "kurssi_grades": words("grades"),
        "kurssi_levels": words("activity"),
    }
    for at, (name, items) in enumerate(lists.items(), 1):
        letter = "ABC"[at - 1]
        sheet.column_dimensions[letter].width = 28
        put(sheet, 3, at, headed(headings[name])).font = font(bold=True)
        for row, item in enumerate(items, 4):
            put(sheet, row, at, item).number_format = "@"
        define(book, name, sheet.title, letter, 4, 3 + len(items))
