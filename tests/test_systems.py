"""What holds on every system: one module knows on which it is; consoles, line ends, names and open files of others."""

from __future__ import annotations

import ast
import io
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path

import pytest

from kurssi import operating_system
from kurssi.cli import files, run
from kurssi.cli.filenames import collating

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src" / "kurssi"
THE_ONE = "operating_system.py"

MODULES = {
    "ctypes", "fcntl", "grp", "locale", "msvcrt", "nt", "platform", "posix", "pty", "pwd", "resource", "signal",
    "syslog", "termios", "tty", "winreg", "_winapi",
}  # fmt: skip
"""Modules that not all systems have, or that do something else on each."""

NAMES = """
O_BINARY O_CLOEXEC O_DIRECTORY O_NOFOLLOW O_NONBLOCK POSIX_FADV_DONTNEED WNOHANG chown ctermid fchmod fchown
fork forkpty getegid geteuid getgid getgroups getloadavg getpgid getpgrp getppid getpriority getuid getxattr
initgroups kill killpg lchown listxattr lockf memfd_create mkfifo mknod name nice openpty pipe2
posix_fadvise posix_fallocate pread preadv pwrite pwritev register_at_fork removexattr sched_getaffinity
sched_setaffinity sendfile set_blocking setegid seteuid setgid setpgid setsid setuid setxattr startfile statvfs
sync sysconf tcgetpgrp ttyname umask uname unshare wait wait3 wait4 waitid waitpid
"""
OF_OS = frozenset(NAMES.split())
"""What ``os`` has on some systems only, and what tells them apart."""

PATHS = ("/dev/", "/proc/", "/tmp", "/etc/", "/usr/", "/var/", "C:\\")


