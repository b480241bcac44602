"""Interleaved runs of whole processes: the median of the ratios, pair by pair."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
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


def measure(goal: Goal, runs: int = 15) -> Measured:
    """Both commands in turn, after one warm-up each."""
    run(goal.command), run(goal.against)
    ratios, seconds = [], []
    for _ in range(runs):
        mine, other = run(goal.command), run(goal.against)
        ratios.append(mine / other)
        seconds.append(mine)
    return Measured(goal, median(ratios), min(ratios), max(ratios), median(seconds))


def table(rows: Sequence[Measured]) -> str:
    """The measurements, each beside its goal."""
    lines = [f"{'':34} {'ratio':>7} {'min':>7} {'max':>7} {'goal':>7}  {'median s':>8}"]
    for row in rows:
        verdict = "" if row.ratio <= row.goal.most else "  missed"
        lines.append(
            f"{row.goal.name:34} {row.ratio:7.2f} {row.low:7.2f} {row.high:7.2f} {row.goal.most:7.2f}"
            f"  {row.seconds:8.3f}{verdict}"
        )
    return "\n".join(lines)
