"""Lateness as formulas: started units, what they take, and a free budget that is spent in order (5.1)."""

from __future__ import annotations

from typing import assert_never

from kurssi.grading.conversion import formula as conversion
from kurssi.grading.spreadsheet import names
from kurssi.grading.spreadsheet.cells import (
    EXCUSED,
    FAILS,
    INSTANT,
    MISSING,
    RECOGNISED,
    UNGRADED,
    Columns,
    StudentRow,
    elapsed,
    quoted,
)
from kurssi.policy.late_units import length_of_unit
from kurssi.policy.model import Late, Part

from .budget import depends_on_grade


def units(row: StudentRow, part: Part, attempt: int) -> str:
    """Started late units; the word for closed where it came too late."""
    rule = part.late
    if rule is None:
        raise ValueError(f"never late: {part.id}")
    score, came, due = (row.at(what, part, attempt) for what in ("score", "submitted", "due"))
    out = takes_no_time(row, part, score)
    units = _started(row, part, rule, attempt)
    if rule.closes is not None:
        late = _beyond(row, part, attempt, size_of(row, "closes", rule), elapsed(rule.closes))
        units = f"IF({late}>0,{quoted(row.texts.closed)},{units})"
    if rule.grace is not None:
        late = _beyond(row, part, attempt, size_of(row, "grace", rule), elapsed(rule.grace))
        units = f"IF({late}<=0,0,{units})"
    units = f"IF({_are_known(row, came, due)},IF({_late_by(row, part, attempt)}<=0,0,{units}),{quoted(UNGRADED)})"
    return f'IF(OR({came}="",{due}="",{out}),0,{units})'


def _are_known(row: StudentRow, came: str, due: str) -> str:
    """Whether the times of an attempt are some, and lie where the changes of the clock are known."""
    known = [f"ISNUMBER({came})", f"ISNUMBER({due})"]
    if row.needs.clock is not None:
        first, end = row.needs.clock
        known += [f"MIN({came},{due})>={first}", f"MAX({came},{due})<{end}"]
    return f"AND({','.join(known)})"


def takes_no_time(row: StudentRow, part: Part, score: str) -> str:
    """Whether a score cell says a word with which nothing is late."""
    return f"OR({row.says(part, score, '-', MISSING, EXCUSED, RECOGNISED, 'RPL')})"


def _late_by(row: StudentRow, part: Part, attempt: int, later: str = "") -> str:
    """The seconds that passed from a deadline, moved by hours of the calendar, to the hand-in.

    In the hour that the clock skips or runs twice the hand-in is the earlier instant and the deadline the later.
    So the clock has changed for a hand-in at what it showed before the change, and for a deadline at what it
    showed after it.
    """
    came, due = (row.at(what, part, attempt) for what in ("submitted", "due"))
    due = f"({due}+({later})/24)" if later else due
    local = f"ROUND(({came}-{due})*86400,0)"
    if not row.needs.clock:
        return local
    moved = f"({names.CLOCK_CHANGES}-{came}<{INSTANT})-{_changed(due)}"
    return f"({local}-SUMPRODUCT(({moved})*{names.CLOCK_SECONDS}))"


def _beyond(row: StudentRow, part: Part, attempt: int, length: str, runs: bool) -> str:
    """The seconds by which an attempt came after its deadline and a length of time, elapsed or of the calendar."""
    return f"({_late_by(row, part, attempt)}-{length}*3600)" if runs else _late_by(row, part, attempt, length)


def _started(row: StudentRow, part: Part, rule: Late, attempt: int) -> str:
    """The started units of an attempt that came after its deadline; not known here where days are skipped."""
    if rule.skip is not None:
        return quoted(UNGRADED)
    unit = size_of(row, "unit", rule)
    if not length_of_unit(rule.per).days:
        return f"-INT(-{_late_by(row, part, attempt)}/({unit}*3600))"
    came, due = (row.at(what, part, attempt) for what in ("submitted", "due"))
    units = f"-INT(-ROUND(({came}-{due})*86400,0)/({unit}*3600))"
    if not row.needs.clock:
        return units
    # where the deadline, moved, falls into the hour that runs twice, one unit less may be enough
    return f"({units}-IF({_late_by(row, part, attempt, f'({units}-1)*{unit}')}<=0,1,0))"


def _changed(due: str) -> str:
    """Which changes of the clock lie before a deadline."""
    return f"({names.CLOCK_CHANGES}+{names.CLOCK_SECONDS}/86400-{due}<{INSTANT})"


def size_of(row: StudentRow, what: str, rule: Late) -> str:
    """The name of a size of a late rule."""
    return names.late(what, rule, row.policy)


def deducts(row: StudentRow, part: Part, attempt: int) -> bool:
    """Whether lateness can take something from an attempt."""
    return part.late is not None and bool(part.late.deduct) and (part.id, attempt) in row.needs.late


def deducted(row: StudentRow, part: Part, attempt: int) -> str:
    """What lateness takes (5.1), before the floor holds it back."""
    rule = part.late
    if rule is None:
        raise ValueError(f"never late: {part.id}")
    score, value = row.at("score", part, attempt), conversion.value_of(row, part, attempt)
    late, units = row.at("units", part, attempt), row.at("units", part, attempt)
    forgiven = row.policy.free is not None and attempt == 1
    if forgiven:
        units = f"({late}-N({row.at('forgiven', part, 1)}))"
    size = size_of(row, "deduct", rule)
    base = _base(row, rule, value)
    taken = _taken(rule, size, units)
    if rule.percent:
        taken = f"{taken}*{base}/100"
    if rule.at_most is not None:
        most = size_of(row, "at_most", rule)
        taken = f"MIN({taken},{most}*{base}/100)" if rule.at_most_percent else f"MIN({taken},{most})"
    return f"IF(AND({row.is_score(part, score)},ISNUMBER({late})),IF({units}>0,{taken},0),0)"


