"""The words of score sheets: headers and cell words in Finnish, English and Swedish (contract section 4)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from fractions import Fraction
from typing import Literal, NamedTuple

State = Literal["missing", "ungraded", "withheld", "excused", "recognised", "failed", "passed"]

HEADERS: dict[str, tuple[str, ...]] = {
    "student": (
        "student", "student number", "student id", "student no", "studentid", "student_id", "studentno",
        "studentnumber", "student_number", "id number", "idnumber", "id-numero",
        "opiskelijanumero", "opiskelija", "opnro", "op.nro", "studentnummer", "studerande",
    ),
    "surname": ("surname", "last name", "lastname", "family name", "sukunimi", "efternamn"),
    "first name": ("first name", "firstname", "given name", "etunimi", "etunimet", "förnamn"),
    "name": ("name", "full name", "nimi", "namn"),
    "email": ("email", "e-mail", "email address", "sähköposti", "sähköpostiosoite", "e-post", "epost", "e-postadress"),
    "login": ("login", "login id", "username", "user name", "käyttäjätunnus", "användarnamn"),
    "group": ("group", "small group", "ryhmä", "pienryhmä", "grupp", "smågrupp"),
    "activity": ("activity", "aktiivisuus", "osallistumisaktiivisuus", "aktivitet", "aktivt deltagande"),
    "attended": ("attended", "attendance", "läsnä", "läsnäolo", "läsnäolot", "läsnäolokerrat", "närvaro"),
    "from": ("from", "antaja", "arvioija", "från"),
    "to": ("to", "saaja", "arvioitava", "till"),
}  # fmt: skip
"""Reserved columns and the words for them, folded."""

WRITTEN: dict[str, dict[str, str]] = {
    "fi": {
        "student": "opiskelijanumero", "surname": "sukunimi", "first name": "etunimi", "name": "nimi",
        "email": "sähköposti", "group": "ryhmä", "activity": "aktiivisuus", "attended": "läsnäolokerrat",
        "from": "antaja", "to": "saaja", "submitted": "palautettu", "due": "määräaika", "criterion": "pisteet",
        "late": "myöhässä",
    },
    "en": {
        "student": "student number", "surname": "surname", "first name": "first name", "name": "name",
        "email": "email", "group": "group", "activity": "activity", "attended": "attended",
        "from": "from", "to": "to", "submitted": "submitted", "due": "due", "criterion": "mark", "late": "late",
    },
    "sv": {
        "student": "studentnummer", "surname": "efternamn", "first name": "förnamn", "name": "namn",
        "email": "e-post", "group": "grupp", "activity": "aktivitet", "attended": "närvaro",
        "from": "från", "to": "till", "submitted": "inlämnad", "due": "inlämningstid", "criterion": "poäng",
        "late": "försenad",
    },
}  # fmt: skip
"""How kurssi itself writes a column, by language. A translation would not do: what is written is read back."""

WORKSHEETS: dict[str, dict[str, str]] = {
    "fi": {"scores": "Arvostelu", "groups": "Ryhmät", "peers": "Vertaisarviot", "guide": "Ohje", "lists": "Luettelot"},
    "en": {"scores": "Scores", "groups": "Groups", "peers": "Peer marks", "guide": "Instructions", "lists": "Lists"},
    "sv": {"scores": "Bedömning", "groups": "Grupper", "peers": "Kamratbedömning", "guide": "Anvisning",
           "lists": "Listor"},
}  # fmt: skip
"""The worksheets of a score-entry workbook, by language."""

SUBMITTED = ("submitted", "submission time", "palautettu", "palautusaika", "inlämnad", "inlämnat")
LATE = (
    "late",
    "lateness",
    "days late",
    "hours late",
    "minutes late",
    "seconds late",
    "seconds_late",
    "late by",
    "myöhässä",
    "myöhästyminen",
    "myöhästymisaika",
    "päivää myöhässä",
    "tuntia myöhässä",
    "försening",
    "försenad",
    "sen",
    "dagar sent",
    "dagar försenad",
    "timmar sent",
    "timmar försenad",
)
DUE = ("due", "deadline", "määräaika", "palautettava", "inlämningstid")

CELLS: dict[str, State] = {
    "-": "missing",
    "–": "missing",
    "—": "missing",
    "−": "missing",
    "?": "ungraded",
    "withheld": "withheld",
    "pidätetty": "withheld",
    "innehållen": "withheld",
    "innehållet": "withheld",
    "ex": "excused",
    "ahot": "recognised",
    "rpl": "recognised",
    "h": "failed",
    "fail": "failed",
    "failed": "failed",
    "hylätty": "failed",
    "hyl": "failed",
    "hyl.": "failed",
    "underkänd": "failed",
    "hyv": "passed",
    "hyv.": "passed",
    "s": "passed",
    "pass": "passed",
    "passed": "passed",
    "x": "passed",
    "hyväksytty": "passed",
    "godkänd": "passed",
}
"""Words in cells that are not numbers, folded, and what they say."""


def fold(text: str) -> str:
    """Text for comparing headers and words: no case, single spaces, one way of writing ä and ö."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def without_signs(text: str) -> str:
    """A folded name without the blanks and signs in which two ways of writing it differ: R1, R 1, R-1."""
    return re.sub(r"[ ._-]", "", text) or text


