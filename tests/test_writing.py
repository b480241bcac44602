"""What is remembered of written files, when several write at once and when much was written."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kurssi import operating_system
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


def test_a_line_that_a_full_disk_cut_off_spoils_no_other(tmp_path: Path) -> None:
    one, two = str(tmp_path / "a.csv"), str(tmp_path / "b.csv")
    files.write(one, b"1")
    memory = tmp_path / "state" / "kurssi" / "written"
    memory.write_bytes(memory.read_bytes() + b"0123456789abcdef 0123")
    files.write(two, b"1")
    files.write(one, b"2")
    files.write(two, b"2")


@pytest.mark.parametrize("placed", [False, True])
def test_a_run_that_is_stopped_while_a_file_takes_its_place_leaves_no_stranger(
    placed: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = str(tmp_path / "a.csv")
    files.write(path, b"1")
    replace = os.replace

    def stopped(source: str, target: Path) -> None:
        if placed:
            replace(source, target)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", stopped)
        with pytest.raises((KeyboardInterrupt, FileNotFoundError)):
            files.write(path, b"2")
    assert Path(path).read_bytes() == (b"2" if placed else b"1")
    files.write(path, b"3")  # it asks for no --force


def test_drafts_of_any_computer_are_removed_when_they_are_old(tmp_path: Path) -> None:
    """Those of a container, whose name no later one has."""
    old, young, other = (tmp_path / f".kurssi-{name}" for name in ("00000000-1-abcdefgh", "00000000-1-ijklmnop", "x"))
    for path in (old, young, other):
        path.write_text("draft")
    two_days_ago = time.time() - 2 * 24 * 3600
    os.utime(old, (two_days_ago, two_days_ago))
    os.utime(other, (two_days_ago, two_days_ago))
    files.write(str(tmp_path / "a.csv"), b"1")
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == [young.name, other.name, "a.csv"]


@pytest.mark.skipif(sys.platform != "linux", reason="only there a process can have ended and still have its number")
def test_a_process_that_nobody_has_asked_after_does_not_run() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)  # ended, and still there
        assert not operating_system.is_running(process.pid)
    assert operating_system.is_running(os.getpid())
    assert operating_system.is_running(os.getppid())


@pytest.mark.parametrize(("number", "why"), [(errno.ENOSPC, "the disk is full"), (errno.EIO, os.strerror(errno.EIO))])
def test_why_a_file_is_not_written(
    number: int, why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(files, "_sync", fail)
    assert run(["--lang", "en", "schema", "-o", str(tmp_path / "s.json")]) == 2
    assert capsys.readouterr().err == f"error: {tmp_path / 's.json'} cannot be written: {why}\n"


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
