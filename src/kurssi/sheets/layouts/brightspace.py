"""D2L Brightspace: the export of grades, and the list of a class."""

from kurssi.diagnostics.message import msg
from kurssi.values.patterns import Regex

from .layout import IDENTITY, Layout, patterns, signs, states

_KIND = r"<(?:numeric|selectbox|calculated|formula|pass/?fail)[^>]*?maxpoints:(?P<most>[\d.,]+)[^>]*>"

BRIGHTSPACE = Layout(
    "brightspace",
    msg("D2L Brightspace: OrgDefinedId with #, headers with Points Grade <Numeric MaxPoints:10 …>"),
    signs(r"orgdefinedid|username", r"end-of-line indicator|.+ <(?:numeric|text|selectbox|calculated).*>"),
    (
        *patterns("student", "orgdefinedid"),
        *IDENTITY,
        *patterns("group", "group", "groups"),
        *patterns(
            "total",
            r"(?:.+ )?subtotal (?:numerator|denominator)",
            r"(?:calculated|adjusted) final grade .+",
            r"final (?:calculated|adjusted) grade .+",
        ),
        # A weighted grade is out of the weight: 16 of 20, not 16 %.
        *patterns(
            "total",
            r"(?P<item>.+ weighted grade)(?: numerator)? <[^>]*?\bweight:(?P<most>[\d.,]+)[^>]*>",
            r"(?P<item>.+ weighted grade)(?: numerator)?",
            kind="points",
        ),
        *patterns("known", r".+ weighted grade.*"),
        *patterns("score", rf"(?P<item>.+) points grade {_KIND}", rf"(?P<item>.+) {_KIND}", kind="points"),
        *patterns("score", r"(?P<item>.+) (?:text grade|grade symbol|scheme symbol)(?: <.*>)?", kind="letter"),
        *patterns("known", "end-of-line indicator", "feedback", r".+ feedback", "section.*", "role", "last accessed"),
    ),
    words=states(blank=r"-|", excused=r"exempt.*|excused"),
    test=Regex(r"demo student|.*\.demo\d*|demo_student.*"),
)
