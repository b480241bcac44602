"""``python -m benchmarks.agree [--students 10000] [--policies 100]``: wrong grades, counted (goal 13).

Generated policies (all of the contract but peer marks) and classes, graded as large classes are graded, and by the
independent model of the contract that the tests have. Status, grade, exact value, rounded value, whether it was raised,
and the reasons have to agree; what differs is counted and printed.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))


import reference
from kurssi.grading import Grader
from strategies import World, assessments, leaves_of, part_cells
from test_reference import plain_reasons

POOL = 12
"""So many different cells, or sets of attempts, of each part; a class draws from them."""


class Class(NamedTuple):
    """A policy, and what the cells of its classes may be."""

    assessment: dict[str, Any]
    pools: dict[str, list[list[dict[str, Any]]]]


@st.composite
def classes(draw: st.DrawFn) -> Class:
    """A policy with cells for each of its parts."""
    assessment, plan = draw(assessments(peers=False, exports=True))
    leaves = list(leaves_of(assessment.get("parts") or assessment["ways"]))
    return Class(assessment, {part["id"]: [draw(part_cells(part, plan)) for _ in range(POOL)] for part in leaves})


def drawn(number: int, start: int) -> list[Class]:
    """So many different policies."""
    found: dict[str, Class] = {}

    @seed(start)
    @settings(
        max_examples=4 * number, deadline=None, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(classes())
    def collect(one: Class) -> None:
        found.setdefault(repr(one.assessment), one)

    collect()
    several = list(found.values())
    random.Random(start).shuffle(several)  # the first ones drawn are the simplest
    return several[:number]


def world(one: Class, students: int, start: int) -> World:
    """A class of so many students. Nothing in it is open: what is within reach the model only searches for."""
    dice = random.Random(start)
    activity = one.assessment.get("activity", {})
    most = activity["attendance"]["of"] if "attendance" in activity else 0
    made = []
    for number in range(students):
        made.append(
            {
                "student": f"{number:07}",
                "group": None,
                "activity": dice.choice(["active", "normal", "passive", None]) if "levels" in activity else None,
                "attended": dice.choice([None, dice.randint(0, most)]) if "attendance" in activity else None,
                "cells": {
                    part: [
                        {**cell, "score": "-" if cell["score"] in ("?", "") else cell["score"]}
                        for cell in dice.choice(pool)
                    ]
                    for part, pool in one.pools.items()
                },
            }
        )
    return World(one.assessment, made)


class Outcome(NamedTuple):
    """What came of one policy."""

    statuses: Counter[str]
    wrong: list[str]


def compare(one: Class, students: int, start: int) -> Outcome:
    """Grades a class in both ways."""
    made = world(one, students, start)
    policy = made.policy()
    model = reference.read_policy(made.assessment, "Europe/Helsinki")
    wanted = reference.grade_class(made.assessment, made.students)
    grader = Grader(policy)
    statuses: Counter[str] = Counter()
    wrong = []
    for student in made.class_list(policy).students:
        found, want = grader.judge(student), wanted[student.student]
        statuses[found.status] += 1
        reasons = plain_reasons([(r.part.id if r.part else "", r.code) for r in found.reasons], model)
        mine = (found.status, found.grade, found.exact, found.rounded, found.raised, reasons)
        theirs = (want.status, want.grade, want.exact, want.rounded, want.raised_to_pass)
        if mine != (*theirs, plain_reasons(want.reasons, model)):
            wrong.append(f"{mine} {theirs} {want.reasons}\n{one.assessment}\n{student.attempts}")
    return Outcome(statuses, wrong)


def main() -> None:
    """Counts, on all cores."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.agree")
    parser.add_argument("--students", type=int, default=10_000, help="of each class")
    parser.add_argument("--policies", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    begin = time.perf_counter()
    several = drawn(asked.policies, asked.seed)
    statuses: Counter[str] = Counter()
    wrong: list[str] = []
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        jobs = [pool.submit(compare, one, asked.students, asked.seed + n) for n, one in enumerate(several)]
        for job in jobs:
            outcome = job.result()
            statuses += outcome.statuses
            wrong += outcome.wrong
    for text in wrong[:5]:
        print(text)
    print(
        f"{statuses.total()} students under {len(several)} policies: {len(wrong)} wrong "
        f"({', '.join(f'{n} {status}' for status, n in sorted(statuses.items()))}; "
        f"{time.perf_counter() - begin:.0f} s)"
    )
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
