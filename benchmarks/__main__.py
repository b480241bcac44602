"""``python -m benchmarks [start] [class] [second_edition] [validate] [report] [large] [whole] [core]``.

Claims beside their goals, each by its number; all of them take about ten minutes.

Goals 12 and 13 take longer and have commands of their own: ``python -m benchmarks.year`` and
``python -m benchmarks.agree``.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from csv import reader
from importlib.util import find_spec
from pathlib import Path
from statistics import median

from . import second_edition
from .inputs import (
    implementation,
    implementations,
    large_sheet,
    large_workbook,
    reference_files,
    reference_sheets,
    sheet,
    with_seconds,
    workbook,
)
from .measure import BARE, FEWEST, HEAD, KURSSI, Goal, run_for, show, watched

MILLION = 1_000_000


def start() -> list[Goal]:
    """Start-up: goals 1 to 3."""
    one = "implementations/KH00BT03-2024.yaml"
    return [
        Goal("1 kurssi --version / bare", [KURSSI, "--version"], BARE, 1.5),
        Goal("2 kurssi --help / bare", [KURSSI, "--help"], BARE, 7),
        Goal("3 kurssi validate one.yaml / bare", [KURSSI, "validate", one], BARE, 17),
    ]


def a_class(folder: Path) -> list[Goal]:
    """The reference job, a class of 40: goals 4 to 6."""
    plan, xlsx = folder / "plan.yaml", folder / "scores.xlsx"
    plan.write_text(implementation(peers=True), "utf-8")
    sheets = reference_files(40, folder)
    workbook(reference_sheets(40)[0], xlsx)
    grade = [KURSSI, "grade", str(plan), *map(str, sheets)]
    report = [*grade, "-o", str(folder / "report.xlsx"), "--force"]
    goals = [
        Goal("4 grade, 40 students / bare", grade, BARE, 20),
        Goal("5 grade with .xlsx report / bare", report, BARE, 28),
        Goal("6 grade, .xlsx in / .csv in", [KURSSI, "grade", str(plan), str(xlsx), *map(str, sheets[1:])], grade, 1.1),
    ]
    if find_spec("pandas"):
        script = [sys.executable, "-m", "benchmarks.peers.pandas_job", *map(str, sheets)]
        _agree(grade, script)
        goals.append(Goal("4 grade / pandas script", grade, script, 0.6))
    if soffice := shutil.which("soffice"):
        convert = [soffice, "--headless", "--convert-to", "xlsx", "--outdir", str(folder / "out"), str(xlsx)]
        goals.append(Goal("5 grade with report / LibreOffice", report, convert, 0.4))
    return goals


def _agree(grade: list[str], script: list[str]) -> None:
    """Stops where the two do not come to the same grades: then they would not do the same job."""
    ours = run_for([*grade, "--format", "csv"]).lstrip("\ufeff").splitlines()[1:]
    found = {row[0]: row[-3].replace("H", "0") for row in reader(ours)}
    theirs = (line.split() for line in run_for(script).splitlines()[1:])
    if not found or found != {words[0]: words[-1] for words in theirs if len(words[0]) == 7}:
        raise SystemExit("the script and kurssi do not come to the same grades")


def many_files(folder: Path) -> list[Goal]:
    """A thousand implementations: goal 11."""
    thousand, hundred, schema = folder / "thousand", folder / "hundred", folder / "schema.json"
    implementations(thousand, 1000)
    implementations(hundred, 100)
    schema.write_text(run_for([KURSSI, "schema"]), "utf-8")
    validate = [KURSSI, "validate", "--format", "concise", str(thousand)]
    loading = [sys.executable, "-m", "benchmarks.peers.load_yaml", str(thousand)]
    peer = [sys.executable, "-m", "check_jsonschema", "--schemafile", str(schema), *map(str, hundred.glob("*.yaml"))]
    goals = [
        Goal("11 validate 1,000 / CSafeLoader", validate, loading, 1.5),
        Goal("11 validate 100 / check-jsonschema", [*validate[:-1], str(hundred)], peer, 0.2),
    ]
    if taskset := shutil.which("taskset"):
        alone = [taskset, "-c", "0"]
        goals.append(
            Goal("11 validate 1,000: two cores / one", [taskset, "-c", "0,1", *validate], [*alone, *validate], 0.65)
        )
        goals.append(Goal("11 the same on one core", [*alone, *validate], [*alone, *loading], 1.5))
    return goals


def large_report(folder: Path) -> list[Goal]:
    """A class of 100,000 from CSV into a workbook: goal 9."""
    plan, csv = folder / "large.yaml", folder / "large.csv"
    plan.write_text(implementation(), "utf-8")
    csv.write_text(sheet(100_000), "utf-8")
    report = [KURSSI, "grade", str(plan), str(csv), "-o", str(folder / "large.xlsx"), "--force"]
    cells = [sys.executable, "-m", "benchmarks.peers.xlsx_cells", "100000", str(folder / "cells.xlsx")]
    return [Goal("9 100,000 students, .xlsx out / XlsxWriter", report, cells, 1.5)]


def large(folder: Path) -> None:
    """A million students, CSV in and out, and 100,000 rows of a workbook: goals 8 and 10."""
    plan, csv, out, xlsx = (folder / name for name in ("plan.yaml", "large.csv", "out.csv", "large.xlsx"))
    plan.write_text(implementation(), "utf-8")
    large_sheet(MILLION, csv)
    large_workbook(MILLION // 10, xlsx)
    grade = [KURSSI, "grade", str(plan), str(csv), "-o", str(out), "--force"]
    scan = [sys.executable, "-m", "benchmarks.peers.polars_scan", str(csv)]
    goals = []
    if find_spec("polars"):
        goals.append(Goal("8 grade 1 M students / polars scan", grade, scan, 2.2))
        if taskset := shutil.which("taskset"):
            alone = [taskset, "-c", "0"]
            goals.append(Goal("8 the same on one core", [*alone, *grade], [*alone, *scan], 4))
    read = [sys.executable, "-m", "benchmarks.peers.kurssi_read", str(xlsx)]
    other = [sys.executable, "-m", "benchmarks.peers.openpyxl_read", str(xlsx)]
    goals.append(Goal("10 read 100,000 rows .xlsx / openpyxl", read, other, 0.125))
    show(goals)
    ran = watched(grade)
    print(f"8 grade 1 M students: peak {ran.peak:.0f} MiB in one process (goal 150): {ran.last_line}")


def whole(folder: Path) -> None:
    """200,000 students, CSV in and out: one odd cell, so that all is read whole, against none: goal 15.

    Both ways use all cores they can, so time is that of the processor.
    """
    plan, lines, out = folder / "plan.yaml", folder / "lines.csv", folder / "out.csv"
    plan.write_text(implementation(), "utf-8")
    large_sheet(MILLION // 5, lines)
    with_seconds(lines, folder / "none.csv")
    with_seconds(lines, folder / "odd.csv", " A::B")
    grade = [KURSSI, "grade", str(plan), "-o", str(out), "--force"]
    odd, none = [*grade, str(folder / "odd.csv")], [*grade, str(folder / "none.csv")]
    pairs = [(watched(odd), watched(none)) for _ in range(FEWEST)]
    for what, most, values in (
        ("time, s", 5, [(one.cpu, other.cpu) for one, other in pairs]),
        ("memory, MiB", 8, [(one.peak, other.peak) for one, other in pairs]),
    ):
        ratio = median([one / other for one, other in values])
        both = " / ".join(f"{median(numbers):.0f}" for numbers in zip(*values, strict=True))
        missed = "" if ratio <= most else "  missed"
        print(f"15 one odd cell of 200,000 rows / none, {what}: {ratio:.2f} (goal {most}): {both}{missed}")


def main() -> None:
    """Measures what is asked for, or everything."""
    asked = sys.argv[1:] or ["start", "class", "second_edition", "validate", "report", "large", "whole", "core"]
    print(HEAD)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if "start" in asked:
            show(start())
        if "class" in asked:
            show(a_class(folder))
        if "second_edition" in asked:
            second_edition.show(folder)
        if "validate" in asked:
            show(many_files(folder))
        if "report" in asked:
            show(large_report(folder))
        if "large" in asked:
            large(folder)
        if "whole" in asked:
            whole(folder)
    if "core" in asked:
        subprocess.run([sys.executable, "-m", "benchmarks.core"], check=True)


main()
