"""No formula: a workbook holds the score that the cells came to, and says so."""

from __future__ import annotations

from kurssi.grading.spreadsheet.cells import Columns

COLUMNS = Columns()
