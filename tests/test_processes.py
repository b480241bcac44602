"""Whatever a file does to the process that reads it, others are done, it is named, and no process stays."""

from __future__ import annotations

import itertools
import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
import xlsxwriter

from effort import one_in
from kurssi import operating_system
from kurssi.cli import run
from kurssi.cli.pool import Died, outcomes

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="ends processes by signals")

METHODS = ["fork", "spawn"] if sys.platform == "linux" else ["spawn"]
GONE_AFTER = 2.0
"""Seconds after which no process may be left."""

PLAN = """\
kurssi: 1
course: {{code: X, name: Course, credits: 5}}
implementation: {{id: {name}}}
scores: {name}.csv
assessment: {{evaluation_scale: 0-5, parts: [{{id: essay, name: Essay, weight: 100}}]}}
"""

PROGRAM = """\
import os, signal, time
from kurssi.sheets import table_files

read = table_files._read_csv
DEEDS = {
    "abort": os.abort,
    "kill": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "fault": lambda: os.kill(os.getpid(), signal.SIGSEGV),
    "memory": lambda: [None] * 2**60,
    "slow": lambda: (open(f"begun-{os.getpid()}", "w").close(), time.sleep(60)),
}

def read_and_do(name, raw, given):
    DEEDS.get(os.path.basename(name).partition(".")[0].rstrip("0123456789"), int)()
    return read(name, raw, given)

table_files._read_csv = read_and_do

if __name__ == "__main__":
    from kurssi.__main__ import main
    main()
"""
"""kurssi, but some files do something to the process that reads them, as their names say."""


