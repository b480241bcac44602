"""Goal 16: a class of 40 under a policy with one of the later constructs, against the same scores under a plain one.

Both grade the same sheet, so that only the policy differs, and all of it is read, graded and shown by `kurssi grade`.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

from .inputs import COLUMNS, rows
from .measure import KURSSI, Ran, run_for, watched

STUDENTS = 40
PAIRS = 11
MOST = 1.15

HEAD = """\
kurssi: 1
course: {code: KH00BT03, name: Benchmark, credits: 5}
implementation: {id: bench, timing: {start: 2024-01-15, end: 2024-03-18}}
assessment:
"""
LATE = "  late: {deduct: 0.5, per: day, not_below: 1, closes: 7 d}\n"
ACTIVITY = "  activity: {levels: {active: 0.5, passive: -0.5}}\n"
GRADES = "  evaluation_scale: H-5\n"
PERCENT = "  evaluation_scale: H-5\n  basis: percent\n  boundaries: [50, 60, 70, 80, 90]\n"
GROUP_WORK = "    - {id: group_work, weight: 40, due: 2024-03-04 23:59}\n"
INDIVIDUAL = "    - {id: individual, weight: 40, due: 2024-03-11 23:59}\n"
EXAM = "    - {id: exam, weight: 20}\n"
REVIEW = "    - {id: peer_review, graded: pass-fail}\n"
PARTS = "  parts:\n" + GROUP_WORK + INDIVIDUAL + EXAM + REVIEW
PLAIN = GRADES + PARTS + LATE + ACTIVITY


class Construct(NamedTuple):
    """Two policies over the same scores, and what is written beside the reference class for them."""

    name: str
    plain: str
    new: str
    columns: Sequence[str] = ()
    """Headings of more columns."""
    cells: Sequence[str] = ()
    """What their cells are drawn from."""


def weeks(number: int) -> tuple[str, ...]:
    """Headings of weekly tasks."""
    return tuple(f"wk{week + 1}" for week in range(number))


def constructs() -> list[Construct]:
    """One of each kind."""
    return [*_choosing(), *_requirements(), *_late(), *_attempts(), *_leaves(), *_sums()]


def _choosing() -> list[Construct]:
    second = "".join(
        f"        - {{id: {part}_b, name: {part} again, takes: {part}, {how}}}\n"
        for part, how in (
            ("group_work", "weight: 20"),
            ("individual", "weight: 20"),
            ("exam", "weight: 60"),
            ("peer_review", "graded: pass-fail"),
        )
    )
    first = (GROUP_WORK + INDIVIDUAL + EXAM + REVIEW).replace("    - ", "        - ")
    ways = f"  ways:\n    - id: even\n      parts:\n{first}    - id: mostly_exam\n      parts:\n{second}"
    return [Construct("takes, ways", PLAIN, GRADES + ways + LATE + ACTIVITY)]


def _requirements() -> list[Construct]:
    demands = "  requires:\n    1: {peer_review: pass}\n    3: {exam: 2}\n    5: {exam: 4, individual: 4}\n"
    bare = PARTS.replace("weight: 40, ", "").replace(", weight: 20", "")
    seminars = ("sem1", "sem2", "sem3")
    three = "".join(f"        - {{id: {one}, graded: pass-fail}}\n" for one in seminars)
    part = "    - id: seminars\n      need: 2\n      parts:\n"
    return [
        Construct("requires", PLAIN, PLAIN + demands),
        Construct(
            "basis: requirements", GRADES + PARTS + LATE, GRADES + "  basis: requirements\n" + bare + LATE + demands
        ),
        Construct(
            "need",
            GRADES + PARTS + three.replace("        -", "    -") + LATE + ACTIVITY,
            GRADES + PARTS + part + three + LATE + ACTIVITY,
            seminars,
            ("HYV", "HYV", "-"),
        ),
    ]


def _late() -> list[Construct]:
    def policy(more: str, plain: str = PLAIN) -> str:
        return plain.replace("7 d}", f"7 d, {more}}}")

    friday = PLAIN.replace("2024-03-11", "2024-03-08")
    whole = PLAIN.replace("0.5, passive: -0.5}", "1, passive: -1}")
    return [
        Construct("free: at_most, whole", PLAIN, policy("free: {budget: 4 d, at_most: 2 d, whole: true}")),
        Construct("skip", friday, policy("skip: [saturday, sunday, holidays]", friday)),
        Construct("adjust: steps", whole, whole.replace("passive: -1}", "passive: -1}, adjust: steps")),
    ]


def _attempts() -> list[Construct]:
    def policy(how: str) -> str:
        return PLAIN.replace(EXAM, f"    - {{id: exam, weight: 20, retakes: 1, attempt: {how}}}\n")

    again = ("exam 2",), ("", "", "3", "4")
    return [
        Construct("attempt: gain", policy("best"), policy("{gain: 50 %}"), *again),
        Construct("attempt: mean", policy("best"), policy("mean"), *again),
    ]


def _leaves() -> list[Construct]:
    def policy(part: str) -> str:
        return PLAIN.replace(EXAM, "    - {id: exam, weight: 10}\n" + part)

    criteria = ("content", "structure", "language", "sources")
    levels = "{0: Misses the task., 1: Lists things., 3: Gives reasons., 5: Weighs its sources.}"
    essay, thesis = "    - id: essay\n      weight: 10\n", "    - id: thesis\n      weight: 10\n"
    own = "".join(f"        - {{id: essay_{one}, name: essay {one}, weight: 25}}\n" for one in criteria)
    rubric = "".join(f"        - {{id: {one}, weight: 25, levels: {levels}}}\n" for one in criteria)
    two = "".join(f"        - {{id: thesis_{one.lower()}, name: thesis {one}, weight: 50}}\n" for one in "AB")
    markers = "      markers: {of: [A, B], agree: mean, within: 1}\n"
    weekly = "    - id: weekly\n      weight: 10\n      parts:\n"
    twelve = "".join(f"        - {{id: {one}, weight: 1/12}}\n" for one in weeks(12))
    repeat = "        - {id: wk, repeat: 12}\n"
    grades = ("1", "3", "3", "5")
    return [
        Construct(
            "rubric",
            policy(f"{essay}      parts:\n{own}"),
            policy(f"{essay}      rubric:\n{rubric}"),
            tuple(f"essay {one}" for one in criteria),
            grades,
        ),
        Construct(
            "markers",
            policy(f"{thesis}      parts:\n{two}"),
            policy(thesis + markers),
            ("thesis A", "thesis B"),
            ("3", "4"),
        ),
        Construct("repeat", policy(weekly + twelve), policy(weekly + repeat), weeks(12), grades),
    ]


def _sums() -> list[Construct]:
    late = LATE.replace("0.5, per: day, not_below: 1", "10 %, of: max, per: day")
    tasks = weeks(4)
    points = [*((one, 5, f", due: 2024-03-{day} 23:59") for one, day in (("group_work", "04"), ("individual", "11")))]
    points += [("exam", 5, ""), *((one, 10, "") for one in tasks)]

    def policy(how: str, weight: str) -> str:
        parts = [f"    - {{id: {one}, {weight}graded: points, max: {most}{due}}}\n" for one, most, due in points]
        return PERCENT + how + "  parts:\n" + "".join(parts) + REVIEW + late + ACTIVITY

    extra = GRADES + PARTS + "    - {id: extra, graded: points, max: 60, bonus: "
    steps = "{steps: [{from: 40 %, add: 0.25}, {from: 60 %, add: 0.5}], only_if: [exam]}}\n"
    bonus = "true, weight: 10, linear: {1: 50 %, 5: 90 %}}\n"
    end = LATE + ACTIVITY
    return [
        Construct(
            "by-points", policy("", "weight: 1/7, "), policy("  weigh: by-points\n", ""), tasks, ("4", "7", "10")
        ),
        Construct("bonus: steps", extra + bonus + end, extra + steps + end, ("extra",), ("20", "30", "40", "60")),
    ]


def sheet(construct: Construct) -> str:
    """The reference class, with what the construct asks for beside it."""
    dice = random.Random(20240318)
    header = [*COLUMNS, *construct.columns]
    table = [header, *([*row, *(dice.choice(construct.cells) for _ in construct.columns)] for row in rows(STUDENTS))]
    if "activity" not in construct.plain:
        at = COLUMNS.index("activity")
        table = [[*row[:at], *row[at + 1 :]] for row in table]
    return "\n".join(",".join(row) for row in table) + "\n"


def compare(construct: Construct, folder: Path) -> str:
    """A line with the medians of one construct."""
    scores = folder / "scores.csv"
    scores.write_text(sheet(construct), "utf-8")
    commands = []
    for name, policy in (("new", construct.new), ("plain", construct.plain)):
        path = folder / f"{name}.yaml"
        path.write_text(HEAD + policy, "utf-8")
        commands.append([KURSSI, "grade", str(path), str(scores)])
        if "0000039" not in run_for([*commands[-1], "--format", "csv"]):  # which is the warm-up, too
            raise SystemExit(f"{construct.name}: the {name} policy does not grade the class")
    runs = [(watched(commands[0]), watched(commands[1])) for _ in range(PAIRS)]

    def ratio(of: Callable[[Ran], float]) -> float:
        return median(of(new) / of(plain) for new, plain in runs)

    wall, cpu = ratio(lambda ran: ran.seconds), ratio(lambda ran: ran.cpu)
    milliseconds = 1000 * median(new.cpu for new, _ in runs)
    missed = "" if cpu <= MOST else "  missed"
    return f"16 {construct.name:39} {wall:7.3f} {cpu:7.3f} {MOST:7.2f}  {milliseconds:8.0f}{missed}"


def show(folder: Path) -> None:
    """Measures every construct; a machine that is busy is judged by the time of its processor."""
    print(f"{'new construct / plain, a class of 40':42} {'wall':>7} {'CPU':>7} {'goal':>7}  {'CPU ms':>8}")
    for construct in constructs():
        print(compare(construct, folder), flush=True)
