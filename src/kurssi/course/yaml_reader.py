"""YAML in: one pass over the events gives the data, the place of every key and value, and findings.

The only module that knows PyYAML. Scalars follow YAML 1.2 (``no`` and ``8:30`` are text), decimals are exact
from their text, and what could surprise (anchors, tags, duplicate keys, deep nesting) is a finding with a place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from kurssi.diagnostics.finding import Finding, Path, Place, Severity
from kurssi.diagnostics.message import Msg, msg
from kurssi.values.numbers import MOST_DIGITS
from kurssi.values.patterns import Regex, compiled_when_asked
from kurssi.values.times import FIRST_YEAR, LAST_YEAR, in_range

with compiled_when_asked():  # those of the reader and resolver in Python, which libyaml never asks
    import yaml

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 32
MOST_LINES = 20_000
MOST_VALUES = 30_000
"""Longer files are none that a person wrote; reading them would take seconds."""

_NULL = {"", "~", "null", "Null", "NULL"}
_TRUE = {"true", "True", "TRUE"}
_FALSE = {"false", "False", "FALSE"}
_NOT_TEXT = frozenset("0123456789+-~nNtTfF")
"""What a plain scalar begins with that may be anything but text."""
_NUMBER = re.compile(r"[-+]?(?:0|[1-9][0-9]*)(\.[0-9]+)?")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_BAD_CHARACTER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")

# libyaml is twelve times as fast; a Python without it reads the same events.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Refused:
    """Stands for a value that was refused with a finding; nothing more is said about it."""

    def __repr__(self) -> str:
        return "<refused>"


REFUSED = Refused()


class Mark(NamedTuple):
    """Where a key and its value stand: (line, column) pairs from 0, ends exclusive. ``key`` is None in lists."""

    key: tuple[int, int, int, int] | None
    value: tuple[int, int, int, int]
    scalar: bool
    """A scalar's own text is underlined; of a mapping or a list, its key is."""


Found = tuple[Any, Any, bool]
"""The events of a key (``None`` in lists) and of its value, and whether that is a scalar."""


class Marks(Mapping[Path, Mark]):
    """Where everything stands. Most of it nobody asks: a mark is made of the parser's events when it is asked for."""

    def __init__(self) -> None:
        self.found: dict[Path, Found] = {}

    def __getitem__(self, path: Path) -> Mark:
        key, value, scalar = self.found[path]
        return Mark(None if key is None else _span(key), _span(value), scalar)

    def __contains__(self, path: object) -> bool:
        return path in self.found

    def __iter__(self) -> Iterator[Path]:
        return iter(self.found)

    def __len__(self) -> int:
        return len(self.found)


class Document:
    """A loaded file: its data, its lines, the marks of its values, and what is wrong with it as YAML."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.data: Any = None
        self.lines: list[str] = []
        self.marks = Marks()
        self.empty: list[Path] = []
        """The keys and list items with nothing in them."""
        self.findings: list[Finding] = []

    def place(self, path: Path, *, key: bool = False) -> Place:
        """The place of ``path``, or of the nearest value above it that exists; ``key`` asks for its key's."""
        while path and path not in self.marks:
            path, key = path[:-1], True
        mark = self.marks.get(path)
        if mark is None:
            return Place(self.name)
        span = mark.key if mark.key and (key or not mark.scalar) else mark.value
        line, column, end_line, end_column = span
        if line >= len(self.lines):  # an empty value at the end is marked behind the last line
            return Place(self.name, max(len(self.lines), 1), 1, max(len(self.lines), 1), 2)
        if end_line > line:  # of a block, the first line says enough
            end_line, end_column = line, len(self.lines[line].rstrip())
        return Place(self.name, line + 1, column + 1, end_line + 1, max(end_column, column + 1) + 1)


