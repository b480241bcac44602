"""``kurssi compare`` as a user meets it: two runs in, what changed out.

``KURSSI_UPDATE_CASES=1`` rewrites ``compare/``; read the difference before it is committed.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from kurssi.cli import run
from kurssi.course import model
from kurssi.course.check import check
from kurssi.course.diff import LABELS, compare

ROOT = Path(__file__).parent.parent
HERE = Path(__file__).parent / "compare"
UPDATE = os.environ.get("KURSSI_UPDATE_CASES") == "1"
OLD, NEW = (str(ROOT / "implementations" / f"KH00BT03-{year}.yaml") for year in (2023, 2024))

Capture = pytest.CaptureFixture[str]


@pytest.mark.parametrize("format_", ["text", "md", "json"])
@pytest.mark.parametrize("language", ["en", "fi", "sv"])
def test_2023_against_2024(language: str, format_: str, capsys: Capture) -> None:
    assert run(["compare", OLD, NEW, "--lang", language, "--format", format_]) == 0
    out = capsys.readouterr().out
    expected = HERE / f"2023-2024.{language}.{format_}"
    if UPDATE:
        expected.write_text(out, encoding="utf-8", newline="\n")
    assert out == expected.read_text(encoding="utf-8")


def test_a_run_against_itself_is_silent(capsys: Capture) -> None:
    assert run(["compare", NEW, NEW, "--lang", "en"]) == 0
    out, err = capsys.readouterr()
    assert len(out.splitlines()) == 2
    assert err == "nothing changed\n"


WHOLE = """\
kurssi: 1
course: {code: A1, name: Course, credits: 5, content: [one, two]}
implementation:
  id: A1-2024
  enrollment: {start: 2023-12-01, end: 2024-01-22}
  timing: {start: 2024-01-15, end: 2024-03-18}
  campus: Kupittaa
  seats: {min: 0, max: 40}
  groups: [{code: G1, name: First}]
schedule:
  weeks: 3-11
  breaks: [8]
  sessions:
    - {week: 3, hours: 3, topic: First}
    - {week: 4, hours: 3, topic: Second, agenda: [{title: Map, mode: pairs, time: 20 min}]}
workload:
  total: 135 h
  parts: [{name: Teaching, hours: 2x3 h, kind: contact_teaching}, {name: Alone, hours: 129 h}]
assessment:
  evaluation_scale: H-5
  parts:
    - {id: essay, weight: 60, due: 2024-03-04 23:59}
    - {id: project, weight: 40, by: group, peer: {weight: 50 %}, parts: [{id: plan}, {id: report}]}
  late: {deduct: 0.5, per: day, closes: 7 d}
  activity: {levels: {active: 0.5}}
  criteria: {good: Good work.}