def _taken(rule: Late, size: str, units: str) -> str:
    """What so many units take, before it is made a share of the value, and its bound."""
    match rule.form:
        case "table":
            return f"INDEX({size},MIN({units},ROWS({size})))"
        case "per-unit":
            return f"{size}*{units}"
        case _ as unknown:
            assert_never(unknown)


def _base(row: StudentRow, rule: Late, value: str) -> str:
    """What a deduction in per cent is of."""
    match rule.of:
        case "earned":
            return value
        case "max" | None:
            return row.top
        case _ as unknown:
            assert_never(unknown)


def spenders(row: StudentRow) -> list[Part]:
    """The parts whose late first attempts spend the free budget in order of deadlines, as the file has them."""
    free = row.policy.free
    if free is None or depends_on_grade(free.spend):
        return []
    return [part for part in row.policy.leaves() if deducts(row, part, 1)]


def helped(row: StudentRow) -> list[Part]:
    """The parts whose late first attempts spend the free budget where it helps."""
    free = row.policy.free
    if free is None or not depends_on_grade(free.spend):
        return []
    return [part for part in row.policy.leaves() if deducts(row, part, 1)]


def unknown(row: StudentRow) -> list[str]:
    """The cells that say that a formula does not know how much of the free budget is spent: days are skipped."""
    parts = [part for part in spenders(row) if part.late is not None and part.late.skip is not None]
    return [row.at("spending", part, 1) for part in parts if part.late is not None and part.late.closes is not None]


def spending(row: StudentRow, part: Part) -> str:
    """Late units that spend the free budget: those of closed and failed ones too, none while it is not graded."""
    rule = part.late
    if rule is None:
        raise ValueError(f"never late: {part.id}")
    score, late = row.at("score", part, 1), row.at("units", part, 1)
    graded = f"IF(OR({row.is_score(part, score)},{row.says(part, score, *FAILS)}),{late},0)"
    if rule.closes is None:
        return graded
    return f"IF(ISNUMBER({late}),{graded},{_started(row, part, rule, 1)})"


def turn(row: StudentRow, part: Part) -> str:
    """Which of the parts' deadlines the part's is, in order of time and, of equal ones, of the file."""
    parts = spenders(row)
    own, mine = parts.index(part), _deadline(row, part)
    before = [
        f"IF({_deadline(row, other)}{'<=' if index < own else '<'}{mine},1,0)"
        for index, other in enumerate(parts)
        if index != own
    ]
    return "+".join(("1", *before))


def _deadline(row: StudentRow, part: Part) -> str:
    """The instant of the first attempt's deadline, in seconds from a fixed one."""
    due = row.at("due", part, 1)
    local = f"ROUND({due}*86400,0)"
    return f"({local}-SUMPRODUCT({_changed(due)}*{names.CLOCK_SECONDS}))" if row.needs.clock else local


def left(row: StudentRow, turn: int) -> str:
    """Hours left of the free budget when the part with this turn spends of it: in whole units of its late rule."""
    if turn == 1:
        return names.LATE_BUDGET
    left = row.at("left", None, turn - 1)
    spent = [
        f"IF({row.at('turn', part)}={turn - 1},{unit}*{_granted(row, part, left, unit)},0)"
        for part, unit in _units(row)
    ]
    return f"{left}-({'+'.join(spent)})"


def forgiven(row: StudentRow, part: Part) -> str:
    """Late units that the free budget forgives, by what is left of it at the part's turn.

    Where it is spent depends on the grade, only kurssi knows: then nothing is said of who is late.
    """
    if row.policy.free is not None and depends_on_grade(row.policy.free.spend):
        return f'IF(N({row.at("units", part, 1)})>0,"",0)'
    first, last = (row.at("left", None, turn) for turn in (1, len(spenders(row))))
    left = f"INDEX({first}:{last},1,{row.at('turn', part)})"
    unit = next(unit for other, unit in _units(row) if other is part)
    return _granted(row, part, left, unit)


def _granted(row: StudentRow, part: Part, left: str, unit: str) -> str:
    """Late units that are forgiven of a part where so many hours are left of the budget."""
    spending, free = row.at("spending", part, 1), row.policy.free
    if free is not None and free.at_most is not None:
        left = f"MIN({left},{names.LATE_EACH})"
    if free is not None and free.whole:
        return f"IF({spending}<=INT({left}/{unit}),{spending},0)"
    return f"MIN({spending},INT({left}/{unit}))"


def _units(row: StudentRow) -> list[tuple[Part, str]]:
    """Those parts, and the name of the length of each one's late unit."""
    return [(part, size_of(row, "unit", part.late)) for part in spenders(row) if part.late is not None]


COLUMNS = Columns(
    attempt={
        "units": units,
        "spending": lambda row, part, _: spending(row, part),
        "forgiven": lambda row, part, _: forgiven(row, part),
        "deducted": deducted,
    },
    part={"turn": turn},
    numbered={"left": left},
)
