"""The archive as calamine gets it: what was looked at and nothing else, written anew without packing anything anew.

So no two readers see two different archives in one file. And it spares calamine the second of its two passes over a
large worksheet. After the cells python-calamine reads the worksheet again, until it finds the list of merged cells;
where there is none it reads all of it. In the copy an empty list stands at the beginning of the worksheet: it is put in
front of the packed bytes as a block of its own.
"""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Set

NO_MERGED_CELLS = b"<mergeCells></mergeCells><!--rn1dv75-->"
"""The empty list. The comment behind it is chosen so that the CRC-32 of the whole text is that of no text at all.

With such a text in front the checksum of a member stays what it was, and need not be worked out again.
"""
_STORED_BLOCK = struct.pack("<BHH", 0, len(NO_MERGED_CELLS), len(NO_MERGED_CELLS) ^ 0xFFFF)
"""How bytes that are not packed stand in a deflate stream (RFC 1951, 3.2.4); any other block may follow."""
_LENGTHS = struct.Struct("<26xHH")
"""The lengths of a member's name and extra field in the header in front of it."""


def copy_for_reader(raw: bytes, worksheets: Set[str], endings: tuple[str, ...] = ("",)) -> bytes:
    """A copy of the archive ``raw`` in which the named members begin with :data:`NO_MERGED_CELLS`.

    They must be packed by deflate, and hold no merged cells. Of the others those are left out whose names have none of
    the endings. The copy is for calamine alone, which takes what a member is from the directory at the end: only that
    is put right.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as archive, zipfile.ZipFile(out, "w") as copy:
        for info in archive.infolist():
            if not info.filename.endswith(endings):
                continue
            start = info.header_offset + 30 + sum(_LENGTHS.unpack_from(raw, info.header_offset))
            packed = raw[start : start + info.compress_size]
            same = zipfile.ZipInfo(info.filename, info.date_time)
            size = info.file_size
            if info.filename in worksheets:
                packed = _STORED_BLOCK + NO_MERGED_CELLS + packed
                size += len(NO_MERGED_CELLS)
            copy.writestr(same, packed)
            same.compress_type, same.CRC, same.file_size = info.compress_type, info.CRC, size
    return out.getvalue()
