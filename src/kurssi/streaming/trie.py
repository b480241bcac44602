"""A tree of dictionaries: from the texts of a row to the end of its line in the report, one look-up per text.

Rows of a very large table are cut into a few texts each (:mod:`.line_cache`), and most of these come again. The first
text of a row leads to a branch, the second from there to another, the last to the end of the line. A branch does not
stand for a text but for what the text *came to* (the outcomes of its parts): texts that came to the same share it, so
that there are few branches. Nothing is worked out twice, and known rows take no call of a Python function: ``map`` and
``dict.__getitem__`` run in C.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import getitem
from typing import Any, Generic, TypeVar

from .wide_table import MOST_TEXTS

Came = TypeVar("Came")


class Trie(Generic[Came]):
    """Finds what rows come to. A row has one text in each *place* (first, second … text).

    What a text comes to is asked for once (``came``); the end of a way through the tree is made once (``end``).
    """

    def __init__(
        self,
        places: int,
        by_text: bool,
        came: Callable[[int, Sequence[str]], Sequence[Came | None]],
        end: Callable[[Sequence[Came]], str],
    ) -> None:
        """``came(place, texts)``: what new texts of a place come to; None for one that does not decide it alone.

        ``end``: what a whole row comes to, from what its texts came to. With ``by_text`` the last place has so few
        different texts that the last branches are keyed by the text itself, which spares a look-up.
        """
        self.by_text = by_text and places > 1
        self.came = came
        self.end = end
        self.tables: list[dict[str, Any]] = [{} for _ in range(places)]
        """By place and text: of the first place the branch that the text leads to, of the others what it came to."""
        self.ends = 0
        self.root = Branch(self, ())

    def forget(self) -> None:
        """Drops all that was learnt, so that memory stays bounded."""
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
        """What stands at the end of a path that no row took before: a further branch, or the end of a line."""
        if len(path) < len(self.tables):
            return Branch(self, path)
        if self.by_text:
            path = (*path[:-1], self.tables[-1][path[-1]])
        self.ends += 1
        return None if None in path else self.end(path)


class Branch(dict[object, Any]):
    """The rows whose texts so far came to the same: by what the next text came to, the next branch or the end."""

    __slots__ = ("path", "tree")

    def __init__(self, tree: Trie[Any], path: tuple[Any, ...]) -> None:
        super().__init__()
        self.tree = tree
        self.path = path

    def __missing__(self, way: object) -> object:
        found = self[way] = self.tree.grown((*self.path, way))
        return found
