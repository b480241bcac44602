"""What is remembered of written files, when several write at once and when much was written."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kurssi import writing


@pytest.fixture(autouse=True)
def _memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "state"))


def test_who_writes_at_the_same_time_is_not_forgotten(tmp_path: Path) -> None:
    paths = [str(tmp_path / f"{n}.csv") for n in range(200)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda path: writing.write(path, b"1"), paths))
    for path in paths:
        writing.write(path, b"2")  # not asked for --force: it is known as ours
    assert {Path(path).read_bytes() for path in paths} == {b"2"}


def test_a_long_memory_is_written_anew_and_forgets_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "_MOST_LINES", 10)
    kept, often = str(tmp_path / "kept.csv"), str(tmp_path / "often.csv")
    writing.write(kept, b"kept")
    for n in range(40):
        writing.write(often, str(n).encode())
    assert len((tmp_path / "state" / "kurssi" / "written").read_text().splitlines()) <= 11
    writing.write(kept, b"again")
    assert Path(often).read_bytes() == b"39"


def test_a_memory_that_makes_no_sense_only_asks_for_force(tmp_path: Path) -> None:
    path = str(tmp_path / "a.csv")
    writing.write(path, b"1")
    (tmp_path / "state" / "kurssi" / "written").write_bytes(b"\xff\x00 nonsense\n" + os.urandom(100))
    with pytest.raises(writing.NotWritten):
        writing.write(path, b"2")
    assert Path(path).read_bytes() == b"1"
    writing.write(path, b"2", force=True)
