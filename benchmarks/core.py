"""``python -m benchmarks.core [--students 1000000]``: students graded per second, in memory (goals 7 and 14).

Over several policies: states and grades only, and results with every step. Seconds are those of the processor, in one
process; what is learnt at first is in them. The goals are figures of one day's machine, and processors differ by more
than what is measured: beside each line stands what it comes to at that day's pace. ``--against SRC`` measures another
version of kurssi, by its folder ``src``, on the same students in the same run, and prints the ratios.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import timedelta
from fractions import Fraction
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, NamedTuple

from .pace import pace

if TYPE_CHECKING or find_spec("kurssi.values"):
    from kurssi.course.check import check
    from kurssi.policy.model import Part, Policy, resolve
    from kurssi.values.classlist import Attempt, Student
    from kurssi.values.times import When, read_when
else:  # a version in which all modules stood at the top
    from kurssi.check import check
    from kurssi.classlist import Attempt, Student
    from kurssi.times import When, read_when

    from kurssi.policy import Part, Policy, resolve

GRADES, STEPS = 400_000, 60_000

HEAD = """\
kurssi: 1
course: {code: KH00BT03, name: Benchmark, credits: 5}
implementation: {id: bench, timing: {start: 2024-01-15, end: 2024-03-18}}
assessment:
"""
LATE = "late: {deduct: 0.5, per: day, not_below: 1, closes: 7 d"
FOUR = """\
    - {id: group_work, weight: 40, due: 2024-03-04 23:59}
    - {id: individual, weight: 40, due: 2024-03-11 23:59}
    - {id: exam, weight: 20}
    - {id: peer_review, graded: pass-fail}
"""
ACTIVITY = "  activity: {levels: {active: 0.5, passive: -0.5}}\n"
POLICIES = {
    "40/40/20, late, activity, a gate": f"  evaluation_scale: H-5\n  parts:\n{FOUR}  {LATE}}}\n{ACTIVITY}",
    "nested, best 3 of 5, bonus": """\
  evaluation_scale: 0-5
  parts:
    - id: tasks
      weight: 60
      best: 3
      parts: [{id: a}, {id: b}, {id: c}, {id: d}, {id: e}]
    - {id: exam, weight: 40}
    - {id: extra, bonus: true, weight: 10}
""",
    "percent, points, boundaries": """\
  evaluation_scale: 0-5
  basis: percent
  boundaries: [50, 60, 70, 80, 90]
  parts:
    - {id: a, weight: 35, graded: points, max: 40}
    - {id: b, weight: 35, graded: points, max: 60}
    - {id: c, weight: 30, graded: points, max: 25}
""",
    "points on a line, in halves": """\
  evaluation_scale: 0-5
  parts:
    - {id: a, weight: 45, graded: points, max: 40, linear: {1: 50 %, 5: 90 %}}
    - {id: b, weight: 35, graded: points, max: 60, linear: {1: 45 %, 5: 85 %}}
    - {id: c, weight: 20, graded: points, max: 30, boundaries: [10, 15, 20, 24, 27]}
""",
    "three attempts, a cap": """\
  evaluation_scale: H-5
  parts:
    - {id: a, weight: 50, retakes: 2, retake_at_most: 3}
    - {id: b, weight: 50, retakes: 2, attempt: latest}
""",
    "free days, spent in order": f"  evaluation_scale: H-5\n  parts:\n{FOUR}  {LATE}, free: {{budget: 2 d}}}}\n",
    "5 % of the cells open": f"  evaluation_scale: H-5\n  parts:\n{FOUR}{ACTIVITY}",
    "free days where they help": (
        f"  evaluation_scale: H-5\n  parts:\n{FOUR}  {LATE}, free: {{budget: 2 d, spend: where-it-helps}}}}\n"
    ),
}


DIFFERENT = {
    name + ", all times different": text
    for name, text in {
        "40/40/20, late, activity, a gate": POLICIES["40/40/20, late, activity, a gate"],
        "three attempts, late by the hour": """\
  evaluation_scale: H-5
  parts:
    - {id: a, weight: 50, due: 2024-03-04 23:59, retakes: [{due: 2024-03-18 12:00}], retake_at_most: 3}
    - {id: b, weight: 50, due: 2024-03-11 23:59, attempt: latest, retakes: [{due: 2024-03-28 12:00}]}
  late: {deduct: 5 %, of: earned, per: hour, grace: 30 min, closes: 3 d}
""",
        "free days, spent in order": POLICIES["free days, spent in order"],
        "free days where they help": POLICIES["free days where they help"],
        "nested, late, best 2 of 3": """\
  evaluation_scale: 0-5
  parts:
    - id: tasks
      weight: 60
      best: 2
      parts: [{id: a, due: 2024-03-04 12:00}, {id: b, due: 2024-03-05 12:00}, {id: c, due: 2024-03-06 12:00}]
    - {id: exam, weight: 40}
  late: {deduct: 0.5, per: day, not_below: 1}
