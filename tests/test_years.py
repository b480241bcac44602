"""``kurssi compare`` over the years: many runs beside each other, on the screen, as data and as a page."""

from __future__ import annotations

import json
import re
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from kurssi.cli import run
from kurssi.surveys.wordings import asks_hours

ROOT = Path(__file__).parent.parent
OLD, NEW = (str(ROOT / "implementations" / f"KH00BT03-{year}.yaml") for year in (2023, 2024))
Capture = pytest.CaptureFixture[str]

PLAN = """\
kurssi: 1
course: {code: A1, name: Course, credits: 5}
implementation: {id: A1-YEAR, language: en, timing: {start: YEAR-01-10, end: YEAR-03-20}}
workload: {total: 135 h, parts: [{name: Work, hours: HOURS h}]}
assessment:
  evaluation_scale: 0-5
  parts: [{id: exam, weight: WEIGHT, due: YEAR-03-01 12:00}, {id: essay, weight: REST}]
scores: YEAR/scores.csv
"""
FEEDBACK = "NPS: would you recommend it? (0-10),How many hours did the course take you?\n"


def year(folder: Path, number: int, grades: str, weight: int = 50, hours: int = 135, said: str = "") -> str:
    """A run with its class: a digit per student, the same for exam and essay."""
    there = folder / str(number)
    there.mkdir()
    text = PLAN.replace("YEAR", str(number)).replace("WEIGHT", str(weight)).replace("REST", str(100 - weight))
    (folder / f"{number}.yaml").write_text(text.replace("HOURS", str(hours)), "utf-8")
    rows = "".join(f"{n},{grade},{grade}\n" for n, grade in enumerate(grades, 1))
    (there / "scores.csv").write_text("student,exam,essay\n" + rows, "utf-8")
    if said:
        (there / "feedback.csv").write_text(FEEDBACK + said, "utf-8")
    return str(folder / f"{number}.yaml")


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """Three runs: one with feedback, one too small to be shown."""
    year(tmp_path, 2022, "0011223345")
    year(tmp_path, 2023, "0123345", weight=60, hours=130, said="9,120\n10,130\n3,140\n8,150\n")
    year(tmp_path, 2024, "4445", weight=60)
    return tmp_path


def data(capsys: Capture, *arguments: str, code: int = 0) -> Any:
    assert run(["compare", *arguments, "--format", "json", "--lang", "en"]) == code
    return json.loads(capsys.readouterr().out)


def test_the_figures_are_those_of_each_class(course: Path, capsys: Capture) -> None:
    found = data(capsys, str(course))
    assert [one["implementation"] for one in found["runs"]] == ["A1-2022", "A1-2023", "A1-2024"]
    first, second, third = found["runs"]
    assert first["grades"] == {
        "students": 10,
        "with_a_grade": 10,
        "passed": 8,
        "mean": "2.1",
        "median": "2",
        "deviation": "1.66",
        "distribution": {"0": 2, "1": 2, "2": 2, "3": 2, "4": 1, "5": 1},
    }
    assert Fraction(second["grades"]["mean"]) == Fraction(18, 7)
    assert third["grades"] == {"students": 4, "with_a_grade": 4, "passed": None, "mean": None, "median": None,
                               "deviation": None, "distribution": None}  # fmt: skip
    assert first["hours"] == {"credits": "5", "promised": "135", "sum": "135", "students": None}
    assert second["hours"]["students"] == {"n": 4, "mean": "135", "median": "135"}
    assert (second["hours"]["promised"], second["hours"]["sum"]) == ("135", "130")


def test_what_changed_in_the_rules_stands_between_neighbours(course: Path, capsys: Capture) -> None:
    one, two = data(capsys, str(course))["between"]
    assert [change["message"] for change in one["rules"]] == [
        "exam, weight: 50 % → 60 %",
        "essay, weight: 50 % → 40 %",
    ]
    assert two["rules"] == []  # a deadline moves each year
    assert one["others"] == 5  # two days of the timing, a deadline, hours and their sum


