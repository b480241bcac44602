"""Requests for rectification: ``rectifications.csv`` with who asked, when, about what, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from kurssi.diagnostics.finding import Finding, in_order
from kurssi.diagnostics.message import Terms, msg
from kurssi.values.classlist import Source
from kurssi.values.vocabulary import HEADERS, fold

from . import cells
from .columns import cell_at
from .report import Bad, Report, shown
from .table import Cell, Row, Table, text_of
from .table_files import read_tables

COLUMNS = {
    "student": HEADERS["student"],
    "asked": ("asked", "pyydetty", "pyyntö", "begärd", "begärt"),
    "about": ("about", "koskee", "aihe", "mistä", "gäller", "om"),
    "answered": ("answered", "vastattu", "vastaus", "besvarad", "besvarat"),
    "outcome": ("outcome", "tulos", "ratkaisu", "utfall", "beslut"),
    "reason": ("reason", "perustelu", "perustelut", "motivering"),
    "by": ("by", "tekijä", "vastaaja", "av"),
}
"""The columns of ``rectifications.csv`` and the words for them, folded."""
NEEDED = ("student", "asked", "about")
OUTCOMES = {
    "changed": ("changed", "muutettu", "oikaistu", "ändrat", "ändrad"),
    "kept": ("kept", "ennallaan", "pysytetty", "oförändrat", "oförändrad"),
}
"""What can come of a request, and the words for it."""

_WORDS = {word: column for column, words in COLUMNS.items() for word in words}
_OUTCOME = {word: outcome for outcome, words in OUTCOMES.items() for word in words}


class Request(NamedTuple):
    """One request for rectification; ``answered`` is None while it is open."""

    student: str
    asked: date
    about: str
    answered: date | None
    outcome: str
    reason: str
    by: str
    source: Source


def read(name: str, raw: bytes) -> tuple[tuple[Request, ...], list[Finding]]:
    """The requests in their order, and all findings. Never raises for what is in the file."""
    report = Report()
    tables, findings = read_tables(name, raw)
    report.extend(findings)
    found: list[Request] = []
    for table in tables:
        if table.rows and (columns := _columns(table, report)):
            found += _rows(table, columns, report)
    return tuple(found), in_order(report.findings())


def _columns(table: Table, report: Report) -> dict[str, int]:
    columns: dict[str, int] = {}
    for index, cell in enumerate(table.rows[0].cells):
        column = _WORDS.get(fold(text_of(cell)))
        if column is not None:
            columns.setdefault(column, index)
    if lacking := [column for column in NEEDED if column not in columns]:
        report.error(
            "bad-rectification",
            table.place(table.rows[0].number, 0),
            msg("these columns are missing: {names}", names=Terms(lacking)),
            msg("the columns are {names}", names=Terms(list(COLUMNS))),
        )
        return {}
    return columns


def _rows(table: Table, columns: dict[str, int], report: Report) -> Iterator[Request]:
    for row in table.rows[1:]:
        try:
            yield _request(table, row, columns)
        except Bad as bad:
            report.bad(table, row.number, columns["student"], bad)


def _request(table: Table, row: Row, columns: dict[str, int]) -> Request:
    """One row. Raises :class:`Bad`."""

    def cell(column: str) -> Cell:
        return cell_at(row, columns[column]) if column in columns else ""

    def text(column: str) -> str:
        return " ".join(text_of(cell(column)).split())

    student, asked, about = cells.student_of(cell("student"), "student"), _day(cell("asked")), text("about")
    if not student or asked is None or not about:
        raise Bad(
            "bad-rectification",
            msg("row {row} does not say who asked, when, and about what", row=row.number),
            msg("write student number, the day of the request and what it is about"),
        )
    answered, said = _day(cell("answered")), text("outcome")
    outcome = _OUTCOME.get(fold(said), "")
    if said and not outcome:
        raise Bad(
            "bad-rectification",
            msg("“{value}” is no outcome of a request", value=shown(said)),
            msg("write changed or kept"),
            said,
        )
    if (answered is not None) != bool(outcome) or (outcome and not text("reason")):
        raise Bad(
            "bad-rectification",
            msg("row {row} is answered in part", row=row.number),
            msg(
                "an answer has its day, its outcome (changed or kept) and its reason; an open request has none of them"
            ),
        )
    if answered is not None and answered < asked:
        raise Bad(
            "bad-rectification",
            msg("row {row} was answered before it was asked", row=row.number),
            msg("correct the day of the request, or that of the answer"),
        )
    source = Source(table.file, row.number, text_of(table.rows[0].cells[columns["student"]]))
    return Request(student, asked, about, answered, outcome, text("reason"), text("by"), source)


def _day(cell: Cell) -> date | None:
    if not text_of(cell):
        return None
    return cells.day_in(cell, "bad-rectification", msg("write the day as 2024-03-05 or 5.3.2024"))
