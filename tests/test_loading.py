"""Loading: YAML 1.2 scalars, places, limits, and that no file whatever makes ``check`` fail."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import date
from decimal import Decimal
from encodings.aliases import aliases
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from kurssi.course import yaml_reader
from kurssi.course.check import Checked, check
from kurssi.course.yaml_reader import MAX_BYTES, MAX_DEPTH, REFUSED, load, pointer
from kurssi.diagnostics.finding import Place
from strategies import examples

ROOT = Path(__file__).parent.parent
SHIPPED_FILES = sorted((ROOT / "implementations").glob("*.yaml"))
SHIPPED = [path.read_bytes() for path in SHIPPED_FILES]
CASES = Path(__file__).parent / "cases"
MINIMAL = "kurssi: 1\ncourse: {code: A, name: B, credits: 5}\nimplementation: {id: C}\n"

SCALARS: list[tuple[str, object]] = [
    # text that YAML 1.1 takes for something else
    ("no", "no"),
    ("No", "No"),
    ("yes", "yes"),
    ("on", "on"),
    ("off", "off"),
    ("y", "y"),
    ("8:30", "8:30"),
    ("20:30:00", "20:30:00"),
    ("010", "010"),
    ("0012345", "0012345"),
    ("1_000", "1_000"),
    ("1,5", "1,5"),
    ("1e3", "1e3"),
    ("1.5e3", "1.5e3"),
    (".5", ".5"),
    ("5.", "5."),
    ("0x10", "0x10"),
    ("0o7", "0o7"),
    ("0b1", "0b1"),
    (".inf", ".inf"),
    ("-.inf", "-.inf"),
    (".nan", ".nan"),
    ("1 000", "1 000"),
    ("40 %", "40 %"),
    ("8x3 h", "8x3 h"),
    ("3-11", "3-11"),
    ("15.1.2024", "15.1.2024"),
    ("2024-1-5", "2024-1-5"),
    ("2024-01-15 10:12", "2024-01-15 10:12"),
    ("2024-01-15T10:12:00Z", "2024-01-15T10:12:00Z"),
    ("=", "="),
    ("<<", "<<"),
    ("nulll", "nulll"),
    ("nUll", "nUll"),
    ("tRue", "tRue"),
    # numbers, exact
    ("0", 0),
    ("-0", 0),
    ("5", 5),
    ("+5", 5),
    ("-5", -5),
    ("123456789012345", 123456789012345),
    ("3.5", Decimal("3.5")),
    ("3.50", Decimal("3.50")),
    ("+0.5", Decimal("0.5")),
    ("-0.5", Decimal("-0.5")),
    ("0.1", Decimal("0.1")),
    ("0.12345678901234", Decimal("0.12345678901234")),
    # empty, true, false, days
    ("", None),
    ("~", None),
    ("null", None),
    ("Null", None),
    ("NULL", None),
    ("true", True),
    ("True", True),
    ("TRUE", True),
    ("false", False),
    ("FALSE", False),
    ("2024-01-15", date(2024, 1, 15)),
    ("2024-02-29", date(2024, 2, 29)),
    # quoted and block text is text
    ('"5"', "5"),
    ("'5'", "5"),
    ('"null"', "null"),
    ('""', ""),
    ("'true'", "true"),
    ('"2024-01-15"', "2024-01-15"),
    ('"a\\nb"', "a\nb"),
    ("'it''s'", "it's"),
    ("|\n  5", "5\n"),
    (">-\n  2024-01-15", "2024-01-15"),
    ('! "5"', "5"),
    # lists and mappings
    ("[]", []),
    ("{}", {}),
    ("[no, 1, 1.0, ~]", ["no", 1, Decimal("1.0"), None]),
    ("{1: a}", {"1": "a"}),
    ("{no: yes}", {"no": "yes"}),
]


@pytest.mark.parametrize(("written", "value"), SCALARS, ids=[repr(written) for written, _ in SCALARS])
def test_scalar(written: str, value: object) -> None:
    document = load(f"x: {written}\n".encode(), "f")
    assert document.findings == []
    found = document.data["x"]
    assert found == value
    assert type(found) is type(value)
    if isinstance(value, Decimal):
        assert str(found) == str(value)  # 3.50 keeps its zero


@pytest.mark.parametrize(
    "written", ["1234567890123456", "-1234567890123456", "0.123456789012345", "1.0000000000000000"]
)
def test_more_than_15_digits_are_refused(written: str) -> None:
    document = load(f"x: {written}\n".encode(), "f")
    assert [f.rule for f in document.findings] == ["bad-yaml"]
    assert document.data["x"] is REFUSED
    assert document.findings[0].place[1:5] == (1, 4, 1, 4 + len(written))


@pytest.mark.parametrize("written", ["2024-02-30", "2023-02-29", "2024-13-01", "0000-01-01", "2024-00-10"])
def test_a_day_that_is_none_is_refused(written: str) -> None:
    document = load(f"x: {written}\n".encode(), "f")
    assert document.data["x"] is REFUSED
    assert document.findings[0].message.args["date"] == written


def test_keys_are_text_and_1_and_quoted_1_are_one_key() -> None:
    document = load(b'{1: a, "1": b}\n', "f")
    assert document.data == {"1": "a"}
    assert [f.rule for f in document.findings] == ["duplicate-key"]


# ---- places ------------------------------------------------------------------------------------------------


def cut(lines: list[str], place: Place) -> str:
    """The text that a place underlines."""
    assert place.line == place.end_line
    line = lines[place.line - 1]
    return line[place.column - 1 : place.end_column - 1]


def test_marks_count_characters_not_bytes() -> None:
    text = "äö: {🎓: å, 'b b': \"ß\"}\nlist:\n  - é🎓\n  - {k: 日本}\nlong: |\n  ääkkösiä\n"
    document = load(text.encode(), "f")
    assert document.findings == []
    lines = text.split("\n")
    for path, value, key in [
        (("äö", "🎓"), "å", "🎓"),
        (("äö", "b b"), '"ß"', "'b b'"),
        (("list", 1, "k"), "日本", "k"),
    ]:
        assert cut(lines, document.place(path)) == value
        assert cut(lines, document.place(path, key=True)) == key
    assert cut(lines, document.place(("list", 0))) == "é🎓"
    assert cut(lines, document.place(("list",))) == "list"
    assert cut(lines, document.place(("äö",))) == "äö"
    assert document.place(("list", 0))[1:3] == (3, 5)
    assert document.place(("long",))[1:3] == (5, 7)


def test_what_is_absent_stands_at_the_nearest_key_above() -> None:
    document = load(b"a:\n  b: {c: 1}\n", "f")
    assert document.place(("a", "b", "x", 3, "y"))[1:3] == (2, 3)
    assert document.place(("x",))[1:3] == (1, 1)


def test_pointer_reads_as_people_write_it() -> None:
    assert pointer(("assessment", "parts", 2, "weight")) == "assessment.parts[3].weight"


@pytest.mark.parametrize("raw", SHIPPED, ids=["2023", "2024"])
def test_every_value_of_the_shipped_files_has_its_text_at_its_place(raw: bytes) -> None:
    document = load(raw, "f")
    for path, mark in document.marks.items():
        if mark.key is not None:
            assert cut(document.lines, document.place(path, key=True)).strip("\"'") == path[-1]
        if mark.scalar and mark.value[0] == mark.value[2]:
            written = cut(document.lines, document.place(path))
            value: Any = document.data
            for step in path:
                value = value[step]
            assert written == written.strip()
            assert str(value).lower() in (written.lower(), written[1:-1].lower())


def loaded(raw: bytes) -> tuple[object, ...]:
    document = load(raw, "f")
    return document.data, document.marks, document.findings


PAIRS = [("\n", "\r\n"), ("\n", "\r")]


@pytest.mark.parametrize(("old", "new"), PAIRS, ids=["crlf", "cr"])
@pytest.mark.parametrize("raw", SHIPPED, ids=["2023", "2024"])
def test_line_ends_change_nothing(raw: bytes, old: str, new: str) -> None:
    assert loaded(raw.replace(old.encode(), new.encode())) == loaded(raw)


@pytest.mark.parametrize("raw", SHIPPED, ids=["2023", "2024"])
def test_a_byte_order_mark_changes_nothing(raw: bytes) -> None:
    assert loaded(b"\xef\xbb\xbf" + raw) == loaded(raw)


def test_without_libyaml_the_same_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    files = [*SHIPPED, *(path.read_bytes() for path in sorted(CASES.glob("*/good*.yaml")))]
    fast = [loaded(raw) for raw in files]
    monkeypatch.setattr(yaml_reader, "_Loader", yaml.SafeLoader)
    for raw, before in zip(files[2:], fast[2:], strict=True):  # the shipped ones have block text, whose ends differ
        assert loaded(raw) == before
    assert [loaded(raw)[0] for raw in files[:2]] == [data for data, *_ in fast[:2]]


# ---- limits ------------------------------------------------------------------------------------------------


def rules_of(checked: Checked) -> list[str]:
    return [finding.rule for finding in checked.findings]


def test_one_mebibyte_is_the_most() -> None:
    padding = MAX_BYTES - len(MINIMAL) - 2
    assert rules_of(check((MINIMAL + "#" + "a" * padding + "\n").encode(), "f")) == []
    assert rules_of(check((MINIMAL + "#" + "a" * (padding + 1) + "\n").encode(), "f")) == ["bad-yaml"]


def test_32_levels_are_the_most() -> None:
    within = load(("[" * MAX_DEPTH + "]" * MAX_DEPTH).encode(), "f")
    assert within.findings == []
    beyond = load(("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1)).encode(), "f")
    assert [f.place[1:3] for f in beyond.findings] == [(1, MAX_DEPTH + 1)]


@pytest.mark.parametrize(
    "raw",
    [
        b"[" * 100_000,
        b"{" * 100_000,
        b"[" * 100_000 + b"]" * 100_000,
        b"- " * 100_000,
        b"{a: " * 100_000,
        b"? " * 100_000,
    ],
    ids=["brackets", "braces", "closed", "dashes", "mappings", "questions"],
)
def test_depth_returns_quickly(raw: bytes) -> None:
    start = time.perf_counter()
    checked = check(raw, "f")
    assert time.perf_counter() - start < 2
    assert rules_of(checked)[:1] == ["bad-yaml"]
    assert checked.file is None


def test_a_large_file_returns_quickly() -> None:
    rows = "".join(f"    - {{week: 3, hours: 3, topic: t{n}}}\n" for n in range(5_000))
    start = time.perf_counter()
    checked = check((MINIMAL + "schedule:\n  weeks: 3-11\n  sessions:\n" + rows).encode(), "f")
    assert time.perf_counter() - start < 10
    assert rules_of(checked) == []


def test_many_wrong_lines_return_quickly() -> None:
    rows = "".join(f"unknown_{n}: 1\n" for n in range(1000))
    start = time.perf_counter()
    assert rules_of(check((MINIMAL + rows).encode(), "f")) == ["unknown-key"] * 1000
    assert time.perf_counter() - start < 10


@pytest.mark.parametrize(
    ("raw", "line", "column"),
    [
        ("nimi: Säde\n".encode("latin-1"), 1, 8),
        ("a: ä\nb: ".encode() + b"\xe4\n", 2, 4),
        (b"\xff\xfek\x00", 1, 1),
        (b"\xef\xbb\xbfa: \xff", 1, 4),
        (b"a: b\r\n\xc3", 2, 1),
    ],
)
def test_not_utf_8_has_a_place(raw: bytes, line: int, column: int) -> None:
    (finding,) = check(raw, "f").findings
    assert finding.rule == "bad-yaml"
    assert finding.place[1:3] == (line, column)


@pytest.mark.parametrize(
    "raw", [b"", b"\n\n", b"# only a comment\n", b"---", b"---\n", b"---\n...\n", b"~\n", b"\xef\xbb\xbf"]
)
def test_an_empty_file_is_a_finding(raw: bytes) -> None:
    (finding,) = check(raw, "f").findings
    assert finding.rule == "missing-key"
    assert finding.place.column == 1


# ---- whatever comes ----------------------------------------------------------------------------------------


def sound(raw: bytes) -> None:
    """Nothing is raised, and every finding stands inside the file."""
    checked = check(raw, "f.yaml")
    lines = checked.document.lines or [""]
    assert (checked.file is None) <= bool(checked.findings)
    for finding in checked.findings:
        place = finding.place
        assert place.file == "f.yaml"
        assert 1 <= place.line <= place.end_line <= len(lines)
        assert 1 <= place.column <= len(lines[place.line - 1]) + 1
        assert 1 <= place.end_column <= len(lines[place.end_line - 1]) + 2
        assert (place.line, place.column) <= (place.end_line, place.end_column)


@pytest.mark.parametrize("path", SHIPPED_FILES, ids=lambda path: path.stem)
def test_half_a_file(path: Path) -> None:
    raw = path.read_bytes()
    for end in range(0, len(raw), 101):
        sound(raw[:end])
        sound(raw[end:])


CODECS = sorted({name for name in aliases.values() if name not in ("mbcs", "oem")})


@pytest.mark.parametrize("codec", CODECS)
def test_every_encoding(codec: str) -> None:
    """Whatever an editor saves as: UTF-8 is read, everything else is a finding and never a guess."""
    try:
        raw = SHIPPED[0].decode().encode(codec, "replace")
    except (LookupError, UnicodeError, TypeError, AssertionError):
        pytest.skip("no encoding of text")
    sound(raw)
    same = raw.removeprefix(b"\xef\xbb\xbf") == SHIPPED[0]
    assert (check(raw, "f").file is not None) >= same


BOMBS = {
    "laughs": b"a: &a [x, x, x, x, x, x, x, x, x]\n"
    + b"".join(b"%c: &%c [%s]\n" % (n, n, b", ".join([b"*%c" % (n - 1)] * 9)) for n in range(98, 123)),
    "merged": b"a: &a {k: v}\n" + b"b: {<<: [" + b"*a, " * 50_000 + b"*a]}\n",
    "brackets": b"[" * 100_000,
    "keys": b"".join(b"k%d: 1\n" % n for n in range(60_000)),
    "items": b"- 1\n" * 200_000,
    "line": b"a: " + b"x" * 1_000_000,
    "digits": b"a: " + b"9" * 1_000_000,
    "folded": b"a: >\n" + b"  x\n" * 200_000,
    "quotes": b'a: "' + b"\\u0041" * 150_000 + b'"\n',
    "agenda": MINIMAL.encode()
    + b"schedule: {sessions: [{agenda: [{title: a, time: "
    + b"1 min + " * 50_000
    + b"1 min}]}]}",
    "hours": MINIMAL.encode() + b"workload: {total: " + b"1 h + " * 50_000 + b"1 h}\n",
    "weeks": MINIMAL.encode() + b"schedule: {breaks: [" + b"9, " * 100_000 + b"8]}\n",
}


MEASURED = """
import os, sys
from kurssi.course.check import check

