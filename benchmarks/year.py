"""``python -m benchmarks.year [--implementations 1200]``: a year of the country's implementations (goal 12).

Makes a folder of implementations, each with its own policy, dates and a class of 30 with its score sheet, and runs
``kurssi grade FOLDER`` over it. A year of the country is about 120,000 of them, 3.6 million grades.
"""

from __future__ import annotations

import argparse
import os
import random
import tempfile
from datetime import date, datetime, timedelta
from pathlib import Path

from .measure import KURSSI, watched

STUDENTS = 30
PER_FOLDER = 1000

_WEIGHTS = ((40, 40, 20), (50, 50), (60, 40), (25, 25, 25, 25), (30, 30, 20, 20), (100,))
_NAMES = ("essay", "project", "exam", "portfolio")
_LATE = (
    "{deduct: 0.5, per: day, not_below: 1, closes: 7 d}",
    "{deduct: 1, per: day, closes: 3 d}",
    "{deduct: 10 %, of: earned, per: day, grace: 1 h, at_most: 2}",
    "{deduct: 0.5, per: day, closes: 14 d, free: {budget: 2 d}}",
    "{closes: 7 d}",
)


def implementation(number: int, dice: random.Random) -> tuple[str, str]:
    """The file of one implementation, and its score sheet."""
    start = date(2024, 8, 1) + timedelta(days=7 * dice.randint(0, 40))
    weights = dice.choice(_WEIGHTS)
    parts, header, late = [], ["opiskelijanumero", "nimi"], dice.random() < 0.7
    for name, weight in zip(_NAMES, weights, strict=False):
        due = start + timedelta(days=dice.randint(20, 60))
        line = f"{{id: {name}, weight: {weight}"
        if name != "exam":
            line += f", due: {due} 23:59"
        elif dice.random() < 0.5:
            line += ", graded: points, max: 40, linear: {1: 50 %, 5: 90 %}"
        if name == "exam" and dice.random() < 0.7:
            line += ", retakes: 2"
        parts.append((name, due, line + "}"))
        header += [name, f"{name} palautettu"] if name != "exam" else [name]
    if dice.random() < 0.4:
        parts.append(("peer_review", start, "{id: peer_review, graded: pass-fail}"))
        header.append("peer_review")
    active = dice.random() < 0.4
    header += ["aktiivisuus"] if active else []
    text = [
        "kurssi: 1",
        f"course: {{code: KH00{number % 5000:04}, name: Opintojakso, credits: {5 * dice.randint(1, 2)}}}",
        f"implementation: {{id: KH00{number:06}-2024, timing: {{start: {start}, end: {start + timedelta(days=70)}}}}}",
        "assessment:",
        f"  evaluation_scale: {dice.choice(['H-5', '0-5'])}",
        "  parts:",
        *(f"    - {line}" for _, _, line in parts),
    ]
    text += [f"  late: {dice.choice(_LATE)}"] if late else []
    text += ["  activity: {levels: {active: 0.5, passive: -0.5}}"] if active else []
    text += [f"scores: KH00{number:06}.csv", ""]
    rows = [";".join(header)]
    for student in range(STUDENTS):
        row = [f"{number % 9000 + 1000}{student:03}", f"Opiskelija {student}"]
        for name, due, line in parts:
            if name == "peer_review":
                row.append(dice.choice(["HYV"] * 9 + ["-"]))
            elif "points" in line:
                row.append(str(dice.randint(10, 40)))
            else:
                row.append(dice.choice(["1", "2", "2,5", "3", "3,5", "4", "4,5", "5", "5", "-"]))
            if name != "exam" and name != "peer_review":
                came = datetime.combine(due, datetime.min.time()) + timedelta(minutes=dice.randint(-3000, 4000))
                row.append("" if row[-1] == "-" else f"{came.day}.{came.month}.{came.year} {came:%H.%M}")
        row += [dice.choice(["", "", "active", "passive"])] if active else []
        rows.append(";".join(row))
    return "\n".join(text), "\n".join(rows) + "\n"


def make(folder: Path, implementations: int) -> None:
    """Writes the implementations and their sheets."""
    dice = random.Random(2024)
    for number in range(implementations):
        here = folder / f"{number // PER_FOLDER:03}"
        if number % PER_FOLDER == 0:
            here.mkdir()
        plan, sheet = implementation(number, dice)
        (here / f"KH00{number:06}.yaml").write_text(plan, "utf-8")
        (here / f"KH00{number:06}.csv").write_text(sheet, "utf-8")


def main() -> None:
    """Makes the year, or a part of it, and grades it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.year")
    parser.add_argument("--implementations", type=int, default=1200)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make(folder, asked.implementations)
        ran = watched([KURSSI, "grade", str(folder)])
    print(ran.last_line)
    grades = asked.implementations * STUDENTS
    print(
        f"{asked.implementations} implementations, {grades} grades: {ran.seconds:.0f} s, "
        f"{grades / ran.seconds:.0f} grades/s, exit code {ran.code}, peak {ran.peak:.0f} MiB in one process, "
        f"{os.cpu_count()} cores"
    )


if __name__ == "__main__":
    main()
