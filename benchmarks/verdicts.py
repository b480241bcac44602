"""``python -m benchmarks.verdicts [--worlds 100000] [--processes 2]``: wrong verdicts of ``verify``, counted.

Generated policies (all of the contract, peer marks among it), and under each so many classes (with what is still open):
each class is graded, written as the JSON report and verified, as the commands do it. A report that ``verify`` rejects
is a wrong verdict. Then one digit somewhere in a student's row is changed, and the report verified again, half of the
time under a seal that fits what it says now. One that is accepted is a wrong verdict as well, but for what no grade
follows from (:func:`matters`).
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from hypothesis import HealthCheck, Phase, given, seed, settings

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from kurssi.verification import read_report, verify
from strategies import World, document, leaves_of, worlds
from test_verify import NOBODY_CAN_KNOW, Json, Place, read, report_of, said, sealed, swap

TOGETHER = 1000
"""Worlds that are drawn and judged in one go, from one seed."""
CLASSES = 20
"""So many classes of each policy are judged."""
WORDS = ("-", "?", "EX", "AHOT")


class Spot(NamedTuple):
    """One digit of a student's row."""

    place: Place
    value: str | int
    at: int
    """Which character of the value it is."""


def spots(value: object, place: Place = ()) -> Iterator[Spot]:
    """Every digit of every value."""
    if isinstance(value, dict):
        for key, below in value.items():
            yield from spots(below, (*place, key))
    elif isinstance(value, list):
        for index, below in enumerate(value):
            yield from spots(below, (*place, index))
    elif isinstance(value, (str, int)) and not isinstance(value, bool):
        yield from (Spot(place, value, at) for at, sign in enumerate(str(value)) if sign in "0123456789")


def with_digit(spot: Spot, digit: str) -> str | int:
    """The value with another digit at that place."""
    text = str(spot.value)
    changed = text[: spot.at] + digit + text[spot.at + 1 :]
    return int(changed) if isinstance(spot.value, int) else changed


def matters(student: Json, place: Place) -> bool:
    """Whether what stands at a place says something that the grade or its explanation follows from.

    It does not where nobody but the teacher can know it: who the student is, where a score was read, the sentence
    beside the figures, the line of a rule. Nor where it went in and nothing came of it: the score of an attempt that is
    closed; the hand-in and the deadline of an attempt whose lateness leaves no step, as where no late rule is in force
    or nothing was handed in that could lose by it; attendance where nothing is weighed.
    """
    if place[-1] in NOBODY_CAN_KNOW:
        return False
    if place[0] == "activity":
        return any(step["step"] == "activity" for step in student["steps"])
    if place[0] != "parts" or "attempts" not in place:
        return True
    attempt: Json = inside(student, place[:-1])
    if place[-1] == "score":
        return bool(attempt["state"] != "closed")
    if place[-1] not in ("submitted", "due"):
        return True
    part = place[-4]
    return any(
        step["step"] == "late" and step["part"] == part and step["operands"][0]["attempt"] == attempt["n"]
        for step in student["steps"]
    )


def inside(value: Any, place: Place) -> Any:
    """What stands at a place."""
    for key in place:
        value = value[key]
    return value


class Tally(NamedTuple):
    """What came of some worlds."""

    worlds: int
    statuses: Counter[str]
    rejected: list[str]
    changed: int
    accepted: list[str]


def judged(raw: bytes, dice: random.Random, tally: Tally) -> Tally:
    """The tally with one world more: its report verified as it is, and with one digit changed."""
    problems = verify(read_report(raw)).problems
    rejected = [f"{said(problems)}"] if problems else []
    data: Json = json.loads(raw)
    student = dice.choice(data["students"])
    found = [spot for spot in spots(student) if matters(student, spot.place)]
    accepted = []
    if found and not problems:
        spot = dice.choice(found)
        digit = dice.choice([digit for digit in "0123456789" if digit != str(spot.value)[spot.at]])
        value = with_digit(spot, digit)
        swap(student, spot.place, value)
        new_seal = dice.random() < 0.5
        changed = sealed(data) if new_seal else json.dumps(data, ensure_ascii=False).encode()
        if not verify(read_report(changed)).problems:
            accepted.append(f"{spot.place}: {spot.value} → {value}, {'new' if new_seal else 'old'} seal")
    return Tally(
        tally.worlds + 1,
        tally.statuses + Counter(s["status"] for s in data["students"]),
        tally.rejected + rejected,
        tally.changed + bool(found and not problems),
        tally.accepted + accepted,
    )


