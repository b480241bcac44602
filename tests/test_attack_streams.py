"""Streams that are closed, full or read no further, encodings of all kinds, and names that are no files."""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="streams and pipes as POSIX has them")

PLAN = """\
kurssi: 1
course: {code: X, name: Kurssi – ääni, credits: 5}
implementation: {id: x-1, language: fi}
assessment:
  evaluation_scale: 0-5
  parts: [{id: essay, name: Essee, weight: 100}]
"""
SCORES = "opiskelijanumero,nimi,Essee\n0123456,Åström Ålänä,4\n0234567,Żółć,3\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "x.yaml").write_text(PLAN, "utf-8")
    (tmp_path / "s.csv").write_text(SCORES, "utf-8")
    return tmp_path


def shell(folder: Path, line: str, timeout: int = 30, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """A line of the shell, in which ``kurssi`` is this one."""
    kurssi = f'kurssi() {{ "{sys.executable}" -m kurssi "$@"; }}; '
    return subprocess.run(
        ["bash", "-c", kurssi + line],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        timeout=timeout,
    )


IN_TURN = """
import sys
from kurssi.cli import run

line = []
for word in sys.argv[1:]:
    if word == ";":
        code = run(line)
        print(f"ended: {code}", file=sys.stderr, flush=True)
        line = []
    else:
        line.append(word)
"""


def in_turn(folder: Path, *lines: str, before: str = "") -> Iterator[tuple[int, bytes]]:
    """The exit codes of command lines, and what they say of errors: one after the other in one process."""
    words = " ".join(f"{line} ';'" for line in lines)
    done = shell(folder, f'{before} "{sys.executable}" -c "$PROGRAM" {words}', timeout=120, PROGRAM=IN_TURN)
    *said, rest = re.split(rb"ended: (\d+)\n", done.stderr)
    assert (done.returncode, rest, len(said)) == (0, b"", 2 * len(lines)), done.stderr
    done.stdout.decode()
    done.stderr.decode()
    return ((int(code), text) for text, code in zip(said[::2], said[1::2], strict=True))


@pytest.mark.parametrize("where", [">/dev/full", ">&-"])
def test_a_version_that_cannot_be_written_is_one_line(folder: Path, where: str) -> None:
    """Of every other command see ``tests/test_attack_outputs.py``."""
    done = shell(folder, f"kurssi --version {where}")
    assert done.returncode == 2, done.stderr
    text = done.stderr.decode()
    assert "Traceback" not in text
    assert sum(line.startswith("error: standard output") for line in text.splitlines()) == 1, text


@pytest.mark.parametrize(
    "where", [">/dev/full", ">&-", "2>/dev/full", "2>&-", ">&- 2>&-", ">/dev/full 2>/dev/full", "<&-"]
)
def test_files_are_written_whatever_becomes_of_the_streams(folder: Path, where: str) -> None:
    done = shell(folder, f"kurssi grade x.yaml s.csv -o g.csv -o g.json -o g.md -o g.xlsx {where}")
    assert b"Traceback" not in done.stderr + done.stdout
    assert done.returncode == (2 if "full" in where or ">&-" in where.replace("2>&-", "") else 0), done.stderr
    assert json.loads((folder / "g.json").read_bytes())["summary"]["graded"] == 2
    assert {file.name for file in folder.iterdir()} >= {"g.csv", "g.md", "g.xlsx"}


def test_who_reads_no_further_stops_nothing(folder: Path) -> None:
    done = shell(folder, "{ sleep 0.2; kurssi grade x.yaml s.csv --format json -o g.csv; echo $? >&2; } | true")
    assert (folder / "g.csv").is_file()
    assert done.stderr.decode().splitlines()[-1] == "0"
    assert b"rror" not in done.stderr


def test_the_screen_of_many_files(folder: Path) -> None:
    (folder / "x.yaml").write_text(PLAN + "scores: s.csv\n", "utf-8")
    done = shell(folder, "kurssi grade . -o '{id}.csv' >/dev/full")
    assert done.returncode == 2
    assert (folder / "x-1.csv").is_file()


ENCODED = """
import sys
from kurssi.cli import run

run(["grade", "x.yaml", "s.csv"])
sys.exit(run(["validate", "nosuch.yaml"]))
"""


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-16", "utf-8:strict"])
@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"LANG": "fi_FI.ISO-8859-1", "TZ": "Nowhere/No"},
    ],
)
def test_every_encoding_takes_what_is_said(folder: Path, encoding: str, settings: dict[str, str]) -> None:
    done = shell(
        folder,
        f'"{sys.executable}" -c "$PROGRAM"',
        PROGRAM=ENCODED,
        PYTHONIOENCODING=encoding,
        **cast(dict[str, Any], settings),
    )
    assert done.returncode == 2, done.stderr
    assert len(done.stdout) > 100
    assert done.stderr
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
def test_json_loses_no_letter_to_an_encoding(folder: Path, encoding: str) -> None:
    done = shell(folder, "kurssi explain x.yaml 0234567 s.csv --format json", PYTHONIOENCODING=encoding)
    assert json.loads(done.stdout.decode(encoding))["students"][0]["name"] == "Żółć"