AGREED = "agreed"
"""The key of the cell in which markers who are apart say what holds."""
AGREED_WORDS = ("agreed", "sovittu", "överenskommet", "överenskommen")
"""The words for it in headers."""
AGREED_WRITTEN = {"fi": "sovittu", "en": "agreed", "sv": "överenskommet"}
"""How kurssi itself writes it, by language."""
WITHHELD = {"fi": "PIDÄTETTY", "en": "WITHHELD", "sv": "INNEHÅLLEN"}
"""The word for a score that is not released, as kurssi writes it, by language."""


RESERVED = {word: name for name, words in HEADERS.items() for word in words}


NOTES = frozenset(fold(names[which]) for names in WORKSHEETS.values() for which in ("guide", "lists"))
"""Worksheets of a score-entry workbook, folded, that hold no scores."""


def attempt_headers(name: str, attempt: int) -> list[tuple[str, str]]:
    """The folded headers of one attempt of a part called ``name``, each with its field.

    The fields are ``score``, ``submitted``, ``due`` and ``late``.
    """
    base = fold(name) if attempt == 1 else f"{fold(name)} {attempt}"
    return [
        (base, "score"),
        *((f"{base} {word}", "submitted") for word in SUBMITTED),
        *((f"{base} {word}", "due") for word in DUE),
        *((f"{base} {word}", "late") for word in LATE),
    ]


def component_headers(
    name: str, attempt: int, components: Sequence[tuple[str, Sequence[str]]]
) -> list[tuple[str, str]]:
    """The folded headers of the cells that the score of one attempt is made of, each with the key of its cell.

    ``components`` are the keys, each with the words for it.
    """
    base = fold(name) if attempt == 1 else f"{fold(name)} {attempt}"
    return [(f"{base} {fold(word)}", key) for key, words in components for word in words]


class Target(NamedTuple):
    """What a column of an export is read as: ``exam``, ``Tentti 2 submitted``, ``exam as percent``, ``exam of 20``."""

    header: str
    """The header that the column is read as though it had."""
    kind: Literal["percent", "points", "grade"] | None = None
    """What its numbers are, where somebody says so."""
    of: Fraction | None = None
    """The largest number of points; they are converted to the part's ``max``."""


REPORT = "kurssi grade"
"""The category, among a workbook's properties, of those that ``kurssi grade`` writes: they are no score sheets."""

UNUSED_WORDS = ("unused", "-")
"""Targets of a column that nothing is to use."""

# Plain strings: `re` compiles and keeps them when the first target is read, not whenever kurssi starts.
_AS = r"(?P<header>.+?) as (?P<kind>percent|points|grade)"
_OF = r"(?P<header>.+?)(?: as points)? of (?P<most>\d{1,9}(?:[.,]\d{1,6})?)"


def read_target(text: str) -> Target:
    """The target of a column, from ``--map`` or ``columns:``."""
    text = " ".join(text.split())
    if match := re.fullmatch(_OF, text, re.IGNORECASE):
        return Target(match["header"], "points", Fraction(match["most"].replace(",", ".")))
    if match := re.fullmatch(_AS, text, re.IGNORECASE):
        kind = match["kind"].lower()
        return Target(match["header"], "percent" if kind == "percent" else "points" if kind == "points" else "grade")
    return Target(text)
