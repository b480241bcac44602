"""``kurssi new`` as a user meets it: answers in, a file that validates out; or last year's file, moved."""

from __future__ import annotations

import difflib
import errno
import io
import json
import sys
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kurssi.cli import files, run
from kurssi.course.check import check
from kurssi.course.rollover import NotRolledOver, roll_over
from kurssi.course.scaffold import MODELINE
from kurssi.course.schema import schema
from kurssi.diagnostics.finding import Severity
from kurssi.diagnostics.words import Words
from strategies import examples

ROOT = Path(__file__).parent.parent
OLD = ROOT / "implementations" / "KH00BT03-2024.yaml"
Capture = pytest.CaptureFixture[str]

ANSWERS = ["--code", "KH00BT03", "--name", "Palvelumuotoilu", "--start", "2025-01-13", "--end", "16.3.2025"]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def new(*arguments: str) -> int:
    return run(["--lang", "en", "new", *arguments])


def rules(path: str, *options: str) -> list[str]:
    checked = check(Path(path).read_bytes(), path)
    return [finding.rule for finding in checked.findings if finding.counts]


# ---- from questions ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "fi", "sv"])
@pytest.mark.parametrize(
    "more",
    [
        [],
        ["--credits", "3", "--sessions", "12x2", "--parts", "Essee 40, Tentti 60, Vertaisarviointi"],
        ["--credits", "1.5", "--sessions", "1x4,5", "--parts", "Yksilötyöt 33.5 %, Ryhmätyö: esitys 66.5 %"],
        ["--end", "2025-01-14", "--sessions", "8x3", "--id", "oma-id", "--name", "Palvelut: #1"],
        ["--start", "2024-12-02", "--end", "2025-01-31"],
    ],
)
def test_what_it_writes_has_no_findings(more: list[str], language: str, capsys: Capture) -> None:
    given = dict(zip(ANSWERS[::2], ANSWERS[1::2], strict=True)) | dict(zip(more[::2], more[1::2], strict=True))
    assert run(["--lang", language, "new", *(word for pair in given.items() for word in pair)]) == 0
    (written,) = Path().glob("*.yaml")
    assert rules(str(written)) == []
    lines = written.read_text("utf-8").splitlines()
    assert lines[0] == MODELINE
    assert f"  language: {language}" in lines
    assert json.loads(Path("kurssi.schema.json").read_text("utf-8")) == schema()
    assert f"{written.name}" in capsys.readouterr().err


def test_it_goes_where_implementations_are(folder: Path) -> None:
    (folder / "implementations").mkdir()
    assert new(*ANSWERS) == 0
    assert sorted(p.name for p in (folder / "implementations").iterdir()) == [
        "KH00BT03-2025.yaml",
        "kurssi.schema.json",
    ]


def test_it_can_be_printed(folder: Path, capsys: Capture) -> None:
    assert new(*ANSWERS, "-o", "-") == 0
    assert capsys.readouterr().out.startswith(MODELINE)
    assert list(folder.iterdir()) == []


def test_a_file_that_is_there_stays(folder: Path, capsys: Capture) -> None:
    (folder / "KH00BT03-2025.yaml").write_text("mine", encoding="utf-8")
    (folder / "kurssi.schema.json").write_text("{}", encoding="utf-8")
    assert new(*ANSWERS) == 2
    assert "was not written by kurssi" in capsys.readouterr().err
    assert (folder / "KH00BT03-2025.yaml").read_text("utf-8") == "mine"
    assert new(*ANSWERS, "-o", "other.yaml") == 0
    assert (folder / "kurssi.schema.json").read_text("utf-8") == "{}"