def _knows_the_system(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Lines of a module that hold on some systems only, and what stands there."""
    texts = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            module = node.module if isinstance(node, ast.ImportFrom) and not node.level else None
            names = [alias.name for alias in node.names]
            found = MODULES & {name.partition(".")[0] for name in ([module] if module else names)}
            found |= {f"os.{name}" for name in OF_OS.intersection(names)} if module == "os" else set()
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            name = f"{node.value.id}.{node.attr}"
            found = {name} if name == "sys.platform" or (node.value.id == "os" and node.attr in OF_OS) else set()
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("getattr", "hasattr"):
            of, asked = node.args[0], node.args[1]
            is_os = isinstance(of, ast.Name) and of.id == "os" and isinstance(asked, ast.Constant)
            found = {f"os.{asked.value!s}"} if is_os and isinstance(asked, ast.Constant) else set()
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in texts:
            found = {node.value} if node.value.startswith(PATHS) else set()
        else:
            continue
        yield from ((node.lineno, name) for name in found)


def test_one_module_knows_on_which_system_it_is() -> None:
    found = {
        f"{path.relative_to(SOURCE).as_posix()}:{line}: {name}"
        for path in SOURCE.rglob("*.py")
        if path.name != THE_ONE
        for line, name in _knows_the_system(ast.parse(path.read_text("utf-8")))
    }
    assert not found, f"this belongs into {THE_ONE}"


@pytest.mark.parametrize(
    "line",
    [
        "import fcntl",
        "from os import fork",
        "os.pread(1, 2, 3)",
        "x = sys.platform",
        'hasattr(os, "x")',
        'a = "/proc/x"',
    ],
)
def test_what_would_be_found(line: str) -> None:
    assert list(_knows_the_system(ast.parse(line)))


def test_one_module_starts_processes_of_a_pool() -> None:
    starters = ("multiprocessing", "concurrent.futures", "subprocess")
    found = {
        path.relative_to(SOURCE).as_posix()
        for path in SOURCE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names])
        if name.startswith(starters)
    }
    # ssh-keygen makes signatures, PowerShell is asked where its profile is: they wait for nobody and start nothing
    assert found == {"cli/pool.py", "cli/shell_setup.py", "cli/signatures.py", THE_ONE}


# ---- the console of Windows --------------------------------------------------------------------------------

PLAN = """\
kurssi: 1
course: {code: X, name: "Kurssi – Żółć 日本 🎓", credits: 5}
implementation: {id: x-1, language: fi, timing: {start: 2024-01-08, end: 2024-05-05}}
assessment:
  evaluation_scale: 0-5
  parts: [{id: essay, name: "Essee 日本", weight: 100}]
scores: s.csv
"""
SCORES = "student,name,essay\n0123456,Åström 🎓,4\n0234567,Żółć,3\n0345678,日本,x\n"
COMMANDS = [
    *(f"validate x.yaml bad.yaml --format {kind}" for kind in ("text", "concise", "json", "github", "sarif", "junit")),
    "validate missing-日本.yaml", "workload x.yaml", "workload x.yaml --by-week",
    *(f"grade x.yaml good.csv --format {kind}" for kind in ("text", "json", "csv", "md")),
    "grade x.yaml", "grade x.yaml good.csv --list peppi", "grade x.yaml good.csv --list public",
    "grade .", "grade x.yaml good.csv -o 日本.json --feedback pages", "explain x.yaml 0234567 good.csv",
    "verify 日本.json", "lock x.yaml good.csv", "policy x.yaml", "compare x.yaml bad.yaml", "compare x.yaml x.yaml",
    "sheet x.yaml -o e.xlsx", "feedback answers.csv", "feedback answers.csv --format md", "plan x.yaml",
    "rule", "rule weights-sum", "schema", "--help", "grade --help", "no-such-日本",
]  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "x.yaml").write_text(PLAN, "utf-8")
    (tmp_path / "bad.yaml").write_text(PLAN.replace("weight", "wéight 日本"), "utf-8")
    (tmp_path / "s.csv").write_text(SCORES, "utf-8")
    (tmp_path / "good.csv").write_text(SCORES.replace(",x\n", ",2\n"), "utf-8")
    (tmp_path / "answers.csv").write_text(
        "Mitä pidit? 🎓,Suosittelisitko 0-10\n" + "".join(f"日本 Żółć {n},{n}\n" for n in range(8)), "utf-8"
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("encoding", ["cp1252", "cp437", "ascii"])
@pytest.mark.parametrize("lang", ["en", "fi"])
@pytest.mark.usefixtures("folder")
def test_a_console_that_knows_few_signs(encoding: str, lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for command in COMMANDS:
        raw_out, raw_err = io.BytesIO(), io.BytesIO()
        out, err = (io.TextIOWrapper(raw, encoding, write_through=True) for raw in (raw_out, raw_err))
        with monkeypatch.context() as patch:
            patch.setattr(sys, "stdout", out)
            patch.setattr(sys, "stderr", err)
            code = run(["--lang", lang, *shlex.split(command)])
        said = raw_err.getvalue().decode(encoding)
        assert code in (0, 1, 2), command
        assert "Traceback" not in said, command
        assert "fault of kurssi" not in said, (command, said)
        assert "kurssin vika" not in said, (command, said)
        assert raw_out.getvalue() or said, command


@pytest.mark.parametrize("encoding", ["cp1252", "cp437:strict"])
def test_the_command_on_such_a_console(folder: Path, encoding: str) -> None:
    environment = {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    command = [sys.executable, "-m", "kurssi", "grade", "x.yaml", "good.csv"]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "Åström ?" in done.stdout.decode(encoding.partition(":")[0])


# ---- line ends ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The shipped files with each kind of line ends, as git may write them, and a report and a lock of them."""
    made = []
    for ends in (b"\n", b"\r\n"):
        place = tmp_path_factory.mktemp("windows" if len(ends) > 1 else "others")
        with chdir(place):
            for name in ("implementations", "examples"):
                shutil.copytree(ROOT / name, name)
                _converted(Path(name), ends)
            grade = ["grade", "implementations/KH00BT03-2024.yaml", "-o", "report.json"]
            assert run([*grade, "--lang", "en"]) == 0
            assert run(["lock", *grade[1:3], "grades.lock"]) == 0
            _converted(Path(), ends, "report.json", "grades.lock")
        made.append(place)
    return made


@pytest.mark.parametrize(
    "command",
    [
        "validate implementations --format concise",
        "workload implementations/KH00BT03-2024.yaml",
        "grade implementations/KH00BT03-2024.yaml --format csv",
        "plan implementations/KH00BT03-2024.yaml",
        "policy implementations/KH00BT03-2024.yaml",
        "verify report.json",
        "verify grades.lock",
    ],
)
def test_files_with_the_line_ends_of_windows(
    command: str, places: list[Path], capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    results = []
    for place in places:
        with chdir(place):
            code = run([*command.split(), "--lang", "en"])
        out, err = capsysbinary.readouterr()
        results.append((code, out.replace(b"\r\n", b"\n"), err.replace(b"\r\n", b"\n")))
    assert results[0] == results[1]
    assert results[0][0] in (0, 1)


def _converted(folder: Path, ends: bytes, *names: str) -> None:
    paths = [folder / name for name in names] or [path for path in folder.rglob("*") if path.is_file()]
    for path in paths:
        data = path.read_bytes()
        if not data.startswith(b"PK"):
            path.write_bytes(data.replace(b"\r\n", b"\n").replace(b"\n", ends))


# ---- names and open files ----------------------------------------------------------------------------------


def test_a_file_that_is_read_is_not_replaced_under_another_spelling(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """On a disk that takes ``GOOD.CSV`` for ``good.csv`` both are one file, as two links are here."""
    os.link("good.csv", "GOOD.CSV")
    before = Path("good.csv").read_bytes()
    assert run(["--lang", "en", "grade", "x.yaml", "good.csv", "-o", "GOOD.CSV", "--force"]) == 2
    assert "is one of the files that are read" in capsys.readouterr().err
    assert Path("good.csv").read_bytes() == before


def test_pages_of_students_differ_in_more_than_capitals(folder: Path) -> None:
    (folder / "good.csv").write_text("student,essay\nab1,3\nAB1,4\naB1,2\n", "utf-8")
    run(["grade", "x.yaml", "good.csv", "--feedback", "pages"])
    names = [path.name for path in (folder / "pages").glob("*")]
    assert len(names) in (0, 3)  # none, where that is an error of the class list
    assert len(set(map(collating, names))) == len(names)


CLOSE_IT = (
    "{} cannot be replaced, perhaps because another program has it open; close it in the other program and run again"
)


def _held_open(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Nothing can take the place of a file, as on Windows while Excel shows it."""
    replace = os.replace

    def refuse(source: str, target: str) -> None:
        if os.path.basename(target) == name:
            raise PermissionError(13, "The process cannot access the file")
        replace(source, target)

    monkeypatch.setattr(os, "replace", refuse)


@pytest.mark.parametrize("seekable", [True, False])
def test_a_report_that_another_program_shows(
    seekable: bool, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(operating_system, "can_rename_open_files", lambda: seekable)
    grade = ["--lang", "en", "grade", "x.yaml", "good.csv", "-o"]
    assert run([*grade, "r.xlsx"]) == 0
    before = Path("r.xlsx").read_bytes()
    (folder / "good.csv").write_text(SCORES.replace(",x\n", ",5\n"), "utf-8")
    with monkeypatch.context() as patch:
        _held_open(patch, "r.xlsx")
        capsys.readouterr()
        assert run([*grade, "r.xlsx", "-o", "r.csv"]) == 2
    assert CLOSE_IT.format("r.xlsx") in capsys.readouterr().err
    assert Path("r.xlsx").read_bytes() == before
    assert Path("r.csv").is_file()
    assert not [path for path in folder.iterdir() if path.name.startswith(".kurssi")]
    assert run([*grade, "r.xlsx"]) == 0  # once it is closed, without --force
    assert Path("r.xlsx").read_bytes() != before


def test_an_implementation_that_another_program_shows(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "x.yaml").write_text(PLAN.replace("evaluation_scale", "evaluation-scale"), "utf-8")
    before = Path("x.yaml").read_bytes()
    _held_open(monkeypatch, "x.yaml")
    assert run(["--lang", "en", "validate", "x.yaml", "--fix"]) == 2
    assert CLOSE_IT.format("x.yaml") in capsys.readouterr().err
    assert Path("x.yaml").read_bytes() == before


@pytest.mark.parametrize("links", [True, False])
def test_of_many_files_none_is_new_where_one_cannot_be(
    links: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there, new = tmp_path / "there.csv", tmp_path / "new.csv"
    files.write(str(there), b"old")
    files.write(str(tmp_path / "open.csv"), b"old")
    if not links:  # as on a stick
        monkeypatch.setattr(os, "link", lambda *_: (_ for _ in ()).throw(PermissionError))
    all_four = {str(tmp_path / name): b"new" for name in ("there.csv", "new.csv", "open.csv", "last.csv")}
    with monkeypatch.context() as patch:
        _held_open(patch, "open.csv")
        with pytest.raises(files.NotWritten):
            files.write_all(all_four)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"there.csv": b"old", "open.csv": b"old"}
    files.write_all({str(there): b"newer", str(new): b"newer"})  # both are known as ours
    assert {path.read_bytes() for path in (there, new)} == {b"newer"}


@pytest.mark.skipif(shutil.which("unshare") is None, reason="mounts a small disk")
@pytest.mark.parametrize("room", [12, 32, 96])
def test_on_a_disk_that_is_full_all_pages_or_none(room: int, folder: Path) -> None:
    """A real one, of so many KiB, where pages of an earlier run stand."""
    rows = [f"{n:07},Nimi {n},{n % 6}\n" for n in range(8)]
    (folder / "good.csv").write_text("student,name,essay\n" + "".join(rows[:2]), "utf-8")
    (folder / "more.csv").write_text("student,name,essay\n" + "".join(rows).replace(",0\n", ",5\n"), "utf-8")
    (folder / "disk").mkdir()
    grade = f"{shlex.quote(sys.executable)} -m kurssi --lang en grade x.yaml"
    script = (
        f"mount -t tmpfs -o size={room}k none disk || exit 77; "
        f"{grade} good.csv --feedback disk/pages --date 2024-05-01 >&2 || exit 78; "
        "(cd disk/pages; sha256sum *); echo --; "
        f"{grade} more.csv --feedback disk/pages --date 2024-05-01 >&2; echo $?; "
        "ls -A disk/pages; echo --; (cd disk/pages; sha256sum *)"
    )
    command = ["unshare", "-rm", "sh", "-c", script]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode == 77 or "unshare" in done.stderr:
        pytest.skip("nothing can be mounted here")
    if done.returncode == 78:
        assert "the disk is full" in done.stderr
        return
    before, second, after = done.stdout.split("--\n")
    code, *names = second.split()
    assert not [name for name in names if name.startswith(".")]
    assert len(names) == (8 if code == "0" else 2), done.stdout
    assert (after == before) == (code == "2")
