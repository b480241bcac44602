"""Hours: their grammar, and ``kurssi workload`` in text and JSON (contract section 6)."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kurssi.cli import run
from kurssi.diagnostics.message import Wrong
from kurssi.values.hours import read_hours, read_length, show_hours
from strategies import examples

ROOT = Path(__file__).parent.parent
PLAN_2024 = ROOT / "implementations" / "KH00BT03-2024.yaml"

HEAD = """\
kurssi: 1
course: {code: KH00BT03, name: Palvelumuotoilu, credits: 5}
implementation: {id: KH00BT03-2024}
"""
SEED = (
    HEAD
    + """\
workload:
  total: 135 h
  parts:
    - {name: Lähiopetus, hours: 8x3 h, kind: contact_teaching}
    - {name: Pienryhmätyöskentely, hours: 70 h, kind: group_work}
    - {name: Itsenäinen työskentely, hours: 40 h, kind: independent_work}
"""
)
ACCEPTED = SEED + "accepted:\n  - {rule: workload-total, found: 134 h, reason: As published.}\n"

Capture = pytest.CaptureFixture[str]


# ---- grammar -----------------------------------------------------------------------------------------------

HOURS: list[tuple[str, Fraction]] = [
    ("24", Fraction(24)),
    ("24 h", Fraction(24)),
    ("24h", Fraction(24)),
    (" 24  h ", Fraction(24)),
    ("24 H", Fraction(24)),
    ("8x3 h", Fraction(24)),
    ("8X3 h", Fraction(24)),
    ("8 x 3 h", Fraction(24)),
    ("8 × 3 h", Fraction(24)),
    ("8*3h", Fraction(24)),
    ("6*3h + 2*3h", Fraction(24)),
    ("6*3h+2*3h", Fraction(24)),
    ("3 h/week x 8", Fraction(24)),
    ("3 h / week × 8", Fraction(24)),
    ("3 h/vko x 8", Fraction(24)),
    ("3 h x 8", Fraction(24)),
    ("45 min x 8", Fraction(6)),
    ("8 x 45 min", Fraction(6)),
    ("45 min", Fraction(3, 4)),
    ("20 min", Fraction(1, 3)),
    ("24 h + 30 min", Fraction(49, 2)),
    ("2.5 h", Fraction(5, 2)),
    ("2,5 h", Fraction(5, 2)),
    ("0.1 h", Fraction(1, 10)),
    ("1.5 x 2 h", Fraction(3)),
    ("3 x 0,7 h", Fraction(21, 10)),
    ("24 tuntia", Fraction(24)),
    ("24 hours", Fraction(24)),
    ("1 hour", Fraction(1)),
    ("0", Fraction(0)),
    ("0 h", Fraction(0)),
    ("99999999999999 h", Fraction(99999999999999)),
]
NOT_HOURS = [
    "", " ", "h", "min", "8x", "x8", "8xx3 h", "8x3x2 h", "8x3 h x 2", "-3 h", "+3 h", "24 h +", "24 h + + 1 h", "1:30",
    "1h30", "1 h 30 min", "noin 24 h", "n. 24 h", "24 h noin", "1e3 h", "3. h", ".5 h", "1/3 h", "24 op", "24 d",
    "24 h, 8 h", "24-30 h", "1 000 h", "1.000,5 h", "24 h h", ".inf", ".nan", "²", "1234567890123456", "24 h # x",
]  # fmt: skip


@pytest.mark.parametrize(("text", "hours"), HOURS)
def test_hours(text: str, hours: Fraction) -> None:
    assert read_hours(text).hours == hours
    assert read_hours(text).text == text.strip()


@pytest.mark.parametrize("text", NOT_HOURS)
def test_not_hours(text: str) -> None:
    with pytest.raises(Wrong):
        read_hours(text)


@given(st.integers(0, 999), st.integers(0, 999), st.integers(0, 99), st.sampled_from("x×*"))
@examples(60)
def test_hours_are_exact(times: int, whole: int, cents: int, sign: str) -> None:
    number = Fraction(whole * 100 + cents, 100)
    written = f"{whole}.{cents:02}"
    assert read_hours(f"{times}{sign}{written} h").hours == times * number
    assert read_hours(f"{written} h/week {sign} {times}").hours == times * number
    assert read_hours(f"{written} min {sign} {times} + {written}").hours == times * number / 60 + number


@given(st.text(max_size=30))
@examples(100)
def test_any_text_is_hours_or_wrong(text: str) -> None:
    with suppress(Wrong):
        assert read_hours(text).hours >= 0
    with suppress(Wrong):
        assert read_length(text).number >= 0


@pytest.mark.parametrize(
    ("text", "shown"), [("30 min", "30 min"), ("1 h", "1 h"), ("7d", "7 d"), ("1 w", "1 w"), ("2 days", "2 d")]
)
def test_length(text: str, shown: str) -> None:
    assert str(read_length(text)) == shown


@pytest.mark.parametrize("text", ["", "7", "d", "1.5 h", "-1 d", "1 d 2 h", "1 kk", "1 month", "9999999 h", 7, None])
def test_not_a_length(text: object) -> None:
    with pytest.raises(Wrong):
        read_length(text)


def test_hours_are_shown_in_full() -> None:
    assert show_hours(Fraction(134)) == "134 h"
    assert show_hours(Fraction(5, 2)) == "2.5 h"
    assert show_hours(Fraction(400, 3)) == "400/3 h"


# ---- the command -------------------------------------------------------------------------------------------


def workload(tmp_path: Path, text: str, *options: str) -> int:
    path = tmp_path / "plan.yaml"
    path.write_text(text, encoding="utf-8")
    return run(["--lang", "en", "workload", str(path), *options])


def as_json(tmp_path: Path, capsys: Capture, text: str) -> tuple[int, dict[str, Any]]:
    code = workload(tmp_path, text, "--format", "json")
    return code, json.loads(capsys.readouterr().out)


def test_the_seed_lacks_an_hour(tmp_path: Path, capsys: Capture) -> None:
    assert workload(tmp_path, SEED) == 1
    out = capsys.readouterr().out
    assert "Lähiopetus" in out
    rows = {" ".join(line.split()) for line in out.splitlines()}
    assert "sum of the parts 134 h" in rows
    assert "promised total 135 h 1 h missing" in rows
    assert "by credits 135 h 5 × 27 h" in rows
    assert "by decree 133.333… h 1600 h / 60 credits" in rows
    assert "ECTS band 125–150 h inside" in rows
    assert "contact teaching 24 h 17.9 % of the sum" in rows
    assert "error[workload-total]: the parts sum to 134 h, but the total promises 135 h: 1 h missing" in out


def test_the_seed_as_json(tmp_path: Path, capsys: Capture) -> None:
    code, document = as_json(tmp_path, capsys, SEED)
    assert code == 1
    assert (document["kurssi"], document["command"]) == (1, "workload")
    assert document["files"] == [str(tmp_path / "plan.yaml")]
    (load,) = document["workloads"]
    assert load["file"] == str(tmp_path / "plan.yaml")
    assert load["implementation"] == "KH00BT03-2024"
    assert {key: load[key] for key in ("sum", "declared", "by_credits", "difference")} == {
        "sum": "134",
        "declared": "135",
        "by_credits": "135",
        "difference": "1",
    }
    assert load["by_decree"] == "400/3"
    assert load["band"] == ["125", "150"]
    assert [(part["name"], part["hours"], part["kind"]) for part in load["parts"]] == [
        ("Lähiopetus", "24", "contact_teaching"),
        ("Pienryhmätyöskentely", "70", "group_work"),
        ("Itsenäinen työskentely", "40", "independent_work"),
    ]
    assert load["split"] == {"contact_teaching": "24", "group_work": "70", "independent_work": "40"}
    (finding,) = document["findings"]
    assert (finding["rule"], finding["found"], finding["accepted"]) == ("workload-total", "134 h", False)


def test_an_accepted_difference_passes(tmp_path: Path, capsys: Capture) -> None:
    code, document = as_json(tmp_path, capsys, ACCEPTED)
    assert code == 0
    assert [(f["rule"], f["accepted"]) for f in document["findings"]] == [("workload-total", True)]
    assert document["workloads"][0]["difference"] == "1"
    assert workload(tmp_path, ACCEPTED) == 0
    out = capsys.readouterr().out
    assert "1 h missing" in out
    assert "accepted: As published." in out


def test_an_accepted_difference_that_changed_fails(tmp_path: Path) -> None:
    assert workload(tmp_path, ACCEPTED.replace("40 h", "39 h")) == 1


def test_a_sum_that_matches(tmp_path: Path, capsys: Capture) -> None:
    assert workload(tmp_path, SEED.replace("40 h", "41 h")) == 0
    assert "matches the sum" in capsys.readouterr().out
    code, document = as_json(tmp_path, capsys, SEED.replace("40 h", "41 h"))
    assert (code, document["findings"]) == (0, [])
    assert document["workloads"][0]["difference"] == "0"


def test_too_many_hours_are_negative(tmp_path: Path, capsys: Capture) -> None:
    code, document = as_json(tmp_path, capsys, SEED.replace("40 h", "42.5 h"))
    assert code == 1
    assert document["workloads"][0]["difference"] == "-1.5"
    workload(tmp_path, SEED.replace("40 h", "42.5 h"))
    assert "1.5 h too many" in capsys.readouterr().out


def test_thirds_of_an_hour_lose_nothing(tmp_path: Path, capsys: Capture) -> None:
    text = HEAD + "workload:\n  total: 135 h\n  parts:\n    - {name: a, hours: 20 min x 405}\n"
    code, document = as_json(tmp_path, capsys, text)
    assert (code, document["workloads"][0]["sum"]) == (0, "135")
    text = text.replace("405", "404")
    code, document = as_json(tmp_path, capsys, text)
    assert (code, document["workloads"][0]["sum"]) == (1, "404/3")
    assert document["findings"][0]["found"] == "404/3 h"


def test_only_a_total(tmp_path: Path, capsys: Capture) -> None:
    code, document = as_json(tmp_path, capsys, HEAD + "workload: {total: 135 h}\n")
    assert (code, document["findings"]) == (0, [])
    assert document["workloads"][0]["parts"] == []
    assert workload(tmp_path, HEAD + "workload: {total: 120 h}\n") == 1


def test_no_total(tmp_path: Path, capsys: Capture) -> None:
    code, document = as_json(tmp_path, capsys, SEED.replace("  total: 135 h\n", ""))
    assert (code, document["findings"]) == (0, [])
    assert document["workloads"][0]["declared"] is None
    assert document["workloads"][0]["difference"] is None


SESSIONS = "schedule:\n  weeks: 3-11\n  sessions:\n" + "".join(f"    - {{week: {w}, hours: 3}}\n" for w in range(3, 11))


def test_contact_hours(tmp_path: Path, capsys: Capture) -> None:
    whole = SEED.replace("40 h", "41 h")
    assert workload(tmp_path, whole + SESSIONS) == 0
    assert "as in the schedule (24 h)" in capsys.readouterr().out
    code, document = as_json(tmp_path, capsys, whole + SESSIONS.replace("{week: 3, hours: 3}", "{week: 3, hours: 2}"))
    assert code == 1
    assert document["findings"][0]["rule"] == "contact-hours"
    assert (document["workloads"][0]["contact"], document["workloads"][0]["sessions"]) == ("24", "23")
    assert workload(tmp_path, whole + SESSIONS.replace("{week: 3, hours: 3}", "{week: 3}")) == 0  # one says no hours


def test_findings_that_are_not_about_hours_do_not_stop_it(tmp_path: Path, capsys: Capture) -> None:
    text = SEED.replace("40 h", "41 h") + "assessment: {evaluation_scale: H-5, parts: []}\n"
    assert workload(tmp_path, text) == 0
    assert "sum of the parts" in capsys.readouterr().out


def test_no_workload(tmp_path: Path, capsys: Capture) -> None:
    assert workload(tmp_path, HEAD) == 0
    out, err = capsys.readouterr()
    assert out == ""
    assert "has no workload" in err


def test_a_file_that_cannot_be_read_says_why(tmp_path: Path, capsys: Capture) -> None:
    assert workload(tmp_path, SEED.replace("8x3 h", "noin 24 h")) == 1
    assert "“noin 24 h” is not understood as hours" in capsys.readouterr().out
    assert run(["workload", str(tmp_path / "missing.yaml")]) == 2


def test_several_files(tmp_path: Path, capsys: Capture) -> None:
    for name, text in {"a": SEED, "b": "x: [", "c": ACCEPTED, "d": HEAD}.items():
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    assert run(["--lang", "en", "workload", str(tmp_path), "--format", "json"]) == 1
    document = json.loads(capsys.readouterr().out)
    assert [Path(name).stem for name in document["files"]] == ["a", "b", "c", "d"]
    assert [Path(load["file"]).stem for load in document["workloads"]] == ["a", "c"]


def test_standard_input() -> None:
    program = [sys.executable, "-m", "kurssi", "workload", "-", "--format", "json"]
    found = subprocess.run(program, input=SEED.encode(), capture_output=True, check=False, timeout=30)
    assert found.returncode == 1
    assert json.loads(found.stdout)["workloads"][0]["sum"] == "134"


def test_the_shipped_implementation_is_accepted(capsys: Capture) -> None:
    assert run(["--lang", "en", "workload", str(PLAN_2024)]) == 0
    out = capsys.readouterr().out
    assert "1 h missing" in out
    assert "accepted[workload-total]" in out
