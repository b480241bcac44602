"""Ends commands that write, at moments of chance: no file may be torn, and the next run leaves no draft behind.

    python scripts/kill.py                       60 kills
    python scripts/kill.py --kills 2000          about twenty minutes on one core
    python scripts/kill.py --kills 2000 --seed 7 other moments

Each time some files stand there, written for other scores than those that a command now reads. The command is killed,
mostly while it writes. Every file must then be what it was, or what the command makes, to the byte. The command is run
again, and must make all of them, and leave nothing else in any folder.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from kurssi.cli import files, grading, run

PLAN = """\
kurssi: 1
course: {{code: X, name: Course, credits: 5}}
implementation: {{id: {name}, timing: {{start: 2024-01-08, end: 2024-05-01}}}}
assessment:
  evaluation_scale: 0-5
  parts: [{{id: essay, name: Essay, weight: 60}}, {{id: exam, name: Exam, weight: 40}}]
scores: {scores}
"""
STUDENTS = 25
OFTEN = 100
"""After so many kills it is said that they are done."""
LONGEST = 60.0
"""No command takes so many seconds."""
WHILE_IT_WRITES = 0.05
"""Most kills come within so many seconds after a command has begun to write."""

COMMANDS: dict[str, tuple[str, ...]] = {
    "report": ("grade", "x.yaml", "-o", "x.csv", "-o", "x.json", "-o", "x.md", "-o", "x.xlsx"),
    "large": ("grade", "x.yaml", "--format", "csv", "-o", "large.csv"),
    "feedback": ("grade", "x.yaml", "--feedback", "pages", "--date", "2024-05-02"),
    "list": ("grade", "x.yaml", "--list", "peppi", "-o", "peppi.csv"),
    "lock": ("lock", "x.yaml", "-o", "x.lock"),
    "folder": ("grade", "runs", "-o", "out/{id}.csv", "-o", "out/{id}.json"),
}


class Run(NamedTuple):
    """How a command went."""

    killed: bool
    code: int


class Broken(Exception):
    """What must not be."""


def inputs(version: int) -> None:
    """The files that commands read, of one of two versions."""
    shift = version
    rows = [f"{n:07},{(n + shift) % 6},{(n // 3 + shift) % 6}" for n in range(STUDENTS)]
    table = "\n".join(["student,essay,exam", *rows, ""])
    Path("s.csv").write_text(table, "utf-8")
    Path("x.yaml").write_text(PLAN.format(name="x", scores="s.csv"), "utf-8")
    for folder in ("runs", "out"):
        Path(folder).mkdir(exist_ok=True)
    for name in "abcd":
        Path("runs", f"{name}.yaml").write_text(PLAN.format(name=name, scores="../s.csv"), "utf-8")
    os.utime("x.yaml", (10**9, 10**9))  # a report says when what it was made from was last changed
    os.utime("s.csv", (10**9, 10**9))


def called(arguments: Sequence[str], whole: float, chance: random.Random | None) -> Run:
    """Runs a command in a process of its own, which is killed where ``chance`` is given; waits for all of it."""
    alive, held = os.pipe()
    writes, begun = os.pipe()
    child = os.fork()
    if not child:
        os.close(alive)
        _command(arguments, begun)
    os.close(held)
    os.close(begun)
    with open(alive, "rb") as everyone, open(writes, "rb") as start:
        if chance is not None:
            if chance.random() < 0.8:
                start.read(1)
                time.sleep(chance.random() * WHILE_IT_WRITES)
            else:
                time.sleep(chance.random() * whole)
            os.kill(child, signal.SIGKILL)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        everyone.read()  # to its end: no process of the command is left
    return Run(code < 0, code)


def _command(arguments: Sequence[str], begun: int) -> None:
    """Runs the command; tells when it begins to write a file. It does not return."""
    check = files._check

    def told(*given: object) -> None:
        os.write(begun, b".")
        check(*given)  # type: ignore[arg-type]

    files._check = told  # type: ignore[assignment]
    if "large.csv" in arguments:
        grading.LARGE = 0
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    code = 99
    with contextlib.suppress(BaseException):
        code = run(list(arguments))
    os._exit(code)


def warmed_up() -> None:
    """Runs every command in this process, so that those that are forked from it have loaded everything."""
    inputs(0)
    with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere), contextlib.redirect_stderr(nowhere):
        for arguments in COMMANDS.values():
            run(list(arguments))
    for path in written():
        os.unlink(path)
    files._swept.clear()


def written() -> dict[str, bytes]:
    """All files in all folders but those that are read, the memory of what was written among them."""
    read = {"s.csv", "x.yaml"}
    found = {path for path in Path().rglob("*") if path.is_file() and path.parts[0] != "runs" and path.name not in read}
    return {path.as_posix(): path.read_bytes() for path in found if path.parts[0] != "state"}


def prepared() -> tuple[dict[str, list[dict[str, bytes]]], dict[str, float]]:
    """By command, the files that it makes of each version, and the seconds that it takes."""
    made: dict[str, list[dict[str, bytes]]] = {name: [] for name in COMMANDS}
    seconds: dict[str, float] = {}
    for version in (0, 1):
        inputs(version)
        for name, arguments in COMMANDS.items():
            before, began = written(), time.monotonic()
            if called(arguments, LONGEST, None).code != 0:
                raise Broken(f"{name} does not run")
            seconds[name] = time.monotonic() - began
            after = written()
            made[name].append({file: data for file, data in after.items() if before.get(file) != data})
    for name, (first, second) in made.items():
        if not first or first.keys() != second.keys():
            raise Broken(f"{name} does not make the same files: {sorted(first)}, {sorted(second)}")
    return made, seconds


def killed(kills: int, seed: int) -> Counter[str]:
    """Kills so many commands; how many of them by what stood there then. Raises :class:`Broken`."""
    chance = random.Random(seed)
    warmed_up()
    made, seconds = prepared()
    there = dict.fromkeys(COMMANDS, 1)
    """Which version of its files each command has made last."""
    counted: Counter[str] = Counter()
    while counted["killed"] < kills:
        name = chance.choice(list(COMMANDS))
        old, new = made[name][there[name]], made[name][1 - there[name]]
        inputs(1 - there[name])
        now = called(COMMANDS[name], seconds[name], chance).killed
        counted["killed"] += now
        after = written()
        for file, data in new.items():
            if after.get(file) not in (data, old[file]):
                raise Broken(f"{name}: {file} is torn or gone")
        changed = sum(after[file] == data for file, data in new.items())
        counted["old" if not changed else "new" if changed == len(new) else "some of several new"] += 1
        counted["drafts left"] += any(".kurssi-" in file for file in after)
        if (again := called(COMMANDS[name], LONGEST, None)).code != 0:
            raise Broken(f"{name}: the next run ends with {again.code}")
        there[name] = 1 - there[name]
        if now and not counted["killed"] % OFTEN:
            print(f"{counted['killed']} kills", file=sys.stderr)
        after = written()
        if wrong := {file for file, data in new.items() if after.get(file) != data}:
            raise Broken(f"{name}: the next run does not make {sorted(wrong)}")
        known = {file for each in made.values() for file in each[0]}
        if left := set(after) - known:
            raise Broken(f"{name}: the next run leaves {sorted(left)}")
    return counted


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs it in a folder of its own; the result is an exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        os.environ["XDG_STATE_HOME"] = str(Path(folder, "state"))
        os.environ["LANG"] = "C.UTF-8"
        try:
            counted = killed(given.kills, given.seed)
        except Broken as broken:
            print(f"seed {given.seed}: {broken}")
            return 1
    print(
        ", ".join(f"{what}: {n}" for what, n in sorted(counted.items()))
        + "; no file torn, no draft left by the next run"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
