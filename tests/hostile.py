"""Files that somebody makes to keep kurssi busy or to fill its memory: a registry of kinds.

Each kind is a function that gives the bytes of one file of less than 1 MiB, entered by ``@hostile("name", suffix)``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

SIZE = 1_000_000
"""About so large is a file where size is what is hostile."""

PLAN = """\
kurssi: 1
course: {code: X, name: Course, credits: 5}
implementation: {id: x-1, language: en}
assessment:
  evaluation_scale: 0-5
  parts: [{id: essay, name: Essay, weight: 100}]
"""
"""The course that sheets are given with."""

Maker = Callable[..., bytes]


class Kind(NamedTuple):
    """A kind of hostile file."""

    name: str
    suffix: str
    make: Maker
    role: str = ""
    """What the file is given as, where its suffix does not say it: see :data:`hostile_runs.COMMANDS`."""


KINDS: dict[str, Kind] = {}


def hostile(name: str, suffix: str, role: str = "") -> Callable[[Maker], Maker]:
    """Enters a kind."""

    def enter(make: Maker) -> Maker:
        assert name not in KINDS, name
        KINDS[name] = Kind(name, suffix, make, role)
        return make

    return enter


def kinds(*suffixes: str) -> Iterator[Kind]:
    """The kinds of files with these suffixes."""
    return (kind for kind in KINDS.values() if kind.suffix in suffixes)


def enter(name: str, suffix: str, text: object, role: str = "") -> None:
    """Enters a kind that is this text, as far as a hostile file goes; its bytes are made when they are asked for."""

    def make() -> bytes:
        made = text() if callable(text) else text
        return (made if isinstance(made, bytes) else str(made).encode("utf-8", "surrogatepass"))[:SIZE]

    hostile(name, suffix, role)(make)


def fill(piece: str, before: str = "") -> str:
    """The piece over and over."""
    return before + piece * (SIZE // len(piece.encode("utf-8", "surrogatepass")))


def numbered(piece: str, before: str = "") -> str:
    """The piece over and over, each with its number."""
    out, size, n = [], 0, 0
    while size < SIZE - 40:
        text = piece.format(n=n)
        out.append(text)
        size += len(text.encode())
        n += 1
    return before + "".join(out)


# ---- YAML --------------------------------------------------------------------------------------------------

HEAD = "kurssi: 1\ncourse: {code: X, name: Course, credits: 5}\nimplementation: {id: x-1}\n"
PARTS = HEAD + "assessment:\n  evaluation_scale: 0-5\n  parts:\n"

_SOME_PARTS = PARTS.removeprefix(HEAD) + "".join(f"    - {{id: p{n}, name: P{n}, weight: 1}}\n" for n in range(2000))

for _name, _piece in {
    "newlines": "\n",
    "carriage returns": "\r",
    "spaces": " ",
    "tabs": "\t",
    "comments": "#\n",
    "one long comment": "#",
    "dashes": "- ",
    "dash lines": "-\n",
    "brackets": "[",
    "braces": "{",
    "brackets both": "[]",
    "braces and colons": "{a: ",
    "questions": "? ",
    "colons": ":",
    "colon lines": ": \n",
    "quotation marks": '"',
    "apostrophes": "'",
    "backslashes": '"\\',
    "anchors": "&a ",
    "aliases": "- *a\n",
    "tags": "!!",
    "tag lines": "- !!binary x\n",
    "python tags": "- !!python/object:os.system x\n",
    "documents": "---\n",
    "directives": "%YAML 1.1\n",
    "merge keys": "<<: {}\n",
    "pipes": "|\n",
    "folds": ">\n",
    "the same key": "kurssi: 1\n",
    "a key and its likes": "a: 1\n",
    "empty keys": "a:\n",
    "letters": "a",
    "digits": "1",
    "wide letters": "\U0001f600",
    "combining": "a\u0301",
    "zero width": "\u200b",
    "line separators": "\u2028",
    "byte order marks": "\ufeff",
    "control characters": "\x01",
    "next lines": "\x85",
    "surrogates": "\ud800",
    "at signs": "@",
    "percent signs": "%",
    "commas": ",",
    "zeros": "\x00",
}.items():
    enter(f"yaml of {_name}", ".yaml", partial(fill, _piece))

for _name, _piece in {
    "unknown keys": "k{n}: 1\n",
    "nearly known keys": "cours{n}: 1\n",
    "anchors with names": "k{n}: &a{n} 1\n",
    "keys in braces": "? {{a: {n}}}\n: 1\n",
    "long lists": "- {n}\n",
    "decimals": "- {n}.{n}\n",
    "dates": "- 2024-01-0{n}\n",
}.items():
    enter(f"yaml of {_name}", ".yaml", partial(numbered, _piece))

for _name, _piece in {
    "parts": "    - {{id: p{n}, name: P{n}, weight: 1}}\n",
    "parts of one id": "    - {{id: p, name: P, weight: 1}}\n",
    "parts with nothing": "    - {{}}\n",
    "parts that are text": "    - p{n}\n",
    "parts with unknown keys": "    - {{id: p{n}, k{n}: 1}}\n",
    "parts with bad dates": "    - {{id: p{n}, due: 2024-99-99}}\n",
    "parts of many gates": "    - {{id: p{n}, name: P{n}, weight: 1, minimum: 3, required: true, retakes: 9}}\n",
}.items():
    enter(f"yaml of {_name}", ".yaml", partial(numbered, _piece, PARTS))

for _name, _piece in {
    "sessions": "    - {{week: 3, hours: 3, topic: T{n}}}\n",
    "sessions of bad hours": "    - {{hours: 3x3x{n}}}\n",
    "sessions at once": "    - {{date: 2024-01-15, start: 8:30, hours: 3}}\n",
}.items():
    enter(f"yaml of {_name}", ".yaml", partial(numbered, _piece, HEAD + "schedule:\n  weeks: 3-11\n  sessions:\n"))

for _name, _text in {
    "accepted": HEAD + "accepted:\n" + numbered("  - {{rule: r{n}, reason: x}}\n"),
    "work": HEAD + "workload:\n  total: 135 h\n  parts:\n" + numbered("    - {{name: W{n}, hours: 1 h}}\n"),
    "one long sum": HEAD + "workload: {total: " + fill("1h+"),
    "one long number": HEAD + "workload: {total: " + fill("9"),
    "one long name": "kurssi: 1\ncourse: {name: " + fill("x"),
    "one long key": "kurssi: 1\n" + fill("x") + ": 1\n",
    "one quoted text": 'kurssi: 1\ncourse: {name: "' + fill("\\n"),
    "indents": "".join(" " * n + "a:\n" for n in range(1300)),
    "levels": "".join(" " * n + "-\n" for n in range(1300)),
    "aliases of aliases": "a0: &a0 x\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 9999)),
    "teachers": HEAD.replace("id: x-1", "id: x-1, teachers: [" + "x, " * 200_000 + "]"),
    "columns": HEAD + "columns:\n" + numbered("  h{n}: essay\n"),
    "an unknown key above parts": HEAD + "colour: red\n" + _SOME_PARTS,
    "unknown keys above parts": HEAD + numbered("colour{n}: red\n")[:480] + "\ncolumns: {h: none}\n" + _SOME_PARTS,
    "text that is no yaml": fill("The quick brown fox: jumps, over [the lazy dog\n"),
    "json": "{" + numbered('"k{n}": {{"a": [1, 2]}},\n'),
    "utf-16": b"\xff\xfe" + ("a: 1\n" * 90_000).encode("utf-16-le"),
    "not utf-8": b"\xff" * SIZE,
    "half a letter": b"a: \xc3\n" * (SIZE // 6),
}.items():
    enter(f"yaml with {_name}", ".yaml", _text)

# ---- CSV ---------------------------------------------------------------------------------------------------

for _name, _piece in {
    "newlines": "\n",
    "carriage returns": "\r",
    "commas": ",",
    "semicolons": ";",
    "tabs": "\t",
    "spaces": " ",
    "quotation marks": '"',
    "quoted newlines": '"\n"',
    "letters": "a",
    "digits": "9",
    "zeros": "\x00",
    "byte order marks": "\ufeff",
    "wide letters": "\U0001f600",
    "comma lines": ",,\n",
    "headers": "student,essay\n",
}.items():
    enter(f"csv of {_name}", ".csv", partial(fill, _piece))
    enter(f"csv of {_name} below a header", ".csv", partial(fill, _piece, "student,essay\n1,3\n"))

for _name, _piece in {
    "bad scores": "{n},zz\n",
    "students": "{n},3\n",
    "one student": "1,3\n",
    "students twice": "{n},3\n{n},4\n",
    "rows too long": "{n},3,4,5\n",
    "rows too short": "{n}\n",
    "rows without a number": ",3\n",
    "scores above": "{n},{n}\n",
    "long fractions": "{n},3.00000000000000000000000000000000001\n",
    "quoted cells": '"{n}","3"\n',
    "open quotation marks": '{n},"3\n',
    "states": "{n},?\n",
    "words": "{n},EX\n",
    "different words": "{n},w{n}\n",
    "different percentages": "{n},{n}%\n",
    "sums": "ka,3\n",
    "rows of two lengths": "1\n2,3,4\n",
}.items():
    enter(f"csv with {_name}", ".csv", partial(numbered, _piece, "student,essay\n"))

for _name, _text in {
    "columns": "student,essay," + ",".join(f"c{n}" for n in range(16_000)) + "\n" + ("1,2" + "," * 16_000 + "\n") * 40,
    "too many columns": "student,essay," + numbered("c{n},") + "\n1,3\n",
    "the same column": "student," + fill("essay,"),
    "empty headers": "student,essay" + fill(","),
    "errors in many columns": "student,essay" + ",essay" * 9000 + "\n" + ("x" + ",zz" * 9000 + "\n") * 20,
    "a long cell": "student,essay\n1," + fill("9"),
    "a long header": "student," + fill("e") + "\n1,3\n",
    "a long student number": "student,essay\n" + fill("1") + ",3\n",
    "a long name": "student,name,essay\n1," + fill("é") + ",3\n",
    "long names": "student,name,essay\n" + numbered("{n}," + "x" * 1000 + ",3\n"),
    "groups": "student,group,essay\n" + numbered("{n},G{n},3\n"),
    "times": "student,essay,essay submitted\n" + numbered("{n},3,2024-01-01 10:00\n"),
    "bad times": "student,essay,essay submitted\n" + numbered("{n},3,99.99.2024 klo {n}\n"),
    "times of many words": "student,essay,essay submitted\n" + numbered("{n},3," + "maanantai " * 20 + "\n"),
    "a length of time without an end": "student,essay,essay late\n"
    + "".join(f"{n},3,{'9' * 30_000}\n" for n in range(30)),
    "a length of time without a unit": "student,essay,essay late\n"
    + "".join(f"{n},3,{'1 ' * 15_000}\n" for n in range(30)),
    "peer marks": "from,to,a\n" + numbered("1,{n},3\n"),
    "utf-16": "student,essay\n1,3\n".encode("utf-16") + ("1,3\n" * 120_000).encode("utf-16-le"),
    "windows-1252": b"student,name,essay\n" + b"1,\xe4\xf6,3\n" * 110_000,
    "not any encoding": b"student,essay\n" + b"\x81\x8d,\n" * 250_000,
    "half a letter": b"student,essay\n" + b"\xc3,3\n" * 240_000,
}.items():
    enter(f"csv of {_name}", ".csv", _text)
