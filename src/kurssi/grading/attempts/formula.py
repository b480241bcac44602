"""Steps 2 and 3 as formulas: what an attempt comes to, and which one counts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from kurssi.grading.conversion import formula as conversion
from kurssi.grading.lateness import formula as lateness
from kurssi.grading.spreadsheet import names
from kurssi.grading.spreadsheet.cells import (
    EXCUSED,
    FAILED,
    FAILS,
    MISSING,
    PASSED,
    PASSES,
    RECOGNISED,
    UNGRADED,
    WITHHELD_WORDS,
    Columns,
    StudentRow,
    any_of,
    near,
    quoted,
)
from kurssi.policy.model import Part


def outcome(row: StudentRow, part: Part, attempt: int) -> str:
    """What an attempt comes to: its value after lateness and the cap on retakes, or a sign for why it has none."""
    cell = row.at("score", part, attempt)
    can_be_late = (part.source, attempt) in row.needs.late
    blank = f'AND({cell}="",{row.at("submitted", part, attempt)}="")' if can_be_late else f'{cell}=""'
    if not part.valued:
        score, value = f"OR({row.says(part, cell, *PASSES)},AND(ISNUMBER({cell}),{cell}=1))", quoted(PASSED)
        failed = f"OR({row.says(part, cell, *FAILS)},AND(ISNUMBER({cell}),{cell}=0))"
    else:
        score, value = row.is_score(part, cell), conversion.value_of(row, part, attempt)
        failed = f"OR({row.says(part, cell, *FAILS)})"
        if lateness.deducts(row, part, attempt):
            floor = f"MIN({value},{names.of('not_below', part)})"
            value = f"MAX({value}-{row.at('deducted', part, attempt)},{floor},{row.lowest})"
        if attempt > 1 and part.retake_at_most is not None:
            value = f"MIN({value},{names.of('retake_at_most', part)})"
    held = f"IF(OR({row.says(part, cell, *WITHHELD_WORDS)}),{quoted(row.texts.withheld)},{quoted(UNGRADED)})"
    rest = f"IF({failed},{quoted(FAILED)},{held})"
    if can_be_late:
        units = row.at("units", part, attempt)
        closed = f"{units}={quoted(row.texts.closed)}"
        value = f"IF({closed},{quoted(row.texts.closed)},IF({units}={quoted(UNGRADED)},{quoted(UNGRADED)},{value}))"
        rest = f"IF({closed},{quoted(row.texts.closed)},{rest})"
    missing = row.says(part, cell, "-", MISSING)
    rest = f"IF(OR({row.says(part, cell, RECOGNISED, 'RPL')}),{quoted(RECOGNISED)},{rest})"
    rest = f"IF({row.says(part, cell, EXCUSED)},{quoted(EXCUSED)},{rest})"
    return f"IF({score},{value},IF(OR({blank},{missing}),{quoted(MISSING)},{rest}))"


def single(part: Part) -> bool:
    """Whether a part has one attempt, whose outcome is the part's own."""
    return len(part.dues) == 1


def outcomes(row: StudentRow, part: Part) -> list[str]:
    """The cells of the outcomes of all attempts."""
    if single(part):
        return [row.at(before_peers(row, part), part)]
    return [row.at("outcome", part, n) for n in range(1, len(part.dues) + 1)]


def before_peers(row: StudentRow, part: Part) -> str:
    """The column with what the attempts come to, before peer marks and what a bonus adds."""
    if part.source in row.needs.peers:
        return "group_value"
    return "plain" if part.id in row.targets else "value"


