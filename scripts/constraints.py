"""Exact versions with their hashes (constraints.txt), and what pip is asked to install.

    python scripts/constraints.py --requirements [EXTRA ...]  prints what kurssi needs, as pip reads it
    python scripts/constraints.py --exact NAME                prints one package with its hashes, for an old pip
    python scripts/constraints.py --check                     fails where constraints.txt is behind pyproject.toml
    python scripts/constraints.py --lowest                    prints the lowest versions that kurssi can be used with
    python scripts/constraints.py --update                    makes it anew, with the newest versions (make constraints)
    python scripts/constraints.py --complete                  adds what is new in pyproject.toml, and changes no version

Only the last three need a network, and uv: they ask the index that pip is set up with. constraints.txt names no index,
so it holds wherever the same files are served. It has the versions for all systems and all Pythons that kurssi runs on.

Nothing but the standard library is imported: the Makefile calls this before anything is installed.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
FILE = ROOT / "constraints.txt"
HEAD = """\
# Exact versions and the hashes of their files, for CI and for a first installation (make demo, make test). Ranges stand
# in pyproject.toml. Made by scripts/constraints.py; CONTRIBUTING.md says how they are renewed.
"""
COMPILE = (sys.executable, "-m", "uv", "pip", "compile", "--no-header", "--no-annotate")
TOOLS = ("pytest", "hypothesis", "hatchling", "editables")
"""What the lowest versions are tried with, in the versions that go together with them."""
ALWAYS = ("pip",)
"""What is installed although pyproject.toml does not ask for it."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_FLOOR = re.compile(r">=\s*([0-9][0-9a-z.]*)")


def project() -> dict[str, Any]:
    """The table ``project`` of pyproject.toml."""
    data: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return data


def requirements(extras: Sequence[str]) -> list[str]:
    """What kurssi needs, and what it needs for ``extras``."""
    about = project()
    return [*about["dependencies"], *(line for extra in extras for line in about["optional-dependencies"][extra])]


def name_of(requirement: str) -> str:
    """The name of a package, in the one spelling it has."""
    match = _NAME.match(requirement)
    if match is None:
        raise SystemExit(f"{requirement} names no package")
    return re.sub(r"[-_.]+", "-", match[0]).lower()


def blocks(text: str) -> Iterator[tuple[str, str]]:
    """Every package of a constraints file: its name, and its lines."""
    for block in re.split(r"\n(?=[A-Za-z0-9])", "\n" + text):
        lines = [line for line in block.splitlines() if line.strip() and not line.lstrip().startswith("#")]
        if lines:
            yield name_of(lines[0]), "\n".join(lines) + "\n"


def problems() -> Iterator[str]:
    """Where constraints.txt and pyproject.toml do not agree."""
    text = FILE.read_text("utf-8")
    known: dict[str, list[str]] = {}
    for name, block in blocks(text):
        known.setdefault(name, []).append(block)
        if not re.match(r"\S+==\S+", block):
            yield f"constraints.txt has no exact version of {name}"
        if not re.search(r"--hash=sha256:[0-9a-f]{64}\b", block):
            yield f"constraints.txt has no hash of {name}"
    if "://" in text:
        yield "constraints.txt names an index"
    about = project()
    for line in [*ALWAYS, *requirements(list(about["optional-dependencies"]))]:
        if name_of(line) not in known:
            yield f"constraints.txt lacks {line}: python scripts/constraints.py --complete"
        if line not in ALWAYS and _FLOOR.search(line) is None:
            yield f"pyproject.toml has no lowest version of {line}"


def lowest() -> str:
    """The lowest versions of all that kurssi needs to run, as they go together on this Python, and what tests them."""
    version = ".".join(map(str, sys.version_info[:2]))
    command = [*COMPILE, "--resolution", "lowest", "--python-version", version, *_index(), "pyproject.toml"]
    found = subprocess.run(command, cwd=ROOT, check=True, text=True, stdout=subprocess.PIPE).stdout
    return found + "".join(f"{name}\n" for name in TOOLS)


def renewed(old: str, upgrade: bool) -> str:
    """What constraints.txt should hold; ``old`` is what it holds."""
    with tempfile.TemporaryDirectory() as folder:
        asked, kept, out = (Path(folder) / name for name in ("asked.in", "kept.txt", "out.txt"))
        asked.write_text("".join(f"{name}\n" for name in ALWAYS), "utf-8")
        kept.write_text("" if upgrade else re.sub(r"\s*\\?\s*--hash=\S+", "", old), "utf-8")
        extras = [word for extra in project()["optional-dependencies"] for word in ("--extra", extra)]
        command = [*COMPILE, "--universal", "--generate-hashes", "--python-version", "3.11", "--output-file", str(out)]
        command += ["--constraint", str(kept), *extras, *_index(), "pyproject.toml", str(asked)]
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
        return HEAD + "".join(sorted(block for _, block in blocks(out.read_text("utf-8"))))


def _index() -> list[str]:
    """The index that pip is set up with, for uv, which does not read pip's settings."""
    asked = [sys.executable, "-m", "pip", "config", "get", "global.index-url"]
    said = subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()
    url = os.environ.get("PIP_INDEX_URL") or said
    return ["--default-index", url] if url else []


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--requirements", nargs="*", metavar="EXTRA")
    what.add_argument("--exact", metavar="NAME")
    for flag in ("--lowest", "--check", "--update", "--complete"):
        what.add_argument(flag, action="store_true")
    asked = parser.parse_args()
    if asked.requirements is not None:
        print("\n".join(requirements(asked.requirements)))
    elif asked.exact:
        print("".join(block for name, block in blocks(FILE.read_text("utf-8")) if name == name_of(asked.exact)), end="")
    elif asked.lowest:
        print(lowest(), end="")
    elif asked.check:
        found = list(problems())
        sys.exit("\n".join(found) if found else 0)
    else:
        FILE.write_text(renewed(FILE.read_text("utf-8"), asked.update), "utf-8")


if __name__ == "__main__":
    main()
