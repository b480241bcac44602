"""What a teacher should know of a workbook's cells before trusting what was read: formulas, merged and hidden cells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

from kurssi.diagnostics.finding import Severity
from kurssi.diagnostics.message import msg, nmsg

from .columns import UNUSED, Column, Sheet, cell_at, name_of
from .report import Report, shown
from .table import Area, Native, is_blank


def report_workbook_warnings(sheet: Sheet, report: Report) -> None:
    """Findings on the cells that the sheet is read from; what stands beside them does not matter."""
    odd = sheet.table.odd
    used = {column.at + 1: column for column in sheet.columns if column.role is not UNUSED}
    rows = {row.number: row for row in sheet.rows} if odd.merged else {}
    for area in odd.merged:
        first = rows.get(area.top)
        if first is not None and not is_blank(cell_at(first, area.left - 1)):
            _merged(sheet, area, used, report)
    _formulas_and_percents(sheet, used, report)
    if odd.colours and len({odd.colours.get(row.number) for row in sheet.rows}) > 1:
        coloured = next(row.number for row in sheet.rows if row.number in odd.colours)
        report.add(
            "coloured-cells",
            Severity.info,
            sheet.table.place(coloured, 0),
            msg("rows are coloured differently: colours are not read"),
            msg("if a colour means something, write it into a cell, such as ? for what is not graded yet"),
        )
    if odd.blind:
        _perhaps_percents(sheet, used.values(), report)
    _hidden(sheet, used, report)


def _formulas_and_percents(sheet: Sheet, used: Mapping[int, Column], report: Report) -> None:
    """Columns in which cells hold formulas, or show scores as percentages."""
    odd = sheet.table.odd
    for at, where in sorted(odd.formulas.items()):
        below = [row for row in where if row > sheet.header_row]
        if at in used and below:
            report.add(
                "formula-cells",
                Severity.info,
                sheet.table.place(below[0], at - 1),
                nmsg(
                    "{n} cell in “{column}” holds a formula: the value it was last computed to is read",
                    "{n} cells in “{column}” hold formulas: the values they were last computed to are read",
                    n=len(below),
                    column=shown(name_of(used[at])),
                ),
                msg("to be sure of them, paste the values over the formulas"),
            )
    for at, where in sorted(odd.percents.items()):
        below = [row for row in where if row > sheet.header_row]
        if at in used and below and used[at].role.meaning == "score":
            report.error(
                "bad-score",
                sheet.table.place(below[0], at - 1),
                nmsg(
                    "{n} cell in “{column}” is shown as a percentage: where 80 % is seen, 0.8 is written",
                    "{n} cells in “{column}” are shown as percentages: where 80 % is seen, 0.8 is written",
                    n=len(below),
                    column=shown(name_of(used[at])),
                ),
                msg("format the cells as plain numbers and write the scores"),
            )


def _hidden(sheet: Sheet, used: Mapping[int, Column], report: Report) -> None:
    """Rows and columns that are hidden, and read all the same."""
    odd = sheet.table.odd
    hidden = [row.number for row in sheet.rows if row.number in odd.hidden_rows]
    if hidden:
        report.add(
            "hidden-cells",
            Severity.info,
            sheet.table.place(hidden[0], 0),
            nmsg(
                "{n} row is hidden, and read all the same", "{n} rows are hidden, and read all the same", n=len(hidden)
            ),
            msg("show it, or clear the filter, to see what is read"),
        )
    for at in sorted(odd.hidden_columns & used.keys()):
        report.add(
            "hidden-cells",
            Severity.info,
            sheet.heading(at - 1),
            msg("the column “{column}” is hidden, and read all the same", column=shown(name_of(used[at]))),
            msg("show it to see what is read"),
        )


def _perhaps_percents(sheet: Sheet, columns: Iterable[Column], report: Report) -> None:
    """Scores between 0 and 1 where nobody can see whether they are shown as percentages."""
    for column in columns:
        if column.role.meaning != "score":
            continue
        cells = ((row.number, cell_at(row, column.at)) for row in sheet.rows)
        between = [n for n, c in cells if isinstance(c, Native) and isinstance(c.value, Fraction) and 0 < c.value < 1]
        if between:
            report.error(
                "bad-score",
                sheet.table.place(between[0], column.at),
                msg(
                    "an old .xls workbook does not tell whether 0.8 is meant, or 80 %: “{column}”",
                    column=shown(name_of(column)),
                ),
                msg("save it as .xlsx"),
            )


def _merged(sheet: Sheet, area: Area, used: dict[int, Column], report: Report) -> None:
    """Only the first of merged cells holds the value: the others would be empty without a word."""
    columns = [at for at in used if area.left <= at <= area.right]
    if not columns or (area.top == area.bottom and columns == [area.left]):
        return
    report.error(
        "merged-cells",
        sheet.table.place(area.top, area.left - 1),
        msg("the cells {cells} are merged: only the first of them holds the value", cells=str(area)),
        msg("unmerge them, and write the value into every cell that it is meant for"),
        str(area),
    )
