"""The outline of a file: its blocks, parts, sessions and all that has a name."""

from __future__ import annotations

from textwrap import shorten
from typing import Any, Literal, NamedTuple

from kurssi.course.yaml_reader import Document
from kurssi.diagnostics.finding import Path

from .opened import Span, name_span, span_of

NAMES = ("name", "topic", "title", "text", "rule", "code", "id", "due")
"""The keys by which an item of a list is called, the first that it has."""
LISTS = frozenset({"parts", "ways", "sessions", "agenda", "accepted", "groups", "learning_outcomes", "rubric"})
"""Lists whose items are shown."""
MOST_SIGNS = 60
"""Of a text so much is shown."""

Kind = Literal["block", "list", "item", "value"]


class Entry(NamedTuple):
    """A line of the outline."""

    name: str
    detail: str
    kind: Kind
    span: Span
    shown: Span
    """What is marked when somebody goes to it."""
    below: tuple[Entry, ...]


def outline(document: Document) -> tuple[Entry, ...]:
    """The blocks of the file, with what is in them."""
    data = document.data
    return _of_block(document, data, ()) if isinstance(data, dict) else ()


def _of_block(document: Document, block: dict[str, Any], path: Path) -> tuple[Entry, ...]:
    return tuple(_entry(document, value, (*path, key), str(key)) for key, value in block.items())


def _entry(document: Document, value: Any, path: Path, name: str) -> Entry:
    span, shown = span_of(document, path), name_span(document, path)
    if isinstance(value, dict):
        return Entry(name, "", "block", span, shown, _of_block(document, value, path))
    if isinstance(value, list):
        items = tuple(
            _item(document, item, (*path, index)) for index, item in enumerate(value) if isinstance(item, dict)
        )
        return Entry(name, str(len(value)), "list", span, shown, items if path[-1] in LISTS else ())
    text = "" if value is None else shorten(str(value), MOST_SIGNS, placeholder="…")
    return Entry(name, text, "value", span, shown, ())


def _item(document: Document, item: dict[str, Any], path: Path) -> Entry:
    key = next((key for key in NAMES if item.get(key) not in (None, "")), None)
    name = str(item[key]) if key is not None else str(int(path[-1]) + 1)
    detail = " · ".join(str(item[key]) for key in ("weight", "hours", "week", "due") if _plain(item.get(key)))
    return Entry(name, detail, "item", span_of(document, path), name_span(document, path), _inner(document, item, path))


def _plain(value: Any) -> bool:
    return value is not None and not isinstance(value, (dict, list))


def _inner(document: Document, item: dict[str, Any], path: Path) -> tuple[Entry, ...]:
    """Of an item only what has items of its own."""
    return tuple(
        _entry(document, value, (*path, key), str(key))
        for key, value in item.items()
        if key in LISTS and isinstance(value, list)
    )
