"""Which columns of the live sheet are folded away, so that the rest fits a screen and a sheet of paper.

A folded column stands in a group that a click opens: nothing is hidden without a sign.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .live import Field, Live

PAGE = 210
"""Characters across a printed page of the sheet; what is wider goes on on more pages."""

DETAILS = (
    "submitted",
    "due",
    "units",
    "spending",
    "turn",
    "forgiven",
    "left",
    "converted",
    "deducted",
    "outcome",
    "group_value",
    "factor",
    "silent",
    "plain",
    "gated",
    "adds",
    "gate",
    "counted",
    "rank",
    "weights",
    "mean",
    "rounded",
    "limit",
    "closed",
    "reasons",
    "held",
    "open",
    "number",
    "changed",
)
"""What leads to a value or a grade; folded only where there is no room."""


def folded(live: Live, widths: Sequence[float]) -> list[bool]:
    """Which columns are folded: where not all fit a page, parts of a series and kurssi's own, then details."""
    series = {part.id for part in live.policy.all_parts() if part.series is not None}
    beside = [_beside(field, series) for field in live.fields]
    details = [field.key.what in DETAILS for field in live.fields]
    hidden = [False] * len(live.fields)
    for away in (beside, details):
        if shown(widths, hidden) > PAGE:
            hidden = [before or more for before, more in zip(hidden, away, strict=True)]
    return hidden


def _beside(field: Field, series: set[str]) -> bool:
    """Whether a column is of a part of a series, or holds what kurssi computed for comparison."""
    return field.key.part in series or field.key.what.startswith("kurssi")


def shown(widths: Sequence[float], hidden: Sequence[bool]) -> float:
    """How wide what is not folded is."""
    return sum(width for width, away in zip(widths, hidden, strict=True) if not away)


def set_columns(sheet: Any, widths: Sequence[float], hidden: Sequence[bool]) -> None:
    """The widths of columns, those that are folded in groups; behind each group stands its sign."""
    before = False
    for column, (width, away) in enumerate(zip(widths, hidden, strict=True)):
        options = {"level": 1, "hidden": True} if away else {"collapsed": True} if before else {}
        sheet.set_column(column, column, width, None, options)
        before = away
    if before:
        sheet.set_column(len(widths), len(widths), None, None, {"collapsed": True})
