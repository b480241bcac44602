"""Which of several attempts counts, in what lateness is counted, what activity moves: words to choose from."""

from collections.abc import Iterable
from typing import Literal, assert_never

LateUnit = Literal["hour", "day", "week"]
"""In what lateness is counted: started ones count."""

LateForm = Literal["per-unit", "table"]
"""What the deductions of a late rule are: one amount that every unit takes, or a table for unit 1, 2, 3 …"""

AttemptRule = Literal["best", "latest", "mean", "gain"]
"""Which of several attempts counts, or what they come to together."""

AttemptWord = Literal["best", "latest", "mean"]
"""Those of these rules that are written as a word."""

SkippedDay = Literal["saturday", "sunday", "holidays"]
"""Days that do not count where lateness is counted in days."""

ActivityMoves = Literal["mean", "steps"]
"""What activity moves: the mean before it is rounded, or the final grade by whole steps of the scale."""


def retake_can_cost(attempt: AttemptRule) -> bool:
    """Whether a worse retake takes something from a better attempt."""
    match attempt:
        case "latest" | "mean":
            return True
        case "best" | "gain":
            return False
        case _ as unknown:
            assert_never(unknown)


def joins_attempts(attempt: AttemptRule) -> bool:
    """Whether a value is made of several attempts, and none of them is the one that counts."""
    match attempt:
        case "mean" | "gain":
            return True
        case "best" | "latest":
            return False
        case _ as unknown:
            assert_never(unknown)


def is_table(form: LateForm) -> bool:
    """Whether each late unit has an amount of its own; that of the last one holds on."""
    match form:
        case "table":
            return True
        case "per-unit":
            return False
        case _ as unknown:
            assert_never(unknown)


def counts_days(per: LateUnit) -> bool:
    """Whether lateness is counted in days of the calendar, of which some can be skipped."""
    match per:
        case "day":
            return True
        case "hour" | "week":
            return False
        case _ as unknown:
            assert_never(unknown)


def skips_holidays(days: Iterable[SkippedDay]) -> bool:
    """Whether public holidays are among the days that do not count: whose, a country says."""
    return any(map(_is_holiday, days))


def _is_holiday(day: SkippedDay) -> bool:
    match day:
        case "holidays":
            return True
        case "saturday" | "sunday":
            return False
        case _ as unknown:
            assert_never(unknown)


def moves_grade(adjust: ActivityMoves) -> bool:
    """Whether activity moves the final grade, and not what is rounded to it."""
    match adjust:
        case "steps":
            return True
        case "mean":
            return False
        case _ as unknown:
            assert_never(unknown)
