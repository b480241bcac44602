"""The words of score sheets: headers and cell words in Finnish, English and Swedish (contract section 4)."""

from __future__ import annotations

import unicodedata
from typing import Literal

State = Literal["missing", "ungraded", "excused", "recognised", "failed", "passed"]

HEADERS: dict[str, tuple[str, ...]] = {
    "student": (
        "student", "student number", "student id", "studentnumber", "opiskelijanumero", "opiskelija", "opnro", "op.nro",
        "studentnummer", "studerande",
    ),
    "surname": ("surname", "last name", "lastname", "family name", "sukunimi", "efternamn"),
    "first name": ("first name", "firstname", "given name", "etunimi", "etunimet", "förnamn"),
    "name": ("name", "full name", "nimi", "namn"),
    "email": ("email", "e-mail", "email address", "sähköposti", "sähköpostiosoite", "e-post", "epost"),
    "group": ("group", "small group", "ryhmä", "pienryhmä", "grupp", "smågrupp"),
    "activity": ("activity", "aktiivisuus", "osallistumisaktiivisuus", "aktivitet", "aktivt deltagande"),
    "attended": ("attended", "attendance", "läsnä", "läsnäolo", "läsnäolot", "läsnäolokerrat", "närvaro"),
    "from": ("from", "antaja", "arvioija", "från"),
    "to": ("to", "saaja", "arvioitava", "till"),
}  # fmt: skip
"""Reserved columns and the words for them, folded."""

SUBMITTED = ("submitted", "submission time", "palautettu", "palautusaika", "inlämnad", "inlämnat")
DUE = ("due", "deadline", "määräaika", "palautettava", "inlämningstid")

CELLS: dict[str, State] = {
    "-": "missing",
    "–": "missing",
    "—": "missing",
    "−": "missing",
    "?": "ungraded",
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


RESERVED = {word: name for name, words in HEADERS.items() for word in words}


def attempt_headers(name: str, attempt: int) -> list[tuple[str, str]]:
    """The folded headers of one attempt of a part called ``name``: (header, ``score`` | ``submitted`` | ``due``)."""
    base = fold(name) if attempt == 1 else f"{fold(name)} {attempt}"
    return [
        (base, "score"),
        *((f"{base} {word}", "submitted") for word in SUBMITTED),
        *((f"{base} {word}", "due") for word in DUE),
    ]
