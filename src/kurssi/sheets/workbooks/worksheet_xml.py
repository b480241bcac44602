"""What the quick look at a worksheet (:mod:`.archive`) and the full one (:mod:`.xlsx`, :mod:`.ods`) have in common.

That is the value they return, and the pattern that says whether every cell of some XML is *plain*: written as every
program writes it, without a formula or an error, and not far away.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from kurssi.sheets.table import NONE_ODD, Oddities


class Found(NamedTuple):
    """What was found in one worksheet's XML: how far it reaches, cells without a usable value, what else is odd."""

    rows: int
    columns: int
    """Both are 0 where all cells are plain, and so within reach."""
    errors: dict[tuple[int, int], str]
    """By row and column, both from 1; the text is the error, or ``=`` for a formula that was never computed."""
    odd: Oddities = NONE_ODD


HIDDEN = re.compile(rb"hidden\s*=\s*[\"'](?:1|true)")
"""Where there is none of these, no row and no column is hidden."""


# Each finds the first cell that is not plain. A plain one is written as every program writes it, has a value or nothing
# in it, and is no error. A near one stands within column T and row 109,999 (2.2 million cells), a far one within column
# Z and row 299,999. Nearly every worksheet has no other. This is safe because it errs to one side: a plain cell that it
# does not know costs a full look, and nothing else.
_OTHER_CELL = rb"""<c(?! r="%s"(?: s="\d++")?+(?: t="(?:s|n|str|b|d|inlineStr)")?+(?:><v>[^<]|><is>|/>| />)|[A-Za-z])"""
_NOT_NEAR = re.compile(_OTHER_CELL % rb"[A-T](?:10\d{4}+|\d{1,5}+)")
_NOT_FAR = re.compile(_OTHER_CELL % rb"[A-Z][12]?\d{1,5}+")
_PREFIXED_CELL = b":c"


def attributes_of(tag: str) -> dict[str, str]:
    """The attributes in a tag of XML, by their names as they stand there."""
    from html import unescape  # only for the full look, and for the list of worksheets

    found = re.findall(r"(?<![\w:.-])([\w:.-]++)\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)')", tag)
    return {name: unescape(one or other) for name, one, other in found}


def section(data: bytes, name: str) -> bytes:
    """What stands between the first opening tag of that name and the next closing one."""
    begin = re.search(rf"<(?:\w+:)?{name}[\s>]".encode(), data)
    end = re.compile(rf"</(?:\w+:)?{name}>".encode()).search(data, begin.end()) if begin else None
    return data[begin.end() : end.start()] if begin and end else b""


ODD, NEAR, FAR = 0, 1, 2
"""How plain the cells of some XML are."""


def how_plain(rows: bytes) -> int:
    """:data:`ODD` where a cell holds a formula or an error, is written in an unusual way, or stands too far away."""
    if rows.rfind(_PREFIXED_CELL) >= 0:
        return ODD
    if not _NOT_NEAR.search(rows):
        return NEAR
    return ODD if _NOT_FAR.search(rows) else FAR


def reach_of(pieces: Iterable[bytes]) -> tuple[int, int]:
    """The last row and the last column of cells that are plain."""
    row, column = 0, b"A"
    for rows in pieces:
        column = max(column, max(_COLUMN.findall(rows), default=column))
        row = max(row, max(map(int, _ROW.findall(rows)), default=0))
    return row, column[0] - 64


_COLUMN = re.compile(rb'<c r="([A-Z])')
_ROW = re.compile(rb'<c r="[A-Z](\d+)"')
