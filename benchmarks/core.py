"""``python -m benchmarks.core [--students 1000000]``: students graded per second, in memory (goal 7).

Over several policies, by the plan with states and grades only, by the plan with every step, and by the core that the
plan asks. Seconds are those of the processor, in one process; what the plan learns at first is in them.
"""

from __future__ import annotations

import argparse
import gc
import random
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

from kurssi.course.check import check
from kurssi.grading import Grader
from kurssi.grading.plan import Plan
from kurssi.grading.telling import Teller
from kurssi.policy.model import Part, Policy, resolve
from kurssi.values.classlist import Attempt, Student
from kurssi.values.times import When, read_when

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


def students(policy: Policy, number: int, open_cells: bool) -> Iterator[Student]:
    """A class. ``open_cells``: one cell in twenty is handed in and not graded."""
    dice = random.Random(7)
    pools = [(part, scores(part, policy), times(part)) for part in policy.leaves()]
    waiting = Attempt("ungraded")
    levels = ["active", "passive", None, None] if policy.activity else [None]
    for n in range(number):
        attempts = {}
        for part, cells, whens in pools:
            several = []
            for _ in range(dice.choice((1, 1, len(part.dues)))):
                cell = waiting if open_cells and dice.random() < 0.05 else dice.choice(cells)
                several.append(cell._replace(submitted=dice.choice(whens)) if cell.state == "scored" else cell)
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

    name: str
    judged: float
    told: float
    core: float


def rate(name: str, many: Sequence[Student], policy: Policy) -> Rate:
    """Both of the plan over everybody, and the core over some."""
    few = many[:: max(1, len(many) // 1000)]
    core = Grader(policy)
    judged = len(many) / seconds(Plan(core).judge, many)
    fewer = many[: len(many) // 2]
    told = len(fewer) / seconds(Teller(Plan(core)).result, fewer)
    return Rate(name, judged, told, len(few) / seconds(core.grade, few))


def main() -> None:
    """Prints a line per policy."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.core")
    parser.add_argument("--students", type=int, default=1_000_000)
    asked = parser.parse_args()
    print(f"{'7 students/s, ' + str(asked.students) + ' students':34} {'grades':>9} {'steps':>9} {'core':>9}")
    gc.disable()
    for name, text in POLICIES.items():
        policy = policy_of(text)
        found = rate(name, list(students(policy, asked.students, "open" in name)), policy)
        missed = [
            word for word, value, goal in (("grades", found.judged, 4e5), ("steps", found.told, 6e4)) if value < goal
        ]
        print(
            f"{name:34} {found.judged:9,.0f} {found.told:9,.0f} {found.core:9,.0f}"
            + (f"  missed: {', '.join(missed)}" if missed else "")
        )
    print(f"{'goal':34} {4e5:9,.0f} {6e4:9,.0f}")


if __name__ == "__main__":
    main()
