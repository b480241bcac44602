"""What a system's own times say of an export: when it was downloaded, and which grades were changed there since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from kurssi.sheets.columns import cell_at
from kurssi.sheets.dates import order_of, read_time
from kurssi.sheets.exported import Export
from kurssi.sheets.table import text_of
from kurssi.values.patterns import Regex
from kurssi.values.times import When
from kurssi.values.vocabulary import fold

from .returned import Change, alike


class Edited(NamedTuple):
    """A grade that somebody has changed in the system since it was handed on."""

    change: Change
    handed_on: str
    since: When


def times_of(export: Export, header: Regex) -> dict[str, When]:
    """The times of the first column whose folded header is such, by student; without those of no time."""
    for field in export.fields:
        if header.fullmatch(fold(field.header)):
            texts = {student: text_of(cell_at(row, field.at)) for row, student in export.rows}
            order = order_of(texts.values())
            times = {student: read_time(text, order) for student, text in texts.items()}
            return {student: when for student, when in times.items() if when is not None}
    return {}


def touched(before: Mapping[str, When], now: Mapping[str, When]) -> set[str]:
    """Whose grade was changed in the system after ``before``; who is not in that had no grade then."""
    return {who for who, since in now.items() if (then := before.get(who)) is None or _later(since, then)}


def edited(
    changes: Sequence[Change], handed_on: Mapping[str, str], touched: set[str], now: Mapping[str, When]
) -> list[Edited]:
    """Grades that would be overwritten, though they are not what was handed on, and were touched since."""
    return [
        Edited(change, handed_on[change.student], now[change.student])
        for change in changes
        if change.kind != "same"
        and change.student in touched
        and change.student in handed_on
        and not alike(handed_on[change.student], change.old)
    ]


def downloaded_before(export: Export, other: Export, header: Regex) -> tuple[When, When] | None:
    """When an export was downloaded, and when another one was, where that is later; ``None`` where it is not."""
    own, others = (list(times_of(one, header).values()) for one in (export, other))
    if not own or not others:
        return None
    first, second = (max(times, key=lambda when: when.at.timestamp()) for times in (own, others))
    return (first, second) if _later(second, first) else None


def _later(one: When, other: When) -> bool:
    """Whether it is later, on the same clock; of two days without a clock nothing is known within a day."""
    if (one.at.tzinfo is None) != (other.at.tzinfo is None):
        return False
    if one.clock and other.clock:
        return one.at > other.at
    return one.day > other.day
