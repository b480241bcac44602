"""What the schema says of a place in an implementation file, in a language."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from kurssi.course.schema import schema
from kurssi.diagnostics.finding import Path
from kurssi.diagnostics.words import Words

_PLAIN = re.compile(r"[\w(][\w .()/äöåÄÖÅ%+-]*")
"""Text that needs no quotes in YAML, and is no number or date that would become one by losing them."""


class Key(NamedTuple):
    """A key that may stand at a place."""

    name: str
    about: str
    example: Any
    required: bool
    entry: dict[str, Any]


class Shapes:
    """The schema in one language."""

    def __init__(self, words: Words) -> None:
        self.words = words
        self._schema = schema(words.translate)

    def keys(self, block: Path) -> dict[str, Key]:
        """The keys that may stand in the block at a place."""
        found: dict[str, Key] = {}
        for shape in self._at(block):
            needed = shape.get("required", ())
            for name, entry in shape.get("properties", {}).items():
                example = next(iter(entry.get("examples", ())), None)
                found.setdefault(name, Key(name, entry.get("description", ""), example, name in needed, entry))
        return found

    def key(self, path: Path) -> Key | None:
        """What the key at the end of ``path`` is."""
        return self.keys(path[:-1]).get(path[-1]) if path and isinstance(path[-1], str) else None

    def values(self, path: Path) -> list[str]:
        """The words that the value at a place may be."""
        return self._words(self._at(path))

    def values_of(self, key: Key) -> list[str]:
        """The words that the value of a key may be, or each of its values."""
        shapes = list(self._resolved(key.entry))
        return self._words(shapes) or self._words([inner for shape in shapes for inner in self._step(shape, 0)])

    def _words(self, shapes: list[dict[str, Any]]) -> list[str]:
        found: list[str] = []
        for shape in shapes:
            found += ["true", "false"] if shape.get("type") == "boolean" else []
            found += [_scalar(value) for value in shape.get("enum", [])]
            found += [_scalar(shape["const"])] if "const" in shape else []
        return list(dict.fromkeys(found))

    def block(self, key: Key) -> str:
        """What the value of a key is: ``block``, ``list`` of blocks, or neither."""
        kinds = [shape.get("type") for shape in self._resolved(key.entry)]
        if kinds == ["object"]:
            return "block"
        items = [inner for shape in self._resolved(key.entry) for inner in self._step(shape, 0)]
        return "list" if kinds == ["array"] and items and items[0].get("type") == "object" else ""

    def _at(self, path: Path) -> list[dict[str, Any]]:
        shapes = [self._schema]
        for step in path:
            shapes = [inner for shape in shapes for inner in self._step(shape, step)]
        return shapes

    def _step(self, shape: dict[str, Any], step: object) -> Iterator[dict[str, Any]]:
        below = shape.get("items") if isinstance(step, int) else shape.get("properties", {}).get(step)
        if below is None and isinstance(step, str):
            below = shape.get("additionalProperties")
        if isinstance(below, dict):
            yield from self._resolved(below)

    def _resolved(self, entry: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """The shapes that an entry stands for, without references and alternatives."""
        if "$ref" in entry:
            yield from self._resolved(self._schema["definitions"][entry["$ref"].rpartition("/")[2]])
        elif "properties" in entry:
            yield entry
        elif "allOf" in entry or "anyOf" in entry:
            for option in entry.get("allOf") or entry["anyOf"]:
                yield from self._resolved(option)
        else:
            yield entry


def flow(value: Any) -> str:
    """A value in one line of YAML."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_scalar(key)}: {flow(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(flow, value)) + "]"
    return _scalar(value)


def _scalar(value: Any) -> str:
    if isinstance(value, str):
        return value if _PLAIN.fullmatch(value) else json.dumps(value, ensure_ascii=False)
    return json.dumps(value)
