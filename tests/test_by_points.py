"""Points that are added up, and the most that parts count as, through the command line."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from kurssi.cli import run

HEAD = """kurssi: 1
course: {code: KH1, name: Palvelumuotoilu, credits: 5}
implementation: {id: KH1-2024, language: en}
assessment:
  evaluation_scale: 0-5
  basis: percent
  boundaries: [50, 60, 70, 80, 90]
"""
ALL = (
    HEAD
    + """  weigh: by-points
  parts:
    - {id: work, graded: points, max: 20}
    - {id: exam, graded: points, max: 40}
"""
)
EXTRA = ALL + "    - {id: extra, graded: points, max: 6, bonus: true}\n"
HALF = (
    HEAD
    + """  parts:
    - id: work
      weight: 50
      weigh: by-points
      cap: 100 %
      parts: [{id: ex, graded: points, max: 40}, {id: project, graded: points, max: 8, bonus: true}]
    - {id: exam, weight: 50}
"""
)
BEST = (
    HEAD
    + """  parts:
    - id: work
      weigh: by-points
      best: 2
      parts: [{id: ex, repeat: 3, graded: points, max: 10}, {id: extra, graded: points, max: 5, bonus: true}]
"""
)


@pytest.fixture
def graded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """Grades and verifies; the students as the JSON has them, and what `explain` says of the last."""
    monkeypatch.chdir(tmp_path)

    def grade(policy: str, *rows: str) -> tuple[list[Any], str]:
        Path("x.yaml").write_text(policy, "utf-8")
        Path("s.csv").write_text("\n".join(rows) + "\n", "utf-8")
        assert run(["validate", "x.yaml", "--lang", "en"]) == 0, capsys.readouterr().out
        assert run(["grade", "x.yaml", "s.csv", "-o", "r.json", "-o", "r.xlsx", "--lang", "en"]) == 0
        assert run(["verify", "r.json", "--lang", "en"]) == 0, capsys.readouterr().out
        capsys.readouterr()
        assert run(["explain", "x.yaml", rows[-1].split(",")[0], "s.csv", "--lang", "en"]) == 0
        return json.loads(Path("r.json").read_text("utf-8"))["students"], capsys.readouterr().out

    return grade


def test_the_points_of_all_parts_are_added_up(graded: Any) -> None:
    students, said = graded(ALL, "student,work,exam", "1,20,10", "2,10,20", "3,0,30")
    assert [(s["exact"], s["grade"]) for s in students] == [("50", 1)] * 3
    assert "0 (work) + 30 (exam) = 30, of 60 points 50 %" in said


def test_what_is_excused_leaves_both_sums(graded: Any) -> None:
    students, said = graded(EXTRA, "student,work,exam,extra", "1,10,20,6", "2,EX,20,4")
    assert [Fraction(s["exact"]) for s in students] == [Fraction(100 * 36, 60), Fraction(100 * 24, 40)]
    assert "50 + 15 % × 66.666… (200/3) = 60" in said


def test_a_capped_sum_of_points_with_a_bonus(graded: Any) -> None:
    students, said = graded(HALF, "student,ex,project,exam", "1,38,8,3")
    assert students[0]["parts"]["work"]["value"] == "100"
    assert (students[0]["exact"], students[0]["grade"]) == ("80", 4)
    assert "115 counts as 100, which is the most" in said
    assert [s["step"] for s in students[0]["steps"] if s["step"] in ("mean", "bonus", "cap")] == [
        "mean", "bonus", "cap", "mean",
    ]  # fmt: skip


def test_only_the_best_of_equal_points(graded: Any) -> None:
    students, _ = graded(BEST, "student,ex1,ex2,ex3,extra", "1,10,4,6,2", "2,EX,EX,5,1", "3,10,8,0,")
    assert [Fraction(s["exact"]) for s in students] == [Fraction(100 * 18, 20), Fraction(100 * 6, 10), 90]


def test_a_cap_on_the_whole_comes_before_activity(graded: Any) -> None:
    policy = EXTRA.replace("  weigh", "  cap: 90\n  activity: {levels: {active: 5}}\n  weigh")
    students, said = graded(policy, "student,work,exam,extra,activity", "1,20,40,6,active", "2,9,0,0,active")
    assert [Fraction(s["exact"]) for s in students] == [95, 20]
    students, said = graded(policy, "student,work,exam,extra,activity", "1,20,40,6,active")
    assert "110 counts as 90, which is the most" in said


def test_the_page_says_points_and_cap(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(EXTRA.replace("  weigh", "  cap: 100 %\n  weigh"), "utf-8")
    assert run(["plan", str(path), "-o", str(tmp_path / "page.md"), "--lang", "en"]) == 0, capsys.readouterr()
    said = " ".join((tmp_path / "page.md").read_text("utf-8").split())
    assert "The total is all points together, in per cent." in said
    assert "Points are added up, of 60: work 20, exam 40." in said
    assert "On top come up to 6 bonus points of extra." in said
    assert "Together they count at most as 100 %." in said
    assert "weight is shared out" not in said
