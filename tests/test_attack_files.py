"""Many files at once, on a disk that is full and under names that collide: all of them or none."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from kurssi.cli import files as writing
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
