"""What a teacher meets who writes a first course from the guide: headers, commas, conditions, and words that help."""

from __future__ import annotations

from pathlib import Path

import pytest

from kurssi.cli import run
from kurssi.course.asked_parts import read_details, read_parts
from kurssi.course.check import check
from kurssi.diagnostics.message import Wrong
from kurssi.diagnostics.words import Words
from kurssi.values.times import read_when

Capture = pytest.CaptureFixture[str]
HEAD = "kurssi: 1\ncourse: {code: A, name: A, credits: 5}\nimplementation: {id: a, language: fi}\nassessment:\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def findings(assessment: str, language: str = "en") -> list[tuple[str, str, str]]:
    """Rule, message and help of each finding of a file with this assessment."""
    say = Words(language).say
    found = check((HEAD + assessment).encode(), "a.yaml").findings
    return [(f.rule, say(f.message), say(f.help) if f.help else "") for f in found]


def grade(assessment: str, sheet: str, *options: str) -> int:
    Path("a.yaml").write_text(HEAD + assessment, encoding="utf-8")
    Path("a.csv").write_text(sheet, encoding="utf-8")
    return run([*options, "grade", "a.yaml", "a.csv"])


SHORT = """\
  evaluation_scale: H-5
  activity: {attendance: {of: 12}}
  requires: {3: {attended: 80 %}}
  parts: [{id: e}]
"""


def test_attendance_that_lacks_is_told_in_sessions(capsys: Capture) -> None:
    assert grade(SHORT, "student,e,attended\n1,5,8\n2,5,10\n", "--lang", "fi") == 0
    assert "3 vaatii läsnäoloa 80 %, läsnä 8/12 kertaa" in " ".join(capsys.readouterr().out.split())


def test_a_condition_needs_no_bands_and_the_page_says_no_more_than_it(capsys: Capture) -> None:
    assert findings(SHORT) == []
    Path("a.yaml").write_text(HEAD + SHORT, encoding="utf-8")
    assert run(["--lang", "en", "plan", "a.yaml", "--field", "assessment"]) == 0
    page = capsys.readouterr().out
    assert "80 %" in page
    assert "Läsnäolo muuttaa" not in page
    ((rule, _, way),) = findings(SHORT.replace("  requires: {3: {attended: 80 %}}\n", ""))
    assert (rule, "requires:" in way) == ("attendance-bands", True)


@pytest.mark.parametrize(
    ("value", "way"),
    [
        ("name: Exam, oral", 'into quotes: "Exam, oral"'),
        ("name: Exam, oral, second", 'into quotes: "Exam, oral, second"'),
        ("graded: points, max: 60, boundaries: 20,30,40,50,60", "in brackets: [20, 30, 40, 50, 60]"),
        ("late: {deduct: 0,5}", "with a point: 0.5"),
    ],
)
def test_a_comma_that_cuts_a_value_is_told_once_with_the_way_out(value: str, way: str) -> None:
    found = findings(f"  evaluation_scale: 0-5\n  parts: [{{id: e, {value}, weight: 100}}]\n")
    assert [way in help_ for _, message, help_ in found if "a comma ends the value" in message] == [True]


def test_a_colon_in_a_value_on_one_line_asks_for_quotes() -> None:
    ((rule, message, way),) = findings("  evaluation_scale: 0-5\n  parts: [{id: e, name: Exam: oral, weight: 100}]\n")
    assert (rule, "second colon" in message, "quotes" in way) == ("bad-yaml", True, True)


def test_a_minimum_of_a_bonus_part_that_need_not_be_passed_says_nothing(capsys: Capture) -> None:
    tasks = "{id: t, minimum: 50 %, bonus: {steps: [{from: 60 %, add: 2}]}, best: 2, parts: [" + ", ".join(
        f"{{id: t{n}, graded: points, max: 5}}" for n in range(3)
    )
    text = (
        "  evaluation_scale: 0-5\n  basis: percent\n  boundaries: [50, 60, 70, 80, 90]\n  parts:\n"
        f"    - {tasks}]}}\n    - {{id: exam, weight: 100, graded: points, max: 60}}\n"
    )
    assert [rule for rule, *_ in findings(text)] == ["dead-gate"]
    live = text.replace("minimum: 50 %", "minimum: 50 %, required: true")
    assert findings(live) == []
    Path("a.yaml").write_text(HEAD + live, encoding="utf-8")
    assert run(["plan", "a.yaml", "--field", "assessment"]) == 0
    assert "vähintään 50 %" in capsys.readouterr().out


