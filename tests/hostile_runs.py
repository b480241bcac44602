"""A run of kurssi over hostile files, in a process of its own whose time and memory are measured."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import openpyxl  # noqa: F401
import python_calamine  # noqa: F401
from benchmarks.pace import pace

import kurssi.cli.commands.feedback
import kurssi.cli.commands.grade
import kurssi.cli.commands.sheet
import kurssi.cli.commands.validate
import kurssi.cli.commands.verify  # noqa: F401 - what is loaded here is loaded once, and not by each run
from hostile import PLAN, Kind
from kurssi.cli import run

PEERS = PLAN.replace("weight: 100", "weight: 100, by: group, peer: {method: webpa, weight: 50 %}")
SCORES = "student,name,group,essay\n1,A,G,3\n2,B,G,4\n3,C,G,5\n"

COMMANDS = {
    ".yaml": "validate h.yaml",
    ".csv": "grade x.yaml h.csv",
    ".xlsx": "grade x.yaml h.xlsx",
    ".ods": "grade x.yaml h.ods",
    ".xls": "grade x.yaml h.xls",
    ".json": "verify h.json",
    ".lock": "verify h.lock",
    "second": "grade x.yaml s.csv h.csv",
    "overrides": "grade x.yaml s.csv",
    "peers": "grade p.yaml s.csv h.csv",
    "survey": "feedback h.csv",
    "survey workbook": "feedback h.xlsx",
    "columns": "sheet x.yaml --from h.csv",
    "roster": "sheet x.yaml --roster h.csv -o new.xlsx",
    "entry": "sheet x.yaml --update h.xlsx",
    "course page": "plan h.yaml",
    "calendar": "plan h.yaml --format ics",
    "hours": "workload h.yaml --by-week",
    "policy": "policy h.yaml",
    "course": "grade h.yaml s.csv",
    "explained": "explain h.yaml 1 s.csv",
    "compared": "compare x.yaml h.yaml",
    "last year's": "new --from h.yaml --weeks 52 --id y -o y.yaml",
    "form": "sheet h.yaml -o new.xlsx",
}
"""How a file of each suffix or role is given to kurssi."""

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


def attacked(folder: Path, kind: Kind, raw: bytes) -> Ran:
    """Gives a hostile file of this kind to the command that it is meant for."""
    for name, text in {"x.yaml": PLAN, "p.yaml": PEERS, "s.csv": SCORES}.items():
        (folder / name).write_text(text, "utf-8")
    name = "overrides.csv" if kind.role == "overrides" else f"h{kind.suffix}"
    (folder / name).write_bytes(raw)
    return ran(folder, COMMANDS[kind.role or kind.suffix].split())


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
    except BaseException:  # noqa: BLE001 - whatever it is, it is told
        import traceback

        os.write(2, traceback.format_exc().encode())
    finally:
        os._exit(code)


def in_time(seconds: float, most: float) -> bool:
    """Whether so many seconds of this processor are at most ``most`` of the one where the goals were set."""
    return seconds <= most or seconds <= most * max(pace() for _ in range(8))
