"""Classes made up for measuring: the same bytes every time."""

from __future__ import annotations

import random
from pathlib import Path

HEADER = ["student", "name", "group_work", "group_work submitted", "individual", "individual submitted", "exam"]
COLUMNS = [*HEADER, "peer_review", "activity"]


def implementation(*, peers: bool = False) -> str:
    """The policy of the reference job: 40/40/20, half a grade per started day, a cut-off, activity, a gate.

    With ``peers`` group work gets one score per group, and peer marks move half of it.
    """
    group_work = "by: group, peer: {method: webpa, weight: 50 %}, " if peers else ""
    return f"""\
kurssi: 1
course: {{code: KH00BT03, name: Benchmark, credits: 5}}
implementation: {{id: bench, timing: {{start: 2024-01-15, end: 2024-03-18}}}}
assessment:
  evaluation_scale: H-5
  parts:
    - {{id: group_work, {group_work}weight: 40, due: 2024-03-04 23:59}}
    - {{id: individual, weight: 40, due: 2024-03-11 23:59}}
    - {{id: exam, weight: 20}}
    - {{id: peer_review, graded: pass-fail}}
  late: {{deduct: 0.5, per: day, not_below: 1, closes: 7 d}}
  activity: {{levels: {{active: 0.5, passive: -0.5}}}}
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
    return _csv([COLUMNS, *rows(students)])


def _csv(table: list[list[str]]) -> str:
    return "\n".join(",".join(row) for row in table) + "\n"


def reference_sheets(students: int) -> tuple[list[list[str]], list[list[str]], list[list[str]]]:
    """The three sheets of the reference job, each with its header: students, groups of four, and peer marks."""
    dice = random.Random(20240311)
    all_rows = rows(students)
    group_of = {row[0]: f"G{number // 4 + 1}" for number, row in enumerate(all_rows)}
    class_ = [["student", "name", "group", *COLUMNS[4:]]]
    class_ += [[*row[:2], group_of[row[0]], *row[4:]] for row in all_rows]
    groups = [["group", "group_work", "group_work submitted"]]
    groups += [[group_of[row[0]], *row[2:4]] for row in all_rows[::4]]
    peers = [["from", "to", "effort"]]
    for marker, group in group_of.items():
        others = [member for member, theirs in group_of.items() if theirs == group and member != marker]
        peers += [[marker, member, str(dice.randint(2, 5))] for member in others]
    return class_, groups, peers


def reference_files(students: int, folder: Path) -> list[Path]:
    """The three sheets of the reference job as CSV, in the order that the scripts beside kurssi take."""
    paths = [folder / name for name in ("scores.csv", "groups.csv", "peers.csv")]
    for path, table in zip(paths, reference_sheets(students), strict=True):
        path.write_text(_csv(table), "utf-8")
    return paths


def workbook(table: list[list[str]], path: Path) -> None:
    """A sheet of students as a workbook: scores as numbers, student numbers as text."""
    from openpyxl import Workbook

    header, *body = table
    scores = [header.index(part) for part in ("group_work", "individual", "exam") if part in header]
    book = Workbook()
    target = book.active
    target.append(header)
    for row in body:
        target.append([float(cell) if index in scores else cell for index, cell in enumerate(row)])
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


def with_seconds(sheet: Path, path: Path, odd: str = "") -> None:
    """The same table with nearly all times different; ``odd`` is written behind the name of one student."""
    dice = random.Random(20240305)
    with sheet.open(encoding="utf-8") as lines, path.open("w", encoding="utf-8") as file:
        for number, line in enumerate(lines):
            cells = line.split(",")
            if number:
                for at in (COLUMNS.index("group_work submitted"), COLUMNS.index("individual submitted")):
                    cells[at] += f":{dice.randint(0, 59):02}"
            if number == 1000:
                cells[1] += odd
            file.write(",".join(cells))


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
