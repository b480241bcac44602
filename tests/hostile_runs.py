"""A run of kurssi over hostile files, in a process of its own whose time and memory are measured."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import openpyxl  # noqa: F401
import python_calamine  # noqa: F401

import kurssi.cli.commands.feedback
import kurssi.cli.commands.grade
import kurssi.cli.commands.sheet
import kurssi.cli.commands.validate
import kurssi.cli.commands.verify  # noqa: F401 - what is loaded here is loaded once, and not by each run
from kurssi.cli import run

GUARD = 1 << 30
"""On top of what is loaded no run may even ask for more, so that a test that fails takes no other down."""


class Ran(NamedTuple):
    """What became of a run."""

    code: int
    """The exit code; below 0 the signal that ended it."""
    said: str
    seconds: float
    """Of a processor."""
    memory: int
    """Bytes on top of what was loaded before."""


def ran(folder: Path, arguments: Sequence[str]) -> Ran:
    """Runs a command in the folder, forked from this process."""
    said = folder / "said"
    child = os.fork()
    if not child:
        _child(folder, said, arguments)
    _, status, used = os.wait4(child, 0)
    text = said.read_text("utf-8", "replace")
    said.unlink()
    memory = used.ru_maxrss * 1024 - _loaded()
    return Ran(os.waitstatus_to_exitcode(status), text, used.ru_utime + used.ru_stime, memory)


def _loaded() -> int:
    import resource

    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def _child(folder: Path, said: Path, arguments: Sequence[str]) -> None:
    import resource

    code = 99
    try:
        size = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (size + GUARD, size + GUARD))
        resource.setrlimit(resource.RLIMIT_CPU, (20, 20))
        os.chdir(folder)
        stream = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(stream, 1)
        os.dup2(stream, 2)
        sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
        sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
        code = run(arguments)
        sys.stdout.flush()
        sys.stderr.flush()
    except BaseException:
        import traceback

        os.write(2, traceback.format_exc().encode())
    finally:
        os._exit(code)
