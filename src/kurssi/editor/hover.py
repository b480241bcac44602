"""What is shown where the pointer rests: what a key takes, what a name speaks of, what a rule is about."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from kurssi.course.rules import book
from kurssi.course.yaml_reader import at
from kurssi.diagnostics.finding import Path
from kurssi.diagnostics.words import Words

from .names import Named, meant
from .opened import Opened, Span, name_span, under
from .sentences import said
from .shapes import Key, Shapes, flow


class Hover(NamedTuple):
    """A text in Markdown, and what it is about."""

    text: str
    span: Span


def hover(opened: Opened, shapes: Shapes, line: int, column: int, *, schema: bool = True) -> Hover | None:
    """What there is to say at a place; ``schema``: also what only repeats the schema."""
    document = opened.document
    if (found := under(document, line, column)) is None:
        return None
    path, on_key = found
    mark = document.marks[path]
    span = Span(*mark.key) if on_key and mark.key is not None else Span(*mark.value)
    pieces = list(_pieces(opened, shapes, path, on_key, schema))
    return Hover("\n\n".join(pieces), span) if pieces else None


def _pieces(opened: Opened, shapes: Shapes, path: Path, on_key: bool, schema: bool) -> Iterator[str]:
    data, words = opened.document.data, shapes.words
    key = shapes.key(path if on_key or isinstance(path[-1], str) else path[:-1]) if path else None
    if key is not None and schema:
        yield about(key, shapes)
    value = at(data, path)
    named = meant(data, path, on_key, str(path[-1] if on_key else value))
    if named is not None:
        yield words("**{name}** ({id}), line {line}", name=named.name, id=named.id, line=_line(opened, named))
    if path[:1] == ("accepted",) and path[-1:] == ("rule",) and not on_key and value in book():
        yield words.translate(book()[value].title)
    place = named.path if named is not None else path[:-1] if path[-1:] == ("id",) else path
    yield from _words_of_the_grade(opened, words, place)


def _words_of_the_grade(opened: Opened, words: Words, place: Path) -> Iterator[str]:
    yield from (sentence.text(words) for sentence in said(opened.checked) if sentence.path == place)


def about(key: Key, shapes: Shapes) -> str:
    """A key in Markdown: what it is for, which words it takes, an example."""
    words = shapes.words
    lines = [f"**{key.name}**: {key.about}"]
    if values := shapes.values_of(key):
        lines.append(words("One of: {values}", values=", ".join(f"`{value}`" for value in values)))
    if key.required:
        lines.append(words("It has to be there."))
    if key.example is not None:
        lines.append(f"```yaml\n{key.name}: {flow(key.example)}\n```")
    return "\n\n".join(lines)


def _line(opened: Opened, named: Named) -> str:
    return str(name_span(opened.document, named.path).line + 1)
