"""Step 7 as formulas: what activity adds (5.2)."""

from __future__ import annotations

from kurssi.grading.spreadsheet import names
from kurssi.grading.spreadsheet.cells import (
    Columns,
    StudentRow,
)


def adjust(row: StudentRow) -> str:
    """Step 7: what activity adds (5.2)."""
    activity = row.policy.activity
    if activity is None:
        raise ValueError("no activity rule")
    if activity.levels is not None:
        level = row.at("level")
        return f"SUMPRODUCT(({names.ACTIVITY_LEVELS}={level})*{names.ACTIVITY_ADJUST})"
    attended, bounds = row.at("attended"), names.ATTENDANCE_FROM
    reached = f"SUMPRODUCT(--({attended}>={bounds}))"
    adjust = f"INDEX({names.ATTENDANCE_ADJUST},ROWS({bounds})-{reached}+1)"
    return f'IF({attended}="",0,IF({reached}=0,0,{adjust}))'


def exact(row: StudentRow) -> str:
    """The value before rounding: the mean, with activity within its bounds."""
    mean = row.at("mean")
    if row.policy.activity is None or row.policy.activity.in_steps:
        return f'IF({mean}="","",{mean})'
    moved = f"MAX({mean}+{row.at('adjust')},MIN({mean},{row.passing}))"
    return f'IF({mean}="","",MIN(MAX({row.top},{mean}),{moved}))'


def stepped(row: StudentRow, grade: str) -> str:
    """The final grade moved by whole steps of the scale."""
    moved = f"MAX({grade}+{row.at('adjust')},MIN({grade},{names.SCALE_PASS}))"
    return f"MIN({moved},{names.SCALE_TOP})"


COLUMNS = Columns(whole={"adjust": adjust, "exact": exact})
