"""What has exactly one right answer, written into the file: by position, so that comments and layout stay.

A finding may carry what to write at its place (:attr:`Finding.fix`); beside that, spellings are made even: hours as
``8x3 h``, weeks as ``3-11``, breaks in rising order. A fix never changes what anything else means: the result is loaded
again and held against what was there before, and an edit that would change more than it says is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from kurssi.diagnostics.finding import Path
from kurssi.diagnostics.message import Msg, Wrong, msg
from kurssi.values.hours import spelled
from kurssi.values.times import read_weeks

from .check import Checked, check
from .text_edits import written
from .yaml_reader import REFUSED, Document, Mark, load

ROUNDS = 8
"""A fix may bring another to light; more rounds than this no file has needed."""


class Edit(NamedTuple):
    """A span of one line that is written anew. Lines and columns count from 0; the end is exclusive."""

    line: int
    column: int
    end: int
    text: str
    path: Path
    """The key or value that it changes."""
    becomes: Path
    """The same, as it is called afterwards."""
    rule: str | None
    """The rule whose finding it answers; ``None`` for a spelling."""
    message: Msg


class Fixed(NamedTuple):
    """A file after its fixes."""

    raw: bytes
    edits: tuple[Edit, ...]
    """What was done, in the order in which it was done."""


def fix(raw: bytes, name: str, rules: frozenset[str] | None = None) -> Fixed:
    """The file with everything mended that has exactly one right answer; ``rules`` names those that may be answered.

    Running it again changes nothing. What cannot be read as text is returned as it is.
    """
    done: list[Edit] = []
    for _ in range(ROUNDS):
        checked = check(raw, name)
        edits = [edit for edit in _edits(checked) if rules is None or edit.rule is None or edit.rule in rules]
        raw, made = _safely(raw, checked.document, edits)
        if not made:
            break
        for edit in made:
            if "\n" in edit.text:  # a line came in: what was done below it stands one line lower
                done = [e._replace(line=e.line + 1) if e.line >= edit.line else e for e in done]
                made = [e._replace(line=e.line + 1) if e is not edit and e.line >= edit.line else e for e in made]
        done += made
    return Fixed(raw, tuple(done))


def answers_within(raw: bytes, checked: Checked, first: int, last: int) -> Iterator[Edit]:
    """What can be mended in some lines (from 0, both included), each of it by itself; ``raw`` is the checked file."""
    for edit in _edits(checked):
        if first <= edit.line <= last and _safely(raw, checked.document, [edit])[1]:
            yield edit


def _edits(checked: Checked) -> Iterator[Edit]:
    """Everything that could be written anew, in the order of the file; no two of them touch."""
    found = sorted([*_answers(checked), *_spellings(checked.document)], key=lambda edit: edit[:3])
    last = (-1, -1)
    for edit in found:
        if (edit.line, edit.column) >= last:
            yield edit
            last = (edit.line, edit.end)


def _answers(checked: Checked) -> Iterator[Edit]:
    document = checked.document
    for finding in checked.findings:
        place = finding.place
        mark = document.marks.get(finding.path)
        if finding.fix is not None and (finding.rule in ("unknown-key", "bad-yaml") or _in_one_line(document, mark)):
            line, column, end = place.line - 1, place.column - 1, place.end_column - 1
            written = document.lines[line][column:end]
            becomes = (*finding.path[:-1], finding.fix) if finding.rule == "unknown-key" else finding.path
            message = msg("{old} is now {new}", old=written, new=finding.fix)
            yield Edit(line, column, end, finding.fix, finding.path, becomes, finding.rule, message)
        elif finding.rule == "missing-key" and finding.path == () and _lacks_version(document):
            line = min(mark.key[0] for path, mark in document.marks.items() if len(path) == 1 and mark.key)
            new = "kurssi: 1\n"
            yield Edit(line, 0, 0, new, ("kurssi",), ("kurssi",), finding.rule, msg("kurssi: 1 stands at the top now"))


def _in_one_line(document: Document, mark: Mark | None) -> bool:
    """Whether a value stands in one line of the file; only then is what is underlined all of it."""
    return mark is not None and mark.scalar and mark.value[0] == mark.value[2] < len(document.lines)


def _lacks_version(document: Document) -> bool:
    """Whether the file is a block of keys in the first column without the version of the format."""
    keys = [mark.key for path, mark in document.marks.items() if len(path) == 1 and mark.key]
    return bool(keys) and all(key[1] == 0 for key in keys) and ("kurssi",) not in document.marks


# ---- spellings ---------------------------------------------------------------------------------------------


def _spellings(document: Document) -> Iterator[Edit]:
    for path, mark in document.marks.items():
        line, column, _, end = mark.value
        if not _in_one_line(document, mark) or path[-1:] not in (("hours",), ("total",), ("weeks",)):
            continue
        written = document.lines[line][column:end]
        quote = written[0] if written[:1] in ("'", '"') else ""
        text = written.strip(quote) if quote else written
        even = _even(path, text)
        if even is not None and even != text:
            new = f"{quote}{even}{quote}"
            yield Edit(line, column, end, new, path, path, None, msg("{old} is now {new}", old=written, new=new))
    yield from _breaks(document)


def _even(path: Path, text: str) -> str | None:
    """The even spelling of hours or weeks; ``None`` where there is nothing to spell."""
    try:
        if path == ("schedule", "weeks"):
            return str(read_weeks(text))
        if path == ("workload", "total") or (path[0] in ("workload", "schedule") and path[-1] == "hours"):
            return spelled(text)
    except Wrong:
        return None
    return None


def _breaks(document: Document) -> Iterator[Edit]:
    path: Path = ("schedule", "breaks")
    places: list[tuple[int, int, int, int]] = []
    while (*path, len(places)) in document.marks:
        places.append(document.marks[(*path, len(places))].value)
    written = [document.lines[line][column:end] for line, column, _, end in places]
    if not all(re.fullmatch("[1-9][0-9]?", text) for text in written) or _in_order(list(map(int, written))):
        return
    for index, (place, old, new) in enumerate(zip(places, written, _sorted(written), strict=True)):
        if old != new:
            here = (*path, index)
            yield Edit(place[0], place[1], place[3], new, here, here, None, msg("{old} is now {new}", old=old, new=new))


def _in_order(weeks: Sequence[int]) -> bool:
    """Whether the weeks rise, or rise again from January after the turn of a year."""
    falls = sum(a > b for a, b in pairwise(weeks))
    return falls == 0 or (falls == 1 and weeks[-1] < 30 < weeks[0])


def _sorted(weeks: Sequence[str]) -> list[str]:
    """Rising; weeks of an autumn stand before those of the spring that follows, where both are far apart."""
    numbers = sorted(map(int, weeks))
    across = numbers[0] <= 5 and numbers[-1] >= 44 and not any(10 < n < 40 for n in numbers)
    return [str(n) for n in sorted(numbers, key=lambda n: (n < 30, n) if across else (False, n))]


# ---- writing, and holding it against what was there ---------------------------------------------------------


def _safely(raw: bytes, document: Document, edits: Sequence[Edit]) -> tuple[bytes, list[Edit]]:
    """The file with the edits; with those alone that change nothing else, where all together would."""
    if not edits:
        return raw, []
    new = written(raw, [edit[:4] for edit in edits])
    if _same(document, load(new, document.name), edits):
        return new, list(edits)
    if len(edits) == 1:
        return raw, []
    made: list[Edit] = []
    for edit in reversed(edits):  # from the end, so that places before it stay
        after, done = _safely(raw, load(raw, document.name), [edit])
        raw, made = after, [*done, *made]
    return raw, made


def _same(old: Document, new: Document, edits: Sequence[Edit]) -> bool:
    """Whether both say the same apart from what the edits name."""
    if new.data is None or any(finding.rule == "duplicate-key" for finding in new.findings):
        return False
    if old.data is None:  # it could not be read, and now it can
        return True
    before = dict(_leaves(old.data, (), [edit.path for edit in edits]))
    after = dict(_leaves(new.data, (), [edit.becomes for edit in edits]))
    return before == after


def _leaves(value: Any, path: Path, without: Sequence[Path]) -> Iterator[tuple[Path, Any]]:
    """Every scalar with its place and type, apart from some."""
    if path in without:
        return
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(inner, (*path, key), without)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _leaves(inner, (*path, index), without)
    else:
        yield path, (type(value), None if value is REFUSED else value)