@pytest.mark.parametrize("old", [[], ["--from", str(OLD), "--weeks", "52"]])
def test_the_file_and_its_schema_are_written_both_or_neither(
    old: list[str], folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    """Here the disk is full after the first."""
    drafts: list[object] = []

    def sync(file: object) -> None:
        drafts.append(file)
        if len(drafts) > 1:
            raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(files, "_sync", sync)
    assert new(*(old or ANSWERS), "-o", "course.yaml") == 2
    said = capsys.readouterr().err
    assert "the disk is full" in said
    assert "\nwritten:" not in said
    assert list(folder.iterdir()) == []


def test_an_earlier_schema_of_kurssi_is_renewed(folder: Path, capsys: Capture) -> None:
    files.write("kurssi.schema.json", b"{}")
    assert new(*ANSWERS) == 0
    assert json.loads((folder / "kurssi.schema.json").read_text("utf-8")) == schema()
    assert "written: kurssi.schema.json" in capsys.readouterr().err
    assert new(*ANSWERS) == 0
    assert "written: kurssi.schema.json" not in capsys.readouterr().err


def test_a_file_called_as_the_schema_is_not_replaced_by_it(folder: Path) -> None:
    assert new(*ANSWERS, "-o", "kurssi.schema.json") == 0
    assert (folder / "kurssi.schema.json").read_text("utf-8").startswith(MODELINE)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "say --code, --name, --start, --end"),
        (ANSWERS[:4], "say --start, --end"),
        ([*ANSWERS, "--parts", "Essay 40"], "--parts: the weights sum to 40, not 100"),
        ([*ANSWERS, "--parts", "Essay 50, essay 50"], "--parts: two parts would have the same id"),
        ([*ANSWERS, "--sessions", "many"], "--sessions: “many” does not say how many sessions"),
        ([*ANSWERS, "--credits", "0"], "--credits: “0” is not a number of credits"),
        ([*ANSWERS, "--end", "2025-01-01"], "--end: 1 Jan 2025 is before the first day"),
        ([*ANSWERS, "--start", "soon"], "--start: “soon” is not understood as a date"),
        ([*ANSWERS, "--weeks", "52"], "name it with --from"),
        (["--from", str(OLD)], "--weeks 52, or --start"),
        (["--from", str(OLD), "--weeks", "52", "--start", "2025-01-13"], "--weeks 52, or --start"),
        (["--from", str(OLD), "--weeks", "52", "--code", "X"], "leave out --code"),
        (["--from", str(OLD), "--weeks", "10"], "--id"),
        (["--from", str(OLD), "--weeks", "999999999"], "the dates would leave the calendar"),
        (["--from", "none.yaml", "--weeks", "52"], "there is no such file"),
    ],
)
def test_wrong_usage(arguments: list[str], says: str, folder: Path, capsys: Capture) -> None:
    assert new(*arguments) == 2
    assert says in capsys.readouterr().err
    assert list(folder.iterdir()) == []


