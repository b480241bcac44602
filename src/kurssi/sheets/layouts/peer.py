"""Who has taken part in a peer review: CATME's list of responses, and the results of TEAMMATES."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from kurssi.diagnostics.message import msg
from kurssi.sheets.table import Row, Table, text_of
from kurssi.values.patterns import Regex
from kurssi.values.vocabulary import fold

from .layout import EMAIL, Layout, Special, folded_row, patterns, states

_LINE = Regex(r"\s*([^,\t]+?)\s*,\s*(.+?)\s+(\d{1,4})\s+(\d{4}-\d\d-\d\d[ T]\d\d:\d\d(?::\d\d(?:\.\d+)?)?)\s*")


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


_SIGNS = Regex(r"giver's (?:full name|name|email)|participants who have not responded|per recipient statistics")
MOST_ABOVE = 60
"""In so many rows a file says that it holds the results of a session."""

_NAME = ("giver's full name", "giver's name", "name")
_EMAIL = ("giver's email", "email")
_NOBODY = "no participant"
"""Stands in the last column of a row that is no student's."""


def _teammates(table: Table) -> Table | None:
    """A row for each student: who gave an answer to any question, and who is listed as having given none.

    Whatever else the file has columns for stands beside, as the first row about the student says it.
    """
    if not any(_SIGNS.match(text) for at in range(min(MOST_ABOVE, len(table.rows))) for text in folded_row(table, at)):
        return None
    answered: dict[tuple[str, str], tuple[int, dict[str, str]]] = {}
    silent: dict[tuple[str, str], tuple[int, dict[str, str]]] = {}
    heads: dict[str, str] = {}
    between: list[int] = []
    columns: Sequence[str] | None = None
    listing, begin = False, 0
    for row in table.rows:
        texts = [text_of(cell) for cell in row.cells]
        folded = [fold(text) for text in texts]
        gives = any(text.startswith("giver's") for text in folded)
        if folded[0].startswith("participants who have not responded"):
            columns, listing, begin = ("name", "email"), True, begin or row.number
        elif gives or (listing and folded[0] in ("team", "name")):
            columns, listing, begin = folded, not gives, begin or row.number
            heads |= {name: text for name, text in zip(folded, texts, strict=True) if name and name not in heads}
        elif columns is None or re.match(r"question \d+", folded[0]) or _is_instructors(columns, folded):
            columns = None if re.match(r"question \d+", folded[0]) else columns
            between += [row.number] if begin else []
        else:
            cells = dict(zip(columns, texts, strict=False))
            who = _first(cells, _NAME), _first(cells, _EMAIL)
            if any(who):
                (silent if listing else answered).setdefault(who, (row.number, cells))
    if not begin:
        return None
    own = [next((heads[name] for name in names if name in heads), text) for names, text in _OWN]
    others = [name for name in heads if name not in (*_NAME, *_EMAIL)]
    rows = [Row(begin, [*own, *(heads[name] for name in others), "Responded"])]
    for people, word in ((answered, "yes"), (silent, "no")):
        for who, (number, cells) in people.items():
            if people is answered or who not in answered:
                rows.append(Row(number, [*who, *(cells.get(name, "") for name in others), word]))
    rows += [Row(number, [*[""] * (len(rows[0].cells) - 1), _NOBODY]) for number in between]
    return table._replace(rows=sorted(rows, key=lambda row: row.number))


_OWN = ((_NAME, "Name"), (_EMAIL, "Email"))


def _is_instructors(columns: Sequence[str], folded: Sequence[str]) -> bool:
    """Whether a row says what somebody thinks who teaches."""
    return dict(zip(columns, folded, strict=False)).get("team") == "instructors"


def _first(cells: Mapping[str, str], names: Sequence[str]) -> str:
    """The cell in the first of some columns that is there."""
    return next((cells[name] for name in names if name in cells), "")


TEAMMATES = Layout(
    "teammates",
    msg("TEAMMATES, results of a session: who gave answers, and who has not responded to any question"),
    (),
    (
        *patterns("email", "giver's email", *EMAIL),
        *patterns("name", "giver's (?:full )?name", "name"),
        *patterns("score", "(?P<item>)responded"),
        *patterns("known", ".*"),
    ),
    special=(Special(Regex(_NOBODY), "skip", nameless=False),),
    words=states(passed="yes", missing="no"),
    peer=True,
    by_name=True,
    prepare=_teammates,
)