def dealt(world: World, dice: random.Random) -> World:
    """Another class under the same policy: what was handed in goes to others, and some of it with another score."""
    made = world.copy()
    students = made.students
    for part in leaves_of(made.parts):
        name = part["id"]
        holders = [student["cells"] for student in students if name in student["cells"]]
        groups = [cells for cells in made.group_scores.values() if name in cells]
        for several in (holders, groups):
            pool = [cells[name] for cells in several]
            for cells in several:
                cells[name] = [
                    {**cell, "score": score_of(part, made, dice)} if dice.random() < 0.4 else cell
                    for cell in dice.choice(pool)
                ]
    for key in ("activity", "attended"):
        pool = [student[key] for student in students]
        for student in students:
            student[key] = dice.choice(pool)
    return made


def score_of(part: Json, world: World, dice: random.Random) -> str:
    """A cell that the part takes."""
    if dice.random() < 0.15:
        return dice.choice(WORDS)
    scale = read(document(world.assessment, world.timing_end))[1].scale
    graded = part.get("graded", "grade")
    if graded == "pass-fail":
        return dice.choice(["HYV", "HYV", "fail"])
    if graded == "points":
        return str(Decimal(dice.randint(0, 40)) * Decimal(str(part["max"])) / 40)
    if scale.own:
        return str(dice.choice(scale.labels))
    return str(Decimal(dice.randint(4 * scale.lowest, 4 * scale.top)) / 4)


def hunt(number: int, start: int) -> Tally:
    """So many worlds, always the same from the same start."""
    tally = Tally(0, Counter(), [], 0, [])
    dice = random.Random(start)

    @seed(start)
    @settings(
        max_examples=-(-number // CLASSES), deadline=None, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(worlds())
    def each(drawn: World) -> None:
        nonlocal tally
        for world in (drawn, *(dealt(drawn, dice) for _ in range(CLASSES - 1))):
            before = tally
            tally = judged(report_of(world), dice, tally)
            for old, new in ((before.rejected, tally.rejected), (before.accepted, tally.accepted)):
                if len(new) > len(old):
                    new[-1] += f"\n{world}"

    each()
    return tally


def main() -> None:
    """Counts, and shows the first of what is wrong."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.verdicts")
    parser.add_argument("--worlds", type=int, default=100_000)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    begin = time.perf_counter()
    total = Tally(0, Counter(), [], 0, [])
    sizes = [min(TOGETHER, asked.worlds - done) for done in range(0, asked.worlds, TOGETHER)]
    with ProcessPoolExecutor(asked.processes) as pool:
        for job in [pool.submit(hunt, size, asked.seed + n) for n, size in enumerate(sizes)]:
            some = job.result()
            for kind, texts in (("rejected", some.rejected), ("accepted", some.accepted)):
                for text in texts[:2]:
                    print(f"{kind}: {text}\n", flush=True)
            total = Tally(
                total.worlds + some.worlds,
                total.statuses + some.statuses,
                total.rejected + some.rejected,
                total.changed + some.changed,
                total.accepted + some.accepted,
            )
            print(f"{total.worlds} worlds", file=sys.stderr, flush=True)
    print(
        f"{total.worlds} worlds ({', '.join(f'{n} {status}' for status, n in sorted(total.statuses.items()))}): "
        f"{len(total.rejected)} rejected; {total.changed} with one digit changed: {len(total.accepted)} accepted "
        f"({time.perf_counter() - begin:.0f} s)"
    )
    sys.exit(bool(total.rejected or total.accepted))


if __name__ == "__main__":
    main()
