"""``python -m benchmarks.contract [--worlds 5000] [--processes 2]``: the core against a second reading of the contract.

Generated policies with classes, a different policy each: so many with nothing open, with ways and taken scores, with
open cells, with peer marks, and small ones in which much is decided, with late work and without, and with other
constructs crossed. Each class is graded by the core and by :mod:`contract_model`, which was written from the contract
alone; states, values, statuses, grades, ranges, exact totals and reasons have to agree; where there are too many ways
to fill the open cells, the core's range has to have what some of them give. What differs is counted, and the first of
it printed.
"""

from __future__ import annotations

import argparse
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import NamedTuple

from hypothesis import HealthCheck, Phase, given, seed, settings

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from strategies import World
from test_contract_model import KINDS, compare

TOGETHER = 100
"""Worlds that are drawn from one seed; so few that a run ends with all cores at work."""


class Tally(NamedTuple):
    """What came of some worlds."""

    worlds: int
    different: int
    first: str


def compared(kind: str, number: int, start: int) -> Tally:
    """So many worlds of a kind, always the same from the same start."""
    count, different, first = 0, 0, ""

    @seed(start)
    @settings(
        max_examples=number, deadline=None, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(KINDS[kind])
    def each(world: World) -> None:
        nonlocal count, different, first
        count += 1
        try:
            compare(world)
        except Exception as error:  # noqa: BLE001  a fault of either is a difference
            different += 1
            first = first or f"{type(error).__name__}: {error}\n{world}"

    each()
    return Tally(count, different, first)


def compared_kinds(asked: argparse.Namespace) -> int:
    """All kinds, on so many processes; how many worlds differ."""
    all_different = 0
    with ProcessPoolExecutor(asked.processes) as pool:
        sizes = [min(TOGETHER, asked.worlds - done) for done in range(0, asked.worlds, TOGETHER)]
        jobs = {
            kind: [pool.submit(compared, kind, size, asked.seed + n) for n, size in enumerate(sizes)] for kind in KINDS
        }
        for kind, several in jobs.items():
            drawn = different = 0
            for job in several:
                some = job.result()
                if some.first:
                    print(f"{kind}: {some.first}\n", flush=True)
                drawn, different = drawn + some.worlds, different + some.different
            print(f"{kind}: {drawn} worlds, {different} different", flush=True)
            all_different += different
    return all_different


def main() -> None:
    """Counts, and shows the first of what differs."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.contract")
    parser.add_argument("--worlds", type=int, default=5000, help="of each kind")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    begin = time.perf_counter()
    different = compared_kinds(parser.parse_args())
    print(f"{time.perf_counter() - begin:.0f} s")
    sys.exit(bool(different))


if __name__ == "__main__":
    main()
