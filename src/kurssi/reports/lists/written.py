"""A list as text, CSV, Markdown, JSON or workbook."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import datetime
from textwrap import wrap
from typing import Any

from kurssi.diagnostics.visible import in_line, json_text
from kurssi.diagnostics.words import Words
from kurssi.gradebook.gradebook import Gradebook
from kurssi.reports.csv_and_markdown import escaped, harmless, markdown_line
from kurssi.reports.excel.sheet import DARK, LINE_HEIGHT, clean
from kurssi.values.vocabulary import REPORT

from . import Listing

WIDEST = 60
"""The widest column of a workbook."""
NARROWEST = 16
"""The last column is never broken narrower than this."""
_NO_DAY = datetime(2000, 1, 1)  # noqa: DTZ001


def as_text(listing: Listing, width: int | None = None) -> str:
    """The list for a terminal or a printer: columns as wide as they need, the last one broken at ``width``."""
    table = [tuple(in_line(cell) for cell in row) for row in _table(listing)]
    widths = [max(map(len, cells)) for cells in zip(*table, strict=True)]
    before = sum(widths[:-1]) + 2 * len(widths[:-1])
    if width is not None:
        widths[-1] = min(widths[-1], max(width - before, NARROWEST))
    lines = [listing.title, *listing.lines, ""]
    for number, row in enumerate(table):
        last = wrap(row[-1], widths[-1]) or [""]
        cells = [*row[:-1], last[0]]
        shown = [
            cell.center(width) if column.centre else cell.ljust(width)
            for cell, width, column in zip(cells, widths, listing.columns, strict=True)
        ]
        lines.append("  ".join(shown).rstrip())
        lines += [" " * before + more for more in last[1:]]
        if not number:
            lines.append("  ".join("─" * width for width in widths))
    if listing.figures:
        name, figure = (max(len(entry[at]) for entry in listing.figures) for at in (1, 2))
        lines += ["", *(f"{entry[1]:<{name}}  {entry[2]:>{figure}}" for entry in listing.figures)]
    return "\n".join(lines) + "\n"


def _table(listing: Listing) -> list[Sequence[str]]:
    return [[column.heading for column in listing.columns], *listing.rows]


def as_csv(listing: Listing, words: Words) -> bytes:
    """The table alone. For Sisu with every field in quotes and a comma, as it takes it; else as a spreadsheet does."""
    text = io.StringIO()
    for_sisu = listing.name == "sisu"
    writer = csv.writer(
        text,
        delimiter="," if for_sisu or words.language == "en" else ";",
        lineterminator="\n" if for_sisu else "\r\n",
        quoting=csv.QUOTE_ALL if for_sisu else csv.QUOTE_MINIMAL,
    )
    writer.writerow([column.heading for column in listing.columns])
    writer.writerows([harmless(cell) for cell in row] for row in listing.rows)
    return (("" if for_sisu else "\ufeff") + text.getvalue()).encode()


def as_markdown(listing: Listing) -> str:
    """A heading, the table, and the figures."""
    lines = [f"# {escaped(listing.title)}", ""]
    for line in listing.lines:
        lines += [escaped(line), ""]
    lines.append(markdown_line([column.heading for column in listing.columns]))
    lines.append("|" + "".join(":-:|" if column.centre else "---|" for column in listing.columns))
    lines += [markdown_line(list(row)) for row in listing.rows]
    if listing.figures:
        lines += ["", *(f"- {escaped(name)}: {escaped(figure)}" for _, name, figure in listing.figures)]
    return "\n".join([*lines, ""])


def as_json(listing: Listing, book: Gradebook) -> str:
    """One document: rows by the keys of their columns, figures by their keys."""
    keys = [column.key for column in listing.columns]
    document: dict[str, Any] = {
        "kurssi": 1,
        "command": "grade",
        "list": listing.name,
        "implementation": book.id,
        "rows": [dict(zip(keys, row, strict=True)) for row in listing.rows],
        "figures": {key: figure for key, _, figure in listing.figures},
    }
    return json_text(document)


def as_workbook(listing: Listing, words: Words) -> bytes:
    """One sheet, ready to print: the table, then the figures. Everything is text, so that zeros in front are kept."""
    import xlsxwriter  # only this writer pays for it

    memory = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(memory, options)
    # No day of writing: the same list gives the same bytes.
    book.set_properties({"title": clean(listing.title), "category": REPORT, "author": "kurssi", "created": _NO_DAY})
    sheet = book.add_worksheet(words("Grades"))
    plain = book.add_format({"valign": "top", "text_wrap": True, "border": 1, "border_color": "#B4B4B4"})
    centre = book.add_format({"valign": "top", "align": "center", "border": 1, "border_color": "#B4B4B4"})
    head = book.add_format({"bold": True, "font_color": "#FFFFFF", "bg_color": DARK, "border": 1})
    sheet.write_string(0, 0, clean(listing.title), book.add_format({"bold": True, "font_size": 14}))
    at = 1
    for line in listing.lines:
        sheet.write_string(at, 0, clean(line))
        at += 1
    at += 1
    top = at
    table = _table(listing)
    widths = [min(max(map(len, cells)) * 1.1 + 2, WIDEST) for cells in zip(*table, strict=True)]
    for row in table:
        for number, (cell, column) in enumerate(zip(row, listing.columns, strict=True)):
            sheet.write_string(at, number, clean(cell), head if at == top else centre if column.centre else plain)
        # Not every program finds the height of a row by itself.
        lines = max(len(wrap(cell, int(width / 1.1) - 1)) for cell, width in zip(row, widths, strict=True))
        sheet.set_row(at, LINE_HEIGHT * max(lines, 1))
        at += 1
    for number, width in enumerate(widths):
        sheet.set_column(number, number, width)
    sheet.freeze_panes(top + 1, 0)
    sheet.repeat_rows(top)
    sheet.ignore_errors({"number_stored_as_text": f"A1:Z{at + len(listing.figures) + 2}"})
    # Figures stand under the column of grades or counts, their names in front, where they have room.
    under = next((n for n, column in enumerate(listing.columns) if n and column.centre), 1)
    for _, name, figure in listing.figures:
        at += 1
        sheet.write_string(at, int(under > 2), clean(name))
        sheet.write_string(at, under, clean(figure), book.add_format({"align": "center"}))
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&Lkurssi&R&P / &N")
    book.close()
    return memory.getvalue()
