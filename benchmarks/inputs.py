"""Classes made up for measuring: the same bytes every time."""

from __future__ import annotations

import random
from pathlib import Path

HEADER = ["student", "name", "group_work", "group_work submitted", "individual", "individual submitted", "exam"]
COLUMNS = [*HEADER, "peer_review", "activity"]


def implementation() -> str:
    """The policy of the reference job: 40/40/20, half a grade per started day, a cut-off, activity, a gate."""
    return """\
kurssi: 1
course: {code: KH00BT03, name: Benchmark, credits: 5}
implementation: {id: bench, timing: {start: 2024-01-15, end: 2024-03-18}}
assessment:
  evaluation_scale: H-5
  parts:
    - {id: group_work, weight: 40, due: 2024-03-04 23:59}
    - {id: individual, weight: 40, due: 2024-03-11 23:59}
    - {id: exam, weight: 20}
    - {id: peer_review, graded: pass-fail}
  late: {deduct: 0.5, per: day, not_below: 1, closes: 7 d}
  activity: {levels: {active: 0.5, passive: -0.5}}
"""


def implementations(folder: Path, number: int) -> None:
    """A folder of implementations as long as the shipped one, each with an id and a course code of its own."""
    text = (Path(__file__).parent.parent / "implementations" / "KH00BT03-2024.yaml").read_text("utf-8")
    text = text[: text.index("\nscores:")] + "\n"
    folder.mkdir()
    for n in range(number):
        (folder / f"{n:04}.yaml").write_text(text.replace("KH00BT03", f"KH{n:04}"), "utf-8")


def rows(students: int) -> list[list[str]]:
    """One row per student, in the order of :data:`COLUMNS`."""
    dice = random.Random(20240304)
    grades = [f"{n / 2:g}" for n in range(2, 11)]
    out = []
    for number in range(students):
        day, hour = dice.randint(1, 7), dice.randint(0, 23)
        out.append(
            [
                f"{number:07}",
                f"Student {number}",
                dice.choice(grades),
                f"2024-03-{day:02} {hour:02}:30",
                dice.choice(grades),
                f"2024-03-{day + 7:02} {hour:02}:30",
                dice.choice(grades),
                dice.choice(["HYV"] * 19 + ["-"]),
                dice.choice(["", "", "active", "passive"]),
            ]
        )
    return out


def sheet(students: int) -> str:
    """A class as CSV."""
    return "\n".join(",".join(row) for row in [COLUMNS, *rows(students)]) + "\n"


def workbook(students: int, path: Path) -> None:
    """A class as a workbook: scores as numbers, student numbers as text."""
    from openpyxl import Workbook

    book = Workbook()
    target = book.active
    target.append(COLUMNS)
    for row in rows(students):
        target.append([float(cell) if index in (2, 4, 6) else cell for index, cell in enumerate(row)])
    book.save(path)


def large_sheet(students: int, path: Path) -> None:
    """A very large class as one wide table, with times to the minute."""
    dice = random.Random(20240304)
    grades = [f"{n / 2:g}" for n in range(2, 11)]
    with path.open("w", encoding="utf-8") as file:
        file.write(",".join(COLUMNS) + "\n")
        for number in range(students):
            day, hour, minute = dice.randint(1, 7), dice.randint(0, 23), dice.randint(0, 59)
            review = "-" if dice.random() < 0.05 else "HYV"
            file.write(
                f"{number:07},Student {number},{dice.choice(grades)},2024-03-{day:02} {hour:02}:{minute:02},"
                f"{dice.choice(grades)},2024-03-{day + 7:02} {hour:02}:{minute:02},{dice.choice(grades)},{review},"
                f"{dice.choice(['', '', 'active', 'passive'])}\n"
            )


def large_workbook(students: int, path: Path) -> None:
    """13 columns: text, numbers, and dates as a spreadsheet keeps them."""
    from datetime import datetime, timedelta

    from openpyxl import Workbook

    dice = random.Random(20240304)
    first = datetime(2024, 3, 1)  # noqa: DTZ001 - a workbook knows no zones
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append([*COLUMNS[:7], "exam submitted", *COLUMNS[7:], "group", "email", "remark"])
    for number in range(students):
        scores = [dice.randint(2, 10) / 2 for _ in range(3)]
        times = [first + timedelta(minutes=30 * dice.randint(0, 300)) for _ in range(3)]
        both = [value for pair in zip(scores, times, strict=True) for value in pair]
        said = ["HYV", "active", f"G{number // 5}", f"s{number}@example.fi", dice.choice(["", "note"])]
        sheet.append([f"{number:07}", f"Student {number}", *both, *said])
    book.save(path)
