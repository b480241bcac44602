"""``kurssi workload --by-week`` and ``--group``: where the hours fall, exactly, and that no hour is lost."""

from __future__ import annotations

import json
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kurssi.cli import run
from kurssi.course.check import check
from kurssi.course.model import ImplementationFile
from kurssi.planning.week_load import Spread, Weekly, add_up, beside_weights, hours_by_week
from strategies import examples

ROOT = Path(__file__).parent.parent
PLANS = ROOT / "implementations"
EXAMPLE = ROOT / "examples" / "kuormitus"
Capture = pytest.CaptureFixture[str]


def read(path: Path) -> ImplementationFile:
    checked = check(path.read_bytes(), str(path))
    assert checked.file is not None
    return checked.file


def plan(
    work: str, sessions: str = "", *, weeks: str = "3-6", breaks: str = "[]", assessed: str = "", timing: str = ""
) -> ImplementationFile:
    text = f"""\
kurssi: 1
course: {{code: X, name: Palvelumuotoilu, credits: 5}}
implementation: {{id: X-1, timing: {timing or "{start: 2024-01-15, end: 2024-02-11}"}}}
schedule:
  weeks: {weeks}
  breaks: {breaks}
  sessions: [{sessions}]
workload: {{parts: [{work}]}}
{assessed and "assessment: {evaluation_scale: 0-5, parts: [" + assessed + "]}"}
"""
    checked = check(text.encode(), "x.yaml")
    assert checked.file is not None, [str(f.message) for f in checked.findings]
    return checked.file


def curve(file: ImplementationFile, spread: Spread | None = None) -> Weekly:
    found = hours_by_week(file, spread)
    assert found is not None
    return found


def totals(found: Weekly) -> dict[int, Fraction]:
    return {week.week[1]: week.total for week in found.weeks}


def test_the_134_hours_of_the_shipped_run() -> None:
    found = curve(read(PLANS / "KH00BT03-2024.yaml"))
    assert found.total == 134
    assert found.contact_from_schedule
    assert totals(found) == {week: Fraction(0) if week == 8 else Fraction(67, 4) for week in range(3, 12)}
    assert [week.week for week in found.empty] == [(2024, 8)]
    assert found.peaks == ()
    assert dict(found.weeks[0].hours) == {
        "contact_teaching": 3,
        "group_work": Fraction(35, 4),
        "independent_work": 5,
    }


def test_deadlines_of_the_shipped_run_rise_to_them() -> None:
    found = curve(read(PLANS / "KH00BT03-2024.yaml"), "deadlines")
    assert found.total == 134
    loads = totals(found)
    assert [loads[week] for week in (3, 4, 5, 6, 7, 9)] == sorted(loads[week] for week in (3, 4, 5, 6, 7, 9))
    assert [week.week[1] for week in found.peaks] == [9]  # the last whole week before the first deadline, on a Monday


def test_deadline_shares_by_hand() -> None:
    # Teaching days Monday 15 to Wednesday 17 January are 1 : 2 : 3 of 12 hours; the next deadline takes the other 12
    # over 1 : 2 : … : 6, Monday 15 to Monday 22, of which the first week has 15/21.
    assessed = "{id: a, weight: 50, due: 2024-01-17 12:00}, {id: b, weight: 50, due: 2024-01-22 23:59}"
    found = curve(plan("{name: Työ, hours: 24 h}", assessed=assessed), "deadlines")
    assert totals(found) == {3: 12 + Fraction(12 * 15, 21), 4: Fraction(12 * 6, 21), 5: 0, 6: 0}


def test_hours_for_a_part_go_to_its_deadline() -> None:
    assessed = "{id: a, weight: 50, due: 2024-01-19 12:00}, {id: b, weight: 50, due: 2024-02-09 23:59}"
    found = curve(plan("{name: Työ, hours: 24 h, for: a, kind: group_work}", assessed=assessed), "deadlines")
    assert totals(found) == {3: 24, 4: 0, 5: 0, 6: 0}
    assert [week.week[1] for week in found.peaks] == []  # one week of one: nothing to compare with


def test_exam_without_a_date_is_at_its_session() -> None:
    sessions = "{week: 4, hours: 3, topic: Tentti}"
    found = curve(plan("{name: Työ, hours: 55 h}", sessions, assessed="{id: exam, name: Tentti}"), "deadlines")
    assert totals(found) == {3: 15, 4: 40, 5: 0, 6: 0}  # 1 + … + 5 and 6 + … + 10 of 55: up to Friday of week 4


