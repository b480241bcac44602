"""Which of several attempts counts, by the word of the report: all that depends on the word alone."""

from __future__ import annotations

from typing import Literal, assert_never

AttemptRule = Literal["best", "latest", "mean", "gain"]


def joins(rule: AttemptRule) -> bool:
    """Whether no single attempt counts, but several together."""
    match rule:
        case "mean" | "gain":
            return True
        case "best" | "latest":
            return False
        case _ as unknown:
            assert_never(unknown)


def by_worth(rule: AttemptRule) -> bool:
    """Whether the attempt that counts is the one that is worth most, or clears the gate."""
    match rule:
        case "best":
            return True
        case "latest" | "mean" | "gain":
            return False
        case _ as unknown:
            assert_never(unknown)


def key_of(rule: AttemptRule) -> str:
    """The key of the file that makes it so: what is the default need not be written."""
    match rule:
        case "best":
            return "retakes"
        case "latest" | "mean" | "gain":
            return "attempt"
        case _ as unknown:
            assert_never(unknown)
