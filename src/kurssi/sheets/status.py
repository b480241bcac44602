"""What a system says about a submission in words: handed in or not, how late, extended until when."""

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


LONGEST = 500
"""Characters; no system says more about a submission."""

_NOT = Regex(
    r"no submission|no attempt|missing|not submitted|draft.*|ei palautus.*|ei (?:ole )?palautettu.*|luonnos.*"
    r"|keine abgabe|nicht abgegeben|entwurf.*|ingen inlämning|inget inlämnat|ej inlämnad|utkast.*"
)
_HANDED_IN = Regex(
    r"submitted.*|assignment was submitted.*|ungraded|turned in.*|palautettu.*|zur bewertung abgegeben.*|abgegeben"
    r"|inlämnad.*|inskickad.*"
)
_LATE = Regex(
    r"(?:.*\bsubmitted )?(?:late by )?(?P<one>\d.*?) (?:late|myöhässä|verspätet|zu spät|später|sent|försenad)"
    r"|(?:.*\b)?(?:late by|myöhässä|verspätet um|försenad(?: med)?):? (?P<two>\d.*)"
)
_UNTIL = Regex(
    r"(?:extension granted until|.*lisäaika.*?|.*palautusaikaa.*?|verlängertes abgabeende bis|.*förlängning.*?):\s*(.+)"
)


def read_status(text: str) -> Status:
    """The words of a status column, such as ``Submitted for grading - 3 mins 31 secs late - Graded``."""
    status = Status()
    if len(text) > LONGEST:
        return status
    for piece in re.split(r"\s+-\s+|\s*;\s*", text.strip().strip("- ")):
        words = " ".join(piece.casefold().split())
        if match := _UNTIL.fullmatch(words):
            status = status._replace(due=read_time(match[1]))
            continue
        if match := _LATE.fullmatch(words):
            late = read_length(match["one"] or match["two"])
            if late is not None:
                status = status._replace(late=late, handed_in=True)
                continue
        if status.handed_in is None and _NOT.fullmatch(words):
            status = status._replace(handed_in=False)
        elif status.handed_in is None and _HANDED_IN.fullmatch(words):
            status = status._replace(handed_in=True)
    return status
