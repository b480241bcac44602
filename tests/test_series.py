"""Parts that are repeated: one line in the file, as many parts in everything else (contract 11.8)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from class_reports import files, report
from kurssi.cli import run
from kurssi.course.check import check
from kurssi.diagnostics.finding import Severity

HEAD = """kurssi: 1
course: {code: KH1, name: Ohjelmointi, credits: 5}
implementation: {id: KH1-2026, timing: {start: 2026-01-12, end: 2026-05-18}}
assessment:
  evaluation_scale: 0-5
  late: {deduct: 1, per: day, not_below: 1}
  parts:
"""
EXERCISES = """\
    - id: work
      name: Tehtävät
      weight: 40
      best: 2
      parts:
        - {id: vt, name: Viikkotehtävä, repeat: 3, due: {first: 2026-02-09 23:59, every: 7 d, except: [2026-02-16]}}
    - {id: exam, name: Tentti, weight: 60}
"""
SHARED = "    - {id: vt, repeat: 3, weight: 40, column: Quiz}\n    - {id: exam, weight: 60}\n"
WRITTEN = """\
    - {id: vt1, weight: 40/300, column: Quiz 1}
    - {id: vt2, weight: 40/300, column: Quiz 2}
    - {id: vt3, weight: 40/300, column: Quiz 3}
    - {id: exam, weight: 60}
