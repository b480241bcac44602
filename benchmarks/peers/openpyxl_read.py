"""Reads every cell of a workbook's first sheet with openpyxl."""

from __future__ import annotations

import sys

from openpyxl import load_workbook

rows = load_workbook(sys.argv[1], read_only=True).active.iter_rows(values_only=True)
print(len([tuple(row) for row in rows]))
