"""Everything that is printed or written, on a stream that is closed, full or read no further, and into no file."""

from __future__ import annotations

import itertools
import os
import re
import shlex
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, TextIO, cast

import pytest

from effort import MORE, one_in
from every_output import OF_THE_PROGRAM, PRINTED, WRITTEN, Written, make_folder, printed, written
from kurssi.cli import run
from kurssi.cli.command_list import COMMANDS, built
from kurssi.cli.commands import app

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="streams, pipes and devices as POSIX has them")

Capture = pytest.CaptureFixture[str]

NOT_OF_OUTPUT = {"--map", "--layout", "--as-of", "--force", "--end", "--sign", "--quiet"}
"""Options that change what is read, or leave out what would be printed."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the table, made once."""
    folder = tmp_path_factory.mktemp("made")
    before = Path.cwd()
    os.chdir(folder)
    try:
        make_folder(folder)
    finally:
        os.chdir(before)
    return folder


@pytest.fixture
def folder(made: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The same as the working folder; what a test writes there is removed."""
    monkeypatch.chdir(made)
    monkeypatch.setattr(app, "HERE", made / "page.html")
    (made / "page.html").write_text("<html></html>")
    before = {path: path.read_bytes() for path in made.rglob("*") if path.is_file()}
    yield made
    for path in made.rglob("*"):
        if path not in before and not path.is_dir():
            path.unlink()
    for path, data in before.items():
        if path.read_bytes() != data:
            path.write_bytes(data)


# ---- the table has everything ------------------------------------------------------------------------------


def options(name: str) -> dict[str, Any]:
    return {option: one for one in built(name).params for option in one.opts if option.startswith("--")}


def words(name: str) -> list[list[str]]:
    lines = [*PRINTED[name], *(one.line for one in WRITTEN.get(name, ()))]
    return [shlex.split(line) for line in lines]


def test_every_command_stands_in_the_table() -> None:
    assert set(PRINTED) == set(COMMANDS)
    assert set(WRITTEN) == {name for name in COMMANDS if "--output" in options(name)}
    for name, lines in PRINTED.items():
        assert all(line.split()[0] == name for line in lines)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_and_each_of_its_values_stands_in_the_table(name: str) -> None:
    said = words(name)
    for option, parameter in options(name).items():
        if option in ("--output", "--help", *NOT_OF_OUTPUT):
            continue
        assert any(option in line for line in said), f"{name} {option}"
        for choice in getattr(getattr(parameter, "type_descriptor", None), "choices", None) or ():
            pairs = [pair for line in said for pair in itertools.pairwise(line)]
            assert (option, choice.value) in pairs, f"{name} {option} {choice.value}"


@pytest.mark.parametrize("one", list(written()), ids=lambda one: one.line)
def test_every_suffix_that_is_written_stands_in_the_table(one: Written, folder: Path, capsys: Capture) -> None:
    code = run(["--lang", "en", *shlex.split(one.line), "-o", "x.zzz"])
    said = capsys.readouterr().err.partition("error: ")[2]
    known = set(re.findall(r"\.\w+", said.replace("x.zzz", "")))
    assert code == (2 if one.suffixes else 0)
    assert known >= set(one.suffixes)
    for other in known - set(one.suffixes):
        assert run(["--lang", "en", *shlex.split(one.line), "-o", f"x{other}"]) == 2


# ---- streams -----------------------------------------------------------------------------------------------


def shell(folder: Path, line: str) -> subprocess.CompletedProcess[bytes]:
    """A line of the shell, in which ``kurssi`` is this one."""
    kurssi = f'kurssi() {{ "{sys.executable}" -m kurssi --lang en "$@"; }}; '
    return subprocess.run(["bash", "-c", kurssi + line], cwd=folder, capture_output=True, timeout=60, check=False)


def full() -> IO[str] | None:
    """A device that takes nothing."""
    return open("/dev/full", "w")


def unread() -> IO[str] | None:
    """A pipe whose other end is closed."""
    reader, writer = os.pipe()
    os.close(reader)
    return open(writer, "w")


def closed() -> IO[str] | None:
    """What Python has where the shell has closed it."""
    return None


STREAMS: dict[str, Callable[[], IO[str] | None]] = {">/dev/full": full, ">&-": closed, "| true": unread}


@contextmanager
def printing_into(where: str) -> Iterator[None]:
    """Standard output is this stream."""
    stream, before = STREAMS[where](), sys.stdout
    sys.stdout = cast(TextIO, stream)
    try:
        yield
    finally:
        sys.stdout = before
        if stream is not None:
            with suppress(OSError):
                stream.close()


def said_once(text: str, where: str) -> None:
    assert "Traceback" not in text
    assert "fault of kurssi" not in text
    assert "xception" not in text
    told = [line for line in text.splitlines() if line.startswith("error: ")]
    assert len(told) == (where != "| true"), text
    assert all(line.startswith("error: standard output ") for line in told)


def pairs() -> list[tuple[str, str]]:
    """Each line, and each stream for some of them."""
    found = [(line, where) for n, line in enumerate(printed()) for where in rotated(n)]
    return one_in(3, found)


def rotated(n: int) -> list[str]:
    names = list(STREAMS)
    return names[n % 3 :] + names[: n % 3]


@pytest.mark.parametrize(("line", "where"), pairs())
def test_what_cannot_be_printed_is_said_in_one_line(line: str, where: str, folder: Path, capsys: Capture) -> None:
    expected = run(shlex.split(line))
    assert expected in (0, 1)
    assert capsys.readouterr().out, "nothing is printed"
    for path in folder.glob("pages/*"):
        path.unlink()
    with printing_into(where):
        code = run(["--lang", "en", *shlex.split(line)])
    said_once(capsys.readouterr().err, where)
    assert code == (expected if where == "| true" else 2)


def of_processes() -> list[tuple[str, str]]:
    """A line of every command with a stream that takes nothing, and some with one that is read no further."""
    if MORE > 1:
        return pairs()
    lines = [*(lines[n % len(lines)] for n, lines in enumerate(PRINTED.values())), *OF_THE_PROGRAM]
    full, closed, pipe = STREAMS
    return [*((line, (full, closed)[n % 2]) for n, line in enumerate(lines)), *((line, pipe) for line in lines[::6])]


@pytest.mark.parametrize(("line", "where"), of_processes())
def test_nor_does_a_process_end_with_anything_else(line: str, where: str, folder: Path) -> None:
    if line.startswith("app"):
        return
    pipe = where == "| true"
    done = shell(folder, f"{{ {'sleep 0.1; ' * pipe}kurssi {line}; echo $? >code; }} {where}")
    said_once(done.stderr.decode(), where)
    code = int((folder / "code").read_text())
    assert code in ((0, 1) if pipe else (2,))


@pytest.mark.parametrize("where", STREAMS)
@pytest.mark.parametrize("one", one_in(2, written()), ids=lambda one: one.line)
def test_files_are_written_whatever_becomes_of_standard_output(
    one: Written, where: str, folder: Path, capsys: Capture
) -> None:
    targets = [f"out{suffix}" for suffix in one.suffixes or [""]]
    asked = [targets] if one.several else [[target] for target in targets]
    for named in asked:
        arguments = ["--lang", "en", *shlex.split(one.line), *(word for name in named for word in ("-o", name))]
        assert run(arguments) == 0
        good = {name: (folder / name).read_bytes() for name in named}
        prints = bool(capsys.readouterr().out)
        for name in named:
            (folder / name).unlink()
        with printing_into(where):
            code = run(arguments)
        assert {name: len((folder / name).read_bytes()) for name in named} == {n: len(d) for n, d in good.items()}
        said_once(capsys.readouterr().err, where if prints else "| true")
        assert code == (2 if prints and where != "| true" else 0)


def test_it_is_said_in_the_language_of_the_session(capsys: Capture) -> None:
    with printing_into(">/dev/full"):
        assert run(["--lang", "fi", "schema"]) == 2
    assert capsys.readouterr().err == (
        "virhe: vakiotulosteeseen ei voi kirjoittaa: levy on täynnä; -o kirjoittaa sen sijaan tiedoston\n"
    )


# ---- what is no file ---------------------------------------------------------------------------------------


def pipe(path: Path) -> int:
    """Makes a pipe that somebody reads from and writes into, with something in it; both ends as one."""
    os.mkfifo(path)
    handle = os.open(path, os.O_RDWR | os.O_NONBLOCK)
    os.write(handle, b"mine")
    return handle


@pytest.mark.parametrize("device", ["/dev/null", "/dev/full", "pipe"])
@pytest.mark.parametrize("one", list(written()), ids=lambda one: one.line)
def test_nothing_is_written_into_what_is_no_file(one: Written, device: str, folder: Path, capsys: Capture) -> None:
    for suffix in one.suffixes or ("",):
        target = folder / f"target{suffix}"
        if device == "pipe":
            handle = pipe(target)
        else:
            target.symlink_to(device)
        assert run(["--lang", "en", *shlex.split(one.line), "-o", target.name, "--force"]) == 2, target
        err = capsys.readouterr().err
        assert f"error: {target.name} is a device or a pipe, not a file" in err
        assert "fault of kurssi" not in err
        if device == "pipe":
            assert os.read(handle, 99) == b"mine"
            os.close(handle)
            assert stat.S_ISFIFO(target.lstat().st_mode)
        else:
            assert target.is_symlink()
        target.unlink()


@pytest.mark.parametrize(
    "line",
    [
        "validate target.yaml --fix",
        "sheet 2024/a.yaml --update target.xlsx --roster 2024/s.csv",
        "sheet --anonymise 2024/s.csv --anonymise 2023/s.csv -o target",
        "sheet --anonymise 2024/s.csv --anonymise 2023/s.csv -o target/below",
        "grade 2024/a.yaml 2024/s.csv --feedback target",
        "grade 2024/a.yaml 2024/s.csv --feedback target/below",
        "grade 2024/a.yaml 2024/s.csv -o target/x.csv",
        "grade . -o target/{id}.csv",
        "new --example letters -o target/x.yaml",
    ],
)
@pytest.mark.parametrize("kind", ["pipe", "device", "file"])
def test_nor_where_a_folder_or_a_file_to_change_should_be(line: str, kind: str, folder: Path, capsys: Capture) -> None:
    name = next(word for word in shlex.split(line) if word.startswith("target")).partition("/")[0]
    if kind == "pipe":
        os.mkfifo(folder / name)
    elif kind == "device":
        (folder / name).symlink_to("/dev/null")
    else:
        (folder / name).write_text("mine")
    code = run(["--lang", "en", *shlex.split(line)])
    err = capsys.readouterr().err
    assert "fault of kurssi" not in err
    assert code in (1, 2)
    assert code == 2 or kind == "file"
    if kind == "file":
        assert (folder / name).read_text() == "mine"


def test_the_table_has_no_line_twice() -> None:
    lines = [*printed(), *(one.line + "-o" for one in written())]
    assert len(set(lines)) == len(lines)
    assert OF_THE_PROGRAM
