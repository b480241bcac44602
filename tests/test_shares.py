"""Weights written as shares of the whole: 1/3 is exact everywhere, and shown as it was written (contract 11.3)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kurssi.cli import run

PLAN = """kurssi: 1
course: {code: KH1, name: Palvelumuotoilu, credits: 5}
implementation: {id: KH1-2024, timing: {start: 2024-01-15, end: 2024-03-18}}
assessment:
  evaluation_scale: 0-5
  parts:
    - {id: essay, weight: 1/3}
    - {id: exam, weight: %s}
    - {id: project, weight: 1/3}
    - {id: extra, weight: 1/8, bonus: true}
"""


@pytest.fixture
def plan(tmp_path: Path) -> Any:
    def write(weight: str = "1/3") -> str:
        (tmp_path / "plan.yaml").write_text(PLAN % weight, "utf-8")
        (tmp_path / "scores.csv").write_text("student,essay,exam,project,extra\n1,4,3,4,2\n", "utf-8")
        return str(tmp_path / "plan.yaml")

    return write


def test_thirds_are_exact(plan: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = [plan(), str(tmp_path / "scores.csv")]
    assert run(["grade", *arguments, "--format", "json"]) == 0
    report = json.loads(capsys.readouterr().out)
    # (4 + 3 + 4) / 3 + 2 / 8
    assert report["students"][0]["exact"] == "47/12"
    assert report["students"][0]["parts"]["essay"]["weight"] == "100/3"
    (tmp_path / "report.json").write_text(json.dumps(report), "utf-8")
    assert run(["verify", str(tmp_path / "report.json")]) == 0


def test_a_share_is_shown_as_one(plan: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = plan()
    assert run(["policy", file]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert any(line.split()[:2] == ["essay", "1/3"] for line in lines)
    assert any(line.split()[:3] == ["extra", "12.5", "%"] for line in lines)
    page = tmp_path / "plan.md"
    assert run(["plan", file, "-o", str(page)]) == 0
    text = page.read_text("utf-8")
    assert "Weights: essay 1/3, exam 1/3, project 1/3." in text
    assert "bonus: 12.5 % of extra" in text


@pytest.mark.parametrize(
    ("weight", "said"),
    [
        ("1/4", "the weights sum to 11/12, not 100 %: 1/3 + 25 % + 1/3"),
        ("30", "the weights sum to 29/30, not 100 %: 1/3 + 30 % + 1/3"),
        ("1/0", "“1/0” divides by nothing"),
        ("1/3/3", "“1/3/3” is not a number or a percentage"),
    ],
)
def test_what_is_wrong_with_a_share(plan: Any, weight: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["validate", plan(weight)]) == 1
    assert said in capsys.readouterr().out


def test_a_share_beside_per_cent(plan: Any, capsys: pytest.CaptureFixture[str]) -> None:
    file = Path(plan("40 %"))
    file.write_text(file.read_text("utf-8").replace("essay, weight: 1/3", "essay, weight: 4/15"), "utf-8")
    assert run(["validate", str(file)]) == 0, capsys.readouterr().out