def test_without_deadlines_even() -> None:
    found = curve(plan("{name: Työ, hours: 12 h}", assessed="{id: a}", breaks="[4]"), "deadlines")
    assert totals(found) == {3: 4, 4: 0, 5: 4, 6: 4}


def test_deadline_before_the_teaching_takes_the_first_week() -> None:
    found = curve(plan("{name: Työ, hours: 12 h}", assessed="{id: a, due: 2024-01-02 12:00}"), "deadlines")
    assert totals(found)[3] == 12


def test_the_file_says_how_to_spread() -> None:
    file = read(EXAMPLE / "AVOIN01-2024.yaml")
    assert totals(curve(file)) == totals(curve(file, "deadlines")) != totals(curve(file, "even"))


def test_contact_is_where_its_sessions_are() -> None:
    sessions = "{week: 3, hours: 2}, {week: 3, hours: 1}, {date: 2024-02-07, hours: 4}"
    found = curve(plan("{name: Lähi, hours: 7 h, kind: contact_teaching}", sessions))
    assert totals(found) == {3: 3, 4: 0, 5: 0, 6: 4}
    assert found.contact_from_schedule


@pytest.mark.parametrize("sessions", ["{week: 3, hours: 2}", "{week: 3}, {week: 4, hours: 8}", "{hours: 8}", ""])
def test_contact_that_does_not_add_up_is_spread_evenly(sessions: str) -> None:
    found = curve(plan("{name: Lähi, hours: 8 h, kind: contact_teaching}", sessions))
    assert totals(found) == {3: 2, 4: 2, 5: 2, 6: 2}
    assert not found.contact_from_schedule


