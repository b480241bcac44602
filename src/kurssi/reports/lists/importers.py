"""What the importer of each system takes: which columns it needs, and into which of them a grade can be written.

From the importers themselves: Moodle ``grade/import/csv`` and ``mod/assign/feedback/offline``, Canvas
``gradebook_importer.rb``; from the makers' manuals: Brightspace “Importing grades”, Blackboard “Upload grades”.
itslearning documents no importer: its list is a table to enter the grades from.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import NamedTuple

from kurssi.diagnostics.message import Msg, msg
from kurssi.sheets.columns import cell_at
from kurssi.sheets.exported import Export
from kurssi.sheets.fields import Field
from kurssi.sheets.layouts import says_most
from kurssi.sheets.layouts.layout import Meaning
from kurssi.sheets.layouts.moodle import CHANGEABLE, DOWNLOADED, FEEDBACK, MODIFIED, SUBMISSION
from kurssi.sheets.table import text_of
from kurssi.values.patterns import Regex
from kurssi.values.vocabulary import fold

WHO: frozenset[Meaning] = frozenset({"student", "own id", "email", "login", "surname", "first name", "name"})
"""The columns that say whose a row is."""


class Target(NamedTuple):
    """A column that a grade can be written into."""

    field: Field
    most: Fraction | None = None
    """What it is out of; ``None`` where the export does not say."""
    labels: bool = False
    """Whether it takes the grades of a scale by their names, not numbers."""
    out_of: Field | None = None
    """The column in which what it is out of is written with every grade."""


class Importer(NamedTuple):
    """The importer of a system. ``name`` is the list's, ``layout`` that of the export it is made from."""

    name: str
    layout: str
    system: str
    """As the system is called."""
    target: Callable[[Export, Field], Target | Msg]
    """The column as one to write into; or why a grade cannot be written there."""
    keeps: frozenset[Meaning] = WHO
    """Columns that stay, by what they are."""
    keeps_headers: Regex = Regex("(?!)")
    """Others that stay, by their folded header."""
    feedback: Regex = Regex("(?!)")
    """The folded header of a column of feedback; ``item`` says to what, where it is not to the only grade."""
    feedback_format: Regex = Regex("(?!)")
    """The folded header of a column that says how the feedback is written."""
    keeps_most: bool = False
    """Whether the row of largest numbers of points stays."""
    suffixes: tuple[str, ...] = (".csv",)
    """Of files that it takes."""
    imports: bool = True
    """Whether the system takes such a file at all."""
    modified: Regex = Regex("(?!)")
    """The folded header of a column that says when each grade was last changed."""
    downloaded: Regex = Regex("(?!)")
    """The folded header of a column that says when the export was made."""
    adds_column: bool = False
    """Whether the grade gets a column of its own where none is named."""

    def stays(self, field: Field) -> bool:
        """Whether a column stays though nothing is written into it."""
        return field.meaning in self.keeps or self.keeps_headers.fullmatch(fold(field.header)) is not None


NOT_A_GRADE = msg("it is no column of grades")


def _moodle(export: Export, field: Field) -> Target | Msg:  # noqa: ARG001 - one form for all importers
    if field.meaning == "total":
        return msg("Moodle takes no totals: make a grade item for it (Add grade item), and export again")
    if field.meaning != "score":
        return NOT_A_GRADE
    if field.unit.kind in ("percent", "letter"):
        return msg("Moodle takes points: export with the grade display type Real")
    return Target(field, says_most(field.item))


def _worksheet(export: Export, field: Field) -> Target | Msg:
    if field.meaning != "score":
        return NOT_A_GRADE
    beside = next((one for one in export.fields if one.meaning == "most"), None)
    texts = {text_of(cell_at(row, beside.at)) for row, _ in export.rows} if beside else set()
    # Of an assignment with a scale Moodle writes the number of the scale, with a minus.
    labels = bool(texts) and all(text.startswith(("-", "−")) for text in texts)
    return Target(field, None if labels else field.unit.most, labels)


