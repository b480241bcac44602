"""A file that is open in an editor: its text, what there is to say about it, and what could be read of it last."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path as File
from typing import NamedTuple

from kurssi.course.check import NOT_ACCEPTABLE, Checked, check
from kurssi.course.yaml_reader import Document
from kurssi.diagnostics.finding import Finding, Path, in_order, limited

_OWN = re.compile(r"(?m)^(?:\ufeff)?(?:kurssi|implementation|assessment)\s*:")
"""A key in the first column by which an implementation file is known."""
FOLDER = "implementations"
"""A YAML file in a folder of this name is one, however little of it is written."""


class Span(NamedTuple):
    """A piece of the text. Lines and columns count from 0, in characters; the end is exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int

    def holds(self, line: int, column: int) -> bool:
        """Whether the cursor stands in it, or right behind it."""
        return (self.line, self.column) <= (line, column) <= (self.end_line, self.end_column)


class Opened:
    """A text under a name. ``before`` is what was open under this name until now."""

    def __init__(self, path: str, text: str, before: Opened | None = None) -> None:
        self.path = path
        self.text = text
        self._readable = before.readable if before is not None else None
        self._known = _moved(before, self) if before is not None else []
        self._judged: Checked | None = None

    @property
    def ours(self) -> bool:
        """Whether it is an implementation file; kurssi has nothing to say about any other."""
        return File(self.path).parent.name == FOLDER or _OWN.search(self.text) is not None

    @property
    def raw(self) -> bytes:
        """The text as a file."""
        return self.text.encode("utf-8", "replace")

    @cached_property
    def checked(self) -> Checked:
        """What can be said about it at once: all there is, unless its shape is wrong."""
        return self._check(lambda: False)

    @property
    def certain(self) -> bool:
        """Whether all is known that can be said: rules on a file of a wrong shape take long (see docs/adr/0007)."""
        return self.checked.file is not None or not isinstance(self.document.data, dict) or self._judged is not None

    def judge(self, go_on: Callable[[], bool]) -> None:
        """Asks the rules about a file of a wrong shape, for as long as ``go_on`` says so."""
        self._judged = self._check(go_on)

    def _check(self, go_on: Callable[[], bool]) -> Checked:
        folder = File(self.path).parent
        return check(self.raw, self.path, lambda sheet: (folder / sheet).exists(), go_on)

    @property
    def findings(self) -> Sequence[Finding]:
        """The findings that are shown; until all is known, with what rules said of lines that have not changed."""
        if self.certain:
            return limited((self._judged or self.checked).findings)
        here = {(finding.rule, finding.place) for finding in self.checked.findings}
        known = [finding for finding in self._known if (finding.rule, finding.place) not in here]
        return limited(in_order([*self.checked.findings, *known]))

    @property
    def document(self) -> Document:
        """The text as YAML."""
        return self.checked.document

    @cached_property
    def lines(self) -> list[str]:
        """Its lines, without their ends."""
        return re.split("\r\n|\r|\n", self.text)

    @property
    def readable(self) -> Document:
        """The text as YAML where it can be read, else the last one that could be."""
        if isinstance(self.document.data, dict) or self._readable is None:
            return self.document
        return self._readable


def _moved(before: Opened, now: Opened) -> list[Finding]:
    """What rules said of the lines that are still there, where those are now."""
    old, new = before.lines, now.lines
    most = min(len(old), len(new))
    head = next((n for n in range(most) if old[n] != new[n]), most)
    tail = next((n for n in range(most - head) if old[-n - 1] != new[-n - 1]), most - head)
    moved = len(new) - len(old)
    found = []
    for finding in before.findings:
        line, place = finding.place.line - 1, finding.place
        if finding.rule in NOT_ACCEPTABLE:  # these are of the shape, which is known at once
            continue
        if line < head:
            found.append(finding)
        elif line >= len(old) - tail:
            at = place._replace(line=place.line + moved, end_line=place.end_line + moved)
            found.append(finding._replace(place=at))
    return found


def under(document: Document, line: int, column: int) -> tuple[Path, bool] | None:
    """The innermost value whose key or text holds the cursor, and whether it is the key."""
    found: tuple[Path, bool] | None = None
    for path, mark in document.marks.items():
        if mark.key is not None and Span(*mark.key).holds(line, column):
            return path, True
        if mark.scalar and Span(*mark.value).holds(line, column):
            found = path, False
    return found


def span_of(document: Document, path: Path) -> Span:
    """The whole of a value, with its key."""
    mark = document.marks[path]
    line, column = (mark.key or mark.value)[:2]
    return Span(line, column, *mark.value[2:])


def name_span(document: Document, path: Path) -> Span:
    """What is shown of a value when somebody goes to it: its key, or its first line."""
    mark = document.marks[path]
    line, column, end_line, end_column = mark.key or mark.value
    if end_line > line:
        end_line, end_column = line, len(document.lines[line].rstrip()) if line < len(document.lines) else column
    return Span(line, column, end_line, end_column)
