"""Files in: read up to a limit, and only what is a file or a pipe that somebody writes into.

A size is asked for before anything is read, and no name makes kurssi wait for ever or fill the memory: devices are
refused, and a pipe is read only as far as a file would be.
"""

from __future__ import annotations

import os
import stat

from kurssi import operating_system
from kurssi.diagnostics.message import Msg, msg

MOST_BYTES = 256 * 2**20
"""A file is read up to here, and one byte more, by which the reader knows that it is too large."""


class NotAFile(OSError):
    """Something that is not read, and why."""

    def __init__(self, message: Msg) -> None:
        super().__init__(message.text)
        self.message = message


def read(path: str, most: int = MOST_BYTES) -> bytes:
    """The first bytes of a file, at most one more than ``most``. Raises :class:`OSError` and :class:`ValueError`."""
    _check(os.stat(path).st_mode)  # opening a device may already do something
    handle = operating_system.open_without_waiting(path)
    with open(handle, "rb", buffering=0) as file:
        mode = os.fstat(handle).st_mode
        _check(mode)
        if not stat.S_ISFIFO(mode):
            return _up_to(handle, most + 1)
        try:
            first = os.read(handle, 1 << 16)
        except BlockingIOError:  # somebody will write
            first = b""
        else:
            if not first:
                raise NotAFile(msg("it is a pipe that nobody writes into"))
        operating_system.wait_for_data(handle)
        return (first + _up_to(file.fileno(), most + 1 - len(first)))[: most + 1]


def whole_file(path: str, most: int = MOST_BYTES) -> bytes | None:
    """The bytes of a file that somebody may have put where it is looked for, or where another is to be written.

    None where it is no file, is larger, or cannot be read. From a pipe nothing is taken, and nobody waits for one.
    """
    try:
        data = read(path, most) if os.path.isfile(path) else None
    except (OSError, ValueError):
        return None
    return data if data is None or len(data) <= most else None


def _up_to(handle: int, size: int) -> bytes:
    pieces = []
    while size > 0 and (piece := os.read(handle, min(size, 1 << 24))):
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)


def _check(mode: int) -> None:
    if stat.S_ISDIR(mode):
        raise IsADirectoryError
    if not stat.S_ISREG(mode) and not stat.S_ISFIFO(mode):
        raise NotAFile(msg("it is a device, not a file"))
