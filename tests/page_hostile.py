"""Writes a sample of the hostile files into a folder, for the page in a browser: ``python page_hostile.py FOLDER``.

The largest of each kind are among them, and one after the other of the rest.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import hostile_workbooks
import hostile_xls
from hostile import PLAN, Kind, kinds

LARGEST = ("30 MiB", "49 MiB", "100 MiB", "700000 cells", "hundred thousand", "last column", "many columns")
EACH = {".yaml": 12, ".csv": 9, ".xlsx": 18, ".ods": 14, ".xls": 17}
"""Every so manieth of a suffix is taken."""
FEW = {"30 MiB": 11}
"""Of many alike, every so manieth."""


def sample() -> list[Kind]:
    """The kinds that are tried."""
    out = []
    for suffix, step in EACH.items():
        plain = [kind for kind in kinds(suffix) if not kind.role]
        out += plain[::step]
        for words in LARGEST:
            out += [kind for kind in plain if words in kind.name][:: FEW.get(words, 4)]
    return list(dict.fromkeys(out))


def main(folder: Path) -> None:
    """Writes the files, and prints the name of each with what it is."""
    assert hostile_workbooks.__name__ != hostile_xls.__name__  # both enter their kinds
    (folder / "x.yaml").write_text(PLAN, "utf-8")
    names = {}
    for at, kind in enumerate(sample()):
        name = f"h{at:02}{kind.suffix}"
        (folder / name).write_bytes(kind.make())
        names[name] = kind.name
    print(json.dumps(names))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
