"""How each score sheet was read: which kind of table it is, and what each of its columns means."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Any

from kurssi.diagnostics.finding import Finding, Severity, in_order
from kurssi.diagnostics.renderers.json_finding import as_json
from kurssi.diagnostics.words import Words
from kurssi.policy.model import Policy
from kurssi.sheets import Reading
from kurssi.sheets.columns import Column, Headers, Sheet
from kurssi.sheets.recognition import recognise
from kurssi.sheets.report import Report
from kurssi.sheets.table import text_of
from kurssi.sheets.table_files import read_tables

EXAMPLES = 3
"""So many cells of a column are shown."""


def sheets_of(
    sources: Sequence[tuple[str, bytes]], policy: Policy, reading: Reading
) -> tuple[list[Sheet], list[Finding]]:
    """The tables of all files with what their columns mean, rows unread, and the errors."""
    report = Report()
    tables = []
    for name, raw in sources:
        found, findings = (reading.tables or read_tables)(name, raw)
        report.extend(findings)
        tables += found
    sheets = recognise(tables, Headers(policy, reading), report)
    return sheets, [finding for finding in in_order(report.findings()) if finding.severity is Severity.error]


def understood(
    sources: Sequence[tuple[str, bytes]], policy: Policy, reading: Reading, words: Words
) -> list[dict[str, Any]]:
    """Each file with its tables and the meaning of their columns, and why one cannot be read."""
    sheets, errors = sheets_of(sources, policy, reading)
    return [
        {
            "file": name,
            "tables": [_table(sheet) for sheet in sheets if sheet.table.file == name],
            "errors": [as_json(finding, words) for finding in errors if finding.place.file == name],
        }
        for name, _ in sources
    ]


def targets(policy: Policy) -> list[dict[str, str]]:
    """The parts that take scores, as a column can be said to be one of them."""
    return [{"id": part.id, "name": part.name} for part in policy.leaves()]


def _table(sheet: Sheet) -> dict[str, Any]:
    return {
        "worksheet": sheet.table.sheet,
        "kind": sheet.kind,
        "layout": None if sheet.layout is None else sheet.layout.name,
        "rows": len(sheet.rows),
        "columns": [_column(sheet, column) for column in sheet.columns],
    }


def _column(sheet: Sheet, column: Column) -> dict[str, Any]:
    cells = (text_of(row.cells[column.at]) for row in sheet.rows if column.at < len(row.cells))
    return {
        "header": column.header,
        "cells": list(islice(filter(None, cells), EXAMPLES)),
        **column.role._asdict(),
    }
