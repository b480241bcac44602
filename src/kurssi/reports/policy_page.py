"""The policy card as one self-contained HTML page, for screen, phone and paper."""

from __future__ import annotations

from collections.abc import Sequence

from kurssi import __version__
from kurssi.diagnostics.words import Words

from .page_engine import page_engine
from .policy_report import Section, Shown


def as_html(
    title: str, found: Sequence[Section], findings: Sequence[Shown], undecided: str | None, words: Words
) -> bytes:
    """The page. Everything that comes from a file is escaped by the template engine."""
    page = page_engine()
    text = page.get_template("policy.html").render(
        language=words.language,
        version=__version__,
        title=title,
        sections=found,
        findings=findings,
        undecided=undecided,
        heading=words("Findings"),
        levels={"error": words("error"), "warning": words("warning"), "info": words("info")},
    )
    return (text + "\n").encode("utf-8", "backslashreplace")
