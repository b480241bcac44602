"""Canvas: the gradebook export."""

from kurssi.diagnostics.message import msg
from kurssi.values.patterns import Regex

from .layout import Layout, Special, patterns, signs, states

CANVAS = Layout(
    "canvas",
    msg("Canvas, gradebook export: ids in headers, a row Points Possible, EX, read-only totals"),
    signs("student|lastname", "id", "section"),
    (
        *patterns("name", "student"),
        *patterns("surname", "lastname"),
        *patterns("first name", "firstname"),
        *patterns("own id", "id"),
        *patterns("student", "sis user id"),
        *patterns("login", "sis login id"),
        *patterns("known", "integration id", "root account", "section", "notes"),
        *patterns(
            "total",
            r"(?:.+ )?(?:unposted )?(?:current|final) (?:score|points|grade)(?: \(.*\))?",
            r"override (?:score|grade|status)(?: \(.*\))?",
        ),
        *patterns("late", r"(?P<item>.+?) \(\d+\)[ :-]+(?:(?:seconds|minutes|hours|days)[ _])?late(?:ness)?"),
        *patterns("score", r"(?P<item>.+?) \(\d+\)", r"(?P<item>.+)", kind="points"),
    ),
    special=(
        Special(Regex(r"points possible"), "most"),
        Special(Regex(r"manual posting|muted|hidden|not posted"), "skip"),
    ),
    words=states(blank=r"-|", unassigned="n/a", excused="ex", ungraded=r"pending review|needs grading"),
    test=Regex(r"student, test|test student|opiskelija, testi|testiopiskelija"),
)
