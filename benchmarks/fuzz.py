"""Throws broken files at kurssi by the million: none may crash it, hang, or eat memory.

    python -m benchmarks.fuzz --yaml 1000000 --sheets 1000000 --processes 2
    python -m benchmarks.fuzz --sheets 20000 --seed 7          other inputs
    python -m benchmarks.fuzz --sheets 1 --first 12345         one input again

An input depends on the seed and its number only. Inputs run in batches, each in a process of its own, so that one which
ends its process costs no other. What breaks something is kept in the folder, and its name is printed. A broken thing
is an exception (a fault of kurssi), a finding outside the file, an input longer than :data:`SECONDS`, more memory than
:data:`MEGABYTES`, or a process that ended in another way.
"""

from __future__ import annotations

import argparse
import gc
import hashlib
import mmap
import os
import random
import resource
import signal
import struct
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import NamedTuple

from . import fuzz_sheets, fuzz_yaml

SECONDS = 5
"""Longer than this, of a processor, no input of a few kilobytes may take."""
MEGABYTES = 300
"""On top of what is loaded no input may ask for more."""
BATCH = 2_000
"""So many inputs share a process."""
EVERY = 20
"""One of so many inputs goes through reports, lists and fixes, too."""

STATE = struct.Struct("<QQd")
"""What a worker tells of a batch: the input that is on, how many broke something, the longest time."""


class Fuzzer(NamedTuple):
    """How inputs of a kind are made, and what is done with one."""

    name: str
    make: Callable[[random.Random], tuple[str, bytes]]
    look: Callable[[bytes, str, bool], None]


FUZZERS = {
    "yaml": Fuzzer("yaml", fuzz_yaml.broken, fuzz_yaml.look),
    "sheets": Fuzzer("sheets", fuzz_sheets.broken, fuzz_sheets.look),
}


def made(fuzzer: Fuzzer, seed: int, number: int) -> tuple[str, bytes]:
    """The input of that number."""
    return fuzzer.make(random.Random(f"{seed}:{fuzzer.name}:{number}"))


def keep(fuzzer: Fuzzer, seed: int, number: int, why: str) -> None:
    """Keeps an input that broke something, and says so."""
    suffix, raw = made(fuzzer, seed, number)
    name = f"fuzz-{hashlib.sha256(raw).hexdigest()[:12]}{suffix}"
    Path(name).write_bytes(raw)
    print(f"{fuzzer.name} {number}: {why}; kept as {name}", flush=True)


def too_long(number: int, frame: FrameType | None) -> None:  # noqa: ARG001
    """What happens when an input takes too long."""
    raise TimeoutError(f"longer than {SECONDS} s")


def batch(fuzzer: Fuzzer, seed: int, numbers: range, state: mmap.mmap) -> None:
    """Looks at some inputs, in a process of its own."""
    signal.signal(signal.SIGPROF, too_long)
    signal.signal(signal.SIGVTALRM, signal.SIG_DFL)  # ends a process that does not even come to that
    size = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize() + MEGABYTES * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    gc.disable()
    bad, slowest = 0, 0.0
    for number in numbers:
        STATE.pack_into(state, 0, number, bad, slowest)
        started = time.process_time()
        signal.setitimer(signal.ITIMER_PROF, SECONDS)
        signal.setitimer(signal.ITIMER_VIRTUAL, 4 * SECONDS)
        try:
            suffix, raw = made(fuzzer, seed, number)
            fuzzer.look(raw, suffix, number % EVERY == 0)
        except BaseException as error:  # noqa: BLE001 - whatever it is, it is what is looked for
            bad += 1
            keep(fuzzer, seed, number, f"{type(error).__name__}: {error}")
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        slowest = max(slowest, time.process_time() - started)
    STATE.pack_into(state, 0, numbers.stop, bad, slowest)


def worker(fuzzer: Fuzzer, seed: int, numbers: range, state: mmap.mmap) -> int:
    """Looks at a stretch of inputs batch by batch; how many broke something."""
    bad, begin, slowest, said = 0, time.monotonic(), 0.0, time.monotonic()
    at = numbers.start
    while at < numbers.stop:
        child = os.fork()
        if not child:
            code = 1
            try:
                batch(fuzzer, seed, range(at, min(at + BATCH, numbers.stop)), state)
                code = 0
            finally:
                sys.stdout.flush()
                os._exit(code)
        _, status = os.waitpid(child, 0)
        reached, found, longest = STATE.unpack_from(state, 0)
        bad, slowest = bad + found, max(slowest, longest)
        at = reached
        if os.waitstatus_to_exitcode(status):
            bad += 1
            keep(fuzzer, seed, reached, f"ended its process ({os.waitstatus_to_exitcode(status)})")
            at += 1
        if time.monotonic() - said > 60 or at >= numbers.stop:
            said, done = time.monotonic(), at - numbers.start
            print(
                f"{fuzzer.name}: {done} inputs, {bad} broke something, {done / (said - begin):.0f} per second, "
                f"slowest {slowest * 1000:.0f} ms",
                flush=True,
            )
    return bad


def run(fuzzer: Fuzzer, count: int, seed: int, first: int, processes: int) -> int:
    """Looks at so many inputs in some processes; 1 where one broke something."""
    workers = []
    begin = time.monotonic()
    for n in range(processes):
        numbers = range(first + count * n // processes, first + count * (n + 1) // processes)
        child = os.fork()
        if not child:
            code = 1
            try:
                code = bool(worker(fuzzer, seed, numbers, mmap.mmap(-1, STATE.size)))
            except BaseException:  # noqa: BLE001 - else nobody would hear of it
                traceback.print_exc()
            finally:
                os._exit(code)
        workers.append(child)
    codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in workers]
    seconds = time.monotonic() - begin
    print(f"{fuzzer.name}: {count} inputs in {seconds:.0f} s, {count / seconds:.0f} per second", flush=True)
    return int(any(codes))


def main() -> int:
    """Runs the fuzzers; 1 where an input broke something."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in FUZZERS:
        parser.add_argument(f"--{name}", type=int, default=0, help="how many inputs of this kind")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="the number of the first input")
    parser.add_argument("--processes", type=int, default=1)
    options = parser.parse_args()
    code = 0
    for name, fuzzer in FUZZERS.items():
        if count := getattr(options, name):
            code |= run(fuzzer, count, options.seed, options.first, options.processes)
    return code


if __name__ == "__main__":
    sys.exit(main())
