"""The sheet that a teacher opens first: one row per student."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from kurssi.grading import PartResult, Result
from kurssi.grading.total import rounded
from kurssi.policy import Policy
from kurssi.reports.rows import MARKS, STATUS, columns, remark
from kurssi.words import Words

from . import figures
from .formulas import Key, quoted
from .live import Live
from .parts import sign
from .sheet import Cell, Column, Computed, Entry, List, Writer, by_student, headed, mark_endless, mark_status

EVEN = 2
"""A column shows all its figures with as many decimals as the longest has, up to so many."""


def write(writer: Writer, live: Live | None) -> None:
    """Numbers as numbers, student numbers as text; columns that nobody has anything in are left out.

    With ``live`` what the sheet of parts comes to is looked up there, by the number in the first column.
    """
    book, words = writer.book, writer.words
    policy, results = book.policy, book.results
    has_surname = any(r.student.surname for r in results)
    has_first_name = any(r.student.first_name for r in results)
    has_group = any(r.student.group for r in results)
    has_activity = policy.activity is not None
    weighs = any(part.counts for part in policy.parts)
    parts = columns(book)

    spec = [Column(headed(words("no.")), 8, centre=True)] if live else []
    spec += [Column(headed(words("student number")), 20)]
    spec += [Column(headed(words("surname")))] if has_surname else []
    spec += [Column(headed(words("first name")))] if has_first_name else []
    frozen = len(spec)
    spec += [Column(headed(words("group")), 16)] if has_group else []
    spec += [Column(part.name, 20, centre=True) for part in parts]
    spec += [Column(headed(words("activity")), centre=True)] if has_activity else []
    spec += [Column(headed(words("exact")), centre=True), Column(headed(words("grade")), centre=True)]
    spec += [Column(headed(words("status"))), Column(headed(words("remark")), 70, wrap=True)]
    numbers = [len(spec) - 4, *range(len(spec) - 4 - has_activity - len(parts), len(spec) - 4 - has_activity)]
    out = List(
        writer, words("Grades"), spec, frozen, table="Grades", finish=lambda filled: _mark(filled, live, numbers)
    )

    signed = writer.format(num_format=figures.number_format(1, signed=True).replace("0.0", "0.0##"), align="center")
    even = [_even(r.parts[i].value for r in results) for i in range(len(parts))]
    even_exact = _even(r.exact for r in results)
    even_activity = _even(r.adjust for r in results)
    for number, result in enumerate(results, 1):
        student = result.student
        cells: list[Entry] = [writer.count(number)] if live else []
        cells += [student.student]
        cells += [student.surname] if has_surname else []
        cells += [student.first_name] if has_first_name else []
        cells += [student.group] if has_group else []
        start = len(cells)
        for part, places in zip(result.parts, even, strict=True):
            mark = sign(live.formulas.texts, part) if live else None
            cells.append(mark if isinstance(mark, str) else value(writer, part, places))
        if has_activity:
            cells.append(writer.figure(result.adjust, even_activity, signed=True) if result.adjust else None)
        cells.append(exact_cell(writer, result, even_exact))
        cells.append("–" if result.grade is None else writer.grade(result.grade))
        cells.append(words.say(STATUS[result.status]))
        cells.append(remark(book, result, words))
        if live:
            found = _looked_up(live, words, out.next_row, has_activity and weighs, weighs)
            for column, formula in enumerate(found, start):
                shown = cells[column]
                if formula is not None and not isinstance(shown, Computed):
                    cells[column] = Computed(formula, shown, signed if column == start + len(parts) else None)
        out.add(cells)
    out.end()


def _looked_up(live: Live, words: Words, row: int, activity: bool, weighs: bool) -> list[str | None]:
    """The formulas of the cells from the first part to the remark."""
    at = f"$A{row}"

    def of(what: str, part: str = "") -> str:
        return live.look_up(Key(what, part), at)

    decided = f"ISNUMBER({of('number')})"
    found: list[str | None] = [of("value", part.id) for part in live.policy.parts]
    if live.policy.activity is not None:
        adjust = of("adjust") if activity else None
        found.append(f'IF({adjust}=0,"",{adjust})' if adjust else None)
    found.append(f'IF({decided},{of("exact")},"")' if weighs else None)
    by_kurssi = of("kurssi_remark")
    here = quoted(words("changed in this workbook; kurssi gave"))
    changed = f'{here}&" "&{of("kurssi_grade")}&". "&{of("reasons")}'
    remark = f'IF({of("changed")}<>"",{changed},IF({by_kurssi}="","",{by_kurssi}))'
    return [*found, of("grade"), of("status"), remark]


def _mark(filled: List, live: Live | None, numbers: Sequence[int]) -> None:
    """Failed and incomplete students stand out, by colour and by type; the status says it in words."""
    status = len(filled.columns) - 2
    by_student(filled)
    mark_status(filled.writer, filled.sheet, 1, filled.row, status - 1, status)
    if live is not None:
        mark_endless(filled.writer, filled.sheet, 1, filled.row, numbers)


def _even(values: Iterable[Fraction | None]) -> int:
    """The decimals that a column shows at least."""
    most = 0
    for value in values:
        if value is not None and value.denominator != 1:
            places = figures.ends(value)
            most = max(most, min(places, EVEN) if places is not None else EVEN)
            if most == EVEN:
                break
    return most


def value(writer: Writer, result: PartResult, places: int = 0) -> Cell:
    """A part's value, or the sign for why it has none; ? where something of it is open."""
    part = result.part
    if result.state in MARKS:
        return MARKS[result.state]
    if part.graded == "pass-fail" or result.value is None:
        return "H" if result.state == "failed" else "HYV"
    exact = result.value
    if part.minimum_raw:
        return writer.figure(exact, places, after="?" if result.open else "")
    minimum = part.minimum
    return writer.figure(
        exact,
        places,
        lambda shown: (shown >= minimum) == (exact >= minimum),
        after="?" if result.open else "",
        kind=str(minimum),
    )


def exact_cell(writer: Writer, result: Result, places: int) -> Cell:
    """The value before rounding, never shown as what would be rounded otherwise."""
    if result.exact is None:
        return None
    exact = result.exact
    return writer.figure(exact, places, lambda shown: _same(writer.book.policy, shown, exact), kind="exact")


def _same(policy: Policy, shown: Fraction, exact: Fraction) -> bool:
    return rounded(policy, shown) == rounded(policy, exact)
