"""Learning outcomes that parts and sessions name: on the page, in a comparison, and who passes without one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kurssi.cli import run

PLAN = """kurssi: 1
course:
  code: KH1
  name: Palvelumuotoilu
  credits: 5
  learning_outcomes:
    - {id: phases, text: names the phases}
    - {id: methods, text: uses methods}
    - gives examples
implementation: {id: KH1-2024, language: en}
schedule:
  sessions:
    - {date: 2024-01-16, hours: 3, topic: Methods, outcomes: [methods]}
assessment:
  evaluation_scale: 0-5
  parts:
    - {id: exam, name: Exam, weight: 60, outcomes: [phases]}
    - {id: essay, name: Essay, weight: 40, required: false, outcomes: [methods]}
"""


CRITERIA = PLAN.replace(
    "required: false, outcomes: [methods]}",
    "required: false, rubric: [{id: use, name: Use of methods, outcomes: [methods], levels: {0: none, 5: all}},\n"
    "       {id: text, name: Text, levels: {0: poor, 5: good}}]}",
)


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "x.yaml"
    path.write_text(PLAN, "utf-8")
    return path


def test_the_page_says_what_assesses_each_outcome(plan: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["plan", str(plan), "--lang", "en"]) == 0
    said = capsys.readouterr().out
    assert "- names the phases – assessed in Exam" in said
    assert "- uses methods – assessed in Essay; sessions Tue 16 Jan 2024" in said
    assert "- gives examples\n" in said


def test_the_register_gets_the_plain_texts(plan: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["plan", str(plan), "--field", "learning_outcomes", "--lang", "en"]) == 0
    said = capsys.readouterr().out
    assert "names the phases" in said
    assert "assessed in" not in said


def test_policy_shows_who_passes_without_an_outcome(plan: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["policy", str(plan), "--lang", "en"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "names the phases (Exam): nobody passes without it" in said
    assert "uses methods (Essay): can be passed without it: Exam 5; Essay missing → grade 3" in said
    assert run(["policy", str(plan), "--format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)["outcomes"]
    assert [(one["id"], one["parts"], one["without"] is None) for one in data] == [
        ("phases", ["exam"], True),
        ("methods", ["essay"], False),
    ]


def test_work_that_is_handed_in_and_not_passed_is_tried(plan: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan.write_text(PLAN.replace("weight: 60, ", "weight: 60, minimum: 0, "), "utf-8")
    assert run(["policy", str(plan), "--lang", "en"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "names the phases (Exam): can be passed without it: Exam 0.5; Essay 5 → grade 2" in said


def test_where_no_outcome_has_an_id_nothing_is_said(plan: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = PLAN.replace("{id: phases, text: names the phases}", "names the phases")
    text = text.replace("{id: methods, text: uses methods}", "uses methods")
    for name in ("phases", "methods"):
        text = text.replace(f", outcomes: [{name}]", "")
    plan.write_text(text, "utf-8")
    assert run(["policy", str(plan), "--lang", "en"]) == 0
    assert "Learning outcomes" not in capsys.readouterr().out
    assert run(["plan", str(plan), "--lang", "en"]) == 0
    assert "- names the phases\n" in capsys.readouterr().out


def test_a_changed_outcome_is_named(plan: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = tmp_path / "y.yaml"
    text = PLAN.replace("text: uses methods", "text: uses two methods").replace(
        "outcomes: [phases]", "outcomes: [methods]"
    )
    other.write_text(text.replace("KH1-2024", "KH1-2025"), "utf-8")
    run(["compare", str(plan), str(other), "--lang", "en"])
    said = " ".join(capsys.readouterr().out.split())
    assert "“methods: uses methods” → “methods: uses two methods”" in said
    assert "Exam, learning outcomes that are named: “phases” → “methods”" in said


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("{id: phases, text: names the phases}", "{id: Phases, text: x}", "“Phases” cannot be the id of an outcome"),
        ("{id: phases, text: names the phases}", "{id: phases}", "the key “text” is missing"),
        ("- gives examples", "- gives: examples", "a colon in the line makes it a key with a value"),
        ("- gives examples", "- 5", "5 is not text"),
    ],
)
def test_what_is_no_outcome_is_said(
    plan: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, said: str
) -> None:
    plan.write_text(PLAN.replace(old, new), "utf-8")
    assert run(["validate", str(plan), "--lang", "en"]) == 1
    assert said in capsys.readouterr().out


def test_a_criterion_assesses_an_outcome(plan: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan.write_text(CRITERIA, "utf-8")
    assert run(["validate", str(plan)]) == 0, capsys.readouterr().out
    assert run(["plan", str(plan), "--lang", "en"]) == 0
    assert "- uses methods – assessed in Essay (Use of methods)" in capsys.readouterr().out
    assert run(["policy", str(plan), "--lang", "en"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "uses methods (Essay: Use of methods): can be passed without it: Exam 5; Essay 2.5 → grade 4" in said
    assert run(["policy", str(plan), "--format", "json"]) == 0
    covers = json.loads(capsys.readouterr().out)["outcomes"]
    assert [cover.get("criteria") for cover in covers] == [None, [{"part": "essay", "criterion": "use"}]]


def test_who_leaves_the_part_out_shows_nothing_of_its_criteria(plan: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With the lowest level the required minimum is out of reach; who hands nothing in passes all the same."""
    plan.write_text(CRITERIA.replace("required: false,", "required: false, minimum: 3,"), "utf-8")
    assert run(["policy", str(plan), "--lang", "en"]) == 0
    assert "can be passed without it" in " ".join(capsys.readouterr().out.split())


def test_an_unknown_outcome_of_a_criterion(plan: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan.write_text(CRITERIA.replace("name: Use of methods, outcomes: [methods]", "outcomes: [method]"), "utf-8")
    assert run(["validate", str(plan)]) == 1
    said = capsys.readouterr().out
    assert "the course has no learning outcome method" in said
    assert "unknown-outcome" in said
