"""Where the cursor stands in a text that is being written and may not be YAML yet.

A sign that nobody writes is put at the cursor, as a key and as a value, and the text is read: where the sign comes out
is where the cursor stands. What is open on the line is closed for that, and what follows is left out where it does not
fit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from kurssi.course.yaml_reader import at, load
from kurssi.diagnostics.finding import Path

SIGN = "qcursorq"
_WORD = re.compile(r"[\w.-]*", re.ASCII)
_WORD_BEFORE = re.compile(r"(?<![^\s{\[,:])[\w.-]*$|\w*$")
_LINES_ABOVE = 30
"""Brackets that were opened further above are not looked for."""


class Spot(NamedTuple):
    """The place of the cursor in the data."""

    path: Path
    """Of the key that is being written (its last step is unknown), or of the value."""
    key: bool
    """Whether a key is written here, and not a value."""
    others: frozenset[str]
    """The keys that the block has already."""
    start: int
    """Where the word begins in the line."""
    end: int
    flow: bool
    """Whether it stands inside brackets or braces."""
    colon: bool
    """Whether a colon follows."""
    data: dict[str, Any]
    """The file as it was read for this, with the sign in it."""


_Place = tuple[Path, bool, frozenset[str], dict[str, Any]]


def spots(lines: Sequence[str], line: int, column: int) -> list[Spot]:
    """Where the cursor may stand: in a key, in a value, or either."""
    if line >= len(lines):
        return []
    text = lines[line]
    before = text[:column]
    if re.search(r"(?:^|\s)#", _without_quotes(before)):
        return []
    match = _WORD_BEFORE.search(before)
    start = match.start() if match else column
    if set(before[start:]) == {"-"}:  # the dash of a list
        start = column
    word = _WORD.match(text, column)
    end = word.end() if word else column
    flow = _open(lines, line, start)
    colon = text[end:].lstrip().startswith(":")
    found: list[Spot] = []
    for written in (SIGN if colon else SIGN + ": ", SIGN):
        changed = text[:start] + written + text[end:]
        for place in _read(lines, line, changed, flow):
            spot = Spot(*place[:3], start, end, bool(flow), colon, place[3])
            if spot[:2] not in [other[:2] for other in found]:
                found.append(spot)
            break
    return found


def _read(lines: Sequence[str], line: int, changed: str, flow: str) -> Iterator[_Place]:
    """Where the sign comes out: in the whole text, else without what follows, else with everything closed."""
    closed = "".join({"{": "}", "[": "]"}[sign] for sign in reversed(flow))
    above = list(lines[:line])
    for text in (
        [*above, changed, *lines[line + 1 :]],
        [*above, changed],
        [*above, changed + " " + closed, *lines[line + 1 :]],
        [*above, changed + " " + closed],
    ):
        document = load("\n".join(text).encode("utf-8", "replace"), "")
        if isinstance(document.data, dict) and (found := _find(document.data, ())) is not None:
            path, key = found
            block = at(document.data, path[:-1]) if path else None
            others = frozenset(block) - {SIGN} if key and isinstance(block, dict) else frozenset()
            yield path, key, others, document.data


def _find(value: Any, path: Path) -> tuple[Path, bool] | None:
    items: Iterator[tuple[Any, Any]]
    if isinstance(value, dict):
        if SIGN in value:
            return (*path, SIGN), True
        items = iter(value.items())
    elif isinstance(value, list):
        items = iter(enumerate(value))
    else:
        return (path, False) if value == SIGN else None
    return next((found for key, inner in items if (found := _find(inner, (*path, key))) is not None), None)


def _without_quotes(text: str) -> str:
    return re.sub(r"\"[^\"]*(?:\"|$)|'[^']*(?:'|$)", "", text)


def _open(lines: Sequence[str], line: int, column: int) -> str:
    """The brackets and braces that are open at a place, from the outermost."""
    first = line
    while first > max(0, line - _LINES_ABOVE) and lines[first - 1].rstrip()[-1:] in (",", "{", "["):
        first -= 1
    stack: list[str] = []
    for text in (*lines[first:line], lines[line][:column]):
        for sign in re.sub(r"(?:^|\s)#.*", "", _without_quotes(text)):
            if sign in "{[":
                stack.append(sign)
            elif sign in "}]" and stack:
                stack.pop()
    return "".join(stack)
