"""``kurssi plan FOLDER --group CODE``: the term of a student group on one page, on the screen and as a calendar."""

from __future__ import annotations

import json
import re
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from kurssi.cli import run

ROOT = Path(__file__).parent.parent
PLANS = (ROOT / "implementations" / "KH00BT03-2024.yaml", ROOT / "examples" / "kuormitus" / "AVOIN01-2024.yaml")

SALES = """\
kurssi: 1
course: {code: MYY01, name: Myynti, credits: 5, learning_outcomes: [Opiskelija osaa neuvotella.]}
implementation:
  id: MYY01-2024
  language: fi
  timing: {start: 2024-01-08, end: 2024-03-24}
  groups: [{code: PMMWES22}, {code: PMMWES23}]
schedule:
  sessions:
    - {date: 2024-01-16, start: "9:00", hours: 3, topic: Aloitus}
    - {date: 2024-03-15, start: "9:00", hours: 2, topic: Tentti}
    - {week: 5, hours: 2}
assessment:
  evaluation_scale: 0-5
  parts:
    - {id: pitch, name: Myyntipuhe, weight: 50, due: 2024-03-07 12:00}
    - {id: exam, name: Tentti, weight: 50, due: 2024-03-15 11:00, retakes: [{due: 2024-03-29 11:00}]}
"""
MONEY = """\
kurssi: 1
course: {code: TAL01, name: Talous, credits: 3}
implementation:
  id: TAL01-2024
  language: fi
  timing: {start: 2024-01-08, end: 2024-03-31}
  groups: [{code: pmmwes22}]
  teachers: [Maija Mallikas]
schedule:
  sessions:
    - {date: 2024-01-16, start: "11:00", hours: 2, topic: Budjetti}
    - {date: 2024-01-16, start: "13:00", hours: 2, topic: Laskut}
assessment:
  evaluation_scale: 0-5
  parts:
    - {id: budget, name: Budjetti, weight: 100, due: 2024-03-11 00:00}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two shipped plans of a group, and two more that are made to get in their way."""
    monkeypatch.chdir(tmp_path)
    here = tmp_path / "plans"
    here.mkdir()
    for plan in PLANS:
        shutil.copy(plan, here)
    (here / "MYY01-2024.yaml").write_text(SALES, encoding="utf-8")
    (here / "TAL01-2024.yaml").write_text(MONEY, encoding="utf-8")
    return here


