"""What a file gives names to (parts, ways, learning outcomes), and where it speaks of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from kurssi.diagnostics.finding import Path

ATTENDED = "attended"
OF_PARTS = frozenset({"takes", "for", "only_if", "to"})
"""Keys whose values are ids of parts."""


class Named(NamedTuple):
    """Something with an id."""

    id: str
    name: str
    path: Path
    leaf: bool
    """Whether it has scores of its own."""


def parts(data: Any) -> list[Named]:
    """The parts and ways of an assessment, at any depth, those above before those below."""
    assessment = data.get("assessment") if isinstance(data, dict) else None
    return list(_below(assessment, ("assessment",)))


def _below(owner: Any, path: Path) -> Iterator[Named]:
    for key in ("parts", "ways"):
        items = owner.get(key) if isinstance(owner, dict) else None
        for index, item in enumerate(items if isinstance(items, list) else ()):
            here = (*path, key, index)
            if isinstance(item, dict) and isinstance(item.get("id"), str):
                leaf = not (item.get("parts") or item.get("ways"))
                yield Named(item["id"], str(item.get("name") or item["id"]), here, leaf)
            yield from _below(item, here)


def outcomes(data: Any) -> list[Named]:
    """The learning outcomes that have an id."""
    course = data.get("course") if isinstance(data, dict) else None
    items = course.get("learning_outcomes") if isinstance(course, dict) else None
    return [
        Named(item["id"], str(item.get("text") or item["id"]), ("course", "learning_outcomes", index), True)
        for index, item in enumerate(items if isinstance(items, list) else ())
        if isinstance(item, dict) and isinstance(item.get("id"), str)
    ]


def choices(data: Any, path: Path) -> list[Named]:
    """What the value at ``path`` may name."""
    key = next((step for step in reversed(path) if isinstance(step, str)), "")
    if key == "outcomes":
        return outcomes(data)
    if key == "takes":
        own = path[:-1]
        return [part for part in parts(data) if part.leaf and part.path != own]
    if key in OF_PARTS or path[:1] == ("columns",):
        return [part for part in parts(data) if part.leaf or key == "for"]
    return []


def keys(data: Any, block: Path) -> list[Named]:
    """What the keys of the block at ``block`` may name: the parts that a grade requires."""
    return parts(data) if block[:-1] == ("assessment", "requires") else []


def meant(data: Any, path: Path, on_key: bool, text: str) -> Named | None:
    """What the key or the value ``text`` at ``path`` speaks of."""
    known = keys(data, path[:-1]) if on_key else choices(data, path)
    if not on_key and path[-1:] == ("takes",):
        known = parts(data)
    found = {named.id: named for named in reversed(known)}
    word = text.split(" ")[0]
    return found.get(word) or found.get(word.rstrip("0123456789"))  # vt3 is one of the series vt
