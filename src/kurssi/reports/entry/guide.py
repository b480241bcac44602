"""The sheets beside the tables: how to fill them in, and the words that cells offer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import ceil
from typing import Any, NamedTuple

from kurssi.diagnostics.words import Words
from kurssi.policy.model import Policy
from kurssi.reports.excel.running_text import lines_wrapped
from kurssi.reports.excel.sheet import DARK, headed, lines_of
from kurssi.sheets.entry_form import Column
from kurssi.values.vocabulary import WORKSHEETS

from .cells import PAGE, define, font, printed, put
from .texts import criterion_of, guide


def write_guide(workbook: Any, policy: Policy, words: Words, has: frozenset[str]) -> None:
    """The instruction sheet."""
    from openpyxl.styles import Alignment

    names = WORKSHEETS[words.language]
    sheet = workbook.create_sheet(names["guide"])
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
        lines = max(lines_wrapped(text, 90), lines_of(what, 24))
        sheet.row_dimensions[row].height = (15 * lines + 3) if text else 22
    printed(sheet, workbook.properties.title)
    sheet.page_setup.orientation = "portrait"


def list_of(column: Column) -> str:
    """The name of the range that holds what a column with a choice takes."""
    if column.part is None:
        return "kurssi_levels"
    if column.component and column.part.rubric is not None:
        return f"kurssi_{column.part.id}_{column.component}"
    return "kurssi_pass_fail" if not column.part.valued else "kurssi_grades"


class Offer(NamedTuple):
    """A list that cells choose from."""

    words: tuple[str, ...]
    heading: str = ""
    """Of the levels of a criterion the column that offers them."""
    texts: tuple[str, ...] = ()
    """What stands beside the first of the words: the texts of the levels."""


def choices(columns: Sequence[Column]) -> dict[str, Offer]:
    """Every list that the columns choose from, by the name of its range."""
    found: dict[str, Offer] = {}
    for column in columns:
        if column.takes.kind == "choice":
            criterion = criterion_of(column)
            texts = tuple(text for _, text in criterion.levels) if criterion is not None else ()
            heading = column.header if criterion is not None else ""
            found.setdefault(list_of(column), Offer(column.takes.words, heading, texts))
    return found


def write_lists(workbook: Any, lists: dict[str, Offer], words: Words) -> None:
    """A sheet with the words that cells offer, a name for each list, and beside levels their texts."""
    from openpyxl.styles import Alignment
    from openpyxl.utils import get_column_letter

    sheet = workbook.create_sheet(WORKSHEETS[words.language]["lists"])
    put(sheet, 1, 1, words("The words that cells offer")).font = font(bold=True, size=13, color=DARK[1:])
    headings = {
        "kurssi_pass_fail": words("passed or failed"),
        "kurssi_grades": words("grades"),
        "kurssi_levels": words("activity"),
    }
    at = across = 0
    for name, offer in lists.items():
        at += 1
        letter = get_column_letter(at)
        heading = offer.heading or headed(headings[name])
        wide = _width([heading, *offer.words], 28)
        sheet.column_dimensions[letter].width = wide
        across += wide
        put(sheet, 3, at, heading).font = font(bold=True)
        for row, item in enumerate(offer.words, 4):
            put(sheet, row, at, item).number_format = "@"
        define(workbook, name, sheet.title, letter, 4, 3 + len(offer.words))
        if offer.texts:
            at += 1
            wide = _width(offer.texts, 60)
            sheet.column_dimensions[get_column_letter(at)].width = wide
            across += wide
            for row, text in enumerate(offer.texts, 4):
                put(sheet, row, at, text).alignment = Alignment(vertical="top", wrap_text=True)
    printed(sheet, workbook.properties.title or "", max(1, ceil(across / PAGE)))


def _width(texts: Sequence[str], most: int) -> int:
    """The width of a column with these texts, longer ones wrapped."""
    return min(most, max(len(str(text)) for text in texts) * 11 // 10 + 3)


_LIST = re.compile(r"(.+)!\$([A-Z]+)\$(\d+):\$[A-Z]+\$(\d+)")


def extend_lists(workbook: Any, lists: dict[str, Offer]) -> dict[str, Offer]:
    """Adds new words at the end of the lists that the workbook has; the result are the lists that it has not.

    A list with something below it is made anew, because nothing is written over.
    """
    from openpyxl.utils import column_index_from_string

    lacking = {}
    for name, offer in lists.items():
        items = offer.words
        known = workbook.defined_names.get(name)
        match = _LIST.fullmatch(known.attr_text or "") if known is not None else None
        title = match[1].strip("'").replace("''", "'") if match else ""
        if match is None or title not in workbook.sheetnames:
            lacking[name] = offer
            continue
        sheet, at, first, last = workbook[title], column_index_from_string(match[2]), int(match[3]), int(match[4])
        there = {str(sheet.cell(row, at).value or "").casefold() for row in range(first, last + 1)}
        new = [item for item in items if item.casefold() not in there]
        if any(sheet.cell(last + step, at).value is not None for step in range(1, len(new) + 1)):
            lacking[name] = offer
            continue
        for step, item in enumerate(new, 1):
            put(sheet, last + step, at, item).number_format = "@"
        if new:
            define(workbook, name, title, match[2], first, last + len(new))
    return lacking
