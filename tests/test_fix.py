"""``kurssi validate --fix`` and ``--diff``: what has exactly one right answer, and nothing else."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kurssi.cli import run
from kurssi.course.check import check
from kurssi.course.fixes import fix
from kurssi.course.yaml_reader import load
from strategies import examples

ROOT = Path(__file__).parent.parent
CASES = Path(__file__).parent / "cases"
Capture = pytest.CaptureFixture[str]

GOOD = """\
# Kevään toteutus
kurssi: 1
course: {code: KH00BT03, name: Palvelumuotoilu, credits: 5}   # tunnus
implementation:
  id: KH00BT03-2024
  language: fi
  timing: {start: 2024-01-15, end: 2024-03-17}

schedule:
  weeks: 3-11     # viikot
  breaks: [8, 10]
  sessions:
    - {week: 3, hours: 3 h, topic: "Aloitus: kuka?"}
workload:
  parts:
    - {name: Lähiopetus, hours: 8x3 h}
    -   name: Muu
        hours: 6x3 h + 93 h   # loput
assessment:
  evaluation_scale: H-5
  parts:
  - {id: essay, weight: 60, due: 2024-03-04 23:59, attempt: best}
  - {id: exam, weight: 40, retakes: 1, attempt: latest}
  late: {deduct: 0.5, per: day}