def test_names_that_are_not_utf_8(folder: Path) -> None:
    (folder / os.fsdecode(b"\xff.yaml")).write_text(PLAN, "utf-8")
    (folder / os.fsdecode(b"\xfe.csv")).write_text(SCORES, "utf-8")
    files = "$'\\xff.yaml' $'\\xfe.csv'"
    outputs = " ".join(f"-o $'\\xfd.{suffix}'" for suffix in ("csv", "md", "json", "xlsx"))
    lines = [
        f"grade {files} {outputs} --feedback $'\\xfc'",
        f"grade {files} --format json",
        f"explain {files.split()[0]} 0123456 {files.split()[1]}",
        f"explain {files.split()[0]} 0123456 {files.split()[1]} --format json",
        "validate $'\\xff.yaml' --format github",
        "validate $'\\xff.yaml' --format sarif -o $'\\xf1.sarif' -o $'\\xf1.xml' -o $'\\xf1.txt'",
        "plan $'\\xff.yaml' -o $'\\xff.md' -o $'\\xff.html' -o $'\\xff.json' -o $'\\xff.ics'",
        "policy $'\\xff.yaml' -o $'\\xf2.md' -o $'\\xf2.html' -o $'\\xf2.json'",
        "workload $'\\xff.yaml'",
        "compare $'\\xff.yaml' x.yaml -o $'\\xf3.md'",
        "sheet $'\\xff.yaml' -o $'\\xf4.xlsx'",
        "verify $'\\xfd.json'",
        f"lock {files}",
        "validate $'\\xf0'",
    ]
    done = shell(folder, f"kurssi {lines[0]}")
    done.stdout.decode()
    done.stderr.decode()
    ended = [(done.returncode, done.stderr), *in_turn(folder, *lines[1:])]
    for line, (code, said) in zip(lines, ended, strict=True):
        assert b"fault of kurssi" not in said, (line, said)
        assert b"Traceback" not in said
        assert code == (2 if line.startswith("lock") or "xf0" in line else 0), (line, said)


@pytest.mark.parametrize("name", ["pipe", "/dev/zero"])
def test_what_is_no_file_is_not_read(folder: Path, name: str) -> None:
    os.mkfifo(folder / "pipe")
    lines = [
        f"validate {name}",
        f"grade x.yaml {name}",
        f"grade {name} s.csv",
        f"verify {name}",
        f"plan {name}",
        f"new --from {name} --weeks 52",
    ]
    for line, (code, said) in zip(lines, in_turn(folder, *lines, before="ulimit -v 4000000;"), strict=True):
        assert code == 2, (line, said)
        assert b"Traceback" not in said
        assert b"fault" not in said
    done = shell(folder, f"ulimit -v 4000000; kurssi {lines[0]}")
    assert done.returncode == 2, (done.stdout, done.stderr)


def test_a_pipe_that_somebody_writes_into_is_read(folder: Path) -> None:
    assert shell(folder, "kurssi validate <(sleep 0.5; cat x.yaml)").returncode == 0
    assert (
        shell(folder, "mkfifo p; (sleep 0.1; cat s.csv >p) & kurssi grade x.yaml <(cat s.csv); cat p").returncode == 0
    )


def test_standard_input_is_read_no_further_than_a_file(folder: Path) -> None:
    done = shell(folder, "kurssi validate - </dev/zero")
    assert done.returncode == 1
    assert b"larger than 1 MiB" in done.stdout


@pytest.mark.parametrize("name", ["p.csv", "full.csv"])
def test_nothing_is_written_into_what_is_no_file(folder: Path, name: str) -> None:
    os.mkfifo(folder / "p.csv")
    (folder / "full.csv").symlink_to("/dev/full")
    done = shell(folder, f"kurssi grade x.yaml s.csv -o {name} --force")
    assert done.returncode == 2
    assert b"is a device or a pipe, not a file" in done.stderr
    assert stat.S_ISFIFO((folder / "p.csv").stat().st_mode)
