"""The implementation file while somebody writes it: what is found, what may be written, and what a key means."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kurssi.course.check import Checked, check
from kurssi.diagnostics.words import Words
from kurssi.editor.completion import completion
from kurssi.editor.hover import hover
from kurssi.editor.opened import Opened, Span
from kurssi.editor.shapes import Shapes


class OnDesk(Opened):
    """A file without a folder around it: nobody asks whether the sheets that it names stand beside it."""

    def _check(self, go_on: Callable[[], bool]) -> Checked:
        return check(self.raw, self.path, None, go_on)


class Writing:
    """The file that is written, in the language of the person."""

    def __init__(self, words: Words) -> None:
        self.words = words
        self._shapes: Shapes | None = None
        self._opened: Opened | None = None

    def open(self, path: str, text: str) -> Opened:
        """The file as it is now."""
        before = self._opened
        if before is None or (before.path, before.text) != (path, text):
            self._opened = before = OnDesk(path, text, before if before is not None and before.path == path else None)
        return before

    @property
    def shapes(self) -> Shapes:
        """The schema."""
        if self._shapes is None:
            self._shapes = Shapes(self.words)
        return self._shapes

    def proposals(self, opened: Opened, line: int, column: int) -> list[dict[str, Any]]:
        """What may be written at a place. Lines and columns count from 0, in characters."""
        return [
            {
                "label": one.label,
                "kind": one.kind,
                "detail": one.detail,
                "about": one.about,
                "text": one.text,
                "span": _span(one.span),
                "rank": one.rank,
            }
            for one in completion(opened, self.shapes, line, column)
        ]

    def help(self, opened: Opened, line: int, column: int) -> dict[str, Any] | None:
        """What there is to say of a place."""
        found = hover(opened, self.shapes, line, column)
        return None if found is None else {"text": found.text, "span": _span(found.span)}


def _span(span: Span) -> dict[str, int]:
    return span._asdict()
