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
    match demand.measure:
        case "sessions":
            attended = row.at("attended")
            return f"AND(ISNUMBER({attended}),{near(f'N({attended})-{bound}')}>=0)"
        case "pass":
            return passed(row, _part(row, demand))
        case "points":
            part = _part(row, demand)
            return _or_out(row, part, attempts.raw_of_used_reached(row, part, bound))
        case "value":
            part = _part(row, demand)
            value = row.at("value", part)
            return _or_out(row, part, f"{near(f'{value}-{bound}')}>=0")
        case _ as unknown:
            assert_never(unknown)


def _part(row: StudentRow, demand: Demand) -> Part:
    return row.policy.by_id()[demand.part]


def _or_out(row: StudentRow, part: Part, reached: str) -> str:
    """Whether a part that has a value has reached something; of one that is excused or recognised nothing is asked."""
    value = row.at("value", part)
    return f'OR({value}="{EXCUSED}",{value}="{RECOGNISED}",IF(ISNUMBER({value}),{reached},FALSE))'


def passed(row: StudentRow, part: Part) -> str:
    """Whether a part is passed; one that is excused or recognised is."""
    value = row.at("value", part)
    known = ",".join(f"{value}<>{sign}" for sign in row.waiting)
    met = f'AND({row.at("gate", part)}="",{known})' if part.valued or part.parts else f'{value}="{PASSED}"'
    return f'OR({value}="{EXCUSED}",{value}="{RECOGNISED}",{met})'


COLUMNS = Columns(whole={"limit": limit})
