"""How fast this processor is, here and now: goals are figures of one day's machine."""

from __future__ import annotations

import time

PACE = 0.011
"""Seconds that an empty loop of a million rounds took where the goals were set."""


def pace() -> float:
    """How many times as long this processor takes, which may be busy with something else."""
    begin = time.process_time()
    for _ in range(1_000_000):
        pass
    return (time.process_time() - begin) / PACE
