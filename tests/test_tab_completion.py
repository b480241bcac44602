"""The tab key in a shell: what kurssi proposes, what shells make of it, and how it is installed."""

from __future__ import annotations

import os
import re
import select
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kurssi.cli import run
from kurssi.cli.command_list import COMMANDS

Capture = pytest.CaptureFixture[str]
BIN = Path(sys.executable).parent

PLAN = """\
kurssi: 1
course: {code: X, name: Course, credits: 5}
implementation: {id: x-1, language: fi}
assessment:
  evaluation_scale: 0-5
  parts: [{id: essay, name: Essee, weight: 100}]
scores: scores.csv
"""
SCORES = "opiskelijanumero,etunimi,sukunimi,Essee\n0123456,Aada,Arpa,4\n0234567,Eero,Esimerkki,3\n"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "own class"
    (folder / "implementations").mkdir(parents=True)
    (folder / "x.yaml").write_text(PLAN, "utf-8")
    (folder / "scores.csv").write_text(SCORES, "utf-8")
    (folder / "notes.md").write_text("", "utf-8")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    return folder


def proposed(line: str, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What is proposed behind a line, as a shell asks."""
    monkeypatch.setenv("_KURSSI_COMPLETE", "bash")
    words = line.split(" ")
    assert run([*words[:-1], words[-1] + "."]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    pairs = [text.partition("\t") for text in out.splitlines()]
    return {text: about for text, _, about in pairs}


@pytest.mark.parametrize(
    ("line", "there", "not_there"),
    [
        ("", {"grade", "validate", "lsp"}, {"--help"}),
        ("gr", {"grade"}, {"validate"}),
        ("--", {"--help", "--version", "--install-completion", "--lang"}, {"grade"}),
        ("--lang ", {"fi", "en", "sv"}, {"grade"}),
        ("--lang fi gr", {"grade"}, set()),
        ("grade --f", {"--format", "--feedback", "--force"}, {"--lang"}),
        ("grade --format ", {"json", "csv"}, {"sarif"}),
        ("grade ", {":files yaml yml csv tsv txt xlsx xls ods"}, set()),
        ("plan ", {":files yaml yml"}, set()),
        ("grade x.yaml -o ", {":files"}, {":files yaml yml"}),
        ("plan --field wor", {"workload"}, {"timing"}),
        ("validate --select weights-", {"weights-sum", "weights-mixed"}, {"workload-total"}),
        ("rule workload-t", {"workload-total"}, {":files"}),
        ("explain x.yaml ", {"0123456", "0234567"}, set()),
        ("explain --format text x.yaml 02", {"0234567"}, {"0123456"}),
        ("explain gone.yaml ", {":files yaml yml csv tsv txt xlsx xls ods"}, {"0123456"}),
        ("grade --layout moo", {"moodle"}, {"canvas"}),
        ("grade --as-of ", set(), {":files"}),
        ("schema ", set(), {":files"}),
        ("nothing ", {"grade"}, set()),
    ],
)
def test_what_fits_is_proposed(
    line: str, there: set[str], not_there: set[str], here: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = proposed(line, capsys, monkeypatch).keys()
    assert there <= found
    assert not not_there & found


def test_proposals_say_what_they_are_in_the_language(
    here: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KURSSI_LANG", "fi")
    assert proposed("explain x.yaml 01", capsys, monkeypatch)["0123456"] == "Aada Arpa"
    assert "arvosanat" in proposed("grade", capsys, monkeypatch)["grade"]


def environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name != "_KURSSI_COMPLETE"}
    return {**kept, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "KURSSI_LANG": "en"}


def in_shell(*command: str) -> list[str]:
    found = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, env=environment())
    assert found.returncode == 0, found.stderr
    return sorted(line for line in found.stdout.splitlines() if line)


needs_bash = pytest.mark.skipif(shutil.which("bash") is None, reason="no bash")
needs_zsh = pytest.mark.skipif(shutil.which("zsh") is None, reason="no zsh")
needs_fish = pytest.mark.skipif(shutil.which("fish") is None, reason="no fish")
needs_pwsh = pytest.mark.skipif(shutil.which("pwsh") is None, reason="no PowerShell")


@needs_bash
@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("gra", ["grade"]),
        ("explain x.yaml 02", ["0234567"]),
        ("grade ", ["implementations", "scores.csv", "x.yaml"]),
        ("plan ", ["implementations", "x.yaml"]),
        ("grade -o n", ["notes.md"]),
        ("validate --select weights-m", ["weights-mixed"]),
    ],
)
def test_bash_completes(words: str, found: list[str], here: Path) -> None:
    said = " ".join(f"'{word}'" for word in ["kurssi", *words.split(" ")])
    script = f'eval "$(kurssi --show-completion bash)"; COMP_WORDS=({said}); COMP_CWORD=$((${{#COMP_WORDS[@]}}-1))'
    assert in_shell("bash", "-c", script + '; _kurssi_completion; printf "%s\\n" "${COMPREPLY[@]}"') == found


@needs_fish
def test_fish_completes(here: Path) -> None:
    line = "kurssi --show-completion fish | source; complete --do-complete "
    assert in_shell("fish", "-c", line + "'kurssi explain x.yaml 02'") == ["0234567\tEero Esimerkki"]
    assert in_shell("fish", "-c", line + "'kurssi gra'") == ["grade\tCompute final grades from score sheets."]
    found = [text.partition("\t")[0] for text in in_shell("fish", "-c", line + "'kurssi plan '")]
    assert {"x.yaml", "implementations/"} <= set(found)
    assert "notes.md" not in found


@needs_zsh
def test_zsh_completes(here: Path) -> None:
    """The function with stand-ins for what zsh shows; what is proposed comes from kurssi."""
    script = """
    compdef() { :; }
    _describe() { print -l -- "${(@P)2}"; }
    _files() { print -- "files $*"; }
    eval "$(kurssi --show-completion zsh)"
    words=(kurssi %s); CURRENT=${#words}; _kurssi
    """
    assert in_shell("zsh", "-f", "-c", script % "explain x.yaml 02") == [
        "0234567:Eero Esimerkki", "files -g *.(yaml|yml|csv|tsv|txt|xlsx|xls|ods)",
    ]  # fmt: skip
    assert in_shell("zsh", "-f", "-c", script % "plan ''") == ["files -g *.(yaml|yml)"]
    assert in_shell("zsh", "-f", "-c", script % "grade --format c") == ["csv:"]


@pytest.mark.skipif(sys.platform == "win32", reason="no terminals of this kind")
@pytest.mark.parametrize(
    "shell",
    [
        pytest.param("bash", marks=needs_bash),
        pytest.param("zsh", marks=needs_zsh),
        pytest.param("fish", marks=needs_fish),
    ],
)
def test_the_tab_key_completes_in_a_terminal_after_installation(shell: str, here: Path) -> None:
    assert run(["--install-completion", shell]) == 0
    import pty  # Windows has none

    pid, terminal = pty.fork()
    if pid == 0:
        os.execvpe(shell, [shell, "-i"], environment() | {"TERM": "xterm" if shell == "fish" else "dumb"})
    os.write(terminal, b"kurssi explain x.yaml 02\t")
    shown, until = b"", time.monotonic() + 120
    try:
        while b"0234567" not in shown and time.monotonic() < until:
            if select.select([terminal], [], [], 1)[0]:
                shown += os.read(terminal, 4096)
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        os.close(terminal)
    assert b"0234567" in shown


@needs_pwsh
def test_powershell_completes(here: Path) -> None:
    script = (
        "kurssi --show-completion pwsh | Out-String | Invoke-Expression; "
        "(TabExpansion2 'kurssi explain x.yaml 02' 24).CompletionMatches | ForEach-Object { $_.CompletionText }"
    )
    assert in_shell("pwsh", "-NoProfile", "-Command", script) == ["0234567"]


@pytest.mark.parametrize(
    ("shell", "written", "settings"),
    [
        ("bash", ".bash_completions/kurssi.sh", ".bashrc"),
        ("zsh", ".zfunc/_kurssi", ".zshrc"),
        ("fish", ".config/fish/completions/kurssi.fish", None),
    ],
)
def test_it_is_installed_once_and_keeps_what_is_there(
    shell: str, written: str, settings: str | None, here: Path, capsys: Capture
) -> None:
    home = Path(os.environ["HOME"])
    if settings is not None:
        (home / settings).write_bytes(b"# mine \xe4")
    for _ in range(2):
        assert run(["--install-completion", shell, "--lang", "en"]) == 0
    assert f"written: {home / written}" in capsys.readouterr().err
    assert run([f"--show-completion={shell}"]) == 0
    assert capsys.readouterr().out.rstrip("\n") == (home / written).read_text("utf-8").rstrip("\n")
    if settings is not None:
        lines = (home / settings).read_bytes().splitlines()
        assert lines[0] == b"# mine \xe4"
        assert len(lines) == 2


def test_a_shell_that_there_is_none_of(capsys: Capture) -> None:
    assert run(["--show-completion", "tcsh", "--lang", "en"]) == 2
    assert "--show-completion takes one of: bash, zsh, fish, powershell, pwsh" in capsys.readouterr().err


@pytest.mark.parametrize("command", [["--help"], *([name, "--help"] for name in COMMANDS)])
def test_help_shows_the_common_options_and_no_types_of_a_library(command: list[str], capsys: Capture) -> None:
    assert run([*command, "--lang", "en"]) == 0
    out = capsys.readouterr().out
    for word in ("With every command:", "--lang <fi|en|sv>", "--color <auto|always|never>", "--debug"):
        assert word in out
    assert not re.search(r"\b(TEXT|INTEGER|FLOAT|DATETIME)\b|<(str|int|float|path|x)\b", out)


@pytest.mark.parametrize(("columns", "most"), [("50", 50), ("80", 80), ("", 200)])
def test_a_width_that_is_asked_for_is_kept(
    columns: str, most: int, here: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    assert run(["grade", "--lang", "en"]) == 0
    table = capsys.readouterr().out
    assert max(map(len, table.splitlines())) <= most
    assert run(["explain", "x.yaml", "0123456", "--lang", "en"]) == 0
    assert max(map(len, capsys.readouterr().out.splitlines())) <= most
