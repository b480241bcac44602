"""Blackboard: the download of the Grade Center, and the sheet to upload."""

from kurssi.diagnostics.message import msg
from kurssi.values.patterns import Regex

from .layout import IDENTITY, Layout, patterns, signs, states

_POINTS = r"\[[^\]]*?(?P<most>\d[\d.,]*)[^\]\d]*\]"

BLACKBOARD = Layout(
    "blackboard",
    msg("Blackboard, Grade Center: headers with [Total Pts: 10 Score] |123456"),
    signs(r".+ \[.+\] \|\d+"),
    (
        *IDENTITY,
        *patterns("login", "käyttäjänimi", "benutzername"),
        *patterns("enrolment", "availability", "saatavuus", "tillgänglighet"),
        *patterns("known", "last access", "viimeisin käyttö", "child course id", "senaste åtkomst"),
        *patterns("total", r"(?P<item>.+) \[.*up to.*\] \|\d+", r"(?P<item>(?:weighted )?total) \[.+\] \|\d+"),
        *patterns("score", r"(?P<item>.+?) \[[^\]]*(?:percentage|prosentti|procent)\] \|\d+", kind="percent"),
        *patterns("score", r"(?P<item>.+?) \[[^\]]*(?:letter|kirjain|bokstav)\] \|\d+", kind="letter"),
        *patterns("score", rf"(?P<item>.+?) {_POINTS} \|\d+", kind="points"),
        *patterns("score", r"(?P<item>.+) \[.+\] \|\d+"),
        *patterns("known", r".*"),
    ),
    words=states(
        blank=r"-|–|null|",
        ungraded=r"in progress.*|needs (?:grading|reconciliation).*|!|kesken.*|arvioitava.*",
        excused=r"exempt|excused|vapautettu",
    ),
    test=Regex(r".+_previewuser|.+_preview"),
    enrolled=("", "yes", "kyllä", "ja", "available"),
)
