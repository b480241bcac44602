"""Broken implementation files, made of whole ones, and what ``validate`` and the fixes must do with each.

Bytes, tokens and lines of the files of tests/cases and implementations are changed, doubled, left out and mixed.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

from kurssi.course.check import check, check_across, seen
from kurssi.course.fixes import fix
from kurssi.diagnostics.renderers.common import Paint
from kurssi.diagnostics.renderers.text import as_text
from kurssi.diagnostics.words import Words

ROOT = Path(__file__).parent.parent
TOKENS = [
    "[", "]", "{", "}", "- ", ": ", ",", "#", "&a", "*a", "!!int", "!x", "|", ">", "'", '"', "%", "@", "`",
    "? ", "---", "...", "\t", "\r", "\x00", "\x85", "\u2028", "\ufeff", "\U0001f600", "ä", "~", "null", "true",
    "no", ".inf", ".nan", "1e999", "0x1F", "0o17", "012", "-0", "1_000", "99999999999999999", "-1", "0", "53",
    "0.5", "0,5", "50 %", "-5 %", "8x3 h", "8 x", "3 h/week", "45 min x 8", "20-30 min", "2024-02-30",
    "2024-02-29", "9999-12-31", "0001-01-01", "15.1.2024", "2024-03-04 23:59", "2024-03-04T23:59:00+14:00",
    "24:00", "3-11", "45-5", "53-1", "7 d", "999999 w", "x" * 300, "[" * 50, "{a: " * 40, "<<: *a", "kurssi",
    "parts", "weight", "due", "H-5", "pass-fail", "group", "xx.xx.2025", "131052-308T",
]  # fmt: skip


@cache
def corpus() -> Sequence[bytes]:
    """The files to start from."""
    files = [*sorted((ROOT / "tests" / "cases").glob("**/*.yaml")), *sorted((ROOT / "implementations").glob("*.yaml"))]
    return [path.read_bytes() for path in files]


def _cut(dice: random.Random, raw: bytes) -> tuple[int, int]:
    start = dice.randint(0, len(raw))
    return start, min(len(raw), start + dice.choice((0, 1, 1, 2, 5, 20, 200)))


def some_bytes(dice: random.Random, raw: bytes, files: Sequence[bytes]) -> bytes:
    """Bytes written over with noise."""
    del files
    start, end = _cut(dice, raw)
    return raw[:start] + dice.randbytes(dice.randint(0, 4)) + raw[end:]


def a_token(dice: random.Random, raw: bytes, files: Sequence[bytes]) -> bytes:
    """A token put in, or in the place of something."""
    del files
    start, end = _cut(dice, raw)
    return raw[:start] + dice.choice(TOKENS).encode("utf-8") + raw[end:]


def a_value(dice: random.Random, raw: bytes, files: Sequence[bytes]) -> bytes:
    """The value behind a colon replaced."""
    del files
    colons = [i for i in range(len(raw)) if raw[i : i + 2] == b": "]
    if not colons:
        return raw
    start = dice.choice(colons) + 2
    ends = [i for i in (raw.find(sign, start) for sign in (b",", b"}", b"\n")) if i >= 0]
    return raw[:start] + dice.choice(TOKENS).encode("utf-8") + raw[min(ends, default=len(raw)) :]


def lines(dice: random.Random, raw: bytes, files: Sequence[bytes]) -> bytes:
    """Lines left out, doubled, swapped, indented, or taken from another file."""
    rows = raw.split(b"\n")
    here, there = dice.randrange(len(rows)), dice.randrange(len(rows))
    kind = dice.randrange(5)
    if kind == 0:
        del rows[here]
    elif kind == 1:
        rows.insert(there, rows[here])
    elif kind == 2:
        rows[here], rows[there] = rows[there], rows[here]
    elif kind == 3:
        rows[here] = b" " * dice.randint(0, 6) + rows[here].lstrip()
    else:
        rows[here:here] = dice.choice(files).split(b"\n")[dice.randint(0, 3) :]
    return b"\n".join(rows)


def half(dice: random.Random, raw: bytes, files: Sequence[bytes]) -> bytes:
    """The beginning of one file, and perhaps the end of another."""
    other = dice.choice(files)
    return raw[: dice.randint(0, len(raw))] + (other[dice.randint(0, len(other)) :] if dice.random() < 0.5 else b"")


def encoded(dice: random.Random, raw: bytes, files: Sequence[bytes]) -> bytes:
    """The same text in another encoding, or with other ends of lines."""
    del files
    text = raw.decode("utf-8", "replace")
    code = dice.choice(("utf-16", "utf-16-le", "utf-32", "cp1252", "latin-1", "utf-8-sig", "cp437", "utf-7"))
    text = text.replace("\n", dice.choice(("\n", "\r\n", "\r", "\x85", "\u2028")))
    return text.encode(code, "replace")


CHANGES: list[Callable[[random.Random, bytes, Sequence[bytes]], bytes]] = [
    some_bytes, a_token, a_token, a_value, a_value, a_value, lines, lines, half, encoded,
]  # fmt: skip


def broken(dice: random.Random) -> tuple[str, bytes]:
    """A file, and the suffix that its name ends with."""
    files = corpus()
    raw = dice.choice(files)
    for _ in range(dice.choice((1, 1, 1, 2, 3, 8))):
        raw = dice.choice(CHANGES)(dice, raw, files)[:20_000]
    return ".yaml", raw


def look(raw: bytes, suffix: str, thorough: bool) -> None:
    """Everything that ``validate`` does with a file; raises where something is wrong."""
    checked = check(raw, f"f{suffix}", lambda name: False)  # noqa: ARG005
    count = len(checked.document.lines) or 1
    for finding in checked.findings:
        place = finding.place
        if not (1 <= place.line <= place.end_line <= count and place.column >= 1):
            raise AssertionError(f"{finding.rule} stands outside the file: {place}")
    facts = seen(checked)
    if facts is not None:
        check_across([facts, facts])
    if thorough:
        as_text(checked.findings, {"f.yaml": checked.document.lines}, ENGLISH, Paint(False))
        fixed = fix(raw, "f.yaml")
        if fix(fixed.raw, "f.yaml").edits:
            raise AssertionError("a second fix was needed")


ENGLISH = Words("en")
