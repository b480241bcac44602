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
import signal
import struct
import sys
import tempfile
from collections.abc import Callable, Generator, Iterator, Sequence
from typing import IO, TypeVar

Span = tuple[int, int]
"""Where in the file a piece begins and ends."""

Made = TypeVar("Made")

Make = Callable[[Span], tuple[Made, Sequence[bytes]]]
"""What is made of a span, and text that goes with it."""

_INDEX = struct.Struct("=Q")
_DONE = struct.Struct("=QQQQQ")
"""Which piece, by which process, where its text lies in that process's file, how long it is, and how long what is made
of the piece, which follows; 0 where it could not be made."""


def cores() -> int:
    """How many cores this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity is not None else os.cpu_count() or 1


def in_order(make: Make[Made], spans: Sequence[Span], processes: int) -> Generator[tuple[Made, bytes], None, None]:
    """What ``make`` makes of each span, made by so many processes; what it raises is raised here.

    Processes are forked, only where that is safe (Linux): they then have all that this one has, and the same hash of
    the same text.
    """
    processes = min(processes, len(spans))
    if processes <= 1 or sys.platform != "linux":
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
            process = os.fork()
            if not process:
                _work(make, spans, number, todo, file, writer)
            stack.callback(_end, process)
        os.close(writer)
        yield from _given_out(make, spans, files, done)


def leave_interrupts() -> None:
    """Begins a process of a pool: Ctrl-C is for the one that started it.

    A process that is stopped on its own may hold a lock for which the others then wait for ever, and says so at length.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)


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
            file = files[process].fileno()
            made: Made = pickle.loads(os.pread(file, length, start + text))  # noqa: S301 - our own
            yield made, os.pread(file, text, start)
        else:  # it could not be made, or the process was killed: here it succeeds, or says what is wrong
            made, lines = make(span)
            yield made, b"".join(lines)


def _work(make: Make[object], spans: Sequence[Span], number: int, todo: IO[bytes], file: IO[bytes], done: int) -> None:
    """All that a forked process does. It does not return."""
    leave_interrupts()
    try:
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
    finally:
        os._exit(0)


def _end(process: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)
