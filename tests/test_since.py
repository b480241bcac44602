"""What moved since an earlier report, and by what: ``kurssi grade --since report.json``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kurssi.cli import run

POLICY = """kurssi: 1
course: {code: KH1, name: Palvelumuotoilu, credits: 5}
implementation: {id: KH1-2024, language: en}
assessment:
  evaluation_scale: H-5
  parts:
    - {id: essay, name: Essee, weight: 50, due: 2024-03-04 23:59, late: {deduct: 1, per: day}}
    - {id: exam, name: Tentti, weight: 50, retakes: 1}
  activity: {levels: {active: 0.5, passive: -0.5}}
"""
SHEET = """opiskelijanumero;nimi;Essee;Essee palautettu;Tentti;Tentti 2;aktiivisuus
01;Alias, Åke;4;4.3.2024 12.00;4;;
02;Brava, Berta;3;4.3.2024 12.00;3;;active
03;Corva, Celia;3;4.3.2024 12.00;?;;
04;Delta, Dora;5;6.3.2024 12.00;5;;
"""


@pytest.fixture
def since(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Any:
    """``since(POLICY, SHEET)``: what moved since the class above, by student."""
    monkeypatch.chdir(tmp_path)
    Path("x.yaml").write_text(POLICY, "utf-8")
    Path("s.csv").write_text(SHEET, "utf-8")
    assert run(["--lang", "en", "grade", "x.yaml", "s.csv", "-o", "report.json"]) == 0
    capsys.readouterr()

    def moved(policy: str = POLICY, sheet: str = SHEET, *more: str) -> dict[str, tuple[str, str, list[str]]]:
        Path("x.yaml").write_text(policy, "utf-8")
        Path("s.csv").write_text(sheet, "utf-8")
        arguments = ["--lang", "en", "grade", "x.yaml", "s.csv", "--since", "report.json", *more]
        assert run([*arguments, "--format", "json"]) == 0
        out = capsys.readouterr().out
        Path("now.json").write_text(out, "utf-8")
        assert run(["--lang", "en", "verify", "now.json"]) == 0, capsys.readouterr()
        capsys.readouterr()
        found = json.loads(out)["since"]
        assert found["report"] == "report.json"
        return {one["student"]: (one["old"], one["new"], one["by"]) for one in found["moved"]}

    return moved


def test_nothing_moved(since: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert since() == {}
    assert run(["--lang", "en", "grade", "x.yaml", "s.csv", "--since", "report.json"]) == 0
    assert "no grade moved since report.json" in capsys.readouterr().err


def test_a_score(since: Any) -> None:
    assert since(sheet=SHEET.replace("12.00;4;;", "12.00;2;;")) == {"01": ("4", "3", ["Tentti: 4 → 2"])}


def test_a_score_that_was_open_and_a_retake(since: Any) -> None:
    old, new, by = since(sheet=SHEET.replace("?;;", "1;4;"))["03"]
    assert old.startswith("incomplete (H, ")
    assert new == "4"
    assert by == ["Tentti: not graded yet → 1", "Tentti 2: – → 4"]


def test_a_time(since: Any) -> None:
    assert since(sheet=SHEET.replace("5;6.3.2024 12.00", "5;4.3.2024 12.00")) == {
        "04": ("4", "5", ["Essee, handed in: 2024-03-06 12:00 → 2024-03-04 12:00"])
    }


def test_activity_and_a_grade_set_by_hand(since: Any) -> None:
    Path("overrides.csv").write_text("student,grade,reason,by,date\n01,5,oikaisu,N. N.,2024-04-01\n", "utf-8")
    assert since(sheet=SHEET.replace(";active", ";")) == {
        "01": ("4", "5", ["set by hand: – → 5 (oikaisu)"]),
        "02": ("4", "3", ["activity: active → –"]),
    }


def test_a_rule(since: Any) -> None:
    """Only the rule that moves the student is named, though another one changed as well."""
    policy = POLICY.replace("deduct: 1", "deduct: 2").replace("active: 0.5", "active: 0.25")
    found = since(policy)
    assert set(found) == {"02", "04"}
    assert found["04"][:2] == ("4", "3")
    assert [cause.split(" was ")[0] for cause in found["04"][2]] == ["essay.late"]
    assert [cause.split(" was ")[0] for cause in found["02"][2]] == ["activity"]


def test_a_score_and_a_rule(since: Any) -> None:
    found = since(POLICY.replace("deduct: 1", "deduct: 2"), SHEET.replace("12.00;5;;", "12.00;4;;"))
    assert [cause.split(":")[0].split(" was ")[0] for cause in found["04"][2]] == ["Tentti", "essay.late"]


def test_who_came_and_who_went(since: Any) -> None:
    sheet = SHEET.replace("01;Alias, Åke;", "05;Epsilon, Eero;")
    assert since(sheet=sheet) == {
        "05": (None, "4", ["was not in the class"]),
        "01": ("4", None, ["is not in the class any more"]),
    }


def test_the_day(since: Any) -> None:
    found = since(POLICY, SHEET, "--as-of", "2024-03-01")
    assert "what is open at: – → 2024-03-01" in found["01"][2]


def test_text_markdown_csv(since: Any, capsys: pytest.CaptureFixture[str]) -> None:
    since(sheet=SHEET.replace("12.00;4;;", "12.00;2;;"))
    for format_, stream, shown in (
        ("text", 0, "01              Alias, Åke   4    3   Tentti: 4 → 2"),
        ("md", 0, "| 01 | Alias, Åke | 4 | 3 | Tentti: 4 → 2 |"),
        ("csv", 1, "Tentti: 4 → 2"),
    ):
        assert run(["--lang", "en", "grade", "x.yaml", "s.csv", "--since", "report.json", "--format", format_]) == 0
        assert shown in capsys.readouterr()[stream]


def test_what_is_no_report(since: Any, capsys: pytest.CaptureFixture[str]) -> None:
    report = json.loads(Path("report.json").read_text("utf-8"))

    def refused(text: str) -> str:
        Path("other.json").write_text(text, "utf-8")
        assert run(["--lang", "en", "grade", "x.yaml", "s.csv", "--since", "other.json"]) == 2
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return said.err

    assert "this is not JSON" in refused("x")
    assert "the report is about KH2, not KH1-2024" in refused(json.dumps({**report, "implementation": "KH2"}))
    broken = json.loads(json.dumps(report))
    broken["students"][0]["grade"] = 99
    assert "none that kurssi grades by" in refused(json.dumps(broken))
    broken["students"][0] = {"student": "01"}
    assert "grade" in refused(json.dumps(broken))
    broken["policy"]["resolved"]["parts"] = 3
    assert "is not a list" in refused(json.dumps(broken))
    assert run(["--lang", "en", "grade", "x.yaml", "s.csv", "--since", "none.json"]) == 2
    assert run(["--lang", "en", "grade", "x.yaml", "s.csv", "--since", "report.json", "--list", "peppi"]) == 2
    assert run(["--lang", "en", "grade", ".", "--since", "report.json"]) == 2


# ---- without naming a report ---------------------------------------------------------------------------------


def test_a_report_that_is_replaced_says_who_moved(since: Any, capsys: pytest.CaptureFixture[str]) -> None:
    again = ["--lang", "en", "grade", "x.yaml", "s.csv", "-o", "report.json"]
    assert run(again) == 0
    assert "no grade moved since report.json" in capsys.readouterr().err
    Path("s.csv").write_text(SHEET.replace("12.00;4;;", "12.00;2;;").replace("?;;", "1;4;"), "utf-8")
    assert run([*again, "--format", "csv"]) == 0
    out, err = capsys.readouterr()
    assert "2 grades moved since report.json: 01: 4 → 3 (Tentti: 4 → 2), 03: incomplete (H, " in err
    assert err.index("moved since") < err.index("written: report.json")
    assert "moved" not in out
    assert json.loads(Path("report.json").read_text("utf-8"))["students"][0]["grade"] == 3
    assert run(["--lang", "fi", *again[2:]]) == 0
    assert "mikään arvosana ei ole muuttunut" in capsys.readouterr().err


def test_of_many_the_first_are_named(since: Any, capsys: pytest.CaptureFixture[str]) -> None:
    rows = "".join(f"{n};X;{{}};;4;;\n" for n in range(10, 25))
    head = SHEET.partition("\n")[0] + "\n"
    for score in (3, 5):
        Path("s.csv").write_text(head + rows.replace("{}", str(score)), "utf-8")
        assert run(["--lang", "en", "grade", "x.yaml", "s.csv", "-o", "other.json"]) == 0
    err = capsys.readouterr().err
    assert "15 grades moved since other.json: 10: 4 → 5 (" in err
    assert "19: 4 → 5" in err
    assert "20: 4 → 5" not in err
    assert ", …\n" in err


@pytest.mark.parametrize("content", ["{}", "no JSON", "other", "explain"])
def test_what_is_no_report_of_the_implementation_says_nothing(
    content: str, since: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    if content == "other":
        Path("x.yaml").write_text(POLICY.replace("KH1-2024", "KH1-2023"), "utf-8")
        assert run(["grade", "x.yaml", "s.csv", "-o", "other.json"]) == 0
        Path("x.yaml").write_text(POLICY, "utf-8")
    elif content == "explain":
        assert run(["explain", "x.yaml", "01", "s.csv", "--format", "json"]) == 0
        Path("other.json").write_text(capsys.readouterr().out, "utf-8")
    else:
        Path("other.json").write_text(content, "utf-8")
    capsys.readouterr()
    assert run(["--lang", "en", "grade", "x.yaml", "s.csv", "-o", "other.json", "--force"]) == 0
    assert "moved" not in capsys.readouterr().err
    assert json.loads(Path("other.json").read_text("utf-8"))["command"] == "grade"


def test_a_report_of_one_student_is_nothing_to_compare_with(since: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", "x.yaml", "01", "s.csv", "--format", "json"]) == 0
    Path("one.json").write_text(capsys.readouterr().out, "utf-8")
    assert run(["--lang", "en", "grade", "x.yaml", "s.csv", "--since", "one.json"]) == 2
    assert "one.json: it is about one student" in capsys.readouterr().err
