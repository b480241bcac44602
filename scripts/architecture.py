"""Keeps docs/architecture.md true: its picture is made from the import contracts in pyproject.toml.

    python scripts/architecture.py --update    draws the picture anew, and lists what is forbidden
    python scripts/architecture.py --check     fails where the page differs, or a top-level package has no line in it

The picture stands between the two comments that begin with ``<!-- layers``; all else in the page is written by hand.
"""

from __future__ import annotations

import argparse
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "architecture.md"
SOURCE = ROOT / "src" / "kurssi"
MADE = re.compile(r"(<!-- layers: .*? -->\n).*?(<!-- layers end -->)", re.DOTALL)
LINE = re.compile(r"^\| `(\w+)`", re.MULTILINE)
"""A package's line of description: a row of a table that begins with its name."""

Contract = Mapping[str, Any]


def contracts() -> list[Contract]:
    """The contracts of import-linter."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        found: list[Contract] = tomllib.load(file)["tool"]["importlinter"]["contracts"]
    return found


def layers(found: Sequence[Contract]) -> list[str]:
    """The layers of the contract on the top-level packages, the highest first."""
    for contract in found:
        if contract.get("containers") == ["kurssi"]:
            return list(contract["layers"])
    raise SystemExit("pyproject.toml has no contract of layers for kurssi")


def packages(layer: str) -> list[str]:
    """The packages and modules that stand in one layer."""
    return re.findall(r"\w+", layer)


def picture(found: Sequence[Contract]) -> Iterator[str]:
    """The layers as a Mermaid flowchart: an arrow says "may import"."""
    yield "```mermaid"
    yield "flowchart TB"
    levels = layers(found)
    for number, layer in enumerate(levels):
        names = packages(layer)
        apart = "may import each other" if ":" in layer else "know nothing of each other"
        yield f'  subgraph L{number}["{apart if len(names) > 1 else " "}"]'
        yield "    direction LR"
        for name in names:
            yield f'    {name.strip("_")}["{name}"]'
        yield "  end"
    for number in range(len(levels) - 1):
        yield f"  L{number} --> L{number + 1}"
    yield "```"


def forbidden(found: Sequence[Contract]) -> Iterator[str]:
    """What may not be imported although the layers would allow it, one line for each contract."""
    for contract in found:
        if contract["type"] == "forbidden":
            sources, targets = (
                ", ".join(f"`{name.removeprefix('kurssi.')}`" for name in contract[key])
                for key in ("source_modules", "forbidden_modules")
            )
            directly = " directly" if contract.get("allow_indirect_imports") else ""
            yield f"- **{contract['name']}.** {sources} may not import{directly}: {targets}."


def made(found: Sequence[Contract]) -> str:
    """What stands between the two comments."""
    heading = "Beside the layers, these imports are forbidden:"
    return "\n".join([*picture(found), "", heading, "", *forbidden(found), ""])


def undescribed(page: str, found: Sequence[Contract]) -> Iterator[str]:
    """Top-level packages without a line in the page, and lines without a package."""
    there = {path.stem for path in SOURCE.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    there -= {"__init__"}
    described = set(LINE.findall(page))
    placed = {name for layer in layers(found) for name in packages(layer)}
    for name in sorted(there - described):
        yield f"docs/architecture.md has no line for {name}: add a row that begins with | `{name}`"
    for name in sorted((described & placed) - there):
        yield f"docs/architecture.md describes {name}, which is not in src/kurssi"
    for name in sorted(there - placed):
        yield f"pyproject.toml puts {name} into no layer"


def main() -> int:
    """Updates or checks; the result is the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--update", action="store_true")
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    found = contracts()
    page = PAGE.read_text("utf-8")
    new = MADE.sub(lambda match: match[1] + made(found) + match[2], page)
    faults = list(undescribed(page, found))
    if not MADE.search(page):
        faults.append("docs/architecture.md has no place for the picture: <!-- layers: … --> and <!-- layers end -->")
    if new != page and options.update:
        PAGE.write_text(new, "utf-8")
    elif new != page:
        faults.append("docs/architecture.md is behind pyproject.toml; run scripts/architecture.py --update")
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults and options.check else 0


if __name__ == "__main__":
    sys.exit(main())