@pytest.mark.parametrize(("language", "word"), [("fi", "sovittu"), ("en", "agreed"), ("sv", "överenskommet")])
def test_the_column_of_an_agreed_mark_is_named_in_the_language_of_who_reads(
    language: str, word: str, capsys: Capture
) -> None:
    text = "  evaluation_scale: 0-5\n  parts: [{id: e, name: Essee, weight: 100, markers: {of: [A, B], within: 1}}]\n"
    grade(text, "student,Essee A,Essee B\n1,2,4\n", "--lang", language)
    assert f"Essee {word}" in capsys.readouterr().err


@pytest.mark.parametrize(("header", "meant"), [("Essee uusinta", "Essee 2"), ("essee retake 2", "Essee 3")])
def test_a_column_of_a_retake_by_word_is_never_left_out_in_silence(header: str, meant: str, capsys: Capture) -> None:
    text = "  evaluation_scale: 0-5\n  parts: [{id: e, name: Essee, weight: 100, retakes: 2}]\n"
    assert grade(text, f"student,Essee,{header}\n1,0,4\n", "--lang", "en") == 1
    assert f"write “{meant}”" in capsys.readouterr().err


def test_criteria_under_pass_fail_are_one_fault_with_a_way_out() -> None:
    levels = "rubric: [{id: a, levels: {0: x, 3: y}}, {id: b, levels: {0: x, 3: y}}]"
    ((rule, _, way),) = findings(f"  evaluation_scale: pass-fail\n  parts: [{{id: d, {levels}}}]\n")
    assert (rule, "graded: points" in way) == ("pass-fail-scale", True)
    ((rule, _, way),) = findings(f"  evaluation_scale: pass-fail\n  parts: [{{id: d, graded: pass-fail, {levels}}}]\n")
    assert (rule, "basis: percent" in way) == ("rubric", True)


def test_klo_before_an_hour_alone() -> None:
    assert read_when("27.2.2026 klo 16") == read_when("27.2.2026 16.00") == read_when("27.2.2026 kl. 16")
    with pytest.raises(Wrong):
        read_when("27.2.2026 16")


def test_attendance_that_is_no_number_of_sessions_says_what_is(capsys: Capture) -> None:
    assert grade(SHORT, "student,e,attended\n1,5,8/12\n2,5,80 %\n", "--lang", "en") == 1
    assert capsys.readouterr().err.count("a whole number from 0 to 12") == 2


# ---- kurssi new --------------------------------------------------------------------------------------------


def test_names_with_commas_stand_in_quotes() -> None:
    assert [part.name for part in read_parts('"Oral, first" 40, Written 60')] == ["Oral, first", "Written"]
    assert [part.name for part in read_parts("Oral, first 40; Written: 60 %")] == ["Oral, first", "Written"]
    assert [part.weight for part in read_parts("Oral 33,5, Written 66,5 %")] == [33.5, 66.5]


@pytest.mark.parametrize("text", ["Exam, 40 %, Essay 60", '"Exam 40, Essay 60', "Exam 100, Peers (10 p)", "Exam 100,"])
def test_parts_that_are_not_understood_are_never_guessed(text: str) -> None:
    with pytest.raises(Wrong) as wrong:
        read_parts(text)
    assert wrong.value.hint is not None


def test_without_weights_the_course_is_passed_or_failed(capsys: Capture) -> None:
    given = ["--code", "A", "--name", "A", "--start", "2026-01-12", "--end", "2026-03-13"]
    assert run(["--lang", "en", "new", *given, "--parts", "Units (6x, best 5), Diary (due 2.3.2026 klo 16)"]) == 0
    assert "the course is passed or failed" in capsys.readouterr().err
    text = Path("A-2026.yaml").read_text("utf-8")
    assert ("evaluation_scale: pass-fail" in text, "need: 5" in text, "due: 2026-03-02 16:00" in text) == (True,) * 3
    assert check(text.encode(), "").findings == ()


def test_what_a_detail_is_not_is_named_by_itself() -> None:
    with pytest.raises(Wrong) as wrong:
        read_details("group, peer marks, 50 p")
    assert Words("en").say(wrong.value.message) == "“peer marks” is not understood"
