"""Next year's file from this year's: dates and weeks moved by whole weeks, the id renewed, comments and layout kept.

Pure: the checked file and its bytes in, the new bytes and what a person must look at again out. Texts are never
rewritten: what they say about a week or a year is named instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from kurssi.diagnostics.finding import Path
from kurssi.diagnostics.message import Msg, Terms, msg, nmsg
from kurssi.planning.timetable import week_in_year
from kurssi.values.times import monday, read_when, week_of

from .check import Checked
from .model import ImplementationFile
from .text_edits import Change, written
from .yaml_reader import Document

A_WEEK = timedelta(days=7)


class RolledOver(NamedTuple):
    """The new file, and what must be looked at again, in the order of the page."""

    raw: bytes
    id: str
    dates: int
    """How many dates were moved."""
    look: tuple[Msg, ...]


class NotRolledOver(Exception):
    """A file that cannot be renewed as asked, and why."""

    def __init__(self, message: Msg) -> None:
        super().__init__(message.text)
        self.message = message


def weeks_to(file: ImplementationFile, start: date) -> int:
    """By how many weeks the run moves so that it starts in the week of ``start``. Raises :class:`NotRolledOver`."""
    timing = file.implementation.timing
    if timing is None:
        raise NotRolledOver(msg("the old file has no timing to move; say by how many --weeks"))
    return (monday(week_of(start)) - monday(week_of(timing.start))) // A_WEEK


def roll_over(raw: bytes, checked: Checked, weeks: int, new_id: str | None = None) -> RolledOver:
    """The file moved by ``weeks``; ``new_id`` where the year in the old one does not make a new one.

    Raises :class:`NotRolledOver`, among other reasons where no new id can be derived.
    """
    file, document = checked.file, checked.document
    if file is None:
        raise NotRolledOver(msg("the old file has errors; kurssi validate shows them"))
    timing = file.implementation.timing
    old_year = timing.start.year if timing else None
    new_year = (timing.start + weeks * A_WEEK).year if timing else None
    old_id = file.implementation.id
    if new_id is None:
        new_id = re.sub(rf"(?<!\d){old_year}(?!\d)", str(new_year), old_id) if timing else old_id
    if new_id.casefold() == old_id.casefold():
        raise NotRolledOver(msg("give the new run an id of its own: --id (the old one is {id})", id=old_id))
    try:
        zone = ZoneInfo(file.assessment.timezone if file.assessment is not None else "Europe/Helsinki")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise NotRolledOver(msg("the old file has errors; kurssi validate shows them")) from None
    dates = list(_dates(document, weeks, zone))
    changes = [*dates, *_weeks(document, file, weeks)]
    changes.append(_whole(document, ("implementation", "id"), _plain(new_id)))
    changes += _scores(document, old_id, new_id)
    return RolledOver(written(raw, changes), new_id, len(dates), tuple(_look(document, file, old_year, old_id)))


# ---- what is moved -----------------------------------------------------------------------------------------


def _whole(document: Document, path: Path, text: str) -> Change:
    line, column, _, end = document.marks[path].value
    return line, column, end, text


def _plain(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z][\w-]*", name) else '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _values(document: Document, keys: set[str]) -> Iterator[tuple[Path, Change]]:
    """The scalars behind some keys, each with the change that would leave it as it is."""
    for path, mark in document.marks.items():
        line, column, end_line, end = mark.value
        named = [step for step in path[-2:] if isinstance(step, str)][-1:]  # of an item of a list, the list's key
        if mark.scalar and line == end_line < len(document.lines) and named and named[0] in keys:
            yield path, (line, column, end, document.lines[line][column:end])


def _dates(document: Document, weeks: int, zone: ZoneInfo) -> Iterator[Change]:
    for path, (line, column, end, text) in _values(document, {"start", "end", "date", "due", "first", "except"}):
        moved = _moved(text, weeks, zone) if path[0] in ("implementation", "schedule", "assessment") else None
        if moved is not None:
            yield line, column, end, moved


def _moved(text: str, weeks: int, zone: ZoneInfo) -> str | None:
    """A date in the same writing, some weeks later; ``None`` where there is none.

    A time with an offset stays the same time of day in the zone, in summer and in winter.
    """
    if match := _WITH_OFFSET.search(text):
        at = read_when(match[0]).at
        local = at.astimezone(zone).replace(tzinfo=None)
        there = local + weeks * A_WEEK
        later = at + weeks * A_WEEK + timedelta(seconds=_offset(local, zone) - _offset(there, zone))
        moved = f"{later:%Y-%m-%d}{match[1]}{later:%H}{match[2]}{later:%M}"
        return text[: match.start()] + moved + text[match.end(3) :]
    if match := re.search(r"(\d{4})-(\d\d)-(\d\d)", text):
        day_later = date(int(match[1]), int(match[2]), int(match[3])) + weeks * A_WEEK
        return text[: match.start()] + day_later.isoformat() + text[match.end() :]
    if match := re.search(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", text):
        day_later = date(int(match[3]), int(match[2]), int(match[1])) + weeks * A_WEEK
        day, month = (
            f"{number:0{len(old)}}" for number, old in ((day_later.day, match[1]), (day_later.month, match[2]))
        )
        return f"{text[: match.start()]}{day}.{month}.{day_later.year}{text[match.end() :]}"
    return None


_WITH_OFFSET = re.compile(
    r"\d{4}-\d\d-\d\d([T ]\s*)\d\d?([:.])(\d\d)(?:[:.][\d.,]+)?\s*(?:Z|[+-]\d\d:?\d\d)", re.IGNORECASE
)


def _offset(local: datetime, zone: ZoneInfo) -> int:
    """How many seconds a zone is ahead of UTC at a local time."""
    offset = local.replace(tzinfo=zone).utcoffset()
    return int(offset.total_seconds()) if offset is not None else 0


def _weeks(document: Document, file: ImplementationFile, weeks: int) -> Iterator[Change]:
    """Numbers of weeks, moved: only a year of 53 weeks, or a move by other than a year, changes them."""
    numbers = [(path, change) for path, change in _values(document, {"weeks", "week"}) if path[0] == "schedule"]
    numbers += [
        (
            path,
            (mark.value[0], mark.value[1], mark.value[3], document.lines[mark.value[0]][mark.value[1] : mark.value[3]]),
        )
        for path, mark in document.marks.items()
        if path[:2] == ("schedule", "breaks") and len(path) == 3
    ]
    for _, (line, column, end, text) in numbers:

        def later(match: re.Match[str]) -> str:
            week = week_in_year(file, int(match[0]))
            return match[0] if week is None else str(week_of(monday(week) + weeks * A_WEEK)[1])

        moved = re.sub(r"\d{1,2}", later, text)
        if moved != text:
            yield line, column, end, moved


def _scores(document: Document, old_id: str, new_id: str) -> Iterator[Change]:
    """Score sheets: under the new id where the old one is in the name; else the lines become comments.

    Last year's scores must never become this year's grades.
    """
    mark = document.marks.get(("scores",))
    if mark is None or mark.key is None:
        return
    first, last = mark.key[0], min(mark.value[2], len(document.lines) - 1)
    lines = range(first, last + 1)
    if all(old_id in str(value) for value in _texts(document.data["scores"])):
        for number in lines:
            line = document.lines[number]
            if old_id in line:
                yield number, 0, len(line), line.replace(old_id, new_id)
    else:
        for number in lines:
            if document.lines[number].strip():
                yield number, 0, 0, "# "


def _texts(value: object) -> Sequence[object]:
    return value if isinstance(value, list) else [value]


# ---- what must be looked at again --------------------------------------------------------------------------


def _look(document: Document, file: ImplementationFile, year: int | None, old_id: str) -> Iterator[Msg]:
    run = file.implementation
    if run.groups:
        yield msg("the groups are last time's: {groups}", groups=Terms([group.code for group in run.groups]))
    if run.teachers:
        yield msg("the teachers are last time's: {teachers}", teachers=Terms(run.teachers))
    if run.seats is not None:
        yield msg("there is room for {n} students, as last time", n=run.seats.max)
    told = re.compile(rf"\b{year}\b|\b(?:viikolla|viikko|viikot|vko|weeks?|vecka|v\.)\s*\d", re.IGNORECASE)
    lines = sorted({document.place(path).line for path, text in file.texts if told.search(text) and path[-1] != "id"})
    if lines:
        numbers = Terms([str(line) for line in lines])
        yield nmsg(
            "a text names a week or the old year: line {lines}",
            "texts name weeks or the old year: lines {lines}",
            n=len(lines),
            lines=numbers,
        )
    comments = [
        number
        for number, line in enumerate(document.lines, 1)
        if year is not None and re.search(rf"#.*\b{year}\b", line) and number not in lines
    ]
    if comments:
        yield nmsg(
            "a comment names the old year: line {lines}",
            "comments name the old year: lines {lines}",
            n=len(comments),
            lines=Terms([str(line) for line in comments]),
        )
    if file.accepted:
        names = Terms([entry.rule for entry in file.accepted])
        yield msg("what was accepted was accepted last time; does it hold again? {rules}", rules=names)
    if file.scores:
        if all(old_id in name for name in file.scores):
            yield msg("the score sheets carry the new id in their names; they are still to be made")
        else:
            yield msg("scores: named last time's sheets and is a comment now")
