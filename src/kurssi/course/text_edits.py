"""Changes to a text file by position: every byte that no change names stays as it is."""

from __future__ import annotations

import re
from collections.abc import Iterable

MARK = b"\xef\xbb\xbf"
Change = tuple[int, int, int, str]
"""(line, first column, end column, new text); lines and columns count from 0, in characters; the end is exclusive."""


def written(raw: bytes, changes: Iterable[Change]) -> bytes:
    """The file with the changes, which must not touch each other. Ends of lines and a byte order mark stay."""
    mark = MARK if raw.startswith(MARK) else b""
    pieces = re.split("(\r\n|\r|\n)", raw.removeprefix(mark).decode("utf-8"))
    ending = next(iter(pieces[1::2]), "\n")
    for line, column, end, text in sorted(changes, key=lambda change: change[:2], reverse=True):
        old = pieces[2 * line]
        pieces[2 * line] = old[:column] + text.replace("\n", ending) + old[end:]
    return mark + "".join(pieces).encode("utf-8")
