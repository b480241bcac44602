"""What is remembered of written files, when several write at once and when much was written."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kurssi.cli import files, grading, run


@pytest.fixture(autouse=True)
def _memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "state"))


def test_who_writes_at_the_same_time_is_not_forgotten(tmp_path: Path) -> None:
    paths = [str(tmp_path / f"{n}.csv") for n in range(200)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda path: files.write(path, b"1"), paths))
    for path in paths:
        files.write(path, b"2")  # not asked for --force: it is known as ours
    assert {Path(path).read_bytes() for path in paths} == {b"2"}


def test_a_long_memory_is_written_anew_and_forgets_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "_MOST_LINES", 10)
    kept, often = str(tmp_path / "kept.csv"), str(tmp_path / "often.csv")
    files.write(kept, b"kept")
    for n in range(40):
        files.write(often, str(n).encode())
    assert len((tmp_path / "state" / "kurssi" / "written").read_text().splitlines()) <= 11
    files.write(kept, b"again")
    assert Path(often).read_bytes() == b"39"


def test_a_memory_that_makes_no_sense_only_asks_for_force(tmp_path: Path) -> None:
    path = str(tmp_path / "a.csv")
    files.write(path, b"1")
    (tmp_path / "state" / "kurssi" / "written").write_bytes(b"\xff\x00 nonsense\n" + os.urandom(100))
    with pytest.raises(files.NotWritten):
        files.write(path, b"2")
    assert Path(path).read_bytes() == b"1"
    files.write(path, b"2", force=True)


PLAN = """kurssi: 1
course: {code: K, name: K, credits: 5}
implementation: {id: K-1}
assessment: {evaluation_scale: 0-5, parts: [{id: essay}]}
scores: [scores.csv]
"""
SCORES = "student,essay\n1,4\n"


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("target", ["scores.csv", "./scores.csv", "link.csv", "overrides.csv"])
def test_what_is_read_is_never_replaced(
    target: str, large: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(grading, "LARGE", 0 if large else 1 << 40)
    Path("plan.yaml").write_text(PLAN, "utf-8")
    Path("scores.csv").write_text(SCORES, "utf-8")
    Path("link.csv").symlink_to("scores.csv")
    overrides = "student,grade,reason,by,date\n1,5,appeal,Ek,2024-03-20\n"
    if target == "overrides.csv":
        Path(target).write_text(overrides, "utf-8")
    assert run(["--lang", "en", "grade", "plan.yaml", "--format", "csv", "-o", target, "--force"]) == 2
    assert "one of the files that are read" in capsys.readouterr().err
    assert Path("scores.csv").read_text("utf-8") == SCORES
    assert target != "overrides.csv" or Path(target).read_text("utf-8") == overrides
    assert run(["grade", "plan.yaml", "-o", "grades.csv", "--force"]) == 0


def test_a_name_that_is_too_long(tmp_path: Path) -> None:
    with pytest.raises(files.NotWritten):
        files.write(str(tmp_path / ("a" * 300)), b"1")