"""
EDITS = {
    "credits: 5": ("credits: 10", "credits: 5 → 10"),
    "content: [one, two]": ("content: [one, 2.1, two]".replace("2.1", "new"), "content: new: “new”"),
    "end: 2024-01-22": ("end: 2024-01-23", "enrollment, ends: 22 Jan 2024 (week 4) → 23 Jan 2024 (week 4)"),
    "campus: Kupittaa": ("unit: ICT", "campus: left out, was Kupittaa"),
    "max: 40": ("max: 30", "seats: 0–40 → 0–30"),
    "code: G1": ("code: G2", "group: new: G2 First"),
    "breaks: [8]": ("breaks: [8, 9]", "weeks without teaching: 8 → 8, 9"),
    "weeks: 3-11": ("weeks: 3-10", "weeks: 3-11 → 3-10"),
    "{week: 4, hours: 3": ("{week: 4, hours: 4", "session “Second”: week 4, 3 h → week 4, 4 h"),
    "topic: First": ("topic: Firstly", "topic of a session: “First” → “Firstly”"),
    "time: 20 min": ("time: 30 min", "“Second”, Map: in pairs, 20 min → in pairs, 30 min"),
    "total: 135 h": ("total: 134 h", "promised total: 135 h → 134 h"),
    "hours: 129 h": ("hours: 128 h", "Alone: 129 h → 128 h"),
    "kind: contact_teaching": ("kind: group_work", "Teaching: 6 h, contact teaching → 6 h, small group work"),
    "evaluation_scale: H-5": ("evaluation_scale: 4-10", "evaluation scale: H-5 → 4-10"),
    "weight: 60": ("weight: 50", "essay, weight: 60 % → 50 %"),
    "due: 2024-03-04 23:59": ("minimum: 2", "essay, deadline: left out, was 4 Mar 2024 23:59 (week 10)"),
    "peer: {weight: 50 %}": ("peer: {weight: 40 %}", "project, peer marks, weight: 50 % → 40 %"),
    "{id: report}": ("{id: report, required: true}", "report, must be passed: no → yes"),
    "{id: plan}, ": ("", "plan: left out, was a grade"),
    "deduct: 0.5": ("deduct: 1", "lateness, deduction: 0.5 → 1"),
    "closes: 7 d": ("closes: 3 d", "lateness, closes after: 7 d → 3 d"),
    "late: {deduct: 0.5, per: day, closes: 7 d}": ("late: none", "lateness: deduction 0.5, per started day, closes"),
    "active: 0.5": ("active: 1", "activity: active +0.5 → active +1"),
    "Good work.": ("Fine work.", "assessment criteria, good: “Good work.” → “Fine work.”"),
    "evaluation_scale: H-5\n": (
        "evaluation_scale: H-5\n  may_fail: true\n",
        "may fail who passed every gate: no → yes",
    ),
}


@pytest.mark.parametrize("before", EDITS)
def test_what_is_edited_is_what_is_said(
    before: str, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    after, says = EDITS[before]
    assert WHOLE.count(before) == 1
    monkeypatch.chdir(tmp_path)
    Path("old.yaml").write_text(WHOLE, encoding="utf-8")
    Path("new.yaml").write_text(WHOLE.replace(before, after), encoding="utf-8")
    assert run(["compare", "old.yaml", "new.yaml", "--lang", "en", "--format", "json"]) == 0
    messages = [change["message"] for change in json.loads(capsys.readouterr().out)["changes"]]
    assert any(message.startswith(says) for message in messages), messages
    assert run(["compare", "new.yaml", "old.yaml", "--lang", "en"]) == 0  # and back, as text


@pytest.mark.parametrize(
    ("written", "also"),
    [
        ("weight: 60", "weight: 60 %"),
        ("total: 135 h", "total: 135"),
        ("id: essay", "retakes: 0, attempt: best, graded: grade, required: true, id: essay"),
        ("per: day, ", ""),
        ("{id: plan}", "{id: plan, required: false}"),
    ],
)
def test_another_spelling_is_no_change(written: str, also: str) -> None:
    old = check(WHOLE.encode(), "old").file
    new = check(WHOLE.replace(written, also, 1).encode(), "new").file
    assert old is not None
    assert new is not None
    assert compare(old, new) == []


def test_every_key_has_a_name() -> None:
    shapes: list[Any] = [model.Course, model.Implementation, model.Schedule, model.Workload, model.Assessment]
    shapes += [model.Part, model.Late, model.Peer, model.Days]
    apart = {"id", "parts", "groups", "sessions", "timing"}  # told by the values in them
    for shape in shapes:
        for name, field in shape.model_fields.items():
            key = field.alias or name
            assert key in LABELS or key in apart, f"{shape.__name__}.{key}"


def test_a_file_that_cannot_be_read(tmp_path: Path, capsys: Capture) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text(WHOLE.replace("credits: 5", "credits: viisi"), encoding="utf-8")
    assert run(["compare", str(bad), NEW, "--lang", "en"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert "error[wrong-type]: credits: “viisi” is not a number" in err
    assert run(["compare", str(tmp_path / "none.yaml"), NEW, "--lang", "en"]) == 2


def test_files_out(tmp_path: Path, capsys: Capture) -> None:
    targets = [tmp_path / f"changes.{suffix}" for suffix in ("md", "json", "txt")]
    options = [option for target in targets for option in ("-o", str(target))]
    assert run(["compare", OLD, NEW, "--lang", "en", *options]) == 0
    out, err = capsys.readouterr()
    assert targets[0].read_text("utf-8").startswith("# KH00BT03-2023 → KH00BT03-2024\n")
    assert json.loads(targets[1].read_text("utf-8"))["command"] == "compare"
    assert targets[2].read_text("utf-8") == out
    assert "27 changes\n" in err
    assert run(["compare", OLD, NEW, "-o", str(tmp_path / "changes.pdf")]) == 2


SERIES = """\
kurssi: 1
course: {code: A1, name: Course, credits: 5}
implementation: {id: A1-2024}
assessment:
  evaluation_scale: 0-5
  parts:
    - {id: exam, name: Exam, weight: 60}
    - {id: quiz, name: Quiz, weight: 40, parts: [{id: q, name: Q, repeat: 3}, {id: last, name: Last}]}
"""


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("{id: q, name: Q, repeat: 3}", "{id: first, name: First}, {id: q, name: Q, repeat: 3}"),
        ("{id: q, name: Q, repeat: 3}", "{id: q, name: Q, repeat: 2}"),
        ("{id: q, name: Q, repeat: 3}", "{id: q_1, name: Q}"),
        ("{id: exam, name: Exam, weight: 60}", "{id: exam, name: Exam, weight: 20}, {id: w, weight: 10, repeat: 4}"),
        ("{id: exam, name: Exam, weight: 60}", "{id: quiz, weight: 60, repeat: 2}"),
    ],
)
def test_a_series_that_moves_comes_or_goes(before: str, after: str, tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "old.yaml").write_text(SERIES, "utf-8")
    (tmp_path / "new.yaml").write_text(SERIES.replace(before, after).replace("A1-2024", "A1-2025"), "utf-8")
    for names in (("old", "new"), ("new", "old"), ("new", "new")):
        paths = [str(tmp_path / f"{name}.yaml") for name in names]
        code = run(["compare", *paths, "--lang", "en"])
        out, err = capsys.readouterr()
        assert "fault of kurssi" not in err
        assert code in (0, 1)
        assert "index" not in out