def load(raw: bytes, name: str) -> Document:
    """The document that ``raw`` holds. Never raises: what is wrong is in ``findings``."""
    document = Document(name)
    if len(raw) > MAX_BYTES:
        _refuse(
            document, msg("the file is larger than 1 MiB; an implementation file has some hundred lines"), (0, 0, 0, 0)
        )
        return document
    text = _decode(raw, document)
    if text is None:
        return document
    if text.count("\n") > MOST_LINES:
        message = msg("the file has more than {most} lines; an implementation file has some hundred", most=MOST_LINES)
        _refuse(document, message, (0, 0, 0, 0))
        return document
    document.lines = text.split("\n")
    for number, line in enumerate(document.lines if _BAD_CHARACTER.search(text) else ()):
        if bad := _BAD_CHARACTER.search(line):
            _refuse(
                document,
                msg("there is a character that does not belong in text: U+{code}", code=f"{ord(bad[0]):04X}"),
                (number, bad.start(), number, bad.end()),
                msg("write it without this sign, which often comes along when text is pasted from elsewhere"),
                fix="",
            )
    if document.findings:
        return document
    try:
        _Builder(document, text).build()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        at = (mark.line, mark.column, mark.line, mark.column + 1) if mark else (0, 0, 0, 0)
        message, at, hint = _explain(error, document, at)
        at = _inside(document, at)
        if not any(f.place.line == at[0] + 1 for f in document.findings):  # one slip, one finding
            _refuse(document, message, at, hint)
    except yaml.YAMLError as error:
        _refuse(
            document, msg("the file is not valid YAML ({problem})", problem=str(error).splitlines()[0]), (0, 0, 0, 0)
        )
    except _Stop:
        pass
    return document


