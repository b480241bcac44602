"""Layouts with a row of largest numbers of points below the header: MarkUs, Google Classroom."""

from __future__ import annotations

from kurssi.diagnostics.message import msg
from kurssi.sheets.table import Row, Table, text_of
from kurssi.values.patterns import Regex
from kurssi.values.vocabulary import fold

from .layout import IDENTITY, Layout, Special, folded_row, patterns, states


def _markus(table: Table) -> Table | None:
    """A grade entry form has a row Out Of; its first header may be empty."""
    if len(table.rows) < 2 or "out of" not in {text.rstrip(":") for text in folded_row(table, 1)}:
        return None
    first = table.rows[0]
    cells = list(first.cells)
    if not text_of(cells[0]):
        cells[0] = "User name"
    return table._replace(rows=[Row(first.number, cells), *table.rows[1:]])


MARKUS = Layout(
    "markus",
    msg("MarkUs, grade entry form: a row Out Of below the header"),
    (),
    (
        *patterns("student", "id number"),
        *IDENTITY,
        *patterns("known", "section"),
        *patterns("total", "total"),
        *patterns("score", "(?P<item>.+)", kind="points"),
    ),
    special=(Special(Regex(r"out of:?"), "most", nameless=False),),
    words=states(blank="-|"),
    prepare=_markus,
)


def _classroom(table: Table) -> Table | None:
    """Below the names of the assignments stand their dates, then their points."""
    if len(table.rows) < 3:
        return None
    below = [fold(text_of(table.rows[at].cells[0])) for at in (1, 2) if table.rows[at].cells]
    first = folded_row(table, 0)
    return table if below == ["date", "points"] and {"last name", "first name"} <= set(first) else None


CLASSROOM = Layout(
    "google-classroom",
    msg("Google Classroom, grades: below the header a row Date and a row Points"),
    (),
    (*IDENTITY, *patterns("score", "(?P<item>.+)", kind="points")),
    special=(Special(Regex("points"), "most"), Special(Regex("date"), "skip")),
    words=states(blank="-|", excused="excused"),
    prepare=_classroom,
)
