"""The pieces of a page, in no format yet: what a writer (text, Markdown, HTML) has to know, and nothing more."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from kurssi.diagnostics.message import Msg


class Own(str):
    """Text that stands in the implementation file, in the language it was written in."""


class Paragraphs(NamedTuple):
    """One or more paragraphs."""

    texts: Sequence[object]


class Bullets(NamedTuple):
    """A list of lines."""

    items: Sequence[object]


class Folded(NamedTuple):
    """A text without a long row, which stands folded behind ``title``."""

    text: object
    title: object
    items: Sequence[object]


class Point(NamedTuple):
    """A line of a list that begins with what it is about; ``depth`` 1 and more stands below the line before it."""

    topic: object
    text: object
    depth: int = 0
    folded: Folded | None = None
    """What stands in place of ``text`` on a page that can be opened."""


class Points(NamedTuple):
    """A list whose lines begin with what they are about."""

    items: Sequence[Point]


class Heading(NamedTuple):
    """A heading inside a field."""

    text: object


class Table(NamedTuple):
    """Rows under headings. ``right`` holds the columns with figures; an empty cell is an empty text."""

    caption: object
    head: Sequence[Msg]
    rows: Sequence[Sequence[object]]
    right: frozenset[int] = frozenset()


class Bar(NamedTuple):
    """One week of the chart: its number, hours by kind, and why it has none."""

    week: int
    hours: dict[str, Fraction]
    note: object | None


class Chart(NamedTuple):
    """Hours per week. ``kinds`` names the kinds in the order in which they are stacked."""

    caption: object
    kinds: dict[str, Msg]
    bars: Sequence[Bar]
    limit: Fraction | None = None
    """Hours at which a line is drawn across all weeks."""


Block = Paragraphs | Bullets | Points | Heading | Table | Chart


class Field(NamedTuple):
    """A field of the page under the register's name for it."""

    name: str
    """As ``--field`` takes it; the glossary's term in snake_case."""
    label: Msg
    blocks: Sequence[Block]
    short: bool = False
    """Whether it is one short fact, shown beside its label."""
    register: Sequence[Block] = ()
    """What goes into the register, where the page shows less: a text that the page does not repeat."""


class Section(NamedTuple):
    """A part of the page under a heading of its own."""

    name: str
    title: object
    fields: Sequence[Field]


class Page(NamedTuple):
    """A whole page."""

    title: str
    """The course's name."""
    subtitle: object
    sections: Sequence[Section]
    language: str | None
    """The language that the file's own text is in, where the file says so."""
    source: object
    """From what file the page was made."""
    sheets: bool = False
    """Whether each section is a sheet of paper of its own."""