def _canvas(export: Export, field: Field) -> Target | Msg:  # noqa: ARG001
    if field.meaning == "total":
        return msg("Canvas computes it by itself and takes nothing into it")
    if field.meaning != "score":
        return NOT_A_GRADE
    if not _CANVAS_ID.fullmatch(fold(field.header)):
        return msg("its header has no number of an assignment, so Canvas would make a new one")
    return Target(field, field.unit.most)


_CANVAS_ID = Regex(r".+ \(\d+\)")


def _brightspace(export: Export, field: Field) -> Target | Msg:
    header = fold(field.header)
    if header == "adjusted final grade numerator":
        below = next((one for one in export.fields if fold(one.header) == "adjusted final grade denominator"), None)
        return Target(field, out_of=below) if below is not None else NOT_A_GRADE
    if field.meaning == "total":
        return msg("Brightspace takes points, symbols of a scheme and adjusted final grades, and no sums of its own")
    if field.meaning != "score":
        return NOT_A_GRADE
    return Target(field, field.unit.most, labels=field.unit.kind == "letter")


def _blackboard(export: Export, field: Field) -> Target | Msg:  # noqa: ARG001
    if field.meaning == "total":
        return msg("Blackboard computes it by itself and takes nothing into it")
    if field.meaning != "score" or not _BLACKBOARD_ID.fullmatch(fold(field.header)):
        return NOT_A_GRADE
    if field.unit.kind == "percent":
        return msg("it shows percentages: set its primary display to Score, and download again")
    return Target(field, field.unit.most, labels=field.unit.kind == "letter")


_BLACKBOARD_ID = Regex(r".+ \[.+\] \|\d+")


def _itslearning(export: Export, field: Field) -> Target | Msg:  # noqa: ARG001
    return Target(field, says_most(field.header)) if field.meaning in ("score", "total") else NOT_A_GRADE


GRADED_AT = rf"(?:{MODIFIED}) \((?!(?:{SUBMISSION})\)).+\)"
"""When a grade was changed, in a worksheet of an assignment."""

IMPORTERS: dict[str, Importer] = {
    one.name: one
    for one in (
        Importer(
            "moodle",
            "moodle",
            "Moodle",
            _moodle,
            # By the time of the download Moodle refuses what was graded since.
            keeps_headers=Regex("|".join(DOWNLOADED)),
            downloaded=Regex("|".join(DOWNLOADED)),
            feedback=Regex(rf"(?P<item>.+) \((?:{FEEDBACK})\)|(?:{FEEDBACK}): (?P<after>.+)"),
        ),
        Importer(
            "moodle-worksheet",
            "moodle-assignment",
            "Moodle",
            _worksheet,
            keeps=WHO | {"most"},
            # So does the worksheet, by the time of each grade.
            keeps_headers=Regex(rf"{GRADED_AT}|{CHANGEABLE}"),
            modified=Regex(GRADED_AT),
            feedback=Regex(rf"(?:{FEEDBACK}).*"),
        ),
        Importer(
            "canvas",
            "canvas",
            "Canvas",
            _canvas,
            keeps_headers=Regex("section|integration id|root account"),
            keeps_most=True,
        ),
        Importer(
            "brightspace",
            "brightspace",
            "Brightspace",
            _brightspace,
            keeps=frozenset({"student", "login"}),
            keeps_headers=Regex("end-of-line indicator"),
            suffixes=(".csv", ".tsv"),
        ),
        Importer(
            "blackboard",
            "blackboard",
            "Blackboard",
            _blackboard,
            keeps=WHO - {"email"},
            feedback=Regex("feedback to user|palaute käyttäjälle|feedback till användare"),
            feedback_format=Regex("feedback format|palautteen muoto|feedbackformat"),
            # Its own downloads are called .xls, and are text with tabs.
            suffixes=(".csv", ".tsv", ".xls"),
        ),
        Importer(
            "itslearning-table",
            "itslearning",
            "itslearning",
            _itslearning,
            keeps=WHO | {"group"},
            imports=False,
            adds_column=True,
        ),
    )
}
"""By the name of the list."""
