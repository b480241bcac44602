"""Lists that a teacher hands on: to be keyed into Peppi, to be read by Sisu, to be published without names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from kurssi.diagnostics.message import Msg


class Column(NamedTuple):
    """A column: its key in JSON, its heading, and whether it is set in the middle."""

    key: str
    heading: str
    centre: bool = False


class Listing(NamedTuple):
    """A list in words: a title, lines below it, a table, and figures below that."""

    name: str
    title: str
    lines: Sequence[str]
    columns: Sequence[Column]
    rows: Sequence[tuple[str, ...]]
    figures: Sequence[tuple[str, str, str]]
    """Control sums and counts: key in JSON, name, figure."""
    remarks: Sequence[Msg]
    """What the teacher should know; not a part of the list."""


class NotListed(Exception):
    """A list that cannot be made of this class, and why."""

    def __init__(self, message: Msg) -> None:
        super().__init__(message.text)
        self.message = message
