"""Reads every cell of a workbook with kurssi, its looks at formulas, errors and hidden things included."""

from __future__ import annotations

import gc
import sys
from pathlib import Path

from kurssi.sheets.table_files import read_tables

gc.disable()  # as the command does
tables, findings = read_tables(sys.argv[1], Path(sys.argv[1]).read_bytes())
print(len(tables[0].rows), len(findings))
