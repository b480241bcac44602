"""Many files at once, on a disk that is full and under names that collide: all of them or none."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from kurssi.cli import files as writing
from kurssi.cli import run
from kurssi.cli.filenames import file_name
from kurssi.cli.files import NotWritten, write_all


@pytest.mark.parametrize("fails_at", [0, 1, 4])
def test_on_a_full_disk_no_file_of_many_is_written(
    fails_at: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {str(tmp_path / f"{n}.html"): b"new" for n in range(5)}
    write_all(dict.fromkeys(files, b"old"))
    calls = iter(range(9))
    sync = writing._sync

    def full(file: object) -> None:
        if next(calls) == fails_at:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        sync(file)  # type: ignore[arg-type]

    monkeypatch.setattr(writing, "_sync", full)
    with pytest.raises(NotWritten):
        write_all(files)
    assert {path.read_bytes() for path in tmp_path.iterdir()} == {b"old"}
    assert len(list(tmp_path.iterdir())) == 5
    monkeypatch.setattr(writing, "_sync", sync)
    write_all(files)
    assert {path.read_bytes() for path in tmp_path.iterdir()} == {b"new"}


@pytest.mark.parametrize(
    "text",
    [
        "CON",
        "nul",
        "nul.txt",
        "COM1",
        "x.",
        "x ",
        " x",
        "../x",
        "a/b",
        "a\\b",
        "a:b",
        "",
        ".",
        "e\u0301",
        "x\n",
        "\u202e",
        "a" * 300,
    ],
)
def test_a_name_that_some_system_cannot_hold_gets_another(text: str) -> None:
    name = file_name(text)
    assert name != text
    assert file_name(name) == name
    assert not set(name) & set('/\\:*?"<>|\n')


@pytest.mark.parametrize("text", ["KH00BT03-2024", "TT-1 (a)", "syksyä_2", "a.b"])
def test_a_good_name_stays(text: str) -> None:
    assert file_name(text) == text


def test_an_id_leads_to_no_other_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "runs"
    folder.mkdir()
    monkeypatch.chdir(folder)
    (folder / "s.csv").write_text("student,essay\n1,3\n")
    for name, given in (("a", '"../x"'), ("b", "CON"), ("c", "same"), ("d", "SAME")):
        (folder / f"{name}.yaml").write_text(
            f"kurssi: 1\ncourse: {{code: X, name: Course, credits: 5}}\nimplementation: {{id: {given}}}\n"
            "scores: s.csv\nassessment: {evaluation_scale: 0-5, parts: [{id: essay, name: Essay, weight: 100}]}\n"
        )
    assert run(["grade", ".", "-o", "{id}.csv"]) == 1  # two of them are one name for some disks
    assert [path.name for path in tmp_path.iterdir()] == ["runs"]
    assert not (folder / "CON.csv").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="looks for processes as POSIX has them")
def test_a_draft_that_a_kill_left_is_removed_by_the_next_run_and_no_other_file(tmp_path: Path) -> None:
    code = (
        "import os, signal, sys; from kurssi.cli import files as writing; "
        "writing._sync = lambda file: os.kill(os.getpid(), signal.SIGKILL); "
        f"writing.write({str(tmp_path / 'x.csv')!r}, b'new')"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == -signal.SIGKILL
    (draft,) = tmp_path.iterdir()
    running = draft.name.replace(f"-{draft.name.split('-')[2]}-", f"-{os.getppid()}-")
    others = {
        running,
        ".x.csv.tmp",
        ".kurssi-notes",
        ".kurssi-00000000-1-x",
        "-".join(draft.name.split("-")[:2]) + "-x-1",
    }
    for name in others:
        (tmp_path / name).write_text("mine")
    writing._swept.clear()
    write_all({str(tmp_path / "x.csv"): b"new"})
    assert {path.name for path in tmp_path.iterdir()} == others | {"x.csv"}
