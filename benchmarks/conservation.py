"""``python -m benchmarks.conservation [--tables 100000] [--processes 2] [--seed 1]``: nothing in silence, counted.

Generated tables of teachers and of systems; in each some cells are changed, one at a time, to another legal value: the
students of the JSON change, the sheets are refused, or a finding names the cell, its row or its column. What does not
is printed, the smallest case of each kind. ``--silence`` takes whole things away instead, from policy or sheet.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from conservation import Case, Tally, examine, written
from conservation_layouts import export
from conservation_shrinking import shrunk
from conservation_silence import Silences, hunt, show, smallest
from conservation_tables import teacher

CHUNK = 100
"""So many tables are one piece of work."""


def cases(seed: int, first: int, number: int) -> Iterator[tuple[random.Random, Case]]:
    """The cases of a seed, each by its number alone: two of three are a teacher's."""
    for at in range(first, first + number):
        rng = random.Random(f"{seed}.{at}")
        yield rng, teacher(rng) if at % 3 else export(rng)


def conserve(work: tuple[int, int, int, int | None]) -> Tally:
    """The tally of one piece of work."""
    seed, first, number, cells = work
    tally = Tally()
    for rng, case in cases(seed, first, number):
        examine(case, rng, tally, cells)
    return tally


def silence(work: tuple[int, int, int, int | None]) -> Silences:
    """The hunt of one piece of work."""
    seed, first, number, changes = work
    found = Silences()
    for rng, case in cases(seed, first, number):
        hunt(case, rng, found, changes)
    return found


def report(tally: Tally, most_shown: int) -> None:
    """Figures, violations by kind, and the smallest case of each."""
    print(
        f"{tally.tables} tables, {tally.cells} cells changed: {tally.used} change a student of the JSON, "
        f"{tally.named} are named as unused, {tally.refused} are refused, {sum(tally.kinds.values())} violations "
        f"of {len(tally.kinds)} kinds"
    )
    print("cells by writer: " + ", ".join(f"{name} {n}" for name, n in sorted(tally.by_label.items())))
    if tally.unread:
        print("refused as they stand: " + ", ".join(f"{name} {n}" for name, n in tally.unread.most_common()))
    for crash, number in tally.crashes.items():
        print(f"\n## raised {number} times: {crash}")
    grouped: dict[tuple[str, ...], Counter[str]] = {}
    for signature, number in tally.kinds.items():
        grouped.setdefault(signature[:3], Counter())[signature[3]] += number
    for kind, changes in sorted(grouped.items(), key=lambda pair: -sum(pair[1].values())):
        listed = ", ".join(f"{change}: {number}" for change, number in changes.most_common(8))
        print(f"\n## {' | '.join(kind)}: {sum(changes.values())}  ({listed})")
        for number, (change, _) in enumerate(changes.most_common()):
            violation = tally.least[*kind, change]
            if number < most_shown or not violation.known:
                print("\n" + shrunk(violation).show())
    if tally.idle:
        print("\n## rules without anything to act on that not exactly one finding names")
        for name, number in tally.idle.most_common():
            print(f"- {name}: {number}\n\n```\n{written(tally.idle_least[name])}\n```")


def report_silence(found: Silences, most_shown: int) -> None:
    """What was taken away and what was said, and the silent cases."""
    print(
        f"{found.cases} classes, {sum(sum(c.values()) for c in found.outcomes.values())} changes, {found.silent} silent"
    )
    for kind, counts in sorted(found.outcomes.items(), key=lambda pair: -pair[1]["silent"]):
        rules = ", ".join(rule for rule, _ in found.rules[kind].most_common(4))
        print(
            f"- {kind}: {', '.join(f'{came} {n}' for came, n in sorted(counts.items()))}"
            + (f" (by {rules})" if rules else "")
        )
    unknown = found.unknown()
    for kind, (case, which) in sorted(found.least.items()):
        if most_shown or kind in unknown:
            print("\n" + show(kind, smallest(case, kind.partition(": ")[2], which), which))


def main() -> int:
    """Runs it; 1 where there is a violation."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.conservation", description=__doc__)
    parser.add_argument("--tables", type=int, default=100_000)
    parser.add_argument("--cells", type=int, default=10, help="changed in each table; 0 for all")
    parser.add_argument("--processes", type=int, default=max((os.cpu_count() or 1) - 1, 1))
    parser.add_argument("--minutes", type=float, default=0, help="after so many no further table is begun")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--silence", action="store_true", help="take whole things away, not single cells")
    parser.add_argument("--show", type=int, default=1, help="cases shown of each kind; of unknown kinds all are")
    options = parser.parse_args()
    work = [
        (options.seed, first, min(CHUNK, options.tables - first), options.cells or None)
        for first in range(0, options.tables, CHUNK)
    ]
    start = time.perf_counter()
    tally, found = Tally(), Silences()
    with ProcessPoolExecutor(options.processes) as pool:
        for done, one in enumerate(pool.map(silence if options.silence else conserve, work), 1):
            (found if isinstance(one, Silences) else tally).add(one)  # type: ignore[arg-type]
            if sys.stderr.isatty() or done % 50 == 0:
                print(f"{tally.tables + found.cases} tables", file=sys.stderr)
            if options.minutes and time.perf_counter() - start > 60 * options.minutes:
                pool.shutdown(cancel_futures=True)
                break
    if options.silence:
        report_silence(found, options.show)
    else:
        report(tally, options.show)
    print(f"\nseed {options.seed}, {time.perf_counter() - start:.0f} s in {options.processes} processes")
    return 1 if tally.kinds or tally.crashes or tally.idle or found.silent else 0


if __name__ == "__main__":
    sys.exit(main())
