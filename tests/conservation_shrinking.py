"""Violations made small: tables, rows, columns and keys of the policy are left out as long as it stays one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from conservation import Case, Runner, Violation, judge, swapped, without_column

MOST_TRIES = 300
"""So many smaller cases are tried for one violation."""

At = tuple[int, int, int]


def shrunk(violation: Violation) -> Violation:
    """A smaller case with the same violation: tables, rows, columns and keys of the policy that it does not need."""
    case, at = shrink(violation.case, violation.at, lambda case, at: _still(case, at, violation.new, violation.came))
    return violation._replace(case=case, at=at)


def shrink(case: Case, at: At, holds: Callable[[Case, At], bool]) -> tuple[Case, At]:
    """The smallest case found for which it still holds, and where the cell now stands."""
    tries, progress = 0, True
    while progress:
        progress = False
        for smaller, there in _smaller(case, at):
            tries += 1
            if tries > MOST_TRIES:
                return case, at
            if holds(smaller, there):
                case, at, progress = smaller, there, True
                break
    return case, at


def _still(case: Case, at: At, new: str, came: str) -> bool:
    runner = Runner(case)
    if not runner.gradable:
        return False
    base = runner.run(case)
    return base.students is not None and judge(runner, case, base, at, new) == came


def _smaller(case: Case, at: At) -> Iterator[tuple[Case, At]]:
    t, r, c = at
    target = case.all_tables[t]
    if case.overrides is not None and target is not case.overrides:
        yield replace(case, overrides=None), at
    for i, table in enumerate(case.tables):
        if table is not target:
            yield replace(case, tables=[*case.tables[:i], *case.tables[i + 1 :]]), (t - (i < t), r, c)
    for i, table in enumerate(case.all_tables):
        for row in range(len(table.rows)):
            if row != table.header and (i, row) != (t, r):
                rows = [*table.rows[:row], *table.rows[row + 1 :]]
                slimmer = replace(table, rows=rows, header=table.header - (row < table.header))
                yield swapped(case, table, slimmer), (t, r - (i == t and row < r), c)
        for column in range(max(map(len, table.rows))):
            if (i, column) != (t, c):
                slimmer = without_column(table, column)
                yield swapped(case, table, slimmer), (t, r, c - (i == t and column < c))
    for assessment in _without_one(case.assessment):
        yield replace(case, assessment=assessment), at


def _without_one(data: Any) -> Iterator[Any]:
    """The same plain data with one key, or one item of a list of parts, less."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield {k: v for k, v in data.items() if k != key}
            if isinstance(value, (dict, list)):
                for smaller in _without_one(value):
                    yield {**data, key: smaller}
    elif isinstance(data, list) and data and isinstance(data[0], dict):
        for at, value in enumerate(data):
            yield [*data[:at], *data[at + 1 :]]
            for smaller in _without_one(value):
                yield [*data[:at], smaller, *data[at + 1 :]]
