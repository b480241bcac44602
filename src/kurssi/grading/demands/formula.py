"""What grades ask, as a formula: the highest grade that is left (contract 11.5)."""

from __future__ import annotations

from itertools import groupby
from typing import assert_never

from kurssi.grading.attempts import formula as attempts
from kurssi.grading.spreadsheet import names
from kurssi.grading.spreadsheet.cells import EXCUSED, PASSED, RECOGNISED, Columns, StudentRow, near
from kurssi.policy.demands import Demand
from kurssi.policy.model import Part

from .demand import limit_of


def limit(row: StudentRow) -> str:
    """The highest grade that is left: the one below the first whose demands are not all met."""
    policy = row.policy
    chain = str(policy.best_grade) if policy.by_requirements else names.SCALE_TOP
    grades = [list(demands) for _, demands in groupby(row.policy.requires, lambda demand: demand.grade)]
    for demands in reversed(grades):
        met = ",".join(_met(row, demand) for demand in demands)
        chain = f"IF(AND({met}),{chain},{limit_of(policy, demands)})"
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
            return passed(row, part)
        case _ as unknown:
            assert_never(unknown)
    return f'OR({value}="{EXCUSED}",{value}="{RECOGNISED}",{met})'


def passed(row: StudentRow, part: Part) -> str:
    """Whether a part is passed; one that is excused or recognised is."""
    value = row.at("value", part)
    known = ",".join(f"{value}<>{sign}" for sign in row.waiting)
    met = f'AND({row.at("gate", part)}="",{known})' if part.valued or part.parts else f'{value}="{PASSED}"'
    return f'OR({value}="{EXCUSED}",{value}="{RECOGNISED}",{met})'


COLUMNS = Columns(whole={"limit": limit})
