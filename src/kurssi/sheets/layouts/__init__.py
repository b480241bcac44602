"""Layouts of score sheets: how the systems around a teacher write their tables, one description each.

A layout is recognised by its header (:func:`recognise`) and read by :mod:`kurssi.sheets.exports`. To add one, write
its description beside the others and enter it in :data:`LAYOUTS`.
"""

from __future__ import annotations

from fractions import Fraction

from kurssi.sheets.table import Table
from kurssi.values.numbers import read_number
from kurssi.values.patterns import Regex
from kurssi.values.vocabulary import fold

from .blackboard import BLACKBOARD
from .brightspace import BRIGHTSPACE
from .canvas import CANVAS
from .gradescope import GRADESCOPE, GRADESCOPE_ASSIGNMENT
from .layout import MOST_PREAMBLE, Layout, Meaning, Pattern, folded_row, has_signs
from .lists import CANVAS_ROSTER, CATME_ROSTER, ITSLEARNING, OSSI, PEPPI, SISU, SISU_GRADES, TEAMMATES_ROSTER
from .microsoft import FORMS, TEAMS
from .moodle import GRADES, PERCENTAGE, WORKSHEET
from .others import CLASSROOM, MARKUS
from .peer import CATME, TEAMMATES
from .sakai import SAKAI

__all__ = [
    "LAYOUTS",
    "PLAIN",
    "Layout",
    "Meaning",
    "Pattern",
    "apply",
    "by_name",
    "recognise",
    "says_most",
    "says_percent",
    "without_most",
]

PLAIN = "plain"
"""The layout of a table that a teacher made: headers as the contract has them."""

LAYOUTS: tuple[Layout, ...] = (
    GRADESCOPE,
    GRADESCOPE_ASSIGNMENT,
    BLACKBOARD,
    BRIGHTSPACE,
    SAKAI,
    CANVAS,
    CANVAS_ROSTER,
    WORKSHEET,
    GRADES,
    FORMS,
    TEAMS,
    ITSLEARNING,
    OSSI,
    SISU,
    SISU_GRADES,
    PEPPI,
    CATME,
    CATME_ROSTER,
    TEAMMATES,
    TEAMMATES_ROSTER,
    MARKUS,
    CLASSROOM,
)
"""All layouts but the plain one, those with the plainest signs first."""


def by_name(name: str) -> Layout | None:
    """The layout of that name; ``None`` for the plain one."""
    return next((layout for layout in LAYOUTS if layout.name == name), None)


def says_percent(header: str) -> bool:
    """Whether a header calls its numbers percentages: ``Essay (Percentage)``, ``Essay %``, not ``Exam 50 %``."""
    return _PERCENT.search(fold(header)) is not None


_PERCENT = Regex(rf"(?:\((?:{PERCENTAGE}|%)\)|(?:^|[^\d\s])\s*%|(?<=[ _-])(?:percent|{PERCENTAGE}))$")


def says_most(header: str) -> Fraction | None:
    """The largest number of points that a header names: ``Essay (40 p)``, ``Quiz (max 10)``, ``Exam out of 20``."""
    match = _MOST.search(fold(header))
    return None if match is None else read_number(match["one"] or match["two"] or match["three"])


def without_most(header: str) -> str:
    """A folded header without the largest number of points that it names."""
    return " ".join(_MOST.compiled.sub(" ", fold(header)).split())


_NUMBER = r"\d{1,4}(?:[.,]\d{1,2})?"
_OUT_OF = r"(?:max|maks|enint|enintään|out of)\.?:? ?"
_MOST = Regex(
    rf"\((?:{_OUT_OF})?(?P<one>{_NUMBER}) ?(?:p|pt|pts|pist|pistettä|points?|poäng|punkte)\.?\)"
    rf"|\({_OUT_OF}(?P<two>{_NUMBER})\)"
    rf"|\b(?:max|maks|out of)\.?:? ?(?P<three>{_NUMBER})$"
)


def apply(name: str, table: Table) -> tuple[Layout, Table] | None:
    """The layout of that name and the table from its header on; ``None`` for the plain one.

    The header is looked for below rows that stand above it; where no row has the layout's signs, the first row is it.
    """
    layout = by_name(name)
    if layout is None:
        return None
    if layout.prepare is not None:
        return layout, layout.prepare(table) or table
    for at in range(min(MOST_PREAMBLE if layout.preamble else 1, len(table.rows))):
        if has_signs(layout, folded_row(table, at)):
            return layout, table._replace(rows=table.rows[at:])
    return layout, table


def recognise(table: Table) -> tuple[Layout, Table] | None:
    """The layout whose signs the table bears, and the table from its header on; ``None`` for a plain table."""
    first = folded_row(table, 0)
    for layout in LAYOUTS:
        if layout.prepare is not None:
            made = layout.prepare(table)
            if made is not None:
                return layout, made
        elif has_signs(layout, first):
            return layout, table
    for layout in (layout for layout in LAYOUTS if layout.preamble):
        for at in range(1, min(MOST_PREAMBLE, len(table.rows))):
            if has_signs(layout, folded_row(table, at)):
                return layout, table._replace(rows=table.rows[at:])
    return None
