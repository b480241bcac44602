"""Gradescope: the grades of a course, and of one assignment."""

from kurssi.diagnostics.message import msg

from .layout import EMAIL, IDENTITY, Layout, patterns, signs

GRADESCOPE = Layout(
    "gradescope",
    msg("Gradescope, grades of a course: for each assignment the score, Max Points, Submission Time and Lateness"),
    signs("sid|email", r".+ - max points"),
    (
        *patterns("student", "sid", "student id"),
        *patterns("email", *EMAIL),
        *IDENTITY,
        *patterns("known", "section_name", "sections?", "canvas id", r"total lateness.*"),
        *patterns("most", r"(?P<item>.+) - max points"),
        *patterns("submitted", r"(?P<item>.+) - submission time"),
        *patterns("late", r"(?P<item>.+) - lateness.*"),
        *patterns("known", r".+ - (?:submission id|view count|submission count|grader)"),
        *patterns("score", r"(?P<item>.+)", kind="points"),
    ),
)

GRADESCOPE_ASSIGNMENT = Layout(
    "gradescope-assignment",
    msg("Gradescope, grades of one assignment: Total Score, Status, Submission Time, Lateness and the questions"),
    signs("sid|email", "total score", "submission id|submission time", "status|lateness.*"),
    (
        *patterns("student", "sid"),
        *patterns("email", "email"),
        *IDENTITY,
        *patterns("score", "(?P<item>)total score", kind="points"),
        *patterns("most", "(?P<item>)max points"),
        *patterns("handed in", "(?P<item>)status"),
        *patterns("submitted", "(?P<item>)submission time"),
        *patterns("late", r"(?P<item>)lateness.*"),
        *patterns(
            "known", "sections?", "zone", "submission id", "view count", "submission count", r"\d+(?:\.\d+)*: .*"
        ),
        *patterns("known", r"question \d+.*", "adjustment", "comments", "tags"),
    ),
)