"""
SLIPS = {
    "kurssi: 1\n": ["", ],
    "code: KH00BT03": ["cod: KH00BT03", '"code": KH00BT03'],
    "credits: 5": ['credits: "5"', "credts: 5", "Credits: 5"],
    "language: fi": ["languge: fi", "langauge: fi"],
    "start: 2024-01-15": ["start: 15.1.2024", 'start: "2024-01-15"', "start: 15.01.2024"],
    "weeks: 3-11 ": ["weeks: vko 3–11 ", "weeks: 3 - 11 ", 'weeks: 3 -11 '],
    "[8, 10]": ["[10, 8]", '[8, "10"]', "[8, vko 10]"],
    "{week: 3, hours: 3 h": ["{week: 3, hours: 3h", "{week: 3, hours: 3  h", '{week: "3", hours: 3 h'],
    "hours: 8x3 h": ["hours: 8 x 3h", "hours: 8*3 h", "hours: 8 × 3 h"],
    "hours: 6x3 h + 93 h": ["hours: 6*3h+93h", "hours: 6 x 3 h  +  93 h"],
    "evaluation_scale": ["evaluation-scale", "evaluaton_scale", "Evaluation_Scale"],
    "weight: 60": ["weigth: 60", 'weight: "60"', "Weight: 60"],
    "attempt: latest": ["attempt: lates", "attempt: Latest"],
    "deduct: 0.5": ['deduct: "0,5"', "dedcut: 0.5"],
    "per: day": ["per: dayy"],
}  # fmt: skip


def slipped(text: str, choice: dict[str, str]) -> str:
    for right, wrong in choice.items():
        assert text.count(right) == 1, right
        text = text.replace(right, wrong)
    return text


@pytest.mark.parametrize(("right", "wrong"), [(right, wrong) for right in SLIPS for wrong in SLIPS[right]])
def test_a_slip_is_mended_and_nothing_else_moves(right: str, wrong: str) -> None:
    fixed = fix(slipped(GOOD, {right: wrong}).encode(), "f.yaml")
    if wrong == '"code": KH00BT03':
        assert fixed.edits == ()  # quotes around a key are nobody's business
        return
    # the version of the format comes in just above the first key, where it was
    assert fixed.raw.decode() == GOOD
    assert len(fixed.edits) == (2 if wrong == "[10, 8]" else 1)


@st.composite
def slips(draw: st.DrawFn) -> dict[str, str]:
    rights = draw(st.lists(st.sampled_from(sorted(SLIPS)), min_size=1, unique=True))
    return {right: draw(st.sampled_from([w for w in SLIPS[right] if not w.startswith('"')])) for right in rights}


@given(slips(), st.sampled_from(["\n", "\r\n", "\r"]), st.booleans(), st.booleans())
@examples(50)
def test_any_slips_together(choice: dict[str, str], ending: str, mark: bool, end: bool) -> None:
    def bytes_of(text: str) -> bytes:
        text = text if end else text.rstrip("\n")
        return b"\xef\xbb\xbf" * mark + text.replace("\n", ending).encode()

    fixed = fix(bytes_of(slipped(GOOD, choice)), "f.yaml")
    assert fixed.raw == bytes_of(GOOD)
    assert fix(fixed.raw, "f.yaml").edits == ()


def leaves(value: Any, path: tuple[Any, ...] = ()) -> dict[tuple[Any, ...], Any]:
    if isinstance(value, dict):
        return {p: v for key, inner in value.items() for p, v in leaves(inner, (*path, key)).items()}
    if isinstance(value, list):
        return {p: v for index, inner in enumerate(value) for p, v in leaves(inner, (*path, index)).items()}
    return {path: value if isinstance(value, (str, int, float)) else str(value)}


@pytest.mark.parametrize("case", sorted(p.relative_to(CASES).as_posix() for p in CASES.glob("**/*.yaml")))
def test_every_case_keeps_what_it_says(case: str) -> None:
    raw = (CASES / case).read_bytes()
    fixed = fix(raw, case)
    if not fixed.edits:
        assert fixed.raw == raw
        return
    assert fix(fixed.raw, case).edits == ()
    before, after = load(raw, case), load(fixed.raw, case)
    changed = {edit.path for edit in fixed.edits} | {edit.becomes for edit in fixed.edits}
    if before.data is not None:

        def rest(data: Any) -> dict[tuple[Any, ...], Any]:
            return {p: v for p, v in leaves(data).items() if not any(p[: len(c)] == c for c in changed)}

        assert rest(before.data) == rest(after.data)
    errors = [sum(f.severity == 2 for f in check(text, case).findings) for text in (raw, fixed.raw)]
    assert errors[1] <= errors[0] or any(
        edit.rule in ("missing-key", "unknown-key", "bad-yaml") for edit in fixed.edits
    )


def test_what_has_two_answers_stays() -> None:
    for wrong in (
        GOOD.replace("weight: 60", "weght: 60, weight: 60"),  # the right key is there already
        GOOD.replace("language: fi", "xyz: fi"),
        GOOD.replace("per: day", "per: y"),
        GOOD.replace("start: 2024-01-15", "start: 31.2.2024"),
        GOOD.replace("credits: 5", "credits: viisi"),
    ):
        assert fix(wrong.encode(), "f.yaml").raw == wrong.encode()


@pytest.mark.parametrize(
    "end",
    [
        "workload:\n  parts:\n    - {name: Lukeminen, hours",  # found by the fuzzer
        "assessment:\n  evaluation_scale: H-5\n     p",
        "assessment:\n  evaluation_scale: H-5\n  late: {deduct: 10 %, of: ear\n    ned}\n",
        "workload:\n  total: 135\n    h\n",
        "workload:\n  total: >-\n    135h\n",
    ],
)
def test_a_value_over_several_lines_is_left_alone(end: str) -> None:
    raw = (GOOD.partition("schedule:")[0] + end).encode()
    fixed = fix(raw, "f.yaml")
    assert fix(fixed.raw, "f.yaml").edits == ()
    if end.startswith("workload:\n  total"):
        assert fixed.raw == raw


def test_years_that_turn_keep_their_order() -> None:
    text = GOOD.replace("[8, 10]", "[52, 1]")
    assert fix(text.encode(), "f.yaml").edits == ()
    mixed = GOOD.replace("[8, 10]", "[1, 51, 52]")
    assert b"breaks: [51, 52, 1]" in fix(mixed.encode(), "f.yaml").raw or fix(mixed.encode(), "f.yaml").edits == ()


# ---- the command -------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "plan.yaml").write_text(
        slipped(GOOD, {"weight: 60": "weigth: 60", "hours: 8x3 h": "hours: 8 x 3h"}), encoding="utf-8"
    )
    return tmp_path


def validate(*arguments: str) -> int:
    return run(["--lang", "en", "validate", *arguments])


def test_diff_shows_and_writes_nothing(folder: Path, capsys: Capture) -> None:
    before = (folder / "plan.yaml").read_bytes()
    assert validate("--diff", "plan.yaml") == 1
    out, err = capsys.readouterr()
    assert (folder / "plan.yaml").read_bytes() == before
    assert "-    - {name: Lähiopetus, hours: 8 x 3h}\n+    - {name: Lähiopetus, hours: 8x3 h}\n" in out
    assert err == "2 changes to be made\n"
    subprocess.run(["patch", "-p0"], input=out.encode(), check=True, capture_output=True)
    assert (folder / "plan.yaml").read_text("utf-8") == GOOD
    assert validate("--diff", "plan.yaml") == 0
    assert capsys.readouterr().err == "nothing to change\n"


def test_fix_writes_and_says_what(folder: Path, capsys: Capture) -> None:
    (folder / "plan.yaml").chmod(0o640)
    assert validate("--fix", "plan.yaml") == 0
    err = capsys.readouterr().err
    assert (folder / "plan.yaml").read_text("utf-8") == GOOD
    assert (folder / "plan.yaml").stat().st_mode & 0o777 == 0o640
    assert err.splitlines()[:3] == [
        "plan.yaml:16: 8 x 3h is now 8x3 h",
        "plan.yaml:22: weigth is now weight",
        "2 changes written to plan.yaml",
    ]
    assert [path.name for path in folder.iterdir()] == ["plan.yaml"]
    assert validate("--fix", "plan.yaml") == 0
    assert "changes" not in capsys.readouterr().err


def test_a_fixed_file_stays_somebody_elses(folder: Path, capsys: Capture) -> None:
    assert validate("--fix", "plan.yaml") == 0
    assert validate("plan.yaml", "-o", "plan.yaml") == 2  # no suffix of a report
    (folder / "plan.yaml").rename(folder / "plan.txt")
    assert validate("--fix", "plan.txt") == 0
    (folder / "other.yaml").write_bytes((folder / "plan.txt").read_bytes())
    capsys.readouterr()
    assert validate("other.yaml", "-o", "plan.txt") == 2
    assert "was not written by kurssi" in capsys.readouterr().err


def test_fix_asks_for_names(folder: Path, capsys: Capture) -> None:
    for arguments in (["--fix"], ["--diff"], ["--fix", "-"]):
        assert validate(*arguments) == 2
        assert "name the files or folders that kurssi may change" in capsys.readouterr().err


def test_ignore_holds_for_fixes(folder: Path, capsys: Capture) -> None:
    assert validate("--fix", "--ignore", "unknown-key", "plan.yaml") == 0
    assert "weigth" in (folder / "plan.yaml").read_text("utf-8")


def test_a_file_that_cannot_be_written_is_2(folder: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    before = (folder / "plan.yaml").read_bytes()
    monkeypatch.setattr("os.replace", full)
    assert validate("--fix", "plan.yaml") == 2
    assert "plan.yaml cannot be written: the disk is full" in capsys.readouterr().err
    assert (folder / "plan.yaml").read_bytes() == before
    assert [path.name for path in folder.iterdir()] == ["plan.yaml"]
