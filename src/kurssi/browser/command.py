"""One command line, as a terminal would run it: what it printed, its exit code, and the files that it wrote."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence
from typing import Any

from kurssi.cli import run

Seen = dict[str, tuple[int, int]]
"""The files of a folder, with when each was changed and how large it is."""


def run_command(arguments: Sequence[str]) -> dict[str, Any]:
    """Runs a command line in the current folder."""
    before = _files()
    printed = io.TextIOWrapper(io.BytesIO(), "utf-8", newline="")
    said = io.TextIOWrapper(io.BytesIO(), "utf-8", newline="")
    streams = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = printed, said
    try:
        code = run(["--color", "never", *arguments])
    finally:
        sys.stdout, sys.stderr = streams
    return {
        "code": code,
        "out": _text(printed),
        "err": _text(said),
        "written": sorted(name for name, seen in _files().items() if before.get(name) != seen),
    }


def _text(stream: io.TextIOWrapper) -> str:
    stream.flush()
    buffer = stream.buffer
    assert isinstance(buffer, io.BytesIO)  # noqa: S101 - made above
    return buffer.getvalue().decode("utf-8", "replace")


def _files() -> Seen:
    found: Seen = {}
    for here, _, names in os.walk("."):
        for name in names:
            path = os.path.join(here, name)
            about = os.stat(path)
            found[os.path.relpath(path).replace(os.sep, "/")] = (about.st_mtime_ns, about.st_size)
    return found
