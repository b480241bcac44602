"""What a system says about a submission in words: handed in or not, how late, extended until when.

The words are those of Moodle in English, Finnish, Swedish, German, French, Spanish, Norwegian, Danish, Dutch and
Estonian, and those of Gradescope. What none of them is, is kept as it stands: nobody may guess it.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import NamedTuple

from kurssi.values.patterns import Regex
from kurssi.values.times import When

from .dates import read_length, read_time


class Status(NamedTuple):
    """``None`` where the words say nothing."""

    handed_in: bool | None = None
    late: timedelta | None = None
    due: When | None = None
    """The student's own deadline."""
    unread: tuple[str, ...] = ()
    """Words that are not known, each as it stands."""


LONGEST = 500
"""Characters; no system says more about a submission."""

_NOT = Regex(
    # English; Finnish; Swedish; German
    r"no submission|no attempt|missing|not submitted|draft.*"
    r"|ei palautus.*|ei (?:ole )?palautettu.*|luonnos.*|keskeneräinen.*|ei lähetetty.*"
    r"|ingen inlämning|inget inlämnat|ej inlämna[dt]|utkast.*"
    r"|keine abgabe|nicht abgegeben|entwurf.*"
    # French; Spanish; Norwegian; Danish; Dutch; Estonian
    r"|pas de travail remis|non remis|aucune remise|brouillon.*"
    r"|sin entrega|no entregado|borrador.*"
    r"|ingen innlevering|ikke levert"
    r"|ingen aflevering|ingen opgavebesvarelse|ikke afleveret|kladde.*"
    r"|geen inzending|geen ingestuurde opdracht|kladwerk.*"
    r"|esitamata|pole esitatud|ühtegi tööd pole.*|mustand.*"
)
_HANDED_IN = Regex(
    r"submitted.*|assignment was submitted.*|ungraded|turned in.*"
    r"|palautettu.*|lähetetty arvioitavaksi"
    r"|inlämna[dt].*|inskickad.*"
    r"|zur bewertung abgegeben.*|abgegeben"
    r"|remis pour évaluation|devoir rendu"
    r"|enviado para calificar|enviada"
    r"|levert til vurdering|levert"
    r"|afleveret til bedømmelse|afleveret"
    r"|opdracht ingestuurd om te beoordelen|ingestuurd"
    r"|esitatud hindamiseks|esitatud"
)
_KNOWN = Regex(
    # graded, and where the work of grading is; none of it says whether anything was handed in
    r"graded|not (?:graded|marked)|in marking|marking completed|in review|ready for (?:release|review)|released"
    r"|follow up submission received|reopened|submission changes not allowed|assignment is overdue.*"
    r"|arvioitu|ei arvioitu|arvioinnissa|arviointi tehty|tarkastuskierroksella|valmis julkaistavaksi|julkaistu"
    r"|uusi palautus tullut|avattu uudelleen|tehtävän viimeinen palautusaika oli.*"
    r"|betyg(?:s)?satt|inte betyg(?:s)?satt|återöppnad"
    r"|bewertet|nicht bewertet|erneut geöffnet|abgabeänderungen sind nicht erlaubt"
    r"|noté|non noté|rouvert|calificado|sin calificar|reabierto"
    r"|karaktersatt|vurdert|ikke vurdert|under retting|blir vurdert|klar for publisering|publisert|gjenåpnet"
    r"|karaktersetting fullført|oppfølgingsinnlevering mottatt|innleveringen er forsinket med.*"
    r"|bedømt|ikke bedømt|bedømmelse (?:i gang|fuldført)|gennemgås|klar til udgivelse|udgivet|genåbnet"
    r"|opfølgende aflevering modtaget|afleveringsdatoen er overskredet.*"
    r"|beoordeeld|niet beoordeeld|wordt (?:beoordeeld|nagelezen)|beoordeling klaar|vrijgegeven|heropend"
    r"|klaar om vrijgegeven te worden|opvolgingsinzending ontvangen|opdracht .* te laat ingestuurd"
)
_LATE = Regex(
    r"(?:.*\bsubmitted )?(?:late by )?(?P<one>\d.*?)"
    r" (?:late|myöhässä|verspätet|zu spät|später|sent|försenad|för sent|después|for sent|te laat|hiljem|hilinenud)"
    r"|(?:(?:.*\b)?(?:late by|myöhässä|verspätet um|försenad(?: med)?)|en retard de) ?:? (?P<two>\d.*)"
)
_UNTIL = Regex(
    r"(?:extension granted until|.*lisäaika.*?|.*palautusaikaa.*?|verlängertes abgabeende bis|.*förlängning.*?"
    r"|prolongation accordée jusqu.au|plazo ampliado hasta|.*utsettelse.*?|.*forlængelse.*?|.*verlenging.*?) ?:\s*(.+)"
)


def read_status(text: str) -> Status:
    """The words of a status column, such as ``Submitted for grading - 3 mins 31 secs late - Graded``."""
    status = Status()
    if len(text) > LONGEST:
        return status._replace(unread=(text,))
    for piece in re.split(r"\s+-\s+|\s*;\s*", text.replace("&nbsp;", " ").strip().strip("- ")):
        words = " ".join(piece.casefold().split())
        if match := _UNTIL.fullmatch(words):
            due = read_time(match[1])
            if due is not None:
                status = status._replace(due=due)
                continue
        elif match := _LATE.fullmatch(words):
            late = read_length(match["one"] or match["two"])
            if late is not None:
                if status.handed_in is not False:
                    status = status._replace(late=late, handed_in=True)
                continue
        elif _NOT.fullmatch(words):
            status = status._replace(handed_in=False if status.handed_in is None else status.handed_in)
            continue
        elif _HANDED_IN.fullmatch(words):
            status = status._replace(handed_in=True if status.handed_in is None else status.handed_in)
            continue
        elif not words or _KNOWN.fullmatch(words):
            continue
        status = status._replace(unread=(*status.unread, piece))
    return status
