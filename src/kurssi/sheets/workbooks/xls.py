"""A look inside an old .xls workbook before the reader gets it: its sectors, and how far its cells reach.

Such a file is a small file system (MS-CFB): chains of sectors hold streams, and one of them, "Workbook", holds records
(MS-XLS). The reader follows a chain that bites its tail for ever, believes the number of texts that a record claims,
and needs memory for every cell from A1 to the last one.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from kurssi.diagnostics.message import Wrong, msg

from .limits import COPY, MOST_MERGED, MOST_SHEETS, Limits, damaged, is_far, limits_of, too_far, too_many

_HEADER = struct.Struct("<26xHHHH10xLL4xLLLLL")
"""The version, the byte order, the sizes of sectors, of how many is the table of chains, where the directory begins, up
to which size files stand in small sectors, and where the chains of those and further tables of chains begin."""
_LAST_SECTOR = 0xFFFFFFFA
"""No number of a sector is larger: those stand for the end of a chain, or for no sector."""
_STREAMS = ("workbook", "book")

_END, _WORKSHEET, _TEXTS, _CONTINUED, _MERGED, _SHOWN = 0x0A, 0x85, 0xFC, 0x3C, 0xE5, 0xFD
_SEVERAL, _DIMENSIONS = 0xBD, 0x200
_OLD, _NEW = "<HHHH", "<LLHH"
"""How the first row, the one below the last, and the columns stand in the record that claims how far cells reach."""
_CELLS = frozenset({2, 3, 4, 5, 6, 0x206, 0x406, 0x203, 0x204, 0x205, 0x27E, 0x7E, 0xD6, _SEVERAL, _SHOWN})
"""The records that say a row and a column: formulas, numbers, texts, truth values and errors, in all editions."""


def look_old(name: str, raw: bytes) -> None:
    """Raises :class:`Wrong` for an .xls workbook that must not be opened."""
    try:
        for stream, data in list(_Sectors(raw).streams()):
            if stream.casefold() in _STREAMS:
                _look_at_records(name, data, limits_of(len(raw)))
    except (struct.error, _Broken, IndexError):
        raise damaged(name) from None


class _Broken(Exception):
    """A file whose sectors or records do not add up."""


class _Sectors:
    """The sectors of the file, by their chains. No sector belongs to two chains, so that no chain is endless."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        version, order, shift, small, tables, directory, cutoff, chains, _, more, _ = _HEADER.unpack_from(raw)
        if order != 0xFFFE or (version, shift, small) not in ((3, 9, 6), (4, 12, 6)):
            raise _Broken
        self.size = 1 << shift
        self.used: set[int] = set()
        self.chains = self._table(tables, more)
        self.directory, self.cutoff = directory, cutoff
        packed = b"".join(self.chain(chains))
        self.small_chains = struct.unpack(f"<{len(packed) // 4}L", packed)

    def sector(self, number: int) -> bytes:
        """A sector; the last one of a file may be cut off."""
        start = (number + 1) * self.size
        if start >= len(self.raw):
            raise _Broken
        return self.raw[start : start + self.size]

    def _table(self, count: int, more: int) -> list[int]:
        """What follows each sector."""
        numbers = list(struct.unpack_from("<109L", self.raw, 76))
        each = self.size // 4
        while more <= _LAST_SECTOR:
            if more in self.used:
                raise _Broken
            self.used.add(more)
            *further, more = struct.unpack(f"<{each}L", self.sector(more))
            numbers += further
        numbers = [number for number in numbers if number <= _LAST_SECTOR]
        if len(set(numbers)) < max(len(numbers), min(count, len(self.raw) // self.size)):
            raise _Broken
        table: list[int] = []
        for number in numbers:
            self.used.add(number)
            table += struct.unpack(f"<{each}L", self.sector(number).ljust(self.size, b"\xff"))
        return table

    def chain(self, first: int) -> Iterator[bytes]:
        """The sectors of a chain."""
        while first <= _LAST_SECTOR:
            if first in self.used:
                raise _Broken
            self.used.add(first)
            yield self.sector(first)
            first = self.chains[first]

    def streams(self) -> Iterator[tuple[str, bytes]]:
        """The files and what they hold."""
        data = b"".join(self.chain(self.directory))
        small, used = b"", set()
        for at in range(0, len(data) - 127, 128):
            name, length, kind, first, size = struct.unpack_from("<64sHB49xLL", data, at)
            if kind == _ROOT:
                small = b"".join(self.chain(first))
            elif kind != _FILE or not size:
                continue
            elif size >= self.cutoff:
                yield _text(name, length), b"".join(self.chain(first))[:size]
            else:
                pieces = []
                while first <= _LAST_SECTOR:
                    if first in used:
                        raise _Broken
                    used.add(first)
                    pieces.append(small[64 * first : 64 * first + 64])
                    first = self.small_chains[first]
                yield _text(name, length), b"".join(pieces)[:size]


_FILE, _ROOT = 2, 5


def _text(name: bytes, length: int) -> str:
    return name[: max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")


# ---- records -------------------------------------------------------------------------------------------------


def _records(stream: bytes, at: int) -> Iterator[tuple[int, int, int]]:
    """The kind of each record from there to the end of its part, and where its data begins and ends."""
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        yield kind, at + 4, at + 4 + size
        if kind == _END:
            return
        at += 4 + size


def _look_at_records(name: str, stream: bytes, limits: Limits) -> None:
    sheets: dict[int, str] = {}
    texts: list[tuple[int, int]] = []
    records, goes_on = 0, False
    for kind, start, end in _records(stream, 0):
        records += 1
        goes_on = kind == _TEXTS or (goes_on and kind == _CONTINUED)
        if goes_on:
            texts.append((start, end))
        elif kind == _WORKSHEET:
            place = struct.unpack_from("<L", stream, start)[0]
            if place in sheets:
                raise _Broken
            sheets[place] = f"{len(sheets) + 1}"
    lengths = _lengths(stream, texts) if texts else []
    if len(sheets) > MOST_SHEETS:
        raise Wrong(msg("{file} has more than {most} worksheets", file=name, most=MOST_SHEETS), COPY)
    shown = 0
    for place, sheet in sheets.items():
        rows = columns = merged = 0
        for kind, start, end in _records(stream, place):
            records += 1
            if kind in _CELLS:
                row, column = struct.unpack_from("<HH", stream, start)
                rows = max(rows, row + 1)
                columns = max(columns, column + 1 + ((end - start - 6) // 6 - 1 if kind == _SEVERAL else 0))
                if kind == _SHOWN:
                    number = struct.unpack_from("<L", stream, start + 6)[0]
                    shown += lengths[number] if number < len(lengths) else 0
            elif kind == _DIMENSIONS:
                top, below, left, right = struct.unpack_from(_OLD if end - start < 14 else _NEW, stream, start)
                if top > below or left > right:
                    raise _Broken
                rows, columns = max(rows, below), max(columns, right)
            elif kind == _MERGED:
                merged += struct.unpack_from("<H", stream, start)[0]
        if records > limits.tags:
            raise too_many(msg("the worksheet {sheet} has {n} cells", sheet=sheet, n=records))
        if merged > MOST_MERGED:
            raise too_many(msg("the worksheet {sheet} has {n} merged areas", sheet=sheet, n=merged))
        if is_far(rows, columns, limits):
            raise too_far(name, sheet, rows, columns)
    if shown > limits.text:
        raise Wrong(msg("the texts in the cells of {file} come to {size} MiB", file=name, size=shown >> 20), COPY)


def _lengths(stream: bytes, pieces: list[tuple[int, int]]) -> list[int]:
    """The letters of each shared text."""
    start, end = pieces[0]
    claimed = struct.unpack_from("<L", stream, start + 4)[0]
    if claimed > sum(end - start for start, end in pieces) // 3:
        raise _Broken
    later = iter(pieces[1:])
    at = start + 8
    found = []
    for _ in range(claimed):
        if at >= end:
            at, end = next(later, (0, 0))
            if not end:
                break
        letters_, flags = struct.unpack_from("<HB", stream, at)
        at += 3
        runs = extra = 0
        if flags & 8:
            runs = struct.unpack_from("<H", stream, at)[0]
            at += 2
        if flags & 4:
            extra = struct.unpack_from("<L", stream, at)[0]
            at += 4
        found.append(letters_)
        left, wide = letters_, flags & 1
        while left:  # a text goes on in the next record, which says anew how wide its letters are
            here = min(left, max(end - at, 0) >> wide)
            left -= here
            at += here << wide
            if left:
                at, end = next(later, (0, 0))
                if not end:
                    return found
                wide = stream[at] & 1
                at += 1
        rest = 4 * runs + extra
        while rest > end - at:
            rest -= max(end - at, 0)
            at, end = next(later, (0, 0))
            if not end:
                return found
        at += rest
    return found
