"""Who has taken part in a peer review: CATME's list of responses, and the results of TEAMMATES."""

from __future__ import annotations

import re

from kurssi.diagnostics.message import msg
from kurssi.sheets.table import Row, Table, text_of
from kurssi.values.vocabulary import fold

from .layout import EMAIL, IDENTITY, Layout, folded_row, patterns, states

_LINE = re.compile(r"\s*([^,\t]+?)\s*,\s*(.+?)\s+(\d{1,4})\s+(\d{4}-\d\d-\d\d[ T]\d\d:\d\d(?::\d\d(?:\.\d+)?)?)\s*")


MOST_CELLS = 6
"""Into so many cells a line falls at most, whatever separates them."""


def _catme(table: Table) -> Table | None:
    """A row for each line ``LAST, FIRST  14  2026-06-04 23:10:58``, whatever stands between them."""
    rows: list[Row] = []
    for row in table.rows:
        if len(row.cells) > MOST_CELLS:
            return None
        texts = [text_of(cell) for cell in row.cells]
        match = next((m for m in (_LINE.fullmatch(sep.join(texts)) for sep in (",", "\t")) if m), None)
        if match is None:
            return None
        rows.append(Row(row.number, [f"{match[1]}, {' '.join(match[2].split())}", match[3], match[4]]))
    return table._replace(rows=[Row(rows[0].number, ["Name", "Responses", "Last change"]), *rows]) if rows else None


CATME = Layout(
    "catme",
    msg("CATME, list of responses: last name, first name, how many answers, when"),
    (),
    (
        *patterns("name", "name"),
        *patterns("score", "(?P<item>)responses"),
        *patterns("known", "last change"),
    ),
    words=states(missing="0", passed=r"[1-9]\d*"),
    peer=True,
    by_name=True,
    prepare=_catme,
)


_SIGNS = re.compile(r"giver's (?:full name|name|email)|participants who have not responded|per recipient statistics")
MOST_ABOVE = 60
"""In so many rows a file says that it holds the results of a session."""


def _teammates(table: Table) -> Table | None:
    """A row for each student: who gave an answer to any question, and who is listed as having given none."""
    if not any(_SIGNS.match(text) for at in range(min(MOST_ABOVE, len(table.rows))) for text in folded_row(table, at)):
        return None
    answered: dict[tuple[str, str], int] = {}
    silent: dict[tuple[str, str], int] = {}
    columns: tuple[int, int, int] | None = None
    listing = False
    seen = False
    for row in table.rows:
        texts = [text_of(cell) for cell in row.cells]
        folded = [fold(text) for text in texts]
        if folded[0].startswith("participants who have not responded"):
            listing, columns = True, None
        elif any(text.startswith("giver's") for text in folded):
            name = next((at for at, text in enumerate(folded) if text in ("giver's full name", "giver's name")), -1)
            mail = next((at for at, text in enumerate(folded) if text == "giver's email"), -1)
            columns, seen, listing = (name, mail, _at(folded, "team")), True, False
        elif listing and folded[:1] != ["team"] and folded[0] != "name":
            mail = next((at for at, text in enumerate(texts) if "@" in text), -1)
            silent[_get(texts, mail - 1 if mail > 0 else 0), _get(texts, mail)] = row.number
        elif columns is not None and re.match(r"question \d+", folded[0]):
            columns = None
        elif columns is not None and fold(_get(texts, columns[2])) != "instructors":
            who = _get(texts, columns[0]), _get(texts, columns[1])
            if any(who):
                answered.setdefault(who, row.number)
    if not seen and not silent:
        return None
    header = Row(table.rows[0].number, ["Name", "Email", "Responded"])
    rows = [Row(at, [*who, "yes"]) for who, at in answered.items()]
    rows += [Row(at, [*who, "no"]) for who, at in silent.items() if who not in answered]
    return table._replace(rows=[header, *sorted(rows, key=lambda row: row.number)], sheet=table.sheet)


def _at(folded: list[str], name: str) -> int:
    return folded.index(name) if name in folded else -1


def _get(texts: list[str], at: int) -> str:
    return texts[at] if 0 <= at < len(texts) else ""


TEAMMATES = Layout(
    "teammates",
    msg("TEAMMATES, results of a session: who gave answers, and who has not responded to any question"),
    (),
    (
        *patterns("email", *EMAIL),
        *IDENTITY,
        *patterns("score", "(?P<item>)responded"),
    ),
    words=states(passed="yes", missing="no"),
    peer=True,
    by_name=True,
    prepare=_teammates,
)