def test_feedback_is_found_beside_the_sheets_and_named(course: Path, capsys: Capture) -> None:
    assert run(["compare", str(course), "--lang", "en"]) == 0
    out, err = capsys.readouterr()
    assert f"feedback on A1-2023: {course / '2023' / 'feedback.csv'}" in err
    assert "A1-2023  25 (" in out
    rows = data(capsys, str(course))["feedback"]
    assert [(row["kind"], [one["run"] for one in row["runs"]]) for row in rows] == [("nps", [1])]
    other = course / "x.csv"
    other.write_text(FEEDBACK + "9,1\n" * 5, "utf-8")
    rows = data(capsys, str(course), "--feedback", f"A1-2024={other}")["feedback"]
    assert [one["run"] for one in rows[0]["runs"]] == [1, 2]


def test_one_sheet_of_feedback_is_not_taken_for_two_runs(course: Path, capsys: Capture) -> None:
    for number in (2022, 2024):
        path = course / f"{number}.yaml"
        path.write_text(path.read_text("utf-8").replace(f"{number}/scores", f"2023/s{number}"), "utf-8")
        (course / str(number) / "scores.csv").rename(course / "2023" / f"s{number}.csv")
    assert run(["compare", str(course), "--lang", "en"]) == 0
    out, err = capsys.readouterr()
    assert "stands beside the sheets of several runs: say --feedback ID=" in err
    assert "Course feedback" not in out


def test_the_chosen_number_of_persons(course: Path, capsys: Capture) -> None:
    found = data(capsys, str(course), "--least", "8")
    assert [one["grades"]["distribution"] is None for one in found["runs"]] == [False, True, True]
    assert found["feedback"] == []
    assert [one["responses"] for one in found["runs"]] == [None, None, None]
    found = data(capsys, str(course), "--least", "3")  # never fewer than five with a grade
    assert found["runs"][2]["grades"]["passed"] is None


def test_nothing_of_a_small_class_is_on_the_page(course: Path, capsys: Capture) -> None:
    page = course / "page.html"
    assert run(["compare", str(course), "-o", str(page), "--lang", "en"]) == 0
    text = page.read_text("utf-8")
    row = text.partition('<th scope="row"><span class="id">A1-2024')[2].partition("</tr>")[0]
    assert re.findall(r'class="text">([^<]*)', row) == ["4", "4", "–", "–", "–", "–"]
    assert "svg" not in row
    assert "not shown, because fewer than 5 have a grade" in text
    capsys.readouterr()


@pytest.mark.parametrize("language", ["en", "fi", "sv"])
def test_the_page_is_one_file_that_fetches_nothing(course: Path, language: str, capsys: Capture) -> None:
    page = course / "page.html"
    assert run(["compare", str(course), "-o", str(page), "--lang", language]) == 0
    text = page.read_text("utf-8")
    assert f'<html lang="{language}">' in text
    assert "default-src 'none'; " in text
    assert not re.search(r"<script|<link|<img|@import|url\(|https?://", text)
    assert text.count("<svg") >= 8
    assert "50\xa0%\xa0→\xa060\xa0%" in text
    capsys.readouterr()


def test_what_stands_in_a_file_is_text_on_the_page(tmp_path: Path, capsys: Capture) -> None:
    for number in (2023, 2024):
        path = Path(year(tmp_path, number, "12345"))
        path.write_text(path.read_text("utf-8").replace("name: Course", 'name: "<script>x</script>"'), "utf-8")
    assert run(["compare", str(tmp_path), "-o", str(tmp_path / "page.html")]) == 0
    assert "<script>" not in (tmp_path / "page.html").read_text("utf-8")
    capsys.readouterr()


def test_files_in_the_order_they_are_named_and_sheets_after_their_run(course: Path, capsys: Capture) -> None:
    more = course / "more.csv"
    more.write_text("student,exam,essay\n" + "".join(f"{n},5,5\n" for n in range(1, 7)), "utf-8")
    files = [str(course / f"{number}.yaml") for number in (2024, 2022, 2023)]
    found = data(capsys, files[0], str(more), files[1], files[2])
    assert [one["implementation"] for one in found["runs"]] == ["A1-2024", "A1-2022", "A1-2023"]
    assert found["runs"][0]["grades"]["mean"] == "5"


