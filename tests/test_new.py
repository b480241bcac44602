"""``kurssi new`` as a user meets it: answers in, a file that validates out; or last year's file, moved."""

from __future__ import annotations

import difflib
import io
import json
import sys
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kurssi.cli import run
from kurssi.course.check import check
from kurssi.course.rollover import NotRolledOver, roll_over
from kurssi.course.scaffold import MODELINE
from kurssi.course.schema import schema
from kurssi.diagnostics.finding import Severity
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
    assert new(*ANSWERS, "--parts", "Group 100") == 1
    assert "error[duplicate-part]" in capsys.readouterr().err
    assert new(*ANSWERS, "--id", "a/b") == 1
    assert list(folder.iterdir()) == []


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_is_asked(folder: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    said = ["", "KH00BT03", "Palvelumuotoilu", "", "13.1.2025", "2025-01-01", "2025-03-16", "", "lots", "6x3", ""]
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
