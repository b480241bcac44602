"""``kurssi workload --estimate``: published rates, ranges for what the file leaves open, and what no table knows."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kurssi.cli import run
from kurssi.course.check import check
from kurssi.course.schema import schema
from kurssi.course.yaml_reader import load
from kurssi.planning.estimates import TABLES, WORDS_PER_MINUTE, estimate
from strategies import examples

ROOT = Path(__file__).parent.parent
EXAMPLE = ROOT / "examples" / "kuormitus" / "AVOIN01-2024.yaml"
Capture = pytest.CaptureFixture[str]


def plan(*activities: str, hours: str = "40 h", contact: str = "24 h") -> str:
    return f"""\
kurssi: 1
course: {{code: X, name: Palvelumuotoilu, credits: 5}}
implementation: {{id: X-1}}
workload:
  parts:
    - {{name: Lähiopetus, hours: {contact}, kind: contact_teaching}}
    - {{name: Muu, hours: 71 h}}
    - name: Työ
      hours: {hours}
      activities: [{", ".join(activities)}]
"""


def hours_of(activity: str, rates: str, **more: str) -> tuple[Fraction, Fraction] | None:
    checked = check(plan(activity, **more).encode(), "x.yaml")
    assert checked.file is not None, checked.findings
    found = estimate(checked.file, rates)
    assert found is not None
    return found.parts[0].items[0].hours


@pytest.mark.parametrize(
    ("purpose", "concepts", "published"),
    [
        ("survey", "none", (67, 50, 40)),
        ("survey", "some", (47, 35, 28)),
        ("survey", "many", (33, 25, 20)),
        ("understand", "none", (33, 25, 20)),
        ("understand", "some", (24, 18, 14)),
        ("understand", "many", (17, 13, 10)),
        ("engage", "none", (17, 13, 10)),
        ("engage", "some", (12, 9, 7)),
        ("engage", "many", (9, 7, 5)),
    ],
)
def test_wfu_reading_is_the_published_table(purpose: str, concepts: str, published: tuple[int, int, int]) -> None:
    for words, pages in zip((450, 600, 750), published, strict=True):
        speed = Fraction(WORDS_PER_MINUTE[purpose][concepts] * 60, words)
        assert int(speed + Fraction(1, 2)) == pages
        found = hours_of(
            f"{{reading: 100 pages, purpose: {purpose}, concepts: {concepts}, words_per_page: {words}}}", "wfu"
        )
        assert found == (100 / speed, 100 / speed)


@pytest.mark.parametrize(
    ("kind", "hours"),
    [("reflection", ("0.75", "1", "1.25")), ("argument", ("1.5", "2", "2.5")), ("research", ("3", "4", "5"))],
)
def test_wfu_writing(kind: str, hours: tuple[str, str, str]) -> None:
    for drafting, rate in zip(("none", "minimal", "extensive"), hours, strict=True):
        activity = f"{{writing: 10 pages, kind: {kind}, drafting: {drafting}, words_per_page: %s}}"
        assert hours_of(activity % 250, "wfu") == (10 * Fraction(rate),) * 2
        assert hours_of(activity % 500, "wfu") == (20 * Fraction(rate),) * 2


@pytest.mark.parametrize(
    ("activity", "rates", "expected"),
    [
        ("{watching: 90 min}", "wfu", ("1.5", "1.5")),
        ("{exam: 2}", "wfu", ("10", "10")),
        ("{reading: 105, purpose: survey, concepts: none}", "helsinki", ("7", "105/13")),
        ("{reading: 120, purpose: survey, concepts: many}", "helsinki", ("10", "12")),
        ("{reading: 63, purpose: understand, concepts: none}", "helsinki", ("7", "9")),
        ("{reading: 42, purpose: engage, concepts: many}", "helsinki", ("6", "7")),
        ("{reading: 630, purpose: engage, concepts: some}", "helsinki", ("70", "105")),
        ("{reading: 90}", "helsinki", ("6", "15")),
        ("{writing: 14}", "helsinki", ("20", "70")),
        ("{exam: 1}", "helsinki", ("12", "48")),
        ("{exam: 1, contact_hours: 10 h}", "helsinki", ("5", "20")),
        ("{watching: 2 h}", "helsinki", None),
        ("{reading: 100, concepts: none}", "opintokeskukset", ("5", "5")),
        ("{reading: 100 sivua, concepts: many}", "opintokeskukset", ("11", "11")),
        ("{reading: 100, purpose: engage}", "opintokeskukset", ("5", "11")),
        ("{watching: 2 h}", "opintokeskukset", ("3", "3")),
        ("{writing: 2}", "opintokeskukset", None),
        ("{exam: 2}", "opintokeskukset", None),
    ],
)
def test_rates(activity: str, rates: str, expected: tuple[str, str] | None) -> None:
    found = hours_of(activity, rates)
    assert found == (None if expected is None else (Fraction(expected[0]), Fraction(expected[1])))


@given(st.integers(1, 2000), st.sampled_from(["helsinki", "wfu", "opintokeskukset"]), st.data())
@examples(100)
def test_saying_more_narrows_the_range(pages: int, rates: str, data: st.DataObject) -> None:
    said = f"reading: {pages}"
    widest = hours_of(f"{{{said}}}", rates)
    assert widest is not None
    for key, values in (("purpose", ["survey", "understand", "engage"]), ("concepts", ["none", "some", "many"])):
        said += f", {key}: {data.draw(st.sampled_from(values))}"
        narrower = hours_of(f"{{{said}}}", rates)
        assert narrower is not None
        assert widest[0] <= narrower[0] <= narrower[1] <= widest[1]
        widest = narrower


def findings(text: str) -> list[tuple[str, str | None]]:
    return [(f.rule, f.found) for f in check(text.encode(), "x.yaml").findings if f.rule == "workload-estimate"]


@pytest.mark.parametrize(
    ("hours", "far"),
    [("14.9 h", True), ("15 h", False), ("20 h", False), ("70 h", False), ("280/3", True), ("93.3 h", False)],
)
def test_far_apart_is_a_third(hours: str, far: bool) -> None:
    text = plan("{writing: 14 pages}", hours=hours if "/" not in hours else "93.4 h")
    assert bool(findings(text)) is far


def test_unknown_activities_only_add() -> None:
    assert findings(plan("{writing: 14}", "{watching: 1 h}", hours="10 h")) == [("workload-estimate", "10 h")]
    assert findings(plan("{writing: 14}", "{watching: 1 h}", hours="300 h")) == []


def test_example_shows_source_and_what_is_not_known(capsys: Capture) -> None:
    assert run(["workload", str(EXAMPLE), "--estimate", "--lang", "en"]) == 0
    out = capsys.readouterr().out
    assert "teaching.helsinki.fi" in out
    assert "not in the table" in out
    assert "at least 32.7–64 h" in out
    assert "Without activities, so not estimated: Lähiopetus, Palvelukonsepti pienryhmässä." in out


@pytest.mark.parametrize("rates", [*TABLES, "all"])
def test_rates_are_chosen(capsys: Capture, rates: str) -> None:
    assert run(["workload", str(EXAMPLE), "--rates", rates, "--format", "json"]) == 0
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    found = document["workloads"][0]["estimates"]
    assert [one["rates"] for one in found] == (list(TABLES) if rates == "all" else [rates])
    for one in found:
        assert one["source"]
        assert one["declared"] == "73"
        assert one["not_estimated"] == ["Lähiopetus", "Palvelukonsepti pienryhmässä"]
    if rates == "wfu":
        reading = found[0]["parts"][0]["activities"][0]
        assert reading["activity"] == {
            "reading": "240",
            "purpose": "understand",
            "concepts": "some",
            "words_per_page": "450",
        }
        assert reading["estimate"] == ["10", "10"]


def test_example_fits_the_schema() -> None:
    jsonschema = pytest.importorskip("jsonschema")
    loaded = json.loads(json.dumps(load(EXAMPLE.read_bytes(), "x.yaml").data, default=str))
    jsonschema.validate(loaded, schema())
    loaded["workload"]["parts"][1]["activities"][0]["writing"] = 3  # an activity is one thing
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(loaded, schema())


def test_file_says_which_rates(tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(plan("{exam: 1}").replace("workload:", "workload:\n  rates: wfu"), encoding="utf-8")
    run(["workload", str(path), "--estimate", "--format", "json"])
    assert json.loads(capsys.readouterr().out)["workloads"][0]["estimates"][0]["rates"] == "wfu"


def test_file_without_activities_says_how(capsys: Capture) -> None:
    assert run(["workload", str(ROOT / "implementations" / "KH00BT03-2024.yaml"), "--estimate", "--lang", "en"]) == 0
    assert "{reading: 120 pages}" in capsys.readouterr().err


@pytest.mark.parametrize("lang", ["fi", "en", "sv"])
def test_markdown(capsys: Capture, lang: str) -> None:
    assert run(["workload", str(EXAMPLE), "--estimate", "--format", "md", "--lang", lang]) == 0
    out = capsys.readouterr().out
    assert out.startswith("# Palvelumuotoilun perusteet verkossa")
    assert "teaching.helsinki.fi" in out


@pytest.mark.parametrize(
    ("activity", "says"),
    [
        ("{reading: 120, purpos: understand}", "did you mean “purpose”?"),
        ("{writing: 3, purpose: survey}", "known here: writing, kind, drafting, words_per_page"),
        ("{reading: 0}", "is not a number of pages"),
        ("{reading: many}", "is not a number of pages"),
        ("{exam: 1, reading: 2}", "an activity is one thing, not reading, exam"),
        ("{readng: 12}", "does not say what the activity is"),
        ("reading", "does not say what the activity is"),
        ("{exam: 0}", "is not a number of exams"),
        ("{watching: 90 mn}", "is not understood as hours"),
        ("{writing: 2, kind: essay}", "one of: reflection, argument, research"),
    ],
)
def test_wrong_activities(tmp_path: Path, capsys: Capture, activity: str, says: str) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(plan(activity), encoding="utf-8")
    assert run(["validate", str(path), "--lang", "en", "--format", "text"]) == 1
    assert says in capsys.readouterr().out
