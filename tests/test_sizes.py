"""What keeps the house small: no file over 500 lines, no function over 60."""

from __future__ import annotations

import ast
from pathlib import Path

SRC = Path(__file__).parent.parent / "src"
MOST_OF_A_FILE = 500
MOST_OF_A_FUNCTION = 60

LONG_FILES: dict[str, str] = {}
LONG_FUNCTIONS = {
    "kurssi/cli/commands/grade.py:command": "declares the options of the command, one by one",
    "kurssi/cli/commands/sheet.py:command": "declares the options of the command, one by one",
}


def _sources() -> list[tuple[str, str]]:
    return [(path.relative_to(SRC).as_posix(), path.read_text(encoding="utf-8")) for path in sorted(SRC.rglob("*.py"))]


def test_no_file_is_longer_than_can_be_read_at_once() -> None:
    long = {name for name, text in _sources() if text.count("\n") > MOST_OF_A_FILE}
    assert long == set(LONG_FILES)


def test_no_function_is_longer_than_a_screen() -> None:
    long = {
        f"{name}:{node.name}"
        for name, text in _sources()
        for node in ast.walk(ast.parse(text))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        and (node.end_lineno or 0) - node.lineno + 1 > MOST_OF_A_FUNCTION
    }
    assert long == set(LONG_FUNCTIONS)
