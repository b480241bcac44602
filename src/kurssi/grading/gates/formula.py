"""Step 5 as formulas: gates, and the reasons for which they are closed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kurssi.grading.attempts import formula as attempts
from kurssi.grading.lateness import formula as lateness
from kurssi.grading.spreadsheet import names
from kurssi.grading.spreadsheet.cells import (
    EXCUSED,
    FAILED,
    MISSING,
    PASSED,
    PASSED_WAY,
    RECOGNISED,
    UNGRADED,
    Columns,
    StudentRow,
    by_way,
    near,
    quoted,
)
from kurssi.policy.model import Part


def gate(row: StudentRow, part: Part) -> str:
    """Step 5: nothing where the gate is open, else the reason."""
    value, texts = row.at("gated" if part.id in row.raised_late else "value", part), row.texts
    below = f"{near(value + '-' + names.of('minimum', part))}<0"
    if part.parts:
        failed = gates_below(row, part)
        below = f'IF(ISNUMBER({value}),IF({below},{quoted(texts.below)},""),"")'
        if failed:
            below = f"IF({failed},{quoted(texts.failed)},{below})"
        out = f'OR({value}="{EXCUSED}",{value}="{RECOGNISED}")'
        return f'IF({value}="{MISSING}",{quoted(texts.not_submitted)},IF({out},"",{below}))'
    if not part.valued:
        rest = '""'
    else:
        if part.minimum_raw:
            below = f"NOT({attempts.raw_of_used_reached(row, part, names.of('minimum', part))})"
        rest = f'IF(ISNUMBER({value}),IF({below},{quoted(texts.below)},""),"")'
    return (
        f'IF({value}="{MISSING}",{quoted(texts.not_submitted)},'
        f"IF({value}={quoted(texts.closed)},{quoted(texts.closed)},"
        f'IF({value}="{FAILED}",{quoted(texts.failed)},{rest})))'
    )


def gates_below(row: StudentRow, part: Part) -> str:
    """Whether a part fails because of its parts, or in every way; nothing where none of them can make it fail."""
    if part.of_ways:
        return f"MAX({','.join(row.at('rank', way) for way in part.parts)})<{PASSED_WAY}"
    if part.need is not None:
        cells = [row.at("value", child) for child in part.parts]
        may_pass = [quoted(PASSED), *row.waiting]
        passed = "+".join(f"({cell}={sign})" for cell in cells for sign in may_pass)
        out = "+".join(f'({cell}="{sign}")' for cell in cells for sign in (EXCUSED, RECOGNISED))
        return f"({passed})<MAX(1,{names.of('need', part)}-({out}))"
    gates = [f'{row.at("gate", child)}<>""' for child in part.parts if child.required]
    return f"OR({','.join(gates)})" if gates else ""


def closed(row: StudentRow) -> str:
    """How many gates are closed at the top level, or in the way that counts."""
    if row.policy.of_ways:
        return by_way(row, row.policy.parts, lambda way: _closed(row, way.parts))
    return _closed(row, row.policy.parts)


def _closed(row: StudentRow, parts: Sequence[Part]) -> str:
    gates = [f'IF({row.at("gate", part)}<>"",1,0)' for part in parts if part.required]
    return "+".join(gates) or "0"


def reasons(row: StudentRow) -> str:
    """Every reason for which a gate is closed."""
    if row.policy.of_ways:
        return by_way(row, row.policy.parts, lambda way: _text(row, way.parts))
    return _text(row, row.policy.parts)


def _text(row: StudentRow, parts: Sequence[Part]) -> str:
    return "&".join(_reasons(row, parts)) or '""'


def _reasons(row: StudentRow, parts: Sequence[Part]) -> Iterator[str]:
    for part in parts:
        if not part.required:
            continue
        gate = row.at("gate", part)
        own = f'{row.heading(part)}&": "&{gate}&". "'
        if part.of_ways:
            below = by_way(row, part.parts, lambda way: _text(row, way.parts))
        else:
            below = "&".join(_reasons(row, part.parts))
        if below:
            own = f"IF({gate}={quoted(row.texts.failed)},{below},{own})"
        yield f'IF({gate}="","",{own})'


def opened(row: StudentRow) -> str:
    """How many cells are not graded yet, and what else keeps the grade from being decided here."""
    cells = [cell for part in row.policy.leaves() for cell in attempts.outcomes(row, part)]
    cells += lateness.unknown(row)
    terms = [f'IF(OR({cell}="{UNGRADED}",{cell}={quoted(row.texts.withheld)}),1,0)' for cell in cells]
    if helped := lateness.helped(row):
        terms.append(f"IF(SUM({','.join(row.at('units', part, 1) for part in helped)})>0,1,0)")
    if row.needs.held:
        terms.append(row.at("held"))
    return "+".join(terms)


COLUMNS = Columns(part={"gate": gate}, whole={"closed": closed, "reasons": reasons, "open": opened})
