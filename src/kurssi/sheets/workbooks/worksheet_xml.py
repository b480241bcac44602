"""What the quick look at a worksheet (:mod:`.archive`) and the full one (:mod:`.xlsx`, :mod:`.ods`) have in common.

That is the value they return, and the pattern that says whether every cell of some XML is *plain*: written as every
program writes it, without a formula or an error, and not far away.
"""

from __future__ import annotations

import re
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


# Finds the first cell that is not plain. A plain one is written as every program writes it, has a value or nothing in
# it, is no error, and stands within column Z and row 299,999 (7.8 million cells). Nearly every worksheet has no other.
# This is safe because it errs to one side: a plain cell that it does not know costs a full look, and nothing else.
_OTHER_CELL = re.compile(
    rb'<c(?! r="[A-Z][12]?\d{1,5}+"(?: s="\d++")?+(?: t="(?:s|n|str|b|d|inlineStr)")?+(?:><v>[^<]|><is>|/>| />)'
    rb"|[A-Za-z])"
)
_PREFIXED_CELL = b":c"


def attributes_of(tag: str) -> dict[str, str]:
    """The attributes in a tag of XML, by their names as they stand there."""
    from html import unescape  # only for the full look, and for the list of worksheets

    found = re.findall(r"([\w:]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", tag)
    return {name: unescape(one or other) for name, one, other in found}


def has_plain_cells(rows: bytes) -> bool:
    """Whether no cell in this XML holds a formula or an error, is written in an unusual way, or stands far away."""
    return rows.rfind(_PREFIXED_CELL) < 0 and not _OTHER_CELL.search(rows)