def _inside(document: Document, at: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    """A place at the end of the last line with text, where the parser only noticed at the end of the file."""
    line = at[0]
    if line < len(document.lines) and (document.lines[line].strip() or line == 0):
        return at
    line = min(line, len(document.lines) - 1)
    while line > 0 and not document.lines[line].strip():
        line -= 1
    end = len(document.lines[line].rstrip())
    return line, max(end - 1, 0), line, end


_NO_TEXT = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF")
"""How workbooks, old Office files and PDFs begin."""


def _decode(raw: bytes, document: Document) -> str | None:
    if raw.startswith(_NO_TEXT):
        message = msg("this is a workbook or a document, not an implementation file")
        hint = msg("name a YAML file (*.yaml); score sheets stand after it, as in kurssi grade FILE SHEET")
        _refuse(document, message, (0, 0, 0, 0), hint)
        return None
    raw = raw.removeprefix(b"\xef\xbb\xbf")
    try:
        return _lf(raw.decode("utf-8"))
    except UnicodeDecodeError as error:
        before = _lf(raw[: error.start].decode("utf-8"))
        document.lines = _lf(raw.decode("utf-8", "replace")).split("\n")
        line, column = before.count("\n"), len(before) - before.rfind("\n") - 1
        message, hint = msg("the file is not UTF-8 text"), msg("save it again with the encoding UTF-8")
        _refuse(document, message, (line, column, line, column + 1), hint)
        return None


def _lf(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _refuse(
    document: Document,
    message: Msg,
    at: tuple[int, int, int, int],
    hint: Msg | None = None,
    fix: str | None = None,
) -> None:
    place = Place(document.name, at[0] + 1, at[1] + 1, at[2] + 1, max(at[3], at[1] + 1) + 1)
    document.findings.append(Finding("bad-yaml", Severity.error, message, place, hint, fix=fix))


def _explain(
    error: yaml.MarkedYAMLError, document: Document, at: tuple[int, int, int, int]
) -> tuple[Msg, tuple[int, int, int, int], Msg | None]:
    """The parser's complaint in words that say what to do."""
    problem, context = error.problem or "", error.context or ""
    line = document.lines[at[0]] if at[0] < len(document.lines) else ""
    start = error.context_mark
    opened = (start.line, start.column, start.line, start.column + 1) if start else at
    quote = msg('put the text into quotes: "…"')
    if "\t" in line[: at[1] + 1] or "character '\\t'" in problem or "tab" in problem:
        return msg("there is a tab where YAML wants spaces"), at, msg("replace the tab with spaces")
    if "\xa0" in line:
        column = line.index("\xa0")
        at = (at[0], column, at[0], column + 1)
        return msg("there is a non-breaking space where YAML wants a space"), at, msg("type a normal space over it")
    if "mapping values are not allowed" in problem:
        if line.lstrip().startswith("-") and line.lstrip()[1:2] not in ("", " ", "-"):
            return msg("a space is missing after the dash"), at, msg("write “- ” with a space")
        if ":" not in line[: at[1]]:
            hint = msg("put it exactly under the keys that it belongs with")
            return msg("this key is indented further than the keys above it"), at, hint
        return msg("a second colon in one line is not understood"), at, _quote_colon()
    if "could not find expected ':'" in problem:
        return msg("a colon and a space are missing after the key"), opened, msg("write “key: value”")
    if "quoted scalar" in context and "end of stream" in problem:
        hint = msg("close it at the end of the text")
        return msg("a quotation mark is opened here and never closed"), opened, hint
    if "flow" in context and (colon := _COLON_INSIDE.search(line)) and not _KEY_AT_END.search(colon[1]):
        inside = (at[0], colon.start(1), at[0], colon.end(1))
        return msg("a second colon in one value is not understood"), inside, _quote_colon()
    if "flow" in context and ("expected" in problem or "did not find" in problem):
        return (
            msg("a bracket or brace is opened and not closed, or a comma is missing"),
            opened,
            msg("compare the brackets of this list or block; items are separated by commas"),
        )
    if "block" in context and "did not find expected" in problem:
        if line[: at[1]].rstrip()[-1:] in ('"', "'"):
            hint = msg("put all of the text into one pair of quotes; a quotation mark inside is written twice in '…'")
            return msg("text goes on after the closing quotation mark"), at, hint
        return (
            msg("the indentation is not understood here"),
            at,
            msg("give all keys of one block the same number of spaces at the start of the line"),
        )
    if "cannot start any token" in problem:
        return msg("this character cannot stand at the start of a value"), at, quote
    return msg("the file is not valid YAML here ({problem})", problem=problem.strip()), at, None


_COLON_INSIDE = Regex(r"""[{,]\s*\w+:\s+([^\s"'\[{,:][^"\[\]{},:]*:\s[^"\[\]{},]*)""")
"""A plain value of a block on one line with a colon in it: ``name: Exam: written``."""
_KEY_AT_END = Regex(r"\s[a-z_]+:")
"""What more likely is a key with no comma before it: ``weight: 20 name: Exam``."""


def _quote_colon() -> Msg:
    return msg('put text that has a colon into quotes: "…"')


class _Stop(Exception):
    """Reading cannot go on; a finding says why."""


def _span(event: Any) -> tuple[int, int, int, int]:
    start, end = event.start_mark, event.end_mark
    return start.line, start.column, end.line, end.column


class _Builder:
    """Pulls events and builds data with marks; its depth is bounded, so no input can exhaust the stack."""

    def __init__(self, document: Document, text: str) -> None:
        self.document = document
        self.found = document.marks.found
        self.loader = _Loader(text)
        self.next = self.loader.get_event

    def build(self) -> None:
        document = self.document
        try:
            self.next()  # the stream's start
            if isinstance(self.next(), yaml.StreamEndEvent):
                return
            document.data = self._value(self.next(), (), None, 0)
            self.next()  # the document's end
            extra = self.next()
            if not isinstance(extra, yaml.StreamEndEvent):
                self._finding(
                    msg("a second document starts here"),
                    _span(extra),
                    msg("give each implementation a file of its own"),
                )
        finally:
            self.loader.dispose()

    def _finding(self, message: Msg, span: tuple[int, int, int, int], hint: Msg | None = None) -> None:
        _refuse(self.document, message, span, hint)

    def _value(self, event: Any, path: Path, key: Any, depth: int) -> Any:
        """The value that begins with an event; ``key`` is the event of its key."""
        if type(event) is yaml.ScalarEvent and event.anchor is None and event.tag is None:  # nearly always
            text = event.value
            value: Any = text if text and not event.style and text[0] not in _NOT_TEXT else self._scalar(event)
            self.found[path] = (key, event, True)
            if value is None:
                self.document.empty.append(path)
            if len(self.found) > MOST_VALUES:
                self._finding(
                    msg(
                        "the file has more than {most} values; an implementation file has some hundred",
                        most=MOST_VALUES,
                    ),
                    _span(event),
                )
                raise _Stop
            return value
        if isinstance(event, yaml.AliasEvent):
            self._finding(
                msg("an alias (*{name}) is not allowed", name=event.anchor),
                _span(event),
                msg("if it is text, put it into quotes; else write the value out here"),
            )
            value = REFUSED
        else:
            if event.anchor is not None:
                self._finding(
                    msg("an anchor (&{name}) is not allowed", name=event.anchor),
                    _span(event),
                    msg("if it is text, put it into quotes; else write the value out where it is needed"),
                )
            refused = event.tag is not None and not (isinstance(event, yaml.ScalarEvent) and event.tag == "!")
            if refused:
                tag = event.tag.replace("tag:yaml.org,2002:", "!!")
                hint = msg("if it is text, put it into quotes; else write it without the tag")
                self._finding(msg("a tag ({tag}) is not allowed", tag=tag), _span(event), hint)
            if isinstance(event, yaml.ScalarEvent):
                value = self._scalar(event)
                self.found[path] = (key, event, True)
                if value is None and not refused:
                    self.document.empty.append(path)
                return REFUSED if refused else value
            if depth >= MAX_DEPTH:
                self._finding(msg("nested deeper than {most} levels", most=MAX_DEPTH), _span(event))
                raise _Stop
            if isinstance(event, yaml.SequenceStartEvent):
                value = self._sequence(path, depth)
            else:
                value = self._mapping(path, depth)
            if refused:
                value = REFUSED
        self.found[path] = (key, event, False)
        return value

    def _sequence(self, path: Path, depth: int) -> list[Any]:
        items: list[Any] = []
        while type(event := self.next()) is not yaml.SequenceEndEvent:
            items.append(self._value(event, (*path, len(items)), None, depth + 1))
        return items

    def _mapping(self, path: Path, depth: int) -> dict[str, Any]:
        data: dict[str, Any] = {}
        while type(event := self.next()) is not yaml.MappingEndEvent:
            if (
                type(event) is not yaml.ScalarEvent
                or event.anchor is not None
                or event.tag is not None
                or (event.style == '"' and _BAD_CHARACTER.search(event.value))
            ):
                self._finding(msg("a key must be a plain word"), _span(event))
                raise _Stop
            name: str = event.value
            here = (*path, name)
            if name in data:
                span = _span(event)
                first = self.document.marks[here].key or (0, 0, 0, 0)
                self.document.findings.append(
                    Finding(
                        "duplicate-key",
                        Severity.error,
                        msg("the key “{key}” stands twice; first in line {line}", key=name, line=first[0] + 1),
                        Place(self.document.name, span[0] + 1, span[1] + 1, span[2] + 1, span[3] + 1),
                        msg("bring together under one “{key}:” what belongs to both", key=name),
                    )
                )
                here = (*here, "\0duplicate")  # built, so that its own faults are found, and then left out
            value = self._value(self.next(), here, event, depth + 1)
            data.setdefault(name, value)
        return data

    def _scalar(self, event: Any) -> Any:
        text: str = event.value
        if event.style == '"' and (bad := _BAD_CHARACTER.search(text)):  # as \x07; of the rest load has looked
            self._finding(
                msg("there is a character that does not belong in text: U+{code}", code=f"{ord(bad[0]):04X}"),
                _span(event),
            )
            return REFUSED
        if event.style:  # quoted, literal or folded: text as it stands (None or '' says plain)
            return text
        if text and text[0] not in _NOT_TEXT:  # most scalars
            return text
        if text in _NULL:
            return None
        if text in _TRUE or text in _FALSE:
            return text in _TRUE
        if number := _NUMBER.fullmatch(text):
            if sum(c.isdigit() for c in text) > MOST_DIGITS:
                self._finding(
                    msg("the number {number} has more than {most} digits", number=text, most=MOST_DIGITS),
                    _span(event),
                    msg("if it is a name or a code, put it into quotes"),
                )
                return REFUSED
            return Decimal(text) if number[1] else int(text)
        if _DATE.fullmatch(text):
            try:
                day = date.fromisoformat(text)
            except ValueError:
                self._finding(msg("{date} is not a day in the calendar", date=text), _span(event))
                return REFUSED
            if in_range(day):
                return day
            years = {"first": str(FIRST_YEAR), "last": str(LAST_YEAR)}
            self._finding(msg("“{text}” is not between the years {first} and {last}", text=text, **years), _span(event))
            return REFUSED
        return text


def pointer(path: Path) -> str:
    """The path as people write it: ``assessment.parts[2].weight``."""
    out = ""
    for step in path:
        out += f"[{step + 1}]" if isinstance(step, int) else (f".{step}" if out else step)
    return out


def at(data: Any, path: Path) -> Any:
    """The value at ``path`` in loaded data, or ``None`` where there is none."""
    for step in path:
        if isinstance(data, Mapping) and isinstance(step, str):
            data = data.get(step)
        elif isinstance(data, list) and isinstance(step, int) and step < len(data):
            data = data[step]
        else:
            return None
    return data