@pytest.fixture(params=METHODS)
def method(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv(operating_system.PROCESSES, request.param)
    assert operating_system.start_method() == request.param
    return str(request.param)


def make(folder: Path, *names: str) -> list[str]:
    """The program, and implementations with a score sheet each; what begins the command."""
    (folder / "program.py").write_text(PROGRAM, "utf-8")
    (folder / "plans").mkdir()
    for name in names:
        (folder / "plans" / f"{name}.yaml").write_text(PLAN.format(name=name), "utf-8")
        (folder / "plans" / f"{name}.csv").write_text("student,essay\n1,4\n2,5\n", "utf-8")
    return [sys.executable, str(folder / "program.py"), "--lang", "en"]


def called(command: Sequence[str], folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.usefixtures("method")
def test_a_file_that_ends_its_process_is_named_and_the_others_are_graded(tmp_path: Path) -> None:
    others = [f"good{n}" for n in range(10)]
    kurssi = make(tmp_path, "abort", "kill", "memory", *others)
    done = called([*kurssi, "grade", "plans", "-o", "out-{id}.csv", "--format", "json"], tmp_path)
    assert done.returncode == 2, done.stderr
    codes = {Path(i["file"]).stem: i["exit"] for i in json.loads(done.stdout)["implementations"]}
    assert codes == {"abort": 2, "kill": 2, "memory": 2, **dict.fromkeys(others, 0)}
    assert sorted(path.name for path in tmp_path.glob("out-*")) == [f"out-{name}.csv" for name in others]
    said = [line for line in done.stderr.splitlines() if line.startswith("error")]
    assert len(said) == 3
    assert said[0].startswith("error: plans/abort.csv cannot be read: the system ends the process")
    assert "(SIGABRT)" in said[0]
    assert said[1].startswith("error: plans/kill.csv cannot be read")
    assert "(SIGKILL)" in said[1]
    assert said[2].startswith("error: plans/memory.yaml is left out: there is not enough memory; close other programs")
    assert "10 implementations graded, 3 not graded, 20 students" in done.stderr


@pytest.mark.usefixtures("method")
def test_a_single_file_that_ends_its_process_is_named(tmp_path: Path) -> None:
    kurssi = make(tmp_path, "good", "fault", "memory")
    done = called([*kurssi, "grade", "plans/good.yaml", "plans/good.csv", "plans/fault.csv"], tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith("error: plans/fault.csv cannot be read")
    assert "(SIGSEGV)" in done.stderr
    assert done.stderr.count("\n") == 1
    done = called([*kurssi, "grade", "plans/memory.yaml"], tmp_path)
    assert (done.returncode, done.stderr) == (
        2,
        "error: there is not enough memory; close other programs and run it again\n",
    )
    done = called([*kurssi, "grade", "fault.yaml"], tmp_path / "plans")  # which names the sheet
    assert done.returncode == 2
    assert done.stderr.startswith("error: fault.csv cannot be read")


def test_where_no_file_is_at_fault_that_is_said(tmp_path: Path) -> None:
    kurssi = make(tmp_path, "slow")
    command = subprocess.Popen([*kurssi, "explain", "slow.yaml", "1"], cwd=tmp_path / "plans", stderr=subprocess.PIPE)
    with command:
        child = _children(command.pid)[0]
        (tmp_path / "plans" / "slow.csv").rename(tmp_path / "plans" / "elsewhere.csv")
        os.kill(child, signal.SIGKILL)
        _, said = command.communicate(timeout=60)
    assert command.returncode == 2
    assert said.decode() == (
        "error: kurssi was ended by the system (SIGKILL), perhaps for want of memory; close other programs and run it "
        "again\n"
    )


@pytest.mark.usefixtures("method")
def test_where_there_may_be_no_more_processes_the_command_runs_in_this_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise BlockingIOError

    monkeypatch.setattr(os, "fork", refuse)
    monkeypatch.setattr(subprocess, "Popen", refuse)
    monkeypatch.setattr(sys, "argv", ["kurssi"])
    ended = operating_system.in_child(lambda: 7)
    assert (ended.code, ended.signal) == (7, 0)
    assert signal.pthread_sigmask(signal.SIG_BLOCK, ()) == set()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a process is no copy of another")
def test_hardly_anything_is_loaded_before_the_process_of_a_command_is_forked() -> None:
    """What is in memory by then is copied, page by page, by the process that uses it first."""
    program = (
        "import os, sys\nbefore, fork = set(sys.modules), os.fork\n"
        "def counted():\n    print(*sorted(set(sys.modules) - before), file=sys.stderr)\n    return fork()\n"
        "os.fork = counted\nfrom kurssi.__main__ import main\nsys.argv[1:] = ['rule', 'no-exam']\nmain()"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=60)
    loaded = set(done.stderr.split("\n", 1)[0].split())
    assert loaded <= {"__future__", "kurssi", "kurssi.__main__", "kurssi.operating_system", "gc", "_signal"}


def _children(process: int) -> list[int]:
    """The processes that another one has started, once there are any."""
    for _ in range(500):
        if found := Path(f"/proc/{process}/task/{process}/children").read_text().split():
            return [int(number) for number in found]
        time.sleep(0.02)
    raise AssertionError("it starts no process")


def test_a_workbook_that_claims_more_strings_than_there_is_memory(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "good.xlsx") as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, ["student", "essay"])
        sheet.write_row(1, 0, ["s1", 3])
    with zipfile.ZipFile(tmp_path / "good.xlsx") as good, zipfile.ZipFile(tmp_path / "bad.xlsx", "w") as bad:
        for name in good.namelist():
            bad.writestr(name, good.read(name).replace(b'ount="3"', b'ount="4294967295"'))
    kurssi = make(tmp_path, "good")
    done = called([*kurssi, "grade", "plans/good.yaml", "bad.xlsx"], tmp_path)
    assert done.returncode in (0, 1, 2)
    assert done.returncode == 0 or "bad.xlsx" in done.stderr


# ---- nothing stays -----------------------------------------------------------------------------------------


def _left(group: int) -> list[str]:
    """The processes of a group that have not ended."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(") ")[2].split()
        except OSError:
            continue
        if int(fields[2]) == group and fields[0] not in "ZX":
            found.append(stat.parent.name)
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")
@pytest.mark.parametrize(
    ("number", "what", "end"),
    one_in(
        3,  # each signal, in each of both ways, for one file and for many
        itertools.product(
            [signal.SIGTERM, signal.SIGHUP, signal.SIGKILL, signal.SIGINT],
            ["plans", "plans/slow0.yaml"],
            [os.kill, os.killpg],
        ),
    ),
)
def test_no_process_stays_when_the_first_one_is_ended(
    method: str, number: signal.Signals, what: str, end: Callable[[int, int], None], tmp_path: Path
) -> None:
    kurssi = make(tmp_path, *(f"slow{n}" for n in range(10)))
    expected = operating_system.cores() if what == "plans" else 1
    pipes: dict[str, object] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "start_new_session": True}
    # a shell that runs the tests in the background has Ctrl-C ignored in all that it starts, and nohup the other one
    pipes["preexec_fn"] = lambda: [signal.signal(one, signal.SIG_DFL) for one in (signal.SIGINT, signal.SIGHUP)]
    with subprocess.Popen([*kurssi, "grade", what], cwd=tmp_path, **pipes) as command:  # type: ignore[call-overload]
        until = time.monotonic() + 60
        while len(list(tmp_path.glob("begun-*"))) < expected and time.monotonic() < until:
            time.sleep(0.05)
        end(command.pid, number)
        _, said = command.communicate(timeout=60)
        until = time.monotonic() + GONE_AFTER
        while (left := _left(command.pid)) and time.monotonic() < until:
            time.sleep(0.05)
    assert not left
    assert command.returncode in ((130, -number) if number == signal.SIGINT else (-number,))
    assert b"Traceback" not in said, method


# ---- the pool ----------------------------------------------------------------------------------------------


def odd(job: tuple[int, str]) -> int:
    """A job that may end its process, always or the first time, or raise."""
    number, once = job
    if once == "raise":
        raise ValueError(number)
    if once and (once == "always" or not os.path.exists(once)):
        if once != "always":
            Path(once).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return number * number


@pytest.mark.usefixtures("method")
def test_a_pool_does_all_jobs_but_those_that_end_their_process_twice(tmp_path: Path) -> None:
    jobs = [(n, "") for n in range(30)]
    jobs[5] = (5, str(tmp_path / "once"))
    jobs[11] = (11, "always")
    made = list(outcomes(odd, jobs, 2))
    assert made == [n * n if n != 11 else Died("SIGKILL") for n in range(30)]
    assert list(outcomes(odd, [(3, "always")], 1, again=False)) == [Died("SIGKILL")]
    assert list(outcomes(odd, [], 2)) == []
    with pytest.raises(ValueError, match="7"):
        list(outcomes(odd, [(1, ""), (7, "raise"), (2, "")], 2))


def test_a_broken_implementation_does_not_stop_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Validation of many files: one ends its process each time."""
    from kurssi.cli.commands import batch_validation

    make(tmp_path, "bad", *(f"good{n}" for n in range(5)))
    look = batch_validation.look

    def looked(raw: bytes, path: str, name: str) -> batch_validation.CheckedFile:
        if path.endswith("bad.yaml"):
            os.kill(os.getpid(), signal.SIGKILL)
        return look(raw, path, name)

    monkeypatch.setattr(batch_validation, "look", looked)
    monkeypatch.setattr(batch_validation, "WORTH_A_POOL", 2)
    monkeypatch.setattr(operating_system, "cores", lambda: 2)
    if operating_system.start_method() == "spawn":
        pytest.skip("what is changed here is not changed there")
    paths = [str(tmp_path / "plans" / f"good{n}.yaml") for n in range(5)]
    assert run(["--lang", "en", "validate", *paths[:2], str(tmp_path / "plans" / "bad.yaml"), *paths[2:]]) == 2
    err = capsys.readouterr().err
    assert "bad.yaml is left out: the system ended the process that worked on it (SIGKILL)" in err
    assert "5 files" in err