for path in sys.argv[1:]:
    child = os.fork()
    if not child:
        check(open(path, "rb").read(), "f")
        status = dict(line.split(":") for line in open("/proc/self/status"))
        print(int(status["VmHWM"].split()[0]) // 1024, flush=True)
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0, path
"""


def test_a_bomb_takes_little_memory(tmp_path: Path) -> None:
    """Each in a process of its own, forked from one that has loaded what a check needs and no more.

    What is loaded counts some 10 MiB less in it than in the other, of 200.
    """
    if not Path("/proc/self/status").exists():  # ru_maxrss begins with the size of the process that forked
        pytest.skip("this system does not say how much memory a program took")
    for name, raw in BOMBS.items():
        (tmp_path / name).write_bytes(raw)
    command = [sys.executable, "-c", MEASURED, *BOMBS]
    found = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True, timeout=120)
    taken = dict(zip(BOMBS, map(int, found.stdout.split()), strict=True))
    assert {name: memory for name, memory in taken.items() if not 20 < memory < 190} == {}


@given(st.binary(max_size=300))
@examples(100)
def test_any_bytes(raw: bytes) -> None:
    sound(raw)


YAML_LETTERS = st.text("ab1.-_ \n\t:{}[],&*!|>'\"%@`#?~<=äå🎓\u00a0\u2028\ufeff\x00\r", max_size=120)


@given(YAML_LETTERS)
@examples(150)
def test_any_text(text: str) -> None:
    sound(text.encode())


@given(YAML_LETTERS, st.sampled_from(["name: ", "  parts: ", "x: [", "{", "accepted:\n  - "]))
@examples(100)
def test_any_text_in_a_file(text: str, before: str) -> None:
    sound((MINIMAL + before + text).encode())


def mutated(draw: st.DrawFn, raw: bytes) -> bytes:
    lines = raw.decode().split("\n")
    for _ in range(draw(st.integers(1, 4))):
        kind = draw(st.sampled_from(["delete", "insert", "duplicate", "swap", "indent", "flip", "cut", "bytes"]))
        at = draw(st.integers(0, len(lines) - 1))
        line = lines[at]
        if kind == "delete" and len(lines) > 1:
            del lines[at]
        elif kind == "insert":
            lines.insert(at, draw(YAML_LETTERS))
        elif kind == "duplicate":
            lines.insert(draw(st.integers(0, len(lines))), line)
        elif kind == "swap":
            other = draw(st.integers(0, len(lines) - 1))
            lines[at], lines[other] = lines[other], line
        elif kind == "indent":
            lines[at] = draw(st.sampled_from(["", " ", "  ", "\t", "    "])) + line.lstrip()
        elif kind == "flip" and line:
            here = draw(st.integers(0, len(line) - 1))
            lines[at] = line[:here] + draw(st.sampled_from(list("ab0:-{}[],'\"#&*! \t%é🎓"))) + line[here + 1 :]
        elif kind == "cut":
            lines[at] = line[: draw(st.integers(0, len(line)))]
        else:
            whole = "\n".join(lines).encode()
            here = draw(st.integers(0, len(whole)))
            return whole[:here] + draw(st.binary(min_size=1, max_size=3)) + whole[here:]
    return "\n".join(lines).encode()


@st.composite
def mutations(draw: st.DrawFn) -> bytes:
    return mutated(draw, draw(st.sampled_from(SHIPPED)))


@given(mutations())
@examples(120)
def test_any_mutation_of_a_shipped_file(raw: bytes) -> None:
    sound(raw)


SMALL = sorted(CASES.glob("*/*.yaml"))


@st.composite
def small_mutations(draw: st.DrawFn) -> bytes:
    path = draw(st.sampled_from(SMALL))
    try:
        return mutated(draw, path.read_bytes())
    except UnicodeDecodeError:
        return path.read_bytes()


@given(small_mutations())
@examples(150)
def test_any_mutation_of_a_case(raw: bytes) -> None:
    sound(raw)


NASTY = st.sampled_from([
    "0", "-1", "1", "2", "53", "99", "0.5", "-0.5", "100", "999999999999999", "-999999999999999", "0.00000000000001",
    "true", "~", "[]", "{}", "[1]", "[[]]", "{a: 1}", "{1: 2}", '""', "' '", "text", "H", "0001-01-01", "9999-12-31",
    "2024-12-30", "0 %", "-5 %", "999 %", "40 %", "0 h", "1x1 h", "0 d", "999999 w", "1 min", "50-2", "53", "1-53",
    "none", "points", "pass-fail", "percent", "latest", "group", "0-5", "4-10", "{values: [a, b], passes_from: b}",
    "{values: [], passes_from: a}", "2024-03-04 23:59", "9999-12-31 23:59", "0001-01-01 00:00", "4.3.2024 23.59",
    "[0, 1, 2, 3, 4]", "[5 %, 4]", "{1: 50 %, 5: 90 %}", "{deduct: 1, free: {budget: 1 d}}", "{closes: 1 h}",
    "[{id: x, parts: [{id: y}]}]", "[{id: exam}]", "[{due: 2024-01-01}]", "{method: webpa, criteria: {a: 0}}",
    "{levels: {}}", "{attendance: {of: 0, bands: []}}", "{attendance: {of: 8, bands: [{from: 9, adjust: 0}]}}",
    "[{week: 1}]", "[{date: 9999-12-31, week: 1}]", "Europe", "UTC", "../x",
])  # fmt: skip


@st.composite
def substitutions(draw: st.DrawFn) -> bytes:
    """A shipped file with some values replaced by others that are YAML and no more."""
    raw = draw(st.sampled_from(SHIPPED))
    document = load(raw, "f")
    one_line = sorted(m.value for m in document.marks.values() if m.scalar and m.value[0] == m.value[2])
    lines = list(document.lines)
    chosen = draw(st.lists(st.sampled_from(one_line), min_size=1, max_size=6, unique=True))
    for line, start, _, end in sorted(chosen, reverse=True):
        lines[line] = lines[line][:start] + draw(NASTY) + lines[line][end:]
    keys = sorted(m.key for m in document.marks.values() if m.key is not None)
    line, start, _, end = draw(st.sampled_from(keys))
    if draw(st.booleans()) and not any(row == line for row, *_ in chosen):
        rest = " " * start + lines[line][start:end] + ": " + draw(NASTY)
        if lines[line][:start].strip() == "":
            lines[line] = rest
    return "\n".join(lines).encode()


@given(substitutions())
@examples(150)
def test_any_value_at_any_place(raw: bytes) -> None:
    sound(raw)


POLICY_KEYS = [
    "weight", "bonus", "by", "graded", "max", "boundaries", "linear", "minimum", "required", "attempt", "retakes",
    "retake_at_most", "due", "late", "peer", "parts", "best", "drop_lowest", "name", "column",
]  # fmt: skip
TOP_KEYS = ["basis", "boundaries", "rounding", "may_fail", "late", "activity", "timezone", "evaluation_scale"]


@given(
    st.lists(st.dictionaries(st.sampled_from(POLICY_KEYS), NASTY, max_size=4), max_size=3),
    st.dictionaries(st.sampled_from(TOP_KEYS), NASTY, max_size=3),
)
@examples(250)
def test_any_policy(parts: list[dict[str, str]], top: dict[str, str]) -> None:
    rows = [", ".join([f"id: p{n}", *(f"{k}: {v}" for k, v in part.items())]) for n, part in enumerate(parts)]
    head = {"evaluation_scale": "H-5", **top}
    text = MINIMAL + "assessment:\n" + "".join(f"  {key}: {value}\n" for key, value in head.items())
    sound((text + "  parts: [" + ", ".join("{" + row + "}" for row in rows) + "]\n").encode())
