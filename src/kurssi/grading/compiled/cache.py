"""A cache that is given up where hardly anything is asked for twice."""

from __future__ import annotations

from typing import TypeVar

Name = TypeVar("Name")
Entry = TypeVar("Entry")


class Cache(dict[Name, Entry]):
    """What was worked out, by what decides about it.

    Emptied when it is full. If most of what was asked for until then was not in it, it keeps nothing from then on:
    what nobody asks for again only takes room, and throws what is used all the time out of the processor's caches.
    """

    __slots__ = ("asked", "most")

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most
        """So many entries are kept at once."""
        self.asked = 0
        """How often, since it was empty."""

    def find(self, name: Name) -> Entry | None:
        """What was kept by this name; None where it is not known."""
        self.asked += 1
        return self.get(name)

    def keep(self, name: Name, entry: Entry) -> Entry:
        """Keeps an entry that was not found, which is returned."""
        if len(self) >= self.most > 0:
            if self.asked < 2 * self.most:
                self.most = 0
            self.asked = 0
            self.clear()
        if self.most:
            self[name] = entry
        return entry
