"""Runs what pages of the guide show: every page in a folder of its own, its files and its commands one after the other.

A fence with a title is a file of the page: it is written there. In a fence ``console`` the lines after ``$ kurssi …``
are what that prints. A comment ``<!-- answers: a | b -->`` before it is what somebody types when asked; ``<!-- in
cookbook/NAME -->`` takes the files of a recipe along; after ``<!-- as written -->`` a fence with a title shows the file
as kurssi wrote it.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from docs import shown

from kurssi.cli import run

ROOT = Path(__file__).parent.parent
RECIPES = ROOT / "examples" / "cookbook"
STEP = re.compile(
    r"<!-- answers: (?P<answers>.*?) -->\n"
    r"|<!-- in cookbook/(?P<recipe>[\w-]+) -->\n"
    r"|(?P<shown><!-- as written -->\n)"
    r'|^```(?P<kind>\w+)(?: title="(?P<file>[^"]+)")?\n(?P<body>.*?)^```$',
    re.DOTALL | re.MULTILINE,
)


class Person(io.StringIO):
    """Somebody at a terminal: what is typed is also seen."""

    def __init__(self, answers: Sequence[str], screen: io.StringIO) -> None:
        super().__init__("".join(f"{answer}\n" for answer in answers))
        self._screen = screen

    def isatty(self) -> bool:
        """Questions are asked."""
        return True

    def readline(self, size: int = -1, /) -> str:  # type: ignore[override]
        """One answer, echoed."""
        line = super().readline(size)
        self._screen.write(line)
        return line


def printed(command: str, answers: Sequence[str] = ()) -> str:
    """What a command prints, both streams in order, and what was typed."""
    screen = io.StringIO()
    old = sys.stdin
    try:
        with contextlib.redirect_stdout(screen), contextlib.redirect_stderr(screen):
            if answers:
                sys.stdin = Person(answers, screen)
            run(shlex.split(command)[1:])
    finally:
        sys.stdin = old
    return "\n".join(line.rstrip() for line in screen.getvalue().rstrip().splitlines()) + "\n"


@contextlib.contextmanager
def speaking(language: str) -> Iterator[None]:
    """Commands say what they say in this language, in lines that a page has room for."""
    before = dict(os.environ)
    os.environ.update({"KURSSI_LANG": language, "COLUMNS": "96", "NO_COLOR": "1"})
    os.environ.pop("GITHUB_ACTIONS", None)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


@contextlib.contextmanager
def folder_of(recipe: str | None = None, language: str = "en") -> Iterator[Path]:
    """An empty folder to be in, or one with the files of a recipe."""
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as name:
        if recipe:
            shutil.copytree(RECIPES / recipe / language, name, dirs_exist_ok=True)
        os.chdir(name)
        try:
            yield Path(name)
        finally:
            os.chdir(before)


def refreshed(text: str, language: str) -> str:
    """The page with what its commands really print."""
    answers: list[str] = []
    shows = False

    def step(match: re.Match[str]) -> str:
        nonlocal shows
        if match["answers"] is not None:
            answers[:] = [answer.strip() for answer in match["answers"].split("|")]
        elif match["recipe"] is not None:
            shutil.copytree(RECIPES / match["recipe"] / language, ".", dirs_exist_ok=True)
        elif match["kind"] == "console":
            body = shown(match["body"], lambda command: printed(command, answers))
            answers.clear()
            return f"```console\n{body}```"
        elif match["shown"] is not None:
            shows = True
        elif match["file"] is not None and shows:
            shows = False
            return f'```{match["kind"]} title="{match["file"]}"\n{Path(match["file"]).read_text("utf-8")}```'
        elif match["file"] is not None:
            path = Path(match["file"])
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(match["body"], "utf-8")
        return match[0]

    with speaking(language), folder_of():
        return STEP.sub(step, text)
