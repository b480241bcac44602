"""Parts of a series together: how several of them are named in one breath, and what they have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from typing import TypeVar

from kurssi.diagnostics.message import Terms

from .model import Part

T = TypeVar("T")


def names_of(parts: Iterable[Part]) -> Terms:
    """The names of parts, those of a series that follow each other as one: Exercise 1–12."""
    return Terms([name for name, _ in together(parts, lambda part: part, lambda _: None)])


def together(
    items: Iterable[T], part_of: Callable[[T], Part], alike: Callable[[T], object]
) -> list[tuple[str, Sequence[T]]]:
    """(name, items) of neighbours: items whose parts are of one series and that are alike stand under one name.

    ``alike`` is what must be the same; nothing else is put together.
    """
    found: list[tuple[str, Sequence[T]]] = []

    def key(pair: tuple[int, T]) -> object:
        part = part_of(pair[1])
        return pair[0] if part.series is None else (part.path, alike(pair[1]))

    for _, group in groupby(enumerate(items), key):
        several = [item for _, item in group]
        found.append((_name([part_of(item) for item in several]), several))
    return found


def _name(parts: Sequence[Part]) -> str:
    first, last = parts[0].series, parts[-1].series
    if first is None or last is None or len(parts) == 1:
        return parts[0].name
    if parts[0].name == f"{first.name} {first.number}":
        return f"{first.name} {first.number}–{last.number}"
    return f"{parts[0].name}–{parts[-1].name}"
