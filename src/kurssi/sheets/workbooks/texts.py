"""A look at the table of shared texts of an .xlsx workbook: what it claims, and what its texts come to in cells."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Iterator

_TABLE = re.compile(rb"<(?:[\w.-]+:)?sst(?=[\s/>])([^<>]*+)")
_CLAIM = re.compile(rb"[cC]ount\s*+=\s*+[\"'](?!\d{1,7}[\"'])")
"""A number of texts that no workbook has; the reader would ask for memory for all of them at once."""
_TEXT = re.compile(rb"<(?:[\w.-]+:)?si(?=[\s/>])")
_VALUE = re.compile(rb"<(?:\w+:)?v(?:\s[^<>]*)?>\s*(\d{1,9})\s*<")


class Texts:
    """The texts of a workbook, by their lengths."""

    def __init__(self) -> None:
        self.lengths = array("L")
        self.lie = False
        """Whether the table claims more than any workbook has."""

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.lengths)

    @property
    def longest(self) -> int:
        """The bytes of the longest, tags and all."""
        return max(self.lengths, default=0)

    def take(self, pieces: Iterable[bytes]) -> None:
        """Looks at the table."""
        for piece in by_tags(pieces):
            for tag in _TABLE.finditer(piece):
                self.lie = self.lie or _CLAIM.search(tag[1]) is not None
            before, *texts = _TEXT.split(piece)
            if self.lengths:
                self.lengths[-1] += len(before)
            self.lengths.extend(map(len, texts))

    def shown(self, pieces: Iterable[bytes]) -> int:
        """The bytes of all texts in the cells of a worksheet; any number in it is taken for one of a text."""
        last = len(self.lengths)
        total = 0
        for piece in by_tags(pieces, b"<c"):
            total += sum(self.lengths[at] for at in map(int, _VALUE.findall(piece)) if at < last)
        return total


def by_tags(pieces: Iterable[bytes], tag: bytes = b"<") -> Iterator[bytes]:
    """The same bytes, cut only where a tag begins."""
    begun: list[bytes] = []
    for piece in pieces:
        cut = piece.rfind(tag)
        if cut < 0:
            begun.append(piece)
        else:
            begun.append(piece[:cut])
            yield b"".join(begun)
            begun = [piece[cut:]]
    yield b"".join(begun)
