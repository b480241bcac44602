"""How well markers agree, how strict each is, and who should be marked again: ``kurssi grade --figures``.

The weighted kappa is worked out again by its definition: 1 minus the mean difference over the one that chance would
give.
"""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from kurssi.cli import run

POLICY = """kurssi: 1
course: {code: KH1, name: Opinnäytetyö, credits: 15}
implementation: {id: KH1-2026, language: en}
assessment:
  evaluation_scale: 0-5
  parts:
    - {id: thesis, name: Thesis, weight: 50, markers: {of: [A, B, C]%s}}
    - {id: talk, name: Talk, weight: 50}
"""
ROWS = (
    ("1", "3", "3", "", "3"),
    ("2", "4", "3", "", "3"),
    ("3", "5", "3", "", "4"),
    ("4", "2", "2", "2", "2"),
    ("5", "4", "", "1", "4"),
    ("6", "5", "1", "", "4"),
)


@pytest.fixture
def found(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Any:
    """``found("", ROWS)``: what the report says of the markers of the only part that has some."""
    monkeypatch.chdir(tmp_path)

    def figures(rule: str, rows: Any = ROWS, agreed: str = "") -> Any:
        Path("x.yaml").write_text(POLICY % rule, "utf-8")
        lines = ["student;Thesis A;Thesis B;Thesis C;Talk" + (";Thesis agreed" if agreed else "")]
        lines += [";".join((*row, agreed if row[0] == "6" else "")) if agreed else ";".join(row) for row in rows]
        Path("s.csv").write_text("\n".join(lines) + "\n", "utf-8")
        assert run(["--lang", "en", "grade", "x.yaml", "s.csv", "--figures", "--format", "json"]) == 0
        [one] = json.loads(capsys.readouterr().out)["figures"]["markers"]
        return one

    return figures


def test_agreement_of_each_pair(found: Any) -> None:
    pairs = {" ".join(one["pair"]): one for one in found("")["pairs"]}
    both = [(3, 3), (4, 3), (5, 3), (2, 2), (5, 1)]
    assert pairs["A B"]["both"] == 5
    assert pairs["A B"]["exact_agreement"] == "0.4"
    assert pairs["A B"]["within_agreement"] == "0.6"
    assert pairs["A B"]["mean_difference"] == "1.4"
    chance = Fraction(sum(abs(one - other) for one, _ in both for _, other in both), 25)
    assert Fraction(pairs["A B"]["weighted_kappa"]) == 1 - Fraction(7, 5) / chance
    assert pairs["A C"]["both"] == 2
    assert pairs["B C"]["weighted_kappa"] is None  # both always give one and the same mark


def test_within_what_the_policy_says(found: Any) -> None:
    one = found(", within: 2")
    assert one["within"] == "2"
    assert next(p for p in one["pairs"] if p["pair"] == ["A", "B"])["within_agreement"] == "0.8"


def test_strictness_is_against_the_others_on_the_same_works(found: Any) -> None:
    strict = {one["marker"]: one for one in found("")["strictness"]}
    assert strict["A"] == {"marker": "A", "works": 6, "mean": "23/6", "above": exact((0, 1, 2, 0, 3, 4))}
    assert strict["B"] == {"marker": "B", "works": 5, "mean": "2.4", "above": exact((0, -1, -2, 0, -4))}
    assert strict["C"]["above"] == exact((0, -3))


def exact(numbers: tuple[int, ...]) -> str:
    share = Fraction(sum(numbers), len(numbers))
    return str(float(share)).removesuffix(".0") if share.denominator in (1, 2, 5) else str(share)


def test_who_is_marked_again(found: Any) -> None:
    rows = [("1", "3", "3", "3", "3"), ("2", "4", "3", "4", "3"), ("3", "5", "3", "4", "4"), ("4", "4", "4", "3", "4")]
    again = {one["student"]: one for one in found("", rows)["again"]}
    # 2: with talk 3 the mean is 3.5 by A and C, and 3 by B; 3: too far apart; 4: 4 and 3.5, both round to 4
    assert set(again) == {"2", "3"}
    assert again["2"]["grades"] == [3, 4]
    assert again["3"] == {"student": "3", "marks": {"A": "5", "B": "3", "C": "4"}, "grades": []}


def test_what_they_have_agreed_on_is_not_marked_again(found: Any) -> None:
    assert "6" in {one["student"] for one in found("")["again"]}
    assert "6" not in {one["student"] for one in found("", agreed="4")["again"]}


def test_in_the_terminal_and_in_every_language(found: Any, capsys: pytest.CaptureFixture[str]) -> None:
    found("")
    for language, says in (
        ("en", "Mark again, too far apart: 3 (A 5, B 3); 5 (A 4, C 1); 6 (A 5, B 1)"),
        ("fi", "Arvioi uudelleen, liian kaukana toisistaan: 3 (A 5, B 3)"),
        ("sv", "Bedöm på nytt, för långt ifrån varandra: 3 (A 5, B 3)"),
    ):
        assert run(["--lang", language, "grade", "x.yaml", "s.csv", "--figures"]) == 0
        assert says in capsys.readouterr().out
    assert run(["--lang", "en", "grade", "x.yaml", "s.csv", "-o", "x.html", "-o", "x.xlsx", "--figures"]) == 0
    assert "Strictness: Thesis" in Path("x.html").read_text("utf-8")
