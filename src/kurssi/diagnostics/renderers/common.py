"""What the renderers share: colours, the words of a severity, and where a finding stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from kurssi.diagnostics.finding import Finding
from kurssi.diagnostics.message import msg
from kurssi.diagnostics.visible import visible
from kurssi.diagnostics.words import Words


class Paint(NamedTuple):
    """ANSI colours, or nothing at all."""

    on: bool
    columns: int | None = None
    """The width of the terminal that is painted on."""

    def __call__(self, style: str, text: str) -> str:
        """``text`` in ``style``: error, warning, info, dim or bold."""
        if not self.on:
            return text
        text = visible(text)
        code = {"error": "1;31", "warning": "1;33", "info": "1;34", "accepted": "2", "dim": "2", "bold": "1"}[style]
        return f"\x1b[{code}m{text}\x1b[0m"


Sources = Mapping[str, Sequence[str]]
"""The lines of the files that findings may quote."""

Renderer = Callable[[Sequence[Finding], Sources, Words, Paint], str]
"""Returns text and decides nothing; an accepted finding is still shown or left out as the form has it."""

LEVELS = {
    "error": msg("error"),
    "warning": msg("warning"),
    "info": msg("info"),
    "accepted": msg("accepted"),
}
"""The words of a severity, and of what the file accepts."""


def where(finding: Finding, words: Words) -> str:
    """The place as text: file:line:column, or file, row and cell of a score sheet."""
    place = finding.place
    if place.cell is None:
        return f"{place.file}:{place.line}:{place.column}"
    return words("{file}, row {row}, cell {cell}", file=place.file, row=place.line, cell=place.cell)


def level_of(finding: Finding) -> str:
    """The key of :data:`LEVELS` that a finding has."""
    return "accepted" if finding.accepted is not None else finding.severity.name
