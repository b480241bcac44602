"""What stands in the cell of a value on the live sheet: a number, or the sign for why there is none."""

from __future__ import annotations

from fractions import Fraction
from typing import assert_never

from kurssi.grading import PartResult
from kurssi.grading.result import State
from kurssi.grading.spreadsheet.cells import (
    EXCUSED,
    FAILED,
    FAILED_EMPTY,
    MISSING,
    PASSED,
    RECOGNISED,
    UNGRADED,
    UNGRADED_EMPTY,
    Texts,
)

Value = str | Fraction | int | None


def sign(texts: Texts, found: PartResult) -> Value:
    """What stands in the cell of a part's value: a number, or the sign for why it has none."""
    if found.part.parts and found.state == "failed":
        return FAILED_EMPTY if found.value is None else found.value
    if found.part.parts and found.state == "ungraded" and found.value is None:
        return UNGRADED_EMPTY
    return state_sign(texts, found.state, found.value)


def state_sign(texts: Texts, state: State, value: Fraction | None) -> Value:
    """What stands in the cell of an attempt in this state."""
    match state:
        case "scored":
            return value
        case "missing":
            return MISSING
        case "closed":
            return texts.closed
        case "ungraded":
            return UNGRADED
        case "withheld":
            return texts.withheld
        case "excused":
            return EXCUSED
        case "recognised":
            return RECOGNISED
        case "failed":
            return FAILED
        case "passed":
            return PASSED
        case _ as unknown:
            assert_never(unknown)


def at_stage(found: PartResult, stage: str) -> PartResult:
    """A part without what is added to its value by steps, or as its gate looks at it."""
    if found.value is None or not found.added:
        return found
    return found._replace(value=found.at_gate if stage == "gated" else found.value - (stage == "plain") * found.added)
