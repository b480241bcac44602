"""The cookbook (`examples/cookbook`): each recipe grades its class as it was worked out by hand, in both languages.

`expected.csv` was written before kurssi saw the class; `why` has the arithmetic. A grade with bars between (`H|3|4`) is
the range of somebody whose result is still open.
"""

from __future__ import annotations

import csv
import json
import re
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml

from kurssi.cli import run

ROOT = Path(__file__).parent.parent
COOKBOOK = ROOT / "examples" / "cookbook"
GUIDE = ROOT / "docs" / "guide"
NAMES = sorted(path.name for path in COOKBOOK.iterdir())
PAGES = [page for language in ("fi", "en") for page in sorted((GUIDE / language).glob("*.md"))]
each = pytest.mark.parametrize("name", NAMES)
both = pytest.mark.parametrize("language", ["fi", "en"])

Capture = pytest.CaptureFixture[str]


def policy_of(name: str, language: str) -> Path:
    return COOKBOOK / name / language / f"{name}.yaml"


def report_of(name: str, language: str, capsys: Capture) -> Any:
    status = run(["grade", str(policy_of(name, language)), "--format", "json"])
    said = capsys.readouterr()
    assert status == 0, said.err
    return json.loads(said.out)


def test_there_are_twenty_five_at_least() -> None:
    assert len(NAMES) >= 25


@each
@both
def test_nothing_is_found_in_it(name: str, language: str, capsys: Capture) -> None:
    assert run(["validate", "--strict", str(policy_of(name, language))]) == 0, capsys.readouterr().out


@each
@both
def test_the_class_is_graded_as_by_hand(name: str, language: str, capsys: Capture) -> None:
    report = report_of(name, language, capsys)
    with (COOKBOOK / name / "expected.csv").open(encoding="utf-8", newline="") as lines:
        expected = {row["student"]: row for row in csv.DictReader(lines)}
    assert all(None not in row and row["why"] for row in expected.values()), "too many cells, or no arithmetic"
    assert [student["student"] for student in report["students"]] == list(expected)
    for student in report["students"]:
        row = expected[student["student"]]
        exact = None if student["exact"] is None else Fraction(student["exact"])
        assert exact == (Fraction(row["exact"]) if row["exact"] else None), row["why"]
        label = student["label"]
        if student["grade"] is None:  # a range counts the lowest as 0, which H-5 shows as H
            label = "|".join(map(str, student["range"])).replace("0|", f"{row['grade'][0]}|", 1)
        assert label == row["grade"], (row["why"], student["reasons"])


@each
def test_its_report_holds_when_derived_again(name: str, tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "report.json").write_text(json.dumps(report_of(name, "fi", capsys)), "utf-8")
    assert run(["verify", str(tmp_path / "report.json")]) == 0, capsys.readouterr().out


@each
def test_the_student_whose_steps_are_shown_is_in_the_class(name: str) -> None:
    about = yaml.safe_load((COOKBOOK / name / "about.yaml").read_text("utf-8"))
    assert about["explain"] in (COOKBOOK / name / "expected.csv").read_text("utf-8")


@each
def test_its_page_has_a_title_and_words_in_both_languages(name: str) -> None:
    about = yaml.safe_load((COOKBOOK / name / "about.yaml").read_text("utf-8"))
    assert all(text[language] for text in (about["title"], about["page"], *about["notes"]) for language in ("fi", "en"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(GUIDE).as_posix())
def test_yaml_on_a_page_can_be_read(page: Path) -> None:
    """Whole files are also graded where the page says so; pieces of one are at least YAML."""
    for piece in re.findall(r"^```yaml[^\n]*\n(.*?)^```", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL):
        assert yaml.safe_load(piece) is not None


def test_both_languages_have_the_same_pages() -> None:
    pages = {
        language: {p.relative_to(GUIDE / language) for p in (GUIDE / language).rglob("*.md")}
        for language in ("fi", "en")
    }
    assert pages["fi"] == pages["en"]
