"""Where the header of a teacher's own table stands, and tables that are nearly something else than they seem."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from kurssi.diagnostics.finding import Severity
from kurssi.diagnostics.message import Msg, msg
from kurssi.values.vocabulary import HEADERS, RESERVED, fold

from .columns import MOST_GUESSES, UNUSED, Headers, Meaning, cell_at, likely_number
from .layouts.layout import MOST_PREAMBLE
from .report import Report, shown
from .table import Row, Table, is_blank, text_of
from .table_files import is_number

SCORED: frozenset[Meaning] = frozenset({"score", "submitted", "due", "late", "activity", "attended"})
"""A table with one of these columns and an e-mail address or a login is a table of students."""

_PERSONS: frozenset[Meaning] = frozenset({"surname", "first name", "name"})


def is_of_students(meanings: set[Meaning]) -> bool:
    """Whether columns of these meanings say which student a row is."""
    return "student" in meanings or bool(meanings & {"email", "login"} and meanings & SCORED)


def from_header(table: Table, headers: Headers, report: Report) -> Table:
    """The table from its header on: it may stand below a title. What stands above is listed."""
    rows = table.rows[:MOST_PREAMBLE]
    # in a row of data a login may be “student”, but there are numbers, too
    found = [set() if n and any(map(is_number, r.cells)) else _meanings(r, table, headers) for n, r in enumerate(rows)]
    sure = [n for n, meanings in enumerate(found) if is_of_students(meanings) or {"from", "to"} <= meanings]
    perhaps = [n for n, meanings in enumerate(found) if "group" in meanings and meanings & SCORED]
    at = max(sure or perhaps or [0], key=lambda n: (len(found[n]), -n))
    if not at:
        return table
    report_above(table, table.rows[:at], rows[at].number, report)
    return table._replace(rows=table.rows[at:])


def report_above(table: Table, above: Sequence[Row], header: int, report: Report) -> None:
    """Lists what stands above the header, in row ``header``."""
    texts = [shown(text) for row in above for cell in row.cells if (text := text_of(cell))]
    report.add(
        "rows-above-header",
        Severity.info,
        table.place(above[0].number, 0),
        msg(
            "the header stands in row {row}; what stands above is not read: {texts}",
            row=header,
            texts=", ".join(texts[:MOST_GUESSES]) + (", …" if len(texts) > MOST_GUESSES else ""),
        ),
        None,
        str(header),
    )


def _meanings(row: Row, table: Table, headers: Headers) -> set[Meaning]:
    """What the cells of a row would mean as headers."""
    found: set[Meaning] = set()
    for cell in row.cells:
        if isinstance(cell, str) and (text := text_of(cell)):
            found.update(role.meaning for role in headers.perhaps(table.file, text))
    return found


# ---- nearly something else ---------------------------------------------------------------------------------


def students_elsewhere(table: Table, tables: Sequence[Table], headers: Headers) -> Table | None:
    """Another table that says which student each row is."""
    for other in tables:
        rows = other.rows[:MOST_PREAMBLE] if other is not table else ()
        if any(is_of_students(_meanings(row, other, headers)) for row in rows):
            return other
    return None


def is_refused(table: Table, students: Table | None, headers: Headers, report: Report) -> bool:
    """Whether a table is nearly one of peer marks, or one of students without numbers. Then an error says so.

    ``students`` is another table, where there is one, that has the numbers.
    """
    meanings = _meanings(table.rows[0], table, headers)
    if headers.has_peer and not {"from", "to"} <= meanings and not meanings & SCORED:
        return _is_nearly_peers(table, meanings, headers, report)
    persons = meanings & _PERSONS and meanings & SCORED
    if persons and not is_of_students(meanings) and ("group" not in meanings or _are_persons(table, headers)):
        hint = (
            msg("add a column opiskelijanumero (or student number), or e-mail addresses")
            if students is None
            else msg(
                "add a column opiskelijanumero (or student number) with the numbers that stand in {file}",
                file=students.file if students.sheet is None else f"{students.file}, {students.sheet}",
            )
        )
        if (number := likely_number(table)) is not None:
            hint = way_to_number(number)
        for text in map(text_of, table.rows[0].cells[:MOST_GUESSES]):
            near = headers.similar(text) if headers.role(text) is UNUSED else None
            if near is not None and RESERVED.get(near) == "student":
                hint = msg("does “{header}” mean “{near}”?", header=shown(text), near=near)
        report.error(
            "sheet-header",
            table.place(table.rows[0].number, 0),
            msg("the rows here have names, but no student number, and two students may have one name"),
            hint,
        )
        return True
    return False


def way_to_number(header: str | None) -> Msg:
    """What to do where no header says that a column holds student numbers; ``header`` is that of one that may."""
    return msg(
        'say which column holds the student numbers: --map "{header}=student"; or call it student or '
        "opiskelijanumero, in the row above the students",
        header=shown(header or "HEADER"),
    )


def _are_persons(table: Table, headers: Headers) -> bool:
    """Whether the rows of a table with names and groups are persons: a group comes twice, or a part is not by group."""
    roles = [headers.role(text_of(cell)) for cell in table.rows[0].cells]
    by_group = {part.id for part in headers.policy.leaves() if part.by_group}
    if any(role.meaning == "score" and role.part not in by_group for role in roles):
        return True
    at = next(n for n, role in enumerate(roles) if role.meaning == "group")
    names = [fold(text_of(cell)) for row in table.rows[1:] if not is_blank(cell := cell_at(row, at))]
    return len(set(names)) < len(names)


_CALLED = {
    "antajan": "antaja", "arvioijan": "arvioija", "vertaisarvioija": "arvioija", "saajan": "saaja",
    "arvioitu": "arvioitava", "arvioitavan": "arvioitava", "mottagare": "till", "bedömd": "till", "givare": "från",
    "bedömare": "från", "giver": "from", "rater": "from", "reviewer": "from", "assessor": "from", "marker": "from",
    "ratee": "to", "reviewee": "to", "recipient": "to", "receiver": "to",
}  # fmt: skip
"""Words, folded, that mean the giver or the taker of marks, and the header that is nearest."""

_GIVERS_TAKERS = [word for name in ("from", "to") for word in HEADERS[name]]


def _peer_header(text: str) -> str | None:
    """The header of peer marks that a text is nearly."""
    for word in (fold(text), *fold(text).split()):
        if word in _CALLED or word in _GIVERS_TAKERS:
            return _CALLED.get(word, word)
    near = get_close_matches(fold(text)[:80], [word for word in _GIVERS_TAKERS if len(word) > 4], 1, 0.75)
    return near[0] if near else None


def _is_nearly_peers(table: Table, meanings: set[Meaning], headers: Headers, report: Report) -> bool:
    header = table.rows[0]
    criteria = headers.criteria or {}
    near: dict[int, str] = {}
    for at, cell in enumerate(header.cells):
        text = text_of(cell)
        if text and headers.role(text) is UNUSED and fold(text) not in criteria and (word := _peer_header(text)):
            near[at] = word
    known = meanings & {"from", "to"}
    if known | {RESERVED[word] for word in near.values()} == {"from", "to"}:
        _report_near(table, header.cells, near, report)
        return True
    if (near or known) and "student" in meanings:
        roles = [headers.role(text_of(cell)) for cell in header.cells]
        at = next(iter([*near, *(n for n, role in enumerate(roles) if role.meaning in known)]))
        report.error(
            "peer-sheet",
            table.place(header.number, at),
            msg("this seems to be a sheet of peer marks: “{header}”", header=shown(text_of(header.cells[at]))),
            msg("call the column of who gives the marks antaja (from), and that of who gets them saaja (to)"),
        )
        return True
    return False


def _report_near(table: Table, cells: Sequence[object], near: dict[int, str], report: Report) -> None:
    for at, word in near.items():
        text = text_of(cells[at])  # type: ignore[arg-type]
        report.error(
            "peer-sheet",
            table.place(table.rows[0].number, at),
            msg("the header “{header}” probably means “{near}”", header=shown(text), near=word),
            msg("write “{near}”: with it this is a sheet of peer marks", near=word),
            text,
        )
