"""Standard output and error, which may be closed, full, or read no further.

A command writes its files whatever becomes of what it prints. So writing here never fails: why it did is kept, and
said once at the end.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import IO, Any, TextIO, cast

from kurssi.cli import session
from kurssi.diagnostics.message import Msg, msg
from kurssi.operating_system import hold_standard_streams

from .files import why


class Guarded:
    """A stream whose writing never fails; ``problem`` is why it did. What comes after that is dropped."""

    def __init__(self, stream: IO[Any] | None) -> None:
        self.stream = stream
        self.problem: OSError | None = None

    @property
    def buffer(self) -> Guarded:
        """The bytes below the text; they share what went wrong."""
        return _Below(self)

    def write(self, data: Any) -> int:
        """Writes text, or bytes where the stream takes bytes."""
        if self.stream is None:
            self.problem = self.problem or OSError(errno.EBADF, os.strerror(errno.EBADF))
        elif self.problem is None:
            self.attempt(lambda: self.stream and self.stream.write(data))
        return len(data)

    def writelines(self, lines: Any) -> None:
        """Writes several pieces."""
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        """Sends what was written."""
        if self.stream is not None and self.problem is None:
            self.attempt(self.stream.flush)

    def attempt(self, act: Callable[[], object]) -> None:
        """Does it, and keeps why it failed."""
        try:
            act()
        except OSError as error:
            self.problem = error

    def isatty(self) -> bool:
        """Whether a person reads it."""
        return self.stream is not None and self.stream.isatty()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)


class _Below(Guarded):
    def __init__(self, above: Guarded) -> None:
        super().__init__(None if above.stream is None else above.stream.buffer)  # type: ignore[attr-defined]
        self.above = above
        self.problem = above.problem
        above.flush()

    def attempt(self, act: Callable[[], object]) -> None:
        """The stream above has the same problem."""
        super().attempt(act)
        self.above.problem = self.problem

    def write(self, data: Any) -> int:
        """Writes bytes."""
        written = super().write(data)
        self.above.problem = self.problem
        return written


class Streams:
    """Both streams of a run, guarded as long as it lasts."""

    def __enter__(self) -> Streams:
        hold_standard_streams()
        self.before = (sys.stdout, sys.stderr)
        self.out, self.err = Guarded(sys.stdout), Guarded(sys.stderr)
        sys.stdout, sys.stderr = cast(TextIO, self.out), cast(TextIO, self.err)
        for stream in self.before:
            reconfigure = getattr(stream, "reconfigure", None)
            if reconfigure is not None:  # a terminal that cannot show a sign gets a ? for it, instead of an error
                reconfigure(errors="replace")
        return self

    def __exit__(self, *_: object) -> None:
        sys.stdout, sys.stderr = self.before
        for stream in (self.out, self.err):
            if stream.problem is not None and stream.stream is not None:
                _let_go(stream.stream)

    def finish(self) -> bool:
        """Sends everything; whether all of it could be sent, which is said where it could not.

        Who reads no further has seen enough (``kurssi grade … | head``), and who closes standard error wants none.
        """
        self.out.flush()
        good = self.out.problem is None or isinstance(self.out.problem, BrokenPipeError)
        if not good:
            assert self.out.problem is not None  # noqa: S101 - as said in the line above
            session.current.complain(_said(self.out.problem))
        self.err.flush()
        closed = self.err.stream is None or isinstance(self.err.problem, BrokenPipeError)
        return good and (self.err.problem is None or closed)


def _said(problem: OSError) -> Msg:
    if problem.errno == errno.EBADF:
        return msg("standard output is closed: what is printed is lost; -o writes a file instead")
    return msg("standard output cannot be written: {reason}; -o writes a file instead", reason=why(problem))


def _let_go(stream: IO[Any]) -> None:
    """What a stream still holds cannot be sent, and nobody shall try when Python ends."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