""",
    }.items()
}
"""Hand-in times to the second, as exports have them: hardly two are equal."""


def policy_of(text: str) -> Policy:
    """The policy as a file gives it."""
    checked = check((HEAD + text).encode(), "bench.yaml")
    if not checked.gradable or checked.file is None:
        raise ValueError([str(finding.message) for finding in checked.findings])
    return resolve(checked.file)


def scores(part: Part, policy: Policy) -> list[Attempt]:
    """What may stand in a part's cell; as in a class that was read, equal cells share their values."""
    if part.graded == "pass-fail":
        return [Attempt("passed")] * 19 + [Attempt("missing")]
    most = part.max if part.max is not None else Fraction(policy.scale.top)
    least = most / 4 if part.max is not None else Fraction(1)
    halves = range(int(least * 2), int(most * 2) + 1)
    return [Attempt("scored", Fraction(n, 2)) for n in halves] + [Attempt("missing"), Attempt("excused")]


def times(part: Part) -> list[When | None]:
    """When something may have come: every hour of the days around the deadline, most of them before it."""
    due = part.dues[0]
    if due is None or part.late is None:
        return [None]
    first = due.day.toordinal() - 8
    days = [due.day.fromordinal(first + n) for n in range(11)]
    return [read_when(f"{day} {hour:02}:30") for day in days for hour in range(24)]


def students(policy: Policy, number: int, name: str) -> Iterator[Student]:
    """A class for the policy of this name."""
    dice = random.Random(7)
    pools = [(part, scores(part, policy), times(part)) for part in policy.leaves()]
    waiting = Attempt("ungraded")
    open_cells, different = "open" in name, name in DIFFERENT
    levels = ["active", "passive", None, None] if policy.activity else [None]

    def moment(whens: Sequence[When | None]) -> When | None:
        when = dice.choice(whens)
        if when is None or not different:
            return when
        return When(when.at + timedelta(seconds=dice.randrange(-1800, 1800), microseconds=dice.randrange(10**6)), True)

    for n in range(number):
        attempts = {}
        for part, cells, whens in pools:
            several = []
            for _ in range(dice.choice((1, 1, len(part.dues)))):
                cell = waiting if open_cells and dice.random() < 0.05 else dice.choice(cells)
                several.append(cell._replace(submitted=moment(whens)) if cell.state == "scored" else cell)
            attempts[part.id] = tuple(several)
        yield Student(f"{n:07}", attempts=attempts, level=dice.choice(levels))


def seconds(grade: Callable[[Student], object], many: Iterable[Student]) -> float:
    """Of the processor, to grade them all; nothing is kept."""
    begin = time.process_time()
    for student in many:
        grade(student)
    return time.process_time() - begin


class Rate(NamedTuple):
    """Students per second under one policy."""

    judged: float
    told: float
    pace: float = 1.0
    """In the middle of those taken before, between and after."""


def rate(many: Sequence[Student], policy: Policy) -> Rate:
    """Verdicts of everybody, and results with every step."""
    grading: Any = __import__("kurssi.grading", fromlist=["Grader"])
    paces = [pace()]
    grader = grading.Grader(policy)
    judged = len(many) / seconds(grader.judge, many)
    paces.append(pace())
    grader = grading.Grader(policy)
    tell: Callable[[Student], object] = grader.grade
    if hasattr(grading, "Explainer"):  # else a version whose results hold their steps
        steps = grading.Explainer(policy).steps

        def tell(student: Student) -> object:
            return steps(grader.grade(student))

    told = len(many) / seconds(tell, many)
    paces.append(pace())
    return Rate(judged, told, statistics.median(paces))


def other(source: str, name: str, number: int) -> Rate:
    """The rates of another version, in a process of its own, on the first so many of the same students."""
    command = [sys.executable, "-m", "benchmarks.core", "--only", name, "--students", str(number)]
    paths = os.pathsep.join([source, os.getcwd()])
    found = subprocess.run(command, env={**os.environ, "PYTHONPATH": paths}, check=True, capture_output=True)
    return Rate(*json.loads(found.stdout))


def main() -> None:
    """Prints a line per policy."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.core")
    parser.add_argument("--students", type=int, default=1_000_000)
    parser.add_argument("--against", metavar="SRC")
    parser.add_argument("--only", metavar="POLICY", help="the rates of one policy as JSON")
    asked = parser.parse_args()
    gc.disable()
    every = {**POLICIES, **DIFFERENT}
    if asked.only:
        policy = policy_of(every[asked.only])
        print(json.dumps(rate(list(students(policy, asked.students, asked.only)), policy)))
        return
    print(f"{'students/s, ' + str(asked.students) + ' students':56} {'grades':>9} {'steps':>9}")
    for name, text in every.items():
        policy = policy_of(text)
        found = rate(list(students(policy, asked.students, name)), policy)
        line = f"{name:56} {found.judged:9,.0f} {found.told:9,.0f}"
        if asked.against and name in DIFFERENT:
            before = other(asked.against, name, max(1000, asked.students // 200))
            line += f"  before {before.judged:7,.0f} {before.told:7,.0f}"
            line += f"  × {found.judged / before.judged:.0f} × {found.told / before.told:.0f} (goals 40, 15)"
        elif name in POLICIES:
            judged, told = found.judged * found.pace, found.told * found.pace
            line += f"  at that pace {judged:9,.0f} {told:9,.0f}"
            line += "  missed" if judged < GRADES or told < STEPS else ""
        print(line, flush=True)
    print(f"{'goal 7':56} {GRADES:9,.0f} {STEPS:9,.0f}")


if __name__ == "__main__":
    main()
