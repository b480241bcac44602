"""A class graded through the command line, and the report on it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kurssi.cli import run

Capture = pytest.CaptureFixture[str]


def files(folder: Path, plan: str, sheet: str = "", name: str = "plan") -> list[str]:
    """Writes an implementation file, and the score sheet where there is one: their names for ``kurssi grade``."""
    written = []
    for file, text in ((f"{name}.yaml", plan), ("scores.csv", sheet)):
        if text:
            (folder / file).write_text(text, "utf-8")
            written.append(str(folder / file))
    return written


def report(arguments: list[str], capsys: Capture) -> Any:
    """The report as JSON."""
    capsys.readouterr()
    assert run(["grade", *arguments, "--format", "json"]) == 0, capsys.readouterr().err
    return json.loads(capsys.readouterr().out)


def follows(found: Any, folder: Path, capsys: Capture) -> None:
    """Whether ``verify`` agrees with a report."""
    path = folder / "report.json"
    path.write_text(json.dumps(found), "utf-8")
    assert run(["verify", str(path)]) == 0, capsys.readouterr().out


def graded(arguments: list[str], folder: Path, capsys: Capture) -> Any:
    """The report as JSON, which ``verify`` agrees with."""
    found = report(arguments, capsys)
    follows(found, folder, capsys)
    capsys.readouterr()
    return found


def said(capsys: Capture) -> str:
    """All that a command has printed, in one line."""
    out = capsys.readouterr()
    return " ".join((out.out + out.err).split())
