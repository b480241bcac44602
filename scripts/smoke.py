"""Tries every command of an installed kurssi, as a user would: python scripts/smoke.py COMMAND [ARGUMENT ...]

The command is what starts kurssi there, such as dist/kurssi/kurssi. Nothing of the source is imported, so that only
what was installed can answer. The language server is tried where pygls came along.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
PLAN = ROOT / "implementations" / "KH00BT03-2024.yaml"
SHEETS = [ROOT / "examples" / "KH00BT03-2024" / name for name in ("arvostelu.csv", "ryhmat.csv")]
SURVEY = "Student,How likely would you recommend the course (0-10)?\n1,9\n2,7\n"
PATIENCE = 300


class Try(NamedTuple):
    """A command line, and what has to come of it."""

    line: Sequence[str]
    says: str
    """A piece of what it prints."""
    writes: str | None = None
    code: int = 0


def tries() -> list[Try]:
    """Every command, in three languages between them, with every kind of file that is written."""
    plan, sheets = str(PLAN), [str(path) for path in SHEETS]
    return [
        Try(["--version"], "kurssi "),
        Try(["--help", "--lang", "fi"], "Laske lopulliset arvosanat"),
        Try(["validate", plan, "--lang", "fi"], "1 tiedosto"),
        Try(["validate", str(ROOT / "examples" / "broken.yaml"), "--lang", "sv"], "fel[", code=1),
        Try(["workload", plan, "--lang", "sv"], "134 h"),
        Try(["grade", plan, *sheets, "--lang", "fi"], "30 opiskelijaa"),
        Try(["grade", plan, *sheets, "-o", "grades.xlsx", "-o", "grades.json", "-o", "grades.csv"], "", "grades.xlsx"),
        Try(["grade", plan, *sheets, "--feedback", "pages"], "", "pages"),
        Try(["explain", plan, "0000001", *sheets, "--lang", "en"], "0000001"),
        Try(["verify", "grades.json", "--lang", "en"], "follow"),
        Try(["lock", plan, *sheets, "-o", "class.lock"], "", "class.lock"),
        Try(["verify", "class.lock", "--lang", "en"], ""),
        Try(["policy", plan, "-o", "policy.html", "--lang", "fi"], "", "policy.html"),
        Try(["compare", str(PLAN.with_name("KH00BT03-2023.yaml")), plan, "--lang", "en"], "2024"),
        Try(["plan", plan, "-o", "plan.html", "-o", "course.ics"], "", "course.ics"),
        Try(["sheet", plan, "-o", "entry.xlsx"], "", "entry.xlsx"),
        Try(["grade", plan, "entry.xlsx", "--lang", "en"], "", code=1),
        Try(["feedback", "survey.csv", "--lang", "en"], "NPS"),
        Try(["new", "--from", plan, "--weeks", "52", "--id", "next", "-o", "next.yaml"], "", "next.yaml"),
        Try(["rule", "weights-sum", "--lang", "fi"], "weights-sum"),
        Try(["schema", "--lang", "fi"], "Osasuoritus, joka arvioidaan."),
        Try(["--show-completion", "bash"], "complete -F"),
    ]


def tried(command: Sequence[str]) -> list[str]:
    """What went wrong, a line for each."""
    wrong = []
    env = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "GITHUB_ACTIONS")}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "survey.csv").write_text(SURVEY, "utf-8")
        for one in tries():
            done = ran([*command, *one.line], env, cwd=folder)
            said = (done.stdout + done.stderr).decode("utf-8", "replace")
            line = " ".join(Path(word).name for word in one.line)
            if done.code != one.code or one.says not in said or "Traceback" in said:
                wrong.append(f"kurssi {line}: {done.ended}\n{said[-2000:]}")
            elif one.writes is not None and not (folder / one.writes).exists():
                wrong.append(f"kurssi {line}: there is no {one.writes}")
        if not wrong and not zipfile.is_zipfile(folder / "grades.xlsx"):
            wrong.append("grades.xlsx is no workbook")
    return [*wrong, *_server(command, env)]


class Ran(NamedTuple):
    """What came of a command line: how it ended, and what it wrote until then."""

    ended: str
    code: int | None = None
    stdout: bytes = b""
    stderr: bytes = b""


def ran(line: Sequence[str], env: dict[str, str], cwd: Path | None = None, sent: bytes = b"") -> Ran:
    """Runs a command line; that it does not begin or does not end is an answer too."""
    try:
        done = subprocess.run(line, cwd=cwd, env=env, input=sent, capture_output=True, timeout=PATIENCE, check=False)
    except subprocess.TimeoutExpired as late:
        return Ran(f"not done after {PATIENCE} s", None, late.stdout or b"", late.stderr or b"")
    except OSError as refused:
        return Ran(f"did not begin: {refused}")
    return Ran(f"exit code {done.returncode}", done.returncode, done.stdout, done.stderr)


def _server(command: Sequence[str], env: dict[str, str]) -> list[str]:
    """The language server begins and ends, or says what it lacks."""
    messages = [
        {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"processId": None, "capabilities": {}}},
        {"jsonrpc": "2.0", "id": 2, "method": "shutdown"},
        {"jsonrpc": "2.0", "method": "exit"},
    ]
    bodies = [json.dumps(message).encode() for message in messages]
    sent = b"".join(b"Content-Length: %d\r\n\r\n" % len(body) + body for body in bodies)
    done = ran([*command, "lsp"], env, sent=sent)
    if done.code is not None and (b"hoverProvider" in done.stdout or b"kurssi[lsp]" in done.stderr):
        return []
    return [f"kurssi lsp: {done.ended}\n{done.stderr.decode('utf-8', 'replace')[-2000:]}"]


def main() -> int:
    """Tries what the arguments name; the result is the exit code."""
    if not sys.argv[1:]:
        print(__doc__)
        return 2
    command = sys.argv[1:]
    wrong = tried([str(Path(command[0]).resolve()) if os.sep in command[0] else command[0], *command[1:]])
    for line in wrong:
        print(line, file=sys.stderr)
    print(f"{len(tries()) + 1 - len(wrong)} passed, {len(wrong)} failed")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