def shown(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> tuple[str, str]:
    assert run(["plan", *arguments]) == code
    out, err = capsys.readouterr()
    return out, err


def data(folder: Path, capsys: pytest.CaptureFixture[str], group: str = "PMMWES22", code: int = 0) -> dict[str, Any]:
    out, _ = shown(capsys, str(folder), "--group", group, "--format", "json", "--lang", "en", code=code)
    found: dict[str, Any] = json.loads(out)
    return found


def test_weeks_hold_the_hours_of_all_implementations(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = data(folder, capsys)
    run(["workload", str(folder), "--group", "PMMWES22", "--format", "json"])
    beside = json.loads(capsys.readouterr().out)["group"]
    hours = {week["week"]: week["hours"] for week in found["weeks"] if week["hours"] is not None}
    assert hours == {week["week"]: week["total"] for week in beside["weeks"]}
    assert [week["week"] for week in found["weeks"] if week["over"]] == ["2024-W07", "2024-W09", "2024-W10"]
    assert [one["hours"] for one in found["implementations"]] == ["135", "134", None, None]


def test_clashes_are_sessions_that_overlap_and_not_those_that_touch(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (clash,) = data(folder, capsys)["clashes"]
    assert [(one["implementation"], one["start"][-5:], one["end"][-5:]) for one in clash] == [
        ("MYY01-2024", "09:00", "12:00"),
        ("TAL01-2024", "11:00", "13:00"),
    ]


def test_midnight_is_the_day_before_and_an_exam_is_shown_once(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    dates = {(one["date"], one["kind"], one["name"]) for one in data(folder, capsys)["dates"]}
    assert ("2024-03-10", "deadline", "Budjetti") in dates
    exams = [one for one in data(folder, capsys)["dates"] if one["kind"] == "exam"]
    assert [(one["date"], one["implementation"]) for one in exams] == [
        ("2024-03-15", "MYY01-2024"),
        ("2024-03-15", "AVOIN01-2024"),
    ]


def test_what_is_proposed_makes_room(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = {one["kind"]: one for one in data(folder, capsys)["crowded"]}
    assert found["deadlines"]["found"] == "2024-W10: 4"
    assert found["exams"]["found"] == "2024-03-15: 2"
    # done as it is said, and asked again
    assert "“Verkkotentti” of Palvelumuotoilun perusteet verkossa to Thu 14 Mar 2024" in found["exams"]["help"]
    assert "“Palvelukonsepti” of Palvelumuotoilun perusteet verkossa to Wed 28 Feb 2024" in found["deadlines"]["help"]
    assert "to Mon 26 Feb 2024" in found["deadlines"]["help"]
    online, service = folder / "AVOIN01-2024.yaml", folder / "KH00BT03-2024.yaml"
    text = online.read_text("utf-8").replace("2024-03-15 16:00", "2024-03-14 16:00")
    online.write_text(text.replace("2024-03-06 23:59", "2024-02-28 23:59"), encoding="utf-8")
    text = service.read_text("utf-8")
    assert "due: 2024-03-04" in text
    service.write_text(text.replace("due: 2024-03-04", "due: 2024-02-26"), encoding="utf-8")
    assert data(folder, capsys)["crowded"] == []
    assert run(["validate", str(folder), "--format", "concise"]) == 0
    out = capsys.readouterr().out
    assert "deadlines-in-one-week" not in out
    assert "exams-on-one-day" not in out


def test_what_is_accepted_says_why(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    entry = 'accepted: [{rule: exams-on-one-day, found: "2024-03-15: 2", reason: toinen on verkossa}]\n'
    (folder / "MYY01-2024.yaml").write_text(SALES + entry, encoding="utf-8")
    found = {one["kind"]: one["help"] for one in data(folder, capsys)["crowded"]}
    assert found["exams"] == "stays: toinen on verkossa"


@pytest.mark.parametrize(
    ("language", "title"), [("fi", "Viikko viikolta"), ("en", "Week by week"), ("sv", "Vecka för")]
)
def test_screen_shows_a_table_of_weeks(
    folder: Path, capsys: pytest.CaptureFixture[str], language: str, title: str
) -> None:
    out, _ = shown(capsys, str(folder), "--group", "pmmwes22", "--lang", language)
    assert out.startswith("PMMWES22\n")
    assert title in out
    assert re.search(r"^ +10 .*43[.,]5 h +109 %, ", out, re.M)
    assert "Opiskelija osaa neuvotella." not in out  # that is for the page
    assert max(map(len, out.splitlines())) <= 100


def test_page_has_everything_and_nobody_by_name(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shown(capsys, str(folder), "--group", "PMMWES22", "-o", "lukukausi.html", "-o", "lukukausi.md")
    for name in ("lukukausi.html", "lukukausi.md"):
        text = Path(name).read_text("utf-8")
        assert "Opiskelija osaa neuvotella." in text
        assert "Myyntipuhe" in text
        assert "Mallikas" not in text
        assert str(folder) not in text
    page = Path("lukukausi.html").read_text("utf-8")
    assert '<html lang="fi">' in page
    assert '<line class="limit"' in page
    assert not re.search(r"(src|href)=\"(?!#)", page)


def test_words_of_the_chart_keep_off_the_line(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shown(capsys, str(folder), "--group", "PMMWES22", "-o", "t.html")
    svg = re.search(r"<svg.*?</svg>", Path("t.html").read_text("utf-8"), re.S)
    assert svg is not None
    line = re.search(r'class="limit" x1="([\d.]+)"', svg[0])
    assert line is not None
    for x in re.findall(r'<text x="([\d.]+)" y="\d+" text-anchor="start">[\d,]+ h', svg[0]):
        assert not float(line[1]) - 40 < float(x) < float(line[1])


def events(path: str) -> dict[str, Any]:
    return {str(entry["UID"]): entry for entry in Calendar.from_ical(Path(path).read_bytes()).walk("VEVENT")}


def test_calendar_has_the_events_of_the_implementations_own(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shown(capsys, str(folder), "--group", "PMMWES22", "-o", "term.ics", "--lang", "fi")
    own: dict[str, Any] = {}
    for plan in folder.glob("*.yaml"):
        shown(capsys, str(plan), "-o", f"{plan.stem}.ics", "--lang", "fi")
        own |= events(f"{plan.stem}.ics")
    assert {uid: entry.to_ical() for uid, entry in events("term.ics").items()} == {
        uid: entry.to_ical() for uid, entry in own.items()
    }
    assert Path("term.ics").read_bytes().count(b"BEGIN:VTIMEZONE") == 1


def test_calendar_cancels_what_is_gone_but_not_what_was_left_out(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ask = [str(folder), "--group", "PMMWES22", "-o", "term.ics", "--lang", "en"]
    shown(capsys, *ask)
    before = events("term.ics")
    (folder / "TAL01-2024.yaml").write_text(MONEY.replace("credits: 3", "credits: many"), encoding="utf-8")
    _, err = shown(capsys, *ask, code=1)
    assert "TAL01-2024.yaml is left out: it has errors" in err
    uid = "TAL01-2024-deadline-budget@kurssi"
    assert events("term.ics")[uid] == before[uid]
    (folder / "TAL01-2024.yaml").unlink()
    shown(capsys, *ask)
    assert str(events("term.ics")[uid]["STATUS"]) == "CANCELLED"


def test_files_with_errors_are_named_on_the_page(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "rikki.yaml").write_text("kurssi: 1\nimplementation: {id: R-1, groups: [{code: PMMWES22}]}\n", "utf-8")
    (folder / "muu.yaml").write_text("kurssi: 1\nimplementation: {id: M-1, groups: [{code: OTHER22}]}\n", "utf-8")
    (folder / "toinen.yaml").write_text("on: push\njobs: {}\n", "utf-8")
    (folder / "uudestaan.yaml").write_text(MONEY, "utf-8")
    found = data(folder, capsys, code=1)
    assert found["left_out"] == ["rikki.yaml", "uudestaan.yaml"]
    out, _ = shown(capsys, str(folder), "--group", "PMMWES22", "--lang", "en", code=1)
    assert "Left out, as they have errors: rikki.yaml, uudestaan.yaml" in out


def test_an_hour_too_few_leaves_nothing_out(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "TAL01-2024.yaml").write_text(MONEY.replace("weight: 100", "weight: 90"), encoding="utf-8")
    assert data(folder, capsys)["left_out"] == []


def test_weeks_run_across_new_year(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cases = ROOT / "tests" / "cases" / "deadlines-in-one-week" / "bad-new-year"
    found = data(cases, capsys, "PMMWES24")
    assert [week["week"] for week in found["weeks"]] == ["2025-W01", "2025-W02"]
    assert found["weeks"][0]["monday"] == "2024-12-30"
    assert found["crowded"][0]["found"] == "2025-W01: 3"


def test_the_night_of_the_changing_clock_is_compared_by_instants(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # 2:00 and three hours end at 6:00 where the clock skips from 3:00 to 4:00
    night = 'date: 2024-03-31, start: "2:00", hours: 3'
    (folder / "MYY01-2024.yaml").write_text(SALES.replace('date: 2024-01-16, start: "9:00", hours: 3', night), "utf-8")
    after = 'date: 2024-03-31, start: "5:30", hours: 1'
    (folder / "TAL01-2024.yaml").write_text(MONEY.replace('date: 2024-01-16, start: "11:00", hours: 2', after), "utf-8")
    assert len(data(folder, capsys)["clashes"]) == 1


def test_a_group_that_nobody_teaches(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, err = shown(capsys, str(folder), "--group", "PMMWES32", "--lang", "en", code=2)
    assert "did you mean “PMMWES22”?" in err or "did you mean “PMMWES23”?" in err
    _, err = shown(capsys, str(folder), "--group", "ZZ", "--lang", "en", code=2)
    assert "there are: PMMWES22, PMMWES23" in err
    _, err = shown(capsys, str(folder), "--group", "PMMWES22", "--field", "timing", "--lang", "en", code=2)
    assert "does not go with --field" in err


def test_proposals_keep_to_holidays_timing_and_other_groups(capsys: pytest.CaptureFixture[str]) -> None:
    cases = ROOT / "tests" / "cases" / "deadlines-in-one-week" / "bad-groups"
    (crowd,) = data(cases, capsys, "PMMWES23")["crowded"]
    day = date(2024, 4, 30)  # the first of May is a holiday
    assert f"to Tue {day:%d %b %Y}" in crowd["help"]


TERM = ROOT / "examples" / "lukukausi"


def test_the_shipped_term_is_crowded_until_what_is_proposed_is_done(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for path in TERM.glob("*.yaml"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    assert run(["validate", str(TERM), "--format", "concise", "--lang", "en"]) == 0
    said = capsys.readouterr().out
    for rule in ("deadlines-in-one-week", "exams-on-one-day", "group-double-booked"):
        assert said.count(f"warning[{rule}]") == 1
    assert run(["plan", str(TERM), "--group", "LTS25A", "--lang", "en"]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    moves = {
        "MA00CD01-2026.yaml": ("2026-03-04 23:59", "2026-03-11 23:59", "to Wed 11 Mar 2026"),
        "TA00CD03-2026.yaml": ("2026-03-18 16:00", "2026-03-19 16:00", "to Thu 19 Mar 2026"),
        "VI00CD02-2026.yaml": ('start: "11:00"', 'start: "12:00"', "Puheen rakenne; Time: 11:00–14:00"),
    }
    for name, (old, new, says) in moves.items():
        assert says in shown
        path = tmp_path / name
        path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    assert run(["validate", str(tmp_path), "--strict", "--lang", "en"]) == 0
    capsys.readouterr()
