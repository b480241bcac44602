"""Many implementations at once, and what open parts must bring."""

from __future__ import annotations

import gc
import json
from pathlib import Path

import pytest

from kurssi import operating_system
from kurssi.cli import run

PLAN = """\
kurssi: 1
course: {{code: X, name: Course, credits: 5}}
implementation: {{id: run-{n}}}
assessment:
  evaluation_scale: 0-5
  parts: [{{id: essay, weight: 60}}, {{id: exam, weight: 40}}]
scores: scores-{n}.csv
"""


def make(folder: Path, numbers: range) -> None:
    for n in numbers:
        (folder / f"plan-{n}.yaml").write_text(PLAN.format(n=n), "utf-8")
        (folder / f"scores-{n}.csv").write_text("student,essay,exam\n1,4,3\n2,5,-\n", "utf-8")


def test_a_folder_with_one_summary_and_one_exit_code(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make(tmp_path, range(12))  # enough for several processes
    (tmp_path / "scores-3.csv").write_text("student,essay,exam\n1,9,3\n", "utf-8")
    (tmp_path / "plan-4.yaml").write_text("kurssi: [", "utf-8")
    (tmp_path / "scores-5.csv").unlink()
    (tmp_path / "plan-6.yaml").write_text(PLAN.format(n=6).replace("scores: scores-6.csv\n", ""), "utf-8")
    target = tmp_path / "{id}.json"
    assert run(["grade", str(tmp_path), "-o", str(target), "--format", "json", "--lang", "en"]) == 2
    out, err = capsys.readouterr()
    by_file = {Path(i["file"]).name: i for i in json.loads(out)["implementations"]}
    assert {n: i["exit"] for n, i in by_file.items() if i["exit"]} == {
        "plan-3.yaml": 1,
        "plan-4.yaml": 1,
        "plan-5.yaml": 2,
    }
    assert by_file["plan-6.yaml"]["implementation"] is None
    assert by_file["plan-0.yaml"]["summary"]["distribution"]["4"] == 1
    assert sorted(p.name for p in tmp_path.glob("run-*.json")) == sorted(
        f"run-{n}.json" for n in (0, 1, 2, *range(7, 12))
    )
    assert "score-off-scale" in err
    assert "8 implementations graded, 3 not graded, 16 students" in err


def test_the_page_of_all_says_which_grades_and_what_a_missing_figure_means(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "all.html"
    plan = PLAN.format(n=0).replace("evaluation_scale: 0-5", "evaluation_scale: {values: [F, C, A], passes_from: C}")
    (tmp_path / "plan-0.yaml").write_text(plan, "utf-8")
    scores = "".join(f"{n},{grade},{grade}\n" for n, grade in enumerate("FCCAAA"))
    (tmp_path / "scores-0.csv").write_text(f"student,essay,exam\n{scores}", "utf-8")
    assert run(["grade", str(tmp_path), "-o", str(page), "--lang", "en"]) == 0
    text = page.read_text("utf-8")  # six have a grade, but letters have no mean
    assert "<td>F:\xa01, C:\xa02, A:\xa03<svg" in text
    assert "no figure, or not shown, because fewer than 5 have a grade" in text
    capsys.readouterr()


def test_two_of_one_id_do_not_share_a_report_in_silence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make(tmp_path, range(2))
    (tmp_path / "plan-1.yaml").write_text(PLAN.format(n=1).replace("id: run-1", "id: run-0"), "utf-8")
    assert run(["grade", str(tmp_path), "--lang", "en"]) == 0
    assert run(["grade", str(tmp_path), "-o", str(tmp_path / "{id}.csv"), "--lang", "en"]) == 1
    assert "plan-1.yaml have the same id, run-0" in capsys.readouterr().err


def test_a_fault_in_one_never_touches_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    make(tmp_path, range(3))
    monkeypatch.setattr(operating_system, "can_start_processes", lambda: False)
    import kurssi.gradebook.gradebook as gradebook

    real = gradebook.read_sheets  # type: ignore[attr-defined]

    def sometimes(sheets: list[tuple[str, bytes]], *more: object, **how: object) -> object:
        if sheets[0][0].endswith("scores-1.csv"):
            raise RuntimeError("boom")
        return real(sheets, *more, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(gradebook, "read_sheets", sometimes)
    assert run(["grade", str(tmp_path), "--lang", "en"]) == 2
    out, err = capsys.readouterr()
    assert "run-0" in out
    assert "run-2" in out
    assert "plan-1.yaml: a fault of kurssi (RuntimeError)" in err


def test_workbooks_that_are_written_do_not_stay_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    make(tmp_path, range(3))
    monkeypatch.setattr(operating_system, "can_start_processes", lambda: False)
    arguments = ["grade", str(tmp_path), "-o", str(tmp_path / "{id}.xlsx"), "--force", "--lang", "en"]
    assert run(arguments) == 0
    gc.collect()
    gc.disable()  # as the command does
    try:
        assert run(arguments) == 0
        left = gc.collect()
    finally:
        gc.enable()
    assert capsys.readouterr().err.count("written") == 6
    assert left < 2000, "one workbook leaves more than this"


def test_one_name_for_many_files_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make(tmp_path, range(2))
    assert run(["grade", str(tmp_path), "-o", str(tmp_path / "all.json"), "--lang", "en"]) == 2
    assert "{id}" in capsys.readouterr().err


NEEDED = """\
kurssi: 1
course: {code: X, name: Course, credits: 5}
implementation: {id: x, timing: {start: 2024-01-01, end: 2024-05-01}}
assessment:
  evaluation_scale: 0-5
  parts:
    - {id: essay, weight: 50}
    - {id: exam, weight: 50, graded: points, max: 20, boundaries: [10, 12, 14, 16, 18], retakes: 1}
    - {id: peer, graded: pass-fail}
"""


@pytest.mark.parametrize(
    ("row", "as_of", "wanted"),
    [
        ("1,3,?,HYV", None, {"exam": {"1": "10", "2": "10", "3": "12", "4": "16", "5": None}}),
        ("1,3,15,?", None, {"peer": {"1": "passed", "2": "passed", "3": "passed", "4": None, "5": None}}),
        ("1,3,15,HYV", "2024-04-01", {"exam": {"1": "failed", "2": "failed", "3": "failed", "4": "16", "5": None}}),
        ("1,3,15,HYV", None, {}),
    ],
)
def test_needed(
    row: str,
    as_of: str | None,
    wanted: dict[str, dict[str, str | None]],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    plan, sheet = tmp_path / "x.yaml", tmp_path / "s.csv"
    plan.write_text(NEEDED, "utf-8")
    sheet.write_text(f"student,essay,exam,peer\n{row}\n", "utf-8")
    arguments = ["explain", str(plan), "1", str(sheet), "--needed", *(["--as-of", as_of] if as_of else [])]
    assert run([*arguments, "--format", "json"]) == 0
    found = {n["part"]: n["grades"] for n in json.loads(capsys.readouterr().out)["needed"]}
    if row == "1,3,15,HYV" and as_of:
        assert found["exam"]["3"] in ("0", "failed")  # what is there already is enough
        assert (found["exam"]["4"], found["exam"]["5"]) == ("16", None)
    else:
        assert found == wanted
    assert run([*arguments, "--lang", "en"]) == 0
    out = capsys.readouterr().out
    assert "must bring at least" in out or not wanted


def test_needed_where_two_attempts_at_a_part_are_open(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The other one is left out; of another part both bring their best."""
    plan, sheet = tmp_path / "x.yaml", tmp_path / "s.csv"
    plan.write_text(NEEDED, "utf-8")
    sheet.write_text("student,essay,exam,exam 2,peer\n1,3,?,?,HYV\n2,?,?,?,HYV\n", "utf-8")
    needed = []
    for student in ("1", "2"):
        assert run(["explain", str(plan), student, str(sheet), "--needed", "--format", "json"]) == 0
        needed.append({n["part"]: n["grades"] for n in json.loads(capsys.readouterr().out)["needed"]})
    assert needed[0] == {"exam": {"1": "10", "2": "10", "3": "12", "4": "16", "5": None}}
    assert needed[1]["essay"] == {"1": "1", "2": "1", "3": "1", "4": "2", "5": "4"}
    assert needed[1]["exam"] == {"1": "10", "2": "10", "3": "10", "4": "12", "5": "16"}


def test_needed_where_only_two_attempts_together_bring_a_grade(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan, sheet = tmp_path / "x.yaml", tmp_path / "s.csv"
    plan.write_text(NEEDED.replace("{id: essay,", "{id: essay, attempt: mean, retakes: 2,"), "utf-8")
    sheet.write_text("student,essay,essay 2,essay 3,exam,peer\n1,0,?,?,20,HYV\n", "utf-8")
    assert run(["explain", str(plan), "1", str(sheet), "--needed", "--format", "json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["students"][0]["range"][-1] == 4
    [essay] = document["needed"]
    assert essay["attempt"] == 2
    assert essay["grades"]["5"] is None
    assert essay["grades"]["4"] is not None
