"""What a layout of score sheets is: a description of the headers, rows and words that one system writes."""

import re
from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple

from kurssi.diagnostics.message import Msg
from kurssi.sheets.table import Table
from kurssi.values.patterns import Regex
from kurssi.values.vocabulary import fold

Meaning = Literal[
    "student", "email", "login", "own id", "surname", "first name", "name", "group", "enrolment",
    "score", "total", "most", "submitted", "due", "late", "handed in", "status", "known",
]  # fmt: skip
"""What a column of an export is.

``own id`` is the system's own number of a person, good for nothing outside it; ``most`` holds the largest number of
points, ``late`` how late the work was, ``handed in`` and ``status`` words about the submission, of which only those of
``status`` also say whether it was late. ``total`` is a sum that the system made: it becomes a part's score only where
somebody says so. ``known`` is a column that is never a score.
"""

Kind = Literal["plain", "points", "percent", "letter"]
"""What the numbers of a score column are, as far as its header says; ``plain``: it does not say."""

MOST_PREAMBLE = 15
"""So many rows may stand above a header, where a layout has such rows at all."""


class Pattern(NamedTuple):
    """Headers that mean the same. ``header`` matches a whole folded header.

    Its groups: ``item`` is the name of what is graded, ``most`` the largest number of points.
    """

    meaning: Meaning
    header: Regex
    kind: Kind = "plain"


class Special(NamedTuple):
    """A row that is no student: ``most`` gives the largest numbers of points, ``skip`` says nothing about scores."""

    cell: Regex
    """Matches a whole folded cell of the row."""
    use: Literal["most", "skip"]
    nameless: bool = True
    """Only where no cell of the row says who it is: neither a number, nor an e-mail address, nor a login."""


class Layout(NamedTuple):
    """A system's way of writing a table of scores, or of names."""

    name: str
    """As ``--layout`` takes it."""
    title: Msg
    """What it is, for a teacher."""
    signs: tuple[Regex, ...]
    """The header has every one of these; a layout without signs is never recognised by itself."""
    columns: tuple[Pattern, ...]
    """The first that matches a header says what its column is; any other column is a score."""
    special: tuple[Special, ...] = ()
    words: tuple[tuple[Regex, str], ...] = ()
    """Words in score cells, folded: a state of :data:`kurssi.values.vocabulary.State`, ``""`` for nothing said,
    ``unassigned`` for work that the student was never given."""
    test: Regex | None = None
    """A name or login of a test student, folded."""
    enrolled: tuple[str, ...] = ()
    """Words of an ``enrolment`` column that are in order; anything else is shown."""
    preamble: bool = False
    """Whether rows may stand above the header."""
    roster: bool = False
    """Whether it only says who is in a class: that it has no scores needs no hint."""
    peer: bool = False
    """Whether it says who has taken part in a peer review."""
    by_name: bool = False
    """Whether a row may say whose it is by the name alone."""
    late_in: Literal["seconds", "two units"] = "seconds"
    """How exactly it says how late something was; in its two largest units (2 days 3 hours) the rest is cut off."""
    prepare: Callable[[Table], Table | None] | None = None
    """Makes a table with one row per student from a file that is none; ``None`` where the file is not of this kind."""


def patterns(meaning: Meaning, *headers: str, kind: Kind = "plain") -> tuple[Pattern, ...]:
    """A pattern for each regular expression."""
    return tuple(Pattern(meaning, Regex(header), kind) for header in headers)


def signs(*headers: str) -> tuple[Regex, ...]:
    """Regular expressions that must each match one whole folded header."""
    return tuple(Regex(rf"^(?:{header})$", re.M) for header in headers)


def states(**words: str) -> tuple[tuple[Regex, str], ...]:
    """Words of cells: by state, one regular expression each; ``blank`` stands for nothing said."""
    return tuple((Regex(text), "" if state == "blank" else state) for state, text in words.items())


def has_signs(layout: Layout, headers: Sequence[str]) -> bool:
    """Whether a row of folded headers is this layout's."""
    text = "\n".join(headers)
    return bool(layout.signs) and all(sign.search(text) for sign in layout.signs)


def folded_row(table: Table, at: int) -> list[str]:
    """The folded cells of a row, line breaks taken out."""
    return [fold(cell if isinstance(cell, str) else cell.text) for cell in table.rows[at].cells]


EMAIL = (
    r"e-?mail(?: address)?", "(?:primary|ensisijainen) (?:e-?mail|sähköposti)(?:osoite)?", "sähköposti(?:osoite)?",
    "e-post(?:adresse?)?", "e-mail-?adresse?", "adresse de courriel", "dirección de correo", "e-posti aadress",
)  # fmt: skip
SURNAME = ("surname", "last ?name", "family name", "sukunimi", "efternamn", "nachname", "nom(?: de famille)?")
FIRST_NAME = ("first ?name", "given name", "etunim(?:i|et)", "kutsumanimi", "förnamn", "vorname", "prénom")
NAME = (
    "(?:full |student )?names?", "(?:koko )?nimi", "(?:fullständigt )?namn", "(?:vollständiger )?name", "nom complet",
    "nombre completo", "ful(?:lt|de) navn", "volledige naam", "täisnimi",
)  # fmt: skip
NUMBER = (
    "opiskelijanumero", "op\\.?(?:iskelija)?nro", "student[ _]?(?:number|id|no)",
    "studentnummer", "studerandenummer", "matrikelnummer", "matrikelnr\\.?",
)  # fmt: skip
LOGIN = ("user ?name", "login(?: id)?", "käyttäjätunnus", "användarnamn", "anmeldename")
GROUP = ("groups?", "(?:pien)?ryhmä", "ryhmät", "(?:små)?grupp", "gruppe", "groupe", "grupo", "groep", "rühm")
"""Headers that many systems share, as regular expressions on folded text."""

IDENTITY = (
    *patterns("student", *NUMBER),
    *patterns("email", *EMAIL),
    *patterns("login", *LOGIN),
    *patterns("surname", *SURNAME),
    *patterns("first name", *FIRST_NAME),
    *patterns("name", *NAME),
)
"""The columns by which any system says who somebody is."""