def test_contact_that_is_spread_is_said(tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "x.yaml"
    text = (PLANS / "KH00BT03-2024.yaml").read_text("utf-8").replace("8x3 h, kind", "8x2 h, kind")
    path.write_text(text, encoding="utf-8")
    run(["workload", str(path), "--by-week", "--lang", "en"])
    assert "Contact teaching is spread evenly: the sessions lack weeks or hours" in capsys.readouterr().out
    run(["workload", str(PLANS / "KH00BT03-2024.yaml"), "--by-week", "--lang", "en"])
    assert "Contact teaching is spread" not in capsys.readouterr().out


def test_session_outside_the_weeks_loses_no_hour() -> None:
    found = curve(plan("{name: Lähi, hours: 5 h, kind: contact_teaching}", "{week: 8, hours: 5}"))
    assert totals(found) == {3: 0, 4: 0, 5: 0, 6: 0, 7: 0, 8: 5}
    assert [week.teaching for week in found.weeks] == [True] * 4 + [False] * 2


def test_weeks_across_new_year() -> None:
    found = curve(
        plan("{name: Työ, hours: 30 h}", weeks="51-2", breaks="[52, 1]", timing="{start: 2024-12-16, end: 2025-01-10}")
    )
    assert [(week.week, int(week.total)) for week in found.weeks] == [
        ((2024, 51), 15),
        ((2024, 52), 0),
        ((2025, 1), 0),
        ((2025, 2), 15),
    ]


def test_timing_alone_gives_weeks() -> None:
    text = (
        "kurssi: 1\ncourse: {code: X, name: Y, credits: 5}\n"
        "implementation: {id: X-1, timing: {start: 2024-01-17, end: 2024-01-23}}\n"
        "workload: {parts: [{name: T, hours: 3}]}\n"
    )
    file = check(text.encode(), "x.yaml").file
    assert file is not None
    assert totals(curve(file)) == {3: Fraction(3, 2), 4: Fraction(3, 2)}


@given(
    st.lists(
        st.tuples(st.integers(0, 900), st.sampled_from(["group_work", "independent_work", None])),
        min_size=1,
        max_size=4,
    ),
    st.lists(st.dates(date(2023, 12, 1), date(2024, 4, 30)), max_size=4),
    st.sets(st.integers(3, 11), max_size=9),
    st.sampled_from(["even", "deadlines"]),
)
@examples(150)
def test_every_hour_is_kept(
    work: list[tuple[int, str | None]], dues: list[date], breaks: set[int], spread: Spread
) -> None:
    parts = ", ".join(
        f"{{name: P{i}, hours: {minutes} min{f', kind: {kind}' if kind else ''}}}"
        for i, (minutes, kind) in enumerate(work)
    )
    assessed = ", ".join(f"{{id: p{i}, due: {due} 12:00}}" for i, due in enumerate(dues))
    found = curve(plan(parts, weeks="3-11", breaks=str(sorted(breaks)), assessed=assessed), spread)
    assert found.total == Fraction(sum(minutes for minutes, _ in work), 60)
    if len(breaks) < 9:
        assert all(not week.total for week in found.weeks if week.week[1] in breaks)
    for before, after in zip(found.weeks, found.weeks[1:], strict=False):
        assert after.monday - before.monday == timedelta(days=7)


def test_group_adds_up_the_same_weeks() -> None:
    files = [read(PLANS / "KH00BT03-2024.yaml"), read(EXAMPLE / "AVOIN01-2024.yaml")]
    curves = [curve(file) for file in files]
    together = add_up(curves)
    assert together.total == sum(one.total for one in curves) == 269
    assert totals(together) == {week: totals(curves[0])[week] + totals(curves[1])[week] for week in range(3, 12)}
    assert [week.week for week in together.peaks] == [(2024, 10)]


def test_hours_beside_weights() -> None:
    found = beside_weights(read(EXAMPLE / "AVOIN01-2024.yaml"))
    assert [(w.part.id, int(w.weight or 0), int(w.hours)) for w in found] == [
        ("concept", 40, 50),
        ("diary", 30, 23),
        ("exam", 30, 50),
    ]
    assert beside_weights(read(PLANS / "KH00BT03-2024.yaml")) == ()


@pytest.mark.parametrize("kind", ["text", "md"])
def test_weights_stand_in_the_plain_report(capsys: Capture, kind: str) -> None:
    run(["workload", str(EXAMPLE), "--lang", "en", "--format", kind])
    shown = " ".join(capsys.readouterr().out.replace("|", " ").split())
    assert "Palvelukonsepti 40 % 50 h 40.7 % Oppimispäiväkirja 30 % 23 h 18.7 % Verkkotentti 30 % 50 h 40.7 %" in shown


def test_hours_for_several_parts_are_shared() -> None:
    found = beside_weights(
        plan("{name: T, hours: 12 h, for: [a, c]}", assessed="{id: a}, {id: b, parts: [{id: c}, {id: d}]}")
    )
    assert [(w.part.id, int(w.hours)) for w in found] == [("a", 6), ("b", 0), ("c", 6)]


# ---- the command -------------------------------------------------------------------------------------------


def as_json(capsys: Capture, *arguments: str) -> dict[str, Any]:
    run(["workload", *arguments, "--format", "json", "--lang", "en"])
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    return document


def test_json_by_week(capsys: Capture) -> None:
    found = as_json(capsys, str(PLANS / "KH00BT03-2024.yaml"), "--by-week")["workloads"][0]
    assert found["by_week"]["spread"] == "even"
    assert found["by_week"]["weeks"][0] == {
        "week": "2024-W03",
        "monday": "2024-01-15",
        "teaching": True,
        "hours": {"contact_teaching": "3", "group_work": "8.75", "independent_work": "5"},
        "total": "16.75",
    }
    assert (found["by_week"]["sum"], found["by_week"]["empty"]) == ("134", ["2024-W08"])
    assert found["sum"] == "134"


def test_json_of_a_group(capsys: Capture) -> None:
    document = as_json(capsys, str(PLANS), str(EXAMPLE), "--group", "pmmwes22")
    assert [one["implementation"] for one in document["workloads"]] == ["KH00BT03-2024", "AVOIN01-2024"]
    assert document["group"]["group"] == "PMMWES22"
    assert document["group"]["sum"] == "269"
    assert document["group"]["implementations"] == [
        {"implementation": "KH00BT03-2024", "sum": "134"},
        {"implementation": "AVOIN01-2024", "sum": "135"},
    ]


def test_group_counts_an_id_once(tmp_path: Path, capsys: Capture) -> None:
    """A copy of last year's file is no second course; plan --group leaves it out in the same words."""
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_bytes((EXAMPLE / "AVOIN01-2024.yaml").read_bytes())
    assert run(["workload", str(tmp_path), "--group", "PMMWES22", "--format", "json", "--lang", "en"]) == 1
    out, err = capsys.readouterr()
    document = json.loads(out)
    assert len(document["group"]["implementations"]) == 1
    assert document["files"] == [str(tmp_path / "a.yaml")]
    assert f"b.yaml is left out: its id is also the id of {tmp_path / 'a.yaml'}" in err
    assert run(["workload", str(tmp_path), "--lang", "en"]) == 0  # each by itself, as ever


def test_group_that_nobody_has(capsys: Capture) -> None:
    assert run(["workload", str(PLANS), "--group", "ABC", "--lang", "en"]) == 0
    out, err = capsys.readouterr()
    assert out == ""
    assert "no implementation is for the group ABC" in err


@pytest.mark.parametrize("lang", ["fi", "en", "sv"])
@pytest.mark.parametrize("more", [[], ["--group", "PMMWES22"], ["--estimate", "--rates", "all"]])
@pytest.mark.parametrize("width", [60, 100])
def test_text_is_narrow_enough(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch, lang: str, more: list[str], width: int
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.setenv("COLUMNS", str(width))
    run(["workload", str(EXAMPLE), "--by-week", *more, "--lang", lang, "--color", "never"])
    out = capsys.readouterr().out
    assert max(map(len, out.splitlines())) <= width
    assert "█" in out
    assert "\x1b" not in out


def test_bars_are_as_long_as_the_hours(capsys: Capture) -> None:
    run(["workload", str(PLANS / "KH00BT03-2024.yaml"), "--by-week", "--lang", "en", "--spread", "deadlines"])
    out = capsys.readouterr().out
    bars = {}
    for line in out.splitlines():
        if line.startswith("wk ") and "no teaching" not in line:
            name, hours = line[:5].strip(), Fraction(line[5:].split()[0])
            bars[name] = (hours, sum(line.count(sign) for sign in "█▒░"))
    longest = max(bars.values())
    assert longest == (Fraction("27.3"), 48)
    for hours, length in bars.values():
        assert abs(length - 48 * hours / Fraction("27.3")) < 1
    assert "Peak: wk 9 (27.3 h).\nWithout work: wk 8.\n" in out


@pytest.mark.parametrize("lang", ["fi", "en", "sv"])
def test_markdown_by_week(capsys: Capture, lang: str) -> None:
    assert run(["workload", str(EXAMPLE), "--by-week", "--format", "md", "--lang", lang]) == 0
    lines = capsys.readouterr().out.splitlines()
    table = [line for line in lines if line.startswith("| ")]
    assert len(table) == 1 + 9 + 1 + 1 + 3
    assert table[10].endswith("| 135 |")


def test_plain_markdown_and_files(tmp_path: Path, capsys: Capture) -> None:
    target = tmp_path / "k.md"
    assert (
        run(["workload", str(PLANS / "KH00BT03-2024.yaml"), "-o", str(target), "--format", "md", "--lang", "fi"]) == 0
    )
    assert capsys.readouterr().out == target.read_text("utf-8")
    assert "| 135 h | 1 h puuttuu |" in target.read_text("utf-8")
    assert run(["workload", str(PLANS), "-o", "k.xlsx", "--lang", "en"]) == 2


def test_file_without_weeks_says_what_is_missing(tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(
        "kurssi: 1\ncourse: {code: X, name: Y, credits: 5}\nimplementation: {id: X-1}\n"
        "workload: {parts: [{name: T, hours: 135}]}\n"
    )
    assert run(["workload", str(path), "--by-week", "--lang", "en"]) == 0
    assert "write implementation.timing and schedule.weeks" in capsys.readouterr().err


def test_compare_tells_what_the_work_is_for(tmp_path: Path, capsys: Capture) -> None:
    text = (EXAMPLE / "AVOIN01-2024.yaml").read_text("utf-8")
    old, new = tmp_path / "old.yaml", tmp_path / "new.yaml"
    old.write_text(text, encoding="utf-8")
    new.write_text(
        text.replace("spread: deadlines", "spread: even")
        .replace("rates: helsinki", "rates: wfu")
        .replace("for: diary", "for: exam")
        .replace("{reading: 240 pages", "{reading: 300 pages"),
        encoding="utf-8",
    )
    assert run(["compare", str(old), str(new), "--lang", "en"]) == 0
    out = capsys.readouterr().out
    assert "rising towards the deadlines" in out
    assert "helsinki" in out
    assert "for exam" in out
    assert "reading 300 pages" in out
