"""Interleaved runs of whole processes: the median of the ratios, pair by pair."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
KURSSI = str(Path(sys.executable).parent / "kurssi")
BARE = (sys.executable, "-c", "pass")


class Goal(NamedTuple):
    """A claim: ``command`` takes at most ``most`` times as long as ``against``."""

    name: str
    command: Sequence[str]
    against: Sequence[str]
    most: float


class Measured(NamedTuple):
    """Medians of one goal."""

    goal: Goal
    ratio: float
    low: float
    high: float
    seconds: float


def environment() -> dict[str, str]:
    """Compiled modules are kept, as on a user's machine; the language is fixed."""
    env = {k: v for k, v in os.environ.items() if k not in ("PYTHONDONTWRITEBYTECODE", "GITHUB_ACTIONS")}
    return {**env, "KURSSI_LANG": "en"}


def run(command: Sequence[str]) -> float:
    """Wall seconds of one run, its output thrown away."""
    begin = time.perf_counter()
    subprocess.run(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT, env=environment(), check=False
    )
    return time.perf_counter() - begin


def run_for(command: Sequence[str]) -> str:
    """What a command writes to standard output."""
    ran = subprocess.run(command, capture_output=True, encoding="utf-8", cwd=ROOT, env=environment(), check=True)
    return ran.stdout


class Ran(NamedTuple):
    """One run of a command, with what the operating system says of it."""

    seconds: float
    cpu: float
    """Seconds of the processor in user mode, in all its processes."""
    peak: float
    """The largest resident memory of any one process of it, in MiB."""
    code: int
    last_line: str
    """The last line that it wrote to standard error."""


def watched(command: Sequence[str]) -> Ran:
    """Runs a command, its standard output thrown away, and asks for its peak memory as ``/usr/bin/time -v`` does."""
    with tempfile.TemporaryFile() as errors:
        begin = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=errors, cwd=ROOT, env=environment())
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        errors.seek(0)
        lines = errors.read().decode("utf-8", "replace").splitlines()
    return Ran(seconds, usage.ru_utime, usage.ru_maxrss / 1024, process.returncode, lines[-1] if lines else "")


RUNS = 15
FEWEST = 3
BUDGET = 10.0
"""Seconds for one goal: what takes long is run less often, but not less than :data:`FEWEST` times."""


def measure(goal: Goal) -> Measured:
    """Both commands in turn, after one warm-up each."""
    begin = time.perf_counter()
    run(goal.command), run(goal.against)
    ratios: list[float] = []
    seconds: list[float] = []
    while len(ratios) < RUNS and (len(ratios) < FEWEST or time.perf_counter() - begin < BUDGET):
        mine, other = run(goal.command), run(goal.against)
        ratios.append(mine / other)
        seconds.append(mine)
    return Measured(goal, median(ratios), min(ratios), max(ratios), median(seconds))


HEAD = f"{'':42} {'ratio':>7} {'min':>7} {'max':>7} {'goal':>7}  {'median s':>8}"


def line(row: Measured) -> str:
    """A measurement beside its goal."""
    verdict = "" if row.ratio <= row.goal.most else "  missed"
    return (
        f"{row.goal.name:42} {row.ratio:7.3f} {row.low:7.3f} {row.high:7.3f} {row.goal.most:7.3f}"
        f"  {row.seconds:8.3f}{verdict}"
    )


def show(goals: Iterable[Goal]) -> None:
    """Measures the goals, and prints each as soon as it is known."""
    for goal in goals:
        print(line(measure(goal)), flush=True)
