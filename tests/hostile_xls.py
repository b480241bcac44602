"""Hostile .xls workbooks: chains of sectors without an end, records that claim what is not there."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence

from hostile import SIZE, hostile

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
END, FREE, TABLE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
Record = tuple[int, bytes]


def record(kind: int, data: bytes = b"") -> bytes:
    """A record."""
    return struct.pack("<HH", kind, len(data)) + data


def texts(*said: str) -> bytes:
    """What stands in the table of shared texts."""
    body = b"".join(struct.pack("<HB", len(text), 0) + text.encode("latin-1") for text in said)
    return struct.pack("<LL", len(said), len(said)) + body


def text_cell(row: int, column: int, number: int) -> bytes:
    return record(0xFD, struct.pack("<HHHL", row, column, 0, number))


def number_cell(row: int, column: int, value: float) -> bytes:
    return record(0x203, struct.pack("<HHHd", row, column, 0, value))


CELLS = text_cell(0, 0, 0) + text_cell(0, 1, 1) + number_cell(1, 0, 1) + number_cell(1, 1, 3)


def stream(cells: bytes = CELLS, table: bytes | None = None, more: bytes = b"", sheets: int = 1) -> bytes:
    """The stream of a workbook."""
    bof = struct.pack("<HHHHLL", 0x600, 5, 0x2000, 2000, 0, 0x606)
    middle = more + record(0xFC, texts("student", "essay") if table is None else table) + record(0x0A)
    listed = [record(0x85, struct.pack("<LBB", 0, 0, 0) + struct.pack("<BB", 1, 0) + b"A") for _ in range(sheets)]
    at = len(record(0x809, bof)) + sum(map(len, listed)) + len(middle)
    listed = [record(0x85, struct.pack("<LBBBB", at, 0, 0, len(str(n)), 0) + str(n).encode()) for n in range(sheets)]
    at = len(record(0x809, bof)) + sum(map(len, listed)) + len(middle)
    listed = [record(0x85, struct.pack("<LBBBB", at, 0, 0, len(str(n)), 0) + str(n).encode()) for n in range(sheets)]
    sheet = record(0x809, bof[:2] + struct.pack("<H", 0x10) + bof[4:]) + cells + record(0x0A)
    return record(0x809, bof) + b"".join(listed) + middle + sheet


def entry(name: str, kind: int, first: int, size: int, child: int = FREE) -> bytes:
    """An entry of the directory."""
    said = (name + "\0").encode("utf-16-le")
    return struct.pack(
        "<64sHBBLLL16sL8s8sLLL",
        said,
        len(said) if name else 0,
        kind,
        1,
        FREE,
        FREE,
        child,
        b"",
        0,
        b"",
        b"",
        first,
        size,
        0,
    )


def xls(
    data: bytes | None = None,
    name: str = "Workbook",
    chain: Sequence[int] | None = None,
    size: int | None = None,
    **header: int,
) -> bytes:
    """An .xls workbook: the table of chains in the first sectors, then the directory, then the stream."""
    data = (stream() if data is None else data).ljust(4096, b"\0")
    count = -(-len(data) // 512)
    tables = -(-(count + 1) // 127)
    first = tables + 1
    numbers = [TABLE] * tables + [END]
    numbers += [first + n + 1 for n in range(count - 1)] + [END] if chain is None else list(chain)
    numbers += [FREE] * (128 * tables - len(numbers))
    head = {"major": 3, "order": 0xFFFE, "shift": 9, "small": 6, "tables": tables, "directory": tables}
    head |= {"cutoff": 4096, "chains": END, "chain_count": 0, "more": END, "more_count": 0, **header}
    raw = struct.pack("<8s16sHHHHH6sLLLLLLLLL", OLE, b"", 0x3E, *list(head.values())[:4], b"", 0, head["tables"],
                      head["directory"], 0, *list(head.values())[6:])  # fmt: skip
    listed = list(range(min(tables, 109)))
    raw += struct.pack("<109L", *listed, *[FREE] * (109 - len(listed)))
    raw += struct.pack(f"<{len(numbers)}L", *numbers)
    directory = entry("Root Entry", 5, END, 0, 1) + entry(name, 2, first, len(data) if size is None else size)
    return raw + directory.ljust(512, b"\0") + data.ljust(512 * count, b"\0")


FIRST = 2
"""The first sector of the stream of a small workbook."""


def _all(cells: Iterable[bytes]) -> bytes:
    return b"".join(cells)


for _name, _make in {
    "nothing odd": lambda: xls(),
    "a chain that bites its tail": lambda: xls(chain=[FIRST + n + 1 for n in range(7)] + [FIRST]),
    "a chain that stands still": lambda: xls(chain=[FIRST]),
    "a chain to the directory": lambda: xls(chain=[1]),
    "a chain to nowhere": lambda: xls(chain=[99_999]),
    "a chain to no sector": lambda: xls(chain=[FREE]),
    "a chain into the table": lambda: xls(chain=[TABLE]),
    "a chain of one": lambda: xls(chain=[END]),
    "a directory that bites its tail": lambda: xls(directory=0),
    "a directory nowhere": lambda: xls(directory=77_777),
    "no directory": lambda: xls(directory=END),
    "tables without number": lambda: xls(tables=0xFFFFFFFF),
    "no tables": lambda: xls(tables=0),
    "more tables in themselves": lambda: xls(more=0, more_count=0xFFFFFFFF),
    "more tables nowhere": lambda: xls(more=99_999, more_count=1),
    "more tables in the stream": lambda: xls(more=FIRST, more_count=1),
    "sectors of 2 GiB": lambda: xls(shift=31),
    "sectors of one byte": lambda: xls(shift=0),
    "sectors without end": lambda: xls(shift=65535),
    "small sectors without end": lambda: xls(small=65535),
    "small chains in a circle": lambda: xls(chains=FIRST, chain_count=0xFFFFFFFF),
    "a cutoff of 4 GiB": lambda: xls(cutoff=0xFFFFFFFF),
    "another byte order": lambda: xls(order=0xFEFF),
    "another version": lambda: xls(major=4),
    "a stream of 4 GiB": lambda: xls(size=0xFFFFFFFF),
    "a stream of nothing": lambda: xls(size=0),
    "an old name": lambda: xls(name="Book"),
    "another name": lambda: xls(name="WORKBOOK"),
    "no name": lambda: xls(name=""),
    "macros": lambda: xls(name="_VBA_PROJECT_CUR"),
    "a header alone": lambda: xls()[:512],
    "half a header": lambda: xls()[:60],
    "half a stream": lambda: xls()[:-3000],
    "nothing": lambda: OLE + b"\0" * 5000,
    "ones": lambda: OLE + b"\xff" * (SIZE - 8),
    "texts that claim 4294967295": lambda: xls(stream(table=struct.pack("<LL", 0xFFFFFFFF, 0xFFFFFFFF))),
    "texts that claim 2147483647": lambda: xls(stream(table=struct.pack("<LL", 2**31 - 1, 2**31 - 1))),
    "texts that claim 99999999": lambda: xls(stream(table=struct.pack("<LL", 99_999_999, 99_999_999))),
    "a text longer than its record": lambda: xls(stream(table=struct.pack("<LLHB", 1, 1, 65535, 0) + b"a")),
    "a text with runs without end": lambda: xls(stream(table=struct.pack("<LLHBH", 1, 1, 1, 8, 65535) + b"a")),
    "a text with more without end": lambda: xls(stream(table=struct.pack("<LLHBL", 1, 1, 1, 4, 0xFFFFFFFF) + b"a")),
    "a text that goes on for ever": lambda: xls(
        stream(table=struct.pack("<LLHB", 1, 1, 65535, 0)).replace(
            record(0x0A), record(0x3C) * 20_000 + record(0x0A), 1
        )
    ),
    "empty texts": lambda: xls(stream(table=struct.pack("<LL", 2700, 2700) + b"\0\0\0" * 2700)),
    "long texts in many cells": lambda: xls(
        stream(
            _all(text_cell(n % 65536, n // 65536, 0) for n in range(60_000)),
            table=texts("a" * 8000, "essay"),
        )
    ),
    "a cell at the end": lambda: xls(stream(CELLS + number_cell(65535, 65535, 1))),
    "a cell at the last row and column": lambda: xls(stream(CELLS + number_cell(65535, 255, 1))),
    "a text at the end": lambda: xls(stream(CELLS + text_cell(65535, 65535, 0))),
    "an integer at the end": lambda: xls(stream(CELLS + record(2, struct.pack("<HHBHH", 65535, 65535, 0, 0, 1)))),
    "a formula at the end": lambda: xls(
        stream(CELLS + record(6, struct.pack("<HHHdHLH", 65535, 65535, 0, 1.0, 0, 0, 0)))
    ),
    "an error at the end": lambda: xls(stream(CELLS + record(0x205, struct.pack("<HHHBB", 65535, 65535, 0, 42, 1)))),
    "an empty cell at the end": lambda: xls(stream(CELLS + record(0x201, struct.pack("<HHH", 65535, 65535, 0)))),
    "several numbers at the end": lambda: xls(
        stream(CELLS + record(0xBD, struct.pack("<HHHLH", 65535, 65535, 0, 0, 65535)))
    ),
    "several numbers to column 0": lambda: xls(stream(CELLS + record(0xBD, struct.pack("<HHHLH", 2, 5, 0, 0, 0)))),
    "dimensions without end": lambda: xls(
        stream(record(0x200, struct.pack("<LLHHH", 0, 0xFFFFFFFF, 0, 65535, 0)) + CELLS)
    ),
    "dimensions below 0": lambda: xls(stream(record(0x200, struct.pack("<LLHHH", 9, 1, 9, 1, 0)) + CELLS)),
    "merged cells without end": lambda: xls(stream(CELLS + record(0xE5, struct.pack("<H", 65535)))),
    "many merged cells": lambda: xls(
        stream(CELLS + record(0xE5, struct.pack("<H", 1000) + struct.pack("<HHHH", 0, 65535, 0, 255) * 1000) * 110)
    ),
    "empty records": lambda: xls(stream(CELLS + record(0x99) * 240_000)),
    "records of one cell": lambda: xls(stream(CELLS + number_cell(1, 1, 1) * 54_000)),
    "records that end beyond the file": lambda: xls(stream(CELLS + struct.pack("<HH", 0x203, 65535))),
    "records that are too short": lambda: xls(stream(CELLS + record(0x203) + record(0xFD) + record(0xBD))),
    "formulas": lambda: xls(
        stream(CELLS + record(6, struct.pack("<HHHdHLH", 1, 1, 0, 1.0, 0, 0, 60) + b"\x15" * 60) * 10_000)
    ),
    "a formula of many levels": lambda: xls(
        stream(CELLS + record(6, struct.pack("<HHHdHLH", 1, 1, 0, 1.0, 0, 0, 8000) + b"\x1e\1\0" + b"\x15" * 7997))
    ),
    "names": lambda: xls(stream(more=record(0x18, b"\0" * 14 + b"a") * 40_000)),
    "formats": lambda: xls(stream(more=record(0x41E, struct.pack("<HHB", 200, 2, 0) + b"0%") * 80_000)),
    "fonts of cells": lambda: xls(stream(more=record(0xE0, b"\xff" * 20) * 40_000)),
    "a code page that is none": lambda: xls(stream(more=record(0x42, b"\xff\xff"))),
    "dates from another year": lambda: xls(stream(more=record(0x22, b"\1\0"))),
    "a thousand sheets in one place": lambda: xls(stream(sheets=1000)),
    "two sheets in one place": lambda: xls(stream(sheets=2)),
    "a sheet beyond the end": lambda: xls(
        stream(more=record(0x85, struct.pack("<LBBBB", 0xFFFFFFF0, 0, 0, 1, 0) + b"B"))
    ),
    "a sheet in the middle": lambda: xls(stream(more=record(0x85, struct.pack("<LBBBB", 3, 0, 0, 1, 0) + b"B"))),
    "external sheets": lambda: xls(stream(more=record(0x17, struct.pack("<H", 65535)))),
    "a password": lambda: xls(stream(more=record(0x2F, b"\0" * 6))),
}.items():
    hostile(f"xls of {_name}", ".xls")(_make)
