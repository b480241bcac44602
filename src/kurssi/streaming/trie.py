"""What several texts come to together, found by looking up one after the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import getitem
from typing import Any, Generic, TypeVar

from .wide_table import MOST_TEXTS

Came = TypeVar("Came")


class Trie(Generic[Came]):
    """Texts stand in some places. What one comes to is learnt once; texts that come to the same lead the same way."""

    def __init__(
        self,
        places: int,
        by_text: bool,
        came: Callable[[int, Sequence[str]], Sequence[Came | None]],
        end: Callable[[Sequence[Came]], str],
    ) -> None:
        """``came``: what new texts of a place come to, None where that takes more than the text.

        ``end``: what all places come to together. With ``by_text`` the last place has few texts, and is not looked up
        by itself.
        """
        self.by_text = by_text and places > 1
        self.came = came
        self.end = end
        self.tables: list[dict[str, Any]] = [{} for _ in range(places)]
        """For the texts of the first place the branch that they lead to, of the others what they came to."""
        self.ends = 0
        self.root = Branch(self, ())

    def forget(self) -> None:
        """Begins anew."""
        for table in self.tables:
            table.clear()
        self.ends = 0
        self.root = Branch(self, ())

    def find(self, texts: Sequence[Sequence[str]]) -> list[str | None]:
        """The end for each row of texts; None where a text does not decide what it comes to."""
        try:
            return self._find(texts)
        except KeyError:
            self._learn(texts)
            return self._find(texts)

    def _find(self, texts: Sequence[Sequence[str]]) -> list[str | None]:
        found: Any = map(self.tables[0].__getitem__, texts[0])
        for place in range(1, len(texts)):
            last = place == len(texts) - 1
            ways: Any = texts[place] if last and self.by_text else map(self.tables[place].__getitem__, texts[place])
            found = map(getitem, found, ways)
        return list(found)

    def _learn(self, texts: Sequence[Sequence[str]]) -> None:
        if self.ends >= MOST_TEXTS or any(len(table) >= MOST_TEXTS for table in self.tables):
            self.forget()
        for place, (table, column) in enumerate(zip(self.tables, texts, strict=True)):
            new = sorted(set(column).difference(table))
            for text, came in zip(new, self.came(place, new) if new else (), strict=True):
                table[text] = came if place else self.root[came]

    def grown(self, path: tuple[Any, ...]) -> object:
        """What is at the end of a path that nobody went before."""
        if len(path) < len(self.tables):
            return Branch(self, path)
        if self.by_text:
            path = (*path[:-1], self.tables[-1][path[-1]])
        self.ends += 1
        return None if None in path else self.end(path)


class Branch(dict[object, Any]):
    """Where the ways part."""

    __slots__ = ("path", "tree")

    def __init__(self, tree: Trie[Any], path: tuple[Any, ...]) -> None:
        super().__init__()
        self.tree = tree
        self.path = path

    def __missing__(self, way: object) -> object:
        found = self[way] = self.tree.grown((*self.path, way))
        return found