def test_a_report_stands_for_the_sheets(course: Path, capsys: Capture) -> None:
    plain = data(capsys, str(course))
    report = course / "report.json"
    assert run(["grade", str(course / "2022.yaml"), "-o", str(report)]) == 0
    (course / "2022" / "scores.csv").unlink()
    capsys.readouterr()
    assert data(capsys, str(course), str(report)) == plain
    files = [str(course / f"{number}.yaml") for number in (2023, 2024)]
    assert run(["compare", *files, str(report), "--lang", "en"]) == 2
    assert "is a report on A1-2022: name the implementation file of it, too" in capsys.readouterr().err


@pytest.mark.parametrize("broken", ["[]", '{"kurssi": 1, "command": "grade", "students": 3}', "x", "{}"])
def test_what_is_no_report_is_said(broken: str, course: Path, capsys: Capture) -> None:
    (course / "r.json").write_text(broken, "utf-8")
    assert run(["compare", str(course), str(course / "r.json"), "--lang", "en"]) == 2
    assert "fault" not in capsys.readouterr().err


def test_what_cannot_be_graded_does_not_stop_the_others(course: Path, capsys: Capture) -> None:
    (course / "2022" / "scores.csv").write_text("student,exam,essay\n1,9,9\n", "utf-8")
    (course / "2021.yaml").write_text("kurssi: 1\ncourse: 3\n", "utf-8")
    assert run(["compare", str(course), "--lang", "en", "--format", "json"]) == 1
    out, err = capsys.readouterr()
    assert [one["grades"] is None for one in json.loads(out)["runs"]] == [True, False, False]
    assert "2021.yaml is left out: it has errors, which kurssi validate shows" in err


def test_a_copy_of_a_file_is_no_run(course: Path, capsys: Capture) -> None:
    (course / "copy.yaml").write_bytes((course / "2022.yaml").read_bytes())
    assert len(data(capsys, str(course), code=1)["runs"]) == 3


def test_a_folder_of_several_courses(course: Path, capsys: Capture) -> None:
    path = course / "2023.yaml"
    path.write_text(path.read_text("utf-8").replace("code: A1", "code: B2"), "utf-8")
    assert run(["compare", str(course), "--lang", "en"]) == 2
    assert "has runs of several courses, A1, B2: name the files of one" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([OLD], "one run has nothing beside it"),
        ([OLD, NEW, "--least", "5"], "--feedback and --least are for runs over the years"),
        ([OLD, NEW, NEW, "--map", "a=b"], "over the years write columns: into each file"),
        ([OLD, NEW, "-o", "x.html", "--feedback", "palaute.csv"], "--feedback takes the id of a run and a sheet"),
        ([OLD, NEW, "-o", "x.html", "--feedback", "X=palaute.csv"], "--feedback names X, which is none of the runs"),
        (["scores.csv", OLD, NEW], "name an implementation file before its sheet scores.csv"),
    ],
)
def test_wrong_usage(arguments: list[str], says: str, capsys: Capture) -> None:
    assert run(["compare", *arguments, "--lang", "en"]) == 2
    assert says in capsys.readouterr().err


@pytest.mark.parametrize("language", ["en", "fi", "sv"])
def test_the_shipped_runs_fit_a_narrow_terminal(
    language: str, capsys: Capture, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert run(["compare", str(ROOT / "implementations"), "-o", str(tmp_path / "v.md"), "--lang", language]) == 0
    out = capsys.readouterr().out
    assert max(map(len, out.splitlines())) <= 80
    assert out.count("KH00BT03-2023") == 4  # whole in each table, and in what changed
    text = (tmp_path / "v.md").read_text("utf-8")
    assert "KH00BT03-2023 → KH00BT03-2024" in text


@pytest.mark.parametrize(
    ("header", "asks"),
    [
        ("Montako tuntia käytit opintojaksoon yhteensä?", True),
        ("Työtuntien määrä", True),
        ("Montako tuntia viikossa opiskelit?", False),
        ("How many hours did you spend on the course?", True),
        ("Hours per week", False),
        ("Hur många timmar tog kursen?", True),
        ("Timmar per vecka", False),
        ("Miltä kurssi tuntui?", False),
        ("Millaisia tunteita kurssi herätti?", False),
        ("Kuinka monta kertaa kävit?", False),
    ],
)
def test_which_question_asks_for_hours(header: str, asks: bool) -> None:
    assert asks_hours(header) is asks
