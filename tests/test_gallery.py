"""Published policies of real courses (`examples/policies`): each grades its class as it was worked out by hand.

`expected.csv` was written from the page and the contract before kurssi saw the class; `why` has the arithmetic. A grade
with bars between (`0|3|4`) is the range of somebody whose result is still open.
"""

from __future__ import annotations

import csv
import json
import re
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from kurssi.cli import run

GALLERY = Path(__file__).parent.parent / "examples" / "policies"
NAMES = sorted(path.name for path in GALLERY.iterdir() if path.is_dir())
SOURCE = re.compile(r"^# (Source|Lähde|Källa): https?://\S+", re.M)


def policy_of(name: str) -> Path:
    return GALLERY / name / f"{name}.yaml"


def expected_of(name: str) -> dict[str, dict[str, str]]:
    with (GALLERY / name / "expected.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert all(None not in row and row["why"] for row in rows), "a row with too many cells, or without its arithmetic"
    return {row["student"]: row for row in rows}


def report_of(name: str, capsys: pytest.CaptureFixture[str]) -> Any:
    status = run(["grade", str(policy_of(name)), "--format", "json"])
    said = capsys.readouterr()
    assert status == 0, said.err
    return json.loads(said.out)


def test_there_are_twenty_at_least() -> None:
    assert len(NAMES) >= 20


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_found_in_it(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["validate", "--strict", str(policy_of(name))]) == 0, capsys.readouterr().out


@pytest.mark.parametrize("name", NAMES)
def test_it_names_its_source_and_the_page_shows_it(name: str) -> None:
    assert SOURCE.search(policy_of(name).read_text("utf-8"))
    assert f"[{name}]({name}/{name}.yaml)" in (GALLERY / "README.md").read_text("utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_the_class_is_graded_as_by_hand(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    report = report_of(name, capsys)
    expected = expected_of(name)
    assert [student["student"] for student in report["students"]] == list(expected)
    for student in report["students"]:
        row = expected[student["student"]]
        exact = None if student["exact"] is None else Fraction(student["exact"])
        assert exact == (Fraction(row["exact"]) if row["exact"] else None), (student["student"], row["why"])
        grade = "|".join(map(str, student["range"])) if student["grade"] is None else student["label"]
        assert grade == row["grade"], (student["student"], row["why"], student["reasons"])


@pytest.mark.parametrize("name", NAMES)
def test_its_report_holds_when_derived_again(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "report.json").write_text(json.dumps(report_of(name, capsys)), "utf-8")
    assert run(["verify", str(tmp_path / "report.json")]) == 0, capsys.readouterr().out
