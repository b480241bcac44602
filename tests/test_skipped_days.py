"""Lateness per day with days that do not count: weekends and public holidays (contract 11.7)."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from class_reports import files, graded
from kurssi.cli import run
from kurssi.policy.skipped_days import Skip

HEAD = """kurssi: 1
course: {code: KH1, name: Ohjelmointi, credits: 5}
implementation: {id: KH1-2026}
assessment:
  evaluation_scale: 0-5
  parts:
    - {id: essay, due: %s, retakes: [{due: 2026-02-20 12:00}]}
"""
WEEKEND = "{deduct: 0.5, per: day, skip: [saturday, sunday]}"
ALL = "{deduct: 0.5, per: day, skip: [saturday, sunday, holidays]}"
FRIDAY = "2026-02-06 12:00"
"""A Friday at noon."""


@pytest.fixture
def plan(tmp_path: Path) -> Any:
    def write(late: str, due: str = FRIDAY, came: str = "") -> list[str]:
        sheet = f"student,essay,essay submitted\n1,5,{came}\n" if came else ""
        return files(tmp_path, f"{HEAD % due}  late: {late}\n", sheet)

    return write


def units(arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> int:
    """The late units of the one student, which ``verify`` counts alike."""
    found: int = graded(arguments, tmp_path, capsys)["students"][0]["parts"]["essay"]["attempts"][0]["units"]
    return found


@pytest.mark.parametrize(
    ("late", "due", "came", "wanted"),
    [
        (WEEKEND, FRIDAY, "2026-02-06 12:00", 0),
        (WEEKEND, FRIDAY, "2026-02-06 12:01", 1),  # the unit that began on Friday at noon …
        (WEEKEND, FRIDAY, "2026-02-07 18:00", 1),
        (WEEKEND, FRIDAY, "2026-02-09 12:00", 1),  # … ends on Monday at noon
        (WEEKEND, FRIDAY, "2026-02-09 12:01", 2),
        (WEEKEND, FRIDAY, "2026-02-16 12:01", 7),
        ("{deduct: 0.5, per: day}", FRIDAY, "2026-02-16 12:01", 11),
        (WEEKEND, "2026-02-07 12:00", "2026-02-08 18:00", 0),  # due on a Saturday: nothing begins before Monday
        (WEEKEND, "2026-02-07 12:00", "2026-02-09 12:00", 0),
        (WEEKEND, "2026-02-07 12:00", "2026-02-09 12:01", 1),
        (WEEKEND, "2026-02-06", "2026-02-09 23:00", 1),
        (ALL, "2026-04-02 12:00", "2026-04-07 12:00", 1),  # Maundy Thursday; Good Friday to Easter Monday do not count
        (ALL, "2026-04-02 12:00", "2026-04-07 12:01", 2),
        (WEEKEND, "2026-04-02 12:00", "2026-04-07 12:00", 3),
        ("{deduct: 0.5, per: day, skip: [holidays], holidays: SE}", "2026-06-05 12:00", "2026-06-06 12:01", 1),
        ("{deduct: 0.5, per: day, skip: [holidays]}", "2026-06-05 12:00", "2026-06-06 12:01", 2),
    ],
)
def test_days_that_do_not_count(
    plan: Any, late: str, due: str, came: str, wanted: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert units(plan(late, due, came), tmp_path, capsys) == wanted


@pytest.mark.parametrize("first", ["2023-12-24", "2024-01-01", "2024-02-28", "2024-12-31", "2025-12-31"])
def test_days_are_counted_across_years(first: str) -> None:
    skip, begin = Skip(("sunday", "holidays"), "FI"), date.fromisoformat(first)
    for number in (0, 1, 2, 7, 8, 365, 366, 367, 800):
        one_by_one = sum(skip.has(begin + timedelta(days=n)) for n in range(number))
        assert skip.among(begin, number) == one_by_one


def test_closing_counts_every_day(plan: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    late = "{deduct: 0.5, per: day, closes: 2 d, skip: [saturday, sunday]}"
    assert run(["grade", *plan(late, came="2026-02-09 08:00"), "--format", "json"]) == 0
    attempt = json.loads(capsys.readouterr().out)["students"][0]["parts"]["essay"]["attempts"][0]
    assert attempt["value"] is None


def test_the_page_and_the_comparison_say_so(plan: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page, new = tmp_path / "plan.md", plan(ALL)[0]
    assert run(["plan", new, "-o", str(page)]) == 0
    said = "Days that do not count: Saturdays, Sundays, public holidays (FI); on them no late day starts and none ends."
    assert said in " ".join(page.read_text("utf-8").split())
    old = tmp_path / "old.yaml"
    old.write_text(f"{HEAD % FRIDAY}  late: {{deduct: 0.5, per: day}}\n", "utf-8")
    assert run(["compare", str(old), new]) == 0
    assert "days that do not count" in " ".join(capsys.readouterr().out.split())


def test_policy_looks_at_late_days_that_there_are(plan: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["policy", plan("{deduct: [0, 2], per: day, closes: 7 d, skip: [saturday, sunday]}")[0]]) == 0
    assert "never used" not in capsys.readouterr().out


def test_the_workbook_names_the_units_as_values(plan: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import openpyxl

    out = tmp_path / "o.xlsx"
    assert run(["grade", *plan(WEEKEND, came="2026-02-09 12:01"), "-o", str(out), "--lang", "en"]) == 0
    text = " ".join(str(c.value) for s in openpyxl.load_workbook(out) for row in s.iter_rows() for c in row if c.value)
    assert "Where days are skipped, late units are a value from kurssi." in text


@pytest.mark.parametrize(
    ("late", "said"),
    [
        ("{deduct: 0.5, per: hour, skip: [saturday]}", "skip leaves out days, but lateness is counted here per hour"),
        ("{deduct: 0.5, per: week, skip: [saturday]}", "skip leaves out days, but lateness is counted here per week"),
        ("{closes: 7 d, skip: [saturday]}", "skip has no meaning: nothing is deducted for a day"),
        (
            "{deduct: 1, skip: [saturday], holidays: FI}",
            "holidays names a country, but public holidays are not skipped",
        ),
        ("{deduct: 1, skip: [holidays], holidays: Narnia}", "the public holidays of Narnia are not known"),
        ("{deduct: 1, skip: [friday]}", "skip cannot be “friday”"),
    ],
)
def test_what_is_wrong_with_it(plan: Any, late: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["validate", plan(late)[0]]) == 1
    assert said in " ".join(capsys.readouterr().out.split())


def test_an_export_has_no_days_to_skip(plan: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "plan.yaml"
    plan(WEEKEND)
    file.write_text(file.read_text("utf-8").replace("{id: essay,", "{id: essay, late_from: export,"), "utf-8")
    assert run(["validate", str(file)]) == 1
    assert "the lateness of an export is a length of time, in which no day can be skipped" in capsys.readouterr().out


def test_verify_refuses_a_country_that_there_is_not(
    plan: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert units(plan(ALL, came="2026-02-09 13:00"), tmp_path, capsys) == 2
    report = tmp_path / "report.json"
    report.write_text(report.read_text("utf-8").replace('"holidays": "FI"', '"holidays": "XX"'), "utf-8")
    assert run(["verify", str(report)]) == 1
    assert "the public holidays of XX are not known" in " ".join(capsys.readouterr().out.split())


def test_an_explanation_says_how_many_days_do_not_count(plan: Any, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = plan(WEEKEND, came="2026-02-09 12:01")
    assert run(["explain", arguments[0], "1", arguments[1], "--lang", "en"]) == 0
    assert "2 days of those in between do not count" in " ".join(capsys.readouterr().out.split())


def test_the_workbook_and_the_student_page_say_so_too(plan: Any, tmp_path: Path) -> None:
    arguments = plan(WEEKEND, came="2026-02-09 12:01")
    report, pages = tmp_path / "report.xlsx", tmp_path / "pages"
    assert run(["grade", *arguments, "--lang", "en", "-o", str(report), "--feedback", str(pages)]) == 0
    told = [row[4] for row in load_workbook(report)["Explanation"].iter_rows(min_row=2, values_only=True)]
    assert any("2 days of those in between do not count" in str(text) for text in told)
    (page,) = pages.glob("*.html")
    assert "2 days of those in between do not count" in page.read_text("utf-8")
