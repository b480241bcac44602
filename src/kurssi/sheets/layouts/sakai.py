"""Sakai: the gradebook export (GradebookNG)."""

from kurssi.diagnostics.message import msg

from .layout import IDENTITY, Layout, patterns, signs, states

SAKAI = Layout(
    "sakai",
    msg("Sakai, gradebook: the largest number of points in the header, Essay [10.0], and comments after *"),
    signs(r"student id", r"[^*].* \[[\d.,]+\]"),
    (
        *IDENTITY,
        *patterns("known", r"\* .+", r"# .+", "section", "student number"),
        *patterns("total", r"(?:course grade|calculated grade|total|\$.*).*"),
        *patterns("score", r"(?P<item>.+) \[(?P<most>[\d.,]+)\]", kind="points"),
        *patterns("score", r"(?P<item>.+) \[100 ?%\]", kind="percent"),
        *patterns("group", "group"),
    ),
    words=states(blank=r"null|-|", excused=r"excused|ex"),
)
