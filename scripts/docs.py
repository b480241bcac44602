"""Keeps documents true: what they show of kurssi is what kurssi prints.

    python scripts/docs.py --update    writes docs/commands.md, docs/rules.md and the texts of the schema, and the
                                       outputs shown in README.md
    python scripts/docs.py --check     fails where one of them differs

In README.md every block marked ``console`` is run: lines after ``$ kurssi …`` are its output, standard error included.
A line ``…`` stands for lines that are left out.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import io
import json
import os
import re
import shlex
import sys
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from unittest.mock import patch

from kurssi.cli import run
from kurssi.cli.command_list import COMMANDS
from kurssi.course.rules import book, paragraphs

ROOT = Path(__file__).parent.parent
BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)


def output(command: str) -> str:
    """What a command prints, both streams in order."""
    stream = io.StringIO()
    with contextlib.redirect_stdout(stream), contextlib.redirect_stderr(stream):
        run(shlex.split(command)[1:])
    return stream.getvalue().rstrip() + "\n"


def shown(block: str, output: Callable[[str], str] = output) -> str:
    """The block with the real output; where the old one has a line of …, only what stands around it is kept."""
    out = []
    for part in re.split(r"^(?=\$ )", block, flags=re.MULTILINE):
        if not part.startswith("$ kurssi"):
            out.append(part)
            continue
        command, _, old = part.partition("\n")
        new = output(command[2:])
        if "\n…\n" in f"\n{old}":
            head, tail = f"\n{old}".split("\n…\n", 1)
            lines = new.splitlines()
            keep, last = head.count("\n"), tail.rstrip("\n").count("\n") + 1 if tail.strip() else 0
            new = "\n".join([*lines[:keep], "…", *(lines[-last:] if last else [])]) + "\n"
        out.append(f"{command}\n{new}")
    return "".join(out)


def readme() -> str:
    """README.md with the real outputs."""
    text = (ROOT / "README.md").read_text("utf-8")
    return BLOCK.sub(lambda match: f"```console\n{shown(match[1])}```", text)


def commands() -> str:
    """The help of every command."""
    out = ["# Commands", "", "As `--help` prints them; made by `scripts/docs.py --update`.", ""]
    with patch.dict(os.environ, {"COLUMNS": "100"}):
        for name in ["", *COMMANDS]:
            command = f"kurssi {name}".strip()
            out += [f"## {command}", "", "```text", output(f"{command} --help").rstrip(), "```", ""]
    return "\n".join(out)


def rules() -> str:
    """The rule book."""
    made = "What `kurssi rule NAME` shows; made by `scripts/docs.py --update` from the rules' docstrings."
    out = ["# Rules", "", made, ""]
    for rule in book().values():
        out += [f"## {rule.name}", "", f"*{', '.join(severity.name for severity in rule.severities)}*", ""]
        for paragraph in paragraphs(rule.doc):
            if paragraph.startswith("    "):
                out += ["```", "\n".join(line[4:] for line in paragraph.splitlines()), "```", ""]
            else:
                out += [paragraph.replace("::", ":"), ""]
    return "\n".join(out)


MODEL = ROOT / "src" / "kurssi" / "course" / "model"
DESCRIPTIONS = MODEL.parent / "descriptions.json"


def descriptions() -> str:
    """The docstrings of the shapes of an implementation file, and of every key of them."""
    texts: dict[str, dict[str, str]] = {}
    for path in sorted(MODEL.glob("*.py")):
        for node in ast.parse(path.read_text("utf-8")).body:
            shape = isinstance(node, ast.ClassDef) and [ast.unparse(base) for base in node.bases] == ["Shape"]
            if isinstance(node, ast.ClassDef) and shape and (about := ast.get_docstring(node)):
                texts[node.name] = {"": " ".join(about.split()), **dict(_described(node))}
    return json.dumps(dict(sorted(texts.items())), ensure_ascii=False, indent=1) + "\n"


def _described(shape: ast.ClassDef) -> Iterator[tuple[str, str]]:
    """The fields of a shape with the text below each."""
    for field, after in pairwise(shape.body):
        if not isinstance(field, ast.AnnAssign) or not isinstance(field.target, ast.Name):
            continue
        if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant) and isinstance(after.value.value, str):
            yield field.target.id.rstrip("_"), " ".join(after.value.value.split())


def main() -> int:
    """Updates or checks; the result is the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--update", action="store_true")
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    os.chdir(ROOT)
    os.environ.update({"KURSSI_LANG": "en", "NO_COLOR": "1"})
    for name in ("GITHUB_ACTIONS", "COLUMNS"):
        os.environ.pop(name, None)
    wanted = {"README.md": readme(), "docs/commands.md": commands(), "docs/rules.md": rules()}
    wanted[DESCRIPTIONS.relative_to(ROOT).as_posix()] = descriptions()
    behind = []
    for name, text in wanted.items():
        path = ROOT / name
        if not path.exists() or path.read_text("utf-8") != text:
            behind.append(name)
            if options.update:
                path.parent.mkdir(exist_ok=True)
                path.write_text(text, "utf-8")
    if behind and options.check:
        print(f"behind what kurssi prints: {', '.join(behind)}; run scripts/docs.py --update", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
