"""``python -m benchmarks.editor``: how long after a keystroke its findings are shown (goal 18).

A file of 200 lines is typed at through the protocol: a key, a value, a whole part, sign by sign, so that most of the
time the file is wrong or no YAML at all, as it is while somebody writes.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from statistics import median, quantiles

from .editor_client import Editor

MOST = 50
"""Milliseconds; the goal is for 19 of 20 keystrokes."""
LINES = 200
SHIPPED = Path(__file__).parent.parent / "implementations" / "KH00BT03-2024.yaml"
TYPED = (
    ("  late:\n", "  cap: 100 %\n"),
    ("    - {id: exam, name: Tentti,", " minimum: 2, over: 5,"),
    ("  - code: PMMWES22\n", '      name: "toinen ryhmä: M22"\n'),
    ("  parts:\n    # valittu", ", ei julkaistu\n    - {id: essay, name: Essee, weight: 20, takes: exam}\n    #"),
)
"""Behind what is typed, and what."""


def long_file() -> str:
    """The shipped file, with work on every session until it is long enough."""
    text = SHIPPED.read_text("utf-8")
    text = text[: text.index("\nscores:")] + "\n"
    agenda = "\n".join(f"        - {{title: Vaihe {n}, mode: pairs, time: {10 + n} min}}" for n in range(1, 9))
    lines: list[str] = []
    for line in text.split("\n"):
        week = line.strip().startswith("- {week:") and len(lines) < LINES - 60
        lines.append(line)
        if week:
            fields = line.strip()[3:-1].split(", ", 2)
            lines[-1:] = [f"    - {fields[0]}", *(f"      {field}" for field in fields[1:]), "      agenda:", agenda]
    text = "\n".join(lines)
    return text + "# …\n" * max(0, LINES - text.count("\n"))


def main() -> None:
    """Types, and says how long each sign took."""
    text = long_file()
    with tempfile.TemporaryDirectory() as name:
        editor = Editor(folder=Path(name))
        editor.begin("fi")
        findings = len(editor.open("plan.yaml", text))
        taken = []
        for before, typed in TYPED:
            at = text.index(before) + len(before)
            for end in range(1, len(typed) + 1):
                begin = time.perf_counter()
                editor.write("plan.yaml", text[:at] + typed[:end] + text[at:])
                taken.append((time.perf_counter() - begin) * 1000)
        editor.end()
    slow = quantiles(taken, n=20)[-1]
    lines = text.count("\n")
    print(f"18 a file of {lines} lines, {findings} findings, {len(taken)} keystrokes until their findings, in ms:")
    print(f"   median {median(taken):.1f}, 19 of 20 within {slow:.1f} (goal {MOST}), slowest {max(taken):.1f}", end="")
    print("" if slow <= MOST else "  missed")


if __name__ == "__main__":
    main()
