"""What grades ask, as a formula: the highest grade that is left (contract 11.5)."""

from __future__ import annotations

from itertools import groupby
from typing import assert_never

from kurssi.grading.attempts import formula as attempts
from kurssi.grading.spreadsheet import names
from kurssi.grading.spreadsheet.cells import (
    EXCUSED,
    PASSED,
    RECOGNISED,
    Columns,
    StudentRow,
    near,
)
from kurssi.policy.demands import Demand


def limit(row: StudentRow) -> str:
    """The highest grade that is left: the one below the first whose demands are not all met."""
    chain = names.SCALE_TOP
    grades = [(grade, list(demands)) for grade, demands in groupby(row.policy.requires, lambda demand: demand.grade)]
    for grade, demands in reversed(grades):
        met = ",".join(_met(row, demand) for demand in demands)
        chain = f"IF(AND({met}),{chain},{grade - 1})"
    return chain


def _met(row: StudentRow, demand: Demand) -> str:
    bound = names.asked(demand)
    if demand.measure == "sessions":
        attended = row.at("attended")
        return f"AND(ISNUMBER({attended}),{near(f'N({attended})-{bound}')}>=0)"
    part = next(part for part in row.policy.all_parts() if part.id == demand.part)
    value = row.at("value", part)
    match demand.measure:
        case "value":
            met = f"IF(ISNUMBER({value}),{near(f'{value}-{bound}')}>=0,FALSE)"
        case "points":
            met = f"IF(ISNUMBER({value}),{attempts.raw_of_used_reached(row, part, bound)},FALSE)"
        case "pass":
            met = f'{row.at("gate", part)}=""' if part.valued or part.parts else f'{value}="{PASSED}"'
        case _ as unknown:
            assert_never(unknown)
    return f'OR({value}="{EXCUSED}",{value}="{RECOGNISED}",{met})'


COLUMNS = Columns(whole={"limit": limit})
