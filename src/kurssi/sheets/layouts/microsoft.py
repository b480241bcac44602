"""Microsoft: the results of a quiz in Forms, and the grades that Teams exports."""

from __future__ import annotations

from kurssi.diagnostics.message import msg
from kurssi.sheets.table import Row, Table, text_of
from kurssi.values.vocabulary import fold

from .layout import EMAIL, IDENTITY, NUMBER, Layout, patterns, signs, states

_START = r"start time|aloitusaika|alkamisaika|starttid"
_END = r"completion time|valmistumisaika|päättymisaika|lopetusaika|slutförandetid|sluttid"
_TOTAL = r"total points|kokonaispisteet|pisteet yhteensä|pistemäärä yhteensä|totalt antal poäng|totalpoäng|poäng totalt"

FORMS = Layout(
    "forms",
    msg("Microsoft Forms, results of a quiz: Completion time and Total points, one row per answer"),
    signs(_START, _END, _TOTAL),
    (
        *patterns("student", *NUMBER, r".*opiskelijanumero.*", r".*student (?:id|number).*", r".*studentnummer.*"),
        *patterns("email", *EMAIL),
        *patterns("name", "name", "nimi", "namn"),
        *patterns("own id", "id", "tunniste", "tunnus"),
        *patterns("score", rf"(?P<item>)(?:{_TOTAL})", kind="points"),
        *patterns("submitted", rf"(?P<item>)(?:{_END})"),
        *patterns("known", r".*"),
    ),
    words=states(blank=r"-|"),
)


def _teams(table: Table) -> Table | None:
    """The columns Points and Feedback after each assignment, named by it."""
    first = table.rows[0]
    folded = [fold(text_of(cell)) for cell in first.cells]
    if "points" not in folded or "feedback" not in folded or not {"email address", "email"} & set(folded):
        return None
    cells = list(first.cells)
    item = None
    for at, name in enumerate(folded):
        if name in ("points", "feedback"):
            if item is None:
                return None
            cells[at] = f"{text_of(cells[item])} - {'max points' if name == 'points' else 'feedback'}"
        elif at + 1 < len(folded) and folded[at + 1] == "points":
            item = at
    return table._replace(rows=[Row(first.number, cells), *table.rows[1:]])


TEAMS = Layout(
    "teams",
    msg("Microsoft Teams, export of grades: after each assignment the columns Points and Feedback"),
    (),
    (
        *IDENTITY,
        *patterns("most", r"(?P<item>.+) - max points"),
        *patterns("known", r".+ - feedback"),
        *patterns("score", r"(?P<item>.+)", kind="points"),
    ),
    words=states(blank=r"-|", excused=r"excused"),
    prepare=_teams,
)