def test_an_answer_that_makes_an_error_writes_nothing(folder: Path, capsys: Capture) -> None:
    assert new(*ANSWERS, "--parts", "Group 100") == 2
    assert "--parts: “group” is a column that score sheets already have" in capsys.readouterr().err
    assert new(*ANSWERS, "--id", "a/b") == 2
    assert list(folder.iterdir()) == []


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_is_asked(folder: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    said = [
        "",
        "KH00BT03",
        "Palvelumuotoilu",
        "",
        "13.1.2025",
        "2025-01-01",
        "2025-03-16",
        "",
        "lots",
        "6x3",
        "",
        "",
        "",
    ]
    monkeypatch.setattr(sys, "stdin", Terminal("\n".join(said) + "\n"))
    assert new() == 0
    err = capsys.readouterr().err
    assert "The course's code: " in err
    assert "nothing was written" in err
    assert "The id of the run [KH00BT03-2025]: " in err
    assert "1 Jan 2025 is before the first day" in err
    text = (folder / "KH00BT03-2025.yaml").read_text("utf-8")
    assert "hours: 6x3 h" in text
    assert rules("KH00BT03-2025.yaml") == []


RUN = ["KH00BT03", "Palvelumuotoilu", "5", "13.1.2025", "16.3.2025", "", "8x3"]


def typed(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal("\n".join(lines) + "\n"))


def test_series_points_groups_and_retakes_are_asked_and_written_short(
    folder: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = "Weekly exercises 40, Group work 20, Exam 40, Safety test"
    typed(monkeypatch, *RUN, parts, "12x10 p, best 10", "20 p, group", "50 p, 2 retakes", "y")
    assert new() == 0
    text = (folder / "KH00BT03-2025.yaml").read_text("utf-8")
    assert rules("KH00BT03-2025.yaml") == []
    for line in (
        "      best: 10",
        "        - {id: weekly_exercises, name: Weekly exercises, graded: points, max: 10, repeat: 12}",
        "    - {id: group_work, name: Group work, weight: 20, graded: points, max: 20, by: group}",
        "    - {id: exam, name: Exam, weight: 40, graded: points, max: 50, retakes: 2}",
        "    - {id: safety_test, name: Safety test, graded: pass-fail}",
    ):
        assert line in text.splitlines()
    err = capsys.readouterr().err
    assert "Weekly exercises: 40 %, 12 of them, the best 10 count, 10 points" in err
    assert "kurssi sheet KH00BT03-2025.yaml --roster LIST" in " ".join(err.split())


def test_points_beside_grades_become_grades(folder: Path) -> None:
    assert new(*ANSWERS, "--parts", "Essee 40, Tentti 60 (40 p, 1 uusinta)") == 0
    text = (folder / "KH00BT03-2025.yaml").read_text("utf-8")
    assert "max: 40, linear: {1: 50 %, 5: 90 %}, retakes: 1}" in text
    assert "basis:" not in text
    assert rules("KH00BT03-2025.yaml") == []


def test_what_is_passed_or_failed_may_be_a_series(folder: Path) -> None:
    assert new(*ANSWERS, "--parts", "Tentti 100, Labrat (6x, 5 parasta)") == 0
    assert "need: 5" in (folder / "KH00BT03-2025.yaml").read_text("utf-8")
    assert rules("KH00BT03-2025.yaml") == []


@pytest.mark.parametrize(
    ("details", "says"),
    [
        ("12x10 p, best 12", "the best 12 of 12 cannot be taken"),
        ("61x", "there can be 1 to 60 of them"),
        ("0 p", "points need a maximum above 0"),
        ("21 retakes", "there can be at most 20 retakes"),
        ("perhaps", "“perhaps” is not understood"),
    ],
)
def test_details_that_cannot_be_are_refused(details: str, says: str, folder: Path, capsys: Capture) -> None:
    assert new(*ANSWERS, "--parts", f"Exam 100 ({details})") == 2
    assert says in capsys.readouterr().err
    assert list(folder.iterdir()) == []


def test_one_can_ask_go_back_and_change_ones_mind(
    folder: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_ = ["A1", "?", "Wrong name", "<", "Right name", *RUN[2:]]
    typed(monkeypatch, "<", *run_, "Exam 100", "", "<", "40 p", "?", "n")
    assert new() == 0
    err = capsys.readouterr().err
    assert "this is the first question" in err
    assert "The name as students see it" in err
    assert "A1 Right name, 5 credits" in err
    assert "The course's name [Wrong name]: " in err
    assert "Exam: 100 %, 40 points" in err
    assert "nothing was written" in err
    assert list(folder.iterdir()) == []


def test_a_name_that_is_a_header_is_refused_where_it_is_asked(
    folder: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed(monkeypatch, *RUN, "Group 100", "Group work 100", "", "")
    assert new() == 0
    assert rules("KH00BT03-2025.yaml") == []
    assert capsys.readouterr().err.count("What is assessed, with weights") == 2


EXPLAINED = (
    "Names with weights that sum to 100, such as Exercises 40, Exam 60. A name without a number is passed or failed, "
    "such as Safety test; without any number the whole course is. A name with a comma stands in quotes. How each part "
    "is made is asked next."
)


def test_no_word_is_broken_however_narrow_the_terminal_is(
    folder: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "30")
    typed(monkeypatch, *RUN, "?", "Exam 100", "?", "", "")
    assert run(["--lang", "fi", "new"]) == 0
    err = capsys.readouterr().err
    explained = Words("fi").translate(EXPLAINED)
    assert set(explained.split()) <= set(err.split())
    assert max(len(line) for line in err.splitlines() if line.startswith("  ")) <= 30


def test_a_code_that_no_file_can_be_called_after(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    typed(monkeypatch, "KH/00 B", *RUN[1:], "", "", "")
    assert new() == 0
    assert rules("KH-00-B-2025.yaml") == []


# ---- from the cookbook -------------------------------------------------------------------------------------

RECIPES = sorted(path.name for path in (ROOT / "examples" / "cookbook").iterdir())


@pytest.mark.parametrize("language", ["en", "fi", "sv"])
@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_can_be_graded_as_it_is(name: str, language: str, folder: Path, capsys: Capture) -> None:
    options = ["--id", "own", "--code", "X1", "--name", "Nimi: oma"]
    assert run(["--lang", language, "new", "--example", name, *options]) == 0, capsys.readouterr().err
    assert run(["grade", "own.yaml"]) == 0, capsys.readouterr().err
    assert "own  Nimi: oma" in capsys.readouterr().out
    assert "code: X1" in Path("own.yaml").read_text("utf-8")


def test_examples_are_listed_and_a_slip_is_named(folder: Path, capsys: Capture) -> None:
    assert new("--example", "list") == 0
    assert sorted(line.split()[0] for line in capsys.readouterr().out.splitlines()) == RECIPES
    assert new("--example", "best-ten") == 2
    assert "did you mean best-ten-of-twelve" in capsys.readouterr().err
    assert new("--example", "letters", "--parts", "Exam 100") == 2
    assert "leave out --parts" in capsys.readouterr().err
    assert new("--example", "letters", "-o", "-") == 0
    assert capsys.readouterr().out.startswith("kurssi: 1\n")
    assert list(folder.iterdir()) == []


def test_a_terminal_that_hangs_up_is_130(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal("KH00BT03\n"))
    assert new() == 130
    assert list(folder.iterdir()) == []


# ---- from last year's --------------------------------------------------------------------------------------


def test_last_years_file_moves(folder: Path, capsys: Capture) -> None:
    assert new("--from", str(OLD), "--start", "2025-01-15", "-o", "next.yaml") == 0
    before, after = (Path(p).read_text("utf-8").splitlines() for p in (OLD, "next.yaml"))
    changed = [line for line in difflib.ndiff(before, after) if line.startswith(("- ", "+ "))]
    assert [line for line in changed if line.startswith("+ ")] == [
        f"+ {MODELINE}",
        "+   id: KH00BT03-2025",
        "+   enrollment: {start: 2024-11-29, end: 2025-01-20}",
        "+   timing: {start: 2025-01-13, end: 2025-03-17}",
        *("+ " + line for line in after if "due: 2025-03-" in line),
        "+ scores: [../examples/KH00BT03-2025/arvostelu.csv, ../examples/KH00BT03-2025/ryhmat.csv]",
    ]
    err = capsys.readouterr().err
    assert "6 dates moved by 52 weeks" in err
    for what in (
        "the groups are last time's: PMMWES22",
        "the teachers are last time's: Saara Tikkanen, Janne Granfors",
        "there is room for 40 students",
        "a text names a week or the old year: line 55",
        "does it hold again? workload-total, timing-outside-weeks",
        "they are still to be made",
        "line 30: the run ends on 17 Mar 2025, in week 12",
    ):
        assert f"look at again: {what}" in err or what in err
    assert "error" not in {f.severity.name for f in check(Path("next.yaml").read_bytes(), "n").findings if f.counts}


PLAN = """\
kurssi: 1     # 2024
course: {code: A1, name: Course, credits: 5}
implementation:
  id: "A1-2024"
  timing: {start: 2024-10-28, end: 2024-12-20}   # autumn 2024
schedule:
  weeks: vko 44-51
  breaks: [46]
  sessions:
    - {week: 45, date: 2024-11-05, start: 8:30, hours: 3}
assessment:
  evaluation_scale: H-5
  parts:
    - {id: essay, weight: 50, due: 4.12.2024 23.59}
    - {id: exam, weight: 50, due: 2024-12-10T12:00+02:00, retakes: [{due: 2024-12-17 12:00}]}
scores:
  - points.csv
"""


def test_every_kind_of_date_moves(folder: Path, capsys: Capture) -> None:
    (folder / "old.yaml").write_bytes(PLAN.replace("\n", "\r\n").encode())
    assert new("--from", "old.yaml", "--weeks", "104") == 0
    text = (folder / "A1-2026.yaml").read_bytes().decode()
    assert "\n" not in text.replace("\r\n", "")
    for right in (
        "kurssi: 1     # 2024",
        "id: A1-2026",
        "{start: 2026-10-26, end: 2026-12-18}   # autumn 2024",
        "{week: 45, date: 2026-11-03, start: 8:30, hours: 3}",
        "due: 2.12.2026 23.59",
        "due: 2026-12-08T12:00+02:00, retakes: [{due: 2026-12-15 12:00}]",
        "# scores:\r\n#   - points.csv",
    ):
        assert right in text, right
    err = capsys.readouterr().err
    assert "comments name the old year: lines 2, 6" in err
    assert "scores: named last time's sheets and is a comment now" in err


PLAIN = """kurssi: 1
course: {code: Z, name: Z, credits: 5}
implementation: {id: Z-0, timing: {start: 2024-01-08, end: 2024-12-20}}
assessment: {evaluation_scale: 0-5, parts: [{id: essay, due: 2024-03-04 23:59}]}
"""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("2024-03-04T21:59Z", "2024-07-22T20:59Z"),  # 23:59 in Helsinki
        ("2024-03-04 00:30+02:00", "2024-07-21 23:30+02:00"),
        ("2024-03-04 23:59:30 +0200", "2024-07-22 22:59:30 +0200"),
        ("2024-07-22T20:59Z", "2024-12-09T21:59Z"),
        ("2024-01-08 23:59+02:00", "2024-05-27 22:59+02:00"),
    ],
)
def test_a_deadline_with_an_offset_stays_at_its_time_of_day(folder: Path, old: str, new: str) -> None:
    text = PLAIN.replace("2024-03-04 23:59", old)
    assert old in text
    Path("old.yaml").write_text(text, "utf-8")
    assert run(["new", "--from", "old.yaml", "--weeks", "20", "--id", "Z-1", "-o", "new.yaml"]) == 0
    assert new in Path("new.yaml").read_text("utf-8")


def test_weeks_follow_a_year_of_53(folder: Path) -> None:
    (folder / "old.yaml").write_text(PLAN, encoding="utf-8")
    assert new("--from", "old.yaml", "--start", "2027-01-11", "--id", "A1-spring") == 0  # 115 weeks later
    text = (folder / "A1-spring.yaml").read_text("utf-8")
    assert "weeks: vko 2-9\n" in text
    assert "breaks: [4]" in text
    assert "{week: 3, date: 2027-01-19" in text
    assert rules("A1-spring.yaml") == []


@given(st.integers(-600, 600))
@examples(150)
def test_weekdays_and_gaps_stay(weeks: int) -> None:
    checked = check(PLAN.encode(), "old")
    renewed = roll_over(PLAN.encode(), checked, weeks, "B")
    again = check(renewed.raw, "new")
    assert again.file is not None
    assert checked.file is not None
    old, new = checked.file, again.file
    assert old.implementation.timing is not None
    assert new.implementation.timing is not None
    moved = new.implementation.timing.start - old.implementation.timing.start
    assert moved.days == 7 * weeks
    assert new.schedule is not None
    assert new.schedule.sessions[0].date is not None
    assert new.schedule.sessions[0].date.isocalendar().week == new.schedule.sessions[0].week
    assert date.isoformat(new.schedule.sessions[0].date) in renewed.raw.decode()
    assert not [f for f in again.findings if f.severity is Severity.error]


def test_a_broken_file_is_not_renewed(folder: Path, capsys: Capture) -> None:
    (folder / "old.yaml").write_text(PLAN.replace("credits: 5", "credits: viisi"), encoding="utf-8")
    assert new("--from", "old.yaml", "--weeks", "52") == 2
    assert "the old file has errors" in capsys.readouterr().err
    with pytest.raises(NotRolledOver):
        roll_over(b"", check(b"", "f"), 52)
