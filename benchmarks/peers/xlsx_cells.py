"""Cells like those of a list of grades, written by XlsxWriter alone, row by row: ``xlsx_cells.py STUDENTS FILE``."""

from __future__ import annotations

import sys

import xlsxwriter


def main(students: int, target: str) -> None:
    """Ten cells for each student: two texts, four part values, activity, exact value, grade and status."""
    book = xlsxwriter.Workbook(target, {"constant_memory": True})
    sheet = book.add_worksheet()
    centred = book.add_format({"align": "center", "valign": "top"})
    text = book.add_format({"valign": "top"})
    for row in range(students):
        sheet.write_string(row, 0, f"{row:07}", text)
        sheet.write_string(row, 1, f"Student {row}", text)
        for column, value in ((2, 3.5), (3, 4), (4, 2.5)):
            sheet.write_number(row, column, value, centred)
        sheet.write_string(row, 5, "HYV", centred)
        if row % 2:
            sheet.write_number(row, 6, 0.5, centred)
        sheet.write_number(row, 7, 3.48, centred)
        sheet.write_number(row, 8, 3, centred)
        sheet.write_string(row, 9, "graded", text)
    book.close()


main(int(sys.argv[1]), sys.argv[2])
