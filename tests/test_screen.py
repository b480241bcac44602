"""What a run says on the screen: causes first, what is alike counted, remarks on one screen, everything in JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kurssi.cli import run
from kurssi.diagnostics.finding import Finding, Place, Severity
from kurssi.diagnostics.message import msg
from kurssi.diagnostics.renderers.common import Paint
from kurssi.diagnostics.renderers.screen import MOST_ALIKE, ROWS, as_screen
from kurssi.diagnostics.words import LANGUAGES, Words

PLAN = """kurssi: 1
course: {code: KH1, name: Palvelumuotoilu, credits: 5}
implementation: {id: KH1-2024, language: fi, timing: {start: 2024-01-15, end: 2024-03-18}}
assessment:
  evaluation_scale: 0-5
  parts:
    - {id: essay, name: Essee, weight: 60}
    - {id: exam, name: Tentti, weight: 40}
"""


def finding(rule: str, severity: Severity, number: int = 1) -> Finding:
    place = Place("class.csv", number + 1, 2, number + 1, 3, f"B{number + 1}")
    return Finding(rule, severity, msg("row {row} is odd", row=number + 1), place, msg("look at it"))


def screen(findings: list[Finding], columns: int = 80, language: str = "en") -> str:
    return as_screen(findings, {}, Words(language), Paint(False, columns))


def test_errors_come_first() -> None:
    text = screen([finding("unused-columns", Severity.info), finding("part-without-column", Severity.warning),
                   finding("ragged-row", Severity.error)])  # fmt: skip
    assert text.index("error[ragged-row]") < text.index("warning[part-without") < text.index("info[unused-columns]")


def test_many_errors_of_a_kind_are_counted() -> None:
    text = screen([finding("bad-score", Severity.error, n) for n in range(50)])
    assert text.count("error[bad-score]: row") == MOST_ALIKE
    assert f"error[bad-score]: and {50 - MOST_ALIKE} more like these" in text


@pytest.mark.parametrize("columns", [60, 80])
@pytest.mark.parametrize("language", LANGUAGES)
def test_remarks_take_one_screen(columns: int, language: str) -> None:
    findings = [finding(f"kind-{kind}", Severity.info, n) for kind in range(30) for n in range(13)]
    text = screen(findings, columns, language)
    assert sum(max(1, -(-len(line) // columns)) for line in text.splitlines()) <= ROWS
    first, *others, more, everything = text.splitlines()
    assert first.endswith(": B2, B3, B4, …")
    assert str((30 - 1 - len(others)) * 13) in more
    assert "json" in everything


def test_few_remarks_stand_whole() -> None:
    text = screen([finding("hidden-cells", Severity.info, n) for n in range(3)])
    assert text.count("help: look at it") == 3


def test_everything_is_in_the_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan, sheet = tmp_path / "plan.yaml", tmp_path / "class.csv"
    plan.write_text(PLAN, "utf-8")
    extra = [f"Sarake {n}" for n in range(40)]
    rows = [["opiskelijanumero", "Essee", "Tentti", *extra], *([f"010{n}", "4", str(n), *"x" * 40] for n in range(5))]
    sheet.write_text("".join(";".join(row) + "\n" for row in rows), "utf-8")
    assert run(["grade", str(plan), str(sheet), "--format", "json", "--lang", "en"]) == 0
    out, err = capsys.readouterr()
    document: dict[str, Any] = json.loads(out)
    assert [c["column"] for c in document["unused_columns"]] == extra
    assert "unused-columns" in [f["rule"] for f in document["findings"]]
    assert len(err.splitlines()) <= ROWS + 1


def test_a_shifted_table_is_one_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan, sheet = tmp_path / "plan.yaml", tmp_path / "class.csv"
    plan.write_text(PLAN, "utf-8")
    sheet.write_text("opiskelijanumero;Essee;Kommentti\n0101;4;;3\n0102;3;;4\n", "utf-8")
    assert run(["grade", str(plan), str(sheet), "--lang", "en"]) == 1
    err = capsys.readouterr().err
    assert err.startswith("error[ragged-row]")
    assert "part-without-column" not in err