def chosen(row: StudentRow, part: Part) -> str:
    """Step 3: of several attempts the best, or the latest that was handed in in time."""
    if single(part):
        return outcome(row, part, 1)
    cells = outcomes(row, part)
    passed, failed = quoted(PASSED), quoted(FAILED)
    match part.attempt:
        case "latest":
            chain = _without(row, cells)
            for cell in cells:  # the last one put around is asked first
                chain = f"IF(OR(ISNUMBER({cell}),{cell}={failed},{cell}={passed}),{cell},{chain})"
            return chain
        case "best":
            return _best(row, part, cells)
        case "mean":
            lows = "+".join(f"IF({cell}={failed},1,0)" for cell in cells)
            number = f"(COUNT({','.join(cells)})+{lows})"
            return _joined(row, cells, f"(SUM({','.join(cells)})+({lows})*{row.lowest})/{number}")
        case "gain":
            first = row.lowest
            for cell in reversed(cells):  # the first one that is not excused
                value = f"IF(ISNUMBER({cell}),{cell},{row.lowest})"
                first = f"IF(OR({cell}={quoted(EXCUSED)},{cell}={quoted(RECOGNISED)}),{first},{value})"
            share = f"{names.of('gain', part)}/100"
            return _joined(row, cells, f"{first}+{share}*MAX(0,MAX({','.join(cells)})-{first})")
        case _ as unknown:
            assert_never(unknown)


def _joined(row: StudentRow, cells: Sequence[str], value: str) -> str:
    """The value of several attempts together; the sign of the part where none of them has one."""
    rest = f"IF({any_of(cells, FAILED)},{quoted(FAILED)},{_without(row, cells)})"
    return f"IF(COUNT({','.join(cells)})>0,{value},{rest})"


def _best(row: StudentRow, part: Part, cells: Sequence[str]) -> str:
    """Of several attempts the best."""
    passed, failed = quoted(PASSED), quoted(FAILED)
    rest = f"IF({any_of(cells, FAILED)},{failed},{_without(row, cells)})"
    if not part.valued:
        return f"IF({any_of(cells, PASSED)},{passed},{rest})"
    best = f"MAX({','.join(cells)})"
    if part.minimum_raw and part.required:
        least = names.of("minimum", part)
        clears = [f"AND(ISNUMBER({cell}),{_raw_reached(row, part, n, least)})" for n, cell in enumerate(cells, 1)]
        clearing = ",".join(f"IF({test},{cell},-1)" for test, cell in zip(clears, cells, strict=True))
        best = f"IF(OR({','.join(clears)}),MAX({clearing}),{best})"
    return f"IF(COUNT({','.join(cells)})>0,{best},{rest})"


def _without(row: StudentRow, cells: Sequence[str]) -> str:
    """The sign of a part of which no attempt counts."""
    closed = quoted(row.texts.closed)
    chain = f"IF({any_of(cells, row.texts.closed)},{closed},{quoted(MISSING)})"
    for sign in (RECOGNISED, EXCUSED, UNGRADED, row.texts.withheld):
        chain = f"IF({any_of(cells, sign)},{quoted(sign)},{chain})"
    return chain


def _raw_reached(row: StudentRow, part: Part, attempt: int, least: str) -> str:
    score = row.at("score", part, attempt)
    return f"AND(ISNUMBER({score}),{score}>={least})"


def raw_of_used_reached(row: StudentRow, part: Part, least: str) -> str:
    """Whether an attempt counts, and its raw score reaches the cell ``least``."""
    cells = list(enumerate(outcomes(row, part), 1))
    if single(part):
        return f"AND(ISNUMBER({cells[0][1]}),{_raw_reached(row, part, 1, least)})"
    match part.attempt:
        case "latest":
            chain = "FALSE"
            for n, cell in cells:
                live = f'OR(ISNUMBER({cell}),{cell}="{FAILED}",{cell}="{PASSED}")'
                chain = f"IF({live},{_raw_reached(row, part, n, least)},{chain})"
            return chain
        case "best":
            used = row.at(before_peers(row, part), part)
            tests = [
                f"IF(ISNUMBER({cell}),AND({near(f'{cell}-{used}')}=0,{_raw_reached(row, part, n, least)}),FALSE)"
                for n, cell in cells
            ]
            return f"OR({','.join(tests)})"
        case "mean" | "gain":
            raise ValueError(f"no single attempt counts: {part.id}")
        case _ as unknown:
            assert_never(unknown)


COLUMNS = Columns(attempt={"outcome": outcome}, part={"group_value": chosen})
