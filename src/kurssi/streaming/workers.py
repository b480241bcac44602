"""Processes that work on pieces of one file; what they make is given out in the order of the pieces.

The processes are forked from this one, so that they have all it has read without copying. Each takes the next piece as
soon as it is done with one. What it makes it writes into a temporary file of its own; only a short record of where it
stands goes through the pipe to this process, so that no process waits for another.
"""

from __future__ import annotations

import contextlib
import gc
import os
import pickle
import struct
import sys
import tempfile
from collections.abc import Callable, Generator, Iterator, Sequence
from functools import partial
from typing import IO, TypeVar

from kurssi import operating_system

Span = tuple[int, int]
"""Where in the file a piece begins and ends."""

Made = TypeVar("Made")

Make = Callable[[Span], tuple[Made, Sequence[bytes]]]
"""What is made of a span, and text that goes with it."""

_INDEX = struct.Struct("=Q")
_DONE = struct.Struct("=QQQQQ")
"""Which piece, by which process, where its text lies in that process's file, how long it is, and how long what is made
of the piece, which follows; 0 where it could not be made."""


def in_order(make: Make[Made], spans: Sequence[Span], processes: int) -> Generator[tuple[Made, bytes], None, None]:
    """What ``make`` makes of each span, made by so many processes; what it raises is raised here.

    Only where they can be forked: they then have all that this one has, and the same hash of the same text.
    """
    processes = min(processes, len(spans))
    if processes <= 1 or operating_system.start_method() != "fork":
        for span in spans:
            made, text = make(span)
            yield made, b"".join(text)
        return
    with contextlib.ExitStack() as stack:
        todo = stack.enter_context(tempfile.TemporaryFile())
        todo.write(b"".join(map(_INDEX.pack, range(len(spans)))))
        todo.seek(0)  # written out by this; the position is shared: each process reads what none has read
        files = [stack.enter_context(tempfile.TemporaryFile()) for _ in range(processes)]
        reader, writer = os.pipe()
        done = stack.enter_context(open(reader, "rb", buffering=0))
        gc.freeze()  # the pages of all objects stay shared
        stack.callback(gc.unfreeze)
        sys.stdout.flush()
        sys.stderr.flush()
        for number, file in enumerate(files):
            process = operating_system.forked(partial(_work, make, spans, number, todo, file, writer))
            stack.callback(operating_system.end_process, process)
        os.close(writer)
        yield from _given_out(make, spans, files, done)


def _given_out(
    make: Make[Made], spans: Sequence[Span], files: Sequence[IO[bytes]], done: IO[bytes]
) -> Iterator[tuple[Made, bytes]]:
    """The pieces in order, as soon as they are there."""
    there: dict[int, tuple[int, int, int, int]] = {}
    for index, span in enumerate(spans):
        while index not in there and (record := done.read(_DONE.size)):
            number, process, start, text, length = _DONE.unpack(record)
            there[number] = (process, start, text, length)
        process, start, text, length = there.pop(index, (0, 0, 0, 0))
        if length:
            file = files[process]
            made: Made = pickle.loads(operating_system.read_at(file, start + text, length))  # noqa: S301 - our own
            yield made, operating_system.read_at(file, start, text)
        else:  # it could not be made, or the process was killed: here it succeeds, or says what is wrong
            made, lines = make(span)
            yield made, b"".join(lines)


def _work(make: Make[object], spans: Sequence[Span], number: int, todo: IO[bytes], file: IO[bytes], done: int) -> None:
    """All that a process does."""
    while record := os.read(todo.fileno(), _INDEX.size):
        (index,) = _INDEX.unpack(record)
        try:
            made, text = make(spans[index])
            start = file.tell()
            for part in text:
                file.write(part)
            length = file.write(pickle.dumps(made, pickle.HIGHEST_PROTOCOL))
            file.flush()
        except BaseException:
            os.write(done, _DONE.pack(index, number, 0, 0, 0))
            raise
        os.write(done, _DONE.pack(index, number, start, sum(map(len, text)), length))
