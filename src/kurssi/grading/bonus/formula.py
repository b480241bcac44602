"""A bonus by steps as formulas: what it adds, and a value before and after that (contract 11.6)."""

from __future__ import annotations

from collections.abc import Sequence

from kurssi.grading.attempts import formula as attempts
from kurssi.grading.demands.formula import passed
from kurssi.grading.spreadsheet import names
from kurssi.grading.spreadsheet.cells import (
    EXCUSED,
    FAILED_EMPTY,
    RECOGNISED,
    UNGRADED_EMPTY,
    Columns,
    StudentRow,
    near,
)
from kurssi.policy.model import Part


def adds(row: StudentRow, part: Part) -> str:
    """What a part adds: that of the last step reached, nothing where a part that it asks for is not passed."""
    bonus = part.stepped
    if bonus is None:
        return "0"
    start, add = names.of("bonus_from", part), names.of("bonus_add", part)
    value = row.at("value", part)
    reached = []
    for number in range(1, len(bonus.steps) + 1):
        bound = f"INDEX({start},{number})"
        if bonus.whole is None:
            test = f"{near(f'N({value})-{bound}')}>=0"
        else:  # what has no points has none of them, which is enough for a step from 0
            test = f"OR({bound}<=0,{attempts.raw_of_used_reached(row, part, bound)})"
        reached.append(f"IF({test},1,0)")
    count = "+".join(reached)
    nothing = (EXCUSED, RECOGNISED, FAILED_EMPTY, UNGRADED_EMPTY) if part.parts else (EXCUSED, RECOGNISED)
    shut = [f'{value}="{sign}"' for sign in nothing]
    asked = [other for other in row.policy.all_parts() if other.id in bonus.only_if]
    shut += [f"NOT({passed(row, other)})" for other in asked]
    return f"IF(OR({','.join(shut)}),0,IF({count}=0,0,INDEX({add},{count})))"


def givers(row: StudentRow, part: Part, *, after_gate: bool) -> list[Part]:
    """The parts that add to the value of a part before its gate, or after it."""
    found = []
    for other in row.policy.bonuses_by_steps():
        bonus = other.stepped
        if bonus is not None and bonus.to == part.id and bonus.after_gate == after_gate:
            found.append(other)
    return found


def gated(row: StudentRow, part: Part) -> str:
    """The value that the gate looks at, where something is added after it."""
    return _with(row, row.at("plain", part), givers(row, part, after_gate=False))


def with_all(row: StudentRow, part: Part) -> str:
    """The value with all that is added to it."""
    late = givers(row, part, after_gate=True)
    if late:
        return _with(row, row.at("gated", part), late)
    return _with(row, row.at("plain", part), givers(row, part, after_gate=False))


def _with(row: StudentRow, value: str, parts: Sequence[Part]) -> str:
    if not parts:
        return value
    more = "".join(f"+{row.at('adds', part)}" for part in parts)
    return f"IF(ISNUMBER({value}),{value}{more},{value})"


COLUMNS = Columns(part={"adds": adds, "gated": gated})