"""


@pytest.fixture
def plan(tmp_path: Path) -> Any:
    def write(parts: str, sheet: str = "", name: str = "plan") -> list[str]:
        return files(tmp_path, HEAD + parts, sheet, name)

    return write


def test_deadlines_follow_each_other_but_for_the_days_left_out(plan: Any, capsys: pytest.CaptureFixture[str]) -> None:
    sheet = "student,Viikkotehtävä 1,Viikkotehtävä 2,vt2 submitted,vt3,Tentti\n1,5,4,2026-02-23 23:59,3,4\n"
    found = report(plan(EXERCISES, sheet), capsys)
    work = found["policy"]["resolved"]["parts"][0]
    assert [part["id"] for part in work["parts"]] == ["vt1", "vt2", "vt3"]
    assert [part["dues"] for part in work["parts"]] == [
        ["2026-02-09 23:59"],
        ["2026-02-23 23:59"],
        ["2026-03-02 23:59"],
    ]
    # the best two of 5, 4 (on time) and 3
    assert found["students"][0]["exact"] == "4.2"


def test_a_series_is_what_its_parts_are_when_written_out(plan: Any, capsys: pytest.CaptureFixture[str]) -> None:
    sheet = "student,Quiz 1,Quiz 2,Quiz 3,exam\n1,5,4,2,3\n2,1,-,3,4\n"
    short = report(plan(SHARED, sheet), capsys)
    long = report(plan(WRITTEN, sheet, "long"), capsys)
    assert short["policy"] == long["policy"]
    assert [s["exact"] for s in short["students"]] == [s["exact"] for s in long["students"]]
    assert short["students"][0]["exact"] == "49/15"  # (5 + 4 + 2) × 0.4 / 3 + 3 × 0.6


def test_a_finding_of_all_is_said_once_at_the_line_of_the_series() -> None:
    raw = HEAD + "    - {id: vt, repeat: 3, weight: 40, graded: points}\n    - {id: exam, weight: 60}\n"
    found = check(raw.encode(), "plan.yaml").findings
    assert [(f.rule, f.place.line) for f in found] == [("points-without-max", 8)] or len(found) == 1
    assert all(f.place.line == 8 for f in found)


def test_a_finding_behind_a_series_stands_at_its_own_line() -> None:
    raw = HEAD + "    - {id: vt, repeat: 3, weight: 40}\n    - {id: exam, weight: 60, due: 2026-06-01}\n"
    (found,) = check(raw.encode(), "plan.yaml").findings
    assert (found.rule, found.place.line, found.path) == (
        "deadline-after-end",
        9,
        ("assessment", "parts", 1, "due"),
    )


def test_steps_point_at_the_line_of_the_series(plan: Any, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = plan(EXERCISES, "student,vt1,vt2,vt3,exam\n1,5,4,3,4\n")
    assert run(["explain", arguments[0], "1", arguments[1]]) == 0
    shown = capsys.readouterr().out
    assert "Viikkotehtävä 1–3\n" in shown
    assert "3         grade 3 (does not count: others are better)" in shown
    assert shown.count("[plan.yaml:13]") == 3


def test_the_report_of_a_series_is_verified(plan: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = report(plan(EXERCISES, "student,vt1,vt2,vt3,exam\n1,5,4,3,4\n"), capsys)
    (tmp_path / "report.json").write_text(json.dumps(found), "utf-8")
    assert run(["verify", str(tmp_path / "report.json")]) == 0, capsys.readouterr().out


def test_the_page_names_a_series_in_one_breath(plan: Any, tmp_path: Path) -> None:
    page = tmp_path / "plan.md"
    assert run(["plan", plan(EXERCISES)[0], "-o", str(page)]) == 0
    text = page.read_text("utf-8")
    assert "All count equally: Viikkotehtävä 1–3." in text
    assert "**Viikkotehtävä 1–3:**" in text
    assert "Due 9 Feb 2026 23:59, 23 Feb 2026 23:59, 2 Mar 2026 23:59." in text
    assert run(["plan", plan(SHARED)[0], "-o", str(page)]) == 0
    assert "Weights: vt1–vt3 2/15 each, exam 60 %." in page.read_text("utf-8")


def test_the_policy_names_what_is_alike_together(plan: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["policy", plan(EXERCISES)[0]]) == 0
    shown = capsys.readouterr().out
    assert "Viikkotehtävä 1–3: the first started day takes" in shown


def test_what_changed_for_all_is_said_once(plan: Any, capsys: pytest.CaptureFixture[str]) -> None:
    old, new = plan(SHARED)[0], plan(SHARED.replace("40,", "70,").replace("60}", "30}"), name="new")[0]
    run(["compare", old, new])
    shown = capsys.readouterr().out
    assert "vt1, weight: 2/15 → 7/30" in shown
    assert "vt2, weight" not in shown


def test_last_years_series_moves_with_the_course(plan: Any, tmp_path: Path) -> None:
    new = tmp_path / "new.yaml"
    assert run(["new", "--from", plan(EXERCISES)[0], "--weeks", "52", "--id", "KH1-2027", "-o", str(new)]) == 0
    assert "{first: 2027-02-08 23:59, every: 7 d, except: [2027-02-15]}" in new.read_text("utf-8")


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ("{id: vt, repeat: 1}", "1 is not how often something is repeated"),
        ("{id: vt, repeat: 61}", "61 is not how often"),
        ("{id: vt, repeat: kaksi}", "is not how often"),
        ("{id: vt, repeat: 3, due: {first: 2026-02-09 23:59, every: 12 h}}", "“12 h” is less than a day"),
        ("{id: vt, repeat: 3, due: {first: 2026-02-09 23:59}}", "the key “every” is missing in"),
        ("{id: vt, repeat: 60, due: {first: 2199-01-19 23:59, every: 500 w}}", "vt2 would be due after the year 2199"),
        ("{id: vt, repeat: 12, weight: 1/3}", "the weights sum to 1/3, not 100 %: 12 × 1/36"),
        ("{id: vt, due: {first: 2026-02-09 23:59, every: 7 d}}", "vt is there once"),
        ("{id: vt, repeat: 3, parts: [{id: a}, {id: b}]}", "only a part with scores of its own can be repeated"),
    ],
)
def test_what_is_wrong_with_a_series(plan: Any, part: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["validate", plan(f"    - {part}\n")[0]]) == 1
    assert said in " ".join(capsys.readouterr().out.split())


def test_deadlines_that_no_calendar_has() -> None:
    days = ", ".join(f"2024-01-{n:02}" for n in range(1, 32))
    part = f"{{id: vt, repeat: 60, due: {{first: 2199-02-09 23:59, every: 5200 w, except: [{days}, {days}, {days}]}}}}"
    found = check(f"{HEAD}    - {part}\n".encode(), "plan.yaml").findings
    assert [finding.rule for finding in found if finding.severity is Severity.error] == ["series"]


def test_an_id_that_one_of_a_series_takes_is_not_free(plan: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["validate", plan("    - {id: vt, repeat: 3}\n    - {id: vt2}\n")[0]]) == 1
    assert "vt2" in capsys.readouterr().out
