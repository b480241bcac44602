"""Step 8 as a formula: a whole number."""

from __future__ import annotations

from typing import assert_never

from kurssi.course.model import Rounding
from kurssi.grading.spreadsheet import names
from kurssi.grading.spreadsheet.cells import (
    HALF,
    Columns,
    StudentRow,
    near,
)


def rounded(row: StudentRow) -> str:
    """Step 8: a whole number."""
    value = row.at("exact")
    exact = near(value)
    if row.policy.percent:
        above = f"{value}-{names.BOUNDARIES}"
        if any(bound.strict for bound in row.policy.boundaries):
            above = f"{above}-{names.STRICT_BOUNDARIES}*2*{HALF}"
        whole = f"{names.SCALE_LOWEST}+SUMPRODUCT(--({above}>-{HALF}))"
    else:
        whole = _round(row.policy.rounding, exact)
    return f'IF({value}="","",{whole})'


def _round(mode: Rounding, exact: str) -> str:
    match mode:
        case "half-up":
            return f"INT({exact}+0.5)"
        case "down":
            return f"INT({exact})"
        case "up":
            return f"-INT(-{exact})"
        case "half-even":
            even = f"INT({exact})+MOD(INT({exact}),2)"
            return f"IF({exact}-INT({exact})=0.5,{even},INT({exact}+0.5))"
        case _ as unknown:
            assert_never(unknown)


COLUMNS = Columns(whole={"rounded": rounded})
