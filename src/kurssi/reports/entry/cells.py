"""What all worksheets of the entry workbook share: text that stays text, named ranges, pages."""

from __future__ import annotations

from typing import Any

from kurssi.reports.excel.sheet import A4, clean

RISKY = ("=", "+", "-", "@", "\t", "＝", "＋", "－", "＠")
"""How text begins that a spreadsheet takes for a formula once somebody edits the cell."""


FONT = "Calibri"
PAGE = 190
"""Characters across a printed page, as far as it can still be read."""


def font(**how: Any) -> Any:
    """A font of the workbook's family, which openpyxl does not carry over by itself."""
    from openpyxl.styles import Font

    return Font(**{"name": FONT, "size": 11, "color": "000000", **how})


def put(sheet: Any, row: int, column: int, text: str | None) -> Any:
    """A cell with text that stays text."""
    cell = sheet.cell(row, column)
    if text:
        cell.value = clean(text)
        cell.data_type = "s"
        if text.startswith(RISKY):
            cell.quotePrefix = True
    return cell


def define(workbook: Any, name: str, sheet: str, column: str, first: int, last: int) -> None:
    """Names the cells of a column, so that other sheets can be checked against them."""
    from openpyxl.utils import quote_sheetname
    from openpyxl.workbook.defined_name import DefinedName

    workbook.defined_names[name] = DefinedName(
        name, attr_text=f"{quote_sheetname(sheet)}!${column}${first}:${column}${last}"
    )


def printed(sheet: Any, title: str, pages: int = 1) -> None:
    """A4 across, so many pages wide, pages numbered."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = pages, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddHeader.left.text = clean(title)[:100].replace("&", "&&")
    sheet.oddHeader.right.text = "&A"
    sheet.oddFooter.right.text = "&P / &N"
