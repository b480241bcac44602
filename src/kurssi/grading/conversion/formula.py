"""Step 1 as a formula: a score on the scale, or in per cent."""

from __future__ import annotations

from typing import assert_never

from kurssi.grading.spreadsheet import names
from kurssi.grading.spreadsheet.cells import Columns, StudentRow, between_labels, is_between
from kurssi.policy.model import Part


def converted(row: StudentRow, part: Part, attempt: int) -> str:
    """Step 1: the score on the scale, or in per cent."""
    cell = row.at("score", part, attempt)
    value = f"SUMPRODUCT(({names.SCALE_LABELS}={cell})*{names.SCALE_GRADES})" if row.labels(part) else cell
    if between_labels(row.policy, part):
        value = f"IF({is_between(cell)},{cell},{value})"
    match part.graded:
        case "points":
            value = _points(row, part, value)
        case "grade" | "pass-fail":
            if row.policy.percent:
                value = f"({value}-{names.SCALE_LOWEST})*100/({names.SCALE_TOP}-{names.SCALE_LOWEST})"
        case _ as unknown:
            assert_never(unknown)
    return f'IF({row.is_score(part, cell)},{value},"")'


def _points(row: StudentRow, part: Part, score: str) -> str:
    if row.policy.percent:
        return f"{score}*100/{names.of('max', part)}"
    if part.boundaries is not None:
        bounds = names.of("boundaries", part)
        reached = f"({score}>={bounds})"
        if any(bound.strict for bound in part.boundaries):
            reached = f"({reached}-({score}={bounds})*{names.of('strict_boundaries', part)})"
        return f"{names.SCALE_LOWEST}+SUMPRODUCT(--{reached})"
    low_points, low, high_points, high = (
        names.of(what, part) for what in ("points_low", "value_low", "points_high", "value_high")
    )
    line = f"{low}+({score}-{low_points})*({high}-{low})/({high_points}-{low_points})"
    return f"IF({score}<{low_points},{row.lowest},IF({score}>={high_points},{row.top},{line}))"


def converts(row: StudentRow, part: Part) -> bool:
    """Whether a score and its value are not the same number."""
    return part.in_points or (part.in_grades and (row.policy.percent or row.policy.scale.own))


def value_of(row: StudentRow, part: Part, attempt: int) -> str:
    """The cell with the converted score."""
    return row.at("converted" if converts(row, part) else "score", part, attempt)


COLUMNS = Columns(attempt={"converted": converted})
