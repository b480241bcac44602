"""No file of less than 1 MiB takes long or much memory, whatever is in it, and findings stop where a person does."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from hostile import KINDS, SIZE, Kind, kinds
from kurssi.cli import run
from kurssi.diagnostics.finding import MOST_ALIKE

PLAN = """\
kurssi: 1
course: {code: X, name: Course, credits: 5}
implementation: {id: x-1, language: en}
assessment:
  evaluation_scale: 0-5
  parts: [{id: essay, name: Essay, weight: 100}]
"""
MOST_SECONDS = float(os.environ.get("KURSSI_MOST_SECONDS", "20"))
"""Of a processor: a guard against files that hang, no measure of speed."""
MOST_MEMORY = 300 * 2**20
"""On top of what is loaded."""


def test_there_are_many_kinds() -> None:
    assert len(list(kinds(".yaml", ".csv"))) >= 100
    assert all(len(kind.make()) <= SIZE for kind in KINDS.values() if kind.suffix in (".yaml", ".csv"))


@pytest.mark.skipif(sys.platform == "win32", reason="needs processes that are forked")
@pytest.mark.parametrize("kind", [*kinds(".yaml", ".csv")], ids=lambda kind: kind.name)
def test_a_hostile_file_takes_neither_time_nor_memory(kind: Kind, tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text(PLAN, "utf-8")
    (tmp_path / f"h{kind.suffix}").write_bytes(kind.make())
    run(["--version"])  # what every command loads is loaded
    child = os.fork()
    if not child:
        code = 99
        try:
            import resource

            limit = resource.getrlimit(resource.RLIMIT_AS)[1]
            size = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
            resource.setrlimit(resource.RLIMIT_AS, (size + MOST_MEMORY, limit))
            resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
            os.chdir(tmp_path)
            nowhere = os.open("out", os.O_WRONLY | os.O_CREAT)
            os.dup2(nowhere, 1)
            os.dup2(nowhere, 2)
            sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
            sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
            code = run(["validate", "h.yaml"] if kind.suffix == ".yaml" else ["grade", "x.yaml", "h.csv"])
        finally:
            os._exit(code)
    _, status, used = os.wait4(child, 0)
    said = (tmp_path / "out").read_text("utf-8", "replace")
    assert os.waitstatus_to_exitcode(status) in (0, 1), (os.waitstatus_to_exitcode(status), said[-500:])
    assert "fault of kurssi" not in said
    graded = os.waitstatus_to_exitcode(status) == 0 and kind.suffix == ".csv"  # a hundred thousand students, shown
    assert used.ru_utime + used.ru_stime < MOST_SECONDS * (3 if graded else 1)
    assert graded or len(said) < 2_000_000


def test_findings_stop_and_say_how_many_more_there_are(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(PLAN + "".join(f"k{n}: 1\n" for n in range(MOST_ALIKE + 5)), "utf-8")
    assert run(["validate", str(path), "--format", "concise"]) == 1
    lines = [line for line in capsys.readouterr().out.splitlines() if "unknown-key" in line]
    assert len(lines) == MOST_ALIKE + 1
    assert "and 5 more like this in the file" in lines[-1]
